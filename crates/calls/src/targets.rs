//! Files that matter when they are written: what agents, shells, schedulers, builds and the hook itself go by.

use crate::path::{absolute, base, within};
use crate::{Place, Traits};

/// Below the home; a folder ends with `/`.
const AGENT_HOME: &[&str] = &[
    ".claude/",
    ".claude.json",
    ".codex/",
    ".cursor/",
    ".gemini/",
    ".codeium/",
    ".copilot/",
    ".config/github-copilot/",
    ".continue/",
    ".config/opencode/",
    ".opencode/",
    ".local/share/opencode/",
    ".aws/amazonq/",
    ".kiro/",
    ".roo/",
    ".cline/",
    ".config/zed/",
    ".zed/",
    ".aider.conf.yml",
    ".config/goose/",
    ".amp/",
    ".config/amp/",
    ".factory/",
    ".qwen/",
    ".antigravity/",
    ".windsurf/",
    ".devin/",
    ".config/claude/",
    "library/application support/claude/",
    ".config/yata/",
    ".local/share/yata/",
    ".local/state/yata/",
    ".yata/",
    ".config/code/user/mcp.json",
    "library/application support/code/user/mcp.json",
    "library/application support/yata/",
];

const AGENT_SYSTEM: &[&str] = &[
    "/etc/claude-code/",
    "/etc/codex/",
    "/etc/gemini-cli/",
    "/etc/cursor/",
    "/etc/yata/",
    "/etc/github-copilot/",
    "/etc/windsurf/",
    "/etc/opencode/",
    "/library/application support/claudecode/",
    "/library/application support/cursor/",
    "/library/application support/geminicli/",
    "/library/managed preferences/",
    "/programdata/claudecode/",
    "/programdata/github-copilot/",
    "/program files/claudecode/",
    "/var/lib/yata/",
    "/var/log/yata/",
];

/// Inside any folder: patterns of the end of a path. A folder ends with `/`.
const AGENT_PROJECT: &[&str] = &[
    ".claude/settings.json",
    ".claude/settings.local.json",
    ".claude/hooks/",
    ".claude/agents/",
    ".claude/commands/",
    ".claude/skills/",
    ".claude/plugins/",
    ".codeium/",
    ".mcp.json",
    ".codex/",
    ".cursor/mcp.json",
    ".cursor/hooks.json",
    ".cursor/hooks/",
    ".cursor/sandbox.json",
    ".cursor/cli.json",
    ".cursor/permissions.json",
    ".gemini/",
    ".windsurf/",
    ".vscode/mcp.json",
    "opencode.json",
    "opencode.jsonc",
    ".opencode/",
    ".github/hooks/",
    ".github/copilot/",
    ".amazonq/",
    ".kiro/",
    ".roo/",
    ".clinerules/hooks/",
    ".cline/",
    ".aider.conf.yml",
    ".continue/",
    ".zed/settings.json",
    ".roomodes",
    ".qwen/",
    ".yata/",
    ".goosehints.toml",
    ".devin/",
];

/// Files that run something later, below the home.
const LATER_HOME: &[&str] = &[
    ".bashrc",
    ".bash_profile",
    ".bash_login",
    ".bash_logout",
    ".bash_aliases",
    ".profile",
    ".zshrc",
    ".zshenv",
    ".zprofile",
    ".zlogin",
    ".zlogout",
    ".kshrc",
    ".cshrc",
    ".tcshrc",
    ".login",
    ".config/fish/",
    ".xonshrc",
    ".config/nushell/",
    ".inputrc",
    ".xinitrc",
    ".xprofile",
    ".xsession",
    ".xsessionrc",
    ".xresources",
    ".pam_environment",
    ".config/environment.d/",
    ".config/autostart/",
    ".config/systemd/",
    ".local/share/systemd/",
    ".ssh/authorized_keys",
    ".ssh/authorized_keys2",
    ".ssh/config",
    ".ssh/rc",
    ".ssh/environment",
    ".ssh/config.d/",
    ".ssh/known_hosts",
    ".gitconfig",
    ".config/git/",
    ".git-templates/",
    ".vimrc",
    ".vim/",
    ".config/nvim/",
    ".emacs",
    ".emacs.d/",
    ".config/emacs/",
    ".nanorc",
    ".exrc",
    ".tmux.conf",
    ".config/tmux/",
    ".screenrc",
    ".node_repl_hook.js",
    ".pythonrc",
    ".pythonrc.py",
    ".pdbrc",
    ".pystartup",
    ".irbrc",
    ".pryrc",
    ".rprofile",
    ".gdbinit",
    ".config/gdb/",
    ".lldbinit",
    ".sqliterc",
    ".psqlrc",
    ".curlrc",
    ".wgetrc",
    ".lessfilter",
    ".mailcap",
    ".forward",
    ".procmailrc",
    ".crontab",
    ".config/direnv/",
    ".direnvrc",
    ".envrc",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".config/pip/",
    ".pip/",
    ".cargo/config.toml",
    ".cargo/config",
    ".config/uv/",
    ".m2/",
    ".gradle/",
    ".gemrc",
    ".bundle/",
    ".condarc",
    ".pypirc",
    ".local/bin/",
    "bin/",
    ".cargo/bin/",
    "go/bin/",
    ".npm-global/",
    ".docker/",
    ".kube/",
    ".config/mise/",
    ".asdfrc",
    ".oh-my-zsh/",
    ".zsh/",
    "library/launchagents/",
    "library/launchdaemons/",
    "library/preferences/",
    ".config/code/user/",
    ".pm2/",
    "documents/powershell/",
    "documents/windowspowershell/",
    ".config/powershell/",
    "appdata/roaming/microsoft/windows/start menu/",
    ".aws/config",
    ".terraformrc",
    ".local/share/applications/",
    ".config/plasma-workspace/",
    ".config/i3/",
    ".config/sway/",
    ".config/hypr/",
    ".ipython/",
    ".jupyter/",
    ".config/mpv/scripts/",
    ".hushlogin_",
    ".gnupg/",
];

/// What a write to the file would be, by its path alone. Letters count the same in both cases.
pub(crate) fn write_traits(path: &str, place: &Place<'_>) -> (Traits, &'static str) {
    let lower = path.to_ascii_lowercase();
    let path = lower.as_str();
    if agent(path, place) {
        return (Traits::CHANGES_AGENT, "changes the settings of an agent or of the hook");
    }
    if let Some(rest) = home_relative(path, place)
        && LATER_HOME.iter().any(|known| is(rest, known))
    {
        return (Traits::PERSISTS, "changes what runs at the next start");
    }
    let name = base(path);
    if within_part(path, "/.git/hooks")
        || name.ends_with(".pth") && path.contains("site-packages")
        || matches!(name, "usercustomize.py" | "sitecustomize.py")
    {
        return (Traits::PERSISTS | Traits::CHANGES_SUPPLY_CHAIN, "runs by itself later");
    }
    if path.ends_with("/.git/config")
        || path.ends_with("/.git/info/attributes")
        || path.ends_with("/.gitmodules")
        || path.ends_with("/.gitconfig")
    {
        return (Traits::CHANGES_SUPPLY_CHAIN, "git runs what this file names");
    }
    if path.contains("/.git/") {
        return (Traits::DISCARDS_WORK | Traits::REWRITES_HISTORY, "changes git's own files");
    }
    if matches!(
        name,
        "codeowners"
            | ".gitleaks.toml"
            | ".gitleaksignore"
            | ".semgrepignore"
            | ".trivyignore"
            | ".snyk"
            | ".secretlintignore"
            | ".checkov.yaml"
    ) {
        return (Traits::DISABLES_SECURITY | Traits::CHANGES_SUPPLY_CHAIN, "changes who or what checks the code");
    }
    if matches!(name, ".npmrc" | ".yarnrc" | ".pip.conf" | "pip.conf" | ".pnpmfile.cjs" | ".envrc")
        || path.ends_with("/.cargo/config.toml")
        || path.ends_with("/.cargo/config")
    {
        return (Traits::CHANGES_SUPPLY_CHAIN, "changes where packages come from or what builds run");
    }
    if within(path, "/var/log") || within(path, "/var/audit") {
        return (Traits::DISABLES_SECURITY, "changes the system's logs");
    }
    if within(path, "/etc/sudoers")
        || within(path, "/etc/sudoers.d")
        || path == "/etc/passwd"
        || path == "/etc/shadow"
        || path == "/etc/group"
        || within(path, "/etc/pam.d")
    {
        return (Traits::ESCALATES | Traits::CHANGES_ACCESS, "changes who may do what on the machine");
    }
    if within(path, "/etc/selinux")
        || within(path, "/etc/apparmor.d")
        || within(path, "/etc/audit")
        || within(path, "/usr/local/share/ca-certificates")
        || within(path, "/etc/ssl")
    {
        return (Traits::DISABLES_SECURITY, "changes what protects the machine");
    }
    if within(path, "/proc") || within(path, "/sys") {
        return (Traits::DISABLES_SECURITY | Traits::EXHAUSTS, "changes the running system");
    }
    (Traits::NONE, "")
}

fn home_relative<'p>(path: &'p str, place: &Place<'_>) -> Option<&'p str> {
    for home in [place.home.to_ascii_lowercase().as_str(), "/root"] {
        if let Some(rest) = path.strip_prefix(home).and_then(|rest| rest.strip_prefix('/')) {
            return Some(rest);
        }
    }
    let rest = path.strip_prefix("/home/").or_else(|| path.strip_prefix("/users/"))?;
    rest.split_once('/').map(|(_, rest)| rest)
}

fn is(path: &str, known: &str) -> bool {
    match known.strip_suffix('/') {
        Some(folder) => within(path, folder),
        None => path == known,
    }
}

fn within_part(path: &str, part: &str) -> bool {
    path.find(part)
        .is_some_and(|at| path.get(at + part.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Whether a path belongs to an agent's settings, memory or programs, or to the hook, its policy and its log.
/// `path` may be relative to the working folder.
pub fn is_agent_settings_path(path: &str, place: &Place<'_>) -> bool {
    agent(&absolute(path, place.cwd, place), place)
}

pub(crate) fn agent(path: &str, place: &Place<'_>) -> bool {
    let lower = path.to_ascii_lowercase();
    let path = lower.as_str();
    if let Some(rest) = home_relative(path, place)
        && AGENT_HOME.iter().any(|known| is(rest, known))
    {
        return true;
    }
    if AGENT_SYSTEM.iter().any(|known| is(path, known)) {
        return true;
    }
    let name = base(path);
    if matches!(name, "yata" | "yata-hook" | "managed-settings.json" | "yata.exe")
        && !within(path, &place.project.to_ascii_lowercase())
    {
        return true;
    }
    if path.ends_with("/.claude")
        || path.ends_with("/.codex")
        || path.ends_with("/.cursor")
        || path.ends_with("/.gemini")
    {
        return true;
    }
    AGENT_PROJECT.iter().any(|known| match known.strip_suffix('/') {
        Some(folder) => {
            let mut needle = String::with_capacity(folder.len() + 1);
            needle.push('/');
            needle.push_str(folder);
            within_part(path, &needle)
        }
        None => path.strip_suffix(known).is_some_and(|rest| rest.ends_with('/')),
    })
}
