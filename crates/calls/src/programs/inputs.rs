//! What programs take: their input, and words that hide what they are.

use crate::value::{UNKNOWN, Value};

/// Whether a program reads what lies before it on its input, and leaves nobody knows what.
pub(crate) fn eats_input(name: &str, arguments: &[Value]) -> bool {
    let operands = |most: usize| arguments.iter().filter(|value| !value.text.starts_with('-')).count() <= most;
    match name {
        "cat" | "head" | "tail" | "tee" | "wc" | "sort" | "uniq" | "rev" | "tac" | "nl" | "xxd" | "od" | "base64" => {
            name == "tee" || operands(usize::from(matches!(name, "head" | "tail")))
        }
        "sed" | "awk" | "gawk" | "grep" | "egrep" | "fgrep" | "rg" | "cut" | "jq" | "perl" => operands(1),
        "dd" | "tr" | "xargs" | "sh" | "bash" | "zsh" | "dash" | "ksh" | "ssh" | "line" | "sudo" | "env" | "less"
        | "more" => true,
        "python" | "python3" | "node" | "ruby" => operands(0),
        _ => false,
    }
}

/// Whether a sub-command or an option is not known: its name, not its value.
pub(super) fn hides_what(arguments: &[Value]) -> bool {
    let mut first = true;
    for value in arguments {
        let option = value.text.starts_with('-');
        let name = if option { value.text.split('=').next().unwrap_or("") } else { value.text.as_str() };
        let hidden = name.contains(UNKNOWN) && !(option && name.trim_start_matches('-').starts_with(UNKNOWN));
        if (option || first) && hidden {
            return true;
        }
        first &= option;
    }
    false
}
