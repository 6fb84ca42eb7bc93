//! Lock files: what packages are checked against. Whoever but a package manager writes one says what is installed.

use crate::machine::Machine;
use crate::path::base;
use crate::tool_kinds::{Kind, kind};
use crate::value::{Flow, Value};
use crate::{ActKind, Traits};

const WHY: &str = "changes what packages are checked against";

/// Names of lock files.
const NAMES: &[&str] = &[
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
    "Cargo.lock",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "pixi.lock",
    "pylock.toml",
    "Pipfile.lock",
    "conda-lock.yml",
    "Gemfile.lock",
    "go.sum",
    "go.work.sum",
    "composer.lock",
    "packages.lock.json",
    "gradle.lockfile",
    "verification-metadata.xml",
    "mix.lock",
    "rebar.lock",
    "pubspec.lock",
    "Podfile.lock",
    "Package.resolved",
    "Cartfile.resolved",
    "flake.lock",
    "Chart.lock",
    ".terraform.lock.hcl",
    "Manifest.toml",
    "stack.yaml.lock",
    "cabal.project.freeze",
];

/// Programs that make a lock file, or bring an older state of it back.
const MAKERS: &[&str] = &[
    "git",
    "jj",
    "hg",
    "svn",
    "gh",
    "npm",
    "npx",
    "pnpm",
    "yarn",
    "bun",
    "deno",
    "corepack",
    "cargo",
    "poetry",
    "uv",
    "pdm",
    "pixi",
    "pipenv",
    "conda-lock",
    "bundle",
    "bundler",
    "go",
    "composer",
    "dotnet",
    "nuget",
    "gradle",
    "gradlew",
    "mix",
    "rebar3",
    "dart",
    "flutter",
    "pod",
    "swift",
    "nix",
    "helm",
    "terraform",
    "tofu",
    "julia",
    "stack",
    "cabal",
    "touch",
    "docker",
    "make",
];

/// They hand a file on as it is.
const MOVERS: &[&str] = &["cp", "mv", "install", "ln"];

/// Marks of what a package is checked against, or where it comes from.
const CHECKED: &[&str] = &["resolved", "integrity", "checksum", "hash", "source", "sha", "://", "registry", "h1:"];

pub(crate) fn is_lock(path: &str) -> bool {
    NAMES.contains(&base(path))
        && !["/fixtures/", "/testdata/", "/test-data/", "/docs/", "/examples/", "/__tests__/", "/corpus/"]
            .iter()
            .any(|part| path.contains(part))
}

/// A change that says nothing of where packages come from: the version of the project itself, the marks of a merge.
fn harmless(text: &str) -> bool {
    let marks = ["<<<<<<<", ">>>>>>>", "======="].iter().any(|mark| text.contains(mark));
    let lower = text.to_ascii_lowercase();
    let version = lower.contains("version") && !text.contains('\n');
    (marks || version) && !CHECKED.iter().any(|mark| lower.contains(mark))
}

/// Addresses and hashes in a text.
fn checked(text: &str) -> impl Iterator<Item = &str> {
    let hash = |word: &str| {
        word.len() >= 20 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
    };
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '{' | '}' | '[' | ']' | '(' | ')')).filter(
        move |word| {
            word.contains("://")
                || word.starts_with("git@")
                || word.split_once(['-', ':']).is_some_and(|(kind, rest)| {
                    matches!(kind, "sha1" | "sha256" | "sha384" | "sha512" | "h1" | "md5") && !rest.is_empty()
                })
                || hash(word)
        },
    )
}

impl Machine<'_> {
    /// What it means that a lock file gets this content, by the program that writes it.
    pub(crate) fn lock_traits(&self, path: &str, content: &Value) -> (Traits, &'static str) {
        let program = self.program.as_str();
        let quiet = self.elsewhere
            || !is_lock(path)
            || content.text.is_empty()
            || MAKERS.contains(&program)
            || program == "rsync"
            || matches!(kind(program), Some(Kind::Edit | Kind::Patch))
            || harmless(&content.text)
            // As it is, from another place.
            || MOVERS.contains(&program) && !made(content);
        if quiet { (Traits::NONE, "") } else { (Traits::CHANGES_SUPPLY_CHAIN, WHY) }
    }

    /// An edit of a lock file: what is checked against, before and after.
    pub(crate) fn lock_edited(&mut self, path: &str, old: &str, new: &str) {
        if !is_lock(path) || old.is_empty() {
            return;
        }
        let merged = old.contains("<<<<<<<") && old.contains(">>>>>>>");
        let named = ["resolved", "integrity", "checksum", "hash", "source ="]
            .iter()
            .any(|mark| old.contains(mark) || new.contains(mark));
        let other = checked(new).any(|word| !old.contains(word)) || checked(old).count() > checked(new).count();
        if merged && checked(new).all(|word| old.contains(word)) {
            return;
        }
        if named || other {
            self.act(ActKind::WriteFile, path, Traits::CHANGES_SUPPLY_CHAIN, WHY);
        }
    }
}

/// Something in the call has made it: it is no file that was there before.
fn made(content: &Value) -> bool {
    !content.flow.has(Flow::WHOLE) || content.flow.has(Flow::REMOTE) || content.is_known()
}
