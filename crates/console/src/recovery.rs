//! Recovery codes: ten, each works once instead of a second factor.

use yata_store::{Act, Actor, Person};

use crate::problem::Refusal;
use crate::secret::{Keys, random};
use crate::state::Console;
use crate::totp::base32;

/// How many there are.
const CODES: usize = 10;

/// Random bytes of one: 80 bits, 16 letters.
const CODE_BYTES: usize = 10;

/// Letters of one.
const CODE_CHARS: usize = 16;

/// Makes new codes in place of the old; they are shown once and kept as hashes.
pub(crate) async fn renew(console: &Console, person: &Person, by: &Actor) -> Result<Vec<String>, Refusal> {
    let mut codes = Vec::with_capacity(CODES);
    for _ in 0..CODES {
        codes.push(base32(&random::<CODE_BYTES>()?));
    }
    let hashes: Vec<String> = codes.iter().map(|code| hash(console, person, code)).collect();
    let act = Act::new("person.recovery-codes-made", by).on("person", &person.id, &person.name);
    console.store.set_recovery_codes(&person.id, &hashes, &act, console.now()).await?;
    Ok(codes.iter().map(|code| grouped(code)).collect())
}

/// Uses up a code: whether it was one.
pub(crate) async fn use_up(console: &Console, person: &Person, given: &str) -> Result<bool, Refusal> {
    let code: String = given.chars().filter(char::is_ascii_alphanumeric).take(CODE_CHARS + 1).collect();
    if code.len() != CODE_CHARS {
        return Ok(false);
    }
    let hash = hash(console, person, &code.to_ascii_uppercase());
    Ok(console.store.use_recovery_code(&person.id, &hash, console.now()).await?)
}

fn hash(console: &Console, person: &Person, code: &str) -> String {
    Keys(&console.settings.secret).mac("recovery", &[&person.id, code])
}

/// In groups of four letters, as people read them.
fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
