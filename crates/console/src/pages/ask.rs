//! What the queue is asked for, as it stands in the address: one form for the page, its links, its export, and every
//! number elsewhere that links to its rows.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;
use yata_model::{AdvisoryKind, Priority, Scenario};
use yata_store::{AiFactor, Due, FindingStatus, QueueFilter};

use crate::form::encoded;

/// Most values of one key of the address.
const MAX_VALUES: usize = 50;

/// Most characters of one value of the address.
const MAX_VALUE_CHARS: usize = 500;

/// Days that count as soon.
pub(crate) const SOON_DAYS: i64 = 3;

/// Days in a week.
const WEEK_DAYS: i64 = 7;

/// Days in a month, as a filter.
const MONTH_DAYS: i64 = 30;

/// Which last days, in words that stay true tomorrow, or as days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DueAsk {
    /// The last day has passed.
    Overdue,
    /// Today or within three days.
    Soon,
    /// Today or within a week.
    Week,
    /// Today or within thirty days.
    Month,
    /// Without a last day.
    Undated,
    /// From a day to a day, both included.
    Days(Option<Date>, Option<Date>),
}

impl DueAsk {
    /// Those with a word.
    pub(crate) const WORDS: [(DueAsk, &'static str); 5] = [
        (DueAsk::Overdue, "overdue"),
        (DueAsk::Soon, "soon"),
        (DueAsk::Week, "week"),
        (DueAsk::Month, "month"),
        (DueAsk::Undated, "none"),
    ];

    fn parse(text: &str) -> Option<Self> {
        if let Some((due, _)) = DueAsk::WORDS.into_iter().find(|(_, word)| *word == text) {
            return Some(due);
        }
        let (from, to) = text.split_once("..")?;
        let day = |text: &str| if text.is_empty() { Ok(None) } else { text.parse::<Date>().map(Some) };
        match (day(from).ok()?, day(to).ok()?) {
            (None, None) => None,
            (from, to) => Some(DueAsk::Days(from, to)),
        }
    }

    fn text(self) -> String {
        if let Some((_, word)) = DueAsk::WORDS.into_iter().find(|(due, _)| *due == self) {
            return word.to_owned();
        }
        let DueAsk::Days(from, to) = self else { return String::new() };
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        format!("{}..{}", day(from), day(to))
    }

    fn filter(self, today: Date) -> Due {
        let within = |days: i64| Due::Between { from: Some(today), to: Some(today.saturating_add(days.days())) };
        match self {
            DueAsk::Overdue => Due::overdue(today),
            DueAsk::Soon => within(SOON_DAYS),
            DueAsk::Week => within(WEEK_DAYS),
            DueAsk::Month => within(MONTH_DAYS),
            DueAsk::Undated => Due::Undated,
            DueAsk::Days(from, to) => Due::Between { from, to },
        }
    }
}

/// What the queue is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ask {
    pub(crate) services: Vec<String>,
    pub(crate) owners: Vec<String>,
    pub(crate) kinds: Vec<AdvisoryKind>,
    pub(crate) priorities: Vec<Priority>,
    pub(crate) scenarios: Vec<Scenario>,
    pub(crate) ai: Vec<AiFactor>,
    pub(crate) states: Vec<FindingStatus>,
    pub(crate) due: Option<DueAsk>,
    pub(crate) advisory: Option<String>,
    pub(crate) asset: Option<String>,
    pub(crate) assignee: Option<String>,
    pub(crate) action: Option<String>,
    /// Every finding by itself, instead of one line for each act.
    pub(crate) single: bool,
    /// Where the page begins.
    pub(crate) after: Option<String>,
    /// What of the address could not be understood: said on the page, never passed over in silence.
    pub(crate) unread: Vec<(String, String)>,
}

impl Ask {
    /// From the pairs of a query. Empty values of single keys ask for nothing.
    pub(crate) fn parse(pairs: &[(String, String)]) -> Self {
        let mut ask = Ask::default();
        for (key, value) in pairs {
            let fits = value.chars().count() <= MAX_VALUE_CHARS && !value.contains('\0');
            if !(fits && ask.take(key, value)) {
                let cut = |text: &str| text.chars().take(60).collect::<String>();
                ask.unread.push((cut(key), cut(value)));
                ask.unread.truncate(MAX_VALUES);
            }
        }
        ask
    }

    fn take(&mut self, key: &str, value: &str) -> bool {
        let text = |slot: &mut Option<String>| {
            *slot = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
            true
        };
        match key {
            "service" => add(&mut self.services, Some(value.to_owned())),
            "owner" => add(&mut self.owners, Some(value.to_owned())),
            "kind" => add(&mut self.kinds, of_word(value)),
            "priority" => add(&mut self.priorities, of_word(value)),
            "scenario" => add(&mut self.scenarios, value.parse().ok().and_then(Scenario::new)),
            "ai" => add(&mut self.ai, of_word(value)),
            "state" => add(&mut self.states, of_word(value)),
            "due" if value.is_empty() => true,
            "due" => {
                self.due = DueAsk::parse(value);
                self.due.is_some()
            }
            "advisory" => text(&mut self.advisory),
            "asset" => text(&mut self.asset),
            "assignee" => text(&mut self.assignee),
            "action" => text(&mut self.action),
            "after" => text(&mut self.after),
            "group" => {
                self.single = value == "none";
                matches!(value, "none" | "action" | "")
            }
            // Of the export, and of the page's messages.
            "format" | "done" => true,
            _ => false,
        }
    }

    /// The same as the store is asked.
    pub(crate) fn filter(&self, today: Date) -> QueueFilter {
        QueueFilter {
            services: self.services.clone(),
            owners: self.owners.clone(),
            kinds: self.kinds.clone(),
            priorities: self.priorities.clone(),
            scenarios: self.scenarios.clone(),
            ai: self.ai.clone(),
            states: self.states.clone(),
            due: self.due.map(|due| due.filter(today)),
            advisory: self.advisory.clone(),
            asset: self.asset.clone(),
            assignee: self.assignee.clone(),
            action: self.action.clone(),
        }
    }

    /// The pairs of the query, in one order.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        pairs.extend(self.services.iter().map(|value| ("service", value.clone())));
        pairs.extend(self.owners.iter().map(|value| ("owner", value.clone())));
        pairs.extend(self.kinds.iter().map(|value| ("kind", word_of(value))));
        pairs.extend(self.priorities.iter().map(|value| ("priority", word_of(value))));
        pairs.extend(self.scenarios.iter().map(|value| ("scenario", value.number().to_string())));
        pairs.extend(self.ai.iter().map(|value| ("ai", word_of(value))));
        pairs.extend(self.states.iter().map(|value| ("state", word_of(value))));
        pairs.extend(self.due.map(|due| ("due", due.text())));
        let single = [
            ("advisory", &self.advisory),
            ("asset", &self.asset),
            ("assignee", &self.assignee),
            ("action", &self.action),
        ];
        pairs.extend(single.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))));
        pairs.extend(self.single.then(|| ("group", "none".to_owned())));
        pairs.extend(self.after.clone().map(|after| ("after", after)));
        pairs
    }

    /// The query, without its `?`.
    pub(crate) fn query(&self) -> String {
        let pairs = self.pairs();
        pairs.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect::<Vec<_>>().join("&")
    }

    /// The address of the queue that shows this.
    pub(crate) fn url(&self) -> String {
        self.at("/queue", "")
    }

    /// An address with this query, and more after it.
    pub(crate) fn at(&self, path: &str, more: &str) -> String {
        let query =
            [self.query().as_str(), more].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The same from its first page on, changed.
    pub(crate) fn but(&self, change: impl FnOnce(&mut Ask)) -> Ask {
        let mut ask = Ask { after: None, unread: Vec::new(), ..self.clone() };
        change(&mut ask);
        ask
    }

    /// Whether it asks for anything but all that is open.
    pub(crate) fn is_narrow(&self) -> bool {
        self.but(|ask| ask.single = false) != Ask::default()
    }
}

/// Adds a value, or takes it away where it is there.
pub(crate) fn toggle<T: PartialEq>(list: &mut Vec<T>, value: T) {
    match list.iter().position(|one| *one == value) {
        Some(at) => drop(list.remove(at)),
        None => list.push(value),
    }
}

fn add<T: PartialEq>(list: &mut Vec<T>, value: Option<T>) -> bool {
    match value {
        Some(value) if list.len() < MAX_VALUES => {
            if !list.contains(&value) {
                list.push(value);
            }
            true
        }
        _ => false,
    }
}

/// The value whose word on the wire that is.
fn of_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// The word of a value on the wire.
pub(crate) fn word_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(query: &[(&str, &str)]) -> Vec<(String, String)> {
        query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn an_address_comes_back_as_it_was() {
        let query = pairs(&[
            ("service", "billing"),
            ("service", ""),
            ("owner", "情報システム部 & co=1"),
            ("kind", "malware"),
            ("priority", "out-of-cycle"),
            ("scenario", "3"),
            ("ai", "none"),
            ("state", "false-positive"),
            ("due", "..2026-11-21"),
            ("advisory", "CVE-2021-44228"),
            ("asset", "as_1"),
            ("assignee", "佐藤"),
            ("action", "fi_1"),
            ("group", "none"),
            ("after", "x.y"),
        ]);
        let ask = Ask::parse(&query);
        assert!(ask.unread.is_empty(), "{:?}", ask.unread);
        let again: Vec<(String, String)> =
            ask.pairs().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        assert_eq!(again, query);
        for (_, word) in DueAsk::WORDS {
            assert_eq!(Ask::parse(&pairs(&[("due", word)])).query(), format!("due={word}"));
        }
    }

    #[test]
    fn what_is_not_understood_is_kept_to_be_said() {
        let ask =
            Ask::parse(&pairs(&[("kind", "x"), ("scenario", "10"), ("due", ".."), ("nonsense", "1"), ("owner", "a")]));
        assert_eq!(ask.unread.len(), 4);
        assert_eq!(ask.query(), "owner=a");
        assert!(Ask::parse(&pairs(&[("advisory", ""), ("due", "")])).unread.is_empty());
    }

    #[test]
    fn days_in_words_are_counted_from_today() {
        let today = Date::constant(2026, 11, 22);
        let due = |word| Ask::parse(&pairs(&[("due", word)])).filter(today).due;
        assert_eq!(due("overdue"), Some(Due::Between { from: None, to: Some(Date::constant(2026, 11, 21)) }));
        assert_eq!(due("soon"), Some(Due::Between { from: Some(today), to: Some(Date::constant(2026, 11, 25)) }));
        assert_eq!(due("none"), Some(Due::Undated));
    }
}
