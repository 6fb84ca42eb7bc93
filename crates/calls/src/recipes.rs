//! Files of rules and tasks (make, just, CI, Compose, Ansible, Cargo Make, CMake …): the commands and the code that stand in them.

use serde_json::Value as Json;

use crate::machine::Machine;
use crate::path::base;
use crate::value::{Flow, Value};
use crate::yaml;

/// Most commands of one file that are looked at.
const PIECES: usize = 400;

/// What a file makes run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A command of the shell.
    Shell(String),
    /// A command of the shell in a container.
    Far(String),
    /// Code, and who reads it.
    Code(&'static str, String),
}

/// Keys of YAML and TOML whose value is a command.
const COMMANDS: &[&str] = &[
    "run",
    "script",
    "before_script",
    "after_script",
    "cmd",
    "cmds",
    "sh",
    "shell",
    "command",
    "commands",
    "raw",
    "entry",
    "bash",
    "pwsh",
    "powershell",
    "inlineScript",
    "exec",
    "pre-commands",
    "post-commands",
    "install",
    "before_install",
    "after_success",
    "after_failure",
    "precondition",
    "preconditions",
    "status",
    "onCreateCommand",
    "postCreateCommand",
];

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Make,
    Just,
    Yaml,
    /// Its commands run in containers.
    Containers,
    Toml,
    Ini,
    CMake,
    Json,
    Procfile,
    Code(&'static str),
}

/// The form of a file by its name.
pub(crate) fn form(path: &str) -> Option<Form> {
    let name = base(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    Some(match name {
        "Makefile" | "makefile" | "GNUmakefile" | "BSDmakefile" => Form::Make,
        "justfile" | "Justfile" | ".justfile" => Form::Just,
        "Makefile.toml" | "mise.toml" | ".mise.toml" | "pyproject.toml" => Form::Toml,
        "tox.ini" | "setup.cfg" | "build.ninja" => Form::Ini,
        "CMakeLists.txt" => Form::CMake,
        "package.json" | "composer.json" | "deno.json" => Form::Json,
        "Procfile" | "Procfile.dev" => Form::Procfile,
        "Rakefile" | "Vagrantfile" | "extconf.rb" | "Gemfile" | "Fastfile" => Form::Code("ruby"),
        "setup.py" | "conftest.py" | "noxfile.py" | "tasks.py" | "fabfile.py" | "wscript" | "SConstruct"
        | "SConscript" | "dodo.py" => Form::Code("python3"),
        "build.rs" | "magefile.go" => Form::Code("other"),
        "Taskfile.yml"
        | "Taskfile.yaml"
        | "taskfile.yml"
        | "taskfile.yaml"
        | "lefthook.yml"
        | ".pre-commit-config.yaml"
        | "playbook.yml"
        | "site.yml" => Form::Yaml,
        "compose.yml" | "compose.yaml" | "docker-compose.yml" | "docker-compose.yaml" => Form::Containers,
        _ if ending == "mk" => Form::Make,
        _ if ending == "just" => Form::Just,
        _ if name.ends_with(".gradle") || name.ends_with(".gradle.kts") => Form::Code("other"),
        _ if (name.contains(".config.")
            || matches!(name, "gulpfile.js" | "Gruntfile.js" | ".eslintrc.js" | ".eslintrc.cjs"))
            && matches!(ending, "js" | "cjs" | "mjs" | "ts") =>
        {
            Form::Code("node")
        }
        _ => return None,
    })
}

/// What a text in a form makes run.
pub(crate) fn pieces(form: Form, text: &str) -> Vec<Piece> {
    let mut all = match form {
        Form::Make => make(text),
        Form::Just => just(text),
        Form::Yaml => yaml_commands(text).map(Piece::Shell).collect(),
        Form::Containers => {
            let container = yaml::scalars(text)
                .into_iter()
                .filter(|(key, _)| matches!(key.as_str(), "command" | "entrypoint" | "args"));
            container.map(|(_, command)| Piece::Far(command)).collect()
        }
        Form::Toml => toml(text),
        Form::Ini => ini(text),
        Form::CMake => cmake(text),
        Form::Json => json(text),
        Form::Procfile => text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(_, command)| Piece::Shell(command.trim().to_owned()))
            .collect(),
        Form::Code(reader) => vec![Piece::Code(reader, text.to_owned())],
    };
    all.truncate(PIECES);
    all
}

/// The commands of a text of YAML.
pub(crate) fn yaml_commands(text: &str) -> impl Iterator<Item = String> {
    yaml::scalars(text).into_iter().filter_map(|(key, command)| {
        let key = key.rsplit('.').next().unwrap_or("");
        COMMANDS.contains(&key).then_some(command)
    })
}

/// `$$` is the shell's `$`; a variable of make is not known.
fn of_make(command: &str) -> String {
    command
        .trim()
        .trim_start_matches(['@', '-', '+'])
        .replace("$(HOME)", "~")
        .replace("${HOME}", "~")
        .replace("$$", "$")
}

fn make(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let joined = text.replace("\\\n", " ");
    for line in joined.lines() {
        let mut rest = line;
        while let Some((_, behind)) = rest.split_once("$(shell ") {
            found.push(Piece::Shell(crate::code::until_closed(behind).to_owned()));
            rest = behind;
        }
        if line.starts_with(['\t', ' ']) {
            found.push(Piece::Shell(of_make(line)));
        } else if let Some((_, command)) = line.split_once("!=") {
            found.push(Piece::Shell(of_make(command)));
        } else if let Some((target, command)) = line.split_once(';')
            && target.contains(':')
            && !target.contains('#')
        {
            found.push(Piece::Shell(of_make(command)));
        }
    }
    found
}

fn just(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut script: Option<String> = None;
    for line in text.lines() {
        let inside = line.starts_with(['\t', ' ']);
        if let Some(open) = &mut script {
            if inside || line.is_empty() {
                open.push_str(line.trim_start());
                open.push('\n');
                continue;
            }
            found.push(of_script(open));
            script = None;
        }
        if inside && line.trim_start().starts_with("#!") {
            script = Some(format!("{}\n", line.trim_start()));
        } else if inside {
            found.push(Piece::Shell(of_make(line)));
        } else if let Some((_, command)) = line.split_once('`') {
            found.push(Piece::Shell(command.split('`').next().unwrap_or("").to_owned()));
        }
    }
    found.extend(script.as_deref().map(of_script));
    found
}

/// A script with its first line.
fn of_script(text: &str) -> Piece {
    let first = text.lines().next().unwrap_or("");
    let code = [("python", "python3"), ("node", "node"), ("ruby", "ruby"), ("perl", "perl")];
    match code.iter().find(|(mark, _)| first.contains(mark)) {
        Some((_, reader)) => Piece::Code(reader, text.to_owned()),
        None => Piece::Shell(text.to_owned()),
    }
}

/// `commands = …` and the lines below it.
fn ini(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if let Some(command) = line.trim_start().strip_prefix("command =") {
            // Ninja.
            found.push(Piece::Shell(of_make(command)));
        } else if line.starts_with(['\t', ' ']) {
            if open {
                found.push(Piece::Shell(of_make(line)));
            }
        } else if let Some((key, command)) = line.split_once('=') {
            open = key.trim().starts_with("commands")
                || matches!(key.trim(), "list_dependencies_command" | "install_command");
            if open {
                found.push(Piece::Shell(of_make(command)));
            }
        } else {
            open = false;
        }
    }
    found
}

/// `script = '…'`, `script = [ '…' ]`, `command = 'x'` with `args = [ … ]`, and tasks by their name.
fn toml(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut tasks = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[') {
            tasks = ["tasks", "scripts", "taskipy", "poe", "hooks"].iter().any(|part| section.contains(part));
            continue;
        }
        let Some((key, first)) = line.split_once('=') else { continue };
        let (key, mut value) = (key.trim().trim_matches('"'), first.trim().to_owned());
        let marks = [("'''", "'''"), ("\"\"\"", "\"\"\""), ("[", "]")];
        for (open, close) in marks {
            if let Some(rest) = value.strip_prefix(open)
                && !rest.contains(close)
            {
                for more in lines.by_ref() {
                    value.push('\n');
                    value.push_str(more);
                    if more.contains(close) {
                        break;
                    }
                }
            }
        }
        let long =
            ["'''", "\"\"\""].iter().find_map(|mark| value.strip_prefix(mark)?.split(mark).next().map(str::to_owned));
        let texts = long.map_or_else(|| yaml::quoted(&value), |text| vec![text]);
        if key == "args" {
            if let Some(Piece::Shell(command)) = found.last_mut() {
                texts.iter().for_each(|word| {
                    command.push(' ');
                    command.push_str(&yaml::word(word));
                });
            }
        } else if COMMANDS.contains(&key) || tasks {
            found.extend(texts.into_iter().map(Piece::Shell));
        }
    }
    found
}

/// The words behind `COMMAND`.
fn cmake(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    for part in text.split("COMMAND ").skip(1) {
        let inside = crate::code::until_closed(part);
        let words = yaml::words(inside);
        let end = words
            .iter()
            .position(|word| word.len() > 6 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'));
        let words = words.get(..end.unwrap_or(words.len())).unwrap_or(&[]);
        found.push(Piece::Shell(words.iter().map(|word| yaml::word(word)).collect::<Vec<_>>().join(" ")));
    }
    found
}

fn json(text: &str) -> Vec<Piece> {
    let Ok(json) = serde_json::from_str::<Json>(text) else { return Vec::new() };
    ["scripts", "tasks"]
        .iter()
        .filter_map(|key| json.get(*key)?.as_object())
        .flat_map(|scripts| scripts.values())
        .flat_map(|script| match script {
            Json::Array(commands) => commands.iter().filter_map(Json::as_str).collect(),
            other => Vec::from_iter(other.as_str().or_else(|| other.get("command")?.as_str())),
        })
        .map(|command| Piece::Shell(command.to_owned()))
        .collect()
}

/// Whether a program runs what the files of rules in its folder say.
pub(crate) fn reads_rules(name: &str, arguments: &[Value]) -> bool {
    let first =
        arguments.iter().find(|value| !value.text.starts_with(['-', '+'])).map_or("", |value| value.text.as_str());
    match name {
        "npm" | "pnpm" | "yarn" | "bun" => {
            !matches!(first, "view" | "info" | "ls" | "list" | "outdated" | "audit" | "why" | "config" | "search")
        }
        "cargo" => !matches!(first, "fmt" | "tree" | "metadata" | "search" | "add" | "remove" | "update" | "info"),
        "inv" | "rye" | "mage" | "waf" | "cmake" | "ctest" | "foreman" | "honcho" | "overmind" | "lefthook"
        | "vite" | "webpack" | "eslint" | "rollup" | "gulp" | "grunt" | "ansible-playbook" | "hivemind" | "gradlew"
        | "mvnw" | "ant" | "py.test" | "mise" | "poe" | "pdm" | "hatch" | "poetry" | "bundle" | "vagrant"
        | "fastlane" => true,
        "pip" | "pip3" => first == "install",
        "docker" | "podman" | "docker-compose" | "podman-compose" | "nerdctl" => {
            arguments.iter().any(|value| matches!(value.text.as_str(), "up" | "run" | "start" | "create"))
        }
        _ => crate::programs::builds(name, arguments),
    }
}

impl Machine<'_> {
    /// What a file makes run, as if it ran now.
    pub(crate) fn run_pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Shell(command) => drop(self.aside(|m| m.text(command))),
                Piece::Far(command) => {
                    let outer = std::mem::replace(&mut self.elsewhere, true);
                    self.aside(|m| m.text(command));
                    crate::programs::far_command(self, command);
                    self.elsewhere = outer;
                }
                Piece::Code(reader, code) => {
                    self.aside(|m| crate::programs::run_code(m, reader, &Value::known(code.as_str())));
                }
            }
        }
    }

    /// A text of rules that a program is given (`make -f -`, a playbook): what stands in it runs.
    pub(crate) fn run_recipe(&mut self, form: Form, content: &Value) {
        let content = self.code(content);
        if content.flow.has(Flow::REMOTE) {
            self.mark(crate::Traits::RUNS_REMOTE_CODE, "builds what came from another machine");
        } else if content.is_blank() || content.is_tangled() {
            self.puzzled("a build takes its rules from a file that is not known");
        }
        let before = self.acts.len();
        let program = self.program.clone();
        self.run_pieces(&pieces(form, &content.text));
        self.program = program;
        self.keep_serious(before);
    }

    /// The files of rules that the call itself has written, when something runs that reads such files.
    pub(crate) fn run_written_recipes(&mut self) {
        if self.elsewhere || self.level > 12 {
            return;
        }
        let cwd = self.cwd.clone();
        let mut seen: Vec<String> = Vec::new();
        for written in self.written.clone().iter().rev() {
            let below =
                crate::path::within(&written.path, &cwd) || crate::path::within(&written.path, self.place.project);
            let Some(form) = form(&written.path).filter(|_| below && !seen.contains(&written.path)) else { continue };
            seen.push(written.path.clone());
            if seen.len() > 16 {
                break;
            }
            // A file of the project that was changed in place stays the project's.
            if !written.content.flow.has(Flow::MEANT) {
                self.run_recipe(form, &written.content);
                if form == Form::Containers {
                    crate::programs::started(self, &written.content);
                }
            }
        }
    }
}
