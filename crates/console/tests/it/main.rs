//! Tests of the service as its users meet it.

mod people;
mod support;
