//! What is usual where: programs that say in which folder something lies, and the project's own file of variables.

use crate::machine::Machine;
use crate::path::{Zone, base, within, zone};
use crate::value::{Flow, Value};
use crate::{ActKind, Traits};

/// Most lines of a file of variables that are looked at.
const LINES: usize = 1000;

/// `$(npm bin)/eslint`, `$(go env GOPATH)/bin/golangci-lint`.
pub(super) fn run(m: &mut Machine<'_>, name: &str, args: &[Value]) -> Option<Value> {
    let words: Vec<&str> = args.iter().map(|value| value.text.as_str()).collect();
    let (project, home) = (m.place.project, m.place.home);
    let folder = match (name, words.as_slice()) {
        ("npm" | "yarn" | "pnpm", ["bin"]) => format!("{project}/node_modules/.bin"),
        ("npm" | "pnpm", ["root"]) => format!("{project}/node_modules"),
        ("npm", ["prefix"]) => project.to_owned(),
        ("go", ["env", "GOPATH"]) => format!("{home}/go"),
        ("go", ["env", "GOBIN"]) => format!("{home}/go/bin"),
        _ => return None,
    };
    Some(Value::known(folder + "\n"))
}

impl Machine<'_> {
    /// A variable that holds a secret, by its name or by what was set.
    pub(super) fn is_secret_variable(&self, name: &str) -> bool {
        let set = self.variable(name).is_some_and(|values| values.iter().any(|value| value.flow.has(Flow::SECRET)));
        set || crate::secrets::secret_variable(name)
    }

    /// Folders of the project or of the system, with `:` between them.
    pub(super) fn are_own_folders(&self, text: &str) -> bool {
        text.split(':').filter(|folder| !folder.is_empty()).all(|folder| {
            let folder = Value::known(folder);
            let path = self.resolve(&folder);
            folder.is_known()
                && (matches!(zone(&path, self.place), Zone::Project | Zone::ProjectRoot)
                    || ["/usr/lib", "/usr/local/lib", "/lib", "/opt/homebrew/lib"].iter().any(|own| within(&path, own)))
        })
    }

    /// A file of secrets is given to an interpreter. The project's own variables (`source .env`) are shown to nobody: they are
    /// set, as secrets, and what else the file does counts as if it stood in the call.
    pub(super) fn run_secret_file(&mut self, file: &Value, path: &str, interpreter: &str) -> Value {
        let own = zone(path, self.place) == Zone::Project && base(path).starts_with(".env") && file.is_known();
        if !own || file.glob || interpreter != "sh" || !matches!(self.program.as_str(), "source" | ".") {
            self.read(file);
            return Value::unknown(Flow::SECRET);
        }
        self.act(ActKind::ReadFile, path, Traits::NONE, "");
        self.variables_of = Some(path.to_owned());
        if let Some(text) = self.place.world.text(path) {
            self.text(&text);
            for line in text.lines().take(LINES) {
                let line = line.trim_start().trim_start_matches("export ").trim_start();
                if let Some((name, _)) = line.split_once('=')
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                {
                    self.set(name, vec![Value::unknown(Flow::SECRET)]);
                }
            }
        }
        Value::default()
    }
}
