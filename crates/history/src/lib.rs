//! The git history of a repository as a stream of blobs, and where each blob came from.
//!
//! [`scan`] hands every blob of a repository to a callback exactly once, in parallel, whether a reference reaches it or
//! not. [`attribute`] says of a few of them which commits brought them in. [`blame`] says which commit wrote a line.
//! None of it knows what is looked for.
//!
//! The object store is read here and not by a library: a scan wants each base of a pack decoded once, a broken object
//! to be one problem and not the end, no memory map of a file that somebody else may cut, and nothing that a hostile
//! configuration could run. Formats follow the git documentation (gitformat-pack, gitrepository-layout).

mod attribute;
mod blame;
mod config;
mod delta;
mod file;
mod forest;
mod id;
mod inflate;
mod journal;
mod lines;
mod log;
mod loose;
mod object;
mod pack;
mod pool;
mod problem;
mod reader;
mod references;
mod repository;
mod scan;
mod unit;
mod walk;

pub use attribute::{Appearance, Attribution, Origin, attribute};
pub use blame::{Blame, blame};
pub use id::ObjectId;
pub use log::{Log, Logged, log};
pub use object::Commit;
pub use problem::{Fault, Problem};
pub use repository::{Error, Place, Repository, repository};
pub use scan::{Blob, Options, Progress, Resume, Scan, Visitor, scan};

/// The largest object that is decoded at all: what a smaller one may be a difference to, or a tree.
pub(crate) const DECODE_LIMIT_BYTES: u64 = 512 << 20;
