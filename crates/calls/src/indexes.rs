//! From where packages come: an index is usual where the project or the machine names it already.

use crate::limits::NAMES;
use crate::machine::Machine;
use crate::net::{host, is_local};

/// Files of a project in which managers of packages are told, or note, from where packages come.
const PROJECT: &[&str] = &[
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    "bunfig.toml",
    "deno.json",
    "deno.jsonc",
    "import_map.json",
    "pip.conf",
    "uv.toml",
    "pyproject.toml",
    "poetry.toml",
    "Pipfile",
    "requirements.txt",
    "requirements-dev.txt",
    "constraints.txt",
    "environment.yml",
    ".condarc",
    ".cargo/config.toml",
    ".cargo/config",
    "nuget.config",
    "NuGet.config",
    "NuGet.Config",
    "settings.gradle",
    "settings.gradle.kts",
    "build.gradle",
    "build.gradle.kts",
    "pom.xml",
    ".mvn/settings.xml",
    "Gemfile",
    ".bundle/config",
    "composer.json",
    ".Rprofile",
    "DESCRIPTION",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "deno.lock",
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "Cargo.lock",
    "Gemfile.lock",
    "composer.lock",
    "pubspec.lock",
    "renv.lock",
];

/// The same below the home.
const HOME: &[&str] = &[
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".bunfig.toml",
    ".pip/pip.conf",
    ".config/pip/pip.conf",
    ".config/uv/uv.toml",
    ".config/pypoetry/config.toml",
    ".condarc",
    ".cargo/config.toml",
    ".cargo/config",
    ".nuget/NuGet/NuGet.Config",
    ".m2/settings.xml",
    ".gradle/init.gradle",
    ".gradle/init.gradle.kts",
    ".gradle/gradle.properties",
    ".bundle/config",
    ".gemrc",
    ".composer/config.json",
    ".config/composer/config.json",
    ".config/go/env",
    ".Rprofile",
];

/// The same of the whole machine.
const MACHINE: &[&str] = &["/etc/pip.conf", "/etc/npmrc", "/usr/local/etc/npmrc", "/etc/uv/uv.toml", "/etc/gemrc"];

impl Machine<'_> {
    /// Whether packages come from there anyway: it is this machine, or a file of the project or the machine names the same host.
    /// Nothing is read unless an index is named.
    pub(crate) fn usual_index(&self, urls: &str) -> bool {
        // Lists of proxies: `https://a.example,direct`.
        urls.split([',', '|', ' ']).filter(|url| !url.is_empty()).take(NAMES).all(|url| {
            let host = host(url).to_ascii_lowercase();
            matches!(host.as_str(), "" | "direct" | "off" | "none") || is_local(&host) || self.names_host(&host)
        })
    }

    fn names_host(&self, host: &str) -> bool {
        let below = |folder: &str, names: &[&str]| -> Vec<String> {
            names.iter().map(|name| format!("{}/{name}", folder.trim_end_matches('/'))).collect()
        };
        let mut files = below(self.place.project, PROJECT);
        if self.cwd != self.place.project && crate::path::within(&self.cwd, self.place.project) {
            files.extend(below(&self.cwd, PROJECT));
        }
        files.extend(below(self.place.home, HOME));
        files.extend(MACHINE.iter().map(|path| (*path).to_owned()));
        files
            .iter()
            // What the call itself writes says nothing of what was usual before.
            .filter(|path| !self.written.iter().any(|written| written.path == **path))
            .filter_map(|path| self.place.world.settings(path))
            .any(|text| stands_in(&text, host))
    }
}

/// Whether a text names a host, and not one that only ends or begins so.
fn stands_in(text: &str, host: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let lower = text.to_ascii_lowercase();
    lower.match_indices(host).any(|(at, _)| {
        let before = lower.get(..at).and_then(|before| before.chars().next_back());
        let behind = lower.get(at + host.len()..).and_then(|behind| behind.chars().next());
        before.is_some_and(|c| matches!(c, '/' | '@')) && !behind.is_some_and(inside)
    })
}
