//! Follows a shell's tree: what would run, with which words, what is read and written.

use std::collections::HashMap;
use std::rc::Rc;

use crate::limits::{ACTS, FOLLOW_LEVELS, ROUNDS, RUN_LEVELS, STEPS, TEXT_BYTES};
use crate::shell::tree::{Node, Word};
use crate::value::{Flow, UNKNOWN, Value};
use crate::{Act, ActKind, Place, Traits};

/// A file that the call itself has written.
#[derive(Clone)]
pub(crate) struct Written {
    pub(crate) path: String,
    pub(crate) content: Value,
}

/// The state of the shell that is followed.
pub(crate) struct Machine<'a> {
    pub(crate) place: &'a Place<'a>,
    pub(crate) acts: Vec<Act>,
    /// Traits that no single act has, with their reason.
    pub(crate) cwd: String,
    pub(crate) previous: String,
    pub(crate) stdin: Value,
    pub(crate) zero: Value,
    /// `$1` …, where they are known.
    pub(crate) positional: Option<Vec<Value>>,
    variables: HashMap<String, Vec<Value>>,
    pub(crate) functions: HashMap<String, Rc<Node>>,
    pub(crate) aliases: HashMap<String, String>,
    pub(crate) calling: Vec<String>,
    pub(crate) descriptors: Vec<(u32, Value)>,
    pub(crate) written: Vec<Written>,
    pub(crate) links: Vec<(String, String)>,
    pub(crate) traps: Vec<String>,
    pub(crate) steps: usize,
    pub(crate) level: usize,
    /// How deep in trees.
    depth: usize,
    pub(crate) span: Option<(u32, u32)>,
    pub(crate) program: String,
    /// Inside a container or on another machine: paths are not the person's.
    pub(crate) elsewhere: bool,
    /// Programs that were renamed by copy or link: path, program.
    pub(crate) piped: bool,
    /// Folders into which something from the network was unpacked or cloned.
    pub(crate) fetched_folders: Vec<String>,
    /// Where work of the project was moved to, outside of it.
    pub(crate) moved: Vec<String>,
    /// Names of processes that were looked for.
    pub(crate) sought: Vec<String>,
    /// Remotes of git that the call itself has added or changed.
    pub(crate) new_remotes: Vec<String>,
    /// A patch was applied of which nothing is known.
    pub(crate) unknown_patch: bool,
    next_descriptor: u32,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(place: &'a Place<'a>) -> Self {
        Self {
            place,
            acts: Vec::new(),
            cwd: crate::path::tidy(place.cwd),
            previous: format!("/{UNKNOWN}"),
            stdin: if place.typed_into { Value::unknown(Flow::NONE) } else { Value::default() },
            zero: Value::known("bash"),
            positional: None,
            variables: HashMap::new(),
            functions: HashMap::new(),
            aliases: HashMap::new(),
            calling: Vec::new(),
            descriptors: Vec::new(),
            written: Vec::new(),
            links: Vec::new(),
            traps: Vec::new(),
            steps: 0,
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
            unknown_patch: false,
            next_descriptor: 63,
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
        self.variables
            .get("HOME")
            .and_then(|values| values.first())
            .map_or_else(|| self.place.home.to_owned(), |value| value.text.clone())
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&Vec<Value>> {
        self.variables.get(name)
    }

    /// A variable that was set in the call, or one of the environment that is the same everywhere.
    pub(crate) fn known_variable(&self, name: &str) -> Option<Vec<Value>> {
        if let Some(values) = self.variables.get(name) {
            return Some(values.clone());
        }
        let text = match name {
            "HOME" => self.place.home.to_owned(),
            "PWD" => self.cwd.clone(),
            "OLDPWD" => self.previous.clone(),
            "SHELL" | "BASH" => "/bin/bash".to_owned(),
            "TMPDIR" | "TMP" | "TEMP" => "/tmp".to_owned(),
            "IFS" => " \t\n".to_owned(),
            "USER" | "LOGNAME" => crate::path::base(self.place.home).to_owned(),
            "HOSTNAME" | "RANDOM" | "SECONDS" | "EPOCHSECONDS" | "UID" | "EUID" | "PPID" | "LINENO" | "COLUMNS" => {
                UNKNOWN.to_string()
            }
            _ => return None,
        };
        Some(vec![Value::known(text)])
    }

    pub(crate) fn variable_or_environment(&mut self, name: &str) -> Vec<Value> {
        self.known_variable(name).unwrap_or_default()
    }

    pub(crate) fn set(&mut self, name: &str, values: Vec<Value>) {
        if self.variables.len() < 512 || self.variables.contains_key(name) {
            self.variables.insert(name.to_owned(), values);
        }
    }

    pub(crate) fn unset_variable(&mut self, name: &str) {
        self.variables.remove(name);
    }

    pub(crate) fn cd(&mut self, to: String) {
        self.previous = std::mem::replace(&mut self.cwd, to);
    }

    /// A text that the shell reads: parsed and followed.
    pub(crate) fn text(&mut self, text: &str) -> Value {
        if self.level >= RUN_LEVELS || text.len() > TEXT_BYTES {
            self.puzzled("too long or too deeply nested to be followed");
            return Value::unknown(Flow::OUTPUT);
        }
        let parsed = crate::shell::parse(text, 0);
        if parsed.broken {
            self.puzzled("the shell's text could not be read to its end");
        }
        self.level += 1;
        let output = self.follow(&parsed.node);
        self.level -= 1;
        output
    }

    /// The commands that were left for the end (`trap … EXIT`).
    pub(crate) fn end(&mut self) {
        for _ in 0..8 {
            let Some(text) = self.traps.pop() else { return };
            self.text(&text);
        }
    }

    /// In a shell of its own: what changes ends with it.
    pub(crate) fn aside<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let cwd = self.cwd.clone();
        let previous = self.previous.clone();
        let variables = self.variables.clone();
        let positional = self.positional.clone();
        let stdin = self.stdin.clone();
        let result = run(self);
        self.cwd = cwd;
        self.previous = previous;
        self.variables = variables;
        self.positional = positional;
        self.stdin = stdin;
        result
    }

    /// Follows a command, and gives what it would write.
    pub(crate) fn follow(&mut self, node: &Node) -> Value {
        self.steps += 1;
        if self.depth > FOLLOW_LEVELS {
            self.puzzled("too deeply nested to be followed");
            return Value::unknown(Flow::OUTPUT);
        }
        self.depth += 1;
        let output = self.follow_here(node);
        self.depth -= 1;
        output
    }

    fn follow_here(&mut self, node: &Node) -> Value {
        if self.steps > STEPS {
            if self.steps == STEPS + 1 {
                self.puzzled("too many commands to be followed");
            }
            return Value::unknown(Flow::OUTPUT);
        }
        match node {
            Node::Simple(simple) => self.simple(simple),
            Node::Sequence(nodes) => {
                let mut output = Value::default();
                for node in nodes {
                    let value = self.follow(node);
                    output.push(&value);
                }
                output
            }
            Node::Pipe(nodes) => self.pipe(nodes),
            Node::Background(node) => {
                let piped = std::mem::replace(&mut self.piped, true);
                self.follow(node);
                self.piped = piped;
                Value::default()
            }
            Node::Subshell(body, redirects) => {
                self.aside(|machine| machine.redirected(redirects, |machine| machine.follow(body)))
            }
            Node::Group(body, redirects) => self.redirected(redirects, |machine| machine.follow(body)),
            Node::Loop(test, body, redirects) => self.redirected(redirects, |machine| {
                machine.follow(test);
                let before = machine.acts.len();
                let output = machine.follow(body);
                if crate::programs::never_ends(test, body) && machine.acts.len() >= before {
                    machine.mark(Traits::EXHAUSTS, "a loop that nothing ends");
                }
                output
            }),
            Node::For { name, words, body, redirects } => {
                self.redirected(redirects, |machine| machine.rounds(name, words.as_deref(), body))
            }
            Node::Case { word, arms, redirects } => self.redirected(redirects, |machine| {
                machine.joined(word);
                let mut output = Value::default();
                for (patterns, body) in arms {
                    for pattern in patterns {
                        machine.joined(pattern);
                    }
                    let value = machine.follow(body);
                    output.push(&value);
                }
                output
            }),
            Node::Function { name, body } => {
                self.functions.insert(name.clone(), Rc::clone(body));
                if name == "command_not_found_handle" {
                    self.aside(|machine| machine.follow(body));
                }
                Value::default()
            }
            Node::Test(words, redirects) => {
                let values: Vec<Value> = words.iter().map(|word| self.joined(word)).collect();
                crate::programs::arithmetic_traps(self, &values);
                self.redirected(redirects, |_| Value::default())
            }
        }
    }

    fn pipe(&mut self, nodes: &[Node]) -> Value {
        let piped = std::mem::replace(&mut self.piped, true);
        let outer = std::mem::take(&mut self.stdin);
        let mut input = outer.clone();
        for node in nodes {
            input = self.aside(|machine| {
                machine.stdin = input;
                machine.follow(node)
            });
        }
        self.stdin = outer;
        self.piped = piped;
        input
    }

    fn rounds(&mut self, name: &str, words: Option<&[Word]>, body: &Node) -> Value {
        let values = match words {
            Some(words) => words.iter().flat_map(|word| self.fields(word)).collect(),
            None => self.positional.clone().unwrap_or_else(|| vec![Value::unknown(Flow::NONE)]),
        };
        let mut output = Value::default();
        let many = values.len() > ROUNDS;
        if many && crate::programs::spawns_without_end(body) {
            self.mark(Traits::EXHAUSTS, "starts very many processes");
        }
        if values.iter().any(|value| value.flow.has(Flow::ENDLESS)) {
            self.mark(Traits::EXHAUSTS, "a loop of very many rounds");
        }
        for value in values.into_iter().take(if many { 3 } else { ROUNDS }) {
            self.set(name, vec![value]);
            let value = self.follow(body);
            output.push(&value);
        }
        if many {
            self.set(name, vec![Value::unknown(Flow::NONE)]);
            self.follow(body);
        }
        output
    }

    /// `$( … )`: what it writes, without the newlines at the end.
    pub(crate) fn substitution(&mut self, node: &Rc<Node>) -> Value {
        let node = Rc::clone(node);
        let (program, span) = (self.program.clone(), self.span);
        let mut value = self.aside(|machine| machine.follow(&node));
        self.program = program;
        self.span = span;
        let end = value.text.trim_end_matches('\n').len();
        value.text.truncate(end);
        if !value.is_known() {
            value.flow = value.flow.with(Flow::OUTPUT);
        }
        value
    }

    /// `<( … )` and `>( … )`: a path behind which the text is.
    pub(crate) fn process(&mut self, node: &Rc<Node>, reading: bool) -> Value {
        let node = Rc::clone(node);
        let (program, span) = (self.program.clone(), self.span);
        let path = format!("/dev/fd/{}", self.next_descriptor);
        self.next_descriptor += 1;
        let content = self.aside(|machine| {
            if !reading && !machine.stdin.text.is_empty() {
                let flow = machine.stdin.flow;
                machine.stdin = Value::unknown(flow.with(Flow::OUTPUT));
            } else if !reading {
                machine.stdin = Value::unknown(Flow::OUTPUT);
            }
            machine.follow(&node)
        });
        self.program = program;
        self.span = span;
        if reading {
            self.written.push(Written { path: path.clone(), content });
        }
        Value::known(path)
    }

    /// Calls a function that the call has defined.
    pub(crate) fn function(&mut self, name: &str, arguments: Vec<Value>) -> Option<Value> {
        let body = Rc::clone(self.functions.get(name)?);
        if self.calling.iter().any(|calling| calling == name) {
            if self.piped {
                self.mark(Traits::EXHAUSTS, "a function that starts itself again and again");
            }
            return Some(Value::unknown(Flow::OUTPUT));
        }
        if self.level >= RUN_LEVELS {
            self.puzzled("functions nested too deep");
            return Some(Value::unknown(Flow::OUTPUT));
        }
        self.calling.push(name.to_owned());
        self.level += 1;
        let positional = self.positional.replace(arguments);
        let output = self.follow(&body);
        self.positional = positional;
        self.level -= 1;
        self.calling.pop();
        Some(output)
    }
}
