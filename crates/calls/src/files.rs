//! Files that are read, written and removed.

use crate::machine::Machine;
use crate::path::{Zone, absolute, base, followed, within, zone};
use crate::value::{Flow, UNKNOWN, Value};
use crate::{Act, ActKind, Place, Traits};

/// Most files that are remembered as read.
const FILES_READ: usize = 16;

/// Most parts of a path that are looked at; none is longer on disk.
const PARTS: usize = 4096;

/// Most texts in quotes that are looked at.
const QUOTED: usize = 256;

/// Programs that hand on what they read as it is, or parts of it.
const UNCHANGED: [&str; 14] =
    ["cat", "head", "tail", "tac", "bat", "batcat", "less", "more", "pv", "cp", "mv", "ln", "install", "dd"];

/// Names of what a build makes again.
const MADE_AGAIN: &[&str] = &[
    "node_modules",
    "bower_components",
    "dist",
    "build",
    "out",
    "output",
    "target",
    "release",
    "debug",
    ".next",
    ".nuxt",
    ".output",
    ".svelte-kit",
    ".angular",
    ".astro",
    ".docusaurus",
    "coverage",
    ".coverage",
    "htmlcov",
    ".nyc_output",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".tox",
    ".nox",
    ".venv",
    "venv",
    "env",
    ".hypothesis",
    ".eggs",
    "wheels",
    ".gradle",
    ".terraform",
    "tmp",
    "temp",
    ".tmp",
    "cache",
    ".cache",
    ".turbo",
    ".parcel-cache",
    ".vite",
    ".rollup.cache",
    ".webpack",
    "storybook-static",
    "_site",
    "public/build",
    "site",
    "obj",
    "bin",
    "logs",
    "log",
    "test-results",
    "playwright-report",
    "reports",
    "report",
    "artifacts",
    "DerivedData",
    "Pods",
    ".dart_tool",
    ".build",
    "_build",
    "deps",
    "cmake-build-debug",
    "cmake-build-release",
    ".ccache",
    ".serverless",
    "cdk.out",
    ".aws-sam",
    ".expo",
    "elm-stuff",
    "vendor",
    ".bundle",
    ".stack-work",
    "dist-newstyle",
    ".ipynb_checkpoints",
    ".yarn/cache",
    "tsconfig.tsbuildinfo",
    ".eslintcache",
    "zig-out",
    "zig-cache",
    ".zig-cache",
    ".sass-cache",
    "lib-cov",
    ".scannerwork",
    "allure-results",
    "screenshots",
    "snapshots",
    "generated",
    "gen",
    ".metals",
    ".bloop",
    "pkg",
    ".wrangler",
    ".vercel",
    ".netlify",
];

pub(crate) fn made_again(path: &str) -> bool {
    path.split('/').any(|part| {
        MADE_AGAIN.contains(&part)
            || part.ends_with(".egg-info")
            || part.ends_with(".log")
            || part.ends_with(".tsbuildinfo")
            || part.starts_with("cmake-build-")
            || part.starts_with("dist-")
            || part.starts_with("build-")
    })
}

/// Whether a path throws away or makes up what goes through it.
pub(crate) fn is_null(path: &str) -> bool {
    matches!(
        path,
        "/dev/null"
            | "/dev/stdout"
            | "/dev/stderr"
            | "/dev/tty"
            | "/dev/stdin"
            | "/dev/zero"
            | "/dev/full"
            | "/dev/random"
            | "/dev/urandom"
            | "-"
            | ""
    ) || path.starts_with("/dev/fd/")
        || matches!(path, "NUL" | "$null" | "nul")
}

/// Files that are destroyed outside of the project and of the folders for temporary files are somebody else's, whoever
/// found them out.
pub(crate) fn mark_outside(act: &mut Act, place: &Place<'_>) {
    if act.kind == ActKind::WriteFile
        && act.traits.intersects(Traits::DESTROYS_FILES)
        && act.target.starts_with('/')
        && !matches!(zone(&act.target, place), Zone::Project | Zone::ProjectRoot | Zone::Temp)
    {
        act.traits |= Traits::OUTSIDE_PROJECT;
    }
}

/// Variables that were set from a file of secrets are secrets once they are shown or sent.
pub(crate) fn mark_shown_variables(machine: &mut Machine<'_>) {
    let shown = Traits::READS_SECRET | Traits::SENDS_OUT;
    let Some(path) = machine.variables_of.take() else { return };
    // A shell that shows what it does (`set -x`, `bash -x`).
    let traced = |act: &Act| {
        act.kind == ActKind::RunCommand
            && act.target.split(' ').skip(1).any(|word| word.starts_with('-') && word.contains(['x', 'v']))
            && matches!(act.program.as_str(), "set" | "sh" | "bash" | "zsh" | "dash" | "ksh")
    };
    if machine.shows_secrets || machine.acts.iter().any(|act| act.traits.intersects(shown) || traced(act)) {
        machine.act(ActKind::ReadFile, path, Traits::READS_SECRET, "shows the variables of a file of secrets");
    }
}

impl Machine<'_> {
    /// The absolute path of a word, with links followed as far as they are known.
    pub(crate) fn resolve(&self, value: &Value) -> String {
        let joined = crate::path::joined(&value.text, &self.cwd, self.place);
        if joined.contains("/../") || joined.ends_with("/..") {
            return self.resolve_parts(&joined);
        }
        self.resolve_tidy(absolute(&value.text, &self.cwd, self.place))
    }

    /// Part by part: `..` is the folder above the one that a link leads to, not above the link.
    fn resolve_parts(&self, joined: &str) -> String {
        let mut path = String::new();
        for part in joined.split('/').take(PARTS) {
            match part {
                "" | "." => {}
                ".." => {
                    path = self.resolve_tidy(if path.is_empty() { "/".to_owned() } else { path });
                    path.truncate(path.rfind('/').unwrap_or(0));
                }
                part => {
                    path.push('/');
                    path.push_str(part);
                }
            }
        }
        let path = if path.is_empty() { "/" } else { &path };
        self.resolve_tidy(absolute(path, &self.cwd, self.place))
    }

    fn resolve_tidy(&self, mut path: String) -> String {
        // A pipe of the command itself.
        if path.starts_with("/dev/fd/") {
            return path;
        }
        for _ in 0..8 {
            let found = self.links.iter().rev().find(|(link, _)| within(&path, link));
            let Some((link, target)) = found else { break };
            let rest = path.get(link.len()..).unwrap_or("").to_owned();
            let next = crate::path::tidy(&format!("{target}{rest}"));
            if next == path {
                break;
            }
            path = next;
        }
        followed(&path, self.place.world)
    }

    pub(crate) fn names_secret(&self, value: &Value) -> bool {
        !value.text.is_empty() && value.text.len() < 4096 && self.is_secret(&self.resolve(value), value.glob)
    }

    /// Elsewhere only what is secret on every machine counts.
    fn is_secret(&self, path: &str, glob: bool) -> bool {
        let named = if self.elsewhere {
            crate::secrets::secret_elsewhere(path, self.place)
        } else {
            crate::secrets::secret(path, glob, self.place)
        };
        named && !self.is_certificate(path, glob)
    }

    /// A certificate of the project, by its text: it is made to be shown.
    fn is_certificate(&self, path: &str, glob: bool) -> bool {
        !glob
            && [".pem", ".crt", ".cer"].iter().any(|ending| path.ends_with(ending))
            && zone(path, self.place) == Zone::Project
            && self.place.world.text(path).is_some_and(|text| {
                (text.contains("-----BEGIN CERTIFICATE") || text.contains("-----BEGIN PUBLIC KEY"))
                    && !text.contains("PRIVATE")
            })
    }

    /// Whether a path is that of a folder with secrets somewhere below it. Only who goes through all of it reads a folder.
    pub(crate) fn holds_secrets(&self, path: &str, value: &Value) -> bool {
        // All that was found in a folder, at any depth.
        let folder = path.strip_suffix("/*").filter(|_| value.flow.has(Flow::LIST)).unwrap_or(path);
        !self.elsewhere && crate::secrets::holds_secrets(folder, value.glob, self.place)
    }

    /// A file is read. Gives its content, as far as it is known.
    pub(crate) fn read(&mut self, value: &Value) -> Value {
        if is_null(&value.text) && !value.text.starts_with("/dev/fd/") {
            return match value.text.as_str() {
                "-" | "/dev/stdin" => self.stdin.clone(),
                "/dev/null" => Value::default(),
                "/dev/zero" | "/dev/urandom" | "/dev/random" => Value::unknown(Flow::ENDLESS),
                _ => Value::unknown(Flow::NONE),
            };
        }
        let path = self.resolve(value);
        if let Some(written) = self.written.iter().rev().find(|written| written.path == path) {
            return written.content.clone();
        }
        if value.is_blank() {
            return Value::unknown(Flow::FILE);
        }
        if self.is_secret(&path, value.glob) {
            self.act(ActKind::ReadFile, path, Traits::READS_SECRET, "reads a file of secrets");
            return Value::unknown(Flow::SECRET);
        }
        if self.holds_secrets(&path, value) {
            self.act(ActKind::ReadFile, path, Traits::READS_SECRET, "reads a folder with files of secrets in it");
            return Value::unknown(Flow::SECRET);
        }
        if self.files_read.len() < FILES_READ && !self.files_read.contains(&path) {
            self.files_read.push(path.clone());
        }
        let place = zone(&path, self.place);
        let traits = match place {
            Zone::Home | Zone::HomeRoot | Zone::AboveProject | Zone::Elsewhere if !self.elsewhere => {
                Traits::OUTSIDE_PROJECT
            }
            _ => Traits::NONE,
        };
        let meant = place == Zone::Project && matches!(base(&path).rsplit('.').next(), Some("sh" | "bash" | "zsh"));
        self.act(ActKind::ReadFile, path, traits, "reads outside the project");
        let flow = if meant { Flow::FILE.with(Flow::MEANT) } else { Flow::FILE };
        let unchanged = UNCHANGED.contains(&self.program.as_str());
        Value::unknown(if unchanged { flow.with(Flow::WHOLE) } else { flow })
    }

    /// What is about to run as code, with the texts of the files that it comes from, where nothing else is known of it.
    pub(crate) fn code(&self, value: &Value) -> Value {
        let changed = [Flow::REMOTE, Flow::DECODED, Flow::SECRET].into_iter().any(|flow| value.flow.has(flow));
        if !value.is_blank() || !value.flow.has(Flow::WHOLE) || changed {
            return value.clone();
        }
        if self.files_read.iter().any(|path| self.place.world.is_unreadable_script(path)) {
            return Value::unknown(Flow::FILE);
        }
        let texts: Vec<String> = self.files_read.iter().filter_map(|path| self.place.world.text(path)).collect();
        if texts.is_empty() { value.clone() } else { Value::known(texts.join("\n")).flowing(Flow::FILE) }
    }

    /// Texts in quotes that name a file of secrets (`readfile('x')` of a database) are read.
    pub(crate) fn read_quoted(&mut self, text: &str) {
        for quote in ['\'', '"'] {
            for piece in text.split(quote).skip(1).step_by(2).take(QUOTED) {
                let piece = Value::known(piece);
                if piece.text.contains(['/', '.']) && !piece.text.contains('\n') && self.names_secret(&piece) {
                    self.read(&piece);
                }
            }
        }
    }

    /// A file of code that a program is told to follow (`-f FILE`).
    pub(crate) fn read_code(&mut self, file: &Value) -> Value {
        let content = self.read(file);
        self.code(&content.flowing(Flow::WHOLE))
    }

    /// A file is written.
    pub(crate) fn write(&mut self, value: &Value, append: bool, content: &Value) {
        if is_null(&value.text) {
            return;
        }
        let path = self.resolve(value);
        let (mut traits, mut why) = self.written_traits(&path, value);
        if traits.without(Traits::OUTSIDE_PROJECT).is_empty() && !append && content.text.is_empty() {
            (traits, why) = self.emptied(&path, value);
        }
        if content.flow.has(Flow::ENDLESS) {
            traits |= Traits::EXHAUSTS;
            why = "writes what never ends";
        }
        if traits.is_empty() && content.flow.has(Flow::SECRET) {
            (traits, why) = (Traits::READS_SECRET, "a secret is copied into a file");
        }
        if !self.elsewhere {
            for (more, reason) in
                [crate::written::content_traits(self, &path, content), self.lock_traits(&path, content)]
            {
                if !more.is_empty() {
                    traits |= more;
                    why = reason;
                }
            }
        }
        self.act(ActKind::WriteFile, path.clone(), traits, why);
        let content = match self.written.iter().rev().find(|written| written.path == path) {
            Some(before) if append => {
                let mut joined = before.content.clone();
                joined.push(content);
                joined
            }
            _ => content.clone(),
        };
        self.holds(path, content);
    }

    /// What the place of a file says about writing it.
    pub(crate) fn written_traits(&self, path: &str, value: &Value) -> (Traits, &'static str) {
        if self.elsewhere {
            return (Traits::NONE, "");
        }
        let (traits, why) = crate::targets::write_traits(path, self.place);
        if !traits.is_empty() {
            return (traits, why);
        }
        if value.glob && value.text.contains(['?', '[', '*']) {
            let hidden = ["/.bashrc", "/.zshrc", "/.profile", "/.ssh/authorized_keys"]
                .iter()
                .any(|known| crate::path::matches(path.trim_start_matches(self.place.home), known));
            if hidden {
                return (Traits::PERSISTS | Traits::EVADES, "a pattern that names a start file");
            }
        }
        match zone(path, self.place) {
            Zone::Device => (Traits::DESTROYS_DISK, "writes to a device"),
            Zone::System | Zone::Root
                if path.starts_with("/mnt/") || path.starts_with("/media/") || path.starts_with("/Volumes/") =>
            {
                (Traits::OUTSIDE_PROJECT, "writes outside the project")
            }
            Zone::System | Zone::Root => (Traits::PERSISTS | Traits::OUTSIDE_PROJECT, "changes a file of the system"),
            Zone::Home | Zone::HomeRoot | Zone::AboveProject | Zone::Elsewhere => {
                if crate::secrets::secret(path, value.glob, self.place) {
                    return (Traits::DESTROYS_FILES | Traits::CHANGES_ACCESS, "overwrites a file of secrets");
                }
                if path.starts_with(&format!("/{UNKNOWN}")) {
                    return (Traits::NONE, "");
                }
                (Traits::OUTSIDE_PROJECT, "writes outside the project")
            }
            Zone::Temp | Zone::Project | Zone::ProjectRoot => (Traits::NONE, ""),
        }
    }

    /// A file is left empty.
    fn emptied(&self, path: &str, value: &Value) -> (Traits, &'static str) {
        if value.is_blank() {
            return (Traits::DESTROYS_FILES | Traits::NOT_UNDERSTOOD, "empties a file that is not known before");
        }
        match zone(path, self.place) {
            Zone::Temp => (Traits::NONE, ""),
            Zone::Project if made_again(path) || !value.glob => (Traits::NONE, ""),
            _ => (Traits::DESTROYS_FILES, "empties files"),
        }
    }

    /// A file or folder is removed, or moved to where nothing comes back from.
    pub(crate) fn destroy(&mut self, value: &Value, recursive: bool) {
        if value.text.is_empty() {
            return;
        }
        let path = self.resolve(value);
        let (traits, why) =
            if self.elsewhere { (Traits::NONE, "") } else { self.destroyed_traits(&path, value, recursive) };
        self.act(ActKind::WriteFile, path, traits, why);
    }

    fn destroyed_traits(&self, path: &str, value: &Value, recursive: bool) -> (Traits, &'static str) {
        let place = self.place;
        let lost = |why| (Traits::DESTROYS_FILES, why);
        if crate::targets::agent(path, place) {
            return (Traits::CHANGES_AGENT | Traits::DESTROYS_FILES, "removes an agent's settings or the hook's files");
        }
        if self.moved.iter().any(|moved| within(path, moved)) {
            return (Traits::DISCARDS_WORK, "removes work that was moved away before");
        }
        if within(path, "/var/log") {
            return (Traits::DISABLES_SECURITY | Traits::DESTROYS_FILES, "removes the system's logs");
        }
        if value.is_blank() && !value.flow.has(Flow::LIST) || value.text.starts_with(UNKNOWN) {
            return (Traits::NOT_UNDERSTOOD, "what is removed is not known before");
        }
        // A name that is not known may be empty, and then the folder before it goes.
        let name = base(path);
        let everything = value.glob && matches!(name, "*" | "**" | ".*" | "{*,.*}" | ".[!.]*" | ".??*" | "..?*" | "?*")
            || name.chars().all(|c| c == UNKNOWN);
        let folder = if everything { path.rsplit_once('/').map_or("/", |(folder, _)| folder) } else { path };
        let folder = if folder.is_empty() { "/" } else { folder };
        match zone(folder, place) {
            Zone::Root | Zone::System => lost("removes files of the system"),
            Zone::Device => (Traits::DESTROYS_DISK | Traits::DESTROYS_FILES, "removes or overwrites a device"),
            Zone::HomeRoot => lost("removes a home"),
            Zone::AboveProject => lost("removes a folder that holds the project"),
            Zone::ProjectRoot => lost("removes everything in the project"),
            Zone::Temp
                if matches!(folder, "/tmp" | "/var/tmp" | "/private/tmp" | "/dev/shm")
                    && name.chars().all(|c| c != UNKNOWN) =>
            {
                lost("removes everybody's temporary files")
            }
            Zone::Temp => (Traits::NONE, ""),
            Zone::Home if self.cached(path) => (Traits::OUTSIDE_PROJECT, "removes outside the project"),
            Zone::Home | Zone::Elsewhere => lost("removes files outside the project"),
            Zone::Project => self.destroyed_in_project(folder, everything, recursive, value),
        }
    }

    fn cached(&self, path: &str) -> bool {
        let rest = path.strip_prefix(self.place.home).unwrap_or("");
        [
            "/.cache/",
            "/.npm/_cacache",
            "/.npm/_npx",
            "/.gradle/caches",
            "/.cargo/registry/cache",
            "/Library/Caches/",
            "/.pnpm-store",
            "/.m2/repository",
        ]
        .iter()
        .any(|folder| rest.starts_with(folder) && rest.len() > folder.len() || rest == *folder)
    }

    fn destroyed_in_project(
        &self,
        path: &str,
        everything: bool,
        recursive: bool,
        value: &Value,
    ) -> (Traits, &'static str) {
        let rest = path.strip_prefix(self.place.project).unwrap_or(path).trim_matches('/');
        let first = rest.split('/').next().unwrap_or("");
        if rest.starts_with(".git/") && rest.ends_with(".lock") {
            return (Traits::NONE, "");
        }
        if matches!(first, ".husky" | ".githooks" | ".pre-commit-config.yaml") {
            return (Traits::DISABLES_SECURITY, "removes the hooks of the repository");
        }
        let checks = ["secur", "codeql", "scan", "audit", "dependabot", "semgrep", "trivy", "gitleaks"];
        if base(path) == "CODEOWNERS"
            || (first == ".github" || first.starts_with(".gitlab")) && checks.iter().any(|part| rest.contains(part))
            || matches!(
                first,
                ".gitleaks.toml" | ".semgrep.yml" | ".secrets.baseline" | ".trivyignore" | "renovate.json"
            )
        {
            return (Traits::DISABLES_SECURITY, "removes what checks the code");
        }
        let name = base(path);
        if name.contains("prod")
            && [".sqlite", ".sqlite3", ".db", ".mdb", ".rdb", ".dump"].iter().any(|end| name.ends_with(end))
        {
            return (Traits::DESTROYS_DATA, "removes a database");
        }
        if rest.split('/').any(|part| part == ".git") {
            return (Traits::DESTROYS_FILES | Traits::REWRITES_HISTORY, "removes git's history");
        }
        if crate::secrets::secret(path, value.glob, self.place) {
            return (Traits::DESTROYS_FILES, "removes a file of secrets that nothing else holds");
        }
        if made_again(rest) {
            return (Traits::NONE, "");
        }
        if everything || recursive && !rest.contains('/') && !first.contains('.') && !value.glob {
            return (Traits::DISCARDS_WORK, "removes a folder of sources");
        }
        if recursive && value.glob && first.starts_with(['*', '?', '[']) && !first.contains('.') {
            return (Traits::DISCARDS_WORK, "removes folders of sources");
        }
        if recursive && matches!(first, ".github" | ".gitignore") {
            return (Traits::DISCARDS_WORK, "removes files of the project");
        }
        (Traits::NONE, "")
    }
}
