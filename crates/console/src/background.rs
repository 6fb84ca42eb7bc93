//! What the service does by itself: it gives acts their place in the ledger, shows the ledger to its witness, and keeps
//! the judged list up to date.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::sealer::Sealer;
use crate::state::Console;
use crate::witness::Witness;

/// How long an act waits for its place in the ledger.
const SEAL_EVERY: Duration = Duration::from_millis(500);

/// How often a new checkpoint is looked for, to show it to the witness.
const SHOW_EVERY: Duration = Duration::from_secs(1);

/// The longest pause after a witness failed; it doubles from [`SHOW_EVERY`] on.
const MAX_SHOW_PAUSE: Duration = Duration::from_secs(300);

/// How often the list is brought up to the day.
const TICK_EVERY: Duration = Duration::from_secs(60);

/// Batches of one turn of the list.
const MAX_TICKS: u32 = 1_000;

/// How often a failure that goes on is told.
const TELL_EVERY: Duration = Duration::from_secs(60);

/// Works until it is dropped. Failures are logged, and tried again.
pub async fn work(console: Arc<Console>) {
    let seal = async {
        if let Some(sealer) = &console.settings.ledger {
            seal_on(&console, sealer).await;
        }
    };
    let show = async {
        if let Some(witness) = console.settings.ledger.as_ref().and_then(|sealer| sealer.witness.as_ref()) {
            show_on(&console, witness).await;
        }
    };
    tokio::join!(seal, show, tick_on(&console));
}

/// Shows the witness each new checkpoint; later again where that fails. Nothing waits for it.
async fn show_on(console: &Console, witness: &Witness) {
    let mut pause = SHOW_EVERY;
    let mut told: Option<Instant> = None;
    loop {
        tokio::time::sleep(pause).await;
        match witness.show(&console.store).await {
            Ok(shown) => {
                console.metrics.witnessed(shown);
                if told.take().is_some() {
                    tracing::info!("the witness countersigns the ledger again");
                }
                pause = SHOW_EVERY;
            }
            Err(error) => {
                console.metrics.witness_failed();
                if told.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
                    told = Some(Instant::now());
                    tracing::error!(error = %chain(&error), "the ledger is not countersigned; it goes on without");
                }
                pause = (pause * 2).min(MAX_SHOW_PAUSE);
            }
        }
    }
}

async fn seal_on(console: &Console, sealer: &Sealer) {
    let mut turns = interval(SEAL_EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told: Option<Instant> = None;
    loop {
        turns.tick().await;
        match sealer.seal(&console.store, console.now()).await {
            Ok(_) => told = None,
            Err(error) if told.is_none_or(|told| told.elapsed() >= TELL_EVERY) => {
                told = Some(Instant::now());
                tracing::error!(error = %chain(&error), "the ledger does not grow; what is done waits in the database");
            }
            Err(_) => {}
        }
    }
}

async fn tick_on(console: &Console) {
    let mut turns = interval(TICK_EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        for _ in 0..MAX_TICKS {
            match console.store.tick(console.today()).await {
                Ok(ticked) if ticked.more => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::error!(error = %chain(&error), "the list is not up to date");
                    break;
                }
            }
        }
        if let Err(error) = console.store.forget_expired(console.now()).await {
            tracing::error!(error = %chain(&error), "what has expired is still there");
        }
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
