//! The queue as a file: what is shown, all of it, and nothing that a spreadsheet would run.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::io::{Cursor, Read as _};

use yata_console::Role;
use yata_model::{AdvisoryKind, Exposure};
use yata_words::Lang;

use crate::pages_support::{Known, World, asset, component, noon, percent, person, report};

const FORMULA: &str = "=HYPERLINK(\"http://evil.example\")";

async fn with_formulas() -> World {
    let world = World::estate().await;
    let known =
        Known { id: "CVE-2026-1000", title: FORMULA, exploited: false, epss: 0.1, kind: AdvisoryKind::Vulnerability };
    let one = asset("@SUM(A1:A9)", None, Some("+cmd"), Exposure::Internal);
    let part = component("-1+1", "1.0", "a,\"b\"\r\nc.txt", &[]);
    world.ingest(&report(one, noon(-1), vec![(part, known, "2.0")])).await;
    world
}

#[tokio::test]
async fn csv_holds_what_the_page_shows_and_no_formula() {
    let world = with_formulas().await;
    let caller = person("a", Role::Viewer, &[], Lang::Ja);
    let text = String::from_utf8(world.bytes(&caller, "/queue/export?format=csv&group=none").await).unwrap();
    let body = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let rows = rows(body);
    assert_eq!(rows.len(), 1 + world.findings().await.len());
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    assert_eq!(rows[0][0], "優先度");
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
    }
    assert!(rows.iter().flatten().any(|cell| *cell == format!("'{FORMULA}")));
    let one = world.bytes(&caller, &format!("/queue/export?format=csv&owner={}", percent("+cmd"))).await;
    assert_eq!(rows_of(&one).len(), 2);
}

#[tokio::test]
async fn json_says_what_was_asked_and_that_it_is_complete() {
    let world = with_formulas().await;
    let caller = person("a", Role::Viewer, &[], Lang::En);
    let bytes = world.bytes(&caller, "/queue/export?format=json&group=none&kind=malware").await;
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(json["query"], "kind=malware&group=none");
    assert_eq!(json["complete"], true);
    assert_eq!(json["rows"].as_array().unwrap().len(), 1);
    assert_eq!(json["rows"][0]["rule"], "MAL-2024-0815");
    assert!(json["rows"][0]["reasons"][0].as_str().is_some());
}

#[tokio::test]
async fn a_workbook_holds_text_only() {
    let world = with_formulas().await;
    let caller = person("a", Role::Viewer, &[], Lang::Ja);
    let bytes = world.bytes(&caller, "/queue/export?format=xlsx&group=none").await;
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut sheet = String::new();
    zip.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    assert_eq!(sheet.matches("<row ").count(), 1 + world.findings().await.len());
    assert!(sheet.contains("=HYPERLINK(&quot;http://evil.example&quot;)"));
    assert!(!sheet.contains("<f>") && sheet.matches("<c ").count() == sheet.matches("t=\"inlineStr\"").count());
}

#[tokio::test]
async fn what_is_not_understood_is_not_exported() {
    let world = World::estate().await;
    let caller = person("a", Role::Viewer, &[], Lang::En);
    for path in ["/queue/export?format=exe", "/queue/export?format=csv&kind=nonsense"] {
        assert_eq!(world.get(&caller, path).await.0.as_u16(), 400, "{path}");
    }
}

fn rows_of(bytes: &[u8]) -> Vec<Vec<String>> {
    rows(std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}'))
}

/// Reads RFC 4180.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(!quoted && row.is_empty() && cell.is_empty(), "the file ends within a row");
    rows
}
