//! Stacked bars: categories by series.

use crate::labels::{Labels, MIN_PITCH_PX, Side};
use crate::legend::{Entry, Sign, define_textures, legend, textured};
use crate::number::{Number, Scale, all_whole, largest};
use crate::palette::{MAX_SERIES, Paint};
use crate::svg::{Anchor, Area, MIDDLE_EM, SMALL_PX, Svg, TEXT_PX, at};
use crate::table::{Cell, Table};
use crate::{Chart, Frame, text};

/// How many bars a chart has at most.
pub const MAX_BARS: usize = 60;
/// The height of a row of horizontal bars, in pixels, and of the bar in it.
const ROW_PX: (f64, f64) = (30.0, 20.0);
/// The widest vertical bar, in pixels.
const WIDEST_PX: f64 = 56.0;
/// Room around a number inside a bar, in pixels.
const AROUND_PX: f64 = 4.0;

/// Bars, each a stack of the same series.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StackedBars {
    /// What a bar is: the head of the table's first column.
    pub head: String,
    /// What is counted, with its unit: the title of the axis.
    pub value: String,
    /// The head of the table's last column.
    pub total: String,
    /// The names of the series, in the order in which they are stacked. Beyond six, the sixth is the sum of the rest.
    pub series: Vec<String>,
    /// The bars, in the order in which they stand.
    pub bars: Vec<Bar>,
    /// Which way the bars grow.
    pub direction: Direction,
}

/// One bar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Where all its rows are.
    pub href: Option<String>,
    /// A number for each series. Numbers below zero have no length.
    pub values: Vec<Number>,
}

/// Which way bars grow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Direction {
    /// To the right, one below the other: for names.
    #[default]
    Horizontal,
    /// Upwards, side by side: for points in time.
    Vertical,
}

/// What is drawn: clean, within the limits.
struct Plan {
    id: String,
    series: Vec<String>,
    bars: Vec<Ready>,
    scale: Scale,
    value: String,
    direction: Direction,
    more: Option<String>,
}

struct Ready {
    label: String,
    href: Option<String>,
    values: Vec<Number>,
    total: f64,
    written: String,
}

/// Draws stacked bars.
#[must_use]
pub fn stacked_bars(data: &StackedBars, frame: &Frame) -> Chart {
    let plan = plan(data, frame);
    let table = table(data, &plan, frame);
    if plan.bars.is_empty() || plan.series.is_empty() {
        return frame.empty(table);
    }
    match data.direction {
        Direction::Horizontal => horizontal(&plan, frame, table),
        Direction::Vertical => vertical(&plan, frame, table),
    }
}

fn plan(data: &StackedBars, frame: &Frame) -> Plan {
    let mut series: Vec<String> = data.series.iter().take(MAX_SERIES).map(|name| text::clean(name)).collect();
    let folded = data.series.len() > MAX_SERIES;
    if folded && let Some(last) = series.last_mut() {
        *last = frame.words.left_out(data.series.len() + 1 - MAX_SERIES, &frame.numbers).unwrap_or_default();
    }
    let ready = |bar: &Bar| {
        let mut values: Vec<Number> = bar.values.iter().take(MAX_SERIES).cloned().collect();
        values.resize(series.len(), Number::default());
        if folded && let Some(last) = values.last_mut() {
            let rest: Vec<f64> =
                bar.values.iter().take(data.series.len()).skip(MAX_SERIES - 1).filter_map(Number::known).collect();
            *last = Number { value: (!rest.is_empty()).then(|| rest.iter().sum()), href: None };
        }
        let total = values.iter().map(Number::length).sum();
        let unknown = values.iter().all(|number| number.known().is_none());
        let written = frame.numbers.write_known((!unknown).then_some(total));
        Ready { label: text::clean(&bar.label), href: bar.href.clone(), values, total, written }
    };
    let bars: Vec<Ready> = data.bars.iter().take(MAX_BARS).map(ready).collect();
    let whole = all_whole(bars.iter().flat_map(|bar| bar.values.iter().filter_map(Number::known)));
    let room = if data.direction == Direction::Vertical { frame.height() / 60.0 } else { frame.width() / 110.0 };
    let steps = crate::svg::whole(room).clamp(2, 6);
    Plan {
        id: text::safe_id(&frame.id),
        scale: Scale::new(largest(bars.iter().map(|bar| bar.total)), steps, whole),
        more: frame.words.left_out(data.bars.len().saturating_sub(MAX_BARS), &frame.numbers),
        value: text::clean(&data.value),
        direction: data.direction,
        series,
        bars,
    }
}

fn table(data: &StackedBars, plan: &Plan, frame: &Frame) -> Table {
    let mut head = vec![Cell::text(&data.head, None)];
    head.extend(plan.series.iter().map(|name| Cell::head(name)));
    head.push(Cell::head(&data.total));
    let row = |bar: &Ready| {
        let mut row = vec![Cell::text(&bar.label, bar.href.as_deref())];
        row.extend(bar.values.iter().map(|number| Cell::number(number, &frame.numbers)));
        row.push(Cell { number: true, ..Cell::text(&bar.written, bar.href.as_deref()) });
        row
    };
    let rows = plan.bars.iter().map(row).collect();
    Table { caption: text::clean(&frame.title), head, rows, more: plan.more.clone() }
}

/// The legend, where there is something to tell apart. Returns where the plot may begin.
fn top(svg: &mut Svg, plan: &Plan, width: f64) -> f64 {
    define_textures(svg, &plan.id, plan.series.len());
    if plan.series.len() < 2 {
        return 4.0;
    }
    let entry = |(at, name): (usize, &String)| Entry { sign: Sign::Fill(at), words: name.clone() };
    let entries: Vec<Entry> = plan.series.iter().enumerate().map(entry).collect();
    legend(svg, &plan.id, &entries, Area { x: 0.0, y: 0.0, width, height: 0.0 }) + 8.0
}

/// What is left out, at the end of the drawing. Returns where that is.
fn bottom(svg: &mut Svg, plan: &Plan, y: f64) -> f64 {
    let Some(more) = &plan.more else { return y };
    svg.text(at(0.0, y + 14.0), Anchor::Start, SMALL_PX, Paint::Label, more);
    y + 20.0
}

fn horizontal(plan: &Plan, frame: &Frame, table: Table) -> Chart {
    let width = frame.width();
    let mut svg = Svg::new();
    let y = top(&mut svg, plan, width);
    let names = plan.bars.iter().map(|bar| text::width(&bar.label, TEXT_PX)).fold(0.0, f64::max).min(width * 0.36);
    let totals = plan.bars.iter().map(|bar| text::width(&bar.written, TEXT_PX)).fold(0.0, f64::max) + 8.0;
    let left = names + 12.0;
    let height = plan.bars.len() as f64 * ROW_PX.0;
    let plot = Area { x: left, y, width: (width - left - totals).max(60.0), height };
    for (index, tick) in plan.scale.ticks.iter().enumerate() {
        let x = plot.x + plan.scale.share(*tick) * plot.width;
        let paint = if index == 0 { Paint::Axis } else { Paint::Grid };
        svg.line(at(x, plot.y), at(x, plot.bottom()), paint);
        svg.text(at(x, plot.bottom() + 15.0), Anchor::Middle, SMALL_PX, Paint::Label, &frame.numbers.write(*tick));
    }
    for (index, bar) in plan.bars.iter().enumerate() {
        let row = plot.y + index as f64 * ROW_PX.0;
        let base = row + ROW_PX.0 / 2.0 + TEXT_PX * MIDDLE_EM;
        let shown = text::fit(&bar.label, TEXT_PX, names);
        svg.mark("", bar.href.as_deref(), |svg| {
            svg.text_of(at(0.0, base), Anchor::Start, TEXT_PX, Paint::Ink, &shown, &bar.label);
        });
        let mut x = plot.x;
        for (series, number) in bar.values.iter().enumerate() {
            let length = plan.scale.share(number.length()) * plot.width;
            let area = Area { x, y: row + (ROW_PX.0 - ROW_PX.1) / 2.0, width: length, height: ROW_PX.1 };
            segment(&mut svg, plan, frame, (bar, series, number), area);
            x += length;
        }
        svg.haloed(at(x + 6.0, base), Anchor::Start, TEXT_PX, Paint::Ink, &bar.written);
    }
    let mut end = plot.bottom() + 20.0;
    if !plan.value.is_empty() {
        let shown = text::fit(&plan.value, SMALL_PX, width);
        svg.text_of(at(plot.right(), end + 11.0), Anchor::End, SMALL_PX, Paint::Label, &shown, &plan.value);
        end += 18.0;
    }
    let end = bottom(&mut svg, plan, end);
    svg.finish(frame, plot.right() + totals, end, table)
}

fn vertical(plan: &Plan, frame: &Frame, table: Table) -> Chart {
    let mut svg = Svg::new();
    let ticks: Vec<String> = plan.scale.ticks.iter().map(|tick| frame.numbers.write(*tick)).collect();
    let left = ticks.iter().map(|tick| text::width(tick, SMALL_PX)).fold(0.0, f64::max) + 10.0;
    let widest = plan.bars.iter().map(|bar| text::width(&bar.written, TEXT_PX)).fold(0.0, f64::max) + 4.0;
    let pitch = ((frame.width() - left) / plan.bars.len() as f64).max(MIN_PITCH_PX).max(widest);
    let width = left + pitch * plan.bars.len() as f64;
    let mut y = top(&mut svg, plan, width);
    if !plan.value.is_empty() {
        let shown = text::fit(&plan.value, SMALL_PX, width);
        svg.text_of(at(0.0, y + 9.0), Anchor::Start, SMALL_PX, Paint::Label, &shown, &plan.value);
        y += 16.0;
    }
    let labels = Labels::new(plan.bars.iter().map(|bar| bar.label.clone()).collect(), pitch);
    let height = (frame.height() - y - 18.0 - labels.height_px).max(80.0);
    let plot = Area { x: left, y: y + 18.0, width: width - left, height };
    for (index, (tick, words)) in plan.scale.ticks.iter().zip(&ticks).enumerate() {
        let y = plot.bottom() - plan.scale.share(*tick) * plot.height;
        let paint = if index == 0 { Paint::Axis } else { Paint::Grid };
        svg.line(at(plot.x, y), at(plot.right(), y), paint);
        svg.text(at(plot.x - 8.0, y + SMALL_PX * MIDDLE_EM), Anchor::End, SMALL_PX, Paint::Label, words);
    }
    let thick = (pitch * 0.62).min(WIDEST_PX);
    for (index, bar) in plan.bars.iter().enumerate() {
        let middle = plot.x + (index as f64 + 0.5) * pitch;
        let mut y = plot.bottom();
        for (series, number) in bar.values.iter().enumerate() {
            let length = plan.scale.share(number.length()) * plot.height;
            y -= length;
            let area = Area { x: middle - thick / 2.0, y, width: thick, height: length };
            segment(&mut svg, plan, frame, (bar, series, number), area);
        }
        svg.haloed(at(middle, y - 5.0), Anchor::Middle, TEXT_PX, Paint::Ink, &bar.written);
    }
    labels.draw(&mut svg, |index| plot.x + (index as f64 + 0.5) * pitch, plot.bottom(), Side::Below, width);
    let end = bottom(&mut svg, plan, plot.bottom() + labels.height_px);
    svg.finish(frame, width, end, table)
}

/// One series of one bar: its rectangle, a gap to the next, and its number where there is room.
fn segment(svg: &mut Svg, plan: &Plan, frame: &Frame, of: (&Ready, usize, &Number), area: Area) {
    let (bar, series, number) = of;
    let Some(value) = number.known().filter(|value| *value > 0.0) else { return };
    let written = frame.numbers.write(value);
    let name = plan.series.get(series).map_or("", String::as_str);
    let across = plan.direction == Direction::Horizontal;
    let last = bar.values.iter().skip(series + 1).all(|number| number.length() <= 0.0);
    let mut drawn = area;
    if across && !last && area.width > 3.0 {
        drawn.width -= 1.5;
    } else if !across && !last && area.height > 3.0 {
        drawn.height -= 1.5;
        drawn.y += 1.5;
    }
    svg.mark(&format!("{} · {name}: {written}", bar.label), number.href.as_deref(), |svg| {
        textured(svg, &plan.id, series, drawn);
        let wide = text::width(&written, SMALL_PX);
        if plan.series.len() < 2 || drawn.width < wide + 2.0 * AROUND_PX || drawn.height < SMALL_PX + AROUND_PX {
            return;
        }
        let (x, y) = (drawn.x + drawn.width / 2.0, drawn.y + drawn.height / 2.0);
        if series > 0 {
            let plate = Area { x: x - wide / 2.0 - 3.0, y: y - 7.5, width: wide + 6.0, height: 15.0 };
            svg.rect(plate, Paint::Series(series));
        }
        svg.text(at(x, y + SMALL_PX * MIDDLE_EM), Anchor::Middle, SMALL_PX, Paint::OnSeries(series), &written);
    });
}
