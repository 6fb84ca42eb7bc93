//! Files of published crates, as they are, and planted credentials.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use yata_lens::{Class, RULES, cases};

/// The folder of the planted credentials; no folder of the sources has its name.
pub(super) const PLANTED_FOLDER: &str = "deploy";
/// The length of the name of a planted file, such as `0042.conf`.
pub(super) const PLANTED_NAME_BYTES: usize = 9;
/// The most credentials that four digits can number.
const PLANTED_MAX: usize = 10_000;
/// A file with a zero byte in its beginning is no text.
const HEAD_BYTES: usize = 8_192;
/// The largest file that is taken.
const FILE_MAX_BYTES: u64 = 16_000_000;
/// Yata reads these for other things than secrets.
const LEFT_OUT: [&str; 5] = ["Cargo.lock", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "go.sum"];

/// What was made.
pub(super) struct Made {
    pub(super) files: usize,
    pub(super) bytes: u64,
    pub(super) planted: usize,
}

/// Copies text to `folder` up to a size and plants credentials between.
pub(super) fn make(sources: &Path, folder: &Path, bytes_max: u64, planted: usize) -> anyhow::Result<Made> {
    let mut made = Made { files: 0, bytes: 0, planted: 0 };
    for (name, text) in planted_files(planted)? {
        write(&folder.join(name), &text)?;
        made.files += 1;
        made.planted += 1;
        made.bytes += text.len() as u64;
    }
    for path in text_files(sources)? {
        if made.bytes >= bytes_max {
            break;
        }
        let Some(text) = read_text(&path)? else { continue };
        let name = path.strip_prefix(sources).unwrap_or(&path);
        write(&folder.join(name), &text)?;
        made.files += 1;
        made.bytes += text.len() as u64;
    }
    Ok(made)
}

fn write(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}

/// The files below a folder that may be taken, by path. Names that begin with a dot are left out: not every program
/// reads them.
pub(super) fn text_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).with_context(|| format!("cannot read the folder `{}`", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let (name, kind) = (entry.file_name(), entry.file_type()?);
            let is_left_out = name.to_str().is_none_or(|name| name.starts_with('.') || LEFT_OUT.contains(&name));
            match (is_left_out, kind.is_dir(), kind.is_file()) {
                (false, true, _) if name != PLANTED_FOLDER => folders.push(entry.path()),
                (false, _, true) if entry.metadata()?.len() <= FILE_MAX_BYTES => files.push(entry.path()),
                _ => {}
            }
        }
    }
    if files.is_empty() {
        bail!("there are no files in `{}`: name a folder of sources with --sources", folder.display());
    }
    files.sort_unstable();
    Ok(files)
}

/// The bytes of a file; `None` where it is empty or no text.
pub(super) fn read_text(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    let text = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let is_text = !text.is_empty() && !text.iter().take(HEAD_BYTES).any(|byte| *byte == 0);
    Ok(is_text.then_some(text))
}

/// Made-up credentials, each in its file: the firing cases of the rules, each with random values of its own.
pub(super) fn planted_files(count: usize) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    if count > PLANTED_MAX {
        bail!("at most {PLANTED_MAX} credentials can be planted");
    }
    let rules = RULES.iter().filter(|rule| rule.class == Class::Secret);
    let templates: Vec<&str> = rules.flat_map(|rule| cases::templates(rule.cases.firing)).collect();
    (0..count)
        .map(|number| {
            // Fewer than there are cases: spread over all of them.
            let at = if count < templates.len() { number * templates.len() / count } else { number };
            let template = templates.get(at % templates.len().max(1)).copied().unwrap_or_default();
            let case = cases::expand(template, number as u64).map_err(|error| anyhow!("{error}"))?;
            Ok((format!("{PLANTED_FOLDER}/{number:04}.conf"), format!("{}\n", case.text).into_bytes()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_files_have_names_of_one_length() {
        let files = planted_files(3).unwrap();
        let expected = PLANTED_FOLDER.len() + 1 + PLANTED_NAME_BYTES;
        assert!(files.iter().all(|(name, text)| name.len() == expected && text.len() > 8), "{files:?}");
        assert_eq!(files, planted_files(3).unwrap());
    }
}
