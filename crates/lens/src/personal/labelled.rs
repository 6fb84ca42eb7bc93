//! Numbers that are known by a label near by, a shape, and a check digit where they have one.

use crate::rule::{Confidence, Found, Window};

use super::check;
use super::scan::{after, before, between, push};

/// What a number looks like.
struct Kind {
    /// The shapes it comes in: `d` digit, `A` letter, `X` letter or digit, `-` a separator or nothing, `=` a
    /// separator; anything else stands for itself (letters in either case).
    shapes: &'static [&'static str],
    /// Its check digit, on the value without separators and in capitals.
    valid: fn(&str) -> bool,
    /// How sure it is, given label, shape and check digit.
    confidence: Confidence,
}

macro_rules! labelled {
    ($($(#[$doc:meta])* $name:ident: [$($shape:literal),+], $valid:expr, $confidence:ident;)+) => {$(
        $(#[$doc])*
        pub(crate) fn $name(window: &Window<'_>, found: &mut Vec<Found>) {
            find(window, &Kind { shapes: &[$($shape),+], valid: $valid, confidence: Confidence::$confidence }, found);
        }
    )+};
}

labelled! {
    /// My Number: label and check digit.
    jp_my_number: ["dddd-dddd-dddd"], check::my_number, Certain;
    /// Corporate number, with the `T` of an invoice issuer or without it.
    jp_corporate_number: ["Td-dddd-dddd-dddd", "d-dddd-dddd-dddd"], corporate, Certain;
    /// Japanese passport.
    jp_passport: ["AAddddddd"], check::none, Likely;
    /// Residence card of a foreign national.
    jp_residence_card: ["AAddddddddAA"], check::none, Certain;
    /// Insurer's number on a health insurance card.
    jp_health_insurance: ["dddddddd", "dddddd"], check::luhn, Likely;
    /// Basic pension number.
    jp_pension_number: ["dddd-dddddd"], not_uniform, Likely;
    /// US social security number.
    us_ssn: ["ddd-dd-dddd"], check::us_ssn, Likely;
    /// US individual taxpayer identification number.
    us_itin: ["ddd-dd-dddd"], check::us_itin, Likely;
    /// US passport.
    us_passport: ["Adddddddd", "ddddddddd"], not_uniform, Likely;
    /// British national insurance number.
    uk_nino: ["AA-dd-dd-dd-A"], check::uk_nino, Likely;
    /// British NHS number.
    uk_nhs_number: ["ddd-ddd-dddd"], check::uk_nhs, Certain;
    /// German tax identification number.
    de_tax_id: ["dd-ddd-ddd-ddd"], check::de_tax_id, Certain;
    /// French social security number.
    fr_nir: ["d-dd-dd-XX-ddd-ddd-dd"], check::fr_nir, Certain;
    /// Spanish DNI and NIE.
    es_dni: ["dddddddd-A", "A-ddddddd-A"], check::es_dni, Certain;
    /// Dutch citizen service number.
    nl_bsn: ["ddd-ddd-ddd", "dddd-dd-ddd"], check::nl_bsn, Certain;
    /// Belgian national number.
    be_national_number: ["dd.dd.dd-ddd.dd", "ddddddddddd"], plain_be, Certain;
    /// Swedish personal identity number.
    se_personnummer: ["dddddddd-dddd", "dddddd-dddd"], check::se_personnummer, Certain;
    /// Finnish personal identity code.
    fi_hetu: ["dddddd-dddX", "dddddd+dddX", "ddddddAdddX"], finnish, Certain;
    /// Polish PESEL.
    pl_pesel: ["ddddddddddd"], check::pl_pesel, Certain;
    /// Swiss social security number.
    ch_ahv: ["756.dddd.dddd.dd", "756-dddd-dddd-dd"], swiss, Certain;
    /// Australian tax file number.
    au_tfn: ["ddd-ddd-ddd"], check::au_tfn, Certain;
    /// Australian Medicare card.
    au_medicare: ["dddd-ddddd-d-d", "dddd-ddddd-d"], check::au_medicare, Certain;
    /// Canadian social insurance number.
    ca_sin: ["ddd-ddd-ddd"], check::luhn, Certain;
    /// Indian Aadhaar.
    in_aadhaar: ["dddd-dddd-dddd"], check::verhoeff, Certain;
    /// Indian permanent account number.
    in_pan: ["AAAAAddddA"], indian_pan, Likely;
    /// Brazilian CPF.
    br_cpf: ["ddd.ddd.ddd-dd", "ddddddddddd"], brazilian_cpf, Certain;
    /// Brazilian CNPJ.
    br_cnpj: ["dd.ddd.ddd/dddd-dd", "dddddddddddddd"], brazilian_cnpj, Certain;
    /// Taiwanese identity card.
    tw_national_id: ["Addddddddd"], check::tw_national_id, Certain;
    /// Serial number of a mobile phone.
    imei: ["dd-dddddd-dddddd-d"], check::luhn, Certain;
}

/// Japanese driving licence; the check digit makes it certain, but is not published by an authority.
pub(crate) fn jp_driver_licence(window: &Window<'_>, found: &mut Vec<Found>) {
    let shapes = &["dddd-dddd-dddd", "dd-dd-dddddd-dd"];
    find(window, &Kind { shapes, valid: check::licence_prefecture, confidence: Confidence::Likely }, found);
    for found in found {
        let value: String =
            between(window.text, found.value.start, found.value.end).chars().filter(char::is_ascii_digit).collect();
        if check::licence(&value) {
            found.confidence = Confidence::Certain;
        }
    }
}

fn not_uniform(value: &str) -> bool {
    !check::is_uniform(value.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()))
}

fn corporate(value: &str) -> bool {
    check::corporate_number(value.strip_prefix('T').unwrap_or(value))
}

/// The digits alone, where points and slashes belong to the shape.
fn bare(value: &str) -> String {
    value.chars().filter(char::is_ascii_digit).collect()
}

fn plain_be(value: &str) -> bool {
    check::be_national(&bare(value))
}

fn swiss(value: &str) -> bool {
    check::ch_ahv(&bare(value))
}

fn brazilian_cpf(value: &str) -> bool {
    check::br_cpf(&bare(value))
}

fn brazilian_cnpj(value: &str) -> bool {
    check::br_cnpj(&bare(value))
}

/// The sign of the century is a separator or a letter: for the check it is one character.
fn finnish(value: &str) -> bool {
    let (Some(born), Some(rest)) = (value.get(..6), value.get(value.len().saturating_sub(4)..)) else { return false };
    check::fi_hetu(&format!("{born}-{rest}"))
}

fn indian_pan(value: &str) -> bool {
    value.chars().nth(3).is_some_and(|holder| "ABCFGHJLPT".contains(holder))
}

/// Every number of the kind in the window, whose trigger is the label.
fn find(window: &Window<'_>, kind: &Kind, found: &mut Vec<Found>) {
    let text = window.text;
    // A label in letters does not begin in the middle of a word; `userSsn` is no such middle.
    let label = after(text, window.at).bytes().next().unwrap_or_default();
    let previous = before(text, window.at).bytes().next_back().unwrap_or_default();
    if label.is_ascii_alphabetic()
        && previous.is_ascii_alphabetic()
        && !(label.is_ascii_uppercase() && previous.is_ascii_lowercase())
    {
        return;
    }
    let mut skip = 0;
    for (start, character) in text.char_indices() {
        if start < skip || !character.is_ascii_alphanumeric() || !free_before(text, start) {
            continue;
        }
        let Some((end, value)) =
            kind.shapes.iter().find_map(|shape| matches(text, start, shape).filter(|(end, _)| free_after(text, *end)))
        else {
            continue;
        };
        // A number that the window cuts is judged from another label, or not at all.
        if (end == text.len() && !window.ends) || (start == 0 && !window.starts) {
            continue;
        }
        if (kind.valid)(&value) {
            push(found, start, end, kind.confidence);
            skip = end;
        }
    }
}

/// Whether a character separates the groups of a number.
pub(super) fn is_separator(character: char) -> bool {
    is_hyphen(character) || matches!(character, ' ' | '\u{a0}' | '\u{3000}')
}

/// The many hyphens that people type between digits, the long-vowel sign included.
pub(super) fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | 'ー' | '\u{ff70}')
}

/// Matches a shape; returns its end and the value in capitals, without separators.
pub(super) fn matches(text: &str, start: usize, shape: &str) -> Option<(usize, String)> {
    let mut rest = after(text, start).chars().peekable();
    let mut end = start;
    let mut value = String::new();
    for expected in shape.chars() {
        let fits = |character: &char| match expected {
            'd' => character.is_ascii_digit(),
            'A' => character.is_ascii_alphabetic(),
            'X' => character.is_ascii_alphanumeric(),
            '-' | '=' => is_separator(*character),
            other => character.eq_ignore_ascii_case(&other),
        };
        match rest.next_if(fits) {
            Some(character) => {
                end += character.len_utf8();
                if !matches!(expected, '-' | '=') {
                    value.push(character.to_ascii_uppercase());
                }
            }
            None if expected == '-' => {}
            None => return None,
        }
    }
    Some((end, value))
}

/// Whether a number may begin there: not inside a word, a longer number or an identifier with hyphens.
pub(super) fn free_before(text: &str, at: usize) -> bool {
    let mut previous = before(text, at).chars().rev();
    match previous.next() {
        Some(character) if character.is_ascii_alphanumeric() || character == '_' => false,
        Some('.' | '-' | '+') => !previous.next().is_some_and(|character| character.is_ascii_alphanumeric()),
        _ => true,
    }
}

/// Whether a number may end there.
pub(super) fn free_after(text: &str, at: usize) -> bool {
    let mut next = after(text, at).chars();
    match next.next() {
        Some(character) if character.is_ascii_alphanumeric() || character == '_' => false,
        Some('.' | '-') => !next.next().is_some_and(|character| character.is_ascii_digit()),
        _ => true,
    }
}
