//! Where secrets lie. One table for every tool that reads.

use crate::Place;
use crate::path::{absolute, base, matches, within};
use crate::value::UNKNOWN;

/// Below the home: patterns of paths, and folders with all in them (`/` at the end).
const HOME: &[&str] = &[
    ".ssh/id_rsa",
    ".ssh/id_dsa",
    ".ssh/id_ecdsa",
    ".ssh/id_ed25519",
    ".ssh/identity",
    ".ssh/id_ed25519_sk",
    ".ssh/deploy_key",
    ".ssh/id_ecdsa_sk",
    ".ssh/github",
    ".ssh/private.pem",
    ".gnupg/",
    ".aws/credentials",
    ".aws/config",
    ".aws/sso/",
    ".aws/cli/",
    ".azure/",
    ".config/gcloud/",
    ".kube/config",
    ".kube/cache/",
    ".docker/config.json",
    ".config/containers/auth.json",
    ".netrc",
    "_netrc",
    ".authinfo",
    ".authinfo.gpg",
    ".pgpass",
    ".my.cnf",
    ".mylogin.cnf",
    ".git-credentials",
    ".config/git/credentials",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".pypirc",
    ".gem/credentials",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".m2/settings.xml",
    ".m2/settings-security.xml",
    ".gradle/gradle.properties",
    ".nuget/NuGet/NuGet.Config",
    ".composer/auth.json",
    ".config/composer/auth.json",
    ".config/gh/hosts.yml",
    ".config/hub",
    ".config/glab-cli/config.yml",
    ".config/doctl/config.yaml",
    ".config/op/",
    ".config/rclone/rclone.conf",
    ".config/heroku/",
    ".terraform.d/credentials.tfrc.json",
    ".terraformrc",
    ".vault-token",
    ".config/sops/age/keys.txt",
    ".age/",
    ".s3cfg",
    ".boto",
    ".config/stripe/config.toml",
    ".fly/config.yml",
    ".config/netlify/config.json",
    ".netlify/config.json",
    ".vercel/auth.json",
    ".local/share/com.vercel.cli/auth.json",
    ".config/vercel/auth.json",
    ".config/configstore/",
    ".databrickscfg",
    ".snowsql/config",
    ".dbt/profiles.yml",
    ".kaggle/kaggle.json",
    ".huggingface/token",
    ".cache/huggingface/token",
    ".config/openai/",
    ".openai/",
    ".claude/.credentials.json",
    ".claude.json",
    ".codex/auth.json",
    ".gemini/oauth_creds.json",
    ".gemini/google_accounts.json",
    ".config/github-copilot/",
    ".copilot/config.json",
    ".local/share/opencode/auth.json",
    ".cursor/auth.json",
    ".config/anthropic/",
    ".local/share/keyrings/",
    ".local/share/kwalletd/",
    ".password-store/",
    "Library/Keychains/",
    ".mozilla/firefox/",
    ".config/google-chrome/",
    ".config/chromium/",
    ".config/BraveSoftware/",
    "Library/Application Support/Google/Chrome/",
    "Library/Application Support/Firefox/",
    "Library/Cookies/",
    "Library/Messages/",
    "Library/Mail/",
    "Library/Safari/",
    "AppData/Local/Google/Chrome/User Data/",
    ".config/microsoft-edge/",
    "Library/Application Support/com.apple.TCC/TCC.db",
    ".thunderbird/",
    ".bitcoin/",
    ".ethereum/",
    ".electrum/",
    ".config/solana/id.json",
    ".bash_history",
    ".zsh_history",
    ".histfile",
    ".local/share/fish/fish_history",
    ".python_history",
    ".node_repl_history",
    ".psql_history",
    ".mysql_history",
    ".sqlite_history",
    ".rediscli_history",
    ".lesshst",
    ".config/fish/fish_history",
    ".history",
    ".irb_history",
    ".zhistory",
    ".sh_history",
    ".Xauthority",
    ".esmtprc",
    ".msmtprc",
    ".mutt/",
    ".fetchmailrc",
    ".smbcredentials",
    ".wgetrc",
    ".config/filezilla/sitemanager.xml",
    ".remmina/",
    ".config/ngrok/ngrok.yml",
    ".ngrok2/ngrok.yml",
    ".cloudflared/",
    ".config/Signal/",
    ".config/Slack/",
    ".minikube/profiles/",
    ".consul-token",
    ".ansible_vault_pass",
    ".vault_pass",
    ".config/pulumi/credentials.json",
    ".pulumi/credentials.json",
    ".oci/config",
    ".aliyun/config.json",
    ".bluemix/",
    ".config/helm/registry/",
];

/// Of the system.
const SYSTEM: &[&str] = &[
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/gshadow",
    "/etc/gshadow-",
    "/etc/master.passwd",
    "/etc/sudoers",
    "/etc/sudoers.d/",
    "/etc/krb5.keytab",
    "/etc/ssl/private/",
    "/etc/pki/tls/private/",
    "/etc/letsencrypt/",
    "/etc/kubernetes/admin.conf",
    "/etc/kubernetes/pki/",
    "/etc/rancher/k3s/k3s.yaml",
    "/var/run/secrets/",
    "/run/secrets/",
    "/private/etc/master.passwd",
    "/var/lib/docker/",
    "/etc/docker/key.json",
    "/etc/wireguard/",
    "/etc/openvpn/",
    "/etc/ppp/chap-secrets",
    "/var/db/dslocal/",
    "/Library/Keychains/",
    "/Windows/System32/config/SAM",
    "/var/lib/kubelet/",
    "/etc/NetworkManager/system-connections/",
    "/root/",
    "/var/backups/",
    "/dev/mem",
    "/dev/kmem",
    "/proc/kcore",
    "/etc/security/opasswd",
];

/// By the last part of the path, anywhere.
const NAMES: &[&str] = &[
    ".env",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    ".netrc",
    ".pgpass",
    ".git-credentials",
    ".pypirc",
    ".htpasswd",
    "credentials.json",
    "client_secret.json",
    "service-account.json",
    "service_account.json",
    "serviceaccount.json",
    "application_default_credentials.json",
    "terraform.tfstate",
    "terraform.tfstate.backup",
    "secrets.yml",
    "secrets.yaml",
    "secrets.json",
    "secrets.toml",
    "secrets.env",
    "secret.env",
    "master.key",
    "credentials.yml",
    "credentials.toml",
    ".vault-token",
    ".vault_pass",
    "vault_pass.txt",
    "kubeconfig",
    "wallet.dat",
    "keystore.jks",
    "login.keychain-db",
    "logins.json",
    "key4.db",
    "cookies.sqlite",
    "auth.json",
    ".dockercfg",
    ".dockerconfigjson",
    "secring.gpg",
    "ssh_host_rsa_key",
    "ssh_host_ed25519_key",
    "ssh_host_ecdsa_key",
    "local.settings.json",
    ".secrets",
    ".envrc.local",
    "credentials.tfrc.json",
    "token.txt",
    "access_token.txt",
    "passwords.txt",
    ".dev.vars",
    "credentials.csv",
];

const ENDINGS: &[&str] = &[
    ".pem",
    ".key",
    ".p12",
    ".pfx",
    ".jks",
    ".keystore",
    ".kdbx",
    ".ppk",
    ".asc.key",
    ".keychain",
    ".keychain-db",
    ".ovpn",
    ".tfstate",
    ".keytab",
    ".p8",
    ".mobileprovision.key",
    ".agekey",
    ".env",
    ".tfvars",
];

/// Whether a path names secrets. `path` may be relative to the working folder, begin with `~`, and hold patterns.
pub fn is_secret_path(path: &str, place: &Place<'_>) -> bool {
    secret(&absolute(path, place.cwd, place), true, place)
}

/// The same of an absolute path; `glob` says whether patterns in it are active.
pub(crate) fn secret(path: &str, glob: bool, place: &Place<'_>) -> bool {
    let lower = path.to_ascii_lowercase();
    if lower.ends_with(".pub") || lower.ends_with("/known_hosts") {
        return false;
    }
    let patterned = (glob && path.contains(['*', '?', '['])) || path.contains(UNKNOWN);
    if proc_environment(path) {
        return true;
    }
    for folder in [place.home, "/root"] {
        if let Some(rest) = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'))
            && HOME.iter().any(|known| listed(rest, known, patterned))
        {
            return true;
        }
    }
    // Another person's home, and a home whose name is not known.
    if let Some(rest) = other_home(path)
        && HOME.iter().any(|known| listed(rest, known, patterned))
    {
        return true;
    }
    if SYSTEM.iter().any(|known| listed(path, known, patterned)) {
        return true;
    }
    let name = base(path);
    if ssh_private(path, name) {
        return true;
    }
    if patterned && name.contains(['*', '?', '[', UNKNOWN]) {
        return named_by_pattern(name);
    }
    named(path, name)
}

fn other_home(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/home/").or_else(|| path.strip_prefix("/Users/")).or_else(|| {
        path.split_once(UNKNOWN).filter(|(before, _)| before.is_empty() || *before == "/").map(|(_, rest)| rest)
    })?;
    let rest = rest.trim_start_matches('/');
    // `/home/NAME/…`, or the part behind what is not known.
    if path.starts_with("/home/") || path.starts_with("/Users/") {
        rest.split_once('/').map(|(_, rest)| rest)
    } else {
        Some(rest)
    }
}

fn listed(path: &str, known: &str, patterned: bool) -> bool {
    if let Some(folder) = known.strip_suffix('/') {
        if within(path, folder) {
            return true;
        }
        return patterned && {
            let parts = folder.split('/').count();
            let head: Vec<&str> = path.split('/').take(parts).collect();
            head.len() == parts && parts_match(&head.join("/"), folder)
        };
    }
    if path == known {
        return true;
    }
    // The folder itself (`~/.ssh`, `~/.aws`), which holds the file.
    if known.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        && matches!(path, ".ssh" | ".aws" | ".kube" | ".docker")
    {
        return true;
    }
    patterned && parts_match(path, known)
}

/// Part by part, so that a pattern does not go over a slash; `**` does.
fn parts_match(pattern: &str, text: &str) -> bool {
    if pattern.starts_with(['*', UNKNOWN]) && !pattern.contains('/') {
        return false;
    }
    let (left, right): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), text.split('/').collect());
    left.len() == right.len() && left.iter().zip(&right).all(|(pattern, text)| matches(pattern, text))
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

fn named(path: &str, name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix(".env") {
        return rest.is_empty() || rest.starts_with(['.', '-', '_']) && !harmless_kind(rest);
    }
    if NAMES.contains(&lower.as_str()) {
        return !sample(path) || lower.starts_with("id_");
    }
    if path.contains("/secrets/")
        && [".yaml", ".yml", ".json", ".env", ".txt", ".toml"].iter().any(|ending| lower.ends_with(ending))
        && !sample(path)
        && !path.contains("/src/")
        || path.contains("/secrets/") && [".yaml", ".yml"].iter().any(|ending| lower.ends_with(ending)) && !sample(path)
    {
        return true;
    }
    if lower.starts_with("service-account") && lower.ends_with(".json")
        || lower.starts_with("serviceaccount") && lower.ends_with(".json")
    {
        return true;
    }
    if let Some(stem) = ENDINGS.iter().find_map(|ending| lower.strip_suffix(ending)) {
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
    // A pattern for everything is not a hunt for secrets.
    let fixed = pattern.chars().filter(|c| !matches!(c, '*' | '?' | '[' | ']' | '.') && *c != UNKNOWN).count();
    if pattern.starts_with(".env") {
        return !harmless_kind(pattern.trim_start_matches(".env"));
    }
    if fixed < 2 {
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
    SAMPLES.iter().any(|sample| matches(pattern, sample))
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
