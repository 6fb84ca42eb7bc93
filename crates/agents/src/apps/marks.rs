//! The traces that coding agents leave: addresses, names, files.

/// The addresses from which agents commit, or which they name in trailers: the end of the address, and the agent.
pub(super) const ADDRESSES: [(&str, &str); 22] = [
    ("noreply@anthropic.com", "Claude Code"),
    ("+claude[bot]@users.noreply.github.com", "Claude Code"),
    ("noreply@openai.com", "Codex"),
    ("codex@openai.com", "Codex"),
    ("+chatgpt-codex-connector[bot]@users.noreply.github.com", "Codex"),
    ("+copilot@users.noreply.github.com", "GitHub Copilot"),
    ("+copilot-swe-agent[bot]@users.noreply.github.com", "GitHub Copilot"),
    ("copilot@github.com", "GitHub Copilot"),
    ("cursoragent@cursor.com", "Cursor"),
    ("+cursor[bot]@users.noreply.github.com", "Cursor"),
    ("+devin-ai-integration[bot]@users.noreply.github.com", "Devin"),
    ("+google-labs-jules[bot]@users.noreply.github.com", "Jules"),
    ("+gemini-code-assist[bot]@users.noreply.github.com", "Gemini"),
    ("+gemini-cli-robot@users.noreply.github.com", "Gemini"),
    ("noreply@aider.chat", "aider"),
    ("aider@aider.chat", "aider"),
    ("noreply@opencode.ai", "opencode"),
    ("amp@ampcode.com", "Amp"),
    ("+gpt-engineer-app[bot]@users.noreply.github.com", "Lovable"),
    ("+lovable-dev[bot]@users.noreply.github.com", "Lovable"),
    ("+v0[bot]@users.noreply.github.com", "v0"),
    ("openhands@all-hands.dev", "OpenHands"),
];

/// Names of agents as marks write them, in lower case; the longer of two that begin alike first.
pub(super) const NAMES: [(&str, &str); 26] = [
    ("claude code", "Claude Code"),
    ("claude", "Claude"),
    ("chatgpt", "ChatGPT"),
    ("openai codex", "Codex"),
    ("codex cli", "Codex"),
    ("codex", "Codex"),
    ("gpt-4", "ChatGPT"),
    ("gpt-5", "ChatGPT"),
    ("github copilot", "GitHub Copilot"),
    ("copilot", "GitHub Copilot"),
    ("cursor", "Cursor"),
    ("gemini", "Gemini"),
    ("windsurf", "Windsurf"),
    ("devin", "Devin"),
    ("lovable", "Lovable"),
    ("bolt.new", "Bolt"),
    ("v0.dev", "v0"),
    ("v0.app", "v0"),
    ("replit agent", "Replit Agent"),
    ("cline", "Cline"),
    ("roo code", "Roo Code"),
    ("aider", "aider"),
    ("opencode", "opencode"),
    ("amazon q", "Amazon Q"),
    ("kiro", "Kiro"),
    ("junie", "Junie"),
];

/// Names that people have too: in a trailer they count only if a model's or a product's word follows, or nothing.
pub(super) const MODEL_WORDS: [&str; 11] =
    ["code", "opus", "sonnet", "haiku", "cli", "agent", "pro", "flash", "ai", "bot", "assistant"];

/// Files and folders that say that agents work here, and the agent. A folder ends in `/`.
pub(super) const FILES: [(&str, &str); 25] = [
    ("CLAUDE.md", "Claude Code"),
    ("CLAUDE.local.md", "Claude Code"),
    (".claude/", "Claude Code"),
    ("AGENTS.md", "agents"),
    ("AGENTS.override.md", "Codex"),
    (".codex/", "Codex"),
    ("GEMINI.md", "Gemini"),
    (".gemini/", "Gemini"),
    (".cursor/", "Cursor"),
    (".cursorrules", "Cursor"),
    (".windsurf/", "Windsurf"),
    (".windsurfrules", "Windsurf"),
    (".github/copilot-instructions.md", "GitHub Copilot"),
    (".github/instructions/", "GitHub Copilot"),
    (".clinerules", "Cline"),
    (".clinerules/", "Cline"),
    (".roo/", "Roo Code"),
    (".aider.conf.yml", "aider"),
    (".aider.chat.history.md", "aider"),
    (".opencode/", "opencode"),
    (".amazonq/", "Amazon Q"),
    (".kiro/", "Kiro"),
    (".junie/", "Junie"),
    (".bolt/", "Bolt"),
    ("replit.md", "Replit Agent"),
];

/// The agent whose address this is.
pub(super) fn by_address(address: &str) -> Option<&'static str> {
    let address = address.trim().to_ascii_lowercase();
    ADDRESSES
        .iter()
        .find(|(end, _)| {
            // An address of a hosting service has a number before the `+`; others are whole.
            if end.starts_with('+') {
                address.strip_suffix(end).is_some_and(|front| front.bytes().all(|byte| byte.is_ascii_digit()))
                    || end.strip_prefix('+') == Some(&address)
            } else {
                address == *end
            }
        })
        .map(|(_, agent)| *agent)
}

/// The agent that a text begins with, and the rest.
pub(super) fn named_at_start(text: &str) -> Option<(&'static str, &str)> {
    NAMES.iter().find_map(|(name, agent)| {
        let (front, rest) = text.split_at_checked(name.len())?;
        let ends = !rest.starts_with(|next: char| next.is_ascii_alphanumeric());
        (front.eq_ignore_ascii_case(name) && ends).then_some((*agent, rest))
    })
}

/// The agent that a path speaks of: the file itself, or the folder that it is in, at any depth.
pub(super) fn by_path(path: &str) -> Option<(&'static str, &'static str)> {
    FILES
        .iter()
        .find(|(mark, _)| match mark.strip_suffix('/') {
            Some(folder) => {
                let inside = path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
                inside || path.contains(&format!("/{mark}"))
            }
            None => path == *mark || path.strip_suffix(mark).is_some_and(|front| front.ends_with('/')),
        })
        .map(|(mark, agent)| (*mark, *agent))
}
