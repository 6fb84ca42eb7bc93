//! Japanese postal codes and addresses.

use crate::rule::{Confidence, Found, Window};

use super::dictionary;
use super::labelled::{free_after, free_before, is_hyphen, matches};
use super::scan::{after, before, between, is_hiragana, is_kanji, is_katakana, last_bytes, push};

const PREFECTURES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];
/// The longest name of a municipality, in characters (`北諸県郡三股町`, `横浜市保土ケ谷区`).
const MUNICIPALITY_MAX_CHARS: usize = 12;
/// The longest name between municipality and number, in characters.
const TOWN_MAX_CHARS: usize = 24;
/// The longest building, in characters.
const BUILDING_MAX_CHARS: usize = 30;

/// `〒100-0001`, `郵便番号 1000001`, and seven digits in front of a prefecture.
pub(crate) fn jp_postal_code(window: &Window<'_>, found: &mut Vec<Found>) {
    let (text, at) = (window.text, window.at);
    if PREFECTURES.iter().any(|prefecture| after(text, at).starts_with(prefecture)) {
        let head = before(text, at).trim_end_matches([' ', '\u{3000}', '\n', '\r', ',', '、', '"', '\t']);
        let start = head.char_indices().rev().take(8).map(|(start, _)| start).filter(|start| free_before(text, *start));
        let code = |start: usize| matches(text, start, "ddd-dddd").filter(|(end, _)| *end == head.len()).map(|_| start);
        if let Some(start) =
            start.filter_map(code).min().filter(|start| !last_bytes(text, *start, 24).contains(['〒', '号']))
        {
            push(found, start, head.len(), Confidence::Likely);
        }
        return;
    }
    for (start, character) in
        after(text, at).char_indices().take(16).map(|(offset, character)| (at + offset, character))
    {
        if !character.is_ascii_digit() {
            continue;
        }
        let spaced = matches(text, start, "ddd - dddd").or_else(|| matches(text, start, "ddd-dddd"));
        if let Some((end, _)) = spaced.filter(|(end, _)| free_before(text, start) && free_after(text, *end)) {
            push(found, start, end, Confidence::Certain);
        }
        return;
    }
}

/// An address: prefecture or municipality, town, and a number; with the building behind it.
pub(crate) fn jp_address(window: &Window<'_>, found: &mut Vec<Found>) {
    let (text, at) = (window.text, window.at);
    // A municipality that begins with kana has no kanji to trigger at before its own (`さいたま市`).
    if let Some(start) = kana_start(text, at) {
        if !begins_earlier(text, start)
            && let Some(end) = municipality_end(text, start).and_then(|town| number_end(text, town))
        {
            push(found, start, building_end(text, end), Confidence::Likely);
        }
        return;
    }
    // An address goes on over a run's end; its middle is not another.
    let run: Vec<(usize, char)> = after(text, at)
        .char_indices()
        .take(40)
        .take_while(|(_, character)| is_kanji(*character))
        .map(|(offset, character)| (at + offset, character))
        .collect();
    if !run.iter().any(|(_, character)| "都道府県市区町村郡".contains(*character)) && !kana_municipality(text, at)
    {
        return;
    }
    for &(start, _) in &run {
        let prefecture = PREFECTURES.iter().find(|prefecture| after(text, start).starts_with(*prefecture));
        let behind = start + prefecture.map_or(0, |prefecture| prefecture.len());
        let Some(town) = municipality_end(text, behind) else { continue };
        // What follows a prefecture in an earlier run was reported there (`東京都あきる野市`).
        if prefecture.is_none() && begins_earlier(text, start) {
            return;
        }
        if let Some(end) = number_end(text, town) {
            let end = building_end(text, end);
            push(found, start, end, if prefecture.is_some() { Confidence::Certain } else { Confidence::Likely });
            return;
        }
        if named(text, start) {
            let end = town_end(text, town);
            if end > town {
                push(found, start, end, Confidence::Possible);
            }
        }
        return;
    }
}

/// Whether the municipality that begins there stands behind the address's own beginning.
fn begins_earlier(text: &str, start: usize) -> bool {
    let head = before(text, start).trim_end_matches([' ', '\u{3000}']);
    PREFECTURES.iter().any(|prefecture| head.ends_with(prefecture))
        || before(text, start).chars().rev().take(4).any(|character| is_hiragana(character) || is_katakana(character))
            && (1..=4).any(|back| {
                let from = before(text, start).char_indices().rev().nth(back - 1).map_or(0, |(from, _)| from);
                PREFECTURES.iter().any(|prefecture| before(text, from).ends_with(prefecture))
            })
}

/// Where a municipality begins that has kana before the run and ends within it.
fn kana_start(text: &str, at: usize) -> Option<usize> {
    if !after(text, at)
        .chars()
        .take(8)
        .take_while(|character| is_kanji(*character))
        .any(|character| "市区町村".contains(character))
    {
        return None;
    }
    let kana = before(text, at)
        .char_indices()
        .rev()
        .take(6)
        .take_while(|(_, character)| is_hiragana(*character) || is_katakana(*character));
    let start = kana
        .map(|(start, _)| start)
        .filter(|start| municipality_end(text, *start).is_some_and(|end| end > at))
        .min()?;
    Some(start)
}

/// Whether a municipality with kana in its name begins there (`東かがわ市`).
fn kana_municipality(text: &str, at: usize) -> bool {
    let mut kana = false;
    let near = after(text, at).chars().take(MUNICIPALITY_MAX_CHARS).take_while(|character| !character.is_ascii());
    let ends = near.inspect(|character| kana |= !is_kanji(*character)).any(|character| "市区町村".contains(character));
    if !(ends && kana) {
        return false;
    }
    municipality_end(text, at).is_some()
}

/// Whether the text before says that an address follows.
fn named(text: &str, start: usize) -> bool {
    let head = before(text, start).trim_end_matches([' ', '\u{3000}', ':', '：', '"', '\'', '=', '「', '\t', ',']);
    ["住所", "所在地", "address", "居住地", "本籍", "送付先", "お届け先", "配送先", "勤務地住所"]
        .iter()
        .any(|label| head.ends_with(label))
}

/// Where the municipality that begins there ends: the longest that the list has.
fn municipality_end(text: &str, start: usize) -> Option<usize> {
    let text = text.get(start..)?;
    let spaced = text.trim_start_matches([' ', '\u{3000}']);
    let skipped = start + text.len() - spaced.len();
    let mut longest = None;
    for (offset, character) in spaced.char_indices().take(MUNICIPALITY_MAX_CHARS) {
        if !is_kanji(character) && !is_hiragana(character) && !is_katakana(character) && character != 'ヶ' {
            break;
        }
        if "市区町村".contains(character) {
            let end = offset + character.len_utf8();
            let name = spaced.get(..end).unwrap_or_default();
            if dictionary::has(name, b'M')
                || dictionary::has(&name.replace('ケ', "ヶ"), b'M')
                || dictionary::has(&name.replace('ヶ', "ケ"), b'M')
            {
                longest = Some(skipped + end);
            }
        }
    }
    longest
}

fn is_numeral(character: char) -> bool {
    character.is_ascii_digit() || "〇一二三四五六七八九十百千".contains(character)
}

/// Where the name of the town ends that begins there.
fn town_end(text: &str, start: usize) -> usize {
    let is_town = |character: char| {
        is_kanji(character)
            || is_katakana(character)
            || matches!(character, 'ケ' | 'ノ' | 'の' | 'が' | 'ヶ' | 'つ' | 'み')
    };
    let length: usize = after(text, start)
        .chars()
        .take(TOWN_MAX_CHARS)
        .take_while(|character| is_town(*character))
        .map(char::len_utf8)
        .sum();
    start + length
}

/// Where the number ends that stands behind a town.
fn number_end(text: &str, town: usize) -> Option<usize> {
    let mut chars = after(text, town).char_indices().take(TOWN_MAX_CHARS).peekable();
    while let Some((offset, character)) = chars.next() {
        let at = town + offset;
        if is_numeral(character) {
            if let Some(end) = blocks(text, at) {
                return Some(end);
            }
            if character.is_ascii_digit() {
                return None;
            }
        }
        let joins = is_kanji(character)
            || is_hiragana(character)
            || is_katakana(character)
            || matches!(character, ' ' | '\u{3000}');
        // Particles end an address that has no number; a few stand in the names of towns.
        let particle = "をにはでもへ、。".contains(character) || (character == 'と' && chars.peek().is_none());
        if !joins || particle {
            return None;
        }
    }
    None
}

/// `一丁目二番三号`, `1-2-3`, `123番地4`, `1条西2丁目3`: needs a unit, or two numbers.
fn blocks(text: &str, start: usize) -> Option<usize> {
    const UNITS: [&str; 12] = ["丁目", "番地の", "番地", "番町", "番", "号室", "号棟", "号", "条", "線", "地割", "の"];
    let mut at = start;
    let mut end = None;
    let (mut numbers, mut units) = (0, 0);
    let mut date = false;
    while numbers < 6 {
        let length: usize =
            after(text, at).chars().take(6).take_while(|character| is_numeral(*character)).map(char::len_utf8).sum();
        if length == 0 {
            break;
        }
        let ascii = after(text, at).starts_with(|character: char| character.is_ascii_digit());
        numbers += 1;
        at += length;
        let rest = after(text, at);
        if rest.starts_with(['年', '月', '日', '時', '人', '円', '名', '件', '歳', '区', '階', '個', '年', '%'])
        {
            date = true;
            break;
        }
        let unit = UNITS.iter().find(|unit| rest.starts_with(**unit));
        let separator = rest.chars().next().filter(|character| is_hyphen(*character) || *character == '−');
        // A single kanji numeral without a unit is a part of a name (`三田`).
        if unit.is_none() && separator.is_none() && !ascii && numbers == 1 {
            return None;
        }
        end = Some(at);
        match (unit, separator) {
            (Some(unit), _) => {
                at += unit.len();
                units += usize::from(*unit != "の");
                if *unit != "の" && *unit != "番地の" {
                    end = Some(at);
                }
                let following = after(text, at);
                let skipped = following
                    .chars()
                    .next()
                    .filter(|character| is_hyphen(*character) || "東西南北 ".contains(*character));
                if let Some(skipped) =
                    skipped.filter(|skipped| after(following, skipped.len_utf8()).starts_with(is_numeral))
                {
                    at += skipped.len_utf8();
                }
            }
            (None, Some(separator)) if after(rest, separator.len_utf8()).starts_with(is_numeral) => {
                at += separator.len_utf8()
            }
            _ => break,
        }
    }
    let long = between(text, start, end.unwrap_or(start)).bytes().take_while(u8::is_ascii_digit).count() > 5;
    (!date && !long && (units > 0 || numbers >= 2 || (numbers == 1 && named_number(text, end?))))
        .then_some(end)
        .flatten()
}

/// A single number ends an address where nothing counts behind it.
fn named_number(text: &str, end: usize) -> bool {
    after(text, end)
        .chars()
        .next()
        .is_none_or(|next| matches!(next, '\n' | '\r' | ' ' | '\u{3000}' | ',' | '"' | '、' | '。' | ')' | '」'))
}

/// Where the building ends that stands behind the number, if one does.
fn building_end(text: &str, end: usize) -> usize {
    const BUILDINGS: [&str; 26] = [
        "ビルディング",
        "ビル",
        "マンション",
        "ハイツ",
        "タワー",
        "コーポ",
        "荘",
        "館",
        "アパート",
        "ハウス",
        "レジデンス",
        "メゾン",
        "プラザ",
        "パレス",
        "ヒルズ",
        "コート",
        "テラス",
        "ガーデン",
        "棟",
        "号室",
        "階",
        "団地",
        "寮",
        "スクエア",
        "センター",
        "ガーデンズ",
    ];
    let rest = after(text, end);
    let name = rest.trim_start_matches([' ', '\u{3000}', '、']);
    let skipped = rest.len() - name.len();
    let is_part = |character: char| {
        is_kanji(character)
            || is_katakana(character)
            || character.is_ascii_alphanumeric()
            || is_hyphen(character)
            || matches!(character, ' ' | '\u{3000}' | '・' | '#')
    };
    let length: usize =
        name.chars().take(BUILDING_MAX_CHARS).take_while(|character| is_part(*character)).map(char::len_utf8).sum();
    let name = between(name, 0, length);
    let last = BUILDINGS.iter().filter_map(|building| name.rfind(building).map(|at| at + building.len())).max();
    let Some(mut behind) = last else { return end };
    // The number of the room or floor behind it.
    let tail = after(name, behind);
    let room = tail.trim_start_matches([' ', '\u{3000}', '#', 'B']);
    let digits: usize = room.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'-').count();
    if digits > 0 {
        behind += tail.len() - room.len() + digits;
        let unit = ["号室", "号", "階", "F"].iter().find(|unit| after(room, digits).starts_with(**unit));
        behind += unit.map_or(0, |unit| unit.len());
    }
    end + skipped + behind
}
