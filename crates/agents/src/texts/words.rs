//! The concepts that sentences are made of, and where they stand in a sentence. The phrases are in `data/words.txt`
//! and `data/parts.txt`.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use regex_automata::Input;
use regex_automata::meta::Regex;
use regex_automata::util::syntax;

/// The phrases; the file says how they are written.
const WORDS: &str = concat!(include_str!("../../data/words.txt"), "\n", include_str!("../../data/parts.txt"));
/// The most bytes that the expression of one concept may take.
const EXPRESSION_MAX_BYTES: usize = 64 << 20;
/// What the search may remember of one expression, in bytes.
const CACHE_BYTES: usize = 8 << 20;
/// The most places of one concept in one sentence.
const PLACES_MAX: usize = 40;

macro_rules! concepts {
    ($($name:ident $word:literal,)*) => {
        /// A concept; its phrases stand in the data under its name in lower case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Concept { $($name,)* }
        /// All concepts with their names, in the order of their numbers.
        pub(super) const CONCEPTS: &[(Concept, &str)] = &[$((Concept::$name, $word),)*];
    };
}

concepts! {
    Transfer "transfer", Pickup "pickup", Gather "gather", Reading "reading", Secret "secret", Token "token",
    Environ "environ", Talk "talk", Files "files", Personal "personal", Outside "outside", Slot "slot",
    Untold "untold", Unseen "unseen", Audience "audience", Deed "deed", Protects "protects",
    Unasked "unasked", Approved "approved", Flags "flags", Disable "disable",
    Displace "displace", Authority "authority", Itself "self",
    Memory "memory", Noting "noting", Later "later", Routine "routine", Cover "cover", Consent "consent",
    Attack "attack", Detect "detect", Others "others", Specimen "specimen", Forbidding "forbidding", Person "person",
    Settings "settings", Changing "changing", Startup "startup", Planting "planting",
    Fetching "fetching", Obeying "obeying", Installing "installing", Package "package", Mirror "mirror",
    Anyway "anyway", Running "running", Program "program",
    Insert "insert", Outputs "outputs", Weakness "weakness", Every "every", Composed "composed",
    Inner "inner", Board "board", Strangers "strangers", Laying "laying",
    Lenient "lenient", Whose "whose", Guarded "guarded",
    Gains "gains", Loose "loose", Scripted "scripted", Besides "besides",
    Route "route", Rewire "rewire", Widely "widely", Lingering "lingering",
    Widen "widen", Spares "spares", Soft "soft",
    Denying "denying", Needless "needless", Telling "telling", Channel "channel", Merely "merely", Spared "spared",
    Pretend "pretend", Excuse "excuse", Beyond "beyond", Unbid "unbid",
    Guard "guard", Lowering "lowering", Entrance "entrance", Granting "granting", WeakCode "weakcode",
    Evidence "evidence", Destroying "destroying", Favour "favour", Interest "interest", Money "money", Payee "payee",
    ThisText "thistext", Elsewhere "elsewhere", Placing "placing", Page "page", Obeyed "obeyed",
    Varying "varying", Above "above", Mishap "mishap", Belittle "belittle", Loader "loader", HookPlace "hookplace",
    Inside "inside", Going "going", Outward "outward", LetPass "letpass",
}

static EXPRESSIONS: LazyLock<Vec<OnceLock<Option<Regex>>>> =
    LazyLock::new(|| CONCEPTS.iter().map(|_| OnceLock::new()).collect());

/// The phrases of a concept, as they stand in the data.
fn phrases(name: &str) -> impl Iterator<Item = &'static str> {
    let header = format!("[{name}]");
    let lines = WORDS.lines().skip_while(move |line| **line != header).skip(1);
    lines.take_while(|line| !is_header(line)).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn is_header(line: &str) -> bool {
    let inner = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|inner| !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// A phrase as a regular expression.
fn expression(phrase: &str) -> String {
    let phrase = phrase.trim().trim_end_matches(" ..");
    let japanese = phrase.chars().any(|char| !char.is_ascii() && !matches!(char, '“' | '”'));
    let mut out = String::from("(?:");
    if !japanese && phrase.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '(') {
        out.push_str(r"(?-u:\b)");
    }
    let gaps = phrase.replace(" ... ", "\u{1}").replace(" .. ", "\u{2}");
    let (mut before, mut in_class) = (' ', false);
    for char in gaps.chars() {
        match char {
            '\u{1}' => out.push_str("(?: [^ ]+){0,10} "),
            '\u{2}' => out.push_str("(?: [^ ]+){0,4} "),
            '〜' => out.push_str("[^。]{0,14}"),
            '.' if !in_class => out.push_str(r"\."),
            '*' if before == ')' => out.push_str("{0,6}"),
            '*' if before == ']' => out.push('*'),
            '*' => out.push_str("[a-z'-]*"),
            '+' if before != ']' => out.push_str(r"\+"),
            '$' if before == ' ' || before == '(' => out.push_str(r"\$"),
            _ => out.push(char),
        }
        in_class = (in_class || char == '[') && char != ']';
        before = char;
    }
    if !japanese && phrase.ends_with(|last: char| last.is_ascii_alphanumeric() || matches!(last, ')' | '*' | '?')) {
        out.push_str(r"(?-u:\b)");
    }
    out.push(')');
    out
}

/// A compiled expression over text in lower case; no Unicode classes.
pub(super) fn compile(pattern: &str) -> Option<Regex> {
    let syntax = syntax::Config::new().unicode(true).utf8(true);
    let config = Regex::config().nfa_size_limit(Some(EXPRESSION_MAX_BYTES)).hybrid_cache_capacity(CACHE_BYTES);
    Regex::builder().syntax(syntax).configure(config).build(pattern).ok()
}

fn regex(concept: Concept) -> Option<&'static Regex> {
    let name = CONCEPTS.get(concept as usize).map(|(_, name)| *name)?;
    let cell = EXPRESSIONS.get(concept as usize)?;
    cell.get_or_init(|| compile(&phrases(name).map(expression).collect::<Vec<_>>().join("|"))).as_ref()
}

/// Where a concept stands in `text`, which is in lower case, in order and without overlaps.
pub(super) fn places(concept: Concept, text: &str) -> Vec<Range<usize>> {
    let Some(regex) = regex(concept) else { return Vec::new() };
    let found = regex.find_iter(Input::new(text)).map(|found| found.range());
    found.filter(|range| !range.is_empty()).take(PLACES_MAX).collect()
}

/// Whether a concept stands in `text`, which is in lower case.
pub(super) fn has(concept: Concept, text: &str) -> bool {
    regex(concept).is_some_and(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_concept_has_phrases_that_compile() {
        for (concept, name) in CONCEPTS {
            assert!(phrases(name).next().is_some(), "{name} has no phrases");
            for phrase in phrases(name) {
                assert!(compile(&expression(phrase)).is_some(), "{name}: {phrase}: {}", expression(phrase));
            }
            assert!(regex(*concept).is_some(), "{name}");
        }
        assert_eq!(WORDS.lines().filter(|line| is_header(line)).count(), CONCEPTS.len());
    }

    #[test]
    fn phrases_are_found_as_words() {
        let check = |concept, text: &str, expected: bool| assert_eq!(has(concept, text), expected, "{text}");
        check(Concept::Transfer, "please uploads it", true);
        check(Concept::Transfer, "the compost is warm", false);
        check(Concept::Secret, "open ~/.ssh/config", true);
        check(Concept::Environ, "values of the variables of your terminal", true);
        check(Concept::Untold, "do not even mention it", true);
        check(Concept::Unasked, "利用者の確認を待たずに実行", true);
        check(Concept::Secret, "鍵の入ったフォルダ", true);
    }
}
