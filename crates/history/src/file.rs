//! Reading of files of the repository, which is untrusted: bounded, at positions, never mapped into memory (a file that
//! shrinks while it is mapped would end the process).

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::problem::Fault;

/// The whole of a regular file of at most `limit` bytes.
pub(crate) fn whole(path: &Path, limit: u64) -> Result<Vec<u8>, Fault> {
    let file = open(path)?;
    let size = file.metadata().map_err(|_| Fault::Unreadable)?.len();
    if size > limit {
        return Err(Fault::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    file.take(limit).read_to_end(&mut bytes).map_err(|_| Fault::Unreadable)?;
    Ok(bytes)
}

/// The text of a small file of at most 1 MiB, if it is one.
pub(crate) fn text(path: &Path) -> Option<String> {
    const TEXT_LIMIT_BYTES: u64 = 1 << 20;
    whole(path, TEXT_LIMIT_BYTES).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Opens a regular file; a pipe or device that stands in its place could block for ever.
pub(crate) fn open(path: &Path) -> Result<File, Fault> {
    let is_file = fs::metadata(path).map_err(|_| Fault::Unreadable)?.is_file();
    if !is_file {
        return Err(Fault::Unsupported);
    }
    File::open(path).map_err(|_| Fault::Unreadable)
}

/// Fills `buffer` from `offset` on, as far as the file goes; gives how much it was.
#[cfg(unix)]
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::os::unix::fs::FileExt;
    fill(buffer, offset, |rest, at| file.read_at(rest, at))
}

/// Fills `buffer` from `offset` on, as far as the file goes; gives how much it was.
#[cfg(windows)]
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::os::windows::fs::FileExt;
    fill(buffer, offset, |rest, at| file.seek_read(rest, at))
}

fn fill(buffer: &mut [u8], offset: u64, read: impl Fn(&mut [u8], u64) -> io::Result<usize>) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match read(rest, offset + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// A part of a file, kept so that neighbours are read together.
pub(crate) struct Window {
    bytes: Vec<u8>,
    /// Which file and where it begins.
    at: (usize, u64),
}

/// How much is read at least.
const WINDOW_BYTES: usize = 8 << 10;

impl Window {
    pub(crate) fn new() -> Self {
        Self { bytes: Vec::new(), at: (usize::MAX, 0) }
    }

    /// The bytes `start..end` of a file, which `number` names; fewer if it ends before.
    pub(crate) fn read(&mut self, number: usize, file: &File, start: u64, end: u64) -> Result<&[u8], Fault> {
        let length = usize::try_from(end.saturating_sub(start)).map_err(|_| Fault::TooLarge)?;
        let inside = |window: &Self| -> Option<usize> {
            let from = usize::try_from(start.checked_sub(window.at.1)?).ok()?;
            (window.at.0 == number && from.checked_add(length)? <= window.bytes.len()).then_some(from)
        };
        if inside(self).is_none() {
            self.at = (usize::MAX, 0);
            self.bytes.resize(length.max(WINDOW_BYTES), 0);
            let filled = read_at(file, &mut self.bytes, start).map_err(|_| Fault::Unreadable)?;
            self.bytes.truncate(filled);
            self.at = (number, start);
        }
        let from = inside(self).unwrap_or(0);
        let to = (from + length).min(self.bytes.len());
        Ok(self.bytes.get(from..to).unwrap_or_default())
    }
}
