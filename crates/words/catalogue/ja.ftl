# Yata のすべての文言（日本語）。構文：Project Fluent 1.0。
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

## 理由：なぜこの順位か

reason-secret =
    { $places ->
        [0] { $rule }：読んだ者は誰でも使えます
       *[other] { $rule }（{ $places } か所）：読んだ者は誰でも使えます
    }
reason-secret-live = 本番用の{ $rule }：読んだ者は誰でも使えます
reason-secret-test = テスト用の{ $rule }：本番環境には入れません
reason-secret-possible = 認証情報のように見えます（{ $rule }）。人の確認が必要です
reason-secret-past = 現在のファイルにはありませんが、履歴に残っています。失効させるほかありません
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
reason-mission = { $asset } の業務への影響度：{ impact-name }
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

change-secret-test = 重要なものに使えない（テスト用アカウント、期限切れなど）と分かれば、{ outcome-name }になります
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

threat-secret = 攻撃者は漏えいした認証情報を機械的に集め、AI を使えば数分のうちに悪用します
threat-malware = パッケージ自体が攻撃です。攻撃者は AI を使い、この種のパッケージを大量に作成・拡散できます
threat-exploited = 現に悪用されています。AI の悪用により、攻撃はさらに高速化します
threat-public-poc = 悪用方法が公開されており、AI の悪用により短時間で攻撃に使われます
threat-automatable = 攻撃を自動化でき、AI の悪用により標的の発見から攻撃までが高速化します
threat-assumed = 否定する情報がないため、AI を攻撃ツールに利用する攻撃者が高速に発見・悪用するものと想定します
threat-conventional = 悪用方法は公開されておらず、自動化も困難です。従来のサイバー攻撃者を想定します
threat-none-claimed = 脆弱性の指摘はなく、攻撃は知られていません
vulnerability-secret = 認証情報がほかの人にも読める場所に置かれています：{ $rule }
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
fact-severity = 使えるもの
fact-confidence = 規則の確度
fact-environment = 発行目的
fact-present = 現在のファイルに存在
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
value-secret = 認証情報
value-critical = 重大
value-possible = 可能性あり
value-likely = 確度が高い
value-certain = 確実
value-live = 本番
value-test = テスト
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

## コマンドライン
help = 組織が何を持ち、どこに問題があり、何をいつまでに直すべきかを示す
help-arg-help = この説明を表示する
help-arg-version = バージョンを表示する
help-arg-lang = 表示する言語（既定はロケールの言語）
help-arg-data = データベースと脅威情報の索引を置くフォルダー［環境変数 YATA_DATA］（既定は OS 標準のデータ用フォルダー）
help-arg-color = 色を使うかどうか
help-arg-quiet = 進捗を表示しない
help-assess = 何から、なぜ、いつまでに直すべきかを示す
help-assess-targets = フォルダー、ロックファイル、パッケージデータベース、SBOM
help-assess-estate = 資産台帳ファイル（既定は対象フォルダーの `yata.toml`）
help-assess-explain = 一つの脆弱性情報または検出事項について、判断の根拠となった事実をすべて示す
help-assess-format = 出力の形式
help-assess-output = 結果をファイルに書き出す
help-assess-fail-on = この緊急度以上のものがあれば終了コード 1 で終わる
help-assess-waive = この問題（ファイル名または情報源名）を未確認として数えない（複数指定可）
help-assess-as-of = 今日ではなく、この日付の時点で判断する
help-assess-history = git の全履歴からも認証情報を探す
help-assess-no-secrets = 認証情報を探さない
help-assess-baseline = 既知として保留する認証情報の一覧（--write-baseline で作成したファイル）
help-assess-write-baseline = 未対応の認証情報をすべて保留の一覧に書き出す
help-assess-gitignore = .gitignore に書かれたものを対象から外す
help-assess-all = 緊急のものだけでなく、すべて表示する
help-assess-no-save = データベースを読み書きしない
help-intel = 脅威情報（脆弱性情報と悪用の証拠）
help-intel-import = 実サービスと同じ配置のフォルダーから情報を取り込む
help-intel-import-folder = osv/、kev/、epss/、vulnrichment/、ssvc/ のいずれかを含むフォルダー
help-intel-import-dated = 情報がこの日付までのものであることを利用者が保証する
help-intel-sync = 実サービスから更新分を取得する
help-intel-sync-ecosystem = このエコシステムの情報だけを取得する（複数指定可）
help-intel-sync-osv-url = OSV データの基準 URL
help-intel-sync-kev-url = CISA KEV カタログの URL
help-intel-sync-epss-url = EPSS スコアの URL
help-intel-sync-vulnrichment-url = CISA vulnrichment アーカイブの URL
help-intel-status = 各情報源の古さと状態を示す
help-intel-status-format = 出力の形式
help-intel-status-as-of = 今日ではなく、この日付の時点で古さを判定する
help-finding = 検出事項についての人の判断
help-finding-list = 検出事項を一覧する
help-finding-list-format = 出力の形式
help-finding-list-all = 解決済み・判断済みのものも含める
help-finding-history = 検出事項の状態を誰がいつなぜ変えたかを示す
help-finding-history-id = 検出事項の ID（先頭の一部でも可）
help-finding-accept = 期限を定めてリスクを受容する
help-finding-accept-id = 検出事項の ID（先頭の一部でも可）
help-finding-accept-until = 期限の日（翌日から再び未対応に戻る）
help-finding-accept-why = 理由
help-finding-accept-by = 判断した人（既定はアカウント名）
help-finding-mitigate = 別の対策で期限までリスクを抑えていることを記録する
help-finding-mitigate-id = 検出事項の ID（先頭の一部でも可）
help-finding-mitigate-until = 期限の日（翌日から再び未対応に戻る）
help-finding-mitigate-why = 実施した対策
help-finding-mitigate-by = 判断した人（既定はアカウント名）
help-finding-false-positive = 該当しないことを記録する
help-finding-false-positive-id = 検出事項の ID（先頭の一部でも可）
help-finding-false-positive-why = 理由
help-finding-false-positive-by = 判断した人（既定はアカウント名）
help-finding-reopen = 検出事項を未対応に戻す
help-finding-reopen-id = 検出事項の ID（先頭の一部でも可）
help-finding-reopen-why = 理由
help-finding-reopen-by = 判断した人（既定はアカウント名）
help-lens = 文章に含まれるもの：認証情報、個人情報、機密の表示、埋め込まれた指示
help-lens-check = ファイルまたは標準入力（-）の中身を調べる
help-lens-check-file = ファイル（テキスト、アーカイブ、オフィス文書、PDF）。標準入力は -
help-lens-check-class = 調べる規則の種類を限る
help-lens-check-format = 結果の形式
help-lens-check-all = 見つかったものをすべて表示する
help-lens-rules = 規則の一覧、または一つの規則の説明を表示する
help-lens-rules-rule = 表示する規則
help-lens-rules-format = 結果の形式
help-lens-redact = 値を仮名に置き換えた同じ文章を出力する
help-lens-redact-file = 文章。標準入力は -
help-lens-redact-class = 対象とする規則の種類。既定は認証情報と個人情報
help-lens-redact-output = このファイルに書き出す
help-vex = VEX（製品への脆弱性の影響についての供給者の見解）
help-vex-import = OpenVEX または CycloneDX VEX 文書を検出事項に適用する
help-vex-import-files = 文書ファイル

## 進捗
progress-walking = エージェントのファイルを探しています
progress-collecting = ファイルを読み込み中
progress-secrets = ファイルから認証情報を探しています
progress-history = 履歴から認証情報を探しています
progress-matching = 照合中
progress-source = { $source }

## 結果
ui-error = エラー
ui-head = 資産 { $assets } 件 · コンポーネント { $components } 件 · { $date } 時点
ui-head-as-of-set = 資産 { $assets } 件 · コンポーネント { $components } 件 · 今日ではなく、指定された { $date } の時点で判断
ui-nothing-found = { $components } 件のコンポーネントに既知の問題はありません。必要な情報源はすべて確認しました。
ui-nothing-found-but-gaps = 検出事項はありませんが、確認できなかったものがあるため結果は不完全です（下記参照）。
ui-summary = { $actions } 件の対応で { $risks } 件のリスクを解消できます：直ちに { $immediate } 件、定期変更を待たずに { $outofcycle } 件、定期変更で { $scheduled } 件、次回更新時に { $defer } 件
ui-priority-immediate = 直ちに
ui-priority-out-of-cycle = 定期変更を待たずに
ui-priority-scheduled = 定期変更で
ui-priority-defer = 次回更新時に
ui-by-date = { $date } まで
ui-development = 開発・ビルド環境のみ
lens-class-secret = 認証情報
lens-class-personal = 個人情報
lens-class-marking = 機密の表示
lens-class-injection = 埋め込まれた指示
lens-more = … ほか { $count } 件（--all で表示）
lens-nothing = 何も見つかりませんでした。
lens-binary = テキストでも読み取れる文書でもないため、何も調べていません。
lens-found = { $count } 件見つかりました。
lens-deserves-general = データのクラス：一般（本文を見るかぎり、法令や契約による保護の義務はありません）
lens-deserves-protected = データのクラス：要保護（法令や契約で保護が必要です。学習に利用しない AI サービスに限ってください）
lens-deserves-restricted = データのクラス：外部禁止（社外の AI サービスに渡してはいけません）
lens-deserves-unknown = データのクラス：不明（調べられなかった部分があります）
lens-firing = 検出する例
lens-silent = 検出しない例
lens-redact-encoding = 元の文字コードは { $encoding } です。結果は UTF-8 で出力します。
ui-more-actions = … ほか { $count } 件（--all で表示）
ui-upgrade = { $package } { $from } → { $to } に更新{ $closes ->
    [1] { "" }
   *[other] （{ $closes } 件を解消）
  }
ui-upgrade-compatible = { $package } { $from } → { $to } に更新（互換性あり）{ $closes ->
    [1] { "" }
   *[other] （{ $closes } 件を解消）
  }
ui-upgrade-breaking = { $package } { $from } → { $to } に更新（非互換の可能性あり）{ $closes ->
    [1] { "" }
   *[other] （{ $closes } 件を解消）
  }
ui-remove = { $package } { $from } を除去（マルウェア）
ui-rotate = { $package } を失効させ、再発行してください：{ $rule }
ui-replace = { $package } { $from } を置き換え（保守されていません）
ui-no-fix = { $package } { $from } に修正版がありません：緩和策をとるか使用をやめる{ $closes ->
    [1] { "" }
   *[other] （リスク { $closes } 件）
  }
ui-pin = { $package } のバージョンを固定（導入されている版が不明）{ $closes ->
    [1] { "" }
   *[other] （リスク { $closes } 件）
  }
ui-no-version = （バージョン不明）
ui-no-owner = 担当者未定
ui-label-for = 対象
ui-label-why = 理由
ui-label-how = 方法
ui-label-look = 調査
ui-label-note = 備考
ui-investigate = 侵害の痕跡がないか（更新だけでは不十分）
ui-and-more = ほか { $count } 件
ui-separator = ；
ui-mark-new = ［新規］
ui-window-after-due = 次の変更可能日（{ $date }）は期限より後です。臨時の変更が必要です。
ui-past-place = { $file }、コミット { $commit }（{ $author }、{ $date }）
ui-past-unreachable = どのコミットからも参照されないオブジェクト
ui-author = 記述者 { $name }
ui-changes = { $since } 以降：新規 { $new } 件、解消 { $gone } 件。
ui-gone = 解消
ui-settled = 判断済みの検出事項 { $count } 件：
ui-problems = 未確認：{ $count } 件の未確認事項があるため、この結果は不完全です（終了コード 2）
ui-more-problems = … ほか { $count } 件（--all で表示）
ui-waived = { $count } 件の未確認事項は名指しで除外されています：{ $names }
ui-questions = 次の { $count } 点に答えると、この一覧が最も短くなります：
ui-would-move = （最良の場合 { $count } 件のリスクの緊急度が下がります）
ui-sources = 脅威情報：{ $total } 件の情報源のうち { $fresh } 件が最新。`yata intel status` で一覧、`--explain ID` で判断の根拠をすべて表示します。
state-open = 未対応
state-accepted = { $until } まで受容
state-mitigated = { $until } まで緩和済み
state-false-positive = 該当しない
state-fixed = 解消済み
how-run = { $command }
how-npm-override = package.json に "overrides": {"{"} "{ $package }": "{ $version }" {"}"} を加えて npm install を実行
how-yarn-resolution = package.json に "resolutions": {"{"} "{ $package }": "{ $version }" {"}"} を加えて yarn install を実行
how-requirement = { $file } に { $line } と書く
how-rotate = { $advice }
how-vendor = { $package } { $version } 以降を含む版を供給者に求める

## 根拠の表示
explain-not-here = { $id } の影響を受けるものはありません（{ $components } 件のコンポーネントを確認）。
explain-not-here-but-gaps = { $components } 件のコンポーネントに { $id } の検出はありませんが、{ $count } 件の未確認事項があるため結果は不完全です。
explain-unknown-id = { $id } について述べている情報源はありません。
explain-also = 識別子
explain-sources = 情報源
explain-published = 公表日
explain-severity = 深刻度
explain-packages = パッケージ
explain-more = 参照
explain-withdrawn = { $id } は発行者により取り下げられたため、数えません。
explain-facts = 事実
explain-reasons = 理由
explain-factors = 要素：脅威 × 脆弱性 × 資産の価値
explain-threat = 脅威
explain-vulnerability = 脆弱性
explain-asset = 資産
explain-ai = AI
explain-scenario = シナリオ
explain-would-change = 判断が変わる条件
explain-places = 場所
explain-decision = 判断
explain-outcome = 実施時期
explain-ruled-by = 決め手
explain-state = 状態

## 脅威情報
intel-imported = { $source }：{ $records } 件（新規・変更 { $changed } 件、削除 { $removed } 件）
intel-unreadable = { $count } 件は読み取れず、不明として扱います：{ $names }
intel-refused = { $source }：取り込みを拒否しました。この情報源は確認できませんでした：{ $reason }。以前の内容は保持しています。
intel-passed-over = { $path }：情報フィードではないため対象外
intel-not-modified = { $source }：変更なし
intel-failed = { $source }：取得できませんでした：{ $reason }
intel-records = { $count } 件
source-none = 脅威情報がまだありません。この情報源は確認できませんでした（コンポーネント { $count } 件）。`yata intel sync` または `yata intel import フォルダー` を実行してください。
source-state-fresh = 最新
source-state-stale = 古い
source-state-partial = 一部
source-state-missing = なし
source-state-broken = 破損
unknown-not-pinned = { $package } のバージョンが固定されていないため、すべての脆弱性情報が該当する可能性があります。バージョンを固定してください。
unknown-record-unreadable = 脆弱性情報 { $id } を読み取れないため（{ $why }）、該当する可能性があります。
unknown-release = このホストの { $family } のリリースが不明なため、いずれかのリリースの脆弱性情報が該当する可能性があります。

## 検出事項と VEX
finding-none = 検出事項は保存されていません。まず `yata assess` を実行してください。
vex-applied = { $statements } 件の記述を読み取りました。{ $changed } 件の検出事項が変わりました。{ $unmatched } 件の記述はまだ該当するものがなく、記憶しておきます。

## 各出力形式に共通の文(crates/formats/src/export)

export-remedy-upgrade = { $package } を { $from } から { $to } に更新してください。
export-remedy-upgrade-compatible = { $package } を { $from } から { $to } に更新してください(互換性あり)。
export-remedy-upgrade-breaking = { $package } を { $from } から { $to } に更新してください(互換性のない変更を含む可能性があります)。
export-remedy-upgrade-unpinned = { $package } のバージョンを { $to } 以降に固定してください。
export-remedy-remove = { $package } を取り除き、何が行われたかを調査してください。
export-remedy-rotate = { $package } を発行元で失効させ、再発行してください。
export-remedy-replace = { $package } は保守されていません。代替品に置き換えてください。
export-remedy-none = { $package } の修正版は公表されていません。公開範囲を狭めるか、期限を定めてリスクを受容してください。
export-due-by = 期限：{ $date }
export-due-next-upgrade = 次回更新時
export-investigate = 侵害の痕跡を調査
export-gone = 検出されなくなりました。
export-sarif-root = 評価の対象としたフォルダー

## Markdown の報告書

export-md-title = Yata：{ $name } の対応事項
export-md-incomplete = 確認できなかったものがあります。検出がないことは安全を意味しません。「確認できなかったもの」をご覧ください。
export-md-as-of = { $date } 時点の評価：資産 { $assets } 件、対応事項 { $actions } 件、未対応の検出事項 { $risks } 件
export-md-count-immediate = 直ちに対応：{ $count } 件
export-md-count-out-of-cycle = 定例外で対応：{ $count } 件
export-md-count-scheduled = 定例で対応：{ $count } 件
export-md-count-defer = 次回更新時に対応：{ $count } 件
export-md-changes = { $date } 以降：新規 { $new } 件、解消 { $gone } 件
export-md-actions = 対応事項
export-md-nothing = 対応すべきものは見つかりませんでした。
export-md-nothing-incomplete = 確認できた範囲では、対応すべきものは見つかりませんでした。
export-md-col-due = 期限
export-md-col-what = 対応内容
export-md-col-where = 資産
export-md-col-service = 業務サービス
export-md-col-owner = 担当者
export-md-col-why = 理由
export-md-col-finding = 検出事項
export-md-col-state = 状態
export-md-col-source = 情報源
export-md-col-date = 日付
export-md-col-records = 件数
export-md-development = 開発用途のみ
export-md-more = ほか { $count } 件
export-md-settled = 判断済みの検出事項
export-md-questions = 回答すると一覧が最も短くなる質問
export-md-would-move = { $count } 件の優先度が下がります
export-md-problems = 確認できなかったもの
export-md-waived = 承知済み
export-md-sources = 情報源
export-state-open = 未対応
export-state-accepted = 受容
export-state-mitigated = 緩和済み
export-state-false-positive = 該当しない
export-state-fixed = 修正済み
export-source-fresh = 最新
export-source-stale = 期限切れ
export-source-partial = 一部読み取り不可
export-source-missing = 未取り込み
export-source-broken = 読み取り不可

## VEX 文書(crates/formats/src/vex)。$number は 1 から数えた文の番号

vex-too-large = VEX 文書が { $bytes } バイトあり、上限の { $limit } バイトを超えています。分割してください。
vex-not-utf8 = VEX 文書が UTF-8 ではありません({ $offset } バイト目)。
vex-too-deep = VEX 文書の入れ子が { $limit } 段を超えています。
vex-bad-form = VEX 文書として正しい形式ではありません：{ $detail }
vex-not-vex = OpenVEX でも CycloneDX でもありません。CSAF には未対応です。
vex-version = { $format } の版 { $version } には対応していません。読み取れるのは OpenVEX 0.2.0 と CycloneDX 1.4~1.7 です。
vex-too-many = VEX 文書の内容を展開すると { $limit } バイトを超えます。分割してください。
vex-no-statements = この文書には VEX の記述がありません。
vex-no-vulnerability = { $number } 番目の記述に脆弱性の識別子がないため、適用しませんでした。
vex-bad-status = { $number } 番目の記述の状態「{ $status }」は不明なため、適用しませんでした。
vex-bad-justification = { $number } 番目の記述の根拠「{ $justification }」は不明なため、適用しませんでした。
vex-no-justification = { $number } 番目の記述は「影響なし」の根拠を示していないため、適用しませんでした。
vex-no-product = { $number } 番目の記述に製品がないため、適用先がありません。
vex-product-without-purl = { $number } 番目の記述の「{ $product }」からパッケージ URL を一つに特定できないため、照合できません。
vex-old-subcomponents = { $number } 番目の記述のコンポーネントが OpenVEX 0.0.1 の形式のため、適用しませんでした。製品の中に移してください。
vex-bad-time = { $number } 番目の記述の日時「{ $time }」を読み取れません。日時なしとして扱います。
vex-range = { $number } 番目の記述にある { $product } のバージョン範囲 { $range } は適用できません。バージョンを列挙してください。
vex-version-conflict = { $number } 番目の記述のバージョンが製品 { $product } のバージョンと異なるため、その部分を適用しませんでした。
vex-version-unclear = { $number } 番目の記述にある { $product } の項目には、バージョンと範囲のどちらか一方が必要です。適用しませんでした。
vex-more-problems = この VEX 文書には、ほかにも { $count } 件の問題があります。

## Versions

unknown-version-unreadable = バージョンが不明または解釈できないため、アドバイザリと照合できませんでした。
unknown-legacy-version = PEP 440 より前の形式のバージョンのため、順序を確定できません。
unknown-event-unreadable = アドバイザリの範囲に、解釈できないバージョンが含まれています。
unknown-no-introduced = アドバイザリの範囲に、影響が始まるバージョンの記載がありません。
unknown-too-many-events = アドバイザリの範囲の項目数が、評価できる上限を超えています。
unknown-no-order = このエコシステムのバージョンは大小を比較できず、アドバイザリの一覧にも記載がありません。
unknown-git-only = アドバイザリにはコミットのみが記載され、パッケージのバージョンが記載されていません。
unknown-nothing-to-compare = アドバイザリに対象バージョンの記載がありません。

# 資産定義ファイル
problem-estate-rule-matched-nothing = { $file } の { $line } 行目：{ $key } = "{ $selector }" に該当する資産がありません（または、すべて先に書かれたルールに該当しています）。ルールを修正または削除するか、[assess] の waive にこの指定を記載してください。

## 全体の問題
problem-no-inventory = { $target } には Yata が読めるものがないため、何も確認できませんでした。読めるもの：{ $formats }。

# Inventory and collect. Every message has { $file }：the path relative to the root, unless noted.
problem-bad-entry = { $file } の「{ $entry }」を読み取れませんでした（{ $why }）。ファイルの残りは読み取りました。該当箇所を修正するか、生成元のツールで作り直してください。
problem-version-not-pinned = { $file } では { $package } のバージョンが固定されていないため、脆弱性情報と照合できません。バージョンを固定する（例：`name==1.2.3`）か、導入済みの環境を診断してください。
problem-package-by-address = { $file } は { $address } からパッケージを取得していますが、名前の記載がありません。脆弱性情報と照合できるよう、名前とバージョンを記載してください。
problem-include-not-read = { $file } が参照する { $include } は単独では読み取り対象になりません。そのファイルも指定するか、`requirements-….txt` という名前にしてください。
problem-constraints-not-applied = 制約ファイル { $include } のバージョンは { $file } に反映されません。バージョンを固定したファイル（`pip freeze` の出力）または導入済みの環境を診断してください。
problem-components-without-purl = { $file } のコンポーネント { $count } 件（先頭は { $first }）に package URL（purl）がなく、脆弱性情報と照合できません。SBOM の生成ツールで purl を出力してください。
problem-distribution-unknown = ホストの etc/os-release を読み取れないため、{ $file } のパッケージがどのディストリビューションのものか不明です。照合できるよう、このファイルを用意してください。
problem-distribution-without-release = { $file } のパッケージが属する { $ecosystem } のリリースが不明です。etc/os-release の VERSION_ID を確認してください。
problem-too-many-components = { $file } のコンポーネントが上限（{ $limit } 件）を { $count } 件超えており、超過分は対象外としました。ファイルを分割してください。
problem-too-many-problems = { $file } にはほかに { $count } 件の問題があります（表示は最初の { $limit } 件まで）。
problem-not-the-format = { $file } は { $format } のファイル名ですが、その形式として読み取れません（{ $why }）。生成元のツールで作り直すか、別の名前にしてください。
problem-json-truncated = { $file } の JSON が途中で終わっています（{ $line } 行 { $column } 列）。転送や保存が途切れた可能性があります。コピーし直すか、作り直してください。
problem-json-syntax = { $file } は正しい JSON ではありません（{ $line } 行 { $column } 列：{ $why }）。修正するか、作り直してください。
problem-json-shape = { $file } の構造が想定と異なります（{ $line } 行 { $column } 列：{ $why }）。生成元のツールで作り直してください。
problem-json-duplicate-key = { $file } の同じオブジェクト内にキー「{ $key }」が重複しており（{ $line } 行 { $column } 列）、どちらが有効か判断できません。一方を削除してください。
problem-toml-syntax = { $file } は正しい TOML ではありません（{ $line } 行 { $column } 列：{ $why }）。修正するか、作り直してください。
problem-not-utf8 = { $file } は UTF-8 のテキストではありません（{ $offset } バイト目、{ $line } 行）。UTF-8 で保存してください。
problem-utf16 = { $file } は UTF-16 のテキストです。UTF-8 で保存してください。
problem-format-unsupported = { $file }（{ $format }）の読み取りにはまだ対応していないため、記載された内容は未確認です。同じプロジェクトの SBOM（CycloneDX または SPDX の JSON 形式）を指定してください。
problem-unknown-format = { $file } は Yata が読み取れる形式ではありません。対応形式：{ $formats }
problem-file-too-large = { $file } は { $size } MiB あり、上限（{ $limit } MiB）を超えるため読み取っていません。分割してください。
problem-special-file = { $file } は通常のファイルではない（パイプ、ソケット、デバイス）ため、開いていません。
problem-not-permitted = { $file } を読み取る権限がありません。権限を付与するか、権限のあるユーザーで実行してください。
problem-not-found = { $file } が見つかりません。パスを確認するか、再実行してください。
problem-unreadable = { $file } を読み取れませんでした（{ $why }）。
problem-link-out-of-tree = { $file } は診断対象の外を指すリンクのため、たどっていません。リンク先も診断対象に加えてください。
problem-link-broken = { $file } はリンク先が存在しないか、自分自身を指しています。修正または削除してください。
problem-folder-too-deep = { $file } はフォルダーの階層が上限（{ $limit } 階層）を超えるため、その中は確認していません。個別に診断してください。
# no file
problem-passed-over = 他者のコードや生成物のフォルダー { $count } 個では認証情報を探していません：{ $folders }
problem-document-too-deep = { $file }：アーカイブの入れ子が { $detail } 段を超えています。それより深い部分は調べていません
problem-document-too-many-members = { $file }：含まれるファイルが { $detail } 個を超えています。残りは調べていません
problem-document-member-too-large = { $file }：展開後の大きさが { $detail } バイトを超えています。先頭だけを調べました
problem-document-total-too-large = { $file }：展開後の合計が { $detail } バイトを超えています。残りは調べていません
problem-document-ratio-too-high = { $file }：{ $detail } 倍を超えて膨らむため（解凍爆弾の疑い）、先頭だけを調べました
problem-document-too-much-text = { $file }：文字が { $detail } バイトを超えています。残りは調べていません
problem-document-nested-too-deep = { $file }：要素の入れ子が { $detail } 段を超えています。それより深い部分は除きました
problem-document-too-many-objects = { $file }：オブジェクトまたは描画手順が { $detail } を超えています。残りは調べていません
problem-document-encrypted = { $file } は暗号化されているため、調べていません
problem-document-broken = { $file } は壊れています（{ $detail }）。残りは調べていません
problem-document-format = { $file } は { $detail } 形式のため調べていません。展開または変換してください
problem-document-font = { $file }：フォント { $detail } の文字を判別できないため、その部分は調べていません
problem-document-more = { $file }：同様の未確認がほかに { $count } 件あります
problem-document-too-large = { $file } は { $limit } MiB を超える文書またはアーカイブのため調べていません。展開してください
problem-history-broken = { $file }：オブジェクト { $detail } が壊れているため、調べていません（git fsck で確認してください）
problem-history-too-large = { $file }：オブジェクト { $detail } が大きすぎるため、調べていません
problem-history-missing = { $file }：オブジェクト { $detail } がありません
problem-history-file = { $file }：{ $detail } を読めません
problem-history-shallow = { $file }：浅いクローンのため、{ $detail } 個のコミットより前の履歴がありません（git fetch --unshallow で取得できます）
problem-history-partial = { $file }：部分クローンのため、取得していないオブジェクトは調べていません
problem-history-too-complex = { $file }：コミット { $detail } はフォルダーが多すぎて比較しきれず、由来の一部が分かりません
problem-history-more = { $file }：履歴の問題がほかに { $detail } 件あります
problem-too-many-inventories = 構成情報のファイルが上限（{ $limit } 件）を { $count } 件超えており、超過分は読み取っていません。分けて診断してください。

# 最新でない情報源
source-missing = { $source }：この情報源は確認できませんでした（一度も取り込まれていません）。`yata intel sync` を実行するか、この情報源を含むフォルダーを `yata intel import フォルダー` で取り込んでください。
source-no-release = { $ecosystem }：この情報源は確認できませんでした（これに関する脆弱性情報が取り込まれていません）。名称とリリースが正しいか、サポート期間内かを確認したうえで、`yata intel sync` を実行するか、新しいアーカイブを取り込んでください。
source-undated = { $source }：この情報源は確認できませんでした（日付の記載がなく、いつ時点の情報か判断できません）。`yata intel sync` を実行するか、いつ時点の情報かを指定して取り込み直してください：`yata intel import フォルダー --dated 日付`。
source-broken = { $source }：この情報源は確認できませんでした（前回の取り込みを拒否しました：{ $reason }）。以前の内容は保持しています。`yata intel sync` を実行するか、ファイルを取得し直して `yata intel import フォルダー` を実行してください。
source-stale = { $source }：この情報源は確認できませんでした（{ $date } 時点の情報で、{ $age } 日経過しています。許容は { $max } 日です）。`yata intel sync` を実行するか、新しいフォルダーを取り込んでください。ファイルをその日より後に取得した場合は、その日付を指定してください：`yata intel import フォルダー --dated 日付`。
source-partial = { $source }：この情報源は確認できませんでした（レコード { $count } 件が読み取れず、どのパッケージに関するものか判断できません：{ $names }）。発行元で修正されることがあるため、後日 `yata intel sync` を再実行してください。解消しない場合は発行元に連絡してください。

# 検出事項の履歴に、センサーが残す理由(引数なし)
history-first-seen = 初めて検出
history-seen-again = 修正済みの後、再び検出
history-not-seen = 検出されなくなったため修正済みと判断
history-merged = 同じ脆弱性情報と判明したため、別の検出事項に統合
history-vex-gone = 根拠の VEX ステートメントが該当しなくなったため再オープン
ui-label-via = 経路
explain-passed-on = { $id } は { $records } で扱われています。
problem-left-out = { $file } の leave_out により、{ $count } 件のファイルを評価の対象から外しています。
source-foreign = エコシステム { $ecosystem } について述べる脆弱性情報はありません。この情報源は確認できませんでした。該当するコンポーネントを手作業で確認するか、「OSV { $ecosystem }」を名指しで除外してください。
ui-investigate-assumed = 悪用された痕跡がないか（悪用の有無を確認できないため）
ui-incomplete = 不完全：未確認 { $count } 件（末尾に表示）。
ui-incomplete-assumed = 不完全：未確認 { $count } 件（末尾に表示）。うち { $assumed } 件のリスクは、CISA KEV を確認できないために緊急として扱っています。
how-parent = { $package } { $version } に対応した { $parent } に更新する
problem-no-components = { $file } にコンポーネントの記載がないため、何も照合していません。
export-remedy-pin = { $package } のバージョンを固定する（導入されている版が不明）
problem-own-feeds = { $file } の intel.feeds により、このフィードだけを参照しています。

### Console: the frame of every page
nav-label = メインメニュー
nav-skip = 本文へ移動
nav-today = 今日
nav-queue = 対応待ち
nav-assets = 資産
nav-risk-map = リスクマップ
nav-sources = 情報源
nav-ledger = 台帳
nav-report = 報告書
nav-people = 利用者
nav-tokens = トークン
nav-sign-out = サインアウト
page-refused = 実行できませんでした
page-to-start = 最初のページへ
refusal-not-found = このアドレスには何もないか、閲覧する権限がありません。
refusal-forbidden = 現在の役割では実行できません。役割の変更は管理者に依頼してください。
refusal-unauthorized = 先にサインインしてください。プログラムからは、有効なトークンを Authorization: Bearer ヘッダーで送ってください。
refusal-cross-site = このセッションのページから送られたフォームではないか、セッションが終了しています。ページを開き直して、そこから送信してください。
refusal-form = フォームを読み取れませんでした：{ $error }
refusal-too-many = 試行回数が多すぎます。{ $seconds } 秒後にもう一度お試しください。
refusal-unavailable = データベースが現在受け付けられません。数秒後にもう一度お試しください。続く場合は、サービスのログで原因を確認してください。
refusal-internal = サービス内部で失敗しました。内容はサービスのログに記録されています。
refusal-store = { $error }

### Service: the command line
help-serve = サービス（Webコンソールと API）を動かします。指定がなければこの端末の 127.0.0.1:7330 だけで待ち受けます
help-serve-config = TOML ファイルの設定。オプションと環境変数 YATA_SERVE_… が優先します
help-serve-listen = 待ち受けるアドレスとポート。ループバック以外では TLS が必要です
help-serve-public-url = 前段にプロキシがある場合に、利用者がアクセスするアドレス
help-serve-database = 共用する場合の postgres:// アドレス。省略するとデータフォルダーの組み込みデータベースを使います
help-serve-estate = サービスと期限を定めたエステートファイル
help-serve-time-zone = 日付と時刻のタイムゾーン（例：Asia/Tokyo）
help-serve-as-of = 今日ではなく、この日の時点で判定します（演習用）。すべてのページに表示されます
help-serve-log = ログの書式：text または json
help-serve-tls-certificate = 証明書チェーンの PEM ファイル。SIGHUP で読み直します
help-serve-tls-key = 秘密鍵の PEM ファイル
serve-listening = { $url } でサービスを開始しました（待ち受け：{ $address }）。Ctrl-C で終了します。
serve-first-link = まだ利用者がいません。1時間以内に次のリンクを開き、最初の利用者（管理者）を登録してください：
  { $link }
help-backup = データベース全体と鍵を、ある一時点の状態で一つのファイルに書き出します
help-backup-file = 書き出すファイル。既存のファイルは指定できません。読めるのは本人だけです
help-backup-database = データベースの postgres:// アドレス。省略すると組み込みデータベース
help-backup-check = 既存のバックアップを読み、欠けや変更がないかを確認します
help-backup-no-keys = 鍵を含めません。鍵がないと二要素認証と署名は引き継げません
help-restore = バックアップを新しいデータベースに戻します（エンジンの種類は問いません）
help-restore-file = `yata backup` が書き出したファイル
help-restore-database = 新しいデータベースの postgres:// アドレス。省略すると組み込みデータベース
backup-made = { $rows } 行を { $file } に書き出しました（SHA-256 { $digest }）。
backup-holds-keys = サービスの鍵が含まれています。パスワードと同じように保管してください。
backup-whole = { $file } に欠けや変更はありません：{ $rows } 行、SHA-256 { $digest }。
backup-restored = { $file } から { $rows } 行を戻しました。

### Console: Today, queue, finding
ui-page-as-of = 今日ではなく、設定された日付（{ $date }）の時点で判定しています。
ui-theme-change = 配色の切り替え
ui-theme-system = 自動
ui-theme-light = ライト
ui-theme-dark = ダーク
ui-keys = キーボード操作
ui-close = 閉じる
ui-key-search = 検索欄へ移動
ui-key-down = 次の行へ
ui-key-up = 前の行へ
ui-key-select = 行の選択・解除
ui-key-open = 行を開く
ui-key-help = この一覧を表示
ui-key-close = この一覧を閉じる
queue-lead = 検出されたすべてのリスクを、急ぐ順に並べています。絞り込み条件は URL に残るので、そのまま共有できます。
queue-rule-title = { $rule }
queue-comma = 、
queue-crumbs = 現在の位置
queue-pages = ページ
queue-shown = { $total } 件中 { $shown } 件を表示
queue-first-page = 先頭のページ
queue-next-page = 次のページ
queue-col-priority = 優先度
queue-col-due = 期限
queue-col-what = 対象
queue-col-asset = 資産
queue-col-why = 理由
queue-col-fix = 対処
queue-col-state = 状態
queue-col-title = 概要
queue-col-until = 有効期限
queue-col-closes = 解消する件数
queue-col-finding = 検出 ID
queue-select = 選択
queue-select-all = このページの行をすべて選択
queue-select-one = { $what } を選択
queue-investigate = 要調査
queue-unassigned = 対応者なし
queue-closes = この対処で { $count } 件が解消
queue-due-none = 期限なし
queue-due-over = { $days } 日超過
queue-due-today = 本日
queue-due-in = あと { $days } 日
queue-due-days = { $from } ～ { $to }
queue-overdue = 期限超過
queue-due-soon = 3 日以内
queue-due-week = 7 日以内
queue-due-month = 30 日以内
queue-ai-none = いずれでもない
queue-no-service = 業務サービスなし
queue-export = 表示中の一覧を書き出す
queue-export-cut = 続きがあります。このファイルは { $limit } 行で終わっています。条件を絞って、もう一度書き出してください。
queue-bad-format = 形式は csv、json、xlsx のいずれかです。
queue-unread = URL の一部を解釈できなかったため、次の条件は適用されていません。
queue-grouping = まとめ方
queue-by-action = 対処ごと
queue-by-finding = 1 件ずつ
queue-total-actions = 対処 { $count ->
   *[other] { $total }
  } 件
queue-total-findings = 検出 { $count ->
   *[other] { $total }
  } 件
queue-empty-filtered = この条件に当てはまるものはありません。
queue-empty = 対応が必要なものはありません。検出がないのか、センサーがまだ報告していないのかは、情報源のページで確認できます。
queue-empty-sources = 情報源とセンサー
queue-clear = 条件をすべて解除
queue-search = アドバイザリー・別名・ルールの ID
queue-search-hint = CVE-…、GHSA-…、ルール ID
queue-search-do = 表示
queue-mine = 自分が対応者
queue-filtered-by = 絞り込み中
queue-take-away = （解除）
queue-filters = その他の条件
queue-counts-not = 期限・アドバイザリー・資産・対処・対応者で絞り込んでいる間は、値ごとの件数を表示しません。
queue-by-service = 業務サービス
queue-by-owner = 担当者
queue-by-kind = 種類
queue-by-ai = AI が関わる要素
queue-by-advisory = アドバイザリー
queue-by-asset = 資産
queue-by-one-action = 対処
deed-what = 判断の内容
deed-accept = 期日までリスクを受容する
deed-mitigate = 期日まで緩和策で抑える
deed-false-positive = 該当しない（誤検知）
deed-assign = 対応者を決める
deed-reopen = 未対応に戻す
deed-until = 期日（当日を含む）
deed-until-hint = この日を過ぎると、自動で未対応に戻ります。
deed-why = 理由
deed-why-hint = 履歴と台帳に残ります。秘密の値は書かないでください。
deed-assignee = 対応者
deed-assignee-hint = 空にすると対応者なしになります。
deed-you-approve = あなたは承認者のため、すぐに確定し、承認者として記録されます。
deed-others-approve = 受容と緩和は承認者の承認を待ちます。そのほかはすぐに反映されます。
deed-selected = 選択中の行：
deed-limit = 一度に最大 { $limit } 件
deed-do = 選択した行に適用する
deed-do-one = 確定する
deed-needs-until = 期日を入力してください。
deed-until-past = { $day } は過ぎています。今日以降の日付を入力してください。
deed-needs-why = 理由を入力してください。
deed-too-long = 文字数が多すぎます（最大 { $limit } 文字）。
deed-needs-choice = 判断の内容を選んでください。
deed-bad-item = フォームの対象が検出の ID ではありません。ページを開き直してください。
deed-none-selected = 行が選択されていません。戻って選択してください。
deed-result = 処理結果
deed-result-count = { $count } 件中 { $done } 件を処理しました。
deed-outcome = 結果
deed-back = 一覧に戻る
deed-done = 完了
deed-proposed = 提案済み：承認待ち
deed-unknown = 未処理：該当する検出がありません
deed-not-allowed = 未処理：自分の担当サービスではありません
deed-already-fixed = 未処理：すでに解消しています
deed-waiting = 未処理：別の提案が承認待ちです
deed-same = 変更なし：すでにその状態です
deed-changed = 未処理：開いている間に状態が「{ $state }」に変わりました。内容を確認して、もう一度判断してください。
proposal-own = 自分の提案は、自分では承認・却下できません。
proposal-answered = この提案にはすでに回答があります。
proposal-waits = 承認者の回答を待っています。
proposal-why = コメント（却下する場合は必須）
proposal-approve = 承認する
proposal-refuse = 却下する
proposal-none = 承認待ちの提案はありません。
proposal-lead = 承認者の回答を待つ判断を、古い順に並べています。自分の提案には回答できません。
finding-why = この優先度になった理由
finding-fix = 対処方法
finding-no-fix = 修正版がありません。緩和策を講じるか、期日を決めて受容してください。
finding-standing = 状態と判断
finding-first-seen = 初回検出
finding-fixed = どのセンサーからも検出されなくなったため、判断することはありません。
finding-decide = 判断する
finding-not-yours = 自分の担当サービスではないため、判断できません。
finding-asset-name = 名前
finding-clock = 期限の起算日
finding-tables = 判定表ごとの結果
finding-table = 判定表
finding-inputs = 入力
finding-fact = 項目
finding-value = 値
finding-fact-standing = 確からしさ
finding-assumed = 不明な項目と古い項目は、最悪の場合として判定しています。
finding-past = リポジトリの履歴
finding-direct = 直接の依存
finding-indirect = 間接の依存
finding-path = 依存の経路
finding-advisory = 公開されている情報
finding-same-advisory = このアドバイザリーに該当するほかの検出
finding-history = 履歴
finding-approved-from = 提案：{ $name }
finding-proposed = 提案：{ $state }
finding-refused = 提案は却下されました
finding-overtaken = 別の判断が行われたため、提案は取り下げられました
finding-discussion = 議論
finding-no-comments = まだコメントはありません。
finding-comment = コメント（テキストのみ）
finding-comment-do = コメントを追加
finding-comment-empty = コメントが空です。
finding-copy = コピー
finding-copied = コピーしました
today-counts = 対応が必要な件数
today-overdue-hint = 期限を過ぎています
today-soon-hint = 本日を含みます
today-immediate-hint = 期限にかかわらず未対応
today-waiting = 承認待ち
today-waiting-hint = 提案された判断
today-mine = 自分が対応者のもの
today-mine-hint = 未対応
today-now = いま対応するもの
today-next = 期限が迫ったものはありません。次に対応するもの
today-all = すべて表示
today-nothing = ありません。
today-who = 対応が必要な担当者
today-who-hint = 次の定期変更より前に必要な対処の件数
today-investigate = 調査が必要なもの
today-investigate-hint = 更新だけでは不十分です。すでに悪用された形跡がないか調べてください。
today-changed = 昨日からの変化
today-changes = 変化
today-opened = 新規・再検出
today-settled = 判断済み
today-fixed = 解消
today-since = 起点の日
today-no-changes = 変化はありません。
today-changes-total = 変化 { $count ->
   *[other] { $total }
  } 件
today-sources = 情報源の状況
today-sources-wrong = 古い情報源や未取得の情報源については、最悪の場合として判定しています。
today-no-sources = センサーからの報告がまだないため、情報源の状況は分かりません。
today-speaks-up-to = 情報の日付
today-reported-by = 確認元
today-undated = 日付なし
### Ledger: what an entry says (ids audit-) and what its verification finds (ids ledger-)
audit-signed-in = サインイン
audit-sign-in-failed = サインイン失敗
audit-signed-out = サインアウト
audit-account-created = アカウントの作成
audit-account-edited = アカウントの編集
audit-account-enabled = アカウントの有効化
audit-account-disabled = アカウントの無効化
audit-account-deleted = アカウントの削除
audit-password-changed = パスワードの変更
audit-password-reset = パスワードの再設定
audit-factor-added = 認証アプリまたはパスキーの追加
audit-factor-removed = 認証アプリまたはパスキーの削除
audit-sessions-ended = アカウントの全セッションの終了
audit-role-changed = 役割の変更
audit-token-created = トークンの発行
audit-token-revoked = トークンの失効
audit-refused = 操作の拒否
audit-snapshot-imported = スナップショットの取り込み
audit-accepted = リスクの受容
audit-mitigated = リスクの緩和済み登録
audit-false-positive = 誤検知としての登録
audit-reopened = 検出事項の再オープン
audit-assigned = 検出事項の割り当て
audit-asset-edited = 資産の編集
audit-comment-added = コメントの追加
audit-exported = データの出力
audit-setting-changed = 設定の変更
audit-rules-changed = ルールの変更
audit-key-rotated = 台帳の鍵の交換
audit-backed-up = バックアップの作成
audit-restored = バックアップからの復元
audit-schema-upgraded = データベースの更新
audit-people-imported = 担当者の取り込み
audit-intel-imported = 脆弱性情報の取り込み
audit-service-started = サービスの起動
audit-other = その他の操作
ledger-edited = 記録 { $index } は、書き込まれた後に変更されています。
ledger-reordered = 記録 { $index } の位置が正しくありません。書き込まれたときは記録 { $logged } でした。
ledger-stored-hash = 記録 { $index } とともに保存されているハッシュ値が正しくありません。記録そのものは、署名されたときのままです。
ledger-gap = 記録 { $first } から { $last } までがありません。
ledger-repeated = 記録 { $index } が重複しているか、順序が正しくありません。
ledger-truncated = 台帳は { $entries } 件で終わっていますが、チェックポイント { $checkpoint } は { $size } 件を対象としています。末尾が切り取られています。
ledger-rewritten = 台帳は { $size } 件を対象とするチェックポイント { $checkpoint } と一致しません。先頭の { $proven } 件より後の記録が、鍵を使わずに変更されています。
ledger-rebuilt = 台帳は鍵を使って作り直されています。最新のチェックポイントとは一致しますが、{ $size } 件を対象とする以前のチェックポイント { $checkpoint } とは一致しません。先頭の { $proven } 件は証明されています。
ledger-bad-signature = チェックポイント { $checkpoint } の署名が正しくありません。
ledger-unknown-key = チェックポイント { $checkpoint } は、この台帳の既知の鍵で署名されていません。
ledger-other-log = チェックポイント { $checkpoint } は別の台帳（{ $origin }）のものです。
ledger-malformed = チェックポイント { $checkpoint } を読み取れません：{ $what }。
ledger-no-checkpoint = 信頼できるチェックポイントがないため、何も証明されていません。
ledger-tile = 保存されているタイル { $tile } がないか、記録から計算したものと一致しません。
### Console: people
account-passkey = パスキー
account-passkey-do = パスキーを追加する
account-passkey-failed = ブラウザーまたはキーの処理が完了しなかったか、時間切れです。もう一度お試しください。
account-passkey-impossible = パスキーは、数字のアドレスではなくホスト名で接続した場合に使えます。localhost またはホスト名で開いてください。
account-passkey-intro = この端末、スマートフォン、またはセキュリティキーに保存される鍵です。パスワードなしでサインインでき、偽のサイトでは使えません。JavaScript が必要です。
account-passkey-name = パスキーの名前
account-passkey-name-hint = 端末名など、あとで見分けられる名前にしてください。
account-passkey-taken = このパスキーは登録済みか、登録数が上限の 20 個に達しています。
sign-in-passkey-do = パスキーでサインインする
sign-in-passkey-failed = パスキーでサインインできませんでした。もう一度試すか、別の方法を使ってください。
sign-in-sso-do = { $name } でサインインする
sign-in-sso-failed = シングルサインオンに失敗しました（{ $why }）。もう一度やり直してください。続く場合は管理者に連絡してください。
sign-in-sso-no-group = { $name } での認証は成功しましたが、役割が割り当てられたグループに所属していません。管理者にグループの追加を依頼してください。
sign-in-sso-taken = 同じメールアドレスで、シングルサインオンを使わないアカウントがすでにあります。そのアカウントでサインインし、アカウントのページで連携してください。
sign-in-sso-disabled = アカウントが無効になっています。管理者に連絡してください。
sign-in-sso-title = シングルサインオン
account-sso = シングルサインオン
account-sso-connected = { $name } と連携しています。
account-sso-do = { $name } と連携する
account-added = 追加日時
account-codes-do = 新しい回復コードを作成する
account-codes-intro = これらのコードは、重要書類と同じように保管してください。それぞれ一度だけ、二つ目の要素の代わりに使えます。表示されるのは今回限りです。以前のコードは使えなくなりました。
account-codes-kept = 保管しました。続ける
account-codes-left = 残りの回復コード：{ $count } 個
account-codes-title = 回復コード
account-current-password = 現在のパスワード
account-factor = 二つ目の要素
account-factor-add = 二つ目の要素を追加・変更する
account-factor-intro = パスワードだけではサインインできません。二つ目の要素を設定してください。
account-factor-last = この要素はアカウントの最後の二つ目の要素です。先に別の要素を追加してください。
account-factor-title = 二つ目の要素の設定
account-factors = 二つ目の要素
account-language = 言語
account-language-do = この言語を使う
account-password = パスワード
account-password-do = パスワードを変更する
account-password-wrong = 現在のパスワードと一致しません。
account-remove = 削除
account-remove-do = { $name } を削除する
account-session-address = 接続元アドレス
account-session-browser = ブラウザー
account-session-end = 終了する
account-session-this = 現在のセッション
account-sessions = セッション
account-sign-out-everywhere = すべての端末からサインアウトする
account-title = アカウント
account-totp = 認証アプリ
account-totp-code-hint = アプリに現在表示されている 6 桁の数字です。
account-totp-do = このアプリを使う
account-totp-intro = 認証アプリでコードを読み取るか、シークレットを入力してください。続いて、アプリに表示された数字を入力してください。
account-totp-qr = 認証アプリ用の QR コード
account-totp-secret = シークレット（文字）：
account-used = 最終使用
people-active = 有効
people-change-do = 保存する
people-change-hint = 変更すると、この利用者のセッションは直ちに終了します。
people-disabled = 無効
people-email-taken = このアドレスのアカウントはすでにあります。
people-invite = 利用者を招待する
people-invite-do = 招待リンクを作成する
people-last-administrator = 最後の管理者です。先にほかの利用者を管理者にしてください。
people-link-intro = このリンクを、ほかの人に読まれない方法で { $email } に渡してください。一度だけ使えます。表示されるのは今回限りです。
people-link-title = 一度だけ使えるリンク
people-link-until = 有効期限：
people-more = 続きを表示
people-reset = サインイン方法の再設定
people-reset-do = 一度だけ使えるリンクを作成する
people-reset-intro = パスワードや二つ目の要素をなくした利用者のために、両方を設定し直すリンクを作成します。リンクが使われるまでは、以前のものが有効です。
people-role = 役割
people-role-administrator = 管理者：利用者とトークンも管理
people-role-analyst = 分析担当：検出事項と台帳を扱う
people-role-approver = 承認者：承認・却下も行う
people-role-owner = サービス責任者：担当サービスについて判断
people-role-viewer = 閲覧者：閲覧のみ
people-services = 担当サービス
people-services-hint = サービス責任者の場合に、サービスの ID をコンマ区切りで入力してください。
people-services-wrong = サービスは 100 件以内、それぞれ 200 文字以内で入力してください。
people-signed-in = 最終サインイン
people-standing = 状態
people-title = 利用者
people-unfinished = 登録未完了
sign-in-code = コード
sign-in-code-hint = 認証アプリの 6 桁の数字、または回復コードを入力してください。
sign-in-code-wrong = コードが正しくないか、期限切れか、使用済みです。次のコードが表示されるまでお待ちください。
sign-in-do = サインインする
sign-in-email = メールアドレス
sign-in-email-taken = このアドレスのアカウントはすでにあります。別のアドレスを入力してください。
sign-in-email-wrong = メールアドレスとして正しくありません。
sign-in-join-do = 二つ目の要素の設定へ進む
sign-in-join-gone = このリンクは使用済みか、期限切れか、正しくありません。新しいリンクを依頼してください。最初のアカウントの場合は、サービスを再起動してください。
sign-in-join-intro = 名前とパスワードを決めてください。次に二つ目の要素を設定します。
sign-in-join-title = アカウントの登録
sign-in-lost = パスワードや二つ目の要素をなくした場合は、管理者に一度だけ使えるリンクの作成を依頼してください。
sign-in-name = 名前
sign-in-name-hint = 判断の記録と台帳に残ります。
sign-in-name-wrong = 1～200 文字の、目に見える文字で入力してください。
sign-in-new-password = 新しいパスワード
sign-in-new-password-hint = 12 文字以上。関連のない単語をいくつか並べると安全です。
sign-in-other-account = 中止して、別のアカウントでサインインする
sign-in-password = パスワード
sign-in-password-common = このパスワードは真っ先に試されるものの一つです。別のものを選んでください。
sign-in-password-long = パスワードが 256 バイトを超えています。
sign-in-password-personal = パスワードに名前またはアドレスの一部が含まれています。別のものを選んでください。
sign-in-password-short = パスワードが 12 文字未満です。
sign-in-reset-intro = 新しいパスワードを決めてください。次に二つ目の要素を設定します。以前のものは使えなくなります。
sign-in-second-title = 二つ目の要素の確認
sign-in-title = サインイン
sign-in-unfinished = 登録が完了していません。一度だけ使えるリンクをもう一度開くか、管理者に新しいリンクを依頼してください。
sign-in-wrong = メールアドレスまたはパスワードが正しくありません。
tokens-assets = 資産
tokens-assets-hint = センサーの場合に、報告できる資産を 1 行に 1 件入力してください。資産名、または末尾に * を付けた名前の先頭部分です。
tokens-assets-wrong = センサーには資産名が 1～200 件必要です。* は末尾にのみ使えます。
tokens-days = 有効日数
tokens-days-hint = 1～365 日です。
tokens-days-wrong = 1～365 の日数を入力してください。
tokens-expired = 期限切れ
tokens-made-by = 作成者
tokens-make = トークンの作成
tokens-make-do = トークンを作成する
tokens-name = 名前
tokens-name-hint = 何が、どこで使うかが分かる名前にしてください。
tokens-revoke = 失効させる
tokens-revoke-named = { $name } を失効させる
tokens-revoked = 失効済み
tokens-scope = 権限の範囲
tokens-scope-operator = オペレーター：閲覧、判断、台帳の編集
tokens-scope-reader = 閲覧：すべてを閲覧
tokens-scope-sensor = センサー：担当資産のスナップショットの送信
tokens-shown-once = 今すぐトークンをコピーしてください。保存されないため、再表示できません。
tokens-standing = 状態
tokens-title = トークン
tokens-until = 有効期限
tokens-unused = 未使用

### Console: risk map and sources
chart-empty = 表示するデータがありません
chart-more = ほか { "{" }n{ "}" } 件
chart-table = 同じ数値を表で見る
risk-map-lead = 数値はすべて、その内訳の検出結果そのものにリンクしています。括弧内は直ちに対応が必要な件数です。
risk-map-scenarios = 9つのシナリオとAIの関与
risk-map-scenario = シナリオ
risk-map-all = 合計
risk-map-heat = サービス別・期限週別の未対応件数
risk-map-heat-says = 行はサービスです。色が濃いほど、その週に期限を迎える検出結果が多いことを示します。
risk-map-service = サービス
risk-map-no-service = （サービスなし）
risk-map-open-due = 期限を迎える未対応の件数
risk-map-none = なし
risk-map-earlier = それ以前
risk-map-later = それ以後
risk-map-undated = 期限なし
risk-map-burn = 未対応件数の推移
risk-map-burn-says = 各日の終わりの未対応件数と、今後期限を迎える件数です。
risk-map-day = 日付
risk-map-open-findings = 未対応の検出結果
risk-map-open = 未対応
risk-map-plan = 計画
risk-map-due = 期限
sources-lead = 判定の根拠となる情報源です。情報源が古い、または欠けていても「検出なし」とは扱いません。該当する事実は最悪の場合を前提に判定します。
sources-intelligence = 脆弱性情報
sources-no-intelligence = 情報源の状態を報告したセンサーはまだありません。このデータフォルダーで `yata assess` を実行するか、--server を指定して実行してください。
sources-name = 情報源
sources-standing = 状態
sources-date = 情報の日付
sources-records = 件数
sources-unreadable = 件は読めません
sources-said-by = 確認したセンサー
sources-fresh = 最新
sources-stale = 古い
sources-partial = 一部のみ
sources-missing = なし
sources-broken = 破損
sources-sensors = センサー
sources-no-sensors = 資産を報告したセンサーはまだありません。
sources-asset = 資産
sources-sensor = センサー
sources-seen = 最終確認
sources-components = 部品数
sources-problems = 確認できなかったもの
sources-all-checked = すべて確認済み
sources-gaps = 件が未確認
sources-notes = 件の注記
sources-waived = 除外済み
### Service: the command line
### Ledger: what an entry says (ids audit-) and what its verification finds (ids ledger-)


### API
api-applies-unknown = 該当するかどうかをセンサーは判定できませんでした。
api-busy = 同時に読み取れる報告の上限に達しています。数秒後にもう一度送ってください。
api-slow = 本文が時間内に届きませんでした。もう一度送るか、分割して送ってください（POST /api/v1/uploads）。
api-body-too-large = 本文が { $mib } MiB を超えています。圧縮し、分割して送ってください（POST /api/v1/uploads）。
api-small-too-large = 本文が { $kib } KiB を超えています。
api-inflated-too-large = 本文の展開後の大きさが { $mib } MiB を超えています。
api-body-broken = 本文が最後まで届きませんでした。
api-encoding = Content-Encoding「{ $given }」は受け付けません。gzip で送るか、圧縮せずに送ってください。
api-gzip = 本文を展開できません: { $error }
api-gzip-trailing = 本文の終わりの後に余分なデータがあります。
api-content-type = 本文のメディアタイプは { $known } でなければなりません。
api-accept = 回答できる形式は { $known } ですが、リクエストはそのいずれも受け付けません。
api-query = クエリーを読み取れません: { $error }
api-query-too-long = クエリーが長すぎます。
api-parameter-unknown = クエリーパラメーター「{ $name }」はありません。使えるもの: { $known }
api-parameter-value = 「{ $name }」の値が正しくありません: { $what }
api-id = アドレスに識別子がありません。
api-malformed = 本文が JSON ではありません: { $error }
api-invalid = { $path }: { $error }
api-method = このアドレスではこのメソッドを使えません。使えるメソッドは Allow ヘッダーに示されています。
api-asset-path = アドレスは資産 { $path } を指していますが、本文は { $body } についてのものです。
api-asset-unknown = この資産は登録されていません。
api-foreign-asset = このトークンでは資産「{ $name }」について報告できません。報告できるトークンは管理者が発行できます。
api-older = この報告は { $at } のものですが、より新しい { $last } の報告が保存されています。新しい報告であれば、センサーの時計が狂っています。
api-uploads-many = このトークンで開始したアップロードが多すぎます。完了させるか、期限切れになるまで待ってください。
api-digest = この部分のダイジェストが指定と一致しません（実際の値: { $digest }）。もう一度送ってください。
api-upload-size = アップロード全体は { $bytes } バイトですが、届いているのは { $received } バイトです。
api-changed = 読み取ったあとに内容が変わっています。もう一度読み取ってください。
api-already-fixed = この検出事項はもうどのセンサーにも見えないため、決めることはありません。
api-proposal-waits = この検出事項には、回答を待っている提案がすでにあります。

### Push
push-assets = サーバーへ送信しています
push-parts = 分割して送信しています
push-again = { $seconds } 秒後に再試行します: { $error }
help-assess-server = 結果をこのマシンに保存せず、Yata のサービスへ送ります: https://…
help-assess-token-file = --server 用のトークンを収めたファイル。ほかの人が読めないようにしておく必要があります
help-assess-server-ca = --server の接続では、このファイル（PEM）の証明書だけを信頼します
### ledger
help-ledger = 台帳を表示し、検証します。誰が何をしたか、書き換えられていないかが分かります
help-ledger-verify = 台帳をすべて読み、変更された箇所を示します。終了コードは 0 が異常なし、1 が異常あり、2 が判定不能です
help-ledger-verify-checkpoint = 別の場所に保管しておいた過去のチェックポイント。台帳と照合します。複数指定できます
help-ledger-verify-database = データベースの postgres:// アドレス。省略すると組み込みのものを使います
help-ledger-verify-key = 台帳の公開鍵を 1 行に 1 つ書いたファイル。省略するとデータフォルダの鍵を使います
help-ledger-show = 最新の記録を表示します
help-ledger-show-last = 表示する件数
help-ledger-show-format = 出力形式。json は 1 行に 1 つの OCSF イベントです
help-ledger-show-database = データベースの postgres:// アドレス。省略すると組み込みのものを使います
help-ledger-checkpoint = 最新のチェックポイントを出力します。別の場所に保管してください
help-ledger-checkpoint-database = データベースの postgres:// アドレス。省略すると組み込みのものを使います
help-ledger-prove = 記録が台帳にあることの証明を書き出します
help-ledger-prove-entry = 記録の番号
help-ledger-prove-output = 標準出力の代わりにこのファイルへ書き込みます
help-ledger-prove-database = データベースの postgres:// アドレス。省略すると組み込みのものを使います
help-ledger-check-proof = 記録の証明を検査します。必要なのは公開鍵だけです
help-ledger-check-proof-file = 証明のファイル
help-ledger-check-proof-key = 台帳の公開鍵のファイル。省略するとデータフォルダの鍵を使います
help-ledger-key = 台帳の公開鍵を出力します
ledger-page-reading = 台帳を読んでいます
ledger-page-none = 台帳はまだ始まっていません。
ledger-page-no-entry = 記録 { $index } はないか、まだ台帳に載っていません。
ledger-page-whole = 台帳に異常はありません。{ $entries } 件の記録が { $checkpoints } 個のチェックポイントすべてと一致します。
ledger-page-broken = 台帳が書かれたときの状態ではありません（指摘 { $count } 件）：
ledger-page-mislabelled = 記録 { $index } の横に、記録とは異なる内容が書かれています。検索で見つからないおそれがあります。
ledger-page-more = このほかに { $count } 件の指摘があります。
ledger-page-pending = { $count } 件の操作が台帳への記載を待っています。
ledger-page-proven = 記録 { $index } は台帳 { $origin } にあります。証明は、署名された { $size } 件のチェックポイントと一致します。
ledger-page-unproven = 証明は成立しません：{ $why }。
ledger-page-not-sealed = 操作は保存され、台帳への記載を待っています：{ $why }
ledger-page-put-aside = このデータフォルダは別の状態の台帳を記録していました。それを示すチェックポイントは { $file } に移しました。
ledger-page-lead = ここで行われたすべての操作を、気づかれずに変更できない順序で記録しています。
ledger-page-pages = 台帳のページ
ledger-page-newest = 最新の記録
ledger-page-older = 以前の記録
ledger-page-size = 記録は { $entries } 件、記載待ちの操作は { $pending } 件です。
ledger-page-signed = 署名日時
ledger-page-verify = 今すぐ検証
ledger-page-checkpoint = 最新のチェックポイント
ledger-page-actor = 実行者
ledger-page-thing = 対象
ledger-page-kind = 種類
ledger-page-all = すべて
ledger-page-search = 検索
ledger-page-nothing = 該当する記録はありません。
ledger-page-entry = 記録
ledger-page-time = 日時
ledger-page-what = 操作
ledger-page-why = 理由
ledger-page-unreadable = この記録は読めません。台帳を検証してください。
ledger-page-proof = 証明をダウンロード
ledger-page-proof-hint = この証明があれば、公開鍵だけを持つ監査人も、この記録が台帳にあることを yata ledger check-proof で確認できます。
ledger-page-entry-title = 台帳の記録 { $index }
ledger-page-busy = 台帳を検証しているところです。しばらくしてからもう一度お試しください。
ledger-page-verified = 台帳の検証

### The register of assets
asset-around = 依存関係
asset-around-more = ここに描かれていない資産がまだあります。
asset-around-none = この資産の依存先は登録されておらず、この資産に依存する資産もありません。
asset-around-says = 左から右へ、依存する側とされる側を示します。太枠がこの資産です。
asset-bad-value = フォームの値を解釈できませんでした。選び直してください。
asset-changed-meanwhile = 編集中に、ほかの人またはセンサーがこの資産を変更しました。何も保存していません。フォームには現在の内容を表示しています。改めて変更してください。
asset-components = コンポーネント
asset-data-hint = データの区分（読点またはコンマ区切り）
asset-depends-hint = 依存先の資産の名前（1 行に 1 つ）
asset-due = 期限
asset-edit = 情報を登録・修正する
asset-facts = わかっていること
asset-findings = 未対応の検出事項
asset-first-page = 最初のページ
asset-history = 履歴
asset-in-queue = 対応一覧で見る
asset-next-page = 次のページ
asset-no = いいえ
asset-no-components = その文字で始まるコンポーネントはありません。
asset-no-findings = 未対応の検出事項はありません
asset-no-history = まだ変更はありません。
asset-no-reason = 理由を書いてください。履歴と台帳に残ります。
asset-no-sensor = この資産を調べたセンサーはありません。
asset-no-version = バージョン未指定
asset-not-registered = 台帳にない資産
asset-nothing-said = 未登録
asset-pages = ページ
asset-priority = 優先度
asset-purl = Package URL
asset-said-by = { $name } さんによる
asset-said-by-people = 人の登録による
asset-said-by-sensor = センサーの報告による
asset-said-in = 出典：{ $place }
asset-saw = コンポーネント { $components } 件
asset-search = 名前または Package URL の先頭
asset-search-do = 検索
asset-seen-ago = { $days } 日前
asset-seen-today = 1 日以内
asset-sensors = センサー
asset-store = 保存する
asset-stored = 保存し、検出事項を判定し直しました。
asset-take-back = 人による登録を取り消す
asset-take-back-says = 取り消すと、センサーの報告が再び有効になります。
asset-title = 問題
asset-version = バージョン
asset-what = 対象
asset-why = 理由
asset-yes = はい
assets-ai = AI システム
assets-all = すべての資産
assets-any = すべて
assets-comma = 、
assets-coverage = 資産の把握状況
assets-data = データ
assets-depends-on = 依存先
assets-export = CSV で書き出す
assets-export-cut = このファイルには先頭の { $limit } 件だけが入っています。
assets-filter = 資産を絞り込む
assets-filter-do = 絞り込む
assets-id = ID
assets-kind = 種別
assets-kind-agent = エージェント
assets-kind-ai-made-app = AI で作ったツール
assets-kind-ai-service = AI サービス
assets-kind-data = データ
assets-kind-host = ホスト
assets-kind-model = モデル
assets-kind-repository = リポジトリ
assets-kind-sbom = SBOM
assets-lead = 守るべき資産と、その把握状況です。登録のない項目は、最も悪い場合とみなします。
assets-name = 名前
assets-name-begins = 名前の先頭
assets-no-exposure = 公開範囲が不明
assets-no-owner = 担当者なし
assets-no-service = 所属サービスなし
assets-none = 資産はまだありません。{ "`yata assess`" } またはセンサーを実行してください。
assets-none-found = 条件に合う資産はありません。
assets-open = 未対応の検出事項
assets-open-immediate = うち即時対応
assets-orphaned = 担当者が在籍していない
assets-outcome-changed = その間に変更されたため、実行していません
assets-outcome-done = 完了
assets-outcome-not-allowed = 権限がありません
assets-outcome-same = すでにそうなっています
assets-outcome-unknown = 該当する資産がありません
assets-owner = 担当者
assets-seen = 最終確認
assets-service = サービス
assets-shown = { $total } 件中 { $shown } 件
assets-staff-active = 在籍しているかどうかがわかりません。true または false を指定してください。
assets-staff-active-people = 在籍者
assets-staff-at = 取り込み日時
assets-staff-cells = この行には { $cells } 個のセルがあり、列の数は { $columns } です。
assets-staff-control = 制御文字が含まれています。
assets-staff-empty = 人の情報がありません。
assets-staff-file = ファイル
assets-staff-formats = UTF-8 の CSV（列：id、name、email、team、active）または SCIM 2.0 の利用者一覧（JSON）を取り込めます。同じ取り込み元の以前の一覧は置き換わります。
assets-staff-hand-over = 引き継ぐ
assets-staff-handed = { $all } 件中 { $done } 件の資産を { $owner } に引き継ぎました。
assets-staff-import = 一覧を取り込む
assets-staff-import-do = 取り込む
assets-staff-imported = { $people } 人を取り込みました。
assets-staff-incomplete = 新しい担当者と理由を書いてください。
assets-staff-json = SCIM の一覧の JSON として読めません：{ $error }
assets-staff-lead = 他のシステムから取り込んだ在籍者の情報です。一覧にない担当者や退職した担当者の資産には、責任を持つ人がいません。
assets-staff-line = { $line }：
assets-staff-long = { $limit } 文字を超える項目があります。
assets-staff-many = { $limit } 人を超えています。
assets-staff-new-owner = 新しい担当者
assets-staff-no-columns = 1 行目に id、name、active の列名を 1 つずつ書いてください。
assets-staff-no-id = ID または名前のない人がいます。
assets-staff-no-list = JSON ですが、SCIM 2.0 の一覧（ListResponse）ではありません。
assets-staff-no-source = 取り込み元の名前を 200 文字以内で書いてください。
assets-staff-no-sources = まだ取り込まれていません。どの担当者が退職したかはわかりません。
assets-staff-none-orphaned = すべての担当者が在籍しています。
assets-staff-none-picked = 資産を 1 つ以上選んでください。
assets-staff-not-utf8 = ファイルが UTF-8 ではありません（Shift_JIS の可能性があります）。「CSV UTF-8」として保存し直してから取り込んでください。
assets-staff-nothing-changed = 取り込みませんでした。次の行または項目を直してから、もう一度取り込んでください：
assets-staff-orphaned = 担当者が在籍していない資産
assets-staff-outcome = 結果
assets-staff-part = 一覧には { $total } 人中 { $given } 人しかありません。全員を書き出してください。
assets-staff-paste = または一覧をここに貼り付けてください
assets-staff-people = 人数
assets-staff-pick = 選択
assets-staff-quote = ここで始まる引用符が閉じられていません。
assets-staff-source = 取り込み元
assets-staff-source-hint = 「人事システム」など、一覧の出どころです。
assets-staff-sources = 取り込み済みの一覧
assets-staff-title = 在籍者と担当者
assets-staff-too-many = 一度に選べる資産は { $limit } 件までです。
assets-staff-twice = ID { $id } は { $line } にもあります。
assets-staff-unknown = 不明です。在籍者の一覧がまだ取り込まれていません。
assets-unread = アドレスの一部を解釈できませんでした：
assets-unseen = { $days } 日以上確認なし
assets-without-filter = 解除
report-accepted = 受容しているリスク
report-accepted-none = 受容または緩和している検出事項はありません。
report-accepted-says = 件の検出事項を期限付きで受容または緩和しています。最も近い期限は { $until } です。判断した人は付録に示します。
report-action = 対応内容
report-actions = 優先する対応
report-actions-of = 対応 { $total } 件中 { $shown } 件
report-annex = 付録
report-asset = 資産
report-bad-from = 開始日が日付ではありません。2026-11-01 のように指定してください。
report-bad-lang = 言語は en または ja を指定してください。
report-between = {""}
report-by = 判断した人
report-caption = { $what }（{ $date } 時点）
report-classification = 社外秘
report-closed = 解消
report-closes = 解消件数
report-course = 未対応件数の推移
report-dated = { $date } 時点、{ $made } 作成
report-days = 日ごとの発生と解消
report-figures = 主な数値
report-footer = Yata · { $made } 作成
report-from = 開始日
report-from-range = 開始日は過去 { $days } 日以内の日を指定してください。
report-language = 言語
report-matters = 要点
report-method = この報告書の読み方
report-method-days = 日付はサービスの時間帯によります。ただし、発生と解消は UTC の日ごとに数えています。
report-method-links = すべての数値は、その内訳の一覧につながっています。一覧は、リンクを開いた時点の内容です。
report-method-rank = 検出事項は、期限と想定被害（悪用される確率と、停止した場合の影響）の順に並べています。
report-method-unknown = 登録のない項目は「不明」と記し、最も悪い場合とみなします。「·」は 0 件を表します。
report-more = 全 { $total } 件を見る
report-no-day = 期限なし
report-no-pdf = このプログラムには PDF 機能が組み込まれていません。報告書を開き、ブラウザーから印刷してください。
report-nothing-known = まだ何も調べていないため、検出事項の件数は不明です。
report-of-assets = 資産 { $assets } 件中
report-open = 未対応
report-opened = 発生
report-overdue = 期限超過
report-pdf = PDF で保存する
report-pdf-late = PDF の作成に時間がかかりすぎました。しばらくしてからやり直すか、ブラウザーから印刷してください。
report-period = { $from } ～ { $to }
report-print = 紙または PDF にするには、ブラウザーから印刷してください。
report-risks = シナリオと AI の関わり
report-says-all-known = すべての資産に担当者がいて、公開範囲もわかっています。情報源もすべて最新です。
report-says-course = { $from } 以降、{ $opened } 件が発生し、{ $closed } 件を解消しました。
report-says-end = {" "}件です。
report-says-gaps = 資産 { $assets } 件のうち、担当者のいないものが { $owner } 件、公開範囲が不明なものが { $exposure } 件あります。情報源 { $sources } 件のうち { $stale } 件が最新ではありません。
report-says-no-sources = 情報源の報告がないため、脅威情報の状況は不明です。
report-says-open = 未対応の検出事項は{" "}
report-says-overdue = {" "}件で、うち期限超過は{" "}
report-says-soon = {" "}件、30 日以内に期限を迎えるものは{" "}
report-settled = 受容・緩和した検出事項
report-show = 表示
report-since = { $date } 以降
report-soon = { $days } 日以内に期限
report-sources = 情報源
report-sources-fresh = 最新の情報源
report-state = 状態
report-title = セキュリティリスク報告書
report-unknown = 不明
report-until = 期限
report-weeks = サービスと期限の週
audit-password-shown = パスワードの確認
audit-invited = 利用者の招待
audit-recovery-codes-made = 回復コードの作成
audit-proposed = 決定の提案
audit-vex-imported = VEX の取り込み

### Ways in: open links, single sign-on, the start of the service

account-sso-already = このアカウントはすでに連携済みです。先に連携を解除してください。
account-sso-disconnect = 連携を解除する
account-sso-intro = パスワードで確認してください。連携すると、{ $name } で認証された本人がこのアカウントにサインインできるようになります。
account-sso-onward = { $name } に進み、連携を完了してください。
people-link-ends = 有効期限
people-link-first = 最初のアカウント
people-link-join = 招待
people-link-made-by = 作成者
people-link-purpose = 用途
people-link-reset = サインイン方法の再設定
people-link-revoke = 無効にする
people-open-links = 有効なリンク
serve-other-key = { $file } は、このデータベースで使われてきた鍵と異なります。二要素認証の情報はその鍵で暗号化されています。ほかのレプリカまたはバックアップから `service.key` をコピーしてください。鍵を失った場合は、一度だけ --accept-service-key を付けて起動してください。その場合、ワンタイムコードの利用者にはサインイン方法の再設定が必要です。
serve-shared-network = 警告：前段のプロキシがTLSを終端しているようですが、`trusted_proxies` が空です。すべての利用者が同じ接続元とみなされ、サインイン試行の制限を共有します。`trusted_proxies` にプロキシのアドレスを設定してください。
sign-in-sso-last-administrator = { $name } のグループでは管理者ではなくなっていますが、あなたはこのシステムで最後の管理者です。パスワードでサインインしてほかの人を管理者にするか、グループを修正してもらってください。
help-serve-trusted-proxies = 自組織のプロキシのアドレス（カンマ区切り）。これらが伝える接続元だけを信用します
help-serve-accept-service-key = データベースと異なる service.key をそのまま使います（ワンタイムコードの再設定が必要になります）

### The console: who is asked to approve, those who left, ranked anew

assets-staff-blocked = 退職者のアカウントを無効にし、サインインを終了しました：{ $accounts } 件。その人が作成したトークンを無効にしました：{ $tokens } 件。
assets-staff-kept = 最後の管理者が退職者に含まれています。このアカウントは無効にしていません。ほかの人を管理者にしてから、もう一度取り込んでください。
deed-asked = 承認を依頼する人
deed-asked-any = 承認者の誰でも
deed-asked-hint = その人の「今日」の画面に表示されます。ほかの承認者も回答できます。
deed-asked-nobody = 依頼しない（自分で決める）
deed-bad-approver = この人は承認できません。ほかの人を選んでください。
proposal-all = すべて
proposal-asked = { $name } に依頼中
proposal-asked-you = あなたへの依頼
today-asked-hint = 回答を待つ提案
today-ranked-anew = 優先度が変わった検出事項（優先度別の増減）：
audit-invitation-revoked = ワンタイムリンクの無効化
audit-report-made = 報告書の作成
audit-sso-connected = シングルサインオンの接続
audit-sso-disconnected = シングルサインオンの接続解除
### The ledger and its witness
help-ledger-verify-witness-key = 証人の公開鍵（name+id+key）。この証人の連署があることを確かめます
ledger-witness-never = 証人はこの台帳のどのチェックポイントにも連署していません。
ledger-witness-until = 証人は { $entries } 件中 { $size } 件までの記録に連署しています（最終 { $at }）。
### What arrives: reports, forms, connections
api-too-many-items = 本文の項目が多すぎて処理できません。一度に送る量を減らしてください。
refusal-form-large = フォームが 256 KiB を超えています。
help-serve-connections-per-address = 一つのアドレスが同時に持てる接続の数（既定は 256）。信用するプロキシは数えません

### Pushed findings

api-too-many-findings = この資産の未修正の検出事項が、他のセンサーの分と合わせて { $limit } 件を超えます。複数の資産に分けて報告してください。
sources-long-problems = 未確認あり（長いため表示できません）

### Coding agents

help-agents = コーディングエージェント：何があり、何が許され、どこに問題があるか
help-agents-list = エージェントと、その設定、MCPサーバー、フック、スキル、プラグイン、ルールファイルを一覧にします
help-agents-list-paths = 指定したツリーだけを調べます。指定がなければ、ホームディレクトリ、システム、現在のプロジェクトを調べます
help-agents-list-home = このホームディレクトリとシステムも調べます
help-agents-list-root = マシンのファイルシステムの起点（マウントしたディスク用）
help-agents-list-format = 出力形式
help-agents-audit = エージェントの設定、サーバー、スキル、ルールの問題を示し、修正します
help-agents-audit-paths = 指定したツリーだけを調べます。指定がなければ、ホームディレクトリ、システム、現在のプロジェクトを調べます
help-agents-audit-home = このホームディレクトリとシステムも調べます
help-agents-audit-root = マシンのファイルシステムの起点（マウントしたディスク用）
help-agents-audit-organisation = 組織のファイル。省略すると、機器を調べる場合に限りその機器のもの
help-agents-audit-agent = このエージェントの検出だけを示します（複数回指定できます）
help-agents-audit-fail-on = この深刻度以上で終了コードを1にします
help-agents-audit-format = 出力形式
help-agents-audit-output = このファイルに書き込みます
help-agents-audit-fix = 問題を直す編集を示し、ファイルごとに確認して書き込み、もう一度調べます
help-agents-audit-yes = 確認せずに書き込みます
help-agents-checks = 検査項目を一覧にする、または1件を両方の言語で説明します
help-agents-checks-id = 説明する検査項目
help-agents-checks-format = 出力形式
agents-severity-low = 低
agents-severity-medium = 中
agents-severity-high = 高
agents-severity-critical = 緊急
agents-confidence-low = 兆候
agents-confidence-medium = 可能性が高い
agents-confidence-high = 確実
agents-scope-managed = 組織管理
agents-scope-system = システム
agents-scope-user = ユーザー
agents-scope-plugin = プラグイン
agents-scope-project = プロジェクト
agents-scope-local = ローカル
agents-role-settings = 設定
agents-role-servers = サーバー定義
agents-role-hooks = フック定義
agents-role-rules = 許可ルール
agents-role-instructions = 指示ファイル
agents-role-skill = スキル
agents-role-command = コマンド
agents-role-subagent = サブエージェント
agents-role-plugin = プラグイン
agents-role-marketplace = マーケットプレイス
agents-role-tools = ツール一覧
agents-server-local = ローカルサーバー
agents-server-remote = リモートサーバー
agents-server-plugin = プラグインのサーバー
agents-hook = フック
agents-unpinned = （版の固定なし）
agents-version-unknown = バージョン不明
agents-owned-by = 所有者 { $owner }
agents-written-by = 最終変更 { $author }
agents-the-machine = このマシン
agents-label-why = 理由：
agents-label-fix = 対処：
agents-label-severity = 深刻度
agents-label-confidence = 確度
agents-label-agents = エージェント
agents-label-ids = 該当リスト
agents-label-source = 出典
agents-label-place = 場所
agents-label-title = 問題
agents-label-check = 検査項目
agents-all-agents = すべて
agents-also = 同じ箇所：{ $checks }
agents-checks-count = 検査項目は{ $count }件です。詳しくは yata agents checks ID をご覧ください
agents-looked-at = { $agents }種類のエージェントの{ $files }ファイルを調べました。
agents-nothing-looked-at = 調べたファイルはありません。エージェント、スキル、ツールのマニフェストが見つかりませんでした。問題がないという意味ではありません。
agents-nothing-wrong = エージェントに問題はありません。
agents-found = { $files }か所に{ $count }件の検出があります：{ $severities }
agents-fixable = うち{ $count }件には正確な編集があります。yata agents audit --fix で表示し、書き込めます。
agents-problems = { $count }か所を確認できなかったため、結果は不完全です：
agents-fix-ask = { $file } に書き込みますか？ [y/N]
agents-fixed = 書き込みました：{ $file }
agents-not-fixed = 書き込めませんでした：{ $file }：{ $why }
agents-fix-only-shown = 何も書き込んでいません。端末で回答するか、--yes を指定してください。
agents-md-title = コーディングエージェントの問題
agents-problem-too-many = { $limit }ファイルを超えたため、残りは読み込んでいません。
agents-problem-too-much = 合計が{ $limit } MiBを超えるため、{ $count }ファイルを読み込んでいません。
agents-problem-large = 大きすぎるか入れ子が深すぎるため、設定内容は不明です。
agents-problem-encoding = UTF-8ではないため、設定内容は不明です。
agents-problem-unsupported = 一部の書き方を読み取れないため、設定内容は不明です。
agents-problem-syntax = 構文を解釈できず、設定内容は（エージェントにとっても）不明です。構文を直してください。
agents-change-unused = 誰にも利用できないと分かれば、{ outcome-name }に変わります
agents-reason-why = { $why }
agents-advice = { $advice }
agents-reason-possible = 兆候にすぎません。人の確認が必要です
agents-reason-project = リポジトリ内のファイルのため、開いた人全員に適用されます
agents-reason-end = 対象と期限：{ $evidence }
agents-threat = エージェントは読んだ内容に誘導されます。攻撃者はウェブページ、パッケージ、課題に指示を埋め込み、AI を使って大量に仕掛けます
agents-vulnerability = AI エージェントに必要以上のことが許可または指示されています：{ $rule }
how-reconfigure = { $advice }{ $fixable ->
    [yes] （yata agents audit --fix で書き込めます）
   *[other] { "" }
 }
ui-reconfigure = { $rule }：{ $package }
export-remedy-reconfigure = { $package } を変更してください。
fact-weight = 深刻度
value-misconfiguration = 設定の不備
agents-evidence = 該当箇所
agents-layer = 設定の層
agents-owner = ファイルの所有者
agents-author = 最終変更者
### Texts for agents
texts-hidden-unicode = 画面に表示されない文字があります。人には見えませんが、モデルは読みます。
texts-bidi = 文字の向きを変える制御文字があり、表示と実際の内容が異なります。
texts-hidden-comment = 表示されない文章が、モデルに指示を出しています。
texts-long-blank = 長い空白の後に文章があり、人の目に触れません。
texts-encoded-block = 符号化された文字列に、指示またはコマンドが含まれています。
texts-pipe-shell = ネットワークから取得したコードをそのまま実行します。URL を管理する人が実行内容を決められます。
texts-dynamic-command = 文章の読み込み時に、内容を確認する前にコマンドが実行されます。
texts-allowed-tools-wide = 許可されたツールの範囲が広く、確認がほとんど行われません。
texts-credential-read = 認証情報を読み取りますが、説明にその記載がありません。
texts-exfiltrates = 利用者の情報が、利用者の指定していない宛先に送られます。
texts-undeclared-network = スクリプトが { $what } に接続しますが、説明にも本文にも記載がありません。
texts-undeclared-network-somewhere = スクリプトがネットワークに接続しますが、説明にも本文にも記載がありません。
texts-undeclared-process = スクリプトが { $what } を起動しますが、説明にも本文にも記載がありません。
texts-undeclared-process-some = スクリプトがプログラムの起動またはファイルの削除を行いますが、説明にも本文にも記載がありません。
texts-persistence = 今後、自動で起動するように仕掛けます。
texts-memory-write = 以降のセッションの警戒を弱める内容を書き残します。
texts-settings-write = エージェントの設定を変更します。
texts-reroutes = 作業の範囲を超えて、通信経路または信頼する相手が変更され、そのまま残ります。
texts-overrides = 利用者、組織、または以前の指示よりも、この文章を優先させようとしています。
texts-conceals = 行った操作を、利用者や確認者に知らせません。
texts-skips-approval = 利用者への確認、または保護の仕組みを省きます。
texts-remote-instructions = 外部から取得した文章に従います。審査の後に内容が変わり得ます。
texts-unpinned-install = バージョンを固定せずに、または文中の URL から、パッケージをインストールします。
texts-password-archive = パスワードが示されたアーカイブ、またはファイル共有サイトにより、検査を避けています。
texts-binary = { $what } は、読んで審査することができません。
texts-symlink-out = リンク先の { $what } はフォルダーの外にあり、その内容が一部として読み込まれます。
texts-path-escape = フォルダーやプロジェクトの外にあるファイルを参照します。
texts-lookalike-name = { $what } に似た名前です。
texts-front-matter = フロントマターがないか誤りがあり、意図と異なる形で読み込まれるか、読み込まれません。
texts-hooks-inside = フロントマターにフックがあり、ツール呼び出しのたびにプログラムが実行されます。
texts-grabs-every-task = 説明がすべての作業を対象としており、あらゆる会話に入り込みます。
texts-git-config-plant = git がリポジトリ内のプログラムを実行するように設定します。
texts-literal-secret = 鍵またはパスワードが書かれています。
texts-import-outside = プロジェクトの外にあるファイルが、すべての会話に読み込まれます。
texts-too-long = ルールが長すぎます。守られにくく、審査も行き届きません。
texts-tool-instructs = { $what } の説明が、呼び出し以外の動作をモデルに指示しています。
texts-tool-cross-reference = { $what } の説明が、ほかのサーバーのツールの使い方を変えようとしています。
texts-tool-secret-parameter = { $what } が、必要のない秘密情報、ファイル、会話などを求めています。
texts-tool-name-collision = { $what } という名前はほかのツールにもあり、誤って呼び出されるおそれがあります。
texts-tool-annotation = { $what } は読み取り専用または破壊的でないとされていますが、名前と一致しません。
texts-unread = 内容を確認していないファイルがあります：{ $what }。
texts-skipped-large = ファイルが { $limit } バイトを超えるため、内容を確認していません。
texts-skipped-encoding = ファイルが UTF-8 ではないため、内容を確認していません。
texts-skipped-many = ファイルの数が上限を超えるため、一部を確認していません。
texts-skipped-long = 文章が上限より長いため、末尾を確認していません。
texts-skipped-json = マニフェストが JSON ではないため、内容を確認していません。
### hook
hook-say-empty = 入力がありません
hook-say-too-large = 入力が { $bytes } バイトを超えています
hook-say-unreadable = 入力を読み取れません
hook-say-not-an-object = 入力がオブジェクトではありません
hook-say-missing = { $field } がありません
hook-say-unknown-event = 未知のイベント { $event } です
hook-say-internal = フックが失敗したため、呼び出しを止めました
hook-say-slow = フックの判断が時間内に終わらなかったため、呼び出しを止めました
hook-say-settings = フックの設定を読み取れないため、すべての呼び出しを止めています：{ $problem }
hook-say-needs-person = 人の承認が必要です。ご自身の端末で実行してください
hook-say-needs-person-because = 人の承認が必要です。ご自身の端末で実行してください：{ $why }
hook-say-by-policy = { $why }（ポリシー { $policy }）
hook-say-policy = ポリシー { $policy }
hook-say-not-allowed = 許可されていません
hook-say-ambiguous = { $tool } という名前は、複数のサーバーのツールを指し得ます
hook-say-no-memory = 外部の内容が入ることをフックが記録できません
hook-say-not-logged = 判断を記録できず、組織の設定では記録が必須です
hook-say-policy-broken = フックのポリシーを読み取れないため、すべての呼び出しを止めています：{ $problem }
hook-say-too-many = 実行前に確認できる数を超えるファイルを指定しています
hook-say-unseen = このセッションが書き込み、テキストとして読み取れない { $path } を実行します
hook-say-about = { $target }：{ $why }
help-hook = コーディングエージェントに許す操作を判断します。`yata hook AGENT` は、ツールの実行前にエージェントが呼び出すものです（claude-code、codex、cursor、gemini-cli、copilot、windsurf、devin、antigravity、amazon-q）
help-hook-install = エージェントの設定にフックを登録します
help-hook-install-agent = エージェント（複数指定可）
help-hook-install-scope = 対象の設定：利用者、リポジトリ、端末全体
help-hook-install-dry-run = 変更内容の表示のみ
help-hook-uninstall = エージェントの設定からフックを外します
help-hook-uninstall-agent = エージェント（複数指定可）
help-hook-uninstall-scope = 対象の設定：利用者、リポジトリ、端末全体
help-hook-uninstall-dry-run = 変更内容の表示のみ
help-hook-status = フックの登録先と、判断に使うポリシーを表示します
help-hook-status-format = テキストまたは JSON
help-hook-coverage = エージェント自身の記録をもとに、フックを通らなかった呼び出しを示します
help-hook-coverage-format = テキストまたは JSON
help-hook-log = この端末の判断記録を表示します
help-hook-log-last = 件数
help-hook-log-format = テキストまたは JSON Lines（OCSF）
help-hook-log-verify = 記録を読み直し、改変・切り詰め・並べ替えの有無を確認します
help-hook-log-checkpoint = 記録の現状に署名し、別の場所で保管するチェックポイントを出力します
hook-install-nothing = { $agent }：{ $path } に変更はありません
hook-install-dry-run = { $agent }：表示のみで、書き込んでいません
hook-install-written = { $agent }：書き込みました
hook-install-kept = 変更前の内容は { $path } にあります
hook-install-codex-trust = 組織が管理するフックを除き、Codex は新規または変更されたフックを、/hooks で信頼されるまで実行しません。
hook-status-installed = 登録済み
hook-status-partly = 一部のみ、または異なる形で登録
hook-status-unreadable = 読み取り不可
hook-status-nowhere = どのエージェントの設定にもフックは登録されていません。
hook-status-policy = ポリシー：{ $source }、版 { $version }
hook-status-policy-broken = ポリシーを読み取れないため、すべての呼び出しを止めています：{ $problem }
hook-status-settings-broken = フックの設定を読み取れないため、すべての呼び出しを止めています：{ $problem }
hook-status-log = 記録：{ $path }
hook-log-holds = 記録は正常です。{ $entries } 件が書き込まれたままの状態です。
hook-log-broken = 記録に異常があります。{ $entries } 件を読み取りました。
hook-log-overdue = 1 分を超えて記録の外で待っている項目があります：{ $waiting } 件。記録がロックされたままの可能性があります。
hook-log-unsigned = まだチェックポイントに署名していません。ファイルに書き込める者が作り直した可能性は否定できません。
hook-log-none = 記録はまだありません。
hook-log-head-differs = 記録 { $log }：内容が先頭情報と一致しません
hook-coverage-agent = { $agent }：記録 { $transcripts } 件、呼び出し { $calls } 件、うちフックの判断 { $decided } 件、最初の判断より前 { $before } 件、エージェント自身が実行しなかったもの { $unrun } 件、フックを通らなかったもの { $missed } 件
hook-coverage-unread = 読み取れません：{ $path }
audit-hook-allowed = エージェントの呼び出しを許可
audit-hook-asked = エージェントの呼び出しに人の承認を要求
audit-hook-denied = エージェントの呼び出しを拒否
audit-hook-failed = 読み取れない呼び出しを拒否
audit-hook-started = エージェントがセッションを開始
audit-hook-log-mended = プロセスの異常終了後に端末の記録を修復
audit-hook-log-cut = 端末の記録が短くなっていたため、新しい記録を開始
### Policy
help-policy = エージェントに何を許すかを決めるポリシー：検査、テスト、説明、再判定
help-policy-check = すべてのポリシーを読み、スキーマと照合し、効果のないものを見つける
help-policy-check-policies = 自組織のポリシーのフォルダー。同名のファイルは組み込みのものを置き換える
help-policy-check-alone = 組み込みのポリシーを使わない
help-policy-check-format = 結果の形式
help-policy-test = ポリシーのテスト事例を実行する
help-policy-test-files = 事例のファイル（JSON Lines）。既定はポリシーと同じ場所のもの、または組み込みのもの
help-policy-test-policies = 自組織のポリシーのフォルダー。同名のファイルは組み込みのものを置き換える
help-policy-test-alone = 組み込みのポリシーを使わない
help-policy-test-format = 結果の形式
help-policy-explain = 一つの要求を判定し、理由、各ポリシーに足りない条件、判定を変えるものを示す
help-policy-explain-request = 要求（JSON）。標準入力は -
help-policy-explain-policies = 自組織のポリシーのフォルダー。同名のファイルは組み込みのものを置き換える
help-policy-explain-alone = 組み込みのポリシーを使わない
help-policy-explain-format = 結果の形式
help-policy-explain-all = ほかの操作に関するポリシーも表示する
help-policy-replay = 過去の判定をやり直す：新しいポリシーで確認・拒否・許可がどう変わるか
help-policy-replay-events = 過去の判定（JSON Lines）。標準入力は -
help-policy-replay-policies = 新しいポリシーのフォルダー。同名のファイルは組み込みのものを置き換える
help-policy-replay-alone = 組み込みのポリシーを使わない
help-policy-replay-format = 結果の形式
help-policy-replay-all = 判定が変わるものをすべて表示する
help-policy-compile = フックが読み取る形式を書き出す
help-policy-compile-policies = 自組織のポリシーのフォルダー。同名のファイルは組み込みのものを置き換える
help-policy-compile-alone = 組み込みのポリシーを使わない
help-policy-compile-output = このファイルに書き出す
help-policy-schema = ポリシーで使える項目を表示する
help-policy-default = 組み込みのポリシーとテスト事例をフォルダーに書き出す
help-policy-default-folder = フォルダー
policy-after = 変更後：許可 { $allow } 件、確認 { $ask } 件、拒否 { $deny } 件
policy-allow = 許可
policy-ask = 確認
policy-before = 変更前：許可 { $allow } 件、確認 { $ask } 件、拒否 { $deny } 件
policy-changes = 判定が緩くなる条件：
policy-contradicted = `{ $policy }` は何も許可しません。当てはまる場合は必ず { $by } が禁止します。
policy-decided = 判定：{ $decision }（ポリシーの版 { $version }）
policy-default-mode = エージェントが通常のモードである場合
policy-deny = 拒否
policy-duplicate = `{ $policy }` は { $by } と同じ要求に対して同じ判定をします。
policy-failed = 評価できませんでした
policy-far = この要求と共通する条件のないポリシーが { $count } 件あります。--all で表示します
policy-in-group = グループ `{ $name }` に属する場合
policy-lacks = 満たさない条件：{ $condition }
policy-more = ほかに { $count } 件あります。--all ですべて表示します
policy-moves-by = `{ $policy }` による判定：{ $count } 件
policy-never-applies = `{ $policy }` は当てはまることがありません。条件が互いに矛盾しています。
policy-no-class = 内容に分類 `{ $name }` が含まれない場合
policy-no-trait = 性質 `{ $name }` がない場合
policy-no-traits = 性質が一つもない場合
policy-not-tainted = 信頼できない内容がセッションに入っていない場合
policy-not-valid = ポリシーが正しくありません。このままでは判定に使えません。
policy-others = 判定に関わらなかったポリシー：
policy-outranked = 当てはまりますが、より厳しい判定が優先されます
policy-replay-skipped = 対象外：要求を含まない記録 { $count } 件
policy-replayed = { $events } 件を再判定しました（ポリシーの版 { $version }）。判定が変わるもの { $moved } 件、読み取れない行 { $unread } 件。
policy-shadowed = `{ $policy }` は確認を求めることがありません。当てはまる場合は必ず { $by } が拒否します。
policy-sound = 効果のないポリシーはありません。
policy-sums = ポリシー { $policies } 件：拒否 { $deny } 件、確認 { $ask } 件、許可 { $allow } 件（版 { $version }）。
policy-tested = 事例 { $cases } 件、うち失敗 { $failures } 件。
policy-unread = { $line } 行目は判定の記録ではありません：{ $why }
### Tool calls
calls-destroys-files = 作り直せないファイルを削除・消去・上書きします
calls-destroys-disk = ディスク・パーティション・ファイルシステム全体に書き込みます
calls-discards-work = 他に残っていない作業内容を破棄します
calls-rewrites-history = 記録済みまたは公開済みの履歴を書き換えます
calls-destroys-data = データベースや保管先のデータを削除・上書きします
calls-destroys-infrastructure = マシン・コンテナ・クラウドの資源を削除または停止します
calls-changes-infrastructure = マシン・クラスター・クラウドの資源を変更します
calls-reads-secret = 鍵・トークン・パスワード・環境変数を読み取ります
calls-sends-out = ファイル・秘密情報・コマンドの出力を他のマシンへ送信します
calls-outward = 他のマシンに接続します
calls-runs-remote-code = 他のマシンから取得したコードを実行します
calls-opens-remote-shell = 第三者にシェルを開放します
calls-disables-security = 検査・記録・保護を無効にします
calls-changes-agent = エージェントの設定、またはフックとそのポリシーを変更します
calls-persists = 後から自動的に実行されるようにします
calls-installs-unusual = 通常と異なる場所から、または他とよく似た名前のパッケージをインストールします
calls-changes-supply-chain = ビルドやCIで実行される内容を変更します
calls-publishes = 公開・リリース・デプロイを行います
calls-changes-access = アカウント・鍵・権限・トークンを作成または変更します
calls-escalates = 別のユーザーの権限で実行する、またはその準備をします
calls-escapes-container = コンテナからホストに到達します
calls-exposes-network = 他者に対してポートやトンネルを開きます
calls-loosens-permissions = ファイルを読み書きできる人を増やします
calls-exhausts = このマシンの資源を使い尽くす・停止させる、または他のマシンを攻撃します
calls-deceives = 見た目を偽る文字が含まれています
calls-outside-project = プロジェクトの外に及びます
calls-evades = 動作を隠すように書かれています
calls-not-understood = 実行前に内容を判断できません

### AI-made systems, approval fatigue
help-app = AI が作ったシステムの台帳と不足点を扱います
help-app-register = システムを台帳に登録します（質問はしません）
help-app-register-path = システムのフォルダー
help-app-register-name = 名前（省略時はフォルダー名）
help-app-register-owner = 責任を持つチームまたは担当者
help-app-register-tier = 利用者の範囲（個人、社内、公式業務、社外公開）
help-app-register-data-class = 扱うデータの区分（personal、customer など）。なければ none
help-app-register-review-by = 次に見直す期限
help-app-register-maintained-by = 更新の担当（責任者と異なる場合）
help-app-register-control = 実施済みの対策と、それを確認できる場所（繰り返し指定できます）
help-app-register-register = 台帳ファイル（省略時は最も近い apps.toml）
help-app-register-as-of = 登録日（省略時は今日）
help-app-list = 台帳を表示します
help-app-list-path = リポジトリのフォルダー
help-app-list-register = 台帳ファイル（省略時は最も近い apps.toml）
help-app-list-format = 出力形式
help-app-check = 未登録、責任者なし、保守停止、対策不足のシステムを見つけます
help-app-check-path = 調べるフォルダー
help-app-check-register = 台帳ファイル（省略時は最も近い apps.toml）
help-app-check-unmaintained-after = コミットのない日数がこれを超えると保守停止とみなします
help-app-check-as-of = この日付を基準に判定します（省略時は今日）
help-app-check-format = 出力形式
help-app-check-output = このファイルに書き込みます
app-fault-syntax = TOML として読み取れません（{ $what }）。
app-fault-unknown-key = `{ $what }` というキーはありません。
app-fault-missing-key = キー `{ $what }` がありません。
app-fault-bad-value = `{ $what }` の値が正しくありません。
app-fault-duplicate = `{ $what }` という名前のアプリが重複しています。
app-fault-unknown-control = `{ $what }` という対策はありません。
app-fault-too-many = アプリの数が読み取りの上限を超えています。
app-tier-personal = 個人用
app-tier-internal = 社内用
app-tier-official = 公式業務
app-tier-public = 社外公開
app-level-note = 参考
app-level-warning = 警告
app-level-error = 重大
app-confidence-low = 兆候
app-confidence-medium = 可能性が高い
app-confidence-high = 確実
app-evidence-author = 作成者
app-evidence-trailer = コミットの署名行
app-evidence-generated-with = コミットメッセージ
app-evidence-mark = ファイル内の記載
app-evidence-agent-file = エージェント用ファイル
app-unregistered = { $name } には AI 利用の痕跡がありますが、台帳に登録されていません。
app-fix-unregistered = { $end } までに登録（yata app register）するか、停止してください。
app-rule-unregistered = AI が作ったシステムが登録されていません。
app-ownerless = { $name } の責任者が決まっていません。
app-fix-ownerless = { $end } までに台帳へ責任者を記入するか、停止してください。
app-rule-ownerless = 登録されたシステムに責任者がいません。
app-data-unsaid = { $name } が扱うデータの区分が記入されていません。
app-fix-data-unsaid = { $end } までに data_classes を記入してください。それまでは機微なデータを扱うものとみなします。
app-rule-data-unsaid = 登録されたシステムのデータ区分が不明です。
app-no-review-date = { $name } の見直し期限が決まっていません。
app-fix-no-review-date = { $end } までに review_by を記入してください。
app-rule-no-review-date = 登録されたシステムに見直し期限がありません。
app-review-overdue = { $name } の見直し期限が過ぎています。
app-fix-review-overdue = { $end } までに見直して次の期限を記入するか、停止してください。
app-rule-review-overdue = 登録されたシステムの見直し期限が過ぎています。
app-unmaintained = { $name } には { $days } 日間コミットがありません。
app-fix-unmaintained = { $end } までに更新を適用して保守担当を決めるか、停止してください。
app-rule-unmaintained = 登録されたシステムが保守されていません。
app-gone = { $name } のフォルダーが見つかりません。
app-fix-gone = { $end } までにパスを直すか、登録を削除してください。
app-rule-gone = 登録されたシステムのフォルダーがありません。
app-control-missing = { $name } に必要な対策（{ $id }）がありません。{ $control }
app-fix-control-missing = { $end } までに実施し、[app.controls] に確認できる場所を { $id } = "…" と記入してください。
app-rule-control-missing = 必要な対策がありません。
app-rule-help = 必要な対策は、利用者の範囲と扱うデータの区分から決まります。出典：
app-control-security-check = 組織のセキュリティチェック用基本プロンプトでコードを検査し、指摘に対応します。
app-control-base-prompt = 安全なシステムを作るための組織の基本プロンプトでコードを生成します。
app-control-data-handling = 個人情報や顧客データの取り扱い（第三者サービスへの提供を含む）を文書にし、承認を得ます。
app-control-updates = 依存関係のセキュリティ更新を、自動または決まった日程で適用します。
app-control-skills-policy = 開発に使うスキル、プラグイン、MCP サーバーは、組織が許可したものに限ります。
app-control-approval = 作成と利用について、権限のある人の承認を得ます。
app-control-ci = 変更のたびに、開発者でない人にも読める自動検査を実行します。
app-control-staging = 変更は本番とは別の環境で確認します。
app-control-sign-in = 組織のシングルサインオンと多要素認証でログインします。
app-control-audit-log = 誰が何をしたかの監査ログを記録し、保管します。
app-control-vulnerability-response = 脆弱性に誰がいつまでに対応するかを文書にします。
app-control-external-test = 社外に公開する前に、独立した第三者がテストします。
app-problem-folder = フォルダー { $folder } を読み取れません。
app-problem-file = ファイル { $file } を読み取れません。
app-problem-many-files = ファイルが { $limit } 件を超えたため、残りは調べていません。
app-problem-no-history = { $folder } には git の履歴がないため、AI が書いた割合と保守の状況を判定できません。
app-problems = 判定できなかった点（{ $count } 件）：
app-listed = { $file } に { $count } 件
app-no-register = 台帳はまだありません：{ $file }
app-registered = { $name } を { $file } に登録しました。
app-needs = 必要な対策（{ $count } 件。+ は実施済み）：
app-label-name = 名前
app-label-tier = 区分
app-label-data = データ
app-label-owner = 責任者
app-label-review = 見直し期限
app-label-path = パス
app-checked = 登録 { $apps } 件、見つかったシステム { $systems } 件、指摘 { $findings } 件（{ $day } 現在）。
app-end = 期限 { $end }
app-end-past = 期限超過 { $end }
app-share = { $agents }：コミット { $all } 件中 { $part } 件、記載のあるファイル { $marked } 件（{ $confidence }）
help-agents-fatigue = エージェントの確認回数と承認率を数え、ルールを提案します
help-agents-fatigue-logs = 読み取るログ（省略時はホームディレクトリーの Claude Code と Codex のログ）
help-agents-fatigue-home = このホームディレクトリーを調べます
help-agents-fatigue-allow-reading-logs = 利用者の入力を含むログの読み取りを許可します
help-agents-fatigue-format = 出力形式
fatigue-not-allowed = エージェントのログには、利用者の入力やファイルの内容が含まれます。許可がある場合のみ読み取ります。--allow-reading-logs または { $variable }=1 を指定してください
fatigue-reading = ログを読み取っています
fatigue-too-many = ログが { $limit } 件を超えたため読み取っていません（新しいものを優先します）。
fatigue-too-large = { $limit } MiB を超えるため読み取っていません。
fatigue-unreadable = 読み取れません。
fatigue-line-malformed = JSON として読み取れないため、この行を除きました。
fatigue-line-long = 4 MiB を超えるため、この行を除きました。
fatigue-label-agent = エージェント
fatigue-label-what = 対象
fatigue-label-calls = 呼び出し
fatigue-label-prompts = 確認
fatigue-label-approved = 承認
fatigue-label-refused = 拒否
fatigue-label-blocked = 遮断
fatigue-allow = 安全な呼び出しの確認を省ける許可ルール：
fatigue-deny = 実行された危険な呼び出しを止められた拒否ルール：
fatigue-spares = 確認 { $count } 件
fatigue-stops = 呼び出し { $count } 件
fatigue-bad-without-rule = ルールでは判別できない危険な呼び出しが { $count } 件あります。フックで判定してください。
fatigue-unguarded = 確認を行わないモードでの呼び出しは { $count } 件です。
fatigue-total = ログ { $sessions } 件、呼び出し { $calls } 件、確認 { $prompts } 件（承認 { $approved }、拒否 { $refused }、承認率 { $percent } %）。
fatigue-estimate = ログにはすべての確認が残らないため、確認の件数はモード、現在のルール、ツールからの推定です。拒否は記録に基づきます。
### Managed settings and approvals of coding agents
help-agents-settings = 組織のファイルから各エージェントの管理設定を作成し、設定では表せない内容も示します
help-agents-settings-agent = このエージェントだけを対象にします（複数回指定できます）。指定がなければ、組織が許可したすべてを対象にします
help-agents-settings-organisation = 組織のファイル
help-agents-settings-rules = ルールのファイル（指定がなければYataに付属のルール）
help-agents-settings-os = 対象のOS（指定がなければ実行中のOS）
help-agents-settings-out = マシン上の配置のまま、このフォルダーの下に書き込みます
help-agents-settings-drift = このマシンを配布内容と比べます。違いがあれば終了コードを1にします
help-agents-settings-root = マシンのファイルシステムの起点（マウントしたディスク用）
help-agents-settings-format = 出力形式
help-agents-pin = 現在の内容を承認します。スキル、プラグイン、サーバー、フック、ルールファイルのハッシュをagents.lockに書き込みます
help-agents-pin-paths = 指定したツリーだけを調べます。指定がなければ、ホームディレクトリ、システム、現在のプロジェクトを調べます
help-agents-pin-home = このホームディレクトリとシステムも調べます
help-agents-pin-root = マシンのファイルシステムの起点（マウントしたディスク用）
help-agents-pin-lock = 書き込むロックファイル
help-agents-pin-owner = 全体の責任者
help-agents-pin-review = 次に確認する日
help-agents-diff = 承認後の変更を示します。変更があれば終了コードを1にします
help-agents-diff-paths = 指定したツリーだけを調べます。指定がなければ、ホームディレクトリ、システム、現在のプロジェクトを調べます
help-agents-diff-home = このホームディレクトリとシステムも調べます
help-agents-diff-root = マシンのファイルシステムの起点（マウントしたディスク用）
help-agents-diff-lock = 比較するロックファイル
help-agents-diff-format = 出力形式
managed-wrong-syntax = { $line }行目：TOMLとして読み取れません。
managed-wrong-key = { $line }行目：「{ $what }」というキーはありません。
managed-wrong-agent = { $line }行目：「{ $what }」というエージェントはありません。
managed-wrong-missing = { $line }行目：「{ $what }」がないか、内容が不足しています。
managed-wrong-both = { $line }行目：「{ $what }」に、同時には指定できない項目が2つあります。
managed-wrong-path = { $line }行目：「{ $what }」には絶対パスを指定してください。
managed-wrong-value = { $line }行目：「{ $what }」の値は使用できません。
managed-written = { $agent }：{ $file }
managed-schema-unchecked = これらのファイルについて、提供元が公開するスキーマとの照合は行っていません。Yata の各バージョンで、例の組織向けに作成した設定を、監査と、Claude Code・Codex・Gemini CLI 自身の検証機能で確認しています。
managed-schema-none = これらのファイルには公開されたスキーマがないため、照合は行っていません。
managed-losses = { $agent }の設定では表せない内容
managed-loss = { $item }（{ $about }）：{ $settings }、{ $hook }
managed-settings-no = 設定では表せません
managed-settings-part = 設定では一部だけ表せます
managed-settings-yes = 設定で表せます
managed-hook-no = フックでは補えません
managed-hook-part = 多くの呼び出しはフックで補えます
managed-hook-yes = フックで補えます
managed-item-command = コマンド（先頭の語）
managed-item-text = コマンド（全体の文字列）
managed-item-read = 読み取るファイル
managed-item-edit = 変更するファイル
managed-item-host = 接続を禁止するホスト
managed-item-tool = MCPサーバーのツール
managed-item-meaning = 呼び出しの実際の動作
managed-item-servers = 起動できるMCPサーバーとその実体
managed-item-marketplaces = プラグインの入手先
managed-item-network = 接続を許可するホスト
managed-item-models = 利用できるモデル
managed-item-account = 利用できるアカウント
managed-item-version = 最低バージョン
managed-item-retention = 記録の保存日数
managed-item-telemetry = テレメトリーの送信先
managed-item-bypass = 確認を省くモードの禁止
managed-item-hooks-only = 組織のフックだけを実行
managed-item-rules-only = 組織のルールだけを適用
managed-item-fail-closed = フックの失敗時に呼び出しを止める
managed-item-variables = 秘密情報を含む変数をコマンドに見せない
managed-drift-file-missing = 配布したファイルがありません
managed-drift-file-added = 配布していないファイルです
managed-drift-file-unread = ファイルを読み取れないため、内容を確認できません
managed-drift-missing = { $key } に { $issued } がありません
managed-drift-added = { $key } に、配布していない { $found } があります
managed-drift-changed = { $key } が { $found } です（配布した値は { $issued }）
managed-drift-total = { $count ->
    [0] 配布した{ $files }件のファイルに違いはありません。
   *[other] 配布した{ $files }件のファイルについて、違いが{ $count }件あります。
}
managed-pinned = { $count }件を承認し、{ $file }に記録しました。
managed-diff-total = { $count ->
    [0] 変更はありません。承認済みの{ $pins }件はそのままです。
   *[other] 承認済みの{ $pins }件に対して、変更が{ $count }件あります。
}
managed-change-added = 追加
managed-change-changed = 変更
managed-change-removed = 削除

### Managed settings and the policy
agents-settings-wrong-milder = { $line }行目：「{ $what }」についてはポリシーのほうが厳格です。ポリシーかファイルのどちらかを変更してください。
agents-settings-unknown = このマシンに配布した設定を特定できないため、比較していません：{ $why }
agents-settings-policy = 判定に使用したポリシー：バージョン{ $version }（{ $source }）
agents-settings-policy-moved = 設定はポリシーのバージョン{ $from }から作成されていますが、現在のポリシーはバージョン{ $version }です。
agents-settings-policy-untold = 設定がどのポリシーから作成されたかの記録がありません。現在のポリシーはバージョン{ $version }です。
agents-settings-stricter-head = ポリシーより厳格な設定
agents-settings-stricter = { $pattern }（{ $rule }）：{ $decision }。次の操作も止まります：{ $calls }　対象：{ $agents }
agents-settings-note-sandbox = エージェント自身のツールには適用されますが、サンドボックスには適用されません。
agents-settings-note-walk = すべてを指定すると起動のたびにホームディレクトリー全体の走査が必要になるため、場所の決まったものだけを指定しています。
help-agents-settings-policies = 組み込みのポリシーに追加する独自のポリシー（省略時はこのマシンで判定に使われるポリシー）
help-agents-settings-alone = 組み込みのポリシーを除外する

### Files of limited size
file-not-opened = `{ $file }` を開けません
file-not-read = `{ $file }` を読み込めません
file-not-regular = `{ $file }` は通常のファイルではありません
file-too-large = `{ $file }` は { $limit } バイトを超えています
file-not-utf8 = `{ $file }` は UTF-8 のテキストではありません（{ $byte } バイト目、{ $line } 行目）
