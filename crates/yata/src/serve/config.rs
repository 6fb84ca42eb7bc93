//! How the service is set: command line, then environment, then the file, then what is safe by default.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use reqwest::Url;
use serde::Deserialize;
use yata_console::{ConnectionLimits, OidcSettings, Role, Witness};
use yata_ledger::VerifierKey;
use yata_words::Lang;

use crate::cli::ServeArgs;
use crate::push::is_loopback;

/// Loopback only, until told otherwise.
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7330);

/// The largest configuration file.
const MAX_CONFIG_BYTES: u64 = 1024 * 1024;

/// What the file may say. Every key of the first level but `oidc` and `ledger` has an option and a variable of the same name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    database: Option<String>,
    estate: Option<PathBuf>,
    lang: Option<String>,
    time_zone: Option<String>,
    as_of: Option<Date>,
    log: Option<LogFormat>,
    tls_certificate: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    /// Addresses of proxies whose word on the caller's address is believed.
    #[serde(default)]
    trusted_proxies: Vec<IpAddr>,
    connections_per_address: Option<NonZeroUsize>,
    oidc: Option<Oidc>,
    ledger: Option<Ledger>,
}

/// The ledger.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    witness: Option<WitnessOf>,
}

/// Who countersigns the ledger.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WitnessOf {
    /// The submission prefix of the witness.
    url: String,
    /// Its public key, as `name+id+key`.
    key: String,
}

impl WitnessOf {
    fn witness(&self) -> anyhow::Result<Arc<Witness>> {
        let what = "the witness of [ledger]";
        let key = self.key.parse::<VerifierKey>().with_context(|| format!("{what}: its key `{}`", self.key))?;
        let witness = Witness::new(&self.url, key).with_context(|| format!("{what}, `{}`", self.url))?;
        Ok(Arc::new(witness))
    }
}

/// Single sign-on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Oidc {
    issuer: String,
    client_id: String,
    /// A file that holds the secret; it does not belong into a file that many read.
    client_secret_file: PathBuf,
    #[serde(default = "sso")]
    name: String,
    #[serde(default = "groups")]
    groups_claim: String,
    /// Scopes to ask for beside `openid email profile`: some providers want one for groups.
    #[serde(default)]
    extra_scopes: Vec<String>,
    role_by_group: BTreeMap<String, Role>,
}

fn sso() -> String {
    "SSO".to_owned()
}

fn groups() -> String {
    "groups".to_owned()
}

impl Oidc {
    fn settings(self) -> anyhow::Result<OidcSettings> {
        let file = &self.client_secret_file;
        let secret = std::fs::read_to_string(file)
            .with_context(|| format!("the client secret of [oidc], `{}`", file.display()))?;
        if !is_encrypted_or_here(&self.issuer) {
            bail!("the issuer of [oidc] is an https:// address: `{}` is not", self.issuer);
        }
        Ok(OidcSettings {
            issuer: self.issuer,
            client_id: self.client_id,
            client_secret: secret.trim().to_owned(),
            name: self.name,
            groups_claim: self.groups_claim,
            extra_scopes: self.extra_scopes,
            role_by_group: self.role_by_group,
        })
    }
}

/// Whether an address is https, or plain http that does not leave this machine.
fn is_encrypted_or_here(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback(&url),
        _ => false,
    }
}

/// How the service writes its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// A line for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that is set.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) listen: SocketAddr,
    pub(super) public_url: Option<String>,
    /// A `postgres://` address; `None` for the database of the data folder.
    pub(super) database: Option<String>,
    pub(super) estate: Option<PathBuf>,
    pub(super) lang: Lang,
    pub(super) time_zone: TimeZone,
    pub(super) as_of: Option<Date>,
    pub(super) log: LogFormat,
    pub(super) tls: Option<(PathBuf, PathBuf)>,
    pub(super) trusted_proxies: Vec<IpAddr>,
    /// `None` for what the service itself takes as right.
    pub(super) connections_per_address: Option<NonZeroUsize>,
    pub(super) oidc: Option<OidcSettings>,
    /// Who countersigns the ledger.
    pub(super) witness: Option<Arc<Witness>>,
}

impl Config {
    /// Puts the settings together.
    pub(super) fn read(args: &ServeArgs, lang: Lang) -> anyhow::Result<Config> {
        let file = args.config.as_deref().map(read_file).transpose()?.unwrap_or_default();
        let lang_of_file = match &file.lang {
            Some(word) => Some(word.parse::<Lang>().with_context(|| format!("the setting `lang`: `{word}`"))?),
            None => None,
        };
        let zone = args.time_zone.as_ref().or(file.time_zone.as_ref());
        let time_zone = match zone {
            Some(name) => TimeZone::get(name)
                .with_context(|| format!("`{name}` is no time zone that this system knows (for example Asia/Tokyo)"))?,
            None => TimeZone::system(),
        };
        let certificate = args.tls_certificate.clone().or(file.tls_certificate);
        let tls = match (certificate, args.tls_key.clone().or(file.tls_key)) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some((certificate, key)),
            _ => bail!("TLS needs both `tls_certificate` and `tls_key`; only one of them is set"),
        };
        let config = Config {
            listen: args.listen.or(file.listen).unwrap_or(DEFAULT_LISTEN),
            public_url: args.public_url.clone().or(file.public_url),
            database: args.database.clone().or(file.database),
            estate: args.estate.clone().or(file.estate),
            lang: lang_of_file.unwrap_or(lang),
            time_zone,
            as_of: args.as_of.or(file.as_of),
            log: args.log.or(file.log).unwrap_or_default(),
            tls,
            trusted_proxies: match args.trusted_proxies.as_slice() {
                [] => file.trusted_proxies,
                given => given.to_vec(),
            },
            connections_per_address: args.connections_per_address.or(file.connections_per_address),
            oidc: file.oidc.map(Oidc::settings).transpose()?,
            witness: file.ledger.and_then(|ledger| ledger.witness).as_ref().map(WitnessOf::witness).transpose()?,
        };
        config.check()?;
        Ok(config)
    }

    /// The address under which people reach the service.
    pub(super) fn public_url(&self, listening: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => {
                let scheme = if self.tls.is_some() { "https" } else { "http" };
                format!("{scheme}://{listening}")
            }
        }
    }

    /// What one connection, and one address, may take.
    pub(super) fn connection_limits(&self) -> ConnectionLimits {
        let usual = ConnectionLimits::default();
        ConnectionLimits {
            per_address: self.connections_per_address.map_or(usual.per_address, NonZeroUsize::get),
            uncounted: self.trusted_proxies.clone(),
            ..usual
        }
    }

    /// Whether a proxy seems to stand in front that is not believed: all callers then come from its one address.
    pub(super) fn shares_one_network(&self) -> bool {
        let is_https = self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
        is_https && self.tls.is_none() && self.trusted_proxies.is_empty()
    }

    /// The name of a new ledger, where the service has an address of its own.
    pub(super) fn ledger_origin(&self) -> Option<String> {
        let url = self.public_url.as_deref()?;
        let (_, host) = url.split_once("://")?;
        Some(format!("{}/ledger", host.trim_end_matches('/')))
    }

    fn check(&self) -> anyhow::Result<()> {
        if let Some(database) = &self.database
            && !database.starts_with("postgres://")
            && !database.starts_with("postgresql://")
        {
            bail!("`database` is a postgres:// address; for the embedded database leave it out (its folder is --data)");
        }
        if let Some(url) = &self.public_url {
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            let host = rest.map(|rest| rest.trim_end_matches('/')).unwrap_or_default();
            if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
                bail!("`public_url` is `https://` and a host, with a port where it has one: `{url}` is not");
            }
        }
        let encrypted = self.tls.is_some() || self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
        if !self.listen.ip().is_loopback() && !encrypted {
            bail!(
                "listening on {} without TLS would send passwords in the clear. Give `tls_certificate` and `tls_key`; \
                 or, where a proxy in front speaks TLS, set `public_url` to its https:// address",
                self.listen
            );
        }
        Ok(())
    }
}

fn read_file(path: &Path) -> anyhow::Result<File> {
    let what = || format!("the configuration file `{}`", path.display());
    let size = std::fs::metadata(path).with_context(what)?.len();
    if size > MAX_CONFIG_BYTES {
        bail!("{} has {size} bytes; more than {MAX_CONFIG_BYTES} are not read", what());
    }
    let text = std::fs::read_to_string(path).with_context(what)?;
    toml::from_str(&text).with_context(what)
}

#[cfg(test)]
mod tests {
    use yata_ledger::Key;

    use super::*;

    fn read(text: &str) -> anyhow::Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("serve.toml");
        std::fs::write(&path, text).unwrap();
        let args = ServeArgs { config: Some(path), ..ServeArgs::default() };
        Config::read(&args, Lang::En)
    }

    fn refused(text: &str) -> String {
        format!("{:#}", read(text).unwrap_err())
    }

    #[test]
    fn what_is_safe_is_the_default() {
        let config = read("").unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:7330");
        assert_eq!(config.public_url(config.listen), "http://127.0.0.1:7330");
        assert!(config.database.is_none() && config.trusted_proxies.is_empty());
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("serve.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:1\"\nlang = \"ja\"\ntime_zone = \"Asia/Tokyo\"\n").unwrap();
        let listen = Some("127.0.0.1:2".parse().unwrap());
        let args = ServeArgs { config: Some(path), listen, ..ServeArgs::default() };
        let config = Config::read(&args, Lang::En).unwrap();
        assert_eq!((config.listen.port(), config.lang), (2, Lang::Ja));
    }

    #[test]
    fn a_proxy_that_is_not_believed_is_noticed() {
        let url = "public_url = \"https://yata.example.jp\"\n";
        assert!(read(url).unwrap().shares_one_network());
        assert!(!read(&format!("{url}trusted_proxies = [\"127.0.0.1\"]")).unwrap().shares_one_network());
        assert!(!read(&format!("{url}tls_certificate = \"c\"\ntls_key = \"k\"")).unwrap().shares_one_network());
        assert!(!read("").unwrap().shares_one_network());
        let args = ServeArgs { trusted_proxies: vec!["192.0.2.1".parse().unwrap()], ..ServeArgs::default() };
        assert_eq!(Config::read(&args, Lang::En).unwrap().trusted_proxies, args.trusted_proxies);
    }

    #[test]
    fn an_own_proxy_has_as_many_connections_as_it_wants() {
        let limits =
            read("connections_per_address = 9\ntrusted_proxies = [\"192.0.2.1\"]").unwrap().connection_limits();
        assert_eq!((limits.per_address, limits.uncounted), (9, vec!["192.0.2.1".parse().unwrap()]));
        assert_eq!(read("").unwrap().connection_limits(), ConnectionLimits::default());
        assert!(refused("connections_per_address = 0").contains("connections_per_address"));
    }

    #[test]
    fn passwords_never_travel_in_the_clear() {
        assert!(refused("listen = \"0.0.0.0:80\"").contains("in the clear"));
        assert!(read("listen = \"0.0.0.0:80\"\npublic_url = \"https://yata.example.jp\"").is_ok());
        assert!(refused("listen = \"0.0.0.0:80\"\npublic_url = \"http://yata.example.jp\"").contains("in the clear"));
        assert!(read("listen = \"[::1]:80\"").is_ok());
    }

    #[test]
    fn single_sign_on_leaves_this_machine_only_encrypted() {
        for issuer in ["https://id.example.jp", "http://localhost:8080/r", "http://127.0.0.1:1", "http://[::1]:1"] {
            assert!(is_encrypted_or_here(issuer), "{issuer}");
        }
        for issuer in [
            "http://id.example.jp",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "http://localhost@evil.example",
            "http://localhost:x@evil.example",
            "https://",
            "ftp://localhost",
            "localhost",
            "",
        ] {
            assert!(!is_encrypted_or_here(issuer), "{issuer}");
        }
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, "s").unwrap();
        let oidc = |issuer: &str| {
            let secret = secret.display();
            format!(
                "[oidc]\nissuer = \"{issuer}\"\nclient_id = \"y\"\nclient_secret_file = \"{secret}\"\n[oidc.role_by_group]\n"
            )
        };
        assert!(refused(&oidc("http://localhost.evil.example")).contains("https://"));
        assert!(read(&oidc("http://localhost:9")).is_ok());
    }

    #[test]
    fn a_witness_has_an_encrypted_address_and_a_key_of_its_own_kind() {
        let witness = |url: &str, key: &str| format!("[ledger]\nwitness = {{ url = \"{url}\", key = \"{key}\" }}\n");
        let key = Key::from_seed("witness.example/w", &[3; 32]).unwrap();
        let (of_witness, of_log) = (key.cosignature_verifier().to_string(), key.verifier().to_string());
        assert!(read(&witness("https://witness.example", &of_witness)).unwrap().witness.is_some());
        assert!(read("[ledger]\n").unwrap().witness.is_none());
        assert!(refused(&witness("http://witness.example", &of_witness)).contains("https://"));
        assert!(refused(&witness("https://witness.example", &of_log)).contains("kind 04"));
        assert!(refused(&witness("https://witness.example", "x")).contains("`x`"));
        assert!(refused("[ledger]\nwitnesses = 1\n").contains("witnesses"));
    }

    #[test]
    fn a_mistake_says_where_it_is() {
        let text = refused("listen = \"127.0.0.1:1\"\nlisten_on = 3\n");
        assert!(text.contains("serve.toml") && text.contains("listen_on") && text.contains("line 2"), "{text}");
        assert!(refused("time_zone = \"Nowhere/X\"").contains("Nowhere/X"));
        assert!(refused("lang = \"fr\"").contains("fr"));
        assert!(refused("tls_key = \"k\"").contains("both"));
        assert!(refused("database = \"mysql://x\"").contains("postgres://"));
        for url in ["ftp://a", "https://", "https://a/b", "https://u@h", "a.example"] {
            assert!(refused(&format!("public_url = \"{url}\"")).contains("public_url"), "{url}");
        }
    }
}
