//! OpenVEX 0.2.0.
//!
//! Source: OpenVEX specification v0.2.0, sections "Document", "Statement", "Status Justifications", "Data
//! Inheritance".

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use yata_model::{Message, VexStatement, VexStatus};

use super::json::{StringOr, read};
use super::{Problems, Statements, Unique, VexError, is_purl};

/// The contexts of version 0.2.0; the specification's own examples leave the version out.
const CONTEXTS: [&str; 2] = ["https://openvex.dev/ns/v0.2.0", "https://openvex.dev/ns"];

const JUSTIFICATIONS: [&str; 5] = [
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Document {
    #[serde(rename = "@id")]
    id: Option<String>,
    author: Option<String>,
    timestamp: Option<String>,
    #[serde(default)]
    statements: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Statement {
    vulnerability: Option<StringOr<Vulnerability>>,
    timestamp: Option<String>,
    #[serde(default)]
    products: Vec<StringOr<Product>>,
    /// Version 0.0.1 had them here. Such a statement would say more than its author means if they were overlooked.
    #[serde(default)]
    subcomponents: Vec<IgnoredAny>,
    status: Option<String>,
    status_notes: Option<String>,
    justification: Option<String>,
    impact_statement: Option<String>,
    action_statement: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Vulnerability {
    name: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Product {
    #[serde(rename = "@id")]
    id: Option<String>,
    identifiers: Option<Identifiers>,
    #[serde(default)]
    subcomponents: Vec<StringOr<Component>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Component {
    #[serde(rename = "@id")]
    id: Option<String>,
    identifiers: Option<Identifiers>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Identifiers {
    purl: Option<String>,
}

/// The names of one product or subcomponent.
struct Names {
    purls: Vec<String>,
    /// What to call it where it has no package URL.
    label: String,
}

impl Names {
    fn new(id: Option<&str>, identifiers: Option<&Identifiers>) -> Self {
        let purl = identifiers.and_then(|identifiers| identifiers.purl.as_deref());
        let mut purls = Unique::default();
        id.into_iter().chain(purl).map(str::trim).filter(|text| is_purl(text)).for_each(|text| purls.push(text));
        Names { purls: purls.list, label: id.or(purl).unwrap_or_default().to_owned() }
    }

    fn of_component(component: &StringOr<Component>) -> Self {
        match component {
            StringOr::String(id) => Names::new(Some(id), None),
            StringOr::Value(component) => Names::new(component.id.as_deref(), component.identifiers.as_ref()),
        }
    }
}

/// The statements of an OpenVEX document.
pub(super) fn parse(
    text: &str,
    context: &str,
    file_name: &str,
    out: &mut Statements,
    problems: &mut Problems<'_>,
) -> Result<(), VexError> {
    if !CONTEXTS.contains(&context.trim_end_matches('/')) {
        let is_openvex = context.contains("openvex");
        let version = context.to_owned();
        let unsupported = VexError::UnsupportedVersion { format: "OpenVEX", version };
        return Err(if is_openvex { unsupported } else { VexError::NotVex });
    }
    let document: Document = read(text)?;
    if document.statements.is_empty() {
        return Err(VexError::NoStatements);
    }
    for (index, statement) in document.statements.iter().enumerate() {
        let mut reader = Reader { document: &document, file_name, number: index + 1, problems };
        reader.statement(statement, out);
    }
    Ok(())
}

struct Reader<'a, 'p, 'f> {
    document: &'a Document,
    file_name: &'a str,
    number: usize,
    problems: &'p mut Problems<'f>,
}

impl Reader<'_, '_, '_> {
    fn problem(&mut self, message: Message) {
        self.problems.statement(self.number, message);
    }

    fn statement(&mut self, statement: &Statement, out: &mut Statements) {
        let ids = ids(statement);
        if ids.is_empty() {
            return self.problem(Message::new("vex-no-vulnerability"));
        }
        let Some(status) = self.status(statement) else { return };
        let words = [&statement.impact_statement, &statement.action_statement, &statement.status_notes];
        let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
        let written = statement.timestamp.as_ref().or(self.document.timestamp.as_ref());
        let at: Option<Timestamp> = written.and_then(|text| text.parse().ok());
        if let (Some(text), None) = (written, at) {
            self.problem(Message::new("vex-bad-time").with("time", text.as_str()));
        }
        let template = VexStatement {
            ids,
            products: Vec::new(),
            within: Vec::new(),
            status,
            justification: statement.justification.clone(),
            statement: (!words.is_empty()).then(|| words.join(" ")),
            source: self.document.id.clone().unwrap_or_else(|| self.file_name.to_owned()),
            author: self.document.author.clone(),
            at,
        };
        self.products(statement, &template, out);
    }

    fn status(&mut self, statement: &Statement) -> Option<VexStatus> {
        let status = match statement.status.as_deref() {
            Some("not_affected") => VexStatus::NotAffected,
            Some("affected") => VexStatus::Affected,
            Some("fixed") => VexStatus::Fixed,
            Some("under_investigation") => VexStatus::UnderInvestigation,
            other => {
                self.problem(Message::new("vex-bad-status").with("status", other.unwrap_or_default()));
                return None;
            }
        };
        if let Some(label) = statement.justification.as_deref().filter(|label| !JUSTIFICATIONS.contains(label)) {
            self.problem(Message::new("vex-bad-justification").with("justification", label));
            return None;
        }
        let impact = statement.impact_statement.as_deref().is_some_and(|words| !words.trim().is_empty());
        if status == VexStatus::NotAffected && statement.justification.is_none() && !impact {
            self.problem(Message::new("vex-no-justification"));
            return None;
        }
        Some(status)
    }

    /// One statement for the products as such, and one for each product of which only parts are meant.
    fn products(&mut self, statement: &Statement, template: &VexStatement, out: &mut Statements) {
        if statement.products.is_empty() {
            return self.problem(Message::new("vex-no-product"));
        }
        if !statement.subcomponents.is_empty() {
            return self.problem(Message::new("vex-old-subcomponents"));
        }
        let mut whole = Unique::default();
        for product in &statement.products {
            let (names, parts) = match product {
                StringOr::String(id) => (Names::new(Some(id), None), &[][..]),
                StringOr::Value(p) => (Names::new(p.id.as_deref(), p.identifiers.as_ref()), p.subcomponents.as_slice()),
            };
            if parts.is_empty() {
                self.need_purl(&names);
                names.purls.iter().for_each(|purl| whole.push(purl));
                continue;
            }
            let mut products = Unique::default();
            for part in parts {
                let part = Names::of_component(part);
                self.need_purl(&part);
                part.purls.iter().for_each(|purl| products.push(purl));
            }
            let within = if names.purls.is_empty() { vec![names.label] } else { names.purls };
            if !products.is_empty() {
                out.push(template, template.status, products, within);
            }
        }
        if !whole.is_empty() {
            out.push(template, template.status, whole, Vec::new());
        }
    }

    fn need_purl(&mut self, names: &Names) {
        if names.purls.is_empty() {
            self.problem(Message::new("vex-product-without-purl").with("product", names.label.as_str()));
        }
    }
}

fn ids(statement: &Statement) -> Vec<String> {
    let mut ids = Unique::default();
    match &statement.vulnerability {
        Some(StringOr::String(name)) => ids.push(name.trim()),
        Some(StringOr::Value(vulnerability)) => {
            vulnerability.name.iter().chain(&vulnerability.aliases).for_each(|name| ids.push(name.trim()));
        }
        None => {}
    }
    ids.list
}
