//! Sentences of blocks: folded to lower case without what does not show, with the way back to the file.

use std::cell::OnceCell;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::markdown::{Block, BlockKind};
use super::words::{self, CONCEPTS, Concept};

/// The longest sentence, in bytes of folded text; what goes on is the next sentence.
const SENTENCE_MAX_BYTES: usize = 2_000;

/// The shortest word in capitals that may be a name of something to be filled in, in bytes.
const SHOUTED_MIN_BYTES: usize = 3;
/// The most such words of a line.
const SHOUTED_MAX: usize = 40;

/// A sentence.
#[derive(Debug)]
pub(super) struct Sentence {
    /// The index of its block.
    pub(super) block: usize,
    /// Folded: lower case, one blank between words, no emphasis, no characters that do not show.
    pub(super) text: String,
    /// The same with what stands in quotation marks blanked out, byte for byte.
    pub(super) open: String,
    /// Where it stands in the file.
    pub(super) range: Range<usize>,
    /// Words that were written in capitals, folded: names of what is to be filled in.
    pub(super) shouted: Vec<String>,
    /// What stood between backticks, in bytes of `text`.
    pub(super) code: Vec<Range<usize>>,
    /// Where the concepts stand in `open`, as they are asked for.
    found: Vec<OnceCell<Vec<Range<usize>>>>,
}

impl Sentence {
    /// Where a concept stands outside of quotation marks.
    pub(super) fn places(&self, concept: Concept) -> &[Range<usize>] {
        match self.found.get(concept as usize) {
            Some(cell) => cell.get_or_init(|| words::places(concept, &self.open)),
            None => &[],
        }
    }

    /// Whether a concept stands outside of quotation marks.
    pub(super) fn has(&self, concept: Concept) -> bool {
        !self.places(concept).is_empty()
    }

    /// What stands outside of quotation marks before byte `at`.
    pub(super) fn before(&self, at: usize) -> &str {
        self.open.get(..at).unwrap_or_default()
    }

    /// What stands outside of quotation marks from byte `at` on.
    pub(super) fn after(&self, at: usize) -> &str {
        self.open.get(at..).unwrap_or_default()
    }

    /// Whether the sentence asks.
    pub(super) fn asks(&self) -> bool {
        self.text.trim_end_matches(['"', '”', '」', ')']).ends_with(['?', '？']) && !self.text.contains("http")
    }

    /// A sentence of a text that is no Markdown, such as a line of a script or a description.
    pub(super) fn plain(text: &str) -> Self {
        let block = Block {
            kind: BlockKind::Paragraph,
            lines: std::iter::once(0..text.len()).collect(),
            headings: Vec::new(),
            lead: None,
            folded: false,
        };
        let folded = fold(text, &block);
        let all = 0..folded.text.len();
        cut(&folded, &all, 0)
    }
}

/// The folded text of a block.
struct Folded {
    text: String,
    /// For each byte of `text` the place in the file.
    places: Vec<usize>,
    code: Vec<Range<usize>>,
    /// Words in capitals, folded, with their places in `text`.
    shouted: Vec<(usize, String)>,
    end: usize,
}

/// Letters of other scripts that look like Latin ones.
pub(super) fn latin_look_alike(char: char) -> Option<char> {
    const OTHERS: &str = "аеорсухіѕјһԁԛԝвнктмԍαορνικτυχενАВЕКМНОРСТХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";
    const LATIN: &str = "aeopcyxisjhdqwbhktmgaopviktuxevABEKMHOPCTXISJABEZHIKMNOPTYX";
    OTHERS.chars().position(|other| other == char).and_then(|index| LATIN.chars().nth(index))
}

/// Whether a character takes no place and is no part of a letter.
pub(super) fn unseen(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{180e}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

fn fold(text: &str, block: &Block) -> Folded {
    let mut out = Folded { text: String::new(), places: Vec::new(), code: Vec::new(), shouted: Vec::new(), end: 0 };
    let code_block = matches!(block.kind, BlockKind::Code { .. });
    for line in &block.lines {
        let part = text.get(line.clone()).unwrap_or_default();
        if !out.text.is_empty() {
            let joins = out.text.chars().last().is_some_and(japanese) && part.chars().next().is_some_and(japanese);
            if code_block {
                out.push('\n', line.start);
            } else if !joins {
                out.push(' ', line.start);
            }
        }
        out.line(part, line.start, code_block);
        out.end = line.end;
    }
    out
}

fn japanese(char: char) -> bool {
    matches!(char, 'ぁ'..='ヿ' | '㐀'..='鿿' | '、' | '々' | '。' | '」' | '』')
}

impl Folded {
    fn push(&mut self, char: char, place: usize) {
        let blank = char == ' ' && (self.text.is_empty() || self.text.ends_with([' ', '\n']));
        if !blank {
            self.text.push(char);
            self.places.resize(self.text.len(), place);
        }
    }

    fn line(&mut self, part: &str, start: usize, code_block: bool) {
        let from = self.text.len();
        self.characters(part, start, code_block);
        let capital = |word: &&str| {
            word.len() >= SHOUTED_MIN_BYTES && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        };
        for word in
            part.split(|char: char| !char.is_ascii_alphabetic() && char != '_').filter(capital).take(SHOUTED_MAX)
        {
            self.shouted.push((from, word.to_ascii_lowercase()));
        }
    }

    fn characters(&mut self, part: &str, start: usize, code_block: bool) {
        let mut code_from = None;
        let mut before = ' ';
        let mut chars = part.char_indices().peekable();
        while let Some((offset, char)) = chars.next() {
            let (place, next) = (start + offset, chars.peek().map_or(' ', |(_, next)| *next));
            match char {
                '`' if !code_block => match code_from.take() {
                    None => code_from = Some(self.text.len()),
                    Some(from) => self.code.push(from..self.text.len()),
                },
                '*' if !code_block && code_from.is_none() => {}
                '_' if !code_block && code_from.is_none() && !(before.is_alphanumeric() && next.is_alphanumeric()) => {}
                char if unseen(char) => {}
                char if char.is_whitespace() || char.is_control() => self.push(' ', place),
                '’' | '‘' => self.push('\'', place),
                char if char.is_ascii() => self.push(char.to_ascii_lowercase(), place),
                '。' | '、' | '「' | '」' | '『' | '』' | '“' | '”' => self.push(char, place),
                char => {
                    let mixed = before.is_ascii_alphabetic() || next.is_ascii_alphabetic();
                    let char = latin_look_alike(char).filter(|_| mixed).unwrap_or(char);
                    for folded in char.nfkc().flat_map(char::to_lowercase) {
                        self.push(if folded.is_whitespace() { ' ' } else { folded }, place);
                    }
                }
            }
            before = char;
        }
    }

    fn place(&self, at: usize) -> usize {
        self.places.get(at).copied().unwrap_or(self.end)
    }
}

/// Abbreviations whose full stop ends no sentence.
const ABBREVIATIONS: [&str; 9] = ["e.g.", "i.e.", "etc.", "vs.", "cf.", "no.", "approx.", "incl.", "resp."];

/// Where the sentences of a folded text stand.
fn ends(text: &str, code: bool, in_code: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut depth) = (0, 0_i32);
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let end = at + char.len_utf8();
        let next = chars.peek().map(|(_, next)| *next);
        match char {
            '「' | '『' | '“' => depth += 1,
            '」' | '』' | '”' => depth -= 1,
            _ => {}
        }
        let stops = match char {
            '\n' => true,
            _ if code => false,
            '。' => depth <= 0,
            '.' | '!' | '?' | ';' => {
                let so_far = text.get(start..end).unwrap_or_default();
                let short = || ABBREVIATIONS.iter().any(|short| so_far.ends_with(short));
                let numbered = || so_far.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
                next.is_none_or(|next| next == ' ' || japanese(next))
                    && depth <= 0
                    && !short()
                    && !numbered()
                    && !in_code(at)
            }
            _ => false,
        };
        if stops || end - start >= SENTENCE_MAX_BYTES {
            found.push(start..end);
            start = end;
        }
    }
    found.push(start..text.len());
    found
}

/// The text with what stands in quotation marks replaced by `#`, byte for byte, and the marks kept.
fn blanked(text: &str) -> String {
    let even = text.matches('"').count().is_multiple_of(2);
    let mut out = String::with_capacity(text.len());
    let mut inside: Option<char> = None;
    for char in text.chars() {
        match inside {
            Some(close) if char == close => {
                inside = None;
                out.push(char);
            }
            Some(_) => out.extend(std::iter::repeat_n('#', char.len_utf8())),
            None => {
                inside = match char {
                    '「' => Some('」'),
                    '『' => Some('』'),
                    '“' => Some('”'),
                    '"' if even => Some('"'),
                    _ => None,
                };
                out.push(char);
            }
        }
    }
    // A mark that is never closed quotes nothing.
    if inside.is_some() { text.to_owned() } else { out }
}

fn cut(folded: &Folded, range: &Range<usize>, block: usize) -> Sentence {
    let whole = folded.text.get(range.clone()).unwrap_or_default();
    let text = whole.trim().to_owned();
    let lead = range.start + (whole.len() - whole.trim_start().len());
    let end = lead + text.len();
    let last = end.checked_sub(1).map_or(folded.end, |last| folded.place(last));
    let start = folded.place(lead).min(last);
    // Only the lines that the sentence stands on, so that many sentences of one block are not each held against all.
    let from = folded.shouted.partition_point(|(at, _)| *at <= lead);
    let line = from.checked_sub(1).and_then(|last| folded.shouted.get(last)).map_or(lead, |(at, _)| *at);
    let from = folded.shouted.partition_point(|(at, _)| *at < line);
    let near = folded.shouted.iter().skip(from).take_while(|(at, _)| *at < end);
    let shouted = near.filter(|(_, word)| text.contains(word.as_str())).map(|(_, word)| word.clone()).collect();
    let from = folded.code.partition_point(|code| code.start < lead);
    let code = folded.code.iter().skip(from).take_while(|code| code.start < end).filter(|code| code.end <= end);
    let code = code.map(|code| code.start - lead..code.end - lead).collect();
    let after = if end >= folded.text.len() { folded.end } else { folded.place(end) };
    Sentence {
        block,
        open: blanked(&text),
        text,
        range: start..after.max(last),
        shouted,
        code,
        found: CONCEPTS.iter().map(|_| OnceCell::new()).collect(),
    }
}

/// The sentences of a block.
pub(super) fn sentences(text: &str, block: &Block, index: usize, into: &mut Vec<Sentence>) {
    let folded = fold(text, block);
    let code = matches!(block.kind, BlockKind::Code { .. });
    let in_code = |at: usize| {
        let next = folded.code.partition_point(|span| span.start <= at);
        next.checked_sub(1).and_then(|last| folded.code.get(last)).is_some_and(|span| span.contains(&at))
    };
    for range in ends(&folded.text, code, in_code) {
        let sentence = cut(&folded, &range, index);
        if !sentence.text.is_empty() {
            into.push(sentence);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::texts::markdown;

    fn all(text: &str) -> Vec<Sentence> {
        let mut found = Vec::new();
        for (index, block) in markdown::read(text).blocks.iter().enumerate() {
            sentences(text, block, index, &mut found);
        }
        found
    }

    #[test]
    fn sentences_are_folded_and_find_their_way_back() {
        let check = |text: &str, expected: &[&str]| {
            let found = all(text);
            assert_eq!(found.iter().map(|found| found.text.as_str()).collect::<Vec<_>>(), expected, "{text}");
            assert!(found.iter().all(|found| text.get(found.range.clone()).is_some()), "{text}");
        };
        check("**Do** not\n_go_. Then `a_b.c` stop!", &["do not go.", "then a_b.c stop!"]);
        check("See e.g. this. Next; last", &["see e.g. this.", "next;", "last"]);
        check("一つ。二つ\n目です。「終わり。」と", &["一つ。", "二つ目です。", "「終わり。」と"]);
        check("ＡＰＩ s\u{200b}end", &["api send"]);
        check("s\u{435}nd", &["send"]);
        check("```\na. b\nc\n```", &["a. b", "c"]);
    }

    #[test]
    fn quotations_are_blanked() {
        let found = all("Say \"send it\" and 「送信」 now");
        assert_eq!(found[0].open, "say \"#######\" and 「######」 now");
        assert_eq!(found[0].open.len(), found[0].text.len());
        assert_eq!(all("5\" wide")[0].open, "5\" wide");
    }

    proptest! {
        #[test]
        fn every_sentence_has_its_place(text in "(\\PC|[-#>|`~\n *<!\\[\\]:.。「」\"]){0,200}") {
            for sentence in all(&text) {
                prop_assert!(text.get(sentence.range.clone()).is_some(), "{:?}", sentence.range);
                prop_assert_eq!(sentence.open.len(), sentence.text.len());
            }
        }
    }
}
