//! Charts on pages: the drawing, and the same numbers as a table that can be opened.

use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};
use yata_chart::{Chart, Dates, Day, Frame, Table, Words};
use yata_words::Lang;

use crate::caller::Caller;

/// The frame of a chart in the caller's words. `id` is unique on the page.
pub(crate) fn frame(caller: &Caller, id: &str, title: &str, description: &str, width_px: u32, height_px: u32) -> Frame {
    Frame {
        id: id.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        width_px,
        height_px,
        words: Words { empty: caller.text("chart-empty"), more: caller.text("chart-more") },
        ..Frame::default()
    }
}

/// The chart, and its table folded below. Its name stands above it as a heading, and in the drawing for those who do not
/// see it.
pub(crate) fn figure(caller: &Caller, name: &str, chart: &Chart) -> Markup {
    html! {
        figure {
            (drawing(name, &chart.svg))
            details {
                summary { (caller.text("chart-table")) }
                (table(&chart.table))
            }
        }
    }
}

/// A drawing at a size that can be read: where there is no room for it, it scrolls in itself.
pub(crate) fn drawing(name: &str, svg: &str) -> Markup {
    html! {
        // The chart crate writes well-formed SVG and escapes every text.
        div .drawing.chart role="region" tabindex="0" aria-label=(name) { (PreEscaped(svg)) }
    }
}

fn table(table: &Table) -> Markup {
    html! {
        div .scroll role="region" tabindex="0" aria-label=(table.caption) {
            table {
                caption { (table.caption) }
                thead { tr { @for cell in &table.head { th.num[cell.number] scope="col" { (cell.text) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (at, cell) in row.iter().enumerate() {
                                @if at == 0 {
                                    th scope="row" { (linked(&cell.text, cell.href.as_deref())) }
                                } @else {
                                    td.num[cell.number] { (linked(&cell.text, cell.href.as_deref())) }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(more) = &table.more { p .quiet { (more) } }
    }
}

fn linked(text: &str, href: Option<&str>) -> Markup {
    html! { @if let Some(href) = href { a href=(href) { (text) } } @else { (text) } }
}

/// A day as charts count them.
pub(crate) fn chart_day(day: Date) -> Day {
    Day::from_date(i32::from(day.year()), u32::from(day.month().unsigned_abs()), u32::from(day.day().unsigned_abs()))
}

/// How charts write dates in a language.
pub(crate) fn dates(lang: Lang) -> Dates {
    let full = "{y}-{mm}-{dd}".to_owned();
    match lang {
        Lang::Ja => Dates { day: "{m}/{d}".to_owned(), month: "{y}年{m}月".to_owned(), full, months: Vec::new() },
        Lang::En => {
            let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            Dates {
                day: "{d} {month}".to_owned(),
                month: "{month} {y}".to_owned(),
                full,
                months: months.map(str::to_owned).to_vec(),
            }
        }
    }
}
