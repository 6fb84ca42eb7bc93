//! A backup goes back whole, or says why not.

use sha2::{Digest as _, Sha256};
use yata_store::{BackupError, check_backup};

use crate::support::{World, on_each, open, quick, shop};

/// The lines with the last one made anew: what it says of the others is right.
fn ended(lines: &[&str]) -> String {
    let whole: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let digest: String = Sha256::digest(whole.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let rows = lines.iter().filter(|line| line.starts_with('[')).count();
    format!("{whole}{{\"rows\":{rows},\"sha256\":\"{digest}\"}}\n")
}

/// A database that refuses what a backup holds is not asked again with a backup that was read already.
#[test]
fn what_the_database_refuses_is_not_told_as_a_cut_backup() {
    on_each(async |world: &World| {
        world.store.ingest(&shop(1, &[&["A"]])).await.unwrap();
        let mut out = Vec::new();
        world.store.backup(&mut out).await.unwrap();
        let text = String::from_utf8(out).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.pop();
        let at = lines.iter().position(|line| line.starts_with('[')).unwrap();
        lines.insert(at, lines[at]);
        let twice = ended(&lines);
        check_backup(&mut twice.as_bytes()).unwrap();
        let empty = crate::support::like(world).await;
        let Some(empty) = empty else { return };
        let error = empty.store.restore(&mut twice.as_bytes()).await.unwrap_err();
        assert!(matches!(error, BackupError::Store(_)), "{error:?}");
        // Nothing of it stays.
        empty.store.restore(&mut text.as_bytes()).await.unwrap();
        let again = open(&empty.home, &quick()).await.unwrap();
        assert_eq!(again.assets(None, 9).await.unwrap().items.len(), 1);
        again.close().await;
        empty.store.close().await;
    });
}
