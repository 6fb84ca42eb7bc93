//! Package managers: from where something is installed, what runs, what is published.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

const UNUSUAL: &str = "installs from an unusual place";

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    Some(match name {
        "npm" | "pnpm" | "yarn" | "bun" | "cnpm" | "tnpm" => node(m, name, args),
        "npx" | "bunx" | "pnpx" | "uvx" | "pipx" | "dlx" | "yarnpkg" => runner(m, name, args),
        "pip" | "pip3" | "uv" | "poetry" | "pdm" | "pipenv" | "conda" | "mamba" | "micromamba" | "rye" | "hatch"
        | "easy_install" | "flit" | "maturin" | "pixi" => python(m, name, args),
        "cargo" | "rustup" | "cross" => cargo(m, name, args),
        "go" => go(m, args),
        "gem" | "bundle" | "bundler" => ruby(m, name, args),
        "composer" | "pear" | "pecl" => composer(m, args),
        "dotnet" | "nuget" | "paket" => dotnet(m, args),
        "apt"
        | "apt-get"
        | "aptitude"
        | "dpkg"
        | "apt-key"
        | "add-apt-repository"
        | "dnf"
        | "yum"
        | "rpm"
        | "zypper"
        | "pacman"
        | "yay"
        | "paru"
        | "apk"
        | "brew"
        | "snap"
        | "flatpak"
        | "port"
        | "emerge"
        | "xbps-install"
        | "eopkg"
        | "pkg"
        | "nix"
        | "nix-env"
        | "nix-shell"
        | "nix-channel"
        | "guix"
        | "apt-add-repository"
        | "yum-config-manager"
        | "dnf-config-manager"
        | "mas"
        | "apt-mark"
        | "debconf-set-selections"
        | "gdebi"
        | "alien"
        | "opkg"
        | "pkgin" => system(m, name, args),
        "luarocks" | "opam" | "cabal" | "cpan" | "cpanm" | "R" | "vcpkg" | "conan" | "pod" | "krew" | "asdf"
        | "mise" | "sdk" | "nvm" | "fnm" | "volta" | "corepack" | "jbang" | "coursier" | "cs" | "deno" | "tldr"
        | "rbenv" | "pyenv" | "proto" | "nodenv" | "goenv" | "jspm" | "bower" | "zef" | "fisher" | "zinit"
        | "antigen" | "tpm" | "helm-plugin" => misc(m, name, args),
        _ => return None,
    })
}

/// A name, an address, a path: what is installed.
fn wanted(m: &mut Machine<'_>, value: &Value, ecosystem: &str) {
    let text = value.text.as_str();
    let spec = text
        .split_once('@')
        .map_or(text, |(name, spec)| if name.is_empty() || !spec.contains(':') { text } else { spec });
    let foreign = spec.contains("://")
        || spec.starts_with("git+")
        || spec.starts_with("github:")
        || spec.starts_with("gitlab:")
        || spec.starts_with("gist:")
        || spec.starts_with("bitbucket:")
        || spec.starts_with("git@")
        || text.contains(" @ ")
        || text.contains("git+");
    let file = (text.starts_with('/') || text.starts_with('~') || text.starts_with(".."))
        && !m.resolve(value).starts_with(m.place.project)
        || text.starts_with("/tmp");
    let archive = file
        && [".tgz", ".whl", ".gem", ".tar.gz", ".deb", ".rpm", ".vsix", ".zip"]
            .iter()
            .any(|ending| text.ends_with(ending));
    let sibling = text.starts_with("..") && ecosystem != "npm-tgz";
    let linked = text.split_once("file:").is_some_and(|(_, path)| path.starts_with("/tmp") || path.starts_with('~'));
    let short = ecosystem == "npm"
        && !text.starts_with('@')
        && !text.starts_with('.')
        && !text.starts_with('/')
        && text.matches('/').count() == 1
        && !text.contains(crate::value::UNKNOWN);
    if value.is_blank() {
        m.install(text, Traits::NOT_UNDERSTOOD, "what is installed is not known before");
    } else if foreign || archive || short || linked || file && !sibling {
        m.install(text, Traits::INSTALLS_UNUSUAL | if foreign { Traits::OUTWARD } else { Traits::NONE }, UNUSUAL);
    } else if !value.text.is_ascii() {
        m.install(
            text,
            Traits::INSTALLS_UNUSUAL | Traits::DECEIVES,
            "a package's name holds letters that pass for others",
        );
    } else if let Some(like) = crate::lookalikes::near(text, ecosystem) {
        let _ = like;
        m.install(text, Traits::INSTALLS_UNUSUAL, "a package's name is nearly that of a well-known one");
    } else {
        m.install(text, Traits::OUTWARD, "");
    }
}

fn other_index(m: &mut Machine<'_>, url: &Value) {
    if !super::environment::usual_index(&url.text)
        || url.text.starts_with("http://") && !crate::net::is_local(crate::net::host(&url.text))
    {
        m.mark(Traits::INSTALLS_UNUSUAL, "packages come from another place than usual");
    }
}

fn node(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
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
        if verb == "workspaces" && next == "foreach" || verb == "workspaces" {
            return Value::unknown(Flow::OUTPUT);
        }
        verb = next;
    }
    let inner = Args::of(&rest, OPTIONS);
    if let Some(url) = inner.value(&["registry"]).or_else(|| parsed.value(&["registry"])).cloned() {
        other_index(m, &url);
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
            words.retain(|word| word.text != "--" || false);
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
                    return m.run(parsed.rest.clone());
                }
            }
        }
    }
    Value::unknown(Flow::OUTPUT)
}

fn inner_words(rest: &[Value]) -> Vec<Value> {
    rest.iter().skip_while(|value| value.text.starts_with('-')).cloned().collect()
}

/// A script of the package, if the call has changed what it runs.
fn script_of(m: &mut Machine<'_>, script: &str) {
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

fn node_config(m: &mut Machine<'_>, verb: &str, args: &Args) {
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
        if !super::environment::usual_index(&value) {
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
fn launched(m: &mut Machine<'_>, words: Vec<Value>, fetches: bool) -> Value {
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

fn runner(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
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

fn python(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    const OPTIONS: &str = "r c e i f t d requirement constraint editable index-url extra-index-url find-links target trusted-host index default-index python prefix root proxy cert client-cert p group with from extra n name channel source git branch rev tag env-file directory project package platform dest b";
    let mut args = args.to_vec();
    let uv_pip = matches!(name, "uv" | "pixi")
        && args.first().is_some_and(|value| matches!(value.text.as_str(), "pip" | "tool"));
    if uv_pip {
        args.remove(0);
    }
    if name == "poetry" && args.first().is_some_and(|value| value.text == "self") {
        args.remove(0);
    }
    let leading = Args::leading(&args, "directory project C config-file env-manager");
    let verb = leading.operand(0).to_owned();
    let rest = leading.from(1).to_vec();
    if matches!(verb.as_str(), "run") && !matches!(name, "conda-x") {
        let sub = Args::leading(
            &rest,
            "with p python env-file package group extra n name e directory with-requirements index",
        );
        for package in sub.values(&["with"]).cloned().collect::<Vec<_>>() {
            wanted(m, &package, "pypi");
        }
        let words: Vec<Value> = sub.rest;
        if words.first().is_some_and(|word| word.text.ends_with(".py")) {
            let mut all = vec![Value::known("python3")];
            all.extend(words);
            return m.run(all);
        }
        return if words.is_empty() { Value::default() } else { m.run(words) };
    }
    let parsed = Args::of(&rest, OPTIONS);
    match verb.as_str() {
        "install" | "add" | "i" | "sync" | "create" | "update" | "upgrade" | "lock" | "download" | "wheel" | "" => {
            for url in parsed
                .values(&["i", "index-url", "extra-index-url", "index", "default-index", "find-links", "f"])
                .cloned()
                .collect::<Vec<_>>()
            {
                if url.text.contains("://") {
                    other_index(m, &url);
                }
            }
            if parsed.has(&["trusted-host"]) {
                m.mark(Traits::DISABLES_SECURITY | Traits::INSTALLS_UNUSUAL, "does not check from whom packages come");
            }
            if parsed.has(&["break-system-packages"]) {
                m.mark(Traits::INSTALLS_UNUSUAL, "installs into the system's own packages");
            }
            for value in parsed.values(&["c", "channel"]).cloned().collect::<Vec<_>>() {
                if value.text.contains("://") && matches!(name, "conda" | "mamba" | "micromamba") {
                    other_index(m, &value);
                }
            }
            for value in parsed.values(&["git"]).cloned().collect::<Vec<_>>() {
                wanted(m, &value, "pypi");
            }
            for value in parsed
                .values(&["r", "requirement", "e", "editable", "with", "c", "constraint"])
                .cloned()
                .collect::<Vec<_>>()
            {
                let outside = !m.resolve(&value).starts_with(m.place.project);
                if value.text.contains("://")
                    || value.text.starts_with("git+")
                    || outside
                        && parsed.values(&["r", "requirement", "e", "editable"]).any(|given| given.text == value.text)
                {
                    m.install(&value.text, Traits::INSTALLS_UNUSUAL | Traits::OUTWARD, UNUSUAL);
                }
            }
            if matches!(verb.as_str(), "install" | "add" | "i" | "create") && name != "maturin" {
                let installs = uv_pip || !matches!(name, "uv" | "rye") || verb == "add";
                for value in parsed.rest.iter().filter(|_| installs) {
                    wanted(m, value, "pypi");
                }
            }
        }
        "publish" | "upload" => {
            if !super::is_dry(&args) {
                m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes a package");
            }
        }
        "config" => {
            let joined = super::texts(&parsed.rest).join(" ");
            if joined.contains("trusted-host") {
                m.mark(Traits::DISABLES_SECURITY, "does not check from whom packages come");
            } else if (joined.contains("index-url") || joined.contains("channels") || joined.contains("repositories"))
                && joined.contains("://")
            {
                m.mark(
                    Traits::INSTALLS_UNUSUAL | Traits::CHANGES_SUPPLY_CHAIN,
                    "packages come from another place than usual",
                );
            } else if joined.contains("pypi-token") || joined.contains("http-basic") {
                m.mark(Traits::CHANGES_ACCESS, "changes tokens");
            }
        }
        "source" => {
            if parsed.operand(0) == "add" {
                m.mark(Traits::INSTALLS_UNUSUAL, "packages come from another place than usual");
            }
        }
        "env" if matches!(name, "conda" | "mamba" | "micromamba") => {
            if matches!(parsed.operand(0), "remove") {
                m.mark(Traits::DISCARDS_WORK, "removes an environment");
            }
        }
        "tool" => {}
        "cache" | "list" | "show" | "freeze" | "check" => {}
        url if name == "easy_install" => wanted(m, &Value::known(url), "pypi"),
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}

fn cargo(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    if name == "rustup" {
        return Value::unknown(Flow::OUTPUT);
    }
    let rest: Vec<Value> = args.iter().filter(|value| !value.text.starts_with('+')).cloned().collect();
    let global = Args::leading(&rest, "config Z C color manifest-path");
    for config in global.values(&["config"]).cloned().collect::<Vec<_>>() {
        if ["rustc-wrapper", "runner", "linker", "registry", "credential", "rustc "]
            .iter()
            .any(|key| config.text.contains(key))
        {
            m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "a build runs another program");
        }
    }
    let verb = global.operand(0).to_owned();
    let parsed = Args::of(
        global.from(1),
        "p git branch tag rev path registry index version features F bin example test target target-dir token manifest-path j jobs package config root vers profile message-format",
    );
    match verb.as_str() {
        "publish" | "yank" | "owner" | "release" | "smart-release" | "workspaces" => {
            let looks =
                parsed.has(&["dry-run", "n", "list", "l"]) || verb == "workspaces" && parsed.operand(0) != "publish";
            if !looks {
                m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes, or changes what is published");
            }
        }
        "login" | "logout" => m.mark(Traits::CHANGES_ACCESS, "changes tokens"),
        "install" | "add" | "binstall" => {
            for value in parsed.values(&["git", "index"]).cloned().collect::<Vec<_>>() {
                m.install(&value.text, Traits::INSTALLS_UNUSUAL | Traits::OUTWARD, UNUSUAL);
            }
            if let Some(registry) = parsed.value(&["registry"])
                && registry.text != "crates-io"
            {
                m.mark(Traits::INSTALLS_UNUSUAL, UNUSUAL);
            }
            for value in &parsed.rest {
                wanted(m, value, "crates");
            }
        }
        "build" | "b" | "check" | "c" | "test" | "t" | "run" | "r" => {
            for written in m.written.clone() {
                if crate::path::base(&written.path) == "build.rs"
                    || matches!(verb.as_str(), "run" | "r") && written.path.ends_with(".rs")
                {
                    crate::code::follow(m, "other", &written.content.text);
                }
            }
            if m.fetched_folders.iter().any(|known| crate::path::within(&m.cwd, known)) {
                m.mark(Traits::RUNS_REMOTE_CODE, "builds what came from another machine");
            }
            if matches!(verb.as_str(), "run" | "r") {
                return super::servers::served(m, &parsed.rest);
            }
        }
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}

fn go(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::single(
        args,
        "o run count timeout bench exec toolexec vettool ldflags gcflags tags mod modfile C cpuprofile coverprofile fuzz fuzztime p",
    );
    let verb = parsed.operand(0).to_owned();
    for option in ["toolexec", "exec", "vettool"] {
        if let Some(tool) = parsed.value(&[option]).cloned() {
            let path = m.resolve(&tool);
            if !path.starts_with(m.place.project) {
                m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "a build runs another program");
            }
        }
    }
    match verb.as_str() {
        "env" if parsed.has(&["w"]) => {
            let text = super::texts(&parsed.rest).join(" ");
            if [
                "GOFLAGS",
                "GOPROXY",
                "GONOSUMDB",
                "GOINSECURE",
                "GOPRIVATE",
                "GONOSUMCHECK",
                "GOSUMDB",
                "CC",
                "GOTOOLCHAIN",
            ]
            .iter()
            .any(|key| text.contains(key))
            {
                m.mark(Traits::CHANGES_SUPPLY_CHAIN, "changes what builds run or take");
            }
        }
        "mod" if parsed.operand(1) == "edit" => {
            let replaced =
                args.iter().any(|value| value.text.starts_with("-replace") || value.text.starts_with("--replace"));
            if replaced {
                m.mark(Traits::CHANGES_SUPPLY_CHAIN, "takes a package from another place than usual");
            }
        }
        "run" => {
            let remote = parsed.rest.get(1).is_some_and(|package| {
                package.text.contains('@')
                    || package.text.split('/').next().is_some_and(|host| host.contains('.') && host.len() > 2)
                        && !package.text.ends_with(".go")
                        && !package.text.starts_with('.')
            });
            if remote {
                m.install(
                    parsed.operand(1),
                    Traits::RUNS_REMOTE_CODE | Traits::INSTALLS_UNUSUAL | Traits::OUTWARD,
                    "fetches a program and runs it",
                );
            }
            for file in parsed.from(1).to_vec() {
                let path = m.resolve(&file);
                if let Some(content) =
                    m.written.iter().rev().find(|written| written.path == path).map(|written| written.content.clone())
                {
                    crate::code::follow(m, "other", &content.text);
                }
            }
        }
        "install" | "get" => {
            for value in parsed.from(1).to_vec() {
                let host = value.text.split('/').next().unwrap_or("").to_owned();
                let usual = !host.contains('.')
                    || host.starts_with('.')
                    || matches!(
                        host.as_str(),
                        "github.com"
                            | "golang.org"
                            | "gitlab.com"
                            | "google.golang.org"
                            | "honnef.co"
                            | "gopkg.in"
                            | "k8s.io"
                            | "sigs.k8s.io"
                            | "mvdan.cc"
                            | "go.uber.org"
                            | "cloud.google.com"
                            | "example.com"
                            | "go.opentelemetry.io"
                            | "gotest.tools"
                            | "entgo.io"
                            | "gorm.io"
                            | "filippo.io"
                            | "modernc.org"
                            | "bitbucket.org"
                            | "codeberg.org"
                            | "connectrpc.com"
                            | "buf.build"
                    );
                m.install(
                    &value.text,
                    if usual { Traits::OUTWARD } else { Traits::INSTALLS_UNUSUAL | Traits::OUTWARD },
                    UNUSUAL,
                );
            }
        }
        "generate" | "test" | "build" | "vet" => {}
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}

fn ruby(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::leading(args, "");
    let verb = parsed.operand(0).to_owned();
    let rest = parsed.from(1).to_vec();
    if matches!(name, "bundle" | "bundler") {
        match verb.as_str() {
            "exec" | "x" => {
                let words: Vec<Value> = rest.into_iter().filter(|word| word.text != "--").collect();
                return if words.is_empty() { Value::default() } else { m.run(words) };
            }
            "config" => {
                let text = super::texts(&rest).join(" ");
                if text.contains("mirror") && text.contains("://")
                    || text.contains("ssl_verify_mode")
                    || text.contains("disable_checksum")
                {
                    m.mark(
                        Traits::INSTALLS_UNUSUAL | Traits::CHANGES_SUPPLY_CHAIN,
                        "packages come from another place than usual",
                    );
                }
                if text.contains("rubygems.pkg") || text.contains("github__com") {
                    m.mark(Traits::CHANGES_ACCESS, "changes tokens");
                }
            }
            "add" => {
                let inner = Args::of(&rest, "git source github branch version group");
                if inner.has(&["git", "github", "source"]) {
                    m.mark(Traits::INSTALLS_UNUSUAL, UNUSUAL);
                }
                for value in &inner.rest {
                    wanted(m, value, "gem");
                }
            }
            "plugin" => m.mark(Traits::INSTALLS_UNUSUAL, UNUSUAL),
            _ => {}
        }
        return Value::unknown(Flow::OUTPUT);
    }
    let inner = Args::of(&rest, "v s source version n bindir i install-dir P trust-policy k key host p");
    match verb.as_str() {
        "install" | "i" => {
            if let Some(url) = inner.value(&["s", "source"]).cloned() {
                other_index(m, &url);
            }
            for value in &inner.rest {
                wanted(m, value, "gem");
            }
        }
        "push" | "yank" | "owner" => {
            m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes, or changes what is published")
        }
        "sources" | "source" => {
            if inner.has(&["a", "add"]) {
                m.mark(Traits::INSTALLS_UNUSUAL, "packages come from another place than usual");
            }
        }
        "signin" => m.mark(Traits::CHANGES_ACCESS, "signs in"),
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}

fn composer(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "d working-dir repository");
    let text = super::texts(&parsed.rest).join(" ");
    match parsed.operand(0) {
        "require" => {
            for value in parsed.from(1).to_vec() {
                wanted(m, &value, "composer");
            }
            if parsed.has(&["repository"]) {
                m.mark(Traits::INSTALLS_UNUSUAL, UNUSUAL);
            }
        }
        "config"
            if text.contains("repositories") && text.contains("://")
                || text.contains("secure-http false")
                || text.contains("disable-tls true") =>
        {
            m.mark(Traits::INSTALLS_UNUSUAL | Traits::DISABLES_SECURITY, "packages come from another place than usual")
        }
        "config" if text.contains("oauth") || text.contains("http-basic") || text.contains("allow-plugins") => {
            m.mark(Traits::CHANGES_ACCESS | Traits::CHANGES_SUPPLY_CHAIN, "changes tokens or what runs")
        }
        "exec" => {
            let words: Vec<Value> = parsed.from(1).to_vec();
            if !words.is_empty() {
                return m.run(words);
            }
        }
        "global" => {}
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}

fn dotnet(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(
        args,
        "s source k api-key n name v version p project c configuration f framework o output add-source u r",
    );
    let text = super::texts(&parsed.rest).join(" ");
    if text.starts_with("nuget push")
        || text.starts_with("push")
        || text.starts_with("nuget delete")
        || text.starts_with("delete")
    {
        m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes a package");
    } else if text.starts_with("nuget add source")
        || text.starts_with("sources add")
        || text.starts_with("nuget update source")
    {
        m.mark(Traits::INSTALLS_UNUSUAL, "packages come from another place than usual");
    } else if let Some(rest) = text.strip_prefix("ef ") {
        if rest.starts_with("database drop") && !super::is_dry(args) {
            m.mark(Traits::DESTROYS_DATA, "removes a database");
        }
        if rest.starts_with("database update 0") {
            m.mark(Traits::DESTROYS_DATA, "takes all migrations back");
        }
    } else if text.starts_with("user-secrets list") {
        m.mark(Traits::READS_SECRET, "shows secrets");
    } else if text.starts_with("user-secrets") {
        m.mark(Traits::CHANGES_ACCESS, "changes secrets");
    }
    for url in parsed.values(&["s", "source", "add-source"]).cloned().collect::<Vec<_>>() {
        if url.text.contains("://") {
            other_index(m, &url);
        }
    }
    if text.starts_with("add ") && text.contains("package") || text.starts_with("tool install") {
        if let Some(package) = parsed.rest.last().cloned() {
            wanted(m, &package, "nuget");
        }
    }
    Value::unknown(Flow::OUTPUT)
}

/// The system's own package managers.
fn system(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let texts = super::texts(args);
    let has = |word: &str| texts.contains(&word);
    let foreign = texts
        .iter()
        .any(|text| text.contains("://") && !text.contains("packages.microsoft.com") || text.starts_with("git+"));
    let file = args.iter().any(|value| {
        !value.text.starts_with('-')
            && [".deb", ".rpm", ".pkg.tar.zst", ".apk", ".snap", ".flatpak", ".flatpakref", ".rb"]
                .iter()
                .any(|ending| value.text.ends_with(ending))
    });
    let unchecked = texts.iter().any(|text| {
        matches!(
            *text,
            "--allow-unauthenticated"
                | "--nogpgcheck"
                | "--no-gpg-checks"
                | "--allow-untrusted"
                | "--force-yes"
                | "--dangerous"
                | "--devmode"
                | "--nosignature"
                | "--no-gpg-check"
                | "--classic-x"
                | "--no-signature"
                | "--nodigest"
                | "--force-all"
                | "--allow-insecure-repositories"
                | "--no-verify"
        )
    });
    let source = matches!(name, "add-apt-repository" | "apt-key" | "apt-add-repository")
        || matches!(name, "brew") && has("tap") && texts.len() > 1
        || has("config-manager")
        || has("--add-repo")
        || has("addrepo")
        || has("ar") && name == "zypper"
        || has("remote-add")
        || name == "nix-channel" && has("--add")
        || has("edit-sources");
    let removes = texts.iter().any(|text| {
        matches!(
            *text,
            "remove"
                | "purge"
                | "erase"
                | "autoremove"
                | "--purge"
                | "-P"
                | "-r"
                | "-e"
                | "--remove"
                | "uninstall"
                | "del"
                | "-R"
                | "-Rns"
                | "-Rs"
                | "delete"
        )
    });
    const GUARDS: &[&str] = &[
        "auditd",
        "rsyslog",
        "ufw",
        "firewalld",
        "apparmor",
        "selinux",
        "clamav",
        "fail2ban",
        "osquery",
        "falcon-sensor",
        "wazuh-agent",
        "sudo",
        "aide",
        "tripwire",
        "crowdstrike",
    ];
    if texts.is_empty()
        || texts.iter().any(|text| {
            matches!(
                *text,
                "list"
                    | "search"
                    | "show"
                    | "info"
                    | "--list"
                    | "policy"
                    | "-qa"
                    | "-ql"
                    | "-qi"
                    | "-q"
                    | "-l"
                    | "-L"
                    | "-s"
                    | "-S-x"
                    | "outdated"
                    | "deps"
                    | "services"
                    | "doctor"
                    | "home"
                    | "cat"
                    | "leaves"
                    | "madison"
                    | "depends"
                    | "rdepends"
                    | "changelog"
            )
        }) && !foreign
            && !file
    {
        return Value::unknown(Flow::OUTPUT);
    }
    if matches!(name, "nix" | "guix" | "nix-shell") {
        let parsed = Args::of(args, "p c command run packages I f expr E");
        if let Some(text) = parsed.value(&["run"]).cloned() {
            m.run_text(&text);
        }
        if let Some(position) = texts.iter().position(|text| matches!(*text, "-c" | "--command")) {
            let words = args.get(position + 1..).unwrap_or(&[]).to_vec();
            if !words.is_empty() {
                m.run(words);
            }
        } else if let Some(position) = texts.iter().position(|text| *text == "--") {
            m.run(args.get(position + 1..).unwrap_or(&[]).to_vec());
        }
        if foreign || texts.iter().any(|text| text.starts_with("github:") && !text.starts_with("github:NixOS/nixpkgs"))
        {
            m.mark(Traits::INSTALLS_UNUSUAL | Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, UNUSUAL);
        }
        return Value::unknown(Flow::OUTPUT);
    }
    if foreign || file || unchecked || source {
        m.install(
            &texts.join(" "),
            Traits::INSTALLS_UNUSUAL | if unchecked { Traits::DISABLES_SECURITY } else { Traits::NONE },
            UNUSUAL,
        );
    }
    if removes {
        let guard = texts.iter().any(|text| GUARDS.contains(text));
        if guard {
            m.mark(Traits::DISABLES_SECURITY, "removes what watches over the machine");
        } else if texts.iter().any(|text| {
            matches!(
                *text,
                "libc6"
                    | "glibc"
                    | "systemd"
                    | "linux-image-generic"
                    | "bash"
                    | "coreutils"
                    | "openssh-server"
                    | "python3"
                    | "--force-remove-essential"
            )
        }) {
            m.mark(Traits::DESTROYS_FILES, "removes what the system needs");
        }
    }
    for value in args.iter().filter(|value| value.text.starts_with("-o") || value.text.contains("::")) {
        if value.text.contains("Pre-Invoke") || value.text.contains("Post-Invoke") {
            m.mark(Traits::EVADES, "a package manager runs a command");
            let command = value.text.split_once('=').map_or("", |(_, command)| command).to_owned();
            m.text(&command);
        }
        if value.text.contains("AllowUnauthenticated=true")
            || value.text.contains("AllowInsecure")
            || value.text.contains("Verify-Peer=false")
        {
            m.mark(Traits::DISABLES_SECURITY, "does not check packages");
        }
    }
    if name == "brew" {
        for value in args
            .iter()
            .skip(1)
            .filter(|value| value.text.matches('/').count() == 2 && !value.text.starts_with("homebrew/"))
        {
            m.install(&value.text, Traits::INSTALLS_UNUSUAL, UNUSUAL);
        }
    }
    Value::unknown(Flow::OUTPUT)
}

/// Smaller ones: an address or another server is unusual.
fn misc(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let texts = super::texts(args);
    let installs = matches!(name, "cpan" | "cpanm" | "jbang" | "coursier" | "cs")
        || texts.iter().any(|text| {
            matches!(
                *text,
                "install"
                    | "add"
                    | "i"
                    | "plugin"
                    | "plugin-add"
                    | "get"
                    | "update"
                    | "upgrade"
                    | "repo"
                    | "pin"
                    | "use"
                    | "-i"
                    | "remote"
                    | "tap"
                    | "upload"
                    | "push"
                    | "publish"
            )
        });
    let foreign = texts.iter().any(|text| {
        text.contains("://")
            && !text.starts_with("https://deno.land/")
            && !text.starts_with("https://jsr.io/")
            && !text.starts_with("https://esm.sh/")
            || text.starts_with("git+")
    }) || texts.iter().any(|text| text.starts_with("--server") || text.starts_with("--repository="));
    if name == "deno" {
        let runs =
            texts.first().is_some_and(|text| matches!(*text, "run" | "install" | "eval" | "x" | "compile" | "serve"));
        if runs && foreign {
            m.mark(Traits::RUNS_REMOTE_CODE | Traits::INSTALLS_UNUSUAL | Traits::OUTWARD, "fetches code and runs it");
        }
        if texts.first() == Some(&"publish") && !super::is_dry(args) {
            m.mark(Traits::PUBLISHES, "publishes a package");
        }
        return Value::unknown(Flow::OUTPUT);
    }
    if installs && foreign {
        m.install(&texts.join(" "), Traits::INSTALLS_UNUSUAL | Traits::OUTWARD, UNUSUAL);
    }
    if texts.iter().any(|text| matches!(*text, "upload" | "publish" | "push"))
        && matches!(name, "luarocks" | "opam" | "cabal" | "conan" | "pod" | "jspm")
    {
        m.mark(Traits::PUBLISHES, "publishes a package");
    }
    if name == "asdf" && texts.starts_with(&["plugin", "add"]) && texts.len() > 3 {
        m.install(&texts.join(" "), Traits::INSTALLS_UNUSUAL, UNUSUAL);
    }
    if matches!(name, "cabal" | "opam") && texts.iter().any(|text| *text == "exec") {
        let words: Vec<Value> = args
            .iter()
            .skip_while(|value| value.text != "exec")
            .skip(1)
            .filter(|value| value.text != "--")
            .cloned()
            .collect();
        if !words.is_empty() {
            return m.run(words);
        }
    }
    if matches!(name, "nvm" | "fnm" | "rbenv" | "pyenv" | "mise" | "sdk" | "nodenv" | "goenv" | "direnv") {
        return Value::unknown(Flow::MEANT);
    }
    Value::unknown(Flow::OUTPUT)
}
