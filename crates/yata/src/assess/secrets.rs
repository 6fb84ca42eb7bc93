//! Credentials in the files of a tree and in the history of its repositories.
//!
//! A value is redacted and hashed where it is found; nothing after this module ever sees it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{Read, Seek};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yata_collect::{Control, Options, TextFile};
use yata_documents::{Encoding, HEAD_BYTES, Kind};
use yata_formats::estate::EstateMatcher;
use yata_history::{Blob, ObjectId, Origin, Repository};
use yata_lens::{Class, Hit, Lens, Rule};
use yata_model::{
    Author, Confidence, Environment, Message, Occurrence, PastPlace, Problem, ProblemKind, RuleSeverity,
    Scope as Reach, Secret, digest_hex,
};

use super::assets::is_below;
use crate::Terminal;
use crate::data::DataFolder;
use crate::key::Key;
use crate::look::{self, Spot, WHOLE_MAX_BYTES};

/// How much of a value's hash goes into a finding's id, in hexadecimal characters. The id is public and must be the
/// same on every machine, so its hash has no key: 24 bits tell the credentials of one asset apart. They do not hide a weak
/// password from somebody who tries guesses and sees the id or a baseline.
const DIGEST_CHARS: usize = 6;
/// Files whose lines are traced to their authors; the authors of more are not named.
const BLAMED_FILES_MAX: usize = 500;
/// Folders that were passed over and are named.
const PASSED_OVER_SHOWN: usize = 5;
/// Places of one credential in the history that are kept; the oldest.
const PAST_PLACES_MAX: usize = 100;

/// The lens of `assess`, and the key of this data folder.
pub(super) struct Eye {
    lens: Lens,
    key: Key,
}

/// One credential at one place, without its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sighting {
    rule: String,
    redacted: String,
    hash: String,
    digest: String,
    confidence: Confidence,
    /// The file, relative to the root, with the way inside it.
    file: String,
    line: Option<u32>,
}

impl Sighting {
    /// The file alone, without the way inside it.
    pub(super) fn path(&self) -> &str {
        self.file.split("!/").next().unwrap_or(&self.file)
    }
}

/// What of a file or history could not be looked into.
#[derive(Default)]
pub(super) struct Looked {
    pub(super) sightings: Vec<Sighting>,
    pub(super) problems: Vec<Problem>,
    /// How many files or versions of files were looked into.
    pub(super) files: u64,
    /// Each folder that was looked into, with the first of its files.
    pub(super) folders: BTreeMap<String, String>,
    /// How many files each glob of `leave_out` took away.
    pub(super) left_out: BTreeMap<String, usize>,
}

impl Eye {
    pub(super) fn open(data: &DataFolder, no_save: bool) -> anyhow::Result<Eye> {
        let lens = Lens::new(|rule| rule.class == Class::Secret);
        Ok(Eye { lens, key: Key::of(&data.lens_key(), no_save)? })
    }

    fn sighting(&self, file: &str, hit: &Hit, spot: &Spot) -> Sighting {
        let file = if spot.inside.is_empty() { file.to_owned() } else { format!("{file}!/{}", spot.inside) };
        let digest: String = digest_hex(&["secret", hit.rule.id, &hit.text]).chars().take(DIGEST_CHARS).collect();
        Sighting {
            rule: hit.rule.id.to_owned(),
            redacted: yata_lens::mask(&hit.text),
            hash: self.key.hash(&hit.text),
            digest,
            confidence: confidence(hit.confidence),
            file,
            line: spot.line,
        }
    }

    /// Looks into every file of a tree.
    pub(super) fn tree(
        &self,
        root: &Path,
        options: &Options,
        matcher: &EstateMatcher<'_>,
        terminal: &Terminal,
    ) -> Looked {
        let sightings: Mutex<Vec<Sighting>> = Mutex::default();
        let folders: Mutex<BTreeMap<String, String>> = Mutex::default();
        let left_out: Mutex<BTreeMap<String, usize>> = Mutex::default();
        let show = |step: yata_collect::Progress| {
            terminal.progress.step(&Message::new("progress-secrets"), step.files_read, step.files_to_read);
        };
        let visit = |file: TextFile<'_>| {
            if let Some(glob) = matcher.left_out(&file.name) {
                let mut left_out = left_out.lock().unwrap_or_else(PoisonError::into_inner);
                *left_out.entry(glob.to_owned()).or_default() += 1;
                return Vec::new();
            }
            let name = file.name.clone();
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let mut known = folders.lock().unwrap_or_else(PoisonError::into_inner);
            // Threads come in any order: the first by name is the same each time.
            if known.get(folder).is_none_or(|first| *first > name) {
                known.insert(folder.to_owned(), name.clone());
            }
            drop(known);
            let mut own = Vec::new();
            let looked = self.file(file, &mut own);
            if !own.is_empty() {
                sightings.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
            }
            looked.unwrap_or_else(|error| {
                let message =
                    Message::new("problem-unreadable").with("file", name.as_str()).with("why", format!("{error:#}"));
                vec![Problem::new(ProblemKind::Unreadable, name.as_str(), message)]
            })
        };
        let texts = yata_collect::texts(root, options, &Control { progress: Some(&show), cancel: None }, &visit);
        let mut sightings = sightings.into_inner().unwrap_or_else(PoisonError::into_inner);
        sightings.sort_by(|a, b| (&a.file, a.line, &a.rule, &a.hash).cmp(&(&b.file, b.line, &b.rule, &b.hash)));
        let mut problems = texts.problems;
        if let Some(first) = texts.passed_over.first() {
            // Anybody can make a folder look like one that nobody writes into: every output says what was not seen.
            let message = Message::new("problem-passed-over").with("count", texts.passed_over_count.to_string()).with(
                "folders",
                texts.passed_over.iter().take(PASSED_OVER_SHOWN).cloned().collect::<Vec<_>>().join(", "),
            );
            problems.push(Problem { waived: true, ..Problem::new(ProblemKind::Unreadable, first.as_str(), message) });
        }
        let folders = folders.into_inner().unwrap_or_else(PoisonError::into_inner);
        let left_out = left_out.into_inner().unwrap_or_else(PoisonError::into_inner);
        let passed_over: usize = left_out.values().sum();
        let files = texts.files.saturating_sub(passed_over as u64);
        Looked { sightings, problems, files, folders, left_out }
    }

    /// Looks into one file: whole where it is small enough, else in pieces.
    fn file(&self, mut file: TextFile<'_>, out: &mut Vec<Sighting>) -> anyhow::Result<Vec<Problem>> {
        let name = file.name.clone();
        let mut each = |hit: Hit, spot: Spot| out.push(self.sighting(&name, &hit, &spot));
        if file.length <= WHOLE_MAX_BYTES {
            let mut bytes = Vec::with_capacity(usize::try_from(file.length).unwrap_or(0));
            file.file.take(WHOLE_MAX_BYTES).read_to_end(&mut bytes).context("cannot read it")?;
            let outcome = look::bytes(&self.lens, &file.name, &bytes, &mut each);
            return Ok(look::problems(&file.name, &outcome));
        }
        let mut head = Vec::with_capacity(HEAD_BYTES);
        file.file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).context("cannot read it")?;
        match yata_documents::kind(&file.name, &head) {
            Kind::Text(Encoding::Utf8) => {
                file.file.rewind().context("cannot read it again")?;
                look::stream(&self.lens, file.file, &mut each)?;
                Ok(Vec::new())
            }
            Kind::Binary => Ok(Vec::new()),
            // What is read in pieces is not decoded.
            Kind::Text(_) | Kind::Archive | Kind::Office | Kind::Pdf => {
                let message = Message::new("problem-document-too-large")
                    .with("file", name.as_str())
                    .with("limit", (WHOLE_MAX_BYTES >> 20).to_string());
                Ok(vec![Problem::new(ProblemKind::TooLarge, name.as_str(), message)])
            }
        }
    }

    /// Looks into every version of every file that a repository knows, each once, and says which commits brought the
    /// finds in. `folder` is the repository relative to the root.
    pub(super) fn history(
        &self,
        root: &Path,
        folder: &str,
        data: Option<&DataFolder>,
        terminal: &Terminal,
    ) -> anyhow::Result<(Looked, Vec<(Sighting, PastPlace)>)> {
        let path = root.join(folder);
        let repository = Repository::open(&path).with_context(|| format!("the history of `{}`", path.display()))?;
        let journal = data.map(|data| data.history(&repository.place().common));
        if let Some(folder) = journal.as_deref().and_then(Path::parent) {
            crate::data::create_private(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
        }
        let key = format!("{} {} {}", env!("CARGO_PKG_VERSION"), yata_lens::rules_digest(), self.key.name());
        let resume = journal.as_deref().map(|journal| yata_history::Resume { journal, key: &key });
        let options = yata_history::Options { resume, ..yata_history::Options::default() };
        let visitor = Visitor { eye: self, terminal };
        let scanned = yata_history::scan(&repository, &options, &visitor).context("cannot go through the history")?;
        let mut sightings: HashMap<ObjectId, Vec<Sighting>> = HashMap::new();
        let mut gaps = Vec::new();
        for (id, record) in scanned.found {
            let read: Record =
                serde_json::from_slice(&record).context("the journal of the history holds an unknown record")?;
            gaps.extend(read.gaps);
            if !read.sightings.is_empty() {
                sightings.insert(id, read.sightings);
            }
        }
        let wanted: HashSet<ObjectId> = sightings.keys().copied().collect();
        let attributed = yata_history::attribute(&repository, &wanted, 0, None);
        let mut past = Vec::new();
        for (id, sightings) in &sightings {
            let origin = attributed.origins.get(id).cloned().unwrap_or_default();
            for sighting in sightings {
                past.extend(places(&origin, sighting, folder).into_iter().map(|place| (sighting.clone(), place)));
            }
        }
        past.sort_by(|(a, at_a), (b, at_b)| {
            (&a.rule, &a.hash, at_a.at, &at_a.file, at_a.line).cmp(&(&b.rule, &b.hash, at_b.at, &at_b.file, at_b.line))
        });
        let mut problems: Vec<yata_history::Problem> = scanned.problems;
        problems.extend(attributed.problems);
        problems.sort();
        problems.dedup();
        let problems = problems.iter().map(|problem| problem_of(problem, folder)).chain(gaps).collect();
        Ok((Looked { problems, files: scanned.progress.done, ..Looked::default() }, past))
    }
}

/// What is remembered of one version of a file.
#[derive(Serialize, Deserialize)]
struct Record {
    sightings: Vec<Sighting>,
    gaps: Vec<Problem>,
}

struct Visitor<'a> {
    eye: &'a Eye,
    terminal: &'a Terminal,
}

impl yata_history::Visitor for Visitor<'_> {
    fn visit(&self, blob: &Blob<'_>) -> Option<Vec<u8>> {
        let mut sightings = Vec::new();
        let mut each = |hit: Hit, spot: Spot| sightings.push(self.eye.sighting("", &hit, &spot));
        let outcome = look::bytes(&self.eye.lens, "", blob.bytes, &mut each);
        let gaps = look::problems(&format!(".git {}", blob.id), &outcome);
        let record = Record { sightings, gaps };
        if record.sightings.is_empty() && record.gaps.is_empty() { None } else { serde_json::to_vec(&record).ok() }
    }

    fn progress(&self, progress: yata_history::Progress) {
        self.terminal.progress.step(&Message::new("progress-history"), progress.done, Some(progress.total));
    }
}

/// Where a version of a file that holds a find stood.
fn places(origin: &Origin, sighting: &Sighting, folder: &str) -> Vec<PastPlace> {
    let named = |path: &[u8]| {
        let path = String::from_utf8_lossy(path).into_owned();
        let path = if folder.is_empty() { path } else { format!("{folder}/{path}") };
        if sighting.file.is_empty() { path } else { format!("{path}{}", sighting.file) }
    };
    if origin.appearances.is_empty() {
        let place = PastPlace {
            commit: None,
            author: None,
            at: None,
            file: String::new(),
            line: sighting.line,
            present: false,
        };
        return vec![place];
    }
    let of = |appearance: &yata_history::Appearance| PastPlace {
        commit: Some(appearance.commit.id.to_string()),
        author: Some(Author { name: appearance.commit.author.clone(), email: appearance.commit.email.clone() }),
        at: Timestamp::from_second(appearance.commit.author_seconds).ok(),
        file: named(&appearance.path),
        line: sighting.line,
        present: origin.head_paths.contains(&appearance.path),
    };
    origin.appearances.iter().take(PAST_PLACES_MAX).map(of).collect()
}

pub(crate) fn problem_of(problem: &yata_history::Problem, folder: &str) -> Problem {
    use yata_history::Problem as Trouble;
    let subject = if folder.is_empty() { ".git".to_owned() } else { format!("{folder}/.git") };
    let (id, detail, kind) = match problem {
        Trouble::Broken { id, .. } => ("broken", id.to_string(), ProblemKind::Unreadable),
        Trouble::TooLarge { id, .. } => ("too-large", id.to_string(), ProblemKind::TooLarge),
        Trouble::Missing { id, .. } => ("missing", id.to_string(), ProblemKind::Unreadable),
        Trouble::File { path, .. } => ("file", path.display().to_string(), ProblemKind::Unreadable),
        Trouble::Shallow { commits } => ("shallow", commits.to_string(), ProblemKind::Unreadable),
        Trouble::Partial => ("partial", String::new(), ProblemKind::Unreadable),
        Trouble::TooComplex { id } => ("too-complex", id.to_string(), ProblemKind::TooLarge),
        Trouble::More { count } => ("more", count.to_string(), ProblemKind::Unreadable),
    };
    let message = Message::new(format!("problem-history-{id}")).with("file", subject.as_str()).with("detail", detail);
    Problem::new(kind, subject, message)
}

/// The credentials of one asset, each once.
#[derive(Default)]
pub(super) struct Secrets(BTreeMap<(String, String), Found>);

/// One credential of an asset.
pub(super) struct Found {
    pub(super) rule: &'static Rule,
    pub(super) secret: Secret,
}

impl Secrets {
    /// A credential that stands in a file now.
    pub(super) fn add(&mut self, sighting: Sighting) {
        let occurrence = Occurrence {
            file: sighting.file.clone(),
            line: sighting.line,
            scope: Reach::Runtime,
            direct: None,
            path: Vec::new(),
        };
        if let Some(found) = self.entry(sighting) {
            found.secret.occurrences.push(occurrence);
        }
    }

    /// A credential that a commit brought in.
    pub(super) fn add_past(&mut self, sighting: Sighting, place: PastPlace) {
        if let Some(found) = self.entry(sighting)
            && found.secret.past.len() < PAST_PLACES_MAX
        {
            found.secret.past.push(place);
        }
    }

    fn entry(&mut self, sighting: Sighting) -> Option<&mut Found> {
        let rule = Rule::by_id(&sighting.rule)?;
        let found = self.0.entry((sighting.rule, sighting.hash.clone())).or_insert_with(|| Found {
            rule,
            secret: Secret {
                redacted: sighting.redacted,
                hash: sighting.hash,
                digest: sighting.digest,
                service: rule.service.map(str::to_owned),
                severity: severity(rule.severity),
                confidence: sighting.confidence,
                environment: rule.environment.map(environment),
                occurrences: Vec::new(),
                author: None,
                past: Vec::new(),
            },
        });
        found.secret.confidence = found.secret.confidence.max(sighting.confidence);
        Some(found)
    }

    pub(super) fn into_found(self) -> Vec<Found> {
        let mut found: Vec<Found> = self.0.into_values().collect();
        for one in &mut found {
            one.secret.occurrences.sort();
            one.secret.occurrences.dedup();
        }
        found
    }

    /// Names who wrote the first line of each credential, as far as the repository knows.
    pub(super) fn blame(&mut self, root: &Path, repositories: &[String]) {
        let mut by_file: BTreeMap<String, Vec<&mut Secret>> = BTreeMap::new();
        for found in self.0.values_mut() {
            found.secret.occurrences.sort();
            if let Some(file) = found.secret.occurrences.first().map(|first| first.file.clone()) {
                by_file.entry(file).or_default().push(&mut found.secret);
            }
        }
        let mut opened: HashMap<&str, Option<Repository>> = HashMap::new();
        for (file, secrets) in by_file.into_iter().take(BLAMED_FILES_MAX) {
            let holds = |folder: &&String| is_below(&file, folder);
            let Some(folder) = repositories.iter().filter(holds).max_by_key(|folder| folder.len()) else { continue };
            let repository = opened.entry(folder).or_insert_with(|| Repository::open(&root.join(folder)).ok());
            let Some(repository) = repository else { continue };
            let path = file.strip_prefix(folder.as_str()).unwrap_or(&file).trim_start_matches('/');
            let line =
                |secret: &&mut Secret| secret.occurrences.first().and_then(|first| first.line).unwrap_or(0) as usize;
            let lines: Vec<usize> = secrets.iter().map(line).collect();
            let blamed = yata_history::blame(repository, path.as_bytes(), &lines);
            for (secret, blame) in secrets.into_iter().zip(blamed) {
                secret.author =
                    blame.map(|blame| Author { name: blame.commit.author.clone(), email: blame.commit.email.clone() });
            }
        }
    }
}

fn confidence(of: yata_lens::Confidence) -> Confidence {
    match of {
        yata_lens::Confidence::Possible => Confidence::Possible,
        yata_lens::Confidence::Likely => Confidence::Likely,
        yata_lens::Confidence::Certain => Confidence::Certain,
    }
}

fn severity(of: yata_lens::Severity) -> RuleSeverity {
    match of {
        yata_lens::Severity::Low => RuleSeverity::Low,
        yata_lens::Severity::Medium => RuleSeverity::Medium,
        yata_lens::Severity::High => RuleSeverity::High,
        yata_lens::Severity::Critical => RuleSeverity::Critical,
    }
}

fn environment(of: yata_lens::Environment) -> Environment {
    match of {
        yata_lens::Environment::Live => Environment::Live,
        yata_lens::Environment::Test => Environment::Test,
    }
}
