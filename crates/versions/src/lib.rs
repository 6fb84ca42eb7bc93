//! Version ordering, ranges and compatible upgrades for every ecosystem.
//!
//! - [`Version`] is a version of one [`Scheme`], ordered as that ecosystem's own tools order it.
//! - [`Candidate`] is the version of a component, parsed once and held against many
//!   [`Affected`](yata_model::Affected) entries; the answer is a [`Verdict`].
//! - [`smallest_fix`] finds the least version that closes every entry it is given.
//! - [`compatible`] says whether an upgrade keeps what the ecosystem's convention promises.
//!
//! Pure: no I/O, no clock. Every text may be hostile: nothing here panics, and what cannot be compared is
//! an error or [`Verdict::Unknown`], never a guess that the version is safe.

mod compatible;
mod error;
mod evaluate;
mod fix;
mod scheme;
mod schemes;
mod skeleton;
mod text;
mod version;

pub use compatible::compatible;
pub use error::VersionError;
pub use evaluate::{Candidate, MAX_EVENTS_PER_RANGE, UnknownReason, Verdict, affects};
pub use fix::smallest_fix;
pub use scheme::Scheme;
pub use version::{MAX_VERSION_BYTES, Version};
