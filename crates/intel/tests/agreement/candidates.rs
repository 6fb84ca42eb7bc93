//! Versions worth asking about: all that records name, and their neighbours.

use std::collections::BTreeSet;

use crate::order::{Key, Modern, Python};

/// A version number that no package reaches.
const FAR: u64 = 9_999;
/// How many neighbours of one RPM version are asked for: there are 60,000 versions.
const RPM_NEIGHBOURS_COUNT: usize = 1;

/// An event's version and its neighbours, as far as they are versions.
///
/// Of an RPM's neighbours only some are taken; `turn` tells which.
pub(crate) fn around(ecosystem: &str, text: &str, turn: usize, out: &mut BTreeSet<String>) {
    let mut texts = Vec::new();
    match Key::read(ecosystem, text) {
        Some(Key::Semantic(version)) => {
            semantic(&version.0, text, &mut texts);
            if ecosystem == "Go" {
                texts.push(format!("v{text}"));
            }
        }
        Some(Key::Python(Python::Modern(version))) => python(&version, text, &mut texts),
        Some(Key::Rpm(_)) => {
            rpm(text, &mut texts);
            // The packages of one source share their versions, so that each neighbour is asked for in some of them.
            let turn = turn % texts.len().max(1);
            texts.rotate_left(turn);
            texts.truncate(RPM_NEIGHBOURS_COUNT);
        }
        Some(Key::Python(Python::Legacy(_))) | None => {}
    }
    out.insert(text.to_owned());
    out.extend(texts.into_iter().filter(|text| Key::read(ecosystem, text).is_some()));
}

fn semantic(version: &semver::Version, text: &str, out: &mut Vec<String>) {
    let semver::Version { major, minor, patch, pre, .. } = version;
    out.push(match (major, minor, patch) {
        (0, 0, 0) => "0.0.0-0".to_owned(),
        (_, 0, 0) => format!("{}.{FAR}.{FAR}", major.saturating_sub(1)),
        (_, _, 0) => format!("{major}.{}.{FAR}", minor - 1),
        _ => format!("{major}.{minor}.{}", patch - 1),
    });
    out.push(format!("{major}.{minor}.{patch}-0"));
    out.push(format!("{major}.{minor}.{patch}-rc.1"));
    out.push(format!("{major}.{minor}.{}-0", patch + 1));
    out.push(format!("{major}.{minor}.{}", patch + 1));
    if pre.is_empty() {
        out.push(format!("{text}+build.7"));
    } else {
        // The very next version after a pre-release, and the release itself.
        out.push(format!("{text}.0"));
        out.push(format!("{major}.{minor}.{patch}"));
    }
}

fn python(version: &Modern, text: &str, out: &mut Vec<String>) {
    let joined = |numbers: &[u128]| {
        let numbers: Vec<String> = numbers.iter().map(u128::to_string).collect();
        let epoch = if version.epoch == 0 { String::new() } else { format!("{}!", version.epoch) };
        format!("{epoch}{}", numbers.join("."))
    };
    let release = joined(&version.release);
    for end in ["", ".dev1", "a1", "rc1", ".post1", ".0", ".0.1", "-1"] {
        out.push(format!("{release}{end}"));
    }
    for end in [".dev1", ".post1", "+local.1"] {
        out.push(format!("{text}{end}"));
    }
    let mut next = version.release.clone();
    *next.last_mut().unwrap() += 1;
    out.push(joined(&next));
    out.push(format!("V{}RC.1", joined(&next)));
    let mut previous = version.release.clone();
    if let Some(last) = previous.iter().rposition(|number| *number > 0) {
        previous.truncate(last + 1);
        previous[last] -= 1;
        previous.push(u128::from(FAR));
        out.push(joined(&previous));
    }
}

fn rpm(text: &str, out: &mut Vec<String>) {
    let (epoch, rest) = text.split_once(':').unwrap_or(("0", text));
    let Some((version, release)) = rest.split_once('-') else { return };
    let end = release.find(|c: char| !c.is_ascii_digit()).unwrap_or(release.len());
    let (number, tail) = release.split_at(end);
    if let Ok(number) = number.parse::<u64>() {
        out.push(format!("{epoch}:{version}-{}{tail}", number + 1));
        out.push(format!("{epoch}:{version}-{}{tail}", number.saturating_sub(1)));
    }
    // Just below, just behind, and as tools write an epoch of 0.
    out.push(format!("{epoch}:{version}-{release}~0"));
    out.push(format!("{epoch}:{version}-{release}^0"));
    out.push(format!("{epoch}:{version}^1-{release}"));
    if epoch == "0" {
        out.push(format!("1:{version}-{release}"));
        out.push(if text.contains(':') { rest.to_owned() } else { format!("0:{text}") });
    } else {
        out.push(rest.to_owned());
    }
}
