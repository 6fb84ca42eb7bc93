//! The program as its users see it: each test runs the real binary in a folder of its own.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests stop at the first surprise, and say what they skip"
)]

mod agents;
mod agents_settings;
mod apps;
mod backup;
mod bad_input;
mod estate;
mod feeds;
mod formats;
mod history;
mod hook_command;
mod house;
mod lens_command;
mod life;
mod minato;
mod planted;
mod policy_command;
mod processes;
mod push;
mod secrets;
mod serve;
mod support;
mod texts;
mod vex;
mod witness;
