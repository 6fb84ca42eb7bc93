//! Other names under which code calls what matters: `import os as o`, `{rmSync: r} = require("fs")`, `r = shutil.rmtree`.

use super::Reader;
use super::names::does;
use super::tokens::Token;

/// Other names in one text.
const MAX_ALIASES: usize = 64;

impl Reader<'_, '_> {
    /// Collects them, wherever they are given.
    pub(super) fn aliases(&mut self) {
        let mut found: Vec<(String, String)> = Vec::new();
        // `from os import system`: the module before the name.
        let mut module: Option<&str> = None;
        for (at, token) in self.tokens.iter().enumerate() {
            let Token::Name(name) = token else {
                if matches!(token, Token::Mark('\n' | ';')) {
                    module = None;
                }
                continue;
            };
            let behind = self.tokens.get(at + 1..).unwrap_or(&[]);
            if self.family == "python" && name == "from" {
                module = match behind.first() {
                    Some(Token::Name(module)) => Some(module),
                    _ => None,
                };
            }
            match behind {
                // `r = promisify(exec)`
                [Token::Mark('='), Token::Name(promise), Token::Mark('('), Token::Name(what), Token::Mark(')'), ..]
                    if promise.ends_with("promisify") && does(self.family, what).is_some() =>
                {
                    found.push((name.clone(), what.clone()));
                }
                [Token::Name(word), Token::Name(alias), ..] if word == "as" => {
                    let whole = module.map_or_else(|| name.clone(), |module| format!("{module}.{name}"));
                    found.push((alias.clone(), whole));
                }
                // An assignment of what is not called at once.
                [Token::Mark('='), Token::Name(what), end @ ..]
                    if what != name
                        && matches!(end.first(), None | Some(Token::Mark(';' | '\n' | ',' | '}')))
                        && does(self.family, what).is_some() =>
                {
                    found.push((name.clone(), what.clone()));
                }
                // `r = require("fs").rmSync`
                [Token::Mark('='), Token::Name(_), Token::Mark('('), Token::Text(_), Token::Mark(')'), dot @ ..] => {
                    let what = match dot {
                        [Token::Name(what), end @ ..] | [Token::Mark('.'), Token::Name(what), end @ ..]
                            if matches!(end.first(), None | Some(Token::Mark(';' | '\n' | ','))) =>
                        {
                            what.trim_start_matches('.')
                        }
                        _ => "",
                    };
                    if does(self.family, what).is_some() {
                        found.push((name.clone(), what.to_owned()));
                    }
                }
                _ => {}
            }
            if self.family == "javascript"
                && let Some((what, alias)) = name.split_once(':').filter(|(_, alias)| !alias.contains(':'))
                && does(self.family, what).is_some()
            {
                found.push((alias.to_owned(), what.to_owned()));
            }
            // `{rmSync: r}` with a blank.
            if self.family == "javascript"
                && let [Token::Mark(':'), Token::Name(alias), Token::Mark(',' | '}'), ..] = behind
                && does(self.family, name).is_some()
            {
                found.push((alias.clone(), name.clone()));
            }
            if found.len() >= MAX_ALIASES {
                break;
            }
        }
        found.retain(|(alias, what)| alias != what && alias.len() < 64);
        self.aliases = found;
    }

    /// The name behind an alias, or behind the alias of its module.
    pub(super) fn renamed(&self, name: &str) -> Option<String> {
        self.aliases.iter().rev().find_map(|(alias, what)| {
            let rest = name.strip_prefix(alias.as_str())?;
            (rest.is_empty() || rest.starts_with('.')).then(|| format!("{what}{rest}"))
        })
    }
}
