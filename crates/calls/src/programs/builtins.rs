//! What the shell does itself.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::state::Switches;
use crate::value::{Flow, UNKNOWN, Value};

/// What changes the shell itself: it runs in the shell, not as a process of its own.
const OF_THE_SHELL: &[&str] = &[
    ":",
    "true",
    "false",
    "wait",
    "jobs",
    "fg",
    "bg",
    "ulimit",
    "umask",
    "times",
    "test",
    "[",
    "sleep",
    "disown",
    "caller",
    "suspend",
    "exit",
    "logout",
    "return",
    "break",
    "continue",
    "shift",
    "let",
    "getopts",
    "echo",
    "printf",
    "cd",
    "pushd",
    "popd",
    "chdir",
    "Set-Location",
    "pwd",
    "export",
    "declare",
    "typeset",
    "local",
    "readonly",
    "setenv",
    "unset",
    "set",
    "bind",
    "shopt",
    "stty",
    "setopt",
    "unsetopt",
    "rehash",
    "autoload",
    "complete",
    "compopt",
    "compgen",
    "enable",
    "hash",
    "alias",
    "unalias",
    "read",
    "mapfile",
    "readarray",
    "trap",
    "eval",
    "source",
    ".",
    "exec",
    "command",
    "builtin",
    "type",
    "which",
    "whence",
    "where",
    "history",
    "fc",
    "noglob",
    "nocorrect",
    "repeat",
];

pub(crate) fn is_builtin(name: &str) -> bool {
    OF_THE_SHELL.contains(&name)
}

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let output = match name {
        ":" | "true" | "false" | "wait" | "jobs" | "fg" | "bg" | "ulimit" | "umask" | "times" | "test" | "["
        | "sleep" | "disown" | "caller" | "suspend" => {
            arithmetic_traps(m, args);
            Value::default()
        }
        "exit" | "logout" | "return" | "break" | "continue" => {
            m.leave(name, args);
            Value::default()
        }
        "shift" => shift(m, args),
        "let" => {
            for value in args {
                m.calculated(value);
            }
            Value::default()
        }
        "getopts" => getopts(m, args),
        "echo" => super::said::echo(m, args),
        "printf" => super::said::printf(m, args),
        "cd" | "pushd" | "popd" | "chdir" | "Set-Location" => change(m, name, args),
        "pwd" => Value::known(format!("{}\n", m.cwd)),
        "export" | "declare" | "typeset" | "local" | "readonly" => m.declare(name, args, None),
        "setenv" => {
            if let [name, value] = args {
                m.environment(&name.text, value, false);
                m.set(&name.text, vec![value.clone()]);
            }
            Value::default()
        }
        "unset" => {
            unset(m, args);
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
            if args.iter().any(|value| matches!(value.text.as_str(), "-g" | "-s")) {
                m.puzzled("an alias that stands anywhere");
            }
            for value in args {
                if value.is_tangled() {
                    m.puzzled("an alias that is made in a way that is not followed");
                }
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
                    let program = m.program.clone();
                    m.aside(|m| m.text(text));
                    m.failed = None;
                    m.program = program;
                    m.keep_serious(said);
                }
            }
            Value::default()
        }
        "unalias" => Value::default(),
        "read" => super::said::read(m, args),
        "mapfile" | "readarray" => super::said::mapfile(m, args),
        "trap" => trap(m, args),
        "eval" => {
            let text = joined(args);
            if text.text.is_empty() { Value::default() } else { m.run_text(&text) }
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
        "noglob" | "nocorrect" => m.call(args.to_vec()),
        "repeat" => {
            let text = joined(args.get(1..).unwrap_or(&[]));
            m.run_text(&text)
        }
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

fn shift(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let count = args.first().map_or(Some(1), |value| value.text.parse::<usize>().ok());
    let Some(known) = m.state.positional.as_mut() else { return Value::default() };
    if known.iter().any(Value::is_tangled) {
        return Value::default();
    }
    match count {
        Some(count) if count <= known.len() => {
            known.drain(..count);
        }
        Some(_) => {}
        None => *known = vec![Value::tangled(Flow::NONE)],
    }
    Value::default()
}

fn getopts(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let known = args.len() > 2 || m.positional.as_ref().is_some_and(|values| !values.is_empty());
    let value = if known { Value::tangled(Flow::NONE) } else { Value::unknown(Flow::NONE) };
    m.set("OPTARG", vec![value]);
    if let Some(name) = args.get(1) {
        m.set(&name.text, vec![Value::unknown(Flow::NONE)]);
    }
    Value::default()
}

fn unset(m: &mut Machine<'_>, args: &[Value]) {
    let only = |letter: char| args.iter().any(|value| value.text.starts_with('-') && value.text.contains(letter));
    let (functions, variables) = (only('f'), only('v'));
    for value in args.iter().filter(|value| !value.text.starts_with('-')) {
        if matches!(value.text.as_str(), "HISTFILE" | "PROMPT_COMMAND" | "AUDIT") {
            m.mark(Traits::DISABLES_SECURITY, "switches off the shell's history");
        }
        if !value.is_known() {
            m.puzzled("which variable is forgotten is not known");
        }
        if functions {
            m.functions.remove(&value.text);
            continue;
        }
        if let Some((name, index)) = value.text.split_once('[') {
            let index = Value::known(index.trim_end_matches(']'));
            m.calculated(&index);
            let count = m.chosen_variable(name).unwrap_or_default().len();
            m.set(name, vec![Value::tangled(Flow::NONE); count]);
            continue;
        }
        let variable = m.variables.contains_key(&value.text);
        m.unset_variable(&value.text);
        if !variables
            && !variable
            && let Some(function) = m.functions.get_mut(&value.text)
        {
            function.maybe = true;
        }
    }
}

/// Folders that are there, whatever else is.
fn is_there(m: &Machine<'_>, path: &str) -> bool {
    matches!(path, "/" | "/tmp" | "/var/tmp" | "/usr" | "/etc" | "/home" | "/var")
        || [m.place.home, m.place.project, m.place.cwd, &m.cwd].iter().any(|folder| crate::path::within(folder, path))
        || m.made.iter().any(|folder| crate::path::within(folder, path))
}

fn change(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let operands: Vec<&Value> = args.iter().filter(|value| !value.text.starts_with('-') || value.text == "-").collect();
    if operands.len() > 1 || name != "cd" && args.iter().any(|value| value.text == "-n") {
        return Value::default();
    }
    let numbered = name != "cd" && args.iter().any(|value| value.text.starts_with(['+', '-']) && value.text.len() > 1);
    let target = operands.first().copied();
    let before = m.snapshot();
    let elsewhere = format!("/{UNKNOWN}");
    let to = match target {
        _ if numbered => elsewhere,
        _ if name == "popd" => match m.folders.pop() {
            Some(folder) => folder,
            None => return Value::default(),
        },
        None if name == "pushd" => match m.folders.pop() {
            Some(folder) => {
                let here = m.cwd.clone();
                m.folders.push(here);
                folder
            }
            None => return Value::default(),
        },
        None => m.home(),
        Some(value) if value.text == "-" => m.previous.clone(),
        Some(value) => {
            if name == "pushd" && m.folders.len() < 64 {
                let here = m.cwd.clone();
                m.folders.push(here);
            }
            m.resolve(value)
        }
    };
    let searched =
        m.variables.contains_key("CDPATH") && target.is_some_and(|value| !value.text.starts_with(['/', '.']));
    let there = is_there(m, &to);
    m.cd(to);
    if searched {
        m.state.cwds.push(format!("/{UNKNOWN}"));
    }
    if !there {
        m.failed = Some(Box::new(before));
    }
    Value::default()
}

fn set(m: &mut Machine<'_>, args: &[Value]) -> Value {
    if args.is_empty() {
        m.mark(Traits::READS_SECRET, "shows the whole environment");
        return Value::unknown(Flow::SECRET);
    }
    let mut words = args;
    while let [first, rest @ ..] = words {
        let text = first.text.as_str();
        if matches!(text, "--" | "-") {
            m.state.positional = Some(rest.to_vec());
            return Value::default();
        }
        let Some(letters) = text.strip_prefix(['-', '+']) else { break };
        let on = text.starts_with('-');
        let mut named = "";
        words = rest;
        if letters.ends_with('o')
            && let [name, rest @ ..] = rest
        {
            named = &name.text;
            words = rest;
        }
        if !first.is_known() || letters.contains('k') || named == "keyword" {
            m.puzzled("how the shell reads what follows is not known");
        }
        if named == "history" && !on {
            m.mark(Traits::DISABLES_SECURITY, "switches off the shell's history");
        }
        for (letter, name, switch) in [('e', "errexit", Switches::ERREXIT), ('a', "allexport", Switches::ALLEXPORT)] {
            if letters.contains(letter) || named == name {
                m.state.switches = if on { m.switches.with(switch) } else { m.switches.without(switch) };
            }
        }
    }
    if !words.is_empty() {
        m.state.positional = Some(words.to_vec());
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

fn trap(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let args: Vec<&Value> = args.iter().filter(|value| !matches!(value.text.as_str(), "--" | "-l" | "-p")).collect();
    if let [text, signals @ ..] = args.as_slice()
        && !signals.is_empty()
        && !matches!(text.text.as_str(), "" | "-")
    {
        if m.traps.len() < 8 {
            if text.is_tangled() {
                m.puzzled("a trap that is made in a way that is not followed");
            }
            m.traps.push(text.text.clone());
            let early = signals.iter().any(|signal| !matches!(signal.text.as_str(), "EXIT" | "0"));
            if early && text.text.trim_start().starts_with(['$', '"', '`']) {
                m.puzzled("a trap that runs what a variable holds at some time");
            }
        } else {
            m.puzzled("too many traps");
        }
    }
    Value::default()
}

fn source(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let Some(file) = args.first() else { return Value::default() };
    m.returns.push(Vec::new());
    let output = if matches!(file.text.as_str(), "-" | "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0") {
        let text = m.stdin.clone();
        m.run_text(&text)
    } else {
        let given = args.get(1..).unwrap_or(&[]).to_vec();
        let given = if given.is_empty() { m.positional.clone().unwrap_or_default() } else { given };
        m.run_file(file, &given, "sh")
    };
    for state in m.returns.pop().unwrap_or_default() {
        m.meet(&state);
    }
    output
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
    // The function of that name does not count.
    m.known_to_the_shell(parsed.rest)
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
            m.failed = None;
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
        self.keep_beyond(since, Traits::NONE);
    }

    /// Drops the acts noted since that have no trait besides these.
    pub(crate) fn keep_beyond(&mut self, since: usize, vague: Traits) {
        let mut index = 0;
        self.acts.retain(|act| {
            index += 1;
            index <= since || !act.traits.without(vague).is_empty()
        });
    }
}
