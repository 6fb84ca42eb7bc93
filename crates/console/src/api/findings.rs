//! `/api/v1/findings`: the judged list, one finding, decisions and the discussion.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, Method, StatusCode};
use jiff::civil::Date;
use serde_json::{Value, json};
use yata_model::{FindingState, Message, Scenario};
use yata_store::{Deed, DeedItem, Doer, Due, Judged, Outcome, QueueFilter};

use super::Api;
use super::ask::{Body, Ids, Values, bad_value};
use super::describe::{Operation, Parameter};
use super::etag::{check_match, tagged};
use super::paging;
use super::shown::detail;
use super::wire::asset::each;
use super::wire::finding::StateWord;
use super::wire::list::{Comment, Comments, DecisionOutcome, FindingDetail, FindingsPage, NewComment, NewDecision};
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::problem::Refusal;
use crate::state::Console;

pub(super) fn routes(api: Api) -> Api {
    let path = "/api/v1/findings/{finding_id}";
    let read = Need::Right(Right::Read);
    let list = move |book: &mut _| {
        Operation::new(Method::GET, "/api/v1/findings", read, "listFindings", "Findings, the most urgent first")
            .docs("Values of one parameter are alternatives; different parameters must all hold. Without `state`, what is open.")
            .queries(filters())
            .queries(paging::parameters())
            .answers::<FindingsPage>(book, 200, "One page.")
            .tagged()
    };
    let one = move |book: &mut _| {
        Operation::new(Method::GET, path, read, "getFinding", "All that is known of one finding")
            .answers::<FindingDetail>(book, 200, "The finding.")
            .tagged()
    };
    let decide_it = move |book: &mut _| {
        let path = "/api/v1/findings/{finding_id}/decisions";
        Operation::new(Method::POST, path, Need::Right(Right::Decide), "decide", "Say what shall become of a finding")
            .docs("`false-positive` and `open` are done at once. `accepted` and `mitigated` are proposed to an approver: no token approves.")
            .takes::<NewDecision>(book, json!({ "state": "accepted", "until": "2027-03-31", "why": "The host leaves the network in March." }))
            .guarded()
            .answers::<DecisionOutcome>(book, 200, "It is done, or proposed.")
            .problems(&[409])
    };
    let said = move |book: &mut _| {
        let path = "/api/v1/findings/{finding_id}/comments";
        Operation::new(Method::GET, path, read, "listComments", "What was said about a finding")
            .answers::<Comments>(book, 200, "The discussion.")
            .tagged()
    };
    let say = move |book: &mut _| {
        let path = "/api/v1/findings/{finding_id}/comments";
        Operation::new(Method::POST, path, Need::Right(Right::Comment), "comment", "Say something about a finding")
            .takes::<NewComment>(book, json!({ "text": "The vendor confirms that the function is not used." }))
            .answers::<Comments>(book, 201, "The discussion.")
    };
    api.add(list, get(all))
        .add(one, get(finding))
        .add(decide_it, post(decide))
        .add(said, get(comments))
        .add(say, post(comment))
}

/// The parameters of the queue, as its page has them.
fn filters() -> Vec<Parameter> {
    let text = || json!({ "type": "string" });
    let words = |words: Value| json!({ "type": "string", "enum": words });
    let date = || json!({ "type": "string", "format": "date" });
    let some = |name, docs, schema| Parameter { name, docs, schema, repeats: true };
    let one = |name, docs, schema| Parameter { name, docs, schema, repeats: false };
    vec![
        some("service", "The id of the asset's service; empty for assets without one.", text()),
        some("owner", "Who answers for the asset; empty for assets without an owner.", text()),
        some(
            "kind",
            "The kind of finding.",
            words(json!([
                "malware",
                "secret",
                "vulnerability",
                "misconfiguration",
                "unsound",
                "unmaintained",
                "notice",
                "maintenance"
            ])),
        ),
        some("priority", "How soon to act.", words(json!(["immediate", "out-of-cycle", "scheduled", "defer"]))),
        some("scenario", "One of the nine scenarios.", json!({ "type": "integer", "minimum": 1, "maximum": 9 })),
        some("ai", "Where AI enters.", words(json!(["threat", "vulnerability", "asset", "none"]))),
        some("state", "What became of it.", words(json!(["open", "accepted", "mitigated", "false-positive", "fixed"]))),
        one("due_from", "The last day is this one or later.", date()),
        one("due_to", "The last day is this one or earlier.", date()),
        one("undated", "Only those without a last day.", json!({ "type": "boolean" })),
        one("advisory", "An id under which it is known: of an advisory, an alias, a rule.", text()),
        one("asset", "The id of the asset.", text()),
        one("assignee", "Who works on it.", text()),
        one("action", "The id of the act that closes it.", text()),
        one("grouped", "Of each act only the most urgent finding.", json!({ "type": "boolean" })),
    ]
}

fn filter(values: &Values) -> Result<QueueFilter, Refusal> {
    let own = |name| values.one(name).map(|value| value.map(str::to_owned));
    let day = |name| values.parsed::<Date>(name, "is no day such as 2026-11-22");
    let scenario = |text: &String| text.parse().ok().and_then(Scenario::new);
    let scenarios: Option<Vec<Scenario>> = values.all("scenario").iter().map(scenario).collect();
    let due = match (day("due_from")?, day("due_to")?, values.flag("undated")?) {
        (None, None, false) => None,
        (None, None, true) => Some(Due::Undated),
        (from, to, false) => Some(Due::Between { from, to }),
        _ => return Err(bad_value("undated", "does not go with `due_from` or `due_to`")),
    };
    Ok(QueueFilter {
        services: values.all("service").to_vec(),
        owners: values.all("owner").to_vec(),
        kinds: values.words("kind")?,
        priorities: values.words("priority")?,
        scenarios: scenarios.ok_or_else(|| bad_value("scenario", "is no number from 1 to 9"))?,
        ai: values.words("ai")?,
        states: values.words("state")?,
        due,
        advisory: own("advisory")?,
        asset: own("asset")?,
        assignee: own("assignee")?,
        action: own("action")?,
    })
}

async fn all(State(console): State<Arc<Console>>, headers: HeaderMap, values: Values) -> Result<Response, Refusal> {
    let (filter, paging, grouped) = (filter(&values)?, paging::paging(&values)?, values.flag("grouped")?);
    let page = console.store.queue(&filter, &paging, grouped).await?;
    let next = page.next.map(Into::into);
    tagged(&headers, &FindingsPage { items: each(page.rows), next, total: page.total.into() })
}

async fn judged(console: &Console, id: &str) -> Result<Judged, Refusal> {
    console.store.judged(id, console.today()).await?.ok_or_else(Refusal::not_found)
}

async fn described(console: &Console, caller: &Caller, id: &str) -> Result<FindingDetail, Refusal> {
    let judged = judged(console, id).await?;
    let history = console.store.history(id).await?;
    Ok(detail(judged, history, discussion(console, id).await?, caller.lang))
}

async fn finding(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    ids: Ids,
) -> Result<Response, Refusal> {
    tagged(&headers, &described(&console, &caller, ids.at(0)).await?)
}

async fn discussion(console: &Console, id: &str) -> Result<Vec<Comment>, Refusal> {
    let comment =
        |one: yata_store::Comment| Comment { id: one.id.into(), by: one.by.into(), at: one.at, text: one.text.into() };
    Ok(console.store.comments(id).await?.into_iter().map(comment).collect())
}

async fn comments(State(console): State<Arc<Console>>, headers: HeaderMap, ids: Ids) -> Result<Response, Refusal> {
    judged(&console, ids.at(0)).await?;
    tagged(&headers, &Comments { items: discussion(&console, ids.at(0)).await? })
}

async fn comment(
    State(console): State<Arc<Console>>,
    caller: Caller,
    ids: Ids,
    Body(new): Body<NewComment>,
) -> Result<Response, Refusal> {
    console.store.comment(ids.at(0), &new.text, &caller.actor(), console.now()).await?;
    let comments = Comments { items: discussion(&console, ids.at(0)).await? };
    Ok((StatusCode::CREATED, Json(comments)).into_response())
}

async fn decide(
    State(console): State<Arc<Console>>,
    caller: Caller,
    headers: HeaderMap,
    ids: Ids,
    Body(new): Body<NewDecision>,
) -> Result<Response, Refusal> {
    let before = described(&console, &caller, ids.at(0)).await?;
    check_match(&headers, &before)?;
    let deed = deed(&caller, &new)?;
    let seen = Some(before.state.into());
    let actor = caller.actor();
    let doer = Doer {
        by: &actor,
        why: &new.why,
        may: &|service| caller.may_on(Right::Decide, service),
        now: console.now(),
        today: console.today(),
    };
    let items = [DeedItem { id: ids.at(0).to_owned(), seen }];
    let outcome = console.store.act(&items, &deed, &doer).await?.pop();
    let conflict = |code, id: &'static str| Err(Refusal::new(StatusCode::CONFLICT, code, Message::new(id)));
    let word = match outcome {
        Some(Outcome::Done) if matches!(deed, Deed::Propose(..)) => "proposed",
        Some(Outcome::Done) => "done",
        Some(Outcome::Same) => "same",
        Some(Outcome::NotAllowed) => return Err(Refusal::forbidden()),
        Some(Outcome::AlreadyFixed) => return conflict("already-fixed", "api-already-fixed"),
        Some(Outcome::Waiting) => return conflict("proposal-waits", "api-proposal-waits"),
        Some(Outcome::Changed(_)) => return conflict("changed-meanwhile", "api-changed"),
        Some(Outcome::Unknown) | None => return Err(Refusal::not_found()),
    };
    let state = judged(&console, ids.at(0)).await?.risk.finding.state.into();
    Ok(Json(DecisionOutcome { outcome: word.to_owned().into(), state }).into_response())
}

/// Who may approve does it at once; others propose.
fn deed(caller: &Caller, new: &NewDecision) -> Result<Deed, Refusal> {
    let until = || {
        let missing = Message::new("api-invalid").with("path", "$.until").with("error", "the last day is missing");
        new.until.ok_or_else(|| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", missing))
    };
    let held = |state| if caller.may(Right::Approve) { Deed::Settle(state) } else { Deed::Propose(state, None) };
    Ok(match new.state {
        StateWord::Open => Deed::Settle(FindingState::Open),
        StateWord::FalsePositive => Deed::Settle(FindingState::FalsePositive),
        StateWord::Accepted => held(FindingState::Accepted { until: until()? }),
        StateWord::Mitigated => held(FindingState::Mitigated { until: until()? }),
        StateWord::Fixed => {
            let message = Message::new("api-invalid").with("path", "$.state").with("error", "only sensors say `fixed`");
            return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message));
        }
    })
}
