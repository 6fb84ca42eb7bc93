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
        format!("a={}; b={}; : ${{a//a/$b}}; : $a$a$a", "a".repeat(60_000), "b".repeat(30_000)),
        format!("a={}\n{}", "a".repeat(30_000), "x=$a$x (:)\n".repeat(4000)),
        format!("a={}\n{}", "ab".repeat(500), ": ${a##*a*b*a*c} ${a//[a-c]?/x}\n".repeat(4000)),
        format!(
            "{} {}",
            "x && a=1 || a=2; x && b=1 || b=2; x && c=1 || c=2;".repeat(9),
            "y $a $b $c $a\n".repeat(3000)
        ),
        format!(
            "f0() {{ :; }}\n{}f40",
            (1..=40).map(|n| format!("f{n}() {{ f{0} $1; f{0} $2; }}\n", n - 1)).collect::<String>()
        ),
        format!("{} : {}", "for a in {1..60}; do x && b=$a$b; ".repeat(12), "; done".repeat(12)),
        "while :; do ".repeat(30) + "a=$a$b; b=$b$a" + &"; done".repeat(30),
        format!("set -- {{1..500}}; {}", "for x; do set -- $@ $@; done;".repeat(50)),
        "cd a; cd b; cd ..; pushd c; popd; ".repeat(500) + "rm -rf x",
        "if x; then cd a; f() { g; }; fi; ".repeat(800) + "f",
    ];
    for text in deep {
        let start = std::time::Instant::now();
        told(&text);
        println!("{:6} ms for {:.40}", start.elapsed().as_millis(), text.replace('\n', " "));
    }
    for text in ["(".repeat(5000), "$(".repeat(5000), format!("echo {}", "a ".repeat(300_000))] {
        assert!(told(&text).contains(Traits::NOT_UNDERSTOOD), "{:.30}", text);
    }
}
