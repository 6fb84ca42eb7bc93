//! Shells and languages: code from an option, from standard input, from a file.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

const SHELLS: &[&str] = &[
    "sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "csh", "tcsh", "xonsh", "rbash", "nu", "elvish", "yash",
    "pdksh", "oksh", "rc", "osh",
];

/// The family of code that a program reads.
pub(crate) fn code_of(name: &str) -> Option<&'static str> {
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
    Some(match plain {
        "python" | "pypy" | "ipython" | "bpython" | "jython" | "micropython" | "pythonw" | "py" => "python",
        "node" | "nodejs" | "bun" | "deno" | "tsx" | "ts-node" | "qjs" | "iojs" | "zx" | "d" => "javascript",
        "perl" | "raku" => "perl",
        "ruby" | "jruby" | "irb" | "mruby" => "ruby",
        "php" | "php-cli" | "hhvm" => "php",
        "lua" | "luajit" | "texlua" => "lua",
        "R" | "Rscript" | "littler" => "r",
        "julia" => "julia",
        "elixir" | "iex" => "elixir",
        "erl" | "escript" => "erlang",
        "ocaml" | "groovy" | "kotlin" | "kotlinc" | "scala" | "jshell" | "bb" | "clj" | "clojure" | "sbcl"
        | "guile" | "racket" | "gforth" | "octave" | "octave-cli" | "gnuplot" | "tclsh" | "wish" | "expect"
        | "swift" | "ghc" | "ghci" | "runghc" | "runhaskell" | "stack" | "nim" | "crystal" | "dart" | "go" | "tcc"
        | "cling" | "emacs" | "emacsclient" | "m" | "maxima" | "gp" | "sage" | "csi" | "dotnet-script" | "fsi"
        | "janet" | "chez" | "scheme" | "csharp" | "rust-script" | "scilab" | "psysh" | "pry" | "jrunscript"
        | "jjs" | "rhino" | "groovysh" | "bsh" | "gnu-apl" | "spidermonkey" | "js" => "other",
        _ => return None,
    })
}

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    if SHELLS.contains(&name) {
        return Some(shell(m, name, args));
    }
    match name {
        "powershell" | "pwsh" => return Some(super::windows::powershell(m, args)),
        "cmd" => return Some(super::windows::cmd(m, args)),
        "osascript" => return Some(super::mac::osascript(m, args)),
        "awk" | "gawk" | "mawk" | "nawk" => return Some(super::filters::awk(m, args)),
        "go" | "swift" | "stack" | "dart" | "nim" | "crystal" | "m" | "d" | "dotnet-script"
            if name != "swift" && name != "crystal" =>
        {
            return None;
        }
        "php" if args.iter().any(|value| value.text == "-S") => return None,
        "php" | "php8"
            if args.first().is_some_and(|value| value.text == "artisan" || value.text.ends_with("/console")) =>
        {
            return None;
        }
        "bun" | "deno"
            if !args.first().is_some_and(|value| {
                matches!(value.text.as_str(), "-e" | "--eval" | "-p" | "--print" | "eval" | "run" | "-" | "repl")
                    || value.text.contains(['.', '/']) && !value.text.starts_with('-')
            }) =>
        {
            return None;
        }
        _ => {}
    }
    let family = code_of(name)?;
    if matches!(family, "python")
        && let Some(output) = python_module(m, args)
    {
        return Some(output);
    }
    Some(language(m, name, family, args))
}

fn shell(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::leading(args, "o O rcfile init-file C");
    let only_checked = parsed.has(&["n", "noexec", "no-execute"]) && !parsed.has(&["c"]) && name != "fish"
        || parsed.has(&["version", "help"]);
    if only_checked {
        return Value::unknown(Flow::OUTPUT);
    }
    if let Some(file) = parsed.value(&["rcfile", "init-file"]).cloned() {
        m.run_file(&file, &[], name);
    }
    if parsed.has(&["c", "command"]) {
        let Some((text, rest)) = parsed.rest.split_first() else { return Value::default() };
        // Options behind `-c`.
        let (text, rest) = if text.text.starts_with('-') && !rest.is_empty() {
            rest.split_first().unwrap_or((text, &[]))
        } else {
            (text, rest)
        };
        let (zero, positional) = match rest.split_first() {
            Some((zero, rest)) => (zero.clone(), rest.to_vec()),
            None => (Value::known(name), Vec::new()),
        };
        let text = text.clone();
        return in_shell(m, zero, positional, |m| m.run_text(&text));
    }
    let script = parsed.rest.first().filter(|_| !parsed.has(&["s"])).cloned();
    match script {
        Some(file) if !matches!(file.text.as_str(), "-" | "/dev/stdin" | "/proc/self/fd/0" | "/dev/fd/0") => {
            let rest = parsed.from(1).to_vec();
            let zero = file.clone();
            in_shell(m, zero, rest.clone(), |m| m.run_file(&file, &rest, "sh"))
        }
        _ => {
            let text = m.stdin.clone();
            let rest = parsed.rest;
            if text.text.is_empty() {
                return Value::default();
            }
            in_shell(m, Value::known(name), rest, |m| {
                m.stdin = Value::default();
                m.run_text(&text)
            })
        }
    }
}

fn in_shell(
    m: &mut Machine<'_>,
    zero: Value,
    positional: Vec<Value>,
    run: impl FnOnce(&mut Machine<'_>) -> Value,
) -> Value {
    let outer = std::mem::replace(&mut m.zero, zero);
    let output = m.aside(|m| {
        m.positional = Some(positional);
        run(m)
    });
    m.zero = outer;
    output
}

/// Options with a value, and those whose value is code.
fn options(family: &str, name: &str) -> (&'static str, &'static [&'static str]) {
    match (family, name) {
        ("python", _) => ("c m W X Q", &["c"]),
        ("javascript", _) => {
            ("e p pe eval print r require import loader input-type env-file C conditions", &["e", "p", "eval", "print"])
        }
        ("perl", _) => ("e E I M m i0 x", &["e", "E"]),
        ("ruby", _) => ("e r I C E x", &["e"]),
        ("php", _) => ("r B R E d f c z S t", &["r", "B", "R", "E"]),
        ("lua", _) => ("e l", &["e"]),
        ("r", _) => ("e f", &["e"]),
        ("julia", _) => ("e E eval print L", &["e", "E", "eval", "print"]),
        ("elixir", _) => ("e eval rpc-eval S r", &["e", "eval"]),
        ("erlang", _) => ("eval s", &["eval"]),
        (_, "emacs") => ("e eval c execute expr x l load script f funcall", &["e", "eval", "execute"]),
        _ => ("e eval c execute expr x batch-string", &["e", "eval", "c", "execute", "expr", "batch-string"]),
    }
}

fn language(m: &mut Machine<'_>, name: &str, family: &str, args: &[Value]) -> Value {
    let (with_value, code_options) = options(family, name);
    let renamed: Vec<Value>;
    let mut args = args;
    if family == "javascript" && args.iter().any(|value| matches!(value.text.as_str(), "-pe" | "-ep")) {
        renamed = args
            .iter()
            .map(|value| if matches!(value.text.as_str(), "-pe" | "-ep") { Value::known("-e") } else { value.clone() })
            .collect();
        args = &renamed;
    }
    if args.iter().any(|value| value.text.starts_with("--inspect") && value.text.contains("0.0.0.0")) {
        m.mark(Traits::EXPOSES_NETWORK, "opens a debugger to others");
    }
    let single = matches!(family, "erlang") || matches!(name, "emacs" | "sbcl" | "groovy" | "kotlin" | "scala");
    let parsed = if single { Args::single(args, with_value) } else { Args::leading(args, with_value) };
    let mut code = Value::default();
    let mut found = false;
    for value in parsed.values(code_options) {
        code.push(value);
        code.text.push('\n');
        found = true;
    }
    if family == "ruby" && parsed.values(&["r"]).any(|value| value.text == "un") && code.text.contains("httpd") {
        m.mark(Traits::EXPOSES_NETWORK, "serves files to everybody on the network");
    }
    for value in parsed.values(&["r", "require", "import", "M"]) {
        preloaded(m, family, value);
    }
    if name == "deno" && matches!(parsed.operand(0), "eval" | "repl") {
        code = parsed.rest.get(1).cloned().unwrap_or_default();
        found = true;
    }
    if found {
        // `perl -pi -e`, `ruby -i -pe`: files are changed; `-n`, `-p`: they are read.
        let output = run_code(m, name, &code);
        let mut flow = output.flow;
        for file in parsed.rest.clone() {
            if name == "deno" {
                break;
            }
            if family == "perl" && parsed.has(&["i"]) {
                m.write(&file, true, &Value::unknown(Flow::NONE));
            } else if m.names_secret(&file) {
                flow = flow.with(m.read(&file).flow);
            }
        }
        return Value { flow: flow.with(m.stdin.flow), ..output };
    }
    if parsed.has(&["version", "help", "V", "check", "c"]) && family != "python"
        || parsed.has(&["version", "V", "h", "help"])
    {
        return Value::unknown(Flow::NONE);
    }
    if name == "gcc" || name == "tcc" {
        let code = m.stdin.clone();
        return run_code(m, name, &code);
    }
    let skip = usize::from(matches!(name, "bun" | "deno") && parsed.operand(0) == "run");
    let skip = skip
        + parsed
            .from(skip)
            .iter()
            .take_while(|value| skip > 0 && value.text.starts_with('-') && value.text.len() > 1)
            .count();
    if args.iter().any(|value| value.text.contains("://") && value.text.starts_with("http"))
        && matches!(name, "emacs" | "R" | "Rscript" | "julia" | "nu")
        || name == "emacs"
            && parsed
                .values(&["l", "load", "script"])
                .any(|file| file.text.contains("://") || file.text.starts_with("/tmp"))
    {
        m.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code from an address");
    }
    match parsed.rest.get(skip) {
        Some(file) if file.text != "-" && file.text != "/dev/stdin" => {
            let file = file.clone();
            let rest = parsed.from(skip + 1).to_vec();
            if name == "bun" && skip == 1 && !file.text.contains(['/', '.']) {
                return Value::unknown(Flow::OUTPUT);
            }
            let base = crate::path::base(&file.text);
            if base == "manage.py" {
                return super::database::run(m, "manage.py", &rest).unwrap_or_default();
            }
            if base == "setup.py"
                && rest.iter().any(|value| matches!(value.text.as_str(), "upload" | "register" | "upload_docs"))
            {
                m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes a package");
            }
            let flow = m.read_operands(&rest);
            let output = m.run_file(&file, &rest, name);
            Value { flow: output.flow.with(flow), ..output }
        }
        _ => {
            let code = m.stdin.clone();
            if code.text.is_empty() {
                return Value::unknown(Flow::OUTPUT);
            }
            run_code(m, name, &code)
        }
    }
}

/// A module that is loaded before the code.
fn preloaded(m: &mut Machine<'_>, family: &str, value: &Value) {
    let text = value.text.as_str();
    if let Some((kind, code)) = text.strip_prefix("data:").and_then(|rest| rest.split_once(',')) {
        if kind.ends_with(";base64") {
            m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "runs code that is decoded while it runs");
        }
        let code = percent_decoded(code);
        crate::code::follow(m, family, &code);
        return;
    }
    if text.starts_with("http") && text.contains("://") {
        m.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code from an address");
    }
    if family == "javascript" && (text.starts_with('/') || text.starts_with("..")) || text.starts_with("/tmp") {
        m.puzzled("loads code from outside the project");
    }
}

/// `%20` and the like.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digits: Vec<u8> = if byte == b'%' { rest.clone().take(2).collect() } else { Vec::new() };
        let decoded = std::str::from_utf8(&digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if decoded.is_some() {
            rest.nth(1);
        }
        bytes.push(decoded.unwrap_or(byte));
    }
    String::from_utf8_lossy(&bytes).replace(crate::value::UNKNOWN, "?")
}

/// `-mpip` as `-m pip`.
fn apart(args: &[Value]) -> Vec<Value> {
    let glued = args.iter().take_while(|value| value.text.starts_with('-') && value.text != "--").find_map(|value| {
        let short = value.text.strip_prefix('-').filter(|short| !short.starts_with('-'))?;
        let (flags, module) = short.split_once('m').filter(|(_, module)| !module.is_empty())?;
        flags.chars().all(|flag| "bBdEhiIOPqsSuvVx".contains(flag)).then(|| (value.text.clone(), module.to_owned()))
    });
    let Some((whole, module)) = glued else { return args.to_vec() };
    let at = args.iter().position(|value| value.text == whole).unwrap_or(0);
    let mut apart = args.get(..at).unwrap_or(&[]).to_vec();
    apart.extend([Value::known("-m"), Value::known(module)]);
    apart.extend(args.get(at + 1..).unwrap_or(&[]).iter().cloned());
    apart
}

/// `python -m …`
fn python_module(m: &mut Machine<'_>, args: &[Value]) -> Option<Value> {
    let args = &apart(args);
    let position = args.iter().position(|value| {
        value.text == "-m"
            || value.text.starts_with('-')
                && !value.text.starts_with("--")
                && value.text.ends_with('m')
                && value.text.len() <= 4
    })?;
    if args.iter().take(position).any(|value| !value.text.starts_with('-')) {
        return None;
    }
    let module = args.get(position + 1)?.text.clone();
    let rest = args.get(position + 2..).unwrap_or(&[]).to_vec();
    let output = match module.as_str() {
        "pip" | "pipx" | "twine" | "poetry" | "pytest" | "build" | "flit" | "hatch" | "uv" | "ansible" | "celery"
        | "flask" | "uvicorn" | "django" | "conda" | "awscli" | "pdm" | "jupyter" => {
            let mut words = vec![Value::known(module)];
            words.extend(rest);
            m.run(words)
        }
        "timeit" | "cProfile" | "profile" | "trace" | "pdb" => {
            let parsed = Args::of(&rest, "n r s u setup number repeat o");
            if module == "timeit" {
                let code: Vec<String> =
                    parsed.values(&["s", "setup"]).chain(&parsed.rest).map(|value| value.text.clone()).collect();
                return Some(run_code(m, "python3", &Value::known(code.join("\n"))));
            }
            for value in rest
                .windows(2)
                .filter(|two| two.first().is_some_and(|option| option.text == "-c"))
                .filter_map(|two| two.get(1))
                .cloned()
                .collect::<Vec<_>>()
            {
                run_code(m, "python3", &Value::known(value.text.trim_start_matches('!')));
            }
            match parsed.rest.first() {
                Some(file) => m.run_file(&file.clone(), &[], "python3"),
                None => Value::unknown(Flow::OUTPUT),
            }
        }
        "SimpleHTTPServer" => {
            m.mark(Traits::EXPOSES_NETWORK, "serves files to everybody on the network");
            Value::default()
        }
        "http.server" => super::servers::http_server(m, &rest),
        "zipfile" | "tarfile" => {
            if rest.iter().any(|value| matches!(value.text.as_str(), "-e" | "--extract"))
                && let Some(folder) = rest.get(2)
            {
                let folder = Value { text: format!("{}/x", folder.text.trim_end_matches('/')), ..folder.clone() };
                m.write(&folder, true, &Value::unknown(Flow::FILE));
                let path = m.resolve(&folder);
                if path.contains("/.ssh/") {
                    m.mark(Traits::PERSISTS, "unpacks into a folder of keys");
                }
            } else {
                m.read_operands(&rest);
            }
            Value::default()
        }
        "base64" | "json.tool" | "gzip" | "compileall" | "tokenize" | "ast" | "dis" | "calendar" | "venv"
        | "virtualenv" | "ensurepip" | "site" | "sysconfig" => {
            let flow = m.read_operands(&rest);
            let decoded = if module == "base64" && rest.iter().any(|value| value.text == "-d") {
                Flow::DECODED
            } else {
                Flow::NONE
            };
            Value::unknown(Flow::OUTPUT.with(flow).with(decoded).with(m.stdin.flow))
        }
        "smtpd" | "aiosmtpd" | "pyftpdlib" | "webbrowser" => {
            if module != "webbrowser" {
                m.mark(Traits::EXPOSES_NETWORK, "serves to the network");
            }
            Value::default()
        }
        _ => {
            let flow = m.read_operands(&rest);
            Value::unknown(Flow::OUTPUT.with(flow))
        }
    };
    Some(output)
}

/// Code of a language runs, or a shell's text if that is what `name` is.
pub(crate) fn run_code(m: &mut Machine<'_>, name: &str, code: &Value) -> Value {
    if SHELLS.contains(&name) || name.is_empty() {
        return m.run_text(code);
    }
    if code.flow.has(Flow::REMOTE) {
        m.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code that comes from another machine");
    }
    let code = &m.code(code);
    if code.is_blank() {
        if code.flow.has(Flow::DECODED) {
            m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "runs what was decoded before");
        } else if !code.flow.has(Flow::REMOTE) {
            m.puzzled("the code that runs is not known before");
        }
        return Value::unknown(Flow::OUTPUT);
    }
    if name == "osascript" {
        super::mac::apple(m, &code.text);
        return Value::unknown(Flow::OUTPUT);
    }
    if matches!(name, "pwsh" | "powershell") {
        return super::windows::script(m, &code.text);
    }
    let family = code_of(name).unwrap_or("other");
    crate::code::follow(m, family, &code.text)
}
