//! The binary: reads the command line, assembles the crates, talks to the person.

mod agents;
mod app;
mod assess;
mod backup;
mod bounded;
mod cli;
mod data;
mod estate;
mod finding;
mod hook;
mod intel;
mod key;
mod ledger;
mod lens;
mod look;
mod output;
mod policy;
mod progress;
mod push;
mod serve;
mod vex;
mod view;

use std::io::Write;
use std::process::ExitCode;

use yata_words::Lang;

use crate::cli::{Cli, ColorArg, LangArg, Verb};
use crate::data::DataFolder;
use crate::progress::Reporter;

/// Nothing at or above the threshold.
pub(crate) const EXIT_CLEAR: u8 = 0;
/// Something is at or above the threshold.
pub(crate) const EXIT_FOUND: u8 = 1;
/// It could not be told: bad input, an unchecked source, or an error.
pub(crate) const EXIT_UNKNOWN: u8 = 2;

/// What every command needs to talk to the person.
pub(crate) struct Terminal {
    pub(crate) lang: Lang,
    /// Whether standard output takes colours.
    pub(crate) color: bool,
    /// Columns of standard output.
    pub(crate) columns: usize,
    pub(crate) progress: Reporter,
}

fn main() -> ExitCode {
    let args: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if let Some(code) = hook::answered(&args) {
        return ExitCode::from(code);
    }
    let lang = cli::early_lang(&args, locale().as_deref());
    let cli = match cli::parse(lang, &args) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { EXIT_UNKNOWN } else { EXIT_CLEAR });
        }
    };
    match run(cli, lang) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let label = yata_words::text(lang, "ui-error");
            let _ = writeln!(std::io::stderr(), "{label}: {}", spoken(&error, lang));
            ExitCode::from(EXIT_UNKNOWN)
        }
    }
}

/// An error and its causes on one line; a cause of several lines keeps them, indented.
fn spoken(error: &anyhow::Error, lang: Lang) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let refused = cause.downcast_ref::<bounded::Refused>();
        let cause = refused.map_or_else(|| cause.to_string(), |refused| refused.said(lang));
        let lines: Vec<String> = cause.lines().map(view::text::printable).collect();
        if !text.is_empty() {
            text.push_str(if lines.len() > 1 { ":\n  " } else { ": " });
        }
        text.push_str(&lines.join("\n  "));
    }
    text
}

fn run(cli: Cli, lang: Lang) -> anyhow::Result<u8> {
    let lang = match cli.lang {
        Some(LangArg::En) => Lang::En,
        Some(LangArg::Ja) => Lang::Ja,
        None => lang,
    };
    let terminal = Terminal {
        lang,
        color: output::color_wanted(cli.color),
        columns: output::columns(),
        progress: Reporter::new(cli.quiet, lang),
    };
    let data = DataFolder::locate(cli.data)?;
    let writes = ledger::Writes::of(&cli.command);
    let code = dispatch(cli.command, &data, &terminal)?;
    writes.seal(&data, &terminal);
    Ok(code)
}

fn dispatch(command: Verb, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<u8> {
    match command {
        Verb::Assess(args) => assess::run(&args, data, terminal),
        Verb::Intel { verb } => intel::run(verb, data, terminal),
        Verb::Finding { verb } => finding::run(verb, data, terminal),
        Verb::Vex { verb } => vex::run(verb, data, terminal),
        Verb::Lens { verb } => lens::run(verb, data, terminal),
        Verb::Agents { verb } => agents::run(verb, terminal),
        Verb::Policy { verb } => policy::run(verb, terminal),
        Verb::App { verb } => app::run(verb, terminal),
        Verb::Serve(args) => serve::run(&args, data, terminal),
        Verb::Hook { verb } => hook::run(verb, terminal),
        Verb::Ledger { verb } => ledger::run(verb, data, terminal),
        Verb::Backup { file, check: true, .. } => backup::check(&file, terminal),
        Verb::Backup { file, database, no_keys, check: false } => {
            backup::make(&file, database.as_deref(), no_keys, data, terminal)
        }
        Verb::Restore { file, database } => backup::restore(&file, database.as_deref(), data, terminal),
    }
}

/// The locale of the environment, in the order of POSIX.
fn locale() -> Option<String> {
    ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(|name| std::env::var(name).ok()).find(|value| !value.is_empty())
}

impl ColorArg {
    pub(crate) fn decide(self, terminal: bool, no_color: bool) -> bool {
        match self {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => terminal && !no_color,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_of_several_lines_keep_them() {
        let check = |cause: &'static str, expected: &str| {
            assert_eq!(spoken(&anyhow::anyhow!(cause).context("the file has errors"), Lang::En), expected);
        };
        check("1:1: a", "the file has errors: 1:1: a");
        check("1:1: a\n2:1: \u{1b}b", "the file has errors:\n  1:1: a\n  2:1: \u{fffd}b");
    }
}
