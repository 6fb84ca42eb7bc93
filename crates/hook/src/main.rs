//! `yata-hook AGENT [EVENT]`: what an agent calls before a tool runs. Small, so that nobody waits for it.

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    ExitCode::from(yata_hook::run(&args))
}
