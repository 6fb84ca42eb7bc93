//! Tests of the service as its users meet it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests stop at the first surprise"
)]
#![expect(clippy::type_complexity, reason = "tables of cases")]
#![expect(clippy::print_stdout, reason = "says what it skips")]

mod api;
mod api_push;
mod api_read;
mod limits;
mod pages_decide;
mod pages_export;
mod pages_hostile;
mod pages_html;
mod pages_shown;
mod pages_support;
mod people;
mod people_attacks;
mod people_passkeys;
mod people_routes;
mod people_sso;
mod people_sso_slow;
mod people_throttle;
mod register_pages;
mod register_support;
mod register_world;
mod support;
mod witness;
