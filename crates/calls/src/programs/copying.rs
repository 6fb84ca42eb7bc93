//! Copying, moving, linking, packing.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::path::base;
use crate::value::{Flow, Value};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    match name {
        "cp" | "gcp" | "ditto" | "install" | "scp-local" | "copy" | "xcopy" | "robocopy" | "pbcopy-file" => {
            copy(m, name, args)
        }
        "mv" | "gmv" | "rename-file" | "move" => moved(m, args),
        "ln" | "link" | "gln" | "mklink" => link(m, args),
        "dd" => dd(m, args),
        "rsync" => rsync(m, args),
        "tar" | "bsdtar" | "gtar" => return Some(tar(m, args)),
        "zip" | "7z" | "7za" | "7zz" | "rar" | "ar" | "pax" => return Some(zip(m, name, args)),
        "unzip" | "unrar" | "unar" => {
            let parsed = Args::of(args, "d x P");
            if parsed.has(&["p", "c"]) {
                return Some(Value::unknown(Flow::FILE));
            }
            let folder = parsed.value(&["d"]).cloned();
            let from = unpacked_from(m, parsed.rest.first());
            let outside = parsed.rest.first().is_some_and(|archive| m.resolve(archive).starts_with("/tmp/"));
            unpack(m, &folder);
            if from.has(Flow::REMOTE)
                || outside && folder.as_ref().is_some_and(|folder| m.resolve(folder).starts_with("/tmp/"))
            {
                arrived(m, folder.as_ref());
            }
        }
        "cpio" => {
            m.read_operands(args);
            let parsed = Args::of(args, "D H F O I directory");
            if parsed.has(&["i", "extract"]) {
                let absolute = parsed.has(&["absolute-filenames"]);
                let folder =
                    if absolute { Some(Value::known("/")) } else { parsed.value(&["D", "directory"]).cloned() };
                unpack(m, &folder);
            }
        }
        "patch" => {
            let text = m.stdin.clone();
            patched(m, &text);
            let folder = Args::of(args, "p i d o r D input directory output").value(&["d", "directory"]).cloned();
            if folder.is_some_and(|folder| !crate::path::within(&m.resolve(&folder), m.place.project)) {
                m.puzzled("changes files outside the project by a patch");
            }
            for file in &Args::of(args, "p i d o r D input directory output").rest {
                m.write(file, true, &Value::unknown(Flow::FILE));
            }
        }
        _ => return None,
    }
    Some(Value::default())
}

/// A patch that may change anything: its paths, where they are known.
pub(super) fn patched(m: &mut Machine<'_>, text: &Value) {
    let mut any = false;
    for line in text.text.lines() {
        if let Some(path) = line.strip_prefix("+++ ").or_else(|| line.strip_prefix("--- ")) {
            any = true;
            let path = path.split('\t').next().unwrap_or(path);
            let path = path.strip_prefix("a/").or_else(|| path.strip_prefix("b/")).unwrap_or(path);
            if path != "/dev/null" {
                m.write(&Value::known(path), true, &Value::unknown(Flow::FILE));
            }
        }
    }
    if !any && text.flow.has(Flow::REMOTE) {
        m.mark(Traits::CHANGES_SUPPLY_CHAIN, "applies a patch from elsewhere");
    }
}

fn target_of(m: &Machine<'_>, source: &Value, target: &Value) -> Value {
    let path = m.resolve(target);
    let folder = target.text.ends_with('/') || matches!(target.text.as_str(), "." | "..") || known_folder(&path);
    if folder {
        Value { text: format!("{}/{}", path.trim_end_matches('/'), base(&source.text)), ..target.clone() }
    } else {
        target.clone()
    }
}

fn known_folder(path: &str) -> bool {
    matches!(
        base(path),
        "bin"
            | "hooks"
            | "etc"
            | ".ssh"
            | ".claude"
            | ".config"
            | "tmp"
            | "home"
            | "src"
            | "docs"
            | ".aws"
            | ".git"
            | "user"
            | "LaunchAgents"
            | "LaunchDaemons"
            | "autostart"
            | "cron.d"
            | "cron.daily"
            | "cron.hourly"
            | "system"
            | "ca-certificates"
            | "lib"
            | "sbin"
            | "init.d"
            | "profile.d"
            | "sudoers.d"
    )
}

fn copy(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    let parsed = Args::of(args, "t S m o g target-directory suffix mode owner group");
    let mut sources = parsed.rest.clone();
    let target = parsed
        .value(&["t", "target-directory"])
        .cloned()
        .map(|folder| Value { text: format!("{}/", folder.text), ..folder })
        .or_else(|| if sources.len() > 1 { sources.pop() } else { None });
    if name == "install" {
        if let Some(mode) = parsed.value(&["m", "mode"]) {
            let mode = mode.text.clone();
            super::permissions::mode_of(m, &mode);
        }
        if parsed.has(&["d", "directory"]) {
            return;
        }
    }
    let Some(target) = target else { return };
    for source in &sources {
        let content = m.read(source);
        if name == "cp" && parsed.has(&["l", "s", "link", "symbolic-link"]) {
            linked(m, source, &target);
        }
        let program = base(&source.text).to_owned();
        let to = target_of(m, source, &target);
        let source_code =
            [".rs", ".py", ".ts", ".tsx", ".js", ".jsx", ".go", ".java", ".rb", ".php", ".c", ".cpp", ".cs", ".sql"];
        if source.text == "/dev/null" && source_code.iter().any(|end| to.text.ends_with(end)) {
            m.mark(Traits::DISCARDS_WORK, "overwrites a file with nothing");
        }
        if source.text.starts_with("/usr/bin/") || source.text.starts_with("/bin/") {
            // A program by another name.
            let path = m.resolve(&to);
            let (traits, why) = m.written_traits(&path, &to);
            m.act(crate::ActKind::WriteFile, path.clone(), traits, why);
            m.links.push((path, format!("/usr/bin/{program}")));
            continue;
        }
        m.write(&to, false, &content);
    }
}

fn moved(m: &mut Machine<'_>, args: &[Value]) {
    let parsed = Args::of(args, "t S target-directory suffix");
    let mut sources = parsed.rest.clone();
    let target = parsed
        .value(&["t", "target-directory"])
        .cloned()
        .or_else(|| if sources.len() > 1 { sources.pop() } else { None });
    let Some(target) = target else { return };
    let nothing = crate::files::is_null(&target.text);
    for source in &sources {
        let path = m.resolve(source);
        if nothing {
            m.destroy(source, true);
            m.mark(Traits::DESTROYS_FILES, "moves files to where nothing comes back from");
            continue;
        }
        let content = m.read(source);
        let (traits, why) = m.removed_by_moving(&path, source);
        let to = target_of(m, source, &target);
        let there = m.resolve(&to);
        use crate::path::{Zone, zone};
        if zone(&path, m.place) == Zone::Project
            && !crate::files::made_again(&path)
            && zone(&there, m.place) != Zone::Project
            && m.moved.len() < 64
        {
            m.moved.push(there);
        }
        m.act(crate::ActKind::WriteFile, path, traits, why);
        m.write(&to, false, &content);
    }
}

fn link(m: &mut Machine<'_>, args: &[Value]) {
    let parsed = Args::of(args, "t S target-directory suffix");
    match parsed.rest.as_slice() {
        [target, link] => linked(m, &target.clone(), &link.clone()),
        [target] => {
            let name = Value::known(base(&target.text));
            linked(m, &target.clone(), &name);
        }
        _ => {}
    }
}

fn linked(m: &mut Machine<'_>, target: &Value, link: &Value) {
    if m.names_secret(target) {
        let path = m.resolve(target);
        m.act(crate::ActKind::ReadFile, path, Traits::READS_SECRET | Traits::EVADES, "a link to a file of secrets");
    }
    let to = m.resolve(target);
    let place = target_of(m, target, link);
    let null = crate::files::is_null(&target.text);
    let path = crate::path::absolute(&place.text, &m.cwd, m.place);
    let (mut traits, mut why) = m.written_traits(&path, &place);
    let history = path.ends_with("_history");
    if traits.is_empty() && null && history {
        (traits, why) = (Traits::DISABLES_SECURITY, "switches off the shell's history");
    }
    if history {
        traits |= Traits::DISABLES_SECURITY;
        why = "switches off the shell's history";
    }
    m.act(crate::ActKind::WriteFile, path.clone(), traits, why);
    let known = m.written.iter().any(|written| written.path == to);
    if known
        && let Some(content) =
            m.written.iter().rev().find(|written| written.path == to).map(|written| written.content.clone())
    {
        m.written.push(crate::machine::Written { path: path.clone(), content });
    } else if crate::path::zone(&to, m.place) == crate::path::Zone::Temp {
        m.written.push(crate::machine::Written { path: path.clone(), content: Value::unknown(Flow::NONE) });
    }
    if m.links.len() < 32 {
        m.links.push((path, to));
    }
}

fn dd(m: &mut Machine<'_>, args: &[Value]) {
    let mut content = m.stdin.clone();
    for value in args {
        if let Some(file) = value.text.strip_prefix("if=") {
            let file = Value { text: file.to_owned(), ..value.clone() };
            content = if crate::files::is_null(&file.text) { Value::default() } else { m.read(&file) };
            if matches!(file.text.as_str(), "/dev/zero" | "/dev/urandom" | "/dev/random")
                && !args.iter().any(|value| value.text.starts_with("count="))
                && args.iter().any(|value| value.text.starts_with("of=") && !value.text.starts_with("of=/dev/"))
            {
                m.mark(Traits::EXHAUSTS, "writes what never ends");
            }
        }
    }
    for value in args {
        if let Some(file) = value.text.strip_prefix("of=") {
            let file = Value { text: file.to_owned(), ..value.clone() };
            let path = m.resolve(&file);
            let overwrites = content.text.is_empty()
                && !matches!(crate::path::zone(&path, m.place), crate::path::Zone::Temp | crate::path::Zone::Project);
            if overwrites && !crate::files::is_null(&file.text) {
                m.mark(Traits::DESTROYS_FILES, "overwrites a file with nothing");
            }
            m.write(&file, true, &content);
        }
    }
}

fn rsync(m: &mut Machine<'_>, args: &[Value]) {
    let parsed = Args::of(
        args,
        "e f B M T rsh filter exclude include exclude-from files-from log-file port bwlimit max-size partial-dir rsync-path out-format timeout chmod chown link-dest backup-dir compare-dest",
    );
    for command in parsed.values(&["e", "rsh", "rsync-path"]).cloned().collect::<Vec<_>>() {
        if !matches!(crate::path::base(command.text.split(' ').next().unwrap_or("")), "ssh" | "rsync" | "sudo") {
            m.run_text(&command);
        }
    }
    if parsed.has(&["daemon"]) {
        m.mark(Traits::EXPOSES_NETWORK, "serves files to others");
    }
    let dry = parsed.has(&["n", "dry-run"]);
    let Some((target, sources)) = parsed.rest.split_last() else { return };
    let remote = |value: &Value| {
        value.text.contains("://")
            || value.text.split_once(':').is_some_and(|(host, _)| !host.contains('/') && host.len() > 1)
    };
    let mut flow = Flow::NONE;
    for source in sources {
        if !remote(source) {
            let held = Value { text: source.text.trim_end_matches('/').to_owned(), ..source.clone() };
            flow = flow.with(m.read(&held).flow);
        } else if let Some((_, path)) = source.text.split_once(':') {
            super::containers::taken_out(m, path);
        }
    }
    if dry {
        return;
    }
    if remote(target) {
        m.request(target, crate::net::Load { flow, file: true });
        return;
    }
    if parsed.has(&["delete", "delete-after", "delete-before", "delete-during", "delete-excluded", "del"]) {
        let inside = Value { text: format!("{}/*", m.resolve(target)), flow: target.flow, glob: true };
        m.destroy(&inside, true);
    }
    let path = m.resolve(target);
    let held = Value { text: format!("{}/x", path.trim_end_matches('/')), ..target.clone() };
    let content = Value::unknown(if flow.has(Flow::SECRET) {
        Flow::SECRET
    } else if sources.iter().any(remote) {
        Flow::REMOTE
    } else {
        Flow::FILE
    });
    if crate::targets::agent(&path, m.place) || target.text.ends_with('/') {
        m.write(&held, true, &content);
    } else {
        m.write(target, true, &content);
    }
    if parsed.has(&["remove-source-files"]) {
        for source in sources {
            m.destroy(source, true);
        }
    }
}

fn tar(m: &mut Machine<'_>, args: &[Value]) -> Value {
    // The first word may be a bundle without a dash.
    let mut args = args.to_vec();
    if let Some(first) = args.first_mut()
        && !first.text.starts_with('-')
        && first.text.chars().all(|c| c.is_ascii_alphabetic())
    {
        first.text.insert(0, '-');
    }
    let parsed = Args::of(
        &args,
        "f C T X I b g H N V directory file files-from exclude exclude-from to-command use-compress-program checkpoint-action transform strip-components rsh-command info-script new-volume-script owner group mode format warning",
    );
    for (name, value) in parsed.options() {
        let runs = matches!(
            name,
            "to-command" | "use-compress-program" | "I" | "rsh-command" | "info-script" | "new-volume-script" | "F"
        );
        let Some(value) = value.cloned() else { continue };
        if runs {
            if !matches!(
                value.text.split(' ').next().unwrap_or(""),
                "zstd" | "gzip" | "pigz" | "xz" | "bzip2" | "lz4" | "pbzip2" | "unzstd" | "brotli"
            ) {
                m.run_text(&value);
            }
        } else if name == "checkpoint-action"
            && let Some(command) = value.text.strip_prefix("exec=")
        {
            let command = command.to_owned();
            m.text(&command);
        }
    }
    let creates = parsed.has(&["c", "r", "u", "create", "append", "update"]);
    let archive = parsed.value(&["f", "file"]).cloned();
    if creates {
        let mut flow = Flow::NONE;
        let folder = parsed.value(&["C", "directory"]).cloned();
        m.aside(|m| {
            if let Some(folder) = folder {
                let to = m.resolve(&folder);
                m.cd(to);
            }
            for file in &parsed.rest {
                flow = flow.with(m.read(file).flow);
                whole_home(m, file);
            }
            if parsed.has(&["remove-files"]) {
                for file in &parsed.rest {
                    m.destroy(file, true);
                }
            }
        });
        let content = Value::unknown(flow.with(Flow::FILE));
        if let Some(archive) = archive.filter(|archive| archive.text != "-") {
            if archive.text.contains(':') && !archive.text.starts_with('/') {
                m.request(&archive, crate::net::Load { flow, file: true });
            } else {
                m.write(&archive, false, &content);
            }
            return Value::default();
        }
        return content;
    }
    if parsed.has(&["x", "extract", "get"]) {
        if parsed.has(&["P", "absolute-names"]) {
            m.mark(Traits::DESTROYS_FILES, "unpacks to any place on the disk");
        }
        if parsed.has(&["O", "to-stdout"]) {
            return Value::unknown(Flow::FILE.with(m.stdin.flow));
        }
        let from = unpacked_from(m, archive.as_ref());
        let folder = parsed.value(&["C", "directory"]).cloned();
        unpack(m, &folder);
        if from.has(Flow::REMOTE) {
            arrived(m, folder.as_ref());
        } else if let Some(archive) = archive.filter(|archive| m.resolve(archive).starts_with("/tmp/")) {
            let stem = base(&archive.text).split('.').next().unwrap_or("").to_owned();
            let inside = m.resolve(&Value::known(format!(
                "{}/{stem}",
                folder.as_ref().map_or(".", |folder| folder.text.as_str())
            )));
            m.fetched_folders.push(inside);
        }
        return Value::default();
    }
    Value::unknown(Flow::LIST)
}

fn unpacked_from(m: &mut Machine<'_>, archive: Option<&Value>) -> Flow {
    match archive {
        Some(archive) if archive.text != "-" => {
            let path = m.resolve(archive);
            m.written
                .iter()
                .rev()
                .find(|written| written.path == path)
                .map_or(Flow::NONE, |written| written.content.flow)
        }
        _ => m.stdin.flow,
    }
}

/// What came from the network lies in a folder now: everything below it is that.
fn arrived(m: &mut Machine<'_>, folder: Option<&Value>) {
    let path = folder.map_or_else(|| m.cwd.clone(), |folder| m.resolve(folder));
    m.fetched_folders.push(path);
}

/// A whole home, or a folder of keys, goes into an archive.
fn whole_home(m: &mut Machine<'_>, file: &Value) {
    use crate::path::Zone;
    let path = m.resolve(file);
    if matches!(crate::path::zone(&path, m.place), Zone::HomeRoot | Zone::Root) && !m.elsewhere {
        m.act(crate::ActKind::ReadFile, path, Traits::READS_SECRET, "packs a whole home");
    }
}

/// Something is unpacked into a folder.
fn unpack(m: &mut Machine<'_>, folder: &Option<Value>) {
    use crate::path::Zone;
    let here = Value::known(m.cwd.clone());
    // In the working folder only what lies outside of every project is remarkable.
    let folder = match folder {
        Some(folder) => folder,
        None if matches!(
            crate::path::zone(&m.cwd, m.place),
            Zone::Project | Zone::ProjectRoot | Zone::AboveProject
        ) =>
        {
            let inside = format!("{}/x", m.cwd);
            if let Some((traits, why)) = m.matters(&inside) {
                m.act(crate::ActKind::WriteFile, inside, traits, why);
            }
            return;
        }
        None => &here,
    };
    let path = m.resolve(folder);
    let (traits, why) = match crate::path::zone(&path, m.place) {
        Zone::Root | Zone::System | Zone::HomeRoot | Zone::AboveProject => {
            (Traits::DESTROYS_FILES | Traits::PERSISTS, "unpacks over files of the person or the system")
        }
        _ => {
            let inside = format!("{}/x", path.trim_end_matches('/'));
            m.written_traits(&inside, folder)
        }
    };
    m.act(crate::ActKind::WriteFile, path, traits, why);
}

fn zip(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Value {
    let parsed = Args::of(args, "x i P t n p o b TT");
    let moves = name == "zip" && parsed.has(&["m", "move"]) || args.iter().any(|value| value.text == "-sdel");
    let secret = name != "zip" && args.iter().any(|value| value.text.starts_with("-p") && value.text.len() > 2);
    let mut operands = parsed.rest.iter();
    if matches!(name, "7z" | "7za" | "7zz" | "rar" | "ar" | "pax") {
        let action = operands.next().map_or("", |value| value.text.as_str());
        let flow = parsed.from(1).first().cloned().map_or(Flow::NONE, |archive| m.read(&archive).flow);
        if action == "p" || args.iter().any(|value| value.text == "-so") {
            return Value::unknown(flow.with(Flow::FILE).with(Flow::DECODED));
        }
        if matches!(action, "x" | "e") && name != "ar" {
            let folder = args.iter().find_map(|value| value.text.strip_prefix("-o").map(Value::known));
            unpack(m, &folder);
            return Value::default();
        }
        if matches!(action, "l" | "t") {
            return Value::unknown(Flow::LIST);
        }
    }
    let archive = operands.next().cloned();
    let mut flow = Flow::NONE;
    for file in operands.cloned().collect::<Vec<_>>() {
        flow = flow.with(m.read(&file).flow);
        whole_home(m, &file);
        if moves {
            m.destroy(&file, true);
        }
    }
    if moves && secret {
        m.mark(Traits::DESTROYS_FILES, "locks files away behind a password");
    }
    if name == "zip"
        && let Some(command) = args.iter().skip_while(|value| value.text != "-TT").nth(1).cloned()
    {
        m.run_text(&command);
    }
    if name == "ar" {
        let folder = args.iter().find_map(|value| value.text.strip_prefix("--output=").map(Value::known));
        unpack(m, &folder);
    }
    match archive {
        Some(archive) if archive.text != "-" => {
            m.write(&archive, false, &Value::unknown(flow.with(Flow::FILE)));
            Value::default()
        }
        _ => Value::unknown(flow.with(Flow::FILE)),
    }
}

impl Machine<'_> {
    /// What it means that a file is no longer where it was.
    fn removed_by_moving(&self, path: &str, source: &Value) -> (Traits, &'static str) {
        use crate::path::Zone;
        if crate::targets::agent(path, self.place) {
            return (Traits::CHANGES_AGENT, "moves an agent's settings or the hook's files away");
        }
        match crate::path::zone(path, self.place) {
            Zone::Root | Zone::System | Zone::HomeRoot | Zone::AboveProject => {
                (Traits::DESTROYS_FILES, "moves files of the person or the system away")
            }
            Zone::Home if source.glob && base(path) == "*" => {
                (Traits::DESTROYS_FILES, "moves everything in a folder away")
            }
            Zone::Project | Zone::ProjectRoot if path.ends_with("/.git") => {
                (Traits::DESTROYS_FILES, "moves git's history away")
            }
            _ => (Traits::NONE, ""),
        }
    }
}
