//! What programs do with their arguments. One module a family; each says `None` for names that are not its own.

mod builtins;
mod cloud;
mod cloud_words;
mod clusters;
mod containers;
mod copying;
mod curl_config;
mod database;
mod declare;
mod disks;
mod editors;
mod environment;
mod filters;
mod frameworks;
mod further;
mod further_rules;
mod git;
mod git_remote;
mod git_repository;
mod git_settings;
mod guesses;
mod help;
mod hosting;
mod hosting_rules;
mod inputs;
mod interpreters;
mod mac;
mod network;
mod outputs;
mod packages;
mod packages_languages;
mod packages_node;
mod packages_system;
mod permissions;
mod places;
mod powershell;
mod processes;
mod publishing;
mod readers;
mod remote;
mod removal;
mod said;
mod scripts;
mod security;
mod sed;
mod servers;
mod services;
mod shown;
mod tables;
mod unknown;
mod wget;
mod windows;
mod wrappers;

use self::guesses::Hides;
use crate::machine::Machine;
use crate::shell::tree::Node;
use crate::value::{Flow, Value};
use crate::{ActKind, Traits};

pub(crate) use builtins::{arithmetic_traps, is_builtin};
pub(crate) use containers::{far_command, is_foreign_image, mounted, started};
pub(crate) use guesses::serious;
pub(crate) use inputs::eats_input;
pub(crate) use interpreters::run_code;
pub(crate) use unknown::builds;

type Family = fn(&mut Machine<'_>, &str, &[Value]) -> Option<Value>;

/// Those that run other programs: `--help` behind them belongs to those.
const FIRST: &[(Family, Hides)] =
    &[(places::run, Hides::Nothing), (wrappers::run, Hides::Wrapped), (interpreters::run, Hides::Nothing)];

const FAMILIES: &[(Family, Hides)] = &[
    (git::run, Hides::Nothing),
    (readers::run, Hides::Nothing),
    (filters::run, Hides::Nothing),
    (removal::run, Hides::Nothing),
    (copying::run, Hides::Texts),
    (network::run, Hides::Texts),
    (remote::run, Hides::Nothing),
    (packages::run, Hides::Words),
    (publishing::run, Hides::Words),
    (security::run, Hides::Texts),
    (containers::run, Hides::Nothing),
    (cloud::run, Hides::Nothing),
    (hosting::run, Hides::Nothing),
    (database::run, Hides::Nothing),
    (processes::run, Hides::Words),
    (permissions::run, Hides::Nothing),
    (services::run, Hides::Texts),
    (disks::run, Hides::Texts),
    (servers::run, Hides::Texts),
    (editors::run, Hides::Texts),
    (mac::run, Hides::Texts),
    (windows::run, Hides::Texts),
];

impl Machine<'_> {
    /// Runs a program by its name (`name` is the last part of `first`). Gives what it would write.
    pub(crate) fn program(&mut self, first: &Value, name: &str, arguments: &[Value]) -> Value {
        self.looked_at(first, name, arguments);
        let lower;
        let name = if name.ends_with(".exe") || name.ends_with(".EXE") || name.ends_with(".cmd") {
            lower = name.to_ascii_lowercase();
            lower.trim_end_matches(".exe").trim_end_matches(".cmd")
        } else {
            name
        };
        if let Some(output) = self.as_file(first, name, arguments) {
            return output;
        }
        if tables::has_sub_commands(name) && inputs::hides_what(arguments) {
            self.puzzled("which sub-command or option it is given is not known");
        }
        if let Some(output) = builtins::run(self, name, arguments) {
            return output;
        }
        let program = self.program.clone();
        for (family, hides) in FIRST {
            if let Some(output) = family(self, name, arguments) {
                self.beside(&program, name, arguments, *hides);
                return output;
            }
        }
        if help::is_asked(name, arguments) {
            return Value::unknown(Flow::NONE);
        }
        let known = FAMILIES.iter().find_map(|(family, hides)| Some((family(self, name, arguments)?, *hides)));
        let own = first.text.contains('/') && crate::path::within(&self.resolve_plain(first), self.place.project);
        let unknown = if own { Hides::Bare } else { Hides::Words };
        let (output, hides) = known.unwrap_or_else(|| (self.other(name, arguments), unknown));
        self.beside(&program, name, arguments, hides);
        if meant_to_run(name, arguments) { output.flowing(Flow::MEANT) } else { output }
    }

    /// What every program may do with its words, whatever its family knows of it.
    fn beside(&mut self, program: &str, name: &str, arguments: &[Value], hides: Hides) {
        let inner = std::mem::replace(&mut self.program, program.to_owned());
        if unknown::builds(name, arguments)
            && self.fetched_folders.iter().any(|folder| crate::path::within(&self.cwd, folder))
            && !self.elsewhere
        {
            self.mark(Traits::RUNS_REMOTE_CODE, "runs what came from another machine");
        }
        if !self.written.is_empty() && crate::recipes::reads_rules(name, arguments) {
            self.run_written_recipes();
        }
        self.further(name, arguments);
        self.shows(name, arguments);
        self.may_write(name, arguments, hides == Hides::Wrapped);
        self.may_run(name, arguments, hides);
        self.program = inner;
    }

    /// Signs of deceit in the words themselves.
    fn looked_at(&mut self, first: &Value, name: &str, arguments: &[Value]) {
        if crate::hidden::odd_program(&first.text) {
            self.mark(
                Traits::DECEIVES | Traits::NOT_UNDERSTOOD,
                "the program's name holds letters that pass for others",
            );
        }
        let alone = |value: &Value| value.text.chars().count() == 1 && crate::hidden::lookalike(&value.text);
        if arguments.iter().any(alone) {
            self.mark(Traits::DECEIVES, "a mark that passes for one of the shell's");
        }
        if prose(name) {
            return;
        }
        let odd = |value: &Value| {
            value.text.len() < 200
                && !value.text.contains(' ')
                && crate::hidden::lookalike(&value.text)
                && (value.text.starts_with(['-', '\u{2212}', '\u{2013}', '\u{2014}', '/', '.', '~'])
                    || value.text.contains("://")
                    || !value.text.chars().any(|c| c > '\u{2fff}' && c < '\u{ff00}'))
        };
        if arguments.iter().any(odd) {
            self.mark(Traits::DECEIVES, "a word holds letters that pass for others");
        }
    }

    /// A program that is named by its path: one that the call has written, or one from a place that is not known.
    fn as_file(&mut self, first: &Value, name: &str, arguments: &[Value]) -> Option<Value> {
        if !first.text.contains('/') || self.elsewhere {
            return None;
        }
        let path = self.resolve(first);
        if let Some(written) = self.written.iter().rev().find(|written| written.path == path).cloned() {
            return Some(self.run_written(&written, arguments));
        }
        let known_name = crate::path::base(&path).to_owned();
        if known_name != name
            && self
                .links
                .iter()
                .any(|(link, _)| crate::path::within(&crate::path::absolute(&first.text, &self.cwd, self.place), link))
        {
            let target = Value::known(path);
            self.program.clone_from(&known_name);
            return Some(self.program(&target, &known_name, arguments));
        }
        use crate::path::Zone;
        if self.fetched_folders.iter().any(|folder| crate::path::within(&path, folder)) {
            self.mark(Traits::RUNS_REMOTE_CODE, "runs what came from another machine");
            return Some(Value::unknown(Flow::OUTPUT));
        }
        match crate::path::zone(&path, self.place) {
            Zone::Temp | Zone::Elsewhere | Zone::Device => {
                self.puzzled("runs a program from a place that is not known");
                Some(Value::unknown(Flow::OUTPUT))
            }
            Zone::Home | Zone::AboveProject | Zone::HomeRoot if !own_programs(&path, self.place.home) => {
                self.puzzled("runs a program from outside the project");
                Some(Value::unknown(Flow::OUTPUT))
            }
            Zone::Project if self.unknown_patch && !path.contains("/node_modules/") => {
                self.puzzled("runs what a patch may have changed");
                Some(Value::unknown(Flow::OUTPUT))
            }
            Zone::Project if !path.contains("/node_modules/") => {
                if let Some(text) = self.place.world.text(&path) {
                    return Some(self.run_script(&text, &path, arguments));
                }
                if self.place.world.is_unreadable_script(&path) {
                    self.puzzled("runs a file that cannot be read before");
                }
                None
            }
            _ => None,
        }
    }

    /// Operands that name secrets are read.
    pub(crate) fn read_operands(&mut self, arguments: &[Value]) -> Flow {
        let mut flow = Flow::NONE;
        for value in arguments {
            let text = value.text.as_str();
            let path = match text.split_once('=') {
                Some((option, path)) if option.starts_with('-') || !option.contains('/') => path,
                _ if text.starts_with('-') => continue,
                _ => text,
            };
            let path = path.trim_start_matches('@');
            if path.is_empty() || path.len() > 1024 || path.contains(['\n', ' ']) && !path.starts_with(['/', '.', '~'])
            {
                continue;
            }
            let path = Value { text: path.to_owned(), flow: value.flow, glob: value.glob };
            if self.names_secret(&path) {
                flow = flow.with(self.read(&path).flow);
            }
        }
        flow
    }

    pub(crate) fn install(&mut self, target: &str, traits: Traits, why: &'static str) {
        self.act(ActKind::InstallPackage, target.to_owned(), traits, why);
    }
}

/// Programs whose output is made to be evaluated: `eval "$(fnm env)"`.
fn meant_to_run(name: &str, arguments: &[Value]) -> bool {
    matches!(
        name,
        "dircolors"
            | "ssh-agent"
            | "fnm"
            | "direnv"
            | "starship"
            | "zoxide"
            | "mise"
            | "opam"
            | "luarocks"
            | "rbenv"
            | "pyenv"
            | "nodenv"
            | "goenv"
            | "thefuck"
            | "register-python-argcomplete"
            | "resize"
            | "lesspipe"
            | "tset"
            | "gpg-agent"
            | "keychain"
            | "asdf"
            | "volta"
            | "atuin"
            | "mcfly"
            | "jenv"
    ) || arguments.iter().any(|value| {
        matches!(
            value.text.as_str(),
            "completion"
                | "completions"
                | "shellenv"
                | "docker-env"
                | "--init"
                | "shell.bash"
                | "shell.zsh"
                | "activate"
        )
    })
}

/// Programs whose words are text for people.
fn prose(name: &str) -> bool {
    matches!(
        name,
        "echo"
            | "printf"
            | "git"
            | "gh"
            | "glab"
            | "say"
            | "cowsay"
            | "figlet"
            | "grep"
            | "rg"
            | "sed"
            | "awk"
            | "jq"
            | "logger"
            | "notify-send"
            | "ag"
            | "ack"
            | "egrep"
            | "fgrep"
    )
}

fn own_programs(path: &str, home: &str) -> bool {
    let rest = path.strip_prefix(home).unwrap_or(path);
    [
        "/.local/bin/",
        "/.cargo/bin/",
        "/go/bin/",
        "/bin/",
        "/.nvm/",
        "/.volta/",
        "/.bun/bin/",
        "/.deno/bin/",
        "/.pyenv/",
        "/.rbenv/",
        "/.asdf/",
        "/.local/share/mise/",
        "/.npm-global/bin/",
        "/.rustup/",
        "/.sdkman/",
        "/.local/share/pnpm/",
        "/.dotnet/",
        "/.yarn/bin/",
        "/.local/pipx/",
        "/miniconda3/",
        "/anaconda3/",
        "/.virtualenvs/",
        "/.venv/",
        "/google-cloud-sdk/bin/",
        "/.krew/bin/",
        "/.fly/bin/",
    ]
    .iter()
    .any(|folder| rest.starts_with(folder))
}

/// Whether a body starts processes in the background each round.
pub(crate) fn spawns_without_end(body: &Node) -> bool {
    match body {
        Node::Background(_) => true,
        Node::Sequence(nodes) => nodes.iter().any(spawns_without_end),
        Node::Group(body, _) | Node::Not(body) => spawns_without_end(body),
        Node::Chain(first, rest) => spawns_without_end(first) || rest.iter().any(|(_, node)| spawns_without_end(node)),
        Node::If(arms, otherwise, _) => {
            arms.iter().any(|(_, body)| spawns_without_end(body))
                || otherwise.as_deref().is_some_and(spawns_without_end)
        }
        _ => false,
    }
}

/// Values as texts.
pub(crate) fn texts(values: &[Value]) -> Vec<&str> {
    values.iter().map(|value| value.text.as_str()).collect()
}

/// A dry run, in the ways that programs spell it.
pub(crate) fn is_dry(values: &[Value]) -> bool {
    values.iter().any(|value| {
        let text = value.text.as_str();
        matches!(text, "--dry-run" | "--dryrun" | "--noop" | "--check" | "--what-if" | "--preview" | "--plan")
            || text.strip_prefix("--dry-run=").is_some_and(|how| !matches!(how, "none" | "false"))
    })
}

/// `while true` without anything that waits or ends it.
pub(crate) fn never_ends(test: &Node, body: &Node) -> bool {
    let mut names = Vec::new();
    called(test, &mut names);
    let always = matches!(names.as_slice(), [one] if matches!(one.as_str(), ":" | "true"));
    let mut inside = Vec::new();
    called(body, &mut inside);
    if matches!(body, Node::Sequence(nodes) if nodes.iter().any(|node| matches!(node, Node::Background(_)))) && always {
        return !inside.iter().any(|name| matches!(name.as_str(), "sleep" | "wait" | "read" | "inotifywait"));
    }
    const CALM: &[&str] = &[
        "sleep",
        "break",
        "exit",
        "return",
        "read",
        "wait",
        "inotifywait",
        "kill",
        "npx",
        "npm",
        "nc",
        "bash",
        "sh",
        "timeout",
        "watch",
        "ssh",
        "select",
        "test",
        "[",
        "[[",
    ];
    always && !inside.is_empty() && !inside.iter().any(|name| CALM.contains(&name.as_str()))
}

fn called(node: &Node, names: &mut Vec<String>) {
    if names.len() > 64 {
        return;
    }
    match node {
        Node::Simple(simple) => {
            if let Some(name) = simple.words.first() {
                names.push(name.plain().unwrap_or("").to_owned());
            }
        }
        Node::Pipe(nodes) | Node::Sequence(nodes) => nodes.iter().for_each(|node| called(node, names)),
        Node::Subshell(body, _) | Node::Group(body, _) | Node::Background(body) | Node::Not(body) => {
            called(body, names);
        }
        Node::Chain(first, rest) => {
            called(first, names);
            rest.iter().for_each(|(_, node)| called(node, names));
        }
        Node::If(arms, otherwise, _) => {
            for (test, body) in arms {
                called(test, names);
                called(body, names);
            }
            if let Some(node) = otherwise {
                called(node, names);
            }
        }
        Node::Loop(test, body, _) => {
            called(test, names);
            called(body, names);
        }
        Node::For { body, .. } => called(body, names),
        Node::Case { arms, .. } => arms.iter().for_each(|arm| called(&arm.body, names)),
        Node::Function { .. } => {}
        Node::Arithmetic(..) => names.push("((".to_owned()),
        Node::Test(..) => names.push("[[".to_owned()),
    }
}
