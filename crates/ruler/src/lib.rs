//! The one ruler: facts, decision tables, deadlines, order, reasons.
//!
//! [`judge`] puts one finding on the ruler: it gathers the facts ([`Inputs`]) from what the intelligence says
//! ([`Evidence`]) and where the finding stands ([`Context`]), lets every decision table answer ([`Tables`]), takes
//! the stricter answer, counts the days ([`Calendar`]) and says why. [`rank`] orders risks, [`actions`] turns them
//! into things to do, [`questions`] asks what would shorten the list most.
//!
//! Unknown never means safe: what nobody says takes its worst case, and the result says so.

mod actions;
mod calendar;
mod error;
mod explain;
mod factors;
pub mod facts;
mod how;
mod inputs;
mod judge;
mod levels;
mod load;
mod misconfiguration;
mod order;
mod questions;
mod secret;
mod table;
mod vector;

pub use actions::{actions, highest_fix};
pub use calendar::{Calendar, MAX_DEADLINE_DAYS, next_window};
pub use error::TableError;
pub use factors::{AI_CWES, Actor, Factors, Weakness, factors, scenario};
pub use how::how;
pub use inputs::{Context, Inputs, no_evidence};
pub use judge::{expected_harm, is_risk, judge, rank};
pub use levels::{Levels, Point};
pub use load::{MAX_TABLE_BYTES, MAX_TABLE_ROWS};
pub use misconfiguration::Setting;
pub use order::{due_of_key, first_key_of, harm_of_key, rank_key};
pub use questions::{MAX_QUESTIONS, questions};
pub use secret::Credential;
pub use table::{MAX_TABLES, Table, Tables, stricter};
pub use vector::{MAX_VECTOR_BYTES, SeverityReading, VectorReading, base_score, read_severities, read_vector};
pub use yata_model::Evidence;
