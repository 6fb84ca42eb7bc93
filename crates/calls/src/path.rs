//! Paths: absolute, without `.` and `..`, and where they lie. Pure text; links are asked of the world.

use crate::pattern::{Step, fits};
use crate::value::UNKNOWN;
use crate::{Place, World};

/// The absolute, tidied path of a word.
pub(crate) fn absolute(text: &str, cwd: &str, place: &Place<'_>) -> String {
    unproc(&tidy(&joined(text, cwd, place)), cwd)
}

/// The absolute path of a word, with `.` and `..` in it.
pub(crate) fn joined(text: &str, cwd: &str, place: &Place<'_>) -> String {
    let mut text = text.trim_start_matches("file://");
    let slashed;
    if text.contains('\\') {
        slashed = text.replace('\\', "/");
        text = &slashed;
    }
    // `C:/Users/mio` is read as `/Users/mio`.
    let bytes = text.as_bytes();
    if bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.get(1) == Some(&b':')
        && matches!(bytes.get(2), Some(b'/') | None)
    {
        text = text.get(2..).unwrap_or("");
        if text.is_empty() {
            text = "/";
        }
    }
    let mut joined = String::with_capacity(cwd.len() + text.len() + 1);
    let first = text.split('/').next().unwrap_or("");
    let after = text.get(first.len()..).unwrap_or("");
    match first {
        "" if text.starts_with('/') => joined.push_str(text),
        "~" | "$HOME" | "${HOME}" | "%USERPROFILE%" | "$env:USERPROFILE" | "$env:HOME" => {
            joined.push_str(place.home);
            joined.push_str(after);
        }
        "$PWD" | "${PWD}" => {
            joined.push_str(cwd);
            joined.push_str(after);
        }
        "~root" => {
            joined.push_str("/root");
            joined.push_str(after);
        }
        other if other.len() > 1 && other.starts_with('~') && !other.contains(UNKNOWN) => {
            joined.push_str("/home/");
            joined.push_str(other.trim_start_matches('~'));
            joined.push_str(after);
        }
        _ => {
            joined.push_str(cwd);
            joined.push('/');
            joined.push_str(text);
        }
    }
    joined
}

/// `/proc/self/root/x` is `/x`, `/proc/self/cwd/x` is the folder's.
fn unproc(path: &str, cwd: &str) -> String {
    let Some(rest) = path.strip_prefix("/proc/") else { return path.to_owned() };
    let mut parts = rest.splitn(3, '/');
    let (_process, what, tail) = (parts.next(), parts.next(), parts.next().unwrap_or(""));
    match what {
        Some("root") => tidy(&format!("/{tail}")),
        Some("cwd") => tidy(&format!("{cwd}/{tail}")),
        _ => path.to_owned(),
    }
}

/// Without empty parts, `.` and `..`.
pub(crate) fn tidy(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let mut tidy = String::with_capacity(path.len());
    for part in &parts {
        tidy.push('/');
        tidy.push_str(part);
    }
    if tidy.is_empty() {
        tidy.push('/');
    }
    tidy
}

/// With links followed as far as the world knows them.
pub(crate) fn followed(path: &str, world: &dyn World) -> String {
    let mut path = path.to_owned();
    for _ in 0..8 {
        match world.link(&path) {
            Some(target) if target != path => path = tidy(&target),
            _ => break,
        }
    }
    path
}

/// Where a path lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// `/`
    Root,
    /// Of the system: programs, settings, logs.
    System,
    /// A device.
    Device,
    /// Below a folder for temporary files.
    Temp,
    /// Inside the project.
    Project,
    /// The project's own folder.
    ProjectRoot,
    /// Above the project: a folder that holds it.
    AboveProject,
    /// Elsewhere in the home.
    Home,
    /// The home itself, or all homes.
    HomeRoot,
    /// Anywhere else.
    Elsewhere,
}

/// Whether `path` is `folder` or lies in it.
pub(crate) fn within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || folder.ends_with('/'))
}

const SYSTEM: [&str; 24] = [
    "/bin",
    "/boot",
    "/etc",
    "/lib",
    "/lib32",
    "/lib64",
    "/opt",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/usr",
    "/var",
    "/proc",
    "/System",
    "/Library",
    "/Applications",
    "/Windows",
    "/Program Files",
    "/mnt",
    "/media",
    "/Volumes",
    "/nix",
];

/// Where an absolute path lies.
pub(crate) fn zone(path: &str, place: &Place<'_>) -> Zone {
    if path == "/" {
        return Zone::Root;
    }
    if path == place.project {
        return Zone::ProjectRoot;
    }
    if within(path, place.project) {
        return Zone::Project;
    }
    if matches!(path, "/home" | "/Users" | "/root") || path == place.home {
        return Zone::HomeRoot;
    }
    if within(place.project, path) {
        return Zone::AboveProject;
    }
    for temp in ["/tmp", "/var/tmp", "/private/tmp", "/var/folders", "/dev/shm", "/private/var/folders"] {
        if within(path, temp) {
            return Zone::Temp;
        }
    }
    if within(path, "/dev") {
        return Zone::Device;
    }
    if within(path, place.home) {
        return Zone::Home;
    }
    if SYSTEM.iter().any(|folder| within(path, folder)) {
        return Zone::System;
    }
    Zone::Elsewhere
}

/// Whether a pattern of the shell (`*`, `?`, `[…]`) matches. `*` and `?` do not take a leading dot; unknown stretches match anything.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().take(256).collect();
    let text: Vec<char> = text.chars().take(256).collect();
    let starts_hidden = text.first() == Some(&'.');
    fits(text.len(), |p, t| {
        let is_hidden = t == 0 && starts_hidden;
        match pattern.get(p) {
            Some('*') if is_hidden => Step::No,
            Some('*' | &UNKNOWN) => Step::Star,
            None if t >= text.len() => Step::End,
            None => Step::No,
            Some(_) if t >= text.len() => Step::No,
            Some('?') if !is_hidden => Step::Next(p + 1),
            Some('[') => set(&pattern, p, text.get(t).copied()).map_or(Step::No, Step::Next),
            Some(c) => Step::over(Some(c) == text.get(t), p + 1),
        }
    })
}

/// A set `[a-z]` at `at`: the place behind it if the character is in it.
fn set(pattern: &[char], at: usize, c: Option<char>) -> Option<usize> {
    let c = c?;
    let negated = matches!(pattern.get(at + 1), Some('!' | '^'));
    let mut index = at + 1 + usize::from(negated);
    let first = index;
    let mut found = false;
    loop {
        match pattern.get(index) {
            None => return (pattern.get(at) == Some(&c)).then_some(at + 1),
            Some(']') if index > first => return (found != negated).then_some(index + 1),
            Some(low) => {
                if pattern.get(index + 1) == Some(&'-') && pattern.get(index + 2).is_some_and(|high| *high != ']') {
                    found |= pattern.get(index + 2).is_some_and(|high| *low <= c && c <= *high);
                    index += 3;
                } else {
                    found |= *low == c;
                    index += 1;
                }
            }
        }
    }
}

/// The last part of a path.
pub(crate) fn base(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
