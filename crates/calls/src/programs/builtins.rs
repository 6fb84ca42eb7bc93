//! What the shell does itself.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::shell::ansi;
use crate::value::{Flow, Value};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let output = match name {
        ":" | "true" | "false" | "exit" | "return" | "break" | "continue" | "shift" | "wait" | "jobs" | "fg" | "bg"
        | "ulimit" | "umask" | "times" | "test" | "[" | "sleep" | "disown" | "logout" | "getopts" | "caller"
        | "suspend" | "let" => {
            if name == "shift"
                && let Some(positional) = m.positional.as_mut()
                && !positional.is_empty()
            {
                positional.remove(0);
            }
            arithmetic_traps(m, args);
            Value::default()
        }
        "echo" => echo(m, args),
        "printf" => printf(m, args),
        "cd" | "pushd" | "popd" | "chdir" | "Set-Location" => change(m, name, args),
        "pwd" => Value::known(format!("{}\n", m.cwd)),
        "export" | "declare" | "typeset" | "local" | "readonly" | "setenv" => declare(m, name, args),
        "unset" => {
            for value in args.iter().filter(|value| !value.text.starts_with('-')) {
                if matches!(value.text.as_str(), "HISTFILE" | "PROMPT_COMMAND" | "AUDIT") {
                    m.mark(Traits::DISABLES_SECURITY, "switches off the shell's history");
                }
                m.unset_variable(&value.text);
                m.functions.remove(&value.text);
            }
            Value::default()
        }
        "set" => set(m, args),
        "bind" => {
            if let Some((_, command)) = args.iter().find_map(|value| value.text.split_once("\":")) {
                let command = command.trim().trim_matches('"').to_owned();
                m.text(&command);
            }
            Value::default()
        }
        "shopt" | "stty" | "setopt" | "unsetopt" | "rehash" | "autoload" => Value::default(),
        "complete" | "compopt" => Value::default(),
        "compgen" => {
            if let Some(command) = Args::of(args, "C F A W P S G X o").value(&["C"]).cloned() {
                m.run_text(&command);
            }
            Value::unknown(Flow::OUTPUT)
        }
        "enable" => {
            if args.iter().any(|value| value.text == "-f" || value.text == "-n") {
                m.mark(Traits::EVADES, "changes which commands the shell knows");
            }
            Value::default()
        }
        "hash" => hash(m, args),
        "alias" => {
            for value in args {
                if let Some((name, text)) = value.text.split_once('=') {
                    m.aliases.insert(name.to_owned(), text.to_owned());
                    if matches!(name, "yata" | "yata-hook" | "claude" | "codex" | "gemini" | "cursor-agent" | "copilot")
                    {
                        m.mark(Traits::CHANGES_AGENT, "gives an agent or the hook another meaning");
                    }
                    // What it stands for may be called later.
                    if value.flow.has(Flow::REMOTE) {
                        m.mark(Traits::RUNS_REMOTE_CODE, "an alias of what was sent");
                    }
                    let said = m.acts.len();
                    m.aside(|m| m.text(text));
                    m.keep_serious(said);
                }
            }
            Value::default()
        }
        "unalias" => Value::default(),
        "read" => read(m, args),
        "mapfile" | "readarray" => mapfile(m, args),
        "trap" => trap(m, args),
        "eval" => {
            let text = joined(args);
            m.run_text(&text)
        }
        "source" | "." => source(m, args),
        "exec" => exec(m, args),
        "command" | "builtin" => command(m, name, args),
        "type" | "which" | "whence" | "where" => {
            for value in args.iter().filter(|value| name == "type" && value.text.contains('/')) {
                if m.names_secret(value) {
                    m.read(value);
                }
            }
            which(args)
        }
        "history" | "fc" => history(m, name, args),
        _ => return None,
    };
    Some(output)
}

/// `test -v 'a[$(…)]'` evaluates the index.
pub(crate) fn arithmetic_traps(m: &mut Machine<'_>, args: &[Value]) {
    for value in args {
        if let Some((_, rest)) = value.text.split_once("[$(")
            && let Some((inner, _)) = rest.rsplit_once(")]")
        {
            let inner = inner.to_owned();
            m.text(&inner);
        }
    }
}

pub(crate) fn joined(args: &[Value]) -> Value {
    let mut text = Value::default();
    for (index, value) in args.iter().enumerate() {
        if index > 0 {
            text.text.push(' ');
        }
        text.push(value);
    }
    text
}

fn echo(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let mut escapes = false;
    let mut newline = true;
    let mut words = args;
    while let [first, rest @ ..] = words {
        let Some(letters) = first
            .text
            .strip_prefix('-')
            .filter(|letters| !letters.is_empty() && letters.chars().all(|c| "neE".contains(c)))
        else {
            break;
        };
        escapes |= letters.contains('e');
        newline &= !letters.contains('n');
        words = rest;
    }
    let mut value = joined(words);
    tell_variables(m, words);
    if escapes && value.text.contains('\\') {
        value.text = ansi::decode(&value.text, false).0;
        value.flow = value.flow.with(Flow::NONE);
    }
    if newline {
        value.text.push('\n');
    }
    value
}

/// A credential of the environment that is shown.
fn tell_variables(m: &mut Machine<'_>, words: &[Value]) {
    if words.iter().any(|value| value.flow.has(Flow::CREDENTIAL)) {
        m.mark(Traits::READS_SECRET, "shows a credential of the environment");
    }
}

fn printf(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let mut words = args;
    let mut into = None;
    if let [option, name, rest @ ..] = words
        && option.text == "-v"
    {
        into = Some(name.text.clone());
        words = rest;
    }
    if let [dashes, rest @ ..] = words
        && dashes.text == "--"
    {
        words = rest;
    }
    tell_variables(m, words);
    let [format, values @ ..] = words else { return Value::default() };
    let mut output = Value::default();
    let mut left = values;
    for _ in 0..64 {
        let before = left.len();
        output.push(&formatted(format, &mut left));
        if left.is_empty() || left.len() == before {
            break;
        }
    }
    match into {
        Some(name) => {
            m.set(&name, vec![output]);
            Value::default()
        }
        None => output,
    }
}

fn formatted(format: &Value, left: &mut &[Value]) -> Value {
    let (text, _) = ansi::decode(&format.text.replace("%b", "%s"), false);
    let mut output = Value { text: String::new(), flow: format.flow, glob: false };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            output.text.push(c);
            continue;
        }
        let mut kind = chars.next();
        while kind.is_some_and(|c| c.is_ascii_digit() || "-+. #*'".contains(c)) {
            kind = chars.next();
        }
        match kind {
            Some('%') => output.text.push('%'),
            None => {}
            Some(kind) => {
                let (value, rest) = match *left {
                    [first, rest @ ..] => (first.clone(), rest),
                    [] => (Value::default(), *left),
                };
                *left = rest;
                let mut value = value;
                if let ('o' | 'x' | 'X', Ok(number)) = (kind, value.text.parse::<i64>()) {
                    value.text = if kind == 'o' { format!("{number:o}") } else { format!("{number:x}") };
                } else if kind == 'c' {
                    value.text = value.text.chars().take(1).collect();
                } else if value.text.contains('\\') {
                    value.text = ansi::decode(&value.text, false).0;
                }
                output.push(&value);
            }
        }
    }
    output
}

fn change(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let target = args.iter().find(|value| !value.text.starts_with('-') || value.text == "-");
    let to = match target {
        _ if name == "popd" => m.previous.clone(),
        None => m.home(),
        Some(value) if value.text == "-" => m.previous.clone(),
        Some(value) => m.resolve(value),
    };
    m.cd(to);
    Value::default()
}

fn declare(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let shows = args.is_empty() || args.iter().all(|value| value.text.starts_with('-') && value.text.contains('p'));
    if shows && name != "local" {
        if name != "readonly" {
            m.mark(Traits::READS_SECRET, "shows the whole environment");
        }
        return Value::unknown(Flow::SECRET);
    }
    if name != "export"
        && name != "readonly"
        && args.iter().any(|value| value.text.starts_with('-') && value.text.contains('n'))
    {
        m.mark(Traits::EVADES, "a variable that stands for another");
    }
    for value in args.iter().filter(|value| !value.text.starts_with('-')) {
        if let Some((name, text)) = value.text.split_once('=') {
            let name = name.trim_end_matches('+').to_owned();
            let value = Value { text: text.to_owned(), ..value.clone() };
            m.environment(&name, &value, false);
            m.set(&name, vec![value]);
        }
    }
    Value::default()
}

fn set(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let Some(first) = args.first() else {
        m.mark(Traits::READS_SECRET, "shows the whole environment");
        return Value::unknown(Flow::SECRET);
    };
    if first.text == "--" {
        m.positional = Some(args.get(1..).unwrap_or(&[]).to_vec());
    } else if !first.text.starts_with(['-', '+']) {
        m.positional = Some(args.to_vec());
    } else if args.iter().any(|value| value.text == "+o" || value.text == "-o")
        && args.iter().any(|value| value.text == "history")
        && first.text.starts_with('+')
    {
        m.mark(Traits::DISABLES_SECURITY, "switches off the shell's history");
    }
    Value::default()
}

fn hash(m: &mut Machine<'_>, args: &[Value]) -> Value {
    if let Some(position) = args.iter().position(|value| value.text == "-p")
        && let (Some(path), Some(name)) = (args.get(position + 1), args.get(position + 2))
    {
        m.mark(Traits::EVADES, "gives a program the name of another");
        m.aliases.insert(name.text.clone(), path.text.clone());
    }
    Value::default()
}

fn read(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let args = Args::of(args, "p d n N t u i");
    let array = args.has(&["a"]);
    let input = m.stdin.clone();
    let line = input.text.lines().next().unwrap_or("").to_owned();
    let value = |text: &str| Value { text: text.to_owned(), flow: input.flow, glob: input.glob };
    let names: Vec<String> = if args.rest.is_empty() {
        vec!["REPLY".to_owned()]
    } else {
        args.rest.iter().map(|value| value.text.clone()).collect()
    };
    if !input.is_known() || input.text.is_empty() {
        for name in &names {
            m.set(name, vec![Value::unknown(input.flow)]);
        }
        return Value::default();
    }
    let separators = m
        .variable("IFS")
        .and_then(|values| values.first())
        .map_or_else(|| " \t\n".to_owned(), |value| value.text.clone());
    if array {
        let words = line.split(|c| separators.contains(c)).filter(|word| !word.is_empty()).map(value).collect();
        if let Some(name) = names.first() {
            m.set(name, words);
        }
        return Value::default();
    }
    let mut rest = line.as_str();
    for (index, name) in names.iter().enumerate() {
        if index + 1 == names.len() {
            m.set(name, vec![value(rest)]);
        } else {
            let (word, tail) = rest.split_once(|c| separators.contains(c)).unwrap_or((rest, ""));
            m.set(name, vec![value(word)]);
            rest = tail;
        }
    }
    // The next `read` takes the next line.
    let tail = input.text.split_once('\n').map_or("", |(_, tail)| tail).to_owned();
    m.stdin = Value { text: tail, ..input };
    Value::default()
}

fn mapfile(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let args = Args::of(args, "d n O s u C c");
    let name = args.rest.first().map_or_else(|| "MAPFILE".to_owned(), |value| value.text.clone());
    let input = m.stdin.clone();
    let values = if input.is_known() {
        input
            .text
            .lines()
            .take(crate::limits::FIELDS)
            .map(|line| Value { text: line.to_owned(), ..input.clone() })
            .collect()
    } else {
        vec![Value::unknown(input.flow)]
    };
    m.set(&name, values);
    if let Some(command) = args.value(&["C"]).cloned() {
        m.run_text(&command);
    }
    Value::default()
}

fn trap(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let args: Vec<&Value> = args.iter().filter(|value| !matches!(value.text.as_str(), "--" | "-l" | "-p")).collect();
    if let [text, signals @ ..] = args.as_slice()
        && !signals.is_empty()
        && !matches!(text.text.as_str(), "" | "-")
    {
        if m.traps.len() < 8 {
            m.traps.push(text.text.clone());
        } else {
            m.puzzled("too many traps");
        }
    }
    Value::default()
}

fn source(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let Some(file) = args.first() else { return Value::default() };
    if matches!(file.text.as_str(), "-" | "/dev/stdin") {
        let text = m.stdin.clone();
        return m.run_text(&text);
    }
    m.run_file(file, args.get(1..).unwrap_or(&[]), "sh")
}

fn exec(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let args = Args::leading(args, "a");
    if args.rest.is_empty() { Value::default() } else { m.run(args.rest) }
}

fn command(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::leading(args, "");
    if name == "command" && parsed.has(&["v", "V"]) {
        return which(&parsed.rest);
    }
    let mut words = parsed.rest;
    // The function of that name does not count.
    let shadowed = words.first().and_then(|first| m.functions.remove_entry(&first.text));
    if words.first().is_some_and(|first| m.calling.contains(&first.text) && first.text == name) {
        words.remove(0);
    }
    let output = m.run(words);
    if let Some((name, body)) = shadowed {
        m.functions.insert(name, body);
    }
    output
}

/// Where a program lies: good enough is its name.
fn which(args: &[Value]) -> Value {
    let names: Vec<&str> =
        args.iter().filter(|value| !value.text.starts_with('-')).map(|value| value.text.as_str()).collect();
    let text: Vec<String> = names
        .iter()
        .map(|name| {
            if *name == "yata" || *name == "yata-hook" {
                format!("/usr/local/bin/{name}")
            } else {
                format!("/usr/bin/{name}")
            }
        })
        .collect();
    Value::known(text.join("\n") + "\n")
}

fn history(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let cleared = args.iter().any(|value| {
        value.text.starts_with('-') && value.text.contains(['c', 'd', 'w', 'p', 'W']) && value.text != "-s"
    });
    if cleared && (name == "history" || args.iter().any(|value| value.text == "-p")) {
        m.mark(Traits::DISABLES_SECURITY, "clears the shell's history");
        return Value::default();
    }
    if let Some(position) = args.iter().position(|value| value.text == "-s") {
        let text = joined(args.get(position + 1..).unwrap_or(&[]));
        if name == "history" {
            let before = m.acts.len();
            m.aside(|m| m.text(&text.text));
            m.keep_serious(before);
        } else {
            m.puzzled("runs a command of the history");
        }
        return Value::default();
    }
    if name == "history" {
        m.mark(Traits::READS_SECRET, "shows the shell's history");
        return Value::unknown(Flow::SECRET);
    }
    Value::unknown(Flow::OUTPUT)
}

impl Machine<'_> {
    /// Drops the harmless acts noted since, for commands that are only kept for later.
    pub(crate) fn keep_serious(&mut self, since: usize) {
        let mut index = 0;
        self.acts.retain(|act| {
            index += 1;
            index <= since || !act.traits.is_empty()
        });
    }
}
