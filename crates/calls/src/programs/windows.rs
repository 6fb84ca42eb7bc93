//! Commands of PowerShell and programs of Windows, by their names.

use crate::Traits;
use crate::machine::Machine;
use crate::value::{Flow, Value};

pub(super) use super::powershell::{powershell, script};

pub(super) fn cmd(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let Some(position) =
        args.iter().position(|value| matches!(value.text.to_ascii_lowercase().as_str(), "/c" | "/k" | "//c" | "/r"))
    else {
        return Value::unknown(Flow::OUTPUT);
    };
    let text: Vec<&str> = args.iter().skip(position + 1).map(|value| value.text.as_str()).collect();
    let text = text.join(" ").replace('^', "");
    for piece in text.split(['&', '|']).filter(|piece| !piece.trim().is_empty()) {
        statement(m, piece.trim(), Flow::NONE);
    }
    Value::unknown(Flow::OUTPUT)
}

pub(super) fn words(text: &str) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let mut open = String::new();
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => open.push(c),
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c.is_whitespace() || c == ',' || c == '(' || c == ')' => {
                if !open.is_empty() {
                    all.push(value(&open));
                    open.clear();
                }
            }
            None => open.push(c),
        }
    }
    if !open.is_empty() {
        all.push(value(&open));
    }
    all
}

fn value(text: &str) -> Value {
    Value { text: text.replace(crate::value::UNKNOWN, "?"), flow: Flow::NONE, glob: text.contains('*') }
}

/// One command of a pipeline. `flow` says what comes in.
pub(super) fn statement(m: &mut Machine<'_>, text: &str, flow: Flow) -> Flow {
    let mut words = words(text);
    while words.first().is_some_and(|word| {
        word.text.starts_with('$') && word.text.len() > 1
            || matches!(word.text.as_str(), "=" | "." | "if" | "foreach" | "try" | "catch" | "else")
    }) && words.len() > 1
    {
        words.remove(0);
    }
    let Some(first) = words.first() else { return flow };
    let name = crate::path::base(&first.text.replace('\\', "/")).trim_end_matches(".exe").to_ascii_lowercase();
    let args = words.get(1..).unwrap_or(&[]).to_vec();
    let lower: Vec<String> = args.iter().map(|value| value.text.to_ascii_lowercase()).collect();
    let has = |option: &str| lower.iter().any(|text| text == option);
    if has("-whatif") {
        return flow;
    }
    match name.as_str() {
        "remove-item" | "ri" | "rm" | "del" | "erase" | "rd" | "rmdir" => {
            removal(m, &args);
            if flow.has(Flow::LIST) {
                m.mark(Traits::DESTROYS_FILES, "removes all that was listed");
            }
        }
        "get-content" | "gc" | "type" | "cat" | "more" | "select-string" | "findstr" => {
            let mut all = Flow::FILE;
            for file in args.iter().filter(|value| !value.text.starts_with('-')) {
                if m.names_secret(file) {
                    all = all.with(m.read(file).flow);
                }
            }
            return all;
        }
        "get-childitem" | "gci" | "ls" | "dir" => return Flow::LIST,
        "set-content" | "add-content" | "out-file" | "new-item" | "tee-object" | "export-clixml" => {
            if let Some(file) = args.iter().find(|value| !value.text.starts_with('-')) {
                m.write(file, name == "add-content", &Value::unknown(flow.with(Flow::OUTPUT)));
            }
        }
        "copy-item" | "copy" | "cp" | "move-item" | "move" | "mv" | "xcopy" | "robocopy" => {
            let mut files: Vec<&Value> = args.iter().filter(|value| !value.text.starts_with(['-', '/'])).collect();
            if files.len() > 1
                && let Some(target) = files.pop()
            {
                let content = files.iter().map(|file| m.read(file).flow).fold(Flow::FILE, Flow::with);
                m.write(target, false, &Value::unknown(content));
            }
            if name == "robocopy" && (has("/mir") || has("/purge")) {
                m.mark(Traits::DESTROYS_FILES, "removes what is not in the source");
            }
        }
        "invoke-webrequest" | "iwr" | "invoke-restmethod" | "irm" | "curl" | "wget" => {
            let url = args.iter().find(|value| value.text.contains("://")).cloned().unwrap_or_default();
            let file = lower.iter().position(|text| text == "-infile").and_then(|at| args.get(at + 1)).cloned();
            let mut load = crate::net::Load { flow, file: false };
            if let Some(file) = file {
                load.flow = load.flow.with(m.read(&file).flow);
                load.file = true;
            }
            for value in args.iter().filter(|value| !value.text.contains("://")) {
                if m.names_secret(value) {
                    load.flow = load.flow.with(m.read(value).flow);
                }
            }
            m.request(&url, load);
            if has("-skipcertificatecheck") {
                m.mark(Traits::DISABLES_SECURITY, "does not check the other side's certificate");
            }
            return Flow::REMOTE;
        }
        _ => {
            if !cmdlet(m, &name, &lower) && !native(m, &name, &args, &lower) && ordinary(&name) {
                let before = m.acts.len();
                let program = m.program.clone();
                m.aside(|m| m.run(words));
                m.program = program;
                m.keep_serious(before);
            }
        }
    }
    flow
}

/// A program that other systems have as well, and no word of the language.
fn ordinary(name: &str) -> bool {
    name.len() > 1
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.'))
        && !name.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && !matches!(
            name,
            "return"
                | "param"
                | "function"
                | "switch"
                | "while"
                | "for"
                | "throw"
                | "finally"
                | "elseif"
                | "select"
                | "where"
                | "sort"
                | "measure"
                | "group"
                | "tee"
                | "out"
                | "set"
                | "echo"
                | "begin"
                | "process"
                | "end"
                | "do"
                | "until"
                | "in"
                | "true"
                | "false"
                | "null"
                | "class"
                | "enum"
                | "using"
                | "exit"
                | "sleep"
                | "start"
                | "history"
                | "diff"
                | "compare"
                | "clear"
        )
}

fn cmdlet(m: &mut Machine<'_>, name: &str, args: &[String]) -> bool {
    let (traits, why) = match name {
        "clear-disk" | "format-volume" | "initialize-disk" | "remove-partition" | "clear-partition" | "format"
        | "diskpart" => (Traits::DESTROYS_DISK, "erases a disk"),
        "clear-recyclebin" | "clear-content" => (Traits::DESTROYS_FILES, "removes files"),
        "stop-computer" | "restart-computer" | "suspend-computer" => (Traits::EXHAUSTS, "stops the machine"),
        "stop-process" | "spps" | "kill" => (Traits::EXHAUSTS, "stops processes"),
        "stop-service" | "set-service" | "remove-service" => {
            (Traits::DISABLES_SECURITY, "stops services of the machine")
        }
        "set-mppreference"
        | "add-mppreference"
        | "disable-netfirewallrule"
        | "set-netfirewallprofile"
        | "remove-netfirewallrule"
        | "new-netfirewallrule"
        | "clear-eventlog"
        | "remove-eventlog"
        | "set-executionpolicy"
        | "disable-bitlocker"
        | "disable-windowsoptionalfeature"
        | "uninstall-windowsfeature"
        | "unblock-file"
        | "remove-mppreference"
        | "set-psreadlineoption"
        | "clear-history"
        | "disable-computerrestore" => (Traits::DISABLES_SECURITY, "changes what protects the machine"),
        "register-scheduledtask"
        | "new-scheduledtask"
        | "new-service"
        | "set-itemproperty"
        | "new-itemproperty"
        | "remove-itemproperty"
        | "register-scheduledjob"
        | "set-wmiinstance"
        | "register-wmievent"
        | "new-psdrive"
        | "set-scheduledtask" => (Traits::PERSISTS, "makes something start by itself, or changes the registry"),
        "new-localuser"
        | "add-localgroupmember"
        | "set-localuser"
        | "enable-localuser"
        | "remove-localuser"
        | "new-aduser"
        | "add-adgroupmember"
        | "set-adaccountpassword"
        | "remove-aduser"
        | "disable-localuser"
        | "enable-psremoting"
        | "grant-smbshareaccess" => (Traits::CHANGES_ACCESS, "changes accounts of the machine"),
        "get-credential"
        | "get-clipboard"
        | "export-pfxcertificate"
        | "convertfrom-securestring"
        | "get-storedcredential"
        | "get-secret" => (Traits::READS_SECRET, "reads a secret"),
        "new-smbshare" | "enable-netfirewallrule" => (Traits::EXPOSES_NETWORK, "opens the machine to others"),
        "install-module"
        | "install-package"
        | "install-script"
        | "add-appxpackage"
        | "register-psrepository"
        | "import-module"
            if name != "import-module" || args.iter().any(|text| text.contains("/temp") || text.contains("\\temp")) =>
        {
            (Traits::INSTALLS_UNUSUAL, "installs from an unusual place")
        }
        "start-bitstransfer" if args.iter().any(|text| text == "upload") => {
            (Traits::SENDS_OUT | Traits::OUTWARD, "sends a file")
        }
        "compress-archive"
            if args.iter().any(|text| text.contains(".ssh") || text.contains(".aws") || text.contains(".gnupg")) =>
        {
            (Traits::READS_SECRET, "packs files of secrets")
        }
        "send-mailmessage" => (Traits::SENDS_OUT, "sends a message"),
        "start-process" | "saps" | "invoke-item" | "ii" | "invoke-wmimethod" | "invoke-cimmethod" | "start-job" => {
            let known = args
                .first()
                .is_some_and(|text| matches!(text.as_str(), "notepad" | "code" | "explorer" | "http://localhost"));
            if known {
                return true;
            }
            (Traits::NOT_UNDERSTOOD, "starts a program")
        }
        "enter-pssession" | "new-pssession" => (Traits::CHANGES_INFRASTRUCTURE, "a shell on another machine"),
        "remove-vm" | "stop-vm" | "remove-azresourcegroup" | "remove-azvm" => {
            (Traits::DESTROYS_INFRASTRUCTURE, "removes a machine")
        }
        "iex" | "invoke-expression" => (Traits::NOT_UNDERSTOOD, "runs code that is made while it runs"),
        _ => return false,
    };
    m.mark(traits, why);
    true
}

/// Programs of Windows, which also `run` is asked for.
fn native(m: &mut Machine<'_>, name: &str, args: &[Value], lower: &[String]) -> bool {
    let has = |option: &str| lower.iter().any(|text| text == option);
    let (traits, why) = match name {
        "vssadmin" | "wbadmin" if has("delete") || has("resize") => {
            (Traits::DESTROYS_FILES | Traits::DISABLES_SECURITY, "removes backups")
        }
        "wmic" if has("delete") || has("shadowcopy") => {
            (Traits::DESTROYS_FILES | Traits::DISABLES_SECURITY, "removes backups")
        }
        "wmic" if has("process") && has("call") => (Traits::NOT_UNDERSTOOD, "starts a program"),
        "bcdedit" if !lower.is_empty() && !has("/enum") => {
            (Traits::DESTROYS_DISK | Traits::DISABLES_SECURITY, "changes how the machine starts")
        }
        "diskpart" | "format" => (Traits::DESTROYS_DISK, "erases a disk"),
        "cipher" if lower.iter().any(|text| text.starts_with("/w")) => {
            (Traits::DESTROYS_FILES, "overwrites what was removed")
        }
        "fsutil" if has("deletejournal") || has("setzerodata") => {
            (Traits::DESTROYS_FILES | Traits::DISABLES_SECURITY, "removes what a file system remembers")
        }
        "manage-bde" if has("-off") || has("-disable") => {
            (Traits::DISABLES_SECURITY, "switches off the encryption of a disk")
        }
        "netsh" if has("wlan") && lower.iter().any(|text| text == "key=clear") => {
            (Traits::READS_SECRET, "shows a password of a network")
        }
        "netsh" => (Traits::DISABLES_SECURITY | Traits::EXPOSES_NETWORK, "changes the network of the machine"),
        "wevtutil" if has("cl") || has("clear-log") || has("sl") => {
            (Traits::DISABLES_SECURITY, "clears the logs of the machine")
        }
        "auditpol" if !has("/get") && !has("/list") => (Traits::DISABLES_SECURITY, "changes what the machine records"),
        "schtasks" if has("/create") || has("/change") || has("/delete") || has("/run") => {
            (Traits::PERSISTS, "makes something start by itself")
        }
        "sc" if lower.iter().any(|text| {
            matches!(text.as_str(), "create" | "config" | "delete" | "stop" | "start" | "failure" | "sdset")
        }) =>
        {
            (Traits::PERSISTS | Traits::DISABLES_SECURITY, "changes services of the machine")
        }
        "net" | "net1"
            if lower
                .iter()
                .any(|text| matches!(text.as_str(), "user" | "localgroup" | "group" | "accounts" | "share"))
                && lower.iter().any(|text| text.starts_with('/') || lower.len() > 2 && text != "user")
                && lower.len() > 1 =>
        {
            (Traits::CHANGES_ACCESS, "changes accounts or shares of the machine")
        }
        "net" | "net1" if has("stop") || has("start") => (Traits::DISABLES_SECURITY, "stops services of the machine"),
        "reg"
            if has("save")
                || has("export")
                    && lower
                        .iter()
                        .any(|text| text.contains("sam") || text.contains("security") || text.contains("system")) =>
        {
            (Traits::READS_SECRET, "copies secrets of the registry")
        }
        "reg" if has("add") || has("delete") || has("import") || has("restore") || has("load") || has("copy") => {
            (Traits::PERSISTS | Traits::DISABLES_SECURITY, "changes the registry")
        }
        "regedit" | "regini" => (Traits::PERSISTS | Traits::DISABLES_SECURITY, "changes the registry"),
        "setx" => (Traits::PERSISTS, "changes the environment for good"),
        "bitsadmin" | "certutil"
            if name == "bitsadmin"
                || lower.iter().any(|text| {
                    text.contains("urlcache")
                        || text.contains("decode")
                        || text.contains("addstore")
                        || text.contains("encode")
                }) =>
        {
            (Traits::OUTWARD | Traits::EVADES, "fetches or decodes with a tool that is not made for it")
        }
        "mshta" | "regsvr32" | "rundll32" | "wscript" | "cscript" | "installutil" | "msbuild" | "msiexec"
        | "regasm" | "regsvcs" | "odbcconf" | "cmstp" | "hh" | "forfiles" | "pcalua" | "presentationhost"
            if name != "msbuild" || lower.iter().any(|text| text.contains("temp")) =>
        {
            let remote = lower.iter().any(|text| text.contains("http"));
            (
                if remote {
                    Traits::RUNS_REMOTE_CODE | Traits::OUTWARD
                } else {
                    Traits::NOT_UNDERSTOOD | Traits::EVADES
                },
                "runs a program by way of another",
            )
        }
        "psexec" | "winrs" | "winrm" => {
            (Traits::CHANGES_INFRASTRUCTURE | Traits::ESCALATES, "runs commands on another machine")
        }
        "runas" => (Traits::ESCALATES, "runs as another user"),
        "wsl" if has("--unregister") => {
            (Traits::DESTROYS_INFRASTRUCTURE | Traits::DESTROYS_FILES, "removes a system with its files")
        }
        "wsl" if has("--shutdown") || has("--terminate") || has("-t") => (Traits::EXHAUSTS, "stops a system"),
        "shutdown" | "logoff" | "tsdiscon" => (Traits::EXHAUSTS, "stops the machine"),
        "taskkill" => (Traits::EXHAUSTS, "stops processes"),
        "takeown" | "icacls" | "cacls" => (Traits::LOOSENS_PERMISSIONS, "changes who may use files"),
        "mimikatz" | "procdump" | "ntdsutil" | "vaultcmd" | "cmdkey" => {
            (Traits::READS_SECRET, "reads secrets of the machine")
        }
        "scoop" | "choco" | "winget" => {
            let unusual = lower.iter().any(|text| {
                text.contains("://")
                    || text == "--source"
                    || text == "-s"
                    || text == "--manifest"
                    || text == "-m"
                    || text == "--allow-empty-checksums"
                    || text == "bucket"
            });
            (if unusual { Traits::INSTALLS_UNUSUAL } else { Traits::NONE }, "installs from an unusual place")
        }
        "type" => {
            for file in args {
                if m.names_secret(file) {
                    m.read(file);
                }
            }
            return true;
        }
        "set" if lower.is_empty() => (Traits::READS_SECRET, "shows the whole environment"),
        "cmd" => {
            cmd(m, args);
            return true;
        }
        "powershell" | "pwsh" => {
            powershell(m, args);
            return true;
        }
        _ => return false,
    };
    m.mark(traits, why);
    true
}

pub(super) fn removal(m: &mut Machine<'_>, args: &[Value]) {
    let recursive =
        args.iter().any(|value| matches!(value.text.to_ascii_lowercase().as_str(), "-recurse" | "-r" | "/s" | "-rec"));
    let mut skip = false;
    for value in args {
        let lower = value.text.to_ascii_lowercase();
        if skip {
            skip = false;
            continue;
        }
        if matches!(lower.as_str(), "-include" | "-exclude" | "-filter" | "-erroraction" | "-ea") {
            skip = true;
            continue;
        }
        let option = lower.starts_with('-') || lower.starts_with('/') && lower.len() <= 3;
        if !option {
            // `C:\*.*` is everything.
            let text = value.text.replace("*.*", "*");
            m.destroy(&Value { text, ..value.clone() }, recursive);
        }
    }
}

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let lower: Vec<String> = args.iter().map(|value| value.text.to_ascii_lowercase()).collect();
    let low = name.to_ascii_lowercase();
    if native(m, &low, args, &lower) || cmdlet_name(&low) && cmdlet(m, &low, &lower) {
        return Some(Value::unknown(Flow::OUTPUT));
    }
    None
}

/// `Verb-Noun`: no program of another system is called so.
fn cmdlet_name(name: &str) -> bool {
    name.contains('-')
        && [
            "clear", "remove", "set", "stop", "new", "add", "invoke", "disable", "enable", "register", "format",
            "start", "restart", "install",
        ]
        .iter()
        .any(|verb| name.split('-').next() == Some(verb))
}
