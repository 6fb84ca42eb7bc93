//! The word lists of `data/`, looked up by hash in a table that the build makes: no start-up, no allocation.

/// `build_dictionary.rs` describes the layout.
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.bin"));
const BUCKETS: usize = 16_384;
const ENTRY_BYTES: usize = 5;

/// FNV-1a with 64 bits, as `build_dictionary.rs` has it.
#[derive(Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
    /// The hash of the empty word.
    pub(super) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// The hash of the word and that character.
    pub(super) fn with(self, character: char) -> Self {
        let mut buffer = [0; 4];
        character
            .encode_utf8(&mut buffer)
            .bytes()
            .fold(self, |hash, byte| Self((hash.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    fn of(word: &str) -> Self {
        word.chars().fold(Self::new(), Self::with)
    }

    /// Every class that the word has, with its cost in hundreds.
    pub(super) fn classes(self) -> impl Iterator<Item = (u8, i32)> {
        let bucket = usize::try_from(self.0 >> 40).unwrap_or_default() % BUCKETS;
        let [a, b, c, ..] = self.0.to_le_bytes();
        entries(bucket).unwrap_or_default().chunks_exact(ENTRY_BYTES).filter_map(move |entry| match entry {
            &[x, y, z, class, cost] if [x, y, z] == [a, b, c] => Some((class, i32::from(cost))),
            _ => None,
        })
    }
}

fn entries(bucket: usize) -> Option<&'static [u8]> {
    let base = (BUCKETS + 1) * 4;
    let start = base + offset(bucket)? * ENTRY_BYTES;
    let end = base + offset(bucket + 1)? * ENTRY_BYTES;
    TABLE.get(start..end)
}

fn offset(bucket: usize) -> Option<usize> {
    let bytes = TABLE.get(bucket * 4..bucket * 4 + 4)?;
    usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
}

/// Whether the word has that class: `S` katakana surname, `G` katakana given name, `F` foreign name in katakana,
/// `R` romanised surname, `N` romanised given name, `E` English given name, `L` English surname, `M` municipality.
pub(super) fn has(word: &str, class: u8) -> bool {
    Hash::of(word).classes().any(|(found, _)| found == class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_with_their_classes() {
        for (word, class) in [
            ("高橋", b's'),
            ("太郎", b'g'),
            ("会議", b'v'),
            ("ヤマダ", b'S'),
            ("タロウ", b'G'),
            ("yamada", b'R'),
            ("taro", b'N'),
            ("john", b'E'),
            ("smith", b'L'),
            ("横浜市西区", b'M'),
            ("紀北町", b'M'),
            ("行わ", b'w'),
        ] {
            assert!(has(word, class), "{word} {}", char::from(class));
        }
        for (word, class) in [("鯖缶煮", b's'), ("サーバー", b'S'), ("架空市", b'M'), ("", b's')] {
            assert!(!has(word, class), "{word} {}", char::from(class));
        }
    }
}
