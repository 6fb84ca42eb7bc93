//! Clusters: kubectl and its relatives.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::net::Load;
use crate::value::{Flow, Value};

pub(super) fn kubectl(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    const OPTIONS: &str = "n namespace context cluster kubeconfig s server token user as as-group o output l selector f filename k kustomize c container p patch type field-selector sort-by template replicas image overrides limits env port address tail since grace-period timeout duration v cache-dir request-timeout dry-run to-revision from-literal from-file docker-password docker-server docker-username cert key clusterrole role serviceaccount verb resource accept-hosts manifest-url index field-manager";
    let mut args = args;
    if matches!(name, "k3s" | "microk8s") {
        if args.first().is_none_or(|value| value.text != "kubectl") {
            return Value::unknown(Flow::OUTPUT);
        }
        args = args.get(1..).unwrap_or(&[]);
    }
    let own: Vec<Value> = args.iter().take_while(|value| value.text != "--").cloned().collect();
    let parsed = Args::of(&own, OPTIONS);
    let command: Vec<Value> = args.iter().skip_while(|value| value.text != "--").skip(1).cloned().collect();
    m.mark(Traits::OUTWARD, "asks a cluster");
    let verb = parsed.operand(0).to_owned();
    let what = parsed.operand(1).to_owned();
    let dry = parsed.value(&["dry-run"]).is_some_and(|how| how.text != "none");
    let change = |m: &mut Machine<'_>, why| m.mark(Traits::CHANGES_INFRASTRUCTURE, why);
    match verb.as_str() {
        "get" | "describe" => {
            let secrets =
                what.split(',').any(|kind| matches!(kind.split('/').next().unwrap_or(""), "secret" | "secrets"));
            let shown = verb == "describe"
                || parsed.value(&["o", "output"]).is_some_and(|how| !matches!(how.text.as_str(), "name" | "wide"));
            if secrets && shown && verb == "get" {
                m.mark(Traits::READS_SECRET, "reads secrets of a cluster");
                return Value::unknown(Flow::SECRET);
            }
            if parsed.has(&["raw"]) && own.iter().any(|value| value.text.contains("secrets")) {
                m.mark(Traits::READS_SECRET, "reads secrets of a cluster");
            }
        }
        "create" if dry && what == "secret" => {
            if !m.piped {
                m.read_operands(&own);
            }
            return Value { text: format!("kind: Secret\n{}", crate::value::UNKNOWN), flow: Flow::OUTPUT, glob: false };
        }
        _ if dry => {}
        "delete" => {
            m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes something from a cluster");
            if what.contains("webhookconfiguration") || what.contains("networkpolic") || what.contains("podsecurity") {
                m.mark(Traits::DISABLES_SECURITY, "removes what protects a cluster");
            }
        }
        "drain" | "cordon" | "taint" | "evict" => {
            m.mark(Traits::DESTROYS_INFRASTRUCTURE, "takes machines out of a cluster")
        }
        "scale" | "autoscale" => {
            let zero = parsed.value(&["replicas"]).is_some_and(|count| count.text == "0");
            m.mark(
                if zero { Traits::DESTROYS_INFRASTRUCTURE } else { Traits::CHANGES_INFRASTRUCTURE },
                "changes how much runs in a cluster",
            );
        }
        "apply" | "create" | "replace" => {
            for file in parsed.values(&["f", "filename", "k", "kustomize"]).cloned().collect::<Vec<_>>() {
                if file.text.contains("://") {
                    m.request(&file, Load::default());
                    m.mark(Traits::RUNS_REMOTE_CODE, "applies what lies at an address");
                } else if super::editors::is_input(&file.text) {
                    let input = m.stdin.clone();
                    manifest(m, &input);
                } else {
                    let content = m.read(&file);
                    manifest(m, &content);
                }
            }
            if verb == "create"
                && matches!(
                    what.as_str(),
                    "clusterrolebinding"
                        | "rolebinding"
                        | "role"
                        | "clusterrole"
                        | "serviceaccount"
                        | "token"
                        | "sa"
                        | "secret"
                )
            {
                m.mark(Traits::CHANGES_ACCESS, "changes who may do what in a cluster");
                m.read_operands(&own);
            } else if parsed.has(&["prune", "force"]) {
                m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes what is no longer named");
            } else if verb == "replace" {
                m.mark(Traits::CHANGES_INFRASTRUCTURE, "replaces something in a cluster");
            } else if verb == "create" && !what.is_empty() {
                change(m, "makes something in a cluster");
            }
        }
        "patch" | "edit" | "set" | "label" | "annotate" | "expose" | "rollout" | "run" | "debug" | "uncordon" => {
            if verb == "rollout" && matches!(what.as_str(), "status" | "history") {
                return Value::unknown(Flow::OUTPUT);
            }
            change(m, "changes something in a cluster");
            if own.iter().any(|value| value.text.contains("pod-security") && value.text.contains("privileged")) {
                m.mark(Traits::DISABLES_SECURITY, "removes what protects a cluster");
            }
            let text = parsed.value(&["overrides", "p", "patch"]).map(|value| value.text.clone()).unwrap_or_default();
            host_rights(m, &text);
            if verb == "debug" && what.starts_with("node/") {
                m.mark(Traits::ESCAPES_CONTAINER, "a shell on a machine of the cluster");
            }
        }
        "exec" => {
            let words = if command.is_empty() { parsed.from(2).to_vec() } else { command };
            let production = parsed
                .values(&["n", "namespace", "context", "cluster"])
                .any(|place| place.text.split(['-', '_', '/', '.']).any(|part| part.starts_with("prod")));
            let shell = matches!(
                words.first().map(|word| crate::path::base(&word.text)),
                Some("sh" | "bash" | "ash" | "zsh" | "dash")
            );
            if production && shell && words.len() == 1 {
                m.mark(Traits::CHANGES_INFRASTRUCTURE, "a shell where customers are served");
            }
            far(m, words);
        }
        "cp" => {
            let flow = m.read_operands(parsed.from(1));
            if flow.has(Flow::SECRET) {
                m.mark(Traits::SENDS_OUT, "sends a secret to a cluster");
            }
            if let Some((_, path)) = parsed.operand(1).split_once(':') {
                let path = path.to_owned();
                super::containers::taken_out(m, &path);
            }
        }
        "extract" if what.starts_with("secret") => m.mark(Traits::READS_SECRET, "reads secrets of a cluster"),
        "rsync" => {
            if let Some((_, path)) = what.split_once(':') {
                super::containers::taken_out(m, path);
            }
        }
        "config" => match what.as_str() {
            "view" if parsed.has(&["raw"]) => {
                m.mark(Traits::READS_SECRET, "shows the credentials of clusters");
            }
            "set-credentials" | "set-cluster" | "delete-cluster" | "delete-user" | "delete-context" | "set"
            | "unset" => m.mark(Traits::CHANGES_ACCESS, "changes the credentials of clusters"),
            _ => {}
        },
        "port-forward" | "proxy"
            if parsed
                .value(&["address"])
                .is_some_and(|address| !crate::net::is_local(&address.text) || address.text == "0.0.0.0") =>
        {
            m.mark(Traits::EXPOSES_NETWORK, "opens a port to others");
        }
        "certificate" => m.mark(Traits::CHANGES_ACCESS, "approves a certificate"),
        "krew" if parsed.has(&["manifest-url", "manifest"]) => {
            m.mark(Traits::INSTALLS_UNUSUAL, "installs from an unusual place");
        }
        _ => {}
    }
    Value::unknown(Flow::OUTPUT)
}

/// A manifest that the call brings along.
pub(super) fn manifest(m: &mut Machine<'_>, content: &Value) {
    if content.flow.has(Flow::REMOTE) {
        m.mark(Traits::RUNS_REMOTE_CODE, "applies what comes from another machine");
    }
    if content.text.contains("kind: Secret") || content.text.contains("kind: ClusterRoleBinding") {
        m.mark(Traits::CHANGES_ACCESS, "changes secrets or rights of a cluster");
    }
    host_rights(m, &content.text.clone());
}

pub(super) fn host_rights(m: &mut Machine<'_>, text: &str) {
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && *c != '"' && *c != '\'').collect();
    let marks = [
        "privileged:true",
        "hostPID:true",
        "hostNetwork:true",
        "hostIPC:true",
        "hostPath:",
        "allowPrivilegeEscalation:true",
        "SYS_ADMIN",
    ];
    if marks.iter().any(|mark| compact.contains(mark)) {
        m.mark(Traits::ESCAPES_CONTAINER, "a pod with rights of its machine");
    }
}

/// A command in a container of a cluster.
pub(super) fn far(m: &mut Machine<'_>, words: Vec<Value>) {
    if words.is_empty() {
        return;
    }
    let text = super::builtins::joined(&words).text;
    let outer = std::mem::replace(&mut m.elsewhere, true);
    m.aside(|m| m.run(words));
    super::far_command(m, &text);
    m.elsewhere = outer;
}
