//! Data to SVG, for the page and for paper, and the same numbers as a table.
//!
//! Six charts: [`radar`], [`heat_map`], [`burn_down`], [`stacked_bars`], [`sparkline`], [`graph`]. Each takes its data and a
//! [`Frame`] and gives a [`Chart`]: an SVG document and the [`Table`] that stands beside it. The same input gives the same
//! bytes.
//!
//! **No language.** Every word, and how numbers and dates are written, comes in from the caller.
//!
//! **Any data.** Numbers that are not finite are "not known", which is drawn differently from zero; texts may hold
//! anything, the SVG is well-formed all the same; what is beyond a limit is counted and named ([`Words::more`]) in the chart and
//! beside its table.
//!
//! **Colour.** Elements carry classes, which [`CSS`] paints in the light and the dark theme, and presentation
//! attributes in the light colours for paper, where no stylesheet applies. There is no `style` attribute, no `<style>`,
//! no script. Colour is never the only sign: fills have textures, lines have dashes and markers, cells have numbers.
//!
//! **Links.** A [`Number`] may link to the rows that it counts. Only absolute paths on the same site are kept. Marks with links are
//! left out of the keyboard's order, since the table has the same links. A chart with links has the role `group`, since
//! an `img` must have nothing inside that can be focused; one without links is an `img`.

mod bars;
mod burndown;
mod day;
mod graph;
mod heat;
mod labels;
mod legend;
mod number;
mod palette;
mod radar;
mod sparkline;
mod svg;
mod table;
mod text;

pub use bars::{Bar, Direction, MAX_BARS, StackedBars, stacked_bars};
pub use burndown::{BurnDown, Due, MAX_DAYS, burn_down};
pub use day::{Dates, Day};
pub use graph::{Graph, MAX_EDGES, MAX_NODES, Node, graph};
pub use heat::{HeatCell, HeatMap, HeatRow, MAX_HEAT_COLUMNS, MAX_HEAT_ROWS, heat_map};
pub use number::{Number, Numbers};
pub use palette::MAX_SERIES;
pub use radar::{MAX_AXES, Radar, RadarSeries, radar};
pub use sparkline::{MAX_SPARKS, Sparkline, sparkline};
pub use table::{Cell, Table};

/// The stylesheet of the charts: light, dark (`prefers-color-scheme`, or `data-theme` on the root), forced colours. It sets
/// custom properties on `:root` and paints the classes below `.chart`, nothing else. The ground of the page must be near
/// `--chart-surface`, which a page may set.
pub const CSS: &str = include_str!("chart.css");

/// A drawn chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// An `<svg>` element, to be put into a page as it is or to be written as a file.
    pub svg: String,
    /// The same numbers.
    pub table: Table,
}

/// What every chart needs besides its data.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frame {
    /// The beginning of every id in the SVG, unique on the page: letters, digits, `-` and `_`.
    pub id: String,
    /// What is shown, in a few words: the chart's accessible name and the caption of its table. It is not drawn.
    pub title: String,
    /// What the chart says, in a sentence: its accessible description.
    pub description: String,
    /// The wanted width, in pixels, 160 to 2,000 (a sparkline: 20 to 600). A chart that needs more room takes it.
    pub width_px: u32,
    /// The wanted height, in pixels, 120 to 1,200 (a sparkline: 10 to 200). Heat maps, horizontal bars and graphs
    /// are as high as their rows.
    pub height_px: u32,
    /// How numbers are written.
    pub numbers: Numbers,
    /// The words that any chart may need.
    pub words: Words,
}

/// Words that any chart may need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Stands where there is nothing to draw: "no data".
    pub empty: String,
    /// Stands for what is beyond a limit, with `{n}` for how many: "and {n} more".
    pub more: String,
}

impl Words {
    /// The words for so many that are left out.
    pub(crate) fn left_out(&self, count: usize, numbers: &Numbers) -> Option<String> {
        let words = if self.more.contains("{n}") { self.more.clone() } else { format!("{} {{n}}", self.more) };
        (count > 0).then(|| text::clean(words.replace("{n}", &numbers.write(count as f64)).trim()))
    }
}

impl Frame {
    /// The wanted width, within what a chart can have.
    pub(crate) fn width(&self) -> f64 {
        f64::from(self.width_px.clamp(160, 2_000))
    }

    /// The wanted height, within what a chart can have.
    pub(crate) fn height(&self) -> f64 {
        f64::from(self.height_px.clamp(120, 1_200))
    }

    /// The chart of nothing: the words for it, and a table without rows.
    pub(crate) fn empty(&self, table: Table) -> Chart {
        let (width, height) = (self.width(), 120.0);
        let mut drawing = svg::Svg::new();
        let area = svg::Area { x: 0.5, y: 0.5, width: width - 1.0, height: height - 1.0 };
        let outline = drawing.tag("rect").area(area).word("fill", "none").word("stroke-dasharray", "4 4");
        outline.stroke(palette::Paint::Axis, 1.0).close();
        let words = text::clean(&self.words.empty);
        let middle = svg::at(width / 2.0, height / 2.0 + svg::TEXT_PX * svg::MIDDLE_EM);
        let shown = text::fit(&words, svg::TEXT_PX, width - 16.0);
        drawing.text_of(middle, svg::Anchor::Middle, svg::TEXT_PX, palette::Paint::Label, &shown, &words);
        drawing.finish(self, width, height, table)
    }
}
