//! Files of secrets and credentials that a program shows though no family of programs looks for them: named in an option, sent into an
//! image, printed with the environment.

use super::texts;
use crate::Traits;
use crate::machine::Machine;
use crate::value::{Flow, Value};

/// Programs that show what is in the files they are given, in their output or in what they say is wrong with it, whichever word names one.
const SHOW: &[&str] = &[
    "jq",
    "gojq",
    "jaq",
    "yq",
    "shuf",
    "cmake",
    "ctest",
    "gcc",
    "g++",
    "cc",
    "c++",
    "cpp",
    "clang",
    "clang++",
    "tcc",
    "nasm",
    "yasm",
    "as",
    "ld",
    "gold",
    "lld",
    "ld.lld",
    "rustc",
    "m4",
    "bc",
    "dc",
    "bison",
    "flex",
    "protoc",
    "groff",
    "troff",
    "nroff",
    "gs",
    "mlr",
    "xmllint",
    "xsltproc",
    "ninja",
    "envsubst",
    "gnuplot",
    "dot",
    "asciidoctor",
    "tidy",
    "indent",
    "gofmt",
    "msgfmt",
    "gperf",
    "swiftc",
    "javac",
    "tsc",
];

/// Programs that look at names only, or go through files: the options whose value is a file that is read line by line, and comes out in messages.
const LISTS: &[(&str, &[&str])] = &[
    ("date", &["-f", "--file"]),
    ("file", &["-f", "--files-from"]),
    ("wc", &["--files0-from"]),
    ("du", &["--files0-from", "-X", "--exclude-from"]),
    ("sort", &["--files0-from"]),
    ("find", &["-files0-from"]),
    ("tar", &["-T", "--files-from"]),
    ("bsdtar", &["-T"]),
    ("gtar", &["-T", "--files-from"]),
    ("rsync", &["--files-from"]),
    ("make", &["-f", "--file", "--makefile"]),
    ("gmake", &["-f", "--file", "--makefile"]),
];

impl Machine<'_> {
    /// What a program shows beside what its family knows.
    pub(super) fn shows(&mut self, name: &str, arguments: &[Value]) {
        if self.elsewhere {
            return;
        }
        if SHOW.contains(&name) {
            self.read_operands(arguments);
            if matches!(name, "jq" | "gojq" | "jaq" | "yq") {
                arguments
                    .iter()
                    .filter(|value| value.text.contains('('))
                    .for_each(|value| self.read_quoted(&value.text));
            }
        }
        if let Some((_, options)) = LISTS.iter().find(|(known, _)| *known == name) {
            self.read_lists(options, arguments);
        }
        let words = texts(arguments);
        self.built_in(name, &words, arguments);
        if words.contains(&"config") && (words.contains(&"compose") || name == "docker-compose") {
            // It prints the variables in their places.
            self.read_lists(&["--env-file"], arguments);
        }
        let credential = |text: &str| {
            text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .any(|word| word.len() > 3 && crate::secrets::secret_variable(word))
        };
        let shown = match name {
            "envsubst" => {
                self.stdin.text.contains('$') && credential(&self.stdin.text)
                    || words.iter().any(|word| word.contains('$') && credential(word))
            }
            "yq" => words.iter().any(|word| word.contains("env(") && credential(word)),
            "systemctl" => words.contains(&"show-environment"),
            "launchctl" => {
                matches!(words.as_slice(), ["getenv", variable, ..] if crate::secrets::secret_variable(variable))
            }
            "ps" => words.first().is_some_and(|first| {
                first.len() > 1 && first.ends_with('e') && first.chars().all(|c| "axeuwfj".contains(c))
            }),
            _ => false,
        };
        if shown {
            self.mark(Traits::READS_SECRET, "shows credentials of the environment");
        }
        let passes =
            matches!(name, "cat" | "tee" | "head" | "tail" | "less" | "more" | "bat" | "nl" | "rev" | "tac" | "fold");
        if passes && !self.piped && self.stdin.flow.has(Flow::CREDENTIAL) {
            self.mark(Traits::READS_SECRET, "shows a credential of the environment");
        }
        if name == "git"
            && let Some(command) = words.iter().find_map(|word| word.strip_prefix("ext::"))
        {
            let command = command.to_owned();
            self.mark(Traits::NOT_UNDERSTOOD, "an address of git that is a command");
            self.guess(Traits::NONE, |m| {
                m.text(&command);
            });
        }
        if name == "git" && words.contains(&"--unsafe-paths") {
            self.puzzled("a patch may change files outside of the project");
        }
    }

    /// The values of options that name lists of files.
    fn read_lists(&mut self, options: &[&str], arguments: &[Value]) {
        for (at, value) in arguments.iter().enumerate() {
            let glued = options.iter().find_map(|option| {
                let rest = value.text.strip_prefix(option)?;
                let rest =
                    rest.strip_prefix('=').or_else(|| (option.len() == 2 && !rest.is_empty()).then_some(rest))?;
                Some(Value { text: rest.to_owned(), ..value.clone() })
            });
            let next = || options.contains(&value.text.as_str()).then(|| arguments.get(at + 1).cloned()).flatten();
            if let Some(file) = glued.or_else(next).filter(|file| self.names_secret(file)) {
                self.read(&file);
            }
        }
    }

    /// A folder from which an image is built goes into it.
    fn built_in(&mut self, name: &str, words: &[&str], arguments: &[Value]) {
        let builds = matches!(name, "docker" | "podman" | "nerdctl" | "buildah" | "finch" | "buildctl")
            && words.iter().take(3).any(|word| matches!(*word, "build" | "bud" | "build-using-dockerfile"));
        if !builds {
            return;
        }
        for value in arguments {
            let path = value.text.rsplit_once('=').map_or(value.text.as_str(), |(_, path)| path);
            let value = Value { text: path.to_owned(), ..value.clone() };
            let whole = path.starts_with(['/', '~']) || path.starts_with("..");
            if whole && self.holds_secrets(&self.resolve(&value), &value) {
                self.read(&value);
            }
        }
    }
}
