//! CycloneDX 1.4 to 1.7 JSON as VEX: `vulnerabilities[].analysis`.
//!
//! Source: CycloneDX specification (ECMA-424), "vulnerabilities", and CycloneDX BOM-Link.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;
use yata_model::{Message, VexStatement, VexStatus};

use super::json::read;
use super::{Problems, Statements, Unique, VexError, has_version, is_purl};

const VERSIONS: [&str; 4] = ["1.4", "1.5", "1.6", "1.7"];

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Bom {
    #[serde(rename = "serialNumber")]
    serial_number: Option<String>,
    metadata: Option<Metadata>,
    #[serde(default)]
    components: Vec<Component>,
    #[serde(default)]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Metadata {
    timestamp: Option<String>,
    component: Option<Component>,
    #[serde(default)]
    authors: Vec<Person>,
    supplier: Option<Person>,
    manufacturer: Option<Person>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Person {
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Component {
    #[serde(rename = "bom-ref")]
    bom_ref: Option<String>,
    purl: Option<String>,
    #[serde(default)]
    components: Vec<Component>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Vulnerability {
    id: Option<String>,
    #[serde(default)]
    references: Vec<Reference>,
    analysis: Option<Analysis>,
    #[serde(default)]
    affects: Vec<Affects>,
    updated: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Reference {
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Analysis {
    state: Option<String>,
    justification: Option<String>,
    detail: Option<String>,
    first_issued: Option<String>,
    last_updated: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Affects {
    #[serde(rename = "ref")]
    of: Option<String>,
    #[serde(default)]
    versions: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Version {
    version: Option<String>,
    range: Option<String>,
    status: Option<String>,
}

/// The statements of a CycloneDX document.
pub(super) fn parse(
    text: &str,
    version: &str,
    file_name: &str,
    out: &mut Statements,
    problems: &mut Problems<'_>,
) -> Result<(), VexError> {
    if !VERSIONS.contains(&version) {
        return Err(VexError::UnsupportedVersion { format: "CycloneDX", version: version.to_owned() });
    }
    let bom: Bom = read(text)?;
    if bom.vulnerabilities.iter().all(|vulnerability| vulnerability.analysis.is_none()) {
        return Err(VexError::NoStatements);
    }
    let names = Names::new(&bom);
    for (index, vulnerability) in bom.vulnerabilities.iter().enumerate() {
        // An entry without analysis is a finding of the author's, not a statement.
        let Some(analysis) = &vulnerability.analysis else { continue };
        let mut reader = Reader { bom: &bom, names: &names, file_name, number: index + 1, problems };
        reader.statement(vulnerability, analysis, out);
    }
    Ok(())
}

/// The package URLs of the document by `bom-ref`; `None` where two components claim one reference.
struct Names<'a> {
    purls: HashMap<&'a str, Option<&'a str>>,
}

impl<'a> Names<'a> {
    fn new(bom: &'a Bom) -> Self {
        let mut names = Names { purls: HashMap::new() };
        let root = bom.metadata.as_ref().and_then(|metadata| metadata.component.as_ref());
        // INVARIANT: the depth is limited before the document is parsed.
        let mut open: Vec<&Component> = root.into_iter().chain(&bom.components).collect();
        while let Some(component) = open.pop() {
            if let Some(bom_ref) = &component.bom_ref {
                let purl = component.purl.as_deref();
                let known = names.purls.entry(bom_ref).or_insert(purl);
                *known = known.filter(|known| Some(*known) == purl);
            }
            open.extend(&component.components);
        }
        names
    }

    /// The package URL that a reference means: a `bom-ref` of this document, a package URL itself, or the element
    /// of a BOM-Link (`urn:cdx:serial/version#element`, the element percent-encoded).
    fn resolve(&self, reference: &str) -> Option<String> {
        let is_link = reference.starts_with("urn:cdx:");
        let element = if is_link { percent_decoded(reference.split_once('#')?.1)? } else { reference.to_owned() };
        let purl = match self.purls.get(element.as_str()) {
            Some(purl) => (*purl)?.to_owned(),
            None => element,
        };
        is_purl(&purl).then_some(purl)
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    let hex = |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => out.push(hex(bytes.next())? * 16 + hex(bytes.next())?),
            byte => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}

struct Reader<'a, 'p, 'f> {
    bom: &'a Bom,
    names: &'a Names<'a>,
    file_name: &'a str,
    number: usize,
    problems: &'p mut Problems<'f>,
}

impl Reader<'_, '_, '_> {
    fn problem(&mut self, message: Message) {
        self.problems.statement(self.number, message);
    }

    fn statement(&mut self, vulnerability: &Vulnerability, analysis: &Analysis, out: &mut Statements) {
        let mut ids = Unique::default();
        let aliases = vulnerability.references.iter().filter_map(|reference| reference.id.as_ref());
        vulnerability.id.iter().chain(aliases).for_each(|id| ids.push(id.trim()));
        if ids.is_empty() {
            return self.problem(Message::new("vex-no-vulnerability"));
        }
        let state = analysis.state.as_deref().unwrap_or_default();
        let status = match state {
            "exploitable" => VexStatus::Affected,
            "in_triage" => VexStatus::UnderInvestigation,
            "resolved" | "resolved_with_pedigree" => VexStatus::Fixed,
            "false_positive" | "not_affected" => VexStatus::NotAffected,
            other => return self.problem(Message::new("vex-bad-status").with("status", other)),
        };
        if vulnerability.affects.is_empty() {
            return self.problem(Message::new("vex-no-product"));
        }
        let false_positive = (state == "false_positive").then_some("false_positive");
        let mut template = VexStatement {
            ids: ids.list,
            products: Vec::new(),
            within: Vec::new(),
            status,
            justification: analysis.justification.as_deref().or(false_positive).map(str::to_owned),
            statement: analysis.detail.clone(),
            source: self.bom.serial_number.clone().unwrap_or_else(|| self.file_name.to_owned()),
            author: self.author(),
            at: self.time(vulnerability, analysis),
        };
        let mut by_status: [(VexStatus, Unique); 3] =
            [status, VexStatus::NotAffected, VexStatus::UnderInvestigation].map(|status| (status, Unique::default()));
        for affects in &vulnerability.affects {
            self.affects(affects, &mut by_status);
        }
        for (index, (said, products)) in by_status.into_iter().enumerate() {
            if products.is_empty() {
                continue;
            }
            if index > 0 {
                // What the author says of the other versions is no reason for these.
                template.justification = None;
            }
            out.push(&template, said, products, Vec::new());
        }
    }

    /// Sorts what is affected by what is said of it: the analysis, `unaffected`, `unknown`.
    fn affects(&mut self, affects: &Affects, by_status: &mut [(VexStatus, Unique); 3]) {
        let reference = affects.of.as_deref().unwrap_or_default();
        let Some(purl) = self.names.resolve(reference) else {
            return self.problem(Message::new("vex-product-without-purl").with("product", reference));
        };
        let [(_, said), (_, unaffected), (_, unknown)] = by_status;
        if affects.versions.is_empty() {
            return said.push(&purl);
        }
        for entry in &affects.versions {
            let list = match entry.status.as_deref() {
                None | Some("affected") => &mut *said,
                Some("unaffected") => &mut *unaffected,
                Some("unknown") => &mut *unknown,
                Some(other) => {
                    self.problem(Message::new("vex-bad-status").with("status", other));
                    continue;
                }
            };
            match (&entry.version, &entry.range) {
                (Some(version), None) => match versioned(&purl, version) {
                    Some(product) => list.push(&product),
                    None => self.problem(Message::new("vex-version-conflict").with("product", purl.as_str())),
                },
                (None, Some(range)) => {
                    let message = Message::new("vex-range").with("product", purl.as_str());
                    self.problem(message.with("range", range.as_str()));
                }
                _ => self.problem(Message::new("vex-version-unclear").with("product", purl.as_str())),
            }
        }
    }

    fn author(&self) -> Option<String> {
        let metadata = self.bom.metadata.as_ref()?;
        let people = metadata.authors.iter().chain(&metadata.manufacturer).chain(&metadata.supplier);
        people.filter_map(|person| person.name.clone()).next()
    }

    fn time(&mut self, vulnerability: &Vulnerability, analysis: &Analysis) -> Option<Timestamp> {
        let document = self.bom.metadata.as_ref().and_then(|metadata| metadata.timestamp.as_ref());
        let own = analysis.last_updated.as_ref().or(analysis.first_issued.as_ref());
        let written = own.or(vulnerability.updated.as_ref()).or(document)?;
        let at = written.parse().ok();
        if at.is_none() {
            self.problem(Message::new("vex-bad-time").with("time", written.as_str()));
        }
        at
    }
}

/// The package URL with that version; itself where it names the same one already, `None` where another.
fn versioned(purl: &str, version: &str) -> Option<String> {
    let encoded: String = version.chars().map(encoded).collect();
    if version.is_empty() {
        return None;
    }
    let end = purl.find(['?', '#']).unwrap_or(purl.len());
    let (path, rest) = purl.split_at(end);
    if has_version(purl) {
        let (_, own) = path.rsplit_once('@')?;
        return (own == encoded || percent_decoded(own).as_deref() == Some(version)).then(|| purl.to_owned());
    }
    Some(format!("{path}@{encoded}{rest}"))
}

/// A character of a version as the package URL specification encodes it.
fn encoded(c: char) -> String {
    match c {
        c if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | ':') => c.to_string(),
        c => c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
    }
}
