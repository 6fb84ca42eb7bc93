//! What a repository makes `git` run: the aliases and programs of its configuration, and its hooks.
//!
//! A call says `git nuke`; what that means stands in `.git/config`, which came with the folder or was written by somebody.
//! Source: git-config(1), gitrepository-layout(5), githooks(5).

use std::path::{Path, PathBuf};

use yata_calls::{Hook, Repository};

use crate::state;

/// Most bytes of a configuration.
const MAX_CONFIG_BYTES: u64 = 256 * 1024;

/// Most files of one configuration, with those that it includes.
const MAX_CONFIGS: usize = 16;

/// Most settings and hooks of a repository that are looked at.
const MAX_SETTINGS: usize = 2000;
const MAX_HOOKS: usize = 64;

/// Most folders above a folder in which a repository is looked for.
const MAX_FOLDERS_UP: usize = 64;

/// Most bytes of a file that only names a folder.
const MAX_POINTER_BYTES: u64 = 4096;

/// The repository that git finds from a folder: one with a working tree, one whose folder lies elsewhere (`.git` is a file), or one
/// without a working tree, which the folder itself is. A file among `written` is not trusted.
pub(crate) fn from(folder: &str, home: &str, written: &[String]) -> Option<Repository> {
    let start = Path::new(folder);
    if !start.is_absolute() {
        return None;
    }
    let (root, git) = start.ancestors().take(MAX_FOLDERS_UP).find_map(|folder| {
        let inner = folder.join(".git");
        let git = if inner.is_file() { pointed(&inner, "gitdir:")? } else { inner };
        if git.is_dir() {
            return Some((folder.to_owned(), git));
        }
        let is_bare = folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir();
        is_bare.then(|| (folder.to_owned(), folder.to_owned()))
    })?;
    // A working tree beside others has its own folder, and shares the rest.
    let common = pointed(&git.join("commondir"), "").unwrap_or_else(|| git.clone());
    let mut settings = Vec::new();
    let mut files = vec![git.join("config.worktree"), common.join("config")];
    let mut looked_at = 0;
    while let Some(file) = files.pop() {
        looked_at += 1;
        let Ok(Some(bytes)) = state::read(&file, MAX_CONFIG_BYTES) else { continue };
        for (key, value) in self::settings(&String::from_utf8_lossy(&bytes)) {
            let includes = key == "include.path" || key.starts_with("includeif.") && key.ends_with(".path");
            if includes && looked_at + files.len() < MAX_CONFIGS {
                files.push(beside(&file, &value, home));
            }
            if settings.len() < MAX_SETTINGS {
                settings.push((key, value));
            }
        }
    }
    let chosen = settings.iter().rev().find(|(key, _)| key == "core.hookspath");
    let folder = chosen.map_or_else(|| common.join("hooks"), |(_, path)| root.join(below_home(path, home)));
    let hooks = hooks(&folder, written);
    Some(Repository { root: root.to_string_lossy().into_owned(), settings, hooks })
}

/// The folder that a small file names, from where the file is.
fn pointed(file: &Path, mark: &str) -> Option<PathBuf> {
    let bytes = state::read(file, MAX_POINTER_BYTES).ok()??;
    let text = String::from_utf8(bytes).ok()?;
    let path = text.trim().strip_prefix(mark)?.trim();
    Some(file.parent()?.join(path))
}

fn below_home(path: &str, home: &str) -> PathBuf {
    match path.strip_prefix("~/") {
        Some(rest) => Path::new(home).join(rest),
        None => PathBuf::from(path),
    }
}

/// A path of a configuration, from where the configuration is.
fn beside(file: &Path, path: &str, home: &str) -> PathBuf {
    file.parent().unwrap_or(file).join(below_home(path, home))
}

fn hooks(folder: &Path, written: &[String]) -> Vec<Hook> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut hooks: Vec<Hook> = entries
        .take(MAX_HOOKS)
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_none_or(|ending| ending != "sample") && path.is_file())
        .filter_map(|path| {
            let name = path.file_stem()?.to_str()?.to_owned();
            let path = path.to_str()?.to_owned();
            let is_trusted = !written.contains(&path);
            Some(Hook { name, path, is_trusted })
        })
        .collect();
    hooks.sort_by(|a, b| a.path.cmp(&b.path));
    hooks
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
        let at = |path: &str| folder.path().join(path).to_str().unwrap().to_owned();
        let write = |path: &str, text: &str| {
            std::fs::create_dir_all(Path::new(&at(path)).parent().unwrap()).unwrap();
            std::fs::write(at(path), text).unwrap();
        };
        write(
            "p/.git/config",
            "[alias]\nst = status\nnuke = !rm -rf ~\n[core]\nfsmonitor = /tmp/x\n[include]\npath = ../more\n",
        );
        write("p/more", "[alias]\nzap = !x\n[include]\npath = .git/config\n");
        write("p/.git/hooks/pre-commit", "");
        write("p/.git/hooks/pre-push.sample", "");
        write("p/sub/a.txt", "");
        let found = |path: &str| from(&at(path), "/none", &[at("p/.git/hooks/pre-commit")]).unwrap();
        let value = |found: &Repository, key: &str| {
            found.settings.iter().rev().find(|(known, _)| known == key).map(|(_, value)| value.clone())
        };
        let plain = found("p/sub");
        assert_eq!(plain.root, at("p"));
        assert_eq!(value(&plain, "alias.nuke").as_deref(), Some("!rm -rf ~"));
        assert_eq!(value(&plain, "alias.zap").as_deref(), Some("!x"));
        assert_eq!(value(&plain, "core.fsmonitor").as_deref(), Some("/tmp/x"));
        let hook = Hook { name: "pre-commit".to_owned(), path: at("p/.git/hooks/pre-commit"), is_trusted: false };
        assert_eq!(plain.hooks, [hook]);
        assert!(from(&at("p"), "/none", &[]).unwrap().hooks[0].is_trusted);
        // Another working tree.
        write("w/.git", &format!("gitdir: {}\n", at("p/.git/worktrees/w")));
        write("p/.git/worktrees/w/commondir", "../..\n");
        write("p/.git/worktrees/w/config.worktree", "[alias]\nown = !y\n");
        let other = found("w");
        assert_eq!((value(&other, "alias.own").as_deref(), value(&other, "alias.nuke").is_some()), (Some("!y"), true));
        assert_eq!((other.root, other.hooks.len()), (at("w"), 1));
        // Without a working tree, within another one.
        for file in ["p/s.git/HEAD", "p/s.git/objects/x", "p/s.git/refs/x"] {
            write(file, "");
        }
        write("p/s.git/config", "[core]\nbare = true\nhooksPath = h\nfsmonitor = ./run\n");
        write("p/s.git/h/post-index-change", "");
        let bare = found("p/s.git");
        assert_eq!(value(&bare, "core.fsmonitor").as_deref(), Some("./run"));
        assert_eq!(bare.hooks[0].name, "post-index-change");
        assert_eq!(from("/none/x", "/none", &[]), None);
        assert_eq!(from("relative", "/none", &[]), None);
    }
}
