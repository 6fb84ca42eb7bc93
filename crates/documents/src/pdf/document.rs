//! Where every object of a PDF is.

use std::cell::Cell;
use std::collections::BTreeMap;

use memchr::memmem;

use super::filter;
use super::object::{Dict, Lexer, Object};
use crate::gap::GapKind;
use crate::place::Place;
use crate::walk::Walk;

/// References to references that are followed.
const HOPS: u32 = 16;

/// A PDF whose objects were found.
pub(super) struct Document<'a> {
    pub(super) place: &'a Place,
    bytes: &'a [u8],
    objects: BTreeMap<u32, Slot>,
    /// The unpacked object streams.
    unpacked: Vec<Vec<u8>>,
    /// All trailers together, the last word on each key.
    pub(super) trailer: Dict,
    nesting: u32,
    /// Bytes that may still be parsed: an object is parsed again each time that it is asked for.
    work: Cell<u64>,
    /// Where the last `endstream` is: none is searched for after it.
    last_stream_end: usize,
}

#[derive(Clone, Copy, Debug)]
enum Slot {
    /// In the file: after `obj`.
    File(usize),
    /// In an object stream: its number, and the byte in it.
    Unpacked(usize, usize),
}

/// A stream: its dictionary and its bytes as they stand in the file.
#[derive(Clone, Debug)]
pub(super) struct Stream<'a> {
    pub(super) dict: Dict,
    pub(super) raw: &'a [u8],
}

impl<'a> Document<'a> {
    /// Finds the objects by their headers, `12 0 obj`; of two with one number, the later one is current.
    pub(super) fn scan(walk: &mut Walk<'_>, place: &'a Place, bytes: &'a [u8]) -> Self {
        let mut document = Self {
            place,
            bytes,
            objects: BTreeMap::new(),
            unpacked: Vec::new(),
            trailer: Dict::new(),
            nesting: walk.limits.nesting,
            work: Cell::new(walk.limits.total_bytes.max(64 << 20)),
            last_stream_end: memmem::rfind(bytes, b"endstream").unwrap_or(0),
        };
        let (mut position, mut found) = (0usize, 0u64);
        while let Some(at) = bytes.get(position..).and_then(|rest| memmem::find(rest, b"obj")) {
            let at = position + at;
            position = at + 3;
            let Some(number) = header(bytes.get(..at).unwrap_or_default()) else { continue };
            found += 1;
            if found > walk.limits.pdf_objects {
                walk.gap(place, GapKind::TooManyObjects(walk.limits.pdf_objects));
                break;
            }
            document.objects.insert(number, Slot::File(position));
            let mut lexer = Lexer::new(bytes, position, document.nesting);
            let object = lexer.next();
            position = lexer.position;
            let Some(Object::Dict(dict)) = object else { continue };
            if let Some(start) = stream_start(&mut lexer, bytes) {
                let end = document.stream_end(&dict, start);
                position = end;
                if dict.get(b"Type".as_slice()).is_some_and(|kind| kind.is_name(b"XRef")) {
                    document.trailer.extend(dict);
                }
            }
        }
        let mut position = 0usize;
        while let Some(at) = bytes.get(position..).and_then(|rest| memmem::find(rest, b"trailer")) {
            let mut lexer = Lexer::new(bytes, position + at + 7, document.nesting);
            if let Some(Object::Dict(dict)) = lexer.next() {
                document.trailer.extend(dict);
            }
            position = lexer.position;
        }
        document
    }

    /// Where the bytes of a stream end; its start if nothing says so.
    fn stream_end(&self, dict: &Dict, start: usize) -> usize {
        let length =
            dict.get(b"Length".as_slice()).and_then(Object::count).and_then(|length| usize::try_from(length).ok());
        if let Some(end) = length.and_then(|length| start.checked_add(length)) {
            let after = self.bytes.get(end..end.saturating_add(16).min(self.bytes.len())).unwrap_or_default();
            if after.trim_ascii_start().starts_with(b"endstream") {
                return end;
            }
        }
        if start > self.last_stream_end {
            return start;
        }
        let rest = self.bytes.get(start..).unwrap_or_default();
        memmem::find(rest, b"endstream").map_or(start, |end| start + end)
    }

    /// Unpacks the object streams, and finds the objects in them.
    pub(super) fn unpack_objects(&mut self, walk: &mut Walk<'_>) {
        let numbers: Vec<u32> = self.objects.keys().copied().collect();
        let mut left = walk.limits.pdf_objects;
        for number in numbers {
            let Some(stream) = self.stream(number) else { continue };
            if !stream.dict.get(b"Type".as_slice()).is_some_and(|kind| kind.is_name(b"ObjStm")) {
                continue;
            }
            let Some(bytes) = filter::decode(walk, self, &stream) else { continue };
            let first = stream.dict.get(b"First".as_slice()).and_then(Object::count).unwrap_or(0);
            let count = stream.dict.get(b"N".as_slice()).and_then(Object::count).unwrap_or(0);
            let index = self.unpacked.len();
            let mut lexer = Lexer::new(&bytes, 0, 4);
            let mut inner = Vec::new();
            for _ in 0..count {
                let pair =
                    (lexer.next().and_then(|object| object.count()), lexer.next().and_then(|object| object.count()));
                let (Some(number), Some(offset)) = pair else { break };
                let offset = u64::from(first) + u64::from(offset);
                let Ok(offset) = usize::try_from(offset) else { break };
                inner.push((number, Slot::Unpacked(index, offset)));
                left = left.saturating_sub(1);
                if left == 0 {
                    walk.gap(self.place, GapKind::TooManyObjects(walk.limits.pdf_objects));
                    break;
                }
            }
            // What stands in the file by itself is not replaced: nothing shown may be hidden by a second definition.
            for (number, slot) in inner {
                match self.objects.get(&number) {
                    Some(Slot::File(_)) => {}
                    _ => drop(self.objects.insert(number, slot)),
                }
            }
            self.unpacked.push(bytes);
        }
    }

    /// The numbers of all objects.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.objects.keys().copied()
    }

    fn lex(&self, number: u32) -> Option<(Object, Lexer<'_>, Slot)> {
        let slot = *self.objects.get(&number)?;
        if self.is_exhausted() {
            return None;
        }
        let (bytes, position) = match slot {
            Slot::File(position) => (self.bytes, position),
            Slot::Unpacked(stream, position) => (self.unpacked.get(stream)?.as_slice(), position),
        };
        let mut lexer = Lexer::new(bytes, position, self.nesting);
        let object = lexer.next()?;
        let spent = (lexer.position - position.min(lexer.position)) as u64 + 64;
        self.work.set(self.work.get().saturating_sub(spent));
        Some((object, lexer, slot))
    }

    /// Whether so much was parsed that the rest of the document is given up.
    pub(super) fn is_exhausted(&self) -> bool {
        self.work.get() == 0
    }

    /// The object that is meant: itself, or what a reference points to.
    pub(super) fn resolve(&self, object: &Object) -> Object {
        let mut object = object.clone();
        for _ in 0..HOPS {
            let Object::Reference(number) = object else { return object };
            object = self.lex(number).map_or(Object::Null, |(object, _, _)| object);
        }
        Object::Null
    }

    /// An entry of a dictionary, resolved; null if there is none.
    pub(super) fn entry(&self, dict: &Dict, key: &[u8]) -> Object {
        dict.get(key).map_or(Object::Null, |object| self.resolve(object))
    }

    /// An entry that is a dictionary (or a stream's); empty if it is none.
    pub(super) fn dict(&self, dict: &Dict, key: &[u8]) -> Dict {
        if let Object::Dict(dict) = self.entry(dict, key) { dict } else { Dict::new() }
    }

    /// The stream with this number.
    pub(super) fn stream(&self, number: u32) -> Option<Stream<'a>> {
        let (object, mut lexer, slot) = self.lex(number)?;
        let (Object::Dict(dict), Slot::File(_)) = (object, slot) else { return None };
        let start = stream_start(&mut lexer, self.bytes)?;
        let end = match self.stream_end(&dict, start) {
            end if end > start => end,
            _ => self.bytes.len(),
        };
        let raw = self.bytes.get(start..end)?;
        self.work.set(self.work.get().saturating_sub(raw.len() as u64 / 16));
        Some(Stream { dict, raw })
    }

    /// The stream that a reference points to.
    pub(super) fn stream_of(&self, object: &Object) -> Option<(u32, Stream<'a>)> {
        let mut object = object.clone();
        for _ in 0..HOPS {
            let Object::Reference(number) = object else { return None };
            if let Some(stream) = self.stream(number) {
                return Some((number, stream));
            }
            object = self.lex(number)?.0;
        }
        None
    }
}

/// The number in `12 0 ` before `obj`.
fn header(before: &[u8]) -> Option<u32> {
    let tail = before.get(before.len().saturating_sub(32)..)?;
    let mut words = tail.rsplit(|byte| byte.is_ascii_whitespace() || *byte == 0).filter(|word| !word.is_empty());
    if !tail.last().is_some_and(|byte| byte.is_ascii_whitespace() || *byte == 0 || byte.is_ascii_digit()) {
        return None;
    }
    let generation = words.next()?;
    let word = words.next()?;
    let digits = word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let number = word.get(word.len() - digits..)?;
    let all_digits = generation.iter().all(u8::is_ascii_digit);
    if all_digits { std::str::from_utf8(number).ok()?.parse().ok() } else { None }
}

/// Where the bytes of a stream begin, if the word `stream` comes next.
fn stream_start(lexer: &mut Lexer<'_>, bytes: &[u8]) -> Option<usize> {
    lexer.skip_space();
    let rest = bytes.get(lexer.position..)?.strip_prefix(b"stream")?;
    let line = match (rest.first(), rest.get(1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\r' | b'\n'), _) => 1,
        _ => 0,
    };
    Some(lexer.position + 6 + line)
}
