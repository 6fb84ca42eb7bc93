//! The recognisers that `rule.toml` files name with `recognise`: one function each, in the modules of their class.

#[expect(unused_imports, reason = "a class whose rules are all patterns has no recogniser")]
pub(crate) use crate::{credentials::*, generic::*, injection::*, marking::*, personal::*, secret::*};
