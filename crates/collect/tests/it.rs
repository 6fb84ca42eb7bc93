//! Trees made for the occasion, good and bad.
#![expect(clippy::unwrap_used, reason = "tests stop at what they did not expect")]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tempfile::TempDir;
use yata_collect::{Collected, Control, Look, Options, Progress, collect, machine};
use yata_model::ProblemKind;

const CARGO_LOCK: &str = "version = 4\n[[package]]\nname = \"log\"\nversion = \"0.4.20\"\n\
    source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
const NPM_LOCK: &str = r#"{"lockfileVersion": 3, "packages": {"node_modules/ms": {"version": "2.1.3"}}}"#;

fn tree(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn run(root: &Path) -> Collected {
    collect(root, &Options::default(), &Control::default())
}

/// One line per file and problem.
fn lines(collected: &Collected) -> Vec<String> {
    let files = collected.files.iter().map(|file| {
        let purls: Vec<&str> = file.parsed.components.iter().map(|c| c.purl.as_str()).collect();
        format!("{} {}", file.path, purls.join(" ")).trim_end().to_owned()
    });
    let of_files = collected.files.iter().flat_map(|file| &file.parsed.problems);
    let problems =
        collected.problems.iter().chain(of_files).map(|p| format!("! {:?} {} {}", p.kind, p.subject, p.message.id));
    files.chain(problems).collect()
}

fn check(collected: &Collected, expected: &[&str]) {
    assert_eq!(lines(collected), expected, "\nactual: {:#?}", lines(collected));
}

#[test]
fn a_tree_in_the_order_of_its_paths() {
    let folder = tree(&[
        ("b/Cargo.lock", CARGO_LOCK),
        ("a/package-lock.json", NPM_LOCK),
        (".hidden/requirements.txt", "six==1.16.0\n"),
        ("a/src/main.rs", "fn main() {}"),
        ("b/.git/HEAD", "ref: x"),
        ("b/.git/Cargo.lock", CARGO_LOCK),
        ("target/package/Cargo.lock", CARGO_LOCK),
        (".git", "gitdir: elsewhere"),
        ("c/pnpm-lock.yaml", "lockfileVersion: 9"),
    ]);
    let collected = run(folder.path());
    check(
        &collected,
        &[
            ".hidden/requirements.txt pkg:pypi/six@1.16.0",
            "a/package-lock.json pkg:npm/ms@2.1.3",
            "b/Cargo.lock pkg:cargo/log@0.4.20",
            "target/package/Cargo.lock pkg:cargo/log@0.4.20",
            "! Unparsable c/pnpm-lock.yaml problem-format-unsupported",
        ],
    );
    assert_eq!(collected.repositories, ["", "b"]);
    assert_eq!(collected.stats.files_seen, 6);
    assert!(collected.hosts.is_empty());
    for threads in 1..4 {
        let again = collect(folder.path(), &Options { threads, ..Options::default() }, &Control::default());
        assert_eq!(again, collected);
    }
}

#[test]
fn gitignore_counts_only_where_asked() {
    let folder = tree(&[(".gitignore", "old/\n"), ("old/Cargo.lock", CARGO_LOCK), ("Cargo.lock", CARGO_LOCK)]);
    assert_eq!(run(folder.path()).files.len(), 2);
    let options = Options { gitignore: true, threads: 1, ..Options::default() };
    let collected = collect(folder.path(), &options, &Control::default());
    check(&collected, &["Cargo.lock pkg:cargo/log@0.4.20"]);
}

#[test]
fn lockfiles_of_installed_npm_packages_are_passed_over() {
    let folder = tree(&[
        ("with/package-lock.json", NPM_LOCK),
        ("with/node_modules/.package-lock.json", NPM_LOCK),
        ("with/node_modules/ms/package-lock.json", NPM_LOCK),
        ("without/node_modules/.package-lock.json", NPM_LOCK),
        ("without/node_modules/ms/pnpm-lock.yaml", ""),
        ("without/node_modules/ms/yarn.lock", "# yarn lockfile v1\n"),
    ]);
    check(
        &run(folder.path()),
        &["with/package-lock.json pkg:npm/ms@2.1.3", "without/node_modules/.package-lock.json pkg:npm/ms@2.1.3"],
    );
}

#[test]
fn hosts_know_their_release_and_name() {
    let status = "Package: curl\nStatus: install ok installed\nVersion: 7.88.1-10\n";
    let folder = tree(&[
        ("etc/os-release", "ID=almalinux\nVERSION_ID=9.4\n"),
        ("etc/hostname", "gateway\n"),
        ("images/web/usr/lib/os-release", "ID=debian\nVERSION_ID=12\n"),
        ("images/web/var/lib/dpkg/status", status),
        ("images/none/var/lib/dpkg/status", status),
        ("var/lib/rpm/rpmdb.sqlite", ""),
        ("usr/lib/python3/site-packages/six-1.16.0.dist-info/METADATA", "Name: six\nVersion: 1.16.0\n\ntext\n"),
    ]);
    let collected = run(folder.path());
    check(
        &collected,
        &[
            "images/none/var/lib/dpkg/status pkg:deb/debian/curl@7.88.1-10",
            "images/web/var/lib/dpkg/status pkg:deb/debian/curl@7.88.1-10?distro=debian-12",
            "usr/lib/python3/site-packages/six-1.16.0.dist-info/METADATA pkg:pypi/six@1.16.0",
            "! Unparsable var/lib/rpm/rpmdb.sqlite problem-format-unsupported",
            "! Unreadable images/none/var/lib/dpkg/status problem-distribution-unknown",
        ],
    );
    let hosts: Vec<String> = collected
        .hosts
        .iter()
        .map(|host| {
            let os = host.os.as_ref().map(|os| os.ecosystem().to_string()).unwrap_or_default();
            format!("{}|{os}|{}", host.folder, host.name.clone().unwrap_or_default())
        })
        .collect();
    assert_eq!(hosts, ["|AlmaLinux:9|gateway", "images/none||", "images/web|Debian:12|"]);
}

#[test]
fn a_go_sum_beside_a_new_go_mod_adds_nothing() {
    let folder = tree(&[
        ("a/go.mod", "module m\ngo 1.22\nrequire a.b/c v1.0.0\n"),
        ("a/go.sum", "a.b/c v1.0.0 h1:x=\nold.b/c v1.0.0 h1:x=\n"),
        ("b/go.sum", "a.b/c v1.0.0 h1:x=\n"),
    ]);
    check(
        &run(folder.path()),
        &["a/go.mod pkg:golang/a.b/c@v1.0.0 pkg:golang/stdlib@1.22", "a/go.sum", "b/go.sum pkg:golang/a.b/c@v1.0.0"],
    );
}

#[test]
fn a_file_as_the_root_is_told_by_name_or_by_content() {
    let bom = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":
        [{"type":"library","name":"log","version":"0.4.20","purl":"pkg:cargo/log@0.4.20"}]}"#;
    let spdx = r#"{"spdxVersion":"SPDX-2.3","name":"x","packages":[]}"#;
    let folder = tree(&[
        ("portal.json", bom),
        ("x.json", spdx),
        ("sbom.json", spdx),
        ("my.lock", CARGO_LOCK),
        ("pnpm-lock.yaml", ""),
        ("package.json", "{}"),
    ]);
    let at = |name: &str| run(&folder.path().join(name));
    check(&at("portal.json"), &["portal.json pkg:cargo/log@0.4.20"]);
    assert_eq!(at("x.json").files.first().unwrap().format, "SPDX JSON");
    assert_eq!(at("sbom.json").files.first().unwrap().format, "SPDX JSON");
    check(&at("my.lock"), &["! Unparsable my.lock problem-unknown-format"]);
    check(&at("pnpm-lock.yaml"), &["! Unparsable pnpm-lock.yaml problem-format-unsupported"]);
    check(&at("package.json"), &["! Unparsable package.json problem-unknown-format"]);
    let missing = at("nothing");
    assert_eq!(missing.problems.len(), 1);
    assert_eq!(missing.problems.first().unwrap().message.id, "problem-not-found");
}

#[test]
fn broken_files_are_problems_and_the_rest_goes_on() {
    let folder = tree(&[
        ("a/package-lock.json", "{\"lockfileVersion\": 3, \"packages\": {"),
        ("b/package-lock.json", &format!("{{\"lockfileVersion\": 3, \"packages\": {}", "[".repeat(100_000))),
        ("c/package-lock.json", "{\"lockfileVersion\": 3, \"lockfileVersion\": 3}"),
        ("d/Cargo.lock", "this is not toml"),
        ("good/Cargo.lock", CARGO_LOCK),
    ]);
    fs::create_dir_all(folder.path().join("e")).unwrap();
    fs::write(folder.path().join("e/Cargo.lock"), b"version = 4\n# \xe9t\xe9\n").unwrap();
    fs::write(folder.path().join("e/yarn.lock"), b"\xff\xfe#\0").unwrap();
    let with_bom = [b"\xef\xbb\xbf", CARGO_LOCK.as_bytes()].concat();
    fs::create_dir_all(folder.path().join("f")).unwrap();
    fs::write(folder.path().join("f/Cargo.lock"), with_bom).unwrap();
    check(
        &run(folder.path()),
        &[
            "a/package-lock.json",
            "b/package-lock.json",
            "c/package-lock.json",
            "d/Cargo.lock",
            "e/Cargo.lock",
            "e/yarn.lock",
            "f/Cargo.lock pkg:cargo/log@0.4.20",
            "good/Cargo.lock pkg:cargo/log@0.4.20",
            "! Unparsable a/package-lock.json problem-json-truncated",
            "! Unparsable b/package-lock.json problem-json-shape",
            "! Unparsable c/package-lock.json problem-json-duplicate-key",
            "! Unparsable d/Cargo.lock problem-toml-syntax",
            "! Unparsable e/Cargo.lock problem-not-utf8",
            "! Unparsable e/yarn.lock problem-utf16",
        ],
    );
}

#[test]
fn a_file_of_one_gibibyte_is_refused_before_it_is_read() {
    let folder = tree(&[("good/Cargo.lock", CARGO_LOCK)]);
    let big = fs::File::create(folder.path().join("package-lock.json")).unwrap();
    big.set_len(1 << 30).unwrap();
    let collected = run(folder.path());
    check(&collected, &["good/Cargo.lock pkg:cargo/log@0.4.20", "! TooLarge package-lock.json problem-file-too-large"]);
    assert!(collected.stats.bytes_read < 1 << 20);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = tree(&[("Cargo.lock", CARGO_LOCK), ("deep/Cargo.lock", CARGO_LOCK)]);
    let folder = tree(&[("real/Cargo.lock", CARGO_LOCK)]);
    let at = |path: &str| folder.path().join(path);
    fs::create_dir_all(at("in")).unwrap();
    symlink(at("real/Cargo.lock"), at("in/Cargo.lock")).unwrap();
    symlink(outside.path().join("Cargo.lock"), at("Cargo.lock")).unwrap();
    symlink(outside.path(), at("out")).unwrap();
    symlink(folder.path(), at("real/loop")).unwrap();
    fs::create_dir_all(at("self")).unwrap();
    symlink(at("self/go.mod"), at("self/go.mod")).unwrap();
    let expected = [
        "real/Cargo.lock pkg:cargo/log@0.4.20",
        "! Unreadable Cargo.lock problem-link-out-of-tree",
        "! Unreadable self/go.mod problem-link-broken",
    ];
    check(&run(folder.path()), &expected);
    // The root itself may be a link: it is resolved once.
    let links = tempfile::tempdir().unwrap();
    symlink(folder.path(), links.path().join("root")).unwrap();
    check(&run(&links.path().join("root")), &expected);
}

#[cfg(unix)]
#[test]
fn special_files_are_never_opened() {
    let folder = tree(&[("good/Cargo.lock", CARGO_LOCK)]);
    // A socket: opening it would fail, reading a pipe would wait for ever.
    let _listener = std::os::unix::net::UnixListener::bind(folder.path().join("go.mod")).unwrap();
    check(&run(folder.path()), &["good/Cargo.lock pkg:cargo/log@0.4.20", "! Unreadable go.mod problem-special-file"]);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_a_problem() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tree(&[("closed/Cargo.lock", CARGO_LOCK), ("go.sum", "x"), ("good/Cargo.lock", CARGO_LOCK)]);
    let set = |path: &str, mode| {
        fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    set("closed", 0o000);
    set("go.sum", 0o000);
    if fs::read_dir(folder.path().join("closed")).is_ok() {
        eprintln!("skipped: this user reads folders without permission (root); the mapping of errors has its own test");
    } else {
        check(
            &run(folder.path()),
            &[
                "good/Cargo.lock pkg:cargo/log@0.4.20",
                "! Unreadable closed problem-not-permitted",
                "! Unreadable go.sum problem-not-permitted",
            ],
        );
    }
    set("closed", 0o755);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_are_kept() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tree(&[]);
    let inner = folder.path().join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir_all(&inner).unwrap();
    fs::write(inner.join("Cargo.lock"), CARGO_LOCK).unwrap();
    check(&run(folder.path()), &["caf\\xe9/Cargo.lock pkg:cargo/log@0.4.20"]);
}

#[test]
fn a_tree_too_deep_is_a_problem() {
    let folder = tree(&[("Cargo.lock", CARGO_LOCK)]);
    let mut path = folder.path().to_owned();
    for _ in 0..300 {
        path.push("d");
    }
    fs::create_dir_all(&path).unwrap();
    let collected = run(folder.path());
    assert_eq!(collected.files.len(), 1);
    assert_eq!(collected.problems.len(), 1);
    assert_eq!(collected.problems.first().unwrap().kind, ProblemKind::TooLarge);
}

#[test]
fn the_caller_follows_and_ends_a_run() {
    let folder = tree(&[("a/Cargo.lock", CARGO_LOCK), ("b/Cargo.lock", CARGO_LOCK)]);
    let calls = AtomicU64::new(0);
    let progress = |progress: Progress| {
        assert_eq!(progress.files_to_read, Some(2));
        calls.fetch_add(1, Ordering::Relaxed);
    };
    let control = Control { progress: Some(&progress), cancel: None };
    let collected = collect(folder.path(), &Options::default(), &control);
    assert_eq!((collected.files.len(), calls.into_inner(), collected.cancelled), (2, 2, false));
    let cancel = AtomicBool::new(true);
    let control = Control { progress: None, cancel: Some(&cancel) };
    let collected = collect(folder.path(), &Options::default(), &control);
    assert_eq!((collected.files.len(), collected.cancelled), (0, true));
}

/// The files that a tree gives to the audit of agents.
fn for_agents(root: &Path) -> Vec<String> {
    let base = root.canonicalize().unwrap();
    let collected = run(&base);
    let sight = machine(&Look { root: Path::new("/"), home: None, trees: &[(&base, &collected)], projects: &[] });
    assert!(sight.problems.is_empty(), "{:?}", sight.problems);
    sight.machine.files.into_iter().map(|file| file.path).collect()
}

const SKILL: &str = "---\nname: letters\ndescription: Writes letters.\n---\nBe kind.\n";
const TOOLS: &str = r#"{"tools":[{"name":"rooms","description":"Lists rooms","inputSchema":{"type":"object"}}]}"#;

#[test]
fn published_skills_are_taken_with_their_folders() {
    let files = [
        ("letters/SKILL.md", SKILL),
        ("letters/scripts/send.py", "print(1)"),
        ("letters/node_modules/x/index.js", "1"),
        ("plugins/desk/skills/greet/SKILL.md", SKILL),
        ("plugins/desk/skills/greet/references/tone.md", "Be kind."),
        ("src/main.py", "print(2)"),
    ];
    let shelf = tree(&files);
    let wanted = [
        "letters/SKILL.md",
        "letters/scripts/send.py",
        "plugins/desk/skills/greet/SKILL.md",
        "plugins/desk/skills/greet/references/tone.md",
    ];
    assert_eq!(for_agents(shelf.path()), wanted);
    assert_eq!(for_agents(&shelf.path().join("letters")), ["SKILL.md", "scripts/send.py"]);
    // The program of a repository that is a skill is no part of the skill.
    let whole = tree(&[("SKILL.md", SKILL), (".git/HEAD", "x"), ("scripts/a.sh", "ls"), ("src/main.py", "print(2)")]);
    assert_eq!(for_agents(whole.path()), ["SKILL.md", "scripts/a.sh"]);
    // One of a place of its own is whole too where it alone is asked for.
    let own = tree(&[(".claude/skills/greet/SKILL.md", SKILL), (".claude/skills/greet/run.py", "print(1)")]);
    assert_eq!(for_agents(&own.path().join(".claude/skills/greet")), ["SKILL.md", "run.py"]);
}

#[test]
fn commands_and_tools_are_taken_by_what_is_around_and_in_them() {
    let files = [
        ("commands/send.md", "Send it."),
        ("desk/.claude-plugin/plugin.json", "{}"),
        ("desk/commands/mail/send.md", "Send it."),
        ("desk/agents/porter.md", "Open doors."),
        ("desk/docs/agents.md", "No agent."),
        ("shelf/.claude-plugin/marketplace.json", "{}"),
        ("shelf/plugins/mail/commands/send.md", "Send it."),
        ("server/tools.json", TOOLS),
        ("other/tools.json", r#"{"tools":["saw"]}"#),
        ("mcp/deep/rooms.json", TOOLS),
        ("mcp/data.json", "[1]"),
        ("rules/tone.mdc", "Be kind."),
    ];
    let wanted = [
        "desk/.claude-plugin/plugin.json",
        "desk/agents/porter.md",
        "desk/commands/mail/send.md",
        "mcp/deep/rooms.json",
        "rules/tone.mdc",
        "server/tools.json",
        "shelf/.claude-plugin/marketplace.json",
        "shelf/plugins/mail/commands/send.md",
    ];
    assert_eq!(for_agents(tree(&files).path()), wanted);
}
