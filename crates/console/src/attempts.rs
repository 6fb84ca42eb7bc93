//! How often somebody may try: counted by network, and by account or, where its owner signed in before, by browser.

use http::HeaderMap;
use yata_store::{Counted, Limit};

use crate::caller::Caller;
use crate::origin::network;
use crate::problem::Refusal;
use crate::secret::hash;
use crate::session::known_device;
use crate::state::Console;

/// Failures from one network without any delay: an office may be behind one address.
const FREE_OF_NETWORK: i64 = 20;

/// In this time a network loses half of its failures: an office that mistypes all day long is never shut out.
const HALF_LIFE_OF_NETWORK_S: i64 = 60 * 60;

/// The longest delay of a network.
const MAX_DELAY_OF_NETWORK_S: i64 = 5 * 60;

/// Failures at one account, or with one browser, without any delay.
const FREE_OF_ACCOUNT: i64 = 5;

/// The longest delay of an account: at this pace a good password is never found.
const MAX_DELAY_OF_ACCOUNT_S: i64 = 15 * 60;

/// The longest delay of a second factor: whoever is here knows the password, and guesses one in a million.
const MAX_DELAY_OF_SECOND_S: i64 = 60 * 60;

/// Ways to the provider of single sign-on and back from one network that came to nothing, without any delay.
const FREE_OF_SINGLE_SIGN_ON: i64 = 100;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    /// A password, to sign in.
    Password,
    /// A second factor.
    Second,
    /// A passkey: what names it comes from outside, so that it must never be counted as something else's.
    Passkey,
    /// The password, by who is signed in.
    Again,
}

/// An attempt that was counted: it fails unless it is said to have succeeded.
#[derive(Debug)]
pub(crate) struct Attempt {
    network: Option<Counted>,
    account: String,
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
            Tried::Passkey => ("passkey", MAX_DELAY_OF_ACCOUNT_S),
            Tried::Again => ("again", MAX_DELAY_OF_ACCOUNT_S),
        };
        // Who signed in with this browser before is not kept out by others behind the same address.
        let (key, network) = match known_device(console, headers, email) {
            Some(device) => (format!("{word}:device:{}", hash(device)), None),
            None => (format!("{word}:account:{}", hash(email)), network_limit(caller)),
        };
        let account = Limit { key: key.clone(), free: FREE_OF_ACCOUNT, max_delay_s, half_life_s: None };
        let has_network = network.is_some();
        let limits: Vec<Limit> = network.into_iter().chain([account]).collect();
        match console.store.attempt(&limits, console.now()).await? {
            Ok(counted) => {
                let network = counted.into_iter().next().filter(|_| has_network);
                Ok(Attempt { network, account: key })
            }
            Err(wait_s) => Err(Refusal::too_many(wait_s)),
        }
    }

    /// Counts a step of a single sign-on, or says when to try again; `None` where the network is not known.
    pub(crate) async fn at_provider(console: &Console, caller: &Caller) -> Result<Option<Attempt>, Refusal> {
        let Some(limit) = network_limit(caller) else { return Ok(None) };
        let key = format!("sso:{}", limit.key);
        let limit = Limit { key: key.clone(), free: FREE_OF_SINGLE_SIGN_ON, ..limit };
        match console.store.attempt(&[limit], console.now()).await? {
            Ok(_) => Ok(Some(Attempt { network: None, account: key })),
            Err(wait_s) => Err(Refusal::too_many(wait_s)),
        }
    }

    /// It was right: the failures at the account are forgotten, and for the network it is as if nobody had tried.
    pub(crate) async fn succeeded(&self, console: &Console) -> Result<(), Refusal> {
        console.store.forget_failures(&self.account).await?;
        if let Some(network) = &self.network {
            console.store.take_back(network).await?;
        }
        Ok(())
    }
}

/// The limit of the caller's network, where it is known.
fn network_limit(caller: &Caller) -> Option<Limit> {
    let address = caller.address.as_deref()?;
    let key = format!("network:{}", network(address));
    Some(Limit {
        key,
        free: FREE_OF_NETWORK,
        max_delay_s: MAX_DELAY_OF_NETWORK_S,
        half_life_s: Some(HALF_LIFE_OF_NETWORK_S),
    })
}
