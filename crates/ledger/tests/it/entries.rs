//! What entries say: everything that a constructor takes, in its place, and nothing else.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;
use yata_ledger::entry::{
    AccountChange, Act, Change, Decision, Entry, MAX_NAME_CHARS, MAX_WHY_CHARS, SignInFailure, SignInMethod, Thing,
    Verb, Who,
};
use yata_ledger::{Hash, MAX_ENTRY_BYTES};

use crate::support::key;

/// One of everything, with `text` for each text that the constructor takes.
fn one_of_each(text: &str) -> Vec<(&'static str, Entry)> {
    let ip = Some("192.0.2.7".parse().unwrap());
    let act = Act::new(text, -1, Who::person(text, text).from(ip)).because(text);
    let thing = Thing::new(text, text, text);
    let hash = Hash::of(text.as_bytes());
    let changes = vec![Change::new(text, text, text); 40];
    let counts = [(text, u64::MAX); 40];
    let (old, new) = (key(1).verifier(), key(2).verifier());
    let accepted = Decision::Accepted { until: text, approver: text };
    let mitigated = Decision::Mitigated { until: text, approver: text };
    vec![
        ("signed_in", act.signed_in(SignInMethod::PasswordAndCode)),
        ("sign_in_failed", act.sign_in_failed(SignInMethod::Passkey, SignInFailure::UnknownAccount)),
        ("signed_out", act.signed_out()),
        ("account_created", act.account_created(&thing, text)),
        ("account_changed", act.account_changed(&thing, AccountChange::Disabled)),
        ("account_edited", act.account_changed(&thing, AccountChange::Edited)),
        ("role_changed", act.role_changed(&thing, text, text)),
        ("token_created", act.token_created(&thing, text, text)),
        ("token_revoked", act.token_revoked(&thing)),
        ("refused", act.refused(text, &thing)),
        ("snapshot_imported", act.snapshot_imported(&thing, &thing, &hash, &counts)),
        ("accepted", act.decided(&thing, &thing, accepted)),
        ("mitigated", act.decided(&thing, &thing, mitigated)),
        ("false_positive", act.decided(&thing, &thing, Decision::FalsePositive)),
        ("reopened", act.decided(&thing, &thing, Decision::Reopened)),
        ("assigned", act.decided(&thing, &thing, Decision::Assigned { to: text })),
        ("asset_edited", act.asset_edited(&thing, &changes)),
        ("comment_added", act.comment_added(&thing, &thing, text)),
        ("exported", act.exported(&thing, 7, &hash)),
        ("setting_changed", act.setting_changed(&thing, &hash, &hash)),
        ("rules_changed", act.rules_changed(&thing, &hash, &hash)),
        ("key_rotated", act.key_rotated(&old, &new)),
        ("backed_up", act.backed_up(&thing, &hash, 7)),
        ("restored", act.restored(&thing, &hash, 7)),
        ("schema_upgraded", act.schema_upgraded(text, text)),
        ("told", act.told(text, false, &vec![thing.clone(); 40], &[(text, text); 40])),
        ("accepted, told", act.told("finding.accepted", true, &[thing.clone(), thing.clone()], &[(text, text)])),
        ("refused, told", act.told("access.refused", false, &[], &[])),
        ("export, told", act.told("queue.exported", true, &vec![thing.clone(); 40], &[(text, text); 40])),
        ("sign-in, told", act.told("session.started", false, &[], &[(text, text)])),
        ("role, told", act.told("person.role", true, std::slice::from_ref(&thing), &[("role", text)])),
        ("did", act.did(Verb::Deleted, "audit-account-deleted", &thing, &changes)),
    ]
}

fn act() -> Act {
    Act::new("0190-a", 1_760_000_000_123, Who::person("u-1", "sato").from(Some("2001:db8::7".parse().unwrap())))
}

fn json(entry: &Entry) -> Value {
    serde_json::from_slice(&entry.to_bytes().unwrap()).unwrap()
}

/// The paths of all values, `a.b[].c`.
fn paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                paths(value, &path, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, &format!("{path}[]"), found)),
        _ => drop(found.insert(path.to_owned())),
    }
}

#[test]
fn the_bytes_of_an_entry_are_fixed() {
    let finding = Thing::new("finding", "fi_1", "CVE-2026-0001 in libfoo");
    let asset = Thing::new("asset", "as_1", "受付サーバー");
    let decision = Decision::Accepted { until: "2026-12-31", approver: "suzuki" };
    let entry = act().because("no \"network\"\n").decided(&finding, &asset, decision);
    let expected = concat!(
        r#"{"class_uid":3004,"category_uid":3,"activity_id":3,"type_uid":300403,"time":1760000000123,"severity_id":1,"#,
        r#""status_id":1,"message":"audit-accepted","actor":{"user":{"name":"sato","uid":"u-1","type":"User","#,
        r#""type_id":1}},"src_endpoint":{"ip":"2001:db8::7","name":"network"},"entity":{"type":"finding","#,
        r#""uid":"fi_1","name":"CVE-2026-0001 in libfoo"},"resources":[{"type":"asset","uid":"as_1","#,
        r#""name":"受付サーバー"}],"metadata":{"version":"1.3.0","product":{"name":"Yata","vendor_name":"Yata","#,
        r#""version":"0.1.0"},"uid":"0190-a"},"unmapped":{"why":"no \"network\"","until":"2026-12-31","#,
        r#""approver":"suzuki"}}"#,
    );
    assert_eq!(String::from_utf8(entry.to_bytes().unwrap()).unwrap(), expected);
    assert_eq!(Entry::parse(expected.as_bytes()).unwrap(), entry);
}

#[test]
fn every_entry_is_read_as_it_was_written_and_is_of_its_class() {
    for (name, entry) in one_of_each("x") {
        let bytes = entry.to_bytes().unwrap();
        let again = Entry::parse(&bytes).unwrap();
        assert_eq!(again, entry, "{name}");
        assert_eq!(again.to_bytes().unwrap(), bytes, "{name}");
        assert_eq!(entry.type_uid, entry.class_uid * 100 + entry.activity_id, "{name}");
        assert_eq!(entry.category_uid, entry.class_uid / 1000, "{name}");
        assert!(entry.message.starts_with("audit-"), "{name}");
        // What OCSF 1.3 requires of each class.
        let value = json(&entry);
        let required: &[&str] = match entry.class_uid {
            3001 => &["user"],
            3002 => &["user", "service"],
            3004 => &["entity"],
            3005 => &["user"],
            6003 => &["api", "actor", "src_endpoint"],
            6005 => &["database", "actor", "src_endpoint"],
            other => panic!("{name}: {other}"),
        };
        for field in required {
            assert!(!value[field].is_null(), "{name}: {field}");
        }
    }
}

/// The only places where a text of the caller may land.
const PLACES: [&str; 29] = [
    "actor.user.name",
    "actor.user.uid",
    "activity_name",
    "api.operation",
    "entity.name",
    "entity.type",
    "entity.uid",
    "metadata.uid",
    "privileges[]",
    "resources[].name",
    "resources[].type",
    "resources[].uid",
    "unmapped.approver",
    "unmapped.changes[].field",
    "unmapped.changes[].from",
    "unmapped.changes[].to",
    "unmapped.counts[].name",
    "unmapped.facts[].name",
    "unmapped.facts[].value",
    "unmapped.until",
    "unmapped.why",
    "user.name",
    "user.uid",
    "src_endpoint.ip",
    "src_endpoint.name",
    "service.name",
    "database.name",
    "status_detail",
    "auth_protocol",
];

/// What Yata itself says.
const OWN: [&str; 18] = [
    "class_uid",
    "category_uid",
    "activity_id",
    "type_uid",
    "time",
    "severity_id",
    "status_id",
    "message",
    "actor.user.type",
    "actor.user.type_id",
    "user.type",
    "user.type_id",
    "metadata.version",
    "metadata.product.name",
    "metadata.product.vendor_name",
    "metadata.product.version",
    "unmapped.digest",
    "unmapped.counts[].value",
];

#[test]
fn a_secret_that_is_pushed_in_lands_only_in_the_named_fields() {
    let secret = "AKIA-not-a-real-secret-7f3c9b";
    let named: BTreeSet<&str> = PLACES.into_iter().chain(OWN).collect();
    for (name, entry) in one_of_each(secret) {
        let mut found = BTreeSet::new();
        paths(&json(&entry), "", &mut found);
        let other: Vec<&String> = found.iter().filter(|path| !named.contains(path.as_str())).collect();
        assert!(other.is_empty(), "{name}: {other:?}");
        assert_secret_only_in_places(name, &json(&entry), secret);
    }
    // A comment, a setting and the rules leave their hash, never their text.
    let thing = Thing::new("comment", "c-1", "");
    let before = Hash::of(secret.as_bytes());
    for entry in [
        act().comment_added(&thing, &thing, secret),
        act().setting_changed(&thing, &before, &before),
        act().rules_changed(&thing, &before, &before),
    ] {
        let text = String::from_utf8(entry.to_bytes().unwrap()).unwrap();
        assert!(!text.contains(secret) && text.contains(&before.to_string()), "{text}");
    }
    let hidden = json(&act().asset_edited(&thing, &[Change::hidden("password")]));
    assert_eq!(hidden["unmapped"]["changes"].to_string(), r#"[{"field":"password"}]"#);
}

fn assert_secret_only_in_places(name: &str, value: &Value, secret: &str) {
    fn walk(value: &Value, path: &str, secret: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(field, value)| {
                let path = if path.is_empty() { field.clone() } else { format!("{path}.{field}") };
                walk(value, &path, secret, found);
            }),
            Value::Array(items) => items.iter().for_each(|item| walk(item, &format!("{path}[]"), secret, found)),
            Value::String(text) if text.contains(secret) => drop(found.insert(path.to_owned())),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    walk(value, "", secret, &mut found);
    for path in found {
        assert!(PLACES.contains(&path.as_str()), "{name}: a text of the caller in `{path}`");
    }
}

#[test]
fn a_text_is_cut_by_character_and_loses_its_control_characters() {
    let long = "あ".repeat(5000);
    let entry = act().because(&long).account_created(&Thing::new("user", &long, &long), &long);
    let user = entry.user.unwrap();
    assert_eq!(user.name.chars().count(), MAX_NAME_CHARS);
    assert!(user.name.ends_with("あ…"));
    assert_eq!(entry.unmapped.why.unwrap().chars().count(), MAX_WHY_CHARS);
    let exact = "あ".repeat(MAX_NAME_CHARS);
    assert_eq!(Thing::new("user", &exact, &exact), Thing::new("user", &exact, &exact.clone()));
    assert_eq!(act().account_created(&Thing::new("user", "", &exact), "").user.unwrap().name, exact);
    let entry = act().because(" a\u{0}b\u{1b}[31m\nc\t \u{85}").signed_out();
    assert_eq!(entry.unmapped.why.unwrap(), "a\u{fffd}b\u{fffd}[31m\nc");
    assert_eq!(act().because(" \n ").signed_out().unmapped.why, None);
}

#[test]
fn the_longest_texts_fit_into_an_entry() {
    for filler in ["\u{1}", "\"", "\\", "\n", "\u{10ffff}", "あ", "\u{7f}", "\u{2028}"] {
        for (name, entry) in one_of_each(&filler.repeat(9000)) {
            let bytes = entry.to_bytes().unwrap();
            assert!(bytes.len() <= MAX_ENTRY_BYTES, "{name}: {}", bytes.len());
            assert_eq!(Entry::parse(&bytes).unwrap(), entry, "{name}");
        }
    }
}

#[test]
fn what_is_left_out_is_counted() {
    let changes: Vec<Change> = (0..15).map(|n| Change::new(&format!("f{n}"), "", "x")).collect();
    let entry = act().asset_edited(&Thing::new("asset", "a", "a"), &changes);
    let last = entry.unmapped.changes.last().unwrap();
    assert_eq!((entry.unmapped.changes.len(), last.field.as_str(), last.to.as_deref()), (13, "…", Some("+3")));
}

#[test]
fn who_did_it_and_from_where() {
    let local = json(&Act::new("e", 0, Who::system("yata serve")).schema_upgraded("3", "4"));
    assert_eq!(local["src_endpoint"].to_string(), r#"{"name":"local"}"#);
    assert_eq!(local["actor"]["user"]["type"], "System");
    assert_eq!(local["unmapped"]["changes"].to_string(), r#"[{"field":"schema","from":"3","to":"4"}]"#);
    let kinds = [Who::person("", ""), Who::administrator("", ""), Who::system(""), Who::token("", "")];
    let numbers = kinds.map(|who| Act::new("e", 0, who).signed_out().actor.user.type_id);
    assert_eq!(numbers, [1, 2, 3, 4]);
    let failed = act().sign_in_failed(SignInMethod::PasswordAndCode, SignInFailure::WrongCode);
    assert_eq!((failed.status_id, failed.status_detail.as_deref()), (2, Some("wrong-code")));
    let rotated = act().key_rotated(&key(1).verifier(), &key(2).verifier());
    assert_eq!(rotated.unmapped.changes[0].to, Some(key(2).verifier().to_string()));
}

#[test]
fn what_is_told_lands_where_its_class_wants_it() {
    let (finding, asset) = (Thing::new("finding", "fi_1", "x"), Thing::new("asset", "as_1", "y"));
    let accepted = act().told("finding.accepted", true, &[finding.clone(), asset.clone()], &[("until", "2026-12-31")]);
    assert_eq!((accepted.type_uid, accepted.status_id, accepted.message.as_str()), (300_403, 1, "audit-accepted"));
    assert_eq!(accepted.entity.unwrap().uid, "fi_1");
    assert_eq!(accepted.resources[0].uid, "as_1");
    assert_eq!(accepted.activity_name.as_deref(), Some("finding.accepted"));
    let failed = act().told("session.started", false, &[], &[]);
    assert_eq!((failed.type_uid, failed.status_id, failed.message.as_str()), (300_201, 2, "audit-sign-in-failed"));
    assert_eq!(failed.user.unwrap().name, "sato");
    let disabled = act().told("person.disabled", true, &[Thing::new("person", "u-2", "suzuki")], &[]);
    assert_eq!((disabled.type_uid, disabled.user.unwrap().uid), (300_105, "u-2".to_owned()));
    let other = act().told("moon.landed", true, &[], &[]);
    assert_eq!((other.type_uid, other.message.as_str()), (300_499, "audit-other"));
    assert_eq!(other.entity.unwrap().kind, "moon.landed");
    let export = act().told("queue.exported", true, &[finding, asset], &[]);
    assert_eq!((export.type_uid, export.resources.len()), (600_501, 2));
}

#[test]
fn fields_of_a_later_version_are_passed_over() {
    let bytes = act().signed_out().to_bytes().unwrap();
    let text = String::from_utf8(bytes).unwrap().replacen('{', r#"{"later":{"a":[1.5]},"#, 1);
    assert_eq!(Entry::parse(text.as_bytes()).unwrap(), act().signed_out());
    assert!(Entry::parse(b"").is_err() && Entry::parse(b"{}").is_err() && Entry::parse(&[0xff]).is_err());
    assert!(Entry::parse(&vec![b'['; MAX_ENTRY_BYTES]).is_err() && Entry::parse(&[b' '; 65_536]).is_err());
}

proptest! {
    #[test]
    fn any_text_makes_an_entry_that_is_read_again(text in "\\PC{0,60}", time: i64) {
        for (_, entry) in one_of_each(&text) {
            prop_assert_eq!(&Entry::parse(&entry.to_bytes().unwrap()).unwrap(), &entry);
        }
        let entry = Act::new("e", time, Who::system(&text)).signed_out();
        prop_assert_eq!(Entry::parse(&entry.to_bytes().unwrap()).unwrap().time, time);
    }

    #[test]
    fn any_bytes_are_an_entry_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Entry::parse(&bytes);
    }
}
