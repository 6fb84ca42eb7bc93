//! Here-documents: the redirect comes first and the text later, so the redirect holds a number until the text is read.

use super::parse::{Parser, Pending};
use super::tree::{Node, Part, Redirect, RedirectKind, Word};

const MARK: &str = "\u{1}here:";

/// What a redirect holds until its text is read.
pub(super) fn placeholder(number: usize) -> Word {
    Word { parts: vec![Part::Quoted(format!("{MARK}{number}"))] }
}

/// The end word as it is written, without its quotes: nothing in it is expanded. None if it cannot be told.
pub(super) fn delimiter(raw: &str) -> Option<(String, bool)> {
    let mut end = String::new();
    let mut quoted = false;
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '$' if matches!(chars.peek(), Some('\'' | '"' | '(')) => return None,
            '\\' => {
                quoted = true;
                end.extend(chars.next().filter(|c| *c != '\n'));
            }
            '\'' => {
                quoted = true;
                end.extend(chars.by_ref().take_while(|c| *c != '\''));
            }
            '"' => {
                quoted = true;
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' if chars.peek() == Some(&'\n') => {
                            chars.next();
                        }
                        '\\' if matches!(chars.peek(), Some('"' | '\\' | '$' | '`')) => end.extend(chars.next()),
                        c => end.push(c),
                    }
                }
            }
            c => end.push(c),
        }
    }
    if end.contains('\n') { None } else { Some((end, quoted)) }
}

/// Puts the texts where the numbers are.
pub(super) fn fill(node: &mut Node, bodies: &[Word]) {
    match node {
        Node::Simple(simple) => {
            redirects(&mut simple.redirects, bodies);
        }
        Node::Pipe(nodes) | Node::Sequence(nodes) => nodes.iter_mut().for_each(|node| fill(node, bodies)),
        Node::Subshell(body, list) | Node::Group(body, list) => {
            fill(body, bodies);
            redirects(list, bodies);
        }
        Node::Chain(first, rest) => {
            fill(first, bodies);
            rest.iter_mut().for_each(|(_, node)| fill(node, bodies));
        }
        Node::If(arms, otherwise, list) => {
            for (test, body) in arms {
                fill(test, bodies);
                fill(body, bodies);
            }
            if let Some(node) = otherwise {
                fill(node, bodies);
            }
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
            arms.iter_mut().for_each(|arm| fill(&mut arm.body, bodies));
            redirects(list, bodies);
        }
        Node::Function { body, .. } => {
            if let Some(body) = std::rc::Rc::get_mut(body) {
                fill(body, bodies);
            }
        }
        Node::Test(_, list) | Node::Arithmetic(_, list) => redirects(list, bodies),
        Node::Background(body) | Node::Not(body) => fill(body, bodies),
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

impl Parser<'_> {
    pub(super) fn here_body(&mut self, pending: &Pending) -> Word {
        let mut text = String::new();
        let mut ended = false;
        while self.at < self.text.len() {
            let line = self.here_line(pending.quoted);
            let line = if pending.strip { line.trim_start_matches('\t') } else { &line };
            if line == pending.end {
                ended = true;
                break;
            }
            text.push_str(line);
            text.push('\n');
        }
        self.broken |= !ended;
        if pending.quoted { Word::quoted(&text) } else { self.sub(&text, |parser| parser.double_body(None)) }
    }

    /// A line of a here-document. Where its end word is not quoted, a backslash joins it with the next before anything is compared.
    fn here_line(&mut self, quoted: bool) -> String {
        let mut joined = String::new();
        loop {
            let line = self.rest().split('\n').next().unwrap_or("");
            let more = self.at + line.len() < self.text.len();
            self.at = (self.at + line.len() + 1).min(self.text.len());
            let slashes = line.bytes().rev().take_while(|byte| *byte == b'\\').count();
            if quoted || slashes % 2 == 0 || !more {
                joined.push_str(line);
                return joined;
            }
            joined.push_str(line.get(..line.len() - 1).unwrap_or(""));
        }
    }
}
