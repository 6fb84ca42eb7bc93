//! `yata ledger`: what was done, and the proof that nobody rewrote it.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use yata_console::{Sealer, verifier_keys};
use yata_ledger::entry::Entry;
use yata_ledger::{
    EntryProof, Finding, Key, MAX_ENTRY_PROOF_BYTES, MAX_NOTE_BYTES, Refused, SignatureKind, VerifierKey,
};
use yata_model::Message;
use yata_store::{Countersigned, LedgerFilter, LedgerReport, LedgerRow, MAX_LEDGER_ROWS, Store, Trust};
use yata_words::{Lang, render as words};

use crate::cli::{AssessArgs, LedgerArgs, LedgerVerb, ListFormatArg, Verb};
use crate::data::{DataFolder, runtime};
use crate::view::text::printable;
use crate::{EXIT_CLEAR, EXIT_FOUND, EXIT_UNKNOWN, Terminal, key, output};

/// The name of a log that has no public address.
const LOCAL_ORIGIN: &str = "yata.local/ledger";

/// Most bytes of a file of keys.
const MAX_KEYS_BYTES: u64 = 64 * 1024;

pub(crate) fn run(verb: LedgerVerb, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<u8> {
    match verb {
        LedgerVerb::Verify { checkpoint, witness_key, ledger } => {
            verify(&checkpoint, witness_key, &ledger, data, terminal)
        }
        LedgerVerb::Show { last, format, database } => show(last, format, database.as_deref(), data, terminal),
        LedgerVerb::Checkpoint { database } => {
            let head = runtime()?.block_on(async {
                let store = open(data, database.as_deref()).await?;
                anyhow::Ok(store.ledger_head().await?)
            })?;
            let Some(head) = head else { bail!("{}", yata_words::text(terminal.lang, "ledger-page-none")) };
            output::write(&head.checkpoint, None)?;
            Ok(EXIT_CLEAR)
        }
        LedgerVerb::Prove { entry, output, database } => {
            let proof = runtime()?.block_on(async {
                let store = open(data, database.as_deref()).await?;
                anyhow::Ok(store.ledger_proof(entry).await?)
            })?;
            let Some(proof) = proof else {
                let message = Message::new("ledger-page-no-entry").with("index", number(entry));
                bail!("{}", words(terminal.lang, &message));
            };
            output::write(&proof.to_string(), output.as_deref())?;
            Ok(EXIT_CLEAR)
        }
        LedgerVerb::CheckProof { file, key } => check_proof(&file, key.as_deref(), data, terminal),
        LedgerVerb::Key => {
            output::write(&format!("{}\n", read_key(data)?.verifier()), None)?;
            Ok(EXIT_CLEAR)
        }
    }
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// An existing database: reading does not make one.
async fn open(data: &DataFolder, database: Option<&str>) -> anyhow::Result<Store> {
    if database.is_none() && !data.database().exists() {
        bail!("there is no database in `{}`", data.database().display());
    }
    Ok(data.open(database).await?)
}

/// The key of the ledger, and what is kept beside it; made where it is missing. `origin` is the name of a new log.
pub(crate) fn sealer(data: &DataFolder, origin: Option<&str>) -> anyhow::Result<Sealer> {
    let (file, former) = (data.ledger_key(), former_keys(data)?);
    let of_log = former.first().map(VerifierKey::name).or(origin).unwrap_or(LOCAL_ORIGIN);
    let key = if file.exists() { read_key(data)? } else { new_key(&file, of_log, data)? };
    Ok(Sealer::new(key, former, data.ledger_checkpoint()))
}

fn new_key(file: &Path, origin: &str, data: &DataFolder) -> anyhow::Result<Key> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("the system has no random numbers")?;
    let key = Key::from_seed(origin, &seed).or_else(|_| Key::from_seed(LOCAL_ORIGIN, &seed))?;
    match key::write(file, key.to_secret_text().as_bytes()) {
        // Another process was first: its key is the key.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => read_key(data),
        written => {
            written.with_context(|| format!("cannot write the key `{}`", file.display()))?;
            Ok(key)
        }
    }
}

fn read_key(data: &DataFolder) -> anyhow::Result<Key> {
    let file = data.ledger_key();
    let text = read(&file, MAX_KEYS_BYTES)?;
    Key::from_secret_text(text.trim()).with_context(|| format!("`{}` is no key of a ledger", file.display()))
}

fn former_keys(data: &DataFolder) -> anyhow::Result<Vec<VerifierKey>> {
    let file = data.former_ledger_keys();
    if file.exists() { keys_of(&file) } else { Ok(Vec::new()) }
}

fn keys_of(file: &Path) -> anyhow::Result<Vec<VerifierKey>> {
    let text = read(file, MAX_KEYS_BYTES)?;
    let keys = verifier_keys(&text).with_context(|| format!("a line of `{}`", file.display()))?;
    if keys.is_empty() {
        bail!("`{}` has no key in it", file.display());
    }
    Ok(keys)
}

fn read(file: &Path, limit: u64) -> anyhow::Result<String> {
    let what = || format!("cannot read `{}`", file.display());
    let mut text = String::new();
    let read = std::fs::File::open(file).with_context(what)?.take(limit + 1).read_to_string(&mut text);
    if read.with_context(what)? as u64 > limit {
        bail!("`{}` has more than {limit} bytes", file.display());
    }
    Ok(text)
}

/// What the ledger is held against: the given keys, else those of the data folder with the checkpoint beside them.
pub(crate) fn trust(data: &DataFolder, keys: Option<&Path>) -> anyhow::Result<Trust> {
    match keys {
        Some(file) => Ok(Trust::new(keys_of(file)?)),
        None => Ok(Sealer::new(read_key(data)?, former_keys(data)?, data.ledger_checkpoint()).trust()?),
    }
}

fn verify(
    checkpoints: &[std::path::PathBuf],
    witness: Option<VerifierKey>,
    args: &LedgerArgs,
    data: &DataFolder,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let mut trust = trust(data, args.key.as_deref())?;
    if let Some(key) = witness {
        if key.kind() != SignatureKind::Cosignature {
            bail!("the key `{key}` is not one of a witness: it checks no cosignatures (kind 04)");
        }
        trust = trust.with_witness(key);
    }
    let mut given = Vec::new();
    for file in checkpoints {
        let name = file.display().to_string();
        given.push(name.clone());
        trust = trust.with_kept(name, read(file, MAX_NOTE_BYTES as u64)?);
    }
    let report = runtime()?.block_on(async {
        let store = open(data, args.database.as_deref()).await?;
        anyhow::Ok(verify_with(&store, &trust, terminal).await?)
    })?;
    output::write(&told(&report, terminal.lang), None)?;
    Ok(exit_code(&report, &given))
}

/// Verifies and shows how far it is.
pub(crate) async fn verify_with(
    store: &Store,
    trust: &Trust,
    terminal: &Terminal,
) -> Result<LedgerReport, yata_store::StoreError> {
    let what = Message::new("ledger-page-reading");
    let mut progress = |done: u64, all: u64| terminal.progress.step(&what, done, Some(all));
    let report = store.verify_ledger(trust, &mut progress).await;
    terminal.progress.clear();
    report
}

/// What a verification found, in words.
pub(crate) fn told(report: &LedgerReport, lang: Lang) -> String {
    let log = &report.report;
    let mut lines = Vec::new();
    if report.is_unchanged() {
        let message = Message::new("ledger-page-whole").with("entries", number(log.entries));
        lines.push(words(lang, &message.with("checkpoints", log.checkpoints.len())));
    } else {
        let count = log.findings.len() as u64 + log.more + report.mislabelled.len() as u64;
        lines.push(words(lang, &Message::new("ledger-page-broken").with("count", number(count))));
    }
    lines.extend(log.findings.iter().map(|finding| format!("- {}", words(lang, &finding.message()))));
    for seq in &report.mislabelled {
        lines.push(format!("- {}", words(lang, &Message::new("ledger-page-mislabelled").with("index", number(*seq)))));
    }
    if log.more > 0 {
        lines.push(words(lang, &Message::new("ledger-page-more").with("count", number(log.more))));
    }
    match report.witness {
        Countersigned::NotAsked => {}
        Countersigned::Never => lines.push(yata_words::text(lang, "ledger-witness-never")),
        Countersigned::Until { size, time_s } => {
            let at = i64::try_from(time_s).ok().and_then(|time_s| Timestamp::from_second(time_s).ok());
            let at = at.map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()).unwrap_or_default();
            let message = Message::new("ledger-witness-until").with("size", number(size)).with("at", at);
            lines.push(words(lang, &message.with("entries", number(log.entries))));
        }
    }
    if report.pending > 0 {
        lines.push(words(lang, &Message::new("ledger-page-pending").with("count", number(report.pending))));
    }
    lines.iter().map(|line| printable(line.as_str()) + "\n").collect()
}

/// 1 where something was tampered with; 2 where it could not be told: there is nothing to hold the log against, a
/// checkpoint that the caller gave is not one of this log, or the witness never countersigned it.
fn exit_code(report: &LedgerReport, given: &[String]) -> u8 {
    let untold = |finding: &Finding| match finding {
        Finding::NoCheckpoint => report.report.entries == 0,
        Finding::Checkpoint { checkpoint, refused } => given.contains(checkpoint) && *refused != Refused::Signature,
        _ => false,
    };
    if report.holds() {
        EXIT_CLEAR
    } else if report.mislabelled.is_empty() && report.report.findings.iter().all(untold) {
        EXIT_UNKNOWN
    } else {
        EXIT_FOUND
    }
}

fn show(
    last: u64,
    format: ListFormatArg,
    database: Option<&str>,
    data: &DataFolder,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let mut rows: Vec<LedgerRow> = Vec::new();
    runtime()?.block_on(async {
        let store = open(data, database).await?;
        let mut filter = LedgerFilter::default();
        while (rows.len() as u64) < last {
            let left = u32::try_from(last - rows.len() as u64).unwrap_or(MAX_LEDGER_ROWS);
            let page = store.ledger_entries(&filter, left).await?;
            rows.extend(page.rows);
            filter.before = page.next;
            if filter.before.is_none() {
                break;
            }
        }
        anyhow::Ok(())
    })?;
    let line = |row: &LedgerRow| match format {
        ListFormatArg::Json => row.body.clone(),
        ListFormatArg::Human => human(row, terminal.lang),
    };
    let text: String = rows.iter().rev().map(|row| line(row) + "\n").collect();
    output::write(&text, None)?;
    Ok(EXIT_CLEAR)
}

/// One entry on one line.
fn human(row: &LedgerRow, lang: Lang) -> String {
    let Some(entry) = &row.entry else { return format!("{}  ?", row.seq) };
    let at = Timestamp::from_millisecond(entry.time).map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    let why = entry.unmapped.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
    let line =
        format!("{}  {}  {}  {}{}{why}", row.seq, at.unwrap_or_default(), who(entry), what(entry, lang), things(entry));
    printable(line)
}

fn who(entry: &Entry) -> &str {
    match entry.actor.user.name.as_str() {
        "" => "-",
        name => name,
    }
}

/// What was done, in words where there are some.
fn what(entry: &Entry, lang: Lang) -> String {
    let word = entry.activity_name.as_deref().unwrap_or_default();
    if entry.message == "audit-other" { word.to_owned() } else { yata_words::text(lang, &entry.message) }
}

fn things(entry: &Entry) -> String {
    let user = entry.user.iter().map(|user| user.name.clone());
    let things = entry.entity.iter().chain(&entry.resources).map(|thing| match thing.name.as_str() {
        "" => format!("{} {}", thing.kind, thing.uid),
        name => format!("{} {name}", thing.kind),
    });
    user.chain(things).map(|thing| format!("  {thing}")).collect()
}

fn check_proof(file: &Path, keys: Option<&Path>, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<u8> {
    let keys = match keys {
        Some(file) => keys_of(file)?,
        None => vec![read_key(data)?.verifier()],
    };
    let origin = keys.first().map(|key| key.name().to_owned()).unwrap_or_default();
    let text = read(file, MAX_ENTRY_PROOF_BYTES as u64)?;
    let proof: EntryProof =
        text.parse().with_context(|| format!("`{}` is no proof of an entry", printable(file.display().to_string())))?;
    match proof.verify(&origin, &keys) {
        Ok(proven) => {
            let message = Message::new("ledger-page-proven")
                .with("index", number(proven.index))
                .with("size", number(proven.opened.checkpoint.size))
                .with("origin", origin);
            let entry = String::from_utf8_lossy(&proof.entry).into_owned();
            output::write(&format!("{}\n{}\n", words(terminal.lang, &message), printable(entry)), None)?;
            Ok(EXIT_CLEAR)
        }
        Err(error) => {
            let message = Message::new("ledger-page-unproven").with("why", error.to_string());
            output::write(&(printable(words(terminal.lang, &message)) + "\n"), None)?;
            Ok(EXIT_FOUND)
        }
    }
}

/// Whether a command writes acts, and into which database: they get their place before the program ends.
pub(crate) struct Writes(Option<Option<String>>);

impl Writes {
    pub(crate) fn of(verb: &Verb) -> Self {
        Writes(match verb {
            Verb::Assess(AssessArgs { no_save: false, .. }) | Verb::Finding { .. } | Verb::Vex { .. } => Some(None),
            Verb::Backup { database, check: false, .. } | Verb::Restore { database, .. } => Some(database.clone()),
            _ => None,
        })
    }

    /// A failure is told; what was done is done, and waits for its place.
    pub(crate) fn seal(&self, data: &DataFolder, terminal: &Terminal) {
        let Some(database) = &self.0 else { return };
        if let Err(error) = seal(data, database.as_deref()) {
            let message = Message::new("ledger-page-not-sealed").with("why", format!("{error:#}"));
            terminal.progress.note(&printable(words(terminal.lang, &message)));
        }
    }
}

fn seal(data: &DataFolder, database: Option<&str>) -> anyhow::Result<()> {
    if database.is_none() && !data.database().exists() {
        return Ok(());
    }
    runtime()?.block_on(async {
        let store = data.open(database).await?;
        let head = store.ledger_head().await?;
        let sealed = match head {
            Some(head) if head.pending == 0 => Ok(0),
            _ => sealer(data, None)?.seal(&store, Timestamp::now()).await,
        };
        store.close().await;
        sealed?;
        Ok(())
    })
}
