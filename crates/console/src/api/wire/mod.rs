//! What goes over the wire: types of the edge, so that the model can change without the API.

pub mod asset;
pub mod evidence;
pub mod finding;
mod limited;
pub mod list;
pub mod patch;
pub mod pushed;
pub mod report;
pub mod text;
pub mod upload;

pub use limited::{Limited, LimitedTexts};
