//! Values that stand where the reader's own belong.
//!
//! It asks what no random value has: words that speak to the reader, the marks of a template, or next to no variety.
//! A random value of a token's length is taken for a placeholder less often than once in 100,000.

/// Whether a value is a placeholder: a template, or a filler.
pub(crate) fn is_placeholder(value: &str) -> bool {
    is_template(value) || is_filler(value)
}

/// Parts that no random value holds.
const WORDS: [&str; 28] = [
    "example",
    "sample",
    "dummy",
    "changeme",
    "change-me",
    "change_me",
    "change me",
    "changethis",
    "placeholder",
    "redacted",
    "replaceme",
    "replace_",
    "replace-",
    "insert_",
    "insert-",
    "inserthere",
    "xxxxx",
    "yourtoken",
    "yourpass",
    "yoursecret",
    "yourkey",
    "yourapi",
    "yourown",
    "goes-here",
    "goes_here",
    "goeshere",
    "notreal",
    "deadbeef",
];
/// The same, with what must stand on one of their sides.
const APART: [&str; 6] = ["your", "fake", "todo", "fixme", "here", "enter"];
/// The same in Japanese, and signs that cover something up.
const SIGNS: [&str; 16] = [
    "ここに",
    "入力",
    "任意の",
    "あなたの",
    "お客様の",
    "ご自身の",
    "○○",
    "〇〇",
    "××",
    "…",
    "•",
    "●",
    "***",
    "...",
    "＊＊",
    "伏せ字",
];
/// Signatures and keys of well-known documentation that hold none of the words.
const DOCUMENTED: [&str; 2] = ["SflKxwRJSMeKKF2QT4", "TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ"];

/// Whether it speaks to the reader or is to be filled in by a program.
pub(crate) fn is_template(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
        || APART.iter().any(|word| apart(&lower, word))
        || SIGNS.iter().any(|sign| value.contains(sign))
        || DOCUMENTED.iter().any(|text| value.contains(text))
        || is_variable(value)
}

/// Whether the word stands in it with a separator on one side and nothing but separators on the other.
fn apart(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at)).copied();
        let after = text.as_bytes().get(at + word.len()).copied();
        let separates = |byte: Option<u8>| {
            byte.is_none_or(|byte| matches!(byte, b'-' | b'_' | b' ' | b'.' | b'<' | b'>' | b'[' | b']'))
        };
        separates(before) && separates(after)
    })
}

/// `<…>`, `${…}`, `{{…}}`, `%(…)s`, `$VAR`, `%VAR%`, `[…]`.
fn is_variable(value: &str) -> bool {
    let encloses = |open: &str, close: &str| {
        value.len() > open.len() + close.len() && value.starts_with(open) && value.ends_with(close)
    };
    let pairs =
        [("<", ">"), ("${", "}"), ("{{", "}}"), ("$(", ")"), ("%(", ")s"), ("#{", "}"), ("<%", "%>"), ("@@", "@@")];
    if pairs.iter().any(|(open, close)| encloses(open, close)) || value.contains("${{") || value.contains("{{ ") {
        return true;
    }
    let inner = |open: &str, close: &str| value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let wordy = |text: &str| {
        text.len() > 2
            && text.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b' ' | b'.'))
    };
    if [("[", "]"), ("{", "}"), ("%", "%"), ("(", ")"), ("__", "__")]
        .iter()
        .any(|(open, close)| inner(open, close).is_some_and(wordy))
    {
        return true;
    }
    value.strip_prefix('$').is_some_and(|name| {
        let upper = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        name.len() > 1 && (wordy(name) || upper && !name.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Whether it has next to no variety: runs, sequences, repetitions.
pub(crate) fn is_filler(value: &str) -> bool {
    let letters: Vec<u8> =
        value.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect();
    if dull(&letters) {
        return true;
    }
    // What follows the last prefix: `ghp_0000…`.
    let longest = value.split(|c: char| !c.is_ascii_alphanumeric()).max_by_key(|part| part.len()).unwrap_or_default();
    longest.len() * 2 > letters.len() && dull(longest.to_ascii_lowercase().as_bytes())
}

fn dull(letters: &[u8]) -> bool {
    const LENGTH_MIN: usize = 8;
    let length = letters.len();
    if length < LENGTH_MIN {
        return false;
    }
    let mut seen = [false; 256];
    letters.iter().for_each(|byte| {
        if let Some(seen) = seen.get_mut(usize::from(*byte)) {
            *seen = true;
        }
    });
    let distinct = seen.iter().filter(|seen| **seen).count();
    if distinct == 1 || distinct == 2 && length >= 12 || distinct == 3 && length >= 20 {
        return true;
    }
    if length >= 16
        && (1..=length / 2).any(|period| letters.iter().zip(letters.iter().skip(period)).all(|(a, b)| a == b))
    {
        return true;
    }
    in_order(letters) * 5 >= length * 4
}

/// How many bytes belong to runs of at least five that stay the same or go up or down by one.
fn in_order(letters: &[u8]) -> usize {
    const RUN_MIN: usize = 5;
    let step = |two: &[u8]| match two {
        [b'9', b'0' | b'a'] | [b'0', b'9'] => Some(1),
        [a, b] => Some(i16::from(*b) - i16::from(*a)).filter(|step| (-1..=1).contains(step)),
        _ => None,
    };
    let (mut total, mut run, mut last) = (0, 1, None);
    for two in letters.windows(2) {
        let here = step(two);
        if here.is_some() && (last.is_none() || last == here || run == 1) {
            run += 1;
        } else {
            total += if run >= RUN_MIN { run } else { 0 };
            run = if here.is_some() { 2 } else { 1 };
        }
        last = here;
    }
    total + if run >= RUN_MIN { run } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn placeholders_are_known() {
        for value in [
            "YOUR_API_KEY",
            "your-token-here",
            "<token>",
            "${TOKEN}",
            "{{ token }}",
            "%(token)s",
            "$TOKEN",
            "$token",
            "[your token]",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "AKIAIOSFODNN7EXAMPLE",
            "1234567890abcdef",
            "0123456789abcdef0123456789abcdef",
            "deadbeefdeadbeefdeadbeefdeadbeef",
            "abcdefghijklmnop",
            "00000000-0000-0000-0000-000000000000",
            "changeme",
            "CHANGE_ME",
            "********",
            "xoxb-...",
            "ここにトークンを入力",
            "[REDACTED]",
            "sk-11111111111111111111",
            "insert-token-here",
            "%API_TOKEN%",
            "AbCdEfGhIjKlMnOp",
            "ghp_000000000000000000000000000000000000",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn what_could_be_a_secret_is_none() {
        for value in [
            "hunter2",
            "P@ssw0rd!",
            "correct-horse-battery",
            "tEst1234!",
            "$aB3xYz9kQ",
            "0.c0190c00-d281-409b-a6c9-81cd0c04fc5e.IYAulKzjS4uS3qrLDQMcIl2kwmKgR0:kdIWPIWdGJQFl/VPv4b9N7==",
            "s3cr3t",
            "hereford77",
            "yourself9",
            "<x9",
            "Tr0ub4dor&3",
        ] {
            assert!(!is_placeholder(value), "{value}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_random_value_is_never_a_placeholder(value in "[0-9a-f]{32}|[0-9a-f]{16}|[A-Za-z0-9]{20,60}|[A-Za-z0-9_-]{24,60}|[A-Za-z0-9+/]{40}|[A-Z2-7]{16,32}|[0-9]{16}") {
            prop_assert!(!is_placeholder(&value));
        }
    }
}
