//! From findings to the answer: what is remembered, judged, ordered and asked.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use yata_formats::vex;
use yata_model::{
    AssessedAsset, Assessment, Asset, Changes, Component, Finding, Problem, Risk, ServiceName, Snapshot, SourceState,
    StateChange, VexStatement,
};
use yata_ruler::{Calendar, Context, Table, Tables, actions, judge, no_evidence, questions, rank};
use yata_store::{Store, common_fix};

use super::findings::{Found, FoundAsset};
use super::scope::Scope;
use super::{baseline, pushed};
use crate::Terminal;
use crate::cli::AssessArgs;
use crate::data::DataFolder;
use crate::estate::{self, read_side_file};

/// The name of the sensor of packages in snapshots.
pub(crate) const SENSOR: &str = "assess";
/// The name of the sensor that looks into files …
const LENS_SENSOR: &str = "lens";
/// … and of the one that looks into the history. A run without it says nothing of what it saw.
const HISTORY_SENSOR: &str = "lens-history";
/// The name of the sensor that audits coding agents.
const AGENTS_SENSOR: &str = "agents";

/// Findings with what the database knows of them.
pub(super) struct Remembered {
    pub(super) found: Found,
    pub(super) changes: Changes,
    /// Who settled which finding, and why.
    pub(super) settlements: BTreeMap<String, StateChange>,
}

/// Stores what was seen and takes over what is known: states, first sight, what is new and gone.
pub(super) fn remember(
    mut found: Found,
    scope: &Scope,
    data: &DataFolder,
    args: &AssessArgs,
    terminal: &Terminal,
) -> anyhow::Result<Remembered> {
    let baseline = args.baseline.as_deref().map(|file| baseline::read(file, scope.today)).transpose()?;
    wake(&mut found, data, args)?;
    let (statements, problems) = vex_statements(scope)?;
    found.problems.extend(problems);
    waive(&mut found, scope);
    let mut remembered = if args.no_save {
        Remembered { found, changes: Changes::default(), settlements: BTreeMap::new() }
    } else if args.server.is_some() {
        pushed::push(found, scope, args, &statements, terminal)?
    } else {
        store(found, scope, data, args, &statements)?
    };
    if let Some(baseline) = &baseline {
        for finding in remembered.found.assets.iter_mut().flat_map(|one| &mut one.findings) {
            if let Some(change) = baseline.settle(finding, scope.now) {
                remembered.settlements.insert(finding.id.clone(), change);
            }
        }
    }
    Ok(remembered)
}

/// Takes the assets in which nothing was found among the others where the database knows them: what was found in them
/// before is gone. Of the rest only the problems count.
fn wake(found: &mut Found, data: &DataFolder, args: &AssessArgs) -> anyhow::Result<()> {
    if args.server.is_some() {
        // The server knows which of them it knows.
        return Ok(());
    }
    let idle = std::mem::take(&mut found.idle);
    let mut known = HashSet::new();
    if !idle.is_empty() && !args.no_save && data.database().exists() {
        let runtime = crate::data::runtime()?;
        let asked = runtime.block_on(async {
            let store = Store::open(&data.database()).await?;
            for taken in &idle {
                if store.last_run(std::slice::from_ref(&taken.asset.id)).await?.is_some() {
                    known.insert(taken.asset.id.clone());
                }
            }
            store.close().await;
            anyhow::Ok(())
        });
        asked.context("what was found could not be stored (`--no-save` assesses without the database)")?;
    }
    for taken in idle {
        if known.contains(&taken.asset.id) {
            found.assets.push(FoundAsset { taken, findings: Vec::new(), without_source: Vec::new() });
        } else {
            found.problems.extend(taken.problems);
        }
    }
    Ok(())
}

/// What each sensor saw of an asset: packages, agents, files, history.
pub(super) fn snapshots_of(
    one: &mut FoundAsset,
    of_history: &[Problem],
    at: Timestamp,
    args: &AssessArgs,
) -> Vec<Snapshot> {
    let (audited, others): (Vec<Finding>, Vec<Finding>) =
        std::mem::take(&mut one.findings).into_iter().partition(|finding| finding.subject.misconfiguration().is_some());
    let (packages, secrets): (Vec<Finding>, Vec<Finding>) =
        others.into_iter().partition(|finding| finding.subject.component().is_some());
    let is_present = |finding: &&Finding| finding.subject.secret().is_some_and(|secret| !secret.is_past());
    let present: Vec<Finding> = secrets.iter().filter(is_present).cloned().collect();
    let snapshot = |sensor: &str, findings: Vec<Finding>, problems: Vec<Problem>| Snapshot {
        sensor: sensor.to_owned(),
        asset: one.taken.asset.clone(),
        at,
        components: Vec::new(),
        findings,
        problems,
    };
    let of_packages = one.taken.problems.iter().chain(&one.without_source).cloned().collect();
    let mut snapshots =
        vec![Snapshot { components: one.taken.components.clone(), ..snapshot(SENSOR, packages, of_packages) }];
    if one.taken.audited.is_some() {
        snapshots.push(snapshot(AGENTS_SENSOR, audited, one.taken.problems.clone()));
    }
    if !args.no_secrets {
        snapshots.push(snapshot(LENS_SENSOR, present, one.taken.problems.clone()));
    }
    if args.history {
        let seen =
            secrets.into_iter().filter(|finding| finding.subject.secret().is_some_and(|one| !one.past.is_empty()));
        let problems = one.taken.problems.iter().chain(of_history).cloned().collect();
        snapshots.push(snapshot(HISTORY_SENSOR, seen.collect(), problems));
    }
    snapshots
}

/// Stores what was seen of each asset, with all that its findings are judged by, and takes over what the database knows.
fn store(
    mut found: Found,
    scope: &Scope,
    data: &DataFolder,
    args: &AssessArgs,
    statements: &[VexStatement],
) -> anyhow::Result<Remembered> {
    let mut assets = std::mem::take(&mut found.assets);
    let mut reports = Vec::with_capacity(assets.len());
    for one in &mut assets {
        let snapshots = snapshots_of(one, &found.history_problems, scope.now, args);
        // The estate's own statements hold for the estate's own assets: the tree may be anybody's.
        reports.push(pushed::report(one, snapshots, &found, scope, statements));
    }
    found.assets = assets;
    let file = scope.estate_file.as_deref();
    let rules = file.map(|file| estate::rules(file, &scope.estate)).transpose()?;
    let runtime = crate::data::runtime()?;
    let ingested = runtime.block_on(async {
        let store = Store::open(&data.database()).await?;
        if let Some(rules) = rules.filter(|_| !reports.is_empty()) {
            estate::keep_rules(&store, &rules, scope.now).await?;
        }
        let ingested = store.ingest_reports(&reports, scope.today).await?;
        let settled = ingested.iter().flatten().flat_map(|one| &one.findings).filter(|f| !f.state.is_open(scope.today));
        let mut settlements = BTreeMap::new();
        for finding in settled {
            if let Some(last) = store.history(&finding.id).await?.pop() {
                settlements.insert(finding.id.clone(), last);
            }
        }
        store.close().await;
        anyhow::Ok((ingested, settlements))
    });
    drop(reports);
    let (ingested, settlements) =
        ingested.context("what was found could not be stored (`--no-save` assesses without the database)")?;
    let mut changes =
        Changes { since: ingested.iter().flatten().filter_map(|one| one.previous).max(), ..Changes::default() };
    for (one, of_asset) in found.assets.iter_mut().zip(ingested) {
        for stored in of_asset {
            if changes.since.is_some() {
                changes.new.extend(stored.opened.iter().map(|finding| finding.id.clone()));
            }
            changes.gone.extend(stored.closed);
            one.findings.extend(stored.findings);
            one.findings.extend(stored.unchecked);
        }
        // Files and history may show the same credential.
        let mut seen = HashSet::new();
        one.findings.retain(|finding| seen.insert(finding.id.clone()));
    }
    let open: HashSet<&str> = found.assets.iter().flat_map(|one| &one.findings).map(|one| one.id.as_str()).collect();
    changes.gone.retain(|finding| !open.contains(finding.id.as_str()));
    Ok(Remembered { found, changes, settlements })
}

/// Judges, orders, groups and asks.
pub(super) fn reach(remembered: Remembered, scope: &Scope) -> anyhow::Result<Assessment> {
    let Remembered { found, changes, settlements } = remembered;
    let tables = tables(scope)?;
    let calendar = Calendar::new(&scope.estate.deadlines);
    let mut risks: Vec<Risk> = Vec::new();
    let mut settled: Vec<Finding> = Vec::new();
    let mut assets = Vec::new();
    let mut problems = found.problems;
    problems.extend(found.history_problems);
    for one in found.assets {
        let asset = one.taken.asset;
        let service = asset.service.as_deref().and_then(|id| scope.estate.service(id));
        for finding in one.findings {
            if !finding.state.is_open(scope.today) {
                settled.push(finding);
                continue;
            }
            let context = Context {
                asset: &asset,
                asset_source: &one.taken.source,
                service,
                scope: finding.subject.scope(),
                today: scope.today,
                first_seen: first_seen(&finding, scope),
                calendar: &calendar,
                tables: &tables,
            };
            let risk = match found.evidence.of(&finding) {
                Some(evidence) => judge(finding, evidence, &context),
                None => {
                    let evidence = no_evidence(&finding);
                    judge(finding, &evidence, &context)
                }
            };
            risks.push(risk);
        }
        problems.extend(one.taken.problems);
        assets.push(AssessedAsset { asset, components: one.taken.components });
    }
    let risks = rank(risks);
    settled.sort_by(|a, b| a.id.cmp(&b.id));
    assets.sort_by(|a, b| (&a.asset.name, &a.asset.id).cmp(&(&b.asset.name, &b.asset.id)));
    let closes_all = |component: &Component| found.closes_all.of(component).cloned();
    let actions = actions(&risks, &|findings| common_fix(findings, &closes_all));
    let by_id: HashMap<&str, &Asset> = assets.iter().map(|one| (one.asset.id.as_str(), &one.asset)).collect();
    let assessed = found
        .sources
        .iter()
        .any(|source| source.name == yata_intel::VULNRICHMENT_SOURCE && source.state == SourceState::Fresh);
    let questions = questions(&risks, |id| by_id.get(id).copied(), &tables, assessed);
    drop(by_id);
    let advisories = found.evidence.groups(risks.iter().map(|risk| &risk.finding).chain(&settled));
    Ok(Assessment {
        yata_version: env!("CARGO_PKG_VERSION").to_owned(),
        targets: scope.targets.iter().map(|target| target.display().to_string()).collect(),
        at: scope.now,
        as_of: scope.today,
        as_of_is_set: scope.today_is_set,
        organisation: Some(scope.estate.organisation.name.clone()).filter(|name| !name.is_empty()),
        organisation_ja: scope.estate.organisation.name_ja.clone(),
        services: services(scope),
        assets,
        risks,
        actions,
        settled,
        changes,
        sources: found.sources,
        problems,
        questions,
        settlements,
        advisories,
    })
}

/// The day the clock started: never after the day that is judged as of.
fn first_seen(finding: &Finding, scope: &Scope) -> Option<jiff::civil::Date> {
    let day = finding.first_seen?.to_zoned(TimeZone::UTC).date();
    Some(day.min(scope.today))
}

fn waive(found: &mut Found, scope: &Scope) {
    let of_assets = found.assets.iter_mut().flat_map(|one| one.taken.problems.iter_mut());
    for problem in of_assets.chain(found.problems.iter_mut()).chain(found.history_problems.iter_mut()) {
        problem.waived |= scope.waived.contains(&problem.subject);
    }
}

fn vex_statements(scope: &Scope) -> anyhow::Result<(Vec<VexStatement>, Vec<Problem>)> {
    let mut statements = Vec::new();
    let mut problems = Vec::new();
    for name in &scope.estate.vex {
        let path = scope.beside_estate(name)?;
        let bytes = read_side_file(&path).context("the estate file names a VEX document that cannot be read")?;
        let (read, trouble) =
            vex::parse(&bytes, name).with_context(|| format!("cannot read the VEX document `{}`", path.display()))?;
        statements.extend(read);
        problems.extend(trouble);
    }
    Ok((statements, problems))
}

fn tables(scope: &Scope) -> anyhow::Result<Tables> {
    let mut tables = Tables::standard();
    for text in estate::tables(scope.estate_file.as_deref(), &scope.estate)? {
        tables.add(&text.file, Table::from_ssvc_json(&text.file, text.json.as_bytes())?)?;
    }
    Ok(tables)
}

fn services(scope: &Scope) -> Vec<ServiceName> {
    let services = scope.estate.services.iter();
    services
        .map(|service| ServiceName {
            id: service.id.clone(),
            name: service.name.clone(),
            name_ja: service.name_ja.clone(),
        })
        .collect()
}
