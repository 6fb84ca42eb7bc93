//! The names of MCP tools, read as words.

use serde_json::Value as Json;

use crate::Traits;
use crate::tools::text_of;

/// The words of a name: `delete_branch`, `deleteBranch`, `delete-branch`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            all.push(String::new());
            lower = false;
            continue;
        }
        if c.is_uppercase() && lower {
            all.push(String::new());
        }
        lower = c.is_lowercase();
        if let Some(last) = all.last_mut() {
            last.extend(c.to_lowercase());
        }
    }
    all.retain(|word| !word.is_empty());
    all
}

pub(crate) struct Named {
    pub(crate) words: Vec<String>,
}

impl Named {
    pub(crate) fn has(&self, any: &[&str]) -> bool {
        self.words.iter().any(|word| any.contains(&word.as_str()))
    }

    fn starts(&self, any: &[&str]) -> bool {
        self.words.iter().take(2).any(|word| any.contains(&word.as_str()))
    }
}

/// Verbs that remove for good.
const STRONG: &[&str] =
    &["delete", "remove", "drop", "destroy", "purge", "erase", "wipe", "truncate", "terminate", "uninstall"];

/// What the name of a tool says, with the name of its server.
pub(crate) fn by_name(server: &[String], tool: &Named, input: &Json) -> (Traits, &'static str) {
    let from = |any: &[&str]| server.iter().any(|word| any.contains(&word.as_str()));
    let reads = tool.starts(&[
        "get", "list", "search", "describe", "read", "show", "find", "fetch", "view", "query", "explain", "count",
        "status", "diff", "log", "logs", "check", "validate", "plan", "preview", "lint", "lookup", "resolve",
    ]);
    let removes = tool.has(&[
        "delete",
        "remove",
        "drop",
        "destroy",
        "purge",
        "erase",
        "wipe",
        "truncate",
        "terminate",
        "uninstall",
        "prune",
        "flush",
        "deprovision",
        "teardown",
        "rm",
        "trash",
        "clear",
        "reset",
        "pause",
        "revoke",
        "empty",
        "flushall",
        "flushdb",
        "obliterate",
        "undeploy",
    ]);
    // Of the words of a name the worst counts: `getOrDelete`.
    let strong = tool.has(STRONG);
    let makes = tool.has(&[
        "create", "add", "put", "set", "update", "write", "apply", "attach", "enable", "generate", "grant", "insert",
        "rotate", "new", "invite", "patch", "upsert", "register", "edit", "modify", "assign", "bind",
    ]);
    let dry = ["dry_run", "dryRun", "dry-run"].iter().any(|key| {
        input
            .get(*key)
            .is_some_and(|value| value == true || value.as_str().is_some_and(|text| !matches!(text, "none" | "false")))
    });
    if dry {
        return (Traits::NONE, "");
    }
    if tool.has(&[
        "secret",
        "secrets",
        "credential",
        "credentials",
        "password",
        "passwords",
        "token",
        "tokens",
        "apikey",
        "keypair",
    ]) || tool.has(&["key"]) && tool.has(&["api", "access", "ssh", "deploy", "private", "signing"])
    {
        if makes || removes {
            return (Traits::CHANGES_ACCESS, "makes or changes secrets or keys");
        }
        if reads && !tool.has(&["list", "scanning", "alerts", "count"]) {
            return (Traits::READS_SECRET, "reads a secret");
        }
    }
    if tool.has(&["protection", "ruleset", "rulesets", "firewall", "waf"])
        && (makes || removes || tool.has(&["disable"]))
    {
        return (Traits::DISABLES_SECURITY, "changes what protects a branch or a network");
    }
    if tool.has(&[
        "user",
        "users",
        "member",
        "members",
        "collaborator",
        "collaborators",
        "role",
        "roles",
        "policy",
        "permission",
        "permissions",
        "access",
        "acl",
        "team",
        "iam",
    ]) && (makes || removes || tool.has(&["share", "transfer"]))
        && !from(&["cedar"])
    {
        return (Traits::CHANGES_ACCESS, "changes who may do what");
    }
    let vault = from(&[
        "1password",
        "onepassword",
        "bitwarden",
        "lastpass",
        "dashlane",
        "keeper",
        "keepass",
        "vault",
        "doppler",
        "infisical",
    ]);
    if vault && reads && !tool.has(&["list", "search", "status", "find"]) {
        return (Traits::READS_SECRET, "reads a secret");
    }
    if tool.has(&["sms", "call", "whatsapp"])
        && tool.has(&["send", "make", "create"])
        && from(&["twilio", "vonage", "plivo", "messagebird", "sinch", "whatsapp", "sms"])
    {
        return (Traits::SENDS_OUT, "sends a message to a telephone");
    }
    if tool.has(&["tunnel", "expose", "ngrok"]) && !reads {
        return (Traits::EXPOSES_NETWORK, "opens a way in from outside");
    }
    if tool.has(&["share", "permission", "permissions"])
        && text_of(input, &["type", "visibility", "access"])
            .is_some_and(|who| matches!(who, "anyone" | "public" | "everyone"))
    {
        return (Traits::SENDS_OUT | Traits::CHANGES_ACCESS, "lets everybody read a file");
    }
    if tool.has(&["gist", "snippet", "paste", "pastebin"]) && makes {
        return (Traits::SENDS_OUT, "publishes a text");
    }
    if tool.has(&["tweet", "toot"])
        || tool.has(&["post", "publish"])
            && from(&["twitter", "x", "mastodon", "bluesky", "linkedin", "facebook", "social", "reddit"])
    {
        return (Traits::PUBLISHES | Traits::SENDS_OUT, "publishes a text");
    }
    if tool.has(&["kill"]) && (input.get("pid").and_then(Json::as_i64).is_some_and(|pid| pid <= 1)) {
        return (Traits::EXHAUSTS, "stops all processes");
    }
    if truthy(input, "force") && tool.has(&["ref", "refs", "branch", "push", "tag"]) {
        return (Traits::REWRITES_HISTORY, "overwrites or removes a branch");
    }
    let verbs = ["verb", "operation", "action", "mode", "subcommand", "method", "httpMethod", "http_method"];
    let removing = |verb: &str| words(verb).iter().any(|word| STRONG.contains(&word.to_ascii_lowercase().as_str()));
    if verbs
        .iter()
        .filter_map(|key| text_of(input, &[*key]))
        .any(|verb| removing(&verb.to_ascii_lowercase()) || removing(verb))
    {
        return (Traits::DESTROYS_INFRASTRUCTURE | Traits::DISCARDS_WORK, "removes something");
    }
    if tool.has(&["disable"]) {
        return (Traits::DISABLES_SECURITY, "switches something off");
    }
    if from(&["git", "gitea", "gitlab", "github", "bitbucket"]) && !removes {
        if tool.has(&["reset"]) || tool.has(&["checkout"]) && truthy(input, "force") || tool.has(&["clean"]) {
            return (Traits::DISCARDS_WORK, "throws away changes that are not committed");
        }
        if tool.has(&["push"]) && (truthy(input, "force") || truthy(input, "force_push")) {
            return (Traits::REWRITES_HISTORY, "overwrites what others may have");
        }
        if tool.has(&["merge"]) && !reads {
            return (Traits::PUBLISHES, "merges into a shared branch");
        }
        if tool.has(&["fork", "transfer"]) {
            return (Traits::SENDS_OUT, "copies a repository to another place");
        }
    }
    if tool.has(&["reset"]) && text_of(input, &["mode"]).is_some_and(|mode| mode == "hard") {
        return (Traits::DISCARDS_WORK, "throws away changes that are not committed");
    }
    if tool.has(&["clean"]) && truthy(input, "force") {
        return (Traits::DISCARDS_WORK, "removes files that git does not know");
    }
    if removes && (!reads || strong) {
        if from(&["git", "github", "gitlab", "gitea", "bitbucket"])
            || tool.has(&["branch", "tag", "repository", "repo", "commit"])
        {
            return (Traits::REWRITES_HISTORY | Traits::DISCARDS_WORK, "removes a branch, tag, file or repository");
        }
        if from(&[
            "postgres",
            "postgresql",
            "mysql",
            "sqlite",
            "mongodb",
            "mongo",
            "redis",
            "supabase",
            "neon",
            "bigquery",
            "snowflake",
            "clickhouse",
            "elasticsearch",
            "qdrant",
            "pinecone",
            "database",
            "db",
            "mariadb",
            "mssql",
            "dynamodb",
            "firestore",
            "kafka",
            "airtable",
            "weaviate",
            "chroma",
            "duckdb",
            "cassandra",
            "neo4j",
        ]) && !tool.has(&["project", "instance", "cluster", "branch"])
        {
            return (Traits::DESTROYS_DATA, "removes data of a database");
        }
        if from(&[
            "filesystem",
            "files",
            "file",
            "fs",
            "desktop",
            "memory",
            "browser",
            "playwright",
            "puppeteer",
            "todo",
            "todos",
        ]) && !tool.has(&["file", "directory", "folder", "files"])
        {
            return (Traits::NONE, "");
        }
        if from(&["filesystem", "files", "file", "fs", "desktop"]) {
            return (Traits::NONE, "");
        }
        if from(&[
            "aws",
            "azure",
            "gcp",
            "gcloud",
            "kubernetes",
            "k8s",
            "docker",
            "terraform",
            "cloudflare",
            "helm",
            "vercel",
            "heroku",
            "netlify",
            "digitalocean",
            "fly",
            "pulumi",
            "cloud",
            "railway",
            "render",
            "proxmox",
            "vmware",
            "podman",
            "nomad",
            "portainer",
        ]) || tool.has(&[
            "instance",
            "cluster",
            "volume",
            "container",
            "namespace",
            "bucket",
            "stack",
            "deployment",
            "server",
            "vm",
            "project",
            "site",
            "domain",
            "zone",
            "app",
            "environment",
        ]) {
            return (Traits::DESTROYS_INFRASTRUCTURE, "removes something that runs");
        }
        return (Traits::DESTROYS_DATA, "removes something that may not come back");
    }
    if tool.has(&["publish", "deploy", "release", "redeploy", "promote"]) && !reads {
        return (Traits::PUBLISHES, "publishes or deploys");
    }
    if tool.has(&[
        "refund", "refunds", "payment", "payout", "charge", "transfer", "invoice", "payments", "purchase", "order",
        "pay", "buy", "checkout",
    ]) && !reads
        && (makes || tool.has(&["cancel", "capture", "send"]))
        && from(&["stripe", "paypal", "square", "bank", "payments", "shopify", "wise", "adyen", "billing"])
    {
        return (Traits::PUBLISHES | Traits::CHANGES_ACCESS, "moves money");
    }
    if tool.has(&["webhook", "hook", "webhooks"]) && makes {
        return (Traits::CHANGES_SUPPLY_CHAIN | Traits::SENDS_OUT, "sends events to another place");
    }
    if tool.has(&["workflow"]) && tool.has(&["run", "dispatch", "trigger"]) && !reads {
        return (Traits::PUBLISHES, "starts a pipeline");
    }
    if tool.has(&["config"]) && tool.has(&["set", "update", "write"]) {
        return (Traits::CHANGES_AGENT, "changes the settings of a tool server");
    }
    if from(&[
        "aws",
        "azure",
        "gcp",
        "gcloud",
        "kubernetes",
        "k8s",
        "terraform",
        "cloudflare",
        "helm",
        "digitalocean",
        "pulumi",
        "heroku",
        "proxmox",
        "nomad",
        "argocd",
        "vercel",
    ]) && !reads
        && tool.has(&[
            "apply",
            "create",
            "update",
            "scale",
            "patch",
            "install",
            "upgrade",
            "restart",
            "rollout",
            "stop",
            "start",
            "exec",
            "delete",
            "put",
            "set",
            "sync",
            "rollback",
            "drain",
            "cordon",
            "provision",
            "run",
            "attach",
            "detach",
            "modify",
        ])
        && !tool.has(&["command", "aws", "cli"])
    {
        return (Traits::CHANGES_INFRASTRUCTURE, "changes something that runs");
    }
    if reads
        && text_of(input, &["resourceType", "resource_type", "kind", "resource"])
            .is_some_and(|kind| matches!(kind.to_ascii_lowercase().as_str(), "secret" | "secrets"))
    {
        return (Traits::READS_SECRET, "reads secrets of a cluster");
    }
    (Traits::NONE, "")
}

pub(crate) fn truthy(input: &Json, key: &str) -> bool {
    input.get(key).and_then(Json::as_bool).unwrap_or(false)
}
