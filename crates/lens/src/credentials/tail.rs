//! Tokens that are known by their end.

use crate::{Confidence, Found, Window};

/// How many characters stand before the mark of a LINE channel access token; the whole has 172.
const LINE_HEAD_BYTES: usize = 157;
/// The mark itself.
const LINE_TAIL: &str = "/1O/w1cDnyilFU=";
/// The hexadecimal digits of a Mailchimp key before its data centre.
const MAILCHIMP_HEAD_BYTES: usize = 32;

/// A long-lived channel access token of LINE: 172 characters of base64 that end in the same 15.
///
/// Source: the tokens of the LINE Developers console; all carry the same last bytes.
pub(crate) fn line_channel_access_token(window: &Window<'_>, found: &mut Vec<Found>) {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let end = window.at + LINE_TAIL.len();
    let Some(start) = head(window, LINE_HEAD_BYTES, is_base64) else { return };
    let goes_on = window.text.as_bytes().get(end).is_some_and(|byte| is_base64(*byte) || *byte == b'=');
    if !goes_on && window.text.get(start..end).is_some() {
        found.push(Found { span: start..end, value: start..end, confidence: Confidence::Certain });
    }
}

/// A Mailchimp key: 32 hexadecimal digits, `-us` and the number of the data centre.
///
/// Source: Mailchimp Marketing API, "Authentication".
pub(crate) fn mailchimp_key(window: &Window<'_>, found: &mut Vec<Found>) {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let Some(start) = head(window, MAILCHIMP_HEAD_BYTES, is_hex) else { return };
    let Some(after) = window.text.as_bytes().get(window.at + 3..) else { return };
    let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let goes_on = after.get(digits).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let end = window.at + 3 + digits;
    if (1..=2).contains(&digits) && !goes_on && window.text.get(start..end).is_some() {
        found.push(Found { span: start..end, value: start..end, confidence: Confidence::Likely });
    }
}

/// Where the run of exactly `length` bytes of a kind before the trigger begins; a letter or digit before it is refused.
fn head(window: &Window<'_>, length: usize, is_kind: impl Fn(u8) -> bool) -> Option<usize> {
    let before = window.text.as_bytes().get(..window.at)?;
    let run = before.iter().rev().take(length + 1).take_while(|byte| is_kind(**byte)).count();
    let start = window.at.checked_sub(length)?;
    let glued = start
        .checked_sub(1)
        .and_then(|at| before.get(at))
        .is_some_and(|byte| is_kind(*byte) || byte.is_ascii_alphanumeric() || *byte == b'_');
    (run == length && !glued).then_some(start)
}
