//! Reading one file, within limits.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use yata_model::{Arg, Message, Problem, ProblemKind};

/// The content of a regular file of at most `max_bytes`. The size is looked at before anything is read.
///
/// # Errors
/// The problem that says why there is no content.
pub(crate) fn read(path: &Path, name: &str, max_bytes: u64) -> Result<Vec<u8>, Problem> {
    let wrong = |error: io::Error| problem_of(&error, name);
    let metadata = std::fs::symlink_metadata(path).map_err(wrong)?;
    if !metadata.is_file() {
        return Err(special_file(name));
    }
    if metadata.len() > max_bytes {
        return Err(too_large(name, metadata.len(), max_bytes));
    }
    let file = File::open(path).map_err(wrong)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // One byte more than allowed, to notice a file that grew.
    file.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() as u64 > max_bytes {
        return Err(too_large(name, bytes.len() as u64, max_bytes));
    }
    Ok(bytes)
}

fn too_large(name: &str, bytes: u64, max_bytes: u64) -> Problem {
    let mib = |bytes: u64| Arg::Number(i64::try_from(bytes.div_ceil(1 << 20)).unwrap_or(i64::MAX));
    let message = Message::new("problem-file-too-large")
        .with("file", name)
        .with("size", mib(bytes))
        .with("limit", mib(max_bytes));
    Problem::new(ProblemKind::TooLarge, name, message)
}

/// A file that is no regular file (any more): pipes, sockets and devices are never opened.
pub(crate) fn special_file(name: &str) -> Problem {
    Problem::new(ProblemKind::Unreadable, name, Message::new("problem-special-file").with("file", name))
}

/// What an error of the file system means for a person.
pub(crate) fn problem_of(error: &io::Error, name: &str) -> Problem {
    let shown = if name.is_empty() { "." } else { name };
    let message = match error.kind() {
        io::ErrorKind::PermissionDenied => Message::new("problem-not-permitted"),
        io::ErrorKind::NotFound => Message::new("problem-not-found"),
        _ => Message::new("problem-unreadable").with("why", error.to_string()),
    };
    Problem::new(ProblemKind::Unreadable, shown, message.with("file", shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: io::ErrorKind, expected: &str) {
        let problem = problem_of(&io::Error::from(kind), "a/b");
        assert_eq!((problem.kind, problem.subject.as_str()), (ProblemKind::Unreadable, "a/b"));
        assert_eq!(problem.message.id, expected);
    }

    #[test]
    fn errors_become_problems() {
        check(io::ErrorKind::PermissionDenied, "problem-not-permitted");
        check(io::ErrorKind::NotFound, "problem-not-found");
        check(io::ErrorKind::Interrupted, "problem-unreadable");
    }

    #[test]
    fn a_file_that_vanished_is_a_problem() {
        let folder = tempfile::tempdir().unwrap();
        let problem = read(&folder.path().join("Cargo.lock"), "Cargo.lock", 10).unwrap_err();
        assert_eq!(problem.message.id, "problem-not-found");
    }
}
