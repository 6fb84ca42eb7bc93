//! Other machines by ssh and its relatives.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::net::{Load, is_local};
use crate::value::{Flow, Value};

const SSH: &str = "p i l o F J L R D W b c e m S w E B I O Q";

pub(super) fn ssh(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let mut args = args.to_vec();
    if name == "sshpass" {
        let parsed = Args::leading(&args, "p f d P");
        let rest = parsed.rest;
        return if rest.is_empty() { Value::default() } else { m.run(rest) };
    }
    if name == "autossh" {
        args.retain(|value| value.text != "-M");
        if args.first().is_some_and(|value| value.text.chars().all(|c| c.is_ascii_digit())) {
            args.remove(0);
        }
    }
    let parsed = Args::leading(&args, SSH);
    options(m, &parsed);
    let host = parsed.operand(0).rsplit('@').next().unwrap_or("").to_owned();
    if parsed.has(&["V"]) || parsed.has(&["G", "Q", "T-only"]) && parsed.rest.is_empty() {
        return Value::unknown(Flow::OUTPUT);
    }
    m.mark(Traits::OUTWARD, "signs in to another machine");
    for forward in parsed.values(&["L", "D"]) {
        if forward.text.starts_with("0.0.0.0:") || forward.text.starts_with("*:") || forward.text.starts_with(':') {
            m.mark(Traits::EXPOSES_NETWORK, "opens a port to others");
        }
    }
    if parsed.has(&["g"]) && parsed.has(&["L", "D"]) {
        m.mark(Traits::EXPOSES_NETWORK, "opens a port to others");
    }
    if parsed.has(&["R", "w"]) {
        m.mark(Traits::OPENS_REMOTE_SHELL | Traits::EXPOSES_NETWORK, "opens a way in from another machine");
    }
    let mut command = parsed.from(1).to_vec();
    if command.first().is_some_and(|word| word.text == "--") {
        command.remove(0);
    }
    let local = is_local(&host);
    let input = m.stdin.clone();
    let text = if command.is_empty() { input.clone() } else { super::builtins::joined(&command) };
    if !command.is_empty() && input.flow.has(Flow::FILE.with(Flow::SECRET)) && !local {
        m.mark(Traits::SENDS_OUT, "sends files to another machine");
    }
    if text.text.is_empty() {
        return Value::unknown(Flow::REMOTE);
    }
    if text.is_blank() {
        m.puzzled("what another machine runs is not known before");
        return Value::unknown(Flow::REMOTE);
    }
    let outer = std::mem::replace(&mut m.elsewhere, !local);
    let program = m.program.clone();
    m.aside(|m| {
        m.stdin = Value::default();
        m.text(&text.text)
    });
    m.program = program;
    m.elsewhere = outer;
    if !local {
        far(m, &text.text);
    }
    Value::unknown(Flow::REMOTE)
}

/// What is destroyed on another machine counts, whatever the path.
fn far(m: &mut Machine<'_>, text: &str) {
    for piece in text.split([';', '&', '|', '\n']) {
        let words: Vec<&str> = piece.split_whitespace().collect();
        let at = words.iter().position(|word| !matches!(*word, "sudo" | "nohup" | "env"));
        let Some(first) = at.and_then(|at| words.get(at)) else { continue };
        let removes = *first == "rm"
            && words.iter().any(|word| word.starts_with('-') && word.contains(['r', 'R', 'f']))
            && !piece.contains("/tmp/");
        let stops =
            *first == "systemctl" && words.iter().any(|word| matches!(*word, "stop" | "disable" | "restart" | "mask"));
        let writes = *first == "docker" && words.iter().any(|word| matches!(*word, "rm" | "stop" | "kill"));
        if removes || stops || writes {
            m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes or stops something on another machine");
        }
    }
    super::far_command(m, text);
}

fn options(m: &mut Machine<'_>, parsed: &Args) {
    for option in parsed.values(&["o"]).cloned().collect::<Vec<_>>() {
        let (key, value) = option.text.split_once(['=', ' ']).unwrap_or((option.text.as_str(), ""));
        match key.to_ascii_lowercase().as_str() {
            "proxycommand" | "localcommand" | "knownhostscommand" | "permitlocalcommand"
                if !matches!(value, "none" | "no" | "") =>
            {
                let before = m.acts.len();
                let program = m.program.clone();
                m.text(value);
                m.program = program;
                m.keep_serious(before);
            }
            "stricthostkeychecking" if matches!(value, "no" | "off") => {
                m.mark(Traits::DISABLES_SECURITY, "does not check which machine answers")
            }
            "userknownhostsfile" if value == "/dev/null" => {
                m.mark(Traits::DISABLES_SECURITY, "does not check which machine answers")
            }
            "pkcs11provider" => m.puzzled("loads other code into a program"),
            _ => {}
        }
    }
    if let Some(file) = parsed.value(&["F"]).cloned()
        && !matches!(file.text.as_str(), "/dev/null" | "none")
        && !m.resolve(&file).starts_with(m.place.project)
        && !m.resolve(&file).starts_with(&format!("{}/.ssh/", m.place.home))
    {
        m.puzzled("takes its settings from a file that is not known");
    } else if let Some(file) = parsed.value(&["F"]).cloned() {
        let settings = m.read_code(&file);
        for line in settings.text.lines() {
            let line = line.trim();
            let (key, value) = line.split_once([' ', '\t', '=']).unwrap_or((line, ""));
            if matches!(key.to_ascii_lowercase().as_str(), "proxycommand" | "localcommand" | "knownhostscommand") {
                m.text(value.trim_matches(|c: char| c.is_whitespace() || c == '=' || c == '"'));
            }
        }
    }
    for file in parsed.values(&["E"]).cloned().collect::<Vec<_>>() {
        m.write(&file, true, &Value::unknown(Flow::OUTPUT));
    }
}

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    match name {
        "scp" | "pscp" | "rcp" => scp(m, args),
        "sftp" | "psftp" => {
            let parsed = Args::leading(args, "b B c D F i J l o P R S s X");
            if parsed.has(&["D", "S"]) {
                m.puzzled("runs another program");
            }
            options(m, &parsed);
            let mut script = m.stdin.text.clone();
            if let Some(file) = parsed.value(&["b"]).cloned() {
                script.push_str(&m.read(&file).text);
            }
            m.mark(Traits::OUTWARD, "signs in to another machine");
            for line in script.lines() {
                let line = line.trim();
                if let Some(rest) = line.strip_prefix("put ").or_else(|| line.strip_prefix("mput ")) {
                    let file = Value::known(rest.split_whitespace().find(|word| !word.starts_with('-')).unwrap_or(""));
                    m.read(&file);
                    m.mark(Traits::SENDS_OUT, "sends files to another machine");
                } else if let Some(shell) = line.strip_prefix('!') {
                    let shell = shell.to_owned();
                    m.text(&shell);
                } else if line.starts_with("rm ") || line.starts_with("rmdir ") {
                    m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes files of another machine");
                }
            }
        }
        _ => return None,
    }
    Some(Value::unknown(Flow::REMOTE))
}

fn scp(m: &mut Machine<'_>, args: &[Value]) {
    let parsed = Args::of(args, "P i o F c J l S D X");
    options(m, &parsed);
    if parsed.has(&["S", "D"]) {
        m.puzzled("runs another program");
    }
    let remote = |value: &Value| {
        value.text.contains("://")
            || value.text.split_once(':').is_some_and(|(host, _)| !host.contains('/') && host.len() > 1)
    };
    let Some((target, sources)) = parsed.rest.split_last() else { return };
    let mut flow = Flow::NONE;
    let mut local = false;
    for source in sources {
        if remote(source) {
            m.mark(Traits::OUTWARD, "fetches files from another machine");
            if let Some((_, path)) = source.text.split_once(':') {
                super::containers::taken_out(m, path);
            }
            flow = flow.with(Flow::REMOTE);
        } else {
            local = true;
            flow = flow.with(m.read(source).flow);
        }
    }
    if remote(target) {
        m.request(target, Load { flow, file: local });
    } else {
        for source in sources.iter().filter(|source| remote(source)) {
            let name = crate::path::base(source.text.split_once(':').map_or("", |(_, path)| path)).to_owned();
            let path = m.resolve(target);
            let folder = target.text.ends_with('/')
                || matches!(crate::path::base(&path), "tmp" | "Downloads")
                || target.text == ".";
            let to =
                if folder { Value::known(format!("{}/{name}", path.trim_end_matches('/'))) } else { target.clone() };
            m.write(&to, false, &Value::unknown(Flow::REMOTE));
        }
    }
}
