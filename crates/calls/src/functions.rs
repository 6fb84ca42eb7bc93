//! Functions of the call: what they cover, how they end, and those that call themselves.

use std::rc::Rc;

use crate::Traits;
use crate::limits::RUN_LEVELS;
use crate::machine::Machine;
use crate::output::Output;
use crate::shell::tree::Node;
use crate::state::{Function, State, Switches};
use crate::value::{Flow, UNKNOWN, Value};

/// Functions that the shell calls by itself.
const CALLED_BY_THE_SHELL: &[&str] = &[
    "command_not_found_handle",
    "command_not_found_handler",
    "chpwd",
    "precmd",
    "preexec",
    "periodic",
    "zshexit",
    "zshaddhistory",
    "fish_prompt",
];

impl Machine<'_> {
    pub(crate) fn define(&mut self, name: &str, body: &Rc<Node>) {
        if self.functions.len() >= crate::limits::NAMES {
            self.puzzled("too many functions to be followed");
            return;
        }
        let process = self.process;
        self.functions.insert(name.to_owned(), Function { bodies: vec![Rc::clone(body)], maybe: false, process });
        if CALLED_BY_THE_SHELL.contains(&name) || name.starts_with("TRAP") {
            let said = self.acts.len();
            self.aside(|machine| machine.anew(|machine| machine.follow(body)));
            self.failed = None;
            self.keep_serious(said);
        }
    }

    /// Calls a function that the call has defined.
    pub(crate) fn function(&mut self, name: &str, arguments: &[Value]) -> Option<Value> {
        let function = self.functions.get(name)?.clone();
        self.outputs.clear();
        if self.level >= RUN_LEVELS {
            self.puzzled("functions nested too deep");
            return Some(Value::tangled(Flow::OUTPUT));
        }
        let before = self.snapshot();
        let mut ends: Option<State> = None;
        let mut output: Option<Output> = None;
        for body in &function.bodies {
            self.state = before.clone();
            let said = self.called(name, body, arguments.to_vec());
            let end = self.snapshot();
            ends = Some(match ends {
                Some(ends) => self.both(ends, &end),
                None => end,
            });
            output = Some(match output {
                Some(output) => output.or(said),
                None => said,
            });
        }
        if let Some(ends) = ends {
            self.state = ends;
        }
        Some(self.told(output.unwrap_or_default()))
    }

    fn called(&mut self, name: &str, body: &Rc<Node>, arguments: Vec<Value>) -> Output {
        if self.calls.iter().any(|(known, with)| Rc::ptr_eq(known, body) && *with == arguments) {
            if self.piped {
                self.mark(Traits::EXHAUSTS, "a function that starts itself again and again");
            }
            self.puzzled("a function that calls itself");
            return Output::from(Value::tangled(Flow::OUTPUT));
        }
        self.calls.push((Rc::clone(body), arguments.clone()));
        self.calling.push(name.to_owned());
        self.level += 1;
        let loops = std::mem::take(&mut self.loops);
        self.returns.push(Vec::new());
        self.locals.push(Vec::new());
        let positional = self.state.positional.replace(arguments);
        let output = self.anew(|machine| machine.follow(body));
        self.settle();
        for state in self.returns.pop().unwrap_or_default() {
            self.meet(&state);
        }
        for (name, before) in self.locals.pop().unwrap_or_default().into_iter().rev() {
            match before {
                Some(before) => {
                    self.variables.insert(name, before);
                }
                None => {
                    self.variables.remove(&name);
                }
            }
        }
        self.loops = loops;
        self.state.positional = positional;
        self.level -= 1;
        self.calling.pop();
        self.calls.pop();
        output
    }

    /// `break`, `continue`, `return`, `exit`: the way ends here, and goes on elsewhere.
    pub(crate) fn leave(&mut self, name: &str, args: &[Value]) {
        let number = |value: &Value| value.text.chars().all(|c| c.is_ascii_digit() || c == UNKNOWN);
        if args.len() > 1 || !args.iter().all(number) || self.dead {
            return;
        }
        let state = self.snapshot();
        let left = match name {
            "break" | "continue" => {
                // Of several loops, whichever is meant.
                self.loops.iter_mut().for_each(|states| states.push(state.clone()));
                !self.loops.is_empty()
            }
            "return" => match self.returns.last_mut() {
                Some(states) => {
                    states.push(state);
                    true
                }
                None => false,
            },
            _ => {
                if !self.traps.is_empty() {
                    self.exits.push(state);
                }
                true
            }
        };
        if left {
            self.state.dead = true;
            self.left_early = true;
        }
    }

    /// `local name`: what it covers comes back when the function ends.
    pub(crate) fn cover(&mut self, name: &str) {
        let before = self.variables.get(name).cloned();
        if before.as_ref().is_some_and(|before| before.switches.has(Switches::READONLY)) {
            return;
        }
        if let Some(locals) = self.locals.last_mut()
            && !locals.iter().any(|(known, _)| known == name)
        {
            locals.push((name.to_owned(), before));
        }
    }
}
