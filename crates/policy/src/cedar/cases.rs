//! Tests of a policy set as data: one JSON object a line.
//!
//! `{"name": "…", "request": {…}, "expect": "ask", "policies": ["publish"], "silent": ["destroy-data"]}`: the request, the
//! decision, the policies that decide (where that matters), and policies that must not apply. Empty lines and lines
//! that begin with `#` are skipped. A request without a principal is one of an agent.

use serde::Deserialize;
use serde_json::{Value, json};

use super::PolicySet;
use crate::decision::Decision;
use crate::request::Request;
use crate::{Compiled, Outcome};

/// The largest file of cases, in bytes.
pub const MAX_CASE_BYTES: usize = 16 << 20;

/// A test of a policy set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The line of its file, from one.
    #[serde(skip)]
    pub line: usize,
    /// What it shows.
    pub name: String,
    /// The request.
    pub request: Request,
    /// The decision.
    pub expect: Decision,
    /// The ids of all policies that decide, where that matters.
    #[serde(default)]
    pub policies: Option<Vec<String>>,
    /// The ids of policies that must not apply.
    #[serde(default)]
    pub silent: Vec<String>,
}

/// A case that does not hold, or a line that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFailure {
    /// The line of its file.
    pub line: usize,
    /// The case's name; empty where the line could not be read.
    pub name: String,
    /// What is expected and what came, or why it could not be read.
    pub message: String,
}

impl Case {
    /// Reads a file of cases.
    ///
    /// # Errors
    ///
    /// The lines that are no case.
    pub fn read(text: &str) -> Result<Vec<Self>, Vec<CaseFailure>> {
        let mut cases = Vec::new();
        let mut failures = Vec::new();
        for (text, line) in text.lines().zip(1..) {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            match Self::read_line(text) {
                Ok(case) => cases.push(Self { line, ..case }),
                Err(error) => failures.push(CaseFailure { line, name: String::new(), message: error.to_string() }),
            }
        }
        if failures.is_empty() { Ok(cases) } else { Err(failures) }
    }

    fn read_line(text: &str) -> serde_json::Result<Self> {
        let mut value: Value = serde_json::from_str(text)?;
        if let Some(Value::Object(request)) = value.get_mut("request") {
            request.entry("principal").or_insert_with(|| json!({"type": "Agent", "id": "agent"}));
        }
        serde_json::from_value(value)
    }

    fn failure(&self, message: String) -> CaseFailure {
        CaseFailure { line: self.line, name: self.name.clone(), message }
    }

    /// What does not hold; both engines are asked.
    fn check(&self, set: &PolicySet, compiled: &Compiled<'_>) -> Option<CaseFailure> {
        let decided = match set.decide(&self.request) {
            Ok(decided) => decided,
            Err(error) => return Some(self.failure(error.to_string())),
        };
        if decided.decision != self.expect {
            let (expected, found) = (self.expect.name(), decided.decision.name());
            let by = listed(&decided.policies);
            return Some(self.failure(format!("expected {expected}, found {found} by {by}")));
        }
        if compiled.decide(&self.request) != decided {
            return Some(self.failure("the compiled form decides differently".to_owned()));
        }
        if let Some(expected) = &self.policies {
            let (mut expected, mut found) = (expected.clone(), decided.policies);
            expected.sort();
            found.sort();
            if expected != found {
                let (expected, found) = (listed(&expected), listed(&found));
                return Some(self.failure(format!("expected {expected} to decide, found {found}")));
            }
        }
        let outcomes = compiled.outcomes(&self.request);
        for id in &self.silent {
            match outcomes.iter().find(|(policy, _)| policy == id) {
                None => return Some(self.failure(format!("there is no policy `{id}`"))),
                Some((_, Outcome::Silent)) => {}
                Some(_) => return Some(self.failure(format!("`{id}` must not apply"))),
            }
        }
        None
    }
}

/// Ids as a person reads them.
fn listed(ids: &[String]) -> String {
    if ids.is_empty() {
        return "no policy".to_owned();
    }
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

impl PolicySet {
    /// Runs cases; what does not hold, in their order.
    ///
    /// # Errors
    ///
    /// What the compiled form cannot say, as [`PolicySet::compile`], or cannot be read again.
    pub fn test(&self, cases: &[Case]) -> Result<Vec<CaseFailure>, Vec<String>> {
        let bytes = self.compile().map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let compiled = Compiled::load(&bytes).map_err(|error| vec![error.to_string()])?;
        Ok(cases.iter().filter_map(|case| case.check(self, &compiled)).collect())
    }
}
