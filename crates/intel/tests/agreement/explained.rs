//! Differences that are wanted.

/// A record of which the product says "affected" where the pseudo-code of the OSV schema does not, and why.
pub(crate) const EXPLAINED: &[(&str, &str)] = &[];
