//! A repository made with the `git` program.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use tempfile::TempDir;
use yata_history::{Blob, ObjectId, Options, Repository, Scan, scan};

/// Gives the repository to the test, or says that it is skipped.
macro_rules! git {
    () => {
        match crate::support::Git::new() {
            Some(git) => git,
            None => {
                eprintln!("skipped: needs git");
                return;
            }
        }
    };
}
pub(crate) use git;

/// A folder with a repository named `work`, whose clock goes on by a minute with every command.
pub(crate) struct Git {
    pub(crate) folder: TempDir,
    pub(crate) path: PathBuf,
    seconds: Mutex<i64>,
}

impl Git {
    pub(crate) fn new() -> Option<Self> {
        Command::new("git").arg("--version").output().ok()?;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("work");
        fs::create_dir(&path).unwrap();
        let git = Self { folder, path, seconds: Mutex::new(1_700_000_000) };
        git.run(["init", "-q", "-b", "main"]);
        Some(git)
    }

    /// Runs git in a folder and gives what it prints.
    pub(crate) fn run_in<S: AsRef<OsStr>>(&self, folder: &Path, args: impl IntoIterator<Item = S>) -> String {
        let mut seconds = self.seconds.lock().unwrap();
        *seconds += 60;
        let date = format!("{} +0900", *seconds);
        let output = Command::new("git")
            .current_dir(folder)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_ALLOW_PROTOCOL", "file")])
            .envs([("GIT_AUTHOR_NAME", "山田 花子"), ("GIT_AUTHOR_EMAIL", "hanako@example.jp")])
            .envs([("GIT_COMMITTER_NAME", "Bot"), ("GIT_COMMITTER_EMAIL", "bot@example.test")])
            .envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)])
            .args(["-c", "gc.auto=0", "-c", "protocol.file.allow=always", "-c", "core.autocrlf=false"])
            .args(args)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    pub(crate) fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> String {
        self.run_in(&self.path, args)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Commits all that is in the working tree and gives the commit's id.
    pub(crate) fn commit(&self, message: &str) -> ObjectId {
        self.run(["add", "-A"]);
        self.run(["commit", "-q", "--allow-empty", "-m", message]);
        self.id("HEAD")
    }

    /// The id of what git calls by a name.
    pub(crate) fn id(&self, name: &str) -> ObjectId {
        ObjectId::from_hex(self.run(["rev-parse", name]).as_bytes()).unwrap()
    }

    /// A history of some files that grow and change, and of large ones; gives how many commits it has.
    pub(crate) fn long_history(&self) -> usize {
        const ROUNDS: usize = 30;
        let mut lines: Vec<String> = (0..200).map(|line| format!("line {line} of the first text")).collect();
        let mut stream = Vec::new();
        let mut put = |path: &str, text: &[u8]| {
            stream.extend_from_slice(format!("{path}data {}\n", text.len()).as_bytes());
            stream.extend_from_slice(text);
            stream.push(b'\n');
        };
        for round in 0..ROUNDS {
            lines.insert(round * 7 % lines.len(), format!("inserted in round {round}"));
            lines[round * 11 % 150] = format!("changed in round {round}");
            let date = 1_600_000_000 + 60 * round;
            let who = format!(
                "author 山田 花子 <hanako@example.jp> {date} +0900\ncommitter Bot <b@example.test> {date} +0900\n"
            );
            put(&format!("commit refs/heads/main\n{who}"), format!("round {round}").as_bytes());
            put("M 100644 inline src/long.txt\n", (lines.join("\n") + "\n").as_bytes());
            let file = format!("M 100644 inline src/deep/er/{}.txt\n", round % 5);
            put(&file, (lines[..round + 1].join("\n") + "\n").as_bytes());
            if round % 10 == 0 {
                put("M 100644 inline data/large.bin\n", &pseudo_random(round as u64, 100_000));
            }
        }
        let input = self.folder.path().join("stream");
        fs::write(&input, stream).unwrap();
        let mut import = Command::new("git");
        import.current_dir(&self.path).args(["-c", "fastimport.unpackLimit=100000", "fast-import", "--quiet"]);
        assert!(import.stdin(fs::File::open(&input).unwrap()).status().unwrap().success());
        self.run(["reset", "-q", "--hard"]);
        ROUNDS
    }

    pub(crate) fn open(&self) -> Repository {
        Repository::open(&self.path).unwrap()
    }

    /// All blobs by git's own account, with their contents.
    pub(crate) fn blobs(&self) -> BTreeMap<ObjectId, Vec<u8>> {
        let output =
            Command::new("git").current_dir(&self.path).args(["cat-file", "--batch-all-objects", "--batch"]).output();
        let stdout = output.unwrap().stdout;
        let mut rest = stdout.as_slice();
        let mut blobs = BTreeMap::new();
        while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
            let head = String::from_utf8(rest[..end].to_vec()).unwrap();
            let words: Vec<&str> = head.split(' ').collect();
            let size: usize = words[2].parse().unwrap();
            let tail = &rest[end + 1..];
            if words[1] == "blob" {
                blobs.insert(ObjectId::from_hex(words[0].as_bytes()).unwrap(), tail[..size].to_vec());
            }
            rest = &tail[size + 1..];
        }
        blobs
    }

    /// The packs, which git writes without permission to change them, made writable.
    pub(crate) fn packs(&self, extension: &str) -> Vec<PathBuf> {
        let folder = self.path.join(".git/objects/pack");
        let mut packs: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        packs.retain(|path| path.extension() == Some(OsStr::new(extension)));
        packs.iter().for_each(|path| writable(path));
        packs.sort();
        packs
    }

    /// The file of a loose object, made writable.
    pub(crate) fn loose(&self, id: &ObjectId) -> PathBuf {
        let hex = id.to_string();
        let path = self.path.join(".git/objects").join(&hex[..2]).join(&hex[2..]);
        writable(&path);
        path
    }
}

#[expect(clippy::permissions_set_readonly_false, reason = "a file in the test's own folder")]
fn writable(path: &Path) {
    let mut permissions = fs::metadata(path).unwrap().permissions();
    permissions.set_readonly(false);
    fs::set_permissions(path, permissions).unwrap();
}

pub(crate) fn pseudo_random(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

/// Scans and gives each blob that was handed over, which must be once only.
pub(crate) fn collect(repository: &Repository, options: &Options<'_>) -> (BTreeMap<ObjectId, Vec<u8>>, Scan) {
    let seen = Mutex::new(BTreeMap::new());
    let scan = scan(repository, options, &|blob: &Blob<'_>| {
        let before = seen.lock().unwrap().insert(blob.id, blob.bytes.to_vec());
        assert_eq!(before, None, "{} was handed over twice", blob.id);
        Some(blob.id.to_string().into_bytes())
    });
    (seen.into_inner().unwrap(), scan.unwrap())
}
