//! `yata agents settings`: the managed settings of each agent, what they cannot say, and how a machine differs.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Serialize;
use yata_agents::managed::{
    self, Decision, Drift, DriftKind, ISSUED_AGENTS, IssuedFile, Loss, LossItem, LossNote, Organisation, Refusal,
    Rules, Settled, Stricter,
};
use yata_agents::{Agent, Os};
use yata_model::{Message, Problem};
use yata_words::Lang;

use super::decided::{Policy, issued_from, record, record_path};
use super::organisation::{read, read_organisation, told};
use super::seen;
use crate::cli::{ListFormatArg, OsArg, SettingsArgs};
use crate::policy::short;
use crate::view::style::Style;
use crate::view::text::{printable, wrap};
use crate::{EXIT_CLEAR, EXIT_FOUND, EXIT_UNKNOWN, Terminal, output};

#[derive(Serialize)]
struct Wire<'a> {
    policy: PolicyWire<'a>,
    files: Vec<FileWire<'a>>,
    losses: Vec<LossWire<'a>>,
    stricter: Vec<StricterWire<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drift: Option<Vec<DriftWire<'a>>>,
}

#[derive(Serialize)]
struct PolicyWire<'a> {
    /// The policy that decided.
    version: &'a str,
    source: &'a str,
    /// The version from which the settings of the machine were issued, where it is compared and known.
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_from: Option<&'a str>,
}

#[derive(Serialize)]
struct StricterWire<'a> {
    agent: &'static str,
    rule: &'a str,
    pattern: &'a str,
    decision: &'static str,
    calls: Vec<CallWire<'a>>,
}

#[derive(Serialize)]
struct CallWire<'a> {
    call: &'a str,
    /// What the policy says of it.
    policy: &'static str,
}

#[derive(Serialize)]
struct FileWire<'a> {
    agent: &'static str,
    path: &'a str,
    text: &'a str,
    /// The published JSON schema.
    schema: Option<&'static str>,
    /// Nothing was checked against it here; in the tests the agents' own validators examine what is issued.
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
    /// Why: `outside-sandbox` or `walk`.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
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
    let root = args.root.clone().unwrap_or_else(|| PathBuf::from("/"));
    if !root.is_dir() {
        bail!("`{}` is no folder: name the root of a disk", root.display());
    }
    let policy = Policy::of(&args.set, &root)?;
    let settled = settled(&agents, &organisation, &rules, &policy)
        .map_err(|wrong| told(&wrong, terminal.lang).context("the policy is stricter than the organisation"))?;
    let asked = Asked { agents: &settled, organisation: &organisation, policy: &policy };
    if args.drift {
        return drift(args, &root, &asked, terminal);
    }
    let os = system(args.os);
    let files = issued(&asked, os)?;
    if let Some(folder) = &args.out {
        for file in &files {
            put(folder, &file.path, &file.text)?;
        }
        put(folder, record_path(os), &record(&policy)?)?;
    }
    let report = Report::of(&asked, files, os);
    let text = match args.format {
        ListFormatArg::Json => json(&report, &policy, None, terminal.lang)?,
        ListFormatArg::Human => human(&report, &policy, args.out.as_deref(), terminal),
    };
    output::write(&text, None)?;
    Ok(EXIT_CLEAR)
}

/// What settings are issued from.
struct Asked<'a> {
    /// The agents, each with what the policy decides.
    agents: &'a [(Agent, Settled)],
    organisation: &'a Organisation,
    policy: &'a Policy,
}

/// What is issued, and how it differs from what is meant.
struct Report {
    files: Vec<IssuedFile>,
    losses: Vec<Loss>,
    stricter: Vec<(Agent, Stricter)>,
}

impl Report {
    fn of(asked: &Asked<'_>, files: Vec<IssuedFile>, os: Os) -> Self {
        let (mut losses, mut stricter) = (Vec::new(), Vec::new());
        for (agent, settled) in asked.agents {
            losses.extend(managed::losses(*agent, asked.organisation, settled, os));
            let issued = settled.stricter.iter().filter(|one| managed::is_issued(*agent, one.decision, &one.what));
            stricter.extend(issued.map(|one| (*agent, one.clone())));
        }
        Report { files, losses, stricter }
    }
}

fn settled(
    agents: &[Agent],
    organisation: &Organisation,
    rules: &Rules,
    policy: &Policy,
) -> Result<Vec<(Agent, Settled)>, Vec<managed::Setback>> {
    agents.iter().map(|agent| Ok((*agent, policy.settle(*agent, organisation, rules)?))).collect()
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

fn issued(asked: &Asked<'_>, os: Os) -> anyhow::Result<Vec<IssuedFile>> {
    let mut files = Vec::new();
    for (agent, settled) in asked.agents {
        match managed::issue(*agent, asked.organisation, settled, os) {
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

fn put(folder: &Path, path: &str, text: &str) -> anyhow::Result<()> {
    let path = place(folder, path);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).with_context(|| format!("cannot make `{}`", parent.display()))?;
    }
    output::write(text, Some(&path))
}

fn file_wire(file: &IssuedFile) -> FileWire<'_> {
    let IssuedFile { agent, path, text, .. } = file;
    FileWire { agent: agent.name(), path, text, schema: managed::published_schema(file), schema_checked: false }
}

fn loss_wire(one: &Loss, lang: Lang) -> LossWire<'_> {
    LossWire {
        agent: one.agent.name(),
        item: one.item.name(),
        rule: (!one.rule.is_empty()).then_some(&*one.rule),
        what: &one.what,
        settings: one.expressed.name(),
        hook: one.hooked.name(),
        note: one.note.map(LossNote::name),
        text: item_text(one.item, lang),
    }
}

fn stricter_wire((agent, one): &(Agent, Stricter)) -> StricterWire<'_> {
    StricterWire {
        agent: agent.name(),
        rule: &one.rule,
        pattern: one.what.pattern(),
        decision: one.decision.name(),
        calls: one
            .calls
            .iter()
            .map(|(probe, says)| CallWire { call: probe.text(), policy: says.map_or("allow", Decision::name) })
            .collect(),
    }
}

fn drift_wire(one: &Drift) -> DriftWire<'_> {
    DriftWire {
        agent: one.agent.name(),
        kind: one.kind.name(),
        path: &one.path,
        line: one.line,
        key: &one.key,
        issued: &one.issued,
        found: &one.found,
    }
}

/// How a machine differs, and from which policy its settings were issued.
type Compared<'a> = (&'a [Drift], Option<&'a str>);

fn json(report: &Report, policy: &Policy, compared: Option<Compared<'_>>, lang: Lang) -> anyhow::Result<String> {
    let issued_from = compared.and_then(|(_, from)| from);
    let wire = Wire {
        policy: PolicyWire { version: &policy.version, source: &policy.source, issued_from },
        files: report.files.iter().map(file_wire).collect(),
        losses: report.losses.iter().map(|one| loss_wire(one, lang)).collect(),
        stricter: report.stricter.iter().map(stricter_wire).collect(),
        drift: compared.map(|(drift, _)| drift.iter().map(drift_wire).collect()),
    };
    Ok(serde_json::to_string_pretty(&wire)? + "\n")
}

fn human(report: &Report, policy: &Policy, out: Option<&Path>, terminal: &Terminal) -> String {
    let files = &report.files;
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
    let decided = Message::new("agents-settings-policy")
        .with("version", short(&policy.version))
        .with("source", policy.source.as_str());
    text.push_str(&format!("{}\n", style.dim(&printable(render(&decided)))));
    let mut last = None;
    for loss in &report.losses {
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
    text + &stricter_text(&report.stricter, terminal)
}

/// What settings stop although the policy says less; what holds for several agents once.
fn stricter_text(stricter: &[(Agent, Stricter)], terminal: &Terminal) -> String {
    let mut rows: Vec<(&Stricter, Vec<&str>)> = Vec::new();
    for (agent, one) in stricter {
        match rows.iter_mut().find(|(known, _)| *known == one) {
            Some((_, agents)) => agents.push(agent.name()),
            None => rows.push((one, vec![agent.name()])),
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let style = Style { color: terminal.color };
    let word = |decision: Option<Decision>| {
        let id = match decision {
            None => "policy-allow",
            Some(Decision::Ask) => "policy-ask",
            Some(Decision::Deny) => "policy-deny",
        };
        yata_words::text(terminal.lang, id)
    };
    let head = yata_words::render(terminal.lang, &Message::new("agents-settings-stricter-head"));
    let mut text = format!("\n{}\n", style.bold(&head));
    for (one, agents) in rows {
        let call = |(probe, says): &(managed::Probe, Option<Decision>)| format!("`{}` ({})", probe.text(), word(*says));
        let message = Message::new("agents-settings-stricter")
            .with("pattern", one.what.pattern())
            .with("rule", one.rule.as_str())
            .with("decision", word(Some(one.decision)))
            .with("calls", one.calls.iter().map(call).collect::<Vec<_>>().join(", "))
            .with("agents", agents.join(", "));
        let line = printable(yata_words::render(terminal.lang, &message));
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
    let note = match loss.note {
        Some(LossNote::OutsideSandbox) => word("agents-settings-note-sandbox"),
        Some(LossNote::Walk) => word("agents-settings-note-walk"),
        None => String::new(),
    };
    let line = yata_words::render(lang, &message);
    printable(if note.is_empty() { line } else { format!("{line} {note}") })
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
fn drift(args: &SettingsArgs, root: &Path, asked: &Asked<'_>, terminal: &Terminal) -> anyhow::Result<u8> {
    // Without a home the folders of the system are read all the same.
    let home = if args.root.is_some() { root.to_owned() } else { seen::home().unwrap_or_else(|| root.to_owned()) };
    let look = yata_collect::Look { root, home: Some(&home), trees: &[], projects: &[] };
    let sight = yata_collect::machine(&look);
    let os = sight.machine.os;
    let report = Report { files: issued(asked, os)?, losses: Vec::new(), stricter: Vec::new() };
    let found = managed::drift(&report.files, &sight.machine);
    let from = issued_from(root, os);
    let text = match args.format {
        ListFormatArg::Json => json(&report, asked.policy, Some((&found, from.as_deref())), terminal.lang)?,
        ListFormatArg::Human => {
            let mut text = String::new();
            super::audit::problems(&mut text, &sight.problems, terminal);
            text.push_str(&from_text(asked.policy, from.as_deref(), terminal));
            text + &drift_text(&found, report.files.len(), terminal)
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

/// From which policy the settings of the machine are, where that is not the one that decides now.
fn from_text(policy: &Policy, from: Option<&str>, terminal: &Terminal) -> String {
    let message = match from {
        Some(from) if from == policy.version => return String::new(),
        Some(from) => Message::new("agents-settings-policy-moved")
            .with("from", short(from))
            .with("version", short(&policy.version)),
        None => Message::new("agents-settings-policy-untold").with("version", short(&policy.version)),
    };
    format!("{}\n", printable(yata_words::render(terminal.lang, &message)))
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
