//! The options that curl takes from a file (`-K FILE`, `-K -`).

use crate::machine::Machine;
use crate::value::Value;

/// Most lines of a file of options that are looked at.
const LINES: usize = 256;

/// The arguments, and behind them what the files of options among them say, as far as their text is known.
pub(super) fn with_options_of_files(m: &mut Machine<'_>, args: &[Value]) -> Vec<Value> {
    let mut all = args.to_vec();
    let mut before = "";
    for value in args {
        let text = value.text.as_str();
        let named =
            ["-K", "--config="].iter().find_map(|start| text.strip_prefix(start)).filter(|rest| !rest.is_empty());
        let file = if matches!(before, "-K" | "--config") { Some(text) } else { named };
        before = text;
        let Some(file) = file else { continue };
        let file = Value { text: file.to_owned(), ..value.clone() };
        let settings = m.read(&file);
        for line in settings.text.lines().take(LINES).filter(|_| settings.is_known()) {
            all.extend(option(line).into_iter().map(|text| Value { text, flow: settings.flow, glob: false }));
        }
    }
    all
}

/// `upload-file = "x"`, `upload-file: x`, `-T x`.
fn option(line: &str) -> Option<String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    if let Some(short) = line.strip_prefix('-').filter(|short| !short.starts_with('-')) {
        let mut letters = short.chars();
        let key = letters.next()?;
        let value = letters.as_str().trim_matches([' ', '\t', '=', ':']).trim_matches('"');
        return (key != 'K').then(|| format!("-{key}{value}"));
    }
    let (key, value) = line.split_once([' ', '\t', '=', ':']).unwrap_or((line, ""));
    let value = value.trim_matches([' ', '\t', '=', ':']).trim_matches('"');
    let key = key.trim_start_matches('-');
    // A file of options within one is followed no further.
    (key != "config").then(|| if value.is_empty() { format!("--{key}") } else { format!("--{key}={value}") })
}
