//! What goes over the wire: types of the edge, so that the model can change without the API.

pub(crate) mod asset;
pub(crate) mod evidence;
pub(crate) mod finding;
mod limited;
pub(crate) mod pushed;
pub(crate) mod report;
pub(crate) mod text;

pub(crate) use limited::Limited;
