//! Scripts of `sed`: what they run, read and write.
//!
//! The commands and addresses of GNU sed 4.9, with which those of BSD agree. Source: sed(1), POSIX.

use crate::machine::Machine;
use crate::value::{Flow, UNKNOWN, Value};

/// What a script does beside editing.
#[derive(Debug, PartialEq, Eq)]
enum Effect {
    /// `e command`.
    Runs(String),
    /// `s/from/with/e`: what it makes of a line runs.
    RunsMade(String),
    /// `e`: the line runs.
    RunsLine,
    Writes(String),
    Reads(String),
}

/// Commands of one script.
const MAX_COMMANDS: usize = 4096;

/// Follows the pieces of one script, as `-e` gives them.
pub(super) fn follow(m: &mut Machine<'_>, programs: &[Value]) {
    let texts: Vec<&str> = programs.iter().map(|program| program.text.as_str()).collect();
    let text = texts.join("\n");
    let chars: Vec<char> = text.chars().collect();
    // Whether a mark within `[…]` ends a pattern differs between versions.
    let mut readings = vec![script(&chars, true)];
    if text.contains('[') {
        readings.push(script(&chars, false));
    }
    if readings.iter().all(Option::is_none) {
        m.puzzled("a script of sed that could not be read");
    }
    let mut effects: Vec<Effect> = Vec::new();
    for effect in readings.into_iter().flatten().flatten() {
        if !effects.contains(&effect) {
            effects.push(effect);
        }
    }
    for effect in effects {
        match effect {
            Effect::Runs(command) => {
                m.text(&command);
            }
            Effect::RunsMade(command) => {
                m.text(&command);
                m.puzzled("runs what it makes as a command");
            }
            Effect::RunsLine => m.puzzled("runs what it reads as commands"),
            Effect::Writes(file) => m.write(&Value::known(file), false, &Value::unknown(Flow::FILE)),
            Effect::Reads(file) => {
                m.read(&Value::known(file));
            }
        }
    }
}

/// The effects of a script, `None` where it could not be read to its end.
fn script(chars: &[char], brackets: bool) -> Option<Vec<Effect>> {
    let mut reader = Reader { chars, at: 0, brackets, effects: Vec::new() };
    for _ in 0..MAX_COMMANDS {
        if !reader.command()? {
            return Some(reader.effects);
        }
    }
    None
}

struct Reader<'c> {
    chars: &'c [char],
    at: usize,
    brackets: bool,
    effects: Vec<Effect>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    /// One command; `false` at the end.
    fn command(&mut self) -> Option<bool> {
        self.skip(|c| c.is_whitespace() || c == ';');
        if self.peek().is_none() {
            return Some(false);
        }
        if self.address()? {
            self.skip(|c| c == ' ' || c == '\t');
            if self.peek() == Some(',') {
                self.at += 1;
                self.skip(|c| c == ' ' || c == '\t');
                self.address()?.then_some(())?;
            }
        }
        self.skip(|c| c.is_whitespace() || c == '!');
        match self.next()? {
            '{' | '}' => {}
            '=' | 'd' | 'D' | 'F' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' => self.end()?,
            'q' | 'Q' | 'l' | 'L' => {
                self.skip(|c| c == ' ' || c.is_ascii_digit() || c == UNKNOWN);
                self.end()?;
            }
            'a' | 'i' | 'c' => self.inserted(),
            ':' | 'b' | 't' | 'T' | 'v' => self.skip(|c| !matches!(c, '\n' | ';' | '}')),
            '#' => self.skip(|c| c != '\n'),
            'r' | 'R' => {
                let file = self.line();
                self.effects.push(Effect::Reads(file));
            }
            'w' | 'W' => {
                let file = self.line();
                self.effects.push(Effect::Writes(file));
            }
            'e' => {
                let command = self.line();
                self.effects.push(if command.is_empty() { Effect::RunsLine } else { Effect::Runs(command) });
            }
            's' => self.substitution()?,
            'y' => {
                let mark = self.next()?;
                self.until(mark, false)?;
                self.until(mark, false)?;
                self.end()?;
            }
            _ => return None,
        }
        Some(true)
    }

    /// Behind a command: nothing more on it.
    fn end(&mut self) -> Option<()> {
        self.skip(|c| c == ' ' || c == '\t' || c == '\r');
        matches!(self.peek(), None | Some('\n' | ';' | '}' | '#')).then_some(())
    }

    /// A line, a pattern, a step; whether there was one.
    fn address(&mut self) -> Option<bool> {
        match self.peek() {
            Some('$') => self.at += 1,
            Some(c) if c.is_ascii_digit() || matches!(c, '+' | '~') || c == UNKNOWN => {
                self.skip(|c| c.is_ascii_digit() || matches!(c, '+' | '~') || c == UNKNOWN);
            }
            Some(mark @ ('/' | '\\')) => {
                self.at += 1;
                let mark = if mark == '\\' { self.next()? } else { mark };
                self.until(mark, true)?;
                self.skip(|c| matches!(c, 'I' | 'M'));
            }
            _ => return Some(false),
        }
        Some(true)
    }

    /// Up to an unescaped mark, which is passed over.
    fn until(&mut self, mark: char, pattern: bool) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.next()? {
                c if c == mark => return Some(text),
                '\\' => {
                    text.push('\\');
                    text.push(self.next()?);
                }
                '[' if pattern && self.brackets => {
                    text.push('[');
                    let first = self.at;
                    if self.peek() == Some('^') {
                        text.push(self.next()?);
                    }
                    loop {
                        let c = self.next()?;
                        text.push(c);
                        let inside = self.at.saturating_sub(first);
                        if c == ']' && inside > 1 && !(inside == 2 && text.ends_with("[^]")) {
                            break;
                        }
                        if c == '[' && matches!(self.peek(), Some(':' | '.' | '=')) {
                            let kind = self.next()?;
                            text.push(kind);
                            loop {
                                let c = self.next()?;
                                text.push(c);
                                if c == kind && self.peek() == Some(']') {
                                    text.push(self.next()?);
                                    break;
                                }
                            }
                        }
                    }
                }
                c => text.push(c),
            }
        }
    }

    fn substitution(&mut self) -> Option<()> {
        let mark = self.next().filter(|c| !matches!(c, '\n' | '\\'))?;
        self.until(mark, true)?;
        let with = self.until(mark, false)?;
        loop {
            match self.peek() {
                Some('w') => {
                    self.at += 1;
                    let file = self.line();
                    self.effects.push(Effect::Writes(file));
                    return Some(());
                }
                Some('e') => {
                    self.at += 1;
                    self.effects.push(Effect::RunsMade(with.clone()));
                }
                Some(c) if matches!(c, 'g' | 'p' | 'i' | 'I' | 'm' | 'M') || c.is_ascii_digit() || c == UNKNOWN => {
                    self.at += 1
                }
                _ => return self.end(),
            }
        }
    }

    /// `a text`, or `a\` and lines that each end in a backslash but the last.
    fn inserted(&mut self) {
        self.skip(|c| c == ' ' || c == '\t');
        while let Some(c) = self.next() {
            match c {
                '\\' => self.at += 1,
                '\n' => return,
                _ => {}
            }
        }
    }

    /// The rest of the line, without the blanks before it.
    fn line(&mut self) -> String {
        self.skip(|c| c == ' ' || c == '\t');
        let start = self.at;
        self.skip(|c| c != '\n');
        self.chars.get(start..self.at).unwrap_or(&[]).iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effects(text: &str) -> Option<Vec<Effect>> {
        script(&text.chars().collect::<Vec<_>>(), true)
    }

    #[test]
    fn scripts_are_read_as_sed_reads_them() {
        for quiet in [
            "",
            "p",
            "1p",
            "$!N;P;D",
            "/a/,/b/d",
            "1~2p;2,+1p;0~3p",
            "\\,x,p",
            "/a/{p;p}",
            "a\\ hi",
            "a\\\ntext; e x",
            "s/a/b/g",
            "s|a|b|2p",
            "y/abc/xyz/",
            ":a;N;$!ba;s/\\n/ /g",
            "s/[/]/x/",
            "s/[]/]/x/",
            "s/[^]/]/x/",
            "s/[[:space:]/]/x/",
            "# e x",
            "/^#/!s/x/y/",
            "i e rm",
            "/a/I,$d",
            "s/a/b/;s/c/d/",
            "1{/x/d}",
            "10q",
            "s,/home,/x,",
        ] {
            assert_eq!(effects(quiet), Some(Vec::new()), "{quiet}");
        }
        for (text, effect) in [
            ("1erm -rf ~", Effect::Runs("rm -rf ~".to_owned())),
            ("/a/,/b/e rm -rf ~", Effect::Runs("rm -rf ~".to_owned())),
            ("1~2e x", Effect::Runs("x".to_owned())),
            ("\\,x,e x", Effect::Runs("x".to_owned())),
            ("e", Effect::RunsLine),
            ("/x/s/.*/rm -rf ~/e", Effect::RunsMade("rm -rf ~".to_owned())),
            ("s/a/b/ge", Effect::RunsMade("b".to_owned())),
            ("s/a/b/w x", Effect::Writes("x".to_owned())),
            ("w/x", Effect::Writes("/x".to_owned())),
            ("W x;y", Effect::Writes("x;y".to_owned())),
            ("R /x", Effect::Reads("/x".to_owned())),
            ("a\\\nt\ne x", Effect::Runs("x".to_owned())),
        ] {
            assert_eq!(effects(text), Some(vec![effect]), "{text}");
        }
        for broken in ["s/a/b", "k", "s/a/b/x", "p p", "1,p", "/a", "s"] {
            assert_eq!(effects(broken), None, "{broken}");
        }
    }
}
