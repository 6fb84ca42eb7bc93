//! Long work shows that it goes on: a bar on a terminal, now and then a line elsewhere.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use yata_model::Message;
use yata_words::Lang;

/// Work that is done sooner shows nothing.
const QUIET_FOR: Duration = Duration::from_millis(400);
/// Between two lines where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows progress on standard error.
pub(crate) struct Reporter {
    quiet: bool,
    lang: Lang,
    state: Mutex<State>,
}

struct State {
    started: Instant,
    last_line: Option<Instant>,
    bar: Option<ProgressBar>,
}

impl Reporter {
    pub(crate) fn new(quiet: bool, lang: Lang) -> Self {
        let state = State { started: Instant::now(), last_line: None, bar: None };
        Reporter { quiet, lang, state: Mutex::new(state) }
    }

    /// Shows a step: what is being worked on, how much of it is done, how much there is.
    pub(crate) fn step(&self, what: &Message, done: u64, total: Option<u64>) {
        if self.quiet {
            return;
        }
        let Ok(mut state) = self.state.lock() else { return };
        if state.started.elapsed() < QUIET_FOR {
            return;
        }
        let text = yata_words::render(self.lang, what);
        if std::io::stderr().is_terminal() {
            let bar = state.bar.get_or_insert_with(new_bar);
            bar.set_message(text);
            match total {
                Some(total) => bar.set_length(total),
                None => bar.unset_length(),
            }
            bar.set_position(done);
        } else if state.last_line.is_none_or(|last| last.elapsed() >= LINE_EVERY) {
            state.last_line = Some(Instant::now());
            let of = total.map_or_else(|| done.to_string(), |total| format!("{done}/{total}"));
            let _ = writeln!(std::io::stderr(), "{text}: {of}");
        }
    }

    /// Says one thing, unless nothing shall be said.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.clear();
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }

    /// Takes the bar away before other output.
    pub(crate) fn clear(&self) {
        if let Ok(mut state) = self.state.lock()
            && let Some(bar) = state.bar.take()
        {
            bar.finish_and_clear();
        }
    }
}

fn new_bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
    // The template is a constant; a wrong one only loses the bar's shape.
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {human_pos}/{human_len}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}
