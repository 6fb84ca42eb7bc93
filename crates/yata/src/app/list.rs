//! `yata app list`: what the register has.

use std::path::Path;

use serde_json::json;
use yata_agents::apps::App;
use yata_model::Message;

use super::words;
use crate::cli::ListFormatArg;
use crate::view::style::Style;
use crate::view::text::{pad, printable, width};
use crate::{EXIT_CLEAR, EXIT_UNKNOWN, Terminal, output};

pub(super) fn run(
    path: &Path,
    register: Option<&Path>,
    format: ListFormatArg,
    terminal: &Terminal,
) -> anyhow::Result<u8> {
    let registered = super::open(path, register)?;
    let text = match format {
        ListFormatArg::Json => {
            let apps: Vec<_> = registered.register.apps.iter().map(super::formats::app).collect();
            let problems = super::formats::problems(&registered.problems, terminal.lang);
            let answer = json!({ "version": super::formats::JSON_VERSION, "apps": apps, "problems": problems });
            serde_json::to_string_pretty(&answer)? + "\n"
        }
        ListFormatArg::Human => {
            let mut out = table(&registered.register.apps, terminal);
            super::check::problems(&mut out, &registered.problems, terminal);
            let id = if registered.text.is_some() { "app-listed" } else { "app-no-register" };
            let file = printable(registered.file.display());
            let message = Message::new(id).with("count", registered.register.apps.len()).with("file", file);
            out + &yata_words::render(terminal.lang, &message) + "\n"
        }
    };
    output::write(&text, None)?;
    Ok(if registered.problems.is_empty() { EXIT_CLEAR } else { EXIT_UNKNOWN })
}

fn table(apps: &[App], terminal: &Terminal) -> String {
    let word = |id: &str| yata_words::text(terminal.lang, id);
    if apps.is_empty() {
        return String::new();
    }
    let heads =
        ["app-label-name", "app-label-tier", "app-label-data", "app-label-owner", "app-label-review", "app-label-path"];
    let mut rows = vec![heads.map(word)];
    for app in apps {
        let data = app.data_classes.as_ref().map_or_else(|| "?".to_owned(), |classes| classes.join(", "));
        let owner = app.owner.clone().unwrap_or_else(|| "?".to_owned());
        let review = app.review_by.map_or_else(|| "?".to_owned(), |date| date.to_string());
        rows.push(
            [app.name.clone(), word(words::tier(app.tier)), data, owner, review, app.path.clone()].map(printable),
        );
    }
    let columns: Vec<usize> = (0..heads.len())
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let style = Style { color: terminal.color };
    let mut out = String::new();
    for (n, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().zip(&columns).map(|(cell, columns)| pad(cell, *columns)).collect();
        let line = cells.join("  ");
        let line = line.trim_end();
        out.push_str(&if n == 0 { style.bold(line) } else { line.to_owned() });
        out.push('\n');
    }
    out
}
