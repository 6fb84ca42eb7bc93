//! What the hook says at run time, in English and Japanese, without loading the whole catalogue: `build.rs` takes out the
//! few lines that are needed. Their texts have plain variables only, which a test holds.

use yata_words::Lang;

/// Stands at the end of a text that was cut.
const CUT_MARK: char = '…';

/// The lines of the catalogue whose ids begin with `hook-say-`.
fn texts(lang: Lang) -> &'static str {
    match lang {
        Lang::En => include_str!(concat!(env!("OUT_DIR"), "/en.txt")),
        Lang::Ja => include_str!(concat!(env!("OUT_DIR"), "/ja.txt")),
    }
}

/// The text of an id with its variables put in; the id where the catalogue does not have it.
#[must_use]
pub fn say(lang: Lang, id: &str, args: &[(&str, &str)]) -> String {
    let start = format!("\n{id} = ");
    let Some((_, rest)) = texts(lang).split_once(start.as_str()) else { return id.to_owned() };
    fill(rest.lines().next().unwrap_or_default(), args)
}

/// Puts variables (`{ $name }`) into a text; one that is not given stays.
fn fill(pattern: &str, args: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(pattern.len() + 64);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("{ $") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once(" }") else {
            out.push_str("{ $");
            rest = after;
            continue;
        };
        match args.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            None => out.extend(["{ $", name, " }"]),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// At most so many characters of a text, without control characters and overrides of direction, on one line.
#[must_use]
pub fn short(text: &str, max_chars: usize) -> String {
    let mut out: String = text.chars().take(max_chars).map(plain).collect();
    if text.chars().nth(max_chars).is_some() {
        out.pop();
        out.push(CUT_MARK);
    }
    out
}

/// A character that cannot deceive the eye: what steers the terminal or does not show is replaced.
fn plain(c: char) -> char {
    let steers = c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}');
    match c {
        '\n' | '\t' | '\r' => ' ',
        _ if steers => '\u{fffd}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_put_in_and_unknown_ones_stay() {
        let check = |pattern, expected: &str| assert_eq!(fill(pattern, &[("a", "1"), ("b", "{ $a }")]), expected);
        check("x { $a } y { $b }", "x 1 y { $a }");
        check("{ $c } { $a", "{ $c } { $a");
        check("", "");
    }

    #[test]
    fn every_text_of_the_hook_has_plain_variables_on_one_line() {
        for lang in Lang::ALL {
            let mut seen = 0;
            for line in texts(lang).lines().filter(|line| !line.is_empty()) {
                let text = line.split_once(" = ").unwrap().1;
                assert_eq!(text.matches('{').count(), text.matches("{ $").count(), "{line}");
                assert!(!text.trim().is_empty(), "{line}");
                seen += 1;
            }
            assert!(seen > 10, "{seen}");
        }
    }

    #[test]
    fn what_does_not_show_is_shown() {
        assert_eq!(short("a\u{202e}b\nc\u{1b}", 9), "a\u{fffd}b c\u{fffd}");
        assert_eq!(short("あいうえお", 3), "あい…");
    }

    #[test]
    fn an_id_that_is_not_there_is_visible() {
        assert_eq!(say(Lang::Ja, "hook-say-nothing", &[]), "hook-say-nothing");
    }
}
