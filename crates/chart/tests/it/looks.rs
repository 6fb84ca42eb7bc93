//! What the charts look like: to be looked at when a snapshot changes.

use insta::assert_snapshot;
use yata_chart::{Chart, Direction, burn_down, graph, heat_map, radar, sparkline, stacked_bars};

use crate::support::{
    check, example_bars, example_burndown, example_graph, example_heat, example_radar, example_sparkline, frame, tabled,
};

fn looked_at(name: &str, chart: &Chart) {
    check(chart, name);
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        assert_snapshot!(name, chart.svg);
        assert_snapshot!(format!("{name}_table"), tabled(&chart.table));
    });
}

#[test]
fn radars() {
    looked_at("radar", &radar(&example_radar(), &frame("radar", "シナリオ別のリスク", 560, 420)));
    let mut one = example_radar();
    one.series.remove(0);
    one.series[0].values[3].value = None;
    looked_at("radar_gap", &radar(&one, &frame("radar_gap", "今月のリスク", 480, 380)));
}

#[test]
fn heat_maps() {
    looked_at("heat", &heat_map(&example_heat(), &frame("heat", "サービスと週", 680, 300)));
    let mut wide = example_heat();
    wide.columns = ["可用性への影響", "機密性への影響", "AIによる増幅"].map(str::to_owned).to_vec();
    wide.rows[0].cells[1].text = Some("AI 8".to_owned());
    looked_at("heat_wide", &heat_map(&wide, &frame("heat_wide", "要因", 560, 300)));
    let mut slanted = example_heat();
    slanted.columns = (0..12).map(|at| format!("Infrastructure and platform {at}")).collect();
    looked_at("heat_slanted", &heat_map(&slanted, &frame("heat_slanted", "Teams", 640, 300)));
}

#[test]
fn burn_downs() {
    looked_at("burndown", &burn_down(&example_burndown(), &frame("burndown", "未対応の推移", 680, 300)));
}

#[test]
fn bars() {
    let horizontal = example_bars(Direction::Horizontal);
    looked_at("bars", &stacked_bars(&horizontal, &frame("bars", "サービス別", 680, 300)));
    looked_at(
        "bars_vertical",
        &stacked_bars(&example_bars(Direction::Vertical), &frame("bars_vertical", "月別", 600, 320)),
    );
    let mut many = example_bars(Direction::Vertical);
    many.series = (1..=8).map(|at| format!("Series {at}")).collect();
    for (at, bar) in many.bars.iter_mut().enumerate() {
        bar.label = format!("Long category name {at}");
        bar.values = (0..8u32).map(|one| (20 + (one * 7 + u32::try_from(at).unwrap() * 5) % 17).into()).collect();
    }
    looked_at("bars_many", &stacked_bars(&many, &frame("bars_many", "Many", 420, 340)));
}

#[test]
fn sparklines() {
    looked_at("spark", &sparkline(&example_sparkline(), &frame("spark", "未対応", 120, 24)));
}

#[test]
fn graphs() {
    looked_at("graph", &graph(&example_graph(), &frame("graph", "決済APIの依存関係", 760, 300)));
}

#[test]
fn nothing_to_draw() {
    looked_at("empty", &radar(&Default::default(), &frame("empty", "空", 400, 200)));
}
