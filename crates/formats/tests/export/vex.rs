//! VEX documents, good, wrong and hostile.

use insta::assert_snapshot;
use proptest::prelude::*;
use yata_formats::vex::{MAX_DEPTH_LEVELS, MAX_DOCUMENT_BYTES, MAX_PROBLEMS_COUNT, VexError, parse};
use yata_model::{ProblemKind, VexStatement};

use crate::sample::say;

fn line(s: &VexStatement) -> String {
    let within = if s.within.is_empty() { String::new() } else { format!(" within {}", s.within.join(" ")) };
    let words = s.statement.as_deref().map(|words| format!(" “{words}”")).unwrap_or_default();
    let justification = s.justification.as_deref().unwrap_or("-");
    let at = s.at.map(|at| at.to_string()).unwrap_or_default();
    let author = s.author.as_deref().unwrap_or("-");
    let (ids, products) = (s.ids.join(" "), s.products.join(" "));
    format!("{:?} {ids}: {products}{within} [{justification}]{words} {author} {} {at}", s.status, s.source)
}

fn show(document: &str) -> String {
    match parse(document.as_bytes(), "given.json") {
        Ok((statements, problems)) => {
            let problems = problems.iter().map(|p| format!("problem {:?} {}: {}", p.kind, p.subject, say(&p.message)));
            statements.iter().map(line).chain(problems).collect::<Vec<_>>().join("\n")
        }
        Err(error) => format!("error: {error}"),
    }
}

fn openvex(statements: &str) -> String {
    format!(
        r#"{{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "urn:vex:1", "author": "みなと水道",
        "timestamp": "2026-08-01T09:00:00+09:00", "version": 1, "statements": [{statements}]}}"#
    )
}

fn cyclonedx(vulnerabilities: &str) -> String {
    format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": {{"timestamp": "2026-08-01T00:00:00Z", "authors": [{{"name": "supplier"}}],
          "component": {{"type": "application", "bom-ref": "app", "name": "app", "purl": "pkg:generic/app",
            "components": [{{"type": "library", "bom-ref": "inner", "name": "x", "purl": "pkg:npm/inner@1.0.0"}}]}}}},
        "components": [{{"type": "library", "bom-ref": "no-purl", "name": "n"}},
          {{"type": "library", "bom-ref": "two", "name": "a", "purl": "pkg:npm/a@1"}},
          {{"type": "library", "bom-ref": "two", "name": "b", "purl": "pkg:npm/b@1"}}],
        "vulnerabilities": [{vulnerabilities}]}}"#
    )
}

#[test]
fn openvex_statements() {
    assert_snapshot!(show(&openvex(r#"
        {"vulnerability": {"name": "CVE-2021-44228", "aliases": ["GHSA-jfh8-c2jp-5v3q", "CVE-2021-44228"]},
         "products": [{"@id": "pkg:maven/a/b@1"}, {"@id": "https://example.org/p", "identifiers": {"purl": "pkg:npm/c"}}],
         "status": "not_affected", "justification": "vulnerable_code_not_present", "impact_statement": "使っていません"},
        {"vulnerability": {"name": "CVE-1"}, "timestamp": "2026-08-02T00:00:00Z", "status": "affected",
         "products": ["pkg:npm/d@2"], "action_statement": "Upgrade"},
        {"vulnerability": "CVE-2", "status": "fixed", "products": [{"@id": "pkg:npm/e@3"}]},
        {"vulnerability": {"name": "CVE-3"}, "status": "under_investigation", "products": [{"@id": "pkg:npm/f"}]}
    "#)), @r#"
    NotAffected CVE-2021-44228 GHSA-jfh8-c2jp-5v3q: pkg:maven/a/b@1 pkg:npm/c [vulnerable_code_not_present] “使っていません” みなと水道 urn:vex:1 2026-08-01T00:00:00Z
    Affected CVE-1: pkg:npm/d@2 [-] “Upgrade” みなと水道 urn:vex:1 2026-08-02T00:00:00Z
    Fixed CVE-2: pkg:npm/e@3 [-] みなと水道 urn:vex:1 2026-08-01T00:00:00Z
    UnderInvestigation CVE-3: pkg:npm/f [-] みなと水道 urn:vex:1 2026-08-01T00:00:00Z
    "#);
}

#[test]
fn openvex_subcomponents_are_said_within_their_product() {
    assert_snapshot!(show(&openvex(r#"
        {"vulnerability": {"name": "CVE-1"}, "status": "not_affected", "justification": "component_not_present",
         "products": [
           {"@id": "pkg:oci/app@sha256%3Aabc", "subcomponents": [{"@id": "pkg:npm/a@1"}, {"@id": "cpe:/a:x:y"}]},
           {"@id": "https://example.org/appliance", "subcomponents": [{"identifiers": {"purl": "pkg:npm/b@2"}}]},
           {"@id": "pkg:npm/whole@3"}]}
    "#)), @r#"
    NotAffected CVE-1: pkg:npm/a@1 within pkg:oci/app@sha256%3Aabc [component_not_present] みなと水道 urn:vex:1 2026-08-01T00:00:00Z
    NotAffected CVE-1: pkg:npm/b@2 within https://example.org/appliance [component_not_present] みなと水道 urn:vex:1 2026-08-01T00:00:00Z
    NotAffected CVE-1: pkg:npm/whole@3 [component_not_present] みなと水道 urn:vex:1 2026-08-01T00:00:00Z
    problem BadEntry given.json: vex-product-without-purl(number=1; product=cpe:/a:x:y)
    "#);
}

#[test]
fn openvex_statements_that_break_a_rule_are_problems() {
    assert_snapshot!(show(&openvex(r#"
        {"vulnerability": {"name": "CVE-1"}, "status": "harmless", "products": [{"@id": "pkg:npm/a"}]},
        {"vulnerability": {"name": "CVE-2"}, "products": [{"@id": "pkg:npm/a"}]},
        {"vulnerability": {"name": "CVE-3"}, "status": "not_affected", "products": [{"@id": "pkg:npm/a"}]},
        {"vulnerability": {"name": "CVE-4"}, "status": "not_affected", "justification": "trust_me", "products": [{"@id": "pkg:npm/a"}]},
        {"vulnerability": {"name": "CVE-5"}, "status": "fixed"},
        {"vulnerability": {"name": "CVE-6"}, "status": "fixed", "products": []},
        {"vulnerability": {"name": " "}, "status": "fixed", "products": [{"@id": "pkg:npm/a"}]},
        {"vulnerability": {"name": "CVE-7"}, "status": "fixed", "products": [{"@id": "my product"}]},
        {"vulnerability": {"name": "CVE-9"}, "status": "fixed", "products": ["pkg:npm/a"], "subcomponents": ["pkg:npm/b"]},
        {"vulnerability": {"name": "CVE-8"}, "timestamp": "yesterday", "status": "fixed", "products": [{"@id": "pkg:npm/a"}]}
    "#)), @r#"
    Fixed CVE-8: pkg:npm/a [-] みなと水道 urn:vex:1 
    problem BadEntry given.json: vex-bad-status(number=1; status=harmless)
    problem BadEntry given.json: vex-bad-status(number=2; status=)
    problem BadEntry given.json: vex-no-justification(number=3)
    problem BadEntry given.json: vex-bad-justification(justification=trust_me; number=4)
    problem BadEntry given.json: vex-no-product(number=5)
    problem BadEntry given.json: vex-no-product(number=6)
    problem BadEntry given.json: vex-no-vulnerability(number=7)
    problem BadEntry given.json: vex-product-without-purl(number=8; product=my product)
    problem BadEntry given.json: vex-old-subcomponents(number=9)
    problem BadEntry given.json: vex-bad-time(number=10; time=yesterday)
    "#);
}

#[test]
fn cyclonedx_statements() {
    assert_snapshot!(show(&cyclonedx(r#"
        {"id": "CVE-1", "references": [{"id": "GHSA-1", "source": {}}], "affects": [{"ref": "pkg:npm/a@1"}],
         "analysis": {"state": "not_affected", "justification": "code_not_reachable", "detail": "呼ばれません",
                      "lastUpdated": "2026-08-03T00:00:00Z"}},
        {"id": "CVE-2", "affects": [{"ref": "inner"}, {"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#inner"},
          {"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg:npm/%2540s/b@1"}], "analysis": {"state": "false_positive"}},
        {"id": "CVE-3", "affects": [{"ref": "app", "versions": [{"version": "1.0"}, {"version": "1+1", "status": "affected"},
          {"version": "2.0", "status": "unaffected"}, {"version": "3.0", "status": "unknown"}]}], "analysis": {"state": "exploitable"}},
        {"id": "CVE-4", "affects": [{"ref": "inner", "versions": [{"version": "1.0.0"}]}], "analysis": {"state": "resolved"}},
        {"id": "CVE-5", "affects": [{"ref": "inner"}], "analysis": {"state": "resolved_with_pedigree"}},
        {"id": "CVE-6", "affects": [{"ref": "inner"}], "analysis": {"state": "in_triage"}},
        {"id": "CVE-7", "affects": [{"ref": "inner"}]}
    "#)), @r#"
    NotAffected CVE-1 GHSA-1: pkg:npm/a@1 [code_not_reachable] “呼ばれません” supplier urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79 2026-08-03T00:00:00Z
    NotAffected CVE-2: pkg:npm/inner@1.0.0 pkg:npm/%40s/b@1 [false_positive] supplier urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79 2026-08-01T00:00:00Z
    Affected CVE-3: pkg:generic/app@1.0 pkg:generic/app@1%2B1 [-] supplier urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79 2026-08-01T00:00:00Z
    NotAffected CVE-3: pkg:generic/app@2.0 [-] supplier urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79 2026-08-01T00:00:00Z
    UnderInvestigation CVE-3: pkg:generic/app@3.0 [-] supplier urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79 2026-08-01T00:00:00Z
    Fixed CVE-4: pkg:npm/inner@1.0.0 [-] supplier urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79 2026-08-01T00:00:00Z
    Fixed CVE-5: pkg:npm/inner@1.0.0 [-] supplier urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79 2026-08-01T00:00:00Z
    UnderInvestigation CVE-6: pkg:npm/inner@1.0.0 [-] supplier urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79 2026-08-01T00:00:00Z
    "#);
}

#[test]
fn cyclonedx_statements_that_break_a_rule_are_problems() {
    assert_snapshot!(show(&cyclonedx(r#"
        {"id": "CVE-1", "affects": [{"ref": "inner"}], "analysis": {"state": "fine"}},
        {"id": "CVE-2", "affects": [{"ref": "inner"}], "analysis": {}},
        {"id": "CVE-3", "analysis": {"state": "not_affected"}},
        {"affects": [{"ref": "inner"}], "analysis": {"state": "not_affected"}},
        {"id": "CVE-5", "affects": [{"ref": "no-purl"}, {"ref": "two"}, {"ref": "nowhere"}, {"ref": "urn:cdx:x/1"}, {}],
         "analysis": {"state": "not_affected"}},
        {"id": "CVE-6", "affects": [{"ref": "inner", "versions": [{"version": "9"}, {"range": "vers:npm/<2"}, {}, {"version": "1.0.0", "status": "?"}]}],
         "analysis": {"state": "not_affected"}}
    "#)), @r#"
    problem BadEntry given.json: vex-bad-status(number=1; status=fine)
    problem BadEntry given.json: vex-bad-status(number=2; status=)
    problem BadEntry given.json: vex-no-product(number=3)
    problem BadEntry given.json: vex-no-vulnerability(number=4)
    problem BadEntry given.json: vex-product-without-purl(number=5; product=no-purl)
    problem BadEntry given.json: vex-product-without-purl(number=5; product=two)
    problem BadEntry given.json: vex-product-without-purl(number=5; product=nowhere)
    problem BadEntry given.json: vex-product-without-purl(number=5; product=urn:cdx:x/1)
    problem BadEntry given.json: vex-product-without-purl(number=5; product=)
    problem BadEntry given.json: vex-version-conflict(number=6; product=pkg:npm/inner@1.0.0)
    problem BadEntry given.json: vex-range(number=6; product=pkg:npm/inner@1.0.0; range=vers:npm/<2)
    problem BadEntry given.json: vex-version-unclear(number=6; product=pkg:npm/inner@1.0.0)
    problem BadEntry given.json: vex-bad-status(number=6; status=?)
    "#);
}

#[test]
fn wrong_documents_are_errors() {
    let twice =
        openvex(r#"{"vulnerability": {"name": "CVE-1"}, "status": "affected", "status": "fixed", "products": []}"#);
    let cases = [
        "",
        "{",
        "[]",
        "{}",
        "null",
        r#"{"@context": "https://spdx.org/rdf/3.0"}"#,
        r#"{"@context": "https://openvex.dev/ns/v9.0.0", "statements": []}"#,
        r#"{"bomFormat": "CycloneDX", "specVersion": "2.0"}"#,
        r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}"#,
        r#"{"bomFormat": "SPDX", "specVersion": "1.6"}"#,
        r#"{"@context": "https://openvex.dev/ns", "bomFormat": "CycloneDX"}"#,
        &openvex(""),
        &openvex(r#"{"status": 5}"#),
        &openvex(r#"{"vulnerability": {"name": "CVE-1"}, "#),
        &twice,
    ];
    let errors: Vec<String> = cases.iter().map(|case| show(case)).collect();
    assert_snapshot!(errors.join("\n"), @r#"
    error: not a VEX document of valid form at line 1, column 0: EOF while parsing a value
    error: not a VEX document of valid form at line 1, column 1: EOF while parsing an object
    error: neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)
    error: neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)
    error: not a VEX document of valid form at line 1, column 4: invalid type: null, expected an object
    error: neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)
    error: OpenVEX version `https://openvex.dev/ns/v9.0.0` is not supported
    error: CycloneDX version `2.0` is not supported
    error: the document makes no VEX statement
    error: neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)
    error: neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)
    error: the document makes no VEX statement
    error: not a VEX document of valid form at line 2, column 91: invalid type: integer `5`, expected a string
    error: not a VEX document of valid form at line 2, column 117: key must be a string
    error: not a VEX document of valid form at line 2, column 146: duplicate field `status`
    "#);
}

#[test]
fn limits_hold() {
    let deep =
        format!(r#"{{"@context": "https://openvex.dev/ns", "x": {}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(parse(deep.as_bytes(), "f"), Err(VexError::TooDeep { line: 1 }));
    let edge = format!("\n{}", "[".repeat(MAX_DEPTH_LEVELS + 1));
    assert_eq!(parse(edge.as_bytes(), "f"), Err(VexError::TooDeep { line: 2 }));
    let brackets_in_text = openvex(&format!(
        r#"{{"vulnerability": {{"name": "CVE-1"}}, "status": "fixed", "status_notes": "\"{}", "products": ["pkg:npm/a"]}}"#,
        "[".repeat(1_000)
    ));
    assert!(parse(brackets_in_text.as_bytes(), "f").is_ok());
    assert_eq!(parse(b"{\"a\xff", "f"), Err(VexError::NotUtf8 { offset: 3 }));
    let huge = vec![b' '; MAX_DOCUMENT_BYTES + 1];
    assert_eq!(parse(&huge, "f"), Err(VexError::TooLarge { bytes: MAX_DOCUMENT_BYTES + 1 }));
    let many = vec!["{}"; MAX_PROBLEMS_COUNT + 7].join(",");
    let (statements, problems) = parse(openvex(&many).as_bytes(), "f").unwrap();
    assert!(statements.is_empty());
    assert_eq!(problems.len(), MAX_PROBLEMS_COUNT + 1);
    assert_eq!(say(&problems[MAX_PROBLEMS_COUNT].message), "vex-more-problems(count=7)");
}

#[test]
fn a_small_document_cannot_become_a_large_one() {
    let product = r#"{"@id": "pkg:npm/p", "subcomponents": ["pkg:npm/a"]}"#;
    let statement = format!(
        r#"{{"vulnerability": "CVE-1", "status": "fixed", "status_notes": "{}", "products": [{}]}}"#,
        "x".repeat(1 << 20),
        vec![product; 300].join(",")
    );
    assert_eq!(parse(openvex(&statement).as_bytes(), "f"), Err(VexError::TooManyStatements));
}

#[test]
fn errors_become_problems_of_the_file() {
    let problem = parse(b"{\n{", "vex/x.json").unwrap_err().problem("vex/x.json");
    assert_eq!(
        (problem.kind, problem.subject.as_str(), problem.line),
        (ProblemKind::Unparsable, "vex/x.json", Some(2))
    );
    let problem = VexError::TooLarge { bytes: 1 }.problem("x");
    assert_eq!((problem.kind, problem.line), (ProblemKind::TooLarge, None));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let document = openvex(r#"{"vulnerability": "CVE-1", "status": "fixed", "products": ["pkg:npm/a"]}"#);
    assert_eq!(show(&format!("\u{feff}{document}")), show(&document));
}

fn good() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(openvex(
            r#"{"vulnerability": {"name": "CVE-1"}, "status": "not_affected", "justification": "component_not_present",
            "products": [{"@id": "pkg:npm/a@1", "subcomponents": [{"@id": "pkg:npm/b"}]}]}"#
        )),
        Just(cyclonedx(
            r#"{"id": "CVE-3", "affects": [{"ref": "urn:cdx:x/1#a%2", "versions": [{"version": "1.0"}]}],
            "analysis": {"state": "exploitable"}}"#
        )),
    ]
}

proptest! {
    #[test]
    fn never_panics_on_bytes(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let _ = parse(&bytes, "f");
    }

    #[test]
    fn never_panics_on_mutations(
        document in good(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        shorten in any::<bool>(),
    ) {
        let mut bytes = document.into_bytes();
        for (index, byte) in changes {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if shorten {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = parse(&bytes, "f");
    }

    #[test]
    fn never_panics_on_text_in_every_field(text in "\\PC{0,20}|[ -~]{0,20}|pkg:[a-z]{0,3}/[@?#%0-9a-f/]{0,9}") {
        let t = serde_json::to_string(&text).unwrap();
        let vulnerability = format!(
            r#"{{"id": {t}, "references": [{{"id": {t}}}], "affects": [{{"ref": {t}, "versions": [{{"version": {t}}}]}},
            {{"ref": "app", "versions": [{{"version": {t}}}]}}], "analysis": {{"state": "exploitable", "detail": {t}, "lastUpdated": {t}}}}}"#
        );
        prop_assert!(parse(cyclonedx(&vulnerability).as_bytes(), &text).is_ok());
        let statement = format!(
            r#"{{"vulnerability": {{"name": {t}, "aliases": [{t}]}}, "status": "fixed", "timestamp": {t},
            "products": [{{"@id": {t}, "subcomponents": [{t}, {{"identifiers": {{"purl": {t}}}}}]}}, {t}]}}"#
        );
        prop_assert!(parse(openvex(&statement).as_bytes(), &text).is_ok());
    }
}
