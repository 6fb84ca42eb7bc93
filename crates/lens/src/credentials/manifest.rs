//! Values of Kubernetes manifests.

use super::{decode_base64, is_stand_in};
use crate::{Confidence, Found, Window};

/// The most values of one manifest.
const VALUES_MAX: usize = 32;
/// The shortest value, decoded, in bytes.
const VALUE_MIN_BYTES: usize = 6;

/// The values below `data:` and `stringData:` of a `kind: Secret` in YAML.
///
/// Source: Kubernetes, "Secrets" (API version v1).
pub(crate) fn kubernetes_secret(window: &Window<'_>, found: &mut Vec<Found>) {
    let Some((before, after)) = window.text.split_at_checked(window.at) else { return };
    let kind = after.lines().next().unwrap_or_default();
    if !kind.trim_end().trim_end_matches(['"', '\'', ',']).to_ascii_lowercase().ends_with("secret") {
        return;
    }
    let from = before.rfind("\n---").map_or(0, |at| at + 4);
    let to = window.at + after.find("\n---").unwrap_or(after.len());
    let mut block = None;
    let mut at = from;
    for line in window.text.get(from..to).unwrap_or_default().split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let name = line.trim();
        match block {
            _ if name == "data:" => block = Some((indent, true)),
            _ if name == "stringData:" => block = Some((indent, false)),
            Some((outer, _)) if indent <= outer && !name.is_empty() => block = None,
            Some((_, encoded)) if found.len() < VALUES_MAX => found.extend(value(line, at, encoded)),
            _ => {}
        }
        at += line.len();
    }
}

fn value(line: &str, at: usize, encoded: bool) -> Option<Found> {
    let colon = line.find(": ")?;
    let raw = line.get(colon + 2..)?;
    let value = raw.trim().trim_matches(['"', '\'']);
    let start = colon + 2 + raw.find(value).filter(|_| !value.is_empty())?;
    let is_value = if encoded {
        let decoded = decode_base64(value)?;
        let is_long = value.len() % 4 == 0 && decoded.len() >= VALUE_MIN_BYTES;
        is_long && !String::from_utf8(decoded).is_ok_and(|text| is_stand_in("", text.trim()))
    } else {
        value.len() >= VALUE_MIN_BYTES && value.is_ascii() && !value.contains(' ') && !is_stand_in("", value)
    };
    let span = at + start..at + start + value.len();
    is_value.then(|| Found { span: span.clone(), value: span, confidence: Confidence::Likely })
}
