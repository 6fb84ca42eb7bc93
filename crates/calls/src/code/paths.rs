//! Paths in code that steer an agent, a shell or git: written, unless the code only reads.

use super::names::{Does, does};
use super::tokens::Token;
use super::{Reader, path_value};
use crate::ActKind;

/// Calls that change nothing on the disk, by the last part of their name.
const READING: &[&str] = &[
    "Array.from",
    "JSON.parse",
    "Path",
    "abspath",
    "access",
    "accessSync",
    "append",
    "basename",
    "bool",
    "capitalize",
    "close",
    "concat",
    "count",
    "decode",
    "dict",
    "dirname",
    "dump_s",
    "dumps",
    "encode",
    "endswith",
    "endsWith",
    "entries",
    "enumerate",
    "error",
    "every",
    "exists",
    "existsSync",
    "exit",
    "expanduser",
    "extname",
    "filter",
    "find",
    "findall",
    "flat",
    "flatMap",
    "float",
    "forEach",
    "format",
    "from",
    "get",
    "glob",
    "group",
    "has",
    "home",
    "homedir",
    "html",
    "if",
    "include",
    "includes",
    "indexOf",
    "info",
    "int",
    "is_dir",
    "is_file",
    "isdir",
    "isfile",
    "isinstance",
    "items",
    "iter",
    "join",
    "keys",
    "len",
    "list",
    "listdir",
    "load",
    "loads",
    "log",
    "lower",
    "map",
    "match",
    "max",
    "min",
    "next",
    "normpath",
    "open",
    "parse",
    "pformat",
    "pprint",
    "print",
    "puts",
    "range",
    "read",
    "readFile",
    "readFileSync",
    "read_bytes",
    "read_text",
    "readline",
    "readlines",
    "readdirSync",
    "realpath",
    "reduce",
    "relative",
    "repr",
    "require",
    "resolve",
    "reverse",
    "rglob",
    "round",
    "rstrip",
    "safe_load",
    "search",
    "set",
    "setdefault",
    "slice",
    "some",
    "sort",
    "sorted",
    "split",
    "splitlines",
    "startsWith",
    "startswith",
    "stat",
    "statSync",
    "str",
    "stringify",
    "strip",
    "sub",
    "substring",
    "sum",
    "test",
    "then",
    "toLowerCase",
    "toString",
    "trim",
    "tuple",
    "type",
    "upper",
    "values",
    "while",
    "with",
    "zip",
    "for",
    "catch",
    "fileURLToPath",
    "cwd",
    "iterdir",
    "lstatSync",
    "table",
];

impl Reader<'_, '_> {
    /// Notes such paths as written where anything is called that is not known to read only.
    pub(super) fn may_write(&mut self) {
        if self.m.elsewhere || self.family == "awk" {
            return;
        }
        let found: Vec<_> = self
            .tokens
            .iter()
            .filter_map(|token| match token {
                Token::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .filter(|text| text.len() < 512 && text.contains(['/', '.']) && !text.contains(char::is_whitespace))
            .filter(|text| !text.contains("://"))
            .take(256)
            .filter_map(|text| {
                let path = self.m.resolve_plain(&path_value(text));
                self.m.matters(&path).map(|(traits, why)| (path, traits, why))
            })
            .collect();
        if found.is_empty() || self.only_reads() {
            return;
        }
        for (path, traits, why) in found.into_iter().take(8) {
            self.m.act(ActKind::WriteFile, path, traits, why);
        }
    }

    fn only_reads(&self) -> bool {
        let plain = matches!(self.family, "python" | "javascript");
        self.tokens.iter().enumerate().all(|(at, token)| {
            let Token::Name(name) = token else { return !matches!(token, Token::Command(_)) };
            if plain && self.tokens.get(at + 1) != Some(&Token::Mark('(')) {
                return true;
            }
            let last = name.rsplit(['.', ':']).next().unwrap_or(name);
            let mode = matches!(does(self.family, name), Some(Does::Opens))
                && self.tokens.get(at..at + 8).unwrap_or(&[]).iter().any(
                    |token| matches!(token, Token::Text(mode) if mode.len() <= 3 && mode.contains(['w', 'a', '+', '>', 'x'])),
                );
            !mode && (READING.contains(&last) || !plain && name.chars().all(|c| c.is_ascii_uppercase()))
        })
    }
}
