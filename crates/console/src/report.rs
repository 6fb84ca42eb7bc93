//! Who turns a report into a PDF.

use std::fmt;

use yata_report::Document;

/// Who turns a report into a PDF: the program lends its typesetter to the service.
pub trait Paper: Send + Sync + fmt::Debug {
    /// The bytes of the PDF. Takes its time: called on a thread for blocking work, one at a time.
    ///
    /// # Errors
    /// Why there is none, for the log.
    fn pdf(&self, document: &Document) -> Result<Vec<u8>, String>;
}
