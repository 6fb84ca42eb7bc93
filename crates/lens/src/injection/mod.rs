//! Instructions to a machine that reads the text: rules for the forms that are known, a small linear model for the rest.

mod features;
mod lexicon;
mod model;
mod text;

#[cfg(feature = "train")]
pub use self::{
    features::{Features, WEIGHT_BITS},
    model::{MAGIC, features_of},
    text::sentences,
};
