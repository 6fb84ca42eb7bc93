//! Numbers that their own structure gives away, without a label: cards, bank accounts, identity numbers.

use crate::rule::{Confidence, Found, Window};

use super::check;
use super::labelled::{free_after, free_before, is_separator, matches};
use super::scan::{after, before, near, push};

/// Numbers that payment services publish for tests.
const TEST_CARDS: [&str; 22] = [
    "4111111111111111",
    "4242424242424242",
    "4012888888881881",
    "4000056655665556",
    "4222222222222",
    "5555555555554444",
    "5105105105105100",
    "5200828282828210",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "378734493671000",
    "30569309025904",
    "38520000023237",
    "3530111333300000",
    "3566002020360505",
    "6011111111111117",
    "6011000990139424",
    "6200000000000005",
    "4000000000000002",
    "4917610000000000",
    "5431111111111111",
];
const CARD_WORDS: [&str; 14] = [
    "カード",
    "クレジット",
    "クレカ",
    "決済",
    "card",
    "visa",
    "mastercard",
    "master",
    "jcb",
    "amex",
    "diners",
    "cvv",
    "cvc",
    "有効期限",
];

/// Credit and debit cards: issuer's range, length and Luhn.
pub(crate) fn credit_card(window: &Window<'_>, found: &mut Vec<Found>) {
    let (text, start) = (window.text, window.at);
    if !matches!(after(text, start).bytes().next(), Some(b'2'..=b'6'))
        || !free_before(text, start)
        || continues(text, start)
    {
        return;
    }
    let Some((end, groups)) = grouped(text, start, 19, 5) else { return };
    let value: String = groups.concat();
    if (end == text.len() && !window.ends) || !free_after(text, end) || !is_card(&value) || !check::luhn(&value) {
        return;
    }
    let lengths: Vec<usize> = groups.iter().map(String::len).collect();
    let whole = lengths.len() == 1;
    let usual = [&[4, 4, 4, 4][..], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 4, 3], &[4, 4, 4, 1], &[6, 10], &[8, 8]]
        .contains(&lengths.as_slice());
    if !whole && !usual {
        return;
    }
    let named = near(text, start, end, &CARD_WORDS, 90, 40);
    // Thirteen digits are a bar code more often than a card.
    if value.len() == 13 && !named {
        return;
    }
    let confidence = if TEST_CARDS.contains(&value.as_str()) {
        Confidence::Possible
    } else if usual || named {
        Confidence::Certain
    } else {
        Confidence::Likely
    };
    push(found, start, end, confidence);
}

/// The ranges that the networks publish.
fn is_card(value: &str) -> bool {
    let head = |length: usize| value.get(..length).and_then(|head| head.parse::<u32>().ok()).unwrap_or(0);
    match value.len() {
        13 | 19 if head(1) == 4 => true,
        14 => matches!(head(3), 300..=305 | 309) || matches!(head(2), 36 | 38 | 39),
        15 => matches!(head(2), 34 | 37),
        16 => {
            head(1) == 4
                || matches!(head(2), 51..=55 | 62 | 65)
                || matches!(head(4), 2221..=2720 | 3528..=3589 | 6011)
                || matches!(head(3), 644..=649)
                || matches!(head(2), 36 | 38 | 39)
        }
        17..=19 => head(2) == 62,
        _ => false,
    }
}

/// Whether digits and a separator stand before: then the number began earlier.
fn continues(text: &str, start: usize) -> bool {
    let mut previous = before(text, start).chars().rev();
    previous.next().is_some_and(is_separator) && previous.next().is_some_and(|character| character.is_ascii_digit())
}

/// Digits in groups with the same separator between them, and where they end.
fn grouped(text: &str, start: usize, digits_max: usize, groups_max: usize) -> Option<(usize, Vec<String>)> {
    let mut groups: Vec<String> = vec![String::new()];
    let mut separator = None;
    let mut end = start;
    let mut count = 0;
    let mut rest = after(text, start).chars().peekable();
    while let Some(character) = rest.next() {
        if character.is_ascii_digit() {
            count += 1;
            if count > digits_max {
                return None;
            }
            groups.last_mut()?.push(character);
            end += character.len_utf8();
        } else if is_separator(character)
            && *separator.get_or_insert(character) == character
            && rest.peek().is_some_and(char::is_ascii_digit)
            && groups.len() < groups_max
        {
            groups.push(String::new());
            end += character.len_utf8();
        } else {
            break;
        }
    }
    Some((end, groups))
}

/// IBAN: country, two check digits, and the remainder.
pub(crate) fn iban(window: &Window<'_>, found: &mut Vec<Found>) {
    let text = window.text;
    let mut letters = before(text, window.at).char_indices().rev();
    let (Some((_, second)), Some((start, first))) = (letters.next(), letters.next()) else { return };
    if !first.is_ascii_uppercase() || !second.is_ascii_uppercase() || !free_before(text, start) {
        return;
    }
    let Some(length) = iban_length(&format!("{first}{second}")) else { return };
    let mut value = String::new();
    let mut end = start;
    let mut gap = false;
    for character in after(text, start).chars() {
        if character.is_ascii_uppercase() || character.is_ascii_digit() {
            value.push(character);
            gap = false;
        } else if matches!(character, ' ' | '-') && !gap && value.len().is_multiple_of(4) {
            gap = true;
        } else {
            break;
        }
        end += character.len_utf8();
        if value.len() == length {
            break;
        }
    }
    if value.len() == length && !super::scan::word_after(text, end) && check::iban(&value) {
        push(found, start, end, Confidence::Certain);
    }
}

/// The lengths of the IBAN registry (SWIFT).
fn iban_length(country: &str) -> Option<usize> {
    Some(match country {
        "NO" => 15,
        "BE" => 16,
        "DK" | "FI" | "FO" | "GL" | "NL" | "SD" => 18,
        "MK" | "SI" => 19,
        "AT" | "BA" | "EE" | "KZ" | "LT" | "LU" | "XK" => 20,
        "CH" | "HR" | "LI" | "LV" => 21,
        "BG" | "BH" | "CR" | "DE" | "GB" | "GE" | "IE" | "ME" | "RS" | "VA" => 22,
        "AE" | "GI" | "IL" | "IQ" | "OM" | "SO" | "TL" => 23,
        "AD" | "CZ" | "ES" | "MD" | "PK" | "RO" | "SA" | "SE" | "SK" | "TN" | "VG" => 24,
        "LY" | "PT" | "ST" => 25,
        "IS" | "TR" => 26,
        "BI" | "DJ" | "FR" | "GR" | "IT" | "MC" | "MR" | "SM" => 27,
        "AL" | "AZ" | "BY" | "CY" | "DO" | "GT" | "HU" | "LB" | "NI" | "PL" | "SV" => 28,
        "BR" | "EG" | "PS" | "QA" | "UA" => 29,
        "JO" | "KW" | "MU" => 30,
        "MT" | "SC" => 31,
        "LC" => 32,
        "RU" => 33,
        _ => return None,
    })
}

/// Chinese resident identity number.
pub(crate) fn cn_resident_id(window: &Window<'_>, found: &mut Vec<Found>) {
    shaped(window, 0, "dddddddddddddddddX", check::cn_resident, found);
}

/// Korean resident registration number; without the hyphen only where a word says so.
pub(crate) fn kr_rrn(window: &Window<'_>, found: &mut Vec<Found>) {
    shaped(window, 0, "dddddd=ddddddd", check::kr_rrn, found);
    if found.is_empty()
        && near(
            window.text,
            window.at,
            window.at + 13,
            &["주민등록", "住民登録番号", "rrn", "resident registration"],
            60,
            30,
        )
    {
        shaped(window, 0, "ddddddddddddd", check::kr_rrn, found);
    }
}

/// Singapore NRIC and FIN.
pub(crate) fn sg_nric(window: &Window<'_>, found: &mut Vec<Found>) {
    shaped(window, 1, "AdddddddA", check::sg_nric, found);
}

/// Italian codice fiscale.
pub(crate) fn it_codice_fiscale(window: &Window<'_>, found: &mut Vec<Found>) {
    shaped(window, 6, "AAAAAAXXAXXAXXXA", check::it_codice_fiscale, found);
}

/// A number of one shape, whose first digit has that many letters before it.
fn shaped(window: &Window<'_>, letters: usize, shape: &str, valid: fn(&str) -> bool, found: &mut Vec<Found>) {
    let text = window.text;
    let Some(start) = window.at.checked_sub(letters) else { return };
    let head = super::scan::between(text, start, window.at);
    if head.len() != letters || !head.bytes().all(|byte| byte.is_ascii_uppercase()) || !free_before(text, start) {
        return;
    }
    let Some((end, value)) = matches(text, start, shape) else { return };
    if free_after(text, end) && valid(&value) {
        push(found, start, end, Confidence::Certain);
    }
}

/// What may stand between the kind of an account and its number.
const ACCOUNT_WORDS: [&str; 14] =
    ["預金口座", "預金", "口座番号", "口座", "番号", "No.", "No", "number", "普通", "当座", "は", "が", "名義", "の"];

/// Account of a Japanese bank: its kind (普通, 当座) or 口座番号, and seven digits.
pub(crate) fn jp_bank_account(window: &Window<'_>, found: &mut Vec<Found>) {
    const LABELS: [&str; 8] = ["口座番号", "普通", "当座", "(普)", "(当)", "貯蓄預金", "account no", "account number"];
    let (text, mut at) = (window.text, window.at);
    let label = LABELS
        .iter()
        .find(|label| after(text, at).get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label)));
    at += label.map_or(0, |label| label.len());
    for _ in 0..12 {
        let rest = after(text, at);
        let sign = rest
            .chars()
            .next()
            .filter(|character| is_separator(*character) || ":.)]},\"'|=><\t\n\r「(#".contains(*character));
        let word = ACCOUNT_WORDS.iter().find(|word| rest.starts_with(**word)).map(|word| word.len());
        match sign.map(char::len_utf8).or(word) {
            Some(length) => at += length,
            None => break,
        }
    }
    let Some((end, value)) = matches(text, at, "ddddddd") else { return };
    let counted = ["件", "円", "人", "名", "個", "台", "点", "回", "年", "枚", "部", "株", "%"]
        .iter()
        .any(|unit| after(text, end).starts_with(unit));
    let cut = end == text.len() && !window.ends;
    if !cut && !counted && free_before(text, at) && free_after(text, end) && !check::is_uniform(&value) {
        push(found, at, end, Confidence::Likely);
    }
}

/// Account of Japan Post Bank: a symbol of five digits and a number of up to eight.
pub(crate) fn jp_post_bank_account(window: &Window<'_>, found: &mut Vec<Found>) {
    let text = window.text;
    for (start, _) in text.char_indices().skip_while(|(at, _)| *at < window.at) {
        let Some((middle, symbol)) = matches(text, start, "1ddd0") else { continue };
        if !free_before(text, start) || after(text, middle).starts_with(|next: char| next.is_ascii_digit()) {
            continue;
        }
        // `-`, a space, `番号` and the like stand between.
        let gap = after(text, middle).chars().take(12).take_while(|next| !next.is_ascii_digit()).collect::<String>();
        let number = middle + gap.len();
        let length = after(text, number).bytes().take_while(u8::is_ascii_digit).count();
        let words = gap.trim_matches(|character: char| {
            is_separator(character) || matches!(character, ':' | '・' | '、' | ',' | '/' | '\n')
        });
        let plain = matches!(words, "" | "番号" | "口座番号" | "番号:" | "-" | "の");
        if (6..=8).contains(&length) && plain && free_after(text, number + length) && !check::is_uniform(&symbol) {
            push(found, start, number + length, Confidence::Likely);
            return;
        }
    }
}

/// Symbol and number of a health insurance card: `記号 12-34 番号 567`.
pub(crate) fn jp_insured_number(window: &Window<'_>, found: &mut Vec<Found>) {
    let text = window.text;
    let is_part = |character: char| {
        character.is_ascii_alphanumeric() || is_separator(character) || matches!(character, '.' | '・')
    };
    let rest = after(text, window.at);
    let Some(at) = rest.find("記号").filter(|at| *at <= 60) else { return };
    let is_gap = |character: char| is_separator(character) || matches!(character, ':' | '・' | '(' | ')' | '\n');
    let after_symbol = after(rest, at + "記号".len());
    let symbol_text = after_symbol.trim_start_matches(is_gap);
    let start = window.at + at + "記号".len() + (after_symbol.len() - symbol_text.len());
    let symbol_bytes = symbol_text.find(|character| !is_part(character)).unwrap_or(symbol_text.len());
    let symbol = after(text, start).get(..symbol_bytes).unwrap_or_default().trim_end();
    let Some(number_text) = after(symbol_text, symbol_bytes).trim_start_matches(is_gap).strip_prefix("番号") else {
        return;
    };
    let number_text = number_text.trim_start_matches(is_gap);
    let number = window.at + rest.len() - number_text.len();
    let digits = number_text.bytes().take_while(u8::is_ascii_digit).count();
    if symbol.bytes().filter(u8::is_ascii_digit).count() >= 2
        && symbol.len() <= 24
        && (1..=10).contains(&digits)
        && free_after(text, number + digits)
    {
        push(found, start, number + digits, Confidence::Likely);
    }
}
