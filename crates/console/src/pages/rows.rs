//! Rows of the queue as a table: on its own page, and where another page shows some of them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};
use yata_model::{BusinessService, Message};
use yata_store::{FindingStatus, Judged, QueueRow};

use super::ask::Ask;
use super::deed_form::item_value;
use super::say;
use crate::caller::Caller;
use crate::problem::Refusal;
use crate::state::Console;

/// Advisory ids that are named for one finding.
const IDS_COUNT: usize = 2;

/// Rows with what they need beside themselves.
pub(crate) struct Rows<'a> {
    pub(crate) rows: &'a [QueueRow],
    pub(crate) judged: &'a BTreeMap<String, Judged>,
    pub(crate) services: &'a [BusinessService],
    pub(crate) today: Date,
    /// Whether rows can be selected.
    pub(crate) selectable: bool,
    /// Whether each row stands for all findings that its act closes.
    pub(crate) grouped: bool,
}

/// The reasons and decisions behind rows, by finding.
pub(crate) async fn judged(
    console: &Console,
    rows: &[QueueRow],
    today: Date,
) -> Result<BTreeMap<String, Judged>, Refusal> {
    let ids: Vec<String> = rows.iter().map(|row| row.finding.id.clone()).collect();
    let judged = console.store.judged_all(&ids, today).await?;
    Ok(judged.into_iter().map(|one| (one.risk.finding.id.clone(), one)).collect())
}

impl Rows<'_> {
    /// The table.
    pub(crate) fn table(&self, caller: &Caller, name: &str) -> Markup {
        html! {
            div .scroll role="region" tabindex="0" aria-label=(name) {
                table .cards.queue data-rows {
                    caption .unseen { (name) }
                    thead {
                        tr {
                            @if self.selectable {
                                th .pick-column scope="col" {
                                    label .pick hidden {
                                        input type="checkbox" data-all;
                                        span .unseen { (caller.text("queue-select-all")) }
                                    }
                                    span .unseen { (caller.text("queue-select")) }
                                }
                            }
                            th scope="col" { (caller.text("queue-col-priority")) }
                            th scope="col" { (caller.text("queue-col-due")) }
                            th scope="col" { (caller.text("queue-col-what")) }
                            th scope="col" { (caller.text("queue-col-asset")) }
                            th scope="col" { (caller.text("queue-col-why")) }
                            th scope="col" { (caller.text("queue-col-fix")) }
                            th scope="col" { (caller.text("queue-col-state")) }
                        }
                    }
                    tbody { @for row in self.rows { (self.row(caller, row)) } }
                }
            }
        }
    }

    fn row(&self, caller: &Caller, row: &QueueRow) -> Markup {
        let judged = self.judged.get(&row.finding.id);
        let investigate = judged.is_some_and(|one| one.risk.decision.outcome.investigate);
        let is_open = row.status == FindingStatus::Open;
        html! {
            tr data-id=(row.finding.id) {
                @if self.selectable {
                    td .pick-column {
                        label .pick {
                            input type="checkbox" name="item" value=(item_value(&row.finding));
                            span .unseen { (caller.say(&Message::new("queue-select-one").with("what", say::label(&row.finding)))) }
                        }
                    }
                }
                td data-label=(caller.text("queue-col-priority")) {
                    (say::priority(caller, row.priority)) " "
                    (say::ai(caller, row.ai))
                    @if investigate && is_open { " " span .tag.bad { (caller.text("queue-investigate")) } }
                }
                td data-label=(caller.text("queue-col-due")) {
                    @if is_open { (say::due(caller, row.due, self.today)) }
                }
                (self.what(caller, row))
                td .asset-column data-label=(caller.text("queue-col-asset")) {
                    (say::asset_link(&row.finding.asset_id, &row.asset_name))
                    div .small.quiet {
                        @if let Some(service) = row.service.as_deref().filter(|id| !id.is_empty()) {
                            (say::service_name(caller.lang, self.services, service)) " · "
                        }
                        (say::owner(caller, row.owner.as_deref()))
                    }
                }
                td .why-column data-label=(caller.text("queue-col-why")) {
                    @if let Some(reason) = judged.and_then(|one| one.risk.reasons.first()) { (say::say(caller, reason)) }
                }
                td .fix-column data-label=(caller.text("queue-col-fix")) { (self.fix(caller, row)) }
                td data-label=(caller.text("queue-col-state")) {
                    (say::state_tag(caller, &row.finding.state, row.status))
                    @if let Some(name) = row.assignee.as_deref() { div .small { (say::clean(name)) } }
                    @else if is_open { div .small.quiet { (caller.text("queue-unassigned")) } }
                }
            }
        }
    }

    fn what(&self, caller: &Caller, row: &QueueRow) -> Markup {
        let finding = &row.finding;
        let mut ids: Vec<String> = std::iter::once(&finding.rule)
            .chain(finding.ids.iter().filter(|id| **id != finding.rule))
            .take(IDS_COUNT)
            .map(|id| say::clean(id))
            .collect();
        if finding.subject.component().is_none() {
            ids.truncate(1);
        }
        html! {
            th .what-column scope="row" data-label=(caller.text("queue-col-what")) {
                a href={ "/findings/" (finding.id) } { (say::label(finding)) }
                div .small.quiet.mono { (ids.join(" ")) }
                div .small { (say::title(caller.lang, finding)) }
                @if let Some(place) = say::first_place(&finding.subject).filter(|_| finding.subject.component().is_none()) {
                    div .small.quiet { (place) }
                }
            }
        }
    }

    fn fix(&self, caller: &Caller, row: &QueueRow) -> Markup {
        let closes = row.action.findings;
        if !(self.grouped && row.status == FindingStatus::Open) {
            return html! { (say::remedy(caller, &row.finding, &row.finding.remedy, 1)) };
        }
        let all = Ask { action: Some(row.action.id.clone()), single: true, ..Ask::default() };
        let count = i64::try_from(closes).unwrap_or(i64::MAX);
        html! {
            (say::remedy(caller, &row.finding, &row.action.remedy, 1))
            @if closes > 1 {
                div .small { a href=(all.url()) { (caller.say(&Message::new("queue-closes").with("count", count))) } }
            }
        }
    }
}
