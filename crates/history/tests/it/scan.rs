//! Every blob, once, as git has it.

use std::process::Command;
use std::sync::Mutex;

use yata_history::{Blob, ObjectId, Options, Problem, Visitor, scan};

use crate::support::{Git, collect, git, pseudo_random};

fn check_against_git(git: &Git) {
    let expected = git.blobs();
    for threads in [1, 4] {
        let (seen, scan) = collect(&git.open(), &Options { threads, ..Options::default() });
        assert_eq!(scan.problems, []);
        assert!(scan.complete);
        assert_eq!(seen.len(), expected.len());
        assert!(seen == expected, "contents differ");
        assert_eq!(scan.progress.done, scan.progress.total);
        assert_eq!(scan.progress.bytes, expected.values().map(|bytes| bytes.len() as u64).sum::<u64>());
    }
}

#[test]
fn every_blob_is_handed_over_as_git_has_it() {
    let git = git!();
    git.long_history();
    check_against_git(&git);
    git.run(["repack", "-adfq", "--depth=50"]);
    check_against_git(&git);
    git.write("src/long.txt", "loose beside a pack");
    git.write("empty", "");
    git.commit("more");
    check_against_git(&git);
}

#[test]
fn several_packs_with_the_same_objects_and_an_index_over_all() {
    let git = git!();
    git.long_history();
    git.run(["repack", "-dq"]);
    git.write("src/long.txt", "other");
    git.commit("other");
    git.run(["repack", "-dq"]);
    git.run(["multi-pack-index", "write"]);
    check_against_git(&git);
    // A pack of everything beside the two, and all of it loose as well.
    git.run(["repack", "-aq"]);
    check_against_git(&git);
    let packs = git.path.join(".git/objects/pack");
    let aside = git.folder.path().join("aside");
    std::fs::rename(&packs, &aside).unwrap();
    for pack in std::fs::read_dir(&aside).unwrap().map(|entry| entry.unwrap().path()) {
        if pack.extension().is_some_and(|extension| extension == "pack") {
            let input = std::fs::File::open(&pack).unwrap();
            let mut unpack = Command::new("git");
            unpack.current_dir(&git.path).args(["unpack-objects", "-q"]).stdin(input);
            assert!(unpack.status().unwrap().success());
        }
    }
    std::fs::rename(&aside, &packs).unwrap();
    assert_eq!(git.packs("pack").len(), 3);
    check_against_git(&git);
}

#[test]
fn differences_that_name_their_base_by_id() {
    let git = git!();
    git.long_history();
    git.run(["-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"]);
    check_against_git(&git);
}

#[test]
fn an_index_of_the_first_version() {
    let git = git!();
    git.long_history();
    git.run(["-c", "pack.indexVersion=1", "repack", "-adfq"]);
    assert_ne!(std::fs::read(&git.packs("idx")[0]).unwrap()[..4], *b"\xfftOc");
    check_against_git(&git);
}

#[test]
fn large_and_binary_blobs_are_counted_or_reported() {
    let git = git!();
    git.write("binary", [b"GIF89a\0".as_slice(), &pseudo_random(1, 200_000)].concat());
    git.write("small-binary", b"a\0b");
    git.write("text", "x".repeat(2_000));
    git.write("long", "y".repeat(300_000));
    git.commit("all");
    let long = git.id("HEAD:long");
    for packed in [false, true] {
        if packed {
            git.run(["repack", "-adfq"]);
        }
        let options = Options { limit_bytes: 250_000, binary: false, ..Options::default() };
        let (seen, scan) = collect(&git.open(), &options);
        assert_eq!(seen.into_keys().collect::<Vec<_>>(), [git.id("HEAD:text")]);
        assert_eq!(scan.binary, 2);
        assert_eq!(scan.problems, [Problem::TooLarge { id: long, size_bytes: 300_000 }]);
        assert!(scan.complete);
    }
}

/// Wants nothing above a size, and keeps the last progress that it was told.
struct Choosy(Mutex<Vec<u64>>, Mutex<u64>);

impl Visitor for Choosy {
    fn wants(&self, _: &ObjectId, size_bytes: u64) -> bool {
        size_bytes < 1_000
    }

    fn visit(&self, blob: &Blob<'_>) -> Option<Vec<u8>> {
        self.0.lock().unwrap().push(blob.bytes.len() as u64);
        None
    }

    fn progress(&self, progress: yata_history::Progress) {
        *self.1.lock().unwrap() = progress.done;
    }
}

#[test]
fn a_visitor_chooses_by_size_and_is_told_of_progress() {
    let git = git!();
    git.long_history();
    git.run(["repack", "-adfq"]);
    let choosy = Choosy(Mutex::default(), Mutex::default());
    let scan = scan(&git.open(), &Options::default(), &choosy).unwrap();
    let sizes: Vec<u64> = git.blobs().values().map(|bytes| bytes.len() as u64).collect();
    let small = sizes.iter().filter(|&&size| size < 1_000).count();
    assert!(small > 10 && small < sizes.len());
    assert_eq!(choosy.0.into_inner().unwrap().len(), small);
    assert_eq!(choosy.1.into_inner().unwrap(), sizes.len() as u64);
    assert_eq!(scan.progress.done, sizes.len() as u64);
}
