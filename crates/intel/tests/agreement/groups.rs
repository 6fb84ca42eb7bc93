//! Groups of records that are about the same thing, by union of their ids.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::records::Record;

/// All ids of a group, sorted.
pub(crate) type Ids = Arc<[String]>;

/// The group of every record that is not withdrawn, by its id.
pub(crate) fn of(records: &[Record]) -> HashMap<&str, Ids> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut parents: Vec<usize> = Vec::new();
    let standing = || records.iter().filter(|record| !record.withdrawn);
    for record in standing() {
        let mut before = None;
        for id in [&record.id].into_iter().chain(&record.aliases) {
            let number = *numbers.entry(id.as_str()).or_insert_with(|| {
                parents.push(parents.len());
                parents.len() - 1
            });
            let root = root(&parents, number);
            if let Some(before) = before {
                parents[root] = before;
            } else {
                before = Some(root);
            }
        }
    }
    let mut members: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (id, number) in &numbers {
        members.entry(root(&parents, *number)).or_default().push((*id).to_owned());
    }
    let members: BTreeMap<usize, Ids> = members
        .into_iter()
        .map(|(root, mut ids)| {
            ids.sort();
            (root, ids.into())
        })
        .collect();
    standing().map(|r| (r.id.as_str(), Arc::clone(&members[&root(&parents, numbers[r.id.as_str()])]))).collect()
}

fn root(parents: &[usize], mut number: usize) -> usize {
    while parents[number] != number {
        number = parents[number];
    }
    number
}
