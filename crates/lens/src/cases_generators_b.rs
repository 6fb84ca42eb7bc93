//! More random values for the cases of the rules: blocks of keys, logins in base64, tokens with an id inside.

/// Base64 with its own alphabet.
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const ALNUM: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Without the characters that look alike.
const BASE58: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// Upper case, as age writes its secret keys (BIP 173).
const BECH32: &str = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
/// Lines of a block of a key; eight lines are as long as a small RSA key.
const BLOCK_LINES: usize = 8;

/// The value of a named directive; `None` where the name is not known here.
pub(crate) fn generate(name: &str, argument: &str, random: &mut dyn FnMut(u32) -> u32) -> Option<String> {
    let count = || argument.parse().unwrap_or(16);
    Some(match name {
        "base58" => pick(BASE58, count(), random),
        "lower-base32" => pick("abcdefghijklmnopqrstuvwxyz234567", count(), random),
        "bech32" => pick(BECH32, count(), random),
        "basic" => base64(format!("{}:{}", login(argument), pick(ALNUM, 16, random)).as_bytes()),
        "discord-token" => {
            let id = format!("{}{}", random(9) + 1, pick("0123456789", 17, random));
            format!("{}.{}.{}", base64(id.as_bytes()), pick(ALNUM, 6, random), pick(ALNUM, 27, random))
        }
        "signed-token" => {
            let payload =
                format!(r#"{{"sub":"{}","iat":1763{}}}"#, pick(ALNUM, 12, random), pick("123456789", 6, random));
            let header = base64(br#"{"alg":"HS256","typ":"JWT"}"#);
            let payload = base64(payload.as_bytes());
            format!("{header}.{}.{}", payload.trim_end_matches('='), pick(ALNUM, 43, random))
        }
        "pem-block" => block(argument, "\n", random),
        "pem-line" => block(argument, "\\n", random),
        _ => return None,
    })
}

fn login(argument: &str) -> &str {
    if argument.is_empty() { "svc" } else { argument }
}

fn block(label: &str, newline: &str, random: &mut dyn FnMut(u32) -> u32) -> String {
    let lines: Vec<String> = (0..BLOCK_LINES).map(|_| pick(BASE64, 64, random)).collect();
    format!("-----BEGIN {label}-----{newline}{}{newline}-----END {label}-----", lines.join(newline))
}

fn pick(alphabet: &str, count: usize, random: &mut dyn FnMut(u32) -> u32) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let bound = u32::try_from(alphabet.len()).unwrap_or(0);
    (0..count).filter_map(|_| alphabet.get(random(bound) as usize)).collect()
}

fn base64(bytes: &[u8]) -> String {
    let alphabet: Vec<char> = BASE64.chars().collect();
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let wide = chunk.iter().fold(0u32, |wide, byte| wide << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for step in 0..=chunk.len() {
            text.extend(alphabet.get((wide >> (18 - 6 * step) & 63) as usize));
        }
        text.extend(std::iter::repeat_n('=', 3 - chunk.len()));
    }
    text
}
