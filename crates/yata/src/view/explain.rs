//! `--explain ID`: every fact behind one decision, with source, date and standing.

use yata_intel::Index;
use yata_model::{Applies, Assessment, Finding, Message, Risk, Standing, is_cve_id};
use yata_words::{Lang, fact_value, has, render as words, text as word};

use super::style::Style;
use super::terminal::state_message;
use super::text::{pad, printable, width, wrap};
use crate::Terminal;

/// Columns of the labels: as wide as the name of the longest standard table.
const LABEL_COLUMNS: usize = 20;

struct Page<'a> {
    lang: Lang,
    style: Style,
    columns: usize,
    assessment: &'a Assessment,
    out: String,
}

/// All that is known of an advisory (by any of its ids), of a finding (by its id or its beginning).
pub(crate) fn render(
    assessment: &Assessment,
    id: &str,
    index: Option<&Index>,
    terminal: &Terminal,
) -> anyhow::Result<String> {
    let style = Style { color: terminal.color };
    let upper = id.to_ascii_uppercase();
    let id = if is_cve_id(&upper) { upper.as_str() } else { id };
    let mut page = Page { lang: terminal.lang, style, columns: terminal.columns, assessment, out: String::new() };
    let about = |finding: &Finding| names(finding, id) || passes_on(assessment, finding, id);
    let risks: Vec<&Risk> = assessment.risks.iter().filter(|risk| about(&risk.finding)).collect();
    let settled: Vec<&Finding> = assessment.settled.iter().filter(|finding| about(finding)).collect();
    page.advisory(id, index)?;
    for risk in &risks {
        page.risk(risk);
    }
    for finding in &settled {
        page.settled(finding);
    }
    if risks.is_empty() && settled.is_empty() {
        let components: usize = assessment.assets.iter().map(|one| one.components.len()).sum();
        let gaps = assessment.problems.iter().filter(|problem| !problem.waived && problem.is_gap()).count();
        let message = Message::new(if gaps == 0 { "explain-not-here" } else { "explain-not-here-but-gaps" });
        page.say(&message.with("id", id).with("components", components).with("count", gaps));
    }
    Ok(page.out)
}

fn names(finding: &Finding, id: &str) -> bool {
    let exact = finding.ids.iter().chain([&finding.rule]).any(|known| known.eq_ignore_ascii_case(id));
    exact || (id.len() >= 6 && finding.id.starts_with(id))
}

/// Whether the finding's advisory is an erratum that passes the vulnerability on.
fn passes_on(assessment: &Assessment, finding: &Finding, id: &str) -> bool {
    let group = assessment.advisories.binary_search_by(|group| group.id.as_str().cmp(&finding.rule));
    let group = group.ok().and_then(|at| assessment.advisories.get(at));
    group.is_some_and(|group| group.cves.iter().any(|cve| cve.eq_ignore_ascii_case(id)))
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn say(&mut self, message: &Message) {
        let text = printable(words(self.lang, message));
        for line in wrap(&text, self.columns) {
            self.line(&line);
        }
    }

    fn word(&self, id: &str) -> String {
        word(self.lang, id)
    }

    fn title(&mut self, text: &str) {
        let text = self.style.bold(&printable(text));
        self.line(&text);
    }

    fn section(&mut self, id: &str) {
        let text = self.style.bold(&self.word(id));
        self.line("");
        self.line(&text);
    }

    fn bullets(&mut self, messages: &[Message]) {
        for message in messages {
            let text = printable(words(self.lang, message));
            for (at, line) in wrap(&text, self.columns.saturating_sub(4)).iter().enumerate() {
                self.line(&format!("{}{line}", if at == 0 { "  - " } else { "    " }));
            }
        }
    }

    fn pair(&mut self, label: &str, value: &str) {
        let label = self.style.dim(&pad(label, LABEL_COLUMNS));
        for (at, line) in wrap(&printable(value), self.columns.saturating_sub(LABEL_COLUMNS + 3)).iter().enumerate() {
            let start = if at == 0 { label.clone() } else { " ".repeat(LABEL_COLUMNS) };
            self.line(&format!("  {start} {line}"));
        }
    }

    /// What the intelligence knows of the id, whether anything here has it or not.
    fn advisory(&mut self, id: &str, index: Option<&Index>) -> anyhow::Result<()> {
        let known = match index {
            Some(index) => index.known(id)?,
            None => None,
        };
        let passed_on = match index {
            Some(index) => index.passed_on_by(id)?,
            None => Vec::new(),
        };
        if !passed_on.is_empty() {
            let message = Message::new("explain-passed-on").with("id", id).with("records", passed_on.join(", "));
            self.say(&message);
        }
        let Some(known) = known else {
            if !id.starts_with("fi_") && passed_on.is_empty() {
                self.say(&Message::new("explain-unknown-id").with("id", id));
            }
            return Ok(());
        };
        self.title(&format!("{}  {}", known.group.id, known.group.summary));
        self.pair(&self.word("explain-also"), &known.group.ids.join(", "));
        self.pair(&self.word("explain-sources"), &known.group.sources.join(", "));
        if let Some(published) = known.group.published {
            self.pair(&self.word("explain-published"), &published.strftime("%Y-%m-%d").to_string());
        }
        for severity in &known.group.severities {
            self.pair(&self.word("explain-severity"), &severity.value);
        }
        let packages: Vec<String> = known.packages.iter().take(8).map(ToString::to_string).collect();
        self.pair(&self.word("explain-packages"), &packages.join(", "));
        if let Some(reference) = known.group.references.first() {
            self.pair(&self.word("explain-more"), &reference.url);
        }
        for record in known.records.iter().filter(|record| record.withdrawn.is_some()) {
            self.say(&Message::new("explain-withdrawn").with("id", record.id.as_str()));
        }
        Ok(())
    }

    fn risk(&mut self, risk: &Risk) {
        let finding = &risk.finding;
        self.line("");
        let asset = self.assessment.asset(&finding.asset_id).map(|asset| asset.name.clone()).unwrap_or_default();
        self.title(&format!("#{}  {}  {}  {}", risk.rank, finding.id, finding.subject.label(), asset));
        if let Applies::Unknown { why } = &finding.applies {
            self.say(why);
        }
        self.decision(risk);
        self.section("explain-facts");
        self.facts(risk);
        self.section("explain-reasons");
        self.bullets(&risk.reasons);
        self.section("explain-factors");
        for (id, factor) in [
            ("explain-threat", &risk.threat),
            ("explain-vulnerability", &risk.vulnerability),
            ("explain-asset", &risk.asset),
        ] {
            let ai = if factor.ai { format!("[{}] ", self.word("explain-ai")) } else { String::new() };
            self.pair(&self.word(id), &format!("{ai}{}", words(self.lang, &factor.why)));
        }
        let number = risk.scenario.number();
        let scenario = format!("{number}: {}", self.word(&format!("scenario-{number}")));
        self.pair(&self.word("explain-scenario"), &scenario);
        if !risk.would_change.is_empty() {
            self.section("explain-would-change");
            self.bullets(&risk.would_change);
        }
        self.section("explain-places");
        for occurrence in finding.subject.occurrences() {
            let line = occurrence.line.map(|line| format!(":{line}")).unwrap_or_default();
            let path = if occurrence.path.len() > 1 {
                format!("  ({})", occurrence.path.join(" → "))
            } else {
                String::new()
            };
            self.line(&format!("  {}", printable(format!("{}{line}{path}", occurrence.file))));
        }
    }

    fn decision(&mut self, risk: &Risk) {
        self.section("explain-decision");
        let decision = &risk.decision;
        let priority = self.word(match decision.outcome.priority {
            yata_model::Priority::Immediate => "ui-priority-immediate",
            yata_model::Priority::OutOfCycle => "ui-priority-out-of-cycle",
            yata_model::Priority::Scheduled => "ui-priority-scheduled",
            yata_model::Priority::Defer => "ui-priority-defer",
        });
        let due = decision
            .due
            .map(|due| format!(" · {}", words(self.lang, &Message::new("ui-by-date").with("date", due.to_string()))));
        self.pair(&self.word("explain-outcome"), &format!("{priority}{}", due.unwrap_or_default()));
        let kind = format!("ruled-by-{}", decision.ruled_by);
        let ruled_by = if has(self.lang, &kind) { self.word(&kind) } else { decision.ruled_by.clone() };
        self.pair(&self.word("explain-ruled-by"), &ruled_by);
        for table in &decision.tables {
            let inputs: Vec<String> = table.inputs.iter().map(|(point, value)| format!("{point} = {value}")).collect();
            self.pair(&table.table, &format!("{} ← {}", table.outcome_name, inputs.join(", ")));
        }
    }

    fn facts(&mut self, risk: &Risk) {
        let rows: Vec<[String; 5]> = risk
            .facts
            .iter()
            .map(|(name, fact)| {
                let standing = self.word(match fact.standing {
                    Standing::Checked => "standing-checked",
                    Standing::Derived => "standing-derived",
                    Standing::Stale => "standing-stale",
                    Standing::Unknown => "standing-unknown",
                });
                let date = fact.date.map(|date| date.to_string()).unwrap_or_default();
                let value = printable(fact_value(self.lang, &fact.value));
                [self.word(&format!("fact-{name}")), value, standing, date, printable(&fact.source)]
            })
            .collect();
        let mut widths = [0; 5];
        for row in &rows {
            for (size, cell) in widths.iter_mut().zip(row) {
                *size = (*size).max(width(cell));
            }
        }
        for row in rows {
            let cells: Vec<String> = row.iter().zip(widths).map(|(cell, size)| pad(cell, size)).collect();
            self.line(&format!("  {}", cells.join("  ")));
        }
    }

    fn settled(&mut self, finding: &Finding) {
        self.line("");
        self.title(&format!("{}  {}", finding.id, finding.subject.label()));
        let state = words(self.lang, &state_message(&finding.state));
        self.pair(&self.word("explain-state"), &state);
    }
}
