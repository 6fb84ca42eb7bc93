//! Why a request is decided as it is: what each policy lacks, and what would change the decision.

use std::collections::BTreeSet;

use ::cedar_policy::pst::{ActionConstraint, BinaryOp, Clause, Expr, PrincipalConstraint, ResourceConstraint};
use serde::Serialize;

use super::check::walk;
use super::compile::{chain, compile};
use super::{Policy, PolicySet};
use crate::decision::{Decided, Decision};
use crate::request::Request;
use crate::traits::Traits;
use crate::{Compiled, Outcome};

/// The most changes that are tried.
const MAX_CHANGES: usize = 200;

/// What one policy says to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Its id.
    pub policy: String,
    /// Where it begins: `file:line:column`.
    pub place: String,
    /// What it says where it applies.
    pub says: Decision,
    /// Whether it applies.
    pub applies: bool,
    /// Whether it could not be evaluated.
    pub failed: bool,
    /// How many of its conditions hold.
    pub holds: usize,
    /// The conditions that do not hold, in Cedar; those that cannot be told without the ones before are left out.
    pub lacks: Vec<String>,
}

/// A fact of a request that could be different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", content = "value", rename_all = "snake_case")]
pub enum Fact {
    /// Without this trait.
    NoTrait(String),
    /// With none of these traits.
    NoTraits(Vec<String>),
    /// Without this class of content.
    NoClass(String),
    /// Without untrusted content in the session.
    NotTainted,
    /// In the agent's usual mode.
    DefaultMode,
    /// As a member of this group.
    InGroup(String),
}

/// A change of one fact that makes the decision milder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What would have to be different.
    #[serde(flatten)]
    pub change: Fact,
    /// The decision then.
    pub decision: Decision,
    /// The ids of the policies that would decide.
    pub policies: Vec<String>,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The decision.
    pub decided: Decided,
    /// Each policy of the set.
    pub policies: Vec<Explained>,
    /// What would make it milder.
    pub changes: Vec<Change>,
}

impl PolicySet {
    /// Explains the decision of a request.
    ///
    /// # Errors
    ///
    /// What the engine or the compiled form refuses, in words.
    pub fn explain(&self, request: &Request) -> Result<Explanation, String> {
        let decided = self.decide(request).map_err(|error| error.to_string())?;
        let joined =
            |errors: Vec<super::CompileError>| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let bytes = self.compile().map_err(joined)?;
        let compiled = Compiled::load(&bytes).map_err(|error| error.to_string())?;
        let mut policies = Vec::new();
        for (policy, (_, outcome)) in self.policies().iter().zip(compiled.outcomes(request)) {
            let (holds, lacks) = conditions(policy, request).map_err(joined)?;
            policies.push(Explained {
                policy: policy.id.clone(),
                place: policy.place.to_string(),
                says: policy.decision(),
                applies: outcome == Outcome::Applies,
                failed: outcome == Outcome::Failed,
                holds,
                lacks,
            });
        }
        let changes = self.changes(request, &decided, &compiled);
        Ok(Explanation { decided, policies, changes })
    }

    fn changes(&self, request: &Request, decided: &Decided, compiled: &Compiled<'_>) -> Vec<Change> {
        let mut changes = Vec::new();
        for fact in self.facts(request).into_iter().take(MAX_CHANGES) {
            let other = compiled.decide(&changed(request, &fact));
            if other.decision < decided.decision {
                changes.push(Change { change: fact, decision: other.decision, policies: other.policies });
            }
        }
        changes
    }

    /// What could be different of a request.
    fn facts(&self, request: &Request) -> Vec<Fact> {
        let context = &request.context;
        let names: Vec<String> = context.traits.names().map(str::to_owned).collect();
        let mut facts: Vec<Fact> = names.iter().cloned().map(Fact::NoTrait).collect();
        if context.tainted {
            facts.push(Fact::NotTainted);
        }
        let classes: BTreeSet<&String> = context.classes.iter().collect();
        facts.extend(classes.into_iter().cloned().map(Fact::NoClass));
        if !context.mode.is_empty() && context.mode != "default" {
            facts.push(Fact::DefaultMode);
        }
        let groups = self.groups().into_iter().filter(|group| !request.principal.groups.contains(group));
        facts.extend(groups.map(Fact::InGroup));
        if names.len() > 1 {
            facts.push(Fact::NoTraits(names));
        }
        facts
    }

    /// The groups that the policies name.
    fn groups(&self) -> BTreeSet<String> {
        let mut groups = BTreeSet::new();
        let mut note = |uid: &::cedar_policy::pst::EntityUID| {
            if uid.ty.to_string() == "Group" {
                groups.insert(uid.eid.to_string());
            }
        };
        for policy in self.policies() {
            use ::cedar_policy::pst::EntityOrSlot::Entity;
            if let PrincipalConstraint::In(Entity(uid)) | PrincipalConstraint::IsIn(_, Entity(uid)) =
                &policy.body.principal
            {
                note(uid);
            }
            for clause in policy.body.clauses() {
                let (Clause::When(condition) | Clause::Unless(condition)) = clause;
                walk(condition, &mut |expression| {
                    if let Expr::Literal(::cedar_policy::pst::Literal::EntityUID(uid)) = expression {
                        note(uid);
                    }
                });
            }
        }
        groups
    }
}

/// The request with one fact changed.
fn changed(request: &Request, fact: &Fact) -> Request {
    let mut request = request.clone();
    let context = &mut request.context;
    match fact {
        Fact::NoTrait(name) => context.traits = context.traits.without(Traits::of(name).unwrap_or_default()),
        Fact::NoTraits(_) => context.traits = Traits::NONE,
        Fact::NoClass(class) => context.classes.retain(|known| known != class),
        Fact::NotTainted => context.tainted = false,
        Fact::DefaultMode => "default".clone_into(&mut context.mode),
        Fact::InGroup(group) => request.principal.groups.push(group.clone()),
    }
    request
}

/// How many conditions of a policy hold for a request, and those that do not.
fn conditions(policy: &Policy, request: &Request) -> Result<(usize, Vec<String>), Vec<super::CompileError>> {
    if !policy.actions().contains(&request.action) {
        return Ok((0, vec![format!("action {}", policy.body.action)]));
    }
    let parts = parts(policy);
    let policies: Vec<Policy> = parts.iter().map(|(_, part)| part.clone()).collect();
    let bytes = compile(&policies, &[0; 32])?;
    let Ok(compiled) = Compiled::load(&bytes) else { return Ok((0, Vec::new())) };
    let (mut holds, mut lacks) = (0, Vec::new());
    for ((text, _), (_, outcome)) in parts.into_iter().zip(compiled.outcomes(request)) {
        match outcome {
            Outcome::Applies => holds += 1,
            Outcome::Silent => lacks.push(text),
            Outcome::Failed => {}
        }
    }
    Ok((holds, lacks))
}

/// A policy of each condition alone, with its text.
fn parts(policy: &Policy) -> Vec<(String, Policy)> {
    let bare = |id: &str| {
        let mut part = policy.clone();
        part.body = ::cedar_policy::pst::Template::new(
            id,
            part.body.effect,
            PrincipalConstraint::Any,
            ActionConstraint::Any,
            ResourceConstraint::Any,
        );
        part
    };
    let mut parts = Vec::new();
    if policy.body.principal != PrincipalConstraint::Any {
        let mut part = bare("principal");
        part.body.principal = policy.body.principal.clone();
        parts.push((format!("principal {}", policy.body.principal), part));
    }
    if policy.body.resource != ResourceConstraint::Any {
        let mut part = bare("resource");
        part.body.resource = policy.body.resource.clone();
        parts.push((format!("resource {}", policy.body.resource), part));
    }
    let mut add = |text: String, clause: Clause| {
        let mut part = bare("condition");
        if part.body.try_add_clause(clause).is_ok() {
            parts.push((text, part));
        }
    };
    for clause in policy.body.clauses() {
        match clause {
            Clause::When(condition) => {
                let mut conditions = Vec::new();
                chain(BinaryOp::And, condition, &mut conditions);
                for condition in conditions {
                    add(condition.to_string(), Clause::When(std::sync::Arc::new(condition.clone())));
                }
            }
            Clause::Unless(condition) => add(format!("!({condition})"), Clause::Unless(condition.clone())),
        }
    }
    parts
}
