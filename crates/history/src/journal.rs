//! What of a repository has been scanned, on disk, so that a run continues where another was cut off.
//!
//! A file of a header line and frames, which are only ever appended: length, checksum, payload. The first frame is the
//! key; another key empties the journal. A torn tail is cut off when the journal is opened.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::ObjectId;
use crate::problem::Problem;
use crate::repository::Error;

/// First line of the file: the version of its form, and of the way that packs are cut into units.
const MAGIC: &[u8] = b"yata-history-journal 1\n";
const FRAME_HEADER_BYTES: usize = 12;
const JOURNAL_LIMIT_BYTES: u64 = 1 << 30;
/// A journal is rewritten when so much of it, and more than half, is of packs that are gone.
const STALE_BYTES: usize = 1 << 20;

/// What one frame says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Entry {
    /// A unit of a pack is done.
    Unit {
        pack: ObjectId,
        unit: u32,
        /// How many units the pack has.
        of: u32,
        /// Packs to which this one leaves the objects that both have.
        relied: Vec<ObjectId>,
        outcome: Outcome,
    },
    /// These loose objects are done.
    Loose { ids: Vec<ObjectId>, outcome: Outcome },
    /// Kept of packs that are gone: that they were done in full, and what was found.
    Gone { packs: Vec<ObjectId>, outcome: Outcome },
}

/// What was found in a unit.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) found: Vec<(ObjectId, Vec<u8>)>,
    pub(crate) problems: Vec<Problem>,
}

/// What the journal says is done.
#[derive(Debug, Default)]
pub(crate) struct Done {
    units: HashMap<ObjectId, (u32, BTreeMap<u32, Vec<ObjectId>>)>,
    gone: HashSet<ObjectId>,
    pub(crate) loose: HashSet<ObjectId>,
    pub(crate) found: BTreeMap<ObjectId, Vec<u8>>,
    pub(crate) problems: Vec<Problem>,
}

impl Done {
    fn add(&mut self, entry: Entry) {
        let outcome = match entry {
            Entry::Unit { pack, unit, of, relied, outcome } => {
                let units = &mut self.units.entry(pack).or_insert((of, BTreeMap::new())).1;
                units.insert(unit, relied);
                outcome
            }
            Entry::Loose { ids, outcome } => {
                self.loose.extend(ids);
                outcome
            }
            Entry::Gone { packs, outcome } => {
                self.gone.extend(packs);
                outcome
            }
        };
        self.found.extend(outcome.found);
        self.problems.extend(outcome.problems);
    }

    /// Whether all of a pack is done, be it still there or not.
    fn in_full(&self, pack: &ObjectId) -> bool {
        let complete = |(of, units): &(u32, BTreeMap<u32, Vec<ObjectId>>)| usize::try_from(*of) == Ok(units.len());
        self.gone.contains(pack) || self.units.get(pack).is_some_and(complete)
    }

    /// The units of a pack that need not be done again; `None` if it is all of them. A unit that left objects to a pack
    /// that has gone before it was done counts for nothing.
    pub(crate) fn units(&self, pack: &ObjectId, present: &HashSet<ObjectId>) -> Option<BTreeSet<u32>> {
        let Some((of, units)) = self.units.get(pack) else { return Some(BTreeSet::new()) };
        let sound = |relied: &Vec<ObjectId>| relied.iter().all(|pack| present.contains(pack) || self.in_full(pack));
        let sound: BTreeSet<u32> = units.iter().filter(|(_, relied)| sound(relied)).map(|(unit, _)| *unit).collect();
        (usize::try_from(*of) != Ok(sound.len())).then_some(sound)
    }
}

/// An open journal, locked against other processes.
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens or creates the journal and reads what it holds for `key`.
    pub(crate) fn open(path: &Path, key: &str, present: &HashSet<ObjectId>) -> Result<(Self, Done), Error> {
        let failed = |source| Error::Journal { path: path.to_path_buf(), source };
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        lock(&file, path)?;
        let mut bytes = Vec::new();
        Read::by_ref(&mut file).take(JOURNAL_LIMIT_BYTES).read_to_end(&mut bytes).map_err(failed)?;
        let mut journal = Self { path: path.to_path_buf(), file };
        let mut done = Done::default();
        let mut frames = Frames { rest: bytes.strip_prefix(MAGIC).unwrap_or_default() };
        if frames.next() != Some(key.as_bytes()) {
            journal.file.set_len(0).map_err(failed)?;
            journal.file.seek(SeekFrom::Start(0)).map_err(failed)?;
            journal.file.write_all(&start(key)).map_err(failed)?;
            return Ok((journal, done));
        }
        let mut kept = bytes.len() - frames.rest.len();
        let mut stale = 0;
        while let Some(Ok(entry)) = frames.next().map(postcard::from_bytes::<Entry>) {
            let end = bytes.len() - frames.rest.len();
            if matches!(&entry, Entry::Unit { pack, .. } if !present.contains(pack)) {
                stale += end - kept;
            }
            kept = end;
            done.add(entry);
        }
        journal.file.set_len(kept as u64).map_err(failed)?;
        journal.file.seek(SeekFrom::End(0)).map_err(failed)?;
        if stale > STALE_BYTES && stale > kept / 2 {
            journal.rewrite(key, &done, present)?;
        }
        Ok((journal, done))
    }

    /// Appends what was done.
    pub(crate) fn append(&mut self, entry: &Entry) -> io::Result<()> {
        let payload = postcard::to_stdvec(entry).map_err(io::Error::other)?;
        self.file.write_all(&frame(&payload))
    }

    /// Makes all that was appended last.
    pub(crate) fn flush(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Writes the journal anew beside itself, with one frame for all that is gone, and puts it in place.
    fn rewrite(&mut self, key: &str, done: &Done, present: &HashSet<ObjectId>) -> Result<(), Error> {
        let aside = self.path.with_extension("new");
        let failed = |source| Error::Journal { path: aside.clone(), source };
        let file = File::create(&aside).map_err(failed)?;
        lock(&file, &aside)?;
        let mut new = Self { path: self.path.clone(), file };
        new.file.write_all(&start(key)).map_err(failed)?;
        let known = done.units.keys().chain(&done.gone);
        let gone = known.filter(|pack| !present.contains(pack) && done.in_full(pack)).copied().collect();
        let found = done.found.iter().map(|(id, record)| (*id, record.clone())).collect();
        let outcome = Outcome { found, problems: done.problems.clone() };
        new.append(&Entry::Gone { packs: gone, outcome }).map_err(failed)?;
        let ids = done.loose.iter().copied().collect();
        new.append(&Entry::Loose { ids, outcome: Outcome::default() }).map_err(failed)?;
        for (pack, (of, units)) in done.units.iter().filter(|(pack, _)| present.contains(pack)) {
            for (unit, relied) in units {
                let (relied, outcome) = (relied.clone(), Outcome::default());
                let entry = Entry::Unit { pack: *pack, unit: *unit, of: *of, relied, outcome };
                new.append(&entry).map_err(failed)?;
            }
        }
        new.flush().map_err(failed)?;
        fs::rename(&aside, &self.path).map_err(failed)?;
        *self = new;
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// How often a lock that is held is asked for again, and how long between: a program that was just started by this
/// process holds its open files until it runs its own code.
const LOCK_TRIES: u32 = 50;
const LOCK_WAIT: Duration = Duration::from_millis(10);

fn lock(file: &File, path: &Path) -> Result<(), Error> {
    for _ in 1..LOCK_TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_WAIT),
            Err(TryLockError::Error(source)) => return Err(Error::Journal { path: path.to_path_buf(), source }),
            Ok(()) => return Ok(()),
        }
    }
    Err(Error::Busy(path.to_path_buf()))
}

fn start(key: &str) -> Vec<u8> {
    [MAGIC, &frame(key.as_bytes())].concat()
}

fn frame(payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    [&length.to_le_bytes()[..], &checksum(payload).to_le_bytes(), payload].concat()
}

/// FNV-1a of 64 bits: against torn writes, not against people.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// The sound frames at the start of some bytes.
struct Frames<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Frames<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (header, rest) = self.rest.split_at_checked(FRAME_HEADER_BYTES)?;
        let (length, sum) = header.split_at_checked(4)?;
        let length = usize::try_from(u32::from_le_bytes(length.try_into().ok()?)).ok()?;
        let (payload, rest) = rest.split_at_checked(length)?;
        (checksum(payload) == u64::from_le_bytes(sum.try_into().ok()?)).then(|| {
            self.rest = rest;
            payload
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ObjectId = ObjectId([1; 20]);
    const B: ObjectId = ObjectId([2; 20]);
    const X: ObjectId = ObjectId([9; 20]);

    fn unit(pack: ObjectId, unit: u32, relied: &[ObjectId], record: usize) -> Entry {
        let outcome = Outcome { found: vec![(X, vec![7; record])], problems: Vec::new() };
        Entry::Unit { pack, unit, of: 2, relied: relied.to_vec(), outcome }
    }

    #[test]
    fn a_torn_tail_is_cut_off_and_another_key_empties_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let present = HashSet::from([A]);
        let (mut journal, _) = Journal::open(&path, "k", &present).unwrap();
        journal.append(&unit(A, 0, &[], 3)).unwrap();
        let whole = fs::read(&path).unwrap();
        journal.append(&unit(A, 1, &[], 3)).unwrap();
        assert!(matches!(Journal::open(&path, "k", &present), Err(Error::Busy(_))));
        drop(journal);
        let longer = fs::read(&path).unwrap();
        for cut in whole.len()..longer.len() {
            fs::write(&path, &longer[..cut]).unwrap();
            let (_, done) = Journal::open(&path, "k", &present).unwrap();
            assert_eq!(done.units(&A, &present), Some(BTreeSet::from([0])));
            assert_eq!(fs::read(&path).unwrap(), whole);
        }
        fs::write(&path, &longer).unwrap();
        assert_eq!(Journal::open(&path, "k", &present).unwrap().1.units(&A, &present), None, "all of it");
        let (_, done) = Journal::open(&path, "other", &present).unwrap();
        assert_eq!((done.units(&A, &present), done.found.len()), (Some(BTreeSet::new()), 0));
    }

    #[test]
    fn what_relied_on_a_pack_that_went_undone_is_done_again() {
        let mut done = Done::default();
        (0..2).for_each(|at| done.add(unit(B, at, &[A], 1)));
        assert_eq!(done.units(&B, &HashSet::from([A, B])), None, "the other pack is there and will be scanned");
        assert_eq!(done.units(&B, &HashSet::from([B])), Some(BTreeSet::new()), "nobody ever scanned what they share");
        (0..2).for_each(|at| done.add(unit(A, at, &[], 1)));
        assert_eq!(done.units(&B, &HashSet::from([B])), None, "it was scanned before it went");
    }

    #[test]
    fn a_journal_of_packs_that_are_gone_shrinks_and_keeps_what_was_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (mut journal, _) = Journal::open(&path, "k", &HashSet::new()).unwrap();
        journal.append(&unit(B, 0, &[A], 1)).unwrap();
        for _ in 0..40 {
            (0..2).for_each(|at| journal.append(&unit(A, at, &[], 50_000)).unwrap());
        }
        drop(journal);
        let present = HashSet::from([B]);
        drop(Journal::open(&path, "k", &present).unwrap());
        assert!(fs::metadata(&path).unwrap().len() < 60_000);
        let (_, done) = Journal::open(&path, "k", &present).unwrap();
        assert_eq!(done.found.get(&X).map(Vec::len), Some(50_000));
        assert_eq!(done.units(&B, &present), Some(BTreeSet::from([0])));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_an_answer(bytes: Vec<u8>) {
            let _ = Frames { rest: &bytes }.count();
            let _ = postcard::from_bytes::<Entry>(&bytes);
        }
    }
}
