//! From figures to the management report: one page, and an annex.

use jiff::civil::Date;
use yata_chart::burn_down;
use yata_model::{Message, Scenario, SourceState};
use yata_report::{Block, Cell, Column, Document, Drawing, KeyFigure, Span, Table};
use yata_store::{AiFactor, BurnDay, ByPriority, Total};
use yata_words::Lang;

use super::ask::Ask;
use super::asset_ask::{AssetAsk, Gap, UNSEEN_DAYS};
use super::drawing::frame;
use super::report_annex::annex;
use super::report_figures::{AHEAD_DAYS, Figures, all_open, overdue, settled, soon};
use super::risk_map::burn_data;
use super::{assets, say};
use crate::caller::Caller;
use crate::state::Console;

/// Where the four columns of the risk map come from.
const FACTORS: [AiFactor; 4] = [AiFactor::Threat, AiFactor::Vulnerability, AiFactor::Asset, AiFactor::None];

/// What the blocks are written with.
pub(crate) struct Writer<'a> {
    pub(crate) console: &'a Console,
    pub(crate) caller: &'a Caller,
    pub(crate) figures: &'a Figures,
    /// What stands before the path of every link; empty within the service.
    pub(crate) base: &'a str,
}

/// The report. `base` stands before the path of every link.
pub(crate) fn compose(console: &Console, caller: &Caller, figures: &Figures, base: &str) -> Document {
    let writer = Writer { console, caller, figures, base };
    let local = console.now().to_zoned(console.settings.time_zone.clone());
    let made = local.strftime("%Y-%m-%d %H:%M %Z").to_string();
    let organisation = match caller.lang {
        Lang::Ja => figures.organisation.name_ja.as_ref().unwrap_or(&figures.organisation.name),
        Lang::En => &figures.organisation.name,
    };
    let date = Message::new("report-dated").with("date", figures.today.to_string()).with("made", made.as_str());
    let period =
        Message::new("report-period").with("from", figures.from.to_string()).with("to", figures.today.to_string());
    let mut blocks = writer.first_page();
    blocks.push(Block::PageBreak);
    blocks.extend(annex(&writer));
    Document {
        lang: match caller.lang {
            Lang::Ja => yata_report::Lang::Ja,
            Lang::En => yata_report::Lang::En,
        },
        title: caller.text("report-title"),
        subtitle: caller.say(&period),
        organisation: say::clean(organisation),
        date: caller.say(&date),
        classification: Some(caller.text("report-classification")),
        blocks,
        footer: caller.say(&Message::new("report-footer").with("made", made)),
    }
}

impl Writer<'_> {
    pub(crate) fn text(&self, id: &str) -> String {
        self.caller.text(id)
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(crate) fn rows(&self, ask: &Ask) -> String {
        self.at(&ask.url())
    }

    fn gap(&self, gap: Gap) -> String {
        self.at(&AssetAsk::of_gap(gap).url())
    }

    pub(crate) fn heading(&self, level: u8, id: &str) -> Block {
        Block::Heading { level, text: self.text(id) }
    }

    /// Whether anything was assessed: else no number of findings says anything.
    fn is_known(&self) -> bool {
        self.figures.coverage.assets > 0
    }

    fn unknown(&self) -> String {
        self.text("report-unknown")
    }

    /// A number, or that it is not known.
    fn known(&self, total: Total) -> String {
        if self.is_known() { say::total(total) } else { self.unknown() }
    }

    /// The days of the period, up to today.
    pub(crate) fn period(&self) -> impl Iterator<Item = &BurnDay> {
        self.figures.days.iter().filter(|day| day.day <= self.figures.today)
    }

    fn first_page(&self) -> Vec<Block> {
        let mut blocks = vec![self.heading(1, "report-matters")];
        blocks.push(Block::Lead(self.sentences()));
        blocks.push(self.heading(1, "report-figures"));
        blocks.push(Block::Figures(self.finding_figures()));
        blocks.push(Block::Figures(self.register_figures()));
        blocks.push(self.heading(1, "report-course"));
        blocks.push(self.course());
        blocks.push(self.heading(1, "report-risks"));
        blocks.push(Block::Table(self.risk_table()));
        blocks.push(self.heading(1, "report-accepted"));
        blocks.push(self.accepted());
        blocks
    }

    /// What matters, in three sentences.
    fn sentences(&self) -> Vec<Span> {
        let figures = self.figures;
        if !self.is_known() {
            return vec![Span::text(self.text("report-nothing-known"))];
        }
        let link = |total: Total, ask: Ask| Span::Link { text: say::total(total), url: self.rows(&ask) };
        let (opened, closed) = self.moved();
        let course = Message::new("report-says-course")
            .with("from", figures.from.to_string())
            .with("opened", say::number(opened))
            .with("closed", say::number(closed));
        let stale = figures.sources.iter().filter(|source| source.status.state != SourceState::Fresh).count();
        let gaps = figures.coverage.no_owner + figures.coverage.no_exposure;
        let knowledge = match (figures.sources.len(), stale, gaps) {
            (0, ..) => Message::new("report-says-no-sources"),
            (_, 0, 0) => Message::new("report-says-all-known"),
            (all, stale, _) => Message::new("report-says-gaps")
                .with("owner", say::number(figures.coverage.no_owner))
                .with("exposure", say::number(figures.coverage.no_exposure))
                .with("assets", say::number(figures.coverage.assets))
                .with("stale", stale)
                .with("sources", all),
        };
        let text = |id: &str| Span::text(self.text(id));
        vec![
            text("report-says-open"),
            link(figures.total, all_open()),
            text("report-says-overdue"),
            link(figures.overdue, overdue(figures.today)),
            text("report-says-soon"),
            link(figures.soon, soon(figures.today)),
            text("report-says-end"),
            Span::text(self.caller.say(&course)),
            Span::text(self.text("report-between")),
            Span::text(self.caller.say(&knowledge)),
        ]
    }

    /// Opened and closed in the period.
    fn moved(&self) -> (u64, u64) {
        self.period().fold((0, 0), |(opened, closed), day| (opened + day.opened.sum(), closed + day.closed.sum()))
    }

    fn finding_figures(&self) -> Vec<KeyFigure> {
        let figures = self.figures;
        let mut open = ByPriority::default();
        for (priority, count) in &figures.open.priorities {
            let slot = match priority {
                yata_model::Priority::Immediate => &mut open.immediate,
                yata_model::Priority::OutOfCycle => &mut open.out_of_cycle,
                yata_model::Priority::Scheduled => &mut open.scheduled,
                yata_model::Priority::Defer => &mut open.defer,
            };
            *slot = *count;
        }
        let exactly = |rows: u64| Total { rows, is_exact: true };
        let figure = |label: String, total: Total, note: String, ask: &Ask| KeyFigure {
            label,
            value: self.known(total),
            note,
            link: Some(self.rows(ask)),
        };
        let by_priority = assets::by_priority(&open).map(|(priority, count)| {
            let ask = Ask { priorities: vec![priority], ..all_open() };
            figure(say::priority_name(self.caller.lang, priority), exactly(count), String::new(), &ask)
        });
        let ahead = self.caller.say(&Message::new("report-soon").with("days", AHEAD_DAYS));
        let mut all = by_priority.to_vec();
        all.push(figure(self.text("report-overdue"), figures.overdue, String::new(), &overdue(figures.today)));
        all.push(figure(ahead, figures.soon, String::new(), &soon(figures.today)));
        let (opened, closed) = self.moved();
        let days = self.at(&format!("/report?from={}&lang={}#days", figures.from, self.caller.lang.as_str()));
        let since = self.caller.say(&Message::new("report-since").with("date", figures.from.to_string()));
        for (id, count) in [("report-opened", opened), ("report-closed", closed)] {
            let (label, value) = (self.text(id), self.known(exactly(count)));
            all.push(KeyFigure { label, value, note: since.clone(), link: Some(days.clone()) });
        }
        all
    }

    fn register_figures(&self) -> Vec<KeyFigure> {
        let coverage = &self.figures.coverage;
        let number = |count: u64| if self.is_known() { say::number(count) } else { self.unknown() };
        let of = self.caller.say(&Message::new("report-of-assets").with("assets", say::number(coverage.assets)));
        let note = |count: u64| if count == 0 || !self.is_known() { String::new() } else { of.clone() };
        let figure = |label: String, value: String, note: String, link: String| KeyFigure {
            label,
            value,
            note,
            link: Some(link),
        };
        let unseen = self.caller.say(&Message::new("assets-unseen").with("days", UNSEEN_DAYS));
        let orphaned = if self.figures.knows_staff { number(coverage.orphaned) } else { self.unknown() };
        let sources = &self.figures.sources;
        let fresh = sources.iter().filter(|source| source.status.state == SourceState::Fresh).count();
        let standing = if sources.is_empty() { self.unknown() } else { format!("{fresh} / {}", sources.len()) };
        vec![
            figure(self.text("assets-all"), say::number(coverage.assets), String::new(), self.at("/assets")),
            figure(
                self.text("assets-no-owner"),
                number(coverage.no_owner),
                note(coverage.no_owner),
                self.gap(Gap::Owner),
            ),
            figure(
                self.text("assets-no-exposure"),
                number(coverage.no_exposure),
                note(coverage.no_exposure),
                self.gap(Gap::Exposure),
            ),
            figure(unseen, number(coverage.unseen), note(coverage.unseen), self.gap(Gap::Sensor)),
            figure(self.text("assets-orphaned"), orphaned, String::new(), self.gap(Gap::Orphaned)),
            figure(self.text("report-sources-fresh"), standing, String::new(), self.at("/sources")),
        ]
    }

    fn course(&self) -> Block {
        let title = self.text("risk-map-burn");
        let data = burn_data(self.caller, &self.figures.days, self.figures.first_day, self.figures.today);
        let says = self.text("risk-map-burn-says");
        let chart = burn_down(&data, &frame(self.caller, "report-burn", &title, &says, 900, 240));
        Block::Svg(Drawing { svg: chart.svg, alt: says, width_percent: 100 })
    }

    fn risk_table(&self) -> Table {
        let map = &self.figures.map;
        let mut columns = vec![Column::words(self.text("risk-map-scenario"))];
        columns.extend(FACTORS.map(|factor| Column::numbers(say::ai_name(self.caller.lang, factor))));
        columns.push(Column::numbers(self.text("risk-map-all")));
        let cell = |counts: Option<&ByPriority>, ask: Ask| match counts.map_or(0, ByPriority::sum) {
            0 => Cell::from("·"),
            count => Cell::link(say::number(count), self.rows(&ask)),
        };
        let row = |scenario: Scenario| {
            let name = format!("{}. {}", scenario.number(), self.text(&format!("scenario-{}", scenario.number())));
            let mut row = vec![Cell::from(name)];
            for factor in FACTORS {
                let found = map.cells.iter().find(|cell| cell.scenario == scenario && cell.ai == factor);
                let ask = Ask { scenarios: vec![scenario], ai: vec![factor], ..all_open() };
                row.push(cell(found.map(|cell| &cell.findings), ask));
            }
            let sum = map.scenarios.iter().find(|(one, _)| *one == scenario).map(|(_, counts)| counts);
            row.push(cell(sum, Ask { scenarios: vec![scenario], ..all_open() }));
            row
        };
        Table { caption: self.dated("risk-map-scenarios"), columns, rows: Scenario::ALL.map(row).to_vec() }
    }

    fn accepted(&self) -> Block {
        let figures = self.figures;
        if figures.settled_total.rows == 0 {
            return Block::Paragraph(vec![Span::text(self.text("report-accepted-none"))]);
        }
        let last: Option<Date> = figures.settled.iter().filter_map(|(row, _)| super::report_annex::until(row)).min();
        let message = Message::new("report-accepted-says")
            .with("until", last.map(|day| day.to_string()).unwrap_or_else(|| self.unknown()));
        Block::Paragraph(vec![
            Span::Link { text: say::total(figures.settled_total), url: self.rows(&settled()) },
            Span::text(self.text("report-between")),
            Span::text(self.caller.say(&message)),
        ])
    }

    /// A caption with the day that its figures stand for.
    pub(crate) fn dated(&self, id: &str) -> String {
        let date = self.figures.today.to_string();
        self.caller.say(&Message::new("report-caption").with("what", self.text(id)).with("date", date))
    }
}
