//! Notebooks: their cells are code that somebody runs.

use serde_json::Value as Json;

use crate::Traits;
use crate::machine::Machine;
use crate::value::Value;

/// Most cells that are looked at.
const CELLS: usize = 500;

/// What the cells of a notebook, or of the part of one that is written, would do.
pub(crate) fn traits(m: &Machine<'_>, text: &str) -> Traits {
    let mut inner = Machine::new(m.place);
    inner.level = m.level + 6;
    inner.waits = true;
    for cell in cells(text).iter().take(CELLS) {
        run(&mut inner, cell);
    }
    inner.end();
    let all = inner.acts.iter().fold(Traits::NONE, |all, act| all | act.traits);
    all.without(Traits::NOT_UNDERSTOOD | Traits::OUTWARD | Traits::OUTSIDE_PROJECT)
}

fn cells(text: &str) -> Vec<String> {
    if let Ok(Json::Object(book)) = serde_json::from_str::<Json>(text) {
        let cells = book.get("cells").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        return cells
            .iter()
            .filter(|cell| cell.get("cell_type").and_then(Json::as_str) != Some("markdown"))
            .filter_map(|cell| cell.get("source"))
            .map(|source| match source {
                Json::Array(lines) => lines.iter().filter_map(Json::as_str).collect(),
                other => other.as_str().unwrap_or("").to_owned(),
            })
            .collect();
    }
    // A part of such a file: lines in quotes. Else the source of a cell as it is.
    let lines = text.lines().map(|line| line.trim().trim_end_matches(','));
    if lines.clone().any(|line| line.starts_with('"') && line.ends_with('"') && line.len() > 1) {
        let source = lines.filter_map(|line| serde_json::from_str::<String>(line).ok());
        return vec![source.map(|line| line.trim_end_matches('\n').to_owned() + "\n").collect()];
    }
    vec![text.to_owned()]
}

fn run(m: &mut Machine<'_>, cell: &str) {
    let trimmed = cell.trim_start();
    if let Some(magic) = trimmed.strip_prefix("%%") {
        let (first, body) = magic.split_once('\n').unwrap_or((magic, ""));
        let mut words = first.split_whitespace().skip_while(|word| *word == "script");
        match words.next().unwrap_or("") {
            "bash" | "sh" | "!" | "sx" | "system" | "zsh" => {
                m.text(body);
            }
            "perl" | "ruby" | "node" | "pwsh" => {
                let reader = first.split_whitespace().last().unwrap_or("");
                crate::programs::run_code(m, reader, &Value::known(body));
            }
            "html" | "markdown" | "latex" | "svg" | "writefile" | "file" | "javascript" | "js" | "sql" => {}
            _ => python(m, body),
        }
        return;
    }
    python(m, cell);
}

/// Python with the lines that the notebook reads itself.
fn python(m: &mut Machine<'_>, cell: &str) {
    let mut code = String::new();
    for line in cell.lines() {
        let plain = line.trim_start();
        let assigned = plain.split_once("= !").or_else(|| plain.split_once("= %sx ")).map(|(_, command)| command);
        let own = ["!", "%sx ", "%system ", "%%bash "].iter().find_map(|mark| plain.strip_prefix(mark));
        if let Some(command) = own.or(assigned) {
            m.text(command.trim_start_matches('!'));
        } else if let Some(magic) = plain.strip_prefix('%') {
            // `%pip install x`, `%run x.py`, `%env X=y`
            let mut words = magic.split_whitespace();
            match words.next().unwrap_or("") {
                "pip" | "conda" | "mamba" | "uv" => {
                    m.text(magic);
                }
                "run" | "load" => {
                    let file = Value::known(words.next().unwrap_or(""));
                    m.run_file(&file, &[], "python3");
                }
                _ => {}
            }
        } else {
            code.push_str(line);
            code.push('\n');
        }
    }
    crate::code::follow(m, "python", &code);
}
