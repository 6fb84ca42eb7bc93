//! The private files of the hook: made for the person alone, and never reached through a link.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// Opens a file of the hook. A last part that is a link is refused, so that nobody can have another file written.
pub(crate) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600).custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC);
    }
    options.open(path)
}

/// Opens a file to add to it, and makes it and its folder where they are missing.
pub(crate) fn append(path: &Path) -> io::Result<File> {
    with_folder(path, || open(path, OpenOptions::new().append(true).create(true)))
}

/// Opens a file to read and write it in place, and makes it and its folder where they are missing.
pub(crate) fn edit(path: &Path) -> io::Result<File> {
    with_folder(path, || open(path, OpenOptions::new().read(true).write(true).create(true).truncate(false)))
}

/// Does it, and where the folder is missing, makes it and does it again.
fn with_folder<T>(path: &Path, run: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match run() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = path.parent().ok_or(error)?;
            folder_for(folder)?;
            run()
        }
        done => done,
    }
}

/// A folder that only the person can enter.
pub(crate) fn folder_for(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// The bytes of a file of the hook, none where there is no such file; an error where it has more than the limit.
pub(crate) fn read(path: &Path, limit_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    match open(path, OpenOptions::new().read(true)) {
        Ok(file) => Ok(Some(whole(file, limit_bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// All that a source gives; an error where it gives more than the limit.
pub(crate) fn whole(source: impl io::Read, limit_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(limit_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit_bytes { Err(io::Error::from(io::ErrorKind::FileTooLarge)) } else { Ok(bytes) }
}

/// Writes a file aside and puts it in its place, so that a reader sees the one or the other.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy().into_owned();
    let aside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let written = with_folder(&aside, || {
        use std::io::Write as _;
        let mut file = open(&aside, OpenOptions::new().write(true).create(true).truncate(true))?;
        file.write_all(bytes)?;
        file.sync_all()
    });
    let placed = written.and_then(|()| std::fs::rename(&aside, path));
    if placed.is_err() {
        let _ = std::fs::remove_file(&aside);
    }
    placed
}
