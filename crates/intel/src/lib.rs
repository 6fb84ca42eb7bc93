//! The advisory index on disk: import of feeds, look-up, matching.
//!
//! Owns one file ([`Index`]) that is opened in milliseconds and never parsed whole. Feeds are read by
//! [`import`] and fetched by [`sync`]; components are matched by [`Index::matches`]; exploitation evidence comes from
//! [`Index::signals`]. Only this crate knows the layout of the file.

mod error;
mod import;
mod index;
mod layout;
mod matching;

mod signals;
mod source;
mod sync;

pub use error::IntelError;
pub use import::{ImportOptions, ImportReport, ImportedSource, Progress, ProgressUnit, VULNRICHMENT_SOURCE, import};
pub use index::{Index, Known};

pub use matching::{Match, Matches};
pub use signals::Signals;
pub use source::{MaxAges, Sources};
pub use sync::{SyncConfig, SyncOutcome, SyncReport, SyncedSource, sync};
