//! `/api/v1/uploads`: large reports in parts, so that a broken connection costs one part.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use yata_model::Message;
use yata_store::{PartStored, Upload, UploadPart};

use super::Api;
use super::ask::{Body, Ids, Values, bad_value, content_type};
use super::describe::Operation;
use super::ingest::{self, Sent};
use super::intake::{Encoding, MAX_UPLOAD_BYTES, Share};
use super::wire::pushed::Pushed;
use super::wire::upload::{NewUpload, PartState, UploadState};
use crate::access::{Need, Right};
use crate::caller::Caller;
use crate::problem::Refusal;
use crate::state::Console;

/// The largest part.
pub const MAX_PART_BYTES: usize = 8 * 1024 * 1024;
/// The most parts of an upload.
pub(crate) const MAX_PARTS: i64 = 10_000;

pub(super) fn routes(api: Api) -> Api {
    let need = Need::Right(Right::PushSnapshots);
    let begin = move |book: &mut _| {
        Operation::new(Method::POST, "/api/v1/uploads", need, "startUpload", "Begin a report that arrives in parts")
            .docs(
                "For reports that are too large for one request, or for lines that break. An upload belongs to its \
                 token and expires after 24 hours; a token has at most 32 of them that are not complete, and 256 MiB in them.",
            )
            .takes::<NewUpload>(
                book,
                json!({ "asset_id": "as_0123456789abcdef0123", "encoding": "gzip", "bytes": 20_000_000 }),
            )
            .answers::<UploadState>(book, 201, "It has begun.")
            .problems(&[409])
    };
    let look = move |book: &mut _| {
        let path = "/api/v1/uploads/{upload_id}";
        Operation::new(Method::GET, path, need, "getUpload", "Which parts are there").answers::<UploadState>(
            book,
            200,
            "The upload.",
        )
    };
    let part = move |book: &mut _| {
        let path = "/api/v1/uploads/{upload_id}/parts/{part}";
        Operation::new(Method::PUT, path, need, "putPart", "Store a part")
            .docs("At most 8 MiB. The header `Content-Digest: sha-256=:…:` (RFC 9530) is checked. The same again changes nothing.")
            .header("Content-Digest", "The SHA-256 digest of the part (RFC 9530).")
            .takes_bytes()
            .answers::<UploadState>(book, 200, "The upload.")
            .problems(&[422])
    };
    let complete = move |book: &mut _| {
        let path = "/api/v1/uploads/{upload_id}/complete";
        Operation::new(Method::POST, path, need, "completeUpload", "Store the report that has arrived")
            .docs("As `pushReport` with all parts as its body. Whoever asks again, because the answer was lost, gets the same answer.")
            .queries(ingest::parameters())
            .answers::<Pushed>(book, 200, "What it changed.")
            .problems(&[409, 413, 422])
    };
    api.add(begin, post(start)).add(look, get(state)).add(part, put(store_part)).add(complete, post(finish))
}

fn shown(upload: &Upload) -> UploadState {
    let number = |n: i64| u64::try_from(n).unwrap_or_default();
    let part = |part: &UploadPart| PartState {
        part: number(part.part),
        digest: part.digest.clone().into(),
        bytes: number(part.bytes),
    };
    UploadState {
        id: upload.id.clone().into(),
        asset_id: upload.asset_id.clone().into(),
        bytes: number(upload.bytes),
        received: number(upload.received()),
        max_part_bytes: MAX_PART_BYTES as u64,
        expires_at: upload.expires_at(),
        parts: upload.parts.iter().map(part).collect(),
    }
}

async fn start(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Body(new): Body<NewUpload>,
) -> Result<Response, Refusal> {
    if encoding_of(&new.encoding).is_none() {
        return Err(bad_value("encoding", "is neither `gzip` nor `identity`"));
    }
    let bytes = i64::try_from(new.bytes).unwrap_or(i64::MAX);
    if bytes < 1 || new.bytes > MAX_UPLOAD_BYTES as u64 {
        return Err(Refusal::too_large(Message::new("api-body-too-large").with("mib", MAX_UPLOAD_BYTES / 1024 / 1024)));
    }
    let now = console.now();
    let upload = console.store.start_upload(caller.id(), &new.asset_id, &new.encoding, bytes, now).await?;
    let Some(upload) = upload else {
        return Err(Refusal::new(StatusCode::CONFLICT, "too-many-uploads", Message::new("api-uploads-many")));
    };
    let place = format!("/api/v1/uploads/{}", upload.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(shown(&upload))).into_response())
}

fn encoding_of(word: &str) -> Option<Encoding> {
    match word {
        "gzip" => Some(Encoding::Gzip),
        "identity" => Some(Encoding::Identity),
        _ => None,
    }
}

/// The upload, if it is the caller's: of others, nobody learns that they are there.
async fn own(console: &Console, caller: &Caller, id: &str) -> Result<Upload, Refusal> {
    let upload = console.store.upload(id, console.now()).await?;
    upload.filter(|upload| upload.token_id == caller.id()).ok_or_else(Refusal::not_found)
}

/// The same, where it is not complete yet.
async fn open(console: &Console, caller: &Caller, id: &str) -> Result<Upload, Refusal> {
    let upload = own(console, caller, id).await?;
    if upload.answer_chars.is_none() { Ok(upload) } else { Err(Refusal::not_found()) }
}

async fn state(State(console): State<Arc<Console>>, caller: Caller, ids: Ids) -> Result<Response, Refusal> {
    Ok(Json(shown(&open(&console, &caller, ids.at(0)).await?)).into_response())
}

fn wrong_size(status: StatusCode, code: &'static str, bytes: i64, received: i64) -> Refusal {
    let message = Message::new("api-upload-size").with("bytes", bytes).with("received", received);
    Refusal::new(status, code, message)
}

async fn store_part(
    State(console): State<Arc<Console>>,
    caller: Caller,
    ids: Ids,
    request: Request,
) -> Result<Response, Refusal> {
    content_type(request.headers(), "application/octet-stream")?;
    let number = ids.at(1).parse().ok().filter(|number| (0..MAX_PARTS).contains(number));
    let number: i64 = number.ok_or_else(|| bad_value("part", "is no number from 0 to 9999"))?;
    let wanted = digest_of(request.headers())?;
    let upload = open(&console, &caller, ids.at(0)).await?;
    let (parts, body) = request.into_parts();
    let arrived = console.intake.collect(&parts.headers, body, MAX_PART_BYTES, Sha256::new()).await?;
    let digest = STANDARD.encode(arrived.digest.finalize());
    if wanted.is_some_and(|wanted| wanted != digest) {
        let message = Message::new("api-digest").with("digest", digest);
        return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-digest", message));
    }
    let part = UploadPart { part: number, digest, bytes: i64::try_from(arrived.bytes.len()).unwrap_or(i64::MAX) };
    let (bytes, share, intake) = (arrived.bytes, arrived.share, console.intake.clone());
    let (id, said) = (upload.id, upload.bytes);
    let work = async move {
        let body = STANDARD.encode(&bytes);
        let stored = console.store.store_part(&id, &part, &body, console.now()).await;
        drop(share);
        stored
    };
    match intake.work(work).await?? {
        PartStored::Done(upload) => Ok(Json(shown(&upload)).into_response()),
        PartStored::Gone => Err(Refusal::not_found()),
        PartStored::TooMuch { received } => {
            Err(wrong_size(StatusCode::UNPROCESSABLE_ENTITY, "wrong-size", said, received))
        }
    }
}

/// The SHA-256 digest that the sender gives (RFC 9530: `sha-256=:…:`, other algorithms beside it).
fn digest_of(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get("content-digest") else { return Ok(None) };
    let value = value.to_str().unwrap_or_default();
    let mut digests = value.split(',').filter_map(|one| one.trim().strip_prefix("sha-256=:")?.strip_suffix(':'));
    let digest = digests.next().ok_or_else(|| bad_value("Content-Digest", "is no `sha-256=:…:`"))?;
    Ok(Some(digest.to_owned()))
}

async fn finish(
    State(console): State<Arc<Console>>,
    caller: Caller,
    ids: Ids,
    values: Values,
) -> Result<Response, Refusal> {
    let upload = own(&console, &caller, ids.at(0)).await?;
    let how = ingest::How::of(&values)?;
    let bytes = |count: i64| u64::try_from(count).unwrap_or(u64::MAX);
    if let Some(chars) = upload.answer_chars {
        let share = console.intake.buffer(bytes(chars))?;
        let answer = console.store.upload_answer(&upload.id).await?.ok_or_else(Refusal::not_found)?;
        return Ok(share.answer(answer));
    }
    let in_order = upload.parts.iter().zip(0..).all(|(part, number)| part.part == number);
    if !in_order || upload.received() != upload.bytes {
        return Err(wrong_size(StatusCode::CONFLICT, "incomplete-upload", upload.bytes, upload.received()));
    }
    let share = console.intake.buffer(bytes(upload.bytes))?;
    let intake = console.intake.clone();
    let (answer, share) = intake.work(async move { complete(&console, &caller, upload, how, share).await }).await??;
    Ok(share.answer(answer))
}

/// All parts, one after the other; `None` where one is not there any more.
async fn body_of(console: &Console, upload: &Upload) -> Result<Option<Vec<u8>>, Refusal> {
    let mut bytes = Vec::with_capacity(usize::try_from(upload.bytes).unwrap_or_default());
    for part in &upload.parts {
        let Some(text) = console.store.part(&upload.id, part.part).await? else { return Ok(None) };
        STANDARD.decode_vec(text, &mut bytes).map_err(|_| Refusal::internal())?;
    }
    Ok(Some(bytes))
}

/// Stores the report of an upload that has all its parts; the answer, as it is kept for who asks again.
async fn complete(
    console: &Console,
    caller: &Caller,
    upload: Upload,
    how: ingest::How,
    share: Share,
) -> Result<(String, Share), Refusal> {
    let encoding = encoding_of(&upload.encoding).ok_or_else(Refusal::internal)?;
    // Whoever asked at the same time may have completed it: its parts are gone then, before or while they are read.
    let bytes = match console.store.upload_answer(&upload.id).await? {
        Some(_) => None,
        None => body_of(console, &upload).await?,
    };
    let Some(bytes) = bytes else {
        drop(share);
        let answer = console.store.upload_answer(&upload.id).await?.ok_or_else(Refusal::not_found)?;
        let share = console.intake.buffer(answer.len() as u64)?;
        return Ok((answer, share));
    };
    let digest = ingest::hex(ingest::digest_of(encoding).chain_update(&bytes));
    let mut sent = Sent { asset_id: upload.asset_id, how, encoding, bytes: bytes.into(), digest, share };
    let (answer, share) = match ingest::again(console, caller, &mut sent).await? {
        Some(answer) => (answer, sent.share),
        None => ingest::take(console, caller, sent).await?,
    };
    Ok((console.store.finish_upload(&upload.id, &ingest::text_of(&answer)?).await?, share))
}
