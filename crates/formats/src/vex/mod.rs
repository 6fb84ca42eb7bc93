//! VEX documents: what somebody says of vulnerabilities in products.
//!
//! Read: OpenVEX 0.2.0, and CycloneDX 1.4 to 1.7 JSON with `vulnerabilities[].analysis`.
//!
//! # What a statement covers
//! - A product is known by its package URL; one without version covers all versions. A product that has no
//!   package URL matches nothing: it is a problem, not silence.
//! - OpenVEX: a statement on product P with subcomponents S speaks of S inside P, and not of P itself. Such a
//!   statement has S in `products` and P in `within`: who applies it must not let a supplier's word on S in
//!   their product silence S elsewhere.
//! - CycloneDX: `versions` narrow a reference that has no version. Entries with `unaffected` say `not_affected`,
//!   entries with `unknown` say `under_investigation`, whatever the analysis says of the rest. Ranges
//!   cannot be applied and are problems.
//!
//! # Failing closed
//! A document of wrong form is an error as a whole. A statement that breaks a rule of its standard (unknown
//! status, `not_affected` without a reason, no product) is left out and becomes a problem.

mod cyclonedx;
mod json;
mod openvex;

use std::collections::HashSet;

use yata_model::{Message, Problem, ProblemKind, VexStatement, VexStatus};

pub use json::{MAX_DEPTH_LEVELS, MAX_DOCUMENT_BYTES};

/// Problems of one document that are listed; the rest is counted in one more.
pub const MAX_PROBLEMS_COUNT: usize = 1_000;

/// The largest that the statements of one document may become, in bytes: a small document can say much, by many
/// products each with many parts.
pub const MAX_STATEMENTS_BYTES: usize = 256 * 1024 * 1024;

/// Why nothing of a document could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VexError {
    /// It is larger than [`MAX_DOCUMENT_BYTES`].
    #[error("a VEX document of {bytes} bytes is over the limit of {MAX_DOCUMENT_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It is not UTF-8.
    #[error("not UTF-8 at byte {offset}")]
    NotUtf8 {
        /// The first byte that is not.
        offset: usize,
    },
    /// Its objects and arrays nest deeper than [`MAX_DEPTH_LEVELS`].
    #[error("nested deeper than {MAX_DEPTH_LEVELS} levels at line {line}")]
    TooDeep {
        /// 1-based.
        line: usize,
    },
    /// It is not JSON, is truncated, repeats a key, or a value has the wrong type.
    #[error("not a VEX document of valid form at line {line}, column {column}: {why}")]
    Form {
        /// 1-based.
        line: usize,
        /// 1-based.
        column: usize,
        /// What the parser says.
        why: String,
    },
    /// It is JSON, but neither OpenVEX nor CycloneDX.
    #[error("neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)")]
    NotVex,
    /// Its version is not one that this reader knows.
    #[error("{format} version `{version}` is not supported")]
    UnsupportedVersion {
        /// `OpenVEX` or `CycloneDX`.
        format: &'static str,
        /// As the document writes it.
        version: String,
    },
    /// Its statements become larger than [`MAX_STATEMENTS_BYTES`].
    #[error("the statements are over the limit of {MAX_STATEMENTS_BYTES} bytes")]
    TooManyStatements,
    /// It makes no statement at all, readable or not: an SBOM without analysis, for instance.
    #[error("the document makes no VEX statement")]
    NoStatements,
}

impl VexError {
    /// The error as a problem of the file, in words.
    pub fn problem(&self, file_name: &str) -> Problem {
        let (kind, message) = match self {
            VexError::TooLarge { bytes } => {
                let message = Message::new("vex-too-large").with("bytes", *bytes).with("limit", MAX_DOCUMENT_BYTES);
                (ProblemKind::TooLarge, message)
            }
            VexError::NotUtf8 { offset } => {
                (ProblemKind::Unparsable, Message::new("vex-not-utf8").with("offset", *offset))
            }
            VexError::TooDeep { .. } => {
                (ProblemKind::TooLarge, Message::new("vex-too-deep").with("limit", MAX_DEPTH_LEVELS))
            }
            VexError::Form { why, .. } => {
                (ProblemKind::Unparsable, Message::new("vex-bad-form").with("detail", why.as_str()))
            }
            VexError::NotVex => (ProblemKind::Unparsable, Message::new("vex-not-vex")),
            VexError::UnsupportedVersion { format, version } => {
                let message = Message::new("vex-version").with("format", *format).with("version", version.as_str());
                (ProblemKind::Unparsable, message)
            }
            VexError::TooManyStatements => {
                (ProblemKind::TooLarge, Message::new("vex-too-many").with("limit", MAX_STATEMENTS_BYTES))
            }
            VexError::NoStatements => (ProblemKind::Unparsable, Message::new("vex-no-statements")),
        };
        let problem = Problem::new(kind, file_name, message);
        let line = match self {
            VexError::TooDeep { line } | VexError::Form { line, .. } => u32::try_from(*line).ok(),
            _ => None,
        };
        line.map_or(problem.clone(), |line| problem.at_line(line))
    }
}

/// The statements of a VEX document, and what in it could not be used.
///
/// `file_name` names the document in problems, and is its `source` where it has no id of its own. The statements
/// stand in the order of the document.
///
/// # Errors
/// [`VexError`] where nothing can be read; see the module for what is an error and what a problem.
pub fn parse(bytes: &[u8], file_name: &str) -> Result<(Vec<VexStatement>, Vec<Problem>), VexError> {
    let text = json::check(bytes)?;
    let probe: json::Probe<'_> = json::read(text)?;
    let mut problems = Problems::new(file_name);
    let mut statements = Statements::default();
    match (probe.context.as_deref(), probe.bom_format.as_deref()) {
        (Some(context), None) => openvex::parse(text, context, file_name, &mut statements, &mut problems)?,
        (None, Some("CycloneDX")) => {
            let version = probe.spec_version.as_deref().unwrap_or_default();
            cyclonedx::parse(text, version, file_name, &mut statements, &mut problems)?;
        }
        _ => return Err(VexError::NotVex),
    }
    Ok((statements.finish()?, problems.finish()))
}

/// The problems of one document, at most [`MAX_PROBLEMS_COUNT`] of them by name.
struct Problems<'a> {
    file_name: &'a str,
    listed: Vec<Problem>,
    more: usize,
}

impl<'a> Problems<'a> {
    fn new(file_name: &'a str) -> Self {
        Problems { file_name, listed: Vec::new(), more: 0 }
    }

    /// Statement `number` (1-based) cannot be used, or not whole.
    fn statement(&mut self, number: usize, message: Message) {
        if self.listed.len() < MAX_PROBLEMS_COUNT {
            let message = message.with("number", number);
            self.listed.push(Problem::new(ProblemKind::BadEntry, self.file_name, message));
        } else {
            self.more += 1;
        }
    }

    fn finish(mut self) -> Vec<Problem> {
        if self.more > 0 {
            let message = Message::new("vex-more-problems").with("count", self.more);
            self.listed.push(Problem::new(ProblemKind::BadEntry, self.file_name, message));
        }
        self.listed
    }
}

/// Whether a text has the form of a package URL: `pkg:type/name`.
fn is_purl(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("pkg:") else { return false };
    match rest.trim_start_matches('/').split_once('/') {
        Some((kind, name)) => {
            let kind_is_word = kind.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-'));
            !kind.is_empty() && kind_is_word && !name.is_empty() && !name.starts_with('@')
        }
        None => false,
    }
}

/// Whether a package URL names a version.
fn has_version(purl: &str) -> bool {
    let path = purl.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    last.trim_start_matches('@').contains('@')
}

/// The statements of one document, as long as they keep to [`MAX_STATEMENTS_BYTES`].
#[derive(Default)]
struct Statements {
    list: Vec<VexStatement>,
    bytes: usize,
}

impl Statements {
    /// Adds the template with these products within those.
    fn push(&mut self, template: &VexStatement, status: VexStatus, products: Unique, within: Vec<String>) {
        let texts = [&template.justification, &template.statement, &template.author];
        let names = template.ids.iter().chain(&products.list).chain(&within).chain([&template.source]);
        let each = size_of::<String>();
        self.bytes += names.chain(texts.into_iter().flatten()).map(|text| text.len() + each).sum::<usize>();
        if self.bytes <= MAX_STATEMENTS_BYTES {
            self.list.push(VexStatement { products: products.list, within, status, ..template.clone() });
        }
    }

    fn finish(self) -> Result<Vec<VexStatement>, VexError> {
        if self.bytes > MAX_STATEMENTS_BYTES { Err(VexError::TooManyStatements) } else { Ok(self.list) }
    }
}

/// Texts without repetition, in the order in which they came.
#[derive(Default)]
struct Unique {
    list: Vec<String>,
    seen: HashSet<String>,
}

impl Unique {
    fn push(&mut self, text: &str) {
        if !text.is_empty() && self.seen.insert(text.to_owned()) {
            self.list.push(text.to_owned());
        }
    }

    fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_urls_are_told_from_other_identifiers() {
        for good in ["pkg:npm/%40scope/left@1.0", "pkg:cargo/serde", "pkg:deb/debian/openssl@3.0?arch=amd64"] {
            assert!(is_purl(good), "{good}");
        }
        for bad in ["", "pkg:", "pkg:npm", "pkg:npm/", "npm/left", "https://example.org/x", "cpe:2.3:a:b", "pkg:/x/"] {
            assert!(!is_purl(bad), "{bad}");
        }
        assert!(has_version("pkg:npm/%40scope/left@1.0"));
        assert!(has_version("pkg:npm/left@1.0?x=y"));
        assert!(!has_version("pkg:npm/%40scope/left"));
        assert!(!has_version("pkg:npm/@scope/left"));
        assert!(!has_version("pkg:deb/debian/openssl?distro=a@b"));
    }
}
