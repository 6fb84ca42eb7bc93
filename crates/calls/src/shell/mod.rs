//! A shell's text to a tree.

pub(crate) mod ansi;
mod compound;
mod here;
mod parse;
pub(crate) mod tree;
mod word;

pub(crate) use parse::parse;
