//! The cases of the rules: texts with directives for random values, so that no token stands in the repository.
//!
//! `{{alnum:36}}` becomes 36 random letters and digits; `«…»` marks what a rule must find. The same templates feed the
//! tests of the rules, the corpora and the benchmarks.

use std::ops::Range;

/// A generator of named values: (name, argument, random number below) to text; `None` where it does not know the name.
type Generate = fn(&str, &str, &mut dyn FnMut(u32) -> u32) -> Option<String>;

/// The generators of the formats with a checksum or a structure.
const GENERATORS: &[Generate] = &[crate::cases_generators::generate, crate::cases_generators_b::generate];

/// One expanded case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The text, without marks.
    pub text: String,
    /// The values that a rule must find, in bytes of `text`.
    pub values: Vec<Range<usize>>,
}

/// The templates of a file of cases.
pub fn templates(file: &str) -> impl Iterator<Item = &str> {
    file.split("\n---\n").map(|case| case.trim_matches('\n')).filter(|case| !case.is_empty())
}

/// Random numbers that are the same for the same seed (SplitMix64).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Begins at a seed.
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// The next number below `bound`; 0 where `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^= value >> 31;
        u32::try_from(value % u64::from(bound.max(1))).unwrap_or(0)
    }
}

/// Expands a template; the same seed gives the same text.
///
/// # Errors
/// Names the directive that is not known, or the mark that has no partner.
pub fn expand(template: &str, seed: u64) -> Result<Case, String> {
    let mut random = Random::new(seed ^ template.len() as u64);
    let (mut text, mut values, mut open) = (String::new(), Vec::new(), None);
    let mut rest = template;
    while let Some(char) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("{{")
            && let Some((directive, after)) = after.split_once("}}")
            && let Some(value) = value(directive, &mut random)?
        {
            text.push_str(&value);
            rest = after;
            continue;
        }
        match char {
            '«' => open = Some(text.len()),
            '»' => values.push(open.take().ok_or("a `»` without its `«`")?..text.len()),
            char => text.push(char),
        }
        rest = rest.get(char.len_utf8()..).unwrap_or_default();
    }
    if open.is_some() {
        return Err("a `«` without its `»`".to_owned());
    }
    Ok(Case { text, values })
}

/// The value of a directive; `None` where the braces are a part of the text (`{{ value }}`).
fn value(directive: &str, random: &mut Random) -> Result<Option<String>, String> {
    let (name, argument) = directive.split_once(':').unwrap_or((directive, ""));
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Ok(None);
    }
    let alphabet = match name {
        "alnum" => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "lower" => "0123456789abcdefghijklmnopqrstuvwxyz",
        "upper" => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "alpha" => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "hex" => "0123456789abcdef",
        "HEX" => "0123456789ABCDEF",
        "digits" => "0123456789",
        "b64" => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        "b64url" => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
        "base32" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        _ => "",
    };
    let mut below = |bound: u32| random.below(bound);
    if name == "uuid" {
        return Ok(Some(uuid(&mut below)));
    }
    if !alphabet.is_empty() {
        let count: usize =
            argument.parse().map_err(|_| format!("`{{{{{directive}}}}}` needs a number of characters"))?;
        return Ok(Some(pick(alphabet, count, &mut below)));
    }
    let generated = GENERATORS.iter().find_map(|generate| generate(name, argument, &mut below));
    generated.map(Some).ok_or_else(|| format!("`{{{{{directive}}}}}` is not known"))
}

fn pick(alphabet: &str, count: usize, below: &mut dyn FnMut(u32) -> u32) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let bound = u32::try_from(alphabet.len()).unwrap_or(0);
    (0..count).filter_map(|_| alphabet.get(below(bound) as usize)).collect()
}

fn uuid(below: &mut dyn FnMut(u32) -> u32) -> String {
    let mut hex = |count| pick("0123456789abcdef", count, below);
    format!("{}-{}-4{}-a{}-{}", hex(8), hex(4), hex(3), hex(3), hex(12))
}
