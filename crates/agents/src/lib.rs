//! Coding agents: what their files mean, what is in force, and what is wrong with it.
//!
//! [`places`] says where agents keep what decides about them. Somebody reads those places and hands the files over as a
//! [`Machine`]; [`model`] reads them, merges the settings as each agent does it and finds servers, hooks, permission
//! rules; [`audit`] looks at all of it with the checks of `checks/` ([how to write one](../checks/README.md)).
//!
//! Pure: no I/O, no clock, no environment.

mod agent;
pub mod apps;
mod audit;
mod check;
mod code;
mod effective;
pub mod fatigue;
mod fix;
mod glob;
mod hooks;
mod known;
mod lang;
mod machine;
pub mod managed;
mod package;
mod permissions;
pub mod pins;
mod places;
mod read;
pub mod rules;
mod servers;
mod subject;
pub mod texts;
mod tree;

pub use agent::{Agent, Scope};
pub use audit::{AgentFinding, audit, audit_model};
pub use check::{Check, Confidence, Deed, Mend, Severity, Texts, check, checks};
pub use effective::{Effective, merge};
pub use fix::{Edit, apply};
pub use hooks::Hook;
pub use known::{Document, Known};
pub use machine::{File, Installed, Machine, Os};
pub use package::Package;
pub use permissions::Permission;
pub use places::{PUBLISHED, Place, Role, place_of, places};
pub use read::{Fault, FaultKind, Format, Read, read};
pub use servers::Server;
pub use subject::{Model, model};
pub use tree::{Entry, Node, Span, Value, line_and_column};
