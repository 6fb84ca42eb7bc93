//! Texts of several parts that grow side by side.

use crate::place::{Part, Place};
use crate::walk::Walk;

/// One text for each part, shown and hidden apart. A long one is handed out as it grows, so that memory stays bounded.
pub(super) struct Flows<'p> {
    base: &'p Place,
    flows: Vec<(Place, String)>,
}

impl<'p> Flows<'p> {
    pub(super) fn new(base: &'p Place) -> Self {
        Self { base, flows: Vec::new() }
    }

    /// Adds to the text of a part.
    pub(super) fn push(&mut self, walk: &mut Walk<'_>, part: &Part, hidden: bool, text: &str) {
        if text.is_empty() {
            return;
        }
        let index = self.flows.iter().position(|(place, _)| place.part == *part && place.hidden == hidden);
        let Some((place, flow)) = index.and_then(|index| self.flows.get_mut(index)) else {
            let place = self.base.part(part.clone()).hidden(hidden);
            return self.flows.push((place, text.to_owned()));
        };
        flow.push_str(text);
        if flow.len() >= walk.limits.piece_bytes && flow.ends_with('\n') {
            walk.text(place, flow);
            flow.clear();
        }
    }

    /// Hands out all of them, in the order in which the parts were met.
    pub(super) fn finish(self, walk: &mut Walk<'_>) {
        for (place, text) in self.flows {
            walk.text(&place, &text);
        }
    }
}
