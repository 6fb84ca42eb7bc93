//! What people do with findings, one or many, and what they say about them.

use jiff::civil::Date;
use yata_model::FindingState;
use yata_store::{
    Act, Actor, Answer, Deed, DeedItem, Doer, FindingStatus, NewPerson, NewSession, Outcome, Paging, QueueFilter,
    Stage, Store, StoreError,
};

use crate::judged::{all, place, report};
use crate::support::{World, noon, on_each};

const UNTIL: Date = Date::constant(2099, 1, 31);

fn day(n: i64) -> Date {
    noon(n).to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn actor(name: &str) -> Actor {
    Actor { id: format!("id-{name}"), ..Actor::local(name) }
}

fn doer<'a>(by: &'a Actor, may: &'a (dyn Fn(Option<&str>) -> bool + Sync)) -> Doer<'a> {
    Doer { by, why: "because", may, now: noon(2), today: day(2) }
}

async fn two_findings(store: &Store) -> Vec<DeedItem> {
    store.ingest_report(&report(place(0), 1, 0b11, 0.5, 0), day(1)).await.unwrap();
    let rows = all(store, &QueueFilter::default(), 9, false).await;
    rows.iter().map(|row| DeedItem { id: row.finding.id.clone(), seen: Some(FindingState::Open) }).collect()
}

#[test]
fn each_item_has_its_outcome() {
    on_each(async |World { store, .. }: &World| {
        let mut items = two_findings(store).await;
        items.push(DeedItem { id: "fi_none".to_owned(), seen: None });
        items.push(items[0].clone());
        let sato = actor("sato");
        let settle = Deed::Settle(FindingState::Accepted { until: UNTIL });
        let outcomes = store.act(&items, &settle, &doer(&sato, &|_| true)).await.unwrap();
        assert_eq!(outcomes, [Outcome::Done, Outcome::Done, Outcome::Unknown, Outcome::Same]);
        assert_eq!(all(store, &QueueFilter::default(), 9, false).await.len(), 0);
        let accepted = QueueFilter { states: vec![FindingStatus::Accepted], ..QueueFilter::default() };
        assert_eq!(all(store, &accepted, 9, false).await.len(), 2);
        // Seen as open, and accepted meanwhile.
        let outcomes =
            store.act(&items[..1], &Deed::Settle(FindingState::FalsePositive), &doer(&sato, &|_| true)).await;
        assert_eq!(outcomes.unwrap(), [Outcome::Changed(FindingState::Accepted { until: UNTIL })]);
        let outcomes = store.act(&items[..1], &settle, &doer(&sato, &|_| false)).await.unwrap();
        assert_eq!(outcomes, [Outcome::NotAllowed]);
    });
}

/// In Japan a day begins nine hours before that of UTC.
#[test]
fn the_day_is_that_of_the_caller() {
    on_each(async |World { store, .. }: &World| {
        let items = two_findings(store).await;
        let sato = actor("sato");
        let tomorrow = Doer { today: day(3), ..doer(&sato, &|_| true) };
        let until = |n: i64| FindingState::Accepted { until: day(n) };
        let error = store.act(&items, &Deed::Settle(until(2)), &tomorrow).await.unwrap_err();
        assert!(matches!(error, StoreError::PastDate { today, .. } if today == day(3)), "{error}");
        // A proposal whose day is over when it is answered.
        let yesterday = Doer { today: day(1), ..doer(&sato, &|_| true) };
        let outcome = store.act(&items[..1], &Deed::Propose(until(1), None), &yesterday).await.unwrap();
        assert_eq!(outcome, [Outcome::Done]);
        let outcome = store.act(&items[1..], &Deed::Settle(until(1)), &yesterday).await.unwrap();
        assert_eq!(outcome, [Outcome::Done]);
    });
}

#[test]
fn a_deed_needs_a_reason_a_day_to_come_and_few_items() {
    on_each(async |World { store, .. }: &World| {
        let items = two_findings(store).await;
        let sato = actor("sato");
        let past = Deed::Settle(FindingState::Accepted { until: day(1) });
        let error = store.act(&items, &past, &doer(&sato, &|_| true)).await.unwrap_err();
        assert!(matches!(error, StoreError::PastDate { .. }), "{error}");
        let fixed = Deed::Settle(FindingState::Fixed);
        let error = store.act(&items, &fixed, &doer(&sato, &|_| true)).await.unwrap_err();
        assert!(matches!(error, StoreError::NotByPeople), "{error}");
        let silent = Doer { why: " ", ..doer(&sato, &|_| true) };
        let error = store.act(&items, &Deed::Settle(FindingState::FalsePositive), &silent).await.unwrap_err();
        assert!(matches!(error, StoreError::NoReason), "{error}");
        let many = vec![items[0].clone(); yata_store::MAX_DEED_ITEMS + 1];
        let error = store.act(&many, &Deed::Assign(None), &silent).await.unwrap_err();
        assert!(matches!(error, StoreError::TooMany { .. }), "{error}");
        let assigned = store.act(&items, &Deed::Assign(Some("kato".to_owned())), &silent).await.unwrap();
        assert_eq!(assigned, [Outcome::Done, Outcome::Done]);
        let mine = QueueFilter { assignee: Some("kato".to_owned()), ..QueueFilter::default() };
        assert_eq!(all(store, &mine, 9, false).await.len(), 2);
    });
}

#[test]
fn a_proposal_waits_for_somebody_else() {
    on_each(async |World { store, .. }: &World| {
        let items = two_findings(store).await;
        let (sato, kato) = (actor("sato"), actor("kato"));
        let mitigate = Deed::Propose(FindingState::Mitigated { until: UNTIL }, None);
        let outcomes = store.act(&items, &mitigate, &doer(&sato, &|_| true)).await.unwrap();
        assert_eq!(outcomes, [Outcome::Done, Outcome::Done]);
        let outcomes = store.act(&items[..1], &mitigate, &doer(&sato, &|_| true)).await.unwrap();
        assert_eq!(outcomes, [Outcome::Waiting]);
        let page = store.waiting_proposals(None, &Paging { after: None, limit: 1 }).await.unwrap();
        assert_eq!((page.items.len(), page.total.rows), (1, 2));
        let rest = store.waiting_proposals(None, &Paging { after: page.next, limit: 9 }).await.unwrap();
        assert_eq!((rest.items.len(), rest.next), (1, None));
        let (first, second) = (&page.items[0].proposal, &rest.items[0].proposal);
        let error = store.answer(&first.id, true, &doer(&sato, &|_| true)).await.unwrap_err();
        assert!(matches!(error, StoreError::OwnProposal { .. }), "{error}");
        let answered = store.answer(&first.id, true, &doer(&kato, &|_| true)).await.unwrap();
        assert_eq!(answered.answer.map(|(answer, by, _)| (answer, by)), Some((Answer::Approved, "kato".to_owned())));
        let error = store.answer(&first.id, false, &doer(&kato, &|_| true)).await.unwrap_err();
        assert!(matches!(error, StoreError::ProposalAnswered { .. }), "{error}");
        let last = store.history(&first.finding_id).await.unwrap().pop().unwrap();
        assert_eq!((last.state, last.by.as_str(), last.why.as_str()), (first.state.clone(), "kato", "because"));
        // A decision at once answers what waits.
        let item = DeedItem { id: second.finding_id.clone(), seen: None };
        store.act(&[item], &Deed::Settle(FindingState::FalsePositive), &doer(&kato, &|_| true)).await.unwrap();
        let overtaken = store.proposals(&second.finding_id).await.unwrap().pop().unwrap();
        assert!(matches!(overtaken.answer, Some((Answer::Overtaken, ..))));
        assert_eq!(store.waiting_proposals(None, &Paging::default()).await.unwrap().total.rows, 0);
    });
}

#[test]
fn an_approver_is_asked_by_name_and_anybody_may_answer() {
    on_each(async |World { store, .. }: &World| {
        let items = two_findings(store).await;
        let (sato, kato) = (actor("sato"), actor("kato"));
        let person = |id, name, role| NewPerson {
            id,
            email: id,
            name,
            role,
            services: &[],
            password: None,
            oidc_subject: Some(id),
            lang: "ja",
        };
        let act = Act::new("person.created", &sato);
        for (id, name, role) in
            [("pe_1", "Ito", "approver"), ("pe_2", "Abe", "administrator"), ("pe_3", "Ono", "viewer")]
        {
            store.add_person(&person(id, name, role), &act, noon(1)).await.unwrap();
            let session = NewSession {
                token_hash: id,
                person_id: id,
                stage: Stage::Full,
                csrf: "",
                expires_at: noon(9),
                user_agent: "",
                address: "",
                replaces: None,
            };
            store.start_session(&session, &act, noon(1)).await.unwrap();
        }
        let roles = ["approver", "administrator"];
        let names: Vec<String> = store.people_with(&roles).await.unwrap().into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["Abe", "Ito"]);
        let propose =
            |asked: Option<&str>| Deed::Propose(FindingState::Mitigated { until: UNTIL }, asked.map(str::to_owned));
        let all = &|_: Option<&str>| true;
        store.act(&items[..1], &propose(Some("pe_1")), &doer(&sato, all)).await.unwrap();
        store.act(&items[1..], &propose(None), &doer(&sato, all)).await.unwrap();
        let asked = store.waiting_proposals(Some("pe_1"), &Paging::default()).await.unwrap();
        assert_eq!((asked.items.len(), asked.total.rows), (1, 1));
        let one = &asked.items[0].proposal;
        assert_eq!((&one.finding_id, &one.asked), (&items[0].id, &Some(("pe_1".to_owned(), "Ito".to_owned()))));
        assert_eq!(store.waiting_proposals(Some("pe_2"), &Paging::default()).await.unwrap().total.rows, 0);
        assert_eq!(store.waiting_proposals(None, &Paging::default()).await.unwrap().total.rows, 2);
        store.answer(&one.id, true, &doer(&kato, all)).await.unwrap();
        assert_eq!(store.waiting_proposals(Some("pe_1"), &Paging::default()).await.unwrap().total.rows, 0);
    });
}

#[test]
fn comments_stay_in_their_order_and_every_act_is_noted() {
    on_each(async |world: &World| {
        let store = &world.store;
        let items = two_findings(store).await;
        let sato = actor("sato");
        let before = world.number("SELECT COUNT(*) FROM ledger_pending").await;
        for text in ["first", " second "] {
            store.comment(&items[0].id, text, &sato, noon(2)).await.unwrap();
        }
        let said: Vec<String> = store.comments(&items[0].id).await.unwrap().into_iter().map(|one| one.text).collect();
        assert_eq!(said, ["first", "second"]);
        let error = store.comment("fi_none", "x", &sato, noon(2)).await.unwrap_err();
        assert!(matches!(error, StoreError::UnknownFinding { .. }), "{error}");
        let error = store.comment(&items[0].id, " ", &sato, noon(2)).await.unwrap_err();
        assert!(matches!(error, StoreError::NoReason), "{error}");
        store.act(&items, &Deed::Settle(FindingState::FalsePositive), &doer(&sato, &|_| true)).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM ledger_pending").await - before, 4);
    });
}
