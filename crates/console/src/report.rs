//! The management report as a value: what it says, apart from how it is set. A page and a paper show the same.

use std::fmt;

use yata_words::Lang;

/// Who turns a report into a PDF: the program lends its typesetter to the service.
pub trait Paper: Send + Sync + fmt::Debug {
    /// The bytes of the PDF. Takes its time: called on a thread for blocking work, one at a time.
    ///
    /// # Errors
    /// Why there is none, for the log.
    fn pdf(&self, document: &ReportDocument) -> Result<Vec<u8>, String>;
}

/// A report. Every text in it is text, never markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportDocument {
    /// The language of its texts.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// The period, in one line.
    pub subtitle: String,
    /// Whose report it is; empty where nobody said.
    pub organisation: String,
    /// The day it stands for, and when it was made.
    pub date: String,
    /// Who may read it.
    pub classification: String,
    /// What it says.
    pub blocks: Vec<Block>,
    /// At the foot of every page.
    pub footer: String,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The title of a section.
    Heading {
        /// 1 to 3.
        level: u8,
        /// One line.
        text: String,
        /// What links lead to on the page; empty for none.
        anchor: &'static str,
    },
    /// Running text.
    Paragraph(Vec<Span>),
    /// The paragraph that says it all.
    Lead(Vec<Span>),
    /// Key figures side by side.
    Figures(Vec<KeyFigure>),
    /// Rows and columns.
    Table(ReportTable),
    /// A drawing.
    Drawing {
        /// The SVG, as the chart crate writes it.
        svg: String,
        /// What it says.
        alt: String,
    },
    /// Points.
    List(Vec<Vec<Span>>),
    /// What follows begins on a new page.
    PageBreak,
    /// Small print.
    Note(Vec<Span>),
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Text.
    Text(String),
    /// Text in bold type.
    Strong(String),
    /// Text that leads to the rows behind it.
    Link {
        /// What is shown.
        text: String,
        /// Where it leads.
        url: String,
    },
}

impl Span {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Span::Text(text.into())
    }
}

/// A figure that a reader takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFigure {
    /// What is counted.
    pub label: String,
    /// The number, or that it is not known.
    pub value: String,
    /// A comparison or a reservation; empty for none.
    pub note: String,
    /// The rows behind it.
    pub link: Option<String>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportTable {
    /// What it shows; empty for none.
    pub caption: String,
    /// The titles of the columns, and whether they hold numbers.
    pub columns: Vec<(String, bool)>,
    /// The rows.
    pub rows: Vec<Vec<ReportCell>>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportCell {
    /// What is shown.
    pub text: String,
    /// The rows behind it.
    pub link: Option<String>,
    /// Bold type.
    pub strong: bool,
}

impl ReportCell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        ReportCell { text: text.into(), ..ReportCell::default() }
    }

    pub(crate) fn link(text: impl Into<String>, link: String) -> Self {
        ReportCell { text: text.into(), link: Some(link), strong: false }
    }
}
