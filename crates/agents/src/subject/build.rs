//! Subjects from the model.

use std::borrow::Cow;

use super::{Model, Subject};
use crate::agent::{Agent, Scope};
use crate::effective::Effective;
use crate::hooks::Hook;
use crate::known::Document;
use crate::lang::words;
use crate::machine::{File, Machine};
use crate::permissions::Permission;
use crate::places::Role;
use crate::servers::Server;
use crate::tree::{Entry, Node, Span, Value};

type Fields<'a> = Vec<(&'static str, Cow<'a, Node>)>;

/// The bits of a mode that let the group or others write.
const OTHERS_WRITE: u32 = 0o022;

struct Builder<'a> {
    machine: &'a Machine,
    model: &'a Model,
    out: Vec<Subject<'a>>,
    about: Node,
}

pub(super) fn all<'a>(machine: &'a Machine, model: &'a Model) -> Vec<Subject<'a>> {
    let mut builder = Builder { machine, model, out: Vec::new(), about: about(machine, model) };
    builder.settings();
    builder.in_force();
    for server in &model.servers {
        builder.server(server);
    }
    for permission in &model.permissions {
        builder.permission(permission);
    }
    for hook in &model.hooks {
        builder.hook(hook);
    }
    for document in &model.known.documents {
        builder.document(document);
        builder.file(document);
    }
    builder.problems();
    builder.machine();
    builder.out
}

fn nowhere() -> Span {
    Span { file: usize::MAX, start: 0, end: 0 }
}

fn text<'a>(value: impl Into<String>, span: Span) -> Cow<'a, Node> {
    Cow::Owned(Node::text(value, span))
}

fn truth<'a>(value: bool, span: Span) -> Cow<'a, Node> {
    Cow::Owned(Node::bool(value, span))
}

fn list<'a>(values: impl IntoIterator<Item = impl Into<String>>, span: Span) -> Cow<'a, Node> {
    Cow::Owned(Node::list(values.into_iter().map(|value| Node::text(value, span)).collect(), span))
}

/// The field `machine` of every subject.
fn about(machine: &Machine, model: &Model) -> Node {
    let span = nowhere();
    let mut agents: Vec<&str> = model.known.documents.iter().map(|document| document.agent.name()).collect();
    agents.extend(machine.installed.iter().map(|installed| &*installed.agent));
    agents.sort_unstable();
    agents.dedup();
    let managed: Vec<&str> = model
        .known
        .documents
        .iter()
        .filter(|document| document.scope == Scope::Managed)
        .map(|document| document.agent.name())
        .collect();
    let texts = |values: Vec<&str>| Node::list(values.into_iter().map(|value| Node::text(value, span)).collect(), span);
    let registered = machine.registered_servers.iter().flatten().map(String::as_str).collect();
    Node::map(
        vec![
            ("home", Node::text(&*machine.home, span)),
            ("os", Node::text(machine.os.name(), span)),
            ("managed", Node::bool(machine.managed, span)),
            ("agents", texts(agents)),
            ("managed_agents", texts(managed)),
            ("registered", texts(registered)),
            ("servers", texts(model.servers.iter().map(|server| &*server.name).collect())),
            ("managed_sources", texts(machine.managed_sources.iter().map(String::as_str).collect())),
            ("has_register", Node::bool(machine.registered_servers.is_some(), span)),
        ],
        span,
    )
}

impl<'a> Builder<'a> {
    fn document_at(&self, at: usize) -> Option<&'a Document> {
        self.model.known.documents.get(at)
    }

    fn push(&mut self, kind: &'static str, document: &'a Document, span: Span, mut fields: Fields<'a>) {
        let here = Span { file: document.file, start: 0, end: 0 };
        fields.push(("agent", text(document.agent.name(), here)));
        fields.push(("scope", text(document.scope.name(), here)));
        fields.push(("path", text(&*document.path, here)));
        fields.push(("role", text(document.role.name(), here)));
        fields.push(("unit", text(document.unit, here)));
        fields.push(("machine", Cow::Owned(self.about.clone())));
        self.out.push(Subject {
            kind,
            agent: Some(document.agent),
            scope: document.scope,
            role: document.role.name(),
            unit: document.unit,
            file: document.file,
            project: document.project.clone(),
            span,
            fields,
            base: false,
        });
    }

    /// The settings in force around a document of an agent.
    fn around(&self, agent: Agent, document: &Document) -> Option<&'a Effective> {
        let of_agent = || self.model.effective.iter().filter(|effective| effective.agent == agent);
        let same = |effective: &&Effective| document.role != Role::Settings || effective.unit == document.unit;
        let home = document.home_of();
        let own = of_agent().filter(same).find(|effective| {
            effective.project.as_ref().is_some_and(|project| document.scope.of_project() && *project == home)
        });
        let in_project = || {
            let inside =
                |effective: &&Effective| effective.project.as_ref().is_some_and(|(root, _)| *root == document.project);
            of_agent().filter(same).find(|effective| document.scope.of_project() && inside(effective))
        };
        own.or_else(in_project).or_else(|| of_agent().filter(same).find(|effective| effective.project.is_none()))
    }

    fn surroundings(&self, document: &Document, fields: &mut Fields<'a>) {
        if let Some(effective) = self.around(document.agent, document) {
            fields.push(("effective", Cow::Borrowed(&effective.tree)));
            fields.push(("managed", Cow::Borrowed(&effective.managed)));
        }
    }

    fn settings(&mut self) {
        for (_, document) in self.model.known.settings() {
            let Some(root) = &document.root else { continue };
            let mut fields: Fields<'a> = vec![("here", Cow::Borrowed(root)), ("leaves", Cow::Owned(leaves(root)))];
            self.surroundings(document, &mut fields);
            self.push("settings", document, root.span, fields);
        }
        for document in &self.model.known.documents {
            let Some(root) = &document.root else { continue };
            if matches!(document.role, Role::Ignore | Role::Profile) {
                self.push("lines", document, root.span, vec![("here", Cow::Borrowed(root))]);
            } else if document.role != Role::Settings {
                let fields = vec![("here", Cow::Borrowed(root)), ("leaves", Cow::Owned(leaves(root)))];
                self.push("tree", document, root.span, fields);
            }
        }
    }

    /// One subject for each settings in force, and one for what the organisation sets.
    fn in_force(&mut self) {
        for effective in &self.model.effective {
            let documents: Vec<&'a Document> =
                effective.documents.iter().filter_map(|at| self.document_at(*at)).collect();
            // The file to change: the repository's own, else the user's, else the organisation's.
            let order = |document: &&&Document| match document.scope {
                Scope::Project => 0,
                Scope::Local => 1,
                Scope::Managed => 2,
                Scope::User => 3,
                Scope::Plugin | Scope::System => 4,
            };
            let Some(main) = documents.iter().min_by_key(order).copied() else { continue };
            if let Some(root) = &main.root {
                let fields: Fields<'a> = vec![
                    ("here", Cow::Borrowed(root)),
                    ("effective", Cow::Borrowed(&effective.tree)),
                    ("managed", Cow::Borrowed(&effective.managed)),
                ];
                self.push("effective", main, Span { end: root.span.start, ..root.span }, fields);
                if let Some(last) = self.out.last_mut() {
                    last.base = effective.project.is_none();
                }
            }
            let managed = documents.iter().find(|document| document.scope == Scope::Managed);
            if let Some((managed, root)) =
                managed.filter(|_| effective.project.is_none()).and_then(|found| Some((*found, found.root.as_ref()?)))
            {
                let start = Span { end: root.span.start, ..root.span };
                self.push("managed", managed, start, vec![("here", Cow::Borrowed(&effective.managed))]);
            }
        }
    }

    fn server(&mut self, server: &'a Server) {
        let Some(document) = self.document_at(server.document) else { return };
        let (raw, span) = (&server.raw, server.span);
        let mut fields: Fields<'a> = vec![
            ("here", Cow::Borrowed(raw)),
            ("name", text(&*server.name, span)),
            ("remote", truth(server.remote(), span)),
            ("line", text(server.line(), span)),
        ];
        let command = server.command.as_ref().and_then(Node::as_text).unwrap_or_default();
        fields.push(("program", text(words::program(command), span)));
        fields.extend(server.command.as_ref().map(|node| ("command", Cow::Borrowed(node))));
        let args_span =
            server.args.first().zip(server.args.last()).map_or(span, |(first, last)| first.span.to(last.span));
        fields.push(("args", Cow::Owned(Node::list(server.args.clone(), args_span))));
        let env = raw.get("env").or_else(|| raw.get("environment"));
        fields.extend(env.map(|node| ("env", Cow::Borrowed(node))));
        let headers =
            raw.get("headers").or_else(|| raw.get("http_headers")).or_else(|| raw.at(&["requestOptions", "headers"]));
        fields.extend(headers.map(|node| ("headers", Cow::Borrowed(node))));
        fields.extend(server.url.as_ref().map(|node| ("url", Cow::Borrowed(node))));
        fields.extend(server.package.as_ref().map(|package| ("package", Cow::Owned(package.node()))));
        if let Some(effective) = self.around(document.agent, document) {
            fields.push(("managed", Cow::Borrowed(&effective.managed)));
        }
        self.push("server", document, span, fields);
    }

    fn permission(&mut self, rule: &'a Permission) {
        let Some(document) = self.document_at(rule.document) else { return };
        let span = rule.span;
        let prefix = rule.prefix();
        let mut fields: Fields<'a> = vec![
            ("here", Cow::Borrowed(&rule.raw)),
            ("text", text(&*rule.text, span)),
            ("list", text(&*rule.list, span)),
            ("tool", text(&*rule.tool, span)),
            ("program", text(prefix.first().map(|word| words::basename(word).to_owned()).unwrap_or_default(), span)),
            ("words", list(rule.words(), span)),
            ("prefix", list(prefix, span)),
            ("open", truth(rule.open, span)),
        ];
        fields.extend(rule.spec.as_ref().map(|spec| ("spec", text(&**spec, span))));
        let around = self.around(document.agent, document);
        fields.push(("live", truth(around.is_none_or(|effective| rule.live(&effective.tree)), span)));
        self.surroundings(document, &mut fields);
        self.push("rule", document, span, fields);
    }

    fn hook(&mut self, hook: &'a Hook) {
        let Some(document) = self.document_at(hook.document) else { return };
        let span = hook.span;
        let mut fields: Fields<'a> = vec![
            ("here", Cow::Borrowed(&hook.raw)),
            ("group", Cow::Borrowed(&hook.group)),
            ("event", text(&*hook.event, hook.event_span)),
            ("type", text(hook.kind(), span)),
            ("line", text(hook.line(), span)),
            ("program", text(hook.program(), span)),
            ("guard", truth(hook.guards(), span)),
        ];
        fields.extend(document.root.as_ref().map(|root| ("file", Cow::Borrowed(root))));
        for (name, node) in
            [("matcher", hook.group.get("matcher")), ("args", hook.raw.get("args")), ("url", hook.raw.get("url"))]
        {
            fields.extend(node.map(|node| (name, Cow::Borrowed(node))));
        }
        fields.extend(hook.command().map(|node| ("command", Cow::Borrowed(node))));
        fields.extend(self.script(document, &hook.line()).map(|body| ("script", text(body, span))));
        self.surroundings(document, &mut fields);
        self.push("hook", document, span, fields);
    }

    /// The text of the script in the repository that a command line runs.
    fn script(&self, document: &Document, line: &str) -> Option<String> {
        let words = words::split(line);
        let file = words.iter().find_map(|word| {
            let inside = match word.split_once("PROJECT_DIR") {
                Some((_, rest)) => rest.trim_start_matches(['}', '"', '/', '%']),
                None => word.trim_start_matches("./"),
            };
            let same = |file: &&File| file.path == inside && file.project == document.project && !inside.is_empty();
            self.machine.files.iter().find(same)
        })?;
        Some(String::from_utf8_lossy(&file.bytes).into_owned())
    }

    fn document(&mut self, document: &'a Document) {
        let wanted = matches!(
            document.role,
            Role::Skill | Role::SkillFile | Role::Command | Role::Subagent | Role::Instructions | Role::Script
        );
        if !wanted {
            return;
        }
        let end = document.body_start.saturating_add(document.body.len());
        let span = Span { file: document.file, start: document.body_start, end };
        let front = document.root.as_ref().map(|root| ("front", Cow::Borrowed(root)));
        let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let name = match document.role {
            Role::Skill => folder.rsplit('/').next().unwrap_or_default(),
            _ => document.path.rsplit('/').next().unwrap_or_default(),
        };
        let mut fields: Fields<'a> = vec![
            ("body", text(&*document.body, span)),
            ("name", text(name, span)),
            ("folder", text(folder, span)),
            ("dynamic", Cow::Owned(dynamic(document, span))),
        ];
        fields.extend(front);
        self.push("document", document, span, fields);
    }

    fn file(&mut self, document: &'a Document) {
        let Some(file) = self.machine.files.get(document.file) else { return };
        let span = Span { file: document.file, start: 0, end: 0 };
        let others = file.mode.is_some_and(|mode| mode & OTHERS_WRITE != 0);
        let mut fields: Fields<'a> = vec![
            ("name", text(file.name(), span)),
            ("folder", text(file.folder(), span)),
            ("link_outside", truth(file.link.as_deref().is_some_and(|target| outside(&file.path, target)), span)),
            ("unreadable", truth(file.unreadable, span)),
            ("writable_by_others", truth(others, span)),
            ("folder_writable", truth(file.folder_writable, span)),
            ("executable", truth(file.mode.is_some_and(|mode| mode & 0o111 != 0), span)),
        ];
        fields.extend(file.owner.as_ref().map(|owner| ("owner", text(&**owner, span))));
        fields.extend(file.mode.map(|mode| ("mode", text(format!("{mode:04o}"), span))));
        fields.extend(file.link.as_ref().map(|target| ("link", text(&**target, span))));
        fields.extend(file.tracked.map(|tracked| ("tracked", truth(tracked, span))));
        fields.extend(file.ignored.map(|ignored| ("ignored", truth(ignored, span))));
        self.push("file", document, span, fields);
    }

    fn problems(&mut self) {
        for (at, fault) in &self.model.known.problems {
            let Some(document) = self.document_at(*at) else { continue };
            let format = format!("{:?}", document.format).to_ascii_lowercase();
            let fields = vec![("kind", text(fault.kind.name(), fault.span)), ("format", text(format, fault.span))];
            self.push("problem", document, fault.span, fields);
        }
    }

    fn machine(&mut self) {
        let span = nowhere();
        let servers = self.model.servers.iter().map(|server| &*server.name);
        let hooks = self.model.hooks.iter().map(Hook::line);
        let skills = self.model.known.of(Role::Skill).map(|(_, document)| &*document.path);
        let installed = self.machine.installed.iter().map(|one| {
            let part = |value: &str| Node::text(value, span);
            Node::map(
                vec![("agent", part(&one.agent)), ("version", part(&one.version)), ("extension", part(&one.extension))],
                span,
            )
        });
        let fields: Fields<'a> = vec![
            ("servers", list(servers, span)),
            ("hooks", list(hooks, span)),
            ("skills", list(skills, span)),
            ("installed", Cow::Owned(Node::list(installed.collect(), span))),
            ("machine", Cow::Owned(self.about.clone())),
        ];
        self.out.push(Subject {
            kind: "machine",
            agent: None,
            scope: Scope::User,
            role: "",
            unit: "",
            file: usize::MAX,
            project: String::new(),
            span,
            fields,
            base: false,
        });
    }
}

/// Every text of a tree under the last key above it.
fn leaves(root: &Node) -> Node {
    fn collect(node: &Node, entry: Option<&Entry>, out: &mut Vec<Entry>) {
        match (&node.value, entry) {
            (Value::Text(_), Some(entry)) => {
                let key_span = if entry.value.span == node.span { entry.key_span } else { node.span };
                out.push(Entry { key: entry.key.clone(), key_span, value: node.clone() });
            }
            (Value::List(items), _) => items.iter().for_each(|item| collect(item, entry, out)),
            (Value::Map(entries), _) => entries.iter().for_each(|entry| collect(&entry.value, Some(entry), out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    collect(root, None, &mut out);
    Node { value: Value::Map(out), span: root.span }
}

/// The commands that run when a text is loaded: ``!`…` `` and `!{…}`.
fn dynamic(document: &Document, span: Span) -> Node {
    let mut items = Vec::new();
    for (open, close) in [("!`", '`'), ("!{", '}')] {
        for (at, _) in document.body.match_indices(open) {
            let start = at.saturating_add(open.len());
            let inner = document.body.get(start..).and_then(|rest| rest.split_once(close)).map(|(inner, _)| inner);
            let Some(inner) = inner.filter(|inner| !inner.contains('\n')) else { continue };
            let from = span.start.saturating_add(start);
            items.push(Node::text(inner, Span { start: from, end: from.saturating_add(inner.len()), ..span }));
        }
    }
    Node { value: Value::List(items), span }
}

/// Whether a link leaves the root of its scope: the repository, the home directory, the folder on the machine.
fn outside(path: &str, target: &str) -> bool {
    if crate::lang::paths::absolute(target) {
        return true;
    }
    let home = crate::machine::is_home(path);
    let mut depth = path.split('/').filter(|part| !part.is_empty()).count().saturating_sub(1 + usize::from(home));
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if depth == 0 => return true,
            ".." => depth = depth.saturating_sub(1),
            _ => depth = depth.saturating_add(1),
        }
    }
    false
}
