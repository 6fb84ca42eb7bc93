//! `yata-hook AGENT [EVENT]`: what an agent calls before a tool runs. Small, so that nobody waits for it.

use std::ffi::OsString;
use std::process::ExitCode;

use yata_hook::{Asked, Decision, Judge, Verdict, serve};

/// Stands until the engine is there: asks about everything.
struct AskAll;

impl Judge for AskAll {
    fn judge(&self, _: &Asked<'_>) -> Verdict {
        Verdict::new(Decision::Ask, "")
    }
}

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    ExitCode::from(serve(&args, |_| Box::new(AskAll)))
}
