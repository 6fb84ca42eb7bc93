//! The quick look at a name that the walk takes: may it be a place in a repository?

use std::path::Path;
use std::sync::OnceLock;

use yata_agents::places;

/// What names of places have in common.
struct Names {
    /// Names of files that are places wherever they stand, or may be.
    files: Vec<&'static [u8]>,
    /// Folders with a dot, below which places are.
    folders: Vec<&'static [u8]>,
    /// Ends of names: `*.mdc`.
    ends: Vec<&'static [u8]>,
    /// Ends of names below a folder without a dot: `commands/**/*.md`.
    below: Vec<(&'static [u8], &'static [u8])>,
}

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names = Names { files: Vec::new(), folders: Vec::new(), ends: Vec::new(), below: Vec::new() };
        for pattern in places().iter().map(|place| place.pattern) {
            if pattern.starts_with(['~', '/']) || pattern.get(1..2) == Some(":") {
                continue;
            }
            let parts: Vec<&'static str> = pattern.split('/').collect();
            let Some((last, above)) = parts.split_last() else { continue };
            let plain = above.iter().find(|part| !part.contains('*'));
            match above.iter().find(|part| part.starts_with('.')) {
                Some(folder) => names.folders.push(folder.as_bytes()),
                None if last.starts_with('*') && *last != "**" => {
                    let end = last.trim_start_matches('*').as_bytes();
                    match plain {
                        Some(folder) => names.below.push((folder.as_bytes(), end)),
                        None => names.ends.push(end),
                    }
                }
                None if *last == "**" => names.folders.extend(above.last().map(|folder| folder.as_bytes())),
                None => names.files.push(last.as_bytes()),
            }
        }
        for list in [&mut names.files, &mut names.folders] {
            list.sort_unstable();
            list.dedup();
        }
        names
    })
}

/// Whether a file may be a place: by its name, or by a folder with a dot between it and the root, which is `depth`
/// parts above it.
pub(crate) fn may_be_place(path: &Path, file_name: &[u8], root_bytes: usize) -> bool {
    let names = names();
    if names.files.binary_search(&file_name).is_ok() || names.ends.iter().any(|end| file_name.ends_with(end)) {
        return true;
    }
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut ends = names.below.iter().filter(|(_, end)| file_name.ends_with(end));
    if ends.any(|(folder, _)| has_folder(bytes.get(root_bytes..).unwrap_or_default(), folder)) {
        return true;
    }
    let end = bytes.len().saturating_sub(file_name.len());
    let mut rest = bytes.get(root_bytes..end).unwrap_or_default();
    while let Some(at) = rest.windows(2).position(|pair| pair == b"/." || pair == b"\\.") {
        let from = rest.get(at.saturating_add(1)..).unwrap_or_default();
        let length = from.iter().position(|byte| matches!(byte, b'/' | b'\\')).unwrap_or(from.len());
        if from.get(..length).is_some_and(|part| names.folders.binary_search(&part).is_ok()) {
            return true;
        }
        rest = from.get(length..).unwrap_or_default();
    }
    false
}

/// Whether a folder of that name is above the file.
fn has_folder(path: &[u8], folder: &[u8]) -> bool {
    let mut parts = path.split(|byte| matches!(byte, b'/' | b'\\')).rev().skip(1);
    parts.any(|part| part == folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or_default();
        may_be_place(Path::new(&format!("/r/{path}")), name.as_bytes(), 2)
    }

    #[test]
    fn places_are_seen_and_others_are_not() {
        for path in [
            "CLAUDE.md",
            "a/b/AGENTS.md",
            ".mcp.json",
            ".claude/settings.json",
            "a/.claude/skills/x/scripts/run.py",
            ".github/hooks/start.json",
            "opencode.jsonc",
            ".clinerules",
            ".clinerules/a.md",
            "a/.roo/rules-code/x",
            ".env",
            "mcp/tools.json",
            "p/.claude-plugin/plugin.json",
            ".codex/rules/team.rules",
            "x/hooks/hooks.json",
            "letters/SKILL.md",
            "plugins/mail/commands/send.md",
            "rules/tone.mdc",
            "servers/files/tools.json",
            "server.tools.json",
            "mcp/files.json",
        ] {
            assert!(seen(path), "{path}");
        }
        for path in [
            "settings.json",
            "src/main.rs",
            ".venv/lib/x.py",
            "claude/settings.json",
            "README.md",
            "hooks.js",
            "docs/mcp.md",
            "a.json",
        ] {
            assert!(!seen(path), "{path}");
        }
    }

    /// The quick look never says no to a place.
    #[test]
    fn every_place_of_a_repository_is_seen() {
        let mut tried = 0;
        for place in
            places().iter().filter(|place| !place.pattern.starts_with(['~', '/']) && !place.pattern.starts_with("C:"))
        {
            let path = place.pattern.replace("**/", "a/b/").replace("**", "a/b").replace('*', "x");
            assert!(seen(&path), "{path}");
            tried += 1;
        }
        assert!(tried > 80, "{tried}");
    }
}
