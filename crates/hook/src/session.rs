//! What the hook remembers of a session: whether content from outside has entered it, and which files it wrote lately.
//!
//! One small file a session, of lines that are only added, so that calls at the same time lose nothing. Sub-agents have the
//! session of their parent, and so its taint. Old lines no longer count, and old files are removed when a session begins.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use yata_ledger::Hash;

use crate::agent::Agent;
use crate::state;

/// For how long content from outside counts: 12 hours after the last of it.
const TAINT_MS: i64 = 12 * 60 * 60 * 1000;

/// For how long a written file counts as written lately: 24 hours.
const WRITTEN_MS: i64 = 24 * 60 * 60 * 1000;

/// Most bytes of a session's file that are read, and from which on it is written anew.
const MAX_SESSION_BYTES: u64 = 128 * 1024;

/// Most files that a session remembers to have written.
pub const MAX_WRITTEN: usize = 256;

/// Most bytes of one line.
const MAX_LINE_BYTES: usize = 4096;

/// Most sessions that are kept.
const MAX_SESSIONS: usize = 2000;

/// For how long a session that nobody speaks of is kept: seven days.
const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// How long a call waits for another one that writes.
const LOCK_WAIT: Duration = Duration::from_secs(1);

/// The pause between two looks at the lock.
const LOCK_PAUSE: Duration = Duration::from_micros(200);

/// Most characters of the name of a session that stand in the name of its file.
const MAX_PLAIN_CHARS: usize = 64;

/// What a session has seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memory {
    /// What content came in last, and is still to be counted.
    pub tainted_by: Option<String>,
    /// Files that were written lately, whole paths, the newest last.
    pub written: Vec<String>,
}

/// The memory of one session.
#[derive(Debug, Clone)]
pub struct Session {
    path: PathBuf,
}

impl Session {
    /// The session of an agent below the folder of the hook's state. A session without a name shares one memory with all
    /// others of that agent that have none.
    #[must_use]
    pub fn of(state: &Path, agent: Agent, session: &str) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_plain = !session.is_empty() && session.len() <= MAX_PLAIN_CHARS && session.chars().all(plain);
        // A hash has no hyphen before it, so that no session can have the name of another one's hash.
        let name = if is_plain { format!("-{session}") } else { Hash::of(session.as_bytes()).to_string() };
        Session { path: state.join("sessions").join(format!("{agent}{name}")) }
    }

    /// What the session has seen. `now_ms` are milliseconds since 1970.
    ///
    /// # Errors
    /// The file is there and cannot be read: then nothing is known, and the caller takes the session for tainted.
    pub fn recall(&self, now_ms: i64) -> std::io::Result<Memory> {
        match state::read(&self.path, 2 * MAX_SESSION_BYTES)? {
            Some(bytes) => Ok(memory(&String::from_utf8_lossy(&bytes), now_ms)),
            None => Ok(Memory::default()),
        }
    }

    /// Remembers that content came in from outside, and files that were written.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn remember(&self, now_ms: i64, brought_in: Option<&str>, written: &[String]) -> std::io::Result<()> {
        let mut lines = String::new();
        if let Some(source) = brought_in {
            line(&mut lines, 'T', now_ms, source);
        }
        for path in written.iter().take(MAX_WRITTEN) {
            line(&mut lines, 'W', now_ms, path);
        }
        if lines.is_empty() {
            return Ok(());
        }
        // Two calls at once: what one adds while the other writes the file anew would be lost, a first taint among it.
        let _lock = self.locked()?;
        let mut file = state::append(&self.path)?;
        if file.metadata()?.len() + lines.len() as u64 > MAX_SESSION_BYTES {
            return self.anew(now_ms, &lines);
        }
        file.write_all(lines.as_bytes())
    }

    /// The lock under which the memories of all sessions are written, for some microseconds each; it ends with the file.
    fn locked(&self) -> std::io::Result<std::fs::File> {
        let folder = self.path.parent().and_then(Path::parent).ok_or(std::io::ErrorKind::InvalidInput)?;
        let file = state::edit(&folder.join("sessions.lock"))?;
        let began = std::time::Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(std::fs::TryLockError::WouldBlock) if began.elapsed() < LOCK_WAIT => std::thread::sleep(LOCK_PAUSE),
                Err(std::fs::TryLockError::WouldBlock) => return Err(std::io::ErrorKind::WouldBlock.into()),
                Err(std::fs::TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    /// Writes what still counts, and the new lines.
    fn anew(&self, now_ms: i64, lines: &str) -> std::io::Result<()> {
        let before = self.recall(now_ms)?;
        let mut kept = String::new();
        if let Some(source) = &before.tainted_by {
            line(&mut kept, 'T', now_ms, source);
        }
        for path in before.written.iter().rev().take(MAX_WRITTEN / 4).rev() {
            line(&mut kept, 'W', now_ms, path);
        }
        kept.push_str(lines);
        state::replace(&self.path, kept.as_bytes())
    }

    /// Removes the memories of sessions that are long over; of a folder with very many, some of them.
    pub fn clean(state: &Path, now_ms: i64) {
        let Ok(found) = std::fs::read_dir(state.join("sessions")) else { return };
        for entry in found.flatten().take(MAX_SESSIONS) {
            let modified = entry.metadata().ok().and_then(|found| found.modified().ok());
            let modified = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
            let modified_ms = modified.and_then(|since| i64::try_from(since.as_millis()).ok());
            if modified_ms.is_some_and(|modified| now_ms.saturating_sub(modified) > KEPT_MS) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// A line: kind, time, text as JSON, so that no text can end it.
fn line(out: &mut String, kind: char, now_ms: i64, text: &str) {
    let text = text.get(..text.floor_char_boundary(MAX_LINE_BYTES)).unwrap_or_default();
    let text = serde_json::Value::from(text);
    out.push_str(&format!("{kind} {now_ms} {text}\n"));
}

fn memory(text: &str, now_ms: i64) -> Memory {
    let mut memory = Memory::default();
    for line in text.lines() {
        let mut parts = line.splitn(3, ' ');
        let (Some(kind), Some(time), Some(text)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let (Ok(time), Ok(text)) = (time.parse::<i64>(), serde_json::from_str::<String>(text)) else { continue };
        // A clock that was put back makes nothing forgotten.
        let age = now_ms.saturating_sub(time);
        match kind {
            "T" if age <= TAINT_MS => memory.tainted_by = Some(text),
            "W" if age <= WRITTEN_MS => {
                memory.written.retain(|path| *path != text);
                memory.written.push(text);
            }
            _ => {}
        }
    }
    let surplus = memory.written.len().saturating_sub(MAX_WRITTEN);
    memory.written.drain(..surplus);
    memory
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * 60 * 1000;

    fn session(state: &Path, name: &str) -> Session {
        Session::of(state, Agent::ClaudeCode, name)
    }

    #[test]
    fn taint_lasts_and_expires() {
        let folder = tempfile::tempdir().unwrap();
        let one = session(folder.path(), "s-1");
        assert_eq!(one.recall(0).unwrap(), Memory::default());
        one.remember(HOUR, Some("WebFetch https://a.example"), &["/p/x.sh".to_owned()]).unwrap();
        let memory = one.recall(2 * HOUR).unwrap();
        assert_eq!(memory.tainted_by.as_deref(), Some("WebFetch https://a.example"));
        assert_eq!(memory.written, ["/p/x.sh"]);
        assert_eq!(one.recall(14 * HOUR).unwrap().tainted_by, None);
        assert_eq!(one.recall(14 * HOUR).unwrap().written, ["/p/x.sh"]);
        assert_eq!(one.recall(26 * HOUR).unwrap(), Memory::default());
        assert_eq!(session(folder.path(), "s-2").recall(0).unwrap(), Memory::default());
    }

    #[test]
    fn names_from_outside_stay_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let long = "a".repeat(65);
        let names = ["../../x", "", "a/b", "a\0b", "..", long.as_str(), "セッション"];
        let mut seen = std::collections::BTreeSet::new();
        for name in names {
            let session = session(folder.path(), name);
            session.remember(1, Some(name), &[]).unwrap();
            assert_eq!(session.path.parent().unwrap(), folder.path().join("sessions"));
            assert_eq!(session.recall(1).unwrap().tainted_by.as_deref(), Some(name));
            assert!(seen.insert(session.path), "{name}");
        }
        // The hash of another name is a name like any other.
        let hash = Hash::of(b"a/b").to_string();
        assert_eq!(session(folder.path(), &hash).recall(1).unwrap(), Memory::default());
    }

    #[test]
    fn a_long_session_stays_small_and_tainted() {
        let folder = tempfile::tempdir().unwrap();
        let session = session(folder.path(), "long");
        session.remember(1, Some("page"), &[]).unwrap();
        for at in 0..3000 {
            session.remember(2, None, &[format!("/p/{at}/{}", "x".repeat(200))]).unwrap();
        }
        assert!(std::fs::metadata(&session.path).unwrap().len() <= MAX_SESSION_BYTES);
        let memory = session.recall(3).unwrap();
        assert_eq!(memory.tainted_by.as_deref(), Some("page"));
        assert!(memory.written.len() <= MAX_WRITTEN && memory.written.last().unwrap().starts_with("/p/2999/"));
    }

    #[test]
    fn nothing_is_lost_when_the_file_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let session = session(folder.path(), "s");
                std::thread::spawn(move || {
                    for at in 0..100 {
                        let path = format!("/p/{writer}/{at}/{}", "x".repeat(400));
                        session.remember(2, None, &[path]).unwrap();
                    }
                    session.remember(2, Some(&format!("page {writer}")), &[]).unwrap();
                    session.recall(3).unwrap().tainted_by.unwrap()
                })
            })
            .collect();
        assert!(writers.into_iter().all(|writer| writer.join().unwrap().starts_with("page ")));
        let session = session(folder.path(), "s");
        assert!(session.recall(3).unwrap().tainted_by.is_some());
        let holder = session.locked().unwrap();
        assert_eq!(session.remember(3, Some("x"), &[]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
        drop(holder);
        session.remember(3, Some("x"), &[]).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_place_of_the_memory_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let session = session(folder.path(), "s");
        std::fs::create_dir_all(folder.path().join("sessions")).unwrap();
        let target = folder.path().join("other");
        std::fs::write(&target, "mine").unwrap();
        std::os::unix::fs::symlink(&target, &session.path).unwrap();
        assert!(session.remember(1, Some("x"), &[]).is_err());
        assert!(session.recall(1).is_err());
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
        use std::os::unix::fs::PermissionsExt as _;
        let private = Session::of(folder.path(), Agent::Codex, "s");
        private.remember(1, Some("x"), &[]).unwrap();
        assert_eq!(std::fs::metadata(&private.path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
