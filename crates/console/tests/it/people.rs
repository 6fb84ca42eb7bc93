//! Accounts from the first one on: signing up, in and out, and what goes wrong with it.

use http::StatusCode;
use yata_console::{Clock, Console, Role, Scope};

use crate::support::{House, PASSWORD, between, with_token};
use http::Method;

#[tokio::test]
async fn the_first_account_comes_by_a_link_that_works_once() {
    let house = House::new().await;
    let link = house.console.first_link().await.unwrap().unwrap();
    let path = link.strip_prefix("http://127.0.0.1:7330").unwrap();
    let mut browser = house.browser();
    browser.get(path).await.expect(StatusCode::OK).shows("Your account");
    let token = between(path, "token=", "#").unwrap_or_else(|| path.split("token=").nth(1).unwrap().to_owned());
    let fields =
        [("token", token.as_str()), ("name", "Hanako"), ("email", "Hanako@Example.com"), ("password", PASSWORD)];
    let next = browser.post("/join", &fields).await;
    assert_eq!(next.expect(StatusCode::SEE_OTHER).location(), "/account/factor");
    // Half-way nobody is signed in.
    assert_eq!(browser.get("/account").await.expect(StatusCode::SEE_OTHER).location(), "/sign-in?next=%2Faccount");
    let page = browser.get("/account/factor").await;
    page.expect(StatusCode::OK).shows("<svg").shows("otp");
}

#[tokio::test]
async fn somebody_who_joined_is_signed_in_and_signs_in_again() {
    let house = House::new().await;
    let (mut browser, owner) = house.join(Role::Administrator, "admin@example.com").await;
    browser.get("/account").await.expect(StatusCode::OK).shows("admin@example.com");
    assert_eq!(owner.codes.len(), 10);
    assert_eq!(house.console.first_link().await.unwrap(), None);
    browser.get("/people").await.expect(StatusCode::OK);
    let done = browser.post("/sign-out", &[]).await;
    assert_eq!(done.expect(StatusCode::SEE_OTHER).location(), "/sign-in");
    assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);
    let done = browser.sign_in(&house, &owner).await;
    assert_eq!(done.expect(StatusCode::SEE_OTHER).location(), "/");
    browser.get("/account").await.expect(StatusCode::OK);
    let token = house.token(&mut browser, Scope::Operator).await;
    let answer = house.browser().send(with_token(Method::GET, "/api/v1/nothing-here", &token)).await;
    answer.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_key_than_the_one_of_the_database_is_noticed() {
    let house = House::new().await;
    assert!(house.console.keeps_key(false).await.unwrap(), "the first one is kept");
    assert!(house.console.keeps_key(false).await.unwrap());
    let mut settings = house.console.settings.clone();
    settings.secret = [43; 32];
    let other = Console::new(house.console.store.clone(), settings, Clock::system());
    assert!(!other.keeps_key(false).await.unwrap());
    assert!(!other.keeps_key(false).await.unwrap(), "looking changes nothing");
    assert!(house.console.keeps_key(false).await.unwrap());
    assert!(other.keeps_key(true).await.unwrap() && !house.console.keeps_key(false).await.unwrap());
}
