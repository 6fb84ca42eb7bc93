//! `yata agents audit --fix`: the exact edits, shown, asked for, written in one step, and judged again.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use yata_agents::{Agent, AgentFinding, Edit, Model, apply, audit_model, model};
use yata_collect::Sight;
use yata_model::Message;

use super::diff::unified;
use super::seen::Seen;
use crate::Terminal;
use crate::view::style::Style;
use crate::view::text::printable;

/// The most edits of one run.
const EDITS_MAX: usize = 2_000;

/// Mends what can be mended and looks again.
pub(super) fn run(seen: Seen, agents: &[Agent], yes: bool, terminal: &Terminal) -> anyhow::Result<Seen> {
    let render = |message: &Message| yata_words::render(terminal.lang, message);
    let old: Vec<Vec<u8>> = seen.sight.machine.files.iter().map(|file| file.bytes.clone()).collect();
    let mended = mend(&seen.sight, agents);
    let asks = !yes && std::io::stdin().is_terminal();
    let mut sight = seen.sight.clone();
    let mut err = std::io::stderr().lock();
    for ((number, old), new) in old.iter().enumerate().zip(mended).filter(|((_, old), new)| *old != new) {
        let Some(file) = seen.sight.machine.files.get(number) else { continue };
        let (shown, path) = (seen.shown(file), seen.sight.on_disk(file));
        let diff = unified(&shown, &String::from_utf8_lossy(old), &String::from_utf8_lossy(&new));
        coloured(&mut err, &diff, terminal)?;
        let write = yes || (asks && asked(&mut err, &shown, terminal)?);
        if !write {
            continue;
        }
        match replace(&path, old, &new) {
            Ok(()) => {
                writeln!(err, "{}", render(&Message::new("agents-fixed").with("file", printable(&shown))))?;
                if let Some(file) = sight.machine.files.get_mut(number) {
                    file.bytes = new;
                }
            }
            Err(error) => {
                let message =
                    Message::new("agents-not-fixed").with("file", printable(&shown)).with("why", format!("{error:#}"));
                writeln!(err, "{}", render(&message))?;
            }
        }
    }
    if !yes && !asks {
        writeln!(err, "{}", render(&Message::new("agents-fix-only-shown")))?;
    }
    let problems =
        seen.problems.into_iter().filter(|problem| !problem.message.id.starts_with("agents-problem-")).collect();
    let mut again = Seen::new(sight, problems, seen.base, None);
    super::audit::narrow(&mut again, agents);
    Ok(again)
}

fn coloured(out: &mut impl Write, diff: &str, terminal: &Terminal) -> std::io::Result<()> {
    let style = Style { color: terminal.color };
    for line in diff.lines() {
        // A tab is the file's own; everything else that could drive a terminal is made visible.
        let text = line.split('\t').map(printable).collect::<Vec<_>>().join("\t");
        match line.chars().next() {
            Some('-') => writeln!(out, "{}", style.warn(&text))?,
            Some('+') => writeln!(out, "{}", style.bold(&text))?,
            _ => writeln!(out, "{text}")?,
        }
    }
    Ok(())
}

fn asked(out: &mut impl Write, shown: &str, terminal: &Terminal) -> anyhow::Result<bool> {
    let message = Message::new("agents-fix-ask").with("file", printable(shown));
    write!(out, "{} ", yata_words::render(terminal.lang, &message))?;
    out.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).context("cannot read the answer")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "ｙ" | "はい"))
}

/// The files after all edits that do no harm. Edits of one file are made one after the other, each on what the one
/// before left, so that two of them never meet; one that leaves the file unreadable, or its finding where it is, is
/// taken back.
fn mend(sight: &Sight, agents: &[Agent]) -> Vec<Vec<u8>> {
    let mut machine = sight.machine.clone();
    let mut known = model(&machine);
    let mut findings = audit_model(&machine, &known);
    let mut refused: HashSet<Key> = HashSet::new();
    for _ in 0..EDITS_MAX {
        // One finding for each file at a time.
        let mut next: BTreeMap<usize, (Key, Vec<Edit>)> = BTreeMap::new();
        for finding in &findings {
            let Some(file) = finding.edits.first().map(|edit| edit.span.file) else { continue };
            let wanted = agents.is_empty() || finding.agent.is_some_and(|agent| agents.contains(&agent));
            let key = key(finding);
            if wanted && !refused.contains(&key) {
                next.entry(file).or_insert_with(|| (key, finding.edits.clone()));
            }
        }
        if next.is_empty() {
            break;
        }
        let before: Vec<Vec<u8>> =
            next.keys().filter_map(|at| machine.files.get(*at)).map(|file| file.bytes.clone()).collect();
        for (at, (_, edits)) in &next {
            if let Some(file) = machine.files.get_mut(*at) {
                file.bytes = apply(&file.bytes, edits);
            }
        }
        let now = model(&machine);
        let after = audit_model(&machine, &now);
        let (had, left) = (counts(&findings), counts(&after));
        let mut undone = false;
        for ((at, (key, _)), old) in next.iter().zip(before) {
            let is_same = machine.files.get(*at).is_some_and(|file| file.bytes == old);
            let stays = left.get(key) >= had.get(key);
            if stays || faults(&now, *at) > faults(&known, *at) || is_same {
                refused.insert(key.clone());
                undone = true;
                if let Some(file) = machine.files.get_mut(*at) {
                    file.bytes = old;
                }
            }
        }
        known = if undone { model(&machine) } else { now };
        findings = if undone { audit_model(&machine, &known) } else { after };
    }
    machine.files.into_iter().map(|file| file.bytes).collect()
}

/// What recognises a finding while its file changes: the check, the file, what stands there, and which of the same.
type Key = (&'static str, String, String, String);

fn key(finding: &AgentFinding) -> Key {
    (finding.check.id, finding.project.clone(), finding.path.clone(), finding.evidence.clone())
}

fn counts(findings: &[AgentFinding]) -> HashMap<Key, usize> {
    let mut counts = HashMap::new();
    for finding in findings {
        *counts.entry(key(finding)).or_default() += 1;
    }
    counts
}

/// How many faults a file has.
fn faults(model: &Model, file: usize) -> usize {
    let of_file = |at: usize| model.known.documents.get(at).is_some_and(|document| document.file == file);
    model.known.problems.iter().filter(|(at, _)| of_file(*at)).count()
}

/// Puts a new content in the place of the one that was judged, in one step. A link stays one: what it leads to changes.
fn replace(path: &Path, old: &[u8], new: &[u8]) -> anyhow::Result<()> {
    let path = path.canonicalize().context("cannot resolve the file")?;
    if std::fs::read(&path).context("cannot read the file again")? != old {
        bail!("the file has changed meanwhile");
    }
    let part = beside(&path);
    let written =
        write(&part, &path, new).and_then(|()| std::fs::rename(&part, &path).context("cannot replace the file"));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

/// Writes a new file with the permissions of another.
fn write(part: &Path, like: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let permissions = std::fs::metadata(like).context("cannot read the permissions")?.permissions();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(part).context("cannot write beside the file")?;
    file.set_permissions(permissions).context("cannot set the permissions")?;
    file.write_all(bytes).and_then(|()| file.sync_all()).context("cannot write the new content")
}
