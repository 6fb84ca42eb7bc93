//! The hashes of the tree, in tiles of 256: the whole ones are stored.

use yata_ledger::{HASH_BYTES, Hash, Hashes as _, TILE_HEIGHT, TILE_WIDTH, Tile, Tiles};

use crate::engine::{Conn, query};
use crate::error::Fault;

/// Characters of a hash in a column.
const HASH_CHARS: usize = 2 * HASH_BYTES;

pub(super) async fn insert_tile(conn: &mut Conn, level: u8, index: u64, hashes: &[Hash]) -> Result<(), Fault> {
    let text: String = hashes.iter().map(Hash::to_string).collect();
    query("INSERT INTO ledger_tile (level, tile, hashes) VALUES ($1, $2, $3)")
        .bind(i64::from(level))
        .bind(i64::try_from(index).unwrap_or(i64::MAX))
        .bind(text)
        .execute(conn)
        .await
        .map(drop)
}

/// A stored tile.
pub(super) async fn stored_tile(conn: &mut Conn, level: u8, index: u64) -> Result<Option<Vec<Hash>>, Fault> {
    let text: Option<String> = query("SELECT hashes FROM ledger_tile WHERE level = $1 AND tile = $2")
        .bind(i64::from(level))
        .bind(i64::try_from(index).unwrap_or(i64::MAX))
        .scalar(conn)
        .await?;
    Ok(text.and_then(|text| {
        let (hashes, rest) = text.as_bytes().as_chunks::<HASH_CHARS>();
        let hash = |hash: &[u8; HASH_CHARS]| std::str::from_utf8(hash).ok().and_then(|hash| hash.parse().ok());
        let hashes: Option<Vec<Hash>> = hashes.iter().map(hash).collect();
        hashes.filter(|hashes| rest.is_empty() && hashes.len() == usize::from(TILE_WIDTH))
    }))
}

/// The hashes of a tile that was just completed, from what is below it.
pub(super) async fn whole_tile(conn: &mut Conn, level: u8, index: u64) -> Result<Vec<Hash>, Fault> {
    let tile = Tile { level, index, width: TILE_WIDTH };
    let hashes = computed_tile(conn, &tile).await?;
    hashes.ok_or_else(|| Fault::Value(format!("what belongs into the tile `{}` is missing", tile.path())))
}

/// The hashes of a tile from what is below it: the stored hashes of entries, or the roots of the whole tiles.
async fn computed_tile(conn: &mut Conn, tile: &Tile) -> Result<Option<Vec<Hash>>, Fault> {
    let width = usize::from(tile.width);
    if tile.level == 0 {
        let Ok(first) = i64::try_from(tile.start()) else { return Ok(None) };
        let leaves: Vec<String> = query("SELECT leaf FROM ledger_entry WHERE seq >= $1 AND seq < $2 ORDER BY seq")
            .bind(first)
            .bind(first.saturating_add(i64::from(tile.width)))
            .scalars(conn)
            .await?;
        let hashes: Option<Vec<Hash>> = leaves.iter().map(|leaf| leaf.parse().ok()).collect();
        return Ok(hashes.filter(|hashes| hashes.len() == width));
    }
    let mut below = Tiles::new();
    for part in tile.parts() {
        let Some(hashes) = stored_tile(conn, part.level, part.index).await? else { return Ok(None) };
        below.insert(part.level, part.index, hashes);
    }
    let first = tile.index * u64::from(TILE_WIDTH);
    let height = tile.level * TILE_HEIGHT;
    Ok((first..first + u64::from(tile.width)).map(|at| below.hash(height, at)).collect())
}

/// A tile of the tree, whole or partial; `None` where it, or what it is made of, is missing.
pub(super) async fn tile(conn: &mut Conn, tile: &Tile) -> Result<Option<Vec<Hash>>, Fault> {
    let width = usize::from(tile.width);
    if let Some(mut hashes) = stored_tile(conn, tile.level, tile.index).await? {
        hashes.truncate(width);
        return Ok(Some(hashes));
    }
    if tile.is_full() { Ok(None) } else { computed_tile(conn, tile).await }
}
