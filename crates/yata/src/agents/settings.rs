//! `yata agents settings`: the managed settings of each agent, what they cannot say, and how a machine differs.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Serialize;
use yata_agents::managed::{
    self, Drift, DriftKind, ISSUED_AGENTS, IssuedFile, Loss, LossItem, Organisation, Refusal, Rules,
};
use yata_agents::{Agent, Os};
use yata_model::{Message, Problem};
use yata_words::Lang;

use super::organisation::{read, read_organisation};
use super::seen;
use crate::cli::{ListFormatArg, OsArg, SettingsArgs};
use crate::view::style::Style;
use crate::view::text::{printable, wrap};
use crate::{EXIT_CLEAR, EXIT_FOUND, EXIT_UNKNOWN, Terminal, output};

#[derive(Serialize)]
struct Wire<'a> {
    files: Vec<FileWire<'a>>,
    losses: Vec<LossWire<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drift: Option<Vec<DriftWire<'a>>>,
}

#[derive(Serialize)]
struct FileWire<'a> {
    agent: &'static str,
    path: &'a str,
    text: &'a str,
    /// The published JSON schema.
    schema: Option<&'static str>,
    /// What it was checked against: the audit; no schema.
    schema_checked: bool,
}

#[derive(Serialize)]
struct LossWire<'a> {
    agent: &'static str,
    item: &'static str,
    rule: Option<&'a str>,
    what: &'a [String],
    /// `no` or `part`.
    settings: &'static str,
    /// `no`, `part` or `yes`.
    hook: &'static str,
    text: String,
}

#[derive(Serialize)]
struct DriftWire<'a> {
    agent: &'static str,
    kind: &'static str,
    path: &'a str,
    line: u32,
    key: &'a str,
    issued: &'a str,
    found: &'a str,
}

pub(super) fn run(args: &SettingsArgs, terminal: &Terminal) -> anyhow::Result<u8> {
    let organisation = read_organisation(&args.organisation, terminal.lang)?;
    let rules = match &args.rules {
        Some(file) => read(file, terminal.lang, managed::rules)?,
        None => managed::default_rules(),
    };
    let agents = agents(&args.agent, &organisation)?;
    if args.drift {
        return drift(args, &agents, &organisation, &rules, terminal);
    }
    let files = issued(&agents, &organisation, &rules, system(args.os))?;
    if let Some(folder) = &args.out {
        for file in &files {
            put(folder, file)?;
        }
    }
    let losses: Vec<Loss> = agents.iter().flat_map(|agent| managed::losses(*agent, &organisation, &rules)).collect();
    let text = match args.format {
        ListFormatArg::Json => json(&files, &losses, None, terminal.lang)?,
        ListFormatArg::Human => human(&files, &losses, args.out.as_deref(), terminal),
    };
    output::write(&text, None)?;
    Ok(EXIT_CLEAR)
}

fn agents(names: &[String], organisation: &Organisation) -> anyhow::Result<Vec<Agent>> {
    if names.is_empty() {
        return Ok(ISSUED_AGENTS.into_iter().filter(|agent| organisation.agents.contains(agent)).collect());
    }
    let known: Vec<&str> = ISSUED_AGENTS.into_iter().map(Agent::name).collect();
    // The short name of the hook's command line counts too.
    let named = |name: &String| match name.as_str() {
        "gemini" => Some(Agent::GeminiCli),
        name => Agent::named(name),
    };
    names
        .iter()
        .map(|name| {
            named(name).with_context(|| format!("there is no agent `{name}`: the names are {}", known.join(", ")))
        })
        .collect()
}

fn issued(agents: &[Agent], organisation: &Organisation, rules: &Rules, os: Os) -> anyhow::Result<Vec<IssuedFile>> {
    let mut files = Vec::new();
    for agent in agents {
        match managed::issue(*agent, organisation, rules, os) {
            Ok(more) => files.extend(more),
            Err(Refusal::NotAllowed) => bail!("the organisation does not allow `{}`: add it to `agents`", agent.name()),
            Err(Refusal::NoSettings) => bail!("no managed settings are known of `{}`", agent.name()),
        }
    }
    Ok(files)
}

fn system(os: Option<OsArg>) -> Os {
    match os {
        Some(OsArg::Linux) => Os::Linux,
        Some(OsArg::Macos) => Os::Macos,
        Some(OsArg::Windows) => Os::Windows,
        None if cfg!(target_os = "macos") => Os::Macos,
        None if cfg!(windows) => Os::Windows,
        None => Os::Linux,
    }
}

/// Where a file goes below a folder: the machine's path, `C:/` as `C/`.
fn place(folder: &Path, path: &str) -> PathBuf {
    folder.join(path.replace(':', "").trim_start_matches('/'))
}

fn put(folder: &Path, file: &IssuedFile) -> anyhow::Result<()> {
    let path = place(folder, &file.path);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).with_context(|| format!("cannot make `{}`", parent.display()))?;
    }
    output::write(&file.text, Some(&path))
}

fn file_wire(file: &IssuedFile) -> FileWire<'_> {
    let IssuedFile { agent, path, text, .. } = file;
    FileWire { agent: agent.name(), path, text, schema: managed::published_schema(file), schema_checked: false }
}

fn json(files: &[IssuedFile], losses: &[Loss], drift: Option<&[Drift]>, lang: Lang) -> anyhow::Result<String> {
    let wire = Wire {
        files: files.iter().map(file_wire).collect(),
        losses: losses
            .iter()
            .map(|one| LossWire {
                agent: one.agent.name(),
                item: one.item.name(),
                rule: (!one.rule.is_empty()).then_some(&*one.rule),
                what: &one.what,
                settings: one.expressed.name(),
                hook: one.hooked.name(),
                text: item_text(one.item, lang),
            })
            .collect(),
        drift: drift.map(|all| {
            all.iter()
                .map(|one| DriftWire {
                    agent: one.agent.name(),
                    kind: one.kind.name(),
                    path: &one.path,
                    line: one.line,
                    key: &one.key,
                    issued: &one.issued,
                    found: &one.found,
                })
                .collect()
        }),
    };
    Ok(serde_json::to_string_pretty(&wire)? + "\n")
}

fn human(files: &[IssuedFile], losses: &[Loss], out: Option<&Path>, terminal: &Terminal) -> String {
    let style = Style { color: terminal.color };
    let render = |message: &Message| yata_words::render(terminal.lang, message);
    let mut text = String::new();
    for file in files {
        match out {
            Some(folder) => {
                let path = place(folder, &file.path).display().to_string();
                let message = Message::new("managed-written").with("agent", file.agent.name()).with("file", path);
                text.push_str(&format!("{}\n", render(&message)));
            }
            None => text.push_str(&format!("{}\n{}\n", style.bold(&file.path), file.text)),
        }
    }
    let unchecked = match files.iter().any(|file| managed::published_schema(file).is_some()) {
        true => "managed-schema-unchecked",
        false => "managed-schema-none",
    };
    text.push_str(&format!("{}\n", style.dim(&render(&Message::new(unchecked)))));
    let mut last = None;
    for loss in losses {
        if last != Some(loss.agent) {
            let message = Message::new("managed-losses").with("agent", loss.agent.name());
            text.push_str(&format!("\n{}\n", style.bold(&render(&message))));
            last = Some(loss.agent);
        }
        let line = loss_line(loss, terminal.lang);
        for (n, line) in wrap(&line, terminal.columns.saturating_sub(4)).iter().enumerate() {
            text.push_str(&format!("{}{line}\n", if n == 0 { "  " } else { "    " }));
        }
    }
    text
}

/// `Files that are read (secrets-read: **/.env, …): settings no; the hook decides most calls`.
fn loss_line(loss: &Loss, lang: Lang) -> String {
    let word = |id: &str| yata_words::text(lang, id);
    let settings = match loss.expressed {
        managed::Expressed::No => word("managed-settings-no"),
        managed::Expressed::Part => word("managed-settings-part"),
        managed::Expressed::Yes => word("managed-settings-yes"),
    };
    let hook = match loss.hooked {
        managed::Hooked::No => word("managed-hook-no"),
        managed::Hooked::Part => word("managed-hook-part"),
        managed::Hooked::Yes => word("managed-hook-yes"),
    };
    let mut about: Vec<String> = Vec::new();
    if !loss.rule.is_empty() {
        about.push(loss.rule.clone());
    }
    if !loss.what.is_empty() {
        about.push(loss.what.join(", "));
    }
    let message = Message::new("managed-loss")
        .with("item", item_text(loss.item, lang))
        .with("about", if about.is_empty() { "-".to_owned() } else { about.join(": ") })
        .with("settings", settings)
        .with("hook", hook);
    printable(yata_words::render(lang, &message))
}

fn item_text(item: LossItem, lang: Lang) -> String {
    let id = match item {
        LossItem::Command => "managed-item-command",
        LossItem::Text => "managed-item-text",
        LossItem::Read => "managed-item-read",
        LossItem::Edit => "managed-item-edit",
        LossItem::Host => "managed-item-host",
        LossItem::Tool => "managed-item-tool",
        LossItem::Meaning => "managed-item-meaning",
        LossItem::Servers => "managed-item-servers",
        LossItem::Marketplaces => "managed-item-marketplaces",
        LossItem::Network => "managed-item-network",
        LossItem::Models => "managed-item-models",
        LossItem::Account => "managed-item-account",
        LossItem::Version => "managed-item-version",
        LossItem::Retention => "managed-item-retention",
        LossItem::Telemetry => "managed-item-telemetry",
        LossItem::Bypass => "managed-item-bypass",
        LossItem::HooksOnly => "managed-item-hooks-only",
        LossItem::RulesOnly => "managed-item-rules-only",
        LossItem::FailClosed => "managed-item-fail-closed",
        LossItem::Variables => "managed-item-variables",
    };
    yata_words::text(lang, id)
}

/// Compares this machine, or a mounted disk, with what would be issued to it.
fn drift(
    args: &SettingsArgs,
    agents: &[Agent],
    organisation: &Organisation,
    rules: &Rules,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let root = args.root.clone().unwrap_or_else(|| PathBuf::from("/"));
    if !root.is_dir() {
        bail!("`{}` is no folder: name the root of a disk", root.display());
    }
    // Without a home the folders of the system are read all the same.
    let home = if args.root.is_some() { root.clone() } else { seen::home().unwrap_or_else(|| root.clone()) };
    let look = yata_collect::Look { root: &root, home: Some(&home), trees: &[], projects: &[] };
    let sight = yata_collect::machine(&look);
    let files = issued(agents, organisation, rules, sight.machine.os)?;
    let found = managed::drift(&files, &sight.machine);
    let text = match args.format {
        ListFormatArg::Json => json(&files, &[], Some(&found), terminal.lang)?,
        ListFormatArg::Human => {
            let mut text = String::new();
            super::audit::problems(&mut text, &sight.problems, terminal);
            text + &drift_text(&found, files.len(), terminal)
        }
    };
    output::write(&text, None)?;
    let unread =
        sight.problems.iter().any(Problem::is_gap) || found.iter().any(|one| one.kind == DriftKind::FileUnread);
    Ok(match (unread, found.is_empty()) {
        (true, _) => EXIT_UNKNOWN,
        (false, true) => EXIT_CLEAR,
        (false, false) => EXIT_FOUND,
    })
}

fn drift_text(found: &[Drift], files: usize, terminal: &Terminal) -> String {
    let mut out = String::new();
    for one in found {
        let id = match one.kind {
            DriftKind::FileMissing => "managed-drift-file-missing",
            DriftKind::FileAdded => "managed-drift-file-added",
            DriftKind::FileUnread => "managed-drift-file-unread",
            DriftKind::Missing => "managed-drift-missing",
            DriftKind::Added => "managed-drift-added",
            DriftKind::Changed => "managed-drift-changed",
        };
        let message = Message::new(id)
            .with("key", one.key.as_str())
            .with("issued", one.issued.as_str())
            .with("found", one.found.as_str());
        let line = if one.line == 0 { String::new() } else { format!(":{}", one.line) };
        let text = yata_words::render(terminal.lang, &message);
        out.push_str(&format!("{}\n", printable(format!("{}{line}  {text}", one.path))));
    }
    let total = Message::new("managed-drift-total").with("count", found.len()).with("files", files);
    out.push_str(&format!("{}\n", yata_words::render(terminal.lang, &total)));
    out
}
