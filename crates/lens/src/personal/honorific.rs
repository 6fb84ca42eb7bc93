//! What follows a person's name: forms of address, and titles.

/// What stands behind a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Honorific {
    /// さん, 様, 氏: it follows persons (and, with 様 and さん, companies).
    Address,
    /// 社長, 教授: it follows a surname, and stands for itself too.
    Title,
}

/// What does not follow anything but a person; each with what may not follow it.
const ADDRESSES: [(&str, &str); 19] = [
    ("さん", ""), ("さま", "々"), ("様", "子式々相"), ("氏", "名族神"), ("殿", "下堂様"), ("くん", ""), ("ちゃん", ""), ("君", "主臨"),
    ("先生", ""), ("容疑者", ""), ("被告", "側"), ("選手", "権団村"), ("夫妻", ""), ("議員", "立連団"), ("せんせい", ""), ("嬢", ""), ("女史", ""), ("両氏", ""), ("各氏", ""),
];

/// Titles that follow a surname.
const TITLES: [&str; 97] = [
    "社長", "副社長", "会長", "部長", "副部長", "課長", "係長", "次長", "主任", "主査", "室長", "所長", "局長", "支店長", "支社長", "店長", "本部長",
    "専務", "常務", "取締役", "代表", "執行役員", "監査役", "顧問", "相談役", "理事", "理事長", "事務局長", "委員長", "委員", "教授", "准教授", "助教",
    "講師", "博士", "医師", "院長", "弁護士", "首相", "総理", "大臣", "長官", "知事", "市長", "町長", "村長", "区長", "監督", "コーチ", "投手", "捕手",
    "主将", "記者", "警部", "巡査", "部長代理", "課長補佐", "マネージャー", "マネジャー", "リーダー", "元総理", "幹事長", "判事", "党首", "大統領", "元首相", "元社長", "前社長", "校長", "長官", "国務長官", "国防相", "外相", "財務相", "官房長官", "横綱", "大関", "関脇", "小結",
    "騎手", "名人", "棋士", "九段", "八段", "七段", "六段", "五段", "四段", "三冠", "竜王", "住職", "師匠", "巡査長", "署長", "検事", "候補", "さん夫妻",
];

/// The honorific that the text begins with, after at most one space.
pub(super) fn starts(text: &str) -> Option<Honorific> {
    let text = text.strip_prefix([' ', '\u{3000}']).unwrap_or(text);
    for (word, unless) in ADDRESSES {
        if let Some(rest) = text.strip_prefix(word) {
            return rest.chars().next().is_none_or(|next| !unless.contains(next)).then_some(Honorific::Address);
        }
    }
    TITLES.iter().any(|title| text.starts_with(title)).then_some(Honorific::Title)
}
