//! One-time codes by time (RFC 6238: SHA-1, 30 seconds, 6 digits), as every authenticator app makes them.

use jiff::Timestamp;
use ring::hmac;

use crate::form::same;
use crate::secret::{NoRandom, random};

/// Seconds of one step (RFC 6238, section 4.1).
const STEP_S: i64 = 30;

/// Steps before and after now whose codes count: clocks differ, and people type slowly.
const STEPS_AROUND: i64 = 1;

/// Codes have six digits.
const MODULUS: u32 = 1_000_000;

/// Bytes of a secret: as long as a SHA-1 (RFC 4226, section 4).
const SECRET_BYTES: usize = 20;

/// The alphabet of base32 (RFC 4648, section 6).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret.
pub(crate) fn new_secret() -> Result<[u8; SECRET_BYTES], NoRandom> {
    random()
}

/// Bytes in base32, without padding.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(5) {
        let mut group = [0_u8; 8];
        for (slot, byte) in group.iter_mut().skip(3).zip(chunk) {
            *slot = *byte;
        }
        let number = u64::from_be_bytes(group);
        let digits = (chunk.len() * 8).div_ceil(5);
        for digit in 0..digits {
            let index = usize::try_from(number >> (35 - 5 * digit) & 31).unwrap_or_default();
            out.push(char::from(BASE32.get(index).copied().unwrap_or(b'A')));
        }
    }
    out
}

/// The address that authenticator apps read from a QR code.
pub(crate) fn address(secret: &[u8], email: &str, host: &str) -> String {
    let label = crate::form::encoded(&format!("Yata ({host}):{email}"));
    let issuer = crate::form::encoded(&format!("Yata ({host})"));
    format!("otpauth://totp/{label}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30", base32(secret))
}

/// The code of a step.
pub(crate) fn code(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    // RFC 4226, section 5.3: four bytes at the place that the last half-byte names, without the sign.
    let offset = usize::from(bytes.last().copied().unwrap_or_default() & 15);
    let number = bytes.iter().skip(offset).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % MODULUS)
}

/// The step of a time.
pub(crate) fn step(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP_S)
}

/// The step whose code was given, if it is one near now. The caller sees to it that each step counts once.
pub(crate) fn matching(secret: &[u8], given: &str, now: Timestamp) -> Option<i64> {
    let digits: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    let here = step(now);
    let around = here.saturating_sub(STEPS_AROUND)..=here.saturating_add(STEPS_AROUND);
    // All of them are tried: how long it takes tells nothing.
    around.rev().find(|step| same(&code(secret, *step), &digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six digits of the values for SHA-1.
        for (at, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Timestamp::from_second(at).unwrap();
            assert_eq!(code(b"12345678901234567890", step(now)), expected);
        }
    }

    #[test]
    fn codes_of_one_step_around_count() {
        let secret = b"12345678901234567890";
        let now = Timestamp::from_second(1_234_567_890).unwrap();
        let here = step(now);
        for (away, counts) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let given = code(secret, here + away);
            assert_eq!(matching(secret, &given, now).is_some(), counts, "{away}");
        }
        for given in ["", "0", "00592", "0059244", "abcdef", "００５９２４"] {
            assert_eq!(matching(secret, given, now), None, "{given}");
        }
        assert_eq!(matching(secret, " 005 924 ", now), Some(here));
    }

    #[test]
    fn base32_is_that_of_the_standard() {
        // RFC 4648, section 10, without the padding.
        for (plain, expected) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), expected);
        }
    }
}
