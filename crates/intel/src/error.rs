//! What can go wrong with the index as a whole.

use std::path::PathBuf;

use jiff::civil::Date;

/// An error about the index or a feed folder. Troubles of one source are no errors: they are its standing.
#[derive(Debug, thiserror::Error)]
pub enum IntelError {
    /// There is no index yet.
    #[error("there is no intelligence at `{path}` yet: run `yata intel sync`, or `yata intel import FOLDER`")]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The index cannot be opened or read.
    #[error("cannot read the index `{path}`; import the feeds again to rebuild it")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<redb::Error>,
    },
    /// The index was written by another version of the layout.
    #[error("the index `{path}` has layout {found}, this program reads layout {expected}: import the feeds again")]
    Layout {
        /// The file.
        path: PathBuf,
        /// The layout in the file.
        found: u64,
        /// The layout this program knows.
        expected: u64,
    },
    /// A value in the index does not have the form it was written in.
    #[error("the index holds a damaged value in `{table}`; import the feeds again to rebuild it")]
    Damaged {
        /// The table.
        table: &'static str,
    },
    /// The index cannot be written.
    #[error("cannot write the index `{path}`; the index as it was is untouched")]
    Write {
        /// The file being written.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<redb::Error>,
    },
    /// The database under the index failed while it was being read or written.
    #[error("the index failed")]
    Database(#[from] Box<redb::Error>),
    /// A file or folder cannot be read or written.
    #[error("cannot {doing} `{path}`")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A folder of feeds has none of the layouts that are known.
    #[error(
        "`{path}` has no feeds: expected `osv/<ecosystem>/all.zip`, `kev/*.json`, `epss/*.csv.gz`, \
         `vulnrichment/**/CVE-*.json`, `vulnrichment/*.zip` or `ssvc/*.json` below it"
    )]
    NoFeeds {
        /// The folder.
        path: PathBuf,
    },
    /// Somebody vouches for a day that has not come.
    #[error("the feeds cannot be dated `{dated}`: that day has not come yet")]
    Dated {
        /// The day.
        dated: Date,
    },
    /// An address that the configuration names is not one to fetch from.
    #[error("cannot synchronise {source_name} from `{url}`: {why}")]
    Address {
        /// The source.
        source_name: String,
        /// The address.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A name that the configuration lists is not that of an ecosystem.
    #[error("`{name}` is not an ecosystem to synchronise: {why}")]
    Ecosystem {
        /// The name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// There is no way to make connections here at all.
    #[error("cannot make connections: {why}")]
    Client {
        /// Why not.
        why: String,
    },
    /// The user asked to stop.
    #[error("stopped; the index as it was is untouched")]
    Cancelled,
}

impl IntelError {
    /// Whether the index itself is damaged: what it holds, not the way to it.
    pub(crate) fn is_damage(&self) -> bool {
        match self {
            IntelError::Damaged { .. } => true,
            IntelError::Database(source) => matches!(**source, redb::Error::Corrupted(_)),
            _ => false,
        }
    }

    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> IntelError {
        let path = path.into();
        move |source| IntelError::Io { doing, path, source }
    }
}

macro_rules! from_redb {
    ($($error:ty),*) => {
        $(impl From<$error> for IntelError {
            fn from(error: $error) -> Self {
                IntelError::Database(Box::new(error.into()))
            }
        })*
    };
}
from_redb!(redb::StorageError, redb::TableError, redb::TransactionError, redb::CommitError);
