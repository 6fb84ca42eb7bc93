//! git: which sub-commands lose work, change what is published, run code, or send it elsewhere.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

use super::git_remote::{clone, push, remote};
use super::git_repository;
use super::git_settings::{config, git_setting, others};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    match name {
        "git" => Some(git(m, args)),
        "git-filter-repo" | "bfg" => {
            m.mark(Traits::REWRITES_HISTORY, "rewrites the whole history");
            Some(Value::default())
        }
        "jj" | "hg" | "svn" | "fossil" | "sl" | "darcs" | "gt" => Some(others(m, name, args)),
        _ => None,
    }
}

fn git(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let global = Args::leading(args, "C c git-dir work-tree namespace exec-path config-env super-prefix attr-source");
    for setting in global.values(&["c", "config-env"]).cloned().collect::<Vec<_>>() {
        let (key, value) = setting.text.split_once('=').unwrap_or((setting.text.as_str(), "true"));
        git_setting(m, key, &Value { text: value.to_owned(), ..setting.clone() }, false);
        if key.eq_ignore_ascii_case("clean.requireForce") && value == "false" {
            m.aliases.insert("git clean.requireforce".to_owned(), String::new());
        }
    }
    if global.has(&["exec-path"]) && global.value(&["exec-path"]).is_some() {
        m.mark(Traits::EVADES, "git runs programs from another folder");
    }
    let Some((sub, rest)) = global.rest.split_first() else { return Value::unknown(Flow::OUTPUT) };
    let sub_text = sub.text.clone();
    // The folder, and the one in which files are put.
    let folders: Vec<Value> = global.values(&["C"]).chain(global.value(&["work-tree"])).cloned().collect();
    let of_its_own = global.value(&["git-dir"]).cloned();
    let rest = rest.to_vec();
    m.aside(|m| {
        for folder in &folders {
            let to = m.resolve(folder);
            m.cd(to);
        }
        let elsewhere = of_its_own.is_some();
        let folder = of_its_own.map_or_else(|| m.cwd.clone(), |folder| m.resolve(&folder));
        let found = git_repository::repository(m, &folder);
        if elsewhere && found.is_none() {
            git_repository::strange(m, &folder);
        }
        if let Some(found) = &found {
            git_repository::around(m, found, &sub_text);
        }
        // An alias that the call itself has set, or the repository.
        let own = m.aliases.get(&format!("git {sub_text}")).cloned();
        let alias = own.or_else(|| found.as_ref().and_then(|found| found.alias(&sub_text)).map(str::to_owned));
        if let Some(command) = alias {
            return aliased(m, &command, &rest);
        }
        writes(m, &sub_text, &rest);
        sub_command(m, &sub_text, &rest)
    })
}

/// What an alias stands for, with the words behind it.
fn aliased(m: &mut Machine<'_>, command: &str, rest: &[Value]) -> Value {
    let mut text = match command.strip_prefix('!') {
        Some(shell) => shell.to_owned(),
        None => format!("git {command}"),
    };
    for value in rest {
        text.push_str(" '");
        text.push_str(&value.text.replace('\'', "'\\''"));
        text.push('\'');
    }
    m.text(&text)
}

/// Sub-commands that read their operands, or whose writing is followed.
const READING: &[&str] = &[
    "add",
    "annotate",
    "blame",
    "cat-file",
    "check-attr",
    "check-ignore",
    "commit",
    "config",
    "describe",
    "diff",
    "difftool",
    "for-each-ref",
    "grep",
    "hash-object",
    "help",
    "log",
    "ls-files",
    "ls-tree",
    "merge-base",
    "push",
    "reflog",
    "remote",
    "rev-list",
    "rev-parse",
    "rm",
    "shortlog",
    "show",
    "stage",
    "stash",
    "status",
    "tag",
    "update-index",
    "var",
    "whatchanged",
    "range-diff",
    "name-rev",
    "notes",
    "branch",
];

/// Files that git is told to write and that steer an agent, a shell or git.
fn writes(m: &mut Machine<'_>, sub: &str, rest: &[Value]) {
    use crate::path::Zone;
    const CHANGING: &[&str] = &[
        "am",
        "apply",
        "checkout",
        "checkout-index",
        "cherry-pick",
        "merge",
        "read-tree",
        "rebase",
        "reset",
        "restore",
        "revert",
        "switch",
    ];
    if CHANGING.contains(&sub)
        && matches!(crate::path::zone(&m.cwd, m.place), Zone::HomeRoot | Zone::Root)
        && m.place.project != m.cwd
    {
        m.puzzled("changes files of a home as a repository");
    }
    let mut outputs = false;
    for value in rest {
        let text = value.text.as_str();
        match text.strip_prefix("--output=").or_else(|| text.strip_prefix("--output-directory=")) {
            Some(path) => m.named(path, value, true),
            None if outputs || !text.starts_with('-') && !READING.contains(&sub) => m.named(text, value, true),
            None if !READING.contains(&sub) => {
                if let Some((_, path)) = text.split_once('=') {
                    m.named(path, value, true);
                }
            }
            None => {}
        }
        outputs = matches!(text, "--output" | "-o" | "--output-directory") && sub != "push";
    }
}

fn sub_command(m: &mut Machine<'_>, sub: &str, rest: &[Value]) -> Value {
    let lost = |m: &mut Machine<'_>, why| m.mark(Traits::DISCARDS_WORK, why);
    match sub {
        "push" | "send-pack" => push(m, rest),
        "reset" => {
            let args = Args::of(rest, "pathspec-from-file");
            if args.has(&["hard", "merge", "keep"]) && !args.has(&["keep"]) || args.has(&["hard"]) {
                lost(m, "throws away changes that are not committed");
            } else if args.has(&["keep"]) && args.operand(0).contains(['~', '^', '@']) {
                lost(m, "moves the branch back");
            }
            if args.may_hide_options() {
                m.puzzled("an argument that could be an option");
            }
        }
        "checkout" | "switch" | "restore" => checkout(m, sub, rest),
        "clean" => {
            let args = Args::of(rest, "e exclude");
            let unforced = m.aliases.remove("git clean.requireforce").is_some();
            if (args.has(&["f", "force"]) || unforced) && !args.has(&["n", "dry-run"]) {
                lost(m, "removes files that git does not know");
            }
        }
        "hash-object" | "archive" | "add"
            if rest.iter().any(|value| !value.text.starts_with('-') && m.names_secret(value)) =>
        {
            shown(m, rest);
        }
        "stash" => match rest.first().map_or("", |value| value.text.as_str()) {
            "drop" | "clear" => lost(m, "throws away stashed work"),
            "show" => shown(m, rest),
            _ => {}
        },
        "branch" => {
            let args = Args::of(rest, "u set-upstream-to sort format points-at contains");
            if args.has(&["D"]) || args.has(&["d", "delete"]) && args.has(&["f", "force"]) {
                lost(m, "removes a branch even if nothing else holds its work");
            } else if args.has(&["f", "force", "M", "C"]) && args.rest.len() > 1 {
                lost(m, "moves a branch away from its work");
            }
        }
        "tag" => {
            let args = Args::of(rest, "m F u message file sort n");
            if args.has(&["d", "delete"]) || args.has(&["f", "force"]) {
                m.mark(Traits::DISCARDS_WORK | Traits::REWRITES_HISTORY, "removes or moves a tag");
            }
        }
        "reflog" => {
            if matches!(rest.first().map_or("", |value| value.text.as_str()), "expire" | "delete" | "drop") {
                m.mark(Traits::REWRITES_HISTORY, "removes the record by which lost work is found again");
            }
        }
        "maintenance" if rest.first().is_some_and(|value| matches!(value.text.as_str(), "start" | "register")) => {
            m.mark(Traits::PERSISTS, "leaves a timer that runs git");
        }
        "gc" | "prune" => {
            let now = rest.iter().any(|value| {
                value.text.starts_with("--prune=") && !value.text.contains("week")
                    || value.text == "--aggressive"
                    || value.text.starts_with("--expire")
            });
            if (sub == "prune" || now) && !super::is_dry(rest) && !rest.iter().any(|value| value.text == "-n") {
                lost(m, "removes objects by which lost work is found again");
            }
        }
        "filter-branch" | "filter-repo" | "replace" | "fast-import" => {
            if sub == "replace" && rest.iter().all(|value| value.text == "-l" || value.text == "--list") {
                return Value::unknown(Flow::OUTPUT);
            }
            m.mark(Traits::REWRITES_HISTORY, "rewrites history");
            let args = Args::of(
                rest,
                "tree-filter index-filter env-filter msg-filter commit-filter parent-filter tag-name-filter subdirectory-filter original d",
            );
            for filter in args
                .values(&["tree-filter", "index-filter", "env-filter", "msg-filter", "commit-filter"])
                .cloned()
                .collect::<Vec<_>>()
            {
                m.run_text(&filter);
            }
        }
        "update-ref" | "symbolic-ref"
            if (rest.iter().any(|value| matches!(value.text.as_str(), "-d" | "--delete" | "--stdin"))
                || sub == "update-ref" && rest.len() >= 2) =>
        {
            m.mark(Traits::DISCARDS_WORK | Traits::REWRITES_HISTORY, "moves or removes a ref directly");
        }
        "notes" => {
            if matches!(rest.first().map_or("", |value| value.text.as_str()), "prune" | "remove") {
                lost(m, "removes notes");
            }
        }
        "rm" => {
            let args = Args::of(rest, "pathspec-from-file");
            if !args.has(&["cached", "n", "dry-run"]) {
                let forced = args.has(&["f", "force"]);
                for target in &args.rest {
                    m.destroy(target, args.has(&["r"]));
                }
                if forced && args.has(&["r"]) {
                    lost(m, "removes files with changes that are not committed");
                }
            }
        }
        "checkout-index" if rest.iter().any(|value| value.text.starts_with('-') && value.text.contains('f')) => {
            lost(m, "overwrites changes that are not committed");
        }
        "read-tree" if rest.iter().any(|value| value.text == "--reset") => {
            lost(m, "overwrites changes that are not committed");
        }
        "worktree" => {
            let force = rest.iter().any(|value| matches!(value.text.as_str(), "-f" | "--force"));
            if rest.first().is_some_and(|value| value.text == "remove") && force {
                lost(m, "removes a working tree with its changes");
            }
        }
        "submodule" => {
            let action = rest
                .iter()
                .find(|value| !value.text.starts_with('-'))
                .map_or("", |value| value.text.as_str())
                .to_owned();
            match action.as_str() {
                "deinit" => lost(m, "removes the content of submodules"),
                "set-url" | "set-branch" => m.mark(
                    Traits::CHANGES_SUPPLY_CHAIN,
                    "takes the code of a part of this repository from another place",
                ),
                "add" => m.mark(
                    Traits::CHANGES_SUPPLY_CHAIN | Traits::OUTWARD,
                    "takes code from another repository into this one",
                ),
                "foreach" => {
                    let words = rest
                        .iter()
                        .skip_while(|value| value.text != "foreach")
                        .skip(1)
                        .filter(|value| !value.text.starts_with("--"))
                        .cloned()
                        .collect::<Vec<_>>();
                    let text = super::builtins::joined(&words);
                    m.run_text(&text);
                }
                _ => {}
            }
        }
        "rebase" => {
            let args = Args::of(rest, "x exec onto s X strategy");
            for command in args.values(&["x", "exec"]).cloned().collect::<Vec<_>>() {
                m.run_text(&command);
            }
            if args.has(&["root"]) {
                m.mark(Traits::REWRITES_HISTORY, "rewrites history from its beginning");
            }
            if args.has(&["no-verify"]) {
                m.mark(Traits::DISABLES_SECURITY, "goes past the hooks that check the code");
            }
        }
        "bisect" if rest.first().is_some_and(|value| value.text == "run") => {
            return m.run(rest.get(1..).unwrap_or(&[]).to_vec());
        }
        "difftool" | "mergetool" => {
            let args = Args::of(rest, "x extcmd t tool");
            if let Some(command) = args.value(&["x", "extcmd"]).cloned() {
                m.run_text(&command);
            }
        }
        "grep" => {
            let args = Args::of(rest, "e f A B C m O open-files-in-pager");
            for file in args.rest.iter().filter(|_| args.has(&["no-index"])).cloned().collect::<Vec<_>>() {
                m.read(&file);
            }
            if let Some(pager) = args.value(&["O", "open-files-in-pager"]).cloned() {
                m.run_text(&pager);
            }
        }
        "remote" => remote(m, rest),
        "clone" => clone(m, rest),
        "fetch" | "pull" | "ls-remote" | "archive" => {
            let args = Args::of(rest, "upload-pack exec o output remote format prefix depth");
            for command in args.values(&["upload-pack", "exec"]).cloned().collect::<Vec<_>>() {
                m.mark(Traits::EVADES, "git runs another program on the way");
                m.run_text(&command);
            }
            if let Some(file) = args.value(&["o", "output"]).cloned() {
                m.write(&file, false, &Value::unknown(Flow::FILE));
            }
            if args.operand(0).starts_with("ext::") {
                m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "git runs a command as a transport");
            }
            if sub == "archive" {
                return Value::unknown(Flow::FILE);
            }
            m.mark(Traits::OUTWARD, "asks another machine");
            let address =
                |value: &Value| value.text.contains("://") || value.text.contains('@') && value.text.contains(':');
            let new = |value: &Value| m.new_remotes.contains(&value.text);
            if sub == "pull" && (args.rest.iter().any(address) || args.rest.first().is_some_and(new)) {
                m.mark(Traits::CHANGES_SUPPLY_CHAIN, "takes code from another repository into this one");
            }
            if matches!(sub, "fetch" | "pull") && args.rest.iter().any(address) {
                let project = m.place.project.to_owned();
                m.fetched_folders.extend([project, m.cwd.clone()]);
            }
        }
        "subtree" => {
            let elsewhere = rest.iter().any(|value| value.text.contains("://") || value.text.contains('@'));
            if elsewhere && rest.iter().any(|value| matches!(value.text.as_str(), "add" | "pull" | "merge")) {
                m.mark(
                    Traits::CHANGES_SUPPLY_CHAIN | Traits::OUTWARD,
                    "takes code from another repository into this one",
                );
            }
        }
        "config" => config(m, rest),
        "commit" | "merge" | "cherry-pick" | "revert" | "am" | "add" | "mv" => {
            let args = Args::of(rest, "m F C c t S author date message file template gpg-sign trailer cleanup u");
            let unchecked = args.has(&["no-verify"]) && !args.has(&["verify"]) || sub == "commit" && args.has(&["n"]);
            if unchecked {
                m.mark(Traits::DISABLES_SECURITY, "goes past the hooks that check the code");
            }
            if sub == "commit" && args.value(&["author"]).is_some() {
                m.mark(Traits::CHANGES_ACCESS, "commits under another name");
            }
            if sub == "am" && m.stdin.flow.has(Flow::REMOTE) {
                m.mark(Traits::CHANGES_SUPPLY_CHAIN, "takes changes from another machine into this repository");
            }
            if let Some(file) = args.value(&["F", "file"]).cloned()
                && file.text != "-"
            {
                m.read(&file);
            }
        }
        "apply" => {
            let args = Args::of(rest, "p C directory exclude include");
            let checks = args.has(&["check", "stat", "numstat", "summary"]);
            let text = match args.rest.first() {
                Some(file) if file.text != "-" => m.read(&file.clone()),
                _ => m.stdin.clone(),
            };
            if !checks {
                super::copying::patched(m, &text);
                if !text.is_known() && args.rest.first().is_some_and(|file| m.resolve(file).starts_with("/tmp")) {
                    m.unknown_patch = true;
                }
            }
        }
        "show" | "diff" | "log" | "cat-file" | "blame" | "annotate" => {
            let content = sub != "log"
                || rest.iter().any(|value| {
                    matches!(value.text.as_str(), "-p" | "-u" | "--patch" | "-S" | "-G" | "--full-diff")
                        || value.text.starts_with("-L")
                });
            if content {
                shown(m, rest);
            }
            if sub == "diff" && rest.iter().any(|value| value.text == "--no-index") {
                m.read_operands(rest);
            }
            let args = Args::of(rest, "output");
            if let Some(file) = args.value(&["output"]) {
                m.write(&file.clone(), false, &Value::unknown(Flow::FILE));
            }
            if sub == "log" || sub == "show" {
                return Value::unknown(Flow::FILE.with(Flow::OUTPUT));
            }
        }
        "bundle" => return Value::unknown(Flow::FILE),
        "credential" | "credential-store" | "credential-cache" | "credential-manager" => {
            let action = rest.first().map_or("", |value| value.text.as_str());
            if matches!(action, "fill" | "get") {
                m.mark(Traits::READS_SECRET, "asks git for a password");
            } else {
                m.mark(Traits::CHANGES_ACCESS, "changes the passwords that git keeps");
            }
            return Value::unknown(Flow::SECRET);
        }
        "send-email" => m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "sends patches by mail"),
        "daemon" | "instaweb" | "http-backend" => {
            m.mark(Traits::EXPOSES_NETWORK, "serves the repository to the network")
        }
        "rev-parse" => {
            if rest.iter().any(|value| value.text == "--show-toplevel") {
                return Value::known(format!("{}\n", m.place.project));
            }
            if rest.iter().any(|value| value.text == "--git-dir") {
                return Value::known(".git\n");
            }
        }
        "ls-files" | "ls-tree" => {
            let patterns: Vec<&str> = super::texts(rest).into_iter().filter(|text| !text.starts_with('-')).collect();
            let text = if patterns.is_empty() { "*\n".to_owned() } else { patterns.join("\n") + "\n" };
            return Value { text, flow: Flow::LIST, glob: true };
        }
        "init" => {
            if let Some(template) = rest.iter().find(|value| value.text.starts_with("--template=")) {
                let _ = template;
                m.mark(Traits::CHANGES_SUPPLY_CHAIN, "takes hooks from a template");
            }
        }
        "lfs"
            if rest.first().is_some_and(|value| value.text == "prune")
                && rest.iter().any(|value| matches!(value.text.as_str(), "--force" | "-f"))
                && !super::is_dry(rest) =>
        {
            lost(m, "removes files that git keeps elsewhere");
        }
        "lfs" | "annex" if rest.first().is_some_and(|value| value.text == "push") => {
            m.mark(Traits::OUTWARD, "sends to the repository's server");
        }
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}

/// `git show REV:PATH` and the like.
fn shown(m: &mut Machine<'_>, rest: &[Value]) {
    for value in rest.iter().filter(|value| !value.text.starts_with('-')) {
        let path = value.text.split_once(':').map_or(value.text.as_str(), |(_, path)| path);
        let path = Value { text: path.to_owned(), ..value.clone() };
        if !path.text.is_empty() && m.names_secret(&path) {
            m.read(&path);
        }
    }
}

fn checkout(m: &mut Machine<'_>, sub: &str, rest: &[Value]) {
    let args = Args::of(rest, "b B c C s source orphan conflict pathspec-from-file");
    let dashes = rest.iter().position(|value| value.text == "--");
    let whole = |value: &Value| matches!(value.text.as_str(), "." | ":/" | "./" | "*" | ":" | ":/*");
    let paths: Vec<&Value> = match dashes {
        Some(at) => rest.get(at + 1..).unwrap_or(&[]).iter().collect(),
        None => args.rest.iter().collect(),
    };
    let staged_only = sub == "restore" && args.has(&["S", "staged"]) && !args.has(&["W", "worktree"]);
    if !staged_only && paths.iter().any(|value| whole(value)) {
        m.mark(Traits::DISCARDS_WORK, "throws away all changes that are not committed");
    }
    if sub != "restore" && args.has(&["f", "force", "discard-changes"]) {
        m.mark(Traits::DISCARDS_WORK, "throws away changes that are not committed");
    }
    if args.has(&["B", "C"]) && sub != "restore" {
        m.mark(Traits::DISCARDS_WORK, "moves a branch away from its work");
    }
    for value in paths {
        let path = m.resolve(value);
        if crate::targets::agent(&path, m.place) {
            m.write(value, true, &Value::unknown(Flow::FILE));
        }
    }
}
