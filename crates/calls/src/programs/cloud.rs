//! Clouds and clusters: their command lines name what they do in verbs.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::net::Load;
use crate::value::{Flow, Value};

use super::cloud_words::{CAMEL, OTHERS, READS, REMOVES};
use super::{is_dry, texts};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    match name {
        "awslocal" => Some(Value::unknown(Flow::OUTPUT)),
        "aws" | "aws2" => Some(aws(m, args)),
        "gcloud" | "az" | "oci" | "aliyun" | "ibmcloud" | "doctl" | "linode-cli" | "hcloud" | "scw" | "exo"
        | "vultr-cli" | "openstack" | "nova" | "civo" | "eksctl" | "azd" | "tccli" | "yc" | "upctl" | "gcloud.cmd" => {
            Some(verbs(m, name, args))
        }
        "atlas" if args.first().is_some_and(|value| matches!(value.text.as_str(), "schema" | "migrate")) => None,
        _ if OTHERS.contains(&name) => Some(verbs(m, name, args)),
        "gsutil" | "bq" | "azcopy" => Some(stores(m, name, args)),
        "kubectl" | "k" | "oc" | "kubecolor" | "k3s" | "microk8s" | "minikube-kubectl" => {
            Some(super::clusters::kubectl(m, name, args))
        }
        _ => None,
    }
}

/// The verb of an action: `delete-table`, `instance-delete`, `numbers:remove`, `DeleteInstance`.
fn first_word(action: &str) -> &str {
    let mut parts = action.split(['-', ':', '.']);
    let first = parts.next().unwrap_or(action);
    if READS.contains(&first) || REMOVES.contains(&first) {
        return first;
    }
    let camel =
        |start: &str| action.strip_prefix(start).is_some_and(|rest| rest.starts_with(|c: char| c.is_uppercase()));
    for (start, verb) in CAMEL {
        if camel(start) {
            return verb;
        }
    }
    parts.find(|part| REMOVES.contains(part)).unwrap_or(first)
}

fn aws(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(
        args,
        "profile region output query endpoint-url cli-input-json filters no-paginate max-items bucket key body name names value instance-ids group-id cidr protocol port policy-arn user-name role-name ids cli-read-timeout start-time end-time since log-group-name stack-name",
    );
    let service = parsed.operand(0).to_owned();
    let action = parsed.operand(1).to_owned();
    let local = parsed.value(&["endpoint-url"]).is_some_and(|url| crate::net::is_local(crate::net::host(&url.text)));
    if local
        || is_dry(args)
        || args.iter().any(|value| value.text.starts_with("--generate-cli-skeleton"))
        || parsed.rest.last().is_some_and(|value| value.text == "help")
    {
        return Value::unknown(Flow::OUTPUT);
    }
    let all = texts(args);
    let secret = match (service.as_str(), action.as_str()) {
        ("secretsmanager", "get-secret-value" | "batch-get-secret-value" | "get-random-password") => true,
        ("ssm", "get-parameter" | "get-parameters" | "get-parameters-by-path" | "get-parameter-history") => {
            all.contains(&"--with-decryption")
        }
        ("sts", action) => {
            action.starts_with("assume-role") || matches!(action, "get-session-token" | "get-federation-token")
        }
        ("configure", "get" | "export-credentials") => {
            action == "export-credentials"
                || parsed.operand(2).contains("secret")
                || parsed.operand(2).contains("access_key")
                || parsed.operand(2).contains("token")
        }
        ("kms", "decrypt" | "generate-data-key")
        | ("ecr" | "ecr-public", "get-login-password" | "get-login" | "get-authorization-token")
        | ("eks", "get-token")
        | ("rds", "generate-db-auth-token")
        | ("codeartifact", "get-authorization-token") => true,
        ("ec2", "get-password-data")
        | ("lightsail", "download-default-key-pair")
        | ("ec2", "get-console-output-secret") => true,
        ("sso", "get-role-credentials")
        | ("cognito-identity", "get-credentials-for-identity")
        | ("redshift", "get-cluster-credentials") => true,
        ("apigateway", "get-api-keys") => all.contains(&"--include-values"),
        _ => false,
    };
    if secret {
        m.mark(Traits::READS_SECRET | Traits::OUTWARD, "asks a cloud for a secret");
        return Value::unknown(Flow::SECRET);
    }
    m.mark(Traits::OUTWARD, "asks a cloud");
    if service == "s3" {
        aws_s3(m, &action, &parsed);
        return Value::unknown(Flow::REMOTE);
    }
    let word = first_word(&action);
    let access = matches!(
        service.as_str(),
        "iam"
            | "organizations"
            | "sso-admin"
            | "identitystore"
            | "cognito-idp"
            | "kms"
            | "secretsmanager"
            | "lakeformation"
            | "ram"
    ) || action.contains("permission")
        || action.contains("policy") && !action.contains("lifecycle")
        || action.contains("key-pair");
    let security = matches!(
        service.as_str(),
        "cloudtrail"
            | "guardduty"
            | "securityhub"
            | "config"
            | "macie2"
            | "inspector2"
            | "wafv2"
            | "waf"
            | "detective"
            | "access-analyzer"
            | "configservice"
    ) || action.contains("public-access-block")
        || action.contains("flow-logs")
        || action.contains("encryption")
        || action.contains("logging");
    let network = action.contains("security-group") || action.contains("network-acl");
    if service == "configure" {
        if matches!(action.as_str(), "set" | "import" | "") && !action.is_empty() {
            m.mark(Traits::CHANGES_ACCESS, "changes the credentials of a cloud");
        }
    } else if service.is_empty()
        || READS.contains(&word)
        || READS.contains(&action.as_str())
        || matches!(service.as_str(), "sts" | "help")
    {
        if service == "logs" && action == "delete-log-group" {}
    } else if service == "ssm" && matches!(action.as_str(), "put-parameter" | "delete-parameter" | "delete-parameters")
    {
        m.mark(Traits::CHANGES_ACCESS, "changes a kept secret or setting");
    } else if service == "ssm" && matches!(action.as_str(), "start-session" | "send-command") {
        m.mark(Traits::CHANGES_INFRASTRUCTURE, "runs commands on machines of a cloud");
    } else if security
        && !READS.contains(&word)
        && (REMOVES.contains(&word) || matches!(word, "update" | "disable" | "put" | "stop" | "modify"))
    {
        m.mark(Traits::DISABLES_SECURITY, "switches off a watch or a protection of a cloud");
    } else if network && matches!(word, "authorize" | "modify" | "create" | "revoke") {
        m.mark(Traits::EXPOSES_NETWORK | Traits::CHANGES_INFRASTRUCTURE, "changes who may reach machines");
    } else if access {
        m.mark(Traits::CHANGES_ACCESS, "changes who may do what in a cloud");
    } else if REMOVES.contains(&word) || action.starts_with("schedule-key-deletion") || action.contains("delete") {
        m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes or stops something in a cloud");
    } else if matches!(service.as_str(), "ecr" | "ecr-public") && word == "batch" {
        m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes images of a cloud");
    } else {
        m.mark(Traits::CHANGES_INFRASTRUCTURE, "changes something in a cloud");
    }
    Value::unknown(Flow::OUTPUT)
}

fn aws_s3(m: &mut Machine<'_>, action: &str, parsed: &Args) {
    let from = parsed.rest.get(2).cloned().unwrap_or_default();
    let to = parsed.rest.get(3).cloned().unwrap_or_default();
    match action {
        "rm" | "rb" => m.mark(Traits::DESTROYS_DATA | Traits::DESTROYS_INFRASTRUCTURE, "removes what lies in a store"),
        "cp" | "mv" | "sync" => {
            if to.text.starts_with("s3://") && !from.text.starts_with("s3://") {
                if from.text == "-" {
                    let flow = m.stdin.flow;
                    m.request(&to, Load { flow, file: true });
                } else {
                    let content = m.read(&from);
                    m.request(&to, Load { flow: content.flow, file: true });
                }
            } else if from.text.starts_with("s3://") && !to.text.starts_with("s3://") && to.text != "-" {
                m.write(&to, true, &Value::unknown(Flow::REMOTE));
            }
            if parsed.has(&["delete"]) || action == "mv" && from.text.starts_with("s3://") {
                m.mark(Traits::DESTROYS_DATA, "removes what lies in a store");
            }
            if parsed.value(&["acl"]).is_some_and(|acl| acl.text.starts_with("public")) {
                m.mark(Traits::SENDS_OUT | Traits::CHANGES_ACCESS, "makes files readable for everybody");
            }
        }
        "mb" | "website" | "presign" => m.mark(Traits::CHANGES_INFRASTRUCTURE, "makes or opens a store"),
        _ => {}
    }
}

/// Command lines of the shape `program group … verb name`.
fn verbs(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::of(
        args,
        "project region zone format filter limit g n resource-group name account subscription query o output location role member iam-account secret access-token context t server cluster namespace app vault-name ids id query-string config configuration flatten sort-by impersonate-service-account",
    );
    m.mark(Traits::OUTWARD, "asks a cloud");
    let words: Vec<&str> = parsed.rest.iter().map(|value| value.text.as_str()).collect();
    let has = |word: &str| words.contains(&word);
    if is_dry(args) && !has("deploy")
        || args.iter().any(|value| value.text == "--validate-only" || value.text == "what-if")
        || has("what-if")
    {
        return Value::unknown(Flow::OUTPUT);
    }
    let token = words.iter().any(|word| {
        matches!(
            *word,
            "print-access-token" | "print-identity-token" | "get-access-token" | "access" | "get-credentials-secret"
        )
    }) || has("keys") && words.iter().any(|word| matches!(*word, "list" | "show")) && name == "az"
        || has("secret") && (has("show") || has("download")) && !has("list") && name == "az"
        || has("connection-string")
        || has("show-connection-string")
        || has("credential") && has("show")
        || has("get-credentials") && args.iter().any(|value| matches!(value.text.as_str(), "--admin" | "-a"))
        || matches!(words.first(), Some(&("connections" | "variables"))) && has("export")
        || name == "cf" && (words.first() == Some(&"env") || has("oauth-token"))
        || has("list-keys")
        || has("list-publishing-credentials")
        || has("list-publishing-profiles")
        || has("get-upgrade-token")
        || has("kubeconfig") && (has("show") || has("get")) && name != "az";
    let access_show = has("secrets") && has("versions") && has("access");
    if token && (access_show || !has("access")) {
        m.mark(Traits::READS_SECRET, "asks a cloud for a secret");
        return Value::unknown(Flow::SECRET);
    }
    // The first word is a group (`gcloud run services list`).
    let groups = usize::from(words.len() > 1 && !matches!(name, "azd" | "eksctl" | "nova") && !OTHERS.contains(&name));
    let verb = words.iter().skip(groups).find(|word| {
        let first = first_word(word);
        READS.contains(&first) || REMOVES.contains(&first) || is_change(word, first)
    });
    let Some(verb) = verb else { return Value::unknown(Flow::OUTPUT) };
    let first = first_word(verb);
    let group = |any: &[&str]| words.iter().any(|word| any.contains(word));
    let own = words.first() == Some(&"config")
        || words.first() == Some(&"configure")
        || words.first() == Some(&"account") && first == "set"
        || words.first() == Some(&"components") && first != "remove";
    if own || READS.contains(&first) {
    } else if group(&[
        "iam",
        "role",
        "ad",
        "service-accounts",
        "policy",
        "auth",
        "login",
        "user",
        "keyvault",
        "secrets",
        "secret",
        "kms",
        "ssh-keys",
        "ssh-key",
        "access-policies",
        "set-iam-policy",
    ]) || verb.contains("iam")
        || matches!(*verb, "login" | "init" | "add-iam-policy-binding")
    {
        m.mark(Traits::CHANGES_ACCESS, "changes who may do what in a cloud");
        if REMOVES.contains(&first) {
            m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes something in a cloud");
        }
    } else if group(&[
        "firewall-rules",
        "nsg",
        "firewall",
        "firewalls",
        "security-group",
        "network-acl",
        "ddos-protection",
        "security",
        "logging",
        "monitor",
        "defender",
    ]) && !group(&["read"])
    {
        m.mark(Traits::EXPOSES_NETWORK | Traits::DISABLES_SECURITY, "changes what protects a network");
    } else if REMOVES.contains(&first) {
        m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes or stops something in a cloud");
    } else if matches!(*verb, "deploy" | "up" | "publish" | "submit") {
        m.mark(Traits::PUBLISHES | Traits::CHANGES_INFRASTRUCTURE, "deploys");
    } else if group(&["blob", "storage", "cp", "rsync", "upload", "upload-batch"])
        && (verb.contains("upload") || *verb == "cp" || *verb == "rsync")
    {
        m.mark(Traits::SENDS_OUT, "sends files to a cloud");
    } else {
        m.mark(Traits::CHANGES_INFRASTRUCTURE, "changes something in a cloud");
    }
    let flow = m.read_operands(args);
    if flow.has(Flow::SECRET) {
        m.mark(Traits::SENDS_OUT, "sends a secret to a cloud");
    }
    Value::unknown(Flow::OUTPUT.with(flow))
}

fn is_change(word: &str, first: &str) -> bool {
    matches!(
        first,
        "create"
            | "activate"
            | "update"
            | "set"
            | "add"
            | "deploy"
            | "up"
            | "start"
            | "restart"
            | "reboot"
            | "resize"
            | "attach"
            | "enable"
            | "disable"
            | "import"
            | "apply"
            | "scale"
            | "patch"
            | "upload"
            | "cp"
            | "rsync"
            | "ssh"
            | "scp"
            | "login"
            | "init"
            | "assign"
            | "grant"
            | "invoke"
            | "run"
            | "move"
            | "migrate"
            | "rollback"
            | "promote"
            | "restore"
            | "submit"
            | "publish"
            | "regenerate"
            | "rotate"
            | "renew"
            | "execute"
            | "upgrade"
            | "new"
            | "put"
            | "swap"
            | "unset"
            | "resume"
            | "clone"
            | "redeploy"
            | "reimage"
    ) && word.len() > 1
}

fn stores(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::leading(args, "o h u i p project_id location dataset_id");
    m.mark(Traits::OUTWARD, "asks a cloud");
    let rest = parsed.from(1).to_vec();
    let action = parsed.operand(0).to_owned();
    match (name, action.as_str()) {
        (_, "rm" | "rb" | "remove") => {
            m.mark(Traits::DESTROYS_DATA | Traits::DESTROYS_INFRASTRUCTURE, "removes what lies in a store")
        }
        ("gsutil" | "azcopy", "cp" | "mv" | "rsync" | "copy" | "sync") => {
            let inner = Args::of(&rest, "a x");
            if let Some((to, from)) = inner.rest.split_last() {
                if to.text.contains("://") {
                    for source in from.iter().filter(|source| !source.text.contains("://")) {
                        let content = m.read(source);
                        m.request(to, Load { flow: content.flow, file: true });
                    }
                    if inner.has(&["d", "delete-destination"]) {
                        m.mark(Traits::DESTROYS_DATA, "removes what lies in a store");
                    }
                } else {
                    m.write(to, true, &Value::unknown(Flow::REMOTE));
                }
            }
        }
        ("gsutil", "acl" | "iam" | "defacl" | "mb" | "setmeta" | "web" | "cors" | "lifecycle" | "retention")
            if !rest.first().is_some_and(|value| matches!(value.text.as_str(), "get" | "list")) =>
        {
            m.mark(Traits::CHANGES_ACCESS, "changes who may reach a store")
        }
        ("bq", "query") => {
            for text in &Args::of(&rest, "format max_rows project_id destination_table parameter").rest {
                let (traits, why) = crate::sql::traits(&text.text);
                m.mark(traits, why);
            }
            let text = m.stdin.clone();
            let (traits, why) = crate::sql::traits(&text.text);
            m.mark(traits, why);
        }
        ("bq", "load" | "cp" | "mk" | "update" | "insert" | "extract" | "truncate" | "undelete") => {
            if rest.iter().any(|value| value.text.contains("replace")) || action == "truncate" {
                m.mark(Traits::DESTROYS_DATA, "overwrites data");
            } else {
                m.mark(Traits::CHANGES_INFRASTRUCTURE, "changes a data store");
            }
        }
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}
