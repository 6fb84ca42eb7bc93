//! `yata assess`: from a tree to the ranked list.
//!
//! One way through: [`scope`] (what to look at) → `collect` → [`assets`] (whose is it) → [`findings`] (what is wrong)
//! → the store (what is new, what is settled) → [`verdict`] (what first, why, by when) → a view or a format.

mod agents;
mod apps;
mod assets;
mod baseline;
mod findings;
mod pushed;
mod scope;
mod secrets;
mod sources;
mod verdict;

pub(crate) use secrets::problem_of as history_problem;

use anyhow::Context;
use jiff::tz::TimeZone;
use yata_formats::export::{self, SarifContents, Texts};
use yata_model::{Assessment, Message};

use crate::cli::{AssessArgs, FormatArg};
use crate::data::DataFolder;
use crate::{EXIT_CLEAR, EXIT_FOUND, EXIT_UNKNOWN, Terminal, output, view};

/// Runs the command; the exit code is that of the README: 0 clear, 1 found, 2 could not tell.
pub(crate) fn run(args: &AssessArgs, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<u8> {
    let scope = scope::Scope::resolve(args, terminal.lang)?;
    let index = sources::open(&scope, data, terminal)?;
    let inventory = assets::take(&scope, args, data, terminal)?;
    terminal.progress.step(&Message::new("progress-matching"), 0, None);
    let found = findings::find(inventory, index.as_ref(), &scope)?;
    let stored = verdict::remember(found, &scope, data, args, terminal)?;
    let assessment = verdict::reach(stored, &scope)?;
    if let Some(file) = &args.write_baseline {
        baseline::write(file, &assessment)?;
    }
    terminal.progress.clear();

    if let Some(id) = &args.explain {
        let text = view::explain::render(&assessment, id, index.as_ref(), terminal)?;
        output::write(&text, args.output.as_deref())?;
    } else {
        output::write(&render(&assessment, args, terminal)?, args.output.as_deref())?;
    }
    let code = exit_code(&assessment, args);
    // The process ends: to give back the memory of a large answer piece by piece would only take time.
    std::mem::forget((assessment, index));
    Ok(code)
}

fn render(assessment: &Assessment, args: &AssessArgs, terminal: &Terminal) -> anyhow::Result<String> {
    let text = |message: &Message| yata_words::render(terminal.lang, message);
    let texts = Texts::new(terminal.lang.as_str(), &text);
    Ok(match args.format {
        FormatArg::Human => view::terminal::render(assessment, args.all, terminal),
        FormatArg::Json => export::json(assessment, &texts).context("cannot write the JSON")?,
        FormatArg::Sarif => export::sarif(assessment, &texts, SarifContents::All).context("cannot write the SARIF")?,
        FormatArg::Cyclonedx => export::cyclonedx(assessment, &texts).context("cannot write the CycloneDX")?,
        FormatArg::Markdown => export::markdown(assessment, &texts),
    })
}

/// 2 where something could not be checked and nobody waived it: an incomplete answer is never "nothing found".
fn exit_code(assessment: &Assessment, args: &AssessArgs) -> u8 {
    if assessment.problems.iter().any(|problem| !problem.waived && problem.is_gap()) {
        EXIT_UNKNOWN
    } else if assessment.risks.iter().any(|risk| args.fail_on.reached_by(risk.decision.outcome.priority)) {
        EXIT_FOUND
    } else {
        EXIT_CLEAR
    }
}

/// The day of the clock, where the person is.
fn clock_day(now: jiff::Timestamp) -> jiff::civil::Date {
    now.to_zoned(TimeZone::system()).date()
}
