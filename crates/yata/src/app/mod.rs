//! `yata app`: systems that an AI made, their register, and what is missing.

pub(crate) mod args;
mod check;
mod formats;
mod list;
mod look;
mod register;
mod words;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use yata_agents::apps::{AppFinding, FoundApp, Register, Rules, findings};
use yata_model::{Message, Problem, ProblemKind};

use self::args::AppVerb;
use crate::estate::read_side_file;
use crate::{Terminal, bounded};

/// The register's usual name.
const REGISTER: &str = "apps.toml";

/// Runs the command.
pub(crate) fn run(verb: AppVerb, terminal: &Terminal) -> anyhow::Result<u8> {
    match verb {
        AppVerb::Register(args) => register::run(*args, terminal),
        AppVerb::List { path, register, format } => list::run(&path, register.as_deref(), format, terminal),
        AppVerb::Check(args) => check::run(&args, terminal),
    }
}

/// What is wrong with the systems of a folder.
pub(crate) struct Checked {
    pub(crate) registered: Registered,
    pub(crate) findings: Vec<AppFinding>,
    pub(crate) found: Vec<FoundApp>,
    /// What could not be read, with the folder that it is about; none where it is about the register.
    pub(crate) problems: Vec<(Option<String>, Problem)>,
}

/// Compares the register of a folder with the systems in it on a day: what `yata app check` and `yata assess` say.
pub(crate) fn checked(registered: Registered, folder: &Path, rules: Rules) -> Checked {
    let look::Looked { apps, found, problems: looked } = look::look(&registered, folder);
    let findings = findings(&registered.register, &apps, &found, rules);
    drop(apps);
    let of_register = registered.problems.iter().cloned().map(|problem| (None, problem));
    let problems = of_register.chain(looked.into_iter().map(|(of, problem)| (Some(of), problem))).collect();
    Checked { registered, findings, found, problems }
}

/// A register and where it is.
pub(crate) struct Registered {
    /// The file, whether it is there or not.
    pub(crate) file: PathBuf,
    /// Its folder, with all links resolved: the paths of apps begin there.
    pub(crate) base: PathBuf,
    /// Its text, where it is there.
    pub(crate) text: Option<String>,
    pub(crate) register: Register,
    /// What is wrong with it.
    problems: Vec<Problem>,
}

/// The register for a folder: the one that is named, else the nearest `apps.toml` from the folder up to the root of its
/// repository. Where there is none it is thought of at that root, or in the folder.
pub(crate) fn open(folder: &Path, named: Option<&Path>) -> anyhow::Result<Registered> {
    let folder = canonical(folder)?;
    let root = look::root_of(&folder);
    let file = match named {
        Some(file) => file.to_owned(),
        None => {
            let top = root.unwrap_or_else(|| folder.clone());
            let up = folder.ancestors().take_while(|one| one.starts_with(&top));
            let found = up.map(|one| one.join(REGISTER)).find(|file| file.symlink_metadata().is_ok());
            found.unwrap_or_else(|| top.join(REGISTER))
        }
    };
    let base = file.parent().filter(|base| !base.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let base = canonical(base)?;
    let mut text = None;
    let mut register = Register::read(b"");
    if file.symlink_metadata().is_ok() {
        let bytes = read_side_file(&file)?;
        register = Register::read(&bytes);
        text = Some(bounded::utf8(bytes, &file)?);
    }
    let subject = file.file_name().map_or_else(|| REGISTER.to_owned(), |name| name.to_string_lossy().into_owned());
    let problem = |fault: &yata_agents::apps::RegisterFault| {
        let message = Message::new(words::fault(fault.kind)).with("what", fault.what.as_str());
        Problem { line: Some(fault.line), ..Problem::new(ProblemKind::BadEntry, subject.clone(), message) }
    };
    let problems = register.faults.iter().map(problem).collect();
    Ok(Registered { file, base, text, register, problems })
}

fn canonical(folder: &Path) -> anyhow::Result<PathBuf> {
    if !folder.is_dir() {
        bail!("`{}` is no folder", folder.display());
    }
    folder.canonicalize().with_context(|| format!("cannot resolve `{}`", folder.display()))
}

/// A folder's path from another one, `/` between the parts, `.` for the folder itself; none where it is outside.
fn relative(folder: &Path, base: &Path) -> Option<String> {
    let inside = folder.strip_prefix(base).ok()?;
    let parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}
