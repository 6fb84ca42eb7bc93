//! Regular expressions of Zed, VS Code and of hooks. Linear in time, whatever the expression.

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

/// The longest expression that is tried, in bytes.
const PATTERN_MAX_BYTES: usize = 1_024;
/// How large an expression may become.
const REGEX_MAX_BYTES: usize = 1 << 20;

/// An expression; none if it is none, or too large. `/…/flags` is the form of JavaScript.
fn compiled(pattern: &str, insensitive: bool) -> Option<Regex> {
    if pattern.len() > PATTERN_MAX_BYTES {
        return None;
    }
    let literal = pattern
        .strip_prefix('/')
        .and_then(|rest| rest.rsplit_once('/'))
        .filter(|(_, flags)| flags.chars().all(|flag| "dgimsuvy".contains(flag)));
    let (body, flags) = literal.unwrap_or((pattern, ""));
    let syntax = syntax::Config::new()
        .unicode(false)
        .utf8(false)
        .case_insensitive(insensitive || flags.contains('i'))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(flags.contains('s'));
    let config = Regex::config().utf8_empty(false).nfa_size_limit(Some(REGEX_MAX_BYTES));
    Regex::builder().syntax(syntax).configure(config).build(body).ok()
}

/// Whether an expression is found anywhere in a text.
#[must_use]
pub(crate) fn found(pattern: &str, text: &str) -> bool {
    compiled(pattern, false).is_some_and(|regex| regex.is_match(text))
}

/// The same without regard to capitals, as Zed does it.
#[must_use]
pub(crate) fn found_in_any_case(pattern: &str, text: &str) -> bool {
    compiled(pattern, true).is_some_and(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        assert!(found("rm\\s+-rf", "x; rm  -rf y") && !found("^rm", "x rm"));
        assert!(found("/^NPM test$/i", "npm test") && !found("/^NPM test$/", "npm test"));
        assert!(found("/usr/bin", "/usr/bin/x"), "no literal: `bin` are no flags");
        assert!(found_in_any_case("Cargo TEST", "cargo test"));
        assert!(!found("(", "("), "no expression");
        assert!(!found(&"(a{900}){900}".repeat(3), "a"), "too large");
    }
}
