//! Turns the files of `checks/` into one table, so that no text of a check is read when Yata runs.
//!
//! This is also the gate: a check without its texts in both languages, without a case that fires and one that stays
//! silent, without a source, with an unknown key or with a condition that means nothing does not build.
#![expect(clippy::disallowed_methods, reason = "a build script reads the checks from disk")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The parser of conditions and their types, from the crate itself.
#[path = "src/lang"]
mod lang {
    pub(crate) mod check_types;
    pub(crate) mod parse;
    pub(crate) mod signature;
}

use lang::parse;

type Failure = Box<dyn std::error::Error>;

/// A check's file; `checks/README.md` describes each key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    agent: Vec<String>,
    subject: String,
    #[serde(default)]
    scope: Vec<String>,
    #[serde(default)]
    unit: Vec<String>,
    #[serde(default)]
    role: Vec<String>,
    severity: String,
    confidence: String,
    when: Option<String>,
    #[serde(default)]
    each: Vec<String>,
    #[serde(default)]
    at: Vec<String>,
    code: Option<String>,
    source: String,
    verified: String,
    #[serde(default)]
    owasp_llm: Vec<String>,
    #[serde(default)]
    owasp_agentic: Vec<String>,
    #[serde(default)]
    owasp_mcp: Vec<String>,
    #[serde(default)]
    atlas: Vec<String>,
    #[serde(default)]
    controls: Vec<String>,
    #[serde(default)]
    fix: Vec<Fix>,
    en: Texts,
    ja: Texts,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fix {
    set: Option<String>,
    add: Option<String>,
    remove: Option<String>,
    replace: Option<String>,
    swap: Option<String>,
    value: Option<toml::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    title: String,
    why: String,
    fix: String,
}

/// Only its presence matters here; the tests read the rest.
#[derive(Deserialize)]
struct Case {
    fires: bool,
}

const AGENTS: [&str; 17] = [
    "any",
    "claude-code",
    "codex",
    "cursor",
    "copilot",
    "copilot-vscode",
    "gemini-cli",
    "antigravity",
    "windsurf",
    "devin",
    "cline",
    "roo-code",
    "zed",
    "continue",
    "opencode",
    "amazon-q",
    "kiro",
];
/// The kinds of subject whose findings come from elsewhere: `texts`, the comparison with what was issued, the register of
/// systems that an AI made.
const TOLD: [&str; 3] = ["text", "issued", "app"];
const SCOPES: [&str; 6] = ["system", "user", "plugin", "project", "local", "managed"];

fn main() -> Result<(), Failure> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("checks");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut entries = Vec::new();
    for folder in sorted(&root)?.into_iter().filter(|path| path.is_dir()) {
        println!("cargo::rerun-if-changed={}", folder.display());
        for path in sorted(&folder)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "toml")) {
            let id = id(&folder, &path).ok_or("a name that is not UTF-8")?;
            let text = std::fs::read_to_string(&path)?;
            let entry = entry(&id, &text).map_err(|error| format!("{}: {error}", path.display()))?;
            entries.push((id, entry));
        }
    }
    entries.sort();
    let table: String = entries.into_iter().map(|(_, entry)| entry).collect();
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("checks.rs"), format!("&[\n{table}]\n"))?;
    Ok(())
}

fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}

fn id(folder: &Path, path: &Path) -> Option<String> {
    Some(format!("agents.{}.{}", folder.file_name()?.to_str()?, path.file_stem()?.to_str()?))
}

fn among(what: &str, values: &[String], known: &[&str]) -> Result<(), Failure> {
    match values.iter().find(|value| !known.contains(&value.as_str())) {
        Some(value) => Err(format!("{what} `{value}` is none of {known:?}").into()),
        None => Ok(()),
    }
}

fn entry(id: &str, text: &str) -> Result<String, Failure> {
    let check: Check = toml::from_str(text)?;
    gate(&check)?;
    let severity = camel(&check.severity);
    let confidence = camel(&check.confidence);
    let agents: &[String] = if check.agent.iter().any(|agent| agent == "any") { &[] } else { &check.agent };
    let mut out = String::new();
    write!(out, "Check {{ id: {id:?}, agents: &{agents:?}, subject: {:?}, ", check.subject)?;
    write!(out, "scopes: &{:?}, units: &{:?}, roles: &{:?}, ", check.scope, check.unit, check.role)?;
    write!(out, "severity: Severity::{severity}, confidence: Confidence::{confidence}, ")?;
    write!(
        out,
        "when: {:?}, each: &{:?}, at: &{:?}, ",
        check.when.as_deref().unwrap_or_default(),
        check.each,
        check.at
    )?;
    match &check.code {
        Some(name) => write!(out, "code: Some(crate::code::{name}), ")?,
        None => out.push_str("code: None, "),
    }
    out.push_str("mends: &[");
    for fix in &check.fix {
        out.push_str(&mend(fix)?);
    }
    write!(out, "], source: {:?}, verified: {:?}, ", check.source, check.verified)?;
    write!(out, "owasp_llm: &{:?}, owasp_agentic: &{:?}, ", check.owasp_llm, check.owasp_agentic)?;
    write!(out, "owasp_mcp: &{:?}, atlas: &{:?}, controls: &{:?}, ", check.owasp_mcp, check.atlas, check.controls)?;
    for (name, texts) in [("en", &check.en), ("ja", &check.ja)] {
        write!(out, "{name}: Texts {{ title: {:?}, why: {:?}, fix: {:?} }}, ", texts.title, texts.why, texts.fix)?;
    }
    out.push_str("},\n");
    Ok(out)
}

/// Refuses what is not whole.
fn gate(check: &Check) -> Result<(), Failure> {
    among("agent", &check.agent, &AGENTS)?;
    among("scope", &check.scope, &SCOPES)?;
    among("severity", std::slice::from_ref(&check.severity), &["low", "medium", "high", "critical"])?;
    among("confidence", std::slice::from_ref(&check.confidence), &["low", "medium", "high"])?;
    among("verified", std::slice::from_ref(&check.verified), &["yes", "part", "no"])?;
    if check.agent.is_empty() {
        return Err("no agent; write [\"any\"] for all".into());
    }
    if !check.source.starts_with("https://") {
        return Err("`source` is no https address".into());
    }
    for (language, texts) in [("en", &check.en), ("ja", &check.ja)] {
        if [&texts.title, &texts.why, &texts.fix].iter().any(|text| text.trim().is_empty()) {
            return Err(format!("[{language}] needs title, why and fix").into());
        }
    }
    if !check.case.iter().any(|case| case.fires) || !check.case.iter().any(|case| !case.fires) {
        return Err("a case that fires and one that is silent are needed".into());
    }
    let each = !check.each.is_empty();
    for path in &check.each {
        lang::check_types::check_path(&parse::parse_path(path)?, &check.subject, false)
            .map_err(|error| format!("each: {error}"))?;
    }
    for path in &check.at {
        lang::check_types::check_path(&parse::parse_path(path)?, &check.subject, each)
            .map_err(|error| format!("at: {error}"))?;
    }
    match (&check.when, &check.code) {
        // Decided elsewhere, where the check is named.
        (None, None) if TOLD.contains(&&*check.subject) && !each && check.at.is_empty() && check.fix.is_empty() => {}
        _ if TOLD.contains(&&*check.subject) => {
            return Err("`text`, `issued` and `app` have no condition, place or edit".into());
        }
        (Some(when), None) => {
            let expr = parse::parse(when).map_err(|error| format!("when: {error}"))?;
            lang::check_types::check(&expr, &check.subject, each).map_err(|error| format!("when: {error}"))?;
        }
        (None, Some(_)) if !each => {}
        _ => return Err("either `when` or `code`; `code` has no `each`".into()),
    }
    Ok(())
}

fn camel(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}

fn mend(fix: &Fix) -> Result<String, Failure> {
    let deeds =
        [("Set", &fix.set), ("Add", &fix.add), ("Remove", &fix.remove), ("Replace", &fix.replace), ("Swap", &fix.swap)];
    let mut named = deeds.iter().filter_map(|(deed, path)| path.as_ref().map(|path| (*deed, path)));
    let (Some((deed, path)), None) = (named.next(), named.next()) else {
        return Err("[[fix]] has one of set, add, remove, replace, swap".into());
    };
    if (deed == "Remove") != fix.value.is_none() {
        return Err("[[fix]] set, add, replace and swap have a value, remove has none".into());
    }
    let pair = fix.value.as_ref().and_then(toml::Value::as_array);
    if deed == "Swap" && !pair.is_some_and(|pair| pair.len() == 2 && pair.iter().all(toml::Value::is_str)) {
        return Err("[[fix]] swap has the old and the new piece of the text as its value".into());
    }
    if !matches!(path.as_str(), "it" | "subject") {
        parse::parse_path(&format!("x.{}", path.strip_prefix("subject.").unwrap_or(path)))?;
    }
    let value = fix.value.as_ref().map(json).unwrap_or_default();
    Ok(format!("Mend {{ deed: Deed::{deed}, path: {path:?}, value: {value:?} }}, "))
}

/// A value of TOML as JSON.
fn json(value: &toml::Value) -> String {
    match value {
        toml::Value::Array(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        toml::Value::Table(table) => {
            let pairs: Vec<String> =
                table.iter().map(|(key, value)| format!("{}: {}", quoted(key), json(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        toml::Value::String(text) => quoted(text),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::Boolean(value) => value.to_string(),
        toml::Value::Datetime(date) => quoted(&date.to_string()),
    }
}

fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .flat_map(|char| match char {
            '"' | '\\' => vec!['\\', char],
            '\n' => vec!['\\', 'n'],
            char => vec![char],
        })
        .collect();
    format!("\"{escaped}\"")
}
