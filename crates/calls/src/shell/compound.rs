//! Commands with a keyword.

use std::rc::Rc;

use super::parse::Parser;
use super::tree::{Arm, Node, Word};

impl Parser<'_> {
    pub(super) fn compound(&mut self, keyword: &str) -> Node {
        let at = self.at;
        self.at += keyword.len();
        match keyword {
            "{" => {
                let body = self.list(&["}"]);
                self.take("}");
                Node::Group(Box::new(body), self.redirects())
            }
            "if" => self.branches(),
            "while" | "until" => {
                let test = self.list(&["do"]);
                self.take("do");
                let body = self.list(&["done"]);
                self.take("done");
                Node::Loop(Box::new(test), Box::new(body), self.redirects())
            }
            "for" | "select" => self.for_loop(),
            "case" => self.case(),
            "[[" => self.condition(),
            "function" => {
                self.blanks();
                let name = self.word();
                self.blanks();
                if self.starts("()") {
                    self.at += 2;
                }
                self.function_body(name.plain().unwrap_or("").to_owned())
            }
            "coproc" => {
                self.blanks();
                Node::Background(Box::new(self.coprocess()))
            }
            _ => {
                // A keyword that closes nothing: as a shell does, an error; read on behind it.
                self.broken = true;
                if self.at <= at {
                    self.at += 1;
                }
                self.simple()
            }
        }
    }

    /// `coproc sh`, `coproc NAME { … }`: a command whose input comes from whatever writes to its descriptor, as in `> >( … )`.
    fn coprocess(&mut self) -> Node {
        let rest = self.rest();
        let name = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let behind = rest.get(name..).unwrap_or("").trim_start_matches([' ', '\t']);
        if name > 0 && behind.len() < rest.len() - name && behind.starts_with(['{', '(']) {
            self.at = self.text.len() - behind.len();
        }
        let start = self.at;
        let body = self.deeper(Node::Sequence(Vec::new()), Self::command);
        let text = self.text.get(start..self.at).unwrap_or("").to_owned();
        if text.contains("<<") {
            // A here-document stands further down: the text alone is not the whole of it.
            return body;
        }
        self.sub(&format!(": > >({text}\n)"), |parser| parser.command())
    }

    fn branches(&mut self) -> Node {
        let mut arms = Vec::new();
        let mut otherwise = None;
        loop {
            let test = self.list(&["then"]);
            self.take("then");
            let body = self.list(&["elif", "else", "fi"]);
            arms.push((test, body));
            if self.at < self.text.len() && self.next_is("elif") {
                continue;
            }
            if self.next_is("else") {
                otherwise = Some(Box::new(self.list(&["fi"])));
            }
            self.take("fi");
            break;
        }
        Node::If(arms, otherwise, self.redirects())
    }

    fn next_is(&mut self, keyword: &str) -> bool {
        self.gaps();
        let here = self.starts(keyword)
            && self.ahead(keyword.len()).is_none_or(|byte| byte.is_ascii_whitespace() || b";&|()<>".contains(&byte));
        if here {
            self.at += keyword.len();
        }
        here
    }

    fn for_loop(&mut self) -> Node {
        self.blanks();
        if self.starts("((") {
            self.at += 2;
            let head = self.arithmetic();
            self.gaps();
            if self.peek() == Some(b';') {
                self.at += 1;
            }
            let body = self.loop_body();
            let head = Node::Arithmetic(head, Vec::new());
            return Node::Loop(Box::new(head), Box::new(body), self.redirects());
        }
        let name = self.word().plain().unwrap_or("").to_owned();
        self.gaps();
        let mut words = None;
        if self.next_is("in") {
            let mut list = Vec::new();
            loop {
                self.blanks();
                match self.peek() {
                    None | Some(b'\n' | b';') => break,
                    Some(b'&' | b'|' | b')') => {
                        self.broken = true;
                        break;
                    }
                    Some(_) => {
                        let before = self.at;
                        list.push(self.word());
                        if self.at <= before {
                            self.broken = true;
                            break;
                        }
                    }
                }
            }
            words = Some(list);
        }
        self.gaps();
        if self.peek() == Some(b';') {
            self.at += 1;
        }
        let body = self.loop_body();
        Node::For { name, words, body: Box::new(body), redirects: self.redirects() }
    }

    fn loop_body(&mut self) -> Node {
        self.gaps();
        if self.next_is("{") {
            let body = self.list(&["}"]);
            self.take("}");
            return body;
        }
        self.take("do");
        let body = self.list(&["done"]);
        self.take("done");
        body
    }

    fn case(&mut self) -> Node {
        self.blanks();
        let word = self.word();
        self.take("in");
        let mut arms = Vec::new();
        loop {
            self.gaps();
            if self.next_is("esac") || self.at >= self.text.len() {
                break;
            }
            let before = self.at;
            if self.peek() == Some(b'(') {
                self.at += 1;
            }
            let mut patterns = Vec::new();
            loop {
                self.blanks();
                patterns.push(self.word());
                self.blanks();
                if self.peek() != Some(b'|') {
                    break;
                }
                self.at += 1;
            }
            self.close_parenthesis();
            let body = self.list(&["esac"]);
            let mut falls = false;
            for (end, further) in [(";;&", true), (";;", false), (";&", true)] {
                if self.starts(end) {
                    self.at += end.len();
                    falls = further;
                    break;
                }
            }
            arms.push(Arm { patterns, body, falls });
            if self.at <= before {
                self.broken = true;
                break;
            }
        }
        Node::Case { word, arms, redirects: self.redirects() }
    }

    /// `[[ … ]]`: the words between its operators.
    fn condition(&mut self) -> Node {
        let mut words: Vec<Word> = Vec::new();
        loop {
            self.gaps();
            if self.next_is("]]") {
                break;
            }
            match self.peek() {
                None => {
                    self.broken = true;
                    break;
                }
                Some(b'&' | b'|' | b';' | b')') => self.at += 1,
                Some(b'<' | b'>' | b'(') if !self.starts("<(") => self.at += 1,
                Some(_) => {
                    let before = self.at;
                    words.push(self.word());
                    if self.at <= before {
                        self.at += 1;
                    }
                }
            }
        }
        Node::Test(words, self.redirects())
    }

    pub(super) fn shared(node: Node) -> Rc<Node> {
        Rc::new(node)
    }
}
