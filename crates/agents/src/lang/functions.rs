//! The functions of the language; `signature` holds their types.

use std::borrow::Cow;

use super::eval::{Facts, Val};
use super::{paths, tools, words};
use crate::rules::pattern;
use crate::{glob, rules};

/// Calls a function. What `signature` does not allow does not get here.
pub(super) fn call<'a>(name: &str, args: &[Val<'a>], facts: &Facts<'a>) -> Val<'a> {
    let none = Val::Absent;
    let first = args.first().unwrap_or(&none);
    let second = args.get(1).unwrap_or(&none);
    values(name, first, second)
        .or_else(|| texts(name, first, second))
        .or_else(|| domain(name, first, second, facts).map(Val::Bool))
        .unwrap_or(Val::Absent)
}

fn values<'a>(name: &str, first: &Val<'a>, second: &Val<'a>) -> Option<Val<'a>> {
    Some(match name {
        "present" => Val::Bool(!first.absent()),
        "absent" => Val::Bool(first.absent()),
        "empty" => Val::Bool(match first.text() {
            Some(text) => text.trim().is_empty(),
            None => first.absent() || (is_group(first) && first.elements().is_empty()),
        }),
        "is_text" => Val::Bool(first.text().is_some()),
        "is_list" => Val::Bool(is_group(first) && !is_map(first)),
        "is_map" => Val::Bool(is_map(first)),
        "count" => Val::Number(f64::from(u32::try_from(first.elements().len()).unwrap_or(u32::MAX))),
        "number" => first.number().or_else(|| first.text()?.trim().parse().ok()).map_or(Val::Absent, Val::Number),
        "keys" => Val::List(first.elements().into_iter().map(|(key, _)| Val::Text(key)).collect()),
        "values" => Val::List(first.elements().into_iter().map(|(_, value)| value).collect()),
        "both" => {
            let mut all = listed(first);
            all.extend(listed(second));
            Val::List(all)
        }
        "first" => first.elements().into_iter().next().map_or(Val::Absent, |(_, value)| value),
        "last" => first.elements().into_iter().next_back().map_or(Val::Absent, |(_, value)| value),
        "nth" => {
            let wanted = second.number().unwrap_or(-1.0);
            let found = first.elements().into_iter().zip(0_u32..).find(|(_, at)| (f64::from(*at) - wanted).abs() < 0.5);
            found.map_or(Val::Absent, |((_, value), _)| value)
        }
        _ => return None,
    })
}

/// The elements, or the one value.
fn listed<'a>(value: &Val<'a>) -> Vec<Val<'a>> {
    match value {
        value if value.absent() => Vec::new(),
        value if is_group(value) => value.elements().into_iter().map(|(_, value)| value).collect(),
        value => vec![value.clone()],
    }
}

const fn is_map(value: &Val<'_>) -> bool {
    matches!(value, Val::Node(node) if matches!(node.value, crate::tree::Value::Map(_)))
}

const fn is_group(value: &Val<'_>) -> bool {
    match value {
        Val::List(_) => true,
        Val::Node(node) => matches!(node.value, crate::tree::Value::Map(_) | crate::tree::Value::List(_)),
        _ => false,
    }
}

fn owned<'a>(text: impl Into<String>) -> Val<'a> {
    Val::Text(Cow::Owned(text.into()))
}

fn texts<'a>(name: &str, first: &Val<'a>, second: &Val<'a>) -> Option<Val<'a>> {
    let text = || first.text().unwrap_or_default();
    let other = || second.text().unwrap_or_default();
    Some(match name {
        "text" => owned(scalar(first)),
        "join" => owned(first.texts().join(other())),
        "lower" => owned(text().to_lowercase()),
        "trim" => owned(text().trim()),
        "words" => Val::List(words::split(text()).into_iter().map(owned).collect()),
        "split" => Val::List(text().split(other()).filter(|part| !part.is_empty()).map(owned).collect()),
        "before" => owned(text().split_once(other()).map_or(text(), |(before, _)| before)),
        "after" => owned(text().split_once(other()).map_or("", |(_, after)| after)),
        "basename" => owned(words::basename(text())),
        "program" => owned(words::program(text())),
        "scheme" => owned(paths::scheme(text())),
        "host" => owned(paths::host(text())),
        "distance" => Val::Number(f64::from(u32::try_from(words::distance(text(), other())).unwrap_or(u32::MAX))),
        _ => return None,
    })
}

fn scalar(value: &Val<'_>) -> String {
    match value {
        Val::Bool(value) => value.to_string(),
        Val::Node(node) if node.as_bool().is_some() => node.as_bool().unwrap_or_default().to_string(),
        other => match (other.text(), other.number()) {
            (Some(text), _) => text.to_owned(),
            (None, Some(number)) => number.to_string(),
            _ => String::new(),
        },
    }
}

/// What is true of a text, or of one of several.
fn domain<'a>(name: &str, first: &Val<'a>, second: &Val<'a>, facts: &Facts<'a>) -> Option<bool> {
    let any = |test: &dyn Fn(&str) -> bool| first.texts().into_iter().any(test);
    let pair =
        |test: &dyn Fn(&str, &str) -> bool| any(&|text| second.texts().into_iter().any(|other| test(text, other)));
    let (home, project) = (facts.home, facts.project);
    Some(match name {
        "glob" => pair(&|text, pattern| glob::text(pattern, text)),
        "path_glob" => pair(&|text, pattern| glob::path(pattern, text)),
        "starts" => pair(&|text, start| text.starts_with(start)),
        "ends" => pair(&|text, end| text.ends_with(end)),
        "contains" => pair(&|text, piece| text.contains(piece)),
        "absolute" => any(&|text| paths::absolute(text)),
        "wide_path" => any(&|text| paths::wide(text, home, project)),
        "home_folder" => any(&|text| paths::home_folder(text, home)),
        "secret_path" => any(&|text| words::split(text).iter().any(|word| paths::secret(word, home))),
        "temp_path" => any(&|text| paths::temp(text, home)),
        "in_project" => any(&|text| words::split(text).iter().any(|word| paths::in_project(word, home, project))),
        "under" => {
            let above = first.texts();
            !second.texts().is_empty()
                && second.texts().iter().all(|path| above.iter().any(|above| paths::below(path, above, home)))
        }
        "secret_name" => any(&words::secret_name),
        "literal" => any(&words::literal),
        "loopback" => any(&paths::loopback),
        "url_secret" => any(&words::url_secret),
        "wide_domain" => any(&paths::wide_domain),
        "fetches" => any(&words::fetches),
        "sends" => any(&words::sends),
        "runs_download" => any(&words::runs_download),
        "runs_project" => any(&|text| tools::runs_project(text, home, project)),
        "regex" => pair(&|text, pattern| pattern::found(pattern, text)),
        "writes" => any(&tools::writes),
        "commit" => any(&|text| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())),
        "version_before" => pair(&words::version_before),
        "matched" => {
            second.text().is_some_and(|call| rules::any_matches(facts.agent, &first.texts(), call, home, project))
        }
        "covered" => second.text().is_some_and(|rule| rules::any_covers(facts.agent, &first.texts(), rule)),
        "exists" => any(&|pattern| facts.paths.iter().any(|path| glob::path(pattern, path))),
        _ => return None,
    })
}
