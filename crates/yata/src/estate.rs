//! The estate file: read, with the files that it names, and kept as the rules that findings are judged by.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use jiff::Timestamp;
use yata_model::Estate;
use yata_store::{Rules, Store, StoreError, TableText};

use crate::bounded;

/// The largest estate file, VEX document or decision table that is read, in bytes.
const MAX_SIDE_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Reads an estate file.
pub(crate) fn read(file: &Path) -> anyhow::Result<Estate> {
    let bytes = read_side_file(file)?;
    yata_formats::estate::parse(&bytes, &file.display().to_string())
        .map_err(|error| anyhow!("{error}"))
        .with_context(|| format!("the estate file `{}` has errors", file.display()))
}

/// A path that an estate file names, relative to it, with all links resolved.
///
/// The file may have come with somebody else's sources: a link that leads out of its folder is refused, as `..`
/// is where the file is read.
pub(crate) fn beside(estate_file: Option<&Path>, path: &str) -> anyhow::Result<PathBuf> {
    let folder = estate_file.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // What is not there cannot be opened either: whoever opens it says what it was for.
    let Ok(found) = folder.join(path).canonicalize() else { return Ok(folder.join(path)) };
    let folder = folder.canonicalize().with_context(|| format!("cannot resolve `{}`", folder.display()))?;
    if !found.starts_with(&folder) {
        bail!("the estate file names `{path}`, a link that leads out of its folder to `{}`", found.display());
    }
    Ok(found)
}

/// The decision tables that an estate file names.
pub(crate) fn tables(estate_file: Option<&Path>, estate: &Estate) -> anyhow::Result<Vec<TableText>> {
    let read = |name: &String| {
        let path = beside(estate_file, name)?;
        let bytes = read_side_file(&path).context("the estate file names a decision table that cannot be read")?;
        Ok(TableText { file: name.clone(), json: String::from_utf8_lossy(&bytes).into_owned() })
    };
    estate.decision_tables.iter().map(read).collect()
}

/// What an estate file says findings are judged by.
pub(crate) fn rules(estate_file: &Path, estate: &Estate) -> anyhow::Result<Rules> {
    Ok(Rules {
        organisation: estate.organisation.clone(),
        deadlines: estate.deadlines.clone(),
        tables: tables(Some(estate_file), estate)?,
        services: estate.services.clone(),
    })
}

/// Stores the rules, where they are others than the last ones: new rules have everything judged again.
pub(crate) async fn keep_rules(store: &Store, rules: &Rules, now: Timestamp) -> Result<(), StoreError> {
    let known = store.rules().await?;
    let is_same = known.organisation == rules.organisation
        && known.deadlines == rules.deadlines
        && known.tables == rules.tables
        && rules.services.iter().all(|service| known.services.contains(service));
    if is_same { Ok(()) } else { store.set_rules(rules, now).await }
}

/// The bytes of a file that the person or the estate file named.
pub(crate) fn read_side_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    Ok(bounded::bytes(path, MAX_SIDE_FILE_BYTES)?)
}
