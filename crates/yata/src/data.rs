//! The data folder: where the database and the index live.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use yata_store::{Options, Store, StoreError};

/// The folder that holds everything Yata remembers.
#[derive(Debug, Clone)]
pub(crate) struct DataFolder {
    root: PathBuf,
}

impl DataFolder {
    /// `--data` or `YATA_DATA` if given, else the platform's place for an application's data.
    pub(crate) fn locate(chosen: Option<PathBuf>) -> anyhow::Result<Self> {
        let root = match chosen {
            Some(root) => root,
            None => platform_folder().ok_or_else(|| {
                anyhow!(
                    "cannot tell where to keep data: neither HOME nor the platform's data folder is set; use --data DIR"
                )
            })?,
        };
        let root = std::path::absolute(&root).with_context(|| format!("cannot resolve `{}`", root.display()))?;
        Ok(DataFolder { root })
    }

    /// The database.
    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("yata.db")
    }

    /// The database: a server's where an address is given, else the file.
    pub(crate) async fn open(&self, server: Option<&str>) -> Result<Store, StoreError> {
        match server {
            Some(url) => Store::connect(url, &Options::default()).await,
            None => Store::open(&self.database()).await,
        }
    }

    /// Keys that a backup must hold for the rest of it to be of use.
    pub(crate) fn keys(&self) -> [PathBuf; 4] {
        [self.lens_key(), self.service_key(), self.ledger_key(), self.former_ledger_keys()]
    }

    /// The key that signs the ledger.
    pub(crate) fn ledger_key(&self) -> PathBuf {
        self.root.join("ledger.key")
    }

    /// The newest checkpoint of the ledger, kept outside of the database.
    pub(crate) fn ledger_checkpoint(&self) -> PathBuf {
        self.root.join("ledger.checkpoint")
    }

    /// Public keys that signed the ledger before its key of now, one a line.
    pub(crate) fn former_ledger_keys(&self) -> PathBuf {
        self.root.join("ledger.keys")
    }

    /// The index of intelligence.
    pub(crate) fn index(&self) -> PathBuf {
        self.root.join("intel.redb")
    }

    /// The key under which found values are hashed.
    pub(crate) fn lens_key(&self) -> PathBuf {
        self.root.join("lens.key")
    }

    /// The key of the service: second factors are encrypted under it.
    pub(crate) fn service_key(&self) -> PathBuf {
        self.root.join("service.key")
    }

    /// What is remembered of a repository's history, so that no object is looked into twice.
    pub(crate) fn history(&self, repository: &Path) -> PathBuf {
        let digest = yata_model::digest_hex(&["history", &repository.to_string_lossy()]);
        let short: String = digest.chars().take(16).collect();
        self.root.join("history").join(format!("{short}.journal"))
    }

    /// Files that a synchronisation keeps between runs.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.root.join("downloads")
    }

    /// The index of an estate that brings its own feeds.
    pub(crate) fn estate_index(&self, feeds: &Path) -> PathBuf {
        let digest = yata_model::digest_hex(&["estate-feeds", &feeds.to_string_lossy()]);
        let short: String = digest.chars().take(16).collect();
        self.root.join("estates").join(format!("{short}.redb"))
    }
}

#[cfg(target_os = "macos")]
fn platform_folder() -> Option<PathBuf> {
    home().map(|home| home.join("Library/Application Support/yata"))
}

#[cfg(windows)]
fn platform_folder() -> Option<PathBuf> {
    std::env::var_os("LOCALAPPDATA").map(|folder| PathBuf::from(folder).join("yata"))
}

/// XDG Base Directory Specification 0.8: `$XDG_DATA_HOME`, else `~/.local/share`.
#[cfg(not(any(target_os = "macos", windows)))]
fn platform_folder() -> Option<PathBuf> {
    let xdg = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    xdg.or_else(|| home().map(|home| home.join(".local/share"))).map(|base| base.join("yata"))
}

#[cfg(not(windows))]
fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from).filter(|path| path.is_absolute())
}

/// Makes a folder, and those above it, that only its owner may enter.
pub(crate) fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The runtime that the database needs: one thread, made when it is first needed.
pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start the database's runtime")
}
