//! The log under many writers, dying ones, and people who edit it.

use std::fs;
use std::path::{Path, PathBuf};

use yata_hook::{Agent, Checkup, Happened, Log, Logged, Outcome, entry};
use yata_ledger::{Checkpoint, Finding, Frontier, leaf_hash};

const SEED: [u8; 32] = [7; 32];

fn bytes(number: usize) -> Vec<u8> {
    entry(&Happened {
        time_ms: 1_795_140_245_000,
        agent: Agent::ClaudeCode,
        outcome: Outcome::Allowed,
        kind: "Bash".to_owned(),
        target: format!("echo {number}"),
        call: format!("toolu_{number}"),
        why: String::new(),
        facts: vec![("event", "PreToolUse".to_owned()), ("mode", String::new())],
        replay: None,
    })
}

fn filled(folder: &Path, entries: usize) -> Log {
    let log = Log::at(&folder.join("log"));
    for number in 0..entries {
        let at = log.append(&bytes(number), 1).unwrap();
        assert_eq!(at, Logged::At { epoch: 0, index: number as u64 });
    }
    log
}

fn file(log: &Log, name: &str) -> PathBuf {
    log.folder().join(name)
}

fn entries_file(log: &Log) -> PathBuf {
    file(log, "0000-000000.jsonl")
}

fn findings(checkup: &Checkup) -> Vec<Finding> {
    checkup.epochs.iter().flat_map(|epoch| epoch.findings().cloned()).collect()
}

#[test]
fn what_was_logged_is_there_and_holds() {
    let folder = tempfile::tempdir().unwrap();
    let log = filled(folder.path(), 20);
    let checkup = log.check().unwrap();
    assert!(checkup.holds(), "{checkup:?}");
    assert_eq!(checkup.epochs[0].report.entries, 20);
    let last = log.last(3).unwrap();
    let ends: Vec<bool> =
        (17..20).zip(&last).map(|(at, line)| String::from_utf8_lossy(line).contains(&format!("echo {at}\""))).collect();
    assert_eq!(ends, [true; 3]);
    let json: serde_json::Value = serde_json::from_slice(&last[0]).unwrap();
    assert_eq!(json["message"], "audit-hook-allowed");
    assert_eq!((json["class_uid"].as_u64(), json["metadata"]["version"].as_str()), (Some(6003), Some("1.3.0")));
    assert_eq!(json["unmapped"]["facts"].as_array().unwrap().len(), 1, "a fact without a value is left out");
    assert!(Log::at(&folder.path().join("none")).check().unwrap().epochs.is_empty());
}

#[test]
fn an_edit_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let log = filled(folder.path(), 20);
    let text = fs::read_to_string(entries_file(&log)).unwrap();
    fs::write(entries_file(&log), text.replace("echo 7\"", "echo 8\"")).unwrap();
    let checkup = log.check().unwrap();
    assert_eq!(findings(&checkup), [Finding::Edited { index: 7 }]);
    assert!(!checkup.epochs[0].head_holds());
    // With its hash changed too, the head still knows.
    let line = text.lines().nth(7).unwrap().replace("echo 7\"", "echo 8\"");
    let mut hashes = fs::read(file(&log, "0000-000000.hashes")).unwrap();
    hashes[7 * 32..8 * 32].copy_from_slice(&leaf_hash(line.as_bytes()).0);
    fs::write(file(&log, "0000-000000.hashes"), hashes).unwrap();
    let checkup = log.check().unwrap();
    assert!(findings(&checkup).is_empty() && !checkup.holds());
}

#[test]
fn two_entries_that_changed_places_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let log = filled(folder.path(), 12);
    let text = fs::read_to_string(entries_file(&log)).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.swap(2, 5);
    fs::write(entries_file(&log), lines.join("\n") + "\n").unwrap();
    let expected = [Finding::Reordered { index: 2, logged_at: 5 }, Finding::Reordered { index: 5, logged_at: 2 }];
    assert_eq!(findings(&log.check().unwrap()), expected);
}

#[test]
fn a_log_cut_short_is_found_kept_and_followed_by_another() {
    let folder = tempfile::tempdir().unwrap();
    let log = filled(folder.path(), 12);
    log.checkpoint(2, &SEED).unwrap().unwrap();
    let text = fs::read_to_string(entries_file(&log)).unwrap();
    let cut: Vec<&str> = text.lines().take(9).collect();
    fs::write(entries_file(&log), cut.join("\n") + "\n").unwrap();
    let checkup = log.check().unwrap();
    assert!(matches!(findings(&checkup)[0], Finding::Truncated { size: 12, entries: 9, .. }), "{checkup:?}");
    assert!(!checkup.epochs[0].head_holds());

    // The next decision is logged nevertheless, after an entry that says what was found.
    assert_eq!(log.append(&bytes(99), 3).unwrap(), Logged::At { epoch: 1, index: 1 });
    let first = String::from_utf8(log.last(2).unwrap()[0].clone()).unwrap();
    assert!(first.contains("audit-hook-log-cut") && first.contains(r#"{"name":"entries","value":"12"}"#), "{first}");
    let checkup = log.check().unwrap();
    assert!(!checkup.epochs[0].holds() && checkup.epochs[1].holds() && !checkup.holds());
    assert_eq!(log.append(&bytes(100), 3).unwrap(), Logged::At { epoch: 1, index: 2 });
}

#[test]
fn what_a_dying_process_leaves_is_taken_in_or_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let log = filled(folder.path(), 5);
    let append = |text: &[u8]| {
        use std::io::Write as _;
        fs::OpenOptions::new().append(true).open(entries_file(&log)).unwrap().write_all(text).unwrap();
    };
    // It died after the line and before the head.
    append(&[bytes(5).as_slice(), b"\n"].concat());
    assert!(log.check().unwrap().holds());
    assert_eq!(log.append(&bytes(6), 1).unwrap(), Logged::At { epoch: 0, index: 6 });
    // It died within a line.
    append(&bytes(7)[..40]);
    assert_eq!(log.append(&bytes(8), 1).unwrap(), Logged::At { epoch: 0, index: 8 });
    let checkup = log.check().unwrap();
    assert!(checkup.holds(), "{checkup:?}");
    let mended = String::from_utf8(log.last(2).unwrap()[0].clone()).unwrap();
    assert!(mended.contains("audit-hook-log-mended") && mended.contains(r#""cut-off-bytes","value":"40""#), "{mended}");
}

#[test]
fn a_head_that_is_gone_or_torn_is_made_again_and_that_is_said() {
    for torn in [None, Some(30), Some(0)] {
        let folder = tempfile::tempdir().unwrap();
        let log = filled(folder.path(), 5);
        let head = fs::read(file(&log, "head")).unwrap();
        match torn {
            Some(length) => fs::write(file(&log, "head"), &head[..length]).unwrap(),
            None => fs::remove_file(file(&log, "head")).unwrap(),
        }
        assert!(!log.check().unwrap().holds());
        assert_eq!(log.append(&bytes(5), 1).unwrap(), Logged::At { epoch: 0, index: 6 });
        assert!(log.check().unwrap().holds());
        let said = String::from_utf8(log.last(2).unwrap()[0].clone()).unwrap();
        assert!(said.contains("audit-hook-log-mended") && said.contains(r#""entries","value":"5""#), "{said}");
    }
}

#[test]
fn who_does_not_get_the_lock_leaves_the_entry_and_the_next_one_takes_it_in() {
    let folder = tempfile::tempdir().unwrap();
    let log = filled(folder.path(), 2);
    let holder = fs::File::open(file(&log, "head")).unwrap();
    holder.lock().unwrap();
    assert_eq!(log.append(&bytes(2), 1).unwrap(), Logged::Waiting);
    holder.unlock().unwrap();
    assert_eq!(log.check().unwrap().waiting, 1);
    assert_eq!(log.append(&bytes(3), 1).unwrap(), Logged::At { epoch: 0, index: 3 });
    let lines = log.last(10).unwrap();
    assert_eq!(
        lines,
        (0..4)
            .map(|at| lines
                .iter()
                .find(|line| String::from_utf8_lossy(line).contains(&format!("echo {at}\"")))
                .unwrap()
                .clone())
            .collect::<Vec<_>>()
    );
    assert!(log.check().unwrap().holds());
}

#[test]
fn what_waits_for_long_and_what_is_dropped_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let log = filled(folder.path(), 2);
    let holder = fs::File::open(file(&log, "head")).unwrap();
    holder.lock().unwrap();
    let now_ms = 1_800_000_000_000;
    assert_eq!(log.append(&bytes(2), now_ms).unwrap(), Logged::Waiting);
    holder.unlock().unwrap();
    let checkup = log.check().unwrap();
    assert_eq!((checkup.waiting, checkup.waiting_since_ms), (1, Some(now_ms)));
    assert!(!checkup.is_overdue(now_ms + 60_000) && checkup.is_overdue(now_ms + 60_001));
    let waiting = log.folder().join("waiting");
    fs::write(waiting.join("0-broken.json"), "two\nlines").unwrap();
    fs::write(waiting.join("1-large.json"), "x".repeat(40_000)).unwrap();
    assert_eq!(log.append(&bytes(3), now_ms).unwrap(), Logged::At { epoch: 0, index: 5 });
    let checkup = log.check().unwrap();
    assert!(checkup.holds() && checkup.waiting == 0 && !checkup.is_overdue(i64::MAX));
    let lines: Vec<String> =
        log.last(4).unwrap().iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    for (line, name, length) in [(&lines[0], "0-broken.json", "9"), (&lines[1], "1-large.json", "40000")] {
        assert!(line.contains(name) && line.contains(&format!(r#""dropped-bytes","value":"{length}""#)), "{line}");
    }
}

#[test]
fn a_full_file_is_followed_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::at(&folder.path().join("log"));
    fs::create_dir_all(log.folder()).unwrap();
    fs::write(entries_file(&log), "{}\n".repeat(65_534)).unwrap();
    // The head is made anew, which is entry 65,534.
    assert_eq!(log.append(&bytes(0), 1).unwrap(), Logged::At { epoch: 0, index: 65_535 });
    assert_eq!(log.append(&bytes(1), 1).unwrap(), Logged::At { epoch: 0, index: 65_536 });
    assert_eq!(log.append(&bytes(2), 1).unwrap(), Logged::At { epoch: 0, index: 65_537 });
    assert_eq!(fs::read_to_string(file(&log, "0000-000001.jsonl")).unwrap().lines().count(), 2);
    assert!(log.check().unwrap().holds());
    // Lines that somebody puts behind a full file are not taken for entries, and cutting the next one is found.
    fs::remove_file(file(&log, "head")).unwrap();
    assert_eq!(log.append(&bytes(3), 1).unwrap(), Logged::At { epoch: 0, index: 65_539 });
    assert!(log.check().unwrap().holds());
    fs::write(file(&log, "0000-000001.jsonl"), "").unwrap();
    assert!(!log.check().unwrap().holds());
    assert_eq!(log.append(&bytes(4), 1).unwrap(), Logged::At { epoch: 1, index: 1 });
}

#[test]
fn many_writers_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::at(&folder.path().join("log"));
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let log = &log;
            scope.spawn(move || {
                for at in 0..50 {
                    log.append(&bytes(writer * 1000 + at), 1).unwrap();
                }
            });
        }
    });
    log.append(&bytes(9999), 1).unwrap();
    let checkup = log.check().unwrap();
    assert!(checkup.holds(), "{checkup:?}");
    assert_eq!((checkup.epochs[0].report.entries, checkup.waiting), (401, 0));
}

#[test]
fn batches_with_a_checkpoint_rebuild_the_tree() {
    let folder = tempfile::tempdir().unwrap();
    let log = filled(folder.path(), 30);
    let mut frontier = Frontier::new();
    let first = log.batch(0, 0, 1, &SEED).unwrap().unwrap();
    assert_eq!((first.start, first.entries.len()), (0, 30));
    log.append(&bytes(30), 1).unwrap();
    let second = log.batch(0, 30, 1, &SEED).unwrap().unwrap();
    assert_eq!(second.entries.len(), 1);
    let key = log.verifier(0).unwrap().unwrap();
    for batch in [first, second] {
        batch.entries.iter().for_each(|entry| frontier.push(leaf_hash(entry)));
        let opened = Checkpoint::open(&batch.checkpoint, key.name(), std::slice::from_ref(&key)).unwrap();
        assert_eq!((opened.checkpoint.size, opened.checkpoint.root), (frontier.size(), frontier.root()));
    }
    assert_eq!(log.batch(0, 31, 1, &SEED).unwrap(), None);
    // Somebody builds the log anew without an entry: the checkpoint that was kept shows it.
    let lines = log.last(100).unwrap();
    fs::remove_file(file(&log, "head")).unwrap();
    let kept: Vec<&[u8]> =
        lines.iter().enumerate().filter(|(at, _)| *at != 4).map(|(_, line)| line.as_slice()).collect();
    fs::write(entries_file(&log), [kept.join(b"\n".as_slice()), b"\n".to_vec()].concat()).unwrap();
    fs::remove_file(file(&log, "0000-000000.hashes")).unwrap();
    log.append(&bytes(31), 1).unwrap();
    let found = findings(&log.check().unwrap());
    assert!(found.iter().any(|finding| matches!(finding, Finding::Rewritten { size: 31, .. })), "{found:?}");
}

#[test]
fn an_entry_that_would_be_two_or_is_too_long_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::at(folder.path());
    for wrong in [b"".as_slice(), b"a\nb", &vec![b'a'; yata_hook::MAX_ENTRY_BYTES + 1]] {
        assert!(log.append(wrong, 1).is_err());
    }
}

#[cfg(unix)]
#[test]
fn the_log_is_private_and_not_written_through_links() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let log = filled(folder.path(), 1);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(log.folder()), 0o700);
    for name in ["head", "0000-000000.jsonl", "0000-000000.hashes"] {
        assert_eq!(mode(&file(&log, name)), 0o600, "{name}");
    }
    let target = folder.path().join("target");
    fs::write(&target, "mine").unwrap();
    fs::remove_file(file(&log, "head")).unwrap();
    std::os::unix::fs::symlink(&target, file(&log, "head")).unwrap();
    assert!(log.append(&bytes(1), 1).is_err());
    assert_eq!(fs::read_to_string(&target).unwrap(), "mine");
}
