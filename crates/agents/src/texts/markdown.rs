//! Markdown as a list of blocks, each with what announces it. CommonMark where it matters for who is spoken to:
//! headings, paragraphs, items, quotations, code, tables, comments, link definitions, collapsed parts.

use std::ops::Range;

/// The most blocks of one text; what comes after is not looked at.
pub(super) const BLOCKS_MAX: usize = 10_000;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// Of that level.
    Heading(usize),
    /// Plain text.
    Paragraph,
    /// An item of a list.
    Item,
    /// A fenced or indented block; whether its language is one of prose or none.
    Code { prose: bool },
    /// A quotation.
    Quote,
    /// A cell of a table.
    Cell,
    /// A comment, which nobody sees.
    Comment,
    /// A link definition without a use as text, which nobody sees.
    Definition,
}

/// A block.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// What it is.
    pub(super) kind: BlockKind,
    /// The places of its lines in the text, without the signs of the markup.
    pub(super) lines: Vec<Range<usize>>,
    /// The headings above it, the nearest last.
    pub(super) headings: Vec<usize>,
    /// The block that announces it: the paragraph before a list, a quotation, code or a table; the head of a column.
    pub(super) lead: Option<usize>,
    /// Whether it stands in a part that is shown only after a click.
    pub(super) folded: bool,
}

/// The blocks of a text behind its front matter.
#[derive(Debug, Clone, Default)]
pub(super) struct Document {
    /// In order.
    pub(super) blocks: Vec<Block>,
}

/// A line without its end, and where it begins.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    at: usize,
}

impl Line<'_> {
    fn blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn indent(&self) -> usize {
        let width = |char| if char == '\t' { 4 } else { 1 };
        self.text.chars().take_while(|char| matches!(char, ' ' | '\t')).map(width).sum()
    }

    /// Its place without white space and without the first `skip` bytes of what is left.
    fn inner(&self, skip: usize) -> Range<usize> {
        let rest = self.text.trim_start();
        let inner = rest.get(skip..).unwrap_or_default();
        let start = self.at + self.text.len() - inner.trim_start().len();
        start..(self.at + self.text.trim_end().len()).max(start)
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let mut all = Vec::new();
    for whole in text.split_inclusive('\n') {
        all.push(Line { text: whole.trim_end_matches(['\n', '\r']), at });
        at += whole.len();
    }
    all
}

/// The language of a fence that opens on this line, and its sign.
fn fence(line: Line<'_>) -> Option<(char, usize, &str)> {
    let rest = line.text.trim_start();
    let sign = rest.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let length = rest.chars().take_while(|char| *char == sign).count();
    let info = rest.get(length..).unwrap_or_default().trim();
    (length >= 3 && !(sign == '`' && info.contains('`'))).then_some((sign, length, info))
}

/// How many bytes the sign of a list item takes on this line, which has no white space before it.
fn item_sign(rest: &str) -> Option<usize> {
    let mut chars = rest.chars();
    let first = chars.next()?;
    let sign = match first {
        '-' | '*' | '+' => 1,
        '•' | '・' => first.len_utf8(),
        '0'..='9' => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let closed = rest.get(digits..).is_some_and(|rest| rest.starts_with(['.', ')']));
            if !closed || digits > 4 {
                return None;
            }
            digits + 1
        }
        _ => return None,
    };
    let after = rest.get(sign..).unwrap_or_default();
    let spaced = after.starts_with([' ', '\t']) || (matches!(first, '•' | '・') && !after.is_empty());
    spaced.then(|| sign + (after.len() - after.trim_start().len()))
}

/// Where the code span ends that shows what stands at `at`, if one does: of a line alone, so that a mark far off hides
/// nothing. Source: CommonMark 0.31, 6.1.
fn span_end(text: &str, at: usize) -> Option<usize> {
    let from = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(from..)?.split('\n').next()?;
    let mut open: Option<usize> = None;
    let mut next = 0;
    while let Some(start) = line.get(next..).and_then(|rest| rest.find('`')).map(|offset| next + offset) {
        let length = line.get(start..)?.bytes().take_while(|byte| *byte == b'`').count();
        next = start + length;
        let escaped = line.get(..start)?.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        match open {
            None if from + start > at => return None,
            None if !escaped => {
                // A run that nothing closes is no beginning.
                open = line.get(next..).is_some_and(|rest| has_run(rest, length)).then_some(length);
            }
            Some(least) if least == length && from + start > at => return Some(from + next),
            Some(least) if least == length => open = None,
            _ => {}
        }
    }
    None
}

/// Whether a run of exactly that many marks of code is in a text.
fn has_run(text: &str, length: usize) -> bool {
    text.split(|char| char != '`').any(|run| run.len() == length)
}

/// The comments outside of code, and the text with them blanked.
fn comments(text: &str) -> (Vec<Range<usize>>, String) {
    let mut fenced: Vec<Range<usize>> = Vec::new();
    let mut open: Option<(char, usize, usize)> = None;
    for line in lines(text) {
        let Some((sign, length, info)) = fence(line) else { continue };
        open = match open {
            None => Some((sign, length, line.at)),
            Some((first, least, start)) if first == sign && length >= least && info.is_empty() => {
                fenced.push(start..line.at + line.text.len());
                None
            }
            still => still,
        };
    }
    if let Some((.., start)) = open {
        fenced.push(start..text.len());
    }
    let mut found = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut fenced = fenced.iter().peekable();
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("<!--")).map(|offset| at + offset) {
        while fenced.next_if(|range| range.end <= start).is_some() {}
        let in_code = fenced.peek().filter(|range| range.contains(&start)).map(|range| range.end);
        let in_code = in_code.or_else(|| span_end(text, start));
        let end = match in_code {
            Some(end) => end.max(start + 4),
            None => text.get(start + 4..).and_then(|rest| rest.find("-->")).map_or(text.len(), |end| start + end + 7),
        };
        out.push_str(text.get(at..start).unwrap_or_default());
        let part = text.get(start..end).unwrap_or_default();
        if in_code.is_some() {
            out.push_str(part);
        } else {
            found.push(start..end);
            out.extend(part.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        }
        at = end;
        if found.len() >= BLOCKS_MAX {
            break;
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    (found, out)
}

/// The nearest that two beginnings of a comment that is not closed between them stand to each other, in bytes.
const COMMENT_APART_BYTES: usize = 2_000;

/// A text without the beginnings of comments that stand shortly behind another in one comment, byte for byte: who reads
/// on from each beginning to the end of the comment would read the same again and again.
pub(super) fn apart(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut at, mut last, mut closed) = (0, 0, 0);
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("<!--")).map(|offset| at + offset) {
        let inside = start < closed;
        if !inside {
            closed = text.get(start + 4..).and_then(|rest| rest.find("-->")).map_or(text.len(), |end| start + end + 7);
        }
        out.push_str(text.get(at..start).unwrap_or_default());
        if inside && start - last < COMMENT_APART_BYTES {
            out.push_str("    ");
        } else {
            out.push_str("<!--");
            last = start;
        }
        at = start + 4;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Where the front matter ends: its inside, and where the rest begins.
pub(super) fn front(text: &str) -> Option<(Range<usize>, usize)> {
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = lines(text.get(bom..)?).into_iter();
    let first = lines.next().filter(|line| line.text.trim_end() == "---")?;
    let inside = bom + first.text.len() + 1;
    let last = lines.find(|line| matches!(line.text.trim_end(), "---" | "..."))?;
    Some((inside.min(bom + last.at)..bom + last.at, (bom + last.at + last.text.len()).min(text.len())))
}

/// Reads a text.
pub(super) fn read(text: &str) -> Document {
    let (comments, plain) = comments(text);
    let from = front(&plain).map_or(0, |(_, end)| end);
    let mut reader = Reader::default();
    let all: Vec<Line<'_>> = lines(&plain).into_iter().filter(|line| line.at >= from).collect();
    let mut rest = all.as_slice();
    while let Some((line, after)) = rest.split_first() {
        if reader.document.blocks.len() >= BLOCKS_MAX {
            break;
        }
        rest = reader.line(*line, after);
    }
    for comment in comments {
        let inner = comment.start + 4..comment.end.saturating_sub(3).max(comment.start + 4).min(text.len());
        reader.push(BlockKind::Comment, vec![inner], None);
    }
    reader.document
}

#[derive(Default)]
struct Reader {
    document: Document,
    /// Level and index of the open headings.
    headings: Vec<(usize, usize)>,
    /// The paragraph that announces what comes next.
    lead: Option<usize>,
    /// What the line before was part of; a blank line ends paragraphs.
    open: Option<BlockKind>,
    /// The heads of the columns of the open table.
    heads: Vec<usize>,
    folded: bool,
    after_blank: bool,
}

impl Reader {
    fn push(&mut self, kind: BlockKind, lines: Vec<Range<usize>>, lead: Option<usize>) -> usize {
        let headings = self.headings.iter().map(|(_, index)| *index).collect();
        self.document.blocks.push(Block { kind, lines, headings, lead, folded: self.folded });
        self.document.blocks.len() - 1
    }

    /// Reads one line, with those after it where a block takes more; gives what is left.
    fn line<'a, 'b>(&mut self, line: Line<'a>, after: &'b [Line<'a>]) -> &'b [Line<'a>] {
        let rest = line.text.trim_start();
        let lower = rest.get(..10).unwrap_or(rest).to_ascii_lowercase();
        if lower.starts_with("<details") {
            self.folded = true;
        } else if lower.starts_with("</details") {
            self.folded = false;
        }
        if line.blank() {
            self.open = None;
            self.after_blank = true;
            self.heads.clear();
            return after;
        }
        let blank_before = std::mem::take(&mut self.after_blank);
        if let Some((sign, length, info)) = fence(line) {
            return self.fenced(sign, length, info, after);
        }
        let in_list = matches!(self.open, Some(BlockKind::Item))
            || (self.document.blocks.last().is_some_and(|block| block.kind == BlockKind::Item));
        if line.indent() >= 4
            && !in_list
            && self.open != Some(BlockKind::Paragraph)
            && (blank_before || self.open == Some(BlockKind::Code { prose: false }))
        {
            return self.code_line(line, after);
        }
        self.text_line(line, rest, after)
    }

    fn fenced<'a, 'b>(&mut self, sign: char, length: usize, info: &str, after: &'b [Line<'a>]) -> &'b [Line<'a>] {
        let closes = |line: &Line<'_>| {
            fence(*line).is_some_and(|(other, count, info)| other == sign && count >= length && info.is_empty())
        };
        let count = after.iter().position(closes).unwrap_or(after.len());
        let inside = after.get(..count).unwrap_or_default();
        let language = info.split([' ', '{', ',']).next().unwrap_or_default().to_ascii_lowercase();
        let prose =
            matches!(language.as_str(), "" | "text" | "txt" | "md" | "markdown" | "prompt" | "plain" | "plaintext");
        let places = inside.iter().filter(|line| !line.blank()).map(|line| line.inner(0)).collect();
        self.push(BlockKind::Code { prose }, places, self.lead_of_next());
        self.open = None;
        after.get(count + 1..).unwrap_or_default()
    }

    fn code_line<'a, 'b>(&mut self, line: Line<'a>, after: &'b [Line<'a>]) -> &'b [Line<'a>] {
        let code = BlockKind::Code { prose: false };
        match self.document.blocks.last_mut() {
            Some(last) if self.open == Some(code) => last.lines.push(line.inner(0)),
            _ => {
                self.push(code, vec![line.inner(0)], self.lead_of_next());
            }
        }
        self.open = Some(code);
        after
    }

    /// What announces a block that comes now: the paragraph or item before it, or what announced the block before it.
    fn lead_of_next(&self) -> Option<usize> {
        let last = self.document.blocks.len().checked_sub(1)?;
        match self.document.blocks.get(last)?.kind {
            BlockKind::Paragraph | BlockKind::Item => Some(last),
            BlockKind::Heading(_) => None,
            _ => self.lead,
        }
    }

    fn text_line<'a, 'b>(&mut self, line: Line<'a>, rest: &str, after: &'b [Line<'a>]) -> &'b [Line<'a>] {
        let hashes = rest.bytes().take_while(|byte| *byte == b'#').count();
        if (1..=6).contains(&hashes) && rest.get(hashes..).is_some_and(|rest| rest.starts_with(' ')) {
            self.heading(hashes, line.inner(hashes));
            return after;
        }
        if let Some(under) = after.first()
            && self.open.is_none()
            && under.text.trim_end().len() >= 3
            && (under.text.trim_end().bytes().all(|byte| byte == b'=')
                || under.text.trim_end().bytes().all(|byte| byte == b'-'))
        {
            self.heading(if under.text.starts_with('=') { 1 } else { 2 }, line.inner(0));
            return after.get(1..).unwrap_or_default();
        }
        if let Some(quoted) = rest.strip_prefix('>') {
            let skip = 1 + usize::from(quoted.starts_with(' '));
            return self.goes_on(BlockKind::Quote, line.inner(skip), after);
        }
        if rest.starts_with('|') {
            self.row(line, rest, after);
            return after;
        }
        if rest.starts_with('[')
            && rest.split_once("]:").is_some_and(|(label, _)| !label.contains(['(', ' ']) || label == "[//")
        {
            let skip = rest.find("]:").map_or(0, |end| end + 2);
            // An address alone is what such a line is for.
            if !rest.get(skip..).is_some_and(|rest| rest.trim().contains([' ', '(', '"'])) {
                return after;
            }
            self.push(BlockKind::Definition, vec![line.inner(skip)], None);
            return after;
        }
        if let Some(skip) = item_sign(rest) {
            self.item(line.inner(skip));
            return after;
        }
        let kind = match self.open {
            Some(BlockKind::Item) => BlockKind::Item,
            Some(BlockKind::Quote) => BlockKind::Quote,
            _ if line.indent() >= 2
                && matches!(self.document.blocks.last().map(|last| last.kind), Some(BlockKind::Item)) =>
            {
                BlockKind::Item
            }
            _ => BlockKind::Paragraph,
        };
        self.goes_on(kind, line.inner(0), after)
    }

    fn heading(&mut self, level: usize, place: Range<usize>) {
        self.headings.retain(|(other, _)| *other < level);
        let index = self.push(BlockKind::Heading(level), vec![place], None);
        self.headings.push((level, index));
        self.lead = None;
        self.open = None;
    }

    fn item(&mut self, place: Range<usize>) {
        let last = self.document.blocks.last().map(|last| last.kind);
        if let Some(BlockKind::Paragraph) = last {
            self.lead = self.document.blocks.len().checked_sub(1);
        }
        let lead = self.lead;
        self.push(BlockKind::Item, vec![place], lead);
        self.open = Some(BlockKind::Item);
    }

    /// Adds a line to the open block of that kind, or begins one.
    fn goes_on<'a, 'b>(&mut self, kind: BlockKind, place: Range<usize>, after: &'b [Line<'a>]) -> &'b [Line<'a>] {
        let last_kind = self.document.blocks.last().map(|last| last.kind);
        match self.document.blocks.last_mut() {
            Some(last) if last.kind == kind && (self.open == Some(kind) || kind == BlockKind::Item) => {
                last.lines.push(place)
            }
            _ => {
                if kind == BlockKind::Quote && last_kind == Some(BlockKind::Paragraph) {
                    self.lead = self.document.blocks.len().checked_sub(1);
                }
                let lead = if kind == BlockKind::Quote { self.lead } else { None };
                let index = self.push(kind, vec![place], lead);
                if kind == BlockKind::Paragraph {
                    self.lead = Some(index);
                }
            }
        }
        self.open = Some(kind);
        after
    }

    fn row(&mut self, line: Line<'_>, rest: &str, after: &[Line<'_>]) {
        let is_rule = |text: &str| {
            text.trim().starts_with('|')
                && text.contains('-')
                && text.chars().all(|char| matches!(char, '|' | '-' | ':' | ' ' | '\t'))
        };
        if is_rule(rest) {
            return;
        }
        let head = after.first().is_some_and(|next| is_rule(next.text));
        if head {
            self.heads.clear();
        }
        let mut at = line.at + (line.text.len() - rest.len()) + 1;
        for (column, cell) in rest.trim_start_matches('|').split('|').enumerate() {
            let place = at..at + cell.len();
            at = place.end + 1;
            let inner = Line { text: cell, at: place.start }.inner(0);
            if cell.trim().is_empty() {
                continue;
            }
            let lead = if head { self.lead } else { self.heads.get(column).copied() };
            let index = self.push(BlockKind::Cell, vec![inner], lead);
            if head {
                self.heads.push(index);
            }
        }
        self.open = Some(BlockKind::Cell);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[(BlockKind, &str)]) {
        let document = read(text);
        let found: Vec<(BlockKind, String)> = document
            .blocks
            .iter()
            .map(|block| {
                (
                    block.kind,
                    block.lines.iter().map(|line| text.get(line.clone()).unwrap()).collect::<Vec<_>>().join("/"),
                )
            })
            .collect();
        let found: Vec<(BlockKind, &str)> = found.iter().map(|(kind, text)| (*kind, text.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn blocks_are_what_a_reader_sees() {
        use BlockKind::{Cell, Code, Comment, Definition, Heading, Item, Paragraph, Quote};
        check("---\nname: a\n---\n# T\n\nOne\ntwo\n", &[(Heading(1), "T"), (Paragraph, "One/two")]);
        check("List:\n- a\n  b\n- c\n", &[(Paragraph, "List:"), (Item, "a/b"), (Item, "c")]);
        check("Run:\n\n    x | sh\n    y\n", &[(Paragraph, "Run:"), (Code { prose: false }, "x | sh/y")]);
        check("```sh\na\n\nb\n```\nc", &[(Code { prose: false }, "a/b"), (Paragraph, "c")]);
        check("> a\n> b\n\nc", &[(Quote, "a/b"), (Paragraph, "c")]);
        check("| A | B |\n|---|---|\n| c | d |\n", &[(Cell, "A"), (Cell, "B"), (Cell, "c"), (Cell, "d")]);
        check("a <!-- b --> c", &[(Paragraph, "a <!-- b --> c"), (Comment, " b ")]);
        check("a `<!-- b -->` c", &[(Paragraph, "a `<!-- b -->` c")]);
        check("a ``x ` <!-- b -->`` c", &[(Paragraph, "a ``x ` <!-- b -->`` c")]);
        check("a ` <!-- b --> c", &[(Paragraph, "a ` <!-- b --> c"), (Comment, " b ")]);
        check("a \\` <!-- b --> ` c", &[(Paragraph, "a \\` <!-- b --> ` c"), (Comment, " b ")]);
        check("`a` <!-- b --> `c`", &[(Paragraph, "`a` <!-- b --> `c`"), (Comment, " b ")]);
        check("```\n<!-- b -->\n```", &[(Code { prose: true }, "<!-- b -->")]);
        check("[//]: # (hidden)\n", &[(Definition, " # (hidden)".trim_start())]);
        check("1. あ\n2) い\n・う", &[(Item, "あ"), (Item, "い"), (Item, "う")]);
        check("Title\n=====\ntext", &[(Heading(1), "Title"), (Paragraph, "text")]);
    }

    #[test]
    fn what_announces_a_block() {
        let document = read("Never:\n\n- a\n- b\n\nFor example:\n\n```\nc\n```\n");
        let leads: Vec<Option<usize>> = document.blocks.iter().map(|block| block.lead).collect();
        assert_eq!(leads, [None, Some(0), Some(0), None, Some(3)]);
    }

    proptest! {
        #[test]
        fn places_are_places_of_the_text(text in "(\\PC|[-#>|`~\n *<!\\[\\]:]){0,200}") {
            for block in read(&text).blocks {
                for line in block.lines {
                    prop_assert!(text.get(line.clone()).is_some(), "{line:?}");
                }
            }
        }
    }
}
