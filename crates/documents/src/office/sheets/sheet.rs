//! One sheet of a workbook.

use super::{Grid, SharedStrings, SheetName};
use crate::office::flows::Flows;
use crate::office::xml::{self, Node, Tag};
use crate::place::{Cell, Part, Place};
use crate::walk::Walk;

/// Ranges of hidden columns that are kept.
const HIDDEN_RANGES: usize = 4096;

/// What is inside a cell or elsewhere on the sheet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Value,
    Formula,
    Inline,
    Edge(bool),
}

struct State<'s> {
    strings: &'s SharedStrings,
    sheet_hidden: bool,
    hidden_columns: Vec<(u32, u32)>,
    row_hidden: bool,
    at: Cell,
    kind: String,
    value: String,
    formula: String,
    inside: Option<Inside>,
    in_reading: bool,
}

/// Reads a sheet: its cells, and its headers and footers.
pub(super) fn read(walk: &mut Walk<'_>, place: &Place, sheet: &SheetName, strings: &SharedStrings, text: &str) {
    let mut grid = Grid::new(place, &sheet.name);
    let mut flows = Flows::new(place);
    let mut state = State {
        strings,
        sheet_hidden: sheet.hidden,
        hidden_columns: Vec::new(),
        row_hidden: false,
        at: Cell { column: 0, row: 0 },
        kind: String::new(),
        value: String::new(),
        formula: String::new(),
        inside: None,
        in_reading: false,
    };
    xml::read(walk, place, text, &mut |walk, node| match node {
        Node::Open(tag) => state.open(tag),
        Node::Text(text) => match state.inside {
            Some(Inside::Formula) => state.formula.push_str(text),
            Some(_) if !state.in_reading => state.value.push_str(text),
            _ => {}
        },
        Node::Close("c") => state.end_cell(&mut grid),
        Node::Close("row") => grid.end_row(walk),
        Node::Close("rPh") => state.in_reading = false,
        Node::Close("v" | "f" | "t") => state.inside = None,
        Node::Close(_) => {
            if let Some(Inside::Edge(header)) = state.inside.take() {
                let part = if header { Part::Header } else { Part::Footer };
                flows.push(walk, &part, state.sheet_hidden, &(without_codes(&state.value) + "\n"));
                state.value.clear();
            }
        }
    });
    grid.finish(walk);
    flows.finish(walk);
}

impl State<'_> {
    fn open(&mut self, tag: &Tag<'_>) {
        match tag.local() {
            "col" => {
                let number = |name| tag.attribute(name).and_then(|value| value.parse().ok()).unwrap_or(0);
                if tag.is("hidden") && self.hidden_columns.len() < HIDDEN_RANGES {
                    self.hidden_columns.push((number("min"), number("max")));
                }
            }
            "row" => {
                let row = tag.attribute("r").and_then(|row| row.parse().ok());
                self.at = Cell { column: 0, row: row.unwrap_or(self.at.row.saturating_add(1)) };
                self.row_hidden = tag.is("hidden");
            }
            "c" => {
                let next = Cell { column: self.at.column.saturating_add(1), row: self.at.row };
                self.at = tag.attribute("r").and_then(|at| Cell::parse(&at)).unwrap_or(next);
                self.kind = tag.attribute("t").unwrap_or_default();
                self.value.clear();
                self.formula.clear();
            }
            "v" => self.inside = Some(Inside::Value),
            "f" => self.inside = Some(Inside::Formula),
            "t" => self.inside = Some(Inside::Inline),
            "rPh" => self.in_reading = true,
            "oddHeader" | "evenHeader" | "firstHeader" => self.edge(true),
            "oddFooter" | "evenFooter" | "firstFooter" => self.edge(false),
            _ => {}
        }
    }

    fn edge(&mut self, header: bool) {
        self.value.clear();
        self.inside = Some(Inside::Edge(header));
    }

    fn end_cell(&mut self, grid: &mut Grid) {
        let column_hidden = self.hidden_columns.iter().any(|(min, max)| (*min..=*max).contains(&self.at.column));
        let hidden = self.sheet_hidden || self.row_hidden || column_hidden;
        let number;
        let text = match self.kind.as_str() {
            "s" => self.value.trim().parse().ok().and_then(|index| self.strings.get(index)).unwrap_or_default(),
            "" | "n" => {
                number = plain_number(&self.value);
                number.as_str()
            }
            _ => self.value.as_str(),
        };
        grid.cell(self.at, hidden, text);
        // A formula shows its result; a text inside it is not shown.
        if self.formula.contains('"') {
            grid.cell(self.at, true, &self.formula);
        }
        self.value.clear();
        self.inside = None;
    }
}

/// Whole numbers without exponent: `1.23456789012E11` is how some programs write twelve digits.
fn plain_number(value: &str) -> String {
    let value = value.trim();
    if value.contains(['E', 'e'])
        && let Ok(number) = value.parse::<f64>()
        && number.fract() == 0.0
        && number.abs() < 1e18
    {
        return format!("{number:.0}");
    }
    value.to_owned()
}

/// A header or footer without its codes (ECMA-376 part 1, 18.3.1.46): `&L`, `&C`, `&R` part it, others are looks and fields.
fn without_codes(text: &str) -> String {
    let mut result = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '&' {
            result.push(character);
            continue;
        }
        match characters.next() {
            Some('&') => result.push('&'),
            Some('L' | 'C' | 'R') if !result.is_empty() => result.push('\n'),
            Some('"') => drop(characters.by_ref().find(|c| *c == '"')),
            Some('K') => drop(characters.by_ref().take(6).count()),
            Some(digit) if digit.is_ascii_digit() => while characters.next_if(char::is_ascii_digit).is_some() {},
            _ => {}
        }
    }
    result
}
