//! Texts and files that become commands.

use crate::Traits;
use crate::machine::{Machine, Written};
use crate::value::{Flow, UNKNOWN, Value};

/// The first line of a script says who reads it.
pub(crate) fn script_text(text: &str) -> Option<&str> {
    let line = text.strip_prefix("#!")?.lines().next()?;
    let mut words = line.split_whitespace();
    let first = crate::path::base(words.next()?);
    if first == "env" {
        words.find(|word| !word.starts_with('-') && !word.contains('=')).map(crate::path::base)
    } else {
        Some(first)
    }
}

impl Machine<'_> {
    /// A text becomes a command (`eval`, `sh -c`, a pipe into a shell).
    pub(crate) fn run_text(&mut self, text: &Value) -> Value {
        let text = &self.code(text);
        let flow = text.flow;
        if flow.has(Flow::REMOTE) {
            self.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code that comes from another machine");
        }
        if text.is_blank() {
            if flow.has(Flow::REMOTE) {
            } else if flow.has(Flow::DECODED) {
                self.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "runs what was decoded before");
            } else if !flow.has(Flow::MEANT) || (flow.has(Flow::FILE) && !flow.has(Flow::WHOLE)) {
                self.puzzled("the code that runs is not known before");
            }
            return Value::unknown(Flow::OUTPUT.with(flow));
        }
        if text.is_tangled() {
            self.puzzled("the code that runs is made in a way that is not followed");
        }
        self.text(&text.text)
    }

    /// A file of the call itself runs.
    pub(super) fn run_written(&mut self, written: &Written, arguments: &[Value]) -> Value {
        let content = self.code(&written.content);
        if content.flow.has(Flow::REMOTE) {
            self.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs a file that comes from another machine");
        }
        if !content.is_known() && content.is_blank() {
            if !content.flow.has(Flow::REMOTE) {
                self.puzzled("runs a file whose content is not known");
            }
            return Value::unknown(Flow::OUTPUT);
        }
        let path = written.path.clone();
        self.run_script(&content.text, &path, arguments)
    }

    /// A script's text runs, by its first line or its name.
    pub(crate) fn run_script(&mut self, text: &str, path: &str, arguments: &[Value]) -> Value {
        let by_name = match path.rsplit('.').next() {
            Some("py") => "python3",
            Some("js" | "mjs" | "cjs" | "ts" | "mts") => "node",
            Some("rb") => "ruby",
            Some("pl") => "perl",
            Some("php") => "php",
            Some("lua") => "lua",
            Some("ps1") => "pwsh",
            _ => "sh",
        };
        let interpreter = script_text(text).unwrap_or(by_name).to_owned();
        if matches!(interpreter.as_str(), "sh" | "bash" | "zsh" | "dash" | "ksh" | "ash") {
            let outer = self.positional.replace(arguments.to_vec());
            let output = self.aside(|m| {
                m.zero = Value::known(path);
                m.text(text)
            });
            self.positional = outer;
            return output;
        }
        let code = Value::known(text);
        self.code_of_file(path, &interpreter, &code)
    }

    /// Code that stands in a file: what it loads is named from its folder on.
    fn code_of_file(&mut self, path: &str, interpreter: &str, code: &Value) -> Value {
        let outer = self.code_folder.replace(path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned());
        let output = super::run_code(self, interpreter, code);
        self.code_folder = outer;
        output
    }

    /// A file is given to an interpreter (`sh file`, `source file`, `python file`).
    pub(crate) fn run_file(&mut self, file: &Value, arguments: &[Value], interpreter: &str) -> Value {
        if file.text.contains("://") {
            self.request(file, crate::net::Load::default());
            self.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code from an address");
            return Value::unknown(Flow::OUTPUT);
        }
        let number = file.text.strip_prefix("/dev/fd/").or_else(|| file.text.strip_prefix("/proc/self/fd/"));
        if let Some(number) = number.and_then(|number| number.parse::<u32>().ok())
            && let Some((_, value)) = self.descriptors.iter().rev().find(|(known, _)| *known == number).cloned()
        {
            return super::run_code(self, interpreter, &value);
        }
        let path = self.resolve(file);
        if let Some(written) = self.written.iter().rev().find(|written| written.path == path).cloned() {
            let content = written.content;
            let outer = self.positional.replace(arguments.to_vec());
            let output = self.code_of_file(&path, interpreter, &content);
            self.positional = outer;
            return output;
        }
        if self.names_secret(file) {
            return self.run_secret_file(file, &path, interpreter);
        }
        if self.fetched_folders.iter().any(|folder| crate::path::within(&path, folder)) {
            self.mark(Traits::RUNS_REMOTE_CODE, "runs what came from another machine");
            return Value::unknown(Flow::OUTPUT);
        }
        if let Some(text) = self.place.world.text(&path) {
            let outer = self.positional.replace(arguments.to_vec());
            let code = Value::known(text.replace(UNKNOWN, "?"));
            let output = self.code_of_file(&path, interpreter, &code);
            self.positional = outer;
            return output;
        }
        if self.place.world.is_unreadable_script(&path) {
            self.puzzled("runs a file that cannot be read before");
            return Value::unknown(Flow::OUTPUT);
        }
        use crate::path::Zone;
        match crate::path::zone(&path, self.place) {
            _ if file.text.contains(UNKNOWN) && !path.starts_with(self.place.project) => {
                self.puzzled("runs a file that is not known before")
            }
            Zone::Project | Zone::ProjectRoot | Zone::System => {}
            Zone::Home
                if path.contains("/.nvm/")
                    || path.contains("/.cargo/env")
                    || path.contains("/.sdkman/")
                    || path.contains("/.venv/")
                    || path.ends_with("/bin/activate") => {}
            _ => self.puzzled("runs a file from outside the project"),
        }
        Value::unknown(Flow::OUTPUT)
    }
}
