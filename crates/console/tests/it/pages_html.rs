//! A reader of HTML that is enough to see which elements and attributes a page has, as a browser would.

/// A start tag with its attributes, in their order; references in values are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// All start tags of a page.
pub(crate) fn elements(page: &str) -> Vec<Element> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if !after.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = after.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(after.len());
        let (name, tail) = after.split_at(end);
        let (attributes, tail) = attributes(tail);
        let name = name.to_ascii_lowercase();
        rest = tail;
        if matches!(name.as_str(), "script" | "style" | "textarea" | "title") {
            // Their content is text up to the end tag.
            let end = format!("</{name}");
            rest = tail.find(&end).map_or("", |at| tail.split_at(at).1);
        }
        found.push(Element { name, attributes });
    }
    found
}

fn attributes(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return (found, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after);
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=')).unwrap_or(rest.len()).max(1);
        let (name, tail) = rest.split_at(end);
        let tail = tail.trim_start();
        let (value, tail) = match tail.strip_prefix('=') {
            None => ("", tail),
            Some(tail) => value(tail.trim_start()),
        };
        found.push((name.to_ascii_lowercase(), resolved(value)));
        rest = tail;
    }
}

fn value(tail: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = tail.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    let end = tail.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(tail.len());
    tail.split_at(end)
}

fn resolved(value: &str) -> String {
    value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[test]
fn tags_are_read_as_a_browser_reads_them() {
    let page = "<p class=\"a\" hidden>1 < 2 &lt;img&gt;</p><A HREF='x\"y' onclick=z>b</A><textarea><img></textarea>";
    let found = elements(page);
    let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["p", "a", "textarea"]);
    assert_eq!(found[1].attribute("href"), Some("x\"y"));
    assert_eq!(found[1].attribute("onclick"), Some("z"));
    assert_eq!(found[0].attribute("hidden"), Some(""));
}
