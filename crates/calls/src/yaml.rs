//! YAML, as far as commands stand in it: keys and their texts, line by line.

/// Most texts of one file.
const TEXTS: usize = 2000;

/// Each text of a file with the key under which it stands, in their order. Lists hand on the key above them; a list in
/// brackets is one command of its words.
pub(crate) fn scalars(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    // The keys that are open, with their columns.
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let mut rest = line.trim_start();
        if rest.is_empty() || rest.starts_with('#') || found.len() >= TEXTS {
            continue;
        }
        let mut column = line.len() - rest.len();
        let mut item = false;
        while let Some(inner) = rest.strip_prefix("- ") {
            item = true;
            column += rest.len() - inner.trim_start().len();
            rest = inner.trim_start();
        }
        // An item may stand in the column of its key.
        let above = if item { column.saturating_sub(1) } else { column };
        while open.last().is_some_and(|(at, _)| *at >= above && *at > 0 || *at == 0 && above == 0) {
            open.pop();
        }
        let (key, value) = match pair(rest) {
            Some((key, value)) => {
                open.push((column, key.clone()));
                (key, value)
            }
            None if item => (open.last().map(|(_, key)| key.clone()).unwrap_or_default(), rest),
            None => {
                // A text that goes on.
                if let Some((_, before)) = found.last_mut() {
                    before.push('\n');
                    before.push_str(rest);
                }
                continue;
            }
        };
        if value.starts_with(['|', '>']) && value.len() <= 4 {
            let join = if value.starts_with('|') { '\n' } else { ' ' };
            let least = line.len() - line.trim_start().len();
            let mut block = String::new();
            while let Some(next) = lines.peek() {
                let indent = next.len() - next.trim_start().len();
                if !next.trim().is_empty() && indent <= least {
                    break;
                }
                block.push_str(next.get(indent.min(least + 2)..).unwrap_or("").trim_end());
                block.push(join);
                lines.next();
            }
            found.push((key, block));
        } else if let Some(list) = value.strip_prefix('[') {
            let mut list = list.to_owned();
            while !list.contains(']')
                && let Some(more) = lines.next()
            {
                list.push(' ');
                list.push_str(more.trim());
            }
            let words = flow_words(list.rsplit_once(']').map_or(list.as_str(), |(inside, _)| inside));
            // `script: ["a b", "c d"]` is a list of commands, `command: ["sh", "-c", "a b"]` is one.
            if words.iter().all(|word| word.contains(' ')) {
                found.extend(words.into_iter().map(|word| (key.clone(), word)));
            } else {
                found.push((key, words.iter().map(|one| word(one)).collect::<Vec<_>>().join(" ")));
            }
        } else if !value.is_empty() {
            found.push((key, unquoted(value)));
        }
    }
    found
}

/// `key: value`.
fn pair(text: &str) -> Option<(String, &str)> {
    let (key, value) = match text.split_once(": ") {
        Some((key, value)) => (key, value.trim()),
        None => (text.strip_suffix(':')?, ""),
    };
    let plain = key.trim_matches(['"', '\'']);
    let good = !plain.is_empty()
        && plain.len() < 80
        && plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/'));
    good.then(|| (plain.to_owned(), value))
}

fn unquoted(text: &str) -> String {
    let inside = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    if let Some(text) = inside('"') {
        return text.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\");
    }
    inside('\'').map_or_else(|| text.to_owned(), |text| text.replace("''", "'"))
}

/// The items of a list in brackets.
fn flow_words(text: &str) -> Vec<String> {
    let texts = quoted(text);
    if !texts.is_empty() {
        return texts;
    }
    text.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

/// The texts in quotes.
pub(crate) fn quoted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = text.chars();
    while let Some(quote) = chars.by_ref().find(|c| matches!(c, '"' | '\'')) {
        let mut inside = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' if quote == '"' => match chars.next() {
                    Some('n') => inside.push('\n'),
                    Some(c) => inside.push(c),
                    None => {}
                },
                c if c == quote => break,
                c => inside.push(c),
            }
        }
        found.push(inside);
        if found.len() >= TEXTS {
            break;
        }
    }
    found
}

/// Words between blanks, quotes kept together and taken off.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut open: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => open.get_or_insert_default().push(c),
            None if c == '"' => {
                quote = Some(c);
                open.get_or_insert_default();
            }
            None if c.is_whitespace() => all.extend(open.take()),
            None => open.get_or_insert_default().push(c),
        }
    }
    all.extend(open);
    all
}

/// A word as the shell reads it again.
pub(crate) fn word(text: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '=' | '@' | '%' | '+' | ',' | '$')
    };
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
