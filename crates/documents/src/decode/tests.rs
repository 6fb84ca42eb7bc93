use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};

use super::*;

const TEXTS: [&str; 22] = [
    "東京",
    "秘",
    "極秘",
    "社外秘",
    "株式会社",
    "山田太郎",
    "佐藤花子様",
    "あ",
    "これはテストです。",
    "パスワード",
    "関係者限り",
    "取扱注意",
    "お世話になっております。",
    "令和六年四月一日",
    "東京都千代田区丸の内1-1",
    "マイナンバー:123456789018",
    "password = ひみつ",
    "渡邉 澤子",
    "ソース表示能力予定十分",
    "口座番号 普通 1234567",
    "①〜⑩の資料を確認してください。\r\n以上",
    "請求書の件、添付ファイルをご確認ください。",
];

fn utf16(text: &str, little: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[track_caller]
fn check(bytes: &[u8], encoding: Encoding, text: &str) {
    let decoded = decode(bytes).unwrap_or_else(|| panic!("no text: {text}"));
    assert_eq!((decoded.encoding, decoded.text.as_ref()), (encoding, text));
    // Each character is found again at its own bytes.
    for (offset, character) in decoded.text.char_indices().filter(|(_, c)| *c != '\u{FFFD}' && *c != '\u{1A}') {
        let from = usize::try_from(decoded.original(offset)).unwrap();
        let until = usize::try_from(decoded.original(offset + character.len_utf8())).unwrap();
        let again = encoding.tables().decode_without_bom_handling(&bytes[from..until]).0;
        if encoding != Encoding::Iso2022Jp {
            assert_eq!(again, character.to_string(), "{text}: {from}..{until}");
        }
    }
    assert_eq!(decoded.original(decoded.text.len()), bytes.len() as u64);
}

#[test]
fn short_japanese_texts_in_every_encoding() {
    for text in TEXTS {
        check(text.as_bytes(), Encoding::Utf8, text);
        check(&[b"\xEF\xBB\xBF", text.as_bytes()].concat(), Encoding::Utf8, text);
        check(&[b"\xFF\xFE".to_vec(), utf16(text, true)].concat(), Encoding::Utf16Le, text);
        check(&[b"\xFE\xFF".to_vec(), utf16(text, false)].concat(), Encoding::Utf16Be, text);
        // "〜" is not in the tables of the others.
        let text = text.replace('〜', "～");
        check(&ISO_2022_JP.encode(&text).0, Encoding::Iso2022Jp, &text);
        check(&SHIFT_JIS.encode(&text).0, Encoding::ShiftJis, &text);
        check(&EUC_JP.encode(&text).0, Encoding::EucJp, &text);
    }
}

#[test]
fn half_width_katakana_is_shift_jis() {
    for text in ["ｶﾌﾞｼｷｶﾞｲｼｬ", "ﾔﾏﾀﾞ ﾀﾛｳ", "ﾌﾘｺﾐ ﾐﾂﾋﾞｼ 1234567", "ｻﾄｳ ﾊﾅｺ"]
    {
        check(&SHIFT_JIS.encode(text).0, Encoding::ShiftJis, text);
    }
}

#[test]
fn utf_16_without_mark_is_told_by_its_zeros() {
    for text in ["password=hunter2", "氏名: 山田太郎\r\n番号: 12345\r\n", "a"] {
        check(&utf16(text, true), Encoding::Utf16Le, text);
        check(&utf16(text, false), Encoding::Utf16Be, text);
    }
    check(&utf16("お世話になっております。", true), Encoding::Utf16Le, "お世話になっております。");
}

#[test]
fn utf_8_and_ascii_are_borrowed() {
    for bytes in ["", "plain", "日本語"] {
        assert!(matches!(decode(bytes.as_bytes()).unwrap().text, Cow::Borrowed(text) if text == bytes));
    }
}

#[test]
fn invalid_bytes_in_utf_8_keep_the_places() {
    let bytes = [b"key=\xFF\xFEabc \xE3\x81 ".as_slice(), "秘密の情報です。".as_bytes()].concat();
    let decoded = decode(&bytes).unwrap();
    assert_eq!(decoded.encoding, Encoding::Utf8);
    assert_eq!(decoded.text, "key=\u{1A}\u{1A}abc \u{1A}\u{1A} 秘密の情報です。");
    let offset = decoded.text.find("秘密").unwrap();
    assert_eq!(decoded.original(offset), offset as u64);
    // A western text in its old encoding keeps its ASCII.
    assert_eq!(decode(b"r\xE9sum\xE9 de la soci\xE9t\xE9, cl\xE9: abc").unwrap().encoding, Encoding::Utf8);
}

#[test]
fn broken_characters_of_other_encodings_are_found_where_they_are() {
    let mut bytes = SHIFT_JIS.encode("これは秘密です。").0.into_owned();
    bytes.extend_from_slice(b"\x82\x20key");
    let decoded = decode(&bytes).unwrap();
    assert_eq!((decoded.encoding, decoded.text.as_ref()), (Encoding::ShiftJis, "これは秘密です。\u{FFFD} key"));
    assert_eq!(decoded.original(decoded.text.find('\u{FFFD}').unwrap()), 16);
    assert_eq!(decoded.original(decoded.text.find(" key").unwrap()), 17);
    assert_eq!(decoded.original(decoded.text.find("key").unwrap()), 18);
}

#[test]
fn places_are_right_beyond_the_first_block() {
    let text = "お客様の口座番号を確認します。\r\n".repeat(4000);
    for (bytes, encoding) in
        [(SHIFT_JIS.encode(&text).0, Encoding::ShiftJis), (EUC_JP.encode(&text).0, Encoding::EucJp)]
    {
        let decoded = decode(&bytes).unwrap();
        assert_eq!((decoded.encoding, decoded.text.as_ref()), (encoding, text.as_str()));
        let offset = decoded.text.rfind("口座").unwrap();
        assert_eq!(decoded.original(offset), (bytes.len() - 32 + 8) as u64);
        assert!(decoded.blocks.len() > 2);
    }
}

#[test]
fn binary_is_no_text() {
    let mut noise = Vec::new();
    let mut state = 7u32;
    for _ in 0..4000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.push((state >> 24).to_le_bytes()[0]);
    }
    let cases: [&[u8]; 7] = [
        &noise,
        b"\x89PNG\r\n\x1A\n....",
        b"\x7FELF\x02\x01\x01",
        b"\xFF\xD8\xFF\xE0 JFIF",
        b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF\0\0\xB8\0\0\0",
        b"\x01\x02\x03\x04abcdef",
        b"abc\0def\0ghi\0jkl\0mnop",
    ];
    for case in cases {
        assert_eq!(detect(case), None, "{:?}", case.get(..8));
    }
}
