//! Text to tree: POSIX shell and the parts of bash that people use. Recursive descent without a separate lexer, as the words of a
//! shell depend on where they stand. It never fails as a whole: what it cannot read is a flag (`broken`), and it goes on.

use std::rc::Rc;

use super::tree::{Assign, Assigned, Node, Param, Part, Redirect, RedirectKind, Simple, Span, Word};
use crate::limits::{DEPTH_LEVELS, NODES};

/// What was read.
pub(crate) struct Parsed {
    pub(crate) node: Node,
    /// Something was not read, or a limit was reached.
    pub(crate) broken: bool,
}

/// Reads a whole text.
pub(crate) fn parse(text: &str, depth: usize) -> Parsed {
    let mut parser = Parser::new(text, depth);
    let node = parser.list(&[]);
    if parser.at < text.len() {
        // A closing word without its opening: what follows is read all the same.
        parser.broken = true;
        let mut nodes = vec![node];
        while parser.at < text.len() && parser.nodes < NODES {
            let before = parser.at;
            parser.skip_one();
            nodes.push(parser.list(&[]));
            if parser.at <= before {
                break;
            }
        }
        return Parsed { node: Node::Sequence(nodes), broken: true };
    }
    Parsed { node, broken: parser.broken }
}

/// A text in which only what stands behind `$` and backquotes has a meaning.
pub(crate) fn expansions(text: &str) -> Word {
    Parser::new(text, 0).double_body(None)
}

/// The parameter that a name, maybe with an index, stands for.
pub(crate) fn parameter(text: &str) -> Param {
    let name = text.split('[').next().unwrap_or(text).to_owned();
    let index = text.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']'));
    let index = index.map(|index| Word { parts: vec![Part::Text(index.to_owned())] });
    Param { name, index, ..Param::default() }
}

pub(super) struct Pending {
    pub(super) end: String,
    pub(super) quoted: bool,
    pub(super) strip: bool,
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) broken: bool,
    pub(super) depth: usize,
    pub(super) nodes: usize,
    pending: Vec<Pending>,
    bodies: Vec<Word>,
    /// Here-documents that were announced, in order: the redirects wait for them by number.
    announced: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, depth: usize) -> Self {
        Self { text, at: 0, broken: false, depth, nodes: 0, pending: Vec::new(), bodies: Vec::new(), announced: 0 }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn ahead(&self, by: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + by).copied()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn starts(&self, with: &str) -> bool {
        self.rest().starts_with(with)
    }

    fn skip_one(&mut self) {
        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
    }

    fn span_from(&self, start: usize) -> Span {
        (u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(self.at).unwrap_or(u32::MAX))
    }

    /// Blanks, line continuations and comments, not newlines.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.ahead(1) == Some(b'\n') => self.at += 2,
                Some(b'#') => {
                    let line = self.rest().find('\n').unwrap_or(self.rest().len());
                    self.at += line;
                }
                _ => return,
            }
        }
    }

    fn newline(&mut self) {
        self.at += 1;
        for pending in std::mem::take(&mut self.pending) {
            let body = self.here_body(&pending);
            self.bodies.push(body);
        }
    }

    pub(super) fn gaps(&mut self) {
        loop {
            self.blanks();
            if self.peek() != Some(b'\n') {
                return;
            }
            self.newline();
        }
    }

    /// Reads another text with a parser of its own, and keeps its problems.
    pub(super) fn sub<T>(&mut self, text: &str, read: impl FnOnce(&mut Parser<'_>) -> T) -> T {
        let mut parser = Parser::new(text, self.depth + 1);
        parser.nodes = self.nodes;
        if parser.depth > DEPTH_LEVELS {
            parser.broken = true;
            parser.at = text.len();
        }
        let result = read(&mut parser);
        self.broken |= parser.broken;
        self.nodes = parser.nodes;
        result
    }

    /// Goes a level deeper, if there is one.
    pub(super) fn deeper<T>(&mut self, empty: T, read: impl FnOnce(&mut Self) -> T) -> T {
        self.nodes += 1;
        if self.depth >= DEPTH_LEVELS || self.nodes > NODES {
            self.broken = true;
            self.at = self.text.len();
            return empty;
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// A list up to one of the words (or `)`), which is left.
    pub(super) fn list(&mut self, until: &[&str]) -> Node {
        self.deeper(Node::Sequence(Vec::new()), |parser| {
            let first = parser.announced;
            let mut nodes = Vec::new();
            loop {
                parser.gaps();
                if parser.at >= parser.text.len() || parser.closes(until) || parser.nodes > NODES {
                    break;
                }
                let before = parser.at;
                let node = parser.and_or();
                parser.blanks();
                let background = parser.peek() == Some(b'&');
                nodes.push(if background { Node::Background(Box::new(node)) } else { node });
                match parser.peek() {
                    Some(b';') => {
                        if parser.starts(";;") || parser.starts(";&") {
                            break;
                        }
                        parser.at += 1;
                    }
                    Some(b'&') => parser.at += 1,
                    _ => {}
                }
                if parser.at <= before {
                    break;
                }
            }
            if !parser.pending.is_empty() && parser.at >= parser.text.len() {
                parser.broken = true;
                parser.newline();
                parser.at = parser.text.len();
            }
            let mut node = Node::Sequence(nodes);
            if parser.announced > first && parser.depth_is_outer() {
                super::here::fill(&mut node, &parser.bodies);
            }
            node
        })
    }

    fn depth_is_outer(&self) -> bool {
        self.pending.is_empty()
    }

    fn closes(&mut self, until: &[&str]) -> bool {
        if self.peek() == Some(b')') || self.starts(";;") || self.starts(";&") {
            return true;
        }
        let Some(keyword) = self.keyword() else { return false };
        until.contains(&keyword)
            || matches!(keyword, "then" | "elif" | "else" | "fi" | "do" | "done" | "esac" | "}") && {
                // A closing word that nobody waits for.
                !until.is_empty()
            }
    }

    /// The plain word that stands here, if it could be a keyword.
    fn keyword(&self) -> Option<&'a str> {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_ascii_whitespace() || ";&|<>()".contains(c)).unwrap_or(rest.len());
        let word = rest.get(..end)?;
        const WORDS: [&str; 21] = [
            "if", "then", "elif", "else", "fi", "for", "while", "until", "do", "done", "case", "esac", "in",
            "function", "select", "time", "[[", "coproc", "{", "}", "!",
        ];
        WORDS.iter().find(|known| **known == word).copied()
    }

    pub(super) fn take(&mut self, keyword: &str) -> bool {
        self.gaps();
        let found = self.keyword() == Some(keyword);
        if found {
            self.at += keyword.len();
        } else {
            self.broken = true;
        }
        found
    }

    fn and_or(&mut self) -> Node {
        let first = self.pipeline();
        let mut rest = Vec::new();
        loop {
            self.blanks();
            if !self.starts("&&") && !self.starts("||") || self.nodes > NODES {
                return if rest.is_empty() { first } else { Node::Chain(Box::new(first), rest) };
            }
            let and = self.peek() == Some(b'&');
            self.at += 2;
            self.gaps();
            rest.push((and, self.pipeline()));
        }
    }

    fn pipeline(&mut self) -> Node {
        let mut not = false;
        loop {
            self.blanks();
            match self.keyword() {
                Some("!") => {
                    not = true;
                    self.at += 1;
                }
                Some("time") => {
                    self.at += 4;
                    self.blanks();
                    for option in ["-p ", "-- "] {
                        if self.starts(option) {
                            self.at += 2;
                            self.blanks();
                        }
                    }
                }
                _ => break,
            }
        }
        let mut nodes = vec![self.command()];
        loop {
            self.blanks();
            if self.peek() != Some(b'|') || self.ahead(1) == Some(b'|') || self.nodes > NODES {
                break;
            }
            self.at += 1;
            if self.peek() == Some(b'&') {
                self.at += 1;
                if let Some(node) = nodes.pop() {
                    let target = Word { parts: vec![Part::Text("1".to_owned())] };
                    let both = Redirect { kind: RedirectKind::Duplicate, target, descriptor: Some(2) };
                    nodes.push(Node::Group(Box::new(node), vec![both]));
                }
            }
            self.gaps();
            nodes.push(self.command());
        }
        let node = if nodes.len() == 1 { nodes.remove(0) } else { Node::Pipe(nodes) };
        if not { Node::Not(Box::new(node)) } else { node }
    }

    pub(super) fn command(&mut self) -> Node {
        self.deeper(Node::Sequence(Vec::new()), |parser| parser.command_here())
    }

    fn command_here(&mut self) -> Node {
        self.blanks();
        if self.starts("((") && self.arithmetic_closes(self.at + 2) {
            self.at += 2;
            let word = self.arithmetic();
            return Node::Arithmetic(word, self.redirects());
        }
        if self.peek() == Some(b'(') {
            self.at += 1;
            let body = self.list(&[]);
            self.close_parenthesis();
            return Node::Subshell(Box::new(body), self.redirects());
        }
        match self.keyword() {
            Some(keyword) => self.compound(keyword),
            None => self.simple(),
        }
    }

    pub(super) fn close_parenthesis(&mut self) {
        self.gaps();
        if self.peek() == Some(b')') {
            self.at += 1;
        } else {
            self.broken = true;
        }
    }

    pub(super) fn redirects(&mut self) -> Vec<Redirect> {
        let mut redirects = Vec::new();
        loop {
            self.blanks();
            match self.redirect() {
                Some(redirect) => redirects.push(redirect),
                None => return redirects,
            }
        }
    }

    /// A redirection, if one stands here.
    fn redirect(&mut self) -> Option<Redirect> {
        let start = self.at;
        let rest = self.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let mut descriptor = rest.get(..digits).and_then(|digits| digits.parse().ok());
        self.at += digits;
        if digits == 0 && self.peek() == Some(b'{') {
            // `{name}>file`
            let close = rest.find('}').filter(|end| {
                rest.get(1..*end).is_some_and(|name| {
                    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                }) && matches!(rest.as_bytes().get(end + 1), Some(b'<' | b'>'))
            })?;
            self.at += close + 1;
            descriptor = Some(10);
        }
        const OPERATORS: [(&str, RedirectKind); 13] = [
            ("<<<", RedirectKind::HereString),
            ("<<-", RedirectKind::HereDocument),
            ("<<", RedirectKind::HereDocument),
            ("<&", RedirectKind::Duplicate),
            ("<>", RedirectKind::ReadWrite),
            ("<", RedirectKind::Read),
            (">>", RedirectKind::Append),
            (">&", RedirectKind::WriteBoth),
            (">|", RedirectKind::Write),
            (">", RedirectKind::Write),
            ("&>>", RedirectKind::AppendBoth),
            ("&>", RedirectKind::WriteBoth),
            (">!", RedirectKind::Write),
        ];
        let found = OPERATORS.iter().find(|(operator, _)| self.starts(operator));
        let substitution = self.starts("<(") || self.starts(">(");
        let Some((operator, mut kind)) = found.copied().filter(|_| !substitution) else {
            self.at = start;
            return None;
        };
        self.at += operator.len();
        self.blanks();
        if kind == RedirectKind::HereDocument {
            let start = self.at;
            self.word();
            let (end, quoted) = self.text.get(start..self.at).and_then(super::here::delimiter).unwrap_or_else(|| {
                self.broken = true;
                (String::new(), true)
            });
            self.pending.push(Pending { end, quoted, strip: operator == "<<-" });
            let target = super::here::placeholder(self.announced);
            self.announced += 1;
            return Some(Redirect { kind, target, descriptor });
        }
        let target = self.word();
        if kind == RedirectKind::WriteBoth && operator == ">&" {
            let plain = target.plain().unwrap_or("x");
            if plain.trim_end_matches('-').bytes().all(|byte| byte.is_ascii_digit()) {
                kind = RedirectKind::Duplicate;
            }
        }
        Some(Redirect { kind, target, descriptor })
    }

    pub(super) fn simple(&mut self) -> Node {
        let start = self.at;
        let mut simple = Simple::default();
        loop {
            self.blanks();
            let before = self.at;
            if let Some(redirect) = self.redirect() {
                simple.redirects.push(redirect);
                continue;
            }
            match self.peek() {
                None | Some(b'\n' | b';' | b'|' | b')') => break,
                Some(b'&') => break,
                Some(b'(') => {
                    if let [name] = simple.words.as_slice()
                        && let Some(name) = name.plain().map(str::to_owned)
                        && simple.assigns.is_empty()
                    {
                        return self.function(name);
                    }
                    // Not shell: read on behind it.
                    self.broken = true;
                    self.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            if simple.words.is_empty()
                && let Some(assign) = self.assignment()
            {
                simple.assigns.push(assign);
                continue;
            }
            // `declare`, `export` and the like take assignments as words; an array among them is read too.
            let word = self.word();
            if let Some(Part::Text(text)) = word.parts.last()
                && text.ends_with('=')
                && self.peek() == Some(b'(')
            {
                let name = text.trim_end_matches(['=', '+']).to_owned();
                let words = self.array();
                simple.assigns.push(Assign { name, index: None, append: false, value: Assigned::Many(words) });
                continue;
            }
            simple.words.push(word);
            if self.at <= before {
                self.broken = true;
                self.skip_one();
            }
        }
        simple.span = self.span_from(start);
        Node::Simple(simple)
    }

    fn function(&mut self, name: String) -> Node {
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b')') {
            self.at += 1;
        } else {
            self.broken = true;
        }
        self.gaps();
        let body = self.command();
        Node::Function { name, body: Rc::new(body) }
    }

    pub(super) fn function_body(&mut self, name: String) -> Node {
        self.gaps();
        let body = self.command();
        Node::Function { name, body: Rc::new(body) }
    }

    fn assignment(&mut self) -> Option<Assign> {
        let rest = self.rest();
        let name = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let name_text = rest.get(..name)?;
        if name == 0 || name_text.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let start = self.at;
        self.at += name;
        let mut index = None;
        if self.peek() == Some(b'[') {
            self.at += 1;
            index = Some(self.bracketed());
        }
        let append = self.starts("+=");
        if append {
            self.at += 1;
        }
        if self.peek() != Some(b'=') {
            self.at = start;
            return None;
        }
        self.at += 1;
        let name = name_text.to_owned();
        let value = if self.peek() == Some(b'(') {
            Assigned::Many(self.array())
        } else if self.peek().is_none_or(|byte| byte.is_ascii_whitespace() || b";&|)<>".contains(&byte)) {
            Assigned::One(Word::default())
        } else {
            Assigned::One(self.word())
        };
        Some(Assign { name, index, append, value })
    }

    fn array(&mut self) -> Vec<Word> {
        self.at += 1;
        let mut words = Vec::new();
        loop {
            self.gaps();
            match self.peek() {
                Some(b')') => {
                    self.at += 1;
                    return words;
                }
                None => {
                    self.broken = true;
                    return words;
                }
                Some(b';' | b'&' | b'|' | b'<' | b'>' | b'(') if !self.starts("<(") => {
                    self.broken = true;
                    self.at += 1;
                }
                Some(_) => {
                    let before = self.at;
                    words.push(self.word());
                    if self.at <= before {
                        self.broken = true;
                        self.skip_one();
                    }
                }
            }
        }
    }
}
