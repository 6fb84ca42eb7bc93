//! `yata agents pin` writes down what was approved, `yata agents diff` says what has changed since.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Serialize;
use yata_agents::pins::{Pin, PinChange, PinChangeKind, lock, lock_text, pin_changes, pins, sha256};
use yata_model::{Message, Problem};

use super::audit::problems;
use super::seen::{self, Seen};
use crate::cli::{DiffArgs, ListFormatArg, PinArgs};
use crate::view::text::printable;
use crate::{EXIT_CLEAR, EXIT_FOUND, EXIT_UNKNOWN, Terminal, bounded, output};

/// The largest program of a hook that is hashed, in bytes.
const PROGRAM_MAX_BYTES: u64 = 256 << 20;
/// The largest lock that is read, in bytes.
const LOCK_MAX_BYTES: u64 = 64 << 20;

#[derive(Serialize)]
struct ChangeWire<'a> {
    change: &'static str,
    kind: &'a str,
    path: &'a str,
    name: &'a str,
    project: Option<&'a str>,
    owner: Option<&'a str>,
    sha256: &'a str,
    files: Vec<FileWire<'a>>,
}

#[derive(Serialize)]
struct FileWire<'a> {
    change: &'static str,
    path: &'a str,
}

pub(super) fn pin(args: &PinArgs, terminal: &Terminal) -> anyhow::Result<u8> {
    if let Some(date) = &args.review {
        let day: jiff::civil::Date = date.parse().with_context(|| format!("`{date}` is no date such as 2027-01-31"))?;
        if day.to_string() != *date {
            bail!("`{date}` is no date such as 2027-01-31");
        }
    }
    let seen = seen::look(&args.look, None, terminal)?;
    let file = lock_file(args.lock.as_deref(), &seen)?;
    let approved = read(&file)?.unwrap_or_default();
    let mut now = here(&seen, &file);
    let changes = pin_changes(&approved, &now);
    for pin in &mut now {
        let same = |old: &&Pin| {
            (&old.kind, &old.path, &old.name, &old.project) == (&pin.kind, &pin.path, &pin.name, &pin.project)
        };
        let old = approved.iter().find(same);
        // What is approved now is looked at now; what stays as it was keeps its date, unless one is given.
        pin.owner = args.owner.clone().or_else(|| old.and_then(|old| old.owner.clone()));
        pin.review = args.review.clone().or_else(|| old.and_then(|old| old.review.clone()));
    }
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    }
    output::write(&lock_text(&now), Some(&file))?;
    let mut text = told(&changes, terminal);
    problems(&mut text, &seen.problems, terminal);
    let total = Message::new("managed-pinned").with("count", now.len()).with("file", file.display().to_string());
    text.push_str(&format!("{}\n", yata_words::render(terminal.lang, &total)));
    output::write(&text, None)?;
    Ok(if seen.problems.iter().any(Problem::is_gap) { EXIT_UNKNOWN } else { EXIT_CLEAR })
}

pub(super) fn diff(args: &DiffArgs, terminal: &Terminal) -> anyhow::Result<u8> {
    let seen = seen::look(&args.look, None, terminal)?;
    let file = lock_file(args.lock.as_deref(), &seen)?;
    let Some(approved) = read(&file)? else {
        bail!("there is no `{}`: approve what is there with `yata agents pin`", file.display());
    };
    let changes = pin_changes(&approved, &here(&seen, &file));
    let text = match args.format {
        ListFormatArg::Json => json(&changes)?,
        ListFormatArg::Human => {
            let mut text = told(&changes, terminal);
            problems(&mut text, &seen.problems, terminal);
            let total = Message::new("managed-diff-total").with("count", changes.len()).with("pins", approved.len());
            text.push_str(&format!("{}\n", yata_words::render(terminal.lang, &total)));
            text
        }
    };
    output::write(&text, None)?;
    Ok(match (seen.problems.iter().any(Problem::is_gap), changes.is_empty()) {
        (true, _) => EXIT_UNKNOWN,
        (false, true) => EXIT_CLEAR,
        (false, false) => EXIT_FOUND,
    })
}

/// The lock: the one named, else the one of the tree, else the person's own.
fn lock_file(named: Option<&Path>, seen: &Seen) -> anyhow::Result<PathBuf> {
    if let Some(file) = named {
        return Ok(file.to_owned());
    }
    match (&seen.base, seen::home()) {
        (Some(base), _) => Ok(base.join("agents.lock")),
        (None, Some(home)) => Ok(home.join(".config/yata/agents.lock")),
        (None, None) => bail!("there is no place for the lock: name one with --lock"),
    }
}

/// None where there is no such file: a lock that cannot be read is an error, never an empty one.
fn read(file: &Path) -> anyhow::Result<Option<Vec<Pin>>> {
    let text = match bounded::text(file, LOCK_MAX_BYTES) {
        Ok(text) => text,
        Err(refused) if refused.is_missing() => return Ok(None),
        Err(refused) => return Err(refused.into()),
    };
    match lock(&text) {
        Ok(pins) => Ok(Some(pins)),
        Err(wrong) => {
            let line = wrong.first().map_or(0, |one| one.line);
            bail!("`{}` is no lock: line {line} is not what `yata agents pin` writes", file.display())
        }
    }
}

/// What is there now. The lock of a tree speaks of the tree alone.
fn here(seen: &Seen, file: &Path) -> Vec<Pin> {
    let hash = |path: &str| {
        let on_disk = seen.sight.root.join(path.trim_start_matches('/'));
        bounded::bytes(&on_disk, PROGRAM_MAX_BYTES).ok().filter(|bytes| !bytes.is_empty()).map(|bytes| sha256(&bytes))
    };
    let mut all = pins(&seen.sight.machine, &seen.model, &hash);
    let Some(base) = &seen.base else { return all };
    let of_tree = file.parent().and_then(|folder| folder.canonicalize().ok()).is_some_and(|folder| folder == *base);
    if of_tree {
        all.retain(|pin| !pin.path.starts_with(['~', '/']) && !pin.path.contains(":/"));
    }
    for pin in &mut all {
        if let Ok(inside) = Path::new(&pin.project).strip_prefix(base) {
            pin.project = yata_collect::relative_name(inside);
        }
    }
    all
}

fn json(changes: &[PinChange]) -> anyhow::Result<String> {
    let wire: Vec<ChangeWire<'_>> = changes
        .iter()
        .map(|one| ChangeWire {
            change: one.kind.name(),
            kind: &one.pin.kind,
            path: &one.pin.path,
            name: &one.pin.name,
            project: (!one.pin.project.is_empty()).then_some(&*one.pin.project),
            owner: one.pin.owner.as_deref(),
            sha256: &one.pin.sha256,
            files: one.files.iter().map(|(kind, path)| FileWire { change: kind.name(), path }).collect(),
        })
        .collect();
    Ok(serde_json::to_string_pretty(&wire)? + "\n")
}

fn told(changes: &[PinChange], terminal: &Terminal) -> String {
    let word = |kind: PinChangeKind| {
        let id = match kind {
            PinChangeKind::Added => "managed-change-added",
            PinChangeKind::Changed => "managed-change-changed",
            PinChangeKind::Removed => "managed-change-removed",
        };
        yata_words::text(terminal.lang, id)
    };
    let mut out = String::new();
    for one in changes {
        let project = if one.pin.project.is_empty() { String::new() } else { format!("{}/", one.pin.project) };
        let what = format!("{}  {}  {}  {project}{}", word(one.kind), one.pin.kind, one.pin.name, one.pin.path);
        out.push_str(&format!("{}\n", printable(what)));
        for (kind, path) in &one.files {
            out.push_str(&format!("    {}\n", printable(format!("{}  {path}", word(*kind)))));
        }
    }
    out
}
