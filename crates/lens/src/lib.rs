//! What a text contains: secrets, personal data, confidentiality markings, injected instructions.
//!
//! One pass over the bytes finds where something could begin; a rule then looks at a window of fixed size round that
//! place and decides. Rules are folders under `rules/`: data, documentation and cases.

pub mod checksum;
mod generic;
mod injection;
mod marking;
mod personal;
mod recognisers;
mod rule;
/// What the trainer of the injection model shares with its recogniser.
#[cfg(feature = "train")]
pub mod training {
    pub use crate::injection::{Features, MAGIC, WEIGHT_BITS, features_of, sentences};
}

pub use rule::{
    Boundary, Cases, Checksum, Class, Confidence, Environment, Found, How, RULES, Recognise, Rule, Severity, Trigger,
    Window,
};
