//! The exact command or edit for an action, by the file that names the component.

use yata_model::{Family, Message, Remedy, Subject};

/// What to type or edit for a remedy; `None` where only a person can tell (an SBOM of a vendor's product). `rule` is the
/// finding's rule.
pub fn how(remedy: &Remedy, subject: &Subject, rule: &str) -> Option<Message> {
    if *remedy == Remedy::Rotate {
        return Some(Message::new("how-rotate").with("rule", rule));
    }
    if let (Remedy::Reconfigure, Some(one)) = (remedy, subject.misconfiguration()) {
        let fixable = if one.fixable { "yes" } else { "no" };
        return Some(Message::new("how-reconfigure").with("rule", rule).with("fixable", fixable));
    }
    let component = subject.component()?;
    let occurrence = component.occurrences.first()?;
    let file = occurrence.file.rsplit('/').next().unwrap_or(&occurrence.file);
    let name = &component.package.name;
    let direct = occurrence.direct.unwrap_or(occurrence.path.len() <= 1);
    let Remedy::Upgrade { to, compatible } = remedy else {
        return (*remedy == Remedy::Remove)
            .then(|| removal(file, component.package.ecosystem.family.as_str(), name))
            .flatten();
    };
    let command = |text: String| Some(Message::new("how-run").with("command", text));
    // A breaking upgrade of what another package asked for cannot be forced into the lockfile: that one has to move.
    if let (Some(false), false, Some(parent)) = (compatible, direct, parent(&occurrence.path)) {
        let message = Message::new("how-parent").with("parent", parent).with("package", name.as_str());
        return Some(message.with("version", to.as_str()));
    }
    match (file, &component.package.ecosystem.family) {
        ("Cargo.lock", _) => {
            let spec = component.version.as_deref().map_or_else(|| name.clone(), |version| format!("{name}@{version}"));
            command(format!("cargo update -p {spec} --precise {to}"))
        }
        ("package-lock.json" | "npm-shrinkwrap.json", _) if direct => command(format!("npm install {name}@{to}")),
        ("package-lock.json" | "npm-shrinkwrap.json", _) => {
            Some(Message::new("how-npm-override").with("package", name.as_str()).with("version", to.as_str()))
        }
        ("yarn.lock", _) if direct => command(format!("yarn upgrade {name}@{to}")),
        ("yarn.lock", _) => {
            Some(Message::new("how-yarn-resolution").with("package", name.as_str()).with("version", to.as_str()))
        }
        ("poetry.lock", _) if occurrence.direct == Some(true) => command(format!("poetry add {name}=={to}")),
        ("poetry.lock", _) => command(format!("poetry update {name}")),
        ("uv.lock", _) => command(format!("uv lock --upgrade-package {name}=={to}")),
        ("go.mod" | "go.sum", _) if name == "stdlib" || name == "toolchain" => command(format!("go get go@{to}")),
        ("go.mod" | "go.sum", _) => command(format!("go get {name}@v{}", to.trim_start_matches('v'))),
        ("status", Family::Debian | Family::Ubuntu) => command(format!("apt-get install --only-upgrade {name}")),
        (_, Family::AlmaLinux | Family::RockyLinux | Family::RedHat) => command(format!("dnf upgrade {name}")),
        (file, Family::PyPi) if file.ends_with(".txt") => Some(
            Message::new("how-requirement")
                .with("line", format!("{name}=={to}"))
                .with("file", occurrence.file.as_str()),
        ),
        ("METADATA" | "PKG-INFO", Family::PyPi) => command(format!("pip install {name}=={to}")),
        _ => Some(Message::new("how-vendor").with("package", name.as_str()).with("version", to.as_str())),
    }
}

/// The name of the package that asked for the last one on the path.
fn parent(path: &[String]) -> Option<&str> {
    let before = path.len().checked_sub(2)?;
    let step = path.get(before)?;
    Some(step.rfind('@').filter(|at| *at > 0).and_then(|at| step.get(..at)).unwrap_or(step))
}

fn removal(file: &str, family: &str, name: &str) -> Option<Message> {
    let command = match (file, family) {
        ("package-lock.json" | "npm-shrinkwrap.json", _) => format!("npm uninstall {name}"),
        ("yarn.lock", _) => format!("yarn remove {name}"),
        ("Cargo.lock", _) => format!("cargo remove {name}"),
        ("poetry.lock", _) => format!("poetry remove {name}"),
        ("uv.lock", _) => format!("uv remove {name}"),
        (_, "PyPI") => format!("pip uninstall {name}"),
        _ => return None,
    };
    Some(Message::new("how-run").with("command", command))
}
