//! Uploads in parts, on the wire.

use jiff::Timestamp;

use super::text::Text;
use crate::api::schema::wire;

wire! {
    /// What will arrive in parts.
    #[serde(deny_unknown_fields)]
    pub struct NewUpload {
        /// The id of the asset that the report speaks of.
        pub asset_id: Text,
        /// How the whole is encoded: `gzip` or `identity`.
        pub encoding: Text,
        /// How many bytes all parts have together, as they are sent.
        pub bytes: u64,
    }

    /// An upload and the parts that are there.
    pub struct UploadState {
        /// Its id.
        pub id: Text,
        /// The asset.
        pub asset_id: Text,
        /// How many bytes all parts must have together.
        pub bytes: u64,
        /// How many bytes there are.
        pub received: u64,
        /// The most bytes of one part.
        pub max_part_bytes: u64,
        /// When it expires; then it starts anew.
        pub expires_at: Timestamp,
        /// The parts that are there.
        pub parts: Vec<PartState>,
    }

    /// A part that is there.
    pub struct PartState {
        /// Its number, from 0.
        pub part: u64,
        /// Its digest, as it was sent.
        pub digest: Text,
        /// How many bytes it has.
        pub bytes: u64,
    }
}
