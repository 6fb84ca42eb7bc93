//! Settings of git, kept or for one command, and its relatives.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

pub(super) fn config(m: &mut Machine<'_>, rest: &[Value]) {
    let args = Args::of(rest, "f file blob type default comment value url");
    for file in args.values(&["f", "file"]).cloned().collect::<Vec<_>>() {
        m.read(&file);
    }
    let reads = args.has(&["get", "get-all", "get-regexp", "l", "list", "get-urlmatch", "show-origin", "name-only"])
        || matches!(args.operand(0), "get" | "list");
    // The key is the first word of its form: an option that is not known may have left its value before it.
    let is_key = |value: &Value| {
        value.text.starts_with(|c: char| c.is_ascii_alphabetic())
            && value.text.contains('.')
            && !value.text.contains(' ')
    };
    let offset = args.rest.iter().position(is_key).unwrap_or(usize::from(matches!(args.operand(0), "set" | "add")));
    let key = args.operand(offset).to_owned();
    if reads {
        if key.starts_with("credential") && args.has(&["get-regexp", "get"]) {
            m.mark(Traits::READS_SECRET, "reads git's sign-in settings");
        }
        return;
    }
    if args.has(&["e", "edit"]) || args.has(&["unset", "unset-all", "remove-section"]) {
        if args.rest.iter().any(|value| value.text.eq_ignore_ascii_case("core.hooksPath")) {
            m.mark(Traits::DISABLES_SECURITY, "switches off the hooks of the repository");
        }
        return;
    }
    let Some(value) = args.rest.get(offset + 1).cloned() else { return };
    if let Some(alias) = key.strip_prefix("alias.") {
        m.aliases.insert(format!("git {alias}"), value.text.clone());
    }
    git_setting(m, &key, &value, true);
}

/// A setting of git, kept or for one command.
pub(super) fn git_setting(m: &mut Machine<'_>, key: &str, value: &Value, kept: bool) {
    let lower = key.to_ascii_lowercase();
    let runs = super::git_repository::names_program(&lower)
        || matches!(lower.as_str(), "core.hookspath" | "init.templatedir" | "core.worktree" | "include.path")
        || lower.starts_with("filter.")
        || lower.starts_with("includeif.")
        || lower.starts_with("alias.") && value.text.starts_with('!')
        || lower.starts_with("remote.") && lower.ends_with(".proxy")
        || lower.starts_with("protocol.ext")
        || lower.starts_with("url.");
    let text = value.text.as_str();
    // Where pushes go, and where code comes from.
    let remote = lower.strip_prefix("remote.").and_then(|rest| rest.rsplit_once('.'));
    let pushes = match remote {
        Some((_, "url" | "pushurl")) => remote.map(|(name, _)| name),
        _ if lower == "remote.pushdefault" || lower.starts_with("branch.") && lower.ends_with("remote") => {
            Some("origin")
        }
        _ if lower.starts_with("url.") && lower.ends_with("insteadof") => Some("origin"),
        _ => None,
    };
    if let Some(name) = pushes {
        m.new_remotes.push(name.to_owned());
        m.mark(Traits::CHANGES_SUPPLY_CHAIN, "changes where the repository is sent to and taken from");
    }
    if let Some((_, key)) = lower.strip_prefix("submodule.").and_then(|rest| rest.rsplit_once('.'))
        && (key == "url" || key == "update" && text.starts_with('!'))
    {
        m.mark(Traits::CHANGES_SUPPLY_CHAIN, "takes the code of a part of this repository from another place");
    }
    if let Some(alias) = lower.strip_prefix("alias.") {
        m.aliases.insert(format!("git {alias}"), value.text.clone());
    }
    if matches!(lower.as_str(), "http.sslverify" | "http.sslcainfo") && matches!(text, "false" | "0" | "no")
        || lower.ends_with(".sslverify") && text == "false"
        || lower == "safe.directory" && text == "*"
        || lower == "transfer.fsckobjects" && text == "false"
        || lower.starts_with("protocol.") && text == "always"
        || kept
            && matches!(
                lower.as_str(),
                "commit.gpgsign" | "tag.gpgsign" | "receive.denynonfastforwards" | "receive.fsckobjects"
            )
            && text == "false"
    {
        m.mark(Traits::DISABLES_SECURITY, "switches off a check of git");
    }
    if matches!(lower.as_str(), "user.email" | "user.name") && !kept {
        m.mark(Traits::CHANGES_ACCESS, "commits under another name");
    }
    if kept && lower == "user.signingkey" {
        m.mark(Traits::CHANGES_ACCESS, "changes the key that commits are signed with");
    }
    if !runs
        || matches!(
            text,
            "" | "cat"
                | "less"
                | "less -F"
                | "vim"
                | "nano"
                | "true"
                | "delta"
                | "code --wait"
                | "false"
                | ":"
                | "vi"
                | "less -FRX"
        ) && !lower.contains("helper")
            && lower != "gpg.program"
    {
        return;
    }
    if lower == "core.fsmonitor" && matches!(text, "true" | "false") {
        return;
    }
    if kept && matches!(text, ".husky" | ".husky/_" | ".githooks") {
        return;
    }
    let traits = if lower.starts_with("credential") {
        Traits::CHANGES_ACCESS
    } else if lower.starts_with("gpg") {
        Traits::DISABLES_SECURITY
    } else if kept {
        Traits::CHANGES_SUPPLY_CHAIN | Traits::PERSISTS
    } else {
        Traits::EVADES
    };
    m.mark(traits, "git runs a program that this setting names");
    let command = text.trim_start_matches('!').to_owned();
    if !command.starts_with('/') || command.contains(' ') {
        let before = m.acts.len();
        m.aside(|m| m.text(&command));
        m.keep_serious(before);
    }
}

pub(super) fn others(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let texts = super::texts(args);
    let has = |word: &str| texts.contains(&word);
    for value in args {
        if let Some((key, command)) = value.text.split_once('=')
            && key.contains('.')
            && (name == "hg" || name == "sl")
            && let Some(command) = command.strip_prefix('!')
        {
            let command = command.to_owned();
            m.mark(Traits::EVADES, "runs a program that a setting names");
            m.text(&command);
        }
    }
    let action = Args::leading(args, "R cwd config repository").operand(0).to_owned();
    let lost = match (name, action.as_str()) {
        ("jj", "abandon" | "restore" | "undo") => true,
        ("jj", "op" | "operation") => has("abandon") || has("restore"),
        ("jj", "git") => has("push") && has("--deleted"),
        ("hg" | "sl", "update" | "up" | "checkout" | "co" | "goto") => has("--clean") || has("-C"),
        ("hg" | "sl", "revert") => has("--all") || has("-a"),
        ("hg" | "sl", "strip" | "purge" | "rollback" | "prune" | "debugstrip") => true,
        ("svn", "revert") => has("-R") || has("--recursive") || has("--depth=infinity"),
        ("svn", "cleanup") => has("--remove-unversioned") || has("--remove-ignored"),
        ("svn", "delete" | "rm" | "remove") => texts.iter().any(|text| text.contains("://")),
        ("fossil", "revert" | "clean") => true,
        _ => false,
    };
    if lost {
        m.mark(Traits::DISCARDS_WORK, "throws away work");
    }
    let uploads = matches!(
        (name, action.as_str()),
        ("hg" | "sl" | "darcs" | "fossil", "push" | "send" | "sync" | "outgoing" | "bundle" | "put")
            | ("svn", "import")
    );
    if let Some(url) = args.iter().find(|value| value.text.contains("://") && uploads) {
        m.request(url, crate::net::Load { flow: Flow::FILE, file: true });
    }
    if name == "hg" && action == "push" && (has("-f") || has("--force")) {
        m.mark(Traits::REWRITES_HISTORY, "overwrites what others may have");
    }
    Value::unknown(Flow::OUTPUT)
}
