//! What is written into the ledger: who did what to what, and why. Written in the transaction of the act itself;
//! its place in the log is given afterwards.

use std::net::IpAddr;

use jiff::Timestamp;
use uuid::Uuid;
use yata_ledger::entry::{Entry, Thing, Who};
use yata_model::Snapshot;

use crate::engine::{Conn, query};
use crate::error::Fault;
use crate::ingest::Ingested;
use crate::sql::day;

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

    /// The entry of the log; `id` is that of the event.
    fn entry(&self, id: &str, now: Timestamp) -> Entry {
        let who = match self.by.kind {
            ActorKind::Person => Who::person(&self.by.id, &self.by.name),
            ActorKind::Token => Who::token(&self.by.id, &self.by.name),
            ActorKind::System => Who::system(&self.by.name),
        };
        let address = self.by.address.as_deref().and_then(|address| address.parse::<IpAddr>().ok());
        let on: Vec<Thing> = self.on.iter().map(|(kind, id, name)| Thing::new(kind, id, name)).collect();
        let facts: Vec<(&str, &str)> = self.facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let said = yata_ledger::entry::Act::new(id, now.as_millisecond(), who.from(address)).because(&self.why);
        said.told(self.what, self.done, &on, &facts)
    }
}

/// Writes an act in the transaction of `conn`, as the bytes that the log will hold.
pub(crate) async fn note(conn: &mut Conn, act: &Act, now: Timestamp) -> Result<(), Fault> {
    let id = Uuid::now_v7().to_string();
    let body = act.entry(&id, now).to_bytes().map_err(|error| Fault::Value(error.to_string()))?;
    let body = String::from_utf8(body).map_err(|error| Fault::Value(error.to_string()))?;
    query("INSERT INTO ledger_pending (id, body) VALUES ($1, $2)").bind(id).bind(body).execute(conn).await?;
    Ok(())
}

/// Notes that a snapshot came in: each that changed something, and of those that did not, the first of a day.
pub(crate) async fn note_snapshot(
    conn: &mut Conn,
    snapshot: &Snapshot,
    digest: &str,
    ingested: &Ingested,
    changed: bool,
) -> Result<(), Fault> {
    if !changed && ingested.previous.is_some_and(|previous| day(previous) >= day(snapshot.at)) {
        return Ok(());
    }
    let act = Act::new("snapshot.imported", &Actor::system())
        .on("asset", &snapshot.asset.id, &snapshot.asset.name)
        .fact("sensor", &snapshot.sensor)
        .fact("changed", if changed { "yes" } else { "no" })
        .fact("digest", digest)
        .fact("components", snapshot.components.len().to_string())
        .fact("findings", snapshot.findings.len().to_string())
        .fact("opened", ingested.opened.len().to_string())
        .fact("closed", ingested.closed.len().to_string());
    note(conn, &act, snapshot.at).await
}
