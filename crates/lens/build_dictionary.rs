//! Turns the word lists of `data/` into one table that needs no start-up: words are found by hash.
//!
//! Layout of `words.bin`: `BUCKETS + 1` offsets (u32, little endian, counted in entries), then entries of five bytes:
//! three bytes of the word's hash, the class letter, the cost in hundreds.

use std::fmt::Write as _;
use std::path::Path;

/// Read by `personal::dictionary` too; a power of two.
const BUCKETS: usize = 16_384;

type Problem = Box<dyn std::error::Error>;

/// FNV-1a with 64 bits; `personal::dictionary` has the same.
fn hash(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Writes `words.bin`, `connections.rs` and `municipalities` for the crate.
pub(crate) fn write(data: &Path, out: &Path) -> Result<(), Problem> {
    let mut entries: Vec<(u64, u8, u8)> = Vec::new();
    words(&read(data, "words.txt")?, &mut entries)?;
    kana(&read(data, "kana.txt")?, &mut entries);
    for line in read(data, "roman.txt")?.lines() {
        let mut names = line.split(' ');
        let letter = match names.next() {
            Some("S") => b'R',
            Some("G") => b'N',
            Some("E") => b'E',
            _ => b'L',
        };
        entries.extend(names.map(|name| (hash(name), letter, 0)));
    }
    for line in read(data, "municipalities.txt")?.lines() {
        for city in line.split(' ').skip(1) {
            entries.push((hash(city), b'M', 0));
            // A town is written with its county or without it.
            if let Some((_, town)) = city.split_once('郡').filter(|(_, town)| town.chars().count() > 1) {
                entries.push((hash(town), b'M', 1));
            }
        }
    }
    entries.sort_unstable_by_key(|&(hash, letter, cost)| (bucket(hash), hash, letter, cost));
    entries.dedup();
    std::fs::write(out.join("words.bin"), table(&entries)?)?;
    std::fs::write(out.join("connections.rs"), connections(&read(data, "connections.txt")?)?)?;
    Ok(())
}

fn read(data: &Path, name: &str) -> Result<String, Problem> {
    let path = data.join(name);
    println!("cargo::rerun-if-changed={}", path.display());
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn bucket(hash: u64) -> usize {
    usize::try_from(hash >> 40).unwrap_or_default() % BUCKETS
}

/// `高 橋s23p64 田s40`: the first character, then the rest of each word with its classes and costs.
fn words(text: &str, entries: &mut Vec<(u64, u8, u8)>) -> Result<(), Problem> {
    for line in text.lines() {
        let (first, rest) = line.split_once(' ').ok_or("a line of `words.txt` has no words")?;
        for word in rest.split(' ') {
            let split = word.find(|letter: char| letter.is_ascii_lowercase()).ok_or("a word has no class")?;
            let (tail, codes) = word.split_at(split);
            let hash = hash(&format!("{first}{tail}"));
            let mut codes = codes.bytes().peekable();
            while let Some(letter) = codes.next() {
                let mut cost = 0u8;
                while let Some(digit) = codes.next_if(u8::is_ascii_digit) {
                    cost = cost
                        .checked_mul(10)
                        .and_then(|cost| cost.checked_add(digit - b'0'))
                        .ok_or("a cost is over 255")?;
                }
                entries.push((hash, letter, cost));
            }
        }
    }
    Ok(())
}

/// `ス ズキS ミスF`: the same without costs.
fn kana(text: &str, entries: &mut Vec<(u64, u8, u8)>) {
    for line in text.lines() {
        let Some((first, rest)) = line.split_once(' ') else { continue };
        for word in rest.split(' ') {
            let tail = word.trim_end_matches(|letter: char| letter.is_ascii_uppercase());
            let hash = hash(&format!("{first}{tail}"));
            entries.extend(word.bytes().filter(u8::is_ascii_uppercase).map(|letter| (hash, letter, 0)));
        }
    }
}

fn table(entries: &[(u64, u8, u8)]) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::with_capacity((BUCKETS + 1) * 4 + entries.len() * 5);
    let mut at = 0;
    for number in 0..=BUCKETS {
        while entries.get(at).is_some_and(|&(hash, ..)| bucket(hash) < number) {
            at += 1;
        }
        out.extend(u32::try_from(at)?.to_le_bytes());
    }
    for &(hash, letter, cost) in entries {
        out.extend(hash.to_le_bytes().into_iter().take(3));
        out.extend([letter, cost]);
    }
    Ok(out)
}

/// The classes in the order of the file, and the costs between them.
fn connections(text: &str) -> Result<String, Problem> {
    let rows: Vec<(&str, Vec<&str>)> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, costs)| (name, costs.split(' ').collect()))
        .collect();
    let mut out = format!("/// How many classes there are.\npub(crate) const CLASSES: usize = {};\n", rows.len());
    writeln!(
        out,
        "/// Their names, in the order of `COSTS`.\npub(crate) static NAMES: [&str; CLASSES] = {:?};",
        rows.iter().map(|row| row.0).collect::<Vec<_>>()
    )?;
    writeln!(out, "/// What it costs that the second class follows the first, in hundreds.")?;
    writeln!(out, "pub(crate) static COSTS: [[i16; CLASSES]; CLASSES] = [")?;
    for (name, costs) in &rows {
        if costs.len() != rows.len() {
            return Err(format!("the row `{name}` of `connections.txt` has {} costs", costs.len()).into());
        }
        writeln!(out, "[{}],", costs.join(","))?;
    }
    out.push_str("];\n");
    Ok(out)
}
