//! Checks on Codex that look beyond the file of the subject.

use crate::agent::Agent;
use crate::audit::Sight;
use crate::tree::{Node, Span};

/// A guard hook where the user's settings hold no hash of a trusted hook. Codex keeps those under `hooks.state`.
pub(crate) fn codex_hook_untrusted(sight: &Sight<'_, '_>) -> Vec<Span> {
    let guard = sight.field("guard").and_then(Node::as_bool) == Some(true);
    let trusted = sight.model.effective.iter().any(|effective| {
        let own = effective.agent == Agent::Codex && effective.unit == "settings" && effective.project.is_none();
        own && effective.tree.at(&["hooks", "state"]).is_some_and(|state| !state.entries().is_empty())
    });
    if guard && !trusted { vec![sight.subject.span] } else { Vec::new() }
}
