//! The text of a sheet as it grows, with the cells that it is of.

use crate::place::{Cell, Part, Place};
use crate::walk::Walk;

/// The text of a sheet: a line for each row, a tab between cells; shown and hidden cells apart.
pub(in crate::office) struct Grid {
    shown: Lines,
    hidden: Lines,
}

struct Lines {
    place: Place,
    text: String,
    cells: Vec<(usize, Cell)>,
}

impl Grid {
    pub(in crate::office) fn new(place: &Place, sheet: &str) -> Self {
        let lines = |hidden| Lines {
            place: place.part(Part::Sheet(sheet.to_owned())).hidden(hidden),
            text: String::new(),
            cells: Vec::new(),
        };
        Self { shown: lines(false), hidden: lines(true) }
    }

    /// Adds a cell to the row.
    pub(in crate::office) fn cell(&mut self, cell: Cell, hidden: bool, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let lines = if hidden { &mut self.hidden } else { &mut self.shown };
        if !lines.text.is_empty() && !lines.text.ends_with('\n') {
            lines.text.push('\t');
        }
        lines.cells.push((lines.text.len(), cell));
        lines.text.push_str(text);
    }

    /// Ends the row.
    pub(in crate::office) fn end_row(&mut self, walk: &mut Walk<'_>) {
        for lines in [&mut self.shown, &mut self.hidden] {
            if !lines.text.is_empty() && !lines.text.ends_with('\n') {
                lines.text.push('\n');
            }
            if lines.text.len() >= walk.limits.piece_bytes {
                lines.hand_out(walk);
            }
        }
    }

    /// Hands out what is left.
    pub(in crate::office) fn finish(mut self, walk: &mut Walk<'_>) {
        self.end_row(walk);
        self.shown.hand_out(walk);
        self.hidden.hand_out(walk);
    }
}

impl Lines {
    fn hand_out(&mut self, walk: &mut Walk<'_>) {
        walk.cells(&self.place, &self.text, &self.cells);
        self.text.clear();
        self.cells.clear();
    }
}
