//! Texts of SQL with their values, and the conditions on facets that a filter stands for.

use std::fmt::Write as _;

use super::filter::{AiFactor, Due, FindingStatus, QueueFilter};
use crate::engine::{Cell, Query, built_query};
use crate::error::Fault;
use crate::judging::counts::{kind_word, priority_word, state_word};

/// A statement that is being put together: fixed parts, and values that are bound.
#[derive(Debug, Default)]
pub(crate) struct Sql {
    text: String,
    cells: Vec<Cell<'static>>,
    persistent: bool,
}

impl Sql {
    pub(crate) fn new(text: &'static str) -> Self {
        Sql { text: text.to_owned(), ..Sql::default() }
    }

    /// Adds a fixed part.
    pub(crate) fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value as the next parameter.
    pub(crate) fn bind(&mut self, value: impl Into<Cell<'static>>) -> &mut Self {
        self.cells.push(value.into());
        // INVARIANT: writing to a String cannot fail.
        let _ = write!(self.text, "${}", self.cells.len());
        self
    }

    /// Binds a value to be used in several places; its number.
    pub(crate) fn value(&mut self, value: impl Into<Cell<'static>>) -> usize {
        self.cells.push(value.into());
        self.cells.len()
    }

    /// Adds the parameter of that number.
    pub(crate) fn again(&mut self, number: usize) -> &mut Self {
        let _ = write!(self.text, "${number}");
        self
    }

    /// Adds a number of ours (the name of a part of the statement, never a value).
    pub(crate) fn number(&mut self, number: usize) -> &mut Self {
        let _ = write!(self.text, "{number}");
        self
    }

    /// Adds ` AND column IN (…)` where there are values.
    pub(crate) fn and_in<T: Into<Cell<'static>>>(&mut self, column: &'static str, values: Vec<T>) -> &mut Self {
        if values.is_empty() {
            return self;
        }
        self.push(" AND ").push(column).push(" IN (");
        for (n, value) in values.into_iter().enumerate() {
            if n > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self.push(")")
    }

    /// The text comes again and again.
    pub(crate) fn keep_prepared(&mut self) {
        self.persistent = true;
    }

    pub(crate) fn query(self) -> Query<'static> {
        built_query(self.text).persistent(self.persistent).bind_all(self.cells)
    }
}

/// A dimension of the filter that facets have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dimension {
    Service,
    Owner,
    Kind,
    Priority,
    Scenario,
    Ai,
    State,
}

impl QueueFilter {
    /// Adds the conditions on a facet `x`, beginning with the one on its number of findings.
    pub(crate) fn conditions(&self, sql: &mut Sql, grouped: bool) -> Result<(), Fault> {
        sql.push("x.findings > 0");
        sql.and_in::<&'static str>("x.state", self.statuses().into_iter().map(state_word).collect());
        if grouped {
            sql.push(" AND x.leads = 1");
        }
        sql.and_in("x.service", self.services.clone());
        sql.and_in("x.owner", self.owners.clone());
        let kinds = self.kinds.iter().map(|kind| kind_word(*kind)).collect::<Result<Vec<_>, _>>()?;
        sql.and_in("x.kind", kinds);
        sql.and_in("x.priority", self.priorities.iter().map(|priority| priority_word(*priority)).collect());
        sql.and_in("x.scenario", self.scenarios.iter().map(|scenario| i64::from(scenario.number())).collect());
        if !self.ai.is_empty() {
            sql.push(" AND (");
            for (n, factor) in self.ai.iter().enumerate() {
                sql.push(if n > 0 { " OR " } else { "" }).push(ai_condition(*factor));
            }
            sql.push(")");
        }
        Ok(())
    }

    /// Whether it asks for open findings only.
    pub(crate) fn is_open_only(&self) -> bool {
        self.statuses().iter().all(|status| *status == FindingStatus::Open)
    }

    /// The values of `is_open` that it asks for.
    pub(crate) fn open_or_not(&self) -> Vec<i64> {
        let is_open = self.statuses().contains(&FindingStatus::Open);
        let is_not = self.statuses().iter().any(|status| *status != FindingStatus::Open);
        [(is_open, 1), (is_not, 0)].into_iter().filter(|(asked, _)| *asked).map(|(_, value)| value).collect()
    }

    /// The least key, and the key that is too great, of the last days that it asks for.
    pub(crate) fn keys(&self) -> (i64, Option<i64>) {
        let first = |day| yata_ruler::first_key_of(Some(day));
        let undated = yata_ruler::first_key_of(None);
        match self.due {
            None => (0, None),
            Some(Due::Undated) => (undated, None),
            Some(Due::Between { from, to }) => {
                (from.map_or(0, first), Some(to.and_then(|to| to.tomorrow().ok()).map_or(undated, first)))
            }
        }
    }
}

fn ai_condition(factor: AiFactor) -> &'static str {
    match factor {
        AiFactor::Threat => "(x.ai & 1) <> 0",
        AiFactor::Vulnerability => "(x.ai & 2) <> 0",
        AiFactor::Asset => "(x.ai & 4) <> 0",
        AiFactor::None => "x.ai = 0",
    }
}

/// The AI factors of the bits of a facet.
pub(crate) fn ai_factors(bits: i64) -> impl Iterator<Item = AiFactor> {
    AiFactor::ALL.into_iter().filter(move |factor| match factor {
        AiFactor::Threat => bits & 1 != 0,
        AiFactor::Vulnerability => bits & 2 != 0,
        AiFactor::Asset => bits & 4 != 0,
        AiFactor::None => bits == 0,
    })
}
