//! The risk map: nine scenarios by where AI enters, services by week, and how the list shrinks.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::Method;
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};
use yata_chart::{BurnDown, Due, HeatCell, HeatMap, HeatRow, Number, burn_down, heat_map};
use yata_model::{BusinessService, Scenario};
use yata_store::{AiFactor, BurnDay, ByPriority, Heat, RiskMap};

use super::ask::{Ask, DueAsk};
use super::drawing::{chart_day, dates, figure, frame};
use super::say;
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::layout;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

/// Weeks of the heat map, from this one on.
const WEEKS: u32 = 10;
/// Days of the burn-down before today.
const PAST_DAYS: i64 = 60;
/// Days of the burn-down after today: what is due.
const COMING_DAYS: i64 = 30;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::GET, "/risk-map", Need::Right(Right::Read), get(page))
}

async fn page(State(console): State<Arc<Console>>, caller: Caller) -> Result<Response, Refusal> {
    let today = console.today();
    let map = console.store.risk_map().await?;
    let heat = console.store.heat(monday(today), WEEKS).await?;
    let from = today.saturating_sub(PAST_DAYS.days());
    let burn = console.store.burn_down(from, today.saturating_add(COMING_DAYS.days()), None).await?;
    let first = console.store.first_day().await?;
    let services = console.store.services().await?;
    let body = html! {
        p .lead { (caller.text("risk-map-lead")) }
        section { h2 { (caller.text("risk-map-scenarios")) } (scenarios(&caller, &map)) }
        section { h2 { (caller.text("risk-map-heat")) } (heat_figure(&caller, &heat, &services)) }
        section { h2 { (caller.text("risk-map-burn")) } (burn_figure(&caller, &burn, first, today)) }
    };
    Ok(layout::page(&caller, &caller.text("nav-risk-map"), &body))
}

/// The first day of a week.
fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

const FACTORS: [AiFactor; 4] = [AiFactor::Threat, AiFactor::Vulnerability, AiFactor::Asset, AiFactor::None];

/// The nine scenarios: a row each, with where AI enters, each number a link to its rows.
fn scenarios(caller: &Caller, map: &RiskMap) -> Markup {
    let of = |scenario: Scenario, factor: AiFactor| {
        let cell = map.cells.iter().find(|cell| cell.scenario == scenario && cell.ai == factor);
        cell.map(|cell| cell.findings).unwrap_or_default()
    };
    let sum = |scenario: Scenario| {
        map.scenarios.iter().find(|(one, _)| *one == scenario).map(|(_, counts)| *counts).unwrap_or_default()
    };
    html! {
        div .scroll role="region" tabindex="0" aria-label=(caller.text("risk-map-scenarios")) {
            table .matrix {
                thead { tr {
                    th scope="col" { (caller.text("risk-map-scenario")) }
                    @for factor in FACTORS { th .num scope="col" { (say::ai_name(caller.lang, factor)) } }
                    th .num scope="col" { (caller.text("risk-map-all")) }
                } }
                tbody {
                    @for scenario in Scenario::ALL {
                        tr {
                            th scope="row" {
                                span .quiet { (scenario.number()) ". " }
                                (caller.text(&format!("scenario-{}", scenario.number())))
                            }
                            @for factor in FACTORS {
                                @let ask = Ask { scenarios: vec![scenario], ai: vec![factor], single: true, ..Ask::default() };
                                td .num { (cell(&of(scenario, factor), &ask)) }
                            }
                            @let ask = Ask { scenarios: vec![scenario], single: true, ..Ask::default() };
                            td .num { (cell(&sum(scenario), &ask)) }
                        }
                    }
                }
            }
        }
    }
}

/// A count with the most urgent part of it, or a dot for none.
fn cell(counts: &ByPriority, ask: &Ask) -> Markup {
    html! {
        @if counts.sum() == 0 { span .quiet { "·" } } @else {
            a href=(ask.url()) { (say::number(counts.sum())) }
            @if counts.immediate > 0 { " " span .immediate-text { "(" (say::number(counts.immediate)) ")" } }
        }
    }
}

fn number(count: u64, ask: &Ask) -> Number {
    // Counts are far below 2^53.
    Number::new(count as f64).link(ask.url())
}

fn heat_figure(caller: &Caller, heat: &Heat, services: &[BusinessService]) -> Markup {
    let mut columns = vec![caller.text("risk-map-earlier")];
    columns.extend(heat.weeks.iter().map(|week| week.strftime("%m/%d").to_string()));
    columns.extend([caller.text("risk-map-later"), caller.text("risk-map-undated")]);
    let rows = heat.services.iter().map(|row| {
        let ask =
            |due: DueAsk| Ask { services: vec![row.service.clone()], due: Some(due), single: true, ..Ask::default() };
        let cell = |counts: &ByPriority, due: DueAsk| {
            let value = counts.sum();
            let number = if value == 0 { Number::default() } else { number(value, &ask(due)) };
            HeatCell::from(number)
        };
        let first = heat.weeks.first().copied().unwrap_or_default();
        let last = heat.weeks.last().map_or(first, |week| week.saturating_add(6.days()));
        let mut cells = vec![cell(&row.earlier, DueAsk::Days(None, Some(first.saturating_sub(1.days()))))];
        cells.extend(
            row.weeks
                .iter()
                .zip(&heat.weeks)
                .map(|(counts, week)| cell(counts, DueAsk::Days(Some(*week), Some(week.saturating_add(6.days()))))),
        );
        cells.push(cell(&row.later, DueAsk::Days(Some(last.saturating_add(1.days())), None)));
        cells.push(cell(&row.undated, DueAsk::Undated));
        let all = Ask { services: vec![row.service.clone()], ..Ask::default() };
        HeatRow { label: service_label(caller, services, &row.service), href: Some(all.url()), cells }
    });
    let data = HeatMap {
        head: caller.text("risk-map-service"),
        value: caller.text("risk-map-open-due"),
        empty: caller.text("risk-map-none"),
        columns,
        rows: rows.collect(),
        max: None,
    };
    let title = caller.text("risk-map-heat");
    let chart = heat_map(&data, &frame(caller, "heat", &title, &caller.text("risk-map-heat-says"), 1_060, 320));
    figure(caller, &title, &chart)
}

fn service_label(caller: &Caller, services: &[BusinessService], id: &str) -> String {
    if id.is_empty() { caller.text("risk-map-no-service") } else { say::service_name(caller.lang, services, id) }
}

fn burn_figure(caller: &Caller, days: &[BurnDay], first: Option<Date>, today: Date) -> Markup {
    let title = caller.text("risk-map-burn");
    let data = burn_data(caller, days, first, today);
    let chart = burn_down(&data, &frame(caller, "burn", &title, &caller.text("risk-map-burn-says"), 1_060, 320));
    figure(caller, &title, &chart)
}

/// How the list shrinks, and what is due. Before the `first` day nothing was looked at: the line begins there, and not
/// with a zero that nobody counted.
pub(crate) fn burn_data(caller: &Caller, days: &[BurnDay], first: Option<Date>, today: Date) -> BurnDown {
    let all = Ask { single: true, ..Ask::default() };
    let is_known = |day: &&BurnDay| day.day <= today && first.is_some_and(|first| first <= day.day);
    let open = days.iter().filter(is_known).map(|day| {
        let count = if day.day == today { number(day.open.sum(), &all) } else { Number::new(day.open.sum() as f64) };
        (chart_day(day.day), count)
    });
    let due = days.iter().filter(|day| day.due.sum() > 0).map(|day| {
        let ask = Ask { due: Some(DueAsk::Days(Some(day.day), Some(day.day))), single: true, ..Ask::default() };
        Due { day: chart_day(day.day), label: String::new(), count: number(day.due.sum(), &ask) }
    });
    BurnDown {
        head: caller.text("risk-map-day"),
        value: caller.text("risk-map-open-findings"),
        open_name: caller.text("risk-map-open"),
        plan_name: caller.text("risk-map-plan"),
        due_name: caller.text("risk-map-due"),
        today_name: caller.text("nav-today"),
        open: open.collect(),
        plan: Vec::new(),
        due: due.collect(),
        today: Some(chart_day(today)),
        dates: dates(caller.lang),
    }
}
