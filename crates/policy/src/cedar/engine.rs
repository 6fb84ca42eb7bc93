//! The authoritative decision: the engine of the Cedar language itself.

use std::collections::{HashMap, HashSet};

use ::cedar_policy::{
    AuthorizationError, Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    RestrictedExpression,
};

use super::PolicySet;
use crate::decision::{Applied, Decided, combine};
use crate::request::{Kind, Request};

/// Why the engine cannot even be asked.
#[derive(Debug, thiserror::Error)]
#[error("the request cannot be put to the policy engine: {0}")]
pub struct AskError(String);

fn wrong(error: impl std::fmt::Display) -> AskError {
    AskError(error.to_string())
}

fn uid(kind: Kind, id: &str) -> Result<EntityUid, AskError> {
    let kind: EntityTypeName = kind.name().parse().map_err(wrong)?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn text(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}

/// The request in the engine's own terms.
pub(super) fn question(request: &Request) -> Result<(::cedar_policy::Request, Entities), AskError> {
    let principal = uid(request.principal.kind.kind(), &request.principal.id)?;
    let resource = uid(request.action.resource(), &request.resource)?;
    let groups = request.principal.groups.iter().map(|group| uid(Kind::Group, group));
    let groups: HashSet<EntityUid> = groups.collect::<Result<_, _>>()?;
    let attributes = request.attributes().into_iter().map(|(name, value)| (name.to_owned(), text(value)));
    let mut entities: Vec<Entity> = groups.iter().cloned().map(Entity::with_uid).collect();
    entities.push(Entity::new_no_attrs(principal.clone(), groups));
    entities.push(Entity::new(resource.clone(), attributes.collect::<HashMap<_, _>>(), HashSet::new()).map_err(wrong)?);
    let entities = Entities::from_entities(entities, None).map_err(wrong)?;
    let facts = &request.context;
    let set = |names: Vec<&str>| RestrictedExpression::new_set(names.into_iter().map(text));
    let mut context = vec![
        ("agent", text(&facts.agent)),
        ("classes", set(facts.classes.iter().map(String::as_str).collect())),
        ("mode", text(&facts.mode)),
        ("program", text(&facts.program)),
        ("project", text(&facts.project)),
        ("tainted", RestrictedExpression::new_bool(facts.tainted)),
        ("traits", set(facts.traits.names().collect())),
    ];
    if let Some(now) = facts.now_ms {
        let now = format!("datetime(\"1970-01-01\").offset(duration(\"{now}ms\"))");
        context.push(("now", now.parse().map_err(wrong)?));
    }
    let context = context.into_iter().map(|(name, value)| (name.to_owned(), value));
    let context = Context::from_pairs(context).map_err(wrong)?;
    let action = uid(Kind::Action, request.action.name())?;
    let request = ::cedar_policy::Request::new(principal, action, resource, context, None).map_err(wrong)?;
    Ok((request, entities))
}

impl PolicySet {
    /// Decides one request by the engine of the language itself. Slow, and the measure of the compiled form.
    ///
    /// # Errors
    ///
    /// [`AskError`] where the engine does not take the request. Nothing may be allowed then.
    pub fn decide(&self, request: &Request) -> Result<Decided, AskError> {
        let (question, entities) = question(request)?;
        let response = Authorizer::new().is_authorized(&question, &self.set, &entities);
        let permits: HashSet<&str> = response.diagnostics().reason().map(AsRef::as_ref).collect();
        let failed: HashSet<&str> = response
            .diagnostics()
            .errors()
            .map(|error| match error {
                AuthorizationError::PolicyEvaluationError(error) => error.policy_id().as_ref(),
            })
            .collect();
        let applied = self.policies.iter().filter(|policy| permits.contains(policy.id.as_str()));
        let applied = applied.map(|policy| Applied { effect: policy.effect, reason: policy.reason.clone() }).collect();
        let failed = self.policies.iter().filter(|policy| failed.contains(policy.id.as_str()));
        Ok(combine(applied, failed.map(|policy| policy.id.clone()).collect(), self.version()))
    }
}
