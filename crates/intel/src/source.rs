//! The standing of the sources: fresh, stale, partial, missing or broken.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use yata_model::{Ecosystem, Message, SourceState, SourceStatus, Standing};

use yata_versions::Scheme;

use crate::import::{EPSS_SOURCE, KEV_SOURCE, TABLES_SOURCE, VULNRICHMENT_SOURCE};
use crate::layout::{SourceMeta, osv_source};

/// The greatest age in days that each kind of source may have before it counts as stale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaxAges {
    /// Advisories.
    pub osv: u32,
    /// The catalogue of known exploited vulnerabilities.
    pub kev: u32,
    /// Exploit prediction.
    pub epss: u32,
    /// CISA's assessments.
    pub vulnrichment: u32,
}

impl Default for MaxAges {
    /// 14 days for advisories and KEV, 7 for EPSS (published daily), 30 for vulnrichment.
    fn default() -> Self {
        MaxAges { osv: 14, kev: 14, epss: 7, vulnrichment: 30 }
    }
}

impl MaxAges {
    /// The defaults with what an estate file says of `osv`, `kev`, `epss` and `vulnrichment`.
    pub fn with(overrides: &BTreeMap<String, u32>) -> Self {
        let default = MaxAges::default();
        let get = |name: &str, fallback: u32| overrides.get(name).copied().unwrap_or(fallback);
        MaxAges {
            osv: get("osv", default.osv),
            kev: get("kev", default.kev),
            epss: get("epss", default.epss),
            vulnrichment: get("vulnrichment", default.vulnrichment),
        }
    }

    fn of(&self, source: &str) -> u32 {
        match source {
            KEV_SOURCE => self.kev,
            EPSS_SOURCE => self.epss,
            VULNRICHMENT_SOURCE => self.vulnrichment,
            // A decision table is a standard, not news.
            TABLES_SOURCE => u32::MAX,
            _ => self.osv,
        }
    }
}

/// The standing of every source on one day.
#[derive(Debug, Clone)]
pub struct Sources {
    /// By name.
    statuses: BTreeMap<String, SourceStatus>,
    /// Ecosystems with releases that some record names.
    ecosystems: Vec<String>,
}

impl Sources {
    pub(crate) fn new(
        metas: &BTreeMap<String, SourceMeta>,
        ecosystems: Vec<String>,
        today: Date,
        ages: &MaxAges,
    ) -> Self {
        let mut statuses: BTreeMap<String, SourceStatus> =
            metas.iter().map(|(name, meta)| (name.clone(), status(name, meta, today, ages.of(name)))).collect();
        for required in [KEV_SOURCE, EPSS_SOURCE] {
            statuses.entry(required.to_owned()).or_insert_with(|| missing(required, ages.of(required)));
        }
        Sources { statuses, ecosystems }
    }

    /// Every source, by name.
    pub fn all(&self) -> impl Iterator<Item = &SourceStatus> {
        self.statuses.values()
    }

    /// The standing of the source that speaks of an ecosystem; one that was never imported, and one that has
    /// no record for the release in question, is [`SourceState::Missing`].
    pub fn of_ecosystem(&self, ecosystem: &Ecosystem) -> SourceStatus {
        let name = osv_source(ecosystem);
        let Some(status) = self.statuses.get(&name) else {
            let mut status = missing(&name, 0);
            if Scheme::of(ecosystem).is_none() {
                // No feed that Yata reads speaks of it: to fetch one is no advice.
                status.message = Some(Message::new("source-foreign").with("ecosystem", ecosystem.to_string()));
            }
            return status;
        };
        // A feed that holds no record of what it is named after is another feed, or what is left of one.
        let has_records = match ecosystem.release {
            Some(_) => self.ecosystems.contains(&ecosystem.to_string()),
            None => self.ecosystems.iter().any(|name| family_of(name) == ecosystem.family.as_str()),
        };
        if !has_records {
            let message = Message::new("source-no-release").with("ecosystem", ecosystem.to_string());
            return SourceStatus { state: SourceState::Missing, message: Some(message), ..status.clone() };
        }
        status.clone()
    }

    /// Every release of a family that some record names (`Debian` → `Debian:11`, `Debian:12`).
    pub(crate) fn releases(&self, ecosystem: &Ecosystem) -> Vec<Ecosystem> {
        let family = ecosystem.family.as_str();
        let of_family = self.ecosystems.iter().filter(|name| family_of(name) == family);
        of_family.filter_map(|name| name.parse().ok()).filter(|other: &Ecosystem| other.release.is_some()).collect()
    }

    pub(crate) fn kev(&self) -> Option<&SourceStatus> {
        self.statuses.get(KEV_SOURCE)
    }

    pub(crate) fn epss(&self) -> Option<&SourceStatus> {
        self.statuses.get(EPSS_SOURCE)
    }

    pub(crate) fn vulnrichment(&self) -> Option<&SourceStatus> {
        self.statuses.get(VULNRICHMENT_SOURCE)
    }
}

/// The part of an ecosystem's name that names its family.
fn family_of(name: &str) -> &str {
    name.split(':').next().unwrap_or(name)
}

/// How far a fact from a source of this state can be trusted.
pub(crate) fn standing(state: SourceState) -> Standing {
    match state {
        SourceState::Fresh => Standing::Checked,
        SourceState::Stale => Standing::Stale,
        SourceState::Partial | SourceState::Missing | SourceState::Broken => Standing::Unknown,
    }
}

fn missing(name: &str, max_age_days: u32) -> SourceStatus {
    SourceStatus {
        name: name.to_owned(),
        state: SourceState::Missing,
        date: None,
        imported: None,
        records: 0,
        unreadable: 0,
        max_age_days,
        message: Some(Message::new("source-missing").with("source", name)),
    }
}

fn status(name: &str, meta: &SourceMeta, today: Date, max_age_days: u32) -> SourceStatus {
    let verified = meta.verified.map(|time| time.to_zoned(TimeZone::UTC).date());
    let date = meta.content_date.max(verified);
    let age = date.and_then(|date| today.since(date).ok()).map(|span| i64::from(span.get_days()));
    let message = |id: &str| Message::new(id).with("source", name);
    let (state, message) = if let Some(reason) = &meta.broken {
        (SourceState::Broken, Some(message("source-broken").with("reason", reason.as_str())))
    } else if age.is_none() && max_age_days != u32::MAX {
        (SourceState::Stale, Some(message("source-undated")))
    } else if let (Some(age), Some(date)) = (age.filter(|age| *age > i64::from(max_age_days)), date) {
        let text = message("source-stale").with("date", date.to_string()).with("age", age);
        (SourceState::Stale, Some(text.with("max", i64::from(max_age_days))))
    } else if meta.unreadable_without_package > 0 {
        let names = meta.unreadable_names.join("; ");
        let count = i64::try_from(meta.unreadable_without_package).unwrap_or(i64::MAX);
        (SourceState::Partial, Some(message("source-partial").with("count", count).with("names", names)))
    } else {
        (SourceState::Fresh, None)
    };
    SourceStatus {
        name: name.to_owned(),
        state,
        date,
        imported: meta.imported,
        records: meta.records,
        unreadable: meta.unreadable,
        max_age_days,
        message,
    }
}
