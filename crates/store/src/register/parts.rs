//! What an asset is made of and stands between: its components, and the assets it depends on.

use std::collections::BTreeSet;

use yata_model::{Asset, Component};

use crate::engine::Conn;
use crate::error::{Fault, StoreError};
use crate::queue::{MAX_QUEUE_ROWS, Paging, Sql};
use crate::read::read_look;
use crate::sql::json;
use crate::{Page, Store};

/// Most assets that [`Store::neighbours`] gives in each direction.
pub const MAX_NEIGHBOURS: usize = 200;

/// Rows that are looked at to find those that depend on an asset.
const MAX_CANDIDATES: i64 = 1_000;

/// Most characters of a search for components.
const MAX_SEARCH_CHARS: usize = 500;

/// The assets around one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Neighbours {
    /// Those it depends on, as far as they are in the register; by name.
    pub below: Vec<Asset>,
    /// Names that it depends on and no asset has.
    pub unknown: Vec<String>,
    /// Those that depend on it; by name.
    pub above: Vec<Asset>,
    /// Whether there are more than [`MAX_NEIGHBOURS`] in a direction.
    pub more: bool,
}

impl Store {
    /// Components as a sensor saw them last, by purl, one page (at most [`MAX_QUEUE_ROWS`]); with `prefix` only those
    /// whose name or purl begins so, in whatever case. `None` where that sensor never looked at that asset.
    ///
    /// # Errors
    /// [`StoreError::TooLong`], or a failure of the database.
    pub async fn components(
        &self,
        asset_id: &str,
        sensor: &str,
        prefix: &str,
        paging: &Paging,
    ) -> Result<Option<Page<Component>>, StoreError> {
        let given = prefix.chars().count();
        if given > MAX_SEARCH_CHARS {
            return Err(StoreError::TooLong { what: "search", given, limit: MAX_SEARCH_CHARS });
        }
        let doing = "reading components";
        self.read(doing, async |conn| read_components(conn, asset_id, sensor, prefix, paging).await).await
    }

    /// The assets that this one depends on, and those that depend on it, by the names that are said.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn neighbours(&self, asset: &Asset) -> Result<Neighbours, StoreError> {
        let doing = "reading what depends on an asset";
        self.read_together(doing, async |conn| read_neighbours(conn, asset).await).await
    }
}

async fn read_components(
    conn: &mut Conn,
    asset_id: &str,
    sensor: &str,
    prefix: &str,
    paging: &Paging,
) -> Result<Option<Page<Component>>, Fault> {
    let Some((_, all)) = read_look(conn, asset_id, sensor).await? else { return Ok(None) };
    let limit = paging.limit.clamp(1, MAX_QUEUE_ROWS) as usize;
    let prefix = prefix.trim().to_lowercase();
    let after = paging.after.as_deref().unwrap_or_default();
    let begins = |text: &str| text.to_lowercase().starts_with(&prefix);
    let mut items: Vec<Component> = all
        .into_iter()
        .filter(|one| one.purl.as_str() > after)
        .filter(|one| prefix.is_empty() || begins(&one.package.name) || begins(&one.purl))
        .collect();
    items.sort_by(|a, b| a.purl.cmp(&b.purl));
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|one| one.purl.clone());
    Ok(Some(Page { items, next }))
}

async fn read_neighbours(conn: &mut Conn, asset: &Asset) -> Result<Neighbours, Fault> {
    let names: BTreeSet<&String> = asset.depends_on.iter().collect();
    let mut more = names.len() > MAX_NEIGHBOURS;
    let names: Vec<String> = names.into_iter().take(MAX_NEIGHBOURS).cloned().collect();
    let mut below = Vec::new();
    if !names.is_empty() {
        let mut sql = Sql::new("SELECT a.body FROM asset a WHERE 1 = 1");
        sql.and_in("a.name", names.clone());
        sql.push(" ORDER BY a.name, a.id LIMIT ").bind(MAX_CANDIDATES);
        below = assets(&sql.query().scalars::<String>(conn).await?)?;
    }
    let unknown = names.into_iter().filter(|name| below.iter().all(|asset| asset.name != *name)).collect();
    // The name stands in the list as JSON; what else holds it is sorted out below.
    // The first condition is that of the index `asset_depends`, word for word.
    let mut sql = Sql::new("SELECT a.body FROM asset a WHERE a.body NOT LIKE '%\"depends_on\":[]%' AND a.body LIKE ");
    sql.bind(pattern(&asset.name)?).push(" ESCAPE '~' ORDER BY a.name, a.id LIMIT ").bind(MAX_CANDIDATES);
    let candidates: Vec<String> = sql.query().scalars(conn).await?;
    more |= i64::try_from(candidates.len()).unwrap_or(i64::MAX) >= MAX_CANDIDATES;
    let mut above = assets(&candidates)?;
    above.retain(|one| one.depends_on.contains(&asset.name));
    more |= below.len() > MAX_NEIGHBOURS || above.len() > MAX_NEIGHBOURS;
    below.truncate(MAX_NEIGHBOURS);
    above.truncate(MAX_NEIGHBOURS);
    Ok(Neighbours { below, unknown, above, more })
}

fn assets(bodies: &[String]) -> Result<Vec<Asset>, Fault> {
    bodies.iter().map(|body| json("an asset", body)).collect()
}

/// What a body looks like that names it among what it depends on.
fn pattern(name: &str) -> Result<String, Fault> {
    let mut pattern = String::from("%\"depends~_on\":[%");
    for c in serde_json::to_string(name)?.chars() {
        if matches!(c, '%' | '_' | '~') {
            pattern.push('~');
        }
        pattern.push(c);
    }
    pattern.push('%');
    Ok(pattern)
}
