//! Pushing reports: what they change, and what is refused.

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use yata_console::{Caller, Clock, Console, Scope};
use yata_model::{AssetKind, asset_id};
use yata_store::{Durability, Options, Paging, QueueFilter, Store};
use yata_testing::postgres::Database;

use crate::api::{Service, gzip, put, put_gzip, report, send, sensor, snapshots, token};

#[tokio::test]
async fn what_is_new_opens_and_what_is_gone_closes() {
    let service = Service::new().await;
    let answer = service.push(&report("shop", &[("a", Some("CVE-2026-1001")), ("b", None)])).await.ok();
    assert_eq!((&answer["opened"], &answer["still"], &answer["unchanged"]), (&json!(1), &json!(0), &json!(false)));
    let finding = &answer["findings"][0];
    assert_eq!(finding["state"], json!({ "state": "open" }));
    assert!(finding["priority"].is_string(), "{finding}");
    assert!(finding["due"].is_string(), "{finding}");
    service.pass(60);
    let answer =
        service.push(&report("shop", &[("a", Some("CVE-2026-1001")), ("c", Some("CVE-2026-1002"))])).await.ok();
    assert_eq!((&answer["opened"], &answer["still"], &answer["closed"]), (&json!(1), &json!(1), &json!(0)));
    service.pass(60);
    let answer = service.push(&report("shop", &[("c", Some("CVE-2026-1002"))])).await.ok();
    assert_eq!((&answer["opened"], &answer["still"], &answer["closed"]), (&json!(0), &json!(1), &json!(1)));
    assert_eq!(answer["closed_findings"][0]["finding"]["rule"], "CVE-2026-1001");
}

#[tokio::test]
async fn the_same_body_again_changes_nothing_but_the_time() {
    let service = Service::new().await;
    let body = report("shop", &[("a", Some("CVE-2026-1001"))]);
    let first = service.push(&body).await.ok();
    service.pass(60);
    let again = service.push(&body).await.ok();
    assert_eq!(again["unchanged"], true);
    assert_eq!((&again["still"], &again["opened"]), (&json!(1), &json!(0)));
    assert_eq!(again["previous"], first["at"]);
    assert_ne!(again["at"], first["at"]);
    assert_eq!(again["findings"][0]["id"], first["findings"][0]["id"]);
    assert_eq!(again["findings"][0]["priority"], first["findings"][0]["priority"]);
    // Compressed it is another body, and the same report.
    let other = service.ask(sensor(&["*"]), put_gzip(&snapshots("shop"), gzip(body.to_string().as_bytes()))).await.ok();
    assert_eq!((&other["unchanged"], &other["still"]), (&json!(false), &json!(1)));
    // Another report came meanwhile: the first one is new again.
    service.push(&report("shop", &[])).await.ok();
    let back = service.push(&body).await.ok();
    assert_eq!((&back["unchanged"], &back["opened"]), (&json!(false), &json!(1)));
}

#[tokio::test]
async fn a_decision_comes_back_with_the_next_report() {
    let service = Service::new().await;
    let body = report("shop", &[("a", Some("CVE-2026-1001"))]);
    let first = service.push(&body).await.ok();
    let id = first["findings"][0]["id"].as_str().unwrap();
    service.console.store.false_positive(id, "not reachable", "kim", service.console.now()).await.unwrap();
    for body in [body, report("shop", &[("a", Some("CVE-2026-1001")), ("b", None)])] {
        let finding = &service.push(&body).await.ok()["findings"][0];
        assert_eq!(finding["state"], json!({ "state": "false-positive" }));
        assert_eq!((&finding["settled"]["by"], &finding["settled"]["why"]), (&json!("kim"), &json!("not reachable")));
    }
}

#[tokio::test]
async fn a_token_speaks_of_its_own_assets_only() {
    let service = Service::new().await;
    let body = report("shop", &[]);
    let path = snapshots("shop");
    service.ask(sensor(&["shop-web", "billing*"]), put(&path, &body)).await.problem(403, "foreign-asset", &["shop"]);
    service.ask(sensor(&[]), put(&path, &body)).await.problem(403, "foreign-asset", &[]);
    service.ask(sensor(&["sh*"]), put(&path, &body)).await.ok();
    service.ask(sensor(&["shop"]), put(&path, &body)).await.ok();
    // The same bytes as last time, from a token that may not.
    service.ask(sensor(&["billing*"]), put(&path, &body)).await.problem(403, "foreign-asset", &[]);
    for scope in [Scope::Reader, Scope::Operator] {
        service.ask(token(scope, &["*"]), put(&path, &body)).await.problem(403, "forbidden", &[]);
    }
}

#[tokio::test]
async fn nobody_learns_which_assets_of_others_there_are() {
    let service = Service::new().await;
    service.push(&report("shop", &[("a", Some("CVE-2026-1001"))])).await.ok();
    let ask = |name: &'static str, query: &'static str, body: Value| {
        let service = &service;
        let path = format!("{}{query}", snapshots(name));
        async move {
            let answer = service.ask(sensor(&["billing*"]), put(&path, &body)).await;
            (answer.status, answer.body.to_string().replace(name, "…"))
        }
    };
    // `shop` is there, `ship` is not; the body of `shop` is also the one that came last.
    for query in ["", "?if_known=true", "?at=2026-11-22T01:00:00Z"] {
        let there = ask("shop", query, report("shop", &[("a", Some("CVE-2026-1001"))])).await;
        let nowhere = ask("ship", query, report("ship", &[("a", Some("CVE-2026-1001"))])).await;
        assert_eq!(there, nowhere, "{query}");
        assert_eq!(there.0, 403);
        let answers =
            [ask("shop", query, report("billing", &[])).await, ask("ship", query, report("billing", &[])).await];
        for (status, body) in answers {
            assert_eq!(status, 422, "{body}");
            assert!(body.contains("wrong-asset"), "{body}");
        }
    }
}

#[tokio::test]
async fn what_a_token_says_of_sources_is_its_own_word() {
    let service = Service::new().await;
    let who = |id: &str| {
        let (id, name) = (id.to_owned(), id.to_owned());
        yata_console::Who::Token { id, name, scope: Scope::Sensor, assets: vec!["*".to_owned()] }
    };
    let mut stale = report("shop", &[]);
    stale["sources"][0]["state"] = json!("stale");
    service.ask(who("to_1"), put(&snapshots("shop"), &stale)).await.ok();
    // Another one, under the name of the same kind of sensor, says that all is well.
    service.ask(who("to_2"), put(&snapshots("shop"), &report("shop", &[]))).await.ok();
    let sources = service.get("/api/v1/sources").await.ok();
    let said: Vec<_> =
        sources["items"].as_array().unwrap().iter().map(|one| (&one["reported_by"], &one["source"]["state"])).collect();
    assert_eq!(said, [(&json!("to_1"), &json!("stale")), (&json!("to_2"), &json!("fresh"))]);
}

#[tokio::test]
async fn an_asset_is_what_its_kind_and_name_say() {
    let service = Service::new().await;
    let elsewhere = snapshots("billing");
    service.ask(sensor(&["*"]), put(&elsewhere, &report("shop", &[]))).await.problem(422, "wrong-asset", &[]);
    let mut forged = report("shop", &[]);
    forged["asset"]["id"] = json!(asset_id(AssetKind::Repository, "billing"));
    service.push(&forged).await.problem(422, "invalid", &["$.asset.id"]);
    service.ask(sensor(&["*"]), put(&elsewhere, &forged)).await.problem(422, "invalid", &["$.asset.id"]);
}

#[tokio::test]
async fn what_is_no_report_is_refused_with_its_place() {
    let service = Service::new().await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = report("shop", &[("a", Some("CVE-2026-1001"))]);
        change(&mut body);
        body
    };
    let twice = |body: &mut Value| {
        let finding = body["looks"][0]["findings"][0].clone();
        body["looks"][0]["findings"].as_array_mut().unwrap().push(finding);
    };
    let sensors = |body: &mut Value| {
        let look = body["looks"][0].clone();
        body["looks"].as_array_mut().unwrap().push(look);
    };
    let fixes = |body: &mut Value| {
        let many = (0..200_001).map(|n| (format!("{n}"), json!("1"))).collect::<serde_json::Map<_, _>>();
        body["closes_all"] = Value::Object(many);
    };
    let cases: [(&dyn Fn(&mut Value), &str); 12] = [
        (&fixes, "$.closes_all"),
        (&|body| body["closes_all"] = json!({ "a\0b": "1" }), "$.closes_all"),
        (&|body| body["looks"][0]["components"][0]["purl"] = json!(5), "$.looks[0].components[0].purl"),
        (&|body| body["looks"][0]["components"][0]["name"] = json!("a\0b"), "$.looks[0].components[0].name"),
        (&|body| body["asset"]["exposure"] = json!("everybody"), "$.asset.exposure"),
        (&|body| body["asset"]["name"] = json!(" "), "$.asset.name"),
        (&|body| body["looks"] = json!([]), "$.looks"),
        (&|body| body["looks"][0]["findings"][0]["component"] = json!(null), "$.looks[0].findings[0]"),
        (&|body| body["said_in"] = json!("x".repeat(70_000)), "$.said_in"),
        (&|body| body["evidence"][0]["kev"]["standing"] = json!("sure"), "$.evidence[0].kev.standing"),
        (&twice, "$.looks[0].findings[1]"),
        (&sensors, "$.looks[1].sensor"),
    ];
    for (change, place) in cases {
        service.push(&with(change)).await.problem(422, "invalid", &[place]);
    }
    service.push(&with(&|body| body["asset"]["owner"] = json!(null))).await.ok();
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let service = Service::new().await;
    let path = snapshots("shop");
    let whole = report("shop", &[]).to_string();
    let deep = format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000));
    let nested = whole.replacen("\"yata.toml:3\"", &deep, 1);
    let half: String = whole.chars().take(whole.chars().count() / 2).collect();
    for body in ["", "x", "{}{}", &half, &deep, &nested, &format!("{whole} x"), "\u{feff}{}"] {
        let request = Request::put(&path).header(header::CONTENT_TYPE, "application/json");
        let answer = service.ask(sensor(&["*"]), request.body(Body::from(body.to_owned())).unwrap()).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{} for {:.40}", answer.status, body);
    }
    let answer = service.ask(sensor(&["*"]), put_gzip(&path, whole.clone().into_bytes())).await;
    answer.problem(400, "bad-request", &["inflated"]);
    let packed = gzip(whole.as_bytes());
    let cut = packed[..packed.len() - 5].to_vec();
    service.ask(sensor(&["*"]), put_gzip(&path, cut)).await.problem(400, "bad-request", &["inflated"]);
    let more = [packed.clone(), packed].concat();
    service.ask(sensor(&["*"]), put_gzip(&path, more)).await.problem(400, "bad-request", &["after the end"]);
}

#[tokio::test]
async fn too_much_is_refused_while_it_is_read() {
    let service = Service::new().await;
    let path = snapshots("shop");
    let request = Request::put(&path).header(header::CONTENT_TYPE, "application/json");
    let large = service.ask(sensor(&["*"]), request.body(Body::from(vec![b' '; 16 * 1024 * 1024 + 1])).unwrap()).await;
    large.problem(413, "too-large", &["16 MiB"]);
    // Whatever was held is given back.
    service.push(&report("shop", &[])).await.ok();
}

#[tokio::test]
async fn what_the_service_does_not_understand_is_said() {
    let service = Service::new().await;
    let path = snapshots("shop");
    let body = report("shop", &[]);
    let with = |name: header::HeaderName, value: &'static str| {
        let mut request = put(&path, &body);
        request.headers_mut().insert(name, value.parse().unwrap());
        request
    };
    let ask = |request| service.ask(sensor(&["*"]), request);
    ask(with(header::CONTENT_TYPE, "text/plain")).await.problem(415, "unsupported-media-type", &["application/json"]);
    ask(with(header::CONTENT_ENCODING, "br")).await.problem(415, "unsupported-encoding", &["br"]);
    ask(with(header::ACCEPT, "text/html")).await.problem(406, "not-acceptable", &["application/json"]);
    ask(with(header::ACCEPT, "text/html, application/*;q=0.5")).await.ok();
    let odd = put(&format!("{path}?when=now"), &body);
    ask(odd).await.problem(400, "unknown-parameter", &["when", "at, if_known"]);
    ask(put(&format!("{path}?at=yesterday"), &body)).await.problem(400, "bad-request", &["at"]);
    let answer = ask(send(Method::POST, &path, &body)).await;
    answer.problem(405, "method-not-allowed", &[]);
    assert_eq!(answer.headers[header::ALLOW], "PUT");
    service.ask(yata_console::Who::Nobody, put(&path, &body)).await.problem(401, "unauthorized", &[]);
    let unknown = put(&format!("{path}?if_known=true"), &body);
    ask(unknown).await.ok();
    ask(put(&format!("{}?if_known=true", snapshots("x")), &report("x", &[]))).await.problem(404, "unknown-asset", &[]);
}

#[tokio::test]
async fn a_clock_that_goes_back_does_not_bring_the_past_back() {
    let service = Service::new().await;
    let path = snapshots("shop");
    let at = |at: &str| format!("{path}?at={at}");
    let push = |path: String, body: Value| {
        let service = &service;
        async move { service.ask(sensor(&["*"]), put(&path, &body)).await }
    };
    // What claims to be of the future is of now.
    let answer = push(at("2030-01-01T00:00:00Z"), report("shop", &[])).await.ok();
    assert_eq!(answer["at"], "2026-11-22T09:00:00Z");
    // A little earlier than the last one: clocks differ.
    let answer = push(at("2026-11-22T08:58:00Z"), report("shop", &[("a", None)])).await.ok();
    assert_eq!(answer["at"], "2026-11-22T09:00:00Z");
    let old = push(at("2026-11-22T08:00:00Z"), report("shop", &[])).await;
    old.problem(409, "older-than-stored", &["2026-11-22T08:00:00Z", "2026-11-22T09:00:00Z"]);
    // The clock of the service itself was ahead, and goes back: what is stored is of a time that is still to come, and
    // says nothing of what is older. Time does not go back for it.
    service.pass(-3600);
    let answer = push(path.clone(), report("shop", &[("b", None)])).await.ok();
    assert_eq!((&answer["at"], &answer["unchanged"]), (&json!("2026-11-22T09:00:00Z"), &json!(false)));
    let again = push(path.clone(), report("shop", &[("b", None)])).await.ok();
    assert_eq!((&again["at"], &again["unchanged"]), (&json!("2026-11-22T09:00:00Z"), &json!(true)));
    push(at("2026-11-22T08:00:00Z"), report("shop", &[("c", None)])).await.ok();
    // When that time has come, it counts again.
    service.pass(2 * 3600);
    let answer = push(path.clone(), report("shop", &[])).await.ok();
    assert_eq!(answer["at"], "2026-11-22T10:00:00Z");
    push(at("2026-11-22T09:30:00Z"), report("shop", &[("d", None)])).await.problem(409, "older-than-stored", &[]);
}

#[tokio::test]
async fn two_who_push_the_same_asset_at_once_leave_one_state() {
    let service = Service::new().await;
    let one = report("shop", &[("a", Some("CVE-2026-1001"))]);
    let two = report("shop", &[("b", Some("CVE-2026-1002"))]);
    for _ in 0..5 {
        let (a, b, c) = tokio::join!(service.push(&one), service.push(&two), service.push(&one));
        for answer in [a, b, c] {
            answer.ok();
        }
    }
    let last = service.push(&two).await.ok();
    assert_eq!(last["findings"].as_array().unwrap().len(), 1);
    let open = service.console.store.findings(&yata_store::Filter::default(), None, 100).await.unwrap();
    let open: Vec<_> = open.items.iter().filter(|finding| finding.state == yata_model::FindingState::Open).collect();
    assert_eq!(open.iter().map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), ["CVE-2026-1002"]);
}

/// Two services over one database, each with connections of its own.
async fn replicas(open: impl AsyncFn() -> Store) {
    let clock = || Clock::new(|| "2026-11-22T09:00:00Z".parse().unwrap());
    let one = Console::new(open().await, crate::api::settings(), clock());
    let other = Console::new(open().await, crate::api::settings(), clock());
    let name = "shop'; DROP TABLE finding; --";
    let push = |console: &Arc<Console>, body: &Value| {
        let caller = Caller { who: sensor(&["shop*"]), ..Caller::nobody(yata_words::Lang::En) };
        let app = yata_console::app_as(Arc::clone(console), caller);
        let request = put(&snapshots(name), body);
        async move {
            let response = app.oneshot(request).await.unwrap();
            let status = response.status();
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
            serde_json::from_slice::<Value>(&bytes).unwrap()
        }
    };
    let a = report(name, &[("a", Some("CVE-2026-1001"))]);
    let b = report(name, &[("b", Some("CVE-2026-1002"))]);
    for _ in 0..6 {
        let answers = tokio::join!(push(&one, &a), push(&other, &b), push(&other, &a), push(&one, &b));
        for answer in [answers.0, answers.1, answers.2, answers.3] {
            assert_eq!(answer["findings"].as_array().unwrap().len(), 1, "{answer}");
        }
    }
    // Both see one state: that of the report which came last, whoever took it.
    let last = push(&one, &a).await;
    assert_eq!(push(&other, &a).await["unchanged"], true, "{last}");
    for console in [&one, &other] {
        let page = console.store.queue(&QueueFilter::default(), &Paging::default(), false).await.unwrap();
        let open: Vec<&str> = page.rows.iter().map(|row| row.finding.rule.as_str()).collect();
        assert_eq!(open, ["CVE-2026-1001"]);
    }
    one.store.clone().close().await;
    other.store.clone().close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_replicas_take_the_same_asset_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { durability: Durability::ProcessEnd, ..Options::default() };
    let file = folder.path().join("yata.db");
    replicas(async || Store::open_with(&file, &options()).await.unwrap()).await;
    let Some(database) = tokio::task::spawn_blocking(Database::empty).await.unwrap() else { return };
    replicas(async || Store::connect(&database.url(), &options()).await.unwrap()).await;
    tokio::task::spawn_blocking(|| drop(database)).await.unwrap();
}
