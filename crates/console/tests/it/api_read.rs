//! Reading, deciding, and large reports in parts.

use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use yata_console::{Scope, Who};
use yata_ledger::Key;
use yata_model::{AssetKind, asset_id};
use yata_store::{LedgerFilter, Trust};

use crate::api::{Answer, Service, get, gzip, put, report, send, sensor, snapshots, token};

fn operator() -> Who {
    token(Scope::Operator, &[])
}

/// A service that knows `shop` with three findings and `billing` with one.
async fn filled() -> Service {
    let service = Service::new().await;
    let shop =
        report("shop", &[("a", Some("CVE-2026-1001")), ("b", Some("CVE-2026-1002")), ("c", Some("CVE-2026-1003"))]);
    service.push(&shop).await.ok();
    service
        .ask(sensor(&["*"]), put(&snapshots("billing"), &report("billing", &[("a", Some("CVE-2026-1001"))])))
        .await
        .ok();
    service
}

#[tokio::test]
async fn findings_come_in_pages_and_by_filter() {
    let service = filled().await;
    let all = service.get("/api/v1/findings").await.ok();
    assert_eq!((all["items"].as_array().unwrap().len(), &all["total"]["rows"]), (4, &json!(4)));
    let mut ids = Vec::new();
    let mut path = "/api/v1/findings?limit=1".to_owned();
    for _ in 0..4 {
        let page = service.get(&path).await.ok();
        ids.push(page["items"][0]["id"].clone());
        path = format!("/api/v1/findings?limit=1&cursor={}", page["next"].as_str().unwrap_or_default());
    }
    let expected: Vec<&Value> = all["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
    assert_eq!(ids.iter().collect::<Vec<_>>(), expected);
    let count = |query: &'static str| {
        let service = &service;
        async move { service.get(&format!("/api/v1/findings?{query}")).await.ok()["items"].as_array().unwrap().len() }
    };
    assert_eq!(count("advisory=CVE-2026-1001").await, 2);
    assert_eq!(count("owner=web%20team&state=open&state=fixed").await, 4);
    assert_eq!(count("owner=nobody").await, 0);
    assert_eq!(count("kind=malware").await, 0);
    assert_eq!(count("undated=true").await, 0);
    assert_eq!(count("due_to=2026-11-21").await, 0);
    assert_eq!(count(&*format!("asset={}", asset_id(AssetKind::Repository, "shop")).leak()).await, 3);
    for (query, words) in [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=1&limit=2", "twice"),
        ("cursor=x", ""),
        ("state=closed", "state"),
        ("scenario=10", "scenario"),
        ("due_from=soon", "due_from"),
        ("undated=true&due_to=2026-11-21", "undated"),
        ("owner=a%00b", "NUL"),
    ] {
        service.get(&format!("/api/v1/findings?{query}")).await.problem(400, "bad-request", &[words]);
    }
    service.get("/api/v1/findings?severity=high").await.problem(400, "unknown-parameter", &["severity", "priority"]);
    service.get(&format!("/api/v1/findings?owner={}", "x".repeat(20_000))).await.problem(414, "uri-too-long", &[]);
}

#[tokio::test]
async fn the_counts_are_those_of_the_list() {
    let service = filled().await;
    let summary = service.get("/api/v1/summary").await.ok();
    let mut all = 0;
    for one in summary["priorities"].as_array().unwrap() {
        let path = format!("/api/v1/findings?priority={}", one["value"].as_str().unwrap());
        let page = service.get(&path).await.ok();
        assert_eq!(page["total"]["rows"], one["findings"], "{path}");
        all += one["findings"].as_u64().unwrap();
    }
    assert_eq!(all, 4);
    assert_eq!((&summary["coverage"]["assets"], &summary["overdue"]["rows"]), (&json!(2), &json!(0)));
}

#[tokio::test]
async fn a_finding_tells_why_in_both_languages() {
    let service = filled().await;
    let all = service.get("/api/v1/findings").await.ok();
    let id = all["items"][0]["id"].as_str().unwrap();
    let finding = service.get(&format!("/api/v1/findings/{id}")).await.ok();
    assert_eq!(finding["id"], id);
    assert_eq!(finding["decision"]["priority"], all["items"][0]["priority"]);
    for reason in finding["reasons"].as_array().unwrap() {
        assert_ne!(reason["en"], reason["ja"], "{reason}");
    }
    assert!(!finding["facts"].as_array().unwrap().is_empty());
    assert!(!finding["would_change"].as_array().unwrap().is_empty());
    assert_eq!(finding["evidence"]["kev"]["source"], "CISA KEV");
    assert_eq!(finding["history"].as_array().unwrap().len(), 1);
    let place = &finding["finding"]["component"]["occurrences"][0];
    assert_eq!((&place["file"], &place["line"]), (&json!("package-lock.json"), &json!(3)));
    for path in ["/api/v1/findings/fi_x", "/api/v1/findings/%00", "/api/v1/assets/as_x", "/api/v1/nothing"] {
        let status = service.get(path).await.status.as_u16();
        assert!(matches!(status, 400 | 404), "{status} for {path}");
    }
}

#[tokio::test]
async fn words_are_in_the_language_of_the_caller() {
    let service = filled().await;
    let mut request = get("/api/v1/findings?limit=0");
    request.headers_mut().insert(header::ACCEPT_LANGUAGE, "ja".parse().unwrap());
    let answer = service.ask(token(Scope::Reader, &[]), request).await;
    answer.problem(400, "bad-request", &["正しくありません"]);
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let service = filled().await;
    for path in [
        "/api/v1/findings",
        "/api/v1/assets",
        "/api/v1/services",
        "/api/v1/sources",
        "/api/v1/sensors",
        "/api/v1/summary",
        "/api/v1/openapi.json",
    ] {
        let first = service.get(path).await;
        assert_eq!(first.status, 200, "{path} {:?}", first.body);
        assert_eq!(first.headers[header::CACHE_CONTROL], "private, no-cache");
        let mut request = get(path);
        request.headers_mut().insert(header::IF_NONE_MATCH, first.headers[header::ETAG].clone());
        let again = service.ask(token(Scope::Reader, &[]), request).await;
        assert_eq!((again.status.as_u16(), &again.body), (304, &Value::Null), "{path}");
        assert_eq!(again.headers[header::ETAG], first.headers[header::ETAG]);
    }
}

#[tokio::test]
async fn an_operator_decides_and_proposes_and_approves_nothing() {
    let service = filled().await;
    let all = service.get("/api/v1/findings").await.ok();
    let id = |n: usize| all["items"][n]["id"].as_str().unwrap().to_owned();
    let decide = |who: Who, id: String, body: Value| {
        let service = &service;
        async move { service.ask(who, send(Method::POST, &format!("/api/v1/findings/{id}/decisions"), &body)).await }
    };
    let why = "not reachable";
    let done = decide(operator(), id(0), json!({ "state": "false-positive", "why": why })).await.ok();
    assert_eq!((&done["outcome"], &done["state"]["state"]), (&json!("done"), &json!("false-positive")));
    let again = decide(operator(), id(0), json!({ "state": "false-positive", "why": why })).await.ok();
    assert_eq!(again["outcome"], "same");
    let back = decide(operator(), id(0), json!({ "state": "open", "why": "it is" })).await.ok();
    assert_eq!(back["state"]["state"], "open");
    let accept = json!({ "state": "accepted", "until": "2027-01-31", "why": why });
    let proposed = decide(operator(), id(1), accept.clone()).await.ok();
    assert_eq!((&proposed["outcome"], &proposed["state"]["state"]), (&json!("proposed"), &json!("open")));
    decide(operator(), id(1), accept.clone()).await.problem(409, "proposal-waits", &[]);
    decide(operator(), id(2), json!({ "state": "accepted", "why": why })).await.problem(422, "invalid", &["$.until"]);
    decide(operator(), id(2), json!({ "state": "fixed", "why": why })).await.problem(422, "invalid", &["$.state"]);
    decide(operator(), id(2), json!({ "state": "open", "why": " " })).await.problem(400, "bad-request", &[]);
    decide(operator(), id(2), json!({ "state": "open", "why": "x", "by": "kim" })).await.problem(
        422,
        "invalid",
        &["by"],
    );
    decide(operator(), "fi_none".to_owned(), accept.clone()).await.problem(404, "not-found", &[]);
    for who in [token(Scope::Reader, &[]), sensor(&["*"])] {
        decide(who, id(2), accept.clone()).await.problem(403, "forbidden", &[]);
    }
    decide(Who::Nobody, id(2), accept).await.problem(401, "unauthorized", &[]);
    // Somebody else was faster.
    let path = format!("/api/v1/findings/{}", id(3));
    let tag = service.get(&path).await.headers[header::ETAG].clone();
    decide(operator(), id(3), json!({ "state": "false-positive", "why": why })).await.ok();
    let mut late = send(Method::POST, &format!("{path}/decisions"), &json!({ "state": "open", "why": why }));
    late.headers_mut().insert(header::IF_MATCH, tag);
    service.ask(operator(), late).await.problem(412, "changed", &[]);
}

#[tokio::test]
async fn what_is_said_is_kept() {
    let service = filled().await;
    let id = service.get("/api/v1/findings").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/findings/{id}/comments");
    let text = "<script>alert(1)</script> と確認しました";
    let answer = service.ask(operator(), send(Method::POST, &path, &json!({ "text": text }))).await;
    assert_eq!(answer.status, 201);
    let said = service.get(&path).await.ok();
    assert_eq!((&said["items"][0]["text"], &said["items"][0]["by"]), (&json!(text), &json!("scanner")));
    assert_eq!(service.get(&format!("/api/v1/findings/{id}")).await.ok()["comments"][0]["text"], text);
    service.ask(operator(), send(Method::POST, &path, &json!({ "text": "a\0b" }))).await.problem(
        422,
        "invalid",
        &["$.text"],
    );
    let none = send(Method::POST, "/api/v1/findings/fi_none/comments", &json!({ "text": "x" }));
    service.ask(operator(), none).await.problem(404, "not-found", &[]);
    let large = json!({ "text": "x".repeat(300_000) });
    service.ask(operator(), send(Method::POST, &path, &large)).await.problem(413, "too-large", &[]);
}

#[tokio::test]
async fn of_those_who_edit_at_once_what_they_saw_one_does() {
    let service = filled().await;
    let path = format!("/api/v1/assets/{}", asset_id(AssetKind::Repository, "shop"));
    for round in 0..5 {
        let tag = service.get(&path).await.headers[header::ETAG].clone();
        let edit = async |team: &str| {
            let owner = format!("{team} {round}");
            let mut request = send(Method::PATCH, &path, &json!({ "owner": owner, "why": "moved" }));
            request.headers_mut().insert(header::IF_MATCH, tag.clone());
            (owner, service.ask(operator(), request).await)
        };
        let (one, two, three) = tokio::join!(edit("web"), edit("shop"), edit("pay"));
        let (done, refused): (Vec<_>, Vec<_>) =
            [one, two, three].into_iter().partition(|(_, answer)| answer.status.is_success());
        assert_eq!((done.len(), refused.len()), (1, 2), "round {round}");
        for (_, answer) in refused {
            answer.problem(412, "changed", &[]);
        }
        assert_eq!(service.get(&path).await.body["asset"]["owner"], *done[0].0);
    }
    // Any that there is, as often as one likes.
    for owner in ["web", "shop"] {
        let mut request = send(Method::PATCH, &path, &json!({ "owner": owner, "why": "moved" }));
        request.headers_mut().insert(header::IF_MATCH, "*".parse().unwrap());
        service.ask(operator(), request).await.ok();
    }
}

#[tokio::test]
async fn an_asset_is_edited_as_it_was_seen() {
    let service = filled().await;
    let path = format!("/api/v1/assets/{}", asset_id(AssetKind::Repository, "shop"));
    let first = service.get(&path).await;
    let tag = first.headers[header::ETAG].clone();
    assert_eq!(first.body["asset"]["owner"], "web team");
    let patch = |body: Value| {
        let mut request = send(Method::PATCH, &path, &body);
        request.headers_mut().insert(header::IF_MATCH, tag.clone());
        request
    };
    let change = json!({ "owner": "shop team", "exposure": "internal", "why": "moved" });
    let edited = service.ask(operator(), patch(change.clone())).await.ok();
    assert_eq!((&edited["asset"]["owner"], &edited["reported"]["owner"]), (&json!("shop team"), &json!("web team")));
    service.ask(operator(), patch(change)).await.problem(412, "changed", &[]);
    let back = send(Method::PATCH, &path, &json!({ "owner": null, "why": "as reported" }));
    assert_eq!(service.ask(operator(), back).await.ok()["asset"]["owner"], "web team");
    for (body, place) in [
        (json!({ "name": "x", "why": "y" }), "name"),
        (json!({ "exposure": "everybody", "why": "y" }), "$.exposure"),
        (json!({ "owner": "x" }), "why"),
    ] {
        service.ask(operator(), send(Method::PATCH, &path, &body)).await.problem(422, "invalid", &[place]);
    }
    let reader = send(Method::PATCH, &path, &json!({ "owner": "x", "why": "y" }));
    service.ask(token(Scope::Reader, &[]), reader).await.problem(403, "forbidden", &[]);
    // Each that was done is an entry of the ledger, with its reason.
    let (key, store) = (Key::from_seed("yata.example/ledger", &[7; 32]).unwrap(), &service.console.store);
    store.seal(&key, &Trust::new(vec![key.verifier()]), service.console.now()).await.unwrap();
    let edits = LedgerFilter { what: Some("asset.edited".to_owned()), ..LedgerFilter::default() };
    let rows = store.ledger_entries(&edits, 10).await.unwrap().rows;
    let why: Vec<_> = rows.into_iter().filter_map(|row| row.entry?.unmapped.why).collect();
    assert_eq!(why, ["as reported", "moved"]);
}

#[tokio::test]
async fn an_asset_shows_what_it_has() {
    let service = filled().await;
    let assets = service.get("/api/v1/assets?name_prefix=sh").await.ok();
    assert_eq!((&assets["items"][0]["asset"]["name"], assets["items"].as_array().unwrap().len()), (&json!("shop"), 1));
    let path = format!("/api/v1/assets/{}/components", asset_id(AssetKind::Repository, "shop"));
    let page = service.get(&format!("{path}?limit=2")).await.ok();
    assert_eq!((&page["items"][0]["purl"], &page["next"]), (&json!("pkg:npm/a@1.0.0"), &json!("2")));
    let rest = service.get(&format!("{path}?cursor=2")).await.ok();
    assert_eq!((&rest["items"][0]["purl"], rest.get("next")), (&json!("pkg:npm/c@1.0.0"), None));
    let mut request = get(&path);
    request.headers_mut().insert(header::ACCEPT, "application/vnd.cyclonedx+json".parse().unwrap());
    let bom = service.ask(token(Scope::Reader, &[]), request).await;
    assert_eq!(bom.headers[header::CONTENT_TYPE], "application/vnd.cyclonedx+json");
    let bom = bom.ok();
    assert_eq!(bom["bomFormat"], "CycloneDX");
    assert!(bom.to_string().contains("pkg:npm/a@1.0.0"));
}

#[tokio::test]
async fn components_of_several_sensors_come_in_pages() {
    let service = Service::new().await;
    let names: Vec<String> = (0..7).map(|n| format!("p{n}")).collect();
    let packages: Vec<(&str, Option<&str>)> = names.iter().map(|name| (name.as_str(), None)).collect();
    let mut body = report("shop", &packages);
    let mut lens = body["looks"][0].clone();
    lens["sensor"] = json!("lens");
    lens["components"].as_array_mut().unwrap().truncate(3);
    body["looks"].as_array_mut().unwrap().push(lens);
    service.push(&body).await.ok();
    let path = format!("/api/v1/assets/{}/components", asset_id(AssetKind::Repository, "shop"));
    let whole = service.get(&path).await.ok();
    assert_eq!((whole["items"].as_array().unwrap().len(), whole.get("next")), (10, None));
    let (mut paged, mut cursor) = (Vec::new(), "0".to_owned());
    for _ in 0..4 {
        let page = service.get(&format!("{path}?limit=3&cursor={cursor}")).await.ok();
        paged.extend(page["items"].as_array().unwrap().clone());
        cursor = page["next"].as_str().unwrap_or("end").to_owned();
    }
    assert_eq!((json!(paged), cursor.as_str()), (whole["items"].clone(), "end"));
    assert_eq!(paged_places(&whole), 10, "each with its place");
    for far in ["10", "99999999999999999"] {
        let page = service.get(&format!("{path}?cursor={far}")).await.ok();
        assert_eq!((page["items"].as_array().unwrap().len(), page.get("next")), (0, None));
    }
}

fn paged_places(page: &Value) -> usize {
    page["items"].as_array().unwrap().iter().filter(|one| one["occurrences"][0]["line"] == 3).count()
}

#[tokio::test]
async fn a_list_of_sensors_holds_the_first_of_many_problems() {
    let service = Service::new().await;
    let problem = |n: usize| {
        let message = json!({ "id": "problem-unreadable" });
        json!({ "kind": "unreadable", "subject": format!("file-{n}"), "message": message })
    };
    let path = |at: &str| format!("/api/v1/assets/{}{at}", asset_id(AssetKind::Repository, "shop"));
    for (count, listed, more) in [(5, 5, false), (101, 100, true), (20_000, 100, true)] {
        let mut body = report("shop", &[]);
        body["looks"][0]["problems"] = (0..count).map(problem).collect();
        service.push(&body).await.ok();
        let (sensors, asset) = (service.get("/api/v1/sensors").await.ok(), service.get(&path("")).await.ok());
        for look in [&sensors["items"][0], &asset["looks"][0]] {
            assert_eq!((look["problems"].as_array().unwrap().len(), &look["more_problems"]), (listed, &json!(more)));
        }
    }
}

#[tokio::test]
async fn today_is_the_day_of_the_console() {
    // 16:00 UTC is the next day in Tokyo.
    let service = Service::with(|settings| settings.time_zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).await;
    service.pass(7 * 3600);
    service.push(&report("shop", &[("a", Some("CVE-2026-1001"))])).await.ok();
    let id = service.get("/api/v1/findings").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(service.get("/api/v1/summary").await.ok()["today"], "2026-11-23");
    let accept = |until: &str| {
        let body = json!({ "state": "accepted", "until": until, "why": "leaves the network" });
        send(Method::POST, &format!("/api/v1/findings/{id}/decisions"), &body)
    };
    service.ask(operator(), accept("2026-11-22")).await.problem(400, "bad-request", &["2026-11-23"]);
    assert_eq!(service.ask(operator(), accept("2026-11-23")).await.ok()["outcome"], "proposed");
}

/// A part of an upload, with its digest.
fn part(id: &str, n: usize, bytes: &[u8], digest: Option<&str>) -> Request<Body> {
    use base64::Engine as _;
    let right = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(bytes));
    let digest = format!("sha-256=:{}:", digest.unwrap_or(&right));
    let request = Request::put(format!("/api/v1/uploads/{id}/parts/{n}")).header("content-digest", digest);
    request.header(header::CONTENT_TYPE, "application/octet-stream").body(Body::from(bytes.to_vec())).unwrap()
}

#[tokio::test]
async fn a_large_report_arrives_in_parts_and_may_be_resumed() {
    let service = Service::new().await;
    let body = gzip(report("shop", &[("a", Some("CVE-2026-1001"))]).to_string().as_bytes());
    let new = json!({ "asset_id": asset_id(AssetKind::Repository, "shop"), "encoding": "gzip", "bytes": body.len() });
    let ask = |request| service.ask(sensor(&["shop"]), request);
    let begun: Answer = ask(send(Method::POST, "/api/v1/uploads", &new)).await;
    assert_eq!(begun.status, 201);
    let id = begun.body["id"].as_str().unwrap().to_owned();
    let (one, two) = body.split_at(body.len() / 2);
    ask(part(&id, 1, two, None)).await.ok();
    ask(part(&id, 0, one, Some("AAAA"))).await.problem(422, "wrong-digest", &[]);
    let complete = || Request::post(format!("/api/v1/uploads/{id}/complete")).body(Body::empty()).unwrap();
    ask(complete()).await.problem(409, "incomplete-upload", &[]);
    let state = ask(get(&format!("/api/v1/uploads/{id}"))).await.ok();
    assert_eq!((state["parts"].as_array().unwrap().len(), &state["received"]), (1, &json!(two.len())));
    // The same part twice is one part; a part too much is refused.
    ask(part(&id, 0, one, None)).await.ok();
    ask(part(&id, 0, one, None)).await.ok();
    ask(part(&id, 2, one, None)).await.problem(422, "wrong-size", &[]);
    // Another token does not even learn that it is there.
    let other =
        Who::Token { id: "to_2".to_owned(), name: "x".to_owned(), scope: Scope::Sensor, assets: vec!["*".to_owned()] };
    service.ask(other.clone(), get(&format!("/api/v1/uploads/{id}"))).await.problem(404, "not-found", &[]);
    service.ask(other.clone(), complete()).await.problem(404, "not-found", &[]);
    let done = ask(complete()).await.ok();
    assert_eq!((&done["opened"], &done["unchanged"]), (&json!(1), &json!(false)));
    ask(get(&format!("/api/v1/uploads/{id}"))).await.problem(404, "not-found", &[]);
    ask(part(&id, 0, one, None)).await.problem(404, "not-found", &[]);
    // The answer was lost: whoever asks again gets the same one, and nobody else does.
    service.pass(60);
    assert_eq!(ask(complete()).await.ok(), done);
    service.ask(other, complete()).await.problem(404, "not-found", &[]);
}

#[tokio::test]
async fn who_completes_an_upload_at_the_same_time_gets_the_same_answer() {
    let service = Service::new().await;
    let ask = |request| service.ask(sensor(&["shop"]), request);
    for round in 0..4 {
        let body = report("shop", &[("a", Some("CVE-2026-1001")), (&format!("b{round}"), None)]).to_string();
        let asset_id = asset_id(AssetKind::Repository, "shop");
        let new = json!({ "asset_id": asset_id, "encoding": "identity", "bytes": body.len() });
        let id = ask(send(Method::POST, "/api/v1/uploads", &new)).await.ok()["id"].as_str().unwrap().to_owned();
        for (n, bytes) in body.as_bytes().chunks(64).enumerate() {
            ask(part(&id, n, bytes, None)).await.ok();
        }
        // More than are worked on at the same time: some begin when it is complete, some while it becomes so.
        let complete = || ask(Request::post(format!("/api/v1/uploads/{id}/complete")).body(Body::empty()).unwrap());
        let (a, b, c, d, e, f) = tokio::join!(complete(), complete(), complete(), complete(), complete(), complete());
        let first = a.ok();
        for other in [b, c, d, e, f] {
            assert_eq!(other.ok(), first);
        }
    }
}

#[tokio::test]
async fn uploads_are_limited_and_end() {
    let service = Service::new().await;
    let new = json!({ "asset_id": "as_x", "encoding": "gzip", "bytes": 10 });
    let ask = |request| service.ask(sensor(&["shop"]), request);
    let id = ask(send(Method::POST, "/api/v1/uploads", &new)).await.ok()["id"].as_str().unwrap().to_owned();
    for _ in 1..32 {
        ask(send(Method::POST, "/api/v1/uploads", &new)).await.ok();
    }
    ask(send(Method::POST, "/api/v1/uploads", &new)).await.problem(409, "too-many-uploads", &[]);
    ask(part(&id, 0, &vec![0; 8 * 1024 * 1024 + 1], None)).await.problem(413, "too-large", &[]);
    ask(part(&id, 10_000, b"x", None)).await.problem(400, "bad-request", &["part"]);
    service.pass(24 * 60 * 60 + 1);
    ask(get(&format!("/api/v1/uploads/{id}"))).await.problem(404, "not-found", &[]);
    ask(send(Method::POST, "/api/v1/uploads", &new)).await.ok();
    for (new, status, kind) in [
        (json!({ "asset_id": "as_x", "encoding": "br", "bytes": 10 }), 400, "bad-request"),
        (json!({ "asset_id": "as_x", "encoding": "gzip", "bytes": 100_000_000 }), 413, "too-large"),
        (json!({ "asset_id": "as_x", "encoding": "gzip", "bytes": -1 }), 422, "invalid"),
    ] {
        ask(send(Method::POST, "/api/v1/uploads", &new)).await.problem(status, kind, &[]);
    }
}

/// `docs/openapi.json` is what the code says. `YATA_UPDATE=1` writes it anew.
#[tokio::test]
async fn the_description_is_that_of_the_code() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let described = yata_console::api::openapi();
    let text = format!("{}\n", serde_json::to_string_pretty(&described).unwrap());
    if std::env::var_os("YATA_UPDATE").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap();
    assert!(committed == text, "docs/openapi.json is not that of the code: run the tests with YATA_UPDATE=1");
    let service = Service::new().await;
    let served = service.ask(Who::Nobody, get("/api/v1/openapi.json")).await.ok();
    assert_eq!(served, described);
}

#[test]
fn every_route_of_the_api_is_described() {
    let described = yata_console::api::openapi();
    let routes = yata_console::routes();
    let api: Vec<_> = routes.table().iter().filter(|route| route.path.starts_with("/api/")).collect();
    for route in &api {
        let operation = &described["paths"][route.path][route.method.as_str().to_lowercase()];
        assert!(operation.is_object(), "{} {} is not described", route.method, route.path);
        assert!(operation["responses"].as_object().unwrap().len() > 3);
    }
    let operations: usize =
        described["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(operations, api.len());
    // Every reference leads somewhere.
    let text = described.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(described.pointer(reference).is_some(), "{reference}");
    }
}
