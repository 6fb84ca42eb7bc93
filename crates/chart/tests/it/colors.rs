//! The colours: contrast (WCAG 2.2), the same on paper and page, apart for everybody.

use std::collections::{BTreeMap, BTreeSet};

use yata_chart::{CSS, Direction, burn_down, graph, heat_map, radar, stacked_bars};

use crate::support::{example_bars, example_burndown, example_graph, example_heat, example_radar, frame, read};

/// Red, green, blue, linear.
type Light = [f64; 3];
/// The custom properties of a theme.
type Theme = BTreeMap<String, Light>;

fn light(hex: &str) -> Light {
    assert!(hex.len() == 7 && hex.starts_with('#'), "{hex}");
    [1, 3, 5].map(|at| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

fn theme(start: &str) -> Theme {
    let block = CSS.split(start).nth(1).unwrap().split('{').nth(1).unwrap().split('}').next().unwrap();
    let pair = |declaration: &str| {
        let (name, value) = declaration.split_once(':').unwrap();
        (name.trim().to_owned(), light(value.trim()))
    };
    block.split(';').filter(|part| part.contains(':')).map(pair).collect()
}

fn themes() -> [(&'static str, Theme); 3] {
    [
        ("light", theme("*/\n:root")),
        ("dark by preference", theme(":root:not([data-theme=\"light\"])")),
        ("dark by choice", theme(":root[data-theme=\"dark\"]")),
    ]
}

fn contrast(one: &Light, other: &Light) -> f64 {
    let luminance = |light: &Light| 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05;
    let (one, other) = (luminance(one), luminance(other));
    one.max(other) / one.min(other)
}

#[test]
fn every_pair_has_the_contrast_of_wcag_aa() {
    for (name, theme) in themes() {
        assert!(theme.len() == 31, "{name}: {}", theme.len());
        let holds = |one: &str, other: &str, least: f64| {
            let found = contrast(&theme[one], &theme[other]);
            assert!(found >= least, "{name}: {one} on {other} is {found:.2}, less than {least}");
        };
        for text in ["--chart-ink", "--chart-label"] {
            holds(text, "--chart-surface", 4.5);
        }
        holds("--chart-axis", "--chart-surface", 3.0);
        for series in 1..=6 {
            holds(&format!("--c{series}"), "--chart-surface", 3.0);
            holds(&format!("--o{series}"), &format!("--c{series}"), 4.5);
        }
        for step in 0..7 {
            holds(&format!("--t{step}"), &format!("--h{step}"), 4.5);
        }
        // The scale goes one way, so that it can be read without seeing its hue.
        let from_surface = |step: usize| contrast(&theme[&format!("--h{step}")], &theme["--chart-surface"]);
        assert!((0..6).all(|step| from_surface(step) * 1.1 < from_surface(step + 1)), "{name}");
    }
    assert_eq!(themes()[1].1, themes()[2].1);
}

/// Machado, Oliveira and Fernandes (2009): no deficiency, then protanopia, deuteranopia and tritanopia, in linear RGB.
const SIGHTS: [[[f64; 3]; 3]; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
];

/// Oklab (Ottosson, 2020).
fn oklab(light: &Light) -> [f64; 3] {
    let [r, g, b] = *light;
    let l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b).cbrt();
    let m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b).cbrt();
    let s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b).cbrt();
    [
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    ]
}

#[test]
fn the_series_are_apart_for_people_who_do_not_see_every_hue() {
    for (name, theme) in themes() {
        for (sight, matrix) in SIGHTS.iter().enumerate() {
            let seen = |series: usize| {
                let light = theme[&format!("--c{series}")];
                let row = |row: &[f64; 3]| row.iter().zip(light).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0);
                oklab(&matrix.each_ref().map(row))
            };
            for one in 1..=6 {
                for other in 1..one {
                    let distance = seen(one).iter().zip(seen(other)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                    assert!(distance > 0.1, "{name}, sight {sight}: {one} and {other} are {distance:.3} apart");
                }
            }
        }
    }
}

#[test]
fn paper_has_the_light_theme_and_every_class_has_a_rule() {
    let frame = frame("all", "", 600, 300);
    let mut bars = example_bars(Direction::Vertical);
    bars.series.extend(["5".to_owned(), "6".to_owned()]);
    bars.bars.iter_mut().for_each(|bar| bar.values.extend([50.0.into(), 60.0.into()]));
    bars.bars[0].values[0] = 60.0.into();
    let charts = [
        radar(&example_radar(), &frame),
        heat_map(&example_heat(), &frame),
        burn_down(&example_burndown(), &frame),
        stacked_bars(&bars, &frame),
        graph(&example_graph(), &frame),
    ];
    let paper = &themes()[0].1;
    let mut met = BTreeSet::new();
    for (_, attributes) in charts.iter().flat_map(|chart| read(&chart.svg).0) {
        let value = |name: &str| attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        for class in value("class").split(' ').filter(|class| !class.is_empty() && *class != "chart") {
            let start = format!(".chart .{class} {{ ");
            let rule =
                CSS.split(&start).nth(1).unwrap_or_else(|| panic!("{class} has no rule")).split(';').next().unwrap();
            let (property, variable) = rule.split_once(": var(").unwrap();
            assert_eq!(light(value(property)), paper[variable.trim_end_matches(')')], "{class}");
            met.insert(class.to_owned());
        }
    }
    for expected in ["c1", "c6", "s1", "s2", "o1", "o6", "h0", "h6", "t0", "axis", "grid", "label", "ink", "gap"] {
        assert!(met.contains(expected), "{expected} is never used");
    }
}
