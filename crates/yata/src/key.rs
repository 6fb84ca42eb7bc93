//! The key under which values are hashed: equal values can be recognised, and nobody without the key can try values.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

const KEY_BYTES: usize = 32;
/// How much of the hash is kept, in hexadecimal characters: 128 bits.
const HASH_CHARS: usize = 32;
/// How many characters of the hash a pseudonym shows.
const PSEUDONYM_CHARS: usize = 8;

/// A secret key of this data folder.
pub(crate) struct Key([u8; KEY_BYTES]);

impl Key {
    /// The key of the data folder; made when it is first needed, unless nothing may be saved.
    pub(crate) fn of(file: &Path, no_save: bool) -> anyhow::Result<Key> {
        match std::fs::read(file) {
            Ok(bytes) => match bytes.try_into() {
                Ok(key) => Ok(Key(key)),
                Err(_) => {
                    bail!("`{}` is no key of {KEY_BYTES} bytes: remove it to have a new one made", file.display())
                }
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0; KEY_BYTES];
                getrandom::fill(&mut key).context("the system has no random numbers")?;
                if no_save {
                    return Ok(Key(key));
                }
                match write(file, &key) {
                    // Another process was first: its key is the key.
                    Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Key::of(file, no_save),
                    written => {
                        written.with_context(|| format!("cannot write the key `{}`", file.display()))?;
                        Ok(Key(key))
                    }
                }
            }
            Err(error) => Err(error).with_context(|| format!("cannot read the key `{}`", file.display())),
        }
    }

    /// The key itself, for those who encrypt with it.
    pub(crate) fn bytes(&self) -> [u8; KEY_BYTES] {
        self.0
    }

    /// The keyed hash of a value, in hexadecimal.
    pub(crate) fn hash(&self, value: &str) -> String {
        // INVARIANT: HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(value.as_bytes());
        let mut hex = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        hex.truncate(HASH_CHARS);
        hex
    }

    /// What stands in a redacted text in place of a value: its rule, and a word that is the same for the same value.
    pub(crate) fn pseudonym(&self, rule: &str, value: &str) -> String {
        let hash: String = self.hash(value).chars().take(PSEUDONYM_CHARS).collect();
        format!("[{rule}:{hash}]")
    }

    /// Names the key without telling it: what was hashed with another key is of no use.
    pub(crate) fn name(&self) -> String {
        self.hash("yata key")
    }
}

/// Writes a new key that only its owner can read, whole or not at all. Two processes that begin at once end with one.
pub(crate) fn write(file: &Path, key: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        crate::data::create_private(folder)?;
    }
    let part = file.with_extension(format!("{}.part", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&part)?;
    let written = out.write_all(key).and_then(|()| out.sync_all()).and_then(|()| std::fs::hard_link(&part, file));
    let _ = std::fs::remove_file(&part);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stays_and_a_second_folder_has_another() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/lens.key");
        let first = Key::of(&file, false).unwrap();
        assert_eq!(first.hash("x"), Key::of(&file, false).unwrap().hash("x"));
        assert_ne!(first.hash("x"), first.hash("y"));
        let other = Key::of(&folder.path().join("b"), true).unwrap();
        assert_ne!(first.hash("x"), other.hash("x"));
        assert!(!folder.path().join("b").exists());
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lens.key");
        Key::of(&file, false).unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
