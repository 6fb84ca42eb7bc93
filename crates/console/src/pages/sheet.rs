//! Rows as CSV. Every cell is text: nothing that comes from outside is ever a formula.

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
