//! What the list of names does not see: functions that are handed on or taken from a place that is not known, texts that are commands, and
//! files of secrets that any call is given.

use super::folds::MODULES;
use super::names::{Does, does};
use super::tokens::Token;
use super::{Reader, path_value};
use crate::Traits;
use crate::value::Value;

/// Guesses in one piece of code.
const GUESSES: usize = 24;
/// The longest command in a text that is looked at.
const COMMAND_BYTES: usize = 4096;
/// How far back the call around a text is looked for.
const BACK: usize = 200;

/// Calls that show, test or keep a text, by the last part of their name.
const NAMES_ONLY: &[&str] = &[
    "print",
    "println",
    "printf",
    "log",
    "info",
    "warn",
    "warning",
    "error",
    "debug",
    "puts",
    "echo",
    "say",
    "write",
    "writeln",
    "fprintf",
    "exists",
    "existsSync",
    "isfile",
    "is_file",
    "isdir",
    "is_dir",
    "access",
    "accessSync",
    "stat",
    "statSync",
    "lstat",
    "basename",
    "dirname",
    "endswith",
    "endsWith",
    "startswith",
    "startsWith",
    "includes",
    "indexOf",
    "match",
    "test",
    "search",
    "compile",
    "replace",
    "split",
    "add",
    "append",
    "push",
    "set",
    "Set",
    "frozenset",
    "re",
    "config",
    "load_dotenv",
    "loadEnvFile",
    "dotenv",
    "describe",
    "it",
    "expect",
    "assert",
    "assertEqual",
    "raise",
    "Exception",
    "Error",
    "ValueError",
    "exit",
    "die",
    "len",
    "hash",
    "equal",
    "equals",
    "in",
    "not",
    "if",
    "ignore",
    "add_argument",
    "unlink",
    "unlinkSync",
    "remove",
    "rmSync",
    "chmod",
    "chmodSync",
    "writeFileSync",
    "write_text",
    "get",
    "spyOn",
    "mocked",
    "promisify",
    "isinstance",
    "callable",
    "hasattr",
    "help",
    "getsource",
    "signature",
    "typeof",
    "mock",
    "patch",
    "object",
    "inspect",
    "dir",
    "type",
    "repr",
    "str",
    "wraps",
    "Mock",
    "replaceAll",
    "fail",
    "skip",
    "format",
    "find",
    "count",
    "sub",
    "fn",
];

/// Calls that only hand on the path they are given.
const THROUGH: &[&str] = &[
    "expanduser",
    "join",
    "resolve",
    "abspath",
    "normpath",
    "realpath",
    "Path",
    "PurePath",
    "joinpath",
    "normalize",
    "list",
    "tuple",
    "sorted",
    "from",
    "fspath",
    "str",
    "String",
];

impl Reader<'_, '_> {
    /// Follows what is left when all names are read.
    pub(super) fn nets(&mut self) {
        if self.family == "awk" || self.m.waits {
            return;
        }
        let indirect = self.handed_on();
        if indirect {
            self.m.mark(Traits::NOT_UNDERSTOOD, "a function that starts, removes or evaluates is handed on");
        }
        self.secrets_named();
        if !indirect && self.m.code_folder.is_some() {
            return;
        }
        self.commands_in_texts(indirect);
    }

    /// A function of weight that is neither called nor given a name, or that is taken by what is not known.
    fn handed_on(&self) -> bool {
        self.tokens.iter().enumerate().any(|(at, token)| {
            let before = at.checked_sub(1).and_then(|at| self.tokens.get(at));
            let after = self.tokens.get(at + 1);
            match token {
                Token::Name(name) => {
                    let whole = self.renamed(name);
                    let name = whole.as_deref().unwrap_or(name);
                    let called_by = before == Some(&Token::Mark('&')) && name.starts_with('$') && self.family == "perl";
                    if called_by && after == Some(&Token::Mark('(')) {
                        return true;
                    }
                    let weighs =
                        matches!(does(self.family, name), Some(Does::Spawns | Does::Deletes | Does::Evaluates))
                            && (name.contains('.')
                                || matches!(name, "eval" | "exec" | "execSync" | "rmSync" | "system"));
                    weighs
                        && matches!(before, Some(Token::Mark('(' | '[' | ',' | '=')))
                        && matches!(after, Some(Token::Mark(',' | ')' | ']')))
                        && self.inside(at).is_some_and(|call| !NAMES_ONLY.contains(&call))
                }
                // `fs[what](…)`: a part of a module that is not known.
                Token::Mark('[') => {
                    let module = matches!(before, Some(Token::Name(name)) if MODULES.contains(&name.as_str()));
                    module
                        && self
                            .tokens
                            .get(at + 1..at + 8)
                            .unwrap_or(&[])
                            .windows(2)
                            .any(|two| matches!(two, [Token::Mark(']'), Token::Mark('(')]))
                        && !matches!(after, Some(Token::Number(_)))
                }
                // `("sys" . "tem")(…)`, `o["exe" .. "cute"](…)`: a name that is put together.
                Token::Mark(close @ (')' | ']')) if after == Some(&Token::Mark('(')) => self.put_together(at, *close),
                _ => false,
            }
        })
    }

    /// Whether the brackets that close at a place hold only texts that are joined, and are called.
    fn put_together(&self, close: usize, mark: char) -> bool {
        let mut texts = 0;
        for at in (close.saturating_sub(16)..close).rev() {
            match self.tokens.get(at) {
                Some(Token::Text(_)) => texts += 1,
                Some(Token::Mark('.' | '+' | ',' | '~')) => {}
                Some(Token::Mark('(')) if mark == ')' => {
                    let bare = !matches!(
                        at.checked_sub(1).and_then(|at| self.tokens.get(at)),
                        Some(Token::Name(_) | Token::Mark(')' | ']'))
                    );
                    return bare && texts > 0;
                }
                Some(Token::Mark('[')) if mark == ']' => return texts > 1,
                _ => return false,
            }
        }
        false
    }

    /// The last part of the name of the call around a place; nothing where there is none, or where names are only imported.
    fn inside(&self, at: usize) -> Option<&str> {
        let mut level = 0_usize;
        for place in (at.saturating_sub(BACK)..at).rev() {
            match self.tokens.get(place)? {
                Token::Mark(')' | ']' | '}') => level += 1,
                Token::Mark('(' | '[') if level > 0 => level -= 1,
                Token::Mark('{') if level > 0 => level -= 1,
                Token::Mark('{') => return None,
                Token::Mark('[') => {
                    if !matches!(place.checked_sub(1).and_then(|at| self.tokens.get(at)), Some(Token::Name(_))) {
                        continue;
                    }
                }
                Token::Mark('(') => {
                    let Some(Token::Name(name)) = place.checked_sub(1).and_then(|at| self.tokens.get(at)) else {
                        continue;
                    };
                    return name.rsplit(['.', ':']).next();
                }
                Token::Name(name) if matches!(name.as_str(), "import" | "export" | "from") && level == 0 => {
                    return None;
                }
                Token::Mark('\n' | ';') if level == 0 => return Some(""),
                _ => {}
            }
        }
        Some("")
    }

    /// Texts and lists of texts that begin with a program that can do harm, given to a call that does not only print them; where
    /// functions are handed on (`indirect`), wherever they stand.
    fn commands_in_texts(&mut self, indirect: bool) {
        let mut guesses = 0;
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            at += 1;
            let Token::Text(text) = token else { continue };
            if guesses >= GUESSES {
                break;
            }
            let text = text.trim();
            let mut words = text.split_whitespace();
            if !words.next().is_some_and(crate::programs::serious) || text.len() > COMMAND_BYTES {
                continue;
            }
            // `puts "…"`, as some languages call without parentheses.
            let bare = matches!(at.checked_sub(2).and_then(|at| self.tokens.get(at)), Some(Token::Name(name)) if NAMES_ONLY.contains(&name.as_str()));
            let shown = bare
                || self.inside(at - 1).is_none_or(|call| NAMES_ONLY.contains(&call) || call.is_empty() && !indirect);
            if shown {
                continue;
            }
            if words.next().is_some() {
                guesses += 1;
                let text = text.to_owned();
                self.m.guess(Traits::NOT_UNDERSTOOD, |m| {
                    m.text(&text);
                });
                continue;
            }
            let list = self.list_at(at - 1);
            if list.len() > 1 {
                guesses += 1;
                self.m.guess(Traits::NOT_UNDERSTOOD, |m| {
                    m.run(list);
                });
            }
        }
    }

    /// The texts of a list, from one on.
    fn list_at(&self, at: usize) -> Vec<Value> {
        let mut list = Vec::new();
        for token in self.tokens.get(at..).unwrap_or(&[]).iter().take(64) {
            match token {
                Token::Text(text) => list.push(Value::known(text.as_str())),
                Token::Mark(',' | '\n' | '[') => {}
                _ => break,
            }
        }
        list
    }

    /// A text that names a file of secrets counts as read, unless the call around it only shows, tests or keeps it.
    fn secrets_named(&mut self) {
        let found: Vec<Value> = self
            .tokens
            .iter()
            .enumerate()
            .filter_map(|(at, token)| match token {
                Token::Text(text) => Some((at, text)),
                _ => None,
            })
            .filter(|(_, text)| {
                text.len() < 512
                    && text.contains(['/', '.', '~'])
                    && !text.contains("://")
                    && !text.contains(char::is_whitespace)
            })
            .map(|(at, text)| (at, path_value(text)))
            .filter(|(_, value)| !value.glob && self.m.names_secret(value))
            .filter(|(at, value)| self.may_read(*at, value.text.starts_with(['/', '~'])))
            .map(|(_, value)| value)
            .take(8)
            .collect();
        for value in found {
            let content = self.m.read(&value);
            self.flow = self.flow.with(content.flow);
        }
    }

    /// Whether the call around a path, or the code where there is none, may read it. A bare name (`.env`) is often only looked for.
    fn may_read(&self, at: usize, whole: bool) -> bool {
        let mut place = at;
        let call = loop {
            let Some(call) = self.inside(place) else { return false };
            if !THROUGH.contains(&call) {
                break call;
            }
            let name =
                |token: &Token| matches!(token, Token::Name(name) if name.rsplit(['.', ':']).next() == Some(call));
            match (place.saturating_sub(BACK)..place).rev().find(|at| self.tokens.get(*at).is_some_and(name)) {
                Some(outer) if outer < place => place = outer,
                _ => return false,
            }
        };
        if NAMES_ONLY.contains(&call) {
            return false;
        }
        if call.is_empty() {
            // Kept for later: perl reads what stands in this list.
            return whole
                && self.family == "perl"
                && self.tokens.iter().any(|token| matches!(token, Token::Name(name) if name == "ARGV"));
        }
        let lower = call.to_ascii_lowercase();
        whole
            || ["read", "open", "load", "lines", "input", "parse", "fileio", "slurp", "contents", "stream"]
                .iter()
                .any(|part| lower.contains(part))
    }
}
