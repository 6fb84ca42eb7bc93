//! Heat map: rows by columns of numbers.

use crate::labels::{Labels, Side};
use crate::number::{Number, largest};
use crate::palette::{HEAT_STEPS, Paint};
use crate::svg::{Anchor, Area, MIDDLE_EM, SMALL_PX, Svg, TEXT_PX, at, whole};
use crate::table::{Cell, Table};
use crate::{Chart, Frame, text};

/// How many rows a heat map has at most.
pub const MAX_HEAT_ROWS: usize = 60;
/// How many columns a heat map has at most.
pub const MAX_HEAT_COLUMNS: usize = 60;
/// The height of a row, in pixels.
const ROW_PX: f64 = 30.0;
/// The narrowest cell, in pixels; also what a finger needs (WCAG 2.2, 2.5.8).
const NARROWEST_PX: f64 = 28.0;
/// The widest cell, in pixels.
const WIDEST_PX: f64 = 120.0;

/// Numbers in rows and columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HeatMap {
    /// What a row is: the head of the table's first column.
    pub head: String,
    /// What the numbers are: the title of the scale.
    pub value: String,
    /// What a cell without a number means, in the legend.
    pub empty: String,
    /// The columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<HeatRow>,
    /// The number with the strongest colour; without, the highest one.
    pub max: Option<f64>,
}

/// A row of a heat map.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HeatRow {
    /// What it is.
    pub label: String,
    /// Where the row's subject is.
    pub href: Option<String>,
    /// A cell for each column; missing ones are empty.
    pub cells: Vec<HeatCell>,
}

/// A cell of a heat map.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HeatCell {
    /// The number, which gives the colour; one that is not known leaves the cell empty, unlike zero.
    pub number: Number,
    /// What is written in the cell in place of the number.
    pub text: Option<String>,
}

impl From<Number> for HeatCell {
    fn from(number: Number) -> HeatCell {
        HeatCell { number, text: None }
    }
}

/// Where everything is.
struct Layout {
    id: String,
    columns: Vec<String>,
    names_px: f64,
    cell_px: f64,
    left: f64,
    width: f64,
    max: f64,
}

/// Draws a heat map.
#[must_use]
pub fn heat_map(data: &HeatMap, frame: &Frame) -> Chart {
    let table = table(data, frame);
    let rows = data.rows.get(..data.rows.len().min(MAX_HEAT_ROWS)).unwrap_or_default();
    let columns: Vec<String> = data.columns.iter().take(MAX_HEAT_COLUMNS).map(|name| text::clean(name)).collect();
    if rows.is_empty() || columns.is_empty() {
        return frame.empty(table);
    }
    let layout = layout(data, rows, columns, frame);
    let mut svg = Svg::new();
    hatch(&mut svg, &layout.id);
    let labels = Labels::new(layout.columns.clone(), layout.cell_px);
    let top = labels.height_px;
    let middle = |index: usize| layout.left + (index as f64 + 0.5) * layout.cell_px;
    labels.draw(&mut svg, middle, top, Side::Above, layout.width);
    for (index, row) in rows.iter().enumerate() {
        draw_row(&mut svg, row, top + index as f64 * ROW_PX, &layout, frame);
    }
    let mut end = scale(&mut svg, data, top + rows.len() as f64 * ROW_PX + 12.0, &layout, frame);
    if let Some(more) = &table.more {
        svg.text(at(0.0, end + 14.0), Anchor::Start, SMALL_PX, Paint::Label, more);
        end += 20.0;
    }
    svg.finish(frame, layout.width, end, table)
}

fn shown_rows(data: &HeatMap) -> impl Iterator<Item = &HeatRow> {
    data.rows.iter().take(MAX_HEAT_ROWS)
}

fn table(data: &HeatMap, frame: &Frame) -> Table {
    let columns = data.columns.len().min(MAX_HEAT_COLUMNS);
    let mut head = vec![Cell::text(&data.head, None)];
    head.extend(data.columns.iter().take(columns).map(|name| Cell::head(name)));
    let row = |row: &HeatRow| {
        let mut cells = vec![Cell::text(&row.label, row.href.as_deref())];
        cells.extend(row.cells.iter().take(columns).map(|cell| {
            let number = Cell::number(&cell.number, &frame.numbers);
            match &cell.text {
                Some(words) => Cell { text: text::clean(words), ..number },
                None => number,
            }
        }));
        cells.resize(columns + 1, Cell::number(&Number::default(), &frame.numbers));
        cells
    };
    let beyond = data.rows.len().saturating_sub(MAX_HEAT_ROWS) + data.columns.len().saturating_sub(MAX_HEAT_COLUMNS);
    let more = frame.words.left_out(beyond, &frame.numbers);
    Table { caption: text::clean(&frame.title), head, rows: shown_rows(data).map(row).collect(), more }
}

fn layout(data: &HeatMap, rows: &[HeatRow], columns: Vec<String>, frame: &Frame) -> Layout {
    let cells = || rows.iter().flat_map(|row| row.cells.iter().take(MAX_HEAT_COLUMNS));
    let widest = cells().map(|cell| text::width(&written(cell, frame), TEXT_PX)).fold(0.0, f64::max) + 8.0;
    let names = rows.iter().map(|row| text::width(&text::clean(&row.label), TEXT_PX)).fold(0.0, f64::max);
    let names_px = names.min(frame.width() * 0.34);
    let left = names_px + 12.0;
    let count = columns.len() as f64;
    let even = (frame.width() - left) / count;
    // Slanted labels of narrow columns lean out of the plot.
    let lean = if Labels::new(columns.clone(), even.min(WIDEST_PX)).slanted() { 48.0 } else { 0.0 };
    let least = NARROWEST_PX.max(widest.min(2.0 * WIDEST_PX));
    let cell_px = ((frame.width() - left - lean) / count).min(WIDEST_PX).max(least);
    let max = data.max.and_then(crate::number::known).filter(|max| *max > 0.0);
    Layout {
        id: text::safe_id(&frame.id),
        width: left + count * cell_px + lean,
        max: max.unwrap_or_else(|| largest(cells().filter_map(|cell| cell.number.known()))),
        columns,
        names_px,
        cell_px,
        left,
    }
}

/// What is written in the cell.
fn written(cell: &HeatCell, frame: &Frame) -> String {
    match (&cell.text, cell.number.known()) {
        (Some(words), _) => text::clean(words),
        (None, Some(value)) => frame.numbers.write(value),
        (None, None) => String::new(),
    }
}

/// The step of the scale: the lowest is for zero alone, the others share what lies above it evenly.
fn step(value: f64, max: f64) -> usize {
    if value <= 0.0 || max <= 0.0 {
        return 0;
    }
    let above = (HEAT_STEPS - 1) as f64;
    whole((value / max * above).ceil()).clamp(1, HEAT_STEPS - 1)
}

fn draw_row(svg: &mut Svg, row: &HeatRow, y: f64, layout: &Layout, frame: &Frame) {
    let label = text::clean(&row.label);
    let base = y + ROW_PX / 2.0 + TEXT_PX * MIDDLE_EM;
    let shown = text::fit(&label, TEXT_PX, layout.names_px);
    svg.mark("", row.href.as_deref(), |svg| {
        svg.text_of(at(0.0, base), Anchor::Start, TEXT_PX, Paint::Ink, &shown, &label);
    });
    for (index, column) in layout.columns.iter().enumerate() {
        let cell = row.cells.get(index).cloned().unwrap_or_default();
        let x = layout.left + index as f64 * layout.cell_px;
        let area = Area { x: x + 1.0, y: y + 1.0, width: layout.cell_px - 2.0, height: ROW_PX - 2.0 };
        let words = written(&cell, frame);
        let said = if words.is_empty() { frame.numbers.write_known(cell.number.known()) } else { words.clone() };
        let name = text::clean(&format!("{label} · {column}: {said}"));
        svg.mark(&name, cell.number.href.as_deref(), |svg| {
            let ink = match cell.number.known() {
                Some(value) => {
                    let step = step(value, layout.max);
                    svg.rect(area, Paint::Heat(step));
                    Paint::OnHeat(step)
                }
                None => {
                    svg.tag("rect").area(area).word("fill", &format!("url(#{}-none)", layout.id)).close();
                    Paint::Ink
                }
            };
            let fitted = text::fit(&words, TEXT_PX, area.width - 4.0);
            svg.text_of(at(x + layout.cell_px / 2.0, base), Anchor::Middle, TEXT_PX, ink, &fitted, &words);
        });
    }
}

/// The texture of empty cells.
fn hatch(svg: &mut Svg, id: &str) {
    svg.tag("defs").open();
    let pattern = svg.tag("pattern").word("id", &format!("{id}-none")).word("patternUnits", "userSpaceOnUse");
    pattern.num("width", 6.0).num("height", 6.0).open();
    let path = svg.tag("path").word("d", "M-1.5 1.5L1.5 -1.5M0 6L6 0M4.5 7.5L7.5 4.5").word("fill", "none");
    path.stroke(Paint::Grid, 1.0).close();
    svg.end("pattern");
    svg.end("defs");
}

/// The scale below the map. Returns where it ends.
fn scale(svg: &mut Svg, data: &HeatMap, y: f64, layout: &Layout, frame: &Frame) -> f64 {
    const STEP_PX: f64 = 22.0;
    let base = y + 6.0 + SMALL_PX * MIDDLE_EM;
    let title = text::fit(&text::clean(&data.value), SMALL_PX, layout.width * 0.4);
    svg.text(at(0.0, base), Anchor::Start, SMALL_PX, Paint::Label, &title);
    let mut x = if title.is_empty() { 0.0 } else { text::width(&title, SMALL_PX) + 14.0 };
    svg.text(at(x, base), Anchor::Start, SMALL_PX, Paint::Label, "0");
    x += 12.0;
    for step in 0..HEAT_STEPS {
        svg.rect(Area { x, y, width: STEP_PX - 1.0, height: 12.0 }, Paint::Heat(step));
        x += STEP_PX;
    }
    let max = frame.numbers.write(layout.max);
    svg.text(at(x + 5.0, base), Anchor::Start, SMALL_PX, Paint::Label, &max);
    x += text::width(&max, SMALL_PX) + 24.0;
    let empty = text::clean(&data.empty);
    if !empty.is_empty() {
        let wide = 20.0 + text::width(&empty, SMALL_PX);
        let (x, y) = if x + wide > layout.width { (0.0, y + 20.0) } else { (x, y) };
        let swatch = Area { x: x + 0.5, y: y + 0.5, width: 13.0, height: 11.0 };
        let tag = svg.tag("rect").area(swatch).word("fill", &format!("url(#{}-none)", layout.id));
        tag.stroke(Paint::Grid, 1.0).close();
        let shown = text::fit(&empty, SMALL_PX, layout.width - 20.0);
        svg.text_of(
            at(x + 20.0, y + 6.0 + SMALL_PX * MIDDLE_EM),
            Anchor::Start,
            SMALL_PX,
            Paint::Label,
            &shown,
            &empty,
        );
        return y + 18.0;
    }
    y + 18.0
}
