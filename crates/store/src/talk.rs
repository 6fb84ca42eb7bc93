//! What is said about a finding: the discussion, and proposals that wait for an approver.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use yata_model::FindingState;

use crate::decide::{MAX_NAME_CHARS, MAX_REASON_CHARS, checked};
use crate::deeds::{Doer, act_word, check_state, read, state_fact};
use crate::engine::{Conn, Row, query};
use crate::error::{Fault, StoreError};
use crate::judging::rejudge_assets;
use crate::queue::{Paging, Total};
use crate::record::DecidedBy;
use crate::save::save;
use crate::sql::{micros, state_of, time};
use crate::store::{Store, write};
use crate::trail::{Act, Actor, note};

/// Most characters of a comment.
pub const MAX_COMMENT_CHARS: usize = 10_000;

/// Most comments and proposals that are read of one finding: the latest.
pub const MAX_TALK_ITEMS: u32 = 500;

/// Most rows of one page of waiting proposals.
const MAX_WAITING_ROWS: u32 = 500;

/// What somebody said about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: String,
    /// Who said it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The words, as they were written.
    pub text: String,
}

/// How a proposal was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It was done.
    Approved,
    /// It was not.
    Refused,
    /// Somebody decided otherwise meanwhile.
    Overtaken,
}

impl Answer {
    fn as_str(self) -> &'static str {
        match self {
            Answer::Approved => "approved",
            Answer::Refused => "refused",
            Answer::Overtaken => "overtaken",
        }
    }

    fn parse(word: &str) -> Result<Self, Fault> {
        let known = [Answer::Approved, Answer::Refused, Answer::Overtaken].into_iter().find(|one| one.as_str() == word);
        known.ok_or_else(|| Fault::Value(format!("the answer `{word}`")))
    }
}

/// A decision that somebody proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: String,
    /// The finding.
    pub finding_id: String,
    /// The state that the finding is to have.
    pub state: FindingState,
    /// Why, in the proposer's words.
    pub why: String,
    /// Who proposed it.
    pub by: String,
    /// The account or token that proposed it.
    pub by_id: String,
    /// When.
    pub at: Timestamp,
    /// The answer, who gave it and when; `None` while it waits.
    pub answer: Option<(Answer, String, Timestamp)>,
}

/// A proposal that waits, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingProposal {
    /// The proposal.
    pub proposal: Proposal,
    /// The finding's rule or preferred advisory.
    pub rule: String,
    /// The name of the finding's asset.
    pub asset_name: String,
    /// The id of its asset's service.
    pub service: Option<String>,
}

/// Proposals that wait, one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingPage {
    /// The proposals, the oldest first.
    pub items: Vec<WaitingProposal>,
    /// What to ask the next page after; `None` on the last page.
    pub next: Option<String>,
    /// How many there are in all.
    pub total: Total,
}

impl Store {
    /// Adds to the discussion of a finding (its whole id).
    ///
    /// # Errors
    /// [`StoreError::NoReason`] for an empty text, [`StoreError::NoName`], [`StoreError::TooLong`],
    /// [`StoreError::UnknownFinding`], or a failure of the database.
    pub async fn comment(&self, finding_id: &str, text: &str, by: &Actor, now: Timestamp) -> Result<(), StoreError> {
        let text = checked("comment", text, MAX_COMMENT_CHARS)?.ok_or(StoreError::NoReason)?;
        checked("name", &by.name, MAX_NAME_CHARS)?.ok_or(StoreError::NoName)?;
        let doing = "storing a comment";
        write!(self, doing, |conn| write_comment(conn, finding_id, text, by, now))
    }

    /// The discussion of a finding, the oldest first; of more than [`MAX_TALK_ITEMS`] the latest.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn comments(&self, finding_id: &str) -> Result<Vec<Comment>, StoreError> {
        let doing = "reading the discussion of a finding";
        self.read(doing, async |conn| read_comments(conn, finding_id).await).await
    }

    /// The proposals about a finding, the oldest first; of more than [`MAX_TALK_ITEMS`] the latest.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn proposals(&self, finding_id: &str) -> Result<Vec<Proposal>, StoreError> {
        let doing = "reading the proposals about a finding";
        self.read(doing, async |conn| read_proposals(conn, finding_id).await).await
    }

    /// Proposals that wait for an answer, of findings that are still seen; the oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn waiting_proposals(&self, paging: &Paging) -> Result<WaitingPage, StoreError> {
        let doing = "reading the proposals that wait";
        self.read_together(doing, async |conn| read_waiting(conn, paging).await).await
    }

    /// Answers a proposal: where it is approved, the finding's state changes in the same transaction. The reason of the
    /// decision is the proposer's; `doer.why` says more, or why not. Nobody answers an own proposal.
    ///
    /// # Errors
    /// [`StoreError::UnknownProposal`], [`StoreError::ProposalAnswered`], [`StoreError::OwnProposal`],
    /// [`StoreError::AlreadyFixed`], [`StoreError::PastDate`], [`StoreError::NoReason`] for a refusal without one,
    /// [`StoreError::NoName`], [`StoreError::TooLong`], or a failure of the database.
    pub async fn answer(&self, proposal_id: &str, approved: bool, doer: &Doer<'_>) -> Result<Proposal, StoreError> {
        let why = checked("reason", doer.why, MAX_REASON_CHARS)?;
        if why.is_none() && !approved {
            return Err(StoreError::NoReason);
        }
        checked("name", &doer.by.name, MAX_NAME_CHARS)?.ok_or(StoreError::NoName)?;
        let doing = "answering a proposal";
        write!(self, doing, |conn| write_answer(conn, proposal_id, approved, doer))
    }
}

async fn write_comment(conn: &mut Conn, id: &str, text: &str, by: &Actor, now: Timestamp) -> Result<(), Fault> {
    let rule: Option<String> = query("SELECT rule FROM finding WHERE id = $1").bind(id).scalar(conn).await?;
    let rule = rule.ok_or_else(|| StoreError::UnknownFinding { given: id.to_owned(), nearest: Vec::new() })?;
    query("INSERT INTO comment (id, finding_id, said_by, said_at, body) VALUES ($1, $2, $3, $4, $5)")
        .bind(Uuid::now_v7().to_string())
        .bind(id)
        .bind(by.name.trim())
        .bind(micros(now))
        .bind(text)
        .execute(conn)
        .await?;
    // The words stay where they can be read in their place; the ledger holds them fast by their hash.
    let digest: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    note(conn, &Act::new("finding.commented", by).on("finding", id, rule).fact("sha256", digest), now).await
}

async fn read_comments(conn: &mut Conn, finding_id: &str) -> Result<Vec<Comment>, Fault> {
    let rows = query("SELECT id, said_by, said_at, body FROM comment WHERE finding_id = $1 ORDER BY id DESC LIMIT $2")
        .bind(finding_id)
        .bind(i64::from(MAX_TALK_ITEMS))
        .fetch_all(conn)
        .await?;
    let comment = |row: &Row| -> Result<Comment, Fault> {
        Ok(Comment {
            id: row.get("id")?,
            by: row.get("said_by")?,
            at: time(row.get("said_at")?)?,
            text: row.get("body")?,
        })
    };
    rows.iter().rev().map(comment).collect()
}

/// The columns that [`proposal`] reads.
macro_rules! proposal_columns {
    () => {
        "p.id, p.finding_id, p.state, p.until_day, p.why, p.proposed_by, p.proposer_id, p.proposed_at, p.answer, \
         p.answered_by, p.answered_at"
    };
}

fn proposal(row: &Row) -> Result<Proposal, Fault> {
    let until: Option<String> = row.get("until_day")?;
    let answer: Option<String> = row.get("answer")?;
    let answered_by: Option<String> = row.get("answered_by")?;
    let answered_at: Option<i64> = row.get("answered_at")?;
    let answer = match answer {
        Some(word) => {
            Some((Answer::parse(&word)?, answered_by.unwrap_or_default(), time(answered_at.unwrap_or_default())?))
        }
        None => None,
    };
    Ok(Proposal {
        id: row.get("id")?,
        finding_id: row.get("finding_id")?,
        state: state_of(row.get("state")?, until.as_deref())?,
        why: row.get("why")?,
        by: row.get("proposed_by")?,
        by_id: row.get("proposer_id")?,
        at: time(row.get("proposed_at")?)?,
        answer,
    })
}

async fn read_proposals(conn: &mut Conn, finding_id: &str) -> Result<Vec<Proposal>, Fault> {
    let text =
        concat!("SELECT ", proposal_columns!(), " FROM proposal p WHERE p.finding_id = $1 ORDER BY p.id DESC LIMIT $2");
    let rows = query(text).bind(finding_id).bind(i64::from(MAX_TALK_ITEMS)).fetch_all(conn).await?;
    rows.iter().rev().map(proposal).collect()
}

async fn read_waiting(conn: &mut Conn, paging: &Paging) -> Result<WaitingPage, Fault> {
    let total: Option<i64> = query(
        "SELECT COUNT(*) FROM proposal p JOIN finding f ON f.id = p.finding_id \
         WHERE p.answer IS NULL AND f.state <> 'fixed'",
    )
    .scalar(conn)
    .await?;
    let limit = usize::try_from(paging.limit.clamp(1, MAX_WAITING_ROWS)).unwrap_or(1);
    let text = concat!(
        "SELECT ",
        proposal_columns!(),
        ", f.rule, a.name AS asset_name, a.service FROM proposal p JOIN finding f ON f.id = p.finding_id \
         JOIN asset a ON a.id = f.asset_id WHERE p.answer IS NULL AND f.state <> 'fixed' AND p.id > $1 \
         ORDER BY p.id LIMIT $2"
    );
    let rows = query(text)
        .bind(paging.after.as_deref().unwrap_or_default())
        .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
        .fetch_all(conn)
        .await?;
    let waiting = |row: &Row| -> Result<WaitingProposal, Fault> {
        Ok(WaitingProposal {
            proposal: proposal(row)?,
            rule: row.get("rule")?,
            asset_name: row.get("asset_name")?,
            service: row.get("service")?,
        })
    };
    let items: Vec<WaitingProposal> = rows.iter().take(limit).map(waiting).collect::<Result<_, _>>()?;
    let next = if rows.len() > limit { items.last().map(|one| one.proposal.id.clone()) } else { None };
    let rows = u64::try_from(total.unwrap_or_default()).unwrap_or_default();
    Ok(WaitingPage { items, next, total: Total { rows, is_exact: true } })
}

async fn write_answer(conn: &mut Conn, id: &str, approved: bool, doer: &Doer<'_>) -> Result<Proposal, Fault> {
    let text = concat!("SELECT ", proposal_columns!(), " FROM proposal p WHERE p.id = $1");
    let finding: Option<String> = query("SELECT finding_id FROM proposal WHERE id = $1").bind(id).scalar(conn).await?;
    let finding = finding.ok_or_else(|| StoreError::UnknownProposal { id: id.to_owned() })?;
    // The lock of its asset comes first: whoever answers at the same time waits here.
    let mut found = read(conn, &[finding.as_str()]).await?;
    let mut proposal = proposal(&query(text).bind(id).fetch_one(conn).await?)?;
    if proposal.answer.is_some() {
        return Err(StoreError::ProposalAnswered { id: id.to_owned() }.into());
    }
    if is_own(&proposal, doer.by) {
        return Err(StoreError::OwnProposal { id: id.to_owned() }.into());
    }
    let Some(found) = found.get_mut(&finding) else {
        return Err(StoreError::UnknownFinding { given: finding, nearest: Vec::new() }.into());
    };
    let answer = if approved { Answer::Approved } else { Answer::Refused };
    let by = doer.by.name.trim();
    query("UPDATE proposal SET answer = $1, answered_by = $2, answerer_id = $3, answered_at = $4 WHERE id = $5")
        .bind(answer.as_str())
        .bind(by)
        .bind(&doer.by.id)
        .bind(micros(doer.now))
        .bind(id)
        .execute(conn)
        .await?;
    let word = if approved { "proposal.approved" } else { "proposal.refused" };
    let act = Act::new(word, doer.by).on("proposal", id, "").on("finding", finding.clone(), found.name());
    let act = act.because(doer.why.trim()).fact("proposer", proposal.by.clone());
    note(conn, &state_fact(act, &proposal.state), doer.now).await?;
    if approved {
        if found.record.is_gone() {
            return Err(StoreError::AlreadyFixed { id: finding }.into());
        }
        check_state(&proposal.state, doer.today)?;
        let act = Act::new(act_word(&proposal.state), doer.by).on("finding", finding.clone(), found.name());
        let act = act.because(proposal.why.clone()).fact("proposer", proposal.by.clone());
        note(conn, &state_fact(act, &proposal.state), doer.now).await?;
        found.record.change(proposal.state.clone(), DecidedBy::Person, by, &proposal.why, doer.now);
        let asset = found.record.asset_id.clone();
        save(conn, [&mut found.record]).await?;
        rejudge_assets(conn, &std::iter::once(asset).collect(), doer.today).await?;
    }
    proposal.answer = Some((answer, by.to_owned(), doer.now));
    Ok(proposal)
}

/// Whether the actor is the one who proposed it: the same account, or, without accounts, the same name.
fn is_own(proposal: &Proposal, by: &Actor) -> bool {
    if by.id.is_empty() && proposal.by_id.is_empty() { proposal.by == by.name.trim() } else { proposal.by_id == by.id }
}
