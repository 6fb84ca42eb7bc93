//! Instructions in places that a person does not read or that a machine reads as its own: forged turns, comments,
//! invisible elements, attributes, links that carry data away.

use std::ops::Range;

use super::lexicon::{Class, classes};
use super::model;
use super::text::{contains_ignoring_case, quoted, sentences};
use crate::{Confidence, Found, Window};

/// How far behind a marker a forged turn is read, in bytes.
const TURN_MAX_BYTES: usize = 400;
/// What the model must say of hidden text, in logits from its threshold: less than of text in the open.
const HIDDEN_MARGIN: f32 = -1.0;
/// The most sentences of one hidden text that are judged.
const SENTENCES_MAX: usize = 40;

/// Markers that only a chat's own machinery writes.
const OWN_MARKERS: [&str; 7] =
    ["<|im_start|>", "<|im_end|>", "<|start_header_id|>", "<|system|>", "<<sys>>", "[inst]", "[/inst]"];

/// A turn of the system or the assistant that someone else wrote.
pub(crate) fn forged_turn(window: &Window<'_>, found: &mut Vec<Found>) {
    let rest = window.text.get(window.at..).unwrap_or_default();
    let before = window.text.get(..window.at).unwrap_or_default();
    let Some(first) = rest.get(..bounded(rest, TURN_MAX_BYTES)) else { return };
    let own = OWN_MARKERS.iter().find(|marker| starts_with(first, marker));
    let marker = own.copied().or_else(|| OPEN_MARKERS.iter().find(|marker| starts_with(first, marker)).copied());
    let Some(marker) = marker else { return };
    let line_start = before.trim_end_matches([' ', '\t', '*', '#', '>']).ends_with('\n') || before.trim().is_empty();
    let body = first.get(marker.len()..).unwrap_or_default();
    let body = body.split("\n\n").next().unwrap_or_default();
    let in_template = first.contains("{{") || first.contains("{%") || first.contains("\\n") || before.contains("{%");
    let place = window.at..window.at + marker.len();
    let said = quoted(line_of(window.text, window.at), &place_in_line(window.text, &place));
    if in_template || said || !(own.is_some() || line_start || marker.starts_with('<')) {
        return;
    }
    let orders = sentences(body).take(3).any(is_order);
    if orders {
        found.push(Found { span: place.clone(), value: place, confidence: Confidence::Likely });
    }
}

/// Markers that are also words of other markup; what follows decides.
const OPEN_MARKERS: [&str; 14] = [
    "<system>",
    "</system>",
    "<system-reminder>",
    "### system:",
    "### instruction:",
    "[system]",
    "[system](#",
    "system override",
    "begin system message",
    "human:",
    "assistant:",
    "【システム】",
    "【システム通知】",
    "<|end_of_turn|>",
];

/// Whether a sentence behind a marker is addressed to a machine or takes back what it was told.
fn is_order(sentence: &str) -> bool {
    let classes = classes(sentence);
    let telling = [
        Class::You,
        Class::Override,
        Class::Role,
        Class::Unbound,
        Class::Reveal,
        Class::Conceal,
        Class::Machine,
        Class::Shell,
        Class::Send,
    ];
    classes.suffice() && telling.iter().filter(|class| classes.has(**class)).count() >= 2 || judged(sentence, 0.0)
}

fn judged(sentence: &str, least: f32) -> bool {
    model::margin(sentence).is_some_and(|margin| margin > least)
}

fn starts_with(text: &str, marker: &str) -> bool {
    text.as_bytes().get(..marker.len()).is_some_and(|start| start.eq_ignore_ascii_case(marker.as_bytes()))
}

/// At most that many bytes of `text`, cut at a character.
fn bounded(text: &str, max_bytes: usize) -> usize {
    text.floor_char_boundary(max_bytes.min(text.len()))
}

fn line_of(text: &str, at: usize) -> &str {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let rest = text.get(start..).unwrap_or_default();
    rest.split('\n').next().unwrap_or_default()
}

fn place_in_line(text: &str, place: &Range<usize>) -> Range<usize> {
    let start = text.get(..place.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    place.start - start..place.end - start
}

/// A link or image whose address asks to be filled with what the machine knows.
pub(crate) fn exfiltration_link(window: &Window<'_>, found: &mut Vec<Found>) {
    let rest = window.text.get(window.at..).unwrap_or_default();
    let Some(address) = rest.strip_prefix("](") else { return };
    let Some(end) = address.find([')', '\n']) else { return };
    let Some((_, query)) = address.get(..end).and_then(|address| address.split_once('?')) else { return };
    let filled = query.split('&').filter_map(|pair| pair.split_once('=')).any(|(_, value)| is_slot(value));
    let before = window.text.get(..window.at).unwrap_or_default();
    let start = before
        .rfind('[')
        .map_or(window.at, |open| open - usize::from(before.get(..open).is_some_and(|b| b.ends_with('!'))));
    let span = start..window.at + 2 + end + usize::from(address.get(end..).is_some_and(|rest| rest.starts_with(')')));
    if filled && !super::text::discussed(window.text, &span) {
        found.push(Found { span: span.clone(), value: span, confidence: Confidence::Likely });
    }
}

/// Whether a parameter's value is a place for the conversation, the data or a secret.
fn is_slot(value: &str) -> bool {
    const NAMES: [&str; 17] = [
        "data",
        "conversation",
        "chat",
        "history",
        "summary",
        "secret",
        "password",
        "prompt",
        "context",
        "message",
        "api_key",
        "apikey",
        "会話",
        "要約",
        "履歴",
        "データ",
        "秘密",
    ];
    let inner = value.trim_start_matches(['{', '<', '[', '$', '(', '%', 'B', '7', 'b']);
    let marked = inner.len() < value.len();
    let shouted = value.len() >= 4 && value.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    (marked || shouted || !value.is_ascii()) && NAMES.iter().any(|name| contains_ignoring_case(value, name))
}

/// Whether hidden text holds an instruction.
fn hides_order(text: &str) -> bool {
    sentences(text).take(SENTENCES_MAX).any(|sentence| judged(sentence, HIDDEN_MARGIN))
}

/// An instruction in a comment.
pub(crate) fn comment_instruction(window: &Window<'_>, found: &mut Vec<Found>) {
    let rest = window.text.get(window.at..).unwrap_or_default();
    let Some(body) = rest.strip_prefix("<!--") else { return };
    let (body, closed) = body.split_once("-->").map_or((body, 0), |(body, _)| (body, 3));
    push_hidden(window.at, 4, body, closed, found);
}

fn push_hidden(at: usize, lead: usize, body: &str, tail: usize, found: &mut Vec<Found>) {
    if hides_order(body) {
        let span = at..at + lead + body.len() + tail;
        let start = at + lead + (body.len() - body.trim_start().len());
        let value = start..start + body.trim().len();
        found.push(Found { span, value, confidence: Confidence::Likely });
    }
}

/// Styles under which nobody sees a text: the property, then the beginnings of its value.
const HIDING: [(&str, &[&str]); 9] = [
    ("display:", &["none"]),
    ("visibility:", &["hidden"]),
    ("opacity:", &["0;", "0\"", "0'", "0}", "0 ", "0.0"]),
    ("font-size:", &["0", "1px"]),
    ("color:", &["#fff", "white", "transparent", "rgb(255", "rgba(255"]),
    ("text-indent:", &["-9", "-1"]),
    ("left:", &["-9", "-1"]),
    ("max-height:", &["0"]),
    ("clip:", &["rect(0"]),
];

/// An instruction in an element that is styled out of sight.
pub(crate) fn invisible_instruction(window: &Window<'_>, found: &mut Vec<Found>) {
    let rest = window.text.get(window.at..).unwrap_or_default();
    let hides = HIDING.iter().any(|(property, values)| {
        starts_with(rest, property)
            && rest
                .get(property.len()..)
                .is_some_and(|value| values.iter().any(|start| starts_with(value.trim_start(), start)))
    });
    // `background-color: white` hides nothing.
    let part_of_name = window.text.get(..window.at).is_some_and(|before| before.ends_with(['-', '_']));
    if !hides || part_of_name {
        return;
    }
    let Some((attributes, body)) = rest.split_once('>') else { return };
    if attributes.contains(['{', '}', '<', '\n']) {
        return;
    }
    let body = body.split("</").next().unwrap_or_default();
    push_hidden(window.at, attributes.len() + 1, body, 0, found);
}

/// An instruction in an attribute that is read aloud to machines and shown to nobody.
pub(crate) fn attribute_instruction(window: &Window<'_>, found: &mut Vec<Found>) {
    let rest = window.text.get(window.at..).unwrap_or_default();
    let Some((name, value)) = rest.split_once('=') else { return };
    let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { return };
    let body = value.get(1..).unwrap_or_default();
    let Some(end) = body.find(quote) else { return };
    let before = window.text.get(..window.at).unwrap_or_default();
    // Inside a tag: the last `<` is not closed.
    let in_tag = before.ends_with([' ', '\n', '\t']) && before.rfind('<') > before.rfind('>');
    if in_tag {
        push_hidden(window.at, name.len() + 2, body.get(..end).unwrap_or_default(), 1, found);
    }
}
