//! What to look at, and what the organisation says of it.

use std::path::{Path, PathBuf};

use anyhow::bail;
use jiff::Timestamp;
use jiff::civil::Date;
use yata_agents::managed::Organisation;
use yata_formats::estate::ESTATE_FILE_NAME;
use yata_intel::MaxAges;
use yata_model::Estate;
use yata_words::Lang;

use super::clock_day;
use crate::agents::organisation::{FILE_NAME, of_machine, read_organisation};
use crate::agents::seen::home;
use crate::cli::AssessArgs;
use crate::estate;

/// An assessment that is about to run.
#[derive(Debug)]
pub(super) struct Scope {
    /// What the person named.
    pub(super) targets: Vec<PathBuf>,
    /// The estate file, where there is one.
    pub(super) estate_file: Option<PathBuf>,
    /// What it says; nothing where there is none.
    pub(super) estate: Estate,
    /// What the organisation says of its coding agents: beside the estate file, else of the machine.
    pub(super) organisation: Option<Organisation>,
    /// The language of what is wrong with a file of the organisation.
    pub(super) lang: Lang,
    pub(super) now: Timestamp,
    /// The day to judge as of.
    pub(super) today: Date,
    pub(super) today_is_set: bool,
    pub(super) max_ages: MaxAges,
    /// Subjects whose problems are waived, from the command line and the estate file.
    pub(super) waived: Vec<String>,
}

impl Scope {
    pub(super) fn resolve(args: &AssessArgs, lang: Lang) -> anyhow::Result<Scope> {
        for target in &args.targets {
            if !target.exists() {
                bail!("`{}` does not exist: name a folder, a lockfile or an SBOM", target.display());
            }
        }
        let estate_file = match &args.estate {
            Some(file) => Some(file.clone()),
            None => beside(&args.targets),
        };
        let estate = match &estate_file {
            Some(file) => estate::read(file)?,
            None => Estate::default(),
        };
        let now = Timestamp::now();
        let set = args.as_of.or(estate.as_of);
        let mut waived = args.waive.clone();
        waived.extend(estate.waive.iter().cloned());
        Ok(Scope {
            targets: args.targets.clone(),
            max_ages: MaxAges::with(&estate.intel.max_age_days),
            organisation: organisation(estate_file.as_deref(), &args.targets, lang)?,
            lang,
            estate_file,
            estate,
            now,
            today: set.unwrap_or_else(|| clock_day(now)),
            today_is_set: set.is_some(),
            waived,
        })
    }

    /// A path that the estate file names: see [`estate::beside`].
    pub(super) fn beside_estate(&self, path: &str) -> anyhow::Result<PathBuf> {
        estate::beside(self.estate_file.as_deref(), path)
    }

    /// How the estate file is called in facts and problems.
    pub(super) fn estate_name(&self) -> String {
        let name = self.estate_file.as_deref().and_then(Path::file_name);
        name.map_or_else(|| ESTATE_FILE_NAME.to_owned(), |name| name.to_string_lossy().into_owned())
    }
}

/// What the organisation says of its agents: beside the estate file, else, where the home directory is looked at, of the
/// machine, so that the answer for a tree does not depend on the machine.
fn organisation(estate_file: Option<&Path>, targets: &[PathBuf], lang: Lang) -> anyhow::Result<Option<Organisation>> {
    let beside = estate_file.map(|file| file.with_file_name(FILE_NAME)).filter(|file| file.is_file());
    let within = |home: &PathBuf| targets.iter().any(|at| at.canonicalize().is_ok_and(|at| home.starts_with(at)));
    let file = beside.or_else(|| home().filter(within).and_then(|home| of_machine(Path::new("/"), Some(&home))));
    file.map(|file| read_organisation(&file, lang)).transpose()
}

/// The estate file of a single folder.
fn beside(targets: &[PathBuf]) -> Option<PathBuf> {
    let [target] = targets else { return None };
    let file = target.join(ESTATE_FILE_NAME);
    (target.is_dir() && file.is_file()).then_some(file)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_link_does_not_lead_out_of_the_folder_of_the_estate_file() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        std::fs::create_dir_all(tree.join("feeds")).unwrap();
        std::fs::write(folder.path().join("secret"), "").unwrap();
        std::os::unix::fs::symlink(folder.path().join("secret"), tree.join("vex.json")).unwrap();
        std::os::unix::fs::symlink("feeds", tree.join("also")).unwrap();
        let scope = Scope {
            targets: vec![tree.clone()],
            organisation: None,
            estate_file: Some(tree.join("yata.toml")),
            estate: Estate::default(),
            lang: Lang::En,
            now: Timestamp::UNIX_EPOCH,
            today: clock_day(Timestamp::UNIX_EPOCH),
            today_is_set: false,
            max_ages: MaxAges::default(),
            waived: Vec::new(),
        };
        assert!(scope.beside_estate("also").unwrap().ends_with("tree/feeds"));
        let error = scope.beside_estate("vex.json").unwrap_err().to_string();
        assert!(error.contains("leads out of its folder"), "{error}");
        assert_eq!(scope.beside_estate("nothing").unwrap(), tree.join("nothing"));
    }
}
