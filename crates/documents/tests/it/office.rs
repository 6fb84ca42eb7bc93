use yata_documents::{Limits, Part, pieces};

use crate::support::{check, check_gaps, zip};

const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut members = vec![TYPES];
    members.extend(parts.iter().map(|(name, content)| (*name, content.as_bytes())));
    zip(&members)
}

fn word(body: &str) -> Vec<u8> {
    package(&[("word/document.xml", &format!("<w:document><w:body>{body}</w:body></w:document>"))])
}

fn run(properties: &str, text: &str) -> String {
    format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>")
}

#[test]
fn runs_are_joined_and_hidden_text_is_apart() {
    let body = [
        "<w:p>".to_owned(),
        run("", "番号 1234"),
        run("<w:b/>", "5678"),
        run("<w:vanish/>", "hidden"),
        run("<w:vanish w:val=\"0\"/>", "9018"),
        "</w:p><w:p>".to_owned(),
        run("<w:color w:val=\"FFFFFF\"/>", "white"),
        run("<w:color w:val=\"FFFFFF\"/><w:shd w:fill=\"000000\"/>", "on black"),
        run("<w:sz w:val=\"2\"/>", " tiny"),
        "<w:del><w:r><w:delText> deleted</w:delText></w:r></w:del></w:p>".to_owned(),
    ];
    check(
        "a.docx",
        &word(&body.concat()),
        &["a.docx!/body: 番号 123456789018\non black", "a.docx!/body (hidden): hidden\nwhite tiny deleted"],
    );
}

#[test]
fn every_part_of_a_document_has_its_place() {
    let p = |text: &str| format!("<x><w:p><w:r><w:t>{text}</w:t></w:r></w:p></x>");
    let bytes = package(&[
        ("word/document.xml", &p("a &amp; b&#x3042;<![CDATA[<c>]]>")),
        ("word/header1.xml", "<w:hdr><w:p><w:r><w:pict><v:textpath string=\"社外秘\"/></w:pict></w:r></w:p></w:hdr>"),
        ("word/footer2.xml", &p("foot")),
        ("word/footnotes.xml", &p("note")),
        ("word/comments.xml", &p("remark")),
        ("word/_rels/document.xml.rels", r#"<R><r TargetMode="External" Target="https://a.example/?k=v"/></R>"#),
        ("docProps/core.xml", "<c><dc:title>T</dc:title></c>"),
        ("docProps/custom.xml", r#"<P><property name="区分"><vt:lpwstr>極秘</vt:lpwstr></property></P>"#),
        ("word/diagrams/data1.xml", "<d><a:p><a:r><a:t>art</a:t></a:r></a:p></d>"),
        ("word/embeddings/b.txt", "inner"),
        ("word/vbaProject.bin", "plain"),
    ]);
    check(
        "a.docx",
        &bytes,
        &[
            "a.docx!/body: a & bあ<c>",
            "a.docx!/header: \n社外秘",
            "a.docx!/footer: foot",
            "a.docx!/footnote: note",
            "a.docx!/comment: remark",
            "a.docx!/link: https://a.example/?k=v",
            "a.docx!/property title: T",
            "a.docx!/property 区分: 極秘",
            "a.docx!/word/diagrams/data1.xml: art",
            "a.docx!/word/embeddings/b.txt: inner",
            "a.docx!/word/vbaProject.bin: plain",
        ],
    );
}

#[test]
fn text_boxes_are_read_once_and_do_not_cut_the_paragraph() {
    let inner = "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>";
    let body = format!(
        "<w:p><w:r><w:t>12</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{inner}</mc:Choice><mc:Fallback>{inner}\
         </mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>34</w:t></w:r></w:p>"
    );
    check("a.docx", &word(&body), &["a.docx!/text box: box", "a.docx!/body: 1234"]);
}

fn workbook() -> Vec<u8> {
    package(&[
        (
            "xl/workbook.xml",
            r#"<w><sheet name="名簿" r:id="r1"/><sheet name="裏" state="veryHidden" r:id="r2"/><definedName name="k">"v"</definedName></w>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<R><Relationship Id="r1" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Target="/xl/worksheets/sheet2.xml"/></R>"#,
        ),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>氏名</t></si><si><r><t>山</t></r><r><t>田</t></r><rPh><t>ヤマダ</t></rPh></si></sst>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            r#"<s><cols><col min="4" max="4" hidden="1"/></cols><row r="1"><c r="A1" t="s"><v>0</v></c></row>
            <row r="7"><c r="B7" t="s"><v>1</v></c><c r="C7"><v>1.23456789018E11</v></c><c r="D7" t="inlineStr"><is><t>見えない</t></is></c></row>
            <oddHeader>&amp;L&amp;"Arial,Bold"&amp;14社外秘&amp;R&amp;P</oddHeader></s>"#,
        ),
        ("xl/worksheets/_rels/sheet1.xml.rels", r#"<R><Relationship Id="c" Target="../comments1.xml"/></R>"#),
        ("xl/worksheets/sheet2.xml", r#"<s><row><c t="str"><f>A1&amp;"x"</f><v>裏の値</v></c></row></s>"#),
        ("xl/comments1.xml", r#"<c><comment ref="B7"><text><r><t>要</t></r><r><t>注意</t></r></text></comment></c>"#),
    ])
}

#[test]
fn workbooks() {
    check(
        "a.xlsx",
        &workbook(),
        &[
            "a.xlsx!/name k: k = \"v\"",
            "a.xlsx!/sheet names: 名簿",
            "a.xlsx!/sheet names (hidden): 裏",
            "a.xlsx!/名簿: 氏名\n山田\t123456789018",
            "a.xlsx!/名簿 (hidden): 見えない",
            "a.xlsx!/header: 社外秘",
            "a.xlsx!/裏 (hidden): 裏の値\tA1&\"x\"",
            "a.xlsx!/comment 名簿!B7: 要注意",
        ],
    );
}

#[test]
fn a_place_in_a_sheet_is_its_cell() {
    let mut cells = Vec::new();
    pieces("a.xlsx", &workbook(), &Limits::default(), &mut |piece| {
        if matches!(piece.place.part, Part::Sheet(_)) {
            for word in ["氏名", "田", "9018", "見え", "裏の"] {
                cells.extend(piece.text.find(word).map(|at| piece.place_at(at).to_string()));
            }
            assert_eq!(piece.original(0), None);
        }
    });
    let expected =
        ["a.xlsx!/名簿!A1", "a.xlsx!/名簿!B7", "a.xlsx!/名簿!C7", "a.xlsx!/名簿!D7 (hidden)", "a.xlsx!/裏!A1 (hidden)"];
    assert_eq!(cells, expected);
}

#[test]
fn slides_are_numbered_in_the_order_of_the_show() {
    let shape = |kind: &str, text: &str| {
        format!(
            "<p:sp><p:nvPr><p:ph type=\"{kind}\"/></p:nvPr><a:p><a:r><a:t>{text}</a:t></a:r><a:r><a:t>34</a:t></a:r></a:p></p:sp>"
        )
    };
    let bytes = package(&[
        ("ppt/presentation.xml", r#"<p><p:sldId id="256" r:id="b"/><p:sldId id="257" r:id="a"/></p>"#),
        (
            "ppt/_rels/presentation.xml.rels",
            r#"<R><Relationship Id="a" Target="slides/slide1.xml"/><Relationship Id="b" Target="slides/slide2.xml"/></R>"#,
        ),
        ("ppt/slides/slide1.xml", &format!("<p:sld show=\"0\">{}</p:sld>", shape("body", "second"))),
        ("ppt/slides/slide2.xml", &format!("<p:sld>{}{}</p:sld>", shape("title", "first"), shape("ftr", "秘"))),
        (
            "ppt/slides/_rels/slide2.xml.rels",
            r#"<R><Relationship Id="n" Target="../notesSlides/notesSlide9.xml"/></R>"#,
        ),
        ("ppt/notesSlides/notesSlide9.xml", &format!("<n>{}</n>", shape("body", "say"))),
        ("ppt/slideMasters/slideMaster1.xml", &format!("<m>{}</m>", shape("body", "社外秘"))),
    ]);
    check(
        "a.pptx",
        &bytes,
        &[
            "a.pptx!/slide 2 (hidden): second34",
            "a.pptx!/slide 1: first34",
            "a.pptx!/footer: 秘34",
            "a.pptx!/notes 1: say34",
            "a.pptx!/master: 社外秘34",
        ],
    );
}

#[test]
fn open_document_texts_and_sheets() {
    let odf = |kind: &str, content: &str, styles: &str| {
        zip(&[
            ("mimetype", format!("application/vnd.oasis.opendocument.{kind}").as_bytes()),
            ("content.xml", content.as_bytes()),
            ("styles.xml", styles.as_bytes()),
            ("meta.xml", b"<m><dc:title>T</dc:title></m>"),
        ])
    };
    let content = "<c><text:p>12<text:span>34</text:span><office:annotation><text:p>remark</text:p></office:annotation>5</text:p></c>";
    let styles = "<styles><style:header><text:p>社外秘</text:p></style:header></styles>";
    let expected =
        ["a.odt!/comment: remark", "a.odt!/body: 12345", "a.odt!/header: 社外秘", "a.odt!/property title: T"];
    check("a.odt", &odf("text", content, styles), &expected);

    let content = r#"<doc><office:spreadsheet><table:table table:name="S"><table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
        <table:table-row><table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>v</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></doc>"#;
    let mut cell = String::new();
    pieces("a.ods", &odf("spreadsheet", content, "<styles/>"), &Limits::default(), &mut |piece| {
        if piece.text.starts_with('v') {
            cell = piece.place_at(0).to_string();
        }
    });
    assert_eq!(cell, "a.ods!/S!C4");
}

#[test]
fn broken_xml_gives_what_it_has() {
    let bytes = package(&[("word/document.xml", "<d><w:p><w:r><w:t>before</w:t></w:r></w:p><w:p a=\"")]);
    check_gaps("a.docx", &bytes, &Limits::default(), &["a.docx!/body: before"], &["a.docx: broken XML"]);
}

#[test]
fn a_repeated_string_meets_its_limit() {
    let sheet: String = (0..2000).map(|_| "<row><c t=\"s\"><v>0</v></c></row>").collect();
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(2000));
    let bytes =
        package(&[("xl/sharedStrings.xml", &strings), ("xl/worksheets/sheet1.xml", &format!("<s>{sheet}</s>"))]);
    let limits = Limits { text_bytes: 100_000, piece_bytes: 10_000, ..Limits::default() };
    let (lines, outcome) = crate::support::read_with("a.xlsx", &bytes, &limits);
    assert!(lines.iter().map(String::len).sum::<usize>() < 110_000 && lines.len() > 5);
    assert_eq!(outcome.gaps[0].kind.id(), "too-much-text");
}
