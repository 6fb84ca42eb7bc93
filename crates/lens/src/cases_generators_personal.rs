//! Random values of personal numbers, for the cases of the rules: a shape is filled until its check digit holds.

use crate::personal::check;

/// How often a shape is filled before the generator gives up; the rarest check passes once in 97 times.
const TRIES_MAX: usize = 20_000;

/// The value of a named directive; `None` where the name is not known here. The argument is the separator between
/// groups (`{{my-number:-}}`), for cards the network.
pub(crate) fn generate(name: &str, argument: &str, random: &mut dyn FnMut(u32) -> u32) -> Option<String> {
    let (shape, valid): (&str, fn(&str) -> bool) = match name {
        "my-number" => ("dddd-dddd-dddd", check::my_number),
        "corporate-number" => ("ddddddddddddd", check::corporate_number),
        "driver-licence" => ("dddddddddddd", |value| check::licence(value) && check::licence_prefecture(value)),
        "insurer" => ("dddddddd", check::luhn),
        "luhn-card" => (card(argument), check::luhn),
        "iban" => ("DEdd-dddd-dddd-dddd-dddd-dd", check::iban),
        "imei" => ("35-dddddd-dddddd-d", check::luhn),
        "nhs" => ("9dd-ddd-dddd", check::uk_nhs),
        "de-tax-id" => ("dd-ddd-ddd-ddd", check::de_tax_id),
        "nir" => ("1-85-07-75-ddd-ddd-dd", check::fr_nir),
        "dni" => ("ddddddddA", check::es_dni),
        "nie" => ("XdddddddA", check::es_dni),
        "codice-fiscale" => ("RSSMRA85T10A562A", check::it_codice_fiscale),
        "bsn" => ("ddddddddd", check::nl_bsn),
        "be-national" => ("850730ddddd", check::be_national),
        "personnummer" => ("811218dddd", check::se_personnummer),
        "pesel" => ("440514ddddd", check::pl_pesel),
        "ahv" => ("756dddddddddd", check::ch_ahv),
        "tfn" => ("ddd-ddd-ddd", check::au_tfn),
        "medicare" => ("2ddd-ddddd-d", |value| check::au_medicare(&format!("{value}1")) && check::au_medicare(value)),
        "sin" => ("1dd-ddd-ddd", check::luhn),
        "aadhaar" => ("dddd-dddd-dddd", check::verhoeff),
        "cpf" => ("ddddddddddd", check::br_cpf),
        "cnpj" => ("dddddddd0001dd", check::br_cnpj),
        "rrn" => ("8504021dddddd", check::kr_rrn),
        "resident-id" => ("11010519850402dddd", check::cn_resident),
        "nric" => ("SdddddddA", check::sg_nric),
        "tw-id" => ("A1dddddddd", check::tw_national_id),
        _ => return None,
    };
    let compact = (0..TRIES_MAX).map(|_| fill(shape, random)).find(|value| valid(value))?;
    Some(written(name, shape, argument, &compact))
}

fn card(network: &str) -> &'static str {
    match network {
        "amex" => "37ddddddddddddd",
        "jcb" => "3530dddddddddddd",
        "master" => "5199dddddddddddd",
        "diners" => "36dddddddddddd",
        "-" => "4999-dddd-dddd-dddd",
        _ => "4999dddddddddddd",
    }
}

/// Random characters for `d` and a final `A`; separators are left out.
fn fill(shape: &str, random: &mut dyn FnMut(u32) -> u32) -> String {
    let last = shape.len().saturating_sub(1);
    shape
        .char_indices()
        .filter(|(_, character)| *character != '-')
        .filter_map(|(at, character)| match character {
            'd' => char::from_digit(random(10), 10),
            'A' if at == last => char::from_u32(u32::from('A') + random(26)),
            other => Some(other),
        })
        .collect()
}

/// The value as it is written: groups with the separator, or the punctuation of its country.
fn written(name: &str, shape: &str, argument: &str, compact: &str) -> String {
    let cut = |lengths: &[(usize, &str)]| {
        let mut rest = compact;
        let mut out = String::new();
        for (length, sign) in lengths {
            let (head, tail) = rest.split_at_checked(*length).unwrap_or((rest, ""));
            out.push_str(head);
            out.push_str(sign);
            rest = tail;
        }
        out + rest
    };
    match (name, argument) {
        ("cpf", ".") => cut(&[(3, "."), (3, "."), (3, "-")]),
        ("cnpj", ".") => cut(&[(2, "."), (3, "."), (3, "/"), (4, "-")]),
        ("be-national", ".") => cut(&[(2, "."), (2, "."), (2, "-"), (3, ".")]),
        ("ahv", ".") => cut(&[(3, "."), (4, "."), (4, ".")]),
        ("rrn", _) => cut(&[(6, "-")]),
        ("personnummer", "-") => cut(&[(6, "-")]),
        ("luhn-card", "-") => separated(shape, "-", compact),
        ("luhn-card", _) => compact.to_owned(),
        (_, separator) => separated(shape, separator, compact),
    }
}

fn separated(shape: &str, separator: &str, compact: &str) -> String {
    let mut characters = compact.chars();
    shape.chars().fold(String::new(), |mut out, expected| {
        match expected {
            '-' => out.push_str(if separator == "_" { " " } else { separator }),
            _ => out.extend(characters.next()),
        }
        out
    })
}
