//! Artefacts from folders, as the tests store them.

use std::fs;
use std::path::{Path, PathBuf};

use yata_agents::texts::{Artefact, File, Kind, TextFinding, look};

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `\u{200b}` in a stored text stands for that character.
pub(crate) fn written_out(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u{") {
        let (code, after) = after.split_once('}').unwrap();
        out.push_str(before);
        out.push(u32::from_str_radix(code, 16).ok().and_then(char::from_u32).unwrap());
        rest = after;
    }
    out + rest
}

/// A file below a stored folder: its path as it is meant, and its content.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) link: Option<String>,
}

/// All files below a stored folder, under the names that are meant.
pub(crate) fn stored(folder: &Path) -> Vec<Stored> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let below = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            let meant: Vec<String> = below
                .split('/')
                .map(|part| part.strip_prefix("dot-").map_or(part.to_owned(), |rest| format!(".{rest}")))
                .collect();
            let meant = meant.join("/");
            let meant = meant.strip_suffix(".txt").filter(|rest| rest.ends_with(".md")).unwrap_or(&meant).to_owned();
            let bytes = fs::read(&path).unwrap();
            let bytes = String::from_utf8(bytes)
                .map_or_else(|error| error.into_bytes(), |text| written_out(&text).into_bytes());
            found.push(Stored { path: meant, bytes, link: None });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// What is found in an artefact of those files.
pub(crate) fn found(kind: Kind, name: &str, files: &[Stored]) -> Vec<TextFinding> {
    let files: Vec<File<'_>> =
        files.iter().map(|file| File { path: &file.path, bytes: &file.bytes, link: file.link.as_deref() }).collect();
    look(&Artefact { kind, name, description: None, files: &files })
}

/// One file as an artefact.
pub(crate) fn found_in(kind: Kind, name: &str, path: &str, text: &str) -> Vec<TextFinding> {
    found(kind, name, &[Stored { path: path.to_owned(), bytes: text.as_bytes().to_vec(), link: None }])
}

/// Findings on a line each, for messages.
pub(crate) fn told(found: &[TextFinding]) -> String {
    found
        .iter()
        .map(|one| {
            format!(
                "  {}:{} {} {:?} {:?} {:?} {}\n",
                one.file, one.line, one.check, one.also, one.severity, one.confidence, one.evidence
            )
        })
        .collect()
}
