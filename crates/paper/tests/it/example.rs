//! An example report in both languages, as a reader sees it.

use yata_paper::{Align, Block, Cell, Column, Document, Drawing, Fonts, KeyFigure, Lang, Span, Table, pdf};

use crate::support::{fonts, holds, text, without_spaces};

const CHART: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 150" width="480" height="150"><g font-family="system-ui, sans-serif" font-size="12" fill="#1c2430"><text x="0" y="35">重大 Critical</text><rect x="110" y="22" width="240" height="18" fill="#b42318"/><text x="356" y="35">12</text><text x="0" y="75">高 High</text><rect x="110" y="62" width="180" height="18" fill="#f79009"/><text x="296" y="75">9</text><text x="0" y="115" font-weight="bold">合計 Total</text><rect x="110" y="102" width="340" height="18" fill="#98a2b3"/><text x="456" y="115">21</text></g></svg>"##;

fn t(text: &str) -> Span {
    Span::text(text)
}

fn japanese() -> Document {
    let link = |text: &str| Span::Link { text: text.into(), url: "https://yata.example/queue?kind=component".into() };
    let column = |title: &str, align| Column { title: title.into(), align };
    let names = ["決済ゲートウェイ", "会員サイト", "社内チャットの AI アシスタント", "在庫管理"];
    let rows = (0..46).map(|i| {
        vec![
            Cell {
                text: format!("CVE-2026-{}", 10_400 + i * 37),
                link: Some(format!("https://yata.example/finding/{i}")),
                ..Cell::default()
            },
            Cell::from(names[i % 4]),
            Cell::from(
                [
                    "pkg:npm/%40minato/payments-client@4.2.1",
                    "pkg:pypi/requests@2.31.0",
                    "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar",
                ][i % 3],
            ),
            Cell { text: ["即時", "計画外", "計画内"][i % 3].into(), strong: i % 3 == 0, ..Cell::default() },
            Cell::from(format!("2026-12-{:02}", i % 28 + 1)),
            Cell::from(format!("{}", i * 7 % 90)),
        ]
    });
    Document {
        lang: Lang::Ja,
        title: "セキュリティ リスク報告書".into(),
        subtitle: "2026年度 第3四半期：AI がもたらした変化と、次の90日で行うこと".into(),
        organisation: "みなと海運株式会社　情報セキュリティ統括部".into(),
        date: "2026年11月22日 9:00（日本時間）現在".into(),
        classification: Some("TLP:AMBER".into()),
        footer: "Yata が作成。数値はすべて台帳の行に対応します。".into(),
        blocks: vec![
            Block::Lead(vec![
                t("直ちに対応が必要なリスクは "),
                Span::Strong("12 件".into()),
                t("で、前四半期より 5 件減りました。残りの大半は、決済ゲートウェイの依存関係を更新すれば解消します。"),
            ]),
            Block::Figures(vec![
                KeyFigure {
                    label: "未対応のリスク".into(),
                    value: "128".into(),
                    note: "前四半期比 −38%".into(),
                    link: Some("https://yata.example/queue".into()),
                },
                KeyFigure {
                    label: "期限を過ぎたもの".into(),
                    value: "3".into(),
                    note: "すべて担当者が決まっています".into(),
                    link: None,
                },
                KeyFigure {
                    label: "対応までの中央値".into(),
                    value: "6.5 日".into(),
                    note: "目標は 7 日".into(),
                    link: None,
                },
                KeyFigure {
                    label: "AI が関わるリスク".into(),
                    value: "24".into(),
                    note: "脅威 9、脆弱性 11、資産 4".into(),
                    link: None,
                },
            ]),
            Block::Heading { level: 1, text: "経営層に決めていただきたいこと".into() },
            Block::Paragraph(vec![
                t("会員サイトでは、既知の悪用が確認された脆弱性（"),
                link("CVE-2026-10400"),
                t(
                    "）が残っています。更新にはベンダーの検証が必要で、停止時間は約2時間です。「12月の定期保守」まで待つ場合は、リスクを受容する承認者と期限を記録してください。WAF による緩和策は導入済みですが、攻撃の痕跡がないことは11月20日時点でしか確認できていません。",
                ),
            ]),
            Block::List(vec![
                vec![t("決済ゲートウェイの更新（担当：佐藤、期限：2026-12-01）")],
                vec![
                    Span::Strong("社内チャットの AI アシスタント".into()),
                    t(
                        "に渡しているアクセス権の縮小。外部から届いた文章を読み、社内の文書を検索し、さらに外部へ送信できる、という三つの条件がそろっています。",
                    ),
                ],
                vec![t("所有者が不明な資産 4 件の割り当て")],
            ]),
            Block::Heading { level: 2, text: "重大度別の件数".into() },
            Block::Svg(Drawing {
                svg: CHART.into(),
                alt: "重大度別の件数：重大 12 件、高 9 件、合計 21 件".into(),
                width_percent: 80,
            }),
            Block::Note(vec![t(
                "情報源：OSV（2026-11-22）、KEV（2026-11-21）、EPSS（2026-11-22）。古い情報源はありません。件数は 9:00 の時点のものです。",
            )]),
            Block::PageBreak,
            Block::Heading { level: 1, text: "付録：対象の一覧".into() },
            Block::Table(Table {
                caption: "期限の近い順（46 件）".into(),
                columns: vec![
                    column("識別子", Align::Start),
                    column("資産", Align::Start),
                    column("コンポーネント", Align::Start),
                    column("判断", Align::Center),
                    column("期限", Align::Start),
                    column("残り日数", Align::End),
                ],
                rows: rows.collect(),
            }),
        ],
    }
}

/// The same report in English, of one page.
fn english() -> Document {
    let figure = |label: &str, value: &str, note: &str| KeyFigure {
        label: label.into(),
        value: value.into(),
        note: note.into(),
        link: None,
    };
    Document {
        lang: Lang::En,
        title: "Security risk report".into(),
        subtitle: "Third quarter of 2026: what AI has changed, and what to do in the next 90 days".into(),
        organisation: "Minato Shipping, Information Security".into(),
        date: "As of 22 November 2026, 09:00 JST".into(),
        classification: Some("Internal".into()),
        footer: "Every figure leads to the rows behind it.".into(),
        blocks: vec![
            Block::Lead(vec![
                Span::Strong("12 risks need action now".into()),
                t(", five fewer than a quarter ago. One upgrade of the payment gateway closes most of what is left."),
            ]),
            Block::Figures(vec![
                figure("Open risks", "128", "38% fewer than a quarter ago"),
                figure("Past their due date", "3", "each has an owner"),
                figure("Median time to fix", "6.5 days", "goal: 7 days"),
                figure("With AI in them", "24", "threat 9, vulnerability 11, asset 4"),
            ]),
            Block::Heading { level: 1, text: "What you are asked to decide".into() },
            Block::Paragraph(vec![
                t("The member site still has a vulnerability that is exploited in the wild ("),
                Span::Link { text: "CVE-2026-10400".into(), url: "https://yata.example/finding/0".into() },
                t("). The upgrade needs the vendor's tests and two hours of downtime. To wait for the maintenance in \
                   December, name an approver and an end date."),
            ]),
            Block::List(vec![
                vec![t("Upgrade the payment gateway (Sato, by 1 December)")],
                vec![t("Take back what the chat assistant may reach")],
            ]),
            Block::Heading { level: 3, text: "By severity".into() },
            Block::Svg(Drawing { svg: CHART.into(), alt: "Critical 12, high 9, total 21".into(), width_percent: 70 }),
            Block::Note(vec![t("Sources: OSV (22 November 2026), KEV (21 November 2026). None is stale.")]),
        ],
    }
}

/// The folder where the examples are left for a person to look at, if one is named.
fn leave(name: &str, pdf: &[u8]) {
    if let Some(folder) = std::env::var_os("YATA_PAPER_EXAMPLES") {
        std::fs::write(std::path::Path::new(&folder).join(name), pdf).unwrap();
    }
}

#[test]
fn the_example_reads_as_written_in_both_languages() {
    let Some(fonts) = fonts() else { return };
    for (document, lang, name) in [(japanese(), "(ja-JP)", "ja.pdf"), (english(), "(en)", "en.pdf")] {
        let bytes = pdf(&document, fonts).unwrap();
        leave(name, &bytes);
        let read = text(&bytes);
        let mut wanted =
            vec![&document.title, &document.subtitle, &document.organisation, &document.date, &document.footer];
        wanted.extend(document.classification.as_ref());
        for block in &document.blocks {
            match block {
                Block::Heading { text, .. } => wanted.push(text),
                Block::Figures(figures) => wanted.extend(figures.iter().flat_map(|f| [&f.label, &f.value, &f.note])),
                Block::Table(table) => wanted.extend(table.rows.iter().flatten().map(|cell| &cell.text)),
                _ => {}
            }
        }
        for wanted in wanted {
            assert!(read.contains(&without_spaces(wanted)), "{wanted} is not in\n{read}");
        }
        // What a screen reader needs, and what a checker of PDF/UA looks for first.
        for mark in
            ["<pdfuaid:part>1</pdfuaid:part>", "/Marked true", "/DisplayDocTitle true", "/StructTreeRoot", "/Outlines"]
        {
            assert!(holds(&bytes, mark), "{mark}");
        }
        assert!(holds(&bytes, &format!("/Lang{lang}")), "{lang}");
        assert!(holds(&bytes, &format!(r#"<rdf:li xml:lang="x-default">{}</rdf:li>"#, document.title)));
        assert!(holds(&bytes, "/S/URI/URI(https://yata.example/finding/0)"), "link");
        for clock in ["/CreationDate", "/ModDate", "xmp:CreateDate"] {
            assert!(!holds(&bytes, clock), "{clock}");
        }
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let Some(fonts) = fonts() else { return };
    let first = pdf(&japanese(), fonts).unwrap();
    let again = pdf(&japanese(), &Fonts::system().unwrap()).unwrap();
    assert!(first == again, "{} and {} bytes", first.len(), again.len());
    let other = Document { date: "2026-11-23".into(), ..japanese() };
    assert!(first != pdf(&other, fonts).unwrap());
}

#[test]
fn the_mark_stands_at_the_head_and_the_foot_of_every_page() {
    let Some(fonts) = fonts() else { return };
    for mark in ["TLP:RED", "社外秘"] {
        let blocks = vec![Block::Note(vec![t("1")]), Block::PageBreak, Block::Note(vec![t("2")])];
        let document = Document { title: "T".into(), classification: Some(mark.into()), blocks, ..Document::default() };
        assert_eq!(text(&pdf(&document, fonts).unwrap()).matches(mark).count(), 4, "{mark}");
    }
}

#[test]
fn a_drawing_with_any_text_is_set() {
    let Some(fonts) = fonts() else { return };
    for label in ["重大 😀", "\u{202E}abc", "\u{E000}\u{13000}", "e\u{301} &#x202E; &lt;"] {
        let svg = CHART.replace("合計 Total", label);
        let drawing = Drawing { svg, alt: label.into(), width_percent: 255 };
        let bytes =
            pdf(&Document { title: "T".into(), blocks: vec![Block::Svg(drawing)], ..Document::default() }, fonts);
        assert!(bytes.is_ok(), "{label:?}: {:?}", bytes.err());
    }
}

#[test]
fn links_lead_to_pages_and_mailboxes_only() {
    let Some(fonts) = fonts() else { return };
    let link = |url: &str| Block::Paragraph(vec![Span::Link { text: "x".into(), url: url.into() }]);
    for (url, kept) in [
        ("https://example.org/?q=障害", Some("https://example.org/?q=%E9%9A%9C%E5%AE%B3")),
        ("HTTP://example.org", Some("HTTP://example.org")),
        ("mailto:ciso@example.org", Some("mailto:ciso@example.org")),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("/queue?kind=component", None),
        ("https://example.org/a b", None),
        ("https://", None),
        ("", None),
    ] {
        let blocks = vec![link(url)];
        let bytes = pdf(&Document { title: "T".into(), blocks, ..Document::default() }, fonts).unwrap();
        assert_eq!(holds(&bytes, "/S/URI"), kept.is_some(), "{url}");
        assert!(kept.is_none_or(|kept| holds(&bytes, &format!("({kept})"))), "{url}");
    }
    let long = format!("https://example.org/{}", "a".repeat(2_000));
    assert!(!holds(
        &pdf(&Document { title: "T".into(), blocks: vec![link(&long)], ..Document::default() }, fonts).unwrap(),
        "/S/URI"
    ));
}

#[test]
fn every_chart_of_the_page_is_set_on_paper() {
    let Some(fonts) = fonts() else { return };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../chart/tests/snapshots");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let charts = paths.iter().filter_map(|path| {
        let snapshot = std::fs::read_to_string(path).unwrap();
        let svg = snapshot.get(snapshot.find("<svg")?..)?.to_owned();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let width_percent = if name.ends_with("spark") { 20 } else { 100 };
        let chart = Drawing { svg, alt: name.to_owned(), width_percent };
        Some([Block::Heading { level: 2, text: name.to_owned() }, Block::Svg(chart)])
    });
    let blocks: Vec<Block> = charts.flatten().collect();
    assert!(blocks.len() > 20, "{}", blocks.len());
    let bytes = pdf(&Document { lang: Lang::Ja, title: "図".into(), blocks, ..Document::default() }, fonts).unwrap();
    leave("charts.pdf", &bytes);
}
