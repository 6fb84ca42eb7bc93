//! What somebody may try against accounts, sessions, links and tokens.

use http::{Method, StatusCode, header};
use jiff::SignedDuration;
use yata_console::{Role, Scope};
use yata_store::Token;

use crate::support::{Browser, House, PASSWORD, answer, form, name_of, sha256, totp, with_token};

/// Texts that end a statement, a field or a line elsewhere.
const HOSTILE: [&str; 6] = [
    "'; DROP TABLE person; --",
    "\" OR \"1\"=\"1",
    "$1 OR 1=1",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "%_\\\u{0}",
];

/// The token of the one-time link that a form of the page of people gives.
async fn link(admin: &mut Browser, path: &str, fields: &[(&str, &str)]) -> String {
    admin.get("/people").await.expect(StatusCode::OK);
    let page = admin.post(path, fields).await;
    page.expect(StatusCode::OK);
    let link = crate::support::between(&page.body, "<code>", "</code>").unwrap();
    link.split("token=").nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn a_session_that_was_planted_is_worth_nothing() {
    let house = House::new().await;
    let (_, owner) = house.join(Role::Viewer, "victim@example.com").await;
    // A cookie of the attacker's choice is not taken over.
    let mut victim = house.browser();
    victim.cookies.insert("yata_session".to_owned(), "planted".to_owned());
    house.pass(30);
    victim.show_password(&owner.email, PASSWORD).await.expect(StatusCode::SEE_OTHER);
    let first = victim.cookies["yata_session"].clone();
    assert_ne!(first, "planted");
    victim.get("/sign-in/second").await.expect(StatusCode::OK);
    victim.post("/sign-in/second", &[("code", &house.code(&owner.totp))]).await.expect(StatusCode::SEE_OTHER);
    let second = victim.cookies["yata_session"].clone();
    assert_ne!(first, second);
    // Nor does the one from before the second factor become full.
    for cookie in ["planted", &first] {
        let mut attacker = house.browser();
        attacker.cookies.insert("yata_session".to_owned(), cookie.to_owned());
        assert_eq!(attacker.get("/account").await.status, StatusCode::SEE_OTHER, "{cookie}");
    }
    victim.get("/account").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_password_alone_opens_nothing_and_sets_up_no_factor() {
    let house = House::new().await;
    let (_, owner) = house.join(Role::Administrator, "victim@example.com").await;
    let mut thief = house.browser();
    thief.show_password(&owner.email, PASSWORD).await.expect(StatusCode::SEE_OTHER);
    for path in ["/account", "/people", "/tokens", "/sign-in"] {
        let place = thief.get(path).await.expect(StatusCode::SEE_OTHER).location().to_owned();
        assert!(place.starts_with("/sign-in"), "{path} leads to {place}");
    }
    assert_eq!(thief.get("/account/factor").await.expect(StatusCode::SEE_OTHER).location(), "/sign-in/second");
    thief.get("/sign-in/second").await.expect(StatusCode::OK);
    for path in ["/account/totp", "/account/passkeys"] {
        let fields = [("sealed", "x"), ("code", "000000"), ("name", "thief")];
        assert_eq!(thief.post(path, &fields).await.expect(StatusCode::SEE_OTHER).location(), "/sign-in/second");
    }
    thief.post("/account/password", &[("password", PASSWORD)]).await.expect(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_code_works_once_whatever_the_clock_does() {
    let house = House::new().await;
    let (_, owner) = house.join(Role::Viewer, "victim@example.com").await;
    let second = async |code: &str| {
        let mut browser = house.browser();
        browser.show_password(&owner.email, PASSWORD).await.expect(StatusCode::SEE_OTHER);
        browser.get("/sign-in/second").await.expect(StatusCode::OK);
        browser.post("/sign-in/second", &[("code", code)]).await.status
    };
    // The code that set it up.
    assert_eq!(second(&house.code(&owner.totp)).await, StatusCode::UNPROCESSABLE_ENTITY);
    house.pass(30);
    let code = house.code(&owner.totp);
    assert_eq!(second(&code).await, StatusCode::SEE_OTHER);
    assert_eq!(second(&code).await, StatusCode::UNPROCESSABLE_ENTITY);
    house.pass(30);
    assert_eq!(second(&code).await, StatusCode::UNPROCESSABLE_ENTITY);
    // The clock goes forward by a day and back again: what was used stays used, what was not works.
    house.pass(86_400);
    assert_eq!(second(&house.code(&owner.totp)).await, StatusCode::SEE_OTHER);
    house.pass(-86_400);
    assert_eq!(second(&code).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(second(&house.code(&owner.totp)).await, StatusCode::SEE_OTHER);
    let far = totp(&owner.totp, house.console.now().as_second() / 30 + 2);
    assert_eq!(second(&far).await, StatusCode::UNPROCESSABLE_ENTITY);
    // Recovery codes: as written down, once.
    assert_eq!(second(&owner.codes[3].to_lowercase()).await, StatusCode::SEE_OTHER);
    assert_eq!(second(&owner.codes[3]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(second(&owner.codes[4].replace('-', " ")).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn codes_of_the_second_factor_cannot_be_guessed_through() {
    let house = House::new().await;
    let (_, owner) = house.join(Role::Viewer, "victim@example.com").await;
    let mut thief = house.browser();
    thief.show_password(&owner.email, PASSWORD).await.expect(StatusCode::SEE_OTHER);
    thief.get("/sign-in/second").await.expect(StatusCode::OK);
    let mut statuses = Vec::new();
    for number in 0..7 {
        statuses.push(thief.post("/sign-in/second", &[("code", &format!("{number:06}"))]).await.status);
    }
    assert_eq!(statuses[..5], [StatusCode::UNPROCESSABLE_ENTITY; 5]);
    assert_eq!(statuses[5..], [StatusCode::TOO_MANY_REQUESTS; 2]);
    // Beginning again with the password helps nobody.
    let mut again = house.browser();
    again.show_password(&owner.email, PASSWORD).await.expect(StatusCode::SEE_OTHER);
    again.get("/sign-in/second").await.expect(StatusCode::OK);
    assert_eq!(again.post("/sign-in/second", &[("code", "000009")]).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn nobody_learns_which_accounts_there_are() {
    let house = House::new().await;
    house.join(Role::Viewer, "known@example.com").await;
    let (mut admin, _) = house.join(Role::Administrator, "admin@example.com").await;
    let (_, disabled) = house.join(Role::Viewer, "disabled@example.com").await;
    admin.get("/people").await;
    let fields = [("role", "viewer"), ("services", ""), ("active", "0")];
    admin.post(&format!("/people/{}", disabled.id), &fields).await.expect(StatusCode::SEE_OTHER);
    let mut pages = Vec::new();
    for email in ["known@example.com", "nobody@example.com", "disabled@example.com"] {
        let mut browser = house.browser();
        let page = browser.show_password(email, if email.starts_with('d') { PASSWORD } else { "wrong" }).await;
        page.expect(StatusCode::UNPROCESSABLE_ENTITY);
        let same = page.body.replace(email, "EMAIL").replace(&browser.csrf, "CSRF");
        pages.push((same, page.headers.contains_key(header::SET_COOKIE)));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0], pages[2]);
}

#[tokio::test]
async fn sessions_end_by_idleness_by_age_and_with_their_account() {
    let house = House::new().await;
    let open = async |browser: &mut Browser| browser.get("/account").await.status == StatusCode::OK;
    let mut browser = house.signed_in(Role::Viewer).await;
    house.pass(30 * 60);
    assert!(open(&mut browser).await);
    house.pass(30 * 60 + 1);
    assert!(!open(&mut browser).await);
    // A clock that goes back does not bring it to life.
    house.pass(-3600);
    assert!(!open(&mut browser).await);
    let mut browser = house.signed_in(Role::Viewer).await;
    for _ in 0..(12 * 60 / 20 - 1) {
        house.pass(20 * 60);
        assert!(open(&mut browser).await);
    }
    house.pass(20 * 60);
    assert!(!open(&mut browser).await);
    // One that was made by a clock far ahead does not count after it was set right.
    let mut browser = house.signed_in(Role::Viewer).await;
    house.pass(-86_400);
    assert!(!open(&mut browser).await);
}

#[tokio::test]
async fn a_change_of_role_or_account_ends_its_sessions_at_once() {
    let house = House::new().await;
    let (mut admin, own) = house.join(Role::Administrator, "admin@example.com").await;
    for (role, active) in [("analyst", "1"), ("analyst", "0")] {
        let (mut person, owner) = house.join(Role::Viewer, &format!("{role}-{active}@example.com")).await;
        person.get("/account").await.expect(StatusCode::OK);
        admin.get("/people").await.expect(StatusCode::OK);
        let fields = [("role", role), ("services", "a, b"), ("active", active)];
        admin.post(&format!("/people/{}", owner.id), &fields).await.expect(StatusCode::SEE_OTHER);
        assert_eq!(person.get("/account").await.status, StatusCode::SEE_OTHER);
        let status = person.show_password(&owner.email, PASSWORD).await.status;
        assert_eq!(status == StatusCode::SEE_OTHER, active == "1", "{owner:?}");
    }
    // The last administrator stays one.
    for (role, active) in [("viewer", "1"), ("administrator", "0")] {
        admin.get("/people").await.expect(StatusCode::OK);
        let fields = [("role", role), ("services", ""), ("active", active)];
        let page = admin.post(&format!("/people/{}", own.id), &fields).await;
        page.expect(StatusCode::UNPROCESSABLE_ENTITY).shows("last administrator");
    }
    let (_, second) = house.join(Role::Administrator, "second@example.com").await;
    admin.get("/people").await.expect(StatusCode::OK);
    let fields = [("role", "viewer"), ("services", ""), ("active", "1")];
    admin.post(&format!("/people/{}", second.id), &fields).await.expect(StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_everywhere_and_a_new_password_end_all_other_sessions() {
    let house = House::new().await;
    let (mut first, owner) = house.join(Role::Viewer, "person@example.com").await;
    let mut second = house.browser();
    second.sign_in(&house, &owner).await.expect(StatusCode::SEE_OTHER);
    first.get("/account").await.expect(StatusCode::OK);
    let new = "another kettle under the stairs";
    let wrong = [("password", "not it at all"), ("new_password", new)];
    first.post("/account/password", &wrong).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("password", PASSWORD), ("new_password", new)];
    first.post("/account/password", &fields).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(second.get("/account").await.status, StatusCode::SEE_OTHER);
    first.get("/account").await.expect(StatusCode::OK);
    house.browser().show_password(&owner.email, PASSWORD).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    first.post("/account/sign-out-everywhere", &[]).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(first.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_ends_a_session_of_another_person() {
    let house = House::new().await;
    let mut victim = house.signed_in(Role::Viewer).await;
    let session = crate::support::sha256(&victim.cookies["yata_session"]);
    let mut other = house.signed_in(Role::Administrator).await;
    other.post(&format!("/account/sessions/{session}/end"), &[]).await.expect(StatusCode::NOT_FOUND);
    victim.get("/account").await.expect(StatusCode::OK);
    victim.post(&format!("/account/sessions/{session}/end"), &[]).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(victim.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_is_sent_elsewhere() {
    let house = House::new().await;
    let (_, owner) = house.join(Role::Viewer, "person@example.com").await;
    for (next, expected) in [
        ("/queue?service=a", "/queue?service=a"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/%0d%0aSet-Cookie: x", "/"),
        ("javascript:alert(1)", "/"),
    ] {
        let mut browser = house.browser();
        house.pass(30);
        browser.get(&format!("/sign-in?next={}", next.replace([' ', '\\'], "%5C"))).await.expect(StatusCode::OK);
        let fields = [("email", owner.email.as_str()), ("password", PASSWORD), ("next", next)];
        let place = browser.post("/sign-in", &fields).await.expect(StatusCode::SEE_OTHER).location().to_owned();
        assert!(place.starts_with("/sign-in/second?next=%2F"), "{place}");
        browser.get("/sign-in/second").await.expect(StatusCode::OK);
        let done = browser.post("/sign-in/second", &[("code", &house.code(&owner.totp)), ("next", next)]).await;
        assert_eq!(done.expect(StatusCode::SEE_OTHER).location(), expected);
        let again = browser.get("/sign-in?next=//evil.example").await;
        assert_eq!(again.expect(StatusCode::SEE_OTHER).location(), "/");
    }
}

#[tokio::test]
async fn links_work_once_for_a_while_and_for_nobody_else() {
    let house = House::new().await;
    let (mut admin, _) = house.join(Role::Administrator, "admin@example.com").await;
    let invite = [("email", "New@Example.com"), ("role", "viewer"), ("services", "")];
    let token = link(&mut admin, "/people/invite", &invite).await;
    // The address and the role are those of the invitation, whatever the form says.
    let mut new = house.browser();
    new.get(&format!("/join?token={token}")).await.expect(StatusCode::OK).shows("new@example.com");
    let fields = [
        ("token", token.as_str()),
        ("name", "New"),
        ("email", "admin@example.com"),
        ("role", "administrator"),
        ("password", PASSWORD),
    ];
    new.post("/join", &fields).await.expect(StatusCode::SEE_OTHER);
    let person = house.console.store.person_by_email("new@example.com").await.unwrap().unwrap();
    assert_eq!(person.role, "viewer");
    // Interrupted before the second factor: the password opens nothing, the link goes on.
    let refused = house.browser().show_password("new@example.com", PASSWORD).await;
    refused.expect(StatusCode::UNPROCESSABLE_ENTITY).shows("not finished");
    let mut again = house.browser();
    again.get(&format!("/join?token={token}")).await.expect(StatusCode::OK);
    again.post("/join", &fields).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(new.get("/account/factor").await.status, StatusCode::SEE_OTHER);
    let owner = again.set_up_totp(&house, "new@example.com").await;
    for browser in [&mut again, &mut house.browser()] {
        browser.get(&format!("/join?token={token}")).await.expect(StatusCode::NOT_FOUND);
        browser.get("/sign-in").await;
    }
    // A new way to sign in: the old one works until then, and the link ends it.
    let token = link(&mut admin, &format!("/people/{}/reset", owner.id), &[]).await;
    let older = link(&mut admin, &format!("/people/{}/reset", owner.id), &[]).await;
    house.browser().get(&format!("/join?token={token}")).await.expect(StatusCode::NOT_FOUND);
    again.get("/account").await.expect(StatusCode::OK);
    let mut reset = house.browser();
    reset.get(&format!("/join?token={older}")).await.expect(StatusCode::OK);
    let fields = [("token", older.as_str()), ("password", "a third kettle in the garden")];
    reset.post("/join", &fields).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(again.get("/account").await.status, StatusCode::SEE_OTHER);
    reset.set_up_totp(&house, "new@example.com").await;
    // And none works after its time.
    let token = link(&mut admin, "/people/invite", &[("email", "late@example.com"), ("role", "viewer")]).await;
    house.pass(72 * 3600);
    house.browser().get(&format!("/join?token={token}")).await.expect(StatusCode::NOT_FOUND);
    for token in ["", "x", HOSTILE[0]] {
        let path = format!("/join?token={}", token.replace([' ', ';', '\'', '-'], "%27"));
        house.browser().get(&path).await.expect(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn half_way_sessions_end_no_full_one() {
    let house = House::new().await;
    let (mut own, owner) = house.join(Role::Viewer, "victim@example.com").await;
    own.get("/account").await.expect(StatusCode::OK);
    for _ in 0..51 {
        house.pass(1);
        house.browser().show_password(&owner.email, PASSWORD).await.expect(StatusCode::SEE_OTHER);
    }
    own.get("/account").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_newer_invitation_ends_the_older_and_both_can_be_revoked() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Administrator).await;
    let works = async |token: &str| house.browser().get(&format!("/join?token={token}")).await.status == StatusCode::OK;
    let strong = link(&mut admin, "/people/invite", &[("email", "new@example.com"), ("role", "administrator")]).await;
    assert!(works(&strong).await);
    let weak = link(&mut admin, "/people/invite", &[("email", "New@example.com"), ("role", "viewer")]).await;
    assert_eq!((works(&strong).await, works(&weak).await), (false, true));
    let other = link(&mut admin, "/people/invite", &[("email", "other@example.com"), ("role", "viewer")]).await;
    let page = admin.get("/people").await;
    page.expect(StatusCode::OK).shows("new@example.com").shows("other@example.com");
    let revoke = format!("/people/invitations/{}/revoke", sha256(&weak));
    page.shows(&revoke);
    house.signed_in(Role::Approver).await.post(&revoke, &[]).await.expect(StatusCode::FORBIDDEN);
    admin.post(&revoke, &[]).await.expect(StatusCode::SEE_OTHER);
    assert_eq!((works(&weak).await, works(&other).await), (false, true));
    admin.post(&revoke, &[]).await.expect(StatusCode::NOT_FOUND);
    assert!(!admin.get("/people").await.body.contains("new@example.com"));
}

#[tokio::test]
async fn whoever_is_disabled_or_changed_has_no_open_link() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Administrator).await;
    let (_, owner) = house.join(Role::Approver, "leaver@example.com").await;
    admin.get("/people").await.expect(StatusCode::OK);
    let reset = link(&mut admin, &format!("/people/{}/reset", owner.id), &[]).await;
    // Somebody who has not finished to join, and goes on with the same link.
    let join = link(&mut admin, "/people/invite", &[("email", "half@example.com"), ("role", "administrator")]).await;
    let mut half = house.browser();
    half.get(&format!("/join?token={join}")).await.expect(StatusCode::OK);
    let fields = [("token", join.as_str()), ("name", "Half"), ("password", PASSWORD)];
    half.post("/join", &fields).await.expect(StatusCode::SEE_OTHER);
    let unfinished = house.console.store.person_by_email("half@example.com").await.unwrap().unwrap();
    for (id, token, active) in [(&owner.id, &reset, "0"), (&unfinished.id, &join, "1")] {
        house.browser().get(&format!("/join?token={token}")).await.expect(StatusCode::OK);
        admin.get("/people").await.expect(StatusCode::OK);
        let fields = [("role", "viewer"), ("services", ""), ("active", active)];
        admin.post(&format!("/people/{id}"), &fields).await.expect(StatusCode::SEE_OTHER);
        house.browser().get(&format!("/join?token={token}")).await.expect(StatusCode::NOT_FOUND);
        if active == "0" {
            let fields = [("role", "viewer"), ("services", ""), ("active", "1")];
            admin.post(&format!("/people/{id}"), &fields).await.expect(StatusCode::SEE_OTHER);
            house.browser().get(&format!("/join?token={token}")).await.expect(StatusCode::NOT_FOUND);
        }
    }
}

#[tokio::test]
async fn a_page_of_an_asset_knows_who_asks() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Administrator).await;
    // Nobody has such an asset; who is signed in learns that, and is not sent to sign in again and again.
    admin.get("/assets/none").await.expect(StatusCode::NOT_FOUND);
    let posts: Vec<String> = yata_console::routes()
        .table()
        .iter()
        .filter(|route| route.method == Method::POST && route.path.starts_with("/assets/"))
        .map(|route| route.path.replace("{asset}", "none").replace("{id}", "none"))
        .collect();
    assert!(!posts.is_empty());
    for path in posts {
        assert_ne!(admin.post(&path, &[]).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    house.browser().get("/assets/none").await.expect(StatusCode::SEE_OTHER);
    // The embedded files are everybody's.
    for file in ["icon.svg", "style.css", "script.js", "passkey.js"] {
        house.browser().get(&format!("/assets/{file}")).await.expect(StatusCode::OK);
    }
}

#[tokio::test]
async fn only_a_token_that_is_ours_works_and_no_cookie_does_under_api() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Administrator).await;
    let good = house.token(&mut admin, Scope::Reader).await;
    let ask = async |value: &str| {
        let request = form(Method::GET, "/metrics", &[]);
        let (mut parts, body) = request.into_parts();
        parts.headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        answer(&house.app, http::Request::from_parts(parts, body)).await.status
    };
    assert_eq!(ask(&format!("Bearer {good}")).await, StatusCode::OK);
    assert_eq!(ask(&format!("bearer  {good}")).await, StatusCode::OK);
    // Of another service, of another scope, slipped, without its scheme.
    let foreign = {
        let other = House::new().await;
        let mut admin = other.signed_in(Role::Administrator).await;
        other.token(&mut admin, Scope::Reader).await
    };
    let sensor = house.token(&mut admin, Scope::Sensor).await;
    assert_eq!(ask(&format!("Bearer {sensor}")).await, StatusCode::FORBIDDEN);
    let renamed = good.replacen("yata_r", "yata_o", 1);
    for value in [
        format!("Bearer {foreign}"),
        format!("Bearer {renamed}"),
        format!("Bearer {}", &good[..good.len() - 1]),
        format!("Bearer {good} {good}"),
        format!("Basic {good}"),
        good.clone(),
        "Bearer".to_owned(),
        "Bearer ' OR 1=1 --".to_owned(),
    ] {
        assert_eq!(ask(&value).await, StatusCode::SEE_OTHER, "{value}");
    }
    // Revoked, and over.
    admin.get("/tokens").await.expect(StatusCode::OK);
    let tokens = house.console.store.tokens(house.console.now()).await.unwrap();
    let id = &tokens.iter().find(|token| token.scope == "reader").unwrap().id;
    admin.post(&format!("/tokens/{id}/revoke"), &[]).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(ask(&format!("Bearer {good}")).await, StatusCode::SEE_OTHER);
    let short = house.token(&mut admin, Scope::Reader).await;
    house.pass(90 * 86_400 - 1);
    assert_eq!(ask(&format!("Bearer {short}")).await, StatusCode::OK);
    house.pass(1);
    assert_eq!(ask(&format!("Bearer {short}")).await, StatusCode::SEE_OTHER);
    // A cookie opens no address for programs.
    let mut admin = house.signed_in(Role::Administrator).await;
    let missing = admin.send(with_token(Method::GET, "/api/v1/nothing-here", "x")).await;
    missing.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_token_that_says_another_scope_than_is_stored_is_none() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Administrator).await;
    let secret = house.token(&mut admin, Scope::Operator).await;
    // The same service, whose table somebody changed: the letter and the row must agree.
    let other = House::new().await;
    let now = other.console.now();
    let token = Token {
        id: "tk_1".to_owned(),
        name: "t".to_owned(),
        scope: "reader".to_owned(),
        assets: Vec::new(),
        maker_id: "pe_1".to_owned(),
        made_by: "test".to_owned(),
        made_at: now,
        expires_at: now + SignedDuration::from_hours(1),
        revoked_at: None,
        used_at: None,
    };
    other.stored_token(&token, &secret).await;
    let answer = answer(&other.app, with_token(Method::GET, "/metrics", &secret)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn tokens_are_limited_in_life_and_reach() {
    let house = House::new().await;
    let mut admin = house.signed_in(Role::Administrator).await;
    admin.get("/tokens").await.expect(StatusCode::OK);
    for fields in [
        [("name", "t"), ("scope", "sensor"), ("assets", ""), ("days", "90")],
        [("name", "t"), ("scope", "sensor"), ("assets", "a*b"), ("days", "90")],
        [("name", "t"), ("scope", "reader"), ("assets", ""), ("days", "366")],
        [("name", "t"), ("scope", "reader"), ("assets", ""), ("days", "0")],
        [("name", "t"), ("scope", "reader"), ("assets", ""), ("days", "-1")],
        [("name", ""), ("scope", "reader"), ("assets", ""), ("days", "1")],
    ] {
        admin.post("/tokens", &fields).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let fields = [("name", "t"), ("scope", "administrator"), ("assets", ""), ("days", "1")];
    admin.post("/tokens", &fields).await.expect(StatusCode::NOT_FOUND);
    let secret = house.token(&mut admin, Scope::Reader).await;
    let page = admin.get("/tokens").await;
    assert!(!page.body.contains(&secret), "a token is shown once");
}

#[tokio::test]
async fn hostile_texts_stay_texts() {
    let house = House::new().await;
    let (mut admin, _) = house.join(Role::Administrator, "admin@example.com").await;
    for (number, text) in HOSTILE.iter().enumerate() {
        let status = house.browser().show_password(text, text).await.status;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        admin.get("/people").await.expect(StatusCode::OK);
        let fields = [("email", *text), ("role", "viewer"), ("services", *text)];
        let page = admin.post("/people/invite", &fields).await;
        page.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src"), "{}", page.body);
        // As names: shown as they are, or refused.
        let email = format!("hostile-{number}@example.com");
        let (mut browser, owner) = house.join(Role::Viewer, &email).await;
        assert_eq!(owner.id, house.console.store.person_by_email(&email).await.unwrap().unwrap().id);
        browser.get("/account").await.expect(StatusCode::OK).shows(&name_of(&email));
        admin.get("/tokens").await.expect(StatusCode::OK);
        let fields = [("name", *text), ("scope", "sensor"), ("assets", "host-*"), ("days", "1")];
        let page = admin.post("/tokens", &fields).await;
        let shown = admin.get("/tokens").await;
        assert!(!shown.body.contains("<script>alert") && !shown.body.contains("<img src"), "{}", shown.body);
        assert!(matches!(page.status, StatusCode::OK | StatusCode::UNPROCESSABLE_ENTITY), "{text}: {}", page.status);
        house.browser().get("/people/%27%3B--").await;
    }
    admin.get("/people").await.expect(StatusCode::OK).shows("hostile-5@example.com");
}

#[tokio::test]
async fn cookies_are_kept_from_scripts_other_sites_and_plain_http() {
    for (url, secure) in [("http://127.0.0.1:7330", false), ("https://yata.example.jp", true)] {
        let house = House::with(|settings| url.clone_into(&mut settings.public_url)).await;
        let answer = house.browser().get("/sign-in").await;
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert_eq!((cookie.starts_with("__Host-"), cookie.contains("; Secure")), (secure, secure), "{cookie}");
    }
}
