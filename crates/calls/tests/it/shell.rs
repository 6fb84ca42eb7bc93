//! `tests/shell.tsv`: texts that a shell reads in a way of its own, and everyday ones beside them.

use serde_json::json;
use yata_calls::{Call, Place, Traits, understand};

#[test]
fn nothing_hides_in_how_a_shell_reads() {
    let place = Place::new("/home/mio", "/home/mio/src/shop", "/home/mio/src/shop");
    let mut wrong = Vec::new();
    for line in include_str!("../shell.tsv").lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (command, wanted) = line.rsplit_once('\t').unwrap_or_else(|| panic!("no tab: {line}"));
        let input = json!({ "command": command.replace("\\n", "\n") });
        let told = understand(&Call { tool: "Bash", input: &input }, &place);
        let asks = !told.traits().without(Traits::OUTWARD | Traits::OUTSIDE_PROJECT).is_empty();
        if asks != (wanted == "!") {
            wrong.push(format!("{command}: {:?}", told.acts));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
