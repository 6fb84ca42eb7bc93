//! Where secrets lie. One table for every tool that reads.

use crate::Place;
use crate::could;
use crate::path::{absolute, base, within};
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
    ".nuget/nuget/nuget.config",
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
    "library/keychains/",
    ".mozilla/firefox/",
    ".config/google-chrome/",
    ".config/chromium/",
    ".config/bravesoftware/",
    "library/application support/google/chrome/",
    "library/application support/firefox/",
    "library/cookies/",
    "library/messages/",
    "library/mail/",
    "library/safari/",
    "appdata/local/google/chrome/user data/",
    ".config/microsoft-edge/",
    "library/application support/com.apple.tcc/tcc.db",
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
    ".xauthority",
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
    ".config/signal/",
    ".config/slack/",
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
    "/library/keychains/",
    "/windows/system32/config/sam",
    "/var/lib/kubelet/",
    "/etc/networkmanager/system-connections/",
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

/// A path of the tables, by its parts.
struct Known {
    /// The parts of the home; none where any person's is meant.
    home: Vec<Option<String>>,
    parts: Vec<&'static str>,
    is_folder: bool,
}

fn tables<'p>(place: &'p Place<'p>) -> impl Iterator<Item = Known> + 'p {
    let split = |known: &'static str| known.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let exact =
        |home: &str| home.split('/').filter(|part| !part.is_empty()).map(|part| Some(part.to_owned())).collect();
    let homes: [Vec<Option<String>>; 4] = [
        exact(&place.home.to_ascii_lowercase()),
        exact("/root"),
        vec![Some("home".to_owned()), None],
        vec![Some("users".to_owned()), None],
    ];
    let personal = homes.into_iter().flat_map(move |home| {
        HOME.iter().map(move |known| Known { home: home.clone(), parts: split(known), is_folder: known.ends_with('/') })
    });
    let system = SYSTEM.iter().map(move |known| Known {
        home: Vec::new(),
        parts: split(known),
        is_folder: known.ends_with('/'),
    });
    personal.chain(system)
}

impl Known {
    /// Whether a pattern could match it, or something in it.
    fn could_be(&self, pattern: &[&str]) -> bool {
        let fits = |tail: &[&str]| could::is_narrow(tail) && could::path(tail, &self.parts);
        self.behind_unknown(pattern)
            || self.tail(pattern).is_some_and(|tail| match (self.is_folder, tail.contains(&"**")) {
                (false, _) => fits(tail),
                (true, false) => tail.get(..self.parts.len()).is_some_and(fits),
                (true, true) => (1..=tail.len()).any(|length| tail.get(..length).is_some_and(fits)),
            })
    }

    /// `$X/.aws/credentials`: what is not known may be the home.
    fn behind_unknown(&self, pattern: &[&str]) -> bool {
        let fits = |tail: &[&str]| {
            let tail = if self.is_folder { tail.get(..self.parts.len()).unwrap_or(tail) } else { tail };
            could::is_narrow(tail) && could::path(tail, &self.parts)
        };
        !self.home.is_empty()
            && pattern.iter().enumerate().filter(|(_, part)| part.contains(UNKNOWN)).any(|(at, part)| {
                let glued = part.chars().any(|c| c != UNKNOWN);
                (at == 0 || self.parts.len() > 1)
                    && (pattern.get(at + 1..).is_some_and(fits) || (glued && pattern.get(at..).is_some_and(fits)))
            })
    }

    /// Whether a pattern could match a folder above it.
    fn could_hold(&self, pattern: &[&str]) -> bool {
        let above = pattern.len().checked_sub(self.home.len()).and_then(|length| self.parts.get(..length));
        !self.home.is_empty()
            && above.is_some_and(|above| {
                above.len() < self.parts.len()
                    && self.tail(pattern).is_some_and(|tail| could::is_narrow(tail) && could::path(tail, above))
            })
    }

    /// The pattern behind the home, if the home fits.
    fn tail<'a, 'p>(&self, pattern: &'a [&'p str]) -> Option<&'a [&'p str]> {
        let fits = self.home.iter().enumerate().all(|(at, part)| {
            let pattern = pattern.get(at).copied().unwrap_or("");
            part.as_deref().map_or(!pattern.is_empty(), |part| could::part(pattern, part))
        });
        if fits { pattern.get(self.home.len()..) } else { None }
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

fn named(path: &str, name: &str) -> bool {
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
