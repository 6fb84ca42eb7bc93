//! Versions against the outside: conformance data, facts and laws.

#![expect(clippy::disallowed_methods, reason = "tests read files")]
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail by panic")]

mod conformance;
mod facts;
mod laws;
