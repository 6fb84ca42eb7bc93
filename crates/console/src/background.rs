//! What the service does by itself: it gives acts their place in the ledger, and keeps the judged list up to date.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::sealer::Sealer;
use crate::state::Console;

/// How long an act waits for its place in the ledger.
const SEAL_EVERY: Duration = Duration::from_millis(500);

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
    tokio::join!(seal, tick_on(&console));
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
