//! A document of blocks: what a report says, apart from how it is set. `console` makes one and shows it as a page, `paper`
//! sets the same one as a PDF.
#![forbid(unsafe_code)]

/// The language of a document: which hyphens, quotation marks and rules of line breaking hold, and what a screen reader
/// speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

/// A document. Every text in it stands on paper exactly as it is given: no character of it is markup. A character that
/// cannot be drawn (a control character, a direction override, a letter that no installed font has) is written as its
/// number, `<U+202E>`; a tab is a space.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The language of the texts.
    pub lang: Lang,
    /// The title on the first page, in the header of the others and in the properties of the file. Must not be empty.
    pub title: String,
    /// One line below the title; empty for none.
    pub subtitle: String,
    /// Whose document it is; empty for none.
    pub organisation: String,
    /// The date as the reader shall see it. The file holds no other date, so that the same document gives the same bytes.
    pub date: String,
    /// Who may read it, such as `TLP:AMBER`: a mark on every page. The labels of TLP 2.0 get their colours.
    pub classification: Option<String>,
    /// What the document says, from the first page on.
    pub blocks: Vec<Block>,
    /// One line at the foot of every page, beside the number of the page; empty for none.
    pub footer: String,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The title of a section, with a bookmark. Left out if the text is blank.
    Heading {
        /// 1 to 3. A level that skips one (3 after 1) is raised, because a screen reader would miss the one between.
        level: u8,
        /// One line.
        text: String,
    },
    /// Running text.
    Paragraph(Vec<Span>),
    /// The paragraph that says it all, in larger type.
    Lead(Vec<Span>),
    /// Key figures side by side, up to four in a row.
    Figures(Vec<KeyFigure>),
    /// Rows and columns. The header row is repeated on every page; the widths follow from what the cells hold.
    Table(Table),
    /// A drawing.
    Svg(Drawing),
    /// Points, each with a bullet.
    List(Vec<Vec<Span>>),
    /// What follows begins on a new page.
    PageBreak,
    /// Small print: where figures come from, what was assumed.
    Note(Vec<Span>),
}

/// A piece of running text. A line feed in it is a line break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Text.
    Text(String),
    /// Text in bold type.
    Strong(String),
    /// Text that leads somewhere.
    Link {
        /// What is shown.
        text: String,
        /// Where it leads: absolute, `http`, `https` or `mailto`. With anything else there is the text and no link.
        url: String,
    },
}

impl Span {
    /// Text as it is.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// A figure that a reader takes away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyFigure {
    /// What is counted.
    pub label: String,
    /// The number with its unit, in large type.
    pub value: String,
    /// A comparison or a reservation; empty for none.
    pub note: String,
    /// The rows behind the number, as in [`Span::Link`].
    pub link: Option<String>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What the table shows, above it; empty for none.
    pub caption: String,
    /// The columns, at least one.
    pub columns: Vec<Column>,
    /// The rows. One with fewer cells than there are columns is filled up; one with more is an error.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// The title of the column.
    pub title: String,
    /// Where the texts of the column stand.
    pub align: Align,
}

impl Column {
    /// A column of words.
    pub fn words(title: impl Into<String>) -> Self {
        Self { title: title.into(), align: Align::Start }
    }

    /// A column of numbers.
    pub fn numbers(title: impl Into<String>) -> Self {
        Self { title: title.into(), align: Align::End }
    }
}

/// Where a text stands in its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// At the beginning of the line: words.
    #[default]
    Start,
    /// In the middle: marks.
    Center,
    /// At the end of the line: numbers, in figures of one width.
    End,
}

/// A cell of a table. A line feed in it is a line break.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// What is shown.
    pub text: String,
    /// Where it leads, as in [`Span::Link`].
    pub link: Option<String>,
    /// Bold type.
    pub strong: bool,
    /// Where the text stands, if not where the column says.
    pub align: Option<Align>,
}

impl Cell {
    /// A text that leads to the rows behind it.
    pub fn link(text: impl Into<String>, link: String) -> Self {
        Self { text: text.into(), link: Some(link), ..Self::default() }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

/// A drawing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drawing {
    /// The SVG: shapes, texts, patterns and gradients, with presentation attributes. No style sheet, no image, no `use`
    /// and nothing from elsewhere. Its texts are drawn with the fonts of the document where the families that it names
    /// are not installed.
    pub svg: String,
    /// What the drawing says, for those who do not see it. Must not be blank.
    pub alt: String,
    /// Width in percent of the width of the text: 10 to 100.
    pub width_percent: u8,
}
