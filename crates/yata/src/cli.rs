//! The command line: its words come from the catalogue (`help-…`), in the language of the person.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgAction, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use yata_ledger::VerifierKey;
use yata_model::{Message, Priority};
use yata_words::Lang;

use crate::serve::LogFormat;

/// What the person asked for.
#[derive(Debug, Parser)]
#[command(name = "yata", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<LangArg>,
    #[arg(long, global = true, env = "YATA_DATA", value_name = "DIR", hide_env = true)]
    pub(crate) data: Option<PathBuf>,
    #[arg(long, global = true, value_enum, default_value = "auto")]
    pub(crate) color: ColorArg,
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    #[command(subcommand)]
    pub(crate) command: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Assess(AssessArgs),
    Intel {
        #[command(subcommand)]
        verb: IntelVerb,
    },
    Finding {
        #[command(subcommand)]
        verb: FindingVerb,
    },
    Vex {
        #[command(subcommand)]
        verb: VexVerb,
    },
    Lens {
        #[command(subcommand)]
        verb: LensVerb,
    },
    Agents {
        #[command(subcommand)]
        verb: AgentsVerb,
    },
    Policy {
        #[command(subcommand)]
        verb: PolicyVerb,
    },
    App {
        #[command(subcommand)]
        verb: crate::app::args::AppVerb,
    },
    Serve(ServeArgs),
    Hook {
        #[command(subcommand)]
        verb: HookVerb,
    },
    Ledger {
        #[command(subcommand)]
        verb: LedgerVerb,
    },
    Backup {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_name = "URL", env = "YATA_SERVE_DATABASE", hide_env = true, hide_env_values = true)]
        database: Option<String>,
        #[arg(long)]
        check: bool,
        #[arg(long)]
        no_keys: bool,
    },
    Restore {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_name = "URL", env = "YATA_SERVE_DATABASE", hide_env = true, hide_env_values = true)]
        database: Option<String>,
    },
}

/// Every option but `config` and `accept_service_key` has a variable and a key in the file of the same name.
#[derive(Debug, Default, Args)]
pub(crate) struct ServeArgs {
    #[arg(long, value_name = "FILE", env = "YATA_SERVE_CONFIG", hide_env = true)]
    pub(crate) config: Option<PathBuf>,
    #[arg(long, value_name = "ADDRESS", env = "YATA_SERVE_LISTEN", hide_env = true)]
    pub(crate) listen: Option<SocketAddr>,
    #[arg(long, value_name = "URL", env = "YATA_SERVE_PUBLIC_URL", hide_env = true)]
    pub(crate) public_url: Option<String>,
    #[arg(long, value_name = "URL", env = "YATA_SERVE_DATABASE", hide_env = true, hide_env_values = true)]
    pub(crate) database: Option<String>,
    #[arg(long, value_name = "FILE", env = "YATA_SERVE_ESTATE", hide_env = true)]
    pub(crate) estate: Option<PathBuf>,
    #[arg(long, value_name = "NAME", env = "YATA_SERVE_TIME_ZONE", hide_env = true)]
    pub(crate) time_zone: Option<String>,
    #[arg(long, value_name = "DATE", env = "YATA_SERVE_AS_OF", hide_env = true)]
    pub(crate) as_of: Option<Date>,
    #[arg(long, value_enum, env = "YATA_SERVE_LOG", hide_env = true)]
    pub(crate) log: Option<LogFormat>,
    #[arg(long, value_name = "FILE", env = "YATA_SERVE_TLS_CERTIFICATE", hide_env = true)]
    pub(crate) tls_certificate: Option<PathBuf>,
    #[arg(long, value_name = "FILE", env = "YATA_SERVE_TLS_KEY", hide_env = true)]
    pub(crate) tls_key: Option<PathBuf>,
    #[arg(long, value_name = "ADDRESSES", env = "YATA_SERVE_TRUSTED_PROXIES", hide_env = true, value_delimiter = ',')]
    pub(crate) trusted_proxies: Vec<IpAddr>,
    #[arg(long, value_name = "NUMBER", env = "YATA_SERVE_CONNECTIONS_PER_ADDRESS", hide_env = true)]
    pub(crate) connections_per_address: Option<NonZeroUsize>,
    #[arg(long)]
    pub(crate) accept_service_key: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AssessArgs {
    #[arg(default_value = ".", value_name = "TARGET")]
    pub(crate) targets: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) estate: Option<PathBuf>,
    #[arg(long, value_name = "ID")]
    pub(crate) explain: Option<String>,
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: FormatArg,
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "immediate")]
    pub(crate) fail_on: FailOnArg,
    #[arg(long, value_name = "SUBJECT", action = ArgAction::Append)]
    pub(crate) waive: Vec<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    #[arg(long)]
    pub(crate) gitignore: bool,
    #[arg(long)]
    pub(crate) history: bool,
    #[arg(long, conflicts_with = "history")]
    pub(crate) no_secrets: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
    #[arg(long)]
    pub(crate) all: bool,
    #[arg(long)]
    pub(crate) no_save: bool,
    #[arg(long, value_name = "URL", requires = "token_file", conflicts_with = "no_save")]
    pub(crate) server: Option<String>,
    #[arg(long, value_name = "FILE", requires = "server")]
    pub(crate) token_file: Option<PathBuf>,
    #[arg(long, value_name = "FILE", requires = "server")]
    pub(crate) server_ca: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IntelVerb {
    Import {
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        #[arg(long, value_name = "DATE")]
        dated: Option<Date>,
    },
    Sync {
        #[arg(long, value_name = "NAME", action = ArgAction::Append)]
        ecosystem: Vec<String>,
        #[arg(long, value_name = "URL")]
        osv_url: Option<String>,
        #[arg(long, value_name = "URL")]
        kev_url: Option<String>,
        #[arg(long, value_name = "URL")]
        epss_url: Option<String>,
        #[arg(long, value_name = "URL")]
        vulnrichment_url: Option<String>,
    },
    Status {
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
        #[arg(long, value_name = "DATE")]
        as_of: Option<Date>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum FindingVerb {
    List {
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
        #[arg(long)]
        all: bool,
    },
    History {
        id: String,
    },
    Accept(UntilArgs),
    Mitigate(UntilArgs),
    FalsePositive(WhyArgs),
    Reopen(WhyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct UntilArgs {
    pub(crate) id: String,
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Date,
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: String,
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct WhyArgs {
    pub(crate) id: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: String,
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VexVerb {
    Import {
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum LensVerb {
    Check {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_enum, value_delimiter = ',')]
        class: Vec<ClassArg>,
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
        #[arg(long)]
        all: bool,
    },
    Rules {
        #[arg(long, value_name = "ID")]
        rule: Option<String>,
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
    },
    Redact {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_enum, value_delimiter = ',')]
        class: Vec<ClassArg>,
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// What an agent calls, `yata hook AGENT`, is answered before the command line is read.
#[derive(Debug, Subcommand)]
pub(crate) enum HookVerb {
    Install {
        #[arg(long, value_name = "NAME", required = true, action = ArgAction::Append, value_enum)]
        agent: Vec<AgentArg>,
        #[arg(long, value_enum, default_value = "user")]
        scope: ScopeArg,
        #[arg(long)]
        dry_run: bool,
    },
    Uninstall {
        #[arg(long, value_name = "NAME", required = true, action = ArgAction::Append, value_enum)]
        agent: Vec<AgentArg>,
        #[arg(long, value_enum, default_value = "user")]
        scope: ScopeArg,
        #[arg(long)]
        dry_run: bool,
    },
    Status {
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
    },
    Coverage {
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
    },
    Log {
        #[command(subcommand)]
        verb: Option<HookLogVerb>,
        #[arg(long, value_name = "N", default_value = "50")]
        last: usize,
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum HookLogVerb {
    Verify,
    Checkpoint,
}

/// An agent with hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AgentArg {
    ClaudeCode,
    Codex,
    Cursor,
    GeminiCli,
    Copilot,
    Windsurf,
    Devin,
    Antigravity,
}

/// Whose settings of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopeArg {
    User,
    Project,
    Managed,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyVerb {
    Check {
        #[command(flatten)]
        set: PolicyArgs,
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
    },
    Test {
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        set: PolicyArgs,
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
    },
    Explain {
        #[arg(long, value_name = "FILE")]
        request: PathBuf,
        #[command(flatten)]
        set: PolicyArgs,
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
        #[arg(long)]
        all: bool,
    },
    Replay {
        #[arg(long, value_name = "FILE")]
        events: PathBuf,
        #[command(flatten)]
        set: PolicyArgs,
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
        #[arg(long)]
        all: bool,
    },
    Compile {
        #[command(flatten)]
        set: PolicyArgs,
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
    Schema,
    Default {
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

/// Which policies.
#[derive(Debug, Args)]
pub(crate) struct PolicyArgs {
    #[arg(long, value_name = "FOLDER")]
    pub(crate) policies: Option<PathBuf>,
    #[arg(long, requires = "policies")]
    pub(crate) alone: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AgentsVerb {
    Fatigue(crate::agents::fatigue::FatigueArgs),
    List {
        #[command(flatten)]
        look: LookArgs,
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
    },
    Audit(AuditArgs),
    Checks {
        #[arg(value_name = "ID")]
        id: Option<String>,
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
    },
    Settings(SettingsArgs),
    Pin(PinArgs),
    Diff(DiffArgs),
}

#[derive(Debug, Args)]
pub(crate) struct SettingsArgs {
    #[arg(long, value_name = "NAME", action = ArgAction::Append)]
    pub(crate) agent: Vec<String>,
    #[arg(long, value_name = "FILE", default_value = "agents.toml")]
    pub(crate) organisation: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) set: PolicyArgs,
    #[arg(long, value_enum)]
    pub(crate) os: Option<OsArg>,
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, conflicts_with_all = ["out", "os"])]
    pub(crate) drift: bool,
    #[arg(long, value_name = "DIR", requires = "drift")]
    pub(crate) root: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: ListFormatArg,
}

/// The system that settings are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OsArg {
    Linux,
    Macos,
    Windows,
}

#[derive(Debug, Args)]
pub(crate) struct PinArgs {
    #[command(flatten)]
    pub(crate) look: LookArgs,
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) review: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    #[command(flatten)]
    pub(crate) look: LookArgs,
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: ListFormatArg,
}

/// Where to look for agents.
#[derive(Debug, Args)]
pub(crate) struct LookArgs {
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    #[command(flatten)]
    pub(crate) look: LookArgs,
    #[arg(long, value_name = "FILE")]
    pub(crate) organisation: Option<PathBuf>,
    #[arg(long, value_name = "NAME", action = ArgAction::Append)]
    pub(crate) agent: Vec<String>,
    #[arg(long, value_enum, default_value = "high")]
    pub(crate) fail_on: SeverityArg,
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: AuditFormatArg,
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[arg(long)]
    pub(crate) fix: bool,
    #[arg(long, requires = "fix")]
    pub(crate) yes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerVerb {
    Verify {
        #[arg(long, value_name = "FILE", action = ArgAction::Append)]
        checkpoint: Vec<PathBuf>,
        #[arg(long, value_name = "KEY")]
        witness_key: Option<VerifierKey>,
        #[command(flatten)]
        ledger: LedgerArgs,
    },
    Show {
        #[arg(long, value_name = "N", default_value = "50")]
        last: u64,
        #[arg(long, value_enum, default_value = "human")]
        format: ListFormatArg,
        #[arg(long, value_name = "URL", env = "YATA_SERVE_DATABASE", hide_env = true, hide_env_values = true)]
        database: Option<String>,
    },
    Checkpoint {
        #[arg(long, value_name = "URL", env = "YATA_SERVE_DATABASE", hide_env = true, hide_env_values = true)]
        database: Option<String>,
    },
    Prove {
        #[arg(value_name = "N")]
        entry: u64,
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        #[arg(long, value_name = "URL", env = "YATA_SERVE_DATABASE", hide_env = true, hide_env_values = true)]
        database: Option<String>,
    },
    CheckProof {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    Key,
}

/// Which ledger, and whose signatures count.
#[derive(Debug, Args)]
pub(crate) struct LedgerArgs {
    #[arg(long, value_name = "URL", env = "YATA_SERVE_DATABASE", hide_env = true, hide_env_values = true)]
    pub(crate) database: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

/// A class of rules of the lens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClassArg {
    Secret,
    Personal,
    Marking,
    Injection,
}

impl ClassArg {
    pub(crate) fn class(self) -> yata_lens::Class {
        match self {
            ClassArg::Secret => yata_lens::Class::Secret,
            ClassArg::Personal => yata_lens::Class::Personal,
            ClassArg::Marking => yata_lens::Class::Marking,
            ClassArg::Injection => yata_lens::Class::Injection,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    En,
    Ja,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    Human,
    Json,
    Sarif,
    Cyclonedx,
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormatArg {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormatArg {
    Human,
    Json,
    Sarif,
    Markdown,
}

/// The severity from which on `agents audit` exits with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityArg {
    Critical,
    High,
    Medium,
    Low,
    Never,
}

impl SeverityArg {
    /// Whether a severity is at or above the threshold.
    pub(crate) fn reached_by(self, severity: yata_agents::Severity) -> bool {
        use yata_agents::Severity;
        match self {
            SeverityArg::Critical => severity >= Severity::Critical,
            SeverityArg::High => severity >= Severity::High,
            SeverityArg::Medium => severity >= Severity::Medium,
            SeverityArg::Low => true,
            SeverityArg::Never => false,
        }
    }
}

/// The priority from which on `assess` exits with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnArg {
    Immediate,
    OutOfCycle,
    Scheduled,
    Defer,
    Never,
}

impl FailOnArg {
    /// Whether a priority is at or above the threshold.
    pub(crate) fn reached_by(self, priority: Priority) -> bool {
        let threshold = match self {
            FailOnArg::Immediate => Priority::Immediate,
            FailOnArg::OutOfCycle => Priority::OutOfCycle,
            FailOnArg::Scheduled => Priority::Scheduled,
            FailOnArg::Defer => Priority::Defer,
            FailOnArg::Never => return false,
        };
        priority <= threshold
    }
}

/// The command tree with its help in one language.
pub(crate) fn command(lang: Lang) -> Command {
    localise(Cli::command(), lang, "help")
}

/// Reads the command line.
pub(crate) fn parse(lang: Lang, args: &[std::ffi::OsString]) -> Result<Cli, clap::Error> {
    let matches = command(lang).try_get_matches_from(args)?;
    Cli::from_arg_matches(&matches)
}

/// Gives each command and argument its text: `help-assess`, `help-assess-fail-on`; arguments that every command
/// has are `help-arg-data`.
fn localise(command: Command, lang: Lang, prefix: &str) -> Command {
    let text = |id: &str| yata_words::render(lang, &Message::new(id));
    let global = |id: &str| matches!(id, "lang" | "data" | "color" | "quiet");
    let mut command = command
        .about(text(prefix))
        .disable_help_flag(true)
        .arg(clap::Arg::new("help").long("help").short('h').action(ArgAction::Help).help(text("help-arg-help")));
    if prefix == "help" {
        command = command.disable_version_flag(true).arg(
            clap::Arg::new("version")
                .long("version")
                .short('V')
                .action(ArgAction::Version)
                .help(text("help-arg-version")),
        );
    }
    command = command.mut_args(|arg| {
        let id = arg.get_id().as_str().replace('_', "-");
        if matches!(id.as_str(), "help" | "version") {
            return arg;
        }
        let key = if global(&id) { format!("help-arg-{id}") } else { format!("{prefix}-{id}") };
        arg.help(text(&key)).help_heading(None)
    });
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        let key = format!("{prefix}-{name}");
        command = command.mut_subcommand(&name, |sub| localise(sub, lang, &key));
    }
    command
}

/// The language asked for on the command line, before it is parsed, so that its own errors can be in it.
pub(crate) fn early_lang(args: &[std::ffi::OsString], locale: Option<&str>) -> Lang {
    let mut args = args.iter().filter_map(|arg| arg.to_str());
    while let Some(arg) = args.next() {
        let value = match arg.strip_prefix("--lang") {
            Some("") => args.next(),
            Some(rest) => rest.strip_prefix('='),
            None => continue,
        };
        match value {
            Some("ja") => return Lang::Ja,
            Some("en") => return Lang::En,
            _ => {}
        }
    }
    locale.map_or(Lang::En, Lang::from_locale)
}
