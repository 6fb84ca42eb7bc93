//! Filters that decode, rewrite or copy what goes through them.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let output = match name {
        "base64" => {
            let parsed = Args::of(args, "w i o b wrap input");
            let input = input(m, &parsed);
            if parsed.has(&["d", "D", "decode"]) { decoded(&input, base64) } else { encoded(&input) }
        }
        "base32" | "basenc" => {
            let parsed = Args::of(args, "w wrap");
            let input = input(m, &parsed);
            match parsed.has(&["d", "decode"]) {
                true if parsed.has(&["base16"]) => decoded(&input, hex),
                true if parsed.has(&["base64"]) => decoded(&input, base64),
                true => Value::unknown(input.flow.with(Flow::DECODED)),
                false => encoded(&input),
            }
        }
        "xxd" => {
            let parsed = Args::of(args, "l s c g o n");
            let input = input(m, &parsed);
            let output = if parsed.has(&["r", "revert"]) { decoded(&input, hex) } else { encoded(&input) };
            match parsed.rest.get(1) {
                Some(file) => {
                    m.write(file, false, &output);
                    Value::default()
                }
                None => output,
            }
        }
        "rev" => {
            let input = input(m, &Args::of(args, ""));
            if input.is_known() {
                let lines: Vec<String> = input.text.lines().map(|line| line.chars().rev().collect()).collect();
                Value { text: lines.join("\n") + "\n", ..input }
            } else {
                input.flowing(Flow::DECODED)
            }
        }
        "tr" => tr(m, args),
        "sed" | "gsed" => sed(m, args),
        "uudecode" | "unxz" | "gunzip" | "zcat" | "gzcat" | "bunzip2" | "bzcat" | "xzcat" | "zstdcat" | "unzstd"
        | "lz4cat" | "brotli" | "gzip" | "zstd" | "xz" | "bzip2" | "lz4" | "funzip" => {
            let flow = m.read_operands(args);
            let kept = m.stdin.flow.with(flow);
            if let Some(target) = Args::of(args, "o").value(&["o"]).cloned()
                && name == "uudecode"
                && !crate::files::is_null(&target.text)
            {
                m.write(&target, false, &Value::unknown(kept.with(Flow::DECODED)));
            }
            Value::unknown(kept.with(Flow::DECODED))
        }
        "tee" => {
            let parsed = Args::of(args, "output-error");
            let content = m.stdin.clone();
            for file in &parsed.rest {
                m.write(file, parsed.has(&["a", "append"]), &content);
            }
            content
        }
        "sponge" => {
            let parsed = Args::of(args, "");
            let content = m.stdin.clone();
            for file in &parsed.rest {
                m.write(file, false, &content);
            }
            Value::default()
        }
        "openssl" => openssl(m, args),
        "split" => {
            if let Some(command) = Args::of(args, "l b n a filter").value(&["filter"]).cloned() {
                m.run_text(&command);
            }
            m.read_operands(args);
            Value::default()
        }
        "dc" => {
            let text = m.stdin.text.clone();
            for line in args.iter().map(|value| value.text.clone()).chain(text.lines().map(str::to_owned)) {
                if let Some((_, command)) = line.split_once('!') {
                    m.text(command);
                }
            }
            Value::unknown(Flow::OUTPUT)
        }
        "m4" => {
            let text = m.stdin.clone();
            if text.text.contains("syscmd") {
                m.puzzled("a macro runs commands");
                crate::code::follow(m, "m4", &text.text);
            }
            Value::unknown(Flow::OUTPUT)
        }
        _ => return None,
    };
    Some(output)
}

fn input(m: &mut Machine<'_>, args: &Args) -> Value {
    let file = args.rest.first().or_else(|| args.value(&["i", "input"])).cloned();
    match file {
        Some(file) if file.text != "-" => m.read(&file),
        _ => m.stdin.clone(),
    }
}

fn encoded(input: &Value) -> Value {
    Value::unknown(input.flow.with(Flow::OUTPUT))
}

fn decoded(input: &Value, decode: fn(&str) -> Option<Vec<u8>>) -> Value {
    match input.is_known().then(|| decode(&input.text)).flatten().and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(text) => {
            Value { text: text.replace(crate::value::UNKNOWN, "?"), flow: input.flow.with(Flow::DECODED), glob: false }
        }
        None => Value::unknown(input.flow.with(Flow::DECODED)),
    }
}

/// Base64 in either alphabet, with or without padding.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::with_capacity(text.len()));
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' | b'\n' | b'\r' | b' ' => continue,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

pub(crate) fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |value, digit| value * 16 + digit))
        .map(|byte| u8::try_from(byte).ok())
        .collect()
}

fn tr(m: &Machine<'_>, args: &[Value]) -> Value {
    let input = m.stdin.clone();
    let parsed = Args::of(args, "");
    if !input.is_known() {
        return input;
    }
    let (from, to) = (set(parsed.operand(0)), set(parsed.operand(1)));
    let text = if parsed.has(&["d", "delete"]) {
        input.text.chars().filter(|c| !from.contains(c)).collect()
    } else if parsed.has(&["c", "C", "complement"]) {
        return Value::unknown(input.flow.with(Flow::DECODED));
    } else {
        input
            .text
            .chars()
            .map(|c| match from.iter().position(|known| *known == c) {
                Some(at) => to.get(at).or(to.last()).copied().unwrap_or(c),
                None => c,
            })
            .collect()
    };
    Value { text, ..input }
}

fn set(text: &str) -> Vec<char> {
    let (text, _) = crate::shell::ansi::decode(text, false);
    let text = text
        .replace("[:upper:]", "A-Z")
        .replace("[:lower:]", "a-z")
        .replace("[:space:]", " \t\n")
        .replace("[:digit:]", "0-9");
    let chars: Vec<char> = text.chars().collect();
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(end)) if c <= end && all.len() < 512 => {
                all.extend(*c..=*end);
                at += 3;
            }
            _ => {
                all.push(*c);
                at += 1;
            }
        }
    }
    all
}

fn sed(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let mut parsed = Args::of(args, "e f l expression file line-length");
    // On a Mac the ending of the copy is a word of its own.
    if parsed.has(&["i"]) && parsed.rest.first().is_some_and(|value| value.text.is_empty() || value.text == ".bak") {
        parsed.rest.remove(0);
    }
    let mut programs: Vec<Value> = parsed.values(&["e", "expression"]).cloned().collect();
    let mut files = parsed.rest.clone();
    if programs.is_empty() && !parsed.has(&["f", "file"]) && !files.is_empty() {
        programs.push(files.remove(0));
    }
    for file in parsed.values(&["f", "file"]).cloned().collect::<Vec<_>>() {
        let text = m.read_code(&file);
        // A script of the project that nobody can show is the project's own business, as that of any interpreter.
        if text.is_known() || !crate::path::within(&m.resolve(&file), m.place.project) {
            programs.push(text);
        }
    }
    let mut rewritten: Option<Value> = None;
    if !parsed.has(&["sandbox"]) {
        super::sed::follow(m, &programs);
    }
    if files.is_empty() {
        let input = m.stdin.clone();
        if let (true, [program]) = (input.is_known(), programs.as_slice()) {
            rewritten = substituted(&program.text, &input);
        }
        return rewritten.unwrap_or_else(|| Value::unknown(input.flow.with(Flow::OUTPUT)));
    }
    let mut output = Value::default();
    let in_place = parsed.has(&["i", "in-place"]) || args.iter().any(|value| value.text.starts_with("-i"));
    for file in &files {
        if in_place {
            let program = programs.first().cloned().unwrap_or_default();
            m.change(file, &program);
        } else {
            let content = m.read(file);
            output.push(&content);
        }
    }
    Value::unknown(output.flow.with(Flow::FILE))
}

/// The parts of `s/from/to/flags`.
fn substitution(text: &str) -> Option<(String, String, String)> {
    let rest =
        text.trim().trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '$' | ',')).strip_prefix('s')?;
    let delimiter = rest.chars().next().filter(|c| !c.is_alphanumeric() && !c.is_whitespace())?;
    let mut parts = vec![String::new()];
    let mut chars = rest.chars().skip(1);
    while let Some(c) = chars.next() {
        if c == delimiter && parts.len() < 3 {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
            if c == '\\'
                && let Some(next) = chars.next()
            {
                last.push(next);
            }
        }
    }
    let mut parts = parts.into_iter();
    Some((parts.next()?, parts.next()?, parts.next()?))
}

fn substituted(program: &str, input: &Value) -> Option<Value> {
    let (from, to, flags) = substitution(program)?;
    if from.contains(['\\', '[', '(', '.', '*', '^', '$', '+', '?']) || to.contains(['&', '\\']) {
        return None;
    }
    let text = if flags.contains('g') {
        input.text.replace(&from, &to)
    } else {
        let lines: Vec<String> = input.text.lines().map(|line| line.replacen(&from, &to, 1)).collect();
        lines.join("\n") + "\n"
    };
    Some(Value { text, ..input.clone() })
}

pub(super) fn awk(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::leading(
        args,
        "F v f i l e E include load assign field-separator file source exec dump-variables profile pretty-print",
    );
    let mut files = parsed.rest.clone();
    let in_place = parsed.value(&["i", "include"]).is_some_and(|value| value.text == "inplace");
    let mut input = m.stdin.clone();
    let set: Vec<(String, String)> = parsed
        .values(&["v", "assign"])
        .chain(&parsed.rest)
        .filter_map(|value| value.text.split_once('='))
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    let mut given = parsed.values(&["e", "source"]).cloned().collect::<Vec<_>>();
    let scripts = parsed.values(&["f", "file", "E", "exec"]).cloned().collect::<Vec<_>>();
    let included =
        parsed.values(&["i", "include"]).filter(|value| value.text != "inplace").cloned().collect::<Vec<_>>();
    for file in &included {
        if !crate::path::within(&m.resolve(file), m.place.project) {
            m.puzzled("runs a file from outside the project");
        }
    }
    for file in &scripts {
        let code = m.read_code(file);
        if !code.is_known() && !m.resolve(file).starts_with(m.place.project) {
            m.puzzled("runs a file from outside the project");
        }
        given.push(code);
    }
    if parsed.value(&["l", "load"]).is_some() {
        m.puzzled("loads other code into a program");
    }
    if given.is_empty() && !files.is_empty() {
        let code = files.remove(0);
        crate::code::follow_with(m, "awk", &code.text, &set);
        if let Some(text) = awk_text(&code.text, &input) {
            input = text;
        } else if input.text.is_empty() && code.text.contains("print") {
            input = Value::unknown(Flow::OUTPUT);
        } else if input.is_known() && !input.text.is_empty() {
            input = Value { text: crate::value::UNKNOWN.to_string(), flow: input.flow.with(Flow::OUTPUT), glob: false };
        }
    } else {
        for code in &given {
            crate::code::follow_with(m, "awk", &code.text, &set);
        }
        input = Value::unknown(input.flow.with(Flow::OUTPUT));
    }
    let mut output = input;
    for file in files.iter().filter(|file| !file.text.contains('=')) {
        if in_place {
            m.write(file, true, &Value::unknown(Flow::FILE));
        }
        let content = m.read(file);
        output.push(&content);
        output = Value::unknown(output.flow.with(Flow::OUTPUT));
    }
    output
}

/// `{print $2}` of lines that are known.
fn awk_text(code: &str, input: &Value) -> Option<Value> {
    let field: usize =
        code.trim().strip_prefix("{")?.strip_suffix('}')?.trim().strip_prefix("print $")?.trim().parse().ok()?;
    if !input.is_known() {
        return None;
    }
    let lines: Vec<&str> = input
        .text
        .lines()
        .map(|line| if field == 0 { line } else { line.split_whitespace().nth(field - 1).unwrap_or("") })
        .collect();
    Some(Value { text: lines.join("\n") + "\n", ..input.clone() })
}

fn openssl(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::single(
        args,
        "in out key cert passin passout pass k K iv connect inkey CA CAkey CAfile subj days engine config accept www inform outform servername newkey keyout",
    );
    let mut flow = m.stdin.flow;
    for file in parsed.values(&["in", "key", "inkey", "CAkey"]).cloned().collect::<Vec<_>>() {
        flow = flow.with(m.read(&file).flow);
    }
    if parsed.has(&["engine", "provider-path"]) {
        m.puzzled("loads other code into a program");
    }
    match parsed.operand(0) {
        "s_client" => {
            let host = parsed.value(&["connect"]).cloned().unwrap_or_default();
            let load = crate::net::Load { flow: m.stdin.flow, file: false };
            m.request(&host, load);
            if !m.stdin.text.is_empty() && m.stdin.flow.has(Flow::SECRET.with(Flow::FILE)) {
                m.mark(Traits::SENDS_OUT, "sends files to another machine");
            }
            return Value::unknown(Flow::REMOTE);
        }
        "s_server" => m.mark(Traits::EXPOSES_NETWORK, "listens on the network"),
        _ => {}
    }
    let encrypts = parsed.operand(0) == "enc" && !parsed.has(&["d"])
        || parsed.operand(0).starts_with("aes-") && !parsed.has(&["d"]);
    if encrypts && parsed.value(&["in"]).is_some_and(|file| file.glob || file.flow.has(Flow::LIST)) {
        m.mark(Traits::DESTROYS_FILES, "locks files away behind a password");
    }
    if let Some(target) = parsed.value(&["out", "keyout"]).cloned() {
        m.write(&target, false, &Value::unknown(if flow.has(Flow::SECRET) { Flow::SECRET } else { Flow::OUTPUT }));
    }
    let decodes = parsed.has(&["d"]) || matches!(parsed.operand(0), "pkcs12" | "rsautl" | "smime" | "cms");
    if decodes
        && matches!(parsed.operand(0), "base64" | "enc")
        && parsed.has(&["a", "base64"]) | (parsed.operand(0) == "base64")
        && m.stdin.is_known()
        && !m.stdin.text.is_empty()
    {
        let input = m.stdin.clone();
        return decoded(&input, base64);
    }
    Value::unknown(flow.with(if decodes { Flow::DECODED } else { Flow::OUTPUT }))
}
