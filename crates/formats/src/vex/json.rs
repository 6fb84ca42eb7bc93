//! JSON of unknown origin: limits before the parser sees it, and forms that the standards allow side by side.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use super::VexError;

/// The largest document that is read.
pub const MAX_DOCUMENT_BYTES: usize = 64 * 1024 * 1024;

/// How deep objects and arrays may nest.
pub const MAX_DEPTH_LEVELS: usize = 64;

/// The bytes as text, where they keep to the limits. A byte order mark is passed over.
pub(super) fn check(bytes: &[u8]) -> Result<&str, VexError> {
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(VexError::TooLarge { bytes: bytes.len() });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| VexError::NotUtf8 { offset: error.valid_up_to() })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut depth, mut line, mut in_string, mut escaped) = (0_usize, 1_usize, false, false);
    for byte in text.bytes() {
        line += usize::from(byte == b'\n');
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH_LEVELS {
            return Err(VexError::TooDeep { line });
        }
    }
    Ok(text)
}

/// The text as a value of that form.
pub(super) fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, VexError> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column, mut why) = (error.line(), error.column(), error.to_string());
        if let Some(before_position) = why.rfind(" at line ") {
            why.truncate(before_position);
        }
        VexError::Form { line, column, why }
    })
}

/// What tells the formats apart.
#[derive(serde::Deserialize)]
#[serde(expecting = "an object")]
pub(super) struct Probe<'a> {
    #[serde(rename = "@context", default, borrow)]
    pub(super) context: Option<Cow<'a, str>>,
    #[serde(rename = "bomFormat", default, borrow)]
    pub(super) bom_format: Option<Cow<'a, str>>,
    #[serde(rename = "specVersion", default, borrow)]
    pub(super) spec_version: Option<Cow<'a, str>>,
}

/// An object, or the plain string that stood in its place in an earlier version of the format.
#[derive(Debug)]
pub(super) enum StringOr<T> {
    String(String),
    Value(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for StringOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = StringOr<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a string")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(StringOr::String(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(StringOr::Value)
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}
