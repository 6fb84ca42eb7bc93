//! The texts of a PDF (ISO 32000-1): pages, comments, forms, properties, attached files.
//!
//! Our own reader, because a file to look into is often damaged or built to mislead: cross-reference tables are not
//! believed at all, every object is found by its own header, so that a broken table hides nothing.

mod cmap;
mod content;
mod document;
mod extras;
mod filter;
mod font;
mod glyphs;
mod object;
mod pages;
mod pen;

use crate::gap::GapKind;
use crate::place::Place;
use crate::walk::Walk;

use document::Document;

/// Hands out the texts of a PDF.
pub(crate) fn read(walk: &mut Walk<'_>, place: &Place, bytes: &[u8], depth: u32) {
    let mut document = Document::scan(walk, place, bytes);
    if document.trailer.contains_key(b"Encrypt".as_slice()) {
        return walk.gap(place, GapKind::Encrypted);
    }
    document.unpack_objects(walk);
    let pages = pages::find(&document);
    if pages.is_empty() {
        walk.gap(place, GapKind::Broken("PDF pages"));
    }
    extras::properties(walk, &document);
    pages::read(walk, &document, &pages);
    extras::outline(walk, &document);
    extras::attachments(walk, &document, depth);
    if document.is_exhausted() {
        walk.gap(place, GapKind::TooManyObjects(walk.limits.pdf_objects));
    }
}
