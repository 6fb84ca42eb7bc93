//! The annex of the management report: what stands behind its figures.

use jiff::ToSpan as _;
use jiff::civil::Date;
use yata_model::{FindingState, Message, SourceState};
use yata_report::{Block, Cell, Column, Span, Table};
use yata_store::{ByPriority, HeatRow, QueueRow};

use super::ask::{Ask, DueAsk};
use super::report_figures::{SETTLED, all_open, settled};
use super::report_text::Writer;
use super::say;

/// Most sources in the table.
const MAX_SOURCES: usize = 200;

/// Most days in the table of days: the latest on which anything happened.
const MAX_DAYS: usize = 120;

/// The blocks of the annex.
pub(crate) fn annex(writer: &Writer<'_>) -> Vec<Block> {
    let mut blocks = vec![writer.heading(1, "report-annex")];
    blocks.push(writer.heading(2, "report-actions"));
    blocks.push(Block::Table(actions(writer)));
    let shown = Message::new("report-actions-of")
        .with("shown", writer.figures.actions.len())
        .with("total", say::total(writer.figures.actions_total));
    blocks.push(Block::Note(vec![Span::Link { text: writer.caller.say(&shown), url: writer.at("/queue") }]));
    blocks.push(writer.heading(2, "report-weeks"));
    blocks.push(Block::Table(weeks(writer)));
    blocks.push(writer.heading(2, "report-settled"));
    if writer.figures.settled.is_empty() {
        blocks.push(Block::Paragraph(vec![Span::text(writer.text("report-accepted-none"))]));
    } else {
        blocks.push(Block::Table(settled_table(writer)));
    }
    if writer.figures.settled_total.rows > u64::from(SETTLED) {
        let more = Message::new("report-more").with("total", say::total(writer.figures.settled_total));
        blocks.push(Block::Note(vec![Span::Link { text: writer.caller.say(&more), url: writer.rows(&settled()) }]));
    }
    blocks.push(writer.heading(2, "report-days"));
    blocks.push(Block::Table(days(writer)));
    blocks.push(writer.heading(2, "report-sources"));
    if writer.figures.sources.is_empty() {
        blocks.push(Block::Paragraph(vec![Span::text(writer.text("report-says-no-sources"))]));
    } else {
        blocks.push(Block::Table(sources(writer)));
    }
    blocks.push(writer.heading(2, "report-method"));
    let points = ["report-method-rank", "report-method-links", "report-method-unknown", "report-method-days"];
    blocks.push(Block::List(points.map(|id| vec![Span::text(writer.text(id))]).to_vec()));
    blocks
}

/// Until when a finding is accepted or mitigated.
pub(crate) fn until(row: &QueueRow) -> Option<Date> {
    match row.finding.state {
        FindingState::Accepted { until } | FindingState::Mitigated { until } => Some(until),
        FindingState::Open | FindingState::FalsePositive | FindingState::Fixed => None,
    }
}

/// Columns by the ids of their titles, and whether they hold numbers.
fn columns(writer: &Writer<'_>, ids: &[(&str, bool)]) -> Vec<Column> {
    let column = |(id, number): &(&str, bool)| {
        let title = writer.text(id);
        if *number { Column::numbers(title) } else { Column::words(title) }
    };
    ids.iter().map(column).collect()
}

fn owner(writer: &Writer<'_>, row: &QueueRow) -> Cell {
    Cell::from(match row.owner.as_deref() {
        Some(owner) if !owner.is_empty() => say::clean(owner),
        _ => writer.text("ui-no-owner"),
    })
}

fn actions(writer: &Writer<'_>) -> Table {
    let heads = [
        ("asset-priority", false),
        ("report-action", false),
        ("report-asset", false),
        ("report-closes", true),
        ("asset-due", false),
        ("assets-owner", false),
    ];
    let row = |row: &QueueRow| {
        let closes = Ask { action: Some(row.action.id.clone()), ..all_open() };
        let due = row.due.map_or_else(|| writer.text("report-no-day"), |due| due.to_string());
        let what = say::remedy(writer.caller, &row.finding, &row.action.remedy, 1);
        let asset = writer.at(&format!("/assets/{}", crate::form::encoded(&row.finding.asset_id)));
        vec![
            Cell::from(say::priority_name(writer.caller.lang, row.priority)),
            Cell::link(what, writer.at(&format!("/findings/{}", row.finding.id))),
            Cell::link(say::clean(&row.asset_name), asset),
            Cell::link(say::number(row.action.findings), writer.rows(&closes)),
            Cell::from(due),
            owner(writer, row),
        ]
    };
    let rows = writer.figures.actions.iter().map(row).collect();
    Table { caption: writer.dated("report-actions"), columns: columns(writer, &heads), rows }
}

fn weeks(writer: &Writer<'_>) -> Table {
    let heat = &writer.figures.heat;
    let mut heads = columns(writer, &[("assets-service", false), ("risk-map-earlier", true)]);
    heads.extend(heat.weeks.iter().map(|week| Column::numbers(week.strftime("%m/%d").to_string())));
    heads.extend(columns(writer, &[("risk-map-later", true), ("risk-map-undated", true)]));
    let first = heat.weeks.first().copied().unwrap_or_default();
    let last = heat.weeks.last().map_or(first, |week| week.saturating_add(6.days()));
    let row = |row: &HeatRow| {
        let ask = |due| Ask { services: vec![row.service.clone()], due, ..all_open() };
        let cell = |counts: &ByPriority, due: DueAsk| match counts.sum() {
            0 => Cell::from("·"),
            count => Cell::link(say::number(count), writer.rows(&ask(Some(due)))),
        };
        let name = match row.service.as_str() {
            "" => writer.text("assets-no-service"),
            id => say::service_name(writer.caller.lang, &writer.figures.services, id),
        };
        let mut cells = vec![Cell::link(name, writer.rows(&ask(None)))];
        cells.push(cell(&row.earlier, DueAsk::Days(None, Some(first.saturating_sub(1.days())))));
        for (counts, week) in row.weeks.iter().zip(&heat.weeks) {
            cells.push(cell(counts, DueAsk::Days(Some(*week), Some(week.saturating_add(6.days())))));
        }
        cells.push(cell(&row.later, DueAsk::Days(Some(last.saturating_add(1.days())), None)));
        cells.push(cell(&row.undated, DueAsk::Undated));
        cells
    };
    let rows = heat.services.iter().map(row).collect();
    Table { caption: writer.dated("report-weeks"), columns: heads, rows }
}

fn settled_table(writer: &Writer<'_>) -> Table {
    let heads = [
        ("asset-what", false),
        ("asset-title", false),
        ("report-asset", false),
        ("report-state", false),
        ("report-until", false),
        ("report-by", false),
    ];
    let row = |(row, by): &(QueueRow, Option<String>)| {
        let unknown = || writer.text("report-unknown");
        vec![
            Cell::link(say::label(&row.finding), writer.at(&format!("/findings/{}", row.finding.id))),
            Cell::from(say::title(writer.caller.lang, &row.finding)),
            Cell::from(say::clean(&row.asset_name)),
            Cell::from(say::status_name(writer.caller.lang, row.status)),
            Cell::from(until(row).map_or_else(unknown, |day| day.to_string())),
            Cell::from(by.as_ref().map_or_else(unknown, |by| say::clean(by))),
        ]
    };
    let rows = writer.figures.settled.iter().map(row).collect();
    Table { caption: writer.dated("report-settled"), columns: columns(writer, &heads), rows }
}

fn days(writer: &Writer<'_>) -> Table {
    let heads = [("risk-map-day", false), ("report-opened", true), ("report-closed", true), ("report-open", true)];
    let moved = writer.period().filter(|day| day.opened.sum() + day.closed.sum() > 0);
    let mut rows: Vec<Vec<Cell>> = moved
        .map(|day| {
            let number = |counts: &ByPriority| Cell::from(say::number(counts.sum()));
            vec![Cell::from(day.day.to_string()), number(&day.opened), number(&day.closed), number(&day.open)]
        })
        .collect();
    rows.drain(..rows.len().saturating_sub(MAX_DAYS));
    Table { caption: writer.dated("report-days"), columns: columns(writer, &heads), rows }
}

fn sources(writer: &Writer<'_>) -> Table {
    let heads = [
        ("sources-name", false),
        ("sources-standing", false),
        ("sources-date", false),
        ("sources-records", true),
        ("sources-said-by", false),
    ];
    let rows = writer.figures.sources.iter().take(MAX_SOURCES).map(|source| {
        let standing = match source.status.state {
            SourceState::Fresh => "sources-fresh",
            SourceState::Stale => "sources-stale",
            SourceState::Partial => "sources-partial",
            SourceState::Missing => "sources-missing",
            SourceState::Broken => "sources-broken",
        };
        let date = source.status.date.map_or_else(|| writer.text("report-unknown"), |date| date.to_string());
        let at = source.reported_at.to_zoned(writer.console.settings.time_zone.clone());
        vec![
            Cell::link(say::clean(&source.status.name), writer.at("/sources")),
            Cell::from(writer.text(standing)),
            Cell::from(date),
            Cell::from(say::number(source.status.records)),
            Cell::from(format!("{} {}", say::clean(&source.reported_by), at.strftime("%Y-%m-%d"))),
        ]
    });
    Table { caption: writer.dated("report-sources"), columns: columns(writer, &heads), rows: rows.collect() }
}
