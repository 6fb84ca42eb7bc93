//! Names of persons in katakana: Japanese ones in forms and lists, and foreign ones.

use crate::rule::{Confidence, Found, Window};

use super::dictionary;
use super::honorific::{self, Honorific};
use super::scan::{after, before, between, is_kanji, is_katakana, last_bytes, push};

/// Words before a name in kana that say so.
const LABELS: [&str; 16] = [
    "フリガナ",
    "ふりがな",
    "カナ",
    "かな",
    "読み",
    "読み方",
    "氏名",
    "名前",
    "担当者",
    "担当",
    "名義",
    "名義人",
    "口座名義",
    "受取人",
    "シメイ",
    "セイ",
];

/// Katakana that stands before an office or a middle dot and is no person: countries, and what teams are called.
const NOT_FOREIGN: [&str; 71] = [
    "アメリカ",
    "フランス",
    "ロシア",
    "ドイツ",
    "イギリス",
    "イタリア",
    "スペイン",
    "ブラジル",
    "カナダ",
    "インド",
    "オーストラリア",
    "メキシコ",
    "トルコ",
    "イラン",
    "イラク",
    "イスラエル",
    "ウクライナ",
    "エジプト",
    "ベトナム",
    "タイ",
    "インドネシア",
    "フィリピン",
    "マレーシア",
    "シンガポール",
    "パキスタン",
    "アフガニスタン",
    "サウジアラビア",
    "シリア",
    "ポーランド",
    "オランダ",
    "ベルギー",
    "スイス",
    "スウェーデン",
    "ノルウェー",
    "フィンランド",
    "デンマーク",
    "ポルトガル",
    "ギリシャ",
    "アルゼンチン",
    "チリ",
    "ペルー",
    "キューバ",
    "モンゴル",
    "ネパール",
    "ミャンマー",
    "カンボジア",
    "チーム",
    "グループ",
    "メーカー",
    "プロジェクト",
    "クラブ",
    "サッカー",
    "センター",
    "ゼネラル",
    "マネージャー",
    "セント",
    "ワールド",
    "サービス",
    "システム",
    "ユーザー",
    "リーグ",
    "ヘッド",
    "ベンダー",
    "オーナー",
    "マスター",
    "ママ",
    "パパ",
    "ドライバー",
    "スタッフ",
    "リーダー",
    "ハリー",
];

/// Whether the text begins with an office that only a person holds.
fn office(text: &str) -> bool {
    [
        "大統領",
        "首相",
        "元首相",
        "判事",
        "党首",
        "議員",
        "容疑者",
        "被告",
        "選手",
        "投手",
        "監督",
        "国務長官",
        "外相",
        "教授",
        "博士",
        "女史",
    ]
    .iter()
    .any(|office| text.starts_with(office))
}

/// A surname and a given name in katakana, a name with an honorific, or a foreign name with its middle dot.
pub(crate) fn kana_person_name(window: &Window<'_>, found: &mut Vec<Found>) {
    let (text, start) = (window.text, window.at);
    // Katakana behind a kanji surname belongs to the name in kanji; behind a dot or a space, to an earlier run.
    if before(text, start).ends_with(is_kanji) || behind_part(text, start) {
        return;
    }
    let first = run(text, start);
    let first_end = start + first.len();
    if first.chars().count() < 2 {
        return;
    }
    let label = follows_label(text, start);
    if let Some(end) = japanese_pair(text, first, first_end) {
        let sure = label || honorific::starts(after(text, end)).is_some();
        push(found, start, end, if sure { Confidence::Likely } else { Confidence::Possible });
        return;
    }
    // ジョン・スミス
    let mut end = first_end;
    let mut parts = 1;
    let mut known = dictionary::has(first, b'F');
    while let Some(rest) = after(text, end).strip_prefix(['・', '=', '゠']) {
        let part = run(text, text.len() - rest.len());
        if part.is_empty() || parts >= 5 {
            break;
        }
        known |= dictionary::has(part, b'F');
        end = text.len() - rest.len() + part.len();
        parts += 1;
    }
    let honour = honorific::starts(after(text, end));
    let whole_known = || dictionary::has(first, b'F') && dictionary::has(last_part(between(text, start, end)), b'F');
    if parts > 1 {
        let given =
            dictionary::has(first, b'F') && !NOT_FOREIGN.contains(&first) && !after(text, end).starts_with(is_kanji);
        if honour.is_some() || (parts <= 3 && known && (whole_known() || given)) {
            push(found, start, end, if honour.is_some() { Confidence::Likely } else { Confidence::Possible });
        }
        return;
    }
    let named = dictionary::has(first, b'S') || dictionary::has(first, b'G') || dictionary::has(first, b'F');
    let joined = glued(first);
    match honour {
        Some(Honorific::Address) if NOT_FOREIGN.contains(&first) => {}
        Some(Honorific::Address)
            if named || joined || (office(after(text, first_end)) && !NOT_FOREIGN.contains(&first)) =>
        {
            push(found, start, first_end, Confidence::Likely)
        }
        Some(Honorific::Title)
            if named
                || (office(after(text, first_end)) && first.chars().count() >= 3 && !NOT_FOREIGN.contains(&first)) =>
        {
            push(found, start, first_end, Confidence::Possible)
        }
        _ if label && (joined || dictionary::has(first, b'S')) => push(found, start, first_end, Confidence::Likely),
        _ => {}
    }
}

fn run(text: &str, start: usize) -> &str {
    let length: usize =
        after(text, start).chars().take(16).take_while(|character| is_katakana(*character)).map(char::len_utf8).sum();
    between(text, start, start + length)
}

fn last_part(name: &str) -> &str {
    name.rsplit(['・', '=', '゠']).next().unwrap_or_default()
}

/// Whether the run continues a name that an earlier run began.
fn behind_part(text: &str, start: usize) -> bool {
    let head = before(text, start);
    if head.ends_with(['・', '=', '゠']) {
        return head.trim_end_matches(['・', '=', '゠']).ends_with(is_katakana);
    }
    let Some(head) = head.strip_suffix([' ', '\u{3000}']) else { return false };
    let length: usize =
        head.chars().rev().take(16).take_while(|character| is_katakana(*character)).map(char::len_utf8).sum();
    let surname = between(head, head.len() - length, head.len());
    dictionary::has(surname, b'S') && dictionary::has(run(text, start), b'G')
}

/// The end of `ヤマダ タロウ`.
fn japanese_pair(text: &str, surname: &str, surname_end: usize) -> Option<usize> {
    let rest = after(text, surname_end).strip_prefix([' ', '\u{3000}'])?;
    let start = text.len() - rest.len();
    let given = run(text, start);
    (dictionary::has(surname, b'S') && dictionary::has(given, b'G')).then_some(start + given.len())
}

/// Whether surname and given name stand together without a space (`ヤマダタロウ`).
fn glued(word: &str) -> bool {
    word.char_indices().skip(2).any(|(at, _)| {
        dictionary::has(before(word, at), b'S')
            && after(word, at).chars().count() >= 2
            && dictionary::has(after(word, at), b'G')
    })
}

fn follows_label(text: &str, start: usize) -> bool {
    let head = last_bytes(text, start, 48)
        .trim_end_matches([' ', '\u{3000}', ':', '：', '"', '\'', '(', '「', '\t', ',', '=', '>', ')', 'は']);
    LABELS.iter().any(|label| head.ends_with(label))
}
