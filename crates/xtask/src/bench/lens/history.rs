//! A git repository whose commits add, rewrite and delete files.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use yata_lens::cases::Random;

use super::tree;

const SEED: u64 = 104_729;
/// The time of the first commit, in seconds since 1970-01-01.
const FIRST_SECONDS: u64 = 1_700_000_000;
const STEP_SECONDS: u64 = 3_600;
/// After how many commits a planted file goes again.
const PLANTED_COMMITS: u64 = 20;
/// Of how many new files one goes in the same commit as an old one.
const NEW_PER_DELETED: usize = 20;

/// What was made.
pub(super) struct Made {
    pub(super) commits: u64,
    pub(super) blobs: u64,
    pub(super) blob_bytes: u64,
    pub(super) pack_bytes: u64,
    pub(super) planted: usize,
}

/// Makes a repository in `folder` with one branch, packed as a server packs it, and checks it out.
pub(super) fn make(
    sources: &Path,
    folder: &Path,
    bytes_max: u64,
    commits: u64,
    planted: usize,
) -> anyhow::Result<Made> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    git(folder, &["init", "--quiet", "--initial-branch=main"])?;
    let mut import = Command::new("git")
        .args(["fast-import", "--quiet"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .spawn()
        .context("cannot start `git fast-import`")?;
    let to = import.stdin.take().context("`git fast-import` takes no input")?;
    let mut story = Story::new(sources, BufWriter::new(to), planted)?;
    let commits = commits.max(1);
    for number in 0..commits {
        story.commit(number, commits, bytes_max / commits).context("cannot write to `git fast-import`")?;
    }
    story.to.flush().context("cannot write to `git fast-import`")?;
    drop(story);
    if !import.wait().context("cannot wait for `git fast-import`")?.success() {
        bail!("`git fast-import` failed");
    }
    git(folder, &["repack", "-a", "-d", "-f", "--quiet"])?;
    git(folder, &["reset", "--quiet", "--hard", "main"])?;
    let (blobs, blob_bytes) = blobs(folder)?;
    let pack_bytes = std::fs::read_dir(folder.join(".git/objects/pack"))?
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "pack"))
        .filter_map(|entry| entry.metadata().ok())
        .map(|metadata| metadata.len())
        .sum();
    Ok(Made { commits, blobs, blob_bytes, pack_bytes, planted })
}

/// A file as it stands at the last commit.
struct Living {
    name: String,
    text: Vec<u8>,
}

/// What the commits tell, written in the language of `git fast-import`.
struct Story<W> {
    to: W,
    random: Random,
    sources: std::path::PathBuf,
    /// Files that are not there yet.
    fresh: std::vec::IntoIter<std::path::PathBuf>,
    living: Vec<Living>,
    planted: Vec<(String, Vec<u8>)>,
}

impl<W: Write> Story<W> {
    fn new(sources: &Path, to: W, planted: usize) -> anyhow::Result<Self> {
        Ok(Story {
            to,
            random: Random::new(SEED),
            sources: sources.to_owned(),
            fresh: tree::text_files(sources)?.into_iter(),
            living: Vec::new(),
            planted: tree::planted_files(planted)?,
        })
    }

    /// One commit: new files for a half of `bytes`, rewritten ones for the other, a few deleted, a few planted.
    fn commit(&mut self, number: u64, commits: u64, bytes: u64) -> anyhow::Result<()> {
        let message = format!("change {number}\n");
        let time = FIRST_SECONDS + number * STEP_SECONDS;
        writeln!(self.to, "commit refs/heads/main\ncommitter Bench <bench@example.org> {time} +0000")?;
        write!(self.to, "data {}\n{message}", message.len())?;
        let mut written = 0;
        let mut added = 0;
        while written < bytes / 2 {
            let Some(path) = self.fresh.next() else { break };
            let Some(text) = tree::read_text(&path)? else { continue };
            let name = path.strip_prefix(&self.sources).unwrap_or(&path).to_string_lossy().into_owned();
            file(&mut self.to, &name, &text)?;
            written += text.len() as u64;
            added += 1;
            self.living.push(Living { name, text });
        }
        while written < bytes {
            let Some(living) = pick(&mut self.random, &self.living).and_then(|at| self.living.get_mut(at)) else {
                break;
            };
            living.text = rewritten(&living.text, number, &mut self.random);
            file(&mut self.to, &living.name, &living.text)?;
            written += living.text.len() as u64;
        }
        for _ in 0..added / NEW_PER_DELETED {
            if let Some(at) = pick(&mut self.random, &self.living) {
                writeln!(self.to, "D {}", quoted(&self.living.swap_remove(at).name))?;
            }
        }
        self.plant(number, commits)
    }

    /// Spreads the planted files over the commits and takes them away again later.
    fn plant(&mut self, number: u64, commits: u64) -> anyhow::Result<()> {
        let of = |number: u64| share(self.planted.len(), number, commits);
        for (name, text) in self.planted.get(of(number)).unwrap_or_default() {
            file(&mut self.to, name, text)?;
        }
        let old = number.checked_sub(PLANTED_COMMITS).and_then(|number| self.planted.get(of(number)));
        for (name, _) in old.unwrap_or_default() {
            writeln!(self.to, "D {}", quoted(name))?;
        }
        Ok(())
    }
}

/// The range of `count` things that belongs to one of several parts.
fn share(count: usize, part: u64, parts: u64) -> std::ops::Range<usize> {
    let at = |part: u64| usize::try_from(count as u64 * part / parts.max(1)).unwrap_or(count);
    at(part)..at(part + 1)
}

fn pick(random: &mut Random, living: &[Living]) -> Option<usize> {
    let bound = u32::try_from(living.len()).ok().filter(|bound| *bound > 0)?;
    usize::try_from(random.below(bound)).ok()
}

/// The text with one line more at some place, and one less at another.
fn rewritten(text: &[u8], number: u64, random: &mut Random) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let mut place =
        |lines: &[&[u8]]| usize::try_from(random.below(u32::try_from(lines.len()).unwrap_or(0))).unwrap_or(0);
    if lines.len() > 1 {
        lines.remove(place(&lines));
    }
    let line = format!("// changed for the {number}th time\n");
    lines.insert(place(&lines), line.as_bytes());
    lines.concat()
}

fn file(to: &mut impl Write, name: &str, text: &[u8]) -> std::io::Result<()> {
    write!(to, "M 100644 inline {}\ndata {}\n", quoted(name), text.len())?;
    to.write_all(text)?;
    to.write_all(b"\n")
}

/// A path as `git fast-import` reads it, between double quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// How many blobs there are, and how long they are together.
fn blobs(folder: &Path) -> anyhow::Result<(u64, u64)> {
    let format = "--batch-check=%(objecttype) %(objectsize)";
    let list = git(folder, &["cat-file", "--batch-all-objects", "--unordered", format])?;
    let sizes = list.lines().filter_map(|line| line.strip_prefix("blob ")?.parse::<u64>().ok());
    Ok(sizes.fold((0, 0), |(count, bytes), size| (count + 1, bytes + size)))
}

fn git(folder: &Path, args: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git").args(args).current_dir(folder).output().context("cannot start git")?;
    if !output.status.success() {
        bail!("`git {}` failed: {}", args.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_planted_file_belongs_to_one_commit() {
        for (count, commits) in [(500, 300), (3, 7), (7, 3), (0, 5)] {
            let parts: Vec<usize> = (0..commits).flat_map(|commit| share(count, commit, commits)).collect();
            assert_eq!(parts, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_rewritten_text_is_another_one_of_the_same_length_in_lines() {
        let text = b"one\ntwo\nthree\n";
        let other = rewritten(text, 7, &mut Random::new(1));
        assert_ne!(other, text);
        assert_eq!(other.split(|byte| *byte == b'\n').count(), 4);
    }
}
