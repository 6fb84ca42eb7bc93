//! Programs that protect the machine, or switch that off; agents' own programs.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let texts: Vec<&str> = super::texts(args);
    let has = |word: &str| texts.contains(&word);
    let off = |m: &mut Machine<'_>| m.mark(Traits::DISABLES_SECURITY, "changes what protects the machine");
    match name {
        "ufw" | "firewall-cmd" | "iptables" | "ip6tables" | "nft" | "ipset" | "ebtables" | "shorewall" | "pfctl"
        | "csf" => {
            let looks = texts.is_empty()
                || texts.iter().all(|text| {
                    matches!(
                        *text,
                        "status"
                            | "-L"
                            | "-S"
                            | "-n"
                            | "-v"
                            | "--line-numbers"
                            | "list"
                            | "ruleset"
                            | "verbose"
                            | "numbered"
                            | "--list-all"
                            | "--state"
                            | "-t"
                            | "nat"
                            | "filter"
                            | "-s"
                            | "rules"
                            | "show"
                            | "--list-all-zones"
                            | "--get-active-zones"
                            | "-nvL"
                            | "-nL"
                            | "--list"
                            | "raw"
                            | "app"
                    )
                });
            if !looks {
                off(m);
                if texts.iter().any(|text| {
                    matches!(*text, "allow" | "ACCEPT" | "accept")
                        || text.starts_with("--add-port")
                        || text.starts_with("--add-service")
                }) {
                    m.mark(Traits::EXPOSES_NETWORK, "opens ports to others");
                }
            }
        }
        "setenforce"
        | "aa-disable"
        | "aa-complain"
        | "aa-teardown"
        | "apparmor_parser"
        | "auditctl"
        | "auditd"
        | "update-ca-certificates"
        | "update-ca-trust"
        | "trust"
        | "certutil"
        | "sestatus-off"
        | "fail2ban-client"
        | "snort-off"
        | "spctl"
        | "csrutil"
        | "fdesetup"
        | "mokutil"
        | "sbctl"
        | "fapolicyd-cli"
        | "usbguard"
        | "tpm2_clear"
        | "cryptsetup-erase"
        | "falconctl"
        | "sentinelctl"
        | "mdatp"
        | "osqueryctl"
        | "wazuh-control"
        | "freshclam-off"
        | "nvram"
        | "bless"
        | "pwpolicy"
        | "profiles"
        | "tccutil" => {
            let looks = texts.iter().any(|text| {
                matches!(
                    *text,
                    "status"
                        | "list"
                        | "-l"
                        | "-s"
                        | "show"
                        | "--status"
                        | "-L"
                        | "--list"
                        | "ping"
                        | "health"
                        | "-p"
                        | "--assess"
                        | "-a"
                        | "verify"
                        | "extract"
                )
            }) && !has("-D")
                && !has("-e")
                && name != "setenforce"
                && name != "aa-disable"
                && !texts.iter().any(|text| text.contains("disable"));
            if !looks
                && (!texts.is_empty()
                    || matches!(name, "update-ca-certificates" | "update-ca-trust" | "tpm2_clear" | "aa-teardown"))
            {
                off(m);
            }
        }
        "copilot"
            if texts.first().is_some_and(|text| {
                matches!(*text, "app" | "svc" | "env" | "deploy" | "job" | "pipeline" | "task" | "secret" | "storage")
            }) =>
        {
            return None;
        }
        "claude" => claude(m, args),
        "codex" | "gemini" | "copilot" | "aider" | "opencode" | "cursor-agent" | "cursor" | "amp" | "goose"
        | "cline" | "roo" | "q" | "kiro" | "kiro-cli" | "qwen" | "windsurf" | "droid" | "agent" | "crush" | "devin"
        | "agy" | "auggie" | "plandex" | "gptme" | "llm" | "open-interpreter" | "interpreter" => {
            other_agent(m, name, args)
        }
        "yata" | "yata-hook" => {
            let changes = texts.iter().any(|text| {
                matches!(
                    *text,
                    "install" | "uninstall" | "pin" | "register" | "--fix" | "remove" | "disable" | "off" | "accept"
                )
            });
            if changes && !super::is_dry(args) {
                m.mark(Traits::CHANGES_AGENT, "changes the hook or its policy");
            }
        }
        "git-crypt" | "sops" | "age" | "rage" | "transcrypt" | "blackbox_cat" | "eyaml" | "jwt" | "kubeseal"
        | "ejson" => {
            let decrypts = has("-d")
                || has("--decrypt")
                || has("decrypt")
                || has("unlock")
                || has("exec-env")
                || has("exec-file")
                || has("export-key")
                || has("edit") && name == "sops"
                || name == "blackbox_cat"
                || name == "sops" && texts.len() == 1 && !texts.iter().any(|text| text.starts_with("--"));
            if decrypts {
                m.mark(Traits::READS_SECRET, "decrypts secrets");
                if let Some(file) = Args::of(args, "o output i identity r recipient p").value(&["o", "output"]).cloned()
                {
                    m.write(&file, false, &Value::unknown(Flow::SECRET));
                }
                return Some(Value::unknown(Flow::SECRET));
            }
            if name == "sops" && (has("rotate") || has("updatekeys") || has("-r")) {
                m.mark(Traits::CHANGES_ACCESS, "changes keys");
            }
        }
        "ssh-keygen" => {
            let parsed = Args::of(args, "t b f N C P m I s n V Y O E a D R l-");
            let file = parsed.value(&["f"]).cloned();
            if parsed.has(&["y"]) {
                if let Some(file) = file {
                    m.read(&file);
                }
                m.mark(Traits::READS_SECRET, "reads a private key");
            } else if parsed.has(&["p"]) || parsed.has(&["s"]) && parsed.value(&["I"]).is_some() {
                m.mark(Traits::CHANGES_ACCESS, "changes a key, or signs one");
            } else if parsed.has(&["R"]) {
                m.mark(Traits::DISABLES_SECURITY, "forgets a known host");
            } else if !parsed.has(&["l", "B", "F", "e", "i", "H", "Q"]) {
                let file = file.unwrap_or_else(|| Value::known("~/.ssh/id_ed25519"));
                let path = m.resolve(&file);
                if path.contains("/.ssh/") {
                    m.mark(Traits::CHANGES_ACCESS, "makes a key that signs in");
                }
                m.act(crate::ActKind::WriteFile, path, Traits::NONE, "");
            }
        }
        "ssh-add" => {
            let parsed = Args::of(args, "t e s");
            if parsed.has(&["D", "d"]) || parsed.has(&["x", "X"]) {
                m.mark(Traits::CHANGES_ACCESS, "removes keys from the agent of ssh");
            } else if !parsed.has(&["l", "L"]) && !parsed.rest.is_empty() {
                m.mark(Traits::CHANGES_ACCESS, "lets a key sign in");
            }
        }
        "history-clear" => off(m),
        _ => return None,
    }
    Some(Value::unknown(Flow::OUTPUT))
}

fn claude(m: &mut Machine<'_>, args: &[Value]) {
    let texts = super::texts(args);
    let has = |word: &str| texts.contains(&word);
    bypass(m, &texts);
    let changes = match texts.first().copied().unwrap_or("") {
        "mcp" => matches!(
            texts.get(1).copied().unwrap_or(""),
            "add" | "add-json" | "remove" | "add-from-claude-desktop" | "reset-project-choices" | "serve"
        ),
        "config" => matches!(texts.get(1).copied().unwrap_or(""), "set" | "add" | "remove" | "rm"),
        "plugin" | "plugins" => !matches!(texts.get(1).copied().unwrap_or(""), "list" | "validate" | ""),
        "setup-token" | "logout" | "install" | "migrate-installer" => true,
        _ => {
            has("--settings")
                || has("--mcp-config")
                || texts.iter().any(|text| text.starts_with("--settings=") || text.starts_with("--mcp-config="))
        }
    };
    if changes {
        m.mark(Traits::CHANGES_AGENT, "changes the settings of an agent");
    }
}

fn bypass(m: &mut Machine<'_>, texts: &[&str]) {
    const FLAGS: &[&str] = &[
        "--dangerously-skip-permissions",
        "--allow-dangerously-skip-permissions",
        "--dangerously-bypass-approvals-and-sandbox",
        "--yolo",
        "--full-auto",
        "--allow-all-tools",
        "--allow-all-paths",
        "--allow-all",
        "--yes-always",
        "--trust-all-tools",
        "-a=never",
        "--auto-approve",
        "--skip-trust",
        "--dangerously-allow-all",
        "--skip-permissions-unsafe",
        "--no-sandbox",
        "--force-approve",
        "--auto-accept",
        "--unsafe",
        "--trust-tools",
        "-y!",
        "--auto_run",
        "--dangerously-allow-browser",
        "--dangerously-bypass-hook-trust",
    ];
    let pair = texts.windows(2).any(|two| matches!(two, ["--permission-mode", "bypassPermissions" | "acceptEdits" | "dontAsk"] | ["-a" | "--ask-for-approval", "never"] | ["-s" | "--sandbox", "danger-full-access"] | ["--approval-mode", "yolo" | "auto_edit"] | ["--allow-tool" | "--allowedTools" | "--allowed-tools", _] | ["-c" | "--config", _] if two.get(1).is_some_and(|value| !matches!(two.first(), Some(&("-c" | "--config"))) || value.contains("approval") || value.contains("sandbox"))));
    let joined = texts.iter().any(|text| {
        matches!(
            *text,
            "--permission-mode=bypassPermissions"
                | "--approval-mode=yolo"
                | "--sandbox=danger-full-access"
                | "--ask-for-approval=never"
                | "--sandbox=false"
                | "--trust"
        ) || text.starts_with("--dangerously")
    });
    if pair || joined || texts.iter().any(|text| FLAGS.contains(text)) {
        m.mark(Traits::CHANGES_AGENT | Traits::DISABLES_SECURITY, "starts an agent that asks nobody");
    }
}

fn other_agent(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    let texts = super::texts(args);
    bypass(m, &texts);
    let asks = match name {
        "aider" => texts.iter().any(|text| matches!(*text, "--yes" | "--auto-test" | "--yes-always")),
        "gemini" | "qwen" | "interpreter" | "crush" => texts.iter().any(|text| matches!(*text, "-y" | "--auto_run")),
        "cursor-agent" | "agent" => texts.iter().any(|text| matches!(*text, "-f" | "--force")),
        "cursor" | "windsurf" => texts.contains(&"--install-extension") || texts.contains(&"--add-mcp"),
        "droid" => texts.iter().any(|text| text.starts_with("--skip") || *text == "high"),
        _ => false,
    };
    let changes = texts.first().is_some_and(|first| {
        matches!(
            *first,
            "mcp" | "extensions" | "extension" | "config" | "hooks" | "skills" | "plugin" | "settings" | "trust"
        )
    }) && texts.get(1).is_some_and(|second| {
        matches!(
            *second,
            "add"
                | "remove"
                | "install"
                | "uninstall"
                | "set"
                | "enable"
                | "disable"
                | "update"
                | "link"
                | "rm"
                | "delete"
                | "edit"
                | "new"
                | "migrate"
        )
    });
    if asks || changes {
        m.mark(Traits::CHANGES_AGENT, "changes what an agent may do, or starts one that asks nobody");
    }
}
