//! Links stay on the site; texts from outside do nothing.

use yata_chart::{Frame, Number, Sparkline, StackedBars, sparkline, stacked_bars};

use crate::support::{check, example_bars, frame, read};

fn linked(href: &str) -> bool {
    let mut data = example_bars(Default::default());
    data.bars.truncate(1);
    data.bars[0].href = Some(href.to_owned());
    data.bars[0].values = vec![Number::new(3.0).link(href)];
    let chart = stacked_bars(&data, &frame("bars", "", 400, 200));
    check(&chart, "bars");
    let in_svg = read(&chart.svg).0.iter().filter(|(name, _)| name == "a").count();
    let in_table = chart.table.rows[0].iter().filter(|cell| cell.href.is_some()).count();
    assert!(in_svg == 0 && in_table == 0 || in_svg == 2 && in_table == 3, "{href}: {in_svg}, {in_table}");
    in_svg > 0
}

#[test]
fn only_paths_of_the_same_site_are_links() {
    for href in ["/", "/queue?service=a&week=3#top", "/資産/決済", "/a/../b", "/x?next=//evil.example"] {
        assert!(linked(href), "{href}");
    }
    let long = format!("/{}", "a".repeat(3_000));
    let foreign = [
        "",
        "queue",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        " /x",
        "data:text/html,x",
        "/a\"onclick=\"x",
        "/\u{202e}x",
        &long,
    ];
    for href in foreign {
        assert!(!linked(href), "{href:?}");
    }
}

#[test]
fn hostile_texts_are_text() {
    let hostile =
        "</text></svg><script>alert('1')</script>\"'&amp;<![CDATA[\u{0}\u{8}\u{1b}\u{fffe}\u{ffff}\u{202e}]]>\u{b}";
    let data = StackedBars {
        head: hostile.to_owned(),
        value: hostile.to_owned(),
        total: hostile.to_owned(),
        series: vec![hostile.to_owned(), hostile.to_owned()],
        ..example_bars(Default::default())
    };
    let frame = Frame { description: hostile.to_owned(), ..frame("x", hostile, 500, 200) };
    let chart = stacked_bars(&data, &frame);
    check(&chart, "x");
    assert!(!chart.svg.contains("<script") && !chart.svg.contains("<!"));
    let (_, texts) = read(&chart.svg);
    assert!(texts.iter().any(|text| text.contains("script")), "the text itself is still there");
    assert!(
        chart.table.head[0].text.starts_with("</text></svg><script>") && !chart.table.head[0].text.contains('\u{0}')
    );
}

#[test]
fn ids_begin_with_what_the_caller_gives_made_safe() {
    for (given, made) in [("a-1", "a-1"), ("", "chart-"), ("1", "chart-1"), ("\"><x", "x"), ("日本", "chart-")] {
        check(&sparkline(&Sparkline::default(), &frame(given, "", 80, 20)), made);
    }
}

#[test]
fn long_texts_are_cut_in_the_drawing_and_whole_where_a_pointer_is() {
    let long = "決済基盤の".repeat(40);
    let mut data = example_bars(Default::default());
    data.bars[0].label.clone_from(&long);
    let chart = stacked_bars(&data, &frame("long", "", 500, 200));
    let (_, texts) = read(&chart.svg);
    assert!(texts.contains(&long), "the title has it");
    assert!(
        texts.iter().any(|text| text.starts_with("決済基盤の") && text.ends_with('…') && text.chars().count() < 20)
    );
    assert_eq!(chart.table.rows[0][0].text, long);
}
