//! `cargo xtask bench hook`: what an agent waits for before a tool runs, and how right the answers are, beside others on
//! the same calls in the same run.
//!
//! The calls are lines of `corpus/commands`, wrapped as Claude Code sends them; the others are a program that only parses
//! the JSON (the floor), a hook of `jq` and `grep` as public guides show it, written anew here, and two published ones,
//! which are fetched with `npm` and `pip` where these reach a registry. Each call goes to every program in turn.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};

use super::measure::ratio;
use crate::hook::{build, build_floor};

/// The home that the lines of the corpus speak of.
const CORPUS_HOME: &str = "/home/mio";

/// GNU time, which tells the peak memory of one program.
const GNU_TIME: &str = "/usr/bin/time";

/// Calls whose memory is asked: GNU time starts a process more for each.
const MEMORY_CALLS: usize = 40;

/// What public guides for agents show: the command out of the JSON, a list of words that are dangerous.
const GREP_HOOK: &str = r#"#!/usr/bin/env bash
command=$(jq -r '.tool_input.command // empty')
if printf '%s' "$command" | grep -qE 'rm -rf|rm -fr|sudo |mkfs|dd if=|git push (--force|-f)|git reset --hard|chmod 777|curl .*\| *(ba)?sh|wget .*\| *(ba)?sh|:\(\)\{|DROP TABLE|> /dev/sd|\.env|id_rsa|\.ssh/'; then
  echo "blocked: $command" >&2
  exit 2
fi
exit 0
"#;

/// What is measured, and on how much.
#[derive(Debug, clap::Args)]
pub(crate) struct HookBench {
    /// How many calls
    #[arg(long, default_value_t = 1000)]
    calls: usize,
    /// How many of them go to the slow programs, those of Node and Python
    #[arg(long, default_value_t = 1000)]
    slow_calls: usize,
    /// All lines of the corpus once to the hook alone, for recall and false alarms
    #[arg(long)]
    whole_corpus: bool,
    /// Names each call that was answered wrongly by the hook
    #[arg(long)]
    show: bool,
    /// The folder with `yata-hook` and `floor` [default: built now]
    #[arg(long)]
    programs: Option<PathBuf>,
    /// Without the published peers
    #[arg(long)]
    no_peers: bool,
}

/// One call, and whether it must not run unasked.
struct Call {
    id: String,
    input: String,
    harmful: bool,
}

/// A program under measurement, and what it did.
struct Candidate {
    name: &'static str,
    program: PathBuf,
    args: Vec<String>,
    home: PathBuf,
    is_slow: bool,
    wall: Vec<Duration>,
    peak_kib: Option<u64>,
    caught: usize,
    harmful: usize,
    alarms: usize,
    benign: usize,
    wrong: Vec<String>,
}

/// Prints a table as Markdown.
pub(crate) fn run(args: &HookBench) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    // Not below /tmp: what lies there may be removed, and that would be part of the answers.
    let scratch = root.join("target/bench-hook");
    let _ = fs::remove_dir_all(&scratch);
    let home = scratch.join("home/mio");
    let project = home.join("src/shop");
    fs::create_dir_all(project.join(".git"))?;
    fs::write(project.join(".git/HEAD"), "ref: refs/heads/main\n")?;
    let calls = calls(&root, &home, if args.whole_corpus { usize::MAX } else { args.calls })?;
    let (floor, hook) = match &args.programs {
        Some(folder) => (folder.canonicalize()?.join("floor"), folder.canonicalize()?.join("yata-hook")),
        None => (build_floor(&root)?, build(&root)?),
    };
    let mut candidates =
        vec![Candidate::new("floor", &floor, &[], &home), Candidate::new("yata-hook", &hook, &["claude-code"], &home)];
    if !args.whole_corpus {
        let script = scratch.join("grep-hook.sh");
        fs::write(&script, GREP_HOOK)?;
        candidates.push(Candidate::new("bash, jq, grep (a restatement)", Path::new("bash"), &[&text(&script)], &home));
        if !args.no_peers {
            candidates.extend(peers(&scratch, &home));
        }
    }
    for candidate in &mut candidates {
        candidate.warm_up(&calls, &project, &scratch)?;
    }
    for (at, call) in calls.iter().enumerate() {
        for candidate in &mut candidates {
            if !candidate.is_slow || at < args.slow_calls {
                candidate.take(call, &project, &scratch)?;
            }
        }
    }
    print(&candidates, calls.len());
    if args.show {
        for candidate in candidates.iter().filter(|candidate| candidate.name == "yata-hook") {
            candidate.wrong.iter().for_each(|line| println!("{line}"));
        }
    }
    Ok(())
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Lines of the corpus at equal distances, as Claude Code would send them, in the home of the bench.
fn calls(root: &Path, home: &Path, wanted: usize) -> anyhow::Result<Vec<Call>> {
    let mut all = Vec::new();
    for (file, harmful) in [("harmful.jsonl", true), ("benign.jsonl", false)] {
        let path = root.join("corpus/commands").join(file);
        let lines = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        for line in lines.lines() {
            let line: Value = serde_json::from_str(&line.replace(CORPUS_HOME, &text(home)))?;
            let field = |name: &str| line.get(name).cloned().unwrap_or_default();
            let id = field("id").as_str().unwrap_or_default().to_owned();
            let input = json!({
                // A session of its own, so that no call is judged by what another one brought in.
                "session_id": id,
                "transcript_path": home.join(".claude/projects/shop/session.jsonl"),
                "cwd": home.join("src/shop"),
                "permission_mode": "default",
                "hook_event_name": "PreToolUse",
                "tool_name": field("tool"),
                "tool_input": field("input"),
                "tool_use_id": format!("toolu_{id}"),
            });
            all.push(Call { id, input: input.to_string(), harmful });
        }
    }
    let step = (all.len() / wanted.max(1)).max(1);
    let mut chosen: Vec<Call> = all.into_iter().step_by(step).take(wanted).collect();
    // Both kinds and all families mixed, always in the same way: who gets fewer calls gets some of each.
    chosen.sort_by_key(|call| call.id.chars().rev().collect::<String>());
    Ok(chosen)
}

/// The published ones that can be had here; says which cannot.
fn peers(scratch: &Path, home: &Path) -> Vec<Candidate> {
    let quiet = |command: &mut Command| {
        let done = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).status();
        done.is_ok_and(|status| status.success())
    };
    let mut found = Vec::new();
    let node = scratch.join("node");
    let _ = fs::create_dir_all(&node);
    let script = node.join("node_modules/cc-safety-net/dist/bin/cc-safety-net.js");
    if quiet(Command::new("npm").args(["install", "--prefix"]).arg(&node).arg("cc-safety-net")) && script.exists() {
        let args = [&text(&script), "hook", "--claude-code"];
        found.push(Candidate::new("cc-safety-net (Node)", Path::new("node"), &args, home).slow());
    } else {
        println!("skipped: needs node, npm and its registry for cc-safety-net");
    }
    let python = scratch.join("python");
    let nah = python.join("bin/nah");
    if quiet(Command::new("python3").args(["-m", "venv"]).arg(&python))
        && quiet(Command::new(python.join("bin/pip")).args(["install", "-q", "nah==0.11.*"]))
        && nah.exists()
    {
        found.push(Candidate::new("nah 0.11 (Python)", &nah, &["_claude-hook"], home).slow());
    } else {
        println!("skipped: needs python3, pip and its registry for nah 0.11");
    }
    found
}

impl Candidate {
    fn new(name: &'static str, program: &Path, args: &[&str], home: &Path) -> Self {
        Candidate {
            name,
            program: program.to_owned(),
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
            home: home.to_owned(),
            is_slow: false,
            wall: Vec::new(),
            peak_kib: None,
            caught: 0,
            harmful: 0,
            alarms: 0,
            benign: 0,
            wrong: Vec::new(),
        }
    }

    fn slow(mut self) -> Self {
        self.is_slow = true;
        self
    }

    fn command(&self, program: &Path, project: &Path, scratch: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(project)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &self.home)
            .env("YATA_HOOK_DIR", scratch.join("hook"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it some times before the measurement, and asks for its memory.
    fn warm_up(&mut self, calls: &[Call], project: &Path, scratch: &Path) -> anyhow::Result<()> {
        let step = (calls.len() / MEMORY_CALLS).max(1);
        for call in calls.iter().step_by(step) {
            if !Path::new(GNU_TIME).exists() {
                return Ok(());
            }
            let mut command = self.command(Path::new(GNU_TIME), project, scratch);
            command.args(["-q", "-f", "%M"]).arg(&self.program).args(&self.args);
            let mut child = command.spawn().with_context(|| format!("cannot start `{GNU_TIME}`"))?;
            let _ = child.stdin.take().map(|mut stdin| stdin.write_all(call.input.as_bytes()));
            let output = child.wait_with_output()?;
            let told = String::from_utf8_lossy(&output.stderr).lines().last().and_then(|line| line.trim().parse().ok());
            self.peak_kib = self.peak_kib.max(told);
        }
        Ok(())
    }

    fn take(&mut self, call: &Call, project: &Path, scratch: &Path) -> anyhow::Result<()> {
        let mut command = self.command(&self.program, project, scratch);
        command.args(&self.args);
        let start = Instant::now();
        let mut child = command.spawn().with_context(|| format!("cannot start `{}`", self.program.display()))?;
        // One that ends without reading leaves a broken pipe, which is its own affair.
        let _ = child.stdin.take().map(|mut stdin| stdin.write_all(call.input.as_bytes()));
        let output = child.wait_with_output()?;
        self.wall.push(start.elapsed());
        let raised = output.status.code() == Some(2) || refuses(&output.stdout);
        if call.harmful {
            self.harmful += 1;
            self.caught += usize::from(raised);
        } else {
            self.benign += 1;
            self.alarms += usize::from(raised);
        }
        if raised != call.harmful {
            self.wrong.push(format!("{} {}", call.id, String::from_utf8_lossy(&output.stdout)));
        }
        Ok(())
    }

    fn percentile(&self, percent: usize) -> Duration {
        let mut wall = self.wall.clone();
        wall.sort_unstable();
        let at = (wall.len() * percent / 100).min(wall.len().saturating_sub(1));
        wall.get(at).copied().unwrap_or_default()
    }
}

/// Whether an answer asks or denies.
fn refuses(stdout: &[u8]) -> bool {
    let Ok(answer) = serde_json::from_slice::<Value>(stdout) else { return false };
    let decision = answer.pointer("/hookSpecificOutput/permissionDecision").or_else(|| answer.get("decision"));
    decision.and_then(Value::as_str).is_some_and(|decision| ["ask", "deny", "block"].contains(&decision))
}

fn print(candidates: &[Candidate], calls: usize) {
    let floor = candidates.first().map(|floor| (floor.percentile(50), floor.percentile(99))).unwrap_or_default();
    println!("{calls} calls\n");
    println!("| | p50 | × floor | p99 | × floor | peak memory | caught | false alarms |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let share = |part: usize, of: usize| {
        if of == 0 { "–".to_owned() } else { format!("{:.1} %", part as f64 * 100.0 / of as f64) }
    };
    for candidate in candidates {
        let (p50, p99) = (candidate.percentile(50), candidate.percentile(99));
        let ms = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1000.0);
        let peak = candidate.peak_kib.map_or_else(|| "unknown".to_owned(), |kib| super::mebibytes(kib * 1024));
        println!(
            "| {} | {} | {} | {} | {} | {peak} | {} | {} |",
            candidate.name,
            ms(p50),
            ratio(p50.as_secs_f64(), floor.0.as_secs_f64()),
            ms(p99),
            ratio(p99.as_secs_f64(), floor.1.as_secs_f64()),
            share(candidate.caught, candidate.harmful),
            share(candidate.alarms, candidate.benign),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_all_forms_are_understood() {
        assert!(refuses(br#"{"hookSpecificOutput":{"permissionDecision":"ask"}}"#));
        assert!(refuses(br#"{"decision":"block"}"#));
        assert!(!refuses(br#"{"hookSpecificOutput":{"permissionDecision":"allow"}}"#));
        assert!(!refuses(b""));
    }
}
