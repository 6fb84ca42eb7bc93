//! Where blobs came from.

use std::collections::HashSet;

use yata_history::{Attribution, ObjectId, attribute};

use crate::support::{Git, collect, git};

fn of(git: &Git, ids: &[ObjectId]) -> Attribution {
    let set: HashSet<ObjectId> = ids.iter().copied().collect();
    let one = attribute(&git.open(), &set, 1, None);
    let many = attribute(&git.open(), &set, 4, None);
    assert_eq!(one.origins, many.origins, "the answer does not depend on the threads");
    assert_eq!(one.problems, []);
    assert!(one.complete);
    one
}

/// The appearances of one blob: commit and path.
fn appearances(git: &Git, id: ObjectId) -> Vec<(ObjectId, String)> {
    let origin = of(git, &[id]).origins.remove(&id).unwrap();
    let text = |path: &[u8]| String::from_utf8(path.to_vec()).unwrap();
    origin.appearances.iter().map(|appearance| (appearance.commit.id, text(&appearance.path))).collect()
}

#[test]
fn a_secret_that_was_deleted_is_still_in_the_history() {
    let git = git!();
    git.write("src/main.rs", "fn main() {}");
    git.commit("始まり");
    git.write("config/prod.env", "KEY=secret");
    let commit = git.commit("設定を追加\n\n本文");
    let secret = git.id("HEAD:config/prod.env");
    git.run(["rm", "-q", "config/prod.env"]);
    git.commit("消す");
    for packed in [false, true] {
        if packed {
            git.run(["gc", "-q"]);
        }
        let origin = of(&git, &[secret]).origins.remove(&secret).unwrap();
        assert!(origin.reachable && !origin.on_remote);
        assert_eq!(origin.head_paths, [] as [Vec<u8>; 0]);
        assert_eq!(origin.appearances.len(), 1);
        let appearance = &origin.appearances[0];
        assert_eq!(appearance.path, b"config/prod.env");
        assert_eq!(appearance.commit.id, commit);
        assert_eq!(appearance.commit.author, "山田 花子");
        assert_eq!(appearance.commit.email, "hanako@example.jp");
        assert_eq!(appearance.commit.summary, "設定を追加");
        let date = git.run(["log", "-1", "--format=%at %ct", &commit.to_string()]);
        assert_eq!(date, format!("{} {}", appearance.commit.author_seconds, appearance.commit.commit_seconds));
    }
}

#[test]
fn a_blob_that_no_reference_reaches_is_scanned_and_said_to_be_unreachable() {
    let git = git!();
    git.write("a", "first");
    git.commit("first");
    git.write("a", "amended away");
    git.run(["add", "-A"]);
    let lost = git.id(":a");
    git.run(["commit", "-q", "-m", "second"]);
    git.run(["reset", "-q", "--hard", "HEAD~"]);
    let (seen, _) = collect(&git.open(), &yata_history::Options::default());
    assert!(seen.contains_key(&lost));
    let origin = of(&git, &[lost]).origins.remove(&lost).unwrap();
    assert!(!origin.reachable && origin.appearances.is_empty());
    git.run(["tag", "keep", &lost.to_string()]);
    assert!(of(&git, &[lost]).origins[&lost].reachable, "a tag may mean a blob");
}

#[test]
fn a_merge_brings_in_only_what_no_parent_had() {
    let git = git!();
    git.write("base", "base");
    git.commit("base");
    git.run(["checkout", "-q", "-b", "side"]);
    git.write("side.txt", "from the side");
    let side = git.commit("side");
    git.run(["checkout", "-q", "main"]);
    git.write("main.txt", "from main");
    let main = git.commit("main");
    git.run(["merge", "-q", "--no-commit", "side"]);
    git.write("evil.txt", "only in the merge");
    let merge = git.commit("merge");
    git.run(["branch", "-q", "-D", "side"]);
    let check = |path: &str, commit: ObjectId| {
        assert_eq!(appearances(&git, git.id(&format!("HEAD:{path}"))), [(commit, path.to_owned())]);
    };
    check("side.txt", side);
    check("main.txt", main);
    check("evil.txt", merge);
}

#[test]
fn a_rename_and_a_return_are_appearances_of_their_own() {
    let git = git!();
    git.write("old/name", "the same");
    let first = git.commit("first");
    let id = git.id("HEAD:old/name");
    git.run(["mv", "old", "new"]);
    let renamed = git.commit("renamed");
    git.write("new/name", "changed");
    git.commit("changed");
    git.write("new/name", "the same");
    let back = git.commit("back");
    let path = |path: &str| path.to_owned();
    assert_eq!(
        appearances(&git, id),
        [(first, path("old/name")), (renamed, path("new/name")), (back, path("new/name"))]
    );
    assert_eq!(of(&git, &[id]).origins[&id].head_paths, [b"new/name"]);
}

#[test]
fn a_file_that_takes_the_place_of_a_folder_and_names_that_sort_around_it() {
    let git = git!();
    for name in ["a-b", "a.b", "a/x", "a0", "ab"] {
        git.write(name, name);
    }
    let first = git.commit("first");
    git.run(["rm", "-rq", "a"]);
    git.write("a", "a/x");
    let second = git.commit("second");
    let text = |path: &str| path.to_owned();
    for name in ["a-b", "a.b", "a0", "ab"] {
        assert_eq!(appearances(&git, git.id(&format!("HEAD:{name}"))), [(first, text(name))]);
    }
    assert_eq!(appearances(&git, git.id("HEAD:a")), [(first, text("a/x")), (second, text("a"))]);
}

#[test]
fn what_a_remote_has_is_said_to_have_left() {
    let git = git!();
    git.write("pushed", "pushed");
    git.commit("pushed");
    let remote = git.folder.path().join("remote.git");
    git.run(["init", "-q", "--bare", remote.to_str().unwrap()]);
    git.run(["remote", "add", "origin", remote.to_str().unwrap()]);
    git.run(["push", "-q", "origin", "main"]);
    git.write("local", "local");
    git.commit("local");
    let (pushed, local) = (git.id("HEAD:pushed"), git.id("HEAD:local"));
    let origins = of(&git, &[pushed, local]).origins;
    assert!(origins[&pushed].on_remote);
    assert!(!origins[&local].on_remote);
}

/// Every appearance of every blob in a history with merges, by git's own account.
#[test]
fn a_long_history_is_as_git_tells_it() {
    let git = git!();
    git.long_history();
    git.run(["checkout", "-q", "-b", "side", "HEAD~10"]);
    git.write("src/other", "other");
    git.commit("other");
    git.run(["checkout", "-q", "main"]);
    git.run(["merge", "-q", "-m", "merge", "side"]);
    git.run(["repack", "-adfq"]);
    let ids: Vec<ObjectId> = git.blobs().into_keys().collect();
    let mut got = Vec::new();
    for (id, origin) in of(&git, &ids).origins {
        let path = |path: &[u8]| String::from_utf8(path.to_vec()).unwrap();
        got.extend(origin.appearances.iter().map(|a| format!("{} {id} {}", a.commit.id, path(&a.path))));
    }
    got.sort();
    let log = git.run(["log", "--all", "--raw", "--no-abbrev", "--no-renames", "--root", "--format=%H"]);
    let mut expected = Vec::new();
    let mut commit = "";
    for line in log.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix(':') {
            None => commit = line,
            Some(raw) => {
                let (fields, path) = raw.split_once('\t').unwrap();
                let id = fields.split(' ').nth(3).unwrap();
                expected.push(format!("{commit} {id} {path}"));
            }
        }
    }
    expected.retain(|line| !line.contains(" 0000000000"));
    expected.sort();
    assert!(expected.len() > 60);
    assert_eq!(got, expected);
}
