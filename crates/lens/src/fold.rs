//! Folding: the text as it is judged, with a way back to the bytes as they came.
//!
//! What is folded: NFKC where compatibility forms live (full-width letters and digits, half-width kana, circled and
//! squared characters, mathematical letters, compatibility ideographs, spaces), kana with a combining sound mark,
//! dashes between digits. What is taken out: zero-width characters, bidirectional controls, variation selectors,
//! tags (U+E0000). A byte that is not UTF-8 becomes U+FFFD. Everything else is copied.
//!
//! A letter with an accent is not decomposed: composed text stays as it is.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::char::decompose_compatible;

/// One run of the map: from `folded` on, the text stands at `original`.
#[derive(Debug, Clone, Copy)]
struct Run {
    folded: u64,
    original: u64,
    /// Whether each byte stands for one byte; otherwise the run is one folded character.
    copy: bool,
}

/// The way from folded positions back to the original bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Map {
    runs: Vec<Run>,
}

impl Map {
    /// The original bytes of a folded span.
    pub(crate) fn original(&self, span: Range<u64>) -> Range<u64> {
        let start = self.start(span.start);
        start..self.end(span.end).max(start)
    }

    fn start(&self, at: u64) -> u64 {
        let after = self.runs.partition_point(|run| run.folded <= at);
        match after.checked_sub(1).and_then(|index| self.runs.get(index)) {
            Some(run) if run.copy => run.original + (at - run.folded),
            Some(run) => run.original,
            None => at,
        }
    }

    fn end(&self, at: u64) -> u64 {
        let after = self.runs.partition_point(|run| run.folded < at);
        match after.checked_sub(1).and_then(|index| self.runs.get(index)) {
            Some(run) if run.copy => run.original + (at - run.folded),
            Some(run) => self.runs.get(after).map_or(run.original, |next| next.original),
            None => at,
        }
    }

    fn push(&mut self, folded: u64, original: u64, copy: bool) {
        match self.runs.last() {
            Some(last) if last.copy && copy && original - last.original == folded - last.folded => {}
            _ => self.runs.push(Run { folded, original, copy }),
        }
    }

    /// Forgets what lies before `folded`.
    pub(crate) fn forget(&mut self, folded: u64) {
        let keep = self.runs.partition_point(|run| run.folded <= folded).saturating_sub(1);
        self.runs.drain(..keep);
    }
}

/// Folds text that arrives in pieces.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folder {
    map: Map,
    /// Bytes that came.
    original: u64,
    /// Bytes that went out.
    folded: u64,
    /// An unfinished character at the end of the last piece.
    rest: Vec<u8>,
    /// A half-width kana that is not written yet, since a sound mark may follow.
    kana: Option<char>,
    /// Whether the last character out was an ASCII digit.
    digit: bool,
}

impl Folder {
    /// Folds one piece onto the end of `out`. `last` says that no more follows.
    pub(crate) fn push(&mut self, piece: &[u8], last: bool, out: &mut String) {
        if self.rest.is_empty() && self.kana.is_none() && piece.is_ascii() {
            self.copy(piece, out);
            return;
        }
        let joined: Cow<'_, [u8]> = if self.rest.is_empty() {
            Cow::Borrowed(piece)
        } else {
            let mut joined = std::mem::take(&mut self.rest);
            joined.extend_from_slice(piece);
            Cow::Owned(joined)
        };
        self.chunks(&joined, last, out);
        if last {
            self.flush(out);
        }
    }

    /// The map so far; the last run ends where `out` ends.
    pub(crate) fn map(&self) -> &Map {
        &self.map
    }

    /// Forgets the map before `folded`.
    pub(crate) fn forget(&mut self, folded: u64) {
        self.map.forget(folded);
    }

    fn chunks(&mut self, bytes: &[u8], last: bool, out: &mut String) {
        let mut bytes = bytes;
        loop {
            match std::str::from_utf8(bytes) {
                Ok(valid) => return self.text(valid, out),
                Err(error) => {
                    let (valid, after) = bytes.split_at(error.valid_up_to());
                    self.text(std::str::from_utf8(valid).unwrap_or_default(), out);
                    let Some(bad) = error.error_len() else {
                        if last {
                            after.iter().for_each(|_| self.write(&['\u{fffd}'], 1, out));
                        } else {
                            self.rest = after.to_vec();
                        }
                        return;
                    };
                    let (bad, after) = after.split_at(bad.min(after.len()));
                    bad.iter().for_each(|_| self.write(&['\u{fffd}'], 1, out));
                    bytes = after;
                }
            }
        }
    }

    fn text(&mut self, text: &str, out: &mut String) {
        let mut rest = text;
        while !rest.is_empty() {
            let plain = rest.find(|char: char| !char.is_ascii()).unwrap_or(rest.len());
            let (ascii, after) = rest.split_at(plain);
            if !ascii.is_empty() {
                self.flush(out);
                self.copy(ascii.as_bytes(), out);
            }
            rest = after;
            let mut chars = rest.chars();
            while let Some(char) = chars.as_str().chars().next().filter(|char| !char.is_ascii()) {
                self.char(char, out);
                chars.next();
            }
            rest = chars.as_str();
        }
    }

    /// Copies ASCII.
    fn copy(&mut self, ascii: &[u8], out: &mut String) {
        if ascii.is_empty() {
            return;
        }
        self.map.push(self.folded, self.original, true);
        // INVARIANT: the callers pass ASCII only, so that no byte is lost here.
        out.push_str(std::str::from_utf8(ascii).unwrap_or_default());
        self.folded += ascii.len() as u64;
        self.original += ascii.len() as u64;
        self.digit = ascii.last().is_some_and(u8::is_ascii_digit);
    }

    fn char(&mut self, char: char, out: &mut String) {
        let width = char.len_utf8() as u64;
        if let Some(kana) = self.kana.take() {
            if let Some(composed) = with_mark(kana, char) {
                self.write(&[composed], HALF_KANA_BYTES + width, out);
                return;
            }
            self.write_kana(kana, out);
        }
        if is_hidden(char) {
            self.map.push(self.folded, self.original, false);
            self.original += width;
            self.map.push(self.folded, self.original, true);
        } else if is_plain(char) {
            self.map.push(self.folded, self.original, true);
            out.push(char);
            self.folded += width;
            self.original += width;
            self.digit = false;
        } else if is_half_kana(char) {
            self.kana = Some(char);
        } else if self.digit && is_dash(char) {
            self.write(&['-'], width, out);
        } else if matches!(char, '\u{2028}' | '\u{2029}' | '\u{85}') {
            self.write(&['\n'], width, out);
        } else if has_compatibility_form(char) {
            let mut parts = ['\0'; PARTS_MAX];
            let mut count = 0;
            decompose_compatible(char, |part| {
                if let Some(slot) = parts.get_mut(count) {
                    *slot = part;
                    count += 1;
                }
            });
            self.write(parts.get(..count).unwrap_or_default(), width, out);
        } else {
            self.write(&[char], width, out);
        }
    }

    /// Writes what was waiting for a sound mark.
    fn flush(&mut self, out: &mut String) {
        if let Some(kana) = self.kana.take() {
            self.write_kana(kana, out);
        }
    }

    fn write_kana(&mut self, kana: char, out: &mut String) {
        let mut full = kana;
        decompose_compatible(kana, |part| full = part);
        self.write(&[full], HALF_KANA_BYTES, out);
    }

    /// Writes `chars` for one character of `width` original bytes.
    fn write(&mut self, chars: &[char], width: u64, out: &mut String) {
        let length: u64 = chars.iter().map(|char| char.len_utf8() as u64).sum();
        self.map.push(self.folded, self.original, length == width && chars.len() == 1);
        out.extend(chars);
        self.folded += length;
        self.original += width;
        self.digit = chars.last().is_some_and(char::is_ascii_digit);
        if length != width {
            self.map.push(self.folded, self.original, true);
        }
    }
}

/// The bytes of a half-width kana in UTF-8.
const HALF_KANA_BYTES: u64 = 3;
/// The most characters that one compatibility character becomes (U+FDFA is 18).
const PARTS_MAX: usize = 18;

/// Folds a whole text; borrows where nothing had to be folded.
pub(crate) fn whole(bytes: &[u8]) -> (Cow<'_, str>, Option<Map>) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && (text.is_ascii() || text.chars().all(|char| char.is_ascii() || is_untouched(char)))
    {
        return (Cow::Borrowed(text), None);
    }
    let (mut folder, mut out) = (Folder::default(), String::with_capacity(bytes.len()));
    folder.push(bytes, true, &mut out);
    (Cow::Owned(out), Some(folder.map))
}

/// Characters that no rule of folding speaks of, wherever they stand.
fn is_untouched(char: char) -> bool {
    is_plain(char) && char != '\u{30fc}' && !matches!(char, '\u{3099}' | '\u{309a}')
}

/// Kana and common ideographs: most of Japanese text.
fn is_plain(char: char) -> bool {
    matches!(char, '\u{3001}'..='\u{3035}' | '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30fb}' | '\u{30fd}'..='\u{30fe}'
        | '\u{3400}'..='\u{9fff}' | '\u{c0}'..='\u{24f}')
}

fn is_half_kana(char: char) -> bool {
    ('\u{ff66}'..='\u{ff9d}').contains(&char)
}

/// The kana with that sound mark.
fn with_mark(kana: char, mark: char) -> Option<char> {
    let mut full = kana;
    decompose_compatible(kana, |part| full = part);
    let semi = match mark {
        '\u{ff9e}' | '\u{3099}' => false,
        '\u{ff9f}' | '\u{309a}' => true,
        _ => return None,
    };
    unicode_normalization::char::compose(full, if semi { '\u{309a}' } else { '\u{3099}' })
}

/// Characters that a reader does not see and that could split a word.
pub(crate) fn is_hidden(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}')
}

/// What people type between the digits of a number.
fn is_dash(char: char) -> bool {
    matches!(char, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' | '\u{ff0d}' | '\u{ff70}' | '\u{2500}')
}

/// The blocks where compatibility forms live.
fn has_compatibility_form(char: char) -> bool {
    matches!(char, '\u{a0}'..='\u{be}' | '\u{2000}'..='\u{200a}' | '\u{2011}' | '\u{2024}'..='\u{2026}' | '\u{202f}'
        | '\u{205f}' | '\u{2070}'..='\u{209f}' | '\u{2100}'..='\u{214f}' | '\u{2160}'..='\u{217f}'
        | '\u{2460}'..='\u{24ff}' | '\u{3000}' | '\u{3036}' | '\u{3038}'..='\u{303a}' | '\u{3131}'..='\u{318e}'
        | '\u{3192}'..='\u{319f}' | '\u{3200}'..='\u{33ff}' | '\u{f900}'..='\u{faff}' | '\u{fb00}'..='\u{fb06}'
        | '\u{fe10}'..='\u{fe19}' | '\u{fe30}'..='\u{fe6b}' | '\u{ff00}'..='\u{ffef}' | '\u{1d400}'..='\u{1d7ff}'
        | '\u{1f100}'..='\u{1f16b}' | '\u{2f800}'..='\u{2fa1d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str) {
        let (text, _) = whole(input.as_bytes());
        assert_eq!(text, expected);
        for cut in 0..=input.len() {
            let (mut folder, mut out) = (Folder::default(), String::new());
            let (head, tail) = input.as_bytes().split_at(cut);
            folder.push(head, false, &mut out);
            folder.push(tail, true, &mut out);
            assert_eq!(out, expected, "cut at {cut}");
        }
    }

    #[test]
    fn full_width_half_width_and_hidden() {
        check("０９０ー１２３４−５６７８", "090-1234-5678");
        check("ﾔﾏﾀﾞ ﾀﾛｳ ﾊﾟｽﾜｰﾄﾞ", "ヤマダ タロウ パスワード");
        check("g\u{200b}h\u{2060}p_１", "ghp_1");
        check("ｋｅｙ＝ａ＠ｂ．ｃ　㈱", "key=a@b.c (株)");
        check("コーヒー", "コーヒー");
        check("café ﬁle", "café file");
        check("か\u{3099}ば", "か\u{3099}ば");
    }

    #[test]
    fn spans_lead_back() {
        let input = "番号：\u{200b}１２３です";
        let (text, map) = whole(input.as_bytes());
        let at = text.find("123").unwrap() as u64;
        let span = map.unwrap().original(at..at + 3);
        let (start, end) = (usize::try_from(span.start).unwrap(), usize::try_from(span.end).unwrap());
        assert_eq!(input.get(start..end), Some("１２３"));
    }

    #[test]
    fn broken_bytes_keep_their_places() {
        let input = b"\xff\xfeabc\xe3\x81";
        let (text, map) = whole(input);
        assert_eq!(text, "\u{fffd}\u{fffd}abc\u{fffd}\u{fffd}");
        let at = text.find("abc").unwrap() as u64;
        assert_eq!(map.unwrap().original(at..at + 3), 2..5);
    }
}
