//! Unwrapping: base64, percent-encoding and JSON's `\u` escapes, with a way back to the bytes outside.

use std::ops::Range;

use memchr::memchr_iter;

/// How a text was wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wrapping {
    /// RFC 4648, both alphabets, with padding or without.
    Base64,
    /// RFC 3986, section 2.1.
    Percent,
    /// RFC 8259, section 7: `\uXXXX`.
    Json,
}

impl Wrapping {
    /// Its word in machine formats.
    pub fn word(self) -> &'static str {
        match self {
            Wrapping::Base64 => "base64",
            Wrapping::Percent => "percent",
            Wrapping::Json => "json",
        }
    }
}

/// How many times a text is unwrapped within itself.
pub(crate) const DEPTH_MAX_LEVELS: u8 = 3;
/// The most bytes of one wrapped text that are unwrapped, counted from its first.
pub(crate) const WRAPPED_MAX_BYTES: usize = 16_384;
/// How far before the first escape the token may begin.
pub(crate) const WRAPPED_BACK_BYTES: usize = 256;
/// The shortest base64 that is looked into: nothing with a structure of its own is shorter than 21 bytes.
const BASE64_MIN_BYTES: usize = 28;

/// An unwrapped text.
#[derive(Debug, Clone)]
pub(crate) struct Unwrapped {
    /// What was inside.
    pub(crate) text: String,
    /// Where the wrapped text stands.
    span: Range<usize>,
    /// For each escape: position inside after it, position outside after it. Empty for base64.
    steps: Vec<(usize, usize)>,
    base64: bool,
}

impl Unwrapped {
    /// The bytes outside of a span inside.
    pub(crate) fn outside(&self, span: Range<usize>) -> Range<usize> {
        if self.base64 {
            let start = self.span.start + span.start * 4 / 3;
            let end = self.span.start + (span.end * 4).div_ceil(3);
            return start.min(self.span.end)..end.min(self.span.end);
        }
        self.start(span.start)..self.end(span.end)
    }

    fn start(&self, at: usize) -> usize {
        let after = self.steps.partition_point(|(inside, _)| *inside <= at);
        let (inside, outside) =
            after.checked_sub(1).and_then(|i| self.steps.get(i)).copied().unwrap_or((0, self.span.start));
        let straight = outside + (at - inside);
        // Within the bytes of one escape: its first byte.
        match self.steps.get(after) {
            Some((next_in, next_out)) if *next_in > at && *next_in - at < 4 => straight.min(*next_out),
            _ => straight,
        }
    }

    fn end(&self, at: usize) -> usize {
        let after = self.steps.partition_point(|(inside, _)| *inside < at);
        let (inside, outside) =
            after.checked_sub(1).and_then(|i| self.steps.get(i)).copied().unwrap_or((0, self.span.start));
        match self.steps.get(after) {
            Some((next_in, next_out)) if *next_in == at => *next_out,
            _ => outside + (at - inside),
        }
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// What may stand in a percent-encoded token.
fn is_uri(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'%' | b'-'
                | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'@'
                | b'/'
                | b'?'
        )
}

/// What may stand in a JSON string with escapes.
fn is_string(byte: u8) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\''
}

/// Calls `each` for every place in `from..to` where something wrapped begins (base64) or has its first escape.
pub(crate) fn find(bytes: &[u8], from: usize, to: usize, each: &mut impl FnMut(usize, Wrapping)) {
    let range = bytes.get(from..to).unwrap_or_default();
    for at in memchr_iter(b'%', range) {
        let digits = bytes.get(from + at + 1..from + at + 3).unwrap_or_default();
        if digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit) {
            each(from + at, Wrapping::Percent);
        }
    }
    for at in memchr_iter(b'\\', range) {
        if escape(bytes.get(from + at..).unwrap_or_default()).is_some() {
            each(from + at, Wrapping::Json);
        }
    }
    base64_runs(bytes, from, to, each);
}

/// The first byte of each long enough run of base64. A window of the least length is read from its end: the first byte
/// that is not base64 rules out every window that holds it, so most bytes are never read.
fn base64_runs(bytes: &[u8], from: usize, to: usize, each: &mut impl FnMut(usize, Wrapping)) {
    let run_end = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        at + rest.iter().position(|byte| !is_base64(*byte)).unwrap_or(rest.len())
    };
    let inside = from.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(|byte| is_base64(*byte));
    let mut start = if inside { run_end(from) } else { from };
    while start < to {
        let Some(window) = bytes.get(start..start + BASE64_MIN_BYTES) else { return };
        match window.iter().rposition(|byte| !is_base64(*byte)) {
            Some(other) => start += other + 1,
            None => {
                each(start, Wrapping::Base64);
                start = run_end(start);
            }
        }
    }
}

/// The code unit of `\uXXXX` at the start.
fn escape(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0u16, |value, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(value << 4 | u16::try_from(digit).ok()?)
    })
}

/// How many bytes from `at` on belong to the wrapped text, at most [`WRAPPED_MAX_BYTES`].
pub(crate) fn length(bytes: &[u8], at: usize, wrapping: Wrapping) -> usize {
    let class = match wrapping {
        Wrapping::Base64 => is_base64,
        Wrapping::Percent => is_uri,
        Wrapping::Json => is_string,
    };
    bytes.get(at..).unwrap_or_default().iter().take(WRAPPED_MAX_BYTES).take_while(|byte| class(**byte)).count()
}

/// Unwraps what stands at `at`; `None` where it is not text, or was unwrapped from an earlier escape.
///
/// `base` is the position of `text` in the whole: a long text with escapes is unwrapped in cells of
/// [`WRAPPED_MAX_BYTES`], each from its first escape on.
pub(crate) fn unwrap(text: &str, base: u64, at: usize, wrapping: Wrapping) -> Option<Unwrapped> {
    let bytes = text.as_bytes();
    let end = || text.floor_char_boundary(at + length(bytes, at, wrapping));
    if wrapping == Wrapping::Base64 {
        let end = end();
        let inside = decode_base64(bytes.get(at..end)?)?;
        return Some(Unwrapped { text: inside, span: at..end, steps: Vec::new(), base64: true });
    }
    let start = lead(text, base, at, wrapping)?;
    escapes(text, start..end(), wrapping)
}

/// Whether something is unwrapped at that place: no earlier escape within reach has unwrapped it with its own token.
pub(crate) fn leads(text: &str, base: u64, at: usize, wrapping: Wrapping) -> bool {
    wrapping == Wrapping::Base64 || lead(text, base, at, wrapping).is_some()
}

/// Where the token of an escape begins; `None` where an earlier one leads.
fn lead(text: &str, base: u64, at: usize, wrapping: Wrapping) -> Option<usize> {
    let bytes = text.as_bytes();
    let class = if wrapping == Wrapping::Percent { is_uri } else { is_string };
    let in_cell = usize::try_from((base + at as u64) % WRAPPED_MAX_BYTES as u64).unwrap_or(0);
    let low = at.saturating_sub(WRAPPED_BACK_BYTES.min(in_cell));
    let before = bytes.get(low..at)?.iter().rev().take_while(|byte| class(**byte)).count();
    let start = text.ceil_char_boundary(at - before);
    let is_escape = |at: usize| match wrapping {
        Wrapping::Percent => bytes.get(at..).and_then(percent).is_some(),
        _ => bytes.get(at..).and_then(escape).is_some(),
    };
    let sign = if wrapping == Wrapping::Percent { b'%' } else { b'\\' };
    let is_led = memchr_iter(sign, bytes.get(start..at)?).any(|before| is_escape(start + before));
    (!is_led).then_some(start)
}

fn percent(bytes: &[u8]) -> Option<u8> {
    let digits = bytes.strip_prefix(b"%")?.get(..2)?;
    let value = |digit: &u8| char::from(*digit).to_digit(16);
    u8::try_from(value(digits.first()?)? << 4 | value(digits.get(1)?)?).ok()
}

fn escapes(text: &str, span: Range<usize>, wrapping: Wrapping) -> Option<Unwrapped> {
    let bytes = text.as_bytes();
    let (mut inside, mut steps, mut at) = (Vec::with_capacity(span.len()), Vec::new(), span.start);
    while at < span.end {
        let rest = bytes.get(at..span.end)?;
        let first = rest.first()?;
        match wrapping {
            Wrapping::Percent if percent(rest).is_some() => {
                inside.push(percent(rest)?);
                at += 3;
            }
            Wrapping::Json if escape(rest).is_some() => {
                let high = escape(rest)?;
                let low = rest.get(6..).and_then(escape).filter(|_| (0xd800..0xdc00).contains(&high));
                let (units, length) = match low {
                    Some(low) => (vec![high, low], 12),
                    None => (vec![high], 6),
                };
                inside.extend_from_slice(String::from_utf16_lossy(&units).as_bytes());
                at += length;
            }
            _ => {
                inside.push(*first);
                at += 1;
                continue;
            }
        }
        steps.push((inside.len(), at));
    }
    // A byte that is no text must not hide the rest: one for one, so that the steps stay right.
    let chunks = inside.utf8_chunks();
    let text = chunks.flat_map(|chunk| chunk.valid().chars().chain(chunk.invalid().iter().map(|_| '\u{1a}'))).collect();
    Some(Unwrapped { text, span, steps, base64: false })
}

fn decode_base64(bytes: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let (mut held, mut bits) = (0u32, 0u32);
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            _ => 63,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            let byte = (held >> bits & 0xff) as u8;
            // Most runs are names and paths: their first bytes already are no text.
            if byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t') || byte == 0x7f {
                return None;
            }
            out.push(byte);
        }
    }
    let text = match String::from_utf8(out) {
        Ok(text) => text,
        // The cut at the limit, or a missing end, may have split the last character.
        Err(error) if error.utf8_error().error_len().is_none() => {
            let valid = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(valid);
            String::from_utf8(bytes).ok()?
        }
        Err(_) => return None,
    };
    is_text(&text).then_some(text)
}

/// Whether a person could have written it.
fn is_text(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|char| !char.is_control() || matches!(char, '\n' | '\r' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wrapping: Wrapping, inside: &str, needle: &str, outside: &str) {
        let mut found = None;
        find(text.as_bytes(), 0, text.len(), &mut |at, this| {
            if this == wrapping && found.is_none() {
                found = unwrap(text, 0, at, wrapping);
            }
        });
        let found = found.unwrap();
        assert_eq!(found.text, inside);
        let at = inside.find(needle).unwrap();
        assert_eq!(text.get(found.outside(at..at + needle.len())), Some(outside));
    }

    #[test]
    fn what_is_wrapped_is_found_and_leads_back() {
        check("u=a%3Ab%40c&d", Wrapping::Percent, "u=a:b@c&d", "b@c", "b%40c");
        check("x %E7%A7%98 y", Wrapping::Percent, "秘", "秘", "%E7%A7%98");
        check(r#""k": "\u79d8\u5bc6 ok""#, Wrapping::Json, "秘密 ok", "密 ", r"\u5bc6 ");
        check("=QUtJQTEyMzQ1Njc4OTBBQkNERUZHSA== ", Wrapping::Base64, "AKIA1234567890ABCDEFGH", "AKIA", "QUtJQT");
    }

    #[test]
    fn names_and_paths_are_not_base64() {
        for text in ["some_long_function_name_of_a_library", "src/main/java/org/example/application/Main"] {
            find(text.as_bytes(), 0, text.len(), &mut |at, wrapping| assert!(unwrap(text, 0, at, wrapping).is_none()));
        }
    }
}
