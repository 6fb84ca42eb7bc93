//! Every table, key and word of the estate file: the one list that the parser, the published schema
//! (`docs/schemas/yata.schema.json`) and `docs/estate.md` are held against.

use jiff::civil::Weekday;
use yata_model::{AssetKind, Exposure, MissionImpact};

/// A table of the estate file.
#[derive(Debug)]
pub struct Section {
    /// How it is written in messages (`[[asset]]`).
    pub name: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

/// A key of a table.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Whether the table is wrong without it.
    pub required: bool,
    /// The words it allows; empty where it is no choice of words.
    pub words: &'static [&'static str],
    /// The table it holds, where it holds one (or an array of them).
    pub section: Option<&'static Section>,
}

impl Section {
    /// The key of that name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    pub(super) fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name).collect()
    }
}

const fn key(name: &'static str) -> Key {
    Key { name, required: false, words: &[], section: None }
}

const fn required(name: &'static str) -> Key {
    Key { required: true, ..key(name) }
}

const fn choice(name: &'static str, words: &'static [&'static str]) -> Key {
    Key { words, ..key(name) }
}

const fn table(name: &'static str, section: &'static Section) -> Key {
    Key { section: Some(section), ..key(name) }
}

/// The estate file itself.
pub static ESTATE: Section = Section {
    name: "the estate file",
    keys: &[
        table("organisation", &ORGANISATION),
        table("service", &SERVICE),
        table("asset", &ASSET),
        table("deadlines", &DEADLINES),
        table("intel", &INTEL),
        table("assess", &ASSESS),
    ],
};

/// `[organisation]`.
pub static ORGANISATION: Section = Section { name: "[organisation]", keys: &[required("name"), key("name_ja")] };

/// `[[service]]`.
pub static SERVICE: Section = Section {
    name: "[[service]]",
    keys: &[
        required("id"),
        required("name"),
        key("name_ja"),
        choice("mission_impact", MISSION_IMPACTS),
        key("max_tolerable_outage"),
        key("owner"),
        table("change_window", &CHANGE_WINDOW),
    ],
};

/// `change_window` of a service.
pub static CHANGE_WINDOW: Section = Section {
    name: "change_window",
    keys: &[Key { words: WEEKDAYS, ..required("weekday") }, key("weeks"), key("from"), key("to")],
};

/// `[[asset]]`.
pub static ASSET: Section = Section {
    name: "[[asset]]",
    keys: &[
        key("path"),
        key("host"),
        key("sbom"),
        key("name"),
        choice("kind", ASSET_KINDS),
        key("service"),
        key("owner"),
        choice("exposure", EXPOSURES),
        choice("mission_impact", MISSION_IMPACTS),
        key("data_classes"),
        key("ai"),
        key("depends_on"),
    ],
};

/// `[deadlines]`.
pub static DEADLINES: Section = Section {
    name: "[deadlines]",
    keys: &[
        key("immediate_days"),
        key("out_of_cycle_days"),
        key("scheduled_days"),
        key("defer_days"),
        choice("count", &["calendar", "business"]),
        key("holidays"),
    ],
};

/// `[intel]`.
pub static INTEL: Section = Section { name: "[intel]", keys: &[key("feeds"), table("max_age_days", &MAX_AGE_DAYS)] };

/// `max_age_days` of `[intel]`.
pub static MAX_AGE_DAYS: Section =
    Section { name: "max_age_days", keys: &[key("osv"), key("kev"), key("epss"), key("vulnrichment")] };

/// `[assess]`.
pub static ASSESS: Section = Section {
    name: "[assess]",
    keys: &[key("as_of"), key("decision_tables"), key("vex"), key("leave_out"), key("waive")],
};

/// Words of `mission_impact`.
pub static MISSION_IMPACTS: &[&str] = &["low", "medium", "high", "very-high"];
/// Words of `exposure`.
pub static EXPOSURES: &[&str] = &["none", "internal", "partner", "internet"];
/// Words of `kind`.
pub static ASSET_KINDS: &[&str] =
    &["repository", "host", "sbom", "ai-service", "agent", "ai-made-app", "model", "data"];
/// Words of `weekday`.
pub static WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

pub(super) fn mission_impact(word: &str) -> Option<MissionImpact> {
    Some(match word {
        "low" => MissionImpact::Low,
        "medium" => MissionImpact::Medium,
        "high" => MissionImpact::High,
        "very-high" => MissionImpact::VeryHigh,
        _ => return None,
    })
}

pub(super) fn exposure(word: &str) -> Option<Exposure> {
    Some(match word {
        "none" => Exposure::None,
        "internal" => Exposure::Internal,
        "partner" => Exposure::Partner,
        "internet" => Exposure::Internet,
        _ => return None,
    })
}

pub(super) fn asset_kind(word: &str) -> Option<AssetKind> {
    Some(match word {
        "repository" => AssetKind::Repository,
        "host" => AssetKind::Host,
        "sbom" => AssetKind::Sbom,
        "ai-service" => AssetKind::AiService,
        "agent" => AssetKind::Agent,
        "ai-made-app" => AssetKind::AiMadeApp,
        "model" => AssetKind::Model,
        "data" => AssetKind::Data,
        _ => return None,
    })
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_meaning() {
        assert!(MISSION_IMPACTS.iter().all(|word| mission_impact(word).is_some()));
        assert!(EXPOSURES.iter().all(|word| exposure(word).is_some()));
        assert!(ASSET_KINDS.iter().all(|word| asset_kind(word).is_some()));
        assert!(WEEKDAYS.iter().all(|word| weekday(word).is_some()));
    }
}
