//! What the calls in code come to.

use super::names::{Does, does};
use super::tokens::Token;
use super::{Reader, path_value};
use crate::Traits;
use crate::value::{Flow, UNKNOWN, Value};

impl Reader<'_, '_> {
    pub(super) fn spawns(&mut self, arguments: &[Token], texts: &[String], unknown: bool, is_call: bool) {
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
        // `Command::new("sh").arg("-c").arg("…")`
        let builder = matches!(first.as_str(), "sh" | "bash" | "zsh" | "/bin/sh" | "/bin/bash" | "rm" | "curl")
            && texts.len() == 1;
        let built: Vec<String> = if builder { self.statement_texts() } else { Vec::new() };
        let texts = if built.len() > 1 { built.as_slice() } else { texts };
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

    /// Code that is taken from a file, or from an address: `source("https://…")`, `include(download("…"))`.
    pub(super) fn includes(&mut self, arguments: &[Token], texts: &[String]) {
        let address = |text: &String| text.contains("://") && !text.starts_with("file:");
        let fetched = arguments.iter().any(|token| matches!(token, Token::Name(name) if matches!(name.rsplit('.').next(), Some("download" | "url" | "GET" | "getURL"))));
        if texts.iter().any(address) || fetched {
            self.m.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code that comes from another machine");
            return;
        }
        for text in texts.iter().take(1) {
            let outside = (text.starts_with(['/', '~']) || text.starts_with(".."))
                && !self.m.resolve(&path_value(text)).starts_with(self.m.place.project);
            if outside {
                self.m.puzzled("loads code from outside the project");
            }
        }
    }

    /// A text that looks like a path, last before a call of a method.
    pub(super) fn nearby(&self, at: usize) -> Option<String> {
        let before = self.tokens.get(..at)?;
        let found = before.iter().rev().take(12).position(|token| match token {
            Token::Text(text) => !text.contains(char::is_whitespace),
            Token::Name(name) => self.known(name).is_some(),
            _ => false,
        })?;
        let place = before.len().checked_sub(found + 1)?;
        let text = match before.get(place)? {
            Token::Text(text) => text.clone(),
            Token::Name(name) => self.known(name)?,
            _ => return None,
        };
        // `Path.home() / '.aws' / 'credentials'`, `Path.home().joinpath('.aws', 'credentials')`: the parts before it.
        let mut whole = text;
        let mut place = place;
        let is_join = |token: &Token| matches!(token, Token::Name(name) if name.ends_with("joinpath"));
        let joined = before.iter().rev().take(12).any(is_join);
        while let Some(slash) = place.checked_sub(1)
            && (before.get(slash) == Some(&Token::Mark('/'))
                || joined && matches!(before.get(slash), Some(Token::Mark(',' | '('))))
        {
            if before.get(slash) == Some(&Token::Mark('(')) {
                if before.iter().take(slash).any(|token| matches!(token, Token::Name(name) if name.ends_with("home"))) {
                    whole = format!("~/{whole}");
                }
                break;
            }
            match slash.checked_sub(1).and_then(|at| before.get(at)) {
                Some(Token::Text(part)) => {
                    whole = format!("{part}/{whole}");
                    place = slash - 1;
                }
                Some(Token::Mark(')')) => {
                    if before.iter().take(slash).any(|token| matches!(token, Token::Name(name) if name.ends_with("home") || name.contains("homedir"))) {
                        whole = format!("~/{whole}");
                    }
                    break;
                }
                _ => break,
            }
        }
        Some(whole)
    }

    pub(super) fn opens(&mut self, what: Does, arguments: &[Token], texts: &[String]) {
        // Perl: `open F, "-|", "rm", "x"`
        if let Some(at) = texts.iter().position(|text| matches!(text.as_str(), "-|" | "|-")) {
            match texts.get(at + 1..).unwrap_or(&[]) {
                [] => self.m.mark(Traits::NOT_UNDERSTOOD, "starts a program that is not known before"),
                [command] => self.command(&command.clone()),
                words => {
                    let words: Vec<Value> = words.iter().map(|word| Value::known(word.as_str())).collect();
                    self.m.aside(|m| {
                        m.stdin = Value::default();
                        m.run(words)
                    });
                }
            }
            return;
        }
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

    pub(super) fn connects(&mut self, arguments: &[Token], texts: &[String], sends: bool) {
        let secret = self.flow.has(Flow::SECRET) || self.tokens.iter().any(|token| matches!(token, Token::Name(name) if name.ends_with("os.environ") || name.contains("process.env.") && crate::secrets::secret_variable(name) || name == "process.env"));
        let body = arguments.iter().any(|token| {
            matches!(token, Token::Name(name) if ["data", "body", "json", "files", "formData", "content"].iter().any(|part| {
                name == part || name.strip_prefix(part).is_some_and(|rest| rest.starts_with(':'))
            }))
        });
        let reads = arguments.iter().any(|token| {
            matches!(token, Token::Name(name) if matches!(does(self.family, name), Some(Does::Reads | Does::Opens)))
        });
        let file = (self.flow.has(Flow::FILE) || reads) && (sends || body);
        let url = texts.iter().find(|text| text.contains("://") || text.contains('.'));
        let mut load = crate::net::Load::default();
        if secret {
            load.flow = Flow::SECRET;
        }
        load.file = file;
        match url {
            Some(url) => self.m.request(&Value::known(url.replace(UNKNOWN, "x")), load),
            None => {
                if secret || file {
                    self.m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "sends secrets or files to another machine");
                } else {
                    self.m.mark(Traits::OUTWARD, "connects to another machine");
                }
            }
        }
        let remote = url.is_none_or(|url| !crate::net::is_local(crate::net::host(url)));
        if remote {
            self.flow = self.flow.with(Flow::REMOTE);
        }
        let shell = self.tokens.iter().any(|token| matches!(token, Token::Name(name) if name.ends_with("dup2") || name.contains("fsockopen") || name.ends_with(".connect") || name.ends_with(":connect") || name.ends_with("create_connection") || name.contains("TCPSocket") || name == "connect"))
            && self.tokens.iter().any(|token| matches!(token, Token::Name(name) if does(self.family, name) == Some(Does::Spawns)));
        if shell && remote {
            self.m.mark(Traits::OPENS_REMOTE_SHELL | Traits::OUTWARD, "a shell at the end of a network connection");
        }
        let _ = arguments;
    }

    pub(super) fn environment(&mut self, name: &str, arguments: &[Token]) {
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
        if name.starts_with("keyring.") || name.starts_with("keytar.") {
            self.m.mark(Traits::READS_SECRET, "reads a secret");
            self.flow = self.flow.with(Flow::SECRET);
            return;
        }
        match one {
            Some(variable) => {
                if !crate::secrets::secret_variable(variable) {
                } else if self.m.waits {
                    if !self.signs_in() {
                        self.flow = self.flow.with(Flow::SECRET);
                    }
                } else {
                    self.m.mark(Traits::READS_SECRET, "reads a credential of the environment");
                    self.flow = self.flow.with(Flow::SECRET);
                }
            }
            None => {
                let copied = self.m.waits && self.starts();
                if !copied && !(self.family == "python" && matches!(arguments.first(), Some(Token::Mark('.')))) {
                    self.m.mark(Traits::READS_SECRET, "reads the whole environment");
                    self.flow = self.flow.with(Flow::SECRET);
                }
            }
        }
    }

    /// Whether the code starts programs, which are given the environment.
    fn starts(&self) -> bool {
        const STARTS: [&str; 8] =
            ["subprocess", "spawn", "spawnSync", "execFile", "execa", "Popen", "execSync", "fork"];
        self.tokens.iter().any(|token| match token {
            Token::Name(name) => name.split('.').any(|part| STARTS.contains(&part)),
            _ => false,
        })
    }

    /// Whether the code hands a credential to whom it is for.
    fn signs_in(&self) -> bool {
        self.tokens.iter().any(|token| match token {
            Token::Text(text) => {
                ["uthorization", "Bearer", "api-key", "Api-Key"].iter().any(|mark| text.contains(mark))
            }
            Token::Name(name) => {
                ["auth", "api_key", "apiKey", "token", "password"].iter().any(|mark| name.ends_with(mark))
            }
            _ => false,
        })
    }

    pub(super) fn known(&self, name: &str) -> Option<String> {
        self.names
            .iter()
            .rev()
            .find(|(known, _)| {
                name == known || name.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('.'))
            })
            .map(|(_, text)| text.clone())
    }

    /// All the texts of the code, for calls that are built in steps.
    fn statement_texts(&self) -> Vec<String> {
        self.tokens
            .iter()
            .filter_map(|token| match token {
                Token::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect()
    }
}
