//! Words: quotes, `$`, backquotes, substitutions.

use super::parse::Parser;
use super::tree::{Param, Part, Word};

impl Parser<'_> {
    /// A word up to a blank or an operator.
    pub(super) fn word(&mut self) -> Word {
        self.deeper(Word::default(), |parser| {
            let mut parts = Vec::new();
            parser.word_until(&mut parts, |byte, _| {
                byte.is_ascii_whitespace() && byte != 0x0b && byte != 0x0c || b";&|<>()".contains(&byte)
            });
            Word { parts }
        })
    }

    fn word_until(&mut self, parts: &mut Vec<Part>, stop: impl Fn(u8, usize) -> bool) {
        let mut text = String::new();
        let mut level = 0_usize;
        while let Some(byte) = self.peek() {
            let flush = |text: &mut String, parts: &mut Vec<Part>| {
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(text)));
                }
            };
            if (self.starts("<(") || self.starts(">(")) && text.is_empty() {
                let reading = byte == b'<';
                self.at += 2;
                let body = self.list(&[]);
                self.close_parenthesis();
                parts.push(Part::Process(Self::shared(body), reading));
                continue;
            }
            // An extended pattern: `@(a|b)`.
            if byte == b'(' && (text.ends_with(['@', '?', '+', '!', '*']) || text.contains('*')) {
                self.broken |= runs_code(self.rest());
                level += 1;
                text.push('(');
                self.at += 1;
                continue;
            }
            if level > 0 && matches!(byte, b'(' | b')' | b'|') {
                level = match byte {
                    b'(' => level + 1,
                    b')' => level - 1,
                    _ => level,
                };
                text.push(char::from(byte));
                self.at += 1;
                continue;
            }
            if stop(byte, level) {
                break;
            }
            match byte {
                b'\\' if parts.is_empty() && drive(&text) => {
                    // A path of Windows, as an agent there writes it.
                    text.push('/');
                    self.at += 1;
                }
                b'\\' => {
                    self.at += 1;
                    let Some(next) = self.rest().chars().next() else {
                        text.push('\\');
                        continue;
                    };
                    self.at += next.len_utf8();
                    if next != '\n' {
                        flush(&mut text, parts);
                        parts.push(Part::Quoted(next.to_string()));
                    }
                }
                b'\'' => {
                    flush(&mut text, parts);
                    self.at += 1;
                    let quoted = self.single();
                    parts.push(Part::Quoted(quoted));
                }
                b'"' => {
                    flush(&mut text, parts);
                    self.at += 1;
                    let inner = self.double_body(Some(b'"'));
                    parts.push(Part::Double(inner.parts));
                }
                b'$' | b'`' => {
                    if let Some(part) = self.dollar(false) {
                        flush(&mut text, parts);
                        parts.push(part);
                    } else {
                        text.push('$');
                        self.at += 1;
                    }
                }
                _ => {
                    let Some(next) = self.rest().chars().next() else { break };
                    text.push(next);
                    self.at += next.len_utf8();
                }
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
    }

    fn single(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find('\'').unwrap_or_else(|| {
            self.broken = true;
            rest.len()
        });
        self.at = (self.at + end + 1).min(self.text.len());
        rest.get(..end).unwrap_or("").to_owned()
    }

    /// The inside of double quotes, of a here-document (`end` none), or of arithmetic.
    pub(super) fn double_body(&mut self, end: Option<u8>) -> Word {
        self.deeper(Word::default(), |parser| parser.double_inner(end))
    }

    fn double_inner(&mut self, end: Option<u8>) -> Word {
        let mut parts = Vec::new();
        let mut text = String::new();
        loop {
            let Some(byte) = self.peek() else {
                self.broken |= end.is_some();
                break;
            };
            if Some(byte) == end {
                self.at += 1;
                break;
            }
            match byte {
                b'\\' => {
                    self.at += 1;
                    let Some(next) = self.rest().chars().next() else {
                        text.push('\\');
                        continue;
                    };
                    self.at += next.len_utf8();
                    match next {
                        '$' | '`' | '\\' => text.push(next),
                        '"' if end.is_some() => text.push(next),
                        '\n' => {}
                        _ => {
                            text.push('\\');
                            text.push(next);
                        }
                    }
                }
                b'$' | b'`' => {
                    if let Some(part) = self.dollar(true) {
                        if !text.is_empty() {
                            parts.push(Part::Quoted(std::mem::take(&mut text)));
                        }
                        parts.push(part);
                    } else {
                        text.push('$');
                        self.at += 1;
                    }
                }
                _ => {
                    let rest = self.rest();
                    let plain = rest.find(['\\', '$', '`', '"']).unwrap_or(rest.len()).max(1);
                    let chunk = rest.get(..plain).or_else(|| rest.get(..rest.len())).unwrap_or("");
                    text.push_str(chunk);
                    self.at += chunk.len().max(1);
                }
            }
        }
        if !text.is_empty() {
            parts.push(Part::Quoted(text));
        }
        Word { parts }
    }

    /// What stands behind `$` or a backquote, if it is more than the character.
    fn dollar(&mut self, double: bool) -> Option<Part> {
        if self.peek() == Some(b'`') {
            self.at += 1;
            return Some(self.backquoted(double));
        }
        match self.ahead(1)? {
            b'(' if self.ahead(2) == Some(b'(') && self.arithmetic_closes(self.at + 3) => {
                self.at += 3;
                Some(Part::Arith(Box::new(self.arithmetic())))
            }
            b'(' => {
                self.at += 2;
                let body = self.list(&[]);
                self.close_parenthesis();
                Some(Part::Run(Self::shared(body)))
            }
            b'{' => {
                self.at += 2;
                Some(self.braced(double))
            }
            b'[' if !double => {
                self.at += 2;
                Some(Part::Arith(Box::new(self.bracketed())))
            }
            b'\'' if !double => {
                self.at += 2;
                let (text, length) = super::ansi::decode(self.rest(), true);
                self.at = (self.at + length).min(self.text.len());
                Some(Part::Quoted(text))
            }
            b'"' if !double => {
                self.at += 2;
                Some(Part::Double(self.double_body(Some(b'"')).parts))
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.at += 1;
                let rest = self.rest();
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                self.at += end;
                let name = rest.get(..end).unwrap_or("").to_owned();
                Some(Part::Param(Box::new(Param { name, ..Param::default() })))
            }
            byte if byte.is_ascii_digit() || b"@*#?-$!".contains(&byte) => {
                self.at += 2;
                let name = char::from(byte).to_string();
                Some(Part::Param(Box::new(Param { name, ..Param::default() })))
            }
            b'=' | b'~' | b'^' if self.ahead(2).is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_') => {
                // zsh: the value is split, or a pattern.
                self.broken = true;
                None
            }
            _ => None,
        }
    }

    /// Arithmetic up to `))`, as a word whose substitutions run.
    pub(super) fn arithmetic(&mut self) -> Word {
        let mut level = 0_usize;
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = self.text.len();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'(' => level += 1,
                b')' if level == 0 => {
                    end = self.at;
                    break;
                }
                b')' => level -= 1,
                _ => {}
            }
            self.at += 1;
        }
        self.at = (end + 2).min(self.text.len());
        let inner = self.text.get(start..end).unwrap_or("").to_owned();
        self.sub(&inner, |parser| parser.double_body(None))
    }

    /// Up to the closing `]`.
    pub(super) fn bracketed(&mut self) -> Word {
        self.deeper(Word::default(), |parser| {
            let mut parts = Vec::new();
            parser.word_until(&mut parts, |byte, _| byte == b']' || byte == b'\n');
            if parser.peek() == Some(b']') {
                parser.at += 1;
            } else {
                parser.broken = true;
            }
            Word { parts }
        })
    }

    fn backquoted(&mut self, double: bool) -> Part {
        let mut inner = String::new();
        loop {
            let Some(next) = self.rest().chars().next() else {
                self.broken = true;
                break;
            };
            self.at += next.len_utf8();
            if next == '`' {
                break;
            }
            if next == '\\' {
                match self.rest().chars().next() {
                    Some(escaped) if matches!(escaped, '`' | '\\' | '$') || double && escaped == '"' => {
                        self.at += escaped.len_utf8();
                        inner.push(escaped);
                        continue;
                    }
                    _ => {}
                }
            }
            inner.push(next);
        }
        let node = self.sub(&inner, |parser| {
            let node = parser.list(&[]);
            parser.broken |= parser.at < parser.text.len();
            node
        });
        Part::Run(Self::shared(node))
    }

    /// `${…}` behind the brace.
    fn braced(&mut self, double: bool) -> Part {
        let mut param = Param::default();
        if self.peek() == Some(b'!')
            && self.ahead(1).is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'@')
        {
            param.indirect = true;
            self.at += 1;
        } else if self.peek() == Some(b'#') && self.ahead(1).is_some_and(|byte| byte != b'}') {
            param.length = true;
            self.at += 1;
        }
        let rest = self.rest();
        let mut end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end == 0 && rest.starts_with(['@', '*', '#', '?', '-', '$', '!']) {
            end = 1;
        }
        // `${=name}` and the like: another shell's.
        self.broken |= end == 0;
        rest.get(..end).unwrap_or("").clone_into(&mut param.name);
        self.at += end;
        if self.peek() == Some(b'[') {
            self.at += 1;
            param.index = Some(self.bracketed());
        }
        if param.indirect && (self.starts("@}") || self.starts("*}")) {
            self.at += 2;
            "names".clone_into(&mut param.op);
            return Part::Param(Box::new(param));
        }
        const OPERATORS: [&str; 20] = [
            ":-", ":=", ":+", ":?", "##", "%%", "//", "/#", "/%", "^^", ",,", "-", "=", "+", "?", "#", "%", "/", "^",
            ",",
        ];
        if let Some(op) = OPERATORS.iter().find(|op| self.starts(op)) {
            self.at += op.len();
            (*op).clone_into(&mut param.op);
            param.word = self.operand(double, op.starts_with('/'));
            if op.starts_with('/') && self.peek() == Some(b'/') {
                self.at += 1;
                param.second = Some(self.operand(double, false));
            }
        } else if self.peek() == Some(b':') {
            self.at += 1;
            ":".clone_into(&mut param.op);
            param.word = self.operand_until(b":}");
            if self.peek() == Some(b':') {
                self.at += 1;
                param.second = Some(self.operand(double, false));
            }
        } else if self.peek() == Some(b'@') {
            self.at += 1;
            "@".clone_into(&mut param.op);
            param.word = self.operand(double, false);
        }
        if self.peek() == Some(b'}') {
            self.at += 1;
        } else {
            self.broken = true;
            let rest = self.rest();
            self.at += rest.find('}').map_or(rest.len(), |end| end + 1);
        }
        Part::Param(Box::new(param))
    }

    fn operand(&mut self, _double: bool, slash: bool) -> Word {
        self.operand_until(if slash { b"/}" } else { b"}" })
    }

    fn operand_until(&mut self, ends: &'static [u8]) -> Word {
        self.deeper(Word::default(), |parser| {
            let mut parts = Vec::new();
            parser.word_until(&mut parts, |byte, _| ends.contains(&byte));
            Word { parts }
        })
    }
}

/// zsh: a pattern's parenthesis that holds a command for each name.
fn runs_code(rest: &str) -> bool {
    let inside = rest.split(')').next().unwrap_or("");
    inside.contains('+')
        || inside
            .as_bytes()
            .windows(2)
            .any(|pair| matches!(pair, [b'e', b':' | b'\'' | b'"' | b'{' | b'[' | b'<' | b'%']))
}

/// `C:` and what follows it.
fn drive(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.get(1) == Some(&b':') && !text.starts_with("http")
}
