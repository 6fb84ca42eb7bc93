//! What was found, pushed to a service: a report for each asset, and what the service knows of its findings.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{anyhow, bail};
use yata_console::api::{Change, Pushed};
use yata_model::{
    Asset, Changes, Finding, Message, Report, Snapshot, StateChange, Subject, VexStatement, asset_id, fingerprint,
};

use super::findings::{Found, FoundAsset};
use super::scope::Scope;
use super::verdict::{Remembered, snapshots_of};
use crate::Terminal;
use crate::cli::AssessArgs;
use crate::push::Server;

/// Pushes one report for each asset, and takes over what the service knows. Nothing is stored here.
pub(super) fn push(
    mut found: Found,
    scope: &Scope,
    args: &AssessArgs,
    statements: &[VexStatement],
    terminal: &Terminal,
) -> anyhow::Result<Remembered> {
    let (Some(address), Some(token_file)) = (&args.server, &args.token_file) else {
        return Err(anyhow!("a server needs the file of a token: give --token-file"));
    };
    let server = Server::new(address, token_file, args.server_ca.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut assets = std::mem::take(&mut found.assets);
    let known = assets.len();
    // The service knows in which of the others something was found before.
    let idle = std::mem::take(&mut found.idle).into_iter();
    assets.extend(idle.map(|taken| FoundAsset { taken, findings: Vec::new(), without_source: Vec::new() }));
    assets.iter_mut().for_each(rename);
    check_names(&assets)?;
    let total = u64::try_from(assets.len()).ok();
    let mut remembered = Remembered { found, changes: Changes::default(), settlements: BTreeMap::new() };
    for (n, mut one) in assets.into_iter().enumerate() {
        terminal.progress.step(&Message::new("push-assets"), u64::try_from(n).unwrap_or(u64::MAX), total);
        let snapshots = snapshots_of(&mut one, &remembered.found.history_problems, scope.now, args);
        let report = report(&one, snapshots, &remembered.found, scope, statements);
        let sent: Vec<Finding> = report.snapshots.iter().flat_map(|snapshot| &snapshot.findings).cloned().collect();
        let if_known = n >= known;
        match runtime.block_on(server.push(report, scope.now, if_known, terminal))? {
            Some(pushed) => {
                take_over(&mut one, sent, pushed, &mut remembered);
                remembered.found.assets.push(one);
            }
            None => remembered.found.problems.extend(one.taken.problems),
        }
    }
    terminal.progress.clear();
    Ok(remembered)
}

/// The most credentials with the same rule and digest that are told apart.
const MAX_NTH: usize = 1_000;

/// Gives an asset that the estate file does not name the id of its kind and name. Here its folder tells it from others;
/// for a service that hears of many machines a folder says nothing, and a token speaks of names.
fn rename(one: &mut FoundAsset) {
    let asset = &mut one.taken.asset;
    let new = asset_id(asset.kind, &asset.name);
    let old = std::mem::replace(&mut asset.id, new);
    let new = &one.taken.asset.id;
    for finding in one.findings.iter_mut().filter(|_| old != *new) {
        let key = match &finding.subject {
            Subject::Component(component) => component.purl.clone(),
            Subject::Misconfiguration(one) => one.digest.clone(),
            Subject::Secret(secret) => {
                let nth = |n: usize| if n <= 1 { secret.digest.clone() } else { format!("{} {n}", secret.digest) };
                let is_own = |key: &String| fingerprint(&old, &finding.rule, key) == finding.id;
                (1..=MAX_NTH).map(nth).find(is_own).unwrap_or_else(|| secret.digest.clone())
            }
        };
        finding.id = fingerprint(new, &finding.rule, &key);
        finding.asset_id.clone_from(new);
    }
}

/// Two assets of one name would take each other's place.
fn check_names(assets: &[FoundAsset]) -> anyhow::Result<()> {
    let mut seen = HashSet::new();
    for asset in assets.iter().map(|one| &one.taken.asset) {
        if !seen.insert(&asset.id) {
            bail!("two assets are called `{}`: give them names in yata.toml before they are pushed", asset.name);
        }
    }
    Ok(())
}

/// What was seen of an asset, with all that its findings are judged by.
pub(super) fn report(
    one: &FoundAsset,
    snapshots: Vec<Snapshot>,
    found: &Found,
    scope: &Scope,
    statements: &[VexStatement],
) -> Report {
    let findings = snapshots.iter().flat_map(|snapshot| &snapshot.findings);
    let evidence: BTreeMap<&str, _> =
        findings.filter_map(|finding| found.evidence.of(finding)).map(|one| (one.group.id.as_str(), one)).collect();
    let evidence = evidence.into_values().cloned().collect();
    let components = one.taken.components.iter();
    let closes_all = components
        .filter_map(|component| Some((component.purl.clone(), found.closes_all.of(component)?.clone())))
        .collect();
    Report {
        snapshots,
        said_in: one.taken.source.clone(),
        evidence,
        closes_all,
        services: scope.estate.services.clone(),
        sources: found.sources.clone(),
        statements: statements.to_vec(),
    }
}

/// Gives the findings the state that the service knows.
fn take_over(one: &mut FoundAsset, sent: Vec<Finding>, pushed: Pushed, remembered: &mut Remembered) {
    let Remembered { changes, settlements, .. } = remembered;
    let asset: &Asset = &one.taken.asset;
    let known: HashMap<String, _> =
        pushed.findings.into_iter().map(|finding| (finding.reported.to_string(), finding)).collect();
    changes.since = changes.since.max(pushed.previous);
    let mut seen = HashSet::new();
    for finding in sent {
        let Some(stored) = known.get(&finding.id) else {
            one.findings.push(finding);
            continue;
        };
        let id = stored.id.to_string();
        // Files and history may show the same credential.
        if !seen.insert(id.clone()) {
            continue;
        }
        if stored.opened && pushed.previous.is_some() {
            changes.new.push(id.clone());
        }
        if let Some(change) = &stored.settled {
            settlements.insert(id.clone(), settled(change));
        }
        let state = stored.state.clone().into();
        one.findings.push(Finding { id, state, first_seen: stored.first_seen, ..finding });
    }
    let all = |list: Vec<yata_console::api::StoredFinding>| -> Vec<Finding> {
        list.into_iter().filter_map(|stored| stored.into_model(&asset.id)).collect()
    };
    one.findings.extend(all(pushed.unchecked_findings));
    changes.gone.extend(all(pushed.closed_findings));
}

fn settled(change: &Change) -> StateChange {
    change.clone().into()
}
