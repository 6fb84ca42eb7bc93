//! Radar: a few series over the same axes.

use std::f64::consts::TAU;

use crate::legend::{Entry, Sign, legend, marker, stroke};
use crate::number::{Number, Scale, all_whole, largest};
use crate::palette::Paint;
use crate::svg::{Anchor, Area, MIDDLE_EM, Point, SMALL_PX, Svg, TEXT_PX, at, polyline};
use crate::table::{Cell, Table};
use crate::{Chart, Frame, text};

/// How many axes a radar has at most.
pub const MAX_AXES: usize = 24;
/// How many series a radar shows at most; more lie over each other.
const MAX_RADAR_SERIES: usize = 4;
/// The distance of two lines of a label, in pixels.
const LINE_PX: f64 = 14.0;
/// Between the outer ring and a label, in pixels.
const AWAY_PX: f64 = 14.0;

/// Series over the same axes, which all have the same scale from zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Radar {
    /// What an axis is: the head of the table's first column.
    pub head: String,
    /// The axes, clockwise from the top; three or more make a radar.
    pub axes: Vec<String>,
    /// One to four series; others are left out and counted.
    pub series: Vec<RadarSeries>,
    /// The end of every axis; without, just above the highest number.
    pub max: Option<f64>,
}

/// One series of a radar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RadarSeries {
    /// What it is.
    pub name: String,
    /// A number for each axis. Those below zero are drawn at the middle; those that are not known leave a gap.
    pub values: Vec<Number>,
}

/// Where everything is.
struct Layout {
    axes: Vec<String>,
    middle: Point,
    radius: f64,
    scale: Scale,
    width: f64,
    /// Room for labels above and below the web.
    around: f64,
}

impl Layout {
    fn place(&self, axis: usize, share: f64) -> Point {
        let angle = TAU * axis as f64 / self.axes.len().max(1) as f64;
        at(self.middle.x + self.radius * share * angle.sin(), self.middle.y - self.radius * share * angle.cos())
    }

    fn ring(&self, share: f64) -> String {
        let points: Vec<Point> = (0..self.axes.len()).map(|axis| self.place(axis, share)).collect();
        format!("{}Z", polyline(&points))
    }
}

/// Draws a radar.
#[must_use]
pub fn radar(data: &Radar, frame: &Frame) -> Chart {
    let axes: Vec<String> = data.axes.iter().take(MAX_AXES).map(|axis| text::clean(axis)).collect();
    let series = data.series.get(..data.series.len().min(MAX_RADAR_SERIES)).unwrap_or_default();
    let table = table(data, &axes, series, frame);
    if axes.is_empty() || series.is_empty() {
        return frame.empty(table);
    }
    let mut svg = Svg::new();
    let mut top = 0.0;
    if series.len() > 1 {
        let entry = |(at, one): (usize, &RadarSeries)| Entry { sign: Sign::Line(at), words: text::clean(&one.name) };
        let entries: Vec<Entry> = series.iter().enumerate().map(entry).collect();
        let area = Area { x: 0.0, y: 0.0, width: frame.width(), height: 0.0 };
        top = legend(&mut svg, "", &entries, area) + 6.0;
    }
    let layout = layout(data, axes, series, frame, top);
    web(&mut svg, &layout, frame);
    for (index, one) in series.iter().enumerate() {
        draw(&mut svg, one, index, &layout, frame);
    }
    let only = if let [one] = series { Some(one) } else { None };
    for axis in 0..layout.axes.len() {
        let value = only.and_then(|one| one.values.get(axis));
        label(&mut svg, &layout, axis, value, frame);
    }
    let mut end = layout.middle.y + layout.radius + layout.around;
    if let Some(more) = &table.more {
        svg.text(at(0.0, end + 12.0), Anchor::Start, SMALL_PX, Paint::Label, more);
        end += 18.0;
    }
    svg.finish(frame, layout.width, end, table)
}

fn table(data: &Radar, axes: &[String], series: &[RadarSeries], frame: &Frame) -> Table {
    let mut head = vec![Cell::text(&data.head, None)];
    head.extend(series.iter().map(|one| Cell::head(&one.name)));
    let row = |(index, axis): (usize, &String)| {
        let unknown = Number::default();
        let value = |one: &RadarSeries| Cell::number(one.values.get(index).unwrap_or(&unknown), &frame.numbers);
        std::iter::once(Cell::text(axis, None)).chain(series.iter().map(value)).collect()
    };
    let beyond = data.axes.len() - axes.len() + data.series.len() - series.len();
    let more = frame.words.left_out(beyond, &frame.numbers);
    Table { caption: text::clean(&frame.title), head, rows: axes.iter().enumerate().map(row).collect(), more }
}

fn layout(data: &Radar, axes: Vec<String>, series: &[RadarSeries], frame: &Frame, top: f64) -> Layout {
    let values = || series.iter().flat_map(|one| one.values.iter().take(axes.len())).filter_map(Number::known);
    let scale = match data.max {
        Some(max) if max.is_finite() && max > 0.0 => Scale::up_to(max, 5),
        _ => Scale::new(largest(values()), 4, all_whole(values())),
    };
    let width = frame.width();
    let widest = axes.iter().map(|axis| text::width(axis, SMALL_PX)).fold(0.0, f64::max);
    let beside = (widest + AWAY_PX).min(width * 0.3);
    // Names above and below may take two lines, and a number one more.
    let long = widest > width * 0.4 || axes.iter().any(|axis| text::width(axis, SMALL_PX) > beside - AWAY_PX);
    let lines = 1 + usize::from(long) + usize::from(series.len() == 1);
    let around = lines as f64 * LINE_PX + AWAY_PX;
    let radius = ((frame.height() - top) / 2.0 - around).min(width / 2.0 - beside).max(36.0);
    Layout { axes, middle: at(width / 2.0, top + around + radius), radius, scale, width, around }
}

/// Rings, axes and their figures.
fn web(svg: &mut Svg, layout: &Layout, frame: &Frame) {
    for tick in layout.scale.ticks.iter().skip(1) {
        let share = layout.scale.share(*tick);
        if layout.axes.len() < 3 {
            let circle = svg.tag("circle").num("cx", layout.middle.x).num("cy", layout.middle.y);
            circle.num("r", layout.radius * share).word("fill", "none").stroke(Paint::Grid, 1.0).close();
        } else {
            svg.tag("path").word("d", &layout.ring(share)).word("fill", "none").stroke(Paint::Grid, 1.0).close();
        }
    }
    for axis in 0..layout.axes.len() {
        svg.line(layout.middle, layout.place(axis, 1.0), Paint::Grid);
    }
    for tick in layout.scale.ticks.iter().skip(1) {
        let y = layout.middle.y - layout.radius * layout.scale.share(*tick) + SMALL_PX * MIDDLE_EM;
        let words = frame.numbers.write(*tick);
        svg.haloed(at(layout.middle.x - 5.0, y), Anchor::End, SMALL_PX, Paint::Label, &words);
    }
}

fn draw(svg: &mut Svg, one: &RadarSeries, index: usize, layout: &Layout, frame: &Frame) {
    let count = layout.axes.len();
    let place = |axis: usize| {
        let value = one.values.get(axis).and_then(Number::known)?;
        Some(layout.place(axis, layout.scale.share(value)))
    };
    let places: Vec<Option<Point>> = (0..count).map(place).collect();
    let whole: Option<Vec<Point>> = places.iter().copied().collect();
    match whole {
        Some(points) => {
            let path = if count > 2 { format!("{}Z", polyline(&points)) } else { polyline(&points) };
            if count > 2 {
                svg.tag("path").word("d", &path).word("fill-opacity", "0.08").fill(Paint::Series(index)).close();
            }
            stroke(svg, index, &path);
        }
        None => {
            let next = places.iter().cycle().skip(1);
            let sides = places.iter().zip(next).take(if count > 2 { count } else { count - 1 });
            let lines: Vec<String> = sides.filter_map(|(one, next)| Some(polyline(&[(*one)?, (*next)?]))).collect();
            stroke(svg, index, &lines.concat());
        }
    }
    let name = text::clean(&one.name);
    for (axis, place) in places.iter().enumerate() {
        let (Some(place), Some(number), Some(label)) = (place, one.values.get(axis), layout.axes.get(axis)) else {
            continue;
        };
        let words = format!("{name} · {label}: {}", frame.numbers.write_known(number.known()));
        svg.mark(&words, number.href.as_deref(), |svg| marker(svg, index, *place));
    }
}

/// The name of an axis, and its number where there is one series.
fn label(svg: &mut Svg, layout: &Layout, axis: usize, value: Option<&Number>, frame: &Frame) {
    let Some(full) = layout.axes.get(axis) else { return };
    let end = layout.place(axis, 1.0 + AWAY_PX / layout.radius);
    let side = (end.x - layout.middle.x) / (layout.radius + AWAY_PX);
    let (anchor, room) = if side.abs() < 0.2 {
        (Anchor::Middle, layout.width * 0.4)
    } else if side > 0.0 {
        (Anchor::Start, layout.width - end.x)
    } else {
        (Anchor::End, end.x)
    };
    let lines = text::wrap(full, SMALL_PX, room, 2);
    let cut = lines.last().is_some_and(|line| line.ends_with('…'));
    let count = lines.len() + usize::from(value.is_some());
    // Above the web a label ends at its place, below it begins there, beside it has its middle there.
    let lift = (layout.middle.y - end.y) / (layout.radius + AWAY_PX);
    let first = end.y + SMALL_PX * MIDDLE_EM - (count as f64 - 1.0) * LINE_PX * (1.0 + lift) / 2.0;
    for (index, line) in lines.iter().enumerate() {
        let place = at(end.x, first + index as f64 * LINE_PX);
        let full = if cut { full } else { line };
        svg.text_of(place, anchor, SMALL_PX, Paint::Label, line, full);
    }
    if let Some(number) = value {
        let place = at(end.x, first + lines.len() as f64 * LINE_PX);
        svg.text(place, anchor, TEXT_PX, Paint::Ink, &frame.numbers.write_known(number.known()));
    }
}
