//! Real text that instructs nobody but people: files of documentation, cut into plain prose.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// The largest file that is read, in bytes.
const FILE_MAX_BYTES: u64 = 4 << 20;

/// The plain text of each file under `folder`, in the order of their paths.
pub(crate) fn texts(folder: &Path) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let mut out = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| format!("reading the folder `{}`", folder.display()))? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && entry.metadata()?.len() <= FILE_MAX_BYTES {
                let bytes = std::fs::read(entry.path())?;
                if let Ok(text) = String::from_utf8(bytes) {
                    let plain = plain(&entry.path(), &text);
                    out.push((entry.path(), plain));
                }
            }
        }
    }
    out.sort();
    Ok(out)
}

/// Prose without the markup of its format.
fn plain(path: &Path, text: &str) -> String {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("man") => {
            text.lines().filter(|line| !line.starts_with(['.', '\''])).map(|line| unescape(line) + "\n").collect()
        }
        Some("html" | "htm" | "page" | "xhp" | "xml") => tags(text),
        _ => text.to_owned(),
    }
}

/// A line of a manual page without font changes.
fn unescape(line: &str) -> String {
    ["\\fB", "\\fI", "\\fR", "\\fP", "\\&", "\\e", "\\|"]
        .iter()
        .fold(line.to_owned(), |line, escape| line.replace(escape, ""))
        .replace("\\-", "-")
}

/// Text between tags; block elements end a line.
fn tags(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(&before.split_whitespace().collect::<Vec<_>>().join(" "));
        let inline = [
            "a ", "/a", "b>", "/b", "i>", "/i", "em", "/em", "code", "/code", "span", "/span", "tt", "/tt", "strong",
            "/strong",
        ];
        out.push(if inline.iter().any(|tag| after.starts_with(tag)) { ' ' } else { '\n' });
        let skip = ["script", "style"].iter().find(|tag| after.starts_with(**tag));
        let end = skip.map_or_else(|| ">".to_owned(), |tag| format!("</{tag}>"));
        rest = after.split_once(end.as_str()).map(|(_, rest)| rest).unwrap_or_default();
    }
    out.push_str(rest);
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ").replace("&amp;", "&")
}
