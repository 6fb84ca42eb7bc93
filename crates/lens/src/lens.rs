//! The engine: a selection of rules, ready to look at texts.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::meta::Regex;
use regex_automata::util::captures::Captures;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

use crate::hit::{RawHit, settle};
use crate::raw::RawRules;
use crate::triggers::{DETECT_AHEAD_BYTES, DETECT_BACK_BYTES, Part, Task, Triggers};
use crate::unwrapping::{self, DEPTH_MAX_LEVELS, WRAPPED_BACK_BYTES};
use crate::{Boundary, Class, Confidence, Found, Hit, How, RULES, Rule, Window, fold};

/// The most bytes that a compiled expression may take.
const REGEX_MAX_BYTES: usize = 4 << 20;
/// Longer texts that must be folded are looked at in pieces of this length.
const PIECE_BYTES: usize = 1 << 20;
/// The most hits of all that is unwrapped from one place.
const WRAPPED_HITS_MAX: usize = 10_000;
/// The most bytes that are unwrapped from one place, all levels together: texts within texts within texts.
const WRAPPED_BUDGET_BYTES: usize = 4 * unwrapping::WRAPPED_MAX_BYTES;

/// A selection of rules, ready to look at texts. Cheap to share between threads.
pub struct Lens {
    rules: Vec<Compiled>,
    triggers: Triggers,
    pub(crate) raw: RawRules,
    /// The farthest that a rule of the selection looks back, in bytes of folded text.
    pub(crate) back: usize,
    /// The farthest that a span may begin before the place that triggers it.
    pub(crate) span_back: usize,
}

struct Compiled {
    rule: &'static Rule,
    /// Compiled when the rule's literal is met for the first time.
    regex: OnceLock<Option<Regex>>,
}

impl std::fmt::Debug for Lens {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Lens({} rules)", self.rules.len())
    }
}

impl Lens {
    /// All rules for which `select` says yes. Encoded text is unwrapped and looked into as well.
    pub fn new(select: impl Fn(&Rule) -> bool) -> Self {
        let rules: Vec<&'static Rule> = RULES.iter().filter(|rule| select(rule)).collect();
        let back = rules.iter().map(|rule| back_bytes(rule)).max().unwrap_or(0);
        let span_back = rules.iter().map(|rule| rule.back_bytes).max().unwrap_or(0);
        Lens {
            rules: rules.iter().map(|rule| Compiled { rule, regex: OnceLock::new() }).collect(),
            triggers: Triggers::new(&rules),
            raw: RawRules::new(&rules),
            back: back.max(DETECT_BACK_BYTES).max(WRAPPED_BACK_BYTES) + 4,
            span_back: span_back.max(WRAPPED_BACK_BYTES),
        }
    }

    /// The rules of the selection.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        self.rules.iter().map(|compiled| compiled.rule)
    }

    /// Everything that `text` contains, by place. The bytes need not be UTF-8.
    pub fn scan(&self, text: &[u8]) -> Vec<Hit> {
        let (folded, map) = fold::whole(text);
        if map.is_some() && text.len() > PIECE_BYTES {
            // The way back from a folded text takes more memory than the text.
            let mut stream = self.stream();
            let mut hits: Vec<Hit> = text.chunks(PIECE_BYTES).flat_map(|piece| stream.push(piece)).collect();
            hits.extend(stream.finish());
            hits.sort_by_key(|hit| (hit.span.start, hit.span.end));
            return hits;
        }
        let mut hits = self.whole(&folded, 0, &mut 0);
        settle(&mut hits);
        let mut hits: Vec<Hit> = hits.into_iter().map(|hit| finished(hit, map.as_ref())).collect();
        let folded_count = hits.len();
        self.raw.whole(text, &mut hits);
        if hits.len() > folded_count {
            hits.sort_by_key(|hit| (hit.span.start, hit.span.end));
        }
        hits
    }

    /// All hits of a whole folded text, not settled.
    fn whole(&self, text: &str, depth: u8, budget: &mut usize) -> Vec<RawHit> {
        let part = Part { text, base: 0, ends: true };
        let mut hits = Vec::new();
        self.triggers.find(part, 0, text.len(), &mut |at, task| {
            if depth == 0 {
                self.run(part, at, task, &mut hits);
            } else if hits.len() < WRAPPED_HITS_MAX {
                self.run_at(part, at, task, depth, budget, &mut hits);
            }
        });
        hits
    }

    /// The places of `part` in `from..to` at which something could begin.
    pub(crate) fn detect(&self, part: Part<'_>, from: usize, to: usize, each: &mut impl FnMut(usize, Task)) {
        self.triggers.find(part, from, to, each);
    }

    /// How many bytes from the place on a task needs to see, at least.
    pub(crate) fn needs(&self, text: &str, base: u64, at: usize, task: Task) -> usize {
        match task {
            Task::Rule(index) => self.rules.get(usize::from(index)).map_or(0, |compiled| ahead_bytes(compiled.rule)),
            // Nothing is unwrapped there: the whole token was at an earlier place.
            Task::Unwrap(wrapping) if !unwrapping::leads(text, base, at, wrapping) => 0,
            Task::Unwrap(wrapping) => {
                let length = unwrapping::length(text.as_bytes(), at, wrapping);
                if length < unwrapping::WRAPPED_MAX_BYTES { length + 4 } else { length }
            }
        }
    }

    /// Does what a place asks for. The positions of the hits are those of the whole text.
    pub(crate) fn run(&self, part: Part<'_>, at: usize, task: Task, hits: &mut Vec<RawHit>) {
        self.run_at(part, at, task, 0, &mut { WRAPPED_BUDGET_BYTES }, hits);
    }

    fn run_at(&self, part: Part<'_>, at: usize, task: Task, depth: u8, budget: &mut usize, hits: &mut Vec<RawHit>) {
        match task {
            Task::Rule(index) => {
                if let Some(compiled) = self.rules.get(usize::from(index)) {
                    compiled.judge(part, at, index, hits);
                }
            }
            Task::Unwrap(wrapping) if depth < DEPTH_MAX_LEVELS => {
                if let Some(inside) = unwrapping::unwrap(part.text, part.base, at, wrapping) {
                    let Some(left) = budget.checked_sub(inside.text.len()) else { return };
                    *budget = left;
                    let (text, map) = fold::whole(inside.text.as_bytes());
                    for mut hit in self.whole(&text, depth + 1, budget) {
                        let outside = |span: &Range<u64>| {
                            let span = map.as_ref().map_or(span.clone(), |map| map.original(span.clone()));
                            let span = inside.outside(clamp(span.start)..clamp(span.end));
                            part.base + span.start as u64..part.base + span.end as u64
                        };
                        (hit.span, hit.value) = (outside(&hit.span), outside(&hit.value));
                        hit.wrapped.insert(0, wrapping);
                        hits.push(hit);
                    }
                }
            }
            Task::Unwrap(_) => {}
        }
    }
}

fn clamp(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

/// A hit as the caller sees it.
pub(crate) fn finished(hit: RawHit, map: Option<&fold::Map>) -> Hit {
    let original = |span: Range<u64>| map.map_or(span.clone(), |map| map.original(span));
    Hit {
        rule: hit.rule,
        span: original(hit.span),
        value: original(hit.value),
        text: hit.text,
        confidence: hit.confidence,
        wrapped: hit.wrapped,
    }
}

/// How far back a rule looks, with its context words.
fn back_bytes(rule: &Rule) -> usize {
    rule.back_bytes + if rule.near.is_empty() { 0 } else { rule.near_bytes }
}

/// How far ahead a rule looks, with its context words and the character after the match.
fn ahead_bytes(rule: &Rule) -> usize {
    let near = if rule.near.is_empty() { 0 } else { rule.near_bytes };
    (rule.ahead_bytes + near + 4).max(DETECT_AHEAD_BYTES)
}

impl Compiled {
    fn judge(&self, part: Part<'_>, at: usize, index: u16, hits: &mut Vec<RawHit>) {
        let text = part.text;
        let low = text.floor_char_boundary(at.saturating_sub(self.rule.back_bytes));
        let high = text.floor_char_boundary(at.saturating_add(self.rule.ahead_bytes).min(text.len()));
        let mut found = Vec::new();
        match self.rule.how {
            How::Pattern(_) => self.pattern(text, at, high, &mut found),
            How::Recognise(_, recognise) => {
                if let Some(cut) = text.get(low..high) {
                    let starts = low == 0 && part.base == 0;
                    let ends = high == text.len() && part.ends;
                    recognise(&Window { text: cut, at: at - low, starts, ends }, &mut found);
                    found.iter_mut().for_each(|found| {
                        found.span = found.span.start + low..found.span.end + low;
                        found.value = found.value.start + low..found.value.end + low;
                    });
                }
            }
        }
        for found in found {
            if let Some(hit) = self.check(part, found, index) {
                hits.push(hit);
            }
        }
    }

    fn pattern(&self, text: &str, at: usize, high: usize, found: &mut Vec<Found>) {
        let lead = text.as_bytes().get(at.saturating_sub(self.rule.back_bytes)..at).unwrap_or_default();
        let belongs = |byte: &&u8| self.rule.lead.as_bytes().contains(byte);
        let at = at - lead.iter().rev().take_while(belongs).count();
        if !self.boundary_before(text, at) {
            return;
        }
        let Some(regex) = self.regex.get_or_init(|| compile(self.rule)) else { return };
        let Some(haystack) = text.as_bytes().get(at..high) else { return };
        let input = Input::new(haystack).anchored(Anchored::Yes);
        // Most places are rejected here; the groups are asked for only where the whole matches.
        if regex.search_half(&input).is_none() {
            return;
        }
        let mut captures: Captures = regex.create_captures();
        regex.search_captures(&input, &mut captures);
        let Some(whole) = captures.get_match() else { return };
        let value = captures.get_group_by_name("value").map_or(whole.range(), |group| group.range());
        found.push(Found {
            span: at + whole.start()..at + whole.end(),
            value: at + value.start..at + value.end,
            confidence: Confidence::Likely,
        });
    }

    /// What holds for every rule: boundaries, entropy, checksum, context words, placeholders.
    fn check(&self, part: Part<'_>, found: Found, index: u16) -> Option<RawHit> {
        let (text, rule) = (part.text, self.rule);
        let value = text.get(found.value.clone()).filter(|value| !value.is_empty())?;
        let is_pattern = matches!(rule.how, How::Pattern(_));
        if is_pattern && !boundary_after(rule.boundary, text, found.span.end) {
            return None;
        }
        if rule.entropy_min.is_some_and(|least| entropy(value) < least) {
            return None;
        }
        let mut confidence = found.confidence;
        if let Some(checksum) = rule.checksum {
            if !checksum(value) {
                return None;
            }
            confidence = Confidence::Certain;
        }
        if !rule.near.is_empty() && !near(rule, text, &found.span) {
            return None;
        }
        if rule.class == Class::Secret && is_pattern && crate::placeholder::is_placeholder(value) {
            return None;
        }
        // A name beside a name is a list of names.
        let is_labelled =
            is_pattern && rule.ignore_case && rule.checksum.is_none() && found.value.start > found.span.start;
        if is_labelled && is_name(rule, value) {
            return None;
        }
        let whole = |span: Range<usize>| part.base + span.start as u64..part.base + span.end as u64;
        Some(RawHit {
            index,
            rule,
            text: value.to_owned(),
            span: whole(found.span),
            value: whole(found.value),
            confidence,
            wrapped: Vec::new(),
        })
    }

    fn boundary_before(&self, text: &str, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
        before.is_none_or(|byte| !joins(self.rule.boundary, *byte))
    }
}

fn boundary_after(boundary: Boundary, text: &str, end: usize) -> bool {
    text.as_bytes().get(end).is_none_or(|byte| !joins(boundary, *byte))
}

/// Whether a byte next to a match makes it a part of something longer. Bytes of kana and kanji never do.
fn joins(boundary: Boundary, byte: u8) -> bool {
    match boundary {
        Boundary::Word => byte.is_ascii_alphanumeric() || byte == b'_',
        Boundary::Token => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'='),
        Boundary::None => false,
    }
}

/// Whether one of the rule's context words stands near the match.
fn near(rule: &Rule, text: &str, span: &Range<usize>) -> bool {
    let low = text.floor_char_boundary(span.start.saturating_sub(rule.near_bytes));
    let high = text.floor_char_boundary((span.end + rule.near_bytes).min(text.len()));
    [low..span.start, span.end..high].into_iter().filter_map(|range| text.get(range)).any(|context| {
        let context = context.to_ascii_lowercase();
        rule.near.iter().any(|word| context.contains(word))
    })
}

/// Whether a value that is known by the name before it is itself a name: words of small letters, or the rule's own word.
fn is_name(rule: &Rule, value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    value.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_' | b'.'))
        || rule.literals.iter().any(|literal| literal.len() >= NAME_MIN_BYTES && lower.contains(literal))
}

/// A shorter word may stand in a random value.
const NAME_MIN_BYTES: usize = 6;

/// Shannon entropy in bits per byte.
pub(crate) fn entropy(value: &str) -> f32 {
    let mut counts = [0u16; 256];
    value.bytes().for_each(|byte| {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count = count.saturating_add(1);
        }
    });
    let total = value.len().max(1) as f32;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f32::from(*count) / total)
        .map(|share| -share * share.log2())
        .sum()
}

fn compile(rule: &Rule) -> Option<Regex> {
    let How::Pattern(pattern) = rule.how else { return None };
    build(pattern).ok()
}

/// Compiles a rule's pattern; the gate of the rules calls it for each.
pub(crate) fn build(pattern: &str) -> Result<Regex, Box<regex_automata::meta::BuildError>> {
    Regex::builder()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .configure(Regex::config().utf8_empty(false).nfa_size_limit(Some(REGEX_MAX_BYTES)).onepass(true))
        .build(pattern)
        .map_err(Box::new)
}
