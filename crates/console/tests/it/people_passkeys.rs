//! Passkeys, with an authenticator written here: what a real one signs, and what a false one would.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use yata_console::Role;

use crate::support::{Answer, Browser, House, PASSWORD, between};

const ORIGIN: &str = "http://localhost:7330";

/// A key pair, with the bytes that it can be read from again.
enum Key {
    Es256(EcdsaKeyPair, Vec<u8>),
    EdDsa(Ed25519KeyPair),
}

/// What an authenticator does, and each thing that it may do wrong.
struct Authenticator {
    key: Key,
    id: Vec<u8>,
    counter: u32,
    origin: &'static str,
    rp_id: &'static str,
    flags: u8,
    kind: Option<&'static str>,
    user_handle: Option<&'static str>,
}

fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn cbor_bytes(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    [&[0x59], length.to_be_bytes().as_slice(), bytes].concat()
}

fn es256(pkcs8: &[u8]) -> Key {
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &SystemRandom::new()).unwrap();
    Key::Es256(key, pkcs8.to_vec())
}

impl Authenticator {
    fn new(ed: bool) -> Self {
        let random = SystemRandom::new();
        let key = if ed {
            Key::EdDsa(Ed25519KeyPair::from_pkcs8(Ed25519KeyPair::generate_pkcs8(&random).unwrap().as_ref()).unwrap())
        } else {
            let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
            es256(pkcs8.as_ref())
        };
        let id = b"credential of the test".to_vec();
        Authenticator {
            key,
            id,
            counter: 0,
            origin: ORIGIN,
            rp_id: "localhost",
            flags: 5,
            kind: None,
            user_handle: None,
        }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let kind = self.kind.unwrap_or(kind);
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin }).to_string().into_bytes()
    }

    fn authenticator_data(&self, more: u8) -> Vec<u8> {
        let service = Sha256::digest(self.rp_id.as_bytes());
        [service.as_slice(), &[self.flags | more], &self.counter.to_be_bytes()].concat()
    }

    fn cose_key(&self) -> Vec<u8> {
        match &self.key {
            Key::Es256(key, _) => {
                let point = key.public_key().as_ref();
                let head = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01];
                [&head, [0x21].as_slice(), &cbor_bytes(&point[1..33]), &[0x22], &cbor_bytes(&point[33..])].concat()
            }
            Key::EdDsa(key) => {
                let head = [0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06];
                [&head, [0x21].as_slice(), &cbor_bytes(key.public_key().as_ref())].concat()
            }
        }
    }

    fn attestation(&self) -> Vec<u8> {
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [&self.authenticator_data(0x40), [0; 16].as_slice(), &length, &self.id, &self.cose_key()].concat();
        let head = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData";
        [head.as_slice(), &cbor_bytes(&data)].concat()
    }

    fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Es256(key, _) => key.sign(&SystemRandom::new(), bytes).unwrap().as_ref().to_vec(),
            Key::EdDsa(key) => key.sign(bytes).as_ref().to_vec(),
        }
    }

    /// Adds itself with the form of the page.
    async fn add(&self, browser: &mut Browser, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        let options = options(page, "create");
        let (client_data, attestation) =
            (b64(&self.client_data("webauthn.create", &options)), b64(&self.attestation()));
        let own = [("id", b64(&self.id)), ("client_data", client_data), ("attestation", attestation)];
        let own = own.iter().map(|(name, value)| (*name, value.as_str()));
        browser.post("/account/passkeys", &own.chain(fields.iter().copied()).collect::<Vec<_>>()).await
    }

    fn answer(&self, options: &Value) -> Vec<(&'static str, String)> {
        let client_data = self.client_data("webauthn.get", options);
        let data = self.authenticator_data(0);
        let signature = self.sign(&[data.as_slice(), &Sha256::digest(&client_data)].concat());
        let handle = self.user_handle.map(|handle| b64(handle.as_bytes())).unwrap_or_default();
        vec![
            ("id", b64(&self.id)),
            ("client_data", b64(&client_data)),
            ("authenticator_data", b64(&data)),
            ("signature", b64(&signature)),
            ("user_handle", handle),
        ]
    }

    /// Signs in with the form of the page.
    async fn sign_in(&self, browser: &mut Browser, page: &Answer) -> Answer {
        post(browser, &self.answer(&options(page, "get"))).await
    }
}

async fn post(browser: &mut Browser, fields: &[(&'static str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post("/sign-in/passkey", &fields).await
}

fn options(page: &Answer, kind: &str) -> Value {
    let before = format!("data-passkey=\"{kind}\" data-options=\"");
    let text = between(&page.body, &before, "\"").unwrap_or_else(|| panic!("no form in {}", page.body));
    serde_json::from_str(&text.replace("&quot;", "\"").replace("&amp;", "&")).unwrap()
}

async fn house() -> House {
    House::with(|settings| ORIGIN.clone_into(&mut settings.public_url)).await
}

/// Somebody with one-time codes and this passkey.
async fn with_passkey(house: &House, authenticator: &Authenticator) -> Browser {
    let (mut browser, _) = house.join(Role::Viewer, "person@example.com").await;
    let page = browser.get("/account/factor").await;
    page.expect(StatusCode::OK);
    let added = authenticator.add(&mut browser, &page, &[("name", "Phone"), ("password", PASSWORD)]).await;
    assert_eq!(added.expect(StatusCode::SEE_OTHER).location(), "/account");
    browser.get("/account").await.expect(StatusCode::OK).shows("Phone");
    browser
}

#[tokio::test]
async fn a_passkey_signs_in_alone_and_as_second_factor() {
    for ed in [false, true] {
        let house = house().await;
        let authenticator = Authenticator::new(ed);
        with_passkey(&house, &authenticator).await;
        let mut browser = house.browser();
        let page = browser.get("/sign-in").await;
        assert_eq!(options(&page, "get")["allowCredentials"], json!([]));
        authenticator.sign_in(&mut browser, &page).await.expect(StatusCode::SEE_OTHER);
        browser.get("/account").await.expect(StatusCode::OK);
        let mut browser = house.browser();
        browser.show_password("person@example.com", PASSWORD).await.expect(StatusCode::SEE_OTHER);
        let page = browser.get("/sign-in/second").await;
        assert_eq!(options(&page, "get")["allowCredentials"][0]["id"], b64(&authenticator.id));
        authenticator.sign_in(&mut browser, &page).await.expect(StatusCode::SEE_OTHER);
        browser.get("/account").await.expect(StatusCode::OK);
    }
}

#[tokio::test]
async fn an_account_can_begin_with_a_passkey() {
    let house = house().await;
    let link = house.console.first_link().await.unwrap().unwrap();
    let mut browser = house.browser();
    browser.get(link.strip_prefix(ORIGIN).unwrap()).await.expect(StatusCode::OK);
    let token = link.split("token=").nth(1).unwrap();
    let fields = [("token", token), ("name", "A"), ("email", "a@example.com"), ("password", PASSWORD)];
    browser.post("/join", &fields).await.expect(StatusCode::SEE_OTHER);
    let page = browser.get("/account/factor").await;
    let done = Authenticator::new(false).add(&mut browser, &page, &[("name", "Key")]).await;
    done.expect(StatusCode::OK).shows("Recovery codes");
    browser.get("/people").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn what_a_false_authenticator_sends_signs_nobody_in() {
    let house = house().await;
    let good = Authenticator::new(false);
    with_passkey(&house, &good).await;
    let with = |change: fn(&mut Authenticator)| {
        let Key::Es256(_, pkcs8) = &good.key else { panic!("ES256") };
        // With the right key: the signature must not be what fails.
        let mut false_one = Authenticator { key: es256(pkcs8), ..Authenticator::new(false) };
        change(&mut false_one);
        false_one
    };
    let cases: [(&str, fn(&mut Authenticator)); 7] = [
        ("another site", |a| a.origin = "https://evil.example"),
        ("another service", |a| a.rp_id = "evil.example"),
        ("nobody there", |a| a.flags = 4),
        ("user not verified", |a| a.flags = 1),
        ("another ceremony", |a| a.kind = Some("webauthn.create")),
        ("another owner", |a| a.user_handle = Some("pe_somebody")),
        ("an unknown key", |a| a.id = b"unknown".to_vec()),
    ];
    for (what, change) in cases {
        let mut browser = house.browser();
        let page = browser.get("/sign-in").await;
        let answer = with(change).sign_in(&mut browser, &page).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER, "{what}");
        house.pass(3600);
    }
    let other = Authenticator { id: good.id.clone(), ..Authenticator::new(false) };
    let mut browser = house.browser();
    let page = browser.get("/sign-in").await;
    other.sign_in(&mut browser, &page).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_challenge_works_once_for_its_own_form_and_not_for_long() {
    let house = house().await;
    let authenticator = Authenticator::new(false);
    with_passkey(&house, &authenticator).await;
    let mut first = house.browser();
    let page = first.get("/sign-in").await;
    let answer = authenticator.answer(&options(&page, "get"));
    // In another browser.
    let mut other = house.browser();
    other.get("/sign-in").await;
    post(&mut other, &answer).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    // In its own browser, once: the same browser again, as it was before.
    let mut again = first.clone();
    post(&mut first, &answer).await.expect(StatusCode::SEE_OTHER);
    post(&mut again, &answer).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    // Late.
    let mut late = house.browser();
    let page = late.get("/sign-in").await;
    let answer = authenticator.answer(&options(&page, "get"));
    house.pass(601);
    post(&mut late, &answer).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_counter_that_does_not_grow_is_a_copy() {
    let house = house().await;
    let mut authenticator = Authenticator::new(false);
    authenticator.counter = 7;
    with_passkey(&house, &authenticator).await;
    for (counter, status) in [
        (7, StatusCode::UNPROCESSABLE_ENTITY),
        (6, StatusCode::UNPROCESSABLE_ENTITY),
        (0, StatusCode::UNPROCESSABLE_ENTITY),
        (9, StatusCode::SEE_OTHER),
        (8, StatusCode::UNPROCESSABLE_ENTITY),
        (10, StatusCode::SEE_OTHER),
    ] {
        authenticator.counter = counter;
        let mut browser = house.browser();
        let page = browser.get("/sign-in").await;
        assert_eq!(authenticator.sign_in(&mut browser, &page).await.status, status, "{counter}");
    }
}

#[tokio::test]
async fn after_a_password_only_a_passkey_of_the_same_person_counts() {
    let house = house().await;
    let authenticator = Authenticator::new(false);
    with_passkey(&house, &authenticator).await;
    house.join(Role::Administrator, "admin@example.com").await;
    let mut browser = house.browser();
    browser.show_password("admin@example.com", PASSWORD).await.expect(StatusCode::SEE_OTHER);
    browser.get("/sign-in/second").await.expect(StatusCode::OK);
    // The challenge of a form of nobody's, which the page of this person does not offer.
    let mut other = house.browser();
    let page = other.get("/sign-in").await;
    authenticator.sign_in(&mut browser, &page).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.get("/people").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_last_factor_stays_and_none_goes_without_the_password() {
    let house = house().await;
    let authenticator = Authenticator::new(false);
    let mut browser = with_passkey(&house, &authenticator).await;
    let remove = "/account/factor/remove";
    browser.post(remove, &[("password", "wrong"), ("passkey", "")]).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    browser.post(remove, &[("password", PASSWORD), ("passkey", "")]).await.expect(StatusCode::SEE_OTHER);
    let id = b64(&authenticator.id);
    let page = browser.get("/account").await;
    page.expect(StatusCode::OK);
    let last = browser.post(remove, &[("password", PASSWORD), ("passkey", &id)]).await;
    last.expect(StatusCode::UNPROCESSABLE_ENTITY).shows("last second factor");
}

#[tokio::test]
async fn an_address_in_capitals_with_its_port_lets_passkeys_in() {
    let house = House::with(|settings| settings.public_url = "HTTPS://Yata.Example.JP:443".to_owned()).await;
    let authenticator =
        Authenticator { origin: "https://yata.example.jp", rp_id: "yata.example.jp", ..Authenticator::new(false) };
    with_passkey(&house, &authenticator).await;
    let mut browser = house.browser();
    let page = browser.get("/sign-in").await;
    authenticator.sign_in(&mut browser, &page).await.expect(StatusCode::SEE_OTHER);
}
