//! What to look at, and what the organisation says of it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use yata_formats::estate::ESTATE_FILE_NAME;
use yata_intel::MaxAges;
use yata_model::Estate;

use super::clock_day;
use crate::cli::AssessArgs;

/// The largest estate file, VEX document or decision table that is read, in bytes.
const MAX_SIDE_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// An assessment that is about to run.
#[derive(Debug)]
pub(super) struct Scope {
    /// What the person named.
    pub(super) targets: Vec<PathBuf>,
    /// The estate file, where there is one.
    pub(super) estate_file: Option<PathBuf>,
    /// What it says; nothing where there is none.
    pub(super) estate: Estate,
    pub(super) now: Timestamp,
    /// The day to judge as of.
    pub(super) today: Date,
    pub(super) today_is_set: bool,
    pub(super) max_ages: MaxAges,
    /// Subjects whose problems are waived, from the command line and the estate file.
    pub(super) waived: Vec<String>,
}

impl Scope {
    pub(super) fn resolve(args: &AssessArgs) -> anyhow::Result<Scope> {
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
            Some(file) => {
                let bytes = read_side_file(file)?;
                yata_formats::estate::parse(&bytes, &file.display().to_string())
                    .map_err(|error| anyhow!("{error}"))
                    .with_context(|| format!("the estate file `{}` has errors", file.display()))?
            }
            None => Estate::default(),
        };
        let now = Timestamp::now();
        let set = args.as_of.or(estate.as_of);
        let mut waived = args.waive.clone();
        waived.extend(estate.waive.iter().cloned());
        Ok(Scope {
            targets: args.targets.clone(),
            max_ages: MaxAges::with(&estate.intel.max_age_days),
            estate_file,
            estate,
            now,
            today: set.unwrap_or_else(|| clock_day(now)),
            today_is_set: set.is_some(),
            waived,
        })
    }

    /// A path that the estate file names, relative to it.
    pub(super) fn beside_estate(&self, path: &str) -> PathBuf {
        match self.estate_file.as_deref().and_then(Path::parent) {
            Some(folder) => folder.join(path),
            None => PathBuf::from(path),
        }
    }

    /// How the estate file is called in facts and problems.
    pub(super) fn estate_name(&self) -> String {
        let name = self.estate_file.as_deref().and_then(Path::file_name);
        name.map_or_else(|| ESTATE_FILE_NAME.to_owned(), |name| name.to_string_lossy().into_owned())
    }
}

/// The estate file of a single folder.
fn beside(targets: &[PathBuf]) -> Option<PathBuf> {
    let [target] = targets else { return None };
    let file = target.join(ESTATE_FILE_NAME);
    (target.is_dir() && file.is_file()).then_some(file)
}

/// The bytes of a file that the person or the estate file named.
pub(crate) fn read_side_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let file = File::open(path).with_context(|| format!("cannot open `{}`", path.display()))?;
    let mut bytes = Vec::new();
    file.take(MAX_SIDE_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    if bytes.len() as u64 > MAX_SIDE_FILE_BYTES {
        bail!("`{}` is larger than {MAX_SIDE_FILE_BYTES} bytes", path.display());
    }
    Ok(bytes)
}
