//! Services, timers and what else runs later.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

const GUARDS: &[&str] = &[
    "firewalld",
    "ufw",
    "iptables",
    "nftables",
    "auditd",
    "apparmor",
    "selinux",
    "falcon",
    "crowdstrike",
    "clamav",
    "clamd",
    "freshclam",
    "osquery",
    "wazuh",
    "ossec",
    "rsyslog",
    "syslog",
    "journald",
    "fail2ban",
    "sentinel",
    "mdatp",
    "defender",
    "sysmon",
    "WinDefend",
    "EventLog",
    "mpssvc",
    "suricata",
    "snort",
    "falco",
    "elastic-agent",
    "auditbeat",
    "splunk",
    "santa",
    "tripwire",
    "aide",
    "snoopy",
    "sssd",
    "chrony",
    "unattended-upgrades",
    "jamf",
    "yata",
    "qualys",
    "nessus",
];

fn guard(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    GUARDS.iter().any(|name| lower.contains(&name.to_ascii_lowercase()))
}

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let texts: Vec<String> = args.iter().map(|value| value.text.clone()).collect();
    let has = |word: &str| texts.iter().any(|text| text == word);
    match name {
        "systemctl" => {
            let parsed = Args::of(args, "H M t p n o state type property lines output root");
            let verb = parsed.operand(0).to_owned();
            let units = parsed.from(1).to_vec();
            let user = parsed.has(&["user"]);
            let guards = units.iter().any(|unit| guard(&unit.text));
            match verb.as_str() {
                "stop" | "disable" | "mask" | "kill" if guards => {
                    m.mark(Traits::DISABLES_SECURITY, "stops what watches over the machine")
                }
                "enable" | "link" | "edit" | "reenable" | "add-wants" | "preset" | "set-default" | "revert"
                | "set-environment" | "import-environment" => {
                    m.mark(Traits::PERSISTS, "makes something start by itself")
                }
                "daemon-reload" | "daemon-reexec" if !user => m.mark(Traits::PERSISTS, "takes over changed services"),
                "stop" | "disable" | "mask" | "kill"
                    if units.iter().any(|unit| unit.glob || unit.text.contains('*')) || !user =>
                {
                    m.mark(Traits::EXHAUSTS, "stops services of the machine")
                }
                "isolate" | "reboot" | "poweroff" | "halt" | "rescue" | "emergency" | "suspend" | "hibernate"
                | "kexec" | "soft-reboot" | "exit" | "default" => m.mark(Traits::EXHAUSTS, "stops the machine"),
                "start" | "restart" | "reload" | "try-restart" if !user => {
                    m.mark(Traits::CHANGES_INFRASTRUCTURE, "starts services of the machine")
                }
                _ => {}
            }
        }
        "service" | "rc-service" | "invoke-rc.d" | "sv" | "initctl" => {
            let stops = has("stop") || has("disable") || has("down") || has("--full-restart-x");
            if stops && texts.iter().any(|text| guard(text)) {
                m.mark(Traits::DISABLES_SECURITY, "stops what watches over the machine");
            } else if stops {
                m.mark(Traits::EXHAUSTS, "stops services of the machine");
            } else if has("start") || has("restart") || has("reload") {
                m.mark(Traits::CHANGES_INFRASTRUCTURE, "starts services of the machine");
            }
        }
        "update-rc.d" | "chkconfig" | "rc-update" | "insserv" => {
            if texts.len() > 1 {
                m.mark(Traits::PERSISTS, "makes something start by itself");
            }
        }
        "loginctl" => {
            if texts.first().is_some_and(|text| text.starts_with("enable-linger")) {
                m.mark(Traits::PERSISTS, "lets services run without a session");
            } else if texts.first().is_some_and(|text| text.starts_with("terminate") || text.starts_with("kill")) {
                m.mark(Traits::EXHAUSTS, "ends sessions");
            }
        }
        "crontab" => {
            let parsed = Args::of(args, "u");
            if parsed.has(&["l"]) && !parsed.has(&["r"]) {
                return Some(Value::unknown(Flow::OUTPUT));
            }
            m.mark(Traits::PERSISTS, "changes what runs by the clock");
            let text = m.stdin.text.clone();
            for line in text.lines().take(64) {
                let command: String = line
                    .split_whitespace()
                    .skip(if line.trim_start().starts_with('@') { 1 } else { 5 })
                    .collect::<Vec<_>>()
                    .join(" ");
                if !command.is_empty() && !line.starts_with('#') {
                    m.text(&command);
                }
            }
        }
        "atrm" | "fcrontab" => m.mark(Traits::PERSISTS, "changes what runs by the clock"),
        "pm2" | "supervisorctl" | "forever" | "circusctl" | "monit" => {
            if has("startup") || has("save") && name == "pm2" {
                m.mark(Traits::PERSISTS, "makes something start by itself");
            }
            if (has("delete") || has("stop") || has("kill")) && (has("all") || name == "pm2" && has("kill")) {
                m.mark(Traits::EXHAUSTS, "stops all services");
            }
        }
        "journalctl" => {
            if texts.iter().any(|text| text.starts_with("--vacuum") || text == "--rotate" || text == "--relinquish-var")
            {
                m.mark(Traits::DISABLES_SECURITY, "removes the system's logs");
            }
        }
        "logrotate" => {
            let outside =
                args.iter().any(|value| !value.text.starts_with('-') && !m.resolve(value).starts_with(m.place.project));
            if outside && !has("-d") && !has("--debug") {
                m.mark(Traits::NOT_UNDERSTOOD | Traits::DISABLES_SECURITY, "runs what its settings name");
            }
        }
        "update-alternatives" | "alternatives" | "ldconfig" | "dpkg-divert" | "dpkg-reconfigure" => {
            if !has("--list") && !has("--display") && !has("--query") && !has("-p") {
                m.mark(Traits::PERSISTS, "changes which programs the system uses");
            }
        }
        "ssh-copy-id" => m.mark(Traits::PERSISTS | Traits::CHANGES_ACCESS, "lets a key sign in"),
        "xdg-open" | "open" | "start" | "gio" | "kde-open" | "gnome-open" | "xdg-mime" | "xdg-settings" => {
            opened(m, name, args)
        }
        "run-parts" => {
            if let Some(folder) = args.iter().rev().find(|value| !value.text.starts_with('-')).cloned() {
                let path = m.resolve(&folder);
                if !path.starts_with(m.place.project) {
                    m.puzzled("runs everything in a folder");
                }
            }
        }
        _ => return None,
    }
    Some(Value::unknown(Flow::OUTPUT))
}

fn opened(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    if matches!(name, "xdg-mime" | "xdg-settings") {
        if args.first().is_some_and(|value| matches!(value.text.as_str(), "default" | "set" | "install")) {
            m.mark(Traits::PERSISTS, "changes which programs open files");
        }
        return;
    }
    let parsed = Args::of(args, "a b");
    for file in &parsed.rest {
        if file.text.contains("://") {
            m.request(file, crate::net::Load::default());
            continue;
        }
        let ending = file.text.rsplit('.').next().unwrap_or("");
        let runs = matches!(
            ending,
            "desktop"
                | "command"
                | "app"
                | "sh"
                | "exe"
                | "jar"
                | "workflow"
                | "scpt"
                | "pkg"
                | "dmg"
                | "terminal"
                | "AppImage"
        );
        let outside = !m.resolve(file).starts_with(m.place.project);
        if runs && outside || parsed.value(&["a"]).is_some_and(|program| program.text.contains("Terminal")) {
            m.puzzled("opens a file that runs");
        }
    }
}
