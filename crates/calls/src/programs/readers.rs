//! Programs that write out what is in files.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

/// Name, options with a value, operands before the files.
const READERS: &[(&str, &str, usize)] = &[
    ("cat", "", 0),
    ("tac", "s", 0),
    ("less", "P p t x y j k o O b h T z", 0),
    ("more", "n", 0),
    ("most", "", 0),
    ("head", "n c lines bytes", 0),
    ("tail", "n c s lines bytes pid", 0),
    ("nl", "b d f h i l n s v w", 0),
    ("od", "A t N j w S", 0),
    ("xxd", "l s c g o", 0),
    ("hexdump", "n s e f", 0),
    ("hd", "n s", 0),
    ("strings", "n t e", 0),
    ("base64", "w i o b", 0),
    ("base32", "w", 0),
    ("basenc", "w", 0),
    ("cut", "d f c b output-delimiter", 0),
    ("sort", "k t o S T output key compress-program", 0),
    ("uniq", "f s w", 0),
    ("paste", "d", 0),
    ("join", "t o j 1 2 a v e", 0),
    ("comm", "output-delimiter", 0),
    ("diff", "U C I x label", 0),
    ("colordiff", "U", 0),
    ("sdiff", "o w", 0),
    ("cmp", "n i", 0),
    ("diff3", "", 0),
    ("delta", "", 0),
    ("difft", "", 0),
    ("column", "t s o c N", 0),
    ("fold", "w", 0),
    ("fmt", "w", 0),
    ("pr", "l w h", 0),
    ("expand", "t", 0),
    ("unexpand", "t", 0),
    ("rev", "", 0),
    ("bat", "l language r line-range style theme H pager", 0),
    ("batcat", "l language r line-range style theme pager", 0),
    ("glow", "s w", 0),
    ("mdcat", "", 0),
    ("zcat", "", 0),
    ("gzcat", "", 0),
    ("bzcat", "", 0),
    ("xzcat", "", 0),
    ("zless", "", 0),
    ("iconv", "f t o", 0),
    ("dos2unix", "", 0),
    ("ul", "t", 0),
    ("look", "", 1),
    ("shuf", "n o i", 0),
    ("tsort", "", 0),
    ("pv", "s L N", 0),
    (
        "grep",
        "e f A B C m d D include exclude exclude-dir color regexp file max-count after-context before-context context label",
        1,
    ),
    ("egrep", "e f A B C m include exclude", 1),
    ("fgrep", "e f A B C m include exclude", 1),
    ("zgrep", "e f A B C m", 1),
    (
        "rg",
        "e f g t T A B C m M j r d regexp file glob type iglob type-not max-count pre pre-glob sort context ignore-file",
        1,
    ),
    ("ag", "A B C G m ignore ignore-dir", 1),
    ("ack", "A B C m", 1),
    ("ugrep", "e f A B C m g", 1),
    ("jq", "f from-file arg argjson slurpfile rawfile indent L args jsonargs", 1),
    ("yq", "f o I p input-format output-format", 1),
    ("gojq", "", 1),
    ("jaq", "", 1),
    ("dasel", "f r w p", 1),
    ("xmllint", "xpath schema encode", 0),
    ("xq", "", 1),
    ("tomlq", "", 1),
    ("fx", "", 0),
    ("jless", "", 0),
    ("mlr", "", 99),
    ("csvlook", "", 0),
    ("xsv", "", 1),
    ("tr", "", 99),
    ("pdftotext", "", 0),
    ("pandoc", "o f t", 0),
    ("openssl", "", 99),
    ("ffprobe", "", 0),
    ("exiftool", "", 0),
    ("highlight", "", 0),
    ("pygmentize", "l f", 0),
    ("aspell", "", 99),
    ("spell", "", 0),
    ("split", "", 99),
    ("csplit", "f n b", 0),
    ("ccat", "", 0),
    ("lolcat", "", 0),
    ("bc", "", 0),
    ("tee", "", 99),
    ("sponge", "", 99),
];

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    match name {
        "base64" | "base32" | "basenc" | "xxd" | "rev" | "tr" | "tee" | "openssl" | "sponge" | "uudecode" | "sed"
        | "gsed" | "gzip" | "gunzip" | "zcat" | "split" => return super::filters::run(m, name, args),
        "ps" => {
            let shows = args.first().is_some_and(|value| {
                !value.text.starts_with('-')
                    && value.text.contains('e')
                    && (value.text.contains("ww")
                        || value.text.starts_with('e')
                        || value.text.chars().all(|c| "aeuxfhljmv".contains(c)))
            }) || args.iter().any(|value| value.text == "e" || value.text == "ewww" || value.text == "eww");
            if shows {
                m.mark(Traits::READS_SECRET, "shows the environment of processes");
            }
            return Some(Value::unknown(if shows { Flow::SECRET } else { Flow::OUTPUT }));
        }
        "printenv" => {
            let names: Vec<&str> = super::texts(args).into_iter().filter(|text| !text.starts_with('-')).collect();
            if names.is_empty() || names.iter().any(|name| m.is_secret_variable(name)) {
                m.mark(Traits::READS_SECRET, "shows the environment");
                return Some(Value::unknown(Flow::SECRET));
            }
            return Some(Value::unknown(Flow::OUTPUT));
        }
        "getent" => {
            let texts = super::texts(args);
            if texts.iter().any(|text| matches!(*text, "shadow" | "gshadow")) {
                m.mark(Traits::READS_SECRET, "reads the machine's passwords");
            }
            if texts.first() == Some(&"passwd") && texts.len() > 1 {
                let home = m.home();
                return Some(Value::known(format!("x:x:1000:1000::{home}:/bin/bash\n")));
            }
            return Some(Value::unknown(Flow::OUTPUT));
        }
        "locate" | "plocate" | "mlocate" | "mdfind" => {
            let name =
                args.iter().rev().find(|value| !value.text.starts_with('-')).map_or("", |value| value.text.as_str());
            return Some(Value { text: format!("/*/*{}\n", name.trim_matches('*')), flow: Flow::LIST, glob: true });
        }
        "mktemp" => {
            let folder =
                args.iter().find(|value| value.text.starts_with('/')).map_or("/tmp/tmp", |value| value.text.as_str());
            return Some(Value::known(format!("{}.{}\n", folder.trim_end_matches('X'), crate::value::UNKNOWN)));
        }
        "xclip" | "xsel" | "pbpaste" | "wl-paste" | "Get-Clipboard" => {
            let copies = name == "xclip" && !args.iter().any(|value| value.text.starts_with("-o"))
                || name == "xsel"
                    && args.iter().any(|value| {
                        value.text.starts_with("-i") || value.text.starts_with("-b") && value.text.len() > 2
                    });
            return Some(if copies { Value::default() } else { Value::unknown(Flow::SECRET) });
        }
        "basename" | "dirname" | "realpath" | "readlink" => return Some(parts(m, name, args)),
        "ls" | "eza" | "exa" | "dir" | "tree" => return Some(list(m, args)),
        "whoami" | "id" | "hostname" | "uname" | "date" | "cal" | "uptime" | "nproc" | "tty" | "groups" | "locale"
        | "lscpu" | "free" | "df" | "du" | "lsblk" | "w" | "who" | "last" | "tput" | "seq" | "uuidgen" | "factor"
        | "expr" => {
            if name == "seq" {
                let many =
                    args.last().and_then(|value| value.text.parse::<f64>().ok()).is_some_and(|last| last >= 100_000.0);
                return Some(Value::unknown(if many { Flow::ENDLESS } else { Flow::NONE }));
            }
            if name == "whoami" {
                return Some(Value::known(format!("{}\n", crate::path::base(m.place.home))));
            }
            if name == "date" && args.iter().any(|value| value.text == "-s" || value.text.starts_with("--set")) {
                m.mark(Traits::DISABLES_SECURITY, "sets the machine's clock");
            }
            return Some(Value::unknown(Flow::OUTPUT));
        }
        _ => {}
    }
    let (_, with_value, before) = READERS.iter().find(|(known, _, _)| *known == name)?;
    if *before == 99 {
        let flow = m.read_operands(args);
        return Some(Value::unknown(Flow::OUTPUT.with(flow).with(m.stdin.flow)));
    }
    let parsed = Args::of(args, with_value);
    let output = read(m, name, &parsed, *before);
    Some(if matches!(name, "jq" | "gojq" | "jaq" | "yq") { filtered(&parsed, output) } else { output })
}

/// What a filter of `jq` makes of a text: it decodes, or puts one together.
fn filtered(args: &Args, output: Value) -> Value {
    const DECODES: &[&str] = &["@base64d", "@base32d", "@urid", "implode", "from_base64"];
    const REWRITES: &[&str] = &["reverse", "gsub(", "sub(", "join(", "ltrimstr(", "ascii", "splits("];
    let filter = args.operand(0);
    let has = |words: &[&str]| words.iter().any(|word| filter.contains(word));
    let made = args.has(&["n", "null-input"]) && filter.contains(['"', '[']);
    if !has(DECODES) && !made {
        return output;
    }
    let flow = output.flow.with(Flow::OUTPUT);
    let literal = filter.split('"').nth(1).filter(|_| filter.matches('"').count() == 2 && !has(REWRITES));
    match literal {
        Some(text) if filter.contains("@base64d") => {
            let decoded = super::filters::base64(text).and_then(|bytes| String::from_utf8(bytes).ok());
            decoded.map_or_else(
                || Value::unknown(flow.with(Flow::DECODED)),
                |text| Value {
                    text: text.replace(crate::value::UNKNOWN, "?"),
                    flow: flow.with(Flow::DECODED),
                    glob: false,
                },
            )
        }
        Some(text) if !has(DECODES) && !filter.contains(['|', '$', '(', '{', '[']) => {
            Value { text: text.replace(crate::value::UNKNOWN, "?"), flow, glob: false }
        }
        _ if has(DECODES) || has(REWRITES) => Value::unknown(flow.with(Flow::DECODED)),
        _ => output,
    }
}

fn read(m: &mut Machine<'_>, name: &str, args: &Args, before: usize) -> Value {
    let searches = matches!(name, "grep" | "egrep" | "fgrep" | "rg" | "ag" | "ack" | "ugrep" | "zgrep");
    if name == "rg" && args.has(&["files"]) {
        let folder = args.rest.first().cloned().unwrap_or_else(|| Value::known("."));
        let text = format!("{}/*\n", m.resolve(&folder));
        return Value { text, flow: Flow::LIST, glob: true };
    }
    let skip = if searches && args.has(&["e", "f", "regexp", "file"])
        || matches!(name, "jq" | "yq") && args.has(&["f", "from-file"])
    {
        0
    } else {
        before
    };
    if let Some(pager) = args.value(&["pre", "pager"]).cloned()
        && !matches!(pager.text.as_str(), "never" | "less" | "cat" | "always")
    {
        m.mark(Traits::EVADES, "a search runs a program on each file");
        m.run_text(&pager);
    }
    let mut output = Value::default();
    let mut files: Vec<Value> = args.from(skip).to_vec();
    if name == "yq"
        && files.first().is_some_and(|file| matches!(file.text.as_str(), "eval" | "e" | "ea" | "eval-all"))
        && files.len() > 1
    {
        files.remove(0);
    }
    let silent = searches && args.has(&["q", "quiet", "silent", "l", "files-with-matches", "L", "c", "count"]);
    if searches {
        hunts(m, name, args, &files);
    }
    if name == "head" && args.value(&["c", "bytes"]).is_some_and(|size| super::removal::huge(&size.text)) {
        m.mark(Traits::EXHAUSTS, "fills the disk");
    }
    if matches!(name, "less" | "more" | "most") {
        for start in args.rest.iter().filter(|value| value.text.starts_with('+')).cloned().collect::<Vec<_>>() {
            m.may_run(name, &[start], super::guesses::Hides::Texts);
        }
    }
    if matches!(name, "less" | "more" | "most") && !files.is_empty() && m.stdin.text.starts_with('!') {
        let command = m.stdin.text.trim_start_matches('!').to_owned();
        m.text(&command);
    }
    if name == "sort"
        && let Some(program) = args.value(&["compress-program"]).cloned()
        && !matches!(program.text.as_str(), "gzip" | "zstd" | "lz4" | "xz" | "bzip2" | "lzop")
    {
        m.run_text(&program);
    }
    if name == "uniq"
        && files.len() == 2
        && let Some(target) = files.pop()
    {
        m.write(&target, false, &Value::unknown(Flow::FILE));
    }
    if matches!(name, "jq" | "gojq" | "yq")
        && args.rest.first().is_some_and(|filter| {
            filter.text.contains("$ENV")
                || filter.text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').any(|word| word == "env")
        })
    {
        m.mark(Traits::READS_SECRET, "shows the whole environment");
    }
    if files.is_empty() {
        output = m.stdin.clone();
        if name == "head" {
            output.flow = output.flow.without(Flow::ENDLESS);
        }
        let passes = matches!(
            name,
            "cat"
                | "less"
                | "more"
                | "bat"
                | "batcat"
                | "head"
                | "tail"
                | "tac"
                | "sort"
                | "uniq"
                | "pv"
                | "nl"
                | "fold"
                | "fmt"
                | "grep"
                | "egrep"
                | "rg"
                | "expand"
                | "column"
        );
        if !passes && output.is_known() && !output.text.is_empty() {
            output = Value::unknown(output.flow.with(Flow::OUTPUT));
        }
        if searches
            && args.has(&["x"])
            && !args.operand(0).is_empty()
            && args.operand(0).chars().all(|c| c.is_ascii_alphanumeric())
        {
            // Only such a line comes through.
            output = Value { text: format!("{}\n", args.operand(0)), flow: output.flow, glob: false };
        } else if searches && output.is_known() {
            let pattern = args.operand(0);
            let plain: bool =
                !pattern.is_empty() && pattern.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            if plain && !args.has(&["v", "o"]) {
                let lines: Vec<&str> = output.text.lines().filter(|line| line.contains(pattern)).collect();
                output.text = lines.join("\n") + "\n";
            }
        }
        if name == "cut"
            && args.value(&["f"]).is_some_and(|field| field.text == "1")
            && args.value(&["d"]).is_some_and(|delimiter| delimiter.text == "=")
        {
            // Of an environment, only the names come through.
            for act in m
                .acts
                .iter_mut()
                .filter(|act| matches!(act.program.as_str(), "env" | "printenv") && act.target == act.program)
            {
                act.traits = act.traits.without(Traits::READS_SECRET);
            }
        }
        if name == "cut" && m.stdin.is_known() {
            output = cut(args, &m.stdin.clone());
        }
        return output;
    }
    if matches!(name, "tail" | "sort" | "tac" | "wc" | "cat")
        && files.iter().any(|file| matches!(file.text.as_str(), "/dev/zero" | "/dev/urandom" | "/dev/random"))
        && name != "cat"
    {
        m.mark(Traits::EXHAUSTS, "reads what never ends");
    }
    for file in &files {
        if silent && !m.names_secret(file)
            || silent && matches!(name, "grep" | "rg") && args.has(&["q", "c", "count", "quiet", "l"])
        {
            continue;
        }
        let content = m.read(file);
        output.push(&content);
    }
    if searches && !output.flow.has(Flow::SECRET) {
        output = Value::unknown(output.flow.with(Flow::FILE));
    }
    if let Some(target) = args.value(&["o", "output"]).cloned()
        && matches!(name, "sort" | "shuf" | "iconv" | "pandoc" | "sdiff" | "xxd")
    {
        m.write(&target, false, &output.clone());
        return Value::default();
    }
    if matches!(name, "yq") && args.has(&["i", "inplace", "in-place"]) || matches!(name, "dos2unix" | "unix2dos") {
        let filter = args.rest.first().cloned().unwrap_or_default();
        for file in &files {
            m.change(file, &filter);
        }
    }
    if name == "head" {
        output.flow = output.flow.without(Flow::ENDLESS);
    }
    if matches!(name, "jq" | "yq" | "gojq") && args.operand(0).contains('=') && args.operand(0).contains('"') {
        // What it puts in is part of what comes out.
        return Value {
            text: format!("{}\n{}", args.operand(0), crate::value::UNKNOWN),
            flow: output.flow,
            glob: false,
        };
    }
    if !matches!(name, "cat" | "tac" | "head" | "tail" | "less" | "more" | "bat") {
        output.flow = output.flow.with(Flow::OUTPUT);
        if output.is_known() && !matches!(name, "sort" | "uniq" | "nl") {
            output = Value::unknown(output.flow);
        }
    }
    output
}

/// A search over a home, or for keys.
fn hunts(m: &mut Machine<'_>, name: &str, args: &Args, files: &[Value]) {
    let recursive = matches!(name, "rg" | "ag" | "ack" | "ugrep") || args.has(&["r", "R", "recursive"]);
    if !recursive {
        return;
    }
    if files.is_empty() && m.stdin.text.is_empty() && m.holds_secrets(&m.cwd, &Value::default()) {
        m.read(&Value::known("."));
    }
    for file in files {
        let path = m.resolve(file);
        use crate::path::Zone;
        if matches!(crate::path::zone(&path, m.place), Zone::HomeRoot | Zone::Root | Zone::AboveProject) {
            m.act(crate::ActKind::ReadFile, path, Traits::READS_SECRET, "searches through a whole home");
        }
    }
    for glob in args.values(&["include", "g", "glob", "iglob"]).cloned().collect::<Vec<_>>() {
        if !glob.text.starts_with('!') && m.names_secret(&Value { glob: true, ..glob.clone() }) {
            m.act(crate::ActKind::ReadFile, glob.text.clone(), Traits::READS_SECRET, "searches in files of secrets");
        }
    }
}

fn cut(args: &Args, input: &Value) -> Value {
    let delimiter = args.value(&["d"]).and_then(|value| value.text.chars().next()).unwrap_or('\t');
    let Some(field) = args.value(&["f"]).and_then(|value| value.text.parse::<usize>().ok()) else {
        return Value::unknown(input.flow);
    };
    let lines: Vec<&str> =
        input.text.lines().map(|line| line.split(delimiter).nth(field.saturating_sub(1)).unwrap_or("")).collect();
    Value { text: lines.join("\n"), ..input.clone() }
}

fn parts(m: &Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::of(args, "s");
    let Some(value) = parsed.rest.first() else { return Value::unknown(Flow::NONE) };
    let path = value.text.trim_end_matches('/');
    let text = match name {
        "basename" => crate::path::base(path).to_owned(),
        "dirname" => match path.rsplit_once('/') {
            Some(("", _)) => "/".to_owned(),
            Some((folder, _)) => folder.to_owned(),
            None if path.contains(crate::value::UNKNOWN) => crate::value::UNKNOWN.to_string(),
            None => ".".to_owned(),
        },
        _ => m.resolve(value),
    };
    Value { text: text + "\n", flow: value.flow, glob: value.glob }
}

fn list(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "I w T color sort time ignore");
    if parsed.rest.is_empty() {
        return Value { text: "*\n".to_owned(), flow: Flow::LIST, glob: true };
    }
    let mut text = String::new();
    for value in &parsed.rest {
        let path = m.resolve(value);
        if parsed.has(&["d"]) || value.glob || crate::path::base(&path).trim_start_matches('.').contains('.') {
            text.push_str(&value.text);
        } else {
            text.push('*');
        }
        text.push('\n');
    }
    Value { text, flow: Flow::LIST, glob: true }
}
