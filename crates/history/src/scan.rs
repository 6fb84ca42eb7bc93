//! Every blob of a repository, once.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::forest::Forest;
use crate::id::ObjectId;
use crate::journal::{Done, Journal};
use crate::pool;
use crate::problem::{Fault, Problem, Problems};
use crate::references::References;
use crate::repository::{Error, Repository};
use crate::unit::{Unit, Work};

/// Loose objects of one unit of work.
const LOOSE_UNIT: usize = 256;
/// Where a blob is looked at to say whether it is binary.
pub(crate) const SNIFF_BYTES: usize = 8 << 10;

/// How to scan.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Worker threads; 0 for one a processor.
    pub threads: usize,
    /// Blobs larger than this are not decoded but reported as [`Problem::TooLarge`].
    pub limit_bytes: u64,
    /// Whether blobs with a zero byte among their first 8192 are handed over too; else they are counted.
    pub binary: bool,
    /// Where to note what is done, so that another run continues; `None` notes nothing.
    pub resume: Option<Resume<'a>>,
    /// Set from outside to end the run early; what was done by then is noted.
    pub cancel: Option<&'a AtomicBool>,
}

/// A journal of what is done.
#[derive(Clone, Copy, Debug)]
pub struct Resume<'a> {
    /// The file.
    pub journal: &'a Path,
    /// What the records depend on, such as the version of the rules and what [`Visitor::wants`] goes by. Another key, or
    /// another [`Options::limit_bytes`] or [`Options::binary`], starts from nothing.
    pub key: &'a str,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { threads: 0, limit_bytes: 64 << 20, binary: true, resume: None, cancel: None }
    }
}

/// A decoded blob.
#[derive(Clone, Copy, Debug)]
pub struct Blob<'a> {
    /// Its id.
    pub id: ObjectId,
    /// Its contents.
    pub bytes: &'a [u8],
}

impl Blob<'_> {
    /// Whether there is a zero byte among the first 8192, which git too takes for a sign of a binary file.
    pub fn is_binary(&self) -> bool {
        self.bytes.get(..SNIFF_BYTES).unwrap_or(self.bytes).contains(&0)
    }
}

/// How far a scan is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Blobs done in this run.
    pub done: u64,
    /// Blobs to do in this run, loose objects of any kind among them.
    pub total: u64,
    /// Bytes of the blobs that were handed over.
    pub bytes: u64,
}

/// What looks at the blobs. A function that takes a blob and gives a record is one.
pub trait Visitor: Sync {
    /// Whether a blob of this size is to be decoded.
    fn wants(&self, _id: &ObjectId, _size_bytes: u64) -> bool {
        true
    }

    /// Looks at a blob. A record is kept and given back, in later runs too; its form is the visitor's own.
    fn visit(&self, blob: &Blob<'_>) -> Option<Vec<u8>>;

    /// Told now and then how far the scan is, from any thread.
    fn progress(&self, _progress: Progress) {}
}

impl<F: Fn(&Blob<'_>) -> Option<Vec<u8>> + Sync> Visitor for F {
    fn visit(&self, blob: &Blob<'_>) -> Option<Vec<u8>> {
        self(blob)
    }
}

/// What a scan has given.
#[derive(Debug, Default)]
pub struct Scan {
    /// The visitor's records by blob, in the order of the ids: of this run and of those that it continues.
    pub found: Vec<(ObjectId, Vec<u8>)>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
    /// What this run did.
    pub progress: Progress,
    /// Binary blobs that were not handed over in this run, by [`Options::binary`].
    pub binary: u64,
    /// Whether everything was looked at; `false` after a cancellation.
    pub complete: bool,
}

/// Hands every blob of the repository to the visitor: those of all packs and loose ones, its own and borrowed ones,
/// reachable or not, each once however many copies there are.
///
/// # Errors
///
/// If the journal cannot be used. Whatever is wrong with the repository is a problem in the answer.
pub fn scan(repository: &Repository, options: &Options<'_>, visitor: &dyn Visitor) -> Result<Scan, Error> {
    let mut problems = Problems::default();
    problems.extend(repository.problems.iter().cloned());
    let references = References::read(repository, &mut problems);
    for (name, id) in references.names.iter().filter(|(_, id)| !repository.contains(id)) {
        problems.push(Problem::Missing { id: *id, named_by: name.clone() });
    }
    let present: HashSet<ObjectId> = repository.packs.iter().map(|pack| pack.checksum).collect();
    let (journal, done) = match options.resume {
        Some(resume) => {
            let key = format!("{} {} {}", options.limit_bytes, options.binary, resume.key);
            let (journal, done) = Journal::open(resume.journal, &key, &present)?;
            (Some(journal), done)
        }
        None => (None, Done::default()),
    };
    let plan = Plan::new(repository, &done, &present, threads(options), options.cancel, &mut problems);
    let work = Work { repository, options, visitor, plan: &plan };
    let outcome = pool::run(&work, threads(options), journal, &mut problems);
    let mut found = done.found;
    found.extend(outcome.found);
    found.retain(|id, _| repository.contains(id));
    let still = |problem: &Problem| !matches!(problem, Problem::TooLarge { id, .. } if !repository.contains(id));
    problems.extend(done.problems.into_iter().filter(still));
    let complete = outcome.complete && !plan.cut;
    let (progress, binary) = (outcome.progress, outcome.binary);
    Ok(Scan { found: found.into_iter().collect(), problems: problems.into_sorted(), progress, binary, complete })
}

pub(crate) fn threads(options: &Options<'_>) -> usize {
    const THREADS_LIMIT: usize = 256;
    let all = || thread::available_parallelism().map_or(1, usize::from);
    if options.threads == 0 { all() } else { options.threads.min(THREADS_LIMIT) }
}

/// What is to be done.
pub(crate) struct Plan {
    /// The forest of each pack that is not done in full.
    pub(crate) forests: Vec<Option<Forest>>,
    /// Packs to which each pack leaves the objects that both have.
    pub(crate) relied: Vec<Vec<ObjectId>>,
    pub(crate) units: Vec<Unit>,
    pub(crate) total: u64,
    /// Whether it is not all, because of a cancellation.
    cut: bool,
}

impl Plan {
    fn new(
        repository: &Repository,
        done: &Done,
        present: &HashSet<ObjectId>,
        threads: usize,
        cancel: Option<&AtomicBool>,
        problems: &mut Problems,
    ) -> Self {
        let packs = &repository.packs;
        let skip: Vec<Option<BTreeSet<u32>>> = packs.iter().map(|pack| done.units(&pack.checksum, present)).collect();
        let elsewhere = elsewhere(repository, &skip);
        let todo: Vec<usize> = (0..).zip(&skip).filter(|(_, skip)| skip.is_some()).map(|(at, _)| at).collect();
        let cut = AtomicBool::new(false);
        let build = |at: usize| {
            if cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
                cut.store(true, Ordering::Relaxed);
                return None;
            }
            let (pack, elsewhere) = (packs.get(at)?, elsewhere.get(at)?);
            Some((at, Forest::build(pack, |number| !elsewhere.contains_key(&number))))
        };
        let mut forests: Vec<Option<Forest>> = packs.iter().map(|_| None).collect();
        let next = std::sync::atomic::AtomicUsize::new(0);
        thread::scope(|scope| {
            let worker = || {
                let mut built = Vec::new();
                while let Some(&at) = todo.get(next.fetch_add(1, Ordering::Relaxed)) {
                    built.extend(build(at));
                }
                built
            };
            let workers: Vec<_> = (0..threads.min(todo.len())).map(|_| scope.spawn(worker)).collect();
            for (at, forest) in workers.into_iter().filter_map(|worker| worker.join().ok()).flatten() {
                if let Some(slot) = forests.get_mut(at) {
                    *slot = Some(forest);
                }
            }
        });
        let mut plan = Self { forests, relied: Vec::new(), units: Vec::new(), total: 0, cut: cut.into_inner() };
        for ((number, elsewhere), skip) in (0..).zip(&elsewhere).zip(&skip) {
            let owners: BTreeSet<usize> = elsewhere.values().copied().collect();
            let owners = owners.iter().filter_map(|&owner| packs.get(owner)).map(|pack| pack.checksum);
            plan.relied.push(owners.collect());
            plan.add_pack(repository, number, skip.as_ref(), problems);
        }
        plan.add_loose(repository, done, problems);
        plan
    }

    fn add_pack(
        &mut self,
        repository: &Repository,
        number: usize,
        skip: Option<&BTreeSet<u32>>,
        problems: &mut Problems,
    ) {
        let (Some(skip), Some(Some(forest)), Some(pack)) =
            (skip, self.forests.get(number), repository.packs.get(number))
        else {
            return;
        };
        for (at, fault) in &forest.broken {
            match pack.index.id(forest.number(*at)) {
                Some(id) if crate::unit::copies(repository, &id) < 2 => {
                    problems.push(Problem::Broken { id, fault: *fault });
                }
                Some(id) => self.units.push(Unit::Loose(vec![id])),
                None => problems.push(Problem::File { path: pack.path.clone(), fault: *fault }),
            }
        }
        // The last unit is empty. It stands for the headers, and is never done while one of them is broken.
        let of = u32::try_from(forest.units() + 1).unwrap_or(u32::MAX);
        let sound = if forest.broken.is_empty() { of } else { of - 1 };
        for unit in (0..sound).filter(|unit| !skip.contains(unit)) {
            self.total += forest.roots(unit).map(|at| u64::from(forest.weight(at))).sum::<u64>();
            self.units.push(Unit::Pack { pack: number, unit, of });
        }
    }

    fn add_loose(&mut self, repository: &Repository, done: &Done, problems: &mut Problems) {
        let packed = |id: &ObjectId| repository.packs.iter().any(|pack| pack.index.find(id).is_some());
        let mut loose = repository.loose(problems);
        loose.retain(|id| !done.loose.contains(id) && !packed(id));
        self.total += loose.len() as u64;
        self.units.extend(loose.chunks(LOOSE_UNIT).map(|ids| Unit::Loose(ids.to_vec())));
    }
}

/// For each pack, its objects that a pack before it has too, and which pack that is.
fn elsewhere(repository: &Repository, skip: &[Option<BTreeSet<u32>>]) -> Vec<HashMap<u32, usize>> {
    let packs = &repository.packs;
    let mut elsewhere: Vec<HashMap<u32, usize>> = packs.iter().map(|_| HashMap::new()).collect();
    for ((later, pack), skip) in (0..).zip(packs).zip(skip) {
        let Some(own) = elsewhere.get_mut(later).filter(|_| skip.is_some()) else { continue };
        for (earlier, other) in (0..later).zip(packs) {
            let (few, many) = if pack.index.count <= other.index.count { (pack, other) } else { (other, pack) };
            for number in 0..few.index.count {
                let Some(id) = few.index.id(number) else { continue };
                let Some(match_number) = many.index.find(&id) else { continue };
                let ours = if pack.index.count <= other.index.count { number } else { match_number };
                own.entry(ours).or_insert(earlier);
            }
        }
    }
    elsewhere
}

/// What is wrong with a file that is the caller's own.
pub(crate) fn journal_problem(path: &Path) -> Problem {
    Problem::File { path: path.to_path_buf(), fault: Fault::Unreadable }
}
