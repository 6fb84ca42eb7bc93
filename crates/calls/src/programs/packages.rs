//! Package managers: from where something is installed, what runs, what is published.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

use super::{packages_languages, packages_node, packages_system};

pub(super) const UNUSUAL: &str = "installs from an unusual place";

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    Some(match name {
        "npm" | "pnpm" | "yarn" | "bun" | "cnpm" | "tnpm" => packages_node::node(m, name, args),
        "npx" | "bunx" | "pnpx" | "uvx" | "pipx" | "dlx" | "yarnpkg" => packages_node::runner(m, name, args),
        "pip" | "pip3" | "uv" | "poetry" | "pdm" | "pipenv" | "conda" | "mamba" | "micromamba" | "rye" | "hatch"
        | "easy_install" | "flit" | "maturin" | "pixi" => python(m, name, args),
        "cargo" | "rustup" | "cross" => packages_languages::cargo(m, name, args),
        "go" => packages_languages::go(m, args),
        "gem" | "bundle" | "bundler" => packages_languages::ruby(m, name, args),
        "composer" | "pear" | "pecl" => packages_languages::composer(m, args),
        "dotnet" | "nuget" | "paket" => packages_languages::dotnet(m, args),
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
        | "pkgin" => packages_system::system(m, name, args),
        "luarocks" | "opam" | "cabal" | "cpan" | "cpanm" | "R" | "vcpkg" | "conan" | "pod" | "krew" | "asdf"
        | "mise" | "sdk" | "nvm" | "fnm" | "volta" | "corepack" | "jbang" | "coursier" | "cs" | "deno" | "tldr"
        | "rbenv" | "pyenv" | "proto" | "nodenv" | "goenv" | "jspm" | "bower" | "zef" | "fisher" | "zinit"
        | "antigen" | "tpm" | "helm-plugin" => packages_system::misc(m, name, args),
        _ => return None,
    })
}

/// A name, an address, a path: what is installed.
pub(super) fn wanted(m: &mut Machine<'_>, value: &Value, ecosystem: &str) {
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
        || spec.starts_with("npm:")
        || text.contains(" @ ")
        || text.contains("git+");
    let file = (text.starts_with('/') || text.starts_with('~') || text.starts_with(".."))
        && !m.resolve(value).starts_with(m.place.project)
        || text.starts_with("/tmp");
    let archive = file
        && [".tgz", ".whl", ".gem", ".tar.gz", ".deb", ".rpm", ".vsix", ".zip"]
            .iter()
            .any(|ending| text.ends_with(ending));
    let hidden = text.starts_with("./") && !m.resolve(value).starts_with(m.place.project);
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
    } else if foreign || archive || short || linked || hidden || file && !sibling {
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

pub(super) fn other_index(m: &mut Machine<'_>, url: &Value) {
    if !m.usual_index(&url.text)
        || url.text.starts_with("http://") && !crate::net::is_local(crate::net::host(&url.text))
    {
        m.mark(Traits::INSTALLS_UNUSUAL, "packages come from another place than usual");
    }
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
        if words.first().is_some_and(|word| word.text.ends_with(".py") || word.text == "-") {
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
        "publish" | "upload" if !super::is_dry(&args) => {
            m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes a package");
        }
        "config" => {
            let joined = super::texts(&parsed.rest).join(" ");
            if joined.contains("trusted-host") || joined.contains("ssl_verify") && joined.contains("false") {
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
        "source" if parsed.operand(0) == "add" => {
            m.mark(Traits::INSTALLS_UNUSUAL, "packages come from another place than usual");
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
