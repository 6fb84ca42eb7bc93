//! Import: feeds in the layout of the real services, into a copy of the index that then takes its place.

mod feed;
mod osv;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

pub(crate) use feed::{EPSS_SOURCE, KEV_SOURCE, TABLES_SOURCE, VULNRICHMENT_SOURCE};
pub(crate) use writer::Writer;

use crate::IntelError;

/// A step of a long import.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// The source being read.
    pub source: &'a str,
    /// How many of its records are done.
    pub done: u64,
    /// How many it has, where that is known.
    pub total: Option<u64>,
}

/// What became of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedSource {
    /// Its name.
    pub name: String,
    /// How many records it has now.
    pub records: u64,
    /// How many were new or different.
    pub changed: u64,
    /// How many are no longer there.
    pub removed: u64,
    /// How many could not be read; they count as unknown for their packages.
    pub unreadable: u64,
    /// The first of those, with reasons.
    pub unreadable_names: Vec<String>,
    /// Why the source as a whole was refused; what was known before is kept.
    pub refused: Option<String>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// By source, in the order of their names.
    pub sources: Vec<ImportedSource>,
    /// Files below the folder that belong to no known layout.
    pub passed_over: Vec<PathBuf>,
}

/// How an import is watched and stopped.
#[derive(Clone, Copy)]
pub(crate) struct Watch<'a> {
    pub(crate) progress: &'a dyn Fn(Progress<'_>),
    pub(crate) cancel: &'a AtomicBool,
}

impl Watch<'_> {
    pub(crate) fn check(&self) -> Result<(), IntelError> {
        if self.cancel.load(Ordering::Relaxed) { Err(IntelError::Cancelled) } else { Ok(()) }
    }
}

/// Reads the feeds below `folder` into the index at `index`, which is made if it is not there.
///
/// A source that is empty, truncated or unreadable is refused as a whole: what an earlier import brought stays,
/// and the source is marked, so that every answer that rests on it says so. The index changes only at the end,
/// by renaming; a second process that imports waits for the first.
///
/// # Errors
/// [`IntelError::NoFeeds`] if nothing below the folder looks like a feed, and errors of the index itself.
pub fn import(
    index: &Path,
    folder: &Path,
    now: Timestamp,
    progress: &dyn Fn(Progress<'_>),
    cancel: &AtomicBool,
) -> Result<ImportReport, IntelError> {
    let (feeds, passed_over) = feed::discover(folder)?;
    if feeds.is_empty() {
        return Err(IntelError::NoFeeds { path: folder.to_owned() });
    }
    let watch = Watch { progress, cancel };
    let mut writer = Writer::open(index)?;
    let mut report = ImportReport { sources: Vec::new(), passed_over };
    for feed in &feeds {
        watch.check()?;
        report.sources.push(writer.import(feed, now, watch)?);
    }
    writer.finish()?;
    Ok(report)
}
