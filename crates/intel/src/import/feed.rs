//! Where feeds lie in a folder: the layouts of the real services.

use std::fs;
use std::path::{Path, PathBuf};

use crate::IntelError;

/// The deepest folder that is looked into (`vulnrichment/2024/1xxx`).
const MAX_DEPTH_COUNT: usize = 6;

/// What a feed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FeedKind {
    /// OSV records of one ecosystem: a zip, or a folder of JSON files.
    Osv,
    /// The CISA catalogue.
    Kev,
    /// EPSS scores, CSV or CSV.gz.
    Epss,
    /// CVE 5 records: files, or zips of them.
    Vulnrichment,
    /// SSVC decision tables.
    DecisionTables,
}

/// One feed: its source's name and its files.
#[derive(Debug, Clone)]
pub(crate) struct Feed {
    pub(crate) kind: FeedKind,
    /// The name of the source (`OSV npm`).
    pub(crate) source: String,
    /// Its files, sorted; at least one.
    pub(crate) files: Vec<PathBuf>,
}

pub(crate) const KEV_SOURCE: &str = "CISA KEV";
pub(crate) const EPSS_SOURCE: &str = "EPSS";
/// The name of the source of CISA's assessments.
pub const VULNRICHMENT_SOURCE: &str = "CISA vulnrichment";
pub(crate) const TABLES_SOURCE: &str = "SSVC decision tables";

/// The feeds below a folder, OSV first, and the entries at its top that are none.
pub(crate) fn discover(folder: &Path) -> Result<(Vec<Feed>, Vec<PathBuf>), IntelError> {
    let mut feeds = Vec::new();
    let mut passed_over = Vec::new();
    for entry in children(folder)? {
        let name = entry.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
        match name.as_str() {
            "osv" => {
                for ecosystem in children(&entry)?.into_iter().filter(|path| path.is_dir()) {
                    let Some(label) = ecosystem.file_name().map(|n| n.to_string_lossy().into_owned()) else { continue };
                    let zip = ecosystem.join("all.zip");
                    let files = if zip.is_file() { vec![zip] } else { files_below(&ecosystem, &["json"])? };
                    feeds.push(Feed { kind: FeedKind::Osv, source: format!("OSV {label}"), files });
                }
            }
            "kev" => feeds.push(one(FeedKind::Kev, KEV_SOURCE, newest(files_below(&entry, &["json"])?))),
            "epss" => feeds.push(one(FeedKind::Epss, EPSS_SOURCE, newest(files_below(&entry, &["gz", "csv"])?))),
            "vulnrichment" => {
                let files: Vec<PathBuf> = files_below(&entry, &["json", "zip"])?
                    .into_iter()
                    .filter(|path| is_zip(path) || path.file_name().is_some_and(|n| is_cve_file(&n.to_string_lossy())))
                    .collect();
                feeds.push(one(FeedKind::Vulnrichment, VULNRICHMENT_SOURCE, files));
            }
            "ssvc" => feeds.push(one(FeedKind::DecisionTables, TABLES_SOURCE, files_below(&entry, &["json"])?)),
            _ => passed_over.push(entry),
        }
    }
    feeds.sort_by(|a, b| (a.kind, &a.source).cmp(&(b.kind, &b.source)));
    Ok((feeds, passed_over))
}

pub(crate) fn is_zip(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "zip")
}

/// Whether an entry of a zip or a file is a CVE record by its name, in whatever folder it lies.
pub(crate) fn is_cve_file(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|file| file.starts_with("CVE-") && file.ends_with(".json"))
}

fn one(kind: FeedKind, source: &str, files: Vec<PathBuf>) -> Feed {
    Feed { kind, source: source.to_owned(), files }
}

/// Of several files of a daily feed only the one whose name sorts last: names end in the date.
fn newest(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    files.pop().into_iter().collect()
}

fn children(folder: &Path) -> Result<Vec<PathBuf>, IntelError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(IntelError::io("read the folder", folder))? {
        paths.push(entry.map_err(IntelError::io("read the folder", folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn files_below(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, IntelError> {
    let mut out = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((path, depth)) = open.pop() {
        for child in children(&path)? {
            let kind = fs::symlink_metadata(&child).map_err(IntelError::io("look at", &child))?.file_type();
            let wanted = child.extension().is_some_and(|e| extensions.iter().any(|x| e == *x));
            if kind.is_dir() && depth < MAX_DEPTH_COUNT {
                open.push((child, depth + 1));
            } else if kind.is_file() && wanted {
                out.push(child);
            }
        }
    }
    out.sort();
    Ok(out)
}
