//! Check digits and checksums that formats carry in themselves. Each function is named in a `rule.toml`.

/// GitHub, npm and Vercel: the last six characters are the CRC-32 of the rest behind the prefix, in base 62.
///
/// Source: GitHub engineering, "Behind GitHub's new authentication token formats" (2021); Vercel changelog, "New token
/// formats and secret scanning" (2026).
pub fn github(value: &str) -> bool {
    let Some((_, rest)) = value.split_once('_') else { return false };
    let Some((body, check)) = split_last(rest, 6) else { return false };
    !body.is_empty() && base62_of_crc(body) == check
}

/// The CRC-32 of a text in base 62 (digits, upper case, lower case), six characters.
pub(crate) fn base62_of_crc(body: &str) -> String {
    in_base(crc32(body.as_bytes()), b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 6)
}

/// GitLab's routable tokens: the last seven characters are the CRC-32 of all before them in base 36, and the two before
/// those are the length of the payload.
///
/// Source: GitLab, `lib/authn/token_field/generator/routable_token.rb` (17.11 and later).
pub fn gitlab_routable(value: &str) -> bool {
    let Some((body, check)) = split_last(value, 7) else { return false };
    let Some((front, length)) = split_last(body, 2) else { return false };
    let front = front.strip_suffix(".01.").or_else(|| front.strip_suffix('.'));
    let (Some(front), Ok(length)) = (front, usize::from_str_radix(length, 36)) else { return false };
    front.len() > length && base36_of_crc(body) == check
}

/// The CRC-32 of a text in base 36, seven characters.
pub(crate) fn base36_of_crc(body: &str) -> String {
    in_base(crc32(body.as_bytes()), b"0123456789abcdefghijklmnopqrstuvwxyz", 7)
}

/// Atlassian and Bitbucket Cloud (`ATATT…`, `ATCTT…`, `ATBB…`): the last eight characters are the CRC-32 of all before
/// them, in hexadecimal digits of either case.
///
/// Source: CredSweeper, `value_atlassian_token_check.py`; Kingfisher, `bitbucket.yml`.
pub fn atlassian(value: &str) -> bool {
    let Some((body, check)) = split_last(value, 8) else { return false };
    let is_hex = check.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex && u32::from_str_radix(check, 16).is_ok_and(|check| check == crc32(body.as_bytes()))
}

/// PyPI: a macaroon of version 2 in base64url behind `pypi-`: location, identifier, caveats, and a signature of 32
/// bytes at the end. The signature itself cannot be checked without PyPI's key.
///
/// Source: libmacaroons, "Macaroon binary format v2"; Warehouse, `warehouse/macaroons/services.py`.
pub fn pypi(value: &str) -> bool {
    let Some(bytes) = value.strip_prefix("pypi-").and_then(|body| base64(body.trim_end_matches('='))) else {
        return false;
    };
    let Some((2, mut rest)) = bytes.split_first().map(|(first, rest)| (*first, rest)) else { return false };
    let mut sections = 0;
    // Each turn consumes at least one byte.
    while let Some((kind, after)) = rest.split_first() {
        rest = after;
        match kind {
            0 if sections > 0 && rest.starts_with(&[6, 32]) => return rest.len() == 34,
            0 => sections += 1,
            1 | 2 | 4 => {
                let Some(after) = field(rest) else { return false };
                rest = after;
            }
            _ => return false,
        }
    }
    false
}

/// Steps over one length-prefixed field of a macaroon; lengths of two bytes are enough for any token.
fn field(bytes: &[u8]) -> Option<&[u8]> {
    let (low, rest) = bytes.split_first()?;
    if *low < 0x80 {
        return rest.get(usize::from(*low)..);
    }
    let (high, rest) = rest.split_first()?;
    rest.get(usize::from(*low & 0x7f) + (usize::from(*high) << 7)..)
}

/// The seed of the checksum of the common annotated security key: `Default0`, as all providers use it.
pub(crate) const CASK_SEED: u64 = his_seed(b"Default0");

/// Azure's common annotated security key (`…JQQJ99…`, 84 characters, or 88 in its long form): three (four) bytes of
/// Marvin32 over the 60 bytes before them.
///
/// Source: Microsoft, `security-utilities`, `IdentifiableSecrets.TryValidateCommonAnnotatedKey`.
pub fn cask(value: &str) -> bool {
    let Some(bytes) = base64(value.trim_end_matches('=')) else { return false };
    let (Some(body), Some(check)) = (bytes.get(..60), bytes.get(60..)) else { return false };
    let wanted = marvin32(body, CASK_SEED).to_le_bytes();
    matches!(check.len(), 3 | 4) && wanted.starts_with(check)
}

/// Signatures of Azure's identifiable keys: the four characters, the key's length in bytes, and the seeds of its
/// checksum (one for each kind of key).
///
/// Source: Microsoft, `security-utilities`, `HighConfidenceMicrosoftSecurityModels.json`.
pub(crate) const AZURE_KEYS: &[(&str, usize, &[u64])] = &[
    ("+ASt", 64, &[4_928_457_935_994_778_672]),
    (
        "ACDb",
        64,
        &[
            5_003_045_579_370_016_816,
            5_575_864_757_095_706_672,
            5_575_864_757_096_230_960,
            5_937_278_606_306_848_816,
            6_014_965_502_159_106_096,
            6_014_965_720_764_330_032,
            6_014_965_720_764_854_320,
        ],
    ),
    ("+ABa", 64, &[4_711_400_055_309_086_768]),
    ("/AM7", 64, &[4_858_365_246_511_342_384]),
    (
        "APIM",
        64,
        &[6_081_388_236_577_714_224, 5_291_540_757_367_369_776, 5_143_520_228_578_766_896, 5_145_771_916_421_312_560],
    ),
    ("AIoT", 32, &[5_291_540_757_367_369_776, 4_928_475_562_238_095_408, 4_931_568_359_632_875_568]),
    ("+AEh", 32, MESSAGING_SEEDS),
    ("+ASb", 32, MESSAGING_SEEDS),
    ("+ARm", 32, MESSAGING_SEEDS),
    ("AzCa", 32, &[4_711_718_922_539_446_320]),
    ("AzSe", 39, &[5_869_709_231_681_187_888, 5_783_013_817_603_469_360]),
];
const MESSAGING_SEEDS: &[u64] = &[6_009_330_654_380_044_336, 5_506_058_963_192_262_704, 5_575_859_178_286_952_496];

/// Azure's identifiable keys (storage, Cosmos DB, Service Bus and others): Marvin32 over all bytes but the last four,
/// with a seed that depends on the service.
///
/// Source: Microsoft, `security-utilities`, `IdentifiableSecrets.ValidateChecksum`.
pub fn azure_key(value: &str) -> bool {
    let trimmed = value.trim_end_matches('=');
    let Some(bytes) = base64(trimmed) else { return false };
    let Some((body, check)) = bytes.split_last_chunk::<4>() else { return false };
    let signature = split_last(trimmed, 6).and_then(|(front, _)| split_last(front, 4)).map(|(_, signature)| signature);
    AZURE_KEYS.iter().any(|(name, length, seeds)| {
        Some(*name) == signature
            && *length == bytes.len()
            && seeds.iter().any(|seed| marvin32(body, *seed).to_le_bytes() == *check)
    })
}

/// A seed from its name of eight characters: the bytes in the order of the text, the first the highest.
const fn his_seed(name: &[u8; 8]) -> u64 {
    u64::from_be_bytes(*name)
}

/// Marvin32, both halves folded into one.
///
/// Source: Microsoft, SymCrypt, `lib/marvin32.c`.
pub(crate) fn marvin32(data: &[u8], seed: u64) -> u32 {
    let [a, b, c, d, e, f, g, h] = seed.to_le_bytes();
    let (mut low, mut high) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
    let mut mix = |word: u32| {
        low = low.wrapping_add(word);
        high ^= low;
        low = low.rotate_left(20).wrapping_add(high);
        high = high.rotate_left(9) ^ low;
        low = low.rotate_left(27).wrapping_add(high);
        high = high.rotate_left(19);
    };
    let (words, tail) = data.as_chunks::<4>();
    words.iter().for_each(|word| mix(u32::from_le_bytes(*word)));
    let mut last = [0u8; 4];
    last.iter_mut().zip(tail.iter().chain(&[0x80])).for_each(|(to, from)| *to = *from);
    mix(u32::from_le_bytes(last));
    mix(0);
    low ^ high
}

/// CRC-32 as in zip and Ethernet (reflected, polynomial 0xEDB88320).
///
/// Source: ITU-T V.42, section 8.1.1.6.2.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// A number in the base of its digits, padded with the digit for zero.
fn in_base(mut number: u32, digits: &[u8], width: usize) -> String {
    let base = u32::try_from(digits.len()).unwrap_or(1).max(1);
    let mut text: Vec<char> = (0..width)
        .map(|_| {
            let digit = digits.get((number % base) as usize).copied().unwrap_or(b'0');
            number /= base;
            char::from(digit)
        })
        .collect();
    text.reverse();
    text.into_iter().collect()
}

/// The text before its last `count` bytes, and these.
fn split_last(text: &str, count: usize) -> Option<(&str, &str)> {
    text.split_at_checked(text.len().checked_sub(count)?)
}

/// Decodes base64 of either alphabet without padding. Bits that fill no byte are ignored, as these formats set them.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            let [.., byte] = (bits >> count).to_be_bytes();
            bytes.push(byte);
            bits &= (1 << count) - 1;
        }
    }
    Some(bytes)
}

#[cfg(all(test, feature = "cases"))]
mod tests {
    use super::*;
    use crate::cases_generators::generate;

    /// The generated values pass, and a change of any one character does not.
    fn check(checksum: fn(&str) -> bool, name: &str, argument: &str) {
        let mut state = 7u32;
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below.max(1)
        };
        for _ in 0..20 {
            let value = generate(name, argument, &mut random).unwrap_or_default();
            assert!(checksum(&value), "{name}:{argument} {value}");
            let middle = value.len() / 2;
            let wrong: String =
                value.char_indices().map(|(at, char)| if at == middle { other(char) } else { char }).collect();
            assert!(!checksum(&wrong), "{name}:{argument} {wrong}");
            assert!(!checksum(""));
            assert!(!checksum("鍵"));
        }
    }

    fn other(char: char) -> char {
        if char == 'a' { 'b' } else { 'a' }
    }

    #[test]
    fn crc_of_github_npm_and_vercel() {
        assert_eq!(base62_of_crc("hello"), "0zNvy2");
        for prefix in ["ghp_", "gho_", "ghu_", "ghr_", "npm_"] {
            check(github, "github", prefix);
        }
        check(github, "vercel", "vcp_");
    }

    #[test]
    fn crc_of_gitlab() {
        check(gitlab_routable, "gitlab-routable", "glpat-");
        check(gitlab_routable, "gitlab-routable", "glrt-t2_");
        check(gitlab_routable, "gitlab-routable-old", "glpat-");
    }

    #[test]
    fn crc_of_atlassian() {
        assert_eq!(crc32(b"hello"), 0x3610_a686);
        check(atlassian, "atlassian", "ATBB");
        check(atlassian, "atlassian", "ATCTT3xFfGN0");
        check(atlassian, "atlassian", "ATATT3xFfGF0");
    }

    #[test]
    fn marvin_of_azure() {
        // The test vectors of SymCrypt and .NET, both halves folded.
        const SEED: u64 = 0x004f_b61a_001b_dbcc;
        let vectors: [(&[u8], u64); 5] = [
            (&[], 0x30ed_35c1_00cd_3c7d),
            (&[0xaf], 0x48e7_3fc7_7d75_ddc1),
            (&[0xe7, 0x0f], 0xb5f6_e1fc_485d_bff8),
            (&[0x37, 0xf4, 0x95], 0xf0b0_7c78_9b8c_f7e8),
            (&[0x86, 0x42, 0xdc, 0x59], 0x7008_f2e8_7e9c_f556),
        ];
        for (data, wanted) in vectors {
            assert_eq!(u64::from(marvin32(data, SEED)), (wanted >> 32) ^ (wanted & 0xffff_ffff), "{data:?}");
        }
        check(cask, "cask", "AZDO");
        check(cask, "cask", "AZEG");
        for (signature, ..) in AZURE_KEYS {
            check(azure_key, "azure-key", signature);
        }
    }

    #[test]
    fn the_frame_of_pypi() {
        for location in ["live", "test"] {
            let mut state = 3u32;
            let mut random = |below: u32| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) % below.max(1)
            };
            let value = generate("pypi", location, &mut random).unwrap_or_default();
            assert!(pypi(&value), "{value}");
            assert!(!pypi(value.strip_suffix("A").unwrap_or(value.get(..value.len() - 4).unwrap_or(""))));
            assert!(!pypi("pypi-AgEIcHlwaS5vcmc"));
        }
    }
}
