//! The pages in their order.

use std::collections::{BTreeMap, BTreeSet};

use super::content::Drawing;
use super::document::Document;
use super::extras;
use super::filter;
use super::object::{Dict, Object};
use crate::place::Part;
use crate::walk::Walk;

/// Nodes of the tree of pages inside each other, at most.
const DEPTH: u32 = 64;

/// A page: its dictionary, with the resources that it may have from above.
pub(super) struct Page {
    pub(super) dict: Dict,
    resources: Dict,
}

/// The pages in the order of the tree; after them those that the tree does not have.
pub(super) fn find(document: &Document<'_>) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut seen = BTreeSet::new();
    let root = document.dict(&document.trailer, b"Root");
    if let Some(tree) = root.get(b"Pages".as_slice()) {
        node(document, tree, &Dict::new(), &mut seen, &mut pages, 0);
    }
    for number in document.numbers() {
        if seen.contains(&number) {
            continue;
        }
        let object = document.resolve(&Object::Reference(number));
        if let Object::Dict(dict) = object
            && dict.get(b"Type".as_slice()).is_some_and(|kind| kind.is_name(b"Page"))
        {
            let resources = resources(document, &dict, &Dict::new());
            pages.push(Page { dict, resources });
        }
    }
    pages
}

fn resources(document: &Document<'_>, dict: &Dict, above: &Dict) -> Dict {
    let own = document.dict(dict, b"Resources");
    if !own.is_empty() {
        return own;
    }
    // A page outside the tree may still know its parent.
    let parent = if above.is_empty() { document.dict(dict, b"Parent") } else { Dict::new() };
    if above.is_empty() { document.dict(&parent, b"Resources") } else { above.clone() }
}

fn node(
    document: &Document<'_>,
    at: &Object,
    above: &Dict,
    seen: &mut BTreeSet<u32>,
    pages: &mut Vec<Page>,
    depth: u32,
) {
    if let Object::Reference(number) = at
        && !seen.insert(*number)
    {
        return;
    }
    let Object::Dict(dict) = document.resolve(at) else { return };
    let resources = resources(document, &dict, above);
    match document.entry(&dict, b"Kids") {
        Object::Array(kids) if depth < DEPTH => {
            for kid in &kids {
                node(document, kid, &resources, seen, pages, depth + 1);
            }
        }
        _ => pages.push(Page { dict, resources }),
    }
}

/// Hands out the texts of the pages.
pub(super) fn read(walk: &mut Walk<'_>, document: &Document<'_>, pages: &[Page]) {
    let mut drawing = Drawing { document, fonts: BTreeMap::new(), steps: walk.limits.pdf_steps };
    for (number, page) in (1u32..).zip(pages) {
        if drawing.steps == 0 || document.is_exhausted() {
            return;
        }
        let mut content = Vec::new();
        let streams = match page.dict.get(b"Contents".as_slice()) {
            Some(object @ Object::Reference(_)) => match document.resolve(object) {
                Object::Array(items) => items,
                _ => vec![object.clone()],
            },
            Some(Object::Array(items)) => items.clone(),
            _ => Vec::new(),
        };
        for stream in streams {
            let stream = document.stream_of(&stream).and_then(|(_, stream)| filter::decode(walk, document, &stream));
            content.extend_from_slice(&stream.unwrap_or_default());
            content.push(b'\n');
            if content.len() as u64 > walk.limits.member_bytes {
                break;
            }
        }
        let text = drawing.page(walk, &content, &page.resources);
        let place = document.place.part(Part::Page(number));
        walk.text(&place, &text.shown.text);
        walk.text(&place.hidden(true), &text.hidden.text);
        extras::annotations(walk, document, &page.dict, number);
    }
}
