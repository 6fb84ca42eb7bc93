//! Passwords: which are good enough, and how they are kept.
//!
//! argon2id with the parameters that the OWASP Password Storage Cheat Sheet gives first. Two at a time at most, each
//! takes 19 MiB: so no crowd of sign-ins uses up the memory.

use std::sync::Arc;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

use crate::problem::Refusal;
use crate::secret::random;

/// Memory of one hash, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;

/// Passes over the memory.
const PASSES: u32 = 2;

/// Hashes at the same time.
const MAX_AT_ONCE: usize = 2;

/// How long a sign-in waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Fewest characters of a password.
pub(crate) const MIN_CHARS: usize = 12;

/// Most bytes of a password.
pub(crate) const MAX_BYTES: usize = 256;

/// What is checked where there is no account, so that it takes as long. No password is known to have this hash.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$eWF0YS1ub2JvZHlzLXNhbA$CzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYY";

/// Beginnings of the commonest passwords of twelve characters and more, and what they are made of: a password that is
/// one of these with digits or signs around it is refused.
const COMMON: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "passwordpassword",
    "passphrase",
    "correcthorsebatterystaple",
    "qwerty",
    "qwertyuiop",
    "qwertyqwerty",
    "qwertyuiopasdfghjkl",
    "qwertyuiopasdfghjklzxcvbnm",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedc",
    "qazwsxedcrfv",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "zaq12wsxcde3",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u8i",
    "abcdefghijkl",
    "abcdefghijklmnop",
    "abcd1234abcd",
    "abc123abc123",
    "iloveyou",
    "iloveyouiloveyou",
    "letmein",
    "letmeinletmein",
    "welcome",
    "welcomewelcome",
    "administrator",
    "adminadmin",
    "adminadminadmin",
    "changeme",
    "changemechangeme",
    "default",
    "defaultpassword",
    "secretsecret",
    "supersecret",
    "mypassword",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "starwars",
    "superman",
    "trustno1",
    "dragon",
    "monkey",
    "master",
    "shadow",
    "himitsu",
    "pasuwaado",
    "sakura",
    "yata",
    "yatayatayata",
];

/// Why a password is refused: the id of a text.
pub(crate) type TooWeak = &'static str;

/// The form in which passwords are compared: the same letters typed on another keyboard give the same bytes.
pub(crate) fn normal(password: &str) -> String {
    password.nfc().collect()
}

/// Whether a password is good enough for that account.
pub(crate) fn check(password: &str, email: &str, name: &str) -> Result<(), TooWeak> {
    let password = normal(password);
    if password.chars().count() < MIN_CHARS {
        return Err("sign-in-password-short");
    }
    if password.len() > MAX_BYTES {
        return Err("sign-in-password-long");
    }
    let folded = password.to_lowercase();
    let core = folded.trim_matches(|c: char| !c.is_alphabetic());
    let mut distinct: Vec<char> = folded.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 5 || is_run(&folded) || COMMON.iter().any(|common| core == *common || folded == *common) {
        return Err("sign-in-password-common");
    }
    let parts = email.split(['@', '.']).chain(name.split_whitespace()).map(str::to_lowercase);
    if parts.filter(|part| part.chars().count() >= 4).any(|part| folded.contains(&part)) {
        return Err("sign-in-password-personal");
    }
    Ok(())
}

/// Whether each character follows the one before it, as in `123456789012` or `abcdefghijkl`.
fn is_run(text: &str) -> bool {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    let follows = |a: u32, b: u32| {
        b == a + 1
            || a == b + 1
            || a == b
            || matches!((char::from_u32(a), char::from_u32(b)), (Some('9'), Some('0')) | (Some('0'), Some('9')))
    };
    codes.iter().zip(codes.iter().skip(1)).all(|(a, b)| follows(*a, *b))
}

/// Bytes of a hash.
const HASH_BYTES: usize = 32;

/// argon2id of a password.
fn argon2(password: &[u8], salt: &[u8], [memory_kib, passes, lanes]: [u32; 3]) -> Option<[u8; HASH_BYTES]> {
    let params = Params::new(memory_kib, passes, lanes, Some(HASH_BYTES)).ok()?;
    let mut hash = [0; HASH_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(password, salt, &mut hash).ok()?;
    Some(hash)
}

/// A hash in PHC form, with the parameters it was made with.
fn phc_of(salt: &[u8], hash: &[u8]) -> String {
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1${salt}${hash}")
}

/// Parameters, salt and hash of a PHC form.
fn parse(phc: &str) -> Option<([u32; 3], Vec<u8>, Vec<u8>)> {
    let mut parts = phc.strip_prefix("$argon2id$v=19$")?.split('$');
    let (params, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let mut numbers = params.split(',').zip(["m=", "t=", "p="]);
    let mut number = || -> Option<u32> {
        let (text, name) = numbers.next()?;
        text.strip_prefix(name)?.parse().ok()
    };
    let params = [number()?, number()?, number()?];
    Some((params, STANDARD_NO_PAD.decode(salt).ok()?, STANDARD_NO_PAD.decode(hash).ok()?))
}

/// Whether the password has that hash.
fn is_right(password: &[u8], phc: &str) -> bool {
    let Some((params, salt, expected)) = parse(phc) else { return false };
    argon2(password, &salt, params).is_some_and(|hash| {
        hash.iter().zip(&expected).fold(expected.len() ^ HASH_BYTES, |d, (a, b)| d | usize::from(a ^ b)) == 0
    })
}

/// Hashes and checks passwords, a few at a time.
#[derive(Debug, Clone)]
pub(crate) struct Passwords(Arc<Semaphore>);

impl Passwords {
    pub(crate) fn new() -> Self {
        Passwords(Arc::new(Semaphore::new(MAX_AT_ONCE)))
    }

    /// Does `work` on a thread that may block, when it is its turn.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        let turn = tokio::time::timeout(MAX_WAIT, Arc::clone(&self.0).acquire_owned()).await;
        let turn = turn.map_err(|_| Refusal::too_many(MAX_WAIT.as_secs()))?.map_err(|_| Refusal::internal())?;
        // The turn ends with the work, also where nobody waits for it any more.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| Refusal::internal())
    }

    /// The hash of a password, in PHC form.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, Refusal> {
        let salt = random::<16>()?;
        let password = normal(password);
        let hash = self.run(move || argon2(password.as_bytes(), &salt, [MEMORY_KIB, PASSES, 1])).await?;
        hash.map(|hash| phc_of(&salt, &hash)).ok_or_else(Refusal::internal)
    }

    /// Whether it is the password of that hash. Without a hash it takes as long, and is not.
    pub(crate) async fn verify(&self, password: &str, phc: Option<String>) -> Result<bool, Refusal> {
        let known = phc.is_some() && password.len() <= MAX_BYTES;
        let phc = phc.unwrap_or_else(|| NOBODYS.to_owned());
        let password = if password.len() <= MAX_BYTES { normal(password) } else { String::new() };
        let right = self.run(move || is_right(password.as_bytes(), &phc)).await?;
        Ok(right && known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        let check = |password: &str| check(password, "hanako.yamada@minato.example", "Hanako Yamada");
        for (password, expected) in [
            ("short-one!", "sign-in-password-short"),
            ("passwordpassword", "sign-in-password-common"),
            ("Password123456", "sign-in-password-common"),
            ("123456789012", "sign-in-password-common"),
            ("210987654321", "sign-in-password-common"),
            ("aaaaaaaaaaaaaa", "sign-in-password-common"),
            ("abababababab", "sign-in-password-common"),
            ("QwertyUiop!!!", "sign-in-password-common"),
            ("yamada-is-my-name", "sign-in-password-personal"),
            ("the-minato-harbour", "sign-in-password-personal"),
        ] {
            assert_eq!(check(password), Err(expected), "{password}");
        }
        assert_eq!(check(&"ab12".repeat(100)), Err("sign-in-password-long"));
        for password in ["violet kettle on the roof", "青い屋根のうえの紫のやかん", "t7#Kq!9vLw2z"] {
            assert_eq!(check(password), Ok(()), "{password}");
        }
    }

    #[tokio::test]
    async fn a_password_is_known_however_it_is_typed() {
        let passwords = Passwords::new();
        // The same word, composed and decomposed.
        let phc = passwords.hash("カ\u{3099}ラスの屋根のうえの猫").await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(passwords.verify("ガラスの屋根のうえの猫", Some(phc.clone())).await.unwrap());
        assert!(!passwords.verify("ガラスの屋根のうえの犬", Some(phc.clone())).await.unwrap());
        assert!(!passwords.verify("", None).await.unwrap());
        assert!(!passwords.verify(&"x".repeat(MAX_BYTES + 1), Some(phc)).await.unwrap());
    }

    #[test]
    fn nobodys_hash_takes_as_long_as_anybodys() {
        let (params, salt, hash) = parse(NOBODYS).unwrap();
        assert_eq!((params, salt.len(), hash.len()), ([MEMORY_KIB, PASSES, 1], 16, HASH_BYTES));
    }
}
