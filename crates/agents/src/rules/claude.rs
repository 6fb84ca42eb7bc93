//! The rules of Claude Code, whose form Cursor, Copilot and others share.

use super::{List, Rule, Where};
use crate::glob;
use crate::lang::{paths, words};

/// Tools that a rule with a path names and that are never asked about it.
const NEVER_CONSULTED: [&str; 5] = ["Write", "MultiEdit", "NotebookEdit", "Glob", "Grep"];
/// Programs before a command that are looked through.
const WRAPPERS: [&str; 9] = ["timeout", "time", "nice", "nohup", "stdbuf", "command", "builtin", "noglob", "xargs"];
/// Programs of which a rule on reading covers the named files.
const READERS: [&str; 8] = ["cat", "head", "tail", "less", "more", "sed", "nl", "grep"];

/// A call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The tool's name.
    pub tool: String,
    /// The command, the path, the address.
    pub main: String,
    /// Other parameters.
    pub params: Vec<(String, String)>,
}

impl Call {
    /// Reads `Tool what [param=value]`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (tool, rest) = text.split_once(' ').unwrap_or((text, ""));
        let (rest, params) = match rest.rsplit_once('[') {
            Some((front, inner)) if inner.ends_with(']') && inner.contains('=') => {
                let pairs = inner.trim_end_matches(']').split(',').filter_map(|pair| pair.split_once('='));
                (front.trim(), pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect())
            }
            _ => (rest, Vec::new()),
        };
        Self { tool: tool.to_owned(), main: rest.to_owned(), params }
    }
}

/// Whether a rule matches a call.
#[must_use]
pub fn matches(rule: &Rule, list: List, call: &Call, place: Where<'_>) -> bool {
    if !rule.closed {
        return false;
    }
    if rule.tool.starts_with("mcp__") {
        return rule.spec.is_none() && matches_mcp(&rule.tool, list, &call.tool);
    }
    let Some(spec) = &rule.spec else { return rule.tool == call.tool };
    if NEVER_CONSULTED.contains(&&*rule.tool) && spec != "*" {
        return false;
    }
    if let Some((param, value)) = param_form(&rule.tool, spec) {
        let given = call.params.iter().any(|(name, found)| name == param && glob::text(value, found));
        return list != List::Allow && rule.tool == call.tool && given;
    }
    match (&*rule.tool, &*call.tool) {
        ("Bash" | "PowerShell" | "Shell", tool) if *tool == *rule.tool => matches_command(spec, list, &call.main),
        ("Read", "Bash") | ("Edit", "Bash") if list != List::Allow => {
            read_by_command(rule, spec, list, &call.main, place)
        }
        ("Read", "Read" | "Glob" | "Grep" | "LS" | "NotebookRead") => matches_path(spec, list, &call.main, place),
        ("Read", "Edit" | "Write" | "MultiEdit" | "NotebookEdit") if list != List::Allow => {
            matches_path(spec, list, &call.main, place)
        }
        ("Edit" | "Write", "Edit" | "Write" | "MultiEdit" | "NotebookEdit") => {
            matches_path(spec, list, &call.main, place)
        }
        ("WebFetch" | "Fetch" | "Domain", tool) if *tool == *rule.tool => matches_domain(spec, &call.main),
        (left, right) => left == right && glob::text(spec, &call.main),
    }
}

/// A rule `Tool(param:value)`; the main parameter of a tool has no such form, and neither have `domain:` and `:*`.
fn param_form<'a>(tool: &str, spec: &'a str) -> Option<(&'a str, &'a str)> {
    let (name, value) = spec.split_once(':')?;
    let simple = !name.is_empty() && name.chars().all(|char| char.is_ascii_lowercase() || char == '_');
    let known = match tool {
        "Bash" => {
            ["run_in_background", "timeout", "description", "command", "dangerously_disable_sandbox"].contains(&name)
        }
        "WebFetch" => name != "domain",
        "Read" | "Edit" => ["file_path", "offset", "limit"].contains(&name),
        _ => simple,
    };
    let main = [("Bash", "command"), ("Read", "file_path"), ("Edit", "file_path"), ("WebFetch", "url")];
    // A rule on the main parameter is ignored: a value that no call has.
    (simple && known && value != "*").then(|| if main.contains(&(tool, name)) { ("\u{0}", "") } else { (name, value) })
}

fn matches_mcp(rule: &str, list: List, tool: &str) -> bool {
    let rest = rule.strip_prefix("mcp__").unwrap_or_default();
    let (server, wanted) = rest.split_once("__").unwrap_or((rest, "*"));
    if server.contains('*') && list == List::Allow {
        return false;
    }
    let Some((found, name)) = tool.strip_prefix("mcp__").and_then(|rest| rest.split_once("__")) else { return false };
    glob::text(server, found) && glob::text(wanted, name)
}

/// Whether a pattern matches a command line.
#[must_use]
pub fn matches_command(spec: &str, list: List, line: &str) -> bool {
    let parts = parts(line);
    match list {
        List::Allow => !parts.is_empty() && parts.iter().all(|part| part_matches(spec, part)),
        List::Ask | List::Deny => parts.iter().any(|part| part_matches(spec, part)) || part_matches(spec, line.trim()),
    }
}

pub(super) fn part_matches(spec: &str, part: &str) -> bool {
    let spec = match spec.strip_suffix(":*") {
        Some(front) => format!("{front} *"),
        None => spec.to_owned(),
    };
    // A blank before the last star asks for the end of a word, and the star may match nothing.
    spec.strip_suffix(" *").is_some_and(|front| glob::text(front, part)) || glob::text(&spec, part)
}

/// The commands of a line, without the programs that are looked through; those in substitutions come after.
pub(super) fn parts(line: &str) -> Vec<String> {
    let mut out: Vec<String> = cut(line).iter().map(|part| unwrapped(part)).collect();
    for (open, close) in [("$(", ')'), ("`", '`')] {
        let mut rest = line;
        while let Some((_, after)) = rest.split_once(open) {
            let inner = after.split_once(close).map_or(after, |(inner, _)| inner);
            out.extend(cut(inner).iter().map(|part| unwrapped(part)));
            rest = after.get(inner.len()..).and_then(|rest| rest.get(1..)).unwrap_or_default();
        }
    }
    out.retain(|part| !part.is_empty());
    out
}

/// A line at its `;`, `|`, `&` and ends of lines, outside quotes.
fn cut(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quote = None;
    for char in line.chars() {
        match quote {
            Some(open) if char == open => quote = None,
            None if matches!(char, '"' | '\'') => quote = Some(char),
            None if matches!(char, ';' | '|' | '&' | '\n') => {
                out.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = out.last_mut() {
            last.push(char);
        }
    }
    out.iter().map(|part| part.trim().to_owned()).collect()
}

fn unwrapped(part: &str) -> String {
    let mut rest = part.trim();
    for _ in 0..8 {
        let Some((first, after)) = rest.split_once(' ') else { break };
        if !WRAPPERS.contains(&first) {
            break;
        }
        rest = after.trim_start();
        // The options and the time of `timeout 5`.
        while let Some((word, after)) = rest.split_once(' ') {
            let time = first == "timeout" && word.starts_with(|char: char| char.is_ascii_digit());
            if !(word.starts_with('-') || time) {
                break;
            }
            rest = after.trim_start();
        }
    }
    rest.to_owned()
}

fn read_by_command(rule: &Rule, spec: &str, list: List, line: &str, place: Where<'_>) -> bool {
    parts(line).iter().any(|part| {
        let words = words::split(part);
        let Some((program, files)) = words.split_first() else { return false };
        let reads = READERS.contains(&words::basename(program)) && rule.tool == "Read";
        let recursive = files.iter().any(|file| matches!(file.as_str(), "-r" | "-R" | "--recursive"));
        reads && !recursive && files.iter().any(|file| !file.starts_with('-') && matches_path(spec, list, file, place))
    })
}

/// Whether a pattern in the style of gitignore matches a path.
#[must_use]
pub fn matches_path(spec: &str, list: List, path: &str, place: Where<'_>) -> bool {
    let root = if place.project.is_empty() { "/\u{1}" } else { place.project };
    let posix = |path: &str| match path.split_once(":\\").or_else(|| path.split_once(":/")) {
        Some((drive, rest)) if drive.len() == 1 => format!("/{}/{rest}", drive.to_ascii_lowercase()),
        _ => path.to_owned(),
    };
    let path = paths::plain(&posix(&path.replace("\\\\", "\\")), place.home);
    let path = if paths::absolute(&path) { path } else { under(root, &path) };
    let path = paths::plain(&path, place.home);
    let anchored = |pattern: &str| vec![paths::plain(&under(root, pattern), place.home)];
    let patterns = if let Some(rest) = spec.strip_prefix("//") {
        vec![paths::plain(&format!("/{rest}"), place.home)]
    } else if spec == "~" || spec.starts_with("~/") {
        vec![spec.to_owned()]
    } else if let Some(rest) = spec.strip_prefix('/') {
        let base = if place.base.is_empty() { root } else { place.base };
        vec![paths::plain(&under(base, rest), place.home)]
    } else if let Some(rest) = spec.strip_prefix("./") {
        anchored(rest)
    } else if list == List::Allow && spec.contains('/') && !spec.starts_with("**/") {
        anchored(spec)
    } else {
        let mut all = anchored(&format!("**/{}", spec.trim_start_matches("**/")));
        all.push(format!("**/{}", spec.trim_start_matches("**/")));
        all
    };
    patterns.iter().any(|pattern| {
        let pattern = pattern.trim_end_matches('/');
        glob::path(pattern, &path) || glob::path(&format!("{pattern}/**"), &path)
    })
}

fn under(root: &str, rest: &str) -> String {
    format!("{}/{}", root.trim_end_matches('/'), rest.trim_start_matches("./").trim_start_matches('/'))
}

fn matches_domain(spec: &str, url: &str) -> bool {
    let Some(domain) = spec.strip_prefix("domain:") else { return false };
    let host = paths::host(url);
    let (wanted, found): (Vec<&str>, Vec<&str>) = (domain.split('.').collect(), host.split('.').collect());
    if domain == "*" {
        return true;
    }
    match domain.strip_prefix("*.") {
        Some(rest) => host.strip_suffix(rest).is_some_and(|front| front.ends_with('.')),
        None => wanted.len() == found.len() && wanted.iter().zip(&found).all(|(want, find)| glob::text(want, find)),
    }
}

/// Whether all that `inner` matches is matched by `outer` too, as far as their texts tell.
#[must_use]
pub fn covers(outer: &Rule, inner: &Rule) -> bool {
    let same = outer.tool == inner.tool
        || (outer.tool.starts_with("mcp__")
            && (inner.tool.starts_with(&format!("{}__", outer.tool.trim_end_matches("__*")))
                || glob::text(&outer.tool, &inner.tool)));
    if !same || !outer.closed || !inner.closed {
        return false;
    }
    match (outer.spec.as_deref(), inner.spec.as_deref()) {
        (None | Some("*" | "**"), _) => true,
        (Some(_), None) => false,
        (Some(outer_spec), Some(inner_spec)) => match &*outer.tool {
            "Bash" | "PowerShell" | "Shell" => part_matches(outer_spec, &inner_spec.replace(":*", " *")),
            "Read" | "Edit" => glob::path(outer_spec, inner_spec),
            _ => outer_spec == inner_spec,
        },
    }
}
