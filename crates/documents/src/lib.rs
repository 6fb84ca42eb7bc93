//! Bytes of a file to pieces of text with their place.
//!
//! [`pieces`] takes the bytes of one file and hands out every text in it: the text itself, decoded ([`decode()`]), the
//! members of an archive, the body, headers, comments and properties of an office document, the pages of a PDF. What
//! could not be looked into is a [`Gap`] in the [`Outcome`], never silence. One member is held in memory at a time.
//!
//! Nothing here is written to disk: the paths inside archives are labels and no more.
#![forbid(unsafe_code)]

mod archive;
mod decode;
mod gap;
mod kind;
mod limits;
mod office;
mod pdf;
mod place;
mod walk;

pub use decode::{Decoded, Encoding, decode, detect};
pub use gap::{Gap, GapKind, Outcome};
pub use kind::{HEAD_BYTES, Kind, kind};
pub use limits::Limits;
pub use place::{Cell, Part, Place};
pub use walk::{Piece, pieces};
