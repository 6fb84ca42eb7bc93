//! The management report: as a page that prints well, and as a PDF.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderValue, Method, StatusCode, header};
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use yata_model::Message;
use yata_report::{Align, Block, Document, Drawing, Span, Table};
use yata_store::Act;
use yata_words::Lang;

use super::drawing::drawing;
use super::report_figures::{Figures, read};
use super::report_text::compose;
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::layout;
use crate::problem::Refusal;
use crate::report::Paper;
use crate::routes::Routes;
use crate::state::Console;

/// Days of the period where none was asked for.
const USUAL_DAYS: i64 = 30;

/// Longest period, in days.
const MAX_PERIOD_DAYS: i64 = 1_000;

/// How long a PDF may take, waiting for its turn included.
const PDF_TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) fn routes(routes: Routes) -> Routes {
    let need = Need::Right(Right::Read);
    routes.add(Method::GET, "/report", need, get(page)).add(Method::GET, "/report.pdf", need, get(pdf))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ask {
    from: String,
    lang: String,
}

/// The caller in the language of the report, and the first day of its period.
fn understood(console: &Console, caller: Caller, ask: &Ask) -> Result<(Caller, Date), Refusal> {
    let today = console.today();
    let from = match ask.from.as_str() {
        "" => today.saturating_sub(USUAL_DAYS.days()),
        text => text.parse::<Date>().map_err(|_| Refusal::bad_request(Message::new("report-bad-from")))?,
    };
    if from > today || from < today.saturating_sub(MAX_PERIOD_DAYS.days()) {
        let message = Message::new("report-from-range").with("days", MAX_PERIOD_DAYS);
        return Err(Refusal::bad_request(message));
    }
    let lang = match ask.lang.as_str() {
        "" => caller.lang,
        "ja" => Lang::Ja,
        "en" => Lang::En,
        _ => return Err(Refusal::bad_request(Message::new("report-bad-lang"))),
    };
    Ok((Caller { lang, ..caller }, from))
}

async fn made(console: &Console, caller: &Caller, figures: &Figures, format: &str) -> Result<(), Refusal> {
    let act = Act::new("report.made", &caller.actor())
        .on("report", figures.today.to_string(), "management report")
        .fact("from", figures.from.to_string())
        .fact("lang", caller.lang.as_str())
        .fact("format", format);
    Ok(console.store.note_act(&act, console.now()).await?)
}

async fn page(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Query(ask): Query<Ask>,
) -> Result<Response, Refusal> {
    let (caller, from) = understood(&console, caller, &ask)?;
    let figures = read(&console, from).await?;
    let document = compose(&console, &caller, &figures, "");
    made(&console, &caller, &figures, "html").await?;
    let has_paper = console.settings.paper.is_some();
    let pdf = format!("/report.pdf?from={from}&lang={}", caller.lang.as_str());
    let head = html! {
        p .tag { (document.classification.as_deref().unwrap_or_default()) }
        h1 { (document.title) }
        p .lead { (document.organisation) @if !document.organisation.is_empty() { " · " } (document.subtitle) " · " (document.date) }
    };
    let days = caller.text("report-days");
    let body = html! {
        div .bar .no-print {
            form .line method="get" action="/report" {
                label for="from" { (caller.text("report-from")) }
                span { input #from type="date" name="from" value=(from) max=(figures.today); }
                label for="lang" { (caller.text("report-language")) }
                span { select #lang name="lang" {
                    option value="en" selected[caller.lang == Lang::En] { "English" }
                    option value="ja" selected[caller.lang == Lang::Ja] { "日本語" }
                } }
                button type="submit" { (caller.text("report-show")) }
            }
            @if has_paper { a .button .primary href=(pdf) { (caller.text("report-pdf")) } }
            @else { span .quiet { (caller.text("report-print")) } }
        }
        div .stack {
            @for block in &document.blocks { (shown(block, &days)) }
            p .quiet .small { (document.footer) }
        }
    };
    Ok(layout::page_with_head(&caller, &document.title, &head, &body))
}

/// A block. Links lead to the heading called `days`.
fn shown(block: &Block, days: &str) -> Markup {
    html! {
        @match block {
            Block::Heading { level: 1, text } => h2 { (text) },
            Block::Heading { text, .. } => h3 id=[(text == days).then_some("days")] { (text) },
            Block::Paragraph(spans) => p { (spans_shown(spans)) },
            Block::Lead(spans) => p .note { (spans_shown(spans)) },
            Block::Figures(figures) => {
                ul.counts.(columns(figures.len())) {
                    @for figure in figures {
                        li {
                            @let inside = html! {
                                span .name { (figure.label) }
                                span .value.none[figure.value == "0"] { (figure.value) }
                                @if !figure.note.is_empty() { span .quiet { (figure.note) } }
                            };
                            @match &figure.link {
                                Some(link) => a .count href=(link) { (inside) },
                                None => div .count { (inside) },
                            }
                        }
                    }
                }
            },
            Block::Table(table) => (table_shown(table)),
            Block::Svg(Drawing { svg, alt, .. }) => figure { (drawing(alt, svg)) },
            Block::List(points) => ul { @for point in points { li { (spans_shown(point)) } } },
            Block::PageBreak => hr .new-page;,
            Block::Note(spans) => p .quiet.small { (spans_shown(spans)) },
        }
    }
}

/// In how many columns figures stand, so that none stands alone in its row.
fn columns(figures: usize) -> &'static str {
    if figures.is_multiple_of(4) { "four" } else { "three" }
}

fn spans_shown(spans: &[Span]) -> Markup {
    html! {
        @for span in spans {
            @match span {
                Span::Text(text) => (text),
                Span::Strong(text) => strong { (text) },
                Span::Link { text, url } => a href=(url) { (text) },
            }
        }
    }
}

fn table_shown(table: &Table) -> Markup {
    let is_number = |at: usize| table.columns.get(at).is_some_and(|column| column.align == Align::End);
    html! {
        div .scroll role="region" tabindex="0" aria-label=(table.caption) {
            table .report {
                caption { (table.caption) }
                thead { tr { @for (at, column) in table.columns.iter().enumerate() { th.num[is_number(at)] scope="col" { (column.title) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (at, cell) in row.iter().enumerate() {
                                td.num[is_number(at)].strong[cell.strong] {
                                    @match &cell.link { Some(link) => a href=(link) { (cell.text) }, None => (cell.text) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

async fn pdf(State(console): State<Arc<Console>>, caller: Caller, Query(ask): Query<Ask>) -> Result<Response, Refusal> {
    let (caller, from) = understood(&console, caller, &ask)?;
    let Some(paper) = console.settings.paper.clone() else {
        return Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, "no-pdf", Message::new("report-no-pdf")));
    };
    let figures = read(&console, from).await?;
    let document = compose(&console, &caller, &figures, &console.settings.public_url);
    let work = async {
        let turn = Arc::clone(&console.paper_turn).acquire_owned().await.map_err(|_| Refusal::internal())?;
        set(paper, document, turn).await
    };
    let busy = || Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", Message::new("report-pdf-late"));
    let bytes = tokio::time::timeout(PDF_TIMEOUT, work).await.map_err(|_| busy())??;
    made(&console, &caller, &figures, "pdf").await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    let name = format!("attachment; filename=\"yata-report-{}-{}.pdf\"", figures.today, caller.lang.as_str());
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Sets a document on a thread for blocking work. The turn ends with the work, also where nobody waits any more.
async fn set(paper: Arc<dyn Paper>, document: Document, turn: OwnedSemaphorePermit) -> Result<Vec<u8>, Refusal> {
    let work = move || {
        let result = paper.pdf(&document);
        drop(turn);
        result
    };
    let result = tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::internal())?;
    result.map_err(|error| {
        tracing::error!(%error, "a report could not be set");
        Refusal::internal()
    })
}
