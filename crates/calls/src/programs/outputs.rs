//! Files that matter and are named to a program of which not every option is known: it may write them.
//!
//! The families know what the usual programs write. What is left is one rule: a path of an agent's settings, of what runs later, of git's own
//! files or of the hook, in an operand, in the value of an option or in quotes within code, is written, unless the program only reads.

use crate::machine::Machine;
use crate::value::Value;
use crate::{ActKind, Traits};

/// Which of a program's words may name what it writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// None: it only reads, or its family knows all that it writes.
    None,
    /// Values of options alone: it reads its operands.
    Options,
    /// Options before the first operand: what follows belongs to another program.
    Leading,
    /// Every one.
    All,
}

/// Words of one command that are looked at.
const MAX_WORDS: usize = 256;

/// Programs with so many words or fewer have links followed.
const MAX_LINK_WORDS: usize = 12;

/// They read, or their families know all that they write, on every machine.
const EXACT: &[&str] = &[
    "cat",
    "tac",
    "head",
    "tail",
    "nl",
    "od",
    "hexdump",
    "hd",
    "strings",
    "cut",
    "paste",
    "join",
    "comm",
    "diff",
    "colordiff",
    "cmp",
    "diff3",
    "column",
    "fold",
    "fmt",
    "expand",
    "unexpand",
    "rev",
    "grep",
    "egrep",
    "fgrep",
    "zgrep",
    "rg",
    "ag",
    "ack",
    "ugrep",
    "jq",
    "gojq",
    "jaq",
    "yq",
    "xxd",
    "bat",
    "batcat",
    "sdiff",
    "uniq",
    "tr",
    "delta",
    "difft",
    "find",
    "gfind",
    "fd",
    "fdfind",
    "bfs",
    "sed",
    "gsed",
    "awk",
    "gawk",
    "mawk",
    "nawk",
    "tee",
    "sponge",
    "cp",
    "gcp",
    "mv",
    "gmv",
    "ln",
    "install",
    "dd",
    "rm",
    "unlink",
    "rmdir",
    "shred",
    "truncate",
    "chmod",
    "chown",
    "chgrp",
    "test",
    "[",
    "[[",
    "code",
    "cursor",
    "subl",
    "ldd",
    "nm",
    "objdump",
    "otool",
    "readelf",
    "size",
    "shellcheck",
    "yamllint",
    "jsonlint",
    "actionlint",
    "hadolint",
    "base64",
    "base32",
    "basenc",
    "ssh-keyscan",
    "ssh-copy-id",
    "docker",
    "podman",
    "nerdctl",
    "claude",
    "codex",
    "gemini",
    "xdg-open",
    "cloc",
    "tokei",
    "scc",
    "git",
    "gh",
    "glab",
    "say",
    "cowsay",
    "figlet",
    "logger",
    "notify-send",
    "python-argcomplete",
    "crontab",
    "defaults",
    "plutil",
    "patch",
    "sh",
    "bash",
    "dash",
    "zsh",
    "ksh",
    "fish",
    "eza",
    "exa",
    "osascript",
    "pwsh",
    "powershell",
    "cmd",
    "printenv",
    "mkdir",
    "touch",
    "watch",
];

/// Options whose value is only read, by any program.
const READING: &[&str] = &[
    "config",
    "kubeconfig",
    "userconfig",
    "globalconfig",
    "settings",
    "identity",
    "key",
    "cert",
    "cacert",
    "env-file",
    "from-file",
    "input",
    "rcfile",
    "init-file",
    "homedir",
    "exclude",
    "exclude-from",
    "ignore",
    "ignore-path",
    "ignore-file",
    "exclude-dir",
    "include",
    "filter",
    "glob",
    "ignore-pattern",
    "values",
    "reference",
    "file-in",
];

impl Machine<'_> {
    /// Notes what a program may write, by words that its own family did not take for an output.
    pub(super) fn may_write(&mut self, name: &str, arguments: &[Value], wraps: bool) {
        if self.elsewhere {
            return;
        }
        let words = words_of(name, wraps, arguments);
        if words == Words::None {
            return;
        }
        let links = arguments.len() <= MAX_LINK_WORDS;
        let mut option: Option<&str> = None;
        let given =
            arguments.iter().any(|value| matches!(value.text.as_str(), "-c" | "-e" | "-r" | "-p" | "-E" | "--eval"));
        let is_language = super::interpreters::code_of(name).is_some();
        let mut skip_operand = is_language && !given;
        for value in arguments.iter().take(MAX_WORDS) {
            let text = value.text.as_str();
            if text == "--" && matches!(name, "kubectl" | "oc") {
                return;
            }
            let is_option = text.starts_with('-') && text.len() > 1;
            if !is_option && option.is_none() && words == Words::Leading {
                return;
            }
            let reads = |given: &str| {
                let given = given.trim_start_matches('-');
                READING.contains(&given) || reads_by(name, given)
            };
            if is_option {
                let (given, path) = glued(text);
                if let Some(path) = path.filter(|_| !reads(given)) {
                    self.named(path, value, links);
                    if let Some((_, path)) = path.rsplit_once('=') {
                        self.named(path, value, links);
                    }
                }
            } else if skip_operand && option.is_none() {
                // The script itself.
                skip_operand = false;
            } else if !option.is_some_and(reads) && (words != Words::Options || option.is_some()) {
                self.named(text, value, links);
                // `of=path`, `a=b=path`, `file:/path`
                let parts = [text.split_once('='), text.rsplit_once('='), text.split_once(':')];
                for (_, path) in parts.into_iter().flatten() {
                    self.named(path, value, links);
                }
                for path in text.split_once("%output{").and_then(|(_, rest)| rest.split('}').next()).into_iter() {
                    self.named(path, value, links);
                }
                if words == Words::All && !is_language && text.contains([' ', '(']) {
                    for path in quoted(text) {
                        self.named(path, value, false);
                    }
                }
            }
            option = is_option.then_some(text);
        }
    }

    /// A path that a program is given: if it matters, it is written.
    pub(crate) fn named(&mut self, path: &str, from: &Value, links: bool) {
        let path = path.trim_start_matches(['@', '>', '+']).trim_matches(['"', '\'']);
        if path.is_empty() || path.len() > 1024 || path.contains("://") || path.contains('\n') || path.contains("  ") {
            return;
        }
        let value = Value { text: path.to_owned(), flow: from.flow, glob: from.glob };
        let place = self.resolve_plain(&value);
        let mut found = self.matters(&place).map(|(traits, why)| (place, traits, why));
        if found.is_none() && links {
            let place = self.resolve(&value);
            found = self.matters(&place).map(|(traits, why)| (place, traits, why));
        }
        if let Some((place, traits, why)) = found {
            self.act(ActKind::WriteFile, place, traits, why);
        }
    }

    /// The absolute path of a word, with no link followed.
    pub(crate) fn resolve_plain(&self, value: &Value) -> String {
        crate::path::absolute(&value.text, &self.cwd, self.place)
    }

    /// What writing a path would mean, where it is one that steers an agent, a shell, git or the hook.
    pub(crate) fn matters(&self, path: &str) -> Option<(Traits, &'static str)> {
        let (traits, why) = crate::targets::write_traits(path, self.place);
        let grave = traits.intersects(Traits::CHANGES_AGENT | Traits::PERSISTS) || path.contains("/.git/");
        (grave && !often_read(path, self.place.home)).then_some((traits, why))
    }
}

/// Below the home: caches, sign-ins and programs that many programs are told to read.
fn often_read(path: &str, home: &str) -> bool {
    let rest = path.strip_prefix(home).unwrap_or("");
    [
        "/.m2/",
        "/.gradle/",
        "/.docker/",
        "/.kube/",
        "/.gnupg/",
        "/.aws/config",
        "/.ssh/known_hosts",
        "/.npm-global/",
        "/.jupyter/",
        "/.ipython/",
        "/.bundle/",
        "/Library/Preferences/",
        "/.ssh/config",
        "/.npmrc",
    ]
    .iter()
    .any(|known| rest.starts_with(known) || rest == known.trim_end_matches('/'))
}

fn words_of(name: &str, wraps: bool, arguments: &[Value]) -> Words {
    let runs = matches!(name, "npm" | "npx" | "make" | "direnv" | "watch");
    if EXACT.contains(&name) || super::tables::looks_at_names_only(name) && !runs {
        return Words::None;
    }
    let checks =
        matches!(name, "prettier" | "biome" | "eslint" | "black" | "ruff" | "markdownlint" | "dprint" | "taplo")
            && !arguments.iter().any(|value| {
                matches!(value.text.as_str(), "--write" | "-w" | "--fix" | "--apply" | "fmt" | "format")
                    || value.text.contains("output")
            });
    if checks {
        return Words::None;
    }
    match name {
        "script" => Words::All,
        "ssh" | "scp" | "sftp" | "rsync" | "tar" | "bsdtar" | "gtar" | "zip" | "7z" | "less" | "more" | "most"
        | "sort" | "shuf" | "iconv" | "pandoc" | "exiftool" | "highlight" | "pygmentize" | "mlr" | "openssl"
        | "csplit" | "pr" | "gpg" | "gpg2" | "xmllint" => Words::Options,
        _ if wraps => Words::Leading,
        _ => Words::All,
    }
}

/// Options whose value only this program reads.
fn reads_by(name: &str, option: &str) -> bool {
    match name {
        "mvn" | "mvnw" => matches!(option, "s" | "gs" | "t"),
        "gradle" | "gradlew" => matches!(option, "I" | "init-script" | "g" | "gradle-user-home"),
        "ssh" | "scp" | "sftp" => matches!(option, "F" | "i"),
        "ffmpeg" => option == "i",
        "curl" => matches!(option, "K" | "T" | "d" | "b" | "netrc-file" | "E"),
        "xargs" | "gxargs" => matches!(option, "a" | "arg-file"),
        "make" | "gmake" | "just" => matches!(option, "f" | "C" | "file" | "directory"),
        "tar" | "bsdtar" | "gtar" => matches!(option, "C" | "directory" | "T" | "X"),
        _ => false,
    }
}

/// `--option=path`, `-opath`: the option and what is glued to it.
fn glued(text: &str) -> (&str, Option<&str>) {
    if let Some((option, path)) = text.split_once('=') {
        return (option, Some(path));
    }
    if text.starts_with("--") {
        return (text, None);
    }
    let cut = text.char_indices().nth(2).map(|(at, _)| at);
    match cut.and_then(|at| text.get(..at).zip(text.get(at..))) {
        Some((option, path)) => (option, Some(path)),
        None => (text, None),
    }
}

/// Texts in quotes within a word that is code for somebody.
fn quoted(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\'', '"'])
        && found.len() < 32
    {
        let quote = rest.get(at..=at).unwrap_or("'");
        let inner = rest.get(at + 1..).unwrap_or("");
        let Some(end) = inner.find(quote) else { break };
        let piece = inner.get(..end).unwrap_or("");
        if piece.contains(['/', '.']) && !piece.contains(char::is_whitespace) {
            found.push(piece);
        }
        rest = inner.get(end + 1..).unwrap_or("");
    }
    found
}
