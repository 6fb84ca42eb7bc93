//! What a person sees on a terminal.

pub(crate) mod explain;
mod how;
pub(crate) mod style;
pub(crate) mod terminal;
pub(crate) mod text;
