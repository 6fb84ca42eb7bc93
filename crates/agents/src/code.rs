//! Checks that the language of conditions cannot say. Each is a public function of this module (or re-exported by it)
//! that a check names with `code`; it gets one subject and returns the places where the check fires.

mod messages;

pub(crate) use messages::sends_unasked;

use crate::audit::Sight;
use crate::lang::words;
use crate::tree::{Node, Span};

mod codex;
mod servers;

pub(crate) use codex::codex_hook_untrusted;
pub(crate) use servers::{ambiguous_name, lookalike_name, remote_script, same_name, toxic_flow};
mod others;

pub(crate) use others::{
    claude_names_under_devin, copilot_hooks_disabled, devin_system_absent, gemini_shadowed, windsurf_only,
};

/// Entries of an opencode permission that a wider entry after them undoes.
pub(crate) fn last_rule_wins(sight: &Sight<'_, '_>) -> Vec<Span> {
    let Some(permission) = sight.field("here").and_then(|here| here.get("permission")) else { return Vec::new() };
    let mut out = Vec::new();
    for group in std::iter::once(permission).chain(permission.entries().iter().map(|entry| &entry.value)) {
        for (at, entry) in group.entries().iter().enumerate() {
            let strict = matches!(entry.value.as_text(), Some("deny" | "ask"));
            let mut later = group.entries().iter().skip(at.saturating_add(1));
            let undone =
                later.any(|after| after.value.as_text() == Some("allow") && crate::glob::text(&after.key, &entry.key));
            if strict && undone {
                out.push(entry.span());
            }
        }
    }
    out
}

/// Declarations of servers and lists of tools that are not what was approved.
pub(crate) fn changed_since_approval(sight: &Sight<'_, '_>) -> Vec<Span> {
    sight.model.approval.changed.iter().filter(|span| span.file == sight.subject.file).copied().collect()
}

/// A skill that nobody has approved, or whose review is due.
pub(crate) fn skill_unrecorded(sight: &Sight<'_, '_>) -> Vec<Span> {
    let here = sight.model.approval.unrecorded.contains(&sight.subject.file);
    if here { vec![sight.subject.span] } else { Vec::new() }
}

/// A guard that refuses by exit 1, which agents take for a mishap and let the call run.
pub(crate) fn exit_one(sight: &Sight<'_, '_>) -> Vec<Span> {
    let guard = sight.field("guard").and_then(Node::as_bool) == Some(true);
    let Some(script) = sight.field("script").and_then(Node::as_text).filter(|_| guard) else { return Vec::new() };
    let words = words::split(script);
    let exits = |code: &str| {
        words.windows(2).any(|pair| {
            pair.first().is_some_and(|word| word == "exit")
                && pair.get(1).is_some_and(|word| word.trim_end_matches('}') == code)
        })
    };
    let decides =
        script.contains("permissionDecision") || script.contains("\"decision\"") || script.contains("\"permission\"");
    if exits("1") && !exits("2") && !decides { vec![sight.subject.span] } else { Vec::new() }
}
