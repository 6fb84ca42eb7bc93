//! Fonts: from the bytes of a string to characters and their widths (ISO 32000-1, 9).

use std::collections::BTreeMap;

use super::cmap::{CMap, number};
use super::document::Document;
use super::filter;
use super::glyphs;
use super::object::{Dict, Object};
use crate::walk::Walk;

/// Widths of one font that are kept.
const WIDTHS: usize = 70_000;

/// A font, as far as reading needs it.
#[derive(Debug)]
pub(super) struct Font {
    pub(super) name: String,
    pub(super) vertical: bool,
    to_unicode: CMap,
    codes: Codes,
    widths: BTreeMap<u32, f64>,
    default_width: Option<f64>,
}

/// What a code means where no map to Unicode says so.
#[derive(Debug)]
enum Codes {
    /// One byte: the text of each.
    Simple(BTreeMap<u32, String>),
    /// Two bytes that mean nothing by themselves.
    Glyphs,
    /// UTF-16.
    Utf16,
    /// A multi-byte encoding.
    Tables(&'static encoding_rs::Encoding),
    /// EUC without its high bits: rows and cells of JIS X 0208.
    Jis,
}

/// One shown character.
pub(super) struct Shown {
    /// `None` if it cannot be told.
    pub(super) text: Option<String>,
    /// In thousandths of the font's size.
    pub(super) width: f64,
    /// A single byte 32, which word spacing is for.
    pub(super) is_space: bool,
}

impl Font {
    pub(super) fn load(walk: &mut Walk<'_>, document: &Document<'_>, dict: &Dict) -> Self {
        let name = match document.entry(dict, b"BaseFont") {
            Object::Name(name) => String::from_utf8_lossy(name.get(..128).unwrap_or(&name)).into_owned(),
            _ => "?".to_owned(),
        };
        let map = dict.get(b"ToUnicode".as_slice()).and_then(|map| document.stream_of(map));
        let map = map.and_then(|(_, stream)| filter::decode(walk, document, &stream));
        let to_unicode = map.map(|bytes| CMap::parse(&bytes)).unwrap_or_default();
        let encoding = document.entry(dict, b"Encoding");
        let mut font = Self {
            name,
            vertical: false,
            to_unicode,
            codes: Codes::Glyphs,
            widths: BTreeMap::new(),
            default_width: None,
        };
        if document.entry(dict, b"Subtype").is_name(b"Type0") {
            font.composite(document, dict, &encoding);
        } else {
            font.simple(document, dict, &encoding);
        }
        font
    }

    fn composite(&mut self, document: &Document<'_>, dict: &Dict, encoding: &Object) {
        let name =
            if let Object::Name(name) = encoding { String::from_utf8_lossy(name).into_owned() } else { String::new() };
        self.vertical = name.ends_with("-V") || name == "V";
        self.codes = match name.as_str() {
            name if name.contains("UCS2") || name.contains("UTF16") => Codes::Utf16,
            name if name.contains("UTF8") => Codes::Tables(encoding_rs::UTF_8),
            name if name.contains("RKSJ") => Codes::Tables(encoding_rs::SHIFT_JIS),
            "EUC-H" | "EUC-V" => Codes::Tables(encoding_rs::EUC_JP),
            "H" | "V" | "Ext-H" | "Ext-V" => Codes::Jis,
            name if name.starts_with("GBK") || name.starts_with("GB-EUC") => Codes::Tables(encoding_rs::GBK),
            name if name.starts_with("KSC") => Codes::Tables(encoding_rs::EUC_KR),
            name if name.starts_with("ETen-B5") || name.starts_with("B5pc") => Codes::Tables(encoding_rs::BIG5),
            _ => Codes::Glyphs,
        };
        self.default_width = Some(1000.0);
        let Object::Array(descendants) = document.entry(dict, b"DescendantFonts") else { return };
        let Some(Object::Dict(descendant)) = descendants.first().map(|font| document.resolve(font)) else { return };
        self.default_width = Some(document.entry(&descendant, b"DW").number().unwrap_or(1000.0));
        // Widths are by glyph; only with an identity are those the codes.
        if let (Object::Array(items), Codes::Glyphs) = (document.entry(&descendant, b"W"), &self.codes) {
            self.composite_widths(document, &items);
        } else {
            self.default_width = None;
        }
    }

    /// `10 [500 600] 20 30 550`.
    fn composite_widths(&mut self, document: &Document<'_>, items: &[Object]) {
        let mut items = items.iter().map(|item| document.resolve(item));
        while let (Some(first), Some(second)) = (items.next().and_then(|item| item.count()), items.next()) {
            match second {
                Object::Array(widths) => {
                    for (code, width) in (first..).zip(widths.iter().take(WIDTHS)) {
                        self.widths.insert(code, document.resolve(width).number().unwrap_or(1000.0));
                    }
                }
                last => {
                    let Some((last, width)) = last.count().zip(items.next().and_then(|width| width.number())) else {
                        return;
                    };
                    for code in (first..=last).take(WIDTHS) {
                        self.widths.insert(code, width);
                    }
                }
            }
            if self.widths.len() > WIDTHS {
                return;
            }
        }
    }

    fn simple(&mut self, document: &Document<'_>, dict: &Dict, encoding: &Object) {
        let mut table = BTreeMap::new();
        let (base, differences) = match encoding {
            Object::Name(name) => (name.clone(), Object::Null),
            Object::Dict(encoding) => {
                let base = document.entry(encoding, b"BaseEncoding");
                let base = if let Object::Name(name) = base { name } else { Vec::new() };
                (base, document.entry(encoding, b"Differences"))
            }
            _ => (Vec::new(), Object::Null),
        };
        for code in 0..=u8::MAX {
            if let Some(text) = glyphs::by_encoding(&base, code) {
                table.insert(u32::from(code), text);
            }
        }
        if let Object::Array(items) = differences {
            let mut code = 0u32;
            for item in items.iter().take(1024) {
                match document.resolve(item) {
                    Object::Name(name) => {
                        table.remove(&code);
                        if let Some(text) = glyphs::text_of(&String::from_utf8_lossy(&name)) {
                            table.insert(code, text);
                        }
                        code = code.saturating_add(1);
                    }
                    item => code = item.count().unwrap_or(code),
                }
            }
        }
        self.codes = Codes::Simple(table);
        let first = document.entry(dict, b"FirstChar").count().unwrap_or(0);
        if let Object::Array(widths) = document.entry(dict, b"Widths") {
            for (code, width) in (first..).zip(widths.iter().take(256)) {
                self.widths.insert(code, document.resolve(width).number().unwrap_or(0.0));
            }
        }
    }

    /// The characters of a string.
    pub(super) fn show(&self, mut bytes: &[u8]) -> Vec<Shown> {
        let mut result = Vec::new();
        while !bytes.is_empty() {
            let length = self.code_bytes(bytes).clamp(1, bytes.len());
            let (code, rest) = bytes.split_at(length);
            bytes = rest;
            let value = number(code);
            let text = self.to_unicode.get(value).or_else(|| self.by_codes(code));
            let narrow = text.as_ref().is_some_and(|text| text.is_ascii());
            let width = self.widths.get(&value).copied().or(self.default_width);
            let width = width.unwrap_or_else(|| match &self.codes {
                Codes::Simple(_) => glyphs::standard_width(&self.name, code.first().copied().unwrap_or(0)),
                _ if narrow => 500.0,
                _ => 1000.0,
            });
            result.push(Shown { text, width, is_space: code == b" " });
        }
        result
    }

    fn code_bytes(&self, bytes: &[u8]) -> usize {
        let first = bytes.first().copied().unwrap_or(0);
        match &self.codes {
            Codes::Simple(_) => 1,
            Codes::Glyphs | Codes::Jis => 2,
            Codes::Utf16 => {
                if (0xD8..0xDC).contains(&first) {
                    4
                } else {
                    2
                }
            }
            Codes::Tables(tables) if *tables == encoding_rs::SHIFT_JIS => match first {
                0x81..=0x9F | 0xE0..=0xFC => 2,
                _ => 1,
            },
            Codes::Tables(tables) if *tables == encoding_rs::UTF_8 => match first {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => 1,
            },
            Codes::Tables(_) => {
                if first < 0x80 {
                    1
                } else {
                    2
                }
            }
        }
    }

    fn by_codes(&self, code: &[u8]) -> Option<String> {
        let decode = |tables: &'static encoding_rs::Encoding, bytes: &[u8]| {
            let (text, broken) = tables.decode_without_bom_handling(bytes);
            (!broken).then(|| text.into_owned())
        };
        match &self.codes {
            Codes::Simple(table) => table.get(&number(code)).cloned(),
            Codes::Glyphs => None,
            Codes::Utf16 => decode(encoding_rs::UTF_16BE, code),
            Codes::Tables(tables) => decode(tables, code),
            Codes::Jis => {
                let high: Vec<u8> = code.iter().map(|byte| byte | 0x80).collect();
                decode(encoding_rs::EUC_JP, &high)
            }
        }
    }

    /// Whether the font says nothing at all of what its codes mean.
    pub(super) fn is_unreadable(&self) -> bool {
        self.to_unicode.is_empty() && matches!(self.codes, Codes::Glyphs)
    }
}
