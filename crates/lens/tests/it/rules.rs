//! Every rule on its own cases.

use yata_lens::cases::{Case, expand, templates};
use yata_lens::{Class, Hit, Lens, RULES, Rule};

/// How many random values each template is tried with.
const SEEDS: u64 = 5;

fn alone(rule: &'static Rule) -> Lens {
    Lens::new(|other| other.id == rule.id)
}

fn case(rule: &Rule, template: &str, seed: u64) -> Case {
    expand(template, seed).unwrap_or_else(|error| panic!("{}: {error} in {template:?}", rule.id))
}

fn at(position: u64) -> usize {
    usize::try_from(position).unwrap()
}

fn values(hits: &[Hit]) -> Vec<std::ops::Range<usize>> {
    let mut values: Vec<_> = hits.iter().map(|hit| at(hit.value.start)..at(hit.value.end)).collect();
    values.sort_by_key(|value| (value.start, value.end));
    values
}

/// Runs `check` for every rule, and reports all that fail together.
fn for_each_rule(check: impl Fn(&'static Rule, &mut Vec<String>)) {
    let mut failures = Vec::new();
    for rule in RULES {
        check(rule, &mut failures);
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn ids_are_unique() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn patterns_compile() {
    for_each_rule(|rule, failures| {
        if let Err(error) = yata_lens::compiles(rule) {
            failures.push(format!("{}: {error}", rule.id));
        }
    });
}

#[test]
fn firing_cases_fire_with_the_marked_value() {
    for_each_rule(|rule, failures| {
        let lens = alone(rule);
        for template in templates(rule.cases.firing) {
            for seed in 0..SEEDS {
                let case = case(rule, template, seed);
                if case.values.is_empty() {
                    failures.push(format!("{}: no value is marked in {template:?}", rule.id));
                    continue;
                }
                let found = values(&lens.scan(case.text.as_bytes()));
                if found != case.values {
                    let text = |value: &std::ops::Range<usize>| case.text[value.clone()].to_owned();
                    let (wanted, found): (Vec<_>, Vec<_>) =
                        (case.values.iter().map(text).collect(), found.iter().map(text).collect());
                    failures.push(format!("{}: wanted {wanted:?}, found {found:?} in {:?}", rule.id, case.text));
                    break;
                }
            }
        }
    });
}

#[test]
fn silent_cases_are_silent() {
    for_each_rule(|rule, failures| {
        let lens = alone(rule);
        for template in templates(rule.cases.silent) {
            for seed in 0..SEEDS {
                let case = case(rule, template, seed);
                let hits = lens.scan(case.text.as_bytes());
                if let Some(hit) = hits.first() {
                    failures.push(format!("{}: found {:?} in {:?}", rule.id, hit.text, case.text));
                    break;
                }
            }
        }
    });
}

/// `\b` between ASCII and kana or kanji never fires in engines that know Unicode; here it does.
#[test]
fn values_stand_next_to_kana_and_kanji() {
    for_each_rule(|rule, failures| {
        if !matches!(rule.class, Class::Secret | Class::Personal) {
            return;
        }
        let lens = alone(rule);
        for template in templates(rule.cases.firing) {
            let case = case(rule, template, 1);
            for (before, after) in [("鍵は", "です"), ("「", "」"), ("トークン", "を使う"), ("値：", "。")]
            {
                // A value that stands alone in its line is put directly between Japanese characters.
                if case.text.contains('\n') || case.values.len() != 1 || case.values[0] != (0..case.text.len()) {
                    continue;
                }
                let text = format!("{before}{}{after}", case.text);
                let wanted = before.len()..before.len() + case.text.len();
                if values(&lens.scan(text.as_bytes())) != [wanted] {
                    failures.push(format!("{}: blind in {text:?}", rule.id));
                }
            }
        }
    });
}

#[test]
fn every_chunking_gives_the_same_hits() {
    for_each_rule(|rule, failures| {
        let lens = alone(rule);
        for (template, seed) in templates(rule.cases.firing).zip(0..) {
            let case = case(rule, template, seed);
            let text = format!("前置き\u{3000}{}\n後ろ {}", case.text, case.text);
            let whole: Vec<_> = shape(&lens.scan(text.as_bytes()));
            for size in [1, 3, 7, 64] {
                let (mut stream, mut hits) = (lens.stream(), Vec::new());
                for piece in text.as_bytes().chunks(size) {
                    hits.extend(stream.push(piece));
                }
                hits.extend(stream.finish());
                if shape(&hits) != whole {
                    failures.push(format!("{}: pieces of {size} differ: {:?} and {whole:?}", rule.id, shape(&hits)));
                }
            }
        }
    });
}

pub(crate) fn shape(hits: &[Hit]) -> Vec<(&'static str, u64, u64, u64, u64, String)> {
    let mut shape: Vec<_> = hits
        .iter()
        .map(|hit| (hit.rule.id, hit.span.start, hit.span.end, hit.value.start, hit.value.end, hit.text.clone()))
        .collect();
    shape.sort();
    shape
}
