//! Threads that share units of work, and subtrees of them when there are no more units.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::id::ObjectId;
use crate::journal::{Entry, Journal};
use crate::problem::{Problem, Problems};
use crate::scan::{Progress, Visitor, journal_problem};
use crate::unit::{Task, Unit, Work, Worker};

/// The visitor is told of progress so often.
const PROGRESS_BLOBS: u64 = 1_024;

/// What the threads share.
pub(crate) struct Shared<'a> {
    units: &'a [Unit],
    cancel: Option<&'a AtomicBool>,
    queue: Mutex<Queue<'a>>,
    changed: Condvar,
    waiting: AtomicUsize,
    total: u64,
    done: AtomicU64,
    bytes: AtomicU64,
    binary: AtomicU64,
    ended: Mutex<Ended>,
}

#[derive(Default)]
struct Queue<'a> {
    next: usize,
    working: usize,
    given: Vec<Task<'a>>,
}

#[derive(Default)]
struct Ended {
    journal: Option<Journal>,
    found: Vec<(ObjectId, Vec<u8>)>,
    problems: Problems,
}

/// What all units have given.
pub(crate) struct Outcome {
    pub(crate) found: Vec<(ObjectId, Vec<u8>)>,
    pub(crate) progress: Progress,
    pub(crate) binary: u64,
    pub(crate) complete: bool,
}

/// Does all units of the plan.
pub(crate) fn run(work: &Work<'_>, threads: usize, journal: Option<Journal>, problems: &mut Problems) -> Outcome {
    let shared = Shared {
        units: &work.plan.units,
        cancel: work.options.cancel,
        queue: Mutex::default(),
        changed: Condvar::new(),
        waiting: AtomicUsize::new(0),
        total: work.plan.total,
        done: AtomicU64::new(0),
        bytes: AtomicU64::new(0),
        binary: AtomicU64::new(0),
        ended: Mutex::new(Ended { journal, ..Ended::default() }),
    };
    if !work.plan.units.is_empty() {
        thread::scope(|scope| {
            for _ in 0..threads.max(1) {
                scope.spawn(|| shared.work(work));
            }
        });
    }
    let complete = !shared.cancelled();
    let progress = shared.progress();
    let binary = shared.binary.load(Ordering::Relaxed);
    let ended = std::mem::take(&mut *shared.ended.lock().unwrap_or_else(PoisonError::into_inner));
    problems.extend(ended.problems.into_sorted());
    if let Some(journal) = &ended.journal
        && journal.flush().is_err()
    {
        problems.push(journal_problem(journal.path()));
    }
    work.visitor.progress(progress);
    Outcome { found: ended.found, progress, binary, complete }
}

enum Next<'a> {
    Unit(&'a Unit),
    Task(Task<'a>),
}

/// Says that a thread has ended its piece of work, also when the visitor panics.
struct Working<'a, 'b>(&'b Shared<'a>);

impl Drop for Working<'_, '_> {
    fn drop(&mut self) {
        let mut queue = self.0.queue();
        queue.working -= 1;
        if queue.working == 0 {
            self.0.changed.notify_all();
        }
    }
}

impl<'a> Shared<'a> {
    fn work(&'a self, work: &'a Work<'a>) {
        let mut worker = Worker::new(work, self);
        while let Some(next) = self.next() {
            let working = Working(self);
            match next {
                Next::Unit(unit) => worker.unit(unit),
                Next::Task(task) => worker.task(task),
            }
            drop(working);
        }
    }

    fn next(&self) -> Option<Next<'a>> {
        let mut queue = self.queue();
        loop {
            // What was given away is taken even after a cancellation, so that its unit comes to an end.
            let mut next = queue.given.pop().map(Next::Task);
            if next.is_none() && !self.cancelled() {
                next = self.units.get(queue.next).map(Next::Unit);
                queue.next += usize::from(next.is_some());
            }
            if next.is_some() {
                queue.working += 1;
                return next;
            }
            if queue.working == 0 {
                return None;
            }
            self.waiting.fetch_add(1, Ordering::Relaxed);
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue<'a>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn cancelled(&self) -> bool {
        self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    }

    /// Whether a thread has nothing to do.
    pub(crate) fn hungry(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    pub(crate) fn give(&self, task: Task<'a>) {
        self.queue().given.push(task);
        self.changed.notify_one();
    }

    pub(crate) fn count(&self, bytes: u64, visitor: &dyn Visitor) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(PROGRESS_BLOBS) {
            visitor.progress(self.progress());
        }
    }

    pub(crate) fn count_binary(&self) {
        self.binary.fetch_add(1, Ordering::Relaxed);
    }

    fn progress(&self) -> Progress {
        let (done, bytes) = (self.done.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed));
        Progress { done, total: self.total, bytes }
    }

    /// Takes in what a unit has given; notes it if all of it is done.
    pub(crate) fn finish(&self, entry: Entry, broken: Vec<Problem>, done: bool) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        if done
            && let Some(journal) = &mut ended.journal
            && journal.append(&entry).is_err()
        {
            let problem = journal_problem(journal.path());
            ended.journal = None;
            ended.problems.push(problem);
        }
        let (Entry::Unit { outcome, .. } | Entry::Loose { outcome, .. } | Entry::Gone { outcome, .. }) = entry;
        ended.found.extend(outcome.found);
        ended.problems.extend(outcome.problems);
        ended.problems.extend(broken);
    }
}
