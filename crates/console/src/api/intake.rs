//! Bodies of reports: read, measured and inflated within limits on each and on all of them together.

use std::convert::Infallible;
use std::io::{self, BufReader, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::response::{IntoResponse as _, Response};
use flate2::bufread::GzDecoder;
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use sha2::{Digest as _, Sha256};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use yata_model::Message;

use crate::problem::Refusal;

/// The largest body as it is sent.
pub(crate) const MAX_SENT_BYTES: usize = 16 * 1024 * 1024;
/// The largest body that arrives in parts.
pub(crate) const MAX_UPLOAD_BYTES: usize = 32 * 1024 * 1024;
/// The largest body once it is inflated.
pub(crate) const MAX_INFLATED_BYTES: u64 = 32 * 1024 * 1024;
/// What all reports together that are being worked on may take in memory. More are asked to come back later.
const ROOM_KIB: usize = 144 * 1024;
/// What is taken of it at once.
const STEP_KIB: u32 = 256;
/// What a byte of a report costs in memory until it is stored: as it is read, as it is written.
const BYTE_COST: u64 = 3;
/// What an item of a list or a field costs beside its bytes.
const ITEM_COST: u64 = 32;
/// What a stored component costs in memory to be passed over, and to be read and written again.
pub(crate) const PASSED_COST_BYTES: u64 = 512;
pub(crate) const WRITTEN_COST_BYTES: u64 = 1280;
/// What a stored finding costs in memory to be told of, and to be judged with its facts and reasons.
const FINDING_COST_BYTES: u64 = 1024;
const JUDGED_COST_BYTES: u64 = 16 * 1024;
/// The most findings that an asset may have by pushes, without fixed ones: as many as are judged in all of the room.
pub(crate) const MAX_ASSET_FINDINGS: u64 = ROOM_KIB as u64 * 1024 / JUDGED_COST_BYTES;
/// What takes more of the room is large. One at a time is: two that grow together would never both fit.
const LARGE_BYTES: u64 = 16 * 1024 * 1024;
/// What is given out of an answer at once.
const SLICE_BYTES: usize = 64 * 1024;
/// How many reports are worked on at the same time.
const MAX_JOBS: usize = 4;
/// How long a report that has arrived waits for its turn.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a body may take to arrive. Whoever is slower sends it in parts.
pub(super) const ARRIVAL_TIMEOUT: Duration = Duration::from_secs(120);
/// After how many seconds to come back where there is no room.
const RETRY_AFTER_S: u64 = 5;

/// The room for reports that are being worked on.
#[derive(Debug, Clone)]
pub(crate) struct Intake {
    room: Arc<Semaphore>,
    room_kib: usize,
    large: Arc<Semaphore>,
    jobs: Arc<Semaphore>,
    turn_timeout: Duration,
    max_inflated_bytes: u64,
}

/// A part of the room, given back when it is dropped: it stays with what it was taken for.
#[derive(Debug)]
pub(crate) struct Share(OwnedSemaphorePermit, Option<OwnedSemaphorePermit>);

impl Share {
    /// How much of the room it is.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.num_permits() as u64 * 1024
    }

    /// Gives back what is more than that.
    pub(crate) fn shrink(&mut self, bytes: u64) {
        let more = self.bytes().saturating_sub(bytes) / 1024;
        drop(self.0.split(usize::try_from(more).unwrap_or_default()));
        if self.bytes() <= LARGE_BYTES {
            self.1 = None;
        }
    }

    /// An answer of JSON, which keeps what it takes of the share until its last slice is taken.
    pub(crate) fn answer(mut self, text: String) -> Response {
        let kib = (text.len() / 1024 + 1).min(self.0.num_permits());
        let held = Held { text: text.into(), share: self.0.split(kib) };
        ([(header::CONTENT_TYPE, "application/json")], Body::new(held)).into_response()
    }
}

/// A body that is held against the room. It is given out in slices, the next one when the connection takes more: given
/// out at once, all of it would wait there, outside of the room.
struct Held {
    text: Bytes,
    share: Option<OwnedSemaphorePermit>,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.text.is_empty() {
            return Poll::Ready(None);
        }
        let bytes = self.text.len().min(SLICE_BYTES);
        // A copy: a part of the text would keep all of it.
        let slice = Bytes::copy_from_slice(&self.text.split_to(bytes));
        if self.text.is_empty() {
            // The last one: what is left is small.
            self.text = Bytes::new();
            self.share = None;
        }
        Poll::Ready(Some(Ok(Frame::data(slice))))
    }

    fn is_end_stream(&self) -> bool {
        self.text.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.text.len() as u64)
    }
}

/// A body that has arrived.
pub(crate) struct Arrived {
    pub(crate) bytes: Bytes,
    /// Over what was given to begin with, and the body.
    pub(crate) digest: Sha256,
    /// What it takes of the room.
    pub(crate) share: Share,
}

impl Intake {
    pub(crate) fn new() -> Self {
        Intake::with(ROOM_KIB, MAX_INFLATED_BYTES)
    }

    fn with(room_kib: usize, max_inflated_bytes: u64) -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        let (room, large, jobs) = (places(room_kib), places(1), places(MAX_JOBS));
        Intake { room, room_kib, large, jobs, turn_timeout: TURN_TIMEOUT, max_inflated_bytes }
    }

    fn take(&self, kib: u32) -> Result<Share, Refusal> {
        Arc::clone(&self.room).try_acquire_many_owned(kib).map(|room| Share(room, None)).map_err(|_| full())
    }

    /// Makes a share as large as that. What is larger than the whole room never fits; for the rest there is room later.
    fn grow(&self, share: &mut Share, bytes: u64) -> Result<(), Refusal> {
        while share.bytes() < bytes {
            if bytes > self.room_kib as u64 * 1024 {
                return Err(Refusal::too_large(Message::new("api-too-many-items")));
            }
            if bytes > LARGE_BYTES && share.1.is_none() {
                share.1 = Some(Arc::clone(&self.large).try_acquire_owned().map_err(|_| full())?);
            }
            let missing = u32::try_from((bytes - share.bytes()).div_ceil(1024)).unwrap_or(u32::MAX);
            let left = u32::try_from(self.room_kib - share.0.num_permits()).unwrap_or(u32::MAX);
            share.0.merge(self.take(missing.max(STEP_KIB).min(left))?.0);
        }
        Ok(())
    }

    /// Makes a share large enough to tell of so many findings; all of the room is enough for more.
    pub(crate) fn for_findings(&self, share: &mut Share, findings: u64) -> Result<(), Refusal> {
        let bytes = share.bytes().saturating_add(findings.saturating_mul(FINDING_COST_BYTES));
        self.grow(share, bytes.min(self.room_kib as u64 * 1024))
    }

    /// Makes a share large enough to judge so many findings of a report.
    pub(crate) fn for_judging(&self, share: &mut Share, findings: usize) -> Result<(), Refusal> {
        let bytes = share.bytes().saturating_add(JUDGED_COST_BYTES.saturating_mul(findings as u64));
        self.grow(share, bytes)
    }

    /// The same for findings that other sensors see; all of the room is enough for more: the store counts them.
    pub(crate) fn for_others(&self, share: &mut Share, findings: u64) -> Result<(), Refusal> {
        let bytes = share.bytes().saturating_add(JUDGED_COST_BYTES.saturating_mul(findings));
        self.grow(share, bytes.min(self.room_kib as u64 * 1024))
    }

    /// Room for so many bytes of what is stored already; for more of them than there is room for, all of it.
    pub(crate) fn room_for(&self, bytes: u64) -> Result<Share, Refusal> {
        let kib = usize::try_from(bytes / 1024 + 1).unwrap_or(usize::MAX);
        self.take(u32::try_from(kib.min(self.room_kib)).unwrap_or(u32::MAX))
    }

    /// Does heavy work on a thread that is there for it, a few at a time. Where none is free for a while, the caller is
    /// asked to come back. Work that has begun ends, whether somebody waits for it or not.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        job: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = tokio::time::timeout(self.turn_timeout, Arc::clone(&self.jobs).acquire_owned()).await;
        let place = place.map_err(|_| full())?.map_err(|_| Refusal::internal())?;
        let runtime = Handle::current();
        let work = move || {
            let result = runtime.block_on(job);
            drop(place);
            result
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::internal())
    }

    /// Reads a body to its end, within `max` bytes.
    pub(crate) async fn collect(
        &self,
        headers: &HeaderMap,
        body: Body,
        max: usize,
        digest: Sha256,
    ) -> Result<Arrived, Refusal> {
        let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if said.is_some_and(|said| said > max as u64) {
            return Err(too_large("api-body-too-large", max as u64));
        }
        match tokio::time::timeout(ARRIVAL_TIMEOUT, self.read(body, max, digest)).await {
            Ok(result) => result,
            Err(_) => Err(slow()),
        }
    }

    /// Room for so many bytes.
    pub(crate) fn buffer(&self, bytes: u64) -> Result<Share, Refusal> {
        let mut share = self.take(1)?;
        self.grow(&mut share, bytes)?;
        Ok(share)
    }

    async fn read(&self, mut body: Body, max: usize, mut digest: Sha256) -> Result<Arrived, Refusal> {
        let mut share = self.take(1)?;
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| broken(&error))?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.len() > max {
                return Err(too_large("api-body-too-large", max as u64));
            }
            self.grow(&mut share, (bytes.len() + data.len()) as u64)?;
            digest.update(&data);
            bytes.extend_from_slice(&data);
        }
        Ok(Arrived { bytes: Bytes::from(bytes), digest, share })
    }
}

fn full() -> Refusal {
    let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "busy", Message::new("api-busy"));
    Refusal { retry_after_s: Some(RETRY_AFTER_S), ..refusal }
}

pub(super) fn slow() -> Refusal {
    Refusal::new(StatusCode::REQUEST_TIMEOUT, "timeout", Message::new("api-slow"))
}

fn too_large(message: &'static str, max: u64) -> Refusal {
    Refusal::too_large(Message::new(message).with("mib", i64::try_from(max / 1024 / 1024).unwrap_or(i64::MAX)))
}

/// A body that did not arrive whole: too slow between two parts of it, or the connection broke.
pub(crate) fn broken(error: &(dyn std::error::Error + 'static)) -> Refusal {
    let mut cause = Some(error);
    while let Some(one) = cause {
        if one.is::<tower_http::timeout::TimeoutError>() {
            return slow();
        }
        cause = one.source();
    }
    Refusal::bad_request(Message::new("api-body-broken"))
}

/// How a body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
}

impl Encoding {
    /// As the headers say; one that we do not know is refused.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Encoding, Refusal> {
        let said = headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?").trim());
        match said {
            None => Ok(Encoding::Identity),
            Some(said) if said.eq_ignore_ascii_case("identity") => Ok(Encoding::Identity),
            Some(said) if said.eq_ignore_ascii_case("gzip") => Ok(Encoding::Gzip),
            Some(said) => {
                let message = Message::new("api-encoding").with("given", said);
                Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-encoding", message))
            }
        }
    }
}

/// Reads what a body holds, inflated: `read` gets it piece by piece. The share grows with what it takes in memory.
pub(crate) fn inflate<T>(
    intake: &Intake,
    encoding: Encoding,
    sent: &[u8],
    share: &mut Share,
    read: impl FnOnce(&mut dyn Read) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let before = share.bytes();
    let mut measured =
        Measured { source: Source::new(encoding, sent), intake, share, before, bytes: 0, cost: 0, stop: None };
    let result = read(&mut BufReader::with_capacity(64 * 1024, &mut measured));
    match (measured.stop.take(), result) {
        (Some(stop), _) => Err(stop),
        (None, Err(refusal)) => Err(refusal),
        (None, Ok(_)) if measured.source.has_more() => Err(Refusal::bad_request(Message::new("api-gzip-trailing"))),
        (None, Ok(value)) => Ok(value),
    }
}

enum Source<'a> {
    Plain(&'a [u8]),
    Gzip(Box<GzDecoder<&'a [u8]>>),
}

impl<'a> Source<'a> {
    fn new(encoding: Encoding, sent: &'a [u8]) -> Self {
        match encoding {
            Encoding::Identity => Source::Plain(sent),
            Encoding::Gzip => Source::Gzip(Box::new(GzDecoder::new(sent))),
        }
    }

    /// Whether something stands after the end.
    fn has_more(&self) -> bool {
        match self {
            Source::Plain(rest) => !rest.is_empty(),
            Source::Gzip(decoder) => !decoder.get_ref().is_empty(),
        }
    }
}

/// Counts what comes out, and stops where it becomes too much.
struct Measured<'a> {
    source: Source<'a>,
    intake: &'a Intake,
    share: &'a mut Share,
    /// What the share held before.
    before: u64,
    bytes: u64,
    cost: u64,
    stop: Option<Refusal>,
}

impl Measured<'_> {
    fn count(&mut self, new: &[u8]) -> Result<(), Refusal> {
        self.bytes += new.len() as u64;
        if self.bytes > self.intake.max_inflated_bytes {
            return Err(too_large("api-inflated-too-large", self.intake.max_inflated_bytes));
        }
        let items = new.iter().filter(|byte| **byte == b',').count() as u64;
        self.cost += new.len() as u64 * BYTE_COST + items * ITEM_COST;
        self.intake.grow(self.share, self.before + self.cost)
    }
}

impl Read for Measured<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.source {
            Source::Plain(rest) => rest.read(buffer),
            Source::Gzip(decoder) => decoder.read(buffer),
        };
        let read = match read {
            Ok(read) => read,
            Err(error) => {
                self.stop = Some(Refusal::bad_request(Message::new("api-gzip").with("error", error.to_string())));
                return Err(error);
            }
        };
        if let Err(refusal) = self.count(buffer.get(..read).unwrap_or_default()) {
            self.stop = Some(refusal);
            return Err(io::Error::other("too much"));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    }

    fn read(intake: &Intake, sent: &[u8]) -> Result<(u64, Share), Refusal> {
        let all = |reader: &mut dyn Read| io::copy(reader, &mut io::sink()).map_err(|_| Refusal::internal());
        let mut share = intake.buffer(sent.len() as u64)?;
        inflate(intake, Encoding::Gzip, sent, &mut share, all).map(|bytes| (bytes, share))
    }

    #[test]
    fn a_bomb_is_refused_while_it_is_inflated() {
        let intake = Intake::with(16 * 1024, 2 * 1024 * 1024);
        assert_eq!(read(&intake, &gzip(&[b' '; 1024 * 1024])).unwrap().0, 1024 * 1024);
        let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
        assert!(bomb.len() < 128 * 1024, "{}", bomb.len());
        let refusal = read(&intake, &bomb).unwrap_err();
        assert_eq!((refusal.status, refusal.code), (StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        assert_eq!(intake.room.available_permits(), 16 * 1024, "given back");
    }

    #[test]
    fn where_there_is_no_room_the_sender_comes_back_later() {
        let intake = Intake::with(8 * 1024, u64::MAX);
        // What was read still takes its room: it is to be stored.
        let (_, held) = read(&intake, &gzip(&[b' '; 1024 * 1024])).unwrap();
        assert!(held.bytes() >= 3 * 1024 * 1024, "{held:?}");
        let refusal = read(&intake, &gzip(&[b' '; 2 * 1024 * 1024])).unwrap_err();
        assert_eq!((refusal.status, refusal.retry_after_s), (StatusCode::SERVICE_UNAVAILABLE, Some(RETRY_AFTER_S)));
        drop(held);
        assert_eq!(intake.room.available_permits(), 8 * 1024, "given back");
        let (bytes, _) = read(&intake, &gzip(&[b' '; 2 * 1024 * 1024])).unwrap();
        assert_eq!(bytes, 2 * 1024 * 1024);
        // Few bytes that would be many items in memory: there is never room for them.
        let refusal = read(&intake, &gzip(&[b','; 1024 * 1024])).unwrap_err();
        assert_eq!(refusal.status, StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[test]
    fn findings_take_the_room_that_judging_them_takes() {
        let intake = Intake::new();
        let mut share = intake.buffer(1024).unwrap();
        let before = share.bytes();
        intake.for_findings(&mut share, 20_000).unwrap();
        assert!(share.bytes() > LARGE_BYTES && share.1.is_some());
        share.shrink(before);
        assert!(share.bytes() == before && share.1.is_none(), "given back");
        assert_eq!(intake.room.available_permits() as u64, ROOM_KIB as u64 - before / 1024);
        intake.for_judging(&mut share, 5_000).unwrap();
        assert!(share.bytes() > 5_000 * JUDGED_COST_BYTES);
        let refusal = intake.for_judging(&mut share, 100_000).unwrap_err();
        assert_eq!(refusal.status, StatusCode::PAYLOAD_TOO_LARGE);
        let room = ROOM_KIB as u64 * 1024;
        intake.for_others(&mut share, 1_000).unwrap();
        assert!((6_000 * JUDGED_COST_BYTES..room).contains(&share.bytes()));
        intake.for_others(&mut share, 100_000).unwrap();
        assert_eq!(share.bytes(), room);
    }

    #[test]
    fn large_ones_are_taken_one_after_the_other() {
        let intake = Intake::with(64 * 1024, u64::MAX);
        let large = gzip(&[b' '; 6 * 1024 * 1024]);
        let (_, held) = read(&intake, &large).unwrap();
        assert!(held.bytes() > LARGE_BYTES && intake.room.available_permits() > 32 * 1024);
        assert_eq!(read(&intake, &large).unwrap_err().status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(read(&intake, &gzip(&[b' '; 1024 * 1024])).is_ok(), "small ones are taken beside it");
        drop(held);
        assert!(read(&intake, &large).is_ok());
    }

    #[tokio::test]
    async fn an_answer_takes_its_room_until_its_last_slice() {
        let intake = Intake::with(1024, 1024);
        let text = "x".repeat(3 * SLICE_BYTES + 1);
        let mut body = intake.buffer(512 * 1024).unwrap().answer(text.clone()).into_body();
        assert_eq!(body.size_hint().exact(), Some(text.len() as u64));
        let mut came = Vec::new();
        while let Some(frame) = body.frame().await {
            let data = frame.unwrap().into_data().unwrap();
            assert!(data.len() <= SLICE_BYTES);
            came.extend_from_slice(&data);
            let held = 1024 - intake.room.available_permits();
            assert_eq!(held, if came.len() < text.len() { text.len() / 1024 + 1 } else { 0 });
        }
        assert_eq!(came, text.as_bytes());
        drop(body);
    }

    #[tokio::test]
    async fn work_that_finds_no_place_is_refused() {
        let mut intake = Intake::with(1024, 1024);
        intake.turn_timeout = Duration::from_millis(50);
        let places: Vec<_> = (0..MAX_JOBS).map(|_| Arc::clone(&intake.jobs).try_acquire_owned().unwrap()).collect();
        let refusal = intake.work(async { 1 }).await.unwrap_err();
        assert_eq!((refusal.status, refusal.retry_after_s), (StatusCode::SERVICE_UNAVAILABLE, Some(RETRY_AFTER_S)));
        drop(places);
        let here = std::thread::current().id();
        let there = intake.work(async { std::thread::current().id() }).await.unwrap();
        assert_ne!(here, there, "not on a thread that serves others");
    }
}
