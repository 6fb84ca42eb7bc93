//! What a rule is. The rules themselves are folders under `rules/`; `build.rs` makes the table.

use std::ops::Range;

/// What kind of thing a rule knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Credentials: keys, tokens, passwords.
    Secret,
    /// Personal data.
    Personal,
    /// Confidentiality markings.
    Marking,
    /// Instructions to a machine that reads the text.
    Injection,
}

/// How bad it is that the thing stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Takes little.
    Low,
    /// Takes something.
    Medium,
    /// Opens an account or a person's data.
    High,
    /// Opens production, money or an organisation.
    Critical,
}

/// For what a credential was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Environment {
    /// Production, by its own prefix.
    Live,
    /// Test or sandbox, by its own prefix.
    Test,
}

/// Where a rule without literals begins to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trigger {
    /// The first digit of each run of ASCII digits.
    Digits,
    /// Each `@`.
    At,
    /// The first character of each run of kanji (`々`, `〆` and `ヶ` included).
    Kanji,
    /// The first character of each run of katakana (`ー` included).
    Katakana,
    /// The first character of each sentence.
    Sentence,
    /// The first character of each line.
    Line,
}

/// What may not stand directly before and after a match. Kana and kanji are always a boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Boundary {
    /// ASCII letters, digits and `_`.
    Word,
    /// What `Word` says, and `-`, `+`, `/`, `=`.
    Token,
    /// Nothing: the match may stand anywhere.
    None,
}

/// The part of the text that a rule may look at. It depends on the text and the rule only, never on how the text
/// arrived in pieces.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    /// From at most `back_bytes` before the trigger to at most `ahead_bytes` after it, cut at characters.
    pub text: &'a str,
    /// Where in `text` the trigger stands.
    pub at: usize,
    /// Whether `text` begins where the whole text begins.
    pub starts: bool,
    /// Whether `text` ends where the whole text ends.
    pub ends: bool,
}

/// How sure a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// It looks like it.
    Possible,
    /// Structure or context says so.
    Likely,
    /// A checksum, or a structure that nothing else has.
    Certain,
}

/// What a recogniser found: positions in the window's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// All that belongs to it (`password = "…"`).
    pub span: Range<usize>,
    /// What must not be shown; lies within `span`.
    pub value: Range<usize>,
    /// How sure.
    pub confidence: Confidence,
}

/// A recogniser written in code: appends what it finds at the window's trigger.
pub type Recognise = fn(&Window<'_>, &mut Vec<Found>);
/// A check of a value's own check digits or checksum.
pub type Checksum = fn(&str) -> bool;

/// How a rule decides.
#[derive(Clone, Copy)]
pub enum How {
    /// A regular expression over bytes, anchored at the literal's first byte; its group `value` is the value.
    Pattern(&'static str),
    /// A recogniser and its name.
    Recognise(&'static str, Recognise),
}

/// The texts of `firing.txt` and `silent.txt`.
#[derive(Debug, Clone, Copy)]
pub struct Cases {
    /// Texts in which the rule must find what stands between `«` and `»`.
    pub firing: &'static str,
    /// Texts in which it must find nothing.
    pub silent: &'static str,
}

/// One rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its id: the folder's name.
    pub id: &'static str,
    /// What kind of thing it knows.
    pub class: Class,
    /// What the first pass looks for; at least three bytes each.
    pub literals: &'static [&'static str],
    /// Whether it sees each line as it came, not folded.
    pub raw: bool,
    /// Whether the literals are found in any case.
    pub ignore_case: bool,
    /// The characters of which one follows a literal of three bytes; empty for any.
    pub next: &'static str,
    /// The characters before the literal with which the pattern begins; at most `back_bytes` of them.
    pub lead: &'static str,
    /// Where it begins to look, in place of literals.
    pub trigger: Option<Trigger>,
    /// How it decides.
    pub how: How,
    /// How far before the trigger it looks, in bytes.
    pub back_bytes: usize,
    /// How far after the trigger's first byte it looks, in bytes; with `back_bytes` this is what a stream holds back.
    pub ahead_bytes: usize,
    /// What may not stand directly before and after.
    pub boundary: Boundary,
    /// The least Shannon entropy of the value, in bits per character.
    pub entropy_min: Option<f32>,
    /// The value's own checksum.
    pub checksum: Option<Checksum>,
    /// Words of which one must stand near by (lower case).
    pub near: &'static [&'static str],
    /// How near, in bytes, before the match or after it.
    pub near_bytes: usize,
    /// How bad.
    pub severity: Severity,
    /// Who issues it.
    pub service: Option<&'static str>,
    /// For what it was issued, where its prefix says so.
    pub environment: Option<Environment>,
    /// Its documentation in English (Markdown): a title, what it is, `## What to do`.
    pub en: &'static str,
    /// The same in Japanese.
    pub ja: &'static str,
    /// Its cases; empty outside tests.
    pub cases: Cases,
}

#[cfg(feature = "cases")]
macro_rules! cases {
    ($firing:expr, $silent:expr) => {
        Cases { firing: include_str!($firing), silent: include_str!($silent) }
    };
}
#[cfg(not(feature = "cases"))]
macro_rules! cases {
    ($firing:expr, $silent:expr) => {
        Cases { firing: "", silent: "" }
    };
}

/// Every rule, by class and id.
pub static RULES: &[Rule] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Names the state of the rules: it changes when a rule does.
pub fn rules_digest() -> &'static str {
    env!("YATA_LENS_DIGEST")
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Rule({})", self.id)
    }
}

impl Rule {
    /// Its title in that language (`ja` for Japanese, anything else is English).
    pub fn title(&self, language: &str) -> &'static str {
        self.documentation(language).lines().next().unwrap_or_default().trim_start_matches('#').trim()
    }

    /// Its documentation (Markdown).
    pub fn documentation(&self, language: &str) -> &'static str {
        if language == "ja" { self.ja } else { self.en }
    }

    /// How many bytes of a stream must be held back before this rule has judged them.
    pub fn hold_back_bytes(&self) -> usize {
        self.back_bytes + self.ahead_bytes + if self.near.is_empty() { 0 } else { 2 * self.near_bytes }
    }

    /// What its documentation says is to be done, in one paragraph.
    pub fn advice(&self, language: &str) -> String {
        let section = self.documentation(language).split("\n## ").nth(1).unwrap_or_default();
        let lines = section.lines().skip(1).map(str::trim).filter(|line| !line.is_empty());
        // Japanese is written without spaces between lines.
        lines.collect::<Vec<_>>().join(if language == "ja" { "" } else { " " })
    }

    /// The rule of that id.
    pub fn by_id(id: &str) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.id == id)
    }
}
