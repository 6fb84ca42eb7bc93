//! Legends and textures: what tells the series apart besides colour.

use crate::palette::{MAX_SERIES, Paint};
use crate::svg::{Anchor, Area, MIDDLE_EM, Point, SMALL_PX, Svg, at};
use crate::text;

/// The height of a line of a legend, in pixels.
const LINE_PX: f64 = 20.0;
/// Between two entries, in pixels.
const BETWEEN_PX: f64 = 18.0;
/// The width of a sign and the gap after it, in pixels.
const SIGN_PX: f64 = 20.0;
/// The size of a filled sign, in pixels.
const SWATCH_PX: f64 = 12.0;
/// The dashes of the lines of the series.
const DASHES: [&str; MAX_SERIES] = ["", "7 3", "2 3", "9 3 2 3", "5 5", "1 4"];

/// The sign of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// The fill of the series, with its texture.
    Fill(usize),
    /// The line of the series, with its marker.
    Line(usize),
    /// The area of what is open.
    Open,
    /// The line of what was planned.
    Plan,
    /// A due date.
    Due,
}

/// An entry of a legend.
pub(crate) struct Entry {
    pub(crate) sign: Sign,
    pub(crate) words: String,
}

/// Draws the entries in lines, as many as needed. Returns where the legend ends.
pub(crate) fn legend(svg: &mut Svg, id: &str, entries: &[Entry], area: Area) -> f64 {
    let (mut x, mut y) = (area.x, area.y);
    for entry in entries {
        let shown = text::fit(&entry.words, SMALL_PX, area.width - SIGN_PX);
        let wide = SIGN_PX + text::width(&shown, SMALL_PX);
        if x > area.x && x + wide > area.right() {
            (x, y) = (area.x, y + LINE_PX);
        }
        let middle = y + LINE_PX / 2.0;
        sign(svg, id, entry.sign, at(x, middle));
        let place = at(x + SIGN_PX, middle + SMALL_PX * MIDDLE_EM);
        svg.text_of(place, Anchor::Start, SMALL_PX, Paint::Label, &shown, &entry.words);
        x += wide + BETWEEN_PX;
    }
    if entries.is_empty() { area.y } else { y + LINE_PX }
}

fn sign(svg: &mut Svg, id: &str, sign: Sign, place: Point) {
    let line = [place, at(place.x + 14.0, place.y)];
    match sign {
        Sign::Fill(series) => {
            let area = Area { x: place.x, y: place.y - SWATCH_PX / 2.0, width: SWATCH_PX, height: SWATCH_PX };
            textured(svg, id, series, area);
        }
        Sign::Line(series) => {
            stroke(svg, series, &crate::svg::polyline(&line));
            marker(svg, series, at(place.x + 7.0, place.y));
        }
        Sign::Open => {
            let area = Area { x: place.x, y: place.y - 5.0, width: 14.0, height: 10.0 };
            svg.tag("rect").area(area).word("fill-opacity", "0.14").fill(Paint::Series(0)).close();
            stroke(svg, 0, &crate::svg::polyline(&[at(area.x, area.y), at(area.right(), area.y)]));
        }
        Sign::Plan => plan(svg, &crate::svg::polyline(&line)),
        Sign::Due => due(svg, at(place.x + 7.0, place.y)),
    }
}

/// The line of a series.
pub(crate) fn stroke(svg: &mut Svg, series: usize, path: &str) {
    let mut tag = svg.tag("path").word("d", path).word("fill", "none").word("stroke-linejoin", "round");
    if let Some(dashes) = DASHES.get(series).filter(|dashes| !dashes.is_empty()) {
        tag = tag.word("stroke-dasharray", dashes);
    }
    tag.stroke(Paint::Series(series), 2.0).close();
}

/// The line of what was planned.
pub(crate) fn plan(svg: &mut Svg, path: &str) {
    let tag = svg.tag("path").word("d", path).word("fill", "none").word("stroke-dasharray", "5 4");
    tag.stroke(Paint::Series(1), 1.75).close();
}

/// The mark of a due date.
pub(crate) fn due(svg: &mut Svg, middle: Point) {
    let (x, y) = (middle.x, middle.y);
    let path = format!("{}Z", crate::svg::polyline(&[at(x, y - 5.0), at(x + 5.0, y), at(x, y + 5.0), at(x - 5.0, y)]));
    svg.tag("path").word("d", &path).fill(Paint::Ink).close();
}

/// The marker of a series: circle, square, triangle, diamond, ring, bar.
pub(crate) fn marker(svg: &mut Svg, series: usize, middle: Point) {
    let (x, y, paint) = (middle.x, middle.y, Paint::Series(series));
    let around = |points: &[Point]| format!("{}Z", crate::svg::polyline(points));
    match series {
        0 | 4 => svg.tag("circle").num("cx", x).num("cy", y).num("r", 3.25).fill(paint).close(),
        1 => svg.rect(Area { x: x - 3.25, y: y - 3.25, width: 6.5, height: 6.5 }, paint),
        2 => {
            let path = around(&[at(x, y - 4.25), at(x + 4.0, y + 3.0), at(x - 4.0, y + 3.0)]);
            svg.tag("path").word("d", &path).fill(paint).close();
        }
        _ => {
            let path = around(&[at(x, y - 4.25), at(x + 4.25, y), at(x, y + 4.25), at(x - 4.25, y)]);
            svg.tag("path").word("d", &path).fill(paint).close();
        }
    }
}

/// The textures of so many series, to be defined once in a drawing. The first series is plain.
pub(crate) fn define_textures(svg: &mut Svg, id: &str, series: usize) {
    // The side of the tile, its path, and how thick that is.
    let tiles = [
        (8.0, "M-2 2L2 -2M0 8L8 0M6 10L10 6", 0.9),
        (6.0, "M1 1.5h1M4 4.5h1", 1.0),
        (8.0, "M-2 6L2 10M0 0L8 8M6 -2L10 2", 0.9),
        (5.0, "M0 2.5h5", 0.8),
        (7.0, "M3.5 0v7M0 3.5h7", 0.8),
    ];
    if series < 2 {
        return;
    }
    svg.tag("defs").open();
    for (at, (side, path, thick)) in tiles.iter().enumerate().take(series - 1) {
        let pattern =
            svg.tag("pattern").word("id", &format!("{id}-p{}", at + 2)).word("patternUnits", "userSpaceOnUse");
        pattern.num("width", *side).num("height", *side).open();
        svg.tag("path").word("d", path).word("fill", "none").stroke(Paint::Surface, *thick).close();
        svg.end("pattern");
    }
    svg.end("defs");
}

/// A rectangle in the colour and with the texture of the series.
pub(crate) fn textured(svg: &mut Svg, id: &str, series: usize, area: Area) {
    svg.rect(area, Paint::Series(series));
    if series > 0 {
        svg.tag("rect").area(area).word("fill", &format!("url(#{id}-p{})", series + 1)).close();
    }
}
