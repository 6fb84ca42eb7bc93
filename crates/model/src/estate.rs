//! The estate: what the organisation says of itself in `yata.toml`.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

use crate::{AssetKind, DataClass, Exposure, MissionImpact, Priority};

/// The organisation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name, in English or as the organisation writes it.
    pub name: String,
    /// Its Japanese name.
    pub name_ja: Option<String>,
}

/// When changes may be made to a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeWindow {
    /// The day of the week; on the wire 1 is Monday and 7 Sunday (ISO 8601).
    #[serde(with = "iso_weekday")]
    pub weekday: Weekday,
    /// Which weeks of the month (1 to 5); empty means every week.
    pub weeks: Vec<u8>,
    /// When it opens, local time.
    pub from: Option<Time>,
    /// When it closes, local time.
    pub to: Option<Time>,
}

mod iso_weekday {
    use jiff::civil::Weekday;
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(weekday: &Weekday, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i8(weekday.to_monday_one_offset())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Weekday, D::Error> {
        let number = i8::deserialize(from)?;
        Weekday::from_monday_one_offset(number).map_err(|_| de::Error::custom("a weekday is a number from 1 to 7"))
    }
}

/// A service to the business, and what it means when it stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessService {
    /// Its id in the estate file.
    pub id: String,
    /// Its English name.
    pub name: String,
    /// Its Japanese name.
    pub name_ja: Option<String>,
    /// What stops when it stops.
    pub mission_impact: MissionImpact,
    /// How long it may be down, in minutes.
    pub max_tolerable_outage_minutes: Option<u32>,
    /// Who answers for it, unless the asset says otherwise.
    pub owner: Option<String>,
    /// When changes may be made.
    pub change_window: Option<ChangeWindow>,
}

/// Which assets a rule speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// Files and folders below the root by glob (`services/billing/**`).
    Path(String),
    /// A host by its name.
    Host(String),
    /// An SBOM by the name of its subject or its file.
    Sbom(String),
}

/// What the organisation says of one asset, or of all that a glob meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetRule {
    /// Which assets.
    pub selector: Selector,
    /// Its name; without one, each folder that the glob meets is an asset of its own.
    pub name: Option<String>,
    /// What kind of thing it is; without one, what the sensor saw.
    pub kind: Option<AssetKind>,
    /// The id of its service.
    pub service: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Who can reach it.
    pub exposure: Option<Exposure>,
    /// Its own mission impact, where it differs from its service's.
    pub mission_impact: Option<MissionImpact>,
    /// Classes of the data it holds.
    pub data_classes: Vec<DataClass>,
    /// Whether it is an AI system or part of one.
    pub ai: bool,
    /// Names of the assets it depends on.
    pub depends_on: Vec<String>,
    /// 1-based line in the estate file.
    pub line: u32,
}

/// Days to act by priority, and how they are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadlines {
    /// Days for each priority; [`Priority::Defer`] has none unless given.
    pub days: BTreeMap<Priority, u32>,
    /// Count business days: weekends and `holidays` do not count.
    pub business_days: bool,
    /// Days that do not count.
    pub holidays: Vec<Date>,
}

impl Default for Deadlines {
    /// 3, 14 and 60 calendar days (CISA BOD 26-04); none for `defer`.
    fn default() -> Self {
        Deadlines {
            days: BTreeMap::from([(Priority::Immediate, 3), (Priority::OutOfCycle, 14), (Priority::Scheduled, 60)]),
            business_days: false,
            holidays: Vec::new(),
        }
    }
}

/// Where the estate's intelligence comes from, and how old it may be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EstateIntel {
    /// A folder of feeds beside the estate file, used instead of the data folder's index.
    pub feeds: Option<String>,
    /// The greatest age in days by source (`osv`, `kev`, `epss`, `vulnrichment`).
    pub max_age_days: BTreeMap<String, u32>,
}

/// What `yata.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Estate {
    /// Whose estate it is.
    pub organisation: Organisation,
    /// Judge as of this day instead of today: for exercises and examples. Always shown.
    pub as_of: Option<Date>,
    /// The services.
    pub services: Vec<BusinessService>,
    /// The assets.
    pub assets: Vec<AssetRule>,
    /// Days to act.
    pub deadlines: Deadlines,
    /// The intelligence.
    pub intel: EstateIntel,
    /// A decision table of the organisation's own (SSVC JSON), relative to the estate file.
    pub decision_tables: Vec<String>,
    /// VEX documents, relative to the estate file.
    pub vex: Vec<String>,
    /// Globs of files that are not assessed (examples, test data). How many each leaves out is always shown.
    pub leave_out: Vec<String>,
    /// Subjects of problems that the organisation has looked at and waives.
    pub waive: Vec<String>,
}

impl Estate {
    /// The service of that id.
    pub fn service(&self, id: &str) -> Option<&BusinessService> {
        self.services.iter().find(|service| service.id == id)
    }
}
