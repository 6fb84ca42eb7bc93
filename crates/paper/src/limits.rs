//! How large a document may be. What is larger is an error, so that a caller decides what to leave out and says so.

use crate::{Block, Document, KeyFigure, PaperError, Span};

/// Blocks of a document.
pub const BLOCKS_MAX: usize = 5_000;
/// Cells of all tables together, without headers. So many take about 600 MB of memory while they are set, and 8 seconds.
pub const CELLS_MAX: usize = 20_000;
/// Columns of a table.
pub const COLUMNS_MAX: usize = 16;
/// Drawings of a document.
pub const DRAWINGS_MAX: usize = 100;
/// Key figures, points of lists and spans of running text, of all blocks together.
pub const PARTS_MAX: usize = 20_000;
/// Bytes of one text.
pub const TEXT_BYTES_MAX: usize = 64 << 10;
/// Bytes of all texts together. So many take about 450 MB of memory while they are set, and 9 seconds.
pub const TEXTS_BYTES_MAX: usize = 2 << 20;
/// Bytes of one drawing.
pub const DRAWING_BYTES_MAX: usize = 2 << 20;
/// Bytes of the address of a link; a longer one is no link.
pub const URL_BYTES_MAX: usize = 2_000;

/// Counts everything in the document before anything is made of it.
pub(crate) fn check(document: &Document) -> Result<(), PaperError> {
    let mut count = Count::default();
    let lines = [&document.title, &document.subtitle, &document.organisation, &document.date, &document.footer];
    lines.into_iter().chain(document.classification.as_ref()).try_for_each(|text| count.text(text))?;
    at_most("blocks", document.blocks.len(), BLOCKS_MAX)?;
    document.blocks.iter().try_for_each(|block| count.block(block))
}

fn at_most(what: &'static str, found: usize, most: usize) -> Result<(), PaperError> {
    if found > most { Err(PaperError::TooMuch { what, found, most }) } else { Ok(()) }
}

#[derive(Default)]
struct Count {
    bytes: usize,
    cells: usize,
    drawings: usize,
    parts: usize,
}

impl Count {
    fn text(&mut self, text: &str) -> Result<(), PaperError> {
        at_most("bytes in one text", text.len(), TEXT_BYTES_MAX)?;
        self.bytes += text.len();
        at_most("bytes of text", self.bytes, TEXTS_BYTES_MAX)
    }

    fn parts(&mut self, parts: usize) -> Result<(), PaperError> {
        self.parts += parts;
        at_most("figures, points and spans", self.parts, PARTS_MAX)
    }

    fn spans(&mut self, spans: &[Span]) -> Result<(), PaperError> {
        self.parts(spans.len())?;
        spans.iter().try_for_each(|span| match span {
            Span::Text(text) | Span::Strong(text) | Span::Link { text, .. } => self.text(text),
        })
    }

    fn block(&mut self, block: &Block) -> Result<(), PaperError> {
        match block {
            Block::Heading { text, .. } => self.text(text),
            Block::Paragraph(spans) | Block::Lead(spans) | Block::Note(spans) => self.spans(spans),
            Block::Figures(figures) => {
                self.parts(figures.len())?;
                figures.iter().try_for_each(|KeyFigure { label, value, note, .. }| {
                    [label, value, note].into_iter().try_for_each(|text| self.text(text))
                })
            }
            Block::Table(table) => {
                at_most("columns in one table", table.columns.len(), COLUMNS_MAX)?;
                self.cells += table.rows.iter().map(|row| row.len().max(1)).sum::<usize>();
                at_most("cells", self.cells, CELLS_MAX)?;
                let titles = table.columns.iter().map(|column| &column.title);
                let texts = table.rows.iter().flatten().map(|cell| &cell.text);
                titles.chain(texts).chain([&table.caption]).try_for_each(|text| self.text(text))
            }
            Block::Svg(drawing) => {
                self.drawings += 1;
                at_most("drawings", self.drawings, DRAWINGS_MAX)?;
                at_most("bytes in one drawing", drawing.svg.len(), DRAWING_BYTES_MAX)?;
                self.text(&drawing.alt)
            }
            Block::List(points) => {
                self.parts(points.len())?;
                points.iter().try_for_each(|point| self.spans(point))
            }
            Block::PageBreak => Ok(()),
        }
    }
}
