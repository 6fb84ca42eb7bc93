//! The recognisers that `rule.toml` files name with `recognise`; each is one module.
