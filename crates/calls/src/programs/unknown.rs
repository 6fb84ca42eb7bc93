//! Programs that no family knows: what their words say.

use crate::Traits;
use crate::machine::Machine;
use crate::value::{Flow, Value};

impl Machine<'_> {
    /// A program that is not known: what its arguments say.
    pub(super) fn other(&mut self, name: &str, arguments: &[Value]) -> Value {
        if matches!(name, "gcore" | "procdump") {
            self.mark(Traits::READS_SECRET, "copies the memory of a process");
        }
        if name.starts_with("docker-credential-")
            && arguments.iter().any(|value| matches!(value.text.as_str(), "get" | "list"))
        {
            self.mark(Traits::READS_SECRET, "shows a password of a registry");
        }
        if name.ends_with("-uninstall.sh") {
            self.mark(Traits::DESTROYS_INFRASTRUCTURE, "removes a cluster");
        }
        if name == "fzf" || name == "sk" {
            let parsed = crate::args::Args::of(arguments, "preview bind q f d n");
            for text in parsed.values(&["preview"]).cloned().collect::<Vec<_>>() {
                self.run_text(&text);
            }
        }
        if matches!(name, "pdflatex" | "latex" | "xelatex" | "lualatex" | "tex" | "pdftex")
            && let Some(command) = arguments.iter().find_map(|value| {
                value.text.split_once("write18{").map(|(_, rest)| rest.split('}').next().unwrap_or("").to_owned())
            })
        {
            self.text(&command);
        }
        if name == "bazel"
            && let Some(command) =
                arguments.iter().find_map(|value| value.text.strip_prefix("--run_under=")).map(str::to_owned)
        {
            self.text(&command);
        }
        if name == "touch"
            && arguments.iter().skip_while(|value| value.text != "--").skip(1).any(|value| value.text.starts_with('-'))
        {
            self.mark(Traits::EVADES, "names of files that another program takes for options");
        }
        self.removes_by_verb(arguments);
        let disk = |value: &Value| {
            ["/dev/sd", "/dev/nvme", "/dev/vd", "/dev/mmcblk", "/dev/disk", "/dev/mapper/", "/dev/md"]
                .iter()
                .any(|start| value.text.starts_with(start))
        };
        if arguments.iter().any(disk)
            && !matches!(
                name,
                "smartctl"
                    | "lsblk"
                    | "blkid"
                    | "udevadm"
                    | "file"
                    | "stat"
                    | "ls"
                    | "df"
                    | "iostat"
                    | "nvme-cli"
                    | "fio-x"
            )
        {
            self.mark(Traits::DESTROYS_DISK, "works on a disk as a whole");
        }
        let mut flow = Flow::OUTPUT;
        if !super::tables::looks_at_names_only(name) {
            flow = flow.with(self.read_operands(arguments));
        }
        flow = flow.with(carried(self.stdin.flow));
        self.addresses(arguments);
        Value::unknown(flow)
    }

    /// Addresses in the words of a program that is not known, and what goes there with them.
    fn addresses(&mut self, arguments: &[Value]) {
        const SENDING: &[&str] =
            &["--upload", "--file", "--body", "--data", "--upload-file", "--attach", "--attachment", "--send"];
        let mut load = crate::net::Load { flow: Flow::NONE, file: false };
        if self.stdin.flow.has(Flow::FILE.with(Flow::SECRET)) {
            load.flow = self.stdin.flow;
        }
        load.file = arguments.windows(2).any(
            |two| matches!(two, [option, file] if SENDING.contains(&option.text.as_str()) && !file.text.contains("://")),
        ) || arguments.iter().any(|value| {
            value.text.split_once('=').is_some_and(|(option, file)| SENDING.contains(&option) && !file.contains("://"))
                || value.text.starts_with('@') && value.text.contains(['/', '.'])
        });
        for value in arguments {
            if value.text.split_once("://").is_some_and(|(_, address)| !address.is_empty())
                && value.text.starts_with("http")
            {
                self.request(&value.clone(), load);
            } else if value.flow.has(Flow::FILE.with(Flow::SECRET)) && looked_up(&value.text) {
                self.mark(Traits::SENDS_OUT | Traits::OUTWARD, "data leaves in the name that is looked up");
            }
        }
    }
}

/// The name of a machine with a stretch that is not known: `….e.example`.
pub(super) fn looked_up(text: &str) -> bool {
    let behind = text.rsplit(crate::value::UNKNOWN).next().unwrap_or("");
    text.contains(crate::value::UNKNOWN)
        && behind.starts_with('.')
        && behind.matches('.').count() >= 2
        && behind.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

/// Programs that run what the files of a project say.
pub(crate) fn builds(name: &str, arguments: &[Value]) -> bool {
    let first =
        arguments.iter().find(|value| !value.text.starts_with(['-', '+'])).map_or("", |value| value.text.as_str());
    match name {
        "make" | "gmake" | "ninja" | "pytest" | "gradle" | "mvn" | "ant" | "rake" | "tox" | "nox" | "just" | "task"
        | "sbt" | "invoke" | "fab" | "scons" | "meson" | "vitest" | "jest" | "mocha" | "direnv" => true,
        "go" => matches!(first, "run" | "test" | "generate"),
        "cmake" => arguments.iter().any(|value| value.text == "--build"),
        "bazel" | "dotnet" | "swift" | "dart" | "flutter" | "mix" | "stack" | "cabal" | "zig" | "dune" => {
            matches!(first, "run" | "test" | "build")
        }
        "deno" | "bun" | "uv" | "poetry" | "pdm" | "hatch" => matches!(first, "run" | "test" | "task" | "x"),
        "bundle" => first == "exec",
        "composer" => matches!(first, "install" | "update" | "run-script"),
        "pip" | "pip3" => first == "install" && arguments.iter().any(|value| matches!(value.text.as_str(), "." | "-e")),
        "pre-commit" => first == "run",
        _ => false,
    }
}

/// What goes through a program that is not known.
fn carried(flow: Flow) -> Flow {
    [Flow::SECRET, Flow::REMOTE, Flow::DECODED].into_iter().filter(|one| flow.has(*one)).fold(Flow::NONE, Flow::with)
}
