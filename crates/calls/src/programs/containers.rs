//! Containers: docker and its relatives, compose, kubectl exec, images.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

const RUN: &str = "v e p u w h l m a c volume env publish user workdir name network net entrypoint mount label memory cpus cap-add cap-drop device security-opt env-file platform restart hostname add-host tmpfs shm-size gpus pid ipc uts userns cgroupns cgroup-parent ip link log-driver log-opt pull runtime secret ulimit volumes-from cidfile dns expose health-cmd group-add sysctl stop-signal";

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    match name {
        "podman" if args.first().is_some_and(|value| value.text == "unshare") => {
            m.run(Args::leading(args.get(1..).unwrap_or(&[]), "").rest);
        }
        "docker" | "podman" | "nerdctl" | "finch" | "container" => docker(m, name, args),
        "docker-compose" | "podman-compose" => compose(m, args),
        "ctr" | "crictl" => {
            let texts = super::texts(args);
            if texts
                .iter()
                .any(|text| matches!(*text, "rm" | "remove" | "delete" | "del" | "rmi" | "rmp" | "kill" | "prune"))
            {
                m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes containers or images");
            }
            if texts.contains(&"--privileged") || texts.iter().any(|text| text.contains("src=/,")) {
                m.mark(Traits::ESCAPES_CONTAINER, "a container with the rights of its host");
            }
            // `crictl exec ID env`, `ctr task exec --exec-id x ID cat …`.
            if let Some(at) = texts.iter().position(|text| *text == "exec") {
                let parsed = Args::leading(args.get(at + 1..).unwrap_or(&[]), "exec-id cwd user e env timeout r");
                let words = parsed.from(1).to_vec();
                inside(m, words);
            }
        }
        "lxc" | "incus" => {
            let texts = super::texts(args);
            if let ["file", "pull", from, ..] = texts.as_slice() {
                let path = from.split_once('/').map_or(String::new(), |(_, path)| format!("/{path}"));
                taken_out(m, &path);
            }
            if texts.iter().any(|text| {
                *text == "source=/" || text.contains("security.privileged=true") || text.contains("raw.lxc")
            }) {
                m.mark(Traits::ESCAPES_CONTAINER, "a container with the host's disk in it");
            }
            if texts.first().is_some_and(|text| matches!(*text, "delete" | "rm")) {
                m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes a machine");
            }
            if let Some(position) = args.iter().position(|value| value.text == "--") {
                inside(m, args.get(position + 1..).unwrap_or(&[]).to_vec());
            }
        }
        "apptainer" | "singularity" => {
            let parsed = Args::leading(args.get(1..).unwrap_or(&[]), "B bind overlay home H env pwd");
            let wide = parsed.values(&["B", "bind"]).any(|value| value.text.starts_with("/:"));
            if wide {
                m.mark(Traits::ESCAPES_CONTAINER, "a container with the host's disk in it");
            }
        }
        "buildah" | "skopeo" | "crane" | "oras" | "regctl" | "kaniko" | "img" | "depot" | "helm-push" => {
            let texts = super::texts(args);
            if texts.iter().any(|text| matches!(*text, "push" | "copy" | "sync" | "tag" | "append" | "attach"))
                && !(name == "skopeo"
                    && texts.last().is_some_and(|text| {
                        text.starts_with("dir:") || text.contains("docker-archive") || text.starts_with("oci:")
                    }))
            {
                m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes an image");
            }
            if texts.iter().any(|text| matches!(*text, "delete" | "rm")) && name != "buildah" {
                m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes an image from a registry");
            }
        }
        _ => return None,
    }
    // An image or a container as an archive is the files in it.
    let archives = args.iter().take(2).any(|value| matches!(value.text.as_str(), "save" | "export"));
    Some(Value::unknown(if archives { Flow::FILE } else { Flow::OUTPUT }))
}

/// A folder of the host that a container gets.
pub(crate) fn mounted(m: &mut Machine<'_>, host: &str) {
    if !host.contains('/') && !host.starts_with(['~', '.', '$']) {
        return;
    }
    let path = m.resolve(&Value::known(host.replace(crate::value::UNKNOWN, "?")));
    use crate::path::Zone;
    let name = crate::path::base(&path).to_owned();
    if path.ends_with(".sock")
        && (path.contains("docker") || path.contains("containerd") || path.contains("podman") || path.contains("crio"))
    {
        m.mark(Traits::ESCAPES_CONTAINER, "a container that can start others");
        return;
    }
    if crate::secrets::secret(&path, false, m.place) || matches!(name.as_str(), ".ssh" | ".aws" | ".gnupg" | ".kube") {
        m.act(crate::ActKind::ReadFile, path, Traits::READS_SECRET, "a container gets secrets of the person");
        return;
    }
    match crate::path::zone(&path, m.place) {
        Zone::Root | Zone::HomeRoot => {
            m.mark(Traits::ESCAPES_CONTAINER, "a container with the host's disk or a home in it")
        }
        Zone::System
            if !path.starts_with("/usr/share")
                && !matches!(path.as_str(), "/etc/localtime" | "/etc/timezone" | "/etc/ssl/certs" | "/etc/passwd")
                && !path.starts_with("/opt/")
                && !path.starts_with("/srv/")
                && !path.starts_with("/var/cache") =>
        {
            m.mark(Traits::ESCAPES_CONTAINER, "a container with parts of the host's system in it");
        }
        Zone::Device if path.starts_with("/dev/") => {
            m.mark(Traits::ESCAPES_CONTAINER, "a container with devices of its host")
        }
        Zone::AboveProject => m.mark(Traits::ESCAPES_CONTAINER, "a container with a folder above the project in it"),
        _ => {}
    }
}

/// Rights that a container asks for.
fn rights(m: &mut Machine<'_>, args: &Args) {
    for volume in args.values(&["v", "volume"]).cloned().collect::<Vec<_>>() {
        let host = volume.text.split(':').next().unwrap_or("").to_owned();
        mounted(m, &host);
    }
    for mount in args.values(&["mount"]).cloned().collect::<Vec<_>>() {
        for field in mount.text.split(',') {
            if let Some(host) = field.strip_prefix("source=").or_else(|| field.strip_prefix("src="))
                && mount.text.contains("bind")
            {
                mounted(m, host);
            }
        }
    }
    let value = |names: &[&str], wanted: &[&str]| {
        args.values(names).any(|value| wanted.iter().any(|wanted| value.text.eq_ignore_ascii_case(wanted)))
    };
    let bad = args.has(&["privileged"])
        || value(&["pid", "ipc", "uts", "userns", "cgroupns", "net", "network"], &["host"])
        || value(
            &["cap-add"],
            &[
                "ALL",
                "SYS_ADMIN",
                "SYS_PTRACE",
                "SYS_MODULE",
                "DAC_READ_SEARCH",
                "NET_ADMIN",
                "SYS_RAWIO",
                "CAP_SYS_ADMIN",
                "BPF",
            ],
        )
        || args.values(&["security-opt"]).any(|value| {
            value.text.contains("unconfined")
                || value.text.contains("label=disable")
                || value.text.contains("label:disable")
        })
        || args.values(&["device"]).any(|value| {
            value.text.starts_with("/dev/sd")
                || value.text.starts_with("/dev/nvme")
                || value.text.starts_with("/dev/mem")
                || value.text.starts_with("/dev/vd")
        });
    if bad {
        m.mark(Traits::ESCAPES_CONTAINER, "a container with rights of its host");
    }
    let ports = args.values(&["p", "publish"]).any(|value| value.text.starts_with("0.0.0.0:"));
    if ports {
        m.mark(Traits::EXPOSES_NETWORK, "opens a port to others");
    }
}

/// A file is copied out of a container, or from another machine.
pub(super) fn taken_out(m: &mut Machine<'_>, path: &str) {
    if crate::secrets::secret_elsewhere(path, m.place) {
        m.mark(Traits::READS_SECRET, "takes secrets from another machine or out of a container");
    }
}

/// A command in a container: its files are not the person's, but folders of the host may be in it.
fn inside(m: &mut Machine<'_>, words: Vec<Value>) {
    if words.is_empty() {
        return;
    }
    let outer = std::mem::replace(&mut m.elsewhere, true);
    let text = super::builtins::joined(&words).text;
    m.aside(|m| m.run(words));
    far_command(m, &text);
    m.elsewhere = outer;
}

/// What a command does that runs where the person's files are not: destroying and showing count all the same.
pub(crate) fn far_command(m: &mut Machine<'_>, text: &str) {
    for piece in text.split([';', '&', '|', '\n', '\'', '"']) {
        let mut words = piece.split_whitespace().skip_while(|word| matches!(*word, "sudo" | "env" | "nohup"));
        let (first, rest): (Option<&str>, Vec<&str>) = (words.next(), words.collect());
        let recursive = rest.iter().any(|word| word.starts_with('-') && word.contains(['r', 'R']));
        let wide = |word: &&str| {
            let path = word.trim_end_matches(['*', '/']);
            matches!(path, "" | "." | "./" | "~")
                || ["/var/lib", "/etc", "/home", "/usr", "/srv", "/root", "/opt", "/data", "/mnt", "/boot", "/host"]
                    .iter()
                    .any(|folder| crate::path::within(path, folder))
                || path == "/var"
        };
        if first == Some("rm") && recursive && rest.iter().filter(|word| !word.starts_with('-')).any(wide) {
            m.mark(
                Traits::DESTROYS_FILES | Traits::DESTROYS_INFRASTRUCTURE,
                "removes files of another machine or of a container",
            );
        }
    }
}

fn docker(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    let global = Args::leading(args, "H host c context config l log-level tlscacert tlscert tlskey");
    if let Some(host) = global.value(&["H", "host"])
        && host.text.contains("://")
        && !host.text.starts_with("unix://")
    {
        m.mark(Traits::CHANGES_INFRASTRUCTURE, "speaks to another machine's engine");
    }
    let mut rest = global.rest.as_slice();
    let mut sub = rest.first().map_or("", |value| value.text.as_str()).to_owned();
    rest = rest.get(1..).unwrap_or(&[]);
    if matches!(
        sub.as_str(),
        "container"
            | "image"
            | "builder"
            | "buildx"
            | "network"
            | "volume"
            | "system"
            | "stack"
            | "service"
            | "node"
            | "swarm"
            | "secret"
            | "config"
            | "context"
            | "plugin"
            | "manifest"
            | "trust"
            | "pod"
            | "machine"
    ) {
        let action = rest.first().map_or("", |value| value.text.as_str()).to_owned();
        rest = rest.get(1..).unwrap_or(&[]);
        sub = if matches!(sub.as_str(), "container" | "buildx") { action } else { format!("{sub} {action}") };
    }
    let rest = rest.to_vec();
    match sub.as_str() {
        "run" | "create" => {
            let parsed = Args::leading(&rest, RUN);
            rights(m, &parsed);
            let image = parsed.operand(0).to_owned();
            foreign_image(m, &image);
            let mut words = parsed.from(1).to_vec();
            if let Some(entry) = parsed.value(&["entrypoint"]) {
                words.insert(0, entry.clone());
            }
            host_folders(m, &parsed, &words);
            inside(m, words);
        }
        "exec" => {
            let parsed = Args::leading(&rest, "e u w env user workdir env-file detach-keys");
            if parsed.has(&["privileged"]) {
                m.mark(Traits::ESCAPES_CONTAINER, "a command with rights of the host");
            }
            let words = parsed.from(1).to_vec();
            inside(m, words);
        }
        "build" | "image build" | "bake" => {
            let parsed = Args::of(
                &rest,
                "t f o file tag build-arg target platform secret ssh output label cache-from cache-to network progress iidfile allow builder add-host build-context",
            );
            if parsed
                .values(&["allow"])
                .any(|value| value.text.contains("insecure") || value.text.contains("network.host"))
            {
                m.mark(Traits::ESCAPES_CONTAINER, "a build with rights of its host");
            }
            if parsed.has(&["push"]) {
                m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes an image");
            }
            for secret in parsed.values(&["secret"]).cloned().collect::<Vec<_>>() {
                if let Some(file) = secret
                    .text
                    .split(',')
                    .find_map(|field| field.strip_prefix("src=").or_else(|| field.strip_prefix("source=")))
                {
                    let file = Value::known(file);
                    if m.names_secret(&file) {
                        m.read(&file);
                    }
                }
            }
            if let Some(context) = parsed.rest.first().filter(|context| context.text.contains("://")).cloned() {
                m.request(&context, crate::net::Load::default());
                m.mark(Traits::RUNS_REMOTE_CODE, "builds from an address");
            }
        }
        "compose" => compose(m, &rest),
        "push" | "image push" | "manifest push" | "trust sign" => {
            m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes an image")
        }
        "rm" | "rmi" | "image rm" | "image remove" | "pod rm" => {
            let forced = sub != "rm"
                && rest.iter().any(|value| {
                    value.text.starts_with('-')
                        && (value.text.contains('f')
                            || value.text == "--volumes"
                            || value.text == "-v"
                            || value.text == "-a"
                            || value.text == "--all")
                });
            let many = rest.iter().any(|value| !value.is_known());
            if forced && sub != "rm"
                || many
                || rest.iter().any(|value| {
                    matches!(value.text.as_str(), "-v" | "--volumes" | "-fv" | "-vf" | "--all" | "-a" | "-af")
                })
            {
                m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes containers or images that may be in use");
            }
        }
        "kill" | "stop"
            if rest.iter().any(|value| !value.is_known() || value.text == "-a" || value.text == "--all") =>
        {
            m.mark(Traits::DESTROYS_INFRASTRUCTURE, "stops all containers");
        }
        "volume rm" | "volume remove" | "volume prune" | "stack rm" | "stack remove" | "stack down" | "service rm"
        | "node rm" | "swarm leave" | "secret rm" | "config rm" | "system reset" | "machine rm" | "context rm"
        | "image prune-all" => {
            m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes volumes, services or nodes");
        }
        "system prune" | "image prune" | "builder prune" | "network prune" | "prune" => {
            let all = rest.iter().any(|value| {
                value.text == "--volumes"
                    || value.text == "--all"
                    || value.text.starts_with('-') && !value.text.starts_with("--") && value.text.contains('a')
            });
            if all && sub == "system prune" || rest.iter().any(|value| value.text == "--volumes") {
                m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes everything that does not run, with its data");
            } else if sub == "system prune" || all && sub == "image prune" {
                m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes everything that does not run");
            }
        }
        "stack deploy" | "service update" | "service scale" | "service create" | "swarm init" | "swarm join"
        | "node update" => m.mark(Traits::CHANGES_INFRASTRUCTURE, "changes what runs in a cluster"),
        "inspect" | "container inspect"
            if rest.iter().any(|value| value.text.contains("Env") || value.text.contains(".Config}")) =>
        {
            m.mark(Traits::READS_SECRET, "shows the environment of a container");
        }
        "secret inspect" if rest.iter().any(|value| value.text.starts_with("--showsecret")) => {
            m.mark(Traits::READS_SECRET, "shows a secret of the engine");
        }
        "swarm join-token" | "swarm unlock-key" => m.mark(Traits::READS_SECRET, "shows a key of the cluster"),
        "history" | "image history" if rest.iter().any(|value| value.text == "--no-trunc") => {
            m.mark(Traits::READS_SECRET, "shows the build of an image, with secrets that were given to it");
        }
        "cp" => {
            let parsed = Args::of(&rest, "");
            if let [from, to] = parsed.rest.as_slice() {
                if from.text.contains(':') {
                    let path = from.text.split_once(':').map_or("", |(_, path)| path).to_owned();
                    taken_out(m, &path);
                    m.write(&to.clone(), true, &Value::unknown(Flow::FILE));
                } else {
                    m.read(&from.clone());
                }
            }
        }
        "login" | "logout" => m.mark(Traits::CHANGES_ACCESS, "signs in to or out of a registry"),
        "commit" | "tag" | "save" | "export" | "load" | "import" => {
            if let Some(file) = Args::of(&rest, "o output i input").value(&["o", "output"]).cloned() {
                m.write(&file, false, &Value::unknown(Flow::FILE));
            }
        }
        "plugin install" => m.mark(Traits::INSTALLS_UNUSUAL, "adds a program to the engine"),
        _ => {}
    }
    let _ = name;
}

/// A folder of the host inside a container, and a command that removes or reads there.
fn host_folders(m: &mut Machine<'_>, parsed: &Args, words: &[Value]) {
    for volume in parsed.values(&["v", "volume"]).cloned().collect::<Vec<_>>() {
        let mut parts = volume.text.split(':');
        let (Some(host), Some(inner)) = (parts.next(), parts.next()) else { continue };
        if !host.starts_with(['/', '.', '~', '$']) {
            continue;
        }
        let path = m.resolve(&Value::known(host));
        // The same command with the person's path in place of the container's.
        if inner.len() > 1 && words.len() > 1 {
            let (inner, path) = (inner.trim_end_matches('/').to_owned(), path.trim_end_matches('/').to_owned());
            let replaced = words
                .iter()
                .map(|word| Value { text: word.text.replace(&inner, &path), ..word.clone() })
                .collect::<Vec<_>>();
            let folder = parsed.value(&["w", "workdir"]).map(|value| value.text.replace(&inner, &path));
            let before = m.acts.len();
            m.aside(|m| {
                if let Some(folder) = folder {
                    m.cd(folder);
                }
                m.run(replaced)
            });
            m.keep_serious(before);
        }
    }
}

fn compose(m: &mut Machine<'_>, args: &[Value]) {
    let global = Args::leading(args, "f file p project-name env-file profile project-directory ansi progress");
    for file in global.values(&["f", "file"]).cloned().collect::<Vec<_>>() {
        let path = m.resolve(&file);
        let input = super::editors::is_input(&file.text);
        let remote = file.text.contains("://")
            || m.written.iter().any(|written| written.path == path && written.content.flow.has(Flow::REMOTE));
        if remote {
            m.mark(Traits::RUNS_REMOTE_CODE, "starts containers that come from another machine");
        } else {
            let content = if input { m.stdin.clone() } else { m.read(&file) };
            started(m, &content);
            if content.is_known() {
                m.run_recipe(crate::recipes::Form::Containers, &content);
            } else if !input
                && !crate::path::within(&path, m.place.project)
                && matches!(global.operand(0), "up" | "run" | "start" | "create")
            {
                m.puzzled("starts containers from a file outside of the project that is not known");
            }
        }
    }
    let rest = global.from(1).to_vec();
    match global.operand(0) {
        "down" => {
            let parsed = Args::of(&rest, "t timeout rmi");
            if parsed.has(&["v", "volumes"]) || parsed.value(&["rmi"]).is_some_and(|value| value.text == "all") {
                m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes the volumes with their data");
            }
        }
        "rm" if Args::of(&rest, "").has(&["v", "volumes"]) => {
            m.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes the volumes with their data");
        }
        "exec" | "run" => {
            let parsed = Args::leading(&rest, RUN);
            rights(m, &parsed);
            let words = parsed.from(1).to_vec();
            host_folders(m, &parsed, &words);
            inside(m, words);
        }
        "cp" => {
            let parsed = Args::of(&rest, "index");
            if let Some((_, path)) = parsed.operand(0).split_once(':') {
                let path = path.to_owned();
                taken_out(m, &path);
            }
        }
        "push" | "publish" => m.mark(Traits::PUBLISHES | Traits::OUTWARD, "publishes images"),
        "config" | "convert" => {}
        _ => {}
    }
}

/// An image from a registry that is none of the usual ones.
fn foreign_image(m: &mut Machine<'_>, image: &str) {
    if is_foreign_image(image) {
        m.mark(Traits::RUNS_REMOTE_CODE | Traits::OUTWARD, "runs an image from an unusual registry");
    }
}

/// Whether an image names such a registry.
pub(crate) fn is_foreign_image(image: &str) -> bool {
    let Some((host, _)) = image.split_once('/') else { return false };
    let usual = [
        "docker.io",
        "ghcr.io",
        "gcr.io",
        "quay.io",
        "mcr.microsoft.com",
        "public.ecr.aws",
        "registry.k8s.io",
        "nvcr.io",
        "lscr.io",
        "registry.gitlab.com",
        "docker.elastic.co",
        "registry.access.redhat.com",
        "cgr.dev",
    ];
    let known = usual.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")))
        || host.ends_with(".amazonaws.com")
        || host.ends_with(".pkg.dev")
        || host.ends_with(".azurecr.io");
    host.contains('.') && !host.contains('$') && !known && !crate::net::is_local(crate::net::host(host))
}

/// Containers that a file of services starts.
pub(crate) fn started(m: &mut Machine<'_>, content: &Value) {
    if host_in_compose(&content.text) {
        m.mark(Traits::ESCAPES_CONTAINER, "a container with rights of its host");
    } else if content.flow.has(Flow::REMOTE) {
        m.mark(Traits::RUNS_REMOTE_CODE, "starts containers that come from another machine");
    }
}

/// Whether services ask for rights of their host.
fn host_in_compose(text: &str) -> bool {
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
    ["privileged:true", "docker.sock", "[/:/", "-/:/", "pid:host"].iter().any(|mark| compact.contains(mark))
}
