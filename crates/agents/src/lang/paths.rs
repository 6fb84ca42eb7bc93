//! What a path, an address or a host in a setting means.

/// The parts of a home directory that hold secrets, and files that do, as they stand below `~` or anywhere.
const SECRET_PATHS: &[&str] = &[
    "/.ssh",
    "/.aws",
    "/.azure",
    "/.gnupg",
    "/.kube",
    "/.config/gcloud",
    "/.config/gh",
    "/.netrc",
    "/.npmrc",
    "/.pypirc",
    "/.gem/credentials",
    "/.git-credentials",
    "/.docker/config.json",
    "/.env",
    "/Library/Keychains",
    "/etc/shadow",
    "/.password-store",
    "/.vault-token",
    "/.terraform.d",
    "/.config/op",
    "/.m2/settings.xml",
    "/.cargo/credentials",
];

/// With `/` throughout, the home directory as `~`, quotes and the slash at the end gone.
pub(crate) fn plain(path: &str, home: &str) -> String {
    let path = path.trim().trim_matches(['"', '\'']).replace('\\', "/");
    let path = match path.strip_prefix("file://") {
        Some(rest) => rest.to_owned(),
        None => path,
    };
    let mut out = path;
    for name in ["${HOME}", "$HOME", "%USERPROFILE%", "$env:USERPROFILE"] {
        if let Some(rest) = out.strip_prefix(name) {
            out = format!("~{rest}");
        }
    }
    if let Some(rest) =
        out.strip_prefix(home).filter(|rest| !home.is_empty() && (rest.is_empty() || rest.starts_with('/')))
    {
        out = format!("~{rest}");
    }
    while out.len() > 1 && (out.ends_with('/') || out.ends_with("/.")) {
        out.truncate(out.trim_end_matches('.').trim_end_matches('/').len().max(1));
    }
    out
}

/// Without a pattern at the end: `~/**` is `~`.
fn without_stars(path: &str) -> &str {
    let bare = path.trim_end_matches('*').trim_end_matches('/').trim_end_matches('*').trim_end_matches('/');
    if bare.is_empty() && path.starts_with('/') { "/" } else { bare }
}

/// Whether a path is a whole home directory: `~`, `/home/dev`, `/Users/dev`, `/root`.
pub(crate) fn home_folder(path: &str, home: &str) -> bool {
    let path = plain(path, home);
    let path = without_stars(&path);
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("~"), None, ..) => true,
        (Some("root"), None, ..) => path.starts_with('/'),
        (Some("home" | "Users"), Some(_), None, _) => path.starts_with('/'),
        (Some(drive), Some("Users"), Some(_), None) => drive.ends_with(':'),
        _ => false,
    }
}

/// Whether a path is far more than a project needs: the disk, a home directory or what is above it, a folder of the
/// system, what is above the project.
pub(crate) fn wide(path: &str, home: &str, project: &str) -> bool {
    let plain_path = plain(path, home);
    let bare = without_stars(&plain_path);
    let drive = bare.len() <= 3 && bare.chars().nth(1) == Some(':');
    let system =
        ["/", "//", "/home", "/Users", "/etc", "/usr", "/var", "/opt", "/bin", "/lib", "/root", "/mnt", "/Library"];
    if drive || system.contains(&bare) || home_folder(path, home) || matches!(bare, ".." | "../..") {
        return true;
    }
    if bare.starts_with("../") && bare.split('/').all(|part| part == "..") {
        return true;
    }
    let project = plain(project, home);
    !project.is_empty() && !bare.is_empty() && project != bare && project.starts_with(&format!("{bare}/"))
}

/// Whether a path holds secrets.
pub(crate) fn secret(path: &str, home: &str) -> bool {
    let path = format!("/{}", plain(path, home).trim_start_matches('/'));
    let bare = without_stars(&path);
    SECRET_PATHS.iter().any(|known| {
        bare.match_indices(known).any(|(at, _)| {
            let after = bare.get(at.saturating_add(known.len())..).unwrap_or_default();
            after.is_empty() || after.starts_with(['/', '.', '*'])
        })
    })
}

/// Whether anybody can write there.
pub(crate) fn temp(path: &str, home: &str) -> bool {
    let path = plain(path, home);
    let under = |root: &str| path == root || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    ["/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "~/Downloads", "/run/user"].iter().any(|root| under(root))
        || path.contains("/AppData/Local/Temp")
        || path.starts_with("$TMPDIR")
}

/// Whether a path begins at a root or at the home directory.
pub(crate) fn absolute(path: &str) -> bool {
    crate::machine::is_absolute(path) || crate::machine::is_home(path) || path.starts_with("\\\\")
}

/// Whether one path is the other or lies below it.
pub(crate) fn below(path: &str, above: &str, home: &str) -> bool {
    let (path, above) = (plain(path, home), plain(above, home));
    let above = without_stars(&above);
    path == above || path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/') || above == "/")
}

/// Whether a word names something inside the repository.
pub(crate) fn in_project(word: &str, home: &str, project: &str) -> bool {
    let variables = ["PROJECT_DIR", "WORKSPACE", "workspaceFolder", "CLAUDE_PLUGIN_ROOT_LOCAL"];
    if word.starts_with(['$', '%']) && variables.iter().any(|name| word.contains(name)) {
        return true;
    }
    let path = plain(word, home);
    if absolute(&path) {
        return !project.is_empty() && path != plain(project, home) && below(&path, project, home);
    }
    let named = path.contains('/') && !path.contains("://") && !path.starts_with(['-', '$', '@', '%']);
    let script = [".sh", ".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".ps1", ".bat", ".cmd"];
    (named && !path.starts_with("../")) || script.iter().any(|end| path.ends_with(end))
}

/// The scheme of an address, in small letters; empty where there is none.
pub(crate) fn scheme(url: &str) -> String {
    url.split_once("://").map_or(String::new(), |(scheme, _)| scheme.trim().to_ascii_lowercase())
}

/// The host of an address, in small letters, without user and port.
pub(crate) fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// Whether an address is of this machine.
pub(crate) fn loopback(url: &str) -> bool {
    let host = host(url);
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "::1"
        || host.strip_prefix("127.").is_some_and(|rest| rest.chars().all(|char| char.is_ascii_digit() || char == '.'))
}

/// Whether a pattern of hosts or addresses lets in almost everything: `*`, `*.*`, `*.com`, `https://*`.
pub(crate) fn wide_domain(pattern: &str) -> bool {
    let pattern = pattern.trim();
    let rest = pattern.split_once("://").map_or(pattern, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    if host.is_empty() || host.chars().all(|char| matches!(char, '*' | '.')) {
        return host.contains('*') || pattern.is_empty();
    }
    let suffix = host.strip_prefix("*.").unwrap_or_default();
    let second = ["co", "com", "ne", "or", "ac", "go", "org", "net", "gov", "edu"];
    match suffix.split_once('.') {
        None => !suffix.is_empty(),
        Some((left, right)) => second.contains(&left) && right.len() == 2,
    }
}
