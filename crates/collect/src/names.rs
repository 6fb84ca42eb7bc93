//! Names of files as text.

use std::path::{Component, Path};

/// A relative path as text with `/` separators. Bytes that are not UTF-8 become `\xNN`, and in such a path a
/// backslash becomes `\\`, so that two different paths never look the same.
pub fn relative_name(path: &Path) -> String {
    let parts = path.components().filter_map(|component| match component {
        Component::Normal(part) => Some(part),
        _ => None,
    });
    let mut name = String::new();
    for part in parts {
        if !name.is_empty() {
            name.push('/');
        }
        match part.to_str() {
            Some(part) => name.push_str(part),
            None => escape(part, &mut name),
        }
    }
    name
}

#[cfg(unix)]
fn escape(part: &std::ffi::OsStr, out: &mut String) {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt as _;
    for chunk in part.as_bytes().utf8_chunks() {
        out.push_str(&chunk.valid().replace('\\', "\\\\"));
        for byte in chunk.invalid() {
            // INVARIANT: writing to a String cannot fail.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
}

#[cfg(not(unix))]
fn escape(part: &std::ffi::OsStr, out: &mut String) {
    out.push_str(&part.to_string_lossy());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_slashes() {
        assert_eq!(relative_name(Path::new("a/b/./c")), "a/b/c");
        assert_eq!(relative_name(Path::new("日本/語")), "日本/語");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_utf8_is_escaped() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;
        let path = Path::new(OsStr::from_bytes(b"a/\xff\\b"));
        assert_eq!(relative_name(path), "a/\\xff\\\\b");
    }
}
