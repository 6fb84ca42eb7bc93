//! Which assets are asked for, as it stands in the address: one form for the register, its links, its export, and every
//! number elsewhere that links to assets.

use jiff::{SignedDuration, Timestamp};
use yata_model::AssetKind;
use yata_store::AssetFilter;

use super::ask::word_of;
use crate::form::encoded;

/// Days without a look of any sensor after which an asset counts as unseen.
pub(crate) const UNSEEN_DAYS: i64 = 30;

/// Most characters of one value of the address.
const MAX_VALUE_CHARS: usize = 500;

/// All kinds of assets.
pub(crate) const KINDS: [AssetKind; 8] = [
    AssetKind::Repository,
    AssetKind::Host,
    AssetKind::Sbom,
    AssetKind::AiService,
    AssetKind::Agent,
    AssetKind::AiMadeApp,
    AssetKind::Model,
    AssetKind::Data,
];

/// What is missing of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Nobody answers for it.
    Owner,
    /// Nobody said who can reach it.
    Exposure,
    /// No sensor has seen it for [`UNSEEN_DAYS`].
    Sensor,
    /// Its owner does not work here.
    Orphaned,
    /// It belongs to no service.
    Service,
}

impl Gap {
    const WORDS: [(Gap, &'static str); 5] = [
        (Gap::Owner, "owner"),
        (Gap::Exposure, "exposure"),
        (Gap::Sensor, "sensor"),
        (Gap::Orphaned, "orphaned"),
        (Gap::Service, "service"),
    ];

    fn word(self) -> &'static str {
        Gap::WORDS.into_iter().find(|(gap, _)| *gap == self).map_or("", |(_, word)| word)
    }
}

/// What the register is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct AssetAsk {
    pub(crate) name: Option<String>,
    pub(crate) service: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) kind: Option<AssetKind>,
    pub(crate) gap: Option<Gap>,
    /// Where the page begins.
    pub(crate) after: Option<String>,
    /// What of the address could not be understood: said on the page, never passed over in silence.
    pub(crate) unread: Vec<String>,
}

impl AssetAsk {
    /// Those with a gap.
    pub(crate) fn of_gap(gap: Gap) -> Self {
        AssetAsk { gap: Some(gap), ..AssetAsk::default() }
    }

    /// From the pairs of a query. Empty values ask for nothing.
    pub(crate) fn parse(pairs: &[(String, String)]) -> Self {
        let mut ask = AssetAsk::default();
        for (key, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            let fits = value.chars().count() <= MAX_VALUE_CHARS && !value.contains('\0');
            if !(fits && ask.take(key, value)) && ask.unread.len() < 10 {
                ask.unread.push(format!("{key}={value}").chars().take(80).collect());
            }
        }
        ask
    }

    fn take(&mut self, key: &str, value: &str) -> bool {
        let text = || Some(value.to_owned());
        match key {
            "name" => self.name = text(),
            "service" => self.service = text(),
            "owner" => self.owner = text(),
            "after" => self.after = text(),
            "kind" => {
                self.kind = KINDS.into_iter().find(|kind| word_of(kind) == value);
                return self.kind.is_some();
            }
            "gap" => {
                self.gap = Gap::WORDS.into_iter().find(|(_, word)| *word == value).map(|(gap, _)| gap);
                return self.gap.is_some();
            }
            _ => return false,
        }
        true
    }

    /// The same as the store is asked.
    pub(crate) fn filter(&self, now: Timestamp) -> AssetFilter {
        let is = |gap: Gap| self.gap == Some(gap);
        AssetFilter {
            name_prefix: self.name.clone(),
            service: if is(Gap::Service) { Some(String::new()) } else { self.service.clone() },
            owner: self.owner.clone(),
            kinds: self.kind.into_iter().collect(),
            no_owner: is(Gap::Owner),
            no_exposure: is(Gap::Exposure),
            unseen_since: is(Gap::Sensor).then(|| unseen_since(now)),
            orphaned: is(Gap::Orphaned),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("name", self.name.clone()),
            ("service", self.service.clone()),
            ("owner", self.owner.clone()),
            ("kind", self.kind.as_ref().map(word_of)),
            ("gap", self.gap.map(|gap| gap.word().to_owned())),
            ("after", self.after.clone()),
        ];
        all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }

    /// An address with this query.
    pub(crate) fn at(&self, path: &str) -> String {
        let query: Vec<String> =
            self.pairs().into_iter().map(|(key, value)| format!("{key}={}", encoded(&value))).collect();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
    }

    /// The address of the register that shows this.
    pub(crate) fn url(&self) -> String {
        self.at("/assets")
    }

    /// The same from another place on.
    pub(crate) fn from(&self, after: Option<String>) -> AssetAsk {
        AssetAsk { after, unread: Vec::new(), ..self.clone() }
    }

    /// The same with another gap, or without one.
    pub(crate) fn with_gap(&self, gap: Option<Gap>) -> AssetAsk {
        AssetAsk { gap, ..self.from(None) }
    }

    /// The word of its gap; empty without one.
    pub(crate) fn gap_word(&self) -> &'static str {
        self.gap.map_or("", Gap::word)
    }

    /// Whether it asks for anything but all assets.
    pub(crate) fn is_narrow(&self) -> bool {
        self.from(None) != AssetAsk::default()
    }
}

/// An asset that no sensor has seen since then counts as unseen.
pub(crate) fn unseen_since(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24 * UNSEEN_DAYS)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back_as_it_was() {
        let pairs: Vec<(String, String)> = [
            ("name", "web/ & <b>"),
            ("service", "billing"),
            ("owner", "情報システム部"),
            ("kind", "ai-service"),
            ("gap", "sensor"),
            ("after", "[\"a\",\"b\"]"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec();
        let ask = AssetAsk::parse(&pairs);
        assert!(ask.unread.is_empty());
        let again: Vec<(String, String)> = ask.pairs().into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        assert_eq!(again, pairs);
        let odd = [("kind", "x"), ("gap", "y"), ("z", "1"), ("owner", "")];
        let odd: Vec<(String, String)> = odd.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
        assert_eq!(AssetAsk::parse(&odd).unread.len(), 3);
        assert_eq!(AssetAsk::parse(&odd).url(), "/assets");
    }
}
