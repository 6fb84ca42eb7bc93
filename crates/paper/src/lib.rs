//! A document value to PDF.
//!
//! A caller fills in a [`Document`]: paragraphs, key figures, tables, drawings. [`pdf`] sets it as a management report on
//! A4 and hands back the bytes of a tagged PDF that keeps PDF/UA-1 (ISO 14289-1), or says why there is none.
//!
//! - A text is data from end to end: it reaches the typesetter as a value, never as markup, so that no text can run
//!   anything, and each stands on paper as it was given.
//! - The typesetter sees nothing but the document and the [`Fonts`]: no file, no network, no package, no clock. The same
//!   document and the same fonts give the same bytes.
//! - What is too large is an error and never cut ([`limits`]).
#![forbid(unsafe_code)]

mod columns;
mod drawing;
mod error;
mod fonts;
pub mod limits;
mod prepare;
mod text;
mod world;

pub use error::PaperError;
pub use fonts::Fonts;
pub use yata_report::{Align, Block, Cell, Column, Document, Drawing, KeyFigure, Lang, Span, Table};

use text::Letters;

/// Sets a document and hands back the bytes of its PDF. A report of some pages takes a tenth of a second and 70 MB, most
/// of it the font; the largest document seconds and hundreds of megabytes ([`limits`]). A caller that serves others runs it
/// on a thread for blocking work, one at a time.
///
/// # Errors
/// Any of [`PaperError`]; nothing is left out to make a document fit.
pub fn pdf(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    limits::check(document)?;
    match attempt(document, fonts, Letters::Any) {
        // A text can need what PDF/UA cannot express, such as a mark on a letter of another font. Then each character
        // stands for itself.
        Err(PaperError::Typesetter(_)) => attempt(document, fonts, Letters::Simple),
        result => result,
    }
}

fn attempt(document: &Document, fonts: &Fonts, letters: Letters) -> Result<Vec<u8>, PaperError> {
    world::set(&prepare::prepare(document, fonts, letters)?, fonts)
}
