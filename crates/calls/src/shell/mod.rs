//! A shell's text to a tree.

pub(crate) mod ansi;
mod compound;
mod here;
mod parentheses;
mod parse;
pub(crate) mod tree;
mod word;

pub(crate) use parse::{expansions, parameter, parse};

/// Whether a text can be the name of a variable.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
