//! The table that stands beside a chart.

use crate::number::{Number, Numbers};
use crate::text;

/// The numbers of a chart, for reading and for following their links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What the table shows: the frame's title.
    pub caption: String,
    /// The head of each column.
    pub head: Vec<Cell>,
    /// The rows, each as long as `head`. The first cell of a row is its head.
    pub rows: Vec<Vec<Cell>>,
    /// What chart and table leave out, in the caller's words ("and 12 more").
    pub more: Option<String>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// One line without control characters. It is not escaped.
    pub text: String,
    /// An absolute path on the same site.
    pub href: Option<String>,
    /// Whether it is a number, to be aligned at its end.
    pub number: bool,
}

impl Cell {
    /// A text.
    pub(crate) fn text(words: &str, href: Option<&str>) -> Cell {
        Cell { text: text::clean(words), href: text::safe_href(href), number: false }
    }

    /// A number, or what stands for one that is not known.
    pub(crate) fn number(number: &Number, numbers: &Numbers) -> Cell {
        let text = text::clean(&numbers.write_known(number.known()));
        Cell { text, href: text::safe_href(number.href.as_deref()), number: true }
    }

    /// The head of a column of numbers.
    pub(crate) fn head(words: &str) -> Cell {
        Cell { number: true, ..Cell::text(words, None) }
    }
}
