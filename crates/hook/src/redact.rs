//! What the log may say of a call: no secret, and not much of anything.
//!
//! Small on purpose: the lens knows a thousand kinds of credentials and takes longer to begin than a whole decision may.
//! Here a value is hidden when its neighbourhood or its look says that it might be one; rather too often than too rarely.

use serde_json::Value;

use crate::say::short;

/// Most characters of a target in the log.
pub(crate) const MAX_TARGET_CHARS: usize = 180;

/// Most bytes of a text that is looked at; what stands behind is not shown.
const MAX_LOOKED_AT_BYTES: usize = 4096;

/// Stands for what was hidden.
const HIDDEN: &str = "[…]";

/// From this length on a word of letters and digits without a vowel's rhythm may be a token.
const MIN_TOKEN_CHARS: usize = 20;

/// What the names of secrets have in them.
const NAMES: [&str; 14] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "access_key",
    "private_key",
    "credential",
    "authorization",
    "cookie",
];

/// What tokens begin with.
const PREFIXES: [&str; 16] = [
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "sk-",
    "sk_",
    "pk_live",
    "xox",
    "AKIA",
    "ASIA",
    "eyJ",
    "npm_",
    "AIza",
];

/// What a call is about, fit for the log: the command, the file, the address, or the names of the fields.
#[must_use]
pub fn target(tool: &str, input: &Value) -> String {
    let field = ["command", "file_path", "notebook_path", "path", "url", "query", "pattern"]
        .iter()
        .find_map(|name| input.get(name).and_then(Value::as_str));
    match field {
        // The content of a patch is not for the log.
        Some(patch) if tool == "apply_patch" => {
            let files = patch.lines().filter(|line| line.starts_with("*** ") && line.contains(": "));
            text(&files.filter_map(|line| line.strip_prefix("*** ")).collect::<Vec<_>>().join("; "))
        }
        Some(field) => text(field),
        None => match input.as_object() {
            Some(fields) => short(&fields.keys().cloned().collect::<Vec<_>>().join(" "), MAX_TARGET_CHARS),
            None => String::new(),
        },
    }
}

/// A text without what may be a secret, cut to the length of a target. The lines of here-documents are left out.
#[must_use]
pub fn text(text: &str) -> String {
    let end = text.floor_char_boundary(MAX_LOOKED_AT_BYTES);
    let looked_at = text.get(..end).unwrap_or_default();
    // What stands in a here-document is content; the first line says what is done with it.
    let looked_at = match looked_at.split_once('\n') {
        Some((first, _)) if first.contains("<<") => first,
        _ => looked_at,
    };
    short(&hidden(looked_at), MAX_TARGET_CHARS)
}

/// The text with secrets hidden, word by word.
fn hidden(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_name = false;
    let is_break = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';' | '&' | '|' | '(' | ')');
    for piece in text.split_inclusive(is_break) {
        let word = piece.trim_end_matches(is_break);
        let behind = piece.strip_prefix(word).unwrap_or_default();
        if word.is_empty() {
            out.push_str(behind);
            continue;
        }
        let scheme = matches!(word.to_ascii_lowercase().as_str(), "bearer" | "basic" | "digest");
        if after_name && !scheme && !word.starts_with('-') {
            out.push_str(HIDDEN);
            after_name = false;
        } else {
            out.push_str(&hidden_word(word));
            after_name = scheme || ends_as_name(word);
        }
        out.push_str(behind);
    }
    out
}

/// Whether a word announces a secret as the next one: `--password`, `Authorization:`, `TOKEN=`.
fn ends_as_name(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let flag = matches!(lower.as_str(), "-u" | "--user" | "--pass" | "--header-token");
    let named = NAMES.iter().any(|name| lower.contains(name));
    flag || (named && (lower.starts_with('-') || lower.ends_with([':', '='])) && !value_of(&lower))
}

/// Whether a word has something behind its `=` or `:`.
fn value_of(word: &str) -> bool {
    word.split_once(['=', ':']).is_some_and(|(_, value)| !value.is_empty())
}

fn hidden_word(word: &str) -> String {
    if let Some((before, rest)) = word.split_once("://")
        && let Some((account, host)) = rest.split_once('@')
        && account.contains(':')
        && !account.contains('/')
    {
        return format!("{before}://{HIDDEN}@{}", hidden_query(host));
    }
    if word.contains("://") {
        return hidden_query(word);
    }
    if let Some((name, value)) = word.split_once(['=', ':']) {
        let lower = name.to_ascii_lowercase();
        let at = name.len() + 1;
        if !value.is_empty() && NAMES.iter().any(|known| lower.contains(known)) {
            return format!("{}{HIDDEN}", word.get(..at).unwrap_or_default());
        }
        if looks_like_token(value) {
            return format!("{}{HIDDEN}", word.get(..at).unwrap_or_default());
        }
    }
    if looks_like_token(word) { HIDDEN.to_owned() } else { word.to_owned() }
}

/// The parameters of an address are hidden.
fn hidden_query(address: &str) -> String {
    match address.split_once(['?', '#']) {
        Some((before, _)) => format!("{}?{HIDDEN}", hidden_parts(before)),
        None => hidden_parts(address),
    }
}

fn hidden_parts(address: &str) -> String {
    let part = |part: &str| if looks_like_token(part) { HIDDEN.to_owned() } else { part.to_owned() };
    address.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Whether a word looks as only tokens do: a known beginning, or long, of letters and digits mixed.
fn looks_like_token(word: &str) -> bool {
    let rest = |prefix: &str| word.strip_prefix(prefix).is_some_and(|rest| rest.len() >= 8);
    if PREFIXES.iter().any(|prefix| rest(prefix)) {
        return true;
    }
    let of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '/' | '=' | '.' | '~');
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    // A path has separators between short parts.
    let longest = word.split(['/', '.', '-', '_']).map(str::len).max().unwrap_or_default();
    word.len() >= MIN_TOKEN_CHARS && word.chars().all(of_token) && digits >= 3 && letters >= 3 && longest >= 16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_hidden_and_the_rest_stays() {
        let check = |given: &str, expected: &str| assert_eq!(text(given), expected);
        check("git push origin main", "git push origin main");
        check("cargo test -p yata-hook --test it", "cargo test -p yata-hook --test it");
        check(
            "cat /home/mio/src/shop/packages/checkout/src/index.ts",
            "cat /home/mio/src/shop/packages/checkout/src/index.ts",
        );
        check("export API_TOKEN=kumquat", "export API_TOKEN=[…]");
        check("mysql --password kumquat shop", "mysql --password […] shop");
        check(
            "curl -H 'Authorization: Bearer abc' https://a.example/x?k=v",
            "curl -H 'Authorization: Bearer […]' https://a.example/x?[…]",
        );
        check("curl -u mio:kumquat https://a.example", "curl -u […] https://a.example");
        check("git clone https://mio:kumquat@git.example/x.git", "git clone https://[…]@git.example/x.git");
        check("echo ghp_0123456789abcdef", "echo […]");
        check("echo f00ba4f00ba4f00ba4f00ba4", "echo […]");
        check("cat > .env <<EOF\nA=kumquat\nEOF", "cat > .env <<EOF");
        check("curl https://h.example/hook/T0123456789abcdefABC", "curl https://h.example/hook/[…]");
    }

    #[test]
    fn the_content_of_files_is_not_for_the_log() {
        let write = json!({"file_path": "/p/.env", "content": "A=kumquat"});
        assert_eq!(target("Write", &write), "/p/.env");
        let patch = json!({"command": "*** Begin Patch\n*** Add File: .env\n+A=kumquat\n*** End Patch"});
        assert_eq!(target("apply_patch", &patch), "Add File: .env");
        assert_eq!(target("mcp__a__b", &json!({"body": "kumquat", "to": "x"})), "body to");
    }

    proptest! {
        #[test]
        fn no_text_is_too_much(given in "\\PC{0,300}", filler in "[=:/@'\" a-z0-9-]{0,200}") {
            prop_assert!(text(&given).chars().count() <= MAX_TARGET_CHARS);
            prop_assert!(text(&filler).chars().count() <= MAX_TARGET_CHARS);
        }
    }
}
