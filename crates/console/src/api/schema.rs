//! JSON Schemas (2020-12, as OpenAPI 3.1 has them) of what goes over the wire, made from the types themselves.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

/// A type of the wire that can describe itself.
pub(crate) trait Schema {
    /// Whether a field of the type may be left out.
    const OPTIONAL: bool = false;

    /// The name under which the description lists it; `None` for what is described where it stands.
    fn name() -> Option<&'static str> {
        None
    }

    /// The schema; types that it names are put into the book.
    fn schema(book: &mut Book) -> Value;
}

/// The named schemas that a description refers to.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) schemas: BTreeMap<&'static str, Value>,
}

impl Book {
    /// A reference to a type, or its schema where it has no name.
    pub(crate) fn of<T: Schema>(&mut self) -> Value {
        let Some(name) = T::name() else { return T::schema(self) };
        if !self.schemas.contains_key(name) {
            // Holds the place, so that a type that contains itself ends.
            self.schemas.insert(name, Value::Null);
            let schema = T::schema(self);
            self.schemas.insert(name, schema);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }
}

/// One field of a type.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) docs: &'static [&'static str],
    /// What the type says to `serde` about it.
    pub(crate) serde: &'static [&'static str],
    pub(crate) optional: bool,
    pub(crate) schema: Value,
}

/// The schema of an object with these fields.
pub(crate) fn object(docs: &[&str], serde: &[&str], fields: Vec<Field>) -> Value {
    let mut properties = serde_json::Map::new();
    let mut required = Vec::new();
    for field in fields {
        let optional = field.optional || field.serde.iter().any(|said| said.contains("default"));
        if !optional {
            required.push(Value::from(field.name));
        }
        let mut schema = field.schema;
        if let Value::Object(schema) = &mut schema {
            schema.insert("description".to_owned(), Value::from(text(field.docs)));
        }
        properties.insert(field.name.to_owned(), schema);
    }
    let mut schema = json!({ "type": "object", "description": text(docs), "properties": properties });
    if let Value::Object(schema) = &mut schema {
        if !required.is_empty() {
            schema.insert("required".to_owned(), Value::Array(required));
        }
        if serde.iter().any(|said| said.contains("deny_unknown_fields")) {
            schema.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
    }
    schema
}

fn text(docs: &[&str]) -> String {
    docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Defines a type of the wire with its schema: each field's comment is its description.
macro_rules! wire {
    ($($(#[doc = $doc:literal])+ $(#[serde($($serde:tt)*)])? pub struct $name:ident {
        $($(#[doc = $field_doc:literal])+ $(#[serde($($field_serde:tt)*)])* pub $field:ident: $type:ty,)*
    })*) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
            $(#[serde($($serde)*)])?
            pub struct $name {
                $($(#[doc = $field_doc])+ $(#[serde($($field_serde)*)])* pub $field: $type,)*
            }

            impl $crate::api::schema::Schema for $name {
                fn name() -> Option<&'static str> {
                    Some(stringify!($name))
                }

                fn schema(book: &mut $crate::api::schema::Book) -> serde_json::Value {
                    let fields = vec![$($crate::api::schema::Field {
                        name: stringify!($field),
                        docs: &[$($field_doc),+],
                        serde: &[$(stringify!($($field_serde)*)),*],
                        optional: <$type as $crate::api::schema::Schema>::OPTIONAL,
                        schema: book.of::<$type>(),
                    }),*];
                    $crate::api::schema::object(&[$($doc),+], &[$(stringify!($($serde)*))?], fields)
                }
            }
        )*
    };
}

/// Describes word types of the model, which go over the wire as they are: a list of all their words.
macro_rules! words {
    ($($(#[doc = $doc:literal])+ $type:ty as $name:literal: [$($value:expr),+ $(,)?];)*) => {
        $(impl $crate::api::schema::Schema for $type {
            fn name() -> Option<&'static str> {
                Some($name)
            }

            fn schema(_: &mut $crate::api::schema::Book) -> serde_json::Value {
                let words: [$type; _] = [$($value),+];
                let docs = [$($doc),+].map(str::trim).join(" ");
                serde_json::json!({ "type": "string", "enum": words, "description": docs })
            }
        })*
    };
}

pub(crate) use {wire, words};

macro_rules! plain {
    ($($type:ty: $schema:expr;)*) => {
        $(impl Schema for $type {
            fn schema(_: &mut Book) -> Value {
                $schema
            }
        })*
    };
}

plain! {
    bool: json!({ "type": "boolean" });
    f64: json!({ "type": "number" });
    i64: json!({ "type": "integer", "format": "int64" });
    u8: json!({ "type": "integer", "minimum": 0, "maximum": u8::MAX });
    u32: json!({ "type": "integer", "format": "int32", "minimum": 0, "maximum": u32::MAX });
    u64: json!({ "type": "integer", "format": "int64", "minimum": 0 });
    usize: json!({ "type": "integer", "format": "int64", "minimum": 0 });
    String: json!({ "type": "string" });
    Date: json!({ "type": "string", "format": "date" });
    Timestamp: json!({ "type": "string", "format": "date-time" });
    Value: json!({});
}

impl<T: Schema> Schema for Option<T> {
    const OPTIONAL: bool = true;

    fn schema(book: &mut Book) -> Value {
        let mut schema = book.of::<T>();
        match schema.get("type").and_then(Value::as_str).map(str::to_owned) {
            Some(kind) => {
                if let Value::Object(schema) = &mut schema {
                    schema.insert("type".to_owned(), json!([kind, "null"]));
                }
                schema
            }
            None => json!({ "anyOf": [schema, { "type": "null" }] }),
        }
    }
}

impl<T: Schema> Schema for Vec<T> {
    fn schema(book: &mut Book) -> Value {
        json!({ "type": "array", "items": book.of::<T>() })
    }
}

impl<T: Schema> Schema for BTreeMap<String, T> {
    fn schema(book: &mut Book) -> Value {
        json!({ "type": "object", "additionalProperties": book.of::<T>() })
    }
}
