//! Redirections: what is read, and where what is written goes.

use crate::machine::Machine;
use crate::output::Output;
use crate::shell::tree::{Redirect, RedirectKind};
use crate::state::Sink;
use crate::value::{Flow, UNKNOWN, Value};
use crate::{ActKind, Traits};

/// What the redirections of one command come to.
#[derive(Default)]
struct Opened {
    sinks: Vec<(u32, Sink)>,
    remote: bool,
}

impl Opened {
    fn sink(&self, number: u32) -> Sink {
        self.sinks
            .iter()
            .rev()
            .find(|(known, _)| *known == number)
            .map_or(Sink::Outer(number), |(_, sink)| sink.clone())
    }

    fn set(&mut self, number: u32, sink: Sink) {
        self.sinks.retain(|(known, _)| *known != number);
        self.sinks.push((number, sink));
    }
}

impl Machine<'_> {
    /// Runs something with redirections around it.
    pub(crate) fn redirected(&mut self, redirects: &[Redirect], run: impl FnOnce(&mut Self) -> Output) -> Output {
        if redirects.is_empty() {
            return run(self);
        }
        let outer = self.stdin.clone();
        let opened = self.opened(redirects);
        // What is read of the input around is gone from there, if the input is not another here.
        let other_input = self.stdin != outer;
        let before = self.acts.len();
        let streams = std::mem::take(&mut self.streams);
        let output = run(self);
        if opened.remote {
            self.remote_ends(before);
        }
        let inner = std::mem::replace(&mut self.streams, streams);
        if other_input {
            if let Some(failed) = &mut self.failed {
                failed.stdin.clone_from(&outer);
            }
            self.state.stdin = outer;
        }
        self.delivered(&opened, output, inner)
    }

    /// `exec` without a command: the redirections stay.
    pub(crate) fn redirected_for_good(&mut self, redirects: &[Redirect]) {
        let opened = self.opened(redirects);
        for (number, sink) in opened.sinks {
            // Where a descriptor led at that time is known only outside of others.
            let sink = match sink {
                Sink::Outer(same) if same == number => sink,
                Sink::Outer(_) => Sink::Stray,
                sink => sink,
            };
            if let Sink::File(path, false) = &sink {
                self.write(path, false, &Value::unknown(Flow::OUTPUT));
                let path = self.resolve(path);
                self.holds(path, Value::default());
            }
            let sink = match sink {
                Sink::File(path, _) => {
                    let path = Value { text: self.resolve(&path), ..path };
                    Sink::File(path, true)
                }
                sink => sink,
            };
            self.sinks.retain(|(known, _)| *known != number);
            self.sinks.push((number, sink));
        }
    }

    /// What a simple command writes, by where `exec` has led the descriptors.
    pub(crate) fn by_exec(&mut self, run: impl FnOnce(&mut Self) -> Output) -> Output {
        if self.sinks.is_empty() {
            return run(self);
        }
        let streams = std::mem::take(&mut self.streams);
        let output = run(self);
        let inner = std::mem::replace(&mut self.streams, streams);
        let opened = Opened { sinks: self.sinks.to_vec(), remote: false };
        self.delivered(&opened, output, inner)
    }

    /// Puts what was written to where it goes, and gives what goes on.
    fn delivered(&mut self, opened: &Opened, output: Output, inner: Vec<(u32, Value)>) -> Output {
        let mut result = Output::default();
        let mut files: Vec<(Value, bool, Output)> = Vec::new();
        for (_, sink) in &opened.sinks {
            if let Sink::File(path, append) = sink
                && !files.iter().any(|(known, _, _)| known == path)
            {
                files.push((path.clone(), *append, Output::default()));
            }
        }
        let all = std::iter::once((1, output)).chain(inner.into_iter().map(|(number, value)| (number, value.into())));
        for (number, output) in all {
            match opened.sink(number) {
                Sink::Outer(1) => result = result.then(&output),
                Sink::Outer(number) => self.streamed(number, output.value()),
                Sink::File(path, _) => {
                    if let Some((_, _, content)) = files.iter_mut().find(|(known, _, _)| *known == path) {
                        *content = std::mem::take(content).then(&output);
                    }
                }
                Sink::Nowhere => {}
                Sink::Stray => {
                    self.stray |= !output.is_empty();
                    result = result.then(&output);
                }
            }
        }
        let errors_only = |path: &Value| {
            !opened
                .sinks
                .iter()
                .any(|(number, sink)| *number != 2 && matches!(sink, Sink::File(known, _) if known == path))
        };
        for (path, append, content) in files {
            let value = content.value();
            if errors_only(&path) && value.text.is_empty() {
                // What programs say of their errors is not followed.
                if !crate::files::is_null(&path.text) {
                    self.write(&path, true, &Value::unknown(Flow::NONE));
                }
                continue;
            }
            self.write(&path, append, &value);
        }
        result
    }

    fn streamed(&mut self, number: u32, value: Value) {
        if value.text.is_empty() {
            return;
        }
        self.made(value.text.len());
        if let Some((_, known)) = self.streams.iter_mut().find(|(known, _)| *known == number) {
            known.push(&value);
        } else if self.streams.len() > 16 {
            self.stray = true;
        } else {
            self.streams.push((number, value));
        }
    }

    fn opened(&mut self, redirects: &[Redirect]) -> Opened {
        let mut opened = Opened::default();
        for redirect in redirects {
            let target = match redirect.kind {
                RedirectKind::HereDocument => self.joined(&redirect.target),
                RedirectKind::HereString => {
                    let mut value = self.joined(&redirect.target);
                    value.push(&Value::known("\n"));
                    value
                }
                _ => self.redirect_target(redirect),
            };
            self.made(target.text.len());
            self.open(redirect, target, &mut opened);
        }
        opened
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

    /// Something can be read from a descriptor.
    fn readable(&mut self, number: Option<u32>, value: Value) {
        match number.filter(|number| *number > 0) {
            Some(number) => {
                if number > 2 {
                    self.holds(format!("/dev/fd/{number}"), value.clone());
                }
                self.descriptors.push((number, value));
            }
            None => self.state.stdin = value,
        }
    }

    fn open(&mut self, redirect: &Redirect, target: Value, opened: &mut Opened) {
        let network = target.text.starts_with("/dev/tcp/") || target.text.starts_with("/dev/udp/") || {
            target.text.starts_with("/dev/") && target.text.replace(UNKNOWN, "").starts_with("/dev/tcp/")
        };
        if network {
            self.socket(&target);
            opened.remote = !crate::net::is_local_text(&target.text);
        }
        let number = redirect.descriptor;
        match redirect.kind {
            RedirectKind::HereDocument | RedirectKind::HereString => self.readable(number, target),
            RedirectKind::Read | RedirectKind::ReadWrite if network => {
                self.readable(number, Value::unknown(Flow::REMOTE));
            }
            RedirectKind::Read => {
                let content = self.read(&target).flowing(Flow::WHOLE);
                self.readable(number, content);
            }
            RedirectKind::ReadWrite => {
                let content = self.read(&target).flowing(Flow::WHOLE);
                self.readable(number, content);
                // What is written to it lands in the file, over what is there.
                if !crate::files::is_null(&target.text) {
                    self.write(&target, true, &Value::tangled(Flow::NONE));
                    // Inside a substitution it goes on all the same, in some versions.
                    opened.set(number.unwrap_or(0), Sink::Stray);
                }
            }
            RedirectKind::Duplicate => self.duplicate(number, &target, opened),
            RedirectKind::Write | RedirectKind::Append | RedirectKind::WriteBoth | RedirectKind::AppendBoth => {
                if network {
                    self.descriptors.push((number.unwrap_or(1), Value::unknown(Flow::REMOTE)));
                    return;
                }
                let append = matches!(redirect.kind, RedirectKind::Append | RedirectKind::AppendBoth);
                let sink = match target.text.as_str() {
                    "/dev/null" | "NUL" | "nul" | "$null" => Sink::Nowhere,
                    "/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1" => opened.sink(1),
                    "/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2" => opened.sink(2),
                    path if path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/") => Sink::Stray,
                    "" => Sink::Nowhere,
                    _ => Sink::File(target, append),
                };
                if matches!(redirect.kind, RedirectKind::WriteBoth | RedirectKind::AppendBoth) {
                    opened.set(2, sink.clone());
                }
                opened.set(number.unwrap_or(1), sink);
            }
        }
    }

    /// `2>&1`, `<&3`, `>&-`.
    fn duplicate(&mut self, number: Option<u32>, target: &Value, opened: &mut Opened) {
        let from = target.text.trim_end_matches('-').parse::<u32>().ok();
        let found =
            self.descriptors.iter().rev().find(|(known, _)| Some(*known) == from).map(|(_, value)| value.clone());
        if let Some(value) = found {
            if value.flow.has(Flow::REMOTE) {
                opened.remote = true;
                self.mark(Traits::SENDS_OUT | Traits::OUTWARD, "writes to or reads from a network connection");
            }
            if number.is_none_or(|number| number == 0) {
                self.state.stdin = value;
            } else {
                self.readable(number, value);
            }
        } else if number == Some(0) && from != Some(0) {
            self.state.stdin = Value::tangled(Flow::NONE);
        }
        let sink = match from {
            Some(from) => opened.sink(from),
            None if target.text == "-" => Sink::Nowhere,
            None => Sink::Stray,
        };
        opened.set(number.unwrap_or(1), sink);
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
}
