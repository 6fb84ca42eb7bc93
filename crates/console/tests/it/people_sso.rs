//! Single sign-on with a real provider: the program `oidc-provider`, on loopback.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use http::StatusCode;
use serde_json::json;
use yata_console::{OidcSettings, Role};
use yata_store::Change;

use crate::support::{Answer, Browser, House, PASSWORD, between};

/// The service's own address: the provider knows it, nobody listens there.
const PUBLIC_URL: &str = "http://localhost:7330";

/// Most redirections at the provider.
const MAX_STEPS: usize = 10;

/// A provider that runs until it is dropped.
struct Provider {
    child: Child,
    issuer: String,
    /// Held open: the provider ends where nobody would read what it says.
    _said: BufReader<ChildStdout>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder with the provider's packages; `None` where there is no node, or no way to get them.
fn packages() -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oidc");
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["package.json", "package-lock.json", "provider.mjs"] {
        std::fs::copy(source.join(name), folder.join(name)).unwrap();
    }
    if !Command::new("node").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
        println!("skipped: needs node");
        return None;
    }
    if folder.join("node_modules/oidc-provider/package.json").exists() {
        return Some(folder);
    }
    let install = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
    let install = Command::new("npm").args(install).current_dir(&folder).output();
    if !install.is_ok_and(|output| output.status.success()) {
        println!("skipped: needs node, and the packages of tests/oidc/package-lock.json");
        return None;
    }
    Some(folder)
}

fn start(folder: &Path) -> Provider {
    let people = json!({
        "hanako": { "name": "Hanako Yamada", "email": "hanako@example.com", "email_verified": true, "groups": ["security", "staff"] },
        "taro": { "name": "Taro", "email": "taro@example.com", "email_verified": true, "groups": ["staff"] },
        "jiro": { "name": "Jiro", "email": "jiro@example.com", "email_verified": false, "groups": ["security"] },
        "local": { "name": "L", "email": "local@example.com", "email_verified": true, "groups": ["security"] },
    });
    let mut child = Command::new("node")
        .arg("provider.mjs")
        .current_dir(folder)
        .env("PEOPLE", people.to_string())
        .env("REDIRECT_URI", format!("{PUBLIC_URL}/sign-in/sso/callback"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("issuer ") {
        line.clear();
        assert_ne!(said.read_line(&mut line).unwrap(), 0, "the provider ended");
    }
    let issuer = line.trim_start_matches("issuer ").trim().to_owned();
    Provider { child, issuer, _said: said }
}

impl Provider {
    async fn tell(&self, what: &str) {
        client().post(format!("{}/test/{what}", self.issuer)).send().await.unwrap().error_for_status().unwrap();
    }

    /// What the provider does with a browser that was sent there: the address it sends it back to.
    async fn visit(&self, address: &str) -> String {
        let (client, mut cookies) = (client(), BTreeMap::new());
        let mut next = address.to_owned();
        for _ in 0..MAX_STEPS {
            let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = client.get(&next).header("cookie", pairs.join("; ")).send().await.unwrap();
            for value in answer.headers().get_all("set-cookie") {
                let pair = value.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                cookies.insert(name.to_owned(), value.to_owned());
            }
            let place = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
            let place = match place {
                Some(place) => place,
                None => panic!("the provider shows a page: {}", answer.text().await.unwrap()),
            };
            next = if place.starts_with('/') { format!("{}{place}", self.issuer) } else { place };
            if let Some(path) = next.strip_prefix(PUBLIC_URL) {
                return path.to_owned();
            }
        }
        panic!("the provider never comes to an end");
    }

    /// The whole way, from our page and back to it.
    async fn sign_in(&self, browser: &mut Browser, who: &str) -> Answer {
        self.tell(&format!("as/{who}")).await;
        let sent = browser.get("/sign-in/sso?next=/account").await;
        let back = self.visit(sent.expect(StatusCode::SEE_OTHER).location()).await;
        browser.get(&back).await
    }

    async fn house(&self) -> House {
        let oidc = OidcSettings {
            issuer: self.issuer.clone(),
            client_id: "yata".to_owned(),
            client_secret: "a secret of the test, long enough for its use".to_owned(),
            name: "Minato ID".to_owned(),
            extra_scopes: Vec::new(),
            groups_claim: "groups".to_owned(),
            role_by_group: [("security".to_owned(), Role::Analyst), ("board".to_owned(), Role::Viewer)].into(),
        };
        House::of_today(|settings| {
            PUBLIC_URL.clone_into(&mut settings.public_url);
            settings.oidc = Some(oidc);
        })
        .await
    }
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.tls_certs_only([]).build().unwrap()
}

#[tokio::test]
async fn single_sign_on_with_a_real_provider() {
    let Some(folder) = packages() else { return };
    let provider = start(&folder);
    let house = provider.house().await;
    signs_in_and_maps_groups(&provider, &house).await;
    refuses_who_has_no_role_or_no_address(&provider, &house).await;
    refuses_what_does_not_belong_to_the_browser(&provider, &house).await;
    connects_an_account(&provider, &house).await;
    // New keys, and another algorithm: found without a restart of ours, but not asked for all the time.
    house.pass(31);
    provider.sign_in(&mut house.browser(), "hanako").await.expect(StatusCode::SEE_OTHER);
    provider.tell("new-keys/ES256").await;
    provider.sign_in(&mut house.browser(), "hanako").await.expect(StatusCode::SEE_OTHER);
    provider.tell("new-keys/RS256").await;
    provider.sign_in(&mut house.browser(), "hanako").await.expect(StatusCode::FORBIDDEN).shows("token-wrong");
    house.pass(31);
    provider.sign_in(&mut house.browser(), "hanako").await.expect(StatusCode::SEE_OTHER);
}

async fn signs_in_and_maps_groups(provider: &Provider, house: &House) {
    let mut browser = house.browser();
    browser.get("/sign-in").await.expect(StatusCode::OK).shows("Minato ID");
    let done = provider.sign_in(&mut browser, "hanako").await;
    assert_eq!(done.expect(StatusCode::SEE_OTHER).location(), "/account");
    browser.get("/account").await.expect(StatusCode::OK).shows("Hanako Yamada").shows("hanako@example.com");
    let store = &house.console.store;
    let person = store.person_by_email("hanako@example.com").await.unwrap().unwrap();
    assert_eq!((person.role.as_str(), person.has_password), ("analyst", false));
    // A password does not open it.
    house.browser().show_password("hanako@example.com", "").await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    // The same account the next time; the role is that of the groups again.
    let standing = yata_store::Standing { role: "administrator", services: &[], active: true };
    let act = yata_store::Act::new("person.changed", &yata_store::Actor::system());
    store.set_standing(&person.id, &standing, &act, house.console.now()).await.unwrap();
    house.join(Role::Administrator, "admin@example.com").await;
    provider.sign_in(&mut house.browser(), "hanako").await.expect(StatusCode::SEE_OTHER);
    let again = store.person_by_email("hanako@example.com").await.unwrap().unwrap();
    assert_eq!((again.id, again.role.as_str()), (person.id.clone(), "analyst"));
    let standing = yata_store::Standing { role: "analyst", services: &[], active: false };
    store.set_standing(&person.id, &standing, &act, house.console.now()).await.unwrap();
    provider.sign_in(&mut house.browser(), "hanako").await.expect(StatusCode::FORBIDDEN).shows("disabled");
    let standing = yata_store::Standing { role: "analyst", services: &[], active: true };
    store.set_standing(&person.id, &standing, &act, house.console.now()).await.unwrap();
}

async fn refuses_who_has_no_role_or_no_address(provider: &Provider, house: &House) {
    let mut browser = house.browser();
    provider.sign_in(&mut browser, "taro").await.expect(StatusCode::FORBIDDEN).shows("none of your groups");
    assert_eq!(house.console.store.person_by_email("taro@example.com").await.unwrap(), None);
    assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);
    provider.sign_in(&mut browser, "jiro").await.expect(StatusCode::FORBIDDEN).shows("no-address");
    house.join(Role::Viewer, "local@example.com").await;
    provider.sign_in(&mut browser, "local").await.expect(StatusCode::FORBIDDEN).shows("does not use single sign-on");
}

async fn refuses_what_does_not_belong_to_the_browser(provider: &Provider, house: &House) {
    provider.tell("as/hanako").await;
    let mut victim = house.browser();
    let sent = victim.get("/sign-in/sso").await;
    let back = provider.visit(sent.expect(StatusCode::SEE_OTHER).location()).await;
    // Another browser, a changed state, an answer without code, another issuer.
    house.browser().get(&back).await.expect(StatusCode::FORBIDDEN).shows("state-wrong");
    let mut copy = victim.clone();
    copy.get(&back.replace("state=", "state=x")).await.expect(StatusCode::FORBIDDEN).shows("state-wrong");
    let state = between(&format!("{back}&"), "state=", "&").unwrap();
    let mut copy = victim.clone();
    let mixed = format!("/sign-in/sso/callback?code=x&state={state}&iss=https%3A%2F%2Fevil.example");
    copy.get(&mixed).await.expect(StatusCode::FORBIDDEN).shows("issuer-wrong");
    // That used the state up: the true answer comes too late.
    victim.get(&back).await.expect(StatusCode::FORBIDDEN).shows("state-used");
    let sent = victim.get("/sign-in/sso").await;
    let back = provider.visit(sent.expect(StatusCode::SEE_OTHER).location()).await;
    let mut again = victim.clone();
    victim.get(&back).await.expect(StatusCode::SEE_OTHER);
    again.get(&back).await.expect(StatusCode::FORBIDDEN).shows("state-used");
    // A code of somebody else, given to our own state.
    let mut attacker = house.browser();
    let sent = attacker.get("/sign-in/sso").await;
    let stolen = provider.visit(sent.expect(StatusCode::SEE_OTHER).location()).await;
    let code = between(&format!("{stolen}&"), "code=", "&").unwrap();
    let mut victim = house.browser();
    let sent = victim.get("/sign-in/sso").await;
    let back = provider.visit(sent.expect(StatusCode::SEE_OTHER).location()).await;
    let own = between(&format!("{back}&"), "code=", "&").unwrap();
    victim.get(&back.replace(&own, &code)).await.expect(StatusCode::FORBIDDEN).shows("provider-refused");
}

async fn connects_an_account(provider: &Provider, house: &House) {
    let (mut browser, owner) = house.join(Role::Administrator, "own@example.com").await;
    provider.tell("as/jiro").await;
    browser.get("/account").await.expect(StatusCode::OK);
    let page = browser.post("/account/sso", &[("password", PASSWORD)]).await;
    let place = between(&page.expect(StatusCode::OK).body, "id=\"provider\" href=\"", "\"").unwrap();
    let back = provider.visit(&place.replace("&amp;", "&")).await;
    browser.get(&back).await.expect(StatusCode::SEE_OTHER);
    let person = house.console.store.person(&owner.id).await.unwrap().unwrap();
    assert!(person.has_oidc && person.has_password);
    browser.get("/account").await.expect(StatusCode::OK);
    let again = browser.post("/account/sso", &[("password", PASSWORD)]).await;
    again.expect(StatusCode::UNPROCESSABLE_ENTITY).shows("connected already");
    // From now on the provider leads there, and its groups say the role; but somebody stays administrator.
    let admin = house.console.store.person_by_email("admin@example.com").await.unwrap().unwrap();
    let act = yata_store::Act::new("person.changed", &yata_store::Actor::system());
    let standing = yata_store::Standing { role: "viewer", services: &[], active: true };
    house.console.store.set_standing(&admin.id, &standing, &act, house.console.now()).await.unwrap();
    let mut other = house.browser();
    provider.sign_in(&mut other, "jiro").await.expect(StatusCode::FORBIDDEN).shows("the last one here");
    assert_eq!(house.console.store.person(&owner.id).await.unwrap().unwrap().role, "administrator");
    let standing = yata_store::Standing { role: "administrator", services: &[], active: true };
    house.console.store.set_standing(&admin.id, &standing, &act, house.console.now()).await.unwrap();
    provider.sign_in(&mut other, "jiro").await.expect(StatusCode::SEE_OTHER);
    other.get("/account").await.expect(StatusCode::OK).shows("own@example.com");
    // Disconnected with the password, and by a new way to sign in.
    other.post("/account/sso/disconnect", &[("password", "wrong")]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    other.post("/account/sso/disconnect", &[("password", PASSWORD)]).await.expect(StatusCode::SEE_OTHER);
    assert!(!house.console.store.person(&owner.id).await.unwrap().unwrap().has_oidc);
}

/// A provider where nobody listens: port 1.
fn nobody() -> OidcSettings {
    OidcSettings {
        issuer: "http://127.0.0.1:1".to_owned(),
        client_id: "yata".to_owned(),
        client_secret: "secret".to_owned(),
        name: "Minato ID".to_owned(),
        extra_scopes: Vec::new(),
        groups_claim: "groups".to_owned(),
        role_by_group: BTreeMap::new(),
    }
}

#[tokio::test]
async fn only_who_knows_the_password_connects_an_account() {
    let house = House::with(|settings| settings.oidc = Some(nobody())).await;
    let (mut browser, owner) = house.join(Role::Viewer, "own@example.com").await;
    // A link from elsewhere only leads on.
    let sent = browser.get("/sign-in/sso?next=/account").await;
    assert_eq!(sent.expect(StatusCode::SEE_OTHER).location(), "/account");
    browser.get("/account").await.expect(StatusCode::OK);
    browser.post("/account/sso", &[]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    browser.post_bare("/account/sso", &[("password", PASSWORD)]).await.expect(StatusCode::FORBIDDEN);
    let tried = browser.post("/account/sso", &[("password", PASSWORD)]).await;
    tried.expect(StatusCode::FORBIDDEN).shows("provider-unreachable");
    let (store, now) = (&house.console.store, house.console.now());
    let act = yata_store::Act::new("person.connected", &yata_store::Actor::system());
    assert_eq!(store.set_subject(&owner.id, "issuer a", &act, now).await.unwrap(), Change::Done);
    assert_eq!(store.set_subject(&owner.id, "issuer b", &act, now).await.unwrap(), Change::NotThere);
    browser.get("/account").await.expect(StatusCode::OK);
    let again = browser.post("/account/sso", &[("password", PASSWORD)]).await;
    again.expect(StatusCode::UNPROCESSABLE_ENTITY).shows("connected already");
    // Whoever gets a new way to sign in has lost the old ones.
    let mut admin = house.signed_in(Role::Administrator).await;
    let page = admin.post(&format!("/people/{}/reset", owner.id), &[]).await;
    let token = between(&page.expect(StatusCode::OK).body, "token=", "<").unwrap();
    let mut reset = house.browser();
    reset.get(&format!("/join?token={token}")).await.expect(StatusCode::OK);
    let fields = [("token", token.as_str()), ("password", "a third kettle in the garden")];
    reset.post("/join", &fields).await.expect(StatusCode::SEE_OTHER);
    assert!(store.person_by_subject("issuer a").await.unwrap().is_none());
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_not_written_down_and_not_taken_without_end() {
    let house = House::with(|settings| settings.oidc = Some(nobody())).await;
    let stored = house.stored();
    for path in ["/sign-in/sso/callback", "/sign-in/sso/callback?state=x&code=y", "/sign-in/sso"] {
        house.browser().get(path).await.expect(StatusCode::FORBIDDEN);
    }
    assert!(house.stored() == stored, "something was written");
    for path in ["/sign-in/sso/callback", "/sign-in/sso"] {
        let mut browser = house.browser();
        browser.address = Some("203.0.113.9:5000".parse().unwrap());
        let mut last = StatusCode::OK;
        for _ in 0..101 {
            last = browser.get(path).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "{path}");
        house.pass(24 * 3600 + 1);
    }
    let mut signed_in = house.signed_in(Role::Viewer).await;
    let long = format!("/{}", "a".repeat(2_000));
    assert_eq!(signed_in.get(&format!("/sign-in/sso?next={long}")).await.location(), "/");
    assert_eq!(signed_in.get(&format!("/sign-in/sso?next={}", &long[..2_000])).await.location(), &long[..2_000]);
}

#[tokio::test]
async fn a_provider_that_is_gone_leaves_the_other_ways() {
    let house = House::of_today(|settings| {
        settings.oidc = Some(nobody());
    })
    .await;
    let mut browser = house.browser();
    browser.get("/sign-in/sso").await.expect(StatusCode::FORBIDDEN).shows("provider-unreachable");
    browser.get("/sign-in").await.expect(StatusCode::OK);
    let none = House::new().await;
    none.browser().get("/sign-in/sso").await.expect(StatusCode::NOT_FOUND);
}
