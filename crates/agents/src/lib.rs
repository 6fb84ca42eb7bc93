//! Settings, servers, skills and rules of coding agents: what they mean and what is wrong with them.

pub mod texts;
