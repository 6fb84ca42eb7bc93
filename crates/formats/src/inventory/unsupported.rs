//! Inventories that Yata knows by name but cannot read yet: each is a problem, so that a project that has
//! only those never looks clean.

use super::file_name;

/// A kind of file that cannot be read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsupported {
    /// What it is, for texts.
    pub name: &'static str,
}

/// File names of lockfiles and manifests that alone say what a project uses.
const BY_NAME: [(&str, &str); 31] = [
    ("Gemfile.lock", "Bundler lockfile"),
    ("gems.locked", "Bundler lockfile"),
    ("pnpm-lock.yaml", "pnpm lockfile"),
    ("bun.lock", "Bun lockfile"),
    ("bun.lockb", "Bun lockfile"),
    ("deno.lock", "Deno lockfile"),
    ("composer.lock", "Composer lockfile"),
    ("Pipfile.lock", "Pipenv lockfile"),
    ("pdm.lock", "PDM lockfile"),
    ("pylock.toml", "Python lockfile (PEP 751)"),
    ("conda-lock.yml", "Conda lockfile"),
    ("pixi.lock", "Pixi lockfile"),
    ("pom.xml", "Maven project file"),
    ("gradle.lockfile", "Gradle lockfile"),
    ("buildscript-gradle.lockfile", "Gradle lockfile"),
    ("packages.lock.json", "NuGet lockfile"),
    ("packages.config", "NuGet package list"),
    ("project.assets.json", "NuGet restore result"),
    ("mix.lock", "Mix lockfile"),
    ("rebar.lock", "Rebar lockfile"),
    ("pubspec.lock", "Dart lockfile"),
    ("Podfile.lock", "CocoaPods lockfile"),
    ("Package.resolved", "Swift lockfile"),
    ("cabal.project.freeze", "Cabal lockfile"),
    ("stack.yaml.lock", "Stack lockfile"),
    ("conan.lock", "Conan lockfile"),
    ("renv.lock", "renv lockfile"),
    ("MODULE.bazel.lock", "Bazel lockfile"),
    ("bom.xml", "CycloneDX XML"),
    ("rpmdb.sqlite", "RPM database"),
    ("manifest.spdx", "SPDX tag-value"),
];

/// File name endings of bills of materials in other encodings.
const BY_ENDING: [(&str, &str); 8] = [
    (".cdx.xml", "CycloneDX XML"),
    (".bom.xml", "CycloneDX XML"),
    (".spdx", "SPDX tag-value"),
    (".spdx.xml", "SPDX XML"),
    (".spdx.rdf", "SPDX RDF"),
    (".spdx.rdf.xml", "SPDX RDF"),
    (".spdx.yaml", "SPDX YAML"),
    (".spdx.yml", "SPDX YAML"),
];

/// Paths of package databases of hosts.
const BY_PATH: [(&str, &str); 4] = [
    ("lib/apk/db/installed", "apk database"),
    ("var/lib/rpm/Packages", "RPM database"),
    ("var/lib/rpm/Packages.db", "RPM database"),
    ("usr/lib/sysimage/rpm/Packages.db", "RPM database"),
];

/// What a path is, where it is an inventory that cannot be read yet.
pub fn unsupported(path: &str) -> Option<Unsupported> {
    let file = file_name(path);
    let by_name = BY_NAME.iter().find(|(name, _)| *name == file);
    let by_ending = || BY_ENDING.iter().find(|(ending, _)| file.ends_with(ending));
    let by_path = || {
        BY_PATH.iter().find(|(known, _)| {
            path.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        })
    };
    by_name.or_else(by_ending).or_else(by_path).map(|(_, name)| Unsupported { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_named() {
        for (path, name) in [
            ("a/pnpm-lock.yaml", "pnpm lockfile"),
            ("lib/apk/db/installed", "apk database"),
            ("host/var/lib/rpm/Packages", "RPM database"),
            ("x.cdx.xml", "CycloneDX XML"),
        ] {
            assert_eq!(unsupported(path).map(|u| u.name), Some(name), "{path}");
        }
        for path in ["xlib/apk/db/installed", "lib.rs", "a.spdx.json"] {
            assert_eq!(unsupported(path), None, "{path}");
        }
    }
}
