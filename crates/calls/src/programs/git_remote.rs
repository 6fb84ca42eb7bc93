//! Other repositories: what git sends to them and takes from them.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::net::Load;
use crate::value::{Flow, Value};

use super::git_repository;
use super::git_settings::git_setting;

pub(super) fn push(m: &mut Machine<'_>, rest: &[Value]) {
    let args = Args::of(rest, "o push-option repo receive-pack exec");
    for command in args.values(&["receive-pack", "exec"]).cloned().collect::<Vec<_>>() {
        m.run_text(&command);
    }
    m.mark(Traits::OUTWARD, "sends commits to the repository's server");
    if args.has(&["n", "dry-run"]) {
        return;
    }
    if args.has(&["no-verify"]) {
        m.mark(Traits::DISABLES_SECURITY, "goes past the hooks that check the code");
    }
    let specs = args.from(1);
    if args.has(&["f", "force", "mirror", "prune"]) || specs.iter().any(|spec| spec.text.starts_with('+')) {
        m.mark(Traits::REWRITES_HISTORY, "overwrites what others may have");
    }
    let protected = |text: &str| {
        matches!(
            text.rsplit([':', '/']).next().unwrap_or(text),
            "main" | "master" | "develop" | "trunk" | "production" | "release" | "stable"
        )
    };
    if args.has(&["force-with-lease"]) && (specs.is_empty() || specs.iter().any(|spec| protected(&spec.text))) {
        m.mark(Traits::REWRITES_HISTORY, "overwrites a branch that all share");
    }
    if args.has(&["d", "delete"]) || specs.iter().any(|spec| spec.text.starts_with(':')) {
        m.mark(Traits::REWRITES_HISTORY | Traits::DISCARDS_WORK, "removes a branch or tag on the server");
    }
    if args.has(&["tags", "follow-tags"])
        || specs.iter().any(|spec| spec.text.contains("refs/tags/"))
        || specs.iter().any(|spec| version_tag(&spec.text))
        || specs.iter().any(|spec| spec.text == "tag")
    {
        m.mark(Traits::PUBLISHES, "sends tags, which start a release");
    }
    if args.may_hide_options() {
        m.puzzled("an argument that could be an option");
    }
    let to = args.rest.first();
    if let Some(url) = to
        && (url.text.contains("://") || url.text.contains('@') || url.text.starts_with("ext::"))
    {
        m.request(url, Load { flow: Flow::FILE, file: true });
    }
    let name = to.map_or("origin", |to| to.text.as_str()).to_owned();
    if m.new_remotes.contains(&name) || other_server(m, &name) {
        m.mark(Traits::SENDS_OUT, "sends the repository to a server that was not known");
    }
}

/// Whether the repository's configuration sends to another machine than that from which it comes.
fn other_server(m: &Machine<'_>, remote: &str) -> bool {
    let Some(found) = git_repository::repository(m, &m.cwd) else { return false };
    let value = |name: &str, key: &str| {
        let wanted = format!("remote.{name}.{key}");
        found.settings.iter().rev().find(|(key, _)| *key == wanted).map(|(_, url)| url.as_str())
    };
    let Some(origin) = value("origin", "url") else { return false };
    let to = value(remote, "pushurl").or_else(|| value(remote, "url"));
    to.is_some_and(|to| server(to) != server(origin))
}

/// The machine of an address in any of git's forms (`https://h/x`, `u@h:x`); empty for a folder.
fn server(url: &str) -> &str {
    if url.contains("://") {
        return crate::net::host(url);
    }
    match url.split_once(':') {
        Some((host, _)) if !host.contains('/') => host.rsplit('@').next().unwrap_or(host),
        _ => "",
    }
}

fn version_tag(text: &str) -> bool {
    let rest = text.strip_prefix('v').unwrap_or(text);
    rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains('.')
}

pub(super) fn remote(m: &mut Machine<'_>, rest: &[Value]) {
    let args = Args::of(rest, "t m");
    match args.operand(0) {
        "add" => {
            let name = args.operand(1).to_owned();
            m.new_remotes.push(name);
        }
        "set-url" => {
            let name = args.operand(1).to_owned();
            m.new_remotes.push(name);
            m.mark(Traits::CHANGES_SUPPLY_CHAIN, "changes where the repository is sent to and taken from");
        }
        "remove" | "rm" => m.mark(Traits::DISCARDS_WORK, "removes a remote with its branches"),
        _ => {}
    }
}

pub(super) fn clone(m: &mut Machine<'_>, rest: &[Value]) {
    let args = Args::of(
        rest,
        "c b o u depth config branch template upload-pack reference jobs j origin filter server-option separate-git-dir",
    );
    for setting in args.values(&["c", "config"]).cloned().collect::<Vec<_>>() {
        let (key, value) = setting.text.split_once('=').unwrap_or((setting.text.as_str(), ""));
        git_setting(m, key, &Value { text: value.to_owned(), ..setting.clone() }, true);
    }
    for command in args.values(&["u", "upload-pack"]).cloned().collect::<Vec<_>>() {
        m.run_text(&command);
    }
    if args.value(&["template"]).is_some() {
        m.mark(Traits::CHANGES_SUPPLY_CHAIN, "takes hooks from a template");
    }
    let Some(url) = args.rest.first().cloned() else { return };
    if url.text.starts_with("ext::") {
        m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "git runs a command as a transport");
    }
    if url.text.contains(':') {
        m.request(&url, Load::default());
    }
    let folder = match args.rest.get(1) {
        Some(folder) => folder.clone(),
        None => Value::known(crate::path::base(&url.text).trim_end_matches(".git").to_owned()),
    };
    let path = m.resolve(&folder);
    if url.text.contains(':') && !url.text.starts_with("file:") {
        m.fetched_folders.push(path);
    }
}
