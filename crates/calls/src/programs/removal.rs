//! Programs that remove, empty or overwrite, and `find` and `fd`, which run others.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    match name {
        "rm" | "unlink" | "rimraf" | "del-cli" | "trash" | "trash-put" | "gio" | "srm" | "rip" | "trash-cli"
        | "fdel" | "gtrash" | "grm" | "wipe" => {
            if name == "gio" && args.first().is_none_or(|value| value.text != "trash" && value.text != "remove") {
                return None;
            }
            let parsed = Args::of(args, "interactive");
            let recursive = parsed.has(&["r", "R", "recursive"])
                || matches!(name, "rimraf" | "trash" | "trash-put" | "gio" | "del-cli" | "rip");
            if args.is_empty() {
                return Some(Value::default());
            }
            for target in &parsed.rest {
                m.destroy(target, recursive);
            }
            if matches!(name, "srm" | "wipe") {
                m.mark(Traits::DESTROYS_FILES, "overwrites before it removes");
            }
        }
        "trash-empty" | "rmtrash" => m.mark(Traits::DESTROYS_FILES, "empties the bin"),
        "rmdir" => {
            for target in &Args::of(args, "").rest {
                let path = m.resolve(target);
                m.act(crate::ActKind::WriteFile, path, Traits::NONE, "");
            }
        }
        "shred" | "scrub" => {
            let parsed = Args::of(args, "n s iterations size random-source");
            for target in &parsed.rest {
                m.destroy(target, false);
            }
            m.mark(Traits::DESTROYS_FILES, "overwrites files so that nothing brings them back");
        }
        "truncate" | "fallocate" => {
            let parsed = Args::of(args, "s r l o size reference length offset");
            let size = parsed.value(&["s", "l", "size", "length"]).map_or("", |value| value.text.as_str()).to_owned();
            if huge(&size) {
                m.mark(Traits::EXHAUSTS, "fills the disk");
            }
            for target in &parsed.rest {
                if matches!(size.as_str(), "0" | "") {
                    m.write(target, false, &Value::default());
                } else {
                    m.write(target, true, &Value::unknown(Flow::NONE));
                }
            }
        }
        "Remove-Item" | "ri" | "del" | "erase" | "rd" => super::windows::removal(m, args),
        _ => return None,
    }
    Some(Value::default())
}

pub(super) fn huge(size: &str) -> bool {
    let size = size.trim_start_matches(['+', '=']);
    let number: u64 = size.trim_end_matches(|c: char| c.is_alphabetic()).parse().unwrap_or(0);
    let unit = size.trim_start_matches(|c: char| c.is_ascii_digit());
    match unit.chars().next() {
        Some('T' | 't' | 'P' | 'E') => number > 0,
        Some('G' | 'g') => number >= 50,
        _ => number > 50_000_000_000,
    }
}

/// `find`: what it deletes, and what it runs on what it finds.
pub(super) fn find(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let mut starts: Vec<Value> = Vec::new();
    let mut rest = args.iter().peekable();
    while let Some(value) = rest.peek() {
        if value.text.starts_with(['-', '(', '!']) && !matches!(value.text.as_str(), "-H" | "-L" | "-P") {
            break;
        }
        if !value.text.starts_with('-') {
            starts.push((*value).clone());
        }
        rest.next();
    }
    if starts.is_empty() {
        starts.push(Value::known("."));
    }
    let words: Vec<Value> = rest.cloned().collect();
    let name = words.iter().enumerate().find_map(|(at, option)| {
        let named = matches!(option.text.as_str(), "-name" | "-iname" | "-path" | "-wholename" | "-ipath");
        let before = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", |value| value.text.as_str());
        (named && !matches!(before, "!" | "-not")).then(|| words.get(at + 1).map(|value| value.text.clone())).flatten()
    });
    if words.windows(2).any(|two| matches!(two, [option, value] if option.text == "-perm" && (value.text.contains("000") && value.text.contains(['4', '2', '6']) || value.text.contains("u=s") || value.text.contains("+s")))) {
        m.mark(Traits::ESCALATES, "looks for programs that run with other rights");
    }
    let negated = name.is_none() && words.windows(2).any(
        |two| matches!(two, [not, option] if matches!(not.text.as_str(), "!" | "-not") && option.text.contains("name")),
    );
    let only_folder =
        words.windows(2).any(|two| matches!(two, [option, value] if option.text == "-maxdepth" && value.text == "0"));
    let empty_only = words.iter().any(|word| word.text == "-empty");
    let found: Vec<Value> = starts
        .iter()
        .map(|start| {
            let folder = m.resolve(start);
            let pattern = if negated { "*" } else { name.as_deref().unwrap_or("*") };
            let text = if only_folder {
                folder
            } else {
                format!(
                    "{}/{}",
                    folder.trim_end_matches('/'),
                    pattern.trim_start_matches("*/").trim_start_matches("./")
                )
            };
            Value { text, flow: Flow::LIST, glob: true }
        })
        .collect();
    let mut index = 0;
    while let Some(word) = words.get(index) {
        index += 1;
        match word.text.as_str() {
            "-delete" if !empty_only => {
                for value in &found {
                    m.destroy(value, name.is_none() || negated);
                }
            }
            "-exec" | "-execdir" | "-ok" | "-okdir" => {
                let command: Vec<Value> = words
                    .get(index..)
                    .unwrap_or(&[])
                    .iter()
                    .take_while(|word| word.text != ";" && word.text != "+")
                    .cloned()
                    .collect();
                index += command.len();
                on_each(m, &command, &found);
            }
            "-fprint" | "-fprint0" | "-fprintf" | "-fls" => {
                if let Some(file) = words.get(index).cloned() {
                    m.write(&file, false, &Value::unknown(Flow::LIST));
                }
            }
            _ => {}
        }
    }
    let mut output = Value::default();
    for value in &found {
        output.push(value);
        output.text.push('\n');
    }
    output
}

fn on_each(m: &mut Machine<'_>, command: &[Value], found: &[Value]) {
    if command.is_empty() {
        return;
    }
    for value in found {
        let words = command
            .iter()
            .map(|word| {
                if word.text.contains("{}") {
                    Value { text: word.text.replace("{}", &value.text), flow: value.flow, glob: word.text == "{}" }
                } else {
                    word.clone()
                }
            })
            .collect();
        m.aside(|m| {
            m.stdin = Value::default();
            m.run(words)
        });
    }
}

/// `fd PATTERN [PATH] -x command`.
pub(super) fn fd(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let cut = args
        .iter()
        .position(|value| matches!(value.text.as_str(), "-x" | "-X" | "--exec" | "--exec-batch"))
        .unwrap_or(args.len());
    let parsed = Args::of(
        args.get(..cut).unwrap_or(&[]),
        "t e E d S c j type extension exclude max-depth size changed-within owner base-directory search-path",
    );
    let pattern = parsed.operand(0).to_owned();
    let start = parsed
        .rest
        .get(1)
        .cloned()
        .or_else(|| parsed.value(&["base-directory", "search-path"]).cloned())
        .unwrap_or_else(|| Value::known("."));
    let plain = pattern.replace(['^', '$', '\\'], "");
    let name = if pattern.is_empty() || pattern == "." {
        parsed.value(&["e", "extension"]).map_or_else(|| "*".to_owned(), |value| format!("*.{}", value.text))
    } else if pattern.starts_with('^') {
        plain
    } else {
        format!("*{plain}*")
    };
    let found =
        Value { text: format!("{}/{}", m.resolve(&start).trim_end_matches('/'), name), flow: Flow::LIST, glob: true };
    let mut command: Vec<Value> = args.get(cut + 1..).unwrap_or(&[]).to_vec();
    if !command.is_empty() {
        if !command.iter().any(|word| word.text.contains("{}")) {
            command.push(Value::known("{}"));
        }
        on_each(m, &command, std::slice::from_ref(&found));
    }
    Value { text: found.text.clone() + "\n", ..found }
}
