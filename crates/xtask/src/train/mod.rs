//! Training of the small models that ship with the crates.

pub(crate) mod injection;
