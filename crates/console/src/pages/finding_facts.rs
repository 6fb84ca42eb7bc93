//! What is known of one finding: reasons, remedy, factors, facts, places, advisory.

use maud::{Markup, html};
use yata_model::{Factor, FindingState, Message, Occurrence, Remedy, Standing};
use yata_ruler::{facts as ruler_facts, how};
use yata_words::fact_value;

use super::ask::Ask;
use super::finding::{Shown, ruled_by, window};
use super::say;
use crate::caller::Caller;

/// Places that are shown before the rest is folded away.
const SHOWN_PLACES: usize = 10;

/// Most places of one finding.
const MAX_PLACES: usize = 500;

/// Most links of an advisory.
const MAX_REFERENCES: usize = 20;

/// Why it stands where it stands, and what would move it.
pub(crate) fn why(caller: &Caller, shown: &Shown) -> Markup {
    let risk = &shown.judged.risk;
    html! {
        section .panel {
            h2 { (caller.text("finding-why")) }
            ol .reasons { @for reason in &risk.reasons { li { (say::say(caller, reason)) } } }
            @if !risk.would_change.is_empty() {
                div .note {
                    h3 { (caller.text("explain-would-change")) }
                    ul { @for change in &risk.would_change { li { (say::say(caller, change)) } } }
                }
            }
        }
    }
}

/// What to do.
pub(crate) fn fix(caller: &Caller, shown: &Shown) -> Markup {
    let judged = &shown.judged;
    let finding = &judged.risk.finding;
    if finding.state == FindingState::Fixed {
        return html! {};
    }
    let remedy = &judged.action.remedy;
    let command = how(remedy, &finding.subject, &finding.rule);
    let is_command = command.as_ref().is_some_and(|message| message.id == "how-run");
    let command = command.map(|message| say::say(caller, &message)).filter(|text| !text.is_empty());
    let others = judged.action.findings;
    let all = Ask { action: Some(judged.action.id.clone()), single: true, ..Ask::default() };
    html! {
        section .panel {
            h2 { (caller.text("finding-fix")) }
            p .strong { (say::remedy(caller, finding, remedy, 1)) }
            @if let Some(text) = &command {
                @if is_command {
                    div .command {
                        pre tabindex="0" { code { (text) } }
                        button .slim.no-print type="button" hidden data-copy=(text) data-done=(caller.text("finding-copied")) {
                            (caller.text("finding-copy"))
                        }
                    }
                } @else {
                    p { (text) }
                }
            }
            @if others > 1 {
                @let count = i64::try_from(others).unwrap_or(i64::MAX);
                p { a href=(all.url()) { (caller.say(&Message::new("queue-closes").with("count", count))) } }
            }
            @if judged.risk.decision.outcome.investigate {
                div .note.bad { p { strong { (caller.text("queue-investigate")) } " – " (caller.text(investigate(shown))) } }
            }
            @if let Some(text) = window(caller, shown) { div .note.warn { p { (text) } } }
            @if matches!(remedy, Remedy::NoneKnown) { p .quiet { (caller.text("finding-no-fix")) } }
        }
    }
}

/// Why to look for signs of use: because it is exploited, or because nobody could check.
fn investigate(shown: &Shown) -> &'static str {
    let facts = &shown.judged.risk.facts;
    let exploited = facts.iter().find(|(name, _)| name == ruler_facts::name::KNOWN_EXPLOITED);
    let assumed = exploited.is_some_and(|(_, fact)| fact.is_assumed());
    let is_malware = shown.judged.risk.finding.kind == yata_model::AdvisoryKind::Malware;
    if assumed && !is_malware { "ui-investigate-assumed" } else { "ui-investigate" }
}

/// The three factors, the scenario, and what each table says.
pub(crate) fn factors(caller: &Caller, shown: &Shown) -> Markup {
    let risk = &shown.judged.risk;
    let number = risk.scenario.number();
    let scenario = Ask { scenarios: vec![risk.scenario], ..Ask::default() };
    html! {
        section .panel {
            h2 { (caller.text("explain-factors")) }
            div .grid.factors {
                (factor(caller, "explain-threat", &risk.threat))
                (factor(caller, "explain-vulnerability", &risk.vulnerability))
                (factor(caller, "explain-asset", &risk.asset))
            }
            dl .facts {
                dt { (caller.text("explain-scenario")) }
                dd { a href=(scenario.url()) { (number) ". " (caller.text(&format!("scenario-{number}"))) } }
                dt { (caller.text("explain-ruled-by")) } dd { (ruled_by(caller, &risk.decision.ruled_by)) }
                dt { (caller.text("finding-clock")) } dd { (say::day(risk.decision.clock_started)) }
            }
            @if !risk.decision.tables.is_empty() {
                details {
                    summary { (caller.text("finding-tables")) }
                    div .scroll role="region" tabindex="0" aria-label=(caller.text("finding-tables")) {
                        table {
                            thead {
                                tr {
                                    th scope="col" { (caller.text("finding-table")) }
                                    th scope="col" { (caller.text("finding-inputs")) }
                                    th scope="col" { (caller.text("explain-outcome")) }
                                }
                            }
                            tbody {
                                @for table in &risk.decision.tables {
                                    tr {
                                        th scope="row" { (say::clean(&table.table)) }
                                        td { @for (point, value) in &table.inputs { div { (say::clean(point)) " = " (say::clean(value)) } } }
                                        td { (say::clean(&table.outcome_name)) " " (say::priority(caller, table.outcome.priority)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn factor(caller: &Caller, name: &str, factor: &Factor) -> Markup {
    html! {
        div .factor.on[factor.ai] {
            h3 { (caller.text(name)) " " @if factor.ai { span .tag.ai { (caller.text("explain-ai")) } } }
            p { (say::say(caller, &factor.why)) }
        }
    }
}

/// Every input of the decision, with its source, date and standing.
pub(crate) fn facts(caller: &Caller, shown: &Shown) -> Markup {
    let title = caller.text("explain-facts");
    html! {
        section {
            h2 { (title) }
            div .scroll role="region" tabindex="0" aria-label=(title) {
                table .cards {
                    thead {
                        tr {
                            th scope="col" { (caller.text("finding-fact")) }
                            th scope="col" { (caller.text("finding-value")) }
                            th scope="col" { (caller.text("finding-fact-standing")) }
                            th scope="col" { (caller.text("export-md-col-source")) }
                            th scope="col" { (caller.text("export-md-col-date")) }
                        }
                    }
                    tbody {
                        @for (name, fact) in &shown.judged.risk.facts {
                            tr {
                                th scope="row" { (caller.text(&format!("fact-{name}"))) }
                                td data-label=(caller.text("finding-value")) { (say::clean(&fact_value(caller.lang, &fact.value))) }
                                td data-label=(caller.text("finding-fact-standing")) { (standing(caller, fact.standing)) }
                                td data-label=(caller.text("export-md-col-source")) { (say::clean(&fact.source)) }
                                td data-label=(caller.text("export-md-col-date")) { @if let Some(date) = fact.date { (say::day(date)) } }
                            }
                        }
                    }
                }
            }
            @if shown.judged.risk.facts.iter().any(|(_, fact)| fact.is_assumed()) {
                p .small.quiet { (caller.text("finding-assumed")) }
            }
        }
    }
}

fn standing(caller: &Caller, standing: Standing) -> Markup {
    let (id, class) = match standing {
        Standing::Checked => ("standing-checked", "good"),
        Standing::Derived => ("standing-derived", ""),
        Standing::Stale => ("standing-stale", "warn"),
        Standing::Unknown => ("standing-unknown", "warn"),
    };
    html! { span.tag.(class) { (caller.text(id)) } }
}

/// Where it stands, and how it came there.
pub(crate) fn places(caller: &Caller, shown: &Shown) -> Markup {
    let subject = &shown.judged.risk.finding.subject;
    let occurrences = subject.occurrences();
    let past = subject.secret().map(|secret| say::past_places(caller, secret)).unwrap_or_default();
    let (first, rest) = occurrences.split_at(occurrences.len().min(SHOWN_PLACES));
    let rest = rest.get(..rest.len().min(MAX_PLACES)).unwrap_or_default();
    html! {
        @if !occurrences.is_empty() || !past.is_empty() {
            section .panel {
                h2 { (caller.text("explain-places")) }
                ul .plain.places { @for one in first { (place(caller, one)) } }
                @if !rest.is_empty() {
                    details {
                        summary { (caller.say(&Message::new("ui-and-more").with("count", occurrences.len() - first.len()))) }
                        ul .plain.places { @for one in rest { (place(caller, one)) } }
                    }
                }
                @if !past.is_empty() {
                    h3 { (caller.text("finding-past")) }
                    ul { @for one in past.iter().take(MAX_PLACES) { li { (one) } } }
                }
            }
        }
    }
}

fn place(caller: &Caller, occurrence: &Occurrence) -> Markup {
    html! {
        li {
            code { (say::place(occurrence)) } " "
            span .small.quiet {
                (fact_value(caller.lang, scope_word(occurrence)))
                @match occurrence.direct {
                    Some(true) => { " · " (caller.text("finding-direct")) }
                    Some(false) => { " · " (caller.text("finding-indirect")) }
                    None => {}
                }
            }
            @if occurrence.path.len() > 1 { (say::path(caller, &occurrence.path)) }
        }
    }
}

fn scope_word(occurrence: &Occurrence) -> &'static str {
    match occurrence.scope {
        yata_model::Scope::Runtime => "runtime",
        yata_model::Scope::Optional => "optional",
        yata_model::Scope::Development => "development",
    }
}

/// What stands in a configuration, why it matters and whose word it is.
pub(crate) fn configuration(caller: &Caller, shown: &Shown) -> Markup {
    let finding = &shown.judged.risk.finding;
    let Some(one) = finding.subject.misconfiguration() else { return html! {} };
    let about = Message::new("agents-reason-why").with("rule", finding.rule.as_str());
    let layer = match one.layer.as_str() {
        "managed" => "agents-scope-managed",
        "system" => "agents-scope-system",
        "user" => "agents-scope-user",
        "plugin" => "agents-scope-plugin",
        "local" => "agents-scope-local",
        _ => "agents-scope-project",
    };
    html! {
        section .panel {
            h2 { (say::title(caller.lang, finding)) }
            p { (say::say(caller, &about)) }
            dl .facts {
                @if !one.evidence.is_empty() {
                    dt { (caller.text("agents-evidence")) } dd { code { (say::clean(&one.evidence)) } }
                }
                @if !one.product.is_empty() {
                    dt { (caller.text("agents-label-agents")) } dd { (say::clean(&one.product)) }
                }
                dt { (caller.text("agents-layer")) } dd { (caller.text(layer)) }
                @if let Some(owner) = &one.owner {
                    dt { (caller.text("agents-owner")) } dd { (say::clean(owner)) }
                }
                @if let Some(author) = &one.author {
                    dt { (caller.text("agents-author")) } dd { (say::clean(&author.name)) }
                }
            }
        }
    }
}

/// What the intelligence says.
pub(crate) fn advisory(caller: &Caller, shown: &Shown) -> Markup {
    let finding = &shown.judged.risk.finding;
    let Some(evidence) = &shown.judged.evidence else { return html! {} };
    let group = &evidence.group;
    let same = Ask { advisory: Some(finding.rule.clone()), single: true, ..Ask::default() };
    let ids: Vec<String> = group.ids.iter().map(|id| say::clean(id)).collect();
    let references: Vec<&str> = group.references.iter().filter_map(|one| say::web_address(&one.url)).collect();
    html! {
        section .panel {
            h2 { (caller.text("finding-advisory")) }
            p { (say::clean(&group.summary)) }
            dl .facts {
                dt { (caller.text("explain-also")) } dd .mono { (ids.join(", ")) }
                @if !group.sources.is_empty() {
                    dt { (caller.text("explain-sources")) } dd { (say::clean(&group.sources.join(", "))) }
                }
                @if let Some(at) = group.published {
                    dt { (caller.text("explain-published")) } dd { (say::day(at.to_zoned(jiff::tz::TimeZone::UTC).date())) }
                }
                @if !group.severities.is_empty() {
                    dt { (caller.text("explain-severity")) }
                    dd { @for one in &group.severities { div .mono { (say::clean(&one.value)) } } }
                }
                @if !group.cwes.is_empty() { dt { "CWE" } dd { (say::clean(&group.cwes.join(", "))) } }
                @if !references.is_empty() {
                    dt { (caller.text("explain-more")) }
                    dd {
                        @for url in references.iter().take(MAX_REFERENCES) {
                            div { a href=(url) rel="noopener noreferrer nofollow" { (say::clean(url)) } }
                        }
                    }
                }
            }
            p { a href=(same.url()) { (caller.text("finding-same-advisory")) } }
        }
    }
}
