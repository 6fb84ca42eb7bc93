//! Package URLs: parsing, canonical form, and the way to and from the packages that advisories name.
//!
//! Source: ECMA-427 (Package-URL specification) and its type definitions.

mod distribution;
mod packages;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use yata_model::{Ecosystem, Family, Package};

pub use distribution::{alpine_ecosystem, debian_ecosystem, rpm_ecosystem, ubuntu_ecosystem};
pub use packages::{Identity, purl_of, to_package};

/// The longest purl that is read, in bytes.
pub const PURL_MAX_BYTES: usize = 8 * 1024;

/// A package URL, taken apart, decoded and normalised by the rules of its type.
///
/// The order is that of the canonical text's parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purl {
    /// The type (`cargo`, `npm`), lower case.
    pub kind: String,
    /// The name prefix, segments separated by `/`.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
    /// The version.
    pub version: Option<String>,
    /// Qualifiers by key; keys are lower case, values never empty.
    pub qualifiers: BTreeMap<String, String>,
    /// The path inside the package, segments separated by `/`.
    pub subpath: Option<String>,
}

/// Why a text is not a package URL.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PurlError {
    /// It is longer than [`PURL_MAX_BYTES`].
    #[error("package URL is longer than {PURL_MAX_BYTES} bytes")]
    TooLong,
    /// It does not start with `pkg:`.
    #[error("package URL does not start with `pkg:`")]
    Scheme,
    /// There is no type, or it has a character that a type cannot have.
    #[error("package URL has no valid type")]
    Type,
    /// There is no name.
    #[error("package URL has no name")]
    Name,
    /// The key of a qualifier is not valid.
    #[error("package URL has the invalid qualifier key `{0}`")]
    QualifierKey(String),
    /// A percent-encoded part is not UTF-8.
    #[error("package URL has a percent-encoded part that is not UTF-8")]
    Encoding,
    /// The type asks for something that is not there, or forbids something that is.
    #[error("package URL of type `{kind}` {rule}")]
    TypeRule {
        /// The type.
        kind: String,
        /// What the type asks for.
        rule: &'static str,
    },
}

impl Purl {
    /// A purl of a type and a name, normalised by the rules of the type.
    pub fn new(kind: &str, namespace: Option<&str>, name: &str, version: Option<&str>) -> Self {
        let mut purl = Purl {
            kind: kind.to_ascii_lowercase(),
            namespace: namespace.filter(|namespace| !namespace.is_empty()).map(str::to_owned),
            name: name.to_owned(),
            version: version.filter(|version| !version.is_empty()).map(str::to_owned),
            qualifiers: BTreeMap::new(),
            subpath: None,
        };
        purl.normalise();
        purl
    }

    /// The same purl with one more qualifier; an empty value adds none.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.qualifiers.insert(key.to_owned(), value.to_owned());
        }
        self
    }

    /// The value of a qualifier.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.get(key).map(String::as_str)
    }

    /// Namespace and name with `/` between them.
    pub fn full_name(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{namespace}/{}", self.name),
            None => self.name.clone(),
        }
    }

    /// Brings namespace, name and version into the form that the type's definition asks for.
    ///
    /// Go module paths keep their case: the definition asks for lower case, but the module system and its
    /// advisories are case-sensitive. PyPI names are normalised by PEP 503 as a whole, dots included.
    fn normalise(&mut self) {
        let lower = |text: &mut String| *text = text.to_lowercase();
        match self.kind.as_str() {
            "alpm" | "apk" | "bitbucket" | "brew" | "composer" | "deb" | "github" | "hex" | "otp" | "gitlab"
            | "vscode-extension" => {
                lower(&mut self.name);
                self.namespace.iter_mut().for_each(lower);
                if self.kind == "vscode-extension" {
                    self.version.iter_mut().for_each(lower);
                }
            }
            "git" if matches!(self.namespace.as_deref(), Some(host) if host.starts_with("github")) => {
                lower(&mut self.name);
                self.namespace.iter_mut().for_each(lower);
            }
            "oci" | "pub" => lower(&mut self.name),
            "pypi" => self.name = Package::new(Ecosystem::plain(Family::PyPi), &self.name).name,
            "rpm" => self.namespace.iter_mut().for_each(lower),
            "cpan" => self.namespace.iter_mut().for_each(|author| *author = author.to_uppercase()),
            "huggingface" => self.version.iter_mut().for_each(lower),
            "mlflow" if self.qualifier("repository_url").is_some_and(|url| url.contains("azuredatabricks")) => {
                lower(&mut self.name);
            }
            _ => {}
        }
    }

    fn check_type_rules(&self) -> Result<(), PurlError> {
        let rule = match self.kind.as_str() {
            "swift" | "vscode-extension" if self.namespace.is_none() => "needs a namespace",
            "otp" | "vcpkg" if self.namespace.is_some() => "has no namespace",
            "swift" if self.version.is_none() => "needs a version",
            "cran" if self.version.is_none() => "needs a version",
            "cpan" if self.name.contains("::") => "names a distribution, not a module (`::`)",
            "chrome-extension" if !is_chrome_id(&self.name) => "needs a name of 32 letters from a to p",
            "chrome-extension" if !self.version.as_deref().is_none_or(is_chrome_version) => {
                "needs a version of one to four numbers"
            }
            "julia" if self.qualifier("uuid").is_none() => "needs the qualifier `uuid`",
            "swid" if self.qualifier("tag_id").is_none() => "needs the qualifier `tag_id`",
            _ => return Ok(()),
        };
        Err(PurlError::TypeRule { kind: self.kind.clone(), rule })
    }
}

fn is_chrome_id(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|b| (b'a'..=b'p').contains(&b))
}

fn is_chrome_version(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    parts.len() <= 4 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

impl FromStr for Purl {
    type Err = PurlError;

    fn from_str(text: &str) -> Result<Self, PurlError> {
        if text.len() > PURL_MAX_BYTES {
            return Err(PurlError::TooLong);
        }
        let (rest, subpath) = match text.rsplit_once('#') {
            Some((rest, subpath)) => (rest, segments(subpath, true)?),
            None => (text, None),
        };
        let (rest, qualifiers) = match rest.rsplit_once('?') {
            Some((rest, qualifiers)) => (rest, parse_qualifiers(qualifiers)?),
            None => (rest, BTreeMap::new()),
        };
        let (scheme, rest) = rest.split_once(':').ok_or(PurlError::Scheme)?;
        if !scheme.eq_ignore_ascii_case("pkg") {
            return Err(PurlError::Scheme);
        }
        let (kind, rest) = rest.trim_start_matches('/').split_once('/').ok_or(PurlError::Type)?;
        if !is_type(kind) {
            return Err(PurlError::Type);
        }
        let kind = kind.to_ascii_lowercase();
        let rest = rest.trim_start_matches('/');
        // An `@` with a `/` behind it begins an npm scope; the version separator has none.
        let (path, version) = match rest.rsplit_once('@') {
            Some((path, version)) if !version.contains('/') => (path, Some(decode(version)?)),
            _ => (rest, None),
        };
        // The name of a repository may itself have slashes: the namespace is the host.
        let (namespace, name) = match path.split_once('/').filter(|_| kind == "git" && !path.ends_with('/')) {
            Some((host, repository)) => (segments(host, false)?, repository),
            None => split_name(path)?,
        };
        let name = decode(name)?;
        if name.is_empty() || name == "/" {
            return Err(PurlError::Name);
        }
        let version = version.filter(|version| !version.is_empty());
        let mut purl = Purl { kind, namespace, name, version, qualifiers, subpath };
        purl.normalise();
        // PEP 503 leaves nothing of a name of separators.
        if purl.name.is_empty() {
            return Err(PurlError::Name);
        }
        purl.check_type_rules()?;
        Ok(purl)
    }
}

/// Namespace and name: what stands before and after the last `/`.
fn split_name(path: &str) -> Result<(Option<String>, &str), PurlError> {
    match path.rsplit_once('/') {
        Some((_, "")) => Err(PurlError::Name),
        Some((namespace, name)) => Ok((segments(namespace, false)?, name)),
        None => Ok((None, path)),
    }
}

fn is_type(kind: &str) -> bool {
    kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+'))
}

fn is_qualifier_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

fn parse_qualifiers(text: &str) -> Result<BTreeMap<String, String>, PurlError> {
    let mut qualifiers = BTreeMap::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !is_qualifier_key(key) {
            return Err(PurlError::QualifierKey(key.to_owned()));
        }
        let value = decode(value)?;
        if !value.is_empty() {
            qualifiers.insert(key.to_ascii_lowercase(), value);
        }
    }
    Ok(qualifiers)
}

/// Decodes each segment and leaves out the empty ones (and, in a subpath, `.` and `..`).
fn segments(text: &str, subpath: bool) -> Result<Option<String>, PurlError> {
    let mut out = String::with_capacity(text.len());
    for encoded in text.split('/').filter(|segment| !segment.is_empty()) {
        // ECMA-427: no segment has a `/` when it is decoded; one that has is taken as several.
        for segment in decode(encoded)?.split('/') {
            if segment.is_empty() || (subpath && matches!(segment, "." | "..")) {
                continue;
            }
            if !out.is_empty() {
                out.push('/');
            }
            out.push_str(segment);
        }
    }
    Ok((!out.is_empty()).then_some(out))
}

fn decode(text: &str) -> Result<String, PurlError> {
    if !text.contains('%') {
        return Ok(text.to_owned());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let hex = |b: u8| char::from(b).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (byte, ahead.next().and_then(hex), ahead.next().and_then(hex)) {
            (b'%', Some(high), Some(low)) => {
                out.push(high * 16 + low);
                bytes = ahead;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8(out).map_err(|_| PurlError::Encoding)
}

/// Writes `text` percent-encoded; `/` stays where `keep_slash`.
///
/// Source: ECMA-427, section "Character encoding": the unreserved characters and `:` stay as they are.
fn encode(f: &mut fmt::Formatter<'_>, text: &str, keep_slash: bool) -> fmt::Result {
    let stays = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' | b':' => true,
        byte => keep_slash && byte == b'/',
    };
    let mut rest = text;
    while !rest.is_empty() {
        // What stays is ASCII, so both cuts are between characters.
        let same = rest.bytes().take_while(|byte| stays(*byte)).count();
        let (plain, behind) = rest.split_at(same);
        f.write_str(plain)?;
        let other = behind.bytes().take_while(|byte| !stays(*byte)).count();
        let (strange, behind) = behind.split_at(other);
        for byte in strange.bytes() {
            write!(f, "%{byte:02X}")?;
        }
        rest = behind;
    }
    Ok(())
}

impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pkg:{}/", self.kind)?;
        if let Some(namespace) = &self.namespace {
            encode(f, namespace, true)?;
            f.write_str("/")?;
        }
        encode(f, &self.name, self.kind == "git")?;
        if let Some(version) = &self.version {
            f.write_str("@")?;
            encode(f, version, false)?;
        }
        for (index, (key, value)) in self.qualifiers.iter().enumerate() {
            f.write_str(if index == 0 { "?" } else { "&" })?;
            write!(f, "{key}=")?;
            encode(f, value, false)?;
        }
        if let Some(subpath) = &self.subpath {
            f.write_str("#")?;
            encode(f, subpath, true)?;
        }
        Ok(())
    }
}
