//! All facets in memory, brought up to date before each question: how many findings have what.
//!
//! A page asks for a dozen sums over all facets. Made by the database they cost more than the page itself, and each
//! reader would make them again.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;
use tokio::sync::{Mutex, MutexGuard};
use yata_model::{Priority, Scenario};

use super::filter::{FindingStatus, QueueFilter, Total};
use super::rows::{scenario_of, status_of};
use super::sql::{Dimension, ai_factors};
use crate::engine::{Conn, Row, query};
use crate::error::Fault;
use crate::figures::{BurnDay, Heat};
use crate::judging::counts::{PRIORITIES, Settled, facet_columns, facets_removed, kind_word, priority_of, settled};

/// Answers that are kept until a facet changes.
const MAX_KEPT: usize = 256;

/// What the database is asked again only after a facet changed: no finding comes, goes or moves without that.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Question {
    /// How many rows a filter by last days has, grouped or not.
    Total(Box<QueueFilter>, bool),
    /// The heat map, and how many weeks.
    Heat(Date, u32),
    /// The burn-down from a day to a day, of a service.
    BurnDown(Date, Date, Option<String>),
}

/// The answer to the question of the same name.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Total(Total),
    Heat(Heat),
    BurnDown(Vec<BurnDay>),
}

/// A facet, its texts as numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    id: i64,
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
pub(super) fn nth<T: Copy>(known: &[T], place: usize) -> Result<T, Fault> {
    known.get(place).copied().ok_or_else(|| Fault::Value(format!("the value {place} of a facet")))
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
    entries: Vec<Entry>,
    /// Where each stands.
    places: HashMap<i64, usize>,
    /// All changes with lesser revisions are in.
    through: i64,
    /// The server that said so, and when it had taken facets away last.
    server: String,
    removed: i64,
    /// How often something changed.
    changes: u64,
    kept: HashMap<Question, Answer>,
}

impl Facets {
    pub(super) fn name(&self, number: usize) -> &str {
        self.names.texts.get(number).map_or("", |text| text)
    }

    /// All changes with lesser revisions are in.
    pub(super) fn through(&self) -> i64 {
        self.through
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many names there are: all numbers are less.
    pub(super) fn names(&self) -> usize {
        self.names.texts.len()
    }

    fn remove(&mut self, id: i64) -> bool {
        let Some(place) = self.places.remove(&id) else { return false };
        self.entries.swap_remove(place);
        if let Some(moved) = self.entries.get(place) {
            self.places.insert(moved.id, place);
        }
        true
    }

    /// How many findings are open.
    pub(crate) fn open(&self) -> Result<Vec<OpenSum>, Fault> {
        let mut sums: HashMap<(u8, u8, u8), i64> = HashMap::new();
        for entry in self.entries() {
            if FindingStatus::ALL.get(usize::from(entry.state)) == Some(&FindingStatus::Open) {
                *sums.entry((entry.scenario, entry.ai, entry.priority)).or_default() += entry.findings;
            }
        }
        let sum = |((scenario, ai, priority), findings)| {
            let scenario = scenario_of(i64::from(scenario))?;
            Ok(OpenSum { scenario, ai: i64::from(ai), priority: nth(&PRIORITIES, usize::from(priority))?, findings })
        };
        sums.into_iter().map(sum).collect()
    }

    /// Takes a row in; whether that changed anything.
    fn take(&mut self, row: &Row) -> Result<bool, Fault> {
        let id: i64 = row.get("id")?;
        let findings: i64 = row.get("findings")?;
        if findings <= 0 {
            return Ok(self.remove(id));
        }
        let place = |place: Option<usize>| place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX);
        let byte = |column: &str| -> Result<u8, Fault> {
            let number: i64 = row.get(column)?;
            u8::try_from(number).map_err(|_| Fault::Value(format!("the number `{number}` of a facet")))
        };
        let (priority, state) = (priority_of(row.get("priority")?)?, status_of(row.get("facet_state")?)?);
        let entry = Entry {
            id,
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
        match self.places.get(&id).and_then(|place| self.entries.get_mut(*place)) {
            Some(known) if *known == entry => return Ok(false),
            Some(known) => *known = entry,
            None => {
                self.places.insert(id, self.entries.len());
                self.entries.push(entry);
            }
        }
        Ok(true)
    }
}

/// Facets that are read at a time.
const ROWS_AT_A_TIME: i64 = 2_000;

/// What [`Facets::take`] reads.
macro_rules! columns {
    () => {
        concat!("SELECT x.id, ", facet_columns!(), ", x.findings, x.first_key, x.revision FROM facet x WHERE ")
    };
}

/// The facets of a store, shared by all its clones.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    facets: RwLock<Facets>,
    /// One catches up at a time, so that nobody puts an older state over a newer one.
    catching_up: Mutex<()>,
    counting: Mutex<()>,
}

impl Mirror {
    /// One catches up at a time: taken before the connection, so that those who wait hold none.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.catching_up.lock().await
    }

    /// Brings it to the state that the transaction sees, which must be one state.
    pub(crate) async fn catch_up(&self, conn: &mut Conn) -> Result<(), Fault> {
        let settled = settled(conn).await?;
        let removed = facets_removed(conn).await?;
        // What was taken away left no row, and another server, or one that was set back, counts otherwise.
        let through = self.read(|facets| {
            let is_same = facets.server == settled.server && facets.removed == removed;
            (is_same && facets.through <= settled.revision).then_some(facets.through)
        });
        let Some(through) = through.filter(|through| *through > 0) else {
            return self.read_all(conn, settled, removed).await;
        };
        let rows = query(concat!(columns!(), "x.revision >= $1")).bind(through).fetch_all(conn).await?;
        self.write(|facets| {
            let taken: Result<Vec<bool>, Fault> = rows.iter().map(|row| facets.take(row)).collect();
            // A row that cannot be read may come after others that changed something.
            if taken.as_ref().map_or(true, |changed| changed.contains(&true)) {
                facets.kept.clear();
                facets.changes += 1;
            }
            taken?;
            facets.through = settled.revision;
            Ok(())
        })
    }

    async fn read_all(&self, conn: &mut Conn, settled: Settled, removed: i64) -> Result<(), Fault> {
        let changes = self.read(|facets| facets.changes) + 1;
        let mut facets =
            Facets { through: settled.revision, server: settled.server, removed, changes, ..Facets::default() };
        let mut after = 0;
        loop {
            let text = concat!(columns!(), "x.id > $1 ORDER BY x.id LIMIT $2");
            let rows = query(text).bind(after).bind(ROWS_AT_A_TIME).fetch_all(conn).await?;
            for row in &rows {
                facets.take(row)?;
                after = row.get("id")?;
            }
            if rows.is_empty() {
                break;
            }
        }
        self.write(|old| *old = facets);
        Ok(())
    }

    /// Looks at the facets.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Facets) -> T) -> T {
        look(&self.facets.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, change: impl FnOnce(&mut Facets) -> T) -> T {
        change(&mut self.facets.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// The answer to a question about all findings, as it was kept since the last change, or as `count` finds it: one at
    /// a time, so that those who ask the same wait for one answer. Whoever asks has its connection already, and asked
    /// nothing over it yet in this transaction: else `count` could see an older state than the changes that it is kept by.
    pub(crate) async fn kept(
        &self,
        question: Question,
        count: impl Future<Output = Result<Answer, Fault>>,
    ) -> Result<Answer, Fault> {
        let known = |facets: &Facets| facets.kept.get(&question).cloned();
        if let Some(answer) = self.read(known) {
            return Ok(answer);
        }
        let _turn = self.counting.lock().await;
        let changes = match self.read(|facets| known(facets).ok_or(facets.changes)) {
            Ok(answer) => return Ok(answer),
            Err(changes) => changes,
        };
        let answer = count.await?;
        self.write(|facets| {
            if facets.changes == changes {
                // Questions of days that have passed are never asked again.
                if facets.kept.len() >= MAX_KEPT {
                    facets.kept.clear();
                }
                facets.kept.insert(question, answer.clone());
            }
        });
        Ok(answer)
    }
}

/// Which numbers of a dimension are wanted; `None` wants all.
#[derive(Debug)]
struct Set(Option<Vec<bool>>);

impl Set {
    /// Of `known` numbers those; an empty filter wants all, and a value that no facet has wants nothing.
    fn new(known: usize, empty: bool, values: impl Iterator<Item = usize>) -> Self {
        Set((!empty).then(|| {
            let mut wanted = vec![false; known];
            for value in values {
                if let Some(place) = wanted.get_mut(value) {
                    *place = true;
                }
            }
            wanted
        }))
    }

    fn has(&self, value: usize) -> bool {
        self.0.as_ref().is_none_or(|wanted| wanted.get(value) == Some(&true))
    }
}

/// A filter as a test of facets in memory.
#[derive(Debug)]
pub(super) struct Wanted {
    services: Set,
    owners: Set,
    kinds: Set,
    priorities: Set,
    scenarios: Set,
    states: Set,
    /// Sets of bits.
    ai: Set,
    leading: bool,
}

impl Wanted {
    pub(super) fn new(facets: &Facets, filter: &QueueFilter, grouped: bool) -> Result<Self, Fault> {
        const BYTES: usize = 256;
        let names = facets.names();
        let number = |text: &String| facets.names.numbers.get(text.as_str()).map(|number| *number as usize);
        let kinds: Vec<String> = filter.kinds.iter().map(|kind| kind_word(*kind)).collect::<Result<_, _>>()?;
        let priority = |wanted| PRIORITIES.iter().position(|known| known == wanted);
        let state = |wanted: FindingStatus| FindingStatus::ALL.iter().position(|known| *known == wanted);
        let ai = |bits: &usize| ai_factors(*bits as i64).any(|factor| filter.ai.contains(&factor));
        Ok(Wanted {
            services: Set::new(names, filter.services.is_empty(), filter.services.iter().filter_map(number)),
            owners: Set::new(names, filter.owners.is_empty(), filter.owners.iter().filter_map(number)),
            kinds: Set::new(names, kinds.is_empty(), kinds.iter().filter_map(number)),
            priorities: Set::new(BYTES, filter.priorities.is_empty(), filter.priorities.iter().filter_map(priority)),
            scenarios: Set::new(
                BYTES,
                filter.scenarios.is_empty(),
                filter.scenarios.iter().map(|scenario| usize::from(scenario.number())),
            ),
            states: Set::new(BYTES, false, filter.statuses().into_iter().filter_map(state)),
            ai: Set::new(BYTES, filter.ai.is_empty(), (0..BYTES).filter(ai)),
            leading: grouped,
        })
    }

    /// Which one dimension the facet fails, if it is one at most.
    pub(super) fn fails(&self, entry: &Entry) -> Fails {
        use Dimension::{Ai, Kind, Owner, Priority, Scenario, Service, State};
        if self.leading && !entry.leads {
            return Fails::More;
        }
        let mut fails = Fails::Nothing;
        for (dimension, set, value) in [
            (State, &self.states, usize::from(entry.state)),
            (Priority, &self.priorities, usize::from(entry.priority)),
            (Service, &self.services, entry.service as usize),
            (Owner, &self.owners, entry.owner as usize),
            (Kind, &self.kinds, entry.kind as usize),
            (Scenario, &self.scenarios, usize::from(entry.scenario)),
            (Ai, &self.ai, usize::from(entry.ai)),
        ] {
            if !set.has(value) {
                if fails != Fails::Nothing {
                    return Fails::More;
                }
                fails = Fails::Only(dimension);
            }
        }
        fails
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
