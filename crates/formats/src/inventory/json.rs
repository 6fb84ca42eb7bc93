//! JSON documents: borrowed strings, members in order, and errors in words.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;
use yata_model::{Message, Problem};

use super::Input;
use super::found::{shown, unparsable_problem};

/// Raw members of an array, each to be read on its own, so that a bad one spoils nothing else.
pub(super) type Entries<'a> = Vec<&'a RawValue>;

/// A string that borrows from the document where it has no escapes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Str<'a>(Cow<'a, str>);

impl Str<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::ops::Deref for Str<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StrVisitor<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for StrVisitor<'a> {
            type Value = Str<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Str<'a>, E> {
                Ok(Str(Cow::Borrowed(text)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Str<'a>, E> {
                Ok(Str(Cow::Owned(text.to_owned())))
            }
            fn visit_string<E: de::Error>(self, text: String) -> Result<Str<'a>, E> {
                Ok(Str(Cow::Owned(text)))
            }
        }
        deserializer.deserialize_str(StrVisitor(PhantomData))
    }
}

/// The members of an object in their order, repeated keys included.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Members<'a, T>(pub(super) Vec<(Str<'a>, T)>);

impl<T> Default for Members<'_, T> {
    fn default() -> Self {
        Members(Vec::new())
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Members<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor<'a, T>(PhantomData<(&'a (), T)>);
        impl<'de: 'a, 'a, T: Deserialize<'de>> Visitor<'de> for MembersVisitor<'a, T> {
            type Value = Members<'a, T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor(PhantomData))
    }
}

/// The document, or the problem that says where it breaks and what to do.
pub(super) fn document<'a, T: Deserialize<'a>>(input: &Input<'_>, text: &'a str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|error| {
        let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
        let why = bare_message(&error);
        let message = if error.classify() == Category::Eof {
            Message::new("problem-json-truncated")
        } else if let Some(key) = why.strip_prefix("duplicate field `").and_then(|rest| rest.strip_suffix('`')) {
            Message::new("problem-json-duplicate-key").with("key", shown(key))
        } else if error.classify() == Category::Data {
            Message::new("problem-json-shape").with("why", why)
        } else {
            Message::new("problem-json-syntax").with("why", why)
        };
        let message = message.with("line", error.line()).with("column", error.column());
        unparsable_problem(input, message, line)
    })
}

/// One raw member of a document, or why it cannot be read.
pub(super) fn entry<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Result<T, String> {
    serde_json::from_str(raw.get()).map_err(|error| bare_message(&error))
}

/// The error without its ` at line … column …`.
fn bare_message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => shown(text.get(..end).unwrap_or(&text)),
        None => shown(&text),
    }
}

/// The names of the keys of the outermost object, at most `limit` of them, as far as the text can be read.
/// For telling formats apart.
pub(super) fn leading_keys(bytes: &[u8], limit: usize) -> Vec<String> {
    struct KeysVisitor<'k>(&'k mut Vec<String>, usize);
    impl<'de> Visitor<'de> for KeysVisitor<'_> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key::<String>()? {
                self.0.push(key);
                if self.0.len() >= self.1 {
                    return Err(de::Error::custom("enough"));
                }
                map.next_value::<de::IgnoredAny>()?;
            }
            Ok(())
        }
    }
    let mut keys = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_slice(super::text::without_bom(bytes));
    // The keys seen before an error are the answer.
    let _ = deserializer.deserialize_map(KeysVisitor(&mut keys, limit));
    keys
}
