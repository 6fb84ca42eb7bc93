//! What is fetched from where, and within which limits.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Url;
use yata_model::Ecosystem;

use crate::IntelError;
use crate::import::{EPSS_SOURCE, FeedKind, KEV_SOURCE, VULNRICHMENT_SOURCE};
use crate::layout::osv_source;

const MAX_ECOSYSTEM_NAME_CHARS: usize = 64;

/// Where the feeds are fetched from, and within which limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncConfig {
    /// The OSV bucket or a mirror of it: `<base>/<ecosystem>/all.zip` is fetched.
    pub osv_base: String,
    /// The OSV ecosystems to fetch, without a release (`Debian`, not `Debian:12`).
    pub ecosystems: Vec<String>,
    /// The CISA catalogue of known exploited vulnerabilities, JSON; `None` leaves it out.
    pub kev_url: Option<String>,
    /// The EPSS scores of the day, CSV or CSV.gz; `None` leaves them out.
    pub epss_url: Option<String>,
    /// A zip of CISA's vulnrichment repository; `None` leaves it out.
    pub vulnrichment_url: Option<String>,
    /// How long making a connection may take.
    pub connect_timeout: Duration,
    /// How long the service may send nothing at all.
    pub idle_timeout: Duration,
    /// How long one file may take, retries included.
    pub total_timeout: Duration,
    /// The largest file that is fetched, in bytes.
    pub max_bytes_per_file: u64,
    /// The most that one run fetches, in bytes.
    pub max_total_bytes: u64,
    /// How often a request is repeated after a failure that may pass.
    pub retries: u32,
    /// The pause before the first repetition; each further one is twice as long.
    pub retry_wait: Duration,
    /// The longest pause, also where the service asks for one (`Retry-After`): asked for more, the source fails.
    pub max_retry_wait: Duration,
    /// `User-Agent`.
    pub user_agent: String,
    /// Whether a proxy that the environment names (`HTTPS_PROXY`, `NO_PROXY`) is used.
    pub use_proxy: bool,
    /// Whether plain HTTP to this machine itself is allowed, for a mirror on loopback. To others it never is.
    pub allow_http_loopback: bool,
}

impl Default for SyncConfig {
    /// The public services, and limits that fit them: the largest file is about 250 MB.
    fn default() -> Self {
        let ecosystems = ["crates.io", "npm", "PyPI", "Go", "Maven", "Debian", "AlmaLinux"];
        SyncConfig {
            osv_base: "https://osv-vulnerabilities.storage.googleapis.com".to_owned(),
            ecosystems: ecosystems.map(str::to_owned).to_vec(),
            kev_url: Some(
                "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json".to_owned(),
            ),
            epss_url: Some("https://epss.empiricalsecurity.com/epss_scores-current.csv.gz".to_owned()),
            vulnrichment_url: Some("https://github.com/cisagov/vulnrichment/archive/refs/heads/develop.zip".to_owned()),
            connect_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(30 * 60),
            max_bytes_per_file: 1024 * 1024 * 1024,
            max_total_bytes: 4 * 1024 * 1024 * 1024,
            retries: 4,
            retry_wait: Duration::from_secs(1),
            max_retry_wait: Duration::from_secs(60),
            user_agent: concat!("yata/", env!("CARGO_PKG_VERSION")).to_owned(),
            use_proxy: true,
            allow_http_loopback: false,
        }
    }
}

/// One file to fetch.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) kind: FeedKind,
    /// The name of the source.
    pub(crate) source: String,
    /// The name of the file in the folder of downloads: made of the source's name, never of the address.
    pub(crate) file: String,
    pub(crate) url: Url,
}

impl SyncConfig {
    /// The files to fetch, by source.
    pub(crate) fn jobs(&self) -> Result<Vec<Job>, IntelError> {
        let mut jobs = Vec::new();
        let mut files = BTreeSet::new();
        for name in &self.ecosystems {
            let job = self.osv_job(name)?;
            // Some file systems do not tell upper from lower case.
            if jobs.iter().any(|other: &Job| other.source == job.source) {
                continue;
            }
            if !files.insert(job.file.to_lowercase()) {
                return Err(refused_name(name, "another of the list differs from it by upper and lower case only"));
            }
            jobs.push(job);
        }
        let others = [
            (&self.kev_url, FeedKind::Kev, KEV_SOURCE, "kev.json"),
            (&self.epss_url, FeedKind::Epss, EPSS_SOURCE, "epss.csv.gz"),
            (&self.vulnrichment_url, FeedKind::Vulnrichment, VULNRICHMENT_SOURCE, "vulnrichment.zip"),
        ];
        for (url, kind, source, file) in others {
            let Some(url) = url else { continue };
            let url = self.address(source, url)?;
            jobs.push(Job { kind, source: source.to_owned(), file: file.to_owned(), url });
        }
        jobs.sort_by(|a, b| (a.kind, &a.source).cmp(&(b.kind, &b.source)));
        Ok(jobs)
    }

    fn osv_job(&self, name: &str) -> Result<Job, IntelError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_ECOSYSTEM_NAME_CHARS {
            return Err(refused_name(name, "a name has 1 to 64 characters"));
        }
        if name.contains(':') {
            return Err(refused_name(name, "name the family without a release: its archive holds all of them"));
        }
        if name.starts_with('.') || name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\')) {
            return Err(refused_name(name, "a name neither begins with a dot nor contains a slash"));
        }
        let Ok(ecosystem) = name.parse::<Ecosystem>();
        let source = osv_source(&ecosystem);
        let mut url = self.address(&source, &self.osv_base)?;
        match url.path_segments_mut() {
            Ok(mut path) => path.pop_if_empty().push(name).push("all.zip"),
            Err(()) => return Err(refused_url(&source, &self.osv_base, "it cannot be a base")),
        };
        Ok(Job { kind: FeedKind::Osv, file: format!("osv-{}.zip", file_name(name)), source, url })
    }

    fn address(&self, source: &str, text: &str) -> Result<Url, IntelError> {
        let url = Url::parse(text).map_err(|_| refused_url(source, text, "it is not an address"))?;
        match self.permits(&url) {
            Ok(()) => Ok(url),
            Err(why) => Err(refused_url(source, text, why)),
        }
    }

    /// Whether a request to an address may be made at all; `Err` says why not.
    pub(crate) fn permits(&self, url: &Url) -> Result<(), &'static str> {
        match url.scheme() {
            "https" => Ok(()),
            "http" if !is_loopback(url) => Err("plain http is not allowed: use https"),
            "http" if !self.allow_http_loopback => {
                Err("plain http to this machine is not allowed unless the configuration says so")
            }
            "http" => Ok(()),
            _ => Err("only https addresses are fetched"),
        }
    }
}

/// Whether an address names this machine itself.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

/// A name with all but letters, digits, `.` and `-` written as `_` and the hexadecimal of their bytes: two names never
/// give the same file.
fn file_name(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("_{byte:02x}"));
        }
    }
    out
}

fn refused_name(name: &str, why: &'static str) -> IntelError {
    IntelError::Ecosystem { name: name.to_owned(), why }
}

fn refused_url(source: &str, text: &str, why: &'static str) -> IntelError {
    // An address may hold a password; it must not reach a terminal or a log.
    let url = match text.rsplit_once('@') {
        Some((before, after)) => format!("{}…@{after}", before.split_inclusive("//").next().unwrap_or_default()),
        None => text.to_owned(),
    };
    IntelError::Address { source_name: source.to_owned(), url, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_services_are_https() {
        let jobs = SyncConfig::default().jobs().unwrap();
        assert_eq!(jobs.len(), 10);
        assert!(jobs.iter().all(|job| job.url.scheme() == "https"), "{jobs:?}");
        let files: BTreeSet<&str> = jobs.iter().map(|job| job.file.as_str()).collect();
        assert_eq!(files.len(), jobs.len());
    }

    #[test]
    fn addresses_are_judged() {
        #[track_caller]
        fn check(base: &str, loopback: bool, expected: Result<(), &str>) {
            let config =
                SyncConfig { osv_base: base.to_owned(), allow_http_loopback: loopback, ..SyncConfig::default() };
            let got = config.jobs().map(|_| ()).map_err(|error| error.to_string());
            assert_eq!(got, expected.map_err(|why| format!("cannot synchronise OSV crates.io from {why}")));
        }
        check("https://mirror.example/osv/", false, Ok(()));
        check("http://127.0.0.1:8080/osv", true, Ok(()));
        check("http://[::1]:8080/osv", true, Ok(()));
        let no = "plain http is not allowed: use https";
        check("http://mirror.example", true, Err(&format!("`http://mirror.example`: {no}")));
        check("http://127.0.0.1.example", true, Err(&format!("`http://127.0.0.1.example`: {no}")));
        check("http://me:secret@mirror.example", true, Err(&format!("`http://…@mirror.example`: {no}")));
        let no = "plain http to this machine is not allowed unless the configuration says so";
        check("http://localhost", false, Err(&format!("`http://localhost`: {no}")));
        check("file:///etc", true, Err("`file:///etc`: only https addresses are fetched"));
        check("mirror", true, Err("`mirror`: it is not an address"));
    }

    #[test]
    fn files_are_named_after_their_source_only() {
        #[track_caller]
        fn check(ecosystem: &str, expected: Option<(&str, &str)>) {
            let config = SyncConfig { ecosystems: vec![ecosystem.to_owned()], ..SyncConfig::default() };
            let jobs = config.jobs().ok();
            let osv = jobs.as_ref().and_then(|jobs| jobs.first()).map(|job| (job.file.as_str(), job.url.path()));
            assert_eq!(osv, expected);
        }
        check("Red Hat", Some(("osv-Red_20Hat.zip", "/Red%20Hat/all.zip")));
        check("Red_Hat", Some(("osv-Red_5fHat.zip", "/Red_Hat/all.zip")));
        check("../../etc", None);
        check("..", None);
        check("a\\b", None);
        check("Debian:12", None);
        check("", None);
    }

    #[test]
    fn names_that_differ_by_case_only_are_refused() {
        let ecosystems = vec!["npm".to_owned(), "npm".to_owned(), "NPM".to_owned()];
        let error = SyncConfig { ecosystems, ..SyncConfig::default() }.jobs().unwrap_err();
        assert!(error.to_string().starts_with("`NPM` is not an ecosystem to synchronise"), "{error}");
    }
}
