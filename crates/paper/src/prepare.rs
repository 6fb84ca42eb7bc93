//! The document as the values that the template reads.

use serde::Serialize;

use crate::columns::{Wish, widths};
use crate::limits::URL_BYTES_MAX;
use crate::text::{Feed, Letters, Texts, Widths};
use crate::{Align, Block, Cell, Document, Drawing, Fonts, KeyFigure, Lang, PaperError, Span, Table, drawing};

/// The room for text beside the margins: 170 mm, in points.
const LINE_POINTS: f64 = 481.9;
/// The size of running text, in points. The template sets it.
const TEXT_POINTS: f64 = 9.5;
/// The size of texts in tables, in points. The template sets it.
const CELL_POINTS: f64 = 8.5;
/// What a cell leaves free at its sides, in points. The template sets it.
const CELL_SIDES_POINTS: f64 = 8.0;
/// Bold letters are wider by about so much.
const BOLD: f64 = 1.08;
/// Key figures in a row.
const FIGURES_IN_A_ROW: usize = 4;
/// The levels of headings.
const LEVELS: u8 = 3;

/// What the typesetter sees: the values for the template, and the drawings, which it names by their place.
pub(crate) struct Prepared {
    pub(crate) values: Vec<u8>,
    pub(crate) drawings: Vec<String>,
}

#[derive(Serialize)]
struct Report<'a> {
    lang: &'static str,
    family: &'a str,
    title: String,
    subtitle: String,
    organisation: String,
    date: String,
    mark: Option<Mark>,
    footer: String,
    blocks: Vec<Part>,
}

/// The mark that says who may read the document.
#[derive(Serialize)]
struct Mark {
    text: String,
    /// The colour of a label of TLP 2.0, which stands on black.
    colour: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Part {
    Heading { level: u8, text: String },
    Paragraph { spans: Vec<Run> },
    Lead { spans: Vec<Run> },
    Note { spans: Vec<Run> },
    Figures { rows: Vec<Vec<Figure>> },
    Table { caption: String, columns: Vec<Head>, rows: Vec<Vec<Entry>> },
    Drawing { file: String, alt: String, width: u8 },
    List { points: Vec<Vec<Run>> },
    Break,
}

#[derive(Serialize)]
struct Run {
    text: String,
    strong: bool,
    url: Option<String>,
}

#[derive(Serialize)]
struct Figure {
    label: String,
    value: String,
    note: String,
    url: Option<String>,
}

#[derive(Serialize)]
struct Head {
    title: String,
    align: &'static str,
    /// The width in points. The template takes it as a share of the line.
    points: f64,
}

/// A cell: most are a text and no more.
#[derive(Serialize)]
#[serde(untagged)]
enum Entry {
    Plain(String),
    Full { text: String, url: Option<String>, strong: bool, align: Option<&'static str> },
}

/// The name of a drawing among the files of the typesetter.
pub(crate) fn drawing_file(place: usize) -> String {
    format!("drawing-{place}.svg")
}

/// Makes the values of a document that is within the limits.
pub(crate) fn prepare(document: &Document, fonts: &Fonts, letters: Letters) -> Result<Prepared, PaperError> {
    if document.lang == Lang::Ja && fonts.japanese().is_none() {
        return Err(PaperError::NoJapaneseFont);
    }
    if document.title.trim().is_empty() {
        return Err(PaperError::Blank { what: "the title of the document" });
    }
    let mut press =
        Press { texts: Texts::new(fonts, letters), widths: Widths::new(fonts), level: 0, drawings: Vec::new() };
    let mut blocks = Vec::with_capacity(document.blocks.len());
    for (place, block) in document.blocks.iter().enumerate() {
        blocks.extend(press.block(place, block)?);
    }
    let report = Report {
        lang: match document.lang {
            Lang::En => "en",
            Lang::Ja => "ja",
        },
        family: fonts.family(),
        title: press.line(&document.title, 0.4)?,
        subtitle: press.line(&document.subtitle, 0.8)?,
        organisation: press.line(&document.organisation, 0.4)?,
        date: press.line(&document.date, 0.4)?,
        mark: document.classification.as_deref().map(|mark| press.mark(mark)).transpose()?,
        footer: press.line(&document.footer, 0.7)?,
        blocks,
    };
    let values = serde_json::to_vec(&report).map_err(|error| PaperError::Typesetter(error.to_string()))?;
    Ok(Prepared { values, drawings: press.drawings })
}

/// What is carried from block to block.
struct Press<'a> {
    texts: Texts<'a>,
    widths: Widths,
    /// The level of the last heading; 0 before the first.
    level: u8,
    drawings: Vec<String>,
}

impl Press<'_> {
    /// A text of one line of running text, of which it may take up a part.
    fn line(&self, text: &str, part: f64) -> Result<String, PaperError> {
        self.text(text, Feed::Space, LINE_POINTS / TEXT_POINTS * part)
    }

    fn text(&self, text: &str, feed: Feed, ems: f64) -> Result<String, PaperError> {
        Ok(self.widths.with_breaks(&self.texts.drawable(text, feed)?, ems))
    }

    fn mark(&self, mark: &str) -> Result<Mark, PaperError> {
        let text = self.line(mark, 0.4)?;
        let colour = tlp_colour(&text);
        Ok(Mark { text, colour })
    }

    /// The part that a block becomes; none for a blank one.
    fn block(&mut self, place: usize, block: &Block) -> Result<Option<Part>, PaperError> {
        let part = match block {
            Block::Heading { level, text } => {
                let text = self.line(text, 0.6)?;
                if text.trim().is_empty() {
                    return Ok(None);
                }
                self.level = (*level).clamp(1, LEVELS).min(self.level + 1);
                Part::Heading { level: self.level, text }
            }
            Block::Paragraph(spans) => Part::Paragraph { spans: self.spans(spans)? },
            Block::Lead(spans) => Part::Lead { spans: self.spans(spans)? },
            Block::Note(spans) => Part::Note { spans: self.spans(spans)? },
            Block::Figures(figures) => Part::Figures { rows: self.figures(figures)? },
            Block::Table(table) if table.columns.is_empty() => return self.no_columns(place, table),
            Block::Table(table) => self.table(place, table)?,
            Block::Svg(drawing) => self.drawing(place, drawing)?,
            Block::List(points) => {
                Part::List { points: points.iter().map(|point| self.spans(point)).collect::<Result<_, _>>()? }
            }
            Block::PageBreak => Part::Break,
        };
        Ok(match &part {
            Part::Paragraph { spans } | Part::Lead { spans } | Part::Note { spans } if spans.is_empty() => None,
            Part::Figures { rows } if rows.is_empty() => None,
            Part::List { points } if points.is_empty() => None,
            _ => Some(part),
        })
    }

    fn spans(&self, spans: &[Span]) -> Result<Vec<Run>, PaperError> {
        let run = |span: &Span| {
            let (text, strong, url) = match span {
                Span::Text(text) => (text, false, None),
                Span::Strong(text) => (text, true, None),
                Span::Link { text, url } => (text, false, address(url)),
            };
            let text = self.text(text, Feed::Break, LINE_POINTS / TEXT_POINTS * 0.7)?;
            let url = url.filter(|_| !text.trim().is_empty());
            Ok(Run { text, strong, url })
        };
        spans.iter().map(run).collect()
    }

    fn figures(&self, figures: &[KeyFigure]) -> Result<Vec<Vec<Figure>>, PaperError> {
        let room = LINE_POINTS / figures.len().clamp(1, FIGURES_IN_A_ROW) as f64 - 14.0;
        let figure = |figure: &KeyFigure| {
            Ok(Figure {
                label: self.text(&figure.label, Feed::Space, room / CELL_POINTS)?,
                value: self.text(&figure.value, Feed::Space, room / 22.0)?,
                note: self.text(&figure.note, Feed::Break, room / CELL_POINTS)?,
                url: figure.link.as_deref().and_then(address),
            })
        };
        figures.chunks(FIGURES_IN_A_ROW).map(|row| row.iter().map(figure).collect()).collect()
    }

    fn no_columns(&self, block: usize, table: &Table) -> Result<Option<Part>, PaperError> {
        match table.rows.iter().position(|row| !row.is_empty()) {
            Some(row) => {
                let cells = table.rows.get(row).map_or(0, Vec::len);
                Err(PaperError::Row { block, row, cells, columns: 0 })
            }
            None => Ok(None),
        }
    }

    fn table(&self, block: usize, table: &Table) -> Result<Part, PaperError> {
        let columns = table.columns.len();
        let mut wishes = vec![Wish::default(); columns];
        for (wish, column) in wishes.iter_mut().zip(&table.columns) {
            let title = self.texts.drawable(&column.title, Feed::Space)?;
            wish.word(self.widths.line(&title) * BOLD);
            wish.line(self.widths.line(&title) * BOLD);
        }
        let mut texts: Vec<Vec<String>> = Vec::with_capacity(table.rows.len());
        for (row, cells) in table.rows.iter().enumerate() {
            if cells.len() > columns {
                return Err(PaperError::Row { block, row, cells: cells.len(), columns });
            }
            let mut drawable = Vec::with_capacity(columns);
            for (wish, cell) in wishes.iter_mut().zip(cells) {
                let text = self.texts.drawable(&cell.text, Feed::Break)?;
                let bold = if cell.strong { BOLD } else { 1.0 };
                self.widths.words(&text).for_each(|word| wish.word(self.widths.line(word) * bold));
                text.lines().for_each(|line| wish.line(self.widths.line(line) * bold));
                drawable.push(text);
            }
            texts.push(drawable);
        }
        let room = (LINE_POINTS - CELL_SIDES_POINTS * columns as f64) / CELL_POINTS;
        let shares = widths(&wishes, room);
        let heads = table.columns.iter().zip(&shares).map(|(column, &share)| {
            let title = self.text(&column.title, Feed::Space, share / BOLD)?;
            Ok(Head { title, align: align(column.align), points: share * CELL_POINTS + CELL_SIDES_POINTS })
        });
        let rows = table.rows.iter().zip(texts).map(|(cells, texts)| {
            let row = cells.iter().zip(texts).zip(&shares);
            let mut row: Vec<Entry> = row.map(|((cell, text), &share)| self.entry(cell, &text, share)).collect();
            row.resize_with(columns, || Entry::Plain(String::new()));
            row
        });
        let rows = rows.collect();
        Ok(Part::Table { caption: self.line(&table.caption, 0.7)?, columns: heads.collect::<Result<_, _>>()?, rows })
    }

    fn entry(&self, cell: &Cell, text: &str, ems: f64) -> Entry {
        let bold = if cell.strong { BOLD } else { 1.0 };
        let text = self.widths.with_breaks(text, ems / bold);
        let url = cell.link.as_deref().and_then(address).filter(|_| !text.trim().is_empty());
        if url.is_none() && !cell.strong && cell.align.is_none() {
            return Entry::Plain(text);
        }
        Entry::Full { text, url, strong: cell.strong, align: cell.align.map(align) }
    }

    fn drawing(&mut self, block: usize, drawing: &Drawing) -> Result<Part, PaperError> {
        let alt = self.texts.drawable(&drawing.alt, Feed::Space)?;
        if alt.trim().is_empty() {
            return Err(PaperError::Blank { what: "the alternative text of a drawing" });
        }
        drawing::check(&drawing.svg).map_err(|reason| PaperError::Drawing { block, reason })?;
        let file = drawing_file(self.drawings.len());
        self.drawings.push(self.texts.drawing(&drawing.svg)?);
        Ok(Part::Drawing { file, alt, width: drawing.width_percent.clamp(10, 100) })
    }
}

/// The colour of a label of TLP 2.0 (FIRST, "Traffic Light Protocol", 2022), on black.
fn tlp_colour(label: &str) -> Option<&'static str> {
    match label.to_ascii_uppercase().as_str() {
        "TLP:RED" => Some("#FF2B2B"),
        "TLP:AMBER" | "TLP:AMBER+STRICT" => Some("#FFC000"),
        "TLP:GREEN" => Some("#33FF00"),
        "TLP:CLEAR" => Some("#FFFFFF"),
        _ => None,
    }
}

fn align(align: Align) -> &'static str {
    match align {
        Align::Start => "start",
        Align::Center => "center",
        Align::End => "end",
    }
}

/// The address of a link in ASCII, or none if it does not lead to a page or a mailbox.
fn address(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once(':')?;
    let known = ["http", "https", "mailto"].into_iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let broken = url.chars().any(|character| character.is_control() || character.is_whitespace());
    if !known || broken || rest.trim_matches('/').is_empty() {
        return None;
    }
    let mut address = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii() {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    (address.len() <= URL_BYTES_MAX).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::tlp_colour;

    #[test]
    fn the_labels_of_tlp_have_their_colours_and_other_marks_have_none() {
        for (label, colour) in [
            ("TLP:RED", Some("#FF2B2B")),
            ("tlp:amber", Some("#FFC000")),
            ("TLP:AMBER+STRICT", Some("#FFC000")),
            ("TLP:GREEN", Some("#33FF00")),
            ("TLP:CLEAR", Some("#FFFFFF")),
            ("TLP:WHITE", None),
            ("Internal", None),
        ] {
            assert_eq!(tlp_colour(label), colour, "{label}");
        }
    }
}
