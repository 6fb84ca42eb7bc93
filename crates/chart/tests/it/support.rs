//! What the tests share: frames, reading SVG, the data of the examples.

use std::collections::BTreeSet;

use quick_xml::events::Event;
use yata_chart::{
    Bar, BurnDown, Cell, Chart, Dates, Day, Direction, Due, Frame, Graph, HeatCell, HeatMap, HeatRow, Node, Number,
    Numbers, Radar, RadarSeries, Sparkline, StackedBars, Table, Words,
};

/// A frame with Japanese words.
pub(crate) fn frame(id: &str, title: &str, width_px: u32, height_px: u32) -> Frame {
    Frame {
        id: id.to_owned(),
        title: title.to_owned(),
        description: "概要の説明文です。".to_owned(),
        width_px,
        height_px,
        numbers: Numbers::default(),
        words: Words { empty: "データがありません".to_owned(), more: "ほか {n} 件".to_owned() },
    }
}

/// An element: its name and its attributes.
pub(crate) type Element = (String, Vec<(String, String)>);

/// The elements of well-formed XML and its text. Ends the test if it is not.
pub(crate) fn read(svg: &str) -> (Vec<Element>, Vec<String>) {
    let mut reader = quick_xml::Reader::from_str(svg);
    let (mut elements, mut texts, mut open) = (Vec::new(), Vec::new(), 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                open += 1;
                elements.push(element(&tag));
            }
            Event::Empty(tag) => elements.push(element(&tag)),
            Event::End(_) => open -= 1,
            Event::Text(text) => texts.push(text.as_ref().to_owned()),
            Event::GeneralRef(_) => {}
            Event::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(open, 0);
    let legal = |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(svg.chars().all(legal), "a character that XML does not have");
    (elements, texts)
}

fn element(tag: &quick_xml::events::BytesStart<'_>) -> Element {
    let name = tag.name().as_ref().to_owned();
    let attribute = |attribute: Result<quick_xml::events::attributes::Attribute<'_>, _>| {
        let attribute: quick_xml::events::attributes::Attribute<'_> = attribute.unwrap();
        let value = attribute.value.into_owned();
        (attribute.key.as_ref().to_owned(), quick_xml::escape::unescape(&value).unwrap().into_owned())
    };
    (name, tag.attributes().map(attribute).collect())
}

/// What must hold of every chart.
pub(crate) fn check(chart: &Chart, id: &str) {
    let (elements, _) = read(&chart.svg);
    let (root, attributes) = &elements[0];
    assert_eq!(root, "svg");
    let value = |name: &str| attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let links = elements.iter().any(|(name, _)| name == "a");
    assert_eq!(value("role"), Some(if links { "group" } else { "img" }));
    assert_eq!(value("aria-labelledby"), Some(format!("{id}-title {id}-desc").as_str()));
    let known = ["svg", "title", "desc", "defs", "pattern", "g", "a", "rect", "line", "circle", "path", "text"];
    let mut ids = BTreeSet::new();
    for (name, attributes) in &elements {
        assert!(known.contains(&name.as_str()), "{name}");
        for (key, value) in attributes {
            assert!(!key.starts_with("on") && key != "style" && key != "xlink:href", "{key}");
            assert!(key != "href" || (value.starts_with('/') && !value.starts_with("//")), "{value}");
            assert!(key != "id" || ids.insert(value.clone()), "{value} is there twice");
            assert!(key != "id" || value.starts_with(&format!("{id}-")), "{value}");
            assert!(!value.contains("NaN") && !value.contains("inf"), "{key}: {value}");
        }
    }
    for (_, attributes) in &elements {
        for (_, value) in attributes.iter().filter(|(_, value)| value.starts_with("url(#")) {
            assert!(ids.contains(value.trim_start_matches("url(#").trim_end_matches(')')), "{value}");
        }
    }
    let Table { head, rows, .. } = &chart.table;
    assert!(rows.iter().all(|row| row.len() == head.len()), "{:?}", chart.table);
    let hrefs = rows.iter().flatten().filter_map(|cell: &Cell| cell.href.as_deref());
    hrefs.for_each(|href| assert!(href.starts_with('/') && !href.starts_with("//"), "{href}"));
}

/// The table as text.
pub(crate) fn tabled(table: &Table) -> String {
    let cell = |cell: &Cell| cell.href.as_ref().map_or(cell.text.clone(), |href| format!("{} <{href}>", cell.text));
    let line = |cells: &Vec<Cell>| cells.iter().map(cell).collect::<Vec<_>>().join(" | ");
    let lines: Vec<String> = std::iter::once(&table.head).chain(&table.rows).map(line).collect();
    format!("{}\n{}\n{}", table.caption, lines.join("\n"), table.more.as_deref().unwrap_or_default())
}

fn numbers(values: &[f64]) -> Vec<Number> {
    values.iter().map(|value| Number::new(*value)).collect()
}

pub(crate) fn example_radar() -> Radar {
    let axes = [
        "ランサムウェア",
        "サプライチェーン攻撃",
        "内部不正",
        "標的型メール",
        "脆弱性の悪用",
        "テレワーク",
        "ビジネスメール詐欺",
        "委託先からの漏えい",
        "AIの悪用",
    ];
    Radar {
        head: "シナリオ".to_owned(),
        axes: axes.map(str::to_owned).to_vec(),
        series: vec![
            RadarSeries {
                name: "先月".to_owned(),
                values: numbers(&[62.0, 80.0, 35.0, 50.0, 90.0, 30.0, 42.0, 55.0, 28.0]),
            },
            RadarSeries {
                name: "今月".to_owned(),
                values: numbers(&[48.0, 66.0, 33.0, 38.0, 61.0, 31.0, 40.0, 47.0, 45.0])
                    .into_iter()
                    .enumerate()
                    .map(|(at, number)| number.link(format!("/queue?scenario={at}")))
                    .collect(),
            },
        ],
        max: Some(100.0),
    }
}

pub(crate) fn example_heat() -> HeatMap {
    let services = [
        "決済ゲートウェイ",
        "会員ポータル",
        "社内基幹システム",
        "在庫管理",
        "データ分析基盤",
        "コーポレートサイト（多言語版）",
    ];
    let row = |(at, name): (usize, &str)| HeatRow {
        label: name.to_owned(),
        href: Some(format!("/services/{at}")),
        cells: (0..12)
            .map(|week| match (at * 7 + week * 5) % 13 {
                12 => HeatCell::default(),
                value => Number::new([0.0, 1.0, 3.0, 0.0, 8.0, 12.0, 2.0, 21.0, 5.0, 34.0, 0.0, 1.0][value])
                    .link(format!("/queue?service={at}&week={week}"))
                    .into(),
            })
            .collect(),
    };
    HeatMap {
        head: "サービス".to_owned(),
        value: "期限超過の件数".to_owned(),
        empty: "未計測".to_owned(),
        columns: (0..12).map(|week| format!("{}/{}", 9 + week / 4, 1 + week % 4 * 7)).collect(),
        rows: services.into_iter().enumerate().map(row).collect(),
        max: None,
    }
}

pub(crate) fn dates() -> Dates {
    Dates {
        day: "{m}/{d}".to_owned(),
        month: "{y}年{m}月".to_owned(),
        full: "{y}-{mm}-{dd}".to_owned(),
        months: vec![],
    }
}

pub(crate) fn example_burndown() -> BurnDown {
    let start = Day::from_date(2026, 9, 1);
    let open = (0..83).map(|day| {
        let wave = f64::from([0, 1, 0, -1, 2, 3, 3, 5, 4, 2][usize::try_from(day / 4 % 10).unwrap()]);
        let count = (148.0 - f64::from(day) * 0.95 + wave * 2.6).round();
        (Day(start.0 + day), Number::new(count).link("/queue?open=1"))
    });
    let due = |month, day, count, label: &str| Due {
        day: Day::from_date(2026, month, day),
        label: label.to_owned(),
        count: Number::new(count).link("/queue?due=1"),
    };
    BurnDown {
        head: "日".to_owned(),
        value: "未対応のリスク（件）".to_owned(),
        open_name: "未対応".to_owned(),
        plan_name: "計画".to_owned(),
        due_name: "対応期限".to_owned(),
        today_name: "今日".to_owned(),
        open: open.collect(),
        plan: vec![(start, 150.0), (Day::from_date(2026, 12, 25), 20.0)],
        due: vec![
            due(10, 5, 4.0, ""),
            due(11, 2, 12.0, ""),
            due(11, 30, 31.0, "四半期末"),
            due(12, 4, 2.0, ""),
            due(12, 25, 9.0, "年末"),
        ],
        today: Some(Day::from_date(2026, 11, 22)),
        dates: dates(),
    }
}

pub(crate) fn example_bars(direction: Direction) -> StackedBars {
    let series = ["今すぐ対応", "期限内に対応", "計画して対応", "受容済み"];
    let horizontal = [
        ("決済ゲートウェイ", [6.0, 14.0, 22.0, 3.0]),
        ("会員ポータル", [2.0, 9.0, 31.0, 8.0]),
        ("社内基幹システム", [0.0, 17.0, 12.0, 1.0]),
        ("在庫管理", [1.0, 3.0, 9.0, 0.0]),
        ("データ分析基盤（第二世代・クラウド移行後）", [0.0, 0.0, 5.0, 2.0]),
        ("コーポレートサイト", [0.0, 0.0, 0.0, 0.0]),
    ];
    let vertical = [
        ("6月", [14.0, 40.0, 60.0, 5.0]),
        ("7月", [12.0, 44.0, 66.0, 7.0]),
        ("8月", [17.0, 39.0, 71.0, 9.0]),
        ("9月", [9.0, 43.0, 79.0, 14.0]),
        ("10月", [6.0, 31.0, 82.0, 18.0]),
        ("11月", [3.0, 26.0, 74.0, 21.0]),
    ];
    let bars = if direction == Direction::Vertical { vertical } else { horizontal };
    let bar = |(label, values): (&str, [f64; 4])| Bar {
        label: label.to_owned(),
        href: Some("/queue?all=1".to_owned()),
        values: numbers(&values).into_iter().map(|number| number.link("/queue?part=1")).collect(),
    };
    StackedBars {
        head: "サービス".to_owned(),
        value: "リスクの件数".to_owned(),
        total: "合計".to_owned(),
        series: series.map(str::to_owned).to_vec(),
        bars: bars.into_iter().map(bar).collect(),
        direction,
    }
}

pub(crate) fn example_sparkline() -> Sparkline {
    let value = |day: u32| (format!("9/{day}"), Number::new(f64::from(40 - day + (day * 13) % 7)));
    Sparkline { head: ("日".to_owned(), "件数".to_owned()), values: (1..=30).map(value).collect() }
}

pub(crate) fn example_graph() -> Graph {
    let node = |label: &str, note: &str, color: usize| Node {
        label: label.to_owned(),
        note: note.to_owned(),
        href: Some(format!("/assets/{label}")),
        color: Some(color),
        marked: label == "決済API",
    };
    Graph {
        head: ("資産".to_owned(), "依存先".to_owned()),
        nodes: vec![
            node("会員ポータル", "サービス", 0),
            node("加盟店ポータル", "サービス", 0),
            node("決済API", "サービス", 0),
            node("認証基盤", "サービス", 0),
            node("通知サービス（メール・SMS・プッシュ）", "サービス", 0),
            node("payments-db", "データベース", 1),
            node("accounts-db", "データベース", 1),
            node("job-queue", "ミドルウェア", 2),
            node("web-prod-01", "ホスト", 4),
            node("db-prod-01", "ホスト", 4),
            node("外部カード会社接続", "外部", 3),
        ],
        edges: vec![
            (0, 2),
            (0, 3),
            (1, 2),
            (1, 3),
            (2, 5),
            (2, 7),
            (2, 10),
            (2, 3),
            (3, 6),
            (4, 7),
            (7, 9),
            (5, 9),
            (6, 9),
            (0, 8),
            (1, 8),
            (2, 4),
            (4, 2),
            (3, 9),
        ],
    }
}
