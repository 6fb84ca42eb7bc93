//! Whatever a real bash runs of a random script, `understand` has told, or has said that it does not know.
//!
//! The only programs that the scripts can reach are a marker that notes its arguments, and the shell itself: `PATH` is a folder with
//! just those two, and the grammar has no other path in it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use yata_calls::{ActKind, Call, Place, Traits, understand};

use crate::scripts::script;

/// Scripts that are tried.
const SCRIPTS: u64 = 3000;
/// After this no further script is begun.
const TIME: Duration = Duration::from_secs(12);

/// After this a script is ended.
const LONGEST: Duration = Duration::from_secs(3);

/// The text of a seed, with what a shell made of it.
struct Tried {
    seed: u64,
    text: String,
    hits: Vec<String>,
}

fn bash() -> Option<PathBuf> {
    ["/bin/bash", "/usr/bin/bash"].iter().map(PathBuf::from).find(|path| {
        let version = Command::new(path).args(["--norc", "--noprofile", "-c", "echo ${BASH_VERSINFO[0]}"]).output();
        version.is_ok_and(|output| matches!(String::from_utf8_lossy(&output.stdout).trim(), "5" | "6"))
    })
}

fn run(bash: &Path, root: &Path, seed: u64) -> Tried {
    let text = script(seed);
    let (work, programs) = (root.join("work"), root.join("programs"));
    let _ = fs::remove_dir_all(&work);
    fs::create_dir_all(work.join("d1/d2")).unwrap();
    let hits = programs.join("hits");
    let _ = fs::remove_file(&hits);
    let mut shell = Command::new(bash)
        .args(["--norc", "--noprofile", "-c", &format!("ulimit -t 2 -f 64\n{text}")])
        .env_clear()
        .env("PATH", &programs)
        .env("FUNCNEST", "3")
        .env("HOME", &work)
        .current_dir(&work)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let group = format!("-{}", shell.id());
    let (done, ended) = mpsc::channel();
    let waiting = thread::spawn(move || {
        shell.wait().unwrap();
        let _ = done.send(());
    });
    if ended.recv_timeout(LONGEST).is_err() {
        Command::new("kill").args(["-9", "--", &group]).status().unwrap();
    }
    waiting.join().unwrap();
    let said = fs::read(&hits).unwrap_or_default();
    let hits =
        String::from_utf8_lossy(&said).split('\u{1e}').filter(|hit| !hit.is_empty()).map(str::to_owned).collect();
    Tried { seed, text, hits }
}

/// What `understand` did not tell; none if it said that it does not know.
fn missed(tried: &Tried, work: &str) -> (Vec<String>, bool) {
    let place = Place::new(work, work, work);
    let input = json!({ "command": tried.text });
    let told = understand(&Call { tool: "Bash", input: &input }, &place);
    if told.traits().contains(Traits::NOT_UNDERSTOOD) {
        return (Vec::new(), false);
    }
    let missed = tried.hits.iter().filter(|hit| {
        let wanted = format!("HIT {hit}");
        !told.acts.iter().any(|act| {
            act.kind == ActKind::RunCommand
                && (act.target.trim_end() == wanted.trim_end() || fits(&act.target, &wanted))
        })
    });
    (missed.cloned().collect(), true)
}

/// `…` stands for anything.
fn fits(target: &str, wanted: &str) -> bool {
    let Some((before, after)) = target.split_once('…') else { return false };
    let after = after.rsplit('…').next().unwrap_or("");
    before.starts_with("HIT") && wanted.starts_with(before.trim_end()) && wanted.ends_with(after.trim_start())
}

#[test]
fn what_bash_runs_was_told() {
    let Some(bash) = bash() else {
        println!("skipped: needs bash 5");
        return;
    };
    let root = std::env::temp_dir().join(format!("yata-calls-{}", std::process::id()));
    let programs = root.join("programs");
    fs::create_dir_all(&programs).unwrap();
    let root = fs::canonicalize(&root).unwrap();
    fs::write(
        programs.join("HIT"),
        format!("#!{}\nIFS=' '; printf '%s\\x1e' \"$*\" >> \"${{0%/*}}/hits\"\n", bash.display()),
    )
    .unwrap();
    fs::set_permissions(programs.join("HIT"), fs::Permissions::from_mode(0o755)).unwrap();
    symlink(&bash, programs.join("sh")).unwrap();
    let work = root.join("work");
    let work = work.to_str().unwrap();
    let first = std::env::var("YATA_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
    let (start, mut wrong, mut hit, mut clear) = (Instant::now(), Vec::new(), 0, 0);
    let mut count = 0;
    for seed in first..first + SCRIPTS {
        if start.elapsed() > TIME {
            break;
        }
        let tried = run(&bash, &root, seed);
        count += 1;
        let (missed, told) = missed(&tried, work);
        if !tried.hits.is_empty() {
            hit += 1;
            clear += usize::from(told);
        }
        if !missed.is_empty() {
            wrong.push(format!("seed {}: {missed:?}\n{}", tried.seed, tried.text));
        }
    }
    let _ = fs::remove_dir_all(&root);
    println!("{count} scripts, {hit} ran something, {clear} of them were told without a doubt");
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.iter().take(12).cloned().collect::<Vec<_>>().join("\n---\n")
    );
    assert!(count < 100 || hit * 3 >= count && clear * 3 >= hit, "{count} scripts, {hit} ran something, {clear} told");
}
