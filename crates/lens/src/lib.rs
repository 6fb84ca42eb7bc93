//! What a text contains: secrets, personal data, confidentiality markings, injected instructions.
//!
//! One pass over the bytes finds where something could begin; a rule then looks at a window of fixed size round that
//! place and decides. Rules are folders under `rules/`: data, documentation and cases.
//!
//! ```
//! let lens = yata_lens::Lens::new(|rule| rule.class == yata_lens::Class::Secret);
//! assert!(lens.scan(b"nothing here").is_empty());
//! ```

#[cfg(feature = "cases")]
pub mod cases;
#[cfg(feature = "cases")]
mod cases_generators;
#[cfg(feature = "cases")]
mod cases_generators_b;
#[cfg(feature = "cases")]
mod cases_generators_personal;
pub mod checksum;
mod credentials;
mod deserves;
mod filter;
mod fold;
pub mod generic;
mod hit;
mod injection;
mod lens;
mod marking;
mod personal;
mod placeholder;
mod raw;
mod recognisers;
mod redact;
mod rule;
mod secret;
mod stream;
mod triggers;
mod unwrapping;

/// What the trainer of the injection model shares with its recogniser.
#[cfg(feature = "train")]
pub mod training {
    pub use crate::injection::{Features, MAGIC, WEIGHT_BITS, features_of, sentences};
}

pub use deserves::{DataClass, deserves};
pub use hit::Hit;
pub use lens::Lens;
pub use redact::{mask, replace};
pub use rule::{
    Boundary, Cases, Checksum, Class, Confidence, Environment, Found, How, RULES, Recognise, Rule, Severity, Trigger,
    Window, rules_digest,
};
pub use stream::Stream;
pub use unwrapping::Wrapping;

/// Whether a rule's pattern is a regular expression within the limits; the tests call it for each rule.
///
/// # Errors
/// What is wrong with the pattern.
#[cfg(feature = "cases")]
pub fn compiles(rule: &Rule) -> Result<(), String> {
    let How::Pattern(pattern) = rule.how else { return Ok(()) };
    lens::build(pattern).map(|_| ()).map_err(|error| match error.syntax_error() {
        Some(error) => error.to_string(),
        None => error.to_string(),
    })
}
