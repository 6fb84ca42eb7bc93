//! The answer on a terminal: what to do by when, for which service, whose it is, why and how.

use std::fmt::Write as _;

use yata_model::{
    Action, AdvisoryKind, Assessment, Finding, Message, Priority, Problem, Remedy, Risk, Secret, SourceState, Subject,
};
use yata_ruler::{facts, how};
use yata_words::{Lang, render as words, text as word};

use super::style::Style;
use super::text::{cut, pad, printable, width, wrap};
use crate::Terminal;

/// Actions that are shown without `--all`: the most urgent. The summary counts all.
const SHOWN_COUNT: usize = 12;
/// Problems that are shown without `--all`.
const SHOWN_PROBLEMS_COUNT: usize = 8;
/// Reasons given for one action.
const REASONS_COUNT: usize = 2;
/// Advisory ids named for one action.
const IDS_COUNT: usize = 3;
/// How much of a commit's id is shown.
const COMMIT_CHARS: usize = 10;
const INDENT: &str = "     ";

struct Page<'a> {
    assessment: &'a Assessment,
    lang: Lang,
    style: Style,
    columns: usize,
    all: bool,
    out: String,
}

/// The whole answer.
pub(crate) fn render(assessment: &Assessment, all: bool, terminal: &Terminal) -> String {
    let style = Style { color: terminal.color };
    let mut page = Page { assessment, lang: terminal.lang, style, columns: terminal.columns, all, out: String::new() };
    page.head();
    page.actions();
    page.changes();
    page.settled();
    page.problems();
    page.questions();
    page.foot();
    page.out
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn word(&self, id: &str) -> String {
        word(self.lang, id)
    }

    fn words(&self, message: &Message) -> String {
        printable(words(self.lang, message))
    }

    /// A paragraph after a label, its further lines under the first.
    fn labelled(&mut self, label: &str, text: &str) {
        let head = format!("{INDENT}{}", pad(label, self.label_width()));
        let indent = width(&head) + 1;
        let lines = wrap(text, self.columns.saturating_sub(indent).max(20));
        for (at, line) in lines.iter().enumerate() {
            let start = if at == 0 { self.style.dim(&head) } else { " ".repeat(width(&head)) };
            self.line(&format!("{start} {line}"));
        }
    }

    fn label_width(&self) -> usize {
        ["ui-label-why", "ui-label-how", "ui-label-for", "ui-label-look", "ui-label-via", "ui-label-note"]
            .iter()
            .map(|id| width(&self.word(id)))
            .max()
            .unwrap_or(0)
    }

    fn head(&mut self) {
        let a = self.assessment;
        let organisation = match self.lang {
            Lang::Ja => a.organisation_ja.as_ref().or(a.organisation.as_ref()),
            Lang::En => a.organisation.as_ref(),
        };
        let name = organisation.cloned().unwrap_or_else(|| a.targets.join(", "));
        let components: usize = a.assets.iter().map(|one| one.components.len()).sum();
        let what = Message::new(if a.as_of_is_set { "ui-head-as-of-set" } else { "ui-head" })
            .with("assets", a.assets.len())
            .with("components", components)
            .with("date", a.as_of.to_string());
        let (name, what) = (printable(name), self.words(&what));
        if width(&name) + 2 + width(&what) <= self.columns {
            let line = format!("{}  {what}", self.style.bold(&name));
            self.line(&line);
        } else {
            let name = self.style.bold(&name);
            self.line(&name);
            for line in wrap(&what, self.columns) {
                self.line(&line);
            }
        }
        let count = |priority| a.actions.iter().filter(|action| action.priority == priority).count();
        let summary = if a.actions.is_empty() {
            let gaps = a.problems.iter().any(|problem| !problem.waived && problem.is_gap());
            Message::new(if gaps { "ui-nothing-found-but-gaps" } else { "ui-nothing-found" })
                .with("components", components)
        } else {
            Message::new("ui-summary")
                .with("actions", a.actions.len())
                .with("risks", a.risks.len())
                .with("immediate", count(Priority::Immediate))
                .with("outofcycle", count(Priority::OutOfCycle))
                .with("scheduled", count(Priority::Scheduled))
                .with("defer", count(Priority::Defer))
        };
        let text = self.words(&summary);
        for line in wrap(&text, self.columns) {
            self.line(&line);
        }
        let gaps = a.problems.iter().filter(|problem| !problem.waived && problem.is_gap()).count();
        if gaps > 0 {
            let assumed = a.risks.iter().filter(|risk| is_assumed(risk)).count();
            let message = Message::new(if assumed > 0 { "ui-incomplete-assumed" } else { "ui-incomplete" });
            let text = self.words(&message.with("count", gaps).with("assumed", assumed));
            for line in wrap(&text, self.columns) {
                let line = self.style.warn(&line);
                self.line(&line);
            }
        }
    }

    fn actions(&mut self) {
        let (development, operation): (Vec<&Action>, Vec<&Action>) = self
            .assessment
            .actions
            .iter()
            .partition(|action| action.development_only && action.remedy != Remedy::Remove);
        let mut number = 0;
        let mut hidden = 0_usize;
        for (group, title) in [(operation, None), (development, Some("ui-development"))] {
            let mut heading: Option<(Priority, Option<jiff::civil::Date>)> = None;
            for action in group {
                number += 1;
                if !self.all && number > SHOWN_COUNT {
                    hidden += 1;
                    continue;
                }
                let key = (action.priority, action.due);
                if heading != Some(key) {
                    heading = Some(key);
                    self.heading(action, title);
                }
                self.action(number, action);
            }
        }
        if hidden > 0 {
            let more = self.words(&Message::new("ui-more-actions").with("count", hidden));
            self.line("");
            let more = self.style.dim(&more);
            self.line(&more);
        }
    }

    fn heading(&mut self, action: &Action, title: Option<&str>) {
        let id = match action.priority {
            Priority::Immediate => "ui-priority-immediate",
            Priority::OutOfCycle => "ui-priority-out-of-cycle",
            Priority::Scheduled => "ui-priority-scheduled",
            Priority::Defer => "ui-priority-defer",
        };
        let mut text = self.word(id);
        if let Some(due) = action.due {
            let by = self.words(&Message::new("ui-by-date").with("date", due.to_string()));
            text = format!("{text} · {by}");
        }
        if let Some(title) = title {
            text = format!("{text} · {}", self.word(title));
        }
        self.line("");
        let text = self.style.priority(action.priority, &text);
        self.line(&text);
    }

    fn action(&mut self, number: usize, action: &Action) {
        let assessment = self.assessment;
        let risks: Vec<&Risk> = action
            .risks
            .iter()
            .filter_map(|rank| assessment.risks.get(usize::try_from(*rank).ok()?.checked_sub(1)?))
            .collect();
        let Some(lead) = risks.first() else { return };
        let what = self.words(&self.what(action, lead));
        let head = format!("{number:>3}  ");
        let new = if risks.iter().any(|risk| assessment.changes.new.contains(&risk.finding.id)) {
            format!(" {}", self.word("ui-mark-new"))
        } else {
            String::new()
        };
        let title = cut(&what, self.columns.saturating_sub(width(&head) + width(&new)));
        let line = format!("{head}{}{}", self.style.bold(&title), self.style.warn(&new));
        self.line(&line);
        let mut whose = format!("{} · {}", self.whose(action), self.place(&lead.finding.subject));
        if let Some(author) = self.author(&lead.finding.subject) {
            whose = format!("{whose} · {author}");
        }
        self.labelled(&self.word("ui-label-for"), &whose);
        let why = self.why(&risks);
        self.labelled(&self.word("ui-label-why"), &why);
        if let Some(how) = how(&action.remedy, &lead.finding.subject, &lead.finding.rule) {
            let text = self.words(&how);
            self.labelled(&self.word("ui-label-how"), &text);
        }
        if action.investigate {
            let text = self.word(if is_assumed(lead) { "ui-investigate-assumed" } else { "ui-investigate" });
            self.labelled(&self.word("ui-label-look"), &text);
        }
        self.notes(&risks);
    }

    fn what(&self, action: &Action, lead: &Risk) -> Message {
        let package = printable(&action.package);
        let from = if action.from.is_empty() { self.word("ui-no-version") } else { printable(action.from.join(", ")) };
        let message = match &action.remedy {
            Remedy::Upgrade { to, compatible } => Message::new(match compatible {
                Some(true) => "ui-upgrade-compatible",
                Some(false) => "ui-upgrade-breaking",
                None => "ui-upgrade",
            })
            .with("to", printable(to)),
            Remedy::Remove => Message::new("ui-remove"),
            Remedy::Replace => Message::new("ui-replace"),
            Remedy::Rotate => Message::new("ui-rotate").with("rule", lead.finding.rule.as_str()),
            Remedy::Reconfigure => Message::new("ui-reconfigure").with("rule", lead.finding.rule.as_str()),
            Remedy::NoneKnown if lead.finding.subject.version().is_none() => Message::new("ui-pin"),
            Remedy::NoneKnown => Message::new("ui-no-fix"),
        };
        message.with("package", package).with("from", from).with("closes", action.risks.len())
    }

    /// Asset, service, owner, and where it stands.
    fn whose(&self, action: &Action) -> String {
        let Some(asset) = self.assessment.asset(&action.asset_id) else { return String::new() };
        let mut parts = vec![printable(&asset.name)];
        if let Some(service) = asset.service.as_deref().and_then(|id| self.assessment.service(id)) {
            let name = match self.lang {
                Lang::Ja => service.name_ja.as_ref().unwrap_or(&service.name),
                Lang::En => &service.name,
            };
            parts.push(printable(name));
        }
        match &asset.owner {
            Some(owner) => parts.push(printable(owner)),
            None => parts.push(self.word("ui-no-owner")),
        }
        parts.join(" · ")
    }

    fn why(&self, risks: &[&Risk]) -> String {
        let Some(lead) = risks.first() else { return String::new() };
        let mut ids: Vec<String> = risks.iter().take(IDS_COUNT).map(|risk| self.id(&risk.finding)).collect();
        if risks.len() > IDS_COUNT {
            ids.push(self.words(&Message::new("ui-and-more").with("count", risks.len() - IDS_COUNT)));
        }
        let separator = self.word("ui-separator");
        let reasons: Vec<String> = lead.reasons.iter().take(REASONS_COUNT).map(|reason| self.words(reason)).collect();
        format!("{}: {}", ids.join(", "), reasons.join(&separator))
    }

    /// The id that people know: the CVE where an erratum passes on just one.
    fn id(&self, finding: &Finding) -> String {
        let groups = &self.assessment.advisories;
        let group = groups.binary_search_by(|group| group.id.as_str().cmp(&finding.rule)).ok();
        let id = match group.and_then(|at| groups.get(at)).map(|group| group.cves.as_slice()) {
            Some([cve]) if finding.kind != AdvisoryKind::Malware => cve,
            _ => &finding.rule,
        };
        printable(id)
    }

    fn notes(&mut self, risks: &[&Risk]) {
        let Some(lead) = risks.first() else { return };
        if let yata_model::Applies::Unknown { why } = &lead.finding.applies {
            let text = self.words(why);
            self.labelled(&self.word("ui-label-note"), &text);
        }
        if let Some(window) = lead.decision.next_window_after_due {
            let text = self.words(&Message::new("ui-window-after-due").with("date", window.to_string()));
            self.labelled(&self.word("ui-label-note"), &text);
        }
        let path = lead.finding.subject.occurrences().first().map(|o| o.path.as_slice()).unwrap_or_default();
        if path.len() > 1 {
            let text = printable(path.join(" → "));
            self.labelled(&self.word("ui-label-via"), &text);
        }
    }

    /// The file and line.
    fn place(&self, subject: &Subject) -> String {
        let occurrences = subject.occurrences();
        let Some(first) = occurrences.first() else {
            return subject.secret().map_or_else(String::new, |secret| self.past(secret));
        };
        let mut text = match first.line {
            Some(line) => format!("{}:{line}", printable(&first.file)),
            None => printable(&first.file),
        };
        if occurrences.len() > 1 {
            let more = Message::new("ui-and-more").with("count", occurrences.len() - 1);
            let _ = write!(text, " {}", self.words(&more));
        }
        text
    }

    /// Where a credential came into the history: the file, and the commit with its author.
    fn past(&self, secret: &Secret) -> String {
        let Some(first) = secret.past.first() else { return String::new() };
        let commit: String = first.commit.as_deref().unwrap_or_default().chars().take(COMMIT_CHARS).collect();
        let message = match (&first.author, first.at) {
            (Some(author), Some(at)) => Message::new("ui-past-place")
                .with("author", printable(&author.name))
                .with("date", at.strftime("%Y-%m-%d").to_string()),
            _ => Message::new("ui-past-unreachable"),
        };
        let line = first.line.map(|line| format!(":{line}")).unwrap_or_default();
        self.words(&message.with("file", printable(format!("{}{line}", first.file))).with("commit", commit))
    }

    /// Who wrote the line of a credential or a configuration.
    fn author(&self, subject: &Subject) -> Option<String> {
        let author = subject.author()?;
        Some(self.words(&Message::new("ui-author").with("name", printable(&author.name))))
    }

    fn changes(&mut self) {
        let changes = &self.assessment.changes;
        let Some(since) = changes.since else { return };
        let message = Message::new("ui-changes")
            .with("since", since.strftime("%Y-%m-%d %H:%M UTC").to_string())
            .with("new", changes.new.len())
            .with("gone", changes.gone.len());
        let text = self.words(&message);
        self.line("");
        self.line(&text);
        let gone: Vec<String> = changes
            .gone
            .iter()
            .take(if self.all { usize::MAX } else { 5 })
            .map(|finding| printable(format!("{} {}", finding.rule, finding.subject.label())))
            .collect();
        if !gone.is_empty() {
            let text = format!("{}: {}", self.word("ui-gone"), gone.join(", "));
            for line in wrap(&text, self.columns.saturating_sub(2)) {
                self.line(&format!("  {line}"));
            }
        }
    }

    fn settled(&mut self) {
        let settled = &self.assessment.settled;
        if settled.is_empty() {
            return;
        }
        let text = self.words(&Message::new("ui-settled").with("count", settled.len()));
        self.line("");
        self.line(&text);
        for finding in settled.iter().take(if self.all { usize::MAX } else { 3 }) {
            let state = self.words(&state_message(&finding.state));
            let text = printable(format!("{} {}: ", finding.rule, finding.subject.label()));
            self.line(&format!("  {text}{state}"));
        }
    }

    fn problems(&mut self) {
        let (waived, open): (Vec<&Problem>, Vec<&Problem>) =
            self.assessment.problems.iter().filter(|problem| problem.is_gap()).partition(|problem| problem.waived);
        if !open.is_empty() {
            let title = self.words(&Message::new("ui-problems").with("count", open.len()));
            self.line("");
            let title = self.style.warn(&title);
            self.line(&title);
        }
        for problem in open.iter().take(if self.all { usize::MAX } else { SHOWN_PROBLEMS_COUNT }) {
            let message = words(self.lang, &problem.message);
            let text = printable(match problem.line {
                Some(line) => format!("{}:{line}: {message}", problem.subject),
                None if message.contains(&problem.subject) => message,
                None => format!("{}: {message}", problem.subject),
            });
            let lines = wrap(&text, self.columns.saturating_sub(4));
            for (at, line) in lines.iter().enumerate() {
                self.line(&format!("{}{line}", if at == 0 { "  " } else { "    " }));
            }
        }
        let hidden = if self.all { 0 } else { open.len().saturating_sub(SHOWN_PROBLEMS_COUNT) };
        if hidden > 0 {
            let text = self.words(&Message::new("ui-more-problems").with("count", hidden));
            self.line(&format!("  {text}"));
        }
        if !waived.is_empty() {
            let names: Vec<String> = waived.iter().map(|problem| printable(&problem.subject)).collect();
            let message = Message::new("ui-waived").with("count", waived.len()).with("names", names.join(", "));
            let text = self.words(&message);
            self.line("");
            for line in wrap(&text, self.columns) {
                self.line(&line);
            }
        }
    }

    fn questions(&mut self) {
        if self.assessment.questions.is_empty() {
            return;
        }
        let title = self.words(&Message::new("ui-questions").with("count", self.assessment.questions.len()));
        self.line("");
        let title = self.style.bold(&title);
        self.line(&title);
        for (at, question) in self.assessment.questions.iter().enumerate() {
            let moved = Message::new("ui-would-move").with("count", i64::from(question.would_move));
            let text = format!("{} {}", words(self.lang, &question.ask), self.words(&moved));
            let lines = wrap(&printable(text), self.columns.saturating_sub(INDENT.len()));
            for (row, line) in lines.iter().enumerate() {
                let start = if row == 0 { format!("{:>3}  ", at + 1) } else { INDENT.to_owned() };
                self.line(&format!("{start}{line}"));
            }
        }
    }

    fn foot(&mut self) {
        if self.assessment.sources.is_empty() {
            return;
        }
        let fresh = self.assessment.sources.iter().filter(|source| source.state == SourceState::Fresh).count();
        let message = Message::new("ui-sources").with("fresh", fresh).with("total", self.assessment.sources.len());
        let text = self.words(&message);
        self.line("");
        for line in wrap(&text, self.columns) {
            let line = self.style.dim(&line);
            self.line(&line);
        }
    }
}

/// Whether it is urgent only because nobody could check that it is exploited.
fn is_assumed(risk: &Risk) -> bool {
    let fact = risk.facts.iter().find(|(name, _)| name == facts::name::KNOWN_EXPLOITED);
    fact.is_some_and(|(_, fact)| fact.is_assumed()) && risk.finding.kind != AdvisoryKind::Malware
}

/// A state in words.
pub(crate) fn state_message(state: &yata_model::FindingState) -> Message {
    use yata_model::FindingState as S;
    match state {
        S::Open => Message::new("state-open"),
        S::Accepted { until } => Message::new("state-accepted").with("until", until.to_string()),
        S::Mitigated { until } => Message::new("state-mitigated").with("until", until.to_string()),
        S::FalsePositive => Message::new("state-false-positive"),
        S::Fixed => Message::new("state-fixed"),
    }
}
