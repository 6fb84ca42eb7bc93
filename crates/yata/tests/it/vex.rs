//! What suppliers say: OpenVEX and CycloneDX VEX, imported and named in the estate file.

use serde_json::json;

use crate::support::{Place, package_lock, risks, text};

fn place() -> Place {
    let place = Place::with_intel();
    place.write("shop/package-lock.json", package_lock(&[("left", "1.0.0"), ("right", "1.0.0")]));
    place
}

fn openvex(cve: &str, purl: &str) -> String {
    json!({
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://supplier.example/vex/1", "author": "Supplier",
        "timestamp": "2026-11-10T00:00:00Z", "version": 1,
        "statements": [{
            "vulnerability": { "name": cve }, "products": [{ "@id": purl }],
            "status": "not_affected", "justification": "vulnerable_code_not_present"
        }]
    })
    .to_string()
}

fn cyclonedx(cve: &str, purl: &str) -> String {
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "components": [{ "type": "library", "bom-ref": "c", "name": "right", "version": "1.0.0", "purl": purl }],
        "vulnerabilities": [{
            "id": cve, "analysis": { "state": "not_affected", "justification": "code_not_present" },
            "affects": [{ "ref": "c" }]
        }]
    })
    .to_string()
}

#[test]
fn statements_of_both_formats_settle_findings() {
    let place = place();
    assert_eq!(risks(&place.answer(&["shop"])).len(), 2);
    place.write("a.openvex.json", openvex("CVE-2026-1001", "pkg:npm/left@1.0.0"));
    place.write("b.cdx.json", cyclonedx("CVE-2026-1002", "pkg:npm/right@1.0.0"));
    let run = place.yata(&["vex", "import", "a.openvex.json", "b.cdx.json"]).code(0);
    run.says(&["2 statements read; 2 findings changed; 0 statements match nothing yet"]);
    let answer = place.answer(&["shop"]);
    assert_eq!((risks(&answer).len(), answer["settled"].as_array().unwrap().len()), (0, 2));
    assert_eq!(answer["settled"][0]["finding"]["state"]["status"], "false_positive");
    place.assess(&["shop"]).code(0).says(&["2 findings are settled", "does not apply", "left 1.0.0", "right 1.0.0"]);
    let id = text(&answer["settled"][0]["finding"]["id"]).to_owned();
    place.yata(&["finding", "history", &id]).code(0).says(&["does not apply"]);
    place.assess(&["shop", "--explain", &id]).code(0).says(&["does not apply"]);
}

#[test]
fn a_statement_waits_for_its_finding() {
    let place = place();
    place.write("a.openvex.json", openvex("CVE-2026-1001", "pkg:npm/left@1.0.0"));
    place.yata(&["vex", "import", "a.openvex.json"]).code(0).says(&["0 findings changed", "match nothing yet"]);
    assert_eq!(risks(&place.answer(&["shop"])), ["shop | right 1.0.0 | CVE-2026-1002"]);
}

#[test]
fn another_version_is_another_matter() {
    let place = place();
    place.write("a.openvex.json", openvex("CVE-2026-1001", "pkg:npm/left@1.0.1"));
    place.yata(&["vex", "import", "a.openvex.json"]).code(0);
    assert_eq!(risks(&place.answer(&["shop"])).len(), 2);
}

#[test]
fn documents_that_cannot_be_read() {
    let place = place();
    let vex = |name: &str| place.yata(&["vex", "import", name]);
    vex("gone.json").error(&["cannot open `gone.json`"]);
    place.write("cut.json", "{\"@context\": \"https://openvex.dev/ns/v0.2.0\", ");
    vex("cut.json").error(&["cannot read the VEX document `cut.json`", "line 1"]);
    place.write("other.json", "{}");
    vex("other.json").error(&["cannot read the VEX document `other.json`"]);
    place.write("bytes.json", b"\xff\xfe");
    vex("bytes.json").error(&["cannot read the VEX document `bytes.json`", "UTF-8"]);
    let bad = openvex("CVE-2026-1001", "pkg:npm/left@1.0.0").replace("not_affected", "perhaps");
    place.write("bad.json", bad);
    vex("bad.json").code(2).says(&["bad.json", "unknown status “perhaps”"]);
    assert_eq!(risks(&place.answer(&["shop"])).len(), 2);
}

#[test]
fn an_estate_may_name_them() {
    let place = place();
    place.write("shop/says.json", openvex("CVE-2026-1001", "pkg:npm/left@1.0.0"));
    place.write("shop/yata.toml", "[assess]\nvex = [\"says.json\"]\n");
    assert_eq!(risks(&place.answer(&["shop"])), ["shop | right 1.0.0 | CVE-2026-1002"]);
}

#[test]
fn what_a_tree_says_settles_nothing_in_another_tree() {
    let place = place();
    place.write("cloned/package-lock.json", package_lock(&[("left", "1.0.0")]));
    place.write("cloned/says.json", openvex("CVE-2026-1001", "pkg:npm/left"));
    place.write("cloned/yata.toml", "[assess]\nvex = [\"says.json\"]\n");
    assert_eq!(risks(&place.answer(&["shop"])).len(), 2);
    assert_eq!(risks(&place.answer(&["cloned"])).len(), 0);
    assert_eq!(risks(&place.answer(&["shop"])).len(), 2);
}
