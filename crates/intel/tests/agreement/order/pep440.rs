//! PEP 440 as `packaging` has it in Python: `_cmpkey`, and `_legacy_cmpkey` of its last release that had one (21).

use std::cmp::Ordering;

/// A Python version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Python {
    /// Not PEP 440: the parts that old tools compared. Before all others.
    Legacy(Vec<String>),
    Modern(Modern),
}

/// The parts of a PEP 440 version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Modern {
    pub(crate) epoch: u128,
    pub(crate) release: Vec<u128>,
    /// `a`, `b` or `rc`, and a number.
    pub(crate) pre: Option<(&'static str, u128)>,
    pub(crate) post: Option<u128>,
    pub(crate) dev: Option<u128>,
    pub(crate) local: Option<String>,
}

impl Python {
    pub(crate) fn read(text: &str) -> Python {
        let lower = text.trim().to_lowercase();
        modern(&lower).map_or_else(|| Python::Legacy(legacy_parts(&text.to_lowercase())), Python::Modern)
    }

    pub(crate) fn without_local(&self) -> Option<Python> {
        match self {
            Python::Modern(version) if version.local.is_some() => {
                Some(Python::Modern(Modern { local: None, ..version.clone() }))
            }
            _ => None,
        }
    }

    pub(crate) fn cmp(&self, other: &Python) -> Ordering {
        match (self, other) {
            (Python::Legacy(a), Python::Legacy(b)) => a.cmp(b),
            (Python::Legacy(_), Python::Modern(_)) => Ordering::Less,
            (Python::Modern(_), Python::Legacy(_)) => Ordering::Greater,
            (Python::Modern(a), Python::Modern(b)) => a.key().cmp(&b.key()),
        }
    }
}

/// Epoch, release, pre-release, post-release, development release, local label; in each, the first number tells what
/// is before (-1) and behind (1) every value that is really there (0).
type Sortable = (u128, Vec<u128>, (i8, &'static str, u128), (i8, u128), (i8, u128), (i8, Vec<(bool, u128, String)>));

impl Modern {
    fn key(&self) -> Sortable {
        let mut release = self.release.clone();
        while release.last() == Some(&0) {
            release.pop();
        }
        let pre = match (self.pre, self.post, self.dev) {
            (Some((word, number)), _, _) => (0, word, number),
            (None, None, Some(_)) => (-1, "", 0),
            (None, _, _) => (1, "", 0),
        };
        let post = self.post.map_or((-1, 0), |number| (0, number));
        let dev = self.dev.map_or((1, 0), |number| (0, number));
        let local = match &self.local {
            None => (-1, Vec::new()),
            Some(label) => (0, label.split(['-', '_', '.']).map(local_part).collect()),
        };
        (self.epoch, release, pre, post, dev, local)
    }
}

/// Words before numbers.
fn local_part(part: &str) -> (bool, u128, String) {
    part.parse().map_or((false, 0, part.to_owned()), |number| (true, number, String::new()))
}

/// What is still to be read.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn take(&mut self, start: &str) -> bool {
        let rest = self.0.strip_prefix(start);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn number(&mut self) -> Option<u128> {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let number = self.0[..end].parse().ok()?;
        self.0 = &self.0[end..];
        Some(number)
    }

    fn separator(&mut self) {
        let _ = self.take("-") || self.take("_") || self.take(".");
    }

    /// One of some words, with a separator before and behind it, and a number, all but the word at will.
    fn labelled(&mut self, words: &[(&str, &'static str)]) -> Option<(&'static str, u128)> {
        let before = self.0;
        self.separator();
        let Some((_, label)) = words.iter().find(|(word, _)| self.take(word)) else {
            self.0 = before;
            return None;
        };
        self.separator();
        Some((label, self.number().unwrap_or(0)))
    }
}

/// The regular expression in appendix B of PEP 440, by hand.
fn modern(text: &str) -> Option<Modern> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (public, local) = text.split_once('+').map_or((text, None), |(public, local)| (public, Some(local)));
    let mut rest = Rest(public);
    let mut version = Modern::default();
    let mut first = rest.number()?;
    if rest.take("!") {
        version.epoch = first;
        first = rest.number()?;
    }
    version.release.push(first);
    while rest.0.strip_prefix('.').is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit())) {
        rest.take(".");
        version.release.push(rest.number()?);
    }
    let words = [("alpha", "a"), ("beta", "b"), ("preview", "rc"), ("pre", "rc"), ("rc", "rc"), ("a", "a"), ("b", "b")];
    version.pre = rest.labelled(&words).or_else(|| rest.labelled(&[("c", "rc")]));
    let bare = rest.0.strip_prefix('-').is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    version.post = if bare {
        rest.take("-");
        Some(rest.number()?)
    } else {
        rest.labelled(&[("post", ""), ("rev", ""), ("r", "")]).map(|(_, number)| number)
    };
    version.dev = rest.labelled(&[("dev", "")]).map(|(_, number)| number);
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let local_is_one = local.is_none_or(|label| label.split(['-', '_', '.']).all(is_part));
    version.local = local.map(str::to_owned);
    (rest.0.is_empty() && local_is_one).then_some(version)
}

/// `_legacy_cmpkey`, with its padded numbers and starred words.
fn legacy_parts(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let class = |c: char| match c {
        '0'..='9' => 0,
        'a'..='z' => 1,
        '.' | '-' => 2,
        _ => 3,
    };
    let mut last = None;
    for c in text.chars() {
        match words.last_mut() {
            Some(word) if last == Some(class(c)) && class(c) != 2 => word.push(c),
            _ => words.push(c.to_string()),
        }
        last = Some(class(c));
    }
    words.push("final".to_owned());
    let mut parts: Vec<String> = Vec::new();
    for word in words.iter().filter(|word| *word != ".") {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            parts.push(format!("{word:0>8}"));
            continue;
        }
        let word = match word.as_str() {
            "pre" | "preview" | "rc" => "*c".to_owned(),
            "-" => "*final-".to_owned(),
            "dev" => "*@".to_owned(),
            other => format!("*{other}"),
        };
        if word.as_str() < "*final" {
            while parts.last().is_some_and(|part| part == "*final-") {
                parts.pop();
            }
        }
        while parts.last().is_some_and(|part| part == "00000000") {
            parts.pop();
        }
        parts.push(word);
    }
    parts
}

#[test]
fn the_order_is_that_of_the_standard() {
    // PEP 440, "Summary of permitted suffixes and relative ordering", and what is equal to it.
    let ordered = [
        "0.1-bulbasaur",
        "1.dev0",
        "1.0.dev456",
        "1.0a1",
        "1.0a2.dev456",
        "1.0a12.dev456",
        "1.0a12",
        "1.0b1.dev456",
        "1.0b2",
        "1.0b2.post345.dev456",
        "1.0b2.post345",
        "1.0rc1.dev456",
        "1.0rc1",
        "1.0",
        "1.0+abc.5",
        "1.0+abc.7",
        "1.0+5",
        "1.0.post456.dev34",
        "1.0.post456",
        "1.0.15",
        "1.1.dev1",
        "1!0.1",
    ];
    for pair in ordered.windows(2) {
        assert_eq!(Python::read(pair[0]).cmp(&Python::read(pair[1])), Ordering::Less, "{pair:?}");
    }
    for (a, b) in
        [("1.0", "v1"), ("1.0rc1", "1.0.0-PREVIEW_1"), ("1.0-1", "1.post1"), ("1.0a", "1.0a0"), ("1c1", "1rc1")]
    {
        assert_eq!(Python::read(a).cmp(&Python::read(b)), Ordering::Equal, "{a} {b}");
    }
}
