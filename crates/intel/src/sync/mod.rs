//! Synchronisation: the feeds fetched from their services, then imported like those of a folder.

mod cache;
mod client;
mod config;
mod download;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{SyncSender, sync_channel};

use jiff::Timestamp;

pub use config::SyncConfig;

use crate::import::{Arrival, Feed, ImportedSource, Progress, ProgressUnit, Watch, Writer, write};
use crate::layout::Validators;
use crate::{Index, IntelError};
use cache::Cache;
use client::{Requests, Trouble};
use config::Job;
use download::{Downloads, Fetched, Step};

/// Steps of a download that may wait to be shown.
const STEPS_COUNT: usize = 64;

/// What became of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncOutcome {
    /// The service confirmed that the index has its current state.
    NotModified,
    /// There was something new, and it is in the index now.
    Updated(ImportedSource),
    /// What came was refused (see [`ImportedSource::refused`]); what the index had is kept, and the source is marked, so
    /// that every answer that rests on it says so. The next run fetches it again.
    Refused(ImportedSource),
    /// The service could not be asked, or did not answer as it should, for the reason given. The index is as it was:
    /// the age of what it has speaks for itself.
    Failed(String),
}

/// One source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedSource {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub outcome: SyncOutcome,
}

/// What a synchronisation did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncReport {
    /// Advisories by ecosystem first, then the other sources.
    pub sources: Vec<SyncedSource>,
    /// Bytes received.
    pub received_bytes: u64,
}

impl SyncReport {
    /// Whether the index now has the current state of every source that was asked for.
    pub fn is_complete(&self) -> bool {
        let current = |outcome: &SyncOutcome| matches!(outcome, SyncOutcome::NotModified | SyncOutcome::Updated(_));
        self.sources.iter().all(|source| current(&source.outcome))
    }
}

/// Fetches what has changed at the services and imports it into the index at `index`, which is made if it is not there.
///
/// `downloads` is a folder kept between runs: what was fetched, and what was cut short and will be continued. A source
/// that fails does not stop the others. The index changes only at the end, by renaming. A second process with the same
/// folder waits for the first. May be called from anywhere, also from within an asynchronous runtime, which it blocks.
///
/// # Errors
/// [`IntelError::Address`] and [`IntelError::Ecosystem`] for a configuration that cannot be used,
/// [`IntelError::Cancelled`] if the user asked to stop, and errors of the index and the folder themselves.
pub fn sync(
    index: &Path,
    downloads: &Path,
    config: &SyncConfig,
    now: Timestamp,
    progress: &dyn Fn(Progress<'_>),
    cancel: &AtomicBool,
) -> Result<SyncReport, IntelError> {
    let jobs = config.jobs()?;
    let watch = Watch { progress, cancel };
    let cache = Cache::open(downloads, watch)?;
    // An index that is not there or cannot be read holds no state of any source.
    let indexed: BTreeMap<String, Validators> = Index::open(index)
        .map(|index| index.metas().iter().map(|(name, meta)| (name.clone(), meta.validators())).collect())
        .unwrap_or_default();
    let run = Run { jobs: &jobs, cache: &cache, config, now, watch };
    let (fetched, received_bytes) = run.fetch_all(&indexed)?;
    Ok(SyncReport { sources: run.apply(index, &fetched)?, received_bytes })
}

struct Run<'a> {
    jobs: &'a [Job],
    cache: &'a Cache,
    config: &'a SyncConfig,
    now: Timestamp,
    watch: Watch<'a>,
}

/// By job: what was fetched, or why it was not.
type Outcomes = Vec<Result<Fetched, String>>;

impl Run<'_> {
    /// Downloads on a thread of its own, so that an asynchronous runtime of the caller is not in the way, and tells the
    /// progress on this one.
    fn fetch_all(&self, indexed: &BTreeMap<String, Validators>) -> Result<(Outcomes, u64), IntelError> {
        let (sender, steps) = sync_channel(STEPS_COUNT);
        let (jobs, cache, config, now, cancel) = (self.jobs, self.cache, self.config, self.now, self.watch.cancel);
        std::thread::scope(|scope| {
            let worker = scope.spawn(move || {
                let requests = Requests::new(config, now, cancel);
                download(jobs, indexed, Downloads { requests, cache, received: 0 }, &sender)
            });
            for (job, step) in steps {
                let Some(job) = self.jobs.get(job) else { continue };
                let Step { done, total } = step;
                (self.watch.progress)(Progress { source: &job.source, done, total, unit: ProgressUnit::Bytes });
            }
            let failed = || IntelError::Client { why: "the thread that downloads failed".to_owned() };
            worker.join().unwrap_or_else(|_| Err(failed()))
        })
    }

    /// Puts what was fetched into the index; if nothing was, the index is not touched.
    fn apply(&self, index: &Path, fetched: &Outcomes) -> Result<Vec<SyncedSource>, IntelError> {
        let synced = |job: &Job, outcome| SyncedSource { name: job.source.clone(), outcome };
        let failed = |job: &Job, reason: &String| synced(job, SyncOutcome::Failed(reason.clone()));
        let all = || self.jobs.iter().zip(fetched);
        if fetched.iter().all(Result::is_err) {
            return Ok(all().filter_map(|(job, fetched)| Some(failed(job, fetched.as_ref().err()?))).collect());
        }
        let sources = write(index, |writer| {
            let mut sources = Vec::new();
            for (job, fetched) in all() {
                self.watch.check()?;
                sources.push(match fetched {
                    Ok(fetched) => synced(job, self.apply_one(writer, job, fetched)?),
                    Err(reason) => failed(job, reason),
                });
            }
            self.watch.check()?;
            Ok(sources)
        })?;
        // Only now: a run that is stopped before the index has changed must find its files again.
        for (job, source) in self.jobs.iter().zip(&sources) {
            if matches!(source.outcome, SyncOutcome::Refused(_)) {
                self.cache.forget(job)?;
            }
        }
        Ok(sources)
    }

    fn apply_one(&self, writer: &mut Writer, job: &Job, fetched: &Fetched) -> Result<SyncOutcome, IntelError> {
        if fetched.indexed {
            return Ok(if writer.verify(&job.source, self.now, &fetched.validators)? {
                SyncOutcome::NotModified
            } else {
                SyncOutcome::Failed("another process has changed it in the meantime: run again".to_owned())
            });
        }
        let feed = Feed { kind: job.kind, source: job.source.clone(), files: vec![self.cache.file(job)] };
        let validators = fetched.validators.clone();
        let arrival = Arrival { now: self.now, verified: Some(self.now), validators };
        let imported = writer.import(&feed, &arrival, self.watch)?;
        if imported.refused.is_none() {
            return Ok(SyncOutcome::Updated(imported));
        }
        Ok(SyncOutcome::Refused(imported))
    }
}

fn download(
    jobs: &[Job],
    indexed: &BTreeMap<String, Validators>,
    mut downloads: Downloads<'_>,
    sender: &SyncSender<(usize, Step)>,
) -> Result<(Outcomes, u64), IntelError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| IntelError::Client { why: e.to_string() })?;
    let outcomes = runtime.block_on(async {
        let mut outcomes = Vec::new();
        for (number, job) in jobs.iter().enumerate() {
            // Nobody listens any more only if this run is being torn down.
            let step = |step| {
                let _ = sender.send((number, step));
            };
            match downloads.fetch(job, indexed.get(&job.source), &step).await {
                Ok(fetched) => outcomes.push(Ok(fetched)),
                Err(Trouble::Cancelled) => return Err(IntelError::Cancelled),
                Err(Trouble::Passing(reason, _) | Trouble::Stale(reason) | Trouble::Lasting(reason)) => {
                    outcomes.push(Err(reason));
                }
            }
        }
        Ok(outcomes)
    });
    // A name that is still being looked up must not hold up the end.
    runtime.shutdown_background();
    Ok((outcomes?, downloads.received))
}
