//! What an app must have, by who it is for and what data it handles.

use crate::apps::{App, Data, Tier};

/// Where the table comes from: the guide of the JNSA CISO support group on the basics of AI security (version 01,
/// May 2026), in Japanese.
pub const GUIDE: &str = "JNSA CISO支援WG「CISOがおさえておきたいAIセキュリティの基本」Ver.01 (2026-05)";

/// From which tier on something is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
    /// With ordinary data; none where it is never needed.
    pub ordinary: Option<Tier>,
    /// With sensitive data.
    pub sensitive: Option<Tier>,
}

/// Something that an app must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// Its id, the key in `apps.toml`.
    pub id: &'static str,
    /// From which tier on it is needed.
    pub needed: Needed,
    /// The part of [`GUIDE`] that asks for it.
    pub source: &'static str,
    /// Files of which one shows that it is there, relative to the app or to the repository. A folder ends in `/`.
    pub shown_by: &'static [&'static str],
}

const fn control(id: &'static str, ordinary: Tier, sensitive: Tier, source: &'static str) -> Control {
    let needed = Needed { ordinary: Some(ordinary), sensitive: Some(sensitive) };
    Control { id, needed, source, shown_by: &[] }
}

/// All, in the order in which they are best brought in.
pub const CONTROLS: [Control; 12] = [
    control(
        "security-check",
        Tier::Internal,
        Tier::Personal,
        "② IT統制上の懸念: セキュリティチェックのための基本プロンプト",
    ),
    control(
        "base-prompt",
        Tier::Internal,
        Tier::Internal,
        "② IT統制上の懸念: コード生成・システム構築時の基本プロンプト",
    ),
    Control {
        id: "data-handling",
        needed: Needed { ordinary: None, sensitive: Some(Tier::Personal) },
        source: "② IT統制上の懸念: 顧客データ、個人情報などの扱いの有無",
        shown_by: &[],
    },
    Control {
        shown_by: &[
            ".github/dependabot.yml",
            ".github/dependabot.yaml",
            "renovate.json",
            "renovate.json5",
            ".github/renovate.json",
            ".renovaterc",
            ".renovaterc.json",
        ],
        ..control("updates", Tier::Internal, Tier::Personal, "② IT統制上の懸念: セキュリティ更新の適用")
    },
    control("skills-policy", Tier::Internal, Tier::Internal, "② 必要な対策 C: Skillなどの利用に関するポリシー"),
    control("approval", Tier::Official, Tier::Internal, "② IT統制上の懸念: ツール・システム作成承認のルール"),
    Control {
        shown_by: &[
            ".github/workflows/",
            ".gitlab-ci.yml",
            "azure-pipelines.yml",
            "Jenkinsfile",
            "bitbucket-pipelines.yml",
            ".circleci/config.yml",
        ],
        ..control("ci", Tier::Official, Tier::Internal, "② IT統制上の懸念: ステージングやCIなどの手順")
    },
    control("staging", Tier::Official, Tier::Official, "② IT統制上の懸念: ステージングやCIなどの手順"),
    control("sign-in", Tier::Official, Tier::Internal, "② 必要な対策 D: SSO/MFA"),
    control("audit-log", Tier::Official, Tier::Internal, "② 必要な対策 D: 監査ログ"),
    control("vulnerability-response", Tier::Official, Tier::Official, "② IT統制上の懸念: 脆弱性の対応"),
    control(
        "external-test",
        Tier::Public,
        Tier::Public,
        "② IT統制上の懸念: 社外に公開するシステム, セキュリティ要件の明確化",
    ),
];

/// What an app of a tier with such data must have.
#[must_use]
pub fn required(tier: Tier, data: Data) -> Vec<&'static Control> {
    let from = |control: &Control| match data {
        Data::Ordinary => control.needed.ordinary,
        Data::Sensitive => control.needed.sensitive,
    };
    CONTROLS.iter().filter(|control| from(control).is_some_and(|from| tier >= from)).collect()
}

/// Of those that are needed, the ones that neither the register nor a file shows. Files are paths from the app and from
/// the root of its repository.
pub(super) fn missing(app: &App, files: &[String]) -> Vec<&'static Control> {
    let shown = |control: &Control| {
        control.shown_by.iter().any(|mark| {
            files.iter().any(|file| if mark.ends_with('/') { file.starts_with(mark) } else { file == mark })
        })
    };
    let said = |control: &Control| app.controls.iter().any(|(id, _)| id == control.id);
    let needed = required(app.tier, Data::of(app.data_classes.as_deref()));
    needed.into_iter().filter(|control| !said(control) && !shown(control)).collect()
}
