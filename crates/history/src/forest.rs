//! The blobs of one pack as a forest: each difference hangs under its base, so that every base is decoded once.

use std::collections::HashSet;

use crate::file::Window;
use crate::object::Kind;
use crate::pack::{self, Pack, Stored};
use crate::problem::Fault;

/// Stands for no entry.
const NONE: u32 = u32::MAX;
/// What one step of the pass over the headers reads, and the most that a header needs.
const STEP_BYTES: u64 = 1 << 20;
const HEADER_BYTES: u64 = 64;
/// A unit of work ends with the tree that fills it: this many blobs, or this many bytes of the pack.
const UNIT_BLOBS: u32 = 4_096;
const UNIT_BYTES: u64 = 8 << 20;

/// The blobs of a pack by their bases. An entry is named by its place in the pack.
pub(crate) struct Forest {
    /// Offset and number in the index of every entry, in the order of the pack.
    order: Vec<(u64, u32)>,
    /// Where the children of an entry begin in `children`.
    starts: Vec<u32>,
    children: Vec<u32>,
    /// How many blobs of the subtree are to be scanned, the entry itself included.
    weights: Vec<u32>,
    wanted: Vec<bool>,
    roots: Vec<u32>,
    /// Where in `roots` each unit ends.
    units: Vec<usize>,
    /// Entries that could not be placed.
    pub(crate) broken: Vec<(u32, Fault)>,
    end: u64,
}

impl Forest {
    /// Reads the headers of a pack. `wanted` says of a number in the index whether that object is to be scanned.
    pub(crate) fn build(pack: &Pack, wanted: impl Fn(u32) -> bool) -> Self {
        let order = pack.in_order();
        let mut broken = Vec::new();
        let (parents, is_blob) = read_headers(pack, &order, &mut broken);
        let (starts, children) = children_of(&parents);
        let mut forest = Self {
            wanted: vec![false; order.len()],
            weights: vec![0; order.len()],
            starts,
            children,
            roots: Vec::new(),
            units: Vec::new(),
            broken,
            end: pack.end(),
            order,
        };
        forest.weigh(&parents, &is_blob, wanted);
        forest.cut();
        forest
    }

    /// Marks what is wanted under blobs, and finds what hangs under nothing.
    fn weigh(&mut self, parents: &[u32], is_blob: &[bool], wanted: impl Fn(u32) -> bool) {
        let mut queue: Vec<u32> = Vec::new();
        let mut reached = vec![false; parents.len()];
        let known: HashSet<u32> = self.broken.iter().map(|(at, _)| *at).collect();
        for (at, (&parent, &blob)) in (0_u32..).zip(parents.iter().zip(is_blob)) {
            if parent == NONE {
                reached.get_mut(index(at)).into_iter().for_each(|reached| *reached = true);
                if blob {
                    queue.push(at);
                    self.roots.push(at);
                } else if !known.contains(&at) {
                    self.reach(at, &mut reached);
                }
            }
        }
        let mut next = 0;
        while let Some(&at) = queue.get(next) {
            next += 1;
            reached.get_mut(index(at)).into_iter().for_each(|reached| *reached = true);
            let want = wanted(self.number(at));
            self.wanted.get_mut(index(at)).into_iter().for_each(|wanted| *wanted = want);
            self.weights.get_mut(index(at)).into_iter().for_each(|weight| *weight = u32::from(want));
            queue.extend_from_slice(self.children(at));
        }
        for &at in queue.iter().rev() {
            let weight = self.weight(at);
            let parent = parents.get(index(at)).copied().unwrap_or(NONE);
            self.weights.get_mut(index(parent)).into_iter().for_each(|sum| *sum = sum.saturating_add(weight));
        }
        let lost = (0_u32..).zip(&reached).filter(|(_, reached)| !**reached).map(|(at, _)| (at, Fault::Base));
        self.broken.extend(lost.filter(|(at, _)| !known.contains(at)));
    }

    /// Marks all under an entry that is no blob.
    fn reach(&self, root: u32, reached: &mut [bool]) {
        let mut stack = self.children(root).to_vec();
        while let Some(at) = stack.pop() {
            reached.get_mut(index(at)).into_iter().for_each(|reached| *reached = true);
            stack.extend_from_slice(self.children(at));
        }
    }

    /// Cuts the trees into units of work; the cut depends on the pack alone.
    fn cut(&mut self) {
        let mut blobs = 0_u32;
        let mut bytes = 0;
        for (at, &root) in self.roots.iter().enumerate() {
            let (start, end) = self.extent(root);
            blobs = blobs.saturating_add(self.size(root));
            bytes += end - start;
            if blobs >= UNIT_BLOBS || bytes >= UNIT_BYTES {
                self.units.push(at + 1);
                (blobs, bytes) = (0, 0);
            }
        }
        if self.units.last().copied().unwrap_or(0) < self.roots.len() {
            self.units.push(self.roots.len());
        }
    }

    /// How many entries a tree has, as far as it matters for the cut.
    fn size(&self, root: u32) -> u32 {
        let mut stack = vec![root];
        let mut count = 0;
        while let Some(at) = stack.pop() {
            count += 1;
            if count >= UNIT_BLOBS {
                break;
            }
            stack.extend_from_slice(self.children(at));
        }
        count
    }

    /// How many units of work there are.
    pub(crate) fn units(&self) -> usize {
        self.units.len()
    }

    /// The roots of a unit that have something to scan.
    pub(crate) fn roots(&self, unit: u32) -> impl Iterator<Item = u32> {
        let unit = index(unit);
        let start = unit.checked_sub(1).and_then(|before| self.units.get(before)).copied().unwrap_or(0);
        let end = self.units.get(unit).copied().unwrap_or(start);
        self.roots.get(start..end).unwrap_or_default().iter().copied().filter(|&root| self.weight(root) > 0)
    }

    /// Where in the pack an entry begins and ends.
    pub(crate) fn extent(&self, at: u32) -> (u64, u64) {
        let start = self.order.get(index(at)).map_or(self.end, |(offset, _)| *offset);
        let end = self.order.get(index(at) + 1).map_or(self.end, |(offset, _)| *offset);
        (start, end.clamp(start, self.end.max(start)))
    }

    /// The number of an entry in the index.
    pub(crate) fn number(&self, at: u32) -> u32 {
        self.order.get(index(at)).map_or(NONE, |(_, number)| *number)
    }

    pub(crate) fn children(&self, at: u32) -> &[u32] {
        let start = self.starts.get(index(at)).map_or(0, |&start| index(start));
        let end = self.starts.get(index(at) + 1).map_or(start, |&end| index(end));
        self.children.get(start..end).unwrap_or_default()
    }

    /// How many blobs of a subtree are to be scanned.
    pub(crate) fn weight(&self, at: u32) -> u32 {
        self.weights.get(index(at)).copied().unwrap_or(0)
    }

    /// Whether the entry itself is to be scanned.
    pub(crate) fn wanted(&self, at: u32) -> bool {
        self.wanted.get(index(at)).copied().unwrap_or(false)
    }
}

fn index(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

/// One pass over the pack: the base of each entry, and whether one without a base is a blob.
fn read_headers(pack: &Pack, order: &[(u64, u32)], broken: &mut Vec<(u32, Fault)>) -> (Vec<u32>, Vec<bool>) {
    let mut parents = vec![NONE; order.len()];
    let mut is_blob = vec![false; order.len()];
    let mut window = Window::new();
    let mut step = 0..0;
    let place_of = |offset: u64| order.binary_search_by_key(&offset, |(offset, _)| *offset).ok();
    let slots = parents.iter_mut().zip(is_blob.iter_mut());
    for ((at, &(offset, _)), (parent, blob)) in (0_u32..).zip(order).zip(slots) {
        if offset < step.start || offset + HEADER_BYTES > step.end {
            step = offset..offset.saturating_add(STEP_BYTES);
        }
        let bytes = window.read(0, &pack.file, step.start, step.end.min(pack.end()).max(step.start));
        let header = bytes.and_then(|bytes| {
            let from = usize::try_from(offset - step.start).map_err(|_| Fault::TooLarge)?;
            pack::header(bytes.get(from..).unwrap_or_default(), offset)
        });
        let base = match header.map(|header| header.stored) {
            Ok(Stored::Whole(kind)) => {
                *blob = kind == Kind::Blob;
                continue;
            }
            Ok(Stored::Offset(base)) => place_of(base),
            Ok(Stored::Id(id)) => pack.index.find(&id).and_then(|base| pack.index.offset(base)).and_then(place_of),
            Err(fault) => {
                broken.push((at, fault));
                continue;
            }
        };
        match base.and_then(|base| u32::try_from(base).ok()) {
            Some(base) => *parent = base,
            None => broken.push((at, Fault::Base)),
        }
    }
    (parents, is_blob)
}

/// The children of each entry: where they begin, and all of them in one list.
fn children_of(parents: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; parents.len() + 1];
    for &parent in parents.iter().filter(|&&parent| parent != NONE) {
        starts.get_mut(index(parent) + 1).into_iter().for_each(|count| *count += 1);
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut next = starts.clone();
    let mut children = vec![0; index(sum)];
    for (at, &parent) in (0_u32..).zip(parents) {
        if let Some(slot) = next.get_mut(index(parent)).filter(|_| parent != NONE) {
            children.get_mut(index(*slot)).into_iter().for_each(|child| *child = at);
            *slot += 1;
        }
    }
    (starts, children)
}
