//! Modes, owners, attributes, accounts.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::path::{Zone, zone};
use crate::value::{Flow, Value};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    match name {
        "chmod" | "gchmod" => chmod(m, args),
        "chown" | "chgrp" | "gchown" => chown(m, args),
        "setfacl" => {
            let parsed = Args::of(args, "m x M X set modify remove set-file");
            let wide = parsed.values(&["m", "modify", "set"]).any(|value| {
                value.text.starts_with("o::rw") || value.text.starts_with("other::rw") || value.text.contains("rwx")
            });
            if wide || parsed.has(&["R", "recursive", "b", "remove-all"]) {
                m.mark(Traits::LOOSENS_PERMISSIONS, "changes who may use files");
            }
        }
        "chattr" | "chflags" => {
            let loosens =
                args.iter().any(|value| value.text == "-i" || value.text == "-a" || value.text.starts_with("no"));
            let wide = args.iter().any(|value| value.text == "-R");
            if loosens || wide {
                m.mark(Traits::LOOSENS_PERMISSIONS, "takes a protection off files");
            } else {
                m.mark(Traits::LOOSENS_PERMISSIONS, "changes the protection of files");
            }
        }
        "setcap" => m.mark(Traits::ESCALATES, "gives a program rights of root"),
        "chcon" | "restorecon" | "semanage" | "setsebool" => {
            m.mark(Traits::DISABLES_SECURITY | Traits::LOOSENS_PERMISSIONS, "changes what protects the machine")
        }
        "icacls" | "takeown" | "cacls" => m.mark(Traits::LOOSENS_PERMISSIONS, "changes who may use files"),
        "attrib" => {
            if args.iter().any(|value| value.text.starts_with(['+', '-']))
                && args.iter().any(|value| value.text.eq_ignore_ascii_case("/s"))
            {
                m.mark(Traits::LOOSENS_PERMISSIONS, "changes many files");
            }
        }
        "useradd" | "adduser" | "usermod" | "groupadd" | "addgroup" | "gpasswd" | "groupmod" | "passwd"
        | "chpasswd" | "chsh" | "chfn" | "visudo" | "vipw" | "newusers" | "chage" | "dscl" | "dseditgroup"
        | "sysadminctl" | "pw" | "smbpasswd" | "htpasswd" | "ldapmodify" | "ldapadd" | "ldapdelete" | "samba-tool"
        | "newuidmap" | "faillock" | "pam-auth-update" | "authselect" | "realm" => account(m, name, args),
        "sg" if args.first().is_some_and(|value| {
            value.text.starts_with('-')
                || matches!(value.text.as_str(), "run" | "scan" | "test" | "new" | "lsp" | "completions")
        }) =>
        {
            return None;
        }
        "newgrp" | "sg" => m.mark(Traits::ESCALATES, "takes the rights of another group"),
        _ => return None,
    }
    Some(Value::unknown(Flow::OUTPUT))
}

fn account(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    let texts = super::texts(args);
    if name == "htpasswd" && texts.iter().any(|text| text.starts_with("-n") || *text == "-v") {
        return;
    }
    if matches!(name, "passwd" | "chage" | "faillock")
        && texts.iter().any(|text| matches!(*text, "-S" | "--status" | "-l"))
        && name != "passwd"
    {
        return;
    }
    if name == "visudo" && texts.iter().any(|text| matches!(*text, "-c" | "--check" | "-cf" | "-qcf" | "-cqf")) {
        return;
    }
    if name == "dscl" && texts.iter().any(|text| matches!(*text, "-read" | "-list" | "-search" | "list" | "read"))
        || name == "realm" && texts.first() == Some(&"list")
    {
        return;
    }
    let mut traits = Traits::CHANGES_ACCESS;
    if texts.iter().any(|text| matches!(*text, "sudo" | "wheel" | "root" | "docker" | "admin" | "adm" | "lxd" | "0"))
        || name == "visudo"
    {
        traits |= Traits::ESCALATES;
    }
    m.mark(traits, "changes accounts of the machine");
}

/// A mode in digits or letters: what it opens.
pub(super) fn mode_of(m: &mut Machine<'_>, mode: &str) {
    if let Some((traits, why)) = mode_traits(mode) {
        m.mark(traits, why);
    }
}

fn mode_traits(mode: &str) -> Option<(Traits, &'static str)> {
    let digits = mode.trim_start_matches(['+', '=']);
    if !digits.is_empty() && digits.chars().all(|c| c.is_digit(8)) {
        let value = u32::from_str_radix(digits, 8).unwrap_or(0);
        if value & 0o6000 != 0 {
            return Some((Traits::ESCALATES, "a program that runs with its owner's rights"));
        }
        if value & 0o002 != 0 && value & 0o1000 == 0 {
            return Some((Traits::LOOSENS_PERMISSIONS, "makes files writable for everybody"));
        }
        return None;
    }
    for clause in mode.split(',') {
        let (who, what) = clause.split_once(['+', '=']).unwrap_or(("", ""));
        if what.contains('s') {
            return Some((Traits::ESCALATES, "a program that runs with its owner's rights"));
        }
        if what.contains('w') && (who.contains('o') || who.contains('a')) {
            return Some((Traits::LOOSENS_PERMISSIONS, "makes files writable for everybody"));
        }
    }
    None
}

fn chmod(m: &mut Machine<'_>, args: &[Value]) {
    // A mode may begin with a dash: `chmod -x file`.
    let is_mode =
        |text: &str| text.starts_with('-') && text.len() > 1 && text.chars().skip(1).all(|c| "rwxXst".contains(c));
    let taken: Option<String> = args.iter().find(|value| is_mode(&value.text)).map(|value| value.text.clone());
    let others: Vec<Value> = args.iter().filter(|value| !is_mode(&value.text)).cloned().collect();
    let parsed = Args::of(&others, "reference");
    let recursive = parsed.has(&["R", "recursive"]);
    let skip = usize::from(taken.is_none() && parsed.value(&["reference"]).is_none());
    let mode = taken.clone().unwrap_or_else(|| parsed.operand(0).to_owned());
    if mode.contains(crate::value::UNKNOWN) {
        m.puzzled("the mode is not known before");
    }
    let loosened = mode_traits(&mode);
    for target in parsed.from(skip) {
        let path = m.resolve(target);
        let place = zone(&path, m.place);
        if m.elsewhere {
            continue;
        }
        if let Some((traits, why)) = loosened {
            // A folder of one's own in /tmp is nobody else's matter.
            if traits.contains(Traits::ESCALATES) || place != Zone::Temp {
                m.mark(traits, why);
            }
        }
        let opens = mode.chars().all(|c| c.is_digit(8)) && u32::from_str_radix(&mode, 8).unwrap_or(0) & 0o077 != 0
            || mode.contains("o+")
            || mode.contains("a+r")
            || mode.contains("g+")
            || mode.starts_with("+r")
            || mode.contains("o=r")
            || mode.contains("go+");
        if m.names_secret(target) && opens {
            m.mark(Traits::LOOSENS_PERMISSIONS | Traits::READS_SECRET, "lets others read a secret");
        }
        if crate::targets::agent(&path, m.place)
            && (taken.is_some() || recursive || mode.starts_with('0') || mode.contains('-'))
        {
            m.mark(Traits::CHANGES_AGENT, "changes the files of an agent or of the hook");
        }
        if path.ends_with("docker.sock") {
            m.mark(Traits::ESCALATES | Traits::ESCAPES_CONTAINER, "lets others start containers");
        }
        if path.contains("/.git/hooks/") {
            m.mark(Traits::PERSISTS | Traits::CHANGES_SUPPLY_CHAIN, "lets a hook of git run");
        }
        if place == Zone::System {
            m.mark(Traits::LOOSENS_PERMISSIONS, "changes files of the system");
        }
        if recursive && !matches!(place, Zone::Project | Zone::Temp) {
            let harmless = place == Zone::ProjectRoot
                && loosened.is_none()
                && !mode.starts_with('0')
                && mode != "000"
                && taken.is_none();
            if !harmless {
                m.mark(Traits::LOOSENS_PERMISSIONS, "changes the modes of a whole tree");
            }
        }
        if recursive && matches!(mode.as_str(), "000" | "0" | "a-rwx" | "-rwx" | "a-w") {
            m.mark(Traits::DESTROYS_FILES, "makes a whole tree useless");
        }
    }
}

fn chown(m: &mut Machine<'_>, args: &[Value]) {
    let parsed = Args::of(args, "reference from");
    let recursive = parsed.has(&["R", "recursive"]);
    let owner = parsed.operand(0).to_owned();
    for target in parsed.from(1) {
        let path = m.resolve(target);
        let place = zone(&path, m.place);
        if m.elsewhere {
            continue;
        }
        if matches!(place, Zone::System | Zone::Root | Zone::HomeRoot | Zone::AboveProject)
            || recursive
                && matches!(place, Zone::Home | Zone::ProjectRoot | Zone::Elsewhere)
                && !owner.starts_with(crate::path::base(m.place.home))
                && !owner.contains(crate::value::UNKNOWN)
        {
            m.mark(Traits::LOOSENS_PERMISSIONS, "changes the owner of many files or of the system's");
        } else if owner.starts_with("root") || owner.starts_with("nobody") || owner.starts_with('0') {
            m.mark(Traits::LOOSENS_PERMISSIONS, "gives files to another user");
        }
    }
}
