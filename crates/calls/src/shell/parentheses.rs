//! Two parentheses: arithmetic, or two subshells.

use super::parse::Parser;

impl Parser<'_> {
    /// Whether the two parentheses that end at `from` open arithmetic and not two subshells: it closes with two as well. Where
    /// quotes make a difference to that, nobody can be sure.
    pub(super) fn arithmetic_closes(&mut self, from: usize) -> bool {
        let text = self.text.get(from..).unwrap_or("");
        let (blind, aware) = (closing(text, false), closing(text, true));
        self.broken |= blind != aware;
        aware.is_some() && blind == aware
    }
}

/// Where the second of two closing parentheses stands that match two opening ones before the text.
fn closing(text: &str, quotes: bool) -> Option<usize> {
    let mut level = 0_usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((index, byte)) = bytes.next() {
        match byte {
            b'\\' if quotes => {
                bytes.next();
            }
            b'\'' | b'`' if quotes => {
                bytes.find(|(_, next)| *next == byte)?;
            }
            b'"' if quotes => loop {
                match bytes.next()?.1 {
                    b'"' => break,
                    b'\\' => {
                        bytes.next();
                    }
                    _ => {}
                }
            },
            b'(' => level += 1,
            b')' if level == 0 => return bytes.next().filter(|(_, next)| *next == b')').map(|_| index),
            b')' => level -= 1,
            _ => {}
        }
    }
    None
}
