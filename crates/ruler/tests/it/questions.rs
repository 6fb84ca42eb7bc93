//! The questions that shorten the list most.

use yata_model::{Asset, AssetKind, Exposure, Fact, MissionImpact, Question, Risk};
use yata_ruler::{MAX_QUESTIONS, Tables, questions};
use yata_words::{Lang, render};

use crate::support::{Case, LOCAL, WORMABLE};

fn ask(cases: &[Case]) -> Vec<Question> {
    let risks: Vec<Risk> = cases.iter().map(Case::judge).collect();
    let asset = |id: &str| cases.iter().map(|case| &case.asset).find(|asset| asset.id == id);
    questions(&risks, asset, &Tables::standard(), false)
}

fn check(cases: &[Case], expected: &[(&str, u32)]) {
    let asked = ask(cases);
    let found: Vec<(&str, u32)> = asked.iter().map(|q| (q.ask.id.as_str(), q.would_move)).collect();
    assert_eq!(found, expected);
}

fn on(name: &str) -> Case {
    let mut case = Case::new();
    case.asset = Asset::unknown(AssetKind::Repository, name);
    case.finding.asset_id = case.asset.id.clone();
    case
}

#[test]
fn the_most_moving_question_comes_first() {
    check(&[], &[]);
    check(&[Case::new(), Case::new().vector(WORMABLE)], &[("question-exposure", 2), ("question-vulnrichment", 1)]);
    let mut stale = on("b").at(Exposure::Internal, MissionImpact::Low).vector(LOCAL);
    stale.evidence.kev = Fact::stale(None, "CISA KEV", None);
    check(&[stale], &[("question-kev", 1)]);
    let mut unpinned = on("c").at(Exposure::Internet, MissionImpact::Low).vector(LOCAL);
    unpinned.component().version = None;
    check(&[unpinned], &[("question-versions", 1)]);
    check(&[on("d").vector(LOCAL).at(Exposure::Internal, MissionImpact::Unknown)], &[("question-asset-impact", 1)]);
}

#[test]
fn at_most_three_are_asked_and_named() {
    let cases = [on("a"), on("b"), on("b"), on("c"), on("d")];
    let asked = ask(&cases);
    assert_eq!(asked.len(), MAX_QUESTIONS);
    let words: Vec<String> = asked.iter().map(|question| render(Lang::En, &question.ask)).collect();
    insta::assert_snapshot!(words.join("\n"), @r#"
    What does CISA say of exploits, automation and impact? Import CISA vulnrichment
    Who can reach b? Write exposure = "none", "internal", "partner" or "internet" in yata.toml
    Who can reach a? Write exposure = "none", "internal", "partner" or "internet" in yata.toml
    "#);
}

#[test]
fn what_is_known_is_not_asked() {
    let case = Case::new()
        .at(Exposure::Internet, MissionImpact::VeryHigh)
        .vector(WORMABLE)
        .listed(crate::support::TODAY, true);
    check(&[case], &[]);
}
