//! Pages of lists.

use serde_json::json;
use yata_store::Paging;

use super::ask::{Values, bad_value};
use super::describe::Parameter;
use crate::problem::Refusal;

/// The most rows of a page.
pub(crate) const MAX_LIMIT: u32 = 500;
/// The rows of a page where nobody says.
const LIMIT: u32 = 50;

pub(crate) fn parameters() -> Vec<Parameter> {
    vec![
        Parameter {
            name: "cursor",
            docs: "Where the page begins: `next` of the page before.",
            schema: json!({ "type": "string" }),
            repeats: false,
        },
        Parameter {
            name: "limit",
            docs: "The most rows of the page.",
            schema: json!({ "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": LIMIT }),
            repeats: false,
        },
    ]
}

pub(crate) fn paging(values: &Values) -> Result<Paging, Refusal> {
    let limit = values.parsed("limit", "is no number")?.unwrap_or(LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(bad_value("limit", "is not from 1 to 500"));
    }
    Ok(Paging { after: values.one("cursor")?.map(str::to_owned), limit })
}
