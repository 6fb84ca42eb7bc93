//! Assets, components and where they stand, on the wire.

use yata_model as model;

use super::text::Text;
use crate::api::schema::{wire, words};

words! {
    /// What kind of thing an asset is.
    model::AssetKind as "AssetKind": [
        model::AssetKind::Repository, model::AssetKind::Host, model::AssetKind::Sbom, model::AssetKind::AiService,
        model::AssetKind::Agent, model::AssetKind::AiMadeApp, model::AssetKind::Model, model::AssetKind::Data,
    ];
    /// Who can reach an asset over a network; `unknown` counts as `internet`.
    model::Exposure as "Exposure": [
        model::Exposure::None, model::Exposure::Internal, model::Exposure::Partner, model::Exposure::Internet,
        model::Exposure::Unknown,
    ];
    /// What stops when the asset stops (SSVC Human Impact); `unknown` counts as `very-high`.
    model::MissionImpact as "MissionImpact": [
        model::MissionImpact::Low, model::MissionImpact::Medium, model::MissionImpact::High,
        model::MissionImpact::VeryHigh, model::MissionImpact::Unknown,
    ];
    /// What a component is needed for.
    model::Scope as "Scope": [model::Scope::Runtime, model::Scope::Optional, model::Scope::Development];
}

wire! {
    /// One thing that the organisation has.
    pub struct Asset {
        /// The id: `as_` and 80 bits of a digest of kind and name. Where a sensor gives it, it must be that of kind and name.
        pub id: Option<Text>,
        /// What kind of thing it is.
        pub kind: model::AssetKind,
        /// Its name: a path, a host name, the name in an SBOM, or the name that the estate file gives.
        pub name: Text,
        /// The id of the business service it belongs to.
        pub service: Option<Text>,
        /// Who answers for it.
        pub owner: Option<Text>,
        /// Who can reach it.
        #[serde(default)]
        pub exposure: model::Exposure,
        /// What stops when it stops.
        #[serde(default)]
        pub mission_impact: model::MissionImpact,
        /// Classes of the data it holds.
        #[serde(default)]
        pub data_classes: Vec<Text>,
        /// Whether it is an AI system, or part of one.
        #[serde(default)]
        pub is_ai: bool,
        /// Names of the assets it depends on.
        #[serde(default)]
        pub depends_on: Vec<Text>,
    }

    /// One place where a component or a credential was seen.
    pub struct Occurrence {
        /// The file, relative to what was assessed, with `/` separators.
        pub file: Text,
        /// The line, from 1, where the format has lines.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub line: Option<u32>,
        /// What it is needed for here.
        pub scope: model::Scope,
        /// Whether the project names it itself; absent where the format does not tell.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub direct: Option<bool>,
        /// The shortest way from a direct dependency to it, as `name@version`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub path: Vec<Text>,
    }

    /// The source package that a distribution built a binary package from.
    pub struct SourcePackage {
        /// Its name.
        pub name: Text,
        /// Its version, where it differs from the binary package's.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub version: Option<Text>,
    }

    /// A package version that an asset has.
    pub struct Component {
        /// The package URL with version and qualifiers: the identity of the component.
        pub purl: Text,
        /// The ecosystem, as the OSV schema names it (`npm`, `Debian:12`).
        pub ecosystem: Text,
        /// The package's name, as advisories of the ecosystem write it.
        pub name: Text,
        /// The version as its source writes it; absent where none is pinned.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub version: Option<Text>,
        /// For distributions: the source package.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub source: Option<SourcePackage>,
        /// Where it was seen.
        #[serde(default)]
        pub occurrences: Vec<Occurrence>,
    }
}

/// Texts of the wire for texts of the model.
pub(crate) fn texts(from: Vec<String>) -> Vec<Text> {
    from.into_iter().map(Text::from).collect()
}

/// Texts of the model for texts of the wire.
pub(crate) fn strings(from: Vec<Text>) -> Vec<String> {
    from.into_iter().map(Text::into_string).collect()
}

/// A list, one by one.
pub(crate) fn each<A, B: From<A>>(from: Vec<A>) -> Vec<B> {
    from.into_iter().map(B::from).collect()
}

impl From<model::Asset> for Asset {
    fn from(asset: model::Asset) -> Self {
        Asset {
            id: Some(asset.id.into()),
            kind: asset.kind,
            name: asset.name.into(),
            service: asset.service.map(Text::from),
            owner: asset.owner.map(Text::from),
            exposure: asset.exposure,
            mission_impact: asset.mission_impact,
            data_classes: texts(asset.data_classes),
            is_ai: asset.is_ai,
            depends_on: texts(asset.depends_on),
        }
    }
}

impl From<Asset> for model::Asset {
    /// The id is computed: what the sensor gives is only compared with it.
    fn from(asset: Asset) -> Self {
        let name = asset.name.into_string();
        model::Asset {
            id: model::asset_id(asset.kind, &name),
            kind: asset.kind,
            name,
            service: asset.service.map(Text::into_string),
            owner: asset.owner.map(Text::into_string),
            exposure: asset.exposure,
            mission_impact: asset.mission_impact,
            data_classes: strings(asset.data_classes),
            is_ai: asset.is_ai,
            depends_on: strings(asset.depends_on),
        }
    }
}

impl From<model::Occurrence> for Occurrence {
    fn from(one: model::Occurrence) -> Self {
        let model::Occurrence { file, line, scope, direct, path } = one;
        Occurrence { file: file.into(), line, scope, direct, path: texts(path) }
    }
}

impl From<Occurrence> for model::Occurrence {
    fn from(one: Occurrence) -> Self {
        let Occurrence { file, line, scope, direct, path } = one;
        model::Occurrence { file: file.into(), line, scope, direct, path: strings(path) }
    }
}

impl From<model::Component> for Component {
    fn from(component: model::Component) -> Self {
        let source = component
            .source
            .map(|source| SourcePackage { name: source.name.into(), version: source.version.map(Text::from) });
        Component {
            purl: component.purl.into(),
            ecosystem: component.package.ecosystem.to_string().into(),
            name: component.package.name.into(),
            version: component.version.map(Text::from),
            source,
            occurrences: each(component.occurrences),
        }
    }
}

impl From<Component> for model::Component {
    fn from(component: Component) -> Self {
        let Ok(ecosystem) = component.ecosystem.parse::<model::Ecosystem>();
        let source = component.source.map(|source| model::SourcePackage {
            name: source.name.into(),
            version: source.version.map(Text::into_string),
        });
        model::Component {
            purl: component.purl.into(),
            // As the sensor normalised it: a second time could only change what it said.
            package: model::Package { ecosystem, name: component.name.into() },
            version: component.version.map(Text::into_string),
            source,
            occurrences: each(component.occurrences),
        }
    }
}
