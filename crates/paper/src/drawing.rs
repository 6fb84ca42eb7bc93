//! What may stand in a drawing.
//!
//! The drawings are this project's own charts. Their texts may come from outside, so a drawing is looked through before
//! the typesetter sees it: shapes, texts and paints and nothing that loads, refers, repeats or runs.

/// The elements that charts are made of.
const ELEMENTS: [&str; 20] = [
    "a",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "marker",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "rect",
    "stop",
    "svg",
    "text",
    "title",
    "tspan",
];

/// Elements inside elements. PDF allows 28 levels of its own.
const DEPTH_MAX: usize = 24;

/// Says why a drawing is not taken. That it is well-formed is left to the typesetter.
pub(crate) fn check(svg: &str) -> Result<(), &'static str> {
    let mut depth = 0_usize;
    let mut rest = svg;
    while let Some((_, tag)) = rest.split_once('<') {
        rest = if let Some(comment) = tag.strip_prefix("!--") {
            comment.split_once("-->").ok_or("has a comment without an end")?.1
        } else if let Some(instruction) = tag.strip_prefix('?') {
            instruction.split_once("?>").ok_or("has an instruction without an end")?.1
        } else if let Some(closing) = tag.strip_prefix('/') {
            depth = depth.saturating_sub(1);
            closing
        } else if tag.starts_with('!') {
            return Err("has a document type or a raw section");
        } else {
            let name = tag.split(|character: char| !character.is_ascii_alphanumeric()).next().unwrap_or_default();
            if !ELEMENTS.contains(&name) {
                return Err("has an element that no chart has");
            }
            let (empty, behind) = end_of_tag(tag).ok_or("has a tag without an end")?;
            depth += usize::from(!empty);
            behind
        };
        if depth > DEPTH_MAX {
            return Err("is nested too deeply");
        }
    }
    Ok(())
}

/// Whether a tag closes itself, and what comes behind it. A `>` in quotation marks belongs to a value.
fn end_of_tag(tag: &str) -> Option<(bool, &str)> {
    let mut quote = None;
    let mut last = ' ';
    for (place, character) in tag.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '>') => return Some((last == '/', tag.get(place + 1..)?)),
            _ => {}
        }
        last = character;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn shapes_and_texts_and_nothing_else() {
        let svg = |inner: &str| format!(r#"<?xml version="1.0"?><svg viewBox="0 0 9 9"><!-- <image> -->{inner}</svg>"#);
        for fine in ["", "<g><path d='M0 0'/></g>", r#"<text x="1" data-a="a>b/">a &lt; b</text>"#, "<a href='x'/>"] {
            assert_eq!(check(&svg(fine)), Ok(()), "{fine}");
        }
        assert_eq!(check(&svg(&"<rect/>".repeat(1_000))), Ok(()));
        for (bad, why) in [
            ("<image href='x'/>", "element"),
            ("<x:image href='x'/>", "element"),
            ("<use href='#a'/>", "element"),
            ("<style>a{}</style>", "element"),
            ("<script/>", "element"),
            ("< g>", "element"),
            ("<![CDATA[<image/>]]>", "raw section"),
            ("<!DOCTYPE svg [<!ENTITY a 'a'>]>", "document type"),
            ("<!-- <g>", "comment"),
            ("<?x", "instruction"),
            (&"<g>".repeat(24), "nested"),
        ] {
            assert!(check(&svg(bad)).is_err_and(|found| found.contains(why)), "{bad}: {:?}", check(&svg(bad)));
        }
        assert_eq!(check("<svg a='>"), Err("has a tag without an end"));
    }
}
