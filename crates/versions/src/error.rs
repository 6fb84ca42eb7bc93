//! What can be wrong with the text of a version.

use crate::{MAX_VERSION_BYTES, Scheme};

/// Why a text is not a version of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// Nothing but white space.
    #[error("an empty text is not a {scheme} version")]
    Empty {
        /// The scheme asked for.
        scheme: Scheme,
    },
    /// More than [`MAX_VERSION_BYTES`].
    #[error("`{start}…` is not a {scheme} version: {bytes} bytes, the limit is {MAX_VERSION_BYTES}")]
    TooLong {
        /// The scheme asked for.
        scheme: Scheme,
        /// The first characters of the text.
        start: String,
        /// Its length.
        bytes: usize,
    },
    /// Not in the grammar of the scheme.
    #[error("`{text}` is not a {scheme} version")]
    Unparsable {
        /// The scheme asked for.
        scheme: Scheme,
        /// The text.
        text: String,
    },
}
