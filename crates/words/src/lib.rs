//! Every text that a person reads, in English and Japanese.
