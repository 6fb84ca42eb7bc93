//! What leaves Yata, and the statements that come in: goldens, schemas, hostile text.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests stop at the first thing that is not as expected, and read files"
)]

#[path = "export/formats.rs"]
mod formats;
#[path = "export/golden.rs"]
mod golden;
#[path = "export/hostile.rs"]
mod hostile;
#[path = "export/sample.rs"]
mod sample;
#[path = "export/schema.rs"]
mod schema;
#[path = "export/vex.rs"]
mod vex;
