//! Package managers of Rust, Go, Ruby, PHP and .NET.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

use super::packages::{UNUSUAL, other_index, wanted};

pub(super) fn cargo(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    if name == "rustup" {
        return Value::unknown(Flow::OUTPUT);
    }
    let rest: Vec<Value> = args.iter().filter(|value| !value.text.starts_with('+')).cloned().collect();
    let global = Args::leading(&rest, "config Z C color manifest-path");
    let before = rest.iter().take_while(|value| value.text != "--").cloned().collect::<Vec<_>>();
    let everywhere = Args::of(&before, "config Z C color manifest-path");
    for config in everywhere.values(&["config"]).cloned().collect::<Vec<_>>() {
        let file = !config.text.contains('=');
        if file && !m.resolve(&config).starts_with(m.place.project) {
            m.puzzled("a build takes its settings from outside the project");
        }
        if ["rustc-wrapper", "runner", "linker", "registry", "credential", "rustc "]
            .iter()
            .any(|key| config.text.contains(key))
        {
            m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "a build runs another program");
        }
    }
    let verb = global.operand(0).to_owned();
    let parsed = Args::of(
        global.from(1),
        "p git branch tag rev path registry index version features F bin example test target target-dir token manifest-path j jobs package config root vers profile message-format",
    );
    match verb.as_str() {
        "publish" | "yank" | "owner" | "release" | "smart-release" | "workspaces" => {
            let looks =
                parsed.has(&["dry-run", "n", "list", "l"]) || verb == "workspaces" && parsed.operand(0) != "publish";
            if !looks {
                m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes, or changes what is published");
            }
        }
        "login" | "logout" => m.mark(Traits::CHANGES_ACCESS, "changes tokens"),
        "make" => {
            let own = Args::leading(global.from(1), "makefile p profile t cwd l loglevel e env");
            if let Some(file) = own.value(&["makefile"]).cloned() {
                super::editors::recipe(m, &file, crate::recipes::Form::Toml);
            }
        }
        "install" | "add" | "binstall" => {
            for value in parsed.values(&["git", "index"]).cloned().collect::<Vec<_>>() {
                m.install(&value.text, Traits::INSTALLS_UNUSUAL | Traits::OUTWARD, UNUSUAL);
            }
            if let Some(registry) = parsed.value(&["registry"])
                && registry.text != "crates-io"
            {
                m.mark(Traits::INSTALLS_UNUSUAL, UNUSUAL);
            }
            for value in &parsed.rest {
                wanted(m, value, "crates");
            }
        }
        "build" | "b" | "check" | "c" | "test" | "t" | "run" | "r" => {
            for written in m.written.clone() {
                if crate::path::base(&written.path) == "build.rs"
                    || matches!(verb.as_str(), "run" | "r") && written.path.ends_with(".rs")
                {
                    crate::code::follow(m, "other", &written.content.text);
                }
            }
            if m.fetched_folders.iter().any(|known| crate::path::within(&m.cwd, known)) {
                m.mark(Traits::RUNS_REMOTE_CODE, "builds what came from another machine");
            }
            if matches!(verb.as_str(), "run" | "r") {
                return super::servers::served(m, &parsed.rest);
            }
        }
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}

pub(super) fn go(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::single(
        args,
        "o run count timeout bench exec toolexec vettool ldflags gcflags tags mod modfile C cpuprofile coverprofile fuzz fuzztime p",
    );
    let verb = parsed.operand(0).to_owned();
    for option in ["toolexec", "exec", "vettool"] {
        if let Some(tool) = parsed.value(&[option]).cloned() {
            let path = m.resolve(&tool);
            if tool.text.contains(' ') {
                m.run_text(&tool);
            } else if !path.starts_with(m.place.project) {
                m.mark(Traits::EVADES | Traits::NOT_UNDERSTOOD, "a build runs another program");
            }
        }
    }
    match verb.as_str() {
        "env" if parsed.has(&["w"]) => {
            let text = super::texts(&parsed.rest).join(" ");
            if [
                "GOFLAGS",
                "GOPROXY",
                "GONOSUMDB",
                "GOINSECURE",
                "GOPRIVATE",
                "GONOSUMCHECK",
                "GOSUMDB",
                "CC",
                "GOTOOLCHAIN",
            ]
            .iter()
            .any(|key| text.contains(key))
            {
                m.mark(Traits::CHANGES_SUPPLY_CHAIN, "changes what builds run or take");
            }
        }
        "mod" if parsed.operand(1) == "edit" => {
            let replaced =
                args.iter().any(|value| value.text.starts_with("-replace") || value.text.starts_with("--replace"));
            if replaced {
                m.mark(Traits::CHANGES_SUPPLY_CHAIN, "takes a package from another place than usual");
            }
        }
        "run" => {
            let remote = parsed.rest.get(1).is_some_and(|package| {
                package.text.contains('@')
                    || package.text.split('/').next().is_some_and(|host| host.contains('.') && host.len() > 2)
                        && !package.text.ends_with(".go")
                        && !package.text.starts_with('.')
            });
            if remote {
                m.install(
                    parsed.operand(1),
                    Traits::RUNS_REMOTE_CODE | Traits::INSTALLS_UNUSUAL | Traits::OUTWARD,
                    "fetches a program and runs it",
                );
            }
            for file in parsed.from(1).to_vec() {
                let path = m.resolve(&file);
                if let Some(content) =
                    m.written.iter().rev().find(|written| written.path == path).map(|written| written.content.clone())
                {
                    crate::code::follow(m, "other", &content.text);
                }
            }
        }
        "install" | "get" => {
            for value in parsed.from(1).to_vec() {
                let host = value.text.split('/').next().unwrap_or("").to_owned();
                let usual = !host.contains('.')
                    || host.starts_with('.')
                    || matches!(
                        host.as_str(),
                        "github.com"
                            | "golang.org"
                            | "gitlab.com"
                            | "google.golang.org"
                            | "honnef.co"
                            | "gopkg.in"
                            | "k8s.io"
                            | "sigs.k8s.io"
                            | "mvdan.cc"
                            | "go.uber.org"
                            | "cloud.google.com"
                            | "example.com"
                            | "go.opentelemetry.io"
                            | "gotest.tools"
                            | "entgo.io"
                            | "gorm.io"
                            | "filippo.io"
                            | "modernc.org"
                            | "bitbucket.org"
                            | "codeberg.org"
                            | "connectrpc.com"
                            | "buf.build"
                    );
                m.install(
                    &value.text,
                    if usual { Traits::OUTWARD } else { Traits::INSTALLS_UNUSUAL | Traits::OUTWARD },
                    UNUSUAL,
                );
            }
        }
        "generate" | "test" | "build" | "vet" => {}
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}

pub(super) fn ruby(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::leading(args, "");
    let verb = parsed.operand(0).to_owned();
    let rest = parsed.from(1).to_vec();
    if matches!(name, "bundle" | "bundler") {
        match verb.as_str() {
            "exec" | "x" => {
                let words: Vec<Value> = rest.into_iter().filter(|word| word.text != "--").collect();
                return if words.is_empty() { Value::default() } else { m.run(words) };
            }
            "config" => {
                let text = super::texts(&rest).join(" ");
                if text.contains("mirror") && text.contains("://")
                    || text.contains("ssl_verify_mode")
                    || text.contains("disable_checksum")
                {
                    m.mark(
                        Traits::INSTALLS_UNUSUAL | Traits::CHANGES_SUPPLY_CHAIN,
                        "packages come from another place than usual",
                    );
                }
                if text.contains("rubygems.pkg") || text.contains("github__com") {
                    m.mark(Traits::CHANGES_ACCESS, "changes tokens");
                }
            }
            "add" => {
                let inner = Args::of(&rest, "git source github branch version group");
                if inner.has(&["git", "github", "source"]) {
                    m.mark(Traits::INSTALLS_UNUSUAL, UNUSUAL);
                }
                for value in &inner.rest {
                    wanted(m, value, "gem");
                }
            }
            "plugin" => m.mark(Traits::INSTALLS_UNUSUAL, UNUSUAL),
            _ => {}
        }
        return Value::unknown(Flow::OUTPUT);
    }
    let inner = Args::of(&rest, "v s source version n bindir i install-dir P trust-policy k key host p");
    match verb.as_str() {
        "install" | "i" => {
            if let Some(url) = inner.value(&["s", "source"]).cloned() {
                other_index(m, &url);
            }
            for value in &inner.rest {
                wanted(m, value, "gem");
            }
        }
        "specific_install" => m.mark(Traits::INSTALLS_UNUSUAL, UNUSUAL),
        "push" | "yank" | "owner" => {
            m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes, or changes what is published")
        }
        "sources" | "source" if inner.has(&["a", "add"]) => {
            m.mark(Traits::INSTALLS_UNUSUAL, "packages come from another place than usual");
        }
        "signin" => m.mark(Traits::CHANGES_ACCESS, "signs in"),
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}

pub(super) fn composer(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "d working-dir repository");
    let text = super::texts(&parsed.rest).join(" ");
    match parsed.operand(0) {
        "require" => {
            for value in parsed.from(1).to_vec() {
                wanted(m, &value, "composer");
            }
            if parsed.has(&["repository"]) {
                m.mark(Traits::INSTALLS_UNUSUAL, UNUSUAL);
            }
        }
        "config"
            if text.contains("repositories") && text.contains("://")
                || text.contains("secure-http false")
                || text.contains("disable-tls true") =>
        {
            m.mark(Traits::INSTALLS_UNUSUAL | Traits::DISABLES_SECURITY, "packages come from another place than usual")
        }
        "config" if text.contains("oauth") || text.contains("http-basic") || text.contains("allow-plugins") => {
            m.mark(Traits::CHANGES_ACCESS | Traits::CHANGES_SUPPLY_CHAIN, "changes tokens or what runs")
        }
        "exec" => {
            let words: Vec<Value> = parsed.from(1).to_vec();
            if !words.is_empty() {
                return m.run(words);
            }
        }
        "global" => {}
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}

pub(super) fn dotnet(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(
        args,
        "s source k api-key n name v version p project c configuration f framework o output add-source u r",
    );
    let text = super::texts(&parsed.rest).join(" ");
    if text.starts_with("nuget push")
        || text.starts_with("push")
        || text.starts_with("nuget delete")
        || text.starts_with("delete")
    {
        m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes a package");
    } else if text.starts_with("nuget add source")
        || text.starts_with("sources add")
        || text.starts_with("nuget update source")
    {
        m.mark(Traits::INSTALLS_UNUSUAL, "packages come from another place than usual");
    } else if let Some(rest) = text.strip_prefix("ef ") {
        if rest.starts_with("database drop") && !super::is_dry(args) {
            m.mark(Traits::DESTROYS_DATA, "removes a database");
        }
        if rest.starts_with("database update 0") {
            m.mark(Traits::DESTROYS_DATA, "takes all migrations back");
        }
    } else if text.starts_with("user-secrets list") {
        m.mark(Traits::READS_SECRET, "shows secrets");
    } else if text.starts_with("user-secrets") {
        m.mark(Traits::CHANGES_ACCESS, "changes secrets");
    }
    for url in parsed.values(&["s", "source", "add-source"]).cloned().collect::<Vec<_>>() {
        if url.text.contains("://") {
            other_index(m, &url);
        }
    }
    if (text.starts_with("add ") && text.contains("package") || text.starts_with("tool install"))
        && let Some(package) = parsed.rest.last().cloned()
    {
        wanted(m, &package, "nuget");
    }
    Value::unknown(Flow::OUTPUT)
}
