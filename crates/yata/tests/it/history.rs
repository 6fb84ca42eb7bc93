//! Credentials in the history of a repository, made with the real `git`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::planted::{github, hidden, holding, places, secrets};
use crate::support::{Place, Run, problems, skipped, text};

/// A place with a repository `repo`.
struct Repo {
    place: Place,
}

impl Repo {
    /// Nothing where there is no `git`.
    fn new() -> Option<Repo> {
        let found = Command::new("git").arg("--version").stdout(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            skipped("needs git");
            return None;
        }
        let repo = Repo { place: Place::new() };
        fs::create_dir(repo.path()).unwrap();
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        Some(repo)
    }

    fn path(&self) -> PathBuf {
        self.place.path("repo")
    }

    fn git(&self, args: &[&str]) -> String {
        git(&self.path(), "2026-11-01T09:00:00Z", args)
    }

    /// Writes files and commits them all; gives the commit.
    fn commit(&self, day: &str, files: &[(&str, String)]) -> String {
        for (name, text) in files {
            self.place.write(&format!("repo/{name}"), text);
        }
        self.git(&["add", "--all"]);
        git(&self.path(), &format!("2026-11-{day}T09:00:00Z"), &["commit", "--quiet", "--message", "a change"]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn history(&self, rest: &[&str]) -> Run {
        self.place.assess(&[&["repo", "--history"], rest].concat())
    }

    fn answer(&self) -> Value {
        self.place.answer(&["repo", "--history"])
    }

    fn journals(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.place.path("data/history")).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    }

    /// Cuts the loose object of a revision in half.
    fn break_object(&self, revision: &str) -> String {
        let id = self.git(&["rev-parse", revision]);
        let path = self.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
        let bytes = fs::read(&path).unwrap();
        // Git writes its objects read-only.
        fs::remove_file(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        id
    }
}

/// Git with nothing of the person's own settings.
fn git(folder: &Path, day: &str, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for (name, value) in [("NAME", "Sato Hanako"), ("EMAIL", "hanako@minato.example"), ("DATE", day)] {
        command.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
    }
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let output = command.arg("-C").arg(folder).args(args).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The places of each credential in the history, as `file:line commit present`.
fn past(answer: &Value) -> Vec<Vec<String>> {
    let place = |one: &Value| {
        let commit = one["commit"].as_str().map_or("-", |id| &id[..8]);
        format!("{}:{} {commit} {}", text(&one["file"]), one["line"], one["present"])
    };
    let mut all: Vec<Vec<String>> = secrets(answer)
        .iter()
        .map(|finding| finding["secret"]["past"].as_array().unwrap().iter().map(place).collect())
        .collect();
    all.sort();
    all
}

fn env(token: &str) -> String {
    format!("A=1\nTOKEN={token}\n")
}

/// A token that the first commit brought and the second took away.
fn deleted(token: &str) -> Option<(Repo, String)> {
    let repo = Repo::new()?;
    let first = repo.commit("02", &[("conf/a.env", env(token)), ("readme.md", "# shop\n".to_owned())]);
    repo.commit("03", &[("conf/a.env", "A=1\n".to_owned())]);
    Some((repo, first))
}

#[test]
fn a_deleted_token_is_found_only_with_the_history() {
    let token = github(51);
    let Some((repo, first)) = deleted(&token) else { return };
    repo.place.assess(&["repo"]).code(0);
    let run = repo.history(&[]).code(1);
    run.says(&["conf/a.env:2 in commit", &first[..10], "Sato Hanako", "only revoking it helps"]);
    let answer = repo.answer();
    let found = secrets(&answer);
    assert_eq!(found.len(), 1);
    assert_eq!(places(found[0]), Vec::<String>::new());
    let expected = json!([{
        "commit": first, "author": { "name": "Sato Hanako", "email": "hanako@minato.example" },
        "at": "2026-11-02T09:00:00Z", "file": "conf/a.env", "line": 2, "present": false,
    }]);
    assert_eq!(found[0]["secret"]["past"], expected);
    assert_eq!((&answer["complete"], problems(&answer)), (&json!(true), vec![]));
    let ja = repo.history(&["--lang", "ja"]).code(1);
    let sarif = repo.history(&["--format", "sarif"]).code(1);
    hidden(&repo.place, &[&run, &ja, &sarif], &[&token]);

    // A run without the history closes nothing that only the history shows.
    let without = repo.place.answer(&["repo"]);
    assert_eq!(without["changes"]["gone"], json!([]));
    let again = repo.answer();
    assert_eq!((again["changes"]["new"].clone(), secrets(&again).len()), (json!([]), 1));
}

#[test]
fn a_token_that_is_still_there_says_since_when_and_by_whom() {
    let token = github(52);
    let Some(repo) = Repo::new() else { return };
    let first = repo.commit("02", &[("a.env", env(&token))]);
    repo.commit("04", &[("b.md", "text\n".to_owned())]);
    let answer = repo.answer();
    let found = secrets(&answer);
    assert_eq!((found.len(), places(found[0])), (1, vec!["a.env:2".to_owned()]), "one finding, not two");
    assert_eq!(past(&answer), [[format!("a.env:2 {} true", &first[..8])]]);
    assert_eq!(text(&found[0]["secret"]["author"]["email"]), "hanako@minato.example");
    // Who wrote the line is known without the history too.
    let answer = repo.place.answer(&["repo"]);
    assert_eq!(text(&secrets(&answer)[0]["secret"]["author"]["name"]), "Sato Hanako");
}

#[test]
fn branches_and_packed_objects_are_looked_into() {
    let (on_branch, packed) = (github(53), github(54));
    let Some((repo, first)) = deleted(&packed) else { return };
    repo.git(&["switch", "--quiet", "--create", "side"]);
    let side = repo.commit("05", &[("side.env", env(&on_branch))]);
    repo.git(&["switch", "--quiet", "main"]);
    repo.git(&["gc", "--quiet"]);
    let mut expected =
        [vec![format!("conf/a.env:2 {} false", &first[..8])], vec![format!("side.env:2 {} false", &side[..8])]];
    expected.sort();
    assert_eq!(past(&repo.answer()), expected);
}

#[test]
fn the_second_run_goes_on_from_the_journal() {
    let (token, next) = (github(55), github(56));
    let Some((repo, first)) = deleted(&token) else { return };
    let before = repo.answer();
    let [journal] = &repo.journals()[..] else { panic!("{:?}", repo.journals()) };
    let size = fs::metadata(journal).unwrap().len();
    assert!(size > 0);
    assert_eq!(holding(&repo.place.path("data"), &[&token[4..36]]), Vec::<String>::new());
    let again = repo.answer();
    assert_eq!(
        (past(&again), &again["risks"][0]["finding"]["id"]),
        (past(&before), &before["risks"][0]["finding"]["id"])
    );
    assert_eq!(fs::metadata(journal).unwrap().len(), size, "nothing new was looked into");

    let brought = repo.commit("06", &[("b.env", env(&next))]);
    repo.commit("07", &[("b.env", "B=1\n".to_owned())]);
    let answer = repo.answer();
    let mut expected =
        [vec![format!("conf/a.env:2 {} false", &first[..8])], vec![format!("b.env:2 {} false", &brought[..8])]];
    expected.sort();
    assert_eq!(past(&answer), expected);
    assert_eq!(answer["changes"]["new"].as_array().unwrap().len(), 1);
    assert!(fs::metadata(journal).unwrap().len() > size);
    hidden(&repo.place, &[], &[&token, &next]);
}

/// It holds what was seen, and is only a help: without it, or with one of no sense, everything is looked into again.
#[test]
fn a_journal_of_no_sense_is_made_again() {
    let token = github(57);
    let Some((repo, _)) = deleted(&token) else { return };
    let before = past(&repo.answer());
    for bytes in [&b""[..], b"this is no journal", &[0xff; 4096]] {
        for journal in repo.journals() {
            fs::write(journal, bytes).unwrap();
        }
        assert_eq!(past(&repo.answer()), before);
    }
    let whole = fs::read(&repo.journals()[0]).unwrap();
    fs::write(&repo.journals()[0], &whole[..whole.len() - 3]).unwrap();
    assert_eq!(past(&repo.answer()), before, "the last entry was cut");
}

#[test]
fn without_saving_no_journal_is_kept() {
    let token = github(58);
    let Some((repo, _)) = deleted(&token) else { return };
    repo.history(&["--no-save"]).code(1);
    assert!(!repo.place.path("data/history").exists() && !repo.place.path("data/lens.key").exists());
}

#[test]
fn a_broken_object_is_told_and_the_rest_is_found() {
    let (token, other) = (github(59), github(60));
    let Some((repo, first)) = deleted(&token) else { return };
    repo.commit("05", &[("b.env", env(&other)), ("c.txt", "a text of its own\n".repeat(20))]);
    let broken = repo.break_object("HEAD:c.txt");
    let run = repo.history(&[]).code(2);
    run.says(&["NOT CHECKED", &broken, "git fsck"]);
    let answer = repo.answer();
    assert_eq!((secrets(&answer).len(), problems(&answer)), (2, vec![".git: problem-history-broken".to_owned()]));
    assert!(past(&answer).contains(&vec![format!("conf/a.env:2 {} false", &first[..8])]));
    repo.history(&["--waive", ".git"]).code(1);
    repo.history(&["--lang", "ja"]).code(2).says(&["が壊れている"]);
}

#[test]
fn what_a_broken_object_hides_is_not_gone() {
    let token = github(61);
    let Some((repo, first)) = deleted(&token) else { return };
    let id = text(&secrets(&repo.answer())[0]["id"]).to_owned();
    repo.place.write("repo/b.env", env(&github(65)));
    for journal in repo.journals() {
        fs::remove_file(journal).unwrap();
    }
    repo.break_object(&format!("{first}:conf/a.env"));
    let answer = repo.answer();
    let now: Vec<String> = secrets(&answer).iter().flat_map(|finding| places(finding)).collect();
    assert_eq!(now, ["b.env:2"], "so the asset is looked at");
    assert_eq!(answer["complete"], false);
    assert_eq!(answer["changes"]["gone"], json!([]), "what cannot be seen is not fixed");
    repo.place.yata(&["finding", "list"]).code(0).says(&[&id]);
}

#[test]
fn a_shallow_clone_is_told() {
    let token = github(62);
    let Some((repo, _)) = deleted(&token) else { return };
    let from = format!("file://{}", repo.path().display());
    git(&repo.place.path(""), "2026-11-01T09:00:00Z", &["clone", "--quiet", "--depth", "1", &from, "cut"]);
    let run = repo.place.assess(&["cut", "--history"]).code(2);
    run.says(&["NOT CHECKED", "a shallow clone", "git fetch --unshallow"]);
    assert_eq!(problems(&repo.place.answer(&["cut", "--history"])), [".git: problem-history-shallow"]);
    repo.place.assess(&["cut"]).code(0);
}

#[test]
fn every_repository_of_a_tree_is_looked_into() {
    let (outer, inner) = (github(63), github(64));
    let Some((repo, _)) = deleted(&outer) else { return };
    fs::create_dir_all(repo.place.path("repo/vendor/inner")).unwrap();
    let inside = repo.place.path("repo/vendor/inner");
    git(&inside, "2026-11-01T09:00:00Z", &["init", "--quiet", "--initial-branch=main"]);
    repo.place.write("repo/vendor/inner/x.env", env(&inner));
    git(&inside, "2026-11-01T09:00:00Z", &["add", "--all"]);
    git(&inside, "2026-11-01T09:00:00Z", &["commit", "--quiet", "--message", "a change"]);
    fs::remove_file(repo.place.path("repo/vendor/inner/x.env")).unwrap();
    let files: Vec<String> = past(&repo.answer()).concat();
    assert_eq!(files.len(), 2, "{files:?}");
    assert!(files.iter().any(|file| file.starts_with("vendor/inner/x.env:2 ")), "{files:?}");
}
