//! The program that a coding agent calls before a tool runs: JSON in, decision out.
//!
//! [`protocol`] speaks to each agent, a [`Judge`] decides, [`Session`] remembers what came into a session from outside, and
//! [`Log`] keeps every decision in the machine's own tamper-evident log. [`Hook`] puts them together for one input, and
//! [`serve`] is the whole program. Whatever fails, the call is blocked in the way that its agent understands.

mod agent;
mod answering;
mod coverage;
mod engine;
mod heard;
pub mod install;
mod log;
mod place;
pub mod protocol;
mod redact;
mod repository;
mod say;
mod serving;
mod session;
mod state;
mod verdict;
mod world;

pub use agent::Agent;
pub use answering::{Hook, MAX_INPUT_BYTES};
pub use coverage::{Coverage, MAX_NAMED, Missed, coverage};
pub use engine::{Engine, Foresight, POLICY_FILE, PolicyStatus, policy, policy_status};
pub use heard::{Event, Fault, Heard, ToolCall};
pub use log::{
    Batch, Checkup, EpochCheckup, Happened, Log, LogError, Logged, MAX_BATCH_ENTRIES, MAX_ENTRY_BYTES, MAX_WAITING_MS,
    Outcome, entry,
};
pub use place::{AllowMode, LogMode, Place, Settings, Surroundings, project};
pub use redact::{target as redacted_target, text as redacted};
pub use say::{say, short};
pub use serving::{ANSWER_LIMIT, run, serve};
pub use session::{MAX_WRITTEN, Memory, Session};
pub use verdict::{Asked, Decision, Judge, Subject, Verdict};
