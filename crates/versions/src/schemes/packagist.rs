//! PHP: `version_compare`, after Composer's leading `v` is taken away.
//!
//! Source: PHP manual, `version_compare`; Composer, "Versions and constraints".

use std::cmp::Ordering;

use crate::text::{cmp_digits, first_three, split_digits, split_while};

/// Words by what they begin with, in their order; any other word is before `dev`.
const BEFORE_RELEASE: [(&str, usize); 5] = [("dev", 1), ("a", 2), ("b", 3), ("RC", 4), ("rc", 4)];
/// Ranks after those of [`BEFORE_RELEASE`]. `#` stands for any number, which no order can hold: here it is
/// like the end.
const UNKNOWN_WORD: usize = 0;
const END: usize = 5;
const NUMBER: usize = 6;
const PATCH: usize = 7;

#[derive(Debug, Clone, Copy)]
enum Token<'a> {
    Word(&'a str),
    Number(&'a str),
}

/// A version of a Composer package.
#[derive(Debug, Clone)]
pub(crate) struct Packagist<'a> {
    tokens: Vec<Token<'a>>,
}

impl<'a> Packagist<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Packagist<'a>> {
        let text = text.trim();
        if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return None;
        }
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let mut tokens = Vec::with_capacity(4);
        for mut rest in text.split(['.', '-', '_', '+']) {
            while !rest.is_empty() {
                let (digits, after) = split_digits(rest);
                if digits.is_empty() {
                    let (word, after) = split_while(rest, |b| !b.is_ascii_digit());
                    tokens.push(Token::Word(word));
                    rest = after;
                } else {
                    tokens.push(Token::Number(digits));
                    rest = after;
                }
            }
        }
        (!tokens.is_empty()).then_some(Packagist { tokens })
    }

    pub(crate) fn is_prerelease(&self) -> bool {
        self.tokens.iter().any(|token| rank(Some(token)) < END)
    }

    pub(crate) fn release(&self) -> Option<[u64; 3]> {
        first_three(self.tokens.iter().map_while(|token| match token {
            Token::Number(digits) => Some(*digits),
            Token::Word(_) => None,
        }))
    }
}

fn rank(token: Option<&Token<'_>>) -> usize {
    match token {
        None => END,
        Some(Token::Number(_)) => NUMBER,
        Some(Token::Word(word)) if word.starts_with('#') => END,
        Some(Token::Word(word)) if word.starts_with('p') => PATCH,
        Some(Token::Word(word)) => {
            BEFORE_RELEASE.iter().find(|(start, _)| word.starts_with(start)).map_or(UNKNOWN_WORD, |(_, rank)| *rank)
        }
    }
}

impl Ord for Packagist<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut left, mut right) = (self.tokens.iter(), other.tokens.iter());
        loop {
            let order = match (left.next(), right.next()) {
                (None, None) => return Ordering::Equal,
                (Some(Token::Number(l)), Some(Token::Number(r))) => cmp_digits(l, r),
                (l, r) => rank(l).cmp(&rank(r)),
            };
            if order.is_ne() {
                return order;
            }
        }
    }
}

super::equality_from_order!(Packagist);
