//! The index and the plain reading, side by side: package by package, version by version.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use rayon::prelude::*;
use yata_intel::Matches;
use yata_model::{Applies, Component, Package, Remedy};

use crate::candidates;
use crate::evaluate::{Asked, Placed, Says, Ties};
use crate::explained::EXPLAINED;
use crate::feeds::Place;
use crate::groups::{self, Ids};
use crate::order::Line;
use crate::records::{PackageName, Record};

/// Components that are asked about in one call, about.
const BATCH_COUNT: usize = 4_000;
/// Differences that a failure shows.
const SHOWN_COUNT: usize = 40;

/// What was compared.
#[derive(Default)]
struct Counts {
    packages: usize,
    versions: usize,
    verdicts: usize,
    affected: usize,
    unknown: usize,
    fixes: usize,
    explained: BTreeMap<&'static str, usize>,
    differences: Vec<String>,
}

impl Counts {
    fn add(mut self, other: Counts) -> Counts {
        self.packages += other.packages;
        self.versions += other.versions;
        self.verdicts += other.verdicts;
        self.affected += other.affected;
        self.unknown += other.unknown;
        self.fixes += other.fixes;
        for (id, count) in other.explained {
            *self.explained.entry(id).or_default() += count;
        }
        self.differences.extend(other.differences);
        self
    }
}

/// A package with all records that name it and all versions to ask about.
struct Subject<'r> {
    name: &'r PackageName,
    line: Line,
    /// Records that speak, with their groups.
    records: Vec<(&'r Record, &'r Ids, Vec<Placed<'r>>)>,
    versions: BTreeSet<String>,
}

/// Holds every package that any record names against the index.
pub(crate) fn check_all(place: &Place, records: &[Record]) {
    let groups = groups::of(records);
    let mut named: BTreeMap<&PackageName, Vec<&Record>> = BTreeMap::new();
    for record in records {
        for entry in &record.entries {
            let of_package = named.entry(&entry.package).or_default();
            if of_package.last().is_none_or(|last| last.id != record.id) {
                of_package.push(record);
            }
        }
    }
    let named: Vec<(&PackageName, Vec<&Record>)> = named.into_iter().collect();
    let counts = named
        .par_chunks(16)
        .map(|some| {
            let subjects: Vec<Subject<'_>> = some.iter().map(|(name, of)| Subject::new(name, of, &groups)).collect();
            let mut counts = Counts::default();
            let mut batch: Vec<(&Subject<'_>, Asked<'_>)> = Vec::new();
            for subject in &subjects {
                batch.extend(subject.versions.iter().map(|version| (subject, Asked::Version(version.as_str()))));
                batch.push((subject, Asked::NotPinned));
                counts.packages += 1;
            }
            for part in batch.chunks(BATCH_COUNT) {
                ask(place, part, &mut counts);
            }
            counts
        })
        .reduce(Counts::default, Counts::add);
    report(records, &counts);
}

impl<'r> Subject<'r> {
    fn new(name: &'r PackageName, records: &[&'r Record], groups: &'r HashMap<&'r str, Ids>) -> Subject<'r> {
        let entries = |record: &&'r Record| record.entries.iter().filter(|entry| entry.package == *name);
        let mut versions = BTreeSet::new();
        let mut events = BTreeSet::new();
        for record in records {
            for entry in entries(record) {
                versions.extend(entry.versions.iter().cloned());
                let texts = entry.ranges.iter().flatten().map(|(_, at)| at.as_str()).filter(|at| *at != "*");
                events.extend(texts.map(|text| (text, record.speaks())));
            }
        }
        for (turn, (text, speaks)) in events.into_iter().enumerate() {
            if speaks {
                candidates::around(&name.ecosystem, text, name.name.len() + turn, &mut versions);
            } else {
                versions.insert(text.to_owned());
            }
        }
        let line = Line::new(&name.ecosystem, versions.iter().map(String::as_str));
        let records = records
            .iter()
            .filter(|record| record.speaks())
            .map(|record| {
                let placed = entries(record).map(|entry| Placed::new(entry, &line, Ties::AsWritten)).collect();
                (*record, &groups[record.id.as_str()], placed)
            })
            .collect();
        Subject { name, line, records, versions }
    }

    /// What each group says of a version, but for those that say nothing.
    fn says(&self, asked: Asked<'_>) -> BTreeMap<&[String], Says> {
        let mut out: BTreeMap<&[String], Says> = BTreeMap::new();
        for (_, ids, entries) in &self.records {
            let says = entries.iter().fold(Says::NotAffected, |says, entry| says.or(entry.says(asked, &self.line)));
            if says != Says::NotAffected {
                let before = out.remove(&ids[..]).unwrap_or(Says::NotAffected);
                out.insert(ids, before.or(says));
            }
        }
        out
    }

    /// What one group says of a version.
    fn group_says(&self, group: &[String], version: &str) -> Says {
        self.says(Asked::Version(version)).remove(group).unwrap_or(Says::NotAffected)
    }

    /// Whether one group affects a version if ranges that end and begin at one version go on.
    fn affects_if_ranges_go_on(&self, group: &[String], asked: Asked<'_>) -> bool {
        let of_group = self.records.iter().filter(|(_, ids, _)| ids[..] == *group);
        of_group
            .flat_map(|(record, _, _)| &record.entries)
            .filter(|entry| entry.package == *self.name)
            .any(|entry| Placed::new(entry, &self.line, Ties::GoOn).says(asked, &self.line) == Says::Affected)
    }

    fn component(&self, asked: Asked<'_>) -> Component {
        let Ok(ecosystem) = self.name.ecosystem.parse();
        let version = match asked {
            Asked::Version(text) => Some(text.to_owned()),
            Asked::NotPinned => None,
        };
        let package = Package { ecosystem, name: self.name.name.clone() };
        Component { purl: String::new(), package, version, source: None, occurrences: Vec::new() }
    }
}

/// Asks the index about some components and compares what it answers.
fn ask(place: &Place, batch: &[(&Subject<'_>, Asked<'_>)], counts: &mut Counts) {
    let components: Vec<Component> = batch.iter().map(|(subject, asked)| subject.component(*asked)).collect();
    let answer = place.index.matches(&components, &place.sources).unwrap();
    assert!(answer.unchecked.is_empty(), "{:?}", answer.unchecked);
    check_fixes(batch, &answer, counts);
    let mut by_component: HashMap<usize, BTreeMap<&[String], &Applies>> = HashMap::new();
    for found in &answer.matches {
        let twice = by_component.entry(found.component).or_default().insert(&found.group.ids, &found.applies);
        assert!(twice.is_none(), "{} is told twice for one component", found.group.id);
    }
    let none = BTreeMap::new();
    for (index, (subject, asked)) in batch.iter().enumerate() {
        let index_says = by_component.get(&index).unwrap_or(&none);
        let plain_says = subject.says(*asked);
        counts.versions += 1;
        counts.verdicts += subject.records.len();
        let groups: BTreeSet<&[String]> = index_says.keys().chain(plain_says.keys()).copied().collect();
        for group in groups {
            let plain = plain_says.get(group).unwrap_or(&Says::NotAffected);
            let index = index_says.get(group).copied();
            compare(subject, *asked, group, index, plain, counts);
        }
    }
}

fn compare(
    subject: &Subject<'_>,
    asked: Asked<'_>,
    group: &[String],
    index: Option<&Applies>,
    plain: &Says,
    counts: &mut Counts,
) {
    match (index, plain) {
        (Some(Applies::Affected), Says::Affected) => counts.affected += 1,
        (Some(Applies::Unknown { why }), Says::Unknown(reasons)) if reasons.contains(&why.id.as_ref()) => {
            counts.unknown += 1;
        }
        _ => {
            let of_group = |id: &&(&'static str, _)| group.iter().any(|other| other == id.0);
            match EXPLAINED.iter().find(of_group) {
                Some((id, _)) if index == Some(&Applies::Affected) && subject.affects_if_ranges_go_on(group, asked) => {
                    *counts.explained.entry(id).or_default() += 1;
                }
                _ => counts.differences.push(format!(
                    "{} {} {asked:?} {}: the index says {index:?}, the plain reading {plain:?}",
                    subject.name.ecosystem,
                    subject.name.name,
                    group.join(" "),
                )),
            }
        }
    }
}

/// What the index offers as a fix is not affected, by the plain reading.
fn check_fixes(batch: &[(&Subject<'_>, Asked<'_>)], answer: &Matches, counts: &mut Counts) {
    let mut judged: HashMap<(&PackageName, &[String], &str), bool> = HashMap::new();
    for found in &answer.matches {
        let (subject, asked) = batch[found.component];
        let Remedy::Upgrade { to, .. } = &found.remedy else { continue };
        for fix in [to, answer.closes_all.get(&found.component).unwrap_or(to)] {
            let is_fixed = judged
                .entry((subject.name, &found.group.ids, fix))
                .or_insert_with(|| subject.group_says(&found.group.ids, fix) != Says::Affected);
            counts.fixes += 1;
            if !*is_fixed {
                let PackageName { ecosystem, name } = subject.name;
                let group = &found.group.id;
                counts.differences.push(format!("{ecosystem} {name} {asked:?}: {fix} is no fix of {group}"));
            }
        }
    }
}

/// One line of what was compared, and a failure that shows the differences.
fn report(records: &[Record], counts: &Counts) {
    let entries: usize = records.iter().map(|record| record.entries.len()).sum();
    eprintln!(
        "agreement: {} records, {entries} entries, {} packages, {} versions asked, {} verdicts compared ({} affected, \
         {} unknown by reason), {} fixes checked, {} differences explained by {} records, {} unexplained",
        records.len(),
        counts.packages,
        counts.versions,
        counts.verdicts,
        counts.affected,
        counts.unknown,
        counts.fixes,
        counts.explained.values().sum::<usize>(),
        counts.explained.len(),
        counts.differences.len(),
    );
    let mut shown = String::new();
    for difference in counts.differences.iter().take(SHOWN_COUNT) {
        writeln!(shown, "{difference}").unwrap();
    }
    assert!(counts.differences.is_empty(), "{} differences:\n{shown}", counts.differences.len());
    for (id, reason) in EXPLAINED {
        assert!(counts.explained.contains_key(id), "{id} agrees now, so that it needs no explanation: {reason}");
    }
}
