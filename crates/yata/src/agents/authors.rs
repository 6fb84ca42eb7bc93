//! Who changed a file last, by the history of its repository.

use std::collections::HashMap;
use std::path::PathBuf;

use yata_agents::File;
use yata_history::Repository;

use super::seen::Seen;

/// The most files whose history is followed.
const FILES_MAX: usize = 64;
/// The most lines of one that are asked for.
const LINES_MAX: usize = 400;

/// The author of the newest line of each tracked file, by path on the disk.
pub(super) fn authors(seen: &Seen) -> HashMap<PathBuf, String> {
    let mut opened: HashMap<&str, Option<Repository>> = HashMap::new();
    let mut out = HashMap::new();
    let tracked = |file: &&File| file.in_project() && file.tracked == Some(true) && !file.bytes.is_empty();
    for file in seen.sight.machine.files.iter().filter(tracked).take(FILES_MAX) {
        let path = seen.sight.on_disk(file);
        let repository = opened.entry(&file.project).or_insert_with(|| {
            let depth = file.path.split('/').count();
            path.ancestors().nth(depth).and_then(|root| Repository::open(root).ok())
        });
        let Some(repository) = repository else { continue };
        let count = file.bytes.iter().filter(|byte| **byte == b'\n').count().saturating_add(1).min(LINES_MAX);
        let lines: Vec<usize> = (1..=count).collect();
        let blamed = yata_history::blame(repository, file.path.as_bytes(), &lines);
        let newest = blamed.into_iter().flatten().max_by_key(|blame| blame.commit.commit_seconds);
        out.extend(newest.map(|blame| (path, blame.commit.author.clone())));
    }
    out
}
