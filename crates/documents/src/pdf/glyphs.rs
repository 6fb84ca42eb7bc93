//! Names of glyphs and the encodings of simple fonts (ISO 32000-1, annex D; the Adobe Glyph List).

/// ASCII from `!` to `~`, but for letters.
const ASCII: &str = "exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft parenright asterisk plus comma \
hyphen period slash zero one two three four five six seven eight nine colon semicolon less equal greater question at \
A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright asciicircum underscore grave \
a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde";

/// Latin-1 from U+00A1 to U+00FF.
const LATIN: &str = "exclamdown cent sterling currency yen brokenbar section dieresis copyright ordfeminine guillemotleft \
logicalnot uni00AD registered macron degree plusminus twosuperior threesuperior acute mu paragraph periodcentered cedilla \
onesuperior ordmasculine guillemotright onequarter onehalf threequarters questiondown Agrave Aacute Acircumflex Atilde \
Adieresis Aring AE Ccedilla Egrave Eacute Ecircumflex Edieresis Igrave Iacute Icircumflex Idieresis Eth Ntilde Ograve \
Oacute Ocircumflex Otilde Odieresis multiply Oslash Ugrave Uacute Ucircumflex Udieresis Yacute Thorn germandbls agrave \
aacute acircumflex atilde adieresis aring ae ccedilla egrave eacute ecircumflex edieresis igrave iacute icircumflex \
idieresis eth ntilde ograve oacute ocircumflex otilde odieresis divide oslash ugrave uacute ucircumflex udieresis yacute \
thorn ydieresis";

/// Others that texts have.
const OTHERS: [(&str, &str); 34] = [
    ("space", " "),
    ("nbspace", " "),
    ("quoteleft", "\u{2018}"),
    ("quoteright", "\u{2019}"),
    ("quotedblleft", "\u{201C}"),
    ("quotedblright", "\u{201D}"),
    ("quotesinglbase", "\u{201A}"),
    ("quotedblbase", "\u{201E}"),
    ("bullet", "\u{2022}"),
    ("endash", "\u{2013}"),
    ("emdash", "\u{2014}"),
    ("ellipsis", "\u{2026}"),
    ("dagger", "\u{2020}"),
    ("daggerdbl", "\u{2021}"),
    ("perthousand", "\u{2030}"),
    ("trademark", "\u{2122}"),
    ("Euro", "\u{20AC}"),
    ("minus", "\u{2212}"),
    ("fraction", "\u{2044}"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ff", "ff"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("florin", "\u{192}"),
    ("OE", "\u{152}"),
    ("oe", "\u{153}"),
    ("Scaron", "\u{160}"),
    ("scaron", "\u{161}"),
    ("Zcaron", "\u{17D}"),
    ("zcaron", "\u{17E}"),
    ("guilsinglleft", "\u{2039}"),
    ("guilsinglright", "\u{203A}"),
    ("dotlessi", "\u{131}"),
];

/// The text of a glyph by its name.
pub(super) fn text_of(name: &str) -> Option<String> {
    // `a.alt` looks different from `a` and is the same character.
    let name = name.split('.').next().filter(|name| !name.is_empty())?;
    if let Some((_, text)) = OTHERS.iter().find(|(known, _)| *known == name) {
        return Some((*text).to_owned());
    }
    let find = |names: &str, start: u32| {
        let mut codes = (start..).zip(names.split_ascii_whitespace());
        codes.find(|(_, known)| *known == name).and_then(|(code, _)| char::from_u32(code))
    };
    if let Some(character) = find(ASCII, 0x21).or_else(|| find(LATIN, 0xA1)) {
        return Some(character.to_string());
    }
    let hex = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).map(String::from);
    if let Some(digits) = name.strip_prefix("uni").filter(|digits| digits.len() >= 4 && digits.is_ascii()) {
        let units = digits.as_bytes().chunks_exact(4).take(8).map(|unit| std::str::from_utf8(unit).ok().and_then(hex));
        return units.collect::<Option<String>>();
    }
    name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len())).and_then(hex)
}

/// The text of a code in a named encoding.
pub(super) fn by_encoding(encoding: &[u8], code: u8) -> Option<String> {
    let tables = match encoding {
        b"MacRomanEncoding" => encoding_rs::MACINTOSH,
        b"WinAnsiEncoding" => encoding_rs::WINDOWS_1252,
        _ => return standard(code),
    };
    let bytes = [code];
    let (text, broken) = tables.decode_without_bom_handling(&bytes);
    (!broken).then(|| text.into_owned())
}

/// StandardEncoding, where it is not ASCII.
fn standard(code: u8) -> Option<String> {
    let name = match code {
        0x27 => "quoteright",
        0x60 => "quoteleft",
        0x20..=0x7E => return Some(char::from(code).to_string()),
        0xA1 => "exclamdown",
        0xA2 => "cent",
        0xA3 => "sterling",
        0xA4 => "fraction",
        0xA5 => "yen",
        0xA6 => "florin",
        0xA7 => "section",
        0xA9 => "quotesingle",
        0xAA => "quotedblleft",
        0xAB => "guillemotleft",
        0xAC => "guilsinglleft",
        0xAD => "guilsinglright",
        0xAE => "fi",
        0xAF => "fl",
        0xB1 => "endash",
        0xB2 => "dagger",
        0xB3 => "daggerdbl",
        0xB4 => "periodcentered",
        0xB6 => "paragraph",
        0xB7 => "bullet",
        0xB8 => "quotesinglbase",
        0xB9 => "quotedblbase",
        0xBA => "quotedblright",
        0xBB => "guillemotright",
        0xBC => "ellipsis",
        0xBD => "perthousand",
        0xBF => "questiondown",
        0xD0 => "emdash",
        0xE1 => "AE",
        0xE9 => "Oslash",
        0xEA => "OE",
        0xF1 => "ae",
        0xF5 => "dotlessi",
        0xF9 => "oslash",
        0xFA => "oe",
        0xFB => "germandbls",
        _ => return None,
    };
    text_of(name)
}

/// Widths of Helvetica from space to `~`, for the fonts that need not bring their own.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// The width of a code, in thousandths, in one of the 14 fonts that every reader has. Times is near enough to 0.9.
pub(super) fn standard_width(font: &str, code: u8) -> f64 {
    if font.contains("Courier") {
        return 600.0;
    }
    let width = code.checked_sub(0x20).and_then(|index| HELVETICA.get(usize::from(index))).copied().unwrap_or(556);
    f64::from(width) * if font.contains("Times") { 0.9 } else { 1.0 }
}
