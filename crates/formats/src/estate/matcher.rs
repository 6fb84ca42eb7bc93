//! Which rule of the estate speaks of a path, a host or an SBOM. **The first rule in the file that matches
//! wins**, as in a firewall: put the special above the general.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use thiserror::Error;
use yata_model::{AssetRule, Estate, Message, Problem, ProblemKind, Selector};

use super::error::GlobError;
use super::glob::{self, Form, Part};

/// A rule whose glob cannot be read; [`super::parse`] never returns an estate with one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{glob}` at line {line} is not a path glob: {reason}")]
pub struct BadRule {
    /// The glob.
    pub glob: String,
    /// 1-based line of the rule.
    pub line: u32,
    /// Why.
    pub reason: GlobError,
}

/// What the estate says of a path, a host or an SBOM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment<'e> {
    /// The rule.
    pub rule: &'e AssetRule,
    /// Its place in [`Estate::assets`], for [`EstateMatcher::matched_nothing`].
    pub index: usize,
    /// The name of the asset: the rule's, else the matched folder (`.` for the root), host or SBOM name.
    pub name: String,
}

/// The rules of an estate, compiled once.
///
/// A lookup costs the depth of the path, not the number of rules: the globs share one tree by their parts.
#[derive(Debug)]
pub struct EstateMatcher<'e> {
    estate: &'e Estate,
    paths: Tree,
    hosts: Names,
    sboms: Names,
    left_out: Tree,
}

impl<'e> EstateMatcher<'e> {
    /// Compiles the rules.
    ///
    /// # Errors
    /// A path glob that cannot be read.
    pub fn new(estate: &'e Estate) -> Result<Self, BadRule> {
        let mut matcher = EstateMatcher {
            estate,
            paths: Tree::default(),
            hosts: Names::default(),
            sboms: Names::default(),
            left_out: Tree::default(),
        };
        for (index, rule) in estate.assets.iter().enumerate() {
            match &rule.selector {
                Selector::Path(path) => {
                    let bad = |reason| BadRule { glob: path.clone(), line: rule.line, reason };
                    for parts in glob::parse(path).map_err(bad)? {
                        matcher.paths.insert(&parts, index);
                    }
                }
                Selector::Host(host) => matcher.hosts.insert(&host.to_lowercase(), index),
                Selector::Sbom(sbom) => matcher.sboms.insert(sbom, index),
            }
        }
        for (index, path) in estate.leave_out.iter().enumerate() {
            let bad = |reason| BadRule { glob: path.clone(), line: 0, reason };
            for parts in glob::parse(path).map_err(bad)? {
                matcher.left_out.insert(&parts, index);
            }
        }
        Ok(matcher)
    }

    /// The glob of [`Estate::leave_out`] that leaves a file out, if one does.
    pub fn left_out(&self, path: &str) -> Option<&'e str> {
        let (index, _) = self.left_out.first(path)?;
        self.estate.leave_out.get(index).map(String::as_str)
    }

    /// The rule for a file, by its path relative to the root of the estate, with `/` between folders. A glob
    /// that meets a folder meets all below it.
    pub fn for_path(&self, path: &str) -> Option<Assignment<'e>> {
        let (index, depth) = self.paths.first(path)?;
        self.assignment(index, || {
            let parts: Vec<&str> = parts_of(path).collect();
            // The file itself is no folder: without a folder that the glob meets, it is the one it lies in.
            let folders = parts.get(..depth.min(parts.len().saturating_sub(1))).unwrap_or_default();
            if folders.is_empty() { ".".to_owned() } else { folders.join("/") }
        })
    }

    /// The rule for a host, by its name without regard to case; a rule may use `*` and `?`.
    pub fn for_host(&self, host: &str) -> Option<Assignment<'e>> {
        let index = self.hosts.first(&host.to_lowercase())?;
        self.assignment(index, || host.to_owned())
    }

    /// The rule for an SBOM by any of its names: the name of its subject, the name of its file, the file's path
    /// below the root. A rule may use `*` and `?`. An asset without a name in the rule takes the first name.
    pub fn for_sbom(&self, names: &[&str]) -> Option<Assignment<'e>> {
        let index = names.iter().filter_map(|name| self.sboms.first(name)).min()?;
        self.assignment(index, || names.first().copied().unwrap_or_default().to_owned())
    }

    /// A problem for each rule whose index is not in `used`: it speaks of something that is not here, or an
    /// earlier rule takes all that it would match. The subject, which a waiver names, is the rule's selector.
    pub fn matched_nothing(&self, file_name: &str, used: &BTreeSet<usize>) -> Vec<Problem> {
        let unused = self.estate.assets.iter().enumerate().filter(|(index, _)| !used.contains(index));
        unused
            .map(|(_, rule)| {
                let (key, text) = match &rule.selector {
                    Selector::Path(text) => ("path", text),
                    Selector::Host(text) => ("host", text),
                    Selector::Sbom(text) => ("sbom", text),
                };
                let message = Message::new("problem-estate-rule-matched-nothing")
                    .with("file", file_name)
                    .with("line", i64::from(rule.line))
                    .with("key", key)
                    .with("selector", text.as_str());
                Problem::new(ProblemKind::Estate, text, message).at_line(rule.line)
            })
            .collect()
    }

    /// Whether an asset may get this name from what is found.
    pub(super) fn may_be_called(&self, name: &str) -> bool {
        let host = name.to_lowercase();
        self.paths.first(name).is_some() || self.hosts.first(&host).is_some() || self.sboms.first(name).is_some()
    }

    fn assignment(&self, index: usize, found: impl FnOnce() -> String) -> Option<Assignment<'e>> {
        let rule = self.estate.assets.get(index)?;
        let name = rule.name.clone().unwrap_or_else(found);
        Some(Assignment { rule, index, name })
    }
}

fn parts_of(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".")
}

/// Names of hosts or SBOMs: exact ones by table, forms one by one.
#[derive(Debug, Default)]
struct Names {
    exact: HashMap<String, usize>,
    forms: Vec<(usize, Form)>,
}

impl Names {
    fn insert(&mut self, text: &str, index: usize) {
        if text.contains(['*', '?']) {
            self.forms.push((index, Form::of_name(text)));
        } else {
            self.exact.entry(text.to_owned()).or_insert(index);
        }
    }

    fn first(&self, name: &str) -> Option<usize> {
        let exact = self.exact.get(name).copied();
        // INVARIANT: forms stand in the order of their rules.
        let earlier = self.forms.iter().take_while(|(index, _)| exact.is_none_or(|exact| *index < exact));
        earlier.into_iter().find(|(_, form)| form.is_met_by(name)).map(|(index, _)| *index).or(exact)
    }
}

/// All globs as one tree by their parts; walked with a set of places, as a nondeterministic automaton.
#[derive(Debug)]
struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    names: HashMap<String, usize>,
    forms: BTreeMap<usize, (Form, usize)>,
    form_index: HashMap<Form, usize>,
    /// The node after `**`.
    folders: Option<usize>,
    /// Whether this node stands after `**`: it stays where any folder is read.
    stays: bool,
    /// The first rule whose glob ends here.
    rule: Option<usize>,
    /// The first rule that ends here or below: nothing below can win against an earlier one.
    first_below: usize,
}

impl Node {
    fn new(stays: bool) -> Node {
        Node {
            names: HashMap::new(),
            forms: BTreeMap::new(),
            form_index: HashMap::new(),
            folders: None,
            stays,
            rule: None,
            first_below: usize::MAX,
        }
    }
}

impl Default for Tree {
    fn default() -> Self {
        Tree { nodes: vec![Node::new(false)] }
    }
}

impl Tree {
    fn insert(&mut self, parts: &[Part], rule: usize) {
        let mut at = 0;
        for part in parts {
            self.touch(at, rule);
            let next = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else { return };
            at = match part {
                Part::Name(name) => *node.names.entry(name.clone()).or_insert(next),
                Part::Form(form) => {
                    let number = node.form_index.len();
                    let number = *node.form_index.entry(form.clone()).or_insert(number);
                    node.forms.entry(number).or_insert_with(|| (form.clone(), next)).1
                }
                Part::Folders => *node.folders.get_or_insert(next),
            };
            if at == next {
                self.nodes.push(Node::new(*part == Part::Folders));
            }
        }
        self.touch(at, rule);
        if let Some(node) = self.nodes.get_mut(at) {
            node.rule.get_or_insert(rule);
        }
    }

    fn touch(&mut self, at: usize, rule: usize) {
        if let Some(node) = self.nodes.get_mut(at) {
            node.first_below = node.first_below.min(rule);
        }
    }

    /// The first rule that meets the path or one of the folders it lies in, and how many parts of the path the
    /// shortest such folder has.
    fn first(&self, path: &str) -> Option<(usize, usize)> {
        let mut best: Option<(usize, usize)> = None;
        let mut places = Vec::new();
        self.arrive(0, 0, &mut places, &mut best);
        for (depth, name) in parts_of(path).enumerate() {
            let mut next = Vec::new();
            for at in places {
                let Some(node) = self.nodes.get(at) else { continue };
                if best.is_some_and(|(rule, _)| node.first_below >= rule) {
                    continue;
                }
                if node.stays {
                    self.arrive(at, depth + 1, &mut next, &mut best);
                }
                if let Some(to) = node.names.get(name) {
                    self.arrive(*to, depth + 1, &mut next, &mut best);
                }
                for (form, to) in node.forms.values() {
                    if form.is_met_by(name) {
                        self.arrive(*to, depth + 1, &mut next, &mut best);
                    }
                }
            }
            next.sort_unstable();
            next.dedup();
            places = next;
        }
        best
    }

    /// Stands at a node, and at the one after `**` too, which may be no folder at all.
    fn arrive(&self, at: usize, depth: usize, places: &mut Vec<usize>, best: &mut Option<(usize, usize)>) {
        let mut here = Some(at);
        while let Some(at) = here {
            let Some(node) = self.nodes.get(at) else { return };
            if let Some(rule) = node.rule
                && best.is_none_or(|(known, _)| rule < known)
            {
                *best = Some((rule, depth));
            }
            places.push(at);
            here = node.folders;
        }
    }
}
