//! Publishing packages and releases by tools of their own.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let texts = super::texts(args);
    let has = |word: &str| texts.contains(&word);
    let first = Args::of(args, "c config r repository").operand(0).to_owned();
    if super::is_dry(args)
        || has("-n") && !matches!(name, "helm")
        || has("--snapshot")
        || has("--skip-publish")
        || has("--skip=publish")
    {
        return match name {
            "twine" | "goreleaser" | "lerna" | "semantic-release" | "release-it" | "np" | "vsce" | "ovsx"
            | "fastlane" | "changeset" | "cargo-release" | "standard-version" | "auto" => {
                Some(Value::unknown(Flow::OUTPUT))
            }
            _ => None,
        };
    }
    let publishes = match name {
        "twine" => first == "upload" || first == "register",
        "lerna" | "changeset" | "nx" | "rush" | "auto" => first == "publish" || first == "release" || first == "shipit",
        "semantic-release"
        | "release-it"
        | "np"
        | "cargo-release"
        | "gh-pages"
        | "surge"
        | "release-plz"
        | "cargo-smart-release"
        | "bumpp"
        | "publish-please"
        | "chromatic" => !has("--version") && (name != "release-plz" || first == "release"),
        "vsce" | "ovsx" => first == "publish" || first == "unpublish",
        "goreleaser" => first == "release" || first == "publish",
        "fastlane" => texts.iter().any(|text| {
            matches!(
                *text,
                "deliver"
                    | "release"
                    | "supply"
                    | "pilot"
                    | "upload_to_app_store"
                    | "upload_to_testflight"
                    | "upload_to_play_store"
                    | "deploy"
                    | "beta"
                    | "produce"
                    | "pem"
                    | "match"
            )
        }),
        "snapcraft" => matches!(first.as_str(), "upload" | "push" | "release" | "close" | "register"),
        "anaconda" | "luarocks" | "pod" | "dart" | "flutter" | "jsr" | "bower" | "spago" | "opam" | "stack"
        | "cabal" | "rebar3" | "raco" | "conan" | "vcpkg" | "nimble" | "shards" | "elm" | "dub" | "crystal"
        | "swift" | "mvnd" | "expo" | "eas" | "fvm" | "gleam" | "hex" => {
            first == "upload"
                || first == "publish"
                || first == "submit" && name != "opam"
                || texts.windows(2).any(|two| {
                    matches!(
                        two,
                        ["trunk", "push" | "delete" | "deprecate"]
                            | ["pub", "publish"]
                            | ["package-registry", "publish"]
                            | ["hex", "publish"]
                    )
                })
                || first == "unpublish"
                || name == "eas" && first == "update"
        }
        "ko" => {
            matches!(first.as_str(), "publish" | "apply" | "build" | "resolve")
                && !has("--local")
                && !has("-L")
                && !has("--push=false")
        }
        "altool" | "notarytool" | "xcrun" => {
            has("--upload-app") || has("submit") || texts.first() == Some(&"altool") && has("--upload-package")
        }
        "butler" | "steamcmd" => first == "push" || has("+run_app_build"),
        "flit" | "hatch" | "pdm" | "poetry" | "uv" | "maturin" | "rye" => {
            if matches!(first.as_str(), "publish" | "upload") {
                true
            } else {
                return None;
            }
        }
        _ => return None,
    };
    if publishes {
        m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes");
    }
    if name == "luarocks" {
        return None;
    }
    Some(Value::unknown(Flow::OUTPUT))
}
