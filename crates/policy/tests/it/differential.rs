//! The compiled form says what the engine of the language says: random policies over the whole schema, random requests.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use yata_policy::cedar::PolicySet;
use yata_policy::{Action, Compiled, Facts, Principal, PrincipalKind, Request, TRAITS, Traits};

use crate::support::set;

/// Choices that proptest makes, and makes smaller.
struct Choices<'c> {
    numbers: &'c [u16],
    at: Cell<usize>,
}

impl Choices<'_> {
    fn below(&self, count: usize) -> usize {
        let number = self.numbers.get(self.at.get()).copied().unwrap_or(0);
        self.at.set(self.at.get() + 1);
        usize::from(number) % count
    }

    fn of<'t>(&self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }
}

/// Texts of policies and requests, as both would write them: in the policy escaped.
const TEXTS: [(&str, &str); 14] = [
    ("rm", "rm"),
    ("", ""),
    ("git", "git"),
    ("a*b", "a*b"),
    ("極秘 資料", "極秘 資料"),
    ("default", "default"),
    ("shop", "shop"),
    ("secret", "secret"),
    ("\\\"quoted\\\"", "\"quoted\""),
    ("back\\\\slash", "back\\slash"),
    ("/home/mio/.ssh/id_rsa", "/home/mio/.ssh/id_rsa"),
    ("https://a.example:443/x?y", "https://a.example:443/x?y"),
    ("mcp__wiki__read", "mcp__wiki__read"),
    ("npm:left-pad@1.3.0", "npm:left-pad@1.3.0"),
];
const PATTERNS: [&str; 12] =
    ["*", "", "r*", "*m", "*/.ssh/*", "a\\**", "*極秘*", "?", "*\\\\*", "*t*t*", "https://*.example*", "*\\*b"];
const LONGS: [&str; 9] = ["0", "1", "-1", "7", "1000", "9223372036854775807", "-9223372036854775807", "86400000", "-3"];
const INSTANTS: [&str; 7] = [
    "2026-11-22",
    "1969-12-31",
    "1970-01-01",
    "2026-11-22T12:00:00Z",
    "1960-02-29T23:59:59.999Z",
    "2026-11-22T08:00:00+0900",
    "9999-12-31",
];
const SPANS: [&str; 8] = ["0ms", "1d", "-1d", "1h30m", "-5h", "8h", "9223372036854775807ms", "25m3s1ms"];
const GROUPS: [&str; 3] = ["developers", "管理者", "release"];
const KINDS: [&str; 4] = ["Person", "Agent", "CiJob", "Group"];

/// Writes a random policy that the schema accepts.
struct Author<'c> {
    choices: &'c Choices<'c>,
    action: Action,
}

impl Author<'_> {
    fn text(&self, depth: usize) -> String {
        let attributes: &[&str] = match self.action {
            Action::RunCommand => &["text"],
            Action::ReadFile | Action::WriteFile => &["name", "path"],
            Action::FetchUrl => &["host", "scheme", "url"],
            Action::CallTool => &["name", "server"],
            Action::InstallPackage => &["ecosystem", "name", "version"],
            Action::Prompt => &["service"],
            Action::Retrieve | Action::Export => &["name"],
        };
        match self.choices.below(if depth == 0 { 4 } else { 7 }) {
            0 => format!("\"{}\"", TEXTS[self.choices.below(TEXTS.len())].0),
            1 => format!("context.{}", self.choices.of(&["program", "agent", "mode", "project"])),
            2 | 3 => format!("resource.{}", self.choices.of(attributes)),
            4 => format!("context[\"{}\"]", self.choices.of(&["program", "mode"])),
            5 => format!("{{\"k\": {}, n: {}}}.k", self.text(depth - 1), self.long(0)),
            _ => format!("(if {} then {} else {})", self.bool(depth - 1), self.text(depth - 1), self.text(depth - 1)),
        }
    }

    fn long(&self, depth: usize) -> String {
        let long = || self.long(depth - 1);
        match self.choices.below(if depth == 0 { 2 } else { 8 }) {
            0 | 1 => self.choices.of(&LONGS).to_owned(),
            2 => format!("({} + {})", long(), long()),
            3 => format!("({} - {})", long(), long()),
            4 => format!("({} * {})", long(), long()),
            5 => format!("(-{})", long()),
            6 => {
                let unit = self.choices.of(&["Milliseconds", "Seconds", "Minutes", "Hours", "Days"]);
                format!("{}.to{unit}()", self.span(depth - 1))
            }
            _ => format!("(if {} then {} else {})", self.bool(depth - 1), long(), long()),
        }
    }

    fn span(&self, depth: usize) -> String {
        match self.choices.below(if depth == 0 { 1 } else { 3 }) {
            0 => format!("duration(\"{}\")", self.choices.of(&SPANS)),
            1 => format!("{}.durationSince({})", self.instant(depth - 1), self.instant(depth - 1)),
            _ => format!("{}.toTime()", self.instant(depth - 1)),
        }
    }

    fn instant(&self, depth: usize) -> String {
        match self.choices.below(if depth == 0 { 1 } else { 3 }) {
            0 => format!("datetime(\"{}\")", self.choices.of(&INSTANTS)),
            1 => format!("{}.offset({})", self.instant(depth - 1), self.span(depth - 1)),
            _ => format!("{}.toDate()", self.instant(depth - 1)),
        }
    }

    fn names(&self) -> String {
        let name = |_| format!("\"{}\"", self.choices.of(&TRAITS));
        format!("[{}]", (0..=self.choices.below(4)).map(name).collect::<Vec<_>>().join(", "))
    }

    fn texts(&self, depth: usize) -> String {
        match self.choices.below(if depth == 0 { 2 } else { 5 }) {
            0 => "context.classes".to_owned(),
            1 => format!("[{}, \"secret\"]", self.text(0)),
            2 => "(if context.tainted then context.traits else context.classes)".to_owned(),
            3 => format!("[{}]", self.text(depth - 1)),
            _ => format!("(if {} then {} else context.classes)", self.bool(depth - 1), self.texts(depth - 1)),
        }
    }

    fn entity(&self) -> String {
        match self.choices.below(4) {
            0 => format!("Group::\"{}\"", self.choices.of(&GROUPS)),
            1 => format!("{}::\"mio\"", self.choices.of(&KINDS)),
            _ => format!("{}::\"{}\"", self.choices.of(&KINDS), TEXTS[self.choices.below(TEXTS.len())].0),
        }
    }

    fn about_entities(&self) -> String {
        let group = || format!("Group::\"{}\"", self.choices.of(&GROUPS));
        match self.choices.below(9) {
            0 => format!("principal in {}", group()),
            1 => format!("principal in [{}, {}]", group(), group()),
            2 => format!("principal is {}", self.choices.of(&["Person", "Agent", "CiJob"])),
            3 => format!("principal is {} in {}", self.choices.of(&["Person", "Agent"]), group()),
            4 => format!("principal == {}", self.entity().replace("Group", "Agent")),
            5 => format!("action == Action::\"{}\"", self.action.name()),
            6 => format!("action in [Action::\"{}\", Action::\"export\"]", self.action.name()),
            7 => format!("{} in {}", self.entity(), self.entity().replace("Person", "Group").replace("Agent", "Group")),
            _ => format!("[{}, {}].contains({})", group(), group(), group()),
        }
    }

    fn about_traits(&self) -> String {
        match self.choices.below(5) {
            0 => format!("context.traits.contains(\"{}\")", self.choices.of(&TRAITS)),
            1 => format!("context.traits.containsAny({})", self.names()),
            2 => format!("context.traits.containsAll({})", self.names()),
            3 => format!("{}.containsAll(context.traits)", self.names()),
            _ => format!("{}.containsAny(context.traits)", self.names()),
        }
    }

    fn bool(&self, depth: usize) -> String {
        let bool = || self.bool(depth - 1);
        let compare = || self.choices.of(&["<", "<=", ">", ">=", "==", "!="]);
        match self.choices.below(if depth == 0 { 4 } else { 19 }) {
            0 => "context.tainted".to_owned(),
            1 => self.about_traits(),
            2 => self.about_entities(),
            3 => self.choices.of(&["true", "false", "context has now", "context has mode"]).to_owned(),
            4 => format!("({} && {})", bool(), bool()),
            5 => format!("({} || {})", bool(), bool()),
            6 => format!("!({})", bool()),
            7 => format!("(if {} then {} else {})", bool(), bool(), bool()),
            8 => format!("{} {} {}", self.long(depth - 1), compare(), self.long(depth - 1)),
            9 => format!("{} {} {}", self.span(depth - 1), compare(), self.span(depth - 1)),
            10 => format!("{} {} {}", self.instant(depth - 1), compare(), self.instant(depth - 1)),
            11 => format!("(context has now && context.now.toDate() {} {})", compare(), self.instant(depth - 1)),
            12 => format!("(context has now && context.now.toTime() {} {})", compare(), self.span(depth - 1)),
            13 => format!("{} {} {}", self.text(depth - 1), self.choices.of(&["==", "!="]), self.text(depth - 1)),
            14 => format!("{} like \"{}\"", self.text(depth - 1), self.choices.of(&PATTERNS)),
            15 => format!("{}.contains({})", self.texts(depth - 1), self.text(depth - 1)),
            16 => {
                let method = self.choices.of(&["containsAll", "containsAny"]);
                format!("{}.{method}({})", self.texts(depth - 1), self.texts(depth - 1))
            }
            17 => format!("{} {} {}", self.texts(depth - 1), self.choices.of(&["==", "!="]), self.texts(depth - 1)),
            _ => {
                let record = || format!("{{a: {}, \"b c\": {}}}", self.long(depth - 1), self.text(depth - 1));
                match self.choices.below(3) {
                    0 => format!("{} == {}", record(), record()),
                    1 => format!("{} has {}", record(), self.choices.of(&["a", "\"b c\""])),
                    _ => format!("{}.isEmpty()", self.texts(depth - 1)),
                }
            }
        }
    }

    fn policy(&self, number: usize) -> String {
        let (effect, decision) = [("permit", ""), ("forbid", "@decision(\"ask\")"), ("forbid", "@decision(\"deny\")")]
            [self.choices.below(3)];
        let principal = match self.choices.below(5) {
            0 => format!("principal in Group::\"{}\"", self.choices.of(&GROUPS)),
            1 => "principal == Agent::\"mio\"".to_owned(),
            2 => "principal is Agent in Group::\"developers\"".to_owned(),
            _ => "principal".to_owned(),
        };
        let action = match self.choices.below(3) {
            0 => format!("action in [Action::\"{}\"]", self.action.name()),
            _ => format!("action == Action::\"{}\"", self.action.name()),
        };
        let clause = match self.choices.below(3) {
            0 => format!("when {{ {} }} unless {{ {} }}", self.bool(3), self.bool(2)),
            1 => format!("unless {{ {} }}", self.bool(3)),
            _ => format!("when {{ {} }}", self.bool(4)),
        };
        format!(
            "@id(\"p{number}\") {decision} @reason_en(\"r\")\n{effect} ({principal}, {action}, resource)\n{clause};\n"
        )
    }
}

fn a_request(choices: &Choices<'_>, action: Action) -> Request {
    let text = || TEXTS[choices.below(TEXTS.len())].1.to_owned();
    let kind = PrincipalKind::ALL[choices.below(3)];
    let groups = GROUPS.iter().filter(|_| choices.below(2) == 1).map(|group| (*group).to_owned()).collect();
    let id = if choices.below(2) == 0 { "mio".to_owned() } else { text() };
    let traits = Traits::from_names(TRAITS.into_iter().filter(|_| choices.below(6) == 1));
    let now =
        [None, Some(0), Some(-1), Some(1_795_348_800_000), Some(-315_619_200_001), Some(i64::MIN), Some(i64::MAX)];
    let context = Facts {
        traits,
        tainted: choices.below(2) == 1,
        program: text(),
        agent: text(),
        mode: text(),
        project: text(),
        classes: (0..choices.below(3)).map(|_| text()).collect(),
        now_ms: now[choices.below(now.len())],
    };
    let action = if choices.below(8) == 0 { Action::ALL[choices.below(9)] } else { action };
    Request { principal: Principal { kind, id, groups }, action, resource: text(), context }
}

/// What one round compares: choices of the policies, choices of each request, the action, the number of policies.
fn rounds() -> impl Strategy<Value = (Vec<u16>, Vec<Vec<u16>>, usize, usize)> {
    let request = proptest::collection::vec(any::<u16>(), 60..61);
    let requests = proptest::collection::vec(request, 10..11);
    (proptest::collection::vec(any::<u16>(), 0..300), requests, 0..9usize, 1..4usize)
}

#[test]
fn both_engines_agree_on_any_policy_and_request() {
    let mut runner = TestRunner::new(Config { cases: 1_200, max_shrink_iters: 300, ..Config::default() });
    let seen: [Cell<usize>; 4] = Default::default();
    let outcome = runner.run(&rounds(), |(numbers, asked, action, policies)| {
        let choices = Choices { numbers: &numbers, at: Cell::new(0) };
        let author = Author { choices: &choices, action: Action::ALL[action] };
        let text: String = (0..policies).map(|number| author.policy(number)).collect();
        let set = set(&text).map_err(|problems| TestCaseError::fail(format!("{text}\n{problems:#?}")))?;
        let bytes = set.compile().map_err(|errors| TestCaseError::fail(format!("{text}\n{errors:#?}")))?;
        let compiled = Compiled::load(&bytes).unwrap();
        for numbers in &asked {
            let request = a_request(&Choices { numbers, at: Cell::new(0) }, author.action);
            let expected = set.decide(&request).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(&compiled.decide(&request), &expected, "{}\n{:?}", text, request);
            let kind = if expected.failed.is_empty() { expected.decision as usize } else { 3 };
            seen[kind].set(seen[kind].get() + 1);
        }
        Ok(())
    });
    outcome.unwrap();
    // Allowed, asked, denied, failed: the comparison means nothing if one of them hardly occurs.
    assert!(seen.iter().all(|count| count.get() > 300), "{seen:?}");
}

#[test]
fn both_engines_agree_on_the_builtin_policies() {
    let (set, compiled) = (PolicySet::builtin().unwrap(), Compiled::builtin().unwrap());
    let mut decided: BTreeSet<String> = BTreeSet::new();
    let seen = RefCell::new(&mut decided);
    let mut runner = TestRunner::new(Config { cases: 1_500, ..Config::default() });
    let strategy = (proptest::collection::vec(any::<u16>(), 60..61), 0..9usize, 0..28usize);
    let outcome = runner.run(&strategy, |(numbers, action, name)| {
        let mut request = a_request(&Choices { numbers: &numbers, at: Cell::new(0) }, Action::ALL[action]);
        // Every trait is rare enough that some policies decide alone.
        if numbers[0] % 2 == 0 {
            request.context.traits = Traits::from_names([TRAITS[name]]);
        }
        let expected = set.decide(&request).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&compiled.decide(&request), &expected, "{:?}", request);
        seen.borrow_mut().extend(expected.policies);
        Ok(())
    });
    outcome.unwrap();
    assert!(decided.len() > 30, "{decided:?}");
}
