//! Infrastructure as code, hosting, deployment, repositories' servers: one table, read by sub-command.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

use super::hosting_rules::{ACCESS, CHANGED, DEPLOYED, GONE, RULES, SECRET};

/// Options with a value, of all of them.
const OPTIONS: &str = "chdir var var-file target state backend-config n namespace kube-context f values set version repo R org a app confirm s stack S o output H host host-name title body b m message label l base B head F branch t token scope env e environment project p site cwd profile region bootstrap-server topic address vault account config config-file u url w workdir jq q template limit L assignee c data-center dc i inventory reference wait-timeout name method X field f raw-field host-port";

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    if name == "gh" && args.first().is_some_and(|value| value.text == "api") {
        return Some(gh_api(m, args.get(1..).unwrap_or(&[])));
    }
    if matches!(name, "ansible" | "ansible-playbook") {
        return Some(ansible(m, name, args));
    }
    let mut known = RULES.iter().filter(|(programs, ..)| programs.split(' ').any(|program| program == name)).peekable();
    known.peek()?;
    if super::is_dry(args) && !matches!(name, "gh") {
        return Some(Value::unknown(Flow::OUTPUT));
    }
    let single =
        matches!(name, "terraform" | "tofu" | "terragrunt" | "packer" | "nomad" | "consul" | "vault" | "bao" | "govc");
    let parsed = if single {
        Args::single(
            args,
            "chdir var var-file target state backend-config namespace address format field policy ttl mount method replace lock-timeout parallelism out",
        )
    } else {
        Args::of(args, OPTIONS)
    };
    let operands: Vec<&str> = parsed.rest.iter().map(|value| value.text.as_str()).collect();
    m.mark(Traits::OUTWARD, "asks another machine");
    let mut secret = false;
    for (_, sub, options, traits, why) in known {
        let words: Vec<&str> = sub.split(' ').collect();
        let named = *sub == "*" || operands.starts_with(&words);
        let options: Vec<&str> = options.split(' ').filter(|option| !option.is_empty()).collect();
        if named && (options.is_empty() || parsed.has(&options)) {
            m.mark(*traits, why);
            secret |= traits.contains(SECRET);
            break;
        }
    }
    special(m, name, &parsed);
    fetched(m, name, args, &parsed);
    backed_up(m, name, args);
    // A file that goes into a comment, a gist, a release.
    let sends = matches!(name, "gh" | "glab" | "hub");
    let mut flow = Flow::NONE;
    for file in parsed.values(&["F", "body-file", "notes-file", "message-file"]).cloned().collect::<Vec<_>>() {
        if file.text != "-" {
            flow = flow.with(m.read(&file).flow);
        }
    }
    flow = flow.with(m.read_operands(parsed.from(1)));
    for value in parsed.values(&["b", "body", "title", "t", "m", "message", "n", "notes"]) {
        flow = flow.with(value.flow);
    }
    if sends && (flow.has(Flow::SECRET) || m.stdin.flow.has(Flow::SECRET)) {
        m.mark(Traits::SENDS_OUT, "sends a secret to another machine");
    }
    Some(Value::unknown(if secret { Flow::SECRET } else { Flow::OUTPUT }))
}

fn special(m: &mut Machine<'_>, name: &str, parsed: &Args) {
    match (name, parsed.operand(0)) {
        ("terraform" | "tofu", "console") => {
            let text = m.stdin.text.clone();
            if let Some((_, rest)) = text.split_once("file(\"") {
                let path = rest.split('"').next().unwrap_or("").to_owned();
                m.read(&Value::known(path));
            }
        }
        ("pass" | "gopass", other)
            if !other.is_empty()
                && !matches!(
                    other,
                    "ls" | "list"
                        | "show"
                        | "rm"
                        | "insert"
                        | "generate"
                        | "edit"
                        | "find"
                        | "search"
                        | "git"
                        | "init"
                        | "version"
                        | "mv"
                        | "cp"
                        | "sync"
                        | "otp"
                        | "audit"
                ) =>
        {
            m.mark(SECRET, "reads a secret")
        }
        ("sops", _) => {}
        ("wrangler", "d1") => {
            for text in parsed.values(&["command"]) {
                let (traits, why) = crate::sql::traits(&text.text);
                m.mark(traits, why);
            }
        }
        ("vercel", "") => m.mark(DEPLOYED, "deploys"),
        ("gh", "alias") => {
            let text = parsed.operand(3).to_owned();
            if let Some(command) = text.strip_prefix('!') {
                let command = command.to_owned();
                m.text(&command);
            }
        }
        ("gh", "codespace" | "cs") => {}
        _ => {}
    }
}

/// What `gh` and its like bring onto the disk: whoever runs it afterwards runs what others wrote.
fn fetched(m: &mut Machine<'_>, name: &str, args: &[Value], parsed: &Args) {
    if !matches!(name, "gh" | "glab" | "hub") {
        return;
    }
    let operands: Vec<&str> = parsed.rest.iter().map(|value| value.text.as_str()).collect();
    match operands.as_slice() {
        ["repo" | "gist", "clone", from, rest @ ..] | ["clone", from, rest @ ..] => {
            let folder = rest.first().copied().unwrap_or_else(|| crate::path::base(from).trim_end_matches(".git"));
            let folder = Value::known(folder);
            m.named(&folder.text, &folder, true);
            let path = m.resolve(&folder);
            m.fetched_folders.push(path);
        }
        ["pr" | "mr", "checkout" | "co", ..] | ["co" | "checkout", ..] => {
            let project = m.place.project.to_owned();
            m.fetched_folders.extend([project, m.cwd.clone()]);
            m.reviews = true;
        }
        ["release" | "run", "download", ..] | ["codespace" | "cs", "cp", ..] => downloaded(m, args),
        _ => {}
    }
}

/// Backups into a store that is not a folder of this machine.
fn backed_up(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    if !matches!(name, "restic" | "borg" | "kopia" | "duplicity") {
        return;
    }
    let parsed = Args::of(
        args,
        "r repo repository-file p password-file e exclude exclude-file tag host limit-upload C compression o option",
    );
    let local =
        |text: &str| text.starts_with(['/', '.', '~']) || text.starts_with("file://") || text.starts_with("local:");
    let goes = match (name, parsed.operand(0)) {
        ("restic", "backup" | "copy") => !parsed.value(&["r", "repo"]).is_some_and(|store| local(&store.text)),
        ("kopia", "snapshot") => matches!(parsed.operand(1), "create" | "save"),
        ("borg", "create") => parsed.operand(1).split_once("::").is_none_or(|(store, _)| !local(store)),
        ("duplicity", "" | "restore" | "collection-status" | "verify" | "list-current-files") => false,
        ("duplicity", _) => parsed.rest.last().is_some_and(|store| store.text.contains("://") && !local(&store.text)),
        _ => false,
    };
    if goes && !super::is_dry(args) {
        m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "sends files to another machine");
    }
}

/// `gh release download -p x -D folder -O file`.
fn downloaded(m: &mut Machine<'_>, args: &[Value]) {
    let parsed = Args::of(args, "p pattern D dir O output R repo n name A archive");
    let content = Value::unknown(Flow::REMOTE);
    if let Some(file) = parsed.value(&["O", "output"]).cloned() {
        if file.text != "-" {
            m.write(&file, false, &content);
        }
        return;
    }
    let folder = parsed.value(&["D", "dir"]).map_or_else(|| ".".to_owned(), |value| value.text.clone());
    let patterns: Vec<Value> = parsed.values(&["p", "pattern"]).cloned().collect();
    if patterns.is_empty() || patterns.iter().any(|pattern| pattern.text.contains(['*', '?', '['])) {
        // Which files come is not known before: whatever lies there may be one.
        let path = m.resolve(&Value::known(folder));
        m.fetched_folders.push(path);
        return;
    }
    for pattern in patterns {
        m.write(&Value::known(format!("{folder}/{}", pattern.text)), false, &content);
    }
}

fn gh_api(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "X method F f field raw-field H header q jq t template input p preview hostname cache");
    let path = parsed.operand(0).trim_start_matches('/').to_owned();
    let has_fields = parsed.has(&["F", "f", "field", "raw-field", "input"]);
    let method = parsed
        .value(&["X", "method"])
        .map_or(if has_fields { "POST" } else { "GET" }, |value| value.text.as_str())
        .to_ascii_uppercase();
    m.mark(Traits::OUTWARD, "asks another machine");
    for field in parsed.values(&["F", "f", "field", "raw-field", "input"]).cloned().collect::<Vec<_>>() {
        if let Some((_, file)) = field.text.split_once("=@") {
            let file = Value::known(file);
            if m.names_secret(&file) {
                m.read(&file);
            }
            m.mark(Traits::SENDS_OUT, "sends a file to another machine");
        }
    }
    if path.starts_with("gists") && method != "GET" {
        m.mark(Traits::SENDS_OUT, "publishes a file");
    }
    let has = |part: &str| path.contains(part);
    if path == "graphql" {
        let changes = args.iter().any(|value| value.text.contains("mutation"));
        if changes {
            m.mark(CHANGED, "changes something on the server");
        }
        return Value::unknown(Flow::OUTPUT);
    }
    if method == "GET" || method == "HEAD" {
        return Value::unknown(Flow::OUTPUT);
    }
    if method == "DELETE" {
        m.mark(Traits::DISCARDS_WORK | GONE, "removes something on the server");
    }
    if has("/protection")
        || has("/rulesets")
        || has("vulnerability-alerts")
        || has("secret-scanning")
        || has("automated-security-fixes")
        || has("code-scanning")
    {
        m.mark(Traits::DISABLES_SECURITY, "changes what protects a repository");
    } else if has("/hooks") {
        m.mark(Traits::CHANGES_SUPPLY_CHAIN | Traits::SENDS_OUT, "sends events to another place");
    } else if has("/collaborators")
        || has("/keys")
        || has("/memberships")
        || has("/secrets")
        || has("/invitations")
        || has("/teams")
        || has("/permissions")
        || has("/variables")
    {
        m.mark(ACCESS, "changes who may do what");
    } else if has("/git/refs") {
        m.mark(Traits::REWRITES_HISTORY, "moves a branch or tag on the server");
    } else if has("/releases") || has("/dispatches") || has("/merge") || has("/deployments") {
        m.mark(DEPLOYED, "publishes or merges");
    } else if has("/contents/") {
        m.mark(Traits::CHANGES_SUPPLY_CHAIN, "changes files on the server, past the review");
    } else if method == "PATCH" && path.split('/').count() == 3 && path.starts_with("repos/")
        || has("/transfer")
        || path.starts_with("orgs/") && method != "GET" && !has("/issues")
    {
        m.mark(CHANGED | Traits::DISABLES_SECURITY, "changes the settings of a repository");
    }
    Value::unknown(Flow::OUTPUT)
}

fn ansible(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::of(
        args,
        "i inventory m module-name a args u user l limit e extra-vars f forks t tags c connection become-user vault-password-file private-key",
    );
    if parsed.has(&["C", "check", "syntax-check", "list-hosts", "list-tasks", "list-tags"]) {
        return Value::unknown(Flow::OUTPUT);
    }
    let local = parsed.operand(0) == "localhost"
        || parsed.value(&["c", "connection"]).is_some_and(|value| value.text == "local");
    if name == "ansible" {
        let module = parsed.value(&["m", "module-name"]).map_or("command", |value| value.text.as_str()).to_owned();
        let text = parsed.value(&["a", "args"]).cloned().unwrap_or_default();
        match module.rsplit('.').next().unwrap_or("") {
            "ping" | "setup" | "debug" | "stat" => return Value::unknown(Flow::OUTPUT),
            "command" | "shell" | "raw" | "script" if local => {
                m.run_text(&text);
                return Value::unknown(Flow::OUTPUT);
            }
            "file" if local && text.text.contains("state=absent") => {
                let path =
                    text.text.split_whitespace().find_map(|field| field.strip_prefix("path=")).unwrap_or("").to_owned();
                m.destroy(&Value::known(path), true);
                return Value::unknown(Flow::OUTPUT);
            }
            _ => {}
        }
    }
    m.mark(CHANGED, "changes other machines");
    Value::unknown(Flow::OUTPUT)
}
