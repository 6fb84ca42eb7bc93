//! Who did something, when and why: what every entry begins with.

use std::net::IpAddr;

use super::text::{cut, name, why};
use super::{Actor, Endpoint, Entry, Metadata, OCSF_VERSION, PRODUCT, Product, Resource, Unmapped, User};

/// Most characters of the kind of a thing.
const MAX_KIND_CHARS: usize = 40;

/// What something is done to: kind, id, name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    pub(super) kind: String,
    pub(super) uid: String,
    pub(super) name: String,
}

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    user: User,
    ip: Option<IpAddr>,
}

impl Who {
    /// A person, by the id and the name of the account.
    #[must_use]
    pub fn person(uid: &str, who: &str) -> Self {
        Self::of(uid, who, "User", 1)
    }

    /// A sensor or tool, by the id and the name of its token; never the token itself.
    #[must_use]
    pub fn token(uid: &str, who: &str) -> Self {
        Self::of(uid, who, "Service", 4)
    }

    /// The service itself, or the one who runs it from the command line.
    #[must_use]
    pub fn system(who: &str) -> Self {
        Self::of("", who, "System", 3)
    }

    /// The same, from an address of the network.
    #[must_use]
    pub fn from(mut self, ip: Option<IpAddr>) -> Self {
        self.ip = ip;
        self
    }

    fn of(uid: &str, who: &str, kind: &str, type_id: u32) -> Self {
        Who { user: User { name: name(who), uid: name(uid), kind: kind.to_owned(), type_id }, ip: None }
    }

    pub(super) fn user(&self) -> User {
        self.user.clone()
    }
}

/// Somebody does something now: [`Act::told`] gives the entry for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    uid: String,
    time_ms: i64,
    who: Who,
    why: Option<String>,
}

/// The OCSF classes that Yata's entries are of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Class {
    AccountChange = 3001,
    Authentication = 3002,
    EntityManagement = 3004,
    UserAccessManagement = 3005,
    ApiActivity = 6003,
    DatastoreActivity = 6005,
}

/// The activity for which a class has no number.
pub(super) const OTHER: u32 = 99;

pub(super) const SUCCESS: u32 = 1;
pub(super) const FAILURE: u32 = 2;

pub(super) const INFORMATIONAL: u32 = 1;
pub(super) const LOW: u32 = 2;
pub(super) const MEDIUM: u32 = 3;

impl Act {
    /// `uid` is the id of the event, unique in the log; `time_ms` are milliseconds since 1970.
    #[must_use]
    pub fn new(uid: &str, time_ms: i64, who: Who) -> Self {
        Act { uid: name(uid), time_ms, who, why: None }
    }

    /// The same, with a reason in the words of the one who does it; an empty one is none.
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.why = why(reason);
        self
    }

    /// An entry of a class, with what every entry has.
    pub(super) fn entry(&self, class: Class, activity_id: u32, message: &str) -> Entry {
        let class_uid = class as u32;
        Entry {
            class_uid,
            category_uid: class_uid / 1000,
            activity_id,
            activity_name: None,
            type_uid: class_uid * 100 + activity_id,
            time: self.time_ms,
            severity_id: INFORMATIONAL,
            status_id: SUCCESS,
            message: message.to_owned(),
            actor: Actor { user: self.who.user() },
            user: None,
            src_endpoint: Endpoint {
                ip: self.who.ip.map(|ip| ip.to_string()),
                name: if self.who.ip.is_some() { "network" } else { "local" }.to_owned(),
            },
            service: None,
            api: None,
            entity: None,
            database: None,
            resources: Vec::new(),
            metadata: Metadata {
                version: OCSF_VERSION.to_owned(),
                product: Product {
                    name: PRODUCT.to_owned(),
                    vendor_name: PRODUCT.to_owned(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                },
                uid: self.uid.clone(),
            },
            unmapped: Unmapped { why: self.why.clone(), ..Unmapped::default() },
        }
    }
}

impl Thing {
    /// `kind` in a word, for example `asset`; id; name for people. Never the value of a secret.
    #[must_use]
    pub fn new(kind: &str, uid: &str, called: &str) -> Self {
        Thing { kind: cut(kind, MAX_KIND_CHARS), uid: name(uid), name: name(called) }
    }

    pub(super) fn resource(&self) -> Resource {
        Resource { kind: self.kind.clone(), uid: self.uid.clone(), name: self.name.clone() }
    }
}
