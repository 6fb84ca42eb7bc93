//! How plausible a reading of bytes as Japanese text is.
//!
//! Valid is not enough: most EUC-JP is also valid Shift_JIS (as half-width katakana), and much UTF-8 is. Each character
//! that is not ASCII has a weight a byte: kana and frequent kanji are what Japanese texts consist of, the kanji of the
//! second level (JIS X 0208 rows 48 and up) and lone half-width katakana are what wrong readings consist of.

use super::Encoding;

/// Bytes beyond ASCII that are judged; the rest of a sample adds nothing.
const JUDGED_BYTES: u32 = 4096;

/// Frequent kanji: of everyday words, of business and public letters, of names and addresses.
const FREQUENT: &str = "日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語\
土木聞食車何南万毎白天母火右読友左休父雨会社株式様御担当部課務総業事者所員役係在住市区町村県都府道郡番号地方丁目\
氏名字田藤佐鈴高橋渡辺伊斎加吉松井林清森池阿石原岡近坂村青福岩崎島野秘密極関取扱注意限個情報保護管理機性部外社\
内用使作成送受信連絡先電話携帯便郵口座銀行支店普通預振込契約請求見積払支給与税保険健康証免許登録住民票旅券\
件表題添付資料確認願致申込対応予定変更新規開始終了完予約次回第期度分正式開発設計計画説明議題案提出期限報告結果\
実施検討問合返答回答可能必要重要全体各種別紙参照以下記載通常数値額価格品商製造販売購入注文納期在庫管設定接続\
東京大阪名古屋横浜神奈川埼玉千葉京都兵庫北海福岡広島沖縄主要法律令条項規則公共省庁局政府自治体安全漏対策訓練試験験\
経済技術研究情処理能力機械文字化変換入力示不明同意者的代表取締監査委任命責任自動手動運転時刻曜土朝昼夜春夏秋冬心思\
言葉知教育習英和訳私達彼何誰好愛死病院医薬科看護患家族親兄弟姉妹夫妻老若現過去未然物質量質問題邉邊澤濱髙﨑廣惠龍彌齋齊櫻國學會德瀧藪凛翔颯琉莉";

/// The sum of the weights, and the bytes beyond ASCII that they are for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Plausibility {
    sum: f64,
    bytes: u32,
}

impl Plausibility {
    /// The mean weight of a byte beyond ASCII, from about −2 to 1.
    pub(super) fn mean(self) -> f64 {
        if self.bytes == 0 { 0.0 } else { self.sum / f64::from(self.bytes) }
    }

    fn add(&mut self, weight: f64, bytes: usize) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.sum += weight * f64::from(bytes);
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

/// Judges the bytes as a text of the encoding.
pub(super) fn score(sample: &[u8], encoding: Encoding) -> Plausibility {
    let mut result = Plausibility::default();
    let mut rest = sample;
    let mut before = None;
    while let Some(first) = rest.first() {
        if result.bytes >= JUDGED_BYTES {
            break;
        }
        if first.is_ascii() {
            rest = rest.get(1..).unwrap_or_default();
            before = None;
            continue;
        }
        let wanted = unit_bytes(*first, encoding);
        let Some(unit) = rest.get(..wanted) else {
            // Cut off at the end of the sample: no evidence against it, unless there is no other.
            result.add(if sample.len() < 64 { -2.0 } else { 0.0 }, rest.len());
            break;
        };
        let (decoded, broken) = encoding.tables().decode_without_bom_handling(unit);
        let mut characters = decoded.chars();
        let (character, alone) = (characters.next(), characters.next().is_none());
        match character {
            Some(character) if !broken && alone => {
                result.add(weight(character, unit, encoding, before), unit.len());
                before = Some(character);
                rest = rest.get(wanted..).unwrap_or_default();
            }
            _ => {
                result.add(-2.0, 1);
                before = None;
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    result
}

/// How long a character is that begins with this byte.
fn unit_bytes(first: u8, encoding: Encoding) -> usize {
    match (encoding, first) {
        (Encoding::Utf8, 0xC2..=0xDF) => 2,
        (Encoding::Utf8, 0xE0..=0xEF) => 3,
        (Encoding::Utf8, 0xF0..=0xF4) => 4,
        (Encoding::ShiftJis, 0x81..=0x9F | 0xE0..=0xFC) => 2,
        (Encoding::EucJp, 0x8F) => 3,
        (Encoding::EucJp, 0x8E | 0xA1..=0xFE) => 2,
        _ => 1,
    }
}

/// The weight of one character, for each of its bytes.
fn weight(character: char, unit: &[u8], encoding: Encoding, before: Option<char>) -> f64 {
    let first = unit.first().copied().unwrap_or_default();
    match character {
        '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FE}' => 1.0,
        '\u{3001}' | '\u{3002}' | '\u{3000}' | '\u{3005}' | '\u{3008}'..='\u{3011}' => 1.0,
        '\u{FF10}'..='\u{FF5E}' | '\u{FF01}'..='\u{FF0F}' => 0.8,
        _ if encoding == Encoding::Utf8 => match unit.len() {
            // What is valid here is hardly ever so by chance.
            2 => 0.4,
            _ => 0.9,
        },
        '\u{4E00}'..='\u{9FFF}' if FREQUENT.contains(character) => 1.0,
        '\u{4E00}'..='\u{9FFF}' => match encoding {
            Encoding::ShiftJis if first < 0x98 => 0.5,
            Encoding::EucJp if (0xB0..0xD0).contains(&first) => 0.5,
            _ => -0.3,
        },
        '\u{FF61}'..='\u{FF9F}' => half_width(character, before, encoding),
        // Private use and the extensions of vendors.
        '\u{E000}'..='\u{F8FF}' => -1.5,
        '\u{2010}'..='\u{266F}' | '\u{A0}'..='\u{FF}' | '\u{FFE5}' | '\u{FFE3}' => 0.4,
        _ => -0.3,
    }
}

/// Half-width katakana: plausible in words, whose voiced marks follow what can be voiced.
fn half_width(character: char, before: Option<char>, encoding: Encoding) -> f64 {
    if encoding == Encoding::EucJp {
        // Two bytes with 0x8E first: nothing else looks like that.
        return 0.8;
    }
    let after_kana = before.is_some_and(|before| ('\u{FF66}'..='\u{FF9F}').contains(&before));
    match character {
        'ﾞ' => match before {
            Some('ｳ' | 'ｶ'..='ﾄ' | 'ﾊ'..='ﾎ') => 0.9,
            _ => -1.0,
        },
        'ﾟ' => match before {
            Some('ﾊ'..='ﾎ') => 0.9,
            _ => -1.0,
        },
        '\u{FF61}'..='\u{FF65}' => {
            if after_kana {
                0.0
            } else {
                -0.5
            }
        }
        'ｧ'..='ｯ' | 'ｰ' => {
            if after_kana {
                0.4
            } else {
                -0.6
            }
        }
        _ if after_kana => 0.55,
        _ => 0.2,
    }
}
