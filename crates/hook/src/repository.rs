//! What a repository makes `git` run: aliases and programs of its configuration, and its hooks.
//!
//! A call says `git nuke`; what that means stands in `.git/config`, which came with the folder or was written by somebody.
//! Source: git-config(1), githooks(5).

use std::path::{Path, PathBuf};

use crate::state;

/// Most bytes of a configuration.
const MAX_CONFIG_BYTES: u64 = 256 * 1024;

/// Most programs that one call is found to run.
const MAX_RUNS: usize = 32;

/// Settings whose value is a program that many commands run.
const PROGRAMS: [&str; 7] = [
    "core.fsmonitor",
    "core.sshcommand",
    "core.pager",
    "core.editor",
    "core.askpass",
    "diff.external",
    "sequence.editor",
];

/// The hooks that a command runs.
const HOOKS: [(&str, &[&str]); 11] = [
    ("commit", &["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"]),
    ("push", &["pre-push"]),
    ("merge", &["pre-merge-commit", "commit-msg", "post-merge"]),
    ("pull", &["post-merge", "post-rewrite"]),
    ("checkout", &["post-checkout"]),
    ("switch", &["post-checkout"]),
    ("clone", &["post-checkout"]),
    ("worktree", &["post-checkout"]),
    ("rebase", &["pre-rebase", "post-rewrite"]),
    ("am", &["applypatch-msg", "pre-applypatch", "post-applypatch"]),
    ("gc", &["pre-auto-gc"]),
];

/// A command that `git` would run by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Runs {
    /// A line of the shell, of an alias or a setting.
    Line(String),
    /// A hook: an executable file.
    Hook(PathBuf),
}

/// What the configuration and the hooks of a repository add to a command. The words are taken as they stand: an alias that
/// is named anywhere behind a `git` counts.
pub(crate) fn runs(command: &str, project: &str, cwd: &str) -> Vec<Runs> {
    let is_break =
        |c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')' | '"' | '\'' | '`' | '{' | '}');
    let words: Vec<&str> = command.split(is_break).filter(|word| !word.is_empty()).collect();
    if !words.iter().any(|word| word.rsplit('/').next() == Some("git")) {
        return Vec::new();
    }
    let git = Path::new(project).join(".git");
    let config = match state::read(&git.join("config"), MAX_CONFIG_BYTES) {
        Ok(Some(bytes)) => settings(&String::from_utf8_lossy(&bytes)),
        // A worktree or submodule has its folder elsewhere; what cannot be read here adds nothing to the call.
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    let mut hooks = git.join("hooks");
    for (key, value) in &config {
        match key.strip_prefix("alias.") {
            Some(name) if words.iter().any(|word| word.eq_ignore_ascii_case(name)) => {
                found.push(Runs::Line(alias(value)))
            }
            None if key == "core.hookspath" => hooks = Path::new(cwd).join(value),
            None if PROGRAMS.contains(&key.as_str()) && !matches!(value.as_str(), "" | "true" | "false") => {
                found.push(Runs::Line(value.clone()));
            }
            _ => {}
        }
    }
    let named = HOOKS.iter().filter(|(verb, _)| words.contains(verb)).flat_map(|(_, hooks)| hooks.iter());
    found.extend(named.map(|name| hooks.join(name)).filter(|path| path.is_file()).map(Runs::Hook));
    found.truncate(MAX_RUNS);
    found
}

/// An alias as a line of the shell.
fn alias(value: &str) -> String {
    match value.strip_prefix('!') {
        Some(line) => line.to_owned(),
        None => format!("git {value}"),
    }
}

/// The settings of a configuration: section and key in small letters, a subsection as it is, the value without quotes.
fn settings(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut section = String::new();
    // A line that ends in a backslash goes on.
    let text = text.replace("\\\r\n", "").replace("\\\n", "");
    for line in text.lines().map(str::trim) {
        let mut rest = line;
        if let Some(inner) = line.strip_prefix('[') {
            let Some((name, behind)) = inner.split_once(']') else { continue };
            section = match name.split_once('"') {
                Some((section, sub)) => {
                    format!("{}.{}", section.trim().to_ascii_lowercase(), sub.trim_end().trim_end_matches('"'))
                }
                None => name.trim().to_ascii_lowercase(),
            };
            rest = behind.trim();
        }
        if rest.is_empty() || rest.starts_with(['#', ';']) {
            continue;
        }
        let (key, value) = rest.split_once('=').unwrap_or((rest, "true"));
        found.push((format!("{section}.{}", key.trim().to_ascii_lowercase()), unquoted(value.trim())));
    }
    found
}

/// A value without its quotes and escapes, up to a comment.
fn unquoted(value: &str) -> String {
    let mut out = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for c in value.chars() {
        match c {
            _ if escaped => {
                out.push(match c {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                });
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '#' | ';' if !quoted => break,
            _ => out.push(c),
        }
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_read_as_git_reads_it() {
        let text = "[core]\n\tbare = false ; x\n[Alias]\n\tst = status\n  x = \"!sh -c \\\"a # b\\\"\" # c\n\tlong = !one \\\n two\n\
                    [remote \"Origin\"] url = u\n[alias] q\n# [alias]\n";
        let expected = [
            ("core.bare", "false"),
            ("alias.st", "status"),
            ("alias.x", "!sh -c \"a # b\""),
            ("alias.long", "!one  two"),
            ("remote.Origin.url", "u"),
            ("alias.q", "true"),
        ];
        let expected: Vec<(String, String)> =
            expected.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        assert_eq!(settings(text), expected);
    }

    #[test]
    fn what_git_would_run_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let git = folder.path().join(".git");
        std::fs::create_dir_all(git.join("hooks")).unwrap();
        std::fs::write(git.join("config"), "[alias]\nst = status\nnuke = !rm -rf ~\n[core]\nfsmonitor = /tmp/x\n")
            .unwrap();
        std::fs::write(git.join("hooks/pre-commit"), "").unwrap();
        let project = folder.path().to_str().unwrap();
        let line = |line: &str| Runs::Line(line.to_owned());
        let check =
            |command: &str, expected: &[Runs]| assert_eq!(runs(command, project, project), expected, "{command}");
        check("ls nuke", &[]);
        check("git nuke", &[line("rm -rf ~"), line("/tmp/x")]);
        check("cd x && /usr/bin/git st", &[line("git status"), line("/tmp/x")]);
        check("git commit -m x", &[line("/tmp/x"), Runs::Hook(git.join("hooks/pre-commit"))]);
        std::fs::write(git.join("config"), "[core]\nhooksPath = .husky\n").unwrap();
        check("git commit -m x", &[]);
        assert_eq!(runs("git commit", "/none", "/none"), []);
    }
}
