//! gzip: one file, often a tar.

use std::io::{Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::tar;
use crate::kind::extension;
use crate::place::Place;
use crate::walk::Walk;

/// What a tar archive needs to be told by.
const HEADER_BYTES: u64 = 512;

/// A gzip file: a tar is read as it is decompressed, any other content is one member, named as the file without `.gz`.
pub(crate) fn read(walk: &mut Walk<'_>, place: &Place, name: &str, bytes: &[u8], depth: u32) {
    let mut decoder = MultiGzDecoder::new(bytes);
    let mut head = Vec::new();
    // An error is met again by whoever reads on.
    let begun = decoder.by_ref().take(HEADER_BYTES).read_to_end(&mut head);
    if tar::is_header(&head) {
        let reader = Cursor::new(head).chain(decoder);
        return tar::read(walk, place, reader, Some(bytes.len() as u64), depth);
    }
    if !walk.take_member(place) {
        return;
    }
    let inner = inner_name(name);
    let member = place.member(&inner);
    let rest: Box<dyn Read> = if begun.is_ok() { Box::new(decoder) } else { Box::new(Failed) };
    let (content, _) = walk.unpack(&member, Cursor::new(head).chain(rest), bytes.len() as u64);
    if !content.is_empty() {
        walk.content(&member, &inner, &content, depth + 1);
    }
}

/// A reader that only fails.
struct Failed;

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::InvalidData.into())
    }
}

/// `app.log.gz` holds `app.log`, `a.tgz` holds `a.tar`.
fn inner_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match (name.rsplit_once('.'), extension(name).as_str()) {
        (Some((stem, _)), "gz") if !stem.is_empty() => stem.to_owned(),
        (Some((stem, _)), "tgz") => format!("{stem}.tar"),
        _ => "content".to_owned(),
    }
}
