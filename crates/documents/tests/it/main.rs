//! What comes out of files, and what is said of those that cannot be read.

mod archives;
mod hostile;
mod office;
mod pdf;
mod support;
