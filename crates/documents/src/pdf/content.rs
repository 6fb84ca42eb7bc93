//! What content streams draw (ISO 32000-1, 8 and 9).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::document::Document;
use super::filter;
use super::font::Font;
use super::object::{Dict, Lexer, Object};
use super::pen::{Matrix, Pen};
use crate::gap::GapKind;
use crate::walk::Walk;

/// Operands of one operator, at most.
const OPERANDS: usize = 64;
/// Saved states inside each other, at most.
const STATES: usize = 512;
/// Forms that draw forms, at most.
const FORMS: u32 = 12;
/// A text this small, in points, is not seen.
const UNSEEN_POINTS: f64 = 0.8;

/// What stays the same over the pages: the fonts that were loaded, and the steps that are left.
pub(super) struct Drawing<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) fonts: BTreeMap<u32, Rc<Font>>,
    pub(super) steps: u64,
}

/// The texts of a page.
#[derive(Debug, Default)]
pub(super) struct PageText {
    pub(super) shown: Pen,
    pub(super) hidden: Pen,
    /// Something with a colour was painted: white text may be over it.
    painted: bool,
}

/// The graphics state, as far as text needs it.
#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    mode: u32,
    white: bool,
}

struct Page<'p> {
    text: &'p mut PageText,
    state: State,
    saved: Vec<State>,
    line: Matrix,
    at: Matrix,
}

impl Drawing<'_, '_> {
    /// Draws a page.
    pub(super) fn page(&mut self, walk: &mut Walk<'_>, content: &[u8], resources: &Dict) -> PageText {
        let mut text = PageText::default();
        self.draw(walk, content, resources, Matrix::IDENTITY, &mut text, 0);
        text
    }

    fn draw(
        &mut self,
        walk: &mut Walk<'_>,
        content: &[u8],
        resources: &Dict,
        matrix: Matrix,
        text: &mut PageText,
        depth: u32,
    ) {
        let state = State {
            matrix,
            font: None,
            size: 1.0,
            char_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            mode: 0,
            white: false,
        };
        let mut page = Page { text, state, saved: Vec::new(), line: Matrix::IDENTITY, at: Matrix::IDENTITY };
        let mut lexer = Lexer::new(content, 0, walk.limits.nesting);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(object) = lexer.next() {
            let Object::Word(word) = object else {
                if operands.len() < OPERANDS {
                    operands.push(object);
                }
                continue;
            };
            let Some(left) = self.steps.checked_sub(1) else {
                return walk.gap(self.document.place, GapKind::TooManyObjects(walk.limits.pdf_steps));
            };
            self.steps = left;
            match word.as_slice() {
                b"ID" => {
                    lexer.skip_image();
                    page.text.painted = true;
                }
                b"Tf" => {
                    if let Some(Object::Name(name)) = operands.first() {
                        page.state.font = self.font(walk, resources, name);
                    }
                    page.state.size = operands.get(1).and_then(Object::number).unwrap_or(1.0);
                }
                b"Do" => {
                    if let Some(Object::Name(name)) = operands.first() {
                        self.form(walk, resources, name, &mut page, depth);
                    }
                }
                word => page.operator(word, &operands),
            }
            operands.clear();
            // What is long is handed on by the caller only at the end of the page; a page has its limit as a file has.
            if (page.text.shown.text.len() + page.text.hidden.text.len()) as u64 > walk.limits.text_bytes {
                return walk.gap(self.document.place, GapKind::TooMuchText(walk.limits.text_bytes));
            }
        }
    }

    fn font(&mut self, walk: &mut Walk<'_>, resources: &Dict, name: &[u8]) -> Option<Rc<Font>> {
        let fonts = self.document.dict(resources, b"Font");
        let entry = fonts.get(name)?;
        let number = if let Object::Reference(number) = entry { Some(*number) } else { None };
        if let Some(font) = number.and_then(|number| self.fonts.get(&number)) {
            return Some(Rc::clone(font));
        }
        let Object::Dict(dict) = self.document.resolve(entry) else { return None };
        let font = Rc::new(Font::load(walk, self.document, &dict));
        if font.is_unreadable() {
            walk.gap(self.document.place, GapKind::Font(font.name.clone()));
        }
        if let Some(number) = number {
            self.fonts.insert(number, Rc::clone(&font));
        }
        Some(font)
    }

    fn form(&mut self, walk: &mut Walk<'_>, resources: &Dict, name: &[u8], page: &mut Page<'_>, depth: u32) {
        let objects = self.document.dict(resources, b"XObject");
        let Some((_, stream)) = objects.get(name).and_then(|object| self.document.stream_of(object)) else { return };
        if !self.document.entry(&stream.dict, b"Subtype").is_name(b"Form") {
            page.text.painted = true;
            return;
        }
        if depth >= FORMS {
            return walk.gap(self.document.place, GapKind::NestedTooDeep(FORMS));
        }
        let Some(content) = filter::decode(walk, self.document, &stream) else { return };
        let own = self.document.dict(&stream.dict, b"Resources");
        let resources = if own.is_empty() { resources } else { &own };
        let matrix = match self.document.entry(&stream.dict, b"Matrix") {
            Object::Array(items) => matrix_of(&items).unwrap_or(Matrix::IDENTITY),
            _ => Matrix::IDENTITY,
        };
        let matrix = matrix.then(page.state.matrix);
        self.draw(walk, &content, resources, matrix, page.text, depth + 1);
    }
}

fn matrix_of(operands: &[Object]) -> Option<Matrix> {
    let mut numbers = operands.iter().map_while(Object::number);
    let mut next = || numbers.next();
    Some(Matrix { a: next()?, b: next()?, c: next()?, d: next()?, e: next()?, f: next()? })
}

impl Page<'_> {
    fn operator(&mut self, word: &[u8], operands: &[Object]) {
        let number = |index: usize| operands.get(index).and_then(Object::number).unwrap_or(0.0);
        match word {
            b"q" if self.saved.len() < STATES => self.saved.push(self.state.clone()),
            b"Q" => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            b"cm" => {
                if let Some(matrix) = matrix_of(operands) {
                    self.state.matrix = matrix.then(self.state.matrix);
                }
            }
            b"BT" => (self.line, self.at) = (Matrix::IDENTITY, Matrix::IDENTITY),
            b"Tm" => {
                if let Some(matrix) = matrix_of(operands) {
                    (self.line, self.at) = (matrix, matrix);
                }
            }
            b"Td" => self.next_line(number(0), number(1)),
            b"TD" => {
                self.state.leading = -number(1);
                self.next_line(number(0), number(1));
            }
            b"T*" => self.next_line(0.0, -self.state.leading),
            b"TL" => self.state.leading = number(0),
            b"Tc" => self.state.char_space = number(0),
            b"Tw" => self.state.word_space = number(0),
            b"Tz" => self.state.scale = number(0) / 100.0,
            b"Tr" => self.state.mode = operands.first().and_then(Object::count).unwrap_or(0),
            b"Tj" | b"TJ" => self.show_all(operands),
            b"'" => {
                self.next_line(0.0, -self.state.leading);
                self.show_all(operands);
            }
            b"\"" => {
                (self.state.word_space, self.state.char_space) = (number(0), number(1));
                self.next_line(0.0, -self.state.leading);
                self.show_all(operands.get(2..).unwrap_or_default());
            }
            b"g" | b"rg" | b"k" | b"sc" | b"scn" => self.colour(word, operands),
            b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => self.text.painted |= !self.state.white,
            b"sh" => self.text.painted = true,
            _ => {}
        }
    }

    /// Whether the colour of what is filled is white.
    fn colour(&mut self, word: &[u8], operands: &[Object]) {
        let all = |wanted: f64| {
            operands.iter().all(|operand| operand.number().is_some_and(|number| (number - wanted).abs() < 0.01))
        };
        self.state.white = match (word, operands.len()) {
            (b"k", 4) | (b"sc" | b"scn", 4) => all(0.0),
            (b"g", 1) | (b"rg", 3) | (b"sc" | b"scn", 1 | 3) => all(1.0),
            _ => false,
        };
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = self.line.moved(x, y);
        self.at = self.line;
    }

    fn show_all(&mut self, operands: &[Object]) {
        for operand in operands {
            match operand {
                Object::Text(text) => self.show(text),
                Object::Array(items) => {
                    for item in items {
                        match item {
                            Object::Text(text) => self.show(text),
                            Object::Number(number) => self.advance(-number / 1000.0 * self.state.size),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Moves on along the line of text.
    fn advance(&mut self, by: f64) {
        let vertical = self.state.font.as_ref().is_some_and(|font| font.vertical);
        self.at = if vertical { self.at.moved(0.0, by) } else { self.at.moved(by * self.state.scale, 0.0) };
    }

    fn show(&mut self, bytes: &[u8]) {
        let Some(font) = self.state.font.clone() else { return };
        for shown in font.show(bytes) {
            let at = self.at.then(self.state.matrix);
            let size = self.state.size.abs() * at.scale();
            let white = self.state.white && !self.text.painted;
            let hidden = white || matches!(self.state.mode, 3 | 7) || size < UNSEEN_POINTS;
            let pen = if hidden { &mut self.text.hidden } else { &mut self.text.shown };
            pen.go(at, size);
            pen.text.push_str(shown.text.as_deref().unwrap_or("\u{FFFD}"));
            let space = self.state.char_space + if shown.is_space { self.state.word_space } else { 0.0 };
            if font.vertical {
                self.advance(-self.state.size + space);
            } else {
                self.advance(shown.width / 1000.0 * self.state.size + space);
            }
            let end = self.at.then(self.state.matrix);
            let pen = if hidden { &mut self.text.hidden } else { &mut self.text.shown };
            pen.end(end);
        }
    }
}
