//! Where secrets lie. One table for every tool that reads.

use crate::Place;
use crate::could;
use crate::path::{absolute, base, within};
use crate::secret_tables::{ENDINGS, HOME, NAMES, SYSTEM, tables};
use crate::value::UNKNOWN;

/// Whether a path names secrets. `path` may be relative to the working folder, begin with `~`, and hold patterns.
pub fn is_secret_path(path: &str, place: &Place<'_>) -> bool {
    secret(&absolute(path, place.cwd, place), true, place)
}

/// The same of an absolute path; `glob` says whether patterns in it are active. Letters count the same in both cases: on the
/// disks of two of three systems they are.
pub(crate) fn secret(path: &str, glob: bool, place: &Place<'_>) -> bool {
    let lower = path.to_ascii_lowercase();
    // `@(a|b)` is a pattern with no other mark of one.
    if (glob || lower.contains('(')) && could::has_groups(&lower) {
        return could::alternatives(&lower).iter().any(|path| secret_alternative(path, true, place));
    }
    secret_alternative(&lower, glob, place)
}

fn secret_alternative(path: &str, glob: bool, place: &Place<'_>) -> bool {
    if path.ends_with(".pub") || path.ends_with("/known_hosts") {
        return false;
    }
    if proc_environment(path) {
        return true;
    }
    let name = base(path);
    if (glob && could::is_pattern(path)) || path.contains(UNKNOWN) {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        return tables(place).any(|known| known.could_be(&parts))
            || ssh_private(path, name)
            || if could::is_pattern(name) || name.contains(UNKNOWN) {
                named_by_pattern(name)
            } else {
                named(path, name)
            };
    }
    let home = place.home.to_ascii_lowercase();
    below_home(path, &home).is_some_and(|rest| HOME.iter().any(|known| listed(rest, known)))
        || SYSTEM.iter().any(|known| listed(path, known))
        || ssh_private(path, name)
        || named(path, name)
}

/// Whether a path names secrets on another machine or in a container, of which only the usual places are known.
pub(crate) fn secret_elsewhere(path: &str, place: &Place<'_>) -> bool {
    const FOLDERS: [&str; 8] = [
        "/run/secrets",
        "/var/run/secrets",
        "/etc/secrets",
        "/etc/ssl/private",
        "/vault/secrets",
        "/mnt/secrets-store",
        "/secrets",
        "/root/.ssh",
    ];
    let path = path.trim_end_matches('/');
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    FOLDERS.iter().any(|folder| within(&whole, folder)) || secret(&whole, false, place)
}

/// Whether a folder holds a listed secret of a home somewhere below it: who reads all of it, reads that.
pub(crate) fn holds_secrets(path: &str, glob: bool, place: &Place<'_>) -> bool {
    if path == place.project {
        return false;
    }
    let path = path.to_ascii_lowercase();
    if (glob && could::is_pattern(&path)) || path.contains(UNKNOWN) {
        return could::alternatives(&path).iter().any(|path| {
            let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
            tables(place).any(|known| known.could_hold(&parts))
        });
    }
    let home = place.home.to_ascii_lowercase();
    if within(&home, &path) || matches!(path.as_str(), "/" | "/home" | "/users" | "/root") {
        return true;
    }
    below_home(&path, &home).is_some_and(|rest| {
        rest.is_empty() || HOME.iter().any(|known| known.strip_prefix(rest).is_some_and(|below| below.starts_with('/')))
    })
}

/// The part behind a home: the person's, the administrator's, another person's.
fn below_home<'p>(path: &'p str, home: &str) -> Option<&'p str> {
    for home in [home, "/root"] {
        if let Some(rest) = path.strip_prefix(home)
            && (rest.is_empty() || rest.starts_with('/'))
        {
            return Some(rest.trim_start_matches('/'));
        }
    }
    let rest = path.strip_prefix("/home/").or_else(|| path.strip_prefix("/users/"))?;
    Some(rest.split_once('/').map_or("", |(_, rest)| rest))
}

fn listed(path: &str, known: &str) -> bool {
    match known.strip_suffix('/') {
        Some(folder) => within(path, folder),
        // The folder itself (`~/.ssh`, `~/.aws`), which holds the file.
        None => {
            path == known
                || known.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
                    && matches!(path, ".ssh" | ".aws" | ".kube" | ".docker")
        }
    }
}

fn ssh_private(path: &str, name: &str) -> bool {
    let in_ssh = path.contains("/.ssh/");
    in_ssh
        && !matches!(name, "config" | "known_hosts" | "known_hosts.old" | "authorized_keys" | "rc" | "environment")
        && (name.starts_with("id_")
            || name.contains("key")
            || name.ends_with(".pem")
            || name.contains(['*', UNKNOWN])
            || !name.contains('.'))
}

fn proc_environment(path: &str) -> bool {
    path.strip_prefix("/proc/")
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(_, what)| matches!(what, "environ" | "mem" | "maps") || what.ends_with("/environ"))
}

/// The name of the file of which this is a copy that an editor or a person has left.
fn original(name: &str) -> &str {
    if let Some(swap) = [".swp", ".swo", ".swn"].iter().find_map(|ending| name.strip_suffix(ending)) {
        return swap.strip_prefix('.').unwrap_or(swap);
    }
    let name = name.trim_matches('#').trim_end_matches('~');
    [".bak", ".orig", ".old", ".save", ".backup"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

fn named(path: &str, name: &str) -> bool {
    let first = original(name);
    if first != name && first.len() > 3 {
        return named(path, first);
    }
    if let Some(rest) = name.strip_prefix(".env") {
        return rest.is_empty() || rest.starts_with(['.', '-', '_']) && !harmless_kind(rest);
    }
    if NAMES.contains(&name) {
        return !sample(path) || name.starts_with("id_");
    }
    if path.contains("/secrets/")
        && [".yaml", ".yml", ".json", ".env", ".txt", ".toml"].iter().any(|ending| name.ends_with(ending))
        && !sample(path)
        && !path.contains("/src/")
        || path.contains("/secrets/") && [".yaml", ".yml"].iter().any(|ending| name.ends_with(ending)) && !sample(path)
    {
        return true;
    }
    if name.contains("firebase-adminsdk") && name.ends_with(".json") {
        return true;
    }
    if name.starts_with("service-account") && name.ends_with(".json")
        || name.starts_with("serviceaccount") && name.ends_with(".json")
    {
        return true;
    }
    if let Some(stem) = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)) {
        let public = [
            "ca",
            "cert",
            "chain",
            "fullchain",
            "public",
            "pub",
            "cacert",
            "ca-bundle",
            "ca-cert",
            "bundle",
            "i18n",
            "example",
            "sample",
        ];
        return !public.contains(&stem) && !stem.ends_with(".pub") && !stem.ends_with("-public") && !sample(path);
    }
    false
}

fn harmless_kind(rest: &str) -> bool {
    ["example", "sample", "template", "dist", "defaults", "schema", "tpl", "test.example", "d.ts", "ts", "js", "md"]
        .iter()
        .any(|kind| rest.ends_with(kind))
}

fn sample(path: &str) -> bool {
    ["/fixtures/", "/testdata/", "/examples/", "/tests/", "/test/", "/node_modules/", "/docs/"]
        .iter()
        .any(|part| path.contains(part))
}

fn named_by_pattern(pattern: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix(".env") {
        return !harmless_kind(rest.trim_end_matches('*'));
    }
    // A pattern with a dot before everything is a hunt for what is hidden.
    if pattern.starts_with('.') {
        return NAMES.iter().filter(|name| name.starts_with('.')).any(|name| could::part(pattern, name));
    }
    // A pattern for everything is not one for secrets.
    if could::fixed(pattern) < 2 {
        return false;
    }
    const SAMPLES: &[&str] = &[
        ".env",
        "id_rsa",
        "id_ed25519",
        "id_ecdsa",
        ".netrc",
        ".pgpass",
        ".git-credentials",
        "terraform.tfstate",
        "server.key",
        "private.pem",
        "client.p12",
        "store.kdbx",
        ".env.local",
        ".env.production",
    ];
    SAMPLES.iter().any(|sample| could::part(pattern, sample))
}

/// Whether a text holds something that looks like a secret value: a key, or a variable of such a name with a value.
pub(crate) fn looks_secret(text: &str) -> bool {
    const MARKS: &[&str] = &[
        "PRIVATE KEY-----",
        "AKIA",
        "ASIA",
        "ghp_",
        "gho_",
        "ghs_",
        "github_pat_",
        "glpat-",
        "xoxb-",
        "xoxp-",
        "sk-ant-",
        "sk_live_",
        "AIza",
        "npm_",
        "SECRET_ACCESS_KEY=",
        "SECRET_KEY=",
        "API_KEY=",
        "PASSWORD=",
        "TOKEN=",
        "_KEY=",
        "DATABASE_URL=",
        "SECRET=",
        "_API_KEY",
        "_PASSWORD",
        "Bearer ",
    ];
    MARKS.iter().any(|mark| text.contains(mark))
}

/// Whether the name of a variable of the environment says that it holds a secret.
pub(crate) fn secret_variable(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    const PARTS: &[&str] = &[
        "TOKEN",
        "SECRET",
        "PASSWORD",
        "PASSWD",
        "PASSPHRASE",
        "CREDENTIAL",
        "API_KEY",
        "APIKEY",
        "PRIVATE_KEY",
        "ACCESS_KEY",
        "DATABASE_URL",
        "AUTH_KEY",
    ];
    PARTS.iter().any(|part| upper.contains(part))
        || upper.ends_with("_PAT")
        || upper.ends_with("_KEY") && upper.len() > 8
        || upper == "PGPASSWORD"
}
