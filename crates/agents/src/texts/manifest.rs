//! Tool manifests: what an MCP server says of its tools, and whether it speaks to the model instead.
//!
//! Source: Model Context Protocol, `tools/list` (name, title, description, inputSchema, annotations).

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex_automata::meta::Regex;
use serde_json::Value;

use super::finding::{Confidence, Severity};
use super::hidden;
use super::markdown;
use super::names::{self, Meeting};
use super::orders::{About, orders};
use super::role::{self, negated};
use super::sentence::Sentence;
use super::words::{Concept, compile};

/// The most tools of a manifest.
const TOOLS_MAX: usize = 2_000;
/// The most texts of one tool.
const TEXTS_MAX: usize = 500;
/// The deepest nesting of a schema.
const DEPTH_MAX_LEVELS: usize = 24;
/// Blank characters and lines in a row that hide what comes after them.
const BLANKS_MIN: usize = 40;
const LINES_MIN: usize = 10;

/// Something that is wrong with a tool.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    /// The last part of the check's id.
    pub(super) check: &'static str,
    /// Where, in bytes of the file.
    pub(super) range: Range<usize>,
    /// How bad.
    pub(super) severity: Severity,
    /// How sure.
    pub(super) confidence: Confidence,
    /// The tool.
    pub(super) tool: String,
}

/// One text of a tool.
struct Text<'a> {
    text: &'a str,
    /// The name of the parameter that it belongs to.
    parameter: Option<&'a str>,
}

/// The tools of a manifest: a list, `tools`, or the answer that holds it; prompts are read like tools.
pub(super) fn tools(root: &Value) -> Vec<&Value> {
    let inner = root.get("result").unwrap_or(root);
    let lists = [
        inner.as_array(),
        inner.get("tools").and_then(Value::as_array),
        inner.get("prompts").and_then(Value::as_array),
    ];
    lists.into_iter().flatten().flatten().filter(|tool| tool.is_object()).take(TOOLS_MAX).collect()
}

/// The names of the tools of a manifest, for the check of collisions between servers.
pub fn tool_names(manifest: &[u8]) -> Vec<String> {
    let root: Value = serde_json::from_slice(manifest).unwrap_or_default();
    tools(&root).iter().filter_map(|tool| tool.get("name")?.as_str().map(str::to_owned)).collect()
}

/// Whether a file is the manifest of a server: `tools` (or the answer that holds them), or a list of them. An entry has a
/// name, and a schema of its input; in `tools` a description will do.
#[must_use]
pub fn declares_tools(manifest: &[u8]) -> bool {
    let root: Value = serde_json::from_slice(manifest).unwrap_or_default();
    let bare = root.is_array();
    let list = tools(&root);
    let is_tool = |tool: &&Value| {
        let text = |key: &str| tool.get(key).is_some_and(Value::is_string);
        let schema = ["inputSchema", "input_schema"].iter().any(|key| tool.get(key).is_some_and(Value::is_object));
        text("name") && (schema || !bare && text("description"))
    };
    !list.is_empty() && list.iter().all(is_tool)
}

fn texts<'a>(value: &'a Value, key: &str, parameter: Option<&'a str>, depth: usize, out: &mut Vec<Text<'a>>) {
    if depth > DEPTH_MAX_LEVELS || out.len() >= TEXTS_MAX {
        return;
    }
    match value {
        Value::String(text)
            if key != "name" && key != "type" && key != "format" && key != "$ref" && key != "pattern" =>
        {
            out.push(Text { text, parameter })
        }
        Value::Array(list) => list.iter().for_each(|inner| texts(inner, key, parameter, depth + 1, out)),
        Value::Object(fields) if key == "properties" => {
            fields.iter().for_each(|(name, inner)| texts(inner, "property", Some(name), depth + 1, out));
        }
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| texts(inner, name, parameter, depth + 1, out)),
        _ => {}
    }
}

/// The names of all parameters below a schema.
fn parameters<'a>(value: &'a Value, depth: usize, out: &mut Vec<&'a str>) {
    let Value::Object(fields) = value else { return };
    for (name, inner) in fields {
        if depth > DEPTH_MAX_LEVELS || out.len() >= TEXTS_MAX {
            return;
        }
        if name == "properties"
            && let Value::Object(properties) = inner
        {
            out.extend(properties.keys().map(String::as_str));
        }
        parameters(inner, depth + 1, out);
    }
}

macro_rules! expressions {
    ($($name:ident: $($pattern:literal),+;)*) => {
        $(static $name: LazyLock<Option<Regex>> = LazyLock::new(|| compile(concat!($($pattern),+)));)*
        #[cfg(test)]
        fn compiled() -> Vec<bool> { vec![$($name.is_some()),*] }
    };
}

expressions! {
    TAGS: r"</?(?:important|system|instructions?|critical|secret|hidden|admin|assistant|rules?|override|priority)(?: [^>]*)?>|\[(?:system|important|instructions?)\]|<\|[a-z_]+\|>";
    SEQUENCE: r"(?-u:\b)(?:before|after|prior to|instead of|when|whenever|each time|every time)(?: you)? (?:us(?:e|ing)|call(?:ing)?|invok(?:e|ing)|run(?:ning)?) (?:this|any|any other|all|every|another|other|the other|it)(?-u:\b)[^.]{0,80}(?-u:\b)(?:read|open|call|run|send|pass|load|include|fetch|first|must|also|write|add)(?-u:\b)",
        r"|(?:この|本|ほかの|他の|どの)ツールを(?:使|呼|実行)[^。]{0,16}(?:前|後|際|たび)[^。]{0,40}(?:読|呼|渡|送|実行|含め|開)";
    PREFERS: r"(?-u:\b)(?:always|must|should always)(?: be)? (?:use|used|call|called|prefer|preferred|choose|chosen|run|invoke|invoked)(?-u:\b)[^.]{0,60}(?-u:\b)(?:over|instead of|rather than|before|first)(?-u:\b)[^.]{0,20}(?:any|all|every|other|each)|(?-u:\b)(?:ignore|do not use|don't use|never use|avoid) (?:the |any |all )?(?:other|built-in|existing)[^.]{0,30} (?:tools?|servers?|functions?)",
        r"|(?:ほか|他)の(?:どの|すべての|全ての)?ツール(?:より|は使わ|を使わ|を無視)|必ずこのツールを(?:最初|先)";
    ASKS_CONTEXT: r"(?-u:\b)(?:include|pass|add|put|provide|supply|fill in|insert|copy|write|send|give)(?-u:\b)[^.]{0,50}(?-u:\b)(?:conversation|chat|history|messages so far|previous messages|earlier messages|system prompt|whole context|full context|entire context|everything (?:the user|you)|what the user (?:said|wrote|asked))",
        r"|(?:会話|やり取り|やりとり|履歴|システムプロンプト)[^。]{0,16}(?:含め|渡|入れ|添え|記入|書)";
    OTHER_SERVER: r"(?-u:\b)(?:tool|tools|function|functions|server) of (?:the |an?other |any other )?[a-z0-9_-]+ ?(?:server|tool|agent)?|(?-u:\b)(?:the |an?other |any |every )?[a-z0-9_-]+(?:'s)? server(?-u:\b)|mcp__[a-z0-9_]+|(?-u:\b)(?:other|another|all other) (?:tools?|servers?)(?-u:\b)|(?:ほか|他|別)の(?:サーバー?|ツール)|サーバーの[a-z_]+";
    CHANGES_USE: r"(?-u:\b)(?:always|must|also|instead|first|bcc|cc|add|append|replace|set|change|redirect|use|send|pass|include|never)(?-u:\b)|必ず|常に|追加|加え|置き換え|代わり|渡|含め";
    TOOL_LIKE: r"(?-u:\b)[a-z]{2,}(?:_[a-z0-9]+)+(?-u:\b)";
    USED: r"(?-u:\b)(?:is|are|gets|when|whenever|before|after|calling|using|call|use|invoke|run)(?-u:\b)";
    DESTROYS: r"^(?:delete|remove|drop|destroy|purge|wipe|erase|truncate|kill|terminate|revoke|write|update|create|insert|send|post|publish|push|deploy|transfer|pay|merge|overwrite|reset|rename|move|uninstall|install|upload|modify|edit|patch|ban|disable)(?:$|[_ -]|s |es |s$|es$)|を(?:削除|消去|送信|更新|作成|実行|変更|書き込)";
    SECRET_NAMES: r"^(?:side_?note|side_?notes|system_?prompt|conversation|conversation_?history|chat_?history|chat_?log|message_?history|full_?context|user_?messages|env|env_?vars|environ|environment_?variables|ssh_?key|private_?key|dot_?env|all_?credentials|credentials_?file|aws_?credentials|previous_?messages|reasoning|thoughts?|chain_?of_?thought)$";
}

fn hit(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// What is wrong with the tools of a manifest. `raw` is the file's text, in which places are looked for.
pub(super) fn faults(root: &Value, raw: &str, server: &str) -> Vec<Fault> {
    let all = tools(root);
    let own: Vec<String> = all.iter().filter_map(|tool| tool.get("name")?.as_str()).map(str::to_lowercase).collect();
    let mut found = Vec::new();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for tool in &all {
        let name = tool.get("name").and_then(Value::as_str).unwrap_or_default();
        let mut reader = Reader {
            name,
            raw,
            own: &own,
            server,
            parameters: Vec::new(),
            description: String::new(),
            found: Vec::new(),
        };
        parameters(tool, 0, &mut reader.parameters);
        reader.description = tool.get("description").and_then(Value::as_str).unwrap_or_default().to_lowercase();
        reader.tool(tool);
        let shape = names::shape(name);
        let twin = seen.get(&shape).map(|other| names::meeting(name, other));
        if let Some(meeting) = names::built_in(name).or(twin).filter(|_| !name.is_empty()) {
            let severity = if meeting == Meeting::Written { Severity::Low } else { Severity::Medium };
            reader.push("tool-name-collision", name, severity, Confidence::Medium);
        }
        seen.entry(shape).or_insert(name);
        found.extend(reader.found);
    }
    found
}

struct Reader<'a> {
    name: &'a str,
    raw: &'a str,
    own: &'a [String],
    server: &'a str,
    parameters: Vec<&'a str>,
    description: String,
    found: Vec<Fault>,
}

impl Reader<'_> {
    fn push(&mut self, check: &'static str, text: &str, severity: Severity, confidence: Confidence) {
        let range = place(self.raw, self.name, text);
        if !self.found.iter().any(|fault| fault.check == check && fault.range == range) {
            self.found.push(Fault { check, range, severity, confidence, tool: self.name.to_owned() });
        }
    }

    fn tool(&mut self, tool: &Value) {
        let mut all = Vec::new();
        texts(tool, "tool", None, 0, &mut all);
        for text in &all {
            self.text(text);
        }
        let mut names = Vec::new();
        parameters(tool, 0, &mut names);
        for name in names {
            let plain = name.replace('-', "_").to_lowercase();
            let said = plain.split('_').next().is_some_and(|word| word.len() > 3 && self.description.contains(word));
            if hit(&SECRET_NAMES, &plain) && !said {
                self.push("tool-secret-parameter", name, Severity::Medium, Confidence::Medium);
            }
        }
        let annotations = tool.get("annotations");
        let hint = |key: &str| annotations.and_then(|annotations| annotations.get(key)).and_then(Value::as_bool);
        let lower = snake(self.name);
        let first = self.description.trim_start();
        let changes =
            hit(&DESTROYS, &lower) || hit(&DESTROYS, first.split(['.', '。', '\n']).next().unwrap_or_default());
        let destroys = ["delete", "remove", "drop", "destroy", "purge", "wipe", "erase", "truncate", "削除", "消去"]
            .iter()
            .any(|word| lower.starts_with(word) || first.starts_with(word));
        if changes && hint("readOnlyHint") == Some(true) || destroys && hint("destructiveHint") == Some(false) {
            self.push("tool-annotation", "annotations", Severity::Medium, Confidence::Medium);
        }
    }

    fn text(&mut self, text: &Text<'_>) {
        let unseen = hidden::characters(text.text);
        if !unseen.is_empty() || hidden::far_off(text.text, BLANKS_MIN, LINES_MIN).is_some() {
            self.push("tool-hidden", text.text, Severity::High, Confidence::High);
        }
        let about = About { description: None, rules: true, hidden: true };
        let doc = role::doc(text.text, markdown::read(text.text));
        let plain = Sentence::plain(text.text);
        let told =
            orders(&doc, &about).iter().any(|order| order.severity >= Severity::High || order.check == "conceals");
        let tagged = hit(&TAGS, &plain.text);
        let elsewhere = doc.sentences.iter().any(|sentence| self.cross(sentence));
        let instructs = told || tagged || doc.sentences.iter().any(|sentence| self.instructs(sentence));
        if elsewhere {
            self.push("tool-cross-reference", text.text, Severity::High, Confidence::High);
        } else if text.parameter.is_some() && doc.sentences.iter().any(|sentence| self.asks_secret(sentence)) {
            self.push("tool-secret-parameter", text.text, Severity::High, Confidence::High);
        } else if instructs {
            self.push("tool-instructs", text.text, Severity::Critical, Confidence::High);
        } else if doc.sentences.iter().any(|sentence| hit(&PREFERS, &sentence.open) && !self.names_own(sentence)) {
            self.push("tool-instructs", text.text, Severity::High, Confidence::Medium);
        }
    }

    fn names_own(&self, sentence: &Sentence) -> bool {
        self.own
            .iter()
            .any(|name| name.len() > 3 && *name != self.name.to_lowercase() && sentence.text.contains(name.as_str()))
    }

    /// An order to do something beside the call, or to hand over what was said.
    fn instructs(&self, sentence: &Sentence) -> bool {
        let treasure = [Concept::Secret, Concept::Environ, Concept::Talk].into_iter().any(|concept| {
            let fitting = |place: &&Range<usize>| {
                !negated(sentence, place)
                    && (concept != Concept::Secret
                        || sentence.open.get((*place).clone()).is_some_and(|text| text.contains(['/', '.', '~'])))
            };
            sentence.places(concept).iter().find(fitting).is_some()
        });
        let sequence = hit(&SEQUENCE, &sentence.open) && (treasure || sentence.open.contains("http"));
        let context = hit(&ASKS_CONTEXT, &sentence.open)
            && !sentence.open.contains("do not")
            && !sentence.open.contains("never")
            && !self.description.contains("summar");
        sequence
            || context && !self.own_subject("conversation") && !self.own_subject("chat") && !self.own_subject("message")
    }

    /// Whether the tool or its server is about that thing.
    fn own_subject(&self, word: &str) -> bool {
        self.name.to_lowercase().contains(word) || self.server.to_lowercase().contains(word)
    }

    /// An instruction on the use of somebody else's tool.
    fn cross(&self, sentence: &Sentence) -> bool {
        let mut others = TOOL_LIKE
            .as_ref()
            .map(|regex| regex.find_iter(regex_automata::Input::new(sentence.open.as_str())))
            .into_iter()
            .flatten();
        let foreign = others.any(|found| {
            let name = sentence.open.get(found.range()).unwrap_or_default();
            let own = self.own.iter().any(|own| own == name)
                || self.parameters.iter().any(|parameter| parameter.eq_ignore_ascii_case(name));
            let path = sentence.before(found.start()).ends_with(['/', '.', '~']);
            !own && !path && sentence.text.contains(name)
        });
        let server = hit(&OTHER_SERVER, &sentence.open)
            && !sentence.open.contains("this server")
            && !(self.server.len() > 2 && sentence.open.contains(&self.server.to_lowercase()));
        let conditional = [
            "when ",
            "whenever ",
            "before ",
            "after ",
            "each time",
            "every time",
            "if ",
            "際",
            "たび",
            "ときは",
            "時は",
            "前に",
            "後に",
        ]
        .iter()
        .any(|word| sentence.open.contains(word));
        let changes = hit(&CHANGES_USE, &sentence.open) && hit(&USED, &sentence.open) | !sentence.open.is_ascii();
        let strict = sentence.open.contains("always")
            || sentence.open.contains("must")
            || sentence.open.contains("必ず")
            || sentence.open.contains("常に")
            || sentence.open.contains('@')
            || sentence.open.contains("http");
        (foreign && server || (foreign || server) && strict) && conditional && changes
    }

    /// A parameter that asks for what the tool does not need.
    fn asks_secret(&self, sentence: &Sentence) -> bool {
        let concepts =
            [(Concept::Secret, "secret"), (Concept::Environ, "environment"), (Concept::Talk, "conversation")];
        concepts.into_iter().any(|(concept, word)| {
            let place = sentence.places(concept).iter().find(|place| !negated(sentence, place));
            let Some(text) = place.and_then(|place| sentence.open.get(place.clone())) else { return false };
            let contents = concept != Concept::Secret
                || text.contains(['/', '.', '~'])
                || sentence.open.contains("content of")
                || sentence.open.contains("contents of")
                || sentence.open.contains("の内容");
            contents
                && !self.description.contains(text)
                && !self.description.contains(word)
                && !self.own_subject(word)
                && !self.own_subject("chat")
                && !self.own_subject("env")
                && !self.own_subject("ssh")
        })
    }
}

/// `deleteFile` as `delete_file`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for char in name.chars() {
        if char.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(char.to_lowercase());
    }
    out
}

/// Where a text of a tool stands in the file.
pub(crate) fn place(raw: &str, tool: &str, text: &str) -> Range<usize> {
    let from = serde_json::to_string(tool).ok().and_then(|name| raw.find(&name)).unwrap_or(0);
    let written = serde_json::to_string(text).unwrap_or_default();
    let inner = written.trim_matches('"');
    let find = |part: &str| {
        let after = raw.get(from..).and_then(|rest| rest.find(part)).map(|at| from + at);
        after.or_else(|| raw.find(part)).map(|at| at..at + part.len())
    };
    let short = inner.get(..inner.floor_char_boundary(24)).unwrap_or_default();
    [inner, text, short]
        .into_iter()
        .filter(|part| !part.is_empty())
        .find_map(find)
        .unwrap_or(from..(from + tool.len()).min(raw.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expressions_compile() {
        assert!(compiled().into_iter().all(|compiled| compiled));
    }
}
