//! Constant pieces of code put together before it is read: texts that are joined or turned round, parts of a module taken by name.

use super::names::does;
use super::tokens::Token;

/// Rounds of folding: each may make room for another.
const ROUNDS: usize = 4;
/// The longest text that is made.
const TEXT_BYTES: usize = 4096;

/// Modules that start, remove or evaluate.
pub(super) const MODULES: &[&str] = &[
    "os",
    "subprocess",
    "shutil",
    "builtins",
    "__builtins__",
    "posix",
    "pty",
    "fs",
    "child_process",
    "fsp",
    "cp",
    "globalThis",
    "Kernel",
    "FileUtils",
    "io",
];

/// The tokens with what is constant in them put together.
pub(super) fn folded(family: &str, tokens: Vec<Token>) -> Vec<Token> {
    let texts = single_texts(&tokens);
    let mut tokens = tokens;
    for _ in 0..ROUNDS {
        let before = tokens.len();
        tokens = once(family, &tokens, &texts);
        if tokens.len() == before {
            break;
        }
    }
    tokens
}

/// Variables that are given one text, once: `k = 'rmSync'`.
fn single_texts(tokens: &[Token]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for three in tokens.windows(4) {
        if let [Token::Name(name), Token::Mark('='), Token::Text(text), end] = three
            && matches!(end, Token::Mark(';' | '\n' | ',' | ')' | ']') | Token::Name(_))
            && found.len() < 64
        {
            found.push((name.clone(), text.clone()));
        }
    }
    found
}

fn once(family: &str, tokens: &[Token], texts: &[(String, String)]) -> Vec<Token> {
    let mut all = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let rest = tokens.get(at..).unwrap_or(&[]);
        match folded_here(family, rest, texts) {
            Some((made, taken)) => {
                all.extend(made);
                at += taken;
            }
            None => {
                all.extend(rest.first().cloned());
                at += 1;
            }
        }
    }
    all
}

/// What the first tokens come to, and how many they are.
fn folded_here(family: &str, rest: &[Token], texts: &[(String, String)]) -> Option<(Vec<Token>, usize)> {
    let name = |text: String| vec![Token::Name(text)];
    match rest {
        // `''.join(['a', 'b'])`
        [
            Token::Text(between),
            Token::Mark('.'),
            Token::Name(join),
            Token::Mark('('),
            Token::Mark('[' | '('),
            list @ ..,
        ] if join == "join" => {
            let (parts, length) = only_texts(list)?;
            let closed = matches!(list.get(length), Some(Token::Mark(']' | ')')))
                && list.get(length + 1) == Some(&Token::Mark(')'));
            let text = parts.join(between);
            (closed && text.len() <= TEXT_BYTES).then(|| (vec![Token::Text(text)], length + 7))
        }
        // `['a', 'b'].join('')`
        [Token::Mark('['), list @ ..] if matches!(list.first(), Some(Token::Text(_))) => {
            let (parts, length) = only_texts(list)?;
            let [
                Token::Mark(']'),
                Token::Mark('.'),
                Token::Name(join),
                Token::Mark('('),
                Token::Text(between),
                Token::Mark(')'),
            ] = list.get(length..length + 6)?
            else {
                return None;
            };
            let text = parts.join(between);
            (join == "join" && text.len() <= TEXT_BYTES).then(|| (vec![Token::Text(text)], length + 7))
        }
        // `'text'[::-1]`
        [
            Token::Text(text),
            Token::Mark('['),
            Token::Mark(':'),
            Token::Mark(':'),
            Token::Mark('-'),
            Token::Number(one),
            Token::Mark(']'),
            ..,
        ] if one == "1" => Some((vec![Token::Text(text.chars().rev().collect())], 7)),
        // `'text'.replace('a', 'b')`
        [
            Token::Text(text),
            Token::Mark('.'),
            Token::Name(replace),
            Token::Mark('('),
            Token::Text(old),
            Token::Mark(','),
            Token::Text(new),
            Token::Mark(')'),
            ..,
        ] if replace == "replace" && text.len() + new.len() * 64 <= TEXT_BYTES && !old.is_empty() => {
            Some((vec![Token::Text(text.replacen(old.as_str(), new, 64))], 8))
        }
        // `getattr(os, 'system')`, `Reflect.get(c, 'execSync')`, and `vars(os)['system']`
        [
            Token::Name(get),
            Token::Mark('('),
            Token::Name(module),
            Token::Mark(','),
            Token::Text(part),
            Token::Mark(')'),
            ..,
        ] if matches!(get.as_str(), "getattr" | "Reflect.get") && is_word(part) => {
            Some((name(format!("{module}.{part}")), 6))
        }
        [
            Token::Name(get),
            Token::Mark('('),
            Token::Name(import),
            Token::Mark('('),
            Token::Text(module),
            Token::Mark(')'),
            Token::Mark(','),
            Token::Text(part),
            Token::Mark(')'),
            ..,
        ] if matches!(get.as_str(), "getattr" | "Reflect.get") && is_import(import) && is_word(part) => {
            Some((name(format!("{module}.{part}")), 9))
        }
        [
            Token::Name(vars),
            Token::Mark('('),
            Token::Name(module),
            Token::Mark(')'),
            Token::Mark('['),
            Token::Text(part),
            Token::Mark(']'),
            ..,
        ] if vars == "vars" && is_word(part) => Some((name(format!("{module}.{part}")), 7)),
        // `sys.modules['subprocess'].run`
        [
            Token::Name(modules),
            Token::Mark('['),
            Token::Text(module),
            Token::Mark(']'),
            Token::Mark('.'),
            Token::Name(part),
            ..,
        ] if modules.ends_with("sys.modules") => Some((name(format!("{module}.{part}")), 6)),
        // `import_module('subprocess').run`, where nothing is said by the last name alone.
        [
            Token::Name(import),
            Token::Mark('('),
            Token::Text(module),
            Token::Mark(')'),
            Token::Mark('.'),
            Token::Name(part),
            ..,
        ] if is_import(import) => {
            let whole = format!("{}.{part}", module.trim_start_matches("node:"));
            let said = does(family, part).is_none() && does(family, &whole).is_some();
            said.then(|| (name(whole), 6))
        }
        // `process['env']`, `fs['rmSync'](…)`, `fs[k](…)`
        [Token::Name(base), Token::Mark('['), part, Token::Mark(']'), after @ ..] => {
            let part = match part {
                Token::Text(text) => text,
                Token::Name(known) => {
                    match texts.iter().filter(|(name, _)| name == known).collect::<Vec<_>>().as_slice() {
                        [(_, text)] => text,
                        _ => return None,
                    }
                }
                _ => return None,
            };
            let called = after.first() == Some(&Token::Mark('('));
            let process = base.rsplit('.').next() == Some("process") && part == "env" && family == "javascript";
            let module = base.strip_suffix(".__dict__").unwrap_or(base);
            (is_word(part) && (called || process)).then(|| (name(format!("{module}.{part}")), 4))
        }
        // `{ env } = process`
        [Token::Mark('{'), Token::Name(env), Token::Mark('}'), Token::Mark('='), Token::Name(process), ..]
            if env == "env" && process == "process" =>
        {
            Some((vec![Token::Name(env.clone()), Token::Mark('='), Token::Name("process.env".to_owned())], 5))
        }
        _ => None,
    }
}

/// A list of nothing but texts, up to its end: the texts, and how many tokens they are.
fn only_texts(list: &[Token]) -> Option<(Vec<String>, usize)> {
    let (mut parts, mut length) = (Vec::new(), 0);
    for token in list {
        match token {
            Token::Text(text) => parts.push(text.clone()),
            Token::Mark(',' | '\n') => {}
            Token::Mark(']' | ')') => break,
            _ => return None,
        }
        length += 1;
    }
    Some((parts, length))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() < 64 && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn is_import(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("import_module" | "__import__" | "require"))
}
