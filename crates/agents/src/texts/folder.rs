//! An artefact as a whole: each of its files by what it is, links, and one list of findings.

use std::ops::Range;

use serde_json::Value;
use yata_model::Message;

use super::bytes;
use super::checks;
use super::finding::{Artefact, Confidence, File, Kind, Severity, Skipped, TextFinding};
use super::front::{self, Field};
use super::manifest;
use super::markdown;
use super::names;
use super::prose::{self, Found};
use super::redact;
use super::role;
use super::scripts::{self, Told};
use super::sentence::Sentence;
use super::words::{self, Concept};

/// The largest file that is looked into.
const FILE_MAX_BYTES: usize = 512 << 10;
/// The most bytes of one artefact that are looked into, all files together.
const ARTEFACT_MAX_BYTES: usize = 16 << 20;
/// The most files of one artefact.
const FILES_MAX: usize = 2_000;
/// The most findings of one file.
const FINDINGS_MAX: usize = 1_000;

/// What a file of an artefact is read as.
enum Read<'a> {
    Link(&'a str),
    Prose(&'a str),
    Script(&'a str, scripts::Language),
    Manifest(&'a str),
    Binary,
    Other,
}

/// Why a file is not looked into.
enum Unread {
    TooLarge,
    NotText,
    TooMany,
    TooLong,
    NotJson,
}

fn read<'a>(file: &File<'a>, kind: Kind) -> Result<Read<'a>, Unread> {
    if let Some(target) = file.link {
        return Ok(Read::Link(target));
    }
    let name = file.path.rsplit('/').next().unwrap_or(file.path).to_ascii_lowercase();
    if kind != Kind::Rules && bytes::is_program(&name, file.bytes) {
        return Ok(Read::Binary);
    }
    let text = std::str::from_utf8(file.bytes);
    if text.is_err() && bytes::is_media(file.bytes) {
        return Ok(Read::Other);
    }
    if file.bytes.len() > FILE_MAX_BYTES {
        return Err(Unread::TooLarge);
    }
    let Ok(text) = text else { return Err(Unread::NotText) };
    if kind == Kind::ToolManifest {
        return Ok(Read::Manifest(text));
    }
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    if let Some(language) = scripts::language(&name, text).filter(|_| kind != Kind::Rules) {
        return Ok(Read::Script(text, language));
    }
    let prose = kind == Kind::Rules
        || matches!(end, "md" | "mdx" | "mdc" | "txt" | "markdown" | "toml" | "prompt")
        || !name.contains('.');
    Ok(if prose { Read::Prose(text) } else { Read::Other })
}

/// Why a file was not looked into, or not wholly; none where it was. `total` counts the bytes of those before it and its
/// own.
fn unread(file: &File<'_>, kind: Kind, index: usize, total: usize) -> Option<Unread> {
    if index >= FILES_MAX || total > ARTEFACT_MAX_BYTES {
        return Some(Unread::TooMany);
    }
    match read(file, kind) {
        Err(Unread::NotText) if !is_text_name(file.path, kind) => None,
        Err(why) => Some(why),
        Ok(_) if cut_short(file, kind) => Some(Unread::TooLong),
        Ok(_) if kind == Kind::ToolManifest && broken(file.bytes) => Some(Unread::NotJson),
        Ok(_) => None,
    }
}

/// The files that were not looked into. What is a picture or a table of data is none of them.
pub fn skipped(artefact: &Artefact<'_>) -> Vec<Skipped> {
    all_unread(artefact)
        .into_iter()
        .map(|(file, unread)| {
            let why = match unread {
                Unread::TooLarge => Message::new("texts-skipped-large").with("limit", FILE_MAX_BYTES),
                Unread::NotText => Message::new("texts-skipped-encoding"),
                Unread::TooMany => Message::new("texts-skipped-many"),
                Unread::TooLong => Message::new("texts-skipped-long"),
                Unread::NotJson => Message::new("texts-skipped-json"),
            };
            Skipped { file: file.path.to_owned(), why }
        })
        .collect()
}

fn all_unread<'f, 'a>(artefact: &'f Artefact<'a>) -> Vec<(&'f File<'a>, Unread)> {
    let mut total = 0_usize;
    let files = artefact.files.iter().enumerate();
    files
        .filter_map(|(index, file)| {
            total = total.saturating_add(file.bytes.len());
            Some((file, unread(file, artefact.kind, index, total)?))
        })
        .collect()
}

/// A finding for each file that was not looked into; of those that are too many for the first. That a manifest is no JSON
/// is said of every file of settings.
fn not_looked_into(artefact: &Artefact<'_>, into: &mut Vec<TextFinding>) {
    let mut many = false;
    for (file, unread) in all_unread(artefact) {
        let what = match unread {
            Unread::TooLarge => format!("{} > {FILE_MAX_BYTES} bytes", file.bytes.len()),
            Unread::NotText => "not UTF-8".to_owned(),
            Unread::TooLong => format!("> {} sentences", role::SENTENCES_MAX),
            Unread::TooMany if !many => format!("> {FILES_MAX} files, > {ARTEFACT_MAX_BYTES} bytes"),
            Unread::TooMany | Unread::NotJson => continue,
        };
        many |= matches!(unread, Unread::TooMany);
        let found = Found::new("unread", 0..0, Severity::Low, Confidence::High).about(what);
        settle(artefact.kind, file.path, "", vec![found], into);
    }
}

/// Whether a text has more blocks or sentences than are looked at.
fn cut_short(file: &File<'_>, kind: Kind) -> bool {
    match read(file, kind) {
        Ok(Read::Prose(text)) if text.len() > role::SENTENCES_MAX => role::doc(text, markdown::read(text)).is_cut(),
        _ => false,
    }
}

fn broken(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Value>(bytes).is_err()
}

fn is_text_name(path: &str, kind: Kind) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    matches!(kind, Kind::Rules | Kind::ToolManifest)
        || scripts::language(&name, "").is_some()
        || name.ends_with(".md")
        || name.ends_with(".txt")
        || !name.contains('.')
}

/// What is wrong with an artefact, by file and place. The same input gives the same list.
pub fn look(artefact: &Artefact<'_>) -> Vec<TextFinding> {
    let mut total = 0_usize;
    let files: Vec<(&File<'_>, Read<'_>)> = artefact
        .files
        .iter()
        .take(FILES_MAX)
        .filter(|file| {
            total = total.saturating_add(file.bytes.len());
            total <= ARTEFACT_MAX_BYTES
        })
        .filter_map(|file| Some((file, read(file, artefact.kind).ok()?)))
        .collect();
    let main = files.iter().find_map(|(file, read)| match read {
        Read::Prose(text) if is_main(file.path, artefact) => Some(*text),
        _ => None,
    });
    let fields = main
        .and_then(|text| markdown::front(text).map(|(inside, _)| front::fields(text, &inside).0))
        .unwrap_or_default();
    let described =
        artefact.description.map(str::to_owned).or_else(|| Some(field(&fields, "description")?.value.clone()));
    let description = described.as_deref().map(Sentence::plain);
    let told = told(artefact, described.as_deref(), &files);
    let mut found = Vec::new();
    for (file, read) in &files {
        let (text, faults) = match read {
            Read::Link(target) => (*target, link(file.path, target, artefact.kind)),
            Read::Binary => ("", vec![Found::new("binary", 0..0, Severity::Medium, Confidence::High).about(file.path)]),
            Read::Script(text, language) => (*text, script(text, *language, &told)),
            Read::Manifest(text) => (*text, tools(text, artefact.name)),
            Read::Prose(text) => {
                let mut faults = prose::look(text, artefact.kind, description.as_ref());
                if is_main(file.path, artefact) {
                    head(artefact, text, &mut faults);
                }
                (*text, faults)
            }
            Read::Other => continue,
        };
        settle(artefact.kind, file.path, text, faults, &mut found);
    }
    not_looked_into(artefact, &mut found);
    found
}

/// Whether a file is the one that an artefact begins with.
fn is_main(path: &str, artefact: &Artefact<'_>) -> bool {
    match artefact.kind {
        Kind::Skill => path.eq_ignore_ascii_case("SKILL.md"),
        Kind::SubAgent | Kind::Command => true,
        Kind::Rules | Kind::ToolManifest => false,
    }
}

fn field<'a>(fields: &'a [Field], key: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.key.eq_ignore_ascii_case(key))
}

/// Description and texts of a skill, in lower case: what its scripts may do.
fn told(artefact: &Artefact<'_>, description: Option<&str>, files: &[(&File<'_>, Read<'_>)]) -> Told {
    let mut text = description.unwrap_or_default().to_lowercase();
    for (file, read) in files {
        if let Read::Prose(prose) = read {
            let main = is_main(file.path, artefact) || file.path.to_ascii_lowercase().ends_with(".md");
            if main {
                text.push('\n');
                text.push_str(&prose.to_lowercase());
            }
        }
    }
    Told { text }
}

fn script(text: &str, language: scripts::Language, told: &Told) -> Vec<Found> {
    let acts = scripts::acts(text, language, told);
    acts.into_iter().map(|act| Found::new(act.check, act.range, act.severity, act.confidence).about(act.what)).collect()
}

fn tools(text: &str, server: &str) -> Vec<Found> {
    let Ok(root) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let faults = manifest::faults(&root, text, server);
    faults
        .into_iter()
        .map(|fault| Found::new(fault.check, fault.range, fault.severity, fault.confidence).about(fault.tool))
        .collect()
}

/// A link whose target lies outside of the folder.
fn link(path: &str, target: &str, kind: Kind) -> Vec<Found> {
    if !leaves(path, target) {
        return Vec::new();
    }
    let severity = if kind == Kind::Rules { Severity::Medium } else { Severity::High };
    vec![Found::new("symlink-out", 0..target.len(), severity, Confidence::High).about(target)]
}

/// Whether `target`, seen from the link at `path`, lies outside of the folder that `path` is below.
fn leaves(path: &str, target: &str) -> bool {
    let target = target.replace('\\', "/");
    let absolute = target.starts_with(['/', '~']) || target.get(1..2) == Some(":");
    let mut depth = path.split('/').filter(|part| !part.is_empty()).count().saturating_sub(1);
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if depth == 0 => return true,
            ".." => depth -= 1,
            _ => depth += 1,
        }
    }
    absolute
}

/// What the front matter of the main file says and may.
fn head(artefact: &Artefact<'_>, text: &str, found: &mut Vec<Found>) {
    let first = 0..text.find('\n').unwrap_or(text.len());
    let Some((inside, _)) = markdown::front(text) else {
        if artefact.kind == Kind::Skill {
            found.push(Found::new("front-matter", first, Severity::Low, Confidence::High));
        }
        return;
    };
    let (fields, sound) = front::fields(text, &inside);
    let named = field(&fields, "name");
    let described = field(&fields, "description").filter(|field| !field.value.is_empty());
    let other_name = named.is_some_and(|name| !artefact.name.is_empty() && name.value != artefact.name);
    let tagged = text.get(inside).is_some_and(|front| front.contains(": !!") || front.contains("!!python"));
    if artefact.kind == Kind::Skill && (!sound || tagged || named.is_none() || described.is_none() || other_name) {
        let range = named.filter(|_| other_name).map_or(first, |name| name.range.clone());
        found.push(Found::new("front-matter", range, Severity::Low, Confidence::High));
    }
    for key in ["allowed-tools", "allowed_tools"] {
        let wide = field(&fields, key).filter(|field| front::tools(&field.value).into_iter().any(front::is_wide));
        if let Some(wide) = wide.filter(|_| matches!(artefact.kind, Kind::Skill | Kind::Command)) {
            found.push(Found::new("allowed-tools-wide", wide.range.clone(), Severity::High, Confidence::High));
        }
    }
    if let Some(hooks) = field(&fields, "hooks").filter(|_| matches!(artefact.kind, Kind::Skill | Kind::SubAgent)) {
        found.push(Found::new("hooks-inside", hooks.range.clone(), Severity::Medium, Confidence::High));
    }
    if let Some(field) = described {
        let plain = Sentence::plain(&field.value);
        if words::has(Concept::Every, &plain.open) {
            found.push(Found::new("grabs-every-task", field.range.clone(), Severity::Low, Confidence::Medium));
        }
        // What a description says that the artefact does is no order; that it hides or displaces something is.
        let ordered =
            ["overrides", "conceals", "skips-approval", "exfiltrates", "remote-instructions", "hidden-comment"];
        let inner = prose::look(&field.value, artefact.kind, None).into_iter();
        let inner = inner.filter(|inner| inner.severity >= Severity::High && ordered.contains(&inner.check));
        found.extend(inner.map(|inner| Found { range: field.range.clone(), ..inner }));
    }
    if let Some(name) = named.filter(|_| artefact.kind == Kind::Skill) {
        let known: Vec<&str> = names::known_skills().collect();
        if let Some(alike) = names::look_alike(&[name.value.as_str()], &known).first() {
            found.push(
                Found::new("lookalike-name", name.range.clone(), Severity::Medium, Confidence::Medium)
                    .about(alike.like.as_str()),
            );
        }
    }
}

/// The beginnings of the lines of a text.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// Where a byte of a text stands: line and column, from 1.
fn place(text: &str, starts: &[usize], at: usize) -> (u32, u32) {
    let line = starts.partition_point(|start| *start <= at).max(1);
    let start = starts.get(line - 1).copied().unwrap_or_default();
    let column = text.get(start..at).unwrap_or_default().chars().count();
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column + 1).unwrap_or(u32::MAX))
}

/// Of checks that speak of one place the worst stays, the others are named in it. What is hidden goes before what it says.
fn settle(kind: Kind, path: &str, text: &str, mut faults: Vec<Found>, into: &mut Vec<TextFinding>) {
    let rank = |found: &Found| {
        (
            found.range.start,
            std::cmp::Reverse((found.check == "hidden-comment", found.severity, found.confidence)),
            found.check,
        )
    };
    faults.sort_by(|a, b| rank(a).cmp(&rank(b)));
    let mut kept: Vec<Found> = Vec::new();
    for fault in faults {
        let overlaps = |other: &&mut Found| {
            other.range.start < fault.range.end && fault.range.start < other.range.end || other.range == fault.range
        };
        let together = |other: &&mut Found| {
            whole(other.check) == whole(fault.check) && other.what == fault.what
                || other.check == fault.check && other.range == fault.range
        };
        match kept.iter_mut().rev().take(8).find(|other| overlaps(other) && together(other)) {
            Some(other) => {
                let extra: Vec<&'static str> = std::iter::once(fault.check)
                    .chain(fault.also.iter().copied())
                    .filter(|check| *check != other.check && !other.also.contains(check))
                    .collect();
                other.also.extend(extra);
                other.severity = other.severity.max(fault.severity);
            }
            None => kept.push(fault),
        }
    }
    let starts = line_starts(text);
    for fault in kept.into_iter().take(FINDINGS_MAX) {
        let Some(check) = checks::id(fault.check, kind) else { continue };
        let (line, column) = place(text, &starts, fault.range.start);
        let evidence = evidence(&fault, path, text);
        into.push(TextFinding {
            check,
            also: fault.also.iter().filter_map(|check| checks::id(check, kind)).filter(|also| *also != check).collect(),
            file: path.to_owned(),
            line,
            column,
            range: fault.range.clone(),
            evidence,
            severity: fault.severity,
            confidence: fault.confidence,
            why: checks::why(fault.check, &fault.what),
        });
    }
}

/// Checks of a place of its own kind are not merged with those on what a sentence orders.
fn whole(check: &str) -> &str {
    match check {
        "front-matter"
        | "too-long"
        | "hidden-unicode"
        | "bidi"
        | "long-blank"
        | "lookalike-name"
        | "grabs-every-task"
        | "allowed-tools-wide"
        | "hooks-inside"
        | "binary"
        | "unread"
        | "symlink-out"
        | "undeclared-network"
        | "undeclared-process"
        | "tool-hidden"
        | "tool-instructs"
        | "tool-cross-reference"
        | "tool-secret-parameter"
        | "tool-name-collision"
        | "tool-annotation" => check,
        _ => "order",
    }
}

fn evidence(fault: &Found, path: &str, text: &str) -> String {
    let range: Range<usize> = fault.range.clone();
    match fault.check {
        "binary" => path.to_owned(),
        "unread" => fault.what.clone(),
        "literal-secret" => text.get(range).map(yata_lens::mask).unwrap_or_default(),
        _ => redact::evidence(text, &range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_leave() {
        let check =
            |path: &str, target: &str, expected: bool| assert_eq!(leaves(path, target), expected, "{path} -> {target}");
        check("notes", "./reference", false);
        check("notes", "../other", true);
        check("a/b", "../c", false);
        check("a/b", "../../c", true);
        check("a", "/etc/hostname", true);
        check("a", "~/x", true);
        check("a", "C:\\x", true);
        check("CLAUDE.md", "AGENTS.md", false);
    }
}
