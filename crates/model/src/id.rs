//! Stable identifiers: the same input gives the same id on every machine, for ever.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::AssetKind;

/// Lower-case hexadecimal SHA-256 over the parts, each preceded by its length, so that
/// no two lists of parts give the same input.
pub fn digest_hex(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let mut hex = String::with_capacity(64);
    for byte in hasher.finalize() {
        // INVARIANT: writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn short(prefix: &str, parts: &[&str]) -> String {
    let mut id = digest_hex(parts);
    id.truncate(20);
    format!("{prefix}_{id}")
}

/// The id of an asset: `as_` and 80 bits of the digest of its kind and name.
pub fn asset_id(kind: AssetKind, name: &str) -> String {
    short("as", &["asset", &format!("{kind:?}"), name])
}

/// The id of a finding: `fi_` and 80 bits of the digest of the asset, the rule or the preferred
/// advisory id, and the component. Lines and paths are no part of it.
pub fn fingerprint(asset_id: &str, rule: &str, component: &str) -> String {
    short("fi", &["finding", asset_id, rule, component])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(digest_hex(&["ab", "c"]), digest_hex(&["a", "bc"]));
    }

    #[test]
    fn ids_never_change() {
        assert_eq!(asset_id(AssetKind::Repository, "shop"), asset_id(AssetKind::Repository, "shop"));
        assert_ne!(asset_id(AssetKind::Repository, "shop"), asset_id(AssetKind::Host, "shop"));
    }
}
