//! Whatever a sensor or a person writes is shown and does nothing.

use yata_console::Role;
use yata_model::{AdvisoryKind, Exposure, Message, Reference, SourceState, SourceStatus};
use yata_words::Lang;

use crate::pages_html::elements;
use crate::pages_support::{Known, TODAY, World, asset, component, noon, percent, person, report};

const ATTACK: &str =
    "\"'><img src=x onerror=alert(1)><script>alert(1)</script><a href=javascript:alert(1)>\u{202e}{{7*7}}";

/// A snapshot in which every text is an attack.
async fn hostile() -> World {
    let world = World::empty().await;
    let known =
        Known { id: "X\"><img src=x>", title: ATTACK, exploited: true, epss: 0.9, kind: AdvisoryKind::Vulnerability };
    let mut one = asset(ATTACK, Some("svc\"><script>"), Some(ATTACK), Exposure::Internet);
    one.data_classes = vec![ATTACK.to_owned()];
    let path = format!("lib/{ATTACK}/requirements.txt");
    let part = component(ATTACK, ATTACK, &path, &[ATTACK, "b@1"]);
    let mut report = report(one, noon(-1), vec![(part, known, ATTACK)]);
    for evidence in &mut report.evidence {
        for url in
            ["javascript:alert(1)", "JAVASCRIPT:alert(1)//https://", "data:text/html,<script>", "https://x/\"><script>"]
        {
            evidence.group.references.push(Reference { kind: "WEB".to_owned(), url: url.to_owned() });
        }
        evidence.group.cwes = vec![ATTACK.to_owned()];
        evidence.kev.source = ATTACK.to_owned();
    }
    for service in &mut report.services {
        service.name = ATTACK.to_owned();
    }
    report.sources = vec![SourceStatus {
        name: ATTACK.to_owned(),
        state: SourceState::Stale,
        date: Some(TODAY),
        imported: None,
        records: 1,
        unreadable: 1,
        max_age_days: 1,
        message: Some(Message::new("source-stale").with("source", ATTACK)),
    }];
    report.said_in = ATTACK.to_owned();
    world.ingest(&report).await;
    world
}

fn check(path: &str, page: &str) {
    assert!(page.contains("&lt;img src=x"), "{path} shows nothing of the attack");
    for element in elements(page) {
        let name = element.name.as_str();
        assert!(!matches!(name, "img" | "iframe" | "object" | "embed" | "base" | "style"), "{path}: {element:?}");
        if name == "script" {
            assert!(element.attribute("src").is_some_and(|src| src.starts_with("/assets/")), "{path}: {element:?}");
        }
        for (attribute, value) in &element.attributes {
            assert!(!attribute.starts_with("on") && attribute != "style", "{path}: {element:?}");
            assert!(attribute.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{path}: {element:?}");
            if matches!(attribute.as_str(), "href" | "src" | "action" | "formaction") {
                let own = value.starts_with('/') && !value.starts_with("//");
                assert!(own || value.starts_with('#') || value.starts_with("https://"), "{path}: {element:?}");
            }
        }
    }
    let text: String = page.split('<').map(|piece| piece.split_once('>').map_or("", |(_, text)| text)).collect();
    assert!(!text.contains('\u{202e}'), "{path} lets the attack reverse the line");
}

#[tokio::test]
async fn nothing_that_a_sensor_writes_runs() {
    let world = hostile().await;
    let caller = person(ATTACK, Role::Approver, &[], Lang::En);
    let id = world.findings().await.remove(0);
    let (status, body) = world.post(&caller, &format!("/findings/{id}/comment"), &[("text", ATTACK)]).await;
    assert!(status.is_redirection(), "{body}");
    let analyst = person("<b>analyst</b>", Role::Analyst, &[], Lang::En);
    let fields = [("item", format!("{id}|open")), ("deed", "accept".to_owned()), ("until", "2027-01-01".to_owned())];
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("why", ATTACK));
    let (status, body) = world.post(&analyst, "/queue/act", &fields).await;
    assert!(status.is_success(), "{body}");
    let attack = percent(ATTACK);
    let paths = [
        "/".to_owned(),
        "/queue".to_owned(),
        "/queue?group=none".to_owned(),
        format!("/queue?owner={attack}&service={attack}&advisory={attack}&assignee={attack}&nonsense={attack}"),
        format!("/findings/{id}"),
        "/proposals".to_owned(),
        "/changes?since=2026-11-01".to_owned(),
    ];
    for path in paths {
        for lang in Lang::ALL {
            let caller = person(ATTACK, Role::Approver, &[], lang);
            check(&path, &world.page(&caller, &path).await);
        }
    }
}

#[tokio::test]
async fn a_refusal_shows_no_markup_of_what_was_sent() {
    let world = hostile().await;
    let caller = person("a", Role::Approver, &[], Lang::En);
    for path in [format!("/findings/{}", percent(ATTACK)), format!("/queue?after={}", percent(ATTACK))] {
        let (status, page) = world.get(&caller, &path).await;
        assert!(status.is_client_error(), "{path}: {status}");
        assert!(elements(&page).iter().all(|element| element.name != "img"), "{page}");
    }
}
