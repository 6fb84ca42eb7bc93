//! Maps from character codes to Unicode (ISO 32000-1, 9.10.3; Adobe technical note 5014).

use std::collections::BTreeMap;

use super::object::{Lexer, Object};

/// Entries of one map that are kept.
const ENTRIES: usize = 200_000;

/// A map from codes to texts.
#[derive(Clone, Debug, Default)]
pub(super) struct CMap {
    single: BTreeMap<u32, String>,
    /// First code to last code and the UTF-16 of the first.
    ranges: BTreeMap<u32, (u32, Vec<u16>)>,
}

impl CMap {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut lexer = Lexer::new(bytes, 0, 8);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(object) = lexer.next() {
            match object {
                Object::Word(word) => {
                    match word.as_slice() {
                        b"endbfchar" => map.chars(&operands),
                        b"endbfrange" => map.more_ranges(&operands),
                        _ => {}
                    }
                    operands.clear();
                }
                object if operands.len() < ENTRIES => operands.push(object),
                _ => {}
            }
        }
        map
    }

    pub(super) fn is_empty(&self) -> bool {
        self.single.is_empty() && self.ranges.is_empty()
    }

    /// The text of a code.
    pub(super) fn get(&self, code: u32) -> Option<String> {
        if let Some(text) = self.single.get(&code) {
            return Some(text.clone());
        }
        let (first, (last, units)) = self.ranges.range(..=code).next_back()?;
        if code > *last {
            return None;
        }
        let mut units = units.clone();
        let further = u16::try_from(code - first).ok()?;
        if let Some(unit) = units.last_mut() {
            *unit = unit.wrapping_add(further);
        }
        Some(String::from_utf16_lossy(&units))
    }

    fn chars(&mut self, operands: &[Object]) {
        for pair in operands.chunks_exact(2) {
            if let [Object::Text(code), Object::Text(text)] = pair
                && self.single.len() < ENTRIES
            {
                self.single.insert(number(code), String::from_utf16_lossy(&units(text)));
            }
        }
    }

    fn more_ranges(&mut self, operands: &[Object]) {
        for triple in operands.chunks_exact(3) {
            match triple {
                [Object::Text(first), Object::Text(last), Object::Text(text)] if self.ranges.len() < ENTRIES => {
                    self.ranges.insert(number(first), (number(last), units(text)));
                }
                [Object::Text(first), Object::Text(_), Object::Array(texts)] => {
                    for (code, text) in (number(first)..).zip(texts) {
                        if let (Object::Text(text), true) = (text, self.single.len() < ENTRIES) {
                            self.single.insert(code, String::from_utf16_lossy(&units(text)));
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// A code of up to four bytes.
pub(super) fn number(code: &[u8]) -> u32 {
    code.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// UTF-16, the high byte first; one byte alone is a character.
fn units(text: &[u8]) -> Vec<u16> {
    match text {
        [byte] => vec![u16::from(*byte)],
        _ => {
            text.chunks_exact(2).take(64).map(|unit| u16::from_be_bytes(unit.try_into().unwrap_or_default())).collect()
        }
    }
}
