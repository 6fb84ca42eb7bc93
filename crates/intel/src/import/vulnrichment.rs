//! Import of CVE 5 records with CISA's assessments: single files, and zips of the repository.

use jiff::Timestamp;
use jiff::civil::Date;
use redb::{ReadableTable, Table, WriteTransaction};
use yata_formats::feeds::parse_cve5;

use super::archive::{Archive, Raw};
use super::feed::{Feed, is_cve_file, is_zip};
use super::writer::{MAX_NAMED_COUNT, clear, empty, latest_day, read_file};
use super::{ImportedSource, Watch};
use crate::IntelError;
use crate::layout::{SSVC, SourceMeta, decode, encode};

/// After how many records the user may stop the import and sees how far it is.
const STEP_COUNT: u64 = 256;

struct Import<'txn> {
    table: Table<'txn, &'static str, &'static [u8]>,
    outcome: ImportedSource,
    newest: Option<Date>,
    latest: Date,
}

/// Replaces all assessments by those of the feed.
pub(crate) fn import(
    txn: &WriteTransaction,
    feed: &Feed,
    meta: &mut SourceMeta,
    now: Timestamp,
    watch: Watch<'_>,
) -> Result<ImportedSource, IntelError> {
    clear(txn, SSVC)?;
    let mut import =
        Import { table: txn.open_table(SSVC)?, outcome: empty(feed), newest: None, latest: latest_day(now) };
    let files = feed.files.len() as u64;
    for (done, path) in (0_u64..).zip(&feed.files) {
        if is_zip(path) {
            let mut archive = match Archive::open(path)? {
                Ok(archive) => archive,
                Err(reason) => return Ok(refuse(import.outcome, reason)),
            };
            while let Some(raw) = archive.next_json() {
                match raw {
                    Ok(raw) if is_cve_file(&raw.name) => import.record(&raw)?,
                    Ok(_) => {}
                    Err(reason) => return Ok(refuse(import.outcome, reason)),
                }
                step(watch, &feed.source, archive.done(), archive.len())?;
            }
        } else {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            import.record(&Raw { name, bytes: read_file(path) })?;
            step(watch, &feed.source, done, files)?;
        }
    }
    let Import { mut outcome, newest, .. } = import;
    outcome.changed = outcome.records;
    if outcome.records == 0 {
        return Ok(refuse(outcome, "none of its records has an SSVC assessment".to_owned()));
    }
    meta.content_date = newest;
    Ok(outcome)
}

fn refuse(outcome: ImportedSource, reason: String) -> ImportedSource {
    ImportedSource { refused: Some(reason), ..outcome }
}

fn step(watch: Watch<'_>, source: &str, done: u64, total: u64) -> Result<(), IntelError> {
    if done.is_multiple_of(STEP_COUNT) {
        watch.check()?;
        watch.records(source, done, total);
    }
    Ok(())
}

impl Import<'_> {
    fn record(&mut self, raw: &Raw) -> Result<(), IntelError> {
        let read = match &raw.bytes {
            Ok(bytes) => parse_cve5(bytes).map_err(|e| e.to_string()),
            Err(reason) => Err(reason.clone()),
        };
        match read {
            Ok(Some(assessment)) => {
                let cve = assessment.cve.as_str();
                let known: Option<yata_model::SsvcAssessment> =
                    self.table.get(cve)?.map(|value| decode(value.value(), "ssvc")).transpose()?;
                // Of two records on one CVE the later assessment counts.
                if known.as_ref().is_none_or(|known| known.date <= assessment.date) {
                    self.table.insert(cve, encode(&assessment, "ssvc")?.as_slice())?;
                }
                self.newest = self.newest.max(assessment.date.filter(|day| *day <= self.latest));
                self.outcome.records += u64::from(known.is_none());
            }
            Ok(None) => {}
            Err(reason) => {
                self.outcome.unreadable += 1;
                if self.outcome.unreadable_names.len() < MAX_NAMED_COUNT {
                    let file = raw.name.rsplit('/').next().unwrap_or_default();
                    let name = file.strip_suffix(".json").unwrap_or(file);
                    self.outcome.unreadable_names.push(format!("{name}: {reason}"));
                }
            }
        }
        Ok(())
    }
}
