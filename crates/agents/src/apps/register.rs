//! `apps.toml`: the register of systems that an AI made.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::civil::Date;

use crate::apps::{CONTROLS, Tier};
use crate::read::{Format, read};
use crate::tree::{Entry, Node, Value, line_and_column};

/// The most apps that a register may have.
const APPS_MAX: usize = 10_000;
/// The most faults that are told.
const FAULTS_MAX: usize = 100;
/// Days without a commit after which an app counts as unmaintained, where the register says nothing.
const UNMAINTAINED_AFTER_DAYS: u32 = 180;
/// The longest that a register may allow.
const UNMAINTAINED_MAX_DAYS: u32 = 3_650;

/// The keys of an app.
const KEYS: [&str; 9] =
    ["name", "path", "owner", "tier", "data_classes", "review_by", "maintained_by", "registered", "controls"];

/// An app, as the register has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// Its name, unlike all others of the register.
    pub name: String,
    /// The folder that it is in, relative to the register's folder; `.` for that folder.
    pub path: String,
    /// The team or the person that answers for it; none where nobody does.
    pub owner: Option<String>,
    /// Who it is for.
    pub tier: Tier,
    /// The classes of the data that it handles; none where nobody has said.
    pub data_classes: Option<Vec<String>>,
    /// The day by which somebody looks at it again.
    pub review_by: Option<Date>,
    /// Who brings in updates, where it is not the owner.
    pub maintained_by: Option<String>,
    /// The day of the entry.
    pub registered: Option<Date>,
    /// The controls that are in place, and where that can be seen.
    pub controls: Vec<(String, String)>,
    /// The line of the entry, from 1.
    pub line: u32,
}

/// A register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// The apps, in the file's order.
    pub apps: Vec<App>,
    /// Days without a commit after which an app counts as unmaintained.
    pub unmaintained_after_days: u32,
    /// What is wrong with the file; entries with a fault are left out.
    pub faults: Vec<RegisterFault>,
}

/// Something wrong with a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterFault {
    /// What it is.
    pub kind: RegisterFaultKind,
    /// The key or value that it is about.
    pub what: String,
    /// The line, from 1.
    pub line: u32,
}

/// What is wrong with a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterFaultKind {
    /// No TOML, or larger than what is read.
    Syntax,
    /// A key that there is not.
    UnknownKey,
    /// A key that must be there.
    MissingKey,
    /// A value that the key cannot have.
    BadValue,
    /// A name that another app has.
    Duplicate,
    /// A control that there is not.
    UnknownControl,
    /// More apps than are read.
    TooMany,
}

impl Register {
    /// Reads `apps.toml`. What is wrong is in [`Register::faults`].
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let mut reader = Reader { bytes, faults: Vec::new() };
        let mut register = Self { unmaintained_after_days: UNMAINTAINED_AFTER_DAYS, ..Self::default() };
        let file = read(Format::Toml, bytes, 0);
        for fault in &file.faults {
            reader.fault(RegisterFaultKind::Syntax, fault.kind.name(), fault.span.start);
        }
        for entry in file.root.as_ref().map(Node::entries).unwrap_or_default() {
            match entry.key.as_str() {
                "app" => register.apps = reader.apps(&entry.value),
                "unmaintained_after_days" => match days(&entry.value) {
                    Some(days) => register.unmaintained_after_days = days,
                    None => reader.fault(RegisterFaultKind::BadValue, &entry.key, entry.key_span.start),
                },
                _ => reader.fault(RegisterFaultKind::UnknownKey, &entry.key, entry.key_span.start),
            }
        }
        register.faults = reader.faults;
        register
    }

    /// The app of a name.
    #[must_use]
    pub fn app(&self, name: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.name == name)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is checked to be small and whole"
)]
fn days(value: &Node) -> Option<u32> {
    match value.value {
        Value::Number(days) if days.fract() == 0.0 && (1.0..=f64::from(UNMAINTAINED_MAX_DAYS)).contains(&days) => {
            Some(days as u32)
        }
        _ => None,
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    faults: Vec<RegisterFault>,
}

impl Reader<'_> {
    fn fault(&mut self, kind: RegisterFaultKind, what: &str, at: usize) {
        if self.faults.len() < FAULTS_MAX {
            let line = line_and_column(self.bytes, at).0;
            self.faults.push(RegisterFault { kind, what: what.to_owned(), line });
        }
    }

    fn apps(&mut self, list: &Node) -> Vec<App> {
        let mut apps = Vec::new();
        let mut names = BTreeSet::new();
        if list.items().is_empty() {
            self.fault(RegisterFaultKind::BadValue, "app", list.span.start);
        }
        if list.items().len() > APPS_MAX {
            self.fault(RegisterFaultKind::TooMany, "app", list.span.start);
        }
        for node in list.items().iter().take(APPS_MAX) {
            let Some(app) = self.app(node) else { continue };
            if names.insert(app.name.clone()) {
                apps.push(app);
            } else {
                self.fault(RegisterFaultKind::Duplicate, &app.name, start(node));
            }
        }
        apps
    }

    fn app(&mut self, node: &Node) -> Option<App> {
        let before = self.faults.len();
        for entry in node.entries() {
            if !KEYS.contains(&entry.key.as_str()) {
                self.fault(RegisterFaultKind::UnknownKey, &entry.key, entry.key_span.start);
            }
        }
        let name = self.text(node, "name");
        let tier = self.text(node, "tier");
        for (key, value) in [("name", &name), ("tier", &tier)] {
            if value.is_none() && node.get(key).is_none() {
                self.fault(RegisterFaultKind::MissingKey, key, start(node));
            }
        }
        let tier = tier.and_then(|name| {
            let tier = Tier::named(&name);
            if tier.is_none() {
                self.fault(RegisterFaultKind::BadValue, "tier", start(node));
            }
            tier
        });
        let path = self.text(node, "path").unwrap_or_else(|| ".".to_owned());
        if path.starts_with('/') || path.split(['/', '\\']).any(|part| part == "..") || path.contains(':') {
            self.fault(RegisterFaultKind::BadValue, "path", start(node));
        }
        let app = App {
            name: name.unwrap_or_default(),
            path: clean(&path),
            owner: self.text(node, "owner"),
            tier: tier.unwrap_or(Tier::Public),
            data_classes: self.classes(node),
            review_by: self.date(node, "review_by"),
            maintained_by: self.text(node, "maintained_by"),
            registered: self.date(node, "registered"),
            controls: self.controls(node),
            line: line_and_column(self.bytes, start(node)).0,
        };
        (self.faults.len() == before).then_some(app)
    }

    /// A text; empty ones count as none.
    fn text(&mut self, node: &Node, key: &str) -> Option<String> {
        let entry = node.entry(key)?;
        match &entry.value.value {
            Value::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            _ => {
                self.fault(RegisterFaultKind::BadValue, key, entry.key_span.start);
                None
            }
        }
    }

    fn date(&mut self, node: &Node, key: &str) -> Option<Date> {
        let text = self.text(node, key)?;
        let date = text.parse().ok();
        if date.is_none() {
            self.fault(RegisterFaultKind::BadValue, key, start(node));
        }
        date
    }

    fn classes(&mut self, node: &Node) -> Option<Vec<String>> {
        let entry = node.entry("data_classes")?;
        let texts: Vec<String> = entry.value.texts().into_iter().map(str::to_owned).collect();
        let is_list = matches!(entry.value.value, Value::List(_)) && texts.len() == entry.value.items().len();
        if !is_list {
            self.fault(RegisterFaultKind::BadValue, "data_classes", entry.key_span.start);
        }
        Some(texts)
    }

    fn controls(&mut self, node: &Node) -> Vec<(String, String)> {
        let Some(entry) = node.entry("controls") else { return Vec::new() };
        if !matches!(entry.value.value, Value::Map(_)) {
            self.fault(RegisterFaultKind::BadValue, "controls", entry.key_span.start);
        }
        let mut controls = Vec::new();
        for Entry { key, key_span, value } in entry.value.entries() {
            if !CONTROLS.iter().any(|control| control.id == key) {
                self.fault(RegisterFaultKind::UnknownControl, key, key_span.start);
            }
            // Where it can be seen: a control that says nothing is none.
            match value.as_text().map(str::trim) {
                Some("") => {}
                Some(text) => controls.push((key.clone(), text.to_owned())),
                None => self.fault(RegisterFaultKind::BadValue, key, key_span.start),
            }
        }
        controls
    }
}

/// Where an app begins.
fn start(node: &Node) -> usize {
    node.entries().first().map_or(node.span.start, |entry| entry.key_span.start)
}

/// A path without `./`, `\` and a slash at the end.
fn clean(path: &str) -> String {
    let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// The text of an entry, to be put at the end of the file.
#[must_use]
pub fn entry(app: &App) -> String {
    let mut out = String::from("[[app]]\n");
    let mut put = |key: &str, value: &str| {
        // INVARIANT: writing to a String cannot fail.
        let _ = writeln!(out, "{key} = {value}");
    };
    put("name", &quoted(&app.name));
    put("path", &quoted(&app.path));
    for (key, value) in [("owner", &app.owner), ("maintained_by", &app.maintained_by)] {
        if let Some(value) = value {
            put(key, &quoted(value));
        }
    }
    put("tier", &quoted(app.tier.name()));
    if let Some(classes) = &app.data_classes {
        let classes: Vec<String> = classes.iter().map(|class| quoted(class)).collect();
        put("data_classes", &format!("[{}]", classes.join(", ")));
    }
    for (key, value) in [("registered", app.registered), ("review_by", app.review_by)] {
        if let Some(date) = value {
            put(key, &date.to_string());
        }
    }
    if !app.controls.is_empty() {
        out.push_str("\n[app.controls]\n");
        for (id, place) in &app.controls {
            let _ = writeln!(out, "{id} = {}", quoted(place));
        }
    }
    out
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
