//! Questions for help and for the version, which programs answer and end.

use crate::value::Value;

/// Programs of several commands that say something and end where `help` is the first word, or `--help` stands behind the command.
const COMMANDS_WITH_HELP: &[&str] = &[
    "apt",
    "apt-get",
    "aws",
    "az",
    "brew",
    "bundle",
    "bun",
    "cargo",
    "cargo-yank",
    "choco",
    "composer",
    "conda",
    "deno",
    "docker",
    "dotnet",
    "eksctl",
    "firebase",
    "flutter",
    "flyctl",
    "gcloud",
    "gem",
    "gh",
    "git",
    "glab",
    "go",
    "helm",
    "heroku",
    "hg",
    "jj",
    "just",
    "kubectl",
    "launchctl",
    "minikube",
    "mix",
    "mvn",
    "netlify",
    "npm",
    "nx",
    "pip",
    "pip3",
    "pipx",
    "pnpm",
    "podman",
    "poetry",
    "pulumi",
    "rails",
    "rustup",
    "snap",
    "supabase",
    "svn",
    "systemctl",
    "terraform",
    "tofu",
    "turbo",
    "uv",
    "vault",
    "vercel",
    "wrangler",
    "yarn",
];

/// Options without a value that may stand before `--help`.
const BEFORE_HELP: &[&str] = &["--hard", "--force", "-f", "--all", "-a", "-r", "--cached"];

/// `--help` and `--version` make a program say something and end. Where anything but commands stands beside them they may be the value of
/// an option, a file or a word for another program, and do not count.
pub(super) fn is_asked(name: &str, arguments: &[Value]) -> bool {
    let texts = super::texts(arguments);
    match texts.as_slice() {
        [one] => matches!(
            *one,
            "--help" | "-help" | "-h" | "-V" | "-v" | "-version" | "--version" | "version" | "help" | "/?"
        ),
        ["help", ..] => COMMANDS_WITH_HELP.contains(&name),
        [commands @ .., "--help" | "-help"] if COMMANDS_WITH_HELP.contains(&name) => {
            let plain = |word: &&str| {
                word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') && !word.starts_with('-')
            };
            let runs = |word: &&str| matches!(*word, "run" | "exec" | "x" | "dlx" | "start" | "compose");
            commands.len() <= 4
                && commands.first().is_some_and(plain)
                && commands.iter().all(|word| plain(word) || BEFORE_HELP.contains(word))
                && !commands.iter().rev().skip(1).any(runs)
        }
        [commands @ .., "help"] if name == "aws" => commands
            .iter()
            .all(|word| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !word.starts_with('-')),
        _ => false,
    }
}
