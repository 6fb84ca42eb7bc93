//! The database: snapshots, findings, their life; the only crate that knows SQL.
