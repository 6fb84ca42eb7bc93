//! Limits of everything that a call's text could make large. Beyond one, what is left counts as not understood.

/// The longest command or piece of code that is read.
pub(crate) const TEXT_BYTES: usize = 256 * 1024;
/// How deep commands, substitutions and quotes may be nested.
pub(crate) const DEPTH_LEVELS: usize = 48;
/// Commands and words of one text.
pub(crate) const NODES: usize = 60_000;
/// Commands that are followed in one call, with those that loops and functions repeat.
pub(crate) const STEPS: usize = 6_000;
/// How deep one text may run another (`sh -c`, `eval`, functions, scripts).
pub(crate) const RUN_LEVELS: usize = 24;
/// Words that one word may expand to.
pub(crate) const FIELDS: usize = 512;
/// The longest value that is kept of a variable or of an output.
pub(crate) const VALUE_BYTES: usize = 64 * 1024;
/// Rounds of a loop that are followed one by one.
pub(crate) const ROUNDS: usize = 64;
/// Acts that one call is reported with.
pub(crate) const ACTS: usize = 256;
/// How deep commands of all texts together may be nested.
pub(crate) const FOLLOW_LEVELS: usize = 120;
/// Values that a variable, a folder or an output may have at once; beyond, it is not followed.
pub(crate) const ALTERNATIVES: usize = 6;
/// Ways in which one command is followed because what it uses may have several values.
pub(crate) const COMBINATIONS: usize = 32;
/// Bytes of values that are made in one call, all together.
pub(crate) const MADE_BYTES: usize = 24 * 1024 * 1024;
/// Variables, functions, files of one call.
pub(crate) const NAMES: usize = 512;
