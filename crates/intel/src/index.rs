//! The index, opened for reading.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use redb::{
    Builder, ReadOnlyDatabase, ReadOnlyMultimapTable, ReadOnlyTable, ReadableDatabase, ReadableTable, TableError,
};
use yata_formats::feeds::EpssScore;
use yata_model::{
    Advisory, AdvisoryGroup, AdvisoryKind, KevEntry, Package, Reference, SsvcAssessment, is_cve_id, preferred_id,
};

use crate::IntelError;
use crate::layout::{
    ALIAS, DECISION_TABLE, ECOSYSTEM, EPSS, KEV, LAYOUT, META, PACKAGE, PackageEntry, RECORD, SOURCE, SSVC, SourceMeta,
    StoredRecord, UPSTREAM, decode, epss_block, find_epss, package_key,
};
use crate::source::{MaxAges, Sources};

/// Memory that the database may use as a page cache while reading, in bytes.
const READ_CACHE_BYTES: usize = 32 * 1024 * 1024;
/// The most ids that one set of aliases may have; a feed that links more is wrong, and the rest is left apart.
const MAX_ALIASES_COUNT: usize = 256;

/// The index of advisories and exploitation evidence: one state of it, until it is opened again.
///
/// Opening reads a page or two; each look-up reads what it needs.
pub struct Index {
    sources: BTreeMap<String, SourceMeta>,
    ecosystems: Vec<String>,
    record: ReadOnlyTable<&'static str, &'static [u8]>,
    package: ReadOnlyTable<&'static str, &'static [u8]>,
    alias: ReadOnlyMultimapTable<&'static str, &'static str>,
    upstream: ReadOnlyMultimapTable<&'static str, &'static str>,
    kev: ReadOnlyTable<&'static str, &'static [u8]>,
    epss: ReadOnlyTable<u64, &'static [u8]>,
    ssvc: ReadOnlyTable<&'static str, &'static [u8]>,
    decision_table: ReadOnlyTable<&'static str, &'static [u8]>,
    _database: ReadOnlyDatabase,
}

/// All that is known under one id, for `--explain`.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The group.
    pub group: AdvisoryGroup,
    /// Its records, withdrawn ones too, without their affected entries.
    pub records: Vec<Advisory>,
    /// The packages that its records name.
    pub packages: Vec<Package>,
}

impl Index {
    /// Opens the index for reading.
    ///
    /// # Errors
    /// [`IntelError::Missing`] if there is none, [`IntelError::Layout`] if another version wrote it,
    /// [`IntelError::Unreadable`] if it is damaged.
    pub fn open(path: &Path) -> Result<Index, IntelError> {
        if !path.exists() {
            return Err(IntelError::Missing { path: path.to_owned() });
        }
        Index::open_existing(path).map_err(|error| match error {
            IntelError::Database(source) => IntelError::Unreadable { path: path.to_owned(), source },
            other => other,
        })
    }

    fn open_existing(path: &Path) -> Result<Index, IntelError> {
        let unreadable = |source: redb::Error| IntelError::Database(Box::new(source));
        let database =
            Builder::new().set_cache_size(READ_CACHE_BYTES).open_read_only(path).map_err(|e| unreadable(e.into()))?;
        let txn = database.begin_read()?;
        let layout_error = |found| IntelError::Layout { path: PathBuf::from(path), found, expected: LAYOUT };
        let found = match txn.open_table(META) {
            Ok(meta) => meta.get("layout")?.map_or(0, |value| value.value()),
            Err(TableError::TableDoesNotExist(_)) => 0,
            Err(error) => return Err(error.into()),
        };
        if found != LAYOUT {
            return Err(layout_error(found));
        }
        let mut sources = BTreeMap::new();
        for row in txn.open_table(SOURCE)?.iter()? {
            let (name, value) = row?;
            sources.insert(name.value().to_owned(), decode(value.value(), "source")?);
        }
        let mut ecosystems = Vec::new();
        for row in txn.open_table(ECOSYSTEM)?.iter()? {
            ecosystems.push(row?.0.value().to_owned());
        }
        Ok(Index {
            sources,
            ecosystems,
            record: txn.open_table(RECORD)?,
            package: txn.open_table(PACKAGE)?,
            alias: txn.open_multimap_table(ALIAS)?,
            upstream: txn.open_multimap_table(UPSTREAM)?,
            kev: txn.open_table(KEV)?,
            epss: txn.open_table(EPSS)?,
            ssvc: txn.open_table(SSVC)?,
            decision_table: txn.open_table(DECISION_TABLE)?,
            _database: database,
        })
    }

    /// The standing of every source on a day.
    pub fn sources(&self, today: Date, ages: &MaxAges) -> Sources {
        Sources::new(&self.sources, self.ecosystems.clone(), today, ages)
    }

    /// What is known of every source, by name.
    pub(crate) fn metas(&self) -> &BTreeMap<String, SourceMeta> {
        &self.sources
    }

    /// The SSVC JSON of every imported decision table, by `namespace:key:version`.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn decision_tables(&self) -> Result<Vec<(String, Vec<u8>)>, IntelError> {
        let mut out = Vec::new();
        for row in self.decision_table.iter()? {
            let (key, value) = row?;
            out.push((key.value().to_owned(), value.value().to_owned()));
        }
        Ok(out)
    }

    /// What is known under an id, whether it is a record's own or an alias; `None` if nothing is.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn known(&self, id: &str) -> Result<Option<Known>, IntelError> {
        let group = self.group(id)?;
        let mut records = Vec::new();
        let mut packages = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let ids = group.iter().flat_map(|g| g.ids.iter().cloned()).chain([id.to_owned()]);
        for id in ids {
            if let Some(stored) = self.record(&id)?
                && seen.insert(id)
            {
                records.push(stored.advisory);
                packages.extend(stored.packages);
            }
        }
        packages.sort();
        packages.dedup();
        let Some(group) = group.or_else(|| records.first().map(|r| merge(&[r.id.clone()].into(), &[]))) else {
            return Ok(None);
        };
        Ok(Some(Known { group, records, packages }))
    }

    /// The records that pass an upstream vulnerability on (errata of distributions), by id.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn passed_on_by(&self, id: &str) -> Result<Vec<String>, IntelError> {
        let mut out = Vec::new();
        for record in self.upstream.get(id)? {
            out.push(record?.value().to_owned());
        }
        Ok(out)
    }

    /// The group of all records that are, through any chain of aliases, about the same thing as `id`.
    /// Withdrawn records neither count nor connect. `None` if no record bears or names the id.
    pub(crate) fn group(&self, id: &str) -> Result<Option<AdvisoryGroup>, IntelError> {
        let mut ids: BTreeSet<String> = BTreeSet::from([id.to_owned()]);
        let mut open = vec![id.to_owned()];
        let mut read: BTreeSet<String> = BTreeSet::new();
        let mut records: Vec<StoredRecord> = Vec::new();
        while let Some(id) = open.pop() {
            for record_id in self.alias.get(id.as_str())? {
                let record_id = record_id?.value().to_owned();
                if !read.insert(record_id.clone()) {
                    continue;
                }
                let Some(stored) = self.record(&record_id)? else { continue };
                for other in stored.advisory.aliases.iter().chain([&record_id]) {
                    if ids.len() < MAX_ALIASES_COUNT && ids.insert(other.clone()) {
                        open.push(other.clone());
                    }
                }
                records.push(stored);
            }
        }
        if records.is_empty() {
            return Ok(None);
        }
        records.sort_by(|a, b| a.advisory.id.cmp(&b.advisory.id));
        Ok(Some(merge(&ids, &records)))
    }

    pub(crate) fn record(&self, id: &str) -> Result<Option<StoredRecord>, IntelError> {
        self.record.get(id)?.map(|value| decode(value.value(), "record")).transpose()
    }

    pub(crate) fn package(&self, package: &Package) -> Result<Vec<PackageEntry>, IntelError> {
        match self.package.get(package_key(package).as_str())? {
            Some(value) => decode(value.value(), "package"),
            None => Ok(Vec::new()),
        }
    }

    pub(crate) fn kev(&self, cve: &str) -> Result<Option<KevEntry>, IntelError> {
        self.kev.get(cve)?.map(|value| decode(value.value(), "kev")).transpose()
    }

    pub(crate) fn ssvc(&self, cve: &str) -> Result<Option<SsvcAssessment>, IntelError> {
        self.ssvc.get(cve)?.map(|value| decode(value.value(), "ssvc")).transpose()
    }

    pub(crate) fn epss(&self, cve: &str) -> Result<Option<EpssScore>, IntelError> {
        let Some((year, number)) = EpssScore::key(cve) else { return Ok(None) };
        let block = self.epss.get(epss_block(year, number))?;
        Ok(block.and_then(|block| find_epss(block.value(), year, number)))
    }
}

/// One group out of its records: the strongest kind, the best text, all evidence.
fn merge(ids: &BTreeSet<String>, records: &[StoredRecord]) -> AdvisoryGroup {
    let ids: Vec<String> = ids.iter().cloned().collect();
    let advisories = || records.iter().map(|stored| &stored.advisory);
    // GHSA and RustSec write titles; PYSEC's first line of details is the fallback.
    let summary = advisories()
        .filter(|a| !a.summary.is_empty())
        .min_by_key(|a| (!a.id.starts_with("GHSA-"), a.id.starts_with("PYSEC-"), a.id.clone()))
        .map(|a| a.summary.clone())
        .unwrap_or_default();
    let mut cves: Vec<String> = ids.iter().filter(|id| is_cve_id(id)).cloned().collect();
    cves.extend(advisories().flat_map(|a| a.upstream.iter()).filter(|id| is_cve_id(id)).cloned());
    sort_dedup(&mut cves);
    let mut severities: Vec<_> = advisories().flat_map(|a| a.severities.iter().cloned()).collect();
    let mut seen = std::collections::HashSet::new();
    severities.retain(|severity| seen.insert(severity.clone()));
    severities.sort_by_key(|s| std::cmp::Reverse(s.kind));
    severities.sort_by_key(|s| s.kind == yata_model::SeverityKind::Word);
    let mut references: Vec<Reference> = Vec::new();
    for reference in advisories().flat_map(|a| &a.references) {
        if !references.iter().any(|r| r.url == reference.url) {
            references.push(reference.clone());
        }
    }
    references.sort_by_key(|r| r.kind != "ADVISORY");
    let mut sources: Vec<String> = records.iter().flat_map(|stored| stored.sources.iter().cloned()).collect();
    sort_dedup(&mut sources);
    let mut cwes: Vec<String> = advisories().flat_map(|a| a.cwes.iter().cloned()).collect();
    sort_dedup(&mut cwes);
    AdvisoryGroup {
        id: preferred_id(&ids).cloned().unwrap_or_default(),
        kind: advisories().map(|a| a.kind).min().unwrap_or(AdvisoryKind::Vulnerability),
        summary,
        published: advisories().filter_map(|a| a.published).min(),
        modified: advisories().filter_map(|a| a.modified).max(),
        severities,
        cwes,
        cves,
        references,
        sources,
        ids,
    }
}

fn sort_dedup(list: &mut Vec<String>) {
    list.sort();
    list.dedup();
}
