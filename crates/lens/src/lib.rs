//! What a text contains: secrets, personal data, confidentiality markings, injected instructions.
//!
//! One pass over the bytes finds where something could begin; a rule then looks at a window of fixed size round that
//! place and decides. Rules are folders under `rules/`: data, documentation and cases.

pub mod checksum;
pub mod generic;
mod injection;
mod marking;
mod personal;
mod placeholder;
mod recognisers;
mod rule;

pub use rule::{
    Boundary, Cases, Checksum, Class, Confidence, Environment, Found, How, RULES, Recognise, Rule, Severity, Trigger,
    Window,
};
