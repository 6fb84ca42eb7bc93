//! The lists that conditions name.

/// A list that begins with the shells.
macro_rules! shells {
    ($($more:literal),*) => {
        &[
            "sh", "bash", "zsh", "dash", "ksh", "fish", "csh", "tcsh", "ash", "cmd", "pwsh", "powershell", "busybox",
            $($more),*
        ]
    };
}

/// A list that begins with the shells and the commonest programs that run code.
macro_rules! interpreters {
    ($($more:literal),*) => {
        shells![
            "python", "python2", "python3", "node", "perl", "ruby", "php", "deno", "bun", "eval", "source", "awk", "gawk",
            "lua", "osascript", $($more),*
        ]
    };
}

/// Shells.
const SHELLS: &[&str] = shells![];

/// Programs that run code which they are given; shells among them.
const INTERPRETERS: &[&str] = interpreters!["tclsh", "Rscript", "java", "ts-node", "tsx"];

/// Programs that run their arguments, and are not looked through.
const RUNNERS: &[&str] = &[
    "npx",
    "bunx",
    "pnpx",
    "pnpm dlx",
    "yarn dlx",
    "npm exec",
    "uvx",
    "uv run",
    "uv tool run",
    "pipx run",
    "docker run",
    "docker exec",
    "podman run",
    "podman exec",
    "kubectl exec",
    "mise exec",
    "devbox run",
    "direnv exec",
    "env",
    "sudo",
    "doas",
    "watch",
    "ssh",
    "nix-shell",
    "nix run",
    "poetry run",
    "bundle exec",
    "xargs",
    "parallel",
];

/// Programs that speak to the network.
const NETWORK_TOOLS: &[&str] = &[
    "curl",
    "wget",
    "nc",
    "ncat",
    "netcat",
    "socat",
    "telnet",
    "ftp",
    "http",
    "https",
    "ssh",
    "scp",
    "rsync",
    "sftp",
    "aria2c",
    "Invoke-WebRequest",
    "iwr",
];

/// Programs that destroy files or disks.
const REMOVERS: &[&str] = &["rm", "rmdir", "shred", "dd", "mkfs", "truncate", "find", "del", "Remove-Item"];

/// Programs of which a rule must name more than the name.
const RISKY_PROGRAMS: &[&str] = interpreters![
    "npx", "bunx", "pnpx", "uvx", "env", "sudo", "doas", "su", "rm", "curl", "wget", "git", "docker", "podman",
    "kubectl", "ssh", "scp", "dd", "nc"
];

/// The tools of Claude Code that permission rules may name.
const CLAUDE_TOOLS: &[&str] = &[
    "Agent",
    "Artifact",
    "AskUserQuestion",
    "Bash",
    "BashOutput",
    "Cd",
    "CronCreate",
    "CronDelete",
    "CronList",
    "Edit",
    "EnterPlanMode",
    "EnterWorktree",
    "ExitPlanMode",
    "ExitWorktree",
    "Glob",
    "Grep",
    "KillBash",
    "KillShell",
    "LS",
    "LSP",
    "ListMcpResources",
    "ListMcpResourcesTool",
    "Monitor",
    "MultiEdit",
    "NotebookEdit",
    "NotebookRead",
    "PowerShell",
    "PushNotification",
    "Pwsh",
    "Read",
    "ReadMcpResource",
    "ReadMcpResourceTool",
    "RemoteTrigger",
    "ScheduleWakeup",
    "SendMessage",
    "ShareOnboardingGuide",
    "Skill",
    "SlashCommand",
    "Task",
    "TaskCreate",
    "TaskGet",
    "TaskList",
    "TaskOutput",
    "TaskStop",
    "TaskUpdate",
    "TeamCreate",
    "TeamDelete",
    "TodoWrite",
    "ToolSearch",
    "WebFetch",
    "WebSearch",
    "Workflow",
    "Write",
];

/// The events of Claude Code.
const CLAUDE_EVENTS: &[&str] = &[
    "PreToolUse",
    "PostToolUse",
    "PostToolUseFailure",
    "PostToolBatch",
    "Notification",
    "UserPromptSubmit",
    "UserPromptExpansion",
    "SessionStart",
    "SessionEnd",
    "Stop",
    "StopFailure",
    "SubagentStart",
    "SubagentStop",
    "PreCompact",
    "PostCompact",
    "PreModelSwitch",
    "PostModelSwitch",
    "PermissionRequest",
    "PermissionDenied",
    "Setup",
    "TeammateIdle",
    "TaskCreated",
    "TaskCompleted",
    "Elicitation",
    "ElicitationResult",
    "ConfigChange",
    "WorktreeCreate",
    "WorktreeRemove",
    "InstructionsLoaded",
    "CwdChanged",
    "FileChanged",
    "DirectoryAdded",
    "MessageDisplay",
];

/// The events of Cursor.
const CURSOR_EVENTS: &[&str] = &[
    "sessionStart",
    "sessionEnd",
    "preToolUse",
    "postToolUse",
    "postToolUseFailure",
    "subagentStart",
    "subagentStop",
    "beforeShellExecution",
    "afterShellExecution",
    "beforeMCPExecution",
    "afterMCPExecution",
    "beforeReadFile",
    "afterFileEdit",
    "beforeSubmitPrompt",
    "preCompact",
    "stop",
    "afterAgentResponse",
    "afterAgentThought",
    "beforeTabFileRead",
    "afterTabFileEdit",
    "workspaceOpen",
];

/// The events of Copilot CLI, in its own spelling.
const COPILOT_EVENTS: &[&str] = &[
    "sessionStart",
    "sessionEnd",
    "userPromptSubmitted",
    "userPromptTransformed",
    "preToolUse",
    "permissionRequest",
    "postToolUse",
    "postToolUseFailure",
    "preCompact",
    "agentStop",
    "subagentStart",
    "subagentStop",
    "notification",
    "errorOccurred",
];

/// The events of Gemini CLI.
const GEMINI_EVENTS: &[&str] = &[
    "SessionStart",
    "SessionEnd",
    "BeforeAgent",
    "AfterAgent",
    "BeforeModel",
    "AfterModel",
    "BeforeToolSelection",
    "BeforeTool",
    "AfterTool",
    "PreCompress",
    "Notification",
];

/// Words in the names of tools that change something.
const WRITING_WORDS: &[&str] =
    &["write", "delete", "create", "run", "exec", "send", "push", "deploy", "update", "remove", "edit", "publish"];

/// Words in the names of servers and tools that send messages.
const SENDING_WORDS: &[&str] = &["slack", "teams", "mail", "discord", "telegram", "sms", "twilio", "whatsapp"];

/// Names under which well-known MCP servers run.
const KNOWN_SERVERS: &[&str] = &[
    "atlassian",
    "brave-search",
    "chrome-devtools",
    "cloudflare",
    "context7",
    "figma",
    "filesystem",
    "github",
    "gitlab",
    "google-drive",
    "grafana",
    "jira",
    "kubernetes",
    "linear",
    "memory",
    "mongodb",
    "notion",
    "playwright",
    "postgres",
    "puppeteer",
    "sentry",
    "sequential-thinking",
    "serena",
    "slack",
    "sqlite",
    "stripe",
    "supabase",
    "terraform",
    "vercel",
];

/// The list of a name.
pub(crate) fn known(name: &str) -> &'static [&'static str] {
    match name {
        "SHELLS" => SHELLS,
        "INTERPRETERS" => INTERPRETERS,
        "RUNNERS" => RUNNERS,
        "NETWORK_TOOLS" => NETWORK_TOOLS,
        "REMOVERS" => REMOVERS,
        "RISKY_PROGRAMS" => RISKY_PROGRAMS,
        "CLAUDE_TOOLS" => CLAUDE_TOOLS,
        "CLAUDE_EVENTS" => CLAUDE_EVENTS,
        "CURSOR_EVENTS" => CURSOR_EVENTS,
        "COPILOT_EVENTS" => COPILOT_EVENTS,
        "GEMINI_EVENTS" => GEMINI_EVENTS,
        "WRITING_WORDS" => WRITING_WORDS,
        "SENDING_WORDS" => SENDING_WORDS,
        "KNOWN_SERVERS" => KNOWN_SERVERS,
        _ => &[],
    }
}
