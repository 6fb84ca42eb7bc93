//! Where secrets lie: the tables, in small letters, and which patterns could mean one of their paths.

use crate::Place;
use crate::could;
use crate::value::UNKNOWN;

/// Below the home: patterns of paths, and folders with all in them (`/` at the end).
pub(crate) const HOME: &[&str] = &[
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
    ".config/age/",
    ".config/discord/",
    "library/application support/discord/",
    "library/application support/slack/",
    ".config/rage/",
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
    ".local/state/yata/",
    "library/application support/yata/",
];

/// Of the system.
pub(crate) const SYSTEM: &[&str] = &[
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
    "/etc/wpa_supplicant/",
    "/etc/wpa_supplicant.conf",
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
pub(crate) const NAMES: &[&str] = &[
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
    "wp-config.php",
];

pub(crate) const ENDINGS: &[&str] = &[
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

/// A path of the tables, by its parts.
pub(crate) struct Known {
    /// The parts of the home; none where any person's is meant.
    home: Vec<Option<String>>,
    parts: Vec<&'static str>,
    is_folder: bool,
}

pub(crate) fn tables<'p>(place: &'p Place<'p>) -> impl Iterator<Item = Known> + 'p {
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
    pub(crate) fn could_be(&self, pattern: &[&str]) -> bool {
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
    pub(crate) fn could_hold(&self, pattern: &[&str]) -> bool {
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
