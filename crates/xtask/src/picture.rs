//! `cargo xtask picture`: the answer for the example estate as the pictures of the READMEs.
//!
//! Runs the program in colour and draws what it prints as SVG text: no screenshot, so it stays sharp and small, and a
//! reader without pictures gets the text.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// Lines that are drawn; the rest of the list is cut off at the next empty line.
const LINES_COUNT: usize = 44;
const COLUMNS: usize = 100;
const CELL_WIDTH_PX: usize = 8;
const LINE_HEIGHT_PX: usize = 18;
const MARGIN_PX: usize = 16;

/// Draws both languages into `docs/`.
pub(crate) fn run() -> anyhow::Result<()> {
    let program = Path::new("target/release/yata");
    for (lang, file, title) in [
        ("en", "docs/assess.svg", "yata assess examples/minato"),
        ("ja", "docs/assess.ja.svg", "yata assess examples/minato --lang ja"),
    ] {
        let data = std::env::temp_dir().join(format!("yata-picture-{}", std::process::id()));
        let output = Command::new(program)
            .args(["assess", "examples/minato", "--color", "always", "--lang", lang, "--data"])
            .arg(&data)
            .env("COLUMNS", COLUMNS.to_string())
            .output()
            .with_context(|| format!("cannot run `{}`: build it with `cargo build --release`", program.display()))?;
        let _ = std::fs::remove_dir_all(&data);
        if output.stdout.is_empty() {
            bail!("`{}` printed nothing: {}", program.display(), String::from_utf8_lossy(&output.stderr));
        }
        let text = String::from_utf8(output.stdout).context("the answer is not UTF-8")?;
        std::fs::write(file, svg(&text, title)).with_context(|| format!("cannot write `{file}`"))?;
    }
    Ok(())
}

fn svg(text: &str, title: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let end = (LINES_COUNT..lines.len()).find(|at| lines.get(*at).is_some_and(|line| starts_item(line)));
    let shown = lines.get(..end.unwrap_or(lines.len())).unwrap_or_default();
    let width = COLUMNS * CELL_WIDTH_PX + 2 * MARGIN_PX;
    let height = (shown.len() + 2) * LINE_HEIGHT_PX + 2 * MARGIN_PX;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" role=\"img\" \
         aria-label=\"{title}\">\n<title>{title}</title>\n\
         <style>text{{font:14px ui-monospace,'SFMono-Regular','DejaVu Sans Mono','Noto Sans Mono CJK JP',\
         'MS Gothic',monospace;white-space:pre;fill:#e6e6e6}}.b{{font-weight:700}}.d{{fill:#9aa4b2}}.r{{fill:#ff7b72;\
         font-weight:700}}.y{{fill:#f2cc60}}.yb{{fill:#f2cc60;font-weight:700}}.c{{fill:#79c0ff;font-weight:700}}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"#0d1117\"/>\n"
    );
    let mut y = MARGIN_PX + LINE_HEIGHT_PX;
    out.push_str(&format!("<text x=\"{MARGIN_PX}\" y=\"{y}\" class=\"d\">$ {}</text>\n", escape(title)));
    y += LINE_HEIGHT_PX;
    for line in shown {
        y += LINE_HEIGHT_PX;
        out.push_str(&format!("<text x=\"{MARGIN_PX}\" y=\"{y}\">{}</text>\n", spans(line)));
    }
    out.push_str("</svg>\n");
    out
}

/// Whether a line begins an action or a heading: the picture ends before one.
fn starts_item(line: &str) -> bool {
    line.trim_start().starts_with(|c: char| c.is_ascii_digit()) || line.trim().is_empty()
}

/// One line with its SGR sequences as `tspan` classes.
fn spans(line: &str) -> String {
    let mut out = String::new();
    for (at, part) in line.split("\u{1b}[").enumerate() {
        let (code, text) = if at == 0 { ("0", part) } else { part.split_once('m').unwrap_or(("0", part)) };
        let class = match code {
            "1" => Some("b"),
            "2" => Some("d"),
            "33" => Some("y"),
            "1;31" => Some("r"),
            "1;33" => Some("yb"),
            "1;36" => Some("c"),
            _ => None,
        };
        match class {
            Some(class) => out.push_str(&format!("<tspan class=\"{class}\">{}</tspan>", escape(text))),
            None => out.push_str(&escape(text)),
        }
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
