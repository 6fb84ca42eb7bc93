//! Packages that the shared feeds know, for documents that look like real ones.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

/// A package that advisories name.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) name: String,
    /// How many records name it.
    pub(crate) records: usize,
    /// A version that one of them is about.
    pub(crate) affected: String,
}

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    withdrawn: Option<String>,
    #[serde(default)]
    affected: Vec<Affected>,
}

#[derive(Deserialize)]
struct Affected {
    package: Option<Package>,
    #[serde(default)]
    ranges: Vec<Range>,
    #[serde(default)]
    versions: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    ecosystem: String,
    name: String,
}

#[derive(Deserialize)]
struct Range {
    events: Vec<BTreeMap<String, String>>,
}

/// The packages of one OSV archive that are of an ecosystem, by name.
pub(crate) fn packages(feeds: &Path, folder: &str, ecosystem: &str) -> anyhow::Result<Vec<Named>> {
    let path = feeds.join("osv").join(folder).join("all.zip");
    let doing = || format!("cannot read `{}`", path.display());
    let file = File::open(&path).with_context(doing)?;
    let mut zip = zip::ZipArchive::new(BufReader::new(file)).with_context(doing)?;
    let mut named: BTreeMap<String, Named> = BTreeMap::new();
    for index in 0..zip.len() {
        let mut text = String::new();
        zip.by_index(index).with_context(doing)?.read_to_string(&mut text).with_context(doing)?;
        let Ok(record) = serde_json::from_str::<Record>(&text) else { continue };
        if record.withdrawn.is_some() {
            continue;
        }
        for affected in record.affected {
            let version = version(&affected);
            let Some(package) = affected.package.filter(|package| package.ecosystem == ecosystem) else { continue };
            let new = Named { name: package.name.clone(), records: 0, affected: version };
            named.entry(package.name).or_insert(new).records += 1;
        }
    }
    Ok(named.into_values().collect())
}

fn version(affected: &Affected) -> String {
    let introduced = affected.ranges.iter().flat_map(|range| &range.events).find_map(|event| event.get("introduced"));
    match (affected.versions.last(), introduced) {
        (Some(version), _) => version.clone(),
        (None, Some(version)) if !matches!(version.as_str(), "0" | "0.0.0-0") => version.clone(),
        _ => "0.0.1".to_owned(),
    }
}
