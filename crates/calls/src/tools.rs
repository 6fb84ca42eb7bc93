//! Tools of agents by their names: shells, files, searches, the web, MCP.

use serde_json::Value as Json;

use crate::machine::Machine;
use crate::tool_kinds::{Kind, kind};
use crate::value::{Flow, UNKNOWN, Value};
use crate::{Act, ActKind, Call, Place, Traits, Understood};

/// A project that holds nothing.
const NO_PROJECT: &str = "/.no-project";

pub(crate) fn understand(call: &Call<'_>, place: &Place<'_>) -> Understood {
    // The root, the home and what holds it are no project, whatever folder the call began in.
    let none = place.project == "/" || crate::path::within(place.home, place.project);
    let place = &Place { project: if none { NO_PROJECT } else { place.project }, ..*place };
    let mut machine = Machine::new(place);
    let m = &mut machine;
    m.program = call.tool.to_owned();
    let (hidden, why) = crate::hidden::traits(call.tool);
    if !hidden.is_empty() || crate::hidden::odd_program(call.tool) {
        m.act(
            ActKind::CallTool,
            call.tool,
            hidden | Traits::DECEIVES | Traits::NOT_UNDERSTOOD,
            if why.is_empty() { "the tool's name holds letters that pass for others" } else { why },
        );
    }
    match kind(call.tool) {
        Some(kind) if !call.tool.starts_with("mcp__") => built_in(m, kind, call),
        _ => match server_and_tool(call.tool) {
            Some((server, tool)) => crate::tools::mcp(m, &server, &tool, call.input),
            None => {
                m.act(ActKind::CallTool, call.tool, Traits::NOT_UNDERSTOOD, "a tool that is not known");
                crate::tools::arguments(m, "", call.tool, call.input);
            }
        },
    }
    machine.end();
    crate::files::mark_shown_variables(&mut machine);
    if machine.reviews {
        machine.acts.iter_mut().for_each(reviewed);
    }
    machine.acts.iter_mut().for_each(|act| crate::files::mark_outside(act, place));
    Understood { acts: machine.acts }
}

/// To run what a proposal brings is how it is reviewed: that is for a person to say.
fn reviewed(act: &mut Act) {
    let brought = matches!(act.why, "runs what came from another machine" | "builds what came from another machine");
    if brought && act.traits.contains(Traits::RUNS_REMOTE_CODE) {
        act.traits = act.traits.without(Traits::RUNS_REMOTE_CODE) | Traits::NOT_UNDERSTOOD;
    }
}

/// `mcp__server__tool`, `mcp_server_tool`, `MCP:tool`, `@server/tool`.
fn server_and_tool(name: &str) -> Option<(String, String)> {
    let pair = |(server, tool): (&str, &str)| (server.to_owned(), tool.to_owned());
    if let Some(rest) = name.strip_prefix("mcp__") {
        return Some(rest.split_once("__").map_or_else(|| (rest.to_owned(), String::new()), pair));
    }
    if let Some(rest) = name.strip_prefix("mcp_") {
        return Some(rest.split_once('_').map_or_else(|| (rest.to_owned(), String::new()), pair));
    }
    if let Some(rest) = name.strip_prefix("MCP:") {
        return Some((String::new(), rest.to_owned()));
    }
    let rest = name.strip_prefix('@')?;
    rest.split_once('/').map(pair)
}

pub(crate) fn text_of<'j>(input: &'j Json, keys: &[&str]) -> Option<&'j str> {
    keys.iter().find_map(|key| input.get(*key).and_then(Json::as_str))
}

const PATHS: &[&str] = &[
    "file_path",
    "path",
    "notebook_path",
    "filePath",
    "absolute_path",
    "AbsolutePath",
    "TargetFile",
    "target_file",
    "filename",
    "file",
    "SearchPath",
    "DirectoryPath",
    "dir_path",
    "directory",
    "uri",
    "paths",
    "file_paths",
    "files",
    "dirPath",
    "source",
    "target",
    "destination",
];

fn clean(text: &str) -> String {
    text.replace(UNKNOWN, "?")
}

/// A path from a tool's input. A pattern in it is none.
fn path_value(m: &mut Machine<'_>, text: &str) -> Value {
    let (traits, why) = crate::hidden::traits(text);
    if !traits.is_empty()
        || crate::hidden::lookalike(text) && !text.chars().any(|c| ('\u{3040}'..='\u{9fff}').contains(&c))
    {
        let why = if why.is_empty() { "the path holds letters that pass for others" } else { why };
        m.act(ActKind::CallTool, m.program.clone(), traits | Traits::DECEIVES, why);
    }
    let text = clean(text.split('\0').next().unwrap_or(""));
    Value { glob: text.contains('*'), text, flow: Flow::NONE }
}

/// A command beside what a tool for files needs.
fn command_beside(m: &mut Machine<'_>, kind: Kind, input: &Json) {
    if matches!(kind, Kind::Shell | Kind::Patch | Kind::Inner) {
        return;
    }
    for key in ["command", "cmd", "script"] {
        if let Some(text) = input.get(key).and_then(Json::as_str) {
            m.guess(Traits::NOT_UNDERSTOOD, |m| command_text(m, text));
        }
    }
}

fn built_in(m: &mut Machine<'_>, kind: Kind, call: &Call<'_>) {
    let input = call.input;
    command_beside(m, kind, input);
    match kind {
        Kind::Shell => shell(m, call),
        Kind::Read => {
            if each_path(m, input, |m, path| {
                m.read(&path);
            }) == 0
            {
                m.act(ActKind::ReadFile, "", Traits::NOT_UNDERSTOOD, "a call without what it needs");
            }
        }
        Kind::Write | Kind::Edit => written(m, input),
        Kind::Delete => {
            if each_path(m, input, |m, path| m.destroy(&path, true)) == 0 {
                m.act(ActKind::WriteFile, "", Traits::NOT_UNDERSTOOD, "a call without what it needs");
            }
        }
        Kind::Search => search(m, input),
        Kind::List => {
            let pattern = text_of(input, &["pattern", "glob", "glob_pattern", "query"]);
            let base = text_of(input, PATHS);
            for path in [pattern, base].into_iter().flatten() {
                let mut value = path_value(m, path);
                if Some(path) == pattern
                    && !path.starts_with(['/', '~'])
                    && let Some(base) = base
                {
                    value.text = format!("{base}/{path}");
                    value.glob = true;
                }
                let shown = m.resolve(&value);
                let secret = m.names_secret(&value);
                m.act(
                    ActKind::ReadFile,
                    shown,
                    if secret { Traits::READS_SECRET } else { Traits::NONE },
                    "lists files of secrets",
                );
            }
        }
        Kind::Fetch | Kind::WebSearch => {
            let mut any = false;
            for key in ["url", "uri", "Url", "query", "urls", "prompt"] {
                let Some(text) = input.get(key).and_then(Json::as_str) else { continue };
                any = true;
                if key == "prompt" && !text.contains("://") {
                    continue;
                }
                let value = Value::known(clean(text));
                if key == "query" {
                    let traits = if crate::secrets::looks_secret(text) {
                        Traits::OUTWARD | Traits::SENDS_OUT
                    } else {
                        Traits::OUTWARD
                    };
                    m.act(ActKind::FetchUrl, value.text, traits, "a secret goes into a search");
                } else if key != "prompt" {
                    hidden_address(m, text);
                    m.request(&value, crate::net::Load::default());
                }
            }
            if !any {
                m.act(ActKind::FetchUrl, "", Traits::NOT_UNDERSTOOD, "a call without what it needs");
            }
        }
        Kind::Patch => patch(m, input),
        Kind::Inner => inner(m, call),
    }
}

/// Another agent, a list, a command of the agent itself.
fn inner(m: &mut Machine<'_>, call: &Call<'_>) {
    let text = text_of(call.input, &["command", "prompt", "message"]).unwrap_or("");
    let lower = text.to_ascii_lowercase();
    let settings =
        ["/permissions", "/mcp", "/hooks", "/config", "/plugin", "/add-dir", "/sandbox", "/settings", "/approvals"]
            .iter()
            .any(|start| lower.trim_start().starts_with(start));
    let secretly =
        ["do not tell", "don't tell", "without telling", "without asking", "do not mention", "dangerously-skip"]
            .iter()
            .any(|mark| lower.contains(mark));
    let (traits, why) = if settings {
        (Traits::CHANGES_AGENT, "changes the settings of an agent")
    } else if secretly {
        (Traits::EVADES, "asks another agent to hide what it does")
    } else {
        (Traits::NONE, "")
    };
    m.act(ActKind::CallTool, call.tool, traits, why);
    for path in PATHS.iter().filter_map(|key| text_of(call.input, &[*key])) {
        let path = Value::known(clean(path));
        if path.text.starts_with("file://") || m.names_secret(&path) {
            m.read(&path);
        }
    }
}

fn hidden_address(m: &mut Machine<'_>, text: &str) {
    let (traits, why) = crate::hidden::traits(text);
    let host = crate::net::host(text);
    if !traits.is_empty() || crate::hidden::lookalike(host) {
        m.act(
            ActKind::FetchUrl,
            text,
            traits | Traits::DECEIVES,
            if why.is_empty() { "the address holds letters that pass for others" } else { why },
        );
    }
}

fn each_path(m: &mut Machine<'_>, input: &Json, mut run: impl FnMut(&mut Machine<'_>, Value)) -> usize {
    let mut count = 0;
    for key in PATHS {
        let Some(value) = input.get(*key) else { continue };
        let list: Vec<&str> = match value {
            Json::String(text) => vec![text.as_str()],
            Json::Array(items) => {
                items.iter().filter_map(|item| item.as_str().or_else(|| text_of(item, PATHS))).collect()
            }
            _ => continue,
        };
        for text in list.into_iter().take(64) {
            let value = path_value(m, text);
            run(m, value);
            count += 1;
        }
    }
    if let Some(operations) = input.get("operations").and_then(Json::as_array) {
        for operation in operations.iter().take(64) {
            if let Some(text) = text_of(operation, PATHS) {
                let value = path_value(m, text);
                run(m, value);
                count += 1;
            }
        }
    }
    count
}

fn shell(m: &mut Machine<'_>, call: &Call<'_>) {
    let input = call.input;
    if let Some(folder) = text_of(input, &["cwd", "workdir", "working_directory", "directory", "Cwd", "dir_path"]) {
        let value = Value::known(clean(folder));
        let to = m.resolve(&value);
        m.cd(to);
    }
    if input.get("dangerouslyDisableSandbox").and_then(Json::as_bool) == Some(true)
        || input.get("with_escalated_permissions").and_then(Json::as_bool) == Some(true)
        || text_of(input, &["sandbox_permissions"]).is_some_and(|how| how == "require_escalated")
    {
        m.act(ActKind::RunCommand, call.tool, Traits::DISABLES_SECURITY, "asks to run outside of the sandbox");
    }
    let keys = ["command", "cmd", "CommandLine", "command_line", "script", "chars", "input", "commands"];
    let mut given = keys.iter().filter_map(|key| input.get(*key));
    one_command(m, call, given.next());
    given.for_each(|command| one_command(m, call, Some(command)));
}

fn one_command(m: &mut Machine<'_>, call: &Call<'_>, command: Option<&Json>) {
    let input = call.input;
    let windows = call.tool.eq_ignore_ascii_case("powershell");
    match command {
        Some(Json::String(text)) if windows => {
            crate::programs::run_code(m, "pwsh", &Value::known(clean(text)));
        }
        Some(Json::String(text)) => command_text(m, text),
        Some(Json::Array(items)) => {
            let words: Vec<Value> =
                items.iter().filter_map(Json::as_str).map(|word| Value::known(clean(word))).collect();
            if words.is_empty() || words.len() != items.len() {
                m.act(ActKind::RunCommand, "", Traits::NOT_UNDERSTOOD, "a call without what it needs");
            } else {
                m.run(words);
            }
        }
        _ => {
            let quiet = input.as_object().is_some_and(|object| {
                !object.is_empty()
                    && object.keys().all(|key| {
                        matches!(key.as_str(), "session_id" | "bash_id" | "yield_time_ms" | "description" | "timeout")
                    })
            });
            if !quiet {
                m.act(ActKind::RunCommand, "", Traits::NOT_UNDERSTOOD, "a call without what it needs");
            }
        }
    }
}

/// A command as text, with what its characters hide.
pub(crate) fn command_text(m: &mut Machine<'_>, text: &str) {
    let (traits, why) = crate::hidden::traits(text);
    if !traits.is_empty() {
        m.act(ActKind::RunCommand, text, traits, why);
    }
    let text = clean(text);
    // Line ends of Windows are none of the shell's business.
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    let output = m.text(&text);
    m.shows_secrets |= output.flow.has(Flow::SECRET);
}

fn written(m: &mut Machine<'_>, input: &Json) {
    let mut content = String::new();
    for key in [
        "content",
        "new_string",
        "new_source",
        "file_text",
        "new_str",
        "CodeContent",
        "contents",
        "code_edit",
        "text",
        "diff",
        "newString",
        "ReplacementContent",
    ] {
        if let Some(text) = input.get(key).and_then(Json::as_str) {
            content.push_str(text);
        }
    }
    let mut old = text_of(input, &["old_string", "old_str", "oldString"]).unwrap_or("").to_owned();
    if let Some(edits) = input.get("edits").or_else(|| input.get("replacements")).and_then(Json::as_array) {
        for edit in edits.iter().take(256) {
            let new = text_of(edit, &["new_string", "newText", "new_str"]).unwrap_or("");
            for path in PATHS.iter().filter_map(|key| text_of(edit, &[*key])) {
                let path = path_value(m, path);
                m.write(&path, true, &Value::known(clean(new)));
            }
            if let Some(text) = text_of(edit, &["new_string", "newText", "new_str"]) {
                content.push_str(text);
                content.push('\n');
            }
            old.push_str(text_of(edit, &["old_string", "oldText", "old_str"]).unwrap_or(""));
        }
    }
    let edits = !old.is_empty() || input.get("edits").is_some();
    let content = Value::known(clean(&content));
    let count = each_path(m, input, |m, path| {
        m.write(&path, edits, &content);
        if edits {
            crate::configs::edited(m, &path, input);
        }
        removed_checks(m, &path, &old, &content.text);
        if !edits && content.text.is_empty() {
            let resolved = m.resolve(&path);
            use crate::path::Zone;
            if matches!(crate::path::zone(&resolved, m.place), Zone::Home | Zone::Elsewhere) {
                m.act(ActKind::WriteFile, resolved, Traits::DESTROYS_FILES, "empties a file outside the project");
            }
        }
    });
    if count == 0 {
        m.act(ActKind::WriteFile, "", Traits::NOT_UNDERSTOOD, "a call without what it needs");
    }
}

/// An edit that takes a check out of CI.
fn removed_checks(m: &mut Machine<'_>, path: &Value, old: &str, new: &str) {
    let resolved = m.resolve(path);
    let text_only = ["/tests/", "/test/", "/docs/", "/fixtures/"].iter().any(|part| resolved.contains(part))
        || resolved.ends_with(".md");
    let loose = [
        "rejectUnauthorized: false",
        "verify=False",
        "InsecureSkipVerify: true",
        "_create_unverified_context",
        "danger_accept_invalid_certs(true)",
        "CURLOPT_SSL_VERIFYPEER, false",
        "VERIFY_NONE",
    ];
    if !text_only && loose.iter().any(|mark| new.contains(mark) && !old.contains(mark)) {
        m.act(
            ActKind::WriteFile,
            resolved.clone(),
            Traits::DISABLES_SECURITY,
            "switches off the check of certificates",
        );
    }
    m.lock_edited(&resolved, old, new);
    if !resolved.contains("/.github/workflows/")
        && !resolved.ends_with(".gitlab-ci.yml")
        && !resolved.ends_with(".pre-commit-config.yaml")
    {
        return;
    }
    let lower = old.to_ascii_lowercase();
    let gone = [
        "codeql",
        "semgrep",
        "trivy",
        "gitleaks",
        "trufflehog",
        "snyk",
        "dependency-review",
        "scorecard",
        "grype",
        "bandit",
        "zizmor",
        "checkov",
        "tfsec",
        "npm audit",
        "cargo audit",
        "pip-audit",
        "govulncheck",
        "osv-scanner",
        "cosign",
        "audit-ci",
        "cargo deny",
    ]
    .iter()
    .any(|check| lower.contains(check) && !new.to_ascii_lowercase().contains(check));
    if gone {
        m.act(
            ActKind::WriteFile,
            resolved,
            Traits::DISABLES_SECURITY | Traits::CHANGES_SUPPLY_CHAIN,
            "takes a security check out of CI",
        );
    }
}

fn search(m: &mut Machine<'_>, input: &Json) {
    let path = text_of(input, PATHS).unwrap_or(".");
    let base = path_value(m, path);
    let names_only = text_of(input, &["output_mode"]).is_some_and(|mode| mode != "content");
    let resolved = m.resolve(&base);
    use crate::path::Zone;
    let wide = matches!(crate::path::zone(&resolved, m.place), Zone::HomeRoot | Zone::Root | Zone::AboveProject);
    let pattern = text_of(input, &["pattern", "query", "regex", "SearchPattern"]).unwrap_or("");
    let lower = pattern.to_ascii_lowercase();
    let wide = wide
        || crate::path::zone(&resolved, m.place) == Zone::Home
            && ["password", "token", "secret", "credential"].iter().any(|word| lower.contains(word));
    let keys = pattern.contains("PRIVATE KEY") || pattern.contains("AKIA") || pattern.contains("ghp_");
    let holds = m.holds_secrets(&resolved, &base);
    if (wide || holds) && !names_only || m.names_secret(&base) || keys && wide {
        m.act(ActKind::ReadFile, resolved.clone(), Traits::READS_SECRET, "searches through files of secrets");
    } else {
        m.act(ActKind::ReadFile, resolved.clone(), Traits::NONE, "");
    }
    for key in ["glob", "include", "file_pattern", "include_pattern", "includes"] {
        if let Some(glob) = input.get(key).and_then(Json::as_str) {
            let value = Value {
                text: format!("{resolved}/{}", glob.trim_start_matches("**/").trim_start_matches('/')),
                flow: Flow::NONE,
                glob: true,
            };
            if !glob.starts_with('!') && m.names_secret(&value) {
                m.act(ActKind::ReadFile, glob, Traits::READS_SECRET, "searches in files of secrets");
            }
        }
    }
}

/// The patches of Codex (`*** Update File: …`) and unified ones.
fn patch(m: &mut Machine<'_>, input: &Json) {
    let text = text_of(input, &["command", "patch", "input", "diff", "patchText"]).unwrap_or("").to_owned();
    let (traits, why) = crate::hidden::traits(&text);
    if !traits.is_empty() {
        m.act(ActKind::WriteFile, "", traits, why);
    }
    patch_text(m, &clean(&text));
}

pub(crate) fn patch_text(m: &mut Machine<'_>, text: &str) {
    let mut current: Option<Value> = None;
    let mut added = String::new();
    let mut removed = String::new();
    let mut any = false;
    let mut adds = false;
    let flush =
        |m: &mut Machine<'_>, current: &mut Option<Value>, added: &mut String, removed: &mut String, adds: bool| {
            if let Some(path) = current.take() {
                m.write(&path, !adds, &Value::known(added.as_str()));
                removed_checks(m, &path, removed, added);
            }
            added.clear();
            removed.clear();
        };
    for line in text.lines() {
        let start = |key: &str| line.strip_prefix(key).map(str::trim);
        if let Some(path) = start("*** Update File: ")
            .or_else(|| start("*** Add File: "))
            .or_else(|| start("*** Move to: "))
            .or_else(|| start("+++ b/"))
            .or_else(|| start("+++ "))
        {
            flush(m, &mut current, &mut added, &mut removed, adds);
            any = true;
            adds = line.starts_with("*** Add");
            if path != "/dev/null" {
                current = Some(path_value(m, path));
            }
        } else if let Some(path) = start("*** Delete File: ") {
            flush(m, &mut current, &mut added, &mut removed, adds);
            any = true;
            let path = path_value(m, path);
            m.destroy(&path, true);
        } else if line.starts_with("--- ") {
        } else if let Some(text) = line.strip_prefix('+') {
            added.push_str(text);
            added.push('\n');
        } else if let Some(text) = line.strip_prefix('-') {
            removed.push_str(text);
            removed.push('\n');
        }
    }
    flush(m, &mut current, &mut added, &mut removed, adds);
    if !any {
        m.act(ActKind::WriteFile, "", Traits::NOT_UNDERSTOOD, "a patch that names no file");
    }
}

pub(crate) use crate::mcp::{arguments, mcp};
