//! Archives: every member is looked into, one at a time.

mod gzip;
mod recover;
mod tar;
mod zip;

pub(crate) use gzip::read as gzip;
pub(crate) use tar::{is_header as is_tar_header, read_bytes as tar};
pub(crate) use zip::read as zip;
pub(crate) use zip::{Zip, ZipEntry};

use crate::decode::decode;

/// Bytes of a member's name that are kept.
const NAME_BYTES: usize = 4096;

/// The name of a member, whatever its encoding, as a label: no control characters, no endless length.
pub(crate) fn label(name: &[u8]) -> String {
    let name = name.get(..NAME_BYTES).unwrap_or(name);
    let text =
        decode(name).map_or_else(|| String::from_utf8_lossy(name).into_owned(), |decoded| decoded.text.into_owned());
    text.chars().filter(|c| !c.is_control()).collect()
}
