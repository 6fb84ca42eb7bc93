//! The answers that would shorten the list most.

use std::collections::BTreeMap;

use yata_model::{Asset, Exploitation, Exposure, Message, MissionImpact, Question, Risk, TechnicalImpact};

use crate::facts::Summary;
use crate::judge::{more_urgent, settle};
use crate::{Levels, Tables};

/// How many questions are asked at once.
pub const MAX_QUESTIONS: usize = 3;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Topic<'a> {
    Kev,
    Vulnrichment,
    Exposure(&'a str),
    ServiceImpact(&'a str),
    AssetImpact(&'a str),
    Versions(&'a str),
}

impl Topic<'_> {
    /// Breaks ties: what concerns everything before what concerns one asset.
    fn class(&self) -> u8 {
        match self {
            Topic::Kev => 0,
            Topic::Vulnrichment => 1,
            Topic::Exposure(_) => 2,
            Topic::ServiceImpact(_) => 3,
            Topic::AssetImpact(_) => 4,
            Topic::Versions(_) => 5,
        }
    }

    /// The asset or service that it is about, by name.
    fn subject(&self, name: impl Fn(&str) -> String) -> String {
        match self {
            Topic::Kev | Topic::Vulnrichment => String::new(),
            Topic::Exposure(id) | Topic::AssetImpact(id) | Topic::Versions(id) => name(id),
            Topic::ServiceImpact(service) => (*service).to_owned(),
        }
    }

    fn words(&self, subject: String) -> Message {
        match self {
            Topic::Kev => Message::new("question-kev"),
            Topic::Vulnrichment => Message::new("question-vulnrichment"),
            Topic::Exposure(_) => Message::new("question-exposure").with("asset", subject),
            Topic::ServiceImpact(_) => Message::new("question-service-impact").with("service", subject),
            Topic::AssetImpact(_) => Message::new("question-asset-impact").with("asset", subject),
            Topic::Versions(_) => Message::new("question-versions").with("asset", subject),
        }
    }
}

/// At most three questions, the one whose best answer makes most risks less urgent first. Each is judged alone, with
/// everything else as it is. One pass over the risks; `asset` finds an asset by its id. Where CISA's assessments are
/// there and fresh (`vulnrichment_is_fresh`), to import them answers nothing.
pub fn questions<'a>(
    risks: &'a [Risk],
    asset: impl Fn(&str) -> Option<&'a Asset>,
    tables: &Tables,
    vulnrichment_is_fresh: bool,
) -> Vec<Question> {
    let mut moved: BTreeMap<Topic<'a>, u32> = BTreeMap::new();
    for risk in risks {
        let Some(facts) = Summary::of(&risk.facts) else { continue };
        let now = settle(facts.kind, &facts.levels, tables);
        let mut ask = |topic: Topic<'a>, best: Levels| {
            if more_urgent(now, settle(facts.kind, &best, tables)) {
                *moved.entry(topic).or_default() += 1;
            }
        };
        let levels = facts.levels;
        let id = risk.finding.asset_id.as_str();
        if facts.kev_is_assumed {
            ask(Topic::Kev, Levels { known_exploited: false, exploitation: facts.unlisted, ..levels });
        }
        if facts.has_cve && !vulnrichment_is_fresh {
            ask(Topic::Vulnrichment, best_assessment(&facts));
        }
        if facts.exposure_is_assumed {
            ask(Topic::Exposure(id), Levels { exposure: Exposure::None, ..levels });
        }
        if facts.mission_impact_is_assumed {
            let topic = match asset(id).and_then(|asset| asset.service.as_deref()) {
                Some(service) => Topic::ServiceImpact(service),
                None => Topic::AssetImpact(id),
            };
            ask(topic, Levels { mission_impact: MissionImpact::Low, ..levels });
        }
        if risk.finding.subject.component().is_some_and(|component| component.version.is_none()) {
            // The best answer is a version that is not affected: the risk goes away.
            *moved.entry(Topic::Versions(id)).or_default() += 1;
        }
    }
    let name = |id: &str| asset(id).map_or_else(|| id.to_owned(), |asset| asset.name.clone());
    let mut ranked: Vec<(u32, u8, String, Topic<'a>)> =
        moved.into_iter().map(|(topic, count)| (count, topic.class(), topic.subject(name), topic)).collect();
    ranked.sort_by(|(a, class_a, name_a, topic_a), (b, class_b, name_b, topic_b)| {
        b.cmp(a).then_with(|| (class_a, name_a, topic_a).cmp(&(class_b, name_b, topic_b)))
    });
    ranked.truncate(MAX_QUESTIONS);
    ranked
        .into_iter()
        .map(|(would_move, _, subject, topic)| Question { ask: topic.words(subject), would_move })
        .collect()
}

/// The best that an assessment could say of what is assumed now.
fn best_assessment(facts: &Summary) -> Levels {
    let mut levels = facts.levels;
    if facts.unlisted_is_assumed && levels.exploitation == Exploitation::PublicPoc {
        levels.exploitation = Exploitation::None;
    }
    if facts.automatable_is_assumed {
        levels.automatable = false;
    }
    if facts.technical_impact_is_assumed {
        levels.technical_impact = TechnicalImpact::Partial;
    }
    levels
}
