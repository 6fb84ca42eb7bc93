//! Taking the queue away as a file: exactly what is shown, all of its pages.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, Method, header};
use http_body_util::channel::{Channel, Sender};
use serde_json::json;
use yata_model::{FindingState, Message};
use yata_store::{Act, Judged, Paging, QueueRow};

use super::ask::{Ask, word_of};
use super::{rows, say, sheet};
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::problem::Refusal;
use crate::routes::Routes;
use crate::state::Console;

/// Most rows of one file; what is beyond is said in its last row.
const MAX_ROWS: usize = 100_000;

/// Rows that are read at once.
const PAGE_ROWS: u32 = 500;

/// Parts of a file that may wait for a slow reader.
const PARTS_WAITING: usize = 4;

/// The columns, by the ids of their names.
pub(crate) const COLUMNS: [&str; 20] = [
    "queue-col-priority",
    "queue-col-due",
    "queue-by-kind",
    "queue-col-what",
    "queue-by-advisory",
    "queue-col-title",
    "queue-col-asset",
    "queue-by-service",
    "queue-by-owner",
    "queue-col-why",
    "queue-col-fix",
    "queue-col-closes",
    "queue-col-state",
    "queue-col-until",
    "deed-assignee",
    "explain-scenario",
    "queue-by-ai",
    "finding-first-seen",
    "explain-places",
    "queue-col-finding",
];

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.add(Method::GET, "/queue/export", Need::Right(Right::Export), get(export))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
    Xlsx,
}

impl Format {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "csv" => Some(Format::Csv),
            "json" => Some(Format::Json),
            "xlsx" => Some(Format::Xlsx),
            _ => None,
        }
    }

    fn kind(self) -> (&'static str, &'static str) {
        match self {
            Format::Csv => ("csv", "text/csv; charset=utf-8; header=present"),
            Format::Json => ("json", "application/json"),
            Format::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        }
    }
}

async fn export(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let word = pairs.iter().find(|(key, _)| key == "format").map_or("csv", |(_, value)| value.as_str());
    let format = Format::parse(word).ok_or_else(|| Refusal::bad_request(Message::new("queue-bad-format")))?;
    let ask = Ask::parse(&pairs).but(|_| {});
    if !Ask::parse(&pairs).unread.is_empty() {
        return Err(Refusal::bad_request(Message::new("queue-unread")));
    }
    let now = console.now();
    let (ending, kind) = format.kind();
    let act = Act::new("queue.exported", &caller.actor()).fact("format", ending).fact("query", ask.query());
    // What is wrong with the question is said before the file begins.
    let total = console.store.queue_total(&ask.filter(console.today()), !ask.single).await?;
    let act = act.fact("rows", say::total(total));
    console.store.note_act(&act, now).await?;
    let day = now.to_zoned(console.settings.time_zone.clone()).strftime("%Y%m%d-%H%M").to_string();
    let body = match format {
        Format::Xlsx => Body::from(workbook(&console, &caller, &ask).await?),
        Format::Csv | Format::Json => {
            let (sender, channel) = Channel::<Bytes, std::io::Error>::new(PARTS_WAITING);
            tokio::spawn(stream(Arc::clone(&console), caller, ask, format, sender));
            Body::new(channel)
        }
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = format!("attachment; filename=\"yata-queue-{day}.{ending}\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// All rows, page by page; each with what it was judged by.
struct Reader<'a> {
    console: &'a Console,
    ask: &'a Ask,
    after: Option<String>,
    read: usize,
    done: bool,
    complete: bool,
}

impl<'a> Reader<'a> {
    fn new(console: &'a Console, ask: &'a Ask) -> Self {
        Reader { console, ask, after: None, read: 0, done: false, complete: false }
    }

    async fn next(&mut self) -> Result<Vec<(QueueRow, Option<Judged>)>, Refusal> {
        if self.done {
            return Ok(Vec::new());
        }
        let today = self.console.today();
        let paging = Paging { after: self.after.take(), limit: PAGE_ROWS };
        let page = self.console.store.queue(&self.ask.filter(today), &paging, !self.ask.single).await?;
        let mut judged = rows::judged(self.console, &page.rows, today).await?;
        let room = MAX_ROWS.saturating_sub(self.read);
        self.complete = page.next.is_none() && page.rows.len() <= room;
        self.done = page.next.is_none() || page.rows.len() >= room;
        self.after = page.next;
        self.read += page.rows.len().min(room);
        let rows = page.rows.into_iter().take(room);
        Ok(rows.map(|row| (judged.remove(&row.finding.id), row)).map(|(judged, row)| (row, judged)).collect())
    }
}

/// A last row that says that there is more.
fn cut_short(caller: &Caller) -> String {
    caller.say(&Message::new("queue-export-cut").with("limit", MAX_ROWS))
}

/// Writes the file into the channel. A failure midway breaks the transfer off, so that a part is not taken for the whole.
async fn stream(
    console: Arc<Console>,
    caller: Caller,
    ask: Ask,
    format: Format,
    mut sender: Sender<Bytes, std::io::Error>,
) {
    let mut reader = Reader::new(&console, &ask);
    let mut text = match format {
        Format::Json => json_head(&console, &ask),
        _ => {
            let names: Vec<String> = COLUMNS.iter().map(|id| caller.text(id)).collect();
            format!("\u{feff}{}", sheet::csv_row(&names))
        }
    };
    let mut first = true;
    loop {
        let rows = match reader.next().await {
            Ok(rows) => rows,
            Err(refusal) => {
                tracing::error!(?refusal, "an export broke off");
                sender.abort(std::io::Error::other("broke off"));
                return;
            }
        };
        for (row, judged) in &rows {
            if format == Format::Json {
                text.push_str(if std::mem::take(&mut first) { "\n" } else { ",\n" });
                text.push_str(&json_row(&caller, row, judged.as_ref()).to_string());
            } else {
                text.push_str(&sheet::csv_row(&cells(&console, &caller, &ask, row, judged.as_ref())));
            }
        }
        let done = reader.done;
        if done {
            text.push_str(&match format {
                Format::Json => format!("\n],\"complete\":{}}}\n", reader.complete),
                _ if reader.complete => String::new(),
                _ => sheet::csv_row(&[cut_short(&caller)]),
            });
        }
        if sender.send_data(Bytes::from(std::mem::take(&mut text))).await.is_err() || done {
            return;
        }
    }
}

async fn workbook(console: &Console, caller: &Caller, ask: &Ask) -> Result<Vec<u8>, Refusal> {
    let broken = |error: sheet::SheetError| {
        tracing::error!(%error, "a workbook could not be written");
        Refusal::internal()
    };
    let names: Vec<String> = COLUMNS.iter().map(|id| caller.text(id)).collect();
    let mut book = sheet::Workbook::begin(&caller.text("nav-queue"), &names).map_err(broken)?;
    let mut reader = Reader::new(console, ask);
    while !reader.done {
        for (row, judged) in reader.next().await? {
            book.row(&cells(console, caller, ask, &row, judged.as_ref())).map_err(broken)?;
        }
    }
    if !reader.complete {
        book.row(&[cut_short(caller)]).map_err(broken)?;
    }
    book.end().map_err(broken)
}

/// The cells of a row, in the order of [`COLUMNS`], in the caller's language.
fn cells(console: &Console, caller: &Caller, ask: &Ask, row: &QueueRow, judged: Option<&Judged>) -> Vec<String> {
    let finding = &row.finding;
    let lang = caller.lang;
    let remedy = if ask.single { &finding.remedy } else { &row.action.remedy };
    let until = match &finding.state {
        FindingState::Accepted { until } | FindingState::Mitigated { until } => until.to_string(),
        _ => String::new(),
    };
    let ai = [
        (row.ai.threat, "explain-threat"),
        (row.ai.vulnerability, "explain-vulnerability"),
        (row.ai.asset, "explain-asset"),
    ];
    let ai: Vec<String> = ai.iter().filter(|(on, _)| *on).map(|(_, id)| caller.text(id)).collect();
    let zone = console.settings.time_zone.clone();
    let first = finding.first_seen.map(|at| at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string());
    let places: Vec<String> = finding.subject.occurrences().iter().take(5).map(say::place).collect();
    vec![
        say::priority_name(lang, row.priority),
        row.due.map(|due| due.to_string()).unwrap_or_default(),
        say::kind_name(lang, finding.kind),
        say::label(finding),
        finding.ids.iter().map(|id| say::clean(id)).collect::<Vec<_>>().join(" "),
        say::title(lang, finding),
        say::clean(&row.asset_name),
        say::clean(row.service.as_deref().unwrap_or_default()),
        say::clean(row.owner.as_deref().unwrap_or_default()),
        judged.and_then(|one| one.risk.reasons.first()).map(|reason| say::say(caller, reason)).unwrap_or_default(),
        say::remedy(caller, finding, remedy, 1),
        if ask.single { "1".to_owned() } else { row.action.findings.to_string() },
        say::status_name(lang, row.status),
        until,
        say::clean(row.assignee.as_deref().unwrap_or_default()),
        row.scenario.number().to_string(),
        ai.join(", "),
        first.unwrap_or_default(),
        places.join(" "),
        finding.id.clone(),
    ]
}

fn json_head(console: &Console, ask: &Ask) -> String {
    let query = json!(ask.query());
    let at = json!(console.now().to_string());
    let as_of = json!(console.today().to_string());
    format!("{{\"query\":{query},\"exported_at\":{at},\"as_of\":{as_of},\"limit\":{MAX_ROWS},\"rows\":[")
}

fn json_row(caller: &Caller, row: &QueueRow, judged: Option<&Judged>) -> serde_json::Value {
    let reasons = judged.map(|one| one.risk.reasons.as_slice()).unwrap_or_default();
    json!({
        "id": row.finding.id,
        "priority": row.priority,
        "due": row.due,
        "expected_harm": row.expected_harm,
        "kind": row.finding.kind,
        "rule": row.finding.rule,
        "ids": row.finding.ids,
        "title": row.finding.title,
        "subject": row.finding.subject.key(),
        "label": row.finding.subject.label(),
        "asset": { "id": row.finding.asset_id, "name": row.asset_name, "kind": row.asset_kind },
        "service": row.service,
        "owner": row.owner,
        "reasons": reasons.iter().map(|reason| caller.say(reason)).collect::<Vec<_>>(),
        "reason_ids": reasons.iter().map(|reason| reason.id.clone()).collect::<Vec<_>>(),
        "action": row.action,
        "status": word_of(&row.status),
        "state": row.finding.state,
        "assignee": row.assignee,
        "scenario": row.scenario.number(),
        "ai": row.ai,
        "first_seen": row.finding.first_seen,
        "places": row.finding.subject.occurrences(),
    })
}
