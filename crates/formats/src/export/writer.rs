//! JSON whose every string obeys the rules of [`super::text`], whoever wrote the string.
//!
//! The rules stand in the formatter and not at each field, so that a new field cannot forget them.

use std::io::{Result, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter};

use super::ExportError;
use super::text::{MAX_TEXT_CHARS, Treat, treat};

/// The value as indented JSON with a line break at its end.
pub(super) fn to_json<T: Serialize>(value: &T) -> std::result::Result<String, ExportError> {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, SafeFormatter::default());
    value.serialize(&mut serializer)?;
    bytes.push(b'\n');
    Ok(String::from_utf8(bytes)?)
}

#[derive(Default)]
struct SafeFormatter {
    pretty: PrettyFormatter<'static>,
    chars: usize,
}

impl SafeFormatter {
    /// Whether one more character fits into the current string; writes the `…` of the cut once.
    fn fits<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<bool> {
        self.chars += 1;
        if self.chars == MAX_TEXT_CHARS + 1 {
            writer.write_all("…".as_bytes())?;
        }
        Ok(self.chars <= MAX_TEXT_CHARS)
    }

    fn write_char<W: ?Sized + Write>(&mut self, writer: &mut W, c: char) -> Result<()> {
        if !self.fits(writer)? {
            return Ok(());
        }
        match treat(c) {
            Treat::Keep => writer.write_all(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Treat::Space => writer.write_all(b" "),
            Treat::Show => write!(writer, "\\\\u{{{:x}}}", u32::from(c)),
        }
    }
}

/// How many bytes are looked at before it is asked whether to go on: without a branch for each, they are looked at
/// together.
const PLAIN_CHUNK_BYTES: usize = 64;

/// Whether all bytes are printable ASCII.
fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |plain, byte| plain & (b' '..=b'~').contains(byte))
}

impl Formatter for SafeFormatter {
    fn begin_string<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.chars = 0;
        writer.write_all(b"\"")
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> Result<()> {
        let plain = fragment.as_bytes().chunks(PLAIN_CHUNK_BYTES).all(is_plain);
        if plain && self.chars + fragment.len() <= MAX_TEXT_CHARS {
            self.chars += fragment.len();
            return writer.write_all(fragment.as_bytes());
        }
        fragment.chars().try_for_each(|c| self.write_char(writer, c))
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> Result<()> {
        let c = match escape {
            CharEscape::Quote | CharEscape::ReverseSolidus => {
                let escaped: &[u8] = if matches!(escape, CharEscape::Quote) { b"\\\"" } else { b"\\\\" };
                return if self.fits(writer)? { writer.write_all(escaped) } else { Ok(()) };
            }
            CharEscape::Solidus => '/',
            CharEscape::LineFeed => '\n',
            CharEscape::CarriageReturn => '\r',
            CharEscape::Tab => '\t',
            CharEscape::Backspace => '\u{8}',
            CharEscape::FormFeed => '\u{c}',
            CharEscape::AsciiControl(byte) => char::from(byte),
        };
        self.write_char(writer, c)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.pretty.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.pretty.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.pretty.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.pretty.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.pretty.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.pretty.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.pretty.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.pretty.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::clean;
    use super::*;
    use proptest::prelude::*;

    fn back(text: &str) -> String {
        serde_json::from_str(&to_json(&text).unwrap()).unwrap()
    }

    #[test]
    fn strings_come_back_clean() {
        assert_eq!(back("a\"b\\c\u{1b}[0m\u{202e}\u{9b}\n"), "a\"b\\c\\u{1b}[0m\\u{202e}\\u{9b} ");
    }

    proptest! {
        #[test]
        fn the_formatter_and_the_function_are_one_rule(text in "\\PC*|.*|[\\x00-\\x7f]*") {
            prop_assert_eq!(back(&text), clean(&text));
        }
    }

    #[test]
    fn long_strings_are_cut() {
        let long = "a\"".repeat(MAX_TEXT_CHARS);
        assert_eq!(back(&long), clean(&long));
        let long = "鏡".repeat(MAX_TEXT_CHARS + 1);
        assert_eq!(back(&long), clean(&long));
    }
}
