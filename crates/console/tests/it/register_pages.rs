//! The register: what it shows, who may change what, and what its texts cannot do.

use http::StatusCode;
use yata_console::Role;
use yata_store::{Act, Actor, AssetFilter, NewPerson, NewSession, Paging, Stage};

use crate::register_support::{Answer, Desk, caller};
use crate::register_world::{FORMULA, database, lonely, look, now, web};

const FORM: [(&str, &str); 7] = [
    ("service", "core"),
    ("exposure", "internal"),
    ("impact", "unknown"),
    ("data", "personal、internal"),
    ("ai", "no"),
    ("depends", ""),
    ("why", "asked the team"),
];

async fn seen(desk: &Desk, id: &str) -> String {
    desk.console.store.asset(id).await.unwrap().unwrap().version()
}

#[tokio::test]
async fn names_from_outside_are_only_text() {
    let desk = Desk::new().await;
    let page = desk.get(Role::Viewer, "/assets").await.expect(StatusCode::OK).stays_text();
    page.shows("&lt;script&gt;alert(1)&lt;/script&gt;").shows("=HYPERLINK(&quot;");
    for path in ["", "?part=%3Cimg", "?sensor=assess"] {
        let page = desk.get(Role::Administrator, &format!("/assets/{}{path}", web().id)).await;
        page.expect(StatusCode::OK).stays_text().shows("&lt;img src=x onerror=alert(1)&gt;");
    }
    desk.get(Role::Administrator, "/assets?name=%3Cscript%3E&x=%3Cscript%3Ealert").await.stays_text();
    for lang in ["en", "ja"] {
        desk.get(Role::Viewer, &format!("/report?lang={lang}")).await.expect(StatusCode::OK).stays_text();
    }
}

#[tokio::test]
async fn each_count_of_coverage_leads_to_its_rows() {
    let desk = Desk::new().await;
    // All owners work here; without a list nobody would know.
    let list = format!("id,name,active\n1,sato,1\n2,\"{}\",1\n", FORMULA.replace('"', "\"\""));
    desk.upload(Role::Administrator, true, "HR", list.as_bytes()).await.expect(StatusCode::SEE_OTHER);
    let page = desk.get(Role::Viewer, "/assets").await;
    for (gap, rows) in [("owner", 1), ("exposure", 2), ("sensor", 1), ("orphaned", 0)] {
        let count = page.body.split_once(&format!("href=\"/assets?gap={gap}\"")).unwrap().1;
        let value = count.split_once("class=\"value").unwrap().1.split_once('>').unwrap().1;
        assert_eq!(value.split('<').next().unwrap(), rows.to_string(), "{gap}");
        let list = desk.get(Role::Viewer, &format!("/assets?gap={gap}")).await;
        assert_eq!(list.body.matches("<th scope=\"row\">").count(), rows, "{gap}");
    }
}

#[tokio::test]
async fn filters_and_pages_stand_in_the_address() {
    let desk = Desk::new().await;
    for (query, rows) in [
        ("", 3),
        ("?name=d", 1),
        ("?name=D", 0),
        ("?service=billing", 1),
        ("?gap=service", 1),
        ("?owner=sato", 1),
        ("?kind=model", 1),
        ("?kind=model&owner=sato", 0),
        ("?service=%27%20OR%201%3D1--", 0),
    ] {
        let page = desk.get(Role::Viewer, &format!("/assets{query}")).await.expect(StatusCode::OK);
        assert_eq!(page.body.matches("<th scope=\"row\">").count(), rows, "{query}");
    }
    desk.get(Role::Viewer, "/assets?gap=nonsense").await.expect(StatusCode::OK).shows("gap=nonsense");
    desk.get(Role::Viewer, "/assets?after=nonsense").await.expect(StatusCode::BAD_REQUEST);
    for n in 0..60 {
        let asset = yata_model::Asset::unknown(yata_model::AssetKind::Host, format!("host-{n:02}"));
        desk.console.store.ingest(&look(&asset, &[], 0, "2026-11-20T12:00:00Z")).await.unwrap();
    }
    let page = desk.get(Role::Viewer, "/assets?name=host-").await.shows("href=\"/assets/");
    let next = page.body.split_once("rel=\"next\" href=\"").unwrap().1.split('"').next().unwrap().replace("&amp;", "&");
    let second = desk.get(Role::Viewer, &next).await.expect(StatusCode::OK);
    assert_eq!(second.body.matches("<th scope=\"row\">").count(), 10);
}

#[tokio::test]
async fn an_export_holds_no_formula() {
    let desk = Desk::new().await;
    let file = desk.get(Role::Viewer, "/assets/export").await.expect(StatusCode::OK);
    assert!(file.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("attachment"));
    assert_eq!(file.body.lines().count(), 4);
    assert!(!file.body.contains("\"=HYPERLINK"), "{}", file.body);
    let harmless = FORMULA.replace('"', "\"\"");
    file.shows(&format!("\"'{harmless}\""));
    let part = desk.get(Role::Viewer, "/assets/export?gap=owner").await;
    assert_eq!(part.body.lines().count(), 2);
    desk.get(Role::Viewer, "/assets/export?gap=x").await.expect(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let desk = Desk::new().await;
    for path in ["as_nothing", "..%2F..%2Fetc%2Fpasswd", "%00", "..%5Cyata.db", "%27%20OR%201=1"] {
        desk.get(Role::Administrator, &format!("/assets/{path}")).await.expect(StatusCode::NOT_FOUND);
        let fields = [("why", "x"), ("exposure", "none"), ("impact", "low")];
        let answer = desk.post(caller(Role::Administrator, &[]), &format!("/assets/{path}"), &fields).await;
        answer.expect(StatusCode::NOT_FOUND);
    }
    let sensor = desk.get(Role::Viewer, &format!("/assets/{}?sensor=nobody", web().id)).await;
    sensor.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_owner_edits_only_own_services() {
    let desk = Desk::new().await;
    let id = database().id;
    let path = format!("/assets/{id}");
    let version = seen(&desk, &id).await;
    let with = |service: &'static str| {
        let mut fields = FORM.to_vec();
        fields[0].1 = service;
        fields.extend([("owner", "tanaka")]);
        fields
    };
    let mut fields = with("core");
    fields.push(("seen", &version));
    for who in [caller(Role::Viewer, &[]), caller(Role::Owner, &[]), caller(Role::Owner, &["billing"])] {
        desk.post(who, &path, &fields).await.expect(StatusCode::FORBIDDEN);
    }
    // Nor is an asset pushed to a service of others.
    let mut away = with("billing");
    away.push(("seen", &version));
    desk.post(caller(Role::Owner, &["core"]), &path, &away).await.expect(StatusCode::FORBIDDEN);
    desk.post(caller(Role::Owner, &["core"]), &path, &fields).await.expect(StatusCode::SEE_OTHER);
    let record = desk.console.store.asset(&id).await.unwrap().unwrap();
    assert_eq!(record.row.asset.owner.as_deref(), Some("tanaka"));
    assert_eq!(record.row.asset.data_classes, ["personal", "internal"]);
    // What was left as it stood is not said by people now.
    assert_eq!((record.edits.service, record.edits.mission_impact), (None, None));
    let shown = desk.get(Role::Viewer, &path).await.shows("said by Hanako").shows("asked the team");
    assert!(!shown.body.contains("name=\"why\""), "a viewer gets no form");
}

#[tokio::test]
async fn who_saw_another_state_overwrites_nothing() {
    let desk = Desk::new().await;
    let id = database().id;
    let path = format!("/assets/{id}");
    let version = seen(&desk, &id).await;
    let edit = |owner: &'static str| {
        let mut fields = FORM.to_vec();
        fields.extend([("owner", owner)]);
        fields
    };
    let post = async |owner: &'static str, version: &str| -> Answer {
        let mut fields = edit(owner);
        fields.push(("seen", version));
        desk.post(caller(Role::Analyst, &[]), &path, &fields).await
    };
    post("tanaka", &version).await.expect(StatusCode::SEE_OTHER);
    post("suzuki", &version).await.expect(StatusCode::CONFLICT).shows("changed this asset meanwhile").shows("tanaka");
    let now = seen(&desk, &id).await;
    let fields = [("seen", now.as_str()), ("why", "wrong")];
    let back = desk.post(caller(Role::Analyst, &[]), &format!("{path}/take-back"), &fields).await;
    back.expect(StatusCode::SEE_OTHER);
    let record = desk.console.store.asset(&id).await.unwrap().unwrap();
    assert_eq!(record.row.asset, database());
    // A reason is asked for.
    let now = seen(&desk, &id).await;
    let mut fields = edit("suzuki");
    fields.retain(|(name, _)| *name != "why");
    fields.push(("seen", &now));
    desk.post(caller(Role::Analyst, &[]), &path, &fields).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn dependencies_are_drawn_both_ways() {
    let desk = Desk::new().await;
    let page = desk.get(Role::Viewer, &format!("/assets/{}", database().id)).await;
    page.shows(&format!("href=\"/assets/{}\"", web().id)).shows("<svg");
    let page = desk.get(Role::Viewer, &format!("/assets/{}", web().id)).await;
    page.shows(&format!("href=\"/assets/{}\"", database().id)).shows("not in the register");
    let alone = desk.get(Role::Viewer, &format!("/assets/{}", lonely().id)).await;
    alone.shows("Nobody has said what this asset depends on");
}

#[tokio::test]
async fn people_who_left_leave_assets_that_are_handed_over() {
    let desk = Desk::new().await;
    desk.get(Role::Administrator, "/assets/staff").await.shows("Unknown: no list of people was imported");
    desk.get(Role::Viewer, "/assets").await.shows("Owner has left</span><span class=\"value none\">unknown<");
    for role in [Role::Viewer, Role::Owner, Role::Analyst, Role::Approver] {
        desk.get(role, "/assets/staff").await.expect(StatusCode::FORBIDDEN);
        desk.upload(role, true, "HR", b"id,name,active\n1,sato,1\n").await.expect(StatusCode::FORBIDDEN);
    }
    desk.upload(Role::Administrator, false, "HR", b"id,name,active\n1,sato,1\n").await.expect(StatusCode::FORBIDDEN);
    let list = "\u{feff}id,name,email,team,active\r\n1,\"sato\",,,false\r\n2,tanaka,,,true\r\n";
    desk.upload(Role::Administrator, true, "HR", list.as_bytes()).await.expect(StatusCode::SEE_OTHER);
    let page = desk.get(Role::Administrator, "/assets/staff").await.expect(StatusCode::OK).stays_text();
    // `sato` left, and nobody knows the owner of the other.
    assert_eq!(page.body.matches("name=\"item\"").count(), 2);
    let item = format!("{} sato", database().id);
    let stale = format!("{} somebody", web().id);
    let fields = [("item", item.as_str()), ("item", &stale), ("item", "as_no x"), ("owner", "tanaka"), ("why", "left")];
    let done = desk.post(caller(Role::Administrator, &[]), "/assets/staff/hand-over", &fields).await;
    done.expect(StatusCode::OK).shows("1 of 3").shows("changed meanwhile").shows("no such asset").stays_text();
    let record = desk.console.store.asset(&database().id).await.unwrap().unwrap();
    assert_eq!(record.row.asset.owner.as_deref(), Some("tanaka"));
    let filter = AssetFilter { orphaned: true, ..AssetFilter::default() };
    let left = desk.console.store.assets_page(&filter, &Paging::default()).await.unwrap();
    assert_eq!(left.items.len(), 1);
    // A list replaces what its source gave before, and no other.
    desk.upload(Role::Administrator, true, "Partners", b"id,name,active\n9,x,1\n").await.expect(StatusCode::SEE_OTHER);
    desk.upload(Role::Administrator, true, "HR", b"id,name,active\n3,y,1\n").await.expect(StatusCode::SEE_OTHER);
    let sources = desk.console.store.staff_sources().await.unwrap();
    let counts: Vec<(&str, u64)> = sources.iter().map(|one| (one.source.as_str(), one.people)).collect();
    assert_eq!(counts, [("HR", 1), ("Partners", 1)]);
}

#[tokio::test]
async fn the_account_of_who_left_is_blocked_and_the_page_says_so() {
    let desk = Desk::new().await;
    let act = Act::new("person.created", &Actor::system());
    for (id, role) in [("pe_1", "administrator"), ("pe_2", "analyst")] {
        let email = format!("{id}@example.com");
        let new = NewPerson {
            id,
            email: &email,
            name: id,
            role,
            services: &[],
            password: None,
            oidc_subject: Some(id),
            lang: "en",
        };
        desk.console.store.add_person(&new, &act, now()).await.unwrap();
        let session = NewSession {
            token_hash: id,
            person_id: id,
            stage: Stage::Full,
            csrf: "",
            expires_at: now() + jiff::SignedDuration::from_hours(1),
            user_agent: "",
            address: "",
            replaces: None,
        };
        desk.console.store.start_session(&session, &act, now()).await.unwrap();
    }
    let list = b"id,name,email,active\n1,a,PE_1@example.com,0\n2,b,pe_2@example.com,0\n";
    let done = desk.upload(Role::Administrator, true, "HR", list).await.expect(StatusCode::SEE_OTHER);
    let location = done.headers["location"].to_str().unwrap().to_owned();
    let page = desk.get(Role::Administrator, &location).await.expect(StatusCode::OK);
    page.shows("that were blocked, with their sessions: 1").shows("The last administrator is among those who left");
    let idle = jiff::SignedDuration::from_hours(1);
    assert!(desk.console.store.session("pe_2", idle, now()).await.unwrap().is_none());
    assert!(desk.console.store.session("pe_1", idle, now()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_bad_list_changes_nothing_and_names_its_lines() {
    let desk = Desk::new().await;
    desk.upload(Role::Administrator, true, "HR", b"id,name,active\n1,sato,1\n").await.expect(StatusCode::SEE_OTHER);
    let long = [b"id,name,active\n1,", vec![b'x'; 1_000_000].as_slice(), b",1\n"].concat();
    let many: Vec<u8> = "1,a,1\n".repeat(300_000).into_bytes();
    let lists: [(&[u8], &str); 6] = [
        (b"id,name,active\n1,a,1\n1,b,1\n", "3: The id 1 was there before, at 2."),
        (b"id,name,active\n1,\x8d\xb2\x93\xa1,1\n", "not UTF-8"),
        (&long, "longer than 300 characters"),
        (b"id,name,active\n1,\"a", "2: A quotation mark"),
        (&many, "The first line must name"),
        (b"", "no people in it"),
    ];
    for (list, says) in lists {
        let answer = desk.upload(Role::Administrator, true, "HR", list).await;
        answer.expect(StatusCode::UNPROCESSABLE_ENTITY).shows("Nothing was imported").shows(says);
    }
    let sources = desk.console.store.staff_sources().await.unwrap();
    assert_eq!(sources.iter().map(|one| one.people).sum::<u64>(), 1);
}

#[tokio::test]
async fn without_a_typesetter_the_report_says_so() {
    let desk = Desk::new().await;
    desk.get(Role::Viewer, "/report").await.expect(StatusCode::OK).shows("print from the browser");
    desk.get(Role::Viewer, "/report.pdf").await.expect(StatusCode::NOT_IMPLEMENTED).shows("without PDF");
    for query in ["from=x", "from=2027-01-01", "from=1999-01-01", "lang=xx", "from=-9999-01-01"] {
        desk.get(Role::Viewer, &format!("/report?{query}")).await.expect(StatusCode::BAD_REQUEST);
    }
    let with = Desk::with(true).await;
    let pdf = with.get(Role::Viewer, "/report.pdf?lang=ja").await.expect(StatusCode::OK);
    assert_eq!(pdf.headers["content-type"], "application/pdf");
    assert!(!pdf.body.contains("Some(\n                        \"/"), "every link of the paper is absolute");
    pdf.shows("https://yata.example.jp/queue?").shows("セキュリティリスク報告書");
}

#[tokio::test]
async fn what_is_too_long_to_show_is_not_shown_as_checked() {
    let desk = Desk::new().await;
    let name = "long-problems";
    let asset = yata_model::Asset::unknown(yata_model::AssetKind::Repository, name);
    for (subject, told) in [("x".repeat(40_000), "too long to list"), ("x".repeat(40), "1 gaps")] {
        let kind = yata_model::ProblemKind::Unreadable;
        let problem = yata_model::Problem::new(kind, subject, yata_model::Message::new("problem-unreadable"));
        let (asset, sensor) = (asset.clone(), "assess".to_owned());
        let (components, findings, problems) = (Vec::new(), Vec::new(), vec![problem]);
        let snapshot = yata_model::Snapshot { asset, sensor, at: now(), components, findings, problems };
        desk.console.store.ingest(&snapshot).await.unwrap();
        let page = desk.get(Role::Viewer, "/sources").await.expect(StatusCode::OK);
        let row = page.body.split_once(name).unwrap().1.split("</tr>").next().unwrap();
        assert!(row.contains(told) && !row.contains("all checked"), "{row}");
    }
}
