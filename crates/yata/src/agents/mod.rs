//! `yata agents`: which coding agents there are, and what is wrong with their settings, servers, skills and rules.

mod audit;
mod authors;
mod checks;
mod decided;
mod diff;
pub(crate) mod fatigue;
mod fix;
mod formats;
mod list;
pub(crate) mod organisation;
mod pin;
pub(crate) mod seen;
mod settings;

use crate::Terminal;
use crate::cli::AgentsVerb;

/// Runs the command.
pub(crate) fn run(verb: AgentsVerb, terminal: &Terminal) -> anyhow::Result<u8> {
    match verb {
        AgentsVerb::List { look, format } => list::run(&look, format, terminal),
        AgentsVerb::Fatigue(args) => fatigue::run(&args, terminal),
        AgentsVerb::Audit(args) => audit::run(&args, terminal),
        AgentsVerb::Checks { id, format } => checks::run(id.as_deref(), format, terminal),
        AgentsVerb::Settings(args) => settings::run(&args, terminal),
        AgentsVerb::Pin(args) => pin::pin(&args, terminal),
        AgentsVerb::Diff(args) => pin::diff(&args, terminal),
    }
}
