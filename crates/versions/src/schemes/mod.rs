//! One module for each order; each has a type with `parse` and a total `Ord`.

pub(crate) mod apk;
pub(crate) mod debian;
pub(crate) mod maven;
pub(crate) mod packagist;
pub(crate) mod pep440;
pub(crate) mod rpm;
pub(crate) mod rubygems;
pub(crate) mod semver;

/// Gives a type with `Ord` the matching `PartialOrd`, `PartialEq` and `Eq`.
macro_rules! equality_from_order {
    ($name:ident) => {
        impl PartialOrd for $name<'_> {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl PartialEq for $name<'_> {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }

        impl Eq for $name<'_> {}
    };
}

pub(crate) use equality_from_order;
