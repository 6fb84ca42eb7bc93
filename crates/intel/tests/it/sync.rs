//! Synchronisation against a server on loopback.

use std::cell::RefCell;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use yata_intel::{IntelError, Progress, ProgressUnit, SyncConfig, SyncOutcome, SyncReport, sync};
use yata_model::SourceState;
use yata_testing::server::{Page, Server, Trick};

use crate::feeds::{Place, cve5, epss, files, kev, now, osv, zip};

const NPM: &str = "/osv/npm/all.zip";
const ETAG: &str = "\"one\"";

/// Only npm, from this server, without pauses.
fn npm(server: &Server) -> SyncConfig {
    SyncConfig {
        osv_base: server.url("/osv"),
        ecosystems: vec!["npm".to_owned()],
        kev_url: None,
        epss_url: None,
        vulnrichment_url: None,
        retries: 2,
        retry_wait: Duration::ZERO,
        idle_timeout: Duration::from_secs(20),
        use_proxy: false,
        allow_http_loopback: true,
        ..SyncConfig::default()
    }
}

fn page(body: &[u8]) -> Page {
    Page { body: body.to_vec(), etag: Some(ETAG), ..Page::default() }
}

fn tricky(body: &[u8], tricks: &[Trick]) -> Page {
    Page { tricks: tricks.iter().cloned().collect(), ..page(body) }
}

fn run(place: &Place, config: &SyncConfig) -> SyncReport {
    try_run(place, config).unwrap()
}

fn try_run(place: &Place, config: &SyncConfig) -> Result<SyncReport, IntelError> {
    sync(&place.index_path(), &place.downloads(), config, now(), &|_| {}, &AtomicBool::new(false))
}

/// The outcome of the only source, in one word, with the reason.
fn outcome(report: &SyncReport) -> String {
    assert_eq!(report.sources.len(), 1, "{report:?}");
    match &report.sources[0].outcome {
        SyncOutcome::NotModified => "not modified".to_owned(),
        SyncOutcome::Updated(source) => format!("updated: {} records", source.records),
        SyncOutcome::Refused(source) => format!("refused: {}", source.refused.as_deref().unwrap_or_default()),
        SyncOutcome::Failed(reason) => format!("failed: {reason}"),
    }
}

fn left() -> Vec<u8> {
    zip(&[("A-1.json", &osv("A-1", "left", ""))])
}

/// An archive of a few kilobytes that hardly packs.
fn large() -> Vec<u8> {
    let record = |n: u64| osv(&format!("A-{n}"), &yata_model::digest_hex(&[&n.to_string()]), "");
    let records: Vec<(String, String)> = (0..100).map(|n| (format!("A-{n}.json"), record(n))).collect();
    zip(&records.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

#[test]
fn everything_is_fetched_and_imported() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, page(&left()));
    server.put("/kev", page(kev(1, &["CVE-2026-0001"]).as_bytes()));
    server.put("/epss", page(&epss(&["CVE-2026-0001,0.5,0.9"])));
    server.put("/ssvc", page(&zip(&[("x/2026/CVE-2026-0001.json", &cve5("CVE-2026-0001", "poc"))])));
    let config = SyncConfig {
        kev_url: Some(server.url("/kev")),
        epss_url: Some(server.url("/epss")),
        vulnrichment_url: Some(server.url("/ssvc")),
        ..npm(&server)
    };
    let report = run(&place, &config);
    assert!(report.is_complete(), "{report:?}");
    let names: Vec<&str> = report.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["OSV npm", "CISA KEV", "EPSS", "CISA vulnrichment"]);
    assert!(place.is_known("A-1"));
    for (name, status) in place.statuses() {
        assert_eq!((status.state, status.records), (SourceState::Fresh, 1), "{name}");
    }
    let seen = server.seen();
    assert!(seen.iter().all(|request| request.header("user-agent") == Some(config.user_agent.as_str())));
    assert!(seen.iter().all(|request| request.header("accept-encoding") == Some("identity")), "{seen:?}");
}

#[test]
fn what_has_not_changed_is_not_sent_again_and_counts_as_fresh() {
    let (server, place) = (Server::start(), Place::new());
    let old = zip(&[("A-1.json", &osv("A-1", "left", "").replace("2026-08-19", "2024-10-01"))]);
    server.put(NPM, page(&old));
    run(&place, &npm(&server));
    place.check_state("OSV npm", SourceState::Fresh);
    let report = run(&place, &npm(&server));
    assert_eq!(outcome(&report), "not modified");
    assert_eq!(report.received_bytes, 0);
    assert_eq!(server.seen()[1].header("if-none-match"), Some(ETAG));
    let status = place.status("OSV npm");
    assert_eq!((status.state, status.date), (SourceState::Fresh, Some(crate::feeds::TODAY)));
}

#[test]
fn a_date_serves_where_there_is_no_tag() {
    let (server, place) = (Server::start(), Place::new());
    const DAY: &str = "Wed, 19 Aug 2026 00:00:00 GMT";
    server.put(NPM, Page { modified: Some(DAY), etag: None, ..page(&left()) });
    run(&place, &npm(&server));
    assert_eq!(outcome(&run(&place, &npm(&server))), "not modified");
    assert_eq!(server.seen()[1].header("if-modified-since"), Some(DAY));
}

#[test]
fn what_has_changed_replaces_the_old() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, page(&left()));
    run(&place, &npm(&server));
    let new = zip(&[("A-2.json", &osv("A-2", "left", ""))]);
    server.put(NPM, Page { etag: Some("\"two\""), ..page(&new) });
    assert_eq!(outcome(&run(&place, &npm(&server))), "updated: 1 records");
    assert!(place.is_known("A-2") && !place.is_known("A-1"));
    assert_eq!(outcome(&run(&place, &npm(&server))), "not modified");
}

#[test]
fn another_address_is_asked_without_conditions() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, page(&left()));
    server.put("/mirror/npm/all.zip", page(&zip(&[("A-2.json", &osv("A-2", "left", ""))])));
    run(&place, &npm(&server));
    let mirror = SyncConfig { osv_base: server.url("/mirror/"), ..npm(&server) };
    assert_eq!(outcome(&run(&place, &mirror)), "updated: 1 records");
    assert!(place.is_known("A-2"));
}

#[test]
fn a_cut_download_is_continued_by_the_same_run() {
    let (server, place) = (Server::start(), Place::new());
    let body = large();
    server.put(NPM, tricky(&body, &[Trick::Cut(1000), Trick::Cut(1500)]));
    let report = run(&place, &npm(&server));
    assert_eq!(outcome(&report), "updated: 100 records");
    assert_eq!(report.received_bytes, body.len() as u64);
    let seen = server.seen();
    let ranges: Vec<_> = seen.iter().map(|request| (request.header("range"), request.header("if-range"))).collect();
    assert_eq!(ranges, [(None, None), (Some("bytes=1000-"), Some(ETAG)), (Some("bytes=2500-"), Some(ETAG))]);
    assert_eq!(files(&place.downloads()), ["lock", "osv-npm.zip", "osv-npm.zip.json"]);
}

/// A run that is cut after a thousand bytes and not repeated.
fn cut(server: &Server, place: &Place, body: &[u8]) {
    server.put(NPM, tricky(body, &[Trick::Cut(1000)]));
    let report = run(place, &SyncConfig { retries: 0, ..npm(server) });
    assert!(outcome(&report).starts_with("failed: "), "{report:?}");
    assert!(!place.index_path().exists(), "nothing came, so nothing changes");
    assert_eq!(fs::metadata(place.downloads().join("osv-npm.zip.part")).unwrap().len(), 1000);
    server.seen();
}

#[test]
fn a_cut_download_is_continued_by_the_next_run() {
    let (server, place) = (Server::start(), Place::new());
    let body = large();
    cut(&server, &place, &body);
    let report = run(&place, &npm(&server));
    assert_eq!(outcome(&report), "updated: 100 records");
    assert_eq!(report.received_bytes, body.len() as u64 - 1000);
    assert_eq!(server.seen()[0].header("range"), Some("bytes=1000-"));
}

#[test]
fn a_cut_download_begins_anew_where_it_cannot_be_continued() {
    #[track_caller]
    fn check(change: impl Fn(&mut Page)) {
        let (server, place) = (Server::start(), Place::new());
        cut(&server, &place, &large());
        let new = zip(&[("A-2.json", &osv("A-2", "left", ""))]);
        let mut page = page(&new);
        change(&mut page);
        server.put(NPM, page);
        assert_eq!(outcome(&run(&place, &npm(&server))), "updated: 1 records");
        assert_eq!(server.seen()[0].header("range"), Some("bytes=1000-"));
        assert!(place.is_known("A-2") && !place.is_known("A-1"));
    }
    // The file has changed.
    check(|page| page.etag = Some("\"two\""));
    // The server does not know ranges.
    check(|page| page.whole_only = true);
    // The file is shorter now, though it bears the same tag.
    check(|page| assert!(page.body.len() < 1000));
    // The server continues somewhere else.
    check(|page| {
        page.body = zip(&[("A-2.json", &osv("A-2", "left", &format!(r#","details":"{}""#, noise())))]);
        page.tricks.push_back(Trick::WrongPart);
    });
}

/// Two kilobytes that do not pack.
fn noise() -> String {
    (0..60).map(|n| yata_model::digest_hex(&[&n.to_string()])).collect()
}

#[test]
fn a_weak_tag_is_asked_for_but_continues_nothing() {
    let (server, place) = (Server::start(), Place::new());
    let page = Page { etag: Some("W/\"one\""), ..tricky(&large(), &[Trick::Cut(1000)]) };
    server.put(NPM, page);
    assert_eq!(outcome(&run(&place, &npm(&server))), "updated: 100 records");
    assert_eq!(server.seen()[1].header("range"), None);
    assert_eq!(outcome(&run(&place, &npm(&server))), "not modified");
}

#[test]
fn a_service_that_falls_silent_is_given_up_and_continued_later() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, Page { always: Some(Trick::Stall(1000)), ..page(&large()) });
    let config = SyncConfig { idle_timeout: Duration::from_millis(200), retries: 0, ..npm(&server) };
    assert_eq!(outcome(&run(&place, &config)), "failed: it sent nothing for 0.2 seconds");
    server.put(NPM, page(&large()));
    assert_eq!(outcome(&run(&place, &npm(&server))), "updated: 100 records");
    assert_eq!(server.seen()[1].header("range"), Some("bytes=1000-"));
}

#[test]
fn a_service_that_takes_too_long_in_all_is_given_up() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, Page { always: Some(Trick::Stall(10)), ..page(&left()) });
    let config = SyncConfig { total_timeout: Duration::from_millis(300), retries: 9, ..npm(&server) };
    assert_eq!(outcome(&run(&place, &config)), "failed: it took longer than 0.3 seconds in all");
}

#[test]
fn too_much_is_refused() {
    #[track_caller]
    fn check(trick: Option<Trick>, limit: &dyn Fn(SyncConfig) -> SyncConfig, reason: &str) {
        let (server, place) = (Server::start(), Place::new());
        server.put(NPM, Page { always: trick, ..page(&large()) });
        let report = run(&place, &limit(SyncConfig { retries: 0, ..npm(&server) }));
        assert_eq!(outcome(&report), format!("failed: {reason}"));
        assert!(report.received_bytes <= 3000, "{report:?}");
        assert_eq!(files(&place.downloads()), ["lock"]);
    }
    let file = |config| SyncConfig { max_bytes_per_file: 3000, ..config };
    let total = |config| SyncConfig { max_total_bytes: 3000, ..config };
    let huge = |config| SyncConfig { max_bytes_per_file: 1 << 40, ..config };
    check(None, &file, "it is larger than 3000 bytes");
    check(Some(Trick::Chunked), &file, "it is larger than 3000 bytes");
    check(None, &total, "all downloads together are larger than 3000 bytes");
    check(Some(Trick::Chunked), &total, "all downloads together are larger than 3000 bytes");
    let reason = "all downloads together are larger than 4294967296 bytes";
    check(Some(Trick::Claim(1 << 39)), &huge, reason);
}

#[test]
fn a_length_that_is_not_kept_is_a_failure() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, Page { always: Some(Trick::Claim(1_000_000)), etag: None, ..page(&left()) });
    assert!(outcome(&run(&place, &npm(&server))).starts_with("failed: "));
    assert!(!place.index_path().exists());
}

#[test]
fn a_body_without_a_length_is_read_to_its_end() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, tricky(&large(), &[Trick::Chunked]));
    assert_eq!(outcome(&run(&place, &npm(&server))), "updated: 100 records");
    assert_eq!(outcome(&run(&place, &npm(&server))), "not modified");
}

#[test]
fn answers_that_help_nothing_are_failures() {
    #[track_caller]
    fn check(trick: &Trick, requests: usize, reason: &str) {
        let (server, place) = (Server::start(), Place::new());
        server.put(NPM, page(&left()));
        run(&place, &npm(&server));
        server.seen();
        server.put(NPM, Page { always: Some(trick.clone()), ..page(&left()) });
        assert_eq!(outcome(&run(&place, &npm(&server))), format!("failed: {reason}"));
        assert_eq!(server.seen().len(), requests);
        // What was there is as good as before.
        place.check_state("OSV npm", SourceState::Fresh);
        assert!(place.is_known("A-1"));
    }
    check(&Trick::Answer("404 Not Found", ""), 1, "it answered 404 Not Found");
    check(&Trick::Answer("403 Forbidden", ""), 1, "it answered 403 Forbidden");
    check(&Trick::Answer("204 No Content", ""), 1, "it answered 204 No Content");
    check(&Trick::Answer("500 Internal Server Error", ""), 3, "it answered 500 Internal Server Error");
    let reason = "it answered 503 Service Unavailable, and asks to come back after 3600 seconds";
    check(&Trick::Answer("503 Service Unavailable", "retry-after: 3600\r\n"), 1, reason);
    let reason = "it redirects more than 5 times";
    check(&Trick::Answer("302 Found", "location: /osv/npm/all.zip\r\n"), 6, reason);
    check(&Trick::Answer("302 Found", ""), 1, "it redirects without saying where to");
    let reason = "plain http is not allowed: use https";
    check(&Trick::Answer("302 Found", "location: http://192.0.2.1/all.zip\r\n"), 1, reason);
    let reason = "only https addresses are fetched";
    check(&Trick::Answer("302 Found", "location: file:///etc/passwd\r\n"), 1, reason);
    let reason = "it sent the content encoding `br`, which was not asked for";
    check(&Trick::Answer("200 OK", "content-encoding: br\r\n"), 1, reason);
}

#[test]
fn failures_that_pass_are_repeated() {
    let (server, place) = (Server::start(), Place::new());
    let busy = Trick::Answer("503 Service Unavailable", "retry-after: 0\r\n");
    let many = Trick::Answer("429 Too Many Requests", "");
    server.put(NPM, tricky(&left(), &[busy, many]));
    assert_eq!(outcome(&run(&place, &npm(&server))), "updated: 1 records");
}

#[test]
fn a_service_that_is_not_there_is_a_failure() {
    let place = Place::new();
    let config = npm(&Server::start());
    assert!(outcome(&run(&place, &config)).contains("refused"), "the connection is refused");
}

#[test]
fn a_service_that_does_not_speak_tls_is_a_failure() {
    let (server, place) = (Server::start(), Place::new());
    let config = SyncConfig { osv_base: server.url("/osv").replace("http:", "https:"), ..npm(&server) };
    assert!(outcome(&run(&place, &config)).starts_with("failed: "));
    assert!(!place.index_path().exists());
}

#[test]
fn progress_is_told_in_bytes_then_in_records() {
    let (server, place) = (Server::start(), Place::new());
    let records: Vec<(String, String)> =
        (0..600).map(|n| (format!("{n}.json"), osv(&format!("A-{n}"), "left", ""))).collect();
    let body = zip(&records.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>());
    server.put(NPM, page(&body));
    let steps = RefCell::new(Vec::new());
    let told = |step: Progress<'_>| steps.borrow_mut().push((step.unit, step.done, step.total));
    sync(&place.index_path(), &place.downloads(), &npm(&server), now(), &told, &AtomicBool::new(false)).unwrap();
    let bytes = body.len() as u64;
    let expected = [
        (ProgressUnit::Bytes, 0, Some(bytes)),
        (ProgressUnit::Bytes, bytes, Some(bytes)),
        (ProgressUnit::Records, 512, Some(600)),
    ];
    assert_eq!(*steps.borrow(), expected);
}

#[test]
fn redirects_are_followed() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, tricky(&left(), &[]));
    server.put(
        "/a/npm/all.zip",
        Page { always: Some(Trick::Answer("301 Moved", "location: /b\r\n")), ..Page::default() },
    );
    let location: &'static str = Box::leak(format!("location: {}\r\n", server.url(NPM)).into_boxed_str());
    server.put("/b", Page { always: Some(Trick::Answer("307 Temporary", location)), ..Page::default() });
    let config = SyncConfig { osv_base: server.url("/a"), ..npm(&server) };
    assert_eq!(outcome(&run(&place, &config)), "updated: 1 records");
}

#[test]
fn plain_http_is_refused_before_anything_is_asked() {
    let (server, place) = (Server::start(), Place::new());
    let config = SyncConfig { allow_http_loopback: false, ..npm(&server) };
    let error = try_run(&place, &config).unwrap_err();
    assert!(matches!(error, IntelError::Address { .. }), "{error:?}");
    assert!(server.seen().is_empty());
}

#[test]
fn a_source_that_fails_does_not_stop_the_others() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, Page { always: Some(Trick::Answer("500 No", "")), ..Page::default() });
    server.put("/kev", page(kev(1, &["CVE-2026-0001"]).as_bytes()));
    server.put("/epss", page(b"<html>sign in</html>"));
    let config = SyncConfig { kev_url: Some(server.url("/kev")), epss_url: Some(server.url("/epss")), ..npm(&server) };
    let report = run(&place, &config);
    assert!(!report.is_complete());
    assert!(matches!(report.sources[0].outcome, SyncOutcome::Failed(_)), "{report:?}");
    assert!(matches!(report.sources[1].outcome, SyncOutcome::Updated(_)), "{report:?}");
    assert!(matches!(report.sources[2].outcome, SyncOutcome::Refused(_)), "{report:?}");
    place.check_state("CISA KEV", SourceState::Fresh);
    place.check_state("EPSS", SourceState::Broken);
}

#[test]
fn what_the_import_refuses_is_fetched_again() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, page(&left()));
    run(&place, &npm(&server));
    let whole = left();
    server.put(NPM, Page { etag: Some("\"two\""), ..page(&whole[..whole.len() - 10]) });
    assert!(outcome(&run(&place, &npm(&server))).starts_with("refused: it is not a whole zip archive"));
    place.check_state("OSV npm", SourceState::Broken);
    assert!(place.is_known("A-1"));
    assert_eq!(files(&place.downloads()), ["lock"]);
    // The same tag, but this time the whole: it is not asked for conditionally.
    server.put(NPM, Page { etag: Some("\"two\""), ..page(&whole) });
    assert_eq!(outcome(&run(&place, &npm(&server))), "updated: 1 records");
    place.check_state("OSV npm", SourceState::Fresh);
}

#[test]
fn a_catalogue_whose_count_is_wrong_is_fetched_again() {
    let (server, place) = (Server::start(), Place::new());
    let config = SyncConfig { ecosystems: Vec::new(), kev_url: Some(server.url("/kev")), ..npm(&server) };
    server.put("/kev", page(kev(2, &["CVE-2026-0001"]).as_bytes()));
    assert!(outcome(&run(&place, &config)).starts_with("refused: it says that it has 2 entries"));
    server.put("/kev", page(kev(1, &["CVE-2026-0001"]).as_bytes()));
    assert_eq!(outcome(&run(&place, &config)), "updated: 1 records");
}

#[test]
fn an_index_that_is_lost_is_rebuilt_from_what_was_fetched_before() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, page(&left()));
    run(&place, &npm(&server));
    fs::write(place.index_path(), b"damaged").unwrap();
    let report = run(&place, &npm(&server));
    assert_eq!((outcome(&report).as_str(), report.received_bytes), ("updated: 1 records", 0));
    assert!(place.is_known("A-1"));
    assert_eq!(outcome(&run(&place, &npm(&server))), "not modified");
}

#[test]
fn a_folder_imported_in_between_is_replaced_by_what_the_service_has() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, page(&left()));
    run(&place, &npm(&server));
    place.put_npm(&[("A-9.json", &osv("A-9", "left", ""))]);
    place.import();
    assert!(!place.is_known("A-1"));
    assert_eq!(outcome(&run(&place, &npm(&server))), "updated: 1 records");
    assert!(place.is_known("A-1") && !place.is_known("A-9"));
}

#[test]
fn downloads_that_were_cleared_away_are_not_missed() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, page(&left()));
    run(&place, &npm(&server));
    fs::remove_file(place.downloads().join("osv-npm.zip")).unwrap();
    assert_eq!(outcome(&run(&place, &npm(&server))), "not modified");
    fs::remove_dir_all(place.downloads()).unwrap();
    assert_eq!(outcome(&run(&place, &npm(&server))), "updated: 1 records");
}

#[test]
fn a_run_that_is_stopped_can_be_continued_and_leaves_the_index_as_it_was() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, page(&left()));
    run(&place, &npm(&server));
    server.put(NPM, Page { always: Some(Trick::Stall(1000)), etag: Some("\"two\""), ..page(&large()) });
    let before = fs::read(place.index_path()).unwrap();
    let cancel = AtomicBool::new(false);
    let started = Instant::now();
    let stop = |step: Progress<'_>| {
        assert_eq!((step.source, step.unit), ("OSV npm", ProgressUnit::Bytes));
        assert_eq!(step.total, Some(large().len() as u64));
        cancel.store(true, Ordering::Relaxed);
    };
    let error = sync(&place.index_path(), &place.downloads(), &npm(&server), now(), &stop, &cancel).unwrap_err();
    assert!(matches!(error, IntelError::Cancelled), "{error:?}");
    assert!(started.elapsed() < npm(&server).idle_timeout, "it does not wait for the service");
    assert_eq!(fs::read(place.index_path()).unwrap(), before);
    server.put(NPM, Page { etag: Some("\"two\""), ..page(&large()) });
    assert_eq!(outcome(&run(&place, &npm(&server))), "updated: 100 records");
}

#[test]
fn two_runs_at_once_both_finish() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, page(&large()));
    let config = npm(&server);
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2).map(|_| scope.spawn(|| outcome(&run(&place, &config)))).collect();
        let mut outcomes: Vec<String> = runs.into_iter().map(|run| run.join().unwrap()).collect();
        outcomes.sort();
        assert_eq!(outcomes, ["not modified", "updated: 100 records"]);
    });
    assert_eq!(place.status("OSV npm").records, 100);
}

#[test]
fn a_run_within_an_asynchronous_runtime_works() {
    let (server, place) = (Server::start(), Place::new());
    server.put(NPM, page(&left()));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let report = runtime.block_on(async { run(&place, &npm(&server)) });
    assert_eq!(outcome(&report), "updated: 1 records");
}
