//! What all handlers share.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use yata_store::Store;
use yata_words::Lang;

use crate::api::Intake;
use crate::health::Metrics;

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
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address under which people reach the service (`https://yata.example.jp`), without a slash at the end.
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
}

/// What all handlers share: cheap to share, made once.
#[derive(Debug)]
pub struct Console {
    /// The database.
    pub store: Store,
    /// What the operator sets.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    pub(crate) metrics: Metrics,
    pub(crate) intake: Intake,
}

impl Console {
    /// A service over that database.
    pub fn new(store: Store, settings: Settings, clock: Clock) -> Arc<Self> {
        Arc::new(Console { store, settings, clock, metrics: Metrics::new(), intake: Intake::new() })
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The day that is judged as of.
    pub fn today(&self) -> Date {
        let today = || self.now().to_zoned(self.settings.time_zone.clone()).date();
        self.settings.as_of.unwrap_or_else(today)
    }
}
