//! The head of the log: how many entries there are, what they hash to, and how long the file of the newest ones is. It
//! stands in one small file that is written over in place, with a checksum against a write that was cut short.

use yata_ledger::{Frontier, Hash};

/// Entries in one file of the log.
pub(crate) const SEGMENT_ENTRIES: u64 = 65_536;

/// Most bytes of a head: 62 hashes of 64 characters and a few numbers.
pub(crate) const MAX_HEAD_BYTES: u64 = 8192;

/// What the first line of a head begins with: the format and its version.
const FORMAT: &str = "yata-hook-log-1";

/// The state of the log after its last entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Head {
    /// Which log it is: a new one begins where the files of the old one are no longer what its head says.
    pub(crate) epoch: u32,
    /// Bytes of the file of the newest entries.
    pub(crate) bytes: u64,
    /// The edge of the tree.
    pub(crate) frontier: Frontier,
}

impl Head {
    /// Entries.
    pub(crate) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The file of the next entry.
    pub(crate) fn segment(&self) -> u64 {
        self.size() / SEGMENT_ENTRIES
    }

    /// The bytes of the file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let line = format!("{FORMAT} {} {} {}\n", self.epoch, self.bytes, self.frontier);
        format!("{line}{}\n", Hash::of(line.as_bytes()).to_base64()).into_bytes()
    }

    /// Reads them; none where they are torn or not those of a head. What stands behind is of a longer head before.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = bytes.split_inclusive(|&byte| byte == b'\n');
        let (line, check) = (lines.next()?, lines.next()?);
        if check.strip_suffix(b"\n")? != Hash::of(line).to_base64().as_bytes() {
            return None;
        }
        let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
        let mut parts = line.strip_prefix(FORMAT)?.strip_prefix(' ')?.splitn(3, ' ');
        let epoch = parts.next()?.parse().ok()?;
        let bytes = parts.next()?.parse().ok()?;
        let frontier = parts.next()?.parse().ok()?;
        Some(Head { epoch, bytes, frontier })
    }
}

#[cfg(test)]
mod tests {
    use yata_ledger::leaf_hash;

    use super::*;

    #[test]
    fn a_head_is_read_back_whatever_stands_behind_it_and_never_torn() {
        let mut head = Head::default();
        for entry in 0_u32..100 {
            head.frontier.push(leaf_hash(&entry.to_be_bytes()));
            head.bytes += 7;
            let bytes = head.to_bytes();
            assert!(bytes.len() as u64 <= MAX_HEAD_BYTES);
            assert_eq!(Head::parse(&[&bytes, b"left from before\n".as_slice()].concat()), Some(head.clone()));
            for cut in 0..bytes.len() {
                assert_eq!(Head::parse(&bytes[..cut]), None);
            }
            let mut wrong = bytes.clone();
            wrong[20] ^= 1;
            assert_eq!(Head::parse(&wrong), None);
        }
    }
}
