//! What the policy makes of rules: each pattern gets the strictest decision of the calls that it stands for.

use super::organisation::{Organisation, Setback};
use super::rules::{Decision, Probe, Rule, Rules, What};

/// What the policy says of a call; none where it allows it.
pub type Ask<'a> = &'a dyn Fn(&Probe) -> Option<Decision>;

/// Rules with what the policy decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// In the order of the rules; one of which patterns differ stands there once for each decision.
    pub rules: Vec<SettledRule>,
    /// Patterns that stop more than the policy does.
    pub stricter: Vec<Stricter>,
}

/// Patterns of a rule with one decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledRule {
    /// Its id.
    pub id: String,
    /// What it decides.
    pub decision: Decision,
    /// What it is about; each alone is enough.
    pub what: Vec<What>,
    /// The reason in English.
    pub en: String,
    /// The reason in Japanese.
    pub ja: String,
}

/// A pattern that stops more than the policy does, as patterns know words and no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stricter {
    /// The id of its rule.
    pub rule: String,
    /// The pattern.
    pub what: What,
    /// What it decides.
    pub decision: Decision,
    /// The calls of which the policy says less, with what it says; none where it allows them.
    pub calls: Vec<(Probe, Option<Decision>)>,
}

/// Asks the policy about the calls of all rules: those given, and the organisation's own.
///
/// # Errors
/// What the organisation would let pass although the policy does not: its rules with a milder decision, hosts that it opens.
pub fn settle(organisation: &Organisation, rules: &Rules, ask: Ask<'_>) -> Result<Settled, Vec<Setback>> {
    let mut settled = Settled::default();
    let mut setbacks = Vec::new();
    for rule in rules.rules.iter().chain(&organisation.rules) {
        one(rule, ask, &mut settled, &mut setbacks);
    }
    let milder = |what: &str, line| Setback { line, what: what.to_owned(), kind: "milder" };
    for host in &organisation.hosts {
        let address = Probe::Url(format!("https://{}/", host.replace('*', "x")));
        if ask(&address) == Some(Decision::Deny) {
            setbacks.push(milder(host, organisation.hosts_line));
        }
    }
    if setbacks.is_empty() { Ok(settled) } else { Err(setbacks) }
}

fn one(rule: &Rule, ask: Ask<'_>, settled: &mut Settled, setbacks: &mut Vec<Setback>) {
    let (mut denied, mut asked) = (Vec::new(), Vec::new());
    for pattern in &rule.patterns {
        let answers: Vec<(&Probe, Option<Decision>)> =
            pattern.stands_for.iter().map(|probe| (probe, ask(probe))).collect();
        let worst = answers.iter().filter_map(|(_, answer)| *answer).max();
        if rule.least.is_some() && worst > rule.least {
            let what = pattern.what.pattern().to_owned();
            setbacks.push(Setback { line: rule.line, what, kind: "milder" });
        }
        let raised = worst.map(|worst| if rule.denies_asked { Decision::Deny } else { worst });
        let Some(decision) = raised.max(rule.least) else { continue };
        match decision {
            Decision::Deny => denied.push(pattern.what.clone()),
            Decision::Ask => asked.push(pattern.what.clone()),
        }
        let less = answers.into_iter().filter(|(_, answer)| *answer < Some(decision));
        let calls: Vec<_> = less.map(|(probe, answer)| (probe.clone(), answer)).collect();
        // What a call means is settled by the hook, which knows the call.
        if !calls.is_empty() && !matches!(pattern.what, What::Meaning(_)) {
            settled.stricter.push(Stricter { rule: rule.id.clone(), what: pattern.what.clone(), decision, calls });
        }
    }
    for (decision, what) in [(Decision::Deny, denied), (Decision::Ask, asked)] {
        if !what.is_empty() {
            let (id, en, ja) = (rule.id.clone(), rule.en.clone(), rule.ja.clone());
            settled.rules.push(SettledRule { id, decision, what, en, ja });
        }
    }
}
