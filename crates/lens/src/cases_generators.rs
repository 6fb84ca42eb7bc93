//! Random values of formats with a checksum or a structure, for the cases of the rules.
//!
//! Each value passes the checks of its format and belongs to nobody.

use crate::checksum;

const ALNUM: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const B64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const B64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// How often a value is drawn again because its checksum contains a character that the format avoids.
const DRAWS_MAX: usize = 1_000;

/// The value of a named directive; `None` where the name is not known here.
///
/// `github:ghp_`, `vercel:vcp_`, `gitlab-routable:glpat-`, `gitlab-routable-old:glpat-`, `atlassian:ATBB`, `cask:AZDO`,
/// `azure-key:+ASt`, `pypi:live`, `aws-key-id:AKIA`, `base32-lower:52`, `jwt:HS256` (or `jwt:kubernetes`),
/// `pem:RSA PRIVATE KEY`, `luhn:4` (16 digits that begin so).
pub(crate) fn generate(name: &str, argument: &str, random: &mut dyn FnMut(u32) -> u32) -> Option<String> {
    Some(match name {
        "github" => with_crc(argument, &pick(ALNUM, 30, random)),
        "vercel" => with_crc(argument, &pick(ALNUM, 50, random)),
        "gitlab-routable" => gitlab(argument, ".01.", random),
        "gitlab-routable-old" => gitlab(argument, ".", random),
        "atlassian" => atlassian(argument, random),
        "cask" => cask(argument, random)?,
        "azure-key" => azure_key(argument, random)?,
        "pypi" => pypi(argument, random),
        "aws-key-id" => format!("{argument}{}", pick(BASE32, 16, random)),
        "base32-lower" => pick(BASE32, argument.parse().ok()?, random).to_ascii_lowercase(),
        "jwt" => jwt(argument, random),
        "pem" => pem(argument, random),
        "luhn" => luhn(argument, random),
        _ => return None,
    })
}

fn pick(alphabet: &[u8], count: usize, random: &mut dyn FnMut(u32) -> u32) -> String {
    let bound = u32::try_from(alphabet.len()).unwrap_or(0);
    (0..count).filter_map(|_| alphabet.get(random(bound) as usize)).copied().map(char::from).collect()
}

fn with_crc(prefix: &str, body: &str) -> String {
    format!("{prefix}{body}{}", checksum::base62_of_crc(body))
}

fn gitlab(prefix: &str, joint: &str, random: &mut dyn FnMut(u32) -> u32) -> String {
    let payload = pick(B64URL, 35, random);
    let front = format!("{prefix}{payload}{joint}0z");
    let check = checksum::base36_of_crc(&front);
    front + &check
}

fn atlassian(prefix: &str, random: &mut dyn FnMut(u32) -> u32) -> String {
    let body = match prefix {
        "ATBB" => pick(ALNUM, 24, random),
        _ => pick(B64URL, 171, random) + "=",
    };
    let front = format!("{prefix}{body}");
    let check = checksum::crc32(front.as_bytes());
    format!("{front}{check:08X}")
}

fn cask(signature: &str, random: &mut dyn FnMut(u32) -> u32) -> Option<String> {
    (0..DRAWS_MAX).find_map(|_| {
        let front = format!("{}JQQJ99BFAC{}AAAA{signature}", pick(ALNUM, 52, random), pick(ALNUM, 10, random));
        let mut bytes = checksum::base64(&front)?;
        let [a, b, c, _] = checksum::marvin32(&bytes, checksum::CASK_SEED).to_le_bytes();
        bytes.extend([a, b, c]);
        let value = encode(&bytes, B64);
        value.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(value)
    })
}

fn azure_key(signature: &str, random: &mut dyn FnMut(u32) -> u32) -> Option<String> {
    match signature {
        "+ACR" => {
            return Some(format!("{}+ACR{}{}", pick(B64, 42, random), pick(b"ABCD", 1, random), pick(B64, 5, random)));
        }
        "AzFu" => {
            let (front, back) = (pick(B64URL, 44, random), pick(B64URL, 5, random));
            return Some(format!("{front}AzFu{back}{}==", pick(b"AQgw", 1, random)));
        }
        _ => {}
    }
    let (_, length, seeds) = checksum::AZURE_KEYS.iter().find(|(name, ..)| *name == signature)?;
    // The characters before the signature: those that the bytes before the checksum fill, less its four.
    let before = (length - 4) * 8 / 6 - 4;
    let front = format!("{}{signature}A", pick(B64, before, random));
    let mut bytes = checksum::base64(&front)?;
    bytes.truncate(length - 4);
    let seed = seeds.get(random(u32::try_from(seeds.len()).ok()?) as usize)?;
    bytes.extend(checksum::marvin32(&bytes, *seed).to_le_bytes());
    let padding = ["", "==", "="].get(length % 3)?;
    Some(encode(&bytes, B64) + padding)
}

/// A token of PyPI itself (`live`) or of its test instance (`test`); a token names the host that issued it.
fn pypi(instance: &str, random: &mut dyn FnMut(u32) -> u32) -> String {
    let location = [if instance == "test" { "test." } else { "" }, "pypi", ".", "org"].concat();
    let mut bytes = vec![2];
    let mut field = |kind: u8, data: &[u8]| {
        bytes.push(kind);
        bytes.push(u8::try_from(data.len()).unwrap_or(0));
        bytes.extend(data);
    };
    field(1, location.as_bytes());
    field(2, pick(b"0123456789abcdef", 36, random).as_bytes());
    bytes.push(0);
    let mut field = |kind: u8, data: &[u8]| {
        bytes.push(kind);
        bytes.push(u8::try_from(data.len()).unwrap_or(0));
        bytes.extend(data);
    };
    field(2, format!(r#"[1, ["{}"]]"#, pick(b"abcdefghijkl", 8, random)).as_bytes());
    bytes.extend([0, 0, 6, 32]);
    bytes.extend((0..32).map(|_| u8::try_from(random(256)).unwrap_or(0)));
    format!("pypi-{}", encode(&bytes, B64URL))
}

fn jwt(kind: &str, random: &mut dyn FnMut(u32) -> u32) -> String {
    let id = pick(b"0123456789abcdef", 12, random);
    let (header, payload, length) = match kind {
        "kubernetes" => (
            format!(r#"{{"alg":"RS256","kid":"{}"}}"#, pick(ALNUM, 43, random)),
            format!(
                r#"{{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"n{id}","sub":"system:serviceaccount:n{id}:app"}}"#
            ),
            342,
        ),
        "kubernetes-bound" => (
            format!(r#"{{"alg":"RS256","kid":"{}"}}"#, pick(ALNUM, 43, random)),
            format!(
                r#"{{"aud":["https://kubernetes.default.svc.cluster.local"],"exp":1893456000,"sub":"system:serviceaccount:n{id}:app"}}"#
            ),
            342,
        ),
        algorithm => (
            format!(r#"{{"alg":"{}","typ":"JWT"}}"#, if algorithm.is_empty() { "HS256" } else { algorithm }),
            format!(r#"{{"sub":"{id}","iat":{},"exp":1893456000}}"#, 1_700_000_000 + random(100_000_000)),
            match algorithm {
                "RS256" | "PS256" => 342,
                "ES256" | "HS512" | "EdDSA" => 86,
                _ => 43,
            },
        ),
    };
    let (header, payload) = (encode(header.as_bytes(), B64URL), encode(payload.as_bytes(), B64URL));
    format!("{header}.{payload}.{}", pick(B64URL, length, random))
}

fn pem(label: &str, random: &mut dyn FnMut(u32) -> u32) -> String {
    let label = if label.is_empty() { "PRIVATE KEY" } else { label };
    let lines: String = (0..12).map(|_| pick(B64, 64, random) + "\n").collect();
    format!(
        "-----BEGIN {label}-----\nMII{}\n{lines}{}==\n-----END {label}-----",
        pick(B64, 61, random),
        pick(B64, 22, random)
    )
}

fn luhn(prefix: &str, random: &mut dyn FnMut(u32) -> u32) -> String {
    let front = format!("{prefix}{}", pick(b"0123456789", 15usize.saturating_sub(prefix.len()), random));
    let sum: u32 = front
        .chars()
        .rev()
        .filter_map(|char| char.to_digit(10))
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
        .sum();
    format!("{front}{}", (10 - sum % 10) % 10)
}

/// Encodes without padding.
fn encode(bytes: &[u8], alphabet: &[u8]) -> String {
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
            let bits = at(0) << 16 | at(1) << 8 | at(2);
            (0..=chunk.len()).map(move |index| bits >> (18 - 6 * index) & 63)
        })
        .filter_map(|six| alphabet.get(six as usize))
        .copied()
        .map(char::from)
        .collect()
}
