//! `yata hook install`: the hook in an agent's settings, and out of them again.
//!
//! The file is changed at the places that are needed and nowhere else; it is written aside and renamed, and what was there
//! before is kept beside it.

mod agents;
mod diff;
mod jsonc;

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::agent::Agent;
use jsonc::{Kind, Node};

pub use agents::{Program, Scope};
pub use diff::{Line, diff};
pub use jsonc::NoJson;

/// Most bytes of a settings file.
const MAX_FILE_BYTES: u64 = 8 * 1024 * 1024;

/// What stands around the hooks of Codex in the organisation's file.
const TOML_BEGIN: &str = "# yata hook: begin";
const TOML_END: &str = "# yata hook: end";

/// Where agents keep their files.
#[derive(Debug, Clone)]
pub struct Roots {
    /// The person's own folder.
    pub home: PathBuf,
    /// The repository.
    pub project: PathBuf,
    /// The folder of the machine's settings: `/etc`.
    pub machine: PathBuf,
}

/// A change of a settings file that is not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: PathBuf,
    /// What is there; none where there is no file.
    pub before: Option<String>,
    /// What is to be there.
    pub after: String,
}

/// Why settings could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The agent has no file for hooks in this scope.
    #[error("{agent} has no settings file for hooks in this scope")]
    NoSuchScope {
        /// The agent.
        agent: Agent,
    },
    /// A file cannot be read or written.
    #[error("cannot use `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no JSON.
    #[error("cannot read `{}`", path.display())]
    NoJson {
        /// The file.
        path: PathBuf,
        /// Where.
        source: NoJson,
    },
    /// What stands at a place is not what the agent would understand there.
    #[error("`{}` has something else than expected at `{place}`", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// The place.
        place: String,
    },
}

/// What of the hook stands in the settings of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Everything that would be written is there.
    Installed,
    /// Some of it, or in another form.
    Partly,
    /// Nothing of it.
    Absent,
}

impl Change {
    /// Whether there is anything to write.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        self.before.as_deref() != Some(self.after.as_str())
    }

    /// Writes it, and what was there before beside it (`.before-yata`, of the first change). A link is followed to the
    /// file it names, as the agent does.
    ///
    /// # Errors
    /// [`InstallError::Io`].
    pub fn write(&self) -> Result<Option<PathBuf>, InstallError> {
        let io = |source| InstallError::Io { path: self.path.clone(), source };
        let path = if self.path.exists() { std::fs::canonicalize(&self.path).map_err(io)? } else { self.path.clone() };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(io)?;
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut kept = None;
        if self.before.is_some() {
            let backup = path.with_file_name(format!("{name}.before-yata"));
            if !backup.exists() {
                std::fs::copy(&path, &backup).map_err(io)?;
                kept = Some(backup);
            }
        }
        let aside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
        let written = std::fs::write(&aside, &self.after)
            .and_then(|()| match std::fs::metadata(&path) {
                Ok(found) => std::fs::set_permissions(&aside, found.permissions()),
                Err(_) => Ok(()),
            })
            .and_then(|()| std::fs::File::open(&aside)?.sync_all())
            .and_then(|()| std::fs::rename(&aside, &path));
        if written.is_err() {
            let _ = std::fs::remove_file(&aside);
        }
        written.map_err(io)?;
        Ok(kept)
    }
}

fn path_of(agent: Agent, scope: Scope, roots: &Roots) -> Result<PathBuf, InstallError> {
    agents::file(agent, scope, &roots.home, &roots.project, &roots.machine).ok_or(InstallError::NoSuchScope { agent })
}

fn text_of(path: &Path) -> Result<Option<String>, InstallError> {
    let io = |source| InstallError::Io { path: path.to_owned(), source };
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(error)),
    };
    let bytes = crate::state::whole(file, MAX_FILE_BYTES).map_err(io)?;
    String::from_utf8(bytes).map(Some).map_err(|_| io(io::ErrorKind::InvalidData.into()))
}

/// The change that puts the hook into the settings of an agent. Done twice, it changes nothing the second time.
///
/// # Errors
/// All of [`InstallError`].
pub fn install(agent: Agent, scope: Scope, roots: &Roots, program: &Program) -> Result<Change, InstallError> {
    let path = path_of(agent, scope, roots)?;
    let before = text_of(&path)?;
    let text = before.clone().unwrap_or_default();
    let after = if path.extension().is_some_and(|extension| extension == "toml") {
        with_toml(&path, &text, &requirements(program))?
    } else {
        with_json(&path, &text, agent, scope, program)?
    };
    Ok(Change { path, before, after })
}

/// The change that takes the hook out again.
///
/// # Errors
/// All of [`InstallError`].
pub fn uninstall(agent: Agent, scope: Scope, roots: &Roots) -> Result<Change, InstallError> {
    let path = path_of(agent, scope, roots)?;
    let before = text_of(&path)?;
    let text = before.clone().unwrap_or_default();
    let after = if path.extension().is_some_and(|extension| extension == "toml") {
        without_toml(&text)
    } else {
        without_json(&path, text)?
    };
    Ok(Change { path, before, after })
}

/// What of the hook is there.
///
/// # Errors
/// All of [`InstallError`].
pub fn standing(agent: Agent, scope: Scope, roots: &Roots, program: &Program) -> Result<Standing, InstallError> {
    let wanted = install(agent, scope, roots, program)?;
    if wanted.before.is_some() && !wanted.is_needed() {
        return Ok(Standing::Installed);
    }
    let without = uninstall(agent, scope, roots)?;
    Ok(if without.before.is_some() && without.is_needed() { Standing::Partly } else { Standing::Absent })
}

/// Since when the hook stands in a person's own settings of an agent, at the latest: their last change, in milliseconds
/// since 1970. None where it does not stand there.
pub(crate) fn since_ms(agent: Agent, home: &Path) -> Option<i64> {
    let path = agents::file(agent, Scope::User, home, home, home)?;
    let text = text_of(&path).ok()??;
    let names = ["yata-hook".to_owned(), format!("hook {}", agent.as_str())];
    names.iter().any(|name| text.contains(name.as_str())).then_some(())?;
    let changed = std::fs::metadata(&path).ok()?.modified().ok()?;
    i64::try_from(changed.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis()).ok()
}

/// The text with every declaration in its place.
fn with_json(path: &Path, text: &str, agent: Agent, scope: Scope, program: &Program) -> Result<String, InstallError> {
    let mut text = if text.trim().is_empty() { "{}\n".to_owned() } else { text.to_owned() };
    if let Some((name, value)) = agents::beside(agent) {
        let root = read(path, &text)?;
        if root.member(name).is_none() {
            text = jsonc::appended(&text, &root, Some(name), &value);
        }
    }
    for declared in agents::declared(agent, scope, program) {
        text = with_entry(path, text, &declared.path, &declared.entry)?;
    }
    Ok(text)
}

fn read(path: &Path, text: &str) -> Result<Node, InstallError> {
    let node = Node::read(text).map_err(|source| InstallError::NoJson { path: path.to_owned(), source })?;
    match node.kind {
        Kind::Object(_) => Ok(node),
        _ => Err(InstallError::Shape { path: path.to_owned(), place: "/".to_owned() }),
    }
}

/// The text with one declaration in the list at a place. The first of our own there becomes it, and any further ones go.
fn with_entry(path: &Path, text: String, place: &[&str], entry: &Value) -> Result<String, InstallError> {
    let mut node = read(path, &text)?;
    let mut at = String::new();
    for (depth, name) in place.iter().enumerate() {
        at = format!("{at}/{name}");
        let Some(next) = node.member(name) else {
            // What is missing is made in one piece, from here to the list.
            let rest = place.get(depth + 1..).unwrap_or_default();
            let value = rest.iter().rev().fold(json!([entry]), |inner, name| json!({ *name: inner }));
            return Ok(jsonc::appended(&text, &node, Some(name), &value));
        };
        let is_last = depth + 1 == place.len();
        if !matches!((&next.kind, is_last), (Kind::Object(_), false) | (Kind::Array(_), true)) {
            return Err(InstallError::Shape { path: path.to_owned(), place: at });
        }
        node = next.clone();
    }
    let Kind::Array(items) = &node.kind else { return Ok(text) };
    let mut own = items.iter().filter(|item| agents::is_ours(&item.value()));
    let Some(first) = own.next() else { return Ok(jsonc::appended(&text, &node, None, entry)) };
    let further: Vec<_> = own.map(|item| item.span.clone()).collect();
    let first = first.clone();
    let without = further.iter().rev().fold(text, |text, span| jsonc::removed(&text, span));
    Ok(if first.value() == *entry { without } else { jsonc::replaced(&without, &first, entry) })
}

/// The text without our declarations, wherever they stand, and without the lists and objects that they leave empty.
fn without_json(path: &Path, mut text: String) -> Result<String, InstallError> {
    if text.trim().is_empty() {
        return Ok(text);
    }
    // INVARIANT: each round takes something out of a text that is no longer than the limit.
    while let Some(span) = own_span(&read(path, &text)?) {
        text = jsonc::removed(&text, &span);
    }
    Ok(text)
}

/// The place of something of ours: a declaration, or the member that holds nothing else.
fn own_span(node: &Node) -> Option<std::ops::Range<usize>> {
    match &node.kind {
        Kind::Object(members) => members.iter().find_map(|(_, name, inner)| match &inner.kind {
            Kind::Array(items) if !items.is_empty() && items.iter().all(|item| agents::is_ours(&item.value())) => {
                Some(name.start..inner.span.end)
            }
            Kind::Object(below) if !below.is_empty() && below.iter().all(|(_, _, list)| only_own(list)) => {
                Some(name.start..inner.span.end)
            }
            _ => own_span(inner),
        }),
        Kind::Array(items) => items.iter().find(|item| agents::is_ours(&item.value())).map(|item| item.span.clone()),
        Kind::Plain(_) => None,
    }
}

fn only_own(list: &Node) -> bool {
    let Kind::Array(items) = &list.kind else { return false };
    !items.is_empty() && items.iter().all(|item| agents::is_ours(&item.value()))
}

/// The hooks of Codex in the organisation's file. There is no exec form.
fn requirements(program: &Program) -> String {
    let line = agents::command_line(Agent::Codex, program, None);
    let folder = program.path.parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
    let text = |text: &str| Value::from(text).to_string();
    let mut out = format!("{TOML_BEGIN}\n[hooks]\nmanaged_dir = {}\n", text(&folder));
    for event in ["PreToolUse", "PostToolUse", "SessionStart"] {
        out.push_str(&format!("[[hooks.{event}]]\nmatcher = \".*\"\n[[hooks.{event}.hooks]]\n"));
        out.push_str(&format!("type = \"command\"\ncommand = {}\ntimeout = 10\n", text(&line)));
    }
    out.push_str(TOML_END);
    out.push('\n');
    out
}

/// The text with our part at its end. `allow_managed_hooks_only` and `features.hooks` belong to the organisation's own
/// lines: a key of the first level cannot be added behind a table.
fn with_toml(path: &Path, text: &str, part: &str) -> Result<String, InstallError> {
    let mut without = without_toml(text);
    let mut in_table = false;
    let taken = without.lines().map(str::trim_start).any(|line| {
        in_table |= line.starts_with('[');
        let is_table = line.starts_with("[hooks") || line.starts_with("[[hooks");
        is_table
            || (!in_table && (line.starts_with("hooks.") || line.starts_with("hooks ") || line.starts_with("hooks=")))
    });
    if taken {
        return Err(InstallError::Shape { path: path.to_owned(), place: "hooks".to_owned() });
    }
    if without.trim().is_empty() {
        without = "allow_managed_hooks_only = true\n\n[features]\nhooks = true\n\n".to_owned();
    } else if !without.ends_with('\n') {
        without.push('\n');
    }
    Ok(without + part)
}

fn without_toml(text: &str) -> String {
    match text.split_once(TOML_BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(TOML_END)?.1))) {
        Some((before, after)) => format!("{before}{}", after.strip_prefix('\n').unwrap_or(after)),
        None => text.to_owned(),
    }
}
