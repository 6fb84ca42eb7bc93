//! Here-documents: the redirect comes first and the text later, so the redirect holds a number until the text is read.

use super::tree::{Assigned, Node, Part, Redirect, RedirectKind, Word};

const MARK: &str = "\u{1}here:";

/// What a redirect holds until its text is read.
pub(super) fn placeholder(number: usize) -> Word {
    Word { parts: vec![Part::Quoted(format!("{MARK}{number}"))] }
}

/// The end word, and whether a part of it was quoted.
pub(super) fn delimiter(word: &Word) -> (String, bool) {
    let mut end = String::new();
    let mut quoted = false;
    for part in &word.parts {
        match part {
            Part::Text(text) => end.push_str(text),
            Part::Quoted(text) => {
                quoted = true;
                end.push_str(text);
            }
            Part::Double(parts) => {
                quoted = true;
                for part in parts {
                    if let Part::Quoted(text) | Part::Text(text) = part {
                        end.push_str(text);
                    }
                }
            }
            Part::Param(param) => {
                end.push('$');
                end.push_str(&param.name);
            }
            _ => quoted = true,
        }
    }
    (end, quoted)
}

/// Puts the texts where the numbers are.
pub(super) fn fill(node: &mut Node, bodies: &[Word]) {
    match node {
        Node::Simple(simple) => {
            redirects(&mut simple.redirects, bodies);
            for assign in &mut simple.assigns {
                if let Assigned::One(_) = assign.value {}
            }
        }
        Node::Pipe(nodes) | Node::Sequence(nodes) => nodes.iter_mut().for_each(|node| fill(node, bodies)),
        Node::Subshell(body, list) | Node::Group(body, list) => {
            fill(body, bodies);
            redirects(list, bodies);
        }
        Node::Loop(test, body, list) => {
            fill(test, bodies);
            fill(body, bodies);
            redirects(list, bodies);
        }
        Node::For { body, redirects: list, .. } => {
            fill(body, bodies);
            redirects(list, bodies);
        }
        Node::Case { arms, redirects: list, .. } => {
            arms.iter_mut().for_each(|(_, node)| fill(node, bodies));
            redirects(list, bodies);
        }
        Node::Function { body, .. } => {
            if let Some(body) = std::rc::Rc::get_mut(body) {
                fill(body, bodies);
            }
        }
        Node::Test(_, list) => redirects(list, bodies),
        Node::Background(body) => fill(body, bodies),
    }
}

fn redirects(list: &mut [Redirect], bodies: &[Word]) {
    for redirect in list.iter_mut().filter(|redirect| redirect.kind == RedirectKind::HereDocument) {
        if let [Part::Quoted(text)] = redirect.target.parts.as_slice()
            && let Some(number) = text.strip_prefix(MARK)
            && let Some(body) = number.parse::<usize>().ok().and_then(|number| bodies.get(number))
        {
            redirect.target = body.clone();
        }
    }
}
