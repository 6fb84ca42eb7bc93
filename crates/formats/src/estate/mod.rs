//! The estate file `yata.toml`: what the organisation says of itself.
//!
//! [`parse`] turns the file into a [`yata_model::Estate`] or says everything that is wrong with it, each with
//! its line; [`EstateMatcher`] says which of its rules speaks of a path, a host or an SBOM. The file format is
//! described in `docs/estate.md` and `docs/schemas/yata.schema.json`.

mod check;
mod error;
mod glob;
pub mod keys;
mod matcher;
mod reader;
mod sections;

use toml::de::DeTable;
use yata_model::Estate;

pub use error::{EstateError, Fault, FaultKind, GlobError, MAX_FAULTS_COUNT};
pub use matcher::{Assignment, BadRule, EstateMatcher};

use error::Faults;

/// The name of the estate file at the root of an estate.
pub const ESTATE_FILE_NAME: &str = "yata.toml";
/// The largest estate file that is read: 100,000 assets with all they can say.
pub const MAX_ESTATE_BYTES: usize = 32 * 1024 * 1024;
/// The most `[[asset]]` tables.
pub const MAX_ASSETS_COUNT: usize = 100_000;
/// The most `[[service]]` tables.
pub const MAX_SERVICES_COUNT: usize = 10_000;

/// Reads an estate file. `file_name` is only used in messages.
///
/// # Errors
/// Unknown keys and words, wrong types, ids that occur twice, names of things that the file does not define,
/// bad globs, dates, times and durations, and anything that is no TOML 1.1, all with line and column. A file
/// that is no TOML is reported as such and not judged further.
pub fn parse(bytes: &[u8], file_name: &str) -> Result<Estate, EstateError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if bytes.len() > MAX_ESTATE_BYTES {
        let mut faults = Faults::new("");
        faults.add(&(0..0), || FaultKind::TooLarge { bytes: bytes.len(), limit: MAX_ESTATE_BYTES });
        return Err(faults.into_error(file_name));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
            let mut faults = Faults::new(&valid);
            faults.add(&(valid.len()..valid.len()), || FaultKind::NotUtf8);
            return Err(faults.into_error(file_name));
        }
    };
    let mut faults = Faults::new(text);
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let message = error.message().trim().replace('\n', ", ");
        faults.add(&error.span().unwrap_or(0..0), || FaultKind::Syntax { message });
    }
    if !faults.is_empty() {
        return Err(faults.into_error(file_name));
    }
    let placed = sections::estate(root.get_ref(), &mut faults);
    check::check(&placed, &mut faults);
    if faults.is_empty() { Ok(placed.estate) } else { Err(faults.into_error(file_name)) }
}
