//! Files of limited size that a person, or a file of theirs, has named: regular files alone, never more than the limit.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use yata_model::Message;
use yata_words::Lang;

/// Why a file is not read. Its text is English; [`Refused::said`] has both languages.
#[derive(Debug)]
pub(crate) struct Refused {
    message: Message,
    cause: Option<io::Error>,
}

impl Refused {
    fn new(id: &'static str, file: &Path) -> Self {
        Refused { message: Message::new(id).with("file", file.display().to_string()), cause: None }
    }

    fn by(id: &'static str, file: &Path, cause: io::Error) -> Self {
        Refused { cause: Some(cause), ..Refused::new(id, file) }
    }

    /// Whether there is no such file.
    pub(crate) fn is_missing(&self) -> bool {
        self.cause.as_ref().is_some_and(|cause| cause.kind() == io::ErrorKind::NotFound)
    }

    /// What it says in a language.
    pub(crate) fn said(&self, lang: Lang) -> String {
        yata_words::render(lang, &self.message)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.said(Lang::En))
    }
}

impl std::error::Error for Refused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}

/// The bytes of a file, `max_bytes` at most.
pub(crate) fn bytes(path: &Path, max_bytes: u64) -> Result<Vec<u8>, Refused> {
    let refused = |cause| Refused::by("file-not-opened", path, cause);
    // Asked before it is opened: to open a pipe waits for somebody who writes into it.
    if !std::fs::metadata(path).map_err(refused)?.is_file() {
        return Err(Refused::new("file-not-regular", path));
    }
    let file = File::open(path).map_err(refused)?;
    let mut bytes = Vec::new();
    // A file may grow while it is read: its size is never taken for what will come.
    file.take(max_bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|cause| Refused::by("file-not-read", path, cause))?;
    if bytes.len() as u64 > max_bytes {
        let refused = Refused::new("file-too-large", path);
        let limit = i64::try_from(max_bytes).unwrap_or(i64::MAX);
        return Err(Refused { message: refused.message.with("limit", limit), ..refused });
    }
    Ok(bytes)
}

/// The text of a file, `max_bytes` at most.
pub(crate) fn text(path: &Path, max_bytes: u64) -> Result<String, Refused> {
    utf8(bytes(path, max_bytes)?, path)
}

/// Bytes of a file as its text.
pub(crate) fn utf8(bytes: Vec<u8>, path: &Path) -> Result<String, Refused> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let lines = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        let refused = Refused::new("file-not-utf8", path);
        let message = refused.message.with("byte", at.saturating_add(1)).with("line", lines.saturating_add(1));
        Refused { message, cause: None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(result: Result<String, Refused>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn a_limit_holds_to_the_byte() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.toml");
        std::fs::write(&file, "12345").unwrap();
        assert_eq!(text(&file, 5).unwrap(), "12345");
        assert!(said(text(&file, 4)).ends_with("a.toml` is larger than 4 bytes"), "{}", said(text(&file, 4)));
    }

    #[test]
    fn the_first_byte_that_is_no_text_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.toml");
        std::fs::write(&file, b"a = 1\nb = \xff").unwrap();
        let refused = text(&file, 100).unwrap_err();
        assert!(refused.to_string().ends_with("is not UTF-8 text (byte 11, line 2)"), "{refused}");
        assert!(refused.said(Lang::Ja).contains("2 行目"), "{}", refused.said(Lang::Ja));
    }

    #[test]
    fn what_is_not_there_is_told_from_what_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(text(&folder.path().join("gone"), 1).unwrap_err().is_missing());
        let is_folder = text(folder.path(), 1).unwrap_err();
        assert!(!is_folder.is_missing() && is_folder.to_string().ends_with("is no regular file"), "{is_folder}");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_does_not_hold_anybody_up() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert!(said(text(&pipe, 100)).ends_with("is no regular file"));
    }
}
