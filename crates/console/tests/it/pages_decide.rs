//! What people decide: who may, who must approve, and what happens when two decide at once.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use http::StatusCode;
use yata_console::Role;
use yata_model::FindingState;
use yata_store::{FindingStatus, Paging, QueueFilter};
use yata_words::Lang;

use crate::pages_support::{TODAY, World, noon, person};

/// The findings of a service, and the others.
async fn findings_of(world: &World, service: &str) -> (Vec<String>, Vec<String>) {
    let page =
        world.console.store.queue(&QueueFilter::default(), &Paging { after: None, limit: 500 }, false).await.unwrap();
    let (own, other): (Vec<_>, Vec<_>) = page.rows.into_iter().partition(|row| row.service.as_deref() == Some(service));
    let ids = |rows: Vec<yata_store::QueueRow>| rows.into_iter().map(|row| row.finding.id).collect();
    (ids(own), ids(other))
}

async fn status(world: &World, id: &str) -> FindingStatus {
    world.console.store.judged(id, TODAY).await.unwrap().unwrap().status
}

fn form<'a>(items: &'a [String], deed: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = items.iter().map(|item| ("item", item.as_str())).collect();
    fields.extend([("deed", deed), ("until", "2027-02-28"), ("why", "replaced in March"), ("assignee", "Kato")]);
    fields
}

fn items(ids: &[String]) -> Vec<String> {
    ids.iter().map(|id| format!("{id}|open")).collect()
}

#[tokio::test]
async fn each_item_of_a_bulk_decision_says_what_became_of_it() {
    let world = World::estate().await;
    let (own, other) = findings_of(&world, "billing").await;
    let owner = person("owner", Role::Owner, &["billing"], Lang::En);
    let mut all = items(&own);
    all.extend(items(&other));
    all.push("fi_00000000000000000000|open".to_owned());
    let (status_code, page) = world.post(&owner, "/queue/act", &form(&all, "false-positive")).await;
    assert_eq!(status_code, StatusCode::OK, "{page}");
    assert_eq!(page.matches(">Done<").count(), own.len());
    assert_eq!(page.matches("not yours").count(), other.len());
    assert_eq!(page.matches("no such finding").count(), 1);
    for id in &own {
        assert_eq!(status(&world, id).await, FindingStatus::FalsePositive);
    }
    for id in &other {
        assert_eq!(status(&world, id).await, FindingStatus::Open);
    }
}

#[tokio::test]
async fn an_owner_decides_about_own_services_only() {
    let world = World::estate().await;
    let (_, other) = findings_of(&world, "billing").await;
    let owner = person("owner", Role::Owner, &["billing"], Lang::En);
    let path = format!("/findings/{}/act", other[0]);
    let (code, _) = world.post(&owner, &path, &form(&items(&other[..1]), "assign")).await;
    assert_eq!(code, StatusCode::FORBIDDEN);
    assert!(!world.page(&owner, &format!("/findings/{}", other[0])).await.contains("name=\"deed\""));
    let viewer = person("viewer", Role::Viewer, &[], Lang::En);
    let (code, _) = world.post(&viewer, &path, &form(&items(&other[..1]), "assign")).await;
    assert_eq!(code, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn nobody_approves_an_own_proposal() {
    let world = World::estate().await;
    let id = world.findings().await.remove(0);
    let analyst = person("analyst", Role::Analyst, &[], Lang::En);
    let act = format!("/findings/{id}/act");
    let (code, page) = world.post(&analyst, &act, &form(&items(std::slice::from_ref(&id)), "accept")).await;
    assert!(code.is_redirection(), "{page}");
    assert_eq!(status(&world, &id).await, FindingStatus::Open, "it waits");
    let (code, _) = world.post(&analyst, &act, &form(&items(std::slice::from_ref(&id)), "accept")).await;
    assert_eq!(code, StatusCode::CONFLICT, "one proposal at a time");
    let proposal = world.console.store.proposals(&id).await.unwrap().remove(0);
    let answer = format!("/proposals/{}", proposal.id);
    let (code, _) = world.post(&analyst, &answer, &[("answer", "approve")]).await;
    assert_eq!(code, StatusCode::FORBIDDEN, "an analyst approves nothing");
    // The same account with a greater role meanwhile: still its own proposal.
    let promoted = person("analyst", Role::Approver, &[], Lang::En);
    let (code, _) = world.post(&promoted, &answer, &[("answer", "approve")]).await;
    assert_eq!(code, StatusCode::FORBIDDEN);
    let approver = person("approver", Role::Approver, &[], Lang::En);
    let (code, _) = world.post(&approver, &answer, &[("answer", "refuse")]).await;
    assert_eq!(code, StatusCode::BAD_REQUEST, "a refusal needs a reason");
    let (code, page) = world.post(&approver, &answer, &[("answer", "approve"), ("why", "agreed")]).await;
    assert!(code.is_redirection(), "{page}");
    assert_eq!(status(&world, &id).await, FindingStatus::Accepted);
    let (code, _) = world.post(&approver, &answer, &[("answer", "approve")]).await;
    assert_eq!(code, StatusCode::CONFLICT, "it is answered");
    let page = world.page(&approver, &format!("/findings/{id}")).await;
    assert!(page.contains("proposed by analyst") && page.contains("replaced in March"), "{page}");
    let history = world.console.store.history(&id).await.unwrap();
    assert_eq!(history.last().unwrap().by, "approver");
}

/// Makes accounts that were opened, as `person` names them.
async fn accounts(world: &World, people: &[(&str, Role)]) {
    let act = yata_store::Act::new("person.created", &yata_store::Actor::system());
    for (name, role) in people {
        let id = format!("id-of-{name}");
        let new = yata_store::NewPerson {
            id: &id,
            email: &id,
            name,
            role: role.as_str(),
            services: &[],
            password: None,
            oidc_subject: Some(&id),
            lang: "en",
        };
        world.console.store.add_person(&new, &act, noon(0)).await.unwrap();
        let session = yata_store::NewSession {
            token_hash: &id,
            person_id: &id,
            stage: yata_store::Stage::Full,
            csrf: "",
            expires_at: noon(1),
            user_agent: "",
            address: "",
            replaces: None,
        };
        world.console.store.start_session(&session, &act, noon(0)).await.unwrap();
    }
}

#[tokio::test]
async fn an_approver_is_asked_and_sees_it_first() {
    let world = World::estate().await;
    accounts(&world, &[("Ito", Role::Approver), ("Abe", Role::Administrator), ("Ono", Role::Analyst)]).await;
    let ids = world.findings().await;
    let (ono, ito) = (person("Ono", Role::Analyst, &[], Lang::En), person("Ito", Role::Approver, &[], Lang::En));
    let abe = person("Abe", Role::Administrator, &[], Lang::En);
    let path = format!("/findings/{}", ids[0]);
    for place in [path.as_str(), "/queue"] {
        let page = world.page(&ono, place).await;
        assert!(page.contains("<option value=\"id-of-Ito\">Ito<") && page.contains("id-of-Abe"), "{place}");
        assert!(!page.contains("id-of-Ono\">Ono<"), "nobody asks themselves, nor who cannot approve");
    }
    let ask = |item: &str, asked: &str| -> Vec<(String, String)> {
        let mut fields: Vec<(String, String)> =
            form(&[item.to_owned()], "accept").iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        fields.push(("asked".to_owned(), asked.to_owned()));
        fields
    };
    let post = async |caller, path: &str, fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        world.post(caller, path, &fields).await
    };
    let item = |n: usize| format!("{}|open", ids[n]);
    for nobody in ["id-of-Ono", "id-of-nobody"] {
        let (code, _) = post(&ono, &format!("{path}/act"), &ask(&item(0), nobody)).await;
        assert_eq!(code, StatusCode::BAD_REQUEST, "{nobody}");
    }
    let (code, page) = post(&ono, &format!("{path}/act"), &ask(&item(0), "id-of-Ito")).await;
    assert!(code.is_redirection(), "{page}");
    let (code, _) = post(&ono, "/queue/act", &ask(&item(1), "id-of-Abe")).await;
    assert_eq!(code, StatusCode::OK);
    // Who could decide alone and asks another one proposes.
    let (code, _) = post(&abe, "/queue/act", &ask(&item(2), "id-of-Ito")).await;
    assert_eq!((code, status(&world, &ids[2]).await), (StatusCode::OK, FindingStatus::Open));
    assert!(world.page(&ito, "/").await.contains("href=\"/proposals?asked=me\""));
    assert!(!world.page(&ono, "/").await.contains("/proposals?asked=me"));
    let listed = async |caller, path: &str| world.page(caller, path).await.matches("<li class=\"panel\">").count();
    assert_eq!(listed(&ito, "/proposals?asked=me").await, 2);
    assert_eq!(listed(&abe, "/proposals?asked=me").await, 1);
    assert_eq!(listed(&ito, "/proposals").await, 3);
    assert!(world.page(&ito, &path).await.contains("Asked of you"));
    assert!(world.page(&abe, &path).await.contains("Ito is asked"));
}

#[tokio::test]
async fn an_approver_decides_at_once() {
    let world = World::estate().await;
    let id = world.findings().await.remove(0);
    let approver = person("approver", Role::Approver, &[], Lang::En);
    let (code, page) = world
        .post(&approver, &format!("/findings/{id}/act"), &form(&items(std::slice::from_ref(&id)), "mitigate"))
        .await;
    assert!(code.is_redirection(), "{page}");
    assert_eq!(status(&world, &id).await, FindingStatus::Mitigated);
    assert!(world.console.store.proposals(&id).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_changed_meanwhile_is_said_and_not_overwritten() {
    let world = World::estate().await;
    let id = world.findings().await.remove(0);
    let by = yata_store::Actor::local("somebody else");
    let seen = yata_store::DeedItem { id: id.clone(), seen: None };
    let doer = yata_store::Doer { by: &by, why: "checked", may: &|_| true, now: noon(0), today: TODAY };
    let deed = yata_store::Deed::Settle(FindingState::FalsePositive);
    world.console.store.act(&[seen], &deed, &doer).await.unwrap();
    let approver = person("approver", Role::Approver, &[], Lang::En);
    let item = items(std::slice::from_ref(&id));
    let (code, page) = world.post(&approver, &format!("/findings/{id}/act"), &form(&item, "accept")).await;
    assert_eq!(code, StatusCode::CONFLICT);
    assert!(page.contains("changed meanwhile") && page.contains("replaced in March"), "{page}");
    assert_eq!(status(&world, &id).await, FindingStatus::FalsePositive);
    let (code, page) = world.post(&approver, "/queue/act", &form(&item, "accept")).await;
    assert_eq!(code, StatusCode::OK);
    assert!(page.contains("changed meanwhile") && page.contains("0 of 1 done"), "{page}");
}

#[tokio::test]
async fn a_form_that_is_not_whole_is_given_back_with_what_it_said() {
    let world = World::estate().await;
    let id = world.findings().await.remove(0);
    let approver = person("approver", Role::Approver, &[], Lang::En);
    let item = format!("{id}|open");
    let path = format!("/findings/{id}/act");
    for (until, why) in [("", "words"), ("2026-11-21", "words"), ("soon", "words"), ("2027-01-01", " ")] {
        let fields = [("item", item.as_str()), ("deed", "accept"), ("until", until), ("why", why)];
        let (code, page) = world.post(&approver, &path, &fields).await;
        assert_eq!(code, StatusCode::BAD_REQUEST, "{until} {why}");
        assert!(page.contains("role=\"alert\""), "{page}");
    }
    for bad in [format!("{id}|nonsense"), "x".to_owned(), "fi_0|open".to_owned()] {
        let (code, _) = world.post(&approver, &path, &[("item", bad.as_str()), ("deed", "reopen"), ("why", "x")]).await;
        assert_eq!(code, StatusCode::BAD_REQUEST, "{bad}");
    }
    assert_eq!(status(&world, &id).await, FindingStatus::Open);
    let many: Vec<String> = (0..501).map(|n| format!("fi_{n:020}|open")).collect();
    let (code, _) = world.post(&approver, "/queue/act", &form(&many, "reopen")).await;
    assert_eq!(code, StatusCode::BAD_REQUEST);
    let (code, _) = world.post(&approver, "/queue/act", &form(&[], "reopen")).await;
    assert_eq!(code, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_form_of_another_session_does_nothing() {
    let world = World::estate().await;
    let id = world.findings().await.remove(0);
    let mut approver = person("approver", Role::Approver, &[], Lang::En);
    approver.csrf = "another".to_owned();
    let (code, _) =
        world.post(&approver, &format!("/findings/{id}/act"), &form(&items(std::slice::from_ref(&id)), "accept")).await;
    assert_eq!(code, StatusCode::FORBIDDEN);
    let (code, _) = world.post(&approver, &format!("/findings/{id}/comment"), &[("text", "x")]).await;
    assert_eq!(code, StatusCode::FORBIDDEN);
    assert_eq!(status(&world, &id).await, FindingStatus::Open);
}
