//! Entries about things: snapshots, findings, assets, exports, settings, the log and the database themselves.

use super::act::{Act, Class, LOW, MEDIUM};
use super::text::{CUT_MARK, cut, name};
use super::{Api, Changed, Count, Entry, MAX_CHANGES, MAX_COUNTS, Named, PRODUCT};
use crate::hash::Hash;

/// Most characters of the kind of a thing.
const MAX_KIND_CHARS: usize = 40;

/// No text of a public key is longer: 255 bytes of name, 8 digits, 44 characters of key, 2 pluses.
const MAX_KEY_CHARS: usize = 320;

/// What something is done to: kind, id, name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    pub(super) kind: String,
    pub(super) uid: String,
    pub(super) name: String,
}

/// A field that is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change(Changed);

/// What is done to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// It is new.
    Created,
    /// It is another now.
    Updated,
    /// It is gone.
    Deleted,
}

/// What somebody decided about a finding; days as `2026-01-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'a> {
    /// The risk is accepted until a day.
    Accepted {
        /// The last day.
        until: &'a str,
        /// Who approved it.
        approver: &'a str,
    },
    /// Something else holds the risk down until a day.
    Mitigated {
        /// The last day.
        until: &'a str,
        /// Who approved it.
        approver: &'a str,
    },
    /// It does not apply.
    FalsePositive,
    /// It is open again.
    Reopened,
    /// Somebody is to see to it.
    Assigned {
        /// Who.
        to: &'a str,
    },
}

impl Thing {
    /// `kind` in a word, for example `asset`; id; name for people. Never the value of a secret.
    #[must_use]
    pub fn new(kind: &str, uid: &str, called: &str) -> Self {
        Thing { kind: cut(kind, MAX_KIND_CHARS), uid: name(uid), name: name(called) }
    }
}

impl Change {
    /// A field with what it was and what it is now; an empty text is none.
    #[must_use]
    pub fn new(field: &str, from: &str, to: &str) -> Self {
        let value = |text: &str| (!text.is_empty()).then(|| name(text));
        Change(Changed { field: cut(field, MAX_KIND_CHARS), from: value(from), to: value(to) })
    }

    /// A field whose values are not to be told, such as a password of another system.
    #[must_use]
    pub fn hidden(field: &str) -> Self {
        Self::new(field, "", "")
    }
}

impl Act {
    /// A sensor or a person brought in a snapshot of an asset. `digest` is that of the body as it came; `counts` say
    /// what it changed (components, opened, closed).
    #[must_use]
    pub fn snapshot_imported(&self, asset: &Thing, snapshot: &Thing, digest: &Hash, counts: &[(&str, u64)]) -> Entry {
        let mut entry = self.entry(Class::ApiActivity, 1, "audit-snapshot-imported");
        entry.api = Some(Api { operation: "snapshot.import".to_owned() });
        entry.unmapped.digest = Some(digest.to_string());
        entry.unmapped.counts = counted(counts);
        entry.about(&[asset, snapshot])
    }

    /// Somebody decided about a finding of an asset.
    #[must_use]
    pub fn decided(&self, finding: &Thing, asset: &Thing, decision: Decision<'_>) -> Entry {
        let (message, until, approver) = match decision {
            Decision::Accepted { until, approver } => ("audit-accepted", Some(until), Some(approver)),
            Decision::Mitigated { until, approver } => ("audit-mitigated", Some(until), Some(approver)),
            Decision::FalsePositive => ("audit-false-positive", None, None),
            Decision::Reopened => ("audit-reopened", None, None),
            Decision::Assigned { .. } => ("audit-assigned", None, None),
        };
        let mut entry = self.entry(Class::EntityManagement, 3, message);
        entry.entity = Some(finding.resource());
        entry.unmapped.until = until.map(name);
        entry.unmapped.approver = approver.filter(|approver| !approver.is_empty()).map(name);
        if let Decision::Assigned { to } = decision {
            entry.unmapped.changes = changed(&[Change::new("assignee", "", to)]);
        }
        entry.about(&[asset])
    }

    /// An asset was edited.
    #[must_use]
    pub fn asset_edited(&self, asset: &Thing, changes: &[Change]) -> Entry {
        self.entity(3, "audit-asset-edited", asset, changes)
    }

    /// A comment was added; the log keeps its hash.
    #[must_use]
    pub fn comment_added(&self, comment: &Thing, finding: &Thing, text: &str) -> Entry {
        let mut entry = self.entity(1, "audit-comment-added", comment, &[]);
        entry.unmapped.digest = Some(Hash::of(text.as_bytes()).to_string());
        entry.about(&[finding])
    }

    /// Something was exported: what and in which form, how many rows, and the hash of the file.
    #[must_use]
    pub fn exported(&self, export: &Thing, rows: u64, digest: &Hash) -> Entry {
        let mut entry = self.data(1, "audit-exported", export, digest);
        entry.unmapped.counts = counted(&[("rows", rows)]);
        entry
    }

    /// A setting was changed. What it was and is, the log keeps as hashes.
    #[must_use]
    pub fn setting_changed(&self, setting: &Thing, before: &Hash, after: &Hash) -> Entry {
        self.by_hash("audit-setting-changed", setting, before, after)
    }

    /// The rules or the policy were changed, from one text to another, both by their hashes.
    #[must_use]
    pub fn rules_changed(&self, rules: &Thing, before: &Hash, after: &Hash) -> Entry {
        self.by_hash("audit-rules-changed", rules, before, after)
    }

    fn by_hash(&self, message: &str, thing: &Thing, before: &Hash, after: &Hash) -> Entry {
        let change = Change::new("sha256", &before.to_string(), &after.to_string());
        let mut entry = self.entity(3, message, thing, &[change]);
        entry.severity_id = LOW;
        entry
    }

    /// The log is signed with another key from here on; keys as their public texts.
    #[must_use]
    pub fn key_rotated(&self, before: &crate::VerifierKey, after: &crate::VerifierKey) -> Entry {
        let key = Thing::new("ledger-key", &after.id_text(), after.name());
        // A key is told whole or not at all.
        let text = |key: &crate::VerifierKey| Some(cut(&key.to_string(), MAX_KEY_CHARS));
        let mut entry = self.entity(3, "audit-key-rotated", &key, &[]);
        entry.unmapped.changes = vec![Changed { field: "key".to_owned(), from: text(before), to: text(after) }];
        entry.severity_id = MEDIUM;
        entry
    }

    /// A backup was made, with the hash of its file and the number of entries that the log had.
    #[must_use]
    pub fn backed_up(&self, backup: &Thing, digest: &Hash, log_size: u64) -> Entry {
        let mut entry = self.data(1, "audit-backed-up", backup, digest);
        entry.unmapped.counts = counted(&[("log-size", log_size)]);
        entry
    }

    /// The database was put back from a backup that has this hash and ended with this number of entries.
    #[must_use]
    pub fn restored(&self, backup: &Thing, digest: &Hash, log_size: u64) -> Entry {
        let mut entry = self.data(5, "audit-restored", backup, digest);
        entry.unmapped.counts = counted(&[("log-size", log_size)]);
        entry.severity_id = MEDIUM;
        entry
    }

    /// The schema of the database was upgraded.
    #[must_use]
    pub fn schema_upgraded(&self, from: &str, to: &str) -> Entry {
        let mut entry = self.entry(Class::DatastoreActivity, 2, "audit-schema-upgraded");
        entry.database = Some(Named { name: PRODUCT.to_owned() });
        entry.unmapped.changes = changed(&[Change::new("schema", from, to)]);
        entry
    }

    /// Anything else was created, changed or deleted: `message` is the id of the message that says it in words.
    #[must_use]
    pub fn did(&self, verb: Verb, message: &'static str, thing: &Thing, changes: &[Change]) -> Entry {
        let activity = match verb {
            Verb::Created => 1,
            Verb::Updated => 3,
            Verb::Deleted => 4,
        };
        self.entity(activity, message, thing, changes)
    }

    fn entity(&self, activity: u32, message: &str, thing: &Thing, changes: &[Change]) -> Entry {
        let mut entry = self.entry(Class::EntityManagement, activity, message);
        entry.entity = Some(thing.resource());
        entry.unmapped.changes = changed(changes);
        entry
    }

    fn data(&self, activity: u32, message: &str, thing: &Thing, digest: &Hash) -> Entry {
        let mut entry = self.entry(Class::DatastoreActivity, activity, message);
        entry.database = Some(Named { name: PRODUCT.to_owned() });
        entry.unmapped.digest = Some(digest.to_string());
        entry.about(&[thing])
    }
}

fn changed(changes: &[Change]) -> Vec<Changed> {
    let mut changed: Vec<Changed> = changes.iter().take(MAX_CHANGES).map(|change| change.0.clone()).collect();
    if let Some(more) = changes.len().checked_sub(MAX_CHANGES).filter(|&more| more > 0) {
        changed.push(Changed { field: CUT_MARK.to_string(), from: None, to: Some(format!("+{more}")) });
    }
    changed
}

fn counted(counts: &[(&str, u64)]) -> Vec<Count> {
    let count = |(what, value): &(&str, u64)| Count { name: cut(what, MAX_KIND_CHARS), value: *value };
    counts.iter().take(MAX_COUNTS).map(count).collect()
}
