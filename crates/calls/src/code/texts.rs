//! Texts among the arguments of a call, put together where that can be told.

use super::Reader;
use super::tokens::Token;
use crate::value::UNKNOWN;

/// Names that say nothing about a text beside them.
const PLAIN: &[&str] = &[
    "r",
    "rb",
    "w",
    "shell",
    "True",
    "true",
    "False",
    "false",
    "recursive",
    "force",
    "os.path.expanduser",
    "glob",
    "path.join",
    "os.path.join",
    "None",
    "encoding",
    "stdio",
    "new",
    "check",
    "text",
    "capture_output",
    "List",
    "f",
    "URI",
];

/// Calls whose arguments are parts of one path.
const JOINS: &[&str] = &[
    "os.path.join",
    "path.join",
    "path.resolve",
    "File.join",
    "posixpath.join",
    "ntpath.join",
    "joinpath",
    "join",
    "Path",
    "pathlib.Path",
    "PurePath",
    "filepath.Join",
    "Path.join",
    "p.join",
    "osp.join",
];

/// Calls that give their one argument, as far as it is a path.
const SAME: &[&str] = &[
    "os.path.expanduser",
    "expanduser",
    "str",
    "String",
    "os.path.abspath",
    "abspath",
    "os.fspath",
    "path.normalize",
    "os.path.realpath",
    "File.expand_path",
    "Path",
    "pathlib.Path",
    "new",
    "Buffer.from",
    "bytes",
    "os.fsencode",
    "os.path.normpath",
];

impl Reader<'_, '_> {
    /// The texts among arguments, those that `+` or nothing joins as one; names of known variables count as their text. With it, whether
    /// there was a name of which nothing is known.
    pub(super) fn texts(&self, arguments: &[Token]) -> (Vec<String>, bool) {
        let arguments = &plainer(arguments);
        let mut texts: Vec<String> = Vec::new();
        let mut unknown = false;
        let mut joins = false;
        let mut last_text = false;
        for token in arguments {
            match token {
                Token::Text(text) => {
                    if (joins || last_text)
                        && let Some(last) = texts.last_mut()
                    {
                        last.push_str(text);
                    } else {
                        texts.push(text.clone());
                    }
                    (joins, last_text) = (false, true);
                }
                Token::Name(name) => {
                    let value = if is_home(name) { Some("~".to_owned()) } else { self.variable(name) };
                    match value {
                        Some(text) => {
                            if joins && let Some(last) = texts.last_mut() {
                                last.push_str(&text);
                            } else {
                                texts.push(text);
                            }
                            last_text = true;
                        }
                        None => {
                            if !PLAIN.contains(&name.as_str()) {
                                unknown = true;
                                if joins && let Some(last) = texts.last_mut() {
                                    last.push(UNKNOWN);
                                }
                            }
                            last_text = false;
                        }
                    }
                    joins = false;
                }
                Token::Mark('+' | '.') => joins = last_text,
                Token::Mark('/') => {
                    if let Some(last) = texts.last_mut().filter(|_| last_text) {
                        last.push('/');
                        joins = true;
                    }
                }
                _ => (joins, last_text) = (false, false),
            }
        }
        (texts, unknown)
    }
}

/// Names that stand for the home.
fn is_home(name: &str) -> bool {
    name.contains("homedir")
        || name.ends_with("Path.home")
        || name == "Dir.home"
        || name.contains("ENV.HOME")
        || name.contains("env.HOME")
        || name == "HOME"
        || name.ends_with("home_dir")
        || name.ends_with("Deno.homeDir")
}

/// With the home as `~`, calls that give their argument without themselves, and parts of a path with `/` between them.
fn plainer(arguments: &[Token]) -> Vec<Token> {
    let mut tokens = arguments.to_vec();
    for _ in 0..4 {
        let before = tokens.len();
        tokens = collapsed(&tokens);
        if tokens.len() == before {
            break;
        }
    }
    let mut all = Vec::with_capacity(tokens.len());
    // For each open parenthesis, whether it is that of a join.
    let mut open: Vec<bool> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Mark('(') => {
                let joins = at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(joins);
                if joins {
                    all.pop();
                } else {
                    all.push(token.clone());
                }
                open.push(joins);
            }
            Token::Mark(')') => {
                if !open.pop().unwrap_or(false) {
                    all.push(token.clone());
                }
            }
            Token::Mark(',') if open.last() == Some(&true) => all.push(Token::Mark('/')),
            Token::Mark('[' | '{') => {
                open.push(false);
                all.push(token.clone());
            }
            Token::Mark(']' | '}') => {
                open.pop();
                all.push(token.clone());
            }
            token => all.push(token.clone()),
        }
    }
    all
}

fn joins(token: &Token) -> bool {
    matches!(token, Token::Name(name) if JOINS.contains(&name.as_str()))
}

fn collapsed(tokens: &[Token]) -> Vec<Token> {
    let mut all = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match tokens.get(at..).unwrap_or(&[]) {
            [
                Token::Name(env),
                Token::Mark('[' | '(' | '{'),
                Token::Text(home) | Token::Name(home),
                Token::Mark(']' | ')' | '}'),
                ..,
            ] if matches!(home.as_str(), "HOME" | "USERPROFILE")
                && ["environ", "ENV", "getenv", "environ.get", "env", "fetch"].iter().any(|end| env.ends_with(end)) =>
            {
                all.push(Token::Text("~".to_owned()));
                at += 4;
            }
            [Token::Name(name), Token::Mark('('), Token::Mark(')'), ..] if is_home(name) => {
                all.push(Token::Text("~".to_owned()));
                at += 3;
            }
            [Token::Name(name), Token::Mark('('), Token::Text(text), Token::Mark(')'), ..]
                if SAME.contains(&name.as_str()) =>
            {
                all.push(Token::Text(text.clone()));
                at += 4;
            }
            _ => {
                all.push(token.clone());
                at += 1;
            }
        }
    }
    all
}

/// The text up to the bracket that closes one opened before it.
pub(crate) fn until_closed(text: &str) -> &str {
    let mut level = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => level += 1,
            ')' if level == 0 => return text.get(..at).unwrap_or(text),
            ')' => level -= 1,
            _ => {}
        }
    }
    text
}
