//! The process: standard input to standard output, once.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, SystemTime};

use crate::agent::Agent;
use crate::answering::{Hook, MAX_INPUT_BYTES, log_fault};
use crate::engine::Engine;
use crate::heard::Fault;
use crate::place::{Place, Surroundings};
use crate::protocol::{self, Answer, EXIT_BLOCK};
use crate::state;
use crate::verdict::Judge;

/// How long an answer may take, reading the input included; then the call is blocked. Agents are told to wait for 10 seconds
/// (`docs/agents/hooks.md`), and most let the call run when they are tired of waiting.
pub const ANSWER_LIMIT: Duration = Duration::from_secs(3);

/// The wait is cut into so many pieces: a process that was stopped, or a machine that slept, loses one of them at most.
const WAITS: u32 = 30;

/// How long the log may take when the answer is late already.
const LATE_LOG_LIMIT: Duration = Duration::from_millis(400);

/// [`serve`] with the [`Engine`].
#[must_use]
pub fn run(args: &[OsString]) -> u8 {
    serve(args, |place, now_ms| Box::new(Engine::find(place, now_ms)))
}

/// Answers the agent named first; a second word names the event, for agents whose input does not. Gives the exit code.
///
/// Whatever goes wrong, a panic of the program and an answer that takes longer than [`ANSWER_LIMIT`] among it, ends in the
/// block that this agent understands.
#[must_use]
pub fn serve(args: &[OsString], judge: impl FnOnce(&Place, i64) -> Box<dyn Judge>) -> u8 {
    let mut words = args.iter().filter_map(|arg| arg.to_str());
    let Some(agent) = words.next().and_then(Agent::of) else {
        let names: Vec<&str> = Agent::ALL.iter().map(|agent| agent.as_str()).collect();
        let _ = writeln!(io::stderr(), "yata-hook: which agent? {}", names.join(" | "));
        return EXIT_BLOCK;
    };
    let around = Surroundings::of_this_process();
    let place = Place::find(&around);
    let lang = place.lang;
    let turn = Turn::default();
    let panicking = turn.clone();
    std::panic::set_hook(Box::new(move |_| {
        panicking.take();
        let code = print(&protocol::fault(agent, &Fault::Internal, lang));
        std::process::exit(i32::from(code));
    }));
    watch(&turn, agent, &place);
    let input = state::whole(io::stdin().lock(), MAX_INPUT_BYTES).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => Fault::TooLarge(MAX_INPUT_BYTES),
        _ => Fault::Unreadable,
    });
    let now_ms = now_ms();
    let judge = judge(&place, now_ms);
    let devin_project = around.devin_project.as_deref();
    let own_folder = || std::env::current_dir().ok().map(|folder| folder.to_string_lossy().into_owned());
    let hook = Hook { place: &place, judge: judge.as_ref(), now_ms, devin_project, own_folder };
    let answer = hook.answer(agent, words.next(), input.as_deref().map_err(Fault::clone));
    turn.take();
    print(&answer)
}

/// Who answers: the first that takes it. There is one answer.
#[derive(Clone, Default)]
struct Turn(Arc<AtomicBool>);

impl Turn {
    /// Returns for the first thread that asks; every other waits for the end of the process.
    fn take(&self) {
        while self.0.swap(true, Ordering::SeqCst) {
            std::thread::park();
        }
    }

    fn is_taken(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Blocks the call when the answer takes too long. Where no thread can be made, the agent's own time-out is all there is.
fn watch(turn: &Turn, agent: Agent, place: &Place) {
    let (turn, place) = (turn.clone(), place.clone());
    let watchdog = move || {
        for _ in 0..WAITS {
            std::thread::sleep(ANSWER_LIMIT / WAITS);
            if turn.is_taken() {
                return;
            }
        }
        turn.take();
        let answer = protocol::fault(agent, &Fault::Slow, place.lang);
        let (logged, log) = channel();
        let _ = std::thread::Builder::new().spawn(move || {
            log_fault(&place, now_ms(), agent, &Fault::Slow);
            let _ = logged.send(());
        });
        let _ = log.recv_timeout(LATE_LOG_LIMIT);
        std::process::exit(i32::from(print(&answer)));
    };
    let _ = std::thread::Builder::new().spawn(watchdog);
}

/// Milliseconds since 1970.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Prints an answer and gives the exit code: that of a block where the answer did not get out.
fn print(answer: &Answer) -> u8 {
    let mut out = io::stdout().lock();
    let printed = out.write_all(answer.stdout.as_bytes()).and_then(|()| out.flush());
    let mut err = io::stderr().lock();
    let told = err.write_all(answer.stderr.as_bytes()).and_then(|()| err.flush());
    if printed.is_err() || (told.is_err() && !answer.stderr.is_empty()) { EXIT_BLOCK } else { answer.code }
}
