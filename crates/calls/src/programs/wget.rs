//! `wget`: what it sends, writes and runs.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::net::Load;
use crate::value::{Flow, Value};

use super::network::{fetched, upload};

pub(super) fn wget(m: &mut Machine<'_>, args: &[Value]) -> Value {
    let parsed = Args::of(
        args,
        "O P o a i U t T Q e l R A D X output-document directory-prefix output-file post-data post-file body-data body-file header user-agent user password method input-file tries timeout execute use-askpass referer ca-certificate certificate private-key limit-rate level reject accept append-output save-cookies load-cookies config warc-file rejected-log hsts-file",
    );
    let mut load = Load::default();
    for value in parsed.values(&["post-file", "body-file"]).cloned().collect::<Vec<_>>() {
        let text = value.text.clone();
        upload(m, &mut load, &value, Some(&text));
    }
    for value in parsed.values(&["post-data", "body-data"]) {
        load.flow = load.flow.with(value.flow);
    }
    for value in parsed.values(&["header", "user-agent", "U", "referer"]) {
        if value.flow.has(Flow::SECRET.with(Flow::OUTPUT).with(Flow::FILE)) {
            load.flow = load.flow.with(Flow::SECRET);
        }
    }
    if parsed.has(&["no-check-certificate"]) {
        m.mark(Traits::DISABLES_SECURITY, "does not check the other side's certificate");
    }
    if parsed.value(&["use-askpass"]).is_some() {
        m.puzzled("runs another program");
    }
    for value in parsed.values(&["e", "execute"]).cloned().collect::<Vec<_>>() {
        wget_setting(m, &value);
    }
    if let Some(file) = parsed.value(&["config"]).cloned()
        && !m.resolve(&file).starts_with(m.place.project)
    {
        m.puzzled("takes its options from a file");
    }
    for file in parsed
        .values(&["o", "output-file", "a", "append-output", "save-cookies", "warc-file", "rejected-log", "hsts-file"])
        .cloned()
        .collect::<Vec<_>>()
    {
        m.write(&file, true, &Value::unknown(Flow::OUTPUT));
    }
    if let Some(list) = parsed.value(&["i", "input-file"]).cloned() {
        m.read(&list);
    }
    for url in &parsed.rest {
        m.request(url, load);
    }
    if parsed.has(&["spider"]) {
        return Value::default();
    }
    let content = fetched(m, &parsed.rest);
    if let Some(file) = parsed.value(&["O", "output-document"]).cloned() {
        if matches!(file.text.as_str(), "-" | "/dev/stdout") {
            return content;
        }
        m.write(&file, false, &content);
        return Value::default();
    }
    let folder = parsed.value(&["P", "directory-prefix"]).map(|value| format!("{}/", value.text)).unwrap_or_default();
    if parsed.has(&["content-disposition", "trust-server-names", "r", "recursive", "m", "mirror"]) {
        let folder = m.resolve(&Value::known(if folder.is_empty() { "." } else { folder.as_str() }));
        m.fetched_folders.push(folder);
    }
    for url in &parsed.rest {
        let name = crate::path::base(url.text.split(['?', '#']).next().unwrap_or(""));
        m.write(&Value::known(format!("{folder}{name}")), false, &content);
    }
    Value::default()
}

/// `wget -e name=value`: a line of its settings.
fn wget_setting(m: &mut Machine<'_>, setting: &Value) {
    let Some((name, value)) = setting.text.split_once('=') else { return };
    let name = name.trim().to_ascii_lowercase().replace(['-', '_'], "");
    let value = Value { text: value.trim().to_owned(), ..setting.clone() };
    match name.as_str() {
        "outputdocument" | "logfile" | "savecookies" | "dirprefix" => {
            m.write(&value, true, &Value::unknown(Flow::REMOTE))
        }
        "useaskpass" => m.puzzled("runs another program"),
        "postfile" | "bodyfile" => {
            m.read(&value);
            m.mark(Traits::SENDS_OUT | Traits::OUTWARD, "sends a file to another machine");
        }
        "checkcertificate" if matches!(value.text.as_str(), "off" | "no" | "0") => {
            m.mark(Traits::DISABLES_SECURITY, "does not check the other side's certificate");
        }
        _ => {}
    }
}
