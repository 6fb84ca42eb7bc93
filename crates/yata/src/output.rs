//! Standard output: colours, width, and files written whole or not at all.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Context;

use crate::cli::ColorArg;

/// Columns where standard output is no terminal and `COLUMNS` says nothing.
const DEFAULT_COLUMNS: usize = 100;
/// Narrower than this nothing can be laid out.
const MIN_COLUMNS: usize = 60;
/// Wider than this lines are hard to read.
const MAX_COLUMNS: usize = 140;

/// Whether to write colours: <https://no-color.org>, and only to a terminal.
pub(crate) fn color_wanted(choice: ColorArg) -> bool {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    choice.decide(std::io::stdout().is_terminal(), no_color)
}

/// The columns to lay out for.
pub(crate) fn columns() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|value| value.parse().ok());
    let seen = || console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
    said.or_else(seen).unwrap_or(DEFAULT_COLUMNS).clamp(MIN_COLUMNS, MAX_COLUMNS)
}

/// Writes to a file, or to standard output if there is none. A file is replaced in one step.
pub(crate) fn write(text: &str, file: Option<&Path>) -> anyhow::Result<()> {
    write_bytes(text.as_bytes(), file)
}

/// The same for bytes of any encoding.
pub(crate) fn write_bytes(text: &[u8], file: Option<&Path>) -> anyhow::Result<()> {
    let Some(file) = file else {
        let mut out = std::io::stdout().lock();
        return match out.write_all(text).and_then(|()| out.flush()) {
            // A reader such as `head` that has seen enough is no error.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            result => result.context("cannot write to standard output"),
        };
    };
    let mut name = file.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
    name.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(name);
    let written = std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, file));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written.with_context(|| format!("cannot write `{}`", file.display()))
}
