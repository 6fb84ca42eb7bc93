//! The ids of the checks on texts, by kind of artefact, with the reason that a person reads.

use yata_model::Message;

use super::finding::Kind;

/// The last part of an id, the id on skills, and the id on rules where there is one of its own.
const IDS: &[(&str, &str, Option<&str>)] = &[
    ("hidden-unicode", "agents.skill.hidden-unicode", Some("agents.rules.hidden-unicode")),
    ("bidi", "agents.skill.bidi", Some("agents.rules.hidden-unicode")),
    ("hidden-comment", "agents.skill.hidden-comment", Some("agents.rules.hidden-comment")),
    ("long-blank", "agents.skill.long-blank", None),
    ("encoded-block", "agents.skill.encoded-block", None),
    ("pipe-shell", "agents.skill.pipe-shell", Some("agents.rules.pipe-shell")),
    ("dynamic-command", "agents.skill.dynamic-command", None),
    ("allowed-tools-wide", "agents.skill.allowed-tools-wide", None),
    ("credential-read", "agents.skill.credential-read", None),
    ("exfiltrates", "agents.skill.exfiltrates", Some("agents.rules.exfiltrates")),
    ("undeclared-network", "agents.skill.undeclared-network", None),
    ("undeclared-process", "agents.skill.undeclared-process", None),
    ("persistence", "agents.skill.persistence", None),
    ("memory-write", "agents.skill.memory-write", None),
    ("settings-write", "agents.skill.settings-write", None),
    ("reroutes", "agents.skill.reroutes", None),
    ("overrides", "agents.skill.overrides", Some("agents.rules.overrides")),
    ("conceals", "agents.skill.conceals", Some("agents.rules.conceals")),
    ("skips-approval", "agents.skill.skips-approval", Some("agents.rules.skips-approval")),
    ("remote-instructions", "agents.skill.remote-instructions", None),
    ("unpinned-install", "agents.skill.unpinned-install", None),
    ("password-archive", "agents.skill.password-archive", None),
    ("binary", "agents.skill.binary", None),
    ("unread", "agents.skill.unread", None),
    ("symlink-out", "agents.skill.symlink-out", Some("agents.rules.symlink-out")),
    ("path-escape", "agents.skill.path-escape", None),
    ("lookalike-name", "agents.skill.lookalike-name", None),
    ("front-matter", "agents.skill.front-matter", None),
    ("hooks-inside", "agents.skill.hooks-inside", None),
    ("grabs-every-task", "agents.skill.grabs-every-task", None),
    ("git-config-plant", "agents.rules.git-config-plant", None),
    ("literal-secret", "agents.rules.literal-secret", None),
    ("import-outside", "agents.rules.import-outside", None),
    ("too-long", "agents.rules.too-long", None),
    ("command-dynamic", "agents.claude.command-dynamic", None),
    ("tool-instructs", "agents.mcp.tool-instructs", None),
    ("tool-hidden", "agents.mcp.tool-hidden", None),
    ("tool-cross-reference", "agents.mcp.tool-cross-reference", None),
    ("tool-secret-parameter", "agents.mcp.tool-secret-parameter", None),
    ("tool-name-collision", "agents.mcp.tool-name-collision", None),
    ("tool-annotation", "agents.mcp.tool-annotation", None),
];

/// The id of a check for a kind of artefact; `None` for a word that is no check.
pub(super) fn id(check: &str, kind: Kind) -> Option<&'static str> {
    let (_, skill, rules) = IDS.iter().find(|(word, ..)| *word == check)?;
    Some(match (kind, rules) {
        (Kind::Rules, Some(rules)) => rules,
        _ => skill,
    })
}

/// All ids that the checks on texts can give.
pub fn ids() -> impl Iterator<Item = &'static str> {
    IDS.iter().flat_map(|(_, skill, rules)| std::iter::once(*skill).chain(*rules))
}

/// Why a place is a finding of that check. `what` is what it is about: a host, a tool, a target; empty where there is none.
pub(super) fn why(check: &str, what: &str) -> Message {
    let message = match check {
        "hidden-unicode" | "tool-hidden" => Message::new("texts-hidden-unicode"),
        "bidi" => Message::new("texts-bidi"),
        "hidden-comment" => Message::new("texts-hidden-comment"),
        "long-blank" => Message::new("texts-long-blank"),
        "encoded-block" => Message::new("texts-encoded-block"),
        "pipe-shell" => Message::new("texts-pipe-shell"),
        "dynamic-command" | "command-dynamic" => Message::new("texts-dynamic-command"),
        "allowed-tools-wide" => Message::new("texts-allowed-tools-wide"),
        "credential-read" => Message::new("texts-credential-read"),
        "exfiltrates" => Message::new("texts-exfiltrates"),
        "undeclared-network" if what.is_empty() => Message::new("texts-undeclared-network-somewhere"),
        "undeclared-network" => Message::new("texts-undeclared-network"),
        "undeclared-process" if what.is_empty() => Message::new("texts-undeclared-process-some"),
        "undeclared-process" => Message::new("texts-undeclared-process"),
        "persistence" => Message::new("texts-persistence"),
        "memory-write" => Message::new("texts-memory-write"),
        "settings-write" => Message::new("texts-settings-write"),
        "reroutes" => Message::new("texts-reroutes"),
        "overrides" => Message::new("texts-overrides"),
        "conceals" => Message::new("texts-conceals"),
        "skips-approval" => Message::new("texts-skips-approval"),
        "remote-instructions" => Message::new("texts-remote-instructions"),
        "unpinned-install" => Message::new("texts-unpinned-install"),
        "password-archive" => Message::new("texts-password-archive"),
        "binary" => Message::new("texts-binary"),
        "unread" => Message::new("texts-unread"),
        "symlink-out" => Message::new("texts-symlink-out"),
        "path-escape" => Message::new("texts-path-escape"),
        "lookalike-name" => Message::new("texts-lookalike-name"),
        "hooks-inside" => Message::new("texts-hooks-inside"),
        "grabs-every-task" => Message::new("texts-grabs-every-task"),
        "git-config-plant" => Message::new("texts-git-config-plant"),
        "literal-secret" => Message::new("texts-literal-secret"),
        "import-outside" => Message::new("texts-import-outside"),
        "too-long" => Message::new("texts-too-long"),
        "tool-instructs" => Message::new("texts-tool-instructs"),
        "tool-cross-reference" => Message::new("texts-tool-cross-reference"),
        "tool-secret-parameter" => Message::new("texts-tool-secret-parameter"),
        "tool-name-collision" => Message::new("texts-tool-name-collision"),
        "tool-annotation" => Message::new("texts-tool-annotation"),
        _ => Message::new("texts-front-matter"),
    };
    message.with("what", what)
}
