//! The system's own package managers, and smaller ones.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

use super::packages::UNUSUAL;

/// The system's own package managers.
pub(super) fn system(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
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
pub(super) fn misc(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
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
        text.contains("://") && !(name == "deno" && text.starts_with("https://") && m.usual_index(text))
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
    if matches!(name, "cabal" | "opam") && texts.contains(&"exec") {
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
