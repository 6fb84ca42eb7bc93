//! An assessment as other programs and other people read it.
//!
//! | function | format | source |
//! |---|---|---|
//! | [`json`] | Yata's own, `docs/schemas/assessment.schema.json` | JSON Schema 2020-12 |
//! | [`sarif`] | SARIF 2.1.0 with errata 01 | OASIS |
//! | [`cyclonedx`] | CycloneDX 1.6 JSON | OWASP, ECMA-424 |
//! | [`markdown`] | GitHub-flavoured Markdown | for a ticket or a pull request |
//!
//! # Invariant
//! Names of packages, files and advisories come from whoever wrote them, and that may be an attacker. Every
//! text passes through the rules of `export::text`: no control character, no character that changes the direction
//! of writing, none that cannot be seen; and in Markdown and SARIF nothing that becomes a link, markup or a
//! mention.

mod cyclonedx;
mod cyclonedx_analysis;
mod cyclonedx_wire;
mod json;
mod json_finding;
mod markdown;
mod names;
mod phrases;
mod sarif;
mod sarif_wire;
mod score;
mod ssvc;
mod text;
mod uri;
mod writer;

use yata_model::{Assessment, Message};

pub use cyclonedx::cyclonedx;
pub use json::{SCHEMA_VERSION, json};
pub use markdown::markdown;
pub use sarif::{SarifContents, sarif};

/// The words: which language, and how a [`Message`] becomes a text of it.
///
/// The catalogue lives elsewhere; this crate only knows ids and arguments.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    lang: &'a str,
    render: &'a dyn Fn(&Message) -> String,
}

impl<'a> Texts<'a> {
    /// Texts in the language of that BCP 47 tag (`en`, `ja`).
    pub fn new(lang: &'a str, render: &'a dyn Fn(&Message) -> String) -> Self {
        Texts { lang, render }
    }

    /// The language tag.
    pub fn lang(&self) -> &'a str {
        self.lang
    }

    /// The message in words, without the isolates that Fluent may put around arguments: they would be shown.
    fn say(&self, message: &Message) -> String {
        let text = (self.render)(message);
        if text.is_ascii() { text } else { text.replace(['\u{2068}', '\u{2069}'], "") }
    }

    fn is_japanese(&self) -> bool {
        self.lang == "ja" || self.lang.starts_with("ja-")
    }

    /// The name in the reader's language, where there is one.
    fn name<'n>(&self, name: &'n str, name_ja: Option<&'n str>) -> &'n str {
        match name_ja {
            Some(japanese) if self.is_japanese() => japanese,
            _ => name,
        }
    }
}

impl std::fmt::Debug for Texts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts").field("lang", &self.lang).finish_non_exhaustive()
    }
}

/// Why an assessment could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The serializer refused a value.
    #[error("cannot write the assessment as JSON")]
    Json(#[from] serde_json::Error),
    /// The serializer wrote bytes that are not UTF-8.
    #[error("the assessment written as JSON is not UTF-8")]
    Utf8(#[from] std::string::FromUtf8Error),
}

/// Whether everything could be read and checked: no problem is left that nobody has waived.
///
/// `false` means exit code 2 and, in the formats, "not finding something here proves nothing".
pub fn is_complete(assessment: &Assessment) -> bool {
    assessment.problems.iter().all(|problem| problem.waived || !problem.is_gap())
}
