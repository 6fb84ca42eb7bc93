//! How wide the columns of a table are.
//!
//! The typesetter could find that out by setting every cell several times; for a table of thousands of rows that is most
//! of the work. Here it follows from the widths of the letters.

/// No word makes a column wider than this, in ems; a wider word is cut.
const WORD_EMS_MAX: f64 = 15.0;

/// What a column is wider than its widest word, in ems: a word that fits to the hair is else broken by a rounding.
const SPARE_EMS: f64 = 0.3;

/// A text wider than this, in ems, asks for no more room than one that wide.
const TEXT_EMS_MAX: f64 = 45.0;

/// A line no wider than this, in ems, is not broken: a column for one short term in Japanese would else be one letter wide.
const TERM_EMS_MAX: f64 = 7.0;

/// What a column holds, in ems.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wish {
    /// The widest word.
    pub(crate) word: f64,
    /// The widest line.
    pub(crate) line: f64,
}

impl Wish {
    /// Takes another word into account.
    pub(crate) fn word(&mut self, ems: f64) {
        self.word = self.word.max(ems.min(WORD_EMS_MAX) + SPARE_EMS);
    }

    /// Takes another line into account.
    pub(crate) fn line(&mut self, ems: f64) {
        if ems <= TERM_EMS_MAX {
            self.word(ems);
        }
        self.line = self.line.max(ems.min(TEXT_EMS_MAX));
    }
}

/// The widths of the columns, in ems; they fill the room. Each column gets its widest word; what is left goes to those
/// whose lines are wider, in proportion to what they lack, and beyond that to all.
pub(crate) fn widths(wishes: &[Wish], room: f64) -> Vec<f64> {
    let least: f64 = wishes.iter().map(|wish| wish.word).sum();
    let wanted: f64 = wishes.iter().map(|wish| wish.line.max(wish.word)).sum();
    if wanted <= 0.0 {
        return wishes.iter().map(|_| room / wishes.len().max(1) as f64).collect();
    }
    if least >= room {
        return wishes.iter().map(|wish| wish.word * room / least).collect();
    }
    if wanted <= room {
        return wishes.iter().map(|wish| wish.line.max(wish.word) * room / wanted).collect();
    }
    let portion = (room - least) / (wanted - least);
    wishes.iter().map(|wish| wish.word + (wish.line.max(wish.word) - wish.word) * portion).collect()
}

#[cfg(test)]
mod tests {
    use super::{Wish, widths};

    fn check(wishes: &[(f64, f64)], room: f64, expected: &[f64]) {
        let wishes: Vec<Wish> = wishes.iter().map(|&(word, line)| Wish { word, line }).collect();
        let found = widths(&wishes, room);
        let near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-9);
        assert!(found.len() == expected.len() && near, "{found:?}");
    }

    #[test]
    fn columns_fill_the_room_and_words_come_first() {
        check(&[(2.0, 5.0), (2.0, 5.0)], 20.0, &[10.0, 10.0]);
        check(&[(4.0, 4.0), (4.0, 36.0)], 24.0, &[4.0, 20.0]);
        check(&[(10.0, 10.0), (30.0, 40.0)], 20.0, &[5.0, 15.0]);
        check(&[(0.0, 0.0), (0.0, 0.0)], 20.0, &[10.0, 10.0]);
        check(&[], 20.0, &[]);
    }
}
