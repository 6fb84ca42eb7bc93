//! Tests of the service as its users meet it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

mod api;
mod api_push;
mod api_read;
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
mod people_throttle;
mod register_pages;
mod register_support;
mod register_world;
mod support;
