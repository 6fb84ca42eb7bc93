//! `yata policy replay`: past decisions against another policy, before it goes live.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, bail};
use yata_model::Message;
use yata_policy::Compiled;
use yata_policy::cedar::{MAX_EVENT_BYTES, Replay};

use super::files;
use super::{by, decision_word, short};
use crate::cli::{ListFormatArg, PolicyArgs};
use crate::view::style::Style;
use crate::view::text::printable;
use crate::{EXIT_CLEAR, EXIT_FOUND, EXIT_UNKNOWN, Terminal, output};

/// The most events and unreadable lines that are listed one by one without `--all`.
const SHOWN_COUNT: usize = 50;
/// The longest resource that is shown, in characters.
const RESOURCE_CHARS: usize = 80;

pub(super) fn run(
    events: &Path,
    args: &PolicyArgs,
    format: ListFormatArg,
    all: bool,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let set = files::load(args)?;
    let bytes = set.compile().map_err(|errors| files::said("the set cannot be compiled", &errors))?;
    let compiled = Compiled::load(&bytes)?;
    let replay = read(events, &compiled)?;
    if replay.events == 0 && replay.unread_count == 0 && replay.skipped == 0 {
        bail!("`{}` holds no event", events.display());
    }
    let text = match format {
        ListFormatArg::Json => serde_json::to_string_pretty(&replay).context("cannot write the JSON")? + "\n",
        ListFormatArg::Human => human(&replay, &set.version(), all, terminal),
    };
    output::write(&text, None)?;
    Ok(if replay.unread_count > 0 {
        EXIT_UNKNOWN
    } else if replay.moves.is_empty() {
        EXIT_CLEAR
    } else {
        EXIT_FOUND
    })
}

/// Every line of the file, at most one byte more of each than an event may have.
fn read(events: &Path, compiled: &Compiled<'_>) -> anyhow::Result<Replay> {
    let from: Box<dyn Read> = if events == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(events).with_context(|| format!("cannot open `{}`", events.display()))?)
    };
    let mut from = BufReader::new(from);
    let mut replay = Replay::default();
    for number in 1.. {
        let mut line = Vec::new();
        let mut limited = from.by_ref().take(MAX_EVENT_BYTES as u64 + 1);
        let count =
            limited.read_until(b'\n', &mut line).with_context(|| format!("cannot read `{}`", events.display()))?;
        if count == 0 {
            break;
        }
        if !line.ends_with(b"\n") && line.len() > MAX_EVENT_BYTES {
            from.skip_until(b'\n').with_context(|| format!("cannot read `{}`", events.display()))?;
        }
        replay.take(compiled, number, &String::from_utf8_lossy(&line));
    }
    Ok(replay)
}

fn human(replay: &Replay, version: &str, all: bool, terminal: &Terminal) -> String {
    let (lang, style) = (terminal.lang, Style { color: terminal.color });
    let mut out = String::new();
    let limit = if all { usize::MAX } else { SHOWN_COUNT };
    for moved in replay.moved.iter().take(limit) {
        let arrow = format!("{} → {}", decision_word(moved.before, terminal), decision_word(moved.after, terminal));
        let mut resource: String = moved.resource.chars().take(RESOURCE_CHARS).collect();
        if moved.resource.chars().nth(RESOURCE_CHARS).is_some() {
            resource.push('…');
        }
        let by = by(&moved.policies_after);
        let _ = writeln!(out, "{}", printable(format!("{}: {arrow}: {} {resource}{by}", moved.line, moved.action)));
    }
    let moved: usize = replay.moves.values().sum();
    let hidden = moved - replay.moved.len().min(limit).min(moved);
    if hidden > 0 {
        let more = Message::new("policy-more").with("count", hidden);
        let _ = writeln!(out, "{}", style.dim(&yata_words::render(lang, &more)));
    }
    for (line, why) in replay.unread.iter().take(limit) {
        let unread = Message::new("policy-unread").with("line", *line).with("why", why.as_str());
        let _ = writeln!(out, "{}", style.warn(&printable(yata_words::render(lang, &unread))));
    }
    let head = Message::new("policy-replayed")
        .with("events", replay.events)
        .with("moved", moved)
        .with("unread", replay.unread_count)
        .with("version", short(version));
    let _ = writeln!(out, "{}", style.bold(&yata_words::render(lang, &head)));
    if replay.skipped > 0 {
        let skipped = Message::new("policy-replay-skipped").with("count", replay.skipped);
        let _ = writeln!(out, "  {}", yata_words::render(lang, &skipped));
    }
    for ((before, after), count) in &replay.moves {
        let arrow = format!("{} → {}", decision_word(*before, terminal), decision_word(*after, terminal));
        let _ = writeln!(out, "  {arrow}: {count}");
    }
    for (name, sums) in [("policy-before", replay.before), ("policy-after", replay.after)] {
        let sums = Message::new(name).with("allow", sums.allow).with("ask", sums.ask).with("deny", sums.deny);
        let _ = writeln!(out, "  {}", yata_words::render(lang, &sums));
    }
    let mut policies: Vec<(&String, &usize)> = replay.by_policy.iter().collect();
    policies.sort_by(|left, right| right.1.cmp(left.1).then_with(|| left.0.cmp(right.0)));
    for (policy, count) in policies {
        let by = Message::new("policy-moves-by").with("policy", policy.as_str()).with("count", *count);
        let _ = writeln!(out, "  {}", yata_words::render(lang, &by));
    }
    out
}
