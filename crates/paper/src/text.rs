//! A text as it can be drawn: every character of it is there, or its number is.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write;

use typst::layout::Em;
use typst::text::{FontInstance, FontWeight};

use crate::{Fonts, PaperError};

/// Stands where a line may be broken and nothing is drawn. The template makes an empty space of it, so that no such
/// character comes along when a text is copied.
pub(crate) const BREAK: char = '\u{200B}';

/// A word that is cut is cut at least this often.
const CUT_CHARACTERS: usize = 4;

/// Which characters may be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letters {
    /// Whatever some font has, with marks and joiners.
    Any,
    /// Only what the family of running text has, each character for itself.
    Simple,
}

/// What a line feed in a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feed {
    /// A new line.
    Break,
    /// A space: the text is one line.
    Space,
}

/// Makes drawable texts of given ones.
pub(crate) struct Texts<'a> {
    fonts: &'a Fonts,
    letters: Letters,
    /// The faces of running text, regular and bold.
    faces: Vec<(FontWeight, FontInstance)>,
    /// What was asked before: whether the other fonts have the character.
    others: RefCell<HashMap<char, bool>>,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(fonts: &'a Fonts, letters: Letters) -> Self {
        let weights = [FontWeight::REGULAR, FontWeight::BOLD].into_iter();
        let faces = weights.filter_map(|weight| Some((weight, fonts.running(weight)?))).collect();
        Self { fonts, letters, faces, others: RefCell::default() }
    }

    /// The text with its line feeds as line feeds or spaces, and numbers for what cannot be drawn.
    pub(crate) fn drawable(&self, text: &str, feed: Feed) -> Result<String, PaperError> {
        let mut drawable = String::with_capacity(text.len());
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\r' if characters.peek() == Some(&'\n') => {}
                '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                    drawable.push(if feed == Feed::Break { '\n' } else { ' ' });
                }
                '\t' => drawable.push(' '),
                BREAK => drawable.push(BREAK),
                _ if self.can_draw(character) => drawable.push(character),
                _ if is_space(character) => drawable.push(' '),
                _ if is_japanese(character) && self.fonts.japanese().is_none() => {
                    return Err(PaperError::NoJapaneseFont);
                }
                _ => push_number(&mut drawable, character),
            }
        }
        Ok(drawable)
    }

    /// The source of a drawing, in which what no font has is a number. Its markup is ASCII and stays.
    pub(crate) fn drawing(&self, svg: &str) -> Result<String, PaperError> {
        let mut drawable = String::with_capacity(svg.len());
        for character in svg.chars() {
            if character.is_ascii() || self.can_draw(character) {
                drawable.push(character);
            } else if is_japanese(character) && self.fonts.japanese().is_none() {
                return Err(PaperError::NoJapaneseFont);
            } else {
                let mut number = String::new();
                push_number(&mut number, character);
                drawable.push_str(&number.replace('<', "&lt;").replace('>', "&gt;"));
            }
        }
        Ok(drawable)
    }

    fn can_draw(&self, character: char) -> bool {
        match self.letters {
            Letters::Any if joins(character) => true,
            _ if is_hidden(character) => false,
            Letters::Any => self.running_has(character) || self.others_have(character),
            Letters::Simple => self.running_has(character) && !is_mark(character),
        }
    }

    fn running_has(&self, character: char) -> bool {
        !self.faces.is_empty() && self.faces.iter().all(|(_, face)| glyph(face, character).is_some())
    }

    fn others_have(&self, character: char) -> bool {
        let look = || {
            self.faces.iter().all(|(weight, face)| {
                let other = || self.fonts.instead_of(face, *weight, character);
                glyph(face, character).is_some() || other().is_some_and(|other| glyph(&other, character).is_some())
            })
        };
        *self.others.borrow_mut().entry(character).or_insert_with(look)
    }
}

/// The number of the letter in the face. Some fonts list characters without one, whose number is 0.
fn glyph(face: &FontInstance, character: char) -> Option<u16> {
    face.ttf().glyph_index(character).map(|glyph| glyph.0).filter(|glyph| *glyph != 0)
}

fn push_number(text: &mut String, character: char) {
    // Writing to a string cannot fail.
    let _ = write!(text, "<U+{:04X}>", u32::from(character));
}

fn is_space(character: char) -> bool {
    character.is_whitespace()
}

/// Characters of Japanese, in the blocks that only a font for Japanese has.
fn is_japanese(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF66}'..='\u{FF9D}')
}

/// Joiners and selectors, which only say how their neighbours are drawn.
fn joins(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

/// Marks that stand on the letter before them.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}' | '\u{302A}'..='\u{302F}' | '\u{3099}'..='\u{309A}' | '\u{FE20}'..='\u{FE2F}'
    )
}

/// Characters that leave no ink of their own, turn the direction of a text, belong to nobody or stand for no character:
/// with them a text could read otherwise than it is.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || joins(character)
        || u32::from(character) & 0xFFFE == 0xFFFE
        || matches!(
            character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FEFF}' | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
                | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}'
        )
}

/// How wide characters are in the family of running text, in ems.
pub(crate) struct Widths {
    ascii: [f64; 128],
    font: Option<FontInstance>,
}

impl Widths {
    pub(crate) fn new(fonts: &Fonts) -> Self {
        let font = fonts.running(FontWeight::REGULAR);
        let mut ascii = [0.6; 128];
        for (code, width) in (0_u8..).zip(ascii.iter_mut()) {
            *width = advance(font.as_ref(), char::from(code)).unwrap_or(*width);
        }
        Self { ascii, font }
    }

    fn character(&self, character: char) -> f64 {
        let known = self.ascii.get(character as usize).copied();
        known.unwrap_or_else(|| advance(self.font.as_ref(), character).unwrap_or(1.0))
    }

    /// The width of a text without a line break in it.
    pub(crate) fn line(&self, line: &str) -> f64 {
        line.chars().filter(|character| *character != BREAK).map(|character| self.character(character)).sum()
    }

    /// The words of a text: what is not broken between lines.
    pub(crate) fn words<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> {
        text.split(|character| is_space(character) || character == BREAK || breaks_freely(character))
    }

    /// The text with places for line breaks in the words that are wider than this many ems.
    pub(crate) fn with_breaks(&self, text: &str, ems: f64) -> String {
        let words = self.words(text);
        if words.map(|word| self.line(word)).fold(0.0, f64::max) <= ems {
            return text.to_owned();
        }
        let mut broken = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let end = rest.find(|c| is_space(c) || c == BREAK || breaks_freely(c)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(if end == 0 { character.len_utf8() } else { end });
            if end > 0 && self.line(word) > ems {
                cut(word, &mut broken)
            } else {
                broken.push_str(word)
            }
            rest = behind;
        }
        broken
    }
}

fn advance(font: Option<&FontInstance>, character: char) -> Option<f64> {
    let font = font?;
    font.x_advance(glyph(font, character)?).map(Em::get)
}

/// Between such a character and its neighbours a line may be broken: Chinese characters and kana.
fn breaks_freely(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Puts a place for a line break behind each mark of punctuation and, where there is none, into every few letters.
fn cut(word: &str, broken: &mut String) {
    let mut since = 0;
    let mut behind_mark = false;
    for character in word.chars() {
        // Never before a mark or a joiner: a letter and what stands on it stay together.
        let letter =
            character.is_ascii_alphanumeric() || matches!(character, '\u{C0}'..='\u{2FF}' | '\u{370}'..='\u{481}');
        if letter && (behind_mark || since >= CUT_CHARACTERS) || since >= CUT_CHARACTERS && character.is_ascii_graphic()
        {
            broken.push(BREAK);
            since = 0;
        }
        broken.push(character);
        since += 1;
        behind_mark = character.is_ascii_punctuation();
    }
}
