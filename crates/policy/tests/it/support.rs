//! What the tests share.

use yata_policy::cedar::{PolicySet, Source};
use yata_policy::{Action, Facts, Principal, PrincipalKind, Request, Traits};

/// A request of an agent.
pub(crate) fn request(action: Action, resource: &str, traits: &[&str]) -> Request {
    let principal = Principal { kind: PrincipalKind::Agent, id: "agent".into(), groups: vec!["developers".into()] };
    let context = Facts { traits: Traits::from_names(traits.iter().copied()), ..Facts::default() };
    Request { principal, action, resource: resource.into(), context }
}

/// The set of one file.
pub(crate) fn set(text: &str) -> Result<PolicySet, Vec<String>> {
    PolicySet::load(&[Source { name: "own.cedar".into(), text: text.into() }])
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}
