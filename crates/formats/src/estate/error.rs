//! What is wrong with an estate file, where, and what to do about it.

use std::fmt;
use std::ops::Range;

use thiserror::Error;

/// The most faults that one [`EstateError`] names; the rest are counted.
pub const MAX_FAULTS_COUNT: usize = 20;

/// An estate file that cannot be used. Nothing of it is used then: half an estate would judge the other half
/// by guesses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EstateError {
    /// The name of the file, as the caller gave it.
    pub file: String,
    /// The faults in the order of the file, [`MAX_FAULTS_COUNT`] at most.
    pub faults: Vec<Fault>,
    /// How many more faults there are.
    pub more: usize,
}

impl std::error::Error for EstateError {}

impl fmt::Display for EstateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}:{}:{}: {}", self.file, fault.line, fault.column, fault.kind)?;
        }
        if self.more > 0 {
            write!(f, "\n{}: {} more like these", self.file, self.more)?;
        }
        Ok(())
    }
}

/// One fault with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// 1-based line.
    pub line: u32,
    /// 1-based column, counted in characters.
    pub column: u32,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong, with all that a person needs to put it right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FaultKind {
    /// The file is larger than any estate.
    #[error("the file has {bytes} bytes: at most {limit} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// More entries than any estate has.
    #[error("too many entries in `{what}`: {count}, at most {limit} are read")]
    TooMany {
        /// The table or key.
        what: String,
        /// How many there are.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// The file is not text.
    #[error("not valid UTF-8 from here on: save the file as UTF-8")]
    NotUtf8,
    /// The file is not TOML.
    #[error("not valid TOML: {message}")]
    Syntax {
        /// What the TOML parser says.
        message: String,
    },
    /// A key or table that Yata does not know.
    #[error("unknown key `{key}` in {table}: {}", hint(.nearest.as_deref(), "known keys are", .known))]
    UnknownKey {
        /// The key.
        key: String,
        /// The table it stands in.
        table: &'static str,
        /// The known key that is nearest, where one is near.
        nearest: Option<String>,
        /// All known keys.
        known: Vec<&'static str>,
    },
    /// A value of the wrong type.
    #[error("`{key}` is {found}: expected {expected}")]
    WrongType {
        /// The key.
        key: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A key that must be there.
    #[error("{table} has no `{key}`: {advice}")]
    Missing {
        /// The key.
        key: &'static str,
        /// The table.
        table: &'static str,
        /// What to write.
        advice: &'static str,
    },
    /// A word that is none of the allowed ones.
    #[error("`{key}` is `{word}`: {}", word_hint(.word, .nearest.as_deref(), .allowed))]
    UnknownWord {
        /// The key.
        key: String,
        /// The word found.
        word: String,
        /// The allowed word that is nearest, where one is near.
        nearest: Option<String>,
        /// All allowed words.
        allowed: Vec<&'static str>,
    },
    /// A value that is no date, time, duration, number of days, …
    #[error("`{key}` is `{found}`: expected {expected}")]
    BadValue {
        /// The key.
        key: String,
        /// The value found.
        found: String,
        /// What it must be.
        expected: String,
    },
    /// The same id or name twice.
    #[error("{what} `{id}` is named twice: the first is at line {first_line}")]
    Duplicate {
        /// A service, an asset, …
        what: &'static str,
        /// The id or name.
        id: String,
        /// 1-based line of the first.
        first_line: u32,
    },
    /// A name of something that the file does not define.
    #[error("`{key}` names {what} `{id}`, which this file does not define: {}", advice(.nearest.as_deref(), .what))]
    Dangling {
        /// The key.
        key: &'static str,
        /// A service, an asset, …
        what: &'static str,
        /// The name found.
        id: String,
        /// The defined name that is nearest, where one is near.
        nearest: Option<String>,
    },
    /// A glob that cannot be read.
    #[error("`{glob}` is not a path glob: {reason}")]
    BadGlob {
        /// The glob.
        glob: String,
        /// Why.
        reason: GlobError,
    },
    /// An asset with no selector, or with more than one.
    #[error("[[asset]] has {found} of `path`, `host` and `sbom`: expected exactly one")]
    Selectors {
        /// How many there are.
        found: usize,
    },
    /// Two values that contradict each other.
    #[error("{0}")]
    Contradiction(String),
}

/// Why a glob cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GlobError {
    /// Nothing in it.
    #[error("it is empty")]
    Empty,
    /// An absolute path.
    #[error("write the path relative to the folder of the estate file, without a leading `/` or drive letter")]
    Absolute,
    /// `.` or `..` as a part.
    #[error("`.` and `..` are not allowed: paths start at the folder of the estate file and stay below it")]
    DotPart,
    /// Nothing between two slashes.
    #[error("a part between two `/` is empty")]
    EmptyPart,
    /// A backslash.
    #[error("write `/` between folders on every system, not `\\`")]
    Backslash,
    /// `**` beside other characters.
    #[error("`**` must stand alone between two `/`")]
    StarStar,
    /// `[` without `]`.
    #[error("`[` has no closing `]`, or nothing stands between them")]
    Class,
    /// `[z-a]`.
    #[error("a range in `[…]` runs backwards")]
    Range,
    /// `{` without `}` or the other way round.
    #[error("`{{` and `}}` do not pair up, or stand in one another")]
    Braces,
    /// Too long, too deep or too many alternatives.
    #[error("it is too long: at most 1,024 bytes, 64 folders deep, 64 alternatives")]
    TooLong,
}

fn hint(nearest: Option<&str>, label: &str, all: &[&str]) -> String {
    match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => {
            let all: Vec<_> = all.iter().map(|word| format!("`{word}`")).collect();
            format!("{label} {}", all.join(", "))
        }
    }
}

fn word_hint(word: &str, nearest: Option<&str>, allowed: &[&str]) -> String {
    if word == "unknown" {
        return "leave the key out where nobody knows; the worst case is assumed until somebody says".to_owned();
    }
    hint(nearest, "allowed are", allowed)
}

fn advice(nearest: Option<&str>, what: &str) -> String {
    match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("define {what} of that name, or correct it"),
    }
}

/// Faults as they are found, with the text to find their lines.
pub(super) struct Faults<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
    found: Vec<Fault>,
    more: usize,
}

impl<'t> Faults<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(newlines).collect();
        Faults { text, line_starts, found: Vec::new(), more: 0 }
    }

    /// The 1-based line of a byte offset.
    pub(super) fn line_of(&self, offset: usize) -> u32 {
        u32::try_from(self.line_starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// Adds a fault at a span. `kind` is only computed where the fault will be named.
    pub(super) fn add(&mut self, span: &Range<usize>, kind: impl FnOnce() -> FaultKind) {
        if self.found.len() >= MAX_FAULTS_COUNT {
            self.more += 1;
            return;
        }
        let line = self.line_of(span.start);
        let start = self.line_starts.get((line as usize).saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..span.start.max(start)).unwrap_or("");
        let column = u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX);
        self.found.push(Fault { line, column, kind: kind() });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn into_error(mut self, file: &str) -> EstateError {
        self.found.sort_by_key(|fault| (fault.line, fault.column));
        EstateError { file: file.to_owned(), faults: self.found, more: self.more }
    }
}

/// The candidate that a person who wrote `word` most likely meant: at most a third of it differs
/// (Damerau-Levenshtein distance, upper and lower case alike, `-` and `_` alike), or it is cut short (`sun`).
/// Ties go to the first.
pub(super) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    const MAX_WORD_CHARS: usize = 64;
    let plain = |text: &str| text.to_lowercase().replace('_', "-");
    let length = word.chars().count();
    if length > MAX_WORD_CHARS {
        return None;
    }
    let word = plain(word);
    let allowed = (length / 3).max(1);
    let distance = |candidate: &str| {
        let candidate = plain(candidate);
        let cut_short = length >= 3 && candidate.starts_with(&word);
        if cut_short || candidate.chars().count().abs_diff(length) > allowed {
            return if cut_short { allowed } else { usize::MAX };
        }
        strsim::damerau_levenshtein(&word, &candidate)
    };
    candidates
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_owned())
}
