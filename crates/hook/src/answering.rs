//! One input to one answer: reads, recalls, decides, remembers, logs.

use serde_json::json;

use crate::agent::Agent;
use crate::heard::{Event, Fault, Heard, ToolCall};
use crate::log::{Happened, Log, Outcome, entry};
use crate::place::{AllowMode, LogMode, Place};
use crate::protocol::{self, Answer, tools};
use crate::redact;
use crate::say::say;
use crate::session::{Memory, Session};
use crate::verdict::{Asked, Decision, Judge, Subject, Verdict};

/// Most bytes of an input: 8 MiB. More is blocked.
pub const MAX_INPUT_BYTES: u64 = 8 * 1024 * 1024;

/// Most characters of a fact in the log.
const MAX_FACT_CHARS: usize = 160;

/// A hook that is about to answer.
pub struct Hook<'a> {
    /// Where its files are, and what was set.
    pub place: &'a Place,
    /// Who decides.
    pub judge: &'a dyn Judge,
    /// Milliseconds since 1970.
    pub now_ms: i64,
    /// `DEVIN_PROJECT_DIR`.
    pub devin_project: Option<&'a str>,
    /// The folder of the process, for agents that name none.
    pub own_folder: fn() -> Option<String>,
}

/// The parts of a log entry that a decision gives.
struct Entry<'a> {
    outcome: Outcome,
    kind: &'a str,
    target: String,
    verdict: Option<&'a Verdict>,
    why: String,
}

impl Hook<'_> {
    /// The answer to an input. `event` is the event of the command line, for agents whose input does not name it.
    #[must_use]
    pub fn answer(&self, agent: Agent, event: Option<&str>, input: Result<&[u8], Fault>) -> Answer {
        let heard = match self.place.problem.clone() {
            Some(problem) => Err(Fault::Settings(problem)),
            None => input.and_then(|input| protocol::read(agent, input, event)),
        };
        match heard {
            Ok(heard) => self.heard(&heard),
            Err(fault) => {
                log_fault(self.place, self.now_ms, agent, &fault);
                protocol::fault(agent, &fault, self.place.lang)
            }
        }
    }

    fn heard(&self, heard: &Heard) -> Answer {
        let session = Session::of(&self.place.state, heard.agent, &heard.session);
        let verdict = match &heard.event {
            Event::Before(call) | Event::Permission(call) => self.call(heard, call, &session),
            Event::Prompt(prompt) => self.other(heard, Subject::Prompt(prompt), &session),
            Event::Settings { source, file } => self.other(heard, Subject::Settings { source, file }, &session),
            Event::After(call) => {
                self.after(heard, call, &session);
                Verdict::new(Decision::Allow, "")
            }
            Event::Started => {
                Session::clean(&self.place.state, self.now_ms);
                self.log_started(heard);
                Verdict::new(Decision::Allow, "")
            }
            Event::Neutral => Verdict::new(Decision::Allow, ""),
        };
        let outright = self.place.settings.allow == AllowMode::Outright;
        protocol::answer(heard, &verdict, outright, self.place.lang)
    }

    /// Decides about a call, and remembers what it will bring in and write if it runs.
    fn call(&self, heard: &Heard, call: &ToolCall, session: &Session) -> Verdict {
        let subject = Subject::Call { tool: &call.tool, input: &call.input };
        let (mut verdict, memory) = self.judged(heard, subject, session);
        if verdict.decision == Decision::Allow && tools::is_ambiguous(&call.tool) {
            let tool = crate::say::short(&call.tool, MAX_FACT_CHARS);
            verdict.decision = Decision::Ask;
            verdict.reason = say(self.place.lang, "hook-say-ambiguous", &[("tool", &tool)]);
        }
        if verdict.decision != Decision::Deny {
            self.remember(&mut verdict, session);
        }
        let outcome = outcome(verdict.decision);
        let (kind, target) = (call.tool.as_str(), redact::target(&call.tool, &call.input));
        let why = verdict.reason.clone();
        self.log(heard, Entry { outcome, kind, target, verdict: Some(&verdict), why }, &memory).unwrap_or(verdict)
    }

    /// What comes in must be remembered before it does: a session whose memory cannot be written would forget its taint.
    fn remember(&self, verdict: &mut Verdict, session: &Session) {
        let written = session.remember(self.now_ms, verdict.brings_in.as_deref(), &verdict.writes);
        if written.is_err() && verdict.brings_in.is_some() && verdict.decision == Decision::Allow {
            verdict.decision = Decision::Ask;
            verdict.reason = say(self.place.lang, "hook-say-no-memory", &[]);
        }
    }

    /// A prompt is not logged when it may pass, and never its text; settings are always.
    fn other(&self, heard: &Heard, subject: Subject<'_>, session: &Session) -> Verdict {
        let (verdict, memory) = self.judged(heard, subject, session);
        let (kind, target) = match subject {
            Subject::Settings { source, file: "" } => ("settings", source.to_owned()),
            Subject::Settings { file, .. } => ("settings", redact::text(file)),
            _ if verdict.decision == Decision::Allow => return verdict,
            _ => ("prompt", String::new()),
        };
        let outcome = outcome(verdict.decision);
        let why = verdict.reason.clone();
        self.log(heard, Entry { outcome, kind, target, verdict: Some(&verdict), why }, &memory).unwrap_or(verdict)
    }

    /// What a tool has brought in counts from now on. That it was logged before it ran is enough for the log.
    fn after(&self, heard: &Heard, call: &ToolCall, session: &Session) {
        let subject = Subject::Call { tool: &call.tool, input: &call.input };
        let (verdict, _) = self.judged(heard, subject, session);
        // A failure here cannot undo what has happened; the call before it was remembered too.
        let _ = session.remember(self.now_ms, verdict.brings_in.as_deref(), &verdict.writes);
    }

    fn judged(&self, heard: &Heard, subject: Subject<'_>, session: &Session) -> (Verdict, Memory) {
        // A memory that cannot be read may hold anything: the session counts as tainted.
        let unreadable = |_| Memory { tainted_by: Some("unreadable".to_owned()), ..Memory::default() };
        let memory = session.recall(self.now_ms).unwrap_or_else(unreadable);
        let devin = self.devin_project.filter(|_| heard.agent == Agent::Devin);
        let own = if heard.cwd.is_none() && devin.is_none() { (self.own_folder)() } else { None };
        let cwd = heard.cwd.as_deref().or(devin).or(own.as_deref()).unwrap_or_default();
        let asked = Asked {
            heard,
            subject,
            home: &self.place.home,
            cwd,
            tainted: memory.tainted_by.is_some(),
            written: &memory.written,
        };
        (self.judge.judge(&asked), memory)
    }

    /// Logs; gives a refusal in place of the verdict where it could not be logged and has to be.
    fn log(&self, heard: &Heard, said: Entry<'_>, memory: &Memory) -> Option<Verdict> {
        let verdict = said.verdict;
        let of = |pick: fn(&Verdict) -> String| verdict.map(pick).unwrap_or_default();
        let short = |text: &str| crate::say::short(text, MAX_FACT_CHARS);
        let tainted = memory.tainted_by.as_deref().map(|source| short(&redact::text(source))).unwrap_or_default();
        let facts = vec![
            ("event", short(&heard.name)),
            ("session", short(&heard.session)),
            ("sub-agent", short(heard.sub_agent.as_deref().unwrap_or_default())),
            ("mode", short(heard.mode.as_deref().unwrap_or_default())),
            ("project", short(&of(|verdict| verdict.project.clone()))),
            ("policy", of(|verdict| verdict.policies.join(" "))),
            ("policy-version", of(|verdict| verdict.version.clone())),
            ("traits", of(|verdict| verdict.traits.join(" "))),
            ("tainted-by", tainted),
        ];
        let happened = Happened {
            time_ms: self.now_ms,
            agent: heard.agent,
            outcome: said.outcome,
            kind: said.kind.to_owned(),
            target: said.target,
            call: heard.call_id.clone().unwrap_or_default(),
            why: said.why,
            facts,
            replay: verdict.filter(|verdict| !verdict.requests.is_empty()).map(|verdict| {
                json!({
                    "requests": verdict.requests, "decision": verdict.decision.as_str(), "policies": verdict.policies,
                    "version": verdict.version,
                })
            }),
        };
        let logged = Log::at(&self.place.state.join("log")).append(&entry(&happened), self.now_ms);
        match (logged, self.place.settings.log) {
            (Ok(_), _) => None,
            (Err(error), LogMode::BestEffort) => {
                warn(&error.to_string());
                None
            }
            (Err(error), LogMode::Required) => {
                warn(&error.to_string());
                Some(Verdict::new(Decision::Deny, &say(self.place.lang, "hook-say-not-logged", &[])))
            }
        }
    }

    fn log_started(&self, heard: &Heard) {
        let said = Entry {
            outcome: Outcome::Started,
            kind: "session",
            target: String::new(),
            verdict: None,
            why: String::new(),
        };
        let _ = self.log(heard, said, &Memory::default());
    }
}

/// Logs an input that was not judged.
pub(crate) fn log_fault(place: &Place, now_ms: i64, agent: Agent, fault: &Fault) {
    let happened = Happened {
        time_ms: now_ms,
        agent,
        outcome: Outcome::Failed,
        kind: "input".to_owned(),
        target: String::new(),
        call: String::new(),
        why: fault.to_string(),
        facts: Vec::new(),
        replay: None,
    };
    if let Err(error) = Log::at(&place.state.join("log")).append(&entry(&happened), now_ms) {
        warn(&error.to_string());
    }
}

fn outcome(decision: Decision) -> Outcome {
    match decision {
        Decision::Allow => Outcome::Allowed,
        Decision::Ask => Outcome::Asked,
        Decision::Deny => Outcome::Denied,
    }
}

/// A word to whoever reads the agent's own log; the agents that read standard error do so with exit code 2 only.
fn warn(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "yata-hook: {text}");
}
