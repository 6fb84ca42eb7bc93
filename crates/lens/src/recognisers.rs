//! The recognisers that `rule.toml` files name with `recognise`: one function each, in the modules of their class.

pub(crate) use crate::{credentials::*, generic::*, injection::*, marking::*, personal::*, secret::*};
