//! How often somebody may try: counted by network, and by account or, where its owner signed in before, by browser.

use http::HeaderMap;
use yata_store::Limit;

use crate::caller::Caller;
use crate::origin::network;
use crate::problem::Refusal;
use crate::secret::hash;
use crate::session::known_device;
use crate::state::Console;

/// Failures from one network without any delay: an office may be behind one address.
const FREE_OF_NETWORK: i64 = 20;

/// The longest delay of a network.
const MAX_DELAY_OF_NETWORK_S: i64 = 5 * 60;

/// Failures at one account, or with one browser, without any delay.
const FREE_OF_ACCOUNT: i64 = 5;

/// The longest delay of an account: at this pace a good password is never found.
const MAX_DELAY_OF_ACCOUNT_S: i64 = 15 * 60;

/// The longest delay of a second factor: whoever is here knows the password, and guesses one in a million.
const MAX_DELAY_OF_SECOND_S: i64 = 60 * 60;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    /// A password, to sign in.
    Password,
    /// A second factor.
    Second,
    /// The password, by who is signed in.
    Again,
}

/// An attempt that was counted: it fails unless it is said to have succeeded.
#[derive(Debug)]
pub(crate) struct Attempt {
    network: Option<Limit>,
    account: Limit,
}

impl Attempt {
    /// Counts an attempt at the account of that address, or says when to try again.
    pub(crate) async fn begin(
        console: &Console,
        caller: &Caller,
        headers: &HeaderMap,
        tried: Tried,
        email: &str,
    ) -> Result<Attempt, Refusal> {
        let (word, max_delay_s) = match tried {
            Tried::Password => ("password", MAX_DELAY_OF_ACCOUNT_S),
            Tried::Second => ("second", MAX_DELAY_OF_SECOND_S),
            Tried::Again => ("again", MAX_DELAY_OF_ACCOUNT_S),
        };
        let key = match known_device(console, headers, email) {
            Some(device) => format!("{word}:device:{}", hash(device)),
            None => format!("{word}:account:{}", hash(email)),
        };
        let account = Limit { key, free: FREE_OF_ACCOUNT, max_delay_s };
        let attempt = Attempt { network: network_limit(caller), account };
        let limits: Vec<Limit> = attempt.network.iter().chain([&attempt.account]).cloned().collect();
        match console.store.attempt(&limits, console.now()).await? {
            Ok(()) => Ok(attempt),
            Err(wait_s) => Err(Refusal::too_many(wait_s)),
        }
    }

    /// It was right: the failures at the account are forgotten, those of the network are not.
    pub(crate) async fn succeeded(&self, console: &Console) -> Result<(), Refusal> {
        console.store.succeeded(&self.account.key, true).await?;
        if let Some(network) = &self.network {
            console.store.succeeded(&network.key, false).await?;
        }
        Ok(())
    }
}

/// The limit of the caller's network, where it is known.
fn network_limit(caller: &Caller) -> Option<Limit> {
    let address = caller.address.as_deref()?;
    let key = format!("network:{}", network(address));
    Some(Limit { key, free: FREE_OF_NETWORK, max_delay_s: MAX_DELAY_OF_NETWORK_S })
}
