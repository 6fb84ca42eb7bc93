//! Version ordering, ranges and compatible upgrades for every ecosystem.
