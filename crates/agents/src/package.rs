//! Which package a command line starts, and whether its version is pinned.

use crate::lang::words;
use crate::tree::{Node, Span};

/// A package that a server's command line fetches and runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The program that fetches it: `npx`, `uvx`, `docker`.
    pub manager: String,
    /// `npm`, `pypi`, `docker`, `git` or `url`.
    pub ecosystem: &'static str,
    /// The name, with its scope or registry.
    pub name: String,
    /// The version, tag, digest or commit; empty where none is given.
    pub version: String,
    /// Whether the same bytes come each time: an exact version, a digest, a full commit.
    pub pinned: bool,
    /// As it is written.
    pub raw: String,
    /// Where it is written.
    pub span: Span,
}

/// Options of `docker run` that take no value.
const DOCKER_FLAGS: [&str; 12] = [
    "-i",
    "-t",
    "-it",
    "-ti",
    "-d",
    "--rm",
    "--init",
    "--privileged",
    "--interactive",
    "--tty",
    "--detach",
    "--read-only",
];

impl Package {
    /// The package URL, where the ecosystem has one.
    #[must_use]
    pub fn purl(&self) -> Option<String> {
        let kind = match self.ecosystem {
            "npm" | "pypi" | "docker" => self.ecosystem,
            _ => return None,
        };
        let name = match kind {
            "pypi" => self.name.to_ascii_lowercase().replace(['_', '.'], "-"),
            _ => self.name.replace('@', "%40"),
        };
        let version = if self.version.is_empty() || (kind != "docker" && !self.pinned) {
            String::new()
        } else {
            format!("@{}", self.version.replace(':', "%3A").replace('+', "%2B"))
        };
        Some(format!("pkg:{kind}/{name}{version}"))
    }

    /// The fields that conditions see.
    pub(crate) fn node(&self) -> Node {
        let text = |value: &str| Node::text(value, self.span);
        Node::map(
            vec![
                ("manager", text(&self.manager)),
                ("ecosystem", text(self.ecosystem)),
                ("name", text(&self.name)),
                ("version", text(&self.version)),
                ("pinned", Node::bool(self.pinned, self.span)),
                ("raw", text(&self.raw)),
                ("purl", text(&self.purl().unwrap_or_default())),
            ],
            self.span,
        )
    }
}

/// The package of a command and its arguments.
#[must_use]
pub(crate) fn package(command: &str, args: &[(&str, Span)]) -> Option<Package> {
    let program = words::basename(command);
    let sub: Vec<&str> = args.iter().map(|(arg, _)| *arg).take(2).collect();
    let (manager, skip) = match (program, sub.first().copied(), sub.get(1).copied()) {
        ("npx" | "bunx" | "pnpx", ..) => ("npm", 0),
        ("pnpm" | "yarn", Some("dlx"), _) | ("npm", Some("exec" | "x"), _) | ("bun", Some("x"), _) => ("npm", 1),
        ("uvx", ..) => ("pypi", 0),
        ("uv", Some("tool"), Some("run")) => ("pypi", 2),
        ("pipx", Some("run"), _) => ("pypi", 1),
        ("docker" | "podman" | "nerdctl", Some("run"), _) => ("docker", 1),
        ("docker" | "podman" | "nerdctl", Some("container"), Some("run")) => ("docker", 2),
        _ => return None,
    };
    let rest = args.get(skip..)?;
    let (raw, span) = if manager == "docker" { image(rest)? } else { named(rest)? };
    let (ecosystem, name, version, pinned) = match manager {
        "docker" => of_image(raw),
        kind => of_spec(kind, raw),
    };
    let manager =
        if skip == 0 { program.to_owned() } else { format!("{program} {}", sub.first().copied().unwrap_or_default()) };
    Some(Package { manager, ecosystem, name, version, pinned, raw: raw.to_owned(), span })
}

/// The first argument that is no option, or the value of the option that names the package.
fn named<'a>(args: &[(&'a str, Span)]) -> Option<(&'a str, Span)> {
    let mut iter = args.iter();
    while let Some((arg, span)) = iter.next() {
        let option = ["--package", "-p", "--from", "--spec"]
            .iter()
            .find(|option| arg == *option || arg.strip_prefix(**option).is_some_and(|rest| rest.starts_with('=')));
        match (option, arg.split_once('=')) {
            (Some(_), Some((_, value))) => return Some((value, *span)),
            (Some(_), None) => return iter.next().copied(),
            (None, _) if matches!(*arg, "--python" | "--with" | "--index-url" | "--registry" | "--index") => {
                iter.next();
            }
            (None, _) if !arg.starts_with('-') => return Some((arg, *span)),
            _ => {}
        }
    }
    None
}

fn image<'a>(args: &[(&'a str, Span)]) -> Option<(&'a str, Span)> {
    let mut iter = args.iter();
    while let Some((arg, span)) = iter.next() {
        if !arg.starts_with('-') {
            return Some((arg, *span));
        }
        if !DOCKER_FLAGS.contains(arg) && !arg.contains('=') {
            iter.next();
        }
    }
    None
}

fn hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn of_image(raw: &str) -> (&'static str, String, String, bool) {
    if let Some((name, digest)) = raw.split_once('@') {
        let pinned = digest.strip_prefix("sha256:").is_some_and(|digits| hex(digits, 64));
        return ("docker", name.to_owned(), digest.to_owned(), pinned);
    }
    let slash = raw.rfind('/').map_or(0, |at| at.saturating_add(1));
    match raw.get(slash..).and_then(|last| last.split_once(':')) {
        Some((_, tag)) => {
            let name = raw.strip_suffix(tag).and_then(|name| name.strip_suffix(':')).unwrap_or(raw);
            ("docker", name.to_owned(), tag.to_owned(), false)
        }
        None => ("docker", raw.to_owned(), String::new(), false),
    }
}

fn of_spec(kind: &str, raw: &str) -> (&'static str, String, String, bool) {
    let git =
        raw.starts_with("git+") || raw.starts_with("github:") || raw.starts_with("gitlab:") || raw.contains(".git");
    let short = kind == "npm" && !raw.starts_with(['@', '.', '/']) && !raw.contains("://") && raw.contains('/');
    if git || short {
        let (name, commit) = raw.split_once('#').or_else(|| raw.rsplit_once('@')).unwrap_or((raw, ""));
        return ("git", name.to_owned(), commit.to_owned(), hex(commit, 40));
    }
    if raw.contains("://") {
        return ("url", raw.to_owned(), String::new(), false);
    }
    if kind == "pypi" {
        let bare = raw.split_once('[').map_or(raw, |(name, _)| name);
        let (name, version) = raw.split_once("==").or_else(|| raw.split_once('@')).unwrap_or((bare, ""));
        let name = name.split(['[', '>', '<', '~', '!']).next().unwrap_or_default();
        return ("pypi", name.to_owned(), version.to_owned(), exact(version));
    }
    let at = raw.char_indices().skip(1).find(|(_, char)| *char == '@').map(|(at, _)| at);
    let name = at.and_then(|at| raw.get(..at)).unwrap_or(raw);
    let version = at.and_then(|at| raw.get(at.saturating_add(1)..)).unwrap_or_default();
    ("npm", name.to_owned(), version.to_owned(), exact(version))
}

/// Whether a version names one release: numbers with at least one dot, no range and no star.
fn exact(version: &str) -> bool {
    let bare = version.trim_start_matches('=');
    let core = bare.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = core.split('.').collect();
    parts.len() >= 2
        && parts.iter().all(|part| !part.is_empty() && part.chars().all(|char| char.is_ascii_alphanumeric()))
        && parts.first().is_some_and(|part| part.chars().all(|char| char.is_ascii_digit()))
        && !parts.iter().any(|part| matches!(*part, "x" | "X"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Package {
        let words: Vec<&str> = line.split(' ').collect();
        let args: Vec<(&str, Span)> = words[1..].iter().map(|word| (*word, Span::default())).collect();
        package(words[0], &args).unwrap()
    }

    #[test]
    fn names_versions_and_pins() {
        let cases = [
            ("npx -y docs-server-example", "npm", "docs-server-example", "", false),
            ("npx -y docs-server-example@1.4.2", "npm", "docs-server-example", "1.4.2", true),
            ("npx -y @corp/docs@latest", "npm", "@corp/docs", "latest", false),
            ("npx -y @corp/docs@^1.0.0", "npm", "@corp/docs", "^1.0.0", false),
            ("npx --package=@corp/docs@1.0.0 docs", "npm", "@corp/docs", "1.0.0", true),
            ("pnpm dlx docs", "npm", "docs", "", false),
            ("uvx docs-server==1.2", "pypi", "docs-server", "1.2", true),
            ("uvx --from docs@1.2.3 serve", "pypi", "docs", "1.2.3", true),
            ("uvx docs>=1", "pypi", "docs", "", false),
            ("docker run -i --rm -e A=b corp.example:5000/t:1", "docker", "corp.example:5000/t", "1", false),
            ("npx github:someone/docs", "git", "github:someone/docs", "", false),
        ];
        for (line, ecosystem, name, version, pinned) in cases {
            let found = of(line);
            assert_eq!(
                (found.ecosystem, &*found.name, &*found.version, found.pinned),
                (ecosystem, name, version, pinned),
                "{line}"
            );
        }
        let digest = "0".repeat(64);
        assert!(of(&format!("docker run --rm t@sha256:{digest}")).pinned);
        assert_eq!(of("npx -y @corp/docs@1.0.0").purl().unwrap(), "pkg:npm/%40corp/docs@1.0.0");
    }
}
