//! A zip whose directory is lost: its members are found by their own headers.

use flate2::bufread::DeflateDecoder;
use memchr::memmem;

use super::label;
use crate::gap::GapKind;
use crate::place::Place;
use crate::walk::Walk;

/// A member's own header (APPNOTE 4.3.7), as far as it is needed.
struct Header<'a> {
    flags: u16,
    method: u16,
    packed_bytes: u64,
    name: &'a [u8],
    /// What comes after it.
    data: &'a [u8],
}

/// Looks into every member whose header is found.
pub(super) fn members(walk: &mut Walk<'_>, place: &Place, bytes: &[u8], depth: u32) {
    let mut rest = bytes;
    while let Some(position) = memmem::find(rest, b"PK\x03\x04") {
        rest = rest.get(position + 4..).unwrap_or_default();
        let Some(header) = header(rest) else { continue };
        if !walk.take_member(place) {
            return;
        }
        let name = label(header.name);
        let member = place.member(&name);
        let packed = usize::try_from(header.packed_bytes).unwrap_or(usize::MAX);
        // With flag 8 the size stands behind the data.
        let known = header.flags & 8 == 0 && packed <= header.data.len();
        let data = if known { header.data.get(..packed).unwrap_or_default() } else { header.data };
        let content = match (header.flags & 1, header.method) {
            (1, _) => {
                walk.gap(&member, GapKind::Encrypted);
                None
            }
            (_, 0) => Some(walk.unpack(&member, stored(data, known), data.len() as u64).0),
            (_, 8) => Some(walk.unpack(&member, DeflateDecoder::new(data), data.len() as u64).0),
            _ => {
                walk.gap(&member, GapKind::Format("zip compression method"));
                None
            }
        };
        if let Some(content) = content.filter(|content| !content.is_empty()) {
            walk.content(&member, &name, &content, depth + 1);
        }
        if walk.bytes_left() == 0 {
            return walk.gap(place, GapKind::TotalTooLarge(walk.limits.total_bytes));
        }
        if known {
            rest = header.data.get(packed..).unwrap_or_default();
        }
    }
}

/// Stored data of unknown length ends at the next header.
fn stored(data: &[u8], known: bool) -> &[u8] {
    if known { data } else { memmem::find(data, b"PK").and_then(|end| data.get(..end)).unwrap_or(data) }
}

fn header(bytes: &[u8]) -> Option<Header<'_>> {
    let short = |at: usize| Some(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    let long = |at: usize| Some(u64::from(short(at)?) | u64::from(short(at + 2)?) << 16);
    let name_end = 26usize.checked_add(usize::from(short(22)?))?;
    let data_start = name_end + usize::from(short(24)?);
    let name = bytes.get(26..name_end)?;
    Some(Header { flags: short(2)?, method: short(4)?, packed_bytes: long(14)?, name, data: bytes.get(data_start..)? })
}
