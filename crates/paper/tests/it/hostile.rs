//! Texts from outside stand on paper as they are and do nothing.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use yata_paper::{Block, Cell, Column, Document, KeyFigure, Lang, Span, Table, pdf};

use crate::support::{document, fonts, paragraph, text, without_spaces};

/// Texts that would be something else if they were read as markup, code or paths.
const MARKUP: [&str; 22] = [
    r#"#eval("1+1")"#,
    r#"#read("/etc/passwd")"#,
    r#"#image("values.json")"#,
    r#"#panic("x")"#,
    "#let a = 1; #a",
    "#sys.inputs",
    "$x^2$ $ sum_1^n $",
    "*bold* _emph_ `raw` ```code```",
    "@x @ref <label>",
    r"\ \u{41} \# \\",
    "= Heading",
    "- item\n+ item\n/ term: x",
    "// comment /* comment */",
    "~ -- --- ... -?",
    "'single' \"double\"",
    "https://example.org/#a?b=c&d=%20",
    "[content] (a, b) {code}",
    "</text> &amp; <script>alert(1)</script>",
    "'; DROP TABLE findings; --",
    "=cmd|' /C calc'!A0",
    "../../../etc/passwd",
    "%PDF-1.7 endobj ) ( >> stream",
];

/// A document with the text wherever one may stand.
fn everywhere(text: &str) -> Document {
    let cell = |text: &str| Cell::from(text);
    Document {
        lang: Lang::Ja,
        title: format!("T{text}"),
        subtitle: text.into(),
        organisation: text.into(),
        date: text.into(),
        classification: Some(text.into()),
        footer: text.into(),
        blocks: vec![
            Block::Heading { level: 1, text: format!("H{text}") },
            Block::Lead(vec![Span::text(text)]),
            Block::Paragraph(vec![Span::text(text), Span::Strong(text.into())]),
            Block::Paragraph(vec![Span::Link { text: text.into(), url: text.into() }]),
            Block::Paragraph(vec![Span::Link { text: text.into(), url: format!("https://example.org/{text}") }]),
            Block::List(vec![vec![Span::text(text)]]),
            Block::Note(vec![Span::text(text)]),
            Block::Figures(vec![
                KeyFigure {
                    label: text.into(),
                    value: text.into(),
                    note: text.into(),
                    link: Some(text.into())
                };
                2
            ]),
            Block::Table(Table {
                caption: text.into(),
                columns: vec![Column { title: text.into(), ..Column::default() }; 3],
                rows: vec![
                    vec![cell(text), Cell { text: text.into(), strong: true, ..Cell::default() }],
                    vec![
                        cell(text),
                        Cell {
                            text: text.into(),
                            link: Some(format!("https://example.org/?q={text}")),
                            ..Cell::default()
                        },
                        cell(text),
                    ],
                ],
            }),
        ],
    }
}

#[test]
fn markup_is_text() {
    let Some(fonts) = fonts() else { return };
    let blocks = MARKUP.iter().map(|markup| paragraph(markup)).collect();
    let read = text(&pdf(&document(blocks), fonts).unwrap());
    for markup in MARKUP {
        assert!(read.contains(&without_spaces(markup)), "{markup}\nnot in\n{read}");
    }
}

#[test]
fn markup_is_text_wherever_it_stands() {
    let Some(fonts) = fonts() else { return };
    for markup in [r#"#eval("a")$*_@x\<b>`"#, "](x) = - + / {"] {
        let read = text(&pdf(&everywhere(markup), fonts).unwrap());
        let found = read.matches(&without_spaces(markup)).count();
        // 7 times on the title page, 8 in running text, 6 in figures, 9 in the table, and once more in the properties.
        assert!(found >= 30, "{markup} {found} times in\n{read}");
    }
}

#[test]
fn what_cannot_be_drawn_is_a_number() {
    let Some(fonts) = fonts() else { return };
    for (given, shown) in [
        ("a\u{7}b", "a<U+0007>b"),
        ("a\0b\u{1b}[31m", "a<U+0000>b<U+001B>[31m"),
        ("a\tb\r\nc\rd", "abcd"),
        ("gpj\u{202E}exe.", "gpj<U+202E>exe."),
        ("\u{2066}x\u{2069}\u{FEFF}", "<U+2066>x<U+2069><U+FEFF>"),
        ("a\u{AD}b", "a<U+00AD>b"),
        ("\u{E000}\u{10FFFF}\u{FFFE}", "<U+E000><U+10FFFF><U+FFFE>"),
        ("\u{E0041}", "<U+E0041>"),
        ("\u{13000}", "<U+13000>"),
    ] {
        let read = text(&pdf(&everywhere(given), fonts).unwrap());
        assert!(read.contains(shown), "{given:?} is not {shown} in\n{read}");
    }
}

#[test]
fn letters_of_many_scripts_are_set_or_named() {
    let Some(fonts) = fonts() else { return };
    for given in [
        "😀👩‍👩‍👧🏽🇯🇵✅",
        "e\u{301}か\u{3099}か\u{309A}ﾊﾟ",
        "مرحبا שלום",
        "ไทย हिन्दी 한국어",
        "①㈱髙﨑𠮷野",
        "Ω→≤\u{338}",
        "\u{301}\u{301}",
    ] {
        let named = |character: char| format!("<U+{:04X}>", u32::from(character));
        let read = text(
            &pdf(&document(vec![paragraph(given), Block::Note(vec![Span::Strong(given.into())])]), fonts).unwrap(),
        );
        for character in without_spaces(given).chars().filter(|character| character.is_alphanumeric()) {
            assert!(
                read.contains(character) || read.contains(&named(character)),
                "{character} of {given} not in\n{read}"
            );
        }
    }
}

#[test]
fn a_long_table_is_whole_and_has_its_header_on_every_page() {
    let Some(fonts) = fonts() else { return };
    let column = |title: &str| Column { title: title.into(), ..Column::default() };
    let rows = (0..200).map(|row| vec![Cell::from(format!("#row({row})")), Cell::from("$x$ *y*")]).collect();
    let table = Table { caption: String::new(), columns: vec![column("Name-of-rows"), column("b")], rows };
    let read = text(&pdf(&document(vec![Block::Table(table)]), fonts).unwrap());
    assert!((0..200).all(|row| read.contains(&format!("#row({row})$x$*y*"))), "{read}");
    let pages = read.matches("Name-of-rows").count();
    assert!((4..9).contains(&pages) && read.contains(&format!("{pages}/{pages}")), "{pages} headers in\n{read}");
}

#[test]
fn a_word_longer_than_the_line_is_broken_and_whole() {
    let Some(fonts) = fonts() else { return };
    for word in ["x".repeat(600), "a/b-c.d_".repeat(60), "Ж".repeat(200)] {
        let read = text(&pdf(&everywhere(&word), fonts).unwrap());
        assert!(read.contains(&word), "{word}\nnot in\n{read}");
    }
}

#[test]
fn any_text_is_set() {
    let Some(fonts) = fonts() else { return };
    let any = prop_oneof![any::<String>(), "\\PC{0,60}", r##"[#$*_@\\<>\[\]{}()`"'=/~+\-.,:;%& \n\r\t]{0,60}"##];
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    runner
        .run(&any, |given| {
            let pdf = pdf(&everywhere(&given), fonts);
            prop_assert!(pdf.is_ok(), "{:?}: {:?}", given, pdf.err());
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_text_that_can_be_drawn_is_there_in_full() {
    let Some(fonts) = fonts() else { return };
    let drawable = "[!-~ぁ-んァ-ヶ一-龠Ａ-Ｚ①-⑳α-ωа-я、。「」]{1,80}";
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    runner
        .run(&drawable, |given| {
            let read = text(&pdf(&document(vec![paragraph(&given)]), fonts).unwrap());
            // Characters that no installed font has are numbers.
            prop_assert!(read.contains(&given) || read.contains("<U+"), "{} not in\n{}", given, read);
            Ok(())
        })
        .unwrap();
}
