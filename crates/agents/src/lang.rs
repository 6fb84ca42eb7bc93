//! The language of conditions: small, total, without side effects. `checks/README.md` describes it.
//!
//! `parse`, `signature` and `check_types` are compiled into `build.rs` too, which refuses a condition that means nothing.

#[cfg(test)]
mod check_types;
mod eval;
mod functions;
pub(crate) mod lists;
pub(crate) mod parse;
pub(crate) mod paths;
#[cfg(test)]
mod signature;
#[cfg(test)]
mod tests;
mod tools;
pub(crate) mod words;

pub(crate) use eval::{Facts, each, evaluate, located};
