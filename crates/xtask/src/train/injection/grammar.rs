//! The little language of the training texts: `[family]`, `$slot = one | another`, and lines with `$slot` and
//! `{one|another|}` that stand for many sentences.

use std::collections::{BTreeMap, HashSet};

use anyhow::{Context as _, bail};

/// Lines of one kind; a family is held out as a whole.
#[derive(Debug)]
pub(crate) struct Family {
    /// Its name.
    pub(crate) name: String,
    /// Its lines, not yet expanded.
    pub(crate) lines: Vec<String>,
}

/// A file of training texts.
#[derive(Debug)]
pub(crate) struct Grammar {
    /// In the file's order.
    pub(crate) families: Vec<Family>,
    slots: BTreeMap<String, String>,
}

/// How deep slots may stand in slots.
const DEPTH_MAX: usize = 12;

impl Grammar {
    /// Reads a file.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut grammar = Self { families: Vec::new(), slots: BTreeMap::new() };
        for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_end())) {
            if line.is_empty() || line.starts_with("## ") {
                continue;
            }
            if let Some(name) =
                line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(|name| is_name(name))
            {
                grammar.families.push(Family { name: name.to_owned(), lines: Vec::new() });
            } else if let Some((name, choices)) = definition(line) {
                grammar.slots.insert(name.to_owned(), choices.to_owned());
            } else {
                let family = grammar.families.last_mut();
                family.with_context(|| format!("line {number} stands before any family"))?.lines.push(line.to_owned());
            }
        }
        Ok(grammar)
    }

    /// Up to `count` different sentences of a line.
    pub(crate) fn expand(&self, line: &str, count: usize, random: &mut Random) -> anyhow::Result<Vec<String>> {
        let (mut seen, mut out) = (HashSet::new(), Vec::new());
        for _ in 0..count * 2 {
            let mut text = String::new();
            self.write(line, random, 0, &mut text).with_context(|| format!("`{line}`"))?;
            if out.len() < count && seen.insert(text.clone()) {
                out.push(text);
            }
        }
        Ok(out)
    }

    fn write(&self, line: &str, random: &mut Random, depth: usize, out: &mut String) -> anyhow::Result<()> {
        if depth > DEPTH_MAX {
            bail!("slots stand more than {DEPTH_MAX} deep in each other");
        }
        let mut rest = line;
        while let Some(at) = rest.find(['$', '{']) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            if let Some(from) = from.strip_prefix('{') {
                let end = closing(from).context("a `{` is not closed")?;
                let (inner, after) = from.split_at(end);
                let choices = choices(inner);
                self.write(random.pick(&choices).copied().unwrap_or_default(), random, depth + 1, out)?;
                rest = after.strip_prefix('}').unwrap_or_default();
            } else {
                let from = from.strip_prefix('$').unwrap_or_default();
                let end = from.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(from.len());
                let (name, after) = from.split_at(end);
                if let Some(slot) = self.slots.get(name) {
                    let choices = choices(slot);
                    self.write(random.pick(&choices).copied().unwrap_or_default(), random, depth + 1, out)?;
                } else {
                    bail!("the slot `{name}` is not known");
                }
                rest = after;
            }
        }
        out.push_str(rest);
        Ok(())
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit())
}

fn definition(line: &str) -> Option<(&str, &str)> {
    let (name, choices) = line.strip_prefix('$')?.split_once(" = ")?;
    name.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some((name, choices))
}

/// Where the `}` stands that closes what begins at the start of `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.char_indices().find_map(|(at, char)| {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
        None
    })
}

/// The parts between the `|` of the outermost level; white space round the ` | ` of a slot does not count.
fn choices(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, char) in text.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => {
                parts.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    if text.contains(" | ") {
        parts.iter_mut().for_each(|part| *part = part.trim());
    }
    parts
}

/// SplitMix64: the same numbers on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or_default()
    }

    /// One of `items`.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// Puts `items` in another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}
