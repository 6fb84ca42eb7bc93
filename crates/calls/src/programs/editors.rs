//! Editors and pagers that run commands, and builds that take them from options.

use crate::Traits;
use crate::args::Args;
use crate::machine::Machine;
use crate::recipes::{self, Form};
use crate::value::{Flow, Value};

pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    match name {
        "vi" | "vim" | "nvim" | "view" | "ex" | "vimdiff" | "rvim" | "gvim" | "hx" | "kak" => vim(m, args),
        "ed" | "red" => ed(m, args),
        "nano" | "pico" | "micro" | "joe" | "emacsclient" | "code" | "subl" | "gedit" | "kate" if name != "code" => {
            for file in Args::of(args, "s T").rest {
                m.read(&file);
            }
        }
        "man" | "info" => {
            let parsed = Args::of(args, "P H pager");
            if let Some(pager) = parsed.value(&["P", "pager", "H"]).cloned() {
                m.run_text(&pager);
            }
        }
        "make" | "gmake" | "bmake" | "mingw32-make" => make(m, args),
        "pre-commit" => {
            let parsed = Args::of(args, "c config");
            for file in parsed.values(&["c", "config"]).cloned().collect::<Vec<_>>() {
                if !m.resolve(&file).starts_with(m.place.project) {
                    recipe(m, &file, Form::Yaml);
                }
            }
        }
        "just" | "task" | "mage" | "rake-x" | "invoke" | "inv" | "nox" | "tox" | "ninja" | "scons" | "waf" => {
            let parsed = Args::leading(args, "f justfile d working-directory t taskfile c command shell set C");
            let form = match name {
                "just" => Form::Just,
                "tox" | "ninja" => Form::Ini,
                "nox" | "invoke" | "inv" | "scons" | "waf" => Form::Code("python3"),
                _ => Form::Yaml,
            };
            for file in parsed.values(&["f", "justfile", "t", "taskfile"]).cloned().collect::<Vec<_>>() {
                recipe(m, &file, form);
            }
            if name == "just" && parsed.has(&["command", "c"]) {
                let mut words: Vec<Value> = parsed.values(&["command", "c"]).cloned().collect();
                words.extend(parsed.rest);
                m.run(words);
            }
        }
        "cmake" => {
            if args.first().is_some_and(|value| value.text == "-E") {
                return Some(
                    m.run(
                        args.get(1..)
                            .unwrap_or(&[])
                            .iter()
                            .map(|value| match value.text.as_str() {
                                "remove" | "remove_directory" => Value::known("rm"),
                                "copy" | "copy_directory" => Value::known("cp"),
                                "rename" => Value::known("mv"),
                                _ => value.clone(),
                            })
                            .collect(),
                    ),
                );
            }
            if let Some(position) = args.iter().position(|value| value.text == "-P")
                && let Some(file) = args.get(position + 1).cloned()
            {
                recipe(m, &file, Form::CMake);
            }
        }
        "gradle" | "gradlew" | "mvn" | "mvnw" | "sbt" | "ant" => builds(m, args),
        "gcc" | "cc" | "clang" | "g++" | "clang++" | "rustc" | "tcc" | "zig" | "ghc" | "javac" | "kotlinc" | "nasm"
        | "ld" | "go-build" => {
            let parsed = Args::of(args, "o x I L l D std B wrapper");
            if name == "tcc" && parsed.has(&["r", "run"]) || args.iter().any(|value| value.text == "-run") {
                let code = m.stdin.clone();
                crate::code::follow(m, "other", &code.text);
            }
            if args.iter().any(|value| value.text == "-wrapper") {
                m.puzzled("a compiler runs another program");
            }
            if let Some(target) = parsed.value(&["o"]).cloned() {
                let code =
                    if args.iter().any(|value| value.text == "-") { m.stdin.clone() } else { source(m, &parsed) };
                let path = m.resolve(&target);
                m.act(crate::ActKind::WriteFile, path.clone(), Traits::NONE, "");
                if code.is_known() && !code.text.is_empty() {
                    let before = m.acts.len();
                    m.aside(|m| crate::code::follow(m, "other", &code.text));
                    m.keep_serious(before);
                }
                let own = parsed.rest.iter().all(|file| m.resolve(file).starts_with(m.place.project))
                    && !args.iter().any(|value| value.text == "-");
                if crate::path::zone(&path, m.place) == crate::path::Zone::Project || own {
                    // What the project's own sources make is the project's.
                    m.written.push(crate::machine::Written { path, content: Value::default() });
                }
            }
        }
        "pytest" | "py.test" | "jest" | "mocha" | "vitest" | "eslint" | "prettier" | "babel" | "webpack" | "rollup"
        | "nyc" | "ava" | "stylelint" | "tsc" | "rspec" | "phpunit" | "pylint" | "mypy" | "flake8" | "sphinx-build"
        | "celery" | "behave" | "tox-x" => tests(m, name, args),
        "terraform-console" => {}
        "apt-config" => {}
        "octave" | "maxima" => return None,
        "ffmpeg" | "ffprobe" | "convert" | "magick" | "montage" => {
            let mut flow = m.read_operands(args);
            if let Some(position) = args.iter().position(|value| value.text == "-i")
                && let Some(file) = args.get(position + 1)
            {
                flow = flow.with(m.read(&file.clone()).flow);
            }
            return Some(Value::unknown(flow.with(Flow::OUTPUT)));
        }
        _ => return None,
    }
    Some(Value::unknown(Flow::OUTPUT))
}

/// The source that a compiler reads, if the call has written it.
fn source(m: &mut Machine<'_>, parsed: &Args) -> Value {
    let mut all = Value::default();
    for file in &parsed.rest {
        let path = m.resolve(file);
        if let Some(written) = m.written.iter().rev().find(|written| written.path == path) {
            all.push(&written.content.clone());
        }
    }
    all
}

fn vim(m: &mut Machine<'_>, args: &[Value]) {
    let parsed = Args::of(args, "c cmd S u U i w W T t q r");
    for value in args {
        // Kakoune: `nop %sh{ … }`.
        if let Some((_, rest)) = value.text.split_once("%sh{") {
            let shell = rest.rsplit_once('}').map_or(rest, |(inside, _)| inside).to_owned();
            m.text(&shell);
        }
    }
    let mut commands: Vec<String> = parsed.values(&["c", "cmd"]).map(|value| value.text.clone()).collect();
    let mut files = Vec::new();
    for value in &parsed.rest {
        match value.text.strip_prefix('+') {
            Some(command) => commands.push(command.to_owned()),
            None => files.push(value.clone()),
        }
    }
    // In silent mode the commands come from standard input.
    if parsed.has(&["s"]) && !m.stdin.text.is_empty() || parsed.has(&["e"]) {
        commands.extend(m.stdin.text.lines().map(str::to_owned));
    }
    if args.iter().any(|value| value.text == "-s")
        && !parsed.has(&["e", "E"])
        && let Some(keys) = parsed.rest.first()
        && !m.resolve(keys).starts_with(m.place.project)
    {
        m.puzzled("an editor reads its keys from a file");
    }
    for file in parsed.values(&["S", "u"]).cloned().collect::<Vec<_>>() {
        if !matches!(file.text.as_str(), "NONE" | "NORC" | "DEFAULTS") && !m.resolve(&file).starts_with(m.place.project)
        {
            m.puzzled("an editor reads its commands from a file");
        }
        commands.extend(m.read_code(&file).text.lines().map(str::to_owned));
    }
    for file in &files {
        if m.names_secret(file) {
            m.read(file);
        }
    }
    for command in commands {
        editor_command(m, &command, files.first());
    }
}

fn editor_command(m: &mut Machine<'_>, command: &str, file: Option<&Value>) {
    let command =
        command.trim().trim_start_matches([':', '%', '.', '$', ',']).trim_start_matches(|c: char| c.is_ascii_digit());
    for (start, family) in [
        ("lua ", "lua"),
        ("py3 ", "python"),
        ("python3 ", "python"),
        ("py ", "python"),
        ("python ", "python"),
        ("ruby ", "ruby"),
        ("perl ", "perl"),
    ] {
        if let Some(code) = command.strip_prefix(start) {
            let code = code.to_owned();
            crate::code::follow(m, family, &code);
            return;
        }
    }
    if let Some(shell) = command
        .strip_prefix('!')
        .or_else(|| command.strip_prefix("silent !"))
        .or_else(|| command.strip_prefix("silent! !"))
        .or_else(|| command.strip_prefix("r!"))
        .or_else(|| command.strip_prefix("r !"))
        .or_else(|| command.strip_prefix("w !"))
        .or_else(|| command.strip_prefix("terminal "))
        .or_else(|| command.strip_prefix("term "))
    {
        let shell = shell.to_owned();
        m.text(&shell);
    } else if let Some(path) = command
        .strip_prefix("r ")
        .or_else(|| command.strip_prefix("e "))
        .or_else(|| command.strip_prefix("read "))
        .or_else(|| command.strip_prefix("edit "))
    {
        let path = path.trim().to_owned();
        m.read(&Value::known(path));
    } else if let Some(path) = command
        .strip_prefix("w! ")
        .or_else(|| command.strip_prefix("w "))
        .or_else(|| command.strip_prefix("saveas "))
        .or_else(|| command.strip_prefix("write "))
    {
        let path = path.trim().to_owned();
        m.write(&Value::known(path), false, &Value::unknown(Flow::FILE));
    } else if let Some(path) = command.strip_prefix("args ") {
        let value = Value { text: path.trim().to_owned(), flow: Flow::NONE, glob: true };
        if !m.resolve(&value).starts_with(m.place.project) {
            m.puzzled("an editor changes files outside the project");
        }
    } else if ["PlugInstall", "PackerSync", "PackerInstall", "PlugUpdate"]
        .iter()
        .any(|install| command.starts_with(install))
    {
        m.mark(Traits::INSTALLS_UNUSUAL, "installs from an unusual place");
    } else if let Some((_, rest)) = command.split_once("delete(") {
        // `call delete($HOME."/x", "rf")`
        let path = rest.split(')').next().unwrap_or("").split(',').next().unwrap_or("").replace("$HOME", "~");
        let path: String =
            path.chars().filter(|c| !matches!(c, '"' | '\'' | '.' | ' ') || *c == '.' && path.len() < 2).collect();
        m.destroy(&Value::known(path), true);
    } else if let Some(file) = command.strip_prefix("luafile ").or_else(|| command.strip_prefix("pyfile ")) {
        let file = Value::known(file.trim());
        if !m.resolve(&file).starts_with(m.place.project) {
            m.puzzled("an editor reads its commands from a file");
        }
    } else if command.contains("system(")
        || command.starts_with("so ")
        || command.starts_with("source ")
        || command.contains("execute")
    {
        if let Some((_, rest)) = command.split_once("system(") {
            let shell = rest.trim_start_matches(['"', '\'']).split(['"', '\'']).next().unwrap_or("").to_owned();
            m.text(&shell);
        } else {
            m.puzzled("an editor runs commands");
        }
    } else if matches!(command, "wq" | "x" | "w" | "wq!" | "w!")
        && let Some(file) = file
    {
        m.write(file, true, &Value::unknown(Flow::NONE));
    }
}

fn ed(m: &mut Machine<'_>, args: &[Value]) {
    let file = Args::of(args, "p").rest.first().cloned();
    let secret = file.as_ref().is_some_and(|file| m.names_secret(file));
    if let Some(file) = file.clone().filter(|_| secret) {
        m.read(&file);
    }
    let script = m.code(&m.stdin).text;
    for line in script.lines() {
        let line = line.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '$' | '%' | '.'));
        if let Some(shell) = line.strip_prefix('!') {
            let shell = shell.to_owned();
            m.text(&shell);
        } else if matches!(line, "w" | "wq" | "W")
            && let Some(file) = &file
        {
            m.change(file, &Value::known(script.as_str()));
        } else if let Some(path) = line.strip_prefix("w ") {
            let path = path.to_owned();
            m.write(&Value::known(path), false, &Value::unknown(Flow::FILE));
        } else if let Some(path) = line.strip_prefix("r ").or_else(|| line.strip_prefix("e ")) {
            let path = path.to_owned();
            m.read(&Value::known(path));
        }
    }
}

/// A file of rules that a build reads.
pub(super) fn recipe(m: &mut Machine<'_>, file: &Value, form: Form) {
    if is_input(&file.text) {
        let input = m.stdin.clone();
        return m.run_recipe(form, &input);
    }
    let path = m.resolve(file);
    let form = recipes::form(&path).unwrap_or(form);
    let known = m.written.iter().rev().find(|written| written.path == path).map(|written| written.content.clone());
    match known {
        Some(content) => m.run_recipe(form, &content),
        None if !path.starts_with(m.place.project) => m.puzzled("a build takes its rules from outside the project"),
        None => {
            let content = m.read_code(file);
            if content.is_known() {
                m.run_recipe(form, &content);
            }
        }
    }
}

/// A name of standard input.
pub(super) fn is_input(file: &str) -> bool {
    matches!(file, "-" | "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0")
}

fn make(m: &mut Machine<'_>, args: &[Value]) {
    let parsed = Args::of(args, "f C I j l o W file makefile directory eval include-dir jobs");
    if parsed.has(&["n", "just-print", "dry-run", "q", "question"]) {
        return;
    }
    for text in parsed.values(&["eval"]).cloned().collect::<Vec<_>>() {
        m.run_recipe(Form::Make, &text);
    }
    for file in parsed.values(&["f", "file", "makefile"]).cloned().collect::<Vec<_>>() {
        recipe(m, &file, Form::Make);
    }
    let folder = parsed.value(&["C", "directory"]).map(|folder| m.resolve(folder)).unwrap_or_else(|| m.cwd.clone());
    if m.fetched_folders.iter().any(|fetched| crate::path::within(&folder, fetched)) {
        m.mark(Traits::RUNS_REMOTE_CODE, "builds what came from another machine");
    }
    for value in &parsed.rest {
        if let Some((name, value)) = value.text.split_once('=')
            && matches!(name, "SHELL" | "CC" | "CXX" | "LD" | "AR")
        {
            let value = Value::known(value);
            m.named_command(name, &value);
        }
    }
    if parsed.rest.iter().any(|target| target.text == "install")
        && !parsed.rest.iter().any(|value| {
            value.text.starts_with("DESTDIR=") || value.text.starts_with("PREFIX=") || value.text.starts_with("prefix=")
        })
    {
        // Into the system, which `sudo` would say.
    }
    match parsed.rest.iter().find(|target| matches!(target.text.as_str(), "deploy" | "publish" | "release")) {
        Some(target) if target.text == "publish" || target.text == "release" => m.mark(Traits::PUBLISHES, "publishes"),
        _ => {}
    }
}

fn builds(m: &mut Machine<'_>, args: &[Value]) {
    let parsed = Args::of(args, "I init-script p project-dir b build-file f file s settings P pl D");
    for file in parsed
        .values(&["I", "init-script", "b", "build-file", "f", "file", "s", "settings"])
        .cloned()
        .collect::<Vec<_>>()
    {
        if !m.resolve(&file).starts_with(m.place.project) {
            m.puzzled("a build takes its rules from outside the project");
        }
    }
    let texts = super::texts(&parsed.rest);
    let publishes = texts.iter().any(|text| {
        matches!(
            *text,
            "deploy"
                | "publish"
                | "release"
                | "release:perform"
                | "publishSigned"
                | "sonatypeRelease"
                | "uploadArchives"
                | "publishPlugins"
                | "publishToSonatype"
                | "sonatypeBundleRelease"
                | "closeAndReleaseRepository"
                | "jib"
                | "publishAllPublicationsToMavenCentral"
                | "deploy:deploy-file"
                | "release:prepare"
                | "jreleaserFullRelease"
                | "publishToMavenCentral"
                | "dockerPush"
                | "appengineDeploy"
                | "sonaRelease"
        ) || text.starts_with("publishTo") && !text.contains("MavenLocal")
            || text.starts_with("publish") && text.ends_with("Repository") && !text.contains("MavenLocal")
            || text.contains(":publish") && !text.contains("Local")
            || text.ends_with("docker:push")
    });
    let local = args.iter().any(|value| {
        value.text.contains("dry-run") || value.text == "-m" || value.text.contains("-DaltDeploymentRepository=local")
    });
    if publishes && !local {
        m.mark(Traits::PUBLISHES, "publishes a package");
    }
    if texts
        .iter()
        .any(|text| matches!(*text, "flywayClean" | "flyway:clean" | "liquibaseDropAll" | "liquibase:dropAll"))
    {
        m.mark(Traits::DESTROYS_DATA, "empties a database");
    }
    if let Some(code) = args.iter().find_map(|value| value.text.strip_prefix("-Dexec.executable=")) {
        let code = code.to_owned();
        m.text(&code);
    }
}

/// Tools of a project that load code from where an option says.
fn tests(m: &mut Machine<'_>, name: &str, args: &[Value]) {
    let parsed = Args::of(
        args,
        "c p rootdir config resolve-plugins-relative-to rulesdir require r setupFiles k m n o import-mode confcutdir plugin loader load-plugins ext format reporter f t testNamePattern grep g basetemp W cov maxfail tb durations timeout log-level log-cli-level junitxml junit-xml deselect ignore",
    );
    for option in [
        "rootdir",
        "config",
        "resolve-plugins-relative-to",
        "rulesdir",
        "require",
        "confcutdir",
        "c",
        "plugin",
        "load-plugins",
    ] {
        if let Some(value) = parsed.value(&[option]).cloned()
            && (value.text.starts_with('/') || value.text.starts_with('~') || value.text.starts_with(".."))
            && !m.resolve(&value).starts_with(m.place.project)
        {
            m.puzzled("loads code from outside the project");
        }
    }
    for written in m.written.clone() {
        let used = parsed.rest.iter().any(|file| m.resolve(file) == written.path)
            || crate::path::base(&written.path) == "conftest.py";
        let folder = written.path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        let outer = std::mem::replace(&mut m.code_folder, folder);
        if used && matches!(name, "pytest" | "py.test") {
            super::run_code(m, "python3", &written.content);
        } else if used && matches!(name, "jest" | "mocha" | "vitest" | "ava") {
            super::run_code(m, "node", &written.content);
        }
        m.code_folder = outer;
    }
    if name == "celery" {
        let purges = parsed.rest.iter().any(|value| value.text == "purge");
        if purges {
            m.mark(Traits::DESTROYS_DATA, "empties a queue");
        }
    }
    m.read_operands(&parsed.rest);
}
