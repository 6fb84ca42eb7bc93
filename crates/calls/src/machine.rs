//! Follows a shell's tree: what would run, with which words, what is read and written.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use crate::limits::{ACTS, MADE_BYTES, NAMES, RUN_LEVELS, STEPS, TEXT_BYTES};
use crate::output::Output;
use crate::shell::tree::Node;
use crate::state::{State, Switches, Variable};
use crate::value::{Flow, UNKNOWN, Value};
use crate::{Act, ActKind, Place, Traits};

/// A file that the call itself has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) path: String,
    pub(crate) content: Value,
}

/// A point at which what follows depends on which of several values something has.
pub(crate) struct Pick {
    pub(crate) name: String,
    pub(crate) taken: usize,
    pub(crate) count: usize,
}

/// The state of the shell that is followed.
pub(crate) struct Machine<'a> {
    pub(crate) place: &'a Place<'a>,
    pub(crate) acts: Vec<Act>,
    pub(crate) state: State,
    pub(crate) zero: Value,
    pub(crate) calling: Vec<String>,
    /// Files that the call reads and has not written.
    pub(crate) files_read: Vec<String>,
    /// Functions that are being called, with their arguments.
    pub(crate) calls: Vec<(Rc<Node>, Vec<Value>)>,
    pub(crate) steps: usize,
    made_bytes: usize,
    pub(crate) level: usize,
    /// How deep in trees.
    pub(crate) depth: usize,
    pub(crate) span: Option<(u32, u32)>,
    pub(crate) program: String,
    /// Inside a container or on another machine: paths are not the person's.
    pub(crate) elsewhere: bool,
    pub(crate) piped: bool,
    /// Folders into which something from the network was unpacked or cloned.
    pub(crate) fetched_folders: Vec<String>,
    /// Where work of the project was moved to, outside of it.
    pub(crate) moved: Vec<String>,
    /// Names of processes that were looked for.
    pub(crate) sought: Vec<String>,
    /// Remotes of git that the call itself has added or changed.
    pub(crate) new_remotes: Vec<String>,
    /// The project's file of variables, once it was set (`source .env`).
    pub(crate) variables_of: Option<String>,
    /// What comes out at the end holds secrets.
    pub(crate) shows_secrets: bool,
    /// A proposal of somebody else was checked out, which people do to review it.
    pub(crate) reviews: bool,
    /// A patch was applied of which nothing is known.
    pub(crate) unknown_patch: bool,
    /// The folder of the script whose code is read.
    pub(crate) code_folder: Option<String>,
    /// Following a file that is written and waits to be run: that it takes a credential from the environment is no harm yet.
    pub(crate) waits: bool,
    /// Following what git runs by a repository's configuration.
    pub(crate) by_git: bool,
    next_descriptor: u32,
    /// The choices of the command that is followed, if it is followed once for each.
    pub(crate) choosing: Option<Vec<Pick>>,
    /// Substitutions of the command that is followed, counted.
    pub(crate) substitutions: usize,
    /// The state that the last command leaves when it fails, where it is another.
    pub(crate) failed: Option<Box<State>>,
    /// What went to the descriptors 2 and above, and is not yet where it belongs.
    pub(crate) streams: Vec<(u32, Value)>,
    /// Something was written to where it was not followed.
    pub(crate) stray: bool,
    /// A loop, function or shell was left before its end, so that less may be written than is followed.
    pub(crate) left_early: bool,
    /// What the last text or function may have written, where that is more than one value.
    pub(crate) outputs: Vec<Value>,
    /// States at the `break` and `continue` of the loops, at the `return` of functions, at the `exit` of shells.
    pub(crate) loops: Vec<Vec<State>>,
    pub(crate) returns: Vec<Vec<State>>,
    pub(crate) exits: Vec<State>,
    /// What functions have covered with `local`.
    pub(crate) locals: Vec<Vec<(String, Option<Variable>)>>,
    /// Inside the test of `if`, `while`, `&&`: a failure ends nothing.
    pub(crate) tested: usize,
    /// Processes around this one.
    pub(crate) process: usize,
    /// A `read` had nothing left to read.
    pub(crate) ended: bool,
}

impl Deref for Machine<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Machine<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl<'a> Machine<'a> {
    pub(crate) fn new(place: &'a Place<'a>) -> Self {
        Self {
            place,
            acts: Vec::new(),
            state: State {
                cwd: crate::path::tidy(place.cwd),
                previous: format!("/{UNKNOWN}"),
                stdin: if place.typed_into { Value::unknown(Flow::NONE) } else { Value::default() },
                ..State::default()
            },
            zero: Value::known("bash"),
            calling: Vec::new(),
            files_read: Vec::new(),
            calls: Vec::new(),
            steps: 0,
            made_bytes: 0,
            level: 0,
            depth: 0,
            span: None,
            program: String::new(),
            elsewhere: false,
            piped: false,
            fetched_folders: Vec::new(),
            moved: Vec::new(),
            sought: Vec::new(),
            new_remotes: Vec::new(),
            variables_of: None,
            shows_secrets: false,
            reviews: false,
            unknown_patch: false,
            code_folder: None,
            waits: false,
            by_git: false,
            next_descriptor: 63,
            choosing: None,
            substitutions: 0,
            failed: None,
            streams: Vec::new(),
            stray: false,
            left_early: false,
            outputs: Vec::new(),
            loops: Vec::new(),
            returns: Vec::new(),
            exits: Vec::new(),
            locals: Vec::new(),
            tested: 0,
            process: 0,
            ended: false,
        }
    }

    /// Notes an act. One that was noted before takes the traits.
    pub(crate) fn act(&mut self, kind: ActKind, target: impl Into<String>, traits: Traits, why: &'static str) {
        let target: String = target.into().replace(UNKNOWN, "…");
        if let Some(act) =
            self.acts.iter_mut().find(|act| act.kind == kind && act.target == target && act.program == self.program)
        {
            if !traits.is_empty() && act.traits.is_empty() {
                act.why = why;
            }
            act.traits |= traits;
            return;
        }
        if self.acts.len() >= ACTS {
            if let Some(last) = self.acts.last_mut() {
                last.traits |= traits | Traits::NOT_UNDERSTOOD;
                last.why = "too much in one call to be told";
            }
            return;
        }
        let why = if traits.is_empty() { "" } else { why };
        self.acts.push(Act { kind, target, program: self.program.clone(), traits, why, span: self.span });
    }

    /// Marks the command that is being followed.
    pub(crate) fn mark(&mut self, traits: Traits, why: &'static str) {
        let program = self.program.clone();
        match self.acts.iter_mut().rev().find(|act| act.kind == ActKind::RunCommand && act.program == program) {
            Some(act) => {
                if act.traits.is_empty() {
                    act.why = why;
                }
                act.traits |= traits;
            }
            None => self.act(ActKind::RunCommand, program, traits, why),
        }
    }

    pub(crate) fn puzzled(&mut self, why: &'static str) {
        self.mark(Traits::NOT_UNDERSTOOD, why);
    }

    pub(crate) fn home(&self) -> String {
        self.known_variable("HOME")
            .and_then(|values| values.into_iter().next())
            .map_or_else(|| self.place.home.to_owned(), |value| value.text)
    }

    /// What a variable is, if that is one thing; not followed if it may be several.
    pub(crate) fn variable(&self, name: &str) -> Option<Vec<Value>> {
        let variable = self.variables.get(name)?;
        match self.choices_of(variable).as_slice() {
            [Some(values)] => Some(values.to_vec()),
            [None] => None,
            many => {
                let values: Vec<Value> = many.iter().flatten().flat_map(|values| values.iter().cloned()).collect();
                let flow = values.iter().fold(Flow::NONE, |flow, value| flow.with(value.flow));
                Some(vec![Value::tangled(flow)])
            }
        }
    }

    fn choices_of(&self, variable: &Variable) -> Vec<Option<Rc<Vec<Value>>>> {
        let mut may = variable.may.clone();
        // A process inside sees it only if it is exported, or was so before the call.
        if variable.process < self.process && !variable.switches.has(Switches::EXPORTED) && !may.contains(&None) {
            may.push(None);
        }
        may
    }

    /// As [`Self::known_variable`], in the way of the several that is being followed.
    pub(crate) fn chosen_variable(&mut self, name: &str) -> Option<Vec<Value>> {
        if let Some(variable) = self.variables.get(name) {
            let may = self.choices_of(variable);
            if may.len() > 1
                && let Some(taken) = self.pick(name, may.len())
            {
                return match may.get(taken) {
                    Some(Some(values)) => Some(values.to_vec()),
                    _ => self.of_the_environment(name),
                };
            }
        }
        self.known_variable(name)
    }

    /// A variable that was set in the call, or one of the environment that is the same everywhere.
    pub(crate) fn known_variable(&self, name: &str) -> Option<Vec<Value>> {
        self.variable(name).or_else(|| self.of_the_environment(name))
    }

    fn of_the_environment(&self, name: &str) -> Option<Vec<Value>> {
        let text = match name {
            "HOME" => self.place.home.to_owned(),
            "PWD" => self.cwd.clone(),
            "OLDPWD" => self.previous.clone(),
            "SHELL" | "BASH" => "/bin/bash".to_owned(),
            "TMPDIR" | "TMP" | "TEMP" => "/tmp".to_owned(),
            "EDITOR" | "VISUAL" => "vi".to_owned(),
            "PAGER" => "less".to_owned(),
            "IFS" => " \t\n".to_owned(),
            "USER" | "LOGNAME" => crate::path::base(self.place.home).to_owned(),
            "HOSTNAME" | "RANDOM" | "SECONDS" | "EPOCHSECONDS" | "UID" | "EUID" | "PPID" | "LINENO" | "COLUMNS" => {
                UNKNOWN.to_string()
            }
            _ => return None,
        };
        Some(vec![Value::known(text)])
    }

    /// Assigns one value: of an array that is the first element, and the others stay.
    pub(crate) fn set_one(&mut self, name: &str, value: Value) {
        let many = |values: &Rc<Vec<Value>>| values.len() > 1;
        let more = self.variables.get(name).is_some_and(|known| known.may.iter().flatten().any(many));
        let mut values = vec![value];
        if more {
            let before = self.chosen_variable(name).unwrap_or_default();
            values.extend(before.into_iter().skip(1));
            if values.len() == 1 {
                values.push(Value::tangled(Flow::NONE));
            }
        }
        self.set(name, values);
    }

    /// Assigns, as the variable's switches have it.
    pub(crate) fn set(&mut self, name: &str, values: Vec<Value>) {
        let process = self.process;
        let old = self.variables.get(name).cloned();
        let mut switches = old.as_ref().map_or_else(Switches::default, |old| old.switches);
        if self.switches.has(Switches::ALLEXPORT) {
            switches = switches.with(Switches::EXPORTED);
        }
        if switches.has(Switches::READONLY) {
            return;
        }
        let values = values.into_iter().map(|value| self.switched(value, switches)).collect();
        let mut may = vec![Some(Rc::new(values))];
        if switches.has(Switches::UNSURE)
            && let Some(old) = old
        {
            // It may be fixed, or of another kind.
            may.extend(old.may);
            may.push(Some(Rc::new(vec![Value::tangled(Flow::NONE)])));
        }
        self.assign(name, Variable { may, switches, process });
    }

    fn switched(&mut self, mut value: Value, switches: Switches) -> Value {
        if switches.has(Switches::LOWER) {
            value.text = value.text.to_lowercase();
        } else if switches.has(Switches::UPPER) {
            value.text = value.text.to_uppercase();
        }
        if switches.has(Switches::INTEGER) { self.calculated(&value) } else { value }
    }

    pub(crate) fn assign(&mut self, name: &str, variable: Variable) {
        if self.variables.len() >= NAMES && !self.variables.contains_key(name) {
            self.puzzled("too many variables to be followed");
            return;
        }
        let bytes = variable.may.iter().flatten().flat_map(|values| values.iter()).map(|value| value.text.len()).sum();
        self.made(bytes);
        self.variables.insert(name.to_owned(), variable);
    }

    pub(crate) fn unset_variable(&mut self, name: &str) {
        if self.variables.get(name).is_some_and(|known| known.switches.has(Switches::READONLY)) {
            return;
        }
        let process = self.process;
        let switches = Switches::default().with(Switches::EXPORTED);
        self.assign(name, Variable { may: vec![Some(Rc::new(Vec::new()))], switches, process });
    }

    pub(crate) fn cd(&mut self, to: String) {
        self.state.cwds.clear();
        self.state.previous = std::mem::replace(&mut self.state.cwd, to);
        self.variables.remove("PWD");
        self.variables.remove("OLDPWD");
    }

    /// A file holds this now.
    pub(crate) fn holds(&mut self, path: String, content: Value) {
        if self.written.len() >= 4 * NAMES {
            self.puzzled("too many files to be followed");
            return;
        }
        self.made(content.text.len());
        self.written.push(Written { path, content });
    }

    /// Counts bytes that were made.
    pub(crate) fn made(&mut self, bytes: usize) {
        self.made_bytes = self.made_bytes.saturating_add(bytes);
    }

    /// Whether the call has used up what is followed of one.
    pub(crate) fn is_spent(&mut self) -> bool {
        let spent = self.steps > STEPS || self.made_bytes > MADE_BYTES;
        if spent && self.steps < usize::MAX / 2 {
            self.steps = usize::MAX / 2;
            self.puzzled("too many commands, or too much text, to be followed");
        }
        spent
    }

    /// A text that the shell reads: parsed and followed.
    pub(crate) fn text(&mut self, text: &str) -> Value {
        self.outputs.clear();
        if self.level >= RUN_LEVELS || text.len() > TEXT_BYTES {
            self.puzzled("too long or too deeply nested to be followed");
            return Value::tangled(Flow::OUTPUT);
        }
        self.made(text.len());
        let parsed = crate::shell::parse(text, 0);
        if parsed.broken {
            self.puzzled("the shell's text could not be read to its end");
        }
        self.level += 1;
        let output = self.anew(|machine| machine.follow(&parsed.node));
        self.level -= 1;
        self.told(output)
    }

    /// Without the choices of the command around.
    pub(crate) fn anew<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.choosing.take();
        let substitutions = self.substitutions;
        let result = run(self);
        self.choosing = outer;
        self.substitutions = substitutions;
        result
    }

    /// One value of an output; all of them for who asks next.
    pub(crate) fn told(&mut self, output: Output) -> Value {
        self.outputs = output.clone().values();
        output.value()
    }

    /// The commands that were left for the end (`trap … EXIT`).
    pub(crate) fn end(&mut self) {
        for state in std::mem::take(&mut self.exits) {
            self.meet(&state);
        }
        for _ in 0..16 {
            let Some(text) = self.traps.pop() else { return };
            self.state.dead = false;
            if !self.text(&text).text.is_empty() {
                self.stray = true;
            }
        }
    }

    pub(crate) fn snapshot(&mut self) -> State {
        let positional: usize = self.positional.iter().flatten().map(|value| value.text.len()).sum();
        self.made(256 + self.stdin.text.len() + positional);
        self.state.clone()
    }

    /// `<( … )` and `>( … )`: a path behind which the text is.
    pub(crate) fn process(&mut self, node: &Rc<Node>, reading: bool) -> Value {
        let node = Rc::clone(node);
        let (program, span) = (self.program.clone(), self.span);
        let path = format!("/dev/fd/{}", self.next_descriptor);
        self.next_descriptor += 1;
        let content = self.captured(|machine| {
            if !reading {
                let flow = machine.stdin.flow;
                machine.stdin = Value::tangled(flow.with(Flow::OUTPUT));
            }
            machine.follow(&node)
        });
        self.failed = None;
        self.program = program;
        self.span = span;
        if reading {
            self.holds(path.clone(), content.value());
        }
        Value::known(path)
    }
}
