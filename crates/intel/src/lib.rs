//! The advisory index on disk: import, synchronise, match.
