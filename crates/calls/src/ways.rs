//! A command is followed once for each value that what it uses may have; where ways meet, what they know is joined.

use std::rc::Rc;

use crate::limits::COMBINATIONS;
use crate::machine::{Machine, Pick};
use crate::output::Output;
use crate::shell::tree::{Node, Redirect, RedirectKind};
use crate::state::{Shared, State, Switches};
use crate::value::{Flow, Value};

impl Machine<'_> {
    /// The state becomes what it is where this way and another meet.
    pub(crate) fn meet(&mut self, other: &State) {
        let place = self.place;
        let state = std::mem::take(&mut self.state);
        self.made(state.stdin.text.len());
        self.state = state.joined(other, |path| crate::path::zone(path, place));
    }

    /// What the last command leaves, whether it failed or not.
    pub(crate) fn settle(&mut self) {
        if let Some(failed) = self.failed.take()
            && (self.tested > 0 || !self.switches.has(Switches::ERREXIT))
        {
            self.meet(&failed);
        }
    }

    /// In a shell of its own: what changes ends with it, but for what it does on disk.
    pub(crate) fn aside<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.snapshot();
        let exits = std::mem::take(&mut self.exits);
        let loops = std::mem::take(&mut self.loops);
        self.traps = Shared::default();
        let result = run(self);
        self.settle();
        if !self.traps.is_empty() || !self.exits.is_empty() {
            let program = self.program.clone();
            self.end();
            self.program = program;
        }
        self.exits = exits;
        self.loops = loops;
        let after = std::mem::replace(&mut self.state, before);
        self.state.written = after.written;
        self.state.links = after.links;
        self.state.made = after.made;
        // What git is told stays in its files.
        for (name, text) in after.aliases.iter().filter(|(name, _)| name.starts_with("git ")) {
            if self.state.aliases.get(name) != Some(text) {
                self.state.aliases.insert(name.clone(), text.clone());
            }
        }
        result
    }

    /// Which of `count` ways the command that is followed takes here; none if it is followed once only.
    pub(crate) fn pick(&mut self, name: &str, count: usize) -> Option<usize> {
        let picks = self.choosing.as_mut()?;
        if let Some(pick) = picks.iter_mut().find(|pick| pick.name == name) {
            pick.count = pick.count.max(count);
            return Some(pick.taken.min(count.saturating_sub(1)));
        }
        picks.push(Pick { name: name.to_owned(), taken: 0, count });
        Some(0)
    }

    /// Follows something once for each value that what it uses may have; afterwards all that may be is joined.
    pub(crate) fn each<T>(&mut self, mut run: impl FnMut(&mut Self) -> T) -> Vec<T> {
        if self.choosing.is_some() {
            return vec![run(self)];
        }
        let before = self.snapshot();
        let mut results = Vec::new();
        let mut ways: Option<(State, State, bool)> = None;
        let mut picks = Vec::new();
        loop {
            self.choosing = Some(picks);
            self.substitutions = 0;
            self.failed = None;
            let mut folders = std::mem::take(&mut self.state.cwds);
            if !folders.is_empty()
                && let Some(taken) = self.pick("cd", folders.len() + 1)
                && taken > 0
            {
                self.state.cwd = folders.swap_remove(taken - 1);
            }
            results.push(run(self));
            picks = self.choosing.take().unwrap_or_default();
            let after = std::mem::replace(&mut self.state, before.clone());
            let failed = self.failed.take();
            let differs = failed.is_some();
            let failed = failed.map_or_else(|| after.clone(), |failed| *failed);
            let place = self.place;
            let zone = |path: &str| crate::path::zone(path, place);
            ways = Some(match ways {
                None => (after, failed, differs),
                Some((good, bad, any)) => (good.joined(&after, zone), bad.joined(&failed, zone), any || differs),
            });
            while picks.last().is_some_and(|pick| pick.taken + 1 >= pick.count) {
                picks.pop();
            }
            let Some(last) = picks.last_mut() else { break };
            last.taken += 1;
            if results.len() >= COMBINATIONS {
                self.puzzled("what it works on may be too many things");
                break;
            }
            if self.is_spent() {
                break;
            }
        }
        if let Some((good, bad, differs)) = ways {
            self.state = good;
            self.failed = differs.then(|| Box::new(bad));
        }
        results
    }

    /// `$( … )`: what it writes, without the newlines at the end.
    pub(crate) fn substitution(&mut self, node: &Rc<Node>) -> Value {
        let node = Rc::clone(node);
        let (program, span) = (self.program.clone(), self.span);
        let number = self.substitutions;
        self.substitutions += 1;
        let output = self.captured(|machine| {
            machine.state.switches = machine.state.switches.without(Switches::ERREXIT);
            match read_only(&node) {
                // `$(< file)`
                Some(redirect) => {
                    machine.redirected(std::slice::from_ref(redirect), |machine| machine.state.stdin.clone().into())
                }
                None => machine.follow(&node),
            }
        });
        self.failed = None;
        self.program = program;
        self.span = span;
        let mut values = output.clone().values();
        let mut value = match values.len() {
            1 => values.swap_remove(0),
            count => match self.pick(&format!("$({number})"), count) {
                Some(taken) if taken < count => values.swap_remove(taken),
                _ => output.value(),
            },
        };
        let end = value.text.trim_end_matches('\n').len();
        value.text.truncate(end);
        value = value.into_output();
        self.made(end);
        if !value.is_known() {
            value.flow = value.flow.with(Flow::OUTPUT);
        }
        value
    }

    /// In a shell of its own, with what it writes to where nobody follows it counted in.
    pub(crate) fn captured(&mut self, run: impl FnOnce(&mut Self) -> Output) -> Output {
        let stray = std::mem::take(&mut self.stray);
        let left = std::mem::take(&mut self.left_early);
        let output = self.aside(run);
        let lost = std::mem::replace(&mut self.stray, stray);
        let cut = std::mem::replace(&mut self.left_early, left);
        if lost || cut && output.says() { Output::from(Value::tangled(output.value().flow)) } else { output }
    }
}

/// The redirection of a command that is nothing but `< file`.
fn read_only(node: &Node) -> Option<&Redirect> {
    let Node::Sequence(nodes) = node else { return None };
    let [Node::Simple(simple)] = nodes.as_slice() else { return None };
    match simple.redirects.as_slice() {
        [redirect] if redirect.kind == RedirectKind::Read && simple.words.is_empty() && simple.assigns.is_empty() => {
            Some(redirect)
        }
        _ => None,
    }
}
