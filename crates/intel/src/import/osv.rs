//! Import of OSV records: only what has changed is parsed, and each package is rewritten once.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rayon::prelude::*;
use redb::{MultimapTable, ReadableTable, Table, WriteTransaction};
use sha2::{Digest, Sha256};
use yata_formats::feeds::{OsvRecord, UnreadableRecord, parse_osv};
use yata_model::{Advisory, AdvisoryKind, Package};

use super::archive::{Archive, Raw, read_limited};
use super::feed::Feed;
use super::writer::{empty, latest_day};
use super::{ImportedSource, Watch};
use crate::IntelError;
use crate::layout::{
    ALIAS, ECOSYSTEM, OWNER, PACKAGE, PackageEntry, RECORD, SourceMeta, StoredRecord, UPSTREAM, decode, encode,
    package_key,
};

/// Records that are parsed together.
const BATCH_COUNT: usize = 512;
/// Bytes of records that are held at once.
const BATCH_BYTES: usize = 64 * 1024 * 1024;
/// Changed entries that are held before the packages are rewritten.
const FLUSH_COUNT: usize = 20_000;
/// How many unreadable records are named.
const MAX_NAMED_COUNT: usize = 20;

type Digest16 = [u8; 16];

struct Parsed {
    name: String,
    digest: Digest16,
    record: OsvRecord,
}

#[derive(Default)]
struct Patch {
    remove: BTreeSet<String>,
    add: Vec<PackageEntry>,
}

struct Tables<'txn> {
    owner: Table<'txn, (&'static str, &'static str), (&'static [u8], &'static str)>,
    record: Table<'txn, &'static str, &'static [u8]>,
    package: Table<'txn, &'static str, &'static [u8]>,
    alias: MultimapTable<'txn, &'static str, &'static str>,
    upstream: MultimapTable<'txn, &'static str, &'static str>,
    ecosystem: Table<'txn, &'static str, u64>,
}

struct Import<'txn, 'a> {
    tables: Tables<'txn>,
    source: &'a str,
    patches: BTreeMap<String, (Package, Patch)>,
    pending: usize,
    seen: HashSet<String>,
    /// Ids that an entry bore before and bears no more.
    superseded: BTreeSet<String>,
    /// The last day that a record's date may name: one written in the future would keep the source fresh for ever.
    latest: Date,
    outcome: ImportedSource,
    without_package: u64,
}

/// Imports one ecosystem's records.
pub(crate) fn import(
    txn: &WriteTransaction,
    feed: &Feed,
    meta: &mut SourceMeta,
    now: Timestamp,
    watch: Watch<'_>,
) -> Result<ImportedSource, IntelError> {
    let tables = Tables {
        owner: txn.open_table(OWNER)?,
        record: txn.open_table(RECORD)?,
        package: txn.open_table(PACKAGE)?,
        alias: txn.open_multimap_table(ALIAS)?,
        upstream: txn.open_multimap_table(UPSTREAM)?,
        ecosystem: txn.open_table(ECOSYSTEM)?,
    };
    let mut import = Import {
        tables,
        source: &feed.source,
        patches: BTreeMap::new(),
        pending: 0,
        seen: HashSet::new(),
        superseded: BTreeSet::new(),
        latest: latest_day(now),
        outcome: empty(feed),
        without_package: 0,
    };
    meta.content_date = None;
    let read = match feed.files.as_slice() {
        [zip] if zip.extension().is_some_and(|e| e == "zip") => import.zip(zip, meta, watch)?,
        files => import.files(files, meta, watch)?,
    };
    if let Err(reason) = read {
        import.outcome.refused = Some(reason);
        return Ok(import.outcome);
    }
    if import.outcome.records == 0 {
        let reason = match import.outcome.unreadable {
            0 => "it is empty".to_owned(),
            n => format!("none of its {n} records could be read"),
        };
        import.outcome.refused = Some(reason);
        return Ok(import.outcome);
    }
    import.remove_unseen()?;
    import.flush()?;
    meta.unreadable_without_package = import.without_package;
    Ok(import.outcome)
}

impl Import<'_, '_> {
    /// The inner result holds why the archive as a whole was refused.
    fn zip(&mut self, path: &Path, meta: &mut SourceMeta, watch: Watch<'_>) -> Result<Result<(), String>, IntelError> {
        let mut archive = match Archive::open(path)? {
            Ok(archive) => archive,
            Err(reason) => return Ok(Err(reason)),
        };
        let mut batch = Vec::new();
        let mut held = 0;
        while let Some(raw) = archive.next_json() {
            let raw = match raw {
                Ok(raw) => raw,
                Err(reason) => return Ok(Err(reason)),
            };
            held += raw.bytes.as_ref().map_or(0, Vec::len);
            batch.push(raw);
            if batch.len() >= BATCH_COUNT || held >= BATCH_BYTES {
                self.batch(std::mem::take(&mut batch), meta)?;
                held = 0;
                watch.check()?;
                watch.records(self.source, archive.done(), archive.len());
            }
        }
        self.batch(batch, meta)?;
        Ok(Ok(()))
    }

    fn files(
        &mut self,
        files: &[std::path::PathBuf],
        meta: &mut SourceMeta,
        watch: Watch<'_>,
    ) -> Result<Result<(), String>, IntelError> {
        let names = EntryNames::of(files);
        for (done, chunk) in files.chunks(BATCH_COUNT).enumerate() {
            watch.check()?;
            watch.records(self.source, (done * BATCH_COUNT) as u64, files.len() as u64);
            let batch = chunk
                .iter()
                .map(|path| Raw {
                    name: names.name(path),
                    bytes: File::open(path).map_err(|e| e.to_string()).and_then(|mut file| read_limited(&mut file)),
                })
                .collect();
            self.batch(batch, meta)?;
        }
        Ok(Ok(()))
    }

    fn batch(&mut self, batch: Vec<Raw>, meta: &mut SourceMeta) -> Result<(), IntelError> {
        let mut known: Vec<Option<Digest16>> = Vec::with_capacity(batch.len());
        for raw in &batch {
            let row = self.tables.owner.get((self.source, raw.name.as_str()))?;
            known.push(row.and_then(|row| row.value().0.try_into().ok()));
        }
        let parsed: Vec<(String, Option<Parsed>)> = batch
            .into_par_iter()
            .zip(known)
            .map(|(raw, known)| match raw.bytes {
                Ok(bytes) => {
                    let digest = digest(&bytes);
                    if known == Some(digest) {
                        return (raw.name, None);
                    }
                    let record = parse_osv(&bytes, &raw.name);
                    (raw.name.clone(), Some(Parsed { name: raw.name, digest, record }))
                }
                Err(why) => {
                    let record = UnreadableRecord { id: raw.name.clone(), packages: Vec::new(), why };
                    let record = OsvRecord::Unreadable(record);
                    (raw.name.clone(), Some(Parsed { name: raw.name, digest: [0; 16], record }))
                }
            })
            .collect();
        for (name, parsed) in parsed {
            self.seen.insert(name.clone());
            match parsed {
                Some(parsed) => self.put(parsed, meta)?,
                None => self.unchanged(&name, meta)?,
            }
        }
        if self.pending >= FLUSH_COUNT { self.flush() } else { Ok(()) }
    }

    fn unchanged(&mut self, name: &str, meta: &mut SourceMeta) -> Result<(), IntelError> {
        let id = match self.tables.owner.get((self.source, name))? {
            Some(row) => row.value().1.to_owned(),
            None => return Ok(()),
        };
        let Some(stored) = self.stored(&id)? else { return Ok(()) };
        self.count(&stored, meta);
        Ok(())
    }

    fn count(&mut self, stored: &StoredRecord, meta: &mut SourceMeta) {
        match &stored.unreadable {
            None => self.outcome.records += 1,
            Some(why) => {
                self.outcome.unreadable += 1;
                self.without_package += u64::from(stored.packages.is_empty());
                if self.outcome.unreadable_names.len() < MAX_NAMED_COUNT {
                    self.outcome.unreadable_names.push(format!("{}: {why}", stored.advisory.id));
                }
            }
        }
        let newest = stored.advisory.modified.max(stored.advisory.published);
        let day = newest.map(|time| time.to_zoned(TimeZone::UTC).date()).filter(|day| *day <= self.latest);
        meta.content_date = meta.content_date.max(day);
    }

    fn stored(&self, id: &str) -> Result<Option<StoredRecord>, IntelError> {
        self.tables.record.get(id)?.map(|value| decode(value.value(), "record")).transpose()
    }

    fn put(&mut self, parsed: Parsed, meta: &mut SourceMeta) -> Result<(), IntelError> {
        let (advisory, packages, unreadable) = match parsed.record {
            OsvRecord::Read(advisory) => {
                let mut packages: Vec<Package> = advisory.affected.iter().map(|a| a.package.clone()).collect();
                packages.sort();
                packages.dedup();
                (*advisory, packages, None)
            }
            OsvRecord::Unreadable(record) => {
                let record = self.remember(&parsed.name, record)?;
                (placeholder(&record), record.packages, Some(record.why))
            }
        };
        let id = advisory.id.clone();
        let mut sources = vec![self.source.to_owned()];
        if let Some(old) = self.stored(&id)? {
            // The same record may stand in several ecosystems' archives: the newer one counts.
            if old.sources.iter().any(|s| s != self.source) && old.advisory.modified > advisory.modified {
                return self.keep_other(old, &parsed.name, parsed.digest, meta);
            }
            sources.extend(old.sources.iter().filter(|s| *s != self.source).cloned());
            sources.sort();
            self.unlink(&old)?;
        }
        for package in &packages {
            let affected = advisory.affected.iter().filter(|a| a.package == *package).cloned().collect();
            let entry = PackageEntry {
                id: id.clone(),
                kind: advisory.kind,
                withdrawn: advisory.withdrawn.is_some(),
                unreadable: unreadable.clone(),
                affected,
            };
            self.patch(package).add.push(entry);
            self.pending += 1;
        }
        if advisory.withdrawn.is_none() {
            self.tables.alias.insert(id.as_str(), id.as_str())?;
            for alias in &advisory.aliases {
                self.tables.alias.insert(alias.as_str(), id.as_str())?;
            }
            for upstream in &advisory.upstream {
                self.tables.upstream.insert(upstream.as_str(), id.as_str())?;
            }
        }
        let stored =
            StoredRecord { sources, advisory: Advisory { affected: Vec::new(), ..advisory }, packages, unreadable };
        self.tables.record.insert(id.as_str(), encode(&stored, "record")?.as_slice())?;
        self.own(&parsed.name, parsed.digest, &id)?;
        self.outcome.changed += 1;
        self.count(&stored, meta);
        Ok(())
    }

    /// A record that can no longer be read stays unknown for the packages that it named before.
    fn remember(&self, name: &str, record: UnreadableRecord) -> Result<UnreadableRecord, IntelError> {
        let id = match self.tables.owner.get((self.source, name))? {
            Some(row) if record.packages.is_empty() => row.value().1.to_owned(),
            _ => return Ok(record),
        };
        let packages = self.stored(&id)?.map(|stored| stored.packages).unwrap_or_default();
        Ok(UnreadableRecord { id, packages, why: record.why })
    }

    /// Another source has a newer state of the record: note only that this source has it too.
    fn keep_other(
        &mut self,
        mut old: StoredRecord,
        name: &str,
        digest: Digest16,
        meta: &mut SourceMeta,
    ) -> Result<(), IntelError> {
        if !old.sources.iter().any(|source| source == self.source) {
            old.sources.push(self.source.to_owned());
            old.sources.sort();
        }
        self.tables.record.insert(old.advisory.id.as_str(), encode(&old, "record")?.as_slice())?;
        self.own(name, digest, &old.advisory.id)?;
        self.count(&old, meta);
        Ok(())
    }

    fn own(&mut self, name: &str, digest: Digest16, id: &str) -> Result<(), IntelError> {
        if let Some(before) = self.tables.owner.insert((self.source, name), (digest.as_slice(), id))? {
            let before = before.value().1;
            if before != id {
                self.superseded.insert(before.to_owned());
            }
        }
        Ok(())
    }

    fn patch(&mut self, package: &Package) -> &mut Patch {
        let entry = self.patches.entry(package_key(package));
        &mut entry.or_insert_with(|| (package.clone(), Patch::default())).1
    }

    /// Takes a record out of its packages and aliases.
    fn unlink(&mut self, old: &StoredRecord) -> Result<(), IntelError> {
        let id = &old.advisory.id;
        for package in &old.packages {
            let patch = self.patch(package);
            patch.add.retain(|entry| entry.id != *id);
            patch.remove.insert(id.clone());
            self.pending += 1;
        }
        self.tables.alias.remove(id.as_str(), id.as_str())?;
        for alias in &old.advisory.aliases {
            self.tables.alias.remove(alias.as_str(), id.as_str())?;
        }
        for upstream in &old.advisory.upstream {
            self.tables.upstream.remove(upstream.as_str(), id.as_str())?;
        }
        Ok(())
    }

    /// What this source had and has no more. An id that has only moved to another entry stays.
    fn remove_unseen(&mut self) -> Result<(), IntelError> {
        let mut kept: HashSet<String> = HashSet::new();
        let mut unseen = Vec::new();
        let mut gone = std::mem::take(&mut self.superseded);
        for row in self.tables.owner.range((self.source, "")..)? {
            let (key, value) = row?;
            let (source, name) = key.value();
            if source != self.source {
                break;
            }
            let id = value.value().1.to_owned();
            if self.seen.contains(name) {
                kept.insert(id);
            } else {
                unseen.push(name.to_owned());
                gone.insert(id);
            }
        }
        for name in unseen {
            self.tables.owner.remove((self.source, name.as_str()))?;
            self.outcome.removed += 1;
        }
        for id in gone.into_iter().filter(|id| !kept.contains(id)) {
            let Some(mut stored) = self.stored(&id)? else { continue };
            stored.sources.retain(|source| source != self.source);
            if stored.sources.is_empty() {
                self.unlink(&stored)?;
                self.tables.record.remove(id.as_str())?;
            } else {
                self.tables.record.insert(id.as_str(), encode(&stored, "record")?.as_slice())?;
            }
        }
        Ok(())
    }

    /// Rewrites the packages that have changed.
    fn flush(&mut self) -> Result<(), IntelError> {
        self.pending = 0;
        for (key, (package, patch)) in std::mem::take(&mut self.patches) {
            let mut entries: Vec<PackageEntry> = match self.tables.package.get(key.as_str())? {
                Some(value) => decode(value.value(), "package")?,
                None => Vec::new(),
            };
            let before = entries.len();
            let added: BTreeSet<String> = patch.add.iter().map(|entry| entry.id.clone()).collect();
            entries.retain(|entry| !patch.remove.contains(&entry.id) && !added.contains(&entry.id));
            entries.extend(patch.add);
            entries.sort_by(|a, b| a.id.cmp(&b.id));
            if entries.is_empty() {
                self.tables.package.remove(key.as_str())?;
            } else {
                self.tables.package.insert(key.as_str(), encode(&entries, "package")?.as_slice())?;
            }
            let ecosystem = package.ecosystem.to_string();
            let old = self.tables.ecosystem.get(ecosystem.as_str())?.map_or(0, |v| v.value());
            let new = (old + entries.len() as u64).saturating_sub(before as u64);
            if new == 0 {
                self.tables.ecosystem.remove(ecosystem.as_str())?;
            } else {
                self.tables.ecosystem.insert(ecosystem.as_str(), new)?;
            }
        }
        Ok(())
    }
}

/// Names of the files of a folder, as the entries of a zip of it would be called: two files of one name in different
/// folders are two entries.
struct EntryNames<'a> {
    folder: Option<&'a Path>,
}

impl<'a> EntryNames<'a> {
    fn of(files: &'a [std::path::PathBuf]) -> Self {
        let holds_all = |folder: &&Path| files.iter().all(|file| file.starts_with(folder));
        EntryNames { folder: files.first().and_then(|file| file.ancestors().skip(1).find(holds_all)) }
    }

    fn name(&self, file: &Path) -> String {
        let below = self.folder.and_then(|folder| file.strip_prefix(folder).ok()).unwrap_or(file);
        below.to_string_lossy().into_owned()
    }
}

fn placeholder(record: &UnreadableRecord) -> Advisory {
    Advisory {
        id: record.id.clone(),
        kind: AdvisoryKind::Vulnerability,
        aliases: Vec::new(),
        upstream: Vec::new(),
        summary: String::new(),
        published: None,
        modified: None,
        withdrawn: None,
        severities: Vec::new(),
        cwes: Vec::new(),
        affected: Vec::new(),
        references: Vec::new(),
    }
}

fn digest(bytes: &[u8]) -> Digest16 {
    let mut out = [0; 16];
    for (to, from) in out.iter_mut().zip(Sha256::digest(bytes)) {
        *to = from;
    }
    out
}
