//! Documents of word processors: WordprocessingML (ECMA-376 part 1, 17).

use super::flows::Flows;
use super::xml::{self, Node, Tag};
use super::{Package, ZipEntry};
use crate::place::{Part, Place};
use crate::walk::Walk;

/// Half points up to which a text is too small to be seen.
const UNSEEN_HALF_POINTS: u32 = 4;

/// Reads every part.
pub(super) fn read(walk: &mut Walk<'_>, package: &mut Package<'_, '_>) {
    let entries: &[ZipEntry] = package.entries;
    for entry in entries {
        if !walk.take_member(package.place) {
            return;
        }
        match part_of(&entry.name) {
            Some(part) => {
                if let Some(text) = package.part(walk, &entry.name) {
                    story(walk, package.place, &part, &text);
                }
            }
            None => package.other(walk, entry),
        }
    }
}

/// The stories of a document, by the usual names of their parts.
fn part_of(name: &str) -> Option<Part> {
    let name = name.strip_prefix("word/")?.strip_suffix(".xml").filter(|name| !name.contains('/'))?;
    Some(match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "document" => Part::Body,
        "header" => Part::Header,
        "footer" => Part::Footer,
        "footnotes" | "endnotes" => Part::Footnote,
        "comments" => Part::Comment(None),
        _ => return None,
    })
}

/// What a run of text looks like.
#[derive(Clone, Copy, Default)]
struct Run {
    hidden: bool,
    white: bool,
    shaded: bool,
}

/// A paragraph that grows; text boxes are paragraphs inside paragraphs.
#[derive(Default)]
struct Paragraph {
    shown: String,
    hidden: String,
    shaded: bool,
    run: Run,
}

#[derive(Default)]
struct State {
    outer: Vec<Paragraph>,
    paragraph: Paragraph,
    cells_shaded: Vec<bool>,
    in_run: bool,
    in_run_properties: bool,
    in_paragraph_properties: bool,
    in_cell_properties: bool,
    /// Inside a text: shown unless it is deleted or the code of a field.
    text: Option<bool>,
    /// Elements open inside the alternative of a drawing, which says the same again.
    skipped: u32,
}

/// Reads one story.
fn story(walk: &mut Walk<'_>, place: &Place, part: &Part, text: &str) {
    let mut flows = Flows::new(place);
    let mut state = State::default();
    xml::read(walk, place, text, &mut |walk, node| match node {
        Node::Open(_) if state.skipped > 0 => state.skipped += 1,
        Node::Close(_) if state.skipped > 0 => state.skipped -= 1,
        Node::Open(tag) if tag.local() == "Fallback" => state.skipped = 1,
        Node::Open(tag) => state.open(tag),
        Node::Text(text) if state.skipped == 0 => {
            if let Some(shown) = state.text {
                state.push(text, shown);
            }
        }
        Node::Text(_) => {}
        Node::Close("txbxContent") => {
            if let Some(outer) = state.outer.pop() {
                state.end_paragraph(walk, &mut flows, &Part::TextBox);
                state.paragraph = outer;
            }
        }
        Node::Close("p") => {
            let box_part = if matches!(part, Part::Body) { &Part::TextBox } else { part };
            state.end_paragraph(walk, &mut flows, if state.outer.is_empty() { part } else { box_part });
        }
        Node::Close(name) => state.close(name),
    });
    while let Some(outer) = state.outer.pop() {
        state.end_paragraph(walk, &mut flows, part);
        state.paragraph = outer;
    }
    state.end_paragraph(walk, &mut flows, part);
    flows.finish(walk);
}

impl State {
    fn open(&mut self, tag: &Tag<'_>) {
        match tag.local() {
            "txbxContent" => self.outer.push(std::mem::take(&mut self.paragraph)),
            "p" => self.paragraph.shaded = false,
            "r" => {
                self.in_run = true;
                self.paragraph.run = Run::default();
            }
            "pPr" => self.in_paragraph_properties = true,
            "rPr" => self.in_run_properties = self.in_run && !self.in_paragraph_properties,
            "tc" => self.cells_shaded.push(false),
            "tcPr" => self.in_cell_properties = true,
            "t" => self.text = Some(true),
            "delText" | "instrText" | "delInstrText" => self.text = Some(false),
            "tab" if !self.in_paragraph_properties => self.push("\t", true),
            "br" | "cr" if !self.in_paragraph_properties => self.push("\n", true),
            "noBreakHyphen" => self.push("-", true),
            // Text that is drawn, as watermarks are.
            "textpath" => {
                let text = tag.attribute("string").unwrap_or_default();
                self.paragraph.shown.push_str(&format!("\n{text}\n"));
            }
            // What a picture says to those who do not see it.
            "docPr" => {
                let text = tag.attribute("descr").filter(|text| !text.is_empty());
                self.paragraph.hidden.extend(text.map(|text| text + "\n"));
            }
            "shd" => self.shade(tag),
            _ if self.in_run_properties => self.look(tag),
            _ => {}
        }
    }

    fn look(&mut self, tag: &Tag<'_>) {
        let run = &mut self.paragraph.run;
        let value = tag.attribute("val").unwrap_or_default();
        match tag.local() {
            "vanish" | "specVanish" => run.hidden |= tag.toggle(),
            "color" => run.white = value.eq_ignore_ascii_case("FFFFFF"),
            "highlight" => run.shaded |= value != "none" && value != "white",
            "sz" => run.hidden |= value.parse::<u32>().is_ok_and(|size| size <= UNSEEN_HALF_POINTS),
            _ => {}
        }
    }

    fn shade(&mut self, tag: &Tag<'_>) {
        let fill = tag.attribute("fill").unwrap_or_default();
        let shaded = !matches!(fill.to_ascii_lowercase().as_str(), "" | "auto" | "ffffff");
        if self.in_run_properties {
            self.paragraph.run.shaded |= shaded;
        } else if self.in_paragraph_properties {
            self.paragraph.shaded |= shaded;
        } else if let Some(cell) = self.cells_shaded.last_mut().filter(|_| self.in_cell_properties) {
            *cell = shaded;
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "r" => self.in_run = false,
            "rPr" => self.in_run_properties = false,
            "pPr" => self.in_paragraph_properties = false,
            "tcPr" => self.in_cell_properties = false,
            "tc" => drop(self.cells_shaded.pop()),
            "t" | "delText" | "instrText" | "delInstrText" => self.text = None,
            _ => {}
        }
    }

    fn push(&mut self, text: &str, shown: bool) {
        let run = self.paragraph.run;
        let on_colour = run.shaded || self.paragraph.shaded || self.cells_shaded.iter().any(|shaded| *shaded);
        if !shown || run.hidden || (run.white && !on_colour) {
            self.paragraph.hidden.push_str(text);
        } else {
            self.paragraph.shown.push_str(text);
        }
    }

    fn end_paragraph(&mut self, walk: &mut Walk<'_>, flows: &mut Flows<'_>, part: &Part) {
        for (text, hidden) in [(&mut self.paragraph.shown, false), (&mut self.paragraph.hidden, true)] {
            if !text.is_empty() {
                text.push('\n');
                flows.push(walk, part, hidden, text);
                text.clear();
            }
        }
    }
}
