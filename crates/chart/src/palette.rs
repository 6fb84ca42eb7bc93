//! The colours: a class that the page's stylesheet paints, and a fallback for paper.
//!
//! Every pair that meets on a chart has the contrast of WCAG 2.2 AA (1.4.3 for text, 1.4.11 for marks), on white here and
//! on both themes in `chart.css`; the tests compute it, and how far the series stay apart for people who do not see red, green
//! or blue.

/// How many series a chart tells apart.
pub const MAX_SERIES: usize = 6;
/// How many steps the heat scale has.
pub(crate) const HEAT_STEPS: usize = 7;

/// What something is painted with; an index beyond the last is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// A mark of the series.
    Series(usize),
    /// Text on a mark of the series.
    OnSeries(usize),
    /// A cell of the heat map.
    Heat(usize),
    /// Text on a cell of the heat map.
    OnHeat(usize),
    /// Numbers and names.
    Ink,
    /// Text beside them.
    Label,
    /// The line that marks stand on, and the edges of a graph.
    Axis,
    /// Lines to compare heights by; nothing depends on them.
    Grid,
    /// The ground of the page: gaps and textures.
    Surface,
}

/// Class for a fill, class for a stroke, colour on paper.
type Row = (&'static str, &'static str, &'static str);

const SERIES: [Row; MAX_SERIES] = [
    ("c1", "s1", "#1f3b8a"),
    ("c2", "s2", "#a5440c"),
    ("c3", "s3", "#3f9694"),
    ("c4", "s4", "#a3822a"),
    ("c5", "s5", "#5b6173"),
    ("c6", "s6", "#6b2a40"),
];
const ON_SERIES: [Row; MAX_SERIES] = [
    ("o1", "", "#ffffff"),
    ("o2", "", "#ffffff"),
    ("o3", "", "#000000"),
    ("o4", "", "#000000"),
    ("o5", "", "#ffffff"),
    ("o6", "", "#ffffff"),
];
const HEAT: [Row; HEAT_STEPS] = [
    ("h0", "", "#f7f1e8"),
    ("h1", "", "#fbe3c6"),
    ("h2", "", "#f8c793"),
    ("h3", "", "#f1a35c"),
    ("h4", "", "#dd7a30"),
    ("h5", "", "#a8480f"),
    ("h6", "", "#6f2a0a"),
];
const ON_HEAT: [Row; HEAT_STEPS] = [
    ("t0", "", "#1b2027"),
    ("t1", "", "#1b2027"),
    ("t2", "", "#1b2027"),
    ("t3", "", "#1b2027"),
    ("t4", "", "#000000"),
    ("t5", "", "#ffffff"),
    ("t6", "", "#ffffff"),
];

impl Paint {
    fn row(self) -> Row {
        let pick = |rows: &[Row], at: usize| rows.get(at).or(rows.last()).copied().unwrap_or(("ink", "ink-line", ""));
        match self {
            Paint::Series(at) => pick(&SERIES, at),
            Paint::OnSeries(at) => pick(&ON_SERIES, at),
            Paint::Heat(at) => pick(&HEAT, at),
            Paint::OnHeat(at) => pick(&ON_HEAT, at),
            Paint::Ink => ("ink", "ink-line", "#1b2027"),
            Paint::Label => ("label", "label-line", "#596170"),
            Paint::Axis => ("axis-fill", "axis", "#7b8491"),
            Paint::Grid => ("grid-fill", "grid", "#dde1e6"),
            Paint::Surface => ("surface", "gap", "#ffffff"),
        }
    }

    /// The class of something filled with it.
    pub(crate) fn fill_class(self) -> &'static str {
        self.row().0
    }

    /// The class of something drawn with it.
    pub(crate) fn stroke_class(self) -> &'static str {
        self.row().1
    }

    /// The colour where no stylesheet applies: on paper, which is white.
    pub(crate) fn on_paper(self) -> &'static str {
        self.row().2
    }
}
