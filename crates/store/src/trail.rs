//! What is written into the ledger: who did what to what, and why. Written in the transaction of the act itself;
//! its place in the log is given afterwards.

use jiff::Timestamp;
use uuid::Uuid;

use crate::engine::{Conn, query};
use crate::error::Fault;
use crate::sql::micros;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The id of the account or token; empty for whoever uses the command line.
    pub id: String,
    /// The name, as it is written into decisions.
    pub name: String,
    /// The address the request came from.
    pub address: Option<String>,
}

/// What kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A person at the console, or at the command line.
    Person,
    /// A token: a sensor or another program.
    Token,
    /// Yata itself.
    System,
}

impl Actor {
    /// Whoever uses the command line of this machine.
    pub fn local(name: impl Into<String>) -> Self {
        Actor { kind: ActorKind::Person, id: String::new(), name: name.into(), address: None }
    }

    /// Yata itself.
    pub fn system() -> Self {
        Actor { kind: ActorKind::System, id: String::new(), name: "yata".to_owned(), address: None }
    }
}

/// One act, for the ledger. Never holds a secret: evidence is redacted, what is large is given as its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// What was done: a word of a fixed list (`finding.accepted`, `session.started`, `token.revoked`, …).
    pub what: &'static str,
    /// Whether it was done; a refused sign-in was not.
    pub done: bool,
    /// Who did it.
    pub by: Actor,
    /// To what: kind (`finding`, `asset`, `person`, `token`, `snapshot`, …), id, name.
    pub on: Vec<(&'static str, String, String)>,
    /// Why, in the actor's words; empty where nobody is asked.
    pub why: String,
    /// Further facts by name: states, days, hashes, counts.
    pub facts: Vec<(&'static str, String)>,
}

impl Act {
    /// An act that was done.
    pub fn new(what: &'static str, by: &Actor) -> Self {
        Act { what, done: true, by: by.clone(), on: Vec::new(), why: String::new(), facts: Vec::new() }
    }

    /// Adds what it was done to.
    #[must_use]
    pub fn on(mut self, kind: &'static str, id: impl Into<String>, name: impl Into<String>) -> Self {
        self.on.push((kind, id.into(), name.into()));
        self
    }

    /// Adds the reason.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.push((name, value.into()));
        self
    }

    /// It was tried and refused.
    #[must_use]
    pub fn refused(mut self) -> Self {
        self.done = false;
        self
    }
}

/// Writes an act in the transaction of `conn`.
pub(crate) async fn note(conn: &mut Conn, act: &Act, now: Timestamp) -> Result<(), Fault> {
    let body = serde_json::json!({
        "what": act.what,
        "done": act.done,
        "at": micros(now),
        "by": { "id": act.by.id, "name": act.by.name, "address": act.by.address },
        "on": act.on,
        "why": act.why,
        "facts": act.facts,
    });
    query("INSERT INTO ledger_pending (id, body) VALUES ($1, $2)")
        .bind(Uuid::now_v7().to_string())
        .bind(body.to_string())
        .execute(conn)
        .await?;
    Ok(())
}
