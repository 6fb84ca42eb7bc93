//! The register of assets: what sensors report, what people say, who is missing.

mod deeds;
mod edit;
mod list;
mod parts;
mod types;

pub use deeds::{AssetItem, AssetOutcome, MAX_EDITED_ASSETS};
pub use parts::{MAX_NEIGHBOURS, Neighbours};
pub use types::{AssetChange, AssetEdit, AssetFilter, AssetRecord, AssetRow, ByPriority, Coverage, SensorLook};

pub(crate) use list::{Mark, look_columns, look_of};
