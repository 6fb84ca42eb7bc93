//! Variables of the environment that change what programs do.

use crate::Traits;
use crate::machine::Machine;
use crate::value::Value;

/// Their value is a command that another program runs.
const COMMANDS: &[&str] = &[
    "GIT_SSH_COMMAND",
    "GIT_SSH",
    "GIT_EXTERNAL_DIFF",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "SUDO_ASKPASS",
    "GIT_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_PAGER",
    "PAGER",
    "MANPAGER",
    "EDITOR",
    "VISUAL",
    "BROWSER",
    "LESSOPEN",
    "LESSCLOSE",
    "PROMPT_COMMAND",
    "CC",
    "CXX",
    "LD",
    "AR",
    "RUSTC_WRAPPER",
    "RUSTC",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "GIT_PROXY_COMMAND",
    "KUBE_EDITOR",
    "HGEDITOR",
    "SVN_SSH",
    "RSYNC_RSH",
    "TAR_OPTIONS",
    "FCEDIT",
    "PS4",
    "BAT_PAGER",
    "SYSTEMD_PAGER",
    "AWS_PAGER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CMAKE_C_COMPILER_LAUNCHER",
    "MAKEFLAGS_SHELL",
    "DELTA_PAGER",
    "GH_PAGER",
    "GH_EDITOR",
    "PSQL_PAGER",
    "PSQL_EDITOR",
    "ANSIBLE_PAGER",
    "npm_config_script_shell",
    "TEXEDIT",
    "CVS_RSH",
    "GIT_TEMPLATE_DIR_CMD",
];

/// Ends of names whose value is a command that another program runs, in capitals.
const COMMAND_ENDS: &[&str] = &[
    "_RUNNER",
    "_LINKER",
    "_WRAPPER",
    "_SHELL",
    "_EDITOR",
    "_PAGER",
    "_COMMAND",
    "ASKPASS",
    "_LAUNCHER",
    "_BROWSER",
    "_RUSTC",
    "_RUSTDOC",
    "_OPENER",
    "_COMPILER",
];

/// Flags that a compiler gets: one of them names the linker.
const COMPILER_FLAGS: &[&str] = &[
    "RUSTFLAGS",
    "RUSTDOCFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CGO_LDFLAGS",
    "LDFLAGS",
    "CFLAGS",
];

/// They load code into other programs.
const LOADERS: &[&str] = &[
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "LD_AUDIT",
    "DYLD_INSERT_LIBRARIES",
    "DYLD_LIBRARY_PATH",
    "DYLD_FRAMEWORK_PATH",
    "BASH_ENV",
    "ENV",
    "PYTHONSTARTUP",
    "PYTHONHOME",
    "PERL5OPT",
    "PERL5LIB",
    "PERL5DB",
    "RUBYOPT",
    "RUBYLIB",
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "ZDOTDIR",
    "GCONV_PATH",
    "GIT_EXEC_PATH",
    "GIT_TEMPLATE_DIR",
    "NODE_REPL_EXTERNAL_MODULE",
    "PYTHONINSPECT",
    "OPENSSL_CONF",
    "OPENSSL_ENGINES",
    "SHELLOPTS",
    "BASHOPTS",
    "GTK_MODULES",
    "PHPRC",
    "PHP_INI_SCAN_DIR",
    "LUA_INIT",
    "R_PROFILE_USER",
    "VIMINIT",
    "EXINIT",
    "INPUTRC",
    "PYTHONBREAKPOINT",
    "PYTHONWARNINGS_",
];

/// Variables and the values that switch a check off; `*` is any but none.
const SECURITY: &[(&str, &[&str])] = &[
    ("NODE_TLS_REJECT_UNAUTHORIZED", &["0"]),
    ("PYTHONHTTPSVERIFY", &["0"]),
    ("GIT_SSL_NO_VERIFY", &["1", "true", "yes"]),
    ("CURL_INSECURE", &["1"]),
    ("HISTFILE", &["/dev/null", ""]),
    ("HISTSIZE", &["0"]),
    ("HISTFILESIZE", &["0"]),
    ("SSL_VERIFY", &["0", "false"]),
    ("REQUESTS_CA_BUNDLE", &["", "/dev/null"]),
    ("CURL_CA_BUNDLE", &["", "/dev/null"]),
    ("NPM_CONFIG_STRICT_SSL", &["false"]),
    ("npm_config_strict_ssl", &["false"]),
    ("GONOSUMCHECK", &["1"]),
    ("GONOSUMDB", &["*"]),
    ("GOFLAGS", &["-insecure"]),
    ("GOINSECURE", &["*"]),
    ("GONOSUMDB", &["*"]),
    ("GOSUMDB", &["off"]),
    ("KUBECTL_INSECURE", &["true"]),
    ("PIP_TRUSTED_HOST", &["*"]),
    ("HUSKY_SKIP", &["*"]),
    ("HUSKY_SKIP_HOOKS", &["*"]),
    ("LEFTHOOK", &["0", "false"]),
    ("OVERCOMMIT_DISABLE", &["*"]),
    ("PRE_COMMIT_ALLOW_NO_CONFIG", &["1"]),
    ("COSIGN_INSECURE", &["1"]),
    ("DOCKER_CONTENT_TRUST", &["0"]),
    ("VAULT_SKIP_VERIFY", &["1", "true"]),
    ("AWS_CA_BUNDLE", &["/dev/null"]),
    ("ANSIBLE_HOST_KEY_CHECKING", &["False", "false", "0"]),
    ("RUBY_OPENSSL_VERIFY", &["0"]),
    ("BUNDLE_SSL_VERIFY_MODE", &["0"]),
    ("HISTIGNORE", &["*"]),
];

impl Machine<'_> {
    /// A variable is set: for one command (`local`), or for all that follow.
    pub(crate) fn environment(&mut self, name: &str, value: &Value, local: bool) {
        let text = value.text.clone();
        let upper = name.to_ascii_uppercase();
        if matches!(name, "GIT_DIR" | "GIT_COMMON_DIR") {
            let folder = self.resolve(value);
            if let Some(found) = super::git_repository::repository(self, &folder) {
                super::git_repository::around(self, &found, "");
            } else {
                super::git_repository::strange(self, &folder);
            }
        } else if matches!(upper.as_str(), "MAKEFLAGS" | "GNUMAKEFLAGS" | "MFLAGS") && text.contains("--eval") {
            self.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "gives make rules of its own");
        } else if upper.starts_with("YATA_") {
            self.mark(Traits::CHANGES_AGENT, "moves the settings or the state of the hook");
        } else if upper == "LESS" || upper == "MANOPT" || upper == "LESSKEY_CONTENT" {
            // `+!command`, `-P command`.
            for part in [text.split_once('!'), text.split_once("-P")].into_iter().flatten() {
                self.named_command(
                    "LESS",
                    &Value { text: part.1.trim().trim_matches(['"', '\'']).to_owned(), ..value.clone() },
                );
            }
        } else if COMPILER_FLAGS.contains(&upper.as_str()) || upper.ends_with("_RUSTFLAGS") {
            self.compiler_flags(&text);
        }
        if name.starts_with("BASH_FUNC_") {
            let body = text.trim_start_matches("()").trim().to_owned();
            self.text(&body);
        } else if name.starts_with("GIT_TRACE") && text.starts_with('/') {
            self.write(value, true, &Value::unknown(crate::value::Flow::OUTPUT));
        } else if name == "PYTHONPATH"
            && text.split(':').any(|folder| {
                folder.starts_with("/tmp") || folder.starts_with("/var/tmp") || folder.starts_with("/dev/shm")
            })
        {
            self.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "loads other code into a program");
        } else if name == "PATH" {
            self.search_path(&text);
        } else if COMMANDS.iter().any(|known| upper.eq_ignore_ascii_case(known))
            || upper == "RUSTDOC"
            || COMMAND_ENDS.iter().any(|end| upper.ends_with(end))
        {
            self.named_command(&upper, value);
        } else if matches!(name, "LD_LIBRARY_PATH" | "DYLD_LIBRARY_PATH") && self.are_own_folders(&text) {
        } else if LOADERS.contains(&name) {
            if !text.is_empty()
                && (local || name != "ENV")
                && !matches!((name, text.as_str()), ("PYTHONINSPECT", _) | ("JAVA_TOOL_OPTIONS" | "_JAVA_OPTIONS" | "JDK_JAVA_OPTIONS", _) if !text.contains("agent"))
            {
                self.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "loads other code into a program");
            }
        } else if name == "NODE_OPTIONS" {
            let loads = ["--require", "-r ", "--import", "--loader", "--experimental-loader"]
                .iter()
                .any(|option| text.contains(option));
            if loads && (text.contains('/') && !text.contains("./") || text.contains("/tmp")) {
                self.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "loads other code into a program");
            }
        } else if name.starts_with("GIT_CONFIG_VALUE") || name == "GIT_CONFIG_PARAMETERS" {
            self.mark(Traits::EVADES | Traits::CHANGES_SUPPLY_CHAIN, "gives git settings that run code");
        } else if matches!(name, "GIT_CONFIG_GLOBAL" | "GIT_CONFIG" | "GIT_CONFIG_SYSTEM")
            && !matches!(text.as_str(), "/dev/null" | "")
        {
            self.mark(Traits::EVADES, "gives git other settings");
        } else if name.starts_with("CARGO_REGISTRIES")
            || matches!(
                name,
                "PIP_INDEX_URL"
                    | "PIP_EXTRA_INDEX_URL"
                    | "UV_INDEX_URL"
                    | "UV_EXTRA_INDEX_URL"
                    | "UV_DEFAULT_INDEX"
                    | "UV_INDEX"
                    | "npm_config_registry"
                    | "NPM_CONFIG_REGISTRY"
                    | "GOPROXY"
                    | "YARN_NPM_REGISTRY_SERVER"
                    | "BUNDLE_MIRROR__ALL"
                    | "PUPPETEER_DOWNLOAD_HOST"
                    | "HOMEBREW_BOTTLE_DOMAIN"
                    | "CARGO_REGISTRY_INDEX"
                    | "NVM_NODEJS_ORG_MIRROR"
                    | "RUSTUP_DIST_SERVER"
                    | "RUSTUP_UPDATE_ROOT"
                    | "ELECTRON_MIRROR"
                    | "PLAYWRIGHT_DOWNLOAD_HOST"
                    | "GEM_SOURCE"
                    | "FLUTTER_STORAGE_BASE_URL"
            )
        {
            if !self.usual_index(&text) {
                self.mark(Traits::INSTALLS_UNUSUAL, "packages come from another place than usual");
            }
        } else if matches!(
            (upper.as_str(), text.to_ascii_lowercase().as_str()),
            ("GOOSE_MODE", "auto" | "autonomous")
                | (
                    "AIDER_YES_ALWAYS" | "AIDER_YES" | "CODEX_UNSAFE_ALLOW_NO_SANDBOX" | "GEMINI_YOLO" | "CLINE_YOLO",
                    "1" | "true" | "yes"
                )
                | ("CLAUDE_CODE_SKIP_PERMISSIONS" | "IS_SANDBOX" | "COPILOT_ALLOW_ALL", "1" | "true" | "yes")
        ) {
            self.mark(Traits::CHANGES_AGENT | Traits::DISABLES_SECURITY, "starts an agent that asks nobody");
        } else if name == "GOFLAGS" && (text.contains("toolexec") || text.contains("/tmp")) {
            self.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "a build runs another program");
        } else if matches!(
            name,
            "ANTHROPIC_BASE_URL" | "OPENAI_BASE_URL" | "CLAUDE_CONFIG_DIR" | "CODEX_HOME" | "GEMINI_CLI_HOME"
        ) {
            self.mark(Traits::CHANGES_AGENT, "gives an agent another server or other settings");
        } else if matches!(name, "DOCKER_HOST" | "KUBECONFIG")
            && (text.contains("://") && !text.starts_with("unix://") || text.starts_with("/tmp"))
        {
            self.mark(Traits::CHANGES_INFRASTRUCTURE, "speaks to another machine's engine");
        } else if matches!(
            name,
            "http_proxy" | "https_proxy" | "HTTP_PROXY" | "HTTPS_PROXY" | "ALL_PROXY" | "all_proxy"
        ) && !text.is_empty()
        {
            if !crate::net::is_local(crate::net::host(&text)) {
                self.mark(Traits::SENDS_OUT, "all requests go through another machine");
            }
        } else if let Some((_, off)) = SECURITY.iter().find(|(known, _)| *known == name)
            && (off.contains(&text.as_str()) || off.contains(&"*") && !text.is_empty())
        {
            self.mark(Traits::DISABLES_SECURITY, "switches off a check or a log");
        }
    }

    /// `-C linker=/tmp/x`, `-fuse-ld=/tmp/x`: programs that a compiler runs.
    fn compiler_flags(&mut self, text: &str) {
        let named = text
            .split([' ', '\u{1f}'])
            .filter_map(|flag| flag.split_once('='))
            .filter(|(flag, _)| {
                ["linker", "-fuse-ld", "--ld-path", "link-self-contained", "-fplugin"]
                    .iter()
                    .any(|end| flag.ends_with(end))
            })
            .map(|(_, program)| program.to_owned())
            .collect::<Vec<_>>();
        for program in named {
            self.named_command("LD", &Value::known(program));
        }
    }

    fn search_path(&mut self, text: &str) {
        for folder in text.split(':') {
            let odd = matches!(folder, "." | "") && text.starts_with(['.', ':'])
                || folder.starts_with("/tmp")
                || folder.starts_with("/var/tmp")
                || folder.starts_with("/dev/shm");
            if odd {
                self.mark(Traits::EVADES, "programs are looked for in a folder that anybody can write");
                return;
            }
        }
    }

    /// A value that another program takes as its command.
    pub(crate) fn named_command(&mut self, name: &str, value: &Value) {
        let text = value.text.trim().trim_start_matches(['|', '!']).trim_start_matches('-').to_owned();
        if text.is_empty() || value.is_blank() {
            return;
        }
        let plain_compiler = matches!(name, "CC" | "CXX" | "LD" | "AR") && !text.contains([' ', ';', '/']);
        if plain_compiler
            || matches!(
                text.as_str(),
                "cat"
                    | "less"
                    | "true"
                    | "vim"
                    | "nano"
                    | "code --wait"
                    | "vi"
                    | "more"
                    | ":"
                    | "echo"
                    | "ssh"
                    | "sccache"
                    | "ccache"
            )
        {
            return;
        }
        let before = self.acts.len();
        let program = self.program.clone();
        if matches!(text.split_whitespace().next(), Some("rm" | "unlink" | "shred" | "srm" | "truncate" | "dd")) {
            // The other program adds the files.
            self.mark(Traits::EVADES | Traits::DESTROYS_FILES, "another program is made to remove its files");
        }
        self.aside(|m| m.text(&text));
        self.program = program;
        self.keep_serious(before);
    }
}
