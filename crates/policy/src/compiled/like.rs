//! Patterns: `*` stands for any text, `\*` for a star, `\\` for a backslash.

use super::value::{Budget, Failure};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Any,
    Byte(u8),
}

fn piece(pattern: &[u8], at: usize) -> Option<(Piece, usize)> {
    match pattern.get(at)? {
        b'*' => Some((Piece::Any, at + 1)),
        b'\\' => pattern.get(at + 1).map(|byte| (Piece::Byte(*byte), at + 2)),
        byte => Some((Piece::Byte(*byte), at + 1)),
    }
}

/// Whether the whole text is like the pattern. It may compare bytes, since a star begins and ends between characters.
pub(super) fn like(text: &str, pattern: &str, budget: &mut Budget) -> Result<bool, Failure> {
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let (mut at, mut in_pattern) = (0, 0);
    // Where to go on after the last star: behind it in the pattern, and the next place of the text to try.
    let mut star: Option<(usize, usize)> = None;
    loop {
        budget.take(1)?;
        match (piece(pattern, in_pattern), text.get(at)) {
            (Some((Piece::Any, next)), _) => {
                star = Some((next, at));
                in_pattern = next;
            }
            (Some((Piece::Byte(wanted), next)), Some(byte)) if wanted == *byte => {
                at += 1;
                in_pattern = next;
            }
            (None, None) => return Ok(true),
            (_, None) => return Ok(false),
            _ => {
                let Some((behind, tried)) = star else { return Ok(false) };
                star = Some((behind, tried + 1));
                at = tried + 1;
                in_pattern = behind;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        let check = |pattern: &str, text: &str, expected: bool| {
            assert_eq!(like(text, pattern, &mut Budget(10_000)), Ok(expected), "{text} {pattern}");
        };
        check("", "", true);
        check("", "a", false);
        check("*", "", true);
        check("*.env", "/home/.env", true);
        check("*.env", "/home/.env.example", false);
        check("a*b*c", "a-b-b-c", true);
        check("a*b*c", "a-c-b", false);
        check("\\*", "*", true);
        check("\\*", "x", false);
        check("\\\\*", "\\x", true);
        check("*秘*", "極秘資料", true);
        check("極*料", "極秘資料", true);
        assert_eq!(like(&"a".repeat(1000), "*aaaaab", &mut Budget(1_000)), Err(Failure::Budget));
    }
}
