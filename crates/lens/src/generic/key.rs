//! The name before the value: where it begins and ends, and what it says about the value.

use super::text::{before, begins, byte, cut, is_name, words};

/// What the name says the value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Something that a person types.
    Password,
    /// A shared secret, credentials.
    Secret,
    /// A token.
    Token,
    /// A key of an interface or a cipher.
    Key,
    /// What stands in an `Authorization` header and its like.
    Auth,
    /// A salt, a nonce, a seed.
    Salt,
}

/// A name and what it consists of.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    /// The words before the one that tells the kind.
    pub(super) head: Vec<String>,
    /// The word that tells the kind.
    pub(super) noun: String,
    /// The words after it.
    pub(super) tail: Vec<String>,
}

const NAME_MAX_BYTES: usize = 64;

/// Japanese nouns, each with its kind.
const JAPANESE: [(&str, Kind); 12] = [
    ("パスワード", Kind::Password),
    ("ﾊﾟｽﾜｰﾄﾞ", Kind::Password),
    ("パスコード", Kind::Password),
    ("パスフレーズ", Kind::Password),
    ("暗証番号", Kind::Password),
    ("合言葉", Kind::Password),
    ("シークレット", Kind::Secret),
    ("トークン", Kind::Token),
    ("アクセスキー", Kind::Key),
    ("認証キー", Kind::Key),
    ("apiキー", Kind::Key),
    ("秘密鍵", Kind::Key),
];

/// The name round the place of a trigger.
pub(super) fn key(text: &str, at: usize) -> Option<Key> {
    let rest = text.get(at..)?;
    if begins(text, at, "identified by") {
        let (end, noun) = (at + "identified by".len(), "password".to_owned());
        return Some(Key { start: at, end, kind: Kind::Password, head: Vec::new(), noun, tail: Vec::new() });
    }
    if let Some((noun, kind)) = JAPANESE.iter().find(|(noun, _)| rest.starts_with(noun) || begins(text, at, noun)) {
        let (end, noun) = (at + noun.len(), (*noun).to_owned());
        return Some(Key { start: at, end, kind: *kind, head: Vec::new(), noun, tail: Vec::new() });
    }
    let (start, end) = name(text, at)?;
    if !plausible(text, start, end) {
        return None;
    }
    let parts = words(cut(text, start, end));
    let (place, kind) = parts.iter().enumerate().rev().find_map(|(place, word)| {
        let last = place.checked_sub(1).and_then(|place| parts.get(place));
        kind(word, last.map(String::as_str)).map(|kind| (place, kind))
    })?;
    let mut head = parts;
    let tail = head.split_off(place + 1);
    let noun = head.pop()?;
    Some(Key { start, end, kind, head, noun, tail })
}

/// From where to where the name goes that has a byte at `at`.
fn name(text: &str, at: usize) -> Option<(usize, usize)> {
    let mut start = at;
    while start > 0 && at - start < NAME_MAX_BYTES {
        let last = before(text, start);
        let inner = matches!(last, b'-' | b'.') && is_name(before(text, start - 1));
        if !(is_name(last) || inner) {
            break;
        }
        start -= 1;
    }
    let mut end = at;
    while end - at < NAME_MAX_BYTES {
        let here = byte(text, end);
        if !(is_name(here) || matches!(here, b'-' | b'.') && is_name(byte(text, end + 1))) {
            break;
        }
        end += 1;
    }
    (end > at && end - at < NAME_MAX_BYTES && at - start < NAME_MAX_BYTES).then_some((start, end))
}

/// Whether anything like an assignment follows: what rejects most triggers before anything is allocated.
fn plausible(text: &str, start: usize, end: usize) -> bool {
    let next = byte(text, end);
    if next.is_ascii_graphic() {
        return matches!(
            next,
            b'=' | b':'
                | b'"'
                | b'\''
                | b'`'
                | b'\\'
                | b'['
                | b']'
                | b'}'
                | b'>'
                | b','
                | b'('
                | b'?'
                | b'!'
                | b'+'
                | b'|'
        );
    }
    if !matches!(next, b' ' | b'\t' | b'\r' | b'\n') {
        return !next.is_ascii();
    }
    let there = text.as_bytes().iter().skip(end).take(48).position(|byte| !byte.is_ascii_whitespace());
    let there = end + there.unwrap_or(0);
    match byte(text, there) {
        b'=' | b':' | b'<' | b'"' | b'\'' | b'@' | b'?' | b'+' | b'|' | b',' | b'!' | b'{' => true,
        byte if !byte.is_ascii() => true,
        _ if next == b'\r' || next == b'\n' => {
            text.as_bytes().get(there..).is_some_and(|rest| rest.starts_with(b"value") || rest.starts_with(b"Value"))
        }
        _ => {
            let rest = text.as_bytes().iter().skip(there).take(48).take_while(|&&byte| byte != b'\n');
            let flag = matches!(before(text, start), b'-' | 0 | b'\n' | b' ' | b'\t');
            flag || rest.copied().any(|byte| byte == b'=')
        }
    }
}

/// What the rules of each kind look for; `rule.toml` says the same.
pub(super) const LITERALS: [&[&str]; 6] = [
    &[
        "pass",
        "pwd",
        "_pw",
        "pw=",
        "pw:",
        "identified by",
        "パスワード",
        "ﾊﾟｽﾜｰﾄﾞ",
        "パスコード",
        "パスフレーズ",
        "暗証番号",
        "合言葉",
    ],
    &["secret", "credential", "シークレット"],
    &["token", "トークン"],
    &[
        "_key",
        "-key",
        ".key",
        "key=",
        "key =",
        "key:",
        "key\"",
        "key'",
        "key>",
        "key(",
        "key\\",
        "apikey",
        "accesskey",
        "authkey",
        "privatekey",
        "encryptionkey",
        "signingkey",
        "アクセスキー",
        "認証キー",
        "apiキー",
        "秘密鍵",
    ],
    &["auth"],
    &["salt", "nonce", "_seed", "seed="],
];

/// Whether no trigger of the same kind stands in the name before this one: each name is judged once.
pub(super) fn triggers_first(text: &str, at: usize, key: &Key) -> bool {
    let Some(literals) = LITERALS.get(key.kind as usize) else { return true };
    let head = at.saturating_sub(key.start);
    (0..head).all(|step| !literals.iter().any(|literal| begins(text, key.start + step, literal)))
}

/// What one word of a name says, with the word before it.
pub(super) fn kind(word: &str, last: Option<&str>) -> Option<Kind> {
    let any = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    let ends = |parts: &[&str]| parts.iter().any(|part| word.ends_with(part));
    if any(&["passw", "passwd", "passphrase", "passcode", "passwort", "pwd"])
        || matches!(
            word,
            "pass" | "pw" | "psw" | "passwd" | "pswd" | "userpass" | "dbpass" | "mypass" | "rootpass" | "sshpass"
        )
        || (ends(&["pass"]) && !matches!(word, "bypass" | "compass" | "trespass" | "encompass" | "surpass"))
        || (word == "phrase" && last == Some("pass"))
    {
        return Some(Kind::Password);
    }
    if any(&["salt", "nonce"]) && !any(&["basalt", "announce", "pronounce", "saltstack"]) || word == "seed" {
        return Some(Kind::Salt);
    }
    if any(&["token"]) && !any(&["tokeni", "tokenstream"]) {
        return Some(Kind::Token);
    }
    if any(&["secret", "credential"]) && !any(&["secretar"]) {
        return Some(Kind::Secret);
    }
    if (word == "key"
        || word == "keys"
        || ends(&[
            "apikey",
            "accesskey",
            "authkey",
            "cryptkey",
            "privatekey",
            "secretkey",
            "appkey",
            "sharedkey",
            "accountkey",
        ]))
        && !matches!(word, "monkey" | "turkey" | "hotkey" | "hockey" | "donkey")
    {
        return Some(Kind::Key);
    }
    if any(&["auth"]) && !any(&["author", "authen", "authn", "authz"])
        || any(&["authoriz", "authoris", "authentication"])
    {
        return Some(Kind::Auth);
    }
    None
}
