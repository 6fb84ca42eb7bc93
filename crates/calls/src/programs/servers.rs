//! Servers on this machine, and tunnels to it.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::value::{Flow, Value};

fn exposes(m: &mut Machine<'_>, why: &'static str) {
    m.mark(Traits::EXPOSES_NETWORK, why);
}

/// An address that others reach.
fn wide(text: &str) -> bool {
    let text = text.trim_start_matches("tcp://").trim_start_matches("http://");
    matches!(text, "0.0.0.0" | "::" | "[::]" | "*" | "+" | "all")
        || text.starts_with("0.0.0.0:")
        || text.starts_with("[::]:")
        || text.starts_with("*:")
        || text.starts_with("0:") && text.len() > 2
        || text.starts_with(":::")
}

/// A server's options: on which address it listens.
pub(super) fn served(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let mut values = args.iter().peekable();
    while let Some(value) = values.next() {
        let text = value.text.as_str();
        let (option, inline) = text.split_once('=').map_or((text, None), |(option, value)| (option, Some(value)));
        let listens = matches!(
            option,
            "--host"
                | "--bind"
                | "-b"
                | "--ip"
                | "--address"
                | "-a"
                | "--hostname"
                | "-H"
                | "--listen"
                | "--bind_ip"
                | "--bind-address"
                | "--listen-address"
                | "--web.listen-address"
                | "-l"
                | "--server.address"
                | "--addr"
                | "-o"
                | "--http-address"
                | "--remote-debugging-address"
                | "--bind-addr"
                | "--bind-host"
                | "--http.addr"
                | "--listen-client-urls"
                | "--binding"
                | "-S"
                | "--interface"
                | "--listen-host"
                | "-i"
                | "--server_name"
                | "--bind_ip_all"
                | "-h"
        );
        let next = values.peek().map_or("", |value| value.text.as_str());
        if option == "--bind_ip_all"
            || listens && inline.map_or(wide(next), wide)
            || option == "--host" && inline.is_none() && (next.is_empty() || next.starts_with('-'))
            || wide(text) && text.contains('.')
            || text.starts_with("--inspect") && inline.is_some_and(wide)
            || text.starts_with("tcp://0.0.0.0")
            || text.ends_with("=*") && text.contains("listen")
            || text.ends_with("=0.0.0.0")
            || text.contains("address=*:")
            || text.contains("address=0.0.0.0")
            || matches!(option, "--listen" | "--addr")
                && (next.starts_with(':') || inline.is_some_and(|address| address.starts_with(':')))
            || text.contains("address=*:")
            || text.contains("address=0.0.0.0")
        {
            exposes(m, "listens on every address of the machine");
        }
        if matches!(option, "--noauth" | "--no-auth")
            || option == "--protected-mode" && next == "no"
            || matches!(
                (option, inline),
                ("--auth", Some("none"))
                    | (
                        "--NotebookApp.token"
                            | "--ServerApp.token"
                            | "--IdentityProvider.token"
                            | "--NotebookApp.password",
                        Some("" | "''")
                    )
            )
            || option == "--auth" && next == "none"
            || option == "--share"
            || option == "--public" && !next.ends_with("/")
            || option == "--tunnel"
        {
            exposes(m, "serves without asking who it is");
        }
    }
    Value::unknown(Flow::OUTPUT)
}

/// `python -m http.server`
pub(super) fn http_server(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "b bind d directory p protocol");
    let bound = parsed.value(&["b", "bind"]).map(|value| value.text.clone());
    let folder = parsed.value(&["d", "directory"]).cloned();
    let open = bound.as_deref().is_none_or(wide);
    let path = folder.as_ref().map(|folder| m.resolve(folder));
    let bare = folder.as_ref().is_some_and(|folder| m.holds_secrets(&m.resolve(folder), folder));
    let outside = bare
        || path.as_deref().is_some_and(|path| !path.starts_with(m.place.project) && !path.starts_with("/tmp/"))
        || folder.is_none() && !m.cwd.starts_with(m.place.project) && !m.cwd.starts_with("/tmp/");
    if bound.as_deref().is_some_and(wide) || open && outside {
        exposes(m, "serves files to everybody on the network");
    }
    Value::default()
}

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let texts = super::texts(args);
    let has = |word: &str| texts.contains(&word);
    match name {
        "ngrok" | "cloudflared" | "lt" | "localtunnel" | "bore" | "expose" | "tmate" | "gotty" | "ttyd" | "wetty"
        | "chisel" | "frpc" | "frps" | "zrok" | "pagekite" | "serveo" | "sshuttle" | "inlets" | "teleconsole"
        | "shellinaboxd" | "pinggy" | "playit" | "loophole" | "rathole" | "ligolo" | "gost" | "holesail"
        | "beeceptor" | "localxpose" | "loclx" | "tunnelmole" | "untun" | "dropbear" | "upterm" | "telnetd"
        | "in.telnetd" | "rshd" | "sslh" | "iodine" | "dnscat2" | "dnscat" | "ptunnel" | "devtunnel" | "twistd"
        | "upnpc" => {
            let looks = texts
                .first()
                .is_some_and(|text| matches!(*text, "version" | "status" | "list" | "help" | "config" | "update"))
                || name == "cloudflared" && (has("list") || has("info")) && !has("run");
            if !looks {
                let shell = matches!(
                    name,
                    "tmate"
                        | "gotty"
                        | "ttyd"
                        | "wetty"
                        | "teleconsole"
                        | "shellinaboxd"
                        | "upterm"
                        | "telnetd"
                        | "in.telnetd"
                        | "rshd"
                        | "dnscat2"
                        | "dnscat"
                );
                let traits =
                    if shell { Traits::OPENS_REMOTE_SHELL | Traits::EXPOSES_NETWORK } else { Traits::EXPOSES_NETWORK };
                m.mark(traits | Traits::OUTWARD, "opens a way in from outside");
            }
        }
        "gdbserver" | "lldb-server" | "openvpn" | "zerotier-cli" | "nebula" | "xhost" | "rinetd" | "simpleproxy"
        | "redir" => {
            let looks = texts.is_empty()
                || texts.iter().any(|text| {
                    text.contains("localhost") || text.contains("127.0.0.1") || text.starts_with("--version")
                })
                || name == "xhost" && !has("+") && !texts.iter().any(|text| text.starts_with('+'));
            if !looks {
                exposes(m, "opens a way in from outside");
            }
        }
        "java" => {
            served(m, args);
        }
        "adb" if has("tcpip") => exposes(m, "opens a way in from outside"),
        "tailscale" => {
            if has("funnel")
                || has("serve")
                || texts
                    .iter()
                    .any(|text| text.starts_with("--advertise") || *text == "--ssh" || text.starts_with("--ssh="))
                || texts
                    .first()
                    .is_some_and(|text| matches!(*text, "up" | "set" | "ssh" | "file" | "login" | "logout" | "down"))
            {
                exposes(m, "opens a way in from outside");
            }
        }
        "sshd" | "vncserver" | "x11vnc" | "Xvnc" | "xrdp" | "vsftpd" | "proftpd" | "pure-ftpd" | "smbd"
        | "smbserver.py" | "nfsd" | "exportfs" | "dockerd" | "containerd" | "distccd" | "rpcbind" | "miniserve"
        | "darkhttpd" | "httpd" | "lighttpd" | "thttpd" | "webfsd" | "updog" | "uploadserver" | "droopy" | "woof"
        | "qrcp" | "pyftpdlib" | "tftpd" | "atftpd" | "dnsmasq" | "squid" | "tinyproxy" | "danted" | "microsocks"
        | "3proxy" | "privoxy" | "wssh" | "filebrowser" | "rygel" | "minidlna" | "mosquitto" => {
            let local = args.iter().any(|value| {
                value.text.contains("127.0.0.1")
                    || value.text.contains("localhost")
                        && !texts.windows(2).any(|two| matches!(two, ["-localhost", "no"]))
            }) || has("-t")
                || has("-T");
            let served_locally = matches!(name, "httpd" | "mosquitto" | "dnsmasq" | "containerd")
                && texts.iter().any(|text| matches!(*text, "-v" | "-V" | "--test"));
            if !local && !served_locally {
                let shell = matches!(name, "sshd" | "vncserver" | "x11vnc" | "Xvnc" | "xrdp");
                m.mark(
                    if shell { Traits::EXPOSES_NETWORK | Traits::OPENS_REMOTE_SHELL } else { Traits::EXPOSES_NETWORK },
                    "serves to others on the network",
                );
            } else {
                served(m, args);
            }
        }
        "code" | "code-insiders" | "code-server" | "codium" | "openvscode-server" => {
            if texts.first() == Some(&"tunnel") || texts.first() == Some(&"serve-web") && served_wide(&texts) {
                exposes(m, "opens a way in from outside");
            }
            let parsed = Args::of(
                args,
                "install-extension uninstall-extension goto diff add add-mcp extensions-dir user-data-dir",
            );
            const KNOWN: &[&str] = &[
                "ms-",
                "github",
                "dbaeumer",
                "esbenp",
                "rust-lang",
                "golang",
                "redhat",
                "eamodio",
                "vscodevim",
                "bradlc",
                "vue",
                "svelte",
                "prisma",
                "hashicorp",
                "astro-build",
                "denoland",
                "oven",
                "dart-code",
                "editorconfig",
                "streetsidesoftware",
                "usernamehw",
                "tamasfe",
                "vitest",
                "biomejs",
                "charliermarsh",
                "mhutchie",
                "yzhang",
                "formulahendry",
                "gruntfuggly",
                "anthropic",
                "openai",
                "google",
                "docker",
                "mtxr",
                "ritwickdey",
                "christian-kohler",
                "pkief",
                "wayou",
                "humao",
                "timonwong",
                "tyriar",
                "eg2",
                "orta",
            ];
            for extension in parsed.values(&["install-extension"]).cloned().collect::<Vec<_>>() {
                let lower = extension.text.to_ascii_lowercase();
                let file = lower.contains('/')
                    || lower.ends_with(".vsix")
                    || !KNOWN.iter().any(|known| lower.starts_with(known));
                m.install(
                    &extension.text,
                    if file { Traits::INSTALLS_UNUSUAL } else { Traits::NONE },
                    "installs an extension from a file",
                );
            }
            if parsed.value(&["add-mcp"]).is_some() {
                m.mark(Traits::CHANGES_AGENT, "adds a server to an agent");
            }
            served(m, args);
        }
        "ollama" if has("serve") => {}
        "mongod"
        | "redis-server"
        | "postgres"
        | "mysqld"
        | "etcd"
        | "consul"
        | "elasticsearch"
        | "minio"
        | "nats-server"
        | "rabbitmq-server"
        | "vite"
        | "webpack-dev-server"
        | "next"
        | "nuxt"
        | "ng"
        | "astro"
        | "http-server"
        | "serve"
        | "live-server"
        | "browser-sync"
        | "json-server"
        | "flask"
        | "uvicorn"
        | "gunicorn"
        | "hypercorn"
        | "daphne"
        | "streamlit"
        | "gradio"
        | "jupyter"
        | "jupyter-lab"
        | "jupyter-notebook"
        | "php"
        | "rackup"
        | "puma"
        | "unicorn"
        | "thin"
        | "hugo"
        | "jekyll"
        | "mkdocs"
        | "storybook"
        | "start-storybook"
        | "google-chrome"
        | "chromium"
        | "chrome"
        | "chromium-browser"
        | "caddy"
        | "nginx"
        | "wrangler"
        | "parcel"
        | "esbuild"
        | "trunk"
        | "zola"
        | "mdbook"
        | "sphinx-autobuild"
        | "adb"
        | "prism"
        | "mailhog"
        | "tensorboard"
        | "mlflow"
        | "ray"
        | "dask"
        | "redis-sentinel"
        | "prometheus"
        | "grafana-server"
        | "ipfs"
        | "bitcoind"
        | "geth"
        | "anvil"
        | "hardhat"
        | "fastapi"
        | "litestar"
        | "sanic"
        | "waitress-serve"
        | "granian"
        | "marimo"
        | "voila"
        | "panel"
        | "bokeh"
        | "vllm"
        | "lms"
        | "llama-server"
        | "koboldcpp"
        | "text-generation-launcher"
        | "ollama"
        | "remix"
        | "gatsby"
        | "docusaurus"
        | "expo"
        | "quasar"
        | "ember"
        | "nodemon"
        | "ts-node-dev"
        | "air"
        | "verdaccio" => {
            served(m, args);
            let scope = args.iter().any(|value| {
                !value.text.starts_with('-')
                    && matches!(
                        crate::path::zone(&m.resolve(value), m.place),
                        crate::path::Zone::Root | crate::path::Zone::HomeRoot
                    )
                    && value.text.starts_with(['/', '~'])
            });
            if scope {
                exposes(m, "serves a whole home or disk");
            }
            return if matches!(name, "php" | "flask" | "next" | "jupyter" | "wrangler" | "consul" | "nodemon")
                && !args.iter().any(|value| value.text == "-S")
            {
                None
            } else {
                Some(Value::unknown(Flow::OUTPUT))
            };
        }
        _ => return None,
    }
    Some(Value::unknown(Flow::OUTPUT))
}

fn served_wide(texts: &[&str]) -> bool {
    texts.iter().any(|text| wide(text))
}
