//! The judge of the product: the crate `calls` says what a call would do, the crate `policy` whether it may.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde_json::Value;
use yata_calls::{Act, ActKind, Call, Place as Where, Traits, understand};
use yata_policy::{Action, Compiled, Decided, Facts, Principal, PrincipalKind, Request};
use yata_words::Lang;

use crate::agent::Agent;
use crate::heard::{Event, Heard, ToolCall};
use crate::place::{Place, project};
use crate::redact;
use crate::say::{say, short};
use crate::state;
use crate::verdict::{Asked, Decision, Judge, Subject, Verdict};
use crate::world::Disk;

/// The name of the compiled policy in each folder.
pub const POLICY_FILE: &str = "policy.compiled";

/// Most reasons that are told.
const MAX_REASONS: usize = 3;

/// Most requests of one call that the log keeps.
const MAX_LOGGED_REQUESTS: usize = 16;

/// Most characters of a target that a reason names.
const MAX_TARGET_CHARS: usize = 100;

/// Folders whose files come with the system: reading them brings in nothing from a stranger.
const SYSTEM_FOLDERS: [&str; 9] = ["/usr/", "/lib/", "/lib64/", "/bin/", "/etc/", "/proc/", "/sys/", "/dev/", "/opt/"];

/// Tools that give the answer of another agent: small letters and digits of their names.
const OTHER_AGENTS: [&str; 9] =
    ["task", "agent", "taskoutput", "runsubagent", "subagent", "spawnagent", "waitagent", "newtask", "sendinput"];

/// Understands calls and asks the policy.
pub struct Engine {
    policy: Result<Cow<'static, [u8]>, String>,
    /// The folders of the hook itself, which no call may change.
    own: Vec<PathBuf>,
    /// Where the log, its key and the memory of sessions are.
    state: PathBuf,
    groups: Vec<String>,
    lang: Lang,
    /// None where no moment is meant: what is decided before a call is made.
    now_ms: Option<i64>,
}

impl Engine {
    /// With the organisation's policy, else the person's, else the one that comes with the product. A policy that is there
    /// and cannot be read forbids everything.
    #[must_use]
    pub fn find(place: &Place, now_ms: i64) -> Self {
        let mut own = place.folders.clone();
        own.extend([place.state.clone(), place.system.clone()]);
        let policy = policy(&place.folders);
        Engine {
            policy,
            own,
            state: place.state.clone(),
            groups: place.settings.groups.clone(),
            lang: place.lang,
            now_ms: Some(now_ms),
        }
    }
}

/// The compiled policy of the first of some folders that has one, else the one that comes with the product.
///
/// # Errors
/// Why one that is there cannot be read.
pub fn policy(folders: &[PathBuf]) -> Result<Cow<'static, [u8]>, String> {
    for folder in folders {
        let path = folder.join(POLICY_FILE);
        match state::read(&path, yata_policy::MAX_COMPILED_BYTES as u64) {
            Ok(Some(bytes)) => return Ok(Cow::Owned(bytes)),
            Ok(None) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {}
            Err(error) => return Err(format!("`{}`: {error}", path.display())),
        }
    }
    Ok(Cow::Borrowed(yata_policy::DEFAULT))
}

/// Which policy decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyStatus {
    /// The file, or `default` for the one that comes with the product.
    pub source: String,
    /// Its version; empty where it cannot be read.
    pub version: String,
    /// Why it cannot be read.
    pub problem: Option<String>,
}

/// Which policy decides at a place.
#[must_use]
pub fn policy_status(place: &Place) -> PolicyStatus {
    let file = place.folders.iter().map(|folder| folder.join(POLICY_FILE)).find(|path| path.exists());
    let source = file.map_or_else(|| "default".to_owned(), |path| path.display().to_string());
    let loaded = policy(&place.folders)
        .and_then(|bytes| Compiled::load(&bytes).map(|policy| policy.version()).map_err(|error| error.to_string()));
    match loaded {
        Ok(version) => PolicyStatus { source, version, problem: None },
        Err(problem) => PolicyStatus { source, version: String::new(), problem: Some(problem) },
    }
}

impl Judge for Engine {
    fn judge(&self, asked: &Asked<'_>) -> Verdict {
        let loaded = self.policy.as_ref().map_err(Clone::clone);
        let loaded = loaded.and_then(|bytes| Compiled::load(bytes).map_err(|error| error.to_string()));
        match loaded {
            Ok(policy) => {
                let root = project(asked.cwd);
                let verdict = self.judged(asked, &root, &policy);
                Verdict { project: root, ..verdict }
            }
            Err(problem) => {
                let problem = short(&problem, MAX_TARGET_CHARS * 2);
                Verdict::new(Decision::Deny, &say(self.lang, "hook-say-policy-broken", &[("problem", &problem)]))
            }
        }
    }
}

/// Whether a command of the agent may be typed into while it runs: Codex does so without asking its hooks (`write_stdin`).
fn is_typed_into(agent: Agent) -> bool {
    agent == Agent::Codex
}

/// What a policy says of calls that nobody makes: the very decision of the hook, for a machine of which nothing on the disk is
/// known, a session without taint, a person in no group, and no moment.
pub struct Foresight<'a> {
    policy: Compiled<'a>,
    engine: Engine,
}

impl<'a> Foresight<'a> {
    /// The home directory that calls may name.
    pub const HOME: &'static str = "/home/person";
    /// The project in which they would run.
    pub const PROJECT: &'static str = "/home/person/project";

    /// With a compiled policy.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn new(compiled: &'a [u8]) -> Result<Self, String> {
        let policy = Compiled::load(compiled).map_err(|error| error.to_string())?;
        let below = |folder: &str| Path::new(Self::HOME).join(folder);
        let state = below(".local/state/yata/hook");
        let own = vec![PathBuf::from("/etc/yata/hook"), below(".config/yata/hook"), state.clone()];
        // INVARIANT: `call` never asks the engine for its own policy.
        let engine =
            Engine { policy: Ok(Cow::Borrowed(&[])), own, state, groups: Vec::new(), lang: Lang::En, now_ms: None };
        Ok(Foresight { policy, engine })
    }

    /// The version of the policy.
    #[must_use]
    pub fn version(&self) -> String {
        self.policy.version()
    }

    /// What it says of a call of an agent, in the names of Claude Code.
    #[must_use]
    pub fn call(&self, agent: Agent, tool: &str, input: &Value) -> Verdict {
        let heard = Heard {
            agent,
            name: String::new(),
            event: Event::Before(ToolCall { tool: tool.to_owned(), input: input.clone() }),
            session: String::new(),
            sub_agent: None,
            cwd: Some(Self::PROJECT.to_owned()),
            mode: None,
            call_id: None,
        };
        let subject = Subject::Call { tool, input };
        let (home, cwd) = (Self::HOME, Self::PROJECT);
        let asked = Asked { heard: &heard, subject, home, cwd, tainted: false, written: &[] };
        let at = Where { typed_into: is_typed_into(agent), ..Where::new(home, cwd, cwd) };
        self.engine.understood(&asked, &Call { tool, input }, &at, &self.policy).1
    }
}

/// A question to the policy, and what a person calls its thing.
struct Question {
    request: Request,
    named: String,
}

impl Question {
    /// As it may stand in the log.
    fn logged(&self) -> Option<Value> {
        let resource = redact::text(&self.request.resource);
        serde_json::to_value(Request { resource, ..self.request.clone() }).ok()
    }
}

impl Engine {
    fn judged(&self, asked: &Asked<'_>, root: &str, policy: &Compiled<'_>) -> Verdict {
        match asked.subject {
            Subject::Call { tool, input } => self.call(asked, root, &Call { tool, input }, policy),
            Subject::Prompt(_) => {
                let agent = asked.heard.agent.as_str();
                let request = self.request(asked, root, Action::Prompt, agent, "", Traits::NONE);
                self.verdict(&[Question { request, named: String::new() }], policy)
            }
            Subject::Settings { source, file } => {
                let target = if file.is_empty() { source } else { file };
                let request = self.request(asked, root, Action::WriteFile, target, "", Traits::CHANGES_AGENT);
                self.verdict(&[Question { request, named: short(target, MAX_TARGET_CHARS) }], policy)
            }
        }
    }

    fn call(&self, asked: &Asked<'_>, root: &str, call: &Call<'_>, policy: &Compiled<'_>) -> Verdict {
        let disk = Disk::new([asked.home, root, asked.cwd]).with_written(asked.written);
        let typed_into = is_typed_into(asked.heard.agent);
        let at = Where { home: asked.home, cwd: asked.cwd, project: root, world: &disk, typed_into };
        let (acts, mut verdict) = self.understood(asked, call, &at, policy);
        // What the session wrote and nobody can read is run unseen.
        let unseen = disk.unread().into_iter().find(|path| asked.written.contains(path));
        if let Some(path) = unseen.filter(|_| verdict.decision == Decision::Allow) {
            let path = short(&path, MAX_TARGET_CHARS);
            verdict.decision = Decision::Ask;
            verdict.policies.clear();
            verdict.reason = say(self.lang, "hook-say-unseen", &[("path", &path)]);
        }
        if disk.is_exhausted() && verdict.decision == Decision::Allow {
            verdict.decision = Decision::Ask;
            verdict.policies.clear();
            verdict.reason = say(self.lang, "hook-say-too-many", &[]);
        }
        verdict.brings_in = brings_in(asked.heard.agent, call.tool, &acts);
        let written = acts.iter().filter(|act| act.kind == ActKind::WriteFile && act.target.starts_with('/'));
        verdict.writes = written.map(|act| act.target.clone()).collect();
        verdict
    }

    /// What a call would do there, and what the policy says of it.
    fn understood(
        &self,
        asked: &Asked<'_>,
        call: &Call<'_>,
        at: &Where<'_>,
        policy: &Compiled<'_>,
    ) -> (Vec<Act>, Verdict) {
        let mut acts = understand(call, at).acts;
        acts.iter_mut().for_each(|act| self.protect_itself(act));
        let questions: Vec<Question> = acts.iter().map(|act| self.question(asked, at.project, act)).collect();
        let mut verdict = self.verdict(&questions, policy);
        let traits = acts.iter().fold(Traits::NONE, |all, act| all | act.traits);
        verdict.traits = traits.names().map(str::to_owned).collect();
        (acts, verdict)
    }

    /// What writes to the hook's own files changes the agent's control; what reads or holds them may read its key or keep it
    /// from writing.
    fn protect_itself(&self, act: &mut Act) {
        let path = Path::new(&act.target);
        // Who reads a folder above reads all of it; one that is only listed has no trait.
        let goes_through = act.traits.intersects(Traits::OUTSIDE_PROJECT | Traits::READS_SECRET);
        let state = &self.state;
        let reaches = path.starts_with(state)
            || (goes_through && path.parent().is_some() && state.starts_with(path))
            || (goes_through || !act.target.contains("**"))
                && yata_calls::could_reach(&act.target, &state.to_string_lossy());
        // A folder above goes with all that is in it, but may have a new file beside it.
        let destroys = act.traits.intersects(Traits::DESTROYS_FILES);
        let inside = self.own.iter().any(|own| path.starts_with(own) || (destroys && own.starts_with(path)));
        match act.kind {
            ActKind::WriteFile if inside && path.parent().is_some() => act.traits |= Traits::CHANGES_AGENT,
            ActKind::ReadFile if reaches => act.traits |= Traits::READS_SECRET,
            ActKind::WriteFile if reaches && !path.starts_with(state) && act.target.contains(['*', '?', '[']) => {
                act.traits |= Traits::CHANGES_AGENT;
            }
            _ => {}
        }
    }

    fn question(&self, asked: &Asked<'_>, root: &str, act: &Act) -> Question {
        let action = match act.kind {
            ActKind::RunCommand => Action::RunCommand,
            ActKind::ReadFile => Action::ReadFile,
            ActKind::WriteFile => Action::WriteFile,
            ActKind::FetchUrl => Action::FetchUrl,
            ActKind::CallTool => Action::CallTool,
            ActKind::InstallPackage => Action::InstallPackage,
        };
        let named = match act.kind {
            ActKind::RunCommand | ActKind::CallTool => String::new(),
            _ => short(&redact::text(&act.target), MAX_TARGET_CHARS),
        };
        Question { request: self.request(asked, root, action, &act.target, &act.program, act.traits), named }
    }

    fn request(
        &self,
        asked: &Asked<'_>,
        root: &str,
        action: Action,
        resource: &str,
        program: &str,
        traits: Traits,
    ) -> Request {
        let agent = asked.heard.agent.as_str();
        Request {
            principal: Principal { kind: PrincipalKind::Agent, id: agent.to_owned(), groups: self.groups.clone() },
            action,
            resource: resource.to_owned(),
            context: Facts {
                traits: yata_policy::Traits::from_names(traits.names()),
                tainted: asked.tainted,
                program: program.to_owned(),
                agent: agent.to_owned(),
                mode: asked.heard.mode.clone().unwrap_or_default(),
                project: root.rsplit('/').next().unwrap_or_default().to_owned(),
                classes: Vec::new(),
                now_ms: self.now_ms,
            },
        }
    }

    /// The worst answer to all questions. A call that does nothing may run.
    fn verdict(&self, questions: &[Question], policy: &Compiled<'_>) -> Verdict {
        let mut worst: Option<(Decided, &str)> = None;
        for question in questions {
            let decided = policy.decide(&question.request);
            worst = Some(match worst {
                None => (decided, &question.named),
                Some((before, named)) => {
                    let named = if decided.decision > before.decision { &question.named } else { named };
                    (before.worst(decided), named)
                }
            });
        }
        let Some((decided, named)) = worst else {
            return Verdict { version: policy.version(), ..Verdict::new(Decision::Allow, "") };
        };
        let decision = match decided.decision {
            yata_policy::Decision::Allow => Decision::Allow,
            yata_policy::Decision::Ask => Decision::Ask,
            yata_policy::Decision::Deny => Decision::Deny,
        };
        let mut reason = String::new();
        if decision != Decision::Allow {
            let words: Vec<String> = decided.reasons.iter().take(MAX_REASONS).map(|why| self.words(why)).collect();
            reason = words.join(" ");
            if !named.is_empty() {
                reason = say(self.lang, "hook-say-about", &[("target", named), ("why", &reason)]);
            }
        }
        let requests = questions.iter().take(MAX_LOGGED_REQUESTS).filter_map(Question::logged).collect();
        Verdict { policies: decided.policies, version: decided.version, requests, ..Verdict::new(decision, &reason) }
    }

    fn words(&self, why: &yata_policy::Reason) -> String {
        let (why, advice) = match self.lang {
            Lang::En => (&why.en, &why.advice_en),
            Lang::Ja => (&why.ja, &why.advice_ja),
        };
        if advice.is_empty() {
            why.clone()
        } else if self.lang == Lang::En {
            format!("{why} {advice}")
        } else {
            format!("{why}{advice}")
        }
    }
}

/// What a call brings into the session from outside: a page, the answer of a server, a file of somebody else.
fn brings_in(agent: Agent, tool: &str, acts: &[Act]) -> Option<String> {
    let plain: String = tool.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    // Sub-agents of Claude Code have the session of their parent, and taint it by what they do; of the others nobody knows.
    let by_another = agent != Agent::ClaudeCode && OTHER_AGENTS.contains(&plain.as_str());
    let of_a_server = ["readmcpresource", "listmcpresource"].iter().any(|name| plain.starts_with(name));
    if matches!(tool, "WebFetch" | "WebSearch") || tool.starts_with("mcp__") || of_a_server || by_another {
        return Some(tool.to_owned());
    }
    let outside = acts.iter().find(|act| match act.kind {
        ActKind::FetchUrl => !is_own_machine(&act.target),
        ActKind::ReadFile => {
            act.traits.intersects(Traits::OUTSIDE_PROJECT)
                && !SYSTEM_FOLDERS.iter().any(|folder| act.target.starts_with(folder))
        }
        ActKind::RunCommand => yata_calls::brings_in(act),
        _ => false,
    })?;
    Some(format!("{} {}", outside.kind.name(), redact::text(&outside.target)))
}

/// Whether an address is that of the machine itself.
fn is_own_machine(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    // What stands before an `@` is no host, however it looks.
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host
        .strip_prefix('[')
        .map_or_else(|| host.split(':').next().unwrap_or_default(), |v6| v6.split(']').next().unwrap_or_default());
    host.eq_ignore_ascii_case("localhost")
        || host == "::1"
        || host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_machine_is_known_by_its_host_alone() {
        for own in ["http://localhost:3000/x", "http://127.0.0.1", "http://[::1]:8080/", "localhost:3000"] {
            assert!(is_own_machine(own), "{own}");
        }
        for other in [
            "http://localhost@a.example",
            "http://localhost.a.example",
            "http://a.example/localhost",
            "http://127.0.0.1.a.example",
            "",
        ] {
            assert!(!is_own_machine(other), "{other}");
        }
    }
}
