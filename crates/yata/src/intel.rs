//! `yata intel`: import, synchronise, status.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use yata_intel::{ImportOptions, ImportedSource, Index, MaxAges, Progress, SyncConfig, SyncOutcome};
use yata_model::{Message, SourceState, SourceStatus};
use yata_words::render as words;

use crate::cli::{IntelVerb, ListFormatArg};
use crate::data::DataFolder;
use crate::view::text::{pad, printable, width};
use crate::{EXIT_CLEAR, EXIT_UNKNOWN, Terminal, output};

pub(crate) fn run(verb: IntelVerb, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<u8> {
    match verb {
        IntelVerb::Import { folder, dated } => import(&folder, dated, data, terminal),
        IntelVerb::Sync { ecosystem, osv_url, kev_url, epss_url, vulnrichment_url } => {
            let mut config = SyncConfig::default();
            if !ecosystem.is_empty() {
                config.ecosystems = ecosystem;
            }
            // An address that the person typed may be a mirror on this machine; a default never is.
            config.allow_http_loopback =
                [&osv_url, &kev_url, &epss_url, &vulnrichment_url].iter().any(|url| url.is_some());
            config.osv_base = osv_url.unwrap_or(config.osv_base);
            config.kev_url = kev_url.or(config.kev_url);
            config.epss_url = epss_url.or(config.epss_url);
            config.vulnrichment_url = vulnrichment_url.or(config.vulnrichment_url);
            sync(&config, data, terminal)
        }
        IntelVerb::Status { format, as_of } => status(format, as_of, data, terminal),
    }
}

/// Shows a step of an import or a download.
pub(crate) fn show(terminal: &Terminal, step: Progress<'_>) {
    terminal.progress.step(&Message::new("progress-source").with("source", step.source), step.done, step.total);
}

fn import(
    folder: &Path,
    dated: Option<jiff::civil::Date>,
    data: &DataFolder,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let options = ImportOptions { now: Timestamp::now(), dated };
    let cancel = AtomicBool::new(false);
    let report = yata_intel::import(&data.index(), folder, &options, &|step| show(terminal, step), &cancel)?;
    terminal.progress.clear();
    let mut text = String::new();
    let mut whole = true;
    for source in &report.sources {
        whole &= source.refused.is_none() && source.unreadable == 0;
        describe(source, terminal, &mut text);
    }
    for path in &report.passed_over {
        let message = Message::new("intel-passed-over").with("path", path.display().to_string());
        line(&mut text, &words(terminal.lang, &message));
    }
    output::write(&text, None)?;
    Ok(if whole { EXIT_CLEAR } else { EXIT_UNKNOWN })
}

fn sync(config: &SyncConfig, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<u8> {
    let cancel = AtomicBool::new(false);
    let progress = |step: Progress<'_>| show(terminal, step);
    let report = yata_intel::sync(&data.index(), &data.downloads(), config, Timestamp::now(), &progress, &cancel)?;
    terminal.progress.clear();
    let mut text = String::new();
    let mut whole = true;
    for source in &report.sources {
        match &source.outcome {
            SyncOutcome::NotModified => {
                let message = Message::new("intel-not-modified").with("source", source.name.as_str());
                line(&mut text, &words(terminal.lang, &message));
            }
            SyncOutcome::Updated(imported) | SyncOutcome::Refused(imported) => {
                whole &= imported.refused.is_none() && imported.unreadable == 0;
                describe(imported, terminal, &mut text);
            }
            SyncOutcome::Failed(reason) => {
                whole = false;
                let message = Message::new("intel-failed").with("source", source.name.as_str());
                line(&mut text, &words(terminal.lang, &message.with("reason", reason.as_str())));
            }
        }
    }
    output::write(&text, None)?;
    Ok(if whole { EXIT_CLEAR } else { EXIT_UNKNOWN })
}

fn line(text: &mut String, added: &str) {
    text.push_str(&printable(added));
    text.push('\n');
}

fn describe(source: &ImportedSource, terminal: &Terminal, text: &mut String) {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    if let Some(reason) = &source.refused {
        let message =
            Message::new("intel-refused").with("source", source.name.as_str()).with("reason", reason.as_str());
        line(text, &words(terminal.lang, &message));
        return;
    }
    let message = Message::new("intel-imported")
        .with("source", source.name.as_str())
        .with("records", number(source.records))
        .with("changed", number(source.changed))
        .with("removed", number(source.removed));
    line(text, &words(terminal.lang, &message));
    if source.unreadable > 0 {
        let names = source.unreadable_names.join("; ");
        let message = Message::new("intel-unreadable").with("count", number(source.unreadable)).with("names", names);
        line(text, &format!("  {}", words(terminal.lang, &message)));
    }
}

fn status(
    format: ListFormatArg,
    as_of: Option<jiff::civil::Date>,
    data: &DataFolder,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let index = Index::open(&data.index())?;
    let today = as_of.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date());
    let sources = index.sources(today, &MaxAges::default());
    let all: Vec<&SourceStatus> = sources.all().collect();
    match format {
        ListFormatArg::Json => output::write(&format!("{}\n", serde_json::to_string_pretty(&all)?), None)?,
        ListFormatArg::Human => output::write(&table(&all, terminal), None)?,
    }
    let fresh = all.iter().all(|source| source.state == SourceState::Fresh);
    Ok(if fresh { EXIT_CLEAR } else { EXIT_UNKNOWN })
}

fn table(sources: &[&SourceStatus], terminal: &Terminal) -> String {
    let wide = sources.iter().map(|source| width(&source.name)).max().unwrap_or(0);
    let mut text = String::new();
    for source in sources {
        let state = yata_words::text(
            terminal.lang,
            match source.state {
                SourceState::Fresh => "source-state-fresh",
                SourceState::Stale => "source-state-stale",
                SourceState::Partial => "source-state-partial",
                SourceState::Missing => "source-state-missing",
                SourceState::Broken => "source-state-broken",
            },
        );
        let date = source.date.map(|date| date.to_string()).unwrap_or_else(|| "–".to_owned());
        let records = yata_words::render(
            terminal.lang,
            &Message::new("intel-records").with("count", i64::try_from(source.records).unwrap_or(i64::MAX)),
        );
        line(&mut text, &format!("{}  {}  {}  {records}", pad(&source.name, wide), pad(&state, 8), pad(&date, 10)));
        if let Some(message) = &source.message {
            line(&mut text, &format!("  {}", words(terminal.lang, message)));
        }
    }
    text
}
