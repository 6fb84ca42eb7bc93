//! Commands with a keyword.

use std::rc::Rc;

use super::parse::Parser;
use super::tree::{Node, Word};

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
                let body = self.list(&[]);
                Node::Background(Box::new(body))
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

    fn branches(&mut self) -> Node {
        let mut parts = vec![self.list(&["then"])];
        self.take("then");
        loop {
            parts.push(self.list(&["elif", "else", "fi"]));
            if self.next_is("elif") {
                parts.push(self.list(&["then"]));
                self.take("then");
            } else if self.next_is("else") {
                parts.push(self.list(&["fi"]));
                self.take("fi");
                break;
            } else {
                self.take("fi");
                break;
            }
            if self.at >= self.text.len() {
                break;
            }
        }
        Node::Group(Box::new(Node::Sequence(parts)), self.redirects())
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
            let nodes = vec![Node::Test(vec![head], Vec::new()), body];
            return Node::Group(Box::new(Node::Sequence(nodes)), self.redirects());
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
            for end in [";;&", ";;", ";&"] {
                if self.starts(end) {
                    self.at += end.len();
                    break;
                }
            }
            arms.push((patterns, body));
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
