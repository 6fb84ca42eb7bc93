//! What the pages show of the model, in the caller's language: one way for each thing.

use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use yata_model::{
    AdvisoryKind, Asset, BusinessService, Finding, FindingState, Message, Occurrence, Priority, Remedy, Secret, Subject,
};
use yata_store::{AiFactor, AiFlags, FindingStatus, Total};
use yata_words::{Lang, fact_value};

use super::ask::{SOON_DAYS, word_of};
use crate::caller::Caller;
use crate::state::Console;

/// How much of a commit's id is shown.
const COMMIT_CHARS: usize = 10;

/// Text from outside without control characters and bidirectional overrides: it must not reverse what stands beside it.
pub(crate) fn clean(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' | '\r' => ' ',
        c if c.is_control() || is_hidden(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// [`clean`], with its lines kept.
pub(crate) fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// A message, cleaned.
pub(crate) fn say(caller: &Caller, message: &Message) -> String {
    clean(&caller.say(message))
}

/// A number with its thousands apart.
pub(crate) fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A total: `1,234`, or `1,000+` where there are at least so many.
pub(crate) fn total(total: Total) -> String {
    format!("{}{}", number(total.rows), if total.is_exact { "" } else { "+" })
}

/// A count that leads to exactly its rows: an item of a list `.counts`. `class` is empty, `immediate` or `soon`.
pub(crate) fn count(name: &str, value: Total, hint: &str, href: &str, class: &str) -> Markup {
    let none = value.rows == 0;
    let class = if none { "" } else { class };
    html! {
        li {
            a.count.(class) href=(href) {
                span .name { (name) }
                span .value.none[none] { (total(value)) }
                @if !hint.is_empty() { span .quiet { (hint) } }
            }
        }
    }
}

/// What nobody can count yet, in a list `.counts`: never a zero.
pub(crate) fn unknown(caller: &Caller, name: &str, href: &str) -> Markup {
    html! {
        li {
            a .count href=(href) {
                span .name { (caller.text(name)) }
                span .value.none { (caller.text("report-unknown")) }
            }
        }
    }
}

/// A day.
pub(crate) fn day(day: Date) -> Markup {
    html! { time .nowrap datetime=(day) { (day) } }
}

/// A time, in the service's time zone.
pub(crate) fn moment(console: &Console, at: Timestamp) -> Markup {
    let local = at.to_zoned(console.settings.time_zone.clone());
    html! { time .nowrap datetime=(at) { (local.strftime("%Y-%m-%d %H:%M")) } }
}

/// The last day, and how far it is.
pub(crate) fn due(caller: &Caller, due: Option<Date>, today: Date) -> Markup {
    let Some(last) = due else { return html! { span .quiet { (caller.text("queue-due-none")) } } };
    let days = today.until(last).map_or(0, |span| i64::from(span.get_days()));
    let (message, class) = match days {
        ..0 => (Message::new("queue-due-over").with("days", -days), "overdue"),
        0 => (Message::new("queue-due-today"), "overdue"),
        1..=SOON_DAYS => (Message::new("queue-due-in").with("days", days), "soon-text"),
        _ => (Message::new("queue-due-in").with("days", days), ""),
    };
    html! { span.nowrap.(class) { (caller.say(&message)) } " " span .quiet { (day(last)) } }
}

/// How soon, as a sign.
pub(crate) fn priority(caller: &Caller, priority: Priority) -> Markup {
    html! { span.tag.(priority_class(priority)) { (priority_name(caller.lang, priority)) } }
}

/// The class of a priority.
pub(crate) fn priority_class(priority: Priority) -> &'static str {
    match priority {
        Priority::Immediate => "immediate",
        Priority::OutOfCycle => "out-of-cycle",
        Priority::Scheduled => "scheduled",
        Priority::Defer => "defer",
    }
}

/// The name of a priority.
pub(crate) fn priority_name(lang: Lang, priority: Priority) -> String {
    yata_words::text(lang, &format!("priority-{}", priority_class(priority)))
}

/// The sign that AI enters, and where.
pub(crate) fn ai(caller: &Caller, flags: AiFlags) -> Markup {
    let named = [
        (flags.threat, AiFactor::Threat),
        (flags.vulnerability, AiFactor::Vulnerability),
        (flags.asset, AiFactor::Asset),
    ];
    let names: Vec<String> =
        named.into_iter().filter(|(on, _)| *on).map(|(_, one)| ai_name(caller.lang, one)).collect();
    html! {
        @if !names.is_empty() {
            span .tag.ai { (caller.text("explain-ai")) " " (names.join(&caller.text("queue-comma"))) }
        }
    }
}

/// The name of a value of the filter on AI.
pub(crate) fn ai_name(lang: Lang, factor: AiFactor) -> String {
    yata_words::text(
        lang,
        match factor {
            AiFactor::Threat => "explain-threat",
            AiFactor::Vulnerability => "explain-vulnerability",
            AiFactor::Asset => "explain-asset",
            AiFactor::None => "queue-ai-none",
        },
    )
}

/// The name of a kind of finding.
pub(crate) fn kind_name(lang: Lang, kind: AdvisoryKind) -> String {
    fact_value(lang, &word_of(&kind))
}

/// The name of what became of a finding.
pub(crate) fn status_name(lang: Lang, status: FindingStatus) -> String {
    yata_words::text(lang, &format!("export-state-{}", word_of(&status)))
}

/// A state in words, with its last day.
pub(crate) fn state(caller: &Caller, state: &FindingState) -> String {
    caller.say(&match state {
        FindingState::Open => Message::new("state-open"),
        FindingState::Accepted { until } => Message::new("state-accepted").with("until", until.to_string()),
        FindingState::Mitigated { until } => Message::new("state-mitigated").with("until", until.to_string()),
        FindingState::FalsePositive => Message::new("state-false-positive"),
        FindingState::Fixed => Message::new("state-fixed"),
    })
}

/// A state as a sign.
pub(crate) fn state_tag(caller: &Caller, one: &FindingState, status: FindingStatus) -> Markup {
    let class = match status {
        FindingStatus::Open => "warn",
        FindingStatus::Fixed => "good",
        _ => "",
    };
    let name = if status == FindingStatus::Open { caller.text("state-open") } else { state(caller, one) };
    html! { span.tag.(class) { (name) } }
}

/// The name of a service, in the caller's language; its id where nothing is known of it.
pub(crate) fn service_name(lang: Lang, services: &[BusinessService], id: &str) -> String {
    let name = services.iter().find(|service| service.id == id).map(|service| match lang {
        Lang::Ja => service.name_ja.as_ref().unwrap_or(&service.name),
        Lang::En => &service.name,
    });
    clean(name.map_or(id, String::as_str))
}

/// What a finding is called: the package with its version, the redacted credential, the file of a configuration.
pub(crate) fn label(finding: &Finding) -> String {
    clean(&finding.subject.label())
}

/// What is the matter, in one line: the advisory's, or the rule's title for a credential or a configuration.
pub(crate) fn title(lang: Lang, finding: &Finding) -> String {
    if finding.subject.component().is_none() {
        let title = yata_words::render(lang, &Message::new("queue-rule-title").with("rule", finding.rule.as_str()));
        if title != finding.rule {
            return clean(&title);
        }
    }
    clean(&finding.title)
}

/// What to do.
pub(crate) fn remedy(caller: &Caller, finding: &Finding, remedy: &Remedy, closes: u64) -> String {
    let subject = &finding.subject;
    let from = subject.version().map_or_else(|| caller.text("ui-no-version"), clean);
    let message = match remedy {
        Remedy::Upgrade { to, compatible } => Message::new(match compatible {
            Some(true) => "ui-upgrade-compatible",
            Some(false) => "ui-upgrade-breaking",
            None => "ui-upgrade",
        })
        .with("to", to.as_str()),
        Remedy::Remove => Message::new("ui-remove"),
        Remedy::Replace => Message::new("ui-replace"),
        Remedy::Rotate => Message::new("ui-rotate").with("rule", finding.rule.as_str()),
        Remedy::Reconfigure => Message::new("ui-reconfigure").with("rule", finding.rule.as_str()),
        Remedy::NoneKnown if subject.version().is_none() => Message::new("ui-pin"),
        Remedy::NoneKnown => Message::new("ui-no-fix"),
    };
    let closes = i64::try_from(closes).unwrap_or(i64::MAX);
    say(caller, &message.with("package", subject.name()).with("from", from).with("closes", closes))
}

/// A place: the file and line.
pub(crate) fn place(occurrence: &Occurrence) -> String {
    match occurrence.line {
        Some(line) => format!("{}:{line}", clean(&occurrence.file)),
        None => clean(&occurrence.file),
    }
}

/// Where a credential came into the history.
pub(crate) fn past_places(caller: &Caller, secret: &Secret) -> Vec<String> {
    let say_one = |past: &yata_model::PastPlace| {
        let commit: String = past.commit.as_deref().unwrap_or_default().chars().take(COMMIT_CHARS).collect();
        let message = match (&past.author, past.at) {
            (Some(author), Some(at)) => Message::new("ui-past-place")
                .with("author", author.name.as_str())
                .with("date", at.strftime("%Y-%m-%d").to_string()),
            _ => Message::new("ui-past-unreachable"),
        };
        let line = past.line.map(|line| format!(":{line}")).unwrap_or_default();
        say(caller, &message.with("file", format!("{}{line}", past.file)).with("commit", commit))
    };
    secret.past.iter().map(say_one).collect()
}

/// The way of dependencies to a component.
pub(crate) fn path(caller: &Caller, steps: &[String]) -> Markup {
    html! {
        ol .path aria-label=(caller.text("finding-path")) {
            @for step in steps { li { code { (clean(step)) } } }
        }
    }
}

/// The owner of an asset, or that it has none.
pub(crate) fn owner(caller: &Caller, owner: Option<&str>) -> Markup {
    html! {
        @match owner {
            Some(name) if !name.is_empty() => { (clean(name)) }
            _ => span .soon-text { (caller.text("ui-no-owner")) }
        }
    }
}

/// An asset's name, as a link to its page.
pub(crate) fn asset_link(id: &str, name: &str) -> Markup {
    html! { a href={ "/assets/" (crate::form::encoded(id)) } { (clean(name)) } }
}

/// What a person should know of an asset's worth: exposure and impact.
pub(crate) fn asset_values(caller: &Caller, asset: &Asset) -> [(String, String); 2] {
    let value = |word: String| fact_value(caller.lang, &word);
    [
        (caller.text("fact-exposure"), value(word_of(&asset.exposure))),
        (caller.text("fact-mission-impact"), value(word_of(&asset.mission_impact))),
    ]
}

/// Whether an address from outside may be linked to: a web page, nothing that runs.
pub(crate) fn web_address(url: &str) -> Option<&str> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme)?;
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    (is_web && !url.chars().any(|c| c.is_control() || c.is_whitespace())).then_some(url)
}

/// The way to the pages above.
pub(crate) fn crumbs(caller: &Caller, steps: &[(&str, String)], here: &str) -> Markup {
    html! {
        nav .crumbs aria-label=(caller.text("queue-crumbs")) {
            ol {
                @for (href, name) in steps { li { a href=(href) { (name) } } }
                li { span aria-current="page" { (here) } }
            }
        }
    }
}

/// Below a list: how many rows there are, and the way on. `first` where this is not the first page.
pub(crate) fn pager(caller: &Caller, shown: usize, all: Total, first: Option<&str>, next: Option<&str>) -> Markup {
    let message = Message::new("queue-shown").with("shown", shown).with("total", total(all));
    html! {
        nav .pager aria-label=(caller.text("queue-pages")) data-part {
            span .quiet { (caller.say(&message)) }
            span .buttons {
                @if let Some(first) = first { a .button.slim href=(first) { (caller.text("queue-first-page")) } }
                @if let Some(next) = next { a .button.slim rel="next" href=(next) { (caller.text("queue-next-page")) } }
            }
        }
    }
}

/// Whether a subject has a place that can be shown.
pub(crate) fn first_place(subject: &Subject) -> Option<String> {
    subject.occurrences().first().map(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(1_234_567), "1,234,567");
    }

    #[test]
    fn only_web_pages_are_linked_to() {
        assert!(web_address("https://example.org/a?b#c").is_some());
        for bad in ["javascript:alert(1)", "javascript://x", "data:text/html,x", "https:", "https://a b", "//x", ""] {
            assert!(web_address(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn nothing_reverses_the_line() {
        assert_eq!(clean("a\u{202e}b\nc"), "a\u{fffd}b c");
        assert_eq!(clean_lines("a\nb\u{7}"), "a\nb\u{fffd}");
    }
}
