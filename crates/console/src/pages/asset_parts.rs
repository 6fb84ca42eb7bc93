//! What an asset is made of, and what it stands between.

use maud::{Markup, html};
use yata_chart::{Graph, Node, graph};
use yata_model::{Asset, Component};
use yata_store::{AssetRecord, Neighbours, Paging};
use yata_words::fact_value;

use super::ask::word_of;
use super::asset::Parts;
use super::assets::kind_name;
use super::drawing::{figure, frame};
use super::say;
use crate::caller::Caller;
use crate::form::encoded;
use crate::problem::Refusal;
use crate::state::Console;

/// Components on one page.
const PAGE_ROWS: u32 = 50;

/// The components as one sensor saw them last.
pub(crate) async fn components(
    console: &Console,
    caller: &Caller,
    record: &AssetRecord,
    parts: &Parts,
) -> Result<Markup, Refusal> {
    let asset = &record.row.asset;
    let latest = record.looks.iter().max_by_key(|look| (look.components > 0, look.seen_at));
    let Some(sensor) = parts.sensor.as_deref().or(latest.map(|look| look.sensor.as_str())) else {
        return Ok(html! { p .quiet { (caller.text("asset-no-sensor")) } });
    };
    let prefix = parts.part.as_deref().unwrap_or_default();
    let paging = Paging { after: parts.after.clone(), limit: PAGE_ROWS };
    let Some(page) = console.store.components(&asset.id, sensor, prefix, &paging).await? else {
        return Err(Refusal::not_found());
    };
    let address = |sensor: &str, after: &str| {
        let part = if prefix.is_empty() { String::new() } else { format!("&part={}", encoded(prefix)) };
        let after = if after.is_empty() { String::new() } else { format!("&after={}", encoded(after)) };
        format!("/assets/{}?sensor={}{part}{after}#components", encoded(&asset.id), encoded(sensor))
    };
    Ok(html! {
        @if record.looks.len() > 1 {
            ul .chips {
                @for look in &record.looks {
                    li { a .chip href=(address(&look.sensor, "")) aria-current=[(look.sensor == sensor).then_some("true")] {
                        (say::clean(&look.sensor)) " " span .quiet { (say::number(look.components)) }
                    } }
                }
            }
        }
        form .bar method="get" action={ "/assets/" (encoded(&asset.id)) "#components" } role="search" {
            input type="hidden" name="sensor" value=(sensor);
            label for="part" { (caller.text("asset-search")) }
            span { input #part type="search" name="part" value=(prefix) maxlength="300"; }
            button type="submit" { (caller.text("asset-search-do")) }
        }
        @if page.items.is_empty() { div .empty { p { (caller.text("asset-no-components")) } } } @else { (table(caller, &page.items)) }
        nav .pager aria-label=(caller.text("asset-pages")) {
            @if parts.after.is_some() { a .button.slim href=(address(sensor, "")) { (caller.text("asset-first-page")) } }
            @if let Some(next) = &page.next { a .button.slim rel="next" href=(address(sensor, next)) { (caller.text("asset-next-page")) } }
        }
    })
}

fn table(caller: &Caller, components: &[Component]) -> Markup {
    html! {
        div .scroll role="region" tabindex="0" aria-label=(caller.text("asset-components")) {
            table .cards {
                thead { tr {
                    @for head in ["assets-name", "asset-version", "fact-scope", "asset-purl"] { th scope="col" { (caller.text(head)) } }
                } }
                tbody {
                    @for one in components {
                        tr {
                            th scope="row" { (say::clean(&one.package.name)) }
                            td data-label=(caller.text("asset-version")) {
                                @match &one.version {
                                    Some(version) => (say::clean(version)),
                                    None => span .quiet { (caller.text("asset-no-version")) },
                                }
                            }
                            td data-label=(caller.text("fact-scope")) { (fact_value(caller.lang, &word_of(&one.scope()))) }
                            td data-label=(caller.text("asset-purl")) { code { (say::clean(&one.purl)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The assets around one, drawn: what depends on what, from left to right.
pub(crate) fn around(caller: &Caller, asset: &Asset, near: &Neighbours) -> Markup {
    if near.below.is_empty() && near.above.is_empty() && near.unknown.is_empty() {
        return html! { p .quiet { (caller.text("asset-around-none")) } };
    }
    let mut assets: Vec<&Asset> = vec![asset];
    for one in near.below.iter().chain(&near.above) {
        if assets.iter().all(|known| known.id != one.id) {
            assets.push(one);
        }
    }
    let node = |one: &&Asset| Node {
        label: say::clean(&one.name),
        note: kind_name(caller.lang, one.kind),
        href: (one.id != asset.id).then(|| format!("/assets/{}", encoded(&one.id))),
        color: None,
        marked: one.id == asset.id,
    };
    let mut nodes: Vec<Node> = assets.iter().map(node).collect();
    let mut edges = Vec::new();
    for (from, one) in assets.iter().enumerate() {
        let on = assets.iter().enumerate().filter(|(_, other)| one.depends_on.contains(&other.name));
        edges.extend(on.map(|(to, _)| (from, to)));
    }
    for name in &near.unknown {
        edges.push((0, nodes.len()));
        nodes.push(Node { label: say::clean(name), note: caller.text("asset-not-registered"), ..Node::default() });
    }
    let title = caller.text("asset-around");
    let data = Graph { head: (caller.text("assets-name"), caller.text("assets-depends-on")), nodes, edges };
    let chart = graph(&data, &frame(caller, "around", &title, &caller.text("asset-around-says"), 1_060, 320));
    html! {
        p .small.quiet { (caller.text("asset-around-says")) }
        (figure(caller, &title, &chart))
        @if near.more { p .note.warn { (caller.text("asset-around-more")) } }
    }
}
