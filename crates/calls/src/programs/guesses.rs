//! Commands in the words of programs of which not every option is known: wrappers that shift their command, and programs that take one.
//!
//! The wrappers' tables say where a command begins. Where a table is short of an option, or a program is not known at all, each word that
//! names a program that can do harm, and each text that begins with one, is followed as a guess, and only what is remarkable in it is kept.

use crate::Traits;
use crate::machine::Machine;
use crate::value::{Flow, Value};

/// Where a program's words may hold a command that its family did not follow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hides {
    /// Nowhere.
    Nothing,
    /// In a word with a blank.
    Texts,
    /// Also in the words from one on; a known wrapper's own reading of its words comes first.
    Wrapped,
    /// The same, for a program that is not known.
    Words,
    /// In the words, as single ones: a program of the project, which may well take a text about commands.
    Bare,
}

/// Guesses in one command.
const MAX_GUESSES: usize = 6;

/// Programs that can do harm by themselves or by what they are told to run.
const SERIOUS: &[&str] = &[
    "rm",
    "dd",
    "shred",
    "srm",
    "unlink",
    "truncate",
    "wipefs",
    "mkfs",
    "mkfs.ext4",
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "fish",
    "ash",
    "python",
    "python3",
    "node",
    "perl",
    "ruby",
    "php",
    "curl",
    "wget",
    "nc",
    "ncat",
    "socat",
    "ssh",
    "scp",
    "sudo",
    "doas",
    "su",
    "git",
    "docker",
    "kubectl",
    "chmod",
    "chown",
    "mv",
    "cp",
    "tee",
    "ln",
    "find",
    "xargs",
    "kill",
    "pkill",
    "killall",
    "psql",
    "mysql",
    "osascript",
    "powershell",
    "pwsh",
    "crontab",
    "eval",
    "busybox",
    "Remove-Item",
    "systemctl",
];

/// They take words for people, look names up, or hand their words to another machine.
const QUIET: &[&str] = &[
    "claude",
    "codex",
    "gemini",
    "opencode",
    "aider",
    "amp",
    "llm",
    "ollama",
    "goose",
    "cursor-agent",
    "copilot",
    "qwen",
    "man",
    "tldr",
    "apropos",
    "info",
    "cheat",
    "help",
    "whatis",
    "ssh",
    "autossh",
    "mosh",
    "sshpass",
    "rsh",
    "dbclient",
    "find",
    "gfind",
    "bfs",
    "fd",
    "fdfind",
    "xargs",
    "gxargs",
    "parallel",
    "rush",
    "watch",
    "viddy",
    "chroot",
    "unshare",
    "nsenter",
    "machinectl",
    "tmux",
    "screen",
    "zellij",
    "expect",
    "su",
    "runuser",
    "gdb",
    "lldb",
    "vagrant",
    "multipass",
    "fly",
    "flyctl",
    "heroku",
    "adb",
    "jira",
    "linear",
    "trello",
    "slack",
    "commitizen",
    "cz",
    "changeset",
    "hurl",
    "wall",
    "write",
    "apt-cache",
    "dpkg-query",
];

/// What stands behind `--` is for a program of the project.
const HANDS_ON: &[&str] = &["cargo", "go", "npm", "pnpm", "yarn", "bun", "dotnet", "swift", "dune", "make", "just"];

/// Options whose value is text for people or data.
const PROSE: &[&str] = &[
    "-m",
    "--message",
    "--body",
    "--title",
    "--description",
    "--notes",
    "--comment",
    "--prompt",
    "-d",
    "--data",
    "-H",
    "--header",
    "--text",
    "--subject",
    "--grep",
    "--name",
    "-t",
    "--query",
    "-q",
    "--search",
    "--summary",
];

impl Machine<'_> {
    /// Follows what may be a command in the words of a program.
    pub(super) fn may_run(&mut self, name: &str, arguments: &[Value], hides: Hides) {
        if hides == Hides::Nothing || QUIET.contains(&name) || super::prose(name) || self.elsewhere {
            return;
        }
        let mut guesses = 0;
        for (at, value) in arguments.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| arguments.get(at)).map_or("", |value| value.text.as_str());
            let is_end = value.text == "--" && HANDS_ON.contains(&name);
            if guesses >= MAX_GUESSES || is_end {
                break;
            }
            if value.text.contains([' ', '\t']) {
                if hides != Hides::Bare && !PROSE.contains(&before) {
                    let code = matches!(before, "-e" | "--eval" | "eval" | "--execute" | "--expression")
                        || value.text.starts_with("--eval");
                    guesses += self.texts_in(value, code);
                }
                continue;
            }
            if hides == Hides::Texts || hides != Hides::Wrapped && !serious(&value.text) {
                continue;
            }
            let words: Vec<Value> = arguments.get(at..).unwrap_or(&[]).to_vec();
            let shown: Vec<String> = words.iter().take(64).map(Value::shown).collect();
            let target = shown.join(" ");
            if self.acts.iter().any(|act| act.kind == crate::ActKind::RunCommand && act.target == target) {
                // The wrapper's own reading, which may be of an option's value.
                if hides == Hides::Wrapped && !before.starts_with('-') {
                    break;
                }
                continue;
            }
            if !serious(&value.text) {
                continue;
            }
            guesses += 1;
            self.guess(Traits::NONE, |m| {
                m.run(words);
            });
        }
    }

    /// Commands at the beginning of a text, or behind a mark of the shell in it.
    fn texts_in(&mut self, value: &Value, code: bool) -> usize {
        let text = match value.text.split_once('=') {
            Some((option, text)) if option.starts_with('-') => text,
            _ => value.text.as_str(),
        };
        let mut guesses = 0;
        for (at, _) in text.char_indices().filter(|(at, _)| {
            let before = text.get(..*at).unwrap_or("");
            *at == 0
                || before.ends_with([';', '|', '&', '\n', '!', ':', '(', '`'])
                || code && before.ends_with(['"', '\''])
        }) {
            let piece = text.get(at..).unwrap_or("").trim_start_matches(|c: char| "+!|@-(:;&`\"' \t\n".contains(c));
            let mut words = piece.split_whitespace();
            if guesses < 3 && words.next().is_some_and(serious) && words.next().is_some() {
                guesses += 1;
                // Within quotes of a language, up to their end.
                let quote =
                    text.get(..at).and_then(|before| before.chars().next_back()).filter(|c| "\"'`".contains(*c));
                let quote = quote.or_else(|| text.chars().next().filter(|c| at == 0 && *c == '`'));
                let piece = match quote.filter(|quote| code || *quote == '`') {
                    Some(quote) => piece.split(quote).next().unwrap_or(piece).to_owned(),
                    None => piece.to_owned(),
                };
                self.guess(Traits::NONE, |m| {
                    m.text(&piece);
                });
            }
        }
        guesses
    }

    /// Follows something that may or may not run: what it changes is forgotten, and of its acts only what is remarkable stays.
    pub(crate) fn guess(&mut self, vague: Traits, run: impl FnOnce(&mut Self)) {
        let acts = self.acts.len();
        let (program, written, fetched) = (self.program.clone(), self.written.clone(), self.fetched_folders.len());
        let (functions, aliases) = (self.functions.clone(), self.aliases.clone());
        self.level += 1;
        self.aside(|m| {
            m.stdin = Value::unknown(Flow::NONE);
            m.stdin.text.clear();
            run(m);
        });
        self.level -= 1;
        self.program = program;
        self.written = written;
        self.fetched_folders.truncate(fetched);
        (self.functions, self.aliases) = (functions, aliases);
        self.keep_beyond(acts, Traits::OUTWARD | Traits::OUTSIDE_PROJECT | vague);
    }
}

pub(crate) fn serious(word: &str) -> bool {
    SERIOUS.contains(&crate::path::base(word))
}
