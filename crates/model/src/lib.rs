//! The nouns of Yata, as plain data: what every other crate talks about.
//!
//! Pure: no I/O, no clock, no environment. Every type here is a value; the rules that act on
//! the values live in the crates above (`versions`, `ruler`, `intel`, `store`).

mod advisory;
mod assessment;
mod asset;
mod component;
mod ecosystem;
mod estate;
mod fact;
mod finding;
mod id;
mod message;
mod misconfiguration;
mod problem;
mod report;
mod risk;
mod secret;

pub use advisory::{
    Advisory, AdvisoryGroup, AdvisoryKind, Affected, Event, KevEntry, Range, RangeKind, Reference, Severity,
    SeverityKind, SsvcAssessment, is_cve_id, preferred_id,
};
pub use assessment::{Action, AssessedAsset, Assessment, Changes, Question, ServiceName, SourceState, SourceStatus};
pub use asset::{Asset, AssetKind, DataClass, Exposure, MissionImpact};
pub use component::{Component, Occurrence, Scope, SourcePackage};
pub use ecosystem::{Ecosystem, Family, Package};
pub use estate::{AssetRule, BusinessService, ChangeWindow, Deadlines, Estate, EstateIntel, Organisation, Selector};
pub use fact::{Fact, Standing};
pub use finding::{Applies, Finding, FindingState, Remedy, Snapshot, StateChange, Subject, VexStatement, VexStatus};
pub use id::{asset_id, digest_hex, fingerprint};
pub use message::{Arg, Message};
pub use misconfiguration::Misconfiguration;
pub use problem::{Problem, ProblemKind};
pub use report::{Evidence, Report};
pub use risk::{Decision, Exploitation, Factor, Outcome, Priority, Risk, Scenario, TableResult, TechnicalImpact};
pub use secret::{Author, Confidence, Environment, PastPlace, RuleSeverity, Secret};
