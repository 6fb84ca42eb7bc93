//! The lines that a change takes away and brings.

/// Most pairs of lines that are compared; beyond, what differs is shown as taken away and brought as a whole.
const MAX_PAIRS: usize = 4_000_000;

/// Lines shown around what differs.
const CONTEXT_LINES: usize = 2;

/// One line of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'t> {
    /// It stays.
    Same(&'t str),
    /// It goes.
    Gone(&'t str),
    /// It comes.
    New(&'t str),
    /// Lines that stay are left out here.
    Skip,
}

/// What differs between two texts, with a little of what is around it.
#[must_use]
pub fn diff<'t>(before: &'t str, after: &'t str) -> Vec<Line<'t>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let old_part = old_rest.get(..old_rest.len() - tail).unwrap_or_default();
    let new_part = new_rest.get(..new_rest.len() - tail).unwrap_or_default();
    let mut lines: Vec<Line<'t>> = old.iter().take(head).map(|line| Line::Same(line)).collect();
    between(old_part, new_part, &mut lines);
    lines.extend(old_rest.iter().skip(old_rest.len() - tail).map(|line| Line::Same(line)));
    with_context(&lines)
}

/// The longest common lines of two parts, by the table of all pairs.
fn between<'t>(old: &[&'t str], new: &[&'t str], lines: &mut Vec<Line<'t>>) {
    if old.len().saturating_mul(new.len()) > MAX_PAIRS {
        lines.extend(old.iter().map(|line| Line::Gone(line)));
        lines.extend(new.iter().map(|line| Line::New(line)));
        return;
    }
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    let at = |common: &[u32], row: usize, column: usize| common.get(row * width + column).copied().unwrap_or_default();
    for (row, line) in old.iter().enumerate().rev() {
        for (column, other) in new.iter().enumerate().rev() {
            let longest = if line == other {
                at(&common, row + 1, column + 1) + 1
            } else {
                at(&common, row + 1, column).max(at(&common, row, column + 1))
            };
            if let Some(cell) = common.get_mut(row * width + column) {
                *cell = longest;
            }
        }
    }
    let (mut row, mut column) = (0, 0);
    loop {
        match (old.get(row), new.get(column)) {
            (Some(line), Some(other)) if line == other => {
                lines.push(Line::Same(line));
                row += 1;
                column += 1;
            }
            (Some(line), other) if other.is_none() || at(&common, row + 1, column) >= at(&common, row, column + 1) => {
                lines.push(Line::Gone(line));
                row += 1;
            }
            (_, Some(other)) => {
                lines.push(Line::New(other));
                column += 1;
            }
            _ => return,
        }
    }
}

fn with_context<'t>(lines: &[Line<'t>]) -> Vec<Line<'t>> {
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| !matches!(line, Line::Same(_))).map(|(at, _)| at).collect();
    let is_near = |at: usize| {
        let next = changed.partition_point(|&changed| changed < at);
        let near = |place: Option<&usize>| place.is_some_and(|&place| place.abs_diff(at) <= CONTEXT_LINES);
        near(changed.get(next)) || near(next.checked_sub(1).and_then(|before| changed.get(before)))
    };
    let mut kept = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if is_near(at) {
            kept.push(*line);
        } else if kept.last() != Some(&Line::Skip) && !changed.is_empty() {
            kept.push(Line::Skip);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_shown_with_a_little_around_it() {
        let check = |before: &str, after: &str, expected: &str| {
            let lines = diff(before, after);
            let text: Vec<String> = lines
                .iter()
                .map(|line| match line {
                    Line::Same(line) => format!(" {line}"),
                    Line::Gone(line) => format!("-{line}"),
                    Line::New(line) => format!("+{line}"),
                    Line::Skip => "…".to_owned(),
                })
                .collect();
            assert_eq!(text.join("|"), expected);
        };
        check("a\nb\nc", "a\nb\nc", "");
        check("", "a\nb", "+a|+b");
        check("a\nb", "", "-a|-b");
        check("1\n2\n3\n4\n5\n6\n7", "1\n2\n3\nx\n5\n6\n7", "…| 2| 3|-4|+x| 5| 6|…");
        check("a\nb\nc\nd", "a\nc\ne\nd", " a|-b| c|+e| d");
    }
}
