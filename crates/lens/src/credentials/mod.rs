//! Recognisers of credentials whose mark is not their beginning, or that must be decoded to be known.

mod encoded;
mod manifest;
mod tail;
mod url;

pub(crate) use encoded::{basic_credentials, json_web_token};
pub(crate) use manifest::kubernetes_secret;
pub(crate) use tail::{line_channel_access_token, mailchimp_key};
pub(crate) use url::{connection_string_password, url_password};

/// Words that stand in the place of a password in documentation and in the settings of development machines.
const STAND_INS: [&str; 44] = [
    "pass",
    "passwd",
    "password",
    "passwort",
    "passphrase",
    "pwd",
    "pw",
    "secret",
    "token",
    "key",
    "user",
    "username",
    "admin",
    "administrator",
    "root",
    "toor",
    "guest",
    "test",
    "testing",
    "tester",
    "demo",
    "dev",
    "local",
    "changeme",
    "changeit",
    "change_me",
    "change-me",
    "default",
    "dummy",
    "sample",
    "example",
    "foo",
    "bar",
    "baz",
    "foobar",
    "postgres",
    "mysql",
    "mariadb",
    "mongo",
    "redis",
    "rabbitmq",
    "anonymous",
    "x-oauth-basic",
    "hunter2",
];
/// Signs of a template: what stands there is filled in later.
const TEMPLATE_SIGNS: [&str; 16] =
    ["$", "{", "}", "<", ">", "%s", "...", "***", "xxx", "[", "]", "your", "password", "example", "horse", "sesame"];

/// Whether a password is only the place of one: a common word, a template, the user's name, or hardly anything.
fn is_stand_in(user: &str, password: &str) -> bool {
    let password = password.to_ascii_lowercase();
    let bare = password.trim_matches(|char: char| char.is_ascii_digit() || matches!(char, '!' | '_' | '-' | '@'));
    password.len() < 4
        || (!user.is_empty() && user.eq_ignore_ascii_case(&password))
        || STAND_INS.contains(&bare)
        || bare.is_empty() && password.len() < 8
        || TEMPLATE_SIGNS.iter().any(|sign| password.contains(sign))
        || password.chars().all(|char| matches!(char, '*' | '.' | 'x' | '-' | '_'))
}

/// The bytes of standard or URL base64, with or without padding; `None` where it is not base64.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    crate::checksum::base64(text.trim_end_matches('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_known() {
        for (user, password, expected) in [
            ("user", "password", true),
            ("root", "root", true),
            ("svc", "postgres", true),
            ("svc", "changeme123", true),
            ("svc", "${DB_PASS}", true),
            ("svc", "12345", true),
            ("svc", "tK3v9QzL", false),
            ("", "plum-lantern-orbit", false),
        ] {
            assert_eq!(is_stand_in(user, password), expected, "{user}:{password}");
        }
    }

    #[test]
    fn base64_is_decoded_in_both_alphabets() {
        assert_eq!(decode_base64("dXNlcjpwYXNz").as_deref(), Some(b"user:pass".as_slice()));
        assert_eq!(decode_base64("_-8=").as_deref(), Some([0xff, 0xef].as_slice()));
        assert_eq!(decode_base64("not base64"), None);
    }
}
