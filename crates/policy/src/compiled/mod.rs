//! The compiled form: a policy set as bytes that are read in place.
//!
//! All numbers are little-endian. A head of [`layout::HEAD_BYTES`] bytes is followed by five sections without gaps:
//! policies, nodes of expressions, lists of children, names (what expressions compare with) and texts (what a person
//! reads). A node names only nodes before it, so that there are no circles, and each evaluation has a budget.

mod eval;
pub(crate) mod layout;
mod like;
mod value;

use layout::{HEAD_BYTES, Layout, NODE_BYTES, POLICY_BYTES};

use crate::decision::{Applied, Decided, Effect, Reason, combine};
use crate::request::Request;

/// The largest compiled form that is read, in bytes.
pub const MAX_COMPILED_BYTES: usize = 8 << 20;
/// The most policies of a set.
pub const MAX_POLICIES: usize = 4_096;
/// The most nodes that the expressions of a set have together.
pub const MAX_NODES: usize = 1 << 16;

/// Why bytes are no compiled policy set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// It begins differently.
    #[error("this is no compiled policy set")]
    Magic,
    /// It was written by a newer or older version.
    #[error("the compiled policy set has format {found}, this program reads {known}: compile it again")]
    Version {
        /// The version in the bytes.
        found: u32,
        /// The version that this program reads.
        known: u32,
    },
    /// It is larger than a limit.
    #[error("the compiled policy set has too many or too large {0}")]
    Limit(&'static str),
    /// It is cut off, has bytes too many, or was changed.
    #[error("the compiled policy set is damaged: {0}")]
    Damaged(&'static str),
}

/// What one policy says to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Its conditions hold.
    Applies,
    /// One of them does not.
    Silent,
    /// They could not be evaluated.
    Failed,
}

/// A policy set in its compiled form, read in place.
///
/// Whoever can write the bytes makes the policy: the sum in the head finds accidents, not forgeries.
#[derive(Debug, Clone, Copy)]
pub struct Compiled<'b> {
    layout: Layout<'b>,
}

impl<'b> Compiled<'b> {
    /// Reads a compiled policy set, and checks all of it that a decision rests on.
    ///
    /// # Errors
    ///
    /// [`LoadError`] for all bytes that `compile` does not write. Nothing may be allowed then.
    pub fn load(bytes: &'b [u8]) -> Result<Self, LoadError> {
        Ok(Self { layout: Layout::read(bytes)? })
    }

    /// The set that comes with this version of the product.
    ///
    /// # Errors
    ///
    /// [`LoadError`], which a test of this crate excludes.
    pub fn builtin() -> Result<Compiled<'static>, LoadError> {
        Compiled::load(crate::DEFAULT)
    }

    /// The digest of the policy set's text: SHA-256 in hexadecimal.
    pub fn version(&self) -> String {
        self.layout.digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The number of policies.
    pub fn policies(&self) -> usize {
        self.layout.policies.len() / POLICY_BYTES
    }

    /// Decides one request: deny before ask before allow; ask where no policy allows it or one could not be evaluated.
    pub fn decide(&self, request: &Request) -> Decided {
        let mut evaluation = eval::Evaluation::of(&self.layout, request);
        let (mut applied, mut failed) = (Vec::new(), Vec::new());
        let action = request.action.bit();
        for policy in self.layout.policies() {
            if policy.actions & action == 0 {
                continue;
            }
            match evaluation.holds(policy.root) {
                Ok(true) => applied.push(self.applied(&policy)),
                Ok(false) => {}
                Err(_) => failed.push(self.layout.text(policy.id)),
            }
        }
        combine(applied, failed, self.version())
    }

    /// What each policy, in the order of the set, says to a request by itself.
    pub fn outcomes(&self, request: &Request) -> Vec<(String, Outcome)> {
        let mut evaluation = eval::Evaluation::of(&self.layout, request);
        let action = request.action.bit();
        let mut outcome = |policy: &layout::Policy| {
            if policy.actions & action == 0 {
                return Outcome::Silent;
            }
            match evaluation.holds(policy.root) {
                Ok(true) => Outcome::Applies,
                Ok(false) => Outcome::Silent,
                Err(_) => Outcome::Failed,
            }
        };
        self.layout.policies().map(|policy| (self.layout.text(policy.id), outcome(&policy))).collect()
    }

    fn applied(&self, policy: &layout::Policy) -> Applied {
        let text = |at| self.layout.text(at);
        let effect = match policy.effect {
            layout::PERMIT => Effect::Permit,
            layout::ASK => Effect::Ask,
            _ => Effect::Deny,
        };
        let reason = Reason {
            policy: Some(text(policy.id)),
            en: text(policy.reason_en),
            ja: text(policy.reason_ja),
            advice_en: text(policy.advice_en),
            advice_ja: text(policy.advice_ja),
        };
        Applied { effect, reason }
    }
}

/// Whether a text is like a pattern of the compiled form; nothing where it takes too long to tell.
#[cfg(feature = "cedar")]
pub(crate) fn is_like(text: &str, pattern: &str) -> Option<bool> {
    like::like(text, pattern, &mut value::Budget(1 << 20)).ok()
}

const _: () = assert!(HEAD_BYTES.is_multiple_of(8) && NODE_BYTES == 16);
