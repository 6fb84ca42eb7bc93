//! `yata agents checks`: what is looked for, and what one check means, in both languages.

use anyhow::bail;
use serde::Serialize;
use yata_agents::{Check, check, checks};
use yata_model::Message;
use yata_words::Lang;

use super::formats::{ids, texts};
use crate::cli::ListFormatArg;
use crate::view::style::Style;
use crate::view::text::{pad, width, wrap};
use crate::{EXIT_CLEAR, Terminal, output};

/// A check, for programs.
#[derive(Serialize)]
struct CheckWire<'a> {
    id: &'a str,
    agents: &'a [&'a str],
    severity: &'static str,
    confidence: &'static str,
    en: TextsWire<'a>,
    ja: TextsWire<'a>,
    source: &'a str,
    verified: &'a str,
    owasp_llm: &'a [&'a str],
    owasp_agentic: &'a [&'a str],
    owasp_mcp: &'a [&'a str],
    atlas: &'a [&'a str],
    /// Whether `--fix` can write the edit.
    fixable: bool,
}

#[derive(Serialize)]
struct TextsWire<'a> {
    title: &'a str,
    why: &'a str,
    fix: &'a str,
}

impl<'a> CheckWire<'a> {
    fn new(one: &'a Check) -> Self {
        let wire = |lang: Lang| {
            let texts = texts(one, lang);
            TextsWire { title: texts.title, why: texts.why, fix: texts.fix }
        };
        Self {
            id: one.id,
            agents: one.agents,
            severity: one.severity.name(),
            confidence: one.confidence.name(),
            en: wire(Lang::En),
            ja: wire(Lang::Ja),
            source: one.source,
            verified: one.verified,
            owasp_llm: one.owasp_llm,
            owasp_agentic: one.owasp_agentic,
            owasp_mcp: one.owasp_mcp,
            atlas: one.atlas,
            fixable: !one.mends.is_empty(),
        }
    }
}

pub(super) fn run(id: Option<&str>, format: ListFormatArg, terminal: &Terminal) -> anyhow::Result<u8> {
    let wanted: Vec<&Check> = match id {
        None => checks().iter().collect(),
        Some(id) => match check(id).or_else(|| check(&format!("agents.{id}"))) {
            Some(one) => vec![one],
            None => bail!("there is no check `{id}`: `yata agents checks` lists them{}", nearest(id)),
        },
    };
    let text = match (format, wanted.as_slice()) {
        (ListFormatArg::Json, [one]) if id.is_some() => serde_json::to_string_pretty(&CheckWire::new(one))? + "\n",
        (ListFormatArg::Json, all) => {
            let all: Vec<CheckWire<'_>> = all.iter().map(|one| CheckWire::new(one)).collect();
            serde_json::to_string_pretty(&all)? + "\n"
        }
        (ListFormatArg::Human, [one]) if id.is_some() => page(one, terminal),
        (ListFormatArg::Human, all) => list(all, terminal),
    };
    output::write(&text, None)?;
    Ok(EXIT_CLEAR)
}

fn nearest(id: &str) -> String {
    let id = if id.starts_with("agents.") { id.to_owned() } else { format!("agents.{id}") };
    let near =
        checks().iter().map(|one| (strsim::jaro_winkler(one.id, &id), one.id)).max_by(|a, b| a.0.total_cmp(&b.0));
    near.filter(|(score, _)| *score > 0.8).map(|(_, id)| format!("; did you mean `{id}`?")).unwrap_or_default()
}

fn list(all: &[&Check], terminal: &Terminal) -> String {
    let columns = all.iter().map(|one| width(one.id)).max().unwrap_or(0);
    let mut out = String::new();
    for one in all {
        let word = yata_words::text(terminal.lang, severity_id(one.severity));
        out.push_str(&format!("{}  {}  {}\n", pad(one.id, columns), pad(&word, 8), texts(one, terminal.lang).title));
    }
    out.push_str(&yata_words::render(terminal.lang, &Message::new("agents-checks-count").with("count", all.len())));
    out.push('\n');
    out
}

/// The id of the word for a severity.
pub(super) fn severity_id(of: yata_agents::Severity) -> &'static str {
    match of {
        yata_agents::Severity::Low => "agents-severity-low",
        yata_agents::Severity::Medium => "agents-severity-medium",
        yata_agents::Severity::High => "agents-severity-high",
        yata_agents::Severity::Critical => "agents-severity-critical",
    }
}

/// The id of the word for a confidence.
pub(super) fn confidence_id(of: yata_agents::Confidence) -> &'static str {
    match of {
        yata_agents::Confidence::Low => "agents-confidence-low",
        yata_agents::Confidence::Medium => "agents-confidence-medium",
        yata_agents::Confidence::High => "agents-confidence-high",
    }
}

/// One check in both languages, the person's own first.
fn page(one: &Check, terminal: &Terminal) -> String {
    let style = Style { color: terminal.color };
    let mut out = format!("{}\n", style.bold(one.id));
    let order = if terminal.lang == Lang::Ja { [Lang::Ja, Lang::En] } else { [Lang::En, Lang::Ja] };
    for lang in order {
        let texts = texts(one, lang);
        let label = |id: &str| yata_words::text(lang, id);
        out.push_str(&format!("\n{}\n", style.bold(texts.title)));
        for (label, text) in [(label("agents-label-why"), texts.why), (label("agents-label-fix"), texts.fix)] {
            out.push_str(&format!("  {label}\n"));
            for line in text.lines().flat_map(|line| wrap(line, terminal.columns.saturating_sub(4))) {
                out.push_str(&format!("    {line}\n"));
            }
        }
    }
    let word = |id: &str| yata_words::text(terminal.lang, id);
    let agents = if one.agents.is_empty() { word("agents-all-agents") } else { one.agents.join(", ") };
    let facts = [
        (word("agents-label-severity"), word(severity_id(one.severity))),
        (word("agents-label-confidence"), word(confidence_id(one.confidence))),
        (word("agents-label-agents"), agents),
        (word("agents-label-ids"), ids(one).join(", ")),
        (word("agents-label-source"), one.source.to_owned()),
    ];
    out.push('\n');
    let columns = facts.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    for (label, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        out.push_str(&format!("{}  {value}\n", pad(label, columns)));
    }
    out
}
