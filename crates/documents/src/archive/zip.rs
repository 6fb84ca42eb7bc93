//! zip, and everything that is a zip: jar, whl, nupkg, apk, vsix, office documents.

use std::collections::BTreeMap;
use std::io::Cursor;

use zip::CompressionMethod;
use zip::ZipArchive;

use super::{label, recover};
use crate::gap::GapKind;
use crate::office;
use crate::place::Place;
use crate::walk::Walk;

/// A zip whose directory was read.
pub(crate) struct Zip<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// The members by name, in the order of names.
    by_name: BTreeMap<String, usize>,
}

/// One member, by its directory entry.
#[derive(Clone, Debug)]
pub(crate) struct ZipEntry {
    pub(crate) name: String,
    pub(crate) index: usize,
}

impl<'a> Zip<'a> {
    /// `None` if the directory is broken.
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        Some(Self { archive, by_name: BTreeMap::new() })
    }

    /// The members in the order of the directory, without the folders.
    fn entries(&mut self) -> Vec<ZipEntry> {
        let mut entries = Vec::new();
        for index in 0..self.archive.len() {
            let Ok(file) = self.archive.by_index_raw(index) else { continue };
            let name = label(file.name_raw());
            if file.is_dir() && file.size() == 0 {
                continue;
            }
            self.by_name.entry(name.clone()).or_insert(index);
            entries.push(ZipEntry { name, index });
        }
        entries
    }

    /// The bytes of a member as far as they can be read; problems are noted at `place`.
    pub(crate) fn unpack(&mut self, walk: &mut Walk<'_>, place: &Place, index: usize) -> Option<Vec<u8>> {
        let (encrypted, method, packed) = match self.archive.by_index_raw(index) {
            Ok(file) => (file.encrypted(), file.compression(), file.compressed_size()),
            Err(_) => {
                walk.gap(place, GapKind::Broken("zip"));
                return None;
            }
        };
        if encrypted {
            walk.gap(place, GapKind::Encrypted);
            return None;
        }
        if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            walk.gap(place, GapKind::Format("zip compression method"));
            return None;
        }
        match self.archive.by_index(index) {
            Ok(file) => Some(walk.unpack(place, file, packed).0),
            Err(_) => {
                walk.gap(place, GapKind::Broken("zip"));
                None
            }
        }
    }

    /// The bytes of the part of a document with this name; `None` if there is none or it cannot be read.
    pub(crate) fn part(&mut self, walk: &mut Walk<'_>, place: &Place, name: &str) -> Option<Vec<u8>> {
        let index = *self.by_name.get(name)?;
        self.unpack(walk, &place.member(name), index)
    }
}

/// A zip: an office document is read as one, any other has its members looked into.
pub(crate) fn read(walk: &mut Walk<'_>, place: &Place, bytes: &[u8], depth: u32) {
    let Some(mut zip) = Zip::open(bytes) else {
        walk.gap(place, GapKind::Broken("zip"));
        return recover::members(walk, place, bytes, depth);
    };
    let entries = zip.entries();
    if entries.len() < zip.archive.len() && entries.is_empty() && bytes.len() > 1024 {
        walk.gap(place, GapKind::Broken("zip"));
    }
    if office::read(walk, place, &mut zip, &entries, depth) {
        return;
    }
    for entry in entries {
        if !walk.take_member(place) {
            return;
        }
        let member = place.member(&entry.name);
        if let Some(content) = zip.unpack(walk, &member, entry.index) {
            walk.content(&member, &entry.name, &content, depth + 1);
        }
        if walk.bytes_left() == 0 {
            return walk.gap(place, GapKind::TotalTooLarge(walk.limits.total_bytes));
        }
    }
}
