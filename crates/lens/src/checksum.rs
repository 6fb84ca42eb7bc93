//! Check digits and checksums that formats carry in themselves. Each function is named in a `rule.toml`.

/// The digits of base 62 as GitHub and npm write it.
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The characters of the checksum.
const GITHUB_CHECKSUM_CHARS: usize = 6;

/// GitHub and npm: the last six characters are the CRC-32 of the random part behind the prefix, in base 62.
///
/// Source: GitHub engineering, "Behind GitHub's new authentication token formats" (2021).
pub fn github(value: &str) -> bool {
    let Some((_, body)) = value.rsplit_once('_') else { return false };
    let Some(split) = body.len().checked_sub(GITHUB_CHECKSUM_CHARS) else { return false };
    body.split_at_checked(split).is_some_and(|(random, checksum)| github_checksum(random) == checksum)
}

/// The six characters for a random part.
pub(crate) fn github_checksum(random: &str) -> String {
    let mut rest = crc32(random.as_bytes());
    let mut digits: Vec<char> = Vec::with_capacity(GITHUB_CHECKSUM_CHARS);
    for _ in 0..GITHUB_CHECKSUM_CHARS {
        digits.push(BASE62.get((rest % 62) as usize).copied().map_or('0', char::from));
        rest /= 62;
    }
    digits.iter().rev().collect()
}

/// CRC-32 (ISO-HDLC).
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
        }
        crc
    })
}
