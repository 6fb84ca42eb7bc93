//! Paragraphs of `Field: value` lines, as `dpkg` and Python metadata have them.
//!
//! Source: deb-control(5); RFC 822, section 3. Works on bytes: a maintainer's name in an old encoding must not
//! cost the whole file.

use super::text::line_number;

/// A field of a paragraph; lines that continue it are left out.
pub(super) struct Field<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
}

/// Lines up to an empty one.
pub(super) struct Paragraph<'a> {
    /// 1-based line of its first field.
    pub(super) line: u32,
    pub(super) fields: Vec<Field<'a>>,
    /// 1-based line of the first line that is neither a field nor a continuation.
    pub(super) bad_line: Option<u32>,
}

impl<'a> Paragraph<'a> {
    /// The value of a field, without case; not UTF-8 is an error.
    pub(super) fn get(&self, name: &str) -> Result<Option<&'a str>, NotUtf8> {
        let field = self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name.as_bytes()));
        match field {
            Some(field) => std::str::from_utf8(field.value).map(|value| Some(value.trim())).map_err(|_| NotUtf8),
            None => Ok(None),
        }
    }
}

/// A field is not UTF-8.
#[derive(Debug)]
pub(super) struct NotUtf8;

/// The paragraphs of a file.
pub(super) fn paragraphs(bytes: &[u8]) -> impl Iterator<Item = Paragraph<'_>> {
    let mut lines = bytes.split(|b| *b == b'\n').enumerate();
    std::iter::from_fn(move || {
        let mut paragraph: Option<Paragraph<'_>> = None;
        for (index, line) in lines.by_ref() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let blank = line.iter().all(u8::is_ascii_whitespace);
            if blank {
                match paragraph {
                    Some(paragraph) => return Some(paragraph),
                    None => continue,
                }
            }
            let number = line_number(index);
            let current =
                paragraph.get_or_insert_with(|| Paragraph { line: number, fields: Vec::new(), bad_line: None });
            let continues = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
            let colon = line.iter().position(|b| *b == b':');
            match colon {
                _ if continues && !current.fields.is_empty() => {}
                Some(colon) if !continues && colon > 0 => {
                    let (name, value) = line.split_at(colon);
                    current.fields.push(Field { name, value: value.get(1..).unwrap_or_default() });
                }
                _ => current.bad_line = current.bad_line.or(Some(number)),
            }
        }
        paragraph
    })
}
