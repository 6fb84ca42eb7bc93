//! From bytes to text, and from offsets to lines.

use yata_model::{Message, Problem};

use super::Input;
use super::found::unparsable_problem;

/// The file as text, without a byte order mark; the problem says where it is not UTF-8.
pub(super) fn text<'a>(input: &Input<'a>) -> Result<&'a str, Problem> {
    let bytes = without_bom(input.bytes);
    if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return Err(unparsable_problem(input, Message::new("problem-utf16"), None));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to() + (input.bytes.len() - bytes.len());
        let line = line_of(bytes, error.valid_up_to());
        let message = Message::new("problem-not-utf8").with("offset", offset).with("line", i64::from(line));
        unparsable_problem(input, message, Some(line))
    })
}

/// The bytes without a UTF-8 byte order mark.
pub(super) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The 1-based line of an offset.
pub(super) fn line_of(bytes: &[u8], offset: usize) -> u32 {
    let before = bytes.get(..offset).unwrap_or(bytes);
    line_number(before.iter().filter(|b| **b == b'\n').count())
}

/// The 1-based column of an offset, in characters.
pub(super) fn column_of(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    before.chars().rev().take_while(|c| *c != '\n').count() + 1
}

/// The 1-based number of a line, from its index.
pub(super) fn line_number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}

/// Lines by offset, for many look-ups in one text.
pub(super) struct Lines<'a> {
    text: &'a str,
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(offset, _)| offset).collect();
        Lines { text, ends }
    }

    /// The 1-based line of an offset.
    pub(super) fn at(&self, offset: usize) -> u32 {
        line_number(self.ends.partition_point(|end| *end < offset))
    }

    /// The 1-based line at which `part`, a slice of the text, begins; `None` for any other text.
    pub(super) fn of(&self, part: &str) -> Option<u32> {
        let offset = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (offset <= self.text.len()).then(|| self.at(offset))
    }
}
