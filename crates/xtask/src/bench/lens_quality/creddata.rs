//! The set "CredData" in the layout that its README documents: `meta/*.csv` name lines of `data/…` as T or F.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;
use yata_lens::Lens;

use super::{Place, report::Tallies};

/// What the rows of one file say: (first line, last line, class, credential).
type Rows = Vec<(usize, usize, String, bool)>;

/// Judges every labelled line, and counts what is found on other lines of the same files as wrong.
pub(super) fn run(lens: &Lens, folder: &Path) -> anyhow::Result<Tallies> {
    let mut by_file: BTreeMap<Place, Rows> = BTreeMap::new();
    let meta = folder.join("meta");
    let mut tables = Vec::new();
    for entry in std::fs::read_dir(&meta).with_context(|| format!("cannot read the folder `{}`", meta.display()))? {
        tables.push(entry?.path());
    }
    tables.sort();
    for table in tables.iter().filter(|path| path.extension().is_some_and(|end| end == "csv")) {
        let text = std::fs::read_to_string(table).with_context(|| format!("cannot read `{}`", table.display()))?;
        rows(&text, folder, &mut by_file);
    }
    let mut tallies = Tallies::default();
    let mut absent = 0;
    for (path, rows) in &by_file {
        let Ok(bytes) = std::fs::read(path) else {
            absent += 1;
            continue;
        };
        judge(lens, &bytes, path, rows, &mut tallies);
    }
    println!("{} files are labelled, {absent} of them are not there\n", by_file.len());
    Ok(tallies)
}

fn rows(text: &str, folder: &Path, by_file: &mut BTreeMap<Place, Rows>) {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let place = |name: &str| header.iter().position(|column| *column == name);
    let (path, label, category) = (place("FilePath"), place("GroundTruth"), place("Category"));
    let (start, end, both) = (place("LineStart"), place("LineEnd"), place("LineStart:LineEnd"));
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let cell = |place: Option<usize>| place.and_then(|place| cells.get(place)).copied().unwrap_or_default();
        let (first, last) = match both {
            Some(_) => cell(both).split_once(':').unwrap_or_default(),
            None => (cell(start), cell(end)),
        };
        let (Ok(first), Ok(last)) = (first.parse(), last.parse()) else { continue };
        let credential = matches!(cell(label), "T" | "True" | "true");
        let class = cell(category).split(':').next().unwrap_or_default().to_owned();
        by_file.entry(folder.join(cell(path))).or_default().push((first, last, class, credential));
    }
}

fn judge(lens: &Lens, bytes: &[u8], path: &Path, rows: &Rows, tallies: &mut Tallies) {
    let starts: Vec<usize> = std::iter::once(0)
        .chain(bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1))
        .collect();
    let found: BTreeSet<usize> =
        lens.scan(bytes).iter().map(|hit| starts.partition_point(|start| *start as u64 <= hit.value.start)).collect();
    let family = path
        .parent()
        .and_then(Path::parent)
        .and_then(Path::file_name)
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    // A line with a credential is one, whatever else is said of it.
    let true_lines: BTreeSet<usize> = rows.iter().filter(|row| row.3).flat_map(|row| row.0..=row.1).collect();
    let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (first, last, class, credential) in rows {
        if !seen.insert((*first, *last)) || !credential && (*first..=*last).any(|line| true_lines.contains(&line)) {
            continue;
        }
        tallies.add(family, class, *credential, (*first..=*last).any(|line| found.contains(&line)));
    }
    for line in &found {
        if !rows.iter().any(|row| (row.0..=row.1).contains(line)) {
            tallies.add(family, "not labelled", false, true);
        }
    }
}
