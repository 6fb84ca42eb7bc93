//! Files that say what is installed, built on, or started: from where it comes, and with which rights.

use crate::Traits;
use crate::machine::Machine;

const ELSEWHERE: Traits = Traits::INSTALLS_UNUSUAL.or(Traits::CHANGES_SUPPLY_CHAIN);
const OTHER_PLACE: &str = "packages come from another place than usual";

/// What such a file says, by itself.
pub(crate) fn traits(m: &Machine<'_>, path: &str, name: &str, text: &str) -> (Traits, &'static str) {
    if data(path) {
        return (Traits::NONE, "");
    }
    let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    let lists = matches!(
        name,
        "requirements.txt" | "constraints.txt" | "Pipfile" | "pyproject.toml" | "Gemfile" | "setup.cfg" | "pip.conf"
    );
    if lists && has(&["--index-url", "--extra-index-url", "--trusted-host", "git+http", "@ http"]) {
        return (ELSEWHERE, OTHER_PLACE);
    }
    if sources(m, name, text) {
        return (ELSEWHERE, OTHER_PLACE);
    }
    if name == "gradle-wrapper.properties" && text.contains("distributionUrl") && !text.contains("services.gradle.org")
    {
        return (Traits::CHANGES_SUPPLY_CHAIN, "a build takes its tool from elsewhere");
    }
    if name.starts_with("Dockerfile") || name.starts_with("Containerfile") || name.contains("compose") {
        let image = |line: &str| {
            let line = line.trim_start();
            let rest = line.strip_prefix("FROM ").or_else(|| line.strip_prefix("image:"))?;
            rest.split_whitespace()
                .find(|word| !word.starts_with("--"))
                .map(|word| word.trim_matches(['"', '\'']).to_owned())
        };
        if text.lines().filter_map(image).any(|image| crate::programs::is_foreign_image(&image)) {
            return (Traits::CHANGES_SUPPLY_CHAIN, "changes what an image is built on");
        }
    }
    if path.ends_with(".tf") || path.ends_with(".tf.json") {
        return infrastructure(m, text);
    }
    let yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    if yaml && (text.contains("kind:") && text.contains("spec:") || text.contains("services:")) && of_the_host(text) {
        return (Traits::CHANGES_INFRASTRUCTURE, "a container with rights of its host");
    }
    (Traits::NONE, "")
}

/// Test data, documentation, examples.
fn data(path: &str) -> bool {
    ["/fixtures/", "/testdata/", "/docs/", "/examples/", "/__tests__/", "/corpus/"]
        .iter()
        .any(|part| path.contains(part))
}

/// Whether a dependency comes from a repository or an index of its own.
fn sources(m: &Machine<'_>, name: &str, text: &str) -> bool {
    let lines = || text.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.starts_with("//"));
    let value = |line: &str| line.split(['"', '\'', ' ']).find(|word| word.contains("://")).map(str::to_owned);
    match name {
        "Cargo.toml" => lines().any(|line| {
            !line.starts_with("repository") && (line.contains("git = \"") || line.contains("registry-index = \""))
        }),
        "pyproject.toml" | "uv.toml" | "Pipfile" => lines().any(|line| {
            let named = line.contains("git = \"http")
                || line.starts_with("index-url")
                || line.starts_with("url = ")
                    && (text.contains("[[tool.uv.index") || text.contains("[[tool.poetry.source"));
            named && value(line).is_some_and(|url| !m.usual_index(&url))
        }),
        ".yarnrc.yml" | "bunfig.toml" | ".yarnrc" => lines().any(|line| {
            let named = line.contains("egistry");
            named && value(line).is_some_and(|url| !m.usual_index(&url))
        }),
        // `replace a => b v1`, not `=> ../b`.
        "go.mod" => lines().any(|line| line.split_once("=> ").is_some_and(|(_, to)| !to.starts_with(['.', '/']))),
        _ => false,
    }
}

/// What a plan of infrastructure opens, and which commands stand in it.
fn infrastructure(m: &Machine<'_>, text: &str) -> (Traits, &'static str) {
    if text.contains("0.0.0.0/0") && text.contains("cidr") && !text.contains("egress") {
        return (Traits::EXPOSES_NETWORK, "opens a network to everybody");
    }
    let mut all = Traits::NONE;
    if text.contains("-exec\"") || text.contains("\"external\"") {
        for part in text.split("command").skip(1).chain(text.split("inline").skip(1)).take(64) {
            let Some(value) = part.trim_start().strip_prefix('=') else { continue };
            let command = match value.trim_start().strip_prefix("<<") {
                Some(here) => {
                    here.split_once('\n').map_or("", |(_, body)| body.split("\nEOT").next().unwrap_or("")).to_owned()
                }
                None => crate::yaml::quoted(value.lines().next().unwrap_or("")).join("\n"),
            };
            let mut inner = Machine::new(m.place);
            inner.level = m.level + 8;
            inner.text(&command);
            inner.end();
            all |= inner.acts.iter().fold(Traits::NONE, |all, act| all | act.traits);
        }
    }
    let plain = Traits::OUTWARD | Traits::OUTSIDE_PROJECT | Traits::NOT_UNDERSTOOD;
    (all.without(plain), "what the file says would do this when it runs")
}

/// Whether containers ask for their host.
fn of_the_host(text: &str) -> bool {
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'')).collect();
    [
        "privileged:true",
        "hostPID:true",
        "hostIPC:true",
        "docker.sock:",
        "path:/var/run/docker.sock",
        "-/:/",
        "[/:/",
        "pid:host",
    ]
    .iter()
    .any(|mark| compact.contains(mark))
}
