//! Code of a language, as far as it spawns, deletes, reads secrets, connects. A tokeniser that all the languages share, and lists of names:
//! what is text or a comment stays text.

mod aliases;
mod awk;
mod effects;
mod folds;
mod names;
mod nets;
mod paths;
mod texts;
mod tokens;

use crate::Traits;
use crate::machine::Machine;
use crate::value::{Flow, UNKNOWN, Value};

use names::{Does, does};
use tokens::{TOKENS, Token, tokens};

pub(crate) use texts::until_closed;

/// Follows code of a family (`python`, `javascript` …).
pub(crate) fn follow(m: &mut Machine<'_>, family: &str, code: &str) -> Value {
    follow_with(m, family, code, &[])
}

/// The same, with variables that are set before.
pub(crate) fn follow_with(m: &mut Machine<'_>, family: &str, code: &str, set: &[(String, String)]) -> Value {
    if code.len() > crate::limits::TEXT_BYTES {
        m.puzzled("too long to be followed");
        return Value::unknown(Flow::OUTPUT);
    }
    if m.level >= crate::limits::RUN_LEVELS {
        m.puzzled("too deeply nested to be followed");
        return Value::unknown(Flow::OUTPUT);
    }
    m.level += 1;
    if family == "perl" {
        let plain: String = code.chars().filter(|c| !c.is_whitespace()).take(4096).collect();
        let set = ["$<=0", "$>=0", "$<=$>", "$>=$<", "($<,$>)=", "$UID=0", "$EUID=0", "$(=0", "$)=0"];
        if set.iter().any(|set| plain.contains(set)) {
            m.mark(Traits::ESCALATES, "takes the rights of another user");
        }
    }
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
    let tokens = folds::folded(family, tokens(family, code));
    let mut reader = Reader { m, family, tokens: &tokens, flow: Flow::NONE, names: set.to_vec(), aliases: Vec::new() };
    reader.aliases();
    reader.read();
    reader.nets();
    reader.may_write();
    let flow = reader.flow;
    m.level -= 1;
    Value::unknown(Flow::OUTPUT.with(flow))
}

struct Reader<'r, 'a> {
    m: &'r mut Machine<'a>,
    family: &'r str,
    tokens: &'r [Token],
    flow: Flow,
    /// Variables with texts: `p='.claude/settings.json'`.
    names: Vec<(String, String)>,
    /// Other names of calls and modules: `import os as o`.
    aliases: Vec<(String, String)>,
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        let module = self.tokens.iter().any(|token| matches!(token, Token::Text(text) if matches!(text.as_str(), "http" | "https" | "net" | "axios" | "node-fetch" | "got" | "undici" | "tls" | "node:http" | "node:https" | "node:net")))
            && self.tokens.iter().any(|token| matches!(token, Token::Text(text) if text.contains("://")));
        let perl = self.tokens.iter().any(
            |token| matches!(token, Token::Name(name) if name.starts_with("LWP") || name.starts_with("HTTP::Tiny")),
        );
        let module = module || perl;
        let code_reads_network = module
            || self
                .tokens
                .iter()
                .any(|token| matches!(token, Token::Name(name) if does(self.family, name) == Some(Does::Connects)));
        self.endless();
        self.computed();
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            at += 1;
            match token {
                Token::Command(text) => self.command(&text.clone()),
                Token::Code(code, twice) => self.replacement(&code.clone(), *twice),
                Token::Name(name) => {
                    self.assigned(name, at);
                    let renamed = self.renamed(name);
                    let name = renamed.as_deref().unwrap_or(name);
                    if let Some(what) = does(self.family, name) {
                        self.call(name, what, at, code_reads_network);
                    } else if at >= 2
                        && self.tokens.get(at - 2) == Some(&Token::Mark('.'))
                        && does(self.family, &format!(".{name}")) == Some(Does::Queries)
                    {
                        self.call(name, Does::Queries, at, code_reads_network);
                    } else if name == "delete"
                        && at >= 2
                        && matches!(self.tokens.get(at - 2), Some(Token::Name(before)) if before == "file")
                    {
                        // Tcl: `file delete -force $env(HOME)/x`
                        self.m.puzzled("what is removed is not known before");
                    }
                }
                Token::Text(text) => self.loose(text, at),
                _ => {}
            }
        }
        if self.family == "awk" {
            self.awk();
        }
        if self.tokens.len() >= TOKENS {
            self.m.puzzled("too long to be followed");
        }
    }

    /// The right side of `s///e` runs, that of `s///ee` twice.
    fn replacement(&mut self, code: &str, twice: bool) {
        let made = follow(self.m, self.family, code);
        self.flow = self.flow.with(made.flow);
        if twice {
            self.m.puzzled("runs code that is made while it runs");
        }
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
        let by_name = self.tokens.iter().any(|token| matches!(token, Token::Name(name) if matches!(name.as_str(), "getattr" | "__getattribute__" | "public_send" | "method_missing" | "Kernel.send" | "send" | "__send__"))) && self.tokens.windows(3).any(|three| matches!(three, [Token::Text(_), Token::Mark('+'), Token::Text(_)]));
        let callback = self.family == "php" && self.tokens.iter().any(|token| matches!(token, Token::Name(name) if matches!(name.as_str(), "array_map" | "call_user_func" | "call_user_func_array" | "array_walk" | "array_filter"))) && self.tokens.iter().any(|token| matches!(token, Token::Text(text) if matches!(text.as_str(), "unlink" | "system" | "exec" | "shell_exec" | "passthru" | "rmdir" | "assert" | "eval")));
        let variable = self.family == "php"
            && self
                .tokens
                .windows(2)
                .any(|two| matches!(two, [Token::Name(name), Token::Mark('(')] if name.starts_with('$')));
        if joined || by_name || callback || variable {
            self.m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "a name that is put together while it runs");
        }
    }

    /// `name = "text"`: what a variable holds, with unknown stretches where more than texts and known variables make it up.
    fn assigned(&mut self, name: &str, at: usize) {
        if self.tokens.get(at) != Some(&Token::Mark('=')) || self.names.len() >= 64 {
            return;
        }
        let mut text = String::new();
        let mut behind = self.tokens.get(at + 1..).unwrap_or(&[]).iter().take(64);
        let begins = match behind.clone().next() {
            Some(Token::Text(_)) => true,
            Some(Token::Name(first)) => self.variable(first).is_some(),
            _ => false,
        };
        if !begins {
            return;
        }
        for token in behind.by_ref() {
            match token {
                Token::Text(piece) => text.push_str(piece),
                Token::Name(part) if self.variable(part).is_some() => {
                    text.push_str(&self.variable(part).unwrap_or_default())
                }
                Token::Mark('+' | '.') => {}
                Token::Mark(';' | '\n' | ')' | ',' | '}') => break,
                _ => {
                    text.push(UNKNOWN);
                    break;
                }
            }
        }
        self.names.push((name.to_owned(), text));
    }

    /// What a variable of the code holds, as far as it is known.
    fn variable(&self, name: &str) -> Option<String> {
        self.names.iter().rev().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    }

    /// Texts that run though no call names them: `"…".execute()`, `"…" | "sh"`, Perl's `open(F, "|sh")`.
    fn loose(&mut self, text: &str, at: usize) {
        match (self.tokens.get(at), self.tokens.get(at + 1)) {
            (Some(Token::Mark('.')), Some(Token::Mark('!'))) => self.command(text),
            (Some(Token::Mark('.')), Some(Token::Name(name))) if name == "execute" => self.command(text),
            _ => {}
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
                    if level == 0 {
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
                if texts.iter().any(|text| fetches_code(text)) && self.family == "javascript" {
                    self.m
                        .mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code that comes from another machine");
                }
                let outside = texts.iter().any(|text| {
                    let value = match &self.m.code_folder {
                        Some(folder) if text.starts_with("..") => path_value(&format!("{folder}/{text}")),
                        _ => path_value(text),
                    };
                    (text.starts_with(['/', '~']) || text.starts_with(".."))
                        && !self.m.resolve(&value).starts_with(self.m.place.project)
                });
                if outside {
                    self.m.puzzled("loads code from outside the project");
                }
            }
            Does::Escalates => self.m.mark(Traits::ESCALATES, "takes the rights of another user"),
            Does::EvaluatesFetched if network => {
                self.m.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code that comes from another machine");
            }
            Does::EvaluatesFetched => {}
            Does::InstallsElsewhere => {
                self.m.mark(Traits::INSTALLS_UNUSUAL | Traits::OUTWARD, "installs from an unusual place");
            }
            Does::Includes => self.includes(&arguments, &texts),
            Does::TakesCode => {
                for text in &texts {
                    follow(self.m, self.family, text);
                }
            }
            Does::Installs => {
                if texts.iter().any(|text| text.contains("://") && !self.m.usual_index(text)) {
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
}

fn path_value(text: &str) -> Value {
    Value { text: text.to_owned(), flow: Flow::NONE, glob: text.contains(['*', '?']) }
}

/// An address of code that is none of the usual registries'.
fn fetches_code(text: &str) -> bool {
    const USUAL: &[&str] = &["deno.land", "esm.sh", "jsr.io", "cdn.jsdelivr.net", "unpkg.com", "cdn.skypack.dev"];
    (text.starts_with("https://") || text.starts_with("http://")) && !USUAL.contains(&crate::net::host(text))
}
