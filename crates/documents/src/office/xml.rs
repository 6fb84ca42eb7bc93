//! XML as it comes: elements by local name, texts, no document type, no entity but the five and characters by number.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use crate::gap::GapKind;
use crate::place::Place;
use crate::walk::Walk;

/// What is met. An empty element opens and closes.
pub(super) enum Node<'n> {
    Open(&'n Tag<'n>),
    Close(&'n str),
    Text(&'n str),
}

/// An opening tag.
pub(super) struct Tag<'n>(&'n BytesStart<'n>);

impl Tag<'_> {
    /// The name without its prefix.
    pub(super) fn local(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of an attribute, by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let found = attributes
            .with_checks(false)
            .flatten()
            .find(|attribute| attribute.key.local_name().into_inner() == name)?;
        Some(match found.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => value.into_owned(),
            Err(_) => found.value.into_owned(),
        })
    }

    /// The value of an attribute, by its name with its usual prefix: `r:id` is not `id`.
    pub(super) fn qualified(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.into_inner() == name)?;
        Some(found.value.into_owned())
    }

    /// Whether an attribute says yes.
    pub(super) fn is(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on"))
    }

    /// Whether a toggle of WordprocessingML is on: it is, unless its value says no.
    pub(super) fn toggle(&self) -> bool {
        !self.attribute("val").is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off"))
    }
}

/// Visits all of a document. Where it is broken the visit ends, with a problem noted. Elements may be nested as deep as
/// they like: nothing here recurses.
pub(super) fn read(walk: &mut Walk<'_>, place: &Place, text: &str, visit: &mut dyn FnMut(&mut Walk<'_>, Node<'_>)) {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => visit(walk, Node::Open(&Tag(&tag))),
            Ok(Event::Empty(tag)) => {
                visit(walk, Node::Open(&Tag(&tag)));
                visit(walk, Node::Close(tag.local_name().into_inner()));
            }
            Ok(Event::End(tag)) => visit(walk, Node::Close(tag.local_name().into_inner())),
            Ok(Event::Text(text)) => visit(walk, Node::Text(&text.xml10_content())),
            Ok(Event::CData(text)) => visit(walk, Node::Text(&text.xml10_content())),
            Ok(Event::GeneralRef(reference)) => {
                let name = reference.xml10_content();
                let mut buffer = [0; 4];
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character),
                    _ => named(&name),
                };
                match character {
                    Some(character) => visit(walk, Node::Text(character.encode_utf8(&mut buffer))),
                    None => visit(walk, Node::Text(&format!("&{name};"))),
                }
            }
            Ok(Event::Eof) => return,
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Err(_) => return walk.gap(place, GapKind::Broken("XML")),
        }
    }
}

fn named(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}
