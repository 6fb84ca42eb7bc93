//! The typesetter, lent to the service.

use std::fmt;
use std::sync::Arc;

use yata_console::Paper;
use yata_paper::{Document, Fonts, pdf};

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
    fn pdf(&self, document: &Document) -> Result<Vec<u8>, String> {
        pdf(document, &self.fonts).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use yata_paper::{Block, Span};

    use super::*;

    #[test]
    fn a_report_is_set_with_the_fonts_of_the_system() {
        let Some(paper) = paper() else {
            eprintln!("skipped: needs a font of the system");
            return;
        };
        let blocks = vec![Block::Paragraph(vec![Span::text("Open findings: 3")])];
        let document = Document { title: "Security risk report".to_owned(), blocks, ..Document::default() };
        let bytes = paper.pdf(&document).unwrap();
        assert!(bytes.starts_with(b"%PDF-"), "{} bytes", bytes.len());
    }
}
