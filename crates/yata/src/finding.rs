//! `yata finding`: what a person decides of a finding.

use std::collections::HashMap;

use jiff::Timestamp;
use yata_model::{Finding, Message, StateChange};
use yata_store::{Filter, Store};
use yata_words::{Lang, render as words};

use crate::cli::{FindingVerb, ListFormatArg};
use crate::data::{DataFolder, runtime};
use crate::view::terminal::state_message;
use crate::view::text::printable;
use crate::{EXIT_CLEAR, Terminal, output};

/// Findings read from the database at once.
const PAGE_COUNT: u32 = 500;

pub(crate) fn run(verb: FindingVerb, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<u8> {
    runtime()?.block_on(async {
        let store = Store::open(&data.database()).await?;
        let now = Timestamp::now();
        let text = match verb {
            FindingVerb::List { format, all } => list(&store, format, all, now, terminal).await?,
            FindingVerb::History { id } => history(&store.history(&id).await?, terminal.lang),
            FindingVerb::Accept(a) => {
                done(&store.accept(&a.id, a.until, &a.why, &who(a.by), now).await?, terminal.lang)
            }
            FindingVerb::Mitigate(a) => {
                done(&store.mitigate(&a.id, a.until, &a.why, &who(a.by), now).await?, terminal.lang)
            }
            FindingVerb::FalsePositive(a) => {
                done(&store.false_positive(&a.id, &a.why, &who(a.by), now).await?, terminal.lang)
            }
            FindingVerb::Reopen(a) => done(&store.reopen(&a.id, &a.why, &who(a.by), now).await?, terminal.lang),
        };
        store.close().await;
        output::write(&text, None)?;
        Ok(EXIT_CLEAR)
    })
}

/// The name given, else that of the account.
pub(crate) fn who(by: Option<String>) -> String {
    let account = || ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    by.or_else(account).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "unknown".to_owned())
}

fn done(finding: &Finding, lang: Lang) -> String {
    let state = words(lang, &state_message(&finding.state));
    printable(format!("{}  {} {}: {state}", finding.id, finding.rule, finding.subject.label())) + "\n"
}

async fn list(
    store: &Store,
    format: ListFormatArg,
    all: bool,
    now: Timestamp,
    terminal: &Terminal,
) -> anyhow::Result<String> {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let filter = Filter { open_on: (!all).then_some(today), ..Filter::default() };
    let mut findings = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.findings(&filter, after.as_deref(), PAGE_COUNT).await?;
        findings.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if format == ListFormatArg::Json {
        return Ok(serde_json::to_string_pretty(&findings)? + "\n");
    }
    if findings.is_empty() {
        return Ok(words(terminal.lang, &Message::new("finding-none")) + "\n");
    }
    let names = asset_names(store).await?;
    let line = |finding: &Finding| {
        let name = names.get(&finding.asset_id).map(String::as_str).unwrap_or_default();
        format!("{}  {}", printable(name), done(finding, terminal.lang))
    };
    Ok(findings.iter().map(line).collect())
}

async fn asset_names(store: &Store) -> anyhow::Result<HashMap<String, String>> {
    let mut names = HashMap::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.assets(after.as_deref(), PAGE_COUNT).await?;
        names.extend(page.items.into_iter().map(|asset| (asset.id, asset.name)));
        after = page.next;
        if after.is_none() {
            return Ok(names);
        }
    }
}

fn history(changes: &[StateChange], lang: Lang) -> String {
    let mut text = String::new();
    for change in changes {
        let state = words(lang, &state_message(&change.state));
        // A sensor's reason is the id of a text.
        let why =
            if change.why.starts_with("history-") { yata_words::text(lang, &change.why) } else { change.why.clone() };
        let at = change.at.strftime("%Y-%m-%d %H:%M UTC");
        text.push_str(&printable(format!("{at}  {state}  {}: {why}", change.by)));
        text.push('\n');
    }
    text
}
