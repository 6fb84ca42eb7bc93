//! Every figure of the report equals the number of rows that its link leads to.

use std::sync::Arc;

use yata_store::{Paging, Store};
use yata_words::Lang;

use super::ask::Ask;
use super::asset_ask::AssetAsk;
use super::report_figures::read;
use super::report_text::compose;
use crate::caller::Caller;
use crate::state::{Clock, Console, Settings};
use yata_report::{Block, Document, Span};

#[path = "../../tests/it/register_world.rs"]
mod world;

async fn report(store: Store) -> (Arc<Console>, Document) {
    let console = Console::new(store, Settings::new("https://yata.example.jp", [7; 32]), Clock::new(world::now));
    let figures = read(&console, "2026-08-01".parse().unwrap()).await.unwrap();
    let document = compose(&console, &Caller::nobody(Lang::En), &figures, &console.settings.public_url);
    (console, document)
}

/// Every text with the link that it has.
fn links(document: &Document) -> Vec<(String, String)> {
    let mut links: Vec<(String, Option<String>)> = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Figures(figures) => links.extend(figures.iter().map(|one| (one.value.clone(), one.link.clone()))),
            Block::Table(table) => {
                links.extend(table.rows.iter().flatten().map(|cell| (cell.text.clone(), cell.link.clone())));
            }
            Block::Paragraph(spans) | Block::Lead(spans) | Block::Note(spans) => {
                for span in spans {
                    if let Span::Link { text, url } = span {
                        links.push((text.clone(), Some(url.clone())));
                    }
                }
            }
            Block::Heading { .. } | Block::Svg(_) | Block::List(_) | Block::PageBreak => {}
        }
    }
    links.into_iter().filter_map(|(text, link)| Some((text, link?))).collect()
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let uri: http::Uri = format!("/?{query}").parse().unwrap();
    axum::extract::Query::try_from_uri(&uri).unwrap().0
}

async fn rows(console: &Console, url: &str) -> Option<u64> {
    let path = url.strip_prefix("https://yata.example.jp").expect("an absolute link");
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    match path {
        "/queue" => {
            let ask = Ask::parse(&pairs(query));
            assert!(ask.unread.is_empty(), "{url}");
            let filter = ask.filter(console.today());
            Some(console.store.queue(&filter, &Paging::default(), !ask.single).await.unwrap().total.rows)
        }
        "/assets" => {
            let filter = AssetAsk::parse(&pairs(query)).filter(console.now());
            Some(console.store.count_assets(&filter).await.unwrap())
        }
        _ => None,
    }
}

#[tokio::test]
async fn every_figure_is_the_number_of_its_rows() {
    let (_folder, store) = world::store().await;
    let id = store.queue(&Default::default(), &Paging::default(), false).await.unwrap().rows[0].finding.id.clone();
    store.accept(&id, "2026-12-31".parse().unwrap(), "known", "Approver", world::now()).await.unwrap();
    let (console, document) = report(store).await;
    let mut compared = 0;
    for (text, url) in links(&document) {
        let Some(rows) = rows(&console, &url).await else { continue };
        if let Ok(number) = text.replace(',', "").parse::<u64>() {
            assert_eq!(number, rows, "{text} of {url}");
            compared += 1;
        }
    }
    assert!(compared >= 15, "{compared} figures were compared");
    let says = format!("{document:?}");
    assert!(says.contains("2026-12-31") && says.contains("Approver"), "{says}");
}

#[tokio::test]
async fn what_nobody_knows_is_never_a_zero() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("yata.db")).await.unwrap();
    let (_, document) = report(store).await;
    let figures = document.blocks.iter().filter_map(|block| match block {
        Block::Figures(figures) => Some(figures),
        _ => None,
    });
    for figure in figures.flatten().filter(|figure| figure.label != "All assets") {
        assert_eq!(figure.value, "unknown", "{}", figure.label);
    }
}
