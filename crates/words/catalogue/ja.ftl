# Yata のすべての文言（日本語）。構文: Project Fluent 1.0。
# 主題ごとに節を分ける。en.ftl と同じ id・同じ変数を持つ。

## ほかの文言の中で使う名称

outcome-name =
    { $outcome ->
        [immediate-investigate] 即時対応（侵害調査を含む）
        [immediate] 即時対応
        [out-of-cycle] 臨時対応
        [scheduled] 定期対応
       *[defer] 次回更新時の対応
    }
exposure-name =
    { $exposure ->
        [none] ネットワークから到達できない状態
        [internal] 組織内ネットワークからのみ到達できる状態
        [partner] 取引先からのみ到達できる状態
       *[internet] インターネットから到達できる状態
    }
impact-name =
    { $impact ->
        [low] 低
        [medium] 中
        [high] 高
       *[very-high] 極めて高い
    }
how-known =
    { $how ->
        [checked] CISA の評価
        [derived] 公表された CVSS ベクトルから導出
       *[assumed] 情報がないため最悪の場合を想定
    }

## 優先度と判定の根拠

priority-immediate = 即時対応
priority-out-of-cycle = 臨時対応
priority-scheduled = 定期対応
priority-defer = 次回更新時
ruled-by-malware = マルウェアの規則
ruled-by-unmaintained = 脆弱性の指摘なし（保守終了）
ruled-by-notice = 脆弱性の指摘なし（お知らせ）
ruled-by-maintenance = 脆弱性の指摘なし（保守用更新）

## 理由: なぜこの順位か

reason-malware = { $package } は害を与える目的で作られた悪性パッケージです。削除し、実行された処理を調査してください
reason-malware-development = ビルド環境でも実行されるため、開発用であっても優先度は下げません
reason-kev = 悪用が確認されています（{ $cve }、CISA KEV に { $date } 掲載）
reason-kev-ransomware = ランサムウェア攻撃に悪用されています（{ $cve }、CISA KEV に { $date } 掲載）
reason-kev-unchecked =
    { $why ->
        [stale] 悪用の有無を確認できません（CISA KEV の情報が古いため）。悪用されているものとして扱います
       *[missing] 悪用の有無を確認できません（CISA KEV がないため）。悪用されているものとして扱います
    }
reason-active = CISA が悪用を確認しています
reason-poc = 悪用方法が公開されています
reason-poc-unknown = 悪用方法が公開されているかどうかの情報がないため、公開されているものとして扱います
reason-epss = EPSS によれば、30 日以内に悪用される確率は { $percent } % です
reason-applies-unknown = { $package } が影響を受けるか判断できないため、影響を受けるものとして扱います
reason-no-weakness =
    { $kind ->
        [unmaintained] { $package } は保守されていません。今後の脆弱性は修正されないため、代替への移行が必要です
        [notice] { $package } に関するお知らせです。脆弱性の指摘ではありません
       *[maintenance] { $package } の保守用更新です。脆弱性の指摘ではありません
    }
reason-development = ビルド時にのみ使われるため、ビルド環境から及ぶ範囲で評価しています
reason-exposure = { $asset } は{ exposure-name }です
reason-exposure-unknown = { $asset } に誰が到達できるか不明なため、インターネットから到達できるものとして扱います
reason-mission = { $asset } の業務への影響度: { impact-name }
reason-mission-unknown = { $asset } が停止した場合の影響が不明なため、業務への影響度を極めて高いものとして扱います
reason-automatable =
    { $automatable ->
        [yes] 攻撃を自動化できます（{ how-known }）
       *[no] 攻撃の自動化は困難です（{ how-known }）
    }
reason-technical-impact =
    { $impact ->
        [total] 攻撃者は全面的な制御またはすべての情報を得ます（{ how-known }）
       *[partial] 攻撃者が得る制御または情報は一部にとどまります（{ how-known }）
    }
reason-not-known-exploited = 悪用は確認されていません（CISA KEV を確認済み）
reason-table = { $table } の判定は{ outcome-name }です（原文 “{ $answer }”）
reason-window = { $service } の次の変更可能日は { $window } で、期限の { $due } より後です

## 何が変われば優先度が変わるか

change-malware = 削除するまで変わりません
change-nothing = 回答によって優先度は下がりません。対処が必要です
change-kev-unlisted = 最新の CISA KEV に掲載がなければ、{ outcome-name }に変わります
change-kev-listed = CISA KEV に掲載されると、{ outcome-name }に変わります
change-no-poc = 悪用方法が公開されていなければ、{ outcome-name }に変わります
change-poc = 悪用方法が公開されると、{ outcome-name }に変わります
change-exposure = 資産が{ exposure-name }であれば、{ outcome-name }に変わります
change-mission = 業務への影響度が「{ impact-name }」であれば、{ outcome-name }に変わります
change-not-automatable = 攻撃を自動化できなければ、{ outcome-name }に変わります
change-partial-impact = 技術的影響が一部にとどまるなら、{ outcome-name }に変わります
change-all-assumed = 一つの回答だけでは変わりません。不明な点がすべて良い結果であれば、{ outcome-name }に変わります

## 回答すると一覧が短くなる質問

question-exposure = { $asset } には誰が到達できますか。yata.toml に exposure = "none"、"internal"、"partner"、"internet" のいずれかを記載してください
question-asset-impact = { $asset } が停止すると業務にどう影響しますか。yata.toml に mission-impact = "low"、"medium"、"high"、"very-high" のいずれかを記載してください
question-service-impact = サービス { $service } が停止すると業務にどう影響しますか。yata.toml に mission-impact = "low"、"medium"、"high"、"very-high" のいずれかを記載してください
question-kev = 悪用されている脆弱性はありますか。最新の CISA KEV を取り込んでください
question-vulnrichment = 悪用方法の公開・自動化・影響について CISA の評価はどうですか。CISA vulnrichment を取り込んでください
question-versions = { $asset } に実際に導入されるバージョンはどれですか。バージョンを固定するか、ロックファイルを対象にしてください

## リスクの三要素

threat-malware = パッケージ自体が攻撃です。攻撃者は AI を使い、この種のパッケージを大量に作成・拡散できます
threat-exploited = 現に悪用されています。AI の悪用により、攻撃はさらに高速化します
threat-public-poc = 悪用方法が公開されており、AI の悪用により短時間で攻撃に使われます
threat-automatable = 攻撃を自動化でき、AI の悪用により標的の発見から攻撃までが高速化します
threat-assumed = 否定する情報がないため、AI を攻撃ツールに利用する攻撃者が高速に発見・悪用するものと想定します
threat-conventional = 悪用方法は公開されておらず、自動化も困難です。従来のサイバー攻撃者を想定します
threat-none-claimed = 脆弱性の指摘はなく、攻撃は知られていません
vulnerability-ai = { $package } に AI 特有の脆弱性があります（{ $cwe }）
vulnerability-conventional =
    { $kind ->
        [malware] { $package } は悪性パッケージです
        [unsound] { $package } は言語の安全性の保証を破ります
        [unmaintained] { $package } は保守されていません
        [notice] { $package } に関するお知らせです
        [maintenance] { $package } の保守用更新です
       *[vulnerability] { $package } に従来のシステム脆弱性があります
    }
asset-ai =
    { $assumed ->
        [yes] { $asset } は AI システムです。業務への影響度は不明なため「{ impact-name }」とみなします
       *[no] { $asset } は AI システムです。業務への影響度は「{ impact-name }」です
    }
asset-conventional =
    { $assumed ->
        [yes] { $asset } は従来のシステムです。業務への影響度は不明なため「{ impact-name }」とみなします
       *[no] { $asset } は従来のシステムです。業務への影響度は「{ impact-name }」です
    }

## 九つのシナリオ（JCIC 表 1）

scenario-1 = AI の仕組みを熟知した攻撃者が、AI 特有の脆弱性を突いて AI システムに被害を与える
scenario-2 = AI の仕組みを熟知した攻撃者が、公開 AI サービスを悪用する
scenario-3 = AI を攻撃ツールに利用する攻撃者が、従来のシステム脆弱性を突く
scenario-4 = AI を攻撃ツールに利用する攻撃者が、ヒトの認知機構の弱点を突く
scenario-5 = 従来の攻撃や脆弱性によって、AI システムが被害を受ける
scenario-6 = 内部犯行者が、AI システム内の情報を持ち出す
scenario-7 = AI サービスの利用者の不注意
scenario-8 = AI システムの不具合や設定ミス
scenario-9 = 災害や地政学的リスクが AI システムやその情報に及ぶ

## 事実の名称・値・確からしさ

fact-kind = 勧告の種類
fact-cves = CVE 番号
fact-known-exploited = 悪用の確認（KEV）
fact-ransomware = ランサムウェアでの悪用
fact-exploitation = 悪用の状況
fact-exploitation-unlisted = 悪用の状況（KEV を除く）
fact-automatable = 攻撃の自動化
fact-technical-impact = 技術的影響
fact-epss = EPSS の確率（30 日）
fact-exposure = 露出の範囲
fact-mission-impact = 業務への影響度
fact-scope = 用途
fact-cvss = CVSS スコア
value-yes = はい
value-no = いいえ
value-none = なし
value-public-poc = 悪用方法が公開
value-active = 悪用中
value-partial = 一部
value-total = 全面
value-internal = 組織内
value-partner = 取引先
value-internet = インターネット
value-unknown = 不明
value-low = 低
value-medium = 中
value-high = 高
value-very-high = 極めて高い
value-runtime = 実行時
value-optional = 任意
value-development = 開発用
value-malware = マルウェア
value-vulnerability = 脆弱性
value-unsound = 安全性の欠陥
value-unmaintained = 保守終了
value-notice = お知らせ
value-maintenance = 保守用更新
standing-checked = 確認済み
standing-derived = 導出
standing-stale = 情報が古い
standing-unknown = 不明
