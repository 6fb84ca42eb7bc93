//! What the crate promises, held from outside.

mod corpus;
