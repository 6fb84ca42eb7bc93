//! Office documents: Office Open XML (ECMA-376) and OpenDocument (ISO/IEC 26300).
//!
//! Every part of a document is looked into: those known by name as what they are, any other XML as plain text, embedded
//! files as members of an archive. Text that is split over runs is joined.

mod flows;
mod odf;
mod properties;
mod sheets;
mod slides;
mod word;
mod xml;

use crate::archive::{Zip, ZipEntry};
use crate::decode::decode;
use crate::kind::extension;
use crate::place::{Part, Place};
use crate::walk::Walk;

use flows::Flows;
use xml::Node;

/// What is being read.
pub(super) struct Package<'p, 'a> {
    pub(super) place: &'p Place,
    pub(super) zip: &'p mut Zip<'a>,
    pub(super) entries: &'p [ZipEntry],
    pub(super) depth: u32,
}

/// Reads a zip as an office document; `false` if it is none.
pub(crate) fn read(walk: &mut Walk<'_>, place: &Place, zip: &mut Zip<'_>, entries: &[ZipEntry], depth: u32) -> bool {
    let has = |start: &str| entries.iter().any(|entry| entry.name.starts_with(start));
    let open_xml = has("[Content_Types].xml");
    let mut package = Package { place, zip, entries, depth };
    if open_xml && has("word/") {
        word::read(walk, &mut package);
    } else if open_xml && has("xl/") {
        sheets::read(walk, &mut package);
    } else if open_xml && has("ppt/") {
        slides::read(walk, &mut package);
    } else if has("mimetype") && has("content.xml") {
        odf::read(walk, &mut package);
    } else {
        return false;
    }
    true
}

impl Package<'_, '_> {
    /// The bytes of a part by its name, as a text; `None` if there is none.
    fn part(&mut self, walk: &mut Walk<'_>, name: &str) -> Option<String> {
        let bytes = self.zip.part(walk, self.place, name)?;
        Some(decode(&bytes)?.text.into_owned())
    }

    /// The parts that `name` relates to.
    fn relations(&mut self, walk: &mut Walk<'_>, name: &str) -> Vec<Relation> {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let rels = format!("{folder}/_rels/{file}.rels");
        let Some(text) = self.part(walk, rels.trim_start_matches('/')) else { return Vec::new() };
        let mut relations = Vec::new();
        xml::read(walk, self.place, &text, &mut |_, node| {
            if let Node::Open(tag) = node
                && tag.local() == "Relationship"
            {
                let attribute = |name| tag.attribute(name).unwrap_or_default();
                let (target, external) = (attribute("Target"), attribute("TargetMode") == "External");
                let target = if external { target } else { resolve(folder, &target) };
                relations.push(Relation { id: attribute("Id"), target, external });
            }
        });
        relations
    }

    /// Any part that no one knows better: properties, links, XML as text, embedded files.
    fn other(&mut self, walk: &mut Walk<'_>, entry: &ZipEntry) {
        let member = self.place.member(&entry.name);
        let Some(bytes) = self.zip.unpack(walk, &member, entry.index) else { return };
        let is_xml = matches!(extension(&entry.name).as_str(), "xml" | "rels" | "vml" | "rdf" | "xhtml");
        let text = if is_xml { decode(&bytes) } else { None };
        let Some(text) = text else { return walk.content(&member, &entry.name, &bytes, self.depth + 1) };
        if entry.name.starts_with("docProps/") {
            properties::read(walk, self.place, &text.text);
        } else if entry.name.ends_with(".rels") {
            links(walk, self.place, &text.text);
        } else if entry.name != "[Content_Types].xml" {
            plain_text(walk, self.place, &Part::Other(entry.name.clone()), &text.text);
        }
    }
}

/// What a part relates to.
struct Relation {
    id: String,
    /// The name of a part, or an address outside.
    target: String,
    external: bool,
}

/// The name of a part, from a target that is relative to a folder.
fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "" | "." => {}
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

/// The addresses outside the document that it links to.
fn links(walk: &mut Walk<'_>, place: &Place, text: &str) {
    let mut flows = Flows::new(place);
    xml::read(walk, place, text, &mut |walk, node| {
        if let Node::Open(tag) = node
            && tag.attribute("TargetMode").is_some_and(|mode| mode == "External")
            && let Some(target) = tag.attribute("Target")
        {
            flows.push(walk, &Part::Link, false, &(target + "\n"));
        }
    });
    flows.finish(walk);
}

/// Any XML: its texts, a line for each paragraph or element that is no run. The values that a pivot table keeps of cells
/// stand in attributes.
pub(crate) fn plain_text(walk: &mut Walk<'_>, place: &Place, part: &Part, text: &str) {
    let mut flows = Flows::new(place);
    let mut line = String::new();
    xml::read(walk, place, text, &mut |walk, node| match node {
        Node::Open(tag) => {
            if let Some(value) = tag.attribute("v").filter(|_| tag.local() == "s") {
                flows.push(walk, part, true, &(value + "\n"));
            }
        }
        Node::Text(text) => line.push_str(text),
        Node::Close(name) => {
            if !matches!(name, "t" | "r" | "span" | "a" | "fld" | "rPr") {
                if !line.trim().is_empty() {
                    flows.push(walk, part, false, &format!("{}\n", line.trim()));
                }
                line.clear();
            }
        }
    });
    flows.push(walk, part, false, &line);
    flows.finish(walk);
}
