//! Simple commands: assignments, and who is called.

use std::rc::Rc;

use crate::machine::Machine;
use crate::output::Output;
use crate::shell::tree::{Assign, Assigned, Part, Simple, Word};
use crate::state::{Switches, Variable};
use crate::value::{Flow, UNKNOWN, Value};
use crate::{ActKind, Traits};

/// Programs that only say what they are given.
const SAYS_ONLY: &[&str] = &[
    "echo", "printf", "true", "false", ":", "[", "test", "exit", "return", "break", "continue", "shift", "sleep",
    "wait", "set", "local", "export", "declare", "typeset", "readonly", "unset", "let", "read", "alias", "pwd",
    "basename", "dirname", "seq", "expr", "tput", "date", "print", "[[", "umask", "ulimit", "times",
];

fn is_declaration(name: &str) -> bool {
    matches!(name, "declare" | "typeset" | "local" | "export" | "readonly")
}

fn is_still(word: &Word) -> bool {
    word.parts.iter().all(|part| match part {
        Part::Text(_) | Part::Quoted(_) => true,
        Part::Double(parts) => parts.iter().all(|part| matches!(part, Part::Text(_) | Part::Quoted(_))),
        _ => false,
    })
}

impl Machine<'_> {
    pub(crate) fn simple(&mut self, simple: &Simple) -> Output {
        if self.level <= 1 && simple.span.1 > 0 {
            self.span = Some(simple.span);
        }
        let plain = simple.words.first().and_then(Word::plain);
        let still = self.cwds.is_empty()
            && simple.words.iter().all(is_still)
            && simple.redirects.iter().all(|redirect| is_still(&redirect.target))
            && simple.assigns.is_empty()
            && !plain.is_some_and(|name| self.aliases.contains_key(name));
        if still {
            return self.anew(|machine| machine.once(simple));
        }
        let outputs = self.each(|machine| machine.once(simple));
        Output::of(outputs.into_iter().flat_map(Output::values).collect())
    }

    fn once(&mut self, simple: &Simple) -> Output {
        let mut environment = Vec::new();
        let prefix = !simple.words.is_empty();
        let declares = simple.words.first().and_then(Word::plain).is_some_and(is_declaration);
        if prefix && !declares {
            let mut words = self.words(simple);
            for assign in &simple.assigns {
                let values = self.assigned(assign);
                environment.push((assign.name.clone(), values));
            }
            // An alias is taken before anything else, if the word is not quoted; where aliases are off it is not.
            if let Some(name) = simple.words.first().and_then(|word| word.plain())
                && let Some(text) = self.aliases.get(name).cloned()
                && !self.calling.iter().any(|calling| calling == name)
                && self.pick("alias", 2) == Some(0)
            {
                let rest = words.split_off(1.min(words.len()));
                return self.redirected(&simple.redirects, |machine| machine.alias(name, &text, &rest));
            }
            if matches!(words.as_slice(), [only] if only.text == "exec") && environment.is_empty() {
                self.redirected_for_good(&simple.redirects);
                return Output::default();
            }
            return self.by_exec(|machine| {
                machine.redirected(&simple.redirects, |machine| machine.command(words, &environment))
            });
        }
        for assign in &simple.assigns {
            let values = self.assigned(assign);
            let value = values.first().cloned().unwrap_or_default();
            if declares {
                self.declared_array(simple, &assign.name, &values);
            } else if !self.assign_at(assign, &values) {
                match (&assign.value, assign.append) {
                    (Assigned::One(_), false) => self.set_one(&assign.name, value.clone()),
                    _ => self.set(&assign.name, values),
                }
            }
            self.environment(&assign.name, &value, false);
        }
        if !prefix {
            return self.redirected(&simple.redirects, |_| Output::default());
        }
        let words = self.words(simple);
        if !simple.assigns.is_empty() && words.iter().skip(1).all(|word| word.text.starts_with(['-', '+'])) {
            return Output::default();
        }
        self.by_exec(|machine| machine.redirected(&simple.redirects, |machine| machine.command(words, &[])))
    }

    fn declared_array(&mut self, simple: &Simple, name: &str, values: &[Value]) {
        let words: Vec<Value> = simple
            .words
            .iter()
            .skip(1)
            .filter_map(|word| word.plain().map(Value::known))
            .chain([Value::known(name)])
            .collect();
        let declare = simple.words.first().and_then(Word::plain).unwrap_or("declare").to_owned();
        self.declare(&declare, &words, Some(values));
    }

    fn words(&mut self, simple: &Simple) -> Vec<Value> {
        let mut words = Vec::new();
        let declares = simple.words.first().and_then(Word::plain).is_some_and(is_declaration);
        for (index, word) in simple.words.iter().enumerate() {
            // `declare name=$x` is not split, as an assignment is not.
            let assigns = declares
                && matches!(word.parts.first(), Some(Part::Text(text)) if text.split_once('=')
                    .is_some_and(|(name, _)| crate::shell::is_name(name.trim_end_matches('+'))));
            let fields = if assigns { vec![self.joined(word)] } else { self.fields(word) };
            if index == 0
                && fields.is_empty()
                && simple.words.len() == 1
                && !matches!(word.parts.as_slice(), [Part::Run(_)])
                && self.unfollowed(word)
            {
                // `"$@"` and the like: what runs stands elsewhere.
                self.program.clear();
                self.puzzled("the command comes from arguments that are not known");
            }
            words.extend(fields);
            if words.len() > crate::limits::FIELDS {
                self.puzzled("too many words to be followed");
                break;
            }
        }
        words
    }

    /// Whether a word that became nothing is one of arguments that nobody knows.
    fn unfollowed(&self, word: &Word) -> bool {
        let unknown = |part: &Part| matches!(part, Part::Param(param) if matches!(param.name.as_str(), "@" | "*") && self.positional.is_none());
        word.parts.iter().any(|part| match part {
            Part::Double(parts) => parts.iter().any(unknown),
            part => unknown(part),
        })
    }

    fn alias(&mut self, name: &str, text: &str, rest: &[Value]) -> Output {
        let mut whole = text.to_owned();
        for value in rest {
            whole.push_str(" '");
            whole.push_str(&value.text.replace('\'', "'\\''"));
            whole.push('\'');
        }
        if text.ends_with([' ', '\t']) && rest.first().is_some_and(|word| self.aliases.contains_key(&word.text)) {
            self.puzzled("an alias behind an alias");
        }
        self.calling.push(name.to_owned());
        let output = self.text(&whole);
        self.calling.pop();
        self.all_told(output)
    }

    /// The output of which a text or a function has told one value.
    fn all_told(&mut self, value: Value) -> Output {
        let outputs = std::mem::take(&mut self.outputs);
        if outputs.len() > 1 && (value.is_tangled() || value.is_blank()) { Output::of(outputs) } else { value.into() }
    }

    fn assigned(&mut self, assign: &Assign) -> Vec<Value> {
        let mut values = match &assign.value {
            Assigned::One(word) => vec![self.joined(word)],
            Assigned::Many(words) => words.iter().flat_map(|word| self.element(&assign.name, word)).collect(),
        };
        if assign.append
            && assign.index.is_none()
            && let Some(before) = self.chosen_variable(&assign.name)
        {
            let number = self.variables.get(&assign.name).is_some_and(|known| known.switches.has(Switches::INTEGER));
            values = match (&assign.value, before.first()) {
                (Assigned::One(_), Some(_)) if number => vec![Value::unknown(Flow::NONE)],
                (Assigned::One(_), Some(first)) => {
                    let mut joined = first.clone();
                    values.iter().for_each(|value| joined.push(value));
                    std::iter::once(joined).chain(before.iter().skip(1).cloned()).collect()
                }
                _ => before.into_iter().chain(values).collect(),
            };
            values.truncate(4 * crate::limits::FIELDS);
        }
        values
    }

    /// An element of an array; `[key]=value` is none that has its place in the row.
    fn element(&mut self, name: &str, word: &Word) -> Vec<Value> {
        if let Some(Part::Text(text)) = word.parts.first()
            && text.starts_with('[')
        {
            let whole = self.joined(word);
            if let Some((key, value)) = whole.text.strip_prefix('[').and_then(|rest| rest.split_once("]=")) {
                let value = Value { text: value.to_owned(), ..whole.clone() };
                self.set(&format!("{name}[{key}]"), vec![value]);
                return vec![Value::tangled(whole.flow)];
            }
        }
        self.fields(word)
    }

    /// `name[index]=value`.
    fn assign_at(&mut self, assign: &Assign, values: &[Value]) -> bool {
        let Some(index) = &assign.index else { return false };
        let key = self.joined(index);
        let keyed = self.variables.get(&assign.name).is_some_and(|known| known.switches.has(Switches::KEYED));
        let mut value = values.first().cloned().unwrap_or_default();
        let number = if keyed { None } else { self.calculated(&key).text.parse::<usize>().ok() };
        if let Some(number) = number.filter(|number| *number < crate::limits::FIELDS) {
            let mut all = self.chosen_variable(&assign.name).unwrap_or_default();
            if all.len() <= number {
                all.resize(number + 1, Value::default());
            }
            if let Some(place) = all.get_mut(number) {
                if assign.append {
                    let mut joined = place.clone();
                    joined.push(&value);
                    value = joined;
                }
                *place = value;
            }
            self.set(&assign.name, all);
            return true;
        }
        if keyed && key.is_known() {
            let name = format!("{}[{}]", assign.name, key.text);
            if assign.append {
                let mut joined = self.chosen_variable(&name).and_then(|all| all.into_iter().next()).unwrap_or_default();
                joined.push(&value);
                value = joined;
            }
            self.set(&name, vec![value]);
            return true;
        }
        // Which element it is is not known: any of them.
        let all = self.chosen_variable(&assign.name).unwrap_or_default().len().max(1);
        self.set(&assign.name, vec![Value::tangled(value.flow); all]);
        true
    }

    /// A command with its words known as far as they are.
    fn command(&mut self, words: Vec<Value>, environment: &[(String, Vec<Value>)]) -> Output {
        if words.is_empty() {
            for (name, values) in environment {
                self.set(name, values.clone());
                let value = values.first().cloned().unwrap_or_default();
                self.environment(name, &value, false);
            }
            return Output::default();
        }
        let mut covered = Vec::new();
        for (name, values) in environment {
            let value = values.first().cloned().unwrap_or_default();
            self.program.clear();
            self.environment(name, &value, true);
            covered.push((name.clone(), self.variables.get(name).cloned()));
            let fixed = self.variables.get(name).is_some_and(|known| known.switches.has(Switches::READONLY));
            if !fixed {
                let switches = Switches::default().with(Switches::EXPORTED);
                let process = self.process;
                self.assign(name, Variable { may: vec![Some(Rc::new(values.clone()))], switches, process });
            }
        }
        // What these set stays in some shells.
        let special = words.first().is_some_and(|word| {
            matches!(
                word.text.as_str(),
                "eval"
                    | "export"
                    | "readonly"
                    | "declare"
                    | "typeset"
                    | "local"
                    | "."
                    | "source"
                    | "set"
                    | "unset"
                    | "trap"
                    | "exec"
                    | ":"
                    | "shift"
                    | "return"
                    | "exit"
            )
        });
        let value = self.call(words);
        let output = self.all_told(value);
        if !covered.is_empty() {
            let with = if special { Some(self.snapshot()) } else { None };
            for (name, before) in covered.into_iter().rev() {
                match before {
                    Some(before) => {
                        self.variables.insert(name, before);
                    }
                    None => {
                        self.variables.remove(&name);
                    }
                }
            }
            if let Some(with) = with {
                self.meet(&with);
            }
        }
        output
    }

    /// Words of the shell: functions and builtins come first.
    pub(crate) fn call(&mut self, mut words: Vec<Value>) -> Value {
        self.outputs.clear();
        let Some(first) = words.first().cloned() else { return Value::default() };
        if let Some(function) = self.functions.get(&first.text) {
            let maybe = function.maybe || function.process < self.process;
            let before = maybe.then(|| self.snapshot());
            self.steps = self.steps.saturating_add(1);
            self.program.clone_from(&first.text);
            let arguments: Vec<Value> = words.iter().skip(1).cloned().collect();
            let output = self.function(&first.text, &arguments).unwrap_or_default();
            let Some(before) = before else { return output };
            // On another way, or in a process of its own, it is not defined.
            let outputs = std::mem::take(&mut self.outputs);
            let after = std::mem::replace(&mut self.state, before);
            let failed = self.failed.take();
            let other = self.known_to_the_shell(words);
            self.settle();
            if let Some(failed) = failed {
                self.meet(&failed);
            }
            self.meet(&after);
            let all = Output::of(outputs).or(self.all_told(other));
            return self.told(all);
        }
        words.truncate(2 * crate::limits::FIELDS);
        self.known_to_the_shell(words)
    }

    pub(crate) fn known_to_the_shell(&mut self, words: Vec<Value>) -> Value {
        self.words_run(words, true)
    }

    /// Runs words as a process of its own: the first names the program.
    pub(crate) fn run(&mut self, words: Vec<Value>) -> Value {
        self.outputs.clear();
        self.process += 1;
        let output = self.aside(|machine| machine.anew(|machine| machine.words_run(words, false)));
        self.failed = None;
        self.process -= 1;
        self.outputs.clear();
        output
    }

    fn words_run(&mut self, mut words: Vec<Value>, shell: bool) -> Value {
        self.steps = self.steps.saturating_add(1);
        if self.is_spent() || self.level > crate::limits::RUN_LEVELS {
            self.puzzled("too many commands to be followed");
            return Value::tangled(Flow::OUTPUT);
        }
        // An empty first word is what a variable without value leaves.
        while words.first().is_some_and(|word| word.text.is_empty() && words.len() > 1) {
            words.remove(0);
        }
        let Some(first) = words.first().cloned() else { return Value::default() };
        self.made(words.iter().map(|word| word.text.len()).sum());
        let shown: Vec<String> = words.iter().take(64).map(Value::shown).collect();
        let name = crate::path::base(&first.text).to_owned();
        self.program = name.replace(UNKNOWN, "…");
        self.act(ActKind::RunCommand, shown.join(" "), Traits::NONE, "");
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
        // zsh: `=name` is the path of a program.
        if let Some(named) = first.text.strip_prefix('=').filter(|named| !named.is_empty()) {
            self.puzzled("a program that some shells look up");
            let named = Value { text: named.to_owned(), ..first.clone() };
            let mut words = vec![named];
            words.extend(arguments);
            let output = self.words_run(words, shell);
            self.level -= 1;
            return output;
        }
        if !SAYS_ONLY.contains(&name.as_str()) && arguments.iter().any(Value::is_tangled) {
            self.puzzled("what it is given is made in a way that is not followed");
        }
        if first.text.contains('/') || !crate::programs::is_builtin(&name) {
            let eats = !shell || crate::programs::eats_input(&name, &arguments);
            let inner = self.process;
            self.process += usize::from(shell);
            let output = if shell {
                self.aside(|machine| machine.anew(|machine| machine.program(&first, &name, &arguments)))
            } else {
                self.program(&first, &name, &arguments)
            };
            self.process = inner;
            if shell {
                self.failed = None;
            }
            if name == "mkdir" && shell {
                self.folders_made(&arguments);
            }
            if eats && shell && !self.stdin.text.is_empty() {
                self.state.stdin = Value::tangled(self.stdin.flow);
            }
            self.level -= 1;
            return output;
        }
        let output = self.program(&first, &name, &arguments);
        self.level -= 1;
        output
    }

    /// `mkdir`: if it does not fail, the folders are there.
    fn folders_made(&mut self, arguments: &[Value]) {
        let before = self.snapshot();
        let operands = arguments.iter().filter(|value| !value.text.starts_with('-') && value.is_known());
        let paths: Vec<String> = operands.take(64).map(|value| self.resolve(value)).collect();
        self.made.extend(paths);
        self.failed = Some(Box::new(before));
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
        // It may be one that changes the shell.
        Value::tangled(Flow::OUTPUT)
    }
}
