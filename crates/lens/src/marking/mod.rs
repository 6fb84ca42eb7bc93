//! Recognisers of confidentiality markings; each is named by a folder of `rules/marking`.
//!
//! A marking is a line of its own, a bracket at the start or end of one, a column beside a title, or the value of a
//! property. Words in passing prose are none.

mod line;
mod words;

use crate::rule::{Found, Window};
use words::Family;

macro_rules! families {
    ($($(#[$doc:meta])* $name:ident: $family:ident;)+) => {$(
        $(#[$doc])*
        pub(crate) fn $name(window: &Window<'_>, found: &mut Vec<Found>) {
            line::find(window, Family::$family, found);
        }
    )+};
}

families! {
    /// 極秘, 厳秘.
    marking_ja_top_secret: JaTopSecret;
    /// 秘, 秘密, 機密.
    marking_ja_secret: JaSecret;
    /// 社外秘, 部外秘.
    marking_ja_company: JaCompany;
    /// 関係者限り, 回覧禁止.
    marking_ja_circulation: JaCirculation;
    /// 取扱注意.
    marking_ja_care: JaCare;
    /// 複製禁止, 持出禁止.
    marking_ja_no_copy: JaNoCopy;
    /// 親展.
    marking_ja_addressee: JaAddressee;
    /// 機密性3情報.
    marking_ja_grade_3: JaGrade3;
    /// 機密性2情報.
    marking_ja_grade_2: JaGrade2;
    /// 機密性1情報.
    marking_ja_grade_1: JaGrade1;
    /// 特定秘密.
    marking_ja_designated: JaDesignated;
    /// TLP:RED.
    marking_tlp_red: TlpRed;
    /// TLP:AMBER.
    marking_tlp_amber: TlpAmber;
    /// TLP:GREEN.
    marking_tlp_green: TlpGreen;
    /// TLP:CLEAR.
    marking_tlp_clear: TlpClear;
    /// CONFIDENTIAL.
    marking_confidential: Confidential;
    /// INTERNAL USE ONLY.
    marking_internal: Internal;
    /// PROPRIETARY.
    marking_proprietary: Proprietary;
    /// RESTRICTED.
    marking_restricted: Restricted;
    /// TOP SECRET.
    marking_classified: Classified;
    /// CUI.
    marking_controlled: Controlled;
}
