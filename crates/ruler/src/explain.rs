//! Why a finding is where it is, and what would move it.

use yata_model::{
    AdvisoryKind, Applies, Decision, Exploitation, Exposure, Fact, Finding, KevEntry, Message, MissionImpact, Outcome,
    Priority, Scope, Standing, TechnicalImpact,
};

use crate::factors::no_weakness_is_claimed;
use crate::facts::Token;
use crate::judge::{more_urgent, settle};
use crate::misconfiguration::Setting;
use crate::secret::Credential;
use crate::{Context, Inputs, Levels, Tables};

/// From which EPSS probability on it is named among the reasons.
const NOTABLE_EPSS: f64 = 0.1;

/// The reasons in words, the strongest first: what makes it urgent, what rules, then what speaks against.
pub(crate) fn reasons(
    finding: &Finding,
    inputs: &Inputs,
    decision: &Decision,
    kev: Option<&KevEntry>,
    context: &Context<'_>,
) -> Vec<Message> {
    let mut reasons = Vec::new();
    let package = finding.subject.name();
    if let (Some(secret), Some(credential)) = (finding.subject.secret(), &inputs.credential) {
        credential.reasons(secret, &finding.rule, &mut reasons);
    }
    if let (Some(one), Some(setting)) = (finding.subject.misconfiguration(), &inputs.setting) {
        setting.reasons(one, &finding.rule, &mut reasons);
    }
    if inputs.kind == AdvisoryKind::Malware {
        reasons.push(Message::new("reason-malware").with("package", package));
        if context.scope == Scope::Development {
            reasons.push(Message::new("reason-malware-development"));
        }
    }
    exploitation_reasons(inputs, kev, &mut reasons);
    if let Applies::Unknown { why } = &finding.applies {
        reasons.push(Message::new("reason-applies-unknown").with("package", package));
        reasons.push(why.clone());
    }
    if no_weakness_is_claimed(inputs.kind) {
        reasons.push(Message::new("reason-no-weakness").with("package", package).with("kind", inputs.kind.word()));
    }
    if decision.tables.is_empty() || inputs.kind == AdvisoryKind::Malware {
        window_reason(decision, context, &mut reasons);
        return reasons;
    }
    place_reasons(inputs, context, &mut reasons);
    nature_reasons(inputs, &mut reasons);
    for result in decision.tables.iter().filter(|result| result.outcome == decision.outcome) {
        let table = Message::new("reason-table").with("table", result.table.as_str());
        let table = table.with("answer", result.outcome_name.as_str());
        reasons.push(table.with("outcome", outcome_word(result.outcome)));
    }
    window_reason(decision, context, &mut reasons);
    reasons
}

fn exploitation_reasons(inputs: &Inputs, kev: Option<&KevEntry>, reasons: &mut Vec<Message>) {
    let known = &inputs.known_exploited;
    match kev {
        Some(entry) => {
            let listed =
                if entry.ransomware { Message::new("reason-kev-ransomware") } else { Message::new("reason-kev") };
            let date = entry.added.map_or_else(|| "?".to_owned(), |day| day.to_string());
            reasons.push(listed.with("cve", entry.cve.as_str()).with("date", date));
        }
        None if known.value => {
            let why = if known.standing == Standing::Stale { "stale" } else { "missing" };
            reasons.push(Message::new("reason-kev-unchecked").with("why", why));
        }
        None => {}
    }
    let told = matches!(inputs.kind, AdvisoryKind::Malware | AdvisoryKind::Secret | AdvisoryKind::Misconfiguration);
    if told || no_weakness_is_claimed(inputs.kind) {
        return;
    }
    let exploitation = &inputs.exploitation;
    match exploitation.value {
        Exploitation::Active if !known.value => reasons.push(Message::new("reason-active")),
        Exploitation::PublicPoc if exploitation.standing == Standing::Unknown => {
            reasons.push(Message::new("reason-poc-unknown"));
        }
        Exploitation::PublicPoc => reasons.push(Message::new("reason-poc")),
        Exploitation::Active | Exploitation::None => {}
    }
    if !inputs.epss.is_assumed() && inputs.epss.value >= NOTABLE_EPSS {
        reasons.push(Message::new("reason-epss").with("percent", format!("{:.0}", inputs.epss.value * 100.0)));
    }
}

fn place_reasons(inputs: &Inputs, context: &Context<'_>, reasons: &mut Vec<Message>) {
    if inputs.scope == Scope::Development {
        reasons.push(Message::new("reason-development"));
    } else if inputs.exposure.is_assumed() {
        reasons.push(Message::new("reason-exposure-unknown").with("asset", context.asset.name.as_str()));
    } else {
        let exposure = Message::new("reason-exposure").with("asset", context.asset.name.as_str());
        reasons.push(exposure.with("exposure", inputs.exposure.value.word()));
    }
    if inputs.mission_impact.is_assumed() {
        reasons.push(Message::new("reason-mission-unknown").with("asset", context.asset.name.as_str()));
    } else {
        let mission = Message::new("reason-mission").with("asset", context.asset.name.as_str());
        reasons.push(mission.with("impact", inputs.mission_impact.value.word()));
    }
}

fn nature_reasons(inputs: &Inputs, reasons: &mut Vec<Message>) {
    let how = |standing: Standing| match standing {
        Standing::Checked => "checked",
        Standing::Derived => "derived",
        Standing::Stale | Standing::Unknown => "assumed",
    };
    if inputs.credential.is_some() || inputs.setting.is_some() {
        return;
    }
    let automatable = &inputs.automatable;
    reasons.push(
        Message::new("reason-automatable")
            .with("automatable", automatable.value.word())
            .with("how", how(automatable.standing)),
    );
    let impact = &inputs.technical_impact;
    let message = Message::new("reason-technical-impact").with("impact", impact.value.word());
    reasons.push(message.with("how", how(impact.standing)));
    if !inputs.known_exploited.value && !inputs.known_exploited.is_assumed() {
        reasons.push(Message::new("reason-not-known-exploited"));
    }
}

fn window_reason(decision: &Decision, context: &Context<'_>, reasons: &mut Vec<Message>) {
    if let (Some(window), Some(due), Some(service)) = (decision.next_window_after_due, decision.due, context.service) {
        let message = Message::new("reason-window").with("service", service.id.as_str());
        reasons.push(message.with("window", window.to_string()).with("due", due.to_string()));
    }
}

/// The word of an outcome, for messages.
pub(crate) fn outcome_word(outcome: Outcome) -> &'static str {
    match (outcome.priority, outcome.investigate) {
        (Priority::Immediate, true) => "immediate-investigate",
        (priority, _) => priority.word(),
    }
}

/// What would move the outcome: for every fact that is assumed or that can change, the nearest other value that
/// makes a difference. Where no single assumed fact would, all of them together at their best.
pub(crate) fn would_change(inputs: &Inputs, tables: &Tables) -> Vec<Message> {
    if inputs.kind == AdvisoryKind::Malware {
        return vec![Message::new("change-malware")];
    }
    let mut moves = Moves { inputs, tables, now: settle(inputs.kind, &inputs.levels(), tables), out: Vec::new() };
    moves.better();
    if moves.out.is_empty() {
        moves.all_assumed_at_best();
    }
    if moves.out.is_empty() && moves.now.priority != Priority::Defer {
        moves.out.push(Message::new("change-nothing"));
    }
    moves.worse();
    moves.out
}

struct Moves<'a> {
    inputs: &'a Inputs,
    tables: &'a Tables,
    now: Outcome,
    out: Vec<Message>,
}

impl Moves<'_> {
    fn settle(&self, change: impl FnOnce(&mut Levels)) -> Outcome {
        let mut levels = self.inputs.levels();
        change(&mut levels);
        settle(self.inputs.kind, &levels, self.tables)
    }

    fn push(&mut self, message: Message, outcome: Outcome) {
        self.out.push(message.with("outcome", outcome_word(outcome)));
    }

    fn push_if_better(&mut self, outcome: Outcome, message: Message) -> bool {
        let better = more_urgent(self.now, outcome);
        if better {
            self.push(message, outcome);
        }
        better
    }

    fn better(&mut self) {
        let inputs = self.inputs;
        if inputs.known_exploited.is_assumed() && inputs.known_exploited.value {
            let unlisted = inputs.exploitation_unlisted.value;
            let outcome = self.settle(|levels| (levels.known_exploited, levels.exploitation) = (false, unlisted));
            self.push_if_better(outcome, Message::new("change-kev-unlisted"));
        }
        if inputs.credential.is_some() {
            let outcome = self.settle(Credential::at_best);
            self.push_if_better(outcome, Message::new("change-secret-test"));
        } else if inputs.setting.is_some() {
            let outcome = self.settle(Setting::at_best);
            self.push_if_better(outcome, Message::new("agents-change-unused"));
        } else if inputs.exploitation.value == Exploitation::PublicPoc && inputs.exploitation.is_assumed() {
            let outcome = self.settle(|levels| levels.exploitation = Exploitation::None);
            self.push_if_better(outcome, Message::new("change-no-poc"));
        }
        self.better_exposure();
        if inputs.mission_impact.is_assumed() {
            for impact in [MissionImpact::High, MissionImpact::Medium, MissionImpact::Low] {
                let outcome = self.settle(|levels| levels.mission_impact = impact);
                if self.push_if_better(outcome, Message::new("change-mission").with("impact", impact.word())) {
                    break;
                }
            }
        }
        if inputs.credential.is_some() || inputs.setting.is_some() {
            return;
        }
        if inputs.automatable.value && inputs.automatable.standing != Standing::Checked {
            let outcome = self.settle(|levels| levels.automatable = false);
            self.push_if_better(outcome, Message::new("change-not-automatable"));
        }
        if inputs.technical_impact.value == TechnicalImpact::Total && not_checked(&inputs.technical_impact) {
            let outcome = self.settle(|levels| levels.technical_impact = TechnicalImpact::Partial);
            self.push_if_better(outcome, Message::new("change-partial-impact"));
        }
    }

    /// Each step down that makes a difference to the step before. What is only built with has its reach by scope.
    fn better_exposure(&mut self) {
        if self.inputs.exposure.standing == Standing::Derived {
            return;
        }
        let mut last = self.now;
        for exposure in [Exposure::Partner, Exposure::Internal, Exposure::None] {
            if exposure >= self.inputs.exposure.value {
                continue;
            }
            let outcome = self.settle(|levels| levels.exposure = exposure);
            if more_urgent(last, outcome) {
                self.push(Message::new("change-exposure").with("exposure", exposure.word()), outcome);
                last = outcome;
            }
        }
    }

    fn all_assumed_at_best(&mut self) {
        let inputs = self.inputs;
        let outcome = self.settle(|levels| {
            if inputs.known_exploited.is_assumed() {
                levels.known_exploited = false;
                levels.exploitation = inputs.exploitation_unlisted.value;
            }
            if levels.exploitation == Exploitation::PublicPoc && inputs.exploitation_unlisted.is_assumed() {
                levels.exploitation = Exploitation::None;
            }
            if inputs.exposure.is_assumed() {
                levels.exposure = Exposure::None;
            }
            if inputs.mission_impact.is_assumed() {
                levels.mission_impact = MissionImpact::Low;
            }
            if inputs.automatable.is_assumed() {
                levels.automatable = false;
            }
            if inputs.technical_impact.is_assumed() {
                levels.technical_impact = TechnicalImpact::Partial;
            }
        });
        self.push_if_better(outcome, Message::new("change-all-assumed"));
    }

    fn worse(&mut self) {
        let inputs = self.inputs;
        if !inputs.known_exploited.value && !inputs.cves.is_empty() {
            let active = Exploitation::Active;
            let outcome = self.settle(|levels| (levels.known_exploited, levels.exploitation) = (true, active));
            if more_urgent(outcome, self.now) {
                self.push(Message::new("change-kev-listed"), outcome);
            }
        }
        let listed = inputs.credential.is_none() && inputs.setting.is_none();
        if inputs.exploitation.value == Exploitation::None && listed {
            let outcome = self.settle(|levels| levels.exploitation = Exploitation::PublicPoc);
            if more_urgent(outcome, self.now) {
                self.push(Message::new("change-poc"), outcome);
            }
        }
        let fixed = inputs.exposure.standing == Standing::Derived;
        if !fixed && inputs.exposure.value < Exposure::Internet {
            let outcome = self.settle(|levels| levels.exposure = Exposure::Internet);
            if more_urgent(outcome, self.now) {
                let message = Message::new("change-exposure").with("exposure", Exposure::Internet.word());
                self.push(message, outcome);
            }
        }
    }
}

fn not_checked<T>(fact: &Fact<T>) -> bool {
    fact.standing != Standing::Checked
}
