//! What a person reads: reasons and what would change them, in both languages.

use jiff::civil::date;
use yata_model::{AdvisoryKind, Exploitation, Exposure, Fact, MissionImpact, Risk, TechnicalImpact};
use yata_words::{Lang, render, text};

use crate::support::{Case, LOCAL, WORMABLE};

fn told(lang: Lang, risk: &Risk) -> String {
    let factors = [&risk.threat, &risk.vulnerability, &risk.asset];
    let mut lines: Vec<String> = risk.reasons.iter().map(|reason| format!("- {}", render(lang, reason))).collect();
    lines.extend(
        factors.iter().map(|factor| format!("{} {}", if factor.ai { "AI" } else { "  " }, render(lang, &factor.why))),
    );
    lines.push(text(lang, &format!("scenario-{}", risk.scenario.number())));
    lines.extend(risk.would_change.iter().map(|change| format!("> {}", render(lang, change))));
    lines.join("\n")
}

#[test]
fn nothing_known() {
    let risk = Case::new().judge();
    insta::assert_snapshot!(told(Lang::En, &risk), @r"
    - Nobody says whether a way to exploit it is public; it is taken as public
    - Nobody said who can reach shop; it is taken as reachable from the internet
    - Nobody said what stops when shop stops; the impact is taken as very high
    - Attacks can be automated (nobody says; the worst case is assumed)
    - An attacker gains total control or all data (nobody says; the worst case is assumed)
    - Not known to be exploited (CISA KEV checked)
    - CISA BOD 26-04 1.0.0 says Immediate (“3 days”)
    AI Nobody says otherwise: attackers with AI are assumed to find and exploit it at machine speed
       lib has a conventional weakness
       shop is a conventional system; its mission impact is not known and taken as very high
    Attackers with AI as a tool use a weakness of a conventional system
    > It would move to Out-of-Cycle if the asset were reachable by partners only
    > It would move to Scheduled if the asset were not reachable over any network
    > It would move to Out-of-Cycle if attacks could not be automated
    > It would move to Out-of-Cycle if the technical impact were only partial
    > It would move to Immediate with investigation if CISA KEV listed it
    ");
    insta::assert_snapshot!(told(Lang::Ja, &risk), @r"
    - 悪用方法が公開されているかどうかの情報がないため、公開されているものとして扱います
    - shop に誰が到達できるか不明なため、インターネットから到達できるものとして扱います
    - shop が停止した場合の影響が不明なため、業務への影響度を極めて高いものとして扱います
    - 攻撃を自動化できます（情報がないため最悪の場合を想定）
    - 攻撃者は全面的な制御またはすべての情報を得ます（情報がないため最悪の場合を想定）
    - 悪用は確認されていません（CISA KEV を確認済み）
    - CISA BOD 26-04 1.0.0 の判定は即時対応です（原文 “3 days”）
    AI 否定する情報がないため、AI を攻撃ツールに利用する攻撃者が高速に発見・悪用するものと想定します
       lib に従来のシステム脆弱性があります
       shop は従来のシステムです。業務への影響度は不明なため「極めて高い」とみなします
    AI を攻撃ツールに利用する攻撃者が、従来のシステム脆弱性を突く
    > 資産が取引先からのみ到達できる状態であれば、臨時対応に変わります
    > 資産がネットワークから到達できない状態であれば、定期対応に変わります
    > 攻撃を自動化できなければ、臨時対応に変わります
    > 技術的影響が一部にとどまるなら、臨時対応に変わります
    > CISA KEV に掲載されると、即時対応（侵害調査を含む）に変わります
    ");
}

#[test]
fn log4j_like() {
    let risk = Case::new()
        .vector(WORMABLE)
        .listed(date(2021, 12, 10), true)
        .assessed(Exploitation::Active, true, TechnicalImpact::Total)
        .at(Exposure::Internal, MissionImpact::High)
        .judge();
    insta::assert_snapshot!(told(Lang::En, &risk), @r"
    - Ransomware uses it: CISA KEV lists CVE-2099-0001 since 2021-12-10
    - shop is reachable only from the organisation's own network
    - The mission impact of shop is high
    - Attacks can be automated (CISA’s assessment)
    - An attacker gains total control or all data (CISA’s assessment)
    - CISA BOD 26-04 1.0.0 says Immediate with investigation (“3 days & forensic investigation”)
    AI Attackers exploit it now; with AI they do so at machine speed
       lib has a conventional weakness
       shop is a conventional system; its mission impact is high
    Attackers with AI as a tool use a weakness of a conventional system
    > No answer makes it less urgent: only the remedy does
    ");
    insta::assert_snapshot!(told(Lang::Ja, &risk), @r"
    - ランサムウェア攻撃に悪用されています（CVE-2099-0001、CISA KEV に 2021-12-10 掲載）
    - shop は組織内ネットワークからのみ到達できる状態です
    - shop の業務への影響度：高
    - 攻撃を自動化できます（CISA の評価）
    - 攻撃者は全面的な制御またはすべての情報を得ます（CISA の評価）
    - CISA BOD 26-04 1.0.0 の判定は即時対応（侵害調査を含む）です（原文 “3 days & forensic investigation”）
    AI 現に悪用されています。AI の悪用により、攻撃はさらに高速化します
       lib に従来のシステム脆弱性があります
       shop は従来のシステムです。業務への影響度は「高」です
    AI を攻撃ツールに利用する攻撃者が、従来のシステム脆弱性を突く
    > 回答によって優先度は下がりません。対処が必要です
    ");
}

#[test]
fn malware_in_a_build_tool() {
    let risk = Case::new().kind(AdvisoryKind::Malware).without_cve().development().judge();
    insta::assert_snapshot!(told(Lang::En, &risk), @r"
    - lib is malicious: it was made to do harm. Remove it and look for what it did
    - It runs where things are built, too: malware is not softened by scope
    AI The attack is in the package itself; AI lets attackers make and spread such packages in numbers
       lib is malicious
       shop is a conventional system; its mission impact is not known and taken as very high
    Attackers with AI as a tool use a weakness of a conventional system
    > Nothing but its removal changes this
    ");
    insta::assert_snapshot!(told(Lang::Ja, &risk), @r"
    - lib は害を与える目的で作られた悪性パッケージです。削除し、実行された処理を調査してください
    - ビルド環境でも実行されるため、開発用であっても優先度は下げません
    AI パッケージ自体が攻撃です。攻撃者は AI を使い、この種のパッケージを大量に作成・拡散できます
       lib は悪性パッケージです
       shop は従来のシステムです。業務への影響度は不明なため「極めて高い」とみなします
    AI を攻撃ツールに利用する攻撃者が、従来のシステム脆弱性を突く
    > 削除するまで変わりません
    ");
}

#[test]
fn quiet_with_a_stale_catalogue() {
    let mut case = Case::new().vector(LOCAL).at(Exposure::Partner, MissionImpact::Medium);
    case.evidence.kev = Fact::stale(None, "CISA KEV 2025.01.01", Some(date(2025, 1, 1)));
    let risk = case.judge();
    insta::assert_snapshot!(told(Lang::En, &risk), @r"
    - Whether it is being exploited could not be checked (CISA KEV is too old); it is taken as exploited
    - shop is reachable by partners only
    - The mission impact of shop is medium
    - Attacks cannot be automated (derived from the published vector)
    - An attacker gains partial control or some data (derived from the published vector)
    - CISA BOD 26-04 1.0.0 says Out-of-Cycle (“14 days”)
    AI Nobody says otherwise: attackers with AI are assumed to find and exploit it at machine speed
       lib has a conventional weakness
       shop is a conventional system; its mission impact is medium
    Attackers with AI as a tool use a weakness of a conventional system
    > It would move to Scheduled if a fresh CISA KEV did not list it
    ");
    insta::assert_snapshot!(told(Lang::Ja, &risk), @r"
    - 悪用の有無を確認できません（CISA KEV の情報が古いため）。悪用されているものとして扱います
    - shop は取引先からのみ到達できる状態です
    - shop の業務への影響度：中
    - 攻撃の自動化は困難です（公表された CVSS ベクトルから導出）
    - 攻撃者が得る制御または情報は一部にとどまります（公表された CVSS ベクトルから導出）
    - CISA BOD 26-04 1.0.0 の判定は臨時対応です（原文 “14 days”）
    AI 否定する情報がないため、AI を攻撃ツールに利用する攻撃者が高速に発見・悪用するものと想定します
       lib に従来のシステム脆弱性があります
       shop は従来のシステムです。業務への影響度は「中」です
    AI を攻撃ツールに利用する攻撃者が、従来のシステム脆弱性を突く
    > 最新の CISA KEV に掲載がなければ、定期対応に変わります
    ");
}

#[test]
fn unmaintained() {
    let risk = Case::new().kind(AdvisoryKind::Unmaintained).without_cve().judge();
    insta::assert_snapshot!(told(Lang::En, &risk), @r"
    - Nobody maintains lib any more: the next weakness will have no fix. Replace it
       No weakness is claimed: no attack is known
       Nobody maintains lib
       shop is a conventional system; its mission impact is not known and taken as very high
    Attackers with AI as a tool use a weakness of a conventional system
    ");
    insta::assert_snapshot!(told(Lang::Ja, &risk), @r"
    - lib は保守されていません。今後の脆弱性は修正されないため、代替への移行が必要です
       脆弱性の指摘はなく、攻撃は知られていません
       lib は保守されていません
       shop は従来のシステムです。業務への影響度は不明なため「極めて高い」とみなします
    AI を攻撃ツールに利用する攻撃者が、従来のシステム脆弱性を突く
    ");
}

/// Every message that the ruler can give has its words, with all its variables.
#[test]
fn no_message_is_left_without_words() {
    let kinds = [AdvisoryKind::Malware, AdvisoryKind::Vulnerability, AdvisoryKind::Unsound, AdvisoryKind::Unmaintained];
    for kind in kinds {
        for exposure in [Exposure::None, Exposure::Internal, Exposure::Partner, Exposure::Internet, Exposure::Unknown] {
            for impact in [MissionImpact::Low, MissionImpact::High, MissionImpact::Unknown] {
                for vector in ["", WORMABLE, LOCAL] {
                    let risk = Case::new().kind(kind).at(exposure, impact).vector(vector).judge();
                    for lang in Lang::ALL {
                        let told = told(lang, &risk);
                        assert!(!told.contains("{$") && !told.contains('['), "{told}");
                    }
                }
            }
        }
    }
}
