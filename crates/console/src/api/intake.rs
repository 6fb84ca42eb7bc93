//! Bodies of reports: read, measured and inflated within limits on each and on all of them together.

use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use flate2::bufread::GzDecoder;
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use yata_model::Message;

use crate::problem::Refusal;

/// The largest body as it is sent.
pub(crate) const MAX_SENT_BYTES: usize = 16 * 1024 * 1024;
/// The largest body that arrives in parts.
pub(crate) const MAX_UPLOAD_BYTES: usize = 64 * 1024 * 1024;
/// The largest body once it is inflated.
pub(crate) const MAX_INFLATED_BYTES: u64 = 256 * 1024 * 1024;
/// What all reports together that are being read may take in memory. More are asked to come back later.
const MAX_IN_WORK_KIB: usize = 768 * 1024;
/// What is taken of it at once.
const STEP_KIB: u32 = 1024;
/// What an item of a list costs in memory beside its bytes.
const ITEM_BYTES: u64 = 32;
/// How many reports are read at the same time.
const MAX_JOBS: usize = 4;
/// How long a body may take to arrive. Whoever is slower sends it in parts.
const ARRIVAL_TIMEOUT: Duration = Duration::from_secs(120);
/// After how many seconds to come back where there is no room.
const RETRY_AFTER_S: u64 = 5;

/// The room for reports that are being read.
#[derive(Debug, Clone)]
pub(crate) struct Intake {
    room: Arc<Semaphore>,
    jobs: Arc<Semaphore>,
    max_inflated_bytes: u64,
}

/// A part of the room, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    _room: OwnedSemaphorePermit,
}

impl Intake {
    pub(crate) fn new() -> Self {
        Intake::with(MAX_IN_WORK_KIB, MAX_INFLATED_BYTES)
    }

    fn with(room_kib: usize, max_inflated_bytes: u64) -> Self {
        let (room, jobs) = (Arc::new(Semaphore::new(room_kib)), Arc::new(Semaphore::new(MAX_JOBS)));
        Intake { room, jobs, max_inflated_bytes }
    }

    fn take(&self, kib: u32) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.room).try_acquire_many_owned(kib).map_err(|_| full())
    }

    /// Runs heavy work on a thread of its own, a few at a time.
    pub(crate) async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        let place = Arc::clone(&self.jobs).acquire_owned().await.map_err(|_| Refusal::internal())?;
        let work = move || {
            let result = job();
            drop(place);
            result
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::internal())
    }

    /// Reads a body of at most so many bytes.
    pub(crate) async fn collect(&self, headers: &HeaderMap, body: Body, max: usize) -> Result<(Bytes, Share), Refusal> {
        let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if said.is_some_and(|said| said > max as u64) {
            return Err(too_large("api-body-too-large", max as u64));
        }
        match tokio::time::timeout(ARRIVAL_TIMEOUT, self.read(body, max)).await {
            Ok(result) => result,
            Err(_) => Err(slow()),
        }
    }

    /// An empty buffer with room for so many bytes.
    pub(crate) fn buffer(&self, bytes: usize) -> Result<(Vec<u8>, Share), Refusal> {
        let kib = u32::try_from(bytes / 1024 + 1).unwrap_or(u32::MAX);
        let share = self.take(kib)?;
        Ok((Vec::with_capacity(bytes), Share { _room: share }))
    }

    async fn read(&self, mut body: Body, max: usize) -> Result<(Bytes, Share), Refusal> {
        let mut share = self.take(1)?;
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| broken(&error))?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.len() > max {
                return Err(too_large("api-body-too-large", max as u64));
            }
            while share.num_permits() * 1024 < bytes.len() + data.len() {
                share.merge(self.take(64)?);
            }
            bytes.extend_from_slice(&data);
        }
        Ok((Bytes::from(bytes), Share { _room: share }))
    }
}

fn full() -> Refusal {
    let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "busy", Message::new("api-busy"));
    Refusal { retry_after_s: Some(RETRY_AFTER_S), ..refusal }
}

fn slow() -> Refusal {
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

/// Reads what a body holds, inflated, in bounded memory: `read` gets it piece by piece.
pub(crate) fn inflate<T>(
    intake: &Intake,
    encoding: Encoding,
    sent: &[u8],
    read: impl FnOnce(&mut dyn Read) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut measured =
        Measured { source: Source::new(encoding, sent), intake, held: None, bytes: 0, cost: 0, stop: None };
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
    Gzip(GzDecoder<&'a [u8]>),
}

impl<'a> Source<'a> {
    fn new(encoding: Encoding, sent: &'a [u8]) -> Self {
        match encoding {
            Encoding::Identity => Source::Plain(sent),
            Encoding::Gzip => Source::Gzip(GzDecoder::new(sent)),
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
    held: Option<OwnedSemaphorePermit>,
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
        self.cost += new.len() as u64 + items * ITEM_BYTES;
        while self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits) as u64 * 1024 < self.cost {
            let more = self.intake.take(STEP_KIB)?;
            match &mut self.held {
                Some(held) => held.merge(more),
                none => *none = Some(more),
            }
        }
        Ok(())
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

    fn read(intake: &Intake, sent: &[u8]) -> Result<u64, Refusal> {
        let all = |reader: &mut dyn Read| io::copy(reader, &mut io::sink()).map_err(|_| Refusal::internal());
        inflate(intake, Encoding::Gzip, sent, all)
    }

    #[test]
    fn a_bomb_is_refused_while_it_is_inflated() {
        let intake = Intake::with(8 * 1024, 2 * 1024 * 1024);
        assert_eq!(read(&intake, &gzip(&[b' '; 1024 * 1024])).unwrap(), 1024 * 1024);
        let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
        assert!(bomb.len() < 128 * 1024, "{}", bomb.len());
        let refusal = read(&intake, &bomb).unwrap_err();
        assert_eq!((refusal.status, refusal.code), (StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
    }

    #[test]
    fn where_there_is_no_room_the_sender_comes_back_later() {
        let intake = Intake::with(8 * 1024, u64::MAX);
        // Few bytes that would be many items in memory.
        let refusal = read(&intake, &gzip(&[b','; 1024 * 1024])).unwrap_err();
        assert_eq!((refusal.status, refusal.retry_after_s), (StatusCode::SERVICE_UNAVAILABLE, Some(RETRY_AFTER_S)));
        // All of it was given back.
        assert_eq!(intake.room.available_permits(), 8 * 1024);
        assert_eq!(read(&intake, &gzip(&[b' '; 1024 * 1024])).unwrap(), 1024 * 1024);
    }
}
