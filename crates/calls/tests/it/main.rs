//! What the crate promises, held from outside.

mod cases;
mod corpus;
mod properties;
