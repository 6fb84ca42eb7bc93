//! Sparkline: a line as small as a word.

use crate::number::Number;
use crate::palette::Paint;
use crate::svg::{Area, Point, Svg, at, polyline};
use crate::table::{Cell, Table};
use crate::{Chart, Frame, text};

/// How many numbers a sparkline has at most: the latest ones.
pub const MAX_SPARKS: usize = 400;
/// Room around the line, in pixels.
const AROUND_PX: f64 = 3.0;

/// Numbers in the order of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sparkline {
    /// The heads of the table: what a label is, what a number is.
    pub head: (String, String),
    /// A label (the day) and a number each. Those that are not known leave a gap.
    pub values: Vec<(String, Number)>,
}

/// Draws a sparkline. Its scale includes zero.
#[must_use]
pub fn sparkline(data: &Sparkline, frame: &Frame) -> Chart {
    let beyond = data.values.len().saturating_sub(MAX_SPARKS);
    let values = data.values.get(beyond..).unwrap_or_default();
    let row = |(label, number): &(String, Number)| vec![Cell::text(label, None), Cell::number(number, &frame.numbers)];
    let table = Table {
        caption: text::clean(&frame.title),
        head: vec![Cell::text(&data.head.0, None), Cell::head(&data.head.1)],
        rows: values.iter().map(row).collect(),
        more: frame.words.left_out(beyond, &frame.numbers),
    };
    let (width, height) = (f64::from(frame.width_px.clamp(20, 600)), f64::from(frame.height_px.clamp(10, 200)));
    let known: Vec<Option<f64>> = values.iter().map(|(_, number)| number.known()).collect();
    let lowest = known.iter().flatten().copied().fold(0.0, f64::min);
    let highest = known.iter().flatten().copied().fold(0.0, f64::max);
    let range = if highest > lowest { highest - lowest } else { 1.0 };
    let plot = Area { x: 1.0, y: AROUND_PX, width: width - 1.0 - AROUND_PX, height: height - 2.0 * AROUND_PX };
    let step = plot.width / (known.len().max(2) - 1) as f64;
    // A single number stands at the end, where the latest one stands.
    let before = if known.len() == 1 { plot.width } else { 0.0 };
    let place = |index: usize, value: f64| {
        at(plot.x + before + index as f64 * step, plot.bottom() - (value - lowest) / range * plot.height)
    };
    let mut svg = Svg::new();
    let zero = place(0, 0.0).y;
    svg.line(at(0.0, zero), at(width, zero), Paint::Grid);
    let mut run: Vec<Point> = Vec::new();
    let mut path = String::new();
    let mut last = None;
    for (index, value) in known.iter().enumerate() {
        match value {
            Some(value) => {
                last = Some(place(index, *value));
                run.extend(last);
            }
            None => path.push_str(&piece(&mut run)),
        }
    }
    path.push_str(&piece(&mut run));
    if !path.is_empty() {
        let tag = svg.tag("path").word("d", &path).word("fill", "none").word("stroke-linejoin", "round");
        tag.word("stroke-linecap", "round").stroke(Paint::Series(0), 1.5).close();
    }
    if let Some(last) = last {
        svg.tag("circle").num("cx", last.x).num("cy", last.y).num("r", 2.5).fill(Paint::Series(0)).close();
    }
    svg.finish(frame, width, height, table)
}

/// The path of a run of known numbers; a single one is a dot.
fn piece(run: &mut Vec<Point>) -> String {
    if let [only] = run.as_slice() {
        let path = polyline(&[*only, *only]);
        run.clear();
        return path;
    }
    let path = polyline(run);
    run.clear();
    path
}
