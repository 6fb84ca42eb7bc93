//! The files of policies and of their cases.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use yata_policy::cedar::{BUILTIN, BUILTIN_CASES, MAX_FILE_BYTES, PolicySet, Problem, Source};

use crate::EXIT_CLEAR;
use crate::cli::PolicyArgs;
use crate::{bounded, output};

/// The most files of one folder.
const MAX_FILES: usize = 1_000;

/// A text of limited size.
pub(super) fn read(file: &Path, max_bytes: usize) -> anyhow::Result<String> {
    Ok(bounded::text(file, max_bytes as u64)?)
}

/// The files of a folder whose name ends so, sorted.
pub(super) fn with_ending(folder: &Path, ending: &str) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read the folder `{}`", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read the folder `{}`", folder.display()))?.path();
        if path.extension().is_some_and(|own| own == ending) && path.is_file() {
            files.push(path);
        }
        if files.len() > MAX_FILES {
            bail!("`{}` holds more than {MAX_FILES} files", folder.display());
        }
    }
    files.sort();
    Ok(files)
}

/// The texts of a set: those that come with the product, and those of a folder, which replace files of their name.
pub(super) fn sources(args: &PolicyArgs) -> anyhow::Result<Vec<Source>> {
    let mut sources = if args.alone { Vec::new() } else { PolicySet::builtin_sources() };
    if let Some(folder) = &args.policies {
        let files = with_ending(folder, "cedar")?;
        if files.is_empty() {
            bail!("`{}` holds no file that ends in `.cedar`", folder.display());
        }
        for file in files {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            sources.retain(|source| source.name != name);
            sources.push(Source { name, text: read(&file, MAX_FILE_BYTES)? });
        }
    }
    Ok(sources)
}

/// The place of a file of policies, as a person finds it.
pub(super) fn shown(name: &str, args: &PolicyArgs) -> String {
    let own = args.policies.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    own.map_or_else(|| name.to_owned(), |path| path.display().to_string())
}

/// The set, which must be valid here.
pub(super) fn load(args: &PolicyArgs) -> anyhow::Result<PolicySet> {
    let said_of = |problems: Vec<Problem>| {
        let lines: Vec<String> = problems.iter().map(|problem| told(problem, args)).collect();
        said("the policies are not valid", &lines)
    };
    PolicySet::load(&sources(args)?).map_err(said_of)
}

/// A problem with the place where a person finds it.
pub(super) fn told(problem: &Problem, args: &PolicyArgs) -> String {
    let mut problem = problem.clone();
    problem.place.file = shown(&problem.place.file, args);
    problem.to_string()
}

/// An error with a line for each cause.
pub(super) fn said(what: &'static str, causes: &[impl Display]) -> anyhow::Error {
    let lines: Vec<String> = causes.iter().map(ToString::to_string).collect();
    anyhow!(lines.join("\n")).context(what)
}

/// Writes the policies and cases that come with the product into a folder, which holds none of them yet.
pub(super) fn write_default(folder: &Path) -> anyhow::Result<u8> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let files = || BUILTIN.into_iter().chain(BUILTIN_CASES).map(|(name, text)| (folder.join(name), text));
    if let Some((there, _)) = files().find(|(path, _)| path.exists()) {
        bail!("`{}` is there already", there.display());
    }
    for (path, text) in files() {
        output::write(text, Some(&path))?;
    }
    Ok(EXIT_CLEAR)
}
