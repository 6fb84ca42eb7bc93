//! Tests of the service as its users meet it.

mod people;
mod people_attacks;
mod people_passkeys;
mod people_routes;
mod people_sso;
mod people_throttle;
mod support;
