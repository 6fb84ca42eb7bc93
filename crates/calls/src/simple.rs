//! Simple commands: assignments, redirections, and who is called.

use crate::machine::Machine;
use crate::shell::tree::{Assign, Assigned, Redirect, RedirectKind, Simple};
use crate::value::{Flow, UNKNOWN, Value};
use crate::{ActKind, Traits};

/// Where the output goes.
pub(crate) struct Sink {
    path: Value,
    append: bool,
}

impl Machine<'_> {
    pub(crate) fn simple(&mut self, simple: &Simple) -> Value {
        if self.level <= 1 && simple.span.1 > 0 {
            self.span = Some(simple.span);
        }
        let mut environment = Vec::new();
        for assign in &simple.assigns {
            let values = self.assigned(assign);
            environment.push((assign.name.clone(), values));
        }
        let mut words = Vec::new();
        for (index, word) in simple.words.iter().enumerate() {
            let fields = self.fields(word);
            if index == 0
                && fields.is_empty()
                && simple.words.len() == 1
                && !matches!(word.parts.as_slice(), [crate::shell::tree::Part::Run(_)])
            {
                // `"$@"` and the like: what runs stands elsewhere.
                self.program.clear();
                self.puzzled("the command comes from arguments that are not known");
            }
            words.extend(fields);
        }
        // An alias is taken before anything else, if the word is not quoted.
        if let Some(name) = simple.words.first().and_then(|word| word.plain())
            && let Some(text) = self.aliases.get(name).cloned()
            && !self.calling.iter().any(|calling| calling == name)
        {
            return self.alias(name, &text, words.get(1..).unwrap_or(&[]));
        }
        self.redirected(&simple.redirects, |machine| machine.command(words, &environment))
    }

    fn alias(&mut self, name: &str, text: &str, rest: &[Value]) -> Value {
        let mut whole = text.to_owned();
        for value in rest {
            whole.push_str(" '");
            whole.push_str(&value.text.replace('\'', "'\\''"));
            whole.push('\'');
        }
        self.calling.push(name.to_owned());
        let output = self.text(&whole);
        self.calling.pop();
        output
    }

    fn assigned(&mut self, assign: &Assign) -> Vec<Value> {
        if let Some(index) = &assign.index {
            self.joined(index);
        }
        let mut values = match &assign.value {
            Assigned::One(word) => vec![self.joined(word)],
            Assigned::Many(words) => words.iter().flat_map(|word| self.fields(word)).collect(),
        };
        if assign.append
            && let Some(before) = self.known_variable(&assign.name)
        {
            values = match (&assign.value, before.first()) {
                (Assigned::One(_), Some(first)) => {
                    let mut joined = first.clone();
                    values.iter().for_each(|value| joined.push(value));
                    vec![joined]
                }
                _ => before.into_iter().chain(values).collect(),
            };
        }
        if assign.index.is_some()
            && let Some(before) = self.known_variable(&assign.name)
        {
            values = before.into_iter().chain(values).collect();
        }
        values
    }

    /// Runs something with redirections around it.
    pub(crate) fn redirected(&mut self, redirects: &[Redirect], run: impl FnOnce(&mut Self) -> Value) -> Value {
        if redirects.is_empty() {
            return run(self);
        }
        let outer = self.stdin.clone();
        let mut sinks = Vec::new();
        let mut silent = false;
        let mut remote = false;
        for redirect in redirects {
            let target = match redirect.kind {
                RedirectKind::HereDocument => self.joined(&redirect.target),
                RedirectKind::HereString => {
                    let mut value = self.joined(&redirect.target);
                    value.text.push('\n');
                    value
                }
                _ => self.redirect_target(redirect),
            };
            self.open(redirect, target, &mut sinks, &mut silent, &mut remote);
        }
        let before = self.acts.len();
        let mut output = run(self);
        if remote {
            self.remote_ends(before);
        }
        self.stdin = outer;
        let written = !sinks.is_empty();
        for sink in sinks {
            self.write(&sink.path, sink.append, &output);
        }
        if written || silent {
            output = Value::default();
        }
        output
    }

    fn redirect_target(&mut self, redirect: &Redirect) -> Value {
        let mut fields = self.fields(&redirect.target);
        match fields.len() {
            1 => fields.remove(0),
            0 => Value::default(),
            // Several: the shell refuses it, or writes to each; the first that matters is in the text.
            _ => fields.into_iter().next_back().unwrap_or_default(),
        }
    }

    fn open(
        &mut self,
        redirect: &Redirect,
        target: Value,
        sinks: &mut Vec<Sink>,
        silent: &mut bool,
        remote: &mut bool,
    ) {
        let network = target.text.starts_with("/dev/tcp/") || target.text.starts_with("/dev/udp/") || {
            target.text.starts_with("/dev/") && target.text.replace(UNKNOWN, "").starts_with("/dev/tcp/")
        };
        if network {
            self.socket(&target);
            *remote = !crate::net::is_local_text(&target.text);
        }
        let errors_only = redirect.descriptor == Some(2);
        match redirect.kind {
            RedirectKind::HereDocument | RedirectKind::HereString => {
                if let Some(number) = redirect.descriptor.filter(|number| *number > 2) {
                    let path = format!("/dev/fd/{number}");
                    self.written.push(crate::machine::Written { path, content: target.clone() });
                    self.descriptors.push((number, target));
                } else {
                    self.stdin = target;
                }
            }
            RedirectKind::Read | RedirectKind::ReadWrite if network => {
                let value = Value::unknown(Flow::REMOTE);
                match redirect.descriptor.filter(|number| *number > 2) {
                    Some(number) => self.descriptors.push((number, value)),
                    None => self.stdin = value,
                }
            }
            RedirectKind::Read | RedirectKind::ReadWrite => {
                let content = self.read(&target).flowing(Flow::WHOLE);
                match redirect.descriptor.filter(|number| *number > 2) {
                    Some(number) => self.descriptors.push((number, content)),
                    None => self.stdin = content,
                }
            }
            RedirectKind::Duplicate => {
                let number = target.text.trim_end_matches('-').parse::<u32>().ok();
                let found = self
                    .descriptors
                    .iter()
                    .rev()
                    .find(|(known, _)| Some(*known) == number)
                    .map(|(_, value)| value.clone());
                if let Some(value) = found {
                    if value.flow.has(Flow::REMOTE) {
                        *remote = true;
                        self.sent_to_socket();
                    }
                    if redirect.descriptor.is_none_or(|number| number == 0) {
                        self.stdin = value;
                    }
                }
                if redirect.descriptor.is_none_or(|number| number == 1) && target.text == "2" {
                    *silent = true;
                }
            }
            RedirectKind::Write | RedirectKind::Append | RedirectKind::WriteBoth | RedirectKind::AppendBoth => {
                if network {
                    self.descriptors.push((redirect.descriptor.unwrap_or(1), Value::unknown(Flow::REMOTE)));
                    return;
                }
                if errors_only {
                    if !crate::files::is_null(&target.text) {
                        self.write(&target, true, &Value::unknown(Flow::NONE));
                    }
                    return;
                }
                let append = matches!(redirect.kind, RedirectKind::Append | RedirectKind::AppendBoth);
                sinks.push(Sink { path: target, append });
            }
        }
    }

    fn sent_to_socket(&mut self) {
        self.mark(Traits::SENDS_OUT | Traits::OUTWARD, "writes to or reads from a network connection");
    }

    /// A shell whose ends are a connection.
    fn remote_ends(&mut self, before: usize) {
        const SHELLS: &[&str] =
            &["sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "csh", "tcsh", "python", "python3", "perl"];
        for act in self.acts.iter_mut().skip(before.saturating_sub(1)) {
            if act.kind == ActKind::RunCommand && SHELLS.contains(&act.program.as_str()) {
                act.traits |= Traits::OPENS_REMOTE_SHELL | Traits::OUTWARD;
                act.why = "a shell at the end of a network connection";
            }
        }
    }

    /// A command with its words known as far as they are.
    fn command(&mut self, words: Vec<Value>, environment: &[(String, Vec<Value>)]) -> Value {
        if words.is_empty() {
            for (name, values) in environment {
                self.set(name, values.clone());
                let value = values.first().cloned().unwrap_or_default();
                self.environment(name, &value, false);
            }
            return Value::default();
        }
        for (name, values) in environment {
            let value = values.first().cloned().unwrap_or_default();
            self.program.clear();
            self.environment(name, &value, true);
            // Some programs and wrappers look at it.
            if words.first().is_some_and(|word| matches!(word.text.as_str(), "eval" | "read" | "export")) {
                self.set(name, values.clone());
            }
        }
        self.run(words)
    }

    /// Runs words: the first names who.
    pub(crate) fn run(&mut self, mut words: Vec<Value>) -> Value {
        self.steps += 1;
        if self.steps > crate::limits::STEPS || self.level > crate::limits::RUN_LEVELS {
            self.puzzled("too many commands to be followed");
            return Value::unknown(Flow::OUTPUT);
        }
        // An empty first word is what a variable without value leaves.
        while words.first().is_some_and(|word| word.text.is_empty() && words.len() > 1) {
            words.remove(0);
        }
        let Some(first) = words.first().cloned() else { return Value::default() };
        let shown: Vec<String> = words.iter().take(64).map(Value::shown).collect();
        let target = shown.join(" ");
        if self.functions.contains_key(&first.text) {
            let arguments = words.drain(1..).collect();
            self.program.clone_from(&first.text);
            return self.function(&first.text, arguments).unwrap_or_default();
        }
        let name = crate::path::base(&first.text).to_owned();
        self.program = name.replace(UNKNOWN, "…");
        self.act(ActKind::RunCommand, target, Traits::NONE, "");
        if !first.is_known() {
            return self.unknown_program(&first, &words);
        }
        if first.glob && first.text.contains(['*', '?', '[']) && !matches!(first.text.as_str(), "[" | "[[") {
            let path = self.resolve(&first);
            let own = first.text.contains('/') && crate::path::zone(&path, self.place) == crate::path::Zone::Project;
            let traits = if own { Traits::NOT_UNDERSTOOD } else { Traits::EVADES | Traits::NOT_UNDERSTOOD };
            self.mark(traits, "the program's name is a pattern");
        }
        self.level += 1;
        let arguments: Vec<Value> = words.drain(1..).collect();
        let output = self.program(&first, &name, &arguments);
        self.level -= 1;
        output
    }

    fn unknown_program(&mut self, first: &Value, words: &[Value]) -> Value {
        if first.flow.has(Flow::REMOTE) {
            self.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs what it was sent");
        } else if first.flow.has(Flow::DECODED) {
            self.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "runs what was decoded before");
        } else {
            self.puzzled("which program runs is not known before");
        }
        // The rest may say what it is about.
        if let [_, rest @ ..] = words {
            for value in rest {
                if self.names_secret(value) {
                    self.read(value);
                }
            }
        }
        Value::unknown(Flow::OUTPUT)
    }
}
