//! What the pages show: whole in both languages, each number a link to exactly its rows.

use yata_console::Role;
use yata_words::Lang;

use crate::pages_html::elements;
use crate::pages_support::{World, percent, person};

fn rows(page: &str) -> usize {
    elements(page).iter().filter(|element| element.attribute("data-id").is_some()).count()
}

/// The links whose text is a number: address and number.
fn numbers(page: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for part in page.split("<a ").skip(1) {
        let Some((tag, rest)) = part.split_once('>') else { continue };
        let Some((inside, _)) = rest.split_once("</a>") else { continue };
        let Some((_, href)) = tag.split_once("href=\"") else { continue };
        let Some((href, _)) = href.split_once('"') else { continue };
        let texts = inside.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text).trim());
        if let Some(number) = texts.filter_map(|text| text.replace(',', "").parse().ok()).next() {
            found.push((href.replace("&amp;", "&"), number));
        }
    }
    found
}

/// Pages in `[brackets]` are ids that the catalogue does not have; `{$x}` is an argument that was not given.
fn check_words(path: &str, page: &str) {
    let text: String = page.split('<').map(|piece| piece.split_once('>').map_or("", |(_, text)| text)).collect();
    for part in text.split('[').skip(1) {
        let id: String = part.chars().take_while(|c| *c != ']').collect();
        let is_id = id.contains('-') && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        assert!(!is_id, "{path}: `[{id}]` has no words");
    }
    assert!(!text.contains("{$"), "{path}: an argument is missing: {text}");
}

#[tokio::test]
async fn every_page_has_its_words_in_both_languages() {
    let world = World::estate().await;
    let ids = world.findings().await;
    let mut paths = vec!["/", "/queue", "/queue?group=none&due=overdue&scenario=3&ai=none&state=fixed&kind=malware"];
    paths.extend(["/proposals", "/changes", "/changes?what=fixed", "/queue?advisory=none", "/queue?nonsense=1"]);
    let findings: Vec<String> = ids.iter().map(|id| format!("/findings/{id}")).collect();
    paths.extend(findings.iter().map(String::as_str));
    for lang in Lang::ALL {
        for role in [Role::Viewer, Role::Owner, Role::Approver] {
            let caller = person("佐藤", role, &["billing"], lang);
            for path in &paths {
                let page = world.page(&caller, path).await;
                check_words(path, &page);
                assert!(page.contains(&format!("<html lang=\"{}\"", lang.as_str())));
                assert_eq!(elements(&page).iter().filter(|element| element.name == "h1").count(), 1, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn every_number_of_today_is_the_count_of_its_rows() {
    let world = World::estate().await;
    let caller = person("佐藤", Role::Approver, &[], Lang::En);
    let page = world.page(&caller, "/").await;
    let numbers = numbers(&page);
    assert!(numbers.len() >= 8, "{numbers:?}");
    for (href, number) in numbers {
        let rows = if href.starts_with("/changes") {
            let page = world.page(&caller, &href).await;
            let (_, list) = page.split_once("data-rows").unwrap_or(("", ""));
            list.split_once("</ul>").map_or(0, |(list, _)| list.matches("<li>").count())
        } else if href.starts_with("/proposals") {
            world.page(&caller, &href).await.matches("<li class=\"panel\">").count()
        } else if href.starts_with("/queue") {
            rows(&world.page(&caller, &href).await)
        } else {
            continue;
        };
        assert_eq!(rows, number, "{href}");
    }
}

#[tokio::test]
async fn every_count_of_a_filter_is_the_count_of_its_rows() {
    let world = World::estate().await;
    let caller = person("佐藤", Role::Viewer, &[], Lang::En);
    let asset =
        world.console.store.queue(&Default::default(), &Default::default(), false).await.unwrap().rows.remove(0);
    let mut starts = vec!["/queue".to_owned(), "/queue?group=none".to_owned()];
    // What is counted by value; beside it another value of the same dimension has no count.
    for counted in
        ["kind=vulnerability", "priority=immediate&priority=scheduled", "service=billing", "state=fixed", "ai=none"]
    {
        starts.push(format!("/queue?{counted}"));
        starts.push(format!("/queue?group=none&{counted}&kind=vulnerability"));
    }
    // What is not: only the last days have counts of their own.
    let asked = [
        "due=month".to_owned(),
        "advisory=CVE-2021-44228".to_owned(),
        format!("asset={}", asset.finding.asset_id),
        "assignee=nobody".to_owned(),
    ];
    for asked in &asked {
        starts.push(format!("/queue?{asked}"));
        starts.push(format!("/queue?group=none&priority=immediate&{asked}"));
    }
    let (mut checked, mut hidden) = (0, 0);
    for start in starts {
        let page = world.page(&caller, &start).await;
        hidden += usize::from(page.contains("Counts by value are not shown"));
        let chosen: Vec<&str> = page.split("<a ").skip(1).filter(|part| part.contains("aria-current")).collect();
        for (href, number) in numbers(&page).into_iter().filter(|(href, _)| href.starts_with("/queue?")) {
            let is_chosen = chosen.iter().any(|part| part.replace("&amp;", "&").contains(&format!("\"{href}\"")));
            // What is chosen counts what is there; its link takes it away.
            let shown = if is_chosen { rows(&page) } else { rows(&world.page(&caller, &href).await) };
            assert_eq!(shown, number, "{start}: {href}");
            checked += 1;
        }
    }
    assert!(checked > 100 && hidden == 8, "{checked} {hidden}");
}

#[tokio::test]
async fn a_filter_stays_in_the_address() {
    let world = World::estate().await;
    let caller = person("佐藤", Role::Viewer, &[], Lang::En);
    let page = world.page(&caller, &format!("/queue?owner={}&kind=vulnerability", percent("佐藤 花子"))).await;
    assert_eq!(rows(&page), 2, "one act for two findings, and another");
    let without = "/queue?kind=vulnerability";
    assert!(elements(&page).iter().any(|element| element.attribute("href") == Some(without)));
    assert!(page.contains("/queue/export?owner="));
    let nothing = world.page(&caller, "/queue?advisory=CVE-1999-0001").await;
    assert!(rows(&nothing) == 0 && nothing.contains("Nothing matches this filter"));
}

#[tokio::test]
async fn pages_follow_one_another_without_gap() {
    let world = World::estate().await;
    let caller = person("佐藤", Role::Viewer, &[], Lang::En);
    let (status, _) = world.get(&caller, "/queue?after=nonsense").await;
    assert_eq!(status.as_u16(), 400);
    let (status, _) = world.get(&caller, "/findings/fi_00000000000000000000").await;
    assert_eq!(status.as_u16(), 404);
}

#[tokio::test]
async fn an_empty_service_says_that_it_is_empty() {
    let world = World::empty().await;
    let caller = person("佐藤", Role::Viewer, &[], Lang::Ja);
    for path in ["/", "/queue", "/proposals", "/changes"] {
        check_words(path, &world.page(&caller, path).await);
    }
    assert!(world.page(&caller, "/queue").await.contains("class=\"empty\""));
}
