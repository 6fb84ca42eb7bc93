//! People, sessions, tokens and limits, on both engines.

use jiff::{SignedDuration, Timestamp};
use sqlx::Connection as _;
use yata_store::{
    Act, Actor, Change, Invitation, Limit, NewPerson, NewSession, Passkey, StaffMember, Stage, Standing, Store, Token,
};

use crate::support::{on_each, on_postgres};

const IDLE: SignedDuration = SignedDuration::from_mins(30);

fn now() -> Timestamp {
    "2026-11-22T00:00:00Z".parse().unwrap()
}

fn act() -> Act {
    Act::new("test", &Actor::system())
}

fn person<'a>(id: &'a str, email: &'a str, role: &'a str) -> NewPerson<'a> {
    NewPerson { id, email, name: "Name", role, services: &[], password: Some("phc"), oidc_subject: None, lang: "ja" }
}

fn session<'a>(token_hash: &'a str, person_id: &'a str, stage: Stage, replaces: Option<&'a str>) -> NewSession<'a> {
    let expires_at = now() + SignedDuration::from_hours(12);
    NewSession { token_hash, person_id, stage, csrf: "csrf", expires_at, user_agent: "", address: "", replaces }
}

async fn add(store: &Store, id: &str, email: &str, role: &str) {
    assert_eq!(store.add_person(&person(id, email, role), &act(), now()).await.unwrap(), Change::Done);
    store.start_session(&session(&format!("s-{id}"), id, Stage::Full, None), &act(), now()).await.unwrap();
}

#[test]
fn one_address_has_one_account_and_somebody_stays_administrator() {
    on_each(async |world| {
        let store = &world.store;
        assert!(!store.has_people().await.unwrap());
        add(store, "pe_1", "a@example.com", "administrator").await;
        assert!(store.has_people().await.unwrap());
        let again = store.add_person(&person("pe_2", "a@example.com", "viewer"), &act(), now()).await.unwrap();
        assert_eq!(again, Change::Taken);
        for standing in [
            Standing { role: "viewer", services: &[], active: true },
            Standing { role: "administrator", services: &[], active: false },
        ] {
            let change = store.set_standing("pe_1", &standing, &act(), now()).await.unwrap();
            assert_eq!(change, Change::LastAdministrator);
        }
        add(store, "pe_2", "b@example.com", "administrator").await;
        let services = ["shop".to_owned()];
        let standing = Standing { role: "owner", services: &services, active: true };
        assert_eq!(store.set_standing("pe_1", &standing, &act(), now()).await.unwrap(), Change::Done);
        assert_eq!(store.set_standing("pe_9", &standing, &act(), now()).await.unwrap(), Change::NotThere);
        let changed = store.person("pe_1").await.unwrap().unwrap();
        assert_eq!((changed.role.as_str(), changed.services.len(), changed.has_password), ("owner", 1, true));
        assert!(store.session("s-pe_1", IDLE, now()).await.unwrap().is_none(), "a change ends its sessions");
        let emails: Vec<String> = store.people("a@").await.unwrap().into_iter().map(|person| person.email).collect();
        assert_eq!(emails, ["a@example.com", "b@example.com"]);
        assert_eq!(store.set_subject("pe_1", "issuer 1", &act(), now()).await.unwrap(), Change::Done);
        assert_eq!(store.set_subject("pe_2", "issuer 1", &act(), now()).await.unwrap(), Change::Taken);
        assert_eq!(store.person_by_subject("issuer 1").await.unwrap().unwrap().id, "pe_1");
        store.set_lang("pe_1", "en").await.unwrap();
        assert_eq!(store.person_by_email("a@example.com").await.unwrap().unwrap().lang, "en");
    });
}

#[test]
fn a_session_lives_by_use_and_ends_for_good() {
    on_each(async |world| {
        let store = &world.store;
        add(store, "pe_1", "a@example.com", "viewer").await;
        let later = now() + IDLE;
        let (found, owner) = store.session("s-pe_1", IDLE, later).await.unwrap().unwrap();
        assert_eq!((found.stage, owner.id.as_str()), (Stage::Full, "pe_1"));
        let (touched, _) = store.session("s-pe_1", IDLE, later).await.unwrap().unwrap();
        assert_eq!(touched.used_at, later);
        let idle = later + IDLE + SignedDuration::from_secs(1);
        assert!(store.session("s-pe_1", IDLE, idle).await.unwrap().is_none());
        assert!(store.session("s-pe_1", IDLE, later).await.unwrap().is_none(), "no clock brings it back");
        store.start_session(&session("s-1", "pe_1", Stage::Password, None), &act(), now()).await.unwrap();
        store.start_session(&session("s-2", "pe_1", Stage::Full, Some("s-1")), &act(), now()).await.unwrap();
        assert!(store.session("s-1", IDLE, now()).await.unwrap().is_none(), "the one before is over");
        for number in 3..60 {
            let hash = format!("s-{number}");
            let at = now() + SignedDuration::from_secs(number);
            store.start_session(&session(&hash, "pe_1", Stage::Full, None), &act(), at).await.unwrap();
        }
        assert_eq!(store.sessions("pe_1", now()).await.unwrap().len(), 50);
        assert!(!store.end_session("pe_2", "s-59", &act(), now()).await.unwrap());
        assert!(store.end_session("pe_1", "s-59", &act(), now()).await.unwrap());
        assert_eq!(store.end_sessions("pe_1", Some("s-58"), &act(), now()).await.unwrap(), 48);
        assert_eq!(store.sessions("pe_1", now()).await.unwrap().len(), 1);
    });
}

#[test]
fn what_works_once_works_once() {
    on_each(async |world| {
        let store = &world.store;
        let until = now() + IDLE;
        assert!(store.use_once("k", until, now()).await.unwrap());
        assert!(!store.use_once("k", until, now()).await.unwrap());
        assert!(store.use_once("k", until + IDLE, until).await.unwrap(), "forgotten after its time");
        add(store, "pe_1", "a@example.com", "viewer").await;
        let codes = ["h1".to_owned(), "h2".to_owned()];
        store.set_recovery_codes("pe_1", &codes, &act(), now()).await.unwrap();
        assert!(!store.use_recovery_code("pe_2", "h1", now()).await.unwrap());
        assert!(store.use_recovery_code("pe_1", "h1", now()).await.unwrap());
        assert!(!store.use_recovery_code("pe_1", "h1", now()).await.unwrap());
        assert_eq!(store.recovery_codes_left("pe_1").await.unwrap(), 1);
    });
}

#[test]
fn factors_come_and_go_but_the_last_one_stays() {
    on_each(async |world| {
        let store = &world.store;
        add(store, "pe_1", "a@example.com", "viewer").await;
        let passkey = Passkey {
            id: "k1".to_owned(),
            person_id: "pe_1".to_owned(),
            name: "Phone".to_owned(),
            public_key: "es256:x".to_owned(),
            counter: 3,
            created_at: now(),
            used_at: None,
        };
        assert_eq!(store.add_passkey(&passkey, &act(), now()).await.unwrap(), Change::Done);
        assert_eq!(store.add_passkey(&passkey, &act(), now()).await.unwrap(), Change::Taken);
        assert_eq!(store.passkeys("pe_1").await.unwrap(), std::slice::from_ref(&passkey));
        assert!(!store.use_passkey("k1", 2, 4, now()).await.unwrap());
        assert!(store.use_passkey("k1", 3, 4, now()).await.unwrap());
        assert_eq!(store.passkey("k1").await.unwrap().unwrap().counter, 4);
        assert_eq!(store.remove_factor("pe_1", Some("k1"), &act(), now()).await.unwrap(), Change::Taken);
        assert_eq!(store.set_totp("pe_1", "sealed", &act(), now()).await.unwrap(), Change::Done);
        assert_eq!(store.secrets("pe_1").await.unwrap().unwrap().totp.as_deref(), Some("sealed"));
        assert_eq!(store.remove_factor("pe_1", Some("k1"), &act(), now()).await.unwrap(), Change::Done);
        assert_eq!(store.remove_factor("pe_1", None, &act(), now()).await.unwrap(), Change::Taken);
        store.start_session(&session("other", "pe_1", Stage::Full, None), &act(), now()).await.unwrap();
        assert_eq!(store.set_password("pe_1", "new", "s-pe_1", &act(), now()).await.unwrap(), Change::Done);
        assert_eq!(store.sessions("pe_1", now()).await.unwrap().len(), 1);
    });
}

#[test]
fn a_link_makes_one_account_and_a_reset_ends_the_old_ways_in() {
    on_each(async |world| {
        let store = &world.store;
        let mut invitation = Invitation {
            purpose: "join".to_owned(),
            person_id: None,
            email: "a@example.com".to_owned(),
            role: "viewer".to_owned(),
            services: vec!["shop".to_owned()],
            made_by: "test".to_owned(),
            expires_at: now() + IDLE,
        };
        store.invite("l1", &invitation, &act(), now()).await.unwrap();
        assert_eq!(store.invitation("l1", now()).await.unwrap().unwrap(), invitation);
        assert!(store.invitation("l1", now() + IDLE).await.unwrap().is_none());
        let join = async |link: &str, id: &str| {
            store.join(link, &person(id, "a@example.com", "viewer"), &act(), now()).await.unwrap()
        };
        assert_eq!(join("nothing", "pe_1").await, Change::NotThere);
        assert_eq!(join("l1", "pe_1").await, Change::Done);
        // Interrupted, and begun again: the first account is gone.
        assert_eq!(join("l1", "pe_2").await, Change::Done);
        assert!(store.person("pe_1").await.unwrap().is_none());
        store.set_totp("pe_2", "sealed", &act(), now()).await.unwrap();
        assert_eq!(join("l1", "pe_3").await, Change::NotThere, "used up with the second factor");
        store.start_session(&session("s", "pe_2", Stage::Full, None), &act(), now()).await.unwrap();
        store.invite("l2", &invitation, &act(), now()).await.unwrap();
        assert_eq!(join("l2", "pe_3").await, Change::Taken);
        invitation.purpose = "reset".to_owned();
        invitation.person_id = Some("pe_2".to_owned());
        store.invite("r1", &invitation, &act(), now()).await.unwrap();
        store.invite("r2", &invitation, &act(), now()).await.unwrap();
        assert_eq!(join("r1", "pe_2").await, Change::NotThere, "a newer link took its place");
        assert!(store.session("s", IDLE, now()).await.unwrap().is_some());
        assert_eq!(join("r2", "pe_2").await, Change::Done);
        assert!(store.session("s", IDLE, now()).await.unwrap().is_none());
        assert!(!store.person("pe_2").await.unwrap().unwrap().has_second_factor());
    });
}

#[test]
fn a_token_works_until_it_ends_or_is_revoked() {
    on_each(async |world| {
        let store = &world.store;
        let token = Token {
            id: "tk_1".to_owned(),
            name: "n".to_owned(),
            scope: "sensor".to_owned(),
            assets: vec!["host-*".to_owned()],
            maker_id: "pe_1".to_owned(),
            made_by: "test".to_owned(),
            made_at: now(),
            expires_at: now() + IDLE,
            revoked_at: None,
            used_at: None,
        };
        store.add_token(&token, "h", &act(), now()).await.unwrap();
        assert_eq!(store.token("h", now()).await.unwrap(), Some(token));
        assert_eq!(store.tokens(now()).await.unwrap().first().unwrap().used_at, Some(now()));
        assert_eq!(store.token("h", now() + IDLE).await.unwrap(), None);
        assert!(store.revoke_token("tk_1", &act(), now()).await.unwrap());
        assert!(!store.revoke_token("tk_1", &act(), now()).await.unwrap());
        assert_eq!(store.token("h", now()).await.unwrap(), None);
    });
}

#[test]
fn attempts_are_delayed_and_a_clock_that_goes_back_changes_nothing() {
    on_each(async |world| {
        let store = &world.store;
        let limit = |key: &str| Limit { key: key.to_owned(), free: 1, max_delay_s: 60, half_life_s: None };
        let (both, one) = ([limit("a"), limit("b")], [limit("b")]);
        let at = |seconds: i64| now() + SignedDuration::from_secs(seconds);
        assert!(store.attempt(&both, at(0)).await.unwrap().is_ok());
        assert_eq!(store.attempt(&one, at(0)).await.unwrap(), Err(1), "what names both counts for both");
        assert!(store.attempt(&one, at(1)).await.unwrap().is_ok());
        assert_eq!(store.attempt(&one, at(2)).await.unwrap(), Err(1));
        assert_eq!(store.attempt(&one, at(-100_000)).await.unwrap(), Err(2));
        assert_eq!(store.attempt(&one, at(-99_999)).await.unwrap(), Err(1));
        assert!(store.attempt(&one, at(-99_998)).await.unwrap().is_ok());
        store.forget_failures("b").await.unwrap();
        assert!(store.attempt(&one, at(-99_998)).await.unwrap().is_ok());
    });
}

fn token(id: &str, maker_id: &str, made_by: &str) -> Token {
    Token {
        id: id.to_owned(),
        name: id.to_owned(),
        scope: "operator".to_owned(),
        assets: vec![],
        maker_id: maker_id.to_owned(),
        made_by: made_by.to_owned(),
        made_at: now(),
        expires_at: now() + SignedDuration::from_hours(24),
        revoked_at: None,
        used_at: None,
    }
}

fn member(id: &str, email: &str, active: bool) -> StaffMember {
    StaffMember { id: id.to_owned(), name: id.to_owned(), email: email.to_owned(), team: String::new(), active }
}

#[test]
fn a_token_ends_with_the_account_that_made_it() {
    on_each(async |world| {
        let store = &world.store;
        // All of them have the same name.
        for (id, role) in [("pe_1", "administrator"), ("pe_2", "analyst"), ("pe_3", "analyst"), ("pe_4", "analyst")] {
            add(store, id, &format!("{id}@example.com"), role).await;
            store.add_token(&token(&format!("of {id}"), id, "Name"), &format!("h-{id}"), &act(), now()).await.unwrap();
        }
        let works = async |id: &str| store.token(&format!("h-{id}"), now()).await.unwrap().is_some();
        let entries = async || world.number("SELECT COUNT(*) FROM ledger_pending").await;
        let ended = async || {
            let text = "SELECT COUNT(*) FROM ledger_pending WHERE body LIKE '%token.revoked%' AND body LIKE '%of pe_%'";
            world.number(text).await
        };
        // By the list of people.
        let list = [member("2", "pe_2@example.com", false)];
        let done = store.import_staff("HR", &list, &act(), now()).await.unwrap();
        assert_eq!((done.blocked, done.revoked, ended().await), (1, 1, 1));
        assert!(!works("pe_2").await && works("pe_3").await, "a namesake keeps theirs");
        // By hand, with its own entry; another role is no end.
        let before = entries().await;
        let standing = |role, active| Standing { role, services: &[], active };
        let by_hand = act().on("person", "pe_3", "Name");
        store.set_standing("pe_3", &standing("viewer", true), &by_hand, now()).await.unwrap();
        assert!(works("pe_3").await);
        store.set_standing("pe_3", &standing("viewer", false), &by_hand, now()).await.unwrap();
        assert!(!works("pe_3").await && works("pe_4").await);
        assert_eq!((entries().await - before, ended().await), (3, 2));
        // A list that comes after the account was blocked, by whatever did not end its tokens.
        store.add_token(&token("of pe_3 too", "pe_3", "Name"), "h-late", &act(), now()).await.unwrap();
        let list = [member("2", "pe_2@example.com", false), member("3", "pe_3@example.com", false)];
        let done = store.import_staff("HR", &list, &act(), now()).await.unwrap();
        assert_eq!((done.blocked, done.revoked, ended().await), (0, 1, 3));
        assert!(!works("late").await && works("pe_1").await && works("pe_4").await);
    });
}

#[test]
fn who_left_by_a_list_comes_in_no_more() {
    on_each(async |world| {
        let store = &world.store;
        add(store, "pe_1", "root@example.com", "administrator").await;
        add(store, "pe_2", "left@example.com", "analyst").await;
        add(store, "pe_3", "moved@example.com", "analyst").await;
        let leaver = NewPerson { name: "Leaver", ..person("pe_4", "gone@example.com", "administrator") };
        store.add_person(&leaver, &act(), now()).await.unwrap();
        store.start_session(&session("s-pe_4", "pe_4", Stage::Full, None), &act(), now()).await.unwrap();
        store.add_token(&token("tk_1", "pe_4", "Leaver"), "h1", &act(), now()).await.unwrap();
        store.add_token(&token("tk_2", "pe_3", "Name"), "h2", &act(), now()).await.unwrap();
        let invitation = Invitation {
            purpose: "join".to_owned(),
            person_id: None,
            email: "never@example.com".to_owned(),
            role: "viewer".to_owned(),
            services: vec![],
            made_by: "Name".to_owned(),
            expires_at: now() + SignedDuration::from_hours(24),
        };
        store.invite("link", &invitation, &act(), now()).await.unwrap();
        let partners = [member("p1", "Moved@example.com", true)];
        store.import_staff("Partners", &partners, &act(), now()).await.unwrap();
        let list = [
            member("1", " Left@Example.com", false),
            member("2", "moved@example.com", false),
            member("3", "GONE@example.com", false),
            member("4", "never@example.com", false),
            member("5", "", false),
        ];
        let before = world.number("SELECT COUNT(*) FROM ledger_pending").await;
        let done = store.import_staff("HR", &list, &act(), now()).await.unwrap();
        assert_eq!((done.blocked, done.revoked, done.kept), (2, 1, 0));
        // Two accounts, a token, a link, the import itself.
        assert_eq!(world.number("SELECT COUNT(*) FROM ledger_pending").await - before, 5);
        let mut active = Vec::new();
        for one in store.people("").await.unwrap() {
            active.push((one.email, one.active));
        }
        let expected = [("gone", false), ("left", false), ("moved", true), ("root", true)];
        assert_eq!(active, expected.map(|(name, active)| (format!("{name}@example.com"), active)));
        for (hash, works) in [("s-pe_2", false), ("s-pe_4", false), ("s-pe_3", true), ("s-pe_1", true)] {
            assert_eq!(store.session(hash, IDLE, now()).await.unwrap().is_some(), works, "{hash}");
        }
        assert!(store.token("h1", now()).await.unwrap().is_none(), "the token of the one who left");
        assert!(store.token("h2", now()).await.unwrap().is_some(), "others of that name work here");
        assert!(store.open_invitations(now()).await.unwrap().is_empty());
        // The last administrator stays, and the answer says so.
        let last = [member("1", "root@example.com", false)];
        let done = store.import_staff("HR", &last, &act(), now()).await.unwrap();
        assert_eq!((done.blocked, done.kept), (0, 1));
        assert!(store.person("pe_1").await.unwrap().unwrap().active);
    });
}

#[test]
fn who_works_here_by_an_address_of_other_letters_keeps_the_account() {
    on_each(async |world| {
        let store = &world.store;
        for (id, email) in [("pe_1", "ünal@example.com"), ("pe_2", "öz@example.com")] {
            add(store, id, email, "analyst").await;
        }
        let here = [member("1", "Ünal@example.com", true)];
        store.import_staff("A", &here, &act(), now()).await.unwrap();
        let left = [member("2", "ünal@Example.com", false), member("3", "ÖZ@example.com", false)];
        let done = store.import_staff("B", &left, &act(), now()).await.unwrap();
        assert_eq!(done.blocked, 1);
        let active: Vec<bool> = store.people("").await.unwrap().into_iter().map(|one| one.active).collect();
        assert_eq!(active, [false, true], "by address");
    });
}

/// Somebody opens the account in the middle of the import, which may not see it yet.
#[test]
fn who_joins_while_a_list_says_that_they_left_is_blocked() {
    on_postgres(async |world| {
        let store = &world.store;
        let mut conn = sqlx::PgConnection::connect(&world.database().url()).await.unwrap();
        for (id, used_at, revoked) in [("pe_1", "NULL", 1), ("pe_2", "1", 1)] {
            let email = format!("{id}@example.com");
            let invitation = Invitation {
                purpose: "join".to_owned(),
                person_id: None,
                email: email.clone(),
                role: "viewer".to_owned(),
                services: vec![],
                made_by: "Name".to_owned(),
                expires_at: now() + IDLE,
            };
            store.invite(id, &invitation, &act(), now()).await.unwrap();
            let mut joining = conn.begin().await.unwrap();
            for text in [
                format!("UPDATE invitation SET used_at = {used_at}, person_id = '{id}' WHERE token_hash = '{id}'"),
                format!(
                    "INSERT INTO person (id, email, name, role, services, active, lang, created_at) \
                     VALUES ('{id}', '{email}', 'Name', 'viewer', '[]', 1, 'en', 0)"
                ),
            ] {
                sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut *joining).await.unwrap();
            }
            let waits = "SELECT COUNT(*) FROM pg_stat_activity \
                         WHERE datname = current_database() AND wait_event_type = 'Lock'";
            let join = async {
                while world.number(waits).await == 0 {
                    tokio::task::yield_now().await;
                }
                joining.commit().await.unwrap();
            };
            let list = [member(id, &email, false)];
            let by = act();
            let (done, ()) = tokio::join!(store.import_staff("HR", &list, &by, now()), join);
            assert_eq!(done.unwrap().blocked, 1, "{id}");
            assert!(!store.person(id).await.unwrap().unwrap().active);
            assert!(store.invitation(id, now()).await.unwrap().is_none());
            let entries = "SELECT COUNT(*) FROM ledger_pending WHERE body LIKE '%person.invitation-revoked%'";
            assert_eq!(world.number(entries).await, revoked, "a link that was used up is not revoked");
        }
    });
}
