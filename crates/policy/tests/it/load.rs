//! What is wrong with policy text is named with its place and what to do.

use yata_policy::Action;
use yata_policy::cedar::{PolicySet, STACK_BYTES, Source};

use crate::support::{request, set};

#[test]
fn each_error_has_its_place() {
    let check = |text: &str, expected: &[&str]| {
        let problems = set(text).err().unwrap_or_default();
        assert_eq!(problems.len(), expected.len(), "{problems:#?}");
        for (problem, expected) in problems.iter().zip(expected) {
            assert!(problem.contains(expected), "{problem}\nhas no\n{expected}");
        }
    };
    let head = "// 注釈 ; permit\n@id(\"a\") @reason_en(\"because; of \\\"that\\\"\")\n";
    check(&format!("{head}forbid (principal, action, resource);"), &[]);
    check(
        &format!("{head}forbid (principal, action, resource)\nwhen {{ context.tained }};"),
        &["own.cedar:4:8: `a`: attribute `tained`"],
    );
    check(
        &format!("{head}forbid (principal, action, resource)\nwhen {{ \"極\" == \"極\" && context.program > 1 }};"),
        &["own.cedar:4:22: `a`: "],
    );
    check(&format!("{head}forbid (principal, action == Action::\"run_comand\", resource);"), &["did you mean"]);
    check(&format!("{head}forbid (principal, resource);"), &["own.cedar:3:20: found the variable", "own.cedar:3:28"]);
    check(
        &format!("{head}forbid (principal, action, resource) when {{ context.traits.contains(\"evade\") }};"),
        &["own.cedar:3:69: `a`: there is no trait `evade`, so it can never apply: Did you mean `evades`?"],
    );
    check(
        "permit (principal, action, resource);",
        &["own.cedar:1:1: the policy has no usable id", "own.cedar:1:1: the policy gives no reason"],
    );
    check("@id(\"a b\") @reason_ja(\"r\") permit (principal, action, resource);", &["no usable id"]);
    check(
        "@id(\"a\") @reason(\"r\") @reason_en(\"r\") permit (principal, action, resource);",
        &["`@reason` means nothing here"],
    );
    check(
        "@id(\"a\") @decision(\"ask\") @reason_en(\"r\") permit (principal, action, resource);",
        &["on a permit: A permit allows"],
    );
    check(
        "@id(\"a\") @decision(\"maybe\") @reason_en(\"r\") forbid (principal, action, resource);",
        &["Write `deny` or `ask`."],
    );
    check(&format!("{head}forbid (principal == ?principal, action, resource);"), &["own.cedar:3:"]);
    check(&format!("{head}forbid (principal, action, resource)"), &["own.cedar:3:"]);
    check(&format!("{head}forbid (principal, action, resource) when {{ \"open }};"), &["own.cedar:3:"]);
    let twice = format!("{head}forbid (principal, action, resource);\n");
    check(&twice.repeat(2), &["own.cedar:5:1: the id `a` is taken by the policy at own.cedar:2:1"]);
    // Two statements, two errors.
    check("permit (;\nforbid );", &["own.cedar:1:", "own.cedar:2:"]);
    let deep =
        format!("{head}forbid (principal, action, resource) when {{ {}true{} }};", "(".repeat(60), ")".repeat(60));
    check(&deep, &["nests deeper than 20"]);
    let long = format!("{head}forbid (principal, action, resource) when {{ true{} }};", " && true".repeat(300));
    check(&long, &["more than 500 operators"]);
    let large = format!("{head}forbid (principal, action, resource) when {{ \"{}\" == \"\" }};", "a".repeat(40_000));
    check(&large, &["larger than"]);
}

#[test]
fn the_order_of_files_does_not_matter() {
    let mut sources = PolicySet::builtin_sources();
    let version = PolicySet::load(&sources).unwrap().version();
    sources.reverse();
    assert_eq!(PolicySet::load(&sources).unwrap().version(), version);
    sources[0].text.push(' ');
    assert_ne!(PolicySet::load(&sources).unwrap().version(), version);
}

/// What nests as deeply as the limits let it, in a thread with the stack that reading asks for.
#[test]
fn the_deepest_policy_does_not_exhaust_the_stack() {
    let deepest = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(read_the_deepest).unwrap();
    deepest.join().unwrap();
}

fn read_the_deepest() {
    let shapes: [(&str, &str, &str); 9] = [
        ("(", "true", ")"),
        ("{a: ", "1", "} == {a: 1}"),
        ("[", "1", "].isEmpty()"),
        ("!(", "true", ")"),
        ("if true then true else ", "true", ""),
        ("true && ", "true", ""),
        ("1 + ", "1", " == 1"),
        ("", "context", ".a"),
        ("(if true then (true && ", "true", ") else false)"),
    ];
    for (open, inner, close) in shapes {
        for count in [10, 15, 17, 18, 19, 120, 240, 245, 249, 250, 480, 490, 495, 498] {
            let condition = format!("{}{inner}{}", open.repeat(count), close.repeat(count));
            let text =
                format!("@id(\"deep\") @reason_en(\"r\") forbid (principal, action, resource) when {{ {condition} }};");
            match set(&text) {
                Err(_) => {}
                Ok(set) => {
                    set.analyse();
                    set.explain(&request(Action::Prompt, "x", &[])).unwrap();
                }
            }
        }
    }
}

#[test]
fn what_the_compiled_form_cannot_say_is_refused_by_name() {
    let record = (0..17).fold("{a: 1}".to_owned(), |inner, _| format!("{{a: {inner}}}"));
    let names = vec!["a"; 17].join(".");
    let text = format!(
        "@id(\"deep\") @reason_en(\"r\") forbid (principal, action, resource) when {{ {record} has {names} }};"
    );
    let set = set(&text).unwrap();
    let errors = set.compile().unwrap_err();
    assert_eq!(
        errors[0].to_string(),
        "own.cedar:1:1: the compiled form cannot say `deep`: a `has` names more than 16 attributes"
    );
}

#[test]
fn no_text_makes_it_panic() {
    let text = PolicySet::builtin_sources().remove(0).text;
    for (at, _) in text.char_indices().step_by(101) {
        for piece in ["\"", ";", "(", "@id", "極", "\\"] {
            let (before, after) = text.split_at(at);
            let source = Source { name: "x".into(), text: format!("{before}{piece}{after}") };
            let _ = PolicySet::load(&[source]);
        }
    }
}
