//! No text makes it panic, run away or overflow, whatever the tool.

use proptest::prelude::*;
use serde_json::json;
use yata_calls::{Call, Place, Traits, understand};

fn place() -> Place<'static> {
    Place::new("/home/mio", "/home/mio/src/shop", "/home/mio/src/shop")
}

fn told(command: &str) -> Traits {
    let input = json!({ "command": command });
    understand(&Call { tool: "Bash", input: &input }, &place()).traits()
}

/// Pieces of shell, so that random texts reach deep.
fn piece() -> impl Strategy<Value = String> {
    let pieces: Vec<&'static str> = vec![
        "rm",
        " -rf ",
        "~",
        "/",
        "$(",
        ")",
        "`",
        "'",
        "\"",
        "${",
        "}",
        "{",
        "|",
        "||",
        "&&",
        ";",
        "\n",
        "<<EOF\n",
        "EOF\n",
        "<<<",
        "<(",
        ">(",
        ">",
        ">>",
        "2>&1",
        "if ",
        "then ",
        "fi",
        "for x in ",
        "do ",
        "done",
        "while ",
        "case ",
        "esac",
        "in ",
        "[[ ",
        " ]]",
        "((",
        "))",
        "$((",
        "\\",
        "$x",
        "x=",
        "x+=(",
        "eval ",
        "sh -c ",
        "git ",
        "push ",
        "sudo ",
        "env ",
        "xargs ",
        "find . -exec ",
        "python3 -c ",
        "curl ",
        "http://a/",
        "base64 -d",
        "*",
        "?",
        "[a-z]",
        "!",
        "#",
        "\u{202e}",
        "\u{0}",
        "é",
        "日本",
        "$'\\x41'",
        "function f ",
        "f() ",
        "export ",
        "alias ",
        "@",
        "psql -c ",
        "DROP TABLE x",
        "%s",
        "-",
        "--",
        "=",
        ",",
        "..",
        "cmd /c ",
        "powershell -c ",
        "awk '",
        "sed -i s/a/b/ ",
        "docker run -v /:/h ",
        "trap ",
        " EXIT",
        "node -e ",
        "kubectl ",
        "aws s3 ",
        "tar -",
        "vim -c :! ",
    ];
    prop_oneof![4 => proptest::sample::select(pieces).prop_map(str::to_owned), 1 => ".{0,6}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_text_is_understood_somehow(pieces in proptest::collection::vec(piece(), 0..40)) {
        told(&pieces.concat());
    }

    #[test]
    fn any_text_goes_into_any_tool(text in ".{0,200}", tool in "(Read|Write|Edit|Grep|Glob|WebFetch|apply_patch|mcp__[a-z]{1,9}__[a-z_]{1,20}|[A-Za-z_]{1,12})") {
        let input = json!({ "command": text, "file_path": text, "content": text, "url": text, "sql": text, "code": text, "pattern": text, "args": [text, text] });
        understand(&Call { tool: &tool, input: &input }, &place());
    }

    #[test]
    fn what_is_quoted_whole_is_said_only(text in "[a-z ;|&$()<>`\"*~/-]{0,60}") {
        // Single quotes end at the next one: nothing in the text runs.
        prop_assert_eq!(told(&format!("echo '{text}'")), Traits::NONE);
    }
}

#[test]
fn deep_and_long_texts_end_as_not_understood() {
    let deep = [
        "(".repeat(5000),
        "$(".repeat(5000),
        "`".repeat(4999),
        "${x:-".repeat(5000),
        "\"$(".repeat(3000),
        "{".repeat(5000),
        "{a,b}".repeat(40),
        "if ".repeat(5000),
        "sh -c \"".repeat(200),
        format!("echo {}", "a ".repeat(300_000)),
        "a;".repeat(50_000),
        "x=$x$x$x;".repeat(400),
        "f() { f; }; f".to_owned(),
        "f() { g; g; }; g() { h; h; }; h() { f; f; }; f".to_owned(),
        "for a in {1..99}; do for b in {1..99}; do for c in {1..99}; do rm x; done; done; done".to_owned(),
        format!("cat {}", "<<A ".repeat(2000)),
        format!("python3 -c '{}'", "(".repeat(20_000)),
        format!("psql -c '{}'", "(".repeat(20_000)),
    ];
    for text in deep {
        told(&text);
    }
    for text in ["(".repeat(5000), "$(".repeat(5000), format!("echo {}", "a ".repeat(300_000))] {
        assert!(told(&text).contains(Traits::NOT_UNDERSTOOD), "{:.30}", text);
    }
}
