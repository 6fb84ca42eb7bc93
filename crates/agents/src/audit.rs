//! The audit: every check on every subject, and what comes of it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::agent::{Agent, Scope};
use crate::check::{Check, Confidence, Severity, checks};
use crate::fix::{self, Edit};
use crate::lang::parse::{Expr, Path, parse, parse_path};
use crate::lang::{self, Facts};
use crate::machine::Machine;
use crate::subject::{Model, Subject, model, subjects};
use crate::tree::{Node, Span, line_and_column};

mod drift;
mod evidence;
mod texts;

/// Something that is wrong with an agent.
#[derive(Clone, Debug)]
pub struct AgentFinding {
    /// The check.
    pub check: &'static Check,
    /// The agent that reads the file; none for the machine as a whole.
    pub agent: Option<Agent>,
    /// Whose word the file has.
    pub scope: Scope,
    /// The file's path, as the machine writes it; empty for the machine as a whole.
    pub path: String,
    /// The root of its repository.
    pub project: String,
    /// The place.
    pub span: Span,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: u32,
    /// Column, from 1; 0 where the file as a whole is meant.
    pub column: u32,
    /// What stands there, secrets replaced, shortened.
    pub evidence: String,
    /// How bad it is.
    pub severity: Severity,
    /// How sure the check is.
    pub confidence: Confidence,
    /// The edits that mend it, all of one file: the one whose number is in their spans, which need not be the one that
    /// the finding names, where another scope has to speak.
    pub edits: Vec<Edit>,
    /// Other checks that fired at the same place.
    pub also: Vec<&'static str>,
}

/// What a check written in Rust sees.
pub(crate) struct Sight<'s, 'a> {
    /// The whole model.
    pub(crate) model: &'a Model,
    /// The subject.
    pub(crate) subject: &'s Subject<'a>,
}

impl Sight<'_, '_> {
    /// A field of the subject.
    pub(crate) fn field(&self, name: &str) -> Option<&Node> {
        self.subject.fields.iter().find(|(known, _)| *known == name).map(|(_, node)| &**node)
    }
}

/// A check whose texts are parsed.
struct Compiled {
    check: &'static Check,
    when: Option<Expr>,
    each: Vec<Path>,
    at: Vec<Path>,
}

/// The checks, parsed once. `build.rs` has seen that each can be.
fn compiled() -> &'static [Compiled] {
    static COMPILED: OnceLock<Vec<Compiled>> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let paths = |texts: &[&str]| texts.iter().filter_map(|text| parse_path(text).ok()).collect();
        let one = |check: &'static Check| Compiled {
            check,
            when: parse(check.when).ok(),
            each: paths(check.each),
            at: paths(check.at),
        };
        checks().iter().map(one).collect()
    })
}

/// Looks at a machine with every check.
#[must_use]
pub fn audit(machine: &Machine) -> Vec<AgentFinding> {
    audit_model(machine, &model(machine))
}

/// Looks at a machine whose model is known already.
#[must_use]
pub fn audit_model(machine: &Machine, model: &Model) -> Vec<AgentFinding> {
    let subjects = subjects(machine, model);
    let paths: Vec<&str> = machine.files.iter().map(|file| &*file.path).collect();
    let mut hits = Vec::new();
    for subject in &subjects {
        for compiled in compiled().iter().filter(|compiled| concerns(compiled.check, subject)) {
            hits.extend(places(compiled, subject, machine, model, &paths));
        }
    }
    let hits = once(hits);
    let mut findings = hits.into_iter().map(|hit| finding(hit, machine, model)).collect();
    texts::add(machine, model, &mut findings);
    drift::add(machine, &mut findings);
    findings
}

/// A check that fired.
struct Hit<'s, 'a> {
    check: &'static Check,
    subject: &'s Subject<'a>,
    span: Span,
    /// The element that fired.
    element: Option<Span>,
    /// Whether the place is where the fault stands, not where something is missing.
    exact: bool,
    /// Whether the place is not the first that the check names, which is the one that decides.
    beside: bool,
    also: Vec<&'static str>,
}

fn concerns(check: &Check, subject: &Subject<'_>) -> bool {
    let among = |list: &[&str], name: &str| list.is_empty() || list.contains(&name);
    check.subject == subject.kind
        && among(check.agents, subject.agent.map_or("", Agent::name))
        && among(check.scopes, subject.scope.name())
        && among(check.units, subject.unit)
        && among(check.roles, subject.role)
}

fn places<'s, 'a>(
    compiled: &Compiled,
    subject: &'s Subject<'a>,
    machine: &Machine,
    model: &'a Model,
    paths: &[&str],
) -> Vec<Hit<'s, 'a>> {
    let hit = |span, element, exact| Hit {
        check: compiled.check,
        subject,
        span,
        element,
        exact,
        beside: false,
        also: Vec::new(),
    };
    if let Some(code) = compiled.check.code {
        return code(&Sight { model, subject }).into_iter().map(|span| hit(span, Some(span), true)).collect();
    }
    let Some(when) = &compiled.when else { return Vec::new() };
    let mut facts = Facts {
        fields: &subject.fields,
        agent: subject.agent.unwrap_or(Agent::ClaudeCode),
        home: &machine.home,
        project: &subject.project,
        paths,
        it: None,
    };
    let of_place = matches!(subject.kind, "settings" | "rule" | "hook" | "server" | "document" | "lines" | "tree");
    if compiled.each.is_empty() {
        if !lang::evaluate(when, &facts) {
            return Vec::new();
        }
        let found = compiled.at.iter().find_map(|path| lang::located(path, &facts));
        let exact = of_place && (found.is_some() || !matches!(subject.kind, "settings" | "tree"));
        let decides = compiled.at.first().is_none_or(|path| lang::located(path, &facts).is_some());
        return vec![Hit { beside: !decides, ..hit(found.unwrap_or(subject.span), None, exact) }];
    }
    let mut out = Vec::new();
    for each in &compiled.each {
        for (element, key, span) in lang::each(each, &facts) {
            facts.it = Some((element, key));
            if lang::evaluate(when, &facts) {
                let found = compiled.at.iter().find_map(|path| lang::located(path, &facts));
                out.push(hit(found.or(span).unwrap_or(subject.span), span, true));
            }
            facts.it = None;
        }
    }
    out
}

/// One finding for one place: the worst stays and names the others. Nothing is said twice of a repository that holds for
/// the user's own settings already.
fn once<'s, 'a>(hits: Vec<Hit<'s, 'a>>) -> Vec<Hit<'s, 'a>> {
    let in_base: Vec<(&str, Option<Agent>)> = hits
        .iter()
        .filter(|hit| hit.subject.kind == "effective" && hit.subject.base)
        .map(|hit| (hit.check.id, hit.subject.agent))
        .collect();
    let mut order: BTreeMap<(Span, &str), usize> = BTreeMap::new();
    let mut out: Vec<Hit<'s, 'a>> = Vec::new();
    for hit in hits {
        let repeated = hit.subject.kind == "effective" && !hit.subject.base && !hit.exact;
        let outside = hit.beside || hit.span.file != hit.subject.file || hit.span.start == hit.span.end;
        if repeated && outside && in_base.contains(&(hit.check.id, hit.subject.agent)) {
            continue;
        }
        let key = if hit.exact && hit.span.start < hit.span.end { "" } else { hit.check.id };
        match order.get(&(hit.span, key)).and_then(|at| out.get_mut(*at)) {
            None => {
                order.insert((hit.span, key), out.len());
                out.push(hit);
            }
            Some(known) if known.check.id == hit.check.id => {}
            Some(known) => {
                let worse = (hit.check.severity, hit.check.confidence) > (known.check.severity, known.check.confidence);
                let (stays, goes) = if worse { (hit.check, known.check) } else { (known.check, hit.check) };
                let mut also = std::mem::take(&mut known.also);
                if !also.contains(&goes.id) {
                    also.push(goes.id);
                }
                if worse {
                    *known = hit;
                }
                known.check = stays;
                known.also = also;
            }
        }
    }
    out
}

fn finding(hit: Hit<'_, '_>, machine: &Machine, model: &Model) -> AgentFinding {
    let number = if hit.span.file == usize::MAX { hit.subject.file } else { hit.span.file };
    let file = machine.files.get(number);
    let document = model.known.documents.iter().find(|document| document.file == number);
    let bytes = file.map(|file| &*file.bytes).unwrap_or_default();
    let whole = matches!(hit.subject.kind, "file" | "machine") && hit.span.start == hit.span.end;
    let (line, column) = if whole { (0, 0) } else { line_and_column(bytes, hit.span.start) };
    let target = model.known.documents.iter().find(|document| document.file == hit.subject.file);
    let edits = match (target, machine.files.get(hit.subject.file)) {
        (Some(document), Some(file)) => fix::edits(hit.check.mends, document, &file.bytes, hit.subject, hit.element),
        _ => Vec::new(),
    };
    AgentFinding {
        check: hit.check,
        agent: hit.subject.agent,
        scope: document.map_or(hit.subject.scope, |document| document.scope),
        path: file.map(|file| file.path.clone()).unwrap_or_default(),
        project: hit.subject.project.clone(),
        span: hit.span,
        line,
        column,
        evidence: evidence::evidence(bytes, hit.span, document.and_then(|document| document.root.as_ref())),
        severity: hit.check.severity,
        confidence: hit.check.confidence,
        edits,
        also: hit.also,
    }
}
