//! The whole of each format, as files. `YATA_UPDATE_GOLDEN=1 cargo test -p yata-formats` writes them anew.

use std::path::PathBuf;

use yata_formats::export::{SarifContents, cyclonedx, json, markdown, sarif};

use crate::sample::{assessment, empty, texts};

fn check(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("YATA_UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == actual, "{name} is not as its golden; YATA_UPDATE_GOLDEN=1 shows the difference in git");
}

#[test]
fn own_json() {
    check("assessment.json", &json(&assessment(), &texts("en")).unwrap());
    check("empty.json", &json(&empty(), &texts("en")).unwrap());
}

#[test]
fn sarif_log() {
    check("assessment.sarif", &sarif(&assessment(), &texts("ja"), SarifContents::All).unwrap());
    check("open.sarif", &sarif(&assessment(), &texts("en"), SarifContents::OpenOnly).unwrap());
    check("empty.sarif", &sarif(&empty(), &texts("en"), SarifContents::All).unwrap());
}

#[test]
fn cyclonedx_bom() {
    check("assessment.cdx.json", &cyclonedx(&assessment(), &texts("ja")).unwrap());
    check("empty.cdx.json", &cyclonedx(&empty(), &texts("en")).unwrap());
}

#[test]
fn markdown_report() {
    check("assessment.md", &markdown(&assessment(), &texts("ja")));
    check("empty.md", &markdown(&empty(), &texts("en")));
}
