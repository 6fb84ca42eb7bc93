//! What a program of `awk` runs and reads: `system`, pipes and `getline`, whose operand is followed where all of it is known.

use super::tokens::Token;
use super::{Reader, path_value};
use crate::value::Value;

/// Words that begin or end an expression.
const KEYWORDS: &[&str] = &[
    "print", "printf", "while", "if", "else", "do", "for", "return", "BEGIN", "END", "in", "getline", "close", "exit",
    "next",
];

impl Reader<'_, '_> {
    pub(super) fn awk(&mut self) {
        let loads = |two: &[Token]| matches!(two, [Token::Mark('@'), Token::Name(name)] if matches!(name.as_str(), "load" | "include"));
        if self.tokens.windows(2).any(loads) {
            self.m.puzzled("loads other code into a program");
        }
        for at in 0..self.tokens.len() {
            match self.tokens.get(at) {
                Some(Token::Name(name)) if name == "system" && self.tokens.get(at + 1) == Some(&Token::Mark('(')) => {
                    let operand = self.arguments(at + 1);
                    if operand.len() > 2 && self.whole(operand).is_none() {
                        self.m.puzzled("a command that is not known before");
                    }
                }
                Some(Token::Name(name)) if name == "getline" => self.getline(at),
                Some(Token::Mark('|')) => self.pipe(at),
                _ => {}
            }
        }
    }

    /// `… | getline`, `print | …`; `||` is none.
    fn pipe(&mut self, at: usize) {
        let is = |at: Option<usize>, mark| at.and_then(|at| self.tokens.get(at)) == Some(&Token::Mark(mark));
        if is(at.checked_sub(1), '|') || is(Some(at + 1), '|') {
            return;
        }
        let next = if is(Some(at + 1), '&') { at + 2 } else { at + 1 };
        if matches!(self.tokens.get(next), Some(Token::Name(name)) if name == "getline") {
            let before = self.tokens.get(..at).unwrap_or(&[]);
            match self.whole(operand_before(before)) {
                Some(command) => self.command(&command),
                None => self.m.puzzled("a command that is not known before"),
            }
            return;
        }
        let operand = operand_behind(self.tokens.get(next..).unwrap_or(&[]));
        match self.whole(operand) {
            Some(command) => {
                let texts = self.tokens.iter().filter_map(|token| match token {
                    Token::Text(text) => Some(text.clone()),
                    _ => None,
                });
                let input = Value::known(texts.collect::<Vec<_>>().join("\n"));
                self.m.aside(|m| {
                    m.stdin = input;
                    m.text(&command)
                });
            }
            None => self.m.puzzled("a command that is not known before"),
        }
    }

    /// `getline [variable] < file`.
    fn getline(&mut self, at: usize) {
        let rest = self.tokens.get(at + 1..).unwrap_or(&[]);
        let sign = rest.iter().take(6).position(|token| *token == Token::Mark('<'));
        let Some(sign) = sign else { return };
        let between = rest.get(..sign).unwrap_or(&[]);
        if between.iter().any(|token| matches!(token, Token::Mark(')' | ';' | '\n' | '}' | '|'))) {
            return;
        }
        let operand = operand_behind(rest.get(sign + 1..).unwrap_or(&[]));
        if matches!(operand, [Token::Name(name), ..] if matches!(name.as_str(), "FILENAME" | "ARGV")) {
            return;
        }
        match self.whole(operand) {
            Some(file) => {
                let content = self.m.read(&path_value(&file));
                self.flow = self.flow.with(content.flow);
            }
            None => self.m.puzzled("reads a file that is not known before"),
        }
    }

    /// The text of an operand that is made of texts and known variables alone.
    fn whole(&self, operand: &[Token]) -> Option<String> {
        let mut text = String::new();
        let mut any = false;
        for token in operand {
            match token {
                Token::Text(piece) => text.push_str(piece),
                Token::Name(name) => {
                    text.push_str(&self.variable(name).filter(|text| !text.contains(crate::value::UNKNOWN))?)
                }
                Token::Number(number) => text.push_str(number),
                Token::Mark('(' | ')') => continue,
                _ => return None,
            }
            any = true;
        }
        any.then_some(text)
    }
}

/// The tokens before a mark, back to where their expression begins.
fn operand_before(before: &[Token]) -> &[Token] {
    let mut level = 0_usize;
    let start = before.iter().rposition(|token| match token {
        Token::Mark(')') => {
            level += 1;
            false
        }
        Token::Mark('(') if level > 0 => {
            level -= 1;
            false
        }
        Token::Mark('(' | '{' | '}' | ';' | '\n' | '=' | '!' | '&' | '|') => true,
        Token::Name(name) => KEYWORDS.contains(&name.as_str()),
        _ => false,
    });
    before.get(start.map_or(0, |at| at + 1)..).unwrap_or(&[])
}

/// The tokens behind a mark, up to where their expression ends.
fn operand_behind(rest: &[Token]) -> &[Token] {
    let mut level = 0_usize;
    let end = rest.iter().position(|token| match token {
        Token::Mark('(') => {
            level += 1;
            false
        }
        Token::Mark(')') if level > 0 => {
            level -= 1;
            false
        }
        Token::Mark(')' | '}' | ';' | '\n' | '&' | '>') => true,
        Token::Name(name) => KEYWORDS.contains(&name.as_str()),
        _ => false,
    });
    rest.get(..end.unwrap_or(rest.len())).unwrap_or(&[])
}
