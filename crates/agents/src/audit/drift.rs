//! How the machine differs from what was issued to it, as findings of the audit.

use super::AgentFinding;
use crate::agent::Scope;
use crate::check;
use crate::machine::Machine;
use crate::managed::{Drift, DriftKind, IssuedFile, drift};
use crate::tree::Span;

/// The check.
const DRIFT: &str = "agents.settings.drift";

/// Adds a finding for each difference, of the agents that are on the machine.
pub(super) fn add(machine: &Machine, findings: &mut Vec<AgentFinding>) {
    let Some(check) = check::check(DRIFT) else { return };
    let there = |path: &str| machine.files.iter().any(|file| file.path == path);
    let concerned = |file: &IssuedFile| machine.has(file.agent) || there(&file.path);
    let issued: Vec<IssuedFile> = machine.issued.iter().filter(|file| concerned(file)).cloned().collect();
    for one in drift(&issued, machine) {
        let file = machine.files.iter().position(|file| file.path == one.path).unwrap_or(usize::MAX);
        findings.push(AgentFinding {
            check,
            agent: Some(one.agent),
            scope: Scope::Managed,
            span: Span { file, start: 0, end: 0 },
            line: one.line,
            column: u32::from(one.line > 0),
            evidence: evidence(&one),
            path: one.path,
            project: String::new(),
            severity: check.severity,
            confidence: check.confidence,
            edits: Vec::new(),
            also: Vec::new(),
        });
    }
}

/// `sandbox.enabled: true → false`.
fn evidence(one: &Drift) -> String {
    match one.kind {
        DriftKind::FileMissing | DriftKind::FileAdded | DriftKind::FileUnread => one.kind.name().to_owned(),
        DriftKind::Missing | DriftKind::Added | DriftKind::Changed => {
            let or_none = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
            format!("{}: {} → {}", one.key, or_none(&one.issued), or_none(&one.found))
        }
    }
}
