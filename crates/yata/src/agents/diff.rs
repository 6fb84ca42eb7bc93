//! Two versions of a file as a unified diff.

use std::fmt::Write as _;

/// Lines around a change.
const CONTEXT_LINES: usize = 3;
/// The most pairs of lines that are compared; larger differences are shown as one block.
const PAIRS_MAX: usize = 4_000_000;

/// One line of the diff.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    Come(&'a str),
}

/// The difference, with the path in its head; empty where there is none.
pub(super) fn unified(path: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    let lines = lines(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>());
    let mut out = format!("--- {path}\n+++ {path}\n");
    for (from, to) in hunks(&lines) {
        let before = lines.get(..from).unwrap_or_default();
        let hunk = lines.get(from..to).unwrap_or_default();
        let count = |part: &[Line<'_>], come: bool| {
            part.iter()
                .filter(|line| if come { !matches!(line, Line::Gone(_)) } else { !matches!(line, Line::Come(_)) })
                .count()
        };
        let (old_at, new_at) = (count(before, false) + 1, count(before, true) + 1);
        // INVARIANT: writing to a String cannot fail.
        let _ = writeln!(out, "@@ -{old_at},{} +{new_at},{} @@", count(hunk, false), count(hunk, true));
        for line in hunk {
            let _ = match line {
                Line::Same(text) => writeln!(out, " {text}"),
                Line::Gone(text) => writeln!(out, "-{text}"),
                Line::Come(text) => writeln!(out, "+{text}"),
            };
        }
    }
    out
}

fn lines<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (gone, tail) = old_rest.split_at(old_rest.len() - end);
    let (come, _) = new_rest.split_at(new_rest.len() - end);
    let head = old.get(..start).unwrap_or_default();
    let mut out: Vec<Line<'a>> = head.iter().map(|line| Line::Same(line)).collect();
    out.extend(middle(gone, come));
    out.extend(tail.iter().map(|line| Line::Same(line)));
    out
}

/// By the longest common part of both.
fn middle<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let block = || old.iter().map(|line| Line::Gone(line)).chain(new.iter().map(|line| Line::Come(line))).collect();
    if old.len().saturating_mul(new.len()) > PAIRS_MAX {
        return block();
    }
    let width = new.len() + 1;
    let mut table = vec![0_u32; (old.len() + 1) * width];
    let at = |table: &[u32], row: usize, column: usize| table.get(row * width + column).copied().unwrap_or(0);
    for (row, a) in old.iter().enumerate().rev() {
        for (column, b) in new.iter().enumerate().rev() {
            let value = if a == b {
                at(&table, row + 1, column + 1) + 1
            } else {
                at(&table, row + 1, column).max(at(&table, row, column + 1))
            };
            if let Some(slot) = table.get_mut(row * width + column) {
                *slot = value;
            }
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut out = Vec::new();
    while let (Some(a), Some(b)) = (old.get(row), new.get(column)) {
        if a == b {
            out.push(Line::Same(a));
            row += 1;
            column += 1;
        } else if at(&table, row + 1, column) >= at(&table, row, column + 1) {
            out.push(Line::Gone(a));
            row += 1;
        } else {
            out.push(Line::Come(b));
            column += 1;
        }
    }
    out.extend(old.iter().skip(row).map(|line| Line::Gone(line)));
    out.extend(new.iter().skip(column).map(|line| Line::Come(line)));
    out
}

/// The changed places with the lines around them, joined where they meet.
fn hunks(lines: &[Line<'_>]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (at, _) in lines.iter().enumerate().filter(|(_, line)| !matches!(line, Line::Same(_))) {
        let (from, to) = (at.saturating_sub(CONTEXT_LINES), (at + 1 + CONTEXT_LINES).min(lines.len()));
        match out.last_mut() {
            Some(last) if last.1 >= from => last.1 = to,
            _ => out.push((from, to)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_with_its_surroundings() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n";
        let new = "a\nb\nc\nd\nE\nf\ng\nh\ni\nj\nk\n";
        let expected = "--- x\n+++ x\n@@ -2,9 +2,10 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n i\n j\n+k\n";
        assert_eq!(unified("x", old, new), expected);
        assert_eq!(unified("x", old, old), "");
    }

    #[test]
    fn far_changes_are_hunks_of_their_own() {
        let old: String = (0..40).map(|n| format!("{n}\n")).collect();
        let new = old.replace("\n5\n", "\nfive\n").replace("\n30\n", "\n");
        let diff = unified("x", &old, &new);
        assert_eq!(diff.matches("@@ -").count(), 2, "{diff}");
        assert!(diff.contains("-30\n") && diff.contains("-5\n+five\n"), "{diff}");
    }
}
