//! PowerShell: statements split at `|` and `;`, and what calls of .NET and COM in them do.

use crate::Traits;
use crate::machine::Machine;
use crate::value::{Flow, Value};

use super::windows::statement;

pub(super) fn powershell(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let mut values = args.iter();
    while let Some(value) = values.next() {
        let lower = value.text.to_ascii_lowercase();
        let option = lower.trim_start_matches(['-', '/']);
        if !lower.starts_with(['-', '/']) || lower.len() < 2 {
            let mut text = value.text.clone();
            for more in values {
                text.push(' ');
                text.push_str(&more.text);
            }
            if text.ends_with(".ps1") || text.split(' ').next().is_some_and(|file| file.ends_with(".ps1")) {
                let file = Value::known(text.split(' ').next().unwrap_or(""));
                return m.run_file(&file, &[], "pwsh");
            }
            return script(m, &text);
        }
        if option.starts_with("enc") || matches!(option, "e" | "ec") {
            let code = values.next().map_or("", |value| value.text.as_str());
            m.mark(Traits::EVADES, "code that is hidden by an encoding");
            match super::filters::base64(code) {
                Some(bytes) => {
                    let wide: Vec<u16> = bytes
                        .chunks(2)
                        .map(|pair| pair.iter().rev().fold(0, |value, byte| value << 8 | u16::from(*byte)))
                        .collect();
                    let text = String::from_utf16_lossy(&wide);
                    script(m, &text);
                }
                None => m.puzzled("code that could not be decoded"),
            }
            return Value::unknown(Flow::OUTPUT);
        }
        if option.starts_with('c') && "command".starts_with(option) {
            let text: Vec<&str> = values.map(|value| value.text.as_str()).collect();
            let text = if text == ["-"] { m.stdin.text.clone() } else { text.join(" ") };
            return script(m, &text);
        }
        if option.starts_with('f')
            && "file".starts_with(option)
            && let Some(file) = values.next().cloned()
        {
            return m.run_file(&file, &[], "pwsh");
        }
        if option.starts_with("ex") || option == "ep" {
            if values
                .next()
                .is_some_and(|how| matches!(how.text.to_ascii_lowercase().as_str(), "bypass" | "unrestricted"))
            {
                m.mark(Traits::DISABLES_SECURITY, "runs scripts without their check");
            }
        } else if matches!(
            option,
            "w" | "windowstyle"
                | "version"
                | "psconsolefile"
                | "inputformat"
                | "outputformat"
                | "workingdirectory"
                | "wd"
                | "settingsfile"
        ) {
            values.next();
        }
    }
    let text = m.stdin.text.clone();
    if !text.is_empty() {
        return script(m, &text);
    }
    Value::unknown(Flow::OUTPUT)
}

/// A script of PowerShell: its statements, and what flows along its pipes.
pub(super) fn script(m: &mut Machine<'_>, text: &str) -> Value {
    if text.len() > crate::limits::TEXT_BYTES || m.level >= crate::limits::RUN_LEVELS {
        m.puzzled("too long or too deeply nested to be followed");
        return Value::unknown(Flow::OUTPUT);
    }
    m.level += 1;
    let clean: String = text.replace('`', "");
    whole(m, &clean);
    calls(m, &clean);
    for line in split(&clean, &[';', '\n', '{', '}', '&']) {
        let mut flow = Flow::NONE;
        for piece in split(&line, &['|']) {
            flow = statement(m, piece.trim(), flow);
        }
    }
    m.level -= 1;
    Value::unknown(Flow::OUTPUT)
}

/// Pieces at one of the marks, quotes kept whole.
fn split(text: &str, marks: &[char]) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if marks.contains(&c) => {
                pieces.push(String::new());
                continue;
            }
            None => {}
        }
        if let Some(last) = pieces.last_mut() {
            last.push(c);
        }
    }
    pieces
}

fn lower_has(text: &str, marks: &[&str]) -> bool {
    marks.iter().any(|mark| text.contains(mark))
}

/// Signs that stand anywhere in a script.
fn whole(m: &mut Machine<'_>, text: &str) {
    let lower = text.to_ascii_lowercase();
    let fetches = lower_has(
        &lower,
        &[
            "downloadstring",
            "downloadfile",
            "downloaddata",
            "invoke-webrequest",
            "iwr ",
            "irm ",
            "invoke-restmethod",
            "net.webclient",
            "start-bitstransfer",
            "curl ",
            "wget ",
        ],
    );
    let evaluates = lower
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .any(|word| matches!(word, "iex" | "invoke-expression" | "invoke-command" | "icm"))
        || lower_has(
            &lower,
            &["scriptblock]::create", "[system.reflection.assembly]::load", "[reflection.assembly]::load", ".invoke("],
        )
        || compiles(&lower);
    if evaluates && fetches {
        m.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs code that comes from another machine");
    } else if evaluates {
        m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "runs code that is made while it runs");
    } else if lower_has(&lower, &["downloadfile", "start-bitstransfer"]) {
        m.mark(Traits::OUTWARD, "fetches a file");
    }
    if lower_has(&lower, &["net.sockets.tcpclient", "tcpclient(", "tcplistener"]) {
        m.mark(Traits::OPENS_REMOTE_SHELL | Traits::OUTWARD, "connects to another machine");
    }
    if lower_has(&lower, &["frombase64string", "-bxor", "[char]"]) {
        m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "code that is decoded while it runs");
    }
    if lower_has(&lower, &["get-childitem env:", "gci env:", "dir env:", "ls env:", "getenvironmentvariables"]) {
        m.mark(Traits::READS_SECRET, "shows the whole environment");
    }
    if lower_has(
        &lower,
        &["[system.io.file]::delete", "[io.file]::delete", "[system.io.directory]::delete", "[io.directory]::delete"],
    ) {
        m.mark(Traits::DESTROYS_FILES, "removes files");
    }
    if lower.contains("& $") || lower.contains("&$") {
        m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "runs a command that is put together while it runs");
    }
    if lower_has(&lower, &["amsiutils", "amsiinitfailed"]) {
        m.mark(Traits::DISABLES_SECURITY | Traits::EVADES, "switches off the check of scripts");
    }
    if lower_has(&lower, &["-verb runas"]) {
        m.mark(Traits::ESCALATES, "runs as another user");
    }
    if lower_has(&lower, &["$profile"]) && lower_has(&lower, &["add-content", "set-content", "out-file", ">"]) {
        m.mark(Traits::PERSISTS, "changes what runs at the next start");
    }
    if lower_has(&lower, &["$env:"])
        && lower.split("$env:").skip(1).any(|rest| {
            crate::secrets::secret_variable(rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(""))
        })
    {
        m.mark(Traits::READS_SECRET, "shows a credential of the environment");
    }
}

/// `Add-Type` with code in it; of an assembly's name it only loads what is there.
fn compiles(lower: &str) -> bool {
    lower.split("add-type").skip(1).any(|rest| {
        let rest = rest.split([';', '\n', '|']).next().unwrap_or("");
        !rest.contains("-assemblyname") && !rest.contains("-an ")
    })
}

/// Marks of .NET and COM in small letters: one of them must stand in the script; traits; why.
const CALLS: &[(&[&str], Traits, &str)] = &[
    (
        &[
            ".uploadfile",
            ".uploadstring",
            ".uploaddata",
            ".uploadvalues",
            ".postasync(",
            ".putasync(",
            "getrequeststream",
        ],
        Traits::SENDS_OUT.or(Traits::OUTWARD),
        "sends files, secrets or the output of commands to another machine",
    ),
    (
        &["[net.webrequest]", "[system.net.webrequest]", "net.http.httpclient", "net.webclient", "getstringasync("],
        Traits::OUTWARD,
        "asks another machine",
    ),
    (
        &["[net.mail.smtpclient]", "net.mail.smtpclient", "[net.ftpwebrequest]"],
        Traits::SENDS_OUT.or(Traits::OUTWARD),
        "sends a message or a file",
    ),
    (
        &[
            "wscript.shell",
            "shell.application",
            "mmc20.application",
            "shellwindows",
            "shellbrowserwindow",
            "schedule.service",
            "gettypefromprogid",
            "gettypefromclsid",
            "internetexplorer.application",
            "scriptcontrol",
        ],
        Traits::NOT_UNDERSTOOD,
        "starts programs by way of another",
    ),
    (
        &["xmlhttp", "winhttp.winhttprequest", "adodb.stream"],
        Traits::SENDS_OUT.or(Traits::OUTWARD),
        "asks another machine by way of another program",
    ),
    (
        &["diagnostics.process]::start", "diagnostics.processstartinfo", "win32_process", "[wmiclass]"],
        Traits::NOT_UNDERSTOOD,
        "starts a program",
    ),
    (
        &["'user')", "\"user\")", "'machine')", "\"machine\")", "[microsoft.win32.registry]::setvalue", ".setvalue("],
        Traits::PERSISTS,
        "changes the environment or the registry for good",
    ),
    (
        &["servercertificatevalidationcallback", "dangerousacceptanyservercertificatevalidator"],
        Traits::DISABLES_SECURITY,
        "switches off the check of certificates",
    ),
    (
        &[
            "virtualalloc",
            "createthread",
            "writeprocessmemory",
            "interopservices.marshal]",
            "getdelegateforfunctionpointer",
        ],
        Traits::EVADES.or(Traits::NOT_UNDERSTOOD),
        "runs code past the language",
    ),
    (
        &["file]::writealltext($profile", "file]::appendalltext($profile"],
        Traits::PERSISTS,
        "changes what runs at the next start",
    ),
    (&["passwordvault", "protecteddata]::unprotect", "getnetworkcredential()"], Traits::READS_SECRET, "reads a secret"),
    (&["clipboard]::gettext"], Traits::READS_SECRET, "reads what was copied"),
];

/// What calls of .NET and COM do, wherever they stand, and the files that they name.
fn calls(m: &mut Machine<'_>, text: &str) {
    let lower = text.to_ascii_lowercase();
    for (marks, traits, why) in CALLS {
        let sets = marks.contains(&"'user')");
        if lower_has(&lower, marks) && (!sets || lower_has(&lower, &["setenvironmentvariable", "registry"])) {
            m.mark(*traits, why);
        }
    }
    let reads = lower_has(
        &lower,
        &[
            ".upload",
            "file]::read",
            "file]::open",
            "file]::copy",
            "streamreader",
            "-infile",
            "get-content",
            "gc ",
            "compress-archive",
        ],
    );
    if !reads {
        return;
    }
    let mut flow = Flow::NONE;
    for word in text.split(['"', '\'', ',', '(', ')', ' ', ';']).filter(|word| word.len() > 3).take(400) {
        let path = home_path(word);
        let value = Value::known(path.replace(crate::value::UNKNOWN, "?"));
        if path.contains(['/', '.']) && !path.contains("://") && m.names_secret(&value) {
            flow = flow.with(m.read(&value).flow);
        }
    }
    let sends = ["invoke-restmethod", "invoke-webrequest", "irm ", "iwr ", "-body"];
    if flow.has(Flow::SECRET) && lower_has(&lower, &sends) {
        m.mark(
            Traits::SENDS_OUT | Traits::OUTWARD,
            "sends files, secrets or the output of commands to another machine",
        );
    }
}

/// `C:\Users\x\…`, `$HOME\…`, `$env:USERPROFILE\…` as a path below the home.
fn home_path(word: &str) -> String {
    let path = word.replace("\\\\", "/").replace('\\', "/");
    let lower = path.to_ascii_lowercase();
    for start in ["$env:userprofile/", "$home/", "%userprofile%/", "${home}/", "${env:userprofile}/"] {
        if lower.starts_with(start) {
            return format!("~/{}", path.get(start.len()..).unwrap_or(""));
        }
    }
    let users = lower.get(1..).is_some_and(|rest| rest.starts_with(":/users/"));
    let below = users.then(|| path.splitn(4, '/').nth(3)).flatten();
    below.map_or_else(|| path.clone(), |rest| format!("~/{rest}"))
}
