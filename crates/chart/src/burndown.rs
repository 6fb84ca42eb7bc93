//! Burn-down: what is open day by day, what was planned, what is due when.

use std::collections::BTreeMap;

use crate::day::{Dates, Day, ticks};
use crate::legend::{Entry, Sign, due, legend, plan, stroke};
use crate::number::{Number, Scale, all_whole, known, largest};
use crate::palette::Paint;
use crate::svg::{Anchor, Area, MIDDLE_EM, Point, SMALL_PX, Svg, TEXT_PX, at, place, polyline, whole};
use crate::table::{Cell, Table};
use crate::{Chart, Frame, text};

/// How many days with a count a burn-down has at most (the latest), and how many points of a plan or due dates (the first).
pub const MAX_DAYS: usize = 1_100;
/// How many days an axis spans at most on each side of the first count.
const MAX_SPAN_DAYS: i32 = 3_700;
/// The height of the strip of due dates, in pixels.
const STRIP_PX: f64 = 20.0;

/// Counts by day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BurnDown {
    /// The head of the table's first column: "Day".
    pub head: String,
    /// What is counted, with its unit: the title of the axis.
    pub value: String,
    /// The name of the counts: "Open".
    pub open_name: String,
    /// The name of the plan.
    pub plan_name: String,
    /// The name of the due dates.
    pub due_name: String,
    /// The name of the line at `today`.
    pub today_name: String,
    /// How many were open at the end of each day. A day without an entry is as the day before; one that is not known
    /// leaves a gap. Of two entries for a day, the later one counts.
    pub open: Vec<(Day, Number)>,
    /// The plan: at least two points, with straight lines between.
    pub plan: Vec<(Day, f64)>,
    /// What is due.
    pub due: Vec<Due>,
    /// Where the present is.
    pub today: Option<Day>,
    /// How dates are written.
    pub dates: Dates,
}

/// Something that is due.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Due {
    /// When.
    pub day: Day,
    /// What; may be empty.
    pub label: String,
    /// How many.
    pub count: Number,
}

/// The data in the order of time, within the limits.
struct Ready {
    open: Vec<(Day, Number)>,
    plan: Vec<(Day, f64)>,
    due: Vec<Due>,
    first: Day,
    last: Day,
    beyond: usize,
}

/// A day of the table: what was open, what was planned, what is due.
type Row<'data> = (Option<&'data Number>, Option<f64>, Vec<&'data Due>);

/// Where everything is.
struct Layout {
    plot: Area,
    first: Day,
    last: Day,
    scale: Scale,
}

impl Layout {
    fn x(&self, day: Day) -> f64 {
        let span = f64::from(self.last.0.saturating_sub(self.first.0)).max(1.0);
        self.plot.x + f64::from(day.0.saturating_sub(self.first.0)) / span * self.plot.width
    }

    fn y(&self, value: f64) -> f64 {
        self.plot.bottom() - self.scale.share(value) * self.plot.height
    }

    fn shows(&self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }
}

/// Draws a burn-down.
#[must_use]
pub fn burn_down(data: &BurnDown, frame: &Frame) -> Chart {
    let ready = ready(data);
    let table = table(data, &ready, frame);
    if ready.open.iter().all(|(_, number)| number.known().is_none()) && ready.plan.is_empty() && ready.due.is_empty() {
        return frame.empty(table);
    }
    let mut svg = Svg::new();
    let layout = axes(&mut svg, data, &ready, frame);
    counts(&mut svg, data, &ready, &layout, frame);
    let points: Vec<Point> = ready.plan.iter().map(|(day, value)| at(layout.x(*day), layout.y(*value))).collect();
    if points.len() > 1 {
        plan(&mut svg, &polyline(&points));
    }
    if let Some(today) = data.today.filter(|today| layout.shows(*today)) {
        now(&mut svg, data, &layout, today);
    }
    dues(&mut svg, data, &ready, &layout, frame);
    let strip = if ready.due.is_empty() { 0.0 } else { STRIP_PX };
    let mut end = layout.plot.bottom() + strip + 22.0;
    if let Some(more) = &table.more {
        svg.text(at(0.0, end + 12.0), Anchor::Start, SMALL_PX, Paint::Label, more);
        end += 18.0;
    }
    svg.finish(frame, frame.width(), end, table)
}

fn ready(data: &BurnDown) -> Ready {
    let mut open: Vec<(Day, Number)> = Vec::new();
    let mut sorted: Vec<&(Day, Number)> = data.open.iter().collect();
    sorted.sort_by_key(|(day, _)| *day);
    for (day, number) in sorted {
        match open.last_mut() {
            Some(last) if last.0 == *day => last.1 = number.clone(),
            _ => open.push((*day, number.clone())),
        }
    }
    let old = open.len().saturating_sub(MAX_DAYS);
    open.drain(..old);
    let mut plan: Vec<(Day, f64)> = data.plan.iter().filter_map(|(day, value)| Some((*day, known(*value)?))).collect();
    plan.sort_by_key(|(day, _)| *day);
    let mut due = data.due.clone();
    due.sort_by_key(|due| due.day);
    let beyond = old + plan.len().saturating_sub(MAX_DAYS) + due.len().saturating_sub(MAX_DAYS);
    plan.truncate(MAX_DAYS);
    due.truncate(MAX_DAYS);
    let days = || {
        let others = plan.iter().map(|(day, _)| *day).chain(due.iter().map(|due| due.day)).chain(data.today);
        open.iter().map(|(day, _)| *day).chain(others)
    };
    let base = days().next().unwrap_or_default();
    let within = |day: &Day| base.0.saturating_sub(day.0).saturating_abs() <= MAX_SPAN_DAYS;
    let first = days().filter(within).min().unwrap_or(base);
    let last = days().filter(within).max().unwrap_or(base);
    Ready { open, plan, due, first, last, beyond }
}

fn table(data: &BurnDown, ready: &Ready, frame: &Frame) -> Table {
    let has = (!ready.plan.is_empty(), !ready.due.is_empty());
    let mut head = vec![Cell::text(&data.head, None), Cell::head(&data.open_name)];
    head.extend(has.0.then(|| Cell::head(&data.plan_name)));
    head.extend(has.1.then(|| Cell::head(&data.due_name)));
    let mut rows: BTreeMap<Day, Row<'_>> = BTreeMap::new();
    for (day, number) in &ready.open {
        rows.entry(*day).or_default().0 = Some(number);
    }
    for (day, value) in &ready.plan {
        rows.entry(*day).or_default().1 = Some(*value);
    }
    for due in &ready.due {
        rows.entry(due.day).or_default().2.push(due);
    }
    let nothing = || Cell { number: true, ..Cell::default() };
    let mut lines = Vec::new();
    for (day, (open, plan, dues)) in rows {
        // A day with several due dates has a row for each.
        for at in 0..dues.len().max(1) {
            let (open, plan) = if at == 0 { (open, plan) } else { (None, None) };
            let mut line = vec![Cell::text(&data.dates.write(&data.dates.full, day), None)];
            line.push(open.map_or_else(nothing, |number| Cell::number(number, &frame.numbers)));
            if has.0 {
                line.push(plan.map_or_else(nothing, |value| Cell::number(&Number::new(value), &frame.numbers)));
            }
            if has.1 {
                line.push(dues.get(at).map_or_else(nothing, |due| due_cell(due, frame)));
            }
            lines.push(line);
        }
    }
    let more = frame.words.left_out(ready.beyond, &frame.numbers);
    Table { caption: text::clean(&frame.title), head, rows: lines, more }
}

fn due_cell(due: &Due, frame: &Frame) -> Cell {
    let cell = Cell::number(&due.count, &frame.numbers);
    let text = if due.label.is_empty() { cell.text } else { text::clean(&format!("{} · {}", cell.text, due.label)) };
    Cell { text, ..cell }
}

/// Legend, axes and lines to compare by.
fn axes(svg: &mut Svg, data: &BurnDown, ready: &Ready, frame: &Frame) -> Layout {
    let width = frame.width();
    let mut entries = vec![Entry { sign: Sign::Open, words: text::clean(&data.open_name) }];
    if ready.plan.len() > 1 {
        entries.push(Entry { sign: Sign::Plan, words: text::clean(&data.plan_name) });
    }
    if !ready.due.is_empty() {
        entries.push(Entry { sign: Sign::Due, words: text::clean(&data.due_name) });
    }
    let mut y = legend(svg, "", &entries, Area { x: 0.0, y: 0.0, width, height: 0.0 }) + 6.0;
    let value = text::clean(&data.value);
    if !value.is_empty() {
        let shown = text::fit(&value, SMALL_PX, width);
        svg.text_of(at(0.0, y + 9.0), Anchor::Start, SMALL_PX, Paint::Label, &shown, &value);
        y += 14.0;
    }
    let values = || {
        let plan = ready.plan.iter().map(|(_, value)| *value);
        ready.open.iter().filter_map(|(_, number)| number.known()).chain(plan)
    };
    let steps = whole(frame.height() / 60.0).clamp(2, 6);
    let counts = ready.open.iter().filter_map(|(_, number)| number.known());
    let scale = Scale::new(largest(values()), steps, all_whole(counts));
    let figures: Vec<String> = scale.ticks.iter().map(|tick| frame.numbers.write(*tick)).collect();
    let left = figures.iter().map(|figure| text::width(figure, SMALL_PX)).fold(0.0, f64::max) + 10.0;
    let strip = if ready.due.is_empty() { 0.0 } else { STRIP_PX };
    let top = y + 18.0;
    let height = (frame.height() - top - strip - 22.0).max(60.0);
    let plot = Area { x: left, y: top, width: (width - left - 18.0).max(60.0), height };
    let layout = Layout { plot, first: ready.first, last: ready.last, scale };
    for (index, (tick, words)) in layout.scale.ticks.iter().zip(&figures).enumerate() {
        let y = layout.y(*tick);
        svg.line(at(plot.x, y), at(plot.right(), y), if index == 0 { Paint::Axis } else { Paint::Grid });
        svg.text(at(plot.x - 8.0, y + SMALL_PX * MIDDLE_EM), Anchor::End, SMALL_PX, Paint::Label, words);
    }
    let (days, months) = ticks(layout.first, layout.last, whole(plot.width / 84.0));
    let pattern = if months { &data.dates.month } else { &data.dates.day };
    let base = plot.bottom() + strip;
    let mut free = 0.0;
    for day in days {
        let (x, words) = (layout.x(day), data.dates.write(pattern, day));
        let words = text::fit(&words, SMALL_PX, 110.0);
        let half = text::width(&words, SMALL_PX) / 2.0;
        svg.line(at(x, plot.bottom()), at(x, plot.bottom() + 4.0), Paint::Axis);
        let middle = x.min(width - half).max(half);
        if middle - half >= free {
            svg.text(at(middle, base + 16.0), Anchor::Middle, SMALL_PX, Paint::Label, &words);
            free = middle + half + 8.0;
        }
    }
    layout
}

/// The counts as steps over an area, and the last one in figures.
fn counts(svg: &mut Svg, data: &BurnDown, ready: &Ready, layout: &Layout, frame: &Frame) {
    let mut runs: Vec<Vec<Point>> = vec![Vec::new()];
    let mut last = None;
    for (day, number) in ready.open.iter().filter(|(day, _)| layout.shows(*day)) {
        let x = layout.x(*day);
        // The day before lasts until this one, known or not.
        if let Some(run) = runs.last_mut()
            && let Some(before) = run.last().copied()
        {
            run.push(at(x, before.y));
        }
        match number.known() {
            Some(value) => {
                let point = at(x, layout.y(value));
                runs.last_mut().into_iter().for_each(|run| run.push(point));
                last = Some((point, number, value, *day));
            }
            None => runs.push(Vec::new()),
        }
    }
    for run in &mut runs {
        run.dedup();
        if let (Some(first), Some(end)) = (run.first(), run.last()) {
            let (from, to) = (at(first.x, layout.plot.bottom()), at(end.x, layout.plot.bottom()));
            let path = format!("{}L{}L{}Z", polyline(run), place(to), place(from));
            svg.tag("path").word("d", &path).word("fill-opacity", "0.14").fill(Paint::Series(0)).close();
        }
        stroke(svg, 0, &polyline(run));
    }
    let Some((point, number, value, day)) = last else { return };
    let written = frame.numbers.write(value);
    let name = text::clean(&data.open_name);
    let said = format!("{name} · {}: {written}", data.dates.write(&data.dates.full, day));
    let room = point.x + 8.0 + text::width(&written, TEXT_PX) <= frame.width();
    let (x, anchor) = if room { (point.x + 8.0, Anchor::Start) } else { (point.x - 2.0, Anchor::End) };
    svg.mark(&said, number.href.as_deref(), |svg| {
        svg.tag("circle").num("cx", point.x).num("cy", point.y).num("r", 3.5).fill(Paint::Series(0)).close();
        // At the top it stands below its point: above is the name of today.
        let y = if point.y - 6.0 < layout.plot.y + 4.0 { point.y + 14.0 } else { point.y - 6.0 };
        svg.haloed(at(x, y), anchor, TEXT_PX, Paint::Ink, &written);
    });
}

fn now(svg: &mut Svg, data: &BurnDown, layout: &Layout, today: Day) {
    let (x, plot) = (layout.x(today), layout.plot);
    let tag = svg.tag("line").num("x1", x).num("y1", plot.y - 4.0).num("x2", x).num("y2", plot.bottom());
    tag.word("stroke-dasharray", "2 2").stroke(Paint::Ink, 1.0).close();
    let words = text::clean(&data.today_name);
    let shown = text::fit(&words, SMALL_PX, plot.width / 2.0);
    let half = text::width(&shown, SMALL_PX) / 2.0;
    let middle = x.min(plot.right() + 18.0 - half).max(half);
    svg.text_of(at(middle, plot.y - 9.0), Anchor::Middle, SMALL_PX, Paint::Ink, &shown, &words);
}

/// The due dates below the plot, with their counts where there is room.
fn dues(svg: &mut Svg, data: &BurnDown, ready: &Ready, layout: &Layout, frame: &Frame) {
    let y = layout.plot.bottom() + STRIP_PX / 2.0 + 2.0;
    let mut free = 0.0;
    let mut shown = ready.due.iter().filter(|due| layout.shows(due.day)).peekable();
    while let Some(one) = shown.next() {
        let x = layout.x(one.day);
        let written = frame.numbers.write_known(one.count.known());
        let next = shown.peek().map_or(frame.width(), |next| layout.x(next.day) - 6.0);
        let date = data.dates.write(&data.dates.full, one.day);
        let said = text::clean(&format!("{} · {date}: {written} {}", data.due_name, one.label));
        // The number stands after its mark, or before it, or nowhere.
        let (wide, base) = (8.0 + text::width(&written, SMALL_PX), y + SMALL_PX * MIDDLE_EM);
        let beside = if x + wide <= next {
            Some((x + 8.0, Anchor::Start))
        } else {
            (x - wide >= free).then_some((x - 8.0, Anchor::End))
        };
        free = if matches!(beside, Some((_, Anchor::Start))) { x + wide + 4.0 } else { x + 8.0 };
        svg.mark(said.trim_end(), one.count.href.as_deref(), |svg| {
            due(svg, at(x, y));
            if let Some((x, anchor)) = beside {
                svg.text(at(x, base), anchor, SMALL_PX, Paint::Ink, &written);
            }
        });
    }
}
