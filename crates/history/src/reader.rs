//! One object by its id, with a memory of the bases of differences.

use std::collections::HashMap;
use std::sync::Arc;

use crate::DECODE_LIMIT_BYTES;
use crate::delta;
use crate::file::Window;
use crate::id::ObjectId;
use crate::inflate::Inflater;
use crate::object::Kind;
use crate::pack::{self, Header, Stored};
use crate::problem::Fault;
use crate::repository::Repository;

/// Bytes of decoded objects that are kept in each of two generations.
const CACHE_BYTES: usize = 48 << 20;
/// How long a chain of differences may be; git itself allows 4095.
const CHAIN_LIMIT: usize = 4_096;
/// What is read of an entry at first: the header, and all of a small one.
const FIRST_READ_BYTES: u64 = 4_096;

type Object = (Kind, Arc<Vec<u8>>);

/// Reads objects by id.
pub(crate) struct Reader<'a> {
    repository: &'a Repository,
    inflater: Inflater,
    window: Window,
    young: HashMap<(usize, u64), Object>,
    old: HashMap<(usize, u64), Object>,
    young_bytes: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(repository: &'a Repository) -> Self {
        Self {
            repository,
            inflater: Inflater::new(),
            window: Window::new(),
            young: HashMap::new(),
            old: HashMap::new(),
            young_bytes: 0,
        }
    }

    /// An object; `None` if it is nowhere. If one copy is broken the others are tried.
    pub(crate) fn read(&mut self, id: &ObjectId) -> Result<Option<Object>, Fault> {
        let mut broken = None;
        for (number, pack) in self.repository.packs.iter().enumerate() {
            if let Some(offset) = pack.index.find(id).and_then(|entry| pack.index.offset(entry)) {
                match self.packed(number, offset) {
                    Ok(object) => return Ok(Some(object)),
                    Err(fault) => broken = Some(fault),
                }
            }
        }
        match self.repository.open_loose(id, &mut self.inflater) {
            Some(loose) => {
                let decoded = loose.and_then(|loose| {
                    let bytes = loose.decode(&mut self.inflater, DECODE_LIMIT_BYTES)?;
                    Ok((loose.kind, Arc::new(bytes)))
                });
                decoded.map(Some)
            }
            None => broken.map_or(Ok(None), Err),
        }
    }

    /// An object that must be of a kind.
    pub(crate) fn read_kind(&mut self, id: &ObjectId, kind: Kind) -> Result<Option<Arc<Vec<u8>>>, Fault> {
        match self.read(id)? {
            Some((found, bytes)) if found == kind => Ok(Some(bytes)),
            Some(_) => Err(Fault::Malformed),
            None => Ok(None),
        }
    }

    fn packed(&mut self, number: usize, offset: u64) -> Result<Object, Fault> {
        let mut chain = Vec::new();
        let mut at = offset;
        let (kind, mut bytes) = loop {
            if let Some(object) = self.cached(number, at) {
                break object;
            }
            if chain.len() > CHAIN_LIMIT {
                return Err(Fault::Base);
            }
            let (header, data) = self.entry(number, at)?;
            let pack = self.repository.packs.get(number).ok_or(Fault::Base)?;
            let base = match header.stored {
                Stored::Whole(kind) => {
                    let object = (kind, Arc::new(data));
                    self.keep(number, at, &object);
                    break object;
                }
                Stored::Offset(base) => base,
                Stored::Id(id) => pack.index.find(&id).and_then(|entry| pack.index.offset(entry)).ok_or(Fault::Base)?,
            };
            chain.push((at, data));
            at = base;
        };
        while let Some((at, data)) = chain.pop() {
            bytes = Arc::new(delta::apply(&bytes, &data, DECODE_LIMIT_BYTES)?);
            self.keep(number, at, &(kind, Arc::clone(&bytes)));
        }
        Ok((kind, bytes))
    }

    /// The header and the decompressed bytes of an entry.
    fn entry(&mut self, number: usize, offset: u64) -> Result<(Header, Vec<u8>), Fault> {
        let pack = self.repository.packs.get(number).ok_or(Fault::Base)?;
        let end = pack.end();
        let bytes = self.window.read(number, &pack.file, offset, end.min(offset + FIRST_READ_BYTES))?;
        let header = pack::header(bytes, offset)?;
        if header.size > DECODE_LIMIT_BYTES {
            return Err(Fault::TooLarge);
        }
        let size = usize::try_from(header.size).map_err(|_| Fault::TooLarge)?;
        let small = bytes.get(header.length..).unwrap_or_default();
        if header.size + header.size / 8 + 1_024 < small.len() as u64 {
            return Ok((header, self.inflater.inflate(small, size)?));
        }
        // No encoder makes more of its input than this.
        let most = offset + header.length as u64 + header.size + header.size / 8 + 1_024;
        let bytes = self.window.read(number, &pack.file, offset, end.min(most))?;
        Ok((header, self.inflater.inflate(bytes.get(header.length..).unwrap_or_default(), size)?))
    }

    fn cached(&mut self, number: usize, offset: u64) -> Option<Object> {
        if let Some(object) = self.young.get(&(number, offset)) {
            return Some(object.clone());
        }
        let object = self.old.remove(&(number, offset))?;
        self.keep(number, offset, &object);
        Some(object)
    }

    fn keep(&mut self, number: usize, offset: u64, object: &Object) {
        if object.1.len() > CACHE_BYTES / 8 {
            return;
        }
        self.young_bytes += object.1.len() + 128;
        self.young.insert((number, offset), object.clone());
        if self.young_bytes > CACHE_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
    }
}
