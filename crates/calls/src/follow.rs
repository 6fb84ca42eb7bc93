//! The ways through a shell's tree: where they part, and what is known where they meet again.

use std::rc::Rc;

use crate::Traits;
use crate::limits::{FOLLOW_LEVELS, ROUNDS};
use crate::machine::Machine;
use crate::output::Output;
use crate::shell::tree::{Arm, Node, Word};
use crate::state::{Shared, State, Variable, one_of};
use crate::value::{Flow, UNKNOWN, Value};

impl Machine<'_> {
    /// Follows a command, and gives what it would write.
    pub(crate) fn follow(&mut self, node: &Node) -> Output {
        self.steps = self.steps.saturating_add(1);
        self.settle();
        if self.is_spent() {
            return Output::from(Value::tangled(Flow::OUTPUT));
        }
        if self.depth > FOLLOW_LEVELS {
            self.puzzled("too deeply nested to be followed");
            return Output::from(Value::tangled(Flow::OUTPUT));
        }
        self.depth += 1;
        let dead = self.dead;
        let output = self.follow_here(node);
        self.depth -= 1;
        // Behind the end nothing is written; what it would do counts all the same.
        if dead {
            self.state.dead = true;
            return Output::default();
        }
        output
    }

    fn follow_here(&mut self, node: &Node) -> Output {
        match node {
            Node::Simple(simple) => self.simple(simple),
            Node::Sequence(nodes) => {
                nodes.iter().fold(Output::default(), |output, node| output.then(&self.follow(node)))
            }
            Node::Chain(first, rest) => self.chain(first, rest),
            Node::Not(node) => {
                self.tested += 1;
                let output = self.follow(node);
                self.tested -= 1;
                if let Some(failed) = self.failed.take() {
                    let good = std::mem::replace(&mut self.state, *failed);
                    self.failed = Some(Box::new(good));
                }
                output
            }
            Node::Pipe(nodes) => self.pipe(nodes),
            Node::Background(node) => self.background(node),
            Node::Subshell(body, redirects) => {
                let output = self.aside(|machine| machine.redirected(redirects, |machine| machine.follow(body)));
                self.failed = None;
                output
            }
            Node::Group(body, redirects) => self.redirected(redirects, |machine| machine.follow(body)),
            Node::If(arms, otherwise, redirects) => {
                self.redirected(redirects, |machine| machine.branches(arms, otherwise.as_deref()))
            }
            Node::Loop(test, body, redirects) => self.redirected(redirects, |machine| {
                let before = machine.acts.len();
                let output = machine.looped(test, body);
                if crate::programs::never_ends(test, body) && machine.acts.len() >= before {
                    machine.mark(Traits::EXHAUSTS, "a loop that nothing ends");
                }
                output
            }),
            Node::For { name, words, body, redirects } => {
                self.redirected(redirects, |machine| machine.rounds(name, words.as_deref(), body))
            }
            Node::Case { word, arms, redirects } => self.redirected(redirects, |machine| machine.case(word, arms)),
            Node::Function { name, body } => {
                self.define(name, body);
                Output::default()
            }
            Node::Test(words, redirects) => {
                self.each(|machine| {
                    let values: Vec<Value> = words.iter().map(|word| machine.joined(word)).collect();
                    crate::programs::arithmetic_traps(machine, &values);
                    machine.compared(&values);
                });
                self.redirected(redirects, |_| Output::default())
            }
            Node::Arithmetic(word, redirects) => {
                self.each(|machine| machine.arithmetic(word));
                self.redirected(redirects, |_| Output::default())
            }
        }
    }

    /// The state when the last command has failed.
    fn bad(&mut self) -> State {
        match self.failed.take() {
            Some(failed) => *failed,
            None => self.snapshot(),
        }
    }

    fn chain(&mut self, first: &Node, rest: &[(bool, Node)]) -> Output {
        self.tested += 1;
        let mut output = self.follow(first);
        let entered = calls(first, "cd") && (self.failed.is_none() || self.cwd.contains(UNKNOWN));
        let mut bad = self.bad();
        for (index, (and, node)) in rest.iter().enumerate() {
            if index + 1 == rest.len() {
                self.tested -= 1;
            }
            let good = self.snapshot();
            if *and {
                // `$(cd "$(dirname "$0")" && pwd)`: a folder that was there before the call.
                let there = entered && rest.len() == 1 && calls(node, "pwd");
                let said = self.follow(node);
                let failed = self.bad();
                bad = self.both(bad, &failed);
                output = output.then(&if there { said } else { said.maybe() });
            } else {
                self.state = bad;
                let said = self.follow(node);
                bad = self.bad();
                self.meet(&good);
                output = output.then(&said.maybe());
            }
        }
        // `set -e` does not end the shell for a part of such a list.
        self.meet(&bad);
        output
    }

    pub(crate) fn both(&self, one: State, other: &State) -> State {
        one.joined(other, |path| crate::path::zone(path, self.place))
    }

    fn branches(&mut self, arms: &[(Node, Node)], otherwise: Option<&Node>) -> Output {
        let mut tests = Output::default();
        let mut output: Option<Output> = None;
        let mut ends: Option<State> = None;
        for (test, body) in arms {
            self.tested += 1;
            tests = tests.then(&self.follow(test));
            self.tested -= 1;
            let bad = self.bad();
            let said = tests.clone().then(&self.follow(body));
            self.settle();
            output = Some(match output {
                Some(output) => output.or(said),
                None => said,
            });
            let end = std::mem::replace(&mut self.state, bad);
            ends = Some(match ends {
                Some(ends) => self.both(ends, &end),
                None => end,
            });
        }
        if let Some(node) = otherwise {
            tests = tests.then(&self.follow(node));
            self.settle();
        }
        if let Some(ends) = ends {
            self.meet(&ends);
        }
        output.map_or_else(Output::default, |output| output.or(tests))
    }

    fn case(&mut self, word: &Word, arms: &[Arm]) -> Output {
        self.each(|machine| machine.joined(word));
        self.settle();
        let start = self.snapshot();
        let mut output: Option<Output> = None;
        let mut ends: Option<State> = None;
        let mut falls: Option<(State, Output)> = None;
        let mut all = false;
        for arm in arms {
            self.state = start.clone();
            for pattern in &arm.patterns {
                all |= pattern.plain() == Some("*");
                self.each(|machine| machine.joined(pattern));
                self.settle();
            }
            let mut before = Output::default();
            if let Some((state, said)) = falls.take() {
                self.meet(&state);
                before = before.or(said);
            }
            let said = before.then(&self.follow(&arm.body));
            self.settle();
            if arm.falls {
                falls = Some((self.snapshot(), said.clone()));
            }
            output = Some(match output {
                Some(output) => output.or(said),
                None => said,
            });
            let end = self.snapshot();
            ends = Some(match ends {
                Some(ends) => self.both(ends, &end),
                None => end,
            });
        }
        let Some((ends, output)) = ends.zip(output) else { return Output::default() };
        self.state = ends;
        if all {
            return output;
        }
        self.meet(&start);
        output.maybe()
    }

    fn background(&mut self, node: &Node) -> Output {
        let piped = std::mem::replace(&mut self.piped, true);
        let before = self.snapshot();
        let output = self.aside(|machine| machine.follow(node));
        self.failed = None;
        self.piped = piped;
        // It may not yet have written what it writes.
        self.meet(&before);
        self.stray |= !output.is_empty();
        Output::default()
    }

    fn pipe(&mut self, nodes: &[Node]) -> Output {
        let piped = std::mem::replace(&mut self.piped, true);
        let mut inputs = vec![self.stdin.clone()];
        let before = self.snapshot();
        for (index, node) in nodes.iter().enumerate() {
            let last = index + 1 == nodes.len();
            let mut outputs = Vec::new();
            for input in std::mem::take(&mut inputs) {
                let run = |machine: &mut Self| {
                    machine.state.stdin = input;
                    machine.anew_if(index > 0, |machine| machine.follow(node))
                };
                let output = if last {
                    // Some shells run the last part themselves.
                    let output = self.aside(|machine| {
                        let output = run(machine);
                        machine.settle();
                        (output, machine.snapshot())
                    });
                    let (output, mut state) = output;
                    state.stdin = before.stdin.clone();
                    state.traps = before.traps.clone();
                    state.dead = false;
                    if index > 0 {
                        self.meet(&state);
                    }
                    output
                } else {
                    self.captured(run)
                };
                self.failed = None;
                outputs.extend(output.values());
            }
            inputs = Output::of(outputs).values().into_iter().map(Value::into_output).collect();
        }
        self.piped = piped;
        Output::of(inputs)
    }

    fn anew_if<T>(&mut self, anew: bool, run: impl FnOnce(&mut Self) -> T) -> T {
        if anew { self.anew(run) } else { run(self) }
    }

    /// States at which the round was left.
    fn left(&mut self) -> Vec<State> {
        self.loops.last_mut().map(std::mem::take).unwrap_or_default()
    }

    fn looped(&mut self, test: &Node, body: &Node) -> Output {
        self.loops.push(Vec::new());
        let mut output = Output::default();
        let mut ends: Option<State> = None;
        let mut widened = false;
        for round in 0..ROUNDS {
            let before = self.snapshot();
            self.ended = false;
            self.tested += 1;
            let said = self.follow(test);
            self.tested -= 1;
            output = output.then(&said);
            let ended = std::mem::take(&mut self.ended);
            let mut bad = self.bad();
            bad.dead = false;
            ends = Some(match ends {
                // All that was there is read: no earlier end.
                Some(ends) if !ended => self.both(ends, &bad),
                _ => bad,
            });
            if ended {
                break;
            }
            let said = self.follow(body);
            self.settle();
            output = output.then(&said.maybe());
            for state in self.left() {
                self.meet(&state);
                ends = ends.map(|ends| self.both(ends, &state));
            }
            if widened || self.state.same(&before) || self.is_spent() {
                break;
            }
            let reading = before.stdin != self.stdin && self.stdin.is_known();
            if !reading && round >= 1 || round + 2 >= ROUNDS {
                self.widen(&before);
                output = Output::from(output.value());
                widened = true;
            }
        }
        self.loops.pop();
        if let Some(ends) = ends {
            let after = std::mem::replace(&mut self.state, ends);
            if !self.stdin.text.is_empty() || widened {
                self.meet(&after);
            }
        }
        output
    }

    /// What a round has changed may be anything after many.
    fn widen(&mut self, before: &State) {
        let changed: Vec<String> = self
            .variables
            .iter()
            .filter(|(name, variable)| before.variables.get(*name) != Some(variable))
            .map(|(name, _)| name.clone())
            .collect();
        let process = self.process;
        for name in changed {
            let Some(variable) = self.variables.get(&name) else { continue };
            let values: Vec<Value> = variable.may.iter().flatten().flat_map(|values| values.iter().cloned()).collect();
            let switches = variable.switches;
            let any = if values.iter().all(|value| one_of(&[value.clone(), Value::known("0")]).is_tangled()) {
                Value::tangled(values.iter().fold(Flow::NONE, |flow, value| flow.with(value.flow)))
            } else {
                one_of(&[values, vec![Value::unknown(Flow::NONE)]].concat())
            };
            let mut may = variable.may.clone();
            may.retain(|one| one.as_ref().is_none_or(|values| values.iter().all(Value::is_known)));
            may.push(Some(Rc::new(vec![any])));
            self.assign(&name, Variable { may, switches, process });
        }
        if before.cwd != self.cwd || before.cwds != self.cwds {
            self.state.cwds.push(format!("/{UNKNOWN}"));
        }
        if before.stdin != self.stdin {
            self.state.stdin = Value::tangled(self.stdin.flow);
        }
        if before.positional != self.positional {
            self.state.positional = Some(vec![Value::tangled(Flow::NONE)]);
        }
    }

    fn rounds(&mut self, name: &str, words: Option<&[Word]>, body: &Node) -> Output {
        let lists: Vec<Vec<Value>> = match words {
            Some(words) => self.each(|machine| words.iter().flat_map(|word| machine.fields(word)).collect()),
            None => vec![self.positional.clone().unwrap_or_else(|| vec![Value::unknown(Flow::NONE)])],
        };
        self.settle();
        let mut exact = lists.len() == 1;
        let mut values: Vec<Value> = lists.into_iter().flatten().collect();
        let pattern = |value: &Value| value.glob && value.text.contains(['*', '?', '[']);
        exact &= values.iter().all(|value| value.is_known() && !pattern(value));
        if values.len() > ROUNDS {
            if crate::programs::spawns_without_end(body) {
                self.mark(Traits::EXHAUSTS, "starts very many processes");
            }
            values = self.worth_a_round(values);
            exact = false;
        }
        if values.iter().any(|value| value.flow.has(Flow::ENDLESS)) {
            self.mark(Traits::EXHAUSTS, "a loop of very many rounds");
        }
        self.loops.push(Vec::new());
        let mut output = Output::default();
        let mut ends: Option<State> = None;
        let start = self.snapshot();
        let last = values.last().cloned();
        let mut before = start.clone();
        for value in values.into_iter().chain(if exact { None } else { last.clone() }) {
            before = self.snapshot();
            self.round(name, value, body, &mut output, &mut ends, exact);
        }
        if !exact && !self.state.same(&before) {
            self.widen(&before);
            if let Some(last) = last {
                self.round(name, last, body, &mut output, &mut ends, exact);
            }
        }
        self.loops.pop();
        if let Some(ends) = ends {
            self.state.dead = false;
            self.meet(&ends);
        }
        if !exact {
            self.meet(&start);
        }
        output
    }

    fn round(
        &mut self,
        name: &str,
        value: Value,
        body: &Node,
        output: &mut Output,
        ends: &mut Option<State>,
        exact: bool,
    ) {
        // The names that a pattern stands for stay a list of files, also in quotes.
        let listed = value.glob && crate::could::is_pattern(&value.text);
        self.set_one(name, if listed { value.flowing(Flow::LIST) } else { value });
        let said = self.follow(body);
        self.settle();
        let said = if exact { said } else { said.maybe() };
        *output = std::mem::take(output).then(&said);
        for state in self.left() {
            self.meet(&state);
            *ends = Some(match ends.take() {
                Some(ends) => self.both(ends, &state),
                None => state,
            });
        }
    }

    /// Of very many values those that could matter, and one for the rest.
    fn worth_a_round(&mut self, values: Vec<Value>) -> Vec<Value> {
        let number = |value: &Value| value.text.chars().all(|c| c.is_ascii_digit());
        let (numbers, others): (Vec<Value>, Vec<Value>) = values.into_iter().partition(number);
        let mut kept: Vec<Value> = numbers.into_iter().take(3).collect();
        if !kept.is_empty() {
            kept.push(Value::unknown(Flow::NONE));
        }
        for value in &others {
            if self.names_secret(value) {
                self.read(value);
            }
        }
        let many = others.len() > ROUNDS;
        kept.extend(others.into_iter().take(ROUNDS));
        if many {
            kept.push(Value::tangled(Flow::NONE));
        }
        kept
    }
}

/// Whether it is a call of that program.
fn calls(node: &Node, name: &str) -> bool {
    matches!(node, Node::Simple(simple) if simple.words.first().and_then(Word::plain) == Some(name))
}

impl State {
    /// Whether a round has changed nothing.
    fn same(&self, other: &Self) -> bool {
        self.cwd == other.cwd
            && self.cwds == other.cwds
            && self.dead == other.dead
            && self.stdin == other.stdin
            && self.positional == other.positional
            && *self.variables == *other.variables
            && self.written == other.written
            && self.functions.len() == other.functions.len()
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}
