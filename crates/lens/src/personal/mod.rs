//! Recognisers of personal data; each is named by a folder of `rules/personal`.

mod dictionary;
mod honorific;
mod lattice;
mod names;
mod scan;

pub(crate) use names::jp_person_name;
