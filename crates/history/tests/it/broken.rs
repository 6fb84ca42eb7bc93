//! Repositories that are damaged: what is broken is named, the rest is scanned.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::process::Command;

use yata_history::{Fault, ObjectId, Options, Problem, Resume, attribute};

use crate::support::{Git, collect, git, pseudo_random};

fn broken(problems: &[Problem]) -> BTreeSet<ObjectId> {
    problems
        .iter()
        .filter_map(|problem| if let Problem::Broken { id, .. } = problem { Some(*id) } else { None })
        .collect()
}

#[test]
fn a_damaged_pack_loses_only_what_is_damaged() {
    let git = git!();
    git.long_history();
    for by_offset in ["true", "false"] {
        git.run(["-c", &format!("repack.useDeltaBaseOffset={by_offset}"), "repack", "-adfq"]);
        damage_everywhere(&git);
    }
}

fn damage_everywhere(git: &Git) {
    let expected = git.blobs();
    let pack = git.packs("pack").remove(0);
    let sound = fs::read(&pack).unwrap();
    for (round, at) in (12..sound.len() - 20).step_by(sound.len() / 100).enumerate() {
        let mut damaged = sound.clone();
        damaged[at..(at + 3).min(sound.len() - 20)].iter_mut().for_each(|byte| *byte ^= 0x5a);
        fs::write(&pack, damaged).unwrap();
        let (seen, scan) = collect(&git.open(), &Options { threads: 1 + round % 2, ..Options::default() });
        let broken = broken(&scan.problems);
        for (id, bytes) in &expected {
            match seen.get(id) {
                Some(got) => assert!(got == bytes, "{id} is wrong after damage at {at}"),
                None => assert!(broken.contains(id), "{id} is neither read nor reported after damage at {at}"),
            }
        }
        assert!(seen.len() + broken.len() >= expected.len());
    }
    fs::write(&pack, sound).unwrap();
}

#[test]
fn a_damaged_pack_is_looked_at_again_and_its_objects_are_taken_from_elsewhere() {
    let git = git!();
    let journal = git.folder.path().join("journal");
    git.write("a", pseudo_random(5, 50_000));
    git.commit("a");
    git.run(["repack", "-adfq"]);
    let pack = git.packs("pack").remove(0);
    let sound = fs::read(&pack).unwrap();
    let mut damaged = sound.clone();
    damaged[sound.len() / 2] ^= 0xff;
    fs::write(&pack, &damaged).unwrap();
    let options = Options { resume: Some(Resume { journal: &journal, key: "k" }), ..Options::default() };
    let id = git.id("HEAD:a");
    for _ in 0..2 {
        let (seen, scan) = collect(&git.open(), &options);
        assert!(seen.is_empty());
        assert_eq!(scan.problems, [Problem::Broken { id, fault: Fault::Compression }]);
    }
    // A loose copy turns up.
    let other = git.folder.path().join("other");
    git.run(["init", "-q", other.to_str().unwrap()]);
    git.run_in(&other, ["hash-object", "-w", git.path.join("a").to_str().unwrap()]);
    let hex = id.to_string();
    fs::create_dir_all(git.path.join(".git/objects").join(&hex[..2])).unwrap();
    let tail = format!("objects/{}/{}", &hex[..2], &hex[2..]);
    fs::copy(other.join(".git").join(&tail), git.path.join(".git").join(&tail)).unwrap();
    let (seen, scan) = collect(&git.open(), &options);
    assert_eq!((seen.len(), scan.problems.len(), scan.found.len()), (1, 0, 1));
}

#[test]
fn a_pack_cut_short_or_without_its_index() {
    let git = git!();
    git.long_history();
    git.run(["repack", "-adfq"]);
    let expected = git.blobs().len();
    let (pack, index) = (git.packs("pack").remove(0), git.packs("idx").remove(0));
    let sound = fs::read(&pack).unwrap();
    fs::write(&pack, &sound[..sound.len() / 2]).unwrap();
    let (seen, scan) = collect(&git.open(), &Options::default());
    assert!(!seen.is_empty() && seen.len() < expected);
    assert!(seen.len() + broken(&scan.problems).len() >= expected);
    fs::write(&pack, b"PACK").unwrap();
    let (seen, scan) = collect(&git.open(), &Options::default());
    assert!(seen.is_empty());
    assert!(scan.problems.iter().any(|problem| matches!(problem, Problem::File { fault: Fault::Truncated, .. })));
    let named = scan.problems.iter().any(|p| matches!(p, Problem::Missing { named_by, .. } if named_by == "HEAD"));
    assert!(named, "the head is gone: {:?}", scan.problems);
    fs::write(&pack, &sound).unwrap();
    fs::remove_file(&index).unwrap();
    let (_, scan) = collect(&git.open(), &Options::default());
    assert!(scan.problems.iter().any(|problem| matches!(problem, Problem::File { fault: Fault::Unsupported, .. })));
}

#[test]
fn any_damage_of_an_index_is_survived() {
    let git = git!();
    git.long_history();
    git.run(["repack", "-adfq"]);
    let index = git.packs("idx").remove(0);
    let sound = fs::read(&index).unwrap();
    for at in (0..sound.len()).step_by(sound.len() / 150) {
        let mut damaged = sound.clone();
        damaged[at..(at + 5).min(sound.len())].fill(0xee);
        fs::write(&index, damaged).unwrap();
        let _ = std::hint::black_box(collect(&git.open(), &Options::default()).1.problems);
    }
}

#[test]
fn loose_objects_that_are_cut_or_are_no_objects() {
    let git = git!();
    git.write("a", pseudo_random(1, 3_000));
    git.write("b", pseudo_random(2, 3_000));
    git.write("c", "sound");
    git.commit("files");
    let (a, b) = (git.id("HEAD:a"), git.id("HEAD:b"));
    let file = git.loose(&a);
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    fs::write(git.loose(&b), "no object").unwrap();
    let (seen, scan) = collect(&git.open(), &Options::default());
    assert_eq!(seen.into_values().collect::<Vec<_>>(), [b"sound"]);
    assert_eq!(broken(&scan.problems), BTreeSet::from([a, b]));
}

#[test]
fn a_missing_tree_is_a_problem_of_the_attribution() {
    let git = git!();
    git.write("kept/a", "a");
    git.write("lost/b", "b");
    let commit = git.commit("files");
    let (a, lost) = (git.id("HEAD:kept/a"), git.id("HEAD:lost"));
    fs::remove_file(git.loose(&lost)).unwrap();
    let got = attribute(&git.open(), &HashSet::from([a]), 1, None);
    assert_eq!(got.problems, [Problem::Missing { id: lost, named_by: commit.to_string() }]);
    assert_eq!(got.origins[&a].appearances.len(), 1);
}

#[test]
fn a_missing_commit_is_a_problem_of_the_attribution() {
    let git = git!();
    git.write("a", "a");
    let first = git.commit("first");
    git.write("b", "b");
    let second = git.commit("second");
    fs::remove_file(git.loose(&first)).unwrap();
    let b = git.id("HEAD:b");
    let got = attribute(&git.open(), &HashSet::from([b]), 1, None);
    assert_eq!(got.problems, [Problem::Missing { id: first, named_by: second.to_string() }]);
    assert_eq!(got.origins[&b].appearances.len(), 1);
}

/// Twelve folders of sixteen equal folders each: 2^48 paths in a few hundred bytes.
#[test]
fn a_tree_of_endlessly_many_paths_comes_to_an_end() {
    let git = git!();
    git.write("file", "the one file");
    git.write("other", "beside it");
    git.run(["add", "-A"]);
    let (file, other) = (git.id(":file"), git.id(":other"));
    let mut entry = format!("100644 blob {file}");
    let mut tree = String::new();
    for _ in 0..12 {
        let lines: String = (10..26).map(|name| format!("{entry}\t{name}\n")).collect();
        let list = git.folder.path().join("list");
        fs::write(&list, lines).unwrap();
        let mut make = Command::new("git");
        make.current_dir(&git.path).arg("mktree").stdin(fs::File::open(&list).unwrap());
        tree = String::from_utf8(make.output().unwrap().stdout).unwrap().trim().to_owned();
        entry = format!("040000 tree {tree}");
    }
    let commit = git.run(["commit-tree", "-m", "bomb", &tree]);
    git.run(["update-ref", "HEAD", &commit]);
    let without = attribute(&git.open(), &HashSet::from([other]), 1, None);
    assert_eq!((without.problems.len(), without.origins[&other].reachable), (0, false), "each tree is read once");
    let with = attribute(&git.open(), &HashSet::from([file]), 1, None);
    assert_eq!(with.problems, [Problem::TooComplex { id: git.id("HEAD") }]);
    let origin = &with.origins[&file];
    assert!(origin.reachable && origin.more > 0 && !origin.appearances.is_empty());
}
