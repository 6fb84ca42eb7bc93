//! `a{b,c}d` and `{1..3}`.

use crate::limits::FIELDS;
use crate::shell::tree::{Part, Word};

/// The longest word whose braces are opened.
const PIECES: usize = 4096;
/// How deep braces are opened.
const LEVELS: usize = 12;

/// A word's pieces with the characters that braces are made of apart.
#[derive(Clone)]
enum Piece {
    Char(char),
    Whole(Part),
}

struct Room {
    left: usize,
    cut: bool,
}

/// The words that a word becomes, and whether there would be more.
pub(crate) fn braces(word: &Word) -> (Vec<Word>, bool) {
    let mut pieces = Vec::new();
    for part in &word.parts {
        match part {
            Part::Text(text) => pieces.extend(text.chars().map(Piece::Char)),
            other => pieces.push(Piece::Whole(other.clone())),
        }
    }
    if pieces.len() > PIECES {
        return (vec![word.clone()], true);
    }
    let mut room = Room { left: FIELDS, cut: false };
    let words = expanded(&pieces, &mut room, 0).into_iter().map(|pieces| rejoined(&pieces)).collect();
    (words, room.cut)
}

fn rejoined(pieces: &[Piece]) -> Word {
    let mut word = Word::default();
    for piece in pieces {
        match piece {
            Piece::Char(c) => {
                if let Some(Part::Text(text)) = word.parts.last_mut() {
                    text.push(*c);
                } else {
                    word.parts.push(Part::Text(c.to_string()));
                }
            }
            Piece::Whole(part) => word.parts.push(part.clone()),
        }
    }
    word
}

/// Where the brace at `start` closes, and its commas.
fn closed(pieces: &[Piece], start: usize) -> Option<(usize, Vec<usize>)> {
    let (mut level, mut commas) = (0_usize, Vec::new());
    for (index, piece) in pieces.iter().enumerate().skip(start) {
        match piece {
            Piece::Char('{') => level += 1,
            Piece::Char(',') if level == 1 => commas.push(index),
            Piece::Char('}') => {
                level -= 1;
                if level == 0 {
                    return Some((index, commas));
                }
            }
            _ => {}
        }
    }
    None
}

fn expanded(pieces: &[Piece], room: &mut Room, depth: usize) -> Vec<Vec<Piece>> {
    // From left to right: what is opened so far, and what is still to be read.
    let mut done: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut at = 0;
    let mut tries = 0_usize;
    while let Some(piece) = pieces.get(at) {
        let opened = if matches!(piece, Piece::Char('{')) && !room.cut {
            tries += 1;
            if depth >= LEVELS || tries > 64 {
                room.cut = true;
                None
            } else {
                closed(pieces, at)
                    .map(|(end, commas)| (choices(pieces, at, end, commas, room, depth), end))
                    .filter(|(choices, _)| !choices.is_empty())
            }
        } else {
            None
        };
        match opened {
            Some((choices, end)) => {
                let mut all = Vec::new();
                'all: for before in &done {
                    for choice in &choices {
                        if all.len() >= FIELDS || room.left == 0 {
                            room.cut = true;
                            break 'all;
                        }
                        room.left -= 1;
                        all.push([before.as_slice(), choice].concat());
                    }
                }
                done = all;
                at = end + 1;
                room.left = FIELDS;
            }
            None => {
                done.iter_mut().for_each(|word| word.push(piece.clone()));
                at += 1;
            }
        }
    }
    done
}

fn choices(
    pieces: &[Piece],
    start: usize,
    end: usize,
    commas: Vec<usize>,
    room: &mut Room,
    depth: usize,
) -> Vec<Vec<Piece>> {
    let inside = pieces.get(start + 1..end).unwrap_or(&[]);
    if commas.is_empty() {
        return range(inside, room);
    }
    let mut choices = Vec::new();
    let mut from = start + 1;
    for to in commas.into_iter().chain([end]) {
        choices.extend(expanded(pieces.get(from..to).unwrap_or(&[]), room, depth + 1));
        from = to + 1;
    }
    choices
}

fn range(inside: &[Piece], room: &mut Room) -> Vec<Vec<Piece>> {
    let mut text = String::new();
    for piece in inside {
        match piece {
            Piece::Char(c) => text.push(*c),
            Piece::Whole(_) => return Vec::new(),
        }
    }
    let mut ends = text.split("..");
    let (Some(low), Some(high), step, None) = (ends.next(), ends.next(), ends.next(), ends.next()) else {
        return Vec::new();
    };
    let step: i64 = match step.map(str::parse::<i64>) {
        None => 1,
        Some(Ok(step)) => step.checked_abs().unwrap_or(i64::MAX).max(1),
        Some(Err(_)) => return Vec::new(),
    };
    let letter = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|c| c.is_ascii_alphabetic() && chars.next().is_none()).map(|c| i64::from(u32::from(c)))
    };
    let numbers = low.parse::<i64>().ok().zip(high.parse::<i64>().ok());
    let Some((from, to)) = numbers.or_else(|| letter(low).zip(letter(high))) else { return Vec::new() };
    let padded = |text: &str| text.trim_start_matches('-').len() > 1 && text.trim_start_matches('-').starts_with('0');
    let width = if numbers.is_some() && (padded(low) || padded(high)) { low.len().max(high.len()) } else { 0 };
    let mut all = Vec::new();
    let mut number = from;
    while if from <= to { number <= to } else { number >= to } {
        if all.len() >= FIELDS {
            room.cut = true;
            break;
        }
        let text = if numbers.is_some() {
            format!("{number:0width$}")
        } else {
            u32::try_from(number).ok().and_then(char::from_u32).map(String::from).unwrap_or_default()
        };
        all.push(text.chars().map(Piece::Char).collect());
        let next = if from <= to { number.checked_add(step) } else { number.checked_sub(step) };
        let Some(next) = next else { break };
        number = next;
    }
    all
}
