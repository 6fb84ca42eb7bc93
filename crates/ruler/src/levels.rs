//! The plain values that the decision tables take, and the decision points that read them.

use yata_model::{Exploitation, Exposure, MissionImpact, TechnicalImpact};

/// The inputs of a decision, without their provenance: what is left when every unknown has taken its worst case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Levels {
    /// How far it is exploited.
    pub exploitation: Exploitation,
    /// Whether CISA KEV lists it.
    pub known_exploited: bool,
    /// Who can reach the component.
    pub exposure: Exposure,
    /// Whether attacks can be automated.
    pub automatable: bool,
    /// What an attacker gains.
    pub technical_impact: TechnicalImpact,
    /// What stops when the asset stops.
    pub mission_impact: MissionImpact,
}

/// A decision point that Yata can answer. The order is the order of a table's inputs here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// `ssvc:E:1`: Exploitation.
    Exploitation,
    /// `cisa:KEV:1`: In KEV.
    KnownExploited,
    /// `cisa:PE:1`: Publicly Exposed.
    PubliclyExposed,
    /// `ssvc:EXP:1`: System Exposure.
    SystemExposure,
    /// `ssvc:A:2`: Automatable.
    Automatable,
    /// `ssvc:TI:1`: Technical Impact.
    TechnicalImpact,
    /// `ssvc:HI:2`: Human Impact.
    HumanImpact,
    /// `ssvc:MWI:1`: Mission and Well-Being Impact.
    MissionWellBeing,
}

impl Point {
    /// All of them.
    pub const ALL: [Point; 8] = [
        Point::Exploitation,
        Point::KnownExploited,
        Point::PubliclyExposed,
        Point::SystemExposure,
        Point::Automatable,
        Point::TechnicalImpact,
        Point::HumanImpact,
        Point::MissionWellBeing,
    ];

    /// `namespace:key` and the major version whose meaning Yata knows.
    pub fn id(self) -> (&'static str, &'static str) {
        match self {
            Point::Exploitation => ("ssvc:E", "1"),
            Point::KnownExploited => ("cisa:KEV", "1"),
            Point::PubliclyExposed => ("cisa:PE", "1"),
            Point::SystemExposure => ("ssvc:EXP", "1"),
            Point::Automatable => ("ssvc:A", "2"),
            Point::TechnicalImpact => ("ssvc:TI", "1"),
            Point::HumanImpact => ("ssvc:HI", "2"),
            Point::MissionWellBeing => ("ssvc:MWI", "1"),
        }
    }

    /// Its name in the standard.
    pub fn name(self) -> &'static str {
        match self {
            Point::Exploitation => "Exploitation",
            Point::KnownExploited => "In KEV",
            Point::PubliclyExposed => "Publicly Exposed",
            Point::SystemExposure => "System Exposure",
            Point::Automatable => "Automatable",
            Point::TechnicalImpact => "Technical Impact",
            Point::HumanImpact => "Human Impact",
            Point::MissionWellBeing => "Mission and Well-Being Impact",
        }
    }

    /// Its values as (key, name), the best first.
    pub fn values(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Point::Exploitation => &[("N", "None"), ("P", "Public PoC"), ("A", "Active")],
            Point::KnownExploited | Point::PubliclyExposed | Point::Automatable => &[("N", "No"), ("Y", "Yes")],
            Point::SystemExposure => &[("S", "Small"), ("C", "Controlled"), ("O", "Open")],
            Point::TechnicalImpact => &[("P", "Partial"), ("T", "Total")],
            Point::HumanImpact => &[("L", "Low"), ("M", "Medium"), ("H", "High"), ("VH", "Very High")],
            Point::MissionWellBeing => &[("L", "Low"), ("M", "Medium"), ("H", "High")],
        }
    }

    /// The place of its answer in [`Point::values`].
    ///
    /// System Exposure by the definitions of `ssvc:EXP:1.0.1`: not on a network is *small*; the organisation's own
    /// network and partners are *controlled* ("networked service with some access restrictions"; a closed network
    /// is not trusted to be more); the internet is *open*. Publicly Exposed by `cisa:PE:1.0.0`: only what "untrusted
    /// entities" reach "via public networks". Not known counts as the internet, and as the highest impact.
    pub fn answer(self, levels: &Levels) -> usize {
        match self {
            Point::Exploitation => match levels.exploitation {
                Exploitation::None => 0,
                Exploitation::PublicPoc => 1,
                Exploitation::Active => 2,
            },
            Point::KnownExploited => usize::from(levels.known_exploited),
            Point::PubliclyExposed => usize::from(matches!(levels.exposure, Exposure::Internet | Exposure::Unknown)),
            Point::SystemExposure => match levels.exposure {
                Exposure::None => 0,
                Exposure::Internal | Exposure::Partner => 1,
                Exposure::Internet | Exposure::Unknown => 2,
            },
            Point::Automatable => usize::from(levels.automatable),
            Point::TechnicalImpact => usize::from(levels.technical_impact == TechnicalImpact::Total),
            Point::HumanImpact => match levels.mission_impact {
                MissionImpact::Low => 0,
                MissionImpact::Medium => 1,
                MissionImpact::High => 2,
                MissionImpact::VeryHigh | MissionImpact::Unknown => 3,
            },
            Point::MissionWellBeing => match levels.mission_impact {
                MissionImpact::Low => 0,
                MissionImpact::Medium => 1,
                MissionImpact::High | MissionImpact::VeryHigh | MissionImpact::Unknown => 2,
            },
        }
    }
}
