//! What gives no PDF, and why.

use std::fs;
use std::path::PathBuf;

use yata_paper::limits::{
    BLOCKS_MAX, CELLS_MAX, COLUMNS_MAX, DRAWING_BYTES_MAX, DRAWINGS_MAX, PARTS_MAX, TEXT_BYTES_MAX, TEXTS_BYTES_MAX,
};
use yata_paper::{Block, Cell, Column, Document, Drawing, Fonts, KeyFigure, Lang, Span, Table, pdf};

use crate::support::{document, fonts, paragraph};

fn drawing(svg: &str) -> Block {
    Block::Svg(Drawing { svg: svg.into(), alt: "alt".into(), width_percent: 100 })
}

fn table(columns: usize, rows: usize, cells: usize) -> Block {
    let columns = vec![Column::default(); columns];
    Block::Table(Table { caption: String::new(), columns, rows: vec![vec![Cell::default(); cells]; rows] })
}

fn check(document: &Document, expected: &str) {
    let Some(fonts) = fonts() else { return };
    let error = pdf(document, fonts).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn what_is_too_large_is_named_with_its_limit() {
    let svg = |bytes: usize| drawing(&" ".repeat(bytes));
    let text = || "x".repeat(TEXT_BYTES_MAX);
    for (blocks, expected) in [
        (vec![Block::PageBreak; BLOCKS_MAX + 1], format!("blocks, more than {BLOCKS_MAX}")),
        (vec![table(2, 10_001, 2)], format!("20002 cells, more than {CELLS_MAX}")),
        (vec![table(1, CELLS_MAX + 1, 0)], format!("cells, more than {CELLS_MAX}")),
        (vec![table(COLUMNS_MAX + 1, 0, 0)], format!("17 columns in one table, more than {COLUMNS_MAX}")),
        (vec![svg(1); DRAWINGS_MAX + 1], format!("drawings, more than {DRAWINGS_MAX}")),
        (vec![svg(DRAWING_BYTES_MAX + 1)], format!("bytes in one drawing, more than {DRAWING_BYTES_MAX}")),
        (vec![Block::Figures(vec![KeyFigure::default(); PARTS_MAX + 1])], format!("more than {PARTS_MAX}")),
        (vec![paragraph(&format!("{}x", text()))], format!("bytes in one text, more than {TEXT_BYTES_MAX}")),
        (
            vec![paragraph(&text()); TEXTS_BYTES_MAX / TEXT_BYTES_MAX + 1],
            format!("bytes of text, more than {TEXTS_BYTES_MAX}"),
        ),
    ] {
        check(&document(blocks), &expected);
    }
}

#[test]
fn what_every_document_needs() {
    check(&Document { title: " ".into(), ..Document::default() }, "the title of the document is blank");
    let blank = Drawing { svg: "<svg/>".into(), alt: "\n".into(), width_percent: 50 };
    check(&document(vec![Block::Svg(blank)]), "the alternative text of a drawing is blank");
    check(&document(vec![Block::PageBreak, table(2, 1, 3)]), "row 0 of the table in block 1 has 3 cells for 2 columns");
    check(&document(vec![table(0, 1, 1)]), "has 1 cells for 0 columns");
}

#[test]
fn a_drawing_is_whole_in_itself() {
    let svg = |inner: &str| format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inner}</svg>"#);
    for (source, expected) in [
        (r#"<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg/>"#.to_owned(), "block 0 has a document type"),
        (svg(r#"<image href="file:///etc/passwd"/>"#), "block 0 has an element that no chart has"),
        (svg(&"<g>".repeat(30_000)), "block 0 is nested too deeply"),
        (svg("<g>"), "cannot be set"),
        ("no drawing".into(), "cannot be set"),
    ] {
        check(&document(vec![drawing(&source)]), expected);
    }
}

/// A folder with one font that does not cover Japanese, if the system has one.
fn latin_only() -> Option<(tempfile::TempDir, Fonts)> {
    let mut found = fontdb::Database::new();
    found.load_system_fonts();
    let wanted = ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial"];
    let face = found.faces().find(|face| {
        face.families.iter().any(|(name, _)| wanted.contains(&name.as_str()))
            && face.style == fontdb::Style::Normal
            && face.stretch == fontdb::Stretch::Normal
    });
    let Some(fontdb::Source::File(path)) = face.map(|face| face.source.clone()) else {
        eprintln!("skipped: needs a font that does not cover Japanese (`fonts-dejavu`)");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    fs::copy(&path, folder.path().join(PathBuf::from(path.file_name().unwrap()))).unwrap();
    let fonts = Fonts::folder(folder.path()).unwrap();
    Some((folder, fonts))
}

#[test]
fn without_a_font_for_japanese_only_a_document_without_japanese_is_set() {
    let Some((_folder, fonts)) = latin_only() else { return };
    assert_eq!(fonts.japanese(), None);
    let bytes = pdf(&document(vec![paragraph("Grüße → 5")]), &fonts).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    let chart = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>重大</text></svg>"#;
    for japanese in [
        Document { lang: Lang::Ja, title: "Title".into(), ..Document::default() },
        document(vec![paragraph("設定ミス")]),
        document(vec![Block::List(vec![vec![Span::Strong("ｶﾅ".into())]])]),
        document(vec![drawing(chart)]),
    ] {
        let error = pdf(&japanese, &fonts).unwrap_err().to_string();
        assert!(error.contains("no installed font covers Japanese") && error.contains("fonts-noto-cjk"), "{error}");
    }
}

#[test]
fn no_font_at_all_is_said() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.ttf"), b"\0\x01\0\0 no font").unwrap();
    let error = Fonts::folder(folder.path()).unwrap_err().to_string();
    assert!(error.contains("no font is installed") && error.contains("fonts-noto-cjk"), "{error}");
}
