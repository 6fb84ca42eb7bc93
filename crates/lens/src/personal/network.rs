//! Addresses of machines and mailboxes.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::rule::{Confidence, Found, Window};

use super::scan::{after, before, between, last_bytes, mentions, push, word_after};

/// IPv4 addresses; not loopback, masks, multicast or versions.
pub(crate) fn ipv4(window: &Window<'_>, found: &mut Vec<Found>) {
    let (text, start) = (window.text, window.at);
    let length = after(text, start).bytes().take(16).take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let whole = between(text, start, start + length);
    let plain = whole.trim_end_matches('.');
    let end = start + plain.len();
    if plain.bytes().filter(|byte| *byte == b'.').count() != 3 || word_after(text, end) {
        return;
    }
    let previous = before(text, start).chars().next_back();
    if previous.is_some_and(|character| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-')) {
        return;
    }
    // `1.2.3.4-5` and `1.2.3.4+build` are versions.
    if after(text, end).starts_with(['-', '+'])
        && after(text, end + 1).starts_with(|next: char| next.is_ascii_alphanumeric())
    {
        return;
    }
    let Ok(address) = plain.parse::<Ipv4Addr>() else { return };
    if mentions(
        last_bytes(text, start, 24),
        &["version", "ver", "ver.", "バージョン", "oid", "版", "release", "章", "第"],
    ) {
        return;
    }
    let [first, second, third, _] = address.octets();
    if address.is_loopback() || first == 0 || first >= 224 || address.is_broadcast() {
        return;
    }
    let private = address.is_private()
        || address.is_link_local()
        || address.is_documentation()
        || (first == 100 && (64..128).contains(&second));
    let versionish = first < 10 && second < 20 && third < 100;
    let confidence = if private || versionish { Confidence::Possible } else { Confidence::Likely };
    push(found, start, end, confidence);
}

/// IPv6 addresses; not loopback, multicast or paths of code.
pub(crate) fn ipv6(window: &Window<'_>, found: &mut Vec<Found>) {
    let (text, at) = (window.text, window.at);
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
    let mut start = at - before(text, at).bytes().rev().take_while(|byte| is_part(*byte)).count();
    // `接続元:2001:…`: a single colon in front is none of its own.
    if after(text, start).starts_with(':') && !after(text, start).starts_with("::") {
        start += 1;
    }
    // The address is reported at its first digit.
    if between(text, start, at).bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    let length = after(text, start).bytes().take(48).take_while(|byte| is_part(*byte)).count();
    let whole = between(text, start, start + length).trim_end_matches(':');
    let end = start + whole.len();
    let previous = before(text, start).chars().next_back();
    let joined =
        previous.is_some_and(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-'));
    if joined || word_after(text, end) || whole.bytes().filter(|byte| *byte == b':').count() < 2 {
        return;
    }
    let Ok(address) = whole.parse::<Ipv6Addr>() else { return };
    let groups = whole.split(':').filter(|group| !group.is_empty()).count();
    let [first, second, ..] = address.segments();
    if address.is_loopback()
        || address.is_multicast()
        || groups < 2
        || first == 0
        || (groups < 3 && !(0x2000..=0xfeff).contains(&first))
    {
        return;
    }
    let local = first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80 || (first, second) == (0x2001, 0x0db8);
    push(found, start, end, if local { Confidence::Possible } else { Confidence::Likely });
}

/// MAC addresses with colons, hyphens, or in Cisco's groups of four.
pub(crate) fn mac_address(window: &Window<'_>, found: &mut Vec<Found>) {
    let (text, at) = (window.text, window.at);
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'-' | b'.');
    let start = at - before(text, at).bytes().rev().take(18).take_while(|byte| is_part(*byte)).count();
    let head = between(text, start, at);
    let start = start + (head.len() - head.trim_start_matches([':', '-', '.']).len());
    if between(text, start, at).bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    let length = after(text, start).bytes().take(40).take_while(|byte| is_part(*byte)).count();
    let whole = between(text, start, start + length).trim_end_matches([':', '-', '.']);
    let end = start + whole.len();
    let previous = before(text, start).chars().next_back();
    if previous.is_some_and(|character| character.is_ascii_alphanumeric() || character == '_') || word_after(text, end)
    {
        return;
    }
    let groups = |separator: char, length: usize, count: usize| {
        whole.split(separator).count() == count
            && whole
                .split(separator)
                .all(|group| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let digits: String = whole.chars().filter(char::is_ascii_hexdigit).collect();
    let is_mac = groups(':', 2, 6) || groups('-', 2, 6) || groups('.', 4, 3);
    if is_mac && !super::check::is_uniform(&digits) {
        push(found, start, end, Confidence::Likely);
    }
}

/// What stands behind the last point of file names and package versions, not of mailboxes.
const NO_DOMAINS: [&str; 20] = [
    "png",
    "jpg",
    "jpeg",
    "gif",
    "svg",
    "webp",
    "js",
    "mjs",
    "ts",
    "tsx",
    "css",
    "html",
    "json",
    "md",
    "rs",
    "go",
    "py",
    "local",
    "localhost",
    "service",
];
/// The longest local part and domain that are read, in bytes.
const LOCAL_MAX_BYTES: usize = 64;
const DOMAIN_MAX_BYTES: usize = 190;

/// E-mail addresses, directly inside Japanese text too, and with an international domain.
pub(crate) fn email(window: &Window<'_>, found: &mut Vec<Found>) {
    let (text, at) = (window.text, window.at);
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || b"._%+'-&=~!#$*/?^`{|}".contains(&byte);
    let local_bytes =
        before(text, at).bytes().rev().take(LOCAL_MAX_BYTES + 1).take_while(|byte| is_local(*byte)).count();
    let local = between(text, at - local_bytes, at);
    // Quotes, brackets and the slashes of a URL do not belong to it.
    let local = local
        .rsplit(['/', '\'', '=', '`', '{', '}', '|', '!', '?', '*', '$', '#', '~', '^', '&'])
        .next()
        .unwrap_or_default();
    let local = local.trim_start_matches(['.', '-']);
    let start = at - local.len();
    if local.is_empty()
        || local.len() > LOCAL_MAX_BYTES
        || local.ends_with('.')
        || local.contains("..")
        || local == "git"
    {
        return;
    }
    // `user:password@host` in a URL is a credential, not a mailbox.
    let earlier = before(text, start);
    if earlier.ends_with("://") || (earlier.ends_with(':') && last_bytes(text, start, 60).contains("://")) {
        return;
    }
    let Some(end) = domain_end(text, at + 1) else { return };
    push(found, start, end, Confidence::Likely);
}

/// Where the domain ends that begins there.
fn domain_end(text: &str, start: usize) -> Option<usize> {
    let rest = super::scan::first_bytes(text, start, DOMAIN_MAX_BYTES);
    let ascii: usize =
        rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')).count();
    let plain = between(rest, 0, ascii).trim_end_matches(['.', '-']);
    let (_, top) = plain.rsplit_once('.').unwrap_or_default();
    let labels = || {
        plain
            .split('.')
            .all(|label| !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-'))
    };
    let is_top = (2..=24).contains(&top.len())
        && (top.bytes().all(|byte| byte.is_ascii_alphabetic()) || top.starts_with("xn--"));
    if is_top && labels() && !NO_DOMAINS.contains(&top.to_ascii_lowercase().as_str()) {
        let joined = after(text, start + plain.len()).starts_with(['_', '@']);
        return (!joined).then_some(start + plain.len());
    }
    // An international domain: Japanese labels, and a known ending in ASCII or Japanese.
    let is_label = |character: char| character.is_alphanumeric() || matches!(character, '-' | 'ー' | '・' | '.');
    let wide: usize = rest.chars().take_while(|character| is_label(*character)).map(char::len_utf8).sum();
    let name = between(rest, 0, wide);
    let (first, _) = name.split_once('.')?;
    if first.is_empty() || first.chars().count() > 20 {
        return None;
    }
    let tail = after(name, first.len() + 1);
    [".jp", ".com", ".net", ".org", ".みんな", ".コム", ".クラウド", ".ストア"]
        .iter()
        .filter_map(|top| tail.strip_prefix(top.trim_start_matches('.')).map(|left| (top, left)))
        .find(|(_, left)| !left.starts_with(|character: char| character.is_ascii_alphanumeric() || character == '.'))
        .map(|(top, _)| start + first.len() + top.len())
}
