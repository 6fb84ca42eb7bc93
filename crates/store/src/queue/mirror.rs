//! All facets in memory, brought up to date before each question: how many findings have what.
//!
//! A page asks for a dozen sums over all facets. Made by the database they cost more than the page itself, and each
//! reader would make them again.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;
use yata_model::{Priority, Scenario};

use super::filter::{FindingStatus, QueueFilter, Total};
use super::rows::{scenario_of, status_of};
use super::sql::Dimension;
use crate::engine::{Conn, Row, query};
use crate::error::Fault;
use crate::judging::counts::{PRIORITIES, facet_columns, facets_removed, kind_word, priority_of, settled_revision};

/// Totals that are kept until a facet changes.
const MAX_TOTALS: usize = 256;

/// A facet, its texts as numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) service: u32,
    pub(super) owner: u32,
    pub(super) kind: u32,
    /// The place in [`PRIORITIES`].
    pub(super) priority: u8,
    pub(super) scenario: u8,
    pub(super) ai: u8,
    /// The place in [`FindingStatus::ALL`].
    pub(super) state: u8,
    leads: bool,
    /// More than 0.
    pub(super) findings: i64,
    pub(super) first_key: i64,
    revision: i64,
}

/// The texts of services, owners and kinds, each once.
#[derive(Debug, Default)]
struct Names {
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Names {
    fn number(&mut self, text: &str) -> Result<u32, Fault> {
        if let Some(number) = self.numbers.get(text) {
            return Ok(*number);
        }
        let number =
            u32::try_from(self.texts.len()).map_err(|_| Fault::Value("too many names in facets".to_owned()))?;
        let text: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        Ok(number)
    }
}

/// A value of one of the small lists.
pub(super) fn nth<T: Copy>(known: &[T], place: u8) -> Result<T, Fault> {
    known.get(usize::from(place)).copied().ok_or_else(|| Fault::Value(format!("the value {place} of a facet")))
}

/// Open findings of a scenario, some bits of AI and a priority.
#[derive(Debug)]
pub(crate) struct OpenSum {
    pub(crate) scenario: Scenario,
    pub(crate) ai: i64,
    pub(crate) priority: Priority,
    pub(crate) findings: i64,
}

/// The facets that have findings, as of one moment.
#[derive(Debug, Default)]
pub(crate) struct Facets {
    names: Names,
    by_id: HashMap<i64, Entry>,
    /// All changes with lesser revisions are in.
    through: i64,
    /// How often something changed.
    changes: u64,
    totals: HashMap<(QueueFilter, bool), Total>,
}

impl Facets {
    pub(super) fn name(&self, number: u32) -> &str {
        usize::try_from(number).ok().and_then(|number| self.names.texts.get(number)).map_or("", |text| text)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.by_id.values()
    }

    /// How many findings are open, of one service where one is given.
    pub(crate) fn open(&self, service: Option<&str>) -> Result<Vec<OpenSum>, Fault> {
        let service = service.map(|service| self.names.numbers.get(service).copied());
        let mut sums: HashMap<(u8, u8, u8), i64> = HashMap::new();
        for entry in self.entries() {
            let is_open = FindingStatus::ALL.get(usize::from(entry.state)) == Some(&FindingStatus::Open);
            if is_open && service.is_none_or(|service| service == Some(entry.service)) {
                *sums.entry((entry.scenario, entry.ai, entry.priority)).or_default() += entry.findings;
            }
        }
        let sum = |((scenario, ai, priority), findings)| {
            let scenario = scenario_of(i64::from(scenario))?;
            Ok(OpenSum { scenario, ai: i64::from(ai), priority: nth(&PRIORITIES, priority)?, findings })
        };
        sums.into_iter().map(sum).collect()
    }

    /// Takes a row in; whether that changed anything.
    fn take(&mut self, row: &Row) -> Result<bool, Fault> {
        let id: i64 = row.get("id")?;
        let findings: i64 = row.get("findings")?;
        if findings <= 0 {
            return Ok(self.by_id.remove(&id).is_some());
        }
        let place = |place: Option<usize>| place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX);
        let byte = |column: &str| -> Result<u8, Fault> {
            let number: i64 = row.get(column)?;
            u8::try_from(number).map_err(|_| Fault::Value(format!("the number `{number}` of a facet")))
        };
        let (priority, state) = (priority_of(row.get("priority")?)?, status_of(row.get("facet_state")?)?);
        let entry = Entry {
            service: self.names.number(row.get("service")?)?,
            owner: self.names.number(row.get("owner")?)?,
            kind: self.names.number(row.get("facet_kind")?)?,
            priority: place(PRIORITIES.iter().position(|known| *known == priority)),
            scenario: byte("scenario")?,
            ai: byte("ai")?,
            state: place(FindingStatus::ALL.iter().position(|known| *known == state)),
            leads: row.get::<i64>("leads")? == 1,
            findings,
            first_key: row.get("first_key")?,
            revision: row.get("revision")?,
        };
        if self.by_id.get(&id) == Some(&entry) {
            return Ok(false);
        }
        self.by_id.insert(id, entry);
        Ok(true)
    }
}

/// The facets of a store, shared by all its clones.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    facets: RwLock<Facets>,
    /// One catches up at a time, so that nobody puts an older state over a newer one.
    catching_up: Mutex<()>,
}

impl Mirror {
    /// Brings it to a state that is not older than this call.
    pub(crate) async fn catch_up(&self, conn: &mut Conn) -> Result<(), Fault> {
        let _turn = self.catching_up.lock().await;
        let settled = settled_revision(conn).await?;
        let through = self.read(|facets| facets.through);
        // What was taken away left no row: all is read again.
        let whole = facets_removed(conn).await? >= through;
        let text = concat!(
            "SELECT x.id, ",
            facet_columns!(),
            ", x.findings, x.first_key, x.revision FROM facet x WHERE x.revision >= $1"
        );
        let rows = query(text).bind(if whole { 0 } else { through }).fetch_all(conn).await?;
        self.write(|facets| {
            let mut changed = whole;
            if whole {
                facets.by_id.clear();
            }
            for row in &rows {
                changed |= facets.take(row)?;
            }
            if changed {
                facets.totals.clear();
                facets.changes += 1;
            }
            facets.through = settled;
            Ok(())
        })
    }

    /// Looks at the facets.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Facets) -> T) -> T {
        look(&self.facets.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, change: impl FnOnce(&mut Facets) -> T) -> T {
        change(&mut self.facets.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// A total that was kept since the last change.
    pub(super) fn total(&self, filter: &QueueFilter, grouped: bool) -> Option<Total> {
        self.read(|facets| facets.totals.get(&(filter.clone(), grouped)).copied())
    }

    /// Keeps a total that was counted after so many [`Mirror::changes`].
    pub(super) fn keep_total(&self, filter: &QueueFilter, grouped: bool, changes: u64, total: Total) {
        self.write(|facets| {
            if facets.changes == changes && facets.totals.len() < MAX_TOTALS {
                facets.totals.insert((filter.clone(), grouped), total);
            }
        });
    }

    /// How often something changed so far.
    pub(super) fn changes(&self) -> u64 {
        self.read(|facets| facets.changes)
    }
}

/// A filter as a test of facets in memory.
#[derive(Debug)]
pub(super) struct Wanted {
    /// `None` asks for nothing in particular.
    services: Option<BTreeSet<u32>>,
    owners: Option<BTreeSet<u32>>,
    kinds: Option<BTreeSet<u32>>,
    priorities: Option<BTreeSet<u8>>,
    scenarios: Option<BTreeSet<u8>>,
    states: BTreeSet<u8>,
    /// Bits of which one must be set; with bit 8, none of them set will do as well.
    ai: Option<u8>,
    leading: bool,
}

/// Stands for "AI enters nowhere" among the bits of AI.
const AI_NOWHERE: u8 = 8;

/// `None` for an empty list; names that no facet has match nothing.
fn listed<T: Ord>(empty: bool, values: impl Iterator<Item = T>) -> Option<BTreeSet<T>> {
    (!empty).then(|| values.collect())
}

impl Wanted {
    pub(super) fn new(facets: &Facets, filter: &QueueFilter, grouped: bool) -> Result<Self, Fault> {
        use super::filter::AiFactor;
        let number = |text: &String| facets.names.numbers.get(text.as_str()).copied();
        let place = |place: Option<usize>| place.and_then(|place| u8::try_from(place).ok());
        let kinds: Vec<String> = filter.kinds.iter().map(|kind| kind_word(*kind)).collect::<Result<_, _>>()?;
        let priority = |wanted| place(PRIORITIES.iter().position(|known| known == wanted));
        let state = |wanted: FindingStatus| place(FindingStatus::ALL.iter().position(|known| *known == wanted));
        let ai = filter.ai.iter().fold(0, |bits, factor| {
            bits | match factor {
                AiFactor::Threat => 1,
                AiFactor::Vulnerability => 2,
                AiFactor::Asset => 4,
                AiFactor::None => AI_NOWHERE,
            }
        });
        Ok(Wanted {
            services: listed(filter.services.is_empty(), filter.services.iter().filter_map(number)),
            owners: listed(filter.owners.is_empty(), filter.owners.iter().filter_map(number)),
            kinds: listed(kinds.is_empty(), kinds.iter().filter_map(number)),
            priorities: listed(filter.priorities.is_empty(), filter.priorities.iter().filter_map(priority)),
            scenarios: listed(filter.scenarios.is_empty(), filter.scenarios.iter().map(|scenario| scenario.number())),
            states: filter.statuses().into_iter().filter_map(state).collect(),
            ai: (!filter.ai.is_empty()).then_some(ai),
            leading: grouped,
        })
    }

    /// The one dimension that the facet fails, if it is one at most.
    pub(super) fn fails(&self, entry: &Entry) -> Fails {
        use Dimension::{Ai, Kind, Owner, Priority, Scenario, Service, State};
        if self.leading && !entry.leads {
            return Fails::More;
        }
        let ai = self.ai.is_none_or(|bits| entry.ai & bits != 0 || (entry.ai == 0 && bits & AI_NOWHERE != 0));
        let within = [
            (State, self.states.contains(&entry.state)),
            (Service, self.services.as_ref().is_none_or(|services| services.contains(&entry.service))),
            (Owner, self.owners.as_ref().is_none_or(|owners| owners.contains(&entry.owner))),
            (Kind, self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&entry.kind))),
            (Priority, self.priorities.as_ref().is_none_or(|priorities| priorities.contains(&entry.priority))),
            (Scenario, self.scenarios.as_ref().is_none_or(|scenarios| scenarios.contains(&entry.scenario))),
            (Ai, ai),
        ];
        let mut failed = within.into_iter().filter(|(_, is_within)| !is_within).map(|(dimension, _)| dimension);
        match (failed.next(), failed.next()) {
            (None, _) => Fails::Nothing,
            (Some(one), None) => Fails::Only(one),
            _ => Fails::More,
        }
    }
}

/// What of a filter a facet does not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fails {
    Nothing,
    Only(Dimension),
    More,
}

impl Fails {
    /// Whether the facet meets all but perhaps that dimension.
    pub(super) fn but(self, dimension: Dimension) -> bool {
        self == Fails::Nothing || self == Fails::Only(dimension)
    }
}
