//! Reads a decision table from SSVC JSON (schema version 2.0.0).

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Error as _, MapAccess, Visitor};
use yata_model::Outcome;

use crate::table::{Label, OUTCOMES, Table};
use crate::{Point, TableError};

/// The largest file that is read, in bytes.
pub const MAX_TABLE_BYTES: usize = 4 * 1024 * 1024;
/// The most rows of a table; all points that Yata knows together have 1,728 combinations.
pub const MAX_TABLE_ROWS: usize = 4096;

/// The schema version that Yata reads.
const SCHEMA_VERSION: &str = "2.0.0";

/// A JSON object whose keys are kept in order and may not repeat.
struct Object<V>(Vec<(String, V)>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Object<V> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Pairs<V> {
            type Value = Object<V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs: Vec<(String, V)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, V>()? {
                    if pairs.len() >= MAX_TABLE_ROWS {
                        return Err(A::Error::custom("too many keys in one object"));
                    }
                    if pairs.iter().any(|(known, _)| *known == key) {
                        return Err(A::Error::custom(format_args!("the key `{key}` is there twice")));
                    }
                    pairs.push((key, value));
                }
                Ok(Object(pairs))
            }
        }
        deserializer.deserialize_map(Pairs(PhantomData))
    }
}

impl<V> Object<V> {
    fn get(&self, key: &str) -> Option<&V> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }
}

#[derive(Deserialize)]
struct WireTable {
    namespace: String,
    key: String,
    version: String,
    name: String,
    #[serde(rename = "schemaVersion")]
    schema_version: String,
    decision_points: Object<WirePoint>,
    outcome: String,
    mapping: Vec<Object<String>>,
}

#[derive(Deserialize)]
struct WirePoint {
    namespace: String,
    key: String,
    version: String,
    values: Vec<WireValue>,
}

#[derive(Deserialize)]
struct WireValue {
    key: String,
    name: String,
}

impl Table {
    /// Reads a table; `file` is its name in errors.
    ///
    /// The table must give every combination of its decision points exactly one outcome; the points must be ones
    /// that Yata can answer ([`Point::ALL`]), with the values of the standard; the outcomes must be of a group that
    /// Yata can count (`ssvc:DSOI`, `cisa:BOD2604`, `cisa:CISA`). Members that the schema does not know are ignored.
    ///
    /// # Errors
    /// A [`TableError`] that names the file and, where there is one, the point, value or row (counted from 1).
    pub fn from_ssvc_json(file: &str, bytes: &[u8]) -> Result<Self, TableError> {
        if bytes.len() > MAX_TABLE_BYTES {
            return Err(TableError::TooLarge { file: file.into(), max_bytes: MAX_TABLE_BYTES });
        }
        let wire: WireTable =
            serde_json::from_slice(bytes).map_err(|source| TableError::Json { file: file.into(), source })?;
        Reader { file, wire: &wire }.read()
    }
}

struct Reader<'a> {
    file: &'a str,
    wire: &'a WireTable,
}

impl Reader<'_> {
    fn read(&self) -> Result<Table, TableError> {
        let file = || self.file.to_owned();
        let wire = self.wire;
        if wire.schema_version != SCHEMA_VERSION {
            return Err(TableError::SchemaVersion { file: file(), found: wire.schema_version.clone() });
        }
        let outcome = wire
            .decision_points
            .get(&wire.outcome)
            .ok_or_else(|| TableError::NoOutcome { file: file(), outcome: wire.outcome.clone() })?;
        let labels = self.labels(outcome)?;
        let mut inputs = Vec::new();
        for (id, point) in wire.decision_points.0.iter().filter(|(id, _)| *id != wire.outcome) {
            inputs.push((self.point(id, point)?, id.as_str()));
        }
        inputs.sort_unstable();
        if inputs.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) || inputs.is_empty() {
            return Err(TableError::PointTwice { file: file() });
        }
        let rows = self.rows(&inputs, outcome)?;
        Ok(Table {
            id: format!("{}:{}:{}", wire.namespace, wire.key, wire.version),
            name: format!("{} {}", wire.name, wire.version),
            points: inputs.into_iter().map(|(point, _)| point).collect(),
            labels,
            rows,
        })
    }

    /// The outcome values as Yata counts them, in the order of the file.
    fn labels(&self, outcome: &WirePoint) -> Result<Vec<Label>, TableError> {
        let group = format!("{}:{}", outcome.namespace, outcome.key);
        if !OUTCOMES.iter().any(|(known, ..)| *known == group) {
            return Err(TableError::UnknownOutcomeGroup { file: self.file.into(), group });
        }
        let label = |value: &WireValue| {
            let known = OUTCOMES.iter().find(|(of, key, ..)| *of == group && *key == value.key);
            known.map_or_else(
                || Err(self.unknown_value(&group, &value.key)),
                |(.., priority, investigate)| {
                    let outcome = Outcome { priority: *priority, investigate: *investigate };
                    Ok(Label { name: value.name.clone(), outcome })
                },
            )
        };
        outcome.values.iter().map(label).collect()
    }

    /// The decision point by its namespace, key and major version; its values must be those of the standard.
    fn point(&self, id: &str, wire: &WirePoint) -> Result<Point, TableError> {
        let unknown = || TableError::UnknownPoint { file: self.file.into(), point: id.into() };
        let key = format!("{}:{}", wire.namespace, wire.key);
        let major = wire.version.split('.').next().unwrap_or_default();
        let point = Point::ALL.into_iter().find(|point| point.id() == (&key, major)).ok_or_else(unknown)?;
        if let Some(value) = wire.values.iter().find(|value| !point.values().iter().any(|(key, _)| *key == value.key)) {
            return Err(self.unknown_value(id, &value.key));
        }
        match point.values().iter().find(|(key, _)| !wire.values.iter().any(|value| value.key == *key)) {
            Some((key, _)) => {
                Err(TableError::MissingValue { file: self.file.into(), point: id.into(), value: (*key).into() })
            }
            None => Ok(point),
        }
    }

    /// The outcome of every combination.
    fn rows(&self, inputs: &[(Point, &str)], outcome: &WirePoint) -> Result<Vec<u8>, TableError> {
        let total = inputs.iter().map(|(point, _)| point.values().len()).product::<usize>();
        let mut found: BTreeMap<usize, u8> = BTreeMap::new();
        if self.wire.mapping.len() > MAX_TABLE_ROWS {
            return Err(TableError::TooManyRows { file: self.file.into(), max_rows: MAX_TABLE_ROWS });
        }
        for (at, row) in self.wire.mapping.iter().enumerate() {
            let number = at + 1;
            let bad = |what: String| TableError::Row { file: self.file.into(), row: number, what };
            if row.0.len() != inputs.len() + 1 {
                let expected = inputs.len() + 1;
                return Err(bad(format!("it has {} entries instead of {expected}", row.0.len())));
            }
            let mut place = 0;
            for (point, id) in inputs {
                let value = row.get(id).ok_or_else(|| bad(format!("`{id}` is missing")))?;
                let answer = point.values().iter().position(|(key, _)| key == value);
                let answer = answer.ok_or_else(|| bad(format!("`{id}` has no value `{value}`")))?;
                place = place * point.values().len() + answer;
            }
            let id = &self.wire.outcome;
            let value = row.get(id).ok_or_else(|| bad(format!("`{id}` is missing")))?;
            let label = outcome.values.iter().position(|known| known.key == *value);
            let label = label.and_then(|at| u8::try_from(at).ok());
            let label = label.ok_or_else(|| bad(format!("`{id}` has no value `{value}`")))?;
            if found.insert(place, label).is_some() {
                return Err(bad("an earlier row is about the same combination".to_owned()));
            }
        }
        match (0..total).find(|place| !found.contains_key(place)) {
            Some(place) => Err(TableError::MissingRow { file: self.file.into(), row: describe(inputs, place) }),
            None => Ok(found.into_values().collect()),
        }
    }

    fn unknown_value(&self, point: &str, value: &str) -> TableError {
        TableError::UnknownValue { file: self.file.into(), point: point.into(), value: value.into() }
    }
}

/// The combination at a place, as `ssvc:E:1.1.0=N, …`.
fn describe(inputs: &[(Point, &str)], mut place: usize) -> String {
    let mut parts: Vec<String> = Vec::with_capacity(inputs.len());
    for (point, id) in inputs.iter().rev() {
        let values = point.values();
        let key = values.get(place % values.len()).map_or("", |(key, _)| key);
        parts.push(format!("{id}={key}"));
        place /= values.len();
    }
    parts.reverse();
    parts.join(", ")
}
