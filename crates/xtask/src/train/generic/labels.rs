//! What a real assignment is, as far as it can be told without a person: a negative, or nobody knows.

use yata_lens::generic::{Candidate, Join, Kind, Language, Quote, Wrap, words};

use super::code::Tongue;

/// The text that a candidate's value is, with what is known of it.
pub(super) enum Label {
    /// No credential.
    Negative,
    /// It might be one: not for training.
    Unknown,
}

/// Names that say something about a credential.
pub(super) const ABOUT: &[&str] = &[
    "length",
    "len",
    "min",
    "max",
    "policy",
    "field",
    "label",
    "url",
    "uri",
    "path",
    "file",
    "filename",
    "name",
    "id",
    "type",
    "count",
    "expires",
    "expiry",
    "ttl",
    "timeout",
    "hint",
    "regex",
    "pattern",
    "algorithm",
    "endpoint",
    "header",
    "prefix",
    "format",
    "message",
    "error",
    "text",
    "title",
    "placeholder",
    "help",
    "description",
    "input",
    "validator",
    "encoder",
    "class",
    "style",
    "button",
    "form",
    "page",
    "event",
    "action",
    "mode",
    "method",
    "param",
    "column",
    "table",
    "index",
    "version",
    "scope",
    "issuer",
    "status",
    "state",
    "env",
    "var",
    "template",
    "i18n",
    "labels",
    "errors",
    "messages",
    "reset",
    "forgot",
    "confirm",
    "change",
    "enter",
    "show",
    "hide",
    "invalid",
    "missing",
    "public",
    "code",
    "press",
    "down",
    "up",
];

/// Judges a real assignment.
pub(super) fn label(
    value: &str,
    candidate: &Candidate,
    tongue: Tongue,
    translated: bool,
    language: &Language,
) -> Label {
    let (head, tail) = candidate.name_words();
    let about = tail.iter().any(|word| ABOUT.contains(&word.as_str()))
        || head.iter().any(|word| ABOUT.contains(&word.as_str()) && word != "id" && word != "max");
    let bare = candidate.quote() == Quote::None && !matches!(candidate.join(), Join::Element | Join::Prose);
    if bare && tongue == Tongue::Code {
        return Label::Negative;
    }
    if matches!(candidate.wrap(), Wrap::Call) {
        return Label::Negative;
    }
    let digits = value.bytes().any(|byte| byte.is_ascii_digit());
    if candidate.join() == Join::Call && !tail.is_empty() || translated && !digits {
        return Label::Negative;
    }
    let parts = words(value);
    let lettered = parts.iter().filter(|part| part.bytes().all(|byte| byte.is_ascii_lowercase())).count();
    let known = parts.iter().all(|part| language.known(part) || part.len() < 3);
    let code = value.contains(['(', '{', '$', '<', '[', '*', '%'])
        || value.contains("://")
        || value.starts_with(['/', '.']) && known;
    let spaced = value.contains(' ') || !value.is_ascii();
    let same = parts.iter().filter(|part| part.len() > 2 && (head.contains(part) || tail.contains(part))).count() > 0
        || parts.iter().any(|part| {
            matches!(
                part.as_str(),
                "password" | "token" | "secret" | "key" | "auth" | "authorization" | "passwd" | "credentials"
            )
        });
    let words_only = known && lettered > 0 && !digits;
    let short = parts.iter().all(|part| part.len() <= 14);
    let most = parts.iter().filter(|part| language.known(part)).count() * 2 >= parts.len();
    let dotted = parts.len() > 1
        && short
        && most
        && value
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-'));
    let about = about || tongue == Tongue::Setting && tail.iter().any(|word| word == "required" || word == "lost");
    let negative = match candidate.kind() {
        Kind::Password => {
            code || spaced && parts.len() > 2
                || about && words_only
                || same && words_only && parts.len() > 1 && tongue != Tongue::Prose
        }
        _ => {
            code || spaced
                || dotted
                || words_only && (about || tongue == Tongue::Code || same)
                || parts.len() == lettered && words_only && parts.len() <= 3
        }
    };
    if negative { Label::Negative } else { Label::Unknown }
}
