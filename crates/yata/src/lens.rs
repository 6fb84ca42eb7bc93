//! `yata lens`: what is in a text, the rules, and a text without its values.

use std::cell::LazyCell;
use std::fmt::Write as _;
use std::io::{Cursor, Read};
use std::path::Path;

use anyhow::{Context, bail};
use serde::Serialize;
use yata_documents::{Encoding, HEAD_BYTES, Kind, Outcome};
use yata_lens::{Class, Confidence, DataClass, Environment, Hit, Lens, RULES, Rule, Severity, deserves, mask};
use yata_model::{Message, Problem};

use crate::cli::{ClassArg, LensVerb, ListFormatArg};
use crate::data::DataFolder;
use crate::key::Key;
use crate::look::{self, Spot, WHOLE_MAX_BYTES};
use crate::view::style::Style;
use crate::view::text::{pad, printable, width, wrap};
use crate::{EXIT_CLEAR, EXIT_FOUND, EXIT_UNKNOWN, Terminal, output};

/// The most hits that are listed one by one without `--all`.
const SHOWN_COUNT: usize = 200;

/// Runs the command.
pub(crate) fn run(verb: LensVerb, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<u8> {
    match verb {
        LensVerb::Check { file, class, format, all } => check(&file, &class, format, all, data, terminal),
        LensVerb::Rules { rule, format } => rules(rule.as_deref(), format, terminal),
        LensVerb::Redact { file, class, output } => redact(&file, &class, output.as_deref(), data, terminal),
    }
}

fn lens(classes: &[ClassArg], default: &[Class]) -> Lens {
    let classes: Vec<Class> =
        if classes.is_empty() { default.to_vec() } else { classes.iter().map(|class| class.class()).collect() };
    Lens::new(|rule| classes.contains(&rule.class))
}

const ALL: [Class; 4] = [Class::Secret, Class::Personal, Class::Marking, Class::Injection];

/// What was given: whole, or its beginning and the rest.
enum Given {
    Whole(Vec<u8>),
    Long(Box<dyn Read>),
}

fn open(file: &Path) -> anyhow::Result<Given> {
    let mut from: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).with_context(|| format!("cannot open `{}`", file.display()))?)
    };
    let mut head = Vec::new();
    from.by_ref()
        .take(WHOLE_MAX_BYTES + 1)
        .read_to_end(&mut head)
        .with_context(|| format!("cannot read `{}`", file.display()))?;
    Ok(if head.len() as u64 > WHOLE_MAX_BYTES {
        Given::Long(Box::new(Cursor::new(head).chain(from)))
    } else {
        Given::Whole(head)
    })
}

fn name_of(file: &Path) -> String {
    file.file_name().map_or_else(|| "-".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn check(
    file: &Path,
    classes: &[ClassArg],
    format: ListFormatArg,
    all: bool,
    data: &DataFolder,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let lens = lens(classes, &ALL);
    let mut found: Vec<(Hit, Spot)> = Vec::new();
    let mut each = |hit: Hit, spot: Spot| found.push((hit, spot));
    let outcome = match open(file)? {
        Given::Whole(bytes) => look::bytes(&lens, &name_of(file), &bytes, &mut each),
        Given::Long(mut from) => {
            let mut head = vec![0; HEAD_BYTES];
            let count = from.read(&mut head).with_context(|| format!("cannot read `{}`", file.display()))?;
            head.truncate(count);
            match yata_documents::kind(&name_of(file), &head) {
                Kind::Text(Encoding::Utf8) => look::stream(&lens, Cursor::new(head).chain(from), &mut each)?,
                _ => bail!(
                    "`{}` is larger than {WHOLE_MAX_BYTES} bytes and no plain text: unpack it first",
                    file.display()
                ),
            }
            Outcome::default()
        }
    };
    let problems = look::problems(&name_of(file), &outcome);
    let hits: Vec<Hit> = found.iter().map(|(hit, _)| hit.clone()).collect();
    // Where nothing could be read, or the worst may stand in what could not, nobody knows what it is.
    let unread = outcome.pieces == 0 && outcome.binary > 0;
    let class = Some(deserves(&hits)).filter(|class| {
        let complete = !unread && problems.is_empty();
        complete || *class == DataClass::Restricted
    });
    let shown = shown(&found);
    let report = Report { file, found: &found, shown: &shown, class, problems: &problems, binary: outcome.binary };
    let text = match format {
        ListFormatArg::Human => report.human(all, terminal),
        ListFormatArg::Json => report.json(&Key::of(&data.lens_key(), false)?, terminal)?,
    };
    output::write(&text, None)?;
    Ok(if !problems.is_empty() || unread {
        EXIT_UNKNOWN
    } else if hits.is_empty() {
        EXIT_CLEAR
    } else {
        EXIT_FOUND
    })
}

struct Report<'a> {
    file: &'a Path,
    found: &'a [(Hit, Spot)],
    /// What may be shown of each.
    shown: &'a [String],
    class: Option<DataClass>,
    problems: &'a [Problem],
    binary: u64,
}

#[derive(Serialize)]
struct ReportWire<'a> {
    file: String,
    deserves: Option<&'static str>,
    hits: Vec<HitWire<'a>>,
    problems: Vec<String>,
    binary: u64,
}

#[derive(Serialize)]
struct HitWire<'a> {
    rule: &'a str,
    class: &'static str,
    title: &'a str,
    severity: &'static str,
    confidence: &'static str,
    environment: Option<&'static str>,
    service: Option<&'a str>,
    redacted: String,
    pseudonym: String,
    inside: String,
    line: Option<u32>,
    column: Option<u32>,
    offset: Option<u64>,
    length: u64,
    wrapped: Vec<&'static str>,
}

impl Report<'_> {
    fn json(&self, key: &Key, terminal: &Terminal) -> anyhow::Result<String> {
        let lang = terminal.lang.as_str();
        let hit = |((hit, spot), shown): (&'_ (Hit, Spot), &'_ String)| HitWire {
            rule: hit.rule.id,
            class: class_word(hit.rule.class),
            title: hit.rule.title(lang),
            severity: severity_word(hit.rule.severity),
            confidence: confidence_word(hit.confidence),
            environment: hit.rule.environment.map(environment_word),
            service: hit.rule.service,
            redacted: shown.clone(),
            pseudonym: key.pseudonym(hit.rule.id, &hit.text),
            inside: spot.inside.clone(),
            line: spot.line,
            column: spot.column,
            offset: spot.offset,
            length: spot.length,
            wrapped: hit.wrapped.iter().map(|wrapping| wrapping.word()).collect(),
        };
        let hits: Vec<HitWire<'_>> = self.found.iter().zip(self.shown).map(hit).collect();
        let report = ReportWire {
            file: self.file.display().to_string(),
            deserves: self.class.map(DataClass::word),
            hits,
            problems: self.problems.iter().map(|problem| yata_words::render(terminal.lang, &problem.message)).collect(),
            binary: self.binary,
        };
        Ok(serde_json::to_string_pretty(&report).context("cannot write the JSON")? + "\n")
    }

    fn human(&self, all: bool, terminal: &Terminal) -> String {
        let lang = terminal.lang;
        let style = Style { color: terminal.color };
        let word = |id: &str| yata_words::text(lang, id);
        let mut rows: Vec<[String; 5]> = Vec::new();
        let limit = if all { usize::MAX } else { SHOWN_COUNT };
        for ((hit, spot), shown) in self.found.iter().zip(self.shown).take(limit) {
            let line = spot.line.map(|line| match spot.column {
                Some(column) => format!("{line}:{column}"),
                None => line.to_string(),
            });
            let place: Vec<String> =
                [Some(spot.inside.clone()).filter(|inside| !inside.is_empty()), line].into_iter().flatten().collect();
            rows.push([
                printable(place.join(" ")),
                word(&format!("lens-class-{}", class_word(hit.rule.class))),
                hit.rule.title(lang.as_str()).to_owned(),
                printable(shown.clone()),
                yata_words::fact_value(lang, confidence_word(hit.confidence)),
            ]);
        }
        let mut out = table(&rows);
        if self.found.len() > limit {
            let more = Message::new("lens-more").with("count", self.found.len() - limit);
            let _ = writeln!(out, "{}", style.dim(&yata_words::render(lang, &more)));
        }
        for problem in self.problems {
            let text = printable(format!("{}: {}", problem.subject, yata_words::render(lang, &problem.message)));
            let _ = writeln!(out, "{}", style.warn(&text));
        }
        if self.binary > 0 && self.found.is_empty() && self.problems.is_empty() && self.class.is_none() {
            let _ = writeln!(out, "{}", style.warn(&word("lens-binary")));
            return out;
        }
        if self.found.is_empty() && self.class.is_some() {
            let _ = writeln!(out, "{}", word("lens-nothing"));
        } else if !self.found.is_empty() {
            let count = Message::new("lens-found").with("count", self.found.len());
            let _ = writeln!(out, "{}", yata_words::render(lang, &count));
        }
        let class = self.class.map_or("unknown", DataClass::word);
        for line in wrap(&word(&format!("lens-deserves-{class}")), terminal.columns) {
            let _ = writeln!(out, "{}", style.bold(&line));
        }
        out
    }
}

/// What may be shown of each hit: a marking or an instruction is no secret, but a value that it quotes is.
fn shown(found: &[(Hit, Spot)]) -> Vec<String> {
    const SHOWN_CHARS: usize = 60;
    let values = LazyCell::new(|| Lens::new(|rule| matches!(rule.class, Class::Secret | Class::Personal)));
    let shown = |(hit, _): &(Hit, Spot)| match hit.rule.class {
        Class::Secret | Class::Personal => mask(&hit.text),
        Class::Marking | Class::Injection => {
            let quoted = values.scan(hit.text.as_bytes());
            let masked = yata_lens::replace(hit.text.as_bytes(), &quoted, |value| mask(&value.text));
            let masked = String::from_utf8_lossy(&masked);
            let mut text: String = masked.chars().take(SHOWN_CHARS).collect();
            if masked.chars().nth(SHOWN_CHARS).is_some() {
                text.push('…');
            }
            text
        }
    };
    found.iter().map(shown).collect()
}

fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (size, cell) in widths.iter_mut().zip(row) {
            *size = (*size).max(width(cell));
        }
    }
    let mut out = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, size)| pad(cell, size)).collect();
        let _ = writeln!(out, "{}", cells.join("  ").trim_end());
    }
    out
}

fn rules(id: Option<&str>, format: ListFormatArg, terminal: &Terminal) -> anyhow::Result<u8> {
    let rules: Vec<&'static Rule> = match id {
        Some(id) => match Rule::by_id(id) {
            Some(rule) => vec![rule],
            None => bail!("no rule is called `{id}`{}", nearest(id)),
        },
        None => RULES.iter().collect(),
    };
    let lang = terminal.lang.as_str();
    let text = match (format, id) {
        (ListFormatArg::Json, _) => {
            let wires: Vec<RuleWire<'_>> = rules.iter().map(|rule| RuleWire::new(rule, id.is_some(), lang)).collect();
            serde_json::to_string_pretty(&wires).context("cannot write the JSON")? + "\n"
        }
        (ListFormatArg::Human, Some(_)) => rules.iter().map(|rule| page(rule, terminal)).collect(),
        (ListFormatArg::Human, None) => {
            let row = |rule: &&'static Rule| {
                let class = yata_words::text(terminal.lang, &format!("lens-class-{}", class_word(rule.class)));
                let severity = yata_words::fact_value(terminal.lang, severity_word(rule.severity));
                [rule.id.to_owned(), class, severity, rule.title(lang).to_owned()]
            };
            table(&rules.iter().map(row).collect::<Vec<_>>())
        }
    };
    output::write(&text, None)?;
    Ok(EXIT_CLEAR)
}

/// The documentation of one rule, with what it finds and what it passes over.
fn page(rule: &Rule, terminal: &Terminal) -> String {
    let word = |id: &str| yata_words::text(terminal.lang, id);
    let mut out = rule.documentation(terminal.lang.as_str()).trim().to_owned();
    for (title, cases) in [("lens-firing", rule.cases.firing), ("lens-silent", rule.cases.silent)] {
        let _ = write!(out, "\n\n## {}\n", word(title));
        for template in yata_lens::cases::templates(cases) {
            if let Ok(case) = yata_lens::cases::expand(template, 1) {
                for line in case.text.lines() {
                    let _ = write!(out, "\n    {}", printable(line));
                }
                out.push('\n');
            }
        }
    }
    out.trim_end().to_owned() + "\n"
}

fn nearest(id: &str) -> String {
    let close = RULES.iter().map(|rule| (strsim::damerau_levenshtein(rule.id, id), rule.id)).min();
    close.filter(|(steps, _)| *steps <= 4).map(|(_, near)| format!(": did you mean `{near}`?")).unwrap_or_default()
}

#[derive(Serialize)]
struct RuleWire<'a> {
    id: &'a str,
    class: &'static str,
    title: &'a str,
    severity: &'static str,
    service: Option<&'a str>,
    environment: Option<&'static str>,
    checksum: bool,
    hold_back_bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    documentation: Option<&'a str>,
}

impl<'a> RuleWire<'a> {
    fn new(rule: &'a Rule, whole: bool, lang: &str) -> Self {
        RuleWire {
            id: rule.id,
            class: class_word(rule.class),
            title: rule.title(lang),
            severity: severity_word(rule.severity),
            service: rule.service,
            environment: rule.environment.map(environment_word),
            checksum: rule.checksum.is_some(),
            hold_back_bytes: rule.hold_back_bytes(),
            documentation: whole.then(|| rule.documentation(lang)),
        }
    }
}

fn redact(
    file: &Path,
    classes: &[ClassArg],
    to: Option<&Path>,
    data: &DataFolder,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let Given::Whole(bytes) = open(file)? else {
        bail!("`{}` is larger than {WHOLE_MAX_BYTES} bytes: redact it in parts", file.display());
    };
    let Some(decoded) = yata_documents::decode(&bytes) else {
        bail!("`{}` is no plain text: redact takes text, `yata lens check` looks into documents", file.display());
    };
    if decoded.encoding != yata_documents::Encoding::Utf8 {
        let message = Message::new("lens-redact-encoding").with("encoding", decoded.encoding.name());
        terminal.progress.note(&yata_words::render(terminal.lang, &message));
    }
    let lens = lens(classes, &[Class::Secret, Class::Personal]);
    let key = Key::of(&data.lens_key(), false)?;
    // What is not valid UTF-8 stays as it came.
    let text = if decoded.encoding == yata_documents::Encoding::Utf8 { &bytes } else { decoded.text.as_bytes() };
    let hits = lens.scan(text);
    let out = yata_lens::replace(text, &hits, |hit| key.pseudonym(hit.rule.id, &hit.text));
    output::write_bytes(&out, to)?;
    Ok(EXIT_CLEAR)
}

pub(crate) fn class_word(class: Class) -> &'static str {
    match class {
        Class::Secret => "secret",
        Class::Personal => "personal",
        Class::Marking => "marking",
        Class::Injection => "injection",
    }
}

fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

fn confidence_word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Possible => "possible",
        Confidence::Likely => "likely",
        Confidence::Certain => "certain",
    }
}

fn environment_word(environment: Environment) -> &'static str {
    match environment {
        Environment::Live => "live",
        Environment::Test => "test",
    }
}
