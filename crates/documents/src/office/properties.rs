//! Properties of a document: core, extended and custom (ECMA-376 part 1, 15.2.12 and 22; part 2, 11).

use super::xml::{self, Node};
use crate::place::{Part, Place};
use crate::walk::Walk;

/// Reads `docProps/*.xml`: each property is a piece of its own.
pub(super) fn read(walk: &mut Walk<'_>, place: &Place, text: &str) {
    let (mut depth, mut name, mut value) = (0u32, String::new(), String::new());
    xml::read(walk, place, text, &mut |walk, node| match node {
        Node::Open(tag) => {
            depth += 1;
            if depth == 2 {
                name = tag
                    .attribute("name")
                    .filter(|_| tag.local() == "property")
                    .unwrap_or_else(|| tag.local().to_owned());
                value.clear();
            }
        }
        Node::Text(text) => value.push_str(text),
        Node::Close(_) => {
            depth = depth.saturating_sub(1);
            if depth == 1 && !value.trim().is_empty() {
                walk.text(&place.part(Part::Property(name.clone())), value.trim());
                value.clear();
            } else if depth > 1 && !value.ends_with('\n') && !value.is_empty() {
                value.push('\n');
            }
        }
    });
}
