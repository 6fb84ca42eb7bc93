//! Text from outside: what may stand in XML, how wide it is, where it is cut.
//!
//! There is no font at hand, so widths are estimates in em, a little too wide rather than too narrow.

/// The longest text that is kept, in characters; the rest becomes an ellipsis.
const MAX_TEXT_CHARS: usize = 400;
/// The longest link that is kept, in bytes.
const MAX_HREF_BYTES: usize = 2_000;
/// What stands for the part that was cut off.
const ELLIPSIS: char = '…';

/// The text as one line without characters that are illegal in XML 1.0 (section 2.2), without controls and without
/// what changes the direction of the text around it, at most 400 characters long.
pub(crate) fn clean(text: &str) -> String {
    let mut kept = String::new();
    let mut count = 0;
    for character in text.chars() {
        let character = match character {
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
            character if is_unwanted(character) => continue,
            character => character,
        };
        if count == MAX_TEXT_CHARS {
            kept.push(ELLIPSIS);
            break;
        }
        kept.push(character);
        count += 1;
    }
    kept
}

/// Controls, non-characters, and marks that turn or hide text.
fn is_unwanted(character: char) -> bool {
    character.is_control()
        || (u32::from(character) & 0xfffe) == 0xfffe
        || matches!(character, '\u{fdd0}'..='\u{fdef}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}' | '\u{61c}')
}

/// Appends the text with the five characters escaped that mean something in XML, without those that are not allowed.
pub(crate) fn escape_into(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            character if is_unwanted(character) => {}
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            character => out.push(character),
        }
    }
}

/// The link, if it stays on the site that shows it: an absolute path, nothing that a browser takes for another host.
/// A browser drops tabs and line breaks and reads `\` as `/`, so a link with one of them is not kept either.
pub(crate) fn safe_href(href: Option<&str>) -> Option<String> {
    let href = href?;
    let stays = href.starts_with('/') && !href.starts_with("//") && href.len() <= MAX_HREF_BYTES;
    let plain = href.chars().all(|character| {
        !is_unwanted(character) && !character.is_whitespace() && !matches!(character, '\\' | '<' | '>' | '"' | '`')
    });
    (stays && plain).then(|| href.to_owned())
}

/// The part of an id that the caller chose: letters, digits, `-` and `_`, with a letter first, at most 64 long.
pub(crate) fn safe_id(id: &str) -> String {
    let kept = id.chars().filter(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_'));
    let kept: String = kept.take(64).collect();
    if kept.starts_with(|first: char| first.is_ascii_alphabetic()) { kept } else { format!("chart-{kept}") }
}

/// The estimated width of a character, in em.
fn em(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.32,
        ' ' | 'f' | 'r' | 't' | '-' | '(' | ')' | '[' | ']' | '/' | '"' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.95,
        'A'..='Z' | '&' | '+' | '<' | '=' | '>' | '~' | '#' => 0.72,
        '0'..='9' => 0.6,
        '\u{21}'..='\u{7e}' => 0.58,
        '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}' | '\u{fe00}'..='\u{fe0f}' | '\u{200c}' | '\u{200d}' => 0.0,
        '\u{ff61}'..='\u{ff9f}' => 0.55,
        '\u{a0}'..='\u{10ff}' => 0.7,
        _ => 1.0,
    }
}

/// The estimated width of the text, in pixels.
pub(crate) fn width(text: &str, size_px: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size_px
}

/// The text, or its beginning with an ellipsis, so that it is at most so wide.
pub(crate) fn fit(text: &str, size_px: f64, room_px: f64) -> String {
    if width(text, size_px) <= room_px {
        return text.to_owned();
    }
    let room = room_px - em(ELLIPSIS) * size_px;
    let mut used = 0.0;
    let mut kept = String::new();
    for character in text.chars() {
        used += em(character) * size_px;
        if used > room {
            break;
        }
        kept.push(character);
    }
    kept.truncate(kept.trim_end().len());
    kept.push(ELLIPSIS);
    kept
}

/// The text in at most so many lines, each at most so wide. Lines break at spaces and after `/`, `-` and `・`, between
/// characters of scripts without spaces, and, where nothing else helps, anywhere.
pub(crate) fn wrap(text: &str, size_px: f64, room_px: f64, max_lines: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while lines.len() + 1 < max_lines && width(rest, size_px) > room_px {
        let end = line_end(rest, size_px, room_px);
        let (line, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        lines.push(line.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(fit(rest, size_px, room_px));
    }
    lines
}

/// The lines of [`wrap`], if they hold the whole text and break no word of a script with spaces.
pub(crate) fn wrap_whole(text: &str, size_px: f64, room_px: f64, max_lines: usize) -> Option<Vec<String>> {
    let whole = text.split_whitespace().all(|word| word.chars().any(is_full) || width(word, size_px) <= room_px);
    let lines = wrap(text, size_px, room_px, max_lines);
    let length = |text: &str| text.chars().filter(|character| *character != ' ').count();
    let held: usize = lines.iter().map(|line| length(line)).sum();
    (whole && held == length(text.trim()) && lines.iter().all(|line| width(line, size_px) <= room_px)).then_some(lines)
}

/// Where the first line of a text that is too wide ends, in bytes; at least after its first character.
fn line_end(text: &str, size_px: f64, room_px: f64) -> usize {
    let (mut used, mut best, mut last) = (0.0, None, text.chars().next().map_or(0, char::len_utf8));
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        used += em(character) * size_px;
        let end = at + character.len_utf8();
        if character == ' ' {
            best = Some(end);
        }
        if used > room_px {
            break;
        }
        last = last.max(end);
        let next = characters.peek().map(|(_, next)| *next);
        let may_break = matches!(character, '/' | '-' | '・' | '、' | '。')
            || (is_full(character) && next.is_some_and(|next| is_full(next) && !clings(next)));
        if may_break && !next.is_some_and(clings) {
            best = Some(end);
        }
    }
    best.filter(|end| *end <= text.len() && *end > 0).unwrap_or(last)
}

/// A character of a script that is written without spaces.
fn is_full(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

/// A character that does not begin a line (JIS X 4051, the commonest), nor parts from the word before.
fn clings(character: char) -> bool {
    "、。，．・：；？！）］｝」』】〉》ー々ゃゅょっぁぃぅぇぉャュョッァィゥェォ,.:;!?)]}".contains(character)
}
