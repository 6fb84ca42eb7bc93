//! `yata backup` and `yata restore`: one file, checked, from either engine into either engine.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yata_ledger::{Finding, Hash};
use yata_model::Message;
use yata_store::{Act, Actor, Backup, check_backup};

use crate::data::DataFolder;
use crate::{EXIT_CLEAR, EXIT_FOUND, Terminal, key, ledger};

/// The longest first line: a few keys.
const MAX_KEYS_BYTES: u64 = 64 * 1024;
/// The largest key file that is taken along.
const MAX_KEY_BYTES: u64 = 4 * 1024;

/// The first line: key files by name, in hexadecimal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    yata_keys: BTreeMap<String, String>,
}

/// Writes a backup: whole or not at all.
pub(crate) fn make(
    file: &Path,
    database: Option<&str>,
    no_keys: bool,
    data: &DataFolder,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    if file.exists() {
        bail!("`{}` is there already: name another file", file.display());
    }
    if database.is_none() && !data.database().exists() {
        bail!("there is no database in `{}`", data.database().display());
    }
    let keys = if no_keys { Keys { yata_keys: BTreeMap::new() } } else { read_keys(data)? };
    let part = PathBuf::from(format!("{}.part", file.display()));
    let out = create(&part)?;
    let made = write(out, &keys, database, data);
    let backup = match made {
        Ok(backup) => backup,
        Err(error) => {
            let _ = std::fs::remove_file(&part);
            return Err(error.context(format!("the backup `{}` was not made", file.display())));
        }
    };
    // A file that came into being meanwhile is not written over.
    let linked = std::fs::hard_link(&part, file);
    let _ = std::fs::remove_file(&part);
    linked.with_context(|| format!("cannot write `{}`", file.display()))?;
    note(&Act::new("backup.made", &local()).fact("digest", &backup.digest), database, data)?;
    say(terminal, "backup-made", file, &backup);
    if !keys.yata_keys.is_empty() {
        terminal.progress.note(&yata_words::text(terminal.lang, "backup-holds-keys"));
    }
    Ok(EXIT_CLEAR)
}

/// Whether a backup is whole and unchanged.
pub(crate) fn check(file: &Path, terminal: &Terminal) -> anyhow::Result<u8> {
    let (mut input, _) = open(file)?;
    let backup = check_backup(&mut input).with_context(|| format!("`{}` is of no use", file.display()))?;
    say(terminal, "backup-whole", file, &backup);
    Ok(EXIT_CLEAR)
}

/// Puts a backup into a new database; its keys into the data folder.
pub(crate) fn restore(
    file: &Path,
    database: Option<&str>,
    data: &DataFolder,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let (mut input, keys) = open(file)?;
    let mut missing = Vec::new();
    for path in data.keys() {
        let Some(key) = name_of(&path).and_then(|name| keys.yata_keys.get(name)) else { continue };
        let key = from_hex(key).with_context(|| format!("a key in `{}` is no key", file.display()))?;
        match std::fs::read(&path) {
            Ok(there) if there == key => {}
            Ok(_) => bail!(
                "`{}` is another key than that of the backup: restore into an empty data folder (--data)",
                path.display()
            ),
            Err(_) => missing.push((path, key)),
        }
    }
    let restored = crate::data::runtime()?.block_on(async {
        let store = data.open(database).await?;
        let backup = store.restore(&mut input).await;
        store.close().await;
        anyhow::Ok(backup?)
    });
    let backup = restored.with_context(|| format!("`{}` was not restored", file.display()))?;
    for (path, key) in missing {
        key::write(&path, &key).with_context(|| format!("cannot write the key `{}`", path.display()))?;
    }
    say(terminal, "backup-restored", file, &backup);
    restored_ledger(&backup, database, data, terminal)
}

fn local() -> Actor {
    Actor::local(crate::finding::who(None))
}

fn note(act: &Act, database: Option<&str>, data: &DataFolder) -> anyhow::Result<()> {
    crate::data::runtime()?.block_on(async {
        let store = data.open(database).await?;
        let noted = store.note_act(act, Timestamp::now()).await;
        store.close().await;
        Ok(noted?)
    })
}

/// Says whether the restored ledger is whole, notes the restoration in it, and goes on from there. Where this data folder
/// knew a longer or another log, the checkpoint that shows it is put aside and named in the entry.
fn restored_ledger(
    backup: &Backup,
    database: Option<&str>,
    data: &DataFolder,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    if !data.ledger_key().exists() {
        return Ok(EXIT_CLEAR);
    }
    let trust = ledger::trust(data, None)?;
    let report = crate::data::runtime()?.block_on(async {
        let store = data.open(database).await?;
        let report = ledger::verify_with(&store, &trust, terminal).await;
        store.close().await;
        anyhow::Ok(report?)
    })?;
    terminal.progress.note(ledger::told(&report, terminal.lang).trim_end());
    let kept = data.ledger_checkpoint();
    let mut act = Act::new("backup.restored", &local()).fact("digest", &backup.digest);
    if !report.holds() && kept.exists() {
        let digest = Hash::of(&std::fs::read(&kept)?).to_string();
        let aside = kept.with_extension(format!("checkpoint.{}", digest.chars().take(8).collect::<String>()));
        std::fs::rename(&kept, &aside).with_context(|| format!("cannot rename `{}`", kept.display()))?;
        let message = Message::new("ledger-page-put-aside").with("file", aside.display().to_string());
        terminal.progress.note(&yata_words::render(terminal.lang, &message));
        act = act.fact("before", digest);
    }
    note(&act, database, data)?;
    // An older backup than this data folder knew is what was asked for; anything else is wrong.
    let lost = |finding: &Finding| matches!(finding, Finding::Truncated { .. });
    let expected = report.mislabelled.is_empty() && report.report.findings.iter().all(lost);
    Ok(if expected { EXIT_CLEAR } else { EXIT_FOUND })
}

/// A new file that only its owner may read. What has that name already, a link too, is not ours to write into.
fn create(part: &Path) -> anyhow::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(part).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            let part = part.display();
            anyhow!("`{part}` is there already: another backup is being made, or one was cut off; then remove it")
        }
        _ => anyhow::Error::new(error).context(format!("cannot write `{}`", part.display())),
    })
}

fn write(out: File, keys: &Keys, database: Option<&str>, data: &DataFolder) -> anyhow::Result<Backup> {
    let mut out = GzEncoder::new(BufWriter::new(out), Compression::default());
    serde_json::to_writer(&mut out, keys)?;
    out.write_all(b"\n")?;
    let backup = crate::data::runtime()?.block_on(async {
        let store = data.open(database).await?;
        let backup = store.backup(&mut out).await;
        store.close().await;
        anyhow::Ok(backup?)
    })?;
    let out = out.finish()?.into_inner().map_err(|error| error.into_error())?;
    out.sync_all()?;
    Ok(backup)
}

fn open(file: &Path) -> anyhow::Result<(BufReader<MultiGzDecoder<File>>, Keys)> {
    let what = || format!("cannot read the backup `{}`", file.display());
    let input = File::open(file).with_context(what)?;
    let mut input = BufReader::new(MultiGzDecoder::new(input));
    let mut line = Vec::new();
    input.by_ref().take(MAX_KEYS_BYTES).read_until(b'\n', &mut line).with_context(what)?;
    let keys = serde_json::from_slice(&line).with_context(|| format!("`{}` is no backup of Yata", file.display()))?;
    Ok((input, keys))
}

fn read_keys(data: &DataFolder) -> anyhow::Result<Keys> {
    let mut yata_keys = BTreeMap::new();
    for path in data.keys() {
        let Some(name) = name_of(&path) else { continue };
        match File::open(&path) {
            Ok(key) => {
                let mut bytes = Vec::new();
                key.take(MAX_KEY_BYTES)
                    .read_to_end(&mut bytes)
                    .with_context(|| format!("cannot read the key `{}`", path.display()))?;
                yata_keys.insert(name.to_owned(), bytes.iter().map(|byte| format!("{byte:02x}")).collect());
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot read the key `{}`", path.display())),
        }
    }
    Ok(Keys { yata_keys })
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let pairs = digits?;
    let bytes = pairs.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    });
    bytes.collect()
}

fn say(terminal: &Terminal, id: &str, file: &Path, backup: &Backup) {
    let message = Message::new(id)
        .with("rows", i64::try_from(backup.rows).unwrap_or(i64::MAX))
        .with("file", file.display().to_string())
        .with("digest", backup.digest.as_str());
    terminal.progress.note(&yata_words::render(terminal.lang, &message));
}
