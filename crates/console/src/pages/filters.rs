//! What the queue can be filtered by: every value a link, with its count.

use jiff::civil::Date;
use maud::{Markup, html};
use yata_model::{AdvisoryKind, BusinessService, Message, Scenario};
use yata_store::{AiFactor, FacetCounts, FindingStatus, Total};

use super::ask::{Ask, DueAsk, toggle};
use super::say;
use crate::caller::Caller;
use crate::problem::Refusal;
use crate::state::Console;

/// Values that are shown of one dimension: those with the most findings, and those that are chosen.
const SHOWN_VALUES: usize = 40;

/// How many rows each value would leave.
pub(crate) struct Facets {
    counts: FacetCounts,
    due: Vec<(DueAsk, Total)>,
    /// Whether the counts hold for all that is asked: some questions are not counted by value.
    exact: bool,
}

impl Facets {
    /// The counts for what is asked.
    pub(crate) async fn read(console: &Console, ask: &Ask, today: Date) -> Result<Self, Refusal> {
        let counts = console.store.facet_counts(&ask.filter(today), !ask.single).await?;
        let mut due = Vec::new();
        for (one, _) in DueAsk::WORDS {
            let asked = ask.but(|ask| ask.due = Some(one));
            due.push((one, console.store.queue_total(&asked.filter(today), !ask.single).await?));
        }
        let exact = ask.due.is_none()
            && ask.advisory.is_none()
            && ask.asset.is_none()
            && ask.assignee.is_none()
            && ask.action.is_none();
        Ok(Facets { counts, due, exact })
    }

    /// How many rows the page lists where that value is chosen; `None` where nobody counted them: beside questions that
    /// are not counted by value, and beside another value of the same dimension, whose rows it would add to.
    fn count<T: PartialEq>(&self, chosen: &[T], value: &T, count: u64) -> Option<Total> {
        let is_alone = chosen.iter().all(|one| one == value);
        (self.exact && is_alone).then_some(Total { rows: count, is_exact: true })
    }
}

/// One value of a dimension.
struct Value {
    name: String,
    count: Option<Total>,
    href: String,
    chosen: bool,
}

/// The search, and what is not chosen from a list.
pub(crate) fn search(caller: &Caller, ask: &Ask) -> Markup {
    let kept = ask.but(|ask| {
        ask.advisory = None;
        ask.assignee = None;
    });
    let mine = ask.but(|ask| ask.assignee = Some(caller.name().to_owned()));
    html! {
        form .bar.no-print method="get" action="/queue" role="search" data-part {
            @for (key, value) in kept.pairs() { input type="hidden" name=(key) value=(value); }
            label .unseen for="q-advisory" { (caller.text("queue-search")) }
            input #q-advisory .search type="search" name="advisory" value=[ask.advisory.as_deref()] placeholder=(caller.text("queue-search-hint")) data-search autocomplete="off" maxlength="200";
            label .unseen for="q-assignee" { (caller.text("deed-assignee")) }
            input #q-assignee .search type="text" name="assignee" value=[ask.assignee.as_deref()] placeholder=(caller.text("deed-assignee")) autocomplete="off" maxlength="200";
            button type="submit" { (caller.text("queue-search-do")) }
            a .chip href=(mine.url()) { (caller.text("queue-mine")) }
        }
    }
}

/// What is asked for, each part to be taken away.
pub(crate) fn chips(caller: &Caller, ask: &Ask, services: &[BusinessService]) -> Markup {
    let parts = parts(caller, ask, services);
    html! {
        @if !parts.is_empty() {
            div .bar.no-print data-part {
                span .small.quiet { (caller.text("queue-filtered-by")) }
                ul .chips {
                    @for (name, without) in &parts {
                        li {
                            a .chip.on href=(without.url()) {
                                (name)
                                span aria-hidden="true" { "×" }
                                span .unseen { (caller.text("queue-take-away")) }
                            }
                        }
                    }
                    li { a .chip href=(Ask { single: ask.single, ..Ask::default() }.url()) { (caller.text("queue-clear")) } }
                }
            }
        }
    }
}

/// A question of one value: the id of its name, its value, and how it is taken away.
type Single<'a> = (&'a str, &'a Option<String>, fn(&mut Ask));

fn parts(caller: &Caller, ask: &Ask, services: &[BusinessService]) -> Vec<(String, Ask)> {
    let lang = caller.lang;
    let named = |id: &str, name: String| format!("{}: {name}", caller.text(id));
    let mut parts = Vec::new();
    for value in &ask.services {
        let name = named("queue-by-service", service(caller, services, value));
        parts.push((name, ask.but(|ask| toggle(&mut ask.services, value.clone()))));
    }
    for value in &ask.owners {
        let name = named("queue-by-owner", owner(caller, value));
        parts.push((name, ask.but(|ask| toggle(&mut ask.owners, value.clone()))));
    }
    for value in &ask.kinds {
        parts.push((say::kind_name(lang, *value), ask.but(|ask| toggle(&mut ask.kinds, *value))));
    }
    for value in &ask.priorities {
        parts.push((say::priority_name(lang, *value), ask.but(|ask| toggle(&mut ask.priorities, *value))));
    }
    for value in &ask.scenarios {
        let name = named("explain-scenario", value.number().to_string());
        parts.push((name, ask.but(|ask| toggle(&mut ask.scenarios, *value))));
    }
    for value in &ask.ai {
        let name = named("explain-ai", say::ai_name(lang, *value));
        parts.push((name, ask.but(|ask| toggle(&mut ask.ai, *value))));
    }
    for value in &ask.states {
        parts.push((say::status_name(lang, *value), ask.but(|ask| toggle(&mut ask.states, *value))));
    }
    if let Some(due) = ask.due {
        parts.push((named("queue-col-due", due_name(caller, due)), ask.but(|ask| ask.due = None)));
    }
    let single: [Single<'_>; 4] = [
        ("queue-by-advisory", &ask.advisory, |ask| ask.advisory = None),
        ("queue-by-asset", &ask.asset, |ask| ask.asset = None),
        ("deed-assignee", &ask.assignee, |ask| ask.assignee = None),
        ("queue-by-one-action", &ask.action, |ask| ask.action = None),
    ];
    for (id, value, clear) in single {
        if let Some(value) = value {
            parts.push((named(id, say::clean(value)), ask.but(clear)));
        }
    }
    parts
}

/// All values, to choose from.
pub(crate) fn panel(caller: &Caller, ask: &Ask, facets: &Facets, services: &[BusinessService]) -> Markup {
    let lang = caller.lang;
    let counts = &facets.counts;
    let priorities = values(&counts.priorities, &ask.priorities, |value, count| Value {
        name: say::priority_name(lang, *value),
        count: facets.count(&ask.priorities, value, count),
        href: ask.but(|ask| toggle(&mut ask.priorities, *value)).url(),
        chosen: ask.priorities.contains(value),
    });
    let dues: Vec<Value> = facets
        .due
        .iter()
        .map(|(due, total)| Value {
            name: due_name(caller, *due),
            count: Some(*total),
            href: ask.but(|ask| ask.due = if ask.due == Some(*due) { None } else { Some(*due) }).url(),
            chosen: ask.due == Some(*due),
        })
        .collect();
    let by_service = values(&counts.services, &ask.services, |value: &String, count| Value {
        name: service(caller, services, value),
        count: facets.count(&ask.services, value, count),
        href: ask.but(|ask| toggle(&mut ask.services, value.clone())).url(),
        chosen: ask.services.contains(value),
    });
    let by_owner = values(&counts.owners, &ask.owners, |value: &String, count| Value {
        name: owner(caller, value),
        count: facets.count(&ask.owners, value, count),
        href: ask.but(|ask| toggle(&mut ask.owners, value.clone())).url(),
        chosen: ask.owners.contains(value),
    });
    let kinds = values(&counts.kinds, &ask.kinds, |value: &AdvisoryKind, count| Value {
        name: say::kind_name(lang, *value),
        count: facets.count(&ask.kinds, value, count),
        href: ask.but(|ask| toggle(&mut ask.kinds, *value)).url(),
        chosen: ask.kinds.contains(value),
    });
    let ai = values(&counts.ai, &ask.ai, |value: &AiFactor, count| Value {
        name: say::ai_name(lang, *value),
        count: facets.count(&ask.ai, value, count),
        href: ask.but(|ask| toggle(&mut ask.ai, *value)).url(),
        chosen: ask.ai.contains(value),
    });
    let scenarios = values(&counts.scenarios, &ask.scenarios, |value: &Scenario, count| Value {
        name: format!("{}. {}", value.number(), caller.text(&format!("scenario-{}", value.number()))),
        count: facets.count(&ask.scenarios, value, count),
        href: ask.but(|ask| toggle(&mut ask.scenarios, *value)).url(),
        chosen: ask.scenarios.contains(value),
    });
    let states = values(&counts.states, &ask.states, |value: &FindingStatus, count| Value {
        name: say::status_name(lang, *value),
        count: facets.count(&ask.states, value, count),
        href: ask.but(|ask| toggle(&mut ask.states, *value)).url(),
        chosen: ask.states.contains(value) || (ask.states.is_empty() && *value == FindingStatus::Open),
    });
    html! {
        div .quick.no-print data-part {
            (quick(&caller.text("queue-col-priority"), &priorities))
            (quick(&caller.text("queue-col-due"), &dues))
        }
        details #filters .panel.no-print open[ask.is_narrow()] {
            summary { (caller.text("queue-filters")) }
            @if !facets.exact { p .small.quiet { (caller.text("queue-counts-not")) } }
            div .filters data-part {
                (filter(&caller.text("queue-by-service"), &by_service))
                (filter(&caller.text("queue-by-owner"), &by_owner))
                (filter(&caller.text("queue-by-kind"), &kinds))
                (filter(&caller.text("queue-by-ai"), &ai))
                (filter(&caller.text("explain-scenario"), &scenarios))
                (filter(&caller.text("queue-col-state"), &states))
            }
        }
    }
}

/// The values with findings, and those that are chosen and have none.
fn values<T: Clone + PartialEq>(counts: &[(T, u64)], chosen: &[T], value: impl Fn(&T, u64) -> Value) -> Vec<Value> {
    let mut all: Vec<(T, u64)> = counts.to_vec();
    all.extend(chosen.iter().filter(|one| !counts.iter().any(|(known, _)| known == *one)).map(|one| (one.clone(), 0)));
    let shown = all.iter().enumerate().filter(|(at, (one, _))| *at < SHOWN_VALUES || chosen.contains(one));
    shown.map(|(_, (one, count))| value(one, *count)).collect()
}

fn quick(name: &str, values: &[Value]) -> Markup {
    html! {
        @if !values.is_empty() {
            div .line {
                span .small.quiet { (name) }
                ul .chips {
                    @for value in values {
                        li {
                            a .chip href=(value.href) aria-current=[value.chosen.then_some("true")] {
                                (value.name)
                                @if let Some(count) = value.count { span .num.quiet { (say::total(count)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn filter(name: &str, values: &[Value]) -> Markup {
    html! {
        @if !values.is_empty() {
            section .filter {
                h3 { (name) }
                ul {
                    @for value in values {
                        li {
                            a href=(value.href) aria-current=[value.chosen.then_some("true")] {
                                span { (value.name) }
                                @if let Some(count) = value.count { span .num { (say::total(count)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The name of a choice of last days.
pub(crate) fn due_name(caller: &Caller, due: DueAsk) -> String {
    match due {
        DueAsk::Overdue => caller.text("queue-overdue"),
        DueAsk::Soon => caller.text("queue-due-soon"),
        DueAsk::Week => caller.text("queue-due-week"),
        DueAsk::Month => caller.text("queue-due-month"),
        DueAsk::Undated => caller.text("queue-due-none"),
        DueAsk::Days(from, to) => {
            let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
            caller.say(&Message::new("queue-due-days").with("from", day(from)).with("to", day(to)))
        }
    }
}

fn service(caller: &Caller, services: &[BusinessService], id: &str) -> String {
    if id.is_empty() { caller.text("queue-no-service") } else { say::service_name(caller.lang, services, id) }
}

fn owner(caller: &Caller, name: &str) -> String {
    if name.is_empty() { caller.text("ui-no-owner") } else { say::clean(name) }
}
