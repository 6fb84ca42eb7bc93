//! Tests of the service as its users meet it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

mod api;
mod api_push;
mod people;
mod register_pages;
mod register_support;
mod register_world;
mod support;
