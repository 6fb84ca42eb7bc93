//! Roots of hosts: which operating system runs there, and its name.

use std::path::Path;

use yata_formats::inventory::OsRelease;

use crate::read;

/// The largest os-release or hostname file that is read, in bytes.
const SMALL_FILE_MAX_BYTES: u64 = 64 * 1024;

/// The root of a host: the machine itself, a mounted disk, an unpacked image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Its folder relative to the root, without a `/` at the end; empty for the root itself.
    pub folder: String,
    /// Its operating system, where `etc/os-release` or `usr/lib/os-release` tells it.
    pub os: Option<OsRelease>,
    /// Its name, where `etc/hostname` tells it.
    pub name: Option<String>,
}

impl Host {
    /// Looks at a folder; `None` where there is no sign of a host but the folder itself.
    ///
    /// Links are not followed: on an unpacked image `etc/os-release` may lead to the file of this machine.
    pub(crate) fn read(root: &Path, folder: &str) -> Option<Host> {
        let base = if folder.is_empty() { root.to_owned() } else { root.join(folder) };
        let small = |path: &str| read::read(&base.join(path), path, SMALL_FILE_MAX_BYTES).ok();
        let os = ["etc/os-release", "usr/lib/os-release"].iter().find_map(|path| OsRelease::parse(&small(path)?));
        let name = small("etc/hostname").and_then(|bytes| host_name(&bytes));
        if folder.is_empty() && os.is_none() {
            return None;
        }
        Some(Host { folder: folder.to_owned(), os, name })
    }
}

/// The first line that is no comment, if it is a host name (hostname(5)).
fn host_name(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let name = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let valid = name.len() <= 253 && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    valid.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names() {
        assert_eq!(host_name(b"# x\nweb-1.example.org\n").as_deref(), Some("web-1.example.org"));
        assert_eq!(host_name(b"two words\n"), None);
        assert_eq!(host_name(b"\n"), None);
    }
}
