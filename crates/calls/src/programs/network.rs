//! Clients of the network.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::net::{Load, host, is_local};
use crate::value::{Flow, Value};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    Some(match name {
        "curl" | "curlie" => curl(m, args),
        "wget" | "wget2" => super::wget::wget(m, args),
        "http" | "https" | "xh" | "xhs" | "httpie" => httpie(m, args),
        "aria2c" | "axel" | "lynx" | "w3m" | "links" | "elinks" | "fetch" | "ftp" | "lftp" | "yt-dlp" | "GET"
        | "lwp-request" | "hurl" | "grpcurl" | "websocat" | "wscat" | "ncftp" => other(m, name, args),
        "nc" | "ncat" | "netcat" | "nc.traditional" | "nc.openbsd" | "cryptcat" | "pwncat" | "rcat" => netcat(m, args),
        "socat" | "socat1" => socat(m, args),
        "ztcp" | "xterm" | "tcpserver" | "tcpclient" => {
            if name != "xterm" || args.iter().any(|value| value.text == "-display") {
                m.mark(Traits::OPENS_REMOTE_SHELL | Traits::OUTWARD, "connects a shell to another machine");
            }
            Value::unknown(Flow::REMOTE)
        }
        "telnet" => {
            let address = Args::of(args, "l e").rest.first().cloned().unwrap_or_default();
            let flow = m.stdin.flow;
            m.request(&address, Load { flow, file: false });
            if !is_local(&address.text) && (m.piped || !m.stdin.text.is_empty()) {
                m.mark(Traits::SENDS_OUT, "sends to another machine without protection");
            }
            Value::unknown(Flow::REMOTE)
        }
        "dig" | "nslookup" | "host" | "drill" | "kdig" | "dog" | "resolvectl" => {
            if name == "resolvectl"
                && args.iter().any(|value| matches!(value.text.as_str(), "dnssec" | "dns" | "domain" | "dnsovertls"))
                && args.len() > 2
            {
                m.mark(Traits::DISABLES_SECURITY, "changes how names are looked up");
            }
            let carried = args.iter().fold(Flow::NONE, |flow, value| flow.with(value.flow));
            if carried.has(Flow::OUTPUT.with(Flow::SECRET).with(Flow::FILE))
                && args.iter().any(|value| value.text.contains('.') && !value.is_known())
            {
                m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "data leaves in the name that is looked up");
            } else {
                m.mark(Traits::OUTWARD, "asks a name server");
            }
            Value::unknown(Flow::REMOTE)
        }
        "ping" | "ping6" | "fping" | "traceroute" | "mtr" | "tracepath" | "arping" => {
            let parsed = Args::of(args, "c i s p W w t I l m");
            if parsed.has(&["f", "flood"])
                || parsed.value(&["i"]).is_some_and(|value| value.text.starts_with("0.0") || value.text == "0")
            {
                m.mark(Traits::EXHAUSTS, "floods another machine");
            }
            let carried = Flow::SECRET.with(Flow::FILE).with(Flow::OUTPUT);
            if parsed.value(&["p"]).is_some_and(|value| value.flow.has(carried))
                || parsed.rest.iter().any(|host| host.flow.has(carried) && super::unknown::looked_up(&host.text))
            {
                m.mark(Traits::SENDS_OUT, "data leaves in the packets");
            }
            let traits = if parsed.rest.last().is_some_and(|value| is_local(&value.text)) {
                Traits::NONE
            } else {
                Traits::OUTWARD
            };
            m.mark(traits, "asks another machine");
            Value::unknown(Flow::OUTPUT)
        }
        "sendmail" | "mail" | "mailx" | "mutt" | "swaks" | "msmtp" | "ssmtp" | "smtp-cli" | "mpack" | "s-nail"
        | "wall" | "write" | "telegram-send" | "slackcat" | "ntfy" => {
            let flow = args.iter().fold(m.stdin.flow, |flow, value| flow.with(value.flow));
            let flow = flow.with(m.read_operands(args));
            if matches!(name, "wall" | "write") && !flow.has(Flow::SECRET.with(Flow::FILE)) {
                return Some(Value::default());
            }
            m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "sends a message to others");
            Value::default()
        }
        "tftp"
        | "smbclient"
        | "ftpput"
        | "curlftpfs"
        | "kcat"
        | "kafkacat"
        | "mosquitto_pub"
        | "nats"
        | "magic-wormhole"
        | "wormhole"
        | "croc"
        | "transfer"
        | "ffsend"
        | "rclone"
        | "gdrive"
        | "dropbox_uploader.sh"
        | "s3cmd"
        | "mc"
        | "s5cmd"
        | "ipfs"
        | "termbin"
        | "pastebinit"
        | "gist"
        | "croc-send"
        | "onionshare-cli" => transfer(m, name, args),
        _ => return None,
    })
}

fn curl(m: &mut Machine<'_>, args: &[Value]) -> Value {
    const WITH_VALUE: &str = "A b c C d D e E F H K m o P Q r t T u U w x X y Y z url data data-ascii data-binary data-raw data-urlencode json form form-string header user-agent referer cookie cookie-jar output upload-file user proxy request config max-time connect-timeout retry retry-delay resolve cacert cert key write-out range output-dir unix-socket interface dump-header limit-rate connect-to oauth2-bearer proxy-user stderr trace trace-ascii netrc-file hostpubmd5 aws-sigv4 url-query variable ciphers tls-max retry-max-time mail-from mail-rcpt noproxy max-redirs max-filesize doh-url etag-save etag-compare hsts alt-svc libcurl trace-config cert-type key-type pass capath crlfile pinnedpubkey preproxy socks5 socks5-hostname socks4 socks4a proxy-header expand-data expand-url expand-header expand-output rate parallel-max curves dns-servers ftp-port quote time-cond speed-limit speed-time continue-at keepalive-time happy-eyeballs-timeout-ms create-file-mode";
    let args = &super::curl_config::with_options_of_files(m, args);
    let parsed = Args::of(args, WITH_VALUE);
    let mut load = Load::default();
    for (name, value) in parsed.options() {
        let Some(value) = value.cloned() else { continue };
        match name {
            "d" | "data" | "data-ascii" | "data-binary" | "data-urlencode" | "json" | "url-query" => {
                let file = value.text.strip_prefix('@').or_else(|| {
                    if name == "data-urlencode" {
                        value.text.split_once('@').map(|(_, file)| file).filter(|_| !value.text.contains('='))
                    } else {
                        None
                    }
                });
                upload(m, &mut load, &value, file);
            }
            "data-raw" | "form-string" => {
                load.flow = load.flow.with(value.flow);
            }
            "F" | "form" => {
                let file = value
                    .text
                    .split_once('=')
                    .and_then(|(_, file)| file.strip_prefix(['@', '<']))
                    .map(|file| file.split(';').next().unwrap_or(file));
                upload(m, &mut load, &value, file);
            }
            "T" | "upload-file" => {
                let text = value.text.clone();
                upload(m, &mut load, &value, Some(&text));
            }
            "K" | "config" => {
                let config = m.read(&value);
                if !m.resolve(&value).starts_with(m.place.project) || !config.is_known() {
                    m.puzzled("curl takes its options from a file");
                }
            }
            "H" | "header" if value.text.starts_with('@') => {
                let text = value.text.trim_start_matches('@').to_owned();
                upload(m, &mut load, &value, Some(&text));
            }
            "H" | "header" => {
                let sign_in = value.text.to_ascii_lowercase();
                let usual = sign_in.starts_with("authorization:")
                    || sign_in.contains("token:")
                    || sign_in.contains("api-key:")
                    || sign_in.contains("apikey:");
                if value.flow.has(Flow::SECRET)
                    || value.flow.has(Flow::FILE.with(Flow::OUTPUT)) && !usual
                    || value.flow.has(Flow::CREDENTIAL) && !usual
                {
                    load.flow = load.flow.with(Flow::SECRET);
                }
            }
            // A file of cookies; what is called otherwise is another file.
            "b" | "cookie"
                if !value.text.contains('=')
                    && !["cookie", "jar", "session"]
                        .iter()
                        .any(|part| value.text.to_ascii_lowercase().contains(part)) =>
            {
                let text = value.text.clone();
                upload(m, &mut load, &value, Some(&text));
            }
            "variable" => {
                if let Some((_, file)) = value.text.split_once('@').filter(|(name, _)| !name.contains('=')) {
                    let file = file.to_owned();
                    upload(m, &mut load, &value, Some(&file));
                }
            }
            "A" | "user-agent" | "e" | "referer" | "b" | "cookie"
                if value.flow.has(Flow::CREDENTIAL.with(Flow::SECRET).with(Flow::OUTPUT).with(Flow::FILE)) =>
            {
                load.flow = load.flow.with(Flow::SECRET);
            }
            "netrc-file" => {
                m.read(&value);
            }
            "w" | "write-out" if value.text.starts_with('@') => {
                m.read(&Value { text: value.text.trim_start_matches('@').to_owned(), ..value });
            }
            "D" | "dump-header" | "c" | "cookie-jar" | "stderr" | "trace" | "trace-ascii" | "libcurl" | "etag-save"
            | "hsts" | "alt-svc" => m.write(&value, true, &Value::unknown(Flow::OUTPUT)),
            "w" | "write-out" => {
                for piece in value.text.split("%output{").skip(1) {
                    let file = piece.split('}').next().unwrap_or("").trim_start_matches(">>").to_owned();
                    m.write(&Value { text: file, ..value.clone() }, true, &Value::unknown(Flow::OUTPUT));
                }
            }
            _ => {}
        }
    }
    if parsed.has(&["k", "insecure", "proxy-insecure"]) && parsed.rest.iter().any(|url| !is_local(host(&url.text))) {
        m.mark(Traits::DISABLES_SECURITY, "does not check the other side's certificate");
    }
    if let Some(proxy) = parsed.value(&["x", "proxy"])
        && !is_local(host(&proxy.text))
    {
        m.mark(Traits::SENDS_OUT, "goes through another machine");
    }
    let method = parsed.value(&["X", "request"]).map_or("", |value| value.text.as_str()).to_ascii_uppercase();
    let mut urls: Vec<Value> = parsed.values(&["url"]).cloned().chain(parsed.rest.iter().cloned()).collect();
    if let [_, ..] = urls.as_slice() {
        urls.truncate(16);
    }
    for url in &urls {
        data_service(m, &url.text, &method, &parsed);
        let mut load = load;
        // Of these, standard input is what is sent.
        if ["telnet:", "dict:", "gopher:", "mqtt:", "tftp:"].iter().any(|scheme| url.text.starts_with(scheme)) {
            load.flow = load.flow.with(m.stdin.flow);
        }
        m.request(url, load);
    }
    let fetched = fetched(m, &urls);
    output_to(m, &parsed, &urls, fetched)
}

/// What the answer of these addresses counts as.
pub(super) fn fetched(m: &Machine<'_>, urls: &[Value]) -> Value {
    let secret = m.acts.iter().rev().take(4).any(|act| act.traits.contains(Traits::READS_SECRET));
    let local = urls.iter().all(|url| is_local(host(&url.text)) && url.is_known());
    let flow = if local { Flow::OUTPUT } else { Flow::REMOTE };
    Value::unknown(if secret { flow.with(Flow::SECRET) } else { flow })
}

fn output_to(m: &mut Machine<'_>, parsed: &Args, urls: &[Value], content: Value) -> Value {
    let folder = parsed.value(&["output-dir"]).map(|value| format!("{}/", value.text)).unwrap_or_default();
    if let Some(file) = parsed.value(&["o", "output"]).cloned() {
        if crate::files::is_null(&file.text) {
            return if matches!(file.text.as_str(), "-" | "/dev/stdout") { content } else { Value::default() };
        }
        let file =
            if file.text.starts_with('/') { file } else { Value { text: format!("{folder}{}", file.text), ..file } };
        m.write(&file, false, &content);
        return Value::default();
    }
    if parsed.has(&["O", "remote-name", "remote-name-all", "J", "remote-header-name"]) {
        if parsed.has(&["J", "remote-header-name"]) {
            // The other side says what the file is called.
            let folder = m.resolve(&Value::known(if folder.is_empty() { "." } else { folder.as_str() }));
            m.fetched_folders.push(folder);
        }
        for url in urls {
            let name = crate::path::base(url.text.split(['?', '#']).next().unwrap_or(""));
            if !name.is_empty() {
                m.write(&Value::known(format!("{folder}{name}")), false, &content);
            }
        }
        return Value::default();
    }
    content
}

pub(super) fn upload(m: &mut Machine<'_>, load: &mut Load, value: &Value, file: Option<&str>) {
    load.flow = load.flow.with(value.flow);
    match file {
        None => {}
        Some("-" | "." | "/dev/stdin") => {
            load.flow = load.flow.with(m.stdin.flow).with(if m.stdin.is_known() { Flow::NONE } else { Flow::OUTPUT })
        }
        Some(file) => {
            let file = Value { text: file.to_owned(), ..value.clone() };
            let content = m.read(&file);
            load.flow = load.flow.with(content.flow);
            // What the call itself has written, or test data, is no file of the person.
            load.file |= !content.is_known() || content.flow.has(Flow::SECRET);
        }
    }
}

/// Requests that delete data of a service that speaks HTTP.
fn data_service(m: &mut Machine<'_>, url: &str, method: &str, parsed: &Args) {
    if url.contains("_delete_by_query") || url.contains("/_shutdown") {
        m.mark(Traits::DESTROYS_DATA, "deletes data of a search service");
    } else if method == "DELETE" {
        if is_local(host(url)) {
            let wide = url.ends_with("/*") || url.contains("/_all");
            if wide {
                m.mark(Traits::DESTROYS_DATA, "deletes everything of a service");
            }
        } else {
            m.mark(Traits::DESTROYS_DATA, "deletes something on another machine");
        }
    }
    if let Some(socket) = parsed.value(&["unix-socket"])
        && socket.text.contains("docker.sock")
    {
        m.mark(Traits::ESCAPES_CONTAINER, "speaks to the container engine directly");
    }
}

fn httpie(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "a o auth output session timeout verify raw A auth-type");
    let mut words = parsed.rest.as_slice();
    let mut method = String::new();
    if let [first, rest @ ..] = words
        && first.text.chars().all(|c| c.is_ascii_uppercase())
        && !rest.is_empty()
    {
        method.clone_from(&first.text);
        words = rest;
    }
    let Some((url, items)) = words.split_first() else { return Value::unknown(Flow::OUTPUT) };
    let mut load = Load { flow: m.stdin.flow, file: false };
    for item in items {
        let file = item
            .text
            .split_once("=@")
            .or_else(|| item.text.split_once(":=@"))
            .or_else(|| item.text.split_once('@'))
            .map(|(_, file)| file.to_owned());
        upload(m, &mut load, item, file.as_deref());
    }
    let url = if url.text.starts_with(':') {
        Value { text: format!("localhost{}", url.text), ..url.clone() }
    } else {
        url.clone()
    };
    if method == "DELETE" && !is_local(host(&url.text)) {
        m.mark(Traits::DESTROYS_DATA, "deletes something on another machine");
    }
    m.request(&url, load);
    let urls = [url];
    let content = fetched(m, &urls);
    output_to(m, &parsed, &urls, content)
}

fn other(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::of(args, "d o O x s c j i u p P H dir out e n");
    let urls: Vec<Value> = parsed
        .rest
        .iter()
        .filter(|value| value.text.contains('.') || value.text.contains("://") || value.text.contains(':'))
        .cloned()
        .collect();
    for url in &urls {
        if url.text.contains("://") || name != "hurl" {
            m.request(url, Load { flow: m.stdin.flow, file: false });
        }
    }
    for script in parsed.values(&["e", "c"]).cloned().collect::<Vec<_>>() {
        if name == "lftp" {
            if script.text.contains("put ") || script.text.contains("mirror -R") {
                m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "sends files to another machine");
            }
            if let Some((_, command)) = script.text.split_once('!') {
                let command = command.to_owned();
                m.text(&command);
            }
        }
    }
    if name == "websocat"
        && parsed.rest.iter().chain(args).any(|value| {
            ["exec:", "cmd:", "sh-c:", "ws-l:", "ws-listen:"].iter().any(|start| value.text.starts_with(start))
        })
    {
        m.mark(Traits::OPENS_REMOTE_SHELL | Traits::EXPOSES_NETWORK, "gives a program to whoever is at the other end");
    }
    let unknown = !m.stdin.text.is_empty() && !m.stdin.is_known();
    if matches!(name, "ftp" | "ncftp" | "lftp") && (m.stdin.text.contains("put ") || unknown) {
        m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "sends files to another machine");
    }
    let content = Value::unknown(Flow::REMOTE);
    if matches!(name, "aria2c" | "axel" | "yt-dlp") {
        let folder = parsed.value(&["d", "dir"]).map(|value| format!("{}/", value.text)).unwrap_or_default();
        let named = parsed.value(&["o", "out"]).map(|value| value.text.clone());
        for url in &urls {
            let file = named.clone().unwrap_or_else(|| crate::path::base(&url.text).to_owned());
            m.write(&Value::known(format!("{folder}{file}")), false, &content);
        }
        return Value::default();
    }
    content
}

/// An address on which only this machine can be reached; all addresses (`0.0.0.0`) are not.
fn loopback(address: &str) -> bool {
    is_local(address) && !matches!(address, "" | "0" | "0.0.0.0" | "host.docker.internal")
}

fn netcat(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "e c p s w q i x X exec sh-exec lua-exec ssl-cert ssl-key proxy");
    if let Some(command) = parsed.value(&["e", "c", "exec", "sh-exec", "lua-exec"]).cloned() {
        m.mark(Traits::OPENS_REMOTE_SHELL | Traits::OUTWARD, "gives a program to whoever is at the other end");
        m.run_text(&command);
        return Value::unknown(Flow::REMOTE);
    }
    if parsed.has(&["z"]) {
        let traits =
            if parsed.rest.first().is_some_and(|value| is_local(&value.text)) { Traits::NONE } else { Traits::OUTWARD };
        m.mark(traits, "looks whether a port is open");
        return Value::default();
    }
    if parsed.has(&["l", "listen"]) {
        // `-l 127.0.0.1 9999`, `-l -s 127.0.0.1 -p 9999`: nobody else reaches it.
        let bound = parsed.value(&["s", "source"]).or(parsed.rest.first().filter(|_| parsed.rest.len() > 1));
        if bound.is_none_or(|address| !loopback(&address.text)) {
            m.mark(Traits::EXPOSES_NETWORK, "listens on the network");
        }
        return Value::unknown(Flow::REMOTE);
    }
    let host = parsed.rest.first().cloned().unwrap_or_default();
    let flow = m.stdin.flow;
    m.request(&host, Load { flow, file: flow.has(Flow::FILE) });
    if !is_local(&host.text) && m.piped {
        m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "sends what it is given to another machine");
    }
    Value::unknown(if is_local(&host.text) { Flow::OUTPUT } else { Flow::REMOTE })
}

fn socat(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(args, "T b t L W d lf");
    let upper: Vec<String> = parsed.rest.iter().map(|value| value.text.to_ascii_uppercase()).collect();
    let is = |starts: &[&str]| upper.iter().any(|text| starts.iter().any(|start| text.starts_with(start)));
    let network = is(&["TCP", "UDP", "OPENSSL", "SSL", "SCTP", "SOCKS", "PROXY", "VSOCK"]);
    let local = upper.iter().any(|text| text.contains("LOCALHOST") || text.contains("127.0.0.1"));
    if is(&["EXEC", "SYSTEM", "SHELL"]) {
        for value in &parsed.rest {
            if let Some((kind, command)) = value.text.split_once(':')
                && matches!(kind.to_ascii_uppercase().as_str(), "EXEC" | "SYSTEM" | "SHELL")
            {
                let command = Value {
                    text: command.split(',').next().unwrap_or("").trim_matches(['\'', '"']).to_owned(),
                    ..value.clone()
                };
                m.run_text(&command);
            }
        }
        if network {
            m.mark(Traits::OPENS_REMOTE_SHELL | Traits::OUTWARD, "gives a program to whoever is at the other end");
        }
        return Value::unknown(Flow::REMOTE);
    }
    if upper
        .iter()
        .any(|text| ["DOCKER.SOCK", "CONTAINERD.SOCK", "PODMAN.SOCK", "CRIO.SOCK"].iter().any(|end| text.contains(end)))
    {
        m.mark(Traits::ESCAPES_CONTAINER, "speaks to the engine of containers");
    }
    for value in &parsed.rest {
        if let Some((kind, file)) = value.text.split_once(':')
            && matches!(kind.to_ascii_uppercase().as_str(), "FILE" | "OPEN" | "GOPEN")
        {
            let file = Value { text: file.split(',').next().unwrap_or("").to_owned(), ..value.clone() };
            m.read(&file);
        }
    }
    let listens = |text: &&String| text.contains("-LISTEN") || text.contains("-L:") || text.starts_with("TCP4-L");
    if let Some(listener) = upper.iter().find(listens) {
        let bound = listener.split(',').find_map(|option| option.strip_prefix("BIND="));
        let here = listener.starts_with("UNIX") || bound.is_some_and(|address| loopback(&address.to_ascii_lowercase()));
        let others = upper.iter().any(|text| !listens(&text) && text.contains("DOCKER.SOCK"));
        if !here || others {
            m.mark(Traits::EXPOSES_NETWORK, "listens on the network");
        }
        if network && !local {
            m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "a raw connection to another machine");
        }
    } else if network && !local {
        m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "a raw connection to another machine");
    }
    Value::unknown(Flow::REMOTE)
}

fn transfer(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let mut flow = m.stdin.flow;
    for value in args.iter().filter(|value| !value.text.starts_with('-')) {
        if m.names_secret(value) {
            flow = flow.with(m.read(value).flow);
        }
    }
    let texts = super::texts(args);
    let action = texts.iter().find(|text| !text.starts_with('-')).copied().unwrap_or("");
    let looks = matches!(
        action,
        "ls" | "lsd"
            | "lsl"
            | "lsf"
            | "size"
            | "config"
            | "cat"
            | "version"
            | "about"
            | "info"
            | "receive"
            | "stat"
            | "du"
            | "tree"
            | "listremotes"
            | "diff"
            | "check"
    );
    let removes = matches!(action, "delete" | "purge" | "rm" | "rb" | "del" | "rmdirs" | "sync" | "deletefile")
        && matches!(name, "rclone" | "s3cmd" | "mc" | "s5cmd" | "gdrive");
    if removes && !super::is_dry(args) {
        m.mark(Traits::DESTROYS_DATA, "deletes what lies in a store");
    }
    if !looks {
        m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "sends files to another machine");
    }
    Value::unknown(Flow::REMOTE.with(flow))
}
