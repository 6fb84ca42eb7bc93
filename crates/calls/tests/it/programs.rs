//! `tests/programs.tsv` and `tests/general.tsv`: what programs do with their options, as `tests/cases.tsv`; `!` for any trait that a policy
//! asks about.

use serde_json::json;
use yata_calls::{Call, Place, Traits, understand};

#[test]
fn every_program_has_its_traits() {
    held(include_str!("../programs.tsv"), 16);
}

#[test]
fn kin_of_what_once_went_by_is_seen() {
    held(include_str!("../general.tsv"), 100);
}

fn held(lines: &str, least: usize) {
    let place = Place::new("/home/mio", "/home/mio/src/shop", "/home/mio/src/shop");
    let (mut count, mut wrong) = (0, Vec::new());
    for line in lines.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (command, wanted) = line.rsplit_once('\t').unwrap_or((line, "no tab"));
        let input = json!({ "command": command.replace("\\n", "\n") });
        let found = understand(&Call { tool: "Bash", input: &input }, &place).traits();
        let remarkable = !found.without(Traits::OUTWARD | Traits::OUTSIDE_PROJECT).is_empty();
        let good = match wanted {
            "-" => !remarkable,
            "!" => remarkable,
            // A name that is no trait's is held by nothing.
            names => names.split(' ').all(|name| Traits::named(name).is_some_and(|one| found.contains(one))),
        };
        if !good {
            wrong.push(format!("{command}: {found:?}, not {wanted}"));
        }
        count += 1;
    }
    assert!(count >= least, "{count}");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
