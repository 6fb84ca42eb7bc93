//! The register of assets as its readers see it.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use yata_model::{Asset, AssetKind, Exposure, MissionImpact, Problem};

/// Counts by priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ByPriority {
    /// `immediate`.
    pub immediate: u64,
    /// `out-of-cycle`.
    pub out_of_cycle: u64,
    /// `scheduled`.
    pub scheduled: u64,
    /// `defer`.
    pub defer: u64,
}

impl ByPriority {
    /// All together.
    pub fn sum(&self) -> u64 {
        self.immediate + self.out_of_cycle + self.scheduled + self.defer
    }
}

/// What a person says of an asset. `None` leaves a field as it is; `Some(None)` takes back what people said, so that
/// what sensors say counts again; `Some(Some(value))` says so from now on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AssetEdit {
    /// Who answers for it; the empty text says that nobody does.
    #[serde(deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub owner: Option<Option<String>>,
    /// The id of its service; the empty text says that it belongs to none.
    #[serde(deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub service: Option<Option<String>>,
    /// Who can reach it.
    #[serde(deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub exposure: Option<Option<Exposure>>,
    /// What stops when it stops.
    #[serde(deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub mission_impact: Option<Option<MissionImpact>>,
    /// Classes of the data it holds.
    #[serde(deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub data_classes: Option<Option<Vec<String>>>,
    /// Whether it is an AI system, or part of one.
    #[serde(deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub is_ai: Option<Option<bool>>,
    /// Names of the assets it depends on.
    #[serde(deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<Option<Vec<String>>>,
}

impl AssetEdit {
    /// The asset as it counts.
    pub(crate) fn on_top_of(&self, reported: &Asset) -> Asset {
        fn text(said: &Option<Option<String>>, reported: &Option<String>) -> Option<String> {
            match said.as_ref().and_then(Option::as_ref) {
                Some(text) => Some(text.clone()).filter(|text| !text.is_empty()),
                None => reported.clone(),
            }
        }
        fn value<T: Clone>(said: &Option<Option<T>>, reported: &T) -> T {
            said.as_ref().and_then(Option::as_ref).unwrap_or(reported).clone()
        }
        Asset {
            id: reported.id.clone(),
            kind: reported.kind,
            name: reported.name.clone(),
            service: text(&self.service, &reported.service),
            owner: text(&self.owner, &reported.owner),
            exposure: value(&self.exposure, &reported.exposure),
            mission_impact: value(&self.mission_impact, &reported.mission_impact),
            data_classes: value(&self.data_classes, &reported.data_classes),
            is_ai: value(&self.is_ai, &reported.is_ai),
            depends_on: value(&self.depends_on, &reported.depends_on),
        }
    }

    /// What people say after this edit as well.
    pub(crate) fn and_then(&self, edit: &AssetEdit) -> AssetEdit {
        fn later<T: Clone>(before: &Option<Option<T>>, now: &Option<Option<T>>) -> Option<Option<T>> {
            now.as_ref().or(before.as_ref()).cloned().filter(Option::is_some)
        }
        AssetEdit {
            owner: later(&self.owner, &edit.owner),
            service: later(&self.service, &edit.service),
            exposure: later(&self.exposure, &edit.exposure),
            mission_impact: later(&self.mission_impact, &edit.mission_impact),
            data_classes: later(&self.data_classes, &edit.data_classes),
            is_ai: later(&self.is_ai, &edit.is_ai),
            depends_on: later(&self.depends_on, &edit.depends_on),
        }
    }
}

/// A field that is there is `Some`, also where it is null.
fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

/// One change of what is known of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetChange {
    /// The field of [`Asset`] (`owner`, `exposure`, …).
    pub field: String,
    /// What it was, as JSON.
    pub old: String,
    /// What it is, as JSON.
    pub new: String,
    /// Who changed it.
    pub by: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

/// Which assets.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AssetFilter {
    /// Whose name begins so; letters count as they are written.
    pub name_prefix: Option<String>,
    /// Of this service; the empty text stands for none.
    pub service: Option<String>,
    /// Of this owner.
    pub owner: Option<String>,
    /// Of these kinds; empty for any.
    pub kinds: Vec<AssetKind>,
    /// Without an owner.
    pub no_owner: bool,
    /// Whose exposure nobody has said.
    pub no_exposure: bool,
    /// That no sensor has seen since then.
    pub unseen_since: Option<Timestamp>,
    /// Whose owner does not work here, as far as people were imported.
    pub orphaned: bool,
}

/// One asset in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssetRow {
    /// The asset as it counts: what sensors report, with what people said on top.
    pub asset: Asset,
    /// When a sensor saw it last.
    pub seen_at: Timestamp,
    /// Its open findings.
    pub open: ByPriority,
}

/// One sensor's last look at an asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SensorLook {
    /// The asset's id.
    pub asset_id: String,
    /// The asset's name.
    pub asset_name: String,
    /// The sensor.
    pub sensor: String,
    /// When it looked.
    pub seen_at: Timestamp,
    /// How many components it saw.
    pub components: u64,
    /// What it could not check: the first of it.
    pub problems: Vec<Problem>,
    /// Whether there is more of that.
    pub more_problems: bool,
}

/// All that is known of one asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssetRecord {
    /// As in the list.
    #[serde(flatten)]
    pub row: AssetRow,
    /// What its sensor reported last.
    pub reported: Asset,
    /// What people say of it; where they say nothing, `None`.
    pub edits: AssetEdit,
    /// Where its sensor says what is known of it (`yata.toml:12`).
    pub said_in: String,
    /// Who looked at it and when, by sensor.
    pub looks: Vec<SensorLook>,
}

/// How much of the register is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// All assets.
    pub assets: u64,
    /// Without an owner.
    pub no_owner: u64,
    /// Whose exposure nobody has said.
    pub no_exposure: u64,
    /// That no sensor has seen since the day asked about.
    pub unseen: u64,
    /// Whose owner does not work here; 0 where no people were imported.
    pub orphaned: u64,
}
