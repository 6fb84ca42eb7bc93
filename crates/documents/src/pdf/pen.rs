//! From where characters are drawn to lines of text.

/// A transformation of the plane (ISO 32000-1, 8.3.3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix {
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) c: f64,
    pub(super) d: f64,
    pub(super) e: f64,
    pub(super) f: f64,
}

impl Matrix {
    pub(super) const IDENTITY: Self = Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    /// First `self`, then `next`.
    pub(super) fn then(self, next: Self) -> Self {
        Self {
            a: self.a * next.a + self.b * next.c,
            b: self.a * next.b + self.b * next.d,
            c: self.c * next.a + self.d * next.c,
            d: self.c * next.b + self.d * next.d,
            e: self.e * next.a + self.f * next.c + next.e,
            f: self.e * next.b + self.f * next.d + next.f,
        }
    }

    /// A move before `self`.
    pub(super) fn moved(self, x: f64, y: f64) -> Self {
        Self { e: x, f: y, ..Self::IDENTITY }.then(self)
    }

    /// The length of a unit along the line of text.
    pub(super) fn scale(self) -> f64 {
        self.a.hypot(self.b).max(self.c.hypot(self.d))
    }
}

/// A text that grows as characters are drawn.
#[derive(Debug, Default)]
pub(super) struct Pen {
    pub(super) text: String,
    /// Where the last character ended, if the next may join it.
    last: Option<(f64, f64)>,
}

impl Pen {
    /// Moves to where the next character is drawn: nothing, a space or a new line, by how far it is from the last.
    /// `size` is the height of the text on the page, `at` where its line begins.
    pub(super) fn go(&mut self, at: Matrix, size: f64) {
        let Some((x, y)) = self.last.filter(|_| !self.text.is_empty()) else { return };
        let length = at.a.hypot(at.b);
        let (along_x, along_y) = if length > 0.0 { (at.a / length, at.b / length) } else { (1.0, 0.0) };
        let (dx, dy) = (at.e - x, at.f - y);
        let (along, across) = (dx * along_x + dy * along_y, dy * along_x - dx * along_y);
        let size = if size > 0.0 { size } else { 1.0 };
        if along.hypot(across) <= 0.22 * size {
            return;
        }
        let blank = self.text.ends_with([' ', '\n', '\u{3000}']);
        if across.abs() > 0.6 * size || along < -2.0 * size {
            if !self.text.ends_with('\n') {
                self.text.push('\n');
            }
        } else if along > 0.0 && !blank {
            self.text.push(' ');
        }
    }

    /// The last character ended here.
    pub(super) fn end(&mut self, at: Matrix) {
        self.last = Some((at.e, at.f));
    }
}
