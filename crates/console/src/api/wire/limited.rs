//! Lists that end.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use super::text::Text;
use crate::api::schema::{Book, Schema};

/// A list of at most `MAX` items; more are refused while they are read.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Limited<T, const MAX: usize>(pub Vec<T>);

impl<T, const MAX: usize> Default for Limited<T, MAX> {
    fn default() -> Self {
        Limited(Vec::new())
    }
}

impl<T, const MAX: usize> Limited<T, MAX> {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for Limited<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader<T, const MAX: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for Reader<T, MAX> {
            type Value = Limited<T, MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list of at most {MAX}")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    if items.len() == MAX {
                        return Err(A::Error::custom(format!("a list of more than {MAX}")));
                    }
                    items.push(item);
                }
                Ok(Limited(items))
            }
        }

        from.deserialize_seq(Reader(PhantomData))
    }
}

impl<T: Schema, const MAX: usize> Schema for Limited<T, MAX> {
    fn schema(book: &mut Book) -> Value {
        json!({ "type": "array", "items": book.of::<T>(), "maxItems": MAX })
    }
}

/// Texts by texts, at most `MAX` of them; more are refused while they are read.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub struct LimitedTexts<const MAX: usize>(pub BTreeMap<Text, Text>);

impl<const MAX: usize> LimitedTexts<MAX> {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for LimitedTexts<MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader<const MAX: usize>;

        impl<'de, const MAX: usize> Visitor<'de> for Reader<MAX> {
            type Value = LimitedTexts<MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "an object of at most {MAX} texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut texts = BTreeMap::new();
                while let Some((key, value)) = map.next_entry()? {
                    if texts.len() == MAX {
                        return Err(A::Error::custom(format!("more than {MAX} texts")));
                    }
                    texts.insert(key, value);
                }
                Ok(LimitedTexts(texts))
            }
        }

        from.deserialize_map(Reader)
    }
}

impl<const MAX: usize> Schema for LimitedTexts<MAX> {
    fn schema(book: &mut Book) -> Value {
        json!({ "type": "object", "additionalProperties": book.of::<Text>(), "maxProperties": MAX })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_refused() {
        let texts = |text: &str| serde_json::from_str::<LimitedTexts<2>>(text).map(|texts| texts.0.len());
        assert_eq!(texts(r#"{"a":"1","b":"2"}"#).unwrap(), 2);
        assert!(texts(r#"{"a":"1","b":"2","c":"3"}"#).unwrap_err().to_string().contains("more than 2"));
        let long = format!("{{\"{}\":\"\"}}", "x".repeat(70_000));
        assert!(texts(&long).unwrap_err().to_string().contains("70000 bytes"));
        assert!(serde_json::from_str::<Limited<u8, 2>>("[1,2,3]").is_err());
    }
}
