use proptest::prelude::*;
use yata_formats::estate::{FaultKind, MAX_ESTATE_BYTES, MAX_FAULTS_COUNT, parse};

fn told(text: &str) -> String {
    parse(text.as_bytes(), "yata.toml").unwrap_err().to_string()
}

#[test]
fn an_unknown_key_names_the_nearest() {
    let file = r#"
[[asset]]
path = "a"
expsure = "internet"
"#;
    insta::assert_snapshot!(told(file), @r#"yata.toml:4:1: unknown key `expsure` in [[asset]]: did you mean `exposure`?"#);
}

#[test]
fn unknown_keys_of_a_service() {
    let file = r#"
[[service]]
id = "a"
name = "A"
mission_inpact = "low"
criticality = 3
"#;
    insta::assert_snapshot!(told(file), @r#"
    yata.toml:5:1: unknown key `mission_inpact` in [[service]]: did you mean `mission_impact`?
    yata.toml:6:1: unknown key `criticality` in [[service]]: known keys are `id`, `name`, `name_ja`, `mission_impact`, `max_tolerable_outage`, `owner`, `change_window`
    "#);
}

#[test]
fn a_misspelt_table() {
    let file = r#"
[[services]]
id = "a"
"#;
    insta::assert_snapshot!(told(file), @r#"yata.toml:2:3: unknown key `services` in the estate file: did you mean `service`?"#);
}

#[test]
fn unknown_words() {
    let file = r#"
[[asset]]
path = "a"
exposure = "internett"
[[asset]]
path = "b"
exposure = "unknown"
kind = "server"
"#;
    insta::assert_snapshot!(told(file), @r#"
    yata.toml:4:12: `exposure` is `internett`: did you mean `internet`?
    yata.toml:7:12: `exposure` is `unknown`: leave the key out where nobody knows; the worst case is assumed until somebody says
    yata.toml:8:8: `kind` is `server`: allowed are `repository`, `host`, `sbom`, `ai-service`, `agent`, `ai-made-app`, `model`, `data`
    "#);
}

#[test]
fn a_table_with_one_bracket() {
    let file = r#"
[asset]
path = "a"
"#;
    insta::assert_snapshot!(told(file), @r#"yata.toml:2:1: `asset` is a table: expected a list of tables, each under `[[…]]` with two brackets"#);
}

#[test]
fn wrong_types() {
    let file = r#"
[[asset]]
path = 3
ai = "yes"
data_classes = "personal"
depends_on = [1]
"#;
    insta::assert_snapshot!(told(file), @r#"
    yata.toml:3:8: `path` is a whole number: expected a text in quotation marks
    yata.toml:4:6: `ai` is a text: expected `true` or `false`
    yata.toml:5:16: `data_classes` is a text: expected a list in `[…]`
    yata.toml:6:15: `depends_on` is a whole number: expected a text in quotation marks
    "#);
}

#[test]
fn a_key_twice_is_no_toml() {
    let file = r#"
[[asset]]
path = "a"
path = "b"
"#;
    insta::assert_snapshot!(told(file), @r#"yata.toml:4:1: not valid TOML: duplicate key"#);
}

#[test]
fn ids_names_and_selectors_are_unique() {
    let file = r#"
[[service]]
id = "a"
name = "A"
[[service]]
id = "a"
name = "B"
[[asset]]
path = "x"
name = "n"
[[asset]]
path = "x"
name = "n"
[[asset]]
host = "H"
[[asset]]
host = "h"
"#;
    insta::assert_snapshot!(told(file), @r#"
    yata.toml:6:6: service `a` is named twice: the first is at line 3
    yata.toml:12:8: selector `path = x` is named twice: the first is at line 9
    yata.toml:13:8: asset `n` is named twice: the first is at line 10
    yata.toml:17:8: selector `host = h` is named twice: the first is at line 15
    "#);
}

#[test]
fn names_of_nothing() {
    let file = r#"
[[service]]
id = "billing"
name = "B"
[[asset]]
path = "x"
name = "Portal"
service = "biling"
depends_on = ["Portol", "Portal", "mainframe"]
"#;
    insta::assert_snapshot!(told(file), @r#"
    yata.toml:8:11: `service` names a service `biling`, which this file does not define: did you mean `billing`?
    yata.toml:9:15: `depends_on` names an asset `Portol`, which this file does not define: did you mean `Portal`?
    yata.toml:9:25: asset `Portal` depends on itself
    yata.toml:9:35: `depends_on` names an asset `mainframe`, which this file does not define: define an asset of that name, or correct it
    "#);
}

#[test]
fn exactly_one_selector() {
    let file = r#"
[[asset]]
name = "nothing"
[[asset]]
path = "a"
host = "b"
"#;
    insta::assert_snapshot!(told(file), @r#"
    yata.toml:2:1: [[asset]] has 0 of `path`, `host` and `sbom`: expected exactly one
    yata.toml:4:1: [[asset]] has 2 of `path`, `host` and `sbom`: expected exactly one
    "#);
}

#[test]
fn bad_globs() {
    let file = r#"
[[asset]]
path = "/srv/a"
[[asset]]
path = "repos\\a"
[[asset]]
path = "../a"
[[asset]]
path = "a/**b"
[[asset]]
path = "a/[z-a]"
[[asset]]
path = "a/{b,c"
"#;
    insta::assert_snapshot!(told(file), @r#"
    yata.toml:3:8: `/srv/a` is not a path glob: write the path relative to the folder of the estate file, without a leading `/` or drive letter
    yata.toml:5:8: `repos\a` is not a path glob: write `/` between folders on every system, not `\`
    yata.toml:7:8: `../a` is not a path glob: `.` and `..` are not allowed: paths start at the folder of the estate file and stay below it
    yata.toml:9:8: `a/**b` is not a path glob: `**` must stand alone between two `/`
    yata.toml:11:8: `a/[z-a]` is not a path glob: a range in `[…]` runs backwards
    yata.toml:13:8: `a/{b,c` is not a path glob: `{` and `}` do not pair up, or stand in one another
    "#);
}

#[test]
fn bad_days_and_paths() {
    let file = r#"
[assess]
as_of = "2026-02-30"
vex = ["../vex.json"]
[deadlines]
holidays = ["2026-11-23T00:00", 3]
immediate_days = -1
scheduled_days = 1.5
[intel]
feeds = "/feeds"
max_age_days = { kev = 0, jvn = 3 }
"#;
    insta::assert_snapshot!(told(file), @r#"
    yata.toml:3:9: `as_of` is `2026-02-30`: expected a day of the calendar such as `2026-11-23`
    yata.toml:4:8: `vex` is `../vex.json`: expected a path below the folder of the estate file, with `/` between folders and no `..`
    yata.toml:6:13: `holidays` is `2026-11-23T00:00`: expected a day of the calendar such as `2026-11-23`
    yata.toml:6:33: `holidays` is a whole number: expected a date such as "2026-11-23"
    yata.toml:7:18: `immediate_days` is `-1`: expected a whole number from 0 to 3650
    yata.toml:8:18: `scheduled_days` is a number with a fraction: expected a whole number
    yata.toml:10:9: `feeds` is `/feeds`: expected a path below the folder of the estate file, with `/` between folders and no `..`
    yata.toml:11:24: `kev` is `0`: expected a whole number from 1 to 3650
    yata.toml:11:27: unknown key `jvn` in max_age_days: known keys are `osv`, `kev`, `epss`, `vulnrichment`
    "#);
}

#[test]
fn deadlines_in_order() {
    let file = r#"
[deadlines]
immediate_days = 30
"#;
    insta::assert_snapshot!(told(file), @r#"yata.toml:2:1: a less urgent deadline is shorter than a more urgent one: the days are 30, 14, 60, with 3, 14 and 60 where nothing is given"#);
}

#[test]
fn bad_durations_times_and_missing_keys() {
    let file = r#"
[[service]]
id = "a"
name = "A"
max_tolerable_outage = "30"
change_window = { weekday = "sun", weeks = [0], from = "25:00", to = "5:00" }
[[service]]
id = "b"
name = "B"
change_window = { from = "01:00", to = "01:00" }
max_tolerable_outage = 30
[[service]]
"#;
    insta::assert_snapshot!(told(file), @r#"
    yata.toml:5:24: `max_tolerable_outage` is `30`: expected a time with its unit: `30m`, `4h` or `2d`, at most ten years
    yata.toml:6:29: `weekday` is `sun`: did you mean `sunday`?
    yata.toml:6:45: `weeks` is `0`: expected a whole number from 1 to 5
    yata.toml:6:56: `from` is `25:00`: expected a time from `00:00` to `23:59`
    yata.toml:6:70: `to` is `5:00`: expected a time from `00:00` to `23:59`
    yata.toml:10:17: change_window has no `weekday`: name the day of the week, for example `weekday = "sunday"`
    yata.toml:10:40: the change window closes when it opens: leave `from` and `to` out for the whole day
    yata.toml:11:24: `max_tolerable_outage` is a whole number: expected a text in quotation marks
    yata.toml:12:1: [[service]] has no `id`: give it a short id that assets can name
    yata.toml:12:1: [[service]] has no `name`: give it a name that people know
    "#);
}

#[test]
fn texts_that_are_none() {
    let file = r#"
[organisation]
name = ""
name_ja = " みなと"
[[service]]
id = "a\u001b[31m"
name = "A"
"#;
    insta::assert_snapshot!(told(file), @r#"
    yata.toml:3:8: `name` is ``: expected a text that is not empty (leave the key out where nobody knows)
    yata.toml:4:11: `name_ja` is ` みなと`: expected a text without blanks at its ends
    yata.toml:6:6: `id` is `a\u{1b}[31m`: expected a text of one line without control characters
    "#);
}

#[test]
fn every_syntax_error_has_its_place() {
    let file = r#"
[organisation]
name = "みなと", x
[[asset]
"#;
    insta::assert_snapshot!(told(file), @r#"
    yata.toml:3:13: not valid TOML: unexpected key or value, expected newline, `#`
    yata.toml:4:9: not valid TOML: unclosed array table, expected `]`
    "#);
}

#[test]
fn a_key_outside_of_tables() {
    let file = r#"
name = "x"
"#;
    insta::assert_snapshot!(told(file), @r#"yata.toml:2:1: unknown key `name` in the estate file: known keys are `organisation`, `service`, `asset`, `deadlines`, `intel`, `assess`"#);
}

#[test]
fn bytes_that_are_no_text() {
    let error = parse(b"[organisation]\nname = \"\xe3\x81\x82\x82\"\n", "yata.toml").unwrap_err();
    insta::assert_snapshot!(error, @"yata.toml:2:10: not valid UTF-8 from here on: save the file as UTF-8");
}

#[test]
fn a_byte_order_mark_is_no_fault() {
    assert!(parse("\u{feff}[organisation]\nname = \"みなと\"\n".as_bytes(), "yata.toml").is_ok());
}

#[test]
fn limits() {
    let error = parse(&vec![b'#'; MAX_ESTATE_BYTES + 1], "yata.toml").unwrap_err();
    assert!(matches!(error.faults[0].kind, FaultKind::TooLarge { .. }));
    let many = "[[asset]]\npath = \"a\"\n".repeat(100_001);
    let error = parse(many.as_bytes(), "yata.toml").unwrap_err();
    assert!(matches!(error.faults[0].kind, FaultKind::TooMany { count: 100_001, limit: 100_000, .. }));
    let error = parse(format!("x = {}", "[".repeat(100_000)).as_bytes(), "yata.toml").unwrap_err();
    assert!(matches!(error.faults[0].kind, FaultKind::Syntax { .. }));
}

#[test]
fn many_faults_are_counted() {
    let error = parse("[[asset]]\npath = 1\n".repeat(50).as_bytes(), "yata.toml").unwrap_err();
    assert_eq!((error.faults.len(), error.more), (MAX_FAULTS_COUNT, 30));
    assert!(error.to_string().ends_with("yata.toml: 30 more like these"));
}

proptest! {
    #[test]
    fn never_panics_on_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes, "yata.toml");
    }

    #[test]
    fn never_panics_on_almost_an_estate(lines in proptest::collection::vec(line(), 0..30)) {
        if let Err(error) = parse(lines.join("\n").as_bytes(), "yata.toml") {
            prop_assert!(!error.faults.is_empty());
            prop_assert!(error.to_string().lines().all(|line| line.starts_with("yata.toml:")));
        }
    }
}

/// A line that an estate file could have, right or wrong.
fn line() -> impl Strategy<Value = String> {
    let header = prop::sample::select(vec!["[[asset]]", "[[service]]", "[deadlines]", "[intel]", "[assess]", "[["]);
    let key = prop::sample::select(vec![
        "path",
        "host",
        "sbom",
        "name",
        "id",
        "service",
        "weeks",
        "from",
        "count",
        "as_of",
        "holidays",
        "feeds",
        "change_window",
        "max_age_days",
        "immediate_days",
        "depends_on",
        "mission_impact",
        "配水",
    ]);
    let value = prop_oneof![
        Just("true".to_owned()),
        Just("\"low\"".to_owned()),
        Just("2026-11-23".to_owned()),
        Just("01:00".to_owned()),
        Just("{ weekday = \"sunday\", from = \"é\" }".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        "[a-z*?{}\\[\\]/あ-ん-]{0,8}".prop_map(|text| format!("'{text}'")),
        "[a-z*?{}/]{0,8}".prop_map(|text| format!("['{text}', 1]")),
    ];
    prop_oneof![
        1 => header.prop_map(str::to_owned),
        4 => (key, value).prop_map(|(key, value)| format!("{key} = {value}")),
    ]
}
