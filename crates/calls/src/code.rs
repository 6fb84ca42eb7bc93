//! Code of a language, as far as it spawns, deletes, reads secrets, connects. A tokeniser that all the languages share, and lists of names:
//! what is text or a comment stays text.

use crate::Traits;
use crate::machine::Machine;
use crate::value::{Flow, UNKNOWN, Value};

/// A piece of code.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A name with the dots before it (`os.path.join`).
    Name(String),
    Text(String),
    /// Backquotes, `qx{}`, `%x()`: a command.
    Command(String),
    Number(String),
    Mark(char),
}

const TOKENS: usize = 20_000;

/// Follows code of a family (`python`, `javascript` …).
pub(crate) fn follow(m: &mut Machine<'_>, family: &str, code: &str) -> Value {
    if code.len() > crate::limits::TEXT_BYTES {
        m.puzzled("too long to be followed");
        return Value::unknown(Flow::OUTPUT);
    }
    if m.level >= crate::limits::RUN_LEVELS {
        m.puzzled("too deeply nested to be followed");
        return Value::unknown(Flow::OUTPUT);
    }
    m.level += 1;
    if family == "python" {
        for line in code.lines() {
            if let Some(command) =
                line.trim_start().strip_prefix('!').or_else(|| line.trim_start().strip_prefix("%sx "))
            {
                let command = command.to_owned();
                m.text(&command);
            }
        }
    }
    let tokens = tokens(family, code);
    let mut reader = Reader { m, family, tokens: &tokens, flow: Flow::NONE, names: Vec::new() };
    reader.read();
    let flow = reader.flow;
    m.level -= 1;
    Value::unknown(Flow::OUTPUT.with(flow))
}

fn tokens(family: &str, code: &str) -> Vec<Token> {
    let chars: Vec<char> = code.chars().collect();
    let mut all = Vec::new();
    let mut at = 0;
    let get = |at: usize| chars.get(at).copied().unwrap_or('\0');
    while at < chars.len() && all.len() < TOKENS {
        let c = get(at);
        let hash = matches!(family, "python" | "ruby" | "perl" | "php" | "r" | "julia" | "elixir" | "awk")
            && c == '#'
            && !(family == "perl" && at > 0 && get(at - 1) == '$');
        let slashes = matches!(family, "javascript" | "php" | "other")
            && c == '/'
            && get(at + 1) == '/'
            && (at == 0 || get(at - 1) != ':');
        let dashes = family == "lua" && c == '-' && get(at + 1) == '-';
        let percent = family == "erlang" && c == '%';
        if hash || slashes || dashes || percent {
            while at < chars.len() && get(at) != '\n' {
                at += 1;
            }
            continue;
        }
        if c == '/' && get(at + 1) == '*' && matches!(family, "javascript" | "php" | "other") {
            at += 2;
            while at < chars.len() && !(get(at) == '*' && get(at + 1) == '/') {
                at += 1;
            }
            at += 2;
            continue;
        }
        if c.is_whitespace() {
            if c == '\n' {
                all.push(Token::Mark('\n'));
            }
            at += 1;
            continue;
        }
        if c == '"' || c == '\'' || c == '`' {
            if c == '\'' && matches!(family, "other") && lone_quote(&chars, at) {
                at += 1;
                continue;
            }
            let (text, next) = quoted(family, &chars, at);
            at = next;
            let command = c == '`' && matches!(family, "perl" | "ruby" | "php" | "julia" | "m4")
                || c == '`'
                    && family == "javascript"
                    && matches!(all.last(), Some(Token::Name(name)) if name == "$" || name.ends_with(".$"));
            all.push(if command { Token::Command(text) } else { Token::Text(text) });
            continue;
        }
        if let Some((token, next)) = special(family, &chars, at) {
            all.push(token);
            at = next;
            continue;
        }
        if c.is_alphabetic() || c == '_' || c == '$' {
            let start = at;
            at += 1;
            while at < chars.len()
                && (get(at).is_alphanumeric()
                    || matches!(get(at), '_' | '$')
                    || matches!(get(at), '.' | ':') && get(at + 1).is_alphabetic()
                    || matches!(get(at), ':' | '.') && get(at - 1) == ':' && get(at + 1).is_alphabetic()
                    || get(at) == ':' && get(at + 1) == ':' && get(at + 2).is_alphabetic()
                    || get(at) == '/'
                        && family == "other"
                        && get(at + 1).is_alphabetic()
                        && code.trim_start().starts_with('(')
                    || get(at) == '-'
                        && family == "other"
                        && get(at + 1).is_alphabetic()
                        && code.trim_start().starts_with('(')
                    || matches!(get(at), '?' | '!') && family == "ruby" && !matches!(get(at + 1), '='))
            {
                at += 1;
            }
            let name: String = chars.get(start..at).unwrap_or(&[]).iter().collect();
            let next = get(at);
            // `b"…"`, `f'…'`, `r"…"`: a prefix of a text.
            if (next == '"' || next == '\'')
                && name.len() <= 2
                && family == "python"
                && name.chars().all(|c| "bBrRfFuU".contains(c))
            {
                continue;
            }
            all.push(Token::Name(name));
            continue;
        }
        if c.is_ascii_digit() {
            let start = at;
            while at < chars.len() && (get(at).is_alphanumeric() || get(at) == '.') {
                at += 1;
            }
            all.push(Token::Number(chars.get(start..at).unwrap_or(&[]).iter().collect()));
            continue;
        }
        all.push(Token::Mark(c));
        at += 1;
    }
    all
}

fn lone_quote(chars: &[char], at: usize) -> bool {
    // A lifetime or a quoted atom of Lisp has no closing quote on its line.
    !chars.iter().skip(at + 1).take_while(|c| **c != '\n').any(|c| *c == '\'')
}

/// A quoted text: its value and the place behind it.
fn quoted(family: &str, chars: &[char], at: usize) -> (String, usize) {
    let quote = chars.get(at).copied().unwrap_or('"');
    let triple = matches!(family, "python" | "other" | "elixir" | "julia")
        && chars.get(at + 1) == Some(&quote)
        && chars.get(at + 2) == Some(&quote);
    let mut index = at + if triple { 3 } else { 1 };
    let mut text = String::new();
    while let Some(c) = chars.get(index).copied() {
        if c == '\\' {
            let Some(next) = chars.get(index + 1).copied() else { break };
            index += 2;
            match next {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'x' => {
                    let digits: String = chars.iter().skip(index).take(2).collect();
                    text.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or('?'));
                    index += 2;
                }
                'u' if chars.get(index) != Some(&'{') => {
                    let digits: String = chars.iter().skip(index).take(4).collect();
                    text.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or('?'));
                    index += 4;
                }
                other => text.push(other),
            }
            continue;
        }
        let ends = if triple {
            c == quote && chars.get(index + 1) == Some(&quote) && chars.get(index + 2) == Some(&quote)
        } else {
            c == quote
        };
        if ends {
            return (text, index + if triple { 3 } else { 1 });
        }
        // What is put in is not known.
        let hole = (c == '$' && chars.get(index + 1) == Some(&'{') && quote == '`')
            || (c == '#' && chars.get(index + 1) == Some(&'{') && matches!(family, "ruby" | "elixir"))
            || (c == '$' && chars.get(index + 1) == Some(&'(') && family == "julia");
        if hole {
            let close = chars.iter().skip(index).position(|c| *c == '}' || *c == ')').unwrap_or(0);
            let inner: String = chars.iter().skip(index + 2).take(close.saturating_sub(2)).collect();
            text.push_str(if inner.contains("HOME") || inner.contains("homedir") { "~" } else { "\u{10ffff}" });
            index += close.max(1) + 1;
            continue;
        }
        text.push(c);
        index += 1;
    }
    (text, chars.len())
}

/// `qx{…}`, `q(…)`, `%x(…)`, `[[…]]`, patterns of JavaScript and perl.
fn special(family: &str, chars: &[char], at: usize) -> Option<(Token, usize)> {
    let get = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let before = at.checked_sub(1).map_or(' ', get);
    let start = |length: usize| -> Option<(String, usize)> {
        let open = get(at + length);
        let close = match open {
            '(' => ')',
            '{' => '}',
            '[' => ']',
            '<' => '>',
            c if !c.is_alphanumeric() && !c.is_whitespace() && !matches!(c, ',' | ';' | '=' | ')' | '\0') => c,
            _ => return None,
        };
        let mut index = at + length + 1;
        let mut text = String::new();
        let mut level = 0_usize;
        while index < chars.len() {
            let c = get(index);
            if c == open && open != close {
                level += 1;
            }
            if c == close {
                if level == 0 {
                    break;
                }
                level -= 1;
            }
            text.push(c);
            index += 1;
        }
        Some((text, index + 1))
    };
    if before.is_alphanumeric() || matches!(before, '_' | '$' | '@' | '%' | '.' | '>') {
        return None;
    }
    match (family, get(at), get(at + 1)) {
        ("perl", 'q', 'x') => start(2).map(|(text, next)| (Token::Command(text), next)),
        ("perl", 'q', 'q') => start(2).map(|(text, next)| (Token::Text(text), next)),
        ("perl", 'q', c) if !c.is_alphanumeric() => start(1).map(|(text, next)| (Token::Text(text), next)),
        ("perl", 'm', c) if matches!(c, '{' | '/' | '|' | '!') => start(1).map(|(_, next)| (Token::Mark('~'), next)),
        ("perl", 's', c) if matches!(c, '/' | '{' | '|' | '#' | '!' | ',') => {
            let (_, next) = start(1)?;
            // The second half, up to the mark again.
            let mut index = next;
            if c != '{' {
                while index < chars.len() && get(index) != c {
                    index += 1;
                }
                index += 1;
            }
            let mut runs = false;
            while get(index).is_alphabetic() {
                runs |= get(index) == 'e';
                index += 1;
            }
            Some((if runs { Token::Name("s///e".to_owned()) } else { Token::Mark('~') }, index))
        }
        ("ruby", '%', 'x') => start(2).map(|(text, next)| (Token::Command(text), next)),
        ("ruby", '%', 'q' | 'Q' | 'w') => start(2).map(|(text, next)| (Token::Text(text), next)),
        ("lua", '[', '[') => {
            let mut index = at + 2;
            let mut text = String::new();
            while index < chars.len() && !(get(index) == ']' && get(index + 1) == ']') {
                text.push(get(index));
                index += 1;
            }
            Some((Token::Text(text), index + 2))
        }
        ("javascript" | "awk" | "ruby" | "perl", '/', c)
            if c != '/'
                && c != '*'
                && matches!(
                    before_code(chars, at),
                    '(' | ',' | '=' | ':' | '[' | '!' | '&' | '|' | '?' | '{' | '}' | ';' | '\n' | '~' | '\0'
                ) =>
        {
            let mut index = at + 1;
            while index < chars.len() && get(index) != '/' && get(index) != '\n' {
                index += if get(index) == '\\' { 2 } else { 1 };
            }
            (get(index) == '/').then_some((Token::Mark('~'), index + 1))
        }
        _ => None,
    }
}

fn before_code(chars: &[char], at: usize) -> char {
    chars.iter().take(at).rev().find(|c| !matches!(c, ' ' | '\t')).copied().unwrap_or('\0')
}

struct Reader<'r, 'a> {
    m: &'r mut Machine<'a>,
    family: &'r str,
    tokens: &'r [Token],
    flow: Flow,
    /// Variables with texts: `p='.claude/settings.json'`.
    names: Vec<(String, String)>,
}

/// What calling a name does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    Spawns,
    Deletes,
    Reads,
    Opens,
    Writes,
    Connects,
    Sends,
    Evaluates,
    Environment,
    Queries,
    Forks,
    Modes,
    Moves,
    Loads,
    Kills,
    Requires,
    Installs,
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        let code_reads_network = self
            .tokens
            .iter()
            .any(|token| matches!(token, Token::Name(name) if does(self.family, name) == Some(Does::Connects)));
        self.endless();
        self.computed();
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            at += 1;
            match token {
                Token::Name(name) if self.family == "awk" && self.pipes_to_getline(at) => {
                    if let Some(text) =
                        self.names.iter().rev().find(|(known, _)| known == name).map(|(_, text)| text.clone())
                    {
                        self.command(&text);
                    } else if name != "getline" {
                        self.m.puzzled("a command that is not known before");
                    }
                }
                Token::Command(text) => self.command(&text.clone()),
                Token::Name(name) => {
                    self.assigned(name, at);
                    if let Some(does) = does(self.family, name) {
                        self.call(name, does, at, code_reads_network);
                    }
                }
                Token::Text(text) => self.loose(text, at),
                _ => {}
            }
        }
        if self.tokens.len() >= TOKENS {
            self.m.puzzled("too long to be followed");
        }
    }

    fn pipes_to_getline(&self, at: usize) -> bool {
        matches!((self.tokens.get(at), self.tokens.get(at + 1)), (Some(Token::Mark('|')), Some(Token::Name(name))) if name == "getline")
    }

    /// A loop that nothing ends.
    fn endless(&mut self) {
        let names = |wanted: &[&str]| {
            self.tokens.iter().any(|token| matches!(token, Token::Name(name) if wanted.iter().any(|one| name == one || name.ends_with(&format!(".{one}")))))
        };
        let calm = names(&[
            "break",
            "return",
            "sleep",
            "await",
            "exit",
            "yield",
            "input",
            "last",
            "accept",
            "recv",
            "gets",
            "read",
            "readline",
            "raise",
            "throw",
            "usleep",
            "wait",
            "getline",
            "next",
            "nanosleep",
            "kill",
            "end_loop",
            "shift",
            "pop",
        ]);
        let spins = self.tokens.windows(4).any(|four| matches!(four, [Token::Name(name), Token::Mark('('), Token::Mark(';'), Token::Mark(';')] if name == "for"))
            || self.tokens.windows(2).any(|two| matches!(two, [Token::Name(name), Token::Name(always)] if name == "while" && matches!(always.as_str(), "True" | "true")) || matches!(two, [Token::Name(name), Token::Number(number)] if name == "while" && number == "1"))
            || self.tokens.windows(3).any(|three| matches!(three, [Token::Name(name), Token::Mark('('), Token::Name(always)] if name == "while" && matches!(always.as_str(), "true" | "True")) || matches!(three, [Token::Name(name), Token::Mark('('), Token::Number(number)] if name == "while" && number == "1"));
        if spins && !calm {
            self.m.mark(Traits::EXHAUSTS, "a loop that nothing ends");
        }
    }

    /// `object['ex' + 'ec'](…)`, `getattr(os, 'sys' + 'tem')`: a name that is put together.
    fn computed(&mut self) {
        let joined = self.tokens.windows(3).enumerate().any(|(at, three)| {
            matches!(three, [Token::Text(_), Token::Mark('+'), Token::Text(_)])
                && matches!(at.checked_sub(1).and_then(|at| self.tokens.get(at)), Some(Token::Mark('[')))
                && self
                    .tokens
                    .get(at + 3..at + 8)
                    .unwrap_or(&[])
                    .windows(2)
                    .any(|two| matches!(two, [Token::Mark(']'), Token::Mark('(')]))
        });
        let by_name = self.tokens.iter().any(|token| matches!(token, Token::Name(name) if matches!(name.as_str(), "getattr" | "__getattribute__" | "public_send" | "method_missing"))) && self.tokens.windows(3).any(|three| matches!(three, [Token::Text(_), Token::Mark('+'), Token::Text(_)]));
        let callback = self.family == "php" && self.tokens.iter().any(|token| matches!(token, Token::Name(name) if matches!(name.as_str(), "array_map" | "call_user_func" | "call_user_func_array" | "array_walk" | "array_filter"))) && self.tokens.iter().any(|token| matches!(token, Token::Text(text) if matches!(text.as_str(), "unlink" | "system" | "exec" | "shell_exec" | "passthru" | "rmdir" | "assert" | "eval")));
        if joined || by_name || callback {
            self.m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "a name that is put together while it runs");
        }
    }

    fn assigned(&mut self, name: &str, at: usize) {
        if let (Some(Token::Mark('=')), Some(Token::Text(text))) = (self.tokens.get(at), self.tokens.get(at + 1))
            && self.names.len() < 64
        {
            self.names.push((name.to_owned(), text.clone()));
        }
    }

    /// Texts that run though no call names them: `"…".execute()`, `"…" | "sh"`, Perl's `open(F, "|sh")`.
    fn loose(&mut self, text: &str, at: usize) {
        match (self.tokens.get(at), self.tokens.get(at + 1)) {
            (Some(Token::Mark('.')), Some(Token::Name(name))) if name == "execute" => self.command(&text.to_owned()),
            (Some(Token::Mark('|')), Some(Token::Text(shell))) if self.family == "awk" => {
                let input = Value::known(text);
                let shell = shell.clone();
                self.m.aside(|m| {
                    m.stdin = input;
                    m.text(&shell)
                });
            }
            (Some(Token::Mark('|')), Some(Token::Name(name))) if self.family == "awk" && name == "getline" => {
                self.command(&text.to_owned())
            }
            (Some(Token::Mark('|')), Some(Token::Mark('&'))) if self.family == "awk" => self.command(&text.to_owned()),
            _ => {}
        }
        if self.family == "awk" && at >= 2 && matches!(self.tokens.get(at - 2), Some(Token::Mark('<'))) {
            let content = self.m.read(&path_value(text));
            self.flow = self.flow.with(content.flow);
        }
        if self.family == "awk"
            && at >= 2
            && matches!(self.tokens.get(at - 2), Some(Token::Mark('>')))
            && !text.contains(' ')
        {
            self.m.write(&path_value(text), true, &Value::unknown(Flow::OUTPUT));
        }
        if self.family == "awk" && text.starts_with("/inet") {
            self.m
                .mark(Traits::OPENS_REMOTE_SHELL | Traits::SENDS_OUT | Traits::OUTWARD, "connects to another machine");
        }
    }

    fn command(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let program = self.m.program.clone();
        let output = self.m.aside(|m| {
            m.stdin = Value::default();
            m.text(text)
        });
        self.m.program = program;
        self.flow = self.flow.with(output.flow);
    }

    /// The arguments of the call that begins at `at`: its tokens, up to the closing parenthesis or the end of the statement.
    fn arguments(&self, at: usize) -> &[Token] {
        let mut level = 0_usize;
        let mut end = at;
        let mut opened = false;
        while let Some(token) = self.tokens.get(end) {
            match token {
                Token::Mark(open @ ('(' | '[' | '{')) => {
                    level += 1;
                    opened |= end == at && *open == '(';
                }
                Token::Mark(')' | ']' | '}') => {
                    if level <= 1 {
                        if level == 1 {
                            end += 1;
                        }
                        break;
                    }
                    level -= 1;
                }
                Token::Mark(';') if level == 0 => break,
                Token::Mark('\n') if level == 0 && end > at => break,
                _ => {}
            }
            end += 1;
            if level == 0 && opened || end > at + 400 {
                break;
            }
        }
        self.tokens.get(at..end).unwrap_or(&[])
    }

    /// The texts among arguments, those that `+` or nothing joins as one; names of known variables count as their text.
    fn texts(&self, arguments: &[Token]) -> (Vec<String>, bool) {
        let mut texts: Vec<String> = Vec::new();
        let mut unknown = false;
        let mut joins = false;
        let mut last_text = false;
        for token in arguments {
            match token {
                Token::Text(text) => {
                    if (joins || last_text)
                        && let Some(last) = texts.last_mut()
                    {
                        last.push_str(text);
                    } else {
                        texts.push(text.clone());
                    }
                    (joins, last_text) = (false, true);
                }
                Token::Name(name) => {
                    let known = self.names.iter().rev().find(|(known, _)| known == name).map(|(_, text)| text.clone());
                    let home = name.contains("homedir")
                        || name.ends_with("Path.home")
                        || name == "Dir.home"
                        || name.contains("ENV.HOME")
                        || name.contains("env.HOME")
                        || name == "HOME"
                        || name.ends_with("home_dir")
                        || name.ends_with("Deno.homeDir");
                    let value = if home { Some("~".to_owned()) } else { known };
                    match value {
                        Some(text) => {
                            if joins && let Some(last) = texts.last_mut() {
                                last.push_str(&text);
                            } else {
                                texts.push(text);
                            }
                            last_text = true;
                        }
                        None => {
                            if !matches!(
                                name.as_str(),
                                "r" | "rb"
                                    | "w"
                                    | "shell"
                                    | "True"
                                    | "true"
                                    | "False"
                                    | "false"
                                    | "recursive"
                                    | "force"
                                    | "os.path.expanduser"
                                    | "glob"
                                    | "path.join"
                                    | "os.path.join"
                                    | "None"
                                    | "encoding"
                                    | "stdio"
                                    | "new"
                                    | "check"
                                    | "text"
                                    | "capture_output"
                                    | "List"
                                    | "f"
                                    | "URI"
                            ) {
                                unknown = true;
                                if joins && let Some(last) = texts.last_mut() {
                                    last.push(UNKNOWN);
                                }
                            }
                            last_text = false;
                        }
                    }
                    joins = false;
                }
                Token::Mark('+' | '.') => joins = last_text,
                Token::Mark('/') => {
                    if let Some(last) = texts.last_mut().filter(|_| last_text) {
                        last.push('/');
                        joins = true;
                    }
                }
                _ => (joins, last_text) = (false, false),
            }
        }
        // `$ENV{HOME}`, `ENV["HOME"]`, `process.env.HOME` put before a path.
        (texts, unknown)
    }

    fn call(&mut self, name: &str, what: Does, at: usize, network: bool) {
        let arguments = self.arguments(at).to_vec();
        let is_call = matches!(arguments.first(), Some(Token::Mark('(' | '[' | '{')))
            || !arguments.is_empty()
                && matches!(
                    self.family,
                    "perl" | "ruby" | "php" | "lua" | "other" | "awk" | "elixir" | "julia" | "ocaml"
                );
        let (mut texts, mut unknown) = self.texts(&arguments);
        let home_list = arguments.windows(3).any(|three| matches!(three, [Token::Name(env), Token::Mark('{' | '['), Token::Name(home)] if env.ends_with("ENV") && home == "HOME") || matches!(three, [Token::Name(env), Token::Mark('{' | '['), Token::Text(home)] if (env.ends_with("ENV") || env.ends_with("environ")) && home == "HOME"));
        if home_list {
            texts.retain(|text| text != "HOME");
            texts.push("~".to_owned());
            unknown = false;
        }
        match what {
            Does::Spawns => self.spawns(&arguments, &texts, unknown, is_call),
            Does::Evaluates if is_call => {
                if network {
                    self.m
                        .mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code that comes from another machine");
                } else if texts.is_empty() || unknown {
                    self.m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "runs code that is made while it runs");
                } else {
                    for text in &texts {
                        follow(self.m, self.family, text);
                    }
                    if arguments.iter().any(|token| matches!(token, Token::Name(name) if name.contains("decode") || name.contains("fromhex") || name.contains("atob") || name.contains("decompress"))) {
                        self.m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "runs code that is decoded while it runs");
                    }
                }
            }
            Does::Deletes => {
                for text in &texts {
                    self.m.destroy(&path_value(text), true);
                }
                let method = name.contains('.') && texts.is_empty();
                if method && self.tokens.iter().any(|token| matches!(token, Token::Name(name) if name.ends_with("Path.home") || name.contains("homedir"))) {
                    self.m.destroy(&Value::known("~"), true);
                } else if texts.is_empty() && (is_call || unknown) {
                    // `p.unlink()`: the paths stand elsewhere in the code.
                    let before = self.nearby(at);
                    match before {
                        Some(text) => self.m.destroy(&path_value(&text), true),
                        None => self.m.puzzled("what is removed is not known before"),
                    }
                }
            }
            Does::Reads if texts.is_empty() => {
                if let Some(path) = self.nearby(at) {
                    let content = self.m.read(&path_value(&path));
                    self.flow = self.flow.with(content.flow);
                }
            }
            Does::Reads | Does::Opens => self.opens(what, &arguments, &texts),
            Does::Writes => {
                for text in texts.iter().take(1) {
                    let content = texts.get(1).map_or_else(|| Value::unknown(Flow::OUTPUT), Value::known);
                    self.m.write(&path_value(text), true, &content);
                }
                if texts.len() <= 1
                    && let Some(path) = self.nearby(at)
                {
                    self.m.write(&path_value(&path), true, &Value::unknown(Flow::OUTPUT));
                }
            }
            Does::Connects => self.connects(&arguments, &texts, false),
            Does::Sends => self.connects(&arguments, &texts, true),
            Does::Environment => self.environment(name, &arguments),
            Does::Queries => {
                for text in &texts {
                    let (traits, why) = crate::sql::traits(text);
                    if !traits.is_empty() {
                        self.m.mark(traits, why);
                    }
                }
            }
            Does::Forks => {
                let looped = self.tokens.iter().any(|token| matches!(token, Token::Name(name) if matches!(name.as_str(), "while" | "for" | "loop" | "until")));
                if looped {
                    self.m.mark(Traits::EXHAUSTS, "starts processes without end");
                }
            }
            Does::Modes => {
                let wide = arguments.iter().any(|token| matches!(token, Token::Number(number) if number.ends_with("777") || number.ends_with("666") || number == "0"));
                if wide {
                    self.m.mark(Traits::LOOSENS_PERMISSIONS, "makes files writable for everybody");
                }
            }
            Does::Moves => {
                if let [from, to] = texts.as_slice() {
                    let content = self.m.read(&path_value(from));
                    self.m.write(&path_value(to), true, &content);
                }
            }
            Does::Loads => self.m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "reaches the system past the language"),
            Does::Kills => self.m.mark(Traits::EXHAUSTS, "stops other processes"),
            Does::Requires => {
                let outside = texts.iter().any(|text| {
                    let value = path_value(text);
                    (text.starts_with(['/', '~']) || text.starts_with(".."))
                        && !self.m.resolve(&value).starts_with(self.m.place.project)
                });
                if outside {
                    self.m.puzzled("loads code from outside the project");
                }
            }
            Does::Installs => {
                if texts.iter().any(|text| text.contains("://")) {
                    self.m.mark(Traits::INSTALLS_UNUSUAL | Traits::OUTWARD, "installs from an unusual place");
                }
            }
            // `.then(eval)`: it is called with what comes.
            Does::Evaluates if network => {
                self.m.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code that comes from another machine")
            }
            Does::Evaluates => {}
        }
    }

    fn spawns(&mut self, arguments: &[Token], texts: &[String], unknown: bool, is_call: bool) {
        if !is_call && texts.is_empty() {
            return;
        }
        for token in arguments {
            if let Token::Command(text) = token {
                self.command(&text.clone());
            }
        }
        let Some(first) = texts.first() else {
            let made = arguments.iter().any(|token| matches!(token, Token::Name(_)));
            if made || unknown {
                self.m.mark(Traits::NOT_UNDERSTOOD, "starts a program that is not known before");
            }
            return;
        };
        let list = arguments.iter().take(3).any(|token| matches!(token, Token::Mark('[')))
            || first.chars().all(|c| !c.is_whitespace()) && texts.len() > 1;
        if list {
            let words: Vec<Value> = texts
                .iter()
                .filter(|text| !matches!(text.as_str(), "utf8" | "utf-8" | "inherit"))
                .map(|text| Value { text: text.clone(), ..Value::default() })
                .collect();
            let program = self.m.program.clone();
            let output = self.m.aside(|m| {
                m.stdin = Value::default();
                m.run(words)
            });
            self.m.program = program;
            self.flow = self.flow.with(output.flow);
        } else {
            self.command(first);
        }
        let decoded = arguments.iter().any(|token| matches!(token, Token::Name(name) if name.contains("decode") || name.contains("fromCharCode") || name.contains("Buffer.from") || name.contains("atob") || name.contains("pack") || name.contains("chr")));
        if decoded {
            self.m
                .mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "starts a program whose name is decoded while it runs");
        }
    }

    /// A text that looks like a path, last before a call of a method.
    fn nearby(&self, at: usize) -> Option<String> {
        self.tokens.get(..at)?.iter().rev().take(12).find_map(|token| match token {
            Token::Text(text) if !text.contains(char::is_whitespace) => Some(text.clone()),
            Token::Name(name) => self
                .names
                .iter()
                .rev()
                .find(|(known, _)| {
                    name == known || name.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('.'))
                })
                .map(|(_, text)| text.clone()),
            _ => None,
        })
    }

    fn opens(&mut self, what: Does, arguments: &[Token], texts: &[String]) {
        // Perl: `open(F, "|sh")`, `open F, ">", "/dev/sda"`.
        if let Some(text) = texts.iter().find(|text| text.starts_with('|') || text.ends_with('|') && text.len() > 1) {
            let command = text.trim_matches('|').to_owned();
            let code: Vec<String> = self
                .tokens
                .iter()
                .filter_map(|token| match token {
                    Token::Text(text) => Some(text.clone()),
                    _ => None,
                })
                .collect();
            let input = Value::known(code.join("\n"));
            self.m.aside(|m| {
                m.stdin = if text.starts_with('|') { input } else { Value::default() };
                m.text(&command)
            });
            return;
        }
        let mode = texts.iter().find(|text| {
            matches!(
                text.as_str(),
                "w" | "a" | "wb" | "ab" | "w+" | "a+" | "r+" | "x" | ">" | ">>" | "+<" | "+>" | "wt" | "at"
            )
        });
        let writes = what == Does::Opens && mode.is_some();
        let paths: Vec<&String> = texts
            .iter()
            .filter(|text| {
                !matches!(text.as_str(), "r" | "rb" | "rt" | "<" | "utf8" | "utf-8" | "UTF-8")
                    && Some(*text) != mode
                    && !text.is_empty()
            })
            .collect();
        for path in paths.iter().take(2) {
            let value = path_value(path);
            if writes {
                let append = mode.is_some_and(|mode| mode.starts_with(['a', 'r', '+']) || mode == ">>");
                let content = Value::unknown(Flow::OUTPUT);
                self.m.write(&value, append, &content);
            } else if path.starts_with("http") && path.contains("://") {
                self.m.request(&value, crate::net::Load::default());
                self.flow = self.flow.with(Flow::REMOTE);
            } else if !path.contains(char::is_whitespace) {
                let content = self.m.read(&value);
                self.flow = self.flow.with(content.flow);
            }
        }
        let _ = arguments;
    }

    fn connects(&mut self, arguments: &[Token], texts: &[String], sends: bool) {
        let secret = self.flow.has(Flow::SECRET) || self.tokens.iter().any(|token| matches!(token, Token::Name(name) if name.ends_with("os.environ") || name.contains("process.env.") && crate::secrets::secret_variable(name) || name == "process.env"));
        let file = self.flow.has(Flow::FILE) && sends;
        let url = texts.iter().find(|text| text.contains("://") || text.contains('.'));
        let mut load = crate::net::Load::default();
        if secret {
            load.flow = Flow::SECRET;
        }
        load.file = file;
        match url {
            Some(url) => self.m.request(&Value::known(url.replace(UNKNOWN, "x")), load),
            None => {
                if secret {
                    self.m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "sends secrets to another machine");
                } else {
                    self.m.mark(Traits::OUTWARD, "connects to another machine");
                }
            }
        }
        let remote = url.is_none_or(|url| !crate::net::is_local(crate::net::host(url)));
        if remote {
            self.flow = self.flow.with(Flow::REMOTE);
        }
        let shell = self.tokens.iter().any(|token| matches!(token, Token::Name(name) if name.ends_with("dup2") || name.contains("fsockopen") || name.ends_with(".connect") || name == "connect"))
            && self.tokens.iter().any(|token| matches!(token, Token::Name(name) if does(self.family, name) == Some(Does::Spawns)));
        if shell && remote {
            self.m.mark(Traits::OPENS_REMOTE_SHELL | Traits::OUTWARD, "a shell at the end of a network connection");
        }
        let _ = arguments;
    }

    fn environment(&mut self, name: &str, arguments: &[Token]) {
        let texts: Vec<&String> = arguments
            .iter()
            .take(4)
            .filter_map(|token| match token {
                Token::Text(text) | Token::Name(text) => Some(text),
                _ => None,
            })
            .collect();
        let indexed = matches!(arguments.first(), Some(Token::Mark('[' | '(' | '{')));
        let variable = name.rsplit('.').next().unwrap_or("");
        let named = name.contains("env.") && !matches!(variable, "env" | "environ" | "get");
        let one = if named {
            Some(variable)
        } else if indexed || name.ends_with("getenv") || name.ends_with(".get") {
            texts.first().map(|text| text.as_str())
        } else {
            None
        };
        match one {
            Some(variable) => {
                if crate::secrets::secret_variable(variable) {
                    self.m.mark(Traits::READS_SECRET, "reads a credential of the environment");
                    self.flow = self.flow.with(Flow::SECRET);
                }
            }
            None => {
                if !(self.family == "python" && matches!(arguments.first(), Some(Token::Mark('.')))) {
                    self.m.mark(Traits::READS_SECRET, "reads the whole environment");
                    self.flow = self.flow.with(Flow::SECRET);
                }
            }
        }
    }
}

fn path_value(text: &str) -> Value {
    Value { text: text.to_owned(), flow: Flow::NONE, glob: text.contains(['*', '?']) }
}

/// What calling a name does, by its last part and, where that is too common, by the part before.
fn does(family: &str, name: &str) -> Option<Does> {
    let last = name.rsplit(['.', ':', '/']).next().unwrap_or(name).trim_end_matches(['!', '?']);
    let owner = name.get(..name.len().saturating_sub(last.len())).unwrap_or("").trim_end_matches(['.', ':']);
    let dotted = !owner.is_empty();
    if matches!(
        name,
        "os.environ"
            | "process.env"
            | "ENV"
            | "Deno.env"
            | "os.environ.items"
            | "os.environ.copy"
            | "Bun.env"
            | "$ENV"
            | "System.getenv"
            | "os.getenv"
            | "getenv"
            | "os.environ.get"
            | "ENV.fetch"
            | "Sys.getenv"
            | "ENV.to_h"
            | "_ENV"
            | "$_ENV"
            | "System.get_env"
    ) || name.starts_with("process.env.")
    {
        return (name != "process.env" || family == "javascript").then_some(Does::Environment);
    }
    Some(match last {
        "system"
        | "popen"
        | "execSync"
        | "execFileSync"
        | "spawnSync"
        | "execFile"
        | "passthru"
        | "shell_exec"
        | "proc_open"
        | "pcntl_exec"
        | "check_output"
        | "check_call"
        | "getoutput"
        | "getstatusoutput"
        | "execv"
        | "execve"
        | "execvp"
        | "execvpe"
        | "execl"
        | "execlp"
        | "posix_spawn"
        | "create_subprocess_shell"
        | "create_subprocess_exec"
        | "Popen"
        | "startfile"
        | "popen2"
        | "popen3"
        | "capture2"
        | "capture2e"
        | "capture3"
        | "spawnv"
        | "spawnl"
        | "spawnvp"
        | "system2"
        | "shell"
        | "cmd"
        | "pipeline"
        | "run-program"
        | "call-process"
        | "shell-command"
        | "shell-command-to-string"
        | "start-process"
        | "command"
        | "sh"
        | "syscmd"
        | "esyscmd"
        | "start-process-shell-command"
        | "async-shell-command"
        | "posix_spawnp"
        | "unix_command"
        | "execPath"
        | "shelljs.exec" => match last {
            "command" if !matches!(owner, "Sys") => return None,
            "cmd" if !matches!(owner, "System" | "os") => return None,
            "shell" if !(family == "other" && dotted) => return None,
            "sh" if !matches!(family, "other") => return None,
            "system" if owner == "platform" => return None,
            _ => Does::Spawns,
        },
        "execute" if owner == "os" => Does::Spawns,
        "require" | "import" | "dofile" | "require_relative" | "loadfile" if !dotted || owner == "module" => {
            Does::Requires
        }
        "packages" if owner == "install" => Does::Installs,
        "deleteDir" | "delete_recursively" => Does::Deletes,
        "rm" if family == "julia" => Does::Deletes,
        "remove" if owner == "Sys" => Does::Deletes,
        "callCommand" | "readProcess" | "callProcess" | "rawSystem" | "ztcp" => Does::Spawns,
        "exec" | "eval" if family == "python" && !dotted => Does::Evaluates,
        "exec"
            if matches!(family, "perl" | "ruby" | "php" | "other" | "javascript")
                && (!dotted
                    || matches!(
                        owner,
                        "Runtime.getRuntime"
                            | "Kernel"
                            | "Process"
                            | "child_process"
                            | "cp"
                            | "c"
                            | "shelljs"
                            | "os"
                            | "getRuntime()"
                            | "p"
                    )) =>
        {
            Does::Spawns
        }
        "exec" if family == "other" || owner.is_empty() && name.starts_with('.') => Does::Spawns,
        "spawn" if family != "ruby" || owner.is_empty() || owner == "Process" => Does::Spawns,
        "fork" if matches!(family, "javascript") && dotted => Does::Spawns,
        "run" | "call"
            if matches!(owner, "subprocess" | "s" | "sp" | "proc" | "Bun" | "execa" | "commands")
                || family == "julia" && last == "run" =>
        {
            Does::Spawns
        }
        "Command" if family == "javascript" && owner == "Deno" || owner.ends_with("process") && family == "other" => {
            Does::Spawns
        }
        "eval" | "Function" | "instance_eval" | "class_eval" | "assert" | "create_function" | "loadstring" | "load"
        | "compile" | "runInThisContext" | "runInNewContext" | "runInContext" | "__import__" | "import_module"
        | "execfile" | "s///e" | "dofile" | "evalFile" | "eval_string" => match (last, family) {
            ("load" | "loadstring" | "dofile", "lua") => Does::Evaluates,
            ("load", _) | ("assert", _) | ("compile", _) | ("__import__", _) | ("import_module", _) => return None,
            ("eval", _)
                if dotted
                    && !matches!(
                        owner,
                        "globalThis" | "window" | "global" | "builtins" | "Kernel" | "__builtins__"
                    ) =>
            {
                return None;
            }
            _ => Does::Evaluates,
        },
        "rmtree"
        | "unlink"
        | "unlinkSync"
        | "rmSync"
        | "rmdirSync"
        | "removeSync"
        | "rm_rf"
        | "rm_r"
        | "rm_f"
        | "remove_entry"
        | "remove_entry_secure"
        | "remove_dir"
        | "rmdir"
        | "removedirs"
        | "remove_dir_all"
        | "remove_file"
        | "RemoveAll"
        | "Remove"
        | "remove_tree"
        | "delete-directory"
        | "delete-file"
        | "deltree"
        | "emptyDirSync"
        | "rimraf"
        | "rmtree_safe"
        | "trash"
        | "del_dir_r"
        | "deleteRecursively"
        | "send2trash"
        | "rm_rf_force" => Does::Deletes,
        "remove"
            if matches!(
                owner,
                "os" | "fs" | "fsp" | "Deno" | "fse" | "File" | "Pathname" | "FileUtils" | "shutil" | "fs.promises"
            ) =>
        {
            Does::Deletes
        }
        "rm" if matches!(owner, "fs" | "fsp" | "fs.promises" | "FileUtils" | "fse" | "promises" | "File" | "sh")
            || family == "javascript" && !dotted =>
        {
            Does::Deletes
        }
        "delete" if matches!(owner, "File" | "Dir" | "Pathname" | "FileUtils" | "Files") => Does::Deletes,
        "readFileSync"
        | "readFile"
        | "read_text"
        | "read_bytes"
        | "file_get_contents"
        | "readfile"
        | "createReadStream"
        | "readTextFile"
        | "readTextFileSync"
        | "readlines"
        | "readLines"
        | "slurp"
        | "fopen"
        | "read_file"
        | "readAsString"
        | "readAllText"
        | "loadtxt"
        | "insert-file-contents"
        | "find-file-noselect"
        | "readdirSync"
        | "fpassthru"
        | "lines" => match last {
            "read_text" | "read_bytes" => Does::Reads,
            "lines" if !matches!(owner, "io") => return None,
            "fopen" => Does::Opens,
            _ => Does::Reads,
        },
        "read" | "binread" | "foreach" if matches!(owner, "File" | "IO") => Does::Reads,
        "file" if family == "php" || matches!(owner, "Bun") => Does::Reads,
        "open"
            if matches!(
                owner,
                "" | "io"
                    | "File"
                    | "codecs"
                    | "gzip"
                    | "os"
                    | "Path"
                    | "Kernel"
                    | "fs"
                    | "aiofiles"
                    | "builtins"
                    | "Deno"
            ) =>
        {
            Does::Opens
        }
        "open" if matches!(owner, "URI") => Does::Connects,
        "getline" if family == "awk" => return None,
        "Path" | "PosixPath" => Does::Reads,
        "copy" | "copyfile" | "copy2" | "copytree" | "copyFileSync" | "cp_r" | "copyFile"
            if dotted || family == "javascript" =>
        {
            Does::Moves
        }
        "rename" | "renameSync" | "move" | "mv" if matches!(owner, "os" | "fs" | "shutil" | "File" | "FileUtils") => {
            Does::Moves
        }
        "write_text" | "write_bytes" | "writeFileSync" | "writeFile" | "appendFileSync" | "appendFile"
        | "file_put_contents" | "createWriteStream" | "writeTextFile" | "writeTextFileSync" | "outputFileSync" => {
            Does::Writes
        }
        "write" if matches!(owner, "File" | "IO" | "Bun") => Does::Writes,
        "urlopen"
        | "urlretrieve"
        | "fetch"
        | "create_connection"
        | "fsockopen"
        | "open-uri"
        | "HTTPSConnection"
        | "HTTPConnection"
        | "connect"
        | "TCPSocket"
        | "open_uri"
        | "createConnection"
        | "lookup"
        | "gethostbyname"
        | "resolve4"
        | "get_response"
        | "getaddrinfo"
        | "stream_socket_client"
        | "WebSocket"
        | "curl_init"
        | "curl_exec"
        | "socket"
        | "inet_aton"
        | "resolve" => match last {
            "connect"
                if matches!(
                    owner,
                    "sqlite3"
                        | "psycopg2"
                        | "mysql.connector"
                        | "duckdb"
                        | "psycopg"
                        | "pymysql"
                        | "db"
                        | "mongoose"
                        | "client"
                        | "conn"
                ) =>
            {
                return None;
            }
            "resolve" | "lookup" | "resolve4"
                if !matches!(owner, "dns" | "dns.promises" | "require('dns')" | "Resolv")
                    && !name.starts_with('.')
                    && dotted =>
            {
                return None;
            }
            "resolve" if !dotted => return None,
            "socket" if !matches!(family, "perl" | "lua") || owner == "socket" => return None,
            _ => Does::Connects,
        },
        "post" | "put" | "patch"
            if matches!(
                owner,
                "requests"
                    | "httpx"
                    | "axios"
                    | "Net::HTTP"
                    | "HTTP"
                    | "HTTParty"
                    | "Faraday"
                    | "session"
                    | "got"
                    | "superagent"
            ) =>
        {
            Does::Sends
        }
        "get" | "request" | "head"
            if matches!(
                owner,
                "requests"
                    | "httpx"
                    | "axios"
                    | "https"
                    | "http"
                    | "Net::HTTP"
                    | "HTTP"
                    | "HTTParty"
                    | "Faraday"
                    | "LWP::Simple"
                    | "urllib3"
                    | "got"
            ) || name.starts_with(".get") && family == "javascript" && false =>
        {
            Does::Connects
        }
        "sendmail" | "send_message" | "sendto" if dotted => Does::Sends,
        "execute" | "executescript" | "executemany" | "query" | "exec_driver_sql" | "raw" | "text" if dotted => {
            Does::Queries
        }
        "fork" => Does::Forks,
        "chmod" | "chmodSync" | "fchmod" | "chmod_R" => Does::Modes,
        "CDLL" | "dlopen" | "LoadLibrary" | "windll" => Does::Loads,
        "kill" | "killpg" if matches!(owner, "os" | "Process" | "posix") => Does::Kills,
        _ => return None,
    })
}
