//! Programs and extensions of agents, by the files that package managers leave; nothing is started.

use std::path::Path;

use yata_agents::{Agent, Installed};

use crate::read;

/// The largest manifest that is read, in bytes.
const MANIFEST_MAX_BYTES: u64 = 1 << 20;
/// The most entries of a folder that are looked at.
const ENTRIES_MAX: usize = 10_000;

/// npm packages of agents.
const PACKAGES: [(&str, Agent); 6] = [
    ("@anthropic-ai/claude-code", Agent::ClaudeCode),
    ("@openai/codex", Agent::Codex),
    ("@google/gemini-cli", Agent::GeminiCli),
    ("@github/copilot", Agent::Copilot),
    ("opencode-ai", Agent::Opencode),
    ("@continuedev/cli", Agent::Continue),
];
/// Extensions of VS Code and its kin, by their id.
const EXTENSIONS: [(&str, Agent); 9] = [
    ("anthropic.claude-code", Agent::ClaudeCode),
    ("openai.chatgpt", Agent::Codex),
    ("github.copilot-chat", Agent::CopilotVscode),
    ("github.copilot", Agent::CopilotVscode),
    ("saoudrizwan.claude-dev", Agent::Cline),
    ("rooveterinaryinc.roo-cline", Agent::RooCode),
    ("continue.continue", Agent::Continue),
    ("google.geminicodeassist", Agent::GeminiCli),
    ("amazonwebservices.amazon-q-vscode", Agent::AmazonQ),
];
/// Where extensions are, below the home directory.
const EXTENSION_FOLDERS: [&str; 5] = [
    ".vscode/extensions",
    ".vscode-server/extensions",
    ".vscode-insiders/extensions",
    ".cursor/extensions",
    ".windsurf/extensions",
];
/// Where npm puts programs for all users, below the root.
const SYSTEM_MODULES: [&str; 3] =
    ["usr/lib/node_modules", "usr/local/lib/node_modules", "opt/homebrew/lib/node_modules"];
/// Where it does so for one, below the home directory.
const HOME_MODULES: [&str; 3] = [".npm-global/lib/node_modules", ".local/lib/node_modules", "node_modules"];

/// The agents of a machine and a home directory, sorted.
pub(super) fn installed(root: &Path, home: &Path) -> Vec<Installed> {
    let mut out = Vec::new();
    for modules in SYSTEM_MODULES.iter().map(|folder| root.join(folder)) {
        npm(&modules, &mut out);
    }
    for modules in HOME_MODULES.iter().map(|folder| home.join(folder)) {
        npm(&modules, &mut out);
    }
    for version in names(&home.join(".nvm/versions/node")) {
        npm(&home.join(".nvm/versions/node").join(version).join("lib/node_modules"), &mut out);
    }
    for folder in EXTENSION_FOLDERS {
        for name in names(&home.join(folder)) {
            out.extend(extension(&name));
        }
    }
    // The program that installs itself keeps a folder of its versions.
    for version in names(&home.join(".local/share/claude/versions")) {
        push(&mut out, Agent::ClaudeCode, &version, "");
    }
    out.sort_by(|a, b| (&a.agent, &a.extension, &a.version).cmp(&(&b.agent, &b.extension, &b.version)));
    out.dedup();
    out
}

fn push(out: &mut Vec<Installed>, agent: Agent, version: &str, extension: &str) {
    out.push(Installed {
        agent: agent.name().to_owned(),
        version: version.to_owned(),
        extension: extension.to_owned(),
    });
}

/// The names in a folder, sorted; none where it cannot be listed: the program is then not known to be there.
fn names(folder: &Path) -> Vec<String> {
    let list = std::fs::read_dir(folder).into_iter().flatten().flatten().take(ENTRIES_MAX);
    let mut names: Vec<String> = list.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

fn npm(modules: &Path, out: &mut Vec<Installed>) {
    for (package, agent) in PACKAGES {
        let path = modules.join(package).join("package.json");
        let Ok(bytes) = read::read(&path, "package.json", MANIFEST_MAX_BYTES) else { continue };
        let version = yata_agents::read(yata_agents::Format::Json, &bytes, 0)
            .root
            .and_then(|root| root.get("version").and_then(|version| version.as_text()).map(str::to_owned))
            .unwrap_or_default();
        push(out, agent, &version, "");
    }
}

/// `saoudrizwan.claude-dev-3.1.0-linux-x64`.
fn extension(folder: &str) -> Option<Installed> {
    let lower = folder.to_ascii_lowercase();
    let (id, agent, rest) = EXTENSIONS.iter().find_map(|(id, agent)| {
        let rest = lower.strip_prefix(id)?.strip_prefix('-')?;
        rest.starts_with(|first: char| first.is_ascii_digit()).then_some((*id, *agent, rest))
    })?;
    let version = rest.split('-').next().unwrap_or_default();
    let name = folder.get(..id.len()).unwrap_or(id);
    Some(Installed { agent: agent.name().to_owned(), version: version.to_owned(), extension: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_by_their_folders() {
        let found = extension("RooVeterinaryInc.roo-cline-3.1.0-linux-x64").unwrap();
        assert_eq!(
            (found.agent.as_str(), found.version.as_str(), found.extension.as_str()),
            ("roo-code", "3.1.0", "RooVeterinaryInc.roo-cline")
        );
        assert_eq!(extension("github.copilot-chat-0.31.2").unwrap().extension, "github.copilot-chat");
        assert_eq!(extension("someone.else-1.0.0"), None);
    }
}
