//! The text of a condition to its tree. Also compiled into `build.rs`, so that a wrong condition does not build.

/// How deep an expression may nest.
const DEPTH_MAX: usize = 40;
/// The longest condition, in bytes.
const TEXT_MAX_BYTES: usize = 4_000;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// `true`, `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// `"text"`.
    Text(String),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `SHELLS`: a list that the language knows.
    Known(String),
    /// `here.permissions.allow`, `here."a.b"`, `here.servers.*.trust`.
    Path(Path),
    /// `not a`.
    Not(Box<Expr>),
    /// `a and b`.
    And(Box<Expr>, Box<Expr>),
    /// `a or b`.
    Or(Box<Expr>, Box<Expr>),
    /// `a == b` and the like.
    Compare(Compare, Box<Expr>, Box<Expr>),
    /// `a in b`.
    In(Box<Expr>, Box<Expr>),
    /// `name(a, b)`.
    Call(String, Vec<Expr>),
    /// `any(list, condition on it)`, `all(…)`, `none(…)`.
    Quantified(Quantifier, Box<Expr>, Box<Expr>),
}

/// A root and the keys below it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    /// The first word: `here`, `effective`, `it`, a field of the subject.
    pub(crate) root: String,
    /// The keys; `None` is `*`, every element.
    pub(crate) keys: Vec<Option<String>>,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// Which elements must satisfy a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    /// At least one.
    Any,
    /// Each; true of an empty list.
    All,
    /// Not one.
    None,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Number(f64),
    Mark(&'static str),
}

const MARKS: [&str; 14] = ["==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ",", ".", "*", "|"];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            let mut word = String::new();
            let mut escaped = false;
            let mut end = None;
            for (at, char) in rest.char_indices().skip(1) {
                match char {
                    _ if escaped => {
                        word.push(if char == 'n' { '\n' } else { char });
                        escaped = false;
                    }
                    '\\' => escaped = true,
                    '"' => {
                        end = Some(at);
                        break;
                    }
                    _ => word.push(char),
                }
            }
            let end = end.ok_or_else(|| format!("a text does not end: {rest}"))?;
            out.push(Token::Text(word));
            rest = rest.get(end + 1..).unwrap_or_default();
        } else if first.is_ascii_alphabetic() || first == '_' || first == '$' {
            let end =
                rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '_' && char != '-' && char != '$');
            let end = end.unwrap_or(rest.len());
            out.push(Token::Word(rest.get(..end).unwrap_or_default().to_owned()));
            rest = rest.get(end..).unwrap_or_default();
        } else if first.is_ascii_digit() {
            let end = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
            let digits = rest.get(..end).unwrap_or_default();
            out.push(Token::Number(digits.parse().map_err(|_| format!("no number: {digits}"))?));
            rest = rest.get(end..).unwrap_or_default();
        } else {
            let mark = MARKS.iter().find(|mark| rest.starts_with(**mark));
            let mark = mark.ok_or_else(|| format!("unexpected `{first}`"))?;
            out.push(Token::Mark(mark));
            rest = rest.get(mark.len()..).unwrap_or_default();
        }
        rest = rest.trim_start();
    }
    Ok(out)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// Parses a condition.
pub(crate) fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = parser(text)?;
    let expr = parser.or()?;
    parser.end()?;
    Ok(expr)
}

/// Parses a path alone: what `each` and `at` hold.
pub(crate) fn parse_path(text: &str) -> Result<Path, String> {
    let mut parser = parser(text)?;
    let Some(Token::Word(root)) = parser.next() else { return Err(format!("`{text}` is no path")) };
    let path = parser.path(root)?;
    parser.end()?;
    Ok(path)
}

fn parser(text: &str) -> Result<Parser, String> {
    if text.len() > TEXT_MAX_BYTES {
        return Err("too long".to_owned());
    }
    Ok(Parser { tokens: tokens(text)?, at: 0, depth: 0 })
}

impl Parser {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn end(&self) -> Result<(), String> {
        match self.tokens.get(self.at) {
            None => Ok(()),
            Some(token) => Err(format!("unexpected {token:?} after the end")),
        }
    }

    fn mark(&mut self, mark: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Mark(found)) if *found == mark);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Word(found)) if found == word);
        self.at += usize::from(found);
        found
    }

    fn want(&mut self, mark: &str) -> Result<(), String> {
        if self.mark(mark) { Ok(()) } else { Err(format!("`{mark}` expected before {:?}", self.tokens.get(self.at))) }
    }

    fn or(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("nested too deep".to_owned());
        }
        let mut left = self.and()?;
        while self.word("or") {
            left = Expr::Or(Box::new(left), Box::new(self.and()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut left = self.not()?;
        while self.word("and") {
            left = Expr::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Expr, String> {
        let mut turned = false;
        while self.word("not") {
            turned = !turned;
        }
        let inner = self.comparison()?;
        Ok(if turned { Expr::Not(Box::new(inner)) } else { inner })
    }

    fn comparison(&mut self) -> Result<Expr, String> {
        let left = self.value()?;
        let compare = [
            ("==", Compare::Equal),
            ("!=", Compare::Unequal),
            ("<=", Compare::AtMost),
            (">=", Compare::AtLeast),
            ("<", Compare::Less),
            (">", Compare::More),
        ];
        for (mark, compare) in compare {
            if self.mark(mark) {
                return Ok(Expr::Compare(compare, Box::new(left), Box::new(self.value()?)));
            }
        }
        if self.word("in") {
            return Ok(Expr::In(Box::new(left), Box::new(self.value()?)));
        }
        if self.word("not") {
            if !self.word("in") {
                return Err("`not` stands before a condition, or before `in`".to_owned());
            }
            let within = Expr::In(Box::new(left), Box::new(self.value()?));
            return Ok(Expr::Not(Box::new(within)));
        }
        Ok(left)
    }

    fn value(&mut self) -> Result<Expr, String> {
        match self.next() {
            Some(Token::Text(text)) => Ok(Expr::Text(text)),
            Some(Token::Number(number)) => Ok(Expr::Number(number)),
            Some(Token::Mark("(")) => {
                let inner = self.or()?;
                self.want(")")?;
                Ok(inner)
            }
            Some(Token::Mark("[")) => Ok(Expr::List(self.list("]")?)),
            Some(Token::Word(word)) => self.after_word(word),
            other => Err(format!("a value expected, not {other:?}")),
        }
    }

    fn list(&mut self, close: &str) -> Result<Vec<Expr>, String> {
        let mut items = Vec::new();
        while !self.mark(close) {
            items.push(self.or()?);
            if !self.mark(",") {
                self.want(close)?;
                break;
            }
        }
        Ok(items)
    }

    fn after_word(&mut self, word: String) -> Result<Expr, String> {
        match word.as_str() {
            "true" => return Ok(Expr::Bool(true)),
            "false" => return Ok(Expr::Bool(false)),
            "and" | "or" | "not" | "in" => return Err(format!("`{word}` is no value")),
            _ => {}
        }
        if self.mark("(") {
            let quantifier = match word.as_str() {
                "any" => Quantifier::Any,
                "all" => Quantifier::All,
                "none" => Quantifier::None,
                _ => return Ok(Expr::Call(word, self.list(")")?)),
            };
            let over = self.or()?;
            self.want(",")?;
            let body = self.or()?;
            self.want(")")?;
            return Ok(Expr::Quantified(quantifier, Box::new(over), Box::new(body)));
        }
        if word.chars().all(|char| char.is_ascii_uppercase() || char == '_' || char.is_ascii_digit()) {
            return Ok(Expr::Known(word));
        }
        Ok(Expr::Path(self.path(word)?))
    }

    fn path(&mut self, root: String) -> Result<Path, String> {
        let mut keys = Vec::new();
        while self.mark(".") {
            match self.next() {
                Some(Token::Word(key) | Token::Text(key)) => keys.push(Some(key)),
                Some(Token::Mark("*")) => keys.push(None),
                other => return Err(format!("a key expected after the dot, not {other:?}")),
            }
        }
        Ok(Path { root, keys })
    }
}
