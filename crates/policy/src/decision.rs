//! What the policy answers.

use serde::{Deserialize, Serialize};

/// The answer, from the mildest to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// It may happen.
    Allow,
    /// A person has to see it first.
    Ask,
    /// It must not happen.
    Deny,
}

impl Decision {
    /// The name in policies and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::Deny => "deny",
        }
    }
}

/// Why, in words of both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The policy that says so; none where the engine itself does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// In English.
    pub en: String,
    /// In Japanese.
    pub ja: String,
    /// What to do instead, in English; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub advice_en: String,
    /// What to do instead, in Japanese; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub advice_ja: String,
}

impl Reason {
    fn own(en: String, ja: String) -> Self {
        Self { policy: None, en, ja, advice_en: String::new(), advice_ja: String::new() }
    }

    fn no_permit() -> Self {
        Self::own(
            "No policy allows this, so a person decides.".to_owned(),
            "これを許可するポリシーがないため、人が判断します。".to_owned(),
        )
    }

    fn failed(policy: &str) -> Self {
        Self::own(
            format!("The policy `{policy}` could not be evaluated, so this is not allowed unasked."),
            format!("ポリシー `{policy}` を評価できなかったため、確認なしには許可しません。"),
        )
    }
}

/// The answer with everything that is needed to understand and to repeat it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The answer.
    pub decision: Decision,
    /// The ids of the policies that decided, in the order of the set; none where no policy allowed it.
    pub policies: Vec<String>,
    /// The reasons of these policies, and what the engine itself has to say.
    pub reasons: Vec<Reason>,
    /// The ids of policies that could not be evaluated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
    /// The digest of the policy set: SHA-256 in hexadecimal.
    pub version: String,
}

impl Decided {
    /// The worse of two answers to two acts of one call: deny before ask before allow. Where both are alike, both decided.
    #[must_use]
    pub fn worst(mut self, other: Self) -> Self {
        match self.decision.cmp(&other.decision) {
            std::cmp::Ordering::Greater => self,
            std::cmp::Ordering::Less => other,
            std::cmp::Ordering::Equal => {
                for policy in other.policies {
                    if !self.policies.contains(&policy) {
                        self.policies.push(policy);
                    }
                }
                for reason in other.reasons {
                    if !self.reasons.contains(&reason) {
                        self.reasons.push(reason);
                    }
                }
                self
            }
        }
    }
}

/// What a policy says where it applies: `permit`, or `forbid` with its `@decision`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    Permit,
    Ask,
    Deny,
}

impl Effect {
    pub(crate) fn decision(self) -> Decision {
        match self {
            Self::Permit => Decision::Allow,
            Self::Ask => Decision::Ask,
            Self::Deny => Decision::Deny,
        }
    }
}

/// A policy that applies to a request.
pub(crate) struct Applied {
    pub(crate) effect: Effect,
    pub(crate) reason: Reason,
}

/// Puts the policies that apply, and those that failed, together into one answer.
pub(crate) fn combine(applied: Vec<Applied>, failed: Vec<String>, version: String) -> Decided {
    let worst = applied.iter().map(|policy| policy.effect.decision()).max();
    let mut decision = worst.unwrap_or(Decision::Ask);
    let deciding = applied.into_iter().filter(|policy| Some(policy.effect.decision()) == worst);
    let mut reasons: Vec<Reason> = deciding.map(|policy| policy.reason).collect();
    let mut policies: Vec<String> = reasons.iter().filter_map(|reason| reason.policy.clone()).collect();
    if !failed.is_empty() && decision == Decision::Allow {
        decision = Decision::Ask;
        policies.clear();
        reasons.clear();
    }
    if policies.is_empty() && failed.is_empty() {
        reasons.push(Reason::no_permit());
    }
    reasons.extend(failed.iter().map(|policy| Reason::failed(policy)));
    Decided { decision, policies, reasons, failed, version }
}
