//! Patterns with `*`, and paths as permission rules and well-known places write them. No regular expressions.

/// The longest pattern that is tried, in bytes; a longer one matches nothing.
pub(crate) const PATTERN_MAX_BYTES: usize = 4_096;

/// Whether a text is as a pattern says: `*` is any text, all else is itself.
#[must_use]
pub(crate) fn text(pattern: &str, text: &str) -> bool {
    if pattern.len() > PATTERN_MAX_BYTES {
        return false;
    }
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at.saturating_add(part.len())..).unwrap_or_default();
    }
    rest.ends_with(last)
}

/// Whether a path is as a pattern says: `**` is any number of parts, `*` any text within one, `?` one character.
#[must_use]
pub(crate) fn path(pattern: &str, path: &str) -> bool {
    if pattern.len() > PATTERN_MAX_BYTES {
        return false;
    }
    let pattern: Vec<&str> = pattern.split('/').collect();
    let parts: Vec<&str> = path.split('/').collect();
    // One row of the usual table: which prefixes of the path the pattern up to here can have matched.
    let mut row = vec![false; parts.len().saturating_add(1)];
    if let Some(first) = row.first_mut() {
        *first = true;
    }
    for wanted in &pattern {
        let mut next = vec![false; row.len()];
        if *wanted == "**" {
            let mut seen = false;
            for (slot, reached) in next.iter_mut().zip(&row) {
                seen |= *reached;
                *slot = seen;
            }
        } else {
            let matched = parts.iter().zip(&row).map(|(part, reached)| *reached && one(wanted, part));
            for (slot, value) in next.iter_mut().skip(1).zip(matched) {
                *slot = value;
            }
        }
        row = next;
    }
    row.last().copied().unwrap_or(false)
}

/// Whether one part of a path is as a part of a pattern says.
fn one(pattern: &str, part: &str) -> bool {
    if !pattern.contains('?') {
        return text(pattern, part);
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let part: Vec<char> = part.chars().collect();
    let mut row = vec![false; part.len().saturating_add(1)];
    if let Some(first) = row.first_mut() {
        *first = true;
    }
    for wanted in pattern {
        let mut next = vec![false; row.len()];
        if wanted == '*' {
            let mut seen = false;
            for (slot, reached) in next.iter_mut().zip(&row) {
                seen |= *reached;
                *slot = seen;
            }
        } else {
            let matched = part.iter().zip(&row).map(|(char, reached)| *reached && (wanted == '?' || wanted == *char));
            for (slot, value) in next.iter_mut().skip(1).zip(matched) {
                *slot = value;
            }
        }
        row = next;
    }
    row.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars() {
        assert!(text("git * main", "git -c x diff main"));
        assert!(!text("git * main", "git main"));
        assert!(text("*", "") && text("a*", "a") && !text("a", "ab"));
        assert!(!text("ab*ba", "aba"), "the ends do not overlap");
    }

    #[test]
    fn paths() {
        assert!(path("**/.env", ".env") && path("**/.env", "a/b/.env"));
        assert!(path("a/**", "a/b/c") && path("a/*", "a/b") && !path("a/*", "a/b/c"));
        assert!(path(".github/instructions/**/*.instructions.md", ".github/instructions/x.instructions.md"));
        assert!(path("id_?sa", "id_rsa"));
    }
}
