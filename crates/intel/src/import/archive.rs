//! Zip archives of feeds, read entry by entry within limits.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use yata_formats::feeds::MAX_OSV_RECORD_BYTES;
use zip::ZipArchive;

use crate::IntelError;

/// Bytes that one archive may unpack to.
const MAX_ARCHIVE_BYTES: u64 = 64 * 1024 * 1024 * 1024;
/// How much larger than the archive file its content may be: OSV's JSON packs about tenfold.
pub(crate) const MAX_ARCHIVE_RATIO: u64 = 200;

/// The bytes of one entry, or why they could not be read.
pub(crate) struct Raw {
    pub(crate) name: String,
    pub(crate) bytes: Result<Vec<u8>, String>,
}

/// A zip archive whose JSON entries are read in turn.
pub(crate) struct Archive {
    zip: ZipArchive<BufReader<File>>,
    next: usize,
    unpacked: u64,
    budget: u64,
}

impl Archive {
    /// Opens an archive; the inner error holds in words why it is none.
    pub(crate) fn open(path: &Path) -> Result<Result<Archive, String>, IntelError> {
        let file = File::open(path).map_err(IntelError::io("open", path))?;
        let packed = file.metadata().map_err(IntelError::io("look at", path))?.len();
        let budget = MAX_ARCHIVE_BYTES.min(packed.saturating_mul(MAX_ARCHIVE_RATIO));
        Ok(match ZipArchive::new(BufReader::new(file)) {
            Ok(zip) => Ok(Archive { zip, next: 0, unpacked: 0, budget }),
            Err(e) => Err(format!("it is not a whole zip archive: {e}")),
        })
    }

    /// How many entries it has, folders included.
    pub(crate) fn len(&self) -> u64 {
        self.zip.len() as u64
    }

    /// How many of them are done.
    pub(crate) fn done(&self) -> u64 {
        self.next as u64
    }

    /// The next entry that is a JSON file. An entry that cannot be read is returned with the reason; `Err` holds why
    /// the archive as a whole is refused.
    pub(crate) fn next_json(&mut self) -> Option<Result<Raw, String>> {
        while self.next < self.zip.len() {
            let index = self.next;
            self.next += 1;
            let fallback = self.name_of(index);
            let raw = match self.zip.by_index(index) {
                Ok(mut entry) => match entry.name().map(|name| name.into_owned()) {
                    Ok(name) if entry.is_dir() || !name.ends_with(".json") => continue,
                    Ok(name) => Raw { name, bytes: read_limited(&mut entry) },
                    Err(e) => Raw { name: fallback, bytes: Err(e.to_string()) },
                },
                Err(e) => Raw { name: fallback, bytes: Err(e.to_string()) },
            };
            self.unpacked += raw.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
            if self.unpacked > self.budget {
                return Some(Err(format!("it unpacks to more than {MAX_ARCHIVE_RATIO} times its size")));
            }
            return Some(Ok(raw));
        }
        None
    }

    /// The name of an entry whose content cannot be reached.
    fn name_of(&self, index: usize) -> String {
        let name = self.zip.name_for_index(index).and_then(|name| name.ok()).map(|name| name.into_owned());
        name.unwrap_or_else(|| format!("entry {index}"))
    }
}

/// The bytes of one record; `Err` holds the reason in words.
pub(crate) fn read_limited(reader: &mut impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let limit = MAX_OSV_RECORD_BYTES as u64 + 1;
    reader.take(limit).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    if bytes.len() > MAX_OSV_RECORD_BYTES {
        return Err(format!("larger than {MAX_OSV_RECORD_BYTES} bytes"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn read_all(bytes: &[u8]) -> Result<Vec<String>, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut archive = Archive::open(file.path()).unwrap()?;
        std::iter::from_fn(|| archive.next_json()).map(|raw| raw.map(|raw| raw.name)).collect()
    }

    fn two_records() -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.add_directory("folder", SimpleFileOptions::default()).unwrap();
        for name in ["folder/a.json", "readme.txt", "b.json"] {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(b"{\"id\": \"some text\"}").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn json_entries_are_read_in_order() {
        assert_eq!(read_all(&two_records()).unwrap(), ["folder/a.json", "b.json"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            let _ = read_all(&bytes);
        }

        #[test]
        fn damaged_archives_never_panic(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        ) {
            let mut bytes = two_records();
            for (at, value) in changes {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            let _ = read_all(&bytes);
        }
    }
}
