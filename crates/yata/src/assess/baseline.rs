//! A baseline: credentials that were there and known when a team began, in a file that lives beside the sources.
//!
//! An entry speaks of one credential in one file. Each has a last day: what was put off is asked again.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, bail};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use yata_model::{Assessment, Finding, FindingState, Secret, StateChange};

use crate::estate::read_side_file;
use crate::output;

/// The version of the file's layout.
const VERSION: u32 = 1;
/// How long an entry that `--write-baseline` makes holds.
const HOLDS_DAYS: i32 = 180;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    accepted: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    file: String,
    digest: String,
    /// For people: what may be shown of the value.
    redacted: String,
    until: Date,
    why: String,
}

/// The entries, by rule, digest and file.
pub(super) struct Baseline {
    name: String,
    entries: HashMap<(String, String, String), Entry>,
    today: Date,
}

/// Reads a baseline file.
pub(super) fn read(path: &Path, today: Date) -> anyhow::Result<Baseline> {
    let bytes = read_side_file(path)?;
    let file: File = serde_json::from_slice(&bytes).with_context(|| format!("`{}` is no baseline", path.display()))?;
    if file.version != VERSION {
        bail!("`{}` is a baseline of version {}: this Yata reads version {VERSION}", path.display(), file.version);
    }
    let key = |entry: &Entry| (entry.rule.clone(), entry.digest.clone(), entry.file.clone());
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Baseline { name, entries: file.accepted.into_iter().map(|entry| (key(&entry), entry)).collect(), today })
}

impl Baseline {
    /// Settles an open finding if every place of its credential is in the baseline.
    pub(super) fn settle(&self, finding: &mut Finding, now: Timestamp) -> Option<StateChange> {
        if finding.state != FindingState::Open {
            return None;
        }
        let secret = finding.subject.secret()?;
        let mut entries = Vec::new();
        for file in files(secret) {
            entries.push(self.entries.get(&(finding.rule.clone(), secret.digest.clone(), file.to_owned()))?);
        }
        let first = entries.iter().min_by_key(|entry| entry.until)?;
        // The file may come with the sources: nobody puts off for longer than `--write-baseline` does.
        let last = self.today.checked_add(HOLDS_DAYS.days()).unwrap_or(self.today);
        let state = FindingState::Accepted { until: first.until.min(last) };
        finding.state = state.clone();
        Some(StateChange { state, by: self.name.clone(), why: first.why.clone(), at: now })
    }
}

/// The files that a credential stands in, or stood in where it is only in the history.
fn files(secret: &Secret) -> Vec<&str> {
    let now = secret.occurrences.iter().map(|occurrence| occurrence.file.as_str());
    let past = secret.past.iter().filter(|_| secret.is_past()).map(|place| place.file.as_str());
    let mut files: Vec<&str> = now.chain(past).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// Writes every credential of an assessment that is open or put off as a baseline.
pub(super) fn write(path: &Path, assessment: &Assessment) -> anyhow::Result<()> {
    let until = assessment.as_of.checked_add(HOLDS_DAYS.days()).context("the day is out of range")?;
    let mut accepted: Vec<Entry> = Vec::new();
    // Those that a baseline put off already stay in it: to write it anew must not lose them.
    let kept = assessment.settled.iter().filter(|finding| matches!(finding.state, FindingState::Accepted { .. }));
    for finding in assessment.risks.iter().map(|risk| &risk.finding).chain(kept) {
        let Some(secret) = finding.subject.secret() else { continue };
        accepted.extend(files(secret).into_iter().map(|file| Entry {
            rule: finding.rule.clone(),
            file: file.to_owned(),
            digest: secret.digest.clone(),
            redacted: secret.redacted.clone(),
            until,
            why: format!("known on {}", assessment.as_of),
        }));
    }
    accepted.sort_by(|a, b| (&a.file, &a.rule, &a.digest).cmp(&(&b.file, &b.rule, &b.digest)));
    let text =
        serde_json::to_string_pretty(&File { version: VERSION, accepted }).context("cannot write the baseline")?;
    output::write(&(text + "\n"), Some(path))
}
