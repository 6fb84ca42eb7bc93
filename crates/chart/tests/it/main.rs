//! The charts as a reader gets them.

mod colors;
mod laws;
mod links;
mod looks;
mod support;
