//! `yata vex`: what others say of findings.

use anyhow::Context;
use jiff::Timestamp;
use yata_model::Message;
use yata_store::Store;
use yata_words::render as words;

use crate::cli::VexVerb;
use crate::data::{DataFolder, runtime};
use crate::estate::read_side_file;
use crate::view::text::printable;
use crate::{EXIT_CLEAR, EXIT_UNKNOWN, Terminal, output};

pub(crate) fn run(verb: VexVerb, data: &DataFolder, terminal: &Terminal) -> anyhow::Result<u8> {
    let VexVerb::Import { files } = verb;
    let mut statements = Vec::new();
    let mut problems = Vec::new();
    for file in &files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (read, trouble) = yata_formats::vex::parse(&read_side_file(file)?, &name)
            .with_context(|| format!("cannot read the VEX document `{}`", file.display()))?;
        statements.extend(read);
        problems.extend(trouble);
    }
    let applied = runtime()?.block_on(async {
        let store = Store::open(&data.database()).await?;
        let applied = store.apply_vex(&statements, Timestamp::now()).await?;
        store.close().await;
        anyhow::Ok(applied)
    })?;
    let message = Message::new("vex-applied")
        .with("statements", statements.len())
        .with("changed", applied.changed.len())
        .with("unmatched", applied.unmatched.len());
    let mut text = words(terminal.lang, &message) + "\n";
    for problem in &problems {
        text.push_str(&printable(format!("{}: {}", problem.subject, words(terminal.lang, &problem.message))));
        text.push('\n');
    }
    output::write(&text, None)?;
    Ok(if problems.is_empty() { EXIT_CLEAR } else { EXIT_UNKNOWN })
}
