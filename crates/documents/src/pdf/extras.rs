//! What is beside the pages: properties, comments, forms, links, the outline, attached files.

use std::collections::BTreeSet;

use super::document::Document;
use super::filter;
use super::object::{Dict, Object};
use crate::decode::{Encoding, decode, decode_as};
use crate::place::Part;
use crate::walk::Walk;

/// Annotations of one page, and entries of the outline, at most.
const ENTRIES: usize = 100_000;

/// A text string (ISO 32000-1, 7.9.2.2): UTF-16 or UTF-8 with a mark, else about Latin-1.
fn text_string(bytes: &[u8]) -> String {
    if bytes.starts_with(b"\xFE\xFF") {
        return decode_as(bytes, Encoding::Utf16Be).text.into_owned();
    }
    if bytes.starts_with(b"\xFF\xFE") {
        return decode_as(bytes, Encoding::Utf16Le).text.into_owned();
    }
    match decode(bytes) {
        // Programs that do not know the rule write their own encoding.
        Some(decoded) if std::str::from_utf8(bytes).is_ok() || decoded.encoding != Encoding::Utf8 => {
            decoded.text.into_owned()
        }
        _ => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

fn text_entry(document: &Document<'_>, dict: &Dict, key: &[u8]) -> Option<String> {
    match document.entry(dict, key) {
        Object::Text(text) => Some(text_string(&text)).filter(|text| !text.trim().is_empty()),
        _ => None,
    }
}

/// The information dictionary and the XMP metadata.
pub(super) fn properties(walk: &mut Walk<'_>, document: &Document<'_>) {
    let info = document.dict(&document.trailer, b"Info");
    for (name, value) in &info {
        if let Object::Text(text) = document.resolve(value) {
            let name = String::from_utf8_lossy(name).to_lowercase();
            walk.text(&document.place.part(Part::Property(name)), &text_string(&text));
        }
    }
    let root = document.dict(&document.trailer, b"Root");
    let Some((_, stream)) = root.get(b"Metadata".as_slice()).and_then(|object| document.stream_of(object)) else {
        return;
    };
    let Some(bytes) = filter::decode(walk, document, &stream) else { return };
    if let Some(decoded) = decode(&bytes) {
        crate::office::plain_text(walk, document.place, &Part::Property("xmp".to_owned()), &decoded.text);
    }
}

/// Comments, links and the values of form fields on a page.
pub(super) fn annotations(walk: &mut Walk<'_>, document: &Document<'_>, page: &Dict, number: u32) {
    let Object::Array(items) = document.entry(page, b"Annots") else { return };
    let (mut links, mut values) = (String::new(), String::new());
    for item in items.iter().take(ENTRIES) {
        let Object::Dict(annotation) = document.resolve(item) else { continue };
        if let Some(text) = text_entry(document, &annotation, b"Contents") {
            walk.text(&document.place.part(Part::Comment(Some(format!("page {number}")))), &text);
        }
        if let Some(value) = text_entry(document, &annotation, b"V") {
            values.extend([value.as_str(), "\n"]);
        }
        let action = document.dict(&annotation, b"A");
        if let Some(address) = text_entry(document, &action, b"URI") {
            links.extend([address.as_str(), "\n"]);
        }
    }
    walk.text(&document.place.part(Part::Page(number)), &values);
    walk.text(&document.place.part(Part::Link), &links);
}

/// The titles of the outline.
pub(super) fn outline(walk: &mut Walk<'_>, document: &Document<'_>) {
    let root = document.dict(&document.trailer, b"Root");
    let outline = document.dict(&root, b"Outlines");
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<Object> = outline.get(b"First".as_slice()).cloned().into_iter().collect();
    let mut titles = String::new();
    while let Some(object) = waiting.pop() {
        let Object::Reference(number) = object else { continue };
        if seen.len() >= ENTRIES || !seen.insert(number) {
            continue;
        }
        let Object::Dict(entry) = document.resolve(&object) else { continue };
        if let Some(title) = text_entry(document, &entry, b"Title") {
            titles.extend([title.as_str(), "\n"]);
        }
        waiting.extend(entry.get(b"Next".as_slice()).cloned());
        waiting.extend(entry.get(b"First".as_slice()).cloned());
    }
    walk.text(&document.place.part(Part::Other("outline".to_owned())), &titles);
}

/// Attached files are members.
pub(super) fn attachments(walk: &mut Walk<'_>, document: &Document<'_>, depth: u32) {
    let mut seen = BTreeSet::new();
    for number in document.numbers() {
        let Object::Dict(file) = document.resolve(&Object::Reference(number)) else { continue };
        let Object::Dict(embedded) = document.entry(&file, b"EF") else { continue };
        let name = text_entry(document, &file, b"UF").or_else(|| text_entry(document, &file, b"F"));
        let name = name.unwrap_or_else(|| format!("attachment {number}"));
        let stream = [b"UF".as_slice(), b"F"].iter().find_map(|key| document.stream_of(embedded.get(*key)?));
        let Some((target, stream)) = stream else { continue };
        if !seen.insert(target) || !walk.take_member(document.place) {
            continue;
        }
        if let Some(bytes) = filter::decode(walk, document, &stream) {
            walk.content(&document.place.member(&name), &name, &bytes, depth + 1);
        }
    }
}
