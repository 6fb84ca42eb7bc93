//! What a repository makes git run: aliases and programs of its configuration, and its hooks, as the world tells them.

use crate::machine::Machine;
use crate::value::{Flow, Value};
use crate::{Repository, Traits};

/// Hooks that any command may run.
const ALWAYS: &[&str] = &["post-index-change", "reference-transaction", "fsmonitor-watchman", "query-watchman"];

/// The hooks of a commit.
const COMMIT: &[&str] = &[
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "post-rewrite",
    "pre-merge-commit",
    "pre-auto-gc",
];

/// The hooks that a command runs beside those. Source: githooks(5).
fn hooks_of(sub: &str) -> &'static [&'static [&'static str]] {
    const CHECKOUT: &[&str] = &["post-checkout"];
    const MERGE: &[&str] = &["post-merge", "post-checkout"];
    const REBASE: &[&str] = &["pre-rebase", "post-checkout"];
    const MAIL: &[&str] = &["applypatch-msg", "pre-applypatch", "post-applypatch"];
    const PUSH: &[&str] =
        &["pre-push", "pre-receive", "update", "post-receive", "post-update", "push-to-checkout", "proc-receive"];
    match sub {
        "commit" | "cherry-pick" | "revert" | "notes" => &[COMMIT],
        "merge" => &[COMMIT, MERGE],
        "pull" => &[COMMIT, MERGE, REBASE],
        "rebase" => &[COMMIT, REBASE],
        "am" => &[COMMIT, MAIL],
        "checkout" | "switch" | "clone" | "worktree" | "restore" | "stash" | "bisect" | "submodule" => &[CHECKOUT],
        "push" | "send-pack" => &[PUSH],
        "gc" | "maintenance" => &[&["pre-auto-gc"]],
        "send-email" => &[&["sendemail-validate"]],
        "p4" => &[&["p4-changelist", "p4-prepare-changelist", "p4-post-changelist", "p4-pre-submit"]],
        _ => &[],
    }
}

/// Whether git runs the value of a setting (its name in small letters) by itself or with a usual command. Source: git-config(1).
pub(super) fn names_program(key: &str) -> bool {
    const NAMES: &[&str] = &[
        "core.alternaterefscommand",
        "core.askpass",
        "core.editor",
        "core.fsmonitor",
        "core.gitproxy",
        "core.pager",
        "core.sshcommand",
        "diff.external",
        "imap.tunnel",
        "instaweb.httpd",
        "interactive.difffilter",
        "sendemail.smtpserver",
        "sequence.editor",
        "uploadpack.packobjectshook",
        "web.browser",
    ];
    // Section, and the ends of its keys.
    const SECTIONS: &[(&str, &[&str])] = &[
        ("browser.", &[".cmd", ".path"]),
        ("credential", &[".helper"]),
        ("diff.", &[".command", ".textconv"]),
        ("difftool.", &[".cmd", ".path"]),
        ("filter.", &[".clean", ".smudge", ".process"]),
        ("gpg.", &[".program", "gpg.program", ".defaultkeycommand"]),
        ("guitool.", &[".cmd"]),
        ("hook.", &[".command"]),
        ("man.", &[".cmd", ".path"]),
        ("merge.", &[".driver"]),
        ("mergetool.", &[".cmd", ".path"]),
        ("pager.", &[""]),
        ("remote.", &[".uploadpack", ".receivepack", ".vcs"]),
        ("sendemail.", &["cmd"]),
        ("submodule.", &[".update"]),
        ("tar.", &[".command"]),
        ("trailer.", &[".command", ".cmd"]),
    ];
    NAMES.contains(&key)
        || SECTIONS.iter().any(|(section, ends)| key.starts_with(section) && ends.iter().any(|end| key.ends_with(end)))
}

/// The repository that git would find, and an alias of it.
pub(super) fn repository(m: &Machine<'_>, folder: &str) -> Option<Repository> {
    if m.elsewhere { None } else { m.place.world.repository(folder) }
}

impl Repository {
    /// What a sub-command stands for.
    pub(super) fn alias(&self, sub: &str) -> Option<&str> {
        self.settings.iter().rev().find_map(|(key, value)| {
            let name = key.strip_prefix("alias.")?;
            let name = name.strip_suffix(".command").unwrap_or(name);
            name.eq_ignore_ascii_case(sub).then_some(value.as_str())
        })
    }
}

/// Follows what git runs around a command by the configuration and the hooks of the repository.
pub(super) fn around(m: &mut Machine<'_>, found: &Repository, sub: &str) {
    // What a hook runs meets the same configuration again.
    if m.by_git || m.elsewhere {
        return;
    }
    m.by_git = true;
    let program = m.program.clone();
    for (key, value) in &found.settings {
        let key = key.to_ascii_lowercase();
        let text = value.trim();
        let plain = matches!(text, "" | "true" | "false" | "cat" | "less" | ":");
        if names_program(&key) && !plain {
            setting(m, found, &key, text);
        }
    }
    let named = |name: &str| ALWAYS.contains(&name) || hooks_of(sub).iter().any(|names| names.contains(&name));
    for hook in found.hooks.iter().filter(|hook| named(&hook.name)) {
        let before = m.acts.len();
        let line = format!("'{}'", hook.path.replace('\'', "'\\''"));
        in_root(m, found, &line);
        if hook.is_trusted {
            m.keep_beyond(before, Traits::NOT_UNDERSTOOD | Traits::OUTSIDE_PROJECT);
        }
    }
    m.program = program;
    m.by_git = false;
}

fn setting(m: &mut Machine<'_>, found: &Repository, key: &str, text: &str) {
    let line = match text.strip_prefix('!') {
        Some(line) => line.to_owned(),
        // `store` is `git credential-store`; `checkout` a way to update.
        None if key.starts_with("credential") && !text.contains('/') => return,
        None if key.starts_with("submodule.") => return,
        None => text.to_owned(),
    };
    let before = m.acts.len();
    in_root(m, found, &line);
    // That git asks another machine is no act of the setting.
    m.keep_beyond(before, Traits::OUTWARD);
}

fn in_root(m: &mut Machine<'_>, found: &Repository, line: &str) {
    m.aside(|m| {
        if !found.root.is_empty() {
            m.cd(found.root.clone());
        }
        m.stdin = Value::unknown(Flow::NONE);
        m.stdin.text.clear();
        m.text(line);
    });
}

/// A repository that is named by itself, lies where anybody may have made it, and cannot be looked at.
pub(super) fn strange(m: &mut Machine<'_>, folder: &str) {
    use crate::path::Zone;
    if !m.elsewhere && matches!(crate::path::zone(folder, m.place), Zone::Temp | Zone::Elsewhere) {
        m.puzzled("a repository of git from a place that is not known");
    }
}
