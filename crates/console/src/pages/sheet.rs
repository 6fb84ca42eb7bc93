//! Rows as CSV and as a workbook. Every cell is text: nothing that comes from outside is ever a formula.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Most characters of a cell of a workbook.
///
/// Source: Microsoft, "Excel specifications and limits".
const MAX_CELL_CHARS: usize = 32_767;

/// Why a workbook could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SheetError {
    /// The container.
    #[error("cannot write the container")]
    Zip(#[from] zip::result::ZipError),
    /// A part of it.
    #[error("cannot write a part")]
    Io(#[from] std::io::Error),
}

/// A row of CSV (RFC 4180), each cell in quotes. A cell that a spreadsheet would take for a formula begins with `'`.
///
/// Source: OWASP, "CSV Injection".
pub(crate) fn csv_row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", harmless(cell).replace('"', "\"\""))).collect();
    format!("{}\r\n", cells.join(","))
}

fn harmless(cell: &str) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if risky { format!("'{cell}") } else { cell.to_owned() }
}

/// A workbook of one sheet, written row by row (ECMA-376: SpreadsheetML, inline strings).
pub(crate) struct Workbook {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    rows: usize,
    part: String,
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// How much of the sheet is collected before it is compressed.
const PART_BYTES: usize = 64 * 1024;

impl Workbook {
    /// A workbook whose sheet has this name and these columns.
    pub(crate) fn begin(name: &str, columns: &[String]) -> Result<Self, SheetError> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        // The characters that a name of a sheet may not have, and its greatest length.
        let name: String =
            name.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\')).take(31).collect();
        let parts = [
            ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
            ("_rels/.rels", RELATIONSHIPS.to_owned()),
            ("xl/workbook.xml", WORKBOOK.replace("{name}", &escaped(&name))),
            ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONSHIPS.to_owned()),
            ("xl/styles.xml", STYLES.to_owned()),
        ];
        for (path, body) in parts {
            zip.start_file(path, options)?;
            zip.write_all(HEAD.as_bytes())?;
            zip.write_all(body.as_bytes())?;
        }
        zip.start_file("xl/worksheets/sheet1.xml", options)?;
        let mut book = Workbook { zip, rows: 0, part: format!("{HEAD}{SHEET}") };
        book.write_row(columns, 1)?;
        Ok(book)
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: &[String]) -> Result<(), SheetError> {
        self.write_row(cells, 0)
    }

    fn write_row(&mut self, cells: &[String], style: u32) -> Result<(), SheetError> {
        self.rows += 1;
        self.part.push_str(&format!("<row r=\"{}\">", self.rows));
        for cell in cells {
            let cell: String = cell.chars().take(MAX_CELL_CHARS).collect();
            let text = escaped(&cell);
            self.part.push_str(&format!(
                "<c t=\"inlineStr\" s=\"{style}\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
            ));
        }
        self.part.push_str("</row>");
        if self.part.len() >= PART_BYTES {
            self.zip.write_all(std::mem::take(&mut self.part).as_bytes())?;
        }
        Ok(())
    }

    /// The bytes of the file.
    pub(crate) fn end(mut self) -> Result<Vec<u8>, SheetError> {
        self.part.push_str("</sheetData></worksheet>");
        self.zip.write_all(self.part.as_bytes())?;
        Ok(self.zip.finish()?.into_inner())
    }
}

/// Text as XML 1.0: what it does not allow becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

const CONTENT_TYPES: &str = concat!(
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
    r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
    r#"<Default Extension="xml" ContentType="application/xml"/>"#,
    r#"<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>"#,
    r#"<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>"#,
    r#"<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#,
    r#"</Types>"#
);

const RELATIONSHIPS: &str = concat!(
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>"#,
    r#"</Relationships>"#
);

const WORKBOOK: &str = concat!(
    r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#,
    r#"<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>"#
);

const WORKBOOK_RELATIONSHIPS: &str = concat!(
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>"#,
    r#"<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>"#,
    r#"</Relationships>"#
);

/// Style 0 is plain, style 1 is bold: the heading.
const STYLES: &str = concat!(
    r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
    r#"<fonts count="2"><font><sz val="11"/><name val="Meiryo"/></font><font><b/><sz val="11"/><name val="Meiryo"/></font></fonts>"#,
    r#"<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>"#,
    r#"<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"#,
    r#"<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>"#,
    r#"<cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#,
    r#"<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>"#
);

const SHEET: &str = concat!(
    r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">"#,
    r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>"#
);

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: &str, expected: &str) {
        assert_eq!(csv_row(&[cell.to_owned()]), format!("{expected}\r\n"));
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        check("=1+1", "\"'=1+1\"");
        check("+1", "\"'+1\"");
        check("-1", "\"'-1\"");
        check("@SUM(A1)", "\"'@SUM(A1)\"");
        check("\t=1", "\"'\t=1\"");
        check("\r=1", "\"'\r=1\"");
        check("＝1", "\"'＝1\"");
        check("a=1", "\"a=1\"");
    }

    #[test]
    fn quotes_commas_and_lines_stay_in_their_cell() {
        check("a\"b,c\r\nd", "\"a\"\"b,c\r\nd\"");
        assert_eq!(csv_row(&["a".to_owned(), String::new()]), "\"a\",\"\"\r\n");
    }

    #[test]
    fn a_workbook_keeps_any_text() {
        let mut book = Workbook::begin("a/b", &["x".to_owned()]).unwrap();
        book.row(&["=1+1 <&\"\u{1}\u{202e}日本".to_owned()]).unwrap();
        let bytes = book.end().unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut zip.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut text).unwrap();
        assert!(text.contains("=1+1 &lt;&amp;&quot;\u{fffd}\u{202e}日本"), "{text}");
        assert!(!text.contains("<f>"));
    }
}
