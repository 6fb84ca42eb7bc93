//! A folder with data of its own, short inputs, and the binary run in it.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The day that the short feeds of these tests speak of.
pub(crate) const TODAY: &str = "2026-11-20";

/// The repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A part of the data shared between projects, where it is there.
pub(crate) fn shared(part: &str) -> Option<PathBuf> {
    let beside = || repository().join("../shared");
    let path = std::env::var_os("YATA_SHARED").map_or_else(beside, PathBuf::from).join(part);
    if !path.exists() {
        skipped(&format!("needs ../shared/{part}"));
        return None;
    }
    Some(path)
}

/// Says what is not tested here. Written past the test runner's capture, so that it is seen.
pub(crate) fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// What the binary did.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn new(output: &Output) -> Run {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let run = Run { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
        for text in [&run.out, &run.err] {
            assert_eq!(unrendered(text), BTreeSet::new(), "texts that the catalogue does not have\n{text}");
        }
        assert!(!run.err.contains("panicked"), "{}", run.err);
        run
    }

    /// The exit code is this one.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// An error: exit code 2, nothing on standard output, and a message with all these words on one line.
    #[track_caller]
    pub(crate) fn error(self, words: &[&str]) -> Run {
        let run = self.code(2);
        assert_eq!(run.out, "", "an error belongs to standard error");
        run.says_on_error(words);
        run
    }

    #[track_caller]
    pub(crate) fn says_on_error(&self, words: &[&str]) {
        for word in words {
            assert!(self.err.contains(word), "no {word:?} in\n{}", self.err);
        }
    }

    /// Standard output holds these words, wherever lines break.
    #[track_caller]
    pub(crate) fn says(&self, words: &[&str]) {
        let text = one_line(&self.out);
        for word in words {
            assert!(text.contains(word), "no {word:?} in\n{}", self.out);
        }
    }

    #[track_caller]
    pub(crate) fn is_silent_about(&self, words: &[&str]) {
        let text = one_line(&self.out);
        for word in words {
            assert!(!text.contains(word), "{word:?} in\n{}", self.out);
        }
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.out, self.err))
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Ids and arguments that were not turned into words: `[some-id]` and `{$name}`.
pub(crate) fn unrendered(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for part in text.split('[').skip(1) {
        let Some((id, _)) = part.split_once(']') else { continue };
        let is_word =
            |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        if id.contains('-') && id.split('-').all(is_word) && id.starts_with(|c: char| c.is_ascii_lowercase()) {
            found.insert(id.to_owned());
        }
    }
    found.extend(
        text.match_indices("{$").map(|(at, _)| text.chars().skip(text[..at].chars().count()).take(20).collect()),
    );
    found
}

/// A folder of its own.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    /// A place with feeds, which its data folder has imported: npm and PyPI advisories, KEV, EPSS.
    pub(crate) fn with_intel() -> Place {
        let place = Place::new();
        place.write_feeds("feeds");
        place.yata(&["intel", "import", "feeds"]).code(0);
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn write_feeds(&self, folder: &str) {
        let npm = [
            ("GHSA-left-left-left.json", osv("GHSA-left-left-left", "npm", "left", "CVE-2026-1001", "2.0.0")),
            ("GHSA-rght-rght-rght.json", osv("GHSA-rght-rght-rght", "npm", "right", "CVE-2026-1002", "1.5.0")),
        ];
        self.write(&format!("{folder}/osv/npm/all.zip"), zip(&npm));
        let pypi = [("PYSEC-2026-1.json", osv("PYSEC-2026-1", "PyPI", "upper", "CVE-2026-1003", "3.0"))];
        self.write(&format!("{folder}/osv/PyPI/all.zip"), zip(&pypi));
        self.write(&format!("{folder}/kev/kev.json"), kev(&["CVE-2026-1001"]));
        let epss = "#model_version:v1,score_date:2026-11-19T00:00:00Z\ncve,epss,percentile\nCVE-2026-1001,0.9,0.99\n\
                    CVE-2026-1002,0.001,0.1\nCVE-2026-1003,0.001,0.1\n";
        self.write(&format!("{folder}/epss/epss_scores-2026-11-19.csv"), epss);
        self.write(&format!("{folder}/vulnrichment/2026/1xxx/CVE-2026-1002.json"), cve5("CVE-2026-1002"));
    }

    /// The binary, here, with its data in `data`, and nothing of the caller's language or terminal.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yata"));
        for name in ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS", "RUST_BACKTRACE"] {
            command.env_remove(name);
        }
        command.env("YATA_DATA", self.path("data")).env("USER", "kim").current_dir(self.folder.path());
        command.args(args).stdin(Stdio::null());
        command
    }

    #[track_caller]
    pub(crate) fn yata(&self, args: &[&str]) -> Run {
        Run::new(&self.command(args).output().unwrap())
    }

    /// Assesses as of the day of the feeds.
    #[track_caller]
    pub(crate) fn assess(&self, args: &[&str]) -> Run {
        self.yata(&[&["assess", "--as-of", TODAY], args].concat())
    }

    /// Assesses, and reads the answer as JSON whatever the exit code.
    #[track_caller]
    pub(crate) fn answer(&self, args: &[&str]) -> Value {
        self.assess(&[&["--format", "json"], args].concat()).json()
    }
}

/// A `package-lock.json` (version 3) of these packages.
pub(crate) fn package_lock(packages: &[(&str, &str)]) -> String {
    let mut all = serde_json::Map::new();
    let direct: serde_json::Map<String, Value> =
        packages.iter().map(|(name, version)| ((*name).to_owned(), json!(version))).collect();
    all.insert(String::new(), json!({ "name": "app", "version": "1.0.0", "dependencies": direct }));
    for (name, version) in packages {
        all.insert(format!("node_modules/{name}"), json!({ "version": version }));
    }
    serde_json::to_string_pretty(&json!({ "name": "app", "lockfileVersion": 3, "packages": all })).unwrap()
}

/// An OSV record: every version before the fixed one.
pub(crate) fn osv(id: &str, ecosystem: &str, package: &str, cve: &str, fixed: &str) -> String {
    let kind = if ecosystem == "npm" { "SEMVER" } else { "ECOSYSTEM" };
    json!({
        "id": id, "aliases": [cve], "modified": "2026-11-19T00:00:00Z", "summary": format!("a hole in {package}"),
        "affected": [{
            "package": { "ecosystem": ecosystem, "name": package },
            "ranges": [{ "type": kind, "events": [{ "introduced": "0" }, { "fixed": fixed }] }]
        }]
    })
    .to_string()
}

pub(crate) fn kev(cves: &[&str]) -> String {
    let entry = |cve: &&str| {
        json!({ "cveID": cve, "vulnerabilityName": "x", "dateAdded": "2026-11-01", "dueDate": "2026-11-22",
                "knownRansomwareCampaignUse": "Unknown" })
    };
    let entries: Vec<Value> = cves.iter().map(entry).collect();
    json!({ "catalogVersion": "2026.11.19", "dateReleased": "2026-11-19T00:00:00Z", "count": entries.len(),
            "vulnerabilities": entries })
    .to_string()
}

fn cve5(cve: &str) -> String {
    let options = json!([{ "Exploitation": "none" }, { "Automatable": "no" }, { "Technical Impact": "partial" }]);
    let metric = json!({ "other": { "type": "ssvc",
        "content": { "timestamp": "2026-11-10T00:00:00Z", "options": options } } });
    json!({ "cveMetadata": { "cveId": cve, "dateUpdated": "2026-11-19T00:00:00Z" },
            "containers": { "adp": [{ "metrics": [metric] }] } })
    .to_string()
}

pub(crate) fn zip(entries: &[(&str, String)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The risks of an answer, as `asset | package version | advisory`.
pub(crate) fn risks(answer: &Value) -> Vec<String> {
    let name = |id: &Value| {
        let assets = answer["assets"].as_array().unwrap();
        assets.iter().find(|asset| asset["id"] == *id).unwrap()["name"].as_str().unwrap().to_owned()
    };
    let risks = answer["risks"].as_array().unwrap().iter().map(|risk| &risk["finding"]);
    risks
        .map(|finding| format!("{} | {} | {}", name(&finding["asset_id"]), component(finding), text(&finding["rule"])))
        .collect()
}

/// The component of a finding, as `package version`.
pub(crate) fn component(finding: &Value) -> String {
    let component = &finding["component"];
    format!("{} {}", text(&component["name"]), component["version"].as_str().unwrap_or("-"))
}

/// The finding of an answer (open or settled) about this package.
#[track_caller]
pub(crate) fn finding<'a>(answer: &'a Value, package: &str) -> &'a Value {
    let lists = ["risks", "settled"].iter().flat_map(|list| answer[list].as_array().unwrap());
    let mut found = lists.map(|one| &one["finding"]).filter(|finding| finding["component"]["name"] == package);
    found.next().unwrap_or_else(|| panic!("no finding about {package}"))
}

/// The problems of an answer, as `subject: id of the text`, those that were waived in brackets.
pub(crate) fn problems(answer: &Value) -> Vec<String> {
    let one = |problem: &Value| {
        let line = format!("{}: {}", text(&problem["subject"]), text(&problem["message"]["id"]));
        if problem["waived"] == true { format!("({line})") } else { line }
    };
    answer["problems"].as_array().unwrap().iter().map(one).collect()
}

#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}
