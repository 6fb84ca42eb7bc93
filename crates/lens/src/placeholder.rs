//! Values that stand for a secret and are none.

/// Whether a value is a placeholder.
pub(crate) fn is_placeholder(_value: &str) -> bool {
    false
}
