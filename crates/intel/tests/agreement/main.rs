//! The answers of the index, held against readings of the same feeds that share no code with it.
//!
//! The other reading takes the JSON as it lies in the archives, follows the pseudo-code of the OSV schema and has its
//! own comparison of versions. It is slow and plain on purpose. Both tests need the shared feeds, which are no part of
//! the repository, and say so where they are not there.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "a test stops at what it did not expect, and tells what it has compared"
)]

mod candidates;
mod compare;
mod evaluate;
mod explained;
mod feeds;
mod groups;
mod order;
mod records;
mod signals;

/// Every record of every archive: none is lost, and each package and version that one of them speaks of gets exactly
/// the groups of advisories that the plain reading finds.
#[test]
fn every_advisory_agrees_with_a_plain_reading() {
    let Some(place) = feeds::import_some("osv", &["osv"]) else { return };
    let records = records::read_archives(&place.feeds.join("osv"));
    records::check_nothing_is_lost(&place, &records);
    compare::check_all(&place, &records);
}

/// Every row of the catalogue of known exploited vulnerabilities and of the exploit predictions.
#[test]
fn every_signal_equals_its_file() {
    let Some(place) = feeds::import_some("kev and epss", &["kev", "epss"]) else { return };
    signals::check_all(&place);
}
