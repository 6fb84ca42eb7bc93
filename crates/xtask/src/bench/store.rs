//! `cargo xtask bench store`: how long the queue's pages take with millions of findings; prints Markdown.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::json;
use yata_model::{AdvisoryKind, Priority, Scenario};
use yata_store::bench::{
    ASSIGNEES, Chance, OWNERS, Plan, RULES, SERVICES, asset_id_of, assignee_name, mark, owner_name, rule_name,
    service_name,
};
use yata_store::{AiFactor, Due, FindingStatus, Options, Paging, QueueFilter, Store};

/// The day that counts as today.
const TODAY: Date = Date::constant(2026, 11, 22);

/// Rows of a page.
const ROWS: u32 = 50;

/// The engine to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// A file in `--folder`.
    Sqlite,
    /// The empty database of `--url`.
    Postgres,
}

#[derive(Debug, Args)]
pub(crate) struct StoreBench {
    /// The engine
    #[arg(long)]
    engine: Engine,
    /// How many findings
    #[arg(long, default_value_t = 1_000_000)]
    findings: u64,
    /// How many assets
    #[arg(long, default_value_t = 10_000)]
    assets: u64,
    /// How many random combinations of filters
    #[arg(long, default_value_t = 250)]
    combinations: u64,
    /// How often each page is read
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Where the file of SQLite is made [default: the folder for temporary files]
    #[arg(long)]
    folder: Option<PathBuf>,
    /// The database of PostgreSQL, empty
    #[arg(long)]
    url: Option<String>,
    /// Measure a database that an earlier run made and kept
    #[arg(long)]
    again: bool,
    /// Keep the database
    #[arg(long)]
    keep: bool,
    /// Print each page that took longer, in milliseconds
    #[arg(long)]
    tell_above: Option<u64>,
}

pub(crate) fn run(args: &StoreBench) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(bench(args))
}

async fn bench(args: &StoreBench) -> anyhow::Result<()> {
    let folder = args.folder.clone().unwrap_or_else(std::env::temp_dir).join("yata-bench-store");
    let store = match args.engine {
        Engine::Sqlite => Store::open_with(&folder.join("yata.db"), &Options::default()).await?,
        Engine::Postgres => {
            let url = args.url.as_deref().context("name an empty database with --url")?;
            let patient = Options { statement_timeout: Duration::from_secs(3600), ..Options::default() };
            Store::connect(url, &patient).await?
        }
    };
    if !args.again {
        let plan = Plan { findings: args.findings, assets: args.assets, today: TODAY };
        let start = Instant::now();
        store.fill(&plan, |done| eprintln_every(done, start)).await?;
        store.settle_after_fill().await?;
        println!("filled in {:.0} s (indexes made after the rows)", start.elapsed().as_secs_f64());
    }
    println!("{} findings, {} assets, {} facets\n", args.findings, args.assets, store.facets().await?);
    println!("| pages of {ROWS} rows | pages | p50 | p99 | longest |\n|---|---|---|---|---|");
    let mut figures = Figures { tell_above: args.tell_above.map(Duration::from_millis), groups: BTreeMap::new() };
    for (name, filter) in singles(args.assets) {
        measure(&store, &mut figures, name, &filter, args.runs).await?;
    }
    let mut chance = Chance::new(7);
    let known = singles(args.assets);
    for _ in 0..args.combinations {
        let mut filter = QueueFilter::default();
        let count = 2 + chance.below(3);
        for _ in 0..count {
            if let Some((_, one)) = pick(&mut chance, &known) {
                filter = both(filter, one);
            }
        }
        measure(&store, &mut figures, "2 to 4 filters at random", &filter, 1).await?;
    }
    figures.print();
    store.close().await;
    if args.engine == Engine::Sqlite {
        let bytes = std::fs::metadata(folder.join("yata.db"))?.len();
        println!("\nthe file has {:.1} GiB", bytes as f64 / f64::from(1 << 30));
        if !args.keep {
            std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove `{}`", folder.display()))?;
        }
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "a sign of life beside the table")]
fn eprintln_every(done: u64, start: Instant) {
    if done.is_multiple_of(1_000_000) {
        eprintln!("{done} findings after {:.0} s", start.elapsed().as_secs_f64());
    }
}

/// Times by group.
struct Figures {
    tell_above: Option<Duration>,
    groups: BTreeMap<(u8, String), Vec<Duration>>,
}

impl Figures {
    fn add(&mut self, order: u8, group: String, time: Duration, what: &QueueFilter) {
        if order != 1 && self.tell_above.is_some_and(|limit| time > limit) {
            println!("{group}: {:.0} ms: {}", ms(time), json!(what));
        }
        self.groups.entry((order, group)).or_default().push(time);
    }

    fn print(&mut self) {
        for ((_, group), times) in &mut self.groups {
            times.sort_unstable();
            let at =
                |part: usize| times.get((times.len() * part / 100).min(times.len() - 1)).copied().unwrap_or_default();
            let (p50, p99, most) = (ms(at(50)), ms(at(99)), ms(at(100)));
            println!("| {group} | {} | {p50:.1} ms | {p99:.1} ms | {most:.1} ms |", times.len());
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// First and deep pages, each finding and grouped, and the counts beside them.
async fn measure(
    store: &Store,
    figures: &mut Figures,
    group: &str,
    filter: &QueueFilter,
    runs: usize,
) -> anyhow::Result<()> {
    let deep = [mark(Some(TODAY), 0.3), mark(Some(TODAY.saturating_add(40.days())), 0.01), mark(None, 0.2)];
    let mut marks = vec![None];
    marks.extend(deep.into_iter().map(Some));
    for grouped in [false, true] {
        for after in &marks {
            let paging = Paging { after: after.clone(), limit: ROWS };
            let depth = if after.is_some() { "deep" } else { "first" };
            for _ in 0..runs {
                let start = Instant::now();
                std::hint::black_box(store.queue(filter, &paging, grouped).await?);
                let time = start.elapsed();
                figures.add(0, format!("{group}, {depth}"), time, filter);
                figures.add(1, format!("**all, {}**", if grouped { "grouped" } else { "not grouped" }), time, filter);
            }
        }
        let start = Instant::now();
        std::hint::black_box(store.facet_counts(filter, grouped).await?);
        figures.add(2, "counts of every filter value".to_owned(), start.elapsed(), filter);
    }
    Ok(())
}

fn pick<'a, T>(chance: &mut Chance, values: &'a [T]) -> Option<&'a T> {
    values.get(usize::try_from(chance.below(values.len() as u64)).unwrap_or_default())
}

/// Every kind of filter, with common, rare and missing values.
fn singles(assets: u64) -> Vec<(&'static str, QueueFilter)> {
    let none = QueueFilter::default;
    let mut all = vec![("no filter", none())];
    for n in [0, 10, 60, SERVICES - 1, SERVICES, 999] {
        let name = if n == 999 { "no such".to_owned() } else { service_name(n) };
        all.push(("service", QueueFilter { services: vec![name], ..none() }));
    }
    for n in [0, 7, 133, OWNERS - 1, OWNERS] {
        all.push(("owner", QueueFilter { owners: vec![owner_name(n)], ..none() }));
    }
    for kind in kinds() {
        all.push(("kind", QueueFilter { kinds: vec![kind], ..none() }));
    }
    for priority in priorities() {
        all.push(("priority", QueueFilter { priorities: vec![priority], ..none() }));
    }
    for scenario in Scenario::ALL {
        all.push(("scenario", QueueFilter { scenarios: vec![scenario], ..none() }));
    }
    for factor in AiFactor::ALL {
        all.push(("AI factor", QueueFilter { ai: vec![factor], ..none() }));
    }
    for state in FindingStatus::ALL {
        all.push(("decision", QueueFilter { states: vec![state], ..none() }));
    }
    all.push(("decision", QueueFilter { states: FindingStatus::ALL.to_vec(), ..none() }));
    let month = Due::Between { from: Some(TODAY), to: Some(TODAY.saturating_add(30.days())) };
    for due in [Due::overdue(TODAY), Due::by(TODAY.saturating_add(7.days())), month, Due::Undated] {
        all.push(("last day", QueueFilter { due: Some(due), ..none() }));
    }
    for n in [0, 5, 500, RULES - 1] {
        all.push(("advisory", QueueFilter { advisory: Some(rule_name(n)), ..none() }));
    }
    all.push(("advisory", QueueFilter { advisory: Some("CVE-1999-0001".to_owned()), ..none() }));
    for n in [0, assets / 2, assets - 1, assets + 1] {
        all.push(("asset", QueueFilter { asset: Some(asset_id_of(n)), ..none() }));
    }
    for n in [0, ASSIGNEES - 1, ASSIGNEES] {
        all.push(("assignee", QueueFilter { assignee: Some(assignee_name(n)), ..none() }));
    }
    all
}

fn kinds() -> [AdvisoryKind; 6] {
    use AdvisoryKind::{Malware, Notice, Secret, Unmaintained, Unsound, Vulnerability};
    [Malware, Secret, Vulnerability, Unsound, Unmaintained, Notice]
}

fn priorities() -> [Priority; 4] {
    use Priority::{Defer, Immediate, OutOfCycle, Scheduled};
    [Immediate, OutOfCycle, Scheduled, Defer]
}

/// What both ask for; values of one dimension are alternatives.
fn both(mut filter: QueueFilter, other: &QueueFilter) -> QueueFilter {
    filter.services.extend(other.services.iter().cloned());
    filter.owners.extend(other.owners.iter().cloned());
    filter.kinds.extend(&other.kinds);
    filter.priorities.extend(&other.priorities);
    filter.scenarios.extend(&other.scenarios);
    filter.ai.extend(&other.ai);
    filter.states.extend(&other.states);
    QueueFilter {
        due: filter.due.or(other.due),
        advisory: filter.advisory.or_else(|| other.advisory.clone()),
        asset: filter.asset.or_else(|| other.asset.clone()),
        assignee: filter.assignee.or_else(|| other.assignee.clone()),
        ..filter
    }
}
