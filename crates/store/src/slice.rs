//! Parts of long lists that are kept as one text: read past what is not asked for, without building all of it.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, SeqAccess, Visitor};
use yata_model::{Component, Occurrence};

use crate::body::SetComponent;
use crate::engine::{Conn, query};
use crate::error::{Fault, StoreError};
use crate::queue::MAX_QUEUE_ROWS;
use crate::store::Store;

impl Store {
    /// Components as a sensor saw them last, in the order of its component set (by purl), from the n-th on; at most
    /// `limit`, and at most [`MAX_QUEUE_ROWS`].
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn components_from(
        &self,
        asset_id: &str,
        sensor: &str,
        start: usize,
        limit: usize,
    ) -> Result<Vec<Component>, StoreError> {
        let limit = limit.min(MAX_QUEUE_ROWS as usize);
        self.read("reading components", async |conn| read(conn, asset_id, sensor, start, limit).await).await
    }
}

async fn read(
    conn: &mut Conn,
    asset_id: &str,
    sensor: &str,
    start: usize,
    limit: usize,
) -> Result<Vec<Component>, Fault> {
    // Not loaded together: each is large.
    let text = "SELECT c.body FROM snapshot s JOIN component_set c ON c.id = s.component_set_id \
                WHERE s.asset_id = $1 AND s.sensor = $2";
    let row = query(text).bind(asset_id).bind(sensor).fetch_optional(conn).await?;
    let Some(row) = row else { return Ok(Vec::new()) };
    let set: Vec<SetComponent<'_>> = part("a component set", row.get("body")?, start, limit)?;
    let text = "SELECT body FROM snapshot_occurrences WHERE asset_id = $1 AND sensor = $2";
    let row = query(text).bind(asset_id).bind(sensor).fetch_optional(conn).await?;
    let Some(places) = row else { return Ok(Vec::new()) };
    let places: Vec<Vec<Occurrence>> = part("occurrences", places.get("body")?, start, limit)?;
    Ok(set.into_iter().zip(places).map(|(component, at)| component.with(at)).collect())
}

/// The items of a JSON list from the n-th on, at most `limit`. What comes after them is not looked at.
pub(crate) fn part<'de, T: Deserialize<'de>>(
    what: &str,
    text: &'de str,
    start: usize,
    limit: usize,
) -> Result<Vec<T>, Fault> {
    let mut items = Vec::new();
    let seed = Part { start, limit, items: &mut items, kind: PhantomData };
    let result = seed.deserialize(&mut serde_json::Deserializer::from_str(text));
    match result {
        // The rest of the list was left unread, or the text was cut there.
        Err(error) if items.len() < limit && !error.is_eof() => Err(Fault::Value(format!("{what}: {error}"))),
        _ => Ok(items),
    }
}

struct Part<'a, T> {
    start: usize,
    limit: usize,
    items: &'a mut Vec<T>,
    kind: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Part<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Part<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for _ in 0..self.start {
            if list.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        while self.items.len() < self.limit {
            match list.next_element()? {
                Some(item) => self.items.push(item),
                None => return Ok(()),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, start: usize, limit: usize) -> Option<Vec<u32>> {
        part("numbers", text, start, limit).ok()
    }

    #[test]
    fn a_part_of_a_list_is_read() {
        assert_eq!(read("[1,2,3,4]", 0, 2), Some(vec![1, 2]));
        assert_eq!(read("[1,2,3,4]", 2, 2), Some(vec![3, 4]));
        assert_eq!(read("[1,2,3,4]", 3, 9), Some(vec![4]));
        assert_eq!(read("[1,2,3,4]", 4, 9), Some(vec![]));
        assert_eq!(read("[]", 9, 9), Some(vec![]));
        assert_eq!(read("[1,2,", 0, 9), Some(vec![1, 2]), "cut off");
        assert_eq!(read("[1,\"x\"]", 0, 9), None);
        assert_eq!(read("{}", 0, 9), None);
    }
}
