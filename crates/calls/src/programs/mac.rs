//! What only a Mac has.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

pub(super) fn osascript(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "e l s");
    let mut code = String::new();
    for value in parsed.values(&["e"]) {
        code.push_str(&value.text);
        code.push('\n');
    }
    if code.is_empty() {
        match parsed.rest.first().filter(|file| file.text != "-").cloned() {
            Some(file) => {
                m.run_file(&file, &[], "osascript");
            }
            None => code = m.stdin.text.clone(),
        }
    }
    apple(m, &code);
    Value::unknown(Flow::OUTPUT)
}

/// AppleScript, and JavaScript for the same.
pub(super) fn apple(m: &mut Machine<'_>, code: &str) {
    let mut rest = code;
    while let Some((_, after)) = rest.split_once("do shell script ") {
        let text = after.trim_start();
        let (command, tail) = text.strip_prefix('"').map_or(("", text), split_quoted);
        if command.is_empty() {
            m.puzzled("a script runs a command that is not known before");
        }
        let command = command.replace("\\\"", "\"").replace("\\\\", "\\");
        m.text(&command);
        if tail.contains("administrator privileges") {
            m.mark(Traits::ESCALATES, "runs as another user");
        }
        rest = after;
    }
    let lower = code.to_ascii_lowercase();
    for (mark, traits, why) in [
        ("hidden answer", Traits::READS_SECRET | Traits::DECEIVES, "asks the person for a password"),
        ("keystroke", Traits::EVADES | Traits::NOT_UNDERSTOOD, "types in another program"),
        ("key code", Traits::EVADES | Traits::NOT_UNDERSTOOD, "types in another program"),
        ("the clipboard", Traits::READS_SECRET, "reads the clipboard"),
        ("do script", Traits::EVADES | Traits::NOT_UNDERSTOOD, "runs a command in a terminal"),
        ("login item", Traits::PERSISTS, "makes something start by itself"),
        ("empty trash", Traits::DESTROYS_FILES, "empties the bin"),
        ("empty the trash", Traits::DESTROYS_FILES, "empties the bin"),
        ("shut down", Traits::EXHAUSTS, "stops the machine"),
        ("restart", Traits::EXHAUSTS, "stops the machine"),
        ("to delete", Traits::DESTROYS_FILES, "removes files"),
        ("make new outgoing message", Traits::SENDS_OUT, "sends a message"),
        ("send the", Traits::SENDS_OUT, "sends a message"),
    ] {
        if lower.contains(mark) {
            m.mark(traits, why);
        }
    }
    if code.contains("$.system(") || code.contains("doShellScript") || code.contains("ObjC.import") {
        crate::code::follow(
            m,
            "javascript",
            &code
                .replace("$.system", "system")
                .replace("app.doShellScript", "system")
                .replace("doShellScript", "system"),
        );
    }
}

fn split_quoted(text: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == '"' && !escaped {
            return (text.get(..at).unwrap_or(""), text.get(at..).unwrap_or(""));
        }
        escaped = c == '\\' && !escaped;
    }
    (text, "")
}

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let texts = super::texts(args);
    let has = |word: &str| texts.contains(&word);
    match name {
        "security" => {
            let action = texts.first().copied().unwrap_or("");
            match action {
                "find-generic-password" | "find-internet-password" => {
                    if texts.iter().any(|text| text.starts_with('-') && (text.contains('w') || text.contains('g'))) {
                        m.mark(Traits::READS_SECRET, "reads a password of the keychain");
                        return Some(Value::unknown(Flow::SECRET));
                    }
                }
                "dump-keychain" | "export" | "unlock-keychain" | "find-key" | "show-keychain-info" | "cms" => {
                    m.mark(Traits::READS_SECRET, "reads the keychain")
                }
                "add-trusted-cert"
                | "remove-trusted-cert"
                | "trust-settings-import"
                | "authorizationdb"
                | "delete-certificate"
                | "add-certificates" => m.mark(Traits::DISABLES_SECURITY, "changes whom the machine trusts"),
                "find-identity" | "list-keychains" | "default-keychain" | "verify-cert" | "find-certificate"
                | "help" | "error" => {}
                _ => m.mark(Traits::CHANGES_ACCESS, "changes the keychain"),
            }
        }
        "launchctl" => {
            if texts.first().is_some_and(|text| {
                matches!(
                    *text,
                    "load" | "bootstrap" | "submit" | "setenv" | "enable" | "kickstart" | "config" | "asuser"
                )
            }) {
                m.mark(Traits::PERSISTS, "makes something start by itself");
            } else if texts.first().is_some_and(|text| {
                matches!(*text, "unload" | "bootout" | "disable" | "remove" | "kill" | "reboot" | "stop")
            }) {
                m.mark(Traits::DISABLES_SECURITY, "stops services of the machine");
            }
        }
        "defaults" => {
            if texts.first().is_some_and(|text| matches!(*text, "write" | "delete" | "import")) {
                let security = texts.iter().any(|text| {
                    text.contains("com.apple.alf")
                        || text.contains("LaunchServices")
                        || text.contains("loginwindow")
                        || text.contains("screensaver")
                        || text.contains("LSQuarantine")
                        || text.starts_with("/Library")
                        || text.contains("SoftwareUpdate")
                        || text.contains("security")
                });
                m.mark(
                    if security { Traits::DISABLES_SECURITY } else { Traits::PERSISTS },
                    "changes settings of the machine",
                );
            }
        }
        "diskutil" => {
            if texts.first().is_some_and(|text| {
                text.to_ascii_lowercase().contains("erase")
                    || matches!(
                        *text,
                        "partitionDisk"
                            | "zeroDisk"
                            | "randomDisk"
                            | "unmountDisk"
                            | "reformat"
                            | "resetUserPermissions"
                    )
            }) || has("deleteVolume")
                || has("deleteContainer")
                || has("eraseVolume")
                || has("deleteSnapshot")
            {
                m.mark(Traits::DESTROYS_DISK, "erases a disk");
            }
        }
        "hdiutil" | "asr" => {
            if has("erase") || has("restore") || name == "asr" {
                m.mark(Traits::DESTROYS_DISK, "overwrites a disk");
            } else if has("attach") || has("mount") {
                m.mark(Traits::INSTALLS_UNUSUAL, "brings in a disk image");
            }
        }
        "tmutil" => {
            if texts.first().is_some_and(|text| {
                matches!(
                    *text,
                    "disable"
                        | "deletelocalsnapshots"
                        | "delete"
                        | "removedestination"
                        | "addexclusion"
                        | "deleteinprogress"
                        | "thinlocalsnapshots"
                )
            }) {
                m.mark(Traits::DESTROYS_FILES | Traits::DISABLES_SECURITY, "switches off or removes backups");
            }
        }
        "xattr" => {
            if texts.iter().any(|text| text.starts_with('-') && text.contains(['c', 'd', 'w'])) {
                m.mark(Traits::DISABLES_SECURITY, "takes the mark of a download off a file");
            }
        }
        "systemsetup" | "scutil" | "networksetup" | "pmset" | "kextload" | "kextutil" | "kmutil" | "sfltool"
        | "csrutil" | "spctl" | "nvram" | "softwareupdate" | "sysadminctl" | "dsenableroot" | "fdesetup"
        | "profiles" | "caffeinate-x" => {
            let looks = texts.is_empty()
                || texts.iter().any(|text| {
                    text.starts_with("-get")
                        || matches!(
                            *text,
                            "status"
                                | "--status"
                                | "-g"
                                | "--list"
                                | "-l"
                                | "list"
                                | "--get"
                                | "-p"
                                | "showloaded"
                                | "--dns"
                                | "--proxy"
                                | "--nwi"
                        )
                });
            if !looks {
                m.mark(Traits::DISABLES_SECURITY, "changes settings of the machine");
            }
        }
        "installer" => m.mark(Traits::INSTALLS_UNUSUAL, "installs a package from a file"),
        "screencapture" | "imagesnap" | "scrot" | "import" | "gnome-screenshot" | "grim" | "maim" | "flameshot" => {
            m.mark(Traits::READS_SECRET, "takes a picture of the screen");
            if let Some(file) = texts.iter().rev().find(|text| !text.starts_with('-')) {
                let path = m.resolve(&Value::known(*file));
                m.holds(path, Value::unknown(Flow::SECRET));
            }
        }
        "pbcopy" | "afplay" | "mdfind" | "sw_vers" | "mdls" => {}
        "plutil" | "PlistBuddy" => {
            if let Some(file) = Args::of(args, "c o replace insert convert").rest.last().cloned()
                && texts.iter().any(|text| {
                    text.starts_with("-replace")
                        || text.starts_with("-insert")
                        || text.starts_with("Set")
                        || text.starts_with("Add")
                })
            {
                m.write(&file, true, &Value::unknown(Flow::NONE));
            }
        }
        "shortcuts" | "automator" => m.puzzled("runs a workflow that is not known"),
        "codesign" => {
            if has("--remove-signature") {
                m.mark(Traits::DISABLES_SECURITY, "takes a signature off a program");
            }
        }
        _ => return None,
    }
    Some(Value::unknown(Flow::OUTPUT))
}
