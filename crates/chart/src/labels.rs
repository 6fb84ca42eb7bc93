//! Labels of columns: flat where they fit, slanted where they do not.

use crate::palette::Paint;
use crate::svg::{Anchor, Point, SMALL_PX, Svg, at, figure};
use crate::text;

/// The distance of two lines, in pixels.
const LINE_PX: f64 = 14.0;
/// The most lines of a flat label.
const MAX_LINES: usize = 3;
/// The longest slanted label, in pixels.
const SLANTED_PX: f64 = 160.0;
/// The slope of a slanted label, in degrees; its sine and cosine.
const SLOPE: (f64, f64, f64) = (-40.0, 0.643, 0.766);
/// The least distance of two columns, in pixels, at which slanted labels do not touch.
pub(crate) const MIN_PITCH_PX: f64 = 24.0;

/// On which side of the columns their labels are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Above,
    Below,
}

/// The labels of columns that are evenly apart.
pub(crate) struct Labels {
    full: Vec<String>,
    /// The lines of each; without, the labels are slanted.
    flat: Option<Vec<Vec<String>>>,
    /// How much height they need, in pixels.
    pub(crate) height_px: f64,
}

impl Labels {
    /// Lays out labels for columns of this width.
    pub(crate) fn new(full: Vec<String>, pitch_px: f64) -> Labels {
        let room = pitch_px - 6.0;
        let flat: Option<Vec<Vec<String>>> =
            full.iter().map(|label| text::wrap_whole(label, SMALL_PX, room, MAX_LINES)).collect();
        let height_px = match &flat {
            Some(lines) => lines.iter().map(Vec::len).max().unwrap_or(0) as f64 * LINE_PX + 6.0,
            None => {
                let widest = full.iter().map(|label| text::width(label, SMALL_PX)).fold(0.0, f64::max);
                widest.min(SLANTED_PX) * SLOPE.1 + LINE_PX + 4.0
            }
        };
        Labels { full, flat, height_px }
    }

    /// Whether they are slanted.
    pub(crate) fn slanted(&self) -> bool {
        self.flat.is_none()
    }

    /// Draws the labels at the middles of their columns, `y` being the edge of the columns. `width_px` is that of the
    /// drawing, beyond which no label goes.
    pub(crate) fn draw(&self, svg: &mut Svg, middle: impl Fn(usize) -> f64, y: f64, side: Side, width_px: f64) {
        for (index, full) in self.full.iter().enumerate() {
            let x = middle(index);
            match self.flat.as_ref().and_then(|flat| flat.get(index)) {
                Some(lines) => {
                    let first = match side {
                        Side::Below => y + LINE_PX + 1.0,
                        Side::Above => y - 6.0 - (lines.len() as f64 - 1.0) * LINE_PX,
                    };
                    for (line, words) in lines.iter().enumerate() {
                        let place = at(x, first + line as f64 * LINE_PX);
                        svg.text(place, Anchor::Middle, SMALL_PX, Paint::Label, words);
                    }
                }
                None => slanted(svg, at(x, y), side, full, width_px),
            }
        }
    }
}

fn slanted(svg: &mut Svg, edge: Point, side: Side, full: &str, width_px: f64) {
    let (place, room, anchor) = match side {
        Side::Below => (at(edge.x + 4.0, edge.y + 13.0), edge.x / SLOPE.2, Anchor::End),
        Side::Above => (at(edge.x, edge.y - 6.0), (width_px - edge.x) / SLOPE.2 - 6.0, Anchor::Start),
    };
    let shown = text::fit(full, SMALL_PX, room.min(SLANTED_PX));
    let turn = format!("rotate({} {} {})", SLOPE.0, figure(place.x), figure(place.y));
    svg.tag("g").word("transform", &turn).open();
    svg.text_of(place, anchor, SMALL_PX, Paint::Label, &shown, full);
    svg.end("g");
}
