//! Front matter: the few keys of the top level that say what an artefact is and may.
//!
//! Source: the specification of agent skills (agentskills.io), Claude Code's page on skills. It is a part of YAML; what
//! is deeper is kept as text.

use std::ops::Range;

/// The most keys.
const FIELDS_MAX: usize = 100;

/// A key of the top level.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// As it is written.
    pub(super) key: String,
    /// Its value without quotation marks; the lines of a list joined with commas, those of a text with blanks.
    pub(super) value: String,
    /// Where key and value stand in the file.
    pub(super) range: Range<usize>,
}

/// The keys, and whether the text is such a mapping at all.
pub(super) fn fields(text: &str, inside: &Range<usize>) -> (Vec<Field>, bool) {
    let mut found: Vec<Field> = Vec::new();
    let mut sound = true;
    let mut at = inside.start;
    for whole in text.get(inside.clone()).unwrap_or_default().split_inclusive('\n') {
        let line = whole.trim_end();
        let start = at;
        at += whole.len();
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let nested = line.starts_with([' ', '\t', '-']);
        if nested {
            if let Some(last) = found.last_mut() {
                let part = line.trim();
                let item = part.strip_prefix("- ");
                if !last.value.is_empty() {
                    last.value.push_str(if item.is_some() { ", " } else { " " });
                }
                last.value.push_str(unquoted(item.unwrap_or(part)));
                last.range.end = start + line.len();
            } else {
                sound = false;
            }
            continue;
        }
        match line.split_once(':') {
            Some((key, value))
                if found.len() < FIELDS_MAX && is_key(key) && (value.is_empty() || value.starts_with([' ', '\t'])) =>
            {
                let value = value.trim();
                let value = if matches!(value, "|" | ">" | "|-" | ">-" | "|+" | ">+") { "" } else { unquoted(value) };
                found.push(Field { key: key.to_owned(), value: value.to_owned(), range: start..start + line.len() });
            }
            _ => sound = false,
        }
    }
    (found, sound)
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_'))
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let inner = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(value)
}

/// The entries of a list of tools: `Read, Bash(git status *)` or a YAML list.
pub(super) fn tools(value: &str) -> Vec<&str> {
    let inner = value.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(value);
    let (mut found, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, char) in inner.char_indices() {
        match char {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(inner.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            ' ' if depth == 0 && inner.get(start..at).is_some_and(|word| !word.trim().is_empty()) => {
                found.push(inner.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(inner.get(start..).unwrap_or_default());
    found.into_iter().map(unquoted).filter(|tool| !tool.is_empty()).collect()
}

/// Whether an allowed tool leaves nothing to ask: any command, any file, any page.
pub(super) fn is_wide(tool: &str) -> bool {
    let (name, inside) = match tool.split_once('(') {
        Some((name, inside)) => (name.trim(), inside.trim_end_matches(')').trim()),
        None => (tool.trim(), ""),
    };
    let open = matches!(inside, "" | "*" | "**" | ":*" | "*:*" | "/**" | "domain:*");
    let first = inside.split([' ', ':']).next().unwrap_or_default();
    let program = first.rsplit('/').next().unwrap_or_default();
    let interpreter = matches!(
        program,
        "python"
            | "python3"
            | "node"
            | "bash"
            | "sh"
            | "zsh"
            | "perl"
            | "ruby"
            | "deno"
            | "bun"
            | "php"
            | "pwsh"
            | "powershell"
            | "sudo"
            | "xargs"
            | "env"
            | "eval"
    );
    let rest = inside.get(first.len()..).unwrap_or_default().trim_start_matches(':').trim();
    match name {
        "*" => true,
        "Bash" | "Shell" | "PowerShell" => open || (interpreter && matches!(rest, "" | "*" | "-c *" | "-e *")),
        "Write" | "Edit" | "MultiEdit" | "WebFetch" => open,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read() {
        let text =
            "name: a\ndescription: >-\n  one\n  two\nallowed-tools:\n  - Read\n  - Bash(git *)\nmetadata:\n  x: y\n";
        let (found, sound) = fields(text, &(0..text.len()));
        let short: Vec<(&str, &str)> = found.iter().map(|field| (field.key.as_str(), field.value.as_str())).collect();
        assert_eq!(
            short,
            [("name", "a"), ("description", "one two"), ("allowed-tools", "Read, Bash(git *)"), ("metadata", "x: y")]
        );
        assert!(sound);
        assert!(!fields("just text\n", &(0..10)).1);
    }

    #[test]
    fn wide_tools() {
        let check = |tools_of: &str, expected: &[&str]| {
            assert_eq!(
                tools(tools_of).into_iter().filter(|tool| is_wide(tool)).collect::<Vec<_>>(),
                expected,
                "{tools_of}"
            );
        };
        check("Bash(*)", &["Bash(*)"]);
        check("Read, Bash(python3 scripts/report.py *)", &[]);
        check("[Read, \"Bash\"]", &["Bash"]);
        check("Bash(python3 *), Bash(git status)", &["Bash(python3 *)"]);
        check("Bash(npm:*) Write", &["Write"]);
        check("WebFetch(domain:docs.example), Grep", &[]);
    }
}
