//! The typesetter, lent to the service: a report to a document of paper, block by block.

use std::fmt;
use std::sync::Arc;

use yata_console::{Block, KeyFigure, Paper, ReportCell, ReportDocument, ReportTable, Span};
use yata_paper::{Align, Cell, Column, Document, Drawing, Fonts, Lang, Table, pdf};

/// The typesetter with the fonts of the system, found once.
struct Press {
    fonts: Fonts,
}

impl fmt::Debug for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Press").field("family", &self.fonts.family()).finish()
    }
}

/// The typesetter; `None` where the system has no fonts, which the log says.
pub(super) fn paper() -> Option<Arc<dyn Paper>> {
    match Fonts::system() {
        Ok(fonts) => Some(Arc::new(Press { fonts })),
        Err(error) => {
            tracing::warn!(%error, "reports cannot be set as PDF");
            None
        }
    }
}

impl Paper for Press {
    fn pdf(&self, document: &ReportDocument) -> Result<Vec<u8>, String> {
        pdf(&of(document), &self.fonts).map_err(|error| error.to_string())
    }
}

fn of(document: &ReportDocument) -> Document {
    Document {
        lang: match document.lang {
            yata_words::Lang::Ja => Lang::Ja,
            yata_words::Lang::En => Lang::En,
        },
        title: document.title.clone(),
        subtitle: document.subtitle.clone(),
        organisation: document.organisation.clone(),
        date: document.date.clone(),
        classification: Some(document.classification.clone()).filter(|text| !text.is_empty()),
        blocks: document.blocks.iter().map(block).collect(),
        footer: document.footer.clone(),
    }
}

fn block(block: &Block) -> yata_paper::Block {
    use yata_paper::Block as Set;
    match block {
        Block::Heading { level, text, .. } => Set::Heading { level: *level, text: text.clone() },
        Block::Paragraph(parts) => Set::Paragraph(spans(parts)),
        Block::Lead(parts) => Set::Lead(spans(parts)),
        Block::Figures(figures) => Set::Figures(figures.iter().map(figure).collect()),
        Block::Table(one) => Set::Table(table(one)),
        Block::Drawing { svg, alt } => Set::Svg(Drawing { svg: svg.clone(), alt: alt.clone(), width_percent: 100 }),
        Block::List(points) => Set::List(points.iter().map(|point| spans(point)).collect()),
        Block::PageBreak => Set::PageBreak,
        Block::Note(parts) => Set::Note(spans(parts)),
    }
}

fn spans(parts: &[Span]) -> Vec<yata_paper::Span> {
    use yata_paper::Span as Set;
    let one = |part: &Span| match part {
        Span::Text(text) => Set::Text(text.clone()),
        Span::Strong(text) => Set::Strong(text.clone()),
        Span::Link { text, url } => Set::Link { text: text.clone(), url: url.clone() },
    };
    parts.iter().map(one).collect()
}

fn figure(figure: &KeyFigure) -> yata_paper::KeyFigure {
    yata_paper::KeyFigure {
        label: figure.label.clone(),
        value: figure.value.clone(),
        note: figure.note.clone(),
        link: figure.link.clone(),
    }
}

fn table(table: &ReportTable) -> Table {
    let column = |(title, number): &(String, bool)| Column {
        title: title.clone(),
        align: if *number { Align::End } else { Align::Start },
    };
    let cell =
        |cell: &ReportCell| Cell { text: cell.text.clone(), link: cell.link.clone(), strong: cell.strong, align: None };
    Table {
        caption: table.caption.clone(),
        columns: table.columns.iter().map(column).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
    }
}
