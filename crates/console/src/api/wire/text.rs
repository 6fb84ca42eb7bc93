//! Texts from outside.

use std::fmt;
use std::ops::Deref;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::api::schema::{Book, Schema};

/// The longest text of a report, in bytes.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// A text from outside: no longer than [`MAX_TEXT_BYTES`], and without NUL characters, which PostgreSQL cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// The text, for the model.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A text of our own, on its way out: NUL characters become U+FFFD, and what is too long is cut.
impl From<String> for Text {
    fn from(text: String) -> Self {
        let mut text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
        if text.len() > MAX_TEXT_BYTES {
            text.truncate(text.floor_char_boundary(MAX_TEXT_BYTES));
        }
        Text(text)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.0
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Checked;

        impl Visitor<'_> for Checked {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
                check(text)?;
                Ok(Text(text.to_owned()))
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<Text, E> {
                check(&text)?;
                Ok(Text(text))
            }
        }

        from.deserialize_string(Checked)
    }
}

fn check<E: de::Error>(text: &str) -> Result<(), E> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(E::custom(format!("a text of {} bytes, and at most {MAX_TEXT_BYTES} are allowed", text.len())));
    }
    if text.contains('\0') {
        return Err(E::custom("a NUL character, which no text may hold"));
    }
    Ok(())
}

impl Schema for Text {
    fn schema(_: &mut Book) -> Value {
        json!({ "type": "string", "maxLength": MAX_TEXT_BYTES })
    }
}
