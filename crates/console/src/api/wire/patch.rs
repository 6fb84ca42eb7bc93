//! Changes of an asset, on the wire.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use yata_model as model;
use yata_store::AssetEdit;

use super::Limited;
use super::asset::strings;
use super::text::Text;
use crate::api::schema::{Book, Schema, wire};

/// A field that may be left out (nothing changes), be null (what was said is taken back), or have a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Said<T>(pub Option<Option<T>>);

impl<T> Default for Said<T> {
    fn default() -> Self {
        Said(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Said<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(from).map(|value| Said(Some(value)))
    }
}

impl<T: Schema> Schema for Said<T> {
    const OPTIONAL: bool = true;

    fn schema(book: &mut Book) -> Value {
        book.of::<Option<T>>()
    }
}

wire! {
    /// What a person says of an asset. Fields that are left out stay as they are; `null` takes back what was said.
    #[serde(deny_unknown_fields)]
    pub struct AssetPatch {
        /// Who answers for it; the empty text says that nobody does.
        #[serde(default)]
        pub owner: Said<Text>,
        /// The id of its service; the empty text says that it belongs to none.
        #[serde(default)]
        pub service: Said<Text>,
        /// Who can reach it.
        #[serde(default)]
        pub exposure: Said<model::Exposure>,
        /// What stops when it stops.
        #[serde(default)]
        pub mission_impact: Said<model::MissionImpact>,
        /// Classes of the data it holds.
        #[serde(default)]
        pub data_classes: Said<Limited<Text, 1000>>,
        /// Whether it is an AI system, or part of one.
        #[serde(default)]
        pub is_ai: Said<bool>,
        /// Names of the assets it depends on.
        #[serde(default)]
        pub depends_on: Said<Limited<Text, 1000>>,
        /// Why.
        pub why: Text,
    }
}

impl From<AssetPatch> for AssetEdit {
    fn from(patch: AssetPatch) -> Self {
        let text = |said: Said<Text>| said.0.map(|value| value.map(Text::into_string));
        let list = |said: Said<Limited<Text, 1000>>| said.0.map(|value| value.map(|list| strings(list.0)));
        AssetEdit {
            owner: text(patch.owner),
            service: text(patch.service),
            exposure: patch.exposure.0,
            mission_impact: patch.mission_impact.0,
            data_classes: list(patch.data_classes),
            is_ai: patch.is_ai.0,
            depends_on: list(patch.depends_on),
        }
    }
}
