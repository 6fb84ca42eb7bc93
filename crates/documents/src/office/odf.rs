//! OpenDocument: text, sheets, slides (ISO/IEC 26300-1).

use super::flows::Flows;
use super::sheets::Grid;
use super::xml::{self, Node, Tag};
use super::{Package, ZipEntry};
use crate::gap::GapKind;
use crate::place::{Cell, Part, Place};
use crate::walk::Walk;

/// Spaces that one element stands for, at most.
const SPACES: usize = 64;

/// Reads every part.
pub(super) fn read(walk: &mut Walk<'_>, package: &mut Package<'_, '_>) {
    let entries: &[ZipEntry] = package.entries;
    let manifest = package.part(walk, "META-INF/manifest.xml").unwrap_or_default();
    if manifest.contains("encryption-data") {
        walk.gap(package.place, GapKind::Encrypted);
        return;
    }
    for entry in entries {
        if !walk.take_member(package.place) {
            return;
        }
        match entry.name.as_str() {
            "mimetype" | "META-INF/manifest.xml" => {}
            "content.xml" | "styles.xml" => {
                if let Some(text) = package.part(walk, &entry.name) {
                    content(walk, package.place, &text);
                }
            }
            "meta.xml" => {
                if let Some(text) = package.part(walk, &entry.name) {
                    meta(walk, package.place, &text);
                }
            }
            _ => package.other(walk, entry),
        }
    }
}

#[derive(Default)]
struct State {
    line: String,
    /// Paragraphs around what is read: a comment stands inside one.
    outer: Vec<String>,
    paragraphs: u32,
    comments: u32,
    edge: Option<Part>,
    slide: u32,
    notes: bool,
    cell: Cell1,
    hidden_table: bool,
}

/// The cell that is read, counted from 1, and how many columns and rows it stands for.
#[derive(Default)]
struct Cell1 {
    column: u32,
    row: u32,
    columns: u32,
    rows: u32,
    text: String,
}

impl State {
    fn part(&self) -> Part {
        match &self.edge {
            _ if self.comments > 0 => Part::Comment(None),
            Some(edge) => edge.clone(),
            None if self.slide > 0 && self.notes => Part::Notes(self.slide),
            None if self.slide > 0 => Part::Slide(self.slide),
            None => Part::Body,
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        let repeated = |name| tag.attribute(name).and_then(|value| value.parse().ok()).unwrap_or(1u32);
        match tag.local() {
            "p" | "h" => self.paragraphs += 1,
            "tab" => self.line.push('\t'),
            "line-break" => self.line.push('\n'),
            "s" => {
                let count = tag.attribute("c").and_then(|count| count.parse().ok()).unwrap_or(1usize);
                self.line.push_str(&" ".repeat(count.min(SPACES)));
            }
            "annotation" => {
                self.comments += 1;
                self.outer.push(std::mem::take(&mut self.line));
            }
            "header" | "header-left" | "header-first" => self.edge = Some(Part::Header),
            "footer" | "footer-left" | "footer-first" => self.edge = Some(Part::Footer),
            "page" => self.slide += 1,
            "notes" => self.notes = true,
            "table-row" => {
                self.cell.row = self.cell.row.saturating_add(self.cell.rows.max(1));
                self.cell.rows = repeated("number-rows-repeated");
                (self.cell.column, self.cell.columns) = (0, 1);
            }
            "table-cell" | "covered-table-cell" => {
                self.cell.column = self.cell.column.saturating_add(self.cell.columns.max(1));
                self.cell.columns = repeated("number-columns-repeated");
                self.cell.text.clear();
            }
            _ => {}
        }
    }
}

fn content(walk: &mut Walk<'_>, place: &Place, text: &str) {
    let mut flows = Flows::new(place);
    let mut state = State::default();
    let mut grid: Option<Grid> = None;
    let mut in_sheets = false;
    xml::read(walk, place, text, &mut |walk, node| match node {
        Node::Open(tag) => {
            state.open(tag);
            in_sheets |= tag.local() == "spreadsheet";
            if tag.local() == "table" && in_sheets && grid.is_none() {
                grid = Some(Grid::new(place, &tag.attribute("name").unwrap_or_default()));
                state.cell = Cell1::default();
                state.hidden_table = tag.attribute("display").is_some_and(|shown| shown == "false");
            }
        }
        Node::Text(text) if state.paragraphs > 0 => state.line.push_str(text),
        Node::Text(_) => {}
        Node::Close("p" | "h") => {
            state.paragraphs = state.paragraphs.saturating_sub(1);
            if grid.is_some() && state.comments == 0 {
                state.cell.text.push_str(&state.line);
                state.cell.text.push(' ');
            } else if !state.line.is_empty() {
                flows.push(walk, &state.part(), false, &format!("{}\n", state.line));
            }
            state.line.clear();
        }
        Node::Close("annotation") => {
            state.comments = state.comments.saturating_sub(1);
            state.line = state.outer.pop().unwrap_or_default();
        }
        Node::Close("table-cell") => {
            if let Some(grid) = &mut grid {
                let cell = Cell { column: state.cell.column, row: state.cell.row };
                grid.cell(cell, state.hidden_table, state.cell.text.trim_end());
            }
        }
        Node::Close("table-row") => {
            if let Some(grid) = &mut grid {
                grid.end_row(walk);
            }
        }
        Node::Close("table") => {
            if let Some(grid) = grid.take() {
                grid.finish(walk);
            }
        }
        Node::Close("header" | "header-left" | "header-first" | "footer" | "footer-left" | "footer-first") => {
            state.edge = None
        }
        Node::Close("notes") => state.notes = false,
        Node::Close(_) => {}
    });
    if let Some(grid) = grid.take() {
        grid.finish(walk);
    }
    flows.push(walk, &state.part(), false, &state.line);
    flows.finish(walk);
}

/// `meta.xml`: the standard properties and those of the user.
fn meta(walk: &mut Walk<'_>, place: &Place, text: &str) {
    let (mut name, mut value) = (String::new(), String::new());
    xml::read(walk, place, text, &mut |walk, node| match node {
        Node::Open(tag) => {
            name = tag
                .attribute("name")
                .filter(|_| tag.local() == "user-defined")
                .unwrap_or_else(|| tag.local().to_owned());
            value.clear();
        }
        Node::Text(text) => value.push_str(text),
        Node::Close(_) => {
            if !value.trim().is_empty() {
                walk.text(&place.part(Part::Property(name.clone())), value.trim());
            }
            value.clear();
        }
    });
}
