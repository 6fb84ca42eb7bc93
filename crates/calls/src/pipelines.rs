//! Files of CI: who may start them, with which rights, what their steps do, and where secrets go.

use crate::limits::NAMES;
use crate::machine::Machine;
use crate::path::base;
use crate::value::{Flow, Value};
use crate::{Traits, recipes, yaml};

/// The variable that stands for a secret which a step names in place.
const SECRET: &str = "YATA_CI_KEPT";

/// Whether a file says what a service of CI runs.
pub(crate) fn is_pipeline(path: &str) -> bool {
    path.contains("/.github/workflows/")
        || path.contains("/.gitea/workflows/")
        || path.contains("/.forgejo/workflows/")
        || path.ends_with("/action.yml")
        || path.ends_with("/action.yaml")
        || path.contains("/.circleci/")
        || path.contains("/.buildkite/")
        || path.contains("/.woodpecker/")
        || path.contains("/.gitlab/ci/")
        || matches!(
            base(path),
            ".gitlab-ci.yml"
                | "Jenkinsfile"
                | "azure-pipelines.yml"
                | "bitbucket-pipelines.yml"
                | ".travis.yml"
                | ".drone.yml"
                | ".woodpecker.yml"
                | ".cirrus.yml"
                | "appveyor.yml"
                | "buildspec.yml"
                | "cloudbuild.yaml"
                | "cloudbuild.yml"
        )
}

/// What the file says, by itself.
pub(crate) fn traits(m: &Machine<'_>, text: &str, grave: Traits) -> (Traits, &'static str) {
    let lower = text.to_ascii_lowercase();
    let compact: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
    if compact.contains("tojson(secrets)") || compact.contains("secrets:inherit") {
        return (Traits::CHANGES_SUPPLY_CHAIN | Traits::READS_SECRET, "CI shows its secrets");
    }
    if lower.contains("pull_request_target")
        || compact.contains("write-all")
        || lower.contains("self-hosted")
        || compact.contains("continue-on-error:true") && lower.contains("codeql")
    {
        return (Traits::CHANGES_SUPPLY_CHAIN, "CI runs foreign code with rights");
    }
    if (lower.contains("uses:") || !lower.contains("jobs:") && lower.contains('/'))
        && ["@main", "@master", "@latest", "@head"].iter().any(|loose| lower.contains(loose))
    {
        return (Traits::CHANGES_SUPPLY_CHAIN, "CI takes whatever another repository holds");
    }
    let found = steps(m, text);
    let serious = found.without(found.without(grave));
    if !serious.is_empty() {
        return (serious | Traits::CHANGES_SUPPLY_CHAIN, "a step of CI would do this");
    }
    (Traits::NONE, "")
}

/// What the steps do together.
fn steps(m: &Machine<'_>, text: &str) -> Traits {
    let scalars = yaml::scalars(text);
    let mut all = Traits::NONE;
    let secret = |value: &str| value.contains("secrets.") && value.contains("${{") || value.contains("credentials(");
    let mut named: Vec<String> =
        scalars.iter().filter(|(_, value)| secret(value)).map(|(key, _)| key.clone()).take(NAMES).collect();
    for part in text.split("ariable: ").skip(1).take(NAMES) {
        // Jenkins: `string(credentialsId: 'x', variable: 'T')`.
        let name = part.trim_start_matches(['"', '\'']).split(['"', '\'']).next().unwrap_or("");
        named.push(name.to_owned());
    }
    named.retain(|name| !name.is_empty() && name.len() < 80);
    let quoted = text.contains("sh '") || text.contains("sh \"") || text.contains("\"run\"");
    let groovy = if quoted { groovy(text) } else { Vec::new() };
    let commands: Vec<String> = recipes::yaml_commands(text).chain(groovy).collect();
    let loose = text.lines().enumerate().filter(|(at, _)| *at > 0 || commands.is_empty()).map(|(_, line)| line.trim());
    let loose = loose.map(|line| line.trim_start_matches("- ")).filter(|line| looks_like_command(line));
    for command in commands.iter().map(String::as_str).chain(loose) {
        all |= step(m, command, &named);
    }
    all
}

fn step(m: &Machine<'_>, command: &str, named: &[String]) -> Traits {
    let run = |names: &[String], value: &Value, text: &str| {
        let mut inner = Machine::new(m.place);
        inner.level = m.level + 8;
        for name in names {
            inner.set(name, vec![value.clone()]);
        }
        inner.text(text);
        inner.end();
        inner.acts.iter().fold(Traits::NONE, |all, act| all | act.traits)
    };
    let plain = run(named, &Value::known("x"), &expressions(command));
    // Names of addresses hold no more than an address.
    let address = |name: &str| ["URL", "WEBHOOK", "ENDPOINT", "HOST", "DSN"].iter().any(|part| name.contains(part));
    let used = |name: &str| command.contains(&format!("${name}")) || command.contains(&format!("${{{name}}}"));
    let mut names: Vec<String> =
        named.iter().filter(|name| !address(&name.to_ascii_uppercase()) && used(name)).cloned().collect();
    let in_place = command.split("secrets.").skip(1).any(|rest| {
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
        !address(&name.to_ascii_uppercase())
    });
    if in_place {
        names.push(SECRET.to_owned());
    }
    if names.is_empty() {
        return plain;
    }
    // A secret that goes where it is meant to go, in a header or to a program that signs in, is what CI does.
    let sent = run(&names, &Value::unknown(Flow::SECRET), &without_sign_in(&expressions(command), &names));
    let sent = if sent.contains(Traits::SENDS_OUT) { Traits::SENDS_OUT } else { Traits::NONE };
    plain | sent | if hides(command) { Traits::READS_SECRET } else { Traits::NONE }
}

/// The command with the secrets of headers that sign in taken out.
fn without_sign_in(command: &str, names: &[String]) -> String {
    let header = |part: &str| {
        part.split_once(':').is_some_and(|(name, _)| {
            let lower = name.to_ascii_lowercase();
            !lower.contains(char::is_whitespace)
                && ["authorization", "token", "key", "auth"].iter().any(|end| lower.ends_with(end))
        })
    };
    command
        .split_inclusive(['"', '\''])
        .map(|part| {
            if !header(part) {
                return part.to_owned();
            }
            names.iter().fold(part.to_owned(), |part, name| {
                part.replace(&format!("${{{name}}}"), "x").replace(&format!("${name}"), "x")
            })
        })
        .collect()
}

/// Written so that the log does not cover it.
fn hides(command: &str) -> bool {
    command.split(['|', ';', '\n', '&']).any(|part| {
        matches!(
            part.split_whitespace().next(),
            Some("base64" | "rev" | "xxd" | "od" | "hexdump" | "base32" | "gzip" | "openssl" | "fold")
        )
    }) && command.contains('|')
        && !command.contains("-d")
        && !command.contains(" > ")
}

/// `${{ secrets.X }}` is a secret, any other expression is not known.
fn expressions(command: &str) -> String {
    let mut text = String::new();
    let mut rest = command;
    while let Some((before, behind)) = rest.split_once("${{") {
        text.push_str(before);
        let (inside, after) = behind.split_once("}}").unwrap_or((behind, ""));
        text.push_str(if inside.contains("secrets.") { "$YATA_CI_KEPT" } else { "$GITHUB_EXPRESSION" });
        rest = after;
    }
    text.push_str(rest);
    text
}

/// `sh '…'` and `sh "…"` of Jenkins, `"run": "…"` of JSON.
fn groovy(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for mark in ["sh '''", "sh \"\"\"", "sh '", "sh \"", "sh(script: '", "sh(script: \"", "\"run\": \"", "\"run\":\""] {
        let end = mark.get(mark.len() - if mark.ends_with("'''") || mark.ends_with("\"\"\"") { 3 } else { 1 }..);
        for part in text.split(mark).skip(1).take(NAMES) {
            found.push(part.split(end.unwrap_or("'")).next().unwrap_or("").replace("\\n", "\n"));
        }
    }
    found
}

fn looks_like_command(line: &str) -> bool {
    ["curl ", "wget ", "bash ", "sh ", "env ", "env|", "nc ", "eval "].iter().any(|start| line.starts_with(start))
}
