//! What an organisation's requirements make of Codex's settings.

use crate::tree::{Entry, Node, Value};

/// Lists of `requirements.toml` and the keys of `config.toml` whose values they limit.
const LIMITS: [(&str, &str); 4] = [
    ("allowed_approval_policies", "approval_policy"),
    ("allowed_approvals_reviewers", "approvals_reviewer"),
    ("allowed_sandbox_modes", "sandbox_mode"),
    ("allowed_web_search_modes", "web_search"),
];
/// The value of `web_search` that no list can forbid.
const NO_SEARCH: &str = "disabled";

/// The settings with each value that the requirements forbid replaced by the first one that they allow, at the place of
/// the requirement.
#[must_use]
pub fn codex(settings: &Node, requirements: &Node) -> Node {
    let mut out = settings.clone();
    let Value::Map(entries) = &mut out.value else { return out };
    for (list, key) in LIMITS {
        let Some(limit) = requirements.entry(list) else { continue };
        let allowed = limit.value.texts();
        let search = key == "web_search";
        let allows = |value: &str| allowed.contains(&value) || (search && value == NO_SEARCH);
        let first = allowed.first().copied().or(if search { Some(NO_SEARCH) } else { None });
        let Some(first) = first else { continue };
        let forced = || Entry { value: Node::text(first, limit.value.span), key: key.to_owned(), ..limit.clone() };
        match entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) if entry.value.as_text().is_some_and(|value| !allows(value)) => *entry = forced(),
            None if search && allowed.is_empty() => entries.push(forced()),
            _ => {}
        }
    }
    out
}

/// Whether Codex refuses requirements for a command rule in them: they may ask and forbid, not allow, and a rule that
/// says nothing allows.
#[must_use]
pub fn codex_refuses(rule: &Node) -> bool {
    !matches!(rule.get("decision").and_then(Node::as_text), Some("prompt" | "forbidden"))
}

/// Whether the user's settings say that a repository is not to be trusted; Codex then reads nothing of it.
#[must_use]
pub fn codex_distrusts(user: &Node, project: &str) -> bool {
    let level = user.at(&["projects", project, "trust_level"]).and_then(Node::as_text);
    !project.is_empty() && level == Some("untrusted")
}
