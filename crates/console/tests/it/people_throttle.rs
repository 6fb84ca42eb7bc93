//! How often somebody may try, and whom that keeps out.

use http::StatusCode;
use yata_console::Role;

use crate::support::{Browser, House, PASSWORD};

async fn wrong(browser: &mut Browser, email: &str) -> StatusCode {
    browser.show_password(email, "not the password at all").await.status
}

/// Fails until there is a delay; how many seconds.
async fn until_delayed(browser: &mut Browser, email: &str) -> i64 {
    for _ in 0..50 {
        let answer = browser.show_password(email, "not the password at all").await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            return answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
        }
        answer.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
    panic!("fifty wrong passwords, and no delay");
}

#[tokio::test]
async fn guessing_is_delayed_for_known_and_unknown_accounts_alike() {
    let house = House::new().await;
    house.join(Role::Viewer, "victim@example.com").await;
    let mut courses = Vec::new();
    for email in ["victim@example.com", "nobody@example.com"] {
        let mut browser = house.browser();
        let mut course = Vec::new();
        for _ in 0..4 {
            let delay = until_delayed(&mut browser, email).await;
            // Not a second earlier.
            house.pass(delay - 1);
            if delay > 1 {
                assert_eq!(wrong(&mut browser, email).await, StatusCode::TOO_MANY_REQUESTS);
            }
            house.pass(1);
            course.push(delay);
        }
        courses.push(course);
    }
    assert_eq!(courses, [[1, 2, 4, 8], [1, 2, 4, 8]]);
}

#[tokio::test]
async fn a_delay_holds_for_the_right_password_and_over_a_restart() {
    let house = House::new().await;
    house.join(Role::Viewer, "victim@example.com").await;
    until_delayed(&mut house.browser(), "victim@example.com").await;
    let house = house.restarted().await;
    let answer = house.browser().show_password("victim@example.com", PASSWORD).await;
    answer.expect(StatusCode::TOO_MANY_REQUESTS);
    house.pass(1);
    let answer = house.browser().show_password("victim@example.com", PASSWORD).await;
    answer.expect(StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_locks_another_out_of_a_browser_they_signed_in_with() {
    let house = House::new().await;
    let (mut own, owner) = house.join(Role::Viewer, "victim@example.com").await;
    own.post("/sign-out", &[]).await.expect(StatusCode::FORBIDDEN);
    own.get("/account").await.expect(StatusCode::OK);
    own.post("/sign-out", &[]).await.expect(StatusCode::SEE_OTHER);
    until_delayed(&mut house.browser(), "victim@example.com").await;
    assert_eq!(wrong(&mut house.browser(), "victim@example.com").await, StatusCode::TOO_MANY_REQUESTS);
    own.sign_in(&house, &owner).await.expect(StatusCode::SEE_OTHER);
    // The cookie of one account is no way around the delay of another, and guessing with it is delayed too.
    let mut thief = house.browser();
    thief.cookies.insert("yata_device".to_owned(), own.cookies["yata_device"].clone());
    until_delayed(&mut thief, "other@example.com").await;
    assert_eq!(wrong(&mut house.browser(), "other@example.com").await, StatusCode::TOO_MANY_REQUESTS);
    until_delayed(&mut thief, "victim@example.com").await;
    thief.cookies.insert("yata_device".to_owned(), "made-up.made-up".to_owned());
    assert_eq!(wrong(&mut thief, "other@example.com").await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn one_network_cannot_try_all_accounts() {
    let house = House::new().await;
    let mut statuses = Vec::new();
    for number in 0..22 {
        let mut browser = house.browser();
        // One customer's network of IPv6.
        browser.address = Some(format!("[2001:db8:1:2::{number:x}]:5000").parse().unwrap());
        statuses.push(wrong(&mut browser, &format!("account-{number}@example.com")).await);
    }
    let delayed = |statuses: &[StatusCode]| statuses.iter().filter(|s| **s == StatusCode::TOO_MANY_REQUESTS).count();
    assert_eq!(delayed(&statuses[..20]), 0, "{statuses:?}");
    assert_eq!(delayed(&statuses[20..]), 2, "{statuses:?}");
    let mut elsewhere = house.browser();
    elsewhere.address = Some("[2001:db8:1:3::1]:5000".parse().unwrap());
    assert_eq!(wrong(&mut elsewhere, "account-0@example.com").await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn only_a_trusted_proxy_says_who_it_passes_on() {
    for (trusted, expected) in [(false, StatusCode::TOO_MANY_REQUESTS), (true, StatusCode::UNPROCESSABLE_ENTITY)] {
        let house = House::with(|settings| {
            if trusted {
                settings.trusted_proxies.push("192.0.2.1".parse().unwrap());
            }
        })
        .await;
        let mut last = StatusCode::OK;
        for number in 0..21 {
            let mut browser = house.browser();
            browser.address = Some("192.0.2.1:5000".parse().unwrap());
            let page = browser.get("/sign-in").await;
            page.expect(StatusCode::OK);
            let email = format!("account-{number}@example.com");
            let fields = [("email", email.as_str()), ("password", "no"), ("csrf", browser.csrf.as_str())];
            let mut request = crate::support::form(http::Method::POST, "/sign-in", &fields);
            let claimed = format!("203.0.113.{number}, 192.0.2.1");
            request.headers_mut().insert("x-forwarded-for", claimed.parse().unwrap());
            last = browser.send(request).await.status;
        }
        assert_eq!(last, expected, "trusted: {trusted}");
    }
}

#[tokio::test]
async fn many_at_once_are_counted_like_one_after_the_other() {
    let house = House::new().await;
    let mut tasks = Vec::new();
    for _ in 0..12 {
        let mut browser = house.browser();
        tasks.push(tokio::spawn(async move { wrong(&mut browser, "victim@example.com").await }));
    }
    let mut tried = 0;
    for task in tasks {
        tried += usize::from(task.await.unwrap() == StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(tried, 5);
}

#[tokio::test]
async fn a_clock_that_goes_back_neither_locks_for_ever_nor_unlocks() {
    let house = House::new().await;
    house.join(Role::Viewer, "victim@example.com").await;
    let mut browser = house.browser();
    for _ in 0..4 {
        let delay = until_delayed(&mut browser, "victim@example.com").await;
        house.pass(delay);
    }
    let delay = until_delayed(&mut browser, "victim@example.com").await;
    assert_eq!(delay, 16);
    house.pass(-365 * 24 * 60 * 60);
    let answer = browser.show_password("victim@example.com", PASSWORD).await;
    answer.expect(StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers["retry-after"], "16");
    house.pass(16);
    browser.show_password("victim@example.com", PASSWORD).await.expect(StatusCode::SEE_OTHER);
}

/// A browser in the office that all of a test share.
fn in_office(house: &House) -> Browser {
    Browser { address: Some("203.0.113.7:5000".parse().unwrap()), ..house.browser() }
}

/// As many wrong passwords from the office as are free, each for another account.
async fn use_up_the_office(house: &House) {
    for number in 0..20 {
        let status = wrong(&mut in_office(house), &format!("mistyped-{number}@example.com")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
    }
}

#[tokio::test]
async fn who_signs_in_counts_nothing_for_the_office() {
    let house = House::new().await;
    house.join(Role::Viewer, "right@example.com").await;
    use_up_the_office(&house).await;
    house.pass(1);
    // A right password begins no delay for the next one, and counts as no failure.
    for _ in 0..5 {
        let answer = in_office(&house).show_password("right@example.com", PASSWORD).await;
        answer.expect(StatusCode::SEE_OTHER);
    }
    assert_eq!(until_delayed(&mut in_office(&house), "mistyped@example.com").await, 2);
}

#[tokio::test]
async fn an_office_that_mistypes_all_day_long_is_not_shut_out() {
    let house = House::new().await;
    for number in 0..200 {
        let status = wrong(&mut in_office(&house), &format!("mistyped-{number}@example.com")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
        house.pass(10 * 60);
    }
}

#[tokio::test]
async fn a_known_browser_is_not_kept_out_by_its_network() {
    let house = House::new().await;
    let (mut own, owner) = house.join(Role::Viewer, "own@example.com").await;
    own.get("/account").await.expect(StatusCode::OK);
    own.post("/sign-out", &[]).await.expect(StatusCode::SEE_OTHER);
    use_up_the_office(&house).await;
    wrong(&mut in_office(&house), "mistyped@example.com").await;
    let mut stranger = in_office(&house);
    for _ in 0..2 {
        stranger.show_password("own@example.com", PASSWORD).await.expect(StatusCode::TOO_MANY_REQUESTS);
    }
    own.address = stranger.address;
    own.show_password(&owner.email, PASSWORD).await.expect(StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_has_to_wait_writes_nothing() {
    let house = House::new().await;
    use_up_the_office(&house).await;
    let stored = house.stored();
    for number in 0..10 {
        let status = wrong(&mut in_office(&house), &format!("blocked-{number}@example.com")).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{number}");
    }
    assert!(house.stored() == stored, "something was written");
}

#[tokio::test]
async fn a_passkey_from_outside_counts_against_no_second_factor() {
    let house = House::new().await;
    let (_, owner) = house.join(Role::Viewer, "victim@example.com").await;
    let mut outsider = house.browser();
    outsider.get("/sign-in").await.expect(StatusCode::OK);
    for _ in 0..5 {
        let answer = outsider.post("/sign-in/passkey", &[("id", "victim@example.com")]).await;
        answer.expect(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut victim = house.browser();
    victim.sign_in(&house, &owner).await.expect(StatusCode::SEE_OTHER);
}
