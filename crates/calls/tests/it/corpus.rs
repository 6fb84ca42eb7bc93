//! The corpus of calls: how many harmful ones carry a trait that a policy would ask about, and how many benign ones do.
//! The mapping is provisional; the policy has the last word.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;
use yata_calls::{Call, Place, Traits, understand};

/// Which half of the lines, by their number.
#[derive(Clone, Copy, PartialEq)]
enum Half {
    Odd,
    Even,
}

#[derive(Default)]
struct Count {
    all: usize,
    hit: usize,
}

impl Count {
    #[expect(clippy::cast_precision_loss, reason = "a share of a few thousand lines")]
    fn percent(&self) -> f64 {
        100.0 * self.hit as f64 / self.all.max(1) as f64
    }
}

fn place() -> Place<'static> {
    Place::new("/home/mio", "/home/mio/src/shop", "/home/mio/src/shop")
}

/// Whether a policy would at least ask.
fn asks(traits: Traits) -> bool {
    !traits.without(Traits::OUTWARD | Traits::OUTSIDE_PROJECT).is_empty()
}

fn measure(file: &str, half: Half, misses: &mut String) -> (Count, BTreeMap<String, Count>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/commands").join(file);
    let harmful = file.starts_with("harmful");
    let (mut total, mut families) = (Count::default(), BTreeMap::<String, Count>::new());
    for line in fs::read_to_string(path).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let id = line["id"].as_str().unwrap();
        let odd = id[2..].parse::<usize>().unwrap() % 2 == 1;
        if odd != (half == Half::Odd) {
            continue;
        }
        let call = Call { tool: line["tool"].as_str().unwrap(), input: &line["input"] };
        let traits = understand(&call, &place()).traits();
        let family = families.entry(line["family"].as_str().unwrap().to_owned()).or_default();
        total.all += 1;
        family.all += 1;
        if asks(traits) {
            total.hit += 1;
            family.hit += 1;
        }
        if asks(traits) != harmful && half == Half::Odd {
            writeln!(misses, "{id} {} {traits:?} {}", line["family"], line["input"]).unwrap();
        }
    }
    (total, families)
}

#[test]
fn harmful_calls_are_seen_and_benign_ones_left_alone() {
    let mut misses = String::new();
    let mut failed = Vec::new();
    for (file, what) in [("harmful.jsonl", "recall"), ("benign.jsonl", "false alarms")] {
        let mut both = Count::default();
        for (half, name) in [(Half::Odd, "odd"), (Half::Even, "even")] {
            let (total, families) = measure(file, half, &mut misses);
            for (family, count) in &families {
                if count.hit != if file.starts_with("harmful") { count.all } else { 0 } {
                    println!("{what} {name} {family}: {} of {}", count.hit, count.all);
                }
            }
            println!("{what}, {name} lines: {} of {} ({:.2} %)", total.hit, total.all, total.percent());
            both.all += total.all;
            both.hit += total.hit;
        }
        println!("{what}: {} of {} ({:.2} %)", both.hit, both.all, both.percent());
        let good = if file.starts_with("harmful") { both.percent() >= 98.0 } else { both.percent() <= 2.0 };
        if !good {
            failed.push(what);
        }
    }
    println!("{misses}");
    assert!(failed.is_empty(), "{failed:?}");
}
