//! One writer at a time, on a copy, that takes the index's place when it is complete.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use yata_formats::feeds::{parse_epss, parse_kev};

use super::feed::{Feed, FeedKind};
use super::{ImportedSource, Watch, osv, vulnrichment};
use crate::IntelError;
use crate::layout::{
    ALIAS, DECISION_TABLE, ECOSYSTEM, EPSS, KEV, LAYOUT, META, OWNER, PACKAGE, RECORD, SOURCE, SSVC, SourceMeta,
    UPSTREAM, Validators, decode, encode, epss_block, pack_epss,
};

/// Memory that the database may use as a page cache while writing, in bytes.
const WRITE_CACHE_BYTES: usize = 256 * 1024 * 1024;
/// The largest single feed file (KEV, EPSS, one CVE record, one decision table), unpacked, in bytes.
const MAX_FEED_FILE_BYTES: u64 = 512 * 1024 * 1024;
/// How many unreadable records are named.
pub(crate) const MAX_NAMED_COUNT: usize = 20;

/// How a feed came here.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    pub(crate) now: Timestamp,
    /// When somebody who knows confirmed that this is the source's current state.
    pub(crate) verified: Option<Timestamp>,
    /// What the service names this state; both `None` for a file that did not come from a service.
    pub(crate) validators: Validators,
}

/// What a writer begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    FromIndex,
    FromNothing,
}

pub(crate) struct Writer {
    index: PathBuf,
    copy: PathBuf,
    database: Database,
    /// Held until the writer is dropped.
    _lock: File,
}

impl Writer {
    /// Waits for its turn, then copies the index; one of another layout, or one that is no index, counts as nothing.
    pub(crate) fn open(index: &Path, start: Start) -> Result<Writer, IntelError> {
        if let Some(folder) = index.parent() {
            private_folder().create(folder).map_err(IntelError::io("make the folder", folder))?;
        }
        let lock_path = index.with_extension("lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(IntelError::io("open the lock file", &lock_path))?;
        lock.lock().map_err(IntelError::io("lock", &lock_path))?;
        let copy = index.with_extension("new");
        if copy.exists() {
            fs::remove_file(&copy).map_err(IntelError::io("remove the unfinished", &copy))?;
        }
        if start == Start::FromIndex && is_current(index) {
            fs::copy(index, &copy).map_err(IntelError::io("copy the index to", &copy))?;
        }
        let database =
            Database::builder().set_cache_size(WRITE_CACHE_BYTES).create(&copy).map_err(|e| write_error(&copy, e))?;
        let writer = Writer { index: index.to_owned(), copy, database, _lock: lock };
        writer.transact(create_tables)?;
        Ok(writer)
    }

    /// Imports one feed in one transaction; a refused feed changes nothing but its standing.
    pub(crate) fn import(
        &mut self,
        feed: &Feed,
        arrival: &Arrival,
        watch: Watch<'_>,
    ) -> Result<ImportedSource, IntelError> {
        let outcome = self.transact(|txn| {
            let mut meta = source_meta(txn, &feed.source)?.unwrap_or_default();
            let outcome = read_feed(txn, feed, &mut meta, arrival.now, watch)?;
            if outcome.refused.is_none() {
                // A feed that bears a day to come would be fresh for ever.
                meta.content_date = meta.content_date.filter(|day| *day <= latest_day(arrival.now));
                meta.imported = Some(arrival.now);
                meta.verified = arrival.verified;
                meta.etag.clone_from(&arrival.validators.etag);
                meta.last_modified.clone_from(&arrival.validators.last_modified);
                meta.broken = None;
                meta.records = outcome.records;
                meta.unreadable = outcome.unreadable;
                meta.unreadable_names.clone_from(&outcome.unreadable_names);
                put_source_meta(txn, &feed.source, &meta)?;
                return Ok(Committed::Yes(outcome));
            }
            Ok(Committed::No(outcome))
        })?;
        if let Some(reason) = &outcome.refused {
            self.mark_broken(&feed.source, reason)?;
        }
        Ok(outcome)
    }

    /// Notes that the service has confirmed a source's current state; `false` if that state is no longer the one
    /// that the index holds, because another process has imported in the meantime.
    pub(crate) fn verify(&mut self, source: &str, now: Timestamp, validators: &Validators) -> Result<bool, IntelError> {
        self.transact(|txn| {
            let meta = source_meta(txn, source)?.filter(|meta| meta.validators() == *validators);
            let Some(mut meta) = meta else { return Ok(Committed::No(false)) };
            meta.verified = meta.verified.max(Some(now));
            put_source_meta(txn, source, &meta)?;
            Ok(Committed::Yes(true))
        })
    }

    /// Notes that a source could not be read; what is known of it stays. The download is forgotten, so that the next
    /// synchronisation asks for the whole again.
    pub(crate) fn mark_broken(&mut self, source: &str, reason: &str) -> Result<(), IntelError> {
        self.transact(|txn| {
            let mut meta = source_meta(txn, source)?.unwrap_or_default();
            meta.broken = Some(reason.to_owned());
            meta.etag = None;
            meta.last_modified = None;
            put_source_meta(txn, source, &meta)?;
            Ok(Committed::Yes(()))
        })
    }

    /// Puts the copy in the index's place: written through, then renamed.
    pub(crate) fn finish(self) -> Result<(), IntelError> {
        let Writer { index, copy, database, _lock } = self;
        drop(database);
        let file = File::options().write(true).open(&copy).map_err(IntelError::io("open", &copy))?;
        file.sync_all().map_err(IntelError::io("write through", &copy))?;
        fs::rename(&copy, &index).map_err(IntelError::io("put the new index in place of", &index))?;
        if let Some(folder) = index.parent().and_then(|folder| File::open(folder).ok()) {
            // Not every file system can do this; the rename itself is atomic without it.
            let _ = folder.sync_all();
        }
        Ok(())
    }

    fn transact<T>(
        &self,
        body: impl FnOnce(&WriteTransaction) -> Result<Committed<T>, IntelError>,
    ) -> Result<T, IntelError> {
        let txn = self.database.begin_write().map_err(|e| write_error(&self.copy, e))?;
        match body(&txn)? {
            Committed::Yes(value) => {
                txn.commit().map_err(|e| write_error(&self.copy, e))?;
                Ok(value)
            }
            Committed::No(value) => {
                txn.abort().map_err(|e| write_error(&self.copy, e))?;
                Ok(value)
            }
        }
    }
}

/// What a transaction's body made, and whether it is to stay.
enum Committed<T> {
    Yes(T),
    No(T),
}

/// The last day that a source's own date is believed: the day of `now`, and one more for clocks and time zones.
pub(crate) fn latest_day(now: Timestamp) -> Date {
    let today = now.to_zoned(TimeZone::UTC).date();
    today.tomorrow().unwrap_or(today)
}

/// What makes folders that are missing: the index may come first, and the database lies beside it.
fn private_folder() -> fs::DirBuilder {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Whether there is an index of this layout that can be opened; any other is rebuilt from nothing.
fn is_current(index: &Path) -> bool {
    let Ok(database) = redb::ReadOnlyDatabase::open(index) else { return false };
    let Ok(txn) = database.begin_read() else { return false };
    let Ok(meta) = txn.open_table(META) else { return false };
    meta.get("layout").is_ok_and(|value| value.is_some_and(|v| v.value() == LAYOUT))
}

fn create_tables(txn: &WriteTransaction) -> Result<Committed<()>, IntelError> {
    txn.open_table(META)?.insert("layout", LAYOUT)?;
    for table in [SOURCE, RECORD, PACKAGE, KEV, SSVC, DECISION_TABLE] {
        txn.open_table(table)?;
    }
    txn.open_table(OWNER)?;
    txn.open_table(ECOSYSTEM)?;
    txn.open_table(EPSS)?;
    txn.open_multimap_table(ALIAS)?;
    txn.open_multimap_table(UPSTREAM)?;
    Ok(Committed::Yes(()))
}

pub(crate) fn source_meta(txn: &WriteTransaction, source: &str) -> Result<Option<SourceMeta>, IntelError> {
    let table = txn.open_table(SOURCE)?;
    table.get(source)?.map(|value| decode(value.value(), "source")).transpose()
}

pub(crate) fn put_source_meta(txn: &WriteTransaction, source: &str, meta: &SourceMeta) -> Result<(), IntelError> {
    txn.open_table(SOURCE)?.insert(source, encode(meta, "source")?.as_slice())?;
    Ok(())
}

fn write_error(path: &Path, source: impl Into<redb::Error>) -> IntelError {
    IntelError::Write { path: path.to_owned(), source: Box::new(source.into()) }
}

fn refused(feed: &Feed, reason: impl Into<String>) -> ImportedSource {
    ImportedSource { refused: Some(reason.into()), ..empty(feed) }
}

pub(crate) fn empty(feed: &Feed) -> ImportedSource {
    ImportedSource {
        name: feed.source.clone(),
        records: 0,
        changed: 0,
        removed: 0,
        unreadable: 0,
        unreadable_names: Vec::new(),
        refused: None,
    }
}

fn read_feed(
    txn: &WriteTransaction,
    feed: &Feed,
    meta: &mut SourceMeta,
    now: Timestamp,
    watch: Watch<'_>,
) -> Result<ImportedSource, IntelError> {
    let [first, ..] = feed.files.as_slice() else { return Ok(refused(feed, "it has no files")) };
    match feed.kind {
        FeedKind::Osv => osv::import(txn, feed, meta, now, watch),
        FeedKind::Kev => kev(txn, feed, first, meta),
        FeedKind::Epss => epss(txn, feed, first, meta),
        FeedKind::Vulnrichment => vulnrichment::import(txn, feed, meta, now, watch),
        FeedKind::DecisionTables => decision_tables(txn, feed),
    }
}

/// The bytes of a feed file, unpacked if it begins as gzip does (RFC 1952 section 2.3.1) or its name ends in `.gz`;
/// `Err` holds the reason in words.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|e| format!("cannot open `{}`: {e}", path.display()))?;
    let mut file = BufReader::new(file);
    let magic =
        file.fill_buf().map_err(|e| format!("cannot read `{}`: {e}", path.display()))?.starts_with(&[0x1f, 0x8b]);
    let mut bytes = Vec::new();
    let gz = magic || path.extension().is_some_and(|e| e == "gz");
    let limit = MAX_FEED_FILE_BYTES + 1;
    let read = if gz {
        GzDecoder::new(file).take(limit).read_to_end(&mut bytes)
    } else {
        file.take(limit).read_to_end(&mut bytes)
    };
    read.map_err(|e| format!("cannot read `{}`: {e}", path.display()))?;
    if bytes.len() as u64 > MAX_FEED_FILE_BYTES {
        return Err(format!("`{}` unpacks to more than {MAX_FEED_FILE_BYTES} bytes", path.display()));
    }
    Ok(bytes)
}

pub(crate) fn clear<V: redb::Value + 'static>(
    txn: &WriteTransaction,
    table: TableDefinition<'static, &'static str, V>,
) -> Result<(), IntelError> {
    txn.delete_table(table)?;
    txn.open_table(table)?;
    Ok(())
}

fn kev(txn: &WriteTransaction, feed: &Feed, path: &Path, meta: &mut SourceMeta) -> Result<ImportedSource, IntelError> {
    let catalog = match read_file(path).and_then(|bytes| parse_kev(&bytes).map_err(|e| e.to_string())) {
        Ok(catalog) => catalog,
        Err(reason) => return Ok(refused(feed, reason)),
    };
    let mut old: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for row in txn.open_table(KEV)?.iter()? {
        let (cve, bytes) = row?;
        old.insert(cve.value().to_owned(), bytes.value().to_owned());
    }
    clear(txn, KEV)?;
    let mut table = txn.open_table(KEV)?;
    let mut changed = 0;
    for entry in &catalog.entries {
        let bytes = encode(entry, "kev")?;
        changed += u64::from(old.remove(&entry.cve).as_deref() != Some(bytes.as_slice()));
        table.insert(entry.cve.as_str(), bytes.as_slice())?;
    }
    let removed = old.len() as u64;
    meta.content_date = Some(catalog.released);
    meta.version = Some(catalog.version);
    meta.unreadable_without_package = catalog.unreadable.len() as u64;
    Ok(ImportedSource {
        records: catalog.entries.len() as u64,
        changed,
        removed,
        unreadable: catalog.unreadable.len() as u64,
        unreadable_names: catalog.unreadable.into_iter().take(MAX_NAMED_COUNT).collect(),
        ..empty(feed)
    })
}

fn epss(txn: &WriteTransaction, feed: &Feed, path: &Path, meta: &mut SourceMeta) -> Result<ImportedSource, IntelError> {
    let file = match read_file(path).and_then(|bytes| parse_epss(&bytes).map_err(|e| e.to_string())) {
        Ok(file) => file,
        Err(reason) => return Ok(refused(feed, reason)),
    };
    let mut blocks: Vec<(u64, Vec<u8>)> = Vec::new();
    for score in &file.scores {
        let key = epss_block(score.year, score.number);
        match blocks.last_mut() {
            Some((last, block)) if *last == key => pack_epss(score, block),
            _ => {
                let mut block = Vec::new();
                pack_epss(score, &mut block);
                blocks.push((key, block));
            }
        }
    }
    txn.delete_table(EPSS)?;
    let mut table = txn.open_table(EPSS)?;
    for (key, block) in &blocks {
        table.insert(key, block.as_slice())?;
    }
    meta.content_date = Some(file.date);
    meta.version = Some(file.model);
    let records = file.scores.len() as u64;
    Ok(ImportedSource {
        records,
        changed: records,
        unreadable: file.unreadable.len() as u64,
        unreadable_names: file.unreadable.into_iter().take(MAX_NAMED_COUNT).collect(),
        ..empty(feed)
    })
}

fn decision_tables(txn: &WriteTransaction, feed: &Feed) -> Result<ImportedSource, IntelError> {
    #[derive(serde::Deserialize)]
    struct Head {
        namespace: String,
        key: String,
        version: String,
        #[serde(rename = "mapping")]
        _mapping: Vec<serde::de::IgnoredAny>,
    }
    let mut outcome = empty(feed);
    let mut table = txn.open_table(DECISION_TABLE)?;
    for path in &feed.files {
        let read = read_file(path).and_then(|bytes| {
            let head: Head =
                serde_json::from_slice(&bytes).map_err(|e| format!("it is not an SSVC decision table: {e}"))?;
            Ok((format!("{}:{}:{}", head.namespace, head.key, head.version), bytes))
        });
        match read {
            Ok((key, bytes)) => {
                table.insert(key.as_str(), bytes.as_slice())?;
                outcome.records += 1;
            }
            Err(reason) => {
                outcome.unreadable += 1;
                let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                outcome.unreadable_names.push(format!("{name}: {reason}"));
            }
        }
    }
    outcome.changed = outcome.records;
    if outcome.records == 0 {
        outcome.refused = Some("none of its files is an SSVC decision table".to_owned());
    }
    Ok(outcome)
}
