//! What findings are judged by: the organisation's rules.

use serde::{Deserialize, Serialize};
use yata_model::{BusinessService, Deadlines, Organisation};

/// The most bytes of [`Rules`] as JSON.
pub const MAX_RULES_BYTES: usize = 16 * 1024 * 1024;

/// A decision table of the organisation's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableText {
    /// Its name in errors and lists.
    pub file: String,
    /// The table: SSVC JSON, schema version 2.0.0.
    pub json: String,
}

/// What findings are judged by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rules {
    /// Whose rules they are.
    pub organisation: Organisation,
    /// Days to act.
    pub deadlines: Deadlines,
    /// Decision tables beside the two of the standards.
    pub tables: Vec<TableText>,
    /// The services.
    pub services: Vec<BusinessService>,
}
