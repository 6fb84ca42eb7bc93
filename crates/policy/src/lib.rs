//! One policy for every choke point: may this principal do this, to this thing, under these circumstances?
//!
//! A choke point (the hook of a coding agent, a package firewall, a gateway to AI services) makes a [`Request`] and gets
//! a [`Decided`]: allow, ask or deny, with the ids of the policies that decided, the reasons in words and the version
//! of the policy. Policies are written in the Cedar language; `permit` and `forbid` with `@decision("ask")` make three
//! answers out of two. Deny goes before ask, ask before allow; where no policy allows, or one cannot be evaluated, the
//! answer is at least ask.
//!
//! [`Compiled`] reads the compiled form and is all that a short-lived process needs. With the feature `cedar` there are
//! also the reading of policy text, its validation, analysis and compilation, and the authoritative engine
//! (`cedar::PolicySet`), against which the compiled form is tested.

#[cfg(feature = "cedar")]
pub mod cedar;
mod compiled;
mod decision;
mod request;
mod traits;

pub use compiled::{Compiled, LoadError, MAX_COMPILED_BYTES, MAX_NODES, MAX_POLICIES, Outcome};
pub use decision::{Decided, Decision, Reason};
pub use request::{Action, Facts, Principal, PrincipalKind, Request};
pub use traits::{TRAITS, Traits};

/// The compiled form of the policies in `policies/`, which come with the product.
pub const DEFAULT: &[u8] = include_bytes!("../policies/default.compiled");
