//! Loose objects: one compressed file each (git documentation, gitrepository-layout, "objects").

use std::path::Path;

use crate::file;
use crate::inflate::Inflater;
use crate::object::Kind;
use crate::problem::Fault;

/// Bytes of the longest header: the kind, a space, the size and a zero.
const HEADER_BYTES: usize = 32;

/// A loose object whose header has been read.
pub(crate) struct Loose {
    compressed: Vec<u8>,
    header: usize,
    pub(crate) kind: Kind,
    pub(crate) size: u64,
}

impl Loose {
    /// Reads the file, of at most `limit` bytes, and its header.
    pub(crate) fn open(path: &Path, inflater: &mut Inflater, limit: u64) -> Result<Self, Fault> {
        let compressed = file::whole(path, limit)?;
        let head = inflater.head(&compressed, HEADER_BYTES)?;
        let zero = head.iter().position(|&byte| byte == 0).ok_or(Fault::Malformed)?;
        let mut words = head.get(..zero).unwrap_or_default().splitn(2, |&byte| byte == b' ');
        let kind = words.next().and_then(Kind::from_name).ok_or(Fault::Malformed)?;
        let size = words.next().and_then(|word| std::str::from_utf8(word).ok()).and_then(|word| word.parse().ok());
        Ok(Self { compressed, header: zero + 1, kind, size: size.ok_or(Fault::Malformed)? })
    }

    /// The whole object, of at most `limit` bytes.
    pub(crate) fn decode(&self, inflater: &mut Inflater, limit: u64) -> Result<Vec<u8>, Fault> {
        if self.size > limit {
            return Err(Fault::TooLarge);
        }
        let size = usize::try_from(self.size).map_err(|_| Fault::TooLarge)?;
        let mut bytes = inflater.inflate(&self.compressed, self.header.saturating_add(size))?;
        bytes.drain(..self.header);
        Ok(bytes)
    }
}
