//! Assets: what the organisation has and must protect.

use serde::{Deserialize, Serialize};

use crate::id::asset_id;

/// What kind of thing an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AssetKind {
    /// A source repository or any folder of sources.
    Repository,
    /// A machine or an image of one: it has an operating system's package database.
    Host,
    /// A product or system known only by its software bill of materials.
    Sbom,
    /// An AI service that somebody runs or buys.
    AiService,
    /// A coding or business agent.
    Agent,
    /// A tool that was made with AI outside the development process.
    AiMadeApp,
    /// A trained model.
    Model,
    /// A collection of data.
    Data,
}

/// Who can reach an asset over a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exposure {
    /// Not reachable over any network.
    None,
    /// Reachable from the organisation's own network.
    Internal,
    /// Reachable by named partners.
    Partner,
    /// Reachable by anyone.
    Internet,
    /// Nobody has said: counts as [`Exposure::Internet`].
    #[default]
    Unknown,
}

/// What stops when the asset stops: SSVC "Human Impact" terms.
///
/// Source: SSVC decision point `ssvc:HI:2.0.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissionImpact {
    /// Little or no effect on the mission or on people.
    Low,
    /// Effect on supporting functions.
    Medium,
    /// Effect on essential functions, or harm to people.
    High,
    /// The mission fails, or lives are in danger.
    VeryHigh,
    /// Nobody has said: counts as [`MissionImpact::VeryHigh`].
    #[default]
    Unknown,
}

/// A class of data, named by the organisation (for example `public`, `internal`, `personal`).
pub type DataClass = String;

/// One thing that the organisation has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Stable id, see [`crate::asset_id`].
    pub id: String,
    /// What kind of thing it is.
    pub kind: AssetKind,
    /// Its name: a relative path, a host name, the name in an SBOM, or the name the estate file gives.
    pub name: String,
    /// The id of the business service it belongs to, where the estate file says.
    pub service: Option<String>,
    /// Who answers for it (a person or team).
    pub owner: Option<String>,
    /// Who can reach it.
    pub exposure: Exposure,
    /// What stops when it stops: its own, or its service's.
    pub mission_impact: MissionImpact,
    /// Classes of the data it holds.
    pub data_classes: Vec<DataClass>,
    /// Whether it is an AI system, or part of one.
    pub is_ai: bool,
    /// Names of the assets it depends on.
    pub depends_on: Vec<String>,
}

impl Asset {
    /// An asset of which nothing is known but its kind and name.
    pub fn unknown(kind: AssetKind, name: impl Into<String>) -> Self {
        let name = name.into();
        Asset {
            id: asset_id(kind, &name),
            kind,
            name,
            service: None,
            owner: None,
            exposure: Exposure::Unknown,
            mission_impact: MissionImpact::Unknown,
            data_classes: Vec::new(),
            is_ai: false,
            depends_on: Vec::new(),
        }
    }
}
