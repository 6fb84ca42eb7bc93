//! Digests by which a component set is addressed and an unchanged snapshot is recognised.

use sha2::{Digest, Sha256};
use yata_model::{Component, Occurrence, Package, Snapshot, SourcePackage};

use crate::body::FindingBody;
use crate::error::Fault;

/// Collects values so that no two sequences of values give the same bytes.
struct Canonical(Vec<u8>);

impl Canonical {
    /// With room for so many components.
    fn for_components(count: usize) -> Self {
        Canonical(Vec::with_capacity(count * 256))
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn count(&mut self, count: usize) {
        self.0.extend_from_slice(&(count as u64).to_be_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        self.0.push(u8::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    fn json(&mut self, value: &impl serde::Serialize) -> Result<(), Fault> {
        self.text(&serde_json::to_string(value)?);
        Ok(())
    }

    fn hex(self) -> String {
        use std::fmt::Write as _;
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(&self.0) {
            // INVARIANT: writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }
}

/// The components of a snapshot in the order of the component set: by purl.
pub(crate) fn in_set_order(components: &[Component]) -> Vec<&Component> {
    let mut sorted: Vec<&Component> = components.iter().collect();
    sorted.sort_by(|a, b| (&a.purl, &a.version, &a.source).cmp(&(&b.purl, &b.version, &b.source)));
    sorted
}

/// The id of a component set: `cs_` and the digest of everything of the components but their places.
pub(crate) fn component_set_id(sorted: &[&Component]) -> String {
    let mut bytes = Canonical::for_components(sorted.len());
    bytes.count(sorted.len());
    for component in sorted {
        // Every field is named, so that a new one is not forgotten here.
        let Component { purl, package: Package { ecosystem, name }, version, source, occurrences: _ } = component;
        bytes.text(purl);
        bytes.text(ecosystem.family.as_str());
        bytes.optional(ecosystem.release.as_deref());
        bytes.text(name);
        bytes.optional(version.as_deref());
        bytes.count(usize::from(source.is_some()));
        if let Some(SourcePackage { name, version }) = source {
            bytes.text(name);
            bytes.optional(version.as_deref());
        }
    }
    format!("cs_{}", bytes.hex())
}

/// The digest of everything of a snapshot but its time, and of the statements that come with it.
pub(crate) fn snapshot_digest(
    snapshot: &Snapshot,
    set_id: &str,
    sorted: &[&Component],
    statements: Option<&str>,
) -> Result<String, Fault> {
    let mut bytes = Canonical::for_components(sorted.len());
    bytes.text(set_id);
    bytes.json(&snapshot.asset)?;
    bytes.json(&snapshot.problems)?;
    for component in sorted {
        bytes.count(component.occurrences.len());
        for Occurrence { file, line, scope, direct, path } in &component.occurrences {
            bytes.text(file);
            bytes.count(line.map_or(0, |line| line as usize + 1));
            bytes.0.push(*scope as u8);
            bytes.0.push(direct.map_or(0, |direct| 1 + u8::from(direct)));
            bytes.count(path.len());
            path.iter().for_each(|step| bytes.text(step));
        }
    }
    bytes.count(snapshot.findings.len());
    for finding in &snapshot.findings {
        bytes.text(&finding.id);
        bytes.text(&finding.rule);
        bytes.json(&FindingBody::of(finding))?;
    }
    statements.into_iter().for_each(|digest| bytes.text(digest));
    Ok(bytes.hex())
}
