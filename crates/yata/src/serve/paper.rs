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
