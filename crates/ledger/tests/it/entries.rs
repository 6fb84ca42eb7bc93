//! What entries say: everything that a constructor takes, in its place, and nothing else.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;
use yata_ledger::MAX_ENTRY_BYTES;
use yata_ledger::entry::{Act, Entry, MAX_FACTS, MAX_NAME_CHARS, MAX_RESOURCES, MAX_WHY_CHARS, Thing, Who};

/// Acts of every class, one that nobody knows, and the texts of the caller wherever they can be.
const NAMES: [&str; 8] = [
    "session.started",
    "person.disabled",
    "person.role",
    "token.made",
    "access.refused",
    "snapshot.imported",
    "queue.exported",
    "moon.landed",
];

/// One of everything, with `text` for each text that can be told.
fn one_of_each(text: &str) -> Vec<(String, Entry)> {
    let ip = Some("192.0.2.7".parse().unwrap());
    let act = Act::new(text, -1, Who::person(text, text).from(ip)).because(text);
    let things = vec![Thing::new(text, text, text); 40];
    let facts = [(text, text); 40];
    let mut all = vec![(text.to_owned(), act.told(text, false, &things, &facts))];
    for what in NAMES {
        for done in [true, false] {
            all.push((format!("{what}, {done}"), act.told(what, done, &things, &facts)));
            all.push((format!("{what}, {done}, bare"), act.told(what, done, &[], &[])));
        }
    }
    all
}

fn act() -> Act {
    Act::new("0190-a", 1_760_000_000_123, Who::person("u-1", "sato").from(Some("2001:db8::7".parse().unwrap())))
}

fn signed_out(act: &Act) -> Entry {
    act.told("session.ended", true, &[], &[])
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
    let facts = [("until", "2026-12-31"), ("approver", "suzuki")];
    let entry = act().because("no \"network\"\n").told("finding.accepted", true, &[finding, asset], &facts);
    let expected = concat!(
        r#"{"class_uid":3004,"category_uid":3,"activity_id":3,"activity_name":"finding.accepted","#,
        r#""type_uid":300403,"time":1760000000123,"severity_id":1,"#,
        r#""status_id":1,"message":"audit-accepted","actor":{"user":{"name":"sato","uid":"u-1","type":"User","#,
        r#""type_id":1}},"src_endpoint":{"ip":"2001:db8::7","name":"network"},"entity":{"type":"finding","#,
        r#""uid":"fi_1","name":"CVE-2026-0001 in libfoo"},"resources":[{"type":"asset","uid":"as_1","#,
        r#""name":"受付サーバー"}],"metadata":{"version":"1.3.0","product":{"name":"Yata","vendor_name":"Yata","#,
        r#""version":"0.1.0"},"uid":"0190-a"},"unmapped":{"why":"no \"network\"","#,
        r#""facts":[{"name":"until","value":"2026-12-31"},{"name":"approver","value":"suzuki"}]}}"#,
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
const PLACES: [&str; 20] = [
    "actor.user.name",
    "actor.user.uid",
    "activity_name",
    "api.operation",
    "entity.name",
    "entity.type",
    "entity.uid",
    "metadata.uid",
    "resources[].name",
    "resources[].type",
    "resources[].uid",
    "unmapped.facts[].name",
    "unmapped.facts[].value",
    "unmapped.why",
    "user.name",
    "user.uid",
    "src_endpoint.ip",
    "src_endpoint.name",
    "service.name",
    "database.name",
];

/// What Yata itself says.
const OWN: [&str; 16] = [
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
        assert_secret_only_in_places(&name, &json(&entry), secret);
    }
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
    let created = |thing: Thing| act().because(&long).told("person.created", true, &[thing], &[]);
    let entry = created(Thing::new("user", &long, &long));
    let user = entry.user.unwrap();
    assert_eq!(user.name.chars().count(), MAX_NAME_CHARS);
    assert!(user.name.ends_with("あ…"));
    assert_eq!(entry.unmapped.why.unwrap().chars().count(), MAX_WHY_CHARS);
    let exact = "あ".repeat(MAX_NAME_CHARS);
    assert_eq!(Thing::new("user", &exact, &exact), Thing::new("user", &exact, &exact.clone()));
    assert_eq!(created(Thing::new("user", "", &exact)).user.unwrap().name, exact);
    let entry = signed_out(&act().because(" a\u{0}b\u{1b}[31m\nc\t \u{85}"));
    assert_eq!(entry.unmapped.why.unwrap(), "a\u{fffd}b\u{fffd}[31m\nc");
    assert_eq!(signed_out(&act().because(" \n ")).unmapped.why, None);
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
fn a_list_has_an_end() {
    let thing = Thing::new("asset", "a", "a");
    let entry = act().told("asset.edited", true, &vec![thing; 40], &[("field", "x"); 40]);
    assert_eq!((entry.resources.len(), entry.unmapped.facts.len()), (MAX_RESOURCES, MAX_FACTS));
}

#[test]
fn who_did_it_and_from_where() {
    let upgraded = Act::new("e", 0, Who::system("yata serve")).told("schema.upgraded", true, &[], &[("from", "3")]);
    let local = json(&upgraded);
    assert_eq!(local["src_endpoint"].to_string(), r#"{"name":"local"}"#);
    assert_eq!(local["actor"]["user"]["type"], "System");
    assert_eq!(local["unmapped"]["facts"].to_string(), r#"[{"name":"from","value":"3"}]"#);
    let kinds = [Who::person("", ""), Who::system(""), Who::token("", "")];
    let numbers = kinds.map(|who| signed_out(&Act::new("e", 0, who)).actor.user.type_id);
    assert_eq!(numbers, [1, 3, 4]);
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
    let bytes = signed_out(&act()).to_bytes().unwrap();
    let text = String::from_utf8(bytes).unwrap().replacen('{', r#"{"later":{"a":[1.5]},"#, 1);
    assert_eq!(Entry::parse(text.as_bytes()).unwrap(), signed_out(&act()));
    assert!(Entry::parse(b"").is_err() && Entry::parse(b"{}").is_err() && Entry::parse(&[0xff]).is_err());
    assert!(Entry::parse(&vec![b'['; MAX_ENTRY_BYTES]).is_err() && Entry::parse(&[b' '; 65_536]).is_err());
}

proptest! {
    #[test]
    fn any_text_makes_an_entry_that_is_read_again(text in "\\PC{0,60}", time: i64) {
        for (_, entry) in one_of_each(&text) {
            prop_assert_eq!(&Entry::parse(&entry.to_bytes().unwrap()).unwrap(), &entry);
        }
        let entry = signed_out(&Act::new("e", time, Who::system(&text)));
        prop_assert_eq!(Entry::parse(&entry.to_bytes().unwrap()).unwrap().time, time);
    }

    #[test]
    fn any_bytes_are_an_entry_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Entry::parse(&bytes);
    }
}
