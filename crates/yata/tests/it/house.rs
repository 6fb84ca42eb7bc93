//! The house is as `ARCHITECTURE.md` says: who may use whom, and what is pure.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::support::{repository, text};

/// A crate's folder name, and those that it may use.
type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The table "The map" of `ARCHITECTURE.md`.
fn allowed() -> Arrows {
    let page = fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap();
    let map = page.split("## The map").nth(1).unwrap().split("\n## ").next().unwrap();
    let names = |cell: &str| -> BTreeSet<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let mut arrows = Arrows::new();
    for line in map.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').collect();
        let name = names(cells[1]).into_iter().next().unwrap();
        let above: BTreeSet<String> = arrows.keys().cloned().collect();
        let may = if cells[3].contains("all of the above") { above } else { names(cells[3]) };
        arrows.insert(name, may);
    }
    arrows
}

/// What the workspace's members use of each other, outside tests.
fn used() -> (Arrows, BTreeMap<String, String>) {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let folders: BTreeMap<&str, String> = packages
        .iter()
        .map(|package| {
            let folder = std::path::Path::new(text(&package["manifest_path"])).parent().unwrap();
            (text(&package["name"]), folder.file_name().unwrap().to_str().unwrap().to_owned())
        })
        .collect();
    let mut arrows = Arrows::new();
    for package in packages {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let normal = dependencies.filter(|dependency| dependency["kind"] != "dev");
        let ours = normal.filter_map(|dependency| folders.get(text(&dependency["name"])).cloned());
        arrows.insert(folders[text(&package["name"])].clone(), ours.collect());
    }
    let names = folders.into_iter().map(|(name, folder)| (folder, name.to_owned())).collect();
    (arrows, names)
}

#[test]
fn no_arrow_that_the_map_does_not_have() {
    let (allowed, (used, names)) = (allowed(), used());
    for (name, uses) in &used {
        let may = allowed.get(name).unwrap_or_else(|| panic!("`{name}` is not on the map of ARCHITECTURE.md"));
        let extra: Vec<&String> = uses.difference(may).collect();
        assert!(extra.is_empty(), "`{name}` uses {extra:?}, which the map of ARCHITECTURE.md does not allow");
        let package = &names[name];
        assert!(name == package || format!("yata-{name}") == *package || name == "xtask", "{name}: {package}");
    }
    for (name, may) in &allowed {
        for other in may {
            assert!(allowed.contains_key(other), "`{name}` may use `{other}`, which the map does not have");
        }
    }
}

/// The crates at the rim, which may do I/O, as `ARCHITECTURE.md` names them.
const RIM: [&str; 10] =
    ["collect", "history", "hook", "intel", "store", "console", "paper", "yata", "xtask", "testing"];

#[test]
fn pure_crates_keep_the_bans_and_the_rim_has_its_own_settings() {
    let root = fs::read_to_string(repository().join("clippy.toml")).unwrap();
    let allowances = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with("allow-")).map(str::to_owned).collect()
    };
    assert!(root.contains("disallowed-methods") && allowances(&root).len() >= 4);
    for name in used().0.keys() {
        let own = repository().join("crates").join(name).join("clippy.toml");
        assert_eq!(own.exists(), RIM.contains(&name.as_str()), "crates/{name}/clippy.toml");
        if own.exists() {
            let own = fs::read_to_string(own).unwrap();
            assert_eq!(allowances(&own), allowances(&root), "crates/{name}/clippy.toml differs from the root's");
            assert!(!own.contains("disallowed-methods"), "{name}");
        }
    }
    let page = fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap();
    assert!(RIM.iter().all(|name| page.contains(&format!("`{name}`"))));
}

#[test]
fn every_crate_keeps_the_lints_of_the_workspace() {
    for name in used().0.keys() {
        let manifest = fs::read_to_string(repository().join("crates").join(name).join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "crates/{name}/Cargo.toml");
    }
}
