//! The steps of the schema, for both engines.

/// One step: its number, what it brings, its SQL.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration {
    pub(crate) version: i64,
    pub(crate) sql: &'static str,
}

/// All steps in order, without gaps from 1; the number of the last is the schema version. A step that was released is
/// never changed.
///
/// The files are SQL that both engines understand. In PostgreSQL the type `TEXT` stands for `TEXT COLLATE "C"`
/// ([`for_postgres`]): write it in capitals for a column, and nowhere else.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, sql: include_str!("../migrations/0001_snapshots_and_findings.sql") },
    Migration { version: 2, sql: include_str!("../migrations/0002_service.sql") },
];

/// The schema version of this program.
pub(crate) fn known_version() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// The steps that a database of that version lacks.
pub(crate) fn missing_after(version: i64) -> impl Iterator<Item = &'static Migration> {
    MIGRATIONS.iter().filter(move |migration| migration.version > version)
}

/// The SQL of a step as PostgreSQL must run it.
///
/// Pages by key, ranges of ids and `MIN` of a text rest on the order of bytes. SQLite has no other; PostgreSQL would take
/// the language of the database, in which `fi_a` may come after `fi_B`, and no index could serve a range.
pub(crate) fn for_postgres(sql: &str) -> String {
    sql.replace("TEXT", "TEXT COLLATE \"C\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_without_gaps() {
        assert!((1..).zip(MIGRATIONS).all(|(version, migration)| migration.version == version));
    }
}
