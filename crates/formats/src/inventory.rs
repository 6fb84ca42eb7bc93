//! Inventories: the files that say which packages a thing is made of, from bytes to components.
//!
//! Each format is one file in `inventory/`, holding its [`Format`]; the list of them is the `formats!` line below.
//! Pure: bytes and facts come in as arguments, components and problems go out.

mod deb822;
mod found;
mod graph;
mod json;
mod os_release;
mod sbom;
mod text;
mod toml_tree;
mod unsupported;

use yata_model::{Component, Problem};

pub use os_release::OsRelease;
pub use unsupported::{Unsupported, unsupported};

/// The largest file that a parser takes, in bytes; a larger one is refused before it is read.
pub const FILE_MAX_BYTES: u64 = 256 * 1024 * 1024;
/// The most components that one file may have.
pub const FILE_MAX_COMPONENTS: usize = 1_000_000;
/// The longest shortest path that is kept whole, in steps; a longer one loses its middle.
pub const PATH_MAX_STEPS: usize = 24;
/// The most problems that one file may raise; the last of them counts the rest.
pub const FILE_MAX_PROBLEMS: usize = 200;

/// A file to parse, with what the parser may need to know of its surroundings.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Its path relative to the root that is assessed, with `/` separators.
    pub path: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// The operating system of the host that the file belongs to, where that is known.
    pub os: Option<&'a OsRelease>,
    /// The files of the same folder that [`Format::companions`] asked for, by name.
    pub companions: &'a [(&'a str, &'a [u8])],
}

impl<'a> Input<'a> {
    /// A file of which nothing but path and content is known.
    pub fn new(path: &'a str, bytes: &'a [u8]) -> Self {
        Input { path, bytes, os: None, companions: &[] }
    }

    fn companion(&self, name: &str) -> Option<&'a [u8]> {
        self.companions.iter().find(|(companion, _)| *companion == name).map(|(_, bytes)| *bytes)
    }
}

/// The thing that a bill of materials is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// The components, sorted by purl, each once, with all its occurrences in this file.
    pub components: Vec<Component>,
    /// For a bill of materials: what it is about.
    pub subject: Option<Subject>,
    /// The release of the operating system, where the file tells it.
    pub os: Option<OsRelease>,
    /// What could not be understood.
    pub problems: Vec<Problem>,
}

/// A file format.
#[derive(Debug)]
pub struct Format {
    /// Its name as people write it (`Cargo.lock`, `CycloneDX JSON`).
    pub name: &'static str,
    /// The file names by which it is known, for texts.
    pub file_names: &'static str,
    /// Whether a file of this relative path (with `/` separators) is of this format.
    pub matches: fn(path: &str) -> bool,
    /// Whether this content is of this format, for files whose name says nothing; never true for two formats.
    pub recognises: fn(bytes: &[u8]) -> bool,
    /// Names of files in the same folder that the parser wants to see.
    pub companions: &'static [&'static str],
    /// The parser. It never panics, and says in [`Parsed::problems`] what it could not read.
    pub parse: fn(&Input<'_>) -> Parsed,
}

macro_rules! formats {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+
        /// Every format, in the order in which they are asked.
        pub const FORMATS: &[&Format] = &[$(&$module::FORMAT),+];
        #[cfg(test)]
        const MODULES: &[&str] = &[$(stringify!($module)),+];
    };
}

formats!(
    cargo_lock,
    cyclonedx,
    dpkg,
    go_mod,
    go_sum,
    package_lock,
    poetry_lock,
    python_installed,
    requirements,
    spdx,
    uv_lock,
    yarn_lock,
);

/// The format that a path names.
pub fn format_of_path(path: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| (format.matches)(path))
}

/// The format that content shows: the keys of a JSON document, the head of a lockfile.
pub fn format_of_content(bytes: &[u8]) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| (format.recognises)(bytes))
}

/// The names of all formats, for texts, with `, ` between them.
pub fn format_names() -> String {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.file_names).collect();
    names.join(", ")
}

/// The folder of the host whose package database a path is (with a `/` at its end, or empty); `None` for any
/// other path. Its `etc/os-release` says which distribution the packages are of.
pub fn host_root(path: &str) -> Option<&str> {
    ["var/lib/dpkg/status", "lib/apk/db/installed", "var/lib/rpm/", "usr/lib/sysimage/rpm/"]
        .iter()
        .filter_map(|mark| path.find(mark))
        .min()
        .and_then(|at| path.get(..at))
        .filter(|before| before.is_empty() || before.ends_with('/'))
}

/// The last part of a relative path.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// For [`Format::recognises`] of formats that have no mark of their own.
fn never(_: &[u8]) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test reads its own source folder")]
    fn every_file_of_the_folder_is_registered() {
        let helpers = ["deb822", "found", "graph", "json", "os_release", "sbom", "text", "toml_tree", "unsupported"];
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/inventory");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
            .filter(|stem| !helpers.contains(&stem.as_str()))
            .collect();
        files.sort();
        files.dedup();
        let mut modules = MODULES.to_vec();
        modules.sort_unstable();
        assert_eq!(files, modules);
    }

    #[test]
    fn package_databases_name_their_host() {
        assert_eq!(host_root("var/lib/dpkg/status"), Some(""));
        assert_eq!(host_root("hosts/web/var/lib/dpkg/status.d/base"), Some("hosts/web/"));
        assert_eq!(host_root("hosts/web/etc/passwd"), None);
        assert_eq!(host_root("xvar/lib/dpkg/status"), None);
    }

    /// Found by the fuzz target `content`.
    #[test]
    fn no_content_is_of_two_formats() {
        for content in [
            "module example.org/m\n\n# yarn lockfile v1\n",
            "# This file is automatically @generated by Cargo.\n# yarn lockfile v1\n",
            r#"{"lockfileVersion":3,"bomFormat":"CycloneDX"}"#,
            r#"{"lockfileVersion":3,"spdxVersion":"SPDX-2.3"}"#,
            "# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.\r\n# yarn lockfile v1\r\n",
        ] {
            let formats = FORMATS.iter().filter(|format| (format.recognises)(content.as_bytes())).count();
            assert_eq!(formats, 1, "{content}");
        }
    }

    #[test]
    fn no_path_is_of_two_formats() {
        for path in [
            "Cargo.lock",
            "a/package-lock.json",
            "a/npm-shrinkwrap.json",
            "yarn.lock",
            "requirements.txt",
            "requirements/test.txt",
            "poetry.lock",
            "uv.lock",
            "go.mod",
            "go.sum",
            "bom.json",
            "x.cdx.json",
            "x.spdx.json",
            "var/lib/dpkg/status",
            "var/lib/dpkg/status.d/base",
            "usr/lib/python3/site-packages/x-1.dist-info/METADATA",
        ] {
            let formats = FORMATS.iter().filter(|format| (format.matches)(path)).count();
            assert_eq!(formats, 1, "{path}");
            assert!(unsupported(path).is_none(), "{path}");
        }
        assert!(format_of_path("README.md").is_none());
    }
}
