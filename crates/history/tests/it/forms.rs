//! The forms that a repository may have.

use std::collections::{BTreeSet, HashSet};
use std::fs;

use yata_history::{Error, Options, Problem, Repository, attribute, blame, repository};

use crate::support::{collect, git};

#[test]
fn a_bare_repository_and_a_folder_below_the_top() {
    let git = git!();
    git.write("deep/er/a", "a");
    git.commit("first");
    let bare = git.folder.path().join("bare.git");
    git.run(["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    let place = repository(&bare.join("refs")).unwrap();
    assert_eq!((place.git.file_name().unwrap(), place.work), ("bare.git".as_ref(), None));
    let (seen, scan) = collect(&Repository::open(&bare).unwrap(), &Options::default());
    assert_eq!((seen.len(), scan.problems.len()), (1, 0));
    let place = repository(&git.path.join("deep/er")).unwrap();
    assert_eq!(place.work, Some(fs::canonicalize(&git.path).unwrap()));
    assert!(repository(git.folder.path()).is_none());
    assert!(matches!(Repository::open(git.folder.path()), Err(Error::NotFound(_))));
}

#[test]
fn the_origin_is_told_without_credentials() {
    let git = git!();
    assert_eq!(repository(&git.path).unwrap().origin, None);
    git.run(["remote", "add", "other", "https://example.test/other"]);
    git.run(["remote", "add", "origin", "https://user:hunter2@example.test/team/repo.git"]);
    assert_eq!(repository(&git.path).unwrap().origin.unwrap(), "https://example.test/team/repo.git");
}

#[test]
fn a_linked_worktree_has_its_own_head() {
    let git = git!();
    git.write("a", "a");
    git.commit("first");
    let linked = git.folder.path().join("linked");
    git.run(["worktree", "add", "-q", "--detach", linked.to_str().unwrap()]);
    fs::write(linked.join("b"), "b\n").unwrap();
    git.run_in(&linked, ["add", "-A"]);
    git.run_in(&linked, ["commit", "-q", "-m", "in the worktree"]);
    let hex = git.run_in(&linked, ["rev-parse", "HEAD:b"]);
    let id = yata_history::ObjectId::from_hex(hex.as_bytes()).unwrap();
    let inside = Repository::open(&linked).unwrap();
    assert_eq!(inside.place().common, fs::canonicalize(git.path.join(".git")).unwrap());
    assert_eq!(attribute(&inside, &HashSet::from([id]), 1, None).origins[&id].head_paths, [b"b"]);
    assert!(blame(&inside, b"b", &[1])[0].is_some());
    let origin = attribute(&git.open(), &HashSet::from([id]), 1, None).origins.remove(&id).unwrap();
    assert!(origin.reachable, "by the head of the other worktree");
    assert!(origin.head_paths.is_empty());
    assert_eq!(collect(&inside, &Options::default()).0.len(), 2);
}

#[test]
fn borrowed_objects_are_scanned_once() {
    let git = git!();
    git.long_history();
    git.run(["repack", "-adfq"]);
    let shared = git.folder.path().join("shared");
    git.run(["clone", "-q", "--shared", ".", shared.to_str().unwrap()]);
    fs::write(shared.join("own"), "own").unwrap();
    git.run_in(&shared, ["add", "-A"]);
    let (seen, scan) = collect(&Repository::open(&shared).unwrap(), &Options::default());
    assert_eq!(scan.problems, []);
    assert_eq!(seen.len(), git.blobs().len() + 1);
    fs::rename(&git.path, git.folder.path().join("gone")).unwrap();
    let (seen, scan) = collect(&Repository::open(&shared).unwrap(), &Options::default());
    assert_eq!(seen.len(), 1);
    assert!(scan.problems.iter().any(|problem| matches!(problem, Problem::File { .. })), "{:?}", scan.problems);
}

#[test]
fn a_shallow_clone_says_that_its_history_is_cut() {
    let git = git!();
    let commits = git.long_history();
    let clone = git.folder.path().join("shallow");
    let url = format!("file://{}", git.path.display());
    git.run(["clone", "-q", "--depth", "3", &url, clone.to_str().unwrap()]);
    let shallow = Repository::open(&clone).unwrap();
    let (seen, scan) = collect(&shallow, &Options::default());
    assert_eq!(scan.problems, [Problem::Shallow { commits: 1 }]);
    assert!(seen.len() < git.blobs().len());
    let got = attribute(&shallow, &seen.into_keys().collect(), 2, None);
    assert_eq!(got.problems, [Problem::Shallow { commits: 1 }]);
    assert_eq!(got.commits, 3);
    assert!(commits > 3 && got.origins.values().all(|origin| origin.reachable && origin.on_remote));
}

#[test]
fn a_partial_clone_says_that_objects_are_missing() {
    let git = git!();
    git.long_history();
    git.run(["config", "uploadpack.allowFilter", "true"]);
    let clone = git.folder.path().join("partial");
    let url = format!("file://{}", git.path.display());
    git.run(["clone", "-q", "--bare", "--filter=blob:none", &url, clone.to_str().unwrap()]);
    let (seen, scan) = collect(&Repository::open(&clone).unwrap(), &Options::default());
    assert!(seen.is_empty());
    assert_eq!(scan.problems, [Problem::Partial]);
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let git = git!();
    let other = git.folder.path().join("other");
    git.run(["init", "-q", other.to_str().unwrap()]);
    fs::write(other.join("inner"), "inner").unwrap();
    git.run_in(&other, ["add", "-A"]);
    git.run_in(&other, ["commit", "-q", "-m", "inner"]);
    git.run(["submodule", "--quiet", "add", other.to_str().unwrap(), "sub"]);
    git.write("outer", "outer");
    git.commit("with a submodule");
    let (outer, scan) = collect(&git.open(), &Options::default());
    assert_eq!(scan.problems, []);
    assert_eq!(outer.values().filter(|bytes| *bytes == b"inner").count(), 0);
    let got = attribute(&git.open(), &outer.into_keys().collect(), 1, None);
    assert_eq!(got.problems, [], "the submodule's commit is not looked for here");
    let place = repository(&git.path.join("sub")).unwrap();
    assert!(place.git.ends_with("modules/sub"), "{}", place.git.display());
    let (inner, _) = collect(&Repository::open(&git.path.join("sub")).unwrap(), &Options::default());
    assert_eq!(inner.into_values().collect::<BTreeSet<_>>(), BTreeSet::from([b"inner".to_vec()]));
}

#[test]
fn what_is_not_supported_is_refused() {
    let git = git!();
    let other = git.folder.path().join("sha256");
    git.run(["init", "-q", "--object-format=sha256", other.to_str().unwrap()]);
    let error = Repository::open(&other).map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::Unsupported { what: "object ids that are not SHA-1", .. }), "{error}");
    let reftable = git.folder.path().join("reftable");
    git.run(["init", "-q", reftable.to_str().unwrap()]);
    git.run_in(&reftable, ["config", "extensions.refStorage", "reftable"]);
    assert!(matches!(Repository::open(&reftable), Err(Error::Unsupported { .. })));
}
