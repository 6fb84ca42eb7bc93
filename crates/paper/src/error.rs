//! Why there is no PDF.

/// Why a document cannot be set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PaperError {
    /// No font was found at all.
    #[error("no font is installed; install one that covers Japanese, such as `fonts-noto-cjk` on Debian and Ubuntu")]
    NoFonts,
    /// The document is Japanese or has Japanese in it, and no installed font can draw it.
    #[error(
        "no installed font covers Japanese; install one, such as `fonts-noto-cjk` on Debian and Ubuntu, \
         `google-noto-sans-cjk-fonts` on Fedora or `font-noto-cjk` on Alpine"
    )]
    NoJapaneseFont,
    /// Larger than a document may be.
    #[error("the document has {found} {what}, more than {most}")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// What every document or drawing needs is blank.
    #[error("{what} is blank")]
    Blank {
        /// What is blank.
        what: &'static str,
    },
    /// A row has more cells than its table has columns.
    #[error("row {row} of the table in block {block} has {cells} cells for {columns} columns")]
    Row {
        /// The block, counted from 0.
        block: usize,
        /// The row, counted from 0.
        row: usize,
        /// The cells of the row.
        cells: usize,
        /// The columns of the table.
        columns: usize,
    },
    /// A drawing cannot be taken.
    #[error("the drawing in block {block} {reason}")]
    Drawing {
        /// The block, counted from 0.
        block: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The typesetter refused: most often a drawing that is not well-formed.
    #[error("the document cannot be set: {0}")]
    Typesetter(String),
}
