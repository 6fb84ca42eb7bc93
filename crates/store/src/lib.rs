//! The database: snapshots, findings, their life; the only crate that knows SQL.
//!
//! Two rules carry everything. **Ingesting a snapshot replaces the one that its sensor took of the asset
//! before**: what is new opens, what no sensor sees any more closes as fixed, the rest keeps its state and
//! history. And **what was reported as stored is on the disk**: each call that writes is one transaction,
//! pressed onto the disk before it returns. `docs/findings.md` tells the life of a finding to its users.
//!
//! The SQL is written so that SQLite and PostgreSQL both understand it (numbered parameters, `ON CONFLICT`,
//! ids as TEXT, times as BIGINT microseconds UTC, JSON as TEXT, pages by key); `engine` is the one way to ask. What
//! only SQLite knows is in `open`, what only PostgreSQL knows in `postgres`, `locks` and `explain`.

mod backup;
#[cfg(feature = "bench")]
pub mod bench;
mod body;
mod decide;
mod deeds;
mod digest;
mod engine;
mod error;
mod expiry;
mod explain;
mod factors;
mod figures;
mod ingest;
mod invitations;
mod judging;
mod leavers;
mod ledger;
mod locks;
mod migrations;
mod open;
mod people;
mod postgres;
mod purl;
mod push;
mod queue;
mod read;
mod record;
mod register;
mod save;
mod sessions;
mod settings;
mod slice;
mod snapshot;
mod sql;
mod staff;
mod store;
mod talk;
mod throttle;
mod tokens;
mod trail;
mod uploads;
mod vex;

pub use backup::{Backup, BackupError, check_backup};
pub use decide::{MAX_NAME_CHARS, MAX_REASON_CHARS, MAX_SUGGESTIONS};
pub use deeds::{Deed, DeedItem, Doer, MAX_DEED_ITEMS, Outcome};
pub use error::StoreError;
pub use factors::{MAX_PASSKEYS, Passkey};
pub use figures::{
    BurnDay, ChangedFinding, ChangesSince, Heat, HeatRow, MAX_BURN_DAYS, MAX_HEAT_WEEKS, RiskMap, RiskMapCell,
    SourceReport,
};
pub use ingest::{Ingested, MAX_COMPONENTS, MAX_FINDINGS};
pub use invitations::{Invitation, MAX_INVITATIONS};
pub use judging::{
    Judged, MAX_ASSIGNED, MAX_REPORT_SOURCES, MAX_RULES_BYTES, MAX_SERVICES, Rules, TableText, Ticked, common_fix,
};
pub use ledger::{
    Countersigned, LedgerFilter, LedgerHead, LedgerPage, LedgerReport, LedgerRow, MAX_LEDGER_ROWS, MAX_SEALED, Sealed,
    Trust,
};
pub use people::{Change, MAX_PEOPLE, NewPerson, Person, Secrets, Standing};
pub use push::{CLOCK_TOLERANCE, LastReport, Push, Pushed, SeenAgain, Sighted};
pub use queue::{
    AiFactor, AiFlags, Due, FacetCounts, FindingStatus, MAX_QUEUE_ROWS, MAX_QUEUE_VALUES, Paging, QueueAction,
    QueueFilter, QueuePage, QueueRow, Total,
};
pub use read::{Filter, MAX_FILTER_VALUES, MAX_PAGE_ITEMS, Page};
pub use register::{
    AssetChange, AssetEdit, AssetFilter, AssetItem, AssetOutcome, AssetRecord, AssetRow, ByPriority, Coverage,
    MAX_EDITED_ASSETS, MAX_NEIGHBOURS, Neighbours, SensorLook,
};
pub use sessions::{NewSession, Session, Stage};
pub use sql::MAX_KEY_BYTES;
pub use staff::{MAX_STAFF, MAX_STAFF_CHARS, StaffImported, StaffMember, StaffSource};
pub use store::{Durability, Options, Place, Store};
pub use talk::{Answer, Comment, MAX_COMMENT_CHARS, MAX_TALK_ITEMS, Proposal, WaitingPage, WaitingProposal};
pub use throttle::{Counted, Limit};
pub use tokens::{MAX_TOKENS, Token};
pub use trail::{Act, Actor, ActorKind};
pub use uploads::{MAX_TOKEN_UPLOAD_BYTES, MAX_UPLOADS, PartStored, UPLOAD_LIFE, Upload, UploadPart};
pub use vex::{MAX_VEX_STATEMENTS, VexApplied};
