//! What programs do with their arguments. One module a family; each says `None` for names that are not its own.

mod builtins;
mod cloud;
mod containers;
mod copying;
mod database;
mod disks;
mod editors;
mod environment;
mod filters;
mod git;
mod hosting;
mod interpreters;
mod mac;
mod network;
mod packages;
mod permissions;
mod processes;
mod publishing;
mod readers;
mod remote;
mod removal;
mod scripts;
mod security;
mod servers;
mod services;
mod tables;
mod windows;
mod wrappers;

use crate::machine::Machine;
use crate::shell::tree::Node;
use crate::value::{Flow, Value};
use crate::{ActKind, Traits};

pub(crate) use interpreters::{code_of, run_code};
pub(crate) use scripts::script_text;

type Family = fn(&mut Machine<'_>, &str, &[Value]) -> Option<Value>;

/// Those that run other programs: `--help` behind them belongs to those.
const FIRST: &[Family] = &[builtins::run, wrappers::run, interpreters::run];

const FAMILIES: &[Family] = &[
    git::run,
    readers::run,
    filters::run,
    removal::run,
    copying::run,
    network::run,
    remote::run,
    packages::run,
    publishing::run,
    containers::run,
    cloud::run,
    hosting::run,
    database::run,
    processes::run,
    permissions::run,
    services::run,
    security::run,
    disks::run,
    servers::run,
    editors::run,
    mac::run,
    windows::run,
];

impl Machine<'_> {
    /// Runs a program by its name (`name` is the last part of `first`). Gives what it would write.
    pub(crate) fn program(&mut self, first: &Value, name: &str, arguments: Vec<Value>) -> Value {
        self.looked_at(first, name, &arguments);
        let lower;
        let name = if name.ends_with(".exe") || name.ends_with(".EXE") || name.ends_with(".cmd") {
            lower = name.to_ascii_lowercase();
            lower.trim_end_matches(".exe").trim_end_matches(".cmd")
        } else {
            name
        };
        if let Some(output) = self.as_file(first, name, &arguments) {
            return output;
        }
        for family in FIRST {
            if let Some(output) = family(self, name, &arguments) {
                return output;
            }
        }
        if asks_for_help(&arguments) {
            return Value::unknown(Flow::NONE);
        }
        for family in FAMILIES {
            if let Some(output) = family(self, name, &arguments) {
                return output;
            }
        }
        self.other(name, &arguments)
    }

    /// Signs of deceit in the words themselves.
    fn looked_at(&mut self, first: &Value, name: &str, arguments: &[Value]) {
        if crate::hidden::odd_program(&first.text) {
            self.mark(
                Traits::DECEIVES | Traits::NOT_UNDERSTOOD,
                "the program's name holds letters that pass for others",
            );
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
            return Some(self.program(&target, &known_name, arguments.to_vec()));
        }
        use crate::path::Zone;
        match crate::path::zone(&path, self.place) {
            Zone::Temp | Zone::Elsewhere | Zone::Device => {
                self.puzzled("runs a program from a place that is not known");
                Some(Value::unknown(Flow::OUTPUT))
            }
            Zone::Home | Zone::AboveProject | Zone::HomeRoot if !own_programs(&path, self.place.home) => {
                self.puzzled("runs a program from outside the project");
                Some(Value::unknown(Flow::OUTPUT))
            }
            Zone::Project if !path.contains("/node_modules/") => {
                if let Some(text) = self.place.world.text(&path) {
                    return Some(self.run_script(&text, &path, arguments));
                }
                None
            }
            _ => None,
        }
    }

    /// A program that is not known: what its arguments say.
    fn other(&mut self, name: &str, arguments: &[Value]) -> Value {
        let mut flow = Flow::OUTPUT;
        if !tables::looks_at_names_only(name) {
            flow = flow.with(self.read_operands(arguments));
        }
        flow = flow.with(carried(self.stdin.flow));
        for value in arguments {
            if let Some((_, address)) = value.text.split_once("://")
                && !address.is_empty()
                && value.text.starts_with("http")
            {
                self.request(&value.clone(), crate::net::Load::default());
            }
        }
        Value::unknown(flow)
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

fn carried(flow: Flow) -> Flow {
    if flow.has(Flow::SECRET) { Flow::SECRET } else { Flow::NONE }
}

/// `--help` and `--version` make a program say something and end.
fn asks_for_help(arguments: &[Value]) -> bool {
    let before: Vec<&Value> = arguments.iter().take_while(|value| value.text != "--").collect();
    before.iter().any(|value| matches!(value.text.as_str(), "--help" | "--version"))
        || matches!(before.as_slice(), [one] if matches!(one.text.as_str(), "-h" | "-V" | "-v" | "-version" | "-help" | "version" | "help" | "/?"))
        || matches!(before.as_slice(), [one, ..] if one.text == "help")
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
        Node::Group(body, _) => spawns_without_end(body),
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
