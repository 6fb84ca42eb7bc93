//! Programs that run another program.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, UNKNOWN, Value};

use super::builtins::joined;

/// Name, options with a value, operands before the command.
const PLAIN: &[(&str, &str, usize)] = &[
    ("nohup", "", 0),
    ("setsid", "", 0),
    ("nice", "n adjustment", 0),
    ("ionice", "c n p class classdata", 0),
    ("chrt", "p T P D", 1),
    ("taskset", "", 1),
    ("stdbuf", "i o e input output error", 0),
    ("unbuffer", "", 0),
    ("time", "f o format output", 0),
    ("gtime", "f o", 0),
    ("timeout", "s k signal kill-after", 1),
    ("gtimeout", "s k signal kill-after", 1),
    ("strace", "e o p s u a b E I O P S X", 0),
    ("ltrace", "e o p s u a l n", 0),
    ("dtruss", "p n", 0),
    ("catchsegv", "", 0),
    ("valgrind", "", 0),
    ("perf", "e o", 1),
    ("fakeroot", "l s i b", 0),
    ("faketime", "f", 1),
    ("caffeinate", "t w", 0),
    ("systemd-inhibit", "", 0),
    ("systemd-cat", "t p", 0),
    ("dbus-run-session", "config-file", 0),
    ("xvfb-run", "s e f n w", 0),
    ("dumb-init", "r", 0),
    ("tini", "p", 0),
    ("s6-setuidgid", "", 1),
    ("gosu", "", 1),
    ("su-exec", "", 1),
    ("runuser", "u c g", 0),
    ("setarch", "", 0),
    ("linux64", "", 0),
    ("linux32", "", 0),
    ("daemonize", "c a e o p l u E", 0),
    ("cpulimit", "l p e", 0),
    ("prlimit", "p pid", 0),
    ("proxychains", "f", 0),
    ("proxychains4", "f", 0),
    ("torsocks", "", 0),
    ("torify", "", 0),
    ("tsocks", "", 0),
    ("firejail", "", 0),
    ("rlwrap", "", 0),
    ("chronic", "", 0),
    ("ts", "", 0),
    ("sem", "j id", 0),
    ("retry", "t d", 0),
    ("softlimit", "m d s l a", 0),
    ("envdir", "", 1),
    ("chpst", "u U b e / P o p f c m d", 0),
    ("winpty", "", 0),
    ("rtk", "", 0),
    ("doppler", "", 1),
    ("infisical", "", 1),
    ("aws-vault", "", 2),
    ("envchain", "", 1),
    ("direnv", "", 2),
    ("dotenv", "f e", 0),
    ("dotenvx", "f", 1),
    ("env-cmd", "f e", 0),
    ("cross-env", "", 0),
    ("teller", "", 1),
    ("vaulted", "", 1),
    ("summon", "p f", 0),
    ("hyperfine", "", 0),
    ("cgexec", "g", 0),
    ("numactl", "", 0),
    ("i3-msg", "t", 1),
    ("detach", "", 0),
    ("setpriv", "", 0),
    ("capsh", "", 0),
    ("pkexec", "user", 0),
    ("exec", "a", 0),
    ("asdf", "", 1),
    ("mise", "", 1),
    ("rbenv", "", 1),
    ("pyenv", "", 1),
    ("nodenv", "", 1),
    ("guix", "", 2),
    ("tail-and-run", "", 0),
    ("viddy", "n", 0),
    ("noglob", "", 0),
    ("nocorrect", "", 0),
    ("start-stop-daemon", "x a n p u c", 0),
];

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let output = match name {
        "env" => env(m, args),
        "sudo" | "doas" | "pkexec" | "run0" | "gsudo" | "please" => sudo(m, args),
        "su" | "runuser" => su(m, args),
        "xargs" | "gxargs" => xargs(m, args),
        "parallel" | "rush" | "rust-parallel" => parallel(m, args),
        "find" | "gfind" | "bfs" => super::removal::find(m, args),
        "fd" | "fdfind" => super::removal::fd(m, args),
        "busybox" | "toybox" => {
            if args.is_empty() {
                Value::unknown(Flow::NONE)
            } else {
                m.run(args.to_vec())
            }
        }
        "watch" | "viddy" => {
            let args = Args::leading(args, "n interval d p");
            let text = joined(&args.rest);
            m.run_text(&text)
        }
        "script" => {
            let parsed = Args::of(args, "c command o O B I T t l");
            match parsed.value(&["c", "command"]).cloned() {
                Some(text) => m.run_text(&text),
                // On a Mac: a file, then a command.
                None if parsed.rest.len() > 1 => m.run(parsed.from(1).to_vec()),
                None => Value::default(),
            }
        }
        "arch" => {
            let parsed = Args::leading(args, "e d");
            if parsed.rest.is_empty() { Value::unknown(Flow::OUTPUT) } else { m.run(parsed.rest) }
        }
        "flock" | "lockf" => {
            let parsed = Args::leading(args, "w timeout E conflict-exit-code");
            if let Some(file) = parsed.rest.first().cloned() {
                m.read(&file);
            }
            let command = parsed.from(1);
            match command {
                [option, text, ..] if option.text == "-c" || option.text == "--command" => m.run_text(&text.clone()),
                [] => Value::default(),
                words => m.run(words.to_vec()),
            }
        }
        "entr" | "watchexec" | "reflex" | "nodemon" | "chokidar" | "onchange" | "wait-on" | "concurrently"
        | "npm-run-all" | "run-p" | "run-s" => watcher(m, name, args),
        "tmux" | "screen" | "zellij" | "dtach" | "abduco" => terminal(m, name, args),
        "at" | "batch" => at(m, args),
        "systemd-run" => {
            m.mark(Traits::PERSISTS, "starts a unit of its own");
            let parsed = Args::leading(args, "u p E t H M unit property setenv on-calendar on-active slice uid gid");
            m.run(parsed.rest)
        }
        "ssh" | "autossh" | "mosh" | "sshpass" | "rsh" | "dbclient" => super::remote::ssh(m, name, args),
        "hyperfine" | "bench" => {
            let parsed = Args::of(
                args,
                "w r p c n u warmup runs min-runs max-runs prepare setup cleanup export-json export-markdown command-name shell",
            );
            for text in parsed
                .values(&["p", "c", "prepare", "setup", "cleanup"])
                .chain(&parsed.rest)
                .cloned()
                .collect::<Vec<_>>()
            {
                m.run_text(&text);
            }
            Value::unknown(Flow::OUTPUT)
        }
        "gdb" | "lldb" | "rr" => debugger(m, args),
        "chroot" | "unshare" | "nsenter" | "machinectl" | "bwrap" | "proot" | "systemd-nspawn" | "schroot"
        | "arch-chroot" => inside(m, name, args),
        "devbox" | "flox" | "nix-direnv" | "pixi" | "proto"
            if args.first().is_some_and(|arg| matches!(arg.text.as_str(), "run" | "activate" | "exec")) =>
        {
            let words: Vec<Value> = args.iter().skip(1).filter(|word| word.text != "--").cloned().collect();
            if words.is_empty() { Value::default() } else { m.run(words) }
        }
        "wsl" | "wsl.exe" => {
            let parsed = Args::leading(args, "d distribution u user cd shell-type");
            let manages = args.first().is_some_and(|arg| {
                arg.text.len() > 2
                    && arg.text.starts_with("--")
                    && !["--distribution", "--user", "--cd", "--exec", "--shell-type", "--system"]
                        .contains(&arg.text.as_str())
            });
            if manages || parsed.rest.is_empty() {
                return None;
            }
            m.run(parsed.rest)
        }
        "expect" => {
            let code = Args::of(args, "c f").value(&["c"]).cloned()?;
            super::run_code(m, "expect", &code)
        }
        "setarch" | "linux64" | "linux32" => {
            let rest: Vec<Value> = args
                .iter()
                .skip_while(|value| {
                    value.text.starts_with('-')
                        || matches!(value.text.as_str(), "x86_64" | "i386" | "i686" | "aarch64" | "arm64")
                })
                .cloned()
                .collect();
            if rest.is_empty() { Value::default() } else { m.run(rest) }
        }
        "mise" | "asdf" | "rbenv" | "pyenv" | "nodenv"
            if !args.first().is_some_and(|arg| matches!(arg.text.as_str(), "exec" | "x")) =>
        {
            return None;
        }
        "direnv" | "perf" | "guix" | "doppler" | "infisical"
            if !args.iter().any(|arg| {
                matches!(arg.text.as_str(), "exec" | "run" | "stat" | "record" | "shell" | "environment")
            }) =>
        {
            return None;
        }
        "op" | "chamber" | "vault" | "dotenv" | "dotenvx" | "aws-vault" | "infisical" | "doppler"
            if args.iter().any(|arg| arg.text == "--") =>
        {
            let position = args.iter().position(|arg| arg.text == "--").unwrap_or(0);
            m.run(args.get(position + 1..).unwrap_or(&[]).to_vec())
        }
        _ => {
            let (_, with_value, skip) = PLAIN.iter().find(|(known, _, _)| *known == name)?;
            let parsed = Args::leading(args, with_value);
            let mut rest = parsed.rest;
            let skip = (*skip).min(rest.len());
            rest.drain(..skip);
            if name == "perf" {
                rest = Args::leading(&rest, "o output e event F freq c count p pid C cpu a-x i call-graph").rest;
            }
            while rest.first().is_some_and(|word| word.text == "--" || name == "cross-env" && word.text.contains('=')) {
                rest.remove(0);
            }
            // Options of the wrapper behind its operands (`timeout 5 -k 1`).
            while rest.len() > 1 && rest.first().is_some_and(|word| word.text.starts_with('-')) {
                rest.remove(0);
            }
            if rest.is_empty() { Value::default() } else { m.run(rest) }
        }
    };
    Some(output)
}

fn env(m: &mut Machine<'_>, args: &[Value]) -> Value {
    if args.first().is_some_and(|value| matches!(value.text.as_str(), "--version" | "--help")) {
        return Value::default();
    }
    let parsed = Args::leading(args, "u unset C chdir S split-string P a argv0");
    if let Some(text) = parsed.value(&["S", "split-string"]).cloned() {
        let rest = joined(&parsed.rest);
        let whole = Value { text: format!("{} {}", text.text, rest.text), ..text };
        return m.run_text(&whole);
    }
    let mut words = parsed.rest.as_slice();
    // A dash alone is `-i`.
    while let [dash, rest @ ..] = words
        && dash.text == "-"
    {
        words = rest;
    }
    while let [first, rest @ ..] = words {
        let Some((name, value)) = first.text.split_once('=') else { break };
        let value = Value { text: value.to_owned(), ..first.clone() };
        let name = name.to_owned();
        m.environment(&name, &value, true);
        words = rest;
    }
    if words.is_empty() {
        m.mark(Traits::READS_SECRET, "shows the whole environment");
        return Value::unknown(Flow::SECRET);
    }
    let words = words.to_vec();
    match parsed.value(&["C", "chdir"]).cloned() {
        Some(folder) => m.aside(|m| {
            let to = m.resolve(&folder);
            m.cd(to);
            m.run(words)
        }),
        None => m.run(words),
    }
}

fn sudo(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::leading(
        args,
        "u g U p C h r t T D R c user group prompt host chdir chroot close-from role type other-user command-timeout login-class",
    );
    let asks = matches!(args, [one] if matches!(one.text.as_str(), "-V" | "-h" | "--version" | "--help" | "-k" | "-K"));
    if asks {
        return Value::default();
    }
    m.mark(Traits::ESCALATES, "runs as another user");
    let mut words = parsed.rest.as_slice();
    while let [first, rest @ ..] = words {
        let Some((name, value)) = first.text.split_once('=') else { break };
        let (name, value) = (name.to_owned(), Value { text: value.to_owned(), ..first.clone() });
        m.environment(&name, &value, true);
        words = rest;
    }
    if words.is_empty() {
        return Value::default();
    }
    m.run(words.to_vec())
}

fn su(m: &mut Machine<'_>, args: &[Value]) -> Value {
    if matches!(args, [one] if matches!(one.text.as_str(), "--help" | "--version" | "-h" | "-V")) {
        return Value::default();
    }
    m.mark(Traits::ESCALATES, "runs as another user");
    let parsed = Args::of(args, "c command s shell g G w u");
    match parsed.value(&["c", "command"]).cloned() {
        Some(text) => m.run_text(&text),
        None => Value::default(),
    }
}

fn xargs(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::leading(
        args,
        "a d E I i L l n P s R J S arg-file delimiter replace max-args max-procs max-lines max-chars process-slot-var eof",
    );
    let mut input = m.stdin.clone();
    if let Some(file) = parsed.value(&["a", "arg-file"]).cloned() {
        input = m.read(&file);
    }
    let replace = parsed
        .value(&["I", "J", "replace"])
        .map(|value| value.text.clone())
        .or_else(|| parsed.has(&["i", "replace"]).then(|| "{}".to_owned()));
    let words: Vec<Value> = if parsed.rest.is_empty() { vec![Value::known("echo")] } else { parsed.rest.clone() };
    let whole = replace.is_some() || parsed.has(&["0", "d", "null"]);
    let items = items(&input, whole, &parsed);
    m.aside(|m| {
        m.stdin = Value::default();
        let mut output = Value::default();
        match replace {
            Some(mark) => {
                for item in items.into_iter().take(crate::limits::ROUNDS) {
                    let replaced = words.iter().map(|word| substitute(word, &mark, &item)).collect();
                    output.push(&m.run(replaced));
                }
            }
            None => {
                let mut all = words;
                all.extend(items);
                output = m.run(all);
            }
        }
        output
    })
}

fn items(input: &Value, whole: bool, parsed: &Args) -> Vec<Value> {
    let item = |text: &str| Value { text: text.to_owned(), flow: input.flow, glob: input.glob };
    if input.is_blank() || input.text.is_empty() {
        return vec![Value::unknown(input.flow)];
    }
    let delimiter = parsed.value(&["d", "delimiter"]).map(|value| value.text.clone());
    let pieces: Vec<Value> = if whole {
        input
            .text
            .split(|c| c == '\n' || c == '\0' || delimiter.as_deref().is_some_and(|d| d.starts_with(c)))
            .filter(|piece| !piece.is_empty())
            .map(item)
            .collect()
    } else {
        input.text.split_whitespace().map(item).collect()
    };
    pieces.into_iter().take(crate::limits::FIELDS).collect()
}

fn substitute(word: &Value, mark: &str, item: &Value) -> Value {
    if mark.is_empty() || !word.text.contains(mark) {
        return word.clone();
    }
    Value { text: word.text.replace(mark, &item.text), flow: word.flow.with(item.flow), glob: word.glob || item.glob }
}

fn parallel(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::leading(
        args,
        "j P N n a S I d C L X s delay jobs arg-file timeout retries results joblog sshlogin tmpdir workdir colsep memfree load nice halt tagstring delimiter max-args max-procs max-replace-args env basefile return block recstart recend shellquote-x compress-program sshdelay transferfile trc termseq progress-x",
    );
    let mut lists: Vec<Value> = Vec::new();
    let mut words: Vec<Value> = Vec::new();
    let mut in_list = false;
    for value in &parsed.rest {
        if value.text.starts_with(":::") {
            in_list = true;
        } else if in_list {
            lists.push(value.clone());
        } else {
            words.push(value.clone());
        }
    }
    if !in_list {
        let input = m.stdin.clone();
        lists = items(&input, true, &parsed);
    }
    let template = joined(&words);
    let alone = words.is_empty() || words.iter().all(|word| word.text == "{}");
    let mut output = Value::default();
    for mut item in lists.into_iter().take(crate::limits::ROUNDS) {
        let mut line = template.clone();
        // It is one word for the command, and a command only where there is none.
        if !alone && item.text.contains(char::is_whitespace) {
            item.text = format!("'{}'", item.text.replace('\'', "'\\''"));
        }
        if template.text.contains('{') {
            line.text = line.text.replace("{}", &item.text).replace("{.}", &item.text).replace("{/}", &item.text);
        } else {
            if !line.text.is_empty() {
                line.text.push(' ');
            }
            line.text.push_str(&item.text);
        }
        line.flow = line.flow.with(item.flow);
        output.push(&m.run_text(&line));
    }
    output
}

fn watcher(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::leading(args, "e exts w watch i ignore f filter d s shell n names x exec r t timeout c prefix");
    for text in parsed.values(&["exec", "x"]).cloned().collect::<Vec<_>>() {
        m.run_text(&text);
    }
    match name {
        "concurrently" => {
            for text in parsed.rest.iter().filter(|text| {
                !text.text.starts_with("npm:") && !text.text.starts_with("pnpm:") && !text.text.starts_with("yarn:")
            }) {
                m.run_text(text);
            }
            Value::default()
        }
        "npm-run-all" | "run-p" | "run-s" | "nodemon" | "wait-on" | "chokidar" | "onchange" => {
            Value::unknown(Flow::OUTPUT)
        }
        _ => {
            let mut words = parsed.rest;
            while words.first().is_some_and(|word| word.text == "--") {
                words.remove(0);
            }
            m.aside(|m| {
                m.stdin = Value::default();
                if words.is_empty() { Value::default() } else { m.run(words) }
            })
        }
    }
}

fn terminal(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    if name == "tmux" {
        let parsed = Args::leading(args, "f L S c T");
        let parsed_sub = Args::leading(parsed.from(1), "s n t c F x y e d-");
        match parsed.operand(0) {
            "new" | "new-session" | "neww" | "new-window" | "splitw" | "split-window" | "respawn-pane" | "respawnp"
            | "run" | "run-shell" | "if" | "if-shell" | "popup" | "display-popup" | "pipe-pane" => {
                let rest = parsed_sub.rest;
                return match rest.as_slice() {
                    [] => Value::default(),
                    [one] => m.run_text(&one.clone()),
                    _ => m.run(rest),
                };
            }
            "send" | "send-keys" => {
                let text = Args::leading(parsed.from(1), "t N").rest;
                let mut line = Value::default();
                for value in
                    text.iter().filter(|value| !matches!(value.text.as_str(), "Enter" | "C-m" | "C-c" | "C-d" | "q"))
                {
                    line.push(value);
                    line.text.push(' ');
                }
                return m.run_text(&line);
            }
            "source" | "source-file" => m.puzzled("reads commands from a file"),
            _ => {}
        }
        return Value::unknown(Flow::OUTPUT);
    }
    let parsed = Args::leading(args, "S t c h T s e p r X");
    if let Some(position) = args.iter().position(|value| value.text == "-X")
        && let Some(text) = args.iter().skip(position).find(|value| value.text.contains(' '))
    {
        return m.run_text(&text.clone());
    }
    let skip = usize::from(name == "dtach" || name == "abduco");
    let rest: Vec<Value> = parsed.rest.into_iter().skip(skip).collect();
    if rest.is_empty() || rest.iter().all(|value| value.text.starts_with('-')) { Value::default() } else { m.run(rest) }
}

fn at(m: &mut Machine<'_>, args: &[Value]) -> Value {
    if args.iter().any(|value| matches!(value.text.as_str(), "-l" | "-V" | "-c")) {
        return Value::unknown(Flow::OUTPUT);
    }
    m.mark(Traits::PERSISTS, "leaves a command for later");
    let text = match Args::of(args, "f q t").value(&["f"]).cloned() {
        Some(file) => m.read(&file),
        None => m.stdin.clone(),
    };
    if !text.text.is_empty() {
        m.run_text(&text);
    }
    Value::default()
}

fn debugger(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let mut values = args.iter();
    while let Some(value) = values.next() {
        match value.text.as_str() {
            "-ex" | "-iex" | "-eval-command" | "--eval-command" | "-o" | "-O" | "--one-line" => {
                let text = values.next().map_or("", |value| value.text.as_str());
                let command = ["platform shell ", "shell ", "!", "python ", "script "]
                    .iter()
                    .find_map(|start| text.strip_prefix(start));
                if let Some(command) = command {
                    let command = command.to_owned();
                    if text.starts_with("python") || text.starts_with("script") {
                        super::run_code(m, "python3", &Value::known(command));
                    } else {
                        m.text(&command);
                    }
                } else if text.starts_with("call") || text.starts_with("print") || text.starts_with("p ") {
                    m.puzzled("a debugger calls functions of a program");
                }
            }
            "-x" | "--command" | "-s" => {
                values.next();
                m.puzzled("a debugger reads its commands from a file");
            }
            "--args" | "--" | "record" => {
                let rest: Vec<Value> = values.cloned().collect();
                return if rest.is_empty() { Value::default() } else { m.run(rest) };
            }
            _ => {}
        }
    }
    Value::unknown(Flow::OUTPUT)
}

fn inside(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::leading(args, "t target R root u userspec groups bind ro-bind chdir D M c S G w M");
    match name {
        "bwrap" => {
            if args
                .windows(3)
                .any(|three| matches!(three, [option, from, _] if option.text.ends_with("bind") && from.text == "/"))
            {
                m.mark(Traits::ESCAPES_CONTAINER | Traits::ESCALATES, "a sandbox with the whole disk in it");
            }
        }
        "proot" => {}
        _ => m.mark(Traits::ESCALATES, "runs in another root or name space, which takes another user's rights"),
    }
    if name == "nsenter" {
        m.mark(Traits::ESCAPES_CONTAINER, "enters the name space of another process");
    }
    let skip = usize::from(matches!(name, "chroot" | "arch-chroot"));
    let rest = parsed.from(skip).to_vec();
    if !rest.is_empty() && !rest.iter().any(|value| value.text.contains(UNKNOWN)) {
        m.run(rest);
    }
    Value::unknown(Flow::OUTPUT)
}
