//! The work of one thread: decoding the blobs of a unit and handing them over.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::DECODE_LIMIT_BYTES;
use crate::delta;
use crate::file::Window;
use crate::forest::Forest;
use crate::id::ObjectId;
use crate::inflate::Inflater;
use crate::journal::{Entry, Outcome};
use crate::object::Kind;
use crate::pack::{self, Pack, Stored};
use crate::pool::Shared;
use crate::problem::{Fault, Problem};
use crate::reader::Reader;
use crate::repository::Repository;
use crate::scan::{Blob, Options, Plan, SNIFF_BYTES, Visitor};

/// What all threads work on.
pub(crate) struct Work<'a> {
    pub(crate) repository: &'a Repository,
    pub(crate) options: &'a Options<'a>,
    pub(crate) visitor: &'a dyn Visitor,
    pub(crate) plan: &'a Plan,
}

/// A piece of work that is noted as a whole.
#[derive(Debug)]
pub(crate) enum Unit {
    /// Some trees of a pack's forest.
    Pack { pack: usize, unit: u32, of: u32 },
    /// Some loose objects.
    Loose(Vec<ObjectId>),
}

/// A unit in work, perhaps by several threads.
pub(crate) struct Running<'a> {
    pub(crate) unit: &'a Unit,
    /// Tasks that are not done.
    tasks: AtomicUsize,
    result: Mutex<Outcome>,
    broken: Mutex<Vec<(ObjectId, Fault)>>,
}

/// A subtree of a unit, to be done by any thread.
pub(crate) struct Task<'a> {
    pub(crate) running: Arc<Running<'a>>,
    subtree: Subtree,
}

/// An entry to decode, with the base that it is a difference to.
struct Subtree {
    at: u32,
    base: Option<Arc<Vec<u8>>>,
}

/// One thread's tools.
pub(crate) struct Worker<'a> {
    work: &'a Work<'a>,
    shared: &'a Shared<'a>,
    inflater: Inflater,
    window: Window,
}

/// What came of decoding an entry.
enum Decoded {
    /// Its bytes, and whether they are for the visitor.
    Bytes(Vec<u8>, bool),
    /// Nobody needs it.
    Unneeded,
}

impl<'a> Worker<'a> {
    pub(crate) fn new(work: &'a Work<'a>, shared: &'a Shared<'a>) -> Self {
        Self { work, shared, inflater: Inflater::new(), window: Window::new() }
    }

    /// Does a whole unit, but for what it gives to idle threads.
    pub(crate) fn unit(&mut self, unit: &'a Unit) {
        let running =
            Arc::new(Running { unit, tasks: AtomicUsize::new(1), result: Mutex::default(), broken: Mutex::default() });
        match unit {
            Unit::Pack { pack, unit, .. } => {
                let forest = self.work.plan.forests.get(*pack).and_then(Option::as_ref);
                for root in forest.into_iter().flat_map(|forest| forest.roots(*unit)) {
                    if self.shared.cancelled() {
                        break;
                    }
                    self.subtree(&running, Subtree { at: root, base: None });
                }
            }
            Unit::Loose(ids) => ids.iter().for_each(|id| self.loose(&running, *id)),
        }
        self.end(&running);
    }

    /// Does what another thread has given away.
    pub(crate) fn task(&mut self, task: Task<'a>) {
        self.subtree(&task.running, task.subtree);
        self.end(&task.running);
    }

    /// Depth first, the heaviest child last and without keeping its base: so no more bases are held at a time than the
    /// binary logarithm of the tree's size.
    fn subtree(&mut self, running: &Arc<Running<'a>>, subtree: Subtree) {
        let Unit::Pack { pack: number, .. } = running.unit else { return };
        let (Some(pack), Some(Some(forest))) =
            (self.work.repository.packs.get(*number), self.work.plan.forests.get(*number))
        else {
            return;
        };
        let mut stack = vec![subtree];
        while let Some(Subtree { at, base }) = stack.pop() {
            if self.shared.cancelled() {
                return;
            }
            let decoded = self.decode(running, (*number, pack), forest, at, base.as_deref());
            drop(base);
            match decoded {
                Ok(Decoded::Bytes(bytes, visible)) => {
                    if visible && let Some(id) = pack.index.id(forest.number(at)) {
                        self.visit(running, id, &bytes);
                    }
                    push_children(&mut stack, forest, at, bytes);
                }
                Ok(Decoded::Unneeded) => {}
                Err(fault) => self.broken(running, pack, forest, at, fault),
            }
            if stack.len() > 1 && self.shared.hungry() {
                let subtree = stack.remove(0);
                running.tasks.fetch_add(1, Ordering::AcqRel);
                self.shared.give(Task { running: Arc::clone(running), subtree });
            }
        }
    }

    fn decode(
        &mut self,
        running: &Running<'a>,
        (number, pack): (usize, &Pack),
        forest: &Forest,
        at: u32,
        base: Option<&Vec<u8>>,
    ) -> Result<Decoded, Fault> {
        let (start, end) = forest.extent(at);
        let bytes = self.window.read(number, &pack.file, start, end)?;
        let header = pack::header(bytes, start)?;
        let compressed = bytes.get(header.length..).unwrap_or_default();
        let delta = match base {
            None => None,
            Some(_) if header.size > DECODE_LIMIT_BYTES => return Err(Fault::TooLarge),
            Some(_) => Some(self.inflater.inflate(compressed, length(header.size)?)?),
        };
        if delta.is_none() && !matches!(header.stored, Stored::Whole(_)) {
            return Err(Fault::Base);
        }
        let size = delta.as_ref().map_or(Ok(header.size), |delta| delta::sizes(delta).map(|sizes| sizes.1))?;
        let wanted = forest.wanted(at);
        let mut visible = false;
        if wanted {
            let id = pack.index.id(forest.number(at)).ok_or(Fault::Malformed)?;
            visible = visible_to(self.work, self.shared, running, id, size);
        }
        let needed = forest.weight(at) > u32::from(wanted);
        if visible && !needed && !self.work.options.binary && delta.is_none() && size > 8 * SNIFF_BYTES as u64 {
            let head = self.inflater.head(compressed, SNIFF_BYTES)?;
            if head.contains(&0) {
                self.shared.count_binary();
                self.shared.count(0, self.work.visitor);
                visible = false;
            }
        }
        if !visible && !needed {
            return Ok(Decoded::Unneeded);
        }
        if size > DECODE_LIMIT_BYTES {
            return Err(Fault::TooLarge);
        }
        let bytes = match (delta, base) {
            (Some(delta), Some(base)) => delta::apply(base, &delta, DECODE_LIMIT_BYTES)?,
            _ => self.inflater.inflate(compressed, length(size)?)?,
        };
        Ok(Decoded::Bytes(bytes, visible))
    }

    fn visit(&self, running: &Running<'a>, id: ObjectId, bytes: &[u8]) {
        let blob = Blob { id, bytes };
        if !self.work.options.binary && blob.is_binary() {
            self.shared.count_binary();
        } else if let Some(record) = self.work.visitor.visit(&blob) {
            running.add(|result| result.found.push((id, record)));
        }
        self.shared.count(bytes.len() as u64, self.work.visitor);
    }

    /// Notes that an entry and all that hangs under it cannot be decoded.
    fn broken(&self, running: &Running<'a>, pack: &Pack, forest: &Forest, at: u32, fault: Fault) {
        let mut broken = running.broken.lock().unwrap_or_else(PoisonError::into_inner);
        let mut stack = vec![at];
        while let Some(next) = stack.pop() {
            if let Some(id) = pack.index.id(forest.number(next)).filter(|_| forest.wanted(next)) {
                broken.push((id, if next == at { fault } else { Fault::Base }));
            }
            stack.extend(forest.children(next).iter().filter(|&&child| forest.weight(child) > 0));
        }
    }

    fn loose(&mut self, running: &Running<'a>, id: ObjectId) {
        if self.shared.cancelled() {
            return;
        }
        let opened = self.work.repository.open_loose(&id, &mut self.inflater);
        let decoded = match opened {
            Some(Ok(loose)) if loose.kind != Kind::Blob => Ok(None),
            Some(Ok(loose)) if !visible_to(self.work, self.shared, running, id, loose.size) => return,
            Some(Ok(loose)) => loose.decode(&mut self.inflater, DECODE_LIMIT_BYTES).map(Some),
            Some(Err(fault)) => Err(fault),
            None => Err(Fault::Unreadable),
        };
        match decoded {
            Ok(Some(bytes)) => self.visit(running, id, &bytes),
            Ok(None) => self.shared.count(0, self.work.visitor),
            Err(fault) => running.broken.lock().unwrap_or_else(PoisonError::into_inner).push((id, fault)),
        }
    }

    /// Ends one task of a unit; the last one ends the unit.
    fn end(&mut self, running: &Running<'a>) {
        if running.tasks.fetch_sub(1, Ordering::AcqRel) != 1 {
            return;
        }
        let broken = std::mem::take(&mut *running.broken.lock().unwrap_or_else(PoisonError::into_inner));
        let broken = self.try_other_copies(running, broken);
        let outcome = std::mem::take(&mut *running.result.lock().unwrap_or_else(PoisonError::into_inner));
        let done = broken.is_empty() && !self.shared.cancelled();
        let broken = broken.into_iter().map(|(id, fault)| Problem::Broken { id, fault }).collect();
        self.shared.finish(self.entry(running.unit, outcome), broken, done);
    }

    /// Reads the broken objects from other packs, where they are there too; gives those that are broken everywhere.
    fn try_other_copies(&self, running: &Running<'a>, broken: Vec<(ObjectId, Fault)>) -> Vec<(ObjectId, Fault)> {
        let mut reader = Reader::new(self.work.repository);
        let mut rest = Vec::new();
        for (id, fault) in broken {
            let single = matches!(running.unit, Unit::Pack { .. }) && copies(self.work.repository, &id) < 2;
            match if single { Err(fault) } else { reader.read(&id) } {
                Ok(Some((Kind::Blob, bytes))) => self.visit(running, id, &bytes),
                Ok(Some(_)) => {}
                _ => {
                    self.shared.count(0, self.work.visitor);
                    rest.push((id, fault));
                }
            }
        }
        rest
    }

    fn entry(&self, unit: &Unit, outcome: Outcome) -> Entry {
        match unit {
            Unit::Pack { pack, unit, of } => {
                let checksum = self.work.repository.packs.get(*pack).map_or(ObjectId([0; 20]), |pack| pack.checksum);
                let relied = self.work.plan.relied.get(*pack).cloned().unwrap_or_default();
                Entry::Unit { pack: checksum, unit: *unit, of: *of, relied, outcome }
            }
            Unit::Loose(ids) => Entry::Loose { ids: ids.clone(), outcome },
        }
    }
}

impl Running<'_> {
    fn add(&self, change: impl FnOnce(&mut Outcome)) {
        change(&mut self.result.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Whether a blob is for the visitor; if not, it is counted here.
fn visible_to(work: &Work<'_>, shared: &Shared<'_>, running: &Running<'_>, id: ObjectId, size: u64) -> bool {
    if size > work.options.limit_bytes {
        running.add(|result| result.problems.push(Problem::TooLarge { id, size_bytes: size }));
    } else if work.visitor.wants(&id, size) {
        return true;
    }
    shared.count(0, work.visitor);
    false
}

/// How many copies of an object there are: in packs, and loose.
pub(crate) fn copies(repository: &Repository, id: &ObjectId) -> usize {
    let packed = repository.packs.iter().filter(|pack| pack.index.find(id).is_some()).count();
    packed + usize::from(repository.has_loose(id))
}

/// Puts the children that have something to scan on the stack, the heaviest at the bottom.
fn push_children(stack: &mut Vec<Subtree>, forest: &Forest, at: u32, bytes: Vec<u8>) {
    let children = forest.children(at).iter().copied().filter(|&child| forest.weight(child) > 0);
    let first = stack.len();
    let base = Arc::new(bytes);
    stack.extend(children.map(|child| Subtree { at: child, base: Some(Arc::clone(&base)) }));
    let mut heaviest = first;
    for place in first..stack.len() {
        let weight = |place: usize| stack.get(place).map_or(0, |subtree| forest.weight(subtree.at));
        if weight(place) > weight(heaviest) {
            heaviest = place;
        }
    }
    if first < heaviest {
        stack.swap(first, heaviest);
    }
}

fn length(size: u64) -> Result<usize, Fault> {
    if size > DECODE_LIMIT_BYTES { Err(Fault::TooLarge) } else { usize::try_from(size).map_err(|_| Fault::TooLarge) }
}
