//! What holds of any data: well-formed, the same every time, of bounded size, nothing lost.

use proptest::prelude::*;
use yata_chart::{
    Bar, BurnDown, Chart, Day, Direction, Due, Frame, Graph, HeatMap, HeatRow, Node, Number, Radar, RadarSeries,
    Sparkline, StackedBars, burn_down, graph, heat_map, radar, sparkline, stacked_bars,
};

use crate::support::{check, dates, frame};

/// The most bytes that any drawing takes.
const MAX_SVG_BYTES: usize = 8_000_000;

fn number() -> impl Strategy<Value = Number> {
    let value = prop_oneof![
        4 => (0..500i32).prop_map(f64::from),
        2 => any::<f64>(),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MAX, f64::MIN_POSITIVE, -7.5, 1e300]),
    ];
    (prop::option::weighted(0.9, value), prop::option::of(text()))
        .prop_map(|(value, href)| Number { value, href: href.map(|href| format!("/{href}")) })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        any::<String>(),
        "\\PC{0,12}",
        "[ァ-ヶ一-鿆ー・/ ]{0,240}",
        "[<>&\"'\\x00-\\x1f]{0,9}"
    ]
}

fn texts(most: usize) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..most)
}

fn numbers(most: usize) -> impl Strategy<Value = Vec<Number>> {
    prop::collection::vec(number(), 0..most)
}

fn frames() -> impl Strategy<Value = Frame> {
    (text(), any::<u16>(), any::<u16>(), text()).prop_map(|(words, width, height, more)| {
        let mut frame = frame("law", &words, width.into(), height.into());
        frame.words.more = more;
        frame
    })
}

fn holds(draw: impl Fn() -> Chart) {
    let chart = draw();
    check(&chart, "law");
    assert!(chart.svg.len() < MAX_SVG_BYTES, "{} bytes", chart.svg.len());
    assert_eq!(chart, draw());
}

fn day() -> impl Strategy<Value = Day> {
    prop_oneof![3 => (20_000..20_400i32).prop_map(Day), 1 => any::<i32>().prop_map(Day)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn radars(axes in texts(30), series in prop::collection::vec((text(), numbers(30)), 0..6), max in prop::option::of(any::<f64>()), frame in frames()) {
        let series = series.into_iter().map(|(name, values)| RadarSeries { name, values }).collect();
        let data = Radar { head: String::new(), axes, series, max };
        holds(|| radar(&data, &frame));
    }

    #[test]
    fn heat_maps(columns in texts(70), rows in prop::collection::vec((text(), numbers(12)), 0..70), max in prop::option::of(any::<f64>()), frame in frames()) {
        let row = |(label, values): (String, Vec<Number>)| HeatRow { label, href: None, cells: values.into_iter().map(Into::into).collect() };
        let data = HeatMap { columns, rows: rows.into_iter().map(row).collect(), max, empty: "–".to_owned(), ..HeatMap::default() };
        holds(|| heat_map(&data, &frame));
    }

    #[test]
    fn burn_downs(
        open in prop::collection::vec((day(), number()), 0..60),
        plan in prop::collection::vec((day(), any::<f64>()), 0..5),
        due in prop::collection::vec((day(), text(), number()), 0..9),
        today in prop::option::of(day()),
        frame in frames(),
    ) {
        let due = due.into_iter().map(|(day, label, count)| Due { day, label, count }).collect();
        let data = BurnDown { open, plan, due, today, dates: dates(), ..BurnDown::default() };
        holds(|| burn_down(&data, &frame));
    }

    #[test]
    fn bars(series in texts(9), bars in prop::collection::vec((text(), numbers(9)), 0..70), upwards in any::<bool>(), frame in frames()) {
        let bars = bars.into_iter().map(|(label, values)| Bar { label, href: None, values }).collect();
        let direction = if upwards { Direction::Vertical } else { Direction::Horizontal };
        let data = StackedBars { series, bars, direction, ..StackedBars::default() };
        holds(|| stacked_bars(&data, &frame));
    }

    #[test]
    fn sparklines(values in prop::collection::vec((text(), number()), 0..450), frame in frames()) {
        let data = Sparkline { head: Default::default(), values };
        holds(|| sparkline(&data, &frame));
    }

    #[test]
    fn graphs(labels in texts(80), edges in prop::collection::vec((0..90usize, 0..90usize), 0..200), frame in frames()) {
        let node = |(at, label): (usize, String)| Node { label, marked: at == 40, color: at.checked_rem(9), ..Node::default() };
        let data = Graph { nodes: labels.into_iter().enumerate().map(node).collect(), edges, ..Graph::default() };
        holds(|| graph(&data, &frame));
    }
}

#[test]
fn the_largest_graph_is_drawn() {
    let node = |at: usize| Node { label: format!("asset {at}"), ..Node::default() };
    let chain = (0..59).map(|at| (at, at + 1));
    let edges = chain.chain((0..60).flat_map(|from| (0..60).map(move |to| (from, to)))).collect();
    let data = Graph { nodes: (0..60).map(node).collect(), edges, ..Graph::default() };
    holds(|| graph(&data, &frame("law", "", 800, 400)));
    let chart = graph(&data, &frame("law", "", 800, 400));
    assert!(chart.svg.contains("→ ほか 3,360 件"));
    assert_eq!((chart.table.rows.len(), chart.table.more.as_deref()), (1_000, Some("ほか 2,600 件")));
}

#[test]
fn what_is_beyond_a_limit_is_counted() {
    let frame = frame("law", "", 600, 300);
    let bar = |at: u32| Bar { label: at.to_string(), href: None, values: vec![at.into()] };
    let bars = StackedBars { series: vec![String::new()], bars: (0..72).map(bar).collect(), ..StackedBars::default() };
    let chart = stacked_bars(&bars, &frame);
    assert_eq!(chart.table.more.as_deref(), Some("ほか 12 件"));
    assert!(chart.svg.contains("ほか 12 件"));
    let node = |at: usize| Node { label: format!("n{at}"), marked: at == 900, ..Node::default() };
    let edges = (0..999).map(|at| (at, at + 1)).collect();
    let data = Graph { nodes: (0..1_000).map(node).collect(), edges, ..Graph::default() };
    let chart = graph(&data, &frame);
    check(&chart, "law");
    assert!(chart.svg.contains("ほか 941 件") && chart.svg.contains("n900<") && !chart.svg.contains(">n100<"));
    assert_eq!((chart.table.rows.len(), chart.table.more), (999, None));
}

#[test]
fn zero_is_not_unknown() {
    let row = |value| HeatRow { label: "a".to_owned(), href: None, cells: vec![Number { value, href: None }.into()] };
    let map = |value| HeatMap { columns: vec!["c".to_owned()], rows: vec![row(value)], ..HeatMap::default() };
    let frame = frame("law", "", 300, 200);
    let [zero, none, nan] = [Some(0.0), None, Some(f64::NAN)].map(|value| heat_map(&map(value), &frame));
    assert_eq!((zero.table.rows[0][1].text.as_str(), none.table.rows[0][1].text.as_str()), ("0", "–"));
    assert_eq!(none, nan);
    assert!(zero.svg.matches("url(#law-none)").count() < none.svg.matches("url(#law-none)").count());
}

#[test]
fn a_day_is_the_day_of_its_date() {
    for (date, days) in [((1970, 1, 1), 0), ((2000, 3, 1), 11_017), ((2026, 11, 22), 20_779), ((1969, 12, 31), -1)] {
        assert_eq!(Day::from_date(date.0, date.1, date.2), Day(days));
    }
}
