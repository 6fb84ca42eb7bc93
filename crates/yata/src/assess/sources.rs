//! Which index of intelligence to ask.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use yata_intel::{ImportOptions, Index, IntelError};

use super::scope::Scope;
use crate::data::DataFolder;
use crate::{Terminal, intel};

/// Deeper than any layout of feeds: a link may lead back to where it stands.
const MAX_DEPTH_FOLDERS: usize = 8;

/// The estate's own feeds if it brings some, else the index of the data folder. `None` if there is no intelligence
/// at all: the components are listed, and everything about them is unknown.
pub(super) fn open(scope: &Scope, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<Option<Index>> {
    let path = match &scope.estate.intel.feeds {
        Some(feeds) => {
            let folder = scope.beside_estate(feeds)?;
            let index = data.estate_index(&folder);
            refresh(&index, &folder, scope, terminal)
                .with_context(|| format!("cannot read the feeds of the estate in `{}`", folder.display()))?;
            index
        }
        None => data.index(),
    };
    match Index::open(&path) {
        Ok(index) => Ok(Some(index)),
        Err(IntelError::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Takes over what has changed in the estate's feeds; nothing is read again if no file has.
fn refresh(index: &Path, folder: &Path, scope: &Scope, terminal: &Terminal) -> anyhow::Result<()> {
    let stamp_file = index.with_extension("stamp");
    let stamp = stamp(folder)?;
    // An index that is damaged, or of another layout, is only a copy: it is made again.
    let is_same = std::fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp);
    if is_same && Index::open(index).is_ok() {
        return Ok(());
    }
    let options = ImportOptions { now: scope.now, dated: None };
    yata_intel::import(index, folder, &options, &|step| intel::show(terminal, step), &AtomicBool::new(false))?;
    std::fs::write(&stamp_file, stamp).with_context(|| format!("cannot write `{}`", stamp_file.display()))
}

/// Names, sizes and times of all files below a folder, as one digest.
///
/// Links are followed, as the import follows those to folders: what is behind them may change while they do not.
fn stamp(folder: &Path) -> anyhow::Result<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((path, depth)) = open.pop() {
        let entries =
            std::fs::read_dir(&path).with_context(|| format!("cannot read the folder `{}`", path.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read the folder `{}`", path.display()))?;
            let meta = std::fs::metadata(entry.path())
                .or_else(|_| entry.metadata())
                .with_context(|| format!("cannot look at `{}`", entry.path().display()))?;
            if meta.is_dir() {
                if depth < MAX_DEPTH_FOLDERS {
                    open.push((entry.path(), depth + 1));
                }
            } else {
                parts.push(format!("{}\0{}\0{:?}", entry.path().display(), meta.len(), meta.modified().ok()));
            }
        }
    }
    parts.sort();
    parts.push(env!("CARGO_PKG_VERSION").to_owned());
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    Ok(yata_model::digest_hex(&parts))
}
