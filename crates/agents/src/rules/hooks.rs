//! Which calls a hook's matcher lets it see, and what comes of the answers of several hooks.

use super::{List, pattern};
use crate::agent::Scope;
use crate::glob;

/// Whether a hook of Amazon Q with a matcher sees a tool: a name with stars, `@server`, `@server/tool`, `@builtin`.
/// Tools of servers are called `@server/tool`.
#[must_use]
pub fn amazon_q_sees(matcher: &str, tool: &str) -> bool {
    match matcher {
        "" | "*" => true,
        "@builtin" => !tool.starts_with('@'),
        server if server.starts_with('@') && !server.contains('/') => {
            tool.split_once('/').is_some_and(|(found, _)| glob::text(server, found))
        }
        other => glob::text(other, tool),
    }
}

/// Whether a hook of Devin with a matcher sees a tool: a regular expression on Devin's names (`exec`, `edit`).
#[must_use]
pub fn devin_sees(matcher: &str, tool: &str) -> bool {
    matcher.is_empty() || pattern::found(matcher, tool)
}

/// What Cursor does after all hooks answered: on conflict the highest source decides, and of one source the strictest.
#[must_use]
pub fn cursor(answers: &[(Scope, List)]) -> Option<List> {
    let rank = |scope: Scope| match scope {
        Scope::Managed => 3,
        Scope::Project | Scope::Local => 2,
        Scope::User => 1,
        Scope::System | Scope::Plugin => 0,
    };
    answers.iter().max_by_key(|(scope, list)| (rank(*scope), list.strictness())).map(|(_, list)| *list)
}

/// What Cascade does after the hooks of system, user and workspace ended with these codes: 2 blocks, whoever said it.
#[must_use]
pub fn cascade(codes: &[i32]) -> List {
    if codes.contains(&2) { List::Deny } else { List::Allow }
}
