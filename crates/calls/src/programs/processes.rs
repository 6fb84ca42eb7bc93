//! Processes: stopping them, stopping the machine, using it up, attacking others.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, UNKNOWN, Value};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    match name {
        "kill" => kill(m, args),
        "pkill" | "killall" | "skill" | "xkill" | "taskkill" | "fkill" => by_name(m, name, args),
        "fuser" => {
            if args.iter().any(|value| value.text.starts_with('-') && value.text.contains('k'))
                && args.iter().any(|value| matches!(value.text.as_str(), "-m" | "-km" | "-mk" | "/"))
            {
                m.mark(Traits::EXHAUSTS, "stops everything that uses a disk");
            }
        }
        "lsof" | "pgrep" | "pidof" => {
            if name != "lsof" {
                m.sought.extend(
                    args.iter().filter(|value| !value.text.starts_with('-')).map(|value| value.text.clone()).take(8),
                );
            }
            let wide = name == "pgrep"
                && args.iter().any(|value| value.text == "-u" || value.text == "." || value.text == "-U");
            return Some(if wide {
                Value { text: "-1".to_owned(), flow: Flow::LIST, glob: false }
            } else {
                Value::unknown(Flow::LIST)
            });
        }
        "reboot" | "shutdown" | "halt" | "poweroff" | "telinit" | "init" | "kexec" | "pm-suspend"
        | "systemctl-reboot" => {
            if name == "init" && !args.first().is_some_and(|value| matches!(value.text.as_str(), "0" | "6" | "1" | "S"))
                || name == "shutdown" && args.iter().any(|value| value.text == "-c")
            {
                return Some(Value::default());
            }
            m.mark(Traits::EXHAUSTS, "stops the machine");
        }
        "stress" | "stress-ng" | "sysbench-all" | "slowhttptest" | "hping3" | "hping" | "slowloris" | "goldeneye"
        | "siege" | "mdk4" | "t50" | "dos" | "hulk" | "loic" => m.mark(Traits::EXHAUSTS, "uses up a machine"),
        "wrk" | "wrk2" | "ab" | "hey" | "vegeta" | "bombardier" | "k6" | "artillery" | "locust" | "autocannon"
        | "oha" | "drill-load" | "jmeter" | "gatling" | "loadtest" | "fortio" | "ghz" | "plow" => {
            load_test(m, name, args)
        }
        "nmap"
        | "masscan"
        | "zmap"
        | "rustscan"
        | "nikto"
        | "sqlmap"
        | "hydra"
        | "medusa"
        | "ncrack"
        | "john"
        | "hashcat"
        | "aircrack-ng"
        | "aireplay-ng"
        | "airmon-ng"
        | "ettercap"
        | "bettercap"
        | "responder"
        | "msfconsole"
        | "msfvenom"
        | "gobuster"
        | "ffuf"
        | "dirb"
        | "dirbuster"
        | "wfuzz"
        | "wpscan"
        | "nuclei"
        | "crackmapexec"
        | "netexec"
        | "nxc"
        | "impacket-secretsdump"
        | "secretsdump.py"
        | "mimikatz"
        | "arpspoof"
        | "dnsspoof"
        | "tcpkill"
        | "tcpnice"
        | "sshmitm"
        | "webmitm"
        | "urlsnarf"
        | "mailsnarf"
        | "filesnarf"
        | "msgsnarf"
        | "nping"
        | "nemesis"
        | "scapy3"
        | "fragroute"
        | "mitm6"
        | "evilginx"
        | "hostapd-wpe"
        | "parasite6"
        | "fake_router6"
        | "thc-ssl-dos"
        | "macchanger"
        | "patator"
        | "feroxbuster"
        | "amass"
        | "subfinder"
        | "enum4linux"
        | "evil-winrm"
        | "setoolkit"
        | "beef"
        | "xsstrike"
        | "commix"
        | "linpeas.sh"
        | "linpeas"
        | "chisel-scan"
        | "unicornscan"
        | "theHarvester"
        | "recon-ng"
        | "kismet"
        | "reaver"
        | "wifite"
        | "cewl"
        | "crunch"
        | "fcrackzip"
        | "pdfcrack"
        | "john-the-ripper"
        | "bloodhound-python"
        | "kerbrute"
        | "rpcclient"
        | "smbmap"
        | "onesixtyone"
        | "snmpwalk-brute"
        | "whatweb"
        | "dnsrecon"
        | "fierce"
        | "arp-scan"
        | "netdiscover"
        | "p0f"
        | "yersinia"
        | "scapy" => attack(m, name, args),
        "tcpdump" | "tshark" | "wireshark" | "dumpcap" | "ngrep" | "mitmproxy" | "mitmdump" | "mitmweb"
        | "sslstrip" | "dsniff" | "bpftrace" | "sysdig" => {
            m.mark(Traits::READS_SECRET, "listens to the network or the system")
        }
        "xmrig" | "minerd" | "cpuminer" | "ethminer" | "t-rex" | "nbminer" | "phoenixminer" | "lolminer"
        | "cgminer" | "bfgminer" | "gminer" | "ccminer" | "xmr-stak" | "nanominer" | "srbminer" => {
            m.mark(Traits::EXHAUSTS, "uses the machine to make money")
        }
        "yes" => {
            return Some(Value::unknown(Flow::ENDLESS));
        }
        "renice" | "killall5" | "tcpreplay" | "macof" | "sysbench" | "hwclock" => {
            m.mark(Traits::EXHAUSTS, "uses up or stops the machine")
        }
        "timedatectl" | "hostnamectl" | "localectl" => {
            if args.first().is_some_and(|value| value.text.starts_with("set")) {
                m.mark(Traits::DISABLES_SECURITY, "changes settings of the machine");
            }
        }
        "userdel" | "deluser" | "groupdel" | "delgroup" => {
            m.mark(Traits::CHANGES_ACCESS | Traits::DESTROYS_FILES, "removes an account")
        }
        "ifconfig" | "ip" | "nmcli" | "ifdown" | "networksetup" | "rfkill" | "iw" | "iwconfig" | "route"
        | "ethtool" | "tc" | "wg-quick" | "brctl" | "bridge" | "netplan" | "resolvconf" => network(m, name, args),
        "swapoff" | "swapon" | "sysctl" | "modprobe" | "insmod" | "rmmod" | "depmod" | "kmod" => kernel(m, name, args),
        "gpg" | "gpg2" => gpg(m, args),
        "openssl-enc" => {}
        _ => {
            if args.iter().any(|value| value.text.starts_with("stratum+") || value.text.contains("stratum+tcp")) {
                m.mark(Traits::EXHAUSTS, "uses the machine to make money");
                return Some(Value::default());
            }
            return None;
        }
    }
    Some(Value::unknown(Flow::OUTPUT))
}

fn kill(m: &mut Machine<'_>, args: &[Value]) {
    let mut operands = args.iter().peekable();
    let mut targets = Vec::new();
    let mut first = true;
    while let Some(value) = operands.next() {
        let text = value.text.as_str();
        if first && text.starts_with('-') && text != "--" {
            if matches!(text, "-s" | "-n") {
                operands.next();
            }
            if matches!(text, "-l" | "-L" | "--list") {
                return;
            }
            // `kill -1` alone has no target and is a signal; `kill -9 -1` has one.
            first = false;
            continue;
        }
        first = false;
        if text != "--" {
            targets.push(value);
        }
    }
    let unknown = targets.iter().any(|value| !value.is_known());
    if unknown && !m.sought.is_empty() {
        let names: Vec<Value> = m.sought.iter().map(Value::known).collect();
        by_name(m, "kill", &names);
    }
    let listed = m.acts.iter().any(|act| matches!(act.program.as_str(), "ps" | "pgrep" | "pidof" | "awk" | "top"));
    if targets.iter().any(|value| value.text.contains(['*', '['])) {
        m.mark(Traits::EXHAUSTS, "stops all processes of the person");
    }
    let found = listed
        && targets.iter().any(|value| {
            !value.is_known()
                && value.flow.has(Flow::OUTPUT)
                && !value.flow.has(Flow::LIST)
                && !value.flow.has(Flow::FILE)
        });
    if found || targets.iter().any(|value| matches!(value.text.as_str(), "-1" | "1" | "0")) {
        m.mark(Traits::EXHAUSTS, "stops all processes of the person");
    }
}

fn by_name(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    let parsed = Args::of(args, "u U g G t P s signal user F o y im IM pid PID fi");
    if parsed.has(&["l", "list"]) && name == "killall" {
        return;
    }
    const AGENTS: &[&str] =
        &["claude", "codex", "cursor", "gemini", "copilot", "yata", "yata-hook", "opencode", "windsurf"];
    const WATCHERS: &[&str] = &[
        "osqueryd",
        "auditd",
        "falcon-sensor",
        "rsyslogd",
        "syslog",
        "clamd",
        "freshclam",
        "wazuh",
        "ossec",
        "crowdstrike",
        "sentinelone",
        "mdatp",
        "wdavdaemon",
        "fail2ban",
        "snort",
        "suricata",
        "falco",
        "tetragon",
        "MsMpEng",
        "sysmon",
        "carbonblack",
        "cbagentd",
        "elastic-agent",
        "auditbeat",
        "filebeat",
        "splunkd",
        "xagt",
        "jamf",
        "santad",
        "little snitch",
        "lulu",
        "aide",
        "tripwire",
        "apparmor",
        "firewalld",
        "ufw",
        "zeek",
        "velociraptor",
        "qualys",
        "nessus",
    ];
    let pattern = |value: &Value| value.text.to_ascii_lowercase();
    if parsed.rest.iter().any(|value| AGENTS.iter().any(|agent| pattern(value).contains(agent))) {
        m.mark(Traits::CHANGES_AGENT | Traits::DISABLES_SECURITY, "stops an agent or the hook");
    } else if parsed
        .rest
        .iter()
        .any(|value| WATCHERS.iter().any(|watcher| pattern(value).contains(&watcher.to_ascii_lowercase())))
    {
        m.mark(Traits::DISABLES_SECURITY, "stops what watches over the machine");
    } else if parsed.has(&["u", "U", "user"]) && parsed.rest.is_empty()
        || parsed
            .rest
            .iter()
            .any(|value| matches!(value.text.as_str(), "." | ".*" | "" | "*" | "-1") || value.text.contains(UNKNOWN))
        || name == "killall" && parsed.has(&["u", "user"])
    {
        m.mark(Traits::EXHAUSTS, "stops all processes of the person");
    } else if parsed.rest.len() > 2 && name != "fkill"
        || parsed.rest.iter().any(|value| {
            matches!(
                value.text.as_str(),
                "bash"
                    | "zsh"
                    | "sh"
                    | "sshd"
                    | "systemd"
                    | "init"
                    | "Xorg"
                    | "gnome-shell"
                    | "launchd"
                    | "WindowServer"
                    | "Finder"
                    | "loginwindow"
                    | "code"
                    | "tmux"
                    | "dbus-daemon"
                    | "NetworkManager"
                    | "systemd-networkd"
                    | "systemd-resolved"
                    | "wpa_supplicant"
                    | "dockerd"
                    | "ssh-agent"
                    | "explorer.exe"
                    | "python"
                    | "java"
                    | "postgres"
                    | "mysqld"
                    | "containerd"
                    | "kubelet"
            )
        }) && (parsed.has(&["9", "KILL", "f"]) || name == "killall" || parsed.has(&["s"]))
    {
        m.mark(Traits::EXHAUSTS, "stops processes that others need");
    }
}

fn load_test(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    let parsed =
        Args::of(args, "c n t d u vus users duration connections threads rate amount z q H R p requests concurrency");
    let big = parsed
        .values(&["c", "n", "vus", "users", "u", "connections", "rate", "R", "concurrency", "requests"])
        .any(|value| {
            value.text.trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().is_ok_and(|count| count >= 500)
        });
    let long = parsed.values(&["d", "duration", "z"]).any(|value| value.text.ends_with('h'));
    let remote = parsed
        .rest
        .iter()
        .any(|value| value.text.contains("://") && !crate::net::is_local(crate::net::host(&value.text)));
    let own = !remote && parsed.rest.iter().any(|value| value.text.contains("://") && value.is_known());
    if own {
        return;
    }
    if name == "vegeta" && args.iter().any(|value| value.text == "attack") || big || long || remote && name != "k6" {
        m.mark(Traits::EXHAUSTS | Traits::OUTWARD, "floods a service with requests");
    }
}

fn attack(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    let local = name == "nmap"
        && args.iter().any(|value| crate::net::is_local(&value.text) && !value.text.is_empty())
        && !args.iter().any(|value| {
            value.text.contains("--script=/") || value.text.starts_with("--script") && value.text.contains('/')
        });
    if local {
        return;
    }
    m.mark(Traits::EXHAUSTS | Traits::OUTWARD | Traits::EVADES, "a tool to probe or attack other machines");
}

fn network(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    let texts = super::texts(args);
    if let ["netns", "exec", _, ..] = texts.as_slice() {
        let words = args.get(3..).unwrap_or(&[]).to_vec();
        m.run(words);
        return;
    }
    let has = |word: &str| texts.contains(&word);
    let off = match name {
        "ip" => {
            has("down")
                || texts
                    .iter()
                    .any(|text| matches!(*text, "del" | "delete" | "flush" | "add" | "replace" | "change" | "set"))
                    && !has("show")
        }
        "nmcli" => texts.iter().any(|text| {
            matches!(*text, "off" | "down" | "delete" | "del" | "modify" | "mod" | "edit" | "disconnect" | "reapply")
        }),
        "ifconfig" => has("down") || has("up") || texts.len() > 2,
        "networksetup" => texts.first().is_some_and(|text| text.starts_with("-set")),
        "route" => has("add") || has("del") || has("delete") || has("flush"),
        "rfkill" => has("block"),
        "ethtool" | "tc" | "iw" | "iwconfig" => texts.len() > 2 && !has("show"),
        _ => !texts.is_empty() && !has("show") && !has("status") && !has("get"),
    };
    if off {
        m.mark(Traits::EXHAUSTS | Traits::DISABLES_SECURITY, "changes the network of the machine");
    }
}

fn kernel(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    let texts = super::texts(args);
    let writes = match name {
        "sysctl" => texts
            .iter()
            .any(|text| text.contains('=') || matches!(*text, "-w" | "--write" | "-p" | "--load" | "--system")),
        "modprobe" => {
            !texts.iter().any(|text| matches!(*text, "-n" | "--show-depends" | "-c" | "--showconfig" | "--dry-run"))
        }
        "kmod" => texts.iter().any(|text| matches!(*text, "load" | "unload" | "insert" | "remove")),
        "swapon" => !texts.iter().any(|text| text.starts_with("--show") || *text == "-s"),
        _ => true,
    };
    if writes && !texts.is_empty() {
        m.mark(Traits::DISABLES_SECURITY | Traits::ESCALATES, "changes the running system");
    }
}

fn gpg(m: &mut Machine<'_>, args: &[Value]) {
    let parsed = Args::of(
        args,
        "o output r recipient u local-user passphrase passphrase-file passphrase-fd homedir keyserver default-key trusted-key pinentry-mode batch-size recv-keys-not",
    );
    if parsed.options().any(|(name, _)| name.starts_with("export-secret") || name == "export-ownertrust") {
        m.mark(Traits::READS_SECRET, "exports private keys");
    }
    if parsed.options().any(|(name, _)| {
        name.starts_with("delete-secret")
            || matches!(
                name,
                "delete-keys"
                    | "delete-key"
                    | "gen-key"
                    | "full-generate-key"
                    | "quick-gen-key"
                    | "quick-generate-key"
                    | "full-gen-key"
                    | "edit-key"
                    | "import"
                    | "generate-key"
                    | "gen-revoke"
                    | "quick-add-uid"
                    | "quick-set-expire"
                    | "recv-keys"
                    | "import-ownertrust"
                    | "sign-key"
                    | "lsign-key"
            )
    }) {
        m.mark(Traits::CHANGES_ACCESS, "changes keys");
    }
    if parsed.has(&["always-trust", "trusted-key"])
        || parsed
            .options()
            .any(|(name, value)| name == "trust-model" && value.is_some_and(|value| value.text == "always"))
    {
        m.mark(Traits::DISABLES_SECURITY, "trusts any key");
    }
    let encrypts = parsed.has(&["c", "symmetric", "e", "encrypt"]);
    for file in &parsed.rest {
        m.read(file);
    }
    if encrypts
        && parsed.value(&["passphrase", "passphrase-file"]).is_some()
        && parsed.rest.iter().any(|file| file.glob)
    {
        m.mark(Traits::DESTROYS_FILES, "locks files away behind a password");
    }
    if let Some(file) = parsed.value(&["o", "output"]).cloned() {
        m.write(&file, false, &Value::unknown(Flow::OUTPUT));
    }
}
