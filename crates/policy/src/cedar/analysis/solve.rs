//! Whether formulas can hold together.

use std::collections::HashMap;

use super::formula::{Fact, Facts, Formula};
use crate::compiled::is_like;

/// The most looks at formulas for one question; beyond, nothing is proven.
const MAX_LOOKS: usize = 100_000;
/// The same for a whole analysis.
pub(super) const MAX_LOOKS_IN_ALL: usize = 30_000_000;

/// What is assumed of the facts.
type Assumed = HashMap<usize, bool>;

/// Whether it is proven that all of `these` and none of `those` cannot hold together.
pub(super) fn impossible(these: &[&Formula], those: &[&Formula], facts: &Facts) -> bool {
    if these.contains(&&Formula::Is(false)) {
        return true;
    }
    let looks = facts.looks.get().min(MAX_LOOKS);
    let mut search = Search { these, those, facts, looks };
    let possible = search.possible(&mut Assumed::new());
    facts.looks.set(facts.looks.get() - (looks - search.looks));
    possible == Some(false)
}

struct Search<'f> {
    these: &'f [&'f Formula],
    those: &'f [&'f Formula],
    facts: &'f Facts,
    looks: usize,
}

impl Search<'_> {
    /// Whether the formulas can hold; nothing where it takes too long to tell.
    fn possible(&mut self, assumed: &mut Assumed) -> Option<bool> {
        self.looks = self.looks.checked_sub(self.these.len() + self.those.len())?;
        let mut open = None;
        let wanted = self.these.iter().map(|formula| (*formula, true));
        for (formula, wanted) in wanted.chain(self.those.iter().map(|formula| (*formula, false))) {
            match value(formula, assumed) {
                Some(value) if value != wanted => return Some(false),
                Some(_) => {}
                None => open = open.or_else(|| first_open(formula, assumed)),
            }
        }
        let Some(atom) = open else { return Some(true) };
        let mut known = true;
        for assumption in [true, false] {
            if !self.consistent(atom, assumption, assumed) {
                continue;
            }
            assumed.insert(atom, assumption);
            let possible = self.possible(assumed);
            assumed.remove(&atom);
            match possible {
                Some(true) => return Some(true),
                Some(false) => {}
                None => known = false,
            }
        }
        if known { Some(false) } else { None }
    }

    /// Whether an assumption contradicts no other: an expression has one value, and a value is like a pattern or not.
    fn consistent(&self, atom: usize, holds: bool, assumed: &Assumed) -> bool {
        let Some(fact) = self.facts.all.get(atom) else { return true };
        assumed.iter().all(|(other, other_holds)| match (fact, self.facts.all.get(*other)) {
            (Fact::Equal(of, _), Some(Fact::Equal(other, _))) => !(holds && *other_holds && of == other),
            (Fact::Equal(of, value), Some(Fact::Like(other, pattern))) => {
                !holds || of != other || is_like(value, pattern) != Some(!*other_holds)
            }
            (Fact::Like(other, pattern), Some(Fact::Equal(of, value))) => {
                !*other_holds || of != other || is_like(value, pattern) != Some(!holds)
            }
            _ => true,
        })
    }
}

/// The value of a formula under what is assumed, as far as that decides it.
fn value(formula: &Formula, assumed: &Assumed) -> Option<bool> {
    match formula {
        Formula::Is(value) => Some(*value),
        Formula::Atom(atom) => assumed.get(atom).copied(),
        Formula::Not(inner) => value(inner, assumed).map(|value| !value),
        Formula::All(parts) => run(parts, assumed, false),
        Formula::Any(parts) => run(parts, assumed, true),
    }
}

fn run(parts: &[Formula], assumed: &Assumed, until: bool) -> Option<bool> {
    let mut all_known = true;
    for part in parts {
        match value(part, assumed) {
            Some(value) if value == until => return Some(until),
            Some(_) => {}
            None => all_known = false,
        }
    }
    if all_known { Some(!until) } else { None }
}

/// The first fact on which the value of a formula still rests.
fn first_open(formula: &Formula, assumed: &Assumed) -> Option<usize> {
    match formula {
        Formula::Is(_) => None,
        Formula::Atom(atom) => (!assumed.contains_key(atom)).then_some(*atom),
        Formula::Not(inner) => first_open(inner, assumed),
        Formula::All(parts) | Formula::Any(parts) => {
            let open = parts.iter().filter(|part| value(part, assumed).is_none());
            open.into_iter().find_map(|part| first_open(part, assumed))
        }
    }
}
