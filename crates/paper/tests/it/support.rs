//! What the tests share.

use std::sync::LazyLock;

use yata_documents::{Limits, pieces};
use yata_paper::{Block, Document, Fonts, Span};

/// The fonts of the system, if one covers Japanese.
pub(crate) fn fonts() -> Option<&'static Fonts> {
    static FONTS: LazyLock<Option<Fonts>> =
        LazyLock::new(|| Fonts::system().ok().filter(|fonts| fonts.japanese().is_some()));
    if FONTS.is_none() {
        eprintln!("skipped: needs a font that covers Japanese (`fonts-noto-cjk`)");
    }
    FONTS.as_ref()
}

/// A document with these blocks.
pub(crate) fn document(blocks: Vec<Block>) -> Document {
    Document { title: "Title".into(), blocks, ..Document::default() }
}

/// A paragraph of one text.
pub(crate) fn paragraph(text: &str) -> Block {
    Block::Paragraph(vec![Span::text(text)])
}

/// The text of a PDF, as this project reads it, without the spaces and line breaks that setting has moved.
pub(crate) fn text(pdf: &[u8]) -> String {
    let mut text = String::new();
    pieces("it.pdf", pdf, &Limits::default(), &mut |piece| text.push_str(piece.text));
    without_spaces(&text)
}

/// The text without white space.
pub(crate) fn without_spaces(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// Whether the file holds these bytes as they are.
pub(crate) fn holds(pdf: &[u8], bytes: &str) -> bool {
    pdf.windows(bytes.len()).any(|window| window == bytes.as_bytes())
}
