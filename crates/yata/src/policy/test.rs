//! `yata policy test`: the cases of a policy set.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Serialize;
use yata_model::Message;
use yata_policy::cedar::{BUILTIN_CASES, Case, CaseFailure, MAX_CASE_BYTES};

use super::files::{self, read, with_ending};
use crate::cli::{ListFormatArg, PolicyArgs};
use crate::view::style::Style;
use crate::view::text::printable;
use crate::{EXIT_CLEAR, EXIT_FOUND, Terminal, output};

#[derive(Serialize)]
struct Wire {
    cases: usize,
    failures: Vec<FailureWire>,
}

#[derive(Serialize)]
struct FailureWire {
    file: String,
    line: usize,
    name: String,
    message: String,
}

pub(super) fn run(
    named: &[PathBuf],
    args: &PolicyArgs,
    format: ListFormatArg,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let set = files::load(args)?;
    let (mut count, mut failures) = (0, Vec::new());
    for (file, text) in texts(named, args)? {
        let found = match Case::read(&text) {
            Ok(cases) => {
                count += cases.len();
                set.test(&cases).map_err(|errors| files::said("the set cannot be tested", &errors))?
            }
            Err(unread) => unread,
        };
        let failure = |failure: CaseFailure| FailureWire {
            file: file.clone(),
            line: failure.line,
            name: failure.name,
            message: failure.message,
        };
        failures.extend(found.into_iter().map(failure));
    }
    if count == 0 && failures.is_empty() {
        bail!("there is no case");
    }
    let code = if failures.is_empty() { EXIT_CLEAR } else { EXIT_FOUND };
    let wire = Wire { cases: count, failures };
    let text = match format {
        ListFormatArg::Json => serde_json::to_string_pretty(&wire).context("cannot write the JSON")? + "\n",
        ListFormatArg::Human => human(&wire, terminal),
    };
    output::write(&text, None)?;
    Ok(code)
}

/// The files of cases with their names: those named, else those beside the policies, else those of the product.
fn texts(named: &[PathBuf], args: &PolicyArgs) -> anyhow::Result<Vec<(String, String)>> {
    let mut paths = named.to_vec();
    if let (true, Some(folder)) = (named.is_empty(), &args.policies) {
        paths = with_ending(folder, "jsonl")?;
        let cases = folder.join("cases");
        if cases.is_dir() {
            paths.extend(with_ending(&cases, "jsonl")?);
        }
    } else if named.is_empty() {
        return Ok(BUILTIN_CASES.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect());
    }
    let one = |path: &Path| Ok((path.display().to_string(), read(path, MAX_CASE_BYTES)?));
    paths.iter().map(|path| one(path)).collect()
}

fn human(wire: &Wire, terminal: &Terminal) -> String {
    let style = Style { color: terminal.color };
    let mut out = String::new();
    for failure in &wire.failures {
        let line = format!("{}:{}: {}: {}", failure.file, failure.line, failure.name, failure.message);
        let _ = writeln!(out, "{}", style.warn(&printable(line)));
    }
    let sums = Message::new("policy-tested").with("cases", wire.cases).with("failures", wire.failures.len());
    let _ = writeln!(out, "{}", yata_words::render(terminal.lang, &sums));
    out
}
