//! Bytes of a settings file to a tree that knows where each value stands. What cannot be read is a fault with its place.

pub(crate) mod json;
mod starlark;
mod toml;
mod yaml;

use crate::tree::{Node, Span};

/// The largest settings file that is read, in bytes.
pub(crate) const FILE_MAX_BYTES: usize = 4 << 20;
/// How deep lists and maps may nest.
pub(crate) const DEPTH_MAX: usize = 64;
/// How many values a file may hold.
pub(crate) const NODES_MAX: usize = 100_000;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON that the agent reads strictly: a comment or a trailing comma is a fault there.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// TOML.
    Toml,
    /// YAML, the part of it that settings use.
    Yaml,
    /// Markdown with front matter in YAML.
    Markdown,
    /// Calls of `prefix_rule(…)`.
    Starlark,
    /// Lines of text.
    Lines,
}

/// What a file holds.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// The tree; for Markdown the front matter. None where the file could not be read.
    pub root: Option<Node>,
    /// Where the text after the front matter begins, in bytes.
    pub body_start: usize,
    /// What keeps the file from being read.
    pub faults: Vec<Fault>,
    /// What is odd and does not keep it from being read.
    pub notes: Vec<Fault>,
}

/// Something wrong at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// Where.
    pub span: Span,
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// Not what the format allows.
    Syntax,
    /// The text ends too early.
    Ends,
    /// Nested too deep.
    Deep,
    /// Too many values or bytes.
    Large,
    /// Not UTF-8.
    Encoding,
    /// A part of the format that is not read: anchors, tags and the like.
    Unsupported,
    /// The file could not be opened.
    Unreadable,
    /// A comment where the agent reads plain JSON.
    Comment,
    /// A comma after the last element where the agent reads plain JSON.
    TrailingComma,
    /// A key that stands twice in one map.
    Duplicate,
}

impl FaultKind {
    /// The name that checks use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Ends => "ends",
            Self::Deep => "deep",
            Self::Large => "large",
            Self::Encoding => "encoding",
            Self::Unsupported => "unsupported",
            Self::Unreadable => "unreadable",
            Self::Comment => "comment",
            Self::TrailingComma => "trailing-comma",
            Self::Duplicate => "duplicate",
        }
    }
}

/// Reads a file. `file` is its number, for the places.
#[must_use]
pub fn read(format: Format, bytes: &[u8], file: usize) -> Read {
    let fail =
        |kind, start, end| Read { faults: vec![Fault { kind, span: Span { file, start, end } }], ..Read::default() };
    if bytes.len() > FILE_MAX_BYTES {
        return fail(FaultKind::Large, 0, 0);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return fail(FaultKind::Encoding, error.valid_up_to(), error.valid_up_to()),
    };
    match format {
        Format::Json | Format::Jsonc => json::read(text, file),
        Format::Toml => toml::read(text, file),
        Format::Yaml => yaml::read(text, 0, file),
        Format::Markdown => yaml::front_matter(text, file),
        Format::Starlark => starlark::read(text, file),
        Format::Lines => Read { root: Some(lines(text, file)), ..Read::default() },
    }
}

/// The lines of a text as a list, without their ends.
fn lines(text: &str, file: usize) -> Node {
    let mut at = 0_usize;
    let mut items = Vec::new();
    for line in text.split_inclusive('\n').take(NODES_MAX) {
        let bare = line.trim_end_matches(['\n', '\r']);
        items.push(Node::text(bare, Span { file, start: at, end: at.saturating_add(bare.len()) }));
        at = at.saturating_add(line.len());
    }
    Node::list(items, Span { file, start: 0, end: text.len() })
}
