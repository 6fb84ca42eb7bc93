//! Objects of PDF (ISO 32000-1, 7.3), and the operators of content streams, which are written the same way.

use std::collections::BTreeMap;

/// A dictionary by name, without the slash.
pub(super) type Dict = BTreeMap<Vec<u8>, Object>;

/// An object, or a word that is none: an operator.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    Null,
    Number(f64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Object>),
    Dict(Dict),
    Reference(u32),
    Word(Vec<u8>),
}

impl Object {
    pub(super) fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// A number that is not negative and not beyond 32 bits.
    pub(super) fn count(&self) -> Option<u32> {
        self.number().and_then(to_count)
    }

    pub(super) fn is_name(&self, wanted: &[u8]) -> bool {
        matches!(self, Self::Name(name) if name == wanted)
    }

    fn is_word(&self, wanted: &[u8]) -> bool {
        matches!(self, Self::Word(word) if word == wanted)
    }
}

/// A whole number from 0 to 2³²−1.
fn to_count(number: f64) -> Option<u32> {
    // Through text: the one conversion that neither cuts nor wraps.
    if (0.0..=4_294_967_295.0).contains(&number) { format!("{number:.0}").parse().ok() } else { None }
}

/// Reads objects one after the other.
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    pub(super) position: usize,
    nesting: u32,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Lexer<'a> {
    /// `nesting` is how deep arrays and dictionaries may be inside each other; what is deeper is null.
    pub(super) fn new(bytes: &'a [u8], position: usize, nesting: u32) -> Self {
        Self { bytes, position, nesting }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.position + ahead).copied()
    }

    pub(super) fn skip_space(&mut self) {
        while let Some(byte) = self.peek(0) {
            if byte == b'%' {
                while self.peek(0).is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.position += 1;
                }
            } else if is_space(byte) {
                self.position += 1;
            } else {
                return;
            }
        }
    }

    /// The next object; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Object> {
        self.object(0)
    }

    fn object(&mut self, depth: u32) -> Option<Object> {
        self.skip_space();
        let first = self.peek(0)?;
        Some(match first {
            b'/' => {
                self.position += 1;
                Object::Name(self.name())
            }
            b'(' => Object::Text(self.literal()),
            b'<' if self.peek(1) == Some(b'<') => {
                self.position += 2;
                self.dict(depth)
            }
            b'<' => Object::Text(self.hex()),
            b'[' => {
                self.position += 1;
                self.array(depth)
            }
            b'>' if self.peek(1) == Some(b'>') => {
                self.position += 2;
                Object::Word(b">>".to_vec())
            }
            b')' | b'>' | b']' | b'{' | b'}' => {
                self.position += 1;
                Object::Word(vec![first])
            }
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number(),
            _ => {
                let word = self.regular();
                if word == b"null" { Object::Null } else { Object::Word(word) }
            }
        })
    }

    fn regular(&mut self) -> Vec<u8> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| !is_space(**byte) && !is_delimiter(**byte)).count();
        self.position += length;
        rest.get(..length).unwrap_or_default().to_vec()
    }

    fn name(&mut self) -> Vec<u8> {
        let raw = self.regular();
        if !raw.contains(&b'#') {
            return raw;
        }
        let mut name = Vec::new();
        let mut rest = raw.as_slice();
        while let Some((first, after)) = rest.split_first() {
            let pair =
                after.get(..2).and_then(|pair| Some(hex_digit(*pair.first()?)? * 16 + hex_digit(*pair.last()?)?));
            match pair.filter(|_| *first == b'#') {
                Some(byte) => {
                    name.push(byte);
                    rest = after.get(2..).unwrap_or_default();
                }
                None => {
                    name.push(*first);
                    rest = after;
                }
            }
        }
        name
    }

    /// A number; two whole ones and `R` are a reference.
    fn number(&mut self) -> Object {
        let word = self.regular();
        let number = std::str::from_utf8(&word).ok().and_then(|word| word.parse::<f64>().ok());
        let Some(number) = number.filter(|number| number.is_finite()) else {
            // `--5` and `5-3` are met in the wild and read as zero.
            let digits = word.iter().all(|byte| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9'));
            return if digits { Object::Number(0.0) } else { Object::Word(word) };
        };
        if word.iter().all(u8::is_ascii_digit)
            && let Some(reference) = self.reference(number)
        {
            return reference;
        }
        Object::Number(number)
    }

    fn reference(&mut self, number: f64) -> Option<Object> {
        let rest = self.bytes.get(self.position..)?;
        let spaces = |rest: &[u8]| rest.iter().take(8).take_while(|byte| is_space(**byte)).count();
        let first = spaces(rest);
        let rest = rest.get(first..)?;
        let digits = rest.iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
        let rest = rest.get(digits..)?;
        let second = spaces(rest);
        let rest = rest.get(second..)?;
        let ends = rest.get(1).is_none_or(|after| is_space(*after) || is_delimiter(*after));
        if first == 0 || digits == 0 || second == 0 || rest.first() != Some(&b'R') || !ends {
            return None;
        }
        self.position += first + digits + second + 1;
        to_count(number).map(Object::Reference)
    }

    fn literal(&mut self) -> Vec<u8> {
        self.position += 1;
        let (mut text, mut open) = (Vec::new(), 1u32);
        while let Some(byte) = self.peek(0) {
            self.position += 1;
            match byte {
                b'\\' => self.escape(&mut text),
                b'(' => {
                    open += 1;
                    text.push(byte);
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                    text.push(byte);
                }
                _ => text.push(byte),
            }
        }
        text
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek(0) else { return };
        self.position += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' => {
                if self.peek(0) == Some(b'\n') {
                    self.position += 1;
                }
            }
            b'\n' => {}
            b'0'..=b'7' => {
                let mut value = byte - b'0';
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek(0) else { break };
                    self.position += 1;
                    value = value.wrapping_mul(8).wrapping_add(digit - b'0');
                }
                text.push(value);
            }
            _ => text.push(byte),
        }
    }

    fn hex(&mut self) -> Vec<u8> {
        self.position += 1;
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let length = memchr::memchr(b'>', rest).unwrap_or(rest.len());
        self.position += (length + 1).min(rest.len());
        let digits: Vec<u8> = rest.iter().take(length).filter_map(|byte| hex_digit(*byte)).collect();
        digits.chunks(2).map(|pair| pair.first().unwrap_or(&0) * 16 + pair.get(1).unwrap_or(&0)).collect()
    }

    fn array(&mut self, depth: u32) -> Object {
        let mut items = Vec::new();
        if depth >= self.nesting {
            return Object::Null;
        }
        loop {
            let before = self.position;
            match self.object(depth + 1) {
                Some(end) if end.is_word(b"]") => break,
                Some(end) if ends_object(&end) => {
                    self.position = before;
                    break;
                }
                Some(item) => items.push(item),
                None => break,
            }
        }
        Object::Array(items)
    }

    fn dict(&mut self, depth: u32) -> Object {
        let mut dict = Dict::new();
        if depth >= self.nesting {
            return Object::Null;
        }
        loop {
            let before = self.position;
            match self.object(depth + 1) {
                Some(Object::Name(name)) => {
                    let before = self.position;
                    match self.object(depth + 1) {
                        Some(end) if end.is_word(b">>") => break,
                        Some(end) if ends_object(&end) => {
                            self.position = before;
                            break;
                        }
                        Some(value) => drop(dict.insert(name, value)),
                        None => break,
                    }
                }
                Some(end) if end.is_word(b">>") => break,
                Some(end) if ends_object(&end) => {
                    self.position = before;
                    break;
                }
                Some(_) => {}
                None => break,
            }
        }
        Object::Dict(dict)
    }

    /// After `ID`: past the data of an image inside a content stream.
    pub(super) fn skip_image(&mut self) {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let end = memchr::memmem::find_iter(rest, b"EI").find(|end| {
            let before = end.checked_sub(1).and_then(|before| rest.get(before)).is_some_and(|byte| is_space(*byte));
            before && rest.get(end + 2).is_none_or(|byte| is_space(*byte))
        });
        self.position += end.map_or(rest.len(), |end| end + 2);
    }
}

/// Words that cannot be inside an object: the one before was cut off.
fn ends_object(object: &Object) -> bool {
    matches!(object, Object::Word(word) if matches!(word.as_slice(), b"endobj" | b"obj" | b"stream" | b"endstream" | b"xref" | b"trailer"))
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
