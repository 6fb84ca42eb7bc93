//! The few values of a repository's configuration that are read. Includes are not followed.

use std::path::Path;

use crate::file;

/// What a configuration says that matters here.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// The URL of the remote `origin`, without credentials.
    pub(crate) origin: Option<String>,
    /// A storage format that is not supported.
    pub(crate) unsupported: Option<&'static str>,
    /// Whether it is a partial clone.
    pub(crate) partial: bool,
}

impl Config {
    /// Reads the configuration in a repository's common folder; a missing one says nothing.
    pub(crate) fn read(common: &Path) -> Self {
        file::text(&common.join("config")).map(|text| Self::parse(&text)).unwrap_or_default()
    }

    fn parse(text: &str) -> Self {
        let mut config = Self::default();
        let mut section = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(head) = line.strip_prefix('[') {
                let (name, rest) = head.split_once(']').unwrap_or((head, ""));
                let (name, sub) = name.split_once(char::is_whitespace).unwrap_or((name, ""));
                section = format!("{} {}", name.to_ascii_lowercase(), sub.trim()).trim_end().to_owned();
                config.value(&section, rest.trim());
            } else {
                config.value(&section, line);
            }
        }
        config
    }

    fn value(&mut self, section: &str, line: &str) {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let value = value.trim().trim_matches('"');
        match (section, key.trim().to_ascii_lowercase().as_str()) {
            (r#"remote "origin""#, "url") if self.origin.is_none() && !value.is_empty() => {
                self.origin = Some(without_credentials(value));
            }
            ("extensions", "objectformat") if !value.eq_ignore_ascii_case("sha1") => {
                self.unsupported = Some("object ids that are not SHA-1");
            }
            ("extensions", "refstorage") if !value.eq_ignore_ascii_case("files") => {
                self.unsupported = Some("references that are not files");
            }
            ("extensions", "partialclone") => self.partial = true,
            (section, "promisor") if section.starts_with("remote ") => self.partial |= value != "false",
            _ => {}
        }
    }
}

/// A URL without what may be secret in it: user name and password, query, fragment. `git@host:path` stays.
fn without_credentials(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        // `user:password@host:path` is not a form of git's, but people write it.
        let user = url.split('@').next().unwrap_or_default();
        let secret = url.contains('@') && user.contains(':');
        return if secret { url.rsplit('@').next().unwrap_or_default().to_owned() } else { url.to_owned() };
    };
    let (authority, path) = rest.split_once('/').map_or((rest, None), |(authority, path)| (authority, Some(path)));
    let host = authority.rsplit('@').next().unwrap_or_default();
    path.map_or_else(|| format!("{scheme}://{host}"), |path| format!("{scheme}://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lose_their_credentials() {
        let check = |url, expected| assert_eq!(without_credentials(url), expected);
        check("https://user:secret@example.test/team/repo.git", "https://example.test/team/repo.git");
        check("https://secret@example.test:8443/r", "https://example.test:8443/r");
        check("https://a:b@c@example.test/r@2?token=x#y", "https://example.test/r@2");
        check("ssh://git@example.test/r", "ssh://example.test/r");
        check("git@example.test:team/repo.git", "git@example.test:team/repo.git");
        check("user:secret@example.test:team/repo.git", "example.test:team/repo.git");
        check("../other", "../other");
    }

    #[test]
    fn only_a_few_values_are_read() {
        let text = "[include]\n\tpath = /etc/other\n[core]\n\tfsmonitor = touch /tmp/x\n[Remote \"origin\"] \n\tURL = \
                    https://u:p@example.test/r\n\tpromisor = true\n[extensions]\n\tobjectFormat = sha256\n";
        let config = Config::parse(text);
        assert_eq!(config.origin.as_deref(), Some("https://example.test/r"));
        assert!(config.partial);
        assert_eq!(config.unsupported, Some("object ids that are not SHA-1"));
        assert_eq!(Config::parse("[extensions]\nobjectformat = sha1\n"), Config::default());
    }
}
