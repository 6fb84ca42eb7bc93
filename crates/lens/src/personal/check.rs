//! Check digits. Each takes the value without separators and says whether it holds; none panics on other texts.

/// The digits of the value; `None` where anything else stands in it.
fn digits(value: &str) -> Option<Vec<u32>> {
    value.chars().map(|character| character.to_digit(10)).collect()
}

/// The sum of digit times weight, as far as both reach.
fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

fn last(digits: &[u32]) -> u32 {
    digits.last().copied().unwrap_or(99)
}

fn number(value: &str) -> Option<u64> {
    value.parse().ok()
}

/// No check digit: the shape and the label decide.
pub(crate) fn none(_: &str) -> bool {
    true
}

/// Whether one digit is all there is (`0000000`).
pub(crate) fn is_uniform(value: &str) -> bool {
    let mut bytes = value.bytes();
    let first = bytes.next();
    bytes.all(|byte| Some(byte) == first)
}

/// Luhn, ISO/IEC 7812-1 annex B: cards, IMEI, Canadian SIN, Japanese insurers.
pub(crate) fn luhn(value: &str) -> bool {
    let Some(digits) = digits(value) else { return false };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    digits.len() > 1 && sum.is_multiple_of(10) && !is_uniform(value)
}

/// My Number: ordinance 85 of 2014 of the Ministry of Internal Affairs and Communications, article 5.
pub(crate) fn my_number(value: &str) -> bool {
    let Some(digits) = digits(value).filter(|digits| digits.len() == 12) else { return false };
    let rest = weighted(&digits, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    last(&digits) == if rest <= 1 { 0 } else { 11 - rest } && !is_uniform(value)
}

/// Corporate number: ordinance 70 of 2014 of the Ministry of Finance, article 2. The first digit is the check digit.
pub(crate) fn corporate_number(value: &str) -> bool {
    let Some(digits) = digits(value).filter(|digits| digits.len() == 13) else { return false };
    let Some((first, rest)) = digits.split_first() else { return false };
    *first == 9 - weighted(rest, &[2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]) % 9
}

/// Numbers whose weighted sum is a multiple.
fn divides(value: &str, weights: &[u32], modulus: u32) -> bool {
    digits(value).is_some_and(|digits| {
        digits.len() == weights.len() && weighted(&digits, weights).is_multiple_of(modulus) && !is_uniform(value)
    })
}

/// Driving licence: the first two digits are a public safety commission's.
pub(crate) fn licence_prefecture(value: &str) -> bool {
    let mut digits = value.bytes().map(|byte| byte.wrapping_sub(b'0'));
    let (Some(region), Some(within)) = (digits.next(), digits.next()) else { return false };
    let most = [0, 4, 5, 0, 9, 5, 5, 4, 3, 7];
    most.get(usize::from(region)).is_some_and(|most| region > 0 && within <= *most)
}

/// Driving licence: the check digit, as it is commonly described.
pub(crate) fn licence(value: &str) -> bool {
    let Some(digits) = digits(value).filter(|digits| digits.len() == 12) else { return false };
    let rest = weighted(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    digits.get(10) == Some(&((11 - rest) % 10)) && !is_uniform(value)
}

/// US social security number: no group is all zeros, the area is not 666 nor 9xx.
pub(crate) fn us_ssn(value: &str) -> bool {
    let part = |start: usize, end: usize| value.get(start..end).unwrap_or_default();
    !matches!(part(0, 3), "000" | "666")
        && !value.starts_with('9')
        && part(3, 5) != "00"
        && part(5, 9) != "0000"
        && !is_uniform(value)
}

/// US individual taxpayer number: 9xx and a middle group that the IRS issues.
pub(crate) fn us_itin(value: &str) -> bool {
    let group = value.get(3..5).and_then(number).unwrap_or(0);
    value.starts_with('9') && matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99)
}

/// IBAN, ISO 13616: remainder 97.
pub(crate) fn iban(value: &str) -> bool {
    let Some((head, tail)) = value.split_at_checked(4) else { return false };
    let rest = tail.chars().chain(head.chars()).try_fold(0u32, |rest, character| {
        let digit = character.to_digit(36)?;
        Some(if digit < 10 { (rest * 10 + digit) % 97 } else { (rest * 100 + digit) % 97 })
    });
    rest == Some(1)
}

/// British national insurance number: prefixes that are not issued.
pub(crate) fn uk_nino(value: &str) -> bool {
    let mut letters = value.chars();
    let (first, second) = (letters.next().unwrap_or('D'), letters.next().unwrap_or('O'));
    let unused = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"];
    !"DFIQUV".contains(first) && !"DFIQUVO".contains(second) && !unused.iter().any(|prefix| value.starts_with(prefix))
}

/// British NHS number: modulus 11.
pub(crate) fn uk_nhs(value: &str) -> bool {
    divides(value, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 11)
}

/// ISO 7064 MOD 11,10: the German tax identification number.
pub(crate) fn de_tax_id(value: &str) -> bool {
    let Some(digits) = digits(value).filter(|digits| digits.len() == 11 && digits.first() != Some(&0)) else {
        return false;
    };
    let product = digits.iter().take(10).fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    last(&digits) == (11 - product) % 10
}

/// French NIR: key 97; the departments 2A and 2B count as 19 and 18.
pub(crate) fn fr_nir(value: &str) -> bool {
    let plain = value.replacen("2A", "19", 1).replacen("2B", "18", 1);
    let (Some(body), Some(key)) = (plain.get(..13).and_then(number), plain.get(13..).and_then(number)) else {
        return false;
    };
    matches!(value.as_bytes().first(), Some(b'1' | b'2')) && key == 97 - body % 97
}

/// Spanish DNI and NIE: the letter is the number modulo 23.
pub(crate) fn es_dni(value: &str) -> bool {
    let plain = value.to_ascii_uppercase().replacen('X', "0", usize::from(value.starts_with(['X', 'x'])));
    let plain = if plain.starts_with('Y') { plain.replacen('Y', "1", 1) } else { plain };
    let plain = if plain.starts_with('Z') { plain.replacen('Z', "2", 1) } else { plain };
    let (Some(body), Some(letter)) = (plain.get(..8).and_then(number), plain.get(8..)) else { return false };
    let place = usize::try_from(body % 23).unwrap_or(0);
    "TRWAGMYFPDXBNJZSQVHLCKE".get(place..=place) == Some(letter)
}

/// Italian codice fiscale: decree of 23 December 1976.
pub(crate) fn it_codice_fiscale(value: &str) -> bool {
    const ODD: [u32; 36] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
        10, 22, 25, 24, 23,
    ];
    let codes: Vec<u32> = value.chars().filter_map(|character| character.to_digit(36)).collect();
    let sum: u32 = codes
        .iter()
        .take(15)
        .enumerate()
        .map(|(place, &code)| match place % 2 {
            0 => ODD.get(code as usize).copied().unwrap_or(0),
            _ if code < 10 => code,
            _ => code - 10,
        })
        .sum();
    codes.len() == 16 && codes.last() == Some(&(sum % 26 + 10))
}

/// Dutch BSN: the eleven-test.
pub(crate) fn nl_bsn(value: &str) -> bool {
    digits(value).is_some_and(|digits| {
        let sum = weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]);
        digits.len() == 9 && sum > 0 && sum % 11 == last(&digits) && !is_uniform(value)
    })
}

/// Belgian national number: key 97, with a 2 before it for those born from 2000 on.
pub(crate) fn be_national(value: &str) -> bool {
    let (Some(body), Some(key)) = (value.get(..9).and_then(number), value.get(9..).and_then(number)) else {
        return false;
    };
    key == 97 - body % 97 || key == 97 - (2_000_000_000 + body) % 97
}

/// Swedish personal number: Luhn over the last ten digits.
pub(crate) fn se_personnummer(value: &str) -> bool {
    let ten = value.get(value.len().saturating_sub(10)..).unwrap_or_default();
    let month = ten.get(2..4).and_then(number).unwrap_or(0);
    let day = ten.get(4..6).and_then(number).unwrap_or(0);
    (1..=12).contains(&month) && matches!(day, 1..=31 | 61..=91) && luhn(ten)
}

/// Finnish personal identity code: the letter is the number modulo 31.
pub(crate) fn fi_hetu(value: &str) -> bool {
    let (Some(born), Some(serial), Some(check)) = (value.get(..6), value.get(7..10), value.get(10..11)) else {
        return false;
    };
    let Some(number) = number(&format!("{born}{serial}")) else { return false };
    let place = usize::try_from(number % 31).unwrap_or(0);
    "0123456789ABCDEFHJKLMNPRSTUVWXY".get(place..=place) == Some(check)
}

/// Polish PESEL.
pub(crate) fn pl_pesel(value: &str) -> bool {
    divides(value, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1], 10)
}

/// Swiss AHV number: EAN-13.
pub(crate) fn ch_ahv(value: &str) -> bool {
    divides(value, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1], 10)
}

/// Australian tax file number.
pub(crate) fn au_tfn(value: &str) -> bool {
    divides(value, &[1, 4, 3, 7, 5, 8, 6, 9, 10], 11)
}

/// Australian Medicare card: the ninth digit.
pub(crate) fn au_medicare(value: &str) -> bool {
    digits(value).is_some_and(|digits| {
        let sum = weighted(&digits, &[1, 3, 7, 9, 1, 3, 7, 9]);
        matches!(digits.first(), Some(2..=6)) && digits.get(8) == Some(&(sum % 10))
    })
}

/// Korean resident registration number: a date, and a check digit for those issued before October 2020.
pub(crate) fn kr_rrn(value: &str) -> bool {
    let month = value.get(2..4).and_then(number).unwrap_or(0);
    let day = value.get(4..6).and_then(number).unwrap_or(0);
    (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && digits(value).is_some_and(|digits| {
            let rest = weighted(&digits, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11;
            matches!(digits.get(6), Some(1..=8)) && last(&digits) == (11 - rest) % 10
        })
}

/// Chinese resident identity number, GB 11643: a date, and ISO 7064 MOD 11-2.
pub(crate) fn cn_resident(value: &str) -> bool {
    let year = value.get(6..10).and_then(number).unwrap_or(0);
    let month = value.get(10..12).and_then(number).unwrap_or(0);
    let day = value.get(12..14).and_then(number).unwrap_or(0);
    let Some(body) = value.get(..17).and_then(digits) else { return false };
    let sum = weighted(&body, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    let check = "10X98765432".chars().nth((sum % 11) as usize);
    (1900..=2100).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && matches!(body.first(), Some(1..=8))
        && value.chars().last().map(|letter| letter.to_ascii_uppercase()) == check
}

/// Singapore NRIC and FIN.
pub(crate) fn sg_nric(value: &str) -> bool {
    let (Some(first), Some(check)) = (value.chars().next(), value.chars().last()) else { return false };
    let Some(body) = value.get(1..8).and_then(digits) else { return false };
    let sum = weighted(&body, &[2, 7, 6, 5, 4, 3, 2]);
    let (letters, extra) = match first {
        'S' => ("JZIHGFEDCBA", 0),
        'T' => ("JZIHGFEDCBA", 4),
        'F' => ("XWUTRQPNMLK", 0),
        'G' => ("XWUTRQPNMLK", 4),
        'M' => ("KLJNPQRTUWX", 3),
        _ => return false,
    };
    let place = (sum + extra) % 11;
    letters.chars().nth(if first == 'M' { 10 - place } else { place } as usize) == Some(check)
}

/// Indian Aadhaar: Verhoeff.
pub(crate) fn verhoeff(value: &str) -> bool {
    const MULTIPLY: [[usize; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const PERMUTE: [[usize; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let Some(digits) = digits(value) else { return false };
    let check = digits
        .iter()
        .rev()
        .zip(PERMUTE.iter().cycle())
        .try_fold(0usize, |check, (digit, row)| MULTIPLY.get(check)?.get(*row.get(*digit as usize)?).copied());
    check == Some(0) && !matches!(digits.first(), Some(0 | 1))
}

/// Brazilian CPF: two digits of modulus 11.
pub(crate) fn br_cpf(value: &str) -> bool {
    eleven_twice(value, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2], 11)
}

/// Brazilian CNPJ.
pub(crate) fn br_cnpj(value: &str) -> bool {
    eleven_twice(value, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], 14)
}

/// Two check digits; the weights are those of the second, the first takes them without their first.
fn eleven_twice(value: &str, weights: &[u32], length: usize) -> bool {
    let Some(digits) = digits(value).filter(|digits| digits.len() == length && !is_uniform(value)) else {
        return false;
    };
    let check = |weights: &[u32]| match weighted(&digits, weights) % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    let first = check(weights.get(1..).unwrap_or_default());
    digits.get(length - 2) == Some(&first) && last(&digits) == check(weights)
}

/// Taiwanese identity card.
pub(crate) fn tw_national_id(value: &str) -> bool {
    let place = value.chars().next().and_then(|first| "ABCDEFGHJKLMNPQRSTUVXYWZIO".find(first));
    let (Some(place), Some(body)) =
        (place.and_then(|place| u32::try_from(place).ok()), value.get(1..).and_then(digits))
    else {
        return false;
    };
    let region = place + 10;
    let sum = region / 10 + region % 10 * 9 + weighted(&body, &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
    matches!(body.first(), Some(1 | 2 | 8 | 9)) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Example = (fn(&str) -> bool, &'static str, &'static str);

    #[test]
    fn published_examples_pass_and_their_neighbours_fail() {
        let cases: &[Example] = &[
            (luhn, "4111111111111111", "4111111111111112"),
            (my_number, "123456789018", "123456789019"),
            (corporate_number, "7000012050002", "8000012050002"),
            (iban, "GB82WEST12345698765432", "GB83WEST12345698765432"),
            (uk_nhs, "9434765919", "9434765918"),
            (de_tax_id, "86095742719", "86095742718"),
            (fr_nir, "255081416802538", "255081416802539"),
            (es_dni, "12345678Z", "12345678A"),
            (es_dni, "X1234567L", "X1234567M"),
            (it_codice_fiscale, "RSSMRA85T10A562S", "RSSMRA85T10A562T"),
            (nl_bsn, "111222333", "111222334"),
            (be_national, "85073003328", "85073003329"),
            (se_personnummer, "8112189876", "8112189875"),
            (fi_hetu, "131052-308T", "131052-308U"),
            (pl_pesel, "44051401359", "44051401358"),
            (ch_ahv, "7569217076985", "7569217076986"),
            (au_tfn, "123456782", "123456783"),
            (au_medicare, "2123456701", "2123456711"),
            (cn_resident, "11010519491231002X", "110105194912310021"),
            (sg_nric, "S1234567D", "S1234567E"),
            (verhoeff, "234123412346", "234123412347"),
            (br_cpf, "52998224725", "52998224724"),
            (br_cnpj, "11222333000181", "11222333000180"),
            (tw_national_id, "A123456789", "A123456788"),
            (licence_prefecture, "301234567890", "391234567890"),
            (licence, "309012345620", "309012345630"),
            (us_ssn, "219099999", "666099999"),
            (us_itin, "900701234", "900661234"),
            (uk_nino, "AB123456C", "BG123456C"),
        ];
        for (check, good, bad) in cases {
            assert!(check(good), "{good}");
            assert!(!check(bad), "{bad}");
            for odd in ["", "1", "é", "12345678901234567890123456789"] {
                check(odd);
            }
        }
    }
}
