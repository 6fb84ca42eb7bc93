//! From risks to things to do: one act that closes nine findings is one line.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::civil::Date;
use yata_model::{Action, Ecosystem, Finding, Package, Priority, Remedy, Risk, Scope, Subject};

/// Risks that one act may close: of one asset, package (or credential) and present version, in production or not.
type SameComponent<'a> = (&'a str, Thing<'a>, Option<&'a str>, bool);

/// What an act is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing<'a> {
    Package(&'a Package),
    /// By its keyed hash and rule, with what may be shown of it.
    Secret(&'a str, &'a str, &'a str),
    /// By its digest and rule, with its file.
    Misconfiguration(&'a str, &'a str, &'a str),
}

impl<'a> Thing<'a> {
    fn of(finding: &'a Finding) -> Self {
        match &finding.subject {
            Subject::Component(component) => Thing::Package(&component.package),
            Subject::Secret(secret) => Thing::Secret(&secret.hash, &finding.rule, &secret.redacted),
            Subject::Misconfiguration(one) => {
                Thing::Misconfiguration(&one.digest, &finding.rule, finding.subject.name())
            }
        }
    }

    fn name(&self) -> &'a str {
        match self {
            Thing::Package(package) => &package.name,
            Thing::Secret(_, _, name) | Thing::Misconfiguration(_, _, name) => name,
        }
    }
}

/// What to do, most urgent first: by last day (none is last), then by the expected harm of all that it closes, then
/// by asset, package and versions.
///
/// Upgrades of one component are one action where one version closes them all. `common_fix` finds it: the smallest
/// version that closes all findings of one component (always asked with findings of one package and present
/// version, each with a [`Remedy::Upgrade`]); `None` where there is none, and then each fix is an action of its own.
/// Several present versions of one package that go to the same version are one action too. [`highest_fix`] is the
/// answer of a caller that only knows how versions compare.
///
/// `risks` must be ranked.
pub fn actions(risks: &[Risk], common_fix: &dyn Fn(&[&Finding]) -> Option<Remedy>) -> Vec<Action> {
    let mut components: BTreeMap<SameComponent<'_>, Vec<&Risk>> = BTreeMap::new();
    for risk in risks {
        let subject = &risk.finding.subject;
        let development = subject.scope() == Scope::Development;
        let key = (risk.finding.asset_id.as_str(), Thing::of(&risk.finding), subject.version(), development);
        components.entry(key).or_default().push(risk);
    }
    let mut drafts: BTreeMap<(&str, Thing<'_>, bool, String), Draft<'_>> = BTreeMap::new();
    for ((asset_id, package, version, development), risks) in components {
        for (remedy, risks) in by_remedy(&risks, common_fix) {
            let key = (asset_id, package, development, remedy_key(&remedy));
            let draft = drafts.entry(key).or_insert_with(|| Draft::new(remedy.clone()));
            draft.take(version, &remedy, &risks);
        }
    }
    let mut ready: Vec<(f64, Action)> = drafts
        .into_iter()
        .map(|((asset_id, package, development, _), draft)| draft.finish(asset_id, package.name(), development))
        .collect();
    ready.sort_by(|(harm_a, a), (harm_b, b)| {
        let due = |action: &Action| (action.due.is_none(), action.due);
        due(a).cmp(&due(b)).then_with(|| harm_b.total_cmp(harm_a)).then_with(|| stable(a, b))
    });
    ready.into_iter().map(|(_, action)| action).collect()
}

fn stable(a: &Action, b: &Action) -> Ordering {
    (&a.asset_id, &a.package, &a.from, &a.risks).cmp(&(&b.asset_id, &b.package, &b.from, &b.risks))
}

/// The greatest of the fixes of `findings`, by the order that `compare` gives versions of an ecosystem; compatible
/// only where every one of them is. `None` where a finding has no upgrade.
pub fn highest_fix(findings: &[&Finding], compare: &dyn Fn(&Ecosystem, &str, &str) -> Ordering) -> Option<Remedy> {
    let mut highest: Option<(&str, Option<bool>)> = None;
    for finding in findings {
        let Remedy::Upgrade { to, compatible } = &finding.remedy else { return None };
        let ecosystem = &finding.subject.component()?.package.ecosystem;
        highest = Some(match highest {
            None => (to, *compatible),
            Some((best, promise)) => {
                let best = if compare(ecosystem, best, to) == Ordering::Less { to } else { best };
                (best, both(promise, *compatible))
            }
        });
    }
    highest.map(|(to, compatible)| Remedy::Upgrade { to: to.to_owned(), compatible })
}

/// Whether both keep what the ecosystem promises: one breach is a breach, one silence is a silence.
fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// The risks of one component by what closes them.
fn by_remedy<'a>(
    risks: &[&'a Risk],
    common_fix: &dyn Fn(&[&Finding]) -> Option<Remedy>,
) -> Vec<(Remedy, Vec<&'a Risk>)> {
    let is_upgrade = |risk: &&&Risk| matches!(risk.finding.remedy, Remedy::Upgrade { .. });
    let upgrades: Vec<&'a Risk> = risks.iter().filter(is_upgrade).copied().collect();
    let mut rest: Vec<&'a Risk> = risks.iter().filter(|risk| !is_upgrade(risk)).copied().collect();
    let mut groups: Vec<(Remedy, Vec<&'a Risk>)> = Vec::new();
    if !upgrades.is_empty() {
        let findings: Vec<&Finding> = upgrades.iter().map(|risk| &risk.finding).collect();
        match common_fix(&findings) {
            Some(remedy) => groups.push((remedy, upgrades)),
            None => rest.extend(upgrades),
        }
    }
    for risk in rest {
        let remedy = &risk.finding.remedy;
        match groups.iter_mut().find(|(known, _)| remedy_key(known) == remedy_key(remedy)) {
            Some((_, same)) => same.push(risk),
            None => groups.push((remedy.clone(), vec![risk])),
        }
    }
    groups
}

fn remedy_key(remedy: &Remedy) -> String {
    match remedy {
        Remedy::Upgrade { to, .. } => format!("upgrade {to}"),
        Remedy::Remove => "remove".to_owned(),
        Remedy::Replace => "replace".to_owned(),
        Remedy::NoneKnown => "none".to_owned(),
        Remedy::Rotate => "rotate".to_owned(),
        Remedy::Reconfigure => "reconfigure".to_owned(),
    }
}

/// An action that is being put together.
struct Draft<'a> {
    remedy: Remedy,
    from: Vec<String>,
    risks: Vec<&'a Risk>,
}

impl<'a> Draft<'a> {
    fn new(remedy: Remedy) -> Self {
        Draft { remedy, from: Vec::new(), risks: Vec::new() }
    }

    fn take(&mut self, version: Option<&str>, remedy: &Remedy, risks: &[&'a Risk]) {
        if let Some(version) = version.filter(|version| !self.from.iter().any(|known| known == version)) {
            self.from.push(version.to_owned());
        }
        if let (Remedy::Upgrade { compatible: all, .. }, Remedy::Upgrade { compatible, .. }) =
            (&mut self.remedy, remedy)
        {
            *all = both(*all, *compatible);
        }
        self.risks.extend(risks);
    }

    /// The action with the expected harm of all that it closes.
    fn finish(mut self, asset_id: &str, package: &str, development_only: bool) -> (f64, Action) {
        self.from.sort_unstable();
        self.risks.sort_by_key(|risk| risk.rank);
        let due: Option<Date> = self.risks.iter().filter_map(|risk| risk.decision.due).min();
        let outcomes = || self.risks.iter().map(|risk| risk.decision.outcome);
        let harm = self.risks.iter().map(|risk| risk.expected_harm).sum();
        let action = Action {
            asset_id: asset_id.to_owned(),
            package: package.to_owned(),
            priority: outcomes().map(|outcome| outcome.priority).min().unwrap_or(Priority::Defer),
            investigate: outcomes().any(|outcome| outcome.investigate),
            due,
            development_only,
            risks: self.risks.iter().map(|risk| risk.rank).collect(),
            from: self.from,
            remedy: self.remedy,
        };
        (harm, action)
    }
}
