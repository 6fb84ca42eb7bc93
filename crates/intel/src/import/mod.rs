//! Import: feeds in the layout of the real services, into a copy of the index that then takes its place.

mod archive;
mod feed;
mod osv;
mod vulnrichment;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use feed::VULNRICHMENT_SOURCE;
pub(crate) use feed::{EPSS_SOURCE, Feed, FeedKind, KEV_SOURCE, TABLES_SOURCE};
pub(crate) use writer::{Arrival, Start, Writer};

use crate::IntelError;
use crate::layout::Validators;

/// When an import happens, and what the person who starts it knows of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportOptions {
    /// The time of the import.
    pub now: Timestamp,
    /// The day up to which the person vouches that the feeds speak, for files that were fetched elsewhere: a feed
    /// whose newest record is older than that is then not taken for an old feed.
    pub dated: Option<Date>,
}

/// What the numbers of a [`Progress`] count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressUnit {
    /// Records read into the index.
    Records,
    /// Bytes downloaded.
    Bytes,
}

/// A step of a long import or synchronisation.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// The source being read.
    pub source: &'a str,
    /// How much of it is done.
    pub done: u64,
    /// How much there is, where that is known.
    pub total: Option<u64>,
    /// Of what.
    pub unit: ProgressUnit,
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

    /// Tells how many records of a source are done.
    pub(crate) fn records(&self, source: &str, done: u64, total: u64) {
        (self.progress)(Progress { source, done, total: Some(total), unit: ProgressUnit::Records });
    }
}

/// Reads the feeds below `folder` into the index at `index`, which is made if it is not there.
///
/// A source that is empty, truncated or unreadable is refused as a whole: what an earlier import brought stays,
/// and the source is marked, so that every answer that rests on it says so. The index changes only at the end,
/// by renaming; a second process that imports waits for the first. An index that cannot be read, or that another
/// layout wrote, is built anew.
///
/// # Errors
/// [`IntelError::NoFeeds`] if nothing below the folder looks like a feed, [`IntelError::Dated`] if `dated` lies in the
/// future, and errors of the index itself.
pub fn import(
    index: &Path,
    folder: &Path,
    options: &ImportOptions,
    progress: &dyn Fn(Progress<'_>),
    cancel: &AtomicBool,
) -> Result<ImportReport, IntelError> {
    let arrival = Arrival { now: options.now, verified: vouched(options)?, validators: Validators::default() };
    let (feeds, passed_over) = feed::discover(folder)?;
    if feeds.is_empty() {
        return Err(IntelError::NoFeeds { path: folder.to_owned() });
    }
    let watch = Watch { progress, cancel };
    let sources = write(index, |writer| {
        let mut sources = Vec::new();
        for feed in &feeds {
            watch.check()?;
            sources.push(writer.import(feed, &arrival, watch)?);
        }
        Ok(sources)
    })?;
    Ok(ImportReport { sources, passed_over })
}

/// Lets `body` write into a copy of the index, which then takes its place. An index in which damage shows is built
/// anew: sources that `body` does not bring are missing then, and every answer says so.
pub(crate) fn write<T>(
    index: &Path,
    mut body: impl FnMut(&mut Writer) -> Result<T, IntelError>,
) -> Result<T, IntelError> {
    let mut writer = Writer::open(index, Start::FromIndex)?;
    let value = match body(&mut writer) {
        Err(error) if error.is_damage() => {
            drop(writer);
            writer = Writer::open(index, Start::FromNothing)?;
            body(&mut writer)?
        }
        other => other?,
    };
    writer.finish()?;
    Ok(value)
}

/// The time up to which the files are vouched for.
fn vouched(options: &ImportOptions) -> Result<Option<Timestamp>, IntelError> {
    let Some(dated) = options.dated else { return Ok(None) };
    if dated > writer::latest_day(options.now) {
        return Err(IntelError::Dated { dated });
    }
    let start = dated.to_zoned(TimeZone::UTC).map_err(|_| IntelError::Dated { dated })?;
    Ok(Some(start.timestamp()))
}
