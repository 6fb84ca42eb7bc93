//! Path globs: what `path = "…"` may say.
//!
//! `*` is any run of characters within one name, `?` one character, `[a-z]` and `[!a-z]` one character of a
//! class, `{a,b}` either alternative, and `**` as a whole part any number of folders.

use super::error::GlobError;

const MAX_GLOB_BYTES: usize = 1024;
const MAX_PARTS_COUNT: usize = 64;
const MAX_ALTERNATIVES_COUNT: usize = 64;

/// One part of a glob between two slashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// Exactly this name.
    Name(String),
    /// Any name of this form.
    Form(Form),
    /// `**`: any number of folders, none included.
    Folders,
}

/// A name with wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Form(Vec<Token>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Token {
    Char(char),
    One,
    Run,
    Class { ranges: Vec<(char, char)>, negated: bool },
}

impl Token {
    fn is_met_by(&self, c: char) -> bool {
        match self {
            Token::Char(own) => *own == c,
            Token::One | Token::Run => true,
            Token::Class { ranges, negated } => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *negated,
        }
    }
}

impl Form {
    /// A form for a host or an SBOM: only `*` and `?` are special, and `*` runs over `/` too.
    pub(super) fn of_name(text: &str) -> Form {
        let token = |c| match c {
            '*' => Token::Run,
            '?' => Token::One,
            c => Token::Char(c),
        };
        Form(text.chars().map(token).collect())
    }

    /// Whether the whole name has this form. Time is at most the product of both lengths.
    pub(super) fn is_met_by(&self, name: &str) -> bool {
        let tokens = &self.0;
        let (mut token, mut rest) = (0, name.chars());
        let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            let mut ahead = rest.clone();
            match (tokens.get(token), ahead.next()) {
                (Some(Token::Run), _) => {
                    retry = Some((token, rest.clone()));
                    token += 1;
                    continue;
                }
                (Some(own), Some(c)) if own.is_met_by(c) => {
                    token += 1;
                    rest = ahead;
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            // Let the last `*` take one character more.
            let Some((run, from)) = retry.as_mut() else { return false };
            if from.next().is_none() {
                return false;
            }
            token = *run + 1;
            rest = from.clone();
        }
    }
}

/// The globs without braces that a glob stands for, each as its parts.
pub(super) fn parse(glob: &str) -> Result<Vec<Vec<Part>>, GlobError> {
    if glob.len() > MAX_GLOB_BYTES {
        return Err(GlobError::TooLong);
    }
    if glob.contains('\\') {
        return Err(GlobError::Backslash);
    }
    if glob.starts_with('/') || glob.chars().nth(1) == Some(':') {
        return Err(GlobError::Absolute);
    }
    expand(glob)?.iter().map(|plain| parts(plain)).collect()
}

/// Replaces `{a,b}` by one glob for each alternative.
fn expand(glob: &str) -> Result<Vec<String>, GlobError> {
    let mut done = vec![String::new()];
    let mut rest = glob;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, after) = after.split_once('}').ok_or(GlobError::Braces)?;
        if before.contains('}') || inside.contains('{') {
            return Err(GlobError::Braces);
        }
        let alternatives: Vec<_> = inside.split(',').collect();
        if done.len() * alternatives.len() > MAX_ALTERNATIVES_COUNT {
            return Err(GlobError::TooLong);
        }
        done = done.iter().flat_map(|own| alternatives.iter().map(move |a| format!("{own}{before}{a}"))).collect();
        rest = after;
    }
    if rest.contains('}') {
        return Err(GlobError::Braces);
    }
    for own in &mut done {
        own.push_str(rest);
    }
    Ok(done)
}

fn parts(glob: &str) -> Result<Vec<Part>, GlobError> {
    let glob = glob.strip_suffix('/').unwrap_or(glob);
    if glob.is_empty() {
        return Err(GlobError::Empty);
    }
    let mut parts = glob.split('/').map(part).collect::<Result<Vec<_>, _>>()?;
    if parts.len() > MAX_PARTS_COUNT {
        return Err(GlobError::TooLong);
    }
    parts.dedup_by(|b, a| *a == Part::Folders && *b == Part::Folders);
    // `a/**` is all below `a`; since a glob that meets a folder meets all below it, `a/*` says the same.
    if let Some(last @ Part::Folders) = parts.last_mut() {
        *last = Part::Form(Form(vec![Token::Run]));
    }
    Ok(parts)
}

fn part(text: &str) -> Result<Part, GlobError> {
    match text {
        "" => Err(GlobError::EmptyPart),
        "." | ".." => Err(GlobError::DotPart),
        "**" => Ok(Part::Folders),
        _ if text.contains("**") => Err(GlobError::StarStar),
        _ if !text.contains(['*', '?', '[', ']']) => Ok(Part::Name(text.to_owned())),
        _ => form(text).map(Part::Form),
    }
}

fn form(text: &str) -> Result<Form, GlobError> {
    let mut tokens = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        tokens.push(match c {
            '*' => Token::Run,
            '?' => Token::One,
            '[' => class(&mut rest)?,
            ']' => return Err(GlobError::Class),
            c => Token::Char(c),
        });
    }
    Ok(Form(tokens))
}

/// The rest of a class after its `[`.
fn class(rest: &mut std::str::Chars<'_>) -> Result<Token, GlobError> {
    let (inside, after) = rest.as_str().split_once(']').ok_or(GlobError::Class)?;
    let inside: Vec<char> = inside.chars().collect();
    *rest = after.chars();
    let (negated, mut inside) = match inside.as_slice() {
        ['!' | '^', own @ ..] => (true, own),
        own => (false, own),
    };
    let mut ranges = Vec::new();
    loop {
        inside = match inside {
            [] => break,
            [from, '-', to, own @ ..] => {
                if from > to {
                    return Err(GlobError::Range);
                }
                ranges.push((*from, *to));
                own
            }
            [one, own @ ..] => {
                ranges.push((*one, *one));
                own
            }
        };
    }
    if ranges.is_empty() { Err(GlobError::Class) } else { Ok(Token::Class { ranges, negated }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(form_text: &str, met: &[&str], not_met: &[&str]) {
        let form = form(form_text).unwrap();
        for name in met {
            assert!(form.is_met_by(name), "`{form_text}` must meet `{name}`");
        }
        for name in not_met {
            assert!(!form.is_met_by(name), "`{form_text}` must not meet `{name}`");
        }
    }

    #[test]
    fn forms_meet_whole_names() {
        check("*", &["", "a", "配水"], &[]);
        check("*.json", &["a.json", ".json", "a.json.json"], &["a.json.bak", "ajson"]);
        check("a*b*c", &["abc", "aXbXbYc"], &["abcd", "ac"]);
        check("?水", &["配水"], &["水", "配配水"]);
        check("gw-[0-9]*", &["gw-1", "gw-12"], &["gw-", "gw-x"]);
        check("[!a]b", &["bb", "水b"], &["ab", "b"]);
    }

    #[test]
    fn many_stars_stay_fast() {
        let form = form(&"*a".repeat(200)).unwrap();
        assert!(!form.is_met_by(&"a".repeat(199)));
        assert!(form.is_met_by(&"a".repeat(1000)));
    }

    #[test]
    fn bad_globs_say_why() {
        for (glob, expected) in [
            ("", GlobError::Empty),
            ("/etc", GlobError::Absolute),
            ("C:/x", GlobError::Absolute),
            ("a\\b", GlobError::Backslash),
            ("../x", GlobError::DotPart),
            ("./x", GlobError::DotPart),
            ("a//b", GlobError::EmptyPart),
            ("a/b**", GlobError::StarStar),
            ("a[", GlobError::Class),
            ("a[bc", GlobError::Class),
            ("a]", GlobError::Class),
            ("[z-a]", GlobError::Range),
            ("{a,b", GlobError::Braces),
            ("a}", GlobError::Braces),
            ("{a,{b,c}}", GlobError::Braces),
            ("{a,b,c,d,e,f,g,h,i}{a,b,c,d,e,f,g,h}", GlobError::TooLong),
        ] {
            assert_eq!(parse(glob), Err(expected), "{glob}");
        }
    }
}
