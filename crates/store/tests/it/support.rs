//! Small worlds for the tests.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jiff::Timestamp;
use sqlx::Connection as _;
use tempfile::TempDir;
use yata_model::{
    AdvisoryKind, Applies, Asset, AssetKind, Component, Ecosystem, Family, Finding, FindingState, Message, Occurrence,
    Package, Problem, ProblemKind, Remedy, Scope, Snapshot, VexStatement, VexStatus, fingerprint,
};
use yata_store::{Durability, Options, Store, StoreError};
use yata_testing::postgres::Database;

/// A store of one test's own.
pub(crate) struct World {
    pub(crate) home: Home,
    pub(crate) store: Store,
}

/// Where its database is; it goes away with it.
pub(crate) enum Home {
    File { _folder: TempDir, path: PathBuf },
    Server(Box<Database>),
}

impl World {
    /// Another store on the same database, as another program would open it.
    pub(crate) async fn other(&self) -> Store {
        open(&self.home, &quick()).await.unwrap()
    }

    /// The database file.
    pub(crate) fn path(&self) -> &Path {
        self.store.path().unwrap()
    }

    /// The one number that a query gives.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        match &self.home {
            Home::File { path, .. } => {
                let url = format!("sqlite:{}", path.display());
                let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut conn).await.unwrap()
            }
            Home::Server(database) => {
                let mut conn = sqlx::PgConnection::connect(&database.url()).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut conn).await.unwrap()
            }
        }
    }

    /// The database on the server.
    pub(crate) fn database(&self) -> &Database {
        match &self.home {
            Home::File { .. } => panic!("a file"),
            Home::Server(database) => database,
        }
    }
}

pub(crate) fn quick() -> Options {
    Options { durability: Durability::ProcessEnd, ..Options::default() }
}

pub(crate) async fn open(home: &Home, options: &Options) -> Result<Store, StoreError> {
    match home {
        Home::File { path, .. } => Store::open_with(path, options).await,
        Home::Server(database) => Store::connect(&database.url(), options).await,
    }
}

/// On a file.
pub(crate) async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data").join("yata.db");
    let home = Home::File { _folder: folder, path };
    World { store: open(&home, &quick()).await.unwrap(), home }
}

/// On a server, if there is one.
pub(crate) async fn served() -> Option<World> {
    static TEMPLATE: OnceLock<Option<Database>> = OnceLock::new();
    let fill = |url: &str| run(async { Store::connect(url, &quick()).await.unwrap().close().await });
    let home = Home::Server(Box::new(Database::like(&TEMPLATE, fill)?));
    Some(World { store: open(&home, &quick()).await.unwrap(), home })
}

/// A fresh store on the same engine.
pub(crate) async fn like(other: &World) -> Option<World> {
    match other.home {
        Home::File { .. } => Some(world().await),
        Home::Server(_) => served().await,
    }
}

/// Runs a test on a fresh store of each engine.
pub(crate) fn on_each(test: impl AsyncFn(&World)) {
    run(async { test(&world().await).await });
    on_postgres(test);
}

/// Runs a test on a fresh store of PostgreSQL, where there is a server.
pub(crate) fn on_postgres(test: impl AsyncFn(&World)) {
    /// Says on which engine a test failed.
    struct Failed;
    impl Drop for Failed {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("… on PostgreSQL");
            }
        }
    }
    let _failed = Failed;
    run(async {
        if let Some(world) = served().await {
            test(&world).await;
            world.store.close().await;
        }
    });
}

/// Runs on a runtime like that of the command line: one thread.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Noon UTC of the n-th day of 2026.
pub(crate) fn noon(day: i64) -> Timestamp {
    let first: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
    first + jiff::SignedDuration::from_hours(24 * (day - 1))
}

pub(crate) fn asset(name: &str) -> Asset {
    Asset::unknown(AssetKind::Repository, name)
}

pub(crate) fn component(name: &str, version: &str) -> Component {
    Component {
        purl: format!("pkg:cargo/{name}@{version}"),
        package: Package::new(Ecosystem::plain(Family::CratesIo), name),
        version: Some(version.to_owned()),
        source: None,
        occurrences: vec![Occurrence {
            file: "Cargo.lock".to_owned(),
            line: Some(7),
            scope: Scope::Runtime,
            direct: Some(false),
            path: vec!["部品@1.0.0".to_owned(), format!("{name}@{version}")],
        }],
    }
}

/// A finding of an advisory known under `ids`, the preferred one first.
pub(crate) fn finding(asset: &Asset, ids: &[&str], component: &Component) -> Finding {
    let rule = ids[0].to_owned();
    let mut sorted: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    sorted.sort();
    Finding {
        id: fingerprint(&asset.id, &rule, &component.purl),
        asset_id: asset.id.clone(),
        rule,
        ids: sorted,
        kind: AdvisoryKind::Vulnerability,
        title: "入力の検証が足りない".to_owned(),
        subject: yata_model::Subject::Component(component.clone()),
        applies: Applies::Affected,
        remedy: Remedy::Upgrade { to: "9.9.9".to_owned(), compatible: Some(false) },
        state: FindingState::Open,
        first_seen: None,
    }
}

/// A snapshot of `shop` by `assess` with one finding per list of ids, each in a component of its own that
/// is named after the last id.
pub(crate) fn shop(day: i64, found: &[&[&str]]) -> Snapshot {
    let asset = asset("shop");
    let components: Vec<Component> =
        found.iter().map(|ids| component(&ids[ids.len() - 1].to_lowercase(), "1.0.0")).collect();
    let findings = found.iter().zip(&components).map(|(ids, component)| finding(&asset, ids, component)).collect();
    Snapshot { sensor: "assess".to_owned(), asset, at: noon(day), components, findings, problems: Vec::new() }
}

pub(crate) fn unreadable(subject: &str) -> Problem {
    problem(ProblemKind::Unreadable, subject)
}

pub(crate) fn problem(kind: ProblemKind, subject: &str) -> Problem {
    Problem::new(kind, subject, Message::new("problem-test"))
}

pub(crate) fn vex(status: VexStatus, ids: &[&str], product: &str, day: Option<i64>) -> VexStatement {
    VexStatement {
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        products: vec![product.to_owned()],
        within: Vec::new(),
        status,
        justification: Some("vulnerable_code_not_present".to_owned()),
        statement: None,
        source: "vendor.openvex.json".to_owned(),
        author: None,
        at: day.map(noon),
    }
}

pub(crate) fn rules(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule.as_str()).collect()
}

/// The history as `state by: why` lines.
pub(crate) async fn history(store: &Store, id: &str) -> Vec<String> {
    let changes = store.history(id).await.unwrap();
    changes.iter().map(|change| format!("{} {}: {}", word(&change.state), change.by, change.why)).collect()
}

pub(crate) fn word(state: &FindingState) -> String {
    match state {
        FindingState::Open => "open".to_owned(),
        FindingState::Accepted { until } => format!("accepted {until}"),
        FindingState::Mitigated { until } => format!("mitigated {until}"),
        FindingState::FalsePositive => "false-positive".to_owned(),
        FindingState::Fixed => "fixed".to_owned(),
    }
}
