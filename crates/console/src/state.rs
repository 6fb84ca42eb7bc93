//! What all handlers share.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::Semaphore;
use yata_store::{Store, StoreError};
use yata_words::Lang;

use crate::access::Role;
use crate::api::Intake;
use crate::form::same;
use crate::health::Metrics;
use crate::oidc::Provider;
use crate::origin;
use crate::password::Passwords;
use crate::report::Paper;
use crate::sealer::Sealer;
use crate::secret::Keys;

/// Where the time comes from: the system's clock, or a test's.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Clock(Arc::new(Timestamp::now))
    }

    /// A clock of one's own.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Clock(Arc::new(now))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// What the operator sets.
#[derive(Clone)]
pub struct Settings {
    /// The address under which people reach the service (`https://yata.example.jp`), without a slash at the end; [`Console::new`]
    /// writes it as browsers do.
    /// Cookies are `Secure` where it is https; forms from elsewhere are refused.
    pub public_url: String,
    /// The language of who has not chosen one.
    pub lang: Lang,
    /// The time zone of days and times on pages.
    pub time_zone: TimeZone,
    /// Judge as of this day instead of today: for exercises and examples. Shown on every page.
    pub as_of: Option<Date>,
    /// 32 random bytes from the data folder: second factors are encrypted and anonymous forms signed under it.
    pub secret: [u8; 32],
    /// Addresses of the operator's own proxies: only they are believed when they say who they pass on
    /// (`X-Forwarded-For`).
    pub trusted_proxies: Vec<IpAddr>,
    /// Single sign-on; `None` for passwords and passkeys only.
    pub oidc: Option<OidcSettings>,
    /// The key of the ledger; without it what is done waits for its place there.
    pub ledger: Option<Arc<Sealer>>,
    /// Who sets reports as PDF; `None` where this program cannot.
    pub paper: Option<Arc<dyn Paper>>,
}

impl Settings {
    /// What suits a laptop: English, UTC, today, no proxies, no single sign-on.
    pub fn new(public_url: impl Into<String>, secret: [u8; 32]) -> Self {
        Settings {
            public_url: public_url.into(),
            lang: Lang::En,
            time_zone: TimeZone::UTC,
            as_of: None,
            secret,
            trusted_proxies: Vec::new(),
            oidc: None,
            ledger: None,
            paper: None,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("public_url", &self.public_url)
            .field("oidc", &self.oidc)
            .finish_non_exhaustive()
    }
}

/// Single sign-on with an OpenID Connect provider.
#[derive(Clone)]
pub struct OidcSettings {
    /// The issuer, as its discovery document names itself.
    pub issuer: String,
    /// The id under which the provider knows this service.
    pub client_id: String,
    /// The secret that the provider gave this service.
    pub client_secret: String,
    /// What the button says: the name of the provider.
    pub name: String,
    /// Further scopes to ask for, where the provider gives groups only for one of its own.
    pub extra_scopes: Vec<String>,
    /// The claim of the ID token that lists a person's groups.
    pub groups_claim: String,
    /// Which group gives which role; of several, the strongest. Nobody else gets in.
    pub role_by_group: BTreeMap<String, Role>,
}

impl fmt::Debug for OidcSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcSettings").field("issuer", &self.issuer).field("client_id", &self.client_id).finish()
    }
}

/// The setting that holds the mark of the key.
const KEY_MARK: &str = "service-key";

/// What all handlers share: cheap to share, made once.
#[derive(Debug)]
pub struct Console {
    /// The database.
    pub store: Store,
    /// What the operator sets.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    pub(crate) intake: Intake,
    /// Hashes passwords, a few at a time.
    pub(crate) passwords: Passwords,
    pub(crate) provider: Provider,
    pub(crate) metrics: Metrics,
    /// One report at a time is set as PDF.
    pub(crate) paper_turn: Arc<Semaphore>,
}

impl Console {
    /// A service over that database.
    pub fn new(store: Store, mut settings: Settings, clock: Clock) -> Arc<Self> {
        settings.public_url = origin::normal(&settings.public_url);
        let (passwords, provider, metrics) = (Passwords::new(), Provider::default(), Metrics::new());
        let (intake, paper_turn) = (Intake::new(), Arc::new(Semaphore::new(1)));
        Arc::new(Console { store, settings, clock, intake, passwords, provider, metrics, paper_turn })
    }

    /// Whether [`Settings::secret`] is the one that the database was used with: what was sealed under another cannot be
    /// opened. The first one is kept by its mark; with `accept` the one of now takes its place.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn keeps_key(&self, accept: bool) -> Result<bool, StoreError> {
        let mark = Keys(&self.settings.secret).mac("service-key", &[]);
        if accept {
            self.store.replace_setting(KEY_MARK, &mark, self.now()).await?;
        }
        Ok(same(&self.store.keep_setting(KEY_MARK, &mark, self.now()).await?, &mark))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether people reach the service over https.
    pub(crate) fn is_secure(&self) -> bool {
        self.settings.public_url.starts_with("https://")
    }

    /// The day that is judged as of.
    pub fn today(&self) -> Date {
        let today = || self.now().to_zoned(self.settings.time_zone.clone()).date();
        self.settings.as_of.unwrap_or_else(today)
    }
}
