//! Policy text: reading, validation, the authoritative decision, and the compiled form made of it.

mod analysis;
mod cases;
mod check;
mod compile;
mod engine;
mod explain;
mod replay;
mod source;

use std::collections::BTreeMap;

use ::cedar_policy as engine_of;
use engine_of::pst;
use sha2::{Digest, Sha256};

use crate::MAX_POLICIES;
use crate::decision::{Effect, Reason};
use crate::request::Action;

pub use analysis::{Finding, FindingKind};
pub use cases::{Case, CaseFailure, MAX_CASE_BYTES};
pub use compile::{CompileError, seal};
pub use engine::AskError;
pub use explain::{Change, Explained, Explanation, Fact};
pub use replay::{Event, MAX_EVENT_BYTES, Moved, Replay, Sums};
pub use source::{MAX_FILE_BYTES, MAX_STATEMENT_BYTES, Place, Problem, STACK_BYTES, Source};

/// The schema that every policy is held against.
pub const SCHEMA: &str = include_str!("../schema.cedarschema");

/// The files of the policies that come with the product.
pub const BUILTIN: [(&str, &str); 6] = [
    ("access.cedar", include_str!("../../policies/access.cedar")),
    ("code.cedar", include_str!("../../policies/code.cedar")),
    ("data.cedar", include_str!("../../policies/data.cedar")),
    ("destruction.cedar", include_str!("../../policies/destruction.cedar")),
    ("everyday.cedar", include_str!("../../policies/everyday.cedar")),
    ("taint.cedar", include_str!("../../policies/taint.cedar")),
];

/// The cases of the policies that come with the product, by file.
pub const BUILTIN_CASES: [(&str, &str); 6] = [
    ("access.jsonl", include_str!("../../cases/access.jsonl")),
    ("code.jsonl", include_str!("../../cases/code.jsonl")),
    ("data.jsonl", include_str!("../../cases/data.jsonl")),
    ("destruction.jsonl", include_str!("../../cases/destruction.jsonl")),
    ("everyday.jsonl", include_str!("../../cases/everyday.jsonl")),
    ("taint.jsonl", include_str!("../../cases/taint.jsonl")),
];

/// A policy with its place.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its name, unique in the set.
    pub id: String,
    /// Where it begins.
    pub place: Place,
    pub(crate) effect: Effect,
    pub(crate) reason: Reason,
    pub(crate) body: pst::Template,
    /// Its text, with its annotations.
    pub text: String,
}

impl Policy {
    /// What it says where it applies.
    pub fn decision(&self) -> crate::Decision {
        self.effect.decision()
    }

    /// The reasons that a person reads.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The actions to which it can apply at all.
    pub(crate) fn actions(&self) -> Vec<Action> {
        let named = |uid: &pst::EntityUID| Action::ALL.into_iter().find(|action| action.name() == uid.eid);
        match &self.body.action {
            pst::ActionConstraint::Any => Action::ALL.to_vec(),
            pst::ActionConstraint::Eq(uid) => named(uid).into_iter().collect(),
            pst::ActionConstraint::In(uids) => Action::ALL
                .into_iter()
                .filter(|action| uids.iter().filter_map(named).any(|named| named == *action))
                .collect(),
        }
    }
}

/// A set of policies that is valid against the schema.
#[derive(Debug)]
pub struct PolicySet {
    policies: Vec<Policy>,
    /// The same for the authoritative engine.
    set: engine_of::PolicySet,
    digest: [u8; 32],
}

impl PolicySet {
    /// Reads, validates and names all policies of some files; the order of the files does not matter.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, in the order of the files and lines, each with what to do.
    pub fn load(sources: &[Source]) -> Result<Self, Vec<Problem>> {
        let mut sources: Vec<&Source> = sources.iter().collect();
        sources.sort_by(|left, right| left.name.cmp(&right.name));
        let mut problems = Vec::new();
        let mut policies: Vec<Policy> = Vec::new();
        let mut set = engine_of::PolicySet::new();
        let mut digest = Sha256::new_with_prefix(SCHEMA);
        for source in sources {
            for part in [&source.name, &source.text] {
                digest.update((part.len() as u64).to_le_bytes());
                digest.update(part);
            }
            let (statements, more) = source.statements();
            problems.extend(more);
            for statement in statements {
                match statement.policy() {
                    Ok((policy, parsed)) => match policies.iter().find(|other| other.id == policy.id) {
                        Some(other) => problems.push(policy.place.problem(
                            format!("the id `{}` is taken by the policy at {}", policy.id, other.place),
                            "Give each policy an @id of its own.",
                        )),
                        None => match set.add(parsed) {
                            Ok(()) => policies.push(policy),
                            Err(error) => problems.push(policy.place.problem(error.to_string(), "")),
                        },
                    },
                    Err(more) => problems.extend(more),
                }
            }
        }
        if policies.len() > MAX_POLICIES {
            let place = Place::default();
            problems.push(place.problem(format!("there are more than {MAX_POLICIES} policies"), "Merge some."));
        }
        if problems.is_empty() {
            let by_id: BTreeMap<&str, &Policy> = policies.iter().map(|policy| (policy.id.as_str(), policy)).collect();
            problems.extend(check::validate(&set, &by_id));
        }
        if problems.is_empty() {
            Ok(Self { policies, set, digest: digest.finalize().into() })
        } else {
            problems.sort_by(|left, right| left.place.cmp(&right.place));
            Err(problems)
        }
    }

    /// The set that comes with the product.
    ///
    /// # Errors
    ///
    /// As [`PolicySet::load`], which a test excludes.
    pub fn builtin() -> Result<Self, Vec<Problem>> {
        Self::load(&Self::builtin_sources())
    }

    /// The files of the set that comes with the product.
    pub fn builtin_sources() -> Vec<Source> {
        BUILTIN.into_iter().map(|(name, text)| Source { name: name.to_owned(), text: text.to_owned() }).collect()
    }

    /// The policies, by file and line.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The policy of an id.
    pub fn policy(&self, id: &str) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.id == id)
    }

    /// The digest of schema, file names and texts: SHA-256 in hexadecimal.
    pub fn version(&self) -> String {
        self.digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The compiled form, for [`crate::Compiled::load`].
    ///
    /// # Errors
    ///
    /// [`CompileError`] for each policy that it cannot say.
    pub fn compile(&self) -> Result<Vec<u8>, Vec<CompileError>> {
        compile::compile(&self.policies, &self.digest)
    }
}
