//! Who wrote a line, against git's own answer.

use yata_history::blame;

use crate::support::{Git, git};

/// Holds every line of a file against `git blame`.
fn check(git: &Git, path: &str) {
    let porcelain = git.run(["blame", "--line-porcelain", "--no-progress", "HEAD", "--", path]);
    let mut expected = Vec::new();
    let mut head = String::new();
    for line in porcelain.lines() {
        let mut words = line.split(' ');
        let (commit, old) = (words.next().unwrap(), words.next());
        if commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            head = format!("{commit} {}", old.unwrap());
        } else if let Some(file) = line.strip_prefix("filename ") {
            expected.push(format!("{head} {file}"));
        }
    }
    let lines: Vec<usize> = (1..=expected.len()).collect();
    let got = blame(&git.open(), path.as_bytes(), &lines).into_iter().map(|line| {
        let line = line.unwrap();
        assert_eq!(line.commit.author, "山田 花子");
        format!("{} {} {}", line.commit.id, line.line, String::from_utf8(line.path).unwrap())
    });
    assert_eq!(got.collect::<Vec<_>>(), expected);
    assert!(!expected.is_empty());
}

#[test]
fn lines_of_a_long_history() {
    let git = git!();
    git.long_history();
    check(&git, "src/long.txt");
    git.run(["repack", "-adfq"]);
    check(&git, "src/long.txt");
    check(&git, "src/deep/er/3.txt");
}

#[test]
fn through_renames_and_merges() {
    let git = git!();
    let text = |from: usize, to: usize| (from..to).map(|line| format!("line number {line}\n")).collect::<String>();
    git.write("a/old.txt", text(0, 20));
    git.write("other", "x");
    git.commit("first");
    git.run(["mv", "a/old.txt", "new.txt"]);
    git.commit("moved");
    git.run(["checkout", "-q", "-b", "side"]);
    git.write("new.txt", format!("{}side\n", text(0, 20)));
    git.commit("side");
    git.run(["checkout", "-q", "main"]);
    git.write("new.txt", format!("main\n{}", text(0, 20)));
    git.commit("main");
    git.run(["merge", "-q", "-m", "merge", "side"]);
    check(&git, "new.txt");
    git.run(["mv", "new.txt", "b.txt"]);
    git.write("b.txt", format!("main\n{}changed\nside\n", text(0, 18)));
    git.commit("moved and changed");
    check(&git, "b.txt");
}

#[test]
fn what_is_not_there_has_no_author() {
    let git = git!();
    assert_eq!(blame(&git.open(), b"a", &[1]), [None], "before the first commit");
    git.write("a", "one\ntwo\n");
    let commit = git.commit("first");
    let got = blame(&git.open(), b"a", &[0, 1, 3, 2, 2]);
    assert_eq!(
        got.iter().map(|line| line.as_ref().map(|line| line.line)).collect::<Vec<_>>(),
        [None, Some(1), None, Some(2), Some(2)]
    );
    assert_eq!(got[1].as_ref().unwrap().commit.id, commit);
    assert_eq!(blame(&git.open(), b"b", &[1]), [None]);
    assert_eq!(blame(&git.open(), b"", &[1]), [None]);
}
