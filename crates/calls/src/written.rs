//! What a file that is written would do when it is used: CI, package files, start files, scripts.

use crate::machine::Machine;
use crate::path::{Zone, base, zone};
use crate::value::Value;
use crate::{Place, Traits};

/// Traits that count when a file only waits to be run.
fn grave() -> Traits {
    Traits::DESTROYS_DISK
        | Traits::RUNS_REMOTE_CODE
        | Traits::OPENS_REMOTE_SHELL
        | Traits::SENDS_OUT
        | Traits::DESTROYS_FILES
        | Traits::CHANGES_AGENT
        | Traits::READS_SECRET
        | Traits::PERSISTS
        | Traits::CHANGES_SUPPLY_CHAIN
}

/// What the content says, by the kind of file.
pub(crate) fn content_traits(m: &Machine<'_>, path: &str, content: &Value) -> (Traits, &'static str) {
    if content.is_blank() || content.text.is_empty() || content.text.len() > crate::limits::TEXT_BYTES || m.level > 6 {
        return (Traits::NONE, "");
    }
    let text = content.text.as_str();
    let name = base(path);
    if name == "tasks.json" && text.contains("folderOpen") {
        return (Traits::CHANGES_SUPPLY_CHAIN | Traits::PERSISTS, "an editor runs a task by itself");
    }
    if name.ends_with(".pth") && text.contains("import") {
        return (Traits::PERSISTS, "runs by itself later");
    }
    if name.ends_with(".ipynb") {
        let runs = crate::notebooks::traits(m, text);
        if !runs.is_empty() {
            return (runs, "a cell of the notebook would do this");
        }
    }
    if ["js", "ts", "tsx", "jsx", "py", "rs", "go", "java", "c", "cpp", "rb", "php", "sh", "cs", "kt", "swift"]
        .contains(&name.rsplit('.').next().unwrap_or(""))
        && text.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    {
        return (Traits::DECEIVES, "code that reads other than it runs");
    }
    if path.contains("/.vscode/settings.json") || path.ends_with("/settings.json") && path.contains("/Code/User/") {
        let lower = text.to_ascii_lowercase();
        if lower.contains("autoapprove")
            || lower.contains("automation") && lower.contains("allow")
            || lower.contains("security.workspace.trust")
            || lower.contains("task.allowautomatictasks")
        {
            return (Traits::CHANGES_AGENT, "lets an agent act without asking");
        }
    }
    if crate::pipelines::is_pipeline(path) {
        return crate::pipelines::traits(m, text, grave());
    }
    if matches!(
        name,
        "package.json"
            | "composer.json"
            | "devcontainer.json"
            | "deno.json"
            | "project.json"
            | "tasks.json"
            | "launch.json"
    ) {
        return quoted_commands(m.place, text, name);
    }
    let rules = ["/.cursor/rules/", "/.clinerules/", "/.windsurf/rules/", "/.github/instructions/", "/.kiro/steering/"];
    if rules.iter().any(|folder| path.contains(folder))
        || matches!(
            name,
            "CLAUDE.md"
                | "AGENTS.md"
                | "GEMINI.md"
                | ".cursorrules"
                | ".windsurfrules"
                | ".clinerules"
                | "copilot-instructions.md"
        )
    {
        let lower = text.to_ascii_lowercase();
        if [
            "ignore all",
            "ignore the rules",
            "ignore previous",
            "without asking",
            "never ask",
            "skip approval",
            "dangerously-skip",
            "do not ask for",
            "bypass",
        ]
        .iter()
        .any(|mark| lower.contains(mark))
        {
            return (Traits::CHANGES_AGENT, "tells an agent to act without asking");
        }
    }
    if matches!(name, "extensions.xml" | "maven.config" | "jvm.config") && path.contains("/.mvn/") {
        return (Traits::CHANGES_SUPPLY_CHAIN, "changes what a build runs");
    }
    if matches!(name, ".gitattributes") && text.contains("filter=") {
        return (Traits::CHANGES_SUPPLY_CHAIN, "git runs a filter on files");
    }
    let (traits, why) = crate::manifests::traits(m, path, name, text);
    let (set, reason) = crate::configs::traits(m, path, text);
    if !(traits | set).is_empty() {
        return (traits | set, if set.is_empty() { why } else { reason });
    }
    if !runs_by_itself(path, name, m.place, text) {
        return (Traits::NONE, "");
    }
    let traits = script_traits(m, path, name, content);
    let elsewhere = inner_elsewhere(m, path, name, content);
    let traits = if elsewhere { traits | Traits::CHANGES_SUPPLY_CHAIN } else { traits };
    let serious = if matches!(zone(path, m.place), Zone::Temp) { traits } else { Traits(traits, grave()) };
    if serious.is_empty() { (Traits::NONE, "") } else { (serious, "what the file says would do this when it runs") }
}

#[expect(non_snake_case, reason = "reads as the set of those that are in both")]
fn Traits(a: Traits, b: Traits) -> Traits {
    a.without(a.without(b))
}

/// Files that somebody or something is going to run, and no test data or documentation.
fn runs_by_itself(path: &str, name: &str, place: &Place<'_>, text: &str) -> bool {
    if ["/fixtures/", "/docs/", "/testdata/", "/examples/", "/__tests__/", "/corpus/"]
        .iter()
        .any(|part| path.contains(part))
    {
        return false;
    }
    let ending = name.rsplit('.').next().unwrap_or("");
    let script =
        matches!(ending, "sh" | "bash" | "zsh" | "py" | "rb" | "pl" | "command" | "ps1") || text.starts_with("#!");
    let hook = path.contains("/.husky/")
        || path.contains("/node_modules/") && matches!(ending, "js" | "cjs" | "mjs")
        || path.contains("/.githooks/")
        || name.contains(".config.") && matches!(ending, "js" | "cjs" | "mjs" | "ts")
        || matches!(name, ".eslintrc.js" | ".eslintrc.cjs" | "settings.gradle" | "build.gradle" | "build.gradle.kts");
    let rules = crate::recipes::form(path)
        .is_some_and(|form| !matches!(form, crate::recipes::Form::Toml | crate::recipes::Form::Containers));
    let build = hook || rules && name != "Gemfile" || matches!(name, "Dockerfile" | ".envrc");
    let temp = zone(path, place) == Zone::Temp;
    build || script && (temp || !path.contains("test") || name == "conftest.py")
}

/// Whether a file of a build runs or loads what lies outside the project.
fn inner_elsewhere(m: &Machine<'_>, path: &str, name: &str, content: &Value) -> bool {
    let ending = name.rsplit('.').next().unwrap_or("");
    let build = !matches!(ending, "sh" | "bash" | "py" | "zsh") || matches!(name, "conftest.py" | "setup.py");
    build
        && script(m, path, name, content).acts.iter().any(|act| {
            act.traits.contains(Traits::NOT_UNDERSTOOD)
                && matches!(
                    act.why,
                    "runs a program from a place that is not known"
                        | "runs a program from outside the project"
                        | "loads code from outside the project"
                )
        })
}

/// The traits that a script's text would have.
fn script_traits(m: &Machine<'_>, path: &str, name: &str, content: &Value) -> Traits {
    script(m, path, name, content).acts.iter().fold(Traits::NONE, |all, act| all | act.traits)
}

fn script<'a>(m: &Machine<'a>, path: &str, name: &str, content: &Value) -> Machine<'a> {
    let mut inner = Machine::new(m.place);
    inner.level = m.level + 8;
    inner.waits = true;
    let text = content.text.as_str();
    match name {
        "Dockerfile" => {
            for line in text.lines() {
                if let Some(command) = line.strip_prefix("RUN ") {
                    let command =
                        command.split(' ').skip_while(|word| word.starts_with("--")).collect::<Vec<_>>().join(" ");
                    inner.elsewhere = true;
                    inner.text(&command);
                }
            }
        }
        _ if name.ends_with(".rs") || name.ends_with(".gradle") || name.ends_with(".kts") => {
            crate::code::follow(&mut inner, "other", text);
        }
        _ if !text.starts_with("#!")
            && let Some(form) = crate::recipes::form(path) =>
        {
            inner.run_pieces(&crate::recipes::pieces(form, text));
        }
        _ if [".js", ".cjs", ".mjs", ".ts"].iter().any(|ending| name.ends_with(ending)) && !text.starts_with("#!") => {
            crate::code::follow(&mut inner, "javascript", text);
        }
        _ => {
            inner.run_script(text, path, &[]);
        }
    }
    inner.end();
    inner
}

fn command_traits(place: &Place<'_>, command: &str) -> Traits {
    let mut inner = Machine::new(place);
    inner.level = 8;
    inner.text(command);
    inner.acts.iter().fold(Traits::NONE, |all, act| all | act.traits)
}

/// Commands in the texts of a JSON file: `"postinstall": "…"`.
fn quoted_commands(place: &Place<'_>, text: &str, name: &str) -> (Traits, &'static str) {
    let mut chars = text.char_indices();
    let mut texts: Vec<String> = Vec::new();
    while let Some((_, c)) = chars.next() {
        if c != '"' {
            continue;
        }
        let mut value = String::new();
        while let Some((_, c)) = chars.next() {
            match c {
                '\\' => {
                    if let Some((_, next)) = chars.next() {
                        value.push(if next == 'n' { '\n' } else { next });
                    }
                }
                '"' => break,
                c => value.push(c),
            }
        }
        texts.push(value);
        if texts.len() > 2000 {
            break;
        }
    }
    let mut key = String::new();
    for value in texts {
        let url = value.starts_with("http://")
            || value.starts_with("https://")
            || value.starts_with("git+")
            || value.starts_with("git://");
        let described = matches!(
            key.as_str(),
            "url"
                | "homepage"
                | "bugs"
                | "repository"
                | "$schema"
                | "license"
                | "author"
                | "funding"
                | "email"
                | "image"
                | "schema"
        );
        if name == "package.json"
            && url
            && !described
            && !value.contains(' ')
            && (value.ends_with(".tgz") || value.contains(".git") || value.starts_with("git"))
        {
            return (Traits::INSTALLS_UNUSUAL | Traits::CHANGES_SUPPLY_CHAIN, "a package comes from an address");
        }
        if value.contains(' ') {
            let traits = Traits(command_traits(place, &value), grave() | Traits::EVADES);
            if !traits.is_empty() && !described && key != "description" {
                return (traits | Traits::CHANGES_SUPPLY_CHAIN, "a script of the package would do this");
            }
        }
        key = value;
    }
    (Traits::NONE, "")
}

impl Machine<'_> {
    /// A file is changed in place; `program` says how, and may hold new text.
    pub(crate) fn change(&mut self, file: &Value, program: &Value) {
        self.write(file, true, &Value { text: program.text.clone(), flow: crate::value::Flow::NONE, glob: false });
        let path = self.resolve(file);
        // What the file holds afterwards is not known.
        if let Some(written) = self.written.iter_mut().rev().find(|written| written.path == path) {
            written.content = Value::unknown(crate::value::Flow::MEANT);
        }
        let name = base(&path).to_owned();
        if name.starts_with("Dockerfile")
            && program.text.contains("FROM")
            && (program.text.contains("\\/") || !program.text.contains("s/") && program.text.contains('/'))
        {
            self.mark(Traits::CHANGES_SUPPLY_CHAIN, "changes what an image is built on");
        }
    }
}
