//! Files of policies, cut into statements so that each error has its place.

use std::fmt;

use ::cedar_policy::{Effect as CedarEffect, Policy as CedarPolicy, PolicyId};
use miette::Diagnostic;

use super::Policy;
use crate::decision::{Effect, Reason};

/// The largest file, in bytes.
pub const MAX_FILE_BYTES: usize = 4 << 20;
/// The largest statement, in bytes.
pub const MAX_STATEMENT_BYTES: usize = 32 << 10;
/// The stack, in bytes, of a thread that reads text of others: the engine goes down into every operator, and without
/// optimisation the deepest policy that the limits admit takes 20 megabytes.
pub const STACK_BYTES: usize = 64 << 20;
/// The most operators of one statement, since each nests the next.
const MAX_OPERATORS: usize = 500;
/// The deepest nesting of brackets and `if` in one statement.
const MAX_NESTING: usize = 20;
/// The longest id, in characters.
const MAX_ID_CHARS: usize = 80;

/// The annotations that mean something here.
const ANNOTATIONS: [&str; 7] = ["id", "decision", "reason_en", "reason_ja", "advice_en", "advice_ja", "source"];

/// A file of policies.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name, as errors show it and as the digest of the set has it.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// A place in a file; line and column count from one, the column in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// The name of the file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Place {
    pub(super) fn problem(&self, message: impl Into<String>, advice: impl Into<String>) -> Problem {
        Problem { place: self.clone(), message: message.into(), advice: advice.into() }
    }
}

/// What is wrong with a policy, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub advice: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)?;
        if self.advice.is_empty() { Ok(()) } else { write!(formatter, ": {}", self.advice) }
    }
}

/// One statement of a file.
pub(super) struct Statement<'s> {
    source: &'s Source,
    /// The byte where it begins.
    from: usize,
    text: &'s str,
}

/// How a text goes on at a character, for the cutting alone.
#[derive(PartialEq)]
enum Within {
    Code,
    Text,
    Comment,
}

impl Source {
    /// The place of a byte.
    fn place(&self, at: usize) -> Place {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            file: self.name.clone(),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        }
    }

    /// The statements, and what forbids to look further.
    pub(super) fn statements(&self) -> (Vec<Statement<'_>>, Vec<Problem>) {
        let (mut statements, mut problems) = (Vec::new(), Vec::new());
        if self.text.len() > MAX_FILE_BYTES {
            problems
                .push(self.place(0).problem(format!("the file is larger than {MAX_FILE_BYTES} bytes"), "Split it."));
            return (statements, problems);
        }
        let mut cut = Cut::default();
        let mut characters = self.text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            if cut.take(at, character, next) {
                characters.next();
            }
            if cut.ended {
                statements.extend(self.statement(&mut cut, at + 1, &mut problems));
            }
        }
        if cut.from.is_some() {
            statements.extend(self.statement(&mut cut, self.text.len(), &mut problems));
        }
        (statements, problems)
    }

    fn statement(&self, cut: &mut Cut, to: usize, problems: &mut Vec<Problem>) -> Option<Statement<'_>> {
        let cut = std::mem::take(cut);
        let from = cut.from?;
        let text = self.text.get(from..to)?;
        let large = if text.len() > MAX_STATEMENT_BYTES {
            format!("the policy is larger than {MAX_STATEMENT_BYTES} bytes")
        } else if cut.operators > MAX_OPERATORS {
            format!("the policy has more than {MAX_OPERATORS} operators")
        } else if cut.deepest > MAX_NESTING {
            format!("the policy nests deeper than {MAX_NESTING}")
        } else {
            return Some(Statement { source: self, from, text });
        };
        problems.push(self.place(from).problem(large, "Split it into several policies."));
        None
    }
}

/// The state of the cutting.
struct Cut {
    from: Option<usize>,
    within: Within,
    operators: usize,
    /// For each open bracket, how often `if` stands in it.
    open: Vec<usize>,
    deepest: usize,
    ended: bool,
}

impl Default for Cut {
    fn default() -> Self {
        Self { from: None, within: Within::Code, operators: 0, open: Vec::new(), deepest: 0, ended: false }
    }
}

impl Cut {
    /// Takes a character; whether the next one belongs to it.
    fn take(&mut self, at: usize, character: char, next: Option<char>) -> bool {
        match (&self.within, character) {
            (Within::Comment, '\n') => self.within = Within::Code,
            (Within::Comment, _) => {}
            (Within::Text, '\\') => return true,
            (Within::Text, '"') => self.within = Within::Code,
            (Within::Text, _) => {}
            (Within::Code, '/') if next == Some('/') => {
                self.within = Within::Comment;
                return true;
            }
            (Within::Code, _) if character.is_whitespace() => {}
            (Within::Code, _) => {
                self.from.get_or_insert(at);
                match character {
                    '"' => self.within = Within::Text,
                    ';' => self.ended = true,
                    '&' | '|' | '+' | '-' | '*' | '!' | '<' | '>' | '=' | '?' | '.' => self.operators += 1,
                    // `if` nests what follows up to the end of its bracket; longer words that hold it do no harm.
                    'i' if next == Some('f') => self.open.iter_mut().rev().take(1).for_each(|ifs| *ifs += 1),
                    '(' | '[' | '{' => self.open.push(0),
                    ')' | ']' | '}' => drop(self.open.pop()),
                    _ => {}
                }
                self.deepest = self.deepest.max(self.open.len() + self.open.iter().sum::<usize>());
            }
        }
        false
    }
}

impl Statement<'_> {
    fn place(&self) -> Place {
        self.source.place(self.from)
    }

    /// The place of what an error of the engine points to.
    fn place_of(&self, error: &dyn Diagnostic) -> Place {
        let label = error.labels().and_then(|mut labels| labels.next());
        self.source.place(self.from + label.map_or(0, |label| label.offset()))
    }

    /// Reads the statement.
    pub(super) fn policy(&self) -> Result<(Policy, CedarPolicy), Vec<Problem>> {
        let place = self.place();
        let name = PolicyId::new(format!("{place}"));
        let parsed = CedarPolicy::parse(Some(name), self.text).map_err(|errors| {
            let one = |error: &dyn Diagnostic| {
                let advice = error.help().map(|help| help.to_string()).unwrap_or_default();
                self.place_of(error).problem(error.to_string(), advice)
            };
            errors.iter().map(|error| one(error)).collect::<Vec<_>>()
        })?;
        let body = parsed.to_pst().map_err(|error| vec![place.problem(error.to_string(), "")])?.body().clone();
        let mut problems = Vec::new();
        let annotation = |key: &str| parsed.annotation(key).unwrap_or_default().trim().to_owned();
        for (key, _) in parsed.annotations().filter(|(key, _)| !ANNOTATIONS.contains(key)) {
            let known = ANNOTATIONS.map(|known| format!("@{known}")).join(", ");
            problems.push(place.problem(format!("`@{key}` means nothing here"), format!("Known are {known}.")));
        }
        let id = annotation("id");
        let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.' || c == '_';
        if id.is_empty() || id.chars().count() > MAX_ID_CHARS || !id.chars().all(sound) {
            problems.push(place.problem(
                "the policy has no usable id",
                format!("Write `@id(\"…\")` before it: small letters, digits, `-`, `.`, `_`; at most {MAX_ID_CHARS}."),
            ));
        }
        let decision = parsed.annotation("decision");
        let effect = match (parsed.effect(), decision) {
            (CedarEffect::Permit, None | Some("allow")) => Effect::Permit,
            (CedarEffect::Forbid, None | Some("deny")) => Effect::Deny,
            (CedarEffect::Forbid, Some("ask")) => Effect::Ask,
            (CedarEffect::Permit, Some(other)) => {
                let advice = "A permit allows. To ask, write `forbid` with `@decision(\"ask\")`.";
                problems.push(place.problem(format!("`@decision(\"{other}\")` on a permit"), advice));
                Effect::Permit
            }
            (CedarEffect::Forbid, Some(other)) => {
                let advice = "Write `deny` or `ask`.";
                problems.push(place.problem(format!("`@decision(\"{other}\")` on a forbid"), advice));
                Effect::Deny
            }
        };
        let (mut en, mut ja) = (annotation("reason_en"), annotation("reason_ja"));
        if en.is_empty() && ja.is_empty() {
            let advice = "Say why in `@reason_en(\"…\")` and `@reason_ja(\"…\")`: a person will read it.";
            problems.push(place.problem("the policy gives no reason", advice));
        }
        if en.is_empty() {
            en.clone_from(&ja);
        }
        if ja.is_empty() {
            ja.clone_from(&en);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let (advice_en, advice_ja) = (annotation("advice_en"), annotation("advice_ja"));
        let reason = Reason { policy: Some(id.clone()), en, ja, advice_en, advice_ja };
        let parsed = parsed.new_id(PolicyId::new(&id));
        Ok((Policy { id, place, effect, reason, body, text: self.text.to_owned() }, parsed))
    }
}

impl Policy {
    /// The place of a byte of its text.
    pub(super) fn place_of(&self, at: usize) -> Place {
        let before = self.text.get(..at).unwrap_or_default();
        let lines = before.matches('\n').count();
        let in_line = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let column = if lines == 0 { self.place.column + in_line } else { in_line + 1 };
        Place { file: self.place.file.clone(), line: self.place.line + lines, column }
    }
}
