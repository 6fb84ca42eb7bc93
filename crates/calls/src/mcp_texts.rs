//! Arguments of MCP tools for what they are, whatever their key and whatever the tool's name says.

use serde_json::Value as Json;

use crate::machine::Machine;
use crate::mcp::Context;
use crate::tools::{command_text, text_of};
use crate::value::Value;
use crate::{ActKind, Traits};

impl Context<'_> {
    /// A file that is written though the tool's name does not say so, and a command without the name of a program beside it.
    pub(crate) fn bare(&self, m: &mut Machine<'_>, input: &Json) {
        let path = text_of(input, &["path", "file_path", "filePath", "file"]);
        if let (Some(path), Some(content)) = (path, text_of(input, &["content", "contents"]))
            && !self.is_repository()
        {
            let path = Value::known(path.replace(crate::value::UNKNOWN, "?"));
            m.write(&path, false, &Value::known(content.replace(crate::value::UNKNOWN, "?")));
        }
        let words: Vec<Value> = ["args", "arguments", "argv"]
            .iter()
            .filter_map(|key| input.get(*key).and_then(Json::as_array))
            .flatten()
            .filter_map(Json::as_str)
            .map(|word| Value::known(word.replace(crate::value::UNKNOWN, "?")))
            .collect();
        if words.first().is_some_and(|word| crate::programs::serious(&word.text)) {
            m.guess(Traits::NOT_UNDERSTOOD, |m| {
                m.run(words);
            });
        }
    }

    /// What a text is, whatever its key: a command, a statement of a database, a change by GraphQL, a key.
    pub(crate) fn by_itself(&self, m: &mut Machine<'_>, key: &str, text: &str) {
        const PROSE: &[&str] = &[
            "query",
            "q",
            "search",
            "prompt",
            "question",
            "description",
            "title",
            "body",
            "message",
            "text",
            "content",
            "contents",
            "comment",
            "name",
            "summary",
            "newtext",
            "oldtext",
            "note",
            "notes",
            "subject",
            "topic",
            "task",
            "thought",
            "observations",
            "old_string",
            "newstring",
            "oldstring",
            "pattern",
            "glob",
            "instructions",
            "html",
            "markdown",
            "label",
            "reason",
            "explanation",
            "filter",
        ];
        let target = m.program.clone();
        let start = text.trim_start_matches([';', ' ', '\n', '\t']);
        let lower = start.get(..4096).unwrap_or(start).to_ascii_lowercase();
        if lower.starts_with("mutation")
            && ["delete", "remove", "destroy", "purge"].iter().any(|verb| lower.contains(verb))
        {
            m.act(ActKind::CallTool, target, Traits::DESTROYS_DATA, "removes something that may not come back");
            return;
        }
        if self.queries(start) {
            let (traits, why) = crate::sql::traits(start);
            if !traits.is_empty() {
                m.act(ActKind::CallTool, target, traits, why);
                return;
            }
        }
        if is_key(text) && !self.server_is(&["filesystem", "memory", "vault"]) {
            m.act(ActKind::CallTool, target, Traits::SENDS_OUT | Traits::OUTWARD, "a secret is in what is sent");
        }
        let mut words = text.split_whitespace();
        let command = words.next().is_some_and(crate::programs::serious) && words.next().is_some();
        if command && !PROSE.contains(&key) {
            m.guess(Traits::NOT_UNDERSTOOD, |m| command_text(m, text));
        }
    }
}

/// A text that holds a key itself.
fn is_key(text: &str) -> bool {
    let long = |mark: &str, length: usize| {
        text.match_indices(mark).take(16).any(|(at, _)| {
            text.get(at + mark.len()..)
                .is_some_and(|rest| rest.bytes().take_while(u8::is_ascii_alphanumeric).count() >= length)
        })
    };
    text.contains("PRIVATE KEY-----") || long("AKIA", 16) || long("ghp_", 30)
}
