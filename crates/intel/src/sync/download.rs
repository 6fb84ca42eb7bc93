//! One file: asked for only if it has changed, continued where it was cut, checked to be whole.

use std::fs::File;
use std::io::Write;
use std::time::Instant;

use reqwest::header::{
    CONTENT_ENCODING, CONTENT_RANGE, DATE, ETAG, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    LAST_MODIFIED, RANGE,
};
use reqwest::{Response, StatusCode};

use super::cache::{Cache, Note};
use super::client::{Requests, Trouble, date, passing, text};
use super::config::Job;
use crate::layout::Validators;

/// After how many bytes progress is told.
const PROGRESS_STEP_BYTES: u64 = 256 * 1024;

/// A file that is as the service has it now.
#[derive(Debug, Clone)]
pub(crate) struct Fetched {
    pub(crate) validators: Validators,
    /// Whether the index has it already.
    pub(crate) indexed: bool,
}

/// How far a download is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) done: u64,
    pub(crate) total: Option<u64>,
}

/// Downloads one file after another, within the limits of the run.
pub(crate) struct Downloads<'a> {
    pub(crate) requests: Requests<'a>,
    pub(crate) cache: &'a Cache,
    /// Bytes received in this run.
    pub(crate) received: u64,
}

/// What an answer with a body is to become.
struct Body {
    file: File,
    note: Note,
    /// Bytes that are in the file already.
    done: u64,
    /// Bytes of the whole.
    total: Option<u64>,
}

impl Downloads<'_> {
    /// Brings the file of a job to the service's current state, with repetitions. `indexed` is the state that the
    /// index holds.
    pub(crate) async fn fetch(
        &mut self,
        job: &Job,
        indexed: Option<&Validators>,
        step: &dyn Fn(Step),
    ) -> Result<Fetched, Trouble> {
        let config = self.requests.config;
        let deadline = Instant::now() + config.total_timeout;
        let mut wait = config.retry_wait;
        let mut left = config.retries;
        let mut begun_anew = false;
        loop {
            let (reason, asked) = match self.attempt(job, indexed, deadline, step).await {
                Err(Trouble::Stale(_)) if !begun_anew => {
                    begun_anew = true;
                    self.cache.discard(job)?;
                    continue;
                }
                Err(Trouble::Passing(reason, asked)) => (reason, asked),
                done => return done,
            };
            if left == 0 {
                return Err(Trouble::Lasting(reason));
            }
            if let Some(asked) = asked.filter(|asked| *asked > config.max_retry_wait) {
                let seconds = asked.as_secs();
                return Err(Trouble::Lasting(format!("{reason}, and asks to come back after {seconds} seconds")));
            }
            left -= 1;
            self.requests.pause(asked.unwrap_or(wait.min(config.max_retry_wait)), deadline).await?;
            wait = wait.saturating_mul(2);
        }
    }

    async fn attempt(
        &mut self,
        job: &Job,
        indexed: Option<&Validators>,
        deadline: Instant,
        step: &dyn Fn(Step),
    ) -> Result<Fetched, Trouble> {
        let mut headers = HeaderMap::new();
        // Only what is here, in the index or as a file, need not be sent again.
        let known = self.cache.known(job).filter(|note| !note.validators.is_empty());
        let known = known.filter(|note| indexed == Some(&note.validators) || self.cache.has_file(job, note));
        if let Some(note) = &known {
            insert(&mut headers, IF_NONE_MATCH, note.validators.etag.as_deref());
            insert(&mut headers, IF_MODIFIED_SINCE, note.validators.last_modified.as_deref());
        }
        let unfinished = self.cache.unfinished(job);
        if let Some((length, note)) = &unfinished {
            insert(&mut headers, RANGE, Some(&format!("bytes={length}-")));
            insert(&mut headers, IF_RANGE, note.if_range.as_deref());
        }
        let response = self.requests.get(&job.url, &headers, deadline).await?;
        match (response.status(), known, unfinished) {
            (StatusCode::NOT_MODIFIED, Some(note), _) => {
                self.cache.discard(job)?;
                Ok(Fetched { indexed: indexed == Some(&note.validators), validators: note.validators })
            }
            (StatusCode::OK, ..) => {
                let body = self.begin(job, &response)?;
                self.receive(job, response, body, deadline, step).await
            }
            (StatusCode::PARTIAL_CONTENT, _, Some((length, note))) => {
                let total = continued(&response, length, &note).map_err(Trouble::Stale)?;
                self.check_size(total.saturating_sub(length), total)?;
                let note = note.with_bytes(total);
                let body = Body { file: self.cache.resume(job)?, note, done: length, total: Some(total) };
                self.receive(job, response, body, deadline, step).await
            }
            (status, ..) => Err(Trouble::Lasting(format!("it answered {status} to a request for the whole"))),
        }
    }

    /// Begins a whole file.
    fn begin(&self, job: &Job, response: &Response) -> Result<Body, Trouble> {
        let headers = response.headers();
        let coding = text(headers, &CONTENT_ENCODING).unwrap_or("identity");
        // Some services label a file that is itself gzip so; its bytes are the file's bytes.
        let is_the_file = coding == "gzip" && job.file.ends_with(".gz");
        if coding != "identity" && !is_the_file {
            return Err(Trouble::Lasting(format!("it sent the content encoding `{coding}`, which was not asked for")));
        }
        let total = response.content_length();
        self.check_size(total.unwrap_or(0), total.unwrap_or(0))?;
        let validators = Validators {
            etag: text(headers, &ETAG).map(str::to_owned),
            last_modified: text(headers, &LAST_MODIFIED).map(str::to_owned),
        };
        let note = Note::new(job, validators, if_range(headers), total);
        Ok(Body { file: self.cache.begin(job, &note)?, note, done: 0, total })
    }

    async fn receive(
        &mut self,
        job: &Job,
        mut response: Response,
        mut body: Body,
        deadline: Instant,
        step: &dyn Fn(Step),
    ) -> Result<Fetched, Trouble> {
        let mut told = 0;
        step(Step { done: body.done, total: body.total });
        loop {
            let idle = self.requests.config.idle_timeout;
            let chunk = self.requests.guard(response.chunk(), idle, deadline).await?.map_err(passing)?;
            let Some(chunk) = chunk else { break };
            let length = chunk.len() as u64;
            if let Err(trouble) = self.check_size(length, body.done + length) {
                self.cache.discard(job)?;
                return Err(trouble);
            }
            let written = body.file.write_all(&chunk);
            written.map_err(|e| Trouble::Lasting(format!("cannot write `{}`: {e}", self.cache.part(job).display())))?;
            self.received += length;
            body.done += length;
            if body.done - told >= PROGRESS_STEP_BYTES {
                told = body.done;
                step(Step { done: body.done, total: body.total });
            }
        }
        if let Some(total) = body.total.filter(|total| *total != body.done) {
            return Err(Trouble::Passing(format!("it sent {} of {total} bytes", body.done), None));
        }
        step(Step { done: body.done, total: Some(body.done) });
        let note = body.note.with_bytes(body.done);
        self.cache.complete(job, &body.file, &note)?;
        Ok(Fetched { validators: note.validators, indexed: false })
    }

    /// Whether a file may be this large, and as much more be received in this run.
    fn check_size(&self, more: u64, file: u64) -> Result<(), Trouble> {
        let config = self.requests.config;
        if file > config.max_bytes_per_file {
            return Err(Trouble::Lasting(format!("it is larger than {} bytes", config.max_bytes_per_file)));
        }
        if self.received + more > config.max_total_bytes {
            let limit = config.max_total_bytes;
            return Err(Trouble::Lasting(format!("all downloads together are larger than {limit} bytes")));
        }
        Ok(())
    }
}

fn insert(headers: &mut HeaderMap, name: reqwest::header::HeaderName, value: Option<&str>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
        headers.insert(name, value);
    }
}

/// The size of the whole, if the answer continues exactly what lies here (RFC 9110 section 14.4).
fn continued(response: &Response, length: u64, note: &Note) -> Result<u64, String> {
    let headers = response.headers();
    if let (Some(etag), Some(before)) = (text(headers, &ETAG), note.validators.etag.as_deref())
        && etag != before
    {
        return Err("it continued another state of the file".to_owned());
    }
    let range = text(headers, &CONTENT_RANGE).and_then(content_range);
    match range {
        Some((first, last, total)) if first == length && last.checked_add(1) == Some(total) => Ok(total),
        _ => Err("it sent another part than was asked for".to_owned()),
    }
}

/// First byte, last byte and size of the whole in `bytes 7-9/10`.
fn content_range(value: &str) -> Option<(u64, u64, u64)> {
    let (range, total) = value.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, total.parse().ok()?))
}

/// What may stand in `If-Range` (RFC 9110 section 13.1.5): a strong entity tag; without any tag, a modification date
/// that is older than the answer by a second or more (section 8.8.2.2).
fn if_range(headers: &HeaderMap) -> Option<String> {
    if let Some(etag) = text(headers, &ETAG) {
        return etag.starts_with('"').then(|| etag.to_owned());
    }
    let modified = text(headers, &LAST_MODIFIED)?;
    let age = date(text(headers, &DATE)?)?.duration_since(date(modified)?);
    (age.as_secs() >= 1).then(|| modified.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart() {
        assert_eq!(content_range("bytes 7-9/10"), Some((7, 9, 10)));
        assert_eq!(content_range("bytes 7-9/*"), None);
        assert_eq!(content_range("bytes */10"), None);
        assert_eq!(content_range("lines 7-9/10"), None);
        assert_eq!(content_range("bytes 7-99999999999999999999/10"), None);
    }

    #[test]
    fn only_strong_validators_continue_a_download() {
        #[track_caller]
        fn check(headers: &[(reqwest::header::HeaderName, &'static str)], expected: Option<&str>) {
            let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
            assert_eq!(if_range(&HeaderMap::from_iter(headers)).as_deref(), expected);
        }
        const DAY: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
        check(&[(ETAG, "\"a\"")], Some("\"a\""));
        check(&[(ETAG, "W/\"a\""), (LAST_MODIFIED, DAY), (DATE, "Mon, 07 Nov 1994 08:49:37 GMT")], None);
        check(&[(LAST_MODIFIED, DAY), (DATE, "Mon, 07 Nov 1994 08:49:37 GMT")], Some(DAY));
        check(&[(LAST_MODIFIED, DAY), (DATE, DAY)], None);
        check(&[(LAST_MODIFIED, DAY)], None);
        check(&[], None);
    }
}
