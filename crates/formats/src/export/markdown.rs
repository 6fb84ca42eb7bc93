//! A short report in GitHub-flavoured Markdown, for a ticket or a comment on a pull request.

use std::fmt::Write as _;

use yata_model::{Action, AdvisoryGroup, Assessment, Asset, Message, Priority, SourceState};

use super::{Texts, is_complete, names, phrases, text, uri};
use std::collections::HashMap;

/// Rows of the table of actions; the rest is counted in a line below it.
const MAX_ACTIONS_COUNT: usize = 200;
/// Rows of the list of problems; the rest is counted.
const MAX_PROBLEMS_COUNT: usize = 50;
/// Advisories named in one row.
const MAX_IDS_COUNT: usize = 5;
/// Longest cell, in characters.
const MAX_CELL_CHARS: usize = 300;

/// Characters after which a word joiner stands, so that no reader makes a link or a mention of what follows.
const JOINER: char = '\u{2060}';

/// The assessment as GitHub-flavoured Markdown.
///
/// Tables of what to do by due date, what could not be checked, and the sources. What others wrote (names,
/// summaries, paths) is shown as they wrote it and is never markup, a link, an image or a mention.
pub fn markdown(assessment: &Assessment, texts: &Texts<'_>) -> String {
    let page = Page {
        assessment,
        texts,
        assets: assessment.assets.iter().map(|a| (a.asset.id.as_str(), &a.asset)).collect(),
        groups: assessment.advisories.iter().map(|group| (group.id.as_str(), group)).collect(),
    };
    let mut out = String::new();
    page.summary(&mut out);
    page.actions(&mut out);
    page.settled(&mut out);
    page.questions(&mut out);
    page.problems(&mut out);
    page.sources(&mut out);
    out
}

/// Text that is not markup: every character that could be is escaped, addresses and mentions are cut apart.
fn escape(raw: &str) -> String {
    let cleaned = text::clean(raw);
    let cut = text::cut(&cleaned, MAX_CELL_CHARS);
    let mut out = String::with_capacity(cut.len() + 16);
    let mut chars = cut.chars().peekable();
    let mut word = String::new();
    while let Some(c) = chars.next() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' | '#' => out.extend(['\\', c, JOINER]),
            ':' if chars.peek() == Some(&'/') => out.extend([c, JOINER]),
            '.' if word.eq_ignore_ascii_case("www") => out.extend([JOINER, c, JOINER]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
            // At the beginning of a line these make a list or a heading.
            '-' | '+' | '=' if out.is_empty() => out.extend(['\\', c]),
            c => out.push(c),
        }
        if c.is_alphanumeric() { word.push(c) } else { word.clear() }
    }
    out.trim().to_owned()
}

/// Text as code: for names, versions, ids and paths. What could leave a code span or a cell (a bar behind a
/// backslash ends a cell even in code) is escaped text instead.
fn code(raw: &str) -> String {
    let cleaned = text::clean(raw);
    let cut = text::cut(&cleaned, MAX_CELL_CHARS);
    let shown = cut.trim();
    if shown.is_empty() || shown.contains(['`', '|', '\\']) {
        return escape(shown);
    }
    format!("`{shown}`")
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn row(out: &mut String, cells: &[String]) {
    // INVARIANT: writing to a String cannot fail.
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

struct Page<'a> {
    assessment: &'a Assessment,
    texts: &'a Texts<'a>,
    assets: HashMap<&'a str, &'a Asset>,
    groups: HashMap<&'a str, &'a AdvisoryGroup>,
}

impl Page<'_> {
    fn say(&self, message: &Message) -> String {
        escape(&self.texts.say(message))
    }

    fn word(&self, id: &str) -> String {
        self.say(&Message::new(id))
    }

    fn heading(&self, out: &mut String, id: &str) {
        let _ = writeln!(out, "\n## {}\n", self.word(id));
    }

    fn header(&self, out: &mut String, ids: &[&str]) {
        row(out, &ids.iter().map(|id| self.word(id)).collect::<Vec<_>>());
        line(out, &format!("|{}", " --- |".repeat(ids.len())));
    }

    fn summary(&self, out: &mut String) {
        let a = self.assessment;
        let name = match (&a.organisation, a.targets.first()) {
            (Some(name), _) => self.texts.name(name, a.organisation_ja.as_deref()),
            (None, Some(target)) => target,
            (None, None) => "",
        };
        line(out, &format!("# {}\n", self.say(&Message::new("export-md-title").with("name", name))));
        if !is_complete(a) {
            line(out, &format!("> **{}**\n", self.word("export-md-incomplete")));
        }
        let of = |p: Priority| a.risks.iter().filter(|r| r.decision.outcome.priority == p).count();
        let count = |id: &str, number: usize| self.say(&Message::new(id).with("count", number));
        let by_priority = [
            ("export-md-count-immediate", of(Priority::Immediate)),
            ("export-md-count-out-of-cycle", of(Priority::OutOfCycle)),
            ("export-md-count-scheduled", of(Priority::Scheduled)),
            ("export-md-count-defer", of(Priority::Defer)),
        ];
        let counts: Vec<String> = by_priority.iter().map(|(id, number)| count(id, *number)).collect();
        let judged = Message::new("export-md-as-of")
            .with("date", a.as_of.to_string())
            .with("assets", a.assets.len())
            .with("actions", a.actions.len())
            .with("risks", a.risks.len());
        line(out, &format!("{}\n", self.say(&judged)));
        line(out, &format!("- {}", counts.join(" / ")));
        if let Some(since) = a.changes.since {
            let message = Message::new("export-md-changes")
                .with("date", since.to_string())
                .with("new", a.changes.new.len())
                .with("gone", a.changes.gone.len());
            line(out, &format!("- {}", self.say(&message)));
        }
    }

    fn actions(&self, out: &mut String) {
        let a = self.assessment;
        self.heading(out, "export-md-actions");
        if a.actions.is_empty() {
            let id = if is_complete(a) { "export-md-nothing" } else { "export-md-nothing-incomplete" };
            line(out, &self.word(id));
            return;
        }
        let columns = ["due", "what", "where", "service", "owner", "why"];
        self.header(out, &columns.map(|column| format!("export-md-col-{column}")).each_ref().map(String::as_str));
        let mut by_due: Vec<&Action> = a.actions.iter().collect();
        by_due.sort_by_key(|action| action.due.map_or((1, None), |due| (0, Some(due))));
        for action in by_due.iter().take(MAX_ACTIONS_COUNT) {
            row(out, &self.action(action));
        }
        if a.actions.len() > MAX_ACTIONS_COUNT {
            let more = Message::new("export-md-more").with("count", a.actions.len() - MAX_ACTIONS_COUNT);
            line(out, &format!("\n{}", self.say(&more)));
        }
    }

    fn action(&self, action: &Action) -> [String; 6] {
        let a = self.assessment;
        let asset = self.assets.get(action.asset_id.as_str()).copied();
        let due = match action.due {
            Some(date) => date.to_string(),
            None => self.word("export-due-next-upgrade"),
        };
        let mut what = self.say(&phrases::remedy(&action.package, &action.from, &action.remedy));
        if action.investigate {
            let _ = write!(what, " **{}**", self.word("export-investigate"));
        }
        if action.development_only {
            let _ = write!(what, " ({})", self.word("export-md-development"));
        }
        let service = asset.and_then(|asset| asset.service.as_deref()).map(|id| match a.service(id) {
            Some(service) => self.texts.name(&service.name, service.name_ja.as_deref()),
            None => id,
        });
        let owner = asset.and_then(|asset| asset.owner.as_deref());
        [
            due,
            what,
            code(asset.map_or(&action.asset_id, |asset| &asset.name)),
            escape(service.unwrap_or("—")),
            escape(owner.unwrap_or("—")),
            self.why(action),
        ]
    }

    /// The advisories that an action closes, and the first reason of the most urgent one.
    fn why(&self, action: &Action) -> String {
        let risks = action.risks.iter().filter_map(|rank| {
            let index = usize::try_from(*rank).ok()?.checked_sub(1)?;
            self.assessment.risks.get(index)
        });
        let risks: Vec<_> = risks.collect();
        let mut ids: Vec<&str> = Vec::new();
        for risk in &risks {
            if !ids.contains(&risk.finding.rule.as_str()) {
                ids.push(&risk.finding.rule);
            }
        }
        let mut out = ids.iter().take(MAX_IDS_COUNT).map(|id| self.link(id)).collect::<Vec<_>>().join(", ");
        if ids.len() > MAX_IDS_COUNT {
            let more = Message::new("export-md-more").with("count", ids.len() - MAX_IDS_COUNT);
            let _ = write!(out, ", {}", self.say(&more));
        }
        if let Some(reason) = risks.first().and_then(|risk| risk.reasons.first()) {
            let _ = write!(out, ": {}", self.say(reason));
        }
        out
    }

    /// The id, linked where its group has a web address.
    fn link(&self, id: &str) -> String {
        let group = self.groups.get(id);
        match group.and_then(|g| g.references.iter().find_map(|reference| uri::web_address(&reference.url))) {
            Some(address) => format!("[{}]({address})", code(id)),
            None => code(id),
        }
    }

    fn settled(&self, out: &mut String) {
        let a = self.assessment;
        if a.settled.is_empty() {
            return;
        }
        self.heading(out, "export-md-settled");
        self.header(out, &["export-md-col-finding", "export-md-col-where", "export-md-col-state", "export-md-col-why"]);
        for finding in a.settled.iter().take(MAX_ACTIONS_COUNT) {
            let asset =
                self.assets.get(finding.asset_id.as_str()).map_or(finding.asset_id.as_str(), |asset| &asset.name);
            let why = a.settlements.get(&finding.id).map_or(String::new(), |c| format!("{} ({})", c.why, c.by));
            let what = format!("{} {}", self.link(&finding.rule), code(&finding.subject.label()));
            let state =
                Message::new(format!("export-state-{}", names::finding_state(&finding.state).replace('_', "-")));
            row(out, &[what, code(asset), self.say(&state), escape(&why)]);
        }
    }

    fn questions(&self, out: &mut String) {
        if self.assessment.questions.is_empty() {
            return;
        }
        self.heading(out, "export-md-questions");
        for question in &self.assessment.questions {
            let moves = Message::new("export-md-would-move").with("count", i64::from(question.would_move));
            line(out, &format!("- {} ({})", self.say(&question.ask), self.say(&moves)));
        }
    }

    fn problems(&self, out: &mut String) {
        let problems = &self.assessment.problems;
        if problems.is_empty() {
            return;
        }
        self.heading(out, "export-md-problems");
        for problem in problems.iter().take(MAX_PROBLEMS_COUNT) {
            let place = match problem.line {
                Some(number) => code(&format!("{}:{number}", problem.subject)),
                None => code(&problem.subject),
            };
            let waived = if problem.waived { format!(" ({})", self.word("export-md-waived")) } else { String::new() };
            line(out, &format!("- {place}: {}{waived}", self.say(&problem.message)));
        }
        if problems.len() > MAX_PROBLEMS_COUNT {
            let more = Message::new("export-md-more").with("count", problems.len() - MAX_PROBLEMS_COUNT);
            line(out, &format!("- {}", self.say(&more)));
        }
    }

    fn sources(&self, out: &mut String) {
        if self.assessment.sources.is_empty() {
            return;
        }
        self.heading(out, "export-md-sources");
        self.header(
            out,
            &["export-md-col-source", "export-md-col-state", "export-md-col-date", "export-md-col-records"],
        );
        for source in &self.assessment.sources {
            let state = self.word(&format!("export-source-{}", names::source_state(source.state)));
            let state = if source.state == SourceState::Fresh { state } else { format!("**{state}**") };
            let date = source.date.map_or("—".to_owned(), |date| date.to_string());
            row(out, &[escape(&source.name), state, date, source.records.to_string()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(input: &str, expected: &str) {
        assert_eq!(escape(input).replace(JOINER, "·"), expected, "{input}");
    }

    #[test]
    fn text_is_never_markup() {
        check("a|b\nc", "a\\|b c");
        check("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;");
        check("![x](http://evil/)", "!\\[x\\](http:·//evil/)");
        check("`rm -rf`", "\\`rm -rf\\`");
        check("@team see #12", "\\@·team see \\#·12");
        check("www.evil.example", "www·.·evil.example");
        check("mail a@b.example", "mail a\\@·b.example");
        check("- item", "\\- item");
        check("&lt;script&gt;", "&amp;lt;script&amp;gt;");
        check("**八咫** \u{1b}[0m", "\\*\\*八咫\\*\\* \\\\u{1b}\\[0m");
    }

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("log4j-core"), "`log4j-core`");
        assert_eq!(code("<b>@x</b>"), "`<b>@x</b>`");
        assert_eq!(code("left|pad"), "left\\|pad");
        assert_eq!(code("a\\|b"), "a\\\\\\|b");
        assert_eq!(code("a`b``c"), "a\\`b\\`\\`c");
        assert_eq!(code(" "), "");
    }

    proptest! {
        #[test]
        fn escaped_text_has_no_active_character(text in "\\PC*|[\\x00-\\x7f]*") {
            let escaped = escape(&text);
            let mut before = ' ';
            for c in escaped.chars() {
                prop_assert!(!matches!(c, '<' | '>' | '\n' | '\r' | '\t'), "{}", escaped);
                if before == '\\' {
                    before = ' ';
                    continue;
                }
                prop_assert!(!matches!(c, '`' | '|' | '[' | ']' | '*' | '_' | '@'), "{}", escaped);
                before = c;
            }
            prop_assert!(!escaped.contains("://"));
        }
    }
}
