//! Addresses in a text: hosts, mail addresses, parts of an address that are to be filled.

use std::ops::Range;

use super::marks::Mark;

/// Whether the place outside is one: an address that is not this machine, or a word for somebody else.
pub(super) fn foreign(text: &str, place: &Range<usize>) -> bool {
    match text.get(place.clone()) {
        Some(found) if found.starts_with("http") => {
            !is_reference(text.get(..place.start).unwrap_or_default())
                && foreign_address(text.get(place.start..).unwrap_or_default())
        }
        Some(_) => true,
        None => false,
    }
}

/// Whether the address after `before` is the target of a link that only refers to something: `([#12](https://…`.
fn is_reference(before: &str) -> bool {
    let Some((label_before, label)) = before.strip_suffix("](").and_then(|text| text.rsplit_once('[')) else {
        return false;
    };
    let image = label_before.ends_with('!');
    let words = ["see ", "(", "in ", "by ", "read ", "docs: ", "also ", "[", "- ", "documentation "];
    !image
        && (label.starts_with(['#', '@'])
            || label_before.is_empty()
            || words.iter().any(|word| label_before.ends_with(word)))
}

/// Whether the text has an address on the network.
pub(super) fn foreign_address(text: &str) -> bool {
    hosts(text).any(|host| !is_local(host))
}

/// The hosts of the addresses in a text.
pub(super) fn hosts(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("://").filter_map(|(at, _)| {
        let rest = text.get(at + 3..)?;
        let end = rest
            .find(|char: char| !(char.is_alphanumeric() || matches!(char, '.' | '-' | '_' | '@' | ':' | '[' | ']')));
        let authority = rest.get(..end.unwrap_or(rest.len()))?;
        let host = authority.rsplit('@').next()?;
        let host = if host.starts_with('[') { host } else { host.split(':').next()? };
        Some(host.trim_end_matches('.')).filter(|host| !host.is_empty())
    })
}

/// Whether a host is this machine or a private network.
pub(super) fn is_local(host: &str) -> bool {
    let private =
        ["127.", "10.", "192.168.", "0.0.0.0", "[::1]", "169.254."].iter().any(|start| host.starts_with(start));
    private
        || host == "localhost"
        || host.ends_with(".localhost")
        || host.ends_with(".local")
        || host.ends_with(".internal")
}

pub(super) fn has_mail_address(text: &str) -> bool {
    text.split([' ', '<', '>', '(', ')', ',', '、', '"', ':']).any(|word| {
        let Some((name, host)) = word.split_once('@') else { return false };
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && name.chars().all(|char| char.is_ascii_alphanumeric() || "._%+-".contains(char))
    })
}

/// The values of the parameters of addresses in a text, and the parts in braces.
pub(super) fn slots(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("://").flat_map(|(at, _)| {
        let rest = text.get(at..).unwrap_or_default();
        let address = rest.split([' ', ')', '"', '\'', '。', '、']).next().unwrap_or_default();
        let values = address.split(['?', '&']).skip(1).filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
        let marked = address.match_indices(['{', '<', '$', '…']).filter_map(|(start, _)| address.get(start..));
        values.chain(marked)
    })
}

pub(super) fn has_word(text: &str, word: &str) -> bool {
    text.split(|char: char| !char.is_alphanumeric() && char != '_').any(|other| other == word)
}

/// Whether the text names a host without an address.
pub(super) fn bare_host(text: &str) -> bool {
    let words = text
        .split(' ')
        .filter(|word| !word.contains("://"))
        .flat_map(|word| word.split(['<', '>', '(', ')', ',', '、', '"', '「', '」', '/', '@']));
    words.map(|word| word.trim_end_matches(['.', ':', ';'])).any(|word| {
        // `config.example` is a file.
        let least = if word.ends_with(".example") || word.ends_with(".test") { 2 } else { 1 };
        word.matches('.').count() >= least
            && !word.starts_with('.')
            && Mark::HostEnds.list().iter().any(|end| word.ends_with(end))
    })
}

pub(super) fn is_slot(value: &str) -> bool {
    value.starts_with(['{', '<', '[', '$', '(', '%', '…', '.']) || value.is_empty() || !value.is_ascii()
}
