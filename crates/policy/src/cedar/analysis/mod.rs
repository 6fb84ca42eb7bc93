//! What is wrong with a set of valid policies: those that can never apply or never matter, and duplicates.
//!
//! Each finding is proven, for every request that the schema allows: conditions are translated to formulas over facts,
//! for each action and each type of principal. What the translation does not understand (arithmetic, times, records)
//! becomes a fact of its own that may be true or false, so that it hides findings and never makes one.

mod formula;
mod solve;

use formula::{Facts, Formula, Setting};
use solve::impossible;

use super::{Place, Policy, PolicySet};
use crate::decision::Effect;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingKind {
    /// Its conditions contradict each other.
    NeverApplies,
    /// A permit that allows nothing: wherever it applies, the others forbid.
    Contradicted,
    /// An ask that asks nothing: wherever it applies, another one denies.
    Shadowed,
    /// Another policy says the same to the same requests.
    Duplicate,
}

/// A policy that has no effect of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub kind: FindingKind,
    /// The id of the policy.
    pub policy: String,
    /// Where it begins.
    pub place: Place,
    /// The ids of the policies because of which it has no effect; empty where it is at fault alone.
    pub by: Vec<String>,
    /// Where the first of them begins.
    pub by_place: Option<Place>,
}

/// A policy as formulas, one for each setting; none where its action or types exclude the setting.
struct Translated<'p> {
    policy: &'p Policy,
    formulas: Vec<Formula>,
    /// Whether an evaluation may fail, so that it may not apply although its formula holds.
    may_fail: bool,
}

impl PolicySet {
    /// Finds the policies that have no effect.
    pub fn analyse(&self) -> Vec<Finding> {
        let mut facts = Facts::none();
        let settings = Setting::all();
        let translate = |policy| Translated {
            policy,
            formulas: settings.iter().map(|setting| facts.policy(policy, *setting)).collect(),
            may_fail: formula::may_fail(policy),
        };
        let all: Vec<Translated<'_>> = self.policies().iter().map(translate).collect();
        let mut findings = Vec::new();
        let mut alive = Vec::new();
        for one in &all {
            let never = one.formulas.iter().all(|formula| impossible(&[formula], &[], &facts));
            if never { findings.push(finding(FindingKind::NeverApplies, one, &[])) } else { alive.push(one) }
        }
        for (number, one) in alive.iter().enumerate() {
            findings.extend(without_effect(number, one, &alive, &facts));
        }
        findings.sort_by(|left, right| left.place.cmp(&right.place));
        findings
    }
}

fn finding(kind: FindingKind, one: &Translated<'_>, by: &[&Translated<'_>]) -> Finding {
    Finding {
        kind,
        policy: one.policy.id.clone(),
        place: one.policy.place.clone(),
        by: by.iter().map(|other| other.policy.id.clone()).collect(),
        by_place: by.first().map(|other| other.policy.place.clone()),
    }
}

/// Whether wherever a policy applies, one of the others applies too.
fn covered(one: &Translated<'_>, by: &[&Translated<'_>], facts: &Facts) -> bool {
    if by.is_empty() || by.iter().any(|other| other.may_fail) {
        return false;
    }
    one.formulas.iter().enumerate().all(|(setting, formula)| {
        let others: Vec<&Formula> = by.iter().filter_map(|other| other.formulas.get(setting)).collect();
        impossible(&[formula], &others, facts)
    })
}

fn without_effect(number: usize, one: &Translated<'_>, all: &[&Translated<'_>], facts: &Facts) -> Option<Finding> {
    let effect = one.policy.effect;
    let stronger: Vec<&Translated<'_>> =
        all.iter().copied().filter(|other| other.policy.effect > effect && !other.may_fail).collect();
    let kind = if effect == Effect::Permit { FindingKind::Contradicted } else { FindingKind::Shadowed };
    if let Some(other) = stronger.iter().copied().find(|other| covered(one, &[other], facts)) {
        return Some(finding(kind, one, &[other]));
    }
    if covered(one, &stronger, facts) {
        return Some(finding(kind, one, &fewest(one, stronger, facts)));
    }
    // Of two that say the same, the later one is named.
    let earlier = all.iter().take(number).copied().filter(|other| other.policy.effect == effect);
    let same = |other: &&Translated<'_>| covered(one, &[*other], facts) && covered(other, &[one], facts);
    let duplicate = earlier.into_iter().find(same)?;
    Some(finding(FindingKind::Duplicate, one, &[duplicate]))
}

/// Those that cover it, without any that is not needed.
fn fewest<'a, 'p>(one: &Translated<'_>, by: Vec<&'a Translated<'p>>, facts: &Facts) -> Vec<&'a Translated<'p>> {
    let mut needed = by;
    let mut at = 0;
    while at < needed.len() {
        let mut fewer = needed.clone();
        fewer.remove(at);
        if covered(one, &fewer, facts) { needed = fewer } else { at += 1 }
    }
    needed
}
