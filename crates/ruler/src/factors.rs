//! The three factors of a risk, their AI flags, and the scenario that they make.
//!
//! Source: JCIC, "AI security risk scenarios", section 2: risk = threat × vulnerability × (value of the) asset,
//! each with or without AI (figure 2), and its nine representative scenarios (table 1). That attackers find and use
//! weaknesses at machine speed: the Japanese government's alert to critical-infrastructure operators, 2026-05-18,
//! section 3.

use yata_model::{AdvisoryGroup, AdvisoryKind, Asset, AssetKind, Exploitation, Factor, Finding, Message, Scenario};

use crate::Inputs;
use crate::facts::Token as _;

/// CWE entries that only AI technology has.
///
/// Source: CWE 4.20, category 1446 "Weaknesses That are Specific to AI/ML Technology": adversarial input
/// perturbations, validation of generative output, prompt injection, inference parameters.
pub const AI_CWES: [&str; 4] = ["CWE-1039", "CWE-1426", "CWE-1427", "CWE-1434"];

/// Where a threat comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// Somebody who attacks from outside.
    Attacker,
    /// Somebody inside who takes what he may use.
    Insider,
    /// A user who means no harm.
    CarelessUser,
    /// A system that fails or is set up wrongly.
    Fault,
    /// Disaster, politics, a foreign law.
    Environment,
}

/// What a threat makes use of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weakness {
    /// A weakness of a system, AI or not.
    System,
    /// How people see and judge.
    HumanCognition,
    /// How the organisation handles information.
    Process,
}

/// The scenario of table 1 that a risk belongs to.
///
/// Deliberate threats: on people's judgement 4; from inside 6; against an AI-specific weakness 1 where an AI system
/// is harmed and 2 where AI is the tool to harm something else; against a conventional weakness 5 where an AI system
/// is harmed and 3 elsewhere. Of accidents, a careless user is 7, a faulty system 8, the environment 9. Poor
/// handling of information by an attacker from outside is a conventional weakness.
///
/// The table has no row where no factor has AI. The nearest one is 3, a conventional system under attack; the
/// threat's own flag then says that AI is not known to be used.
pub fn scenario(actor: Actor, weakness: Weakness, vulnerability_ai: bool, asset_ai: bool) -> Scenario {
    let [one, two, three, four, five, six, seven, eight, nine] = Scenario::ALL;
    match (actor, weakness, vulnerability_ai, asset_ai) {
        (Actor::Environment, ..) => nine,
        (Actor::Fault, ..) => eight,
        (Actor::CarelessUser, ..) => seven,
        (Actor::Insider, ..) => six,
        (Actor::Attacker, Weakness::HumanCognition, ..) => four,
        (Actor::Attacker, _, true, true) => one,
        (Actor::Attacker, _, true, false) => two,
        (Actor::Attacker, _, false, true) => five,
        (Actor::Attacker, _, false, false) => three,
    }
}

/// The three factors of a finding, and its scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// Who would use it, and with what.
    pub threat: Factor,
    /// What they would use.
    pub vulnerability: Factor,
    /// What they would harm.
    pub asset: Factor,
    /// Which of the nine.
    pub scenario: Scenario,
}

/// The factors of a finding in a package.
pub fn factors(finding: &Finding, group: &AdvisoryGroup, asset: &Asset, inputs: &Inputs) -> Factors {
    let vulnerability = vulnerability(finding, group, inputs.kind);
    let asset = asset_factor(asset, inputs);
    let weakness = if inputs.kind == AdvisoryKind::Secret { Weakness::Process } else { Weakness::System };
    let scenario = scenario(Actor::Attacker, weakness, vulnerability.ai, asset.ai);
    Factors { threat: threat(inputs), vulnerability, asset, scenario }
}

/// AI enters the threat where machines can do the work: the attack can be automated, or there is code to start
/// from. Where nobody knows either, it is assumed.
fn threat(inputs: &Inputs) -> Factor {
    if inputs.kind == AdvisoryKind::Malware {
        return Factor { ai: true, why: Message::new("threat-malware") };
    }
    if inputs.kind == AdvisoryKind::Secret {
        return Factor { ai: true, why: Message::new("threat-secret") };
    }
    if inputs.kind == AdvisoryKind::Misconfiguration {
        return Factor { ai: true, why: Message::new("agents-threat") };
    }
    if no_weakness_is_claimed(inputs.kind) && inputs.exploitation.value != Exploitation::Active {
        return Factor { ai: false, why: Message::new("threat-none-claimed") };
    }
    let exploitation = &inputs.exploitation;
    let exploited = exploitation.value >= Exploitation::PublicPoc;
    let why = if exploited && !exploitation.is_assumed() {
        let active = exploitation.value == Exploitation::Active;
        if active { Message::new("threat-exploited") } else { Message::new("threat-public-poc") }
    } else if inputs.automatable.value && !inputs.automatable.is_assumed() {
        Message::new("threat-automatable")
    } else if exploited || inputs.automatable.value {
        Message::new("threat-assumed")
    } else {
        Message::new("threat-conventional")
    };
    Factor { ai: exploited || inputs.automatable.value, why }
}

fn vulnerability(finding: &Finding, group: &AdvisoryGroup, kind: AdvisoryKind) -> Factor {
    let package = finding.subject.name();
    if kind == AdvisoryKind::Secret {
        return Factor { ai: false, why: Message::new("vulnerability-secret").with("rule", finding.rule.as_str()) };
    }
    if kind == AdvisoryKind::Misconfiguration {
        // The checks are about what an agent may do and is told: a weakness that only AI technology has.
        return Factor { ai: true, why: Message::new("agents-vulnerability").with("rule", finding.rule.as_str()) };
    }
    if let Some(cwe) = group.cwes.iter().find(|cwe| AI_CWES.contains(&cwe.as_str())) {
        let why = Message::new("vulnerability-ai").with("package", package).with("cwe", cwe.as_str());
        return Factor { ai: true, why };
    }
    let why = Message::new("vulnerability-conventional").with("package", package).with("kind", kind.word());
    Factor { ai: false, why }
}

/// An asset is AI where the organisation says so, or where it is a model, an agent or an AI service. A tool that was
/// only made with AI is a conventional system.
fn asset_factor(asset: &Asset, inputs: &Inputs) -> Factor {
    let ai = asset.is_ai || matches!(asset.kind, AssetKind::AiService | AssetKind::Agent | AssetKind::Model);
    let message = if ai { Message::new("asset-ai") } else { Message::new("asset-conventional") };
    let assumed = inputs.mission_impact.is_assumed().word();
    let impact = inputs.mission_impact.value.word();
    Factor { ai, why: message.with("asset", asset.name.as_str()).with("impact", impact).with("assumed", assumed) }
}

/// Whether the advisory claims no weakness.
pub(crate) fn no_weakness_is_claimed(kind: AdvisoryKind) -> bool {
    matches!(kind, AdvisoryKind::Unmaintained | AdvisoryKind::Notice | AdvisoryKind::Maintenance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nine_scenarios() {
        let check = |actor, weakness, vulnerability_ai, asset_ai, expected: u8| {
            assert_eq!(scenario(actor, weakness, vulnerability_ai, asset_ai).number(), expected);
        };
        check(Actor::Attacker, Weakness::System, true, true, 1);
        check(Actor::Attacker, Weakness::System, true, false, 2);
        check(Actor::Attacker, Weakness::System, false, false, 3);
        check(Actor::Attacker, Weakness::HumanCognition, false, false, 4);
        check(Actor::Attacker, Weakness::System, false, true, 5);
        check(Actor::Insider, Weakness::Process, false, true, 6);
        check(Actor::CarelessUser, Weakness::Process, false, true, 7);
        check(Actor::Fault, Weakness::System, true, true, 8);
        check(Actor::Environment, Weakness::Process, false, true, 9);
    }
}
