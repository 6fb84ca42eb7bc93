//! `cargo xtask train`: what makes the files of `crates/lens/models/`.

pub(crate) mod generic;
pub(crate) mod injection;
