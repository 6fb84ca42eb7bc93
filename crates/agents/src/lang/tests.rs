//! Conditions on small trees.

use std::borrow::Cow;

use super::check_types::check;
use super::parse::parse;
use super::signature::{FUNCTIONS, LISTS};
use super::{Facts, evaluate, functions, lists};
use crate::agent::Agent;
use crate::read::{Format, read};
use crate::tree::Node;

fn holds(when: &str, json: &str) -> bool {
    let here = read(Format::Json, json.as_bytes(), 0).root.unwrap();
    let expr = parse(when).unwrap();
    check(&expr, "settings", false).unwrap();
    let fields = [("here", Cow::Borrowed(&here)), ("scope", Cow::Owned(Node::text("user", here.span)))];
    let facts = Facts {
        fields: &fields,
        agent: Agent::ClaudeCode,
        home: "/home/dev",
        project: "/home/dev/src/shop",
        paths: &[],
        it: None,
    };
    evaluate(&expr, &facts)
}

#[test]
fn conditions() {
    let cases = [
        (r#"here.a == "x""#, r#"{"a":"x"}"#, true),
        ("here.a != true", "{}", true),
        ("here.a == true", r#"{"a":"true"}"#, false),
        (r#"scope in ["user", "managed"] and here.a."b.c" == 3"#, r#"{"a":{"b.c":3}}"#, true),
        ("here.n > 365", r#"{"n":3650}"#, true),
        ("here.n > 365", r#"{"n":"3650"}"#, false),
        (r#"any(here.list, glob(it, "docker*"))"#, r#"{"list":["x","docker run"]}"#, true),
        ("any(here.servers.*.trust, it == true)", r#"{"servers":{"a":{"trust":true}}}"#, true),
        (r#"any(here.map, key == "x" and it == true)"#, r#"{"map":{"x":true}}"#, true),
        (r#"all(here.list, starts(it, "-"))"#, r#"{"list":[]}"#, true),
        ("not (present(here.a) or absent(here.b))", r#"{"b":1}"#, true),
        (r#""x" not in here.list"#, r#"{"list":["y"]}"#, true),
        (r#"matched(here.deny, "Read ~/.ssh/id_rsa")"#, r#"{"deny":["Read(~/.ssh/**)"]}"#, true),
        (r#"under(here.deny, ["~/.ssh", "~/.aws"])"#, r#"{"deny":["~/.ssh"]}"#, false),
        ("wide_path(here.p)", r#"{"p":"/home/dev/src"}"#, true),
        ("wide_path(here.p)", r#"{"p":"../shared-lib"}"#, false),
        (r#"none(here.a, any(it, it == "z"))"#, r#"{"a":[["x"],["y"]]}"#, true),
    ];
    for (when, json, expected) in cases {
        assert_eq!(holds(when, json), expected, "{when} on {json}");
    }
}

#[test]
fn a_field_that_is_true_or_false_is_a_condition() {
    let span = crate::tree::Span::default();
    let expr = parse("link_outside").unwrap();
    check(&expr, "file", false).unwrap();
    for value in [true, false] {
        let fields = [("link_outside", Cow::Owned(Node::bool(value, span)))];
        let facts = Facts { fields: &fields, agent: Agent::ClaudeCode, home: "", project: "", paths: &[], it: None };
        assert_eq!(evaluate(&expr, &facts), value);
    }
}

#[test]
fn what_means_nothing_is_refused() {
    let wrong = [
        "here.a",
        "nothing.a == 1",
        "glob(here.a)",
        "unknown(here.a)",
        r#"scope == 3"#,
        "here.a in scope",
        "scope > 3",
        "NO_LIST == here.a",
        "it == 1",
        r#"scope.a == "x""#,
        "any(scope, it == 1)",
    ];
    for when in wrong {
        assert!(parse(when).is_err() || check(&parse(when).unwrap(), "settings", false).is_err(), "{when}");
    }
    for when in ["a ==", "(a", "a b", "\"open", "a & b", "x.", ""] {
        assert!(parse(when).is_err(), "{when}");
    }
    let deep = "(".repeat(200);
    assert!(parse(&deep).is_err());
}

#[test]
fn every_name_is_known() {
    for name in LISTS {
        assert!(!lists::known(name).is_empty(), "{name}");
    }
    let here = read(Format::Json, br#"["a"]"#, 0).root.unwrap();
    let facts = Facts { fields: &[], agent: Agent::ClaudeCode, home: "", project: "", paths: &[], it: None };
    let args = [super::eval::Val::Node(&here), super::eval::Val::Number(0.0)];
    for (name, ..) in FUNCTIONS {
        let none = matches!(functions::call(name, &args, &facts), super::eval::Val::Absent);
        assert!(!none || *name == "number", "{name} is not written");
    }
}
