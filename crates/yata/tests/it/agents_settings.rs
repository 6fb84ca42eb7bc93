//! `yata agents settings`: what is issued is what the policy decides, and says so.

use std::fs;

use serde_json::Value;

use crate::support::{Place, Run, text};

const ORGANISATION: &str = "agents = [\"claude-code\", \"codex\"]\nhook.command = [\"/opt/yata/yata-hook\"]\n";

fn run(place: &Place, args: &[&str]) -> Run {
    let home = place.path("home");
    fs::create_dir_all(&home).unwrap();
    let all = [&["agents", "settings", "--organisation", "agents.toml"], args].concat();
    let mut command = place.command(&all);
    command.current_dir(place.path("")).env("HOME", home).env("YATA_HOOK_DIR", place.path("hook"));
    Run::new(&command.output().unwrap())
}

/// The lists of the permissions of Claude Code: `deny` and `ask`.
fn permissions(run: &Run) -> (Vec<String>, Vec<String>) {
    let answer = run.json();
    let files = answer["files"].as_array().unwrap();
    let claude = files.iter().find(|file| file["agent"] == "claude-code").unwrap();
    let settings: Value = serde_json::from_str(text(&claude["text"])).unwrap();
    let list = |name: &str| {
        let rules = settings["permissions"][name].as_array().unwrap();
        rules.iter().map(|rule| text(rule).to_owned()).collect()
    };
    (list("deny"), list("ask"))
}

#[test]
fn the_policy_decides_what_is_issued() {
    let place = Place::new();
    place.write("agents.toml", ORGANISATION);
    let json = ["--format", "json"];
    let built_in = run(&place, &json);
    let (deny, ask) = permissions(&built_in);
    assert!(deny.contains(&"Bash(ssh *)".to_owned()) && ask.contains(&"Bash(npm install *)".to_owned()));
    assert_eq!(built_in.json()["policy"]["source"], "default");

    // Everything may be done but to fetch from unusual places.
    let strict = "@id(\"x\")\n@reason_en(\"No.\")\nforbid (principal, action, resource)\nwhen { context.traits.contains(\"installs-unusual\") };\n";
    let open = "@id(\"y\")\n@reason_en(\"Yes.\")\npermit (principal, action, resource);\n";
    place.write("policies/own.cedar", format!("{strict}{open}"));
    let own = run(&place, &["--format", "json", "--policies", "policies", "--alone"]);
    let (deny, ask) = permissions(&own);
    assert!(!deny.contains(&"Bash(ssh *)".to_owned()), "{deny:?}");
    assert!(deny.contains(&"Bash(npm install *)".to_owned()) && ask.is_empty(), "{deny:?} {ask:?}");
    assert_ne!(own.json()["policy"]["version"], built_in.json()["policy"]["version"]);

    // The policy that the hook takes is taken here.
    let compiled = place.path("hook/policy.compiled");
    fs::create_dir_all(place.path("hook")).unwrap();
    let compile = ["policy", "compile", "--policies", "policies", "--alone", "-o", compiled.to_str().unwrap()];
    let made = place.command(&compile).current_dir(place.path("")).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(permissions(&run(&place, &json)), (deny, ask));
    fs::write(compiled, "no policy").unwrap();
    assert_eq!(run(&place, &json).code, Some(2), "nothing is issued from a policy that cannot be read");
}

#[test]
fn an_organisation_cannot_be_milder_than_the_policy() {
    let place = Place::new();
    let own = "[[rule]]\nid = \"own\"\ndecision = \"ask\"\ncommand.\"rm -rf\" = [\"rm -rf ~\"]\n";
    place.write("agents.toml", format!("{ORGANISATION}{own}"));
    let refused = run(&place, &[]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("Line 3") && refused.err.contains("rm -rf"), "{}", refused.err);
}

#[test]
fn a_machine_says_from_which_policy_its_settings_are() {
    let place = Place::new();
    place.write("agents.toml", ORGANISATION);
    place.write("policies/own.cedar", "@id(\"own\")\n@reason_en(\"No.\")\nforbid (principal, action, resource)\nwhen { context.program == \"nmap\" };\n");
    let out = run(&place, &["--out", "disk"]);
    assert_eq!(out.code, Some(0), "{}", out.err);
    assert!(out.out.contains("Where the settings are stricter than the policy"), "{}", out.out);
    let drift = ["--drift", "--root", "disk"];
    let same = run(&place, &drift);
    assert_eq!((same.code, same.out.contains("version")), (Some(0), false), "{}{}", same.out, same.err);
    let moved = run(&place, &[&drift[..], &["--policies", "policies"]].concat());
    assert!(moved.out.contains("The settings were issued from policy version"), "{}", moved.out);
    fs::remove_file(place.path("disk/etc/yata/issued.json")).unwrap();
    assert!(run(&place, &drift).out.contains("No record says"));
}
