//! Permission rules where files declare them, in one form for all agents.

use crate::agent::{Agent, Scope};
use crate::known::{Document, Known};
use crate::places::Role;
use crate::rules;
use crate::tree::{Node, Span, Value};

/// A permission rule as a file declares it.
#[derive(Clone, Debug)]
pub struct Permission {
    /// The number of its document in [`Known::documents`].
    pub document: usize,
    /// The agent.
    pub agent: Agent,
    /// Whose word it has.
    pub scope: Scope,
    /// As written.
    pub text: String,
    /// What it does: `allow`, `ask`, `deny`.
    pub list: String,
    /// The tool it speaks of, in the agent's words.
    pub tool: String,
    /// What it says of the tool's input.
    pub spec: Option<String>,
    /// Whether the rule of a command goes on after its words: by a star, or because the agent matches prefixes.
    pub open: bool,
    /// The declaration.
    pub raw: Node,
    /// Where it stands.
    pub span: Span,
}

/// Every declared rule.
#[must_use]
pub(crate) fn permissions(known: &Known) -> Vec<Permission> {
    let mut out = Vec::new();
    for (at, document) in known.documents.iter().enumerate() {
        let Some(root) = &document.root else { continue };
        let mut sink = Sink { at, document, out: &mut out };
        match (document.role, document.agent) {
            (Role::Rules, Agent::Codex) => sink.codex(root.get("rule")),
            (Role::Settings, Agent::Codex) => sink.codex(root.at(&["rules", "prefix_rules"])),
            (Role::Rules, Agent::GeminiCli) => sink.gemini(root.get("rule")),
            (Role::Rules, Agent::Kiro) => sink.kiro(root.get("rules")),
            (Role::Settings, Agent::GeminiCli) => {
                sink.texts(root.at(&["tools", "allowed"]), "allow", false);
                sink.texts(root.at(&["tools", "exclude"]), "deny", false);
            }
            (Role::Settings, Agent::Continue) if document.unit == "permissions" => {
                for (key, list) in [("allow", "allow"), ("ask", "ask"), ("exclude", "deny")] {
                    sink.texts(root.get(key), list, false);
                }
            }
            (Role::Settings, Agent::Opencode) => sink.opencode(root.get("permission")),
            (Role::Settings, Agent::AmazonQ | Agent::Kiro) => sink.texts(root.get("allowedTools"), "allow", false),
            (Role::Settings, Agent::Windsurf) => {
                sink.prefixes(root.get("windsurf.cascadeCommandsAllowList"), "allow");
                sink.prefixes(root.get("windsurf.cascadeCommandsDenyList"), "deny");
            }
            (Role::Settings, Agent::CopilotVscode) => {
                sink.prefixes(root.get("roo-cline.allowedCommands"), "allow");
                sink.prefixes(root.get("roo-cline.deniedCommands"), "deny");
                sink.switches(root.get("chat.tools.terminal.autoApprove"), "terminal");
                sink.switches(root.get("chat.tools.urls.autoApprove"), "url");
                sink.switches(root.get("chat.tools.edits.autoApprove"), "edit");
            }
            (Role::Settings, agent) => {
                let open = matches!(agent, Agent::Devin | Agent::Antigravity);
                for list in ["allow", "ask", "deny"] {
                    sink.texts(root.at(&["permissions", list]), list, open);
                }
            }
            _ => {}
        }
    }
    out
}

struct Sink<'a> {
    at: usize,
    document: &'a Document,
    out: &'a mut Vec<Permission>,
}

impl Sink<'_> {
    fn push(&mut self, text: &str, list: &str, tool: &str, spec: Option<&str>, open: bool, at: (&Node, Span)) {
        self.out.push(Permission {
            document: self.at,
            agent: self.document.agent,
            scope: self.document.scope,
            text: text.to_owned(),
            list: list.to_owned(),
            tool: tool.to_owned(),
            spec: spec.map(str::to_owned),
            open: open || spec.is_none_or(|spec| spec.contains('*')),
            raw: at.0.clone(),
            span: at.1,
        });
    }

    /// Rules as texts: `Tool(what)`.
    fn texts(&mut self, list: Option<&Node>, name: &str, open: bool) {
        for item in list.map(Node::items).unwrap_or_default() {
            let Some(text) = item.as_text() else { continue };
            let rule = rules::parse(text);
            self.push(text, name, &rule.tool, rule.spec.as_deref(), open, (item, item.span));
        }
    }

    /// Beginnings of commands.
    fn prefixes(&mut self, list: Option<&Node>, name: &str) {
        for item in list.map(Node::items).unwrap_or_default() {
            let Some(text) = item.as_text() else { continue };
            self.push(text, name, "terminal", Some(text), true, (item, item.span));
        }
    }

    /// Patterns with a truth value.
    fn switches(&mut self, map: Option<&Node>, tool: &str) {
        for entry in map.map(Node::entries).unwrap_or_default() {
            let on = entry.value.as_bool().or_else(|| entry.value.get("approve").and_then(Node::as_bool));
            let list = if on == Some(true) { "allow" } else { "deny" };
            self.push(&entry.key, list, tool, Some(&entry.key), true, (&entry.value, entry.span()));
        }
        if let Some(node) = map.filter(|node| node.as_bool() == Some(true)) {
            self.push("*", "allow", tool, None, true, (node, node.span));
        }
    }

    fn codex(&mut self, list: Option<&Node>) {
        for item in list.map(Node::items).unwrap_or_default() {
            let tokens = item.get("pattern").map(Node::items).unwrap_or_default().iter();
            let words: Vec<&str> = tokens
                .filter_map(|token| match &token.value {
                    Value::Map(_) => token
                        .get("token")
                        .or_else(|| token.get("any_of"))
                        .and_then(|inner| inner.texts().into_iter().next()),
                    _ => token.texts().into_iter().next(),
                })
                .collect();
            let pattern = words.join(" ");
            let decision = item.get("decision").and_then(Node::as_text).unwrap_or("allow");
            let list = match decision {
                "prompt" => "ask",
                "forbidden" => "deny",
                other => other,
            };
            self.push(&pattern, list, "Bash", Some(&pattern), true, (item, item.span));
        }
    }

    fn gemini(&mut self, list: Option<&Node>) {
        for item in list.map(Node::items).unwrap_or_default() {
            let tool = item.get("toolName").map(|tools| tools.texts().join(" ")).unwrap_or_default();
            let decision = item.get("decision").and_then(Node::as_text).unwrap_or_default();
            let list = if decision == "ask_user" { "ask" } else { decision };
            let prefixes = item.get("commandPrefix").map(Node::texts).unwrap_or_default();
            let spec = ["commandRegex", "argsPattern"].iter().find_map(|key| item.get(key)).and_then(Node::as_text);
            match (prefixes.is_empty(), spec) {
                (true, spec) => self.push(&tool, list, &tool, spec, spec.is_none(), (item, item.span)),
                (false, _) => {
                    for prefix in prefixes {
                        self.push(prefix, list, &tool, Some(prefix), true, (item, item.span));
                    }
                }
            }
        }
    }

    fn kiro(&mut self, list: Option<&Node>) {
        for item in list.map(Node::items).unwrap_or_default() {
            let field = |key: &str| item.get(key).and_then(Node::as_text).unwrap_or_default();
            let (tool, effect) = (field("capability"), field("effect"));
            let patterns = item.get("match").map(Node::items).unwrap_or_default();
            if patterns.is_empty() {
                let spec = item.get("match").and_then(Node::as_text);
                self.push(tool, effect, tool, spec, false, (item, item.span));
            }
            for pattern in patterns {
                let Some(text) = pattern.as_text() else { continue };
                self.push(text, effect, tool, Some(text), false, (item, pattern.span));
            }
        }
    }

    fn opencode(&mut self, permission: Option<&Node>) {
        let Some(node) = permission else { return };
        if let Some(action) = node.as_text() {
            self.push(action, action, "*", None, true, (node, node.span));
        }
        for tool in node.entries() {
            if let Some(action) = tool.value.as_text() {
                self.push(&tool.key, action, &tool.key, None, true, (&tool.value, tool.span()));
            }
            for pattern in tool.value.entries() {
                let action = pattern.value.as_text().unwrap_or_default();
                self.push(&pattern.key, action, &tool.key, Some(&pattern.key), false, (&pattern.value, pattern.span()));
            }
        }
    }
}

impl Permission {
    /// The words of the command that a rule names.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let spec = self.spec.as_deref().unwrap_or_default();
        let spec = spec.strip_suffix(":*").map_or_else(|| spec.to_owned(), |front| format!("{front} *"));
        spec.split_whitespace().map(str::to_owned).collect()
    }

    /// Whether it decides anything under the settings in force: it is not dropped for the organisation's rules, and no
    /// stricter rule matches all that it matches. True where an agent has no such lists.
    #[must_use]
    pub fn live(&self, settings: &Node) -> bool {
        let three = [Agent::ClaudeCode, Agent::Cursor, Agent::Copilot, Agent::Devin, Agent::Antigravity];
        if !three.contains(&self.agent) {
            return true;
        }
        let texts = |name: &str| settings.at(&["permissions", name]).map(Node::texts).unwrap_or_default();
        let stricter: &[&str] = match self.list.as_str() {
            "allow" => &["deny", "ask"],
            "ask" => &["deny"],
            _ => &[],
        };
        texts(&self.list).contains(&self.text.as_str())
            && !stricter.iter().any(|name| rules::any_covers(self.agent, &texts(name), &self.text))
    }

    /// The words before the first star; of a word with a star, what stands before it.
    #[must_use]
    pub fn prefix(&self) -> Vec<String> {
        let mut out = Vec::new();
        for word in self.words() {
            let Some((front, _)) = word.split_once('*') else {
                out.push(word);
                continue;
            };
            if !front.is_empty() {
                out.push(front.to_owned());
            }
            break;
        }
        out
    }
}
