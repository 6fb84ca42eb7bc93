//! Packs and their indexes (git documentation, gitformat-pack).

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::file;
use crate::id::{ID_BYTES, ObjectId};
use crate::object::Kind;
use crate::problem::Fault;

/// Bytes of the largest index that is read.
const INDEX_LIMIT_BYTES: u64 = 8 << 30;
/// Bytes of a pack before its first object, and of the checksum after its last.
const PACK_HEADER_BYTES: u64 = HEADER_BYTES as u64;
const HEADER_BYTES: usize = 12;
const TRAILER_BYTES: u64 = ID_BYTES as u64;
/// Bytes of the longest header of an entry: a size, and an id or the distance to the base.
const ENTRY_HEADER_BYTES: usize = 32;

/// A pack with its index, open.
pub(crate) struct Pack {
    pub(crate) path: PathBuf,
    /// The pack's checksum, which names its contents.
    pub(crate) checksum: ObjectId,
    pub(crate) file: File,
    pub(crate) index: Index,
    /// Where the last object ends.
    end: u64,
}

/// How an entry of a pack is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stored {
    Whole(Kind),
    /// A difference to the entry at this offset.
    Offset(u64),
    /// A difference to this object.
    Id(ObjectId),
}

/// The header of an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) stored: Stored,
    /// Size of the object, or of the difference, when decompressed.
    pub(crate) size: u64,
    /// Bytes of the header itself.
    pub(crate) length: usize,
}

impl Pack {
    /// Opens the pack that belongs to an index.
    pub(crate) fn open(index_path: &Path) -> Result<Self, Fault> {
        let index = Index::new(file::whole(index_path, INDEX_LIMIT_BYTES)?)?;
        let path = index_path.with_extension("pack");
        let file = file::open(&path)?;
        let size = file.metadata().map_err(|_| Fault::Unreadable)?.len();
        let end = size.checked_sub(TRAILER_BYTES).filter(|&end| end >= PACK_HEADER_BYTES).ok_or(Fault::Truncated)?;
        let mut header = [0; HEADER_BYTES];
        file::read_at(&file, &mut header, 0).map_err(|_| Fault::Unreadable)?;
        let [magic @ .., _, _, _, _, a, b, c, d] = header;
        let version = header.get(4..8).unwrap_or_default();
        if magic != *b"PACK" || !matches!(version, [0, 0, 0, 2 | 3]) {
            return Err(Fault::Malformed);
        }
        let mut checksum = [0; ID_BYTES];
        file::read_at(&file, &mut checksum, end).map_err(|_| Fault::Unreadable)?;
        if u32::from_be_bytes([a, b, c, d]) != index.count {
            return Err(Fault::Count);
        }
        Ok(Self { path, checksum: ObjectId(checksum), file, index, end })
    }

    /// Every entry in the order of the pack: its offset and its number in the index.
    pub(crate) fn in_order(&self) -> Vec<(u64, u32)> {
        let mut order: Vec<(u64, u32)> =
            (0..self.index.count).map(|number| (self.index.offset(number).unwrap_or(0), number)).collect();
        order.sort_unstable();
        order
    }

    /// Where the last object ends.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }
}

/// Reads the header at the start of `bytes`, which lie at `offset` of the pack.
pub(crate) fn header(bytes: &[u8], offset: u64) -> Result<Header, Fault> {
    let bytes = bytes.get(..ENTRY_HEADER_BYTES).unwrap_or(bytes);
    let (&first, mut rest) = bytes.split_first().ok_or(Fault::Truncated)?;
    let mut size = u64::from(first & 0x0f);
    let mut shift = 4;
    let mut more = first & 0x80 != 0;
    while more {
        let (&byte, tail) = rest.split_first().ok_or(Fault::Truncated)?;
        if shift > 56 {
            return Err(Fault::TooLarge);
        }
        size |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        more = byte & 0x80 != 0;
        rest = tail;
    }
    let stored = match first >> 4 & 7 {
        1 => Stored::Whole(Kind::Commit),
        2 => Stored::Whole(Kind::Tree),
        3 => Stored::Whole(Kind::Blob),
        4 => Stored::Whole(Kind::Tag),
        6 => {
            let distance;
            (distance, rest) = base_distance(rest)?;
            let base = offset.checked_sub(distance).filter(|&base| base >= PACK_HEADER_BYTES && base < offset);
            Stored::Offset(base.ok_or(Fault::Base)?)
        }
        7 => {
            let (id, tail) = rest.split_at_checked(ID_BYTES).ok_or(Fault::Truncated)?;
            rest = tail;
            Stored::Id(ObjectId::from_bytes(id).ok_or(Fault::Truncated)?)
        }
        _ => return Err(Fault::Malformed),
    };
    Ok(Header { stored, size, length: bytes.len() - rest.len() })
}

/// The distance back to a base: seven bits a byte, the highest first, each further byte adding one.
fn base_distance(bytes: &[u8]) -> Result<(u64, &[u8]), Fault> {
    let mut value = 0_u64;
    for (at, &byte) in bytes.iter().enumerate().take(8) {
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Ok((value, bytes.get(at + 1..).unwrap_or_default()));
        }
        value += 1;
    }
    Err(Fault::Malformed)
}

/// The index of a pack: which object lies where. Versions 1 and 2.
pub(crate) struct Index {
    bytes: Vec<u8>,
    pub(crate) count: u32,
    fan: usize,
    /// Where the ids begin and how far they stand from each other.
    ids: usize,
    stride: usize,
    /// Where the offsets of 31 bits begin, and those of 64.
    offsets: usize,
    large: usize,
}

const FAN_BYTES: usize = 256 * 4;

impl Index {
    fn new(bytes: Vec<u8>) -> Result<Self, Fault> {
        let second = bytes.starts_with(b"\xfftOc");
        if second && bytes.get(4..8) != Some(&[0, 0, 0, 2]) {
            return Err(Fault::Unsupported);
        }
        let fan = if second { 8 } else { 0 };
        let count = be32(&bytes, fan + FAN_BYTES - 4).ok_or(Fault::Truncated)?;
        let many = usize::try_from(count).map_err(|_| Fault::TooLarge)?;
        let table = fan + FAN_BYTES;
        let index = if second {
            let offsets = table + many * (ID_BYTES + 4);
            Self { count, fan, ids: table, stride: ID_BYTES, offsets, large: offsets + many * 4, bytes }
        } else {
            let large = table + many * (ID_BYTES + 4);
            Self { count, fan, ids: table + 4, stride: ID_BYTES + 4, offsets: table, large, bytes }
        };
        if index.bytes.len() < index.large + 2 * ID_BYTES {
            return Err(Fault::Truncated);
        }
        Ok(index)
    }

    /// The id of the object with this number; ids ascend.
    pub(crate) fn id(&self, number: u32) -> Option<ObjectId> {
        let at = self.ids + usize::try_from(number).ok()? * self.stride;
        (number < self.count).then(|| self.bytes.get(at..at + ID_BYTES).and_then(ObjectId::from_bytes))?
    }

    /// Where in the pack the object with this number begins.
    pub(crate) fn offset(&self, number: u32) -> Option<u64> {
        let number = usize::try_from(number).ok()?;
        if self.stride != ID_BYTES {
            return be32(&self.bytes, self.offsets + number * self.stride).map(u64::from);
        }
        let offset = be32(&self.bytes, self.offsets + number * 4)?;
        if offset & 0x8000_0000 == 0 {
            return Some(u64::from(offset));
        }
        let at = self.large + usize::try_from(offset & 0x7fff_ffff).ok()? * 8;
        let (high, low) = (be32(&self.bytes, at)?, be32(&self.bytes, at + 4)?);
        Some(u64::from(high) << 32 | u64::from(low))
    }

    /// The number of an object.
    pub(crate) fn find(&self, id: &ObjectId) -> Option<u32> {
        let first = usize::from(*id.0.first()?);
        let mut high = be32(&self.bytes, self.fan + first * 4)?.min(self.count);
        let mut low = if first == 0 { 0 } else { be32(&self.bytes, self.fan + (first - 1) * 4)? };
        while low < high {
            let middle = low + (high - low) / 2;
            match self.id(middle)?.cmp(id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_entries() {
        let whole = header(&[0xb4, 0x05, 0x78], 12).unwrap();
        assert_eq!((whole.stored, whole.size, whole.length), (Stored::Whole(Kind::Blob), 0x54, 2));
        let delta = header(&[0x65, 0x80, 0x00, 0x78], 1_000).unwrap();
        assert_eq!((delta.stored, delta.size, delta.length), (Stored::Offset(1_000 - 128), 5, 3));
        assert_eq!(header(&[0x65, 0x00], 1_000).unwrap_err(), Fault::Base, "its own base");
        assert_eq!(header(&[0x50], 12).unwrap_err(), Fault::Malformed, "a kind that git reserves");
        assert_eq!(header(&[0xff; 40], 12).unwrap_err(), Fault::TooLarge);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_an_answer(bytes: Vec<u8>, offset: u64) {
            let _ = header(&bytes, offset);
            let mut index = b"\xfftOc\0\0\0\x02".to_vec();
            index.extend_from_slice(&bytes);
            let _ = Index::new(index);
        }
    }
}
