//! Slides: PresentationML and DrawingML (ECMA-376 part 1, 19 and 21).

use std::collections::BTreeMap;

use super::flows::Flows;
use super::xml::{self, Node, Tag};
use super::{Package, ZipEntry};
use crate::place::{Part, Place};
use crate::walk::Walk;

/// Reads every part.
pub(super) fn read(walk: &mut Walk<'_>, package: &mut Package<'_, '_>) {
    let numbers = numbers(walk, package);
    let entries: &[ZipEntry] = package.entries;
    for entry in entries {
        if !walk.take_member(package.place) {
            return;
        }
        let by_name =
            || entry.name.chars().filter(char::is_ascii_digit).take(6).collect::<String>().parse().unwrap_or(0);
        let number = numbers.get(&entry.name).copied().unwrap_or_else(by_name);
        let folder = entry.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let part = match folder {
            _ if !entry.name.ends_with(".xml") => None,
            "ppt/slides" => Some(Part::Slide(number)),
            "ppt/notesSlides" => Some(Part::Notes(number)),
            "ppt/comments" => {
                let slide = numbers.get(&entry.name).map(|number| format!("slide {number}"));
                Some(Part::Comment(slide))
            }
            "ppt/slideMasters" | "ppt/slideLayouts" | "ppt/notesMasters" | "ppt/handoutMasters" => Some(Part::Master),
            _ => None,
        };
        match part {
            Some(part) => {
                if let Some(text) = package.part(walk, &entry.name) {
                    shapes(walk, package.place, &part, &text);
                }
            }
            None => package.other(walk, entry),
        }
    }
}

/// The number in the show of each slide, and of what hangs on it: notes and comments.
fn numbers(walk: &mut Walk<'_>, package: &mut Package<'_, '_>) -> BTreeMap<String, u32> {
    let mut numbers = BTreeMap::new();
    let Some(text) = package.part(walk, "ppt/presentation.xml") else { return numbers };
    let mut ids = Vec::new();
    xml::read(walk, package.place, &text, &mut |_, node| {
        if let Node::Open(tag) = node
            && tag.local() == "sldId"
            && let Some(id) = tag.qualified("r:id")
        {
            ids.push(id);
        }
    });
    let relations = package.relations(walk, "ppt/presentation.xml");
    let slides: BTreeMap<String, String> =
        relations.into_iter().map(|relation| (relation.id, relation.target)).collect();
    for (number, id) in (1u32..).zip(ids) {
        let Some(slide) = slides.get(&id) else { continue };
        for relation in package.relations(walk, slide) {
            if !relation.external
                && (relation.target.contains("/notesSlides/") || relation.target.contains("/comments/"))
            {
                numbers.insert(relation.target, number);
            }
        }
        numbers.insert(slide.clone(), number);
    }
    numbers
}

/// What shape the text is in.
#[derive(Default)]
struct Shape {
    part: Option<Part>,
    hidden: bool,
}

/// Reads the shapes of a slide, of notes, of a master; or the texts of comments.
fn shapes(walk: &mut Walk<'_>, place: &Place, part: &Part, text: &str) {
    let mut flows = Flows::new(place);
    let (mut shape, mut line) = (Shape::default(), String::new());
    let (mut in_text, mut slide_hidden, mut skipped) = (false, false, 0u32);
    xml::read(walk, place, text, &mut |walk, node| match node {
        Node::Open(_) if skipped > 0 => skipped += 1,
        Node::Close(_) if skipped > 0 => skipped -= 1,
        Node::Open(tag) => match tag.local() {
            "Fallback" => skipped = 1,
            "sld" => slide_hidden = tag.attribute("show").is_some_and(|show| show == "0" || show == "false"),
            "sp" | "graphicFrame" | "pic" | "cxnSp" => shape = Shape::default(),
            "ph" => shape.part = placeholder(tag),
            "cNvPr" => {
                shape.hidden = tag.is("hidden");
                if let Some(text) = tag.attribute("descr").filter(|text| !text.is_empty()) {
                    flows.push(walk, part, true, &(text + "\n"));
                }
            }
            "t" | "text" => in_text = true,
            "br" => line.push('\n'),
            _ => {}
        },
        Node::Text(text) => {
            if in_text {
                line.push_str(text);
            }
        }
        Node::Close("t") => in_text = false,
        Node::Close(name @ ("p" | "text")) => {
            in_text = in_text && name != "text";
            if !line.is_empty() {
                line.push('\n');
                let hidden = slide_hidden || shape.hidden;
                flows.push(walk, shape.part.as_ref().unwrap_or(part), hidden, &line);
                line.clear();
            }
        }
        Node::Close(_) => {}
    });
    flows.push(walk, part, slide_hidden, &line);
    flows.finish(walk);
}

/// Headers and footers are shapes of these types.
fn placeholder(tag: &Tag<'_>) -> Option<Part> {
    match tag.attribute("type").as_deref() {
        Some("ftr") => Some(Part::Footer),
        Some("hdr") => Some(Part::Header),
        _ => None,
    }
}
