//! The register of assets: what sensors report, what people say, who is missing.

mod edit;
mod list;
mod types;

pub use types::{AssetChange, AssetEdit, AssetFilter, AssetRecord, AssetRow, ByPriority, Coverage, SensorLook};

pub(crate) use list::{Mark, look_columns, look_of};
