//! Turns the folders of `rules/` into one table, so that no text of a rule is parsed when Yata runs.
//!
//! This is also the gate: a rule without its documentation in both languages, or without firing and silent cases, or
//! with a key that is not known, does not build.
#![expect(clippy::disallowed_methods, reason = "a build script reads the rules from disk")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

mod build_dictionary;

/// `rule.toml`; `docs/lens.md` describes each key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(default)]
    literals: Vec<String>,
    /// The characters of which one follows a literal of three bytes, where the pattern does not show them.
    next: Option<String>,
    /// The class of the characters before the literal with which the pattern begins (`0-9`), at most `back_bytes`.
    lead: Option<String>,
    trigger: Option<String>,
    /// Whether the rule sees each line as it came, not folded.
    #[serde(default)]
    raw: bool,
    #[serde(default)]
    ignore_case: bool,
    pattern: Option<String>,
    recognise: Option<String>,
    #[serde(default)]
    back_bytes: usize,
    ahead_bytes: usize,
    #[serde(default = "word")]
    boundary: String,
    entropy_min: Option<f32>,
    checksum: Option<String>,
    #[serde(default)]
    near: Vec<String>,
    near_bytes: Option<usize>,
    severity: String,
    service: Option<String>,
    environment: Option<String>,
}

fn word() -> String {
    "word".to_owned()
}

/// The words that a key may hold.
const TRIGGERS: [&str; 6] = ["digits", "at", "kanji", "katakana", "sentence", "line"];
const BOUNDARIES: [&str; 3] = ["word", "token", "none"];
const SEVERITIES: [&str; 4] = ["critical", "high", "medium", "low"];
const ENVIRONMENTS: [&str; 2] = ["live", "test"];
const CLASSES: [&str; 4] = ["secret", "personal", "marking", "injection"];
/// The farthest that a rule may look, in bytes: what a stream holds back at most.
const WINDOW_MAX_BYTES: usize = 16_384;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("rules");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut table = String::from("&[\n");
    for class in CLASSES {
        let folder = root.join(class);
        if !folder.is_dir() {
            continue;
        }
        for rule in sorted(&folder)? {
            println!("cargo::rerun-if-changed={}", rule.display());
            let entry = entry(class, &rule).map_err(|error| format!("{}: {error}", rule.display()))?;
            table.push_str(&entry);
        }
    }
    table.push_str("]\n");
    let out_dir = PathBuf::from(std::env::var("OUT_DIR")?);
    build_dictionary::write(&root.with_file_name("data"), &out_dir)?;
    println!("cargo::rustc-env=YATA_LENS_DIGEST={:016x}", fnv(table.as_bytes()));
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("rules.rs");
    std::fs::write(out, table)?;
    Ok(())
}

/// What may follow a literal of three bytes: as the key says, or the class that stands there in the pattern; nothing
/// where neither tells, which means anything.
fn next(rule: &Rule) -> String {
    if let Some(next) = &rule.next {
        return next.clone();
    }
    let Some(literal) = rule.literals.iter().find(|literal| literal.len() == 3) else { return String::new() };
    let escaped = literal.replace('.', "\\.").replace('$', "\\$");
    let class = rule.pattern.as_deref().and_then(|pattern| pattern.strip_prefix(&escaped)?.strip_prefix('['));
    let class = class.and_then(|class| class.split(']').next()).filter(|class| !class.starts_with('^'));
    class.map(expand_class).unwrap_or_default()
}

/// The characters of a simple class: `0-9A-Fa-f_\-`.
fn expand_class(class: &str) -> String {
    let chars: Vec<char> = class.replace("\\-", "\u{1}").chars().filter(|char| *char != '\\').collect();
    let mut out = String::new();
    let mut at = 0;
    while let Some(first) = chars.get(at) {
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(last)) => {
                out.extend(*first..=*last);
                at += 3;
            }
            _ => {
                out.push(if *first == '\u{1}' { '-' } else { *first });
                at += 1;
            }
        }
    }
    out
}

/// FNV-1a, 64 bits: names the state of the rules.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.is_dir());
    paths.sort();
    Ok(paths)
}

fn entry(class: &str, folder: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let id = folder.file_name().and_then(|name| name.to_str()).ok_or("the folder's name is not UTF-8")?;
    for file in ["rule.toml", "en.md", "ja.md", "firing.txt", "silent.txt"] {
        let path = folder.join(file);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("`{file}`: {error}"))?;
        if text.trim().is_empty() {
            return Err(format!("`{file}` is empty").into());
        }
        if file.ends_with(".md") && !(text.starts_with("# ") && text.contains("\n## ")) {
            return Err(format!("`{file}` needs a `# title` and a `## what to do` section").into());
        }
    }
    let rule: Rule = toml::from_str(&std::fs::read_to_string(folder.join("rule.toml"))?)?;
    check(&rule)?;
    let mut out = String::new();
    write!(out, "Rule {{ id: {id:?}, class: Class::{}, ", camel(class))?;
    write!(out, "literals: &{:?}, ignore_case: {}, ", rule.literals, rule.ignore_case)?;
    write!(out, "raw: {}, ", rule.raw)?;
    write!(out, "next: {:?}, lead: {:?}, ", next(&rule), expand_class(rule.lead.as_deref().unwrap_or_default()))?;
    match &rule.trigger {
        Some(trigger) => write!(out, "trigger: Some(Trigger::{}), ", camel(trigger))?,
        None => write!(out, "trigger: None, ")?,
    }
    match (&rule.pattern, &rule.recognise) {
        (Some(pattern), _) => write!(out, "how: How::Pattern({pattern:?}), ")?,
        (_, Some(name)) => {
            write!(out, "how: How::Recognise({name:?}, crate::recognisers::{}), ", name.replace('-', "_"))?
        }
        _ => return Err("one of `pattern` and `recognise` is needed".into()),
    }
    write!(out, "back_bytes: {}, ahead_bytes: {}, ", rule.back_bytes, rule.ahead_bytes)?;
    write!(out, "boundary: Boundary::{}, entropy_min: {:?}, ", camel(&rule.boundary), rule.entropy_min)?;
    match &rule.checksum {
        Some(name) => write!(out, "checksum: Some(crate::checksum::{}), ", name.replace('-', "_"))?,
        None => write!(out, "checksum: None, ")?,
    }
    write!(out, "near: &{:?}, near_bytes: {}, ", rule.near, rule.near_bytes.unwrap_or(64))?;
    write!(out, "severity: Severity::{}, service: {:?}, ", camel(&rule.severity), rule.service)?;
    match &rule.environment {
        Some(environment) => write!(out, "environment: Some(Environment::{}), ", camel(environment))?,
        None => write!(out, "environment: None, ")?,
    }
    for (field, file) in [("en", "en.md"), ("ja", "ja.md")] {
        write!(out, "{field}: include_str!({:?}), ", folder.join(file))?;
    }
    out.push_str("cases: cases!(");
    write!(out, "{:?}, {:?}", folder.join("firing.txt"), folder.join("silent.txt"))?;
    out.push_str(") },\n");
    Ok(out)
}

fn check(rule: &Rule) -> Result<(), String> {
    if rule.literals.is_empty() == rule.trigger.is_none() {
        return Err("one of `literals` and `trigger` is needed, and not both".to_owned());
    }
    if rule.pattern.is_some() == rule.recognise.is_some() {
        return Err("one of `pattern` and `recognise` is needed, and not both".to_owned());
    }
    if let Some(short) = rule.literals.iter().find(|literal| literal.len() < 3) {
        return Err(format!("the literal `{short}` is shorter than 3 bytes: it would stop the scan everywhere"));
    }
    if rule.ignore_case && rule.literals.iter().any(|literal| literal.bytes().any(|byte| byte.is_ascii_uppercase())) {
        return Err("literals of a rule with `ignore_case` are written in lower case".to_owned());
    }
    if rule.raw && (rule.trigger.as_deref() != Some("line") || rule.recognise.is_none()) {
        return Err("`raw` needs the trigger `line` and `recognise`".to_owned());
    }
    if rule.lead.is_some() && (rule.back_bytes == 0 || rule.pattern.is_none() || rule.literals.is_empty()) {
        return Err("`lead` needs `literals`, a `pattern` and `back_bytes`".to_owned());
    }
    if rule.ahead_bytes == 0 || rule.ahead_bytes > WINDOW_MAX_BYTES || rule.back_bytes > WINDOW_MAX_BYTES {
        return Err(format!("`ahead_bytes` and `back_bytes` are at most {WINDOW_MAX_BYTES}, the first at least 1"));
    }
    word_of("trigger", rule.trigger.as_deref(), &TRIGGERS)?;
    word_of("boundary", Some(&rule.boundary), &BOUNDARIES)?;
    word_of("severity", Some(&rule.severity), &SEVERITIES)?;
    word_of("environment", rule.environment.as_deref(), &ENVIRONMENTS)
}

fn word_of(key: &str, value: Option<&str>, words: &[&str]) -> Result<(), String> {
    match value {
        Some(value) if !words.contains(&value) => Err(format!("`{key}` is `{value}`; expected one of {words:?}")),
        _ => Ok(()),
    }
}

fn camel(word: &str) -> String {
    word.split('-')
        .map(|part| {
            let mut chars = part.chars();
            chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
        })
        .collect()
}
