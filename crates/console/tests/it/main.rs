//! Tests of the service as its users meet it.
