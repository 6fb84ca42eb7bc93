//! Bytes to model and back. Pure: every function takes bytes or text and returns values and problems.

pub mod estate;
pub mod feeds;
