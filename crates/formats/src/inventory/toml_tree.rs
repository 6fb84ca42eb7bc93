//! TOML documents as a tree with places, so that a bad entry spoils nothing else.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use yata_model::{Message, Problem};

use super::Input;
use super::found::{shown, unparsable_problem};
use super::text::{Lines, column_of};

/// The document, or the problem that says where it breaks and what to do.
pub(super) fn document<'a>(input: &Input<'_>, text: &'a str) -> Result<DeTable<'a>, Problem> {
    DeTable::parse(text).map(Spanned::into_inner).map_err(|error| {
        let offset = error.span().map_or(text.len(), |span| span.start);
        let line = Lines::new(text).at(offset);
        let message = Message::new("problem-toml-syntax")
            .with("why", shown(error.message()))
            .with("line", i64::from(line))
            .with("column", column_of(text, offset));
        unparsable_problem(input, message, Some(line))
    })
}

/// The value of a key.
pub(super) fn value<'t, 'a>(table: &'t DeTable<'a>, key: &str) -> Option<&'t Spanned<DeValue<'a>>> {
    table.get(key)
}

/// The string of a key.
pub(super) fn string<'t>(table: &'t DeTable<'_>, key: &str) -> Option<&'t str> {
    value(table, key).and_then(|value| value.get_ref().as_str())
}

/// The table of a key.
pub(super) fn table<'t, 'a>(parent: &'t DeTable<'a>, key: &str) -> Option<&'t DeTable<'a>> {
    value(parent, key).and_then(|value| value.get_ref().as_table())
}

/// The values of the array of a key; none where there is no array.
pub(super) fn array<'t, 'a>(
    table: &'t DeTable<'a>,
    key: &str,
) -> impl Iterator<Item = &'t Spanned<DeValue<'a>>> + use<'t, 'a> {
    value(table, key).and_then(|value| value.get_ref().as_array()).into_iter().flat_map(|array| array.iter())
}

/// A `[[package]]` table's name and version with the line of its name, or what is wrong with it.
pub(super) struct PackageTable<'t, 'a> {
    pub(super) table: &'t DeTable<'a>,
    pub(super) name: &'t str,
    pub(super) version: Option<&'t str>,
    pub(super) line: u32,
}

/// The `[[package]]` tables of a lockfile; a table without a name, or with a version that is no string, is an
/// error of its name (or number), the reason and its line.
pub(super) fn packages<'t, 'a>(
    document: &'t DeTable<'a>,
    lines: &Lines<'_>,
) -> Vec<Result<PackageTable<'t, 'a>, (String, &'static str, u32)>> {
    let Some(list) = value(document, "package") else { return Vec::new() };
    let Some(list_values) = list.get_ref().as_array() else {
        return vec![Err(("package".to_owned(), "it is not a list of tables", lines.at(list.span().start)))];
    };
    list_values
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let line = lines.at(entry.span().start);
            let nameless = || format!("package {}", index + 1);
            let Some(table) = entry.get_ref().as_table() else { return Err((nameless(), "it is not a table", line)) };
            let Some(name_value) = value(table, "name") else { return Err((nameless(), "it has no name", line)) };
            let line = lines.at(name_value.span().start);
            let Some(name) = name_value.get_ref().as_str().filter(|name| !name.is_empty()) else {
                return Err((nameless(), "its name is not a string", line));
            };
            let version = value(table, "version").map(|version| version.get_ref().as_str().filter(|v| !v.is_empty()));
            match version {
                Some(None) => Err((name.to_owned(), "its version is not a string", line)),
                Some(version @ Some(_)) => Ok(PackageTable { table, name, version, line }),
                None => Ok(PackageTable { table, name, version: None, line }),
            }
        })
        .collect()
}
