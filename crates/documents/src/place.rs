//! Where in a file a piece of text stands.

use std::fmt;

/// Where a piece of text stands: the way through the containers, the part of the innermost document, and whether a
/// person who opens the document sees it.
///
/// `Display` is compact: `backup.zip!/a.docx!/header`, `plan.xlsx!/Sheet1!B7`, `paper.pdf!/page 4 (hidden)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file and the members on the way, outermost first. Names are labels from outside: never open them.
    pub path: Vec<String>,
    /// The part of the innermost one.
    pub part: Part,
    /// Whether the text is not shown: hidden or deleted text, white on white, hidden sheets, rows and slides.
    pub hidden: bool,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Part {
    /// All of it: a text file.
    Whole,
    /// The text of a word processor's document.
    Body,
    /// A header of pages, printed sheets, slides or notes.
    Header,
    /// A footer of pages, printed sheets, slides or notes.
    Footer,
    /// Footnotes and endnotes.
    Footnote,
    /// A text box or shape over the text.
    TextBox,
    /// A comment, and the cell or page that it hangs on where that is known.
    Comment(Option<String>),
    /// A property of the document, by name: `title`, `keywords`, a custom one.
    Property(String),
    /// A sheet; [`crate::Piece::place_at`] names the cell.
    Sheet(String),
    /// A cell of a sheet.
    Cell(String, Cell),
    /// A name that a workbook gives to cells, constants or formulas.
    DefinedName(String),
    /// A slide, counted from 1 in the order of the show.
    Slide(u32),
    /// The speaker's notes of a slide.
    Notes(u32),
    /// A master or layout: what stands on every slide that uses it.
    Master,
    /// A page, counted from 1.
    Page(u32),
    /// Targets of links.
    Link,
    /// Any other part, by its name in the format.
    Other(String),
}

/// A cell, both counted from 1. `Display` writes it as sheets do: `B7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// Column: 1 is `A`.
    pub column: u32,
    /// Row.
    pub row: u32,
}

impl Place {
    /// The file itself.
    pub fn file(name: &str) -> Self {
        Self { path: vec![name.to_owned()], part: Part::Whole, hidden: false }
    }

    /// A member of this container.
    pub fn member(&self, name: &str) -> Self {
        let mut path = self.path.clone();
        path.push(name.to_owned());
        Self { path, part: Part::Whole, hidden: false }
    }

    /// A part of this document.
    pub fn part(&self, part: Part) -> Self {
        Self { path: self.path.clone(), part, hidden: false }
    }

    /// The same place, shown or not.
    pub fn hidden(mut self, hidden: bool) -> Self {
        self.hidden = hidden;
        self
    }

    /// Whether the text is what a reader meets on every page, where a marking belongs: header, footer, master.
    pub fn is_header_or_footer(&self) -> bool {
        matches!(self.part, Part::Header | Part::Footer | Part::Master)
    }

    /// Whether the text is a property of the document.
    pub fn is_property(&self) -> bool {
        matches!(self.part, Part::Property(_))
    }
}

impl Cell {
    /// Reads `B7` or `$B$7`; `None` if it is no cell or beyond `ZZZZ`.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| *c != '$').take(16).collect();
        let letters = text.chars().take_while(char::is_ascii_alphabetic).count();
        if letters == 0 || letters > 4 {
            return None;
        }
        let column = text
            .chars()
            .take(letters)
            .fold(0u32, |column, letter| column * 26 + (u32::from(letter.to_ascii_uppercase()) - u32::from('A') + 1));
        let row = text.get(letters..)?.parse().ok()?;
        Some(Self { column, row })
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = Vec::new();
        let mut rest = self.column;
        while rest > 0 {
            rest -= 1;
            letters.push(char::from_u32(u32::from('A') + rest % 26).unwrap_or('?'));
            rest /= 26;
        }
        let letters: String = letters.into_iter().rev().collect();
        write!(f, "{letters}{}", self.row)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Body => f.write_str("body"),
            Self::Header => f.write_str("header"),
            Self::Footer => f.write_str("footer"),
            Self::Footnote => f.write_str("footnote"),
            Self::TextBox => f.write_str("text box"),
            Self::Comment(None) => f.write_str("comment"),
            Self::Comment(Some(at)) => write!(f, "comment {at}"),
            Self::Property(name) => write!(f, "property {name}"),
            Self::Sheet(name) => f.write_str(name),
            Self::Cell(sheet, cell) => write!(f, "{sheet}!{cell}"),
            Self::DefinedName(name) => write!(f, "name {name}"),
            Self::Slide(number) => write!(f, "slide {number}"),
            Self::Notes(number) => write!(f, "notes {number}"),
            Self::Master => f.write_str("master"),
            Self::Page(number) => write!(f, "page {number}"),
            Self::Link => f.write_str("link"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.path.iter().enumerate() {
            if index > 0 {
                f.write_str("!/")?;
            }
            f.write_str(name)?;
        }
        if self.part != Part::Whole {
            write!(f, "!/{}", self.part)?;
        }
        if self.hidden { f.write_str(" (hidden)") } else { Ok(()) }
    }
}
