//! What a person sees on a terminal.

pub(crate) mod explain;
pub(crate) mod style;
pub(crate) mod terminal;
pub(crate) mod text;
