//! Tools of MCP servers, by what their names and arguments say. Nobody knows them all: a name is read as words (`delete`, `branch`),
//! an argument by its key (`path`, `url`, `sql`, `command`), and both by the same code that reads shell commands.

use serde_json::Value as Json;

use crate::machine::Machine;
use crate::mcp_names::{Named, by_name, truthy, words};
use crate::tools::{command_text, text_of};
use crate::value::{Flow, Value};
use crate::{ActKind, Traits};

/// How deep arguments may be nested, and how many are looked at.
const LEVELS: usize = 6;
const ARGUMENTS: usize = 400;

/// A tool of a server.
pub(crate) fn mcp(m: &mut Machine<'_>, server: &str, tool: &str, input: &Json) {
    let server_words = words(server);
    let named = Named { words: words(tool) };
    let (mut traits, mut why) = crate::hidden::traits(tool);
    if crate::hidden::lookalike(server)
        || crate::hidden::lookalike(tool)
        || crate::hidden::odd_program(server)
        || crate::hidden::odd_program(tool)
    {
        traits |= Traits::DECEIVES;
        why = "the tool's name holds letters that pass for others";
    }
    m.act(ActKind::CallTool, format!("{server}/{tool}"), traits, why);
    m.program = tool.to_owned();
    let (traits, why) = by_name(&server_words, &named, input);
    if !traits.is_empty() {
        m.act(ActKind::CallTool, format!("{server}/{tool}"), traits, why);
    }
    arguments(m, server, tool, input);
}

/// What the arguments of a tool say.
pub(crate) fn arguments(m: &mut Machine<'_>, server: &str, tool: &str, input: &Json) {
    let named = Named { words: words(tool) };
    let mut left = ARGUMENTS;
    if let Some(folder) = text_of(input, &["cwd", "workdir", "working_directory", "workingDirectory", "repo_path"]) {
        let to = m.resolve(&Value::known(folder.replace(crate::value::UNKNOWN, "?")));
        m.cd(to);
    }
    let context = Context { server: words(server), named: &named };
    command_list(m, &context, input);
    context.walk(m, "", input, 0, &mut left);
    context.bare(m, input);
    moved(m, &named, input);
    container(m, &named, input);
    if left == 0 {
        m.act(ActKind::CallTool, tool, Traits::NOT_UNDERSTOOD, "more arguments than are looked at");
    }
}

pub(crate) struct Context<'c> {
    server: Vec<String>,
    named: &'c Named,
}

impl Context<'_> {
    pub(crate) fn server_is(&self, any: &[&str]) -> bool {
        self.server.iter().any(|word| any.contains(&word.as_str()))
    }

    fn walk(&self, m: &mut Machine<'_>, key: &str, value: &Json, level: usize, left: &mut usize) {
        if level > LEVELS || *left == 0 {
            *left = 0;
            return;
        }
        *left -= 1;
        match value {
            Json::String(text) => self.text(m, key, text),
            Json::Array(items) => {
                if matches!(key, "command" | "cmd" | "args" | "argv" | "arguments") && items.iter().all(Json::is_string)
                {
                    return;
                }
                for item in items {
                    self.walk(m, key, item, level + 1, left);
                }
            }
            Json::Object(fields) => {
                if key == "volumes" {
                    for host in fields.keys() {
                        crate::programs::mounted(m, host);
                    }
                }
                let path = text_of(value, &["path", "file_path"]);
                if let (Some(path), Some(content)) = (path, text_of(value, &["content"]))
                    && level > 0
                {
                    let path = Value::known(path.replace(crate::value::UNKNOWN, "?"));
                    m.write(&path, false, &Value::known(content.replace(crate::value::UNKNOWN, "?")));
                }
                for (key, value) in fields {
                    self.walk(m, key, value, level + 1, left);
                }
            }
            _ => {}
        }
    }

    fn text(&self, m: &mut Machine<'_>, key: &str, text: &str) {
        let lower: String = key.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
        let text = text.replace(crate::value::UNKNOWN, "?");
        self.by_itself(m, &lower, &text);
        let value = Value { glob: text.contains('*'), text, flow: Flow::NONE };
        match lower.as_str() {
            "command" | "cmd" | "shellcommand" | "clicommand" | "commandline" | "bash" | "shell" | "input" | "keys"
                if self.runs_commands(&lower, &value.text) =>
            {
                self.command(m, &value.text)
            }
            "sql" | "query" | "statement" | "sqlquery" | "querytext" | "migration" | "statements"
                if self.queries(&value.text) =>
            {
                let (traits, why) = crate::sql::traits(&value.text);
                if !traits.is_empty() {
                    let target = m.program.clone();
                    m.act(ActKind::CallTool, target, traits, why);
                }
            }
            "code" | "script" | "function" | "expression" | "javascript" | "source" | "applescript" | "python"
            | "js"
                if value.text.contains(['(', ' ', '\n']) =>
            {
                self.code(m, &lower, &value.text)
            }
            "path" | "filepath" | "file" | "filename" | "paths" | "notebookpath" | "absolutepath" | "localpath"
            | "sourcepath" | "directory" | "dir" | "folder" | "files" | "filepaths" | "attachment" | "attachments"
            | "uploadpath" | "localfile" | "bodyfile" | "inputfile" | "root" | "outputpath" | "targetpath"
            | "savepath" => {
                self.path(m, &value);
            }
            "url" | "uri" | "href" | "link" | "endpoint" | "urls" | "address" | "manifesturl" | "baseurl" => {
                self.url(m, &value)
            }
            "revision" | "ref" | "target" | "object" | "commit" => {
                if let Some((_, path)) = value.text.split_once(':') {
                    let path = Value::known(path);
                    if m.names_secret(&path) {
                        m.read(&path);
                    }
                }
            }
            _ => {
                if value.text.starts_with("file://") {
                    m.read(&value);
                } else if value.text.starts_with("https://") && lower == "filename" {
                    m.request(&value, crate::net::Load::default());
                } else if self.may_be_path(&lower, &value.text) && m.names_secret(&value) {
                    m.read(&value);
                }
                self.told(m, &value.text);
            }
        }
    }

    /// Any argument may be the path of a file here, unless it is one of another machine or a text.
    fn may_be_path(&self, key: &str, text: &str) -> bool {
        let prose = ["content", "contents", "text", "body", "message", "title", "description", "newtext", "oldtext"];
        !self.is_repository()
            && !prose.contains(&key)
            && (text.starts_with(['/', '~', '.']) || text.contains('/') && !text.contains(char::is_whitespace))
    }

    /// Paths are those of a repository on a server.
    pub(crate) fn is_repository(&self) -> bool {
        self.server_is(&["github", "gitlab", "gitea", "bitbucket"])
    }

    fn runs_commands(&self, key: &str, text: &str) -> bool {
        !matches!(key, "input" | "keys")
            || (self.named.has(&["shell", "terminal", "process", "interact", "send", "keys"])
                || self.server_is(&["tmux", "terminal", "iterm"]))
                && !text.is_empty()
    }

    pub(crate) fn queries(&self, text: &str) -> bool {
        let database = self.server_is(&[
            "postgres",
            "postgresql",
            "mysql",
            "sqlite",
            "sql",
            "database",
            "db",
            "supabase",
            "neon",
            "bigquery",
            "snowflake",
            "clickhouse",
            "mssql",
            "mariadb",
            "duckdb",
            "cockroachdb",
            "redshift",
            "oracle",
            "planetscale",
            "turso",
            "d1",
            "cloudflare",
            "databricks",
            "trino",
            "athena",
            "toolbox",
            "dbhub",
        ]);
        database
            || self.named.has(&["sql", "migration"])
            || self.named.has(&["query", "execute"])
                && text.trim_start().get(..6).is_some_and(|start| {
                    matches!(
                        start.to_ascii_uppercase().trim(),
                        "DELETE" | "UPDATE" | "DROP T" | "DROP D" | "DROP S" | "TRUNCA" | "ALTER" | "INSERT" | "GRANT"
                    )
                })
    }

    fn command(&self, m: &mut Machine<'_>, text: &str) {
        let elsewhere =
            self.server_is(&["docker", "kubernetes", "k8s", "container", "podman", "ssh", "e2b", "sandbox"])
                && self.named.has(&["exec", "run"]);
        let program = m.program.clone();
        let outer = std::mem::replace(&mut m.elsewhere, elsewhere);
        // `terraform/execute_command {"command": "destroy"}`: the server's name is the program.
        let own = self.server.iter().find(|word| {
            matches!(
                word.as_str(),
                "terraform" | "pulumi" | "kubectl" | "helm" | "docker" | "git" | "aws" | "gh" | "redis"
            )
        });
        let cluster = self.server_is(&["kubernetes", "k8s"]).then(|| "kubectl".to_owned());
        if let Some(own) =
            own.cloned().or(cluster).filter(|own| !text.trim_start().starts_with(own.as_str()) && !elsewhere)
        {
            m.guess(Traits::NOT_UNDERSTOOD, |m| command_text(m, &format!("{own} {text}")));
        }
        match own {
            Some(own) if own == "redis" && !text.starts_with("redis") => command_text(m, &format!("redis-cli {text}")),
            Some(own) if !text.trim_start().starts_with(own.as_str()) && !text.contains(char::is_whitespace) => {
                command_text(m, &format!("{own} {text}"))
            }
            _ => {
                command_text(m, text);
                if elsewhere {
                    crate::programs::far_command(m, text);
                }
            }
        }
        m.elsewhere = outer;
        m.program = program;
    }

    fn code(&self, m: &mut Machine<'_>, key: &str, text: &str) {
        let browser = self.server_is(&["playwright", "puppeteer", "browser", "chrome", "selenium", "devtools"])
            || matches!(key, "function" | "javascript" | "js" | "expression");
        let program = m.program.clone();
        let before = m.acts.len();
        if self.server_is(&["osascript", "applescript", "mac", "macos"]) || key == "applescript" {
            crate::programs::run_code(m, "osascript", &Value::known(text));
        } else {
            let family =
                if browser || text.contains("=>") || text.contains("const ") { "javascript" } else { "python" };
            crate::code::follow(m, family, text);
        }
        let local = m.acts.iter().skip(before).all(|act| act.traits.without(Traits::OUTWARD).is_empty());
        if browser
            && (text.contains("localStorage") || text.contains("document.cookie") || text.contains("sessionStorage"))
            && (text.contains("fetch(")
                || text.contains("sendBeacon")
                || text.contains("XMLHttpRequest")
                || text.contains(".src"))
        {
            m.act(
                ActKind::CallTool,
                program.clone(),
                Traits::SENDS_OUT | Traits::READS_SECRET,
                "sends what a page keeps to another machine",
            );
        }
        if let Some(at) = text.find("file://").filter(|_| local) {
            let path: String = text
                .chars()
                .skip(text.get(..at).map_or(0, |before| before.chars().count()))
                .take_while(|c| !matches!(c, '\'' | '"' | '`' | ')' | ' '))
                .collect();
            m.read(&Value::known(path));
        }
        m.program = program;
    }

    fn path(&self, m: &mut Machine<'_>, value: &Value) {
        let (traits, why) = crate::hidden::traits(&value.text);
        if !traits.is_empty() || crate::hidden::lookalike(&value.text) {
            let target = m.program.clone();
            m.act(
                ActKind::CallTool,
                target,
                traits | Traits::DECEIVES,
                if why.is_empty() { "the path holds letters that pass for others" } else { why },
            );
        }
        let removes = self.named.has(&["delete", "remove", "rm", "trash", "unlink"]);
        let writes = self.named.has(&[
            "write", "edit", "create", "save", "append", "update", "insert", "put", "modify", "replace", "patch",
        ]);
        let sends = self.named.has(&["upload", "send", "share", "post", "attach", "put", "publish"]);
        if self.is_repository() {
            return;
        }
        let store =
            self.server_is(&["s3", "gcs", "drive", "gdrive", "dropbox", "storage", "azure", "box", "onedrive", "r2"]);
        if removes {
            m.destroy(value, true);
        } else if sends && (!writes || store) || self.named.has(&["upload"]) {
            let content = m.read(value);
            let secret = content.flow.has(Flow::SECRET);
            let target = m.program.clone();
            m.act(
                ActKind::CallTool,
                target,
                Traits::SENDS_OUT | Traits::OUTWARD,
                if secret { "sends a secret to another place" } else { "sends a file to another place" },
            );
        } else if !writes
            && !self.named.has(&[
                "move",
                "rename",
                "list",
                "tree",
                "stat",
                "info",
                "exists",
                "screenshot",
                "navigate",
                "mkdir",
            ])
            || self.named.has(&["read"])
        {
            m.read(value);
        }
    }

    fn url(&self, m: &mut Machine<'_>, value: &Value) {
        if !value.text.contains("://") && !value.text.contains('.') {
            return;
        }
        m.request(value, crate::net::Load::default());
        if self.named.has(&["apply", "install"]) {
            let target = m.program.clone();
            m.act(ActKind::CallTool, target, Traits::RUNS_REMOTE_CODE, "applies what lies at an address");
        }
    }

    /// Texts for people: secrets must not be in what leaves.
    fn told(&self, m: &mut Machine<'_>, text: &str) {
        let leaves = self.named.has(&[
            "post", "send", "create", "add", "update", "comment", "publish", "upload", "push", "fetch", "reply",
            "write", "append", "put", "message", "issue",
        ]) && !self.server_is(&["filesystem", "memory", "vault"]);
        if leaves && crate::secrets::looks_secret(text) && valued_secret(text) {
            let target = m.program.clone();
            m.act(ActKind::CallTool, target, Traits::SENDS_OUT | Traits::OUTWARD, "a secret is in what is sent");
        }
    }
}

/// A variable named in passing is no secret; one with a value is.
fn valued_secret(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
        || text.contains("AKIA")
        || text.contains("ghp_")
        || text.lines().any(|line| {
            line.split_whitespace().any(|word| {
                word.split_once('=').is_some_and(|(name, value)| {
                    crate::secrets::secret_variable(name) && value.len() > 3 && !value.starts_with(['$', '<', '"', '`'])
                })
            })
        })
}

/// `command: [..]`, and `command` with `args`.
fn command_list(m: &mut Machine<'_>, context: &Context<'_>, input: &Json) {
    let strings = |value: Option<&Json>| -> Vec<Value> {
        value
            .and_then(Json::as_array)
            .map(|items| {
                items
                    .iter()
                    .filter_map(Json::as_str)
                    .map(|text| Value::known(text.replace(crate::value::UNKNOWN, "?")))
                    .collect()
            })
            .unwrap_or_default()
    };
    let program = m.program.clone();
    for key in ["command", "cmd", "argv"] {
        let list = strings(input.get(key));
        if !list.is_empty() {
            m.run(list);
        }
    }
    let args: Vec<Value> = ["args", "arguments"].iter().flat_map(|key| strings(input.get(*key))).collect();
    if !args.is_empty() {
        let first = text_of(input, &["command", "cmd", "program", "executable"]).map(str::to_owned).or_else(|| {
            context
                .server
                .iter()
                .find(|word| {
                    matches!(
                        word.as_str(),
                        "docker"
                            | "gcloud"
                            | "az"
                            | "podman"
                            | "git"
                            | "kubectl"
                            | "terraform"
                            | "aws"
                            | "helm"
                            | "gh"
                            | "npm"
                            | "kubernetes"
                    )
                })
                .map(|word| if word == "kubernetes" { "kubectl".to_owned() } else { word.clone() })
        });
        if let Some(first) = first {
            let mut list = vec![Value::known(first)];
            list.extend(args);
            m.run(list);
        }
    }
    m.program = program;
}

/// Tools that move or copy, and those that write a file with its content.
fn moved(m: &mut Machine<'_>, named: &Named, input: &Json) {
    let source = text_of(input, &["source", "from", "src", "old_path", "oldPath", "source_path"]);
    let target = text_of(input, &["destination", "to", "dest", "new_path", "newPath", "destination_path"]);
    if let (Some(source), Some(target)) = (source, target)
        && named.has(&["move", "rename", "copy", "cp", "mv"])
    {
        let words = vec![
            Value::known(if named.has(&["copy", "cp"]) { "cp" } else { "mv" }),
            Value::known(source),
            Value::known(target),
        ];
        let program = m.program.clone();
        m.run(words);
        m.program = program;
    }
    if named.has(&[
        "write", "edit", "create", "save", "append", "update", "insert", "modify", "replace", "push", "put", "patch",
    ]) && let Some(path) = text_of(input, &["path", "file_path", "filepath", "filename", "file", "filePath"])
    {
        let mut content = String::new();
        for key in ["content", "contents", "text", "newText", "new_string", "data"] {
            if let Some(text) = input.get(key).and_then(Json::as_str) {
                content.push_str(text);
            }
        }
        if let Some(edits) = input.get("edits").and_then(Json::as_array) {
            for edit in edits {
                content.push_str(text_of(edit, &["newText", "new_string", "content"]).unwrap_or(""));
            }
        }
        let path = Value::known(path.replace(crate::value::UNKNOWN, "?"));
        m.write(
            &path,
            !named.has(&["write"]) || !content.is_empty(),
            &Value::known(content.replace(crate::value::UNKNOWN, "?")),
        );
    }
}

/// Containers with the host in them.
fn container(m: &mut Machine<'_>, named: &Named, input: &Json) {
    if !named.has(&["container", "run", "create", "pod"]) {
        return;
    }
    let target = m.program.clone();
    if truthy(input, "privileged") || text_of(input, &["network", "network_mode", "pid_mode"]) == Some("host") {
        m.act(ActKind::CallTool, target, Traits::ESCAPES_CONTAINER, "a container with the rights of its host");
    }
    if let Some(mounts) =
        input.get("volumes").or_else(|| input.get("mounts")).or_else(|| input.get("binds")).and_then(Json::as_array)
    {
        for mount in mounts {
            let host = mount
                .as_str()
                .and_then(|text| text.split(':').next())
                .or_else(|| text_of(mount, &["source", "Source", "host"]));
            if let Some(host) = host {
                crate::programs::mounted(m, host);
            }
        }
    }
}
