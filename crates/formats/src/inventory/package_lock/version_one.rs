//! Version 1 of `package-lock.json`: dependencies nested as they are installed.

use serde::Deserialize;
use serde_json::value::RawValue;
use yata_model::Scope;

use super::super::found::Found;
use super::super::json::{self, Members, Str};
use super::super::text::Lines;
use super::string_or_other::Maybe;
use super::{Node, PLACE_MAX_BYTES, scope};

/// The deepest nesting of dependencies that is followed.
const NESTING_MAX: usize = 32;

/// An entry of `dependencies`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Entry<'a> {
    #[serde(borrow)]
    version: Option<Str<'a>>,
    #[serde(borrow)]
    resolved: Option<Maybe<'a>>,
    dev: bool,
    optional: bool,
    #[serde(borrow)]
    requires: Option<&'a RawValue>,
    #[serde(borrow)]
    dependencies: Members<'a, &'a RawValue>,
}

/// The nodes, in the shape that version 2 has.
pub(super) fn nodes<'a>(
    dependencies: &Members<'a, &'a RawValue>,
    lines: &Lines<'_>,
    found: &mut Found<'_>,
) -> Vec<Node<'a>> {
    let mut nodes = Vec::new();
    let mut open: Vec<(String, usize, Str<'a>, &'a RawValue)> = Vec::new();
    let level = |folder: &str, depth: usize, members: &Members<'a, &'a RawValue>| -> Vec<_> {
        let member = |(name, raw): &(Str<'a>, &'a RawValue)| (folder.to_owned(), depth, name.clone(), *raw);
        members.0.iter().rev().map(member).collect()
    };
    open.extend(level("", 0, dependencies));
    while let Some((folder, depth, name, raw)) = open.pop() {
        let line = lines.of(raw.get());
        let entry: Entry<'_> = match json::entry(raw) {
            Ok(entry) => entry,
            Err(why) => {
                found.bad_entry(&name, why, line);
                continue;
            }
        };
        let place = if folder.is_empty() {
            format!("node_modules/{}", name.as_str())
        } else {
            format!("{folder}/node_modules/{}", name.as_str())
        };
        // `"requires": true` stands at the top only; anything but an object names nothing.
        let requires = entry.requires.and_then(|raw| json::entry::<Members<'a, &'a RawValue>>(raw).ok());
        let needs = requires.unwrap_or_default().0.into_iter().map(|(name, _)| (name, Scope::Runtime)).collect();
        let local = entry.version.as_ref().is_some_and(|version| version.starts_with("file:") && !is_archive(version));
        if depth < NESTING_MAX && place.len() < PLACE_MAX_BYTES {
            open.extend(level(&place, depth + 1, &entry.dependencies));
        } else if !entry.dependencies.0.is_empty() {
            found.bad_entry(&name, format!("its dependencies are nested deeper than {NESTING_MAX} levels"), line);
        }
        nodes.push(Node {
            place,
            name: name.as_str().to_owned(),
            version: entry.version,
            resolved: entry.resolved.and_then(|resolved| resolved.0),
            local,
            scope: scope(entry.dev, entry.optional, false),
            line,
            needs,
        });
    }
    nodes
}

fn is_archive(version: &str) -> bool {
    version.ends_with(".tgz") || version.ends_with(".tar.gz")
}
