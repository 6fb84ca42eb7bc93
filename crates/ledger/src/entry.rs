//! What an entry says: who did what to which thing, why, and the hashes of what it speaks of.
//!
//! An entry is an OCSF event (Open Cybersecurity Schema Framework, version [`OCSF_VERSION`]) as JSON, its fields in a
//! fixed order, without floating-point numbers and without spaces: the same event is always the same bytes. [`Act::told`]
//! makes it of a name, the things that it was done to, and facts; a text of a person is cut at a limit. `time` says when,
//! but orders nothing.

mod act;
mod text;
mod told;

use serde::{Deserialize, Serialize};

use crate::tile::MAX_ENTRY_BYTES;

pub use act::{Act, Thing, Who};
pub use text::{MAX_NAME_CHARS, MAX_WHY_CHARS};

/// The version of the schema that the entries follow.
pub const OCSF_VERSION: &str = "1.3.0";

/// The name under which the product appears in the entries.
const PRODUCT: &str = "Yata";

/// Most things that an entry names beside the one it is about.
pub const MAX_RESOURCES: usize = 8;

/// Most facts that an entry lists.
pub const MAX_FACTS: usize = 12;

/// One event of the log. [`Act`] makes it; the console and the tools read its fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// The class of the event, for example 3002 for a sign-in.
    pub class_uid: u32,
    /// The category of the class: 3 identity and access, 6 application activity.
    pub category_uid: u32,
    /// What was done, in the numbers of the class.
    pub activity_id: u32,
    /// What was done, in a word: where the class has no number for it (`activity_id` 99), or as it was told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub activity_name: Option<String>,
    /// Class and activity in one number.
    pub type_uid: u32,
    /// When, in milliseconds since 1970 by the clock of the machine. It may go backwards; the index does not.
    pub time: i64,
    /// 1 informational, 2 low, 3 medium.
    pub severity_id: u32,
    /// 1 success, 2 failure.
    pub status_id: u32,
    /// The id of the message that says it in words (`audit-…` of the catalogue).
    pub message: String,
    /// Who did it.
    pub actor: Actor,
    /// The account that it was done to, or that signed in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub user: Option<User>,
    /// From where it was done.
    pub src_endpoint: Endpoint,
    /// What was signed in to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub service: Option<Named>,
    /// What was called.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub api: Option<Api>,
    /// What was created, changed or deleted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entity: Option<Resource>,
    /// What was read or written as a whole.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub database: Option<Named>,
    /// What else it is about.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub resources: Vec<Resource>,
    /// Who says so.
    pub metadata: Metadata,
    /// What OCSF has no place for.
    #[serde(skip_serializing_if = "Unmapped::is_empty", default)]
    pub unmapped: Unmapped,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account.
    pub user: User,
}

/// An account: of a person, of a sensor or tool by its token, or the system itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Name for people.
    pub name: String,
    /// Id of the account or token; empty where nobody is known by the name.
    pub uid: String,
    /// Kind in a word: `User`, `System`, `Service`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Kind in the numbers of OCSF: 1 user, 3 system, 4 service.
    pub type_id: u32,
}

/// From where something was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The address, where it came over the network.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ip: Option<String>,
    /// `network`, or `local` for what was done on the machine itself.
    pub name: String,
}

/// Something that has a name only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its name.
    pub name: String,
}

/// A call of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Api {
    /// What was called, for example `snapshot.import`.
    pub operation: String,
}

/// A thing with kind, id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Kind in a word, for example `asset`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id.
    pub uid: String,
    /// Its name for people.
    pub name: String,
}

/// Who says that something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Version of the schema.
    pub version: String,
    /// The product.
    pub product: Product,
    /// Id of the event, unique in the log.
    pub uid: String,
}

/// The product that logged an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Its maker.
    pub vendor_name: String,
    /// Its version.
    pub version: String,
}

/// What OCSF has no place for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Unmapped {
    /// Why it was done, in the words of the one who did it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub why: Option<String>,
    /// Facts by name: states, days, hashes, numbers.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub facts: Vec<Fact>,
}

/// A fact with its name: a state, a day, a hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is about.
    pub name: String,
    /// What is so.
    pub value: String,
}

impl Unmapped {
    fn is_empty(&self) -> bool {
        *self == Unmapped::default()
    }
}

/// Bytes of the log that are no entry of Yata's.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Larger than an entry can be.
    #[error("an entry of {bytes} bytes: at most {MAX_ENTRY_BYTES}")]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// Not JSON of the shape of an entry.
    #[error("an entry that cannot be read")]
    Json(#[from] serde_json::Error),
}

impl Entry {
    /// The bytes for the log: JSON, always the same for the same event, at most [`MAX_ENTRY_BYTES`] for what [`Act`]
    /// makes.
    ///
    /// # Errors
    /// [`EntryError::TooLarge`] where the fields of an entry were changed after it was made.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EntryError> {
        let bytes = serde_json::to_vec(self)?;
        if bytes.len() > MAX_ENTRY_BYTES { Err(EntryError::TooLarge { bytes: bytes.len() }) } else { Ok(bytes) }
    }

    /// Reads the bytes of an entry. Fields that a later version added are passed over; the bytes remain what counts.
    ///
    /// # Errors
    /// All of [`EntryError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(EntryError::TooLarge { bytes: bytes.len() });
        }
        Ok(serde_json::from_slice(bytes)?)
    }
}
