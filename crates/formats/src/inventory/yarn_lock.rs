//! `yarn.lock`: version 1 (classic) and the later ones (Berry), which are YAML of one fixed shape.
//!
//! Source: Yarn documentation, "Yarn lockfile"; `@yarnpkg/lockfile`, `@yarnpkg/parsers`.
//!
//! The file does not tell development dependencies from others, so everything counts as runtime. Classic files do
//! not name the project's own dependencies either; a package that no other needs must be one of them.

use std::collections::HashMap;

use yata_model::{Ecosystem, Family, Package, Scope};

use super::found::{Found, Seen, not_the_format};
use super::graph::Graph;
use super::text::{line_number, text};
use super::{Format, Input, Parsed, file_name};
use crate::purl::{Purl, purl_of};

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "yarn.lock",
    file_names: "yarn.lock",
    matches: |path| file_name(path) == "yarn.lock",
    recognises: |bytes| {
        let head = bytes.get(..256).unwrap_or(bytes);
        head.windows(18).any(|window| window == b"# yarn lockfile v1") || bytes.starts_with(b"__metadata:")
    },
    companions: &[],
    parse,
};

/// A block: the patterns that it answers, and what it says.
#[derive(Default)]
struct Block<'a> {
    line: u32,
    patterns: Vec<&'a str>,
    version: Option<&'a str>,
    resolved: Option<&'a str>,
    resolution: Option<&'a str>,
    needs: Vec<(&'a str, &'a str)>,
}

fn parse(input: &Input<'_>) -> Parsed {
    let text = match text(input) {
        Ok(text) => text,
        Err(problem) => return Parsed { problems: vec![problem], ..Parsed::default() },
    };
    let mut found = Found::new(input);
    let (blocks, bad_lines) = blocks(text);
    if blocks.is_empty() && !bad_lines.is_empty() {
        return not_the_format(input, FORMAT.name, "none of its lines begins a package");
    }
    for (line, text) in bad_lines {
        found.bad_entry(text, "the line does not fit where it stands", Some(line));
    }
    let blocks: Vec<Block<'_>> =
        blocks.into_iter().filter(|block| block.patterns.as_slice() != ["__metadata"]).collect();
    let reached = graph(&blocks).reach();
    let label = |block: &Block<'_>| format!("{}@{}", block.name(), block.version.unwrap_or_default());
    let labels: Vec<String> = blocks.iter().map(label).collect();
    for (index, block) in blocks.iter().enumerate() {
        if block.is_local() {
            continue;
        }
        let name = block.name();
        let entry = block.patterns.first().copied().unwrap_or_default();
        let Some(version) = block.version.filter(|version| !version.is_empty()) else {
            found.bad_entry(entry, "it has no version", Some(block.line));
            continue;
        };
        if name.is_empty() {
            found.bad_entry(entry, "it has no name", Some(block.line));
            continue;
        }
        let package = Package::new(Ecosystem::plain(Family::Npm), name);
        let mut seen = Seen::new(block.purl(&package, version), package, Some(version.to_owned()));
        seen.line = Some(block.line);
        seen.direct = match reached.of(index) {
            Some(reach) if reach.certain || reach.parent.is_none() => Some(reach.parent.is_none()),
            _ => None,
        };
        seen.path = reached.path(index, &labels);
        found.add(seen);
    }
    found.finish()
}

fn unquote(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

/// `key value`, `key: value`, `"key" "value"`, `"key": value`.
fn key_value(text: &str) -> Option<(&str, &str)> {
    let (key, rest) = match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => {
            let end = text.find([' ', ':'])?;
            text.split_at_checked(end)?
        }
    };
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    (!key.is_empty()).then(|| (key, unquote(rest)))
}

/// The blocks, and the lines that belong to none.
fn blocks(text: &str) -> (Vec<Block<'_>>, Vec<(u32, &str)>) {
    let (mut blocks, mut bad): (Vec<Block<'_>>, Vec<(u32, &str)>) = (Vec::new(), Vec::new());
    let mut section = "";
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let number = line_number(index);
        let indent = line.len() - line.trim_start_matches(' ').len();
        match (indent, blocks.last_mut()) {
            (0, _) => match trimmed.strip_suffix(':') {
                Some(header) => {
                    section = "";
                    blocks.push(Block { line: number, patterns: patterns(header), ..Block::default() });
                }
                None => bad.push((number, trimmed)),
            },
            (2, Some(block)) => match key_value(trimmed) {
                Some((key, "")) => section = key,
                Some((key, value)) => {
                    section = "";
                    match key {
                        "version" => block.version = Some(value),
                        "resolved" => block.resolved = Some(value),
                        "resolution" => block.resolution = Some(value),
                        _ => {}
                    }
                }
                None => bad.push((number, trimmed)),
            },
            (4, Some(block)) if matches!(section, "dependencies" | "optionalDependencies") => {
                match key_value(trimmed) {
                    Some(need) => block.needs.push(need),
                    None => bad.push((number, trimmed)),
                }
            }
            (indent, Some(_)) if indent >= 2 => {}
            _ => bad.push((number, trimmed)),
        }
    }
    (blocks, bad)
}

/// Classic quotes each pattern on its own, Berry quotes the whole list.
fn patterns(header: &str) -> Vec<&str> {
    unquote_list(header).split(", ").map(|pattern| pattern.trim_matches('"')).collect()
}

fn unquote_list(header: &str) -> &str {
    match header.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(whole) if !whole.contains('"') => whole,
        _ => header,
    }
}

/// `name` and `range` of `name@range`; the `@` of a scope is part of the name.
fn split_pattern(pattern: &str) -> (&str, &str) {
    let from = usize::from(pattern.starts_with('@'));
    match pattern.get(from..).and_then(|rest| rest.find('@')) {
        Some(at) => {
            let (name, range) = pattern.split_at_checked(from + at).unwrap_or((pattern, ""));
            (name, range.strip_prefix('@').unwrap_or(range))
        }
        None => (pattern, ""),
    }
}

impl<'a> Block<'a> {
    /// The name of the real package: an alias says it in its resolution or in its range.
    fn name(&self) -> &'a str {
        if let Some(resolution) = self.resolution {
            return split_pattern(resolution).0;
        }
        let (name, range) = split_pattern(self.patterns.first().copied().unwrap_or_default());
        match range.strip_prefix("npm:") {
            Some(alias) if alias.starts_with(|c: char| c == '@' || c.is_ascii_alphabetic()) => {
                let (real, _) = split_pattern(alias);
                if real.is_empty() { name } else { real }
            }
            _ => name,
        }
    }

    /// What follows the name in a Berry resolution, else the range of the first pattern.
    fn reference(&self) -> &'a str {
        match self.resolution {
            Some(resolution) => split_pattern(resolution).1,
            None => split_pattern(self.patterns.first().copied().unwrap_or_default()).1,
        }
    }

    /// A package of the project itself.
    fn is_local(&self) -> bool {
        let reference = self.reference();
        ["workspace:", "link:", "portal:", "file:"].iter().any(|prefix| reference.starts_with(prefix))
    }

    fn purl(&self, package: &Package, version: &str) -> String {
        let address = match self.resolution {
            Some(_) => Some(self.reference()),
            None => self.resolved.filter(|_| {
                let range = self.reference();
                range.contains("://") || range.starts_with("git") || range.contains('/') && !range.starts_with("npm:")
            }),
        };
        let Some(address) = address.filter(|address| address.contains("://")) else {
            return purl_of(package, Some(version));
        };
        let (url, commit) = address.split_once('#').unwrap_or((address, ""));
        let commit = commit.strip_prefix("commit=").unwrap_or(commit);
        let purl = purl_of(package, Some(version)).parse::<Purl>();
        let is_git = url.ends_with(".git") || url.starts_with("git");
        let qualified = purl.map(|purl| match (is_git, commit.is_empty()) {
            (true, false) => purl.with("vcs_url", &format!("{}@{commit}", git_url(url))),
            (true, true) => purl.with("vcs_url", &git_url(url)),
            (false, _) => purl.with("download_url", url),
        });
        qualified.map_or_else(|_| purl_of(package, Some(version)), |purl| purl.to_string())
    }
}

fn git_url(url: &str) -> String {
    if url.starts_with("git") { url.to_owned() } else { format!("git+{url}") }
}

fn graph(blocks: &[Block<'_>]) -> Graph {
    let mut by_pattern: HashMap<(&str, &str), usize> = HashMap::new();
    for (index, block) in blocks.iter().enumerate() {
        for pattern in &block.patterns {
            by_pattern.entry(split_pattern(pattern)).or_insert(index);
        }
    }
    let mut graph = Graph::new(blocks.len());
    for (index, block) in blocks.iter().enumerate() {
        for (name, range) in &block.needs {
            let exact = by_pattern.get(&(*name, *range)).copied();
            // Older Berry files leave out `npm:` in the range.
            let found = exact.or_else(|| by_pattern.get(&(*name, format!("npm:{range}").as_str())).copied());
            if let Some(to) = found {
                graph.edge(index, to, Scope::Runtime);
            }
        }
        if block.is_local() {
            graph.root(index);
        }
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::super::found::testing::check;
    use super::*;

    #[test]
    fn classic() {
        check(
            &FORMAT,
            "yarn.lock",
            "# yarn lockfile v1


\"@babel/core@^7.0.0\", \"@babel/core@^7.1.0\":
  version \"7.2.0\"
  resolved \"https://index.example.org/core-7.2.0.tgz#abc\"
  dependencies:
    ms \"^2.0.0\"
    other \"npm:ms@2.0.0\"

ms@^2.0.0:
  version \"2.1.3\"

\"other@npm:ms@2.0.0\":
  version \"2.0.0\"

\"tool@git+https://example.org/tool.git\":
  \"version\" \"1.0.0\"
  resolved \"git+https://example.org/tool.git#0123\"
",
            &[
                "pkg:npm/%40babel/core@7.2.0 | Runtime direct line 4 | @babel/core@7.2.0",
                "pkg:npm/ms@2.0.0 | Runtime line 14 | @babel/core@7.2.0 > ms@2.0.0",
                "pkg:npm/ms@2.1.3 | Runtime line 11 | @babel/core@7.2.0 > ms@2.1.3",
                "pkg:npm/tool@1.0.0?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Ftool.git%400123 | Runtime direct line 17 \
                 | tool@1.0.0",
            ],
        );
    }

    #[test]
    fn berry() {
        check(
            &FORMAT,
            "yarn.lock",
            "__metadata:
  version: 8

\"shop@workspace:.\":
  version: 0.0.0-use.local
  resolution: \"shop@workspace:.\"
  dependencies:
    debug: \"npm:^4.0.0\"
    alias: \"npm:ms@^2.0.0\"
  languageName: unknown
  linkType: soft

\"debug@npm:^4.0.0, debug@npm:^4.1.0\":
  version: 4.3.3
  resolution: \"debug@npm:4.3.3\"
  dependencies:
    ms: 2.1.2
  peerDependenciesMeta:
    supports-color:
      optional: true

\"ms@npm:2.1.2\":
  version: 2.1.2
  resolution: \"ms@npm:2.1.2\"

\"alias@npm:ms@^2.0.0\":
  version: 2.1.3
  resolution: \"ms@npm:2.1.3\"
",
            &[
                "pkg:npm/debug@4.3.3 | Runtime direct line 13 | debug@4.3.3",
                "pkg:npm/ms@2.1.2 | Runtime indirect line 22 | debug@4.3.3 > ms@2.1.2",
                "pkg:npm/ms@2.1.3 | Runtime direct line 26 | ms@2.1.3",
            ],
        );
    }

    #[test]
    fn a_bad_block_costs_only_itself() {
        check(
            &FORMAT,
            "yarn.lock",
            "# yarn lockfile v1\na@1:\n  resolved \"x\"\nb@1:\n  version \"1.0.0\"\nnonsense\n",
            &[
                "pkg:npm/b@1.0.0 | Runtime direct line 4 | b@1.0.0",
                "! BadEntry line 6 problem-bad-entry entry=nonsense why=the line does not fit where it stands",
                "! BadEntry line 2 problem-bad-entry entry=a@1 why=it has no version",
            ],
        );
        check(
            &FORMAT,
            "yarn.lock",
            "what is this\n",
            &["! Unparsable problem-not-the-format format=yarn.lock why=none of its lines begins a package"],
        );
    }
}
