//! Runs that continue.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use yata_history::{Blob, Error, ObjectId, Options, Resume, scan};

use crate::support::{Git, collect, git};

fn with<'a>(journal: &'a Path, key: &'a str) -> Options<'a> {
    Options { resume: Some(Resume { journal, key }), ..Options::default() }
}

fn ids(git: &Git) -> Vec<ObjectId> {
    git.blobs().into_keys().collect()
}

#[test]
fn only_what_is_new_is_scanned_again() {
    let git = git!();
    let journal = git.folder.path().join("journal");
    git.long_history();
    git.run(["repack", "-adfq"]);
    git.write("loose", "one");
    git.commit("loose");
    let all = ids(&git);
    let (seen, first) = collect(&git.open(), &with(&journal, "1"));
    assert_eq!(seen.len(), all.len());
    let (seen, second) = collect(&git.open(), &with(&journal, "1"));
    assert_eq!(seen.len(), 0);
    assert_eq!(second.progress.total, 0);
    assert!(second.complete);
    assert_eq!(second.found, first.found, "what was found is given back");
    git.write("loose", "two");
    git.commit("another");
    let (seen, third) = collect(&git.open(), &with(&journal, "1"));
    assert_eq!(seen.into_values().collect::<Vec<_>>(), [b"two"]);
    assert_eq!(third.found.len(), all.len() + 1);
    let (seen, _) = collect(&git.open(), &with(&journal, "2"));
    assert_eq!(seen.len(), all.len() + 1, "other rules look at everything");
}

#[test]
fn nothing_is_lost_when_objects_move_to_another_pack() {
    let git = git!();
    let journal = git.folder.path().join("journal");
    git.long_history();
    let all = ids(&git);
    collect(&git.open(), &with(&journal, "k"));
    git.run(["gc", "-q", "--prune=now"]);
    git.write("more", "more");
    git.commit("more");
    let (_, after) = collect(&git.open(), &with(&journal, "k"));
    assert_eq!(after.found.len(), all.len() + 1);
    // What is gone from the repository is no longer told of.
    git.run(["update-ref", "-d", "HEAD"]);
    git.run(["reflog", "expire", "--expire=now", "--all"]);
    git.run(["rm", "-rq", "--cached", "."]);
    git.run(["gc", "-q", "--prune=now"]);
    let (_, after) = collect(&git.open(), &with(&journal, "k"));
    assert_eq!(after.found, []);
}

#[test]
fn an_interrupted_run_continues() {
    let git = git!();
    let journal = git.folder.path().join("journal");
    // Two packs, neither compressed nor with differences: large files fill several units of work.
    git.run(["config", "core.compression", "0"]);
    git.run(["config", "core.bigFileThreshold", "1m"]);
    for round in 0..6 {
        (0..4).for_each(|file| git.write(&format!("{file}"), format!("{round} {file}\n").repeat(500_000)));
        git.commit("large");
        if round % 3 == 2 {
            git.run(["repack", "-dq"]);
        }
    }
    let all = ids(&git);
    let handed = Mutex::new(Vec::new());
    let mut runs = 0;
    loop {
        runs += 1;
        let (cancel, count) = (AtomicBool::new(false), AtomicUsize::new(0));
        let options = Options { threads: 1, cancel: Some(&cancel), ..with(&journal, "k") };
        let look = |blob: &Blob<'_>| {
            handed.lock().unwrap().push(blob.id);
            if count.fetch_add(1, Ordering::Relaxed) == 6 {
                cancel.store(true, Ordering::Relaxed);
            }
            Some(vec![1])
        };
        let scan = scan(&git.open(), &options, &look).unwrap();
        if scan.complete {
            assert_eq!(scan.found.iter().map(|(id, _)| *id).collect::<Vec<_>>(), all);
            break;
        }
        assert!(scan.found.len() < all.len());
        // As if the process had been killed while it wrote.
        let bytes = fs::read(&journal).unwrap();
        fs::write(&journal, [&bytes[..], b"\x40\0\0\0torn"].concat()).unwrap();
        assert!(runs < 20, "no progress");
    }
    assert!(runs > 2, "{runs}");
    let mut handed = handed.into_inner().unwrap();
    assert!(handed.len() < 2 * all.len(), "more was done again than the unit that was cut off");
    handed.sort_unstable();
    handed.dedup();
    assert_eq!(handed, all);
}

#[test]
fn cancelling_before_the_start_does_nothing() {
    let git = git!();
    git.long_history();
    let cancel = AtomicBool::new(true);
    let (seen, scan) = collect(&git.open(), &Options { cancel: Some(&cancel), ..Options::default() });
    assert!(seen.is_empty() && !scan.complete);
}

#[test]
fn a_journal_is_used_by_one_run_at_a_time() {
    let git = git!();
    let journal = git.folder.path().join("journal");
    git.commit("first");
    let file = fs::File::create(&journal).unwrap();
    file.lock().unwrap();
    let busy = scan(&git.open(), &with(&journal, "k"), &|_: &Blob<'_>| None);
    assert!(matches!(busy, Err(Error::Busy(path)) if path == journal));
}
