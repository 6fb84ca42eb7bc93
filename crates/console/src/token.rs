//! The form of tokens: `yata_`, a letter for the scope, 256 random bits in base62, and a check number, so that a scanner
//! can tell a token from a word and a slip of the hand asks no database.

use crate::access::Scope;
use crate::secret::{NoRandom, random};

const PREFIX: &str = "yata_";

/// Digits of 256 bits in base62.
const BODY_CHARS: usize = 43;

/// Digits of 32 bits in base62.
const CHECK_CHARS: usize = 6;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn letter(scope: Scope) -> char {
    match scope {
        Scope::Sensor => 's',
        Scope::Reader => 'r',
        Scope::Operator => 'o',
    }
}

/// A new token of that scope.
pub(crate) fn new_token(scope: Scope) -> Result<String, NoRandom> {
    let body = base62(&random::<32>()?, BODY_CHARS);
    let begun = format!("{PREFIX}{}{body}", letter(scope));
    let check = check_of(&begun);
    Ok(begun + &check)
}

/// The scope of a token that has the right form.
pub(crate) fn scope_of(token: &str) -> Option<Scope> {
    let rest = token.strip_prefix(PREFIX)?;
    let scope = Scope::ALL.into_iter().find(|scope| rest.starts_with(letter(*scope)))?;
    let (begun, check) = token.split_at_checked(PREFIX.len() + 1 + BODY_CHARS)?;
    (check == check_of(begun) && begun.bytes().skip(PREFIX.len()).all(|byte| BASE62.contains(&byte))).then_some(scope)
}

/// CRC-32 of what comes before, in base62.
fn check_of(begun: &str) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(begun.as_bytes());
    base62(&crc.sum().to_be_bytes(), CHECK_CHARS)
}

/// A big-endian number in base62, with zeros before it.
fn base62(bytes: &[u8], chars: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits = Vec::with_capacity(chars);
    for _ in 0..chars {
        let mut rest = 0_u32;
        for byte in &mut number {
            let part = rest << 8 | u32::from(*byte);
            *byte = u8::try_from(part / 62).unwrap_or_default();
            rest = part % 62;
        }
        let digit = usize::try_from(rest).ok().and_then(|rest| BASE62.get(rest)).copied();
        digits.push(char::from(digit.unwrap_or(b'0')));
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "ASCII")]
mod tests {
    use super::*;

    #[test]
    fn a_token_tells_its_scope_and_bears_no_slip() {
        for scope in Scope::ALL {
            let token = new_token(scope).unwrap();
            assert_eq!(token.len(), PREFIX.len() + 1 + BODY_CHARS + CHECK_CHARS);
            assert_eq!(scope_of(&token), Some(scope), "{token}");
            for at in 0..token.len() {
                let mut slipped = token.clone().into_bytes();
                slipped[at] = if slipped[at] == b'7' { b'8' } else { b'7' };
                assert_eq!(scope_of(std::str::from_utf8(&slipped).unwrap()), None);
            }
            assert_eq!(scope_of(&token[..token.len() - 1]), None);
            assert_eq!(scope_of(&format!("{token}0")), None);
        }
        for given in ["", "yata_", "yata_s", "yata_sä", "Bearer"] {
            assert_eq!(scope_of(given), None);
        }
    }

    #[test]
    fn base62_counts() {
        assert_eq!(base62(&[0], 3), "000");
        assert_eq!(base62(&[61], 2), "0z");
        assert_eq!(base62(&[1, 0], 2), "48");
        assert_eq!(base62(&[255; 32], BODY_CHARS).len(), BODY_CHARS);
    }
}
