//! npm and its relatives, and programs that are fetched and run.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

use super::packages::{UNUSUAL, other_index, wanted};

pub(super) fn node(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    const OPTIONS: &str = "C w F prefix workspace filter registry userconfig cache tag otp access loglevel dir c call p package cwd script-shell node-options";
    let parsed = Args::leading(args, OPTIONS);
    if let Some(folder) = parsed.value(&["C", "prefix", "dir", "cwd"]).cloned() {
        let fetched = m.resolve(&folder);
        if m.fetched_folders.iter().any(|known| crate::path::within(&fetched, known)) {
            m.mark(Traits::RUNS_REMOTE_CODE, "runs what came from another machine");
        }
    }
    if m.fetched_folders.iter().any(|known| crate::path::within(&m.cwd, known)) {
        m.mark(Traits::RUNS_REMOTE_CODE, "runs what came from another machine");
    }
    if let Some(shell) = parsed.value(&["script-shell"]).cloned() {
        m.named_command("SHELL", &shell);
    }
    let mut verb = parsed.operand(0).to_owned();
    let mut rest = parsed.from(1).to_vec();
    if name == "yarn" && matches!(verb.as_str(), "npm" | "workspace" | "global" | "workspaces") {
        let skip = usize::from(verb == "workspace" || verb == "workspaces");
        let next = rest.get(skip).map_or("", |value| value.text.as_str()).to_owned();
        rest = rest.get(skip + 1..).unwrap_or(&[]).to_vec();
        if verb == "workspaces" {
            return Value::unknown(Flow::OUTPUT);
        }
        verb = next;
    }
    let inner = Args::of(&rest, OPTIONS);
    if let Some(url) = inner.value(&["registry"]).or_else(|| parsed.value(&["registry"])).cloned() {
        other_index(m, &url);
    }
    if let Some(shell) = inner.value(&["script-shell"]).cloned() {
        m.puzzled("scripts run in another shell");
        let _ = shell;
    }
    for options in parsed.values(&["node-options"]).chain(inner.values(&["node-options"])).cloned().collect::<Vec<_>>()
    {
        m.environment("NODE_OPTIONS", &options, true);
    }
    let dry = super::is_dry(args);
    match verb.as_str() {
        "install" | "i" | "add" | "in" | "isntall" | "update" | "up" | "upgrade" | "link" | "ci" | "dedupe" => {
            if inner.has(&["unsafe-perm", "foreground-scripts", "no-verify-integrity"])
                || inner
                    .options()
                    .any(|(name, value)| name == "ignore-scripts" && value.is_some_and(|value| value.text == "false"))
                || inner
                    .options()
                    .any(|(name, value)| name == "strict-ssl" && value.is_some_and(|value| value.text == "false"))
            {
                m.mark(Traits::INSTALLS_UNUSUAL, "installs with more rights than usual");
            }
            if verb == "link" {
                for value in
                    inner.rest.iter().filter(|value| value.text.starts_with("/tmp") || value.text.starts_with('~'))
                {
                    wanted(m, &Value::known(format!("file:{}", value.text)), "npm");
                }
            }
            if !matches!(verb.as_str(), "link" | "ci" | "dedupe" | "update" | "up") {
                for value in &inner.rest {
                    wanted(m, value, "npm");
                }
            }
        }
        "publish" | "unpublish" | "deprecate" | "dist-tag" | "dist-tags" | "access" | "owner" | "team" | "org"
        | "star" | "hook" | "undeprecate" | "stage" | "tag"
            if !dry =>
        {
            let looks = inner.rest.first().is_some_and(|value| matches!(value.text.as_str(), "ls" | "list" | "get"))
                || verb == "tag" && name != "yarn";
            if !looks {
                let access = matches!(verb.as_str(), "access" | "owner" | "team" | "org");
                m.mark(
                    Traits::PUBLISHES | Traits::OUTWARD | if access { Traits::CHANGES_ACCESS } else { Traits::NONE },
                    "publishes, or changes what is published",
                );
            }
        }
        "login" | "adduser" | "logout" | "token" | "profile" | "add-user" => {
            if !inner.rest.first().is_some_and(|value| matches!(value.text.as_str(), "list" | "ls" | "get")) {
                m.mark(Traits::CHANGES_ACCESS, "signs in or changes tokens");
            }
        }
        "config" | "c" | "set" => node_config(m, &verb, &inner),
        "pkg" if inner.operand(0) == "set" => {
            for value in inner.from(1) {
                let command = value.text.split_once('=').map_or("", |(_, command)| command).to_owned();
                let key = value.text.split('=').next().unwrap_or("").to_owned();
                if key.contains("install") || key.contains("prepare") || key.contains("scripts") {
                    let before = m.acts.len();
                    m.aside(|m| m.text(&command));
                    m.keep_serious(before);
                    if ["preinstall", "postinstall", "prepare", "scripts.install"].iter().any(|hook| key.contains(hook))
                        && !matches!(command.as_str(), "husky" | "husky install" | "")
                    {
                        m.mark(Traits::CHANGES_SUPPLY_CHAIN, "changes what runs when the package is installed");
                    }
                }
            }
        }
        "exec" | "x" | "dlx" | "explore" | "env" => {
            let sub = Args::leading(&rest, "p package c call w workspace F filter");
            if let Some(text) = sub.value(&["c", "call"]).cloned() {
                return m.run_text(&text);
            }
            for package in sub.values(&["p", "package"]).cloned().collect::<Vec<_>>() {
                wanted(m, &package, "npm");
            }
            let mut words = sub.rest;
            if verb == "explore" {
                words = words.into_iter().skip(1).collect();
            }
            words.retain(|word| word.text != "--");
            if let [one] = words.as_slice()
                && one.text.contains(' ')
            {
                let text = one.clone();
                return m.run_text(&text);
            }
            return launched(m, words, verb == "dlx" || verb == "x" && name == "bun");
        }
        "run" | "run-script" | "rum" | "start" | "test" | "t" | "restart" | "stop" => {
            // `npm run env -- cmd` and `yarn run cmd` run programs.
            let words: Vec<Value> = inner_words(&rest);
            if words.first().is_some_and(|word| word.text == "env") {
                let words: Vec<Value> = words.into_iter().skip(1).filter(|word| word.text != "--").collect();
                if words.is_empty() {
                    m.mark(Traits::READS_SECRET, "shows the whole environment");
                } else {
                    return m.run(words);
                }
            } else if name == "yarn" && verb == "run" && words.len() > 1 {
                return m.run(words);
            } else if let Some(script) = words.first().cloned() {
                script_of(m, &script.text);
                return super::servers::served(m, &rest);
            } else if matches!(verb.as_str(), "start" | "test" | "t") {
                script_of(m, if verb == "t" { "test" } else { &verb });
            }
        }
        "view" | "info" | "show" | "ls" | "list" | "outdated" | "audit" | "pack" | "help" | "version" | "cache"
        | "prune" | "why" | "root" | "bin" | "doctor" | "ping" | "search" | "whoami" | "init" | "create"
        | "uninstall" | "remove" | "rm" | "un" | "rebuild" | "fund" | "explain" | "query" | "sbom" | "store"
        | "patch" | "deploy" | "" | "pm" | "build" | "unlink" | "import" | "fetch" | "licenses" | "constraints"
        | "plugin" | "dedup" | "stage-x" => {
            if matches!(verb.as_str(), "init" | "create") && !inner.rest.is_empty() && name != "npm-x" {
                for value in inner.rest.iter().take(1) {
                    wanted(m, value, "npm-create");
                }
            }
            if verb == "plugin" && inner.operand(0) == "import" && inner.operand(1).contains("://") {
                m.mark(Traits::INSTALLS_UNUSUAL, UNUSUAL);
            }
        }
        script => {
            // pnpm, yarn and bun run scripts and programs by their bare name.
            if matches!(name, "yarn" | "pnpm" | "bun") {
                script_of(m, script);
                let known = matches!(
                    script,
                    "rimraf"
                        | "rm"
                        | "sh"
                        | "bash"
                        | "node"
                        | "tsx"
                        | "prisma"
                        | "typeorm"
                        | "lerna"
                        | "vite"
                        | "next"
                        | "tsc"
                        | "wrangler"
                        | "vercel"
                        | "netlify"
                        | "serverless"
                        | "sls"
                        | "cdk"
                        | "firebase"
                        | "supabase"
                        | "drizzle-kit"
                        | "sequelize"
                        | "knex"
                );
                if known {
                    return m.run(parsed.rest);
                }
            }
        }
    }
    Value::unknown(Flow::OUTPUT)
}

pub(super) fn inner_words(rest: &[Value]) -> Vec<Value> {
    rest.iter().skip_while(|value| value.text.starts_with('-')).cloned().collect()
}

/// A script of the package, if the call has changed what it runs.
pub(super) fn script_of(m: &mut Machine<'_>, script: &str) {
    for written in m.written.clone() {
        let ending = crate::path::base(&written.path).rsplit('.').next().unwrap_or("");
        let runs = written.content.is_known()
            && (ending == "sh" || ending == "js" || ending == "mjs")
            && crate::path::base(&written.path).starts_with(script)
            && written.path.starts_with(m.place.project);
        if runs {
            m.run_script(&written.content.text.clone(), &written.path, &[]);
        }
    }
}

pub(super) fn node_config(m: &mut Machine<'_>, verb: &str, args: &Args) {
    let offset = usize::from(verb != "set" && args.operand(0) == "set");
    if verb != "set" && offset == 0 {
        if args.operand(0) == "get" && (args.operand(1).contains("_auth") || args.operand(1).contains("oken")) {
            m.mark(Traits::READS_SECRET, "reads a token");
        }
        return;
    }
    let joined = args.operand(offset).to_owned();
    let (key, value) =
        joined.split_once('=').map_or((joined.clone(), args.operand(offset + 1).to_owned()), |(key, value)| {
            (key.to_owned(), value.to_owned())
        });
    let lower = key.to_ascii_lowercase();
    if lower.contains("registry") {
        if !m.usual_index(&value) {
            m.mark(
                Traits::INSTALLS_UNUSUAL | Traits::CHANGES_SUPPLY_CHAIN,
                "packages come from another place than usual",
            );
        }
    } else if matches!(
        lower.as_str(),
        "strict-ssl"
            | "enablestrictssl"
            | "cafile"
            | "ca"
            | "unsafehttpwhitelist"
            | "ignore-scripts"
            | "verify-store-integrity"
    ) && matches!(value.as_str(), "false" | "" | "null" | "*" | "0")
    {
        m.mark(Traits::DISABLES_SECURITY, "switches off a check of packages");
    } else if lower.contains("auth") || lower.contains("token") {
        m.mark(Traits::CHANGES_ACCESS, "changes tokens");
    } else if lower.contains("script-shell")
        || lower.contains("node-options")
        || lower.contains("git") && value.contains('/')
        || lower.contains("proxy")
    {
        m.mark(Traits::CHANGES_SUPPLY_CHAIN, "changes what installs run");
    }
}

/// A program that is fetched and run: known ones by what they do.
pub(super) fn launched(m: &mut Machine<'_>, words: Vec<Value>, fetches: bool) -> Value {
    let Some(first) = words.first() else { return Value::unknown(Flow::OUTPUT) };
    let name = first.text.clone();
    let foreign = name.contains("://")
        || name.starts_with("git+")
        || name.starts_with("github:")
        || !name.starts_with('@') && name.contains('/') && !name.starts_with('.')
        || name.starts_with("/tmp");
    if foreign {
        m.install(&name, Traits::INSTALLS_UNUSUAL | Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, UNUSUAL);
        return Value::unknown(Flow::OUTPUT);
    }
    if crate::lookalikes::near(&name, "npm").is_some() {
        m.install(&name, Traits::INSTALLS_UNUSUAL, "a package's name is nearly that of a well-known one");
    }
    let _ = fetches;
    let program =
        name.strip_prefix('@').map_or(name.as_str(), |scoped| scoped.split('/').next_back().unwrap_or(scoped));
    let program = program.split('@').next().unwrap_or(program).to_owned();
    let program = match name.split('@').collect::<Vec<_>>().as_slice() {
        ["", scoped, ..] if scoped.starts_with("anthropic-ai/claude-code") => "claude".to_owned(),
        ["", scoped, ..] if scoped.starts_with("openai/codex") => "codex".to_owned(),
        ["", scoped, ..] if scoped.starts_with("google/gemini-cli") => "gemini".to_owned(),
        _ => program,
    };
    let mut all = vec![Value::known(program)];
    all.extend(words.into_iter().skip(1));
    m.run(all)
}

pub(super) fn runner(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::leading(
        args,
        "p package c call from with python index index-url extra-index-url default-index pip-args spec w registry",
    );
    for url in parsed
        .values(&["index", "index-url", "extra-index-url", "default-index", "registry"])
        .cloned()
        .collect::<Vec<_>>()
    {
        other_index(m, &url);
    }
    for package in parsed.values(&["p", "package", "from", "spec", "with"]).cloned().collect::<Vec<_>>() {
        wanted(m, &package, if matches!(name, "uvx" | "pipx") { "pypi" } else { "npm" });
    }
    if let Some(text) = parsed.value(&["c", "call"]).cloned() {
        return m.run_text(&text);
    }
    let mut words = parsed.rest;
    if name == "pipx" {
        let verb = words.first().map_or("", |value| value.text.as_str()).to_owned();
        words = words.into_iter().skip(1).collect();
        match verb.as_str() {
            "install" | "inject" | "upgrade" => {
                for value in words.iter().filter(|value| !value.text.starts_with('-')) {
                    wanted(m, value, "pypi");
                }
                return Value::default();
            }
            "run" => {
                let inner = Args::leading(&words, "spec pip-args python index-url");
                for package in inner.values(&["spec"]).cloned().collect::<Vec<_>>() {
                    wanted(m, &package, "pypi");
                }
                words = inner.rest;
            }
            _ => return Value::default(),
        }
    }
    launched(m, words, true)
}
