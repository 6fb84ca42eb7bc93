//! Addresses: which are this machine, which give out credentials, and what goes to the others.

use crate::machine::Machine;
use crate::value::{Flow, Value};
use crate::{ActKind, Traits};

/// The host of an address or `host:port`, without user and port.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let rest = rest.rsplit('@').next().unwrap_or(rest);
    if let Some(inner) = rest.strip_prefix('[') {
        return inner.split(']').next().unwrap_or(inner);
    }
    rest.split(':').next().unwrap_or(rest)
}

/// Whether a host is this machine.
pub(crate) fn is_local(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host.is_empty()
        || host.eq_ignore_ascii_case("localhost")
        || host.ends_with(".localhost")
        || host.starts_with("127.")
        || matches!(host, "::1" | "0" | "0.0.0.0" | "host.docker.internal")
}

/// The same of `/dev/tcp/HOST/PORT`.
pub(crate) fn is_local_text(path: &str) -> bool {
    path.split('/').nth(3).is_some_and(is_local)
}

/// Whether a host gives out the credentials of a cloud machine.
fn is_metadata(host: &str) -> bool {
    let numeric = host
        .strip_prefix("0x")
        .and_then(|hex| u32::from_str_radix(&hex.replace(".0x", ""), 16).ok())
        .or_else(|| host.parse::<u32>().ok());
    let octal = host
        .split('.')
        .filter_map(|part| part.strip_prefix('0').and_then(|rest| u32::from_str_radix(rest, 8).ok()))
        .collect::<Vec<_>>();
    let mapped = host.trim_start_matches("::ffff:");
    numeric == Some(0xA9FE_A9FE)
        || octal == [169, 254, 169, 254]
        || matches!(
            mapped,
            "169.254.169.254"
                | "169.254.170.2"
                | "metadata.google.internal"
                | "metadata"
                | "100.100.100.200"
                | "fd00:ec2::254"
                | "169.254.169.254.nip.io"
                | "a9fe:a9fe"
        )
        || host.starts_with("169.254.")
}

/// What a request carries.
#[derive(Default, Clone, Copy)]
pub(crate) struct Load {
    /// Where the body comes from.
    pub(crate) flow: Flow,
    /// A file goes along.
    pub(crate) file: bool,
}

impl Machine<'_> {
    /// A request to an address.
    pub(crate) fn request(&mut self, url: &Value, load: Load) {
        let text = url.text.as_str();
        let host = host(text).to_ascii_lowercase();
        if let Some(path) = text.strip_prefix("file://") {
            self.read(&Value { text: path.to_owned(), ..url.clone() });
            return;
        }
        let (mut traits, mut why) = (Traits::NONE, "");
        if is_metadata(&host) || host.is_empty() && text.contains("169.254.169.254") {
            traits |= Traits::READS_SECRET | Traits::OUTWARD;
            why = "asks the cloud's metadata service, which gives out credentials";
        } else if !is_local(&host) {
            traits |= Traits::OUTWARD;
            why = "asks another machine";
        }
        let carried = load.flow.with(url.flow);
        let parts = carried.has(Flow::SECRET)
            || carried.has(Flow::FILE)
            || carried.has(Flow::OUTPUT) && !url.is_known()
            || load.flow.has(Flow::OUTPUT)
            || load.flow.has(Flow::CREDENTIAL)
            || url.flow.has(Flow::CREDENTIAL) && !url.text.starts_with(crate::value::UNKNOWN);
        if !is_local(&host)
            && (load.file || parts || password_in(text) || crate::secrets::looks_secret(text) || smuggles(text))
        {
            traits |= Traits::SENDS_OUT;
            why = "sends files, secrets or the output of commands to another machine";
        } else if carried.has(Flow::SECRET) {
            traits |= Traits::READS_SECRET;
            why = "a secret goes into a request";
        }
        if poses(text) {
            traits |= Traits::DECEIVES;
            why = "the address looks like that of another host";
        }
        if is_local(&host) && [":2375", ":2376"].iter().any(|port| text.contains(port)) {
            traits |= Traits::ESCAPES_CONTAINER;
            why = "speaks to what starts containers on this machine";
        }
        self.act(ActKind::FetchUrl, url.shown(), traits, why);
    }

    /// `/dev/tcp/HOST/PORT`.
    pub(crate) fn socket(&mut self, path: &Value) {
        let local = is_local_text(&path.text);
        let traits = if local { Traits::NONE } else { Traits::OUTWARD | Traits::SENDS_OUT };
        self.act(ActKind::FetchUrl, path.shown(), traits, "opens a raw connection to another machine");
    }
}

fn password_in(url: &str) -> bool {
    url.split_once("://")
        .and_then(|(_, rest)| rest.split('/').next())
        .and_then(|authority| authority.rsplit_once('@'))
        .is_some_and(|(user, _)| user.contains(':') && !user.contains("${{"))
}

/// `https://github.com@evil.example`, `xn--githb-mxa.com`: a host before the host, or letters of two scripts in a name.
fn poses(url: &str) -> bool {
    let authority = url.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next()).unwrap_or("");
    let before = authority.rsplit_once('@').map_or("", |(user, _)| user.split(':').next().unwrap_or(user));
    let ends = ["com", "org", "net", "io", "dev", "jp", "app", "co", "gov", "edu"];
    let host_before = before.rsplit_once('.').is_some_and(|(_, end)| ends.contains(&end.to_ascii_lowercase().as_str()));
    let mixed = host(url).to_ascii_lowercase().split('.').any(|label| {
        label.strip_prefix("xn--").is_some_and(|rest| {
            rest.rsplit_once('-').is_some_and(|(plain, _)| plain.bytes().any(|byte| byte.is_ascii_alphabetic()))
        })
    });
    host_before || mixed
}

/// Whether a part of an address is text in hexadecimal or base32 digits.
fn spelled(part: &str) -> bool {
    let printable =
        |bytes: &[u8]| bytes.len() >= 12 && bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t'));
    if part.len() < 20 || part.len() > 4096 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let hex: Option<Vec<u8>> = part
        .len()
        .is_multiple_of(2)
        .then(|| {
            let digits: Option<Vec<u8>> =
                part.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
            digits.map(|digits| {
                digits.chunks(2).map(|two| two.iter().fold(0_u8, |all, digit| (all << 4) | digit)).collect()
            })
        })
        .flatten();
    if hex.is_some_and(|bytes| printable(&bytes)) {
        return true;
    }
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for c in part.bytes() {
        let digit = match c.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => letter - b'A',
            digit @ b'2'..=b'7' => digit - b'2' + 26,
            _ => return false,
        };
        bits = (bits << 5 | u32::from(digit)) & 0xfff;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).unwrap_or(0));
        }
    }
    printable(&bytes)
}

/// A long encoded value in an address, or a secret's name in its host.
fn smuggles(url: &str) -> bool {
    let encoded = |value: &str| {
        value.len() >= 40
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'%'))
            && value.bytes().any(|byte| byte.is_ascii_uppercase())
            && value.bytes().any(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let query = url.split_once('?').is_some_and(|(_, query)| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .any(|(name, value)| encoded(value) && !matches!(name, "X-Amz-Signature" | "sig" | "Signature"))
    });
    let authority = url.split_once("://").and_then(|(_, rest)| rest.split('/').next()).unwrap_or("");
    let parts = url.split_once("://").map_or(url, |(_, rest)| rest);
    query
        || parts.split(['/', '?', '&', '=', '.', '#', ':']).any(spelled)
        || ["PASSWORD", "SECRET", "TOKEN", "APIKEY"].iter().any(|word| authority.contains(word))
}
