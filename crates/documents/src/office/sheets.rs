//! Workbooks: SpreadsheetML (ECMA-376 part 1, 18).

mod grid;
mod sheet;

use std::collections::BTreeMap;

use super::flows::Flows;
use super::xml::{self, Node};
use super::{Package, ZipEntry};
use crate::place::{Part, Place};
use crate::walk::Walk;

pub(super) use grid::Grid;

/// A sheet as the workbook names it.
#[derive(Clone, Debug)]
struct SheetName {
    name: String,
    hidden: bool,
}

/// The strings that cells refer to by number, in one text.
#[derive(Default)]
struct SharedStrings {
    text: String,
    ends: Vec<usize>,
}

impl SharedStrings {
    fn get(&self, index: usize) -> Option<&str> {
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(index)?)
    }
}

/// Reads every part.
pub(super) fn read(walk: &mut Walk<'_>, package: &mut Package<'_, '_>) {
    let sheets = sheet_names(walk, package);
    let strings = shared_strings(walk, package);
    // Comments hang on a sheet by its relations.
    let mut commented: BTreeMap<String, SheetName> = BTreeMap::new();
    for (part, sheet) in &sheets {
        for relation in package.relations(walk, part) {
            if !relation.external {
                commented.insert(relation.target, sheet.clone());
            }
        }
    }
    let entries: &[ZipEntry] = package.entries;
    for entry in entries {
        if !walk.take_member(package.place) {
            return;
        }
        let name = entry.name.as_str();
        let is_sheet = ["xl/worksheets/", "xl/chartsheets/", "xl/macrosheets/", "xl/dialogsheets/"]
            .iter()
            .any(|folder| name.strip_prefix(folder).is_some_and(|rest| !rest.contains('/') && rest.ends_with(".xml")));
        let is_comments = name.starts_with("xl/comments") || name.starts_with("xl/threadedComments/");
        if matches!(name, "xl/workbook.xml" | "xl/sharedStrings.xml" | "xl/styles.xml") {
            continue;
        }
        if is_sheet {
            let unnamed = SheetName { name: name.rsplit('/').next().unwrap_or(name).to_owned(), hidden: false };
            let sheet = sheets.get(name).cloned().unwrap_or(unnamed);
            if let Some(text) = package.part(walk, name) {
                sheet::read(walk, package.place, &sheet, &strings, &text);
            }
        } else if is_comments && name.ends_with(".xml") {
            if let Some(text) = package.part(walk, name) {
                comments(walk, package.place, commented.get(name), &text);
            }
        } else {
            package.other(walk, entry);
        }
    }
}

/// The sheets by the names of their parts; hands out the names of sheets and the defined names on the way.
fn sheet_names(walk: &mut Walk<'_>, package: &mut Package<'_, '_>) -> BTreeMap<String, SheetName> {
    let mut by_id = BTreeMap::new();
    let Some(text) = package.part(walk, "xl/workbook.xml") else { return BTreeMap::new() };
    let place = package.place;
    let (mut defined, mut value) = (None, String::new());
    let mut flows = Flows::new(place);
    xml::read(walk, place, &text, &mut |walk, node| match node {
        Node::Open(tag) if tag.local() == "sheet" => {
            let name = tag.attribute("name").unwrap_or_default();
            let hidden = tag.attribute("state").is_some_and(|state| state != "visible");
            flows.push(walk, &Part::Other("sheet names".to_owned()), hidden, &format!("{name}\n"));
            by_id.insert(tag.qualified("r:id").unwrap_or_default(), SheetName { name, hidden });
        }
        Node::Open(tag) if tag.local() == "definedName" => {
            defined = Some((tag.attribute("name").unwrap_or_default(), tag.is("hidden"), tag.attribute("comment")));
            value.clear();
        }
        Node::Text(text) if defined.is_some() => value.push_str(text),
        Node::Close("definedName") => {
            if let Some((name, hidden, comment)) = defined.take() {
                let text = format!("{name} = {value}\n{}", comment.unwrap_or_default());
                walk.text(&place.part(Part::DefinedName(name)).hidden(hidden), &text);
            }
        }
        _ => {}
    });
    flows.finish(walk);
    let relations = package.relations(walk, "xl/workbook.xml");
    relations.into_iter().filter_map(|relation| Some((relation.target, by_id.get(&relation.id)?.clone()))).collect()
}

fn shared_strings(walk: &mut Walk<'_>, package: &mut Package<'_, '_>) -> SharedStrings {
    let mut strings = SharedStrings::default();
    let Some(text) = package.part(walk, "xl/sharedStrings.xml") else { return strings };
    let (mut in_text, mut in_reading) = (false, false);
    xml::read(walk, package.place, &text, &mut |_, node| match node {
        Node::Open(tag) => match tag.local() {
            "t" => in_text = !in_reading,
            // How a name is read, in kana, beside the name.
            "rPh" => in_reading = true,
            _ => {}
        },
        Node::Text(text) if in_text => strings.text.push_str(text),
        Node::Text(_) => {}
        Node::Close("t") => in_text = false,
        Node::Close("rPh") => in_reading = false,
        Node::Close("si") => strings.ends.push(strings.text.len()),
        Node::Close(_) => {}
    });
    strings
}

/// Comments and threads of comments: a piece for each.
fn comments(walk: &mut Walk<'_>, place: &Place, sheet: Option<&SheetName>, text: &str) {
    let (mut at, mut value, mut in_text) = (None, String::new(), false);
    xml::read(walk, place, text, &mut |walk, node| match node {
        Node::Open(tag) => match tag.local() {
            "comment" | "threadedComment" => {
                let cell = tag.attribute("ref").unwrap_or_default();
                at = Some(sheet.map_or_else(|| cell.clone(), |sheet| format!("{}!{cell}", sheet.name)));
            }
            "t" | "text" => in_text = true,
            _ => {}
        },
        Node::Text(text) if in_text => value.push_str(text),
        Node::Text(_) => {}
        Node::Close("t") => in_text = false,
        Node::Close("comment" | "threadedComment") => {
            let hidden = sheet.is_some_and(|sheet| sheet.hidden);
            walk.text(&place.part(Part::Comment(at.take())).hidden(hidden), &value);
            value.clear();
            in_text = false;
        }
        Node::Close(_) => {}
    });
}
