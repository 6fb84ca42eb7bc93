//! What is published for agents: skills in folders of their own, plugins.

use std::path::{Path, PathBuf};

/// The most files of one skill that are read; `yata_agents::texts` looks at no more.
const FILES_MAX: usize = 2_000;
/// The most folders of one skill that are opened.
const FOLDERS_MAX: usize = 500;
/// Folders that are nobody's skill.
const PASSED_OVER: [&str; 3] = [".git", "node_modules", "site-packages"];
/// The folders of a skill that is a repository; all else there is its program, as of any repository.
const OF_SKILL: [&str; 4] = ["scripts", "references", "assets", "resources"];
/// What tells the folder of a plugin.
const MANIFESTS: [&str; 4] = [".claude-plugin", ".codex-plugin", ".cursor-plugin", "gemini-extension.json"];
/// How many folders up a plugin is looked for.
const FOLDERS_UP_MAX: usize = 64;

/// Whether a file of commands or sub-agents is one of a plugin: the folder that holds `commands` or `agents` has a
/// manifest, or is one of the plugins of a list (`plugins/mail/commands/send.md`).
pub(super) fn in_plugin(path: &Path, base: &Path) -> bool {
    let named = |folder: &&Path| folder.ends_with("commands") || folder.ends_with("agents");
    let above = path.ancestors().skip(1).take(FOLDERS_UP_MAX).take_while(|folder| folder.starts_with(base));
    above.filter(named).filter_map(Path::parent).any(|plugin| {
        let manifest = MANIFESTS.iter().any(|name| plugin.join(name).symlink_metadata().is_ok());
        let list = plugin.parent().filter(|list| list.ends_with("plugins")).and_then(Path::parent);
        manifest || list.is_some_and(|list| list.join(".claude-plugin").symlink_metadata().is_ok())
    })
}

/// The files in the folder of a skill, in order, without itself; links are not followed. What cannot be opened is
/// known from the walk, which went through the same folders.
pub(super) fn files(skill: &Path) -> Vec<PathBuf> {
    let Some(root) = skill.parent() else { return Vec::new() };
    let repository = root.join(".git").symlink_metadata().is_ok();
    let mut folders = vec![root.to_owned()];
    let mut found = Vec::new();
    let mut opened = 0_usize;
    while let Some(folder) = folders.pop().filter(|_| opened < FOLDERS_MAX && found.len() < FILES_MAX) {
        opened = opened.saturating_add(1);
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten().take(FILES_MAX) {
            let (path, name) = (entry.path(), entry.file_name());
            let Ok(kind) = entry.file_type() else { continue };
            if !kind.is_dir() {
                found.push(path);
            } else if !PASSED_OVER.iter().any(|passed| name == *passed)
                && (!repository || folder != root || OF_SKILL.iter().any(|own| name == *own))
            {
                folders.push(path);
            }
        }
    }
    found.retain(|path| path != skill);
    found.sort();
    found.truncate(FILES_MAX);
    found
}
