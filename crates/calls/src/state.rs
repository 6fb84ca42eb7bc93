//! What a shell knows at a point of its text, and what it may know where two ways meet.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use crate::limits::ALTERNATIVES;
use crate::machine::Written;
use crate::output::Output;
use crate::path::Zone;
use crate::shell::tree::Node;
use crate::value::{Flow, UNKNOWN, Value};

/// Copied only when one of its holders changes it.
#[derive(Debug, Default)]
pub(crate) struct Shared<T>(Rc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Rc::make_mut(&mut self.0)
    }
}

impl<T: Clone> IntoIterator for Shared<Vec<T>> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        Rc::unwrap_or_clone(self.0).into_iter()
    }
}

impl<T> Shared<T> {
    fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A set of switches, of a variable or of the shell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Switches(u16);

impl Switches {
    pub(crate) const EXPORTED: Self = Self(1);
    pub(crate) const READONLY: Self = Self(2);
    pub(crate) const INTEGER: Self = Self(4);
    pub(crate) const LOWER: Self = Self(8);
    pub(crate) const UPPER: Self = Self(16);
    pub(crate) const KEYED: Self = Self(32);
    /// A command that fails ends the shell.
    pub(crate) const ERREXIT: Self = Self(64);
    /// What is assigned is exported.
    pub(crate) const ALLEXPORT: Self = Self(128);
    /// Set on one way only.
    pub(crate) const UNSURE: Self = Self(256);

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What holds on both ways, and whether more holds on one.
    fn both(self, other: Self) -> Self {
        if self == other { self } else { Self(self.0 & other.0).with(Self::UNSURE) }
    }
}

/// A variable of the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    /// What it may be; `None` is what it was before the call.
    pub(crate) may: Vec<Option<Rc<Vec<Value>>>>,
    pub(crate) switches: Switches,
    /// The process, counted from the first, that set it: those inside see it only if it was exported.
    pub(crate) process: usize,
}

/// A function of the call.
#[derive(Debug, Clone)]
pub(crate) struct Function {
    pub(crate) bodies: Vec<Rc<Node>>,
    /// On another way it is not defined, and a program of that name runs.
    pub(crate) maybe: bool,
    pub(crate) process: usize,
}

/// Where what is written to a descriptor goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sink {
    /// To the descriptor of that number, as it is outside.
    Outer(u32),
    File(Value, bool),
    Nowhere,
    /// Not followed.
    Stray,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) cwd: String,
    /// Where else the shell may be.
    pub(crate) cwds: Vec<String>,
    pub(crate) previous: String,
    pub(crate) stdin: Value,
    /// `$1` …, where they are known.
    pub(crate) positional: Option<Vec<Value>>,
    pub(crate) variables: Shared<HashMap<String, Variable>>,
    pub(crate) functions: Shared<HashMap<String, Function>>,
    pub(crate) aliases: Shared<HashMap<String, String>>,
    /// What can be read from descriptors.
    pub(crate) descriptors: Shared<Vec<(u32, Value)>>,
    /// Where descriptors lead that `exec` has opened.
    pub(crate) sinks: Shared<Vec<(u32, Sink)>>,
    pub(crate) traps: Shared<Vec<String>>,
    pub(crate) switches: Switches,
    /// This way has ended (`exit`, `return`, `break`): what follows is on another.
    pub(crate) dead: bool,
    pub(crate) written: Shared<Vec<Written>>,
    pub(crate) links: Shared<Vec<(String, String)>>,
    /// Where `popd` leads.
    pub(crate) folders: Shared<Vec<String>>,
    /// Folders that are there.
    pub(crate) made: Shared<Vec<String>>,
}

/// One value for several that are possible.
pub(crate) fn one_of(values: &[Value]) -> Value {
    let Some(first) = values.first() else { return Value::default() };
    if values.iter().all(|value| value == first) {
        return first.clone();
    }
    let flow = values.iter().fold(Flow::NONE, |flow, value| flow.with(value.flow));
    let number = |value: &Value| value.text.trim().chars().all(|c| c.is_ascii_digit() || c == UNKNOWN);
    if values.iter().all(number) { Value::unknown(flow) } else { Value::tangled(flow) }
}

impl Variable {
    /// Values that came to be in several ways.
    pub(crate) fn joined(&self, other: &Self) -> Self {
        let mut may = self.may.clone();
        for one in &other.may {
            if !may.contains(one) {
                may.push(one.clone());
            }
        }
        if may.len() > ALTERNATIVES {
            let values: Vec<Value> = may.iter().flatten().flat_map(|values| values.iter().cloned()).collect();
            may = vec![Some(Rc::new(vec![one_of(&values)]))];
        }
        Self { may, switches: self.switches.both(other.switches), process: self.process.max(other.process) }
    }

    fn unset() -> Self {
        Self { may: vec![None], switches: Switches::default(), process: 0 }
    }
}

impl State {
    /// What is known where this way and another meet.
    pub(crate) fn joined(mut self, other: &Self, zone: impl Fn(&str) -> Zone) -> Self {
        if other.dead {
            return self;
        }
        if self.dead {
            return other.clone();
        }
        self.join_folders(other, zone);
        self.join_names(other);
        if self.positional != other.positional {
            self.positional = Some(vec![Value::tangled(Flow::NONE)]);
        }
        if self.stdin != other.stdin {
            self.stdin = one_of(&[std::mem::take(&mut self.stdin), other.stdin.clone()]);
        }
        if !self.descriptors.same(&other.descriptors) && *self.descriptors != *other.descriptors {
            let more: Vec<_> =
                other.descriptors.iter().map(|(number, value)| (*number, Value::tangled(value.flow))).collect();
            self.descriptors.extend(more);
        }
        if !self.sinks.same(&other.sinks) && *self.sinks != *other.sinks {
            let numbers: Vec<u32> = self.sinks.iter().chain(other.sinks.iter()).map(|(number, _)| *number).collect();
            *self.sinks = numbers.into_iter().map(|number| (number, Sink::Stray)).collect();
        }
        if !self.traps.same(&other.traps) {
            let more: Vec<String> = other.traps.iter().filter(|text| !self.traps.contains(text)).cloned().collect();
            self.traps.extend(more);
        }
        self.switches = self.switches.both(other.switches).without(Switches::UNSURE);
        if self.folders != other.folders {
            *self.folders = vec![format!("/{UNKNOWN}")];
        }
        self.join_disk(other);
        self
    }

    fn join_folders(&mut self, other: &Self, zone: impl Fn(&str) -> Zone) {
        for folder in std::iter::once(&other.cwd).chain(&other.cwds) {
            if *folder != self.cwd && !self.cwds.contains(folder) {
                self.cwds.push(folder.clone());
            }
        }
        if self.cwds.len() >= ALTERNATIVES {
            // Those where the most could be lost are kept.
            self.cwds.sort_by_key(|folder| match zone(folder) {
                Zone::HomeRoot | Zone::Root => 0,
                _ if folder.contains(UNKNOWN) => 0,
                Zone::System | Zone::AboveProject | Zone::Device => 1,
                Zone::Home | Zone::Elsewhere => 2,
                Zone::ProjectRoot => 3,
                Zone::Project => 4,
                Zone::Temp => 5,
            });
            self.cwds.truncate(ALTERNATIVES - 1);
        }
        if self.previous != other.previous {
            self.previous = format!("/{UNKNOWN}");
        }
    }

    fn join_names(&mut self, other: &Self) {
        if !self.variables.same(&other.variables) {
            let mine: Vec<String> =
                self.variables.keys().filter(|name| !other.variables.contains_key(*name)).cloned().collect();
            for name in mine {
                if let Some(variable) = self.variables.get_mut(&name) {
                    *variable = variable.joined(&Variable::unset());
                }
            }
            for (name, theirs) in other.variables.iter() {
                match self.variables.get(name) {
                    Some(mine) if mine == theirs => {}
                    Some(mine) => {
                        let joined = mine.joined(theirs);
                        self.variables.insert(name.clone(), joined);
                    }
                    None => {
                        let joined = Variable::unset().joined(theirs);
                        self.variables.insert(name.clone(), joined);
                    }
                }
            }
        }
        if !self.functions.same(&other.functions) {
            for (name, function) in self.functions.iter_mut() {
                function.maybe |= !other.functions.contains_key(name);
            }
            for (name, theirs) in other.functions.iter() {
                let mine = self.functions.entry(name.clone()).or_insert_with(|| Function {
                    bodies: Vec::new(),
                    maybe: true,
                    process: theirs.process,
                });
                mine.maybe |= theirs.maybe;
                for body in &theirs.bodies {
                    if !mine.bodies.iter().any(|known| Rc::ptr_eq(known, body)) {
                        mine.bodies.push(Rc::clone(body));
                    }
                }
            }
        }
        if !self.aliases.same(&other.aliases) {
            for (name, theirs) in other.aliases.iter() {
                match self.aliases.get(name) {
                    Some(mine) if mine == theirs => {}
                    Some(_) => {
                        self.aliases.insert(name.clone(), UNKNOWN.to_string());
                    }
                    None => {
                        self.aliases.insert(name.clone(), theirs.clone());
                    }
                }
            }
        }
    }

    fn join_disk(&mut self, other: &Self) {
        if !self.written.same(&other.written) {
            let last = |files: &[Written], path: &str| -> Option<Value> {
                files.iter().rev().find(|file| file.path == path).map(|file| file.content.clone())
            };
            let mut paths: Vec<String> =
                self.written.iter().chain(other.written.iter()).map(|file| file.path.clone()).collect();
            paths.sort_unstable();
            paths.dedup();
            for path in paths {
                let (mine, theirs) = (last(&self.written, &path), last(&other.written, &path));
                if mine != theirs {
                    let content = match (mine, theirs) {
                        (Some(mine), Some(theirs)) => Output::of(vec![mine, theirs]).value(),
                        (one, other) => Value::tangled(one.or(other).map_or(Flow::NONE, |value| value.flow)),
                    };
                    self.written.push(Written { path, content });
                }
            }
        }
        if !self.links.same(&other.links) {
            let more: Vec<_> = other.links.iter().filter(|link| !self.links.contains(link)).cloned().collect();
            self.links.extend(more);
        }
        if !self.made.same(&other.made) {
            let theirs = other.made.clone();
            self.made.retain(|folder| theirs.contains(folder));
        }
    }
}
