//! `yata policy`: is the policy sound, what does it say, and what would a new one have said?

mod check;
mod explain;
mod files;
mod replay;
mod test;

use anyhow::anyhow;
use yata_policy::Decision;
use yata_policy::cedar::{SCHEMA, STACK_BYTES};

use crate::cli::{PolicyArgs, PolicyVerb};
use crate::{EXIT_CLEAR, Terminal, output};

/// Runs the command.
pub(crate) fn run(verb: PolicyVerb, terminal: &Terminal) -> anyhow::Result<u8> {
    deep(|| dispatch(verb, terminal))
}

/// The policies of a folder in the form that the hook reads.
pub(crate) fn compiled(args: &PolicyArgs) -> anyhow::Result<Vec<u8>> {
    deep(|| compile(args))
}

fn compile(args: &PolicyArgs) -> anyhow::Result<Vec<u8>> {
    files::load(args)?.compile().map_err(|errors| files::said("the set cannot be compiled", &errors))
}

/// Does something on a thread with the stack that reading policies asks for.
fn deep<T: Send>(work: impl FnOnce() -> anyhow::Result<T> + Send) -> anyhow::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work)?;
        thread.join().unwrap_or_else(|_| Err(anyhow!("the reading of the policies ended unexpectedly")))
    })
}

fn dispatch(verb: PolicyVerb, terminal: &Terminal) -> anyhow::Result<u8> {
    match verb {
        PolicyVerb::Check { set, format } => check::run(&set, format, terminal),
        PolicyVerb::Test { files, set, format } => test::run(&files, &set, format, terminal),
        PolicyVerb::Explain { request, set, format, all } => explain::run(&request, &set, format, all, terminal),
        PolicyVerb::Replay { events, set, format, all } => replay::run(&events, &set, format, all, terminal),
        PolicyVerb::Compile { set, output } => {
            let bytes = compile(&set)?;
            output::write_bytes(&bytes, Some(&output))?;
            Ok(EXIT_CLEAR)
        }
        PolicyVerb::Schema => {
            output::write(SCHEMA, None)?;
            Ok(EXIT_CLEAR)
        }
        PolicyVerb::Default { folder } => files::write_default(&folder),
    }
}

/// The word for a decision.
fn decision_word(decision: Decision, terminal: &Terminal) -> String {
    let id = match decision {
        Decision::Allow => "policy-allow",
        Decision::Ask => "policy-ask",
        Decision::Deny => "policy-deny",
    };
    yata_words::text(terminal.lang, id)
}

/// Ids behind what they say; nothing where there is none.
fn by(ids: &[String]) -> String {
    if ids.is_empty() {
        return String::new();
    }
    format!(" ({})", ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "))
}

/// The first characters of a version, enough for a person to tell two apart.
pub(crate) fn short(version: &str) -> &str {
    version.get(..12).unwrap_or(version)
}
