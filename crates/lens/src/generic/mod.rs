//! Recognisers; see the crate's documentation.
